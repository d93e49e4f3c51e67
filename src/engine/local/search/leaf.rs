//! One word of a query, resolved against the dictionaries of the index: which terms count as the word, and which may
//! stand in for it.
//!
//! A leaf's *own* forms make a match: all words with its stem, the very form, all words with a prefix, all within some
//! edits. The dictionaries hold words as they are written; which of them have a stem is found by [`super::stemmed`]. Its
//! *substitutes* (equivalents, and neighbours in spelling of a word the index does not have) only raise and fill the list
//! behind the matches: what was not asked for is never counted.

use std::cell::Cell;

use tantivy::query::FuzzyTermQuery;
use tantivy::schema::Term as IndexTerm;

use super::cursor::K1;
use super::view::{View, damaged, io};
use crate::engine::EngineError;
use crate::lexicon::equivalents::{self, Equivalents};
use crate::model::query::{Term, TermForm};
use crate::model::search::DocKind;
use crate::schema::Field;
use crate::text;

/// What is looked up for one word.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Form {
    /// One term of a field.
    Term(Field, String),
    /// Terms of a field in a row.
    Row(Field, Vec<String>),
}

/// Something that may stand in for a word.
#[derive(Clone, Debug)]
pub(super) struct Substitute {
    /// What is looked up: forms of one word.
    pub(super) forms: Vec<Form>,
    /// Share of the word's own weight.
    pub(super) weight: f32,
    /// Rarity.
    pub(super) idf: f32,
    /// In words, for explanations.
    pub(super) label: String,
}

/// A prefix or misspelling, as it is looked up.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Spelled {
    /// Where.
    pub(super) field: Field,
    /// What: `soverei*`, `sovreignty~1`.
    pub(super) text: String,
    /// For a prefix that is one word: what its forms begin with, and nothing else in the dictionary does.
    pub(super) prefix: Option<String>,
}

/// What a prefix or misspelling stands for in one opened state.
#[derive(Debug)]
pub(super) struct Expansion {
    own: Vec<Form>,
    rest: Vec<Form>,
    /// Entries of posting lists that it reads.
    postings: u64,
}

/// A word of the query.
#[derive(Clone, Debug)]
pub(super) struct Leaf {
    /// As written.
    pub(super) word: String,
    /// Forms that count as the word and give it its weight.
    pub(super) own: Vec<Form>,
    /// More forms that count as the word: too many to weigh each.
    pub(super) rest: Vec<Form>,
    /// For a prefix or misspelling: what its forms are a function of.
    pub(super) expanded: Option<Spelled>,
    /// What may stand in.
    pub(super) substitutes: Vec<Substitute>,
    /// Live documents with an own form, about: see [`Resolver::together`].
    pub(super) doc_freq: u64,
    /// Rarity.
    pub(super) idf: f32,
}

impl Leaf {
    /// What no document's score for this word exceeds.
    pub(super) fn best_score(&self) -> f32 {
        let best = self.substitutes.iter().map(|other| other.weight * other.idf).fold(self.idf, f32::max);
        best * (K1 + 1.0)
    }

    /// Whether no document has the word itself.
    pub(super) fn is_dead(&self) -> bool {
        self.doc_freq == 0
    }
}

/// A prefix or misspelling as it is looked up; `None` for other words.
fn spelled(term: &Term, tokens: &[(String, u32)], field: Field) -> Option<Spelled> {
    let text = match term.form {
        TermForm::Prefix => format!("{}*", term.word),
        TermForm::Fuzzy(edits) => format!("{}~{edits}", term.word),
        TermForm::Stem | TermForm::Exact => return None,
    };
    let prefix = match tokens {
        [(prefix, _)] if term.form == TermForm::Prefix => Some(prefix.clone()),
        _ => None,
    };
    Some(Spelled { field, text, prefix })
}

/// The main text of a kind.
pub(super) const fn main_text(kind: DocKind) -> Field {
    match kind {
        DocKind::Article => Field::Text,
        DocKind::Quote => Field::QuoteText,
    }
}

/// Expansions of a prefix or a misspelling that are weighed; the others only match.
const WEIGHED_FORMS: usize = 64;
/// Expansions at most; a prefix with more is refused.
const MAX_FORMS: usize = 100_000;
/// Weight of a neighbour in spelling, for one edit and for two.
const SPELLING_WEIGHT: [f32; 2] = [0.8, 0.6];
/// Neighbours in spelling that stand in for one word.
const SPELLINGS: usize = 4;

/// Entries of posting lists that the prefixes and misspellings of one query may read together: on 100,000 articles, about a
/// second's work. Without it, four thousand bytes of short prefixes read for minutes.
const MAX_POSTINGS: u64 = 16_000_000;
/// What looking for neighbours in spelling costs, in entries read.
const FUZZY_POSTINGS: u64 = 300_000;
/// Rare words of one query for which neighbours in spelling are looked for.
const SPELLED_WORDS: u32 = 20;

/// Resolves words.
pub(super) struct Resolver<'v> {
    view: &'v View,
    kind: DocKind,
    equivalents: &'static Equivalents,
    /// Entries that prefixes and misspellings read so far.
    postings: Cell<u64>,
    /// Words for which neighbours in spelling were looked for.
    n_spelled: Cell<u32>,
}

impl<'v> Resolver<'v> {
    pub(super) fn new(view: &'v View, kind: DocKind) -> Self {
        Resolver {
            view,
            kind,
            equivalents: Equivalents::embedded(),
            postings: Cell::new(0),
            n_spelled: Cell::new(0),
        }
    }

    /// A word in `field`; with substitutes where they are `wanted`.
    pub(super) fn leaf(&self, term: &Term, field: Field, wanted: bool) -> Result<Leaf, EngineError> {
        let tokens = cut(&term.word);
        let mut leaf = Leaf {
            word: term.word.clone(),
            own: Vec::new(),
            rest: Vec::new(),
            expanded: spelled(term, &tokens, field),
            substitutes: Vec::new(),
            doc_freq: 0,
            idf: 0.0,
        };
        if self.recall(&mut leaf)? {
            return Ok(leaf);
        }
        let before = self.postings.get();
        match term.form {
            TermForm::Stem => leaf.own = self.forms(&tokens, field, true)?,
            TermForm::Exact => leaf.own = self.forms(&tokens, field, false)?,
            TermForm::Prefix => self.expand_prefix(&mut leaf, &tokens, field)?,
            TermForm::Fuzzy(edits) => self.expand_fuzzy(&mut leaf, &tokens, field, edits)?,
        }
        leaf.doc_freq = self.together(&leaf.own)?;
        leaf.idf = self.idf(leaf.doc_freq);
        if let Some(spelled) = &leaf.expanded {
            let postings = self.postings.get() - before;
            let (own, rest) = (leaf.own.clone(), leaf.rest.clone());
            let expansion = Expansion { own, rest, postings };
            self.view.keep_expansion(spelled.clone(), expansion);
        }
        if wanted && term.form == TermForm::Stem {
            self.add_equivalents(&mut leaf, field)?;
            if leaf.doc_freq <= 1 && self.n_spelled.replace(self.n_spelled.get() + 1) < SPELLED_WORDS {
                self.add_spellings(&mut leaf, &tokens, field)?;
            }
        }
        Ok(leaf)
    }

    /// Fills in what a prefix or misspelling stands for, if that is known already.
    fn recall(&self, leaf: &mut Leaf) -> Result<bool, EngineError> {
        let known = leaf.expanded.as_ref().and_then(|spelled| self.view.expansion(spelled));
        let Some(known) = known else { return Ok(false) };
        self.spend(known.postings)?;
        leaf.own.clone_from(&known.own);
        leaf.rest.clone_from(&known.rest);
        // How rare that is depends on the kind of document.
        leaf.doc_freq = self.together(&leaf.own)?;
        leaf.idf = self.idf(leaf.doc_freq);
        Ok(true)
    }

    /// Rarity of something that `doc_freq` documents have.
    pub(super) fn idf(&self, doc_freq: u64) -> f32 {
        let n_docs = self.view.stats(self.kind).n_docs;
        let doc_freq = doc_freq.min(n_docs) as f32;
        (1.0 + (n_docs as f32 - doc_freq + 0.5) / (doc_freq + 0.5)).ln()
    }

    /// A word cut in several ("e-mail") is its parts in a row, or its joined form.
    /// Stemmed, a word counts in all its forms, a row in those of its last part.
    fn forms(&self, tokens: &[(String, u32)], field: Field, stemmed: bool) -> Result<Vec<Form>, EngineError> {
        let shapes = |term: &str| match stemmed {
            true => self.view.forms_of(field, term),
            false => Ok([term.to_owned()].into()),
        };
        let last = tokens.last().map_or(0, |(_, position)| *position);
        let mut forms = Vec::new();
        let mut row: Vec<&str> = Vec::new();
        for (term, position) in tokens {
            if last > 0 && *position as usize == row.len() {
                row.push(term);
            } else {
                forms.extend(shapes(term)?.iter().map(|term| Form::Term(field, term.clone())));
            }
        }
        if let Some((last, before)) = row.split_last() {
            let with = |last: &String| before.iter().map(|term| (*term).to_owned()).chain([last.clone()]);
            let rows: Vec<Form> =
                shapes(last)?.iter().map(|last| Form::Row(field, with(last).collect())).collect();
            forms.splice(0..0, rows);
        }
        Ok(forms)
    }

    /// Live documents that have any of `forms`, as if forms stood in documents independently of one another: a function
    /// of each one's frequency alone, and near enough for a rarity.
    pub(super) fn together(&self, forms: &[Form]) -> Result<u64, EngineError> {
        if let [form] = forms {
            return self.doc_freq(form);
        }
        let n_docs = self.view.stats(self.kind).n_docs.max(1) as f64;
        let (mut without, mut most) = (1.0, 0);
        for form in forms {
            let doc_freq = self.doc_freq(form)?;
            most = most.max(doc_freq);
            without *= 1.0 - (doc_freq as f64 / n_docs).min(1.0);
        }
        Ok(most.max((n_docs * (1.0 - without)).round() as u64))
    }

    /// Live documents that have `form`; for a row, the rarest of its words.
    pub(super) fn doc_freq(&self, form: &Form) -> Result<u64, EngineError> {
        match form {
            Form::Term(field, term) => self.view.doc_freq(*field, term),
            Form::Row(field, terms) => {
                let mut least = u64::MAX;
                for term in terms {
                    least = least.min(self.view.doc_freq(*field, term)?);
                }
                Ok(least)
            }
        }
    }

    fn expand_prefix(
        &self,
        leaf: &mut Leaf,
        tokens: &[(String, u32)],
        field: Field,
    ) -> Result<(), EngineError> {
        let Some((prefix, last)) = tokens.last() else {
            return Ok(());
        };
        let mut row: Vec<String> = Vec::new();
        for (term, position) in tokens {
            if *position as usize == row.len() && position < last {
                row.push(term.clone());
            }
        }
        let mut found: Vec<(u64, String)> = Vec::new();
        let handle = self.view.fields.of(field);
        let mut freqs: std::collections::BTreeMap<String, u64> = std::collections::BTreeMap::new();
        for segment in &self.view.segments {
            let inverted = segment.reader.inverted_index(handle).map_err(damaged)?;
            let mut stream = inverted.terms().range().ge(prefix.as_bytes()).into_stream().map_err(io)?;
            while stream.advance() && stream.key().starts_with(prefix.as_bytes()) {
                let Ok(term) = std::str::from_utf8(stream.key()) else {
                    continue;
                };
                *freqs.entry(term.to_owned()).or_default() += u64::from(stream.value().doc_freq);
                if freqs.len() > MAX_FORMS {
                    let message = format!("`{}*` stands for more than {MAX_FORMS} words", leaf.word);
                    return Err(EngineError::Limit(message));
                }
            }
        }
        // Without deleted documents the dictionaries' own counts are the live ones.
        let counted = self.view.segments.iter().all(|segment| segment.alive().is_none());
        for (term, freq) in freqs {
            let freq = if counted { freq } else { self.view.doc_freq(field, &term)? };
            if freq > 0 {
                found.push((freq, term));
            }
        }
        let row_with = |term: String| match row.is_empty() {
            true => Form::Term(field, term),
            false => Form::Row(field, row.iter().cloned().chain([term]).collect()),
        };
        self.spread(leaf, found, row_with)
    }

    fn expand_fuzzy(
        &self,
        leaf: &mut Leaf,
        tokens: &[(String, u32)],
        field: Field,
        edits: u8,
    ) -> Result<(), EngineError> {
        let Some((term, 0)) = tokens.first().filter(|_| tokens.len() == 1) else {
            leaf.own = self.forms(tokens, field, false)?;
            return Ok(());
        };
        let found = neighbours(self.view, field, term, edits)?;
        let found = found.into_iter().map(|(_, freq, term)| (freq, term)).collect();
        self.spend(FUZZY_POSTINGS)?;
        self.spread(leaf, found, |term| Form::Term(field, term))
    }

    /// The most frequent forms are weighed, all match.
    fn spread(
        &self,
        leaf: &mut Leaf,
        mut found: Vec<(u64, String)>,
        form: impl Fn(String) -> Form,
    ) -> Result<(), EngineError> {
        self.spend(found.iter().map(|(freq, _)| freq).sum())?;
        found.sort_unstable_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        let rest = found.split_off(found.len().min(WEIGHED_FORMS));
        leaf.own = found.into_iter().map(|(_, term)| form(term)).collect();
        leaf.rest = rest.into_iter().map(|(_, term)| form(term)).collect();
        Ok(())
    }

    fn spend(&self, postings: u64) -> Result<(), EngineError> {
        let spent = self.postings.get() + postings;
        self.postings.set(spent);
        match spent > MAX_POSTINGS {
            true => Err(EngineError::Limit(String::from(
                "its prefixes and misspellings stand for too many words",
            ))),
            false => Ok(()),
        }
    }

    fn add_equivalents(&self, leaf: &mut Leaf, field: Field) -> Result<(), EngineError> {
        for equivalent in self.equivalents.of(&equivalents::terms(&leaf.word)) {
            let mut forms = self.forms(&cut(&equivalent.words), field, true)?;
            forms.retain(|form| !leaf.own.contains(form));
            let doc_freq = self.together(&forms)?;
            if doc_freq == 0 {
                continue;
            }
            leaf.substitutes.push(Substitute {
                forms,
                idf: self.idf(doc_freq),
                weight: equivalent.weight,
                label: format!("{} for {}", equivalent.words, leaf.word),
            });
        }
        Ok(())
    }

    fn add_spellings(
        &self,
        leaf: &mut Leaf,
        tokens: &[(String, u32)],
        field: Field,
    ) -> Result<(), EngineError> {
        let [(term, _)] = tokens else {
            return Ok(());
        };
        let edits = match term.chars().count() {
            0..=4 => return Ok(()),
            5..=7 => 1,
            _ => 2,
        };
        let own = leaf.doc_freq;
        let found = neighbours(self.view, field, term, edits)?;
        let mut known: Vec<Form> = leaf.own.clone();
        let mut n_spellings = 0;
        for (distance, _, neighbour) in found {
            if known.contains(&Form::Term(field, neighbour.clone())) {
                continue;
            }
            let forms = self.forms(&[(neighbour.clone(), 0)], field, true)?;
            let doc_freq = self.together(&forms)?;
            if doc_freq < 2 * own {
                continue;
            }
            known.extend(forms.iter().cloned());
            leaf.substitutes.push(Substitute {
                idf: self.idf(doc_freq),
                weight: SPELLING_WEIGHT[usize::from(distance > 1)],
                label: format!("{neighbour} for {}", leaf.word),
                forms,
            });
            n_spellings += 1;
            if n_spellings == SPELLINGS {
                break;
            }
        }
        Ok(())
    }
}

/// The tokens of a word as written, with positions from 0.
pub(super) fn cut(word: &str) -> Vec<(String, u32)> {
    let mut tokens = Vec::new();
    text::word::tokenize_query(word, &mut |term: &str, position, _| tokens.push((term.to_owned(), position)));
    tokens
}

/// Live terms of a field within `edits` of `term`: (edits, documents, term), nearest first, then most
/// frequent, then by name. The term itself is among them.
pub(super) fn neighbours(
    view: &View,
    field: Field,
    term: &str,
    edits: u8,
) -> Result<Vec<(usize, u64, String)>, EngineError> {
    let handle = view.fields.of(field);
    let query = FuzzyTermQuery::new(IndexTerm::from_field_text(handle, term), edits.min(2), true);
    let mut freqs: std::collections::BTreeSet<String> = std::collections::BTreeSet::new();
    for segment in &view.segments {
        let inverted = segment.reader.inverted_index(handle).map_err(damaged)?;
        let automaton = query.automaton().map_err(damaged)?;
        let mut stream = inverted.terms().search(automaton).into_stream().map_err(io)?;
        while stream.advance() {
            if let Ok(found) = std::str::from_utf8(stream.key()) {
                freqs.insert(found.to_owned());
            }
        }
    }
    let mut found = Vec::new();
    for candidate in freqs {
        let doc_freq = view.doc_freq(field, &candidate)?;
        if doc_freq > 0 {
            found.push((strsim::osa_distance(term, &candidate), doc_freq, candidate));
        }
    }
    found.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(b.1.cmp(&a.1)).then_with(|| a.2.cmp(&b.2)));
    Ok(found)
}
