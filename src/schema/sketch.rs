//! Short signatures by which near-identical texts are told without comparing them.
//!
//! A body's signature are 16 minima over its shingles of four words (one hash a shingle, its low bits choose one of 16
//! bins, each bin keeps the smallest, eight bits of it), packed into two numbers. The share of equal bins estimates the
//! share of common shingles; unrelated texts share about none.

use std::hash::Hasher;

const SHINGLE: u32 = 4;
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

/// Hash of a text of no words; see [`add_word`].
pub(super) const NO_WORDS: u64 = 0x9E37_79B9_7F4A_7C15;

/// Hash of a text's words so far, and one more: equal for texts with the same words in the same order.
pub(super) fn add_word(words: u64, term_hash: u64) -> u64 {
    mix(words.rotate_left(5) ^ term_hash)
}

/// Builds the signature of one body, token by token.
#[derive(Debug)]
pub(super) struct Sketch {
    bins: [u64; BINS],
    recent: [u64; SHINGLE as usize],
    n_tokens: u32,
}

impl Default for Sketch {
    fn default() -> Self {
        Sketch { bins: [u64::MAX; BINS], recent: [0; SHINGLE as usize], n_tokens: 0 }
    }
}

impl Sketch {
    /// The next token, by its [`term_hash`].
    pub(super) fn add(&mut self, term_hash: u64) {
        self.recent.rotate_left(1);
        self.recent[SHINGLE as usize - 1] = term_hash;
        self.n_tokens += 1;
        if self.n_tokens < SHINGLE {
            return;
        }
        let shingle = self.recent.iter().fold(0u64, |hash, term| mix(hash.rotate_left(7) ^ term));
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
pub(super) fn term_hash(term: &str) -> u64 {
    // Fixed keys: the signature is part of the index and must not differ between processes.
    let mut hasher = Fixed(0x51_7C_C1_B7_27_22_0A_95);
    hasher.write(term.as_bytes());
    hasher.finish()
}

/// Spreads the bits of a hash.
pub(super) const fn mix(value: u64) -> u64 {
    let value = (value ^ (value >> 32)).wrapping_mul(0xD6E8_FEB8_6659_FD93);
    value ^ (value >> 32)
}

/// A small multiplicative hash, eight bytes at a time.
struct Fixed(u64);

impl Hasher for Fixed {
    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0u8; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            let word = u64::from_le_bytes(word) ^ (chunk.len() as u64) << 56;
            self.0 = (self.0.rotate_left(23) ^ word).wrapping_mul(0x9FB2_1C65_1E98_DF25);
        }
    }

    fn finish(&self) -> u64 {
        mix(self.0)
    }
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
    fn order_and_words_matter_to_the_hash() {
        let hash =
            |words: &str| words.split(' ').fold(NO_WORDS, |hash, word| add_word(hash, term_hash(word)));
        assert_eq!(hash("we will appeal"), hash("we will appeal"));
        assert_ne!(hash("we will appeal"), hash("will we appeal"));
        assert_ne!(hash("we will appeal"), hash("we will"));
    }
}
