//! Cuts a body into the words and punctuation outside its quotation marks.
//!
//! In: a [`Text`], its paragraphs, its quotation runs. Out: [`Token`]s in order; a run is one token, so that grammar is read around
//! quotes and never inside them. One pass over the plain words, no allocation per word.

use super::marks::Run;
use super::plain::{self, Plain, Text};
use super::token::{Kind, Listed, Token, Tokens, shape};
use crate::lexicon::cues::{LONGEST, WordClass, low_key, part};
use crate::lexicon::people::long_key;
use crate::model::Span;
use crate::text::sentence::is_break;

/// Shapes that plain words and tokens write with the same bits.
const SAME_SHAPES: u8 = shape::CAPITAL | shape::ALL_CAPITAL | shape::DIGIT;
const _: () = assert!(
    shape::CAPITAL == plain::shape::CAPITAL
        && shape::ALL_CAPITAL == plain::shape::ALL_CAPITAL
        && shape::DIGIT == plain::shape::DIGIT
);

/// The tokens of `text`.
pub(super) fn tokens(text: &Text<'_>, paragraphs: &[Span], runs: &[Run]) -> Tokens {
    let body = text.body;
    let mut reader = Reader {
        body,
        bytes: body.as_bytes(),
        text,
        plains: &text.plains,
        next: 0,
        tokens: Tokens {
            all: Vec::with_capacity(text.plains.len() * 5 / 4),
            ends: Vec::with_capacity(text.plains.len() / 8 + 8),
            speech: Vec::with_capacity(text.plains.len() / 16 + 8),
        },
        initial: true,
        judged: (usize::MAX, false),
    };
    let mut segments = runs
        .iter()
        .enumerate()
        .flat_map(|(idx, run)| run.segments.iter().map(move |s| (idx, s.outer)))
        .peekable();
    for paragraph in paragraphs {
        let mut at = paragraph.start;
        while at < paragraph.end {
            let stop =
                segments.peek().map_or(paragraph.end, |(_, outer)| outer.start.min(paragraph.end)).max(at);
            at = reader.read(at, stop);
            if let Some((idx, outer)) =
                segments.next_if(|(_, outer)| outer.start <= at && outer.start < paragraph.end)
            {
                reader.push(outer.start, outer.end, Kind::Run(idx as u32));
                let last =
                    body[..outer.end].trim_end_matches(['"', '\'', '”', '’', '»', '“']).bytes().next_back();
                reader.initial = matches!(last, Some(b'.' | b'?' | b'!'));
                at = at.max(outer.end);
            }
        }
        reader.push(paragraph.end, paragraph.end, Kind::Break);
        reader.initial = true;
    }
    reader.tokens
}

struct Reader<'a> {
    body: &'a str,
    bytes: &'a [u8],
    text: &'a Text<'a>,
    plains: &'a [Plain],
    /// The first plain word that does not begin before what is read.
    next: usize,
    tokens: Tokens,
    /// The next word begins a sentence.
    initial: bool,
    /// The full stop judged last, and whether a sentence ends there: a word asks first, then the stop itself.
    judged: (usize, bool),
}

impl Reader<'_> {
    fn push(&mut self, start: usize, end: usize, kind: Kind) {
        let (start, end) = (start as u32, end as u32);
        if matches!(kind, Kind::Stop | Kind::Close | Kind::Run(_) | Kind::Break) {
            self.tokens.ends.push(self.tokens.all.len() as u32);
        }
        self.tokens.all.push(Token { start, end, parts: 0, low: 0, verb: None, kind, shape: 0 });
    }

    #[inline]
    fn push_word(&mut self, start: usize, end: usize, low: u64, class: WordClass, shape: u8) {
        let according = low == Listed::new("according").low;
        if class.verb.is_some() || class.parts & part::SPEECH_NOUN != 0 || according {
            self.tokens.speech.push(self.tokens.all.len() as u32);
        }
        self.tokens.all.push(Token {
            start: start as u32,
            end: end as u32,
            parts: class.parts,
            low,
            verb: class.verb,
            kind: Kind::Word,
            shape,
        });
    }

    /// Reads from `at` up to `stop` (a char boundary), returns where it stopped.
    fn read(&mut self, mut at: usize, stop: usize) -> usize {
        self.skip_plains(at);
        while at < stop {
            let plain = self.plains[self.next];
            let end = plain.end as usize;
            let begins = plain.start as usize == at && end <= stop;
            // A word and one space: by far the most frequent case.
            if begins && plain.is(plain::shape::SPACED) && end < stop {
                self.next += 1;
                self.plain_word(&plain, 0);
                at = end + 1;
                continue;
            }
            let byte = self.bytes[at];
            if byte == b' ' {
                at += 1;
                continue;
            }
            if byte.is_ascii_alphanumeric() || (byte >= 0x80 && !is_sign(byte)) {
                if begins && !plain.is(plain::shape::LONG) && self.ends_word(end, stop) {
                    let dotted = end < stop && self.bytes[end] == b'.' && !self.is_break(end);
                    self.plain_word(&plain, if dotted { shape::DOTTED } else { 0 });
                    at = end;
                } else {
                    at = self.word(at, stop);
                }
                self.skip_plains(at);
                continue;
            }
            let (kind, len) = match byte {
                b',' => (Some(Kind::Comma), 1),
                b':' => (Some(Kind::Colon), 1),
                b';' => (Some(Kind::Semicolon), 1),
                b'(' | b'[' => (Some(Kind::Open), 1),
                b')' | b']' => (Some(Kind::Close), 1),
                b'.' | b'?' | b'!' => self.terminator(at),
                b'-' if self.bytes.get(at + 1) == Some(&b'-') => (Some(Kind::Dash), 2),
                b'-' if self.spaced(at, 1) => (Some(Kind::Dash), 1),
                0xE2 if matches!(self.bytes.get(at + 1..at + 3), Some([0x80, 0x94 | 0x95])) => {
                    (Some(Kind::Dash), 3)
                }
                0xE2 if self.bytes[at..].starts_with("––".as_bytes()) => (Some(Kind::Dash), 6),
                0xE2 if self.bytes[at..].starts_with("–".as_bytes()) && self.spaced(at, 3) => {
                    (Some(Kind::Dash), 3)
                }
                0xE2 if self.bytes[at..].starts_with("…".as_bytes()) => self.terminator(at),
                0xC2 => (None, 2),
                0xE2 | 0xE3 | 0xEF => (None, 3),
                0xF0 => (None, 4),
                _ => (None, 1),
            };
            if let Some(kind) = kind {
                self.push(at, (at + len).min(self.bytes.len()), kind);
                self.initial |= matches!(kind, Kind::Stop);
            }
            at += len;
        }
        at
    }

    fn spaced(&self, at: usize, len: usize) -> bool {
        let begins = at == 0 || self.bytes[at - 1] == b'\n';
        begins || (self.bytes[at - 1] == b' ' && self.bytes.get(at + len) == Some(&b' '))
    }

    /// A row of full stops, question and exclamation marks: a sentence end or nothing.
    fn terminator(&mut self, at: usize) -> (Option<Kind>, usize) {
        let mut end = at;
        while end < self.bytes.len() {
            match self.bytes[end] {
                b'.' | b'?' | b'!' => end += 1,
                0xE2 if self.bytes[end..].starts_with("…".as_bytes()) => end += 3,
                _ => break,
            }
        }
        (self.is_break(at).then_some(Kind::Stop), end - at)
    }

    fn is_break(&mut self, at: usize) -> bool {
        if self.judged.0 != at {
            self.judged = (at, is_break(self.body, at));
        }
        self.judged.1
    }

    /// Whether letters and digits that end at `end` are a whole word, with nothing behind that could belong to it.
    fn ends_word(&self, end: usize, stop: usize) -> bool {
        if end >= stop {
            return true;
        }
        match self.bytes[end] {
            b'-' | b'\'' => false,
            b'.' => !self.bytes.get(end + 1).is_some_and(u8::is_ascii_alphanumeric),
            0xE2 => {
                matches!(self.bytes.get(end + 1..end + 3), Some([0x80, after]) if !matches!(after, 0x98 | 0x99))
            }
            byte => byte < 0x80,
        }
    }

    /// Skips the plain words that begin before `at`.
    #[inline]
    fn skip_plains(&mut self, at: usize) {
        while (self.plains[self.next].start as usize) < at {
            self.next += 1;
        }
    }

    /// Adds a word of nothing but ASCII letters and digits.
    #[inline]
    fn plain_word(&mut self, plain: &Plain, dotted: u8) {
        let initial = if self.initial { shape::INITIAL } else { 0 };
        self.initial = false;
        let bits = plain.shape & SAME_SHAPES | initial;
        let listed = self.text.words.entry(plain.entry).class;
        let class = class(listed, plain.low, plain.len(), plain.is(plain::shape::LY), bits);
        self.push_word(plain.start as usize, plain.end as usize, plain.low, class, bits | dotted);
    }

    /// Adds a word that holds more than ASCII letters and digits, or may; returns where reading goes on.
    fn word(&mut self, start: usize, stop: usize) -> usize {
        let bytes = self.bytes;
        let mut key = [0u8; LONGEST];
        let mut n = 0;
        let mut at = start;
        let (mut n_upper, mut n_lower) = (0usize, 0usize);
        let mut bits = 0;
        let put = |key: &mut [u8; LONGEST], n: usize, byte: u8| {
            if let Some(place) = key.get_mut(n) {
                *place = byte;
            }
        };
        loop {
            let end = self.text.scan.stretch_end(at).min(stop);
            for byte in &bytes[at..end.max(at)] {
                n_upper += usize::from(byte.is_ascii_uppercase());
                n_lower += usize::from(byte.is_ascii_lowercase());
                put(&mut key, n, byte.to_ascii_lowercase());
                n += 1;
            }
            at = end.max(at);
            if at >= stop || matches!(bytes[at], b' ' | b',' | b'\n') {
                break;
            }
            let byte = bytes[at];
            let next = bytes.get(at + 1).copied().unwrap_or(b' ');
            let joiner = match byte {
                b'-' if next.is_ascii_alphanumeric() || (next >= 0x80 && !is_sign(next)) => Some((b'-', 1)),
                // "U.S.", "3.5", "a.m." go on; a full stop without a space after a whole word does not.
                b'.' if next.is_ascii_alphanumeric()
                    && (at - start <= 2
                        || next.is_ascii_digit()
                        || n_upper + n_lower == 0
                        || bytes[at - 2] == b'.') =>
                {
                    Some((b'.', 1))
                }
                b'\'' | 0xE2 => match self.apostrophe_in_word(start, at, stop) {
                    Ok(len) => Some((b'\'', len)),
                    Err(suffix) => {
                        bits |= suffix;
                        None
                    }
                },
                _ if byte >= 0x80 && !is_sign(byte) => {
                    let c = self.body[at..].chars().next().unwrap_or(' ');
                    n_upper += usize::from(c.is_uppercase());
                    n_lower += usize::from(!c.is_uppercase());
                    // Foreign letters are in no list of English words.
                    n += LONGEST + 1;
                    at += c.len_utf8();
                    continue;
                }
                _ => None,
            };
            let Some((byte, len)) = joiner else { break };
            put(&mut key, n, byte);
            n += 1;
            at += len;
        }
        let end = at;
        let first = bytes[start];
        let capital = match first {
            _ if first < 0x80 => first.is_ascii_uppercase(),
            _ => self.body[start..].chars().next().is_some_and(char::is_uppercase),
        };
        if capital {
            bits |= shape::CAPITAL;
        }
        if n_lower == 0 && n_upper >= 2 {
            bits |= shape::ALL_CAPITAL;
        }
        if first.is_ascii_digit() {
            bits |= shape::DIGIT;
        }
        if self.initial {
            bits |= shape::INITIAL;
        }
        self.initial = false;
        let (mut low, mut listed) = (0, WordClass::default());
        if n <= LONGEST {
            low = first_eight(&key);
            listed = self.text.words.entry(self.text.words.find(long_key(&key[..n]))).class;
        }
        let class = class(listed, low, n, (5..=LONGEST).contains(&n) && key[..n].ends_with(b"ly"), bits);
        let mut after = end;
        if bits & (shape::POSSESSIVE | shape::CONTRACTED) != 0 {
            // The 's or 'd belongs to this word: skip it.
            let len = apostrophe(bytes, end).unwrap_or(0);
            after = end + len + letters(bytes, end + len, stop).len();
        }
        if after < stop && bytes[after] == b'.' && !self.is_break(after) {
            bits |= shape::DOTTED;
        }
        self.push_word(start, end, low, class, bits);
        after
    }

    /// Whether the apostrophe at `at` stays inside the word: its length, or the shape that its suffix gives the word.
    fn apostrophe_in_word(&self, start: usize, at: usize, stop: usize) -> Result<usize, u8> {
        let bytes = self.bytes;
        let Some(len) = apostrophe(bytes, at) else { return Err(0) };
        let tail = letters(bytes, at + len, stop);
        if tail.is_empty() {
            let plural =
                at > start && bytes[at - 1].eq_ignore_ascii_case(&b's') && bytes.get(at + len) == Some(&b' ');
            return Err(if plural { shape::POSSESSIVE } else { 0 });
        }
        let negation = tail == b"t" && at > start && bytes[at - 1].eq_ignore_ascii_case(&b'n');
        if negation {
            return Ok(len);
        }
        if tail.eq_ignore_ascii_case(b"s") {
            return Err(shape::POSSESSIVE);
        }
        match tail.to_ascii_lowercase().as_slice() {
            b"d" | b"ll" | b"ve" | b"re" | b"m" => Err(shape::CONTRACTED),
            _ => Ok(len),
        }
    }
}

/// What a word of `n` bytes, `listed` as this, with these shapes can be; `low` is [`Token::low`].
#[inline]
fn class(listed: WordClass, low: u64, n: usize, ly: bool, bits: u8) -> WordClass {
    let mut class = listed;
    if bits & shape::CAPITAL == 0 {
        if ly && class.parts == 0 && class.verb.is_none() {
            class.parts = part::ADVERB;
        }
        return class;
    }
    const PLAIN_IN_CAPITALS: [u64; 3] = [low_key("us"), low_key("it"), low_key("am")];
    if bits & shape::ALL_CAPITAL != 0 && PLAIN_IN_CAPITALS.contains(&low) {
        return WordClass::default();
    }
    if bits & shape::INITIAL == 0 {
        // "Will", "Mark", "Field": inside a sentence a capital means a name; days and months stay what they are.
        class.parts &= part::TIME | if n == 1 { part::PRONOUN } else { 0 };
        if bits & shape::ALL_CAPITAL == 0 {
            class.verb = None;
        }
    }
    class
}

/// The first eight bytes as a number, the first lowest.
fn first_eight(bytes: &[u8; LONGEST]) -> u64 {
    bytes.first_chunk().map_or(0, |first| u64::from_le_bytes(*first))
}

/// Lead bytes of characters that are punctuation or signs, none of them letters of a European name.
fn is_sign(lead: u8) -> bool {
    matches!(lead, 0xC2 | 0xE2 | 0xE3 | 0xEF | 0xF0)
}

/// Length of the apostrophe at `at`, straight or curly.
fn apostrophe(bytes: &[u8], at: usize) -> Option<usize> {
    match bytes.get(at) {
        Some(b'\'') if bytes.get(at + 1) != Some(&b'\'') => Some(1),
        Some(0xE2) if bytes[at..].starts_with("’".as_bytes()) || bytes[at..].starts_with("‘".as_bytes()) => {
            Some(3)
        }
        _ => None,
    }
}

/// The letters from `at`, up to `stop`.
fn letters(bytes: &[u8], at: usize, stop: usize) -> &[u8] {
    let rest = bytes.get(at..stop).unwrap_or(&[]);
    let n = rest.iter().take_while(|b| b.is_ascii_alphabetic()).count();
    &rest[..n]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::Lexicon;
    use crate::quotes::marks::runs;

    fn read(body: &str) -> Tokens {
        let paragraphs = [Span::new(0, body.len())];
        let text = Text::of(body, Lexicon::embedded().words());
        tokens(&text, &paragraphs, &runs(body, &paragraphs, &text.scan))
    }

    #[track_caller]
    fn check(body: &str, expected: &[&str]) {
        let tokens = read(body);
        let found: Vec<&str> =
            tokens.all.iter().map(|token| token.span().of(body)).filter(|word| !word.is_empty()).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn cuts_words_and_keeps_runs_whole() {
        check("“We won,” Gov. Oda’s aide said.", &["“We won,”", "Gov", "Oda", "aide", "said", "."]);
        check("He didn't — she'd (R-Utah) no", &["He", "didn't", "—", "she", "(", "R-Utah", ")", "no"]);
        check(
            "The U.S. paid 3.5 million to O'Neill. Yes",
            &["The", "U.S", "paid", "3.5", "million", "to", "O'Neill", ".", "Yes"],
        );
    }

    #[test]
    fn any_text_returns() {
        for text in ["", "’’’", "é'é’", "a.b.c..", "\u{a0}\u{2028}x", "日本語", "'s", "x'", "…"]
        {
            read(text);
        }
    }
}
