//! Hits, quotes and articles as records of named values: the contract of every machine format.
//!
//! Keys are only ever added; their order is the order of the columns in CSV. Offsets are Unicode code points into the
//! article's `body`, half-open; the `marks` of a snippet are code points into the snippet's own `text`.

use serde_json::{Map, Value, json};

use crate::model::article::{Article, DateMethod};
use crate::model::notice::Notice;
use crate::model::quote::Quote;
use crate::model::search::{
    ArticleHead, CopyRef, Hit, Matched, QuoteRecord, Snippet, SnippetField, StoredArticle,
};
use crate::model::span::{CodePoints, Span};

/// A record: names and values in order.
pub type Record = Map<String, Value>;

/// The record of one hit of any kind.
pub fn hit(hit: &Hit) -> Record {
    match &hit.quote {
        Some(quote) => quote_hit(hit, quote),
        None => article_hit(hit),
    }
}

fn article_hit(hit: &Hit) -> Record {
    let mut record = ranked("hit", hit);
    head_fields(&mut record, &hit.article);
    record.insert("words".into(), json!(hit.article.words));
    record.insert("speakers".into(), json!(hit.article.speakers));
    record.insert("n_quotes".into(), json!(hit.article.n_quotes));
    record.insert("snippet".into(), json!(best_snippet(hit)));
    record.insert("snippets".into(), hit.snippets.iter().map(snippet).collect());
    let quotes: Vec<Value> = hit.matched_quotes.iter().map(|quote| quote_fields(quote).into()).collect();
    record.insert("matched_quotes".into(), quotes.into());
    tail_fields(&mut record, hit);
    record
}

fn quote_hit(hit: &Hit, quote: &QuoteRecord) -> Record {
    let mut record = ranked("quote", hit);
    record.extend(quote_fields(quote));
    record.insert("marks".into(), marks(&quote.text, &quote.marks));
    record.insert("source_id".into(), json!(hit.article.source_id));
    record.insert("headline".into(), json!(hit.article.headline));
    record.insert("outlet".into(), json!(hit.article.outlet));
    record.insert("date".into(), date(hit.article.date));
    record.insert("date_method".into(), json!(hit.article.date_method.name()));
    record.insert("url".into(), json!(hit.article.url));
    record.insert("path".into(), json!(hit.article.path));
    tail_fields(&mut record, hit);
    record
}

fn ranked(kind: &str, hit: &Hit) -> Record {
    let mut record = Record::new();
    record.insert("type".into(), json!(kind));
    record.insert("rank".into(), json!(hit.rank));
    // Scores are compared to four decimals: beyond that the order of additions shows.
    record.insert("score".into(), json!((f64::from(hit.score) * 1e4).round() / 1e4));
    let (name, missing): (&str, &[String]) = match &hit.matched {
        Matched::All => ("all", &[]),
        Matched::Most { missing } => ("most", missing),
    };
    record.insert("match".into(), json!(name));
    record.insert("missing".into(), json!(missing));
    record
}

fn tail_fields(record: &mut Record, hit: &Hit) {
    let copies: Vec<Value> = hit.copies.iter().map(copy).collect();
    record.insert("copies".into(), copies.into());
    if let Some(family) = &hit.family {
        record.insert("family".into(), super::variants::value(family));
    }
    if !hit.explain.is_empty() {
        record.insert("explain".into(), json!(hit.explain));
    }
}

fn copy(copy: &CopyRef) -> Value {
    json!({ "id": copy.id, "outlet": copy.outlet, "date": date(copy.date) })
}

fn head_fields(record: &mut Record, head: &ArticleHead) {
    record.insert("id".into(), json!(head.id));
    record.insert("source_id".into(), json!(head.source_id));
    record.insert("headline".into(), json!(head.headline));
    record.insert("outlet".into(), json!(head.outlet));
    record.insert("authors".into(), json!(head.authors));
    record.insert("date".into(), date(head.date));
    record.insert("date_method".into(), json!(head.date_method.name()));
    record.insert("url".into(), json!(head.url));
    record.insert("path".into(), json!(head.path));
}

/// The text of the best fragment outside the headline, for formats with one line a hit.
fn best_snippet(hit: &Hit) -> Option<&str> {
    let outside = hit.snippets.iter().find(|snippet| snippet.field != SnippetField::Headline);
    outside.map(|snippet| snippet.text.as_str())
}

fn snippet(snippet: &Snippet) -> Value {
    let mut record = Record::new();
    record.insert("field".into(), json!(snippet.field));
    record.insert("text".into(), json!(snippet.text));
    record.insert("start".into(), json!(snippet.start));
    record.insert("end".into(), json!(snippet.end));
    record.insert("marks".into(), marks(&snippet.text, &snippet.marks));
    if let Some(speaker) = &snippet.speaker {
        record.insert("speaker".into(), json!(speaker));
    }
    record.into()
}

fn marks(text: &str, spans: &[Span]) -> Value {
    let points = CodePoints::new(text);
    spans.iter().map(|span| json!(points.span(*span))).collect()
}

fn quote_fields(quote: &QuoteRecord) -> Record {
    let mut record = Record::new();
    let start = quote.spans.first().map(|span| span[0]);
    let end = quote.spans.last().map(|span| span[1]);
    record.insert("id".into(), json!(quote.id));
    record.insert("article_id".into(), json!(quote.article_id));
    record.insert("text".into(), json!(quote.text));
    record.insert("kind".into(), json!(quote.kind.name()));
    record.insert("cue".into(), json!(quote.cue));
    record.insert("speaker".into(), json!(quote.speaker));
    record.insert("speaker_as_written".into(), json!(quote.speaker_as_written));
    record.insert("role".into(), json!(quote.role));
    record.insert("via".into(), json!(quote.via));
    record.insert("grade".into(), json!(quote.grade.name()));
    record.insert("rule".into(), json!(quote.rule));
    record.insert("start".into(), json!(start));
    record.insert("end".into(), json!(end));
    record.insert("spans".into(), json!(quote.spans));
    record
}

/// A quote of an extracted article as a [`QuoteRecord`]; `number` counts from 1 within the article.
pub fn quote_record(article: &Article, points: &CodePoints<'_>, number: usize, quote: &Quote) -> QuoteRecord {
    QuoteRecord {
        id: format!("{}-q{number}", article.id),
        article_id: article.id.clone(),
        text: quote.text(&article.body),
        kind: quote.kind,
        cue: quote.cue.map(|cue| cue.of(&article.body).to_owned()),
        speaker: quote.speaker.clone(),
        speaker_as_written: quote.speaker_as_written.clone(),
        role: quote.role.clone(),
        via: quote.via.clone(),
        grade: quote.grade,
        rule: quote.rule.clone(),
        spans: quote.content.iter().map(|span| points.span(*span)).collect(),
        marks: Vec::new(),
    }
}

/// The record of a whole article with its quotes.
pub fn article(article: &Article, quotes: &[Quote], notices: &[Notice]) -> Record {
    let points = CodePoints::new(&article.body);
    let mut record = Record::new();
    record.insert("type".into(), json!("article"));
    record.insert("id".into(), json!(article.id));
    record.insert("source_id".into(), json!(article.source_id));
    record.insert("path".into(), json!(article.source.to_string()));
    record.insert("headline".into(), json!(article.headline));
    record.insert("standfirst".into(), json!(article.standfirst));
    record.insert("body".into(), json!(article.body));
    record.insert("outlet".into(), json!(article.outlet));
    record.insert("date".into(), date(article.date));
    record.insert("date_method".into(), json!(article.date_method.name()));
    record.insert("authors".into(), json!(article.authors));
    record.insert("url".into(), json!(article.url));
    record.insert("section".into(), json!(article.section));
    record.insert("lang".into(), json!(article.lang));
    record.insert("words".into(), json!(article.words));
    let furniture: Vec<Value> =
        article.furniture.iter().map(|line| json!({ "text": line.text, "rule": line.rule })).collect();
    record.insert("furniture".into(), furniture.into());
    let quotes: Vec<Value> = quotes
        .iter()
        .enumerate()
        .map(|(idx, quote)| {
            let mut fields = quote_fields(&quote_record(article, &points, idx + 1, quote));
            if !quote.trace.is_empty() {
                fields.insert("trace".into(), json!(quote.trace));
            }
            fields.into()
        })
        .collect();
    record.insert("quotes".into(), quotes.into());
    record.insert("notices".into(), json!(notices));
    record
}

/// The record of an article of the index.
pub fn stored(stored: &StoredArticle) -> Record {
    let mut record = article(&stored.article, &stored.quotes, &[]);
    record.insert("also_at".into(), json!(stored.also_at));
    record
}

/// A day as text; unknown is `null`.
pub fn date(date: Option<jiff::civil::Date>) -> Value {
    date.map_or(Value::Null, |day| json!(day.to_string()))
}

/// The date as lists show it: `2021-07-14`, `~2021-07-14` when inferred, `undated`.
pub fn shown_date(head: &ArticleHead) -> String {
    match (head.date, head.date_method) {
        (Some(day), DateMethod::Inferred) => format!("~{day}"),
        (Some(day), _) => day.to_string(),
        (None, _) => "undated".to_owned(),
    }
}
