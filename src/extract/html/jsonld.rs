//! JSON-LD as pages really write it: several blocks, graphs, references by `@id`, broken JSON.
//!
//! In: the texts of a page's JSON-LD scripts. Out: the description of its article, if there is one. One broken block
//! never costs the others: it is repaired, and when that fails its plain `"key": "value"` pairs are read one by one.

use std::collections::HashMap;

use serde_json::Value;

use super::scan::collapse;

/// What JSON-LD says about the article of the page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LdArticle {
    /// `headline`, else `name`.
    pub headline: Option<String>,
    /// `description`.
    pub description: Option<String>,
    /// `datePublished`.
    pub published: Option<String>,
    /// `dateCreated`, else `uploadDate`.
    pub created: Option<String>,
    /// `dateModified`.
    pub modified: Option<String>,
    /// Names under `author` and `creator` that are not organisations.
    pub authors: Vec<String>,
    /// `publisher.name`.
    pub publisher: Option<String>,
    /// `articleSection`, the first.
    pub section: Option<String>,
    /// `url`, `mainEntityOfPage`.
    pub url: Option<String>,
    /// `inLanguage`.
    pub lang: Option<String>,
    /// `articleBody`.
    pub body: Option<String>,
}

/// Everything JSON-LD says.
#[derive(Clone, Debug, Default)]
pub struct LdPage {
    /// The article.
    pub article: Option<LdArticle>,
    /// Name of a `WebSite`.
    pub site: Option<String>,
    /// Name of a `NewsMediaOrganization` or, failing that, of the only organisation.
    pub organization: Option<String>,
}

/// Reads all blocks; `is_article` says which `@type`s are articles, `title` is what the page calls itself elsewhere
/// and chooses between several.
pub fn read(blocks: &[String], is_article: impl Fn(&str) -> bool, title: Option<&str>) -> LdPage {
    let mut values = Vec::new();
    let mut salvaged = None;
    for block in blocks {
        let parsed = parse(block);
        if parsed.is_empty() && salvaged.is_none() {
            salvaged = salvage(block);
        }
        values.extend(parsed);
    }
    let mut graph = Graph::default();
    for value in &values {
        graph.add(value, 0);
    }
    let mut page = LdPage::default();
    let mut best: Option<(usize, LdArticle)> = None;
    for node in &graph.nodes {
        let types = types_of(node);
        if types.iter().any(|kind| is_article(kind)) {
            let article = graph.article(node);
            let score = rank(&article, title);
            if best.as_ref().is_none_or(|(top, _)| score > *top) {
                best = Some((score, article));
            }
        } else if types.iter().any(|kind| kind == "WebSite") {
            page.site = page.site.or_else(|| text_at(node, "name"));
        } else if types.iter().any(|kind| kind.ends_with("Organization")) {
            page.organization = page.organization.or_else(|| text_at(node, "name"));
        }
    }
    page.article = best.map(|(_, article)| article).or(salvaged);
    page
}

/// An article that calls itself what the page calls itself beats the others; then one with date, authors, headline.
fn rank(article: &LdArticle, title: Option<&str>) -> usize {
    let same = match (title, &article.headline) {
        (Some(title), Some(headline)) => super::headline::share(headline, title) > 0.6,
        _ => false,
    };
    usize::from(same) * 8
        + usize::from(article.published.is_some()) * 4
        + usize::from(!article.authors.is_empty()) * 2
        + usize::from(article.headline.is_some())
}

#[derive(Default)]
struct Graph<'v> {
    nodes: Vec<&'v Value>,
    by_id: HashMap<&'v str, &'v Value>,
}

const MAX_NESTING: usize = 6;

impl<'v> Graph<'v> {
    fn add(&mut self, value: &'v Value, nesting: usize) {
        if nesting > MAX_NESTING {
            return;
        }
        match value {
            Value::Array(items) => items.iter().for_each(|item| self.add(item, nesting + 1)),
            Value::Object(object) => {
                if object.len() > 1 {
                    if let Some(Value::String(id)) = object.get("@id") {
                        self.by_id.entry(id).or_insert(value);
                    }
                    self.nodes.push(value);
                }
                for key in [
                    "@graph",
                    "mainEntity",
                    "mainEntityOfPage",
                    "itemReviewed",
                    "author",
                    "publisher",
                    "isPartOf",
                ] {
                    if let Some(inner) = object.get(key) {
                        self.add(inner, nesting + 1);
                    }
                }
            }
            _ => {}
        }
    }

    fn resolve(&self, value: &'v Value) -> &'v Value {
        let id = value
            .as_object()
            .filter(|object| !object.contains_key("name"))
            .and_then(|object| object.get("@id"));
        let id = id.or(Some(value).filter(|value| value.is_string()));
        id.and_then(Value::as_str).and_then(|id| self.by_id.get(id)).copied().unwrap_or(value)
    }

    fn article(&self, node: &'v Value) -> LdArticle {
        let mut authors = Vec::new();
        for key in ["author", "creator"] {
            if let (true, Some(value)) = (authors.is_empty(), node.get(key)) {
                self.names(value, &mut authors, 0);
            }
        }
        LdArticle {
            headline: text_at(node, "headline")
                .or_else(|| text_at(node, "name"))
                .or_else(|| text_at(node, "title")),
            description: text_at(node, "description"),
            published: text_at(node, "datePublished"),
            created: text_at(node, "dateCreated").or_else(|| text_at(node, "uploadDate")),
            modified: text_at(node, "dateModified"),
            authors,
            publisher: node.get("publisher").and_then(|publisher| self.name(publisher)),
            section: text_at(node, "articleSection"),
            url: text_at(node, "url").or_else(|| {
                let main = node.get("mainEntityOfPage")?;
                text_of(main).or_else(|| text_at(main, "@id"))
            }),
            lang: text_at(node, "inLanguage"),
            body: node.get("articleBody").and_then(Value::as_str).map(str::to_owned),
        }
    }

    fn name(&self, value: &'v Value) -> Option<String> {
        let value = match value {
            Value::Array(items) => items.first()?,
            other => other,
        };
        let value = self.resolve(value);
        text_at(value, "name").or_else(|| text_of(value))
    }

    fn names(&self, value: &'v Value, out: &mut Vec<String>, nesting: usize) {
        if nesting > MAX_NESTING {
            return;
        }
        match self.resolve(value) {
            Value::Array(items) => items.iter().for_each(|item| self.names(item, out, nesting + 1)),
            Value::String(name) => out.extend(plain(name)),
            object @ Value::Object(_) => {
                if types_of(object)
                    .iter()
                    .any(|kind| kind.ends_with("Organization") || kind == "Corporation" || kind == "Brand")
                {
                    return;
                }
                match object.get("name") {
                    Some(name) => self.names(name, out, nesting + 1),
                    None => {
                        if let (Some(given), Some(family)) =
                            (text_at(object, "givenName"), text_at(object, "familyName"))
                        {
                            out.push(format!("{given} {family}"));
                        }
                    }
                }
            }
            _ => {}
        }
    }
}

fn types_of(value: &Value) -> Vec<String> {
    let own = |kind: &Value| {
        kind.as_str().map(|kind| kind.rsplit(['/', ':', '#']).next().unwrap_or(kind).to_owned())
    };
    match value.get("@type") {
        Some(Value::Array(kinds)) => kinds.iter().filter_map(own).collect(),
        Some(kind) => own(kind).into_iter().collect(),
        None => Vec::new(),
    }
}

fn text_at(value: &Value, key: &str) -> Option<String> {
    value.get(key).and_then(text_of)
}

fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => plain(text),
        Value::Number(number) => Some(number.to_string()),
        Value::Array(items) => items.iter().find_map(text_of),
        Value::Object(object) => object.get("@value").and_then(text_of),
        _ => None,
    }
}

/// A value without entities (also doubly escaped ones), tags and needless white space; `None` when nothing is left.
pub fn plain(text: &str) -> Option<String> {
    let mut text = std::borrow::Cow::Borrowed(text);
    for _ in 0..2 {
        if !text.contains('&') {
            break;
        }
        text = std::borrow::Cow::Owned(htmlize::unescape(text.as_ref()).into_owned());
    }
    let without_tags = if text.contains('<') { strip_tags(&text) } else { text.into_owned() };
    let text = collapse(&without_tags);
    (!text.is_empty() && text != "null" && text != "undefined").then_some(text)
}

fn strip_tags(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        out.push_str(&rest[..at]);
        let tag = &rest[at + 1..];
        let is_tag = tag.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '!');
        match tag.find('>') {
            Some(end) if is_tag => {
                out.push(' ');
                rest = &tag[end + 1..];
            }
            _ => {
                out.push('<');
                rest = tag;
            }
        }
    }
    out.push_str(rest);
    out
}

/// All values of a block; empty when it cannot be repaired.
fn parse(block: &str) -> Vec<Value> {
    let text = unwrap(block);
    if text.is_empty() {
        return Vec::new();
    }
    if let Ok(value) = serde_json::from_str(text) {
        return vec![value];
    }
    let repaired = repair(text);
    let mut values = Vec::new();
    for value in serde_json::Deserializer::from_str(&repaired).into_iter::<Value>() {
        match value {
            Ok(value) => values.push(value),
            Err(_) => break,
        }
    }
    values
}

/// Takes comment and CDATA wrappers and trailing semicolons off.
fn unwrap(block: &str) -> &str {
    let mut text = block.trim();
    for wrapper in ["<!--", "//<![CDATA[", "/*<![CDATA[*/", "<![CDATA[", "//"] {
        text = text.strip_prefix(wrapper).map_or(text, str::trim_start);
    }
    for wrapper in ["-->", "//]]>", "/*]]>*/", "]]>", "//", ";"] {
        text = text.strip_suffix(wrapper).map_or(text, str::trim_end);
    }
    text
}

/// Control characters inside strings become spaces, trailing commas go, stray backslashes are doubled.
fn repair(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut in_string = false;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if in_string {
            match c {
                '"' => in_string = false,
                '\\' => {
                    let known = chars.peek().is_some_and(|next| {
                        matches!(next, '"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't' | 'u')
                    });
                    out.push('\\');
                    match chars.next_if(|_| known) {
                        Some(next) => out.push(next),
                        None => out.push('\\'),
                    }
                    continue;
                }
                c if c.is_control() => {
                    out.push(' ');
                    continue;
                }
                _ => {}
            }
        } else {
            match c {
                '"' => in_string = true,
                ']' | '}' => {
                    let kept = out.trim_end().trim_end_matches(',').len();
                    out.truncate(kept);
                }
                ';' => continue,
                _ => {}
            }
        }
        out.push(c);
    }
    out
}

/// Plain `"key": "value"` pairs of a block that is beyond repair.
fn salvage(block: &str) -> Option<LdArticle> {
    let headline = salvage_text(block, "headline");
    let published = salvage_text(block, "datePublished");
    if headline.is_none() && published.is_none() {
        return None;
    }
    let author =
        block.find("\"author\"").map(|at| block[at..].chars().take(SALVAGE_REACH).collect::<String>());
    let authors =
        author.and_then(|near| salvage_text(&near, "name").or_else(|| salvage_text(&near, "author")));
    Some(LdArticle { headline, published, authors: authors.into_iter().collect(), ..LdArticle::default() })
}

/// How far behind `"author"` its name is looked for, in characters.
const SALVAGE_REACH: usize = 400;

fn salvage_text(block: &str, key: &str) -> Option<String> {
    let quoted = format!("\"{key}\"");
    let after =
        block.split_once(&quoted)?.1.trim_start().strip_prefix(':')?.trim_start().strip_prefix('"')?;
    let mut text = String::new();
    let mut chars = after.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => return plain(&text),
            '\\' => text.extend(chars.next()),
            _ if text.len() > 1_000 => return None,
            c => text.push(c),
        }
    }
    None
}
