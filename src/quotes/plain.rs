//! The plain words of a text: stretches of ASCII letters and digits, each looked up once for all who read words.
//!
//! In: a text, its [`Scan`], the listed [`Words`]. Out: [`Plain`]s in order. Whether a stretch is a whole word ("O" of "O'Neill"
//! is none) is for its readers to say.

use super::scan::Scan;
use crate::lexicon::people::{SMALL, long_key, plain_key};
use crate::lexicon::words::Words;

/// Bits of [`Plain::shape`]; the first three and the last are those of both kinds of tokens.
pub(super) mod shape {
    /// The first letter is upper case.
    pub(in super::super) const CAPITAL: u8 = 1;
    /// Two capitals or more, no small letter.
    pub(in super::super) const ALL_CAPITAL: u8 = 1 << 1;
    /// One capital, no small letter.
    pub(in super::super) const ONE_CAPITAL: u8 = 1 << 2;
    /// Ends in "ly".
    pub(in super::super) const LY: u8 = 1 << 3;
    /// Longer than [`LONGEST`](super::LONGEST): nothing else is told but where it stands.
    pub(in super::super) const LONG: u8 = 1 << 4;
    /// Begins with a digit.
    pub(in super::super) const DIGIT: u8 = 1 << 5;
    /// A space follows, so that it is a whole word.
    pub(in super::super) const SPACED: u8 = 1 << 6;
    /// The lexicon lists it as a [`landmark`](crate::lexicon::words::landmark).
    pub(in super::super) const LANDMARK: u8 = 1 << 7;
}

/// Longest stretch that is looked at, in bytes.
const LONGEST: usize = 16;

/// A stretch of ASCII letters and digits.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plain {
    /// First byte.
    pub(super) start: u32,
    /// One past the last byte.
    pub(super) end: u32,
    /// Its first eight bytes in lower case, the first lowest.
    pub(super) low: u64,
    /// Its [`word_key`](crate::lexicon::people::word_key).
    pub(super) key: u64,
    /// Its place among the listed words.
    pub(super) entry: u16,
    /// Bits of [`shape`].
    pub(super) shape: u8,
}

impl Plain {
    /// Stands behind the last word of every text.
    const BEHIND_ALL: Plain =
        Plain { start: u32::MAX, end: u32::MAX, low: 0, key: 0, entry: 0, shape: shape::LONG };

    /// Bytes.
    pub(super) fn len(&self) -> usize {
        (self.end - self.start) as usize
    }

    /// Whether any of these shapes holds.
    pub(super) fn is(&self, shape: u8) -> bool {
        self.shape & shape != 0
    }
}

/// A text whose plain words were looked up.
pub(super) struct Text<'t> {
    /// The text.
    pub(super) body: &'t str,
    /// Its letters and marks.
    pub(super) scan: Scan,
    /// All stretches in order, and one behind the last whose start nobody reaches.
    pub(super) plains: Vec<Plain>,
    /// Where words are looked up.
    pub(super) words: &'t Words,
}

impl<'t> Text<'t> {
    /// Reads `body`.
    pub(super) fn of(body: &'t str, words: &'t Words) -> Self {
        let scan = Scan::new(body);
        let mut plains = Vec::with_capacity(body.len() / 5 + 8);
        let bytes = body.as_bytes();
        scan.stretches(|start, end| plains.push(plain(bytes, words, start, end)));
        plains.push(Plain::BEHIND_ALL);
        Text { body, scan, plains, words }
    }
}

#[inline]
fn plain(bytes: &[u8], words: &Words, start: usize, end: usize) -> Plain {
    let n = end - start;
    let block = bytes.get(start..start + LONGEST).and_then(|block| block.first_chunk());
    match block.filter(|_| n <= LONGEST) {
        Some(block) => short(block, bytes, words, start, n),
        None => long_or_last(bytes, words, start, end),
    }
}

/// A stretch that is long, or so near the end that no whole block begins with it.
#[cold]
fn long_or_last(bytes: &[u8], words: &Words, start: usize, end: usize) -> Plain {
    let n = end - start;
    if n <= LONGEST {
        let mut block = [0; LONGEST];
        block[..n].copy_from_slice(&bytes[start..end]);
        return short(&block, bytes, words, start, n);
    }
    let key = long_key(&bytes[start..end]);
    Plain { start: start as u32, end: end as u32, low: 0, key, entry: words.find(key), shape: shape::LONG }
}

/// The stretch of `n` bytes with which `block` begins.
#[inline(always)]
fn short(block: &[u8; LONGEST], bytes: &[u8], words: &Words, start: usize, n: usize) -> Plain {
    let [first, second] = block.as_chunks::<8>().0 else { return Plain::BEHIND_ALL };
    let end = start + n;
    let kept = u64::MAX >> (64 - 8 * n.min(8));
    let kept_behind = if n > 8 { u64::MAX >> (128 - 8 * n) } else { 0 };
    let (written, written_behind) =
        (u64::from_le_bytes(*first) & kept, u64::from_le_bytes(*second) & kept_behind);
    let (low, behind) = (written | SMALL & kept, written_behind | SMALL & kept_behind);
    let key = plain_key(low, behind, n);
    // A letter has bit 6 and a digit has not.
    let mut bits = if written & 0x40 == 0 { shape::DIGIT } else { 0 };
    if bytes.get(end) == Some(&b' ') {
        bits |= shape::SPACED;
    }
    if n > 4 && block[n - 1] | 0x20 == b'y' && block[n - 2] | 0x20 == b'l' {
        bits |= shape::LY;
    }
    if written != low || written_behind != behind {
        bits |= capitals(&block[..n]);
    }
    let entry = words.find(key);
    if words.entry(entry).landmarks != 0 {
        bits |= shape::LANDMARK;
    }
    Plain { start: start as u32, end: end as u32, low, key, entry, shape: bits }
}

/// The shapes that capitals give a word that has some.
fn capitals(word: &[u8]) -> u8 {
    let first = if word[0].is_ascii_uppercase() { shape::CAPITAL } else { 0 };
    if word.iter().any(u8::is_ascii_lowercase) {
        return first;
    }
    let one = word.iter().filter(|byte| byte.is_ascii_uppercase()).count() == 1;
    first | if one { shape::ONE_CAPITAL } else { shape::ALL_CAPITAL }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::Lexicon;
    use crate::lexicon::people::word_key;
    use proptest::prelude::*;

    #[track_caller]
    fn check(body: &str) {
        let text = Text::of(body, Lexicon::embedded().words());
        let stretches = body.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
        let found: Vec<&str> = text.plains[..text.plains.len() - 1]
            .iter()
            .map(|plain| &body[plain.start as usize..plain.end as usize])
            .collect();
        assert_eq!(found, stretches.collect::<Vec<_>>());
        for plain in &text.plains[..found.len()] {
            let word = &body[plain.start as usize..plain.end as usize];
            assert_eq!(plain.key, word_key(word), "{word}");
            assert_eq!(plain.entry, text.words.find(word_key(word)), "{word}");
            assert_eq!(plain.is(shape::LONG), word.len() > LONGEST, "{word}");
            if plain.is(shape::LONG) {
                continue;
            }
            let (first, capitals) = (word.as_bytes()[0], word.bytes().filter(u8::is_ascii_uppercase).count());
            let small = word.bytes().any(|byte| byte.is_ascii_lowercase());
            assert_eq!(plain.is(shape::CAPITAL), first.is_ascii_uppercase(), "{word}");
            assert_eq!(plain.is(shape::DIGIT), first.is_ascii_digit(), "{word}");
            assert_eq!(plain.is(shape::ONE_CAPITAL), capitals == 1 && !small, "{word}");
            assert_eq!(plain.is(shape::ALL_CAPITAL), capitals > 1 && !small, "{word}");
            assert_eq!(plain.is(shape::SPACED), body[plain.end as usize..].starts_with(' '), "{word}");
            let lower = word.to_ascii_lowercase();
            assert_eq!(plain.is(shape::LY), word.len() > 4 && lower.ends_with("ly"), "{word}");
            let low = lower.bytes().take(8).rev().fold(0, |low, byte| low << 8 | u64::from(byte));
            assert_eq!(plain.low, low, "{word}");
        }
    }

    #[test]
    fn tells_shapes_and_keys() {
        check("The MAYOR of Trent, A. B2, said 3D firmly; spokeswomanship of antidisestablishment x");
        check("");
        check("abcdefghijklmnop abcdefghijklmnopq ABCDEFGHIJKLMNOP");
    }

    proptest! {
        #[test]
        fn keys_agree_with_words(body in "[a-zA-Z0-9 .'é-]{0,150}") {
            check(&body);
        }
    }
}
