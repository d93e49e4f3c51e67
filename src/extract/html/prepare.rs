//! Makes the page easier to judge before the body is looked for: drops what names itself furniture, what belongs to the
//! next article, and gives loose text its paragraphs.
//!
//! Changes the [`Document`]; the [`Scan`](super::scan::Scan) of it was taken before.

use trafilatura::dom::{Document, NodeId};

use super::content::is_body_text;
use super::headline::share;
use super::scan::{Mark, Scan, ends_sentence, is_empty_break, is_inline};
use super::words_of;

/// Removes furniture and later articles; wraps loose text in paragraphs.
pub fn prepare(doc: &mut Document, scan: &Scan, headline: Option<&str>) {
    for (idx, furniture) in scan.furniture.iter().enumerate() {
        if scan.is_furniture(idx) {
            doc.remove(furniture.node, true);
        }
    }
    for article in later_articles(scan, headline) {
        doc.remove(article, true);
    }
    clear_names(doc, scan);
    wrap_loose_text(doc);
    replace_head(doc, scan);
}

/// Takes the names from elements that hold a part of the article's paragraphs and are called what the extractor drops: the
/// part above a paywall is a "teaser", a column beside another a "bar".
fn clear_names(doc: &mut Document, scan: &Scan) {
    let mut holders: Vec<Holder> = Vec::new();
    let mut all_len = 0;
    for block in scan.blocks.iter().filter(|block| is_body_text(block, scan)) {
        all_len += block.text.len();
        for node in [block.parent, block.outer].into_iter().flatten() {
            let mut recent = holders.iter_mut().rev().take(RECENT_HOLDERS);
            match recent.find(|holder| holder.node == node) {
                Some(holder) => {
                    holder.n_paragraphs += 1;
                    holder.len += block.text.len();
                }
                None => holders.push(Holder { node, n_paragraphs: 1, len: block.text.len() }),
            }
        }
    }
    let holds_article = |holder: &Holder| holder.n_paragraphs >= 2 && holder.len * ARTICLE_PART >= all_len;
    for Holder { node, .. } in holders.into_iter().filter(holds_article) {
        let names = format!("{} {}", doc.class_name(node), doc.get_attribute(node, "id").unwrap_or_default());
        let names = names.to_ascii_lowercase();
        if DROPPED_NAMES.iter().any(|name| names.contains(name)) {
            doc.set_attribute(node, "class", "");
            doc.set_attribute(node, "id", "");
        }
    }
}

/// An element around paragraphs.
struct Holder {
    node: NodeId,
    n_paragraphs: usize,
    len: usize,
}

/// How far back the holder of a paragraph is looked for among those of the paragraphs before it.
const RECENT_HOLDERS: usize = 16;

/// An element that holds one part in so many of the page's running text holds the article.
const ARTICLE_PART: usize = 10;

/// Parts of names by which the extractor (trafilatura) drops elements whatever they hold, as far as articles stand in such.
const DROPPED_NAMES: &[&str] = &[
    "teaser",
    "bar",
    "meta",
    "link",
    "bottom",
    "menu",
    "option",
    "expand",
    "slide",
    "embed",
    "widget",
    "banner",
    "button",
    "viewport",
    "hide",
    "premium",
    "attachment",
];

/// Gives the page a head that answers every question the extractor has about metadata, which is read elsewhere: its own
/// search takes a tenth of its time, and on nested elements named after authors it is quadratic.
fn replace_head(doc: &mut Document, scan: &Scan) {
    for &script in &scan.scripts {
        doc.remove(script, true);
    }
    let Some(head) = doc.iter(doc.root(), &["head"]).first().copied() else { return };
    for child in doc.child_nodes(head) {
        doc.remove(child, true);
    }
    for (property, content) in HEAD {
        let meta = doc.sub_element(head, "meta");
        doc.set_attribute(meta, "property", property);
        doc.set_attribute(meta, "content", content);
    }
}

const HEAD: [(&str, &str); 8] = [
    ("og:title", "Some Title"),
    ("og:author", "Some Author"),
    ("og:url", "https://page.invalid/article"),
    ("og:description", "Some description"),
    ("og:site_name", "Some Site"),
    ("og:image", "https://page.invalid/image"),
    ("og:type", "article"),
    ("article:tag", "some"),
];

/// The first block of the next article on a page that goes on scrolling: the index of its headline's block.
pub fn next_headline(scan: &Scan, headline: Option<&str>) -> Option<usize> {
    let (own, others) = headings_of(scan, headline)?;
    others.iter().find(|other| is_next(own, other)).map(|other| other.block_idx)
}

fn later_articles(scan: &Scan, headline: Option<&str>) -> Vec<NodeId> {
    let Some((own, others)) = headings_of(scan, headline) else { return Vec::new() };
    others
        .iter()
        .filter(|other| is_next(own, other))
        .filter_map(|other| other.article.filter(|_| other.article != own.article))
        .collect()
}

/// The heading that is the headline, and the other long first-level headings behind it.
fn headings_of<'s>(scan: &'s Scan, headline: Option<&str>) -> Option<(&'s Mark, Vec<&'s Mark>)> {
    let headline = headline?;
    let at = scan.headings.iter().position(|heading| share(headline, &heading.text) > 0.8)?;
    let own = &scan.headings[at];
    let others = scan.headings[at + 1..]
        .iter()
        .filter(|other| {
            other.block_idx > own.block_idx
                && words_of(&other.text).len() >= 4
                && share(&other.text, headline) < 0.6
        })
        .collect();
    Some((own, others))
}

/// Another article's headline is set like this one's, in an `article` of its own; a heading in the text is not.
fn is_next(own: &Mark, other: &Mark) -> bool {
    let own_article = own.article.is_some() && other.article.is_some() && own.article != other.article;
    let same_class = !own.class.is_empty() && own.class == other.class;
    own_article && (own.class == other.class)
        || same_class && own.article.is_none() && other.article.is_none()
}

/// Least loose text, in bytes, before an element's text is worth wrapping.
const LOOSE_TEXT: usize = 200;

/// Puts runs of text that stand directly in a `div`, `section`, `article` or `td` beside other blocks or line breaks into
/// paragraphs: extractors overlook them otherwise.
fn wrap_loose_text(doc: &mut Document) {
    let Some(body) = doc.body() else { return };
    // Innermost first: an outer element is written out again together with what was wrapped inside it.
    for holder in doc
        .iter_descendants(body, &["div", "section", "article", "td", "main", "arttextxml"])
        .into_iter()
        .rev()
    {
        let children = doc.child_nodes(holder);
        let loose: usize = children
            .iter()
            .filter(|child| doc.is_text(**child))
            .map(|child| doc.text_content(*child).trim().len())
            .sum();
        if loose < LOOSE_TEXT {
            continue;
        }
        let broken = children.iter().any(|child| is_break(doc, *child) || is_block(doc, *child));
        if broken {
            let html = with_paragraphs(doc, &children);
            doc.set_inner_html(holder, &html);
        }
    }
}

fn is_break(doc: &Document, node: NodeId) -> bool {
    matches!(doc.tag_name(node), "br" | "hr") || is_empty_break(doc, node)
}

fn is_block(doc: &Document, node: NodeId) -> bool {
    doc.is_element(node) && !is_inline(doc.tag_name(node))
}

fn with_paragraphs(doc: &Document, children: &[NodeId]) -> String {
    let mut html = String::new();
    let mut run = String::new();
    for (idx, &child) in children.iter().enumerate() {
        if is_break(doc, child) {
            let next = children[idx + 1..]
                .iter()
                .find(|next| doc.is_element(**next) || !doc.text_content(**next).trim().is_empty());
            let doubled = next.is_none_or(|next| is_break(doc, *next));
            if doubled || is_empty_break(doc, child) || ends_sentence(run.trim_end()) {
                close_run(&mut html, &mut run);
            } else {
                run.push(' ');
            }
        } else if doc.is_text(child) {
            run.push_str(
                &doc.text_content(child).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;"),
            );
        } else if is_block(doc, child) {
            close_run(&mut html, &mut run);
            html.push_str(&doc.outer_html(child));
        } else if doc.is_element(child) {
            run.push_str(&doc.outer_html(child));
        }
    }
    close_run(&mut html, &mut run);
    html
}

fn close_run(html: &mut String, run: &mut String) {
    if !run.trim().is_empty() {
        html.push_str("<p>");
        html.push_str(run.trim());
        html.push_str("</p>");
    }
    run.clear();
}
