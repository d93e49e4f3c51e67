//! From a record as read to an article: its own words, none of the page's, and its headline, outlet, date and authors.
//!
//! In: a [`RawArticle`] and the lexicon. Out: an [`Extracted`], or why there is no article. No input panics; no clock, no
//! files, no network. The same record always gives the same article.
//!
//! * [`html`]: HTML pages
//! * [`text`]: scraped pages, headline, furniture and body mixed
//! * [`body`]: bodies of structured exports
//! * [`lines`]: the line model of a page
//! * [`furniture`]: which lines are no article
//! * [`head`]: what stands above the running text
//! * [`dates`], [`byline`], [`outlet`]: when, who, where
//! * [`fields`]: everything brought together
//! * [`repeated`]: lines that only other articles show to be furniture

pub mod body;
pub mod byline;
pub mod dates;
pub mod fields;
pub mod furniture;
pub mod head;
pub mod html;
pub mod lines;
pub mod outlet;
pub mod repeated;
pub mod text;

use crate::lexicon::Lexicon;
use crate::model::{Article, Notice, Payload, RawArticle, Rejection, RejectionReason};

use fields::Reading;
pub use fields::identity;

/// An article and how it came to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extracted {
    /// The article.
    pub article: Article,
    /// What was doubtful.
    pub notices: Vec<Notice>,
    /// Every block of the page, kept or cut, in order.
    pub blocks: Vec<BlockTrace>,
}

/// One block of a page and what became of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BlockTrace {
    /// Its text.
    pub text: String,
    /// It stands in the body.
    pub is_kept: bool,
    /// It was taken as a field (headline, standfirst).
    pub is_field: bool,
    /// The rule that cut it, the field it became, or `paragraph`.
    pub why: String,
    /// Words in it, where it is kept.
    pub n_words: usize,
}

impl BlockTrace {
    fn kept(text: String, n_words: usize) -> Self {
        BlockTrace { text, is_kept: true, is_field: false, why: "paragraph".to_owned(), n_words }
    }

    fn cut(text: String, rule: impl Into<String>) -> Self {
        BlockTrace { text, is_kept: false, is_field: false, why: rule.into(), n_words: 0 }
    }

    fn field(text: String, field: &str) -> Self {
        BlockTrace { text, is_kept: false, is_field: true, why: field.to_owned(), n_words: 0 }
    }
}

/// The hash of a line: case and white space do not count, the same on every machine.
pub fn line_hash(line: &str) -> u64 {
    let mut hasher = blake3::Hasher::new();
    for word in line.split_whitespace() {
        hasher.update(word.to_lowercase().as_bytes());
        hasher.update(b" ");
    }
    let hash = hasher.finalize();
    hash.as_bytes()[..8].iter().fold(0, |number, byte| number << 8 | u64::from(*byte))
}

/// Lines above which a text is no article: each takes some hundred bytes of memory, however short it is.
const MOST_LINES: usize = 200_000;

/// Makes an article of a record.
///
/// # Errors
/// A [`Rejection`] when nothing is left once furniture is cut, or the page is none that can be read.
pub fn article(raw: &RawArticle, lexicon: &Lexicon) -> Result<Extracted, Rejection> {
    if let Payload::Page(text) | Payload::Body(text) = &raw.payload
        && text.len() > MOST_LINES
        && text.bytes().filter(|byte| *byte == b'\n').count() > MOST_LINES
    {
        return Err(rejection(raw, RejectionReason::TooLarge, "the text has more lines than any article"));
    }
    let reading = match &raw.payload {
        Payload::Page(page) => text::read(page, &raw.fields, lexicon),
        Payload::Body(body) => body::read(body, lexicon),
        Payload::Html(page) => html_reading(page, raw, lexicon)?,
    };
    if !reading.blocks.iter().any(|block| block.is_kept && block.text.contains(|c: char| c.is_alphanumeric()))
    {
        return Err(rejection(raw, RejectionReason::NoText, "no running text is left once furniture is cut"));
    }
    Ok(fields::assemble(raw, reading, lexicon))
}

fn html_reading(page: &str, raw: &RawArticle, lexicon: &Lexicon) -> Result<Reading, Rejection> {
    let page = html::page(page, &raw.fields, lexicon).map_err(|error| {
        let reason = match error {
            html::HtmlError::Empty | html::HtmlError::NoText => RejectionReason::NoText,
            html::HtmlError::NotText => RejectionReason::NotText,
            html::HtmlError::TooLarge { .. } => RejectionReason::TooLarge,
        };
        rejection(raw, reason, &error.to_string())
    })?;
    let blocks = page.lines.into_iter().map(|line| match line.cut {
        Some(rule) => BlockTrace::cut(line.text, rule),
        None => {
            let line = lines::line(line.text, false, lexicon);
            match furniture::alone(&line, lexicon) {
                Some(rule) => BlockTrace::cut(line.text, rule),
                None => BlockTrace::kept(line.text, line.n_words),
            }
        }
    });
    Ok(Reading { blocks: blocks.collect(), fields: page.fields, bad_dates: Vec::new() })
}

#[cfg(test)]
mod goldens;
#[cfg(test)]
mod tests;

fn rejection(raw: &RawArticle, reason: RejectionReason, message: &str) -> Rejection {
    Rejection { source_ref: raw.source.clone(), reason, message: message.to_owned() }
}
