//! The tokens of one document grouped by term: each term once, with its positions.
//!
//! Indexing a token costs a walk through tables far larger than the processor's cache. When all occurrences of a term in a
//! document come together, only the first pays for it; measured, that makes indexing a third cheaper. [`TokenText`] is such
//! a document as one string.

use super::sketch::term_hash;
use crate::model::Span;
use crate::text;

/// A number is written six bits a byte, low first, so that the string stays one of characters; in all bytes but the last
/// this bit is set.
const MORE: u8 = 0x40;
/// After the positions of a term, each of which is written as one more than its difference to the one before.
const END: u8 = 0;

/// Terms and positions of one document, as one string; the order of terms is that of their first occurrence.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TokenText {
    /// The string: for each term its length, its bytes, its positions, [`END`].
    pub text: String,
}

impl TokenText {
    /// The tokens of `text`, from position 0.
    pub fn of(text: &str) -> Self {
        let mut groups = Groups::default();
        groups.append(text, 0, u32::MAX, &mut |_, _, _| {});
        groups.encode()
    }

    /// The terms in `encoded`.
    pub fn groups(encoded: &str) -> TermGroups<'_> {
        TermGroups { text: encoded, at: 0, position: 0, is_open: false }
    }
}

fn put(out: &mut Vec<u8>, mut number: u64) {
    while number >= u64::from(MORE) {
        out.push(number as u8 & (MORE - 1) | MORE);
        number >>= 6;
    }
    out.push(number as u8);
}

/// Reads an encoded [`TokenText`]: term by term, each with its positions.
#[derive(Clone, Debug, Default)]
pub struct TermGroups<'t> {
    text: &'t str,
    at: usize,
    position: u32,
    /// Within the positions of a term.
    is_open: bool,
}

impl<'t> TermGroups<'t> {
    /// The next term. Positions of the one before that were not asked for are skipped.
    pub fn next_term(&mut self) -> Option<&'t str> {
        while self.next_position().is_some() {}
        let len = usize::try_from(self.take()?).ok()?;
        let term = self.text.get(self.at..self.at.checked_add(len)?)?;
        self.at += len;
        self.position = 0;
        self.is_open = true;
        Some(term)
    }

    /// The next position of the present term.
    #[inline]
    pub fn next_position(&mut self) -> Option<u32> {
        if !self.is_open {
            return None;
        }
        let Some(delta) = self.take().and_then(|stored| u32::try_from(stored).ok()?.checked_sub(1)) else {
            self.is_open = false;
            return None;
        };
        self.position = self.position.wrapping_add(delta);
        Some(self.position)
    }

    #[inline]
    fn take(&mut self) -> Option<u64> {
        let bytes = self.text.as_bytes();
        let first = *bytes.get(self.at)?;
        self.at += 1;
        if first & MORE == 0 {
            return Some(u64::from(first));
        }
        let mut number = u64::from(first & (MORE - 1));
        for shift in (6..60).step_by(6) {
            let byte = *bytes.get(self.at)?;
            self.at += 1;
            number |= u64::from(byte & (MORE - 1)) << shift;
            if byte & MORE == 0 {
                return Some(number);
            }
        }
        None
    }
}

/// Collects the tokens of a document. Cleared, it keeps its memory for the next.
#[derive(Debug, Default)]
pub(super) struct Groups {
    /// All terms, one after the other.
    letters: Vec<u8>,
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
            let number = self.number(term.as_bytes(), hash);
            self.tokens.push((number, position));
            each(hash, position, span);
            next = next.max(position + 1);
        });
        next
    }

    fn number(&mut self, term: &[u8], hash: u64) -> u32 {
        if (self.terms.len() + 1) * 2 > self.slots.len() {
            self.grow();
        }
        let mask = self.slots.len() - 1;
        let mut slot = hash as usize & mask;
        loop {
            match self.slots[slot] {
                0 => break,
                number => {
                    let entry = self.terms[number as usize - 1];
                    if entry.hash == hash && self.letters.get(entry.span.start..entry.span.end) == Some(term)
                    {
                        return number - 1;
                    }
                }
            }
            slot = (slot + 1) & mask;
        }
        let start = self.letters.len();
        self.letters.extend_from_slice(term);
        self.terms.push(TermEntry { span: Span::new(start, self.letters.len()), hash });
        self.slots[slot] = self.terms.len() as u32;
        self.terms.len() as u32 - 1
    }

    fn grow(&mut self) {
        let len = (self.slots.len() * 2).max(512);
        self.slots.clear();
        self.slots.resize(len, 0);
        for (number, entry) in self.terms.iter().enumerate() {
            let mut slot = entry.hash as usize & (len - 1);
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
        let room = self.letters.len() + self.terms.len() * 4 + total as usize * 2;
        let mut out: Vec<u8> = Vec::with_capacity(room);
        let mut begin = 0;
        for (entry, end) in self.terms.iter().zip(ends) {
            let term = &self.letters[entry.span.start..entry.span.end];
            put(&mut out, term.len() as u64);
            out.extend_from_slice(term);
            let mut before = 0;
            for position in &positions[begin..end as usize] {
                put(&mut out, u64::from(position.saturating_sub(before)) + 1);
                before = *position;
            }
            out.push(END);
            begin = end as usize;
        }
        // Terms are text, and numbers are characters: it cannot fail.
        TokenText { text: String::from_utf8(out).unwrap_or_default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(text: &TokenText) -> Vec<(String, Vec<u32>)> {
        let mut groups = TokenText::groups(&text.text);
        let mut all = Vec::new();
        while let Some(term) = groups.next_term() {
            let positions = std::iter::from_fn(|| groups.next_position()).collect();
            all.push((term.to_owned(), positions));
        }
        all
    }

    #[test]
    fn each_term_stands_once_with_its_positions() {
        let text = TokenText::of("The river, the dam and the River");
        let expected = [("the", vec![0, 2, 5]), ("river", vec![1, 6]), ("dam", vec![3]), ("and", vec![4])];
        assert_eq!(decoded(&text), expected.map(|(term, positions)| (term.to_owned(), positions)));
    }

    #[test]
    fn any_positions_come_back() {
        let mut groups = Groups::default();
        let positions = [0, 0, 1, 63, 64, 127, 4_200, 60_000, 200_000, u32::MAX];
        for (term, at) in [("é", &positions[..]), ("next", &[7])] {
            let number = groups.number(term.as_bytes(), term_hash(term));
            groups.tokens.extend(at.iter().map(|position| (number, *position)));
        }
        let text = groups.encode();
        assert_eq!(decoded(&text), [("é".to_owned(), positions.to_vec()), ("next".to_owned(), vec![7])]);
        let mut skipping = TokenText::groups(&text.text);
        assert_eq!((skipping.next_term(), skipping.next_position()), (Some("é"), Some(0)));
        assert_eq!((skipping.next_term(), skipping.next_position()), (Some("next"), Some(7)));
        assert_eq!((skipping.next_position(), skipping.next_term()), (None, None));
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
        for text in
            ["", "term", "\u{4}te", "\u{4}term", "\u{4}term\u{7f}\u{7f}", "\u{1}é\u{0}", "@@@@@@@@@@@@@@"]
        {
            decoded(&TokenText { text: text.to_owned() });
        }
    }
}
