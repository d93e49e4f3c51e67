//! One reader per format behind one seam: a stream of bytes in, articles and rejections out.
//!
//! [`recognise`] looks at the first bytes, then at the name; [`open()`] starts the reader. Files here:
//!
//! * [`json`]: one object, an array, an object that holds an array; [`scan`] cuts the values out of the stream,
//!   [`object`] reads one of them
//! * [`jsonl`]: one object a line
//! * [`csv`]: comma, semicolon, tab or bar separated; [`rows`] finds the rows
//! * [`markdown`]: front matter and Markdown
//! * [`text`]: scraped text and HTML pages, one article a file
//! * [`archive`]: LexisNexis, Factiva and ProQuest as plain text, many articles a file; `archive_fields` their names of fields
//! * [`feed`]: RSS and Atom; [`xml`] reads their elements
//! * [`warc`]: web archives; [`http`] decodes the responses in them

pub(crate) mod archive;
mod archive_fields;
pub(crate) mod csv;
pub(crate) mod feed;
pub(crate) mod http;
pub(crate) mod json;
pub(crate) mod jsonl;
pub(crate) mod markdown;
pub(crate) mod object;
pub(crate) mod rows;
pub(crate) mod scan;
pub(crate) mod sniff;
pub(crate) mod text;
pub(crate) mod warc;
pub(crate) mod xml;

use std::io;

use crate::model::{RawArticle, Rejection, RejectionReason, SourceRef};

use super::input::{EXPANDS, Input};
use super::keys::FieldMap;
use super::read::ReadOptions;

pub(crate) use sniff::recognise;

/// A kind of file that holds articles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// A page as scraped: headline, furniture and body in one text.
    Page,
    /// Markdown or text, with or without front matter.
    Markdown,
    /// An HTML page.
    Html,
    /// JSON: an object, an array, or an object that holds an array.
    Json,
    /// One JSON object a line.
    JsonLines,
    /// Comma or otherwise separated values with a header.
    Csv,
    /// RSS or Atom.
    Feed,
    /// A web archive.
    Warc,
    /// A plain-text export of a press archive: LexisNexis, Nexis Uni, Factiva, ProQuest.
    Archive,
}

impl Format {
    /// The name used in output.
    pub const fn name(self) -> &'static str {
        match self {
            Format::Page => "text",
            Format::Markdown => "markdown",
            Format::Html => "html",
            Format::Json => "json",
            Format::JsonLines => "jsonl",
            Format::Csv => "csv",
            Format::Feed => "feed",
            Format::Warc => "warc",
            Format::Archive => "archive",
        }
    }
}

/// What each record is: an article, a rejection, or something to be passed over without a word (a redirect, an image).
pub(crate) enum Item {
    /// An article.
    Article(Box<RawArticle>),
    /// A record that cannot be one.
    Rejected(Rejection),
    /// A record that was never meant to be one.
    PassedOver,
    /// Nothing yet: the record was taken in and comes out later.
    Later,
}

/// A reader of one format.
pub(crate) trait RecordReader: Send {
    /// The next record; `None` at the end, and ever after.
    fn next_item(&mut self) -> Option<Item>;
}

/// Where records come from and how they are to be read.
#[derive(Clone)]
pub(crate) struct Origin {
    /// Display path.
    pub(crate) name: String,
    /// The user's wishes.
    pub(crate) options: ReadOptions,
}

impl Origin {
    /// A place in this file.
    pub(crate) fn at(&self, record: Option<u64>) -> SourceRef {
        SourceRef { path: self.name.clone(), record }
    }

    /// A rejection at `record`.
    pub(crate) fn reject(
        &self,
        record: Option<u64>,
        reason: RejectionReason,
        message: impl Into<String>,
    ) -> Rejection {
        Rejection { source_ref: self.at(record), reason, message: message.into() }
    }

    /// The rejection of what could not be read further.
    pub(crate) fn unreadable(&self, record: Option<u64>, error: &io::Error) -> Rejection {
        let message = error.to_string();
        let reason = if message == EXPANDS { RejectionReason::TooLarge } else { RejectionReason::Unreadable };
        let message = match error.kind() {
            io::ErrorKind::UnexpectedEof => "the compressed data ends early".to_owned(),
            _ if reason == RejectionReason::TooLarge => message,
            _ => format!("cannot be read: {}", lower_first(&message)),
        };
        self.reject(record, reason, message)
    }

    /// The rejection of a record above the limit.
    pub(crate) fn too_large(&self, record: Option<u64>) -> Rejection {
        let limit = self.options.max_record_bytes;
        let size = if limit.is_multiple_of(1 << 20) {
            format!("{} MiB", limit >> 20)
        } else {
            format!("{limit} bytes")
        };
        self.reject(record, RejectionReason::TooLarge, format!("longer than the limit of {size}"))
    }

    /// The rejection of a record whose keys name no text. `keys` as written.
    pub(crate) fn unknown_shape<'k>(
        &self,
        record: Option<u64>,
        keys: impl Iterator<Item = &'k str>,
    ) -> Rejection {
        let mut seen: Vec<&str> = keys.take(MAX_KEYS_TOLD + 1).collect();
        let more = if seen.len() > MAX_KEYS_TOLD { ", …" } else { "" };
        seen.truncate(MAX_KEYS_TOLD);
        let message = match seen[..] {
            [] => "the record has no keys".to_owned(),
            _ => format!(
                "no key is known to hold the text; keys: {}{more}; write --map body=KEY",
                seen.join(", ")
            ),
        };
        self.reject(record, RejectionReason::UnknownShape, message)
    }

    /// The meaning of keys.
    pub(crate) fn map(&self) -> &FieldMap {
        &self.options.mapping
    }
}

const MAX_KEYS_TOLD: usize = 20;

fn lower_first(message: &str) -> String {
    let mut chars = message.chars();
    chars.next().map_or(String::new(), |first| first.to_lowercase().chain(chars).collect())
}

/// Starts the reader of `format`.
///
/// # Errors
/// The file as a whole cannot hold an article of this format.
pub(crate) fn open(format: Format, input: Input, origin: Origin) -> Result<Box<dyn RecordReader>, Rejection> {
    Ok(match format {
        Format::Page => Box::new(text::read_page(input, &origin)?),
        Format::Html => Box::new(text::read_html(input, &origin)?),
        Format::Markdown => Box::new(markdown::read(input, &origin)?),
        Format::Json => Box::new(json::JsonReader::new(input, origin)),
        Format::JsonLines => Box::new(jsonl::LineReader::new(input, origin)),
        Format::Csv => Box::new(csv::CsvReader::new(input, origin)?),
        Format::Feed => Box::new(feed::FeedReader::new(input, origin)),
        Format::Warc => Box::new(warc::WarcReader::new(input, origin)),
        Format::Archive => Box::new(archive::ArchiveReader::new(input, &origin)?),
    })
}

/// A file that is one article.
pub(crate) struct One(Option<Item>);

impl One {
    /// The reader that gives `result` once.
    pub(crate) fn new(result: Result<RawArticle, Rejection>) -> Self {
        One(Some(match result {
            Ok(article) => Item::Article(Box::new(article)),
            Err(rejection) => Item::Rejected(rejection),
        }))
    }
}

impl RecordReader for One {
    fn next_item(&mut self) -> Option<Item> {
        self.0.take()
    }
}
