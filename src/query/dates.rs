//! Dates and ranges as people write them: `2021-03..2021-06`, `30d`, `last week`, `q1 2021`, `since monday`.
//!
//! In: text and the day it is. Out: a range of days, both ends inclusive. No clock here; weeks begin on Monday. What has
//! two readings (`3/5/2021`) is refused, never guessed.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use crate::model::search::DateRange;
use crate::text::month::MONTHS;

/// Why a text is no date.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DateError {
    /// Nothing that is known.
    #[error("`{0}` is not a date; write 2021, 2021-03, 2021-03-05, 2021-03..2021-06, 30d or \"last week\"")]
    Unknown(String),
    /// A month or day that does not exist.
    #[error("there is no day `{0}`")]
    NoSuchDay(String),
    /// Day and month may be either way round.
    #[error("`{text}` may mean {first} or {second}; write one of these")]
    Ambiguous {
        /// As written.
        text: String,
        /// Read as month and day.
        first: Date,
        /// Read as day and month.
        second: Date,
    },
    /// The range ends before it begins.
    #[error("the range `{0}` ends before it begins; swap its ends")]
    Reversed(String),
    /// A range without either end.
    #[error("a range needs at least one end: 2021.. or ..2021")]
    NoEnds,
}

/// Reads a day, a month, a year, a range or a phrase such as "last week", as seen from `today`.
///
/// A range takes any of these on either side, or nothing on one: `2021..`, `..last month`. Both ends belong to it.
///
/// # Errors
/// [`DateError`] for what cannot be read, does not exist, has two readings, or ends before it begins.
pub fn parse_range(text: &str, today: Date) -> Result<DateRange, DateError> {
    let folded = crate::text::fold(text);
    let folded =
        folded.split([' ', '\t', '\u{a0}']).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    let range = read_range(&folded, today)?;
    if let (Some(since), Some(until)) = (range.since, range.until)
        && since > until
    {
        return Err(DateError::Reversed(text.trim().to_owned()));
    }
    Ok(range)
}

fn read_range(text: &str, today: Date) -> Result<DateRange, DateError> {
    if let Some((since, until)) = text.split_once("..") {
        let since = since.trim();
        let until = until.trim_start_matches('.').trim();
        return between(since, until, today);
    }
    if let Some(rest) = text.strip_prefix("from ").or_else(|| text.strip_prefix("between "))
        && let Some((since, until)) = rest.split_once(" to ").or_else(|| rest.split_once(" and "))
    {
        return between(since, until, today);
    }
    if let Some((since, until)) = text.split_once(" to ") {
        return between(since, until, today);
    }
    if let Some(rest) = text.strip_prefix("since ").or_else(|| text.strip_prefix("from ")) {
        return between(rest, "", today);
    }
    if let Some(rest) = text.strip_prefix("until ").or_else(|| text.strip_prefix("till ")) {
        return between("", rest, today);
    }
    if let Some(rest) = text.strip_prefix("before ") {
        let (first, _) = span_of(rest, today)?;
        return Ok(DateRange { since: None, until: Some(plus(first, -1)) });
    }
    if let Some(rest) = text.strip_prefix("after ") {
        let (_, last) = span_of(rest, today)?;
        return Ok(DateRange { since: Some(plus(last, 1)), until: None });
    }
    let (since, until) = span_of(text, today)?;
    Ok(DateRange { since: Some(since), until: Some(until) })
}

fn between(since: &str, until: &str, today: Date) -> Result<DateRange, DateError> {
    let ends = [since, until].map(|end| (!end.is_empty()).then(|| span_of(end, today)));
    let [since, until] = ends;
    let range = DateRange {
        since: since.transpose()?.map(|(first, _)| first),
        until: until.transpose()?.map(|(_, last)| last),
    };
    if range.is_open() { Err(DateError::NoEnds) } else { Ok(range) }
}

type Days = (Date, Date);

/// First and last day of one expression, which is folded.
fn span_of(text: &str, today: Date) -> Result<Days, DateError> {
    let unknown = || DateError::Unknown(text.to_owned());
    if let Some(days) = numeric(text)? {
        return Ok(days);
    }
    let words: Vec<&str> = text.split([' ', ',']).filter(|word| !word.is_empty() && *word != "of").collect();
    let words: Vec<&str> = match words.as_slice() {
        ["the", rest @ ..] | ["in", rest @ ..] | ["on", rest @ ..] if !rest.is_empty() => rest.to_vec(),
        all => all.to_vec(),
    };
    match words.as_slice() {
        ["today" | "now"] => Ok((today, today)),
        ["yesterday"] => Ok((plus(today, -1), plus(today, -1))),
        [short] => {
            if let Some((count, unit)) = count_and_unit(short) {
                return last_units(count, unit, today).ok_or_else(unknown);
            }
            if let Some(weekday) = weekday(short) {
                return Ok(day_before(weekday, plus(today, 1)));
            }
            if let Some(month) = month_number(short) {
                let year = today.year() - i16::from(month > today.month());
                return month_of(year, month).ok_or_else(unknown);
            }
            if let Some(quarter) = short.strip_prefix('q').and_then(|digit| digit.parse().ok()) {
                let year = today.year() - i16::from(quarter > quarter_of(today));
                return quarter_days(year, quarter).ok_or_else(unknown);
            }
            Err(unknown())
        }
        ["last" | "past", unit] => match (weekday(unit), *unit) {
            (Some(weekday), _) => Ok(day_before(weekday, today)),
            (_, "week") => Ok(week_of(plus(today, -7))),
            (_, "month") => month_before(today).ok_or_else(unknown),
            (_, "quarter") => quarter_before(today).ok_or_else(unknown),
            (_, "year") => year_of(today.year() - 1).ok_or_else(unknown),
            (_, short) => {
                let (count, unit) = count_and_unit(short).ok_or_else(unknown)?;
                last_units(count, unit, today).ok_or_else(unknown)
            }
        },
        ["this", unit] => match (weekday(unit), *unit) {
            (Some(weekday), _) => Ok(day_before(weekday, plus(today, 1))),
            (_, "week") => Ok(week_of(today)),
            (_, "month") => month_of(today.year(), today.month()).ok_or_else(unknown),
            (_, "quarter") => quarter_days(today.year(), quarter_of(today)).ok_or_else(unknown),
            (_, "year") => year_of(today.year()).ok_or_else(unknown),
            _ => Err(unknown()),
        },
        ["last" | "past", count, unit] => {
            last_units(number(count).ok_or_else(unknown)?, unit, today).ok_or_else(unknown)
        }
        [count, unit, "ago"] => {
            let count = number(count).ok_or_else(unknown)?;
            back(count, unit, today).map(|day| (day, day)).ok_or_else(unknown)
        }
        [first, second] => two_words(first, second, today).unwrap_or_else(|| Err(unknown())),
        [first, second, year] => {
            let year: i16 = year.parse().map_err(|_| unknown())?;
            day_and_month(first, second)
                .map_or_else(|| Err(unknown()), |(day, month)| one_day(year, month, day, text))
        }
        _ => Err(unknown()),
    }
}

/// `30 days`, `march 2021`, `q1 2021`, `5 march`.
fn two_words(first: &str, second: &str, today: Date) -> Option<Result<Days, DateError>> {
    let text = || format!("{first} {second}");
    if let Some((day, month)) = day_and_month(first, second) {
        let this_year = Date::new(today.year(), month, day).ok();
        let year = today.year() - i16::from(this_year.is_none_or(|date| date > today));
        return Some(one_day(year, month, day, &text()));
    }
    if let Some(count) = number(first)
        && let Some(days) = last_units(count, second, today)
    {
        return Some(Ok(days));
    }
    let (name, year) = if first.len() == 4 && is_digits(first) { (second, first) } else { (first, second) };
    if year.len() != 4 || !is_digits(year) {
        return None;
    }
    let year: i16 = year.parse().ok()?;
    let days = match month_number(name) {
        Some(month) => month_of(year, month),
        None => quarter_days(year, name.strip_prefix('q')?.parse().ok()?),
    };
    days.map(Ok)
}

/// Forms of digits and separators: `2021`, `2021-03`, `2021-03-05`, `20210305`, `2021-w09`, `2021-q1`, `1990s`, `25/12/2021`.
fn numeric(text: &str) -> Result<Option<Days>, DateError> {
    let missing = || DateError::NoSuchDay(text.to_owned());
    let parts: Vec<&str> = text.split(['-', '/', '.']).collect();
    let years =
        parts.first().filter(|year| year.len() == 4 && is_digits(year)).and_then(|year| year.parse().ok());
    let year: Option<i16> = years;
    match (year, parts.as_slice()) {
        (Some(year), [_]) => year_of(year).map(Some).ok_or_else(missing),
        (Some(year), [_, rest]) if rest.starts_with(['w', 'q']) => {
            let number: i8 = rest[1..].parse().map_err(|_| missing())?;
            let days =
                if rest.starts_with('q') { quarter_days(year, number) } else { iso_week(year, number) };
            days.map(Some).ok_or_else(missing)
        }
        (Some(year), [_, month]) if is_digits(month) && month.len() <= 2 => {
            let month = month.parse().map_err(|_| missing())?;
            month_of(year, month).map(Some).ok_or_else(missing)
        }
        (Some(year), [_, month, day]) if is_digits(month) && is_digits(day) => {
            let (month, day) = (month.parse().map_err(|_| missing())?, day.parse().map_err(|_| missing())?);
            one_day(year, month, day, text).map(Some)
        }
        (None, [compact]) if compact.len() == 8 && is_digits(compact) => {
            let parsed = (compact[..4].parse(), compact[4..6].parse(), compact[6..].parse());
            let (Ok(year), Ok(month), Ok(day)) = parsed else { return Err(missing()) };
            one_day(year, month, day, text).map(Some)
        }
        (None, [decade]) if decade.len() == 5 && decade.ends_with("0s") && is_digits(&decade[..4]) => {
            let year: i16 = decade[..4].parse().map_err(|_| missing())?;
            let ends = year_of(year).zip(year_of(year + 9));
            ends.map(|(first, last)| Some((first.0, last.1))).ok_or_else(missing)
        }
        (None, [quarter])
            if quarter.len() == 6 && quarter.as_bytes()[4] == b'q' && is_digits(&quarter[..4]) =>
        {
            let parsed = (quarter[..4].parse(), quarter[5..].parse());
            let (Ok(year), Ok(number)) = parsed else { return Err(missing()) };
            quarter_days(year, number).map(Some).ok_or_else(missing)
        }
        (None, [first, second, year])
            if year.len() == 4 && [first, second, year].iter().all(|part| is_digits(part)) =>
        {
            let parsed = (first.parse(), second.parse(), year.parse());
            let (Ok(first), Ok(second), Ok(year)) = parsed else { return Err(missing()) };
            slashed(text, first, second, year).map(Some)
        }
        _ => Ok(None),
    }
}

/// `3/5/2021` has two readings unless one of them is impossible or both are the same.
fn slashed(text: &str, first: i8, second: i8, year: i16) -> Result<Days, DateError> {
    match (Date::new(year, first, second).ok(), Date::new(year, second, first).ok()) {
        (Some(date), None) | (None, Some(date)) => Ok((date, date)),
        (Some(us), Some(eu)) if us == eu => Ok((us, us)),
        (Some(us), Some(eu)) => Err(DateError::Ambiguous { text: text.to_owned(), first: us, second: eu }),
        (None, None) => Err(DateError::NoSuchDay(text.to_owned())),
    }
}

fn one_day(year: i16, month: i8, day: i8, text: &str) -> Result<Days, DateError> {
    Date::new(year, month, day).map(|date| (date, date)).map_err(|_| DateError::NoSuchDay(text.to_owned()))
}

/// Day of month and month, in either order: `5 march`, `march 5th`.
fn day_and_month(first: &str, second: &str) -> Option<(i8, i8)> {
    let day = |word: &str| -> Option<i8> {
        let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        let suffix = &word[digits.len()..];
        let fits = digits.len() <= 2 && matches!(suffix, "" | "st" | "nd" | "rd" | "th");
        digits.parse().ok().filter(|_| fits)
    };
    match (month_number(first), month_number(second)) {
        (Some(month), None) => Some((day(second)?, month)),
        (None, Some(month)) => Some((day(first)?, month)),
        _ => None,
    }
}

/// `30d`, `2w`, `6mo`, `1y`, also `30days`.
fn count_and_unit(word: &str) -> Option<(i32, &str)> {
    let digits = word.bytes().take_while(u8::is_ascii_digit).count();
    Some((word[..digits].parse().ok()?, &word[digits..]))
}

/// The days of the last `count` units, today included: `7d` is today and the six days before.
fn last_units(count: i32, unit: &str, today: Date) -> Option<Days> {
    let before = back(count, unit, today)?;
    (count > 0).then(|| (plus(before, 1).min(today), today))
}

/// The day from which everything is: earlier ones cannot be written.
const EARLIEST: Date = jiff::civil::date(1, 1, 1);

fn back(count: i32, unit: &str, today: Date) -> Option<Date> {
    let span = jiff::Span::new();
    let span = match unit {
        "d" | "day" | "days" => span.try_days(count),
        "w" | "wk" | "week" | "weeks" => span.try_weeks(count),
        "m" | "mo" | "month" | "months" => span.try_months(count),
        "y" | "yr" | "year" | "years" => span.try_years(count),
        _ => return None,
    };
    let span = span.and_then(|span| today.checked_sub(span));
    let back = || span.map_or(EARLIEST, |day| day.max(EARLIEST));
    (0..=100_000).contains(&count).then(back)
}

fn number(word: &str) -> Option<i32> {
    const WORDS: [&str; 13] = [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
        "twelve",
    ];
    if matches!(word, "a" | "an") {
        return Some(1);
    }
    let named = WORDS.iter().position(|name| *name == word).and_then(|at| i32::try_from(at).ok());
    named.or_else(|| word.parse().ok().filter(|_| is_digits(word)))
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn plus(date: Date, days: i32) -> Date {
    date.checked_add(days.days()).unwrap_or(if days < 0 { Date::MIN } else { Date::MAX })
}

fn year_of(year: i16) -> Option<Days> {
    Some((Date::new(year, 1, 1).ok()?, Date::new(year, 12, 31).ok()?))
}

fn month_of(year: i16, month: i8) -> Option<Days> {
    let first = Date::new(year, month, 1).ok()?;
    Some((first, first.last_of_month()))
}

fn month_before(today: Date) -> Option<Days> {
    let last = plus(today.first_of_month(), -1);
    month_of(last.year(), last.month())
}

fn quarter_of(date: Date) -> i8 {
    (date.month() - 1) / 3 + 1
}

fn quarter_days(year: i16, quarter: i8) -> Option<Days> {
    if !(1..=4).contains(&quarter) {
        return None;
    }
    Some((Date::new(year, quarter * 3 - 2, 1).ok()?, month_of(year, quarter * 3)?.1))
}

fn quarter_before(today: Date) -> Option<Days> {
    let (first, _) = quarter_days(today.year(), quarter_of(today))?;
    let last = plus(first, -1);
    quarter_days(last.year(), quarter_of(last))
}

fn week_of(date: Date) -> Days {
    let monday = plus(date, -i32::from(date.weekday().to_monday_zero_offset()));
    (monday, plus(monday, 6))
}

fn iso_week(year: i16, week: i8) -> Option<Days> {
    let monday = jiff::civil::ISOWeekDate::new(year, week, Weekday::Monday).ok()?.date();
    Some((monday, plus(monday, 6)))
}

/// The last such weekday before `date`.
fn day_before(weekday: Weekday, date: Date) -> Days {
    let days = weekday.until(date.weekday());
    let day = plus(date, -i32::from(if days == 0 { 7 } else { days }));
    (day, day)
}

fn weekday(word: &str) -> Option<Weekday> {
    Some(match word {
        "monday" | "mon" => Weekday::Monday,
        "tuesday" | "tue" | "tues" => Weekday::Tuesday,
        "wednesday" | "wed" => Weekday::Wednesday,
        "thursday" | "thu" | "thurs" => Weekday::Thursday,
        "friday" | "fri" => Weekday::Friday,
        "saturday" | "sat" => Weekday::Saturday,
        "sunday" | "sun" => Weekday::Sunday,
        _ => return None,
    })
}

fn month_number(word: &str) -> Option<i8> {
    let word = word.trim_end_matches('.');
    let is_month = |month: &str| month == word || word.len() == 3 && month.starts_with(word);
    let at = MONTHS.iter().position(|month| is_month(month)).or_else(|| (word == "sept").then_some(8))?;
    i8::try_from(at + 1).ok()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    /// Wednesday.
    const TODAY: Date = date(2025, 5, 7);

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let day = |day: Option<Date>| day.map_or_else(String::new, |day| day.to_string());
        let found = match parse_range(text, TODAY) {
            Ok(range) => format!("{}..{}", day(range.since), day(range.until)),
            Err(error) => error.to_string(),
        };
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn no_count_is_too_large_to_be_read_or_refused() {
        for unit in ["d", "w", "m", "y"] {
            assert_eq!(
                parse_range(&format!("100000{unit}"), TODAY).map(|range| range.until),
                Ok(Some(TODAY))
            );
            assert!(parse_range(&format!("2033131{unit}"), TODAY).is_err());
        }
    }

    #[test]
    fn reads_days_months_and_years() {
        check("2021", "2021-01-01..2021-12-31");
        check("2024-02", "2024-02-01..2024-02-29");
        check("2021-3-5", "2021-03-05..2021-03-05");
        check("2021/03/05", "2021-03-05..2021-03-05");
        check("20210305", "2021-03-05..2021-03-05");
        check("March 2021", "2021-03-01..2021-03-31");
        check("5 Mar 2021", "2021-03-05..2021-03-05");
        check("Sept. 5th, 2021", "2021-09-05..2021-09-05");
        check("June 5", "2024-06-05..2024-06-05");
        check("april", "2025-04-01..2025-04-30");
        check("june", "2024-06-01..2024-06-30");
        check("25/12/2021", "2021-12-25..2021-12-25");
    }

    #[test]
    fn reads_quarters_weeks_and_decades() {
        check("2021-Q1", "2021-01-01..2021-03-31");
        check("q4 2021", "2021-10-01..2021-12-31");
        check("2021q2", "2021-04-01..2021-06-30");
        check("q3", "2024-07-01..2024-09-30");
        check("2021-W01", "2021-01-04..2021-01-10");
        check("1990s", "1990-01-01..1999-12-31");
    }

    #[test]
    fn reads_ranges_with_one_end_or_two() {
        check("2021..2022", "2021-01-01..2022-12-31");
        check("2021-03..2021-06", "2021-03-01..2021-06-30");
        check("2021-03-05..", "2021-03-05..");
        check("..2021", "..2021-12-31");
        check("from march 2025 to april 2025", "2025-03-01..2025-04-30");
        check("since monday", "2025-05-05..");
        check("until 2021-06", "..2021-06-30");
        check("before 2021", "..2020-12-31");
        check("after 2021", "2022-01-01..");
        check(
            "2024–",
            "`2024-` is not a date; write 2021, 2021-03, 2021-03-05, 2021-03..2021-06, 30d or \"last week\"",
        );
    }

    #[test]
    fn reads_what_is_relative_to_today() {
        check("today", "2025-05-07..2025-05-07");
        check("Yesterday", "2025-05-06..2025-05-06");
        check("7d", "2025-05-01..2025-05-07");
        check("2w", "2025-04-24..2025-05-07");
        check("past 30 days", "2025-04-08..2025-05-07");
        check("last 6 months", "2024-11-08..2025-05-07");
        check("1y", "2024-05-08..2025-05-07");
        check("last week", "2025-04-28..2025-05-04");
        check("last month", "2025-04-01..2025-04-30");
        check("last quarter", "2025-01-01..2025-03-31");
        check("last year", "2024-01-01..2024-12-31");
        check("this week", "2025-05-05..2025-05-11");
        check("this month", "2025-05-01..2025-05-31");
        check("last wednesday", "2025-04-30..2025-04-30");
        check("wednesday", "2025-05-07..2025-05-07");
        check("a week ago", "2025-04-30..2025-04-30");
        check("6 months ago..", "2024-11-07..");
    }

    #[test]
    fn refuses_what_is_no_date() {
        check("2021-13", "there is no day `2021-13`");
        check("2021-02-30", "there is no day `2021-02-30`");
        check("3/5/2021", "`3/5/2021` may mean 2021-03-05 or 2021-05-03; write one of these");
        check("2022..2021", "the range `2022..2021` ends before it begins; swap its ends");
        check("..", "a range needs at least one end: 2021.. or ..2021");
        for text in
            ["", "soon", "0d", "99999999999d", "2021-", "é..", "last", "q9", "2021-w99", "5 é 2021", "aé0s"]
        {
            assert!(parse_range(text, TODAY).is_err(), "{text}");
        }
    }
}
