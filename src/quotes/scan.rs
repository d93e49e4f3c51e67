//! Where the letters and possible marks of a text stand, as bits.
//!
//! In: any text. Out: [`Scan`], made in one pass of eight bytes at a time; whoever cuts the text into words or looks for marks
//! asks it instead of reading the bytes again. Knows ASCII letters only; what other bytes are is for its readers to say.

/// Bits of 64 bytes of a text, the lowest for the first.
#[derive(Clone, Copy, Default)]
struct Block {
    /// ASCII letters and digits.
    plain: u64,
    /// Straight marks, backquotes and first bytes of characters outside ASCII.
    mark: u64,
}

/// The bits of a text.
pub(super) struct Scan {
    /// One for each 64 bytes, and an empty one behind the last.
    blocks: Vec<Block>,
}

/// Bytes of a block.
const WIDTH: usize = 64;

impl Scan {
    /// Reads `text`.
    pub(super) fn new(text: &str) -> Self {
        let mut blocks = Vec::with_capacity(text.len() / WIDTH + 2);
        let (whole, rest) = text.as_bytes().as_chunks::<WIDTH>();
        blocks.extend(whole.iter().map(Block::of));
        let mut last = [0; WIDTH];
        last[..rest.len()].copy_from_slice(rest);
        blocks.push(Block::of(&last));
        blocks.push(Block::default());
        Scan { blocks }
    }

    /// Where the ASCII letters and digits that stand at `at` end; `at` itself where there are none.
    pub(super) fn stretch_end(&self, at: usize) -> usize {
        self.next(at, |block| !block.plain)
    }

    /// Start and end of every stretch of ASCII letters and digits, in order.
    #[inline]
    pub(super) fn stretches(&self, mut each: impl FnMut(usize, usize)) {
        // Where a stretch began that goes on over the end of a block, and whether one does: a bit.
        let (mut begun, mut goes_on) = (0, 0);
        for (idx, block) in self.blocks.iter().enumerate() {
            let place = |bits: u64| idx * WIDTH + bits.trailing_zeros() as usize;
            let before = block.plain << 1 | goes_on;
            let mut starts = block.plain & !before;
            let mut ends = before & !block.plain;
            if goes_on == 1 && ends != 0 {
                each(begun, place(ends));
                ends &= ends - 1;
            }
            while ends != 0 {
                each(place(starts), place(ends));
                starts &= starts - 1;
                ends &= ends - 1;
            }
            if starts != 0 {
                begun = place(starts);
            }
            goes_on = block.plain >> 63;
        }
    }

    /// The next byte from `at` on that may begin a mark; behind the end of the text when there is none.
    pub(super) fn next_mark(&self, at: usize) -> usize {
        self.next(at, |block| block.mark)
    }

    /// The next set bit from `at` on.
    #[inline(always)]
    fn next(&self, at: usize, bits: impl Fn(&Block) -> u64) -> usize {
        let first = at / WIDTH;
        let here = bits(&self.blocks[first]) >> (at % WIDTH);
        if here != 0 {
            return at + here.trailing_zeros() as usize;
        }
        let behind = self.blocks[first + 1..].iter().position(|block| bits(block) != 0);
        match behind {
            Some(n) => {
                let block = first + 1 + n;
                block * WIDTH + bits(&self.blocks[block]).trailing_zeros() as usize
            }
            None => self.blocks.len() * WIDTH,
        }
    }
}

/// The highest bit of each byte.
const HIGH: u64 = 0x8080_8080_8080_8080;

impl Block {
    fn of(bytes: &[u8; WIDTH]) -> Self {
        let (mut plain, mut mark) = (0, 0);
        for (idx, eight) in bytes.as_chunks::<8>().0.iter().enumerate() {
            let x = u64::from_le_bytes(*eight);
            let low = x & !HIGH;
            let small = low | each(0x20);
            let letter = at_least(small, b'a') & !at_least(small, b'z' + 1);
            let digit = at_least(low, b'0') & !at_least(low, b'9' + 1);
            let other = unlike(low, b'"') & unlike(low, b'\'') & unlike(low, b'`');
            // A byte with its two highest bits begins a character outside ASCII.
            let begins = x & x << 1;
            plain |= ((letter | digit) & !x & HIGH) >> (7 - idx);
            mark |= ((!other & !x | begins) & HIGH) >> (7 - idx);
        }
        Block { plain: transposed(plain), mark: transposed(mark) }
    }
}

/// The byte eight times.
const fn each(byte: u8) -> u64 {
    u64::from_le_bytes([byte; 8])
}

/// In the high bit of each byte of `low` (none has it), whether it is not smaller than `bound`; other bits mean nothing.
const fn at_least(low: u64, bound: u8) -> u64 {
    low + each(0x80 - bound)
}

/// In the high bit of each byte of `low` (none has it), whether it is not `byte`; other bits mean nothing.
const fn unlike(low: u64, byte: u8) -> u64 {
    (low ^ each(byte)) + each(0x7F)
}

/// Bit `n` of byte `m` as bit `m` of byte `n`: of eight numbers that each hold a bit in every byte, one after the other.
const fn transposed(mut x: u64) -> u64 {
    let mut swapped = (x ^ x >> 7) & 0x00AA_00AA_00AA_00AA;
    x ^= swapped ^ swapped << 7;
    swapped = (x ^ x >> 14) & 0x0000_CCCC_0000_CCCC;
    x ^= swapped ^ swapped << 14;
    swapped = (x ^ x >> 28) & 0x0000_0000_F0F0_F0F0;
    x ^ swapped ^ swapped << 28
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(text: &str) {
        let scan = Scan::new(text);
        let bytes = text.as_bytes();
        for at in 0..=bytes.len() {
            let plain = bytes[at..].iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
            assert_eq!(scan.stretch_end(at), at + plain, "stretch at {at} of {text:?}");
            let is_mark = |byte: &u8| matches!(byte, b'"' | b'\'' | b'`' | 0xC0..);
            let mark = bytes[at..].iter().position(is_mark).map(|ahead| at + ahead);
            assert_eq!(
                Some(scan.next_mark(at)).filter(|at| *at < bytes.len()),
                mark,
                "mark at {at} of {text:?}"
            );
        }
    }

    #[track_caller]
    fn check_stretches(text: &str) {
        let mut found = Vec::new();
        Scan::new(text).stretches(|start, end| found.push(&text[start..end]));
        let words = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
        assert_eq!(found, words.collect::<Vec<_>>());
    }

    #[test]
    fn every_ascii_byte_is_told_apart() {
        let all: String = (0..=127u8).map(char::from).collect();
        check(&all);
        check("“Ünder”, «said» `Oda' at No. 10");
        check("");
        check(&"é".repeat(64));
        check(&"a".repeat(200));
        for n in [1, 63, 64, 65, 127, 128, 200] {
            check_stretches(&"a".repeat(n));
            check_stretches(&[&"a".repeat(n), " b"].concat());
            check_stretches(&[&" ".repeat(n), "b"].concat());
        }
    }

    proptest! {
        #[test]
        fn bits_agree_with_bytes(text in "[a-zA-Z0-9 .,'\"“”éß@\\[`{/:]{0,150}") {
            check(&text);
            check_stretches(&text);
        }
    }
}
