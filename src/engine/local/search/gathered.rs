//! The documents of a word that stands for many (a prefix, a misspelling), read once for each opened state.
//!
//! In: a word with many forms and a segment. Out: the segment's documents that have any of them, with how often they have
//! one that is weighed. Walking through that costs what its documents cost, not its forms; what counts, tallies and follows
//! the same matches afterwards, or the same prefix in a longer query, finds it read.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use tantivy::postings::{Postings, SegmentPostings};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet, TERMINATED};

use super::leaf::{Form, Leaf};
use super::view::View;
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

type Key = (Field, String, usize);

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
    let Some((field, written)) = &leaf.expanded else { return Ok(None) };
    let max_doc = view.segments[segment_idx].reader.max_doc();
    let is_term = |form: &Form| matches!(form, Form::Term(..));
    if leaf.own.len() + leaf.rest.len() < MANY
        || max_doc > MOST_DOCS
        || !leaf.own.iter().chain(&leaf.rest).all(is_term)
    {
        return Ok(None);
    }
    let key = (*field, written.clone(), segment_idx);
    if let Some(known) = view.gathered.find(&key) {
        return Ok(Some(known));
    }
    let gathered = Arc::new(read(view, leaf, segment_idx, max_doc)?);
    view.gathered.keep(key, &gathered);
    Ok(Some(gathered))
}

fn read(view: &View, leaf: &Leaf, segment_idx: usize, max_doc: DocId) -> Result<Gathered, EngineError> {
    let segment = &view.segments[segment_idx];
    let postings = |form: &Form, option| match form {
        Form::Term(field, term) => segment.postings(view.fields.of(*field), term, option),
        Form::Row(..) => Ok(None),
    };
    // For each document: twice how often, plus 1 when it has any.
    let mut found = vec![0u32; max_doc as usize];
    let mut each = |mut postings: SegmentPostings, is_weighed: bool| {
        while postings.doc() != TERMINATED {
            let place = &mut found[postings.doc() as usize];
            let freq = if is_weighed { postings.term_freq() } else { 0 };
            *place = (*place | 1).saturating_add(freq.saturating_mul(2));
            postings.advance();
        }
    };
    for form in &leaf.own {
        if let Some(postings) = postings(form, IndexRecordOption::WithFreqs)? {
            each(postings, true);
        }
    }
    for form in &leaf.rest {
        if let Some(postings) = postings(form, IndexRecordOption::Basic)? {
            each(postings, false);
        }
    }
    let mut gathered = Gathered::default();
    for (doc, times) in (0..max_doc).zip(found).filter(|(_, times)| *times > 0) {
        gathered.docs.push(doc);
        gathered.freqs.push(times >> 1);
    }
    Ok(gathered)
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
