//! The hits of one page: stored records opened, snippets cut, copies named, scores explained.

use tantivy::schema::Value as _;
use tantivy::{DocAddress, DocId, TantivyDocument};

use super::evidence::Evidence;
use super::plan::Plan;
use super::rank;
use super::said;
use super::scan::Candidate;
use super::snippet::{self, Shown};
use super::view::{View, damaged};
use crate::engine::EngineError;
use crate::model::search::{ArticleHead, CopyRef, DocKind, Filters, Highlights, Hit, Matched, SearchRequest};
use crate::model::span::CodePoints;
use crate::schema::record::{self, RecordView};
use crate::schema::{BODY_START, Field};

/// A document that is shown.
pub(super) struct Entry<'e> {
    pub(super) candidate: Candidate,
    /// Whether its score has the parts of [`rank`], too.
    pub(super) weighed: bool,
    pub(super) evidence: &'e Evidence,
    pub(super) copies: Vec<Candidate>,
    /// Whether it has all of the query.
    pub(super) is_match: bool,
    pub(super) rank: usize,
}

/// The hit for one document.
pub(super) fn hit(
    view: &View,
    plan: &Plan,
    request: &SearchRequest,
    entry: &Entry<'_>,
) -> Result<Hit, EngineError> {
    let Candidate { segment, doc, score, .. } = entry.candidate;
    let article_doc = match plan.kind {
        DocKind::Article => doc,
        DocKind::Quote => view.segments[segment].article_of(doc),
    };
    let bytes = stored(view, segment, article_doc)?;
    let unreadable = || unreadable(segment, article_doc);
    let record = RecordView::open(&bytes).ok_or_else(unreadable)?;
    let head = head(view, &record).ok_or_else(unreadable)?;
    let mut hit = Hit {
        rank: entry.rank,
        score,
        matched: matched(plan, entry),
        article: head,
        snippets: Vec::new(),
        quote: None,
        matched_quotes: Vec::new(),
        copies: Vec::new(),
        family: None,
        explain: if request.explain { explain(plan, entry) } else { Vec::new() },
    };
    match plan.kind {
        DocKind::Article if request.snippets > 0 => {
            let at = (segment, article_doc);
            let evidence = said::narrowed(view, plan, &request.filters, at, &record, entry.evidence)?;
            let shown = Shown::open(view, record, &evidence, plan).ok_or_else(unreadable)?;
            hit.snippets = shown.snippets(plan, &evidence, request.snippets);
            hit.matched_quotes = shown.matched_quotes(&hit.article.id, &request.filters.kinds);
        }
        DocKind::Article => {}
        DocKind::Quote => {
            let quotes = record.quotes().ok_or_else(unreadable)?;
            let idx = usize::try_from(entry.candidate.quote_no).unwrap_or(0).wrapping_sub(1);
            let quote = quotes.get(idx).ok_or_else(unreadable)?;
            let marks = snippet::spans_of(&quote.text(record.body), 0, &entry.evidence.marks(plan));
            let points = CodePoints::new(record.body);
            hit.quote =
                Some(snippet::record_of(view, record.body, &points, &hit.article.id, idx, quote, marks));
        }
    }
    for copy in &entry.copies {
        hit.copies.push(copy_ref(view, plan.kind, copy)?);
    }
    Ok(hit)
}

/// What of the article at `address` matched.
pub(super) fn highlights(
    view: &View,
    plan: &Plan,
    address: DocAddress,
    evidence: &Evidence,
) -> Result<Highlights, EngineError> {
    let bytes = stored(view, address.segment_ord as usize, address.doc_id)?;
    let at = (address.segment_ord as usize, address.doc_id);
    let record = RecordView::open(&bytes).ok_or_else(|| unreadable(at.0, at.1))?;
    let evidence = said::narrowed(view, plan, &Filters::default(), at, &record, evidence)?;
    let shown = Shown::open(view, record, &evidence, plan).ok_or_else(|| unreadable(at.0, at.1))?;
    Ok(shown.highlights())
}

/// The record of a document makes no sense.
pub(super) fn unreadable(segment: usize, doc: DocId) -> EngineError {
    EngineError::Damaged {
        file: "generation".into(),
        message: format!("the record of document {doc} in segment {segment} cannot be read"),
    }
}

/// The stored record of an article.
pub(super) fn stored(view: &View, segment: usize, doc: DocId) -> Result<Vec<u8>, EngineError> {
    let address = DocAddress::new(u32::try_from(segment).unwrap_or(0), doc);
    let document: TantivyDocument = view.searcher.doc(address).map_err(damaged)?;
    let record = document.get_first(view.fields.of(Field::Record));
    record.and_then(|value| value.as_bytes()).map(<[u8]>::to_vec).ok_or_else(|| EngineError::Damaged {
        file: "generation".into(),
        message: format!("document {doc} in segment {segment} has no record"),
    })
}

/// The head of an article, speakers under their canonical names, each once.
fn head(view: &View, record: &RecordView<'_>) -> Option<ArticleHead> {
    let mut head = record.head()?;
    let mut speakers: Vec<String> = Vec::with_capacity(head.speakers.len());
    for local in &head.speakers {
        let name = view.canonical(local);
        if !speakers.iter().any(|known| known == name) {
            speakers.push(name.to_owned());
        }
    }
    head.speakers = speakers;
    Some(head)
}

fn matched(plan: &Plan, entry: &Entry<'_>) -> Matched {
    if entry.is_match {
        return Matched::All;
    }
    let mut missing: Vec<String> = Vec::new();
    for leaf in &plan.wanted {
        let word = &plan.leaves[*leaf].word;
        if entry.evidence.own[*leaf].is_empty() && !missing.contains(word) {
            missing.push(word.clone());
        }
    }
    Matched::Most { missing }
}

fn copy_ref(view: &View, kind: DocKind, copy: &Candidate) -> Result<CopyRef, EngineError> {
    let segment = &view.segments[copy.segment];
    let mut outlet = None;
    if let Some(column) = &segment.outlet
        && let Some(ord) = column.term_ords(copy.doc).next()
    {
        let mut name = String::new();
        if column.ord_to_str(ord, &mut name).map_err(super::view::io)? {
            outlet = Some(name);
        }
    }
    let id = match kind {
        DocKind::Article => format!("{:016x}", copy.key),
        DocKind::Quote => format!("{:016x}-q{}", copy.key, copy.quote_no),
    };
    let date = Some(copy.day).filter(|day| *day != i64::MIN).and_then(record::date_of);
    Ok(CopyRef { id, outlet, date })
}

/// The parts of a score in words.
fn explain(plan: &Plan, entry: &Entry<'_>) -> Vec<String> {
    let evidence = entry.evidence;
    let mut lines = Vec::new();
    let shown = plan.wanted.iter().chain(&plan.optional).chain(&plan.marked_leaves);
    let mut seen: Vec<usize> = Vec::new();
    for leaf in shown {
        if seen.contains(leaf) {
            continue;
        }
        seen.push(*leaf);
        let word = &plan.leaves[*leaf];
        let headline = evidence.own[*leaf].iter().filter(|place| place.start < BODY_START).count();
        let body = evidence.own[*leaf].len() - headline;
        let places = match plan.kind {
            DocKind::Article => format!("{headline} in the headline, {body} in the body"),
            DocKind::Quote => format!("{} in the quote", evidence.own[*leaf].len()),
        };
        let forms: Vec<String> = word.own.iter().map(super::leaf::Form::shown).collect();
        lines.push(format!(
            "{} [{}]: {places}; in {} documents, weight {:.2}",
            word.word,
            forms.join(", "),
            word.doc_freq,
            word.idf
        ));
        for (substitute, places) in word.substitutes.iter().zip(&evidence.substitutes[*leaf]) {
            if !places.is_empty() {
                let weight = substitute.weight * substitute.idf;
                lines.push(format!("{}: {} times, weight {weight:.2}", substitute.label, places.len()));
            }
        }
    }
    for span in &plan.marked_spans {
        let span_plan = &plan.spans[*span];
        let times = evidence.spans[*span].len();
        lines.push(format!("\"{}\": {times} places, weight {:.2}", span_plan.shown, span_plan.idf));
    }
    let parts = if entry.weighed { rank::parts(plan, evidence) } else { Vec::new() };
    let Candidate { score, trust, .. } = entry.candidate;
    let more: f32 = parts.iter().map(|part| part.score).sum();
    let base = if trust > 0.0 { score / trust - more } else { score };
    lines.push(format!("the words, by rarity and number: {base:.2}"));
    for part in parts {
        lines.push(format!("{}: {:+.2}", part.reason, part.score));
    }
    if trust < 1.0 {
        lines.push(format!("only some words between marks: times {trust:.2}"));
    }
    lines.push(format!("score {:.3}", entry.candidate.score));
    lines
}
