//! A hash of bytes that is the same in every process and on every machine, for numbers that are kept in an index.
//!
//! Not for tables an enemy may fill, nor for telling files apart: there it takes blake3.

/// Folds eight bytes at a time into 64 bits by wide multiplication.
#[derive(Clone, Copy, Debug)]
pub struct Fixed(u64);

const SEED: u64 = 0x51_7C_C1_B7_27_22_0A_95;

impl Fixed {
    /// Begins with a number.
    #[inline]
    pub fn new(seed: u64) -> Self {
        Fixed(SEED ^ seed)
    }

    /// Takes in `bytes`, and where they end.
    #[inline]
    pub fn add(&mut self, bytes: &[u8]) {
        self.fold(bytes, |word| word);
    }

    /// As [`Fixed::add`], small and large ASCII letters alike; some marks are alike, too.
    #[inline]
    pub fn add_caseless(&mut self, bytes: &[u8]) {
        // In bytes of ASCII, the bit in which small and large letters differ.
        self.fold(bytes, |word| word | (!word & 0x8080_8080_8080_8080) >> 2);
    }

    #[inline(always)]
    fn fold(&mut self, bytes: &[u8], seen: impl Fn(u64) -> u64) {
        let mut hash = self.0 ^ bytes.len() as u64;
        let mut rest = bytes;
        while let Some((word, after)) = rest.split_first_chunk::<8>() {
            hash = folded(hash ^ seen(u64::from_le_bytes(*word)));
            rest = after;
        }
        let half = |bytes: &[u8; 4]| u64::from(u32::from_le_bytes(*bytes));
        let tail = match (rest.first_chunk::<4>(), rest.last_chunk::<4>(), rest) {
            (Some(first), Some(last), _) => half(first) | half(last) << 32,
            (.., [a, b, c]) => u64::from(*a) | u64::from(*b) << 8 | u64::from(*c) << 16,
            (.., [a, b]) => u64::from(*a) | u64::from(*b) << 8,
            (.., [a]) => u64::from(*a),
            _ => 0,
        };
        self.0 = folded(hash ^ seen(tail));
    }

    /// The hash.
    #[inline]
    pub fn finish(self) -> u64 {
        folded(self.0 ^ SEED)
    }
}

/// Both halves of a wide product.
#[inline]
fn folded(value: u64) -> u64 {
    let wide = u128::from(value) * 0x9FB2_1C65_1E98_DF25;
    wide as u64 ^ (wide >> 64) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash(bytes: &[u8]) -> u64 {
        let mut hash = Fixed::new(0);
        hash.add(bytes);
        hash.finish()
    }

    #[test]
    fn bytes_of_any_length_differ() {
        let letters = |n: u32| char::from(b'a' + (n % 26) as u8);
        let mut hashes: Vec<u64> = (0..26u32.pow(3))
            .flat_map(|n| {
                let term: String = [n, n / 26, n / 676].map(letters).iter().collect();
                [1, 2, 3, 5, 8, 11].map(|len| hash(&term.repeat(4).as_bytes()[..len]))
            })
            .collect();
        hashes.sort_unstable();
        hashes.dedup();
        assert_eq!(hashes.len(), 26 + 26 * 26 + 4 * 26usize.pow(3));
        // Places in a small table, too.
        let mut low: Vec<u64> = hashes.iter().map(|hash| hash & 0xFFFF).collect();
        low.sort_unstable();
        low.dedup();
        assert!(low.len() > 40_000, "{}", low.len());
    }

    #[test]
    fn ends_count_and_case_only_where_asked() {
        let of = |parts: &[&str], add: fn(&mut Fixed, &[u8])| {
            let mut hash = Fixed::new(1);
            parts.iter().for_each(|part| add(&mut hash, part.as_bytes()));
            hash.finish()
        };
        assert_ne!(of(&["ab", "c"], Fixed::add), of(&["a", "bc"], Fixed::add));
        assert_ne!(of(&["Ab"], Fixed::add), of(&["ab"], Fixed::add));
        let caseless = |text: &str| of(&[text], Fixed::add_caseless);
        assert_eq!(caseless("the Harbour Board é"), caseless("THE HARBOUR board é"));
        assert_ne!(caseless("the Harbour Board é"), caseless("the Harbour Board É"));
    }
}
