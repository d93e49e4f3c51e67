//! The tokens of one document grouped by term: each term once, with its positions.
//!
//! Indexing a token costs a walk through tables far larger than the processor's cache. When all occurrences of a term in a
//! document come together, only the first pays for it; measured, that makes indexing a third cheaper. It also lets a
//! stem be looked up once for each different word. [`TokenText`] is such a document as one string.

use super::sketch::{mix, term_hash};
use crate::model::Span;
use crate::text;

/// Ends a term; its positions follow, as differences, each one character above [`DELTA_BASE`].
const TERM_END: char = '\u{1F}';
/// Ends the positions of a term.
const GROUP_END: char = '\u{1E}';
/// Around a difference too large for a character, in decimal.
const LARGE: char = '\u{1D}';
const DELTA_BASE: u32 = 0x20;
/// First character code that is not a character.
const DELTA_END: u32 = 0xD800;

/// Terms and positions of one document, as one string; the order of terms is that of their first occurrence.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TokenText {
    /// The string.
    pub text: String,
}

impl TokenText {
    /// The tokens of `text`, from position 0.
    pub fn of(text: &str) -> Self {
        let mut groups = Groups::default();
        groups.append(text, 0, u32::MAX, &mut |_, _, _| {});
        groups.encode()
    }

    /// Appends a term with its positions, which do not fall.
    pub fn push(&mut self, term: &str, positions: impl IntoIterator<Item = u32>) {
        if term.bytes().any(|byte| u32::from(byte) < DELTA_BASE) {
            // The tokenizer does not make such terms; if it did, everything after would be misread.
            self.text.extend(term.chars().filter(|c| u32::from(*c) >= DELTA_BASE));
        } else {
            self.text.push_str(term);
        }
        self.text.push(TERM_END);
        let mut before = 0;
        for position in positions {
            let delta = position.saturating_sub(before);
            match char::from_u32(DELTA_BASE.saturating_add(delta)).filter(|c| u32::from(*c) < DELTA_END) {
                Some(c) => self.text.push(c),
                None => {
                    self.text.push(LARGE);
                    self.text.push_str(&delta.to_string());
                    self.text.push(LARGE);
                }
            }
            before = position;
        }
        self.text.push(GROUP_END);
    }

    /// The terms in `encoded`, each with its positions.
    pub fn groups(encoded: &str) -> TermGroups<'_> {
        TermGroups { rest: encoded }
    }
}

/// Iterator over the terms of an encoded [`TokenText`].
#[derive(Clone, Debug, Default)]
pub struct TermGroups<'t> {
    rest: &'t str,
}

impl<'t> Iterator for TermGroups<'t> {
    type Item = (&'t str, Positions<'t>);

    fn next(&mut self) -> Option<Self::Item> {
        let (term, after) = cut(self.rest, TERM_END)?;
        let (positions, after) = cut(after, GROUP_END)?;
        self.rest = after;
        Some((term, Positions { rest: positions, position: 0 }))
    }
}

/// `text` before and after the first `mark`. Terms are short: a plain loop is faster than a search made for long texts.
fn cut(text: &str, mark: char) -> Option<(&str, &str)> {
    let at = text.bytes().position(|byte| u32::from(byte) == u32::from(mark))?;
    Some((text.get(..at)?, text.get(at + 1..)?))
}

/// Positions of one term.
#[derive(Clone, Debug, Default)]
pub struct Positions<'t> {
    rest: &'t str,
    position: u32,
}

impl Iterator for Positions<'_> {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        let mut chars = self.rest.chars();
        let c = chars.next()?;
        let delta = if c == LARGE {
            let (digits, after) = chars.as_str().split_once(LARGE)?;
            chars = after.chars();
            digits.parse().ok()?
        } else {
            u32::from(c).checked_sub(DELTA_BASE)?
        };
        self.rest = chars.as_str();
        self.position = self.position.checked_add(delta)?;
        Some(self.position)
    }
}

/// Collects the tokens of a document. Cleared, it keeps its memory for the next.
#[derive(Debug, Default)]
pub(super) struct Groups {
    /// All terms, one after the other.
    letters: String,
    terms: Vec<TermEntry>,
    /// Term and position of every token, in order of positions.
    tokens: Vec<(u32, u32)>,
    /// Open addressing: number of a term plus 1, or 0.
    slots: Vec<u32>,
}

#[derive(Clone, Copy, Debug)]
struct TermEntry {
    span: Span,
    hash: u64,
}

impl Groups {
    pub(super) fn clear(&mut self) {
        self.letters.clear();
        self.terms.clear();
        self.tokens.clear();
        self.slots.fill(0);
    }

    /// Cuts `text`, its first token standing at `start`, at most `max` positions. `each` is told the hash, position and
    /// bytes of every token. Returns the position after the last token.
    pub(super) fn append(
        &mut self,
        text: &str,
        start: u32,
        max: u32,
        each: &mut impl FnMut(u64, u32, Span),
    ) -> u32 {
        let mut next = start;
        text::word::tokenize(text, &mut |term: &str, position: u32, span: Span| {
            if position >= max {
                return;
            }
            let position = start.saturating_add(position);
            let hash = term_hash(term);
            let number = self.number(term, hash);
            self.tokens.push((number, position));
            each(hash, position, span);
            next = next.max(position + 1);
        });
        next
    }

    fn number(&mut self, term: &str, hash: u64) -> u32 {
        if (self.terms.len() + 1) * 2 > self.slots.len() {
            self.grow();
        }
        let mask = self.slots.len() - 1;
        let mut slot = mix(hash) as usize & mask;
        loop {
            match self.slots[slot] {
                0 => break,
                number => {
                    let entry = self.terms[number as usize - 1];
                    if entry.hash == hash && entry.span.of(&self.letters) == term {
                        return number - 1;
                    }
                }
            }
            slot = (slot + 1) & mask;
        }
        let start = self.letters.len();
        self.letters.push_str(term);
        self.terms.push(TermEntry { span: Span::new(start, self.letters.len()), hash });
        self.slots[slot] = self.terms.len() as u32;
        self.terms.len() as u32 - 1
    }

    fn grow(&mut self) {
        let len = (self.slots.len() * 2).max(512);
        self.slots.clear();
        self.slots.resize(len, 0);
        for (number, entry) in self.terms.iter().enumerate() {
            let mut slot = mix(entry.hash) as usize & (len - 1);
            while self.slots[slot] != 0 {
                slot = (slot + 1) & (len - 1);
            }
            self.slots[slot] = number as u32 + 1;
        }
    }

    /// The tokens collected, by term.
    pub(super) fn encode(&self) -> TokenText {
        // Counting sort: where each term's positions begin, then each position to its place.
        let mut ends = vec![0u32; self.terms.len()];
        for (number, _) in &self.tokens {
            ends[*number as usize] += 1;
        }
        let mut total = 0;
        for end in &mut ends {
            let count = *end;
            *end = total;
            total += count;
        }
        let mut positions = vec![0u32; self.tokens.len()];
        for (number, position) in &self.tokens {
            let end = &mut ends[*number as usize];
            positions[*end as usize] = *position;
            *end += 1;
        }
        let mut out = TokenText {
            text: String::with_capacity(self.letters.len() + self.terms.len() * 4 + total as usize * 2),
        };
        let mut begin = 0;
        for (entry, end) in self.terms.iter().zip(ends) {
            out.push(entry.span.of(&self.letters), positions[begin..end as usize].iter().copied());
            begin = end as usize;
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(text: &TokenText) -> Vec<(String, Vec<u32>)> {
        TokenText::groups(&text.text)
            .map(|(term, positions)| (term.to_owned(), positions.collect()))
            .collect()
    }

    #[test]
    fn each_term_stands_once_with_its_positions() {
        let text = TokenText::of("The river, the dam and the River");
        let expected = [("the", vec![0, 2, 5]), ("river", vec![1, 6]), ("dam", vec![3]), ("and", vec![4])];
        assert_eq!(decoded(&text), expected.map(|(term, positions)| (term.to_owned(), positions)));
    }

    #[test]
    fn any_positions_come_back() {
        let mut text = TokenText::default();
        let positions = [0, 0, 1, 100, 2_000, 60_000, 200_000, 4_000_000_000];
        text.push("é", positions);
        text.push("next", [7]);
        assert_eq!(decoded(&text), [("é".to_owned(), positions.to_vec()), ("next".to_owned(), vec![7])]);
    }

    #[test]
    fn many_terms_are_told_apart() {
        let words: Vec<String> = (0..5_000).map(|n| format!("w{}", n % 3_000)).collect();
        let groups = decoded(&TokenText::of(&words.join(" ")));
        assert_eq!(groups.len(), 3_000);
        assert_eq!(groups[17], ("w17".to_owned(), vec![17, 3_017]));
    }

    #[test]
    fn other_strings_are_read_without_a_panic() {
        for text in [
            "",
            "term",
            "term\u{1F}",
            "term\u{1F}\u{1D}9\u{1E}",
            "\u{1F}\u{1E}",
            "a\u{1F}\u{1D}x\u{1D}\u{1E}",
        ] {
            TokenText::groups(text).for_each(|(_, positions)| positions.for_each(drop));
        }
    }
}
