//! What everything is compared with: about the least a program on tantivy can do.
//!
//! JSON Lines in; headline, body, outlet, date; the `default` tokenizer, positions, stored text, lz4; two writer threads.
//! No stems, no quotes, no extraction, no bookkeeping. A search gives the ten best with their documents and snippets, the
//! count, and counts by outlet.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::Path;

use serde::Deserialize;
use tantivy::aggregation::agg_req::Aggregations;
use tantivy::aggregation::{AggContextParams, AggregationCollector, AggregationLimitsGuard};
use tantivy::collector::{Count, TopDocs};
use tantivy::indexer::IndexWriterOptions;
use tantivy::query::{BooleanQuery, Occur, Query, QueryParser, TermQuery};
use tantivy::schema::{Field, INDEXED, IndexRecordOption, STORED, STRING, Schema, TEXT, Value as _};
use tantivy::snippet::SnippetGenerator;
use tantivy::{Index, IndexReader, ReloadPolicy, Searcher, TantivyDocument, Term};

use crate::measure::Clock;

/// Terms a prefix is expanded to at most.
const EXPANSIONS: usize = 128;

#[derive(Deserialize)]
struct Record {
    headline: String,
    body: String,
    outlet: String,
    date: String,
}

/// Indexes every file of `corpus` into `dir`.
pub fn index(corpus: &Path, dir: &Path) {
    write(corpus, dir, 2);
}

/// Seconds of the processor for reading `corpus`, and for indexing it into `dir` with one writer thread.
pub fn stages(corpus: &Path, dir: &Path) -> [f64; 2] {
    let mut clock = Clock::start();
    each(corpus, |record| drop(std::hint::black_box(record)));
    let read = clock.lap();
    write(corpus, dir, 1);
    [read, clock.lap_of_all() - read]
}

/// Reads every record.
fn each(corpus: &Path, mut take: impl FnMut(Record)) {
    let mut files: Vec<_> = fs::read_dir(corpus).expect("list the corpus").flatten().collect();
    files.sort_by_key(std::fs::DirEntry::path);
    let mut line = String::new();
    for file in files {
        let mut input = BufReader::new(File::open(file.path()).expect("open a file of the corpus"));
        while input.read_line(&mut line).expect("read the corpus") > 0 {
            take(serde_json::from_str(&line).expect("a record"));
            line.clear();
        }
    }
}

fn write(corpus: &Path, dir: &Path, threads: usize) {
    let _ = fs::remove_dir_all(dir);
    fs::create_dir_all(dir).expect("make the folder of the index");
    let mut schema = Schema::builder();
    let keyword = (STRING | STORED).set_fast("raw");
    let headline = schema.add_text_field("headline", TEXT | STORED);
    let body = schema.add_text_field("body", TEXT | STORED);
    let outlet = schema.add_text_field("outlet", keyword);
    let date = schema.add_date_field("date", INDEXED | STORED);
    let index = Index::create_in_dir(dir, schema.build()).expect("make an index");
    let options = IndexWriterOptions::builder()
        .num_worker_threads(threads)
        .memory_budget_per_thread(100_000_000)
        .num_merge_threads(1)
        .build();
    let mut writer = index.writer_with_options::<TantivyDocument>(options).expect("open a writer");
    each(corpus, |record| {
        let day: jiff::civil::Date = record.date.parse().expect("a date");
        let seconds = day.to_zoned(jiff::tz::TimeZone::UTC).expect("a time").timestamp().as_second();
        let mut document = TantivyDocument::new();
        document.add_text(headline, record.headline);
        document.add_text(body, record.body);
        document.add_text(outlet, record.outlet);
        document.add_date(date, tantivy::DateTime::from_timestamp_secs(seconds));
        writer.add_document(document).expect("add a document");
    });
    writer.commit().expect("commit");
    writer.wait_merging_threads().expect("merge");
}

/// What is asked of plain tantivy.
#[derive(Clone, Debug)]
pub enum Ask {
    /// In the query parser's language.
    Parsed(String),
    /// Words that begin so.
    Prefix(String),
    /// A parsed query within one outlet.
    At(String, String),
}

/// An index open for searching.
pub struct Plain {
    index: Index,
    reader: IndexReader,
    headline: Field,
    body: Field,
    outlet: Field,
    counts: Aggregations,
}

/// What a search gave.
pub struct Answer {
    /// Matches.
    pub total: usize,
    /// What would be shown.
    pub shown: Vec<String>,
}

impl Plain {
    /// Opens the index in `dir`.
    pub fn open(dir: &Path) -> Plain {
        let index = Index::open_in_dir(dir).expect("open the index");
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual);
        let reader: IndexReader = reader.try_into().expect("read the index");
        let field = |name| index.schema().get_field(name).expect("a field");
        let (headline, body, outlet) = (field("headline"), field("body"), field("outlet"));
        let counts = serde_json::json!({ "outlet": { "terms": { "field": "outlet", "size": 10 } } });
        let counts = serde_json::from_value(counts).expect("an aggregation");
        Plain { index, reader, headline, body, outlet, counts }
    }

    /// Hits `offset` to `offset + 10`, with everything that is shown of them.
    pub fn search(&self, ask: &Ask, offset: usize) -> Answer {
        let searcher = self.reader.searcher();
        let query = self.query(&searcher, ask);
        let context =
            AggContextParams::new(AggregationLimitsGuard::default(), self.index.tokenizers().clone());
        let counts = AggregationCollector::from_aggs(self.counts.clone(), context);
        let best = TopDocs::with_limit(10).and_offset(offset).order_by_score();
        let (best, total, counts) = searcher.search(&query, &(best, Count, counts)).expect("search");
        let snippets = SnippetGenerator::create(&searcher, &*query, self.body).expect("snippets");
        let mut shown = vec![serde_json::to_string(&counts).expect("counts")];
        for (_, address) in best {
            let document: TantivyDocument = searcher.doc(address).expect("a document");
            let text = |field| document.get_first(field).and_then(|value| value.as_str().map(str::to_owned));
            shown.extend(text(self.headline));
            shown.push(snippets.snippet(text(self.body).as_deref().unwrap_or_default()).to_html());
        }
        Answer { total, shown }
    }

    /// Documents that match.
    pub fn count(&self, ask: &Ask) -> usize {
        let searcher = self.reader.searcher();
        searcher.search(&self.query(&searcher, ask), &Count).expect("count")
    }

    fn query(&self, searcher: &Searcher, ask: &Ask) -> Box<dyn Query> {
        let mut parser = QueryParser::for_index(&self.index, vec![self.headline, self.body]);
        parser.set_conjunction_by_default();
        match ask {
            Ask::Parsed(text) => parser.parse_query(text).expect("a query"),
            Ask::At(text, outlet) => {
                let outlet =
                    TermQuery::new(Term::from_field_text(self.outlet, outlet), IndexRecordOption::Basic);
                let all: Vec<(Occur, Box<dyn Query>)> = vec![
                    (Occur::Must, parser.parse_query(text).expect("a query")),
                    (Occur::Must, Box::new(outlet)),
                ];
                Box::new(BooleanQuery::new(all))
            }
            Ask::Prefix(prefix) => Box::new(BooleanQuery::union(self.expand(searcher, prefix))),
        }
    }

    fn expand(&self, searcher: &Searcher, prefix: &str) -> Vec<Box<dyn Query>> {
        let mut any: Vec<Box<dyn Query>> = Vec::new();
        for field in [self.headline, self.body] {
            let mut terms: std::collections::BTreeMap<Vec<u8>, u32> = Default::default();
            for segment in searcher.segment_readers() {
                let inverted = segment.inverted_index(field).expect("the terms of a field");
                let mut stream = inverted.terms().range().ge(prefix).into_stream().expect("its terms");
                while stream.advance() && stream.key().starts_with(prefix.as_bytes()) {
                    *terms.entry(stream.key().to_vec()).or_default() += stream.value().doc_freq;
                }
            }
            let mut terms: Vec<(u32, Vec<u8>)> = terms.into_iter().map(|(term, freq)| (freq, term)).collect();
            terms.sort_unstable_by(|a, b| b.cmp(a));
            for (_, term) in terms.into_iter().take(EXPANSIONS) {
                let term = Term::from_field_text(field, &String::from_utf8_lossy(&term));
                any.push(Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs)));
            }
        }
        any
    }
}
