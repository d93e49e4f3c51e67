//! Plain data that travels between the layers: articles, quotes, queries, requests, responses.
//!
//! Nothing here reads files, knows the engine or holds a rule; types carry meaning in their fields and
//! derive serde. Read in this order:
//!
//! * [`span`]: half-open byte ranges, and their translation to code points for output
//! * [`article`]: [`RawArticle`] as read, [`Article`] as extracted
//! * [`quote`]: one attribution; [`quoted`]: its words as printed
//! * [`notice`]: what was doubtful ([`Notice`]) or refused ([`Rejection`])
//! * [`query`]: the parsed form of what the user asked
//! * [`search`]: request and response of one search

pub mod article;
pub mod notice;
pub mod query;
pub mod quote;
mod quoted;
pub mod search;
pub mod span;

pub use article::{
    Article, ArticleId, DateMethod, FurnitureLine, GivenFields, Payload, RawArticle, SourceRef,
};
pub use notice::{Doubt, Notice, NoticeKind, Rejection, RejectionReason, TINY_BODY};
pub use query::{Query, QueryField, Term, TermForm};
pub use quote::{Grade, Quote, QuoteKind};
pub use span::Span;
