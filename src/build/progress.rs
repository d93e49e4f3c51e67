//! What a watcher of a build is told. The pipeline never prints.

use crate::model::Rejection;

/// A stage of a build.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Phase {
    /// Looking for files.
    Finding,
    /// Comparing them with what the index has.
    Comparing,
    /// Reading, extracting, indexing.
    Reading,
    /// Deciding between records that are one article.
    Settling,
    /// Writing to disk and publishing.
    Publishing,
    /// Joining parts of the index; it answers already.
    Merging,
}

/// Receives news of a build, from several threads at once.
pub trait Progress: Sync {
    /// A stage begins. `files` and `bytes` are what lies ahead in it, 0 where unknown.
    fn phase(&self, phase: Phase, files: u64, bytes: u64);

    /// So much more is done of the present stage. Bytes are those of the files, compressed or not.
    fn advance(&self, files: u64, bytes: u64, records: u64);

    /// A record was refused.
    fn skipped(&self, rejection: &Rejection);

    /// Something worth saying: lower case, no full stop.
    fn note(&self, message: &str);
}

/// Nobody watches.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Progress for Silent {
    fn phase(&self, _phase: Phase, _files: u64, _bytes: u64) {}
    fn advance(&self, _files: u64, _bytes: u64, _records: u64) {}
    fn skipped(&self, _rejection: &Rejection) {}
    fn note(&self, _message: &str) {}
}
