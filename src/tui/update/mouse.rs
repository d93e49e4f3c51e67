//! Clicks, drags and the wheel: each lands on what is drawn there.

use ratatui::layout::Rect;

use super::super::action::{Command, MouseAct};
use super::super::effect::Effect;
use super::super::layout::Areas;
use super::super::state::{Layout, Pane, Popup, State};
use super::super::view::{over, side};
use super::{asking, menus, panes, values};

/// Lines that one turn of the wheel scrolls.
const WHEEL: isize = 3;

/// What the mouse did at a place of the screen.
pub fn acted(state: &mut State, act: MouseAct, column: u16, row: u16) -> Vec<Effect> {
    if state.layout() == Layout::TooSmall {
        return Vec::new();
    }
    if state.popup.is_some() {
        return on_popup(state, act, column, row);
    }
    let Some((pane, area)) = Areas::of(state).pane_at(column, row) else { return Vec::new() };
    match act {
        MouseAct::WheelDown => wheel(state, pane, WHEEL),
        MouseAct::WheelUp => wheel(state, pane, -WHEEL),
        MouseAct::Press => press(state, pane, area, column, row),
        MouseAct::Drag if pane == Pane::Timeline && state.timeline.anchor.is_some() => {
            state.timeline.cursor = bin_at(state, area, column);
            Vec::new()
        }
        MouseAct::Release if pane == Pane::Timeline && state.timeline.anchor.is_some() => {
            if state.timeline.anchor == Some(state.timeline.cursor) {
                state.timeline.anchor = None;
                return Vec::new();
            }
            panes::command(state, Command::ZoomIn)
        }
        MouseAct::Drag | MouseAct::Release => Vec::new(),
    }
}

fn on_popup(state: &mut State, act: MouseAct, column: u16, row: u16) -> Vec<Effect> {
    let down = match act {
        MouseAct::WheelDown => Some(1),
        MouseAct::WheelUp => Some(-1),
        _ => None,
    };
    let line = over::line_at(state, column, row);
    match (&mut state.popup, down, act) {
        (Some(Popup::Menu(menu)), Some(by), _) => menu.step(by),
        (Some(Popup::Menu(menu)), None, MouseAct::Press) => match line {
            Some(line) => {
                menu.line = line;
                return menu.picked().map_or_else(Vec::new, |pick| menus::take(state, pick));
            }
            None => state.popup = None,
        },
        (Some(_), None, MouseAct::Press) => state.popup = None,
        _ => {}
    }
    Vec::new()
}

fn wheel(state: &mut State, pane: Pane, by: isize) -> Vec<Effect> {
    match pane {
        Pane::Article => {
            let rows = Areas::of(state).article_rows();
            if let Some(reader) = &mut state.article {
                reader.scroll(by, rows);
            }
            Vec::new()
        }
        Pane::Facets => {
            let last = values::shown(state).len().saturating_sub(1);
            state.facets.line = state.facets.line.saturating_add_signed(by).min(last);
            values::follow(state)
        }
        Pane::Results => {
            state.results.step(by.signum());
            panes::settle_list(state)
        }
        Pane::Query | Pane::Timeline => Vec::new(),
    }
}

fn press(state: &mut State, pane: Pane, area: Rect, column: u16, row: u16) -> Vec<Effect> {
    let was_here = state.focus == pane;
    if pane != Pane::Article || state.article.is_some() {
        state.focus = pane;
    }
    let line = usize::from(row - area.y);
    match pane {
        Pane::Query => {
            state.normal = false;
            let wanted = usize::from(column.saturating_sub(area.x + 2));
            state.cursor = at_column(&state.spec.query, wanted);
            Vec::new()
        }
        Pane::Results => {
            let Some(place) = line.checked_sub(1) else { return panes::settle_list(state) };
            let idx = state.results.top + place / 2;
            if state.shows_ways() || idx >= state.results.response.hits.len() {
                return Vec::new();
            }
            let again = was_here && idx == state.results.selected;
            state.results.chosen = true;
            state.results.selected = idx;
            if again { panes::read(state) } else { panes::settle_list(state) }
        }
        Pane::Facets => match side::facet_rows(state, area.height).get(line) {
            Some(side::FacetRow::Field(idx)) => {
                let by = *idx as isize - state.facets.field as isize;
                state.facets.step_field(by);
                values::follow(state)
            }
            Some(side::FacetRow::Value(field, idx)) => {
                state.facets.field = *field;
                state.facets.line = *idx;
                values::command(state, Command::Include)
            }
            _ => Vec::new(),
        },
        Pane::Timeline => {
            state.timeline.cursor = bin_at(state, area, column);
            state.timeline.anchor = Some(state.timeline.cursor);
            asking::more(state)
        }
        Pane::Article => {
            let Some(reader) = &mut state.article else { return Vec::new() };
            if let Some(quote) =
                line.checked_sub(1).and_then(|line| reader.lines.get(reader.top + line)?.quote)
            {
                reader.quote = Some(quote);
            }
            Vec::new()
        }
    }
}

fn bin_at(state: &State, area: Rect, column: u16) -> usize {
    let width = usize::from(area.width.saturating_sub(side::SCALE));
    state.timeline.bin_at(usize::from(column.saturating_sub(area.x + side::SCALE - 1)), width)
}

/// The byte of `text` drawn at a column.
fn at_column(text: &str, wanted: usize) -> usize {
    let mut column = 0;
    for (at, c) in text.char_indices() {
        if column >= wanted {
            return at;
        }
        column += unicode_width::UnicodeWidthChar::width(c).unwrap_or(0);
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_character_under_a_column() {
        assert_eq!(at_column("tax", 1), 1);
        assert_eq!(at_column("税金", 2), 3);
        assert_eq!(at_column("tax", 9), 3);
    }
}
