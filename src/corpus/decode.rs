//! Bytes to text: UTF-8 first, then what the file declares, then what the bytes look like.
//!
//! In: bytes without a byte order mark (UTF-16 was turned into UTF-8 by the [`input`](super::input)). Out: text and at most
//! one notice. Never fails: what cannot be a character becomes U+FFFD and is told.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

use crate::model::{Notice, NoticeKind};

/// Below this many bytes the detector names exotic tables for English text (20 words of Windows-1252 gave windows-1257).
const MIN_DETECTABLE: usize = 500;

/// A Latin table other than Windows-1252 is believed when more than this share of letters is accented: English with a few
/// curly marks stays below, Polish or Turkish lies far above.
const MIN_ACCENTED_SHARE: f64 = 0.01;

/// A table of another script is believed when at least this share of its letters is of that script.
const MIN_SCRIPT_SHARE: f64 = 0.15;

/// The text of `bytes`. `declared` is what a header or the page says.
pub(crate) fn decode(
    bytes: Vec<u8>,
    declared: Option<&'static Encoding>,
    notices: &mut Vec<Notice>,
) -> String {
    match String::from_utf8(bytes) {
        Ok(text) if !is_escaped_japanese(text.as_bytes(), declared) => text,
        Ok(text) => foreign(text.as_bytes(), declared, notices),
        Err(error) => foreign(error.as_bytes(), declared, notices),
    }
}

/// The text of `bytes`, borrowed when they are UTF-8.
pub(crate) fn decode_str<'b>(
    bytes: &'b [u8],
    declared: Option<&'static Encoding>,
    notices: &mut Vec<Notice>,
) -> Cow<'b, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(foreign(bytes, declared, notices)),
    }
}

/// The table of a stream that begins with `sample`, where it is not UTF-8.
pub(crate) fn table_of(sample: &[u8]) -> Option<&'static Encoding> {
    let (good, bad) = tally(sample);
    // The sample may end within a character.
    (bad > 1 && bad > good).then(|| detected(sample))
}

/// The encoding a page declares in its first bytes: `<meta charset>`, `<meta http-equiv>`, `<?xml encoding?>`.
pub(crate) fn declared_in(head: &[u8]) -> Option<&'static Encoding> {
    let head = &head[..head.len().min(DECLARATION_WITHIN)].to_ascii_lowercase();
    for name in [b"charset".as_slice(), b"encoding".as_slice()] {
        let mut rest = head.as_slice();
        while let Some(at) = find(rest, name) {
            rest = &rest[at + name.len()..];
            if let Some(encoding) = label_after_equals(rest) {
                // A page that could be read for its `meta` tag is not UTF-16, whatever the tag says.
                let is_wide = encoding == encoding_rs::UTF_16LE || encoding == encoding_rs::UTF_16BE;
                return Some(if is_wide { UTF_8 } else { encoding });
            }
        }
    }
    None
}

/// Browsers look at 1,024 bytes; pages with long leading comments exist.
const DECLARATION_WITHIN: usize = 4096;

/// The encoding called `label`, as in an HTTP header.
pub(crate) fn by_label(label: &[u8]) -> Option<&'static Encoding> {
    Encoding::for_label_no_replacement(label)
}

fn label_after_equals(rest: &[u8]) -> Option<&'static Encoding> {
    let rest = rest.trim_ascii_start().strip_prefix(b"=")?.trim_ascii_start();
    let rest = rest.strip_prefix(b"\"").or_else(|| rest.strip_prefix(b"'")).unwrap_or(rest);
    let end = rest.iter().position(|byte| !(byte.is_ascii_alphanumeric() || b"-_:.".contains(byte)));
    by_label(&rest[..end.unwrap_or(rest.len())])
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|window| window == needle)
}

fn is_escaped_japanese(bytes: &[u8], declared: Option<&'static Encoding>) -> bool {
    declared == Some(encoding_rs::ISO_2022_JP) && bytes.contains(&0x1B)
}

fn foreign(bytes: &[u8], declared: Option<&'static Encoding>, notices: &mut Vec<Notice>) -> String {
    let (good, bad) = tally(bytes);
    let declared = declared.filter(|encoding| *encoding != UTF_8);
    if good >= bad && good > 0 && declared.is_none_or(|encoding| encoding.is_single_byte()) {
        return patched(bytes, notices);
    }
    let encoding = declared.unwrap_or_else(|| detected(bytes));
    let (text, had_errors) = encoding.decode_without_bom_handling(bytes);
    if had_errors {
        let message = format!("some bytes are not {}", encoding.name().to_lowercase());
        notices.push(Notice::new(NoticeKind::BadBytes, message));
    }
    text.into_owned()
}

/// Characters of several bytes that are right, and sequences that are wrong.
fn tally(bytes: &[u8]) -> (usize, usize) {
    let (mut good, mut bad) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().bytes().filter(|byte| *byte >= 0xC0).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    (good, bad)
}

/// UTF-8 with islands of something else: the islands are read as Windows-1252; a character cut off at the end is dropped.
fn patched(bytes: &[u8], notices: &mut Vec<Notice>) -> String {
    let mut text = String::with_capacity(bytes.len());
    let mut islands = 0;
    let mut chunks = bytes.utf8_chunks().peekable();
    while let Some(chunk) = chunks.next() {
        text.push_str(chunk.valid());
        let invalid = chunk.invalid();
        if invalid.is_empty() {
            continue;
        }
        islands += invalid.len();
        let is_cut_off =
            chunks.peek().is_none() && invalid[0] >= 0xC0 && (invalid.len() > 1 || invalid[0] >= 0xE0);
        if !is_cut_off {
            text.push_str(&WINDOWS_1252.decode_without_bom_handling(invalid).0);
        }
    }
    let message = format!("{islands} bytes are not utf-8; they were read as windows-1252");
    notices.push(Notice::new(NoticeKind::BadBytes, message));
    text
}

fn detected(bytes: &[u8]) -> &'static Encoding {
    if bytes.len() < MIN_DETECTABLE {
        return WINDOWS_1252;
    }
    let sample = &bytes[..bytes.len().min(MAX_SAMPLE)];
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(sample, true);
    let guess = detector.guess(None, Utf8Detection::Deny);
    if guess == WINDOWS_1252 || is_plausible(guess, sample) { guess } else { WINDOWS_1252 }
}

/// More does not change the detector's mind, and it reads about 20 MB/s.
const MAX_SAMPLE: usize = 64 * 1024;

fn is_plausible(guess: &'static Encoding, sample: &[u8]) -> bool {
    let (text, _) = guess.decode_without_bom_handling(sample);
    let (mut letters, mut foreign, mut latin) = (0u32, 0u32, 0u32);
    for c in text.chars().filter(|c| c.is_alphabetic()) {
        letters += 1;
        if !c.is_ascii() {
            if (c as u32) < 0x250 { latin += 1 } else { foreign += 1 }
        }
    }
    let share = |count: u32| f64::from(count) / f64::from(letters.max(1));
    share(foreign) >= MIN_SCRIPT_SHARE || share(latin) >= MIN_ACCENTED_SHARE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bytes: &[u8], declared: Option<&'static Encoding>, expected: &str, n_notices: usize) {
        let mut notices = Vec::new();
        assert_eq!(decode(bytes.to_vec(), declared, &mut notices), expected);
        assert_eq!(notices.len(), n_notices, "{notices:?}");
    }

    #[test]
    fn reads_utf8_then_declared_then_windows_1252() {
        check("“é”".as_bytes(), Some(WINDOWS_1252), "“é”", 0);
        check(b"\x93No\x94, she said \x96 caf\xe9", None, "“No”, she said – café", 0);
        check(b"\xcf\xf0\xe8\xe2\xe5\xf2", by_label(b"windows-1251"), "Привет", 0);
        check(b"\xa3", by_label(b"latin1"), "£", 0);
    }

    #[test]
    fn reads_islands_in_utf8() {
        check("caf\u{e9} and ’".as_bytes(), None, "café and ’", 0);
        check(b"caf\xc3\xa9 and \x93this\x94 \xe2\x80\x99\xe2\x80\x99", None, "café and “this” ’’", 1);
        check(b"it\xe2\x80\x99s cut \xe2\x80", None, "it’s cut ", 1);
    }

    #[test]
    fn long_english_is_not_taken_for_an_exotic_table() {
        let page = "The council said it would not sign the pact before the autumn session. ".repeat(30);
        let bytes = [page.as_bytes(), b"\x93We can\x92t,\x94 said Ana Duarte."].concat();
        let mut notices = Vec::new();
        assert!(decode(bytes, None, &mut notices).ends_with("“We can’t,” said Ana Duarte."));
    }

    #[test]
    fn long_text_of_another_script_is_detected() {
        let text = "Министр заявил, что договор будет подписан осенью. ".repeat(30);
        let (bytes, _, _) = encoding_rs::WINDOWS_1251.encode(&text);
        check(&bytes, None, &text, 0);
        let text = "Większość posłów głosowała za ustawą o świadczeniach, powiedział rzecznik. ".repeat(20);
        let (bytes, _, _) = encoding_rs::WINDOWS_1250.encode(&text);
        check(&bytes, None, &text, 0);
        let text = "大臣は秋に条約に署名すると述べた。".repeat(40);
        let (bytes, _, _) = encoding_rs::SHIFT_JIS.encode(&text);
        check(&bytes, None, &text, 0);
    }

    #[test]
    fn finds_the_declared_encoding() {
        let of = |head: &[u8]| declared_in(head).map(Encoding::name);
        assert_eq!(of(b"<html><META CHARSET='Shift_JIS'>"), Some("Shift_JIS"));
        assert_eq!(
            of(b"<meta http-equiv=\"Content-Type\" content=\"text/html; charset = iso-8859-1\">"),
            Some("windows-1252")
        );
        assert_eq!(of(b"<?xml version='1.0' encoding=\"utf-16\"?>"), Some("UTF-8"));
        assert_eq!(of(b"<p>charset of nothing</p>"), None);
    }
}
