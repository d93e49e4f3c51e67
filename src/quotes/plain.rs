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
        // First where they stand, then what they are: each of the two loops has few branches.
        scan.stretches(|start, end| {
            plains.push(Plain { start: start as u32, end: end as u32, ..Plain::BEHIND_ALL });
        });
        for plain in &mut plains {
            read(body.as_bytes(), words, plain);
        }
        plains.push(Plain::BEHIND_ALL);
        Text { body, scan, plains, words }
    }
}

/// Fills in what a stretch is.
#[inline]
fn read(bytes: &[u8], words: &Words, plain: &mut Plain) {
    let start = plain.start as usize;
    let block = bytes.get(start..start + LONGEST).and_then(|block| block.first_chunk());
    match block.filter(|_| plain.len() <= LONGEST) {
        Some(block) => read_block(block, bytes, words, plain),
        None => read_long_or_last(bytes, words, plain),
    }
}

/// A stretch that is long, or so near the end that no whole block begins with it.
#[cold]
fn read_long_or_last(bytes: &[u8], words: &Words, plain: &mut Plain) {
    let written = &bytes[plain.start as usize..plain.end as usize];
    if let Some(rest) = LONGEST.checked_sub(written.len()) {
        let mut block = [0; LONGEST];
        block[..LONGEST - rest].copy_from_slice(written);
        return read_block(&block, bytes, words, plain);
    }
    plain.key = long_key(written);
    plain.entry = words.find(plain.key);
    plain.shape = shape::LONG;
}

/// The bytes of `block` that belong to a word of so many bytes, as two numbers.
const KEPT: [(u64, u64); LONGEST + 1] = {
    let mut kept = [(0, 0); LONGEST + 1];
    let mut n = 1;
    while n <= LONGEST {
        let first = if n < 8 { n } else { 8 };
        kept[n] = (u64::MAX >> (64 - 8 * first), if n > 8 { u64::MAX >> (128 - 8 * n) } else { 0 });
        n += 1;
    }
    kept
};

/// The stretch with which `block` begins.
#[inline(always)]
fn read_block(block: &[u8; LONGEST], bytes: &[u8], words: &Words, plain: &mut Plain) {
    let n = plain.len();
    let ([first, second], Some((kept, kept_behind))) = (block.as_chunks::<8>().0, KEPT.get(n)) else {
        return;
    };
    let written = u64::from_le_bytes(*first) & kept;
    let written_behind = u64::from_le_bytes(*second) & kept_behind;
    let (low, behind) = (written | SMALL & kept, written_behind | SMALL & kept_behind);
    plain.low = low;
    plain.key = plain_key(low, behind, n);
    plain.entry = words.find(plain.key);
    // A letter has bit 6 and a digit has not.
    let mut bits = if written & 0x40 == 0 { shape::DIGIT } else { 0 };
    if bytes.get(plain.end as usize) == Some(&b' ') {
        bits |= shape::SPACED;
    }
    if words.entry(plain.entry).landmarks != 0 {
        bits |= shape::LANDMARK;
    }
    // "ly" in lower case, whatever follows.
    const LY: u16 = u16::from_le_bytes(*b"ly");
    let last = |at: usize| u16::from(block[at % LONGEST] | 0x20);
    if n > 4 && last(n - 2) | last(n - 1) << 8 == LY {
        bits |= shape::LY;
    }
    if written != low || written_behind != behind {
        bits |= capitals(&block[..n]);
    }
    plain.shape = bits;
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
