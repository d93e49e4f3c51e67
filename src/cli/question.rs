//! A question typed as a query: what somebody said about something.
//!
//! In: the query of `quotes` as read. Out: the same query with the speaker as a filter, and a note that says so; any other
//! query is left alone.

use super::args::QueryArgs;
use super::request::Asked;
use crate::lexicon::questions::Questions;
use crate::model::search::{FacetField, FieldFilter};
use crate::query;
use crate::text::shell_quoted;

/// Reads a question of plain words as a speaker and a topic. A query that chooses speakers is none.
pub fn read(asked: &mut Asked, args: &QueryArgs) {
    if !asked.is_only_words || !args.speaker.is_empty() || !args.not_speaker.is_empty() {
        return;
    }
    let Some(question) = Questions::embedded().read(&args.query.join(" ")) else { return };
    let Ok(topic) = query::parse(&question.topic, super::request::today()) else { return };
    asked.notes.push(format!(
        "read as {} --speaker {}",
        shell_quoted(&question.topic),
        shell_quoted(&question.name)
    ));
    asked.query = topic.query;
    asked.filters.fields.push(FieldFilter {
        field: FacetField::Speaker,
        values: vec![question.name],
        exclude: false,
        all: false,
    });
}
