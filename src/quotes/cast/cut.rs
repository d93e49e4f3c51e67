//! Cuts a text into words for whoever reads names.
//!
//! In: a [`Text`]. Out: [`Token`]s in order and their [`Landmarks`]. One pass over the plain words, no allocation per word. Knows
//! nothing of names.

use super::token::{Landmarks, Token, gap, pronoun_gender, shape};
use crate::lexicon::people::{ascii_key, word_key};
use crate::lexicon::words::landmark;
use crate::quotes::plain::{self, Plain, Text};

/// The words of `text`.
pub(super) fn tokens(text: &Text<'_>) -> (Vec<Token>, Landmarks) {
    let bytes = text.body.as_bytes();
    let mut tokens = Vec::with_capacity(text.plains.len());
    let mut landmarks = Landmarks::for_words(text.plains.len());
    let mut at = 0;
    let mut gap_bits = gap::LINE;
    let mut marks = 0;
    let mut next = 0;
    while at < bytes.len() {
        let plain = &text.plains[next];
        let begins = plain.start as usize == at;
        // A word and one space: by far the most frequent case.
        let (word, behind) = if begins && plain.is(plain::shape::SPACED) {
            next += 1;
            (plain_word(plain), plain.end as usize + 1)
        } else if begins || is_word_byte(bytes[at]) && !is_mark_lead(bytes, at) {
            let whole = begins && !plain.is(plain::shape::LONG) && ends_word(bytes, plain.end as usize);
            let mut word = if whole { plain_word(plain) } else { read_word(text, at) };
            let (possessive, behind) = skip_possessive(bytes, word.end);
            word.shape |= possessive;
            let behind = behind + usize::from(bytes.get(behind) == Some(&b' '));
            while (text.plains[next].start as usize) < behind {
                next += 1;
            }
            (word, behind)
        } else {
            let (bits, width) = read_gap(bytes, at, gap_bits, &mut marks);
            gap_bits |= bits;
            at += width;
            continue;
        };
        let entry = text.words.entry(word.entry);
        if word.noted || gap_bits & gap::BREAK != 0 {
            let pronoun = entry.landmarks & landmark::PRONOUN != 0
                && pronoun_gender(&text.body[at..word.end]).is_some();
            landmarks.note(tokens.len() as u32, word.shape, gap_bits, entry.landmarks, pronoun);
        }
        tokens.push(Token {
            start: at as u32,
            end: word.end as u32,
            gap: gap_bits,
            shape: word.shape | marks,
            key: word.key,
            info: entry.info,
        });
        gap_bits = 0;
        at = behind;
    }
    (tokens, landmarks)
}

/// Whether the letters and digits that end at `end` are a whole word.
fn ends_word(bytes: &[u8], end: usize) -> bool {
    match bytes.get(end) {
        Some(b'\'' | b'-') => false,
        Some(b'.') => !bytes.get(end + 1).is_some_and(u8::is_ascii_alphabetic),
        Some(0xE2) => {
            matches!(bytes.get(end + 1..end + 3), Some([0x80 | 0x81, after]) if !matches!(after, 0x98 | 0x99))
        }
        Some(byte) => *byte < 0x80,
        None => true,
    }
}

/// A word as it is read.
struct Word {
    end: usize,
    shape: u8,
    key: u64,
    /// Its place among the listed words.
    entry: u16,
    /// It has a capital or is listed as a landmark.
    noted: bool,
}

/// Shapes that plain words and tokens write with the same bits.
const SAME_SHAPES: u8 = shape::UPPER | shape::ALL_UPPER | shape::INITIAL | shape::DIGIT;
const _: () = assert!(
    SAME_SHAPES
        == plain::shape::CAPITAL
            | plain::shape::ALL_CAPITAL
            | plain::shape::ONE_CAPITAL
            | plain::shape::DIGIT
        && shape::UPPER == plain::shape::CAPITAL
        && shape::ALL_UPPER == plain::shape::ALL_CAPITAL
        && shape::INITIAL == plain::shape::ONE_CAPITAL
);

/// A word of nothing but ASCII letters and digits.
#[inline]
fn plain_word(plain: &Plain) -> Word {
    Word {
        end: plain.end as usize,
        shape: plain.shape & SAME_SHAPES,
        key: plain.key,
        entry: plain.entry,
        noted: plain.is(plain::shape::CAPITAL | plain::shape::LANDMARK),
    }
}

/// Letters, digits, and every byte of a character outside ASCII (punctuation outside ASCII is told apart by `is_mark_lead`).
fn is_word_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte >= 0x80
}

/// Whether a character outside ASCII at `at` is punctuation or space: General Punctuation, no-break space, « »;
/// what double encoding leaves inside words ("Â§") stays in them.
fn is_mark_lead(bytes: &[u8], at: usize) -> bool {
    match bytes[at] {
        0xE2 => matches!(bytes.get(at + 1), Some(0x80..=0x81)),
        0xC2 => matches!(bytes.get(at + 1), Some(0xA0 | 0xAB | 0xBB)),
        0xE3 => bytes.get(at + 1) == Some(&0x80),
        0xEF => matches!(bytes.get(at + 1), Some(0xBB | 0xBF)),
        _ => false,
    }
}

/// What stands at `at`, and its width; `marks` becomes [`shape::IN_MARKS`] behind an opening mark and 0 behind a closing one.
fn read_gap(bytes: &[u8], at: usize, so_far: u16, marks: &mut u8) -> (u16, usize) {
    let three =
        |second: u8, third: u8| bytes.get(at + 1) == Some(&second) && bytes.get(at + 2) == Some(&third);
    match bytes[at] {
        b' ' | b'\t' | b'\r' => (0, 1),
        b'\n' => {
            *marks = 0;
            (gap::LINE, 1)
        }
        b',' => (gap::COMMA, 1),
        b'.' | b'?' | b'!' => (gap::TERMINAL, 1),
        b':' => (gap::COLON, 1),
        b'(' | b'[' => (gap::OPEN, 1),
        b')' | b']' => (gap::CLOSE, 1),
        b'"' => {
            *marks ^= shape::IN_MARKS;
            (gap::MARK, 1)
        }
        b'-' if so_far == 0 && bytes.get(at + 1) != Some(&b'-') && bytes.get(at + 1) != Some(&b' ') => (0, 1),
        b'-' => (gap::DASH, 1),
        0xE2 if three(0x80, 0x9C) => {
            *marks = shape::IN_MARKS;
            (gap::MARK, 3)
        }
        0xE2 if three(0x80, 0x9D) => {
            *marks = 0;
            (gap::MARK, 3)
        }
        0xE2 if three(0x80, 0x93) || three(0x80, 0x94) => (gap::DASH, 3),
        0xE2 if three(0x80, 0xA6) => (gap::TERMINAL, 3),
        0xE2 | 0xE3 | 0xEF => (gap::OTHER, 3.min(bytes.len() - at)),
        0xC2 if bytes.get(at + 1) == Some(&0xA0) => (0, 2),
        0xC2 => (gap::OTHER, 2.min(bytes.len() - at)),
        _ => (gap::OTHER, 1),
    }
}

fn read_word(words: &Text<'_>, start: usize) -> Word {
    let text = words.body;
    let bytes = text.as_bytes();
    let mut at = start;
    let mut n_upper = 0u32;
    let mut n_lower = 0u32;
    let mut n_dots = 0u32;
    let mut ascii = true;
    let mut upper_after_hyphen = false;
    let mut hyphen_at = None;
    while at < bytes.len() {
        // The common case first: a stretch of lower-case letters.
        let mut byte = bytes[at];
        while byte.is_ascii_lowercase() {
            n_lower += 1;
            at += 1;
            byte = bytes.get(at).copied().unwrap_or(b' ');
        }
        if byte.is_ascii_alphanumeric() {
            n_upper += u32::from(byte.is_ascii_uppercase());
        } else if byte >= 0x80 {
            if is_mark_lead(bytes, at) {
                if !is_apostrophe(bytes, at) || !joins_letters(bytes, at + 3) || is_possessive(bytes, at) {
                    break;
                }
                at += 3;
                ascii = false;
                continue;
            }
            ascii = false;
            let c = text[at..].chars().next().unwrap_or(' ');
            n_upper += u32::from(c.is_uppercase());
            n_lower += u32::from(!c.is_uppercase());
            at += c.len_utf8();
            continue;
        } else if byte == b'\'' {
            if !joins_letters(bytes, at + 1) || is_possessive(bytes, at) {
                break;
            }
        } else if byte == b'.' {
            // "U.S.", "J.K." go on; a full stop after a longer word does not.
            let letters = n_upper + n_lower - n_dots;
            let next_is_letter = bytes.get(at + 1).is_some_and(u8::is_ascii_alphabetic);
            if !(next_is_letter && letters == 1 && n_upper >= n_lower) {
                break;
            }
            n_dots += 1;
        } else if byte == b'-' {
            let Some(next) = bytes.get(at + 1).filter(|next| next.is_ascii_alphanumeric() || **next >= 0xC3)
            else {
                break;
            };
            if ends_prefix(&bytes[start..at], *next) {
                break;
            }
            upper_after_hyphen |= next.is_ascii_uppercase();
            hyphen_at = Some(at);
        } else {
            break;
        }
        at += 1;
    }
    let word = &text[start..at];
    let first = word.chars().next().unwrap_or(' ');
    let mut bits = 0;
    if first.is_uppercase() || (upper_after_hyphen && hyphen_at.is_some_and(|hyphen| hyphen - start <= 3)) {
        bits |= shape::UPPER;
    }
    if n_upper >= 2 && n_lower == 0 {
        bits |= shape::ALL_UPPER;
    }
    if n_upper >= 1 && n_lower == 0 && (n_upper == 1 || n_dots > 0) {
        bits |= shape::INITIAL;
    }
    if first.is_ascii_digit() {
        bits |= shape::DIGIT;
    }
    if let Some(hyphen) = hyphen_at
        && !upper_after_hyphen
        && is_adjective_ending(&text[hyphen + 1..at])
    {
        bits |= shape::ADJECTIVE;
    }
    let key = if ascii { ascii_key(bytes, start, at) } else { word_key(word) };
    Word { end: at, shape: bits, key, entry: words.words.find(key), noted: true }
}

fn is_apostrophe(bytes: &[u8], at: usize) -> bool {
    bytes[at..].starts_with(&[0xE2, 0x80, 0x99]) || bytes[at..].starts_with(&[0xE2, 0x80, 0x98])
}

fn joins_letters(bytes: &[u8], next: usize) -> bool {
    bytes.get(next).is_some_and(|byte| byte.is_ascii_alphabetic() || (*byte >= 0xC3 && *byte != 0xE2))
}

/// Whether an apostrophe at `at` begins a final 's.
fn is_possessive(bytes: &[u8], at: usize) -> bool {
    let s = at + if bytes[at] == b'\'' { 1 } else { 3 };
    matches!(bytes.get(s), Some(b's' | b'S'))
        && !bytes
            .get(s + 1)
            .is_some_and(|byte| byte.is_ascii_alphanumeric() || (*byte >= 0xC3 && *byte != 0xE2))
}

/// [`shape::POSSESSIVE`] when 's or the lone apostrophe of a plural possessive stands behind the word that ends at `end`, else 0;
/// and where reading goes on.
#[inline]
fn skip_possessive(bytes: &[u8], end: usize) -> (u8, usize) {
    let width = match bytes.get(end) {
        Some(b'\'') => 1,
        Some(0xE2) if is_apostrophe(bytes, end) => 3,
        _ => return (0, end),
    };
    let after = end + width;
    if is_possessive(bytes, end) {
        return (shape::POSSESSIVE, after + 1);
    }
    if bytes[end - 1].eq_ignore_ascii_case(&b's') && bytes.get(after) == Some(&b' ') {
        return (shape::POSSESSIVE, after);
    }
    (0, end)
}

/// Whether a hyphen ends the word: "then-Gov.", "R-Utah", "D-Mass." are two words each.
fn ends_prefix(prefix: &[u8], next: u8) -> bool {
    if !next.is_ascii_uppercase() {
        return false;
    }
    matches!(prefix, b"then" | b"ex" | b"now" | b"former" | b"R" | b"D" | b"I" | b"Then" | b"Ex" | b"Former")
}

fn is_adjective_ending(ending: &str) -> bool {
    const ENDINGS: [&str; 24] = [
        "style",
        "era",
        "like",
        "friendly",
        "born",
        "wing",
        "elect",
        "level",
        "time",
        "free",
        "only",
        "to",
        "in",
        "old",
        "area",
        "wide",
        "run",
        "held",
        "led",
        "made",
        "leaning",
        "bashing",
        "hating",
        "affiliated",
    ];
    ENDINGS.contains(&ending) || (ending.len() > 4 && (ending.ends_with("ed") || ending.ends_with("ing")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::Lexicon;

    fn read(text: &str) -> Vec<Token> {
        tokens(&Text::of(text, Lexicon::embedded().words())).0
    }

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let found: Vec<&str> = read(text).iter().map(|token| token.span().of(text)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn cuts_words() {
        check(
            "Mr. O’Brien’s then-Gov. Al-Haddad (R-Utah)",
            &["Mr", "O’Brien", "then", "Gov", "Al-Haddad", "R", "Utah"],
        );
        check("the U.S. and J.R. Oda's Trades' fee", &["the", "U.S", "and", "J.R", "Oda", "Trades", "fee"]);
        check("“Étienne” – naïve…ok", &["Étienne", "naïve", "ok"]);
        check("", &[]);
    }

    #[test]
    fn notes_shape_and_gap() {
        let text = "MAYOR al-Assad’s aide: “No,” Ki-moon-led";
        let tokens = read(text);
        assert!(tokens[0].is(shape::ALL_UPPER) && tokens[0].after(gap::LINE));
        assert!(tokens[1].is(shape::UPPER) && tokens[1].is(shape::POSSESSIVE));
        assert!(tokens[3].is(shape::IN_MARKS) && tokens[3].after(gap::COLON));
        assert!(!tokens[4].is(shape::IN_MARKS));
    }

    #[test]
    fn any_bytes_return() {
        for text in ["’’’'s", "\u{a0}\u{a0}é’", "-", "'", "a'", "Â", "“", "«»", "İ-X.", "’s"]
        {
            read(text);
        }
    }
}
