//! When to search, what for, and what to do with the answer.

use std::sync::Arc;

use crate::model::search::{
    CountRequest, CountResponse, DateRange, FacetField, SearchRequest, SearchResponse,
};

use super::super::completion;
use super::super::effect::Effect;
use super::super::examples;
use super::super::facets::{FIELDS, FIRST_VALUES, ValueOrder};
use super::super::layout::Areas;
use super::super::results::{MARGIN, PAGE};
use super::super::state::{QueryTrouble, State};
use super::super::ways;
use super::{panes, values};

/// States of the spec kept for undo.
const MOST_UNDO: usize = 100;
/// Hits fetched at once on the way to the end of the list.
const MOST_AT_ONCE: usize = 2_000;

/// The query changed by a key: the last word is a prefix while the cursor touches it.
pub fn changed(state: &mut State) -> Vec<Effect> {
    state.history_at = None;
    state.results.chosen = false;
    let mut effects = ask(state, true);
    effects.extend(names_wanted(state));
    effects
}

/// The query or a filter was settled: words are meant as they stand.
pub fn settled(state: &mut State) -> Vec<Effect> {
    ask(state, false)
}

/// From here on the words of the query mean what stands there, and what cannot be read is a mistake. No effect when that is
/// what was asked already.
pub fn done_typing(state: &mut State) -> Vec<Effect> {
    if !std::mem::take(&mut state.typing) {
        return Vec::new();
    }
    let same = match (read(state, None), &state.asked) {
        (Ok((query, ..)), Some(asked)) => state.trouble.is_none() && asked.query == query,
        _ => false,
    };
    if same {
        state.meant = None;
        return Vec::new();
    }
    ask(state, false)
}

/// The query as read, as it is printed, and remarks.
type Read = (crate::model::Query, String, Vec<crate::query::QueryNote>);

fn read(state: &State, cursor: Option<usize>) -> Result<Read, crate::query::QueryErrors> {
    let parsed = state.spec.read(cursor, state.today)?;
    let meant = crate::query::print(&parsed.query);
    let query = crate::query::with_groups(parsed.query, &state.groups, &state.spec.query)?;
    Ok((query, meant, parsed.notes))
}

fn ask(state: &mut State, typing: bool) -> Vec<Effect> {
    let cursor = (typing && state.cursor == state.spec.query.len()).then_some(state.cursor);
    state.typing = cursor.is_some();
    let (query, meant, notes) = match read(state, cursor) {
        Ok(read) => read,
        Err(errors) => {
            // The last good results stay; the bad part is underlined.
            let help = errors.0.iter().find_map(|error| error.help.as_deref());
            let help = help.map_or_else(String::new, |help| format!("; {help}"));
            state.trouble = Some(QueryTrouble {
                spans: errors.0.iter().map(|error| error.span).collect(),
                message: format!("{}{help}", errors.message()),
            });
            return Vec::new();
        }
    };
    state.trouble = None;
    state.remark = notes.first().map(ToString::to_string);
    state.meant = cursor.map(|_| meant).filter(|meant| meant.ends_with('*'));
    state.ways.clear();
    state.way = 0;
    state.seq += 1;
    // The selected hit may stand further down: it is kept in sight.
    let on_screen = Areas::of(state).hits() + MARGIN;
    let limit = if state.results.chosen { PAGE } else { on_screen.min(PAGE) };
    let request = state.spec.request(query, limit, 0);
    state.asked = Some(Box::new(request.clone()));
    // What stands around the hits is asked for when they are here: it finds read what they had to read.
    vec![Effect::Search(state.seq, Box::new(request))]
}

/// What stands around the hits: the timeline and the facets.
fn around(state: &State) -> Vec<Effect> {
    let Some(asked) = &state.asked else { return Vec::new() };
    // The timeline shows the whole span: the chosen window is drawn on it, not cut out of it.
    let tally = CountRequest { request: spanning(asked), by: vec![FacetField::Day] };
    vec![Effect::Timeline(state.seq, Box::new(tally)), facets(state, asked)]
}

fn facets(state: &State, asked: &SearchRequest) -> Effect {
    let mut request = asked.clone();
    request.limit = 0;
    request.facets = FIELDS.to_vec();
    request.facet_limit = if wants_all_values(state) { 0 } else { FIRST_VALUES };
    Effect::Facets(state.seq, Box::new(request))
}

/// The request for all days.
pub fn spanning(request: &SearchRequest) -> SearchRequest {
    let mut spanning = request.clone();
    spanning.filters.dates = DateRange::default();
    spanning
}

/// Whether somebody looks through the values beyond the most frequent ones.
fn wants_all_values(state: &State) -> bool {
    state.facets.find.is_some() || state.facets.order != ValueOrder::Count
}

/// Fetches all values of the facets when they are wanted and not here.
pub fn all_values(state: &mut State) -> Vec<Effect> {
    let field = state.facets.open_field();
    let is_short = state.facets.counts_of(field).is_some_and(|counts| counts.n_values > counts.values.len());
    match &state.asked {
        Some(asked) if is_short && wants_all_values(state) => vec![facets(state, asked)],
        _ => Vec::new(),
    }
}

/// Asks once for the names that the query's end could become.
fn names_wanted(state: &mut State) -> Vec<Effect> {
    let Some(begun) = completion::begun(&state.spec.query) else { return Vec::new() };
    if state.names_asked.insert(begun.field) { vec![Effect::Values(begun.field)] } else { Vec::new() }
}

/// Takes an answer, unless a newer search is under way.
pub fn answered(state: &mut State, seq: u64, answer: Result<Arc<SearchResponse>, String>) -> Vec<Effect> {
    if seq != state.seq {
        return Vec::new();
    }
    state.shown_seq = seq;
    state.slow = false;
    let response = match answer {
        Ok(response) => response,
        Err(message) => {
            state.failure = Some(message);
            return Vec::new();
        }
    };
    state.failure = None;
    let mut effects = Vec::new();
    effects.extend(around(state));
    if response.total == 0 {
        state.ways = ways::out(&state.spec, &response, state.today);
        let requests: Vec<SearchRequest> = state
            .ways
            .iter()
            .filter_map(|way| {
                Some(way.spec.request(way.spec.reading(state.today, &state.groups).ok()?, 0, 0))
            })
            .collect();
        if requests.len() == state.ways.len() && !requests.is_empty() {
            effects.push(Effect::Totals(seq, requests));
        }
    }
    let chosen = state.results.chosen;
    let limit = state.asked.as_ref().map_or(PAGE, |asked| asked.limit);
    state.results.replace(response, limit, chosen);
    if std::mem::take(&mut state.read_when_ready) && state.results.hit().is_some() {
        effects.extend(panes::read(state));
    } else {
        effects.extend(panes::preview(state));
    }
    if state.info.generation == 0 {
        effects.push(Effect::Info);
    }
    effects
}

/// Takes the counts of the facets.
pub fn counted(state: &mut State, seq: u64, answer: Result<Box<SearchResponse>, String>) -> Vec<Effect> {
    if seq != state.seq {
        return Vec::new();
    }
    match answer {
        Ok(response) => {
            state.facets.counts = response.facets;
            state.facets.counts_seq = seq;
        }
        Err(message) => state.failure = Some(message),
    }
    state.facets.line = state.facets.line.min(values::shown(state).len().saturating_sub(1));
    if state.spec.query.is_empty() && !state.has_pills() {
        state.examples = examples::of(&state.results.response, &state.facets);
    }
    values::follow(state)
}

/// Fetches hits behind those that are here when the selection nears the end.
pub fn more(state: &mut State) -> Vec<Effect> {
    if !state.results.wants_more() || state.seq != state.shown_seq {
        return Vec::new();
    }
    let Some(asked) = &state.asked else { return Vec::new() };
    let here = state.results.response.hits.len();
    let mut request = asked.clone();
    request.facets.clear();
    request.offset = here;
    request.limit = PAGE;
    if state.results.to_the_end {
        let rest = usize::try_from(state.results.response.total).unwrap_or(usize::MAX).saturating_sub(here);
        request.limit = rest.clamp(PAGE, MOST_AT_ONCE);
    }
    state.results.awaits = request.limit;
    vec![Effect::More(state.seq, request)]
}

/// Takes hits behind those that are here.
pub fn more_came(state: &mut State, seq: u64, answer: Result<Box<SearchResponse>, String>) -> Vec<Effect> {
    if seq != state.seq {
        return Vec::new();
    }
    match answer {
        Ok(more) => {
            let to_the_end = state.results.to_the_end;
            state.results.append(*more);
            let here = state.results.response.hits.len() as u64;
            if to_the_end && !state.results.complete && here < state.results.response.total {
                state.status = Some(format!("at hit {here}; G goes on"));
            }
            panes::settle_list(state)
        }
        Err(message) => {
            state.results.awaits = 0;
            state.failure = Some(message);
            Vec::new()
        }
    }
}

/// Columns that the timeline's bars have room in.
pub fn timeline_columns(state: &State) -> usize {
    usize::from(state.size.0).saturating_sub(8)
}

/// Takes a tally over time.
pub fn tallied(state: &mut State, seq: u64, answer: Result<Arc<CountResponse>, String>) -> Vec<Effect> {
    let Ok(response) = answer else { return Vec::new() };
    if seq != state.seq {
        return Vec::new();
    }
    state.timeline.replace(&response, timeline_columns(state));
    state.timeline_seq = seq;
    let is_whole = state.asked.as_ref().is_some_and(|asked| asked.filters.fields.is_empty());
    if let Some((first, last)) = state.timeline.range().filter(|_| is_whole) {
        state.facets.days_of = Some((state.spec.query.clone(), first, last));
    }
    values::follow(state)
}

/// Keeps the spec before a change.
pub fn keep_for_undo(state: &mut State) {
    if state.undo.last() != Some(&state.spec) {
        state.undo.push(state.spec.clone());
    }
    let excess = state.undo.len().saturating_sub(MOST_UNDO);
    state.undo.drain(..excess);
    state.redo.clear();
}

/// Back to the spec before the last change.
pub fn undo(state: &mut State) -> Vec<Effect> {
    while let Some(before) = state.undo.pop() {
        if before != state.spec {
            state.redo.push(std::mem::replace(&mut state.spec, before));
            state.cursor = state.spec.query.len();
            return settled(state);
        }
    }
    state.status = Some("nothing to undo".to_owned());
    Vec::new()
}

/// Forward again.
pub fn redo(state: &mut State) -> Vec<Effect> {
    let Some(after) = state.redo.pop() else {
        state.status = Some("nothing to redo".to_owned());
        return Vec::new();
    };
    state.undo.push(std::mem::replace(&mut state.spec, after));
    state.cursor = state.spec.query.len();
    settled(state)
}
