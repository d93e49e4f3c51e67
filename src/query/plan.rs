//! Where a query holds in one document: one evaluation for hits, highlights and counts.
//!
//! In: a [`Query`] and, for each of its words, the places at which a document has it ([`Leaves`]); the caller finds
//! those in postings or in a tokenized text. Out: whether the query holds, the places of what it asks for, and the words
//! to mark. Stems, forms and fields are the caller's: a leaf's places are those of any form that counts, inside its field.

use std::borrow::Cow;

use super::positions::{self, Bounds, Order, Place};
use crate::model::query::{Query, QueryField, Term};

/// One word of a query, numbered in the order of the query; equal words share a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leaf {
    /// Where to look.
    pub field: QueryField,
    /// What for.
    pub term: Term,
    /// Inside which `said(...)` of the query, counted from 0.
    pub said: Option<usize>,
}

/// The places of each leaf of a [`Plan`] in one document.
pub trait Leaves {
    /// Places of leaf `leaf`, ordered, each once; one word each, or several for a word that is cut in several.
    /// Empty where the document does not have it.
    fn places(&self, leaf: usize) -> &[Place];
}

impl Leaves for Vec<Vec<Place>> {
    fn places(&self, leaf: usize) -> &[Place] {
        self.get(leaf).map_or(&[], Vec::as_slice)
    }
}

/// A query prepared for evaluation.
///
/// Conditions without a place (dates, `has:`, names of speakers, outlets, authors) hold here: the caller has checked
/// them, or does so elsewhere.
#[derive(Clone, Debug)]
pub struct Plan {
    leaves: Vec<Leaf>,
    root: Node,
}

#[derive(Clone, Debug)]
enum Node {
    /// Decided elsewhere.
    Elsewhere,
    Leaf(usize),
    Row(Vec<usize>),
    Window {
        leaves: Vec<usize>,
        slop: u32,
    },
    /// All of them, or as many as there are.
    All(Vec<Node>),
    Any(Vec<Node>),
    Not(Box<Node>),
    Near {
        sides: Box<[Node; 2]>,
        distance: u32,
        order: Order,
    },
    SameSentence(Box<[Node; 2]>),
    SameParagraph(Box<[Node; 2]>),
    AtLeast(u32, Box<Node>),
}

impl Plan {
    /// Prepares `query`.
    pub fn new(query: &Query) -> Self {
        let mut builder = Builder { leaves: Vec::new(), n_said: 0, said: None };
        let root = builder.node(query);
        Plan { leaves: builder.leaves, root }
    }

    /// The words to look up, by number.
    pub fn leaves(&self) -> &[Leaf] {
        &self.leaves
    }

    /// Whether the query holds.
    pub fn holds(&self, leaves: &impl Leaves, bounds: Bounds<'_>) -> bool {
        Evaluation { leaves, bounds }.holds(&self.root)
    }

    /// Clears `out` and fills it with the places of what the query asks for, ordered, each once: a phrase from its
    /// first word to its last, a nearness from one end to the other. Of several conditions side by side, those of each.
    /// Returns whether the query holds.
    pub fn occurrences(&self, leaves: &impl Leaves, bounds: Bounds<'_>, out: &mut Vec<Place>) -> bool {
        out.clear();
        let evaluation = Evaluation { leaves, bounds };
        out.extend_from_slice(&evaluation.places(&self.root));
        if self.root.is_found() { !out.is_empty() } else { evaluation.holds(&self.root) }
    }

    /// Clears `out` and fills it with what to mark, ordered and each once: single words, and exact phrases whole; words
    /// of a nearness only where it holds. Words under `NOT` are never marked. Where a query does not hold as a whole,
    /// what holds of its parts is marked. Returns whether the query holds.
    pub fn marks(&self, leaves: &impl Leaves, bounds: Bounds<'_>, out: &mut Vec<Place>) -> bool {
        out.clear();
        let evaluation = Evaluation { leaves, bounds };
        evaluation.mark_all(&self.root, out);
        out.sort_unstable();
        out.dedup();
        if self.root.is_found() { !out.is_empty() } else { evaluation.holds(&self.root) }
    }
}

struct Builder {
    leaves: Vec<Leaf>,
    n_said: usize,
    said: Option<usize>,
}

impl Builder {
    fn node(&mut self, query: &Query) -> Node {
        match query {
            Query::All | Query::Date { .. } | Query::Has(_) => Node::Elsewhere,
            Query::Term { field, .. } | Query::Phrase { field, .. } if !field.is_text() => Node::Elsewhere,
            Query::Term { field, term } => Node::Leaf(self.leaf(*field, term)),
            Query::Phrase { field, terms, slop } => {
                let leaves = terms.iter().map(|term| self.leaf(*field, term)).collect();
                if *slop == 0 { Node::Row(leaves) } else { Node::Window { leaves, slop: *slop } }
            }
            Query::Words(parts) | Query::And(parts) => Node::All(self.nodes(parts)),
            Query::Or(parts) => Node::Any(self.nodes(parts)),
            Query::Not(part) => Node::Not(Box::new(self.node(part))),
            Query::Near { left, right, distance, ordered } => Node::Near {
                sides: self.sides(left, right),
                distance: *distance,
                order: if *ordered { Order::LeftFirst } else { Order::Either },
            },
            Query::SameSentence(left, right) => Node::SameSentence(self.sides(left, right)),
            Query::SameParagraph(left, right) => Node::SameParagraph(self.sides(left, right)),
            Query::AtLeast(times, part) => Node::AtLeast(*times, Box::new(self.node(part))),
            Query::Said(part) => {
                let outer = self.said.replace(self.n_said);
                self.n_said += 1;
                let node = self.node(part);
                self.said = outer;
                node
            }
        }
    }

    fn nodes(&mut self, parts: &[Query]) -> Vec<Node> {
        parts.iter().map(|part| self.node(part)).collect()
    }

    fn sides(&mut self, left: &Query, right: &Query) -> Box<[Node; 2]> {
        Box::new([self.node(left), self.node(right)])
    }

    fn leaf(&mut self, field: QueryField, term: &Term) -> usize {
        let leaf = Leaf { field, term: term.clone(), said: self.said };
        let known = self.leaves.iter().position(|known| *known == leaf);
        known.unwrap_or_else(|| {
            self.leaves.push(leaf);
            self.leaves.len() - 1
        })
    }
}

struct Evaluation<'e, L> {
    leaves: &'e L,
    bounds: Bounds<'e>,
}

impl<'e, L: Leaves> Evaluation<'e, L> {
    fn holds(&self, node: &Node) -> bool {
        match node {
            Node::Elsewhere => true,
            Node::Leaf(leaf) => !self.leaves.places(*leaf).is_empty(),
            Node::All(parts) => parts.iter().all(|part| self.holds(part)),
            Node::Any(parts) => parts.iter().any(|part| self.holds(part)),
            Node::Not(part) => part.is_elsewhere() || !self.holds(part),
            Node::AtLeast(_, part) if part.is_elsewhere() => true,
            _ => !self.places(node).is_empty(),
        }
    }

    /// Places of what `node` asks for.
    fn places(&self, node: &Node) -> Cow<'e, [Place]> {
        match node {
            Node::Elsewhere | Node::Not(_) => Cow::Borrowed(&[]),
            Node::Leaf(leaf) => Cow::Borrowed(self.leaves.places(*leaf)),
            Node::Row(leaves) => Cow::Owned(positions::row(&self.lists(leaves), self.bounds)),
            Node::Window { leaves, slop } => {
                Cow::Owned(positions::windows(&self.lists(leaves), leaves, *slop, self.bounds))
            }
            Node::All(parts) | Node::Any(parts) => {
                let lists: Vec<_> = parts.iter().map(|part| self.places(part)).collect();
                positions::union(&lists)
            }
            Node::Near { .. } | Node::SameSentence(_) | Node::SameParagraph(_) => {
                let mut found = Vec::new();
                self.join(node, &mut |span, _, _| found.push(span));
                found.sort_unstable();
                found.dedup();
                Cow::Owned(found)
            }
            Node::AtLeast(times, part) => {
                let places = self.places(part);
                if positions::count_apart(&places) >= *times { places } else { Cow::Borrowed(&[]) }
            }
        }
    }

    fn lists(&self, leaves: &[usize]) -> Vec<Cow<'e, [Place]>> {
        leaves.iter().map(|leaf| Cow::Borrowed(self.leaves.places(*leaf))).collect()
    }

    /// What two sides form: (span, left places, right places) to `found`.
    fn join(&self, node: &Node, found: &mut impl FnMut(Place, &[Place], &[Place])) {
        match node {
            Node::Near { sides, distance, order } => {
                let [left, right] = sides.each_ref().map(|side| self.places(side));
                let is_loose = sides.each_ref().map(Node::is_loose);
                positions::near(
                    [&left, &right],
                    is_loose,
                    *distance,
                    *order,
                    self.bounds,
                    &mut |span, left, right| {
                        found(span, &[left], &[right]);
                    },
                );
            }
            Node::SameSentence(sides) => {
                let [left, right] = sides.each_ref().map(|side| self.places(side));
                positions::same_part([&left, &right], self.bounds.sentences, found);
            }
            Node::SameParagraph(sides) => {
                let [left, right] = sides.each_ref().map(|side| self.places(side));
                positions::same_part([&left, &right], self.bounds.paragraphs, found);
            }
            _ => {}
        }
    }

    fn mark_all(&self, node: &Node, out: &mut Vec<Place>) {
        match node {
            Node::All(parts) | Node::Any(parts) => parts.iter().for_each(|part| self.mark_all(part, out)),
            _ => self.mark(node, &self.places(node), out),
        }
    }

    /// Marks the words of those places of `node` that are among `within`, which is ordered.
    fn mark(&self, node: &Node, within: &[Place], out: &mut Vec<Place>) {
        match node {
            Node::Elsewhere | Node::Not(_) => {}
            Node::Leaf(_) | Node::Row(_) => out.extend_from_slice(within),
            Node::Window { leaves, .. } => {
                for leaf in leaves {
                    out.extend(inside(self.leaves.places(*leaf), within));
                }
            }
            Node::All(parts) | Node::Any(parts) => {
                for part in parts {
                    let places = self.places(part);
                    let kept: Vec<Place> =
                        places.iter().copied().filter(|place| within.binary_search(place).is_ok()).collect();
                    self.mark(part, &kept, out);
                }
            }
            Node::Near { sides, .. } | Node::SameSentence(sides) | Node::SameParagraph(sides) => {
                let mut kept: [Vec<Place>; 2] = Default::default();
                self.join(node, &mut |span, lefts, rights| {
                    if within.binary_search(&span).is_ok() {
                        kept[0].extend_from_slice(lefts);
                        kept[1].extend_from_slice(rights);
                    }
                });
                for (side, mut kept) in sides.iter().zip(kept) {
                    kept.sort_unstable();
                    kept.dedup();
                    self.mark(side, &kept, out);
                }
            }
            Node::AtLeast(_, part) => self.mark(part, within, out),
        }
    }
}

/// Those of `places` that lie in one of `windows`; both are ordered.
fn inside<'p>(places: &'p [Place], windows: &'p [Place]) -> impl Iterator<Item = Place> + 'p {
    let mut first = 0;
    places.iter().copied().filter(move |place| {
        while windows.get(first).is_some_and(|window| window.end < place.end) {
            first += 1;
        }
        windows.get(first).is_some_and(|window| window.start <= place.start && place.end <= window.end)
    })
}

impl Node {
    /// Whether this node holds exactly where it has places.
    fn is_found(&self) -> bool {
        match self {
            Node::Leaf(_) | Node::Row(_) | Node::Window { .. } => true,
            Node::Near { .. } | Node::SameSentence(_) | Node::SameParagraph(_) => true,
            Node::Any(parts) => parts.iter().all(Node::is_found),
            Node::AtLeast(_, part) => part.is_found(),
            Node::Elsewhere | Node::All(_) | Node::Not(_) => false,
        }
    }

    /// Whether places of this node may have gaps.
    fn is_loose(&self) -> bool {
        match self {
            Node::Elsewhere | Node::Leaf(_) | Node::Row(_) | Node::Not(_) => false,
            Node::Any(parts) | Node::All(parts) => parts.iter().any(Node::is_loose),
            Node::AtLeast(_, part) => part.is_loose(),
            Node::Window { .. } | Node::Near { .. } | Node::SameSentence(_) | Node::SameParagraph(_) => true,
        }
    }

    /// Whether nothing in this node is decided here.
    fn is_elsewhere(&self) -> bool {
        match self {
            Node::Elsewhere => true,
            Node::All(parts) | Node::Any(parts) => parts.iter().any(Node::is_elsewhere),
            Node::Not(part) => part.is_elsewhere(),
            _ => false,
        }
    }
}
