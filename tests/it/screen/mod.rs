//! The interactive search, key by key, on a screen in memory, over the index of the sample corpus.
//!
//! * this file: the screen and its keys · [`keys`]: what keys do, and how many a task takes
//! * [`states`]: how every state looks · [`laws`]: what holds after any keys · [`terminal`]: in a real terminal

mod keys;
mod laws;
mod states;
mod terminal;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
use onrecord::SearchBackend;
use onrecord::engine::local::{self, LocalIndex};
use onrecord::query::Groups;
use onrecord::tui::action::Action;
use onrecord::tui::effect::Effect;
use onrecord::tui::keymap::{Keymap, action_of, events_of};
use onrecord::tui::spec::Spec;
use onrecord::tui::state::{Look, Start, State};
use onrecord::tui::update::{asking, update};
use onrecord::tui::{view, worker};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;

use crate::support::Home;

/// A screen, the index behind it, and everything it asked of the shell.
struct Screen {
    state: State,
    index: LocalIndex,
    asked: Vec<Effect>,
    n_keys: usize,
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
        Screen::with(columns, rows, Look { unicode, color: false, reader_width: 80 }, None, sample_index())
    }

    fn with(columns: u16, rows: u16, look: Look, preset: Option<&str>, index: &Path) -> Screen {
        let index = local::open(index).expect("index opens");
        let (keymap, notes) = Keymap::with(preset, &BTreeMap::new());
        assert!(notes.is_empty());
        let state = State::new(Start {
            size: (columns, rows),
            look,
            today: jiff::civil::date(2032, 1, 1),
            groups: Groups::default(),
            keymap,
            spec: Spec::default(),
            info: index.info().expect("info"),
            history: vec!["onrecord search 'first snow'".to_owned()],
            saved: vec![("snow".to_owned(), "onrecord quotes snow".to_owned())],
        });
        let mut screen = Screen { state, index, asked: Vec::new(), n_keys: 0 };
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
            if let Effect::Recall(command) = &effect {
                let query = onrecord::tui::update::line::query_of(command);
                self.act(Action::Recalled(Box::new(Spec { query, ..Spec::default() })));
                continue;
            }
            match worker::answer(&self.index, effect.clone()) {
                Some(Action::Results(seq, Ok(response))) => {
                    let mut response = Arc::unwrap_or_clone(response);
                    // The time shown differs from run to run; its width would move the rest of the line.
                    response.took = std::time::Duration::ZERO;
                    self.act(Action::Results(seq, Ok(Arc::new(response))));
                }
                Some(answer) => self.act(answer),
                None => self.asked.push(effect),
            }
        }
    }

    fn key(&mut self, code: KeyCode, modifiers: KeyModifiers) {
        self.n_keys += 1;
        for event in events_of(&self.state, Event::Key(KeyEvent::new(code, modifiers))) {
            if let Some(action) = action_of(&self.state, event) {
                self.act(action);
            }
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
                '↑' => self.key(KeyCode::Up, KeyModifiers::NONE),
                '↓' => self.key(KeyCode::Down, KeyModifiers::NONE),
                '→' => self.key(KeyCode::Right, KeyModifiers::NONE),
                '^' => match chars.next() {
                    Some(letter) => self.key(KeyCode::Char(letter), KeyModifiers::CONTROL),
                    None => self.key(KeyCode::Char('^'), KeyModifiers::NONE),
                },
                c => self.key(KeyCode::Char(c), KeyModifiers::NONE),
            }
        }
    }

    fn total(&self) -> u64 {
        self.state.results.response.total
    }

    fn buffer(&self) -> Buffer {
        let (columns, rows) = self.state.size;
        let mut terminal = Terminal::new(TestBackend::new(columns, rows)).expect("terminal");
        terminal.draw(|frame| view::draw(&self.state, frame)).expect("draw");
        terminal.backend().buffer().clone()
    }

    fn drawn(&self) -> String {
        shown(&self.buffer())
    }

    #[track_caller]
    fn assert_shows(&self, words: &str) {
        let drawn = self.drawn();
        assert!(drawn.contains(words), "`{words}` is not on the screen:\n{drawn}");
    }
}

/// What a screen shows, line by line.
fn shown(buffer: &Buffer) -> String {
    let mut text = String::new();
    for row in 0..buffer.area.height {
        let mut line = String::new();
        let mut column = 0;
        while column < buffer.area.width {
            let symbol = buffer[(column, row)].symbol();
            line.push_str(symbol);
            // A wide character covers the cell behind it.
            column += u16::try_from(unicode_width::UnicodeWidthStr::width(symbol)).unwrap_or(1).max(1);
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}
