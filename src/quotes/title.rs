//! Stretches between marks that nobody says: titles of books and shows, names of things, pages' markup.
//!
//! In: a run with its link. Out: whether to leave it out. Must keep short real quotes: only what looks like a name is dropped.

use super::direct::Link;
use super::reading::Reading;
use super::token::{Kind, list, shape};
use crate::lexicon::cues::part;

/// Small words that stay lower case inside a title.
const SMALL: &[&str] = &[
    "a", "an", "and", "as", "at", "but", "by", "for", "from", "in", "is", "nor", "of", "on", "or", "the",
    "to", "vs", "with", "de", "la", "y", "del", "el",
];

/// Longest title, in words.
const LONGEST: usize = 9;

/// The same in bytes: longer runs are not looked at.
const LONGEST_BYTES: usize = 120;

/// Whether the run is a title or a name, not speech.
pub(super) fn is_title(reading: &Reading<'_>, run: usize, at: usize, link: &Link) -> bool {
    let run_data = &reading.runs[run];
    if run_data.segments.len() > 1 || run_data.first().inner.len() > LONGEST_BYTES {
        return false;
    }
    let inner = run_data.first().inner;
    let text = inner.of(reading.body);
    let before = reading.body[..run_data.first().outer.start].chars().next_back().unwrap_or(' ');
    if before == '=' {
        return true;
    }
    // "Oda's call for a “dam patrol”": two words may be said too.
    if link.cue.is_none() && link.rule != "owner" && is_label(reading, at, text) {
        return true;
    }
    let last = text.chars().next_back().unwrap_or(' ');
    if link.adjacent || matches!(last, '!' | '?') || !is_titled(text) {
        return false;
    }
    // "chants of “Build the Dam”"
    let called = at >= 2
        && reading.is_word(at - 1, list!["of"])
        && reading.is_word(
            at - 2,
            list!["chant", "chants", "shouts", "cries", "calls", "chorus", "choruses", "screams", "yells"],
        );
    !called && at.checked_sub(1).and_then(|before| reading.kind(before)) != Some(Kind::Colon)
}

/// Whether `text` is two to [`LONGEST`] words with capitals throughout, small ones aside.
fn is_titled(text: &str) -> bool {
    let capital = |w: &str| w.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit());
    let mut n_words = 0;
    for word in text.split_whitespace() {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric());
        if word.is_empty() {
            continue;
        }
        if !capital(word) && (n_words == 0 || !SMALL.contains(&word)) {
            return false;
        }
        n_words += 1;
    }
    (2..=LONGEST).contains(&n_words)
}

/// Whether the run is a word or two that a sentence without a speech verb puts in doubt: the “foreign friends” groups.
fn is_label(reading: &Reading<'_>, at: usize, text: &str) -> bool {
    let words = text.split_whitespace().take(5).count();
    let whole = text.ends_with(['.', ',', '!', '?']) || reading.kind(at + 1) == Some(Kind::Break);
    let Some(before) = at.checked_sub(1).map(|at| &reading.tokens[at]).filter(|token| token.is_word()) else {
        return false;
    };
    // "She would “never accept” it" is what she said.
    let acts = before.is(part::MODAL | part::AUXILIARY | part::VERB | part::NEGATION)
        || reading.is_word(at - 1, list!["to"]);
    if acts {
        return false;
    }
    let modifies = reading.tokens.get(at + 1).is_some_and(|next| {
        next.is_word() && next.parts & !part::ROLE == 0 && !next.has(shape::CAPITAL | shape::POSSESSIVE)
    });
    words <= 2 && !whole || words <= 4 && modifies
}
