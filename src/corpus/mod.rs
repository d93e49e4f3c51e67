//! From files to records: what belongs to a corpus, and what stands in each file.
//!
//! In: paths. Out: [`RawArticle`](crate::model::RawArticle)s and [`Rejection`](crate::model::Rejection)s, one record at a
//! time; a bad record never stops its neighbours, and memory does not grow with a file. Nothing is judged here: what is
//! furniture, a date or an outlet is for `extract`.
//!
//! * [`discover`](mod@discover): folders to files, in a fixed order
//! * [`read`](mod@read): one file to its records
//! * [`formats`]: a reader for each format, and how they are told apart
//! * [`keys`]: which key of a record fills which field
//! * [`fingerprint`]: hashes of files and records
//! * `input`: opening, decompressing, byte order marks · `decode`, `mojibake`, `tidy`: bytes to plain text ·
//!   `value`, `record`, `markup`: structured records to articles

mod decode;
pub mod discover;
pub mod fingerprint;
pub mod formats;
mod input;
pub mod keys;
mod markup;
mod mojibake;
pub mod read;
mod record;
mod tidy;
mod value;

#[cfg(test)]
mod tests;

pub use discover::{DiscoverOptions, Discovery, INDEX_MANIFEST, PatternError, SourceFile, discover, shown};
pub use fingerprint::content_hash;
pub use formats::Format;
pub use keys::{FieldMap, MapError};
pub use read::{ReadOptions, Records, read, read_stdin, read_stream};
