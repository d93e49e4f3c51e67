//! Searches over small invented corpora: what matches, in what order, how it is counted and shown.

use std::collections::BTreeMap;
use std::sync::Arc;

use tempfile::TempDir;

use super::*;
use crate::authority::Authority;
use crate::engine::local::Which;
use crate::engine::local::open::{CommitState, OpenState};
use crate::engine::local::writer::{Writer, WriterOptions};
use crate::model::query::{QueryField, Term, TermForm};
use crate::model::search::{DateRange, FieldFilter, Matched, SnippetField, Stamp};
use crate::model::{Article, Grade, Quote, QuoteKind, SourceRef, Span};
use crate::schema::{Field, Origin, SchemaSpec, block};

/// An article under work. `“...”` in the body is a direct quote of `speaker`; of several, with `|` between, in turn.
#[derive(Clone, Debug, Default)]
pub(super) struct Draft {
    id: u64,
    headline: &'static str,
    body: String,
    outlet: &'static str,
    speaker: &'static str,
    date: &'static str,
}

pub(super) fn draft(id: u64, headline: &'static str, body: &str) -> Draft {
    Draft {
        id,
        headline,
        body: body.to_owned(),
        outlet: "The Harbour Post",
        date: "2021-03-05",
        ..Draft::default()
    }
}

impl Draft {
    pub(super) fn by(self, outlet: &'static str, speaker: &'static str, date: &'static str) -> Draft {
        Draft { outlet, speaker, date, ..self }
    }

    fn finish(&self) -> (Article, Vec<Quote>) {
        let mut paragraphs = Vec::new();
        let mut at = 0;
        for paragraph in self.body.split("\n\n") {
            paragraphs.push(Span::new(at, at + paragraph.len()));
            at += paragraph.len() + 2;
        }
        let opens = self.body.match_indices('“');
        let speakers: Vec<&str> = self.speaker.split('|').collect();
        let quotes = opens.enumerate().filter_map(|(idx, (open, mark))| {
            let speaker = speakers[idx % speakers.len()];
            let start = open + mark.len();
            let end = start + self.body[start..].find('”')?;
            Some(Quote {
                kind: QuoteKind::Direct,
                content: vec![Span::new(start, end)],
                source_span: None,
                cue: None,
                speaker: Some(speaker.to_owned()).filter(|name| !name.is_empty()),
                speaker_as_written: None,
                role: None,
                via: None,
                grade: Grade::Explicit,
                rule: String::new(),
                trace: Vec::new(),
            })
        });
        let article = Article {
            id: format!("{:016x}", self.id),
            source_id: Some(format!("s{}", self.id)),
            source: SourceRef { path: format!("{}.txt", self.id), record: None },
            headline: Some(self.headline.to_owned()),
            body: self.body.clone(),
            paragraphs,
            outlet: Some(self.outlet.to_owned()).filter(|name| !name.is_empty()),
            date: self.date.parse().ok(),
            words: self.body.split_whitespace().count() as u32,
            ..Article::default()
        };
        (article, quotes.collect())
    }
}

pub(super) struct Corpus {
    dir: TempDir,
    writer: Writer,
    state: u64,
}

impl Corpus {
    pub(super) fn new() -> Corpus {
        let dir = TempDir::new().expect("a temporary directory");
        let writer =
            Writer::open(dir.path(), WriterOptions { threads: 1, memory: 15_000_000 }).expect("a writer");
        Corpus { dir, writer, state: 0 }
    }

    pub(super) fn of(drafts: &[Draft]) -> View {
        let mut corpus = Corpus::new();
        corpus.add(drafts);
        corpus.view(&[])
    }

    /// Adds or replaces, as one commit.
    pub(super) fn add(&mut self, drafts: &[Draft]) {
        for draft in drafts {
            let (article, quotes) = draft.finish();
            let documents = block(&article, &quotes, &Origin::default());
            self.writer.put(Some(draft.id), documents, None).expect("accepted");
        }
        self.commit();
    }

    pub(super) fn remove(&mut self, id: u64) {
        self.writer.delete(Field::ArticleKey, id).expect("accepted");
        self.commit();
    }

    fn commit(&mut self) {
        self.state += 1;
        let stamp =
            Stamp { schema_version: 1, schema_hash: SchemaSpec::embedded().hash(), ..Stamp::default() };
        self.writer
            .commit(&CommitState { stamp, state: self.state, ..CommitState::default() })
            .expect("committed");
    }

    /// Publishes the last commit, to be read from the returned folder.
    pub(super) fn publish(&self) -> &std::path::Path {
        self.writer.publish().expect("published");
        self.dir.path()
    }

    pub(super) fn view(&self, canonical: &[(&str, &str)]) -> View {
        let state = OpenState::open(self.dir.path(), Which::Latest, Authority::embedded()).expect("a state");
        let canonical: BTreeMap<String, String> =
            canonical.iter().map(|(local, name)| ((*local).to_owned(), (*name).to_owned())).collect();
        View::new(
            state.searcher.clone(),
            state.fields.clone(),
            Arc::new(canonical),
            Authority::embedded(),
            Source::default(),
            (state.totals().expect("totals"), 1),
        )
        .expect("a view")
    }
}

fn word(text: &str) -> Query {
    term(QueryField::Text, text, TermForm::Stem)
}

fn term(field: QueryField, text: &str, form: TermForm) -> Query {
    Query::Term { field, term: Term { word: text.to_owned(), form } }
}

pub(super) fn words(text: &str) -> Query {
    let clauses: Vec<Query> = text.split(' ').map(word).collect();
    if clauses.len() == 1 { clauses.into_iter().next().unwrap_or(Query::All) } else { Query::Words(clauses) }
}

fn phrase(text: &str) -> Query {
    let terms = text.split(' ').map(|word| Term { word: word.to_owned(), form: TermForm::Exact }).collect();
    Query::Phrase { field: QueryField::Text, terms, slop: 0 }
}

fn articles(query: Query) -> SearchRequest {
    SearchRequest::new(DocKind::Article, query)
}

pub(super) fn quotes(query: Query) -> SearchRequest {
    SearchRequest::new(DocKind::Quote, query)
}

pub(super) fn choose(field: FacetField, values: &[&str]) -> FieldFilter {
    let values = values.iter().map(|value| (*value).to_owned()).collect();
    FieldFilter { field, values, exclude: false, all: false }
}

pub(super) fn ask(view: &View, request: &SearchRequest) -> SearchResponse {
    run(view, request).expect("an answer")
}

fn ids(hits: &[Hit]) -> Vec<u64> {
    hits.iter().map(|hit| u64::from_str_radix(&hit.article.id, 16).expect("an id")).collect()
}

/// Total, and the ids of the hits in order.
#[track_caller]
fn check(view: &View, query: Query, total: u64, expected: &[u64]) {
    let response = ask(view, &articles(query));
    assert_eq!((response.total, &ids(&response.hits)[..]), (total, expected));
}

#[track_caller]
fn check_matches(view: &View, query: Query, expected: &[u64]) {
    let mut request = articles(query);
    request.match_mode = MatchMode::All;
    request.sort = SortBy::DateAsc;
    assert_eq!(ids(&ask(view, &request).hits), expected);
}

fn treaty() -> Vec<Draft> {
    vec![
        draft(1, "Harbour treaty", "Ministers signed the harbour treaty.\n\nFishing goes on.").by(
            "The Harbour Post",
            "Ana Duarte",
            "2021-03-05",
        ),
        draft(2, "Talks fail", "“We will not sign this treaty,” said Ana Duarte. The harbour stays closed.")
            .by("The Island Times", "Ana Duarte", "2021-04-06"),
        draft(3, "Budget", "The budget was trumped by a storm. No treaty was named.").by(
            "The Island Times",
            "",
            "",
        ),
        draft(4, "Storm", "“A storm is coming,” said Pavel Lind. Policies change. “Harbour rights matter.”")
            .by("The Harbour Post", "Pavel Lind", "2022-01-02"),
    ]
}

#[test]
fn all_words_come_first_then_most_of_them() {
    let view = Corpus::of(&treaty());
    let response = ask(&view, &articles(words("harbour treaty closed")));
    assert_eq!((response.total, ids(&response.hits)), (1, vec![2, 1]));
    assert_eq!(response.hits[0].matched, Matched::All);
    assert_eq!(response.hits[1].matched, Matched::Most { missing: vec!["closed".to_owned()] });
    let mut strict = articles(words("harbour treaty closed"));
    strict.match_mode = MatchMode::All;
    assert_eq!(ids(&ask(&view, &strict).hits), [2]);
    check(&view, Query::And(vec![word("harbour"), word("closed")]), 1, &[2]);
    // Common words are not missed.
    let response = ask(&view, &articles(words("who would sign the treaty")));
    assert_eq!((response.total, &ids(&response.hits)[..2]), (2, &[1, 2][..]));
}

#[test]
fn stems_match_and_exact_forms_are_exact() {
    let view = Corpus::of(&treaty());
    check_matches(&view, word("policy"), &[4]);
    check_matches(&view, term(QueryField::Text, "policy", TermForm::Exact), &[]);
    let without = |name| Query::And(vec![word("treaty"), Query::Not(Box::new(word(name)))]);
    check_matches(&view, without("trump"), &[1, 2, 3]);
    check_matches(&view, without("trumped"), &[1, 2]);
    check_matches(&view, Query::Not(Box::new(word("treaty"))), &[4]);
    check_matches(&view, term(QueryField::Text, "harb", TermForm::Prefix), &[1, 2, 4]);
    check_matches(&view, term(QueryField::Text, "harbuor", TermForm::Fuzzy(1)), &[1, 2, 4]);
    check_matches(&view, term(QueryField::Text, "treety", TermForm::Fuzzy(1)), &[1, 2, 3]);
}

#[test]
fn places_matter_where_they_are_asked_for() {
    let view = Corpus::of(&treaty());
    check_matches(&view, phrase("harbour treaty"), &[1]);
    check_matches(&view, phrase("treaty ministers"), &[]);
    check_matches(&view, term(QueryField::Headline, "storm", TermForm::Stem), &[4]);
    check_matches(&view, term(QueryField::Body, "budget", TermForm::Stem), &[3]);
    check_matches(&view, term(QueryField::Quote, "treaty", TermForm::Stem), &[2]);
    let pair = || (Box::new(word("treaty")), Box::new(word("harbour")));
    let (left, right) = pair();
    check_matches(&view, Query::SameSentence(left, right), &[1]);
    let (left, right) = pair();
    check_matches(&view, Query::SameParagraph(left, right), &[1, 2]);
    let (left, right) = pair();
    check_matches(&view, Query::Near { left, right, distance: 6, ordered: true }, &[2]);
    check_matches(&view, Query::AtLeast(2, Box::new(word("harbour"))), &[1]);
}

#[test]
fn quotes_are_searched_with_their_speakers() {
    let view = Corpus::of(&treaty());
    let by = |name: &str| term(QueryField::Speaker, name, TermForm::Stem);
    let response = ask(&view, &quotes(Query::Words(vec![word("treaty"), by("duarte")])));
    let quote = response.hits[0].quote.as_ref().expect("a quote");
    assert_eq!((response.total, quote.id.as_str()), (1, "0000000000000002-q1"));
    let marked: Vec<&str> = quote.marks.iter().map(|mark| mark.of(&quote.text)).collect();
    assert_eq!(marked, ["treaty"]);
    assert_eq!(ask(&view, &quotes(Query::Words(vec![word("treaty"), by("lind")]))).total, 0);
    let said = |query| Query::Said(Box::new(query));
    let query = said(Query::And(vec![word("storm"), by("lind")]));
    let hit = ask(&view, &articles(query.clone())).hits.remove(0);
    assert_eq!(
        hit.snippets[0].marks.iter().map(|mark| mark.of(&hit.snippets[0].text)).collect::<Vec<_>>(),
        ["storm"]
    );
    check_matches(&view, query, &[4]);
    check_matches(&view, said(Query::And(vec![word("storm"), word("harbour")])), &[]);
    check_matches(&view, by("lind"), &[4]);
    let headline = term(QueryField::Headline, "talks", TermForm::Stem);
    assert_eq!(ask(&view, &quotes(headline)).total, 1);
}

#[test]
fn facets_ignore_their_own_choice_and_totals_do_not() {
    let mut corpus = Corpus::new();
    corpus.add(&treaty());
    corpus.add(&[draft(5, "Harbour", "“The harbour,” she said.").by(
        "The Harbour Post",
        "A. Duarte",
        "2021-03-06",
    )]);
    let view = corpus.view(&[("A. Duarte", "Ana Duarte")]);
    let mut request = articles(word("harbour"));
    request.facets = vec![FacetField::Outlet, FacetField::Speaker, FacetField::Month];
    request.filters.fields = vec![choose(FacetField::Outlet, &["the island times"])];
    let response = ask(&view, &request);
    let counts = |idx: usize| -> Vec<(Option<&str>, u64)> {
        response.facets[idx].values.iter().map(|count| (count.value.as_deref(), count.count)).collect()
    };
    assert_eq!(response.total, 1);
    assert_eq!(counts(0), [(Some("The Harbour Post"), 3), (Some("The Island Times"), 1)]);
    assert_eq!(counts(1), [(Some("Ana Duarte"), 1)]);
    assert_eq!(counts(2), [(Some("2021-04"), 1)]);
    request.filters.fields = vec![choose(FacetField::Speaker, &["ana duarte"])];
    assert_eq!(ask(&view, &request).total, 2);
    request.filters.fields[0].exclude = true;
    assert_eq!(ask(&view, &request).total, 2);
    request.filters.fields.clear();
    request.filters.dates = DateRange { since: "2021-04-01".parse().ok(), until: None };
    assert_eq!(ids(&ask(&view, &request).hits), [4, 2]);
}

#[test]
fn what_has_no_value_can_be_chosen_and_left_out() {
    let view = Corpus::of(&[
        draft(1, "Treaty signed", "The treaty stands. “We signed,” she said.").by(
            "Post",
            "Ana Duarte",
            "2021-03-05",
        ),
        draft(2, "Treaty read", "The treaty was read. “Read it,” it said.").by("", "", "2021-03-06"),
        draft(3, "Treaty lost", "The treaty was lost.").by("Post", "", ""),
    ]);
    let chosen = |field: FacetField, values: &[&str], exclude| {
        let mut request = articles(word("treaty"));
        let values = values.iter().map(|value| (*value).to_owned()).collect();
        request.filters.fields = vec![FieldFilter { field, values, exclude, all: false }];
        request.facets = vec![field];
        let found = run(&view, &request).expect("answered");
        let mut ids = ids(&found.hits);
        ids.sort_unstable();
        // The other values of the field stay choosable.
        let counted: u64 = found.facets[0].values.iter().map(|value| value.count).sum();
        (ids, counted)
    };
    assert_eq!(chosen(FacetField::Speaker, &["(no named speaker)"], false), (vec![2, 3], 3));
    assert_eq!(chosen(FacetField::Speaker, &["(no named speaker)"], true), (vec![1], 3));
    assert_eq!(chosen(FacetField::Speaker, &["(no named speaker)", "ana duarte"], false), (vec![1, 2, 3], 3));
    assert_eq!(chosen(FacetField::Outlet, &["(no outlet)"], false), (vec![2], 3));
    assert_eq!(chosen(FacetField::Year, &["(undated)"], false), (vec![3], 3));
    assert_eq!(chosen(FacetField::Year, &["(undated)"], true), (vec![1, 2], 3));
}

/// A prefix of many words is read at one go, and kept: it finds what its words find one by one.
#[test]
fn a_prefix_of_many_words_finds_what_each_of_them_finds() {
    let letters = "abcdefghijkl";
    let mut corpus = Corpus::new();
    let body = |id: u64| -> String {
        let words = letters.chars().enumerate().map(|(at, c)| match id.is_multiple_of(at as u64 + 2) {
            true => format!("harb{c}"),
            false => format!("hill{c}"),
        });
        format!("{}. “All of it,” she said.", words.collect::<Vec<_>>().join(" "))
    };
    let drafts: Vec<Draft> = (1..=60).map(|id| draft(id, "Notes", &body(id))).collect();
    corpus.add(&drafts[..30]);
    corpus.add(&drafts[30..]);
    corpus.remove(24);
    let view = corpus.view(&[]);
    let prefix = term(QueryField::Text, "harb", TermForm::Prefix);
    let exact = |c: char| term(QueryField::Text, &format!("harb{c}"), TermForm::Exact);
    let each = Query::Or(letters.chars().map(exact).collect());
    let mut found = Vec::new();
    for query in [prefix.clone(), each, prefix.clone()] {
        let mut request = articles(query);
        request.limit = 100;
        request.copies = Copies::Show;
        request.facets = vec![FacetField::Day];
        let answer = run(&view, &request).expect("answered");
        let mut matched = ids(&answer.hits);
        matched.sort_unstable();
        let counted: u64 = answer.facets[0].values.iter().map(|value| value.count).sum();
        assert_eq!((answer.total, counted), (matched.len() as u64, answer.total));
        found.push(matched);
    }
    assert!(found[0].len() > 40 && !found[0].contains(&24), "{:?}", found[0]);
    assert_eq!((&found[0], &found[0]), (&found[1], &found[2]));
    // Who has most of them comes first, the second time too.
    let mut request = articles(prefix);
    request.limit = 100;
    request.copies = Copies::Show;
    let first = run(&view, &request).expect("answered").hits;
    let again = run(&view, &request).expect("answered").hits;
    assert_eq!(first, again);
    assert_eq!(first[0].article.id, format!("{:016x}", 60));
}

#[test]
fn tallies_cross_and_give_shares() {
    let view = Corpus::of(&treaty());
    let request =
        CountRequest { request: articles(word("treaty")), by: vec![FacetField::Outlet, FacetField::Year] };
    let response = count(&view, &request).expect("a tally");
    let rows: Vec<(Option<&str>, Option<&str>, u64, u64)> = response
        .rows
        .iter()
        .map(|row| (row.values[0].as_deref(), row.values[1].as_deref(), row.count, row.total))
        .collect();
    assert_eq!((response.total, response.of), (3, 4));
    assert_eq!(
        rows,
        [
            (Some("The Harbour Post"), Some("2021"), 1, 1),
            (Some("The Island Times"), None, 1, 1),
            (Some("The Island Times"), Some("2021"), 1, 1),
        ]
    );
    let values = values(&view, FacetField::Speaker).expect("values");
    assert_eq!(values.iter().map(|value| value.count).collect::<Vec<_>>(), [1, 1]);
}

#[test]
fn snippets_are_sentences_and_marks_are_what_matched() {
    let view = Corpus::of(&treaty());
    let shown = |query: Query| {
        let hit = ask(&view, &articles(query)).hits.remove(0);
        let snippet = hit.snippets.into_iter().next().expect("a snippet");
        let marks: Vec<String> = snippet.marks.iter().map(|mark| mark.of(&snippet.text).to_owned()).collect();
        (snippet.field, snippet.text, snippet.speaker, marks)
    };
    let (field, text, speaker, marks) = shown(phrase("sign this treaty"));
    assert_eq!((field, speaker.as_deref()), (SnippetField::Quote, Some("Ana Duarte")));
    assert!(text.starts_with("“We will not sign"));
    assert_eq!(marks, ["sign this treaty"]);
    let (_, _, _, marks) = shown(phrase("harbour treaty"));
    assert_eq!(marks, ["harbour treaty"]);
    let (field, text, _, marks) = shown(term(QueryField::Headline, "talks", TermForm::Stem));
    assert_eq!((field, marks.len()), (SnippetField::Quote, 0));
    assert!(text.starts_with("“We will not"));
    let hit =
        ask(&view, &articles(word("treaty"))).hits.into_iter().find(|hit| !hit.matched_quotes.is_empty());
    assert_eq!(
        hit.map(|hit| hit.matched_quotes[0].text.clone()).as_deref(),
        Some("We will not sign this treaty,")
    );
}

#[test]
fn what_somebody_said_is_marked_where_they_say_it() {
    let body = "“The treaty is dead,” said Lind, and the treaty was.\n\n“No treaty dies,” said Duarte. “A treaty lives.”";
    let view = Corpus::of(&[draft(1, "A treaty", body).by(
        "The Ledger",
        "Jon Lind|Ana Duarte|Jon Lind",
        "2021-03-05",
    )]);
    let said = |speaker: &str| {
        let speaker = term(QueryField::Speaker, speaker, TermForm::Stem);
        let mut request = articles(Query::Said(Box::new(Query::Words(vec![speaker, word("treaty")]))));
        request.snippets = 5;
        let snippets = ask(&view, &request).hits.remove(0).snippets;
        let marked = snippets.iter().flat_map(|s| s.marks.iter().map(|mark| s.text[..mark.start].to_owned()));
        let mut before: Vec<String> = marked.map(|text| text.chars().rev().take(4).collect()).collect();
        before.sort();
        before
    };
    assert_eq!(said("duarte"), [" oN“"]);
    assert_eq!(said("lind"), [" A“", " ehT"].map(|text| text.to_owned()));
}

#[test]
fn copies_are_folded_under_the_best() {
    let long = "The council of the northern harbour met on Monday to weigh a plan that would let smaller boats land \
                their catch at night, when the larger quay is closed to them by an older rule of the port.";
    let mut drafts = vec![draft(1, "Night landing", long), draft(2, "Night landing", long)];
    drafts.push(draft(3, "Night", "The council said nothing else about the harbour."));
    let view = Corpus::of(&drafts);
    let mut request = articles(words("council harbour"));
    let response = ask(&view, &request);
    assert_eq!((response.total, response.hits.len()), (3, 2));
    let folded = response.hits.iter().find(|hit| !hit.copies.is_empty()).expect("a folded hit");
    assert_eq!(
        (folded.article.id.as_str(), folded.copies[0].id.as_str()),
        ("0000000000000001", "0000000000000002")
    );
    request.copies = Copies::Show;
    assert_eq!(ask(&view, &request).hits.len(), 3);
}

#[test]
fn words_and_values_that_nothing_has_are_named() {
    let view = Corpus::of(&treaty());
    let response = ask(&view, &articles(words("harbour traety")));
    assert_eq!(
        response.dead_words,
        [DeadWord { word: "traety".to_owned(), nearest: vec!["treaty".to_owned()] }]
    );
    // A neighbour in spelling fills the list, and is not counted.
    assert_eq!((response.total, ids(&response.hits)[0]), (0, 1));
    let mut request = articles(word("harbour"));
    request.filters.fields = vec![choose(FacetField::Speaker, &["Ana Duerte"])];
    let response = ask(&view, &request);
    assert_eq!(
        (response.total, response.dead_values[0].nearest.as_slice()),
        (0, &["Ana Duarte".to_owned()][..])
    );
}

#[test]
fn values_are_followed_over_time_without_their_own_filter() {
    let at = |id, outlet, speaker, date| {
        draft(id, "Harbour", "The harbour “stays open”, she said.").by(outlet, speaker, date)
    };
    let view = Corpus::of(&[
        at(1, "The Harbour Post", "Ana Duarte", "2021-03-05"),
        at(2, "The Harbour Post", "Ana Duarte", "2021-04-01"),
        at(3, "Hill Gazette", "Ana Duarte", "2021-04-30"),
        at(4, "Hill Gazette", "", "2021-05-01"),
    ]);
    let mut request = articles(word("harbour"));
    request.filters.fields = vec![choose(FacetField::Outlet, &["Hill Gazette"])];
    let day = |month| jiff::civil::date(2021, month, 1);
    let rows = trends(
        &view,
        &TrendRequest {
            request,
            values: vec![
                (FacetField::Outlet, "The Harbour Post".to_owned()),
                (FacetField::Speaker, "Ana Duarte".to_owned()),
                (FacetField::Speaker, "Nobody".to_owned()),
            ],
            starts: vec![day(3), day(4)],
            end: jiff::civil::date(2021, 4, 30),
        },
    );
    assert_eq!(rows.expect("an answer"), [vec![1, 1], vec![0, 1], vec![0, 0]]);
}

#[test]
fn pages_join_without_gap_or_overlap() {
    let drafts: Vec<Draft> = (1..=260)
        .map(|id| draft(id, "Harbour", &format!("Harbour news {}. {}", id, "Fish. ".repeat(id as usize % 7))))
        .collect();
    let view = Corpus::of(&drafts);
    let mut whole = articles(words("harbour fish"));
    whole.limit = 400;
    let whole = ids(&ask(&view, &whole).hits);
    let mut pages = Vec::new();
    for page in 0..30 {
        let mut request = articles(words("harbour fish"));
        request.offset = page * 10;
        pages.extend(ids(&ask(&view, &request).hits));
    }
    assert_eq!(pages.len(), 260);
    assert_eq!(pages, whole);
}

#[test]
fn the_way_an_index_came_about_does_not_show() {
    let fresh = Corpus::of(&treaty());
    let mut grown = Corpus::new();
    let old: Vec<Draft> = treaty()
        .iter()
        .map(|draft| Draft { body: format!("Old harbour treaty. {}", draft.body), ..draft.clone() })
        .collect();
    grown.add(&old);
    grown.add(&[draft(9, "Gone", "Harbour treaty storm budget, all of it gone.")]);
    for draft in treaty().iter().rev() {
        grown.add(std::slice::from_ref(draft));
    }
    grown.remove(9);
    let grown = grown.view(&[]);
    for query in [words("harbour treaty closed"), phrase("harbour treaty"), word("storm"), Query::All] {
        for kind in [DocKind::Article, DocKind::Quote] {
            let mut request = SearchRequest::new(kind, query.clone());
            request.facets = vec![FacetField::Outlet, FacetField::Speaker, FacetField::Day];
            let (mut left, mut right) = (ask(&fresh, &request), ask(&grown, &request));
            (left.took, right.took) = Default::default();
            assert_eq!(left, right);
        }
    }
}
