//! The law of updating: after any sequence of changes the index answers as one built afresh.

use proptest::prelude::*;

use crate::support::{Home, stdout};

/// One change of the corpus.
#[derive(Clone, Debug)]
enum Change {
    Write(u8, u8),
    Remove(u8),
    Rename(u8, u8),
    Export(Vec<u8>),
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        3 => (0..9u8, 0..16u8).prop_map(|(file, story)| Change::Write(file, story)),
        1 => (0..9u8).prop_map(Change::Remove),
        1 => (0..9u8, 0..9u8).prop_map(|(from, to)| Change::Rename(from, to)),
        1 => proptest::collection::vec(0..16u8, 0..6).prop_map(Change::Export),
    ]
}

const PEOPLE: [&str; 4] = ["Ada Moreau", "Jon Halvorsen", "Petra Lind", "Omar Faye"];
const TOWNS: [&str; 24] = [
    "Arlen", "Birk", "Corvey", "Dunmore", "Elsby", "Fenwick", "Garrow", "Hale", "Ivrea", "Jarrow", "Kelso",
    "Lorne", "Morven", "Nairn", "Oban", "Perth", "Quorn", "Rhyl", "Selby", "Thirsk", "Ulva", "Varde",
    "Wells", "Yarm",
];
const TOPICS: [&str; 4] = ["carbon levy", "water treaty", "harbour strike", "school heat"];

/// A story that depends on its number alone; some share a speaker, a topic, an outlet or all their words.
fn story(number: u8) -> String {
    let (person, topic) = (PEOPLE[usize::from(number) % 4], TOPICS[usize::from(number / 2) % 4]);
    let surname = person.split(' ').next_back().unwrap_or(person);
    format!(
        "Minister speaks on {topic}, part {}\nBy Rae Stone, Daily Ledger\nMarch {}, 2031\n\n\
         {person} spoke about the {topic} on Monday before a full chamber in the old capital.\n\n\
         \u{201c}The {topic} will change this country,\u{201d} {surname} said. \u{201c}We knew it {} years ago, in {}.\u{201d}\n\n\
         Nobody in the chamber asked about the {}.\n\n{}\n",
        number / 4,
        number + 1,
        number,
        TOWNS[usize::from(number) % 24],
        TOPICS[usize::from(number + 1) % 4],
        note(number)
    )
}

/// What the outlet prints below its stories. No rule knows either line; whether they are furniture only the other stories
/// show, and which stories there are changes from step to step.
fn note(number: u8) -> &'static str {
    match number % 4 {
        0 => "You can visit the desk at the old customs house.",
        1 => "You can visit the desk at the old customs house.\n\nThe ledger is set in a type cut for it.",
        _ => "The ledger is set in a type cut for it.",
    }
}

fn apply(home: &Home, change: &Change) {
    let path = |file: u8| home.path(&format!("news/page{file}.txt"));
    match change {
        Change::Write(file, number) => {
            home.write(&format!("news/page{file}.txt"), story(*number));
        }
        Change::Remove(file) => drop(std::fs::remove_file(path(*file))),
        Change::Rename(from, to) => drop(std::fs::rename(path(*from), path(*to))),
        Change::Export(numbers) => {
            let lines: Vec<String> = numbers
                .iter()
                .map(|number| {
                    let text = story(*number);
                    let (title, body) = text.split_once('\n').unwrap_or((&text, ""));
                    serde_json::json!({ "id": format!("e{number}"), "title": title, "text": body, "date": "2031-04-01", "source": "Daily Ledger" }).to_string()
                })
                .collect();
            home.write("news/export.jsonl", lines.join("\n"));
        }
    }
}

/// Everything a reader can ask, as text.
fn answers(home: &Home, index: &str) -> String {
    let commands: &[&[&str]] = &[
        &["search", "levy", "--json", "--all", "--facets", "outlet,speaker,author,month"],
        &["search", "levy", "--json", "--all", "--copies", "show"],
        &["search", "treaty levy minister", "--json", "-n", "50"],
        &["search", "\"change this country\"", "--json", "--all"],
        &["search", "speaker:moreau", "--json", "--all"],
        &["quotes", "--json", "--all", "--facets", "speaker,outlet", "--variants"],
        &["quotes", "country", "--json", "-n", "50", "--copies", "fold", "--variants"],
        &["quotes", "years", "--speaker", "Jon Halvorsen", "--json", "--all"],
        &["count", "--by", "outlet,speaker", "--json"],
        &["search", "customs", "--json", "--all"],
        &["search", "furniture:customs", "--json", "--all"],
        &["search", "furniture:ledger", "--json", "--all"],
        &["count", "chamber", "--by", "day", "--json"],
        &["skipped", "-f", "jsonl"],
    ];
    let mut text = String::new();
    for args in commands {
        let output = home.run(&[args, &["--index", index, "-q"][..]].concat());
        text.push_str(&format!("{args:?} {:?}\n{}\n", output.status.code(), stdout(&output)));
    }
    text
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn updated_answers_as_rebuilt(steps in proptest::collection::vec(proptest::collection::vec(change(), 1..4), 1..5)) {
        let home = Home::new();
        // Near the number of stories at which a line is furniture.
        for file in 0..4 {
            home.write(&format!("news/page{file}.txt"), story(file * 4));
        }
        let corpus = home.path("news").display().to_string();
        let updated = home.path("updated").display().to_string();
        for step in &steps {
            for change in step {
                apply(&home, change);
            }
            home.run(&["index", &corpus, "--index", &updated, "-q", "--allow-empty"]);
        }
        let fresh = home.path("fresh").display().to_string();
        home.run(&["index", &corpus, "--index", &fresh, "-q", "--allow-empty"]);
        prop_assert_eq!(answers(&home, &updated), answers(&home, &fresh), "{:?}", steps);
    }
}

#[test]
fn a_line_of_many_stories_goes_and_comes_back() {
    let home = Home::new();
    let corpus = home.path("news").display().to_string();
    let index = home.path("index").display().to_string();
    let build = || home.ok(&["index", &corpus, "--index", &index, "-q"]);
    let found = |query: &str| -> serde_json::Value {
        let text = home.ok(&["count", query, "--json", "--index", &index, "-q"]);
        serde_json::from_str(text.lines().next().unwrap_or_default()).unwrap()
    };
    for number in 0..4 {
        home.write(&format!("news/page{number}.txt"), story(number * 4));
    }
    build();
    assert_eq!(found("customs")["count"], 4);
    assert_eq!(found("furniture:customs")["count"], 0);
    for number in 4..6 {
        home.write(&format!("news/page{number}.txt"), story(number * 4));
    }
    build();
    assert_eq!(found("customs")["count"], 0);
    assert_eq!(found("furniture:customs")["count"], 6);
    home.ok(&["check", "--index", &index]);
    for number in 0..2 {
        std::fs::remove_file(home.path(&format!("news/page{number}.txt"))).unwrap();
    }
    build();
    assert_eq!(found("customs")["count"], 4);
    assert_eq!(found("furniture:customs")["count"], 0);
}

#[test]
fn an_update_reads_only_what_changed() {
    let home = Home::new();
    for number in 0..6 {
        home.write(&format!("news/page{number}.txt"), story(number));
    }
    let corpus = home.path("news").display().to_string();
    let index = home.path("index").display().to_string();
    let build = |args: &[&str]| -> serde_json::Value {
        let text = home.ok(&[&["index", &corpus, "--index", &index, "--json"], args].concat());
        serde_json::from_str(&text).unwrap()
    };
    let first = build(&[]);
    assert_eq!((first["added"].as_u64(), first["unchanged"].as_u64()), (Some(6), Some(0)));
    let second = build(&[]);
    assert_eq!((second["added"].as_u64(), second["unchanged"].as_u64()), (Some(0), Some(6)));
    home.write("news/page1.txt", story(7));
    std::fs::remove_file(home.path("news/page2.txt")).unwrap();
    let plan = build(&["--dry-run"]);
    assert_eq!(plan["changed_files"], 2);
    let third = build(&[]);
    assert_eq!(third["changed"], 1, "{third}");
    assert_eq!(third["removed"], 1, "{third}");
    assert_eq!(third["unchanged"], 4, "{third}");
}

#[test]
fn a_corpus_that_vanished_removes_nothing() {
    let home = Home::new();
    home.write("news/page.txt", story(1));
    let corpus = home.path("news").display().to_string();
    let index = home.path("index").display().to_string();
    home.ok(&["index", &corpus, "--index", &index, "-q"]);
    std::fs::remove_file(home.path("news/page.txt")).unwrap();
    let output = home.run(&["index", "--index", &index, "-q"]);
    assert_eq!(output.status.code(), Some(4));
    assert!(home.ok(&["count", "--json", "--index", &index]).contains("\"count\":1"));
    home.ok(&["index", "--index", &index, "-q", "--allow-empty"]);
    assert!(home.ok(&["count", "--json", "--index", &index]).contains("\"count\":0"));
}

#[test]
fn threads_do_not_show_in_the_answers() {
    let home = Home::new();
    let (one, many) = (home.path("one").display().to_string(), home.path("many").display().to_string());
    home.ok(&["index", "sample-corpus", "--index", &one, "-q", "--threads", "1"]);
    home.ok(&["index", "sample-corpus", "--index", &many, "-q", "--threads", "4"]);
    assert_eq!(answers(&home, &one), answers(&home, &many));
}

#[test]
fn one_writer_at_a_time_and_readers_go_on() {
    let home = Home::new();
    let index = home.path("index").display().to_string();
    home.ok(&["index", "sample-corpus", "--index", &index, "-q"]);
    let lock = std::fs::File::options().write(true).open(home.path("index/lock")).unwrap();
    lock.try_lock().unwrap();
    let output = home.run(&["index", "sample-corpus", "--index", &index, "-q"]);
    assert_eq!(output.status.code(), Some(75), "{}", crate::support::stderr(&output));
    home.ok(&["search", "treaty", "--index", &index, "-q"]);
    drop(lock);
    home.ok(&["index", "sample-corpus", "--index", &index, "-q"]);
}

#[test]
fn check_finds_damage_and_repairs_it() {
    let home = Home::new();
    let index = home.path("index").display().to_string();
    home.ok(&["index", "sample-corpus", "--index", &index, "-q"]);
    assert!(home.ok(&["check", "--index", &index]).starts_with("ok: "));
    let mut damaged = None;
    for entry in crate::support::files(&home.path("index"), &["store", "term", "idx", "pos", "fast"]) {
        let mut bytes = std::fs::read(&entry).unwrap();
        if bytes.len() > 40 {
            let middle = bytes.len() / 2;
            bytes[middle] ^= 0x10;
            std::fs::write(&entry, bytes).unwrap();
            damaged = Some(entry);
            break;
        }
    }
    let damaged = damaged.expect("an index has files");
    let output = home.run(&["check", "--index", &index]);
    assert_eq!(output.status.code(), Some(4));
    let name = damaged.file_name().unwrap().to_string_lossy().into_owned();
    assert!(stdout(&output).contains(&name), "{name} in {}", stdout(&output));
    home.run(&["check", "--repair", "--index", &index, "-q"]);
    assert!(home.ok(&["check", "--index", &index]).starts_with("ok: "));
}

/// Lines of standard error until one holds `words`.
#[cfg(unix)]
fn lines_until(lines: &mut impl Iterator<Item = std::io::Result<String>>, words: &str) -> String {
    let mut seen = String::new();
    for line in lines {
        let line = line.expect("a line");
        seen = seen + &line + "\n";
        if line.contains(words) {
            return seen;
        }
    }
    panic!("no {words:?} in:\n{seen}");
}

#[cfg(unix)]
#[test]
fn watch_follows_a_folder_and_a_file_that_is_replaced() {
    use std::io::BufRead as _;
    let home = Home::new();
    home.write("news/a.txt", "Levy passes\n\nThe levy passed on Monday, officials in Karsund said.\n");
    let table =
        home.write("table.jsonl", "{\"title\":\"Tide\",\"text\":\"The tide came in early on the coast.\"}\n");
    // An index inside of what is watched must not call for updates without end.
    let index = home.path("news/index");
    let mut child = home
        .command()
        .args(["index", "--watch", "--index"])
        .args([&index, &home.path("news"), &table])
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("started");
    let pid = rustix::process::Pid::from_child(&child);
    // Without the awaited line the test would wait for ever.
    let (done, ended) = std::sync::mpsc::channel::<()>();
    std::thread::spawn(move || {
        if ended.recv_timeout(std::time::Duration::from_secs(120)).is_err() {
            let _ = rustix::process::kill_process(pid, rustix::process::Signal::KILL);
        }
    });
    let mut lines = std::io::BufReader::new(child.stderr.take().expect("piped")).lines();
    lines_until(&mut lines, "following the corpus");
    home.write("news/b.txt", "Dam opens\n\nThe dam at Tamberford opened after nine years of work.\n");
    lines_until(&mut lines, "added 1, changed 0, removed 0, unchanged 2");
    for (round, words) in ["ebb", "flood"].iter().enumerate() {
        let new = format!("{{\"title\":\"Tide\",\"text\":\"The {words} came in early on the coast.\"}}\n");
        std::fs::rename(home.write("new", new), &table).expect("replaced");
        lines_until(&mut lines, "unchanged 2");
        let index = index.to_str().expect("UTF-8");
        let found = home.json(&["search", "--index", index, words, "--json"]);
        assert_eq!(found.iter().filter(|line| line["type"] == "hit").count(), 1, "round {round}: {found:?}");
    }
    rustix::process::kill_process(pid, rustix::process::Signal::INT).expect("interrupted");
    assert_eq!(child.wait().expect("ended").code(), Some(130));
    done.send(()).expect("the guard still waits");
    let rest: Vec<String> = lines.map(|line| line.expect("a line")).collect();
    assert!(rest.iter().all(|line| !line.contains("added")), "no update without a change: {rest:?}");
}
