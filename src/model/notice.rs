//! What was doubtful about a record, and why a record was refused.

use serde::{Deserialize, Serialize};

use super::SourceRef;

/// Something to know about a record that is nevertheless kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NoticeKind {
    /// Bytes were not valid in the file's encoding and were replaced.
    BadBytes,
    /// Double-encoded text was repaired.
    Mojibake,
    /// The export cut the text off.
    Truncated,
    /// Only a summary of the article was given.
    SummaryOnly,
    /// The body is very short.
    TinyBody,
    /// No date was found.
    NoDate,
    /// No outlet was found.
    NoOutlet,
    /// A date was given that cannot be read or is impossible.
    BadDate,
    /// Another field was given that could not be used.
    BadField,
}

impl NoticeKind {
    /// The code used in output, e.g. `no-date`.
    pub const fn code(self) -> &'static str {
        match self {
            NoticeKind::BadBytes => "bad-bytes",
            NoticeKind::Mojibake => "mojibake",
            NoticeKind::Truncated => "truncated",
            NoticeKind::SummaryOnly => "summary-only",
            NoticeKind::TinyBody => "tiny-body",
            NoticeKind::NoDate => "no-date",
            NoticeKind::NoOutlet => "no-outlet",
            NoticeKind::BadDate => "bad-date",
            NoticeKind::BadField => "bad-field",
        }
    }
}

/// Words under which a body is remarked on as tiny.
pub const TINY_BODY: u32 = 40;

/// An article that is indexed and lacks something.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Doubt {
    /// What: no date, no outlet or a tiny body.
    pub kind: NoticeKind,
    /// Where the article stands.
    pub source_ref: SourceRef,
    /// Its identity, as `show` takes it.
    pub id: String,
    /// Its headline.
    pub headline: Option<String>,
    /// Words of its body.
    pub words: u32,
}

impl Doubt {
    /// What is doubtful, in words: lower case, no full stop.
    pub fn message(&self) -> String {
        match self.kind {
            NoticeKind::NoDate => "no date found: it sorts last, and no range of dates finds it".to_owned(),
            NoticeKind::NoOutlet => "no outlet found: it is counted under none".to_owned(),
            NoticeKind::TinyBody => format!("a body of only {} words", self.words),
            other => other.code().replace('-', " "),
        }
    }
}

/// A remark on a kept record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// What it is about.
    pub kind: NoticeKind,
    /// The remark in words: lower case, no full stop.
    pub message: String,
}

impl Notice {
    /// A notice of `kind` saying `message`.
    pub fn new(kind: NoticeKind, message: impl Into<String>) -> Self {
        Notice { kind, message: message.into() }
    }
}

/// Why a record is not in the index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RejectionReason {
    /// The file could not be read.
    Unreadable,
    /// The file is larger than the limit.
    TooLarge,
    /// The file is of a kind that holds no article (image, PDF, binary).
    UnknownFormat,
    /// The bytes are not text.
    NotText,
    /// The record is not well-formed (JSON, CSV, WARC).
    Malformed,
    /// The keys of the record are of no shape that is known.
    UnknownShape,
    /// Nothing is left once furniture is cut.
    NoText,
    /// The same article is indexed from another place.
    Duplicate,
    /// A page that is no article (redirect, index page, error page).
    NotAnArticle,
    /// It took longer than the limit.
    TooSlow,
}

impl RejectionReason {
    /// The code used in output, e.g. `no-text`.
    pub const fn code(self) -> &'static str {
        match self {
            RejectionReason::Unreadable => "unreadable",
            RejectionReason::TooLarge => "too-large",
            RejectionReason::UnknownFormat => "unknown-format",
            RejectionReason::NotText => "not-text",
            RejectionReason::Malformed => "malformed",
            RejectionReason::UnknownShape => "unknown-shape",
            RejectionReason::NoText => "no-text",
            RejectionReason::Duplicate => "duplicate",
            RejectionReason::NotAnArticle => "not-an-article",
            RejectionReason::TooSlow => "too-slow",
        }
    }
}

/// A record that was not indexed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{source_ref}: {message}")]
pub struct Rejection {
    /// Where it stands.
    pub source_ref: SourceRef,
    /// Why, as a code.
    pub reason: RejectionReason,
    /// Why, in words: lower case, no full stop, with line or byte where known.
    pub message: String,
}
