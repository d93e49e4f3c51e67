//! Who else carried the same words: the cuts of a quote over the whole index, whatever was asked for.
//!
//! In: a quote. Out: its [`Family`], looked up by the quote's rarest words and compared word by word. A function of the
//! live content: neither segments nor the order of updates show.

use std::collections::HashMap;

use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet, TERMINATED};

use super::leaf::main_text;
use super::scan::Candidate;
use super::shelf::Shelf;
use super::view::View;
use crate::engine::EngineError;
use crate::lexicon::equivalents::Equivalents;
use crate::model::QuoteKind;
use crate::model::search::{DocKind, Family};
use crate::text;

/// Entries of posting lists read for one quote: its rarest words, as many as fit.
const MOST_POSTINGS: u64 = 20_000;
/// Quotes compared word by word for one quote; those with most of its rare words.
const MOST_COMPARED: usize = 300;
/// Words that another quote must have in common to be compared.
const COMMON_WORDS: usize = 2;
/// With so many, it may be a cut that goes on differently.
const OVERLAP_WORDS: usize = 4;

/// Whether a quote of `n_tokens` words that has `common` of the `wanted` rare words may be a cut: it has most of them, or
/// they are most of what it says (about a third of all words say something), or it may overlap.
fn may_be_cut(common: usize, wanted: usize, n_tokens: usize) -> bool {
    let whole = common * 10 >= wanted * 7 || common * 4 >= n_tokens;
    common >= COMMON_WORDS.min(wanted) && (whole || common >= OVERLAP_WORDS)
}

/// Families of quotes of one state; what was read is kept for the next quote.
pub(super) struct Families<'v> {
    view: &'v View,
    kinds: &'v [QuoteKind],
    shelf: Shelf<'v>,
}

/// A quote document and how much of the wanted words it has.
#[derive(Clone, Copy, Default)]
struct Found {
    words: usize,
    weight: f32,
}

impl<'v> Families<'v> {
    pub(super) fn new(view: &'v View, kinds: &'v [QuoteKind]) -> Self {
        Families { view, kinds, shelf: Shelf::new(view) }
    }

    /// The family of a quote, itself included; `None` when nobody else carried the words.
    ///
    /// # Errors
    /// Those of reading the index.
    pub(super) fn of(&mut self, quote: &Candidate) -> Result<Option<Family>, EngineError> {
        let own = self.shelf.cut(quote.segment, quote.doc)?;
        let member = self.shelf.member(quote.segment, quote.doc)?;
        let (found, complete) = self.alike(&member.text)?;
        let mut cuts = vec![member];
        for (segment, doc) in found {
            // What an article says twice was carried once.
            let same_article = self.view.segments[segment].key.first(doc) == Some(quote.key);
            if !same_article && self.shelf.cut(segment, doc)?.is_same(&own) {
                cuts.push(self.shelf.member(segment, doc)?);
            }
        }
        if cuts.len() == 1 {
            return Ok(None);
        }
        cuts.sort_by(|a, b| {
            // Undated cuts come last: nothing says that they were first.
            (a.date.is_none(), a.date, &a.outlet, &a.id).cmp(&(b.date.is_none(), b.date, &b.outlet, &b.id))
        });
        Ok(Some(Family { cuts, complete }))
    }

    /// Live quotes of the wanted kinds that share rare words with `text`, most first; whether these are all.
    fn alike(&self, text: &str) -> Result<(Vec<(usize, DocId)>, bool), EngineError> {
        let field = main_text(DocKind::Quote);
        let handle = self.view.fields.of(field);
        let mut words: Vec<(u64, String)> = Vec::new();
        for word in distinct_words(text) {
            let doc_freq = self.view.doc_freq(field, &word)?;
            if doc_freq > 0 {
                words.push((doc_freq, word));
            }
        }
        words.sort();
        let mut room = MOST_POSTINGS;
        let mut chosen = 0;
        for (doc_freq, _) in &words {
            if chosen > 0 && *doc_freq > room {
                break;
            }
            room = room.saturating_sub(*doc_freq);
            chosen += 1;
        }
        words.truncate(chosen);
        let n_docs = self.view.stats(DocKind::Quote).n_docs as f32;
        let mut found: HashMap<(usize, DocId), Found> = HashMap::new();
        for (doc_freq, word) in &words {
            let weight = (1.0 + n_docs / *doc_freq as f32).ln();
            for (segment_idx, segment) in self.view.segments.iter().enumerate() {
                let Some(mut postings) = segment.postings(handle, word, IndexRecordOption::Basic)? else {
                    continue;
                };
                let alive = segment.alive();
                while postings.doc() != TERMINATED {
                    let doc = postings.doc();
                    if alive.is_none_or(|alive| alive.is_alive(doc)) {
                        let entry = found.entry((segment_idx, doc)).or_default();
                        entry.words += 1;
                        entry.weight += weight;
                    }
                    postings.advance();
                }
            }
        }
        let wanted = words.len();
        let kind_of = |segment: usize, doc: DocId| self.view.segments[segment].quote_kind.first(doc);
        let is_wanted = |segment: usize, doc: DocId| {
            self.kinds.iter().any(|kind| Some(*kind as u64) == kind_of(segment, doc))
        };
        let n_tokens =
            |segment: usize, doc: DocId| self.view.segments[segment].n_tokens.first(doc).unwrap_or(0);
        let mut list: Vec<((usize, DocId), Found)> = found
            .into_iter()
            .filter(|((segment, doc), found)| {
                is_wanted(*segment, *doc)
                    && may_be_cut(found.words, wanted, n_tokens(*segment, *doc) as usize)
            })
            .collect();
        let place = |(segment, doc): (usize, DocId)| {
            let segment = &self.view.segments[segment];
            (segment.key.first(doc), segment.quote_no.first(doc))
        };
        list.sort_by(|a, b| b.1.weight.total_cmp(&a.1.weight).then_with(|| place(a.0).cmp(&place(b.0))));
        let all = list.len() <= MOST_COMPARED;
        list.truncate(MOST_COMPARED);
        Ok((list.into_iter().map(|(at, _)| at).collect(), all))
    }
}

/// The folded words of a text that say something, each once; all of them when none does.
fn distinct_words(said: &str) -> Vec<String> {
    let known = Equivalents::embedded();
    let mut words = Vec::new();
    text::word::tokenize(said, &mut |term: &str, _, _| words.push(term.to_owned()));
    words.sort();
    words.dedup();
    let content: Vec<String> = words.iter().filter(|word| !known.is_function_word(word)).cloned().collect();
    if content.is_empty() { words } else { content }
}
