//! Words the index has that look like a word it has not.

use super::leaf::{Leaf, cut, main_text, neighbours};
use super::view::View;
use crate::engine::EngineError;
use crate::model::search::{DeadWord, DocKind};

/// Suggestions for one word.
const SUGGESTIONS: usize = 3;

/// For each word without a document: at most three nearest words of the dictionary, best first.
pub(super) fn dead_words(view: &View, kind: DocKind, dead: &[&Leaf]) -> Result<Vec<DeadWord>, EngineError> {
    let field = main_text(kind);
    let mut words = Vec::new();
    for leaf in dead {
        let mut nearest = Vec::new();
        if let [(term, _)] = &cut(&leaf.word)[..] {
            let edits = match term.chars().count() {
                0..=2 => 0,
                3..=4 => 1,
                _ => 2,
            };
            if edits > 0 {
                nearest = rank(term, neighbours(view, field, term, edits)?);
            }
        }
        words.push(DeadWord { word: leaf.word.clone(), nearest });
    }
    Ok(words)
}

/// Nearest first; among equally near ones those that begin alike, then the most frequent.
fn rank(term: &str, mut found: Vec<(usize, u64, String)>) -> Vec<String> {
    found.retain(|(_, _, word)| word != term);
    let first = |word: &str| word.chars().next() != term.chars().next();
    found.sort_by(|a, b| {
        let key = |entry: &(usize, u64, String)| (entry.0, first(&entry.2), std::cmp::Reverse(entry.1));
        key(a).cmp(&key(b)).then_with(|| a.2.cmp(&b.2))
    });
    found.into_iter().take(SUGGESTIONS).map(|(_, _, word)| word).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_words_that_begin_alike_come_first() {
        let found = vec![
            (1, 90, "bank".to_owned()),
            (1, 5, "tanks".to_owned()),
            (2, 900, "thanks".to_owned()),
            (0, 1, "tank".to_owned()),
        ];
        assert_eq!(rank("tank", found), ["tanks", "bank", "thanks"]);
    }
}
