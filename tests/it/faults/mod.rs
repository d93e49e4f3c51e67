//! What an index lives through: kills, damage, full disks, races. Short here, long on demand:
//!
//! ```text
//! ONRECORD_FAULTS=500 cargo test --release --test it faults -- --nocapture --test-threads 1
//! ```
//! The number is how many kills there are; everything else grows with it. Each test prints what it counted.
//!
//! * [`kills`]: `kill -9` at random moments of builds, updates, rebuilds and merges, and at every rename, sync and write
//! * [`damage`]: files missing, cut and flipped, one by one
//! * [`disk`]: no room, no file descriptors, no right to write
//! * [`mod@scale`]: many articles: what an update costs, what a query may cost, the law on ten thousand
//! * [`company`]: signals, other writers, readers while it is written

mod company;
mod damage;
mod disk;
mod kills;
mod scale;

use std::collections::{BTreeMap, BTreeSet};
use std::process::{Command, Output};

use crate::support::{Home, stderr, stdout};

/// How much is done: 1 in a plain `cargo test`, 100 with `ONRECORD_FAULTS=500`.
pub(crate) fn scale() -> usize {
    let asked = std::env::var("ONRECORD_FAULTS").ok().and_then(|text| text.parse::<usize>().ok());
    asked.map_or(1, |kills| (kills / 5).max(1))
}

/// Numbers that look random and are the same each time (xorshift).
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Dice {
        Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// A number below `n`.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % n.max(1)
    }
}

/// What a corpus holds, and so what an index of it must answer.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct Shelf {
    /// Version of each file.
    pages: BTreeMap<usize, usize>,
    /// Version of each record of the one file of records.
    rows: BTreeMap<usize, usize>,
}

const PEOPLE: [&str; 4] = ["Ada Moreau", "Jon Halvorsen", "Petra Lind", "Omar Faye"];

fn headline(kind: &str, id: usize, version: usize) -> String {
    format!("Harbour {kind} {id} in its version {version}")
}

fn body(kind: &str, id: usize, version: usize) -> String {
    let person = PEOPLE[(id + version) % 4];
    format!(
        "{person} spoke about the harbour levy of {kind} {id} on Monday before a full chamber of the port.\n\n\
         \u{201c}The levy of {kind} {id} will be raised {version} times,\u{201d} said {person}, who leads the port.\n\n\
         Nobody asked what part {} of plan {} would cost the harbour in the years to come.\n",
        id * 31 % 97,
        version * 17 + id,
    )
}

impl Shelf {
    pub(crate) fn of(pages: usize, rows: usize) -> Shelf {
        Shelf { pages: (0..pages).map(|id| (id, 1)).collect(), rows: (0..rows).map(|id| (id, 1)).collect() }
    }

    /// A few files and records added, edited, removed.
    pub(crate) fn shake(&mut self, dice: &mut Dice, changes: usize) {
        for _ in 0..changes {
            let (map, room) = match dice.below(2) {
                0 => (&mut self.pages, 2 * changes + 20),
                _ => (&mut self.rows, 2 * changes + 20),
            };
            let known: Vec<usize> = map.keys().copied().collect();
            match dice.below(4) {
                0 if known.len() > 3 => drop(map.remove(&known[dice.below(known.len())])),
                1 => drop(map.insert(known.len() + dice.below(room), 1)),
                _ if !known.is_empty() => *map.entry(known[dice.below(known.len())]).or_default() += 1,
                _ => {}
            }
        }
    }

    /// Writes the corpus under `news`; only what differs from `before` is touched.
    pub(crate) fn write(&self, home: &Home, before: &Shelf) {
        for (id, version) in &self.pages {
            if before.pages.get(id) != Some(version) {
                let text = format!(
                    "{}\nBy Rae Stone, Daily Ledger\nMarch {}, 2031\n\n{}",
                    headline("page", *id, *version),
                    id % 28 + 1,
                    body("page", *id, *version)
                );
                home.write(&format!("news/{}/page{id}.txt", id % 7), text);
            }
        }
        for id in before.pages.keys().filter(|id| !self.pages.contains_key(id)) {
            std::fs::remove_file(home.path(&format!("news/{}/page{id}.txt", id % 7))).expect("a page");
        }
        let rows: Vec<String> = self
            .rows
            .iter()
            .map(|(id, version)| {
                serde_json::json!({
                    "id": format!("row{id}"), "title": headline("row", *id, *version),
                    "text": body("row", *id, *version), "date": "2031-04-01", "outlet": "Evening Wire",
                })
                .to_string()
            })
            .collect();
        home.write("news/rows.jsonl", rows.join("\n"));
    }

    fn headlines(&self) -> BTreeSet<String> {
        let of = |kind: &'static str, map: &BTreeMap<usize, usize>| {
            map.iter().map(|(id, version)| headline(kind, *id, *version)).collect::<Vec<_>>()
        };
        of("page", &self.pages).into_iter().chain(of("row", &self.rows)).collect()
    }
}

/// What a reader is told.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Seen {
    /// There is no index yet.
    Nothing,
    /// Every article's headline, and how often an article came twice.
    Headlines(BTreeSet<String>, usize),
}

impl Seen {
    pub(crate) fn is(&self, shelf: &Shelf) -> bool {
        *self == Seen::Headlines(shelf.headlines(), 0)
    }
}

/// A corpus, its index, and what the corpus should hold.
pub(crate) struct Port {
    pub(crate) home: Home,
    pub(crate) corpus: String,
    pub(crate) index: String,
}

impl Port {
    pub(crate) fn new() -> Port {
        let home = Home::new();
        let (corpus, index) =
            (home.path("news").display().to_string(), home.path("index").display().to_string());
        std::fs::create_dir_all(&corpus).expect("a corpus");
        Port { home, corpus, index }
    }

    /// `index`, with commits as often as can be, so that faults meet them.
    pub(crate) fn indexing(&self, args: &[&str]) -> Command {
        let mut command = self.home.command();
        command
            .args(["index", &self.corpus, "--index", &self.index, "-q", "--checkpoint", "30ms"])
            .args(args);
        command
    }

    /// Brings the index up to date; nothing may be in the way.
    #[track_caller]
    pub(crate) fn update(&self, args: &[&str]) {
        let output = self.indexing(args).output().expect("run onrecord");
        assert!(output.status.success(), "{args:?}: {:?} {}", output.status, stderr(&output));
    }

    /// What a reader sees now: a whole state, or that there is none. Anything else fails.
    #[track_caller]
    pub(crate) fn seen(&self) -> Seen {
        let output = self.home.run(&[
            "search",
            "harbour",
            "--json",
            "--all",
            "--copies",
            "show",
            "--index",
            &self.index,
            "-q",
        ]);
        if output.status.code() == Some(3) {
            return Seen::Nothing;
        }
        assert!(matches!(output.status.code(), Some(0 | 1)), "{:?} {}", output.status, stderr(&output));
        let mut headlines = BTreeSet::new();
        let mut twice = 0;
        for line in stdout(&output).lines() {
            let hit: serde_json::Value = serde_json::from_str(line).expect("a JSON object a line");
            if hit["type"] == "hit" {
                twice +=
                    usize::from(!headlines.insert(hit["headline"].as_str().unwrap_or_default().to_owned()));
            }
        }
        Seen::Headlines(headlines, twice)
    }

    /// `check` finds nothing wrong (or no index, which is nothing wrong either).
    #[track_caller]
    pub(crate) fn is_sound(&self) {
        let output = self.home.run(&["check", "--index", &self.index]);
        let text = format!("{}{}", stdout(&output), stderr(&output));
        assert!(matches!(output.status.code(), Some(0 | 3)), "{:?} {text}", output.status);
    }

    /// The index answers as one built afresh from the same corpus.
    #[track_caller]
    pub(crate) fn is_as_rebuilt(&self) {
        let fresh = self.home.path("fresh");
        let _ = std::fs::remove_dir_all(&fresh);
        let fresh = fresh.display().to_string();
        self.home.ok(&["index", &self.corpus, "--index", &fresh, "-q"]);
        assert_eq!(answers(&self.home, &self.index), answers(&self.home, &fresh));
    }

    /// Files of the index that no state needs.
    pub(crate) fn leftovers(&self) -> usize {
        let root = self.home.path("index/generations");
        let generations = std::fs::read_dir(&root).into_iter().flatten().flatten().count();
        let temporaries = crate::support::every_file(&self.home.path("index"))
            .iter()
            .filter(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(".tmp")))
            .count();
        generations.saturating_sub(1) + temporaries
    }
}

/// Everything a reader can ask, as text.
pub(crate) fn answers(home: &Home, index: &str) -> String {
    let commands: &[&[&str]] = &[
        &["search", "levy", "--json", "--all", "--facets", "outlet,speaker,author,month"],
        &["search", "harbour chamber raised", "--json", "-n", "50"],
        &["search", "\"full chamber\"", "--json", "--all", "--copies", "show"],
        &["search", "speaker:moreau", "--json", "--all"],
        &["quotes", "--json", "--all", "--facets", "speaker,outlet"],
        &["quotes", "raised", "--speaker", "Jon Halvorsen", "--json", "--all"],
        &["count", "--by", "outlet,speaker", "--json"],
        &["skipped", "-f", "jsonl"],
    ];
    let mut text = String::new();
    for args in commands {
        let output = home.run(&[args, &["--index", index, "-q"][..]].concat());
        text.push_str(&format!("{args:?} {:?}\n{}\n", output.status.code(), stdout(&output)));
    }
    text
}

/// The program ended by itself, with a code that means something, and did not panic.
#[track_caller]
pub(crate) fn ended_well(output: &Output, what: &str) {
    let code = output.status.code();
    assert!(matches!(code, Some(0..=5 | 75 | 130)), "{what}: {:?} {}", output.status, stderr(output));
    assert!(!stderr(output).contains("panicked at"), "{what}: {}", stderr(output));
}
