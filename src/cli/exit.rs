//! Exit codes, and the one place that prints an error.

use std::fmt::Write as _;
use std::io::Write as _;

use crate::engine::EngineError;
use crate::output::Style;
use crate::text::sanitize;

/// Something was found (`count`: always).
pub const FOUND: u8 = 0;
/// Nothing was found.
pub const NOTHING: u8 = 1;
/// The command or the query cannot be read.
pub const USAGE: u8 = 2;
/// There is no index that can be used.
pub const NO_INDEX: u8 = 3;
/// Something failed: disk, damage.
pub const FAILURE: u8 = 4;
/// Finished, but records were skipped and `--strict` was given.
pub const SKIPPED: u8 = 5;
/// Another writer holds the index.
pub const BUSY: u8 = 75;
/// Interrupted.
pub const INTERRUPTED: u8 = 130;

/// An error with its exit code and the way out.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct Failure {
    /// Exit code.
    pub code: u8,
    /// What is wrong: lower case, no full stop; may hold further lines (a caret under the place).
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

impl Failure {
    /// A failure with `code`.
    pub fn new(code: u8, message: impl Into<String>) -> Self {
        Failure { code, message: message.into(), help: None }
    }

    /// Wrong usage.
    pub fn usage(message: impl Into<String>) -> Self {
        Failure::new(USAGE, message)
    }

    /// Adds what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// The exit code of an error.
pub fn code_of(error: &anyhow::Error) -> u8 {
    if is_closed_pipe(error) {
        return FOUND;
    }
    if let Some(engine) = error.downcast_ref::<EngineError>() {
        return engine_code(engine);
    }
    error.downcast_ref::<Failure>().map_or(FAILURE, |failure| failure.code)
}

const fn engine_code(error: &EngineError) -> u8 {
    match error {
        EngineError::NoIndex { .. } | EngineError::NotAnIndex { .. } | EngineError::OtherVersion { .. } => {
            NO_INDEX
        }
        EngineError::Locked { .. } => BUSY,
        EngineError::Limit(_) => USAGE,
        EngineError::Damaged { .. }
        | EngineError::NoSpace { .. }
        | EngineError::Io { .. }
        | EngineError::Write { .. } => FAILURE,
    }
}

/// What to do about an error of the engine.
fn engine_help(error: &EngineError) -> Option<&'static str> {
    match error {
        EngineError::NoIndex { .. } => Some(
            "build one: onrecord index FOLDER\nor answer straight from a folder: onrecord search --corpus FOLDER QUERY",
        ),
        EngineError::NotAnIndex { .. } => Some("choose another folder with --index"),
        EngineError::OtherVersion { .. } => Some("bring it up to date: onrecord index"),
        EngineError::Locked { .. } => Some("searching still works. To wait: --wait 60s"),
        EngineError::Damaged { .. } => {
            Some("see what is damaged: onrecord check\nrebuild it: onrecord index --rebuild")
        }
        EngineError::NoSpace { .. } => Some("make room, or put the index elsewhere with --index"),
        EngineError::Limit(_) => Some("make the query narrower"),
        EngineError::Io { source, .. } => cure(&source.to_string()),
        EngineError::Write { message, .. } => cure(message),
    }
}

/// What to do about an error of the system, by its text: tantivy passes on no more than that.
fn cure(message: &str) -> Option<&'static str> {
    let cures = [
        ("No space left", "make room, or put the index elsewhere with --index; what was searchable still is"),
        ("Too many open files", "raise the limit: ulimit -n 1024; what was searchable still is"),
        ("Permission denied", "the index belongs to another user; choose another with --index"),
        ("Read-only file system", "it can be searched as it is; to write, choose another with --index"),
    ];
    cures.iter().find(|(sign, _)| message.contains(sign)).map(|(_, cure)| *cure)
}

/// Whether the reader of our output went away: quiet success.
pub fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        let kind = cause.downcast_ref::<std::io::Error>().map(std::io::Error::kind);
        let csv = cause.downcast_ref::<csv::Error>().is_some_and(|error| {
            matches!(error.kind(), csv::ErrorKind::Io(io) if io.kind() == std::io::ErrorKind::BrokenPipe)
        });
        csv || kind == Some(std::io::ErrorKind::BrokenPipe)
    })
}

/// Prints `error: …` with its causes, then `help: …`, on standard error.
pub fn report(error: &anyhow::Error, style: &Style) {
    let mut text = format!("{} ", style.error("error:"));
    let mut lines = String::new();
    for cause in error.chain().map(ToString::to_string) {
        // Some say their cause themselves.
        if !lines.ends_with(&cause) {
            let colon = if lines.is_empty() { "" } else { ": " };
            let _ = write!(lines, "{colon}{cause}");
        }
    }
    if error.downcast_ref::<Failure>().is_some() {
        lines = error.to_string();
    }
    for line in lines.lines() {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{}", sanitize(line));
    }
    let own = error.downcast_ref::<Failure>().and_then(|failure| failure.help.as_deref());
    if let Some(help) = own.or_else(|| error.downcast_ref::<EngineError>().and_then(engine_help)) {
        for (idx, line) in help.lines().enumerate() {
            let label = if idx == 0 { format!("{} ", style.hint("help:")) } else { "      ".to_owned() };
            let _ = writeln!(text, "{label}{}", sanitize(line));
        }
    }
    // Nothing is left to do when standard error is gone too.
    let _ = std::io::stderr().write_all(text.as_bytes());
}
