//! `onrecord`: who said what, about what, where and when.
//!
//! A full-text search engine over policy news. Articles as people have them (scraped text, saved pages, exports, feeds,
//! web archives) become articles and quotes with their speaker; both are indexed with tantivy, and queries are answered
//! with ranked snippets and facets by outlet and speaker.
//!
//! # The way of one article
//!
//! ```text
//! corpus::discover    folders            -> SourceFile
//! corpus::read        one file           -> RawArticle, one record at a time
//! extract::article    RawArticle         -> Article: headline, body, outlet, date, authors; furniture apart
//! quotes::find        Article            -> Vec<Quote>: the words, their speaker, the rule that found them
//! schema              Article, quotes    -> one document for the article, one for each quote
//! engine::local       documents          -> a generation of the index, published in one step
//! query::parse        text               -> Query
//! engine              SearchRequest      -> SearchResponse: hits, totals, facets
//! output, tui         SearchResponse     -> bytes, a screen
//! ```
//!
//! # The map
//!
//! Folders are layers; a layer imports only those named after it (the tidy test holds them to it).
//!
//! * [`model`]: plain data that travels between the layers
//! * [`text`]: folding, words, sentences, what may reach a terminal · model
//! * [`lexicon`]: words and rules as data · model, text
//! * [`corpus`]: files to raw articles · lexicon, model, text
//! * [`extract`]: raw articles to articles · lexicon, model, text
//! * [`quotes`]: articles to quotes with speakers · lexicon, model, text
//! * [`authority`]: names across articles · lexicon, model, text
//! * [`schema`]: the fields of the index, and documents · model, text
//! * [`query`]: the query language · model, schema, text
//! * [`engine`]: storing and searching; `engine::local` alone knows tantivy · authority, lexicon, model, query, schema, text
//! * [`build`]: the pipeline that brings an index up to date · everything above but `query`
//! * [`output`]: answers as bytes · model, text
//! * [`tui`]: interactive search · engine, output, query, model, text
//! * [`cli`]: the command line · everything
//!
//! # What always holds
//!
//! 1. `extract`, `quotes`, `schema`, `query`, `output` and the core of `tui` do no input or output, read no clock and no
//!    environment.
//! 2. Bad input is a [`Notice`](model::Notice) (kept, remarked) or a [`Rejection`](model::Rejection) (not indexed, counted,
//!    listed). It never panics and never stops a build.
//! 3. A [`Span`](model::Span) is a half-open range of bytes on character boundaries of `Article::body`. The text of a quote
//!    is always the text under its spans. Output counts code points.
//! 4. A search looks at articles or at quotes, never at both: speaker A never matches the words of B.
//! 5. Readers see complete states only. An update is one commit, a rebuild one swap.
//! 6. Whatever the order of updates and the number of threads, an index answers as one built afresh.
//! 7. The library reads no settings: `cli` resolves them once.
//!
//! # Words
//!
//! *Article*: one news item. *Outlet*: who publishes it. *Standfirst*: the lines under the headline. *Furniture*: what
//! stands on the page and is not the article. *Quote*: one attribution: *content* (the words said), *source* (the mention
//! of who said them), *cue* (the speech verb). *Grade*: how the speaker was found. *Segment* is a part of an index, never
//! a part of a text.

pub mod authority;
pub mod build;
pub mod cli;
pub mod corpus;
pub mod engine;
pub mod extract;
pub mod lexicon;
pub mod model;
pub mod output;
pub mod query;
pub mod quotes;
pub mod schema;
pub mod text;
pub mod tui;

pub use build::{BuildReport, BuildRequest};
pub use engine::{EngineError, SearchBackend};
pub use lexicon::Lexicon;
pub use model::{Article, Query, Quote, RawArticle, Span};
