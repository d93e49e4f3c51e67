//! Comma, semicolon, tab or bar separated values: the first row names the columns, each other row is a record.

use super::super::decode;
use super::super::input::Input;
use super::super::keys::{Field, KeyUse, Role};
use super::super::record::Found;
use super::super::value::Value;
use super::rows::{self, Row, Rows};
use super::{Item, Origin, RecordReader};
use crate::model::{Notice, NoticeKind, RawArticle, Rejection, RejectionReason};

/// Reads a file of separated values.
pub(crate) struct CsvReader {
    rows: Rows,
    origin: Origin,
    delimiter: u8,
    columns: Vec<Column>,
    encoding: Option<&'static encoding_rs::Encoding>,
    record: u64,
    row: Vec<u8>,
    is_done: bool,
}

struct Column {
    name: String,
    key_use: Option<KeyUse>,
}

impl CsvReader {
    /// A reader behind the header of `input`.
    ///
    /// # Errors
    /// The header cannot be read, or no column is known to hold a text.
    pub(crate) fn new(input: Input, origin: Origin) -> Result<Self, Rejection> {
        let has_line_feed = input.sample.contains(&b'\n');
        let line_end = if !has_line_feed && input.sample.contains(&b'\r') { b'\r' } else { b'\n' };
        let is_tabbed = input.name.ends_with(".tsv") || input.name.ends_with(".tab");
        let encoding = decode::table_of(&input.sample);
        let limit = origin.options.max_record_bytes;
        let mut rows = Rows::new(input.reader, line_end, if is_tabbed { b'\t' } else { b',' }, limit);
        let mut row = Vec::new();
        let mut delimiter = None;
        loop {
            match rows.next_row(&mut row) {
                Err(error) => return Err(origin.unreadable(None, &error)),
                Ok(Row::End) => {
                    return Err(origin.reject(None, RejectionReason::NoText, "the file has no header"));
                }
                Ok(Row::TooLong | Row::Unclosed) => {
                    return Err(origin.reject(
                        None,
                        RejectionReason::Malformed,
                        "the header is not closed or too long",
                    ));
                }
                Ok(Row::Whole) => {}
            }
            let line = row.trim_ascii();
            // Spreadsheets write `sep=;` before the header.
            if let Some([separator]) = line.strip_prefix(b"sep=").or_else(|| line.strip_prefix(b"SEP=")) {
                delimiter = Some(*separator);
                rows.set_delimiter(*separator);
                continue;
            }
            if !line.is_empty() {
                break;
            }
        }
        let delimiter = delimiter.unwrap_or_else(|| rows::delimiter(&row));
        rows.set_delimiter(delimiter);
        let mut columns = Vec::new();
        for name in rows::split(&row, delimiter, rows::MAX_COLUMNS) {
            let name = decode::decode_str(&name, encoding, &mut Vec::new()).trim().to_owned();
            let key_use = origin.map().key(&name);
            columns.push(Column { name, key_use });
        }
        let holds_text = |column: &Column| {
            column
                .key_use
                .is_some_and(|key_use| matches!(key_use.role, Role::Field(Field::Body | Field::Standfirst)))
        };
        if !columns.iter().any(holds_text) {
            return Err(origin.unknown_shape(None, columns.iter().map(|column| column.name.as_str())));
        }
        Ok(CsvReader { rows, origin, delimiter, columns, encoding, record: 0, row, is_done: false })
    }

    fn article(&self, record: Option<u64>) -> Result<RawArticle, Rejection> {
        let cells = rows::split(&self.row, self.delimiter, self.columns.len() + 1);
        let mut notices = Vec::new();
        if cells.len() != self.columns.len() {
            let difference = if cells.len() > self.columns.len() { "more" } else { "fewer" };
            let message =
                format!("the row has {difference} columns than the header's {}", self.columns.len());
            notices.push(Notice::new(NoticeKind::BadField, message));
        }
        let mut found = Found::default();
        for (cell, column) in cells.iter().zip(&self.columns) {
            let Some(key_use) = column.key_use else { continue };
            let text = decode::decode_str(cell, self.encoding, &mut notices);
            found.offer(self.origin.map(), key_use, &column.name, Value::Text(text));
        }
        found.into_article(self.origin.at(record), notices)
    }
}

impl RecordReader for CsvReader {
    fn next_item(&mut self) -> Option<Item> {
        while !self.is_done {
            self.record += 1;
            let record = Some(self.record);
            match self.rows.next_row(&mut self.row) {
                Err(error) => {
                    self.is_done = true;
                    return Some(Item::Rejected(self.origin.unreadable(record, &error)));
                }
                Ok(Row::End) => self.is_done = true,
                Ok(Row::TooLong) => return Some(Item::Rejected(self.origin.too_large(record))),
                Ok(Row::Unclosed) => {
                    let message = "a quotation mark is opened and never closed";
                    return Some(Item::Rejected(self.origin.reject(
                        record,
                        RejectionReason::Malformed,
                        message,
                    )));
                }
                Ok(Row::Whole) if self.row.trim_ascii().is_empty() => self.record -= 1,
                Ok(Row::Whole) => {
                    return Some(match self.article(record) {
                        Ok(article) => Item::Article(Box::new(article)),
                        Err(rejection) => Item::Rejected(rejection),
                    });
                }
            }
        }
        None
    }
}
