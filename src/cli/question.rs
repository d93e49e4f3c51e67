//! A question typed as a query: what somebody said about something.
//!
//! In: the query of `quotes` as read. Out: the same query with the speaker and the time as filters, and a note that says so;
//! any other query is left alone.

use super::args::QueryArgs;
use super::request::Asked;
use crate::lexicon::questions::Questions;
use crate::model::search::{DateRange, FacetField, FieldFilter};
use crate::query;
use crate::text::shell_quoted;

/// Reads a question of plain words as a speaker, a topic and a time. A query that chooses speakers is none.
pub fn read(asked: &mut Asked, args: &QueryArgs) {
    if !asked.is_only_words || !args.speaker.is_empty() || !args.not_speaker.is_empty() {
        return;
    }
    let Some(mut question) = Questions::embedded().read(&args.query.join(" ")) else { return };
    let today = super::request::today();
    let has_dates = args.since.is_some() || args.until.is_some() || args.date.is_some();
    // The longest end that is a time: "between 2030 and 2031", not "2031".
    let said = question
        .times
        .iter()
        .filter(|_| !has_dates)
        .find_map(|time| Some((time.topic.clone(), query::dates::parse_range(&time.words, today).ok()?)));
    if let Some((topic, _)) = &said {
        question.topic.clone_from(topic);
    }
    let Ok(topic) = query::parse(&question.topic, today) else { return };
    let mut reading = format!("read as {}", shell_quoted(&question.topic));
    if let Some(name) = &question.name {
        reading.push_str(&format!(" --speaker {}", shell_quoted(name)));
    }
    if let Some((_, dates)) = said {
        asked.filters.dates = dates;
        reading.push_str(&format!(" --date {}", days(dates)));
    }
    asked.notes.push(reading);
    asked.query = topic.query;
    asked.filters.fields.extend(question.name.map(|name| FieldFilter {
        field: FacetField::Speaker,
        values: vec![name],
        exclude: false,
        all: false,
    }));
}

/// A range as `--date` takes it.
fn days(range: DateRange) -> String {
    let day = |date: Option<jiff::civil::Date>| date.map_or_else(String::new, |day| day.to_string());
    format!("{}..{}", day(range.since), day(range.until))
}
