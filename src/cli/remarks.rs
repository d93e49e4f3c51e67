//! What a person should know about an answer: words and values that nothing has, and which part removes everything.
//!
//! In: a request and its answer. Out: notes on standard error. Every number is asked of the index, never guessed.

use std::cell::Cell;

use super::Context;
use crate::engine::SearchBackend;
use crate::model::Query;
use crate::model::search::{
    Copies, DeadWord, DocKind, FacetField, FieldFilter, MatchMode, Matched, SearchRequest, SearchResponse,
};
use crate::output::counted;
use crate::query;
use crate::text::shell_quoted;

/// Parts of a query that are left out in turn, at most.
const MOST_PARTS: usize = 8;
/// Of these, the ones named.
const NAMED: usize = 3;

/// Notes on words and values that nothing has.
pub fn dead(context: &Context, words: &[DeadWord], values: &[DeadWord]) {
    for dead in words.iter().chain(values) {
        let nearest = match dead.nearest.as_slice() {
            [] => String::new(),
            nearest => format!("; nearest: {}", nearest.join(", ")),
        };
        context.note(&format!("nothing has `{}`{nearest}", dead.word));
    }
}

/// Notes on an answer to `wanted`; on one without a match, also what removed everything.
///
/// # Errors
/// A failure of the engine.
pub fn print(
    context: &Context,
    index: &dyn SearchBackend,
    wanted: &SearchRequest,
    response: &SearchResponse,
) -> anyhow::Result<()> {
    if response.total == 0 && !context.global.quiet && index.info()?.articles == 0 {
        context.note("the index holds no articles; what was not read: onrecord skipped");
        return Ok(());
    }
    dead(context, &response.dead_words, &response.dead_values);
    if response.total == 0
        && let Some(Matched::Most { .. }) = response.hits.first().map(|hit| &hit.matched)
    {
        let what = if wanted.kind == DocKind::Quote { "quote" } else { "article" };
        context.note(&format!(
            "no {what} has all of this; listed are those with most of the words (--match all: none of them)"
        ));
    }
    if response.total > 0 || context.global.quiet {
        return Ok(());
    }
    let mut probe = wanted.clone();
    (probe.limit, probe.offset) = (0, 0);
    (probe.match_mode, probe.copies) = (MatchMode::All, Copies::Show);
    probe.facets.clear();
    let total = |change: &dyn Fn(&mut SearchRequest)| -> anyhow::Result<u64> {
        let mut probe = probe.clone();
        change(&mut probe);
        Ok(index.search(&probe)?.total)
    };
    let said = Cell::new(false);
    let say = |without: String, total: u64| {
        if total > 0 {
            said.set(true);
            context.note(&format!("no match; without {without}: {}", matches(wanted.kind, total)));
        }
    };
    let mut parts: Vec<(u64, String)> = Vec::new();
    let all_parts = parts_of(&wanted.query);
    for (part, rest) in &all_parts {
        let n = total(&|probe| probe.query = rest.clone())?;
        parts.push((n, query::print(part)));
    }
    // A word that nothing has was named already.
    if response.dead_words.is_empty() {
        parts.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        parts.truncate(NAMED);
        parts.into_iter().for_each(|(n, part)| say(format!("`{part}`"), n));
    }
    for (idx, filter) in wanted.filters.fields.iter().enumerate() {
        let n = total(&|probe| drop(probe.filters.fields.remove(idx)))?;
        say(flag_of(filter), n);
    }
    if !wanted.filters.dates.is_open() {
        say("the dates".to_owned(), total(&|probe| probe.filters.dates = Default::default())?);
    }
    if wanted.kind == DocKind::Quote && wanted.filters.kinds.len() < crate::model::QuoteKind::ALL.len() {
        let n = total(&|probe| probe.filters.kinds = crate::model::QuoteKind::ALL.to_vec())?;
        if n > 0 {
            said.set(true);
            let what = matches(wanted.kind, n);
            context.note(&format!(
                "no match in words between marks; with paraphrases: {what} (--kind direct,mixed,indirect)"
            ));
        }
    }
    let filtered = wanted.filters.fields.len() + usize::from(!wanted.filters.dates.is_open());
    if !said.get() && filtered > 1 {
        let n = total(&|probe| {
            probe.filters.fields.clear();
            probe.filters.dates = Default::default();
        })?;
        say("any filter".to_owned(), n);
    }
    if !said.get() && response.dead_words.is_empty() && all_parts.len() > 1 {
        let mut alone: Vec<String> = Vec::new();
        for (part, _) in &all_parts {
            let n = total(&|probe| probe.query = part.clone())?;
            alone.push(format!("`{}` {}", query::print(part), matches(wanted.kind, n)));
        }
        said.set(true);
        context.note(&format!("no match; alone: {}", alone.join(", ")));
    }
    if let Query::Phrase { field, terms, .. } = &wanted.query
        && !said.get()
    {
        let words = |term: &crate::model::Term| Query::Term { field: *field, term: term.clone() };
        let words = Query::And(terms.iter().map(words).collect());
        let n = total(&|probe| probe.query = words.clone())?;
        if n > 0 {
            said.set(true);
            context.note(&format!("no match; the same words, not side by side: {}", matches(wanted.kind, n)));
        }
    }
    if !said.get()
        && response.hits.is_empty()
        && response.dead_words.is_empty()
        && response.dead_values.is_empty()
    {
        context.note("no match");
    }
    Ok(())
}

fn matches(kind: DocKind, total: u64) -> String {
    counted(total, if kind == DocKind::Quote { "quote" } else { "article" })
}

/// The parts that all must hold, each with the query that is left without it.
fn parts_of(query: &Query) -> Vec<(Query, Query)> {
    let (parts, join): (&[Query], Join) = match query {
        Query::Words(parts) => (parts, Query::Words),
        Query::And(parts) => match &parts[..] {
            // Words beside a field: `treaty levy outlet:courier`.
            [Query::Words(words), rest @ ..] => {
                let mut found = Vec::new();
                for (idx, word) in words.iter().enumerate().take(MOST_PARTS) {
                    let left = [&words[..idx], &words[idx + 1..]].concat();
                    let mut all = vec![joined(left, Query::Words)];
                    all.extend(rest.iter().cloned());
                    found.push((word.clone(), Query::And(all)));
                }
                for (idx, part) in rest.iter().enumerate().take(MOST_PARTS) {
                    let mut all = vec![parts[0].clone()];
                    all.extend(
                        rest.iter().enumerate().filter(|(at, _)| *at != idx).map(|(_, part)| part.clone()),
                    );
                    found.push((part.clone(), joined(all, Query::And)));
                }
                return found;
            }
            _ => (parts, Query::And),
        },
        // Alone it names days that nothing is of.
        Query::Date { .. } => return vec![(query.clone(), Query::All)],
        _ => return Vec::new(),
    };
    let mut found = Vec::new();
    for (idx, part) in parts.iter().enumerate().take(MOST_PARTS) {
        let left = [&parts[..idx], &parts[idx + 1..]].concat();
        found.push((part.clone(), joined(left, join)));
    }
    found
}

/// What holds parts together.
type Join = fn(Vec<Query>) -> Query;

fn joined(mut parts: Vec<Query>, join: Join) -> Query {
    match parts.len() {
        0 => Query::All,
        1 => parts.remove(0),
        _ => join(parts),
    }
}

fn flag_of(filter: &FieldFilter) -> String {
    if filter.field == FacetField::Year {
        // Of dates only their lack is a filter of this kind.
        return format!("--date {}", if filter.exclude { "dated" } else { "undated" });
    }
    let not = if filter.exclude { "not-" } else { "" };
    let flag = |value: &String| format!("--{not}{} {}", filter.field.name(), shell_quoted(value));
    filter.values.iter().map(flag).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[(&str, &str)]) {
        let parsed = query::parse(text, jiff::civil::date(2031, 3, 14)).unwrap().query;
        let parts: Vec<(String, String)> =
            parts_of(&parsed).iter().map(|(part, rest)| (query::print(part), query::print(rest))).collect();
        let parts: Vec<(&str, &str)> = parts.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        assert_eq!(parts, expected);
    }

    #[test]
    fn a_filter_is_named_by_its_flag() {
        let filter = |field, value: &str, exclude| FieldFilter {
            field,
            values: vec![value.to_owned()],
            exclude,
            all: false,
        };
        assert_eq!(flag_of(&filter(FacetField::Outlet, "Aster Wire", true)), "--not-outlet 'Aster Wire'");
        assert_eq!(flag_of(&filter(FacetField::Year, FacetField::Year.without(), false)), "--date undated");
    }

    #[test]
    fn each_part_is_left_out_once() {
        check("treaty levy", &[("treaty", "levy"), ("levy", "treaty")]);
        check("a b c", &[("a", "b c"), ("b", "a c"), ("c", "a b")]);
        check("treaty", &[]);
        check("date:2031", &[("date:2031-01-01..2031-12-31", "")]);
        check("steel OR cement", &[]);
        check("steel AND NOT levy", &[("steel", "NOT levy"), ("NOT levy", "steel")]);
    }
}
