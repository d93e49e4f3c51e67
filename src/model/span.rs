//! Half-open byte ranges into a text, and their translation to code points.

use serde::{Deserialize, Serialize};

/// A half-open byte range `start..end`, on char boundaries, into `Article::body` unless said otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// The range `start..end`.
    pub const fn new(start: usize, end: usize) -> Self {
        Span { start, end }
    }

    /// The text under this span. Empty when the span does not fit `text`.
    pub fn of(self, text: &str) -> &str {
        text.get(self.start..self.end).unwrap_or("")
    }

    /// Length in bytes.
    pub const fn len(self) -> usize {
        self.end.saturating_sub(self.start)
    }

    /// Whether the span covers nothing.
    pub const fn is_empty(self) -> bool {
        self.end <= self.start
    }

    /// Whether `other` lies wholly inside this span.
    pub const fn contains(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Whether the two spans share at least one byte.
    pub const fn overlaps(self, other: Span) -> bool {
        self.start < other.end && other.start < self.end
    }
}

/// Translates byte offsets of one text into Unicode code point offsets, as output prints them.
///
/// Offsets may be asked in any order; a table of checkpoints keeps each answer below 256 steps.
pub struct CodePoints<'t> {
    text: &'t str,
    checkpoints: Vec<usize>,
    ascii: bool,
}

const STRIDE: usize = 256;

impl<'t> CodePoints<'t> {
    /// Prepares the table for `text`, in one pass.
    pub fn new(text: &'t str) -> Self {
        let ascii = text.is_ascii();
        let mut checkpoints = Vec::new();
        if !ascii {
            let mut count = 0;
            for (at, byte) in text.bytes().enumerate() {
                if at % STRIDE == 0 {
                    checkpoints.push(count);
                }
                if byte & 0xC0 != 0x80 {
                    count += 1;
                }
            }
            if text.len().is_multiple_of(STRIDE) {
                checkpoints.push(count);
            }
        }
        CodePoints { text, checkpoints, ascii }
    }

    /// Number of code points before the byte offset `at`; offsets past the end count the whole text.
    pub fn at(&self, at: usize) -> usize {
        let at = at.min(self.text.len());
        if self.ascii {
            return at;
        }
        let block = at / STRIDE;
        let tail = &self.text.as_bytes()[block * STRIDE..at];
        self.checkpoints[block] + tail.iter().filter(|byte| **byte & 0xC0 != 0x80).count()
    }

    /// A span in code points, `[start, end]`.
    pub fn span(&self, span: Span) -> [usize; 2] {
        [self.at(span.start), self.at(span.end)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_code_points_before_any_offset() {
        let text = "“é”, she said. ".repeat(100);
        let table = CodePoints::new(&text);
        for (at, _) in text.char_indices() {
            assert_eq!(table.at(at), text[..at].chars().count());
        }
        assert_eq!(table.at(text.len()), text.chars().count());
    }
}
