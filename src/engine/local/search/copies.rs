//! Near-identical texts among the first hits: folded under the best of them.
//!
//! An article is a copy of another when their signatures agree (`schema::sketch`); a quote when it has the very same
//! words, and enough of them, and stands in another article.

use super::scan::Candidate;
use super::view::View;
use crate::model::search::DocKind;
use crate::schema::sketch;

/// Words from which equal quotes are one utterance carried by several articles; a shorter phrase is said more than once.
const SAME_QUOTE_WORDS: u64 = 8;

/// Places in the list with the places of their copies; both in the order of the list.
pub(super) fn fold(view: &View, kind: DocKind, candidates: &[Candidate]) -> Vec<(usize, Vec<usize>)> {
    let mut folded: Vec<(usize, Vec<usize>)> = Vec::new();
    let signatures: Vec<[u64; 2]> = candidates.iter().map(|candidate| signature(view, candidate)).collect();
    for (idx, candidate) in candidates.iter().enumerate() {
        let of = folded.iter_mut().find(|(first, _)| match kind {
            DocKind::Article => sketch::is_copy(signatures[*first], signatures[idx]),
            DocKind::Quote => {
                signatures[*first] == signatures[idx]
                    && candidates[*first].key != candidate.key
                    && n_words(view, candidate) >= SAME_QUOTE_WORDS
            }
        });
        match of {
            Some((_, copies)) => copies.push(idx),
            None => folded.push((idx, Vec::new())),
        }
    }
    folded
}

fn signature(view: &View, candidate: &Candidate) -> [u64; 2] {
    let segment = &view.segments[candidate.segment];
    let mut values = segment.sketch.values_for_doc(candidate.doc);
    [values.next().unwrap_or(0), values.next().unwrap_or(0)]
}

fn n_words(view: &View, candidate: &Candidate) -> u64 {
    view.segments[candidate.segment].n_tokens.first(candidate.doc).unwrap_or(0)
}
