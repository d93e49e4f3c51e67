//! An article and its quotes as documents of the index.
//!
//! [`block`] gives the article's document followed by one document for each quote, in order. An engine keeps the block
//! together, so that a quote's document number minus its `quote_no` is the document number of its article.

use std::sync::Arc;

use super::groups::{Groups, TokenText};
use super::tokens;
use super::{Field, FileState, record, repeats};
use crate::model::{Article, ArticleId, DateMethod, Grade, Quote, QuoteKind, Rejection};

/// What a document of the index is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum DocumentKind {
    /// An article.
    Article = 0,
    /// A quote of the article before it.
    Quote = 1,
    /// A record that is indexed from another place; not searched.
    Duplicate = 2,
    /// A record that was refused; not searched.
    Rejected = 3,
    /// The state of a file; not searched.
    File = 4,
}

impl DocumentKind {
    /// The value of the field `kind`.
    pub const fn code(self) -> u64 {
        self as u64
    }
}

/// One value of a field.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// For text: encoded tokens, see [`TokenText`].
    Tokens(String),
    /// For keywords; shared, since an article's quotes repeat its own.
    Keyword(Arc<str>),
    /// A number.
    U64(u64),
    /// A number that may be negative.
    I64(i64),
    /// Bytes.
    Bytes(Vec<u8>),
}

/// One document: values of fields, several of the same field one after the other.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct IndexDocument {
    /// In no particular order of fields.
    pub values: Vec<(Field, Value)>,
}

impl IndexDocument {
    fn new(kind: DocumentKind) -> Self {
        let mut document = IndexDocument { values: Vec::with_capacity(24) };
        document.number(Field::Kind, kind.code());
        document
    }

    fn number(&mut self, field: Field, value: u64) {
        self.values.push((field, Value::U64(value)));
    }

    fn numbers(&mut self, field: Field, values: impl IntoIterator<Item = u64>) {
        self.values.extend(values.into_iter().map(|value| (field, Value::U64(value))));
    }

    fn keyword(&mut self, field: Field, value: &str) {
        // Longer values cannot be terms; a stored value that is never found would be worse than a cut one.
        let value = &value[..value.floor_char_boundary(KEYWORD_MAX_BYTES)];
        self.values.push((field, Value::Keyword(value.into())));
    }

    fn tokens(&mut self, field: Field, tokens: TokenText) {
        if !tokens.text.is_empty() {
            self.values.push((field, Value::Tokens(tokens.text)));
        }
    }

    /// About the memory it takes, in bytes.
    pub fn weight(&self) -> usize {
        let of = |value: &Value| match value {
            Value::Tokens(text) => text.len(),
            Value::Keyword(text) => text.len(),
            Value::Bytes(bytes) => bytes.len(),
            Value::U64(_) | Value::I64(_) => 0,
        };
        self.values.iter().map(|(_, value)| of(value) + size_of::<(Field, Value)>()).sum()
    }
}

/// Longest keyword; engines refuse terms above 65,530 bytes, and no name comes near this.
const KEYWORD_MAX_BYTES: usize = 4_000;

/// Where a record stands, for bookkeeping.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// Hash of the file's path, see [`key`].
    pub file_key: u64,
    /// Record within the file, from 1.
    pub record_no: Option<u64>,
    /// Hash of the record as read.
    pub fingerprint: u64,
    /// The complete state of the index that is being made.
    pub added: u64,
}

/// A fixed hash of `parts`, for keys.
pub fn key<'p>(parts: impl IntoIterator<Item = &'p str>) -> u64 {
    let mut hasher = blake3::Hasher::new();
    for part in parts {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    }
    let mut first = [0u8; 8];
    first.copy_from_slice(&hasher.finalize().as_bytes()[..8]);
    u64::from_le_bytes(first)
}

/// What records that are one article have in common: their address where it names one page, else outlet, date, headline
/// and body together.
pub fn same_key(article: &Article) -> u64 {
    if let Some(page) = article.url.as_deref().and_then(page_of) {
        return key(["url", &page]);
    }
    let date = article.date.map(|date| date.to_string()).unwrap_or_default();
    let text = |field: &Option<String>| field.clone().unwrap_or_default();
    // Whole, since which lines are cut depends on the other articles.
    let body = article.whole().join("\n\n");
    key(["text", &text(&article.outlet), &date, &text(&article.headline), &body])
}

/// The address without scheme, `www.`, fragment and tracking; `None` for addresses of a whole site or section.
fn page_of(url: &str) -> Option<String> {
    let url = url.trim();
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let rest = rest.split('#').next()?;
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (host, page) = path.trim_end_matches('/').split_once('/')?;
    let host = host.to_ascii_lowercase();
    let host = host.strip_prefix("www.").unwrap_or(&host);
    let kept: Vec<&str> = query
        .split('&')
        .filter(|pair| {
            let name = pair.split('=').next().unwrap_or("").to_ascii_lowercase();
            !(pair.is_empty() || name.starts_with("utm_") || TRACKING.contains(&name.as_str()))
        })
        .collect();
    // Pages of articles have a number, a slug of several words or a long name; `/news` and `/politics/uk` do not.
    let last = page.rsplit('/').next().unwrap_or("");
    let is_page = last.bytes().any(|byte| byte.is_ascii_digit())
        || last.matches(['-', '_']).count() >= 2
        || last.len() >= 24
        || !kept.is_empty();
    is_page.then(|| format!("{host}/{page}?{}", kept.join("&")))
}

/// Parameters that say how a reader came to a page, not which page it is.
const TRACKING: &[&str] = &["fbclid", "gclid", "cmpid", "ref", "source", "smid", "share", "mc_cid", "mc_eid"];

/// The documents of an article: itself first, then its quotes in order.
pub fn block(article: &Article, quotes: &[Quote], origin: &Origin) -> Vec<IndexDocument> {
    let mut groups = Groups::default();
    let tokens = tokens::article(article, quotes, &mut groups);
    let mut head = IndexDocument::new(DocumentKind::Article);
    let mut shared = IndexDocument::default();
    shared.number(Field::ArticleKey, ArticleId(article.id.clone()).key());
    shared.number(Field::Added, origin.added);
    if let Some(outlet) = &article.outlet {
        shared.keyword(Field::Outlet, outlet);
    }
    article.authors.iter().for_each(|author| shared.keyword(Field::Author, author));
    if let Some(date) = article.date {
        shared.values.push((Field::Date, Value::I64(record::days(date))));
    }
    shared.number(Field::Has, has(article, quotes));

    let said: Vec<IndexDocument> = quotes
        .iter()
        .enumerate()
        .map(|(idx, quote)| quote_document(article, quote, idx as u64 + 1, &shared, &mut groups))
        .collect();

    head.values.extend(shared.values);
    head_bookkeeping(&mut head, article, origin);
    for speaker in record::speakers(quotes) {
        head.keyword(Field::Speaker, speaker);
    }
    if let Some(source_id) = &article.source_id {
        head.keyword(Field::SourceId, source_id);
    }
    head.number(Field::NQuotes, quotes.len() as u64);
    head.number(Field::NTokens, tokens.n_tokens);
    head.number(Field::Words, u64::from(article.words));
    if tokens.sketch != [0, 0] {
        head.numbers(Field::CopySketch, tokens.sketch);
    }
    head.numbers(Field::Lines, repeats::values(article));
    let furniture: Vec<&str> = article.furniture.iter().map(|line| line.text.as_str()).collect();
    head.tokens(Field::Furniture, TokenText::of(&furniture.join("\n")));
    let stored = record::encode(article, quotes, &tokens.sentences);
    head.values.push((Field::Record, Value::Bytes(stored)));
    head.numbers(Field::Bounds, tokens.bounds);
    head.numbers(Field::Quoted, tokens.quoted);
    head.tokens(Field::Text, tokens.text);

    std::iter::once(head).chain(said).collect()
}

/// A record that is the same article as another one: kept whole, but not searched.
pub fn duplicate(article: &Article, quotes: &[Quote], origin: &Origin) -> IndexDocument {
    let mut document = IndexDocument::new(DocumentKind::Duplicate);
    document.number(Field::ArticleKey, ArticleId(article.id.clone()).key());
    head_bookkeeping(&mut document, article, origin);
    document.number(Field::DuplicateOf, same_key(article));
    if let Some(source_id) = &article.source_id {
        document.keyword(Field::SourceId, source_id);
    }
    let stored = record::encode(article, quotes, &[]);
    document.values.push((Field::Record, Value::Bytes(stored)));
    document
}

/// A refused record.
pub fn rejected(rejection: &Rejection, origin: &Origin) -> IndexDocument {
    let mut document = IndexDocument::new(DocumentKind::Rejected);
    document.number(Field::ArticleKey, rejected_key(rejection));
    bookkeeping(&mut document, origin);
    document.values.push((Field::Record, Value::Bytes(serde_json::to_vec(rejection).unwrap_or_default())));
    document
}

/// The key of a rejected record.
pub fn rejected_key(rejection: &Rejection) -> u64 {
    let record = rejection.source_ref.record.map(|record| record.to_string()).unwrap_or_default();
    key(["rejected", &rejection.source_ref.path, &record])
}

/// The state of a file.
pub fn file(state: &FileState) -> IndexDocument {
    let mut document = IndexDocument::new(DocumentKind::File);
    document.number(Field::ArticleKey, key(["file", &state.path]));
    document.number(Field::FileKey, key([state.path.as_str()]));
    document.number(Field::FileSize, state.size);
    document.values.push((Field::FileModified, Value::I64(state.modified_ns)));
    document.number(Field::FileHash, state.hash);
    document.values.push((Field::Record, Value::Bytes(serde_json::to_vec(state).unwrap_or_default())));
    document
}

fn bookkeeping(document: &mut IndexDocument, origin: &Origin) {
    document.number(Field::FileKey, origin.file_key);
    document.number(Field::Fingerprint, origin.fingerprint);
    if let Some(record_no) = origin.record_no {
        document.number(Field::RecordNo, record_no);
    }
}

fn head_bookkeeping(document: &mut IndexDocument, article: &Article, origin: &Origin) {
    bookkeeping(document, origin);
    document.number(Field::SameKey, same_key(article));
}

fn has(article: &Article, quotes: &[Quote]) -> u64 {
    let counted = || quotes.iter().filter(|quote| record::is_counted(quote));
    u64::from(article.url.is_some())
        | u64::from(article.date_method == DateMethod::Stated) << 1
        | u64::from(counted().next().is_some()) << 2
        | u64::from(counted().any(|quote| quote.speaker.is_some())) << 3
}

fn quote_document(
    article: &Article,
    quote: &Quote,
    number: u64,
    shared: &IndexDocument,
    groups: &mut Groups,
) -> IndexDocument {
    let mut document = IndexDocument::new(DocumentKind::Quote);
    document.values.extend(shared.values.iter().cloned());
    document.number(Field::QuoteNo, number);
    let kind = QuoteKind::ALL.iter().position(|kind| *kind == quote.kind).unwrap_or(0);
    let grade = Grade::ALL.iter().position(|grade| *grade == quote.grade).unwrap_or(0);
    document.number(Field::QuoteKind, kind as u64);
    document.number(Field::Grade, grade as u64);
    if let Some(speaker) = &quote.speaker {
        document.keyword(Field::Speaker, speaker);
    }
    if let Some(via) = &quote.via {
        document.tokens(Field::Via, TokenText::of(via));
    }
    if let Some(role) = &quote.role {
        document.tokens(Field::Role, TokenText::of(role));
    }
    groups.clear();
    let mut n_tokens = 0;
    groups.append(&quote.text(&article.body), 0, u32::MAX, &mut |_, _, _| n_tokens += 1);
    let tokens = groups.encode();
    document.number(Field::NTokens, n_tokens);
    document.tokens(Field::QuoteText, tokens);
    document
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Span;

    #[track_caller]
    fn check_page(url: &str, expected: Option<&str>) {
        assert_eq!(page_of(url).as_deref(), expected);
    }

    #[test]
    fn addresses_of_pages_are_told_from_addresses_of_sections() {
        let page = Some("example.org/2021/water-treaty-signed-at-last?");
        check_page("https://www.example.org/2021/water-treaty-signed-at-last/", page);
        check_page("http://Example.org/2021/water-treaty-signed-at-last?utm_source=x&fbclid=1#top", page);
        check_page("https://example.org/story?id=7", Some("example.org/story?id=7"));
        check_page("https://example.org/", None);
        check_page("https://example.org/news/politics", None);
        check_page("not an address", None);
    }

    #[test]
    fn quotes_follow_their_article() {
        let body = "“We will appeal,” said Ana Duarte.";
        let article = Article {
            id: "00000000000000ff".to_owned(),
            body: body.to_owned(),
            paragraphs: vec![Span::new(0, body.len())],
            outlet: Some("The Harbour Post".to_owned()),
            ..Article::default()
        };
        let quote = Quote {
            kind: QuoteKind::Direct,
            content: vec![Span::new(3, 18)],
            source_span: None,
            cue: None,
            speaker: Some("Ana Duarte".to_owned()),
            speaker_as_written: None,
            role: None,
            via: None,
            grade: Grade::Explicit,
            rule: String::new(),
            trace: Vec::new(),
        };
        let documents = block(&article, &[quote], &Origin::default());
        assert_eq!(documents.len(), 2);
        let has = |idx: usize, field, value| documents[idx].values.contains(&(field, value));
        assert!(has(0, Field::ArticleKey, Value::U64(255)) && has(1, Field::ArticleKey, Value::U64(255)));
        assert!(has(0, Field::Speaker, Value::Keyword("Ana Duarte".into())));
        assert!(has(1, Field::QuoteNo, Value::U64(1)));
        assert!(has(1, Field::QuoteText, Value::Tokens(TokenText::of("We will appeal").text)));
        assert!(has(0, Field::Quoted, Value::U64(256)) && has(0, Field::Quoted, Value::U64(259)));
    }

    #[test]
    fn every_field_is_written_for_the_kinds_that_carry_it() {
        let spec = super::super::SchemaSpec::embedded();
        let names = ["article", "quote", "duplicate", "rejected", "file"];
        for kind in spec.fields.iter().flat_map(|field| &field.kinds) {
            assert!(names.contains(&kind.as_str()), "{kind}");
        }
    }
}
