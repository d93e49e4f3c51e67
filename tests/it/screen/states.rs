//! How every state looks.

use onrecord::tui::action::Command;

use super::*;

/// The screens that a session passes through, at every size, with and without Unicode.
#[test]
fn screens() {
    for (columns, rows) in [(160, 50), (100, 30), (80, 24), (60, 20), (40, 10)] {
        for unicode in [false, true] {
            let mut screen = Screen::new(columns, rows, unicode);
            let name = |state: &str| {
                format!("{state}-{columns}x{rows}-{}", if unicode { "unicode" } else { "ascii" })
            };
            insta::assert_snapshot!(name("start"), screen.drawn());
            screen.keys("water treaty");
            insta::assert_snapshot!(name("results"), screen.drawn());
            screen.keys("\n]");
            insta::assert_snapshot!(name("article"), screen.drawn());
            screen.keys("\x1bF");
            insta::assert_snapshot!(name("facets"), screen.drawn());
            screen.keys("\x1b^u");
            screen.act(Action::Paste("watter AND zzz".to_owned()));
            insta::assert_snapshot!(name("no-hits"), screen.drawn());
        }
    }
}

/// States that are the same at every size but for their room.
#[test]
fn states() {
    for (columns, rows, unicode) in [(160, 50, true), (80, 24, false), (40, 10, false)] {
        let name = |state: &str| format!("{state}-{columns}x{rows}");
        let fresh = |query: &str| {
            let mut screen = Screen::new(columns, rows, unicode);
            screen.keys(query);
            screen
        };
        let mut screen = fresh("treaty speeker:x");
        screen.act(Action::Quiet);
        insta::assert_snapshot!(name("bad-query"), screen.drawn());

        let mut screen = fresh("treaty");
        screen.act(Action::Do(Command::FocusTimeline));
        screen.keys("n lll");
        insta::assert_snapshot!(name("timeline-selection"), screen.drawn());

        let mut screen = fresh("treaty");
        screen.act(Action::Do(Command::FocusFacets));
        screen.keys(" j-j .");
        insta::assert_snapshot!(name("pills"), screen.drawn());

        let mut screen = fresh("treaty");
        screen.act(Action::Do(Command::FocusResults));
        screen.keys(" j ");
        screen.act(Action::IndexChanged);
        insta::assert_snapshot!(name("marked-and-refreshed"), screen.drawn());

        let mut screen = fresh("treaty");
        screen.keys("^y");
        insta::assert_snapshot!(name("copy-menu"), screen.drawn());

        let mut screen = fresh("treaty");
        screen.keys("^xquote");
        insta::assert_snapshot!(name("actions"), screen.drawn());

        let mut screen = fresh("treaty\n");
        screen.act(Action::Do(Command::Help));
        insta::assert_snapshot!(name("help"), screen.drawn());

        let mut screen = fresh("bullets");
        screen.keys("^t");
        insta::assert_snapshot!(name("quotes"), screen.drawn());

        let screen = fresh("speaker:dro");
        insta::assert_snapshot!(name("completion"), screen.drawn());

        let mut screen = fresh("zzz treaty");
        screen.act(Action::Do(Command::FocusResults));
        insta::assert_snapshot!(name("most-words"), screen.drawn());
    }
}

/// Without colour and weight the screen still tells what is selected, marked, included, excluded and off.
#[test]
fn letters_carry_every_state() {
    let mut screen = Screen::new(160, 50, false);
    screen.keys("treaty");
    screen.act(Action::Do(Command::FocusFacets));
    screen.keys(" j-");
    screen.act(Action::Do(Command::FocusFacets));
    screen.keys("l .");
    let drawn = screen.drawn();
    for sign in [" +outlet:", " -outlet:", "(off)speaker:", "[.]", "-- > 3 Facets"] {
        assert!(drawn.contains(sign), "{sign}\n{drawn}");
    }
    screen.keys("h");
    let drawn = screen.drawn();
    assert!(drawn.contains("[+]") && drawn.contains("[-]"), "{drawn}");
    screen.keys("X");
    screen.act(Action::Do(Command::FocusResults));
    screen.keys(" ");
    let drawn = screen.drawn();
    assert!(drawn.contains("> 2031") || drawn.contains(">  2031"), "{drawn}");
    assert!(drawn.contains(" * 2031"), "{drawn}");
    assert!(drawn.contains("1 marked"), "{drawn}");
}

/// What corpora hold: wide characters, right-to-left text, combining marks, control bytes, words without end.
#[test]
fn any_text_keeps_the_columns() {
    let home = Home::new();
    let long = "a".repeat(200);
    let articles = [
        (
            "北京的桥梁又开放了",
            "The ferry office said “北京的桥梁又开放了” and nothing else about the crossing.",
        ),
        (
            "قناة الميناء مفتوحة",
            "The harbour wrote قناة الميناء مفتوحة on its board, and the ferry left at noon.",
        ),
        (
            "Cafe\u{301} \u{1b}[31mred\u{7} bell\u{202e}txet",
            "A ferry \u{1b}]0;title\u{7} text with \u{202e}bidi\u{202c} and bells.",
        ),
        (
            "Emoji 👩‍🚒🚢 on deck",
            "The ferry flew 👩‍🚒🚢 from its mast, as it does each year on the day of the harbour.",
        ),
    ];
    let mut lines = Vec::new();
    for (headline, body) in articles {
        let article = serde_json::json!({
            "headline": headline, "outlet": "The Harbour Post", "date": "2031-02-03",
            "body": format!("{body}\n\nOne word: {long}. The ferry went on."),
        });
        lines.push(article.to_string());
    }
    home.write("corpus/hard.jsonl", lines.join("\n"));
    let dir = home.path("index");
    home.ok(&["index", "--index", &dir.to_string_lossy(), &home.path("corpus").to_string_lossy(), "-q"]);
    let look = Look { unicode: true, color: false, reader_width: 80 };
    for (columns, rows) in [(160, 50), (80, 24), (40, 10)] {
        let mut screen = Screen::with(columns, rows, look, None, &dir);
        screen.keys("ferry");
        assert_eq!(screen.total(), 4);
        for _ in 0..4 {
            let drawn = screen.drawn();
            assert!(!drawn.contains(['\x1b', '\x07', '\u{202e}']), "{drawn}");
            for line in drawn.lines() {
                let width = unicode_width::UnicodeWidthStr::width(line);
                assert!(width <= usize::from(columns), "{width} columns: {line}");
            }
            screen.keys("\n\x1b\x1b↓");
        }
    }
}
