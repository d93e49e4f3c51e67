//! Lists of texts and of numbers without an allocation for each, in memory or as they lie in a file.

use std::cmp::Ordering;

use tantivy::directory::OwnedBytes;

/// Bytes of a number.
const WIDTH: usize = size_of::<u32>();

/// Numbers, four bytes each.
#[derive(Clone)]
pub(super) struct Numbers(OwnedBytes);

impl Numbers {
    /// As they lie in a file; `None` for half a number.
    pub(super) fn of_bytes(bytes: OwnedBytes) -> Option<Numbers> {
        bytes.len().is_multiple_of(WIDTH).then_some(Numbers(bytes))
    }

    /// As they are put into a file.
    pub(super) fn as_bytes(&self) -> &[u8] {
        self.0.as_slice()
    }

    /// How many.
    pub(super) fn len(&self) -> usize {
        self.0.len() / WIDTH
    }

    /// The number at a place.
    #[inline]
    pub(super) fn get(&self, at: usize) -> Option<u32> {
        self.0.as_slice().as_chunks::<WIDTH>().0.get(at).map(|bytes| u32::from_le_bytes(*bytes))
    }

    /// All of them.
    pub(super) fn iter(&self) -> impl ExactSizeIterator<Item = u32> + '_ {
        self.0.as_slice().as_chunks::<WIDTH>().0.iter().map(|bytes| u32::from_le_bytes(*bytes))
    }
}

impl FromIterator<u32> for Numbers {
    fn from_iter<I: IntoIterator<Item = u32>>(numbers: I) -> Numbers {
        let numbers = numbers.into_iter();
        let mut bytes: Vec<u8> = Vec::with_capacity(numbers.size_hint().0 * WIDTH);
        numbers.for_each(|number| bytes.extend_from_slice(&number.to_le_bytes()));
        Numbers(OwnedBytes::new(bytes))
    }
}

impl Default for Numbers {
    fn default() -> Self {
        Numbers(OwnedBytes::empty())
    }
}

impl std::fmt::Debug for Numbers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl PartialEq for Numbers {
    fn eq(&self, other: &Self) -> bool {
        self.as_bytes() == other.as_bytes()
    }
}

/// Texts one behind the other while they are collected.
#[derive(Clone, Debug, Default)]
pub(super) struct Growing {
    letters: Vec<u8>,
    ends: Vec<u32>,
}

impl Growing {
    /// Puts a text behind the others.
    pub(super) fn push(&mut self, text: &[u8]) {
        self.letters.extend_from_slice(text);
        self.ends.push(u32::try_from(self.letters.len()).unwrap_or(u32::MAX));
    }

    /// How many.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// All of them.
    pub(super) fn finish(self) -> Texts {
        Texts { letters: OwnedBytes::new(self.letters), ends: self.ends.into_iter().collect() }
    }
}

/// Texts one behind the other: tens of thousands of names without an allocation for each.
#[derive(Clone)]
pub(super) struct Texts {
    letters: OwnedBytes,
    /// End of each.
    ends: Numbers,
}

impl Texts {
    /// As they lie in a file.
    pub(super) fn of_bytes(letters: OwnedBytes, ends: Numbers) -> Texts {
        Texts { letters, ends }
    }

    /// As they are put into a file: letters, and where each text ends.
    pub(super) fn as_bytes(&self) -> [&[u8]; 2] {
        [self.letters.as_slice(), self.ends.as_bytes()]
    }

    /// Number of texts.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The text with this number; empty where there is none.
    pub(super) fn get(&self, number: usize) -> &str {
        // Names go into an index as text; what is none was damaged.
        std::str::from_utf8(self.bytes(number)).unwrap_or_default()
    }

    /// Likewise, as bytes.
    pub(super) fn bytes(&self, number: usize) -> &[u8] {
        let end = |number| self.ends.get(number).map(|end| end as usize);
        let start = number.checked_sub(1).and_then(end).unwrap_or(0);
        end(number).and_then(|end| self.letters.as_slice().get(start..end)).unwrap_or_default()
    }

    /// All of them, in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = &[u8]> {
        (0..self.len()).map(|number| self.bytes(number))
    }

    /// The number of a text among texts in order.
    pub(super) fn find(&self, text: &str) -> Option<usize> {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low + (high - low) / 2;
            match self.bytes(middle).cmp(text.as_bytes()) {
                Ordering::Equal => return Some(middle),
                Ordering::Less => low = middle + 1,
                Ordering::Greater => high = middle,
            }
        }
        None
    }
}

impl Default for Texts {
    fn default() -> Self {
        Growing::default().finish()
    }
}

impl std::fmt::Debug for Texts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries((0..self.len()).map(|number| self.get(number))).finish()
    }
}

impl PartialEq for Texts {
    fn eq(&self, other: &Self) -> bool {
        self.as_bytes() == other.as_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_and_numbers_are_read_back() {
        let mut growing = Growing::default();
        ["Ana", "", "Łukasz"].iter().for_each(|text| growing.push(text.as_bytes()));
        let texts = growing.finish();
        assert_eq!((texts.len(), texts.get(0), texts.get(1), texts.get(2)), (3, "Ana", "", "Łukasz"));
        assert_eq!((texts.get(3), texts.find("Łukasz"), texts.find("Bo")), ("", Some(2), None));
        let [letters, ends] = texts.as_bytes().map(|bytes| OwnedBytes::new(bytes.to_vec()));
        assert_eq!(Texts::of_bytes(letters, Numbers::of_bytes(ends).unwrap()), texts);
        assert!(Numbers::of_bytes(OwnedBytes::new(vec![0; 5])).is_none());
        let numbers: Numbers = [7, u32::MAX].into_iter().collect();
        assert_eq!((numbers.len(), numbers.get(1), numbers.get(2)), (2, Some(u32::MAX), None));
    }

    #[test]
    fn ends_that_make_no_sense_are_no_texts() {
        let ends: Numbers = [9, 2, 4].into_iter().collect();
        let texts = Texts::of_bytes(OwnedBytes::new(b"abcd".to_vec()), ends);
        assert_eq!([0, 1, 2].map(|number| texts.get(number)), ["", "", "cd"]);
    }
}
