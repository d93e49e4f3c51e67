//! One pass over the matches: count, tally, keep the best. And a second one, over what has most of the words, when the
//! matches do not fill the page.

use std::cmp::Ordering;
use std::collections::{BinaryHeap, HashSet};

use tantivy::{DocAddress, DocId, TERMINATED};

use super::choose::{Choices, Passes};
use super::cursor::{AndCursor, Cursor, LeafCursor};
use super::open::{Opener, implies_kind};
use super::plan::{Clause, Plan};
use super::tally::{CrossTally, FacetTally};
use super::trend::TrendTally;
use super::view::View;
use crate::engine::EngineError;
use crate::model::search::{DocKind, Filters, SortBy};

/// A document that may be shown, with everything its place in the list depends on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Candidate {
    pub(super) score: f32,
    /// Days since 1970; `i64::MIN` when undated.
    pub(super) day: i64,
    pub(super) key: u64,
    pub(super) quote_no: u64,
    pub(super) segment: usize,
    pub(super) doc: DocId,
    pub(super) sort: SortBy,
    /// What its score is multiplied with, see [`trust`].
    pub(super) trust: f32,
}

impl Candidate {
    /// A document that is shown without having been ranked.
    pub(super) fn at(address: DocAddress) -> Candidate {
        Candidate {
            score: 0.0,
            day: i64::MIN,
            key: 0,
            quote_no: 0,
            segment: address.segment_ord as usize,
            doc: address.doc_id,
            sort: SortBy::Relevance,
            trust: 1.0,
        }
    }

    /// Less means earlier in the list.
    fn place(&self, other: &Candidate) -> Ordering {
        let newest = other.day.cmp(&self.day);
        // Undated last, whatever the direction.
        let oldest = (self.day == i64::MIN).cmp(&(other.day == i64::MIN)).then(self.day.cmp(&other.day));
        let best = match self.sort {
            SortBy::Relevance => other.score.total_cmp(&self.score).then(newest),
            SortBy::Date => newest,
            SortBy::DateAsc => oldest,
        };
        best.then(self.key.cmp(&other.key)).then(self.quote_no.cmp(&other.quote_no))
    }
}

impl PartialEq for Candidate {
    fn eq(&self, other: &Self) -> bool {
        self.place(other) == Ordering::Equal
    }
}

impl Eq for Candidate {}

impl PartialOrd for Candidate {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Candidate {
    fn cmp(&self, other: &Self) -> Ordering {
        self.place(other)
    }
}

/// The first `len` candidates seen so far.
pub(super) struct Best {
    /// The last of them on top.
    heap: BinaryHeap<Candidate>,
    len: usize,
    sort: SortBy,
}

impl Best {
    pub(super) fn new(len: usize, sort: SortBy) -> Self {
        Best { heap: BinaryHeap::new(), len, sort }
    }

    /// The score a candidate must reach to be kept; `None` while there is room.
    #[inline]
    fn floor(&self) -> Option<f32> {
        self.heap.peek().filter(|_| self.heap.len() >= self.len).map(|last| last.score)
    }

    fn offer(&mut self, opener: &Opener<'_>, doc: DocId, score: f32) {
        if self.len == 0 {
            return;
        }
        // Trust never raises a score: most documents of a broad query are turned away before any column is read.
        let floor = self.floor().filter(|_| self.sort == SortBy::Relevance);
        if floor.is_some_and(|floor| score < floor) {
            return;
        }
        let trust = trust(opener, doc);
        let score = score * trust;
        if let Some(last) = self.heap.peek().filter(|_| self.heap.len() >= self.len)
            && self.sort == SortBy::Relevance
            && score < last.score
        {
            return;
        }
        let segment = opener.segment;
        let candidate = Candidate {
            score,
            day: segment.date.first(doc).unwrap_or(i64::MIN),
            key: segment.key.first(doc).unwrap_or(0),
            quote_no: segment.quote_no.first(doc).unwrap_or(0),
            segment: opener.segment_idx,
            doc,
            sort: self.sort,
            trust,
        };
        if self.heap.len() < self.len {
            self.heap.push(candidate);
        } else if let Some(mut last) = self.heap.peek_mut()
            && candidate < *last
        {
            *last = candidate;
        }
    }

    /// In the order of the list.
    pub(super) fn into_list(self) -> Vec<Candidate> {
        self.heap.into_sorted_vec()
    }
}

/// A mixed quote is a few words cut out of what was said: it counts for less than a quote that is whole. Measured: at 0.8 of
/// the weight the mean reciprocal rank of quotes falls by 0.01, at 1 by 0.02.
const MIXED: f32 = 0.5;

fn trust(opener: &Opener<'_>, doc: DocId) -> f32 {
    // Articles have no value in this column.
    if opener.segment.quote_kind.first(doc) == Some(1) { MIXED } else { 1.0 }
}

/// What a pass over the matches gathers.
pub(super) struct Gathered<'v> {
    pub(super) total: u64,
    pub(super) undated: u64,
    pub(super) facets: Vec<FacetTally<'v>>,
    pub(super) cross: Option<CrossTally<'v>>,
    pub(super) trend: Option<TrendTally<'v>>,
    pub(super) best: Best,
}

/// Matches whose columns are read together.
const TOGETHER: usize = 256;

impl Gathered<'_> {
    /// Takes in matches of one segment, in order, with their scores.
    fn take(&mut self, opener: &Opener<'_>, docs: &[DocId], scores: &[f32]) -> Result<(), EngineError> {
        let (segment, segment_idx) = (opener.segment, opener.segment_idx);
        self.total += docs.len() as u64;
        if !segment.is_dated {
            self.undated += docs.iter().filter(|doc| !segment.date.index.has_value(**doc)).count() as u64;
        }
        for facet in &mut self.facets {
            facet.add(segment, segment_idx, docs)?;
        }
        for doc in docs {
            if let Some(cross) = &mut self.cross {
                cross.add(segment, segment_idx, *doc);
            }
            if let Some(trend) = &mut self.trend {
                trend.add(segment, segment_idx, *doc, None);
            }
        }
        if self.best.len > 0 {
            let by_score = self.best.sort == SortBy::Relevance;
            for (doc, score) in docs.iter().zip(scores) {
                // Most matches of a broad query are turned away here.
                if !(by_score && self.best.floor().is_some_and(|floor| *score < floor)) {
                    self.best.offer(opener, *doc, *score);
                }
            }
        }
        Ok(())
    }
}

/// Looks for the documents of a plan.
pub(super) struct Scan<'v> {
    pub(super) view: &'v View,
    pub(super) plan: &'v Plan,
    pub(super) filters: &'v Filters,
    pub(super) choices: &'v Choices,
}

impl<'v> Scan<'v> {
    pub(super) fn opener(&self, segment_idx: usize) -> Opener<'v> {
        Opener {
            view: self.view,
            segment: &self.view.segments[segment_idx],
            segment_idx,
            filters: self.filters,
        }
    }

    /// Visits every match once.
    pub(super) fn matches(&self, into: &mut Gathered<'v>) -> Result<(), EngineError> {
        let (mut docs, mut scores) = (Vec::with_capacity(TOGETHER), Vec::with_capacity(TOGETHER));
        for segment_idx in 0..self.view.segments.len() {
            let opener = self.opener(segment_idx);
            let mut cursor = self.all_wanted(&opener)?;
            let mut optional = self.leaves(&opener, &self.plan.optional, false)?;
            let norms = opener.norms(self.plan.kind)?;
            let choices = self.choices.in_segment(self.view, opener.segment, segment_idx)?;
            let free = self.choices.is_empty();
            let counts = opener.quote_test();
            let is_quote = self.plan.kind == DocKind::Quote;
            let alive = opener.segment.alive();
            let ranked = into.best.len > 0;
            let mut doc = cursor.doc();
            while doc != TERMINATED {
                let lives = alive.is_none_or(|alive| alive.is_alive(doc)) && (!is_quote || counts(doc));
                let passes = match lives {
                    true if free => Passes::All,
                    true => choices.test(doc),
                    false => Passes::No,
                };
                if passes != Passes::No && cursor.holds() {
                    match passes {
                        Passes::Except(field) => {
                            for facet in into.facets.iter_mut().filter(|facet| facet.field == field) {
                                facet.add(opener.segment, segment_idx, &[doc])?;
                            }
                            if let Some(trend) = &mut into.trend {
                                trend.add(opener.segment, segment_idx, doc, Some(field));
                            }
                        }
                        _ => {
                            let mut score = 0.0;
                            if ranked {
                                let norm = norms.of(doc);
                                score = cursor.score(norm);
                                for leaf in &mut optional {
                                    leaf.seek(doc);
                                    score += leaf.score_at(doc, norm);
                                }
                            }
                            docs.push(doc);
                            scores.push(score);
                            if docs.len() == TOGETHER {
                                into.take(&opener, &docs, &scores)?;
                                docs.clear();
                                scores.clear();
                            }
                        }
                    }
                }
                doc = cursor.seek(doc + 1);
            }
            into.take(&opener, &docs, &scores)?;
            docs.clear();
            scores.clear();
        }
        Ok(())
    }

    /// Visits every document that has most of the wanted words, their substitutes included, and everything required,
    /// but is no match.
    pub(super) fn rest(&self, matches: &HashSet<(usize, DocId)>, best: &mut Best) -> Result<(), EngineError> {
        let live: Vec<usize> = self
            .plan
            .wanted
            .iter()
            .copied()
            .filter(|leaf| {
                let leaf = &self.plan.leaves[*leaf];
                !leaf.is_dead() || !leaf.substitutes.is_empty()
            })
            .collect();
        if live.is_empty() {
            return Ok(());
        }
        let needed = words_needed(self.plan.kind, self.plan.wanted.len(), live.len());
        if needed > live.len() {
            return Ok(());
        }
        for segment_idx in 0..self.view.segments.len() {
            let opener = self.opener(segment_idx);
            let mut leaves = self.leaves(&opener, &live, true)?;
            let mut optional = self.leaves(&opener, &self.plan.optional, false)?;
            let mut required = opener.required(self.plan)?;
            let norms = opener.norms(self.plan.kind)?;
            let choices = self.choices.in_segment(self.view, opener.segment, segment_idx)?;
            let counts = opener.quote_test();
            let is_quote = self.plan.kind == DocKind::Quote;
            // A document with `needed` of n words has one of any n - needed + 1: the rarest lead.
            let mut leading: Vec<usize> = (0..leaves.len()).collect();
            leading.sort_by_key(|idx| leaves[*idx].cost());
            leading.truncate(leaves.len() - needed + 1);
            let bounds: Vec<f32> = live.iter().map(|leaf| self.plan.leaves[*leaf].best_score()).collect();
            let beside: f32 =
                self.plan.optional.iter().map(|leaf| self.plan.leaves[*leaf].best_score()).sum();
            let mut floor = f32::NEG_INFINITY;
            let mut target = 0;
            loop {
                // A document that has nothing but the commonest words cannot reach the list any more: they need not lead.
                if let Some(reached) = best.floor().filter(|reached| *reached > floor && required.is_none()) {
                    floor = reached;
                    let without = worthless(&bounds, reached - beside);
                    if leaves.len() - without.len() < leading.len() {
                        leading = (0..leaves.len()).filter(|idx| !without.contains(idx)).collect();
                    }
                }
                let doc = leading.iter().map(|idx| leaves[*idx].seek_any(target)).min().unwrap_or(TERMINATED);
                if doc == TERMINATED {
                    break;
                }
                target = doc + 1;
                if let Some(required) = &mut required {
                    let next = required.seek(doc);
                    if next > doc {
                        target = next;
                        if next == TERMINATED {
                            break;
                        }
                        continue;
                    }
                }
                let present =
                    leaves.iter_mut().filter_map(|leaf| (leaf.seek_any(doc) == doc).then_some(())).count();
                if present < needed
                    || matches.contains(&(segment_idx, doc))
                    || opener.segment.alive().is_some_and(|alive| alive.is_deleted(doc))
                    || (is_quote && !counts(doc))
                    || choices.test(doc) != Passes::All
                    || required.as_mut().is_some_and(|required| !required.holds())
                {
                    continue;
                }
                let norm = norms.of(doc);
                let mut score = 0.0;
                for leaf in &mut leaves {
                    score += leaf.score_at(doc, norm);
                }
                if let Some(required) = &mut required {
                    score += required.score(norm);
                }
                for leaf in &mut optional {
                    leaf.seek(doc);
                    score += leaf.score_at(doc, norm);
                }
                best.offer(&opener, doc, score);
            }
        }
        Ok(())
    }

    pub(super) fn leaves(
        &self,
        opener: &Opener<'v>,
        leaves: &[usize],
        substitutes: bool,
    ) -> Result<Vec<LeafCursor>, EngineError> {
        leaves.iter().map(|leaf| opener.leaf(&self.plan.leaves[*leaf], false, substitutes)).collect()
    }

    fn all_wanted(&self, opener: &Opener<'v>) -> Result<Box<dyn Cursor + 'v>, EngineError> {
        let mut all: Vec<Box<dyn Cursor + 'v>> = Vec::new();
        for leaf in &self.plan.wanted {
            all.push(Box::new(opener.leaf(&self.plan.leaves[*leaf], false, false)?));
        }
        all.extend(opener.required(self.plan)?);
        if self.plan.wanted.is_empty() && !self.plan.required.iter().any(implies_kind) {
            all.push(opener.kind(self.plan.kind)?);
        }
        Ok(match all.pop() {
            Some(only) if all.is_empty() => only,
            Some(last) => {
                all.push(last);
                Box::new(AndCursor::new(all, Vec::new()))
            }
            None => opener.kind(self.plan.kind)?,
        })
    }

    /// Whether the plan can be met at all.
    pub(super) fn is_hopeless(&self) -> bool {
        self.plan.required.iter().any(|clause| matches!(clause, Clause::Nothing))
    }
}

/// The greatest set of leaves whose best scores together stay below `floor`.
fn worthless(bounds: &[f32], floor: f32) -> Vec<usize> {
    let mut order: Vec<usize> = (0..bounds.len()).collect();
    order.sort_by(|a, b| bounds[*a].total_cmp(&bounds[*b]));
    let mut sum = 0.0;
    order.retain(|idx| {
        sum += bounds[*idx];
        sum < floor
    });
    order
}

/// How many of the wanted words a document must have to follow the matches. Unknown words cannot be had: of the
/// others, at least half for an article. A quote is short, and a wrong one worse than none: all but one of at least
/// three, all of fewer.
fn words_needed(kind: DocKind, wanted: usize, live: usize) -> usize {
    match kind {
        DocKind::Article => live.div_ceil(2).max(1),
        DocKind::Quote if wanted < 3 => wanted,
        DocKind::Quote => wanted - 1,
    }
}
