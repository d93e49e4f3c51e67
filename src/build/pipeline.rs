//! Files through extraction into the index: one reader, a pool of threads, one writer.
//!
//! Small files are read by the pool; a large one is read here, record by record, and its records are given to the pool.
//! What is under way is bounded in bytes (`engine::local::budget`), not in records.

use std::collections::HashSet;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rayon::Scope;

use super::file::{FileUnderWay, tell_apart};
use super::plan::Planned;
use super::progress::Progress;
use super::repeated::Foresight;
use super::report::Tally;
use super::update::failed_reading;
use crate::corpus::{self, ReadOptions, Records, SourceFile};
use crate::engine::EngineError;
use crate::engine::caught::caught;
use crate::engine::local::budget::{Budget, Claim};
use crate::engine::local::open::OpenState;
use crate::engine::local::writer::Writer;
use crate::lexicon::Lexicon;
use crate::model::{Payload, RawArticle, Rejection, RejectionReason, SourceRef};

/// Files up to this size are read whole by the pool.
const SMALL_BYTES: u64 = 1_000_000;
/// Records and bytes given to the pool at once: enough that handing over costs nothing.
const BATCH_RECORDS: usize = 64;
const BATCH_BYTES: usize = 256_000;
/// Memory a record takes on its way for each of its bytes: as read, as article, as tokens twice, as stored.
const BYTES_UNDER_WAY: usize = 6;
/// And for itself.
const RECORD_OVERHEAD: usize = 4_096;
/// Bytes of other records that one of a page weighs as much as: its tree stands beside its text.
const PAGE_WEIGHT: usize = 2;
/// Bytes from which a page is large: one at a time is made an article of.
const LARGE_PAGE: usize = 2_000_000;

/// What all threads of a build share.
pub(super) struct Work<'w> {
    pub(super) lexicon: &'w Lexicon,
    pub(super) read: &'w ReadOptions,
    pub(super) writer: &'w Writer,
    pub(super) old: Option<&'w OpenState>,
    pub(super) foresight: &'w Foresight,
    pub(super) budget: &'w Arc<Budget>,
    pub(super) tally: &'w Tally,
    pub(super) progress: &'w dyn Progress,
    pub(super) index: &'w Path,
    pub(super) stop: &'w AtomicBool,
    /// Whether something that was given to the pool was not done, for the work was stopped.
    pub(super) left_out: &'w AtomicBool,
    pub(super) state_number: u64,
    pub(super) now_ns: i128,
    pub(super) retry_failed: bool,
    pub(super) gone_hashes: &'w HashSet<u64>,
    pub(super) moved_hashes: &'w Mutex<HashSet<u64>>,
    pub(super) moved: &'w AtomicU64,
    pub(super) removed: &'w AtomicU64,
    /// Held by whoever makes an article of a large page.
    pub(super) large_pages: &'w Mutex<()>,
    pub(super) failure: &'w Mutex<Option<EngineError>>,
}

impl Work<'_> {
    /// Runs a part of the work; a panic of tantivy on a damaged index is an error.
    fn guarded<T>(&self, part: impl FnOnce() -> Result<T, EngineError>) -> Result<T, EngineError> {
        caught(part).unwrap_or_else(|what| Err(failed_reading(self.index, &what)))
    }

    fn keep(&self, result: Result<(), EngineError>) {
        if let Err(error) = result {
            self.failure.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
        }
    }

    fn is_over(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
            || self.failure.lock().unwrap_or_else(PoisonError::into_inner).is_some()
    }

    /// Memory for a record of `bytes`. `waits` says whether the caller has passed on all it holds and may wait.
    fn claim(&self, bytes: usize, waits: bool) -> Option<Arc<Claim>> {
        let bytes = bytes * BYTES_UNDER_WAY + RECORD_OVERHEAD;
        match waits {
            true => Some(Arc::new(self.budget.claim(bytes))),
            false => self.budget.try_claim(bytes).map(Arc::new),
        }
    }
}

/// The files still to be read, and the large one that is being read.
pub(super) struct Feed {
    files: std::vec::IntoIter<Planned>,
    open: Option<OpenFile>,
    /// Bytes of files begun.
    pub(super) bytes: u64,
}

struct OpenFile {
    file: Arc<FileUnderWay>,
    records: Reading,
    /// A record that was read but found no room in the batch.
    waiting: Option<Result<RawArticle, Rejection>>,
    ids: HashSet<u64>,
    /// Bytes not yet reported as done.
    bytes_left: u64,
}

impl Feed {
    pub(super) fn new(files: Vec<Planned>) -> Self {
        Feed { files: files.into_iter(), open: None, bytes: 0 }
    }

    /// Feeds `pool` until everything is read (`false`), `time` is over or the work stops (`true`). On return all that was
    /// begun is in the writer's hands.
    pub(super) fn run(&mut self, work: &Work<'_>, pool: &rayon::ThreadPool, time: Duration) -> bool {
        let begun = Instant::now();
        pool.in_place_scope(|scope| {
            let mut small: Vec<(Planned, Arc<Claim>)> = Vec::new();
            let mut small_bytes = 0;
            let hand_over = |small: &mut Vec<(Planned, Arc<Claim>)>, bytes: &mut usize| {
                let batch = std::mem::take(small);
                *bytes = 0;
                scope.spawn(move |_| small_files(work, batch));
            };
            while !work.is_over() && begun.elapsed() < time {
                if self.open.is_some() {
                    self.feed_open(work, scope);
                    continue;
                }
                let Some(planned) = self.files.next() else {
                    break;
                };
                self.bytes += planned.file.size;
                if planned.file.size > SMALL_BYTES {
                    hand_over(&mut small, &mut small_bytes);
                    self.open(work, planned);
                    continue;
                }
                let size = planned.file.size as usize;
                let claim = match work.claim(size, false) {
                    Some(claim) => Some(claim),
                    None => {
                        hand_over(&mut small, &mut small_bytes);
                        work.claim(size, true)
                    }
                };
                small_bytes += size;
                small.extend(claim.map(|claim| (planned, claim)));
                if small.len() >= BATCH_RECORDS || small_bytes >= BATCH_BYTES {
                    hand_over(&mut small, &mut small_bytes);
                }
            }
            hand_over(&mut small, &mut small_bytes);
        });
        let is_done = self.open.is_none() && self.files.as_slice().is_empty();
        !is_done
    }

    /// Lets go of the large file that is open when the work stops.
    pub(super) fn close(&mut self, work: &Work<'_>) {
        if let Some(open) = self.open.take() {
            work.keep(open.file.release(work));
        }
    }

    fn open(&mut self, work: &Work<'_>, planned: Planned) {
        let source = planned.file.clone();
        let file = match FileUnderWay::new(work, planned) {
            Ok(file) => file,
            Err(error) => return work.keep(Err(error)),
        };
        file.hash(work);
        match Reading::open(&source, work.read) {
            Ok(records) => {
                self.open = Some(OpenFile {
                    file,
                    records,
                    ids: HashSet::new(),
                    bytes_left: source.size,
                    waiting: None,
                });
            }
            Err(rejection) => {
                work.keep(file.record(work, Err(rejection), None));
                file.whole();
                work.keep(file.release(work));
                work.progress.advance(1, source.size, 1);
            }
        }
    }

    fn feed_open<'s>(&mut self, work: &'s Work<'s>, scope: &Scope<'s>) {
        let Some(open) = &mut self.open else {
            return;
        };
        let mut batch: Vec<(Result<RawArticle, Rejection>, Arc<Claim>)> = Vec::with_capacity(BATCH_RECORDS);
        let mut bytes = 0;
        let mut is_end = false;
        while batch.len() < BATCH_RECORDS && bytes < BATCH_BYTES {
            let waited = open.waiting.take();
            let read = match waited {
                Some(read) => Some(read),
                None => open.records.next().map(|mut read| {
                    if let Ok(raw) = &mut read {
                        tell_apart(raw, &mut open.ids);
                    }
                    read
                }),
            };
            let Some(read) = read else {
                is_end = true;
                break;
            };
            let size = read.as_ref().map_or(0, payload_len);
            let weight = read.as_ref().map_or(0, payload_weight);
            let Some(claim) = work.claim(weight, batch.is_empty()) else {
                open.waiting = Some(read);
                break;
            };
            bytes += size;
            batch.push((read, claim));
        }
        let done = (bytes as u64).min(open.bytes_left);
        open.bytes_left -= done;
        let file = Arc::clone(&open.file);
        if is_end {
            file.whole();
            work.progress.advance(1, open.bytes_left, 0);
            if let Some(open) = self.open.take() {
                // The task below holds the file too: it is finished by whoever is last.
                work.keep(open.file.release(work));
            }
        }
        scope.spawn(move |_| {
            let n_records = batch.len() as u64;
            for (read, claim) in batch {
                match work.is_over() {
                    true => {
                        file.cut();
                        work.left_out.store(true, Ordering::Relaxed);
                    }
                    false => work.keep(work.guarded(|| file.record(work, read, Some(claim)))),
                }
            }
            work.keep(work.guarded(|| file.release(work)));
            work.progress.advance(0, done, n_records);
        });
    }
}

fn small_files(work: &Work<'_>, files: Vec<(Planned, Arc<Claim>)>) {
    for (planned, claim) in files {
        if work.is_over() {
            work.left_out.store(true, Ordering::Relaxed);
            return;
        }
        let size = planned.file.size;
        let n_records = work.guarded(|| small_file(work, planned, claim));
        work.keep(n_records.map(|n_records| work.progress.advance(1, size, n_records)));
    }
}

fn small_file(work: &Work<'_>, planned: Planned, claim: Arc<Claim>) -> Result<u64, EngineError> {
    let source = planned.file.clone();
    let file = FileUnderWay::new(work, planned)?;
    file.hash(work);
    let mut n_records = 0;
    match Reading::open(&source, work.read) {
        Ok(records) => {
            let mut ids = HashSet::new();
            for mut read in records {
                if let Ok(raw) = &mut read {
                    tell_apart(raw, &mut ids);
                }
                n_records += 1;
                file.record(work, read, Some(Arc::clone(&claim)))?;
            }
        }
        Err(rejection) => file.record(work, Err(rejection), None)?,
    }
    file.whole();
    file.release(work)?;
    Ok(n_records)
}

/// The records of a file. A reader that panics costs the rest of its file, not the build.
struct Reading {
    /// `None` once nothing more can be read.
    records: Option<Records>,
    source: SourceRef,
}

impl Reading {
    fn open(file: &SourceFile, options: &ReadOptions) -> Result<Reading, Rejection> {
        let source = SourceRef { path: file.name.clone(), record: None };
        let read = || caught(|| corpus::read(file, options)).unwrap_or_else(|_| Err(unreadable(&source)));
        let records = match read() {
            // Once more: its content was read a moment ago.
            Err(rejection) if rejection.reason == RejectionReason::Unreadable => read()?,
            records => records?,
        };
        Ok(Reading { records: Some(records), source })
    }
}

impl Iterator for Reading {
    type Item = Result<RawArticle, Rejection>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut records = self.records.take()?;
        let Ok(next) = caught(|| records.next()) else {
            return Some(Err(unreadable(&self.source)));
        };
        self.records = Some(records);
        next
    }
}

fn unreadable(source: &SourceRef) -> Rejection {
    Rejection {
        source_ref: source.clone(),
        reason: RejectionReason::Malformed,
        message: String::from("reading failed on this file, please report it"),
    }
}

/// Whether no other large page may be under extraction beside this one.
pub(super) fn is_large_page(raw: &RawArticle) -> bool {
    matches!(&raw.payload, Payload::Html(text) if text.len() > LARGE_PAGE)
}

fn payload_weight(raw: &RawArticle) -> usize {
    match &raw.payload {
        Payload::Html(text) => text.len() * PAGE_WEIGHT,
        Payload::Page(text) | Payload::Body(text) => text.len(),
    }
}

fn payload_len(raw: &RawArticle) -> usize {
    match &raw.payload {
        Payload::Html(text) | Payload::Page(text) | Payload::Body(text) => text.len(),
    }
}
