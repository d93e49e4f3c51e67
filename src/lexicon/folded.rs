//! The folded form of a line, its tokens, and which of them may begin a pattern.
//!
//! In: a line of a page, patterns. Out: the line as patterns are read against it. Knows no rule; see `furniture`.

use crate::text::bytes::first_unfit;

/// The folded form of a line that patterns are read against, written to `into`: lower case, plain marks and dashes, each run
/// of digits as one `#`, white space as one space.
pub fn key(line: &str, into: &mut String) {
    let bytes = line.as_bytes();
    into.clear();
    into.reserve(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        // Words and single spaces are copied as they stand, and made lower case at once.
        let run = plain_run(&bytes[at..], into.as_bytes().last().copied());
        let start = into.len();
        into.push_str(&line[at..at + run]);
        into[start..].make_ascii_lowercase();
        at += run;
        let Some(c) = line[at..].chars().next() else { break };
        at += c.len_utf8();
        let plain = match c {
            '0'..='9' => '#',
            '‘' | '’' | 'ʼ' | '´' => '\'',
            '“' | '”' | '„' => '"',
            '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' => '-',
            c if c.is_whitespace() => ' ',
            c => {
                into.extend(c.to_lowercase());
                continue;
            }
        };
        let last = into.as_bytes().last().map_or(' ', |last| char::from(*last));
        if !(last == plain && (plain == ' ' || plain == '#')) {
            into.push(plain);
        }
    }
    into.truncate(into.trim_end().len());
}

/// How many bytes from the first on are copied to a folded line that ends with `last`: printable ASCII without digits, and
/// spaces that stand alone.
fn plain_run(bytes: &[u8], last: Option<u8>) -> usize {
    let is_plain = |before: u8, byte: u8| {
        (b' '..=b'~').contains(&byte) & (byte.wrapping_sub(b'0') >= 10) & ((byte != b' ') | (before != b' '))
    };
    match bytes.first() {
        Some(first) if is_plain(last.unwrap_or(b' '), *first) => first_unfit(bytes, is_plain),
        _ => 0,
    }
}

/// The line without the marks at its ends; the whole line where it is nothing but marks.
pub(super) fn core(key: &str) -> &str {
    let is_plain = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_lowercase);
    if is_plain(key.as_bytes().first()) && is_plain(key.as_bytes().last()) {
        return key;
    }
    let core = key.trim_matches(|c: char| !is_start(c));
    if core.is_empty() { key } else { core }
}

pub(super) fn is_start(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '#' | '©' | '(' | '[' | '<' | '{' | '&')
}

/// ASCII letters, digits, `#` and the apostrophe.
pub(super) const IS_TOKEN_BYTE: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0_u8;
    while byte < 0x80 {
        table[byte as usize] = byte.is_ascii_alphanumeric() || byte == b'#' || byte == b'\'';
        byte += 1;
    }
    table
};

/// The end of the token at `at`: a run of letters, `#` and apostrophes, or one other character.
#[inline]
pub(super) fn token_end(key: &str, at: usize) -> usize {
    let bytes = key.as_bytes();
    let mut end = at;
    while end < bytes.len() && IS_TOKEN_BYTE[usize::from(bytes[end])] {
        end += 1;
    }
    if end > at && (end == bytes.len() || bytes[end].is_ascii()) { end } else { wide_token_end(key, at) }
}

/// The same where a token holds or ends at more than ASCII, and for marks.
fn wide_token_end(key: &str, at: usize) -> usize {
    let is_inner = |c: char| c.is_alphanumeric() || c == '#' || c == '\'';
    let mut chars = key[at..].char_indices();
    match chars.next() {
        Some((_, c)) if is_inner(c) => {
            chars.find(|(_, c)| !is_inner(*c)).map_or(key.len(), |(end, _)| at + end)
        }
        Some((_, c)) => at + c.len_utf8(),
        None => at,
    }
}

/// Calls `visit` with the place where each token of `key` begins, spaces left out. `key` is ASCII.
#[inline]
pub(super) fn each_token_start(key: &[u8], mut visit: impl FnMut(usize)) {
    let mut was_token = 0;
    for (number, part) in key.chunks(64).enumerate() {
        let mut block = [b' '; 64];
        block[..part.len()].copy_from_slice(part);
        let (mut tokens, mut spaces) = (0, 0);
        for (idx, word) in block.as_chunks::<8>().0.iter().enumerate() {
            let bytes = u64::from_le_bytes(*word);
            tokens |= one_bit_each(token_bytes(bytes)) << (idx * 8);
            spaces |= one_bit_each(equal_bytes(bytes, b' ')) << (idx * 8);
        }
        let mut starts = !spaces & !(tokens & (tokens << 1 | was_token));
        was_token = tokens >> 63;
        while starts != 0 {
            visit(number * 64 + starts.trailing_zeros() as usize);
            starts &= starts - 1;
        }
    }
}

/// Each byte of eight.
const EACH: u64 = 0x0101_0101_0101_0101;

/// The highest bit of every byte of eight ASCII bytes that belongs to a token, see [`IS_TOKEN_BYTE`].
#[inline]
fn token_bytes(bytes: u64) -> u64 {
    // Adding carries into the highest bit where a byte is at or above a bound; no sum of two such bytes leaves its byte.
    let at_least = |bytes: u64, bound: u8| bytes + EACH * u64::from(0x80 - bound);
    let lower = bytes | (EACH * 0x20);
    let letters = at_least(lower, b'a') & !at_least(lower, b'z' + 1);
    let digits = at_least(bytes, b'0') & !at_least(bytes, b'9' + 1);
    (letters | digits | equal_bytes(bytes, b'#') | equal_bytes(bytes, b'\'')) & (EACH * 0x80)
}

/// The highest bit of every byte of eight ASCII bytes that is `byte`.
#[inline]
fn equal_bytes(bytes: u64, byte: u8) -> u64 {
    !((bytes ^ (EACH * u64::from(byte))) + EACH * 0x7F) & (EACH * 0x80)
}

/// The highest bits of eight bytes as eight bits in a row, the first byte's the lowest.
#[inline]
fn one_bit_each(bytes: u64) -> u64 {
    (bytes >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56
}

pub(super) fn closes(key: &str, at: usize) -> bool {
    let ends_word = key[..at].chars().next_back().is_some_and(char::is_alphanumeric);
    !ends_word || !key[at..].chars().next().is_some_and(char::is_alphanumeric)
}

pub(super) fn ends_line(key: &str, at: usize) -> bool {
    !key[at..].chars().any(char::is_alphanumeric)
}

/// Size of the tables of marks: a power of two, large enough that few words share the mark of a pattern.
const N_MARKS: usize = 1 << 15;

/// A set of marks.
#[derive(Debug)]
struct Marks(Vec<u64>);

impl Default for Marks {
    fn default() -> Self {
        Marks(vec![0; N_MARKS / 64])
    }
}

impl Marks {
    fn add(&mut self, mark: usize) {
        self.0[mark / 64] |= 1 << (mark % 64);
    }

    #[inline]
    fn has(&self, mark: usize) -> bool {
        self.0[mark / 64] >> (mark % 64) & 1 == 1
    }
}

/// Which tokens may begin a pattern: most words are told apart here, without a look-up.
#[derive(Debug, Default)]
pub(super) struct Openings {
    /// The first four bytes of patterns, by [`window_mark`].
    windows: Marks,
    /// First bytes of shorter ones.
    brief: Marks,
    /// Tokens with nothing or one byte behind them, by [`token_mark`].
    short: Marks,
    /// The others with the two bytes behind the next one, see [`next_mark`]: common words are told apart here.
    long: Marks,
}

impl Openings {
    pub(super) fn add(&mut self, pattern: &str) {
        let (bytes, end) = (pattern.as_bytes(), token_end(pattern, 0));
        match window_mark(bytes, 0) {
            Some(mark) => self.windows.add(mark),
            None => self.brief.add(usize::from(bytes[0])),
        }
        let mark = token_mark(&bytes[..end]);
        match next_mark(mark, bytes, end) {
            Some(mark) => self.long.add(mark),
            None => self.short.add(mark),
        }
    }

    /// The same told from four bytes alone, before the token is read.
    #[inline]
    pub(super) fn may_begin_here(&self, text: &[u8], at: usize) -> bool {
        window_mark(text, at).is_some_and(|mark| self.windows.has(mark))
            || self.brief.has(usize::from(text[at]))
    }

    #[inline]
    pub(super) fn may_begin(&self, text: &[u8], at: usize, end: usize) -> bool {
        let mark = token_mark(&text[at..end]);
        self.short.has(mark) || next_mark(mark, text, end).is_some_and(|mark| self.long.has(mark))
    }
}

/// A number made of four bytes; `None` where there are fewer.
#[inline]
fn window_mark(text: &[u8], at: usize) -> Option<usize> {
    let window = text.get(at..at + 4)?;
    let number = u32::from_le_bytes([window[0], window[1], window[2], window[3]]);
    Some(number.wrapping_mul(0x9E37_79B1) as usize >> 17)
}

/// A number made of a token's length, first two and last bytes.
#[inline]
fn token_mark(token: &[u8]) -> usize {
    let byte = |at: usize| usize::from(token.get(at).copied().unwrap_or(0));
    let last = byte(token.len().saturating_sub(1));
    (byte(0) ^ (byte(1) << 4) ^ (last << 7) ^ (token.len() << 10)) & (N_MARKS - 1)
}

/// `mark` of the token that ends at `end`, with the second and third byte behind it; `None` where there are none.
#[inline]
fn next_mark(mark: usize, text: &[u8], end: usize) -> Option<usize> {
    let behind = text.get(end + 1..end + 3)?;
    let behind = usize::from(behind[0]).wrapping_mul(0x9E3) ^ usize::from(behind[1]).wrapping_mul(0x35F);
    Some((mark ^ behind) & (N_MARKS - 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds_a_line() {
        let mut folded = String::new();
        key("  It’s  12,500 – “No” ", &mut folded);
        assert_eq!(folded, "it's #,# - \"no\"");
    }

    #[test]
    fn finds_where_tokens_begin() {
        let lines: Vec<String> = (0..200)
            .map(|shift| (0..shift).map(|at| char::from(((at * 37 + shift * 11) % 128) as u8)).collect())
            .chain(["", "it's #,# - \"no\"", "a", " a", "((a b"].map(str::to_owned))
            .collect();
        for line in lines {
            let bytes = line.as_bytes();
            let is_token = |at: usize| IS_TOKEN_BYTE[usize::from(bytes[at])];
            let begins = |at: &usize| bytes[*at] != b' ' && !(is_token(*at) && *at > 0 && is_token(at - 1));
            let mut found = Vec::new();
            each_token_start(bytes, |at| found.push(at));
            assert_eq!(found, (0..bytes.len()).filter(begins).collect::<Vec<_>>(), "{line:?}");
        }
    }
}
