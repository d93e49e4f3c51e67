//! Groups of outlets, named in the settings: `@regional` stands for each of its outlets.
//!
//! In: the `[groups]` table. Out: values of `--outlet` and queries with the outlets in place of the group, and tallies in
//! which the outlets of a group are one row.

use std::collections::BTreeMap;

use super::exit::Failure;
use crate::model::search::{CountResponse, CountRow, FacetField};
use crate::output::count::is_time;
use crate::text::fold::fold;

/// Names of groups with their outlets.
pub type Groups = BTreeMap<String, Vec<String>>;

/// Before the name of a group.
const SIGN: char = '@';

/// `values` with the outlets of each `@group` in its place.
///
/// # Errors
/// A group that the settings do not name.
pub fn expanded(groups: &Groups, values: &[String]) -> Result<Vec<String>, Failure> {
    let mut outlets = Vec::with_capacity(values.len());
    for value in values {
        match value.strip_prefix(SIGN) {
            Some(name) => outlets.extend(outlets_of(groups, name)?.iter().cloned()),
            None => outlets.push(value.clone()),
        }
    }
    Ok(outlets)
}

/// A query with any of the outlets in place of each `outlet:@group` outside of quotation marks.
///
/// # Errors
/// A group that the settings do not name.
pub fn in_query(groups: &Groups, query: &str) -> Result<String, Failure> {
    const FIELD: &str = "outlet:@";
    let mut out = String::with_capacity(query.len());
    let mut rest = query;
    while let Some(at) = rest.find(FIELD) {
        let (before, after) = (&rest[..at], &rest[at + FIELD.len()..]);
        let end = after.find(|c: char| !c.is_alphanumeric() && c != '-' && c != '_').unwrap_or(after.len());
        out.push_str(before);
        if out.matches('"').count() % 2 == 1 {
            out.push_str(&rest[at..at + FIELD.len() + end]);
        } else {
            let outlets = outlets_of(groups, &after[..end])?.iter();
            let any: Vec<String> =
                outlets.map(|outlet| format!("outlet:\"{}\"", outlet.replace('"', ""))).collect();
            out.push_str(&format!("({})", any.join(" OR ")));
        }
        rest = &after[end..];
    }
    out.push_str(rest);
    Ok(out)
}

fn outlets_of<'g>(groups: &'g Groups, name: &str) -> Result<&'g [String], Failure> {
    if let Some(outlets) = groups.get(name).filter(|outlets| !outlets.is_empty()) {
        return Ok(outlets);
    }
    let failure = Failure::usage(format!("no group of outlets is named `{SIGN}{name}`"));
    let nearest = groups.keys().map(|known| (strsim::damerau_levenshtein(known, name), known)).min();
    Err(match nearest {
        Some((distance, known)) if distance <= 3 => failure.help(format!("did you mean `{SIGN}{known}`?")),
        Some(_) => {
            let all: Vec<String> = groups.keys().map(|known| format!("{SIGN}{known}")).collect();
            failure.help(format!("groups: {}", all.join(", ")))
        }
        None => failure.help("name groups under [groups] in the settings: onrecord help config"),
    })
}

/// Joins the rows of each group's outlets into one row `@group`. An outlet of two groups counts in both; one of none keeps
/// its row.
pub fn joined(groups: &Groups, by: &[FacetField], response: &mut CountResponse) {
    let Some(column) = by.iter().position(|field| *field == FacetField::Outlet) else { return };
    let mut names: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, outlets) in groups {
        for outlet in outlets {
            names.entry(fold(outlet).into_owned()).or_default().push(format!("{SIGN}{name}"));
        }
    }
    let mut rows: BTreeMap<Vec<Option<String>>, (u64, u64)> = BTreeMap::new();
    for row in std::mem::take(&mut response.rows) {
        let joins = row.values[column].as_ref().and_then(|outlet| names.get(fold(outlet).as_ref()));
        let values: Vec<Option<String>> = match joins {
            Some(names) => names.iter().cloned().map(Some).collect(),
            None => vec![row.values[column].clone()],
        };
        for value in values {
            let mut key = row.values.clone();
            key[column] = value;
            let (count, total) = rows.entry(key).or_default();
            *count += row.count;
            *total += row.total;
        }
    }
    let row = |(values, (count, total))| CountRow { values, count, total };
    response.rows = rows.into_iter().map(row).collect();
    if !by.iter().any(|field| is_time(*field)) {
        // Ties stay in the order of names; what has none stands last.
        response.rows.sort_by_key(|row| (row.values[0].is_none(), std::cmp::Reverse(row.count)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn groups() -> Groups {
        let outlets = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        [
            ("coast".to_owned(), outlets(&["Harbour Gazette", "Karsund Courier"])),
            ("wires".to_owned(), outlets(&["Aster Wire"])),
        ]
        .into()
    }

    #[test]
    fn a_group_stands_for_its_outlets() {
        let values = ["@coast".to_owned(), "The Aster Ledger".to_owned()];
        let outlets = expanded(&groups(), &values).expect("known");
        assert_eq!(outlets, ["Harbour Gazette", "Karsund Courier", "The Aster Ledger"]);
        assert_eq!(
            in_query(&groups(), "levy -outlet:@coast").expect("known"),
            "levy -(outlet:\"Harbour Gazette\" OR outlet:\"Karsund Courier\")"
        );
        assert_eq!(in_query(&groups(), "\"outlet:@coast\"").expect("a phrase"), "\"outlet:@coast\"");
    }

    #[test]
    fn an_unknown_group_is_named_with_the_nearest() {
        let failure = expanded(&groups(), &["@cost".to_owned()]).expect_err("unknown");
        assert_eq!(failure.message, "no group of outlets is named `@cost`");
        assert_eq!(failure.help.as_deref(), Some("did you mean `@coast`?"));
    }

    #[test]
    fn rows_of_a_group_are_one() {
        let row = |outlet: Option<&str>, count, total| CountRow {
            values: vec![outlet.map(str::to_owned)],
            count,
            total,
        };
        let mut response = CountResponse {
            rows: vec![
                row(Some("The Aster Ledger"), 6, 9),
                row(Some("Harbour Gazette"), 4, 8),
                row(Some("Karsund Courier"), 3, 5),
                row(None, 2, 2),
            ],
            ..CountResponse::default()
        };
        joined(&groups(), &[FacetField::Outlet], &mut response);
        let expected = [row(Some("@coast"), 7, 13), row(Some("The Aster Ledger"), 6, 9), row(None, 2, 2)];
        assert_eq!(response.rows, expected);
    }
}
