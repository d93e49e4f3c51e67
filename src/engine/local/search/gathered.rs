//! The documents of a word that stands for many (a prefix, a misspelling), read once for each opened state.
//!
//! In: a word with many forms and a segment. Out: the segment's documents that have any of them, with how often they have
//! one that is weighed. Walking through that costs what its documents cost, not its forms; what counts, tallies and follows
//! the same matches afterwards, or the same prefix in a longer query, finds it read.

use std::collections::{HashSet, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use tantivy::postings::BlockSegmentPostings;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, TERMINATED};

use super::leaf::{Form, Leaf, Spelled};
use super::view::{View, damaged, io};
use crate::engine::EngineError;
use crate::schema::Field;

/// Fewer forms are walked through side by side.
const MANY: usize = 8;
/// In larger segments the table of all documents would be in the way: 32 MB.
const MOST_DOCS: DocId = 8_000_000;
/// Documents kept for one opened state: 32 MB.
const MOST_KEPT: usize = 4_000_000;

/// Documents of one segment.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    /// In order.
    docs: Vec<DocId>,
    /// How often each has a form that is weighed; 0: it has another one.
    freqs: Vec<u32>,
}

type Key = (Spelled, usize);

/// What was read so far, newest last.
#[derive(Default)]
pub(super) struct Shelf(Mutex<VecDeque<(Key, Arc<Gathered>)>>);

impl Shelf {
    fn find(&self, key: &Key) -> Option<Arc<Gathered>> {
        let shelf = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        shelf.iter().find(|(known, _)| known == key).map(|(_, gathered)| Arc::clone(gathered))
    }

    fn keep(&self, key: Key, gathered: &Arc<Gathered>) {
        let mut shelf = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        shelf.push_back((key, Arc::clone(gathered)));
        while shelf.iter().map(|(_, gathered)| gathered.docs.len()).sum::<usize>() > MOST_KEPT {
            shelf.pop_front();
        }
    }
}

/// The documents of `leaf` in a segment; `None` for a word that is walked through form by form.
///
/// # Errors
/// `Damaged`, `Io`.
pub(super) fn of(view: &View, leaf: &Leaf, segment_idx: usize) -> Result<Option<Arc<Gathered>>, EngineError> {
    let Some(spelled) = &leaf.expanded else { return Ok(None) };
    let max_doc = view.segments[segment_idx].reader.max_doc();
    let is_term = |form: &Form| matches!(form, Form::Term(..));
    if leaf.own.len() + leaf.rest.len() < MANY
        || max_doc > MOST_DOCS
        || !leaf.own.iter().chain(&leaf.rest).all(is_term)
    {
        return Ok(None);
    }
    let key = (spelled.clone(), segment_idx);
    if let Some(known) = view.gathered.find(&key) {
        return Ok(Some(known));
    }
    let mut table = Table(vec![0; max_doc as usize]);
    match &spelled.prefix {
        Some(prefix) => table.add_prefix(view, segment_idx, (spelled.field, prefix), leaf)?,
        None => table.add_forms(view, segment_idx, leaf)?,
    }
    let gathered = Arc::new(table.finish());
    view.gathered.keep(key, &gathered);
    Ok(Some(gathered))
}

/// For each document of a segment: twice how often it has a weighed form, plus 1 when it has any.
struct Table(Vec<u32>);

impl Table {
    fn add(&mut self, postings: &mut BlockSegmentPostings, is_weighed: bool) {
        while !postings.docs().is_empty() {
            for (idx, doc) in postings.docs().iter().enumerate() {
                let freq = if is_weighed { postings.freq(idx) } else { 0 };
                let Some(place) = self.0.get_mut(*doc as usize) else { return };
                *place = (*place | 1).saturating_add(freq.saturating_mul(2));
            }
            postings.advance();
        }
    }

    /// One walk through the dictionary finds all words of a prefix; looking each up takes longer than reading it.
    fn add_prefix(
        &mut self,
        view: &View,
        segment_idx: usize,
        (field, prefix): (Field, &str),
        leaf: &Leaf,
    ) -> Result<(), EngineError> {
        let weighed: HashSet<&str> = leaf.own.iter().filter_map(term_of).collect();
        let inverted =
            view.segments[segment_idx].reader.inverted_index(view.fields.of(field)).map_err(damaged)?;
        let mut stream = inverted.terms().range().ge(prefix.as_bytes()).into_stream().map_err(io)?;
        while stream.advance() && stream.key().starts_with(prefix.as_bytes()) {
            let is_weighed = std::str::from_utf8(stream.key()).is_ok_and(|term| weighed.contains(term));
            let option = if is_weighed { IndexRecordOption::WithFreqs } else { IndexRecordOption::Basic };
            let postings = inverted.read_block_postings_from_terminfo(stream.value(), option);
            self.add(&mut postings.map_err(io)?, is_weighed);
        }
        Ok(())
    }

    fn add_forms(&mut self, view: &View, segment_idx: usize, leaf: &Leaf) -> Result<(), EngineError> {
        let weighed = leaf.own.iter().map(|form| (form, IndexRecordOption::WithFreqs));
        let others = leaf.rest.iter().map(|form| (form, IndexRecordOption::Basic));
        for (form, option) in weighed.chain(others) {
            let Form::Term(field, term) = form else { continue };
            let handle = view.fields.of(*field);
            let inverted = view.segments[segment_idx].reader.inverted_index(handle).map_err(damaged)?;
            let term = tantivy::Term::from_field_text(handle, term);
            if let Some(mut postings) = inverted.read_block_postings(&term, option).map_err(io)? {
                self.add(&mut postings, option == IndexRecordOption::WithFreqs);
            }
        }
        Ok(())
    }

    fn finish(self) -> Gathered {
        let mut gathered = Gathered::default();
        for (doc, times) in (0..).zip(self.0).filter(|(_, times)| *times > 0) {
            gathered.docs.push(doc);
            gathered.freqs.push(times >> 1);
        }
        gathered
    }
}

fn term_of(form: &Form) -> Option<&str> {
    match form {
        Form::Term(_, term) => Some(term),
        Form::Row(..) => None,
    }
}

/// Walks through gathered documents.
pub(super) struct GatheredCursor {
    gathered: Arc<Gathered>,
    at: usize,
}

impl GatheredCursor {
    pub(super) fn new(gathered: Arc<Gathered>) -> Self {
        GatheredCursor { gathered, at: 0 }
    }

    pub(super) fn doc(&self) -> DocId {
        self.gathered.docs.get(self.at).copied().unwrap_or(TERMINATED)
    }

    pub(super) fn seek(&mut self, target: DocId) -> DocId {
        let rest = &self.gathered.docs[self.at..];
        // Mostly the next one is meant; else the steps double.
        let mut step = 1;
        while rest.get(step - 1).is_some_and(|doc| *doc < target) {
            step *= 2;
        }
        let (from, to) = (step / 2, step.min(rest.len()));
        self.at += from + rest[from.min(to)..to].partition_point(|doc| *doc < target);
        self.doc()
    }

    pub(super) fn freq(&self) -> u32 {
        self.gathered.freqs.get(self.at).copied().unwrap_or(0)
    }

    pub(super) fn cost(&self) -> u64 {
        self.gathered.docs.len() as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seeking_finds_the_first_document_not_before() {
        let docs: Vec<DocId> = vec![2, 3, 5, 8, 13, 21, 34, 55, 89];
        for start in 0..90 {
            for target in start..92 {
                let gathered = Gathered { docs: docs.clone(), freqs: docs.clone() };
                let mut cursor = GatheredCursor::new(Arc::new(gathered));
                cursor.seek(start);
                let expected = docs.iter().copied().find(|doc| *doc >= target).unwrap_or(TERMINATED);
                assert_eq!(cursor.seek(target), expected, "{start} {target}");
                assert_eq!(cursor.freq(), if expected == TERMINATED { 0 } else { expected });
            }
        }
    }
}
