//! Fields typed into the query that become filters beside it.
//!
//! In: what is asked. Out: the same, with `outlet:`, `speaker:`, `author:` and `date:` that stand side by side with the rest
//! of the query moved to the filters. What stands inside an OR or in parentheses of its own stays: there it means more.

use jiff::civil::Date;

use super::spec::{Choice, Spec};
use crate::model::Query;
use crate::model::query::{QueryField, Term, TermForm};
use crate::model::search::{DateRange, FacetField};
use crate::query;

/// A part of a query as a filter.
enum Filter {
    Value { field: FacetField, value: String, exclude: bool },
    Days(DateRange),
}

/// `spec` with the fields of its query as filters; `None` when there are none, or when the query cannot be read.
pub fn moved(spec: &Spec, today: Date) -> Option<Spec> {
    let parsed = spec.read(None, today).ok()?;
    let (parts, is_strict) = match parsed.query {
        Query::Words(parts) => (parts, false),
        Query::And(parts) => (parts, true),
        one => (vec![one], false),
    };
    let mut moved = spec.clone();
    let mut rest = Vec::new();
    for part in parts {
        let taken = filter_of(&part).is_some_and(|filter| take(&mut moved, filter));
        if !taken {
            rest.push(part);
        }
    }
    if moved == *spec {
        return None;
    }
    let rest = match (rest.len(), is_strict) {
        (0, _) => Query::All,
        (1, _) => rest.remove(0),
        (_, true) => Query::And(rest),
        (_, false) => Query::Words(rest),
    };
    moved.query = if rest == Query::All { String::new() } else { query::print(&rest) };
    Some(moved)
}

/// Adds a filter where it means what the query meant: two names side by side are both wanted, two filters either.
fn take(spec: &mut Spec, filter: Filter) -> bool {
    match filter {
        Filter::Value { field, value, exclude } => {
            let is_second =
                spec.pills.iter().any(|pill| pill.field == field && pill.enabled && !pill.exclude);
            if !exclude && is_second || spec.choice(field, &value) != Choice::Free {
                return false;
            }
            spec.choose(field, &value, exclude);
            true
        }
        Filter::Days(range) => {
            let is_free = spec.dates.is_open();
            if is_free {
                spec.set_dates(range);
            }
            is_free
        }
    }
}

fn filter_of(part: &Query) -> Option<Filter> {
    match part {
        Query::Date { since, until } => Some(Filter::Days(DateRange { since: *since, until: *until })),
        Query::Not(inner) => match filter_of(inner)? {
            Filter::Value { field, value, exclude } => {
                Some(Filter::Value { field, value, exclude: !exclude })
            }
            Filter::Days(_) => None,
        },
        Query::Term { field, term } => value_of(*field, std::slice::from_ref(term)),
        Query::Phrase { field, terms, slop: 0 } => value_of(*field, terms),
        _ => None,
    }
}

fn value_of(field: QueryField, terms: &[Term]) -> Option<Filter> {
    let field = match field {
        QueryField::Outlet => FacetField::Outlet,
        QueryField::Speaker => FacetField::Speaker,
        QueryField::Author => FacetField::Author,
        _ => return None,
    };
    let is_whole = |term: &Term| matches!(term.form, TermForm::Stem | TermForm::Exact);
    let words: Vec<&str> = terms.iter().map(|term| term.word.as_str()).collect();
    let is_group = words.iter().any(|word| word.starts_with(query::groups::SIGN));
    (!is_group && terms.iter().all(is_whole)).then(|| Filter::Value {
        field,
        value: words.join(" "),
        exclude: false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(query: &str, rest: &str, flags: &[&str]) {
        let spec = Spec { query: query.to_owned(), ..Spec::default() };
        let moved = moved(&spec, jiff::civil::date(2031, 6, 1)).expect("something moves");
        assert_eq!(
            (moved.query.as_str(), moved.flags()),
            (rest, flags.iter().map(|f| (*f).to_owned()).collect())
        );
    }

    #[test]
    fn fields_beside_the_words_become_filters() {
        check("levy outlet:courier", "levy", &["--outlet", "courier"]);
        check("outlet:\"Karsund Courier\"", "", &["--outlet", "Karsund Courier"]);
        check("levy AND tax AND -speaker:lind", "levy AND tax", &["--not-speaker", "lind"]);
        check("levy date:2031-03", "levy", &["--date", "2031-03-01..2031-03-31"]);
        check("speaker:ada speaker:bo levy", "speaker:bo levy", &["--speaker", "ada"]);
    }

    #[test]
    fn what_means_more_than_a_filter_stays() {
        for query in
            ["levy", "outlet:a OR outlet:b", "outlet:@coast", "outlet:cour*", "said(speaker:ada levy)", "(("]
        {
            let spec = Spec { query: query.to_owned(), ..Spec::default() };
            assert_eq!(moved(&spec, jiff::civil::date(2031, 6, 1)), None, "{query}");
        }
    }
}
