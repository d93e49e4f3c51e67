//! One walk over the parsed page: everything the field cascades and the block filter need to know.
//!
//! In: a parsed [`Document`]. Out: a [`Scan`] of facts in document order (meta tags, JSON-LD texts, headings, times,
//! bylines, blocks of visible text). Judges nothing: which fact answers which field is decided in the sibling modules.

use std::collections::HashMap;

use trafilatura::dom::{Document, NodeId};

use super::rules::{HtmlRules, names};

/// What kind of element a block of text stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BlockTag {
    /// `p`, `div`, `section`, bare text: running text.
    Text,
    /// `h1` to `h6`.
    Heading(u8),
    /// `li`, `dt`, `dd`.
    Item,
    /// Inside `blockquote`.
    Quote,
    /// `td`, `th`.
    Cell,
    /// `figcaption` or anything inside `figure`.
    Caption,
}

/// Where on the page a block stands, as far as the markup says so. Bits of [`Block::zone`].
pub mod zone {
    /// Inside `nav`, `header` of the site, `footer`, `aside`, a menu.
    pub const CHROME: u8 = 1;
    /// Inside `figure`.
    pub const FIGURE: u8 = 2;
    /// Not shown: `hidden`, `aria-hidden`, `display:none`.
    pub const HIDDEN: u8 = 4;
    /// Inside `article`, `main` or an element marked as the article's body.
    pub const ARTICLE: u8 = 8;
    /// Inside an element whose class or id says it is furniture (see also [`Scan::is_furniture`](super::Scan::is_furniture)).
    pub const NAMED: u8 = 16;
    /// Inside the comments of readers.
    pub const COMMENTS: u8 = 32;
}

/// A run of text between two block borders.
#[derive(Clone, Debug)]
pub struct Block {
    /// The text, white space collapsed.
    pub text: String,
    /// Its element.
    pub tag: BlockTag,
    /// The innermost block element around it, lists and quotations passed over.
    pub element: NodeId,
    /// Its parent.
    pub parent: Option<NodeId>,
    /// The parent of that.
    pub outer: Option<NodeId>,
    /// Bytes of `text` that are link text.
    pub link_len: usize,
    /// Bits of [`zone`].
    pub zone: u8,
    /// The element of [`Scan::furniture`] it stands in.
    pub furniture: Option<usize>,
}

impl Scan {
    /// The texts of headings that may be the page's own title: first-level ones, then second and third.
    pub fn titles(&self) -> impl Iterator<Item = &str> {
        let shown = |zone: u8| zone & (zone::HIDDEN | zone::COMMENTS) == 0;
        let lower = move |block: &&Block| matches!(block.tag, BlockTag::Heading(2 | 3)) && shown(block.zone);
        let first = self.headings.iter().filter(move |mark| shown(mark.zone)).map(|mark| mark.text.as_str());
        first.chain(self.blocks.iter().filter(lower).take(40).map(|block| block.text.as_str()))
    }
}

impl Block {
    /// Whether it is a paragraph of running text: long, ends like a sentence, mostly not link.
    pub fn is_running(&self) -> bool {
        self.text.len() > RUNNING_LEN && self.link_len * 2 < self.text.len() && ends_sentence(&self.text)
    }
}

/// An element whose class, id or role says that it is furniture.
#[derive(Clone, Copy, Debug)]
pub struct Furniture {
    /// The element.
    pub node: NodeId,
    /// Bytes of text inside it.
    pub len_bytes: usize,
    /// Paragraphs of running text inside it.
    pub n_running: usize,
    /// Its name leaves no doubt (consent, comments): running text inside does not acquit it.
    pub certain: bool,
}

/// An element that may name the author, the date or the headline.
#[derive(Clone, Debug)]
pub struct Mark {
    /// Its visible text, white space collapsed, cut at 300 bytes.
    pub text: String,
    /// `datetime` or `content`, where given.
    pub value: Option<String>,
    /// Number of blocks before it.
    pub block_idx: usize,
    /// Bits of [`zone`].
    pub zone: u8,
    /// Innermost `article` around it.
    pub article: Option<NodeId>,
    /// Its class names.
    pub class: String,
    /// Whether the markup itself says what it is (`rel=author`, `itemprop`), not only a class name.
    pub declared: bool,
}

/// Everything seen on the page, in document order.
#[derive(Default)]
pub struct Scan {
    /// `name`, `property` or `itemprop` in lower case, and `content`.
    pub metas: Vec<(String, String)>,
    /// Texts of JSON-LD scripts.
    pub json_ld: Vec<String>,
    /// The scripts themselves.
    pub scripts: Vec<NodeId>,
    /// `<title>`.
    pub title: Option<String>,
    /// `lang` of `<html>`.
    pub lang: Option<String>,
    /// `<link rel=canonical>`.
    pub canonical: Option<String>,
    /// First-level headings and elements marked as the headline.
    pub headings: Vec<Mark>,
    /// `time` elements and elements named after dates.
    pub times: Vec<Mark>,
    /// Elements named after authors.
    pub bylines: Vec<Mark>,
    /// Visible text.
    pub blocks: Vec<Block>,
    /// Elements whose class, id or role says that they are furniture; outermost only.
    pub furniture: Vec<Furniture>,
    /// Elements on the page.
    pub n_elements: usize,
    /// Bytes of text on the page.
    pub len_bytes: usize,
}

impl Scan {
    /// The first non-empty `content` of a meta tag called `name` (lower case).
    pub fn meta(&self, name: &str) -> Option<&str> {
        self.metas
            .iter()
            .find(|(key, value)| key == name && !value.trim().is_empty())
            .map(|(_, value)| value.as_str())
    }

    /// Whether an element of [`Scan::furniture`] is what its name says: one that holds paragraphs or much of the page's
    /// text is the article in a wrapper with a misleading name.
    pub fn is_furniture(&self, idx: usize) -> bool {
        let Some(found) = self.furniture.get(idx) else { return false };
        let is_small = found.len_bytes < FURNITURE_LEN || found.len_bytes * 4 < self.len_bytes;
        if found.certain {
            return found.len_bytes * 10 < self.len_bytes * 7;
        }
        is_small && found.n_running < 2
    }

    /// All contents of meta tags called `name`.
    pub fn metas<'s>(&'s self, name: &'s str) -> impl Iterator<Item = &'s str> {
        self.metas.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// Walks the page once.
pub fn scan(doc: &Document, rules: &HtmlRules) -> Scan {
    let mut walk = Walk {
        doc,
        rules,
        out: Scan::default(),
        known_names: HashMap::new(),
        n_marks: 0,
        pending: String::new(),
        pending_link: 0,
    };
    let root = doc.root();
    let mut stack: Vec<Step> = vec![Step::Enter(root, Place::top(root))];
    while let Some(step) = stack.pop() {
        match step {
            Step::Enter(node, place) => walk.enter(node, place, &mut stack),
            Step::Leave(place) => walk.flush(&place),
        }
    }
    walk.flush(&Place::top(root));
    walk.out
}

/// Collapses white space: no leading, trailing or double spaces, no line breaks.
pub fn collapse(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split(|c: char| c.is_whitespace() || c == '\u{200b}' || c == '\u{feff}') {
        if word.is_empty() {
            continue;
        }
        if !out.is_empty() {
            out.push(' ');
        }
        out.extend(word.chars().filter(|c| *c != '\u{ad}'));
    }
    out
}

#[derive(Clone, Copy)]
struct Place {
    block: NodeId,
    parent: Option<NodeId>,
    outer: Option<NodeId>,
    tag: BlockTag,
    zone: u8,
    article: Option<NodeId>,
    furniture: Option<usize>,
    in_link: bool,
}

impl Place {
    fn top(root: NodeId) -> Place {
        Place {
            block: root,
            parent: None,
            outer: None,
            tag: BlockTag::Text,
            zone: 0,
            article: None,
            furniture: None,
            in_link: false,
        }
    }
}

enum Step {
    Enter(NodeId, Place),
    Leave(Place),
}

struct Walk<'d> {
    doc: &'d Document,
    rules: &'d HtmlRules,
    out: Scan,
    known_names: HashMap<String, u8>,
    n_marks: usize,
    pending: String,
    pending_link: usize,
}

/// Bytes from which a block that ends like a sentence is a paragraph of running text.
pub const RUNNING_LEN: usize = 100;

/// Bytes of text below which a named element is furniture whatever its share of the page.
const FURNITURE_LEN: usize = 600;

/// Longest text of a mark, in bytes or a little more.
const MARK_LEN: usize = 300;
/// Longest title, in characters or a little more.
const MAX_TITLE: usize = 1_000;
/// Most marks of a page: those of the article stand early, and pages of lists have thousands.
const MAX_MARKS: usize = 1_000;

impl Walk<'_> {
    fn enter(&mut self, node: NodeId, place: Place, stack: &mut Vec<Step>) {
        if self.doc.is_text(node) {
            let text = self.doc.text_content(node);
            if place.in_link {
                self.pending_link += text.split_whitespace().map(str::len).sum::<usize>();
            }
            self.pending.push_str(&text);
            return;
        }
        if !self.doc.is_element(node) {
            return self.push_children(node, place, stack);
        }
        self.out.n_elements += 1;
        let tag = self.doc.tag_name(node);
        match tag {
            "script" => return self.script(node),
            "style" | "noscript" | "template" | "svg" | "iframe" | "select" | "textarea" | "object"
            | "math" => return,
            "meta" => return self.meta(node),
            "link" => return self.link(node),
            "title" => {
                if self.out.title.is_none() {
                    self.out.title = non_empty(flat_text(self.doc, node, " ", MAX_TITLE));
                }
                return;
            }
            "html" => self.out.lang = self.doc.get_attribute(node, "lang").and_then(non_empty),
            "br" | "hr" => return self.line_break(node, &place),
            _ => {}
        }
        let inner = self.place_of(node, tag, place);
        self.mark(node, tag, &inner);
        if is_inline(tag) {
            if is_empty_break(self.doc, node) {
                return self.flush(&place);
            }
            // What pops up over a word is no part of its sentence.
            let is_popup = inner.furniture.is_some_and(|idx| {
                let found = self.out.furniture[idx];
                found.node == node && found.certain
            });
            if is_popup {
                return;
            }
            return self.push_children(node, inner, stack);
        }
        self.flush(&place);
        stack.push(Step::Leave(inner));
        self.push_children(node, inner, stack);
    }

    fn push_children(&self, node: NodeId, place: Place, stack: &mut Vec<Step>) {
        for child in self.doc.child_nodes(node).into_iter().rev() {
            stack.push(Step::Enter(child, place));
        }
    }

    fn place_of(&mut self, node: NodeId, tag: &str, outer: Place) -> Place {
        let mut place = outer;
        match tag {
            "a" => place.in_link = true,
            "nav" | "footer" | "aside" | "dialog" | "menu" => place.zone |= zone::CHROME,
            "header" if outer.zone & zone::ARTICLE == 0 => place.zone |= zone::CHROME,
            "figure" | "figcaption" | "picture" => {
                place.zone |= zone::FIGURE;
                place.tag = BlockTag::Caption;
            }
            "article" => {
                place.zone |= zone::ARTICLE;
                place.article = Some(node);
            }
            "main" => place.zone |= zone::ARTICLE,
            "blockquote" => place.tag = BlockTag::Quote,
            "li" | "dt" | "dd" if outer.tag != BlockTag::Quote => place.tag = BlockTag::Item,
            "td" | "th" => place.tag = BlockTag::Cell,
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                place.tag = BlockTag::Heading(tag.as_bytes()[1] - b'0')
            }
            _ => {}
        }
        // Lists and quotations are transparent, so that their items are siblings of the paragraphs around them.
        let transparent = matches!(tag, "ul" | "ol" | "dl" | "blockquote" | "tbody" | "table" | "tr");
        if !is_inline(tag) && !transparent {
            place.outer = outer.parent;
            place.parent = Some(outer.block);
            place.block = node;
        }
        if tag == "body" || tag == "html" || tag == "article" || tag == "main" {
            return place;
        }
        let bits = self.names(node);
        if bits & names::ARTICLE != 0 {
            place.zone |= zone::ARTICLE;
        }
        if bits & names::COMMENTS != 0 {
            place.zone |= zone::COMMENTS;
        }
        let certain = bits & names::CERTAIN != 0;
        if certain || bits & (names::FURNITURE | names::KEPT) == names::FURNITURE {
            if outer.furniture.is_none() {
                place.furniture = Some(self.out.furniture.len());
                self.out.furniture.push(Furniture { node, len_bytes: 0, n_running: 0, certain });
            }
            place.zone |= zone::NAMED;
        }
        let hidden = self.doc.get_attribute(node, "hidden").is_some()
            || self.doc.get_attribute(node, "aria-hidden").is_some_and(|value| value == "true")
            || self.doc.get_attribute(node, "style").is_some_and(|style| {
                let style: String = style.chars().filter(|c| !c.is_whitespace()).collect();
                style.to_ascii_lowercase().contains("display:none")
            });
        if hidden {
            place.zone |= zone::HIDDEN;
        }
        place
    }

    /// What class, id and other names of an element say about it. Pages repeat their class names, so answers are kept.
    fn names(&mut self, node: NodeId) -> u8 {
        let mut text = self.doc.class_name(node);
        for attribute in ["id", "role", "data-component", "data-testid", "itemprop"] {
            if let Some(value) = self.doc.get_attribute(node, attribute) {
                text.push(' ');
                text.push_str(&value);
            }
        }
        if text.is_empty() {
            return 0;
        }
        text.make_ascii_lowercase();
        if let Some(bits) = self.known_names.get(&text) {
            return *bits;
        }
        let bits = self.rules.names(&text);
        self.known_names.insert(text, bits);
        bits
    }

    fn mark(&mut self, node: NodeId, tag: &str, place: &Place) {
        if place.zone & zone::COMMENTS != 0 || self.n_marks > MAX_MARKS {
            return;
        }
        let attribute =
            |name: &str| self.doc.get_attribute(node, name).unwrap_or_default().to_ascii_lowercase();
        let itemprop = attribute("itemprop");
        let class = attribute("class");
        let id = attribute("id");
        let is_time =
            tag == "time" || itemprop.contains("datepublished") || is_date_name(&class) || is_date_name(&id);
        let declared_author =
            itemprop == "author" || (tag == "a" && attribute("rel").split(' ').any(|rel| rel == "author"));
        let is_byline = declared_author
            || is_author_name(&class)
            || is_author_name(&id)
            || attribute("data-testid").contains("byline");
        let is_heading = tag == "h1" || itemprop.split(' ').any(|prop| prop == "headline");
        if !(is_time || is_byline || is_heading) {
            return;
        }
        self.n_marks += 1;
        let mark = Mark {
            text: flat_text(self.doc, node, if is_byline { " | " } else { " " }, MARK_LEN),
            value: ["datetime", "content"]
                .iter()
                .find_map(|name| self.doc.get_attribute(node, name).and_then(non_empty)),
            block_idx: self.out.blocks.len(),
            zone: place.zone,
            article: place.article,
            class: class.clone(),
            declared: declared_author || tag == "time" || tag == "h1",
        };
        if is_heading {
            self.out.headings.push(mark.clone());
        }
        if is_time {
            self.out.times.push(mark.clone());
        }
        if is_byline {
            self.out.bylines.push(mark);
        }
    }

    fn line_break(&mut self, node: NodeId, place: &Place) {
        let next = self.next_shown(node);
        let doubled = next.is_some_and(|next| matches!(self.doc.tag_name(next), "br" | "hr"));
        if doubled || self.doc.tag_name(node) == "hr" || ends_sentence(self.pending.trim_end()) {
            self.flush(place);
        } else {
            self.pending.push(' ');
        }
    }

    fn next_shown(&self, node: NodeId) -> Option<NodeId> {
        let mut next = self.doc.next_sibling(node);
        while let Some(sibling) = next {
            if !self.doc.is_text(sibling) || !self.doc.text_content(sibling).trim().is_empty() {
                return Some(sibling);
            }
            next = self.doc.next_sibling(sibling);
        }
        None
    }

    fn flush(&mut self, place: &Place) {
        let link_len = std::mem::take(&mut self.pending_link);
        if self.pending.is_empty() {
            return;
        }
        let text = collapse(&self.pending);
        self.pending.clear();
        if text.is_empty() {
            return;
        }
        let block = Block {
            text,
            furniture: place.furniture,
            tag: place.tag,
            element: place.block,
            parent: place.parent,
            outer: place.outer,
            link_len,
            zone: place.zone,
        };
        if let Some(furniture) = place.furniture.and_then(|idx| self.out.furniture.get_mut(idx)) {
            furniture.len_bytes += block.text.len();
            furniture.n_running += usize::from(block.is_running());
        }
        self.out.len_bytes += block.text.len();
        self.out.blocks.push(block);
    }

    fn script(&mut self, node: NodeId) {
        let kind = self.doc.get_attribute(node, "type").unwrap_or_default().to_ascii_lowercase();
        self.out.scripts.push(node);
        if kind.contains("ld+json") {
            self.out.json_ld.push(self.doc.text_content(node));
        }
    }

    fn meta(&mut self, node: NodeId) {
        let Some(content) = self.doc.get_attribute(node, "content") else { return };
        for attribute in ["property", "name", "itemprop"] {
            if let Some(key) = self.doc.get_attribute(node, attribute) {
                self.out.metas.push((key.trim().to_ascii_lowercase(), content.clone()));
            }
        }
    }

    fn link(&mut self, node: NodeId) {
        let rel = self.doc.get_attribute(node, "rel").unwrap_or_default();
        if rel.eq_ignore_ascii_case("canonical") && self.out.canonical.is_none() {
            self.out.canonical = self.doc.get_attribute(node, "href").and_then(non_empty);
        }
    }
}

/// Whether a text ends as sentences do.
pub fn ends_sentence(text: &str) -> bool {
    let text = text.trim_end_matches(['"', '”', '’', '\'', ')', ']', '»']);
    text.ends_with(['.', '!', '?', '…', ':'])
}

/// Visible text of a small subtree, `between` its elements, at most `max` bytes or a little more.
pub fn flat_text(doc: &Document, node: NodeId, between: &str, max: usize) -> String {
    let mut out = String::new();
    let mut stack = vec![node];
    while let Some(node) = stack.pop() {
        if out.len() > max {
            break;
        }
        if doc.is_text(node) {
            let text = doc.text_content(node);
            let end = text.char_indices().nth(max).map_or(text.len(), |(at, _)| at);
            out.push_str(&text[..end]);
        } else if !matches!(doc.tag_name(node), "script" | "style" | "noscript" | "template" | "svg") {
            if !is_inline(doc.tag_name(node)) || matches!(doc.tag_name(node), "a" | "span" | "time") {
                out.push_str(between);
            }
            stack.extend(doc.child_nodes(node).into_iter().rev());
        }
    }
    collapse(&out)
}

/// An empty inline element that stands for a line break, as some editors write them: `<span class="x br">`.
pub fn is_empty_break(doc: &Document, node: NodeId) -> bool {
    doc.tag_name(node) == "span"
        && doc.class_name(node).split_ascii_whitespace().any(|name| name == "br")
        && doc.child_nodes(node).is_empty()
}

/// Whether elements of this name stand inside a line of text.
pub fn is_inline(tag: &str) -> bool {
    matches!(
        tag,
        "a" | "abbr"
            | "acronym"
            | "b"
            | "bdi"
            | "bdo"
            | "big"
            | "cite"
            | "code"
            | "data"
            | "del"
            | "dfn"
            | "em"
            | "font"
            | "i"
            | "img"
            | "ins"
            | "kbd"
            | "label"
            | "mark"
            | "nobr"
            | "q"
            | "s"
            | "samp"
            | "small"
            | "span"
            | "strike"
            | "strong"
            | "sub"
            | "sup"
            | "time"
            | "tt"
            | "u"
            | "var"
            | "wbr"
    )
}

fn is_author_name(names: &str) -> bool {
    names.contains("author") || names.contains("byline") || names.contains("contributor")
}

fn is_date_name(names: &str) -> bool {
    ["date", "timestamp", "published", "posted", "pubtime", "time-stamp"]
        .iter()
        .any(|word| names.contains(word))
        && !names.contains("update-")
        && !names.contains("updates")
}

fn non_empty(text: String) -> Option<String> {
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return None;
    }
    Some(if trimmed.len() == text.len() { text } else { trimmed.to_owned() })
}
