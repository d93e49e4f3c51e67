//! A query resolved against one opened state: what a document must have, what it should have, what is marked.
//!
//! In: the parsed query and the filters. Out: a [`Plan`], the same for all segments. Plain words side by side are
//! *wanted*: a document with all of them is a match; one with most of them may follow. Everything else is *required*.

use super::leaf::{Form, Leaf, Resolver, cut, main_text};
use super::meant;
use super::span::SpanPlan;
use super::table::name_words;
use super::view::View;
use crate::engine::EngineError;
use crate::lexicon::equivalents::{self, Equivalents};
use crate::model::query::{HasWhat, Query, QueryField, Term, TermForm};
use crate::model::search::{DocKind, FacetField};
use crate::schema::{Field, record};
use crate::text;

/// A condition on documents of one kind.
#[derive(Debug)]
pub(super) enum Clause {
    /// All documents of the kind.
    All,
    /// None.
    Nothing,
    /// A word, by its place in [`Plan::leaves`].
    Leaf(usize),
    /// Words in certain places, by their place in [`Plan::spans`].
    Span(usize),
    /// One of these values of a column of names, by number.
    Names(FacetField, Vec<u32>),
    /// Days since 1970, both inclusive.
    Days(i64, i64),
    /// Something the article has.
    Has(HasWhat),
    /// All of `all`, none of `none`. `all` is not empty.
    And { all: Vec<Clause>, none: Vec<Clause> },
    /// Any of them.
    Or(Vec<Clause>),
    /// One quote of the article meets this plan; for quotes, the quote itself does.
    Said(Box<Plan>),
    /// The article of the quote meets this plan.
    OfArticle(Box<Plan>),
}

/// A resolved query.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) kind: DocKind,
    /// What a document must have whatever else.
    pub(super) required: Vec<Clause>,
    /// What it must not have.
    pub(super) excluded: Vec<Clause>,
    /// Words it should have all of, by their place in `leaves`.
    pub(super) wanted: Vec<usize>,
    /// Very common words among them: they raise, but nothing depends on them.
    pub(super) optional: Vec<usize>,
    pub(super) leaves: Vec<Leaf>,
    pub(super) spans: Vec<SpanPlan>,
    /// Leaves and spans that are marked where they stand: all that are not excluded.
    pub(super) marked_leaves: Vec<usize>,
    /// Likewise.
    pub(super) marked_spans: Vec<usize>,
    /// For each `said(...)` asked of articles: those of `marked_spans` that stand for its words, and what its quotes meet.
    pub(super) said: Vec<(Vec<usize>, Plan)>,
    /// Field terms without a value: the field, and the words as written.
    pub(super) dead_values: Vec<(FacetField, String)>,
}

impl Plan {
    /// Resolves `query` for documents of `kind`.
    ///
    /// # Errors
    /// [`EngineError::Limit`] for a prefix with too many words; errors of reading the dictionaries.
    pub(super) fn new(view: &View, kind: DocKind, query: &Query) -> Result<Plan, EngineError> {
        let plan = Plan {
            kind,
            required: Vec::new(),
            excluded: Vec::new(),
            wanted: Vec::new(),
            optional: Vec::new(),
            leaves: Vec::new(),
            spans: Vec::new(),
            marked_leaves: Vec::new(),
            marked_spans: Vec::new(),
            said: Vec::new(),
            dead_values: Vec::new(),
        };
        let mut planner = Planner { view, resolver: Resolver::new(view, kind), plan, excluding: false };
        planner.top(query)?;
        Ok(planner.plan)
    }

    /// Whether a document can have most of the words without all.
    pub(super) fn has_rest(&self) -> bool {
        self.wanted.len() > 1 || self.wanted.iter().any(|leaf| !self.leaves[*leaf].substitutes.is_empty())
    }
}

struct Planner<'v> {
    view: &'v View,
    resolver: Resolver<'v>,
    plan: Plan,
    excluding: bool,
}

impl Planner<'_> {
    /// The outermost level, where plain words are wanted rather than required.
    fn top(&mut self, query: &Query) -> Result<(), EngineError> {
        match query {
            Query::All => Ok(()),
            Query::Words(clauses) => self.words(clauses),
            Query::Term { field: QueryField::Text, .. } => self.words(std::slice::from_ref(query)),
            Query::And(clauses) => {
                for clause in clauses {
                    match clause {
                        Query::Words(words) => self.words(words)?,
                        other => self.require(other)?,
                    }
                }
                Ok(())
            }
            other => self.require(other),
        }
    }

    fn words(&mut self, clauses: &[Query]) -> Result<(), EngineError> {
        let common = Equivalents::embedded();
        let mut plain: Vec<usize> = Vec::new();
        for clause in clauses {
            match clause {
                Query::Term { field: QueryField::Text, term } if !cut(&term.word).is_empty() => {
                    let leaf = self.leaf(term, true)?;
                    let function =
                        term.form == TermForm::Stem && common.is_function_word(&text::fold(&term.word));
                    if function { self.plan.optional.push(leaf) } else { plain.push(leaf) }
                }
                Query::Term { field: QueryField::Text, .. } | Query::All => {}
                other => self.require(other)?,
            }
        }
        self.joint_equivalents(&plain)?;
        // A query of nothing but common words asks for them.
        if plain.is_empty() && self.plan.required.is_empty() {
            plain = std::mem::take(&mut self.plan.optional);
        }
        self.plan.wanted.extend(plain);
        Ok(())
    }

    /// "european union" is also "EU": whatever the words together may be replaced by may replace each.
    fn joint_equivalents(&mut self, plain: &[usize]) -> Result<(), EngineError> {
        let known = Equivalents::embedded();
        let field = main_text(self.plan.kind);
        let words: Vec<String> =
            plain.iter().map(|leaf| equivalents::terms(&self.plan.leaves[*leaf].word)).collect();
        for len in 2..=4usize.min(words.len()) {
            for start in 0..=words.len() - len {
                let joint = words[start..start + len].join(" ");
                for equivalent in known.of(&joint) {
                    let term = Term { word: equivalent.words.to_owned(), form: TermForm::Stem };
                    let other = self.resolver.leaf(&term, field, false)?;
                    if other.is_dead() {
                        continue;
                    }
                    for leaf in &plain[start..start + len] {
                        let leaf = &mut self.plan.leaves[*leaf];
                        leaf.substitutes.push(super::leaf::Substitute {
                            forms: other.own.clone(),
                            weight: equivalent.weight / len as f32,
                            idf: other.idf,
                            label: format!("{} for {joint}", equivalent.words),
                        });
                    }
                }
            }
        }
        Ok(())
    }

    fn require(&mut self, query: &Query) -> Result<(), EngineError> {
        match query {
            Query::All => {}
            Query::And(clauses) | Query::Words(clauses) => {
                for clause in clauses {
                    self.require(clause)?;
                }
            }
            Query::Not(inner) => {
                let clause = self.negated(inner)?;
                self.plan.excluded.push(clause);
            }
            other => {
                let clause = self.clause(other)?;
                self.plan.required.push(clause);
            }
        }
        Ok(())
    }

    fn negated(&mut self, query: &Query) -> Result<Clause, EngineError> {
        let before = std::mem::replace(&mut self.excluding, true);
        // "NOT trump" leaves out the word itself, not all that share its stem ("trumped").
        let clause = match query {
            Query::Term { field, term } if term.form == TermForm::Stem => {
                let term = Term { word: term.word.clone(), form: TermForm::Exact };
                self.clause(&Query::Term { field: *field, term })
            }
            other => self.clause(other),
        };
        self.excluding = before;
        clause
    }

    fn clause(&mut self, query: &Query) -> Result<Clause, EngineError> {
        Ok(match query {
            Query::All => Clause::All,
            Query::Term { field, term } => self.term(*field, term, query)?,
            Query::Phrase { field, terms, slop } => self.phrase(*field, terms, *slop, query)?,
            Query::And(clauses) | Query::Words(clauses) => {
                let (mut all, mut none) = (Vec::new(), Vec::new());
                for clause in clauses {
                    match clause {
                        Query::Not(inner) => none.push(self.negated(inner)?),
                        other => all.push(self.clause(other)?),
                    }
                }
                if all.is_empty() {
                    all.push(Clause::All);
                }
                Clause::And { all, none }
            }
            Query::Or(clauses) => {
                Clause::Or(clauses.iter().map(|clause| self.clause(clause)).collect::<Result<_, _>>()?)
            }
            Query::Not(inner) => Clause::And { all: vec![Clause::All], none: vec![self.negated(inner)?] },
            Query::Near { .. } | Query::SameSentence(..) | Query::SameParagraph(..) | Query::AtLeast(..) => {
                self.span(query)?
            }
            Query::Said(inner) => {
                let before = self.plan.marked_spans.len();
                self.mark_said(inner)?;
                let marks = self.plan.marked_spans[before..].to_vec();
                if self.plan.kind == DocKind::Article && !marks.is_empty() {
                    let said = Plan::new(self.view, DocKind::Quote, inner)?.strict();
                    self.plan.said.push((marks, said));
                }
                Clause::Said(Box::new(Plan::new(self.view, DocKind::Quote, inner)?.strict()))
            }
            Query::Date { since, until } => {
                Clause::Days(since.map_or(i64::MIN, record::days), until.map_or(i64::MAX, record::days))
            }
            Query::Has(what) => Clause::Has(*what),
        })
    }

    fn term(&mut self, field: QueryField, term: &Term, query: &Query) -> Result<Clause, EngineError> {
        if let Some(clause) = self.other_place(field, query)? {
            return Ok(clause);
        }
        match field {
            QueryField::Speaker | QueryField::Outlet | QueryField::Author => {
                self.names(field, &term.word, term.form)
            }
            _ if cut(&term.word).is_empty() => Ok(Clause::All),
            QueryField::Text => Ok(Clause::Leaf(self.leaf(term, !self.excluding)?)),
            QueryField::Via | QueryField::Role => self.field_leaf(Field::Via, Field::Role, field, term),
            QueryField::Furniture => self.unscored_leaf(term, Field::Furniture),
            QueryField::Headline | QueryField::Body | QueryField::Quote => self.span(query),
        }
    }

    fn phrase(
        &mut self,
        field: QueryField,
        terms: &[Term],
        slop: u32,
        query: &Query,
    ) -> Result<Clause, EngineError> {
        if let Some(clause) = self.other_place(field, query)? {
            return Ok(clause);
        }
        match field {
            QueryField::Speaker | QueryField::Outlet | QueryField::Author => {
                let words: Vec<&str> = terms.iter().map(|term| term.word.as_str()).collect();
                self.names(field, &words.join(" "), TermForm::Exact)
            }
            QueryField::Via | QueryField::Role | QueryField::Furniture => {
                let field = match field {
                    QueryField::Via => Field::Via,
                    QueryField::Role => Field::Role,
                    _ => Field::Furniture,
                };
                let span = SpanPlan::in_field(&mut self.resolver, field, terms, slop, &mut self.plan.leaves)?;
                self.plan.spans.push(span);
                Ok(Clause::Span(self.plan.spans.len() - 1))
            }
            QueryField::Text | QueryField::Headline | QueryField::Body | QueryField::Quote => {
                self.span(query)
            }
        }
    }

    /// Fields that the other kind of document carries.
    fn other_place(&mut self, field: QueryField, query: &Query) -> Result<Option<Clause>, EngineError> {
        let other = match (self.plan.kind, field) {
            (DocKind::Article, QueryField::Via | QueryField::Role) => DocKind::Quote,
            (DocKind::Quote, QueryField::Headline | QueryField::Furniture) => DocKind::Article,
            _ => return Ok(None),
        };
        let plan = Box::new(Plan::new(self.view, other, query)?.strict());
        Ok(Some(match other {
            DocKind::Quote => Clause::Said(plan),
            DocKind::Article => Clause::OfArticle(plan),
        }))
    }

    fn span(&mut self, query: &Query) -> Result<Clause, EngineError> {
        let span = SpanPlan::new(&mut self.resolver, self.plan.kind, query, &mut self.plan.leaves)?;
        if span.is_empty() {
            return Ok(Clause::All);
        }
        self.plan.spans.push(span);
        let idx = self.plan.spans.len() - 1;
        if !self.excluding {
            self.plan.marked_spans.push(idx);
        }
        Ok(Clause::Span(idx))
    }

    /// What is asked for inside `said(...)` is looked for in quotes, but marked where it is shown: between the article's
    /// quotation marks, or in the quote itself.
    fn mark_said(&mut self, query: &Query) -> Result<(), EngineError> {
        if self.excluding {
            return Ok(());
        }
        match query {
            Query::Words(clauses) | Query::And(clauses) | Query::Or(clauses) => {
                clauses.iter().try_for_each(|clause| self.mark_said(clause))
            }
            Query::Term { field, term } if field.is_text() && *field != QueryField::Furniture => {
                let term = Query::Term { field: QueryField::Quote, term: term.clone() };
                self.span(&term).map(drop)
            }
            Query::Phrase { field, terms, slop } if field.is_text() && *field != QueryField::Furniture => {
                let phrase = Query::Phrase { field: QueryField::Quote, terms: terms.clone(), slop: *slop };
                self.span(&phrase).map(drop)
            }
            Query::Near { .. } | Query::SameSentence(..) | Query::SameParagraph(..) | Query::AtLeast(..) => {
                self.span(query).map(drop)
            }
            _ => Ok(()),
        }
    }

    fn names(&mut self, field: QueryField, value: &str, form: TermForm) -> Result<Clause, EngineError> {
        let facet = match field {
            QueryField::Speaker => FacetField::Speaker,
            QueryField::Outlet => FacetField::Outlet,
            _ => FacetField::Author,
        };
        let Some(table) = self.view.table(facet)? else {
            return Ok(Clause::Nothing);
        };
        let folded = text::fold(value);
        let words: Vec<String> = name_words(&folded).map(str::to_owned).collect();
        let numbers = match form {
            _ if words.is_empty() => return Ok(Clause::All),
            TermForm::Prefix => table.with_prefix(&words),
            TermForm::Fuzzy(edits) => table.with_edits(&words, usize::from(edits)),
            TermForm::Stem if words.len() == 1 => {
                let found = table.with_words(&words);
                if found.is_empty() { meant::values(self.view, facet, table, value) } else { found }
            }
            TermForm::Stem | TermForm::Exact => {
                let found = meant::values(self.view, facet, table, value);
                if found.is_empty() { table.with_words(&words) } else { found }
            }
        };
        if numbers.is_empty() {
            self.plan.dead_values.push((facet, value.to_owned()));
            return Ok(Clause::Nothing);
        }
        Ok(Clause::Names(facet, numbers))
    }

    fn leaf(&mut self, term: &Term, substitutes: bool) -> Result<usize, EngineError> {
        let leaf = self.resolver.leaf(term, main_text(self.plan.kind), substitutes)?;
        self.plan.leaves.push(leaf);
        let idx = self.plan.leaves.len() - 1;
        if !self.excluding {
            self.plan.marked_leaves.push(idx);
        }
        Ok(idx)
    }

    fn field_leaf(
        &mut self,
        via: Field,
        role: Field,
        field: QueryField,
        term: &Term,
    ) -> Result<Clause, EngineError> {
        let name = if field == QueryField::Via { via } else { role };
        // These fields are kept unstemmed: names and titles.
        let form = if term.form == TermForm::Stem { TermForm::Exact } else { term.form };
        let term = Term { word: term.word.clone(), form };
        self.unscored_leaf(&term, name)
    }

    fn unscored_leaf(&mut self, term: &Term, field: Field) -> Result<Clause, EngineError> {
        let mut leaf = self.resolver.leaf(term, field, false)?;
        leaf.idf = 0.0;
        self.plan.leaves.push(leaf);
        Ok(Clause::Leaf(self.plan.leaves.len() - 1))
    }
}

impl Plan {
    /// With the wanted words required.
    fn strict(mut self) -> Plan {
        let wanted = std::mem::take(&mut self.wanted);
        self.required.extend(wanted.into_iter().map(Clause::Leaf));
        self
    }

    /// Words that no document has, as written, each once, in the order of the query.
    pub(super) fn dead_words(&self) -> Vec<&Leaf> {
        let mut dead: Vec<&Leaf> = Vec::new();
        let used = self
            .marked_leaves
            .iter()
            .chain(self.marked_spans.iter().flat_map(|span| &self.spans[*span].leaves));
        for leaf in used.map(|leaf| &self.leaves[*leaf]) {
            if leaf.is_dead() && !dead.iter().any(|other| other.word == leaf.word) {
                dead.push(leaf);
            }
        }
        dead
    }
}

impl Form {
    /// As shown in explanations.
    pub(super) fn shown(&self) -> String {
        match self {
            Form::Term(_, term) => term.clone(),
            Form::Row(_, terms) => terms.join(" "),
        }
    }
}
