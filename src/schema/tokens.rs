//! The words of one article, measured while they are cut: positions, sentences, quotation marks, signature.
//!
//! An article is indexed twice (stemmed and not) and measured in several ways. Cutting and folding its text for each would
//! cost more than anything else here, so it is done once, into [`super::groups`].
//!
//! Positions: headline from 0, standfirst from [`STANDFIRST_START`], body from [`BODY_START`]. So `headline:` and `body:`
//! are ranges of one line of positions, and a phrase never runs from one into the next.

use super::groups::{Groups, TokenText};
use super::sketch::Sketch;
use crate::model::{Article, Quote, QuoteKind, Span};
use crate::text;

/// Tokens of a headline that are indexed; longer ones are cut.
pub const HEADLINE_MAX: u32 = 60;
/// Position of the first token of the standfirst.
pub const STANDFIRST_START: u32 = 64;
/// Tokens of a standfirst that are indexed; longer ones are cut.
pub const STANDFIRST_MAX: u32 = 188;
/// Position of the first token of the body.
pub const BODY_START: u32 = 256;
/// How often a headline token counts: it is indexed so many times at its one position (`headline_weight` of the analyzer
/// `article`). Measured on the ranking queries; a separately boosted headline field ranked worse.
pub const HEADLINE_WEIGHT: u32 = 4;

/// What fixes the positions in an index, for the stamp.
pub(super) const LAYOUT: [u32; 5] =
    [HEADLINE_MAX, STANDFIRST_START, STANDFIRST_MAX, BODY_START, HEADLINE_WEIGHT];

/// Everything the words of one article give.
#[derive(Clone, Debug, Default)]
pub struct ArticleTokens {
    /// Headline, standfirst and body.
    pub text: TokenText,
    /// Tokens as indexed in `text`: headline tokens counted [`HEADLINE_WEIGHT`] times.
    pub n_tokens: u64,
    /// For each sentence: position of its first token times 2, plus 1 where a paragraph begins.
    pub bounds: Vec<u64>,
    /// The same sentences as bytes of the body. A sentence without a token is in neither list.
    pub sentences: Vec<Span>,
    /// Positions between quotation marks: start, end, start, end, ...
    pub quoted: Vec<u64>,
    /// Signature of the body.
    pub sketch: [u64; 2],
}

/// Cuts the texts of an article. `groups` is memory to work in.
pub(super) fn article(article: &Article, quotes: &[Quote], groups: &mut Groups) -> ArticleTokens {
    let mut out = ArticleTokens::default();
    groups.clear();
    if let Some(headline) = &article.headline {
        groups.append(headline, 0, HEADLINE_MAX, &mut |_, _, _| out.n_tokens += u64::from(HEADLINE_WEIGHT));
    }
    if let Some(standfirst) = &article.standfirst {
        groups.append(standfirst, STANDFIRST_START, STANDFIRST_MAX, &mut |_, _, _| out.n_tokens += 1);
    }
    let marked = marked_ranges(&article.body, quotes);
    let mut open = marked.iter().peekable();
    let mut inside: Option<(Span, u32, u32)> = None;
    let mut sketch = Sketch::default();
    let mut next = BODY_START;
    let whole = [Span::new(0, article.body.len())];
    let paragraphs = if article.paragraphs.is_empty() { &whole[..] } else { &article.paragraphs[..] };
    for paragraph in paragraphs {
        let text = paragraph.of(&article.body);
        let mut begins = true;
        for sentence in text::sentences(text) {
            let at = Span::new(paragraph.start + sentence.start, paragraph.start + sentence.end);
            let first = next;
            let mut last = None;
            next = groups.append(sentence.of(text), next, u32::MAX, &mut |hash, position, span| {
                out.n_tokens += 1;
                if last != Some(position) {
                    sketch.add(hash);
                    last = Some(position);
                }
                let (start, end) = (at.start + span.start, at.start + span.end);
                while let Some(range) = open.next_if(|range| range.end <= start) {
                    if let Some((of, from, to)) = inside.take_if(|(of, ..)| of == range) {
                        out.quoted.extend([u64::from(from), u64::from(to)]);
                        debug_assert!(of == *range);
                    }
                }
                if let Some(range) = open.peek().filter(|range| range.start < end) {
                    let from = inside.map_or(position, |(_, from, _)| from);
                    inside = Some((**range, from, position + 1));
                }
            });
            if next > first {
                out.bounds.push(u64::from(first) * 2 + u64::from(begins));
                out.sentences.push(at);
                begins = false;
            }
        }
    }
    if let Some((_, from, to)) = inside {
        out.quoted.extend([u64::from(from), u64::from(to)]);
    }
    out.sketch = sketch.finish();
    out.text = groups.encode();
    out
}

/// Ranges of the body between quotation marks that belong to quotes: ordered, disjoint.
fn marked_ranges(body: &str, quotes: &[Quote]) -> Vec<Span> {
    let mut ranges = Vec::new();
    for quote in quotes {
        match quote.kind {
            QuoteKind::Direct => ranges.extend(quote.content.iter().copied()),
            QuoteKind::Mixed => quote.content.iter().for_each(|span| inner_marks(body, *span, &mut ranges)),
            QuoteKind::Indirect => {}
        }
    }
    ranges.sort_unstable();
    let mut joined: Vec<Span> = Vec::with_capacity(ranges.len());
    for range in ranges.into_iter().filter(|range| !range.is_empty()) {
        match joined.last_mut() {
            Some(last) if range.start < last.end => last.end = last.end.max(range.end),
            _ => joined.push(range),
        }
    }
    joined
}

/// What stands between double marks inside `span`; an unclosed mark runs to the end of the span.
fn inner_marks(body: &str, span: Span, ranges: &mut Vec<Span>) {
    let mut opened = None;
    for (at, c) in span.of(body).char_indices() {
        let at = span.start + at;
        match (c, opened) {
            ('“' | '"' | '„' | '«', None) => opened = Some(at + c.len_utf8()),
            ('”' | '"' | '“' | '»', Some(start)) => {
                ranges.push(Span::new(start, at));
                opened = None;
            }
            _ => {}
        }
    }
    if let Some(start) = opened {
        ranges.push(Span::new(start, span.end));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Tokens in order of positions.
    fn decoded(tokens: &TokenText) -> Vec<(&str, u32)> {
        let mut groups = TokenText::groups(&tokens.text);
        let mut all: Vec<(&str, u32)> = Vec::new();
        while let Some(term) = groups.next_term() {
            all.extend(std::iter::from_fn(|| groups.next_position()).map(|position| (term, position)));
        }
        all.sort_by_key(|(_, position)| *position);
        all
    }

    fn sample(headline: &str, body: &str, quotes: &[Quote]) -> ArticleTokens {
        let mut at = 0;
        let mut paragraphs = Vec::new();
        for paragraph in body.split("\n\n") {
            paragraphs.push(Span::new(at, at + paragraph.len()));
            at += paragraph.len() + 2;
        }
        let headline = Some(headline.to_owned());
        let sample = Article { headline, body: body.to_owned(), paragraphs, ..Article::default() };
        article(&sample, quotes, &mut Groups::default())
    }

    fn quote(body: &str, kind: QuoteKind, content: &[&str]) -> Quote {
        let content = content
            .iter()
            .filter_map(|part| body.find(part).map(|at| Span::new(at, at + part.len())))
            .collect();
        Quote {
            kind,
            content,
            source_span: None,
            cue: None,
            speaker: None,
            speaker_as_written: None,
            role: None,
            via: None,
            grade: Default::default(),
            rule: String::new(),
            trace: Vec::new(),
        }
    }

    #[test]
    fn headline_and_body_stand_apart() {
        let tokens = sample("Water Treaty", "Ministers met.\n\nNothing came of it.", &[]);
        let expected = [
            ("water", 0),
            ("treaty", 1),
            ("ministers", 256),
            ("met", 257),
            ("nothing", 258),
            ("came", 259),
            ("of", 260),
            ("it", 261),
        ];
        assert_eq!(decoded(&tokens.text), expected);
        assert_eq!(tokens.n_tokens, 2 * u64::from(HEADLINE_WEIGHT) + 6);
        assert_eq!(tokens.bounds, [256 * 2 + 1, 258 * 2 + 1]);
        assert_eq!(tokens.sentences.len(), 2);
    }

    #[test]
    fn long_headlines_do_not_reach_the_body() {
        let tokens = sample(&"word ".repeat(500), "Body.", &[]);
        let positions: Vec<u32> = decoded(&tokens.text).iter().map(|(_, position)| *position).collect();
        assert_eq!(positions.len(), HEADLINE_MAX as usize + 1);
        assert_eq!(positions.last(), Some(&BODY_START));
    }

    #[test]
    fn quoted_words_are_ranges_of_positions() {
        let body = "“We will appeal,” she said. “Soon.” He called it “a very bad idea” and left.";
        let quotes = [
            quote(body, QuoteKind::Direct, &["We will appeal,", "Soon."]),
            quote(body, QuoteKind::Mixed, &["it “a very bad idea”"]),
        ];
        let tokens = sample("Appeal", body, &quotes);
        assert_eq!(tokens.quoted, [256, 259, 261, 262, 265, 269]);
    }

    #[test]
    fn headline_weight_is_the_one_of_the_schema() {
        let spec = crate::schema::SchemaSpec::embedded();
        assert_eq!(spec.analyzers["article"].headline_weight, HEADLINE_WEIGHT);
    }
}
