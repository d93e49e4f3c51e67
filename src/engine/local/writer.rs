//! Writing one generation: tantivy's writer with its traps closed.
//!
//! * leftovers of a killed writer are collected before the first document, else the next commit can be refused for ever;
//! * a document is replaced in one operation, never by a delete and an add that other threads may come between;
//! * the first number of a writer is that of the last commit, and is left unused: a merge takes a deletion of that number
//!   for done, in some of its segments, and a replaced article comes back whole or in part;
//! * what earlier runs wrote is proved before it is merged or deleted from, see `proof`;
//! * deletions queue up in the order of their numbers: one that comes late would remove what was added after it;
//! * after any error the writer is dead: tantivy would go on and lose documents silently;
//! * a commit is on disk, its name in the directory too, before it is reported;
//! * readers see a commit only once it is published, see `dir`.

use std::collections::HashSet;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tantivy::directory::Directory;
use tantivy::indexer::{IndexWriterOptions, LogMergePolicy, UserOperation};
use tantivy::store::{Compressor, ZstdCompressor};
use tantivy::{Index, IndexSettings, IndexWriter, Term};

use super::budget::Claim;
use super::dir::{META, PUBLISHED, Protected, ReadDirectory, Which, WriteDirectory, private};
use super::document::LocalDocument;
use super::fields::Fields;
use super::generation::{remove_temporaries, sync_dir};
use super::open::{CommitState, engine_error};
use super::proof::{Proof, ProvedMerges};
use super::tokenizer;
use super::trouble::Trouble;
use crate::engine::EngineError;
use crate::schema::{Field, IndexDocument};

/// Threads and memory of a writer.
#[derive(Clone, Copy, Debug)]
pub struct WriterOptions {
    /// Indexing threads, at least 1.
    pub threads: usize,
    /// Bytes for all of them together.
    pub memory: usize,
}

/// tantivy asks for 15 MB a thread at least and takes no more than 4 GB.
const THREAD_MEMORY: std::ops::RangeInclusive<usize> = 15_000_000..=2_000_000_000;
/// Share of deleted documents from which a segment is rewritten: searches count around them, which costs time.
const DELETED_SHARE: f32 = 0.2;
/// Bytes of stored records compressed together, and how hard. Measured on articles: level 3 in blocks of 16 KB is 4 % larger
/// and half as dear again to write; level 1 a sixth cheaper and 5 % larger; blocks of 64 KB are 4 % smaller, but take twice
/// as long to unpack for one record.
const STORE_BLOCK: usize = 32_768;
const STORE_LEVEL: i32 = 2;

const TEMPORARY: &str = ".tmp-";

/// Writes one generation. All methods but [`Writer::commit`] may be called from many threads.
pub struct Writer {
    inner: IndexWriter<LocalDocument>,
    fields: Arc<Fields>,
    path: PathBuf,
    protected: Protected,
    trouble: Trouble,
    proof: Proof,
    /// What is deleted by the next commit; held while deletions are numbered and queued.
    deleted: Mutex<Vec<Term>>,
    failed: AtomicBool,
}

impl Writer {
    /// Opens the generation in `path` for writing; an empty directory becomes an empty index. The caller holds the lock.
    ///
    /// # Errors
    /// `Damaged`, `OtherVersion`, `Io`, `Write`.
    pub fn open(path: &Path, options: WriterOptions) -> Result<Writer, EngineError> {
        let protected = Protected::default();
        let trouble = Trouble::default();
        let directory = WriteDirectory::open(path, Arc::clone(&protected), trouble.clone());
        let directory = directory.map_err(|error| engine_error(path, error.into()))?;
        Writer::open_in(Box::new(directory), protected, trouble, path, options)
    }

    pub(super) fn open_in(
        directory: Box<dyn Directory>,
        protected: Protected,
        trouble: Trouble,
        path: &Path,
        options: WriterOptions,
    ) -> Result<Writer, EngineError> {
        let fail = |error| engine_error(path, error);
        protect(path, &protected)?;
        remove_temporaries(path, ".tmp");
        let fields = Fields::embedded();
        let settings = IndexSettings {
            docstore_compression: Compressor::Zstd(ZstdCompressor { compression_level: Some(STORE_LEVEL) }),
            docstore_blocksize: STORE_BLOCK,
            ..IndexSettings::default()
        };
        let index = Index::builder()
            .schema(fields.schema.clone())
            .settings(settings)
            .tokenizers(tokenizer::analyzers())
            .open_or_create(directory)
            .map_err(fail)?;
        let threads = options.threads.clamp(1, 8);
        let memory = (options.memory / threads).clamp(*THREAD_MEMORY.start(), *THREAD_MEMORY.end());
        let options = IndexWriterOptions::builder()
            .num_worker_threads(threads)
            .memory_budget_per_thread(memory)
            .num_merge_threads(1)
            .build();
        let inner: IndexWriter<LocalDocument> = index.writer_with_options(options).map_err(fail)?;
        let mut policy = LogMergePolicy::default();
        policy.set_del_docs_ratio_before_merge(DELETED_SHARE);
        let proof = Proof::new(&index, path).map_err(fail)?;
        inner.set_merge_policy(Box::new(ProvedMerges { policy, proof: proof.clone() }));
        inner.garbage_collect_files().wait().map_err(fail)?;
        inner.run(Vec::new()).map_err(fail)?;
        Ok(Writer {
            inner,
            fields: Arc::new(fields),
            path: path.to_owned(),
            protected,
            trouble,
            proof,
            deleted: Mutex::default(),
            failed: AtomicBool::new(false),
        })
    }

    /// Adds `documents` as one block, in order and in one segment. With `replace`, everything under that `article_key`
    /// goes in the same operation.
    ///
    /// # Errors
    /// `Write`; the writer is then dead and nothing since the last commit is kept.
    pub fn put(
        &self,
        replace: Option<u64>,
        documents: Vec<IndexDocument>,
        claim: Option<Arc<Claim>>,
    ) -> Result<(), EngineError> {
        let old = replace.map(|key| self.term(Field::ArticleKey, key));
        let delete = old.clone().map(UserOperation::Delete);
        let add = documents.into_iter().map(|document| {
            let fields = Arc::clone(&self.fields);
            UserOperation::Add(LocalDocument { fields, document, _claim: claim.clone() })
        });
        let operations: Vec<UserOperation<LocalDocument>> = delete.into_iter().chain(add).collect();
        self.alive()?;
        let _in_order = old.map(|term| self.deleting(term));
        self.inner.run(operations).map(drop).map_err(|error| self.dead(error))
    }

    /// Removes every document whose `field` is `value`.
    ///
    /// # Errors
    /// `Write`.
    pub fn delete(&self, field: Field, value: u64) -> Result<(), EngineError> {
        self.alive()?;
        let term = self.term(field, value);
        let _in_order = self.deleting(term.clone());
        self.inner.delete_term(term);
        Ok(())
    }

    /// Keeps everything since the last commit, with `state`. On return it is on disk; readers see it once published.
    ///
    /// # Errors
    /// `Write`, `Damaged`; the last commit stands.
    pub fn commit(&mut self, state: &CommitState) -> Result<(), EngineError> {
        self.alive()?;
        let deleted = std::mem::take(self.deleted.get_mut().unwrap_or_else(PoisonError::into_inner));
        self.proof.of_deletion(&deleted)?;
        let payload = serde_json::to_string(state)
            .map_err(|error| EngineError::Write { path: self.path.clone(), message: error.to_string() })?;
        let result = self.inner.prepare_commit().and_then(|mut prepared| {
            prepared.set_payload(&payload);
            prepared.commit().map(drop)
        });
        result.map_err(|error| self.dead(error))?;
        sync_dir(&self.path)
    }

    /// Makes the last commit the state that readers see.
    ///
    /// # Errors
    /// `Io`; the state before stays.
    pub fn publish(&self) -> Result<(), EngineError> {
        let list = protect_latest(&self.path, &self.protected)?;
        publish(&self.path, &list)?;
        protect(&self.path, &self.protected)
    }

    /// The cause of an error of this writer. Whoever hands over a document is only told that a thread has ended; why it did
    /// is told by the next commit, which is not made.
    pub fn cause(&mut self, error: EngineError) -> EngineError {
        self.failed.store(true, Ordering::Release);
        match (self.inner.prepare_commit(), error) {
            (Err(cause), EngineError::Write { .. }) => self.write_error(&cause),
            (_, error) => error,
        }
    }

    /// Waits for merges under way, publishes their result (the same documents in fewer segments) and removes what nobody
    /// needs any more. Dropping the writer instead abandons merges, which is safe too.
    ///
    /// # Errors
    /// `Write`, `Io`; `Damaged` when a merge was to read something damaged. What was published stands.
    pub fn finish(self) -> Result<(), EngineError> {
        let Writer { inner, path, trouble, proof, .. } = self;
        inner.wait_merging_threads().map_err(|error| write_error(&path, &trouble, &error))?;
        // No thread merges any more: nothing the list names is removed meanwhile.
        publish(&path, &latest(&path)?)?;
        remove_unused(&path)?;
        proof.met()
    }

    fn deleting(&self, term: Term) -> MutexGuard<'_, Vec<Term>> {
        let mut deleted = self.deleted.lock().unwrap_or_else(PoisonError::into_inner);
        deleted.push(term);
        deleted
    }

    /// The number the next operation gets, which is used up.
    #[cfg(test)]
    pub(super) fn next_number(&self) -> u64 {
        self.inner.run(Vec::new()).expect("nothing to do")
    }

    fn term(&self, field: Field, value: u64) -> Term {
        Term::from_field_u64(self.fields.of(field), value)
    }

    fn alive(&self) -> Result<(), EngineError> {
        match self.failed.load(Ordering::Acquire) {
            false => Ok(()),
            true => Err(EngineError::Write {
                path: self.path.clone(),
                message: self.trouble.get().unwrap_or("an earlier write failed").to_owned(),
            }),
        }
    }

    fn dead(&self, error: tantivy::TantivyError) -> EngineError {
        self.failed.store(true, Ordering::Release);
        self.write_error(&error)
    }

    fn write_error(&self, error: &tantivy::TantivyError) -> EngineError {
        write_error(&self.path, &self.trouble, error)
    }
}

/// The list of segments of the last commit.
fn latest(path: &Path) -> Result<Vec<u8>, EngineError> {
    let meta = path.join(META);
    fs::read(&meta).map_err(|error| EngineError::io(&meta, error))
}

/// Keeps the files of the last commit beside those kept already, and returns its list.
///
/// A merge that ends meanwhile writes another list and removes what only this one names: the list is the last one still
/// when its files are protected, or the next one is taken.
fn protect_latest(path: &Path, protected: &Protected) -> Result<Vec<u8>, EngineError> {
    loop {
        let list = latest(path)?;
        let files = listed_files(path, Which::Latest)?;
        protected.write().unwrap_or_else(PoisonError::into_inner).extend(files);
        if latest(path)? == list {
            return Ok(list);
        }
    }
}

/// Writes a list of segments to where readers look, in one rename.
fn publish(path: &Path, list: &[u8]) -> Result<(), EngineError> {
    let temporary = path.join(format!("{TEMPORARY}published"));
    let io = |error| EngineError::io(&temporary, error);
    let mut file = fs::File::create(&temporary).map_err(io)?;
    private(&temporary, 0o600).map_err(io)?;
    file.write_all(list).and_then(|()| file.sync_all()).map_err(io)?;
    drop(file);
    // The segments' own names in the directory must last before the list that names them.
    sync_dir(path)?;
    fs::rename(&temporary, path.join(PUBLISHED)).map_err(io)?;
    sync_dir(path)
}

/// Files of the published state and of the last commit.
fn protect(path: &Path, protected: &Protected) -> Result<(), EngineError> {
    let files = listed_files(path, Which::Published)?;
    *protected.write().unwrap_or_else(PoisonError::into_inner) = files;
    Ok(())
}

/// The files a list of segments names; none where there is no such list.
pub(super) fn listed_files(path: &Path, which: Which) -> Result<HashSet<PathBuf>, EngineError> {
    let list = path.join(if which == Which::Published { PUBLISHED } else { META });
    if !list.exists() {
        return Ok(HashSet::new());
    }
    let fail = |error| engine_error(path, error);
    let directory = ReadDirectory::open(path, which).map_err(|error| fail(error.into()))?;
    let metas = Index::open(directory).and_then(|index| index.load_metas()).map_err(fail)?;
    Ok(metas.list_segment_files())
}

/// Removes segment files that neither the published state nor the last commit names. Only for the holder of the lock.
///
/// # Errors
/// `Damaged`, `Io`: without a list nothing is removed.
pub fn remove_unused(path: &Path) -> Result<(), EngineError> {
    let mut used = listed_files(path, Which::Published)?;
    used.extend(listed_files(path, Which::Latest)?);
    for entry in fs::read_dir(path).map_err(|error| EngineError::io(path, error))?.flatten() {
        let name = PathBuf::from(entry.file_name());
        // Files of segments are named by 32 hexadecimal digits and an extension.
        let stem = name.to_str().and_then(|name| name.split('.').next()).unwrap_or("");
        let is_segment = stem.len() == 32 && stem.bytes().all(|byte| byte.is_ascii_hexdigit());
        if is_segment && !used.contains(&name) {
            let _ = fs::remove_file(entry.path());
        }
    }
    Ok(())
}

fn write_error(path: &Path, trouble: &Trouble, error: &tantivy::TantivyError) -> EngineError {
    let message = trouble.get().map_or_else(|| error.to_string(), str::to_owned);
    EngineError::Write { path: path.to_owned(), message }
}
