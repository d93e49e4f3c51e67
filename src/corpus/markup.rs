//! Tags and entities inside the fields of structured records.
//!
//! In: a field's text. Out: whether it is a piece of an HTML page (it has blocks) or text, with the few inline tags and the
//! entities of an export made plain. Text that only happens to hold `<` stays untouched.

use std::borrow::Cow;

use super::value::Value;

/// What a body field turned out to be.
pub(crate) enum Markup {
    /// HTML with blocks: for the page extractor.
    Page(String),
    /// Text.
    Text(String),
}

/// Elements that make blocks: one of them, opened or closed, makes a body HTML.
const BLOCKS: [&str; 26] = [
    "p",
    "br",
    "div",
    "li",
    "ul",
    "ol",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "blockquote",
    "article",
    "section",
    "figure",
    "table",
    "tr",
    "td",
    "html",
    "body",
    "head",
    "main",
    "header",
    "footer",
    "script",
];

/// Elements inside a paragraph: they are taken out and their text stays.
const INLINE: [&str; 14] =
    ["a", "b", "i", "u", "em", "strong", "span", "small", "sup", "sub", "mark", "font", "cite", "q"];

/// Judges a body.
pub(crate) fn judge(text: String) -> Markup {
    let text = match text.contains('<') {
        true => text,
        // An export that escaped its HTML once too often shows `&lt;p&gt;`.
        false if text.contains('&') && text.contains("&lt;") => htmlize::unescape(text.as_str()).into_owned(),
        false => return Markup::Text(unescaped(text)),
    };
    let mut has_inline = false;
    let mut has_blocks = false;
    for (_, tag) in tags(&text) {
        has_blocks = BLOCKS.contains(&tag.name.as_str());
        has_inline |= INLINE.contains(&tag.name.as_str());
        if has_blocks {
            break;
        }
    }
    if has_blocks {
        return Markup::Page(text);
    }
    // Without a single closing tag it is `a <b and c> d`.
    if has_inline && text.contains("</") {
        return Markup::Text(unescaped(without_inline(&text)));
    }
    Markup::Text(unescaped(text))
}

/// A field of one line: tags and entities made plain, runs of white space one space.
pub(crate) fn one_line(text: &str) -> String {
    let text = if text.contains('<') { Cow::Owned(without_inline(text)) } else { Cow::Borrowed(text) };
    let text = if text.contains('&') { Cow::Owned(unescaped(text.into_owned())) } else { text };
    let mut line = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    line
}

/// The text member of an object that holds a body (`{"rendered": "<p>…"}`); the members back when there is none.
pub(crate) fn text_member<'a>(
    members: Vec<(Cow<'a, str>, Value<'a>)>,
) -> Result<Value<'a>, Vec<(Cow<'a, str>, Value<'a>)>> {
    let position = ["rendered", "#text", "@value", "value", "html", "text", "plain"].iter().find_map(|key| {
        members.iter().position(|(name, value)| name == key && matches!(value, Value::Text(_)))
    });
    // An object with a headline of its own is a record inside the record, not a text.
    let is_record = members.iter().any(|(name, _)| matches!(name.as_ref(), "title" | "headline"));
    match position {
        Some(position) if !is_record => {
            Ok(members.into_iter().nth(position).map_or(Value::Null, |(_, value)| value))
        }
        _ => Err(members),
    }
}

fn unescaped(text: String) -> String {
    let has_entity = text.match_indices('&').any(|(at, _)| is_entity(&text.as_bytes()[at + 1..]));
    if !has_entity {
        return text;
    }
    htmlize::unescape(text.as_str()).replace('\u{a0}', " ").replace('\u{ad}', "")
}

fn is_entity(rest: &[u8]) -> bool {
    let end = rest.iter().take(MAX_ENTITY).position(|byte| *byte == b';');
    end.is_some_and(|end| {
        end >= 2 && rest[..end].iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'#')
    })
}

const MAX_ENTITY: usize = 32;

struct Tag {
    name: String,
    end: usize,
}

/// Whatever has the form of a tag, with its place.
fn tags(text: &str) -> impl Iterator<Item = (usize, Tag)> {
    // Once no `>` follows, none follows any later `<` either: this keeps a megabyte of `<a` linear.
    let last_close = text.rfind('>').unwrap_or(0);
    text.match_indices('<').take_while(move |(at, _)| *at < last_close).filter_map(|(at, _)| {
        let rest = &text[at + 1..];
        let inner = rest.strip_prefix('/').unwrap_or(rest);
        let name_len = inner.bytes().take(MAX_TAG_NAME).take_while(u8::is_ascii_alphanumeric).count();
        let after = *inner.as_bytes().get(name_len)?;
        if name_len == 0 || !(after == b'>' || after == b'/' || after.is_ascii_whitespace()) {
            return None;
        }
        let window = inner.as_bytes().iter().take(MAX_TAG).position(|byte| *byte == b'>')?;
        let end = text.len() - inner.len() + window + 1;
        Some((at, Tag { name: inner[..name_len].to_ascii_lowercase(), end }))
    })
}

const MAX_TAG_NAME: usize = 12;

/// A longer tag is none; the bound keeps a text of open tags linear.
const MAX_TAG: usize = 4096;

fn without_inline(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut copied = 0;
    for (at, tag) in tags(text) {
        let is_known = INLINE.contains(&tag.name.as_str()) || BLOCKS.contains(&tag.name.as_str());
        if !is_known || at < copied {
            continue;
        }
        out.push_str(&text[copied..at]);
        if BLOCKS.contains(&tag.name.as_str()) {
            out.push(' ');
        }
        copied = tag.end;
    }
    out.push_str(&text[copied..]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_text(body: &str, expected: &str) {
        match judge(body.to_owned()) {
            Markup::Text(text) => assert_eq!(text, expected),
            Markup::Page(html) => panic!("taken for a page: {html}"),
        }
    }

    #[track_caller]
    fn check_page(body: &str) {
        assert!(matches!(judge(body.to_owned()), Markup::Page(_)), "{body}");
    }

    #[test]
    fn tells_pages_from_text() {
        check_page("<p>The council met.</p>");
        check_page("The council met.<br/>It voted.");
        check_page("&lt;p&gt;The council met.&lt;/p&gt;");
        check_text("a < b and c > d, <3, <tweet id=1> stays", "a < b and c > d, <3, <tweet id=1> stays");
        check_text("It <em>will</em> <a href=\"x\">appeal</a>.\n\nNext.", "It will appeal.\n\nNext.");
        check_text("AT&T &amp; R&D; &#8220;yes&#8221;&nbsp;&hellip;", "AT&T & R&D; “yes” …");
        check_text("&bogus; R&B", "&bogus; R&B");
    }

    #[test]
    fn makes_one_line() {
        assert_eq!(one_line(" Levee <i>vote</i>\n  &amp; more<br>now "), "Levee vote & more now");
    }

    #[test]
    fn is_linear_on_open_tags() {
        let text = "<a ".repeat(300_000);
        check_text(&text, &text);
        let text = format!("{}>", "<x ".repeat(300_000));
        check_text(&text, &text);
    }
}
