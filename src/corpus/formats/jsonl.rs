//! JSON Lines: one object a line. A bad line is rejected with its number and its neighbours are read.

use super::super::input::{Input, Source, Stretch, read_line};
use super::{Item, Origin, RecordReader, object};
use crate::model::RejectionReason;

/// Reads a file of one object a line.
pub(crate) struct LineReader {
    source: Source,
    origin: Origin,
    line_end: u8,
    line_no: u64,
    line: Vec<u8>,
    is_done: bool,
}

impl LineReader {
    /// A reader at the beginning of `input`.
    pub(crate) fn new(input: Input, origin: Origin) -> Self {
        let has_line_feed = input.sample.contains(&b'\n');
        let line_end = if !has_line_feed && input.sample.contains(&b'\r') { b'\r' } else { b'\n' };
        LineReader { source: input.reader, origin, line_end, line_no: 0, line: Vec::new(), is_done: false }
    }
}

impl RecordReader for LineReader {
    fn next_item(&mut self) -> Option<Item> {
        while !self.is_done {
            self.line_no += 1;
            let record = Some(self.line_no);
            let limit = self.origin.options.max_record_bytes;
            match read_line(&mut self.source, self.line_end, limit, &mut self.line) {
                Err(error) => {
                    self.is_done = true;
                    return Some(Item::Rejected(self.origin.unreadable(record, &error)));
                }
                Ok(Stretch::End) => self.is_done = true,
                Ok(Stretch::TooLong) => return Some(Item::Rejected(self.origin.too_large(record))),
                Ok(Stretch::Whole) => {
                    let line = self.line.trim_ascii();
                    // A mark of record (RFC 7464) before each object is as good as a line end.
                    let line = line.strip_prefix(b"\x1E").unwrap_or(line).trim_ascii_start();
                    if line.is_empty() {
                        continue;
                    }
                    return Some(judge(line, &self.origin, record));
                }
            }
        }
        None
    }
}

fn judge(line: &[u8], origin: &Origin, record: Option<u64>) -> Item {
    if line[0] != b'{' {
        let message = "not well-formed JSON: the line does not hold an object";
        return Item::Rejected(origin.reject(record, RejectionReason::Malformed, message));
    }
    match object::read(line, origin, record, None).result {
        Ok(article) => Item::Article(Box::new(article)),
        Err(_) if is_bulk_action(line) => Item::PassedOver,
        Err(rejection) => Item::Rejected(rejection),
    }
}

/// Whether the line is one that Elasticsearch's bulk format puts before each record.
fn is_bulk_action(line: &[u8]) -> bool {
    let inner = line[1..].trim_ascii_start();
    [b"\"index\"".as_slice(), b"\"create\""].iter().any(|action| inner.starts_with(action))
        && line.ends_with(b"}}")
}
