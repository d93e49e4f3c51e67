//! How every state looks.

use onrecord::tui::action::Command;
use onrecord::tui::setup::{Helpers, Setup};

use super::*;

/// Sizes at which every state is looked at: wide, half a window, a usual terminal, small, the least.
const SIZES: [(u16, u16); 5] = [(160, 50), (100, 30), (80, 24), (60, 20), (40, 10)];

/// Looks at a state at every size: with and without Unicode it is as the snapshot has it, and colour changes no character,
/// nor is there any without colour.
#[track_caller]
fn check(name: &str, mut screen: Screen) {
    let (mut unicode, mut ascii) = (String::new(), String::new());
    for (columns, rows) in SIZES {
        screen.act(Action::Resize(columns, rows));
        for (look_unicode, text) in [(true, &mut unicode), (false, &mut ascii)] {
            screen.state.look.unicode = look_unicode;
            screen.state.look.color = true;
            let dressed = screen.drawn();
            screen.state.look.color = false;
            let plain = screen.drawn();
            assert_eq!(plain, dressed, "{name}: colour changes characters");
            let is_coloured = |cell: &ratatui::buffer::Cell| cell.fg != ratatui::style::Color::Reset;
            assert!(!screen.buffer().content.iter().any(is_coloured), "{name}: colour where there is none");
            if !look_unicode {
                let own = |c: char| "─│┌┐└┘█▇▆▅▄▃▂▁".contains(c);
                assert!(!plain.contains(own), "{name}: drawn with more than ASCII\n{plain}");
            }
            text.push_str(&format!(
                "{:=<columns$}\n{plain}",
                format!("== {columns}x{rows} "),
                columns = usize::from(columns)
            ));
        }
    }
    insta::assert_snapshot!(format!("{name}-unicode"), unicode);
    insta::assert_snapshot!(format!("{name}-ascii"), ascii);
}

/// A screen on which `keys` were pressed.
fn after(keys: &str) -> Screen {
    let mut screen = Screen::new(160, 50, true);
    screen.keys(keys);
    screen
}

/// The same with `command` done then, and `more` keys pressed.
fn then(keys: &str, command: Command, more: &str) -> Screen {
    let mut screen = after(keys);
    screen.act(Action::Do(command));
    screen.keys(more);
    screen
}

#[test]
fn start() {
    check("start", after(""));
}

#[test]
fn hits() {
    check("results", after("water treaty"));
    check("quotes", after("bullets^t"));
    check("most-words", then("zzz treaty", Command::FocusResults, ""));
    check("no-hits", after("watter AND zzz "));
}

#[test]
fn reading() {
    check("article", after("water treaty\n]"));
    check("furniture", after("treaty\nx"));
    check("who-else", then("^tbullets", Command::FocusResults, "v"));
    check("people", after("water treaty\np"));
}

#[test]
fn narrowing() {
    check("facets", then("water treaty", Command::FocusFacets, ""));
    check("pills", then("treaty", Command::FocusFacets, " j-j ."));
    check("find-value", then("treaty", Command::FocusFacets, "l/ren"));
    check("timeline-selection", then("treaty", Command::FocusTimeline, "n lll"));
    check("window", then("treaty", Command::FocusTimeline, "t2031-03..2031-04\n"));
}

#[test]
fn over_the_panes() {
    check("copy-menu", after("treaty^y"));
    check("actions", after("treaty^xquote"));
    check("help", then("treaty\n", Command::Help, ""));
    check("history", after("^r"));
    check("export", after("treaty\nEc"));
    check("command", after("treaty\nC"));
    check("save", after("treaty\nSpact"));
}

#[test]
fn while_typing() {
    let mut screen = after("treaty speeker:x");
    screen.act(Action::Quiet);
    check("bad-query", screen);
    check("completion", after("speaker:dro"));
    let mut screen = after("treaty");
    // A search was asked and has not been answered.
    screen.state.seq += 1;
    screen.act(Action::Slow);
    check("slow", screen);
}

#[test]
fn under_way() {
    let mut screen = then("treaty", Command::FocusResults, " j ");
    screen.act(Action::IndexChanged);
    let news = onrecord::model::search::News { came: 312, went: 4, total: 1_208 };
    screen.act(Action::News(screen.state.seq, news));
    check("marked-and-refreshed", screen);

    let mut screen = after("treaty");
    screen.act(Action::IndexLost("no index at /srv/news".to_owned()));
    check("index-lost", screen);

    let mut screen = after("treaty");
    let info = onrecord::model::search::IndexInfo { finished: false, ..screen.state.info.clone() };
    screen.act(Action::Info(Box::new(info)));
    screen.act(Action::Expected(Some(100_000)));
    check("first-build", screen);
}

/// An index without an article says why.
#[test]
fn nothing_indexed() {
    let home = Home::new();
    home.write("empty/page.txt", "");
    let dir = home.path("index");
    let corpus = home.path("empty").to_string_lossy().into_owned();
    home.command().args(["index", "-q", "--index", &dir.to_string_lossy(), &corpus]).output().expect("runs");
    let look = Look { unicode: true, color: false, reader_width: 80 };
    let mut screen = Screen::with(160, 50, look, None, &dir);
    screen.assert_shows("0 articles; 1 record skipped");
    screen.state.info.path.clear();
    check("empty-index", screen);
}

/// An article longer than any screen: where it is, where its matches and quotes stand.
#[test]
fn long_articles() {
    let home = Home::new();
    let mut body = String::new();
    for day in 1..=120 {
        body.push_str(&format!(
            "On day {day} the ferry carried its passengers across the strait and back.\n\n"
        ));
        if day % 40 == 0 {
            body.push_str("“The ferry stays,” said Ada Moreau, the harbour minister.\n\n");
        }
    }
    let article = serde_json::json!({
        "headline": "A diary of the strait", "outlet": "The Harbour Post", "date": "2031-02-03", "body": body,
    });
    home.write("corpus/long.jsonl", article.to_string());
    let dir = home.path("index");
    home.ok(&["index", "--index", &dir.to_string_lossy(), &home.path("corpus").to_string_lossy(), "-q"]);
    let look = Look { unicode: true, color: false, reader_width: 80 };
    let mut screen = Screen::with(160, 50, look, None, &dir);
    screen.keys("stays\nGb");
    check("long-article", screen);
}

/// Smaller than the least: it says so, and keys still work.
#[test]
fn too_small() {
    let mut screen = after("treaty");
    screen.act(Action::Resize(39, 9));
    assert_eq!(screen.drawn().trim(), "window too small (40x10 needed)");
    screen.keys(" water");
    screen.act(Action::Resize(80, 24));
    screen.assert_shows("> treaty water");
}

/// The first screen of somebody without an index.
#[test]
fn first_run() {
    let complete = |_: &str| vec!["news/".to_owned(), "newsletters/".to_owned()];
    let look = |_: &str, map: &str| {
        Ok(vec![format!("1,207 files found: 1,204 .html, 3 .jsonl {map}"), "  A headline".to_owned()])
    };
    let helpers = Helpers { complete: &complete, look: &look };
    let mut setup = Setup { place: "/home/ada/.local/share/onrecord/index".into(), ..Setup::default() };
    let mut text = String::new();
    for (name, keys) in [("asked", ""), ("completed", "n\t"), ("looked", "s/\n"), ("mapping", "mheadline=T")]
    {
        for c in keys.chars() {
            let code = match c {
                '\n' => KeyCode::Enter,
                '\t' => KeyCode::Tab,
                c => KeyCode::Char(c),
            };
            setup.key(KeyEvent::new(code, KeyModifiers::NONE), &helpers);
        }
        for (columns, rows) in [(80, 24), (40, 10)] {
            let paint = view::paint::Paint::new(Look { unicode: true, color: false, reader_width: 80 });
            let mut terminal = Terminal::new(TestBackend::new(columns, rows)).expect("terminal");
            terminal.draw(|frame| setup.draw(&paint, frame)).expect("draw");
            text.push_str(&format!("== {name} {columns}x{rows}\n{}", shown(terminal.backend().buffer())));
        }
    }
    insta::assert_snapshot!("first-run", text);
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
