//! Request and response of one search, shared by the engine, the command line and the terminal interface.

use std::time::Duration;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{DateMethod, Grade, Query, QuoteKind, Span};

/// What a search returns: whole articles or single quotes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DocKind {
    /// Articles.
    Article,
    /// Quotes.
    Quote,
}

/// A field whose values can be counted and chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FacetField {
    /// Outlet.
    Outlet,
    /// Canonical speaker.
    Speaker,
    /// Author.
    Author,
    /// Year of publication.
    Year,
    /// Month, `2021-03`.
    Month,
    /// ISO week, `2021-W09`.
    Week,
    /// Day.
    Day,
}

impl FacetField {
    /// The word used in flags and output.
    pub const fn name(self) -> &'static str {
        match self {
            FacetField::Outlet => "outlet",
            FacetField::Speaker => "speaker",
            FacetField::Author => "author",
            FacetField::Year => "year",
            FacetField::Month => "month",
            FacetField::Week => "week",
            FacetField::Day => "day",
        }
    }

    /// The day, week (ISO 8601), month or year that holds `day`, as shown: `2031-04-02`, `2031-W14`, `2031-04`, `2031`.
    pub fn period_of(self, day: Date) -> String {
        match self {
            FacetField::Year => format!("{:04}", day.year()),
            FacetField::Month => format!("{:04}-{:02}", day.year(), day.month()),
            FacetField::Week => {
                let week = day.iso_week_date();
                format!("{:04}-W{:02}", week.year(), week.week())
            }
            _ => day.to_string(),
        }
    }

    /// How the lack of a value is called: in lists of values, and where values are chosen.
    pub const fn without(self) -> &'static str {
        match self {
            FacetField::Outlet => "(no outlet)",
            FacetField::Speaker => "(no named speaker)",
            FacetField::Author => "(no author)",
            FacetField::Year | FacetField::Month | FacetField::Week | FacetField::Day => "(undated)",
        }
    }
}

/// Values of one field to keep or to leave out.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct FieldFilter {
    /// Outlet, speaker or author; of dates only their lack can be chosen here, days by [`DateRange`].
    pub field: FacetField,
    /// Values as the user gave them; several count as "any of" unless `all` is set. A value selects every facet value
    /// equal to it after folding case and accents; where none is equal, every one that has all its words.
    /// [`FacetField::without`] selects what has no value.
    pub values: Vec<String>,
    /// Leave these out instead of keeping them.
    pub exclude: bool,
    /// Every value must be present (speakers, authors).
    pub all: bool,
}

/// Days to keep, both inclusive. Undated articles are left out when a bound is set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct DateRange {
    /// First day.
    pub since: Option<Date>,
    /// Last day.
    pub until: Option<Date>,
}

impl DateRange {
    /// Whether no bound is set.
    pub const fn is_open(self) -> bool {
        self.since.is_none() && self.until.is_none()
    }
}

/// All narrowing beside the query.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Filters {
    /// By outlet, speaker, author; AND between entries.
    pub fields: Vec<FieldFilter>,
    /// By date.
    pub dates: DateRange,
    /// Kinds of quote that count (default: direct and mixed).
    pub kinds: Vec<QuoteKind>,
    /// Grades of attribution that count; empty: all.
    pub grades: Vec<Grade>,
}

impl Default for Filters {
    fn default() -> Self {
        Filters {
            fields: Vec::new(),
            dates: DateRange::default(),
            kinds: vec![QuoteKind::Direct, QuoteKind::Mixed],
            grades: Vec::new(),
        }
    }
}

/// Order of hits. Ties: newer first, then id, then quote number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SortBy {
    /// Best first.
    #[default]
    Relevance,
    /// Newest first, undated last.
    Date,
    /// Oldest first, undated last.
    DateAsc,
}

/// Whether articles with most of the words may follow those with all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MatchMode {
    /// They may, marked as such and never counted.
    #[default]
    Most,
    /// Only articles with all words.
    All,
}

/// What happens to near-identical copies of one text in the list of hits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Copies {
    /// Folded under the best one and named there.
    #[default]
    Fold,
    /// Each is a hit of its own.
    Show,
}

/// One search.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SearchRequest {
    /// Articles or quotes.
    pub kind: DocKind,
    /// What to look for.
    pub query: Query,
    /// Narrowing.
    pub filters: Filters,
    /// Fields to count.
    pub facets: Vec<FacetField>,
    /// Most facet values per field to return; 0: all.
    pub facet_limit: usize,
    /// Order.
    pub sort: SortBy,
    /// Hits to return; 0 gives totals and facets only.
    pub limit: usize,
    /// Hits to skip.
    pub offset: usize,
    /// All words, or most.
    pub match_mode: MatchMode,
    /// Near-identical texts.
    pub copies: Copies,
    /// For quotes: also who else carried the same words, see [`Family`].
    pub families: bool,
    /// Fragments per hit.
    pub snippets: usize,
    /// Explain each score in words.
    pub explain: bool,
}

impl SearchRequest {
    /// A request for the first ten hits of `query`, everything else at its default.
    pub fn new(kind: DocKind, query: Query) -> Self {
        SearchRequest {
            kind,
            query,
            filters: Filters::default(),
            facets: Vec::new(),
            facet_limit: 10,
            sort: SortBy::default(),
            limit: 10,
            offset: 0,
            match_mode: MatchMode::default(),
            copies: Copies::default(),
            families: false,
            snippets: 1,
            explain: false,
        }
    }
}

/// The head of an article, as lists show it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ArticleHead {
    /// Article id.
    pub id: String,
    /// The record's own id.
    pub source_id: Option<String>,
    /// Headline.
    pub headline: Option<String>,
    /// Outlet.
    pub outlet: Option<String>,
    /// Authors.
    pub authors: Vec<String>,
    /// Day of publication.
    pub date: Option<Date>,
    /// How the date was found.
    pub date_method: DateMethod,
    /// Address.
    pub url: Option<String>,
    /// Source file, with the record where it holds many (`feed.jsonl:12`).
    pub path: String,
    /// Section.
    pub section: Option<String>,
    /// Words in the body.
    pub words: u32,
    /// Canonical speakers of its direct and mixed quotes, in order of first quote, each once.
    pub speakers: Vec<String>,
    /// Number of direct and mixed quotes.
    pub n_quotes: u32,
}

/// A quote as a hit or inside an article hit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct QuoteRecord {
    /// `ARTICLEID-qN`, N counted from 1 within the article.
    pub id: String,
    /// Article id.
    pub article_id: String,
    /// The words said.
    pub text: String,
    /// Direct, mixed, indirect.
    pub kind: QuoteKind,
    /// Speech verb as written.
    pub cue: Option<String>,
    /// Canonical name across the corpus.
    pub speaker: Option<String>,
    /// Mention as written.
    pub speaker_as_written: Option<String>,
    /// Role as the article gives it.
    pub role: Option<String>,
    /// Whom it was told to or who reported it.
    pub via: Option<String>,
    /// How the speaker was found.
    pub grade: Grade,
    /// The rule that did it.
    pub rule: String,
    /// Content spans in code points of the body, `[start, end]`.
    pub spans: Vec<[usize; 2]>,
    /// Ranges of `text` that matched, in bytes of `text`.
    pub marks: Vec<Span>,
}

/// Where a snippet was taken from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SnippetField {
    /// Headline.
    Headline,
    /// Standfirst.
    Standfirst,
    /// Body, outside quotation marks.
    Body,
    /// A quote.
    Quote,
    /// Furniture.
    Furniture,
}

/// A fragment of whole sentences with what matched in it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Snippet {
    /// Where it was taken from.
    pub field: SnippetField,
    /// The text.
    pub text: String,
    /// First code point in the field's text (for body and quote: in the body).
    pub start: usize,
    /// One past the last code point.
    pub end: usize,
    /// What matched, in bytes of `text`, ordered, not overlapping.
    pub marks: Vec<Span>,
    /// Who says it, when the fragment lies in a quote of a named speaker.
    pub speaker: Option<String>,
}

/// How much of the query a hit has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Matched {
    /// All of it: a match, counted in totals and facets.
    All,
    /// Most of its words; these are missing. Never counted.
    Most {
        /// The words it lacks, as the user wrote them.
        missing: Vec<String>,
    },
}

/// A near-identical copy folded under a hit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CopyRef {
    /// Article id (quotes: quote id).
    pub id: String,
    /// Outlet.
    pub outlet: Option<String>,
    /// Day.
    pub date: Option<Date>,
}

/// The cuts of one utterance over the whole index, whatever was asked for: the same words, trimmed, with something left
/// out, or with small edits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Family {
    /// First to last, undated ones at the end, then by outlet and id. At least two.
    pub cuts: Vec<FamilyCut>,
    /// Whether these are all; a phrase that thousands carry is compared with the nearest only.
    pub complete: bool,
}

/// One outlet's cut of an utterance.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FamilyCut {
    /// Quote id.
    pub id: String,
    /// Article id.
    pub article_id: String,
    /// Who carried it.
    pub outlet: Option<String>,
    /// When.
    pub date: Option<Date>,
    /// Who is named there, under the canonical name.
    pub speaker: Option<String>,
    /// The words, as [`QuoteRecord::text`].
    pub text: String,
    /// The words as printed, as [`QuoteRecord::quoted`].
    pub quoted: String,
}

/// One result.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Hit {
    /// Place in the list, from 1, counted over pages.
    pub rank: usize,
    /// Score; comparable only within one query on one index.
    pub score: f32,
    /// All or most of the query.
    pub matched: Matched,
    /// The article (of the quote).
    pub article: ArticleHead,
    /// Fragments, best first. Empty for quote hits.
    pub snippets: Vec<Snippet>,
    /// The quote, for quote hits.
    pub quote: Option<QuoteRecord>,
    /// For article hits: quotes in which the query's words stand, at most five.
    pub matched_quotes: Vec<QuoteRecord>,
    /// Copies folded under this hit.
    pub copies: Vec<CopyRef>,
    /// For quote hits, when asked for and when the words stand elsewhere too: who carried them.
    pub family: Option<Family>,
    /// Parts of the score in words, when asked for.
    pub explain: Vec<String>,
}

/// One facet value and how many documents have it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FacetCount {
    /// Value; `None` counts documents without one ("no named speaker", undated).
    pub value: Option<String>,
    /// Documents.
    pub count: u64,
}

/// Exact counts of one field over the whole result, without that field's own filter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FacetCounts {
    /// The field.
    pub field: FacetField,
    /// Most frequent first, ties by name; dates in order.
    pub values: Vec<FacetCount>,
    /// Number of different values, whatever the limit.
    pub n_values: usize,
}

/// A word that no document of the searched kind has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeadWord {
    /// The word as written.
    pub word: String,
    /// Nearest words of the index, best first, at most three.
    pub nearest: Vec<String>,
}

/// The answer to a [`SearchRequest`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SearchResponse {
    /// Number of matches (documents with all of the query, after filters).
    pub total: u64,
    /// The page of hits.
    pub hits: Vec<Hit>,
    /// Counts, in the order asked for.
    pub facets: Vec<FacetCounts>,
    /// Matches without a date.
    pub undated: u64,
    /// Words without a single document.
    pub dead_words: Vec<DeadWord>,
    /// Filter values that select nothing, with the nearest existing values.
    pub dead_values: Vec<DeadWord>,
    /// Which complete state of the index answered.
    pub generation: u64,
    /// Time taken.
    pub took: Duration,
}

/// A tally of the matches of one search by one or two fields.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CountRequest {
    /// What is counted; its page, sort and snippets do not matter.
    pub request: SearchRequest,
    /// None, one or two fields.
    pub by: Vec<FacetField>,
}

/// One line of a tally.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CountRow {
    /// One value for each field of `by`; `None`: without one.
    pub values: Vec<Option<String>>,
    /// Matches.
    pub count: u64,
    /// Documents with these values under the same filters, whatever the query: the base of a share.
    pub total: u64,
}

/// The answer to a [`CountRequest`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CountResponse {
    /// Most frequent first, ties by name; dates in order.
    pub rows: Vec<CountRow>,
    /// All matches (a document with two speakers counts once here and in two rows).
    pub total: u64,
    /// All documents under the same filters.
    pub of: u64,
    /// Words without a single document.
    pub dead_words: Vec<DeadWord>,
    /// Filter values that select nothing.
    pub dead_values: Vec<DeadWord>,
}

/// What to follow over time: how the matches of single facet values spread over consecutive spans of days.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TrendRequest {
    /// What is counted; its page, sort and snippets do not matter.
    pub request: SearchRequest,
    /// Values of outlet, speaker or author, or [`FacetField::without`] for what has none.
    pub values: Vec<(FacetField, String)>,
    /// First day of each span, in order; a span ends where the next begins.
    pub starts: Vec<Date>,
    /// Last day of the last span.
    pub end: Date,
}

/// What of an article a query matched.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Highlights {
    /// Bytes of the headline, ordered, not overlapping.
    pub headline: Vec<Span>,
    /// Bytes of the body, ordered, not overlapping.
    pub body: Vec<Span>,
}

/// An article as stored, with its quotes; speakers are canonical across the corpus.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StoredArticle {
    /// The article.
    pub article: super::Article,
    /// Its quotes, all kinds, in reading order.
    pub quotes: Vec<super::Quote>,
    /// Other places the same record was found at.
    pub also_at: Vec<String>,
}

impl StoredArticle {
    /// What lists show of it.
    pub fn head(&self) -> ArticleHead {
        let article = &self.article;
        let shown = || self.quotes.iter().filter(|quote| quote.kind != super::QuoteKind::Indirect);
        let mut speakers: Vec<String> = Vec::new();
        for name in shown().filter_map(|quote| quote.speaker.as_ref()) {
            if !speakers.contains(name) {
                speakers.push(name.clone());
            }
        }
        ArticleHead {
            id: article.id.clone(),
            source_id: article.source_id.clone(),
            headline: article.headline.clone(),
            outlet: article.outlet.clone(),
            authors: article.authors.clone(),
            date: article.date,
            date_method: article.date_method,
            url: article.url.clone(),
            path: article.source.to_string(),
            section: article.section.clone(),
            words: article.words,
            speakers,
            n_quotes: u32::try_from(shown().count()).unwrap_or(u32::MAX),
        }
    }
}

/// What made an index what it is; compared when it is opened.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// Version of the fields (`index-schema/vN.toml`).
    pub schema_version: u32,
    /// Hash of schema and analyzers.
    pub schema_hash: String,
    /// Hash of the rules and words.
    pub lexicon_hash: String,
    /// Hash of the program's code that makes documents of articles.
    #[serde(default)]
    pub code_hash: String,
    /// Version of the program.
    pub tool_version: String,
}

/// What moving to a newer state of the index would change.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct News {
    /// Articles that only the newer state has.
    pub came: u64,
    /// Articles that only the older one has.
    pub went: u64,
    /// What a search finds in the newer state.
    pub total: u64,
}

/// What an index holds.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct IndexInfo {
    /// Where it is.
    pub path: String,
    /// What made it.
    pub stamp: Stamp,
    /// Complete state, counted from 1 and growing with each commit that changes something.
    pub generation: u64,
    /// Corpus paths it follows.
    pub corpus: Vec<String>,
    /// Articles.
    pub articles: u64,
    /// Quotes, all kinds.
    pub quotes: u64,
    /// Different outlets.
    pub outlets: u64,
    /// Different canonical speakers.
    pub speakers: u64,
    /// Articles without a date.
    pub undated: u64,
    /// Articles without an outlet.
    pub without_outlet: u64,
    /// Oldest date.
    pub first_date: Option<Date>,
    /// Newest date.
    pub last_date: Option<Date>,
    /// Rejected records.
    pub skipped: u64,
    /// Bytes on disk.
    pub size_bytes: u64,
    /// When it was last brought up to date, seconds since 1970-01-01 UTC.
    pub updated_at: i64,
    /// Whether everything found in the corpus is in; not so while a first build goes on, or after an interruption.
    #[serde(default)]
    pub finished: bool,
}
