//! Lines that may stand in many articles of one outlet: which paragraphs come into question, and the number each goes by.
//!
//! In: the paragraphs of an article and its outlet. Out: [`Repeatable`]. Says nothing about which lines *are* repeated: that
//! only all articles together show.

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
        let mut lines: Vec<(usize, u64)> = Vec::new();
        for (idx, text) in paragraphs.iter().enumerate() {
            if idx != longest && text.len() <= LONGEST && !text.contains(['"', '“', '”', '«', '»', '„', '‘'])
            {
                lines.push((idx, key(outlet, text)));
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
        Repeatable { outlet: key(outlet, ""), mark: key("", paragraphs[longest]), lines }
    }
}

/// Case, white space and the digits of numbers do not count. The same on every machine.
fn key(outlet: &str, line: &str) -> u64 {
    let mut hasher = blake3::Hasher::new();
    hasher.update(outlet.as_bytes());
    let mut plain = String::with_capacity(line.len() + 1);
    plain.push('\n');
    for word in line.split_whitespace() {
        let mut last = ' ';
        for c in word.chars() {
            let c = if c.is_ascii_digit() { '#' } else { c.to_ascii_lowercase() };
            if !(c == '#' && last == '#') {
                plain.push(c);
            }
            last = c;
        }
        plain.push(' ');
    }
    hasher.update(plain.as_bytes());
    let mut first = [0; 8];
    first.copy_from_slice(&hasher.finalize().as_bytes()[..8]);
    u64::from_le_bytes(first) & KEY_BITS
}

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
        assert_eq!(Repeatable::of("", &[]), Repeatable::default());
    }
}
