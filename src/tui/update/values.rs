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
    of_field(state, state.facets.open_field())
}

/// The values of a field as they are shown.
pub fn of_field(state: &State, field: FacetField) -> Vec<&FacetCount> {
    let totals = state.names.get(&field).map(|names| names.as_slice());
    state.facets.values(field, totals)
}

/// Values of a field that is not open which are shown before the open one gets more rows.
const GLIMPSE: usize = 5;

/// Rows for the values of each field. The open field comes first; where the pane is high, the others are shown too.
pub fn shares(state: &State) -> [usize; FIELDS.len()] {
    let height = Areas::of(state).facets.map_or(0, |area| usize::from(area.height));
    // A title, a heading for each field, what is typed, and the line that says that there are more.
    let others = 1 + FIELDS.len() + usize::from(state.facets.find.is_some()) + 1;
    let mut room = height.saturating_sub(others).max(1);
    let mut shares = [0; FIELDS.len()];
    let open = state.facets.field.min(FIELDS.len() - 1);
    if state.facets.find.is_some() {
        // Who looks for a value looks at nothing else.
        shares[open] = room;
        return shares;
    }
    let counts = FIELDS.map(|field| of_field(state, field).len());
    let beside = |idx: usize, most: usize| if idx == open { 0 } else { counts[idx].min(most) };
    let reserved: usize = (0..FIELDS.len()).map(|idx| beside(idx, GLIMPSE)).sum();
    // The open field has at least half of the pane.
    let own = room.saturating_sub(reserved).max(room.div_ceil(2)).min(counts[open].max(1));
    shares[open] = if room < 2 * GLIMPSE { room } else { own };
    room = room.saturating_sub(shares[open]);
    for most in [GLIMPSE, usize::MAX] {
        for idx in (0..FIELDS.len()).filter(|idx| *idx != open) {
            let more = (beside(idx, most) - shares[idx]).min(room);
            shares[idx] += more;
            room -= more;
        }
    }
    shares
}

/// Values of the open field that the pane has room for.
pub fn rows(state: &State) -> usize {
    shares(state)[state.facets.field.min(FIELDS.len() - 1)]
}

/// The first value shown, such that the selected one is in sight.
pub fn top(state: &State) -> usize {
    (state.facets.line + 1).saturating_sub(rows(state))
}

/// Asks how the values on screen spread over time, as far as that is not known.
pub fn follow(state: &mut State) -> Vec<Effect> {
    if Areas::of(state).facets.is_none() {
        return Vec::new();
    }
    // Counts and tally come in any order; both are needed.
    if state.seq != state.facets.counts_seq || state.seq != state.timeline_seq {
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
    let known = state.facets.trends_of == state.seq;
    let mut values: Vec<(FacetField, String)> = Vec::new();
    for (idx, (field, share)) in FIELDS.into_iter().zip(shares(state)).enumerate() {
        if field == FacetField::Year {
            continue;
        }
        // Of the open field also what comes into sight next.
        let is_open = idx == state.facets.field;
        let (top, ahead) = if is_open { (top(state), 2) } else { (0, 1) };
        let on_screen = of_field(state, field).into_iter().skip(top).take(share * ahead);
        values.extend(
            on_screen
                .map(|value| (field, name_of(field, value)))
                .filter(|value| !known || !state.facets.trends.contains_key(value)),
        );
    }
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
