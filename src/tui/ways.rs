//! Ways out of an empty result: a nearer spelling, one filter less, one word less; each with what it would find.

use jiff::civil::Date;

use super::spec::Spec;
use crate::model::Query;
use crate::model::query::{QueryField, Term, TermForm};
use crate::model::search::{DateRange, DeadWord, SearchResponse};
use crate::query;

/// Ways offered at most.
const MOST: usize = 9;

/// One way out.
#[derive(Clone, Debug, PartialEq)]
pub struct Way {
    /// In words: `without outlet:Evening Herald`.
    pub label: String,
    /// What is asked then.
    pub spec: Spec,
    /// What that finds; `None` while it is not known.
    pub hits: Option<u64>,
}

/// The ways out of `spec`, whose answer was `response`.
pub fn out(spec: &Spec, response: &SearchResponse, today: Date) -> Vec<Way> {
    let mut ways = Vec::new();
    let mut add = |label: String, spec: Spec| ways.push(Way { label, spec, hits: None });
    way_by_beginning(spec, today, &mut add);
    ways_by_spelling(spec, response, today, &mut add);
    for dead in &response.dead_values {
        let Some(at) = spec.pills.iter().position(|pill| pill.enabled && pill.value == dead.word) else {
            ways_by_name(spec, dead, today, &mut add);
            continue;
        };
        for near in &dead.nearest {
            let mut other = spec.clone();
            other.pills[at].value = near.clone();
            add(format!("{near} for {}", dead.word), other);
        }
    }
    for (at, pill) in spec.pills.iter().enumerate().filter(|(_, pill)| pill.enabled) {
        let mut other = spec.clone();
        other.pills.remove(at);
        let sign = if pill.exclude { "-" } else { "" };
        add(format!("without {sign}{}:{}", pill.field.name(), pill.value), other);
    }
    if let Some(dates) = spec.dates_text() {
        add(format!("without date:{dates}"), Spec { dates: DateRange::default(), ..spec.clone() });
    }
    for (part, rest) in shortened(spec, today) {
        add(format!("without {part}"), Spec { query: rest, ..spec.clone() });
    }
    ways.truncate(MOST);
    ways
}

/// What begins as the last word does: somebody may have stopped in the middle of it.
fn way_by_beginning(spec: &Spec, today: Date, add: &mut impl FnMut(String, Spec)) {
    let begun = Spec { query: format!("{}*", spec.query), ..spec.clone() };
    let last = |query: &Query| match query {
        Query::Words(parts) => parts.last().cloned(),
        one => Some(one.clone()),
    };
    let (Ok(whole), Ok(parsed)) = (spec.read(None, today), begun.read(None, today)) else { return };
    if let Some(Query::Term { field, term: Term { word, form: TermForm::Prefix } }) = last(&parsed.query)
        && field.is_text()
        && matches!(last(&whole.query), Some(Query::Term { term, .. }) if term.form == TermForm::Stem)
    {
        add(format!("what begins with {word}"), begun);
    }
}

/// Names like the one in the query that nobody has.
fn ways_by_name(spec: &Spec, dead: &DeadWord, today: Date, add: &mut impl FnMut(String, Spec)) {
    let Ok(parsed) = spec.read(None, today) else { return };
    for near in &dead.nearest {
        let other = renamed(&parsed.query, &dead.word, near);
        if other != parsed.query {
            let query = query::print(&other);
            add(format!("{near} for {}", dead.word), Spec { query, ..spec.clone() });
        }
    }
}

/// The query with `near` in place of the name `word`.
fn renamed(query: &Query, word: &str, near: &str) -> Query {
    let all = |parts: &[Query]| parts.iter().map(|part| renamed(part, word, near)).collect();
    let is_name =
        |field: QueryField| matches!(field, QueryField::Speaker | QueryField::Outlet | QueryField::Author);
    let name = |field: QueryField| {
        let exact = |word: &str| Term { word: word.to_owned(), form: TermForm::Exact };
        Query::Phrase { field, terms: near.split_whitespace().map(exact).collect(), slop: 0 }
    };
    match query {
        Query::Term { field, term } if is_name(*field) && term.word == word => name(*field),
        Query::Phrase { field, terms, .. } if is_name(*field) => {
            let words: Vec<&str> = terms.iter().map(|term| term.word.as_str()).collect();
            if words.join(" ") == word { name(*field) } else { query.clone() }
        }
        Query::Words(parts) => Query::Words(all(parts)),
        Query::And(parts) => Query::And(all(parts)),
        Query::Or(parts) => Query::Or(all(parts)),
        Query::Said(inner) => Query::Said(Box::new(renamed(inner, word, near))),
        other => other.clone(),
    }
}

/// Nearer spellings of the words that nothing has; such a word without a near one is left out.
fn ways_by_spelling(spec: &Spec, response: &SearchResponse, today: Date, add: &mut impl FnMut(String, Spec)) {
    let dead = &response.dead_words;
    let Ok(parsed) = spec.read(None, today) else { return };
    let most = dead.iter().map(|dead| dead.nearest.len()).max().unwrap_or(0);
    for nth in 0..most {
        let mut changes = Vec::new();
        let mended = mended(&parsed.query, &mut |word| {
            let dead = dead.iter().find(|dead| dead.word == word)?;
            let near = dead.nearest.get(nth).or(dead.nearest.first());
            changes.push(match near {
                Some(near) => format!("{near} for {word}"),
                None => format!("without {word}"),
            });
            Some(near.cloned())
        });
        if let Some(query) = mended.filter(|_| !changes.is_empty()) {
            add(changes.join(", "), Spec { query: query::print(&query), ..spec.clone() });
        }
    }
}

/// The query with words changed: `change` keeps a word (`None`), drops it (`Some(None)`), or names another. `None` when
/// nothing is left.
fn mended(query: &Query, change: &mut impl FnMut(&str) -> Option<Option<String>>) -> Option<Query> {
    let mut list = |parts: &[Query]| -> Vec<Query> {
        parts.iter().filter_map(|part| mended(part, &mut *change)).collect()
    };
    let joined = |mut parts: Vec<Query>, join: fn(Vec<Query>) -> Query| match parts.len() {
        0 => None,
        1 => parts.pop(),
        _ => Some(join(parts)),
    };
    match query {
        Query::Term { field, term } if field.is_text() => match change(&term.word) {
            None => Some(query.clone()),
            Some(None) => None,
            Some(Some(word)) => Some(Query::Term { field: *field, term: Term { word, form: term.form } }),
        },
        Query::Words(parts) => joined(list(parts), Query::Words),
        Query::And(parts) => joined(list(parts), Query::And),
        Query::Or(parts) => joined(list(parts), Query::Or),
        other => Some(other.clone()),
    }
}

/// Each part of the query that stands side by side with others, and the query without it.
fn shortened(spec: &Spec, today: Date) -> Vec<(String, String)> {
    let Ok(parsed) = spec.read(None, today) else { return Vec::new() };
    let (parts, is_strict) = match &parsed.query {
        Query::Words(parts) => (parts, false),
        Query::And(parts) => (parts, true),
        _ => return Vec::new(),
    };
    let mut found = Vec::new();
    for at in 0..parts.len() {
        let mut rest: Vec<Query> = parts.clone();
        let part = rest.remove(at);
        let rest = match (rest.len(), is_strict) {
            (1, _) => rest.remove(0),
            (_, true) => Query::And(rest),
            (_, false) => Query::Words(rest),
        };
        found.push((query::print(&part), query::print(&rest)));
    }
    found
}

/// Keeps the ways that lead somewhere, those to most hits first within their kind; all of them when none does.
pub fn counted(ways: &mut Vec<Way>, hits: &[Option<u64>]) {
    for (way, hits) in ways.iter_mut().zip(hits) {
        way.hits = *hits;
    }
    if ways.iter().any(|way| way.hits != Some(0)) {
        ways.retain(|way| way.hits != Some(0));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::search::FacetField;

    #[test]
    fn offers_spellings_then_filters_then_words() {
        let mut spec = Spec { query: "carbon levvy".to_owned(), ..Spec::default() };
        spec.choose(FacetField::Outlet, "Evening Herald", true);
        let dead = DeadWord { word: "levvy".to_owned(), nearest: vec!["levy".to_owned()] };
        let response = SearchResponse { dead_words: vec![dead], ..SearchResponse::default() };
        let mut ways = out(&spec, &response, jiff::civil::date(2031, 1, 1));
        let labels: Vec<&str> = ways.iter().map(|way| way.label.as_str()).collect();
        assert_eq!(
            labels,
            [
                "what begins with levvy",
                "levy for levvy",
                "without -outlet:Evening Herald",
                "without carbon",
                "without levvy"
            ]
        );
        assert_eq!(ways[0].spec.query, "carbon levvy*");
        assert_eq!(ways[1].spec.query, "carbon levy");
        assert_eq!(ways[4].spec.query, "carbon");
        counted(&mut ways, &[Some(0), Some(3), Some(0), None, Some(9)]);
        assert_eq!(ways.len(), 3);
    }

    #[test]
    fn a_name_in_the_query_is_mended() {
        let spec = Spec { query: "levy -speaker:moraeu".to_owned(), ..Spec::default() };
        let dead = DeadWord { word: "moraeu".to_owned(), nearest: vec!["Ada Moreau".to_owned()] };
        let response = SearchResponse { dead_values: vec![dead.clone()], ..SearchResponse::default() };
        assert!(
            !out(&spec, &response, jiff::civil::date(2031, 1, 1)).iter().any(|way| way.label.contains("Ada"))
        );
        let spec = Spec { query: "levy speaker:moraeu".to_owned(), ..Spec::default() };
        let ways = out(&spec, &response, jiff::civil::date(2031, 1, 1));
        assert_eq!(ways[0].label, "Ada Moreau for moraeu");
        assert_eq!(ways[0].spec.query, "levy speaker:\"Ada Moreau\"");
    }

    #[test]
    fn mends_all_dead_words_at_once() {
        let spec = Spec { query: "watter AND (zzz OR levvy)".to_owned(), ..Spec::default() };
        let dead = |word: &str, near: &[&str]| DeadWord {
            word: word.to_owned(),
            nearest: near.iter().map(|word| (*word).to_owned()).collect(),
        };
        let dead_words =
            vec![dead("watter", &["water", "wanted"]), dead("zzz", &[]), dead("levvy", &["levy"])];
        let response = SearchResponse { dead_words, ..SearchResponse::default() };
        let ways = out(&spec, &response, jiff::civil::date(2031, 1, 1));
        assert_eq!(ways[0].spec.query, "water AND levy");
        assert_eq!(ways[0].label, "water for watter, without zzz, levy for levvy");
        assert_eq!(ways[1].spec.query, "wanted AND levy");
    }
}
