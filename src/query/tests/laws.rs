//! Laws: what is printed is read again as the same query; any text is read, or refused with a place.

use proptest::prelude::*;

use super::*;
use crate::model::query::HasWhat;

fn word() -> impl Strategy<Value = String> {
    let words = [
        "tax",
        "levy",
        "carbon",
        "U.S",
        "e-mail",
        "O'Brien",
        "12:30",
        "Łódź",
        "and",
        "北京",
        "sovereign",
        "w",
    ];
    prop::sample::select(words.to_vec()).prop_map(str::to_owned)
}

fn leaf(field: QueryField) -> impl Strategy<Value = Query> {
    let exact = |word: String| Term { word, form: TermForm::Exact };
    let stem = |word: String| Term { word, form: TermForm::Stem };
    let odd = prop::sample::select(vec!["OR", "a:b", "w/5", "x~2", "AND"]).prop_map(str::to_owned);
    let term = prop_oneof![
        word().prop_map(stem),
        word().prop_map(exact),
        odd.prop_map(exact),
        prop::sample::select(vec!["lev", "co-op", "北"])
            .prop_map(|word| Term { word: word.to_owned(), form: TermForm::Prefix }),
        (1..=2_u8).prop_map(|edits| Term { word: "sovereign".to_owned(), form: TermForm::Fuzzy(edits) }),
    ];
    prop_oneof![
        4 => term.prop_map(move |term| Query::Term { field, term }),
        1 => prop::collection::vec(word(), 2..4).prop_map(move |words| {
            Query::Phrase { field, terms: words.into_iter().map(exact).collect(), slop: 0 }
        }),
        1 => (prop::collection::vec(word(), 2..4), 1..1000_u32).prop_map(move |(words, slop)| {
            Query::Phrase { field, terms: words.into_iter().map(stem).collect(), slop }
        }),
    ]
}

fn text_leaf() -> impl Strategy<Value = Query> {
    let fields =
        [QueryField::Text, QueryField::Text, QueryField::Headline, QueryField::Quote, QueryField::Furniture];
    prop::sample::select(fields.to_vec()).prop_flat_map(leaf)
}

fn any_leaf() -> impl Strategy<Value = Query> {
    let names =
        [QueryField::Speaker, QueryField::Outlet, QueryField::Author, QueryField::Via, QueryField::Role];
    let day = (2000..2030_i16, 1..=12_i8, 1..=28_i8).prop_map(|(year, month, day)| date(year, month, day));
    prop_oneof![
        6 => text_leaf(),
        2 => prop::sample::select(names.to_vec()).prop_flat_map(leaf),
        1 => day.prop_map(|since| Query::Date { since: Some(since), until: None }),
        1 => prop::sample::select(HasWhat::ALL.to_vec()).prop_map(Query::Has),
    ]
}

fn positional() -> impl Strategy<Value = Query> {
    text_leaf().prop_recursive(3, 12, 3, |inner| {
        let pair = (inner.clone(), inner.clone()).prop_map(|(left, right)| (Box::new(left), Box::new(right)));
        prop_oneof![
            prop::collection::vec(inner, 2..4).prop_map(|parts| joined(parts, true)),
            (pair.clone(), 1..=1000_u32, any::<bool>()).prop_map(|((left, right), distance, ordered)| {
                Query::Near { left, right, distance, ordered }
            }),
            pair.clone().prop_map(|(left, right)| Query::SameSentence(left, right)),
            pair.prop_map(|(left, right)| Query::SameParagraph(left, right)),
        ]
    })
}

/// A conjunction or disjunction without one of its kind directly inside.
fn joined(parts: Vec<Query>, is_or: bool) -> Query {
    let mut flat = Vec::new();
    for part in parts {
        match part {
            Query::Or(inner) if is_or => flat.extend(inner),
            Query::And(inner) if !is_or => flat.extend(inner),
            other => flat.push(other),
        }
    }
    if is_or { Query::Or(flat) } else { Query::And(flat) }
}

fn strict() -> impl Strategy<Value = Query> {
    prop_oneof![2 => any_leaf(), 1 => positional()].prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4).prop_map(|parts| joined(parts, false)),
            prop::collection::vec(inner.clone(), 2..4).prop_map(|parts| joined(parts, true)),
            inner
                .clone()
                .prop_filter("collapses", |part| !matches!(part, Query::Not(_)))
                .prop_map(|part| { Query::Not(Box::new(part)) }),
            (1..=1000_u32, positional()).prop_map(|(times, part)| Query::AtLeast(times, Box::new(part))),
            inner
                .prop_filter("nested", |part| !shape(part).contains("said["))
                .prop_map(|part| { Query::Said(Box::new(part)) }),
        ]
    })
}

fn any_query() -> impl Strategy<Value = Query> {
    let part = || strict().prop_filter("is a part", |part| !matches!(part, Query::Not(_)));
    let words = || prop::collection::vec(part(), 2..5).prop_map(Query::Words);
    let not = strict().prop_filter("collapses", |part| !matches!(part, Query::Not(_)));
    prop_oneof![
        2 => strict(),
        2 => words(),
        1 => (words(), prop::collection::vec(not, 1..3)).prop_map(|(words, without)| {
            Query::And(std::iter::once(words).chain(without.into_iter().map(|part| Query::Not(Box::new(part)))).collect())
        }),
        1 => Just(Query::All),
    ]
}

proptest! {
    #[test]
    fn what_is_printed_is_read_again(query in any_query()) {
        let printed = print(&query);
        prop_assume!(printed.len() <= MAX_BYTES);
        match parse(&printed, TODAY) {
            Ok(parsed) => prop_assert_eq!(shape(&parsed.query), shape(&query), "{}", printed),
            Err(errors) => prop_assert!(false, "{}", errors.render(&printed)),
        }
    }

    #[test]
    fn any_text_is_read_or_refused_with_a_place(
        text in "(\\PC|[a-z0-9]|[\"()*~:=!&|+?'/-]| |AND|OR|NOT|w/5|w/s|said\\(|atleast2\\(|headline:|date:|speaker:|“|—){0,40}",
        cursor in 0..80_usize,
    ) {
        for parsed in [parse(&text, TODAY), parse_typing(&text, cursor, TODAY)] {
            match parsed {
                Ok(parsed) => {
                    let printed = print(&parsed.query);
                    if printed.len() <= MAX_BYTES && !shape(&parsed.query).contains("all") {
                        let again = parse(&printed, TODAY).map(|again| again.query);
                        prop_assert_eq!(again.as_ref(), Ok(&parsed.query), "{} was printed as {}", text, printed);
                    }
                }
                Err(errors) => {
                    prop_assert!(!errors.0.is_empty());
                    for error in &errors.0 {
                        prop_assert!(text.get(error.span.start..error.span.end).is_some(), "{:?}", error);
                    }
                    prop_assert!(errors.render(&text).contains('^'));
                }
            }
        }
    }
}
