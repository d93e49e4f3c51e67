//! What kind of file is this? Content first, then the name.
//!
//! In: the first bytes and the name. Out: a [`Format`], or why the file holds no article.

use super::super::input::Input;
use super::super::keys::{Field, FieldMap, Role};
use super::scan::{self, Extent};
use super::{Format, archive, markdown, rows};
use crate::model::RejectionReason;

/// The format of `input`.
///
/// # Errors
/// Reason and message: an empty file, a kind of file that is known not to hold text, or bytes that are no text.
pub(crate) fn recognise(input: &Input, map: &FieldMap) -> Result<Format, (RejectionReason, String)> {
    let bytes = input.sample.as_slice();
    let start = bytes.trim_ascii_start();
    if start.is_empty() && input.is_whole {
        return Err((RejectionReason::NoText, "the file is empty".to_owned()));
    }
    if let Some(kind) = foreign_kind(bytes) {
        return Err((RejectionReason::UnknownFormat, kind.to_owned()));
    }
    if bytes.starts_with(b"WARC/") {
        return Ok(Format::Warc);
    }
    if is_binary(bytes) {
        return Err((RejectionReason::NotText, "the bytes are not text".to_owned()));
    }
    if let Some(format) = json_format(start, input) {
        return Ok(format);
    }
    if let Some(format) = markup_format(start) {
        return format;
    }
    if archive::is_export(start) {
        return Ok(Format::Archive);
    }
    if markdown::has_front_matter(start) {
        return Ok(Format::Markdown);
    }
    let ending = input.name.rsplit_once('.').map_or("", |(_, ending)| ending);
    match ending {
        "md" | "markdown" | "mdown" | "mdx" | "qmd" => return Ok(Format::Markdown),
        "html" | "htm" | "xhtml" | "shtml" if has_tags(bytes) => return Ok(Format::Html),
        "csv" | "tsv" | "tab" | "psv" => return Ok(Format::Csv),
        "jsonl" | "ndjson" | "jl" | "ldjson" => return Ok(Format::JsonLines),
        _ => {}
    }
    if has_known_header(bytes, map) {
        return Ok(Format::Csv);
    }
    if markdown::has_header_lines(start, map) {
        return Ok(Format::Markdown);
    }
    Ok(Format::Page)
}

/// Kinds that are recognised to be told apart by name; the message says what to do.
fn foreign_kind(bytes: &[u8]) -> Option<&'static str> {
    let starts: [(&[u8], &str); 22] = [
        (b"%PDF", "a PDF; extract its text first"),
        (b"PK\x03\x04", "a zip archive or office document; unpack or export it as text first"),
        (b"PK\x05\x06", "an empty zip archive"),
        (b"{\\rtf", "a rich text document; export it as plain text first"),
        (b"\xD0\xCF\x11\xE0", "an old office document; export it as plain text first"),
        (b"\x89PNG", "an image"),
        (b"\xFF\xD8\xFF", "an image"),
        (b"GIF8", "an image"),
        (b"RIFF", "an image or sound"),
        (b"II*\0", "an image"),
        (b"MM\0*", "an image"),
        (b"ID3", "a sound"),
        (b"OggS", "a sound"),
        (b"BZh", "compressed with bzip2; unpack it first"),
        (b"\xFD7zXZ\0", "compressed with xz; unpack it first"),
        (b"7z\xBC\xAF", "a 7z archive; unpack it first"),
        (b"Rar!", "a rar archive; unpack it first"),
        (b"\x7FELF", "a program"),
        (b"SQLite format 3", "an SQLite database; export its rows as CSV or JSON first"),
        (b"PAR1", "a Parquet file; export its rows as CSV or JSON first"),
        (b"ARROW1", "an Arrow file; export its rows as CSV or JSON first"),
        (b"\xFF\xFE\0\0", "UTF-32 text; convert it to UTF-8 first"),
    ];
    if let Some((_, kind)) = starts.iter().find(|(start, _)| bytes.starts_with(start)) {
        // Text may begin with "PAR1", "ID3" or "RIFF"; what follows tells.
        let is_letters = matches!(*kind, "a sound" | "an image or sound")
            || bytes.starts_with(b"PAR1")
            || bytes.starts_with(b"GIF8");
        if !is_letters || is_binary(bytes) {
            return Some(kind);
        }
    }
    if bytes.get(257..262) == Some(b"ustar") {
        return Some("a tar archive; unpack it first");
    }
    None
}

/// Whether more than one byte in a hundred is a control character that no text has.
pub(crate) fn is_binary(bytes: &[u8]) -> bool {
    let is_odd = |byte: &&u8| {
        **byte < 0x20 && !matches!(**byte, b'\n' | b'\r' | b'\t' | 0x0C | 0x0B | 0x1B | 0x1A | 0x08)
    };
    let odd = bytes.iter().filter(is_odd).count();
    odd * 100 > bytes.len()
}

fn json_format(start: &[u8], input: &Input) -> Option<Format> {
    let is_lines_name =
        [".jsonl", ".ndjson", ".jl", ".ldjson"].iter().any(|ending| input.name.ends_with(ending));
    match start {
        [b'[', rest @ ..] => {
            let next = rest.trim_ascii_start().first();
            match next {
                Some(b'{' | b'[') => Some(Format::Json),
                Some(b']' | b'"') if is_lines_name || input.name.ends_with(".json") => Some(Format::Json),
                None if !input.is_whole || input.name.ends_with(".json") => Some(Format::Json),
                _ => None,
            }
        }
        [b'{', rest @ ..] => {
            let next = rest.trim_ascii_start().first();
            let is_object = matches!(next, Some(b'"' | b'}')) || (next.is_none() && !input.is_whole);
            if !is_object {
                let is_named = is_lines_name || input.name.ends_with(".json");
                return is_named.then_some(if is_lines_name { Format::JsonLines } else { Format::Json });
            }
            Some(object_format(start, input, is_lines_name))
        }
        _ => None,
    }
}

fn object_format(start: &[u8], input: &Input, is_lines_name: bool) -> Format {
    let first_line_end = start.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
    match scan::extent(start) {
        Extent::Ends(end) => {
            let is_one_line = first_line_end.is_none_or(|line_end| end <= line_end);
            let is_alone = input.is_whole && start[end..].trim_ascii().is_empty();
            if is_one_line && (is_lines_name || !is_alone || input.name == "-") {
                return Format::JsonLines;
            }
            Format::Json
        }
        Extent::Open if is_lines_name && first_line_end != Some(1) => Format::JsonLines,
        Extent::Open => {
            // A broken first line is followed by a line that opens an object; in a printed object such a line follows a
            // comma or a bracket.
            let Some(end) = first_line_end else { return Format::Json };
            let goes_on = matches!(start[..end].trim_ascii_end().last(), Some(b',' | b'[' | b'{' | b':'));
            let is_next_object = start[end..].trim_ascii_start().starts_with(b"{\"");
            if is_next_object && !goes_on { Format::JsonLines } else { Format::Json }
        }
    }
}

fn markup_format(start: &[u8]) -> Option<Result<Format, (RejectionReason, String)>> {
    let head = &start[..start.len().min(8192)].to_ascii_lowercase();
    let root = first_element(head)?;
    Some(match root {
        b"rss" | b"feed" | b"rdf" | b"rdf:rdf" | b"atom:feed" => Ok(Format::Feed),
        b"!doctype" | b"html" => Ok(Format::Html),
        name if HTML_ELEMENTS.contains(&name) => Ok(Format::Html),
        _ if head.starts_with(b"<?xml") => {
            let name = String::from_utf8_lossy(root).into_owned();
            let message = format!("XML of a kind that is not known: its root is <{name}>");
            Err((RejectionReason::UnknownFormat, message))
        }
        _ => return None,
    })
}

const HTML_ELEMENTS: [&[u8]; 26] = [
    b"head",
    b"body",
    b"div",
    b"p",
    b"article",
    b"main",
    b"section",
    b"header",
    b"h1",
    b"h2",
    b"h3",
    b"span",
    b"a",
    b"img",
    b"figure",
    b"table",
    b"ul",
    b"ol",
    b"blockquote",
    b"meta",
    b"title",
    b"link",
    b"script",
    b"style",
    b"base",
    b"br",
];

/// The first element's name, past declarations, comments and processing instructions (a doctype counts as an element).
fn first_element(mut rest: &[u8]) -> Option<&[u8]> {
    loop {
        rest = rest.trim_ascii_start().strip_prefix(b"<")?;
        let end: &[u8] = match rest {
            [b'?', ..] => b"?>",
            [b'!', b'-', b'-', ..] => b"-->",
            _ => {
                let len =
                    rest.iter().position(|byte| byte.is_ascii_whitespace() || matches!(byte, b'>' | b'/'));
                let name = &rest[..len.unwrap_or(rest.len())];
                if name == b"!doctype" {
                    let is_html = rest.get(len?..)?.trim_ascii_start().starts_with(b"html");
                    if is_html {
                        return Some(name);
                    }
                    let close = rest.iter().position(|byte| *byte == b'>')?;
                    rest = &rest[close + 1..];
                    continue;
                }
                return Some(name);
            }
        };
        let at = rest.windows(end.len()).position(|window| window == end)?;
        rest = &rest[at + end.len()..];
    }
}

fn has_tags(bytes: &[u8]) -> bool {
    bytes
        .windows(2)
        .any(|pair| pair[0] == b'<' && (pair[1].is_ascii_alphabetic() || matches!(pair[1], b'/' | b'!')))
}

/// Whether the first line separates at least two known keys, a text or headline among them.
fn has_known_header(bytes: &[u8], map: &FieldMap) -> bool {
    let line_end = bytes.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(bytes.len());
    if line_end > MAX_HEADER {
        return false;
    }
    let header = &bytes[..line_end];
    let delimiter = rows::delimiter(header);
    let names = rows::split(header, delimiter, rows::MAX_COLUMNS);
    let mut fields: Vec<Field> = Vec::new();
    for name in &names {
        let name = String::from_utf8_lossy(name);
        if let Some(Role::Field(field)) = map.key(name.trim()).map(|key| key.role) {
            fields.push(field);
        }
    }
    names.len() >= 2
        && fields.len() >= 2
        && fields.len() * 4 >= names.len()
        && (fields.contains(&Field::Body) || fields.contains(&Field::Headline))
}

const MAX_HEADER: usize = 8 * 1024;
