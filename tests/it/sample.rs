//! What the sample corpus must answer: the whole way from files to facets.

use serde_json::Value;

use crate::support::Home;

fn asked(home: &Home, args: &[&str]) -> Vec<Value> {
    home.json(&[args, &["--corpus", "sample-corpus", "-q", "--json"]].concat())
}

#[test]
fn every_format_of_the_corpus_is_read() {
    let home = Home::new();
    let hits = asked(&home, &["search", "--all", "--copies", "show"]);
    let has = |part: &str| hits.iter().filter(|hit| hit["path"].as_str().unwrap().contains(part)).count();
    assert_eq!(hits.len(), 40);
    for (part, n) in [
        ("aster-ledger/", 6),
        ("karsund-courier/", 5),
        ("tamber-valley/", 4),
        ("velmora-broadcasting/", 3),
        ("policy-monitor.jsonl:", 10),
        ("harbour-gazette.csv:", 4),
        ("lirria-today.xml:", 3),
        ("notes/", 2),
        ("continental-wire.warc:", 3),
    ] {
        assert_eq!(has(part), n, "{part}");
    }
    assert_eq!(has("PROVENANCE"), 0);
}

#[test]
fn words_and_speaker_hold_in_the_same_quote() {
    let home = Home::new();
    let quotes = asked(
        &home,
        &["quotes", "rain", "--speaker", "Josef Marchetti", "--copies", "show", "--match", "all"],
    );
    assert!(quotes.len() >= 3, "{}", quotes.len());
    for quote in &quotes {
        assert_eq!(quote["speaker"], "Josef Marchetti");
        assert!(quote["text"].as_str().unwrap().contains("rain"));
    }
    let none = home.run(&[
        "quotes",
        "rain",
        "--speaker",
        "Rosa Kemble",
        "--match",
        "all",
        "--corpus",
        "sample-corpus",
        "-q",
    ]);
    assert_eq!(none.status.code(), Some(1));
}

#[test]
fn short_names_titles_and_pronouns_are_one_person() {
    let home = Home::new();
    let rows = asked(&home, &["count", "--by", "speaker"]);
    let names: Vec<&str> = rows.iter().filter_map(|row| row["value"].as_str()).collect();
    for person in [
        "Ines Calderwick",
        "Tobias Renn",
        "Maren Oduya",
        "Halvor Steen",
        "Josef Marchetti",
        "Priya Lindqvist",
        "Rosa Kemble",
    ] {
        let same: Vec<&&str> = names
            .iter()
            .filter(|name| {
                name.split(' ').next_back() == person.split(' ').next_back() && !name.starts_with("Owen")
            })
            .collect();
        assert_eq!(same, [&person], "{names:?}");
    }
    assert!(names.contains(&"Owen Marchetti"), "the teacher and the senator stay apart");
    assert!(
        !names.iter().any(|name| name.starts_with("Mr") || name.starts_with("Sen") || name.starts_with("Dr")),
        "{names:?}"
    );
}

#[test]
fn furniture_never_matches() {
    let home = Home::new();
    for words in [
        "donation",
        "newsletter",
        "\"share on facebook\"",
        "cookies",
        "\"log in to comment\"",
        "\"read why\"",
    ] {
        let output = home.run(&["search", words, "--match", "all", "--corpus", "sample-corpus", "-q"]);
        assert_eq!(output.status.code(), Some(1), "{words}");
    }
    assert!(!asked(&home, &["search", "furniture:donation"]).is_empty());
}

#[test]
fn facets_ignore_their_own_selection() {
    let home = Home::new();
    let facets = |args: &[&str]| -> Value {
        asked(
            &home,
            &[&["search", "treaty", "--facets", "outlet,speaker", "--facet-limit", "0"], args].concat(),
        )
        .pop()
        .unwrap()
    };
    let all = facets(&[]);
    let narrowed = facets(&["--outlet", "The Aster Ledger"]);
    assert_eq!(all["outlet"], narrowed["outlet"]);
    assert_ne!(all["speaker"], narrowed["speaker"]);
    assert_eq!(
        narrowed["total"],
        all["outlet"].as_array().unwrap().iter().find(|v| v["value"] == "The Aster Ledger").unwrap()["count"]
    );
}

#[test]
fn undated_articles_stay_and_are_counted() {
    let home = Home::new();
    let rows = asked(&home, &["count", "--by", "year"]);
    let undated = rows.iter().find(|row| row["value"].is_null()).expect("a row for the undated");
    assert_eq!(undated["count"], 3);
    let hits = asked(&home, &["search", "--sort", "date", "--all"]);
    let dated: Vec<bool> = hits.iter().map(|hit| hit["date"].is_string()).collect();
    assert!(dated.windows(2).all(|pair| pair[0] >= pair[1]), "undated last");
}

#[test]
fn marks_are_what_matched() {
    let home = Home::new();
    for hit in asked(&home, &["search", "\"minimum release\"", "--match", "all"]) {
        for snippet in hit["snippets"].as_array().unwrap() {
            let text: Vec<char> = snippet["text"].as_str().unwrap().chars().collect();
            let marks = snippet["marks"].as_array().unwrap();
            assert!(!marks.is_empty(), "{snippet}");
            for mark in marks {
                let (start, end) = (mark[0].as_u64().unwrap() as usize, mark[1].as_u64().unwrap() as usize);
                let marked: String = text[start..end].iter().collect();
                assert_eq!(marked.to_lowercase(), "minimum release");
            }
        }
    }
}

#[test]
fn wire_copy_is_folded_and_counted() {
    let home = Home::new();
    let folded = asked(&home, &["search", "\"ending nine years of talks\"", "--match", "all"]);
    assert_eq!(folded.len(), 1);
    assert_eq!(folded[0]["copies"].as_array().unwrap().len(), 1);
    let shown =
        asked(&home, &["search", "\"ending nine years of talks\"", "--match", "all", "--copies", "show"]);
    assert_eq!(shown.len(), 2);
}
