//! The line model of a scraped page: text cut into lines, hard-wrapped paragraphs made whole, and what each line looks like.
//!
//! In: the text of a page. Out: [`Line`]s in order. Judges nothing; only white space and invisible characters change.

use std::cell::OnceCell;

use crate::lexicon::Lexicon;
use crate::lexicon::folded::key;
use crate::lexicon::furniture::{Hit, WordList};
use crate::text::bytes::{CHUNK, chunk_at, first_unfit};

/// How a line ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineEnd {
    /// Full stop, question or exclamation mark, within closing marks or not.
    Sentence,
    /// Colon, comma, semicolon, dash: something follows.
    Open,
    /// Anything else.
    Bare,
}

/// One line of a page.
#[derive(Clone, Debug)]
pub struct Line<'r> {
    /// Its text, with single spaces.
    pub text: String,
    /// Its folded form, see [`key`].
    pub key: String,
    /// Number of words.
    pub n_words: usize,
    /// How it ends.
    pub end: LineEnd,
    /// Every letter is a capital (and there are some).
    pub is_caps: bool,
    /// A blank line stands before it.
    pub after_blank: bool,
    /// What the furniture rules say.
    pub hit: Option<Hit<'r>>,
    /// Whether it holds attributed words between marks; see `furniture::has_attributed_quote`, which asks but once.
    pub(super) is_quote: OnceCell<bool>,
}

/// Words from which an unfinished line is read as a paragraph: headlines and captions end before.
const LONG_LINE: usize = 28;

/// Words from which a finished line is read as a paragraph.
const SHORT_PARAGRAPH: usize = 6;

/// Bytes above which a line is running text and no rule is asked: no known ask is longer.
const RULE_LIMIT: usize = 800;

impl Line<'_> {
    /// Whether it reads like a paragraph of running text.
    pub fn is_paragraph(&self) -> bool {
        (self.end == LineEnd::Sentence && self.n_words >= SHORT_PARAGRAPH) || self.n_words >= LONG_LINE
    }

    /// Share of the longer words that begin with a capital: near 1 for "Council Votes Down Budget".
    pub fn title_share(&self) -> f32 {
        let (mut n_long, mut n_upper) = (0_u16, 0_u16);
        for word in self.text.split(' ') {
            let word = word.trim_start_matches(|c: char| !c.is_alphanumeric());
            if word.chars().count() >= 4 {
                n_long += 1;
                n_upper += u16::from(word.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit()));
            }
        }
        if n_long == 0 { 0.0 } else { f32::from(n_upper) / f32::from(n_long) }
    }

    /// Words that sentences hold and titles leave out.
    pub fn n_sentence_words(&self, lexicon: &Lexicon) -> usize {
        words_of(&self.key).filter(|word| lexicon.furniture.has_word(WordList::Sentence, word)).count()
    }
}

/// The words of a folded line.
pub fn words_of(key: &str) -> impl Iterator<Item = &str> {
    key.split(|c: char| !c.is_alphanumeric() && c != '\'')
        .map(|word| word.trim_matches('\''))
        .filter(|word| !word.is_empty())
}

/// The lines of a page, hard-wrapped ones joined, blank ones left out.
pub fn read<'r>(text: &str, lexicon: &'r Lexicon) -> Vec<Line<'r>> {
    joined(text).into_iter().map(|(text, after_blank)| line(text, after_blank, lexicon)).collect()
}

/// One line and what it looks like.
pub fn line(text: String, after_blank: bool, lexicon: &Lexicon) -> Line<'_> {
    let mut folded = String::with_capacity(text.len());
    let hit = if text.len() <= RULE_LIMIT {
        key(&text, &mut folded);
        lexicon.furniture.hit(&folded)
    } else {
        None
    };
    let n_words = count_words(&text);
    let has_lower = text.chars().any(char::is_lowercase);
    let n_upper = if has_lower { 0 } else { text.chars().filter(|c| c.is_uppercase()).count() };
    let (end, is_caps) = (end_of(&text), n_upper >= 3);
    Line { end, is_caps, n_words, key: folded, hit, after_blank, text, is_quote: OnceCell::new() }
}

/// Whether a mark that parts a title from a name (" | ", " - ", " – ", " :: ") may stand in `text`. May say yes in vain.
pub fn may_hold_parting_mark(text: &str) -> bool {
    text.as_bytes()
        .windows(2)
        .any(|pair| pair[0] == b' ' && matches!(pair[1], b'|' | b'-' | b':' | 0xC2 | 0xE2))
}

/// Words between white space; marks alone do not count.
pub fn count_words(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut n_words = usize::from(starts_word(bytes, 0));
    let mut at = 1;
    // Nearly every word begins with a letter: these are counted many at a time.
    while let Some((before, chunk)) = chunk_at(bytes, at) {
        let (mut n_plain, mut n_marked) = (0_u8, 0_u8);
        for (before, byte) in before.iter().zip(chunk) {
            let begins = (*before <= b' ') & (*byte > b' ');
            n_plain += u8::from(begins & is_word_byte(*byte));
            n_marked += u8::from(begins & !is_word_byte(*byte));
        }
        n_words += usize::from(n_plain);
        if n_marked > 0 {
            let is_marked = |at: &usize| bytes[at - 1] <= b' ' && !is_word_byte(bytes[*at]);
            n_words += (at..at + CHUNK).filter(|at| is_marked(at) && starts_word(bytes, *at)).count();
        }
        at += CHUNK;
    }
    n_words + (at..bytes.len()).filter(|&at| bytes[at - 1] <= b' ' && starts_word(bytes, at)).count()
}

/// Whether a letter or digit stands between `at` and the next white space.
fn starts_word(bytes: &[u8], at: usize) -> bool {
    let rest = bytes.get(at..).unwrap_or_default();
    rest.iter().take_while(|byte| **byte > b' ').any(|byte| is_word_byte(*byte))
}

/// ASCII letters and digits, and letters beyond ASCII but for the block of dashes and curly marks that starts with E2.
fn is_word_byte(byte: u8) -> bool {
    ((byte | 0x20).wrapping_sub(b'a') < 26)
        | (byte.wrapping_sub(b'0') < 10)
        | ((byte >= 0xC3) & (byte != 0xE2))
}

fn end_of(text: &str) -> LineEnd {
    let text = text.trim_end_matches(['"', '”', '’', '\'', '»', ')', ']', '*', '_', ' ']);
    match text.chars().next_back() {
        Some('.' | '!' | '?' | '…' | '。') => LineEnd::Sentence,
        Some(':' | ',' | ';' | '-' | '–' | '—') => LineEnd::Open,
        _ => LineEnd::Bare,
    }
}

/// Lines with single spaces, and whether a blank line stands before each; hard-wrapped ones joined.
pub fn joined(text: &str) -> Vec<(String, bool)> {
    let mut lines: Vec<(String, bool)> = Vec::new();
    let mut is_after_blank = false;
    let mut push = |clean: String| {
        let is_blank = clean.is_empty();
        if !is_blank {
            lines.push((clean, is_after_blank));
        }
        is_after_blank = is_blank;
    };
    for line in text.split('\n') {
        let line = line.strip_suffix('\r').unwrap_or(line).trim_matches(' ');
        if is_single_spaced(line.as_bytes()) {
            push(line.to_owned());
            continue;
        }
        // Other line ends are rare, and slow to look for.
        line.split(['\r', '\u{2028}', '\u{2029}', '\u{b}', '\u{c}'])
            .for_each(|line| push(single_spaced(line)));
    }
    match wrap_width(&lines) {
        Some(width) => unwrap(lines, width),
        None => lines,
    }
}

/// `raw` trimmed, each run of white space as one space, invisible characters left out.
pub fn single_spaced(raw: &str) -> String {
    let raw = raw.trim();
    if is_single_spaced(raw.as_bytes()) {
        return raw.to_owned();
    }
    let mut clean = String::with_capacity(raw.len());
    for word in raw.split(char::is_whitespace) {
        if word.is_empty() {
            continue;
        }
        if !clean.is_empty() {
            clean.push(' ');
        }
        if word.is_ascii() {
            clean.push_str(word);
        } else {
            clean.extend(word.chars().filter(|c| !is_invisible(*c)));
        }
    }
    // A word of nothing but invisible characters leaves a space behind.
    clean.truncate(clean.trim_end().len());
    clean
}

/// Whether nothing needs to change, told from the bytes: no white space but single spaces, nothing invisible. May say no in vain.
fn is_single_spaced(bytes: &[u8]) -> bool {
    // First bytes of characters that may be white space or invisible; those of curly marks and dashes begin with E2 too.
    let is_plain = |before: u8, byte: u8| {
        (byte >= b' ')
            & ((byte != b' ') | (before != b' '))
            & (byte != 0xC2)
            & (byte != 0xE1)
            & (byte != 0xE2)
            & (byte != 0xE3)
            & (byte != 0xEF)
    };
    if bytes.first().is_some_and(|first| !is_plain(0, *first) && !is_mark(bytes)) {
        return false;
    }
    let mut at = 0;
    loop {
        at += first_unfit(&bytes[at..], is_plain);
        if at >= bytes.len() {
            return true;
        }
        if !is_mark(&bytes[at..]) {
            return false;
        }
    }
}

/// Whether a character of three bytes that starts with E2 stands here and is neither white space nor invisible.
fn is_mark(bytes: &[u8]) -> bool {
    match bytes {
        [0xE2, 0x80, third, ..] => (0x90..0xA8).contains(third) || *third >= 0xB0,
        [0xE2, second, _, ..] => *second != 0x81,
        _ => false,
    }
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2060}' | '\u{feff}')
}

/// Widths at which text is wrapped by hand or by mail programs.
const WRAP_WIDTHS: std::ops::RangeInclusive<usize> = 35..=110;

/// Lines that must go on in small letters on the next before a text is taken for hard-wrapped.
const BROKEN_LINES: usize = 3;

/// The width the text was wrapped at, where it was: no line is longer, and sentences go on from line to line.
fn wrap_width(lines: &[(String, bool)]) -> Option<usize> {
    // Paragraphs on one line each are told without counting: no character has more than four bytes.
    let n_long = lines.iter().filter(|(text, _)| text.len() > *WRAP_WIDTHS.end() * 4).count();
    if n_long * 40 > lines.len() {
        return None;
    }
    let widths: Vec<usize> = lines.iter().map(|(text, _)| text.chars().count()).collect();
    let n_longer = widths.iter().filter(|width| *width > WRAP_WIDTHS.end()).count();
    // An address or a table row may be longer, a paragraph may not.
    if n_longer * 40 > lines.len() {
        return None;
    }
    let width = widths.iter().copied().filter(|width| *width <= *WRAP_WIDTHS.end()).max()?;
    let is_broken = |idx: &usize| {
        let (next, after_blank) = &lines[idx + 1];
        widths[*idx] * 5 > width * 3
            && !after_blank
            && end_of(&lines[*idx].0) != LineEnd::Sentence
            && next.starts_with(char::is_lowercase)
    };
    let n_broken = (0..lines.len().saturating_sub(1)).filter(is_broken).count();
    (WRAP_WIDTHS.contains(&width) && n_broken >= BROKEN_LINES && n_broken * 20 > lines.len()).then_some(width)
}

/// How a line opens that never continues the one before it.
fn opens_line(text: &str) -> bool {
    const OPENINGS: &[&str] = &[
        "By ",
        "BY ",
        "By: ",
        "BY: ",
        "Published",
        "PUBLISHED",
        "Updated",
        "UPDATED",
        "Posted",
        "POSTED",
        "©",
        "Copyright",
    ];
    text.starts_with(['•', '*', '>', '#', '©', '▪'])
        || OPENINGS.iter().any(|opening| text.starts_with(opening))
}

/// Joins a line with the next where the next one's first word would not have fitted, or where the sentence plainly goes on.
fn unwrap(lines: Vec<(String, bool)>, width: usize) -> Vec<(String, bool)> {
    let mut paragraphs: Vec<(String, bool)> = Vec::with_capacity(lines.len());
    let mut last_width = 0;
    for (text, after_blank) in lines {
        let this_width = text.chars().count();
        let first_word = text.split(' ').next().map_or(0, |word| word.chars().count());
        let goes_on = match paragraphs.last() {
            Some((before, _)) if !after_blank && !opens_line(&text) => {
                let is_full = last_width + 1 + first_word > width;
                let is_open = last_width * 2 > width
                    && end_of(before) != LineEnd::Sentence
                    && text.starts_with(char::is_lowercase);
                is_full || is_open
            }
            _ => false,
        };
        match paragraphs.last_mut() {
            Some((before, _)) if goes_on => {
                // A hyphen at the end of a line is kept: it may belong to the word ("three-year").
                if !before.ends_with('-') || before.ends_with(" -") {
                    before.push(' ');
                }
                before.push_str(&text);
            }
            _ => paragraphs.push((text, after_blank)),
        }
        last_width = this_width;
    }
    paragraphs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let found: Vec<String> = joined(text).into_iter().map(|(text, _)| text).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn cleans_white_space() {
        check("\u{feff}A\u{a0} b\tc \r\n\r\n co\u{ad}op \u{200b} \n", &["A b c", "coop"]);
        check("", &[]);
    }

    #[test]
    fn joins_hard_wrapped_paragraphs() {
        let wrapped = "Harbour fees rise again\n\nThe port of Ellery will charge more for every ship that\n\
            calls there from July, the board decided on Monday after\na long debate about the cost of dredging.\n\n\
            The fee was last raised nine years ago, when the quay was\nrebuilt and two cranes were bought from a yard in the\n\
            north of the country.\n";
        check(
            wrapped,
            &[
                "Harbour fees rise again",
                "The port of Ellery will charge more for every ship that calls there from July, the board decided on Monday \
                 after a long debate about the cost of dredging.",
                "The fee was last raised nine years ago, when the quay was rebuilt and two cranes were bought from a yard in \
                 the north of the country.",
            ],
        );
    }

    #[test]
    fn leaves_unwrapped_text_alone() {
        let text = "One.\nTwo short lines\nThree short lines\nFour\nFive\nSix\nSeven";
        assert_eq!(joined(text).len(), 7);
    }

    #[test]
    fn sees_what_a_line_looks_like() {
        let lexicon = Lexicon::embedded();
        let paragraph = line("The fee was last raised “nine years ago.”".to_owned(), false, lexicon);
        assert!(paragraph.is_paragraph() && paragraph.title_share() < 0.5 && !paragraph.is_caps);
        let title = line("Council Votes Down Harbour Budget".to_owned(), false, lexicon);
        assert!(!title.is_paragraph() && title.title_share() > 0.9);
        assert!(line("U.S. WARNS PORTS".to_owned(), false, lexicon).is_caps);
    }
}
