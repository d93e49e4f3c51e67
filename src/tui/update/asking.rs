//! When to search, what for, and what to do with the answer.

use std::sync::Arc;

use crate::model::search::{CountRequest, DateRange, FacetField, SearchResponse};

use super::super::effect::Effect;
use super::super::facets::FIELDS;
use super::super::results::PAGE;
use super::super::state::{QueryTrouble, State};
use super::panes;

/// States of the spec kept for undo.
const MOST_UNDO: usize = 100;

/// The query changed by a key: the last word is a prefix while the cursor touches it.
pub fn changed(state: &mut State) -> Vec<Effect> {
    state.history_at = None;
    state.results.chosen = false;
    ask(state, true)
}

/// The query or a filter was settled: words are meant as they stand.
pub fn settled(state: &mut State) -> Vec<Effect> {
    ask(state, false)
}

fn ask(state: &mut State, typing: bool) -> Vec<Effect> {
    let cursor = (typing && state.cursor == state.spec.query.len()).then_some(state.cursor);
    let query = match state.spec.reading(cursor, state.today) {
        Ok(query) => query,
        Err(errors) => {
            // The last good results stay; the bad part is underlined.
            state.trouble = Some(QueryTrouble {
                spans: errors.0.iter().map(|error| error.span).collect(),
                message: errors.message(),
            });
            return Vec::new();
        }
    };
    state.trouble = None;
    state.meant = cursor.map(|_| crate::query::print(&query)).filter(|meant| meant.ends_with('*'));
    state.seq += 1;
    let mut request = state.spec.request(query, PAGE, 0);
    request.facets = FIELDS.to_vec();
    request.facet_limit = 0;
    // The timeline shows the whole span: the chosen window is drawn on it, not cut out of it.
    let mut spanning = request.clone();
    spanning.filters.dates = DateRange::default();
    let tally = CountRequest { request: spanning, by: vec![FacetField::Day] };
    vec![Effect::Search(state.seq, Box::new(request)), Effect::Timeline(state.seq, Box::new(tally))]
}

/// Takes an answer, unless a newer search is under way.
pub fn answered(state: &mut State, seq: u64, answer: Result<Arc<SearchResponse>, String>) -> Vec<Effect> {
    if seq != state.seq {
        return Vec::new();
    }
    state.shown_seq = seq;
    state.slow = false;
    match answer {
        Ok(response) => {
            state.failure = None;
            let chosen = state.results.chosen;
            state.results.replace(response, chosen);
            if std::mem::take(&mut state.read_when_ready) {
                return panes::read(state);
            }
            panes::preview(state)
        }
        Err(message) => {
            state.failure = Some(message);
            Vec::new()
        }
    }
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
