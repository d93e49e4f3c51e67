//! One news item: as it was read, and as it was understood.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Span;

/// The identity of an article in the index: 16 lower-case hexadecimal digits.
///
/// Made from where the article came from (`SourceRef` and its own id, if it has one), so that a changed
/// article keeps its identity and replaces its older text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ArticleId(pub String);

impl ArticleId {
    /// The id as a number, for columns of fixed width. Zero when the text is not hexadecimal.
    pub fn key(&self) -> u64 {
        u64::from_str_radix(&self.0, 16).unwrap_or(0)
    }
}

impl std::fmt::Display for ArticleId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// Where an article was read from.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SourceRef {
    /// The file, as the corpus path and the file's path under it; `-` for standard input.
    pub path: String,
    /// For a file that holds many records: which one, counted from 1 (the line of a JSONL file, the row of a
    /// CSV file without its header, the record of a WARC file). `None` for a file that is one article.
    pub record: Option<u64>,
}

impl std::fmt::Display for SourceRef {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.record {
            Some(record) => write!(f, "{}:{}", self.path, record),
            None => f.write_str(&self.path),
        }
    }
}

/// The text of a record before extraction, decoded to UTF-8.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Payload {
    /// An HTML page or fragment.
    Html(String),
    /// A scraped page: headline, furniture and body still mixed, one block a line.
    Page(String),
    /// The body of an article from a structured export: paragraphs, little or no furniture.
    Body(String),
}

/// Metadata exactly as a record or a page gave it, not yet judged or normalised.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GivenFields {
    /// The record's own id, e.g. JSON `id`.
    pub source_id: Option<String>,
    /// Headline.
    pub headline: Option<String>,
    /// Deck or summary.
    pub standfirst: Option<String>,
    /// Outlet name.
    pub outlet: Option<String>,
    /// Domain of the outlet, where no name is given.
    pub domain: Option<String>,
    /// Publication date as written.
    pub date: Option<String>,
    /// Author names or bylines as written.
    pub authors: Vec<String>,
    /// Address of the article.
    pub url: Option<String>,
    /// Section or category.
    pub section: Option<String>,
    /// Language tag.
    pub lang: Option<String>,
}

/// One record as read, before extraction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawArticle {
    /// Where it was read from.
    pub source: SourceRef,
    /// Its text.
    pub payload: Payload,
    /// Its metadata as found.
    pub fields: GivenFields,
    /// What the reader repaired or doubted (encoding, truncated export).
    pub notices: Vec<super::Notice>,
}

/// How a date was found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DateMethod {
    /// Metadata or byline says so.
    Stated,
    /// From dateline, URL, text or file name.
    Inferred,
    /// There is no date.
    #[default]
    None,
}

impl DateMethod {
    /// The word used in output: `stated`, `inferred`, `none`.
    pub const fn name(self) -> &'static str {
        match self {
            DateMethod::Stated => "stated",
            DateMethod::Inferred => "inferred",
            DateMethod::None => "none",
        }
    }
}

/// A line that was cut from the page, with the rule that cut it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FurnitureLine {
    /// The line's text.
    pub text: String,
    /// Name of the rule, e.g. `cross-link`.
    pub rule: String,
    /// For a line that only the outlet's other articles show to be furniture: its number among the paragraphs of
    /// [`Article::whole`]. `None` for lines that were cut for their own sake.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<u32>,
}

/// How one field was found, for `extract --explain`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldMethod {
    /// The field's name, e.g. `outlet`.
    pub field: String,
    /// The step of its cascade that answered, e.g. `og:site_name`.
    pub method: String,
}

/// One news item, cleaned and fielded.
///
/// `body` is its paragraphs joined by one blank line (`"\n\n"`); every [`Span`] of the article and of its quotes
/// counts bytes of `body`. Unknown fields are `None` or empty: a wrong value is worse than none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Article {
    /// Identity in the index.
    pub id: String,
    /// The record's own id, where it had one.
    pub source_id: Option<String>,
    /// Where it was read from.
    pub source: SourceRef,
    /// Headline without the outlet's name.
    pub headline: Option<String>,
    /// Deck.
    pub standfirst: Option<String>,
    /// The article's own words.
    pub body: String,
    /// Paragraphs, in order, without the blank lines between them.
    pub paragraphs: Vec<Span>,
    /// Canonical name of the publication.
    pub outlet: Option<String>,
    /// Day of first publication.
    pub date: Option<Date>,
    /// How the date was found.
    pub date_method: DateMethod,
    /// Persons who wrote it.
    pub authors: Vec<String>,
    /// Address.
    pub url: Option<String>,
    /// Section.
    pub section: Option<String>,
    /// Language, ISO 639-1.
    pub lang: Option<String>,
    /// Words in the body.
    pub words: u32,
    /// Lines that were cut, in page order.
    pub furniture: Vec<FurnitureLine>,
    /// How each field was found.
    pub methods: Vec<FieldMethod>,
}

impl Article {
    /// The paragraph that holds byte `at` of the body.
    pub fn paragraph_at(&self, at: usize) -> Option<Span> {
        let idx = self.paragraphs.partition_point(|p| p.end < at);
        self.paragraphs.get(idx).copied().filter(|p| p.start <= at)
    }

    /// The paragraphs in order, with those at their places that were cut because other articles repeat them. Two records
    /// with the same text have the same, whatever else the index holds.
    pub fn whole(&self) -> Vec<&str> {
        let mut cut =
            self.furniture.iter().filter_map(|line| Some((line.place? as usize, line.text.as_str())));
        let mut next = cut.next();
        let mut whole = Vec::with_capacity(self.paragraphs.len());
        for span in &self.paragraphs {
            while let Some((_, text)) = next.filter(|(place, _)| *place == whole.len()) {
                whole.push(text);
                next = cut.next();
            }
            whole.push(span.of(&self.body));
        }
        whole.extend(next.map(|(_, text)| text));
        whole.extend(cut.map(|(_, text)| text));
        whole
    }
}
