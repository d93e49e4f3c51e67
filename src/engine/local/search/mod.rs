//! Searching one opened state: hits, totals, facets, tallies.
//!
//! In: a [`View`] of the state and a request. Out: the response. An answer is a function of the live content and the
//! request: segments, deleted documents and the order of updates do not show.
//!
//! In the order of one search:
//!
//! * [`view`]: columns, statistics and names of the opened state; [`table`]: values of a column of names, [`kept`] beside
//!   the state; [`texts`]: what they consist of
//! * [`leaf`]: a word resolved against the dictionaries; [`stemmed`]: which words have a stem; [`span`]: words in
//!   certain places
//! * [`plan`]: the whole query resolved; [`choose`]: the filters resolved; [`meant`]: whom a typed name means
//! * [`open`]: cursors over one segment; [`cursor`]: walking through documents; [`union`](mod@union): several lists as one
//! * [`gathered`]: the documents of a word that stands for many
//! * [`scan`]: one pass over the matches, one over what has most of the words; [`tally`]: counting by value; [`columns`]:
//!   values as plain numbers
//! * [`trend`]: single values over time
//! * [`evidence`]: where the words stand in the best documents; [`rank`]: their order; [`copies`]: folding
//! * [`cut`]: whether two quotes are the same words; [`mod@family`]: who else carried them; [`shelf`]: quotes read back
//! * [`page`]: the hits; [`snippet`], [`said`]: what is shown of them; [`nearest`]: help for words the index has not

mod choose;
mod columns;
mod copies;
mod cursor;
mod cut;
mod evidence;
mod family;
mod gathered;
pub mod kept;
#[cfg(test)]
mod laws;
mod leaf;
mod meant;
mod nearest;
mod open;
mod page;
mod plan;
mod rank;
mod said;
mod scan;
mod shelf;
mod snippet;
mod span;
mod stemmed;
mod table;
mod tally;
#[cfg(test)]
mod tests;
mod texts;
mod trend;
mod union;
mod view;

use std::collections::HashSet;
use std::sync::{Arc, PoisonError};
use std::time::Instant;

use choose::Choices;
use evidence::Evidence;
use family::Families;
pub(super) use kept::Source;
use plan::Plan;
use scan::{Best, Candidate, Gathered, Scan};
use tally::{CrossTally, FacetTally};
use trend::TrendTally;
use view::Base;
pub(super) use view::View;

use crate::engine::EngineError;
use crate::model::Query;
use crate::model::search::{
    Copies, CountRequest, CountResponse, CountRow, DeadWord, DocKind, FacetCount, FacetField, Family,
    Filters, Highlights, Hit, MatchMode, SearchRequest, SearchResponse, SortBy, TrendRequest,
};

/// Answers a search.
///
/// # Errors
/// `Damaged`, `Io`; `Limit` for a query that asks too much.
pub(super) fn run(view: &View, request: &SearchRequest) -> Result<SearchResponse, EngineError> {
    let started = Instant::now();
    let plan = Plan::new(view, request.kind, &request.query)?;
    let choices = Choices::new(view, &request.filters)?;
    let scan = Scan { view, plan: &plan, filters: &request.filters, choices: &choices };
    let wanted = if request.limit == 0 { 0 } else { request.offset.saturating_add(request.limit) };
    // Folding takes at most the window's length from the list.
    let kept = if wanted == 0 { 0 } else { wanted.saturating_add(copies::WINDOW) };
    let mut gathered = Gathered {
        total: 0,
        undated: 0,
        facets: request
            .facets
            .iter()
            .map(|field| FacetTally::new(view, request.kind, *field))
            .collect::<Result<_, _>>()?,
        cross: None,
        trend: None,
        best: Best::new(kept, request.sort),
    };
    if !scan.is_hopeless() || !request.facets.is_empty() {
        scan.matches(&mut gathered)?;
    }
    let matches = gathered.best.into_list();
    let found: HashSet<(usize, u32)> =
        matches.iter().map(|candidate| (candidate.segment, candidate.doc)).collect();
    let mut list = ranked(&scan, request, matches, true)?;
    let may_follow =
        request.match_mode == MatchMode::Most && request.sort == SortBy::Relevance && plan.has_rest();
    if list.len() < wanted && may_follow && !scan.is_hopeless() {
        let mut best = Best::new(kept, request.sort);
        scan.rest(&found, &mut best)?;
        list.extend(ranked(&scan, request, best.into_list(), false)?);
    }
    let hits = hits_of(&scan, request, list)?;
    Ok(SearchResponse {
        total: gathered.total,
        hits,
        facets: gathered.facets.into_iter().map(|facet| facet.finish(request.facet_limit)).collect(),
        undated: gathered.undated,
        dead_words: nearest::dead_words(view, request.kind, &plan.dead_words())?,
        dead_values: dead_values(view, &plan, &choices)?,
        generation: view.generation,
        took: started.elapsed(),
    })
}

/// A place in the list.
struct Item {
    candidate: Candidate,
    evidence: Option<Evidence>,
    copies: Vec<Candidate>,
    is_match: bool,
}

/// The first candidates weighed again and their copies folded; the others as they are.
fn ranked(
    scan: &Scan<'_>,
    request: &SearchRequest,
    mut candidates: Vec<Candidate>,
    is_match: bool,
) -> Result<Vec<Item>, EngineError> {
    let window = candidates.len().min(rank::WINDOW);
    let mut evidence: Vec<Evidence> = Vec::new();
    if request.sort == SortBy::Relevance && window > 1 {
        evidence = evidence::gather(scan, &candidates[..window])?;
        rank::again(scan.plan, &mut candidates[..window], &mut evidence);
    }
    let compared = candidates.len().min(copies::WINDOW);
    let folded = match request.copies {
        Copies::Fold => copies::fold(scan.view, scan.plan.kind, &candidates[..compared])?,
        Copies::Show => (0..compared).map(|idx| (idx, Vec::new())).collect(),
    };
    let mut evidence: Vec<Option<Evidence>> = evidence.into_iter().map(Some).collect();
    let mut list = Vec::with_capacity(candidates.len());
    for (idx, copies) in folded {
        list.push(Item {
            candidate: candidates[idx],
            evidence: evidence.get_mut(idx).and_then(Option::take),
            copies: copies.into_iter().map(|copy| candidates[copy]).collect(),
            is_match,
        });
    }
    let behind = candidates.split_off(compared);
    list.extend(behind.into_iter().map(|candidate| Item {
        candidate,
        evidence: None,
        copies: Vec::new(),
        is_match,
    }));
    Ok(list)
}

/// Hits whose words are looked up at one go, behind those that were weighed again.
const CHUNK: usize = 256;

/// The hits of the page.
fn hits_of(scan: &Scan<'_>, request: &SearchRequest, list: Vec<Item>) -> Result<Vec<Hit>, EngineError> {
    let mut hits = Vec::new();
    let mut families = Families::new(scan.view, &request.filters.kinds);
    let mut page: Vec<Item> = list.into_iter().skip(request.offset).take(request.limit).collect();
    for items in page.chunks_mut(CHUNK) {
        let bare: Vec<usize> = (0..items.len()).filter(|idx| items[*idx].evidence.is_none()).collect();
        let candidates: Vec<Candidate> = bare.iter().map(|idx| items[*idx].candidate).collect();
        for (idx, evidence) in bare.iter().zip(evidence::gather(scan, &candidates)?) {
            items[*idx].evidence = Some(evidence);
        }
        for (idx, item) in items.iter_mut().enumerate() {
            let entry = page::Entry {
                candidate: item.candidate,
                weighed: !bare.contains(&idx),
                evidence: &item.evidence.take().unwrap_or_default(),
                copies: std::mem::take(&mut item.copies),
                is_match: item.is_match,
                rank: request.offset + hits.len() + 1,
            };
            let mut hit = page::hit(scan.view, scan.plan, request, &entry)?;
            if request.families && request.kind == DocKind::Quote {
                hit.family = families.of(&entry.candidate)?;
            }
            hits.push(hit);
        }
    }
    Ok(hits)
}

fn dead_values(view: &View, plan: &Plan, choices: &Choices) -> Result<Vec<DeadWord>, EngineError> {
    let mut dead = choices.dead.clone();
    for (field, value) in &plan.dead_values {
        let nearest = view.table(*field)?.map_or_else(Vec::new, |table| table.nearest(value));
        let value = DeadWord { word: value.clone(), nearest };
        if !dead.contains(&value) {
            dead.push(value);
        }
    }
    Ok(dead)
}

/// Answers a tally.
///
/// # Errors
/// As [`run`].
pub(super) fn count(view: &View, request: &CountRequest) -> Result<CountResponse, EngineError> {
    let CountRequest { request, by } = request;
    let choices = Choices::new(view, &request.filters)?;
    let plan = Plan::new(view, request.kind, &request.query)?;
    let base = base(view, request, &choices, by)?;
    let (bases, of) = (&base.0, base.1);
    let (counts, total) = match request.query {
        Query::All => (bases.clone(), of),
        _ => cross(view, &plan, &request.filters, &choices, by)?,
    };
    let mut rows: Vec<CountRow> = counts
        .into_iter()
        .map(|(values, count)| CountRow {
            total: bases.get(&values).copied().unwrap_or(count),
            values,
            count,
        })
        .collect();
    // By date the order of values is the order of time; `None` would come first.
    let by_date = |field: &FacetField| {
        matches!(field, FacetField::Year | FacetField::Month | FacetField::Week | FacetField::Day)
    };
    rows.sort_by(|a, b| {
        let undated = |row: &CountRow| row.values.first().is_some_and(Option::is_none);
        match by.first().is_some_and(by_date) {
            true => undated(a).cmp(&undated(b)).then_with(|| a.values.cmp(&b.values)),
            false => b.count.cmp(&a.count).then_with(|| a.values.cmp(&b.values)),
        }
    });
    Ok(CountResponse {
        rows,
        total,
        of,
        dead_words: nearest::dead_words(view, request.kind, &plan.dead_words())?,
        dead_values: dead_values(view, &plan, &choices)?,
    })
}

/// Tallies of everything that are kept for one opened state; who types asks for the same one with each key.
const KEPT_BASES: usize = 4;

/// The tally of all documents under the same filters.
fn base(
    view: &View,
    request: &SearchRequest,
    choices: &Choices,
    by: &[FacetField],
) -> Result<Arc<Base>, EngineError> {
    let key = (request.kind, request.filters.clone(), by.to_vec());
    let known = view.bases.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, base)) = known.iter().find(|(known, _)| *known == key) {
        return Ok(Arc::clone(base));
    }
    drop(known);
    let everything = Plan::new(view, request.kind, &Query::All)?;
    let base = Arc::new(cross(view, &everything, &request.filters, choices, by)?);
    // Tallies by two fields may be large.
    if base.0.len() <= MOST_ROWS {
        let mut known = view.bases.lock().unwrap_or_else(PoisonError::into_inner);
        known.push((key, Arc::clone(&base)));
        let excess = known.len().saturating_sub(KEPT_BASES);
        known.drain(..excess);
    }
    Ok(base)
}

/// Rows of a tally that is kept.
const MOST_ROWS: usize = 50_000;

type Counts = std::collections::BTreeMap<Vec<Option<String>>, u64>;

fn cross(
    view: &View,
    plan: &Plan,
    filters: &Filters,
    choices: &Choices,
    by: &[FacetField],
) -> Result<(Counts, u64), EngineError> {
    let scan = Scan { view, plan, filters, choices };
    let mut gathered = Gathered {
        total: 0,
        undated: 0,
        facets: Vec::new(),
        cross: Some(CrossTally::new(view, by)?),
        trend: None,
        best: Best::new(0, SortBy::Relevance),
    };
    scan.matches(&mut gathered)?;
    let total = gathered.total;
    Ok((gathered.cross.map(CrossTally::finish).unwrap_or_default(), total))
}

/// How single values spread over time.
///
/// # Errors
/// As [`run`].
pub(super) fn trends(view: &View, request: &TrendRequest) -> Result<Vec<Vec<u64>>, EngineError> {
    let choices = Choices::new(view, &request.request.filters)?;
    let plan = Plan::new(view, request.request.kind, &request.request.query)?;
    let scan = Scan { view, plan: &plan, filters: &request.request.filters, choices: &choices };
    let mut gathered = Gathered {
        total: 0,
        undated: 0,
        facets: Vec::new(),
        cross: None,
        trend: Some(TrendTally::new(view, request)?),
        best: Best::new(0, SortBy::Relevance),
    };
    if !scan.is_hopeless() {
        scan.matches(&mut gathered)?;
    }
    Ok(gathered.trend.map(TrendTally::finish).unwrap_or_default())
}

/// Everything in the article at `address` that a hit of `query` would show as matched.
///
/// # Errors
/// As [`run`].
pub(super) fn highlights(
    view: &View,
    address: tantivy::DocAddress,
    query: &Query,
) -> Result<Highlights, EngineError> {
    let plan = Plan::new(view, DocKind::Article, query)?;
    let (filters, choices) = (Filters::default(), Choices::default());
    let scan = Scan { view, plan: &plan, filters: &filters, choices: &choices };
    let found = evidence::gather(&scan, &[Candidate::at(address)])?;
    let Some(evidence) = found.first() else { return Ok(Highlights::default()) };
    page::highlights(view, &plan, address, evidence)
}

/// Who else carried the words of the `number`th quote of the article at `address`.
///
/// # Errors
/// `Damaged`, `Io`.
pub(super) fn family(
    view: &View,
    address: tantivy::DocAddress,
    number: u32,
) -> Result<Option<Family>, EngineError> {
    let Some(segment) = view.segments.get(address.segment_ord as usize) else { return Ok(None) };
    // Quotes lie behind their article, in order.
    let doc = address.doc_id.saturating_add(number);
    if number == 0
        || doc >= segment.reader.max_doc()
        || segment.quote_no.first(doc) != Some(u64::from(number))
    {
        return Ok(None);
    }
    let mut quote = Candidate::at(tantivy::DocAddress::new(address.segment_ord, doc));
    quote.key = segment.key.first(doc).unwrap_or(0);
    let kinds = Filters::default().kinds;
    Families::new(view, &kinds).of(&quote)
}

/// Every value of a field with its number of articles.
///
/// # Errors
/// `Damaged`, `Io`.
pub(super) fn values(view: &View, field: FacetField) -> Result<Vec<FacetCount>, EngineError> {
    let mut request = SearchRequest::new(DocKind::Article, Query::All);
    request.limit = 0;
    request.facets = vec![field];
    request.facet_limit = 0;
    let facets = run(view, &request)?.facets;
    Ok(facets.into_iter().flat_map(|facet| facet.values).filter(|count| count.value.is_some()).collect())
}
