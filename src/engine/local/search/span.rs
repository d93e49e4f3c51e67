//! Parts of a query in which places of words matter, resolved: its words, and which of them a document must have before
//! their places are looked at. Whether the places are right is decided by [`crate::query::Plan`], for hits and marks
//! alike.

use super::leaf::{Leaf, Resolver, cut, main_text};
use crate::engine::EngineError;
use crate::model::query::{Query, QueryField, Term, TermForm};
use crate::model::search::DocKind;
use crate::query;
use crate::schema::Field;

/// The part of the line of positions in which a leaf's places count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Zone {
    /// All.
    Anywhere,
    /// The headline.
    Headline,
    /// The body.
    Body,
    /// Between quotation marks.
    Quoted,
}

/// Words a document must have wherever they stand. Leaves are numbered as in [`SpanPlan::leaves`].
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Need {
    Leaf(usize),
    All(Vec<Need>),
    Any(Vec<Need>),
}

/// One positional part of a query.
#[derive(Debug)]
pub(super) struct SpanPlan {
    pub(super) matcher: query::Plan,
    pub(super) need: Need,
    /// For each leaf of the matcher: its place in the plan's list of leaves.
    pub(super) leaves: Vec<usize>,
    /// For each leaf of the matcher.
    pub(super) zones: Vec<Zone>,
    /// Rarity: the sum of its words'.
    pub(super) idf: f32,
    /// Whether it asks where sentences or paragraphs begin: to read that takes as long as the places of a word.
    pub(super) has_parts: bool,
    /// As written, for explanations.
    pub(super) shown: String,
}

impl SpanPlan {
    /// Resolves a term, phrase or proximity in the main text of `kind`; `all` gets its words.
    pub(super) fn new(
        resolver: &mut Resolver<'_>,
        kind: DocKind,
        query: &Query,
        all: &mut Vec<Leaf>,
    ) -> Result<SpanPlan, EngineError> {
        let zone = |field: QueryField| match (kind, field) {
            (DocKind::Article, QueryField::Headline) => Zone::Headline,
            (DocKind::Article, QueryField::Body) => Zone::Body,
            (DocKind::Article, QueryField::Quote) => Zone::Quoted,
            _ => Zone::Anywhere,
        };
        build(resolver, &plain(query), main_text(kind), zone, all)
    }

    /// A phrase in a field with positions of its own.
    pub(super) fn in_field(
        resolver: &mut Resolver<'_>,
        field: Field,
        terms: &[Term],
        slop: u32,
        all: &mut Vec<Leaf>,
    ) -> Result<SpanPlan, EngineError> {
        let query = Query::Phrase { field: QueryField::Text, terms: terms.to_vec(), slop };
        let mut span = build(resolver, &plain(&query), field, |_| Zone::Anywhere, all)?;
        span.idf = 0.0;
        Ok(span)
    }

    /// Whether it holds no word.
    pub(super) fn is_empty(&self) -> bool {
        self.leaves.is_empty()
    }
}

fn build(
    resolver: &mut Resolver<'_>,
    query: &Query,
    field: Field,
    zone: impl Fn(QueryField) -> Zone,
    all: &mut Vec<Leaf>,
) -> Result<SpanPlan, EngineError> {
    let matcher = query::Plan::new(query);
    let (mut leaves, mut zones) = (Vec::new(), Vec::new());
    for wanted in matcher.leaves() {
        let mut leaf = resolver.leaf(&wanted.term, field, false)?;
        // Each form is wanted with its places: none may be left to the documents alone.
        leaf.own.append(&mut leaf.rest);
        all.push(leaf);
        leaves.push(all.len() - 1);
        zones.push(zone(wanted.field));
    }
    let idf = leaves.iter().map(|leaf| all[*leaf].idf).sum();
    let shown: Vec<&str> = leaves.iter().map(|leaf| all[*leaf].word.as_str()).collect();
    let shown = shown.join(" ");
    let has_parts = has_parts(query);
    Ok(SpanPlan { need: need(query, &matcher), matcher, leaves, zones, idf, has_parts, shown })
}

/// The query without words that are none, and with the words of exact phrases unstemmed.
fn plain(query: &Query) -> Query {
    let sides = |left: &Query, right: &Query| (Box::new(plain(left)), Box::new(plain(right)));
    match query {
        Query::Phrase { field, terms, slop } => {
            let mut terms = terms.clone();
            terms.retain(|term| !cut(&term.word).is_empty());
            for term in &mut terms {
                if *slop == 0 && term.form == TermForm::Stem {
                    term.form = TermForm::Exact;
                }
            }
            Query::Phrase { field: *field, terms, slop: *slop }
        }
        Query::Near { left, right, distance, ordered } => {
            let (left, right) = sides(left, right);
            Query::Near { left, right, distance: *distance, ordered: *ordered }
        }
        Query::SameSentence(left, right) => {
            let (left, right) = sides(left, right);
            Query::SameSentence(left, right)
        }
        Query::SameParagraph(left, right) => {
            let (left, right) = sides(left, right);
            Query::SameParagraph(left, right)
        }
        Query::AtLeast(times, inner) => Query::AtLeast(*times, Box::new(plain(inner))),
        Query::Or(clauses) => Query::Or(clauses.iter().map(plain).collect()),
        Query::And(clauses) => Query::And(clauses.iter().map(plain).collect()),
        Query::Words(clauses) => Query::Words(clauses.iter().map(plain).collect()),
        other => other.clone(),
    }
}

fn has_parts(query: &Query) -> bool {
    match query {
        Query::SameSentence(..) | Query::SameParagraph(..) => true,
        Query::Near { left, right, .. } => has_parts(left) || has_parts(right),
        Query::AtLeast(_, inner) | Query::Said(inner) | Query::Not(inner) => has_parts(inner),
        Query::Or(clauses) | Query::And(clauses) | Query::Words(clauses) => clauses.iter().any(has_parts),
        Query::Term { .. } | Query::Phrase { .. } | Query::All | Query::Date { .. } | Query::Has(_) => false,
    }
}

fn need(query: &Query, matcher: &query::Plan) -> Need {
    let leaf = |field: QueryField, term: &Term| {
        let found = matcher.leaves().iter().position(|leaf| leaf.field == field && leaf.term == *term);
        found.map_or(Need::All(Vec::new()), Need::Leaf)
    };
    match query {
        Query::Term { field, term } => leaf(*field, term),
        Query::Phrase { field, terms, .. } => {
            Need::All(terms.iter().map(|term| leaf(*field, term)).collect())
        }
        Query::Near { left, right, .. }
        | Query::SameSentence(left, right)
        | Query::SameParagraph(left, right) => Need::All(vec![need(left, matcher), need(right, matcher)]),
        Query::AtLeast(_, inner) | Query::Said(inner) => need(inner, matcher),
        Query::Or(clauses) => Need::Any(clauses.iter().map(|clause| need(clause, matcher)).collect()),
        Query::And(clauses) | Query::Words(clauses) => {
            Need::All(clauses.iter().map(|clause| need(clause, matcher)).collect())
        }
        Query::All | Query::Not(_) | Query::Date { .. } | Query::Has(_) => Need::All(Vec::new()),
    }
}
