//! Walking through the documents of one segment that hold parts of a query.
//!
//! A [`Cursor`] stands on a document and moves forward only. Its documents are candidates: `holds` says whether the one
//! it stands on is meant (places of words, values of columns), and is asked only when all other conditions are met.
//! Scores are summed in the order of the query, so that the same document scores the same in every segment.

use tantivy::columnar::Column;
use tantivy::postings::{Postings, SegmentPostings};
use tantivy::{DocId, DocSet, TERMINATED};

use super::gathered::GatheredCursor;
use super::union::Stretch;

/// Documents in increasing order.
pub(super) trait Cursor {
    /// The present document, or `TERMINATED`.
    fn doc(&self) -> DocId;

    /// Moves to the first candidate not before `target`; stays where it is when it stands there already.
    fn seek(&mut self, target: DocId) -> DocId;

    /// About how many candidates there are.
    fn cost(&self) -> u64;

    /// Whether the present document is meant.
    fn holds(&mut self) -> bool {
        true
    }

    /// Score of the present document, which holds; `norm` is its BM25 length term.
    fn score(&mut self, _norm: f32) -> f32 {
        0.0
    }
}

/// Saturation of a word's frequency; see `rank` for its length term.
pub(super) const K1: f32 = 1.6;

/// BM25 of one word.
pub(super) fn bm25(idf: f32, freq: f32, norm: f32) -> f32 {
    idf * (K1 + 1.0) * freq / (freq + norm)
}

/// Documents of one term, or of several in a row.
#[expect(
    clippy::large_enum_variant,
    reason = "the large variant is the usual one, and a pointer in front would slow it"
)]
pub(super) enum FormCursor {
    /// One term.
    Term(SegmentPostings),
    /// Terms in a row, with places.
    Row(RowCursor),
    /// Many terms, read beforehand, without places.
    Many(GatheredCursor),
}

impl FormCursor {
    pub(super) fn doc(&self) -> DocId {
        match self {
            FormCursor::Term(postings) => postings.doc(),
            FormCursor::Row(row) => row.doc,
            FormCursor::Many(many) => many.doc(),
        }
    }

    pub(super) fn seek(&mut self, target: DocId) -> DocId {
        match self {
            // The next document is the usual target, and stepping to it cheaper than looking for it.
            FormCursor::Term(postings) if postings.doc() + 1 == target => postings.advance(),
            FormCursor::Term(postings) if postings.doc() < target => postings.seek(target),
            FormCursor::Term(postings) => postings.doc(),
            FormCursor::Row(row) => row.seek(target),
            FormCursor::Many(many) => many.seek(target),
        }
    }

    /// Calls `each` with the documents before `end` and their frequencies; stands behind them then.
    fn read_until(&mut self, end: DocId, mut each: impl FnMut(DocId, u32)) {
        match self {
            FormCursor::Term(postings) => {
                let mut doc = postings.doc();
                while doc < end {
                    each(doc, postings.term_freq());
                    doc = postings.advance();
                }
            }
            FormCursor::Row(row) => {
                while row.doc < end {
                    each(row.doc, row.starts.len() as u32);
                    row.seek(row.doc + 1);
                }
            }
            FormCursor::Many(many) => {
                while many.doc() < end {
                    each(many.doc(), many.freq());
                    many.seek(many.doc() + 1);
                }
            }
        }
    }

    fn freq(&self) -> u32 {
        match self {
            FormCursor::Term(postings) => postings.term_freq(),
            FormCursor::Row(row) => row.starts.len() as u32,
            FormCursor::Many(many) => many.freq(),
        }
    }

    fn cost(&self) -> u64 {
        match self {
            FormCursor::Term(postings) => u64::from(postings.doc_freq()),
            FormCursor::Row(row) => {
                row.parts.iter().map(|part| u64::from(part.doc_freq())).min().unwrap_or(0)
            }
            FormCursor::Many(many) => many.cost(),
        }
    }

    /// Places in the present document: (first position, positions covered), in order, each once.
    pub(super) fn places(&mut self, buffer: &mut Vec<u32>, out: &mut Vec<(u32, u32)>) {
        match self {
            FormCursor::Term(postings) => {
                postings.positions(buffer);
                buffer.dedup();
                out.extend(buffer.iter().map(|at| (*at, 1)));
            }
            FormCursor::Row(row) => out.extend(row.starts.iter().map(|at| (*at, row.parts.len() as u32))),
            FormCursor::Many(_) => {}
        }
    }
}

/// Documents in which terms stand in a row.
pub(super) struct RowCursor {
    parts: Vec<SegmentPostings>,
    doc: DocId,
    starts: Vec<u32>,
    buffer: Vec<u32>,
}

impl RowCursor {
    /// `parts` are opened with positions, in the order of the row.
    pub(super) fn new(parts: Vec<SegmentPostings>) -> Self {
        let mut row = RowCursor { parts, doc: 0, starts: Vec::new(), buffer: Vec::new() };
        row.find(0);
        row
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.doc < target {
            self.find(target);
        }
        self.doc
    }

    fn find(&mut self, target: DocId) {
        let mut candidate = target;
        while candidate != TERMINATED {
            let before = candidate;
            for part in &mut self.parts {
                if part.doc() < candidate {
                    part.seek(candidate);
                }
                candidate = candidate.max(part.doc());
            }
            if candidate == before && candidate != TERMINATED {
                self.intersect();
                if !self.starts.is_empty() {
                    break;
                }
                candidate += 1;
            }
        }
        self.doc = candidate;
    }

    fn intersect(&mut self) {
        let Some((first, others)) = self.parts.split_first_mut() else {
            return;
        };
        first.positions(&mut self.starts);
        self.starts.dedup();
        for (offset, part) in (1..).zip(others) {
            part.positions(&mut self.buffer);
            let mut places = self.buffer.iter().peekable();
            self.starts.retain(|start| {
                while places.next_if(|place| **place < start + offset).is_some() {}
                places.peek().is_some_and(|place| **place == start + offset)
            });
        }
    }
}

/// Documents that have one word of the query, in any of its own forms.
pub(super) struct LeafCursor {
    pub(super) forms: Vec<FormCursor>,
    /// Forms too many to weigh: the documents alone.
    pub(super) rest: Option<tantivy::query::BitSetDocSet>,
    /// What may stand in: (forms of one word, weight times rarity). Never moves the cursor.
    pub(super) substitutes: Vec<(Vec<FormCursor>, f32)>,
    pub(super) idf: f32,
    pub(super) doc: DocId,
    /// For several forms that are read together: the documents of all of them. Forms stand behind it.
    stretch: Option<Box<Stretch>>,
    /// Whether the present document is one of the stretch.
    is_inside: bool,
}

/// How a word's forms are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reading {
    /// For documents and frequencies: forms may run ahead of the present document.
    Documents,
    /// For places: forms stand on the present document.
    Places,
}

/// A jump of more documents is no reading on.
const NEAR: DocId = 256;

impl LeafCursor {
    pub(super) fn new(
        forms: Vec<FormCursor>,
        rest: Option<tantivy::query::BitSetDocSet>,
        substitutes: Vec<(Vec<FormCursor>, f32)>,
        idf: f32,
        reading: Reading,
    ) -> Self {
        let is_one = forms.len() <= 1 && rest.is_none();
        let stretch = (reading == Reading::Documents && !is_one).then(Stretch::new);
        let mut leaf = LeafCursor { forms, rest, substitutes, idf, doc: 0, stretch, is_inside: false };
        leaf.doc = leaf.nearest();
        leaf
    }

    /// Reads on with all forms together from `target`, which no form has passed.
    fn read_on(&mut self, target: DocId) -> DocId {
        self.seek_all(target);
        let first = self.nearest();
        self.is_inside = false;
        let Some(stretch) = self.stretch.as_mut().filter(|_| first != TERMINATED) else { return first };
        stretch.restart(first);
        let end = stretch.end();
        for form in &mut self.forms {
            form.read_until(end, |doc, freq| stretch.add(doc, freq));
        }
        if let Some(rest) = &mut self.rest {
            while rest.doc() < end {
                stretch.add(rest.doc(), 0);
                rest.advance();
            }
        }
        self.is_inside = true;
        first
    }

    fn seek_all(&mut self, target: DocId) {
        for form in &mut self.forms {
            form.seek(target);
        }
        if let Some(rest) = self.rest.as_mut().filter(|rest| rest.doc() < target) {
            rest.seek(target);
        }
    }

    fn nearest(&self) -> DocId {
        let rest = self.rest.as_ref().map_or(TERMINATED, DocSet::doc);
        self.forms.iter().map(FormCursor::doc).fold(rest, DocId::min)
    }

    /// Best of the word's own score and its substitutes' at `doc`. 0 when `doc` has neither.
    pub(super) fn score_at(&mut self, doc: DocId, norm: f32) -> f32 {
        let own = if self.doc == doc { self.score(norm) } else { 0.0 };
        self.substitutes.iter_mut().fold(own, |best, (forms, weight)| {
            match forms
                .iter_mut()
                .map(|form| if form.seek(doc) == doc { form.freq() } else { 0 })
                .sum::<u32>()
            {
                0 => best,
                freq => best.max(bm25(*weight, freq as f32, norm)),
            }
        })
    }

    /// The next document not before `target` that has the word or a substitute.
    pub(super) fn seek_any(&mut self, target: DocId) -> DocId {
        let own = self.seek(target);
        let forms = self.substitutes.iter_mut().flat_map(|(forms, _)| forms);
        forms.fold(own, |nearest, form| nearest.min(form.seek(target)))
    }
}

impl Cursor for LeafCursor {
    fn doc(&self) -> DocId {
        self.doc
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.doc >= target {
            return self.doc;
        }
        if let ([form], None) = (&mut self.forms[..], &self.rest) {
            self.doc = form.seek(target);
            return self.doc;
        }
        let is_near = target - self.doc <= NEAR;
        let within = self.stretch.as_ref().filter(|stretch| self.is_inside && target < stretch.end());
        if let Some(stretch) = within {
            let (found, end) = (stretch.next(target), stretch.end());
            self.doc = found.unwrap_or_else(|| self.read_on(end));
            return self.doc;
        }
        self.is_inside = false;
        self.doc = if self.stretch.is_some() && is_near {
            self.read_on(target)
        } else {
            self.seek_all(target);
            self.nearest()
        };
        self.doc
    }

    fn cost(&self) -> u64 {
        let rest = self.rest.as_ref().map_or(0, |rest| u64::from(rest.size_hint()));
        self.forms.iter().map(FormCursor::cost).sum::<u64>() + rest
    }

    fn score(&mut self, norm: f32) -> f32 {
        let freq = match &self.stretch {
            Some(stretch) if self.is_inside => stretch.freq(self.doc),
            _ => self.forms.iter().filter(|form| form.doc() == self.doc).map(FormCursor::freq).sum(),
        };
        bm25(self.idf, freq as f32, norm)
    }
}

/// All documents up to `end`; those for which `test` is true hold.
pub(super) struct TestCursor<F: FnMut(DocId) -> bool> {
    doc: DocId,
    end: DocId,
    test: F,
}

impl<F: FnMut(DocId) -> bool> TestCursor<F> {
    pub(super) fn new(end: DocId, test: F) -> Self {
        TestCursor { doc: if end == 0 { TERMINATED } else { 0 }, end, test }
    }
}

impl<F: FnMut(DocId) -> bool> Cursor for TestCursor<F> {
    fn doc(&self) -> DocId {
        self.doc
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.doc < target {
            self.doc = if target < self.end { target } else { TERMINATED };
        }
        self.doc
    }

    fn cost(&self) -> u64 {
        // Never leads where anything else can.
        u64::from(u32::MAX)
    }

    fn holds(&mut self) -> bool {
        (self.test)(self.doc)
    }
}

/// A test of a single-valued column.
pub(super) fn column_test<T>(
    end: DocId,
    column: Column<T>,
    mut test: impl FnMut(Option<T>) -> bool + 'static,
) -> Box<dyn Cursor>
where
    T: PartialOrd + Copy + std::fmt::Debug + Send + Sync + 'static,
{
    Box::new(TestCursor::new(end, move |doc| test(column.first(doc))))
}

/// Documents listed beforehand, with their scores.
pub(super) struct ListCursor {
    docs: Vec<(DocId, f32)>,
    at: usize,
}

impl ListCursor {
    /// `docs` in increasing order, each once.
    pub(super) fn new(docs: Vec<(DocId, f32)>) -> Self {
        ListCursor { docs, at: 0 }
    }
}

impl Cursor for ListCursor {
    fn doc(&self) -> DocId {
        self.docs.get(self.at).map_or(TERMINATED, |(doc, _)| *doc)
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.doc() < target {
            self.at += self.docs[self.at..].partition_point(|(doc, _)| *doc < target);
        }
        self.doc()
    }

    fn cost(&self) -> u64 {
        self.docs.len() as u64
    }

    fn score(&mut self, _norm: f32) -> f32 {
        self.docs.get(self.at).map_or(0.0, |(_, score)| *score)
    }
}

/// Documents of a kind, without a score.
pub(super) struct KindCursor(pub(super) SegmentPostings);

impl Cursor for KindCursor {
    fn doc(&self) -> DocId {
        self.0.doc()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.0.doc() < target { self.0.seek(target) } else { self.0.doc() }
    }

    fn cost(&self) -> u64 {
        u64::from(self.0.doc_freq())
    }
}

/// All of `all`, none of `none`.
pub(super) struct AndCursor<'c> {
    all: Vec<Box<dyn Cursor + 'c>>,
    none: Vec<Box<dyn Cursor + 'c>>,
    /// Places in `all`, cheapest first.
    order: Vec<usize>,
    doc: DocId,
}

impl<'c> AndCursor<'c> {
    /// `all` is not empty.
    pub(super) fn new(all: Vec<Box<dyn Cursor + 'c>>, none: Vec<Box<dyn Cursor + 'c>>) -> Self {
        let mut order: Vec<usize> = (0..all.len()).collect();
        order.sort_by_key(|idx| all[*idx].cost());
        let mut and = AndCursor { all, none, order, doc: 0 };
        and.find(0);
        and
    }

    fn find(&mut self, target: DocId) {
        let mut candidate = target;
        'again: while candidate != TERMINATED {
            for idx in &self.order {
                let doc = self.all[*idx].seek(candidate);
                if doc > candidate {
                    candidate = doc;
                    continue 'again;
                }
            }
            break;
        }
        self.doc = candidate;
    }
}

impl Cursor for AndCursor<'_> {
    fn doc(&self) -> DocId {
        self.doc
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.doc < target {
            self.find(target);
        }
        self.doc
    }

    fn cost(&self) -> u64 {
        self.order.first().map_or(0, |idx| self.all[*idx].cost())
    }

    fn holds(&mut self) -> bool {
        let doc = self.doc;
        self.all.iter_mut().all(|cursor| cursor.holds())
            && !self.none.iter_mut().any(|cursor| cursor.seek(doc) == doc && cursor.holds())
    }

    fn score(&mut self, norm: f32) -> f32 {
        self.all.iter_mut().map(|cursor| cursor.score(norm)).sum()
    }
}

/// Any of several.
pub(super) struct OrCursor<'c> {
    any: Vec<Box<dyn Cursor + 'c>>,
    held: Vec<bool>,
    doc: DocId,
}

impl<'c> OrCursor<'c> {
    pub(super) fn new(any: Vec<Box<dyn Cursor + 'c>>) -> Self {
        let doc = any.iter().map(|cursor| cursor.doc()).min().unwrap_or(TERMINATED);
        OrCursor { held: vec![false; any.len()], any, doc }
    }
}

impl Cursor for OrCursor<'_> {
    fn doc(&self) -> DocId {
        self.doc
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.doc < target {
            self.doc = self.any.iter_mut().map(|cursor| cursor.seek(target)).min().unwrap_or(TERMINATED);
        }
        self.doc
    }

    fn cost(&self) -> u64 {
        self.any.iter().map(|cursor| cursor.cost()).sum()
    }

    fn holds(&mut self) -> bool {
        let doc = self.doc;
        for (cursor, held) in self.any.iter_mut().zip(&mut self.held) {
            *held = cursor.doc() == doc && cursor.holds();
        }
        self.held.contains(&true)
    }

    fn score(&mut self, norm: f32) -> f32 {
        let held = self.any.iter_mut().zip(&self.held).filter(|(_, held)| **held);
        held.map(|(cursor, _)| cursor.score(norm)).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(docs: &[DocId]) -> Box<dyn Cursor> {
        Box::new(ListCursor::new(docs.iter().map(|doc| (*doc, 1.0)).collect()))
    }

    fn walk(mut cursor: impl Cursor) -> Vec<(DocId, f32)> {
        let mut found = Vec::new();
        let mut doc = cursor.doc();
        while doc != TERMINATED {
            if cursor.holds() {
                found.push((doc, cursor.score(1.0)));
            }
            doc = cursor.seek(doc + 1);
        }
        found
    }

    #[test]
    fn conditions_combine() {
        let and = AndCursor::new(vec![list(&[1, 3, 5, 9]), list(&[0, 3, 4, 5, 9, 11])], vec![list(&[5])]);
        assert_eq!(walk(and), [(3, 2.0), (9, 2.0)]);
        let or = OrCursor::new(vec![list(&[1, 3]), list(&[3, 7])]);
        assert_eq!(walk(or), [(1, 1.0), (3, 2.0), (7, 1.0)]);
        let even = Box::new(TestCursor::new(10, |doc| doc % 2 == 0));
        assert_eq!(walk(AndCursor::new(vec![list(&[2, 3, 8, 12]), even], Vec::new())), [(2, 1.0), (8, 1.0)]);
        assert_eq!(walk(OrCursor::new(Vec::new())), []);
    }

    /// A segment of 20,000 documents in which the words of `shares` stand in about one document of so many.
    fn segment(shares: &[u64]) -> (tantivy::Searcher, tantivy::schema::Field) {
        let mut schema = tantivy::schema::Schema::builder();
        let field = schema.add_text_field("text", tantivy::schema::TEXT);
        let index = tantivy::Index::create_in_ram(schema.build());
        let mut writer: tantivy::IndexWriter = index.writer_with_num_threads(1, 30_000_000).unwrap();
        let mut state = 7u64;
        for _ in 0..20_000 {
            let mut text = String::new();
            for (idx, share) in shares.iter().enumerate() {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                if (state >> 33).is_multiple_of(*share) {
                    text.push_str(&format!("w{idx} ").repeat(1 + (state >> 50) as usize % 3));
                }
            }
            writer.add_document(tantivy::doc!(field => text)).unwrap();
        }
        writer.commit().unwrap();
        (index.reader().unwrap().searcher(), field)
    }

    #[test]
    fn forms_read_together_are_forms_read_one_by_one() {
        let shares = [2, 50, 900, 7_000, 3, 3_000];
        let (searcher, field) = segment(&shares);
        let reader = searcher.segment_reader(0);
        let leaf = |words: &[usize], rest: &[DocId], reading| {
            let inverted = reader.inverted_index(field).unwrap();
            let postings = |word: &usize| {
                let term = tantivy::Term::from_field_text(field, &format!("w{word}"));
                let option = tantivy::schema::IndexRecordOption::WithFreqs;
                FormCursor::Term(inverted.read_postings(&term, option).unwrap().unwrap())
            };
            let mut bits = tantivy::BitSet::with_max_value(reader.max_doc());
            for doc in rest {
                bits.insert(*doc);
            }
            let rest = (!rest.is_empty()).then(|| tantivy::query::BitSetDocSet::from(bits));
            LeafCursor::new(words.iter().map(postings).collect(), rest, Vec::new(), 1.0, reading)
        };
        for words in [&[0, 1, 2][..], &[1, 2, 3], &[2, 3], &[3, 5], &[5], &[]] {
            for rest in [&[][..], &[0, 17, 4_095, 4_096, 19_999], &[9_000]] {
                // Steps as of a word alone, and as beside rarer words.
                for jumps in [&[1][..], &[1, 1, 1, 300], &[5_000, 1], &[256, 257], &[1, 4_096], &[40]] {
                    let mut together = leaf(words, rest, Reading::Documents);
                    let mut apart = leaf(words, rest, Reading::Places);
                    let mut jump = jumps.iter().cycle();
                    loop {
                        assert_eq!(together.doc(), apart.doc(), "{words:?} {rest:?} {jumps:?}");
                        if together.doc() == TERMINATED {
                            break;
                        }
                        assert_eq!(together.score(1.0), apart.score(1.0), "{words:?} {rest:?} {jumps:?}");
                        let target = together.doc() + jump.next().unwrap();
                        together.seek(target);
                        apart.seek(target);
                    }
                }
            }
        }
    }
}
