//! A plan's cursors over one segment.

use tantivy::columnar::{Column, StrColumn};
use tantivy::fieldnorm::FieldNormReader;
use tantivy::query::BitSetDocSet;
use tantivy::schema::{IndexRecordOption, Term as IndexTerm};
use tantivy::{DocId, DocSet, TERMINATED};

use super::cursor::{
    AndCursor, Cursor, FormCursor, K1, KindCursor, LeafCursor, ListCursor, OrCursor, Reading, RowCursor,
    TestCursor, bm25, column_test,
};
use super::gathered::{self, GatheredCursor};
use super::leaf::{Form, Leaf, main_text};
use super::plan::{Clause, Plan};
use super::span::{Need, SpanPlan, Zone};
use super::view::{Segment, View, damaged, io};
use crate::engine::EngineError;
use crate::model::query::HasWhat;
use crate::model::search::{DocKind, FacetField, Filters};
use crate::model::{Grade, QuoteKind};
use crate::query::{Bounds, Place};
use crate::schema::{BODY_START, Field, STANDFIRST_START};

/// Weight of a text's length in BM25: 0 none, 1 full. Chosen on the ranking queries together with `K1`.
const B: f32 = 0.75;

/// Names up to which their documents are looked up rather than every document tested.
const FEW_NAMES: usize = 64;

/// Length terms of BM25, by stored length class.
pub(super) struct Norms {
    reader: Option<FieldNormReader>,
    table: [f32; 256],
}

impl Norms {
    /// The length term of `doc`.
    pub(super) fn of(&self, doc: DocId) -> f32 {
        self.reader.as_ref().map_or(K1, |reader| self.table[usize::from(reader.fieldnorm_id(doc))])
    }
}

/// One segment, ready to answer plans.
#[derive(Clone, Copy)]
pub(super) struct Opener<'v> {
    pub(super) view: &'v View,
    pub(super) segment: &'v Segment,
    pub(super) segment_idx: usize,
    pub(super) filters: &'v Filters,
}

impl<'v> Opener<'v> {
    /// Length terms of the main text of `kind`.
    pub(super) fn norms(&self, kind: DocKind) -> Result<Norms, EngineError> {
        let stats = self.view.stats(kind);
        let average = stats.n_tokens as f32 / stats.n_docs.max(1) as f32;
        let handle = self.view.fields.of(main_text(kind));
        let reader = self.segment.reader.fieldnorms_readers().get_field(handle).map_err(damaged)?;
        let mut table = [K1; 256];
        for (id, norm) in (0u8..=255).zip(&mut table) {
            let len = FieldNormReader::id_to_fieldnorm(id) as f32;
            *norm = K1 * (1.0 - B + B * len / average.max(1.0));
        }
        Ok(Norms { reader, table })
    }

    /// What a document must have and must not have, without the wanted words; candidates are of the plan's kind.
    /// `None` when nothing narrows: all documents of the kind.
    pub(super) fn required(&self, plan: &'v Plan) -> Result<Option<Box<dyn Cursor + 'v>>, EngineError> {
        if plan.required.is_empty() && plan.excluded.is_empty() {
            return Ok(None);
        }
        let mut all = Vec::new();
        for clause in &plan.required {
            all.push(self.clause(plan, clause)?);
        }
        if !plan.required.iter().any(implies_kind) && plan.wanted.is_empty() {
            all.push(self.kind(plan.kind)?);
        }
        if all.is_empty() {
            let end = self.segment.reader.max_doc();
            all.push(Box::new(TestCursor::new(end, |_| true)));
        }
        let mut none = Vec::new();
        for clause in &plan.excluded {
            none.push(self.clause(plan, clause)?);
        }
        Ok(Some(Box::new(AndCursor::new(all, none))))
    }

    /// All documents of a kind.
    pub(super) fn kind(&self, kind: DocKind) -> Result<Box<dyn Cursor + 'v>, EngineError> {
        let postings = self.segment.kind(self.view, kind)?;
        Ok(match postings {
            Some(postings) => Box::new(KindCursor(postings)),
            None => Box::new(ListCursor::new(Vec::new())),
        })
    }

    /// A cursor over a word's documents, substitutes included where `substitutes` is set.
    pub(super) fn leaf(
        &self,
        leaf: &Leaf,
        places: bool,
        substitutes: bool,
    ) -> Result<LeafCursor, EngineError> {
        let mut stand_ins = Vec::new();
        if substitutes {
            for substitute in &leaf.substitutes {
                let forms = self.forms(&substitute.forms, places)?;
                stand_ins.push((forms, substitute.weight * substitute.idf));
            }
        }
        if !places && let Some(gathered) = gathered::of(self.view, leaf, self.segment_idx)? {
            let own = vec![FormCursor::Many(GatheredCursor::new(gathered))];
            return Ok(LeafCursor::new(own, None, stand_ins, leaf.idf, Reading::Documents));
        }
        let own = self.forms(&leaf.own, places)?;
        let reading = if places { Reading::Places } else { Reading::Documents };
        Ok(LeafCursor::new(own, self.bit_set(&leaf.rest)?, stand_ins, leaf.idf, reading))
    }

    /// A cursor over the places of a word and its substitutes in documents that are known to match: forms that are too
    /// many to weigh are too many to show.
    pub(super) fn shown_leaf(&self, leaf: &Leaf) -> Result<LeafCursor, EngineError> {
        let mut stand_ins = Vec::new();
        for substitute in &leaf.substitutes {
            stand_ins.push((self.forms(&substitute.forms, true)?, substitute.weight * substitute.idf));
        }
        Ok(LeafCursor::new(self.forms(&leaf.own, true)?, None, stand_ins, leaf.idf, Reading::Places))
    }

    fn forms(&self, forms: &[Form], places: bool) -> Result<Vec<FormCursor>, EngineError> {
        let mut cursors = Vec::with_capacity(forms.len());
        for form in forms {
            cursors.extend(self.form(form, places)?);
        }
        Ok(cursors)
    }

    fn bit_set(&self, forms: &[Form]) -> Result<Option<BitSetDocSet>, EngineError> {
        if forms.is_empty() {
            return Ok(None);
        }
        let mut docs = tantivy_bits(self.segment.reader.max_doc());
        for form in forms {
            match self.form(form, false)? {
                Some(FormCursor::Term(mut postings)) => {
                    while postings.doc() != TERMINATED {
                        docs.insert(postings.doc());
                        postings.advance();
                    }
                }
                Some(mut row @ FormCursor::Row(_)) => {
                    while row.doc() != TERMINATED {
                        docs.insert(row.doc());
                        row.seek(row.doc() + 1);
                    }
                }
                Some(FormCursor::Many(_)) | None => {}
            }
        }
        Ok(Some(BitSetDocSet::from(docs)))
    }

    fn form(&self, form: &Form, places: bool) -> Result<Option<FormCursor>, EngineError> {
        let with = |places| match places {
            true => IndexRecordOption::WithFreqsAndPositions,
            false => IndexRecordOption::WithFreqs,
        };
        Ok(match form {
            Form::Term(field, term) => {
                self.segment.postings(self.view.fields.of(*field), term, with(places))?.map(FormCursor::Term)
            }
            Form::Row(field, terms) => {
                let mut parts = Vec::new();
                for term in terms {
                    match self.segment.postings(self.view.fields.of(*field), term, with(true))? {
                        Some(postings) => parts.push(postings),
                        None => return Ok(None),
                    }
                }
                Some(FormCursor::Row(RowCursor::new(parts)))
            }
        })
    }

    /// A cursor over one positional part.
    pub(super) fn span(&self, plan: &'v Plan, span: &'v SpanPlan) -> Result<SpanCursor<'v>, EngineError> {
        let mut leaves = Vec::new();
        for leaf in &span.leaves {
            leaves.push(self.leaf(&plan.leaves[*leaf], true, false)?);
        }
        let mut cursor = SpanCursor {
            span,
            places: vec![Vec::new(); leaves.len()],
            leaves,
            bounds: &self.segment.bounds,
            sentences: Vec::new(),
            paragraphs: Vec::new(),
            quoted: &self.segment.quoted,
            found: Vec::new(),
            is_article: plan.kind == DocKind::Article,
            buffer: Vec::new(),
            pairs: Vec::new(),
            doc: 0,
        };
        cursor.doc = cursor.align(&span.need, 0);
        Ok(cursor)
    }

    fn clause(&self, plan: &'v Plan, clause: &'v Clause) -> Result<Box<dyn Cursor + 'v>, EngineError> {
        let end = self.segment.reader.max_doc();
        Ok(match clause {
            Clause::All => self.kind(plan.kind)?,
            Clause::Nothing => Box::new(ListCursor::new(Vec::new())),
            Clause::Leaf(leaf) => Box::new(self.leaf(&plan.leaves[*leaf], false, false)?),
            Clause::Span(span) => Box::new(self.span(plan, &plan.spans[*span])?),
            Clause::Names(field, numbers) => self.names(*field, numbers)?,
            Clause::Days(since, until) => {
                let (since, until) = (*since, *until);
                column_test(end, self.segment.date.clone(), move |day| {
                    day.is_some_and(|day| since <= day && day <= until)
                })
            }
            Clause::Has(what) => self.has(*what),
            Clause::And { all, none } => {
                let mut all: Vec<_> =
                    all.iter().map(|one| self.clause(plan, one)).collect::<Result<_, _>>()?;
                if !matches!(clause, Clause::And { all, .. } if all.iter().any(implies_kind)) {
                    all.push(self.kind(plan.kind)?);
                }
                let none = none.iter().map(|one| self.clause(plan, one)).collect::<Result<_, _>>()?;
                Box::new(AndCursor::new(all, none))
            }
            Clause::Or(any) => {
                let any = any.iter().map(|one| self.clause(plan, one)).collect::<Result<_, _>>()?;
                Box::new(OrCursor::new(any))
            }
            Clause::Said(inner) if plan.kind == DocKind::Quote => match self.required(inner)? {
                Some(cursor) => cursor,
                None => self.kind(DocKind::Quote)?,
            },
            Clause::Said(inner) => Box::new(ListCursor::new(self.articles_that_quote(inner)?)),
            Clause::OfArticle(inner) => Box::new(ListCursor::new(self.quotes_of(inner)?)),
        })
    }

    fn names(&self, field: FacetField, numbers: &[u32]) -> Result<Box<dyn Cursor + 'v>, EngineError> {
        let end = self.segment.reader.max_doc();
        let column = match field {
            FacetField::Outlet => &self.segment.outlet,
            FacetField::Author => &self.segment.author,
            _ => &self.segment.speaker,
        };
        let (Some(table), Some(column)) = (self.view.table(field)?, column) else {
            return Ok(Box::new(ListCursor::new(Vec::new())));
        };
        let chosen: Vec<bool> = table.by_segment[self.segment_idx]
            .iter()
            .map(|number| numbers.binary_search(&number).is_ok())
            .collect();
        let n_chosen = chosen.iter().filter(|is_chosen| **is_chosen).count();
        if n_chosen == 0 {
            return Ok(Box::new(ListCursor::new(Vec::new())));
        }
        if n_chosen <= FEW_NAMES {
            let ords = (0u64..).zip(&chosen).filter(|(_, is_chosen)| **is_chosen).map(|(ord, _)| ord);
            return self.documents_of(field, column, ords);
        }
        let ords = column.ords().clone();
        let test =
            move |doc| ords.values_for_doc(doc).any(|ord| chosen.get(ord as usize).copied().unwrap_or(false));
        Ok(Box::new(TestCursor::new(end, test)))
    }

    /// Documents that have one of a few values of a column, by the index of its values.
    fn documents_of(
        &self,
        field: FacetField,
        column: &StrColumn,
        ords: impl Iterator<Item = u64>,
    ) -> Result<Box<dyn Cursor + 'v>, EngineError> {
        let handle = self.view.fields.of(match field {
            FacetField::Outlet => Field::Outlet,
            FacetField::Author => Field::Author,
            _ => Field::Speaker,
        });
        let inverted = self.segment.reader.inverted_index(handle).map_err(damaged)?;
        let mut any: Vec<Box<dyn Cursor + 'v>> = Vec::new();
        let mut name = String::new();
        for ord in ords {
            name.clear();
            if !column.ord_to_str(ord, &mut name).map_err(io)? {
                continue;
            }
            let term = IndexTerm::from_field_text(handle, &name);
            let postings = inverted.read_postings(&term, IndexRecordOption::Basic).map_err(io)?;
            if let Some(postings) = postings {
                any.push(Box::new(KindCursor(postings)));
            }
        }
        Ok(Box::new(OrCursor::new(any)))
    }

    fn has(&self, what: HasWhat) -> Box<dyn Cursor + 'v> {
        let end = self.segment.reader.max_doc();
        let bit = match what {
            HasWhat::Url => 1,
            HasWhat::Quote => 4,
            HasWhat::Speaker => 8,
            HasWhat::Date => {
                return column_test(end, self.segment.date.clone(), |day| day.is_some());
            }
            HasWhat::Outlet | HasWhat::Author => {
                let column =
                    if what == HasWhat::Outlet { &self.segment.outlet } else { &self.segment.author };
                return match column {
                    Some(column) => column_test(end, column.ords().clone(), |ord| ord.is_some()),
                    None => Box::new(ListCursor::new(Vec::new())),
                };
            }
        };
        column_test(end, self.segment.has.clone(), move |bits| bits.unwrap_or(0) & bit != 0)
    }

    /// Documents of articles with a quote that meets `inner`, with the best score of such a quote.
    fn articles_that_quote(&self, inner: &'v Plan) -> Result<Vec<(DocId, f32)>, EngineError> {
        let counts = self.quote_test();
        let mut found: Vec<(DocId, f32)> = Vec::new();
        self.each(inner, |quote, score| {
            if !counts(quote) {
                return;
            }
            let article = self.segment.article_of(quote);
            match found.last_mut() {
                Some((last, best)) if *last == article => *best = best.max(score),
                _ => found.push((article, score)),
            }
        })?;
        Ok(found)
    }

    /// Numbers, from 1, of the quotes of `article` that meet a plan without wanted words.
    pub(super) fn quotes_that(&self, plan: &'v Plan, article: DocId) -> Result<Vec<usize>, EngineError> {
        let counts = self.quote_test();
        let mut cursor = match self.required(plan)? {
            Some(cursor) => cursor,
            None => self.kind(DocKind::Quote)?,
        };
        let last = article + self.segment.n_quotes.first(article).unwrap_or(0) as DocId;
        let mut numbers = Vec::new();
        let mut doc = cursor.seek(article + 1);
        while doc <= last {
            if counts(doc) && cursor.holds() {
                numbers.push((doc - article) as usize);
            }
            doc = cursor.seek(doc + 1);
        }
        Ok(numbers)
    }

    /// Documents of the quotes of articles that meet `inner`.
    fn quotes_of(&self, inner: &'v Plan) -> Result<Vec<(DocId, f32)>, EngineError> {
        let mut found = Vec::new();
        self.each(inner, |article, _| {
            let n_quotes = self.segment.n_quotes.first(article).unwrap_or(0) as DocId;
            found.extend((article + 1..=article + n_quotes).map(|quote| (quote, 0.0)));
        })?;
        Ok(found)
    }

    /// Calls `visit` with each live document that meets a plan without wanted words, and its score.
    fn each(&self, plan: &'v Plan, mut visit: impl FnMut(DocId, f32)) -> Result<(), EngineError> {
        let mut cursor = match self.required(plan)? {
            Some(cursor) => cursor,
            None => self.kind(plan.kind)?,
        };
        let norms = self.norms(plan.kind)?;
        let mut doc = cursor.doc();
        while doc != TERMINATED {
            if self.segment.alive().is_none_or(|alive| alive.is_alive(doc)) && cursor.holds() {
                visit(doc, cursor.score(norms.of(doc)));
            }
            doc = cursor.seek(doc + 1);
        }
        Ok(())
    }

    /// Whether a quote is of a kind and grade that the filters let count.
    pub(super) fn quote_test(&self) -> impl Fn(DocId) -> bool + 'v {
        let segment = self.segment;
        let kinds = QuoteKind::ALL.map(|kind| self.filters.kinds.contains(&kind));
        let grades =
            Grade::ALL.map(|grade| self.filters.grades.is_empty() || self.filters.grades.contains(&grade));
        let all_grades = self.filters.grades.is_empty();
        move |quote| {
            let kind = segment.quote_kind.first(quote).unwrap_or(0) as usize;
            kinds.get(kind).copied().unwrap_or(false)
                && (all_grades || {
                    let grade = segment.grade.first(quote).unwrap_or(5) as usize;
                    grades.get(grade).copied().unwrap_or(false)
                })
        }
    }
}

/// Whether only documents of the plan's own kind can meet it.
pub(super) fn implies_kind(clause: &Clause) -> bool {
    match clause {
        Clause::All
        | Clause::Nothing
        | Clause::Leaf(_)
        | Clause::Span(_)
        | Clause::Said(_)
        | Clause::OfArticle(_) => true,
        Clause::Names(..) | Clause::Days(..) | Clause::Has(_) => false,
        Clause::And { .. } => true,
        Clause::Or(any) => any.iter().all(implies_kind),
    }
}

fn tantivy_bits(max_doc: DocId) -> tantivy::BitSet {
    tantivy::BitSet::with_max_value(max_doc)
}

/// Where the texts of an article begin, behind the headline.
const TEXTS: [u32; 2] = [STANDFIRST_START, BODY_START];

/// Documents in which words stand as arranged.
pub(super) struct SpanCursor<'v> {
    span: &'v SpanPlan,
    leaves: Vec<LeafCursor>,
    bounds: &'v Column<u64>,
    quoted: &'v Column<u64>,
    places: Vec<Vec<Place>>,
    sentences: Vec<u32>,
    paragraphs: Vec<u32>,
    /// What it asks for, in the document last asked about.
    found: Vec<Place>,
    is_article: bool,
    buffer: Vec<u32>,
    pairs: Vec<(u32, u32)>,
    doc: DocId,
}

impl SpanCursor<'_> {
    /// The first document not before `target` that has the words, wherever they stand.
    fn align(&mut self, need: &Need, target: DocId) -> DocId {
        match need {
            Need::Leaf(leaf) => self.leaves[*leaf].seek(target),
            Need::Any(any) => any.iter().map(|one| self.align(one, target)).min().unwrap_or(TERMINATED),
            Need::All(all) => {
                let mut candidate = target;
                'again: while candidate != TERMINATED {
                    for one in all {
                        let doc = self.align(one, candidate);
                        if doc > candidate {
                            candidate = doc;
                            continue 'again;
                        }
                    }
                    break;
                }
                candidate
            }
        }
    }

    /// Starts of sentences and paragraphs; headline and standfirst are one each.
    fn read_bounds(&mut self) {
        self.sentences.clear();
        self.paragraphs.clear();
        if self.is_article {
            self.sentences.extend(TEXTS);
            self.paragraphs.extend(TEXTS);
        }
        if !self.span.has_parts {
            return;
        }
        for bound in self.bounds.values_for_doc(self.doc) {
            let Ok(position) = u32::try_from(bound / 2) else {
                continue;
            };
            self.sentences.push(position);
            if bound % 2 == 1 {
                self.paragraphs.push(position);
            }
        }
    }

    /// The words that make it hold in the document last asked about: in order, each once.
    pub(super) fn marks(&self, out: &mut Vec<Place>) {
        let texts = if self.is_article { &TEXTS[..] } else { &[] };
        let bounds = Bounds { texts, sentences: &self.sentences, paragraphs: &self.paragraphs };
        self.span.matcher.marks(&self.places, bounds, out);
    }

    fn read_places(&mut self) {
        let doc = self.doc;
        for ((leaf, places), zone) in self.leaves.iter_mut().zip(&mut self.places).zip(&self.span.zones) {
            self.pairs.clear();
            for form in leaf.forms.iter_mut().filter(|form| form.doc() == doc) {
                form.places(&mut self.buffer, &mut self.pairs);
            }
            if leaf.forms.len() > 1 {
                self.pairs.sort_unstable();
                self.pairs.dedup();
            }
            places.clear();
            places.extend(self.pairs.iter().map(|(start, len)| Place { start: *start, end: start + len }));
            match zone {
                Zone::Anywhere => {}
                Zone::Headline => places.retain(|place| place.start < STANDFIRST_START),
                Zone::Body => places.retain(|place| place.start >= BODY_START),
                Zone::Quoted => {
                    let quoted: Vec<u64> = self.quoted.values_for_doc(doc).collect();
                    // An odd number of bounds before a position: it lies inside a pair.
                    places
                        .retain(|place| quoted.partition_point(|at| *at <= u64::from(place.start)) % 2 == 1);
                }
            }
        }
    }
}

impl Cursor for SpanCursor<'_> {
    fn doc(&self) -> DocId {
        self.doc
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.doc < target {
            let span = self.span;
            self.doc = self.align(&span.need, target);
        }
        self.doc
    }

    fn cost(&self) -> u64 {
        // Reading places is dearer than reading documents.
        self.leaves.iter().map(Cursor::cost).min().unwrap_or(0)
    }

    fn holds(&mut self) -> bool {
        self.read_places();
        self.read_bounds();
        let texts = if self.is_article { &TEXTS[..] } else { &[] };
        let bounds = Bounds { texts, sentences: &self.sentences, paragraphs: &self.paragraphs };
        self.span.matcher.occurrences(&self.places, bounds, &mut self.found)
    }

    fn score(&mut self, norm: f32) -> f32 {
        bm25(self.span.idf, self.found.len() as f32, norm)
    }
}
