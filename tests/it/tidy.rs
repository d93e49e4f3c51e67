//! Laws of the source tree that no compiler checks.

use std::collections::BTreeMap;

use crate::support::{files, root};

/// Longest file, tests included. Tables of data in code would be listed here.
const LONGEST_FILE: usize = 700;

/// Which layers of the crate each layer may import.
fn allowed() -> BTreeMap<&'static str, &'static [&'static str]> {
    BTreeMap::from([
        ("model", &[][..]),
        ("text", &["model"][..]),
        ("lexicon", &["model", "text"][..]),
        ("authority", &["lexicon", "model", "text"][..]),
        ("corpus", &["lexicon", "model", "text"][..]),
        ("extract", &["lexicon", "model", "text"][..]),
        ("quotes", &["lexicon", "model", "text"][..]),
        ("schema", &["model", "text"][..]),
        ("query", &["model", "schema", "text"][..]),
        ("engine", &["authority", "lexicon", "model", "query", "schema", "text"][..]),
        (
            "build",
            &["authority", "corpus", "engine", "extract", "lexicon", "model", "quotes", "schema", "text"][..],
        ),
        ("output", &["model", "text"][..]),
        ("tui", &["engine", "lexicon", "model", "output", "query", "text"][..]),
    ])
}

/// The files of the crate, but for those that hold tests alone.
fn sources() -> Vec<(String, String)> {
    let src = root().join("src");
    let tests_alone = ["tests.rs", "marked.rs", "faults.rs"];
    files(&src, &["rs"])
        .into_iter()
        .filter(|path| !tests_alone.iter().any(|name| path.ends_with(name)))
        .map(|path| {
            let name = path.strip_prefix(&src).expect("under src").to_string_lossy().into_owned();
            (name, std::fs::read_to_string(&path).expect("read source"))
        })
        .collect()
}

#[test]
fn layers_import_only_what_they_may() {
    let allowed = allowed();
    let mut wrong = Vec::new();
    for (name, text) in sources() {
        let layer = name.split('/').next().unwrap_or_default();
        let Some(may) = allowed.get(layer) else { continue };
        for (idx, line) in text.lines().enumerate() {
            if line.trim_start().starts_with("//") {
                continue;
            }
            for used in line.match_indices("crate::").map(|(at, _)| &line[at + "crate::".len()..]) {
                let names: Vec<&str> = match used.strip_prefix('{') {
                    Some(list) => list.split([',', '}']).map(str::trim).collect(),
                    None => vec![used],
                };
                for used in names {
                    let used =
                        used.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default();
                    if used != layer && allowed.contains_key(used) && !may.contains(&used) || used == "cli" {
                        wrong.push(format!("src/{name}:{}: {layer} imports {used}", idx + 1));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn crates_stay_in_their_layers() {
    let homes = [
        ("tantivy", &["engine/local"][..]),
        ("clap", &["cli"][..]),
        ("indicatif", &["cli"][..]),
        ("anyhow", &["cli", "main.rs"][..]),
        ("ratatui", &["tui"][..]),
        ("crossterm", &["tui"][..]),
    ];
    let mut wrong = Vec::new();
    for (name, text) in sources() {
        for (idx, line) in text.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//")) {
            for (krate, places) in homes {
                let used = line.contains(&format!("{krate}::"));
                if used && !places.iter().any(|place| name.starts_with(place)) {
                    wrong.push(format!("src/{name}:{}: {krate}", idx + 1));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn files_stay_short_and_say_what_they_are() {
    let mut wrong = Vec::new();
    for (name, text) in sources() {
        let n_lines = text.lines().count();
        if n_lines > LONGEST_FILE {
            wrong.push(format!("src/{name}: {n_lines} lines"));
        }
        if !text.starts_with("//!") {
            wrong.push(format!("src/{name}: no module documentation"));
        }
        let vague = ["utils", "helpers", "common", "misc", "types"];
        if vague.iter().any(|word| name.split(['/', '.']).any(|part| part == *word)) {
            wrong.push(format!("src/{name}: a name that says nothing"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn library_prints_nothing_and_never_gives_up() {
    let mut wrong = Vec::new();
    for (name, text) in sources() {
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for (idx, line) in code.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//")) {
            for banned in [
                "println!(",
                "print!(",
                "eprint!(",
                "eprintln!(",
                "dbg!(",
                "todo!(",
                "unimplemented!(",
                ".unwrap()",
            ] {
                if line.contains(banned) {
                    wrong.push(format!("src/{name}:{}: {banned}", idx + 1));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
