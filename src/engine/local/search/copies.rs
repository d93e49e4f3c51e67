//! Near-identical texts among the first hits: folded under the best of them.
//!
//! An article is a copy of another when their signatures agree (`schema::sketch`); a quote when both are cuts of one
//! utterance ([`super::cut`]) and stand in different articles.

use std::collections::HashMap;
use std::sync::Arc;

use super::cut::Cut;
use super::scan::Candidate;
use super::shelf::Shelf;
use super::view::View;
use crate::engine::EngineError;
use crate::model::search::DocKind;
use crate::schema::sketch;

/// First hits among which copies are folded.
pub(super) const WINDOW: usize = 200;

/// Places in the list with the places of their copies; both in the order of the list.
pub(super) type Folded = Vec<(usize, Vec<usize>)>;

/// Folds `candidates`.
///
/// # Errors
/// Those of reading quotes.
pub(super) fn fold(view: &View, kind: DocKind, candidates: &[Candidate]) -> Result<Folded, EngineError> {
    match kind {
        DocKind::Article => Ok(articles(view, candidates)),
        DocKind::Quote => quotes(view, candidates),
    }
}

fn articles(view: &View, candidates: &[Candidate]) -> Folded {
    let mut folded: Folded = Vec::new();
    let signatures: Vec<[u64; 2]> = candidates.iter().map(|candidate| signature(view, candidate)).collect();
    // First of each family by the bins that two copies cannot all differ in: only these need comparing.
    let mut heads: Vec<Vec<usize>> = vec![Vec::new(); sketch::TELLING_BINS * 256];
    for (idx, signature) in signatures.iter().enumerate() {
        let bins = signature[0].to_le_bytes();
        let slots = || {
            bins.iter()
                .take(sketch::TELLING_BINS)
                .enumerate()
                .map(|(bin, byte)| bin * 256 + usize::from(*byte))
        };
        let alike = slots().flat_map(|slot| &heads[slot]).copied();
        let of = alike.filter(|family| sketch::is_copy(signatures[folded[*family].0], *signature)).min();
        match of {
            Some(family) => folded[family].1.push(idx),
            None => {
                slots().for_each(|slot| heads[slot].push(folded.len()));
                folded.push((idx, Vec::new()));
            }
        }
    }
    folded
}

fn signature(view: &View, candidate: &Candidate) -> [u64; 2] {
    let segment = &view.segments[candidate.segment];
    let mut values = segment.sketch.values_for_doc(candidate.doc);
    [values.next().unwrap_or(0), values.next().unwrap_or(0)]
}

fn quotes(view: &View, candidates: &[Candidate]) -> Result<Folded, EngineError> {
    let mut folded: Folded = Vec::new();
    let mut cuts: Vec<Arc<Cut>> = Vec::with_capacity(candidates.len());
    // Heads of families by their runs of words: only these can hold a cut of the same words.
    let mut heads: HashMap<u64, Vec<usize>> = HashMap::new();
    let mut shelf = Shelf::new(view);
    for (idx, candidate) in candidates.iter().enumerate() {
        let cut = shelf.cut(candidate.segment, candidate.doc)?;
        let mut of: Vec<usize> =
            cut.runs().iter().filter_map(|run| heads.get(run)).flatten().copied().collect();
        of.sort_unstable();
        of.dedup();
        let of = of.into_iter().find(|family| {
            let first = folded[*family].0;
            candidates[first].key != candidate.key && cuts[first].is_same(&cut)
        });
        match of {
            Some(family) => folded[family].1.push(idx),
            None => {
                for run in cut.runs() {
                    heads.entry(*run).or_default().push(folded.len());
                }
                folded.push((idx, Vec::new()));
            }
        }
        cuts.push(cut);
    }
    Ok(folded)
}
