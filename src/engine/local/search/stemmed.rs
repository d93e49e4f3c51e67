//! The words of a dictionary that have a given stem.
//!
//! The index holds words as they are written: one list of places serves a search for the word and a search for all its
//! forms. Dictionaries are in alphabetical order and a stem is the beginning of its words, but for its last letter; so the
//! words of a stem are few neighbours, and each is stemmed to see whether it is one.

use std::collections::{BTreeSet, HashSet};

use super::view::{View, damaged, io};
use crate::engine::EngineError;
use crate::engine::local::tokenizer::Stems;
use crate::schema::Field;

/// Stems of at most so many letters begin too many words; the endings of theirs are few.
const SHORT_LETTERS: usize = 2;
/// What a word of a short stem may end with.
const SHORT_ENDINGS: &[&str] = &["", "s", "ed", "ing", "eds", "ings", "edly", "ingly"];
/// Words that do not begin as their stem does.
const IRREGULAR: &[&str] = &["dying", "lying", "tying", "ied", "ies"];

/// Words that live documents have in `field` and whose stem is `stem`: in order, each once.
pub(super) fn words(view: &View, field: Field, stem: &str) -> Result<Vec<String>, EngineError> {
    let mut stems = Stems::default();
    let mut found: BTreeSet<String> = BTreeSet::new();
    found.extend(seldom(stem).filter(|word| stems.of(word) == stem));
    if let Some(root) = root(stem) {
        let mut known: HashSet<String, ahash::RandomState> = HashSet::default();
        let handle = view.fields.of(field);
        for segment in &view.segments {
            let inverted = segment.reader.inverted_index(handle).map_err(damaged)?;
            let mut stream = inverted.terms().range().ge(root.as_bytes()).into_stream().map_err(io)?;
            while stream.advance() && stream.key().starts_with(root.as_bytes()) {
                let Ok(word) = std::str::from_utf8(stream.key()) else {
                    continue;
                };
                // Most words are in most segments; stemming one costs ten times as much as finding that it is known.
                if !known.contains(word) {
                    known.insert(word.to_owned());
                }
            }
        }
        found.extend(known.into_iter().filter(|word| stems.of(word) == stem));
    }
    let mut live = Vec::with_capacity(found.len());
    for word in found {
        if view.doc_freq(field, &word)? > 0 {
            live.push(word);
        }
    }
    Ok(live)
}

/// What all regular words of a stem begin with. `None` for short stems.
fn root(stem: &str) -> Option<&str> {
    let (at, last) = stem.char_indices().next_back()?;
    stem.chars().nth(SHORT_LETTERS)?;
    // "policy" and "policies" are "polici", "hoping" is "hope", "visibility" is "visibl".
    Some(if matches!(last, 'e' | 'i' | 'y' | 'l') { &stem[..at] } else { stem })
}

/// Words that a stem may have and that are looked up one by one.
fn seldom(stem: &str) -> impl Iterator<Item = String> {
    let endings = if root(stem).is_none() { SHORT_ENDINGS } else { &[] };
    let short = endings.iter().map(move |ending| format!("{stem}{ending}"));
    short.chain(IRREGULAR.iter().map(|word| (*word).to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Endings that the stemmer knows.
    const ENDINGS: &[&str] = &[
        "", "s", "es", "ed", "ing", "er", "ers", "ly", "edly", "ingly", "eedly", "ied", "ies", "y", "e",
        "tional", "ational", "ization", "ation", "ator", "alism", "ality", "ally", "fulness", "ousness",
        "ously", "iveness", "ivity", "ively", "bility", "bly", "able", "ably", "ology", "ogist", "ogy",
        "fully", "lessly", "icate", "ative", "alize", "icity", "ical", "ness", "ful", "ance", "ence", "ancy",
        "ency", "ment", "ement", "ant", "ent", "ism", "ate", "ity", "ous", "ive", "ize", "ion", "izer",
        "enci", "li", "ll", "sses", "us", "ss", "ian", "ish", "hood", "ship",
    ];
    const BEGINNINGS: &[&str] = &[
        "eye", "tax", "hop", "hopp", "hope", "tie", "sky", "fall", "run", "runn", "use", "war", "art", "new",
        "nation", "organ", "relat", "polic", "visi", "possi", "vac", "decis", "general", "commun", "arsen",
        "succe", "agre", "cri", "fli", "say", "employ", "minist", "econom", "constitu", "demo", "crit",
        "elect", "élect", "2021", "u.s", "conce", "sens",
    ];

    #[test]
    fn every_word_is_found_by_its_stem() {
        let mut stems = Stems::default();
        let words =
            BEGINNINGS.iter().flat_map(|first| ENDINGS.iter().map(move |last| format!("{first}{last}")));
        let other = [
            "skis", "skies", "dying", "lying", "tying", "idly", "gently", "ugly", "early", "only", "singly",
            "news",
        ];
        for word in words.chain(other.map(str::to_owned)) {
            let stem = stems.of(&word).to_owned();
            let regular = root(&stem).is_some_and(|root| word.starts_with(root));
            assert!(regular || seldom(&stem).any(|other| other == word), "{word} has the stem {stem}");
        }
    }
}
