//! Just enough XML to read feeds: the children of one element, leniently.
//!
//! In: the text between an element's tags. Out: its direct children with attributes and content. Broken markup gives fewer
//! children, never an error; the work is linear.

use std::borrow::Cow;

/// A direct child.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Element<'t> {
    /// Name as written, with its prefix.
    pub(crate) name: &'t str,
    /// What stands between the name and the tag's end.
    attributes: &'t str,
    /// What stands between its tags.
    pub(crate) content: &'t str,
}

impl<'t> Element<'t> {
    /// The value of an attribute.
    pub(crate) fn attribute(&self, name: &str) -> Option<Cow<'t, str>> {
        let mut rest = self.attributes;
        loop {
            let equals = rest.find('=')?;
            let key = rest[..equals].trim().rsplit(char::is_whitespace).next().unwrap_or("");
            let value = rest[equals + 1..].trim_start();
            let mark = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
            let end = value[1..].find(mark)? + 1;
            if key == name {
                return Some(htmlize::unescape(&value[1..end]));
            }
            rest = &value[end + 1..];
        }
    }

    /// The content as text: entities resolved once, CDATA as it is, tags left in.
    pub(crate) fn text(&self) -> String {
        let mut text = String::with_capacity(self.content.len());
        let mut rest = self.content;
        while let Some(at) = rest.find(CDATA) {
            text.push_str(&htmlize::unescape(&rest[..at]));
            rest = &rest[at + CDATA.len()..];
            let end = rest.find("]]>");
            text.push_str(&rest[..end.unwrap_or(rest.len())]);
            rest = end.map_or("", |end| &rest[end + 3..]);
        }
        text.push_str(&htmlize::unescape(rest));
        text
    }

    /// The first child called `name`.
    pub(crate) fn child(&self, name: &str) -> Option<Element<'t>> {
        children(self.content).find(|child| child.name == name)
    }
}

const CDATA: &str = "<![CDATA[";

/// The direct children in `content`.
pub(crate) fn children(content: &str) -> impl Iterator<Item = Element<'_>> {
    let mut rest = content;
    std::iter::from_fn(move || {
        let (element, after) = next_element(rest)?;
        rest = after;
        Some(element)
    })
}

fn next_element(text: &str) -> Option<(Element<'_>, &str)> {
    let mut rest = text;
    loop {
        rest = &rest[rest.find('<')?..];
        match Token::at(rest)? {
            Token::Open { name, attributes, len, is_empty } => {
                let after = &rest[len..];
                if is_empty {
                    return Some((Element { name, attributes, content: "" }, after));
                }
                let (content, after) = until_close(after, name);
                return Some((Element { name, attributes, content }, after));
            }
            Token::Close { len, .. } | Token::Other { len } => rest = &rest[len..],
        }
    }
}

/// The content up to the closing tag of `name`, and what follows it; everything when it is never closed.
fn until_close<'t>(text: &'t str, name: &str) -> (&'t str, &'t str) {
    let mut depth = 0usize;
    let mut at = 0;
    while let Some(step) = text[at..].find('<') {
        at += step;
        let Some(token) = Token::at(&text[at..]) else { break };
        match token {
            Token::Open { name: inner, is_empty, len, .. } => {
                depth += usize::from(inner == name && !is_empty);
                at += len;
            }
            Token::Close { name: inner, len } => {
                if inner == name {
                    if depth == 0 {
                        return (&text[..at], &text[at + len..]);
                    }
                    depth -= 1;
                }
                at += len;
            }
            Token::Other { len } => at += len,
        }
    }
    (text, "")
}

enum Token<'t> {
    Open {
        name: &'t str,
        attributes: &'t str,
        len: usize,
        is_empty: bool,
    },
    Close {
        name: &'t str,
        len: usize,
    },
    /// A comment, CDATA, an instruction, or a lone `<`.
    Other {
        len: usize,
    },
}

impl<'t> Token<'t> {
    /// The token at the `<` that `text` begins with; `None` when it does not end.
    fn at(text: &'t str) -> Option<Token<'t>> {
        for (open, close) in [("<!--", "-->"), (CDATA, "]]>"), ("<?", "?>")] {
            if text.starts_with(open) {
                return Some(Token::Other { len: text.find(close)? + close.len() });
            }
        }
        let inner = &text[1..];
        if let Some(inner) = inner.strip_prefix('/') {
            let end = inner.find('>')?;
            return Some(Token::Close { name: inner[..end].trim(), len: end + 3 });
        }
        if !inner.starts_with(|c: char| c.is_alphabetic() || c == '_') {
            return Some(Token::Other { len: 1 });
        }
        let name_end = inner.find(|c: char| c.is_whitespace() || matches!(c, '>' | '/'))?;
        let end = tag_end(inner, name_end)?;
        let is_empty = inner[..end].ends_with('/');
        let attributes = inner[name_end..end].trim_end_matches('/');
        Some(Token::Open { name: &inner[..name_end], attributes, len: end + 2, is_empty })
    }
}

/// The `>` that ends a tag, not one inside an attribute's value.
fn tag_end(inner: &str, from: usize) -> Option<usize> {
    let mut mark = None;
    for (at, byte) in inner.bytes().enumerate().skip(from) {
        match (mark, byte) {
            (None, b'>') => return Some(at),
            (None, b'"' | b'\'') => mark = Some(byte),
            (Some(open), byte) if byte == open => mark = None,
            _ => {}
        }
    }
    // A mark too many: the next `>` it is.
    inner[from..].find('>').map(|at| from + at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_children() {
        let text = "<a x='1 > 0' y=\"&amp;\">one &amp; <![CDATA[<b>two</b>]]></a> <!-- <c/> --><d/><e><e>in</e></e><f>open";
        let all: Vec<_> = children(text).collect();
        assert_eq!(all.iter().map(|element| element.name).collect::<Vec<_>>(), ["a", "d", "e", "f"]);
        assert_eq!(all[0].attribute("x").as_deref(), Some("1 > 0"));
        assert_eq!(all[0].attribute("y").as_deref(), Some("&"));
        assert_eq!(all[0].text(), "one & <b>two</b>");
        assert_eq!(all[2].content, "<e>in</e>");
        assert_eq!(all[3].text(), "open");
    }

    #[test]
    fn broken_markup_gives_fewer_children() {
        assert_eq!(children("< a <b").count(), 0);
        assert_eq!(children("<a>x</a><b attr='never ends").count(), 1);
        assert_eq!(children("<![CDATA[ never ends").count(), 0);
    }
}
