//! What a build did, counted while it ran.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::model::{Article, Notice, Rejection, TINY_BODY};

/// Most rejections kept for the summary; all are counted, and all are in the index.
const KEPT_REJECTIONS: usize = 1_000;

/// What a build did. Counts are records unless said otherwise; in a dry run, files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BuildReport {
    /// Indexed for the first time.
    pub added: u64,
    /// Indexed anew, because they or the rules changed.
    pub changed: u64,
    /// Gone from the index with their file or record.
    pub removed: u64,
    /// Found under another path than before (of the added ones).
    pub moved: u64,
    /// As they were.
    pub unchanged: u64,
    /// Refused in this run.
    pub skipped: u64,
    /// The first of them, by path and record.
    pub rejections: Vec<Rejection>,
    /// Indexed in this run without a date.
    pub undated: u64,
    /// Indexed in this run without an outlet.
    pub without_outlet: u64,
    /// Indexed in this run with a body of a few words.
    pub tiny: u64,
    /// Quotes indexed in this run, all kinds.
    pub quotes: u64,
    /// Remarks on records indexed in this run.
    pub notices: u64,
    /// Records that changed between being an article and being a duplicate of one.
    pub duplicates: u64,
    /// Files found in the corpus.
    pub files: u64,
    /// Files that were new, changed or gone. In a dry run, those that would be read or removed.
    pub changed_files: u64,
    /// Bytes of the files that were read.
    pub bytes: u64,
    /// Why everything was indexed anew, where it was.
    pub rebuilt_because: Option<String>,
    /// What could not be read and was set aside, now or before.
    pub aside: Vec<PathBuf>,
    /// Whether it was stopped before the end; the next run goes on.
    pub interrupted: bool,
    /// Whether readers see something new.
    pub published: bool,
    /// Time taken.
    pub took: Duration,
}

/// Counts while several threads work.
#[derive(Debug, Default)]
pub(super) struct Tally {
    added: AtomicU64,
    changed: AtomicU64,
    unchanged: AtomicU64,
    skipped: AtomicU64,
    undated: AtomicU64,
    without_outlet: AtomicU64,
    tiny: AtomicU64,
    quotes: AtomicU64,
    notices: AtomicU64,
    rejections: Mutex<Vec<Rejection>>,
}

impl Tally {
    pub(super) fn indexed(&self, article: &Article, n_quotes: usize, notices: &[Notice], is_new: bool) {
        add(if is_new { &self.added } else { &self.changed }, 1);
        add(&self.undated, u64::from(article.date.is_none()));
        add(&self.without_outlet, u64::from(article.outlet.is_none()));
        add(&self.tiny, u64::from(article.words < TINY_BODY));
        add(&self.quotes, n_quotes as u64);
        add(&self.notices, notices.len() as u64);
    }

    pub(super) fn unchanged(&self, n_records: u64) {
        add(&self.unchanged, n_records);
    }

    pub(super) fn skipped(&self, rejection: &Rejection) {
        add(&self.skipped, 1);
        let mut kept = self.rejections.lock().unwrap_or_else(PoisonError::into_inner);
        // Which ones are kept must not depend on the order of threads: the smallest.
        let at = kept.partition_point(|other| other.source_ref <= rejection.source_ref);
        if at < KEPT_REJECTIONS {
            kept.insert(at, rejection.clone());
            kept.truncate(KEPT_REJECTIONS);
        }
    }

    /// Whether any record was added, indexed anew or refused.
    pub(super) fn any(&self) -> bool {
        [&self.added, &self.changed, &self.skipped].iter().any(|count| count.load(Ordering::Relaxed) > 0)
    }

    pub(super) fn fill(&self, report: &mut BuildReport) {
        let of = |count: &AtomicU64| count.load(Ordering::Relaxed);
        report.added = of(&self.added);
        report.changed = of(&self.changed);
        report.unchanged = of(&self.unchanged);
        report.skipped = of(&self.skipped);
        report.undated = of(&self.undated);
        report.without_outlet = of(&self.without_outlet);
        report.tiny = of(&self.tiny);
        report.quotes = of(&self.quotes);
        report.notices = of(&self.notices);
        report.rejections = self.rejections.lock().unwrap_or_else(PoisonError::into_inner).clone();
    }
}

fn add(count: &AtomicU64, n: u64) {
    count.fetch_add(n, Ordering::Relaxed);
}
