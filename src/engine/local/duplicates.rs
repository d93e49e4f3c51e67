//! One article found in several places: indexed once, from the first place; the others are kept aside.
//!
//! Records that are one article share `same_key` (see `schema::documents`). The one whose path and record come first is the
//! article; the others are documents of kind `duplicate`, which hold everything but are not searched. Which is which is
//! decided when all records of an update are in, from all of them: so it does not depend on the order of updates, and
//! when the first place disappears, the next takes over.

use tantivy::DocAddress;

use super::open::OpenState;
use super::writer::Writer;
use crate::engine::EngineError;
use crate::model::{ArticleId, Rejection, RejectionReason, SourceRef};
use crate::schema::record::RecordView;
use crate::schema::{DocumentKind, Field, Origin, documents};

/// A record that shares its `same_key` with others, or stands aside without need.
struct Member {
    source: SourceRef,
    address: DocAddress,
    is_article: bool,
}

/// Makes every group of `state` have one article, its first. Returns how many records changed sides.
///
/// # Errors
/// `Damaged`, `Io`, `Write`.
pub fn settle(state: &OpenState, writer: &Writer) -> Result<u64, EngineError> {
    let mut changed = 0;
    for group in groups(state)? {
        for (idx, member) in group.iter().enumerate() {
            let is_first = idx == 0;
            if member.is_article != is_first {
                put(state, writer, member.address, is_first)?;
                changed += 1;
            }
        }
    }
    Ok(changed)
}

/// Every duplicate with the place of its article.
///
/// # Errors
/// `Damaged`, `Io`.
pub(super) fn with_winners(state: &OpenState) -> Result<Vec<(DocAddress, SourceRef)>, EngineError> {
    let mut found = Vec::new();
    for group in groups(state)? {
        let Some((first, others)) = group.split_first() else {
            continue;
        };
        found.extend(others.iter().map(|other| (other.address, first.source.clone())));
    }
    Ok(found)
}

/// What is said of a record that is indexed from elsewhere.
pub fn rejection(source_ref: SourceRef, winner: &SourceRef) -> Rejection {
    let message = format!("the same article as {winner}");
    Rejection { source_ref, reason: RejectionReason::Duplicate, message }
}

/// Groups of several records, and groups of one that stands aside; members by path and record.
fn groups(state: &OpenState) -> Result<Vec<Vec<Member>>, EngineError> {
    let mut all: Vec<(u64, bool, DocAddress)> = Vec::new();
    for (ord, segment) in state.segments.iter().enumerate() {
        let (kind, same) = (segment.number(Field::Kind)?, segment.number(Field::SameKey)?);
        for doc in segment.reader.doc_ids_alive() {
            let Some(key) = same.first(doc) else { continue };
            let is_article = kind.first(doc) == Some(DocumentKind::Article.code());
            all.push((key, is_article, DocAddress::new(ord as u32, doc)));
        }
    }
    all.sort_unstable();
    let mut groups = Vec::new();
    for group in all.chunk_by(|a, b| a.0 == b.0) {
        if let [(_, true, _)] = group {
            continue;
        }
        let mut members = Vec::new();
        for (_, is_article, address) in group {
            let bytes = state.record(*address)?;
            let article = RecordView::open(&bytes).and_then(|view| view.article());
            let source = article.ok_or_else(|| state.damaged("a record that cannot be read"))?.source;
            members.push(Member { source, address: *address, is_article: *is_article });
        }
        members.sort_by(|a, b| a.source.cmp(&b.source));
        groups.push(members);
    }
    Ok(groups)
}

/// Writes a stored record anew, as article or as duplicate.
fn put(state: &OpenState, writer: &Writer, address: DocAddress, as_article: bool) -> Result<(), EngineError> {
    let bytes = state.record(address)?;
    let unreadable = || state.damaged("a record that cannot be read");
    let view = RecordView::open(&bytes).ok_or_else(unreadable)?;
    let (article, quotes) = (view.article().ok_or_else(unreadable)?, view.quotes().ok_or_else(unreadable)?);
    let segment = &state.segments[address.segment_ord as usize];
    let number = |field| Ok::<_, EngineError>(segment.number(field)?.first(address.doc_id));
    let origin = Origin {
        file_key: number(Field::FileKey)?.ok_or_else(unreadable)?,
        record_no: number(Field::RecordNo)?,
        fingerprint: number(Field::Fingerprint)?.ok_or_else(unreadable)?,
        added: state.commit.state,
    };
    let documents = match as_article {
        true => documents::block(&article, &quotes, &origin),
        false => vec![documents::duplicate(&article, &quotes, &origin)],
    };
    writer.put(Some(ArticleId(article.id.clone()).key()), documents, None)
}
