//! What somebody waits for at the interactive search: the program runs in a real pseudo-terminal, a query is typed into it
//! letter by letter, and the screen is read as a terminal would show it.
//!
//! A frame ends where the program ends its synchronized update. Echo: the first frame that shows the letter. First page: the
//! first frame in which list or number of hits changed. All: the last frame before the next letter, with facets, timeline,
//! trends and article.

use std::io::{Read, Write};
use std::num::NonZero;
use std::os::fd::AsFd;
use std::path::Path;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use crate::corpus::{self, Dice};
use crate::measure::{against, quantile, shown, table};

/// Eight letters a second.
const PACE: Duration = Duration::from_millis(125);
/// Longest wait for the first frames.
const PATIENCE: Duration = Duration::from_secs(30);
/// Ends a frame.
const FRAME_END: &[u8] = b"\x1b[?2026l";
/// Queries typed at each size of the screen.
const QUERIES: usize = 6;
/// Letters of a query.
const LETTERS: usize = 20;
/// Times the program is started.
const STARTS: usize = 7;

/// Milliseconds, by what was waited for.
#[derive(Default)]
struct Waits {
    start: Vec<f64>,
    first_hits: Vec<f64>,
    echo: Vec<f64>,
    page: Vec<f64>,
    all: Vec<f64>,
}

/// The program in a terminal.
struct Session {
    pty: pty_process::blocking::Pty,
    child: std::process::Child,
    bytes: Receiver<(Instant, Vec<u8>)>,
    parser: vt100::Parser,
    /// The end of what was read, for frame ends that fall between two reads.
    tail: Vec<u8>,
    started: Instant,
    /// When the newest bytes came.
    seen: Instant,
}

impl Session {
    fn start(index: &Path, columns: u16, rows: u16) -> Session {
        let (pty, pts) = pty_process::blocking::open().expect("a pseudo-terminal");
        pty.resize(pty_process::Size::new(rows, columns)).expect("resize");
        let mut reader = std::fs::File::from(pty.as_fd().try_clone_to_owned().expect("a second handle"));
        let home = index.parent().expect("a folder").join("home");
        let (sender, bytes) = channel();
        std::thread::spawn(move || {
            let mut buffer = [0; 1 << 16];
            while let Ok(len) = reader.read(&mut buffer) {
                if len == 0 || sender.send((Instant::now(), buffer[..len].to_vec())).is_err() {
                    return;
                }
            }
        });
        let started = Instant::now();
        let child = pty_process::blocking::Command::new(env!("CARGO_BIN_EXE_onrecord"))
            .args(["tui", "--index"])
            .arg(index)
            .env("XDG_CONFIG_HOME", home.join("config"))
            .env("XDG_STATE_HOME", home.join("state"))
            .env("TERM", "xterm-256color")
            .env("LC_ALL", "C.UTF-8")
            .spawn(pts)
            .expect("the program starts");
        let size = |n| NonZero::new(n).expect("not nothing");
        let parser = vt100::Parser::new(size(rows), size(columns), 0);
        Session { pty, child, bytes, parser, tail: Vec::new(), started, seen: started }
    }

    /// The frames until `until`: when each ended, and the screen then.
    fn frames(&mut self, until: Instant, mut each: impl FnMut(Instant, String) -> bool) {
        while let Ok((at, bytes)) = self.bytes.recv_timeout(until.saturating_duration_since(Instant::now())) {
            self.parser.process(&bytes);
            self.seen = at;
            self.tail.extend(bytes);
            let ended = self.tail.windows(FRAME_END.len()).any(|window| window == FRAME_END);
            let keep = self.tail.len().saturating_sub(FRAME_END.len() - 1);
            if ended {
                self.tail.clear();
                if each(at, self.parser.screen().contents()) {
                    return;
                }
            } else {
                self.tail.drain(..keep);
            }
        }
    }

    fn wait_for(&mut self, words: &str) -> Option<Instant> {
        if self.parser.screen().contents().contains(words) {
            return Some(self.seen);
        }
        let mut found = None;
        self.frames(Instant::now() + PATIENCE, |at, screen| {
            found = screen.contains(words).then_some(at);
            found.is_some()
        });
        found
    }

    /// Types `query` at its pace.
    fn type_in(&mut self, query: &str, waits: &mut Waits) {
        let mut typed = String::new();
        let mut before = self.parser.screen().contents();
        for letter in query.chars() {
            typed.push(letter);
            let pressed = Instant::now();
            self.pty.write_all(letter.to_string().as_bytes()).expect("type");
            let ms = |at: Instant| at.saturating_duration_since(pressed).as_secs_f64() * 1e3;
            let (mut echo, mut page, mut all) = (None, None, None);
            let prompt = format!("> {}", typed.trim_end());
            let old = list_of(&before);
            let mut last = before.clone();
            self.frames(pressed + PACE, |at, screen| {
                let is_echoed = screen.lines().nth(1).is_some_and(|line| line.starts_with(&prompt));
                if is_echoed && echo.is_none() {
                    echo = Some(ms(at));
                }
                if page.is_none() && list_of(&screen) != old {
                    page = Some(ms(at));
                }
                if screen != last {
                    all = Some(ms(at));
                }
                last = screen;
                false
            });
            before = last;
            // A letter without an echo in time counts with all of its time.
            waits.echo.push(echo.unwrap_or(PACE.as_secs_f64() * 1e3));
            waits.page.extend(page);
            waits.all.extend(all);
        }
    }
}

/// The part of the screen that hits change: their number, and the lines of the list.
fn list_of(screen: &str) -> String {
    let found = screen.lines().nth(1).and_then(|line| line.split("   ").last()).unwrap_or_default();
    let list = screen.lines().skip_while(|line| !line.contains("2 Results")).take(9);
    let list: Vec<String> = list.map(|line| line.chars().take(40).collect()).collect();
    format!("{found}\n{}", list.join("\n"))
}

impl Drop for Session {
    fn drop(&mut self) {
        // Ctrl-C leaves; nothing is owed to a program that does not answer.
        let _ = self.pty.write_all(b"\x03");
        let _ = self.child.wait();
    }
}

/// Measures at one size of the index.
pub fn measure(index: &Path, articles: usize) {
    let queries = queries();
    let mut rows = Vec::new();
    for (columns, height) in [(80, 24), (160, 50)] {
        let mut waits = Waits::default();
        for _ in 0..STARTS {
            let mut session = Session::start(index, columns, height);
            let started = session.started;
            let ms = |at: Instant| at.saturating_duration_since(started).as_secs_f64() * 1e3;
            waits.start.extend(session.wait_for("F1 help").map(ms));
            waits.first_hits.extend(session.wait_for("2 Results 1-").map(ms));
        }
        for query in &queries {
            let mut session = Session::start(index, columns, height);
            session.wait_for("2 Results 1-").expect("hits");
            // What comes behind the first hits belongs to the start.
            session.frames(Instant::now() + Duration::from_millis(700), |_, _| false);
            session.type_in(query, &mut waits);
        }
        let mut row = |what: &str, waits: &[f64], goal: f64| {
            let p95 = quantile(waits, 0.95);
            rows.push(vec![
                format!("{what}, {columns}x{height}"),
                shown(quantile(waits, 0.5), 1),
                shown(p95, 1),
                against(p95, goal),
                waits.len().to_string(),
            ]);
        };
        row("start to first frame", &waits.start, 100.0);
        row("start to first hits", &waits.first_hits, 200.0);
        row("key to echo", &waits.echo, 16.0);
        row("key to first page", &waits.page, 50.0);
        row("key to everything", &waits.all, 100.0);
    }
    table(
        &format!("interactive search, {} articles (ms)", articles),
        &["wait", "p50", "p95", "goal", "n"],
        &rows,
    );
}

/// Twenty letters each: words as people search them, common and rare.
fn queries() -> Vec<String> {
    let mut dice = Dice::new(815);
    (0..QUERIES)
        .map(|_| {
            let words: Vec<String> = (0..5).map(|_| corpus::word(100 + dice.below(3_000))).collect();
            words.join(" ").chars().take(LETTERS).collect()
        })
        .collect()
}
