//! Lines that stand in many articles of one outlet, found in the column `lines` of a state, and articles written anew for
//! their sake.
//!
//! Which of the lines are furniture, and what an article is without them, is for the caller to say. Decided from all articles
//! of a state when all records of an update are in: so it does not depend on the order of updates.

use std::collections::HashSet;

use tantivy::DocAddress;

use super::open::OpenState;
use super::writer::Writer;
use crate::engine::EngineError;
use crate::model::{Article, ArticleId, Quote};
use crate::schema::record::RecordView;
use crate::schema::repeats::{self, Repeat};
use crate::schema::{DocumentKind, Field, Origin, documents};

/// An article of a state.
pub type Place = DocAddress;

/// Every line that stands in many articles of its outlet.
///
/// # Errors
/// `Damaged`, `Io`.
pub fn find(state: &OpenState) -> Result<Vec<Repeat<Place>>, EngineError> {
    let mut n_values = 0;
    for segment in &state.segments {
        n_values += u64::from(segment.number(Field::Lines)?.values.num_vals());
    }
    repeats::repeats(n_values, |take| scan(state, take))
}

/// The articles that hold a line of `furniture` which is not cut, or lack one that is furniture no more.
///
/// # Errors
/// `Damaged`, `Io`.
pub fn outdated(state: &OpenState, furniture: &HashSet<u64>) -> Result<Vec<Place>, EngineError> {
    let mut outdated = Vec::new();
    scan(state, &mut |place, lines| {
        if repeats::is_outdated(lines, furniture) {
            outdated.push(place);
        }
    })?;
    Ok(outdated)
}

/// The lines that are cut in articles of a state.
///
/// # Errors
/// `Damaged`, `Io`.
pub fn cut(state: &OpenState) -> Result<HashSet<u64>, EngineError> {
    let mut furniture = HashSet::new();
    scan(state, &mut |_, lines| furniture.extend(repeats::cut(lines)))?;
    Ok(furniture)
}

/// The article at `place`, as stored.
///
/// # Errors
/// `Damaged`, `Io`.
pub fn article(state: &OpenState, place: Place) -> Result<Article, EngineError> {
    let bytes = state.record(place)?;
    let article = RecordView::open(&bytes).and_then(|view| view.article());
    article.ok_or_else(|| state.damaged("an article that cannot be read"))
}

/// Writes `article`, which stands at `place`, anew. It is no newer for it.
///
/// # Errors
/// `Damaged`, `Io`, `Write`.
pub fn replace(
    state: &OpenState,
    writer: &Writer,
    place: Place,
    article: &Article,
    quotes: &[Quote],
) -> Result<(), EngineError> {
    let segment = &state.segments[place.segment_ord as usize];
    let number = |field| Ok::<_, EngineError>(segment.number(field)?.first(place.doc_id));
    let unreadable = || state.damaged("an article without its origin");
    let origin = Origin {
        file_key: number(Field::FileKey)?.ok_or_else(unreadable)?,
        record_no: number(Field::RecordNo)?,
        fingerprint: number(Field::Fingerprint)?.ok_or_else(unreadable)?,
        added: number(Field::Added)?.ok_or_else(unreadable)?,
    };
    let documents = documents::block(article, quotes, &origin);
    writer.put(Some(ArticleId(article.id.clone()).key()), documents, None)
}

/// Hands on the `lines` of every article, in the order of documents.
fn scan(state: &OpenState, take: &mut dyn FnMut(Place, &[u64])) -> Result<(), EngineError> {
    let mut lines = Vec::new();
    for (ord, segment) in state.segments.iter().enumerate() {
        let (kind, column) = (segment.number(Field::Kind)?, segment.number(Field::Lines)?);
        let n_quotes = segment.number(Field::NQuotes)?;
        let mut next = 0;
        for doc in segment.reader.doc_ids_alive() {
            // Quotes stand behind their article, and are most of all documents.
            if doc >= next && kind.first(doc) == Some(DocumentKind::Article.code()) {
                next = doc.saturating_add(1 + n_quotes.first(doc).unwrap_or(0) as u32);
                lines.clear();
                lines.extend(column.values_for_doc(doc));
                take(DocAddress::new(ord as u32, doc), &lines);
            }
        }
    }
    Ok(())
}
