//! Reads one file, record by record, whatever its format.
//!
//! In: a [`SourceFile`] (or standard input) and [`ReadOptions`]. Out: [`Records`], an iterator over articles and rejections
//! whose memory does not grow with the file.

use std::io::Read;

use crate::model::{RawArticle, Rejection, RejectionReason};

use super::discover::SourceFile;
use super::formats::{self, Format, Item, Origin, RecordReader};
use super::input::Input;
use super::keys::FieldMap;

/// How files are read.
#[derive(Clone, Debug, PartialEq)]
pub struct ReadOptions {
    /// The meaning of keys.
    pub mapping: FieldMap,
    /// Longest record, in bytes before decoding; a longer one is rejected.
    pub max_record_bytes: usize,
}

/// Longer than any article by far, short enough for many threads at once.
const DEFAULT_MAX_RECORD: usize = 20 * 1024 * 1024;

impl Default for ReadOptions {
    fn default() -> Self {
        ReadOptions { mapping: FieldMap::default(), max_record_bytes: DEFAULT_MAX_RECORD }
    }
}

/// The records of one file, in order.
pub struct Records {
    reader: Box<dyn RecordReader>,
    format: Format,
    passed_over: u64,
}

impl Records {
    /// What the file was recognised as.
    pub fn format(&self) -> Format {
        self.format
    }

    /// Records so far that were never meant to be articles: redirects, images, requests of a web archive.
    pub fn passed_over(&self) -> u64 {
        self.passed_over
    }
}

impl Iterator for Records {
    type Item = Result<RawArticle, Rejection>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            match self.reader.next_item()? {
                Item::Article(article) => return Some(Ok(*article)),
                Item::Rejected(rejection) => return Some(Err(rejection)),
                Item::PassedOver => self.passed_over += 1,
                Item::Later => {}
            }
        }
    }
}

/// Opens `file` and starts reading it.
///
/// # Errors
/// The file as a whole: `Unreadable`, `UnknownFormat`, `NotText`, `NoText` (empty), `TooLarge`, `UnknownShape` (a CSV header
/// without a known column). What is wrong with single records comes out of the iterator.
pub fn read(file: &SourceFile, options: &ReadOptions) -> Result<Records, Rejection> {
    let origin = Origin { name: file.name.clone(), options: options.clone() };
    let input = Input::open(&file.path, &file.name).map_err(|error| origin.unreadable(None, &error))?;
    records(input, origin)
}

/// Reads standard input, or any other stream, named `-`: JSON Lines as a rule, but every format is recognised.
///
/// # Errors
/// As [`read`].
pub fn read_stdin(input: impl Read + Send + 'static, options: &ReadOptions) -> Result<Records, Rejection> {
    read_stream(input, "-", options)
}

/// Reads a stream as if it were the file `name`.
///
/// # Errors
/// As [`read`].
pub fn read_stream(
    input: impl Read + Send + 'static,
    name: &str,
    options: &ReadOptions,
) -> Result<Records, Rejection> {
    let origin = Origin { name: name.to_owned(), options: options.clone() };
    let input = Input::from_reader(Box::new(input), name).map_err(|error| origin.unreadable(None, &error))?;
    records(input, origin)
}

fn records(input: Input, origin: Origin) -> Result<Records, Rejection> {
    let format = formats::recognise(&input, origin.map())
        .map_err(|(reason, message): (RejectionReason, String)| origin.reject(None, reason, message))?;
    let reader = formats::open(format, input, origin)?;
    Ok(Records { reader, format, passed_over: 0 })
}
