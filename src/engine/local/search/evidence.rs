//! Where the words of a query stand in the documents that may be shown: read once for ranking, snippets and marks.

use tantivy::columnar::Column;
use tantivy::{DocId, TERMINATED};

use super::cursor::{Cursor, FormCursor, LeafCursor};
use super::open::Opener;
use super::plan::Plan;
use super::scan::{Candidate, Scan};
use crate::engine::EngineError;
use crate::query::Place;

/// What one document has of a query.
#[derive(Clone, Debug, Default)]
pub(super) struct Evidence {
    /// For each leaf of the plan: places of its own forms.
    pub(super) own: Vec<Vec<Place>>,
    /// For each leaf: places of each of its substitutes.
    pub(super) substitutes: Vec<Vec<Vec<Place>>>,
    /// For each span of the plan: the words that make it hold; empty where it does not.
    pub(super) spans: Vec<Vec<Place>>,
    /// Positions of sentence starts times 2, plus 1 at paragraph starts.
    pub(super) bounds: Vec<u64>,
    /// Length term of BM25.
    pub(super) norm: f32,
}

impl Evidence {
    /// Everything that matched, as positions in order, overlapping places joined.
    pub(super) fn marks(&self, plan: &Plan) -> Vec<Place> {
        let mut marks: Vec<Place> = Vec::new();
        for leaf in &plan.marked_leaves {
            marks.extend(self.own.get(*leaf).into_iter().flatten());
            marks.extend(self.substitutes.get(*leaf).into_iter().flatten().flatten());
        }
        for span in &plan.marked_spans {
            marks.extend(self.spans.get(*span).into_iter().flatten());
        }
        marks.sort_unstable();
        let mut joined: Vec<Place> = Vec::with_capacity(marks.len());
        for mark in marks {
            match joined.last_mut() {
                Some(last) if mark.start < last.end => last.end = last.end.max(mark.end),
                _ => joined.push(mark),
            }
        }
        joined
    }
}

/// Evidence for each of `candidates`, in their order.
pub(super) fn gather(scan: &Scan<'_>, candidates: &[Candidate]) -> Result<Vec<Evidence>, EngineError> {
    let mut order: Vec<usize> = (0..candidates.len()).collect();
    order.sort_unstable_by_key(|idx| (candidates[*idx].segment, candidates[*idx].doc));
    let mut found = vec![Evidence::default(); candidates.len()];
    let mut rest = &order[..];
    while let Some(first) = rest.first() {
        let segment = candidates[*first].segment;
        let len = rest.partition_point(|idx| candidates[*idx].segment == segment);
        let (here, after) = rest.split_at(len);
        let mut reader = Reader::open(scan, segment)?;
        for idx in here {
            found[*idx] = reader.read(candidates[*idx].doc);
        }
        rest = after;
    }
    Ok(found)
}

/// One segment's cursors with places.
struct Reader<'v> {
    leaves: Vec<Option<LeafCursor>>,
    spans: Vec<Option<super::open::SpanCursor<'v>>>,
    bounds: &'v Column<u64>,
    norms: super::open::Norms,
    buffer: Vec<u32>,
    pairs: Vec<(u32, u32)>,
}

impl<'v> Reader<'v> {
    fn open(scan: &Scan<'v>, segment_idx: usize) -> Result<Self, EngineError> {
        let opener: Opener<'v> = scan.opener(segment_idx);
        let plan = scan.plan;
        let mut leaves = Vec::new();
        for (idx, leaf) in plan.leaves.iter().enumerate() {
            let shown = plan.marked_leaves.contains(&idx);
            leaves.push(if shown { Some(opener.shown_leaf(leaf)?) } else { None });
        }
        let mut spans = Vec::new();
        for (idx, span) in plan.spans.iter().enumerate() {
            let shown = plan.marked_spans.contains(&idx);
            spans.push(if shown { Some(opener.span(plan, span)?) } else { None });
        }
        Ok(Reader {
            leaves,
            spans,
            bounds: &opener.segment.bounds,
            norms: opener.norms(plan.kind)?,
            buffer: Vec::new(),
            pairs: Vec::new(),
        })
    }

    /// Documents must come in increasing order.
    fn read(&mut self, doc: DocId) -> Evidence {
        let mut evidence = Evidence { norm: self.norms.of(doc), ..Evidence::default() };
        for leaf in &mut self.leaves {
            let (mut own, mut substitutes) = (Vec::new(), Vec::new());
            if let Some(leaf) = leaf {
                leaf.seek(doc);
                self.pairs.clear();
                for form in &mut leaf.forms {
                    read_form(form, doc, &mut self.buffer, &mut self.pairs);
                }
                own = to_places(&mut self.pairs);
                for (forms, _) in &mut leaf.substitutes {
                    self.pairs.clear();
                    for form in forms {
                        read_form(form, doc, &mut self.buffer, &mut self.pairs);
                    }
                    substitutes.push(to_places(&mut self.pairs));
                }
            }
            evidence.own.push(own);
            evidence.substitutes.push(substitutes);
        }
        for span in &mut self.spans {
            let mut marks = Vec::new();
            if let Some(span) = span
                && span.doc() != TERMINATED
                && span.seek(doc) == doc
                && span.holds()
            {
                span.marks(&mut marks);
            }
            evidence.spans.push(marks);
        }
        evidence.bounds.extend(self.bounds.values_for_doc(doc));
        evidence
    }
}

fn read_form(form: &mut FormCursor, doc: DocId, buffer: &mut Vec<u32>, pairs: &mut Vec<(u32, u32)>) {
    if form.seek(doc) == doc {
        form.places(buffer, pairs);
    }
}

fn to_places(pairs: &mut Vec<(u32, u32)>) -> Vec<Place> {
    pairs.sort_unstable();
    pairs.dedup();
    pairs.iter().map(|(start, len)| Place { start: *start, end: start + len }).collect()
}
