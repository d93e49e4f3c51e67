//! Short signatures by which near-identical texts are told without comparing them.
//!
//! A body's signature are 16 minima over its shingles of four words (one hash a shingle, its low bits choose one of 16
//! bins, each bin keeps the smallest, eight bits of it), packed into two numbers. The share of equal bins estimates the
//! share of common shingles; unrelated texts share about none.

use crate::text::hash::Fixed;

const SHINGLE: u32 = 4;
/// Each word of a shingle is turned by so many bits against the next, so that order matters.
const TURN: u32 = 11;
const BINS: usize = 16;

/// Equal bins, out of 16, from which two bodies count as copies: ten mean that about 0.6 of all shingles are common. At
/// 0.9 common shingles 1 pair in 2,000 is missed, at 0.3 fewer than 1 in 100 is taken for a copy.
pub const COPY_BINS: u32 = 10;

/// Of so many bins two copies have one in common at least.
pub const TELLING_BINS: usize = BINS - COPY_BINS as usize + 1;

/// Whether two bodies are near-identical by their signatures. Bodies of fewer than 16 words are never.
pub fn is_copy(a: [u64; 2], b: [u64; 2]) -> bool {
    if a == [0, 0] || b == [0, 0] {
        return false;
    }
    let equal = |a: u64, b: u64| (a ^ b).to_le_bytes().iter().filter(|byte| **byte == 0).count() as u32;
    equal(a[0], b[0]) + equal(a[1], b[1]) >= COPY_BINS
}

/// Builds the signature of one body, token by token.
#[derive(Debug)]
pub(super) struct Sketch {
    bins: [u64; BINS],
    /// Hashes of the last tokens; the oldest is at `n_tokens`, counted round.
    recent: [u64; SHINGLE as usize],
    /// Of all of them, in order.
    shingle: u64,
    n_tokens: u32,
}

impl Default for Sketch {
    fn default() -> Self {
        Sketch { bins: [u64::MAX; BINS], recent: [0; SHINGLE as usize], shingle: 0, n_tokens: 0 }
    }
}

impl Sketch {
    /// The next token, by its [`term_hash`].
    pub(super) fn add(&mut self, term_hash: u64) {
        let oldest = &mut self.recent[(self.n_tokens % SHINGLE) as usize];
        self.shingle = self.shingle.rotate_left(TURN) ^ oldest.rotate_left(TURN * SHINGLE) ^ term_hash;
        *oldest = term_hash;
        self.n_tokens += 1;
        if self.n_tokens < SHINGLE {
            return;
        }
        let shingle = mix(self.shingle);
        let bin = &mut self.bins[(shingle % BINS as u64) as usize];
        *bin = (*bin).min(shingle >> 4);
    }

    /// The signature; zeros for a text too short to have one.
    pub(super) fn finish(&self) -> [u64; 2] {
        if self.n_tokens < BINS as u32 {
            return [0, 0];
        }
        let mut bytes = [0u8; BINS];
        for (byte, bin) in bytes.iter_mut().zip(self.bins) {
            *byte = (mix(bin) >> 32) as u8;
        }
        let (low, high) = bytes.split_at(BINS / 2);
        let number = |half: &[u8]| half.iter().fold(0u64, |number, byte| number << 8 | u64::from(*byte));
        [number(low), number(high)]
    }
}

/// Hash of a term.
#[inline]
pub(super) fn term_hash(term: &str) -> u64 {
    let mut hash = Fixed::new(0);
    hash.add(term.as_bytes());
    hash.finish()
}

/// Spreads the bits of a hash.
pub(super) const fn mix(value: u64) -> u64 {
    let value = (value ^ (value >> 32)).wrapping_mul(0xD6E8_FEB8_6659_FD93);
    value ^ (value >> 32)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sketch(words: &[String]) -> [u64; 2] {
        let mut sketch = Sketch::default();
        words.iter().for_each(|word| sketch.add(term_hash(word)));
        sketch.finish()
    }

    fn text(seed: usize, n_words: usize) -> Vec<String> {
        (0..n_words).map(|n| format!("w{}", (n * 7919 + seed * 104_729 + n * n * seed) % 5_000)).collect()
    }

    #[test]
    fn trimmed_copies_are_told_and_other_texts_are_not() {
        let whole = text(1, 400);
        assert!(is_copy(sketch(&whole), sketch(&whole)));
        assert!(is_copy(sketch(&whole), sketch(&whole[..350])));
        assert!(!is_copy(sketch(&whole), sketch(&whole[..100])));
        for seed in 2..200 {
            assert!(!is_copy(sketch(&whole), sketch(&text(seed, 400))), "seed {seed}");
        }
    }

    #[test]
    fn short_texts_have_no_signature() {
        assert_eq!(sketch(&text(1, 10)), [0, 0]);
        assert!(!is_copy([0, 0], [0, 0]));
    }

    #[test]
    fn order_of_words_matters() {
        let words = text(1, 400);
        let mut turned = words.clone();
        turned.reverse();
        assert!(!is_copy(sketch(&words), sketch(&turned)));
    }
}
