//! Laws of one opened state: pages, totals, facets and tallies speak of the same matches; families are found whatever was
//! asked for. Tests only.

use proptest::prelude::*;

use super::tests::{Corpus, Draft, ask, choose, draft, quotes, words};
use super::*;
use crate::model::search::Family;

const LONG: &str =
    "Nobody in this valley will pay twice for water, and nobody will drink what the mill leaves.";

fn said(id: u64, words: &str, outlet: &'static str, speaker: &'static str, date: &'static str) -> Draft {
    draft(id, "At the mill", &format!("The minister spoke. “{words}” That was all."))
        .by(outlet, speaker, date)
}

fn valley() -> Vec<Draft> {
    vec![
        said(1, LONG, "The Harbour Post", "Ada Moreau", "2021-03-05"),
        said(2, "nobody will pay twice for water!", "The Island Times", "", "2021-03-04"),
        said(
            3,
            "Nobody in this valley will pay twice . . . and nobody will drink what the mill leaves",
            "",
            "Ada Moreau",
            "",
        ),
        said(4, "will pay twice for water", "The Island Times", "Ada Moreau", "2022-03-05"),
        said(5, "The mill has paid once", "The Island Times", "Jon Lind", "2021-03-05"),
        said(6, "pay twice for water", "The Ledger", "Ada Moreau", "2021-03-07"),
    ]
}

fn cuts(family: Option<&Family>) -> Vec<&str> {
    family.map_or_else(Vec::new, |family| {
        family.cuts.iter().map(|cut| cut.article_id.trim_start_matches('0')).collect()
    })
}

#[test]
fn a_family_is_every_cut_whatever_was_asked_for() {
    let view = Corpus::of(&valley());
    let mut request = quotes(words("valley drink leaves"));
    request.families = true;
    request.copies = Copies::Show;
    let response = ask(&view, &request);
    let whole = response.hits.iter().find(|hit| hit.article.id.ends_with('1')).expect("the whole utterance");
    // First to last, the undated one at the end; the same catchword a year later is another occasion.
    assert_eq!(cuts(whole.family.as_ref()), ["2", "1", "6", "3"]);
    assert!(whole.family.as_ref().is_some_and(|family| family.complete));
    request.query = words("paid once");
    assert_eq!(ask(&view, &request).hits[0].family, None);
}

#[test]
fn cuts_of_one_utterance_are_folded_and_counted() {
    let view = Corpus::of(&valley());
    let mut request = quotes(words("valley"));
    let response = ask(&view, &request);
    assert_eq!(response.total, 2);
    let shown: Vec<usize> = response.hits.iter().map(|hit| hit.copies.len()).collect();
    assert_eq!(shown, [1]);
    request.copies = Copies::Show;
    assert_eq!(ask(&view, &request).hits.len(), 2);
}

#[test]
fn families_do_not_depend_on_how_the_index_came_about() {
    let drafts = valley();
    let fresh = Corpus::of(&drafts);
    let mut corpus = Corpus::new();
    for pair in drafts.chunks(2).rev() {
        corpus.add(pair);
    }
    corpus.add(&[said(1, "Something else was said at first", "The Ledger", "Ada Moreau", "2021-03-05")]);
    corpus.add(&[said(9, LONG, "The Ledger", "Ada Moreau", "2021-03-05"), drafts[0].clone()]);
    corpus.remove(9);
    let changed = corpus.view(&[]);
    let mut request = quotes(Query::All);
    request.families = true;
    request.limit = 100;
    assert_eq!(ask(&fresh, &request).hits, ask(&changed, &request).hits);
}

#[test]
fn an_explanation_adds_up_to_the_score() {
    let view = Corpus::of(&valley());
    for (kind, query) in [
        (DocKind::Article, "mill minister water"),
        (DocKind::Quote, "water mill"),
        (DocKind::Quote, "valley drink"),
    ] {
        let mut request = SearchRequest::new(kind, words(query));
        (request.explain, request.copies) = (true, Copies::Show);
        let hits = ask(&view, &request).hits;
        assert!(!hits.is_empty());
        for hit in hits {
            let mut sum = 0.0f32;
            for line in &hit.explain {
                let number = line.rsplit(' ').next().and_then(|number| number.parse::<f32>().ok());
                let counts = line.contains(": +") || line.contains(": -") || line.starts_with("the words, ");
                sum += number.filter(|_| counts).unwrap_or(0.0);
            }
            assert!((sum - hit.score).abs() < 0.05, "{sum} is not {}: {:?}", hit.score, hit.explain);
        }
    }
}

/// Small words from a small choice, so that matches, copies and empty answers all occur.
fn corpus() -> impl Strategy<Value = Vec<Draft>> {
    let word =
        prop_oneof![Just("water"), Just("mill"), Just("valley"), Just("twice"), Just("nobody"), Just("levy")];
    let outlet = prop_oneof![Just("The Ledger"), Just("The Harbour Post"), Just("")];
    let speaker = prop_oneof![Just("Ada Moreau"), Just("Jon Lind"), Just("")];
    let date = prop_oneof![Just("2021-03-05"), Just("2021-04-01"), Just("2022-01-02"), Just("")];
    let story = (proptest::collection::vec(word, 1..12), outlet, speaker, date);
    proptest::collection::vec(story, 1..24).prop_map(|stories| {
        let stories = stories.into_iter().enumerate();
        let drafts = stories.map(|(idx, (words, outlet, speaker, date))| {
            said(idx as u64 + 1, &words.join(" "), outlet, speaker, date)
        });
        drafts.collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, ..ProptestConfig::default() })]

    #[test]
    fn totals_pages_facets_and_tallies_agree(
        drafts in corpus(),
        query in prop_oneof![Just("water"), Just("mill valley"), Just("nobody")],
        page in 1usize..7,
        fold: bool,
        kind in prop_oneof![Just(DocKind::Article), Just(DocKind::Quote)],
        sort in prop_oneof![Just(SortBy::Relevance), Just(SortBy::Date)],
        outlets in proptest::sample::subsequence(vec!["The Ledger", "The Harbour Post"], 0..=2),
    ) {
        let view = Corpus::of(&drafts);
        let mut request = SearchRequest::new(kind, words(query));
        request.match_mode = MatchMode::All;
        request.copies = if fold { Copies::Fold } else { Copies::Show };
        (request.sort, request.limit) = (sort, page);
        request.facets = vec![FacetField::Outlet, FacetField::Speaker, FacetField::Month];
        request.facet_limit = 0;
        if !outlets.is_empty() {
            request.filters.fields.push(choose(FacetField::Outlet, &outlets));
        }
        // Pages joined hold every match once, as a hit or folded under one.
        let (mut listed, mut undated) = (Vec::new(), 0);
        let total = ask(&view, &request).total;
        loop {
            let response = ask(&view, &request);
            prop_assert_eq!(response.total, total);
            for hit in &response.hits {
                prop_assert_eq!(hit.rank, request.offset + 1 + response.hits.iter().position(|h| h == hit).unwrap_or(0));
                let id = hit.quote.as_ref().map_or(&hit.article.id, |quote| &quote.id);
                listed.push((id.clone(), hit.article.outlet.clone()));
                undated += u64::from(hit.article.date.is_none());
                for copy in &hit.copies {
                    listed.push((copy.id.clone(), copy.outlet.clone()));
                    undated += u64::from(copy.date.is_none());
                }
            }
            if response.hits.len() < page {
                prop_assert_eq!(undated, response.undated);
                break;
            }
            request.offset += page;
        }
        let mut once = listed.clone();
        once.sort();
        once.dedup();
        prop_assert_eq!((once.len(), listed.len() as u64), (listed.len(), total));
        // Facets: the chosen values sum up to the total; others stay as they are without the choice.
        request.offset = 0;
        let facets = ask(&view, &request).facets;
        let mut open = request.clone();
        open.filters.fields.clear();
        prop_assert_eq!(&facets[0].values, &ask(&view, &open).facets[0].values);
        let chosen = |value: &FacetCount| outlets.is_empty() || value.value.as_deref().is_some_and(|v| outlets.contains(&v));
        let sum: u64 = facets[0].values.iter().filter(|value| chosen(value)).map(|value| value.count).sum();
        prop_assert_eq!(sum, total);
        for value in facets[0].values.iter().filter(|value| chosen(value)) {
            let seen = listed.iter().filter(|(_, outlet)| *outlet == value.value).count() as u64;
            prop_assert_eq!(seen, value.count);
        }
        // Tallies: by one field and crossed they are the same matches.
        let tally = |by: &[FacetField]| count(&view, &CountRequest { request: request.clone(), by: by.to_vec() }).expect("a tally");
        for by in [&[][..], &[FacetField::Outlet], &[FacetField::Month], &[FacetField::Outlet, FacetField::Month]] {
            let counted = tally(by);
            prop_assert_eq!(counted.total, total);
            prop_assert_eq!(counted.rows.iter().map(|row| row.count).sum::<u64>(), total);
            prop_assert!(counted.rows.iter().all(|row| row.count <= row.total && row.total <= counted.of));
        }
        let months: Vec<(Option<String>, u64)> = facets[2].values.iter().map(|v| (v.value.clone(), v.count)).collect();
        let rows: Vec<(Option<String>, u64)> =
            tally(&[FacetField::Month]).rows.into_iter().map(|row| (row.values[0].clone(), row.count)).collect();
        prop_assert_eq!(months, rows);
    }
}
