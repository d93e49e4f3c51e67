//! Web archives: HTTP responses and plain resources become articles, Media Cloud's metadata records join the response they
//! belong to.
//!
//! In: a stream of WARC records (each may have been a gzip member of its own). Out: articles; requests, redirects, errors,
//! images and the like are passed over and counted. The date of a record is the day it was fetched and never the article's.

use std::io::{self, Read};

use super::super::decode;
use super::super::input::{Input, Source, Stretch, read_line};
use super::super::tidy::tidy;
use super::{Item, Origin, RecordReader, http, object, sniff};
use crate::model::{GivenFields, Notice, Payload, RawArticle, RejectionReason};

/// Reads a web archive.
pub(crate) struct WarcReader {
    source: Source,
    origin: Origin,
    record: u64,
    /// An article that waits to see whether metadata for it follows.
    held: Option<Held>,
    is_done: bool,
}

struct Held {
    url: Option<String>,
    article: Box<RawArticle>,
}

/// The headers of a record that matter.
#[derive(Default)]
struct Header {
    kind: String,
    url: Option<String>,
    media_type: String,
    len: Option<u64>,
}

const MAX_HEADER_LINE: usize = 64 * 1024;
const MAX_HEADER_LINES: usize = 1000;

/// Media type of the records in which Media Cloud keeps what it knows of a story.
const MEDIA_CLOUD: &str = "application/x.mediacloud-indexer+json";

/// Pages of these kinds hold articles.
const PAGE_TYPES: [&str; 4] = ["text/html", "application/xhtml+xml", "application/xhtml", ""];

impl WarcReader {
    /// A reader at the beginning of `input`.
    pub(crate) fn new(input: Input, origin: Origin) -> Self {
        WarcReader { source: input.reader, origin, record: 0, held: None, is_done: false }
    }

    fn step(&mut self) -> io::Result<Option<Item>> {
        if !self.find_record()? {
            self.is_done = true;
            return Ok(self.release());
        }
        self.record += 1;
        let header = self.header()?;
        let Some(len) = header.len else {
            // What follows is looked through for the next version line.
            let message = "the record has no length";
            return Ok(Some(Item::Rejected(self.origin.reject(
                Some(self.record),
                RejectionReason::Malformed,
                message,
            ))));
        };
        self.body(&header, len).map(Some)
    }

    /// Moves behind the next version line, past blank lines and whatever a record with a wrong length left.
    fn find_record(&mut self) -> io::Result<bool> {
        let mut line = Vec::new();
        loop {
            match read_line(&mut self.source, b'\n', MAX_HEADER_LINE, &mut line)? {
                Stretch::End => return Ok(false),
                Stretch::Whole if line.starts_with(b"WARC/") => return Ok(true),
                Stretch::Whole | Stretch::TooLong => {}
            }
        }
    }

    fn header(&mut self) -> io::Result<Header> {
        let mut header = Header::default();
        let mut line = Vec::new();
        for _ in 0..MAX_HEADER_LINES {
            match read_line(&mut self.source, b'\n', MAX_HEADER_LINE, &mut line)? {
                Stretch::Whole if !line.trim_ascii().is_empty() => {}
                Stretch::TooLong => continue,
                _ => break,
            }
            let text = String::from_utf8_lossy(&line);
            let Some((name, value)) = text.split_once(':') else { continue };
            let value = value.trim();
            match name.trim().to_ascii_lowercase().as_str() {
                "warc-type" => header.kind = value.to_ascii_lowercase(),
                "warc-target-uri" => {
                    header.url = Some(value.trim_start_matches('<').trim_end_matches('>').to_owned());
                }
                "content-type" => {
                    header.media_type = value.split(';').next().unwrap_or("").trim().to_ascii_lowercase();
                }
                "content-length" => header.len = value.parse().ok(),
                _ => {}
            }
        }
        Ok(header)
    }

    fn body(&mut self, header: &Header, len: u64) -> io::Result<Item> {
        let record = Some(self.record);
        let is_wanted = match header.kind.as_str() {
            "response" | "resource" | "conversion" => true,
            "metadata" => header.media_type == MEDIA_CLOUD,
            _ => false,
        };
        let limit = self.origin.options.max_record_bytes as u64;
        if !is_wanted || len > limit {
            let passed = io::copy(&mut (&mut self.source).take(len), &mut io::sink())?;
            if passed < len {
                self.is_done = true;
            }
            let item =
                if is_wanted { Item::Rejected(self.origin.too_large(record)) } else { Item::PassedOver };
            return Ok(item);
        }
        let mut body = Vec::new();
        (&mut self.source).take(len).read_to_end(&mut body)?;
        if (body.len() as u64) < len {
            self.is_done = true;
            let message = format!("the file ends within the record: {} of {len} bytes", body.len());
            return Ok(Item::Rejected(self.origin.reject(record, RejectionReason::Malformed, message)));
        }
        Ok(match header.kind.as_str() {
            "response" => self.response(header, &body),
            "metadata" => self.metadata(header, &body),
            _ => self.resource(header, body),
        })
    }

    fn response(&mut self, header: &Header, bytes: &[u8]) -> Item {
        let record = Some(self.record);
        if !bytes.starts_with(b"HTTP/") {
            return Item::PassedOver;
        }
        let limit = self.origin.options.max_record_bytes;
        match http::head(bytes) {
            Err(_) => {
                let message = "the HTTP head is broken";
                return Item::Rejected(self.origin.reject(record, RejectionReason::Malformed, message));
            }
            Ok(head) if head.status != 200 || !PAGE_TYPES.contains(&head.media_type.as_str()) => {
                return Item::PassedOver;
            }
            Ok(_) => {}
        }
        match http::response(bytes, limit) {
            Ok(response) => self.page(header, response.body, response.charset),
            Err(http::HttpError::TooLarge) => Item::Rejected(self.origin.too_large(record)),
            Err(error) => {
                let message = match error {
                    http::HttpError::UnknownCoding(coding) => {
                        format!("the body is compressed with `{coding}`, which is not known")
                    }
                    _ => "the body is damaged".to_owned(),
                };
                Item::Rejected(self.origin.reject(record, RejectionReason::Malformed, message))
            }
        }
    }

    fn resource(&mut self, header: &Header, body: Vec<u8>) -> Item {
        match header.media_type.as_str() {
            kind if PAGE_TYPES.contains(&kind) => self.page(header, body, None),
            "text/plain" => self.article(header, body, None, Payload::Page),
            _ => Item::PassedOver,
        }
    }

    fn page(
        &mut self,
        header: &Header,
        body: Vec<u8>,
        charset: Option<&'static encoding_rs::Encoding>,
    ) -> Item {
        let declared = charset.or_else(|| decode::declared_in(&body));
        self.article(header, body, declared, Payload::Html)
    }

    fn article(
        &mut self,
        header: &Header,
        body: Vec<u8>,
        declared: Option<&'static encoding_rs::Encoding>,
        payload: fn(String) -> Payload,
    ) -> Item {
        let record = Some(self.record);
        if sniff::is_binary(&body) {
            return Item::PassedOver;
        }
        let mut notices: Vec<Notice> = Vec::new();
        let text = decode::decode(body, declared, &mut notices);
        let text = tidy(text, &mut notices);
        if text.trim().is_empty() {
            return Item::Rejected(self.origin.reject(record, RejectionReason::NoText, "the page is empty"));
        }
        let fields = GivenFields { url: header.url.clone(), ..GivenFields::default() };
        let article = RawArticle { source: self.origin.at(record), payload: payload(text), fields, notices };
        let held = Held { url: header.url.clone(), article: Box::new(article) };
        self.held.replace(held).map_or(Item::Later, |held| Item::Article(held.article))
    }

    /// Media Cloud's record: its fields join the page before it; alone it is an article by itself.
    fn metadata(&mut self, header: &Header, body: &[u8]) -> Item {
        let record = Some(self.record);
        let read = object::read(body, &self.origin, record, None);
        let belongs = self.held.as_ref().is_some_and(|held| held.url == header.url || header.url.is_none());
        match (read.result, belongs) {
            (Ok(story), true) => {
                let Some(held) = self.held.take() else { return Item::Later };
                let mut article = held.article;
                fill(&mut article.fields, story.fields);
                Item::Article(article)
            }
            (Ok(mut story), false) => {
                story.fields.url = story.fields.url.or_else(|| header.url.clone());
                Item::Article(Box::new(story))
            }
            // A record of fields without a text of its own says nothing that the page does not.
            (Err(_), true) => self.release().unwrap_or(Item::Later),
            (Err(rejection), false) => Item::Rejected(rejection),
        }
    }

    fn release(&mut self) -> Option<Item> {
        self.held.take().map(|held| Item::Article(held.article))
    }
}

/// Fields that `fields` lacks, from `story`.
fn fill(fields: &mut GivenFields, story: GivenFields) {
    let GivenFields { source_id, headline, standfirst, outlet, domain, date, authors, url, section, lang } =
        story;
    let slots = [
        (&mut fields.source_id, source_id),
        (&mut fields.headline, headline),
        (&mut fields.standfirst, standfirst),
        (&mut fields.outlet, outlet),
        (&mut fields.domain, domain),
        (&mut fields.date, date),
        (&mut fields.url, url),
        (&mut fields.section, section),
        (&mut fields.lang, lang),
    ];
    for (slot, value) in slots {
        if slot.is_none() {
            *slot = value;
        }
    }
    if fields.authors.is_empty() {
        fields.authors = authors;
    }
}

impl RecordReader for WarcReader {
    fn next_item(&mut self) -> Option<Item> {
        if self.is_done {
            return self.release();
        }
        match self.step() {
            Ok(item) => item,
            Err(error) => {
                self.is_done = true;
                Some(Item::Rejected(self.origin.unreadable(Some(self.record + 1), &error)))
            }
        }
    }
}
