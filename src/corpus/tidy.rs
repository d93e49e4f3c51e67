//! Characters that are no words, made plain: line ends, spaces that must not be broken, soft hyphens, stray controls, and
//! (through [`mojibake`](super::mojibake)) damage by a wrong table.
//!
//! In: decoded text. Out: the same text with `\n` line ends and plain spaces, and notices of what was repaired. Letters,
//! marks and paragraphs stay as they are.

use crate::model::{Notice, NoticeKind};

use super::mojibake;

/// `text` made plain; what was repaired is told in `notices`. Costs one scan when there is nothing to do.
pub(crate) fn tidy(text: String, notices: &mut Vec<Notice>) -> String {
    let Some(suspect) = first_suspect(text.as_bytes(), 0) else { return text };
    let (text, mut repaired) = match mojibake::repair(&text) {
        Some((repaired, count)) => (repaired, count),
        None => (text, 0),
    };
    // A repair may have moved the place where the first suspicious byte stood.
    let clean_until = if repaired > 0 { 0 } else { suspect };
    let mut lost = 0;
    let text = plain(text, clean_until, &mut repaired, &mut lost);
    if repaired > 0 {
        notices.push(Notice::new(
            NoticeKind::Mojibake,
            format!("{repaired} wrongly decoded characters were repaired"),
        ));
    }
    if lost > 0 {
        notices.push(Notice::new(
            NoticeKind::BadBytes,
            format!("{lost} characters had been lost before it was read"),
        ));
    }
    text
}

fn plain(text: String, clean_until: usize, repaired: &mut usize, lost: &mut usize) -> String {
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    let mut next = clean_until;
    while let Some(at) = first_suspect(text.as_bytes(), next) {
        let Some(c) = text[at..].chars().next() else { break };
        out.push_str(&text[from..at]);
        from = at + c.len_utf8();
        next = from;
        match c {
            '\r' if text[from..].starts_with('\n') => {}
            '\r' | '\u{b}' | '\u{c}' | '\u{2028}' => out.push('\n'),
            '\u{2029}' => out.push_str("\n\n"),
            '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' => out.push(' '),
            '\u{ad}' | '\u{200b}' | '\u{2060}' | '\u{feff}' => {}
            '\u{80}'..='\u{9f}' => {
                // Latin-1 taken for Windows-1252: the byte's sign there is what was meant.
                *repaired += 1;
                let byte = [c as u8];
                let meant = encoding_rs::WINDOWS_1252.decode_without_bom_handling(&byte).0;
                out.extend(meant.chars().filter(|c| !c.is_control()));
            }
            '\u{fffd}' => {
                *lost += 1;
                out.push(c);
            }
            c if c.is_ascii_control() => {}
            c => out.push(c),
        }
    }
    out.push_str(&text[from..]);
    out
}

/// The first byte at or after `from` that may belong to something to be made plain. Cheap and generous: a hit is looked at again.
fn first_suspect(bytes: &[u8], from: usize) -> Option<usize> {
    for (idx, chunk) in bytes[from..].chunks(CHUNK).enumerate() {
        // Without branches the compiler checks many bytes at once; this scan runs over every text there is.
        if !chunk.iter().fold(false, |any, byte| any | is_odd(*byte)) {
            continue;
        }
        let start = from + idx * CHUNK;
        if let Some(at) = (start..start + chunk.len()).find(|at| is_suspect(bytes, *at)) {
            return Some(at);
        }
    }
    None
}

const CHUNK: usize = 64;

fn is_odd(byte: u8) -> bool {
    ((byte < 0x20) & (byte != b'\n') & (byte != b'\t'))
        | (byte == 0x7F)
        | (byte == 0xC2)
        | (byte == 0xC3)
        | (byte == 0xCC)
        | (byte == 0xE2)
        | (byte == 0xEF)
}

fn is_suspect(bytes: &[u8], at: usize) -> bool {
    if !is_odd(bytes[at]) {
        return false;
    }
    let next = bytes.get(at + 1).copied().unwrap_or(0);
    match bytes[at] {
        0xC2 => matches!(next, 0x80..=0xA0 | 0xAD),
        0xC3 => matches!(next, 0x82..=0x85 | 0x8E..=0x91 | 0x98 | 0x99 | 0xA2 | 0xAF | 0xB0),
        0xE2 => match next {
            0x80 => matches!(bytes.get(at + 2), Some(0x80..=0x8B | 0xA8 | 0xA9 | 0xAF)),
            0x81 => matches!(bytes.get(at + 2), Some(0x9F | 0xA0)),
            _ => false,
        },
        0xEF => matches!(next, 0xBB | 0xBF),
        0xCC => matches!(next, 0x82 | 0x83) && at > 0 && matches!(bytes[at - 1], b'A' | b'a'),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str, kinds: &[NoticeKind]) {
        let mut notices = Vec::new();
        assert_eq!(tidy(text.to_owned(), &mut notices), expected);
        assert_eq!(notices.iter().map(|notice| notice.kind).collect::<Vec<_>>(), kinds, "{text}");
    }

    #[test]
    fn makes_spaces_and_line_ends_plain() {
        check("a\r\nb\rc\u{a0}d", "a\nb\nc d", &[]);
        check("co\u{ad}operate \u{200b}now\u{feff}", "cooperate now", &[]);
        check("one\u{2028}two\u{2029}three\u{c}", "one\ntwo\n\nthree\n", &[]);
        check("tab\tstays, “marks” too – é", "tab\tstays, “marks” too – é", &[]);
    }

    #[test]
    fn drops_controls_and_tells_what_it_repaired() {
        check("a\0b\u{1b}[31mc\u{7f}", "ab[31mc", &[]);
        check("don\u{92}t \u{93}go\u{94}\u{81}", "don’t “go”", &[NoticeKind::Mojibake]);
        check("donâ€™tÂ\u{a0}go", "don’t go", &[NoticeKind::Mojibake]);
        check("caf\u{fffd}", "caf\u{fffd}", &[NoticeKind::BadBytes]);
    }
}
