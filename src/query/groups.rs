//! Groups of outlets in a query: `outlet:@regional` stands for any of the outlets that the settings name so.
//!
//! In: a parsed query, the groups, the text for the place of a mistake. Out: the same query with the outlets in place.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::error::{QueryError, QueryErrorKind, QueryErrors};
use super::parse::parse;
use crate::model::query::QueryField;
use crate::model::{Query, Span};

/// Names of groups with their outlets.
pub type Groups = BTreeMap<String, Vec<String>>;

/// Before the name of a group.
pub const SIGN: char = '@';

/// Whether `value` is written as the name of a group.
pub(super) fn is_name(value: &str) -> bool {
    let name = value.strip_prefix(SIGN).unwrap_or_default();
    !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'))
}

/// `query`, read from `text`, with any of a group's outlets in place of each `outlet:@group`.
///
/// # Errors
/// Groups that are not known, with their places.
pub fn with_groups(mut query: Query, groups: &Groups, text: &str) -> Result<Query, QueryErrors> {
    let mut errors = Vec::new();
    replace(&mut query, groups, text, &mut errors);
    if errors.is_empty() { Ok(query) } else { Err(QueryErrors(errors)) }
}

/// The outlets of the group `name`, written without its sign.
///
/// # Errors
/// No such group, or one without outlets; with the nearest name.
pub fn outlets_of<'g>(groups: &'g Groups, name: &str) -> Result<&'g [String], QueryError> {
    if let Some(outlets) = groups.get(name).filter(|outlets| !outlets.is_empty()) {
        return Ok(outlets);
    }
    let error = QueryError::new(QueryErrorKind::UnknownGroup { name: name.to_owned() }, Span::new(0, 0));
    let nearest = groups.keys().map(|known| (strsim::damerau_levenshtein(known, name), known)).min();
    Err(match nearest {
        Some((distance, known)) if distance <= 3 => error.help(format!("did you mean `{SIGN}{known}`?")),
        Some(_) => {
            let all: Vec<String> = groups.keys().map(|known| format!("{SIGN}{known}")).collect();
            error.help(format!("groups: {}", all.join(", ")))
        }
        None => error.help("name groups under [groups] in the settings: onrecord help config"),
    })
}

fn replace(query: &mut Query, groups: &Groups, text: &str, errors: &mut Vec<QueryError>) {
    match query {
        Query::Term { field: QueryField::Outlet, term } => {
            let Some(name) = term.word.strip_prefix(SIGN) else { return };
            match outlets_of(groups, name) {
                Ok(outlets) => *query = any_of(outlets),
                Err(mut error) => {
                    let start = text.find(&term.word).unwrap_or_default();
                    error.span = Span::new(start, start + term.word.len());
                    errors.push(error);
                }
            }
        }
        Query::Words(parts) | Query::And(parts) | Query::Or(parts) => {
            parts.iter_mut().for_each(|part| replace(part, groups, text, errors));
        }
        Query::Not(inner) | Query::Said(inner) | Query::AtLeast(_, inner) => {
            replace(inner, groups, text, errors);
        }
        // Operators of nearness take words of a text, never outlets.
        _ => {}
    }
}

fn any_of(outlets: &[String]) -> Query {
    let mut any: Vec<Query> = outlets.iter().map(|outlet| named(outlet)).collect();
    if any.len() == 1 { any.remove(0) } else { Query::Or(any) }
}

/// As `outlet:"NAME"` is read; no day stands in it.
fn named(outlet: &str) -> Query {
    let written = format!("{}:\"{}\"", QueryField::Outlet.prefix(), outlet.replace('"', " "));
    parse(&written, Date::ZERO).map_or(Query::Or(Vec::new()), |parsed| parsed.query)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn groups() -> Groups {
        let outlets = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        [
            ("coast".to_owned(), outlets(&["Harbour Gazette", "Karsund"])),
            ("wires".to_owned(), outlets(&["A.B. Wire"])),
        ]
        .into()
    }

    fn read(text: &str) -> Result<Query, QueryErrors> {
        let parsed = super::super::parse(text, jiff::civil::date(2031, 6, 1))?;
        with_groups(parsed.query, &groups(), text)
    }

    #[test]
    fn a_group_is_any_of_its_outlets() {
        for (typed, meant) in [
            ("levy outlet:@coast", "levy (outlet:\"Harbour Gazette\" OR outlet:\"Karsund\")"),
            ("levy -outlet:@coast", "levy -(outlet:\"Harbour Gazette\" OR outlet:\"Karsund\")"),
            ("levy OR outlet:@wires", "levy OR outlet:\"A.B. Wire\""),
            ("\"outlet:@coast\"", "\"outlet:@coast\""),
            ("levy @coast", "levy @coast"),
        ] {
            let meant = super::super::parse(meant, jiff::civil::date(2031, 6, 1)).expect("read").query;
            assert_eq!(read(typed).expect("known"), meant, "{typed}");
        }
    }

    #[test]
    fn an_unknown_group_has_its_place_and_the_nearest_name() {
        let errors = read("levy outlet:@cost").expect_err("unknown");
        assert_eq!(errors.message(), "no group of outlets is named `@cost`");
        assert_eq!(errors.0[0].span, Span::new(12, 17));
        assert_eq!(errors.0[0].help.as_deref(), Some("did you mean `@coast`?"));
    }
}
