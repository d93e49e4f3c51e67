//! Every format of the contract, read back by a parser that is not ours; fields, templates, settings, completions.

use std::process::Command;

use biblib::{CitationParser, RisParser};
use serde_json::Value;

use crate::support::{Home, stderr, stdout};

/// All quotes of the sample corpus.
fn quotes(home: &Home, more: &[&str]) -> String {
    home.ok(&[&["quotes", "--all", "-q", "--corpus", "sample-corpus"], more].concat())
}

fn records(home: &Home) -> Vec<Value> {
    quotes(home, &["--json"]).lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

fn text<'v>(record: &'v Value, key: &str) -> &'v str {
    record[key].as_str().unwrap_or("")
}

#[test]
fn json_and_json_lines_hold_the_same() {
    let home = Home::new();
    let lines = records(&home);
    assert!(lines.len() > 50);
    let array: Vec<Value> = serde_json::from_str(&quotes(&home, &["-f", "json"])).unwrap();
    assert_eq!(array, lines);
}

#[test]
fn csv_and_tsv_are_read_back() {
    let home = Home::new();
    let lines = records(&home);
    for (format, delimiter) in [("csv", b','), ("tsv", b'\t')] {
        let written = quotes(&home, &["-f", format]);
        let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(written.as_bytes());
        let headers = reader.headers().unwrap().clone();
        let column = |name: &str| headers.iter().position(|header| header == name).unwrap();
        let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.unwrap()).collect();
        assert_eq!(rows.len(), lines.len(), "{format}");
        for (row, record) in rows.iter().zip(&lines) {
            for key in ["text", "speaker", "outlet", "date", "id"] {
                assert_eq!(&row[column(key)], text(record, key), "{format} {key}");
            }
        }
    }
}

#[test]
fn lines_have_one_hit_each_and_cut_nothing() {
    let home = Home::new();
    let lines = records(&home);
    let written = quotes(&home, &["-f", "lines"]);
    assert_eq!(written.lines().count(), lines.len());
    for (line, record) in written.lines().zip(&lines) {
        let flat = text(record, "text").replace(['\n', '\t'], " ");
        assert!(line.split('\t').any(|cell| cell == flat), "{line}");
    }
}

#[test]
fn bibtex_is_read_by_biblatex() {
    let home = Home::new();
    let lines = records(&home);
    let written = quotes(&home, &["-f", "bibtex"]);
    let bibliography = biblatex::Bibliography::parse(&written).expect("BibTeX");
    assert_eq!(bibliography.iter().count(), lines.len(), "each hit is an entry of its own");
    for (entry, record) in bibliography.iter().zip(&lines) {
        use biblatex::ChunksExt;
        let title = entry.title().map(|title| title.format_verbatim()).unwrap_or_default();
        assert_eq!(title, text(record, "headline"), "{written}");
        if let Some(url) = record["url"].as_str() {
            assert_eq!(entry.url().unwrap(), url);
        }
    }
}

#[test]
fn ris_is_read_by_biblib() {
    let home = Home::new();
    let lines = records(&home);
    let citations = RisParser::new().parse(&quotes(&home, &["-f", "ris"])).expect("RIS");
    assert_eq!(citations.len(), lines.len());
    for (citation, record) in citations.iter().zip(&lines) {
        assert_eq!(citation.title, text(record, "headline"));
        if let Some(date) = record["date"].as_str() {
            let year: i32 = date[..4].parse().unwrap();
            assert_eq!(citation.date.as_ref().map(|date| date.year), Some(year));
        }
    }
}

#[test]
fn csl_json_has_what_a_reference_manager_needs() {
    let home = Home::new();
    let lines = records(&home);
    let items: Vec<Value> = serde_json::from_str(&quotes(&home, &["-f", "csl-json"])).unwrap();
    assert_eq!(items.len(), lines.len());
    for (item, record) in items.iter().zip(&lines) {
        assert_eq!(item["type"], "article-newspaper");
        assert_eq!(text(item, "title"), text(record, "headline"));
        if record["date"].is_string() {
            assert_eq!(item["issued"]["date-parts"][0].as_array().unwrap().len(), 3);
        }
    }
}

#[test]
fn ids_and_paths_end_as_asked() {
    let home = Home::new();
    let lines = records(&home);
    let ids: Vec<&str> = lines.iter().map(|record| text(record, "id")).collect();
    assert_eq!(quotes(&home, &["-f", "ids"]).lines().collect::<Vec<_>>(), ids);
    let null = quotes(&home, &["-f", "ids", "-0"]);
    assert_eq!(null.split_terminator('\0').collect::<Vec<_>>(), ids);
    let paths = quotes(&home, &["-f", "paths", "-0"]);
    assert!(paths.split_terminator('\0').all(|path| std::path::Path::new(path).is_file()), "{paths}");
}

#[test]
fn fields_and_templates_choose_what_is_written() {
    let home = Home::new();
    let lines = records(&home);
    let chosen = quotes(&home, &["--fields", "id,speaker", "--json"]);
    for (line, record) in chosen.lines().zip(&lines) {
        let object: Value = serde_json::from_str(line).unwrap();
        let keys: Vec<&String> = object.as_object().unwrap().keys().collect();
        assert_eq!(keys, ["id", "speaker"]);
        assert_eq!(object["id"], record["id"]);
    }
    let filled = quotes(&home, &["--template", "{date} {outlet}: {speaker}"]);
    for (line, record) in filled.lines().zip(&lines) {
        let expected =
            format!("{} {}: {}", text(record, "date"), text(record, "outlet"), text(record, "speaker"));
        assert_eq!(line, expected);
    }
    let all = quotes(&home, &["--fields", "all", "-f", "csv"]);
    for key in ["rule", "grade", "spans", "copies"] {
        assert!(all.lines().next().unwrap().split(',').any(|column| column == key), "{key}");
    }
    let help = home.ok(&["quotes", "--fields", "help", "--corpus", "sample-corpus"]);
    assert!(help.lines().any(|line| line == "speaker_as_written"), "{help}");
    let wrong = home.run(&["quotes", "--fields", "speeker", "--corpus", "sample-corpus"]);
    assert!(stderr(&wrong).contains("did you mean `speaker`?"), "{}", stderr(&wrong));
}

#[test]
fn an_export_has_as_many_rows_as_the_total() {
    let home = Home::new();
    for verb in ["search", "quotes"] {
        let rows = home.ok(&[verb, "treaty", "--all", "-f", "ids", "-q", "--corpus", "sample-corpus"]);
        let by_quotes: &[&str] = if verb == "quotes" { &["--quotes"] } else { &[] };
        let count =
            home.ok(&[&["count", "treaty", "--json", "-q", "--corpus", "sample-corpus"], by_quotes].concat());
        let count: Value = serde_json::from_str(&count).unwrap();
        assert_eq!(rows.lines().count() as u64, count["count"].as_u64().unwrap(), "{verb}");
    }
}

#[test]
fn variants_tell_who_carried_the_words() {
    let home = Home::new();
    let args = [
        "quotes",
        "rain",
        "--speaker",
        "Marchetti",
        "--variants",
        "--json",
        "-q",
        "--corpus",
        "sample-corpus",
    ];
    let hits = home.json(&args);
    assert_eq!(hits.len(), 1, "cuts of one utterance are one hit");
    let family = &hits[0]["family"];
    let cuts = family["cuts"].as_array().unwrap();
    assert_eq!(cuts.len(), hits[0]["copies"].as_array().unwrap().len() + 1);
    assert!(family["outlets"].as_array().unwrap().len() >= 3);
    assert_eq!(family["first"]["date"], cuts[0]["date"]);
    assert!(cuts.iter().any(|cut| !cut["left_out"].as_array().unwrap().is_empty()));
    let dates: Vec<&str> = cuts.iter().map(|cut| text(cut, "date")).collect();
    assert!(dates.is_sorted(), "{dates:?}");
}

#[test]
fn flags_win_over_the_project_file_and_that_over_the_users() {
    let home = Home::new();
    let config = home.write("user.toml", "[search]\nlimit = 3\nsort = \"date\"\n");
    let corpus = crate::support::root().join("sample-corpus");
    home.write("project/onrecord.toml", "[search]\nlimit = 2\n[programs]\neditor = \"rm\"\n");
    let run = |folder: &str, more: &[&str]| {
        let args =
            ["search", "--config", config.to_str().unwrap(), "--json", "--corpus", corpus.to_str().unwrap()];
        std::fs::create_dir_all(home.path(folder)).unwrap();
        let output = home.command().current_dir(home.path(folder)).args(args).args(more).output().unwrap();
        (stdout(&output).lines().count(), stderr(&output))
    };
    assert_eq!(run("elsewhere", &[]).0, 3);
    let (hits, notes) = run("project", &[]);
    assert_eq!(hits, 2);
    assert!(
        notes.contains("[programs] is ignored"),
        "a project file cannot name programs, and is told so: {notes}"
    );
    assert_eq!(run("project", &["-n", "1"]).0, 1);
}

#[test]
fn doctor_says_what_it_finds() {
    let home = Home::new();
    home.ok(&["search", "treaty", "-q", "--corpus", "sample-corpus"]);
    let output = home.run(&["doctor"]);
    let text = stdout(&output) + &stderr(&output);
    for word in ["index", "config"] {
        assert!(text.to_lowercase().contains(word), "{text}");
    }
}

#[test]
fn completion_scripts_offer_speakers_and_outlets() {
    let home = Home::new();
    home.ok(&["search", "treaty", "-q", "--corpus", "sample-corpus"]);
    let offered = home.ok(&["complete-values", "speaker", "march", "search", "--corpus", "sample-corpus"]);
    assert_eq!(offered, "Josef Marchetti\nOwen Marchetti\n");
    assert_eq!(
        home.ok(&["complete-values", "outlet", "x", "--index", "nowhere"]),
        "",
        "no index is no error"
    );
    let script = home.write("onrecord.bash", home.ok(&["completions", "bash"]));
    let folder = std::path::Path::new(env!("CARGO_BIN_EXE_onrecord")).parent().unwrap();
    // What bash does when Tab is pressed behind `--speaker marc`.
    let pressed = format!(
        "PATH={}:$PATH; source {}; COMP_WORDS=(onrecord quotes --corpus sample-corpus --speaker marc); COMP_CWORD=5; \
         _onrecord onrecord marc --speaker; printf '%s\\n' \"${{COMPREPLY[@]}}\"",
        folder.display(),
        script.display()
    );
    let shell = home.command();
    let mut bash = Command::new("bash");
    bash.arg("-c").arg(pressed).env_clear().env("PATH", "/usr/bin:/bin");
    for (name, value) in shell.get_envs() {
        if let Some(value) = value {
            bash.env(name, value);
        }
    }
    if let Some(folder) = shell.get_current_dir() {
        bash.current_dir(folder);
    }
    let Ok(output) = bash.output() else { return };
    assert_eq!(stdout(&output), "Josef\\ Marchetti\nOwen\\ Marchetti\n", "{}", stderr(&output));
}

#[test]
fn an_empty_answer_says_why() {
    let home = Home::new();
    let notes = |args: &[&str]| stderr(&home.run(&[args, &["--corpus", "sample-corpus"]].concat()));
    let text = notes(&["search", "treaty", "--outlet", "Harbor Gazete"]);
    assert!(text.contains("nearest: Harbour Gazette"), "{text}");
    assert!(text.contains("without --outlet 'Harbor Gazete'"), "{text}");
    let text = notes(&["quotes", "rain", "--speaker", "Marchety"]);
    assert!(text.contains("Josef Marchetti"), "{text}");
    let text = notes(&["search", "trety", "--match", "all"]);
    assert!(text.contains("nearest: treaty"), "{text}");
    let text = notes(&["search", "treaty AND nurses AND levy"]);
    assert!(text.contains("no match; alone: `treaty` "), "{text}");
    let text = notes(&["search", "treaty", "--since", "2040"]);
    assert!(text.contains("without the dates: "), "{text}");
}

#[test]
fn a_question_is_read_as_speaker_and_topic() {
    let home = Home::new();
    let ask = |query: &str, more: &[&str]| {
        let args = [&["quotes", query, "-f", "ids", "--corpus", "sample-corpus"], more].concat();
        home.run(&args)
    };
    let question = ask("what did Marchetti say about rain?", &[]);
    assert_eq!(stdout(&question), stdout(&ask("rain", &["--speaker", "Marchetti"])));
    assert!(stderr(&question).contains("read as rain --speaker Marchetti"), "{}", stderr(&question));
}
