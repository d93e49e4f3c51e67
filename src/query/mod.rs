//! The query language: text to [`Query`](crate::model::Query), and where in a document a query holds.
//!
//! In: what a user typed, and the day it is. Out: a parsed query with remarks, or all mistakes with their places. No
//! engine, no index, no clock.
//!
//! * [`fields`]: the table of prefixes
//! * [`dates`]: days and ranges as people write them
//! * `operators`, `word`, `lex`: text to tokens
//! * [`parse`](mod@parse): tokens to a query
//! * [`groups`]: names of several outlets
//! * [`print`](mod@print): a query to text, such that it is read as the same query
//! * [`error`]: mistakes with carets, and remarks
//! * [`positions`]: lists of places; phrases, windows, nearness, same sentence
//! * [`plan`]: the places of a whole query in one document, for hits, highlights and counts alike

pub mod dates;
pub mod error;
pub mod fields;
pub mod groups;
mod lex;
mod operators;
pub mod parse;
pub mod plan;
pub mod positions;
pub mod print;
mod word;

#[cfg(test)]
mod tests;

pub use error::{QueryError, QueryErrorKind, QueryErrors, QueryNote, QueryNoteKind};
pub use groups::{Groups, with_groups};
pub use operators::MAX_DISTANCE;
pub use parse::{MAX_BYTES, MAX_CLAUSES, MAX_DEPTH, Parsed, parse, parse_typing};
pub use plan::{Leaf, Leaves, Plan};
pub use positions::{Bounds, Place};
pub use print::print;
