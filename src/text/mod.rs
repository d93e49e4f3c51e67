//! Text mechanics that every layer shares: folding, words, sentences, and what may reach a terminal.
//!
//! * [`mod@fold`]: case, accents, marks and dashes made plain
//! * [`bytes`]: bytes looked at many at a time
//! * [`hash`]: a hash that stays the same
//! * [`word`]: words as a reader counts them; the one tokenizer for indexing, matching, highlighting and counting
//! * [`month`]: names of the months
//! * [`repeat`]: which lines can be looked for in other articles
//! * [`sentence`]: sentence bounds inside a paragraph
//! * [`mod@sanitize`]: the one gate in front of every terminal
//! * [`shell`]: words for a shell
//!
//! Imports `model::Span` only.

pub mod bytes;
pub mod fold;
pub mod hash;
pub mod month;
pub mod repeat;
pub mod sanitize;
pub mod sentence;
pub mod shell;
pub mod word;

pub use fold::fold;
pub use sanitize::sanitize;
pub use sentence::sentences;
pub use shell::{shell_quoted, shell_words};
pub use word::{Word, words};
