//! What is marked for `said(...)` in an article: the words in the quotes that meet it, not those that others say.
//!
//! In: the evidence of an article, by the words of the whole query. Out: the same without places outside the quotes that
//! meet the condition.

use std::borrow::Cow;

use tantivy::DocId;

use super::evidence::Evidence;
use super::open::Opener;
use super::plan::Plan;
use super::view::View;
use crate::engine::EngineError;
use crate::model::Span;
use crate::model::search::Filters;
use crate::query::Place;
use crate::schema::record::RecordView;
use crate::text;

/// The evidence with what `said(...)` asks for narrowed to the quotes that meet it.
///
/// # Errors
/// Those of reading the index. A record that cannot be read narrows nothing.
pub(super) fn narrowed<'e>(
    view: &View,
    plan: &Plan,
    filters: &Filters,
    (segment_idx, article): (usize, DocId),
    record: &RecordView<'_>,
    evidence: &'e Evidence,
) -> Result<Cow<'e, Evidence>, EngineError> {
    if plan.said.is_empty() {
        return Ok(Cow::Borrowed(evidence));
    }
    let (Some((_, sentences)), Some(quotes)) = (record.layout(), record.quotes()) else {
        return Ok(Cow::Borrowed(evidence));
    };
    let mut narrowed = evidence.clone();
    let segment = &view.segments[segment_idx];
    let opener = Opener { view, segment, segment_idx, filters };
    for (spans, said) in &plan.said {
        let numbers = opener.quotes_that(said, article)?;
        let content: Vec<Span> = numbers
            .iter()
            .filter_map(|number| quotes.get(number - 1))
            .flat_map(|quote| quote.content.iter().copied())
            .collect();
        let inside = positions(record.body, &sentences, &evidence.bounds, &content);
        for span in spans {
            narrowed.spans[*span].retain(|place| {
                inside.iter().any(|within| within.start <= place.start && place.end <= within.end)
            });
        }
    }
    Ok(Cow::Owned(narrowed))
}

/// The word positions of some parts of a body.
fn positions(body: &str, sentences: &[Span], bounds: &[u64], parts: &[Span]) -> Vec<Place> {
    let mut places: Vec<Place> = Vec::new();
    for part in parts {
        let mut place: Option<Place> = None;
        for (sentence, bound) in sentences.iter().zip(bounds) {
            if !sentence.overlaps(*part) {
                continue;
            }
            let first = u32::try_from(bound / 2).unwrap_or(u32::MAX);
            text::word::tokenize(sentence.of(body), &mut |_: &str, position, span: Span| {
                let span = Span::new(sentence.start + span.start, sentence.start + span.end);
                if span.overlaps(*part) {
                    let at = first.saturating_add(position);
                    let found = place.get_or_insert(Place { start: at, end: at + 1 });
                    found.end = found.end.max(at + 1);
                }
            });
        }
        places.extend(place);
    }
    places
}
