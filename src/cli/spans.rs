//! Years, months, weeks and days one after the other: a tally over time has a row for each, also where nothing was found.
//!
//! In: rows of a tally by one field of time, in order, what has no date last. Out: the same with rows for the empty spans
//! between the first and the last.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use crate::model::search::{CountRow, FacetField};

/// Rows made at most: one wrong date is no reason to list all days of a century.
const MOST: usize = 5_000;

/// Adds the empty spans. `all` are the rows of everything, for the totals of these spans.
pub fn fill(field: FacetField, rows: &mut Vec<CountRow>, all: &[CountRow]) {
    let totals: BTreeMap<&str, u64> = all
        .iter()
        .filter_map(|row| Some((row.values.first()?.as_deref()?, row.total.max(row.count))))
        .collect();
    let mut known: BTreeMap<Date, CountRow> = BTreeMap::new();
    let mut rest = Vec::new();
    for row in rows.iter() {
        match row.values.first().and_then(|value| first_day(field, value.as_deref()?)) {
            Some(day) => drop(known.insert(day, row.clone())),
            None => rest.push(row.clone()),
        }
    }
    let (Some((&first, _)), Some((&last, _))) = (known.first_key_value(), known.last_key_value()) else {
        return;
    };
    let mut filled = Vec::new();
    let mut day = first;
    while day <= last {
        filled.push(known.remove(&day).unwrap_or_else(|| {
            let name = field.period_of(day);
            let total = totals.get(name.as_str()).copied().unwrap_or(0);
            CountRow { values: vec![Some(name)], count: 0, total }
        }));
        let Some(next) = next(field, day).filter(|_| filled.len() <= MOST) else { return };
        day = next;
    }
    filled.extend(rest);
    *rows = filled;
}

/// The first day of a span by its name: `2021`, `2021-03`, `2021-W09`, `2021-03-05`.
fn first_day(field: FacetField, name: &str) -> Option<Date> {
    let mut numbers = name.split('-');
    let mut number = || numbers.next()?.trim_start_matches('W').parse::<i16>().ok();
    let year = number()?;
    match field {
        FacetField::Year => Date::new(year, 1, 1).ok(),
        FacetField::Month => Date::new(year, i8::try_from(number()?).ok()?, 1).ok(),
        FacetField::Week => {
            let week = i8::try_from(number()?).ok()?;
            jiff::civil::ISOWeekDate::new(year, week, Weekday::Monday).ok().map(|day| day.date())
        }
        FacetField::Day => name.parse().ok(),
        _ => None,
    }
}

fn next(field: FacetField, day: Date) -> Option<Date> {
    let step = match field {
        FacetField::Year => 1.year(),
        FacetField::Month => 1.month(),
        FacetField::Week => 1.week(),
        FacetField::Day => 1.day(),
        _ => return None,
    };
    day.checked_add(step).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(field: FacetField, given: &[&str], expected: &[&str]) {
        let row = |value: &str, count| CountRow {
            values: vec![(value != "-").then(|| value.to_owned())],
            count,
            total: 9,
        };
        let mut rows: Vec<CountRow> = given.iter().map(|value| row(value, 2)).collect();
        let all = vec![row("2031-02", 0), row("2031-W10", 0)];
        fill(field, &mut rows, &all);
        let shown: Vec<String> = rows
            .iter()
            .map(|row| format!("{}:{}/{}", row.values[0].as_deref().unwrap_or("-"), row.count, row.total))
            .collect();
        assert_eq!(shown, expected);
    }

    #[test]
    fn empty_spans_have_rows() {
        check(FacetField::Month, &["2031-01", "2031-03"], &["2031-01:2/9", "2031-02:0/9", "2031-03:2/9"]);
        check(FacetField::Year, &["2029", "2031", "-"], &["2029:2/9", "2030:0/0", "2031:2/9", "-:2/9"]);
        check(FacetField::Week, &["2030-W52", "2031-W02"], &["2030-W52:2/9", "2031-W01:0/0", "2031-W02:2/9"]);
        check(
            FacetField::Day,
            &["2032-02-28", "2032-03-01"],
            &["2032-02-28:2/9", "2032-02-29:0/0", "2032-03-01:2/9"],
        );
        check(FacetField::Month, &["-"], &["-:2/9"]);
        check(FacetField::Month, &[], &[]);
    }

    #[test]
    fn a_wrong_date_makes_no_endless_list() {
        check(FacetField::Day, &["1031-01-01", "2031-01-01"], &["1031-01-01:2/9", "2031-01-01:2/9"]);
    }
}
