//! Moving and choosing in the facets, and following the values on screen over time.

use crate::model::search::{FacetCount, FacetField, TrendRequest};

use super::super::action::Command;
use super::super::effect::Effect;
use super::super::facets::{FIELDS, SPANS, ValueOrder};
use super::super::layout::Areas;
use super::super::state::{Pane, State};
use super::super::timeline::spans;
use super::asking;

/// The name under which a value is chosen: its own, or what the lack of one is called.
pub fn name_of(field: FacetField, value: &FacetCount) -> String {
    value.value.clone().unwrap_or_else(|| field.without().to_owned())
}

/// The values of the open field as they are shown.
pub fn shown(state: &State) -> Vec<&FacetCount> {
    let field = state.facets.open_field();
    let totals = state.names.get(&field).map(|names| names.as_slice());
    state.facets.values(&state.results.response, field, totals)
}

/// Values that the pane has room for.
pub fn rows(state: &State) -> usize {
    let height = Areas::of(state).facets.map_or(0, |area| usize::from(area.height));
    let others = 1 + FIELDS.len() + usize::from(state.facets.find.is_some()) + 1;
    height.saturating_sub(others).max(1)
}

/// The first value shown, such that the selected one is in sight.
pub fn top(state: &State) -> usize {
    (state.facets.line + 1).saturating_sub(rows(state))
}

/// Asks how the values on screen spread over time, as far as that is not known.
pub fn follow(state: &mut State) -> Vec<Effect> {
    let field = state.facets.open_field();
    if Areas::of(state).facets.is_none() || field == FacetField::Year {
        return Vec::new();
    }
    // Hits and tally come in any order; both are needed.
    if state.seq != state.shown_seq || state.seq != state.timeline_seq {
        return Vec::new();
    }
    let Some((mut first, mut end)) = state.timeline.range() else { return Vec::new() };
    // Values that a filter leaves out have matches where the shown ones have none.
    if let Some((_, earlier, later)) =
        state.facets.days_of.as_ref().filter(|(query, ..)| *query == state.spec.query)
    {
        (first, end) = (first.min(*earlier), end.max(*later));
    }
    let Some(starts) = spans(first, end, SPANS) else { return Vec::new() };
    let Some(asked) = &state.asked else { return Vec::new() };
    if state.facets.asked_for != state.seq {
        state.facets.asked_for = state.seq;
        state.facets.trends_asked.clear();
    }
    let on_screen = shown(state).into_iter().skip(top(state)).take(rows(state) * 2);
    let names: Vec<String> = on_screen.map(|value| name_of(field, value)).collect();
    let known = state.facets.trends_of == state.seq;
    let values: Vec<(FacetField, String)> = names
        .into_iter()
        .map(|name| (field, name))
        .filter(|value| !known || !state.facets.trends.contains_key(value))
        .collect();
    // All that is missing is asked for anew: a request may take the place of the one before.
    let is_new = values.iter().any(|value| !state.facets.trends_asked.contains(value));
    if !is_new {
        return Vec::new();
    }
    state.facets.trends_asked.extend(values.iter().cloned());
    let mut request = asking::spanning(asked);
    request.facets.clear();
    request.limit = 0;
    vec![Effect::Trends(state.seq, Box::new(TrendRequest { request, values, starts, end }))]
}

/// Takes what was asked for.
pub fn followed(state: &mut State, seq: u64, rows: Vec<((FacetField, String), Vec<u64>)>) {
    if state.facets.trends_of != seq {
        state.facets.trends_of = seq;
        state.facets.trends.clear();
    }
    state.facets.trends.extend(rows);
}

/// What a command does in the facets.
pub fn command(state: &mut State, command: Command) -> Vec<Effect> {
    let field = state.facets.open_field();
    let values = shown(state);
    let n_values = values.len();
    let value = values.get(state.facets.line).map(|value| name_of(field, value));
    let page = rows(state);
    match command {
        Command::Up => state.facets.line = state.facets.line.saturating_sub(1),
        Command::Down => state.facets.line = (state.facets.line + 1).min(n_values.saturating_sub(1)),
        Command::PageUp => state.facets.line = state.facets.line.saturating_sub(page),
        Command::PageDown => state.facets.line = (state.facets.line + page).min(n_values.saturating_sub(1)),
        Command::First => state.facets.line = 0,
        Command::Last => state.facets.line = n_values.saturating_sub(1),
        Command::Left => state.facets.step_field(-1),
        Command::Right => state.facets.step_field(1),
        Command::DeleteBefore => {
            if let Some(find) = &mut state.facets.find {
                find.pop();
                state.facets.line = 0;
            }
        }
        Command::Find => {
            state.facets.find = Some(String::new());
            state.facets.line = 0;
            return asking::all_values(state);
        }
        Command::Sort => {
            state.facets.order = state.facets.order.next();
            state.facets.line = 0;
            state.status = Some(format!("{} by {}", field.name(), state.facets.order.name()));
            let mut effects = asking::all_values(state);
            if state.facets.order == ValueOrder::Share && state.names_asked.insert(field) {
                effects.push(Effect::Values(field));
            }
            effects.extend(follow(state));
            return effects;
        }
        Command::Enter if state.facets.find.is_some() => {
            state.facets.find = None;
            let Some(value) = value else { return Vec::new() };
            state.facets.line = 0;
            return choose(state, field, &value, false);
        }
        Command::Enter => state.focus = Pane::Results,
        Command::AnyAll => {
            asking::keep_for_undo(state);
            state.spec.all_speakers = !state.spec.all_speakers;
            let word = if state.spec.all_speakers { "every" } else { "any" };
            state.status = Some(format!("{word} of the chosen speakers"));
            return asking::settled(state);
        }
        Command::ClearField => {
            asking::keep_for_undo(state);
            state.spec.pills.retain(|pill| pill.field != field);
            return asking::settled(state);
        }
        Command::Include | Command::Exclude | Command::Only | Command::SwitchOff => {
            let Some(value) = value else { return Vec::new() };
            return match command {
                Command::Include => choose(state, field, &value, false),
                Command::Exclude => choose(state, field, &value, true),
                Command::Only => {
                    asking::keep_for_undo(state);
                    state.spec.only(field, &value);
                    asking::settled(state)
                }
                _ => {
                    asking::keep_for_undo(state);
                    state.spec.switch(field, &value);
                    asking::settled(state)
                }
            };
        }
        _ => {}
    }
    follow(state)
}

/// Includes or excludes a value, or lets go of it; a year becomes the dates.
pub fn choose(state: &mut State, field: FacetField, value: &str, exclude: bool) -> Vec<Effect> {
    if field == FacetField::Year && exclude && value != field.without() {
        state.status = Some("a year is left out by a window in the timeline".to_owned());
        return Vec::new();
    }
    asking::keep_for_undo(state);
    if field == FacetField::Year && value != field.without() {
        let Ok(year) = value.parse::<i16>() else { return Vec::new() };
        let range = crate::model::search::DateRange {
            since: jiff::civil::Date::new(year, 1, 1).ok(),
            until: jiff::civil::Date::new(year, 12, 31).ok(),
        };
        let again = state.spec.dates == range;
        state.spec.set_dates(if again { Default::default() } else { range });
    } else {
        state.spec.choose(field, value, exclude);
    }
    asking::settled(state)
}
