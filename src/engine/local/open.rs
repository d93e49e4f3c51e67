//! One complete state of an index, open for reading.
//!
//! In: the directory of a generation. Out: [`OpenState`]: tantivy's searcher, what the commit said, the columns of every
//! segment, and tables made from them when first asked for. A state never changes; a newer one is opened beside it.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tantivy::columnar::{Column, StrColumn};
use tantivy::schema::{IndexRecordOption, Value as _};
use tantivy::{
    DocAddress, DocId, DocSet, Index, ReloadPolicy, Searcher, SegmentReader, TERMINATED, TantivyDocument,
    Term,
};

use super::digest::Digest;
use super::dir::{META, PUBLISHED, ReadDirectory, Which};
use super::fields::Fields;
use super::names::Names;
use super::seal;
use super::search::{Source, View};
use super::tokenizer;
use crate::authority::Authority;
use crate::engine::EngineError;
use crate::model::search::Stamp;
use crate::schema::{DocumentKind, Field, SchemaSpec};

/// What a commit says about itself; it is published together with the documents.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommitState {
    /// What made the index.
    pub stamp: Stamp,
    /// Complete state, counted from 1.
    pub state: u64,
    /// Corpus paths, absolute.
    pub corpus: Vec<String>,
    /// What the names of their files begin with, beside `corpus`.
    #[serde(default)]
    pub corpus_names: Vec<String>,
    /// Hash of the way files were read (mapping, limits).
    #[serde(default)]
    pub reading: String,
    /// Seconds since 1970-01-01 UTC.
    pub updated_at: i64,
    /// Whether everything found in the corpus is in; not so after an interruption.
    pub finished: bool,
}

/// Live documents and their tokens, by which scores are made: functions of what the index holds, not of how it came to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// Articles.
    pub articles: u64,
    /// Quotes, all kinds.
    pub quotes: u64,
    /// Tokens of the articles' `text`.
    pub article_tokens: u64,
    /// Tokens of the quotes' `quote_text`.
    pub quote_tokens: u64,
}

/// One complete state.
pub struct OpenState {
    /// tantivy's snapshot.
    pub searcher: Searcher,
    /// Handles of the fields.
    pub fields: Fields,
    /// What the commit says.
    pub commit: CommitState,
    /// Columns, by segment.
    pub segments: Vec<SegmentColumns>,
    /// Where the generation lies.
    pub path: PathBuf,
    pub(super) mark: u64,
    authority: Authority,
    which: Which,
    totals: OnceLock<Totals>,
    names: OnceLock<Names>,
    view: OnceLock<View>,
}

/// Columns of one segment, opened when first asked for.
pub struct SegmentColumns {
    /// The segment.
    pub reader: SegmentReader,
    numbers: Vec<OnceLock<Column<u64>>>,
    signed: Vec<OnceLock<Column<i64>>>,
    strings: Vec<OnceLock<Option<StrColumn>>>,
}

/// How often a state is tried to open while a writer replaces it, and the pause between.
const ATTEMPTS: u32 = 40;
/// Blocks of stored records a reader keeps unpacked, about 16 MB, shared by the segments. Whoever searches asks for the
/// same records again, a word more or a page further, and unpacking them is a third of a search.
const STORE_BLOCKS: usize = 500;
const STORE_BLOCKS_LEAST: usize = 25;
const PAUSE: Duration = Duration::from_millis(25);

impl OpenState {
    /// Opens a state of the generation in `path`.
    ///
    /// # Errors
    /// `Damaged`, `OtherVersion`, `Io`.
    pub fn open(path: &Path, which: Which, authority: Authority) -> Result<OpenState, EngineError> {
        let mut attempt = 0;
        loop {
            attempt += 1;
            match OpenState::try_open(path, which, authority.clone()) {
                // The writer may have replaced the state and removed its files in between.
                Err(EngineError::Damaged { .. }) if attempt < ATTEMPTS && has_changed(path, attempt) => {}
                result => return result,
            }
        }
    }

    fn try_open(path: &Path, which: Which, authority: Authority) -> Result<OpenState, EngineError> {
        let fail = |error| engine_error(path, error);
        let directory = ReadDirectory::open(path, which).map_err(|error| fail(error.into()))?;
        let mut index = Index::open(directory).map_err(fail)?;
        index.set_tokenizers(tokenizer::analyzers());
        let fields = Fields::embedded();
        let before = if which == Which::Published { mark(path)? } else { 0 };
        let metas = index.load_metas().map_err(fail)?;
        let commit = commit_state(path, metas.payload.as_deref())?;
        let wanted = SchemaSpec::embedded().hash();
        if commit.stamp.schema_hash != wanted || index.schema() != fields.schema {
            return Err(EngineError::OtherVersion {
                path: path.to_owned(),
                found: format!("schema {} {}", commit.stamp.schema_version, commit.stamp.schema_hash),
                wanted: format!("schema {} {wanted}", SchemaSpec::embedded().version),
            });
        }
        // tantivy opens some files only when a query needs them; a state that answers half of them is no state.
        let missing = metas.list_segment_files().into_iter().filter(|file| !is_optional(file));
        if let Some(file) = missing.map(|file| path.join(file)).find(|file| !file.exists()) {
            return Err(EngineError::Damaged { file, message: String::from("the file is missing") });
        }
        let blocks = (STORE_BLOCKS / metas.segments.len().max(1)).max(STORE_BLOCKS_LEAST);
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual);
        let reader = reader.doc_store_cache_num_blocks(blocks).try_into().map_err(fail)?;
        let searcher = reader.searcher();
        if which == Which::Published && mark(path)? != before {
            let message = String::from("replaced while it was opened");
            return Err(EngineError::Damaged { file: path.to_owned(), message });
        }
        let digest = match which {
            Which::Published => Digest::read(path, commit.state, authority.hash()),
            Which::Latest => None,
        };
        let (totals, names) = digest.map(|digest| (digest.totals, digest.names)).unzip();
        let segments =
            searcher.segment_readers().iter().map(|reader| SegmentColumns::new(reader.clone())).collect();
        Ok(OpenState {
            searcher,
            fields,
            commit,
            segments,
            path: path.to_owned(),
            mark: before,
            authority,
            which,
            totals: totals.map(OnceLock::from).unwrap_or_default(),
            names: names.map(OnceLock::from).unwrap_or_default(),
            view: OnceLock::new(),
        })
    }

    /// The rules by which names are joined.
    pub(super) fn authority(&self) -> &Authority {
        &self.authority
    }

    /// Live documents and tokens: from the columns, since tantivy's own token totals are estimates once segments with
    /// deleted documents were merged, and would let scores depend on how the index came about.
    ///
    /// # Errors
    /// `Damaged`, `Io`.
    pub fn totals(&self) -> Result<Totals, EngineError> {
        if let Some(totals) = self.totals.get() {
            return Ok(*totals);
        }
        let mut totals = Totals::default();
        for segment in &self.segments {
            let (kind, n_tokens) = (segment.number(Field::Kind)?, segment.number(Field::NTokens)?);
            for doc in segment.reader.doc_ids_alive() {
                let tokens = || n_tokens.first(doc).unwrap_or(0);
                match kind.first(doc) {
                    Some(code) if code == DocumentKind::Article.code() => {
                        totals.articles += 1;
                        totals.article_tokens += tokens();
                    }
                    Some(code) if code == DocumentKind::Quote.code() => {
                        totals.quotes += 1;
                        totals.quote_tokens += tokens();
                    }
                    _ => {}
                }
            }
        }
        Ok(*self.totals.get_or_init(|| totals))
    }

    /// Which names are one person.
    ///
    /// # Errors
    /// `Damaged`, `Io`.
    pub fn names(&self) -> Result<&Names, EngineError> {
        if self.names.get().is_none() {
            let names = Names::of(self, &self.authority)?;
            let _ = self.names.set(names);
        }
        self.names.get().ok_or_else(|| self.damaged("names cannot be read"))
    }

    /// The state as searching sees it.
    ///
    /// # Errors
    /// `Damaged`, `Io`.
    pub(super) fn view(&self) -> Result<&View, EngineError> {
        if self.view.get().is_none() {
            let canonical = Arc::clone(&self.names()?.canonical);
            let (searcher, fields) = (self.searcher.clone(), self.fields.clone());
            let path = (self.which == Which::Published).then(|| self.path.clone());
            let source = Source { path, authority: self.authority.hash().to_owned() };
            let made_for = (self.totals()?, self.commit.state);
            let view = View::new(searcher, fields, canonical, self.authority.clone(), source, made_for)?;
            let _ = self.view.set(view);
        }
        self.view.get().ok_or_else(|| self.damaged("columns cannot be read"))
    }

    /// The live documents whose numeric `field` is `value`, in order.
    ///
    /// # Errors
    /// `Damaged`, `Io`.
    pub fn with_number(&self, field: Field, value: u64) -> Result<Vec<DocAddress>, EngineError> {
        self.with_term(&Term::from_field_u64(self.fields.of(field), value))
    }

    /// The live documents whose keyword `field` is `value`, in order.
    ///
    /// # Errors
    /// `Damaged`, `Io`.
    pub fn with_keyword(&self, field: Field, value: &str) -> Result<Vec<DocAddress>, EngineError> {
        self.with_term(&Term::from_field_text(self.fields.of(field), value))
    }

    fn with_term(&self, term: &Term) -> Result<Vec<DocAddress>, EngineError> {
        let fail = |error| engine_error(&self.path, error);
        let mut found = Vec::new();
        for (segment_ord, segment) in self.segments.iter().enumerate() {
            let inverted = segment.reader.inverted_index(term.field()).map_err(fail)?;
            let postings = inverted.read_postings(term, IndexRecordOption::Basic);
            let Some(mut postings) = postings.map_err(|error| fail(error.into()))? else {
                continue;
            };
            let mut doc = postings.doc();
            while doc != TERMINATED {
                if !segment.reader.is_deleted(doc) {
                    found.push(DocAddress::new(segment_ord as u32, doc));
                }
                doc = postings.advance();
            }
        }
        Ok(found)
    }

    /// The stored record of a document.
    ///
    /// # Errors
    /// `Damaged`, `Io`.
    pub fn record(&self, address: DocAddress) -> Result<Vec<u8>, EngineError> {
        let document: TantivyDocument =
            self.searcher.doc(address).map_err(|error| engine_error(&self.path, error))?;
        let record = document.get_first(self.fields.of(Field::Record));
        let bytes = record.and_then(|value| value.as_bytes()).map(<[u8]>::to_vec);
        bytes.ok_or_else(|| self.damaged(format!("document {address:?} has no record")))
    }

    /// Damage found in this generation.
    pub fn damaged(&self, message: impl Into<String>) -> EngineError {
        EngineError::Damaged { file: self.path.clone(), message: message.into() }
    }
}

impl SegmentColumns {
    fn new(reader: SegmentReader) -> Self {
        let n_fields = Field::ALL.len();
        SegmentColumns {
            reader,
            numbers: (0..n_fields).map(|_| OnceLock::new()).collect(),
            signed: (0..n_fields).map(|_| OnceLock::new()).collect(),
            strings: (0..n_fields).map(|_| OnceLock::new()).collect(),
        }
    }

    /// The column of a `u64` field; empty when no document of the segment has a value.
    ///
    /// # Errors
    /// `Damaged`, `Io`.
    pub fn number(&self, field: Field) -> Result<&Column<u64>, EngineError> {
        let slot = &self.numbers[field as usize];
        if slot.get().is_none() {
            let column = self.reader.fast_fields().column_opt::<u64>(field.name());
            let column = column.map_err(|error| engine_error(Path::new(field.name()), error))?;
            let _ = slot.set(column.unwrap_or_else(|| Column::build_empty_column(self.reader.max_doc())));
        }
        slot.get().ok_or_else(|| no_column(field))
    }

    /// The column of an `i64` field.
    ///
    /// # Errors
    /// `Damaged`, `Io`.
    pub fn signed(&self, field: Field) -> Result<&Column<i64>, EngineError> {
        let slot = &self.signed[field as usize];
        if slot.get().is_none() {
            let column = self.reader.fast_fields().column_opt::<i64>(field.name());
            let column = column.map_err(|error| engine_error(Path::new(field.name()), error))?;
            let _ = slot.set(column.unwrap_or_else(|| Column::build_empty_column(self.reader.max_doc())));
        }
        slot.get().ok_or_else(|| no_column(field))
    }

    /// The column of a keyword field; `None` when no document of the segment has a value.
    ///
    /// # Errors
    /// `Damaged`, `Io`.
    pub fn strings(&self, field: Field) -> Result<Option<&StrColumn>, EngineError> {
        let slot = &self.strings[field as usize];
        if slot.get().is_none() {
            let column = self.reader.fast_fields().str(field.name());
            let _ = slot.set(column.map_err(|error| engine_error(Path::new(field.name()), error))?);
        }
        Ok(slot.get().and_then(Option::as_ref))
    }

    /// Whether document `doc` is of `kind`.
    ///
    /// # Errors
    /// `Damaged`, `Io`.
    pub fn is_kind(&self, doc: DocId, kind: DocumentKind) -> Result<bool, EngineError> {
        Ok(self.number(Field::Kind)?.first(doc) == Some(kind.code()))
    }
}

/// Files that the list names whether or not they are there: deletions of a segment without any, temporary stores.
pub(super) fn is_optional(file: &Path) -> bool {
    file.extension().is_some_and(|extension| extension == "del" || extension == "temp")
}

fn no_column(field: Field) -> EngineError {
    EngineError::Damaged { file: PathBuf::from(field.name()), message: String::from("column cannot be read") }
}

/// What the commit of a generation says, whatever version made it, without opening it. `None` when that cannot be read.
pub fn peek(path: &Path, which: Which) -> Option<CommitState> {
    let list = path.join(if which == Which::Published { PUBLISHED } else { META });
    let list = std::fs::read(list).ok()?;
    let list: serde_json::Value = serde_json::from_slice(seal::unsealed(&list)?).ok()?;
    serde_json::from_str(list.get("payload")?.as_str()?).ok()
}

/// Whether the generation in `path` has a commit that readers do not see yet.
pub fn is_ahead(path: &Path) -> bool {
    std::fs::read(path.join(META)).ok() != std::fs::read(path.join(PUBLISHED)).ok()
}

fn commit_state(path: &Path, payload: Option<&str>) -> Result<CommitState, EngineError> {
    let file = path.join("meta.json");
    let payload = payload.ok_or_else(|| EngineError::Damaged {
        file: file.clone(),
        message: String::from("no commit was made by us"),
    })?;
    serde_json::from_str(payload).map_err(|error| EngineError::Damaged { file, message: error.to_string() })
}

/// Waits a moment, then tells whether opening again can help: only while there is a list of segments at all.
fn has_changed(path: &Path, attempt: u32) -> bool {
    if attempt > 3 && !path.join("meta.json").exists() {
        return false;
    }
    // Damage that lasts is reported after three tries unless somebody writes.
    let writing =
        path.ancestors().nth(2).map(super::generation::IndexDir::new).is_some_and(|dir| dir.is_locked());
    std::thread::sleep(PAUSE);
    attempt < 3 || writing
}

/// An error of tantivy by what can be done about it; it concerns the generation in `path`.
pub(super) fn engine_error(path: &Path, error: tantivy::TantivyError) -> EngineError {
    use tantivy::TantivyError as E;
    use tantivy::directory::error::OpenReadError;
    let damaged = |file: PathBuf, message: String| EngineError::Damaged { file, message };
    match error {
        E::OpenReadError(OpenReadError::FileDoesNotExist(file)) => {
            damaged(path.join(file), String::from("the file is missing"))
        }
        E::OpenReadError(OpenReadError::IncompatibleIndex(what)) => {
            damaged(path.to_owned(), format!("not readable by this version: {what:?}"))
        }
        E::OpenReadError(OpenReadError::IoError { io_error, filepath }) => {
            of_file(path.join(filepath), &io_error)
        }
        E::IoError(io_error) => of_file(path.to_owned(), &io_error),
        E::OpenDirectoryError(error) => damaged(path.to_owned(), error.to_string()),
        error => damaged(path.to_owned(), short(&error.to_string())),
    }
}

/// What the system did not say was found in the file: "unsupported version" of a flipped bit is damage.
pub(super) fn of_file(path: PathBuf, error: &std::io::Error) -> EngineError {
    let message = error.to_string();
    match error.raw_os_error() {
        None => EngineError::Damaged { file: path, message },
        Some(_) => EngineError::Io { path, source: std::io::Error::new(error.kind(), message) },
    }
}

/// Some messages quote whole files.
fn short(message: &str) -> String {
    let end = message.floor_char_boundary(300);
    message[..end].replace('\n', " ")
}

/// Mark of the published state in the generation at `path`: another mark means another state.
pub(super) fn mark(path: &Path) -> Result<u64, EngineError> {
    let file = path.join(PUBLISHED);
    let bytes = std::fs::read(&file).map_err(|error| EngineError::io(file, error))?;
    Ok(mark_of(&bytes))
}

fn mark_of(bytes: &[u8]) -> u64 {
    let hash = blake3::hash(bytes);
    hash.as_bytes().iter().take(8).fold(0, |mark, byte| mark << 8 | u64::from(*byte))
}
