//! Lines that may stand in many articles of one outlet: which paragraphs come into question, and the number each goes by.
//!
//! In: the paragraphs of an article and its outlet. Out: [`Repeatable`]. Says nothing about which lines *are* repeated: that
//! only all articles together show.

use super::hash::Fixed;

/// Bytes above which a paragraph is not looked for in other articles: asks and notes of an outlet are shorter.
const LONGEST: usize = 400;

/// Times a line may stand in one article and still be a note of the outlet; labels of speakers stand more often.
const MOST_IN_ONE: usize = 2;

/// Lines above which a text is a list or a transcript, and nothing of it is looked for.
const MOST_LINES: usize = 400;

/// Bits of a number that says what it counts; the lowest is free for whoever stores it.
const KEY_BITS: u64 = 0xFFFF_FFFF_FFFE;

/// What of one article can be compared with the outlet's other articles.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Repeatable {
    /// The outlet.
    pub outlet: u64,
    /// The longest paragraph: versions of one article share it, and count as one.
    pub mark: u64,
    /// Paragraphs by number and key. The key is even, and belongs to line and outlet together.
    pub lines: Vec<(usize, u64)>,
}

impl Repeatable {
    /// Of the paragraphs of an article. A paragraph with quotation marks never comes into question, nor does the longest:
    /// so no attributed words are lost, and no article.
    pub fn of(outlet: &str, paragraphs: &[&str]) -> Repeatable {
        let longest =
            (0..paragraphs.len()).max_by_key(|&idx| (paragraphs[idx].len(), std::cmp::Reverse(idx)));
        let Some(longest) = longest else { return Repeatable::default() };
        let of = exact(outlet);
        let mut lines: Vec<(usize, u64)> = Vec::new();
        for (idx, text) in paragraphs.iter().enumerate() {
            if idx != longest && text.len() <= LONGEST {
                lines.extend(key(of, text, Marks::Refused).map(|key| (idx, key)));
            }
        }
        if lines.len() > MOST_LINES {
            lines.clear();
        }
        let mut keys: Vec<u64> = lines.iter().map(|(_, key)| *key).collect();
        keys.sort_unstable();
        let times = |key: u64| {
            keys.partition_point(|other| *other <= key) - keys.partition_point(|other| *other < key)
        };
        lines.retain(|(_, key)| times(*key) <= MOST_IN_ONE);
        let mark = key(0, paragraphs[longest], Marks::Read).unwrap_or_default();
        Repeatable { outlet: of, mark, lines }
    }
}

/// The key of a name, as it is written.
fn exact(name: &str) -> u64 {
    let mut hash = Fixed::new(1);
    hash.add(name.as_bytes());
    hash.finish() & KEY_BITS
}

/// What quotation marks do to a line.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Marks {
    /// It has no key.
    Refused,
    /// They count like letters.
    Read,
}

/// Case, white space and the digits of numbers do not count.
fn key(seed: u64, line: &str, marks: Marks) -> Option<u64> {
    let mut hash = Fixed::new(seed);
    let trimmed = line.trim_ascii();
    if is_plain(trimmed.as_bytes()) {
        hash.add_caseless(trimmed.as_bytes());
        return Some(hash.finish() & KEY_BITS);
    }
    if marks == Marks::Refused && line.contains(MARKS) {
        return None;
    }
    let mut plain = String::with_capacity(line.len());
    for word in line.split_whitespace() {
        if !plain.is_empty() {
            plain.push(' ');
        }
        let mut in_number = false;
        for c in word.chars() {
            let is_digit = c.is_ascii_digit();
            if !(is_digit && in_number) {
                plain.push(if is_digit { '0' } else { c });
            }
            in_number = is_digit;
        }
    }
    hash.add_caseless(plain.as_bytes());
    Some(hash.finish() & KEY_BITS)
}

/// Whether a line is as it is compared, but for case: no digits, no marks, no white space but single spaces.
fn is_plain(line: &[u8]) -> bool {
    let is_other = |byte: u8| {
        byte.is_ascii_digit() | (byte == b'"') | (byte < b' ') | (byte == 0xC2) | matches!(byte, 0xE1..=0xE3)
    };
    let is_gap = |byte: u8, next: u8| (byte == b' ') & (next == b' ');
    // Sixteen bytes at a time, compared all at once.
    let mut rest = line;
    while let Some((chunk, nexts)) =
        rest.first_chunk::<16>().zip(rest.get(1..).and_then(<[u8]>::first_chunk::<16>))
    {
        let bytes = chunk.iter().zip(nexts);
        if bytes.fold(false, |found, (byte, next)| found | is_other(*byte) | is_gap(*byte, *next)) {
            return false;
        }
        rest = &rest[16..];
    }
    !rest.iter().any(|byte| is_other(*byte)) && !rest.windows(2).any(|pair| is_gap(pair[0], pair[1]))
}

const MARKS: [char; 7] = ['"', '“', '”', '«', '»', '„', '‘'];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_plain_paragraphs_come_into_question() {
        let body = "The harbour board voted on Thursday to raise its fees by a tenth from the summer on.";
        let lines =
            ["Ellery Desk 12", body, "“No,” she said.", "ELLERY  desk 7", "A: yes", "A: yes", "A: yes"];
        let found = Repeatable::of("The Ellery Gazette", &lines);
        assert_eq!(found.lines.iter().map(|(idx, _)| *idx).collect::<Vec<_>>(), [0, 3]);
        assert_eq!(found.lines[0].1, found.lines[1].1);
        assert_ne!(found.lines[0].1, Repeatable::of("The Ellery Post", &lines).lines[0].1);
        assert_eq!(found.mark, Repeatable::of("The Ellery Post", &[body]).mark);
        assert!(found.lines.iter().all(|(_, key)| key % 2 == 0));
        assert_ne!(Repeatable::of("Channel 4", &[body]).outlet, Repeatable::of("Channel 5", &[body]).outlet);
        assert_eq!(Repeatable::of("", &[]), Repeatable::default());
    }

    #[test]
    fn keys_know_words_and_nothing_between_them() {
        let of = |line: &str| key(7, line, Marks::Refused);
        assert_eq!(of("Call us on 555 0199 today"), of("  CALL us\u{a0}on 1\u{2003}2  today\n"));
        for other in ["Call us on 5a5 0199 today", "Call us on 5550199 today", "Call us on 555 0199 toda", ""]
        {
            assert_ne!(of("Call us on 555 0199 today"), of(other), "{other}");
        }
        for marked in ["a “b” c", "a \"b\"", "„a", "‘a", "a»"] {
            assert_eq!(of(marked), None);
            assert!(key(7, marked, Marks::Read).is_some());
        }
        assert_eq!(of("the harbour  board of the town"), of(" The Harbour Board of the\u{85}town"));
        assert_ne!(of("the harbour board of the town"), of("the harbour boardof the town"));
        // Other characters with the same first byte.
        assert!(of("© the board’s – £5 … 山").is_some());
    }

    #[test]
    fn keys_differ() {
        let letters = |n: u32| char::from_u32(0x4E00 + n).unwrap_or('x');
        let lines: Vec<String> =
            (0..20_000).map(|n| format!("{} desk {}", "ab".repeat(n as usize % 7), letters(n))).collect();
        let mut keys: Vec<_> = lines.iter().map(|line| key(3, line, Marks::Read)).collect();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), lines.len());
    }
}
