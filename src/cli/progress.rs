//! How a build shows itself: a bar on a terminal, plain lines or JSON objects elsewhere, always on standard error.

use std::io::{IsTerminal, Write};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::json;

use super::Context;
use super::args::ProgressArg;
use crate::build::{Phase, Progress};
use crate::model::Rejection;
use crate::output::grouped;
use crate::text::sanitize;

/// A bar is first drawn after so long: short work shows nothing.
const PATIENCE: Duration = Duration::from_millis(250);
/// A plain line is written so often.
const LINE_EVERY: Duration = Duration::from_secs(10);
/// Redraws of a bar in a second.
const DRAWS: u8 = 15;

enum Face {
    Bar(ProgressBar),
    Plain,
    Json,
    None,
}

/// Shows a build.
pub struct Reporter {
    face: Face,
    quiet: bool,
    started: Instant,
    phase: Mutex<Phase>,
    files: AtomicU64,
    bytes: AtomicU64,
    done_files: AtomicU64,
    done_bytes: AtomicU64,
    records: AtomicU64,
    skipped: AtomicU64,
    /// When the last plain line was written.
    said: Mutex<Instant>,
    /// Something else is on the screen now.
    hushed: AtomicBool,
}

impl Reporter {
    /// The face by flags and stream. `eager` shows a bar at once.
    pub fn new(context: &Context, eager: bool) -> Reporter {
        let terminal =
            std::io::stderr().is_terminal() && std::env::var("TERM").is_ok_and(|term| term != "dumb");
        let face = match context.global.progress {
            _ if context.global.quiet => Face::None,
            Some(ProgressArg::None) => Face::None,
            Some(ProgressArg::Json) => Face::Json,
            Some(ProgressArg::Plain) => Face::Plain,
            _ if terminal => Face::Bar(bar()),
            _ => Face::Plain,
        };
        let now = Instant::now();
        let started = if eager { now.checked_sub(PATIENCE).unwrap_or(now) } else { now };
        Reporter {
            face,
            quiet: context.global.quiet,
            started,
            phase: Mutex::new(Phase::Finding),
            files: AtomicU64::new(0),
            bytes: AtomicU64::new(0),
            done_files: AtomicU64::new(0),
            done_bytes: AtomicU64::new(0),
            records: AtomicU64::new(0),
            skipped: AtomicU64::new(0),
            said: Mutex::new(now),
            hushed: AtomicBool::new(false),
        }
    }

    /// Takes the bar off the screen.
    pub fn finish(&self) {
        if let Face::Bar(bar) = &self.face {
            bar.finish_and_clear();
        }
    }

    /// Says nothing any more: the screen belongs to something else.
    pub fn hush(&self) {
        self.hushed.store(true, Ordering::Relaxed);
        self.finish();
    }

    /// Records there will be about when all is read; `None` while that cannot be told.
    pub fn expected_records(&self) -> Option<u64> {
        let of = |count: &AtomicU64| count.load(Ordering::Relaxed);
        let (done, all, records) = (of(&self.done_bytes), of(&self.bytes), of(&self.records));
        (done > 0 && all >= done).then(|| (u128::from(records) * u128::from(all) / u128::from(done)) as u64)
    }

    fn line(&self, text: &str) {
        if self.hushed.load(Ordering::Relaxed) {
            return;
        }
        match &self.face {
            Face::Bar(bar) if !bar.is_hidden() => bar.println(sanitize(text)),
            _ => {
                // Progress that cannot be written is lost without harm.
                let _ = writeln!(std::io::stderr(), "{}", sanitize(text));
            }
        }
    }

    fn word(&self) -> &'static str {
        match *self.phase.lock().unwrap_or_else(PoisonError::into_inner) {
            Phase::Finding => "finding files",
            Phase::Comparing => "comparing",
            Phase::Reading => "reading",
            Phase::Settling => "settling duplicates",
            Phase::Publishing => "publishing",
            Phase::Merging => "merging",
        }
    }

    fn tick(&self) {
        if self.hushed.load(Ordering::Relaxed) {
            return;
        }
        let of = |count: &AtomicU64| count.load(Ordering::Relaxed);
        match &self.face {
            Face::Bar(bar) => {
                if self.started.elapsed() < PATIENCE {
                    return;
                }
                if bar.is_hidden() {
                    bar.set_draw_target(ProgressDrawTarget::stderr_with_hz(DRAWS));
                }
                let total = of(&self.bytes);
                bar.set_length(total.max(1));
                bar.set_position(of(&self.done_bytes).min(total.max(1)));
                bar.set_prefix(self.word());
                bar.set_message(self.amounts());
            }
            Face::Plain | Face::Json => {
                {
                    let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
                    if said.elapsed() < LINE_EVERY {
                        return;
                    }
                    *said = Instant::now();
                }
                if matches!(self.face, Face::Json) {
                    let object = json!({
                        "type": "progress", "phase": self.word(), "files": of(&self.done_files), "of_files": of(&self.files),
                        "bytes": of(&self.done_bytes), "of_bytes": of(&self.bytes), "records": of(&self.records),
                        "skipped": of(&self.skipped), "seconds": self.started.elapsed().as_secs(),
                    });
                    self.line(&object.to_string());
                } else {
                    let left = self
                        .left()
                        .map_or_else(String::new, |left| format!(", about {} s left", left.as_secs()));
                    self.line(&format!("{} {}{left}", self.word(), self.amounts()));
                }
            }
            Face::None => {}
        }
    }

    fn amounts(&self) -> String {
        let of = |count: &AtomicU64| count.load(Ordering::Relaxed);
        let (done, total, records, skipped) =
            (of(&self.done_files), of(&self.files), of(&self.records), of(&self.skipped));
        let seconds = self.started.elapsed().as_secs_f64().max(0.001);
        let mut text = match total {
            0 => format!("{} files", grouped(done)),
            total => format!("{} of {} files", grouped(done), grouped(total)),
        };
        text.push_str(&format!(
            ", {} articles, {}/s",
            grouped(records),
            grouped((records as f64 / seconds) as u64)
        ));
        if skipped > 0 {
            text.push_str(&format!(", skipped {}", grouped(skipped)));
        }
        text
    }

    /// Time left, from bytes; unknown in the first two seconds.
    fn left(&self) -> Option<Duration> {
        let (done, total) = (self.done_bytes.load(Ordering::Relaxed), self.bytes.load(Ordering::Relaxed));
        let elapsed = self.started.elapsed();
        if elapsed < Duration::from_secs(2) || done == 0 || total <= done {
            return None;
        }
        Some(elapsed.mul_f64((total - done) as f64 / done as f64))
    }
}

fn bar() -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(1), ProgressDrawTarget::hidden());
    let style = ProgressStyle::with_template("{prefix:>20} [{wide_bar}] {percent:>3}%  {msg}  {eta} left");
    if let Ok(style) = style {
        bar.set_style(style.progress_chars("##-"));
    }
    bar
}

impl Progress for Reporter {
    fn phase(&self, phase: Phase, files: u64, bytes: u64) {
        *self.phase.lock().unwrap_or_else(PoisonError::into_inner) = phase;
        if files > 0 || bytes > 0 {
            self.files.store(files, Ordering::Relaxed);
            self.bytes.store(bytes, Ordering::Relaxed);
            self.done_files.store(0, Ordering::Relaxed);
            self.done_bytes.store(0, Ordering::Relaxed);
        }
        self.tick();
    }

    fn advance(&self, files: u64, bytes: u64, records: u64) {
        self.done_files.fetch_add(files, Ordering::Relaxed);
        self.done_bytes.fetch_add(bytes, Ordering::Relaxed);
        self.records.fetch_add(records, Ordering::Relaxed);
        self.tick();
    }

    fn skipped(&self, _rejection: &Rejection) {
        self.skipped.fetch_add(1, Ordering::Relaxed);
    }

    fn note(&self, message: &str) {
        if !self.quiet {
            self.line(&format!("note: {message}"));
        }
    }
}
