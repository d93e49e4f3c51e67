//! One file on its way into the index, record by record, from several threads.
//!
//! A record that reads as it did is left alone. What a changed record was before, and what is no longer in the file, is
//! removed when the last record is through: only then is it known which keys are taken anew.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::pipeline::{self, Work};
use super::plan::{self, Planned};
use crate::engine::EngineError;
use crate::engine::caught::caught;
use crate::engine::local::bookkeeping::{self, KnownRecord};
use crate::engine::local::budget::Claim;
use crate::extract::{self, Extracted};
use crate::model::{
    Article, ArticleId, Notice, NoticeKind, Quote, RawArticle, Rejection, RejectionReason, SourceRef,
};
use crate::quotes;
use crate::schema::documents::{self, key};
use crate::schema::{DocumentKind, Field, FileState, Origin};

/// A file under way. Shared by the tasks of its records; whoever lets go of it last finishes it.
pub(super) struct FileUnderWay {
    planned: Planned,
    known: HashMap<Option<u64>, KnownRecord>,
    /// Keys written anew.
    written: Mutex<HashSet<u64>>,
    /// Record numbers that were met.
    met: Mutex<HashSet<Option<u64>>>,
    /// Keys of records that read differently now.
    outdated: Mutex<Vec<u64>>,
    records: AtomicU64,
    is_whole: AtomicBool,
    is_cut: AtomicBool,
    /// The system gives none of its bytes.
    is_unreadable: AtomicBool,
    hash: AtomicU64,
    is_moved: AtomicBool,
}

impl FileUnderWay {
    pub(super) fn new(work: &Work<'_>, planned: Planned) -> Result<Arc<FileUnderWay>, EngineError> {
        let known = match work.old.filter(|_| planned.is_known) {
            Some(old) => bookkeeping::records(old, planned.key)?,
            None => Vec::new(),
        };
        Ok(Arc::new(FileUnderWay {
            hash: AtomicU64::new(planned.hash.unwrap_or(0)),
            planned,
            known: known.into_iter().map(|record| (record.record_no, record)).collect(),
            written: Mutex::default(),
            met: Mutex::default(),
            outdated: Mutex::default(),
            records: AtomicU64::new(0),
            is_whole: AtomicBool::new(false),
            is_cut: AtomicBool::new(false),
            is_unreadable: AtomicBool::new(false),
            is_moved: AtomicBool::new(false),
        }))
    }

    /// Hashes the content where planning did not need to. A file that cannot be read hashes to 0.
    pub(super) fn hash(&self, work: &Work<'_>) {
        if self.planned.hash.is_none() {
            let hash = plan::hash(&self.planned.file.path);
            self.is_unreadable.store(hash.is_err(), Ordering::Relaxed);
            self.hash.store(hash.unwrap_or(0), Ordering::Relaxed);
        }
        let hash = self.hash.load(Ordering::Relaxed);
        if !self.planned.is_known && work.gone_hashes.contains(&hash) {
            self.is_moved.store(true, Ordering::Relaxed);
            work.moved_hashes.lock().unwrap_or_else(PoisonError::into_inner).insert(hash);
        }
    }

    /// A record was left out, for the work is over: the file is not in the index as it is on disk.
    pub(super) fn cut(&self) {
        self.is_cut.store(true, Ordering::Relaxed);
    }

    /// All of the file was read.
    pub(super) fn whole(&self) {
        self.is_whole.store(true, Ordering::Relaxed);
    }

    /// Takes one record into the index, or finds that it is there.
    pub(super) fn record(
        &self,
        work: &Work<'_>,
        read: Result<RawArticle, Rejection>,
        claim: Option<Arc<Claim>>,
    ) -> Result<(), EngineError> {
        self.records.fetch_add(1, Ordering::Relaxed);
        if let Err(rejection) = &read
            && self.is_unreadable.load(Ordering::Relaxed)
            && self.known.values().any(|known| known.kind != DocumentKind::Rejected)
        {
            // A disk that fails for a moment takes no article away: what is known of the file stays until it can be read.
            work.tally.skipped(rejection);
            work.progress.skipped(rejection);
            return Ok(());
        }
        let (source, fingerprint) = match &read {
            Ok(raw) => (raw.source.clone(), raw.fingerprint()),
            Err(rejection) => (rejection.source_ref.clone(), key(["rejected", &rejection.message])),
        };
        let known = self.known.get(&source.record);
        if !self.known.is_empty() {
            self.met.lock().unwrap_or_else(PoisonError::into_inner).insert(source.record);
        }
        let retried = |known: &KnownRecord| work.retry_failed && known.kind == DocumentKind::Rejected;
        if let Some(known) = known
            && known.fingerprint == fingerprint
            && !retried(known)
        {
            // Kept, even if another record of this file used to have its key.
            self.written.lock().unwrap_or_else(PoisonError::into_inner).insert(known.key);
            work.tally.unchanged(1);
            return Ok(());
        }
        let origin = Origin {
            file_key: self.planned.key,
            record_no: source.record,
            fingerprint,
            added: work.state_number,
        };
        let (key, documents) = match read.and_then(|raw| understood(work, &raw)) {
            Ok(understood) => {
                let Understood { article, quotes, notices } = understood;
                work.tally.indexed(&article, quotes.len(), &notices, known.is_none());
                (ArticleId(article.id.clone()).key(), documents::block(&article, &quotes, &origin))
            }
            Err(rejection) => {
                work.tally.skipped(&rejection);
                work.progress.skipped(&rejection);
                (documents::rejected_key(&rejection), vec![documents::rejected(&rejection, &origin)])
            }
        };
        if let Some(known) = known {
            self.outdated.lock().unwrap_or_else(PoisonError::into_inner).push(known.key);
        }
        let replace = (!self.known.is_empty()).then_some(key);
        self.written.lock().unwrap_or_else(PoisonError::into_inner).insert(key);
        work.writer.put(replace, documents, claim)
    }

    /// Lets go of a file; the last to do so removes what is outdated and, if all was read, notes the file's state.
    pub(super) fn release(self: Arc<Self>, work: &Work<'_>) -> Result<(), EngineError> {
        match Arc::into_inner(self) {
            Some(file) => file.finish(work),
            None => Ok(()),
        }
    }

    fn finish(self, work: &Work<'_>) -> Result<(), EngineError> {
        let written = self.written.into_inner().unwrap_or_else(PoisonError::into_inner);
        let met = self.met.into_inner().unwrap_or_else(PoisonError::into_inner);
        let mut outdated = self.outdated.into_inner().unwrap_or_else(PoisonError::into_inner);
        let is_read = !self.is_cut.into_inner() && !self.is_unreadable.into_inner();
        let is_whole = self.is_whole.into_inner() && is_read;
        if is_whole {
            let missing = self.known.values().filter(|known| !met.contains(&known.record_no));
            let missing: Vec<u64> = missing.map(|known| known.key).collect();
            work.removed.fetch_add(missing.len() as u64, Ordering::Relaxed);
            outdated.extend(missing);
        }
        for key in outdated.into_iter().filter(|key| !written.contains(key)) {
            work.writer.delete(Field::ArticleKey, key)?;
        }
        let records = self.records.into_inner();
        if self.is_moved.into_inner() {
            work.moved.fetch_add(records, Ordering::Relaxed);
        }
        if is_whole {
            let hash = self.hash.into_inner();
            note_file(work, &self.planned, hash, records)?;
        } else if self.planned.is_known {
            // Half of it is new now: the old note would say that nothing changed when the old content comes back.
            work.writer.delete(Field::ArticleKey, key(["file", &self.planned.file.name]))?;
        }
        Ok(())
    }
}

/// Notes the state of a file that is in the index as it is on disk.
pub(super) fn note_file(
    work: &Work<'_>,
    planned: &Planned,
    hash: u64,
    records: u64,
) -> Result<(), EngineError> {
    let state = FileState {
        path: planned.file.name.clone(),
        size: planned.file.size,
        modified_ns: plan::trusted_stamp(planned.file.modified_ns, work.now_ns),
        hash,
        records,
    };
    let replace = planned.is_known.then(|| key(["file", &state.path]));
    work.writer.put(replace, vec![documents::file(&state)], None)
}

struct Understood {
    article: Article,
    quotes: Vec<Quote>,
    notices: Vec<Notice>,
}

/// Extraction and quotes. A rule that panics costs its record, not the build.
fn understood(work: &Work<'_>, raw: &RawArticle) -> Result<Understood, Rejection> {
    let result = caught(|| {
        // The tree of a page takes many times its bytes, and a compressed file does not tell how many those are.
        let alone = pipeline::is_large_page(raw)
            .then(|| work.large_pages.lock().unwrap_or_else(PoisonError::into_inner));
        let Extracted { mut article, notices, .. } = extract::article(raw, work.lexicon)?;
        drop(alone);
        if ArticleId(article.id.clone()).key() == 0 {
            article.id = fallback_id(&raw.source);
        }
        work.foresight.cut(&mut article, work.lexicon);
        let quotes = quotes::find(&article, work.lexicon);
        Ok(Understood { article, quotes, notices })
    });
    result.unwrap_or_else(|_| {
        Err(Rejection {
            source_ref: raw.source.clone(),
            reason: RejectionReason::Malformed,
            message: String::from("extraction failed on this text, please report it"),
        })
    })
}

fn fallback_id(source: &SourceRef) -> String {
    let record = source.record.map(|record| record.to_string()).unwrap_or_default();
    format!("{:016x}", key([source.path.as_str(), &record]))
}

/// Takes the id from a record when an earlier record of its file has the same: each keeps its own identity, by its place.
pub(super) fn tell_apart(raw: &mut RawArticle, ids: &mut HashSet<u64>) {
    let Some(id) = raw.fields.source_id.as_deref().map(str::trim).filter(|id| !id.is_empty()) else {
        return;
    };
    if !ids.insert(key([id])) {
        let message =
            String::from("another record of this file has the same id; it is told apart by its place");
        raw.notices.push(Notice::new(NoticeKind::BadField, message));
        raw.fields.source_id = None;
    }
}
