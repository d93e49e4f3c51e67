//! What an index remembers of the files and records it was made from.
//!
//! It lives in columns of the documents themselves, so it is published with them and cannot disagree with them.

use std::collections::HashMap;

use tantivy::DocAddress;

use super::open::OpenState;
use crate::engine::EngineError;
use crate::model::{Doubt, NoticeKind, Rejection, TINY_BODY};
use crate::schema::record::RecordView;
use crate::schema::{DocumentKind, Field, FileState};

/// A file as the index knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownFile {
    /// Bytes.
    pub size: u64,
    /// Time of last change, nanoseconds since 1970-01-01.
    pub modified_ns: i64,
    /// Hash of its bytes.
    pub hash: u64,
    address: DocAddress,
}

/// A record as the index knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownRecord {
    /// Article, duplicate or rejected.
    pub kind: DocumentKind,
    /// The key by which it is replaced.
    pub key: u64,
    /// Record within the file, from 1.
    pub record_no: Option<u64>,
    /// Hash of the record as read.
    pub fingerprint: u64,
}

/// All files, by `file_key`. Reads columns only.
///
/// # Errors
/// `Damaged`, `Io`.
pub fn files(state: &OpenState) -> Result<HashMap<u64, KnownFile>, EngineError> {
    let mut files = HashMap::new();
    for address in state.with_number(Field::Kind, DocumentKind::File.code())? {
        let segment = &state.segments[address.segment_ord as usize];
        let number = |field| Ok::<_, EngineError>(segment.number(field)?.first(address.doc_id));
        let (Some(key), Some(size), Some(hash)) =
            (number(Field::FileKey)?, number(Field::FileSize)?, number(Field::FileHash)?)
        else {
            return Err(state.damaged("a file without its state"));
        };
        let modified_ns = segment.signed(Field::FileModified)?.first(address.doc_id).unwrap_or(0);
        files.insert(key, KnownFile { size, modified_ns, hash, address });
    }
    Ok(files)
}

/// What is stored of a file, its path above all.
///
/// # Errors
/// `Damaged`, `Io`.
pub fn file_state(state: &OpenState, file: &KnownFile) -> Result<FileState, EngineError> {
    let bytes = state.record(file.address)?;
    serde_json::from_slice(&bytes).map_err(|error| state.damaged(format!("the state of a file: {error}")))
}

/// The name of a file, from its state or from one of its records. `None` when neither tells.
///
/// # Errors
/// `Damaged`, `Io`.
pub fn name_of(
    state: &OpenState,
    file_key: u64,
    known: Option<&KnownFile>,
) -> Result<Option<String>, EngineError> {
    if let Some(known) = known {
        return Ok(Some(file_state(state, known)?.path));
    }
    for address in state.with_number(Field::FileKey, file_key)? {
        let bytes = state.record(address)?;
        if let Some(article) = RecordView::open(&bytes).and_then(|view| view.article()) {
            return Ok(Some(article.source.path));
        }
        if let Ok(rejection) = serde_json::from_slice::<Rejection>(&bytes) {
            return Ok(Some(rejection.source_ref.path));
        }
    }
    Ok(None)
}

/// The records of one file, whether or not the file's own state is known.
///
/// # Errors
/// `Damaged`, `Io`.
pub fn records(state: &OpenState, file_key: u64) -> Result<Vec<KnownRecord>, EngineError> {
    let mut records = Vec::new();
    for address in state.with_number(Field::FileKey, file_key)? {
        let segment = &state.segments[address.segment_ord as usize];
        let number = |field| Ok::<_, EngineError>(segment.number(field)?.first(address.doc_id));
        let kind = match number(Field::Kind)? {
            Some(code) if code == DocumentKind::Article.code() => DocumentKind::Article,
            Some(code) if code == DocumentKind::Duplicate.code() => DocumentKind::Duplicate,
            Some(code) if code == DocumentKind::Rejected.code() => DocumentKind::Rejected,
            _ => continue,
        };
        let (Some(key), Some(fingerprint)) = (number(Field::ArticleKey)?, number(Field::Fingerprint)?) else {
            return Err(state.damaged("a record without its key"));
        };
        records.push(KnownRecord { kind, key, record_no: number(Field::RecordNo)?, fingerprint });
    }
    Ok(records)
}

/// Every `file_key` that any record has, sorted: files whose state was never completed are found by it.
///
/// # Errors
/// `Damaged`, `Io`.
pub fn file_keys(state: &OpenState) -> Result<Vec<u64>, EngineError> {
    let mut keys = Vec::new();
    for segment in &state.segments {
        let column = segment.number(Field::FileKey)?;
        let mut last = None;
        for doc in segment.reader.doc_ids_alive() {
            let key = column.first(doc);
            if key.is_some() && key != last {
                keys.extend(key);
                last = key;
            }
        }
    }
    keys.sort_unstable();
    keys.dedup();
    Ok(keys)
}

/// The `file_key`s that hold a rejected record, sorted.
///
/// # Errors
/// `Damaged`, `Io`.
pub fn files_with_rejections(state: &OpenState) -> Result<Vec<u64>, EngineError> {
    let mut keys = Vec::new();
    for address in state.with_number(Field::Kind, DocumentKind::Rejected.code())? {
        keys.extend(
            state.segments[address.segment_ord as usize].number(Field::FileKey)?.first(address.doc_id),
        );
    }
    keys.sort_unstable();
    keys.dedup();
    Ok(keys)
}

/// The articles that lack something, by what they lack, then by path and record.
///
/// # Errors
/// `Damaged`, `Io`.
pub fn doubts(state: &OpenState) -> Result<Vec<Doubt>, EngineError> {
    let mut doubts = Vec::new();
    for (segment_ord, segment) in (0..).zip(&state.segments) {
        let (kind, words) = (segment.number(Field::Kind)?, segment.number(Field::Words)?);
        let (date, outlet) = (segment.signed(Field::Date)?, segment.strings(Field::Outlet)?);
        for doc_id in segment.reader.doc_ids_alive() {
            if kind.first(doc_id) != Some(DocumentKind::Article.code()) {
                continue;
            }
            let has_outlet = outlet.is_some_and(|column| column.term_ords(doc_id).next().is_some());
            let is_tiny = words.first(doc_id).is_some_and(|words| words < u64::from(TINY_BODY));
            let lacks = [
                (date.first(doc_id).is_none(), NoticeKind::NoDate),
                (!has_outlet, NoticeKind::NoOutlet),
                (is_tiny, NoticeKind::TinyBody),
            ];
            if lacks.iter().all(|(is_lacking, _)| !is_lacking) {
                continue;
            }
            let bytes = state.record(DocAddress { segment_ord, doc_id })?;
            let article = RecordView::open(&bytes).and_then(|view| view.article());
            let article = article.ok_or_else(|| state.damaged("an article that cannot be read"))?;
            for (_, kind) in lacks.into_iter().filter(|(is_lacking, _)| *is_lacking) {
                doubts.push(Doubt {
                    kind,
                    source_ref: article.source.clone(),
                    id: article.id.clone(),
                    headline: article.headline.clone(),
                    words: article.words,
                });
            }
        }
    }
    doubts.sort_unstable();
    Ok(doubts)
}

/// The rejected records and duplicates, by path and record.
///
/// # Errors
/// `Damaged`, `Io`.
pub fn rejections(state: &OpenState) -> Result<Vec<Rejection>, EngineError> {
    let mut rejections = Vec::new();
    for address in state.with_number(Field::Kind, DocumentKind::Rejected.code())? {
        let bytes = state.record(address)?;
        let rejection: Rejection = serde_json::from_slice(&bytes)
            .map_err(|error| state.damaged(format!("a rejected record: {error}")))?;
        rejections.push(rejection);
    }
    for (address, winner) in super::duplicates::with_winners(state)? {
        let bytes = state.record(address)?;
        let article = RecordView::open(&bytes).and_then(|view| view.article());
        let article = article.ok_or_else(|| state.damaged("a duplicate that cannot be read"))?;
        rejections.push(super::duplicates::rejection(article.source, &winner));
    }
    rejections.sort_by(|a, b| a.source_ref.cmp(&b.source_ref));
    Ok(rejections)
}
