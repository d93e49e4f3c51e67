//! JSON files: one article, an array of them, or an object that holds such an array (the answer of a search service).
//!
//! In: a stream. Out: records one by one; an array is never held as a whole. Several values one after the other are read
//! as well.

use std::collections::VecDeque;
use std::io::{self, BufRead, BufReader, Cursor, Read};

use super::super::input::{Input, Source, Stretch};
use super::{Item, Origin, RecordReader, object, scan};
use crate::model::RejectionReason;

/// Reads a JSON file.
pub(crate) struct JsonReader {
    source: Box<dyn BufRead + Send>,
    origin: Origin,
    state: State,
    record: u64,
    /// The outlet of all records, where the file as a whole names one (JSON Feed).
    outlet: Option<String>,
    is_graph: bool,
    /// The one value of a file that is no array, kept until it is known whether another follows.
    ready: VecDeque<Item>,
    buffer: Vec<u8>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// Before a value at the outermost level.
    Outside,
    /// Inside the array of records.
    InArray,
    Done,
}

impl JsonReader {
    /// A reader at the beginning of `input`.
    pub(crate) fn new(input: Input, origin: Origin) -> Self {
        let source: Source = input.reader;
        JsonReader {
            source: Box::new(source),
            origin,
            state: State::Outside,
            record: 0,
            outlet: None,
            is_graph: false,
            ready: VecDeque::new(),
            buffer: Vec::new(),
        }
    }

    fn limit(&self) -> usize {
        self.origin.options.max_record_bytes
    }

    fn fail(&mut self, error: &io::Error) -> Item {
        self.state = State::Done;
        Item::Rejected(self.origin.unreadable(Some(self.record + 1), error))
    }

    fn malformed(&mut self, record: Option<u64>, message: &str) -> Item {
        Item::Rejected(self.origin.reject(
            record,
            RejectionReason::Malformed,
            format!("not well-formed JSON: {message}"),
        ))
    }

    fn step(&mut self) -> io::Result<Option<Item>> {
        match self.state {
            State::Done => Ok(None),
            State::Outside => self.outside(),
            State::InArray => self.in_array(),
        }
    }

    fn outside(&mut self) -> io::Result<Option<Item>> {
        match scan::skip(&mut self.source, b",")? {
            None => {
                self.state = State::Done;
                Ok(None)
            }
            Some(b'[') => {
                self.source.consume(1);
                self.state = State::InArray;
                self.in_array()
            }
            Some(b'{') => self.object_outside(),
            Some(byte) => {
                self.state = State::Done;
                let message =
                    format!("expected an object or an array, found `{}`", (byte as char).escape_default());
                Ok(Some(self.malformed(None, &message)))
            }
        }
    }

    fn object_outside(&mut self) -> io::Result<Option<Item>> {
        let limit = self.limit();
        let mut buffer = std::mem::take(&mut self.buffer);
        let stretch = scan::read_value_start(&mut self.source, limit, &mut buffer)?;
        if stretch == Stretch::TooLong {
            return Ok(Some(self.open_long(buffer)));
        }
        // One value alone is the file; a second one makes them records.
        let is_alone = self.record == 0 && scan::skip(&mut self.source, b",")?.is_none();
        self.record += 1;
        let record = (!is_alone).then_some(self.record);
        let read = object::read(&buffer, &self.origin, record, None);
        let is_no_text =
            matches!(&read.result, Err(rejection) if rejection.reason == RejectionReason::UnknownShape);
        if !read.has_body
            && !matches!(&read.result, Err(rejection) if rejection.reason == RejectionReason::Malformed)
        {
            let map = self.origin.map().clone();
            let inner = scan::find_array(&buffer, |key| map.is_list(key));
            let inner = inner.filter(|inner| {
                map.is_list(&inner.key) || (is_no_text && self.starts_with_article(&buffer[inner.start..]))
            });
            if let Some(inner) = inner {
                self.enter(buffer, &inner);
                return self.in_array();
            }
            if is_no_text && self.offer_members(&buffer) {
                return Ok(self.ready.pop_front());
            }
        }
        self.buffer = buffer;
        Ok(Some(item(read.result)))
    }

    /// An object above the limit: if it holds an array of records, that one is streamed.
    fn open_long(&mut self, start: Vec<u8>) -> Item {
        let map = self.origin.map().clone();
        match scan::find_array(&start, |key| map.is_list(key)) {
            Some(inner) => {
                self.enter(start, &inner);
                self.next_item().unwrap_or(Item::Later)
            }
            None => {
                self.state = State::Done;
                Item::Rejected(self.origin.too_large(None))
            }
        }
    }

    fn enter(&mut self, head: Vec<u8>, inner: &scan::Inner) {
        self.is_graph = inner.key == "@graph";
        self.outlet = feed_title(&head[..inner.start]);
        let rest = std::mem::replace(&mut self.source, Box::new(io::empty()));
        let mut head = Cursor::new(head);
        head.set_position(inner.start as u64);
        // `Chain` of two buffered readers would do, but the scanner wants stretches that go over the seam.
        self.source = Box::new(BufReader::with_capacity(256 * 1024, head.chain(rest)));
        self.record = 0;
        self.state = State::InArray;
    }

    fn starts_with_article(&self, bytes: &[u8]) -> bool {
        match scan::extent(bytes) {
            scan::Extent::Ends(end) => {
                object::read(bytes[..end].trim_ascii(), &self.origin, None, None).has_body
            }
            scan::Extent::Open => false,
        }
    }

    /// An object of objects, each a record under its id.
    fn offer_members(&mut self, buffer: &[u8]) -> bool {
        let members = scan::members(buffer);
        let are_objects = !members.is_empty() && members.iter().all(|(_, value)| value.starts_with(b"{"));
        if !are_objects || !self.starts_with_article(members[0].1) {
            return false;
        }
        for (idx, (key, value)) in members.iter().enumerate() {
            let id = String::from_utf8_lossy(key);
            let read = object::read(value, &self.origin, Some(idx as u64 + 1), Some(&id));
            self.ready.push_back(item(read.result));
        }
        true
    }

    fn in_array(&mut self) -> io::Result<Option<Item>> {
        let next = scan::skip(&mut self.source, b",")?;
        match next {
            None => {
                self.state = State::Done;
                let record = Some(self.record + 1);
                return Ok(Some(self.malformed(record, "the array is not closed; the file ends early")));
            }
            Some(b']') => {
                self.source.consume(1);
                // What follows the array of an object is no record; what follows an array at the outermost level may be.
                self.state = State::Done;
                return Ok(None);
            }
            Some(b'}' | b':') => {
                self.source.consume(1);
                return Ok(Some(self.malformed(Some(self.record + 1), "a bracket too many")));
            }
            Some(_) => {}
        }
        self.record += 1;
        let record = Some(self.record);
        let mut buffer = std::mem::take(&mut self.buffer);
        let limit = self.limit();
        let stretch = scan::read_value(&mut self.source, limit, &mut buffer)?;
        let found = match stretch {
            Stretch::TooLong => Item::Rejected(self.origin.too_large(record)),
            Stretch::Whole | Stretch::End if next != Some(b'{') => {
                if stretch == Stretch::End {
                    self.state = State::Done;
                }
                self.malformed(record, "expected an object")
            }
            Stretch::End => {
                self.state = State::Done;
                self.malformed(record, "the file ends within the record")
            }
            Stretch::Whole => {
                let mut read = object::read(&buffer, &self.origin, record, None);
                if let (Ok(article), Some(outlet)) = (&mut read.result, &self.outlet) {
                    article.fields.outlet.get_or_insert_with(|| outlet.clone());
                }
                let is_other = self.is_graph && !read.has_body;
                if is_other { Item::PassedOver } else { item(read.result) }
            }
        };
        self.buffer = buffer;
        Ok(Some(found))
    }
}

impl RecordReader for JsonReader {
    fn next_item(&mut self) -> Option<Item> {
        if let Some(item) = self.ready.pop_front() {
            return Some(item);
        }
        match self.step() {
            Ok(item) => item,
            Err(error) => Some(self.fail(&error)),
        }
    }
}

fn item(result: Result<crate::model::RawArticle, crate::model::Rejection>) -> Item {
    match result {
        Ok(article) => Item::Article(Box::new(article)),
        Err(rejection) => Item::Rejected(rejection),
    }
}

/// The title of a JSON Feed, from what stands before its items.
fn feed_title(head: &[u8]) -> Option<String> {
    let members = scan::members(head);
    let text = |name: &[u8]| {
        let value = members.iter().find(|(key, _)| *key == name)?.1;
        serde_json::from_slice::<String>(value).ok()
    };
    text(b"version").filter(|version| version.contains("jsonfeed.org")).and_then(|_| text(b"title"))
}
