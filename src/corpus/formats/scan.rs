//! Finds where JSON values begin and end in a stream, without building them.
//!
//! In: bytes. Out: extents, or the bytes of one value at a time. Memory is bounded by the caller's limit; a value above it
//! is passed over. Strings end at a raw line end, which JSON does not allow in them: a quotation mark too many spoils the
//! record it stands in and none after it.

use std::io::{self, BufRead};

use super::super::input::Stretch;

/// Where a value ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Extent {
    /// One past its last byte.
    Ends(usize),
    /// Not within the bytes at hand.
    Open,
}

/// The extent of the value at the start of `bytes`.
pub(crate) fn extent(bytes: &[u8]) -> Extent {
    let mut scan = Scan::default();
    match scan.advance(bytes) {
        Some(end) => Extent::Ends(end),
        None => Extent::Open,
    }
}

/// State between stretches of one value.
#[derive(Default)]
struct Scan {
    depth: usize,
    in_string: bool,
    is_escaped: bool,
    in_scalar: bool,
}

impl Scan {
    /// Goes on over `bytes`; the end of the value when it lies in them.
    fn advance(&mut self, bytes: &[u8]) -> Option<usize> {
        let mut at = 0;
        while at < bytes.len() {
            let byte = bytes[at];
            if self.in_string {
                if self.is_escaped {
                    self.is_escaped = false;
                    at += 1;
                    continue;
                }
                // Most bytes of news lie in strings: skip to the next byte that can matter.
                let step = bytes[at..].iter().position(|byte| matches!(byte, b'"' | b'\\' | b'\n'))?;
                at += step + 1;
                match bytes[at - 1] {
                    b'\\' => self.is_escaped = true,
                    _ => {
                        self.in_string = false;
                        if self.depth == 0 {
                            return Some(at);
                        }
                    }
                }
                continue;
            }
            match byte {
                b'"' if !self.in_scalar => self.in_string = true,
                b'{' | b'[' if !self.in_scalar => self.depth += 1,
                b'}' | b']' | b',' if self.depth == 0 => return Some(at),
                b'}' | b']' => {
                    self.depth -= 1;
                    if self.depth == 0 {
                        return Some(at + 1);
                    }
                }
                _ if self.depth == 0 => {
                    if byte.is_ascii_whitespace() && self.in_scalar {
                        return Some(at);
                    }
                    self.in_scalar |= !byte.is_ascii_whitespace();
                }
                _ => {}
            }
            at += 1;
        }
        None
    }
}

/// Reads the value at the reader's place into `value`. `End` when the stream ends within it (what there was is in `value`).
pub(crate) fn read_value(reader: &mut dyn BufRead, limit: usize, value: &mut Vec<u8>) -> io::Result<Stretch> {
    value.clear();
    read_rest(reader, limit, value, Scan::default(), false)
}

/// Like [`read_value`], but leaves off as soon as the limit is reached: `TooLong` then means that `value` holds the first
/// `limit` bytes or a few more, and that the reader stands behind them.
pub(crate) fn read_value_start(
    reader: &mut dyn BufRead,
    limit: usize,
    value: &mut Vec<u8>,
) -> io::Result<Stretch> {
    value.clear();
    read_rest(reader, limit, value, Scan::default(), true)
}

fn read_rest(
    reader: &mut dyn BufRead,
    limit: usize,
    value: &mut Vec<u8>,
    mut scan: Scan,
    stop_at_limit: bool,
) -> io::Result<Stretch> {
    let mut is_too_long = false;
    loop {
        let available = reader.fill_buf()?;
        if available.is_empty() {
            return Ok(if is_too_long { Stretch::TooLong } else { Stretch::End });
        }
        let end = scan.advance(available);
        let n = end.unwrap_or(available.len());
        if !is_too_long {
            value.extend_from_slice(&available[..n]);
        }
        reader.consume(n);
        if value.len() > limit {
            if stop_at_limit {
                return Ok(Stretch::TooLong);
            }
            is_too_long = true;
            value.clear();
            value.shrink_to(0);
        }
        if end.is_some() {
            return Ok(if is_too_long { Stretch::TooLong } else { Stretch::Whole });
        }
    }
}

/// Passes over white space and the bytes of `also`; the next byte, not yet taken.
pub(crate) fn skip(reader: &mut dyn BufRead, also: &[u8]) -> io::Result<Option<u8>> {
    loop {
        let available = reader.fill_buf()?;
        if available.is_empty() {
            return Ok(None);
        }
        let is_skipped = |byte: &u8| byte.is_ascii_whitespace() || also.contains(byte);
        match available.iter().position(|byte| !is_skipped(byte)) {
            Some(at) => {
                let byte = available[at];
                reader.consume(at);
                return Ok(Some(byte));
            }
            None => {
                let n = available.len();
                reader.consume(n);
            }
        }
    }
}

/// An array of objects inside the object `bytes` (which may be cut off).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Inner {
    /// The key it stands under.
    pub(crate) key: String,
    /// Just behind its opening bracket.
    pub(crate) start: usize,
}

/// The array of objects that is most likely to hold the records: the first whose key `is_known`, else the first of all;
/// at most [`MAX_DEPTH`] objects deep.
pub(crate) fn find_array(bytes: &[u8], is_known: impl Fn(&str) -> bool) -> Option<Inner> {
    let mut first = None;
    let mut depth = 0usize;
    let mut key: Option<&[u8]> = None;
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'"' => {
                let (content, end) = string_at(bytes, at)?;
                key = (next_byte(bytes, end) == Some(b':')).then_some(content);
                at = end;
                continue;
            }
            b'{' => {
                depth += 1;
                key = None;
            }
            b'}' => {
                depth = depth.saturating_sub(1);
                key = None;
            }
            b'[' => {
                let holds_objects = next_byte(bytes, at + 1) == Some(b'{');
                if let (true, Some(name)) = (holds_objects && depth <= MAX_DEPTH, key) {
                    let found = Inner { key: String::from_utf8_lossy(name).into_owned(), start: at + 1 };
                    if is_known(&found.key) {
                        return Some(found);
                    }
                    first = first.or(Some(found));
                }
                // What lies in an array that is not known is no place to look: authors, images, tags.
                match extent(&bytes[at..]) {
                    Extent::Ends(end) => at += end,
                    Extent::Open => break,
                }
                key = None;
                continue;
            }
            b',' => key = None,
            _ => {}
        }
        at += 1;
    }
    first
}

/// `{"response": {"docs": [` and `{"hits": {"hits": [` are as deep as answers of search services go.
const MAX_DEPTH: usize = 3;

/// The members of the object `bytes` as written: key and value. Stops where the form ends.
pub(crate) fn members(bytes: &[u8]) -> Vec<(&[u8], &[u8])> {
    let mut members = Vec::new();
    let mut at = bytes.iter().position(|byte| *byte == b'{').map_or(bytes.len(), |at| at + 1);
    while let Some(step) = bytes[at..].iter().position(|byte| *byte == b'"') {
        let Some((key, end)) = string_at(bytes, at + step) else { break };
        let Some(colon) = bytes[end..].iter().position(|byte| *byte == b':') else { break };
        let start = end + colon + 1;
        let Extent::Ends(len) = extent(&bytes[start..]) else { break };
        members.push((key, bytes[start..start + len].trim_ascii()));
        at = start + len;
    }
    members
}

fn string_at(bytes: &[u8], start: usize) -> Option<(&[u8], usize)> {
    let mut at = start + 1;
    loop {
        let step = bytes.get(at..)?.iter().position(|byte| matches!(byte, b'"' | b'\\'))?;
        at += step;
        if bytes[at] == b'"' {
            return Some((&bytes[start + 1..at], at + 1));
        }
        at += 2;
    }
}

fn next_byte(bytes: &[u8], from: usize) -> Option<u8> {
    bytes.get(from..)?.iter().copied().find(|byte| !byte.is_ascii_whitespace())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_end_of_a_value() {
        assert_eq!(extent(br#"{"a":"}\"]","b":[1,{}]} x"#), Extent::Ends(23));
        assert_eq!(extent(br#""a, b" ,"#), Extent::Ends(6));
        assert_eq!(extent(b"12, 3"), Extent::Ends(2));
        assert_eq!(extent(b"{\"a\":[1,2"), Extent::Open);
        assert_eq!(extent(b"]"), Extent::Ends(0));
    }

    #[test]
    fn a_mark_too_many_spoils_one_record() {
        let text = b"{\"a\": \"odd \" mark\"\n} , {\"a\": 1}";
        let Extent::Ends(end) = extent(text) else { panic!("an end") };
        assert!(text[end..].ends_with(b"{\"a\": 1}"));
    }

    #[test]
    fn passes_over_what_is_too_long() {
        let text = format!("[\"{}\"] 7", "x".repeat(1000));
        let mut reader = io::BufReader::with_capacity(16, text.as_bytes());
        let mut value = Vec::new();
        assert_eq!(read_value(&mut reader, 100, &mut value).unwrap(), Stretch::TooLong);
        assert_eq!(skip(&mut reader, b"").unwrap(), Some(b'7'));
    }

    #[test]
    fn lists_members() {
        let found = members(br#" {"a": {"x":1}, "b" : [1], "c":2}"#);
        assert_eq!(found, [(&b"a"[..], &br#"{"x":1}"#[..]), (b"b", b"[1]"), (b"c", b"2")]);
        assert!(members(br#"{"a": {"x"#).is_empty());
    }

    #[test]
    fn finds_the_array_of_records() {
        let known = |key: &str| key == "articles";
        let found = |text: &str| find_array(text.as_bytes(), known).map(|inner| inner.key);
        assert_eq!(found(r#"{"n":1,"tags":[{"x":1}],"articles":[{"#).as_deref(), Some("articles"));
        assert_eq!(found(r#"{"mine":[{"a":1}],"b":[1]}"#).as_deref(), Some("mine"));
        assert_eq!(found(r#"{"a":{"b":{"articles":[ {}]}}}"#).as_deref(), Some("articles"));
        assert_eq!(found(r#"{"a":[1,2],"s":"\"articles\":[{"}"#), None);
    }
}
