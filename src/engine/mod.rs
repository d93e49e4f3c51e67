//! Answering searches: what every engine offers, and what can go wrong.
//!
//! * [`local`]: an index directory on this machine
//! * [`caught`]: panics that become errors
//!
//! Callers see [`SearchBackend`] and plain data of `model`; nothing of an engine's own types leaves its folder.

pub mod caught;
pub mod local;

use std::path::PathBuf;

use crate::model::search::{
    CountRequest, CountResponse, FacetCount, FacetField, Family, Highlights, IndexInfo, News, SearchRequest,
    SearchResponse, StoredArticle, TrendRequest,
};
use crate::model::{Doubt, Query, Rejection};

/// An index that answers. Every answer comes from one complete state; [`SearchBackend::refresh`] moves to the newest.
pub trait SearchBackend: Send + Sync {
    /// Ranked hits, totals and facets.
    ///
    /// # Errors
    /// [`EngineError::Damaged`] and [`EngineError::Io`]; [`EngineError::Limit`] for a query that asks too much.
    fn search(&self, request: &SearchRequest) -> Result<SearchResponse, EngineError>;

    /// Tallies.
    ///
    /// # Errors
    /// As [`SearchBackend::search`].
    fn count(&self, request: &CountRequest) -> Result<CountResponse, EngineError>;

    /// For each value its matches span by span; counted as facets are, without the filter on the value's own field.
    ///
    /// # Errors
    /// As [`SearchBackend::search`].
    fn trends(&self, request: &TrendRequest) -> Result<Vec<Vec<u64>>, EngineError>;

    /// Everything in one article, by any of its ids, that hits of `query` would show as matched. Nothing for an id that
    /// is not there.
    ///
    /// # Errors
    /// As [`SearchBackend::search`].
    fn highlights(&self, id: &str, query: &Query) -> Result<Highlights, EngineError>;

    /// The article with this article id, quote id (`ARTICLE-qN`) or id of its own (`source_id`); `None` when there is none.
    ///
    /// # Errors
    /// [`EngineError::Damaged`] and [`EngineError::Io`].
    fn article(&self, id: &str) -> Result<Option<StoredArticle>, EngineError>;

    /// Who else carried the words of the quote with this id; `None` when nobody did, or when there is no such quote.
    ///
    /// # Errors
    /// [`EngineError::Damaged`] and [`EngineError::Io`].
    fn family(&self, quote: &str) -> Result<Option<Family>, EngineError>;

    /// What the index holds.
    ///
    /// # Errors
    /// [`EngineError::Damaged`] and [`EngineError::Io`].
    fn info(&self) -> Result<IndexInfo, EngineError>;

    /// Every value of a field with its number of articles, most frequent first, ties by name.
    ///
    /// # Errors
    /// [`EngineError::Damaged`] and [`EngineError::Io`].
    fn values(&self, field: FacetField) -> Result<Vec<FacetCount>, EngineError>;

    /// Moves to the newest complete state. Whether there was a newer one.
    ///
    /// # Errors
    /// As opening the index; the state held before goes on answering.
    fn refresh(&self) -> Result<bool, EngineError>;

    /// Whether there is a newer complete state than the one that answers.
    ///
    /// # Errors
    /// [`EngineError::Damaged`] and [`EngineError::Io`].
    fn is_stale(&self) -> Result<bool, EngineError>;

    /// What the newest complete state would change, and what `request` finds there; `None` when that is the state that
    /// answers.
    ///
    /// # Errors
    /// As [`SearchBackend::search`].
    fn news(&self, request: &SearchRequest) -> Result<Option<News>, EngineError>;

    /// The rejected records, by path and record.
    ///
    /// # Errors
    /// [`EngineError::Damaged`] and [`EngineError::Io`].
    fn skipped(&self) -> Result<Vec<Rejection>, EngineError>;

    /// The articles without a date, without an outlet or with a tiny body, by what they lack, then by path and record. An
    /// article that lacks several is listed with each.
    ///
    /// # Errors
    /// [`EngineError::Damaged`] and [`EngineError::Io`].
    fn doubts(&self) -> Result<Vec<Doubt>, EngineError>;
}

/// Why an index did not answer or could not be written, by what can be done about it.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// There is no index: build one.
    #[error("no index at {path}")]
    NoIndex {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// Something else is there: choose another directory.
    #[error("{path} is not an index: it holds other files")]
    NotAnIndex {
        /// The directory.
        path: PathBuf,
    },
    /// Another process writes: wait, or end it.
    #[error("another process is writing to the index at {path}{}", pid.map(|pid| format!(" (process {pid})")).unwrap_or_default())]
    Locked {
        /// The index.
        path: PathBuf,
        /// Its writer, where known.
        pid: Option<u32>,
    },
    /// Made by another version: bring it up to date.
    #[error("the index at {path} was made by another version ({found}, wanted {wanted})")]
    OtherVersion {
        /// The index.
        path: PathBuf,
        /// What it says.
        found: String,
        /// What this program reads.
        wanted: String,
    },
    /// A file is missing or its content is wrong: check, then rebuild.
    #[error("the index is damaged: {file}: {message}")]
    Damaged {
        /// The file, as far as known.
        file: PathBuf,
        /// What is wrong.
        message: String,
    },
    /// The disk is full or nearly so: make room.
    #[error("not enough room at {path}: {needed_mb} MB needed, {free_mb} MB free")]
    NoSpace {
        /// Where.
        path: PathBuf,
        /// Wanted, in megabytes of 10^6 bytes.
        needed_mb: u64,
        /// There, in megabytes.
        free_mb: u64,
    },
    /// The query asks more than the engine grants: make it narrower.
    #[error("the query is too large: {0}")]
    Limit(String),
    /// Reading or writing failed.
    #[error("{path}: {source}")]
    Io {
        /// The file or directory.
        path: PathBuf,
        /// The cause.
        source: std::io::Error,
    },
    /// Writing failed; what was not committed is lost, the last complete state stands.
    #[error("writing the index at {path} failed: {message}")]
    Write {
        /// The index.
        path: PathBuf,
        /// What happened.
        message: String,
    },
}

impl EngineError {
    /// An error of reading or writing `path`.
    pub fn io(path: impl Into<PathBuf>, source: std::io::Error) -> Self {
        EngineError::Io { path: path.into(), source }
    }
}
