//! Rows of separated values: where a row ends, and its cells.
//!
//! In: lines. Out: rows as bytes, with their quoted line breaks. Lenient where programs are sloppy: a quotation mark opens a
//! quoted cell only at its beginning and closes it only before a separator or the line's end, so that marks inside stay
//! text. A row whose mark is never closed is given up alone: reading goes on at the line after its first.

use std::borrow::Cow;
use std::io;

use super::super::input::{Source, Stretch, read_line};

/// The separator that stands most often outside quotation marks.
pub(crate) fn delimiter(header: &[u8]) -> u8 {
    let mut counts = [0usize; DELIMITERS.len()];
    let mut in_quotes = false;
    for byte in header {
        in_quotes ^= *byte == b'"';
        if let (false, Some(idx)) = (in_quotes, DELIMITERS.iter().position(|delimiter| delimiter == byte)) {
            counts[idx] += 1;
        }
    }
    let mut best = 0;
    for (idx, count) in counts.iter().enumerate() {
        if *count > counts[best] {
            best = idx;
        }
    }
    DELIMITERS[best]
}

const DELIMITERS: [u8; 4] = [b',', b'\t', b';', b'|'];

/// More columns than any table of articles has.
pub(crate) const MAX_COLUMNS: usize = 2000;

/// The first `limit` cells of one row, without their quotation marks.
pub(crate) fn split(row: &[u8], delimiter: u8, limit: usize) -> Vec<Cow<'_, [u8]>> {
    let mut cells = Vec::new();
    let mut at = 0;
    loop {
        let (cell, end) = cell_at(row, at, delimiter);
        cells.push(cell);
        if end >= row.len() || cells.len() >= limit {
            return cells;
        }
        at = end + 1;
    }
}

fn cell_at(row: &[u8], start: usize, delimiter: u8) -> (Cow<'_, [u8]>, usize) {
    if row.get(start) != Some(&b'"') {
        let end = row[start..].iter().position(|byte| *byte == delimiter).map_or(row.len(), |at| start + at);
        return (Cow::Borrowed(&row[start..end]), end);
    }
    let mut cell: Cow<'_, [u8]> = Cow::Borrowed(&[]);
    let mut from = start + 1;
    let mut at = from;
    while let Some(step) = row[at..].iter().position(|byte| *byte == b'"') {
        at += step;
        if row.get(at + 1) == Some(&b'"') {
            cell.to_mut().extend_from_slice(&row[from..=at]);
            at += 2;
            from = at;
            continue;
        }
        let is_closing = row.get(at + 1).is_none_or(|next| *next == delimiter || *next == b'\r');
        if is_closing {
            append(&mut cell, &row[from..at]);
            let end =
                row[at..].iter().position(|byte| *byte == delimiter).map_or(row.len(), |step| at + step);
            return (cell, end);
        }
        // `\"` is how some databases write a mark inside.
        if at > from && row[at - 1] == b'\\' {
            cell.to_mut().extend_from_slice(&row[from..at - 1]);
            from = at;
        }
        at += 1;
    }
    append(&mut cell, &row[from..]);
    (cell, row.len())
}

fn append<'r>(cell: &mut Cow<'r, [u8]>, rest: &'r [u8]) {
    if cell.is_empty() {
        *cell = Cow::Borrowed(rest);
    } else {
        cell.to_mut().extend_from_slice(rest);
    }
}

/// One row, or why there is none.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Row {
    /// Its bytes are in the buffer.
    Whole,
    /// Longer than the limit.
    TooLong,
    /// A quotation mark is opened and never closed.
    Unclosed,
    /// No more rows.
    End,
}

/// Reads rows from a stream.
pub(crate) struct Rows {
    source: Source,
    line_end: u8,
    delimiter: u8,
    limit: usize,
    /// Lines behind the first of a row that is not closed yet; when it is given up, they are read again.
    back: Vec<u8>,
    back_from: usize,
    patience: usize,
    n_given_up: usize,
    line: Vec<u8>,
}

/// How far a row with an open mark is followed after many such rows in a row; keeps a file of open marks linear.
const MIN_PATIENCE: usize = 1024;

/// After this many rows with open marks, one behind the other, such a row is not followed at all.
const MAX_GIVEN_UP: usize = 100;

impl Rows {
    /// Rows of `source`, each at most `limit` bytes.
    pub(crate) fn new(source: Source, line_end: u8, delimiter: u8, limit: usize) -> Self {
        let (back, line) = (Vec::new(), Vec::new());
        Rows { source, line_end, delimiter, limit, back, back_from: 0, patience: limit, n_given_up: 0, line }
    }

    /// Uses another separator from here on.
    pub(crate) fn set_delimiter(&mut self, delimiter: u8) {
        self.delimiter = delimiter;
    }

    /// Reads the next row into `row`, without its line end.
    pub(crate) fn next_row(&mut self, row: &mut Vec<u8>) -> io::Result<Row> {
        row.clear();
        self.forget_read_lines();
        match self.next_line(false)? {
            Stretch::TooLong => return Ok(Row::TooLong),
            Stretch::End => return Ok(Row::End),
            Stretch::Whole => {}
        }
        let resume = self.back_from;
        push_line(row, &self.line);
        let first_line_len = row.len();
        let mut is_open = is_open_after(row, self.delimiter, false);
        while is_open {
            let is_whole = row.len() <= self.patience && self.next_line(true)? == Stretch::Whole;
            if !is_whole {
                self.n_given_up += 1;
                let is_hopeless = self.n_given_up >= MAX_GIVEN_UP;
                self.patience = if is_hopeless { 0 } else { (self.patience / 8).max(MIN_PATIENCE) };
                self.back_from = resume;
                row.truncate(first_line_len);
                return Ok(Row::Unclosed);
            }
            row.push(b'\n');
            let start = row.len();
            push_line(row, &self.line);
            is_open = is_open_after(&row[start..], self.delimiter, true);
        }
        self.n_given_up = 0;
        self.patience = (self.patience * 2).clamp(MIN_PATIENCE, self.limit.max(MIN_PATIENCE));
        Ok(Row::Whole)
    }

    fn forget_read_lines(&mut self) {
        if self.back_from == self.back.len() {
            self.back.clear();
            self.back_from = 0;
        } else if self.back_from > MAX_FORGOTTEN && self.back_from > self.back.len() / 2 {
            self.back.drain(..self.back_from);
            self.back_from = 0;
        }
    }

    /// The next line; `is_kept` when it may have to be read again.
    fn next_line(&mut self, is_kept: bool) -> io::Result<Stretch> {
        if self.back_from < self.back.len() {
            let rest = &self.back[self.back_from..];
            let end = rest.iter().position(|byte| *byte == self.line_end).unwrap_or(rest.len());
            self.line.clear();
            self.line.extend_from_slice(&rest[..end]);
            self.back_from = (self.back_from + end + 1).min(self.back.len());
            return Ok(Stretch::Whole);
        }
        let stretch = read_line(&mut self.source, self.line_end, self.limit, &mut self.line)?;
        if is_kept && stretch == Stretch::Whole {
            self.back.extend_from_slice(&self.line);
            self.back.push(self.line_end);
            self.back_from = self.back.len();
        }
        Ok(stretch)
    }
}

/// Lines that were read again are dropped in stretches, so that dropping stays linear.
const MAX_FORGOTTEN: usize = 64 * 1024;

fn push_line(row: &mut Vec<u8>, line: &[u8]) {
    row.extend_from_slice(line.strip_suffix(b"\r").unwrap_or(line));
}

/// Whether a quoted cell is open at the end of `line`.
fn is_open_after(line: &[u8], delimiter: u8, was_open: bool) -> bool {
    let mut is_open = was_open;
    let mut at = 0;
    loop {
        if is_open {
            let Some(step) = line[at..].iter().position(|byte| *byte == b'"') else { return true };
            at += step + 1;
            match line.get(at) {
                Some(b'"') => at += 1,
                Some(next) if *next == delimiter => is_open = false,
                None => return false,
                Some(_) => {}
            }
            continue;
        }
        // At the beginning of a cell, or behind a closing mark.
        if line.get(at) == Some(&b'"') && (at == 0 || line[at - 1] == delimiter) {
            is_open = true;
            at += 1;
            continue;
        }
        match line[at.min(line.len())..].iter().position(|byte| *byte == delimiter) {
            Some(step) => at += step + 1,
            None => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{BufReader, Cursor};

    use super::*;

    fn rows(text: &str, limit: usize) -> Vec<Result<Vec<String>, Row>> {
        let source: Source = BufReader::new(Box::new(Cursor::new(text.as_bytes().to_vec())));
        let mut rows = Rows::new(source, b'\n', b',', limit);
        let mut row = Vec::new();
        let mut all = Vec::new();
        loop {
            match rows.next_row(&mut row).unwrap() {
                Row::End => return all,
                Row::Whole => {
                    let cells = split(&row, b',', 99);
                    all.push(Ok(cells
                        .iter()
                        .map(|cell| String::from_utf8_lossy(cell).into_owned())
                        .collect()));
                }
                other => all.push(Err(other)),
            }
        }
    }

    #[track_caller]
    fn check(text: &str, expected: &[&[&str]]) {
        let all: Vec<Vec<String>> = rows(text, 1000).into_iter().map(Result::unwrap).collect();
        assert_eq!(all, expected);
    }

    #[test]
    fn reads_quoted_cells() {
        check("a,b\r\n1,\"x, \"\"y\"\"\nz\"\n,\n", &[&["a", "b"], &["1", "x, \"y\"\nz"], &["", ""]]);
        check("1,5\" gun,\"he said \"no\" twice\"", &[&["1", "5\" gun", "he said \"no\" twice"]]);
        check("\"a \\\" b\",\"\",\"c\"", &[&["a \" b", "", "c"]]);
    }

    #[test]
    fn an_open_mark_costs_one_row() {
        let all = rows("1,\"open\n2,plain\n3,more\n", 1000);
        assert_eq!(all.len(), 3);
        assert_eq!(all[0], Err(Row::Unclosed));
        assert_eq!(all[2].as_ref().unwrap(), &["3", "more"]);
    }

    #[test]
    fn is_linear_on_open_marks() {
        let text = "\"x\n".repeat(200_000);
        assert_eq!(rows(&text, 1 << 20).len(), 200_000);
    }

    #[test]
    fn finds_the_delimiter() {
        assert_eq!(delimiter(b"a;b;\"c,d,e,f\""), b';');
        assert_eq!(delimiter(b"a\tb"), b'\t');
        assert_eq!(delimiter(b"alone"), b',');
    }
}
