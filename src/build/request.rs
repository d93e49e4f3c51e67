//! What is asked of a build, and what can go wrong with it.

use std::path::PathBuf;
use std::time::Duration;

use crate::authority::Authority;
use crate::corpus::{DiscoverOptions, PatternError, ReadOptions};
use crate::engine::EngineError;

/// Nobody sees these commits; each costs about what flushing the writer's memory costs.
const CHECKPOINT: Duration = Duration::from_secs(60);

/// One `index` run. Every value is present: defaults are the caller's business.
#[derive(Clone, Debug)]
pub struct BuildRequest {
    /// Folders and files to index, as the user gave them. They join those the index already follows, unless `rebuild`
    /// is set: then they replace them. Empty: those it follows.
    pub corpus: Vec<PathBuf>,
    /// The index directory.
    pub index: PathBuf,
    /// Threads for everything together, at least 1.
    pub threads: usize,
    /// Bytes of memory to stay near, for everything together.
    pub memory: usize,
    /// Build from scratch beside the index that is there.
    pub rebuild: bool,
    /// Find out what would be done; write nothing.
    pub dry_run: bool,
    /// Keep articles whose files are gone.
    pub keep_missing: bool,
    /// Go on when a corpus path has no file any more, and remove what it had.
    pub allow_empty: bool,
    /// Try records again that were rejected.
    pub retry_failed: bool,
    /// The index is known to be damaged: with `rebuild`, what is replaced is set aside, not removed.
    pub repair: bool,
    /// Replace what cannot be read, and remove what was set aside.
    pub force: bool,
    /// How long work goes on between two commits that keep it from a kill.
    pub checkpoint: Duration,
    /// What to look for in folders.
    pub discover: DiscoverOptions,
    /// How to read files.
    pub read: ReadOptions,
    /// By which names are joined for readers.
    pub authority: Authority,
    /// When readers may search what a first build has; `None`: once it is whole.
    pub first_look: Option<FirstLook>,
}

/// A first build that takes long lets readers search what it has so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FirstLook {
    /// Time from its beginning to the first look; to each further one it doubles, up to `BuildRequest::checkpoint`.
    pub after: Duration,
    /// Builds of fewer bytes are over before anybody looks.
    pub bytes: u64,
}

impl BuildRequest {
    /// A request for `corpus` into `index` with two threads and 300 MB.
    pub fn new(corpus: Vec<PathBuf>, index: PathBuf) -> Self {
        BuildRequest {
            corpus,
            index,
            threads: 2,
            memory: 300_000_000,
            rebuild: false,
            dry_run: false,
            keep_missing: false,
            allow_empty: false,
            retry_failed: false,
            repair: false,
            force: false,
            checkpoint: CHECKPOINT,
            discover: DiscoverOptions::default(),
            read: ReadOptions::default(),
            authority: Authority::embedded(),
            first_look: None,
        }
    }
}

/// Why a build did not happen. The index is as it was.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// No path was given and the index follows none: name one.
    #[error("no corpus to index")]
    NoCorpus,
    /// A path that does not exist: check it, or allow the index to lose it.
    #[error("{path}: no such file or directory")]
    NoSuchPath {
        /// The path.
        path: PathBuf,
    },
    /// A path that held files holds none: check that it is mounted, or allow the index to lose them.
    #[error("{path} holds nothing to index, but the index has {files} of its files")]
    EmptyCorpus {
        /// The path.
        path: PathBuf,
        /// Files the index has from there.
        files: u64,
    },
    /// The index cannot be written or read.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// A pattern of what to include or exclude cannot be used: correct it.
    #[error(transparent)]
    Pattern(#[from] PatternError),
    /// Threads could not be started.
    #[error("cannot start {threads} threads: {message}")]
    Threads {
        /// Wanted.
        threads: usize,
        /// The cause.
        message: String,
    },
}
