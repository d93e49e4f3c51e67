//! The interactive search, key by key, on a screen in memory, over the index of the sample corpus.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
use onrecord::SearchBackend;
use onrecord::engine::local::{self, LocalIndex};
use onrecord::tui::action::Action;
use onrecord::tui::effect::Effect;
use onrecord::tui::keymap::{Keymap, action_of};
use onrecord::tui::spec::Spec;
use onrecord::tui::state::{Look, Pane, Start, State};
use onrecord::tui::update::{asking, update};
use onrecord::tui::view;
use ratatui::Terminal;
use ratatui::backend::TestBackend;

use crate::support::Home;

/// A screen, the index behind it, and everything it asked of the shell.
struct Screen {
    state: State,
    index: LocalIndex,
    asked: Vec<Effect>,
}

/// The index of the sample corpus, built once for all screens.
fn sample_index() -> &'static PathBuf {
    static INDEX: OnceLock<(Home, PathBuf)> = OnceLock::new();
    let (_, dir) = INDEX.get_or_init(|| {
        let home = Home::new();
        let dir = home.path("index");
        home.ok(&["index", "--index", &dir.to_string_lossy(), "sample-corpus", "-q"]);
        (home, dir)
    });
    dir
}

impl Screen {
    fn new(columns: u16, rows: u16, unicode: bool) -> Screen {
        let index = local::open(sample_index()).expect("index opens");
        let (keymap, notes) = Keymap::with(&BTreeMap::new());
        assert!(notes.is_empty());
        let state = State::new(Start {
            size: (columns, rows),
            look: Look { unicode, color: false, reader_width: 80 },
            today: jiff::civil::date(2032, 1, 1),
            keymap,
            spec: Spec::default(),
            info: index.info().expect("info"),
            history: vec!["onrecord search 'first snow'".to_owned()],
        });
        let mut screen = Screen { state, index, asked: Vec::new() };
        let effects = asking::settled(&mut screen.state);
        screen.perform(effects);
        screen
    }

    fn act(&mut self, action: Action) {
        let effects = update(&mut self.state, action);
        self.perform(effects);
    }

    /// Answers at once what the worker would answer later; keeps the rest for the test to see.
    fn perform(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            let answer = match &effect {
                Effect::Search(seq, request) => {
                    let answer = self.index.search(request).map(|mut response| {
                        // The time shown differs from run to run; its width would move the rest of the line.
                        response.took = std::time::Duration::ZERO;
                        Arc::new(response)
                    });
                    Action::Results(*seq, answer.map_err(|e| e.to_string()))
                }
                Effect::Timeline(seq, request) => {
                    Action::Timeline(*seq, self.index.count(request).map(Arc::new).map_err(|e| e.to_string()))
                }
                Effect::Article(seq, id) => {
                    Action::Article(*seq, Box::new(self.index.article(id).map_err(|e| e.to_string())))
                }
                _ => {
                    self.asked.push(effect);
                    continue;
                }
            };
            self.act(answer);
        }
    }

    fn key(&mut self, code: KeyCode, modifiers: KeyModifiers) {
        if let Some(action) = action_of(&self.state, Event::Key(KeyEvent::new(code, modifiers))) {
            self.act(action);
        }
    }

    /// Types characters; `\n` is Enter, `\t` Tab, `\x1b` Esc, `^` before a letter is Ctrl.
    fn keys(&mut self, keys: &str) {
        let mut chars = keys.chars();
        while let Some(c) = chars.next() {
            match c {
                '\n' => self.key(KeyCode::Enter, KeyModifiers::NONE),
                '\t' => self.key(KeyCode::Tab, KeyModifiers::NONE),
                '\x1b' => self.key(KeyCode::Esc, KeyModifiers::NONE),
                '^' => self.key(KeyCode::Char(chars.next().expect("a letter")), KeyModifiers::CONTROL),
                c => self.key(KeyCode::Char(c), KeyModifiers::NONE),
            }
        }
    }

    fn drawn(&self) -> String {
        let (columns, rows) = self.state.size;
        let mut terminal = Terminal::new(TestBackend::new(columns, rows)).expect("terminal");
        terminal.draw(|frame| view::draw(&self.state, frame)).expect("draw");
        let buffer = terminal.backend().buffer().clone();
        let mut text = String::new();
        for row in 0..rows {
            let line: String = (0..columns).map(|column| buffer[(column, row)].symbol().to_owned()).collect();
            text.push_str(line.trim_end());
            text.push('\n');
        }
        text
    }
}

#[test]
fn searches_while_typing_and_reads_on_enter() {
    let mut screen = Screen::new(80, 24, false);
    screen.keys("water trea");
    let total = screen.state.results.response.total;
    assert!(total >= 5, "the last word counts as a prefix: {total}");
    assert_eq!(screen.state.focus, Pane::Query);
    screen.keys("ty\n");
    assert_eq!(screen.state.focus, Pane::Article);
    assert!(screen.state.article.is_some());
    screen.keys("]");
    assert!(screen.state.article.as_ref().is_some_and(|reader| reader.quote.is_some()));
    screen.keys("\x1b\x1b\x1b\x1b");
    assert_eq!(screen.state.focus, Pane::Query);
    assert!(!screen.state.quitting, "Esc never quits");
}

#[test]
fn a_stale_answer_never_replaces_a_newer_one() {
    let mut screen = Screen::new(80, 24, false);
    screen.keys("treaty");
    let shown = screen.state.results.response.total;
    screen.act(Action::Results(1, Ok(Arc::default())));
    assert_eq!(screen.state.results.response.total, shown);
}

#[test]
fn a_bad_query_keeps_the_last_good_results() {
    let mut screen = Screen::new(80, 24, false);
    screen.keys("treaty");
    let shown = screen.state.results.response.hits.len();
    screen.act(Action::Paste(" speeker:x".to_owned()));
    assert!(screen.state.trouble.is_some());
    assert_eq!(screen.state.results.response.hits.len(), shown);
    let drawn = screen.drawn();
    assert!(drawn.contains("Results 1-"), "{drawn}");
}

#[test]
fn facets_include_exclude_and_undo() {
    let mut screen = Screen::new(160, 50, false);
    screen.keys("treaty\x1b");
    let all = screen.state.results.response.total;
    screen.act(Action::Do(onrecord::tui::action::Command::FocusFacets));
    screen.keys(" ");
    assert_eq!(screen.state.spec.pills.len(), 1);
    let narrowed = screen.state.results.response.total;
    assert!(narrowed < all && narrowed > 0, "{narrowed} of {all}");
    screen.keys("-");
    assert!(screen.state.spec.pills[0].exclude);
    assert_eq!(screen.state.results.response.total, all - narrowed);
    screen.keys("u");
    assert!(!screen.state.spec.pills[0].exclude);
    screen.keys("X");
    assert_eq!(screen.state.results.response.total, all);
    screen.keys("/cour");
    assert_eq!(screen.state.facets.find.as_deref(), Some("cour"));
    screen.keys("\n");
    assert_eq!(screen.state.spec.pills[0].value, "Karsund Courier");
}

#[test]
fn copies_cites_and_exports_what_is_on_screen() {
    let mut screen = Screen::new(80, 24, false);
    screen.keys("bullets\n]^yc");
    let copied = screen.asked.iter().find_map(|effect| match effect {
        Effect::Copy(text, "citation") => Some(text.clone()),
        _ => None,
    });
    let copied = copied.expect("a citation was copied");
    assert!(copied.contains("Drost") && copied.contains("2031"), "{copied}");
    screen.keys("\x1bEc");
    assert!(screen.asked.iter().any(|effect| matches!(effect, Effect::Export(..))));
    screen.keys("C");
    let drawn = screen.drawn();
    assert!(drawn.contains("onrecord search 'bullets*'"), "the word is meant as typed, as a prefix: {drawn}");
}

#[test]
fn narrows_to_the_peak_in_four_keys() {
    let mut screen = Screen::new(100, 30, false);
    screen.keys("treaty\x1b");
    screen.act(Action::Do(onrecord::tui::action::Command::FocusTimeline));
    screen.keys("n\n");
    assert!(!screen.state.spec.dates.is_open());
    let narrowed = screen.state.results.response.total;
    assert!(narrowed > 0);
    screen.keys("0");
    assert!(screen.state.spec.dates.is_open());
    assert!(screen.state.results.response.total > narrowed);
}

#[test]
fn any_keys_in_any_order_keep_it_whole() {
    let mut screen = Screen::new(100, 30, true);
    // A fixed sequence that walks through every pane and every menu, sizes changing underneath.
    let keys = "levy\t\t\tjjkkGg nN][fo\x1b\x1bFjj -=.a/x\x1b\x1b\t\t<>b%+0c \n^y\x1b^o\x1b^x\x1b^r\x1bq";
    let mut chars = keys.chars();
    let sizes = [(160, 50), (80, 24), (60, 20), (40, 10), (20, 5)];
    for (columns, rows) in sizes.into_iter().cycle() {
        screen.act(Action::Resize(columns, rows));
        assert_eq!(screen.drawn().lines().count(), usize::from(rows));
        let Some(key) = chars.next() else { break };
        let chord = if key == '^' { chars.next() } else { None };
        screen.keys(&[Some(key), chord].into_iter().flatten().collect::<String>());
    }
}

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
            screen.keys("watter zzz\x1b");
            insta::assert_snapshot!(name("no-hits"), screen.drawn());
        }
    }
}
