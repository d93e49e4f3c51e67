//! Markdown and text with front matter: YAML between `---`, TOML between `+++`, or plain `Key: value` lines.
//!
//! In: one file. Out: one article whose body is the text's paragraphs. Without front matter a first heading is the headline.

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use super::super::input::Input;
use super::super::keys::{Field, FieldMap, Role};
use super::super::record::Found;
use super::super::value::Value;
use super::{One, Origin, text};
use crate::model::{Notice, NoticeKind, RawArticle, Rejection};

/// A longer text is taken as it stands: the parser needs some sixty times the memory of hostile Markdown.
const MAX_MARKDOWN: usize = 1024 * 1024;

/// Longest front matter that is looked at.
const MAX_FRONT: usize = 64 * 1024;

/// Reads one file.
///
/// # Errors
/// As [`text::read_page`].
pub(crate) fn read(input: Input, origin: &Origin) -> Result<One, Rejection> {
    let ending = input.name.rsplit_once('.').map_or("", |(_, ending)| ending).to_owned();
    let (content, notices) = text::whole(input, origin, false)?;
    Ok(One::new(article(&content, &ending, origin, notices)))
}

/// Whether a file that begins with `start` has front matter between marks.
pub(crate) fn has_front_matter(start: &[u8]) -> bool {
    let text = String::from_utf8_lossy(&start[..start.len().min(MAX_FRONT)]);
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let Some(front) = split_front(&text) else { return false };
    let mut lines = front.matter.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#'));
    // Two rules in a text are no front matter: its first line names a key.
    lines.next().is_some_and(|line| {
        let key = line.split_once([':', '=']).map_or("", |(key, _)| key.trim());
        (1..=40).contains(&key.len())
            && key.chars().all(|c| c.is_alphanumeric() || "_-. \"".contains(c))
            && key.split(' ').count() <= 3
    })
}

/// Whether the file begins with `Key: value` lines, a headline among two known keys, and a blank line.
pub(crate) fn has_header_lines(start: &[u8], map: &FieldMap) -> bool {
    let text = String::from_utf8_lossy(&start[..start.len().min(4096)]);
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    header_lines(&text, map).is_some()
}

struct Front<'t> {
    mark: &'static str,
    matter: &'t str,
    body: &'t str,
}

fn split_front(text: &str) -> Option<Front<'_>> {
    for (mark, closings) in [("---", ["---", "..."]), ("+++", ["+++", "+++"])] {
        let Some(rest) = text.strip_prefix(mark) else { continue };
        let (tail, rest) = rest.split_once('\n')?;
        if !tail.trim().is_empty() {
            return None;
        }
        let mut at = 0;
        for line in rest.split_inclusive('\n') {
            if closings.contains(&line.trim_end()) {
                return Some(Front { mark, matter: &rest[..at], body: &rest[at + line.len()..] });
            }
            at += line.len();
            if at > MAX_FRONT {
                return None;
            }
        }
    }
    None
}

/// The header lines and what follows them.
fn header_lines<'t>(text: &'t str, map: &FieldMap) -> Option<(&'t str, &'t str)> {
    let (header, body) = text.split_once("\n\n")?;
    let mut fields = Vec::new();
    for line in header.lines() {
        let (key, _) = line.split_once(": ")?;
        if key.len() > 40 {
            return None;
        }
        if let Some(Role::Field(field)) = map.key(key.trim()).map(|key| key.role) {
            fields.push(field);
        }
    }
    (fields.len() >= 2 && fields.contains(&Field::Headline)).then_some((header, body))
}

fn article(
    content: &str,
    ending: &str,
    origin: &Origin,
    mut notices: Vec<Notice>,
) -> Result<RawArticle, Rejection> {
    let content = content.trim_start();
    let map = origin.map();
    let mut found = Found::default();
    let mut body = content;
    let mut has_fields = false;
    if let Some(front) = split_front(content) {
        body = front.body;
        has_fields = true;
        for (key, value) in members(&front, &mut notices) {
            if let Some(key_use) = map.key(&key) {
                found.offer(map, key_use, &key, value);
            }
        }
    } else if let Some((header, rest)) = header_lines(content, map) {
        body = rest;
        has_fields = true;
        offer_lines(header, map, &mut found);
    }
    let is_markdown = !matches!(ending, "txt" | "text") || looks_like_markdown(body);
    let is_markdown = is_markdown && body.len() <= MAX_MARKDOWN;
    let (headline, text) = if is_markdown { paragraphs(body) } else { (None, body.trim().to_owned()) };
    // A first heading repeats the headline of the front matter, or is the headline.
    if let Some(heading) = headline {
        found.set_default(Field::Headline, heading);
    }
    if has_fields && text.is_empty() {
        return found.into_article(origin.at(None), notices);
    }
    let body_use = super::super::keys::KeyUse { role: Role::Field(Field::Body), rank: 0, is_stem: false };
    found.offer(map, body_use, "body", Value::Text(text.into()));
    found.into_article(origin.at(None), notices)
}

fn members(front: &Front<'_>, notices: &mut Vec<Notice>) -> Vec<(String, Value<'static>)> {
    let parsed = match front.mark {
        "+++" => toml::from_str::<Value<'_>>(front.matter).map(owned).ok(),
        _ => serde_saphyr::from_str::<OwnedValue>(front.matter).map(|value| value.0).ok(),
    };
    if let Some(Value::Object(members)) = parsed {
        return members.into_iter().map(|(key, value)| (key.into_owned(), value)).collect();
    }
    if !front.matter.trim().is_empty() {
        let message = "the front matter is not well-formed; its lines were read one by one";
        notices.push(Notice::new(NoticeKind::BadField, message));
    }
    let line = |line: &str| {
        let (key, value) = line.split_once([':', '='])?;
        let value = value.trim().trim_matches(['"', '\'']);
        let is_key = !key.is_empty() && !key.starts_with([' ', '\t', '-', '#']);
        (is_key && !value.is_empty()).then(|| (key.trim().to_owned(), Value::Text(value.to_owned().into())))
    };
    front.matter.lines().filter_map(line).collect()
}

fn offer_lines(header: &str, map: &FieldMap, found: &mut Found<'static>) {
    for line in header.lines() {
        let Some((key, value)) = line.split_once(": ") else { continue };
        if let Some(key_use) = map.key(key.trim()) {
            found.offer(map, key_use, key, Value::Text(value.trim().to_owned().into()));
        }
    }
}

struct OwnedValue(Value<'static>);

impl<'de> serde::Deserialize<'de> for OwnedValue {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Value::deserialize(deserializer).map(|value| OwnedValue(owned(value)))
    }
}

fn owned(value: Value<'_>) -> Value<'static> {
    match value {
        Value::Null => Value::Null,
        Value::Bool(value) => Value::Bool(value),
        Value::Number(value) => Value::Number(value),
        Value::Text(text) => Value::Text(text.into_owned().into()),
        Value::List(values) => Value::List(values.into_iter().map(owned).collect()),
        Value::Object(members) => Value::Object(
            members.into_iter().map(|(key, value)| (key.into_owned().into(), owned(value))).collect(),
        ),
    }
}

fn looks_like_markdown(body: &str) -> bool {
    body.lines().any(|line| line.starts_with("# ") || line.starts_with("## ")) || body.contains("](http")
}

/// The first heading of level one that stands before any paragraph, and the paragraphs, a blank line between two.
fn paragraphs(markdown: &str) -> (Option<String>, String) {
    let mut headline = None;
    let mut blocks: Vec<String> = Vec::new();
    let mut block = String::new();
    let mut quiet = 0usize;
    let mut in_headline = false;
    let flush = |block: &mut String, blocks: &mut Vec<String>| {
        let text = block.trim();
        if !text.is_empty() {
            blocks.push(text.to_owned());
        }
        block.clear();
    };
    for event in Parser::new_ext(
        markdown,
        Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_FOOTNOTES,
    ) {
        match event {
            Event::Start(Tag::Heading { level, .. }) => {
                flush(&mut block, &mut blocks);
                in_headline = level == HeadingLevel::H1 && blocks.is_empty() && headline.is_none();
            }
            Event::End(TagEnd::Heading(_)) if in_headline => {
                headline = Some(std::mem::take(&mut block).trim().to_owned());
                in_headline = false;
            }
            Event::Start(Tag::Image { .. } | Tag::CodeBlock(_) | Tag::FootnoteDefinition(_)) => quiet += 1,
            Event::End(TagEnd::Image | TagEnd::CodeBlock | TagEnd::FootnoteDefinition) => {
                quiet = quiet.saturating_sub(1)
            }
            Event::Start(
                Tag::Paragraph | Tag::Item | Tag::TableRow | Tag::TableHead | Tag::BlockQuote(_),
            )
            | Event::End(
                TagEnd::Paragraph
                | TagEnd::Item
                | TagEnd::Heading(_)
                | TagEnd::TableRow
                | TagEnd::TableHead
                | TagEnd::BlockQuote(_),
            )
            | Event::Rule => flush(&mut block, &mut blocks),
            Event::Text(text) | Event::Code(text) if quiet == 0 => block.push_str(&text),
            Event::SoftBreak | Event::End(TagEnd::TableCell) if quiet == 0 => block.push(' '),
            Event::HardBreak if quiet == 0 => block.push('\n'),
            _ => {}
        }
    }
    flush(&mut block, &mut blocks);
    (headline, blocks.join("\n\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_becomes_paragraphs() {
        let text = "# Levee vote\n\nThe *council*\nmet on [Monday](http://x).\n\n> “We will,” she said.\n\n- one\n- two\n\n![photo](a.png)\n\n## Next\n\n1. First";
        let (headline, body) = paragraphs(text);
        assert_eq!(headline.as_deref(), Some("Levee vote"));
        assert_eq!(body, "The council met on Monday.\n\n“We will,” she said.\n\none\n\ntwo\n\nNext\n\nFirst");
    }

    #[test]
    fn splits_front_matter() {
        assert!(has_front_matter(b"---\ntitle: x\n---\nbody"));
        assert!(has_front_matter(b"---\r\ntitle: x\r\n---\r\nbody"));
        assert!(has_front_matter(b"+++\ntitle = \"x\"\n+++\nbody"));
        assert!(!has_front_matter(b"---\n\nA rule, then text\n\n---\nmore"));
        assert!(!has_front_matter(b"--- not front\n---\n"));
        assert!(!has_front_matter(b"---\ntitle: x\n"));
    }
}
