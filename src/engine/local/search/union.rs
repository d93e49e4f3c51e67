//! Several posting lists read as one, a stretch of documents at a time.
//!
//! Asking every list for every document costs as many steps as there are lists, most of them in vain. Instead each list is
//! read through a stretch in one go, into a bit and a frequency for each document. A prefix stands for dozens of lists.

use tantivy::DocId;

/// Documents of one stretch.
const LEN: usize = 4_096;
const WORD: usize = u64::BITS as usize;

/// The documents of one stretch that any list has, and how often together.
pub(super) struct Stretch {
    base: DocId,
    bits: [u64; LEN / WORD],
    /// Only where the bit is set.
    freqs: [u32; LEN],
}

impl Stretch {
    /// A stretch of nothing.
    pub(super) fn new() -> Box<Self> {
        Box::new(Stretch { base: 0, bits: [0; LEN / WORD], freqs: [0; LEN] })
    }

    /// Empties it; it begins at `base` now.
    pub(super) fn restart(&mut self, base: DocId) {
        self.base = base;
        self.bits = [0; LEN / WORD];
    }

    /// First document behind it.
    pub(super) fn end(&self) -> DocId {
        self.base + LEN as DocId
    }

    /// Takes in a document of it.
    #[inline]
    pub(super) fn add(&mut self, doc: DocId, freq: u32) {
        let at = (doc - self.base) as usize;
        let (Some(bits), Some(known)) = (self.bits.get_mut(at / WORD), self.freqs.get_mut(at)) else {
            return;
        };
        let bit = 1 << (at % WORD);
        *known = if *bits & bit == 0 { freq } else { *known + freq };
        *bits |= bit;
    }

    /// Its first document not before `target`.
    #[inline]
    pub(super) fn next(&self, target: DocId) -> Option<DocId> {
        let at = target.saturating_sub(self.base) as usize;
        let mut word = at / WORD;
        let mut bits = self.bits.get(word)? & (u64::MAX << (at % WORD));
        while bits == 0 {
            word += 1;
            bits = *self.bits.get(word)?;
        }
        Some(self.base + (word * WORD) as DocId + bits.trailing_zeros())
    }

    /// How often its document `doc` has the words.
    #[inline]
    pub(super) fn freq(&self, doc: DocId) -> u32 {
        self.freqs.get(doc.wrapping_sub(self.base) as usize).copied().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_come_in_order_with_their_frequencies() {
        let mut stretch = Stretch::new();
        stretch.restart(100);
        for (doc, freq) in [(164, 2), (100, 1), (4_195, 7), (164, 3), (163, 0)] {
            stretch.add(doc, freq);
        }
        let mut found = Vec::new();
        let mut target = 0;
        while let Some(doc) = stretch.next(target) {
            found.push((doc, stretch.freq(doc)));
            target = doc + 1;
        }
        assert_eq!(found, [(100, 1), (163, 0), (164, 5), (4_195, 7)]);
        assert_eq!((stretch.end(), stretch.next(4_196), stretch.next(9_999)), (4_196, None, None));
        stretch.restart(164);
        assert_eq!(stretch.next(164), None);
        stretch.add(164, 1);
        assert_eq!(stretch.freq(164), 1);
    }
}
