//! What is drawn over the panes: menus, keys, text.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::{Block, BorderType, Clear, Paragraph};
use unicode_width::UnicodeWidthStr;

use super::super::choices::Menu;
use super::super::state::{Pane, Popup, State};
use super::paint::Paint;
use super::shown_key;
use crate::output::style::{fit, pad, wrap};
use crate::text::sanitize;

/// Draws a popup in the middle.
pub fn draw(state: &State, paint: &Paint, popup: &Popup, frame: &mut Frame<'_>, area: Rect) {
    match popup {
        Popup::Menu(menu) => menu_box(state, paint, menu, frame, area),
        Popup::Prompt(prompt) => {
            let width = usize::from(area.width).saturating_sub(8).clamp(20, 70);
            let mut lines = vec![Line::raw(pad(&format!("> {}_", prompt.text), width))];
            if let Some(trouble) = &prompt.trouble {
                lines.push(Line::styled(fit(trouble, width).into_owned(), paint.bad()));
            }
            boxed(state, &prompt.title, lines, frame, area);
        }
        Popup::Help(pane) => help(state, paint, *pane, frame, area),
        Popup::Text(title, text) => {
            let width = usize::from(area.width).saturating_sub(8).clamp(20, 100);
            let lines =
                wrap(text, width).into_iter().map(|line| Line::raw(line.of(text).to_owned())).collect();
            boxed(state, title, lines, frame, area);
        }
    }
}

fn menu_box(state: &State, paint: &Paint, menu: &Menu, frame: &mut Frame<'_>, area: Rect) {
    boxed(state, &menu.title, menu_lines(menu, paint, area), frame, area);
}

/// First line of a menu that is shown, and how many are.
fn menu_window(menu: &Menu, area: Rect) -> (usize, usize) {
    let rows = usize::from(area.height).saturating_sub(6).max(1) - usize::from(menu.find.is_some());
    let rows = rows.saturating_sub(detail_rows(menu, area)).max(1);
    ((menu.line + 1).saturating_sub(rows), rows)
}

fn menu_lines(menu: &Menu, paint: &Paint, area: Rect) -> Vec<Line<'static>> {
    let width = usize::from(area.width).saturating_sub(8).max(20);
    let mut lines = Vec::new();
    if let Some(find) = &menu.find {
        lines.push(Line::raw(format!("/ {find}_")));
    }
    let shown = menu.shown();
    let (top, rows) = menu_window(menu, area);
    for (idx, choice) in shown.iter().enumerate().skip(top).take(rows) {
        let cursor = if idx == menu.line { ">" } else { " " };
        let key = choice.key.map_or_else(String::new, |key| format!("{key}  "));
        let line = Line::raw(fit(&format!("{cursor} {key}{}", choice.label), width).into_owned());
        lines.push(if idx == menu.line { line.style(paint.selected()) } else { line });
    }
    if shown.is_empty() {
        lines.push(Line::raw("  nothing fits"));
    }
    lines.extend(detail_lines(menu, paint, area));
    lines
}

/// What there is to say about the selected line, under a blank one.
fn detail_lines(menu: &Menu, paint: &Paint, area: Rect) -> Vec<Line<'static>> {
    let Some(detail) = menu.detail() else { return Vec::new() };
    let rows = detail_rows(menu, area);
    let mut lines = vec![Line::raw("")];
    lines.extend(wrapped(detail, area).into_iter().map(|text| Line::styled(text, paint.plain())));
    if lines.len() > rows {
        lines.truncate(rows.saturating_sub(1));
        lines.push(Line::styled("  ..", paint.dim()));
    }
    // The box keeps its height while the selection moves.
    lines.resize(rows, Line::raw(""));
    lines
}

fn wrapped(detail: &str, area: Rect) -> Vec<String> {
    let width = usize::from(area.width).saturating_sub(10).clamp(18, 100);
    let mut lines = Vec::new();
    for part in detail.lines() {
        let pieces = wrap(part, width).into_iter();
        lines.extend(pieces.map(|piece| format!("  {}", sanitize(piece.of(part)))));
    }
    lines
}

/// Rows that details take: as many as the longest, but at most what the lines above leave, and half of the window at
/// least.
fn detail_rows(menu: &Menu, area: Rect) -> usize {
    let longest = menu.details.iter().map(|detail| wrapped(detail, area).len() + 1).max();
    let rows = usize::from(area.height).saturating_sub(6).max(2);
    longest.map_or(0, |longest| longest.min(rows.saturating_sub(menu.choices.len()).max(rows / 2)))
}

/// The line of the open menu at a place of the screen.
pub fn line_at(state: &State, column: u16, row: u16) -> Option<usize> {
    let Some(Popup::Menu(menu)) = &state.popup else { return None };
    let area = Rect { x: 0, y: 0, width: state.size.0, height: state.size.1 };
    let place = place_of(&menu.title, &menu_lines(menu, &Paint::new(state.look), area), area);
    let inside = place.contains((column, row).into());
    let line = usize::from(row).checked_sub(usize::from(place.y) + 1 + usize::from(menu.find.is_some()))?;
    let (top, rows) = menu_window(menu, area);
    (inside && line < rows && top + line < menu.shown().len()).then_some(top + line)
}

fn help(state: &State, paint: &Paint, pane: Pane, frame: &mut Frame<'_>, area: Rect) {
    let rows = usize::from(area.height).saturating_sub(6).max(1);
    let width = usize::from(area.width).saturating_sub(8).max(20);
    let bindings = state.keymap.listed(pane);
    let entries: Vec<String> = bindings
        .iter()
        .map(|(keys, command)| {
            let keys: Vec<String> = keys.split(' ').take(3).map(shown_key).collect();
            format!("{:<18} {}", keys.join(" "), command.doc())
        })
        .collect();
    // As many columns as the width allows; what does not fit is found in the list of all actions.
    let column = entries.iter().map(|entry| entry.width()).max().unwrap_or(20).min(width) + 2;
    let columns = (width / column).max(1);
    let mut lines = Vec::new();
    let per_column = entries.len().div_ceil(columns).min(rows.saturating_sub(2));
    for row in 0..per_column {
        let cells = (0..columns).filter_map(|col| entries.get(col * per_column + row));
        let text: String = cells.map(|cell| crate::output::style::pad(cell, column)).collect();
        lines.push(Line::raw(fit(&text, width).into_owned()));
    }
    if per_column * columns < entries.len() {
        lines.push(Line::styled("more: Ctrl-X lists all actions", paint.dim()));
    }
    lines.push(Line::styled("Esc closes this. The query language: onrecord help query", paint.dim()));
    boxed(state, &format!("Keys: {}", pane.name()), lines, frame, area);
}

fn boxed(state: &State, title: &str, lines: Vec<Line<'static>>, frame: &mut Frame<'_>, area: Rect) {
    let place = place_of(title, &lines, area);
    let width = place.width;
    frame.render_widget(Clear, place);
    let border = if state.look.unicode { Block::bordered() } else { Block::bordered().border_set(ASCII) };
    let border = if state.look.unicode { border.border_type(BorderType::Plain) } else { border };
    let title = format!(" {} ", fit(title, usize::from(width).saturating_sub(4)));
    frame.render_widget(Paragraph::new(lines).block(border.title(title)), place);
}

/// Where a box for `lines` stands.
fn place_of(title: &str, lines: &[Line<'_>], area: Rect) -> Rect {
    let widest = lines.iter().map(Line::width).max().unwrap_or(0).max(title.width() + 2);
    let width = u16::try_from(widest + 4).unwrap_or(u16::MAX).min(area.width);
    let height = u16::try_from(lines.len() + 2).unwrap_or(u16::MAX).min(area.height);
    Rect { x: area.x + (area.width - width) / 2, y: area.y + (area.height - height) / 3, width, height }
}

/// Borders of plain characters.
const ASCII: ratatui::symbols::border::Set<'static> = ratatui::symbols::border::Set {
    top_left: "+",
    top_right: "+",
    bottom_left: "+",
    bottom_right: "+",
    vertical_left: "|",
    vertical_right: "|",
    horizontal_top: "-",
    horizontal_bottom: "-",
};
