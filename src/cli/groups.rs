//! Groups of outlets, named in the settings: `@regional` stands for each of its outlets.
//!
//! In: the `[groups]` table. Out: values of `--outlet` with the outlets in place of the group, and tallies in which the
//! outlets of a group are one row. Groups inside of a query are [`crate::query::groups`]'s.

use std::collections::BTreeMap;

use super::exit::Failure;
use crate::model::search::{CountResponse, CountRow, FacetField};
use crate::output::count::is_time;
use crate::query::QueryError;
use crate::query::groups::{Groups, SIGN, outlets_of};
use crate::text::fold::fold;

/// `values` with the outlets of each `@group` in its place.
///
/// # Errors
/// A group that the settings do not name.
pub fn expanded(groups: &Groups, values: &[String]) -> Result<Vec<String>, Failure> {
    let mut outlets = Vec::with_capacity(values.len());
    for value in values {
        match value.strip_prefix(SIGN) {
            Some(name) => outlets.extend(outlets_of(groups, name).map_err(unknown)?.iter().cloned()),
            None => outlets.push(value.clone()),
        }
    }
    Ok(outlets)
}

fn unknown(error: QueryError) -> Failure {
    let failure = Failure::usage(error.to_string());
    match error.help {
        Some(help) => failure.help(help),
        None => failure,
    }
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
