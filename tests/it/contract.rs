//! The contract with scripts: exit codes, streams, formats that foreign parsers read.

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::process::Stdio;

use crate::support::{Home, stderr, stdout};

const CORPUS: &[&str] = &["--corpus", "sample-corpus", "-q"];

fn with<'a>(args: &[&'a str]) -> Vec<&'a str> {
    [args, CORPUS].concat()
}

#[test]
fn exit_codes_say_how_it_went() {
    let home = Home::new();
    let code = |args: &[&str]| home.run(args).status.code();
    assert_eq!(code(&with(&["search", "treaty"])), Some(0));
    assert_eq!(code(&with(&["search", "zzzxqj"])), Some(1));
    assert_eq!(code(&with(&["count", "zzzxqj"])), Some(0));
    assert_eq!(code(&with(&["search", "speeker:x"])), Some(2));
    assert_eq!(code(&["search", "--no-such-flag"]), Some(2));
    assert_eq!(code(&["search", "treaty"]), Some(3));
    assert_eq!(code(&["levy"]), Some(2));
    assert_eq!(code(&[]), Some(2), "no command and no terminal");
    let bad = home.write(
        "bad/one.jsonl",
        "{\"text\": \"broken\n{\"title\":\"A\",\"text\":\"A short but whole story stands here.\"}\n",
    );
    let index = home.path("bad-index");
    let args = ["index", bad.to_str().unwrap(), "--index", index.to_str().unwrap(), "-q", "--strict"];
    assert_eq!(code(&args), Some(5));
}

#[test]
fn errors_name_the_place_and_the_cure() {
    let home = Home::new();
    let output = home.run(&with(&["search", "speeker:moreau AND (carbon OR"]));
    let text = stderr(&output);
    assert!(text.starts_with("error: "), "{text}");
    assert!(text.contains("speeker") && text.contains('^') && text.contains("speaker:"), "{text}");
    assert!(stdout(&output).is_empty());
    let text = stderr(&home.run(&["search", "x"]));
    assert!(
        text.contains("error: no index at") && text.contains("help: build one: onrecord index FOLDER"),
        "{text}"
    );
    let text = stderr(&home.run(&["levy"]));
    assert!(text.contains("`levy` is not a command") && text.contains("onrecord search levy"), "{text}");
}

#[test]
fn data_goes_to_stdout_and_nothing_else() {
    let home = Home::new();
    let output = home.run(&["search", "treaty", "--corpus", "sample-corpus", "--json"]);
    for line in stdout(&output).lines() {
        serde_json::from_str::<serde_json::Value>(line).expect("only JSON on standard output");
    }
    assert!(!stdout(&output).contains('\u{1b}'));
}

#[test]
fn a_closed_pipe_is_quiet_success() {
    let home = Home::new();
    home.ok(&with(&["search", "treaty"]));
    let check = |args: &[&str]| {
        let mut child =
            home.command().args(with(args)).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let mut text = String::new();
        child.stderr.take().unwrap().read_to_string(&mut text).unwrap();
        assert_eq!((child.wait().unwrap().code(), text.as_str()), (Some(0), ""), "{args:?}");
    };
    for format in ["jsonl", "json", "csv", "tsv", "lines", "table", "md", "ids"] {
        check(&["search", "--all", "-f", format]);
    }
    check(&["quotes", "--all", "-f", "csv"]);
    check(&["search", "treaty", "--kwic", "-f", "csv"]);
    check(&["count", "--by", "outlet", "-f", "csv"]);
}

#[test]
fn a_file_of_aliases_that_cannot_be_read_stops_no_search() {
    let home = Home::new();
    home.write("config/onrecord/aliases.toml", "[[person]]\nname = \"Ada Moreau\"\n");
    let output = home.run(&["search", "treaty", "--corpus", "sample-corpus"]);
    let text = stderr(&output);
    assert_eq!(output.status.code(), Some(0), "{text}");
    assert_eq!(text.matches("aliases.toml:1: unknown field `person`").count(), 1, "{text}");
    assert!(text.contains("note: "), "{text}");
    let index = home.path("index");
    let output = home.run(&["index", "sample-corpus", "--index", index.to_str().unwrap()]);
    let text = stderr(&output);
    assert_eq!(output.status.code(), Some(2), "{text}");
    assert!(
        text.contains("error: ") && text.contains("aliases.toml:1: ") && text.contains("[[name]]"),
        "{text}"
    );
}

#[test]
fn aliases_are_written_as_the_help_says() {
    let home = Home::new();
    let help = home.ok(&["help", "config"]);
    let sample: Vec<&str> = help
        .lines()
        .skip_while(|line| line.trim() != "[[name]]")
        .take_while(|line| !line.is_empty())
        .collect();
    assert!(sample.len() >= 3, "{help}");
    home.write("config/onrecord/aliases.toml", sample.join("\n"));
    home.write(
        "news/a.txt",
        "Levy begins\n\n\"The levy is a trap,\" said Ada Moreau, who pays it. The ministry of the country said nothing of it.\n",
    );
    let corpus = home.path("news");
    let output = home.run(&["quotes", "--speaker", "Minister Moreau", "--corpus", corpus.to_str().unwrap()]);
    assert!(stdout(&output).contains("Ada Moreau"), "{}", stderr(&output));
    assert_eq!(stderr(&output), "");
}

#[test]
fn a_name_may_be_typed_with_its_title() {
    let home = Home::new();
    let ids = |args: &[&str]| home.ok(&with(&[args, &["-f", "ids", "--all"]].concat()));
    let josef = ids(&["quotes", "--speaker", "Josef Marchetti"]);
    for name in ["Minister Josef Marchetti", "Mr. Josef Marchetti", "former Finance Minister Josef Marchetti"]
    {
        assert_eq!(ids(&["quotes", "--speaker", name]), josef, "{name}");
        assert_eq!(ids(&["quotes", &format!("speaker:\"{name}\"")]), josef, "{name}");
    }
    let rain = ids(&["quotes", "rain", "--speaker", "Marchetti"]);
    assert_eq!(ids(&["quotes", "rain", "--speaker", "Sen. Marchetti"]), rain);
    assert_eq!(ids(&["quotes", "what did Sen. Marchetti say about rain"]), rain);
    home.write(
        "config/onrecord/aliases.toml",
        "[[name]]\ncanonical = \"Josef Marchetti\"\naliases = [\"The Rain Trader\"]\n",
    );
    let told = ids(&["quotes", "--speaker", "the rain trader"]);
    assert_eq!(told, ids(&["quotes", "--speaker", "Josef Marchetti"]));
}

#[test]
fn a_question_may_name_a_time() {
    let home = Home::new();
    let ask = |words: &str| {
        let output = home.run(&["quotes", words, "--corpus", "sample-corpus", "-f", "ids"]);
        (stdout(&output), stderr(&output))
    };
    let (found, notes) = ask("What did Marchetti say about rain in March 2031?");
    assert!(notes.contains("read as rain --speaker Marchetti --date 2031-03-01..2031-03-31"), "{notes}");
    assert!(!found.is_empty());
    let (found, notes) = ask("what did Marchetti say about rain before 2031");
    assert!(notes.contains("--date ..2030-12-31"), "{notes}");
    assert_eq!(found, "");
    let (found, notes) = ask("what did Marchetti say about rain between 2030 and 2031");
    assert!(notes.contains("--date 2030-01-01..2031-12-31") && !found.is_empty(), "{notes}");
    let (found, notes) = ask("who said rain");
    assert!(notes.contains("read as rain") && !found.is_empty(), "{notes}");
}

#[test]
fn totals_pages_and_facets_agree() {
    let home = Home::new();
    let all = home.json(&with(&["search", "treaty", "--all", "--copies", "show", "--json"]));
    let mut paged = Vec::new();
    for offset in (0..).step_by(3) {
        let offset = offset.to_string();
        let args = with(&[
            "search", "treaty", "-n", "3", "--offset", &offset, "--match", "all", "--copies", "show",
            "--json",
        ]);
        let output = home.run(&args);
        let text = stdout(&output);
        if text.is_empty() {
            break;
        }
        paged.extend(text.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()));
    }
    let ids = |hits: &[serde_json::Value]| -> Vec<String> {
        hits.iter().map(|hit| hit["id"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(ids(&all), ids(&paged));
    assert_eq!(ids(&all).iter().collect::<BTreeSet<_>>().len(), all.len());
    let counts = home.json(&with(&["count", "treaty", "--json"]));
    assert_eq!(counts[0]["count"], all.len());
    let by_outlet = home.json(&with(&["count", "treaty", "--by", "outlet", "--json"]));
    let sum: u64 = by_outlet.iter().map(|row| row["count"].as_u64().unwrap()).sum();
    assert_eq!(sum, all.len() as u64, "every article has one outlet or none");
    for row in &by_outlet {
        let Some(outlet) = row["value"].as_str() else { continue };
        let narrowed = home.json(&with(&["count", "treaty", "--outlet", outlet, "--json"]));
        assert_eq!(narrowed[0]["count"], row["count"], "{outlet}");
    }
}

#[test]
fn offsets_are_code_points_of_the_body() {
    let home = Home::new();
    let quotes = home.json(&with(&["quotes", "--all", "--json"]));
    assert!(quotes.len() > 50);
    let ids: BTreeSet<&str> = quotes.iter().map(|quote| quote["article_id"].as_str().unwrap()).collect();
    let show: Vec<&str> = ["show", "--json"].into_iter().chain(ids).collect();
    let articles = home.json(&with(&show));
    for quote in &quotes {
        let article = articles.iter().find(|article| article["id"] == quote["article_id"]).unwrap();
        let body: Vec<char> = article["body"].as_str().unwrap().chars().collect();
        let spans = quote["spans"].as_array().unwrap();
        let parts: Vec<String> = spans
            .iter()
            .map(|span| {
                let (start, end) = (span[0].as_u64().unwrap() as usize, span[1].as_u64().unwrap() as usize);
                body[start..end].iter().collect()
            })
            .collect();
        assert_eq!(parts.join(" "), quote["text"].as_str().unwrap());
    }
}

#[test]
fn batch_answers_in_order_and_goes_on_after_a_bad_query() {
    let home = Home::new();
    let queries = home.write("queries.txt", "treaty\nspeeker:x\nlevy\n");
    let output = home.run(&with(&["search", "--batch", queries.to_str().unwrap(), "--facets", "outlet"]));
    assert_eq!(output.status.code(), Some(2), "one of the queries cannot be read");
    assert!(stderr(&output).contains("queries.txt:2: unknown field `speeker`"), "{}", stderr(&output));
    let answers: Vec<serde_json::Value> =
        stdout(&output).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(answers.len(), 3);
    assert_eq!(answers[0]["query"], "treaty");
    assert!(answers[0]["total"].as_u64().unwrap() > 0);
    assert!(answers[0]["facets"]["outlet"].as_array().is_some_and(|values| !values.is_empty()));
    assert!(answers[1]["error"].as_str().is_some());
    assert_eq!(answers[1]["hits"], serde_json::json!([]));
    assert_eq!(answers[2]["query"], "levy");
}

#[test]
fn search_and_count_read_the_same_file_of_queries() {
    let home = Home::new();
    let queries =
        home.write("queries.tsv", "# what is followed\nwater\ttreaty\n\nlevy\nbad\tspeeker:x\nlast\train\n");
    let file = queries.to_str().unwrap();
    let output = home.run(&with(&["search", "--batch", file, "--all"]));
    assert_eq!(output.status.code(), Some(2));
    let answers: Vec<serde_json::Value> =
        stdout(&output).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let labels: Vec<Option<&str>> = answers.iter().map(|answer| answer["label"].as_str()).collect();
    assert_eq!(labels, [Some("water"), None, Some("bad"), Some("last")]);
    assert_eq!(answers[0]["query"], "treaty");
    for answer in &answers {
        let rows = answer["hits"].as_array().unwrap().len();
        assert_eq!(answer["total"], rows, "with --all rows and totals agree");
    }
    let output = home.run(&with(&["count", "--batch", file, "-f", "csv"]));
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("queries.tsv:5: unknown field `speeker`"), "{}", stderr(&output));
    let table = stdout(&output);
    let names: Vec<&str> = table.lines().skip(1).filter_map(|line| line.split(',').next()).collect();
    assert_eq!(names, ["water", "levy", "last"], "{table}");
}

#[test]
fn reads_jsonl_from_standard_input() {
    let home = Home::new();
    let mut child = home
        .command()
        .args(["extract", "-", "--json"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let line = "{\"id\":\"n1\",\"title\":\"Short\",\"text\":\"\\u201cWe will appeal,\\u201d said Ana Duarte, the minister.\"}\n";
    child.stdin.take().unwrap().write_all(line.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let object: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(object["source_id"], "n1");
    assert_eq!(object["quotes"][0]["speaker"], "Ana Duarte");
    assert_eq!(object["quotes"][0]["text"], "We will appeal,");
}

#[test]
fn saved_searches_tell_what_is_new() {
    let home = Home::new();
    home.write("news/a.txt", "Levy starts\n\nThe levy on salt begins on Monday in every harbour of the country, the ministry said.\n");
    let corpus = home.path("news");
    let args =
        ["search", "levy", "--saved", "salt", "--new", "--json", "-q", "--corpus", corpus.to_str().unwrap()];
    assert_eq!(stdout(&home.run(&args)).lines().count(), 1);
    assert_eq!(home.run(&args).status.code(), Some(1), "nothing is new the second time");
    home.write("news/b.txt", "Levy doubled\n\nThe levy on salt is doubled from June, the ministry said to the surprise of every trader.\n");
    let again = ["search", "--saved", "salt", "--new", "--json", "-q", "--corpus", corpus.to_str().unwrap()];
    let text = stdout(&home.run(&again));
    assert_eq!(text.lines().count(), 1, "{text}");
    assert!(text.contains("Levy doubled"), "{text}");
    assert!(home.ok(&["saved"]).contains("onrecord search levy"));
}

#[test]
fn what_is_new_comes_once_and_all_of_it() {
    let home = Home::new();
    for (name, word) in [("a", "starts"), ("b", "doubles"), ("c", "ends")] {
        let text = format!(
            "Levy {word}\n\nThe levy on salt {word} on Monday in harbour {name} of the country, the ministry said.\n"
        );
        home.write(&format!("news/{name}.txt"), text);
    }
    let corpus = home.path("news");
    let corpus = ["--corpus", corpus.to_str().unwrap()];
    let ask = |args: &[&str]| home.run(&[args, &corpus].concat());
    let mut seen = BTreeSet::new();
    for left in [2, 1, 0] {
        let output = ask(&["search", "levy", "--saved", "salt", "--new", "-n", "1", "-f", "ids"]);
        assert!(seen.insert(stdout(&output)), "each comes once");
        assert_eq!(
            stderr(&output).contains(&format!("{left} more new hit")),
            left > 0,
            "{}",
            stderr(&output)
        );
    }
    let output = ask(&["search", "--saved", "salt", "--new", "-n", "1", "-f", "ids"]);
    assert_eq!((output.status.code(), stdout(&output).as_str()), (Some(1), ""));
    // What was there when a search was saved is not new.
    assert_eq!(
        stdout(&ask(&["search", "levy", "--saved", "later", "-n", "1", "-f", "ids"])).lines().count(),
        1
    );
    assert_eq!(ask(&["search", "--saved", "later", "--new"]).status.code(), Some(1));
    home.write("news/d.txt", "Levy returns\n\nThe levy on salt returns on Friday in every harbour, the ministry of the country said.\n");
    assert_eq!(stdout(&ask(&["search", "--saved", "later", "--new", "-f", "ids"])).lines().count(), 1);
    // Flags beside a name narrow what it stands for.
    let named = |args: &[&str]| stdout(&ask(&[&["search", "--saved", "later", "-f", "ids"], args].concat()));
    assert_eq!(named(&[]).lines().count(), 4);
    assert_eq!(named(&["--date", "1999"]), "");
    assert_eq!(named(&["--author", "nobody"]), "");
    // Using a name does not change what it stands for.
    let before = home.ok(&["saved"]);
    assert_eq!(ask(&["quotes", "--saved", "later", "-n", "1"]).status.code(), Some(1));
    assert_eq!(home.ok(&["saved"]), before);
}

#[test]
fn help_topics_completions_and_man_page_are_there() {
    let home = Home::new();
    for topic in
        ["query", "fields", "dates", "formats", "index", "config", "exit-codes", "accessibility", "search"]
    {
        assert!(!home.ok(&["help", topic]).is_empty(), "{topic}");
    }
    assert_eq!(home.run(&["help", "nothing"]).status.code(), Some(2));
    for shell in ["bash", "zsh", "fish"] {
        assert!(home.ok(&["completions", shell]).contains("onrecord"), "{shell}");
    }
    assert!(home.ok(&["man"]).contains(".TH"));
    for line in home.ok(&["-h"]).lines() {
        assert!(line.chars().count() <= 100, "{line}");
    }
}

#[test]
fn a_place_has_a_row_of_its_own_with_its_sentence() {
    let home = Home::new();
    let hits = home.json(&["search", "--corpus", "sample-corpus", "levy", "--all", "--json"]);
    let places = home.json(&["search", "--corpus", "sample-corpus", "levy", "--all", "--kwic", "--json"]);
    let ids = |rows: &[serde_json::Value]| {
        let mut ids: Vec<String> = rows.iter().map(|row| row["id"].to_string()).collect();
        ids.dedup();
        ids
    };
    assert_eq!(ids(&hits), ids(&places), "every hit has its places, in the order of hits");
    for place in &places {
        assert_eq!(place["type"], "place");
        let article = &home.json(&[
            "show",
            place["id"].as_str().expect("an id"),
            "--corpus",
            "sample-corpus",
            "--json",
        ])[0];
        let text: Vec<char> =
            article[place["field"].as_str().expect("a field")].as_str().expect("text").chars().collect();
        let [start, end] = ["start", "end"].map(|key| place[key].as_u64().expect("an offset") as usize);
        let matched: String = text[start..end].iter().collect();
        assert_eq!(place["match"], matched.as_str());
        let before: String = text[..start].iter().collect();
        assert!(before.ends_with(place["left"].as_str().expect("text")), "{place}");
    }
    let quoted = home.json(&["quotes", "--corpus", "sample-corpus", "levy", "--all", "--kwic", "--json"]);
    assert!(
        !quoted.is_empty()
            && quoted.iter().all(|place| place["field"] == "quote" && place["quote_id"].is_string())
    );
    assert_eq!(
        home.run(&["search", "--corpus", "sample-corpus", "levy", "--kwic", "-f", "ids"]).status.code(),
        Some(2)
    );
}

#[test]
fn a_group_of_outlets_stands_for_each_of_them() {
    let home = Home::new();
    home.write(
        "config/onrecord/config.toml",
        "[groups]\ncoast = [\"Harbour Gazette\", \"karsund courier\"]\n",
    );
    let total = |args: &[&str]| {
        let rows = home.json(&[&["count", "levy", "--corpus", "sample-corpus", "--json"], args].concat());
        rows[0]["count"].as_u64().expect("a count")
    };
    let each = total(&["--outlet", "Harbour Gazette", "--outlet", "Karsund Courier"]);
    assert!(each > 0);
    assert_eq!(total(&["--outlet", "@coast"]), each);
    assert_eq!(total(&["outlet:@coast"]), each);
    assert_eq!(total(&["--not-outlet", "@coast"]), total(&[]) - each);
    let rows =
        home.json(&["count", "levy", "--corpus", "sample-corpus", "--by", "outlet", "--groups", "--json"]);
    let row = rows.iter().find(|row| row["value"] == "@coast").expect("the group");
    assert_eq!(row["count"], each);
    assert_eq!(rows.iter().map(|row| row["count"].as_u64().expect("a count")).sum::<u64>(), total(&[]));
    let mut session = home
        .command()
        .args(["tui", "levy", "--accessible", "--corpus", "sample-corpus"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    session
        .stdin
        .take()
        .unwrap()
        .write_all(b"outlet @coast\noutlet @cost\nclear\nspeaker:calderwik\nspeeker:x\nquit\n")
        .unwrap();
    let text = stdout(&session.wait_with_output().unwrap());
    assert!(text.contains(&format!("search> {each} articles.")), "{text}");
    assert!(text.contains("did you mean `@coast`?"), "{text}");
    assert!(text.contains("Nothing has calderwik. Nearest: Ines Calderwick."), "{text}");
    assert!(text.contains("unknown field `speeker`; did you mean `speaker:`?"), "{text}");
    let wrong = home.run(&["count", "levy", "--corpus", "sample-corpus", "--outlet", "@cost"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(crate::support::stderr(&wrong).contains("did you mean `@coast`?"));
}

#[test]
fn skipped_lists_what_was_rejected_and_what_is_doubtful() {
    let home = Home::new();
    let body = "The harbour board of Ellery voted on Thursday to raise its fees by a tenth from July, and the master of the \
                port said that the money would pay for a new crane and for the dredging of the inner basin, which silts up \
                every spring when the river is high.";
    home.write(
        "news/all.jsonl",
        format!(
            "{}\n{}\n{}\n{{\"text\": \"broken\n",
            serde_json::json!({"title": "Fees rise", "text": body, "outlet": "Ellery Gazette", "date": "2025-05-03"}),
            serde_json::json!({"title": "Fees rise again", "text": format!("{body} Again."), "outlet": "Ellery Gazette"}),
            serde_json::json!({"title": "Crane", "text": "The crane came on Monday, it said.", "date": "2025-05-04"}),
        ),
    );
    let corpus = home.path("news");
    let list = |args: &[&str]| {
        let output = home.run(&[&["skipped", "--corpus", corpus.to_str().unwrap(), "-q"], args].concat());
        (output.status.code(), stdout(&output))
    };
    let lines: Vec<serde_json::Value> =
        list(&["--json"]).1.lines().map(|line| serde_json::from_str(line).expect("a record")).collect();
    let told: Vec<_> = lines
        .iter()
        .map(|line| (line["kind"].as_str(), line["reason"].as_str(), line["record"].as_u64()))
        .collect();
    let expected = [
        (Some("rejected"), Some("malformed"), Some(4)),
        (Some("doubtful"), Some("tiny-body"), Some(3)),
        (Some("doubtful"), Some("no-date"), Some(2)),
        (Some("doubtful"), Some("no-outlet"), Some(3)),
    ];
    assert_eq!(told, expected);
    let id = lines[2]["id"].as_str().expect("an id");
    assert_eq!(home.run(&["show", id, "--corpus", corpus.to_str().unwrap(), "-q"]).status.code(), Some(0));
    let (code, text) = list(&["--reason", "no-date", "-f", "lines"]);
    assert_eq!((code, text.lines().count()), (Some(0), 1), "{text}");
    assert!(text.starts_with("no-date\t") && text.contains("all.jsonl\t2\t"), "{text}");
    assert_eq!(list(&["--kind", "rejected"]).1.lines().count(), 1);
    assert_eq!(list(&["--kind", "doubtful"]).1.lines().count(), 3);
    assert_eq!(list(&["--reason", "bad-bytes"]).0, Some(1));
}

#[test]
fn a_snippet_prefers_the_word_itself_to_its_equivalents() {
    let home = Home::new();
    home.write("news/a.txt", "Border work resumes\n\nThe barrier near Orlen was painted by forty workers last spring, a clerk of the county recalled. Money for paint ran out in the summer of that year, and nobody asked for more. The wall at Karsund was painted in the autumn.\n");
    home.write("news/b.txt", "Harvest begins\n\nThe wall of a barn fell on Monday near the harbour, and nobody of the village was hurt by it.\n");
    home.write("news/c.txt", "Harvest ends\n\nA wall was built on Friday by the farmers of the valley, who had waited for it since the spring.\n");
    let corpus = home.path("news");
    let args = ["search", "wall", "--json", "-q", "--corpus", corpus.to_str().unwrap()];
    for hit in home.json(&args) {
        let snippet = hit["snippets"][0]["text"].as_str().unwrap();
        assert!(snippet.to_lowercase().contains("wall"), "{snippet}");
    }
}

#[test]
fn a_tally_over_time_has_no_gaps() {
    let home = Home::new();
    for (name, day) in [("a", "2031-01-07"), ("b", "2031-01-28"), ("c", "2031-04-02")] {
        let text = format!(
            "---\ntitle: Levy {name}\ndate: {day}\n---\n\nThe levy on salt was paid in harbour {name} of the country, the ministry said.\n"
        );
        home.write(&format!("news/{name}.md"), text);
    }
    let corpus = home.path("news");
    let rows = |by: &str| {
        let args = ["count", "levy", "--by", by, "-f", "csv", "-q", "--corpus", corpus.to_str().unwrap()];
        let table = home.ok(&args);
        table
            .lines()
            .skip(1)
            .map(|line| line.split(',').take(2).collect::<Vec<_>>().join(" "))
            .collect::<Vec<_>>()
    };
    assert_eq!(rows("month"), ["2031-01 2", "2031-02 0", "2031-03 0", "2031-04 1"]);
    assert_eq!(rows("week").len(), 13);
}

#[test]
fn an_id_of_no_quote_is_told() {
    let home = Home::new();
    let quote = home.json(&with(&["quotes", "rain", "-n", "1", "--json"])).remove(0);
    let article = quote["article_id"].as_str().unwrap();
    let wrong = format!("{article}-q999");
    for verb in ["show", "cite", "open"] {
        let output = home.run(&[verb, &wrong, "--corpus", "sample-corpus"]);
        assert_eq!(output.status.code(), Some(1), "{verb}");
        assert!(
            stdout(&output).is_empty() && stderr(&output).contains("the article has "),
            "{}",
            stderr(&output)
        );
    }
    assert_eq!(
        home.run(&["cite", quote["id"].as_str().unwrap(), "--corpus", "sample-corpus"]).status.code(),
        Some(0)
    );
}

#[test]
fn what_was_meant_is_said() {
    let home = Home::new();
    let told = |args: &[&str]| stderr(&home.run(args));
    let text = told(&["serach", "tax"]);
    assert!(text.contains("did you mean `onrecord search`?"), "{text}");
    let text = told(&["search", "-levy"]);
    assert!(text.contains("onrecord search -- -levy"), "{text}");
    let text = told(&["saved"]);
    assert!(text.contains("no saved searches"), "{text}");
    let text = told(&["search", "date:1999", "--corpus", "sample-corpus"]);
    assert!(text.contains("without `date:1999-01-01..1999-12-31`"), "{text}");
    let text = told(&["search", "zzxqj treaty sovereignty", "--corpus", "sample-corpus"]);
    assert!(text.contains("no article has all of this"), "{text}");
    let empty = home.write("empty/readme.bin", "");
    let text = told(&["search", "levy", "--corpus", empty.parent().unwrap().to_str().unwrap()]);
    assert!(text.contains("the index holds no articles") && !text.contains("nothing has"), "{text}");
    let output = home.run(&["search", "role:minister", "--kwic", "--corpus", "sample-corpus"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("stands in no text"), "{}", stderr(&output));
}
