//! The fields of the index, and what goes into them.
//!
//! In: `index-schema/v2.toml` (compiled in), an article and its quotes. Out: [`SchemaSpec`], which an engine turns into
//! its own schema, and [`IndexDocument`]s, which it stores. Knows no engine, reads no file, holds no rule of language.
//!
//! * [`spec`]: the description of the fields, read and checked
//! * [`field`]: [`Field`], the fields by name
//! * [`tokens`]: the words of an article, cut once and measured
//! * [`groups`]: tokens of a document by term, as an engine takes them
//! * [`documents`]: an article and its quotes as documents
//! * [`sketch`]: short signatures by which near-identical texts are told
//! * [`repeats`]: lines that stand in many articles
//! * [`record`]: what is stored of an article, readable in parts
//! * [`bytes`]: the encoding `record` uses

mod bytes;
pub mod documents;
pub mod field;
pub mod groups;
pub mod record;
pub mod repeats;
pub mod sketch;
pub mod spec;
pub mod tokens;

pub use documents::{DocumentKind, IndexDocument, Origin, Value, block};
pub use field::Field;
pub use record::{FileState, RecordView};
pub use spec::{FieldSpec, FieldType, SchemaError, SchemaSpec};
pub use tokens::{BODY_START, HEADLINE_WEIGHT, STANDFIRST_START};
