//! The article's blocks: what the extractor takes for the body, told apart into paragraphs, each traced back to the
//! page's own block so that the line filter knows where it stood.

use std::collections::HashMap;

use trafilatura::dom::{Document, NodeId};
use trafilatura::{ExtractionFocus, HtmlDateMode, Options};

use super::guard::Lean;
use super::headline::share;
use super::rules::HtmlRules;
use super::scan::{Block, BlockTag, RUNNING_LEN, Scan, collapse, ends_sentence, scan, zone};

/// One block of the body.
#[derive(Clone, Debug)]
pub struct Piece {
    /// Its text on one line.
    pub text: String,
    /// Its element in the extractor's result, or on the page where it was found there.
    pub tag: BlockTag,
    /// The page's block with the same text.
    pub source: Option<usize>,
}

/// The body: as the extractor sees the prepared page; when that is little beside the running text the page has, as it
/// sees the page unprepared, or as the densest run of paragraphs, whichever holds most running text.
pub fn pieces(prepared: Document, lean: &Lean, page: &Scan, known: &Known, rules: &HtmlRules) -> Vec<Piece> {
    let found = best(prepared, lean, page, rules);
    let len = running_len(&found, page);
    if let Some(body) = known.json_ld_body.filter(|body| body.len() > STATED_BODY && body.len() > len * 3) {
        return stated(body);
    }
    if found.is_empty() {
        return last_resort(page);
    }
    fill_lead(found, page, known)
}

/// What is known of the article before its body is looked for.
pub struct Known<'k> {
    /// Its headline.
    pub headline: Option<&'k str>,
    /// Its authors.
    pub authors: &'k [String],
    /// `articleBody` of JSON-LD, for pages whose text is not in the markup.
    pub json_ld_body: Option<&'k str>,
}

/// Bytes from which `articleBody` is an article and not a teaser.
const STATED_BODY: usize = 500;

fn stated(body: &str) -> Vec<Piece> {
    let body = if body.contains('&') { htmlize::unescape(body) } else { body.into() };
    if body.contains("</p>") || body.contains("<br") {
        let blocks = scan(&Document::parse(&body), HtmlRules::embedded()).blocks;
        return blocks
            .into_iter()
            .map(|block| Piece { text: block.text, tag: block.tag, source: None })
            .collect();
    }
    let lines = body.lines().map(collapse).filter(|line| !line.is_empty());
    lines.map(|text| Piece { text, tag: BlockTag::Text, source: None }).collect()
}

/// Every shown line that is a sentence: short notices, pages that are one large link.
fn last_resort(page: &Scan) -> Vec<Piece> {
    let is_sentence = |block: &Block| {
        is_shown(block, page) && ends_sentence(&block.text) && block.text.split_whitespace().count() >= 6
    };
    let found = page.blocks.iter().enumerate().filter(|(_, block)| is_sentence(block));
    found.map(|(idx, block)| Piece { text: block.text.clone(), tag: block.tag, source: Some(idx) }).collect()
}

fn best(prepared: Document, lean: &Lean, page: &Scan, rules: &HtmlRules) -> Vec<Piece> {
    if lean.flattened || page.n_elements > MAX_ELEMENTS {
        return densest(page);
    }
    let first = extracted(prepared, page, rules);
    let wanted = page
        .blocks
        .iter()
        .filter(|block| is_body_text(block, page))
        .map(|block| block.text.len())
        .sum::<usize>();
    let enough = |pieces: &[Piece]| running_len(pieces, page) as f64 >= wanted as f64 * ENOUGH;
    if enough(&first) {
        return first;
    }
    let dense = densest(page);
    let unprepared = if page.furniture.is_empty() {
        Vec::new()
    } else {
        extracted(Document::parse(&lean.html), page, rules)
    };
    let mut best = first;
    for other in [unprepared, dense] {
        if running_len(&other, page) > running_len(&best, page) * 3 / 2 {
            best = other;
        }
    }
    best
}

/// Elements above which the extractor is not asked: it needs about a second for 30,000.
const MAX_ELEMENTS: usize = 30_000;

/// Share of the page's running text below which the extractor's answer is doubted.
const ENOUGH: f64 = 0.3;

/// The body by paragraphs alone, for pages that are too large for the extractor.
pub fn densest(page: &Scan) -> Vec<Piece> {
    let mut weights: HashMap<NodeId, usize> = HashMap::new();
    for block in page.blocks.iter().filter(|block| is_body_text(block, page)) {
        if let Some(parent) = block.parent {
            *weights.entry(parent).or_default() += block.text.len();
        }
    }
    let mut best: Option<(usize, NodeId)> = None;
    // In page order, so that equal weights give the first.
    for parent in page.blocks.iter().filter_map(|block| block.parent) {
        let weight = weights.get(&parent).copied().unwrap_or(0);
        if weight > best.map_or(0, |(top, _)| top) {
            best = Some((weight, parent));
        }
    }
    let Some((_, parent)) = best else { return Vec::new() };
    let of_parent = |block: &Block| block.parent == Some(parent) && is_body_text(block, page);
    let first = page.blocks.iter().position(of_parent).unwrap_or(0);
    let last = page.blocks.iter().rposition(of_parent).unwrap_or(0);
    let within = page.blocks.iter().enumerate().take(last + 1).skip(first);
    within
        .filter(|(_, block)| {
            is_shown(block, page) && block.link_len * 2 < block.text.len() && block.tag != BlockTag::Caption
        })
        .map(|(idx, block)| Piece { text: block.text.clone(), tag: block.tag, source: Some(idx) })
        .collect()
}

fn extracted(doc: Document, page: &Scan, rules: &HtmlRules) -> Vec<Piece> {
    let Ok(result) = trafilatura::extract_document(doc, &options()) else { return Vec::new() };
    let content = Document::parse(&result.content_html);
    fill_gaps(trace(scan(&content, rules).blocks, &page.blocks), page)
}

fn running_len(pieces: &[Piece], page: &Scan) -> usize {
    let counts = |piece: &&Piece| match piece.source {
        Some(source) => is_body_text(&page.blocks[source], page),
        None => piece.text.len() > RUNNING_LEN,
    };
    pieces.iter().filter(counts).map(|piece| piece.text.len()).sum()
}

/// Whether a block of the page is a shown paragraph of running text.
pub fn is_body_text(block: &Block, page: &Scan) -> bool {
    block.is_running() && is_shown(block, page) && matches!(block.tag, BlockTag::Text | BlockTag::Quote)
}

fn is_shown(block: &Block, page: &Scan) -> bool {
    block.zone & (zone::CHROME | zone::HIDDEN | zone::COMMENTS | zone::FIGURE) == 0
        && !block.furniture.is_some_and(|furniture| page.is_furniture(furniture))
}

fn options() -> Options {
    Options::default()
        .with_exclude_comments(true)
        .with_fallback(true)
        .with_focus(ExtractionFocus::FavorPrecision)
        .with_html_date_mode(HtmlDateMode::Disabled)
}

fn trace(found: Vec<Block>, page: &[Block]) -> Vec<Piece> {
    let mut places: HashMap<String, Vec<usize>> = HashMap::new();
    for (idx, block) in page.iter().enumerate() {
        places.entry(key(&block.text)).or_default().push(idx);
    }
    let mut last = 0;
    let mut pieces = Vec::with_capacity(found.len());
    for block in found {
        let source = places.get(&key(&block.text)).and_then(|places| {
            let from = places.partition_point(|idx| *idx < last);
            places.get(from).or(places.last()).copied()
        });
        if let Some(source) = source {
            last = source + 1;
        }
        // The page's own text is the better one: extractors drop spaces between elements.
        let (text, tag) =
            source.map_or((block.text, block.tag), |source| (page[source].text.clone(), page[source].tag));
        pieces.push(Piece { text, tag, source });
    }
    pieces
}

fn key(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Puts back the first paragraph when it stands between the headline and what the extractor took for the beginning:
/// leads that are set apart are easily taken for something else.
fn fill_lead(pieces: Vec<Piece>, page: &Scan, known: &Known) -> Vec<Piece> {
    let (Some(headline), Some(first)) = (known.headline, pieces.iter().find_map(|piece| piece.source)) else {
        return pieces;
    };
    let Some(own) = page.headings.iter().find(|heading| share(headline, &heading.text) > 0.8) else {
        return pieces;
    };
    let body: String = pieces.iter().map(|piece| key(&piece.text)).collect();
    let mut filled = Vec::new();
    for idx in own.block_idx..first {
        let block = &page.blocks[idx];
        let text = block.text.strip_prefix("By ").unwrap_or(&block.text);
        let is_bio = known.authors.iter().any(|author| text.starts_with(author.as_str()));
        // Right under the headline a single sentence is the lead even when it is short.
        let is_short_lead = idx <= own.block_idx + 3
            && is_shown(block, page)
            && block.tag == BlockTag::Text
            && block.link_len == 0
            && ends_sentence(&block.text)
            && block.text.split_whitespace().count() >= SHORT_LEAD;
        if (is_body_text(block, page) || is_short_lead)
            && !is_bio
            && idx + LEAD_REACH > first
            && !body.contains(&key(&block.text))
        {
            filled.push(Piece { text: block.text.clone(), tag: block.tag, source: Some(idx) });
        }
    }
    filled.extend(pieces);
    filled
}

/// Fewest words of a lead.
const SHORT_LEAD: usize = 8;

/// Most blocks between a lead that is set apart and the next paragraph.
const LEAD_REACH: usize = 30;

/// Most blocks between two kept neighbours that may have been overlooked.
const GAP: usize = 6;

/// The elements around a block, itself first: neighbours that stand in wrappers of their own share one of them.
fn around(block: &Block) -> [Option<NodeId>; 3] {
    [Some(block.element), block.parent, block.outer]
}

/// Puts back running text and headings that stand between two kept blocks of the same parent: extractors drop
/// paragraphs that are mostly link or bold.
fn fill_gaps(pieces: Vec<Piece>, page: &Scan) -> Vec<Piece> {
    let mut filled: Vec<Piece> = Vec::with_capacity(pieces.len());
    for piece in pieces {
        let before = filled.last().and_then(|last: &Piece| last.source);
        if let (Some(before), Some(after)) = (before, piece.source) {
            let (a, b) = (&page.blocks[before], &page.blocks[after]);
            let shared: Vec<NodeId> =
                around(a).into_iter().flatten().filter(|node| around(b).contains(&Some(*node))).collect();
            if before < after && after - before <= GAP && (a.parent == b.parent || !shared.is_empty()) {
                for idx in before + 1..after {
                    let block = &page.blocks[idx];
                    let fits = match block.tag {
                        BlockTag::Heading(_) => true,
                        BlockTag::Text | BlockTag::Quote | BlockTag::Item => {
                            block.link_len * 5 < block.text.len() * 4
                        }
                        _ => false,
                    };
                    let is_text = matches!(block.tag, BlockTag::Heading(_)) || is_body_text(block, page);
                    let in_wrapper = around(block).into_iter().flatten().any(|node| shared.contains(&node));
                    let is_beside =
                        (a.parent == b.parent && block.parent == a.parent) || (is_text && in_wrapper);
                    if is_shown(block, page) && fits && is_beside {
                        filled.push(Piece { text: block.text.clone(), tag: block.tag, source: Some(idx) });
                    }
                }
            }
        }
        filled.push(piece);
    }
    filled
}
