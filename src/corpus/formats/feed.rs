//! RSS (0.9 to 2.0, RDF) and Atom feeds: each item or entry is a record.
//!
//! In: a stream. Out: one article per item, read as soon as its end is seen; a broken item spoils none after it. The date
//! is kept as written, so that a zone does not move the day.

use std::io::{self, Read};

use super::super::decode;
use super::super::input::{Input, Source};
use super::super::keys::{Field, KeyUse, Role};
use super::super::record::Found;
use super::super::value::Value;
use super::xml::{self, Element};
use super::{Item, Origin, RecordReader};
use crate::model::{RawArticle, Rejection, RejectionReason};

/// Reads a feed.
pub(crate) struct FeedReader {
    source: Source,
    origin: Origin,
    encoding: Option<&'static encoding_rs::Encoding>,
    buffer: Vec<u8>,
    from: usize,
    is_exhausted: bool,
    channel: Option<Channel>,
    record: u64,
    is_done: bool,
}

/// What the feed says of itself.
#[derive(Default)]
struct Channel {
    title: Option<String>,
    language: Option<String>,
}

/// Description texts longer than this are the article and no summary.
const MIN_FULL_TEXT: usize = 1500;

const CHUNK: u64 = 64 * 1024;

impl FeedReader {
    /// A reader at the beginning of `input`.
    pub(crate) fn new(input: Input, origin: Origin) -> Self {
        let encoding = if input.was_utf16 {
            None
        } else {
            decode::declared_in(&input.sample[..input.sample.len().min(200)])
        };
        FeedReader {
            source: input.reader,
            origin,
            encoding,
            buffer: Vec::new(),
            from: 0,
            is_exhausted: false,
            channel: None,
            record: 0,
            is_done: false,
        }
    }

    fn fill(&mut self) -> io::Result<()> {
        self.buffer.drain(..self.from);
        self.from = 0;
        // What is held doubles, so that looking through it again and again stays linear.
        let chunk = CHUNK.max(self.buffer.len() as u64);
        let n = (&mut self.source).take(chunk).read_to_end(&mut self.buffer)?;
        self.is_exhausted = n == 0;
        Ok(())
    }

    /// Moves behind the next item's opening tag; its name.
    fn open_item(&mut self) -> io::Result<Option<&'static str>> {
        let mut scanned = self.from;
        loop {
            match find_open(&self.buffer, scanned) {
                Opening::Item { start, after, name } => {
                    if self.channel.is_none() {
                        self.channel = Some(self.read_channel(start));
                    }
                    self.from = after;
                    return Ok(Some(name));
                }
                Opening::Nothing { resume } => {
                    if self.is_exhausted {
                        return Ok(None);
                    }
                    // The head stays until the first item is found, but not without bound.
                    let keep = if self.channel.is_none() && resume < MAX_HEAD { self.from } else { resume };
                    self.from =
                        if self.buffer.len() - keep > self.limit() { self.buffer.len() } else { keep };
                    scanned = resume.max(self.from) - self.from;
                    self.fill()?;
                }
            }
        }
    }

    fn limit(&self) -> usize {
        self.origin.options.max_record_bytes
    }

    fn read_channel(&self, end: usize) -> Channel {
        let head =
            decode::decode_str(&self.buffer[self.from..end], self.encoding, &mut Vec::new()).into_owned();
        let mut channel = Channel::default();
        let mut level: Vec<Element<'_>> = xml::children(&head).collect();
        // <rss><channel>, <rdf:RDF><channel>, <feed>: the head is cut off, so each level is never closed.
        for _ in 0..2 {
            for element in &level {
                match element.name {
                    "title" if channel.title.is_none() => channel.title = Some(element.text()),
                    "language" | "dc:language" => channel.language = Some(element.text()),
                    "feed" => channel.language = element.attribute("xml:lang").map(|lang| lang.into_owned()),
                    _ => {}
                }
            }
            let inner = level.iter().find(|element| {
                matches!(element.name, "rss" | "rdf:RDF" | "feed" | "channel" | "RDF" | "atom:feed")
            });
            let Some(inner) = inner else { break };
            level = xml::children(inner.content).collect();
        }
        for element in &level {
            match element.name {
                "title" if channel.title.is_none() => channel.title = Some(element.text()),
                "language" | "dc:language" => channel.language = Some(element.text()),
                _ => {}
            }
        }
        channel
    }

    /// The content of the item whose opening tag was passed; `None` when it is too long (it is passed over).
    fn item_content(&mut self, name: &'static str) -> io::Result<Option<Vec<u8>>> {
        let close: &[u8] = if name == "item" { b"</item" } else { b"</entry" };
        let mut scanned = self.from;
        loop {
            match find_close(&self.buffer, scanned, close) {
                Ok(end) => {
                    let content = self.buffer[self.from..end].to_vec();
                    self.from = end;
                    return Ok(Some(content));
                }
                Err(_) if self.is_exhausted => {
                    let content = self.buffer[self.from..].to_vec();
                    self.from = self.buffer.len();
                    return Ok(Some(content));
                }
                Err(_) if self.buffer.len() - self.from > self.limit() => {
                    self.pass_over(close)?;
                    return Ok(None);
                }
                Err(resume) => {
                    scanned = resume - self.from;
                    self.fill()?;
                }
            }
        }
    }

    /// Goes on to `close`, wherever it stands, and keeps nothing.
    fn pass_over(&mut self, close: &[u8]) -> io::Result<()> {
        loop {
            let rest = &self.buffer[self.from..];
            if let Some(at) = rest.windows(close.len()).position(|window| window == close) {
                self.from += at;
                return Ok(());
            }
            self.from += rest.len().saturating_sub(close.len());
            if self.is_exhausted {
                return Ok(());
            }
            self.fill()?;
        }
    }

    fn step(&mut self) -> io::Result<Option<Item>> {
        let Some(name) = self.open_item()? else {
            self.is_done = true;
            if self.record == 0 {
                let message = "the feed has no items";
                return Ok(Some(Item::Rejected(self.origin.reject(None, RejectionReason::NoText, message))));
            }
            return Ok(None);
        };
        self.record += 1;
        let record = Some(self.record);
        let Some(content) = self.item_content(name)? else {
            return Ok(Some(Item::Rejected(self.origin.too_large(record))));
        };
        Ok(Some(match self.article(&content, record) {
            Ok(article) => Item::Article(Box::new(article)),
            Err(rejection) => Item::Rejected(rejection),
        }))
    }

    fn article(&self, content: &[u8], record: Option<u64>) -> Result<RawArticle, Rejection> {
        let mut notices = Vec::new();
        let content = decode::decode_str(content, self.encoding, &mut notices);
        let mut found = Found::default();
        let mut authors = Vec::new();
        for element in xml::children(&content) {
            self.take(element, &mut found, &mut authors);
        }
        if !authors.is_empty() {
            found.offer(self.origin.map(), field(Field::Author, 1), "author", Value::List(authors));
        }
        if let Some(channel) = &self.channel {
            found.set_default(Field::Outlet, channel.title.clone().unwrap_or_default());
            found.set_default(Field::Lang, channel.language.clone().unwrap_or_default());
        }
        found.into_article(self.origin.at(record), notices)
    }

    fn take(&self, element: Element<'_>, found: &mut Found<'static>, authors: &mut Vec<Value<'static>>) {
        let text = |element: &Element<'_>| Value::Text(element.text().into());
        let mut offer = |name: Field, rank: u8, value: Value<'static>| {
            found.offer(self.origin.map(), field(name, rank), element.name, value);
        };
        match element.name {
            "title" => offer(Field::Headline, 1, text(&element)),
            "feedburner:origLink" => offer(Field::Url, 1, text(&element)),
            "link" => match element.attribute("href") {
                Some(href) => {
                    let rank = if element.attribute("rel").is_none_or(|rel| rel == "alternate") {
                        2
                    } else {
                        return;
                    };
                    offer(Field::Url, rank, Value::Text(href.into_owned().into()));
                }
                None => offer(Field::Url, 2, text(&element)),
            },
            "guid" | "id" => offer(Field::Id, 1, text(&element)),
            "pubDate" | "published" => offer(Field::Date, 1, text(&element)),
            "dc:date" | "dcterms:created" | "issued" => offer(Field::Date, 2, text(&element)),
            "updated" | "modified" | "dcterms:modified" => offer(Field::Date, 3, text(&element)),
            "content:encoded" => offer(Field::Body, 1, text(&element)),
            "content" => offer(Field::Body, 2, marked_text(&element)),
            "description" | "summary" | "media:description" => {
                let value = marked_text(&element);
                let is_full = matches!(&value, Value::Text(text) if text.len() > MIN_FULL_TEXT);
                let rank = if element.name == "media:description" { 6 } else { 3 };
                offer(if is_full { Field::Body } else { Field::Standfirst }, rank, value);
            }
            "source" => {
                let title = element.child("title").unwrap_or(element);
                offer(Field::Outlet, 1, text(&title));
            }
            "category" => {
                let term = element.attribute("label").or_else(|| element.attribute("term"));
                offer(
                    Field::Section,
                    1,
                    term.map_or_else(|| text(&element), |term| Value::Text(term.into_owned().into())),
                );
            }
            "dc:language" => offer(Field::Lang, 1, text(&element)),
            "dc:creator" | "author" | "itunes:author" if authors.len() < MAX_AUTHORS => {
                let name = element.child("name").map_or_else(|| element.text(), |name| name.text());
                if let Some(name) = person(&name) {
                    authors.push(Value::Text(name.to_owned().into()));
                }
            }
            _ => {}
        }
    }
}

const MAX_AUTHORS: usize = 50;

/// The title and links of a feed stand within its first bytes.
const MAX_HEAD: usize = 256 * 1024;

impl RecordReader for FeedReader {
    fn next_item(&mut self) -> Option<Item> {
        if self.is_done {
            return None;
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

fn field(field: Field, rank: u8) -> KeyUse {
    KeyUse { role: Role::Field(field), rank, is_stem: false }
}

/// Text, or the markup itself where Atom says that the content is XHTML.
fn marked_text(element: &Element<'_>) -> Value<'static> {
    let is_markup =
        element.attribute("type").is_some_and(|kind| kind == "xhtml" || kind == "application/xhtml+xml");
    let text = if is_markup { element.content.to_owned() } else { element.text() };
    Value::Text(text.into())
}

/// The name in `mail@host (Name)`; nothing for a bare address.
fn person(text: &str) -> Option<&str> {
    let text = text.trim();
    if !text.contains('@') {
        return Some(text).filter(|text| !text.is_empty());
    }
    let inner = text.split_once('(')?.1.rsplit_once(')')?.0.trim();
    Some(inner).filter(|name| !name.is_empty() && !name.contains('@'))
}

enum Opening {
    Item { start: usize, after: usize, name: &'static str },
    Nothing { resume: usize },
}

/// The next `<item …>` or `<entry …>`; when there is none, where to look on once there are more bytes.
fn find_open(bytes: &[u8], from: usize) -> Opening {
    let mut at = from;
    while let Some(step) = bytes[at..].iter().position(|byte| *byte == b'<') {
        at += step;
        let rest = &bytes[at..];
        if let Some(skipped) = opaque(rest) {
            match skipped {
                Some(len) => at += len,
                None => return Opening::Nothing { resume: at },
            }
            continue;
        }
        for name in ["item", "entry"] {
            let Some(tail) = rest[1..].strip_prefix(name.as_bytes()) else { continue };
            if !tail.first().is_none_or(|byte| byte.is_ascii_whitespace() || *byte == b'>') {
                continue;
            }
            match tail.iter().position(|byte| *byte == b'>') {
                Some(end) => return Opening::Item { start: at, after: at + 1 + name.len() + end + 1, name },
                None if tail.len() < MAX_TAG => return Opening::Nothing { resume: at },
                None => {}
            }
        }
        if rest.len() < "<entry ".len() {
            return Opening::Nothing { resume: at };
        }
        at += 1;
    }
    Opening::Nothing { resume: bytes.len() }
}

const MAX_TAG: usize = 64 * 1024;

/// Where `close` stands outside comments and CDATA; else where to look on.
fn find_close(bytes: &[u8], from: usize, close: &[u8]) -> Result<usize, usize> {
    let mut at = from;
    while let Some(step) = bytes[at..].iter().position(|byte| *byte == b'<') {
        at += step;
        let rest = &bytes[at..];
        if rest.starts_with(close) {
            return Ok(at);
        }
        match opaque(rest) {
            Some(Some(len)) => at += len,
            Some(None) => return Err(at),
            None if rest.len() < "<![CDATA[".len() => return Err(at),
            None => at += 1,
        }
    }
    Err(bytes.len())
}

/// The length of the comment or CDATA that `rest` begins with; `Some(None)` when its end is not in sight.
fn opaque(rest: &[u8]) -> Option<Option<usize>> {
    for (open, close) in [(b"<!--".as_slice(), b"-->".as_slice()), (b"<![CDATA[", b"]]>")] {
        if rest.starts_with(open) {
            let end = rest.windows(close.len()).position(|window| window == close);
            return Some(end.map(|end| end + close.len()));
        }
    }
    None
}
