//! An index on this machine, kept with tantivy. The only folder that knows tantivy.
//!
//! * [`generation`]: the index directory, its manifest, locks and generations
//! * [`mod@open`]: one complete state, open for reading
//! * [`names`]: which names are one person; [`digest`]: kept for all readers
//! * [`search`]: queries, ranking, facets, snippets
//! * [`writer`]: writing a generation
//! * [`budget`]: the bound on memory under way
//! * [`bookkeeping`]: what the index remembers of files and records
//! * [`duplicates`]: one article found in several places
//! * [`repeats`]: lines that stand in many articles of one outlet
//! * [`check`]: verifying an index
//! * `seal`: checksums of the lists that name everything else
//! * [`tokenizer`], `fields`, `document`, `dir`: the schema, analyzers, documents and files as tantivy wants them

pub mod bookkeeping;
pub mod budget;
pub mod check;
pub mod digest;
mod dir;
mod document;
pub mod duplicates;
#[cfg(test)]
mod faults;
pub mod fields;
pub mod generation;
pub mod names;
pub mod open;
mod proof;
pub mod repeats;
mod seal;
pub mod search;
pub mod tokenizer;
mod trouble;
pub mod writer;

use std::collections::HashSet;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use tantivy::DocAddress;

use crate::authority::Authority;
use crate::engine::caught::caught;
use crate::engine::{EngineError, SearchBackend};
use crate::model::search::{
    CountRequest, CountResponse, FacetCount, FacetField, Family, Highlights, IndexInfo, News, SearchRequest,
    SearchResponse, StoredArticle, TrendRequest,
};
use crate::model::{ArticleId, Doubt, Query, Rejection};
use crate::schema::record::{self, RecordView};
use crate::schema::{DocumentKind, Field};
pub use dir::Which;
use generation::IndexDir;
use open::OpenState;

/// An open index. Cheap to share between threads by reference.
pub struct LocalIndex {
    dir: IndexDir,
    authority: Authority,
    current: RwLock<Current>,
    /// A newer state that was looked at; moving to it opens nothing.
    ahead: RwLock<Option<Current>>,
}

#[derive(Clone)]
struct Current {
    state: Arc<OpenState>,
    generation: u64,
    _held: Option<Arc<File>>,
}

/// Opens the index at `path` for reading, with the names the program knows.
///
/// # Errors
/// `NoIndex`, `OtherVersion`, `Damaged`, `Io`.
pub fn open(path: &Path) -> Result<LocalIndex, EngineError> {
    open_with(path, Authority::embedded())
}

/// Opens the index at `path` for reading, with the user's own list of names.
///
/// # Errors
/// As [`open()`].
pub fn open_with(path: &Path, authority: Authority) -> Result<LocalIndex, EngineError> {
    let dir = IndexDir::new(path);
    let current = RwLock::new(open_current(&dir, &authority)?);
    Ok(LocalIndex { dir, authority, current, ahead: RwLock::new(None) })
}

/// How often the manifest is read again when the generation it named is gone.
const ATTEMPTS: usize = 5;

fn open_current(dir: &IndexDir, authority: &Authority) -> Result<Current, EngineError> {
    let mut attempt = 0;
    loop {
        attempt += 1;
        let generation = dir.current()?;
        let held = dir.hold(generation).map(Arc::new);
        let path = dir.generation(generation);
        let opened = unless_panic(&path, || OpenState::open(&path, Which::Published, authority.clone()));
        match opened {
            Ok(state) => return Ok(Current { state: Arc::new(state), generation, _held: held }),
            Err(error) if attempt == ATTEMPTS || dir.current()? == generation => return Err(error),
            Err(_) => {}
        }
    }
}

impl LocalIndex {
    /// The state that answers now. Keep it for all steps of one answer.
    pub fn state(&self) -> Arc<OpenState> {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner).state)
    }

    /// The index directory.
    pub fn path(&self) -> &Path {
        &self.dir.root
    }

    /// Whether everything found in the corpus is in; not so while a first build goes on, or after an interruption.
    pub fn is_finished(&self) -> bool {
        self.state().commit.finished
    }

    fn generation(&self) -> u64 {
        self.current.read().unwrap_or_else(PoisonError::into_inner).generation
    }

    /// Where the file is that articles call `path` (without a record's number). `None` for a path of no corpus folder.
    pub fn file_of(&self, path: &str) -> Option<PathBuf> {
        let state = self.state();
        let roots = state.commit.corpus.iter().zip(&state.commit.corpus_names);
        roots
            .filter_map(|(root, name)| Some((root, name, path.strip_prefix(name.as_str())?)))
            .filter(|(_, name, below)| name.is_empty() || below.is_empty() || below.starts_with('/'))
            .max_by_key(|(_, name, _)| name.len())
            .map(|(root, _, below)| match below.trim_start_matches('/') {
                "" => PathBuf::from(root),
                below => Path::new(root).join(below),
            })
    }

    /// The newest complete state, opened once; `None` when it is the one that answers.
    fn newest(&self) -> Result<Option<Current>, EngineError> {
        if !self.is_stale()? {
            return Ok(None);
        }
        let known = self.ahead.read().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(known) = known {
            let is_newest =
                self.dir.current()? == known.generation && open::mark(&known.state.path)? == known.state.mark;
            if is_newest {
                return Ok(Some(known));
            }
        }
        let opened = open_current(&self.dir, &self.authority)?;
        *self.ahead.write().unwrap_or_else(PoisonError::into_inner) = Some(opened.clone());
        Ok(Some(opened))
    }

    /// The address of an article by article id, quote id or the record's own id.
    fn find(state: &OpenState, id: &str) -> Result<Option<DocAddress>, EngineError> {
        let article = id.rsplit_once("-q").filter(|(_, no)| no.bytes().all(|b| b.is_ascii_digit()));
        for id in [id, article.map_or(id, |(article, _)| article)] {
            let is_key = id.len() == 16 && id.bytes().all(|byte| byte.is_ascii_hexdigit());
            if is_key {
                let key = ArticleId(id.to_ascii_lowercase()).key();
                if let Some(address) = article_of(state, state.with_number(Field::ArticleKey, key)?)? {
                    return Ok(Some(address));
                }
            }
            if let Some(address) = article_of(state, state.with_keyword(Field::SourceId, id)?)? {
                return Ok(Some(address));
            }
        }
        Ok(None)
    }
}

/// The first article among `addresses`, or the one that a duplicate among them stands for.
fn article_of(state: &OpenState, addresses: Vec<DocAddress>) -> Result<Option<DocAddress>, EngineError> {
    let mut articles = Vec::new();
    for address in addresses {
        if state.segments[address.segment_ord as usize].is_kind(address.doc_id, DocumentKind::Article)? {
            let key =
                state.segments[address.segment_ord as usize].number(Field::ArticleKey)?.first(address.doc_id);
            articles.push((key, address));
        }
    }
    // The place of a document depends on how the index came about; the smallest id does not.
    Ok(articles.into_iter().min_by_key(|(key, _)| *key).map(|(_, address)| address))
}

/// The article at `address` with its quotes, its speakers' names joined across the index.
///
/// # Errors
/// `Damaged`, `Io`.
pub fn stored_article(state: &OpenState, address: DocAddress) -> Result<StoredArticle, EngineError> {
    let bytes = state.record(address)?;
    let unreadable = || state.damaged(format!("the record of {address:?} cannot be read"));
    let view = RecordView::open(&bytes).ok_or_else(unreadable)?;
    let mut article = StoredArticle {
        article: view.article().ok_or_else(unreadable)?,
        quotes: view.quotes().ok_or_else(unreadable)?,
        also_at: Vec::new(),
    };
    let names = state.names()?;
    for speaker in article.quotes.iter_mut().filter_map(|quote| quote.speaker.as_mut()) {
        let shown = names.shown(speaker);
        if shown != speaker {
            *speaker = shown.to_owned();
        }
    }
    let segment = &state.segments[address.segment_ord as usize];
    if let Some(same_key) = segment.number(Field::SameKey)?.first(address.doc_id) {
        for other in state.with_number(Field::DuplicateOf, same_key)? {
            let bytes = state.record(other)?;
            article
                .also_at
                .extend(RecordView::open(&bytes).and_then(|view| view.head()).map(|head| head.path));
        }
        article.also_at.sort_unstable();
    }
    Ok(article)
}

impl SearchBackend for LocalIndex {
    fn search(&self, request: &SearchRequest) -> Result<SearchResponse, EngineError> {
        let state = self.state();
        guarded(&state, |state| search::run(state.view()?, request))
    }

    fn count(&self, request: &CountRequest) -> Result<CountResponse, EngineError> {
        let state = self.state();
        guarded(&state, |state| search::count(state.view()?, request))
    }

    fn trends(&self, request: &TrendRequest) -> Result<Vec<Vec<u64>>, EngineError> {
        let state = self.state();
        guarded(&state, |state| search::trends(state.view()?, request))
    }

    fn highlights(&self, id: &str, query: &Query) -> Result<Highlights, EngineError> {
        let state = self.state();
        guarded(&state, |state| match LocalIndex::find(state, id)? {
            Some(address) => search::highlights(state.view()?, address, query),
            None => Ok(Highlights::default()),
        })
    }

    fn article(&self, id: &str) -> Result<Option<StoredArticle>, EngineError> {
        let state = self.state();
        guarded(&state, |state| match LocalIndex::find(state, id)? {
            Some(address) => stored_article(state, address).map(Some),
            None => Ok(None),
        })
    }

    fn family(&self, quote: &str) -> Result<Option<Family>, EngineError> {
        let state = self.state();
        let number = quote.rsplit_once("-q").and_then(|(_, number)| number.parse().ok());
        guarded(&state, |state| match (number, LocalIndex::find(state, quote)?) {
            (Some(number), Some(address)) => search::family(state.view()?, address, number),
            _ => Ok(None),
        })
    }

    fn info(&self) -> Result<IndexInfo, EngineError> {
        let current = self.current.read().unwrap_or_else(PoisonError::into_inner).clone();
        guarded(&current.state, |state| info(&self.dir, current.generation, state))
    }

    fn values(&self, field: FacetField) -> Result<Vec<FacetCount>, EngineError> {
        let state = self.state();
        guarded(&state, |state| search::values(state.view()?, field))
    }

    fn is_stale(&self) -> Result<bool, EngineError> {
        let held = self.current.read().unwrap_or_else(PoisonError::into_inner).clone();
        Ok(self.dir.current()? != held.generation || open::mark(&held.state.path)? != held.state.mark)
    }

    fn refresh(&self) -> Result<bool, EngineError> {
        let Some(opened) = self.newest()? else { return Ok(false) };
        let held = self.state();
        *self.ahead.write().unwrap_or_else(PoisonError::into_inner) = None;
        // Merging changes the files, not what they say.
        let is_newer = opened.state.commit.state != held.commit.state;
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = opened;
        Ok(is_newer)
    }

    fn news(&self, request: &SearchRequest) -> Result<Option<News>, EngineError> {
        let Some(newest) = self.newest()? else { return Ok(None) };
        let held = self.state();
        if newest.state.commit.state == held.commit.state && newest.generation == self.generation() {
            return Ok(None);
        }
        let before = guarded(&held, keys)?;
        guarded(&newest.state, |state| {
            let after = keys(state)?;
            let mut request = request.clone();
            request.facets.clear();
            request.limit = 0;
            Ok(Some(News {
                came: after.difference(&before).count() as u64,
                went: before.difference(&after).count() as u64,
                total: search::run(state.view()?, &request)?.total,
            }))
        })
    }

    fn skipped(&self) -> Result<Vec<Rejection>, EngineError> {
        let state = self.state();
        guarded(&state, bookkeeping::rejections)
    }

    fn doubts(&self) -> Result<Vec<Doubt>, EngineError> {
        let state = self.state();
        guarded(&state, bookkeeping::doubts)
    }
}

fn guarded<T>(
    state: &OpenState,
    answer: impl FnOnce(&OpenState) -> Result<T, EngineError>,
) -> Result<T, EngineError> {
    unless_panic(&state.path, || answer(state))
}

/// Runs `read`; a panic inside tantivy (it reads damaged files without checking) becomes damage of the generation in `path`.
fn unless_panic<T>(path: &Path, read: impl FnOnce() -> Result<T, EngineError>) -> Result<T, EngineError> {
    caught(read).unwrap_or_else(|what| {
        Err(EngineError::Damaged { file: path.to_owned(), message: format!("reading it failed ({what})") })
    })
}

/// The keys of the articles of a state.
fn keys(state: &OpenState) -> Result<HashSet<u64, ahash::RandomState>, EngineError> {
    let mut keys = HashSet::default();
    for segment in &state.segments {
        let (kind, key) = (segment.number(Field::Kind)?, segment.number(Field::ArticleKey)?);
        let articles = segment.reader.doc_ids_alive();
        let articles = articles.filter(|doc| kind.first(*doc) == Some(DocumentKind::Article.code()));
        keys.extend(articles.filter_map(|doc| key.first(doc)));
    }
    Ok(keys)
}

fn info(dir: &IndexDir, generation: u64, state: &OpenState) -> Result<IndexInfo, EngineError> {
    let totals = state.totals()?;
    let mut info = IndexInfo {
        path: dir.root.display().to_string(),
        stamp: state.commit.stamp.clone(),
        generation: state.commit.state,
        corpus: state.commit.corpus.clone(),
        articles: totals.articles,
        quotes: totals.quotes,
        outlets: names::live_values(state, Field::Outlet)?.len() as u64,
        speakers: state.names()?.n_speakers,
        size_bytes: dir.size(generation),
        updated_at: state.commit.updated_at,
        finished: state.commit.finished,
        ..IndexInfo::default()
    };
    let mut range: Option<(i64, i64)> = None;
    for segment in &state.segments {
        let (kind, date) = (segment.number(Field::Kind)?, segment.signed(Field::Date)?);
        let outlet = segment.strings(Field::Outlet)?;
        for doc in segment.reader.doc_ids_alive() {
            let code = kind.first(doc);
            info.skipped += u64::from(
                code == Some(DocumentKind::Rejected.code()) || code == Some(DocumentKind::Duplicate.code()),
            );
            if code != Some(DocumentKind::Article.code()) {
                continue;
            }
            let has_outlet = outlet.is_some_and(|column| column.term_ords(doc).next().is_some());
            info.without_outlet += u64::from(!has_outlet);
            match date.first(doc) {
                None => info.undated += 1,
                Some(day) => {
                    let (first, last) = range.unwrap_or((day, day));
                    range = Some((first.min(day), last.max(day)));
                }
            }
        }
    }
    if let Some((first, last)) = range {
        info.first_date = record::date_of(first);
        info.last_date = record::date_of(last);
    }
    Ok(info)
}
