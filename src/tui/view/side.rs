//! Facets and timeline.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span as Run};
use ratatui::widgets::Paragraph;
use unicode_width::UnicodeWidthStr;

use super::super::facets::FIELDS;
use super::super::spec::Choice;
use super::super::state::{Pane, State};
use super::list::title;
use super::paint::Paint;
use crate::output::grouped;
use crate::output::style::{fit, pad};
use crate::output::table::value_name;

/// Draws the facets: the open field's values, the other fields as one line each.
pub fn facets(state: &State, paint: &Paint, frame: &mut Frame<'_>, area: Rect) {
    let focused = state.focus == Pane::Facets;
    let width = usize::from(area.width);
    let mut lines = vec![title("3 Facets", focused, area.width, paint)];
    let rows = usize::from(area.height).saturating_sub(1);
    let response = &state.results.response;
    for (idx, field) in FIELDS.iter().enumerate() {
        let open = idx == state.facets.field;
        let values = state.facets.values(response, *field);
        let n_values =
            response.facets.iter().find(|facet| facet.field == *field).map_or(0, |facet| facet.n_values);
        let word = if *field == crate::model::search::FacetField::Speaker && state.spec.all_speakers {
            "all of"
        } else {
            "any of"
        };
        let heading =
            format!("{} {}  {word} {}", if open { "v" } else { ">" }, field.name(), grouped(n_values as u64));
        lines.push(Line::styled(fit(&heading, width).into_owned(), paint.title(open && focused)));
        if !open {
            continue;
        }
        if let Some(find) = &state.facets.find {
            lines.push(Line::styled(format!("  / {}_", fit(find, width.saturating_sub(6))), paint.plain()));
        }
        let room = rows.saturating_sub(FIELDS.len() + usize::from(state.facets.find.is_some())).max(1);
        let top = state.facets.line.saturating_sub(room.saturating_sub(1));
        for (at, value) in values.iter().enumerate().skip(top).take(room) {
            let name = value_name(*field, value.value.as_deref());
            let choice =
                value.value.as_deref().map_or(Choice::Free, |value| state.spec.choice(*field, value));
            let sign = match choice {
                Choice::Free => "[ ]",
                Choice::Included => "[+]",
                Choice::Excluded => "[-]",
                Choice::Off => "[.]",
            };
            let count = grouped(value.count);
            let cursor = if focused && at == state.facets.line { ">" } else { " " };
            let room = width.saturating_sub(count.width() + 7);
            let line = Line::raw(format!("{cursor}{sign} {} {count}", pad(&name, room)));
            let style = match choice {
                Choice::Included => paint.pill(false),
                Choice::Excluded => paint.pill(true),
                Choice::Off => paint.dim(),
                Choice::Free => paint.plain(),
            };
            let line = line.style(style);
            lines.push(if focused && at == state.facets.line {
                line.patch_style(paint.selected())
            } else {
                line
            });
        }
        if values.is_empty() {
            lines.push(Line::styled("    no values", paint.dim()));
        } else if values.len() > room {
            let more = format!("    / finds among all {}", grouped(values.len() as u64));
            lines.push(Line::styled(fit(&more, width).into_owned(), paint.dim()));
        }
    }
    lines.truncate(usize::from(area.height));
    frame.render_widget(Paragraph::new(lines), area);
}

/// The timeline in one row: years and levels, the peak at the end.
pub fn timeline_row(state: &State, paint: &Paint, frame: &mut Frame<'_>, area: Rect) {
    let timeline = &state.timeline;
    let width = usize::from(area.width);
    let tail = match timeline.peak() {
        Some(peak) => {
            let bin = &timeline.bins[peak];
            let undated = if timeline.undated > 0 {
                format!(", undated {}", grouped(timeline.undated))
            } else {
                String::new()
            };
            format!("  peak {}: {}{undated}", bin.start, grouped(bin.count))
        }
        None => format!("  undated {}", grouped(timeline.undated)),
    };
    let tail = fit(&tail, width).into_owned();
    let room = width.saturating_sub(tail.width() + 1);
    let most = timeline.bins.iter().map(|bin| timeline.height(bin)).fold(0.0, f64::max);
    let mut text = String::from(" ");
    let mut year = None;
    let per_cell = timeline.bins.len().div_ceil(room.saturating_sub(10).max(1)).max(1);
    for chunk in timeline.bins.chunks(per_cell) {
        if year != Some(chunk[0].start.year()) {
            let label = format!("{}{} ", if year.is_some() { " " } else { "" }, chunk[0].start.year());
            if text.width() + label.width() < room {
                text.push_str(&label);
            }
            year = Some(chunk[0].start.year());
        }
        let height = chunk.iter().map(|bin| timeline.height(bin)).fold(0.0, f64::max);
        if text.width() < room {
            text.push(paint.level(level_of(height, most, 8)));
        }
    }
    let line = Line::from(vec![Run::raw(pad(&text, room)), Run::styled(tail, paint.dim())]);
    frame.render_widget(Paragraph::new(line), area);
}

fn level_of(height: f64, most: f64, levels: usize) -> usize {
    if most <= 0.0 || height <= 0.0 {
        return 0;
    }
    ((height / most * levels as f64).round() as usize).clamp(1, levels)
}

/// The timeline with bars, an axis of years and the chosen window.
pub fn timeline(state: &State, paint: &Paint, frame: &mut Frame<'_>, area: Rect) {
    let timeline = &state.timeline;
    let focused = state.focus == Pane::Timeline;
    let width = usize::from(area.width).saturating_sub(7);
    let unit = if timeline.share { "share of all" } else { "matches" };
    let at = timeline.bins.get(timeline.cursor).filter(|_| focused).map_or_else(String::new, |bin| {
        let share = if bin.total > 0 {
            format!(", {:.1}% of all", bin.count as f64 * 100.0 / bin.total as f64)
        } else {
            String::new()
        };
        format!("  at {}..{}: {}{share}", bin.start, bin.end, grouped(bin.count))
    });
    let undated =
        if timeline.undated > 0 { format!("  undated {}", grouped(timeline.undated)) } else { String::new() };
    let mut lines = vec![title(&format!("4 Timeline  {unit}{undated}{at}"), focused, area.width, paint)];
    let rows = usize::from(area.height).saturating_sub(2).max(1);
    // Each bin is drawn as wide as it fits; when there are too many, neighbours share a column.
    let cell = (width / timeline.bins.len().max(1)).clamp(1, 6);
    let per_cell = (timeline.bins.len() * cell).div_ceil(width.max(1)).max(1);
    let cells: Vec<(usize, f64)> = timeline
        .bins
        .chunks(per_cell)
        .enumerate()
        .map(|(idx, chunk)| {
            (idx * per_cell, chunk.iter().map(|bin| timeline.height(bin)).fold(0.0, f64::max))
        })
        .collect();
    let most = cells.iter().map(|(_, height)| *height).fold(0.0, f64::max);
    let selected = timeline.anchor.map(|anchor| (anchor.min(timeline.cursor), anchor.max(timeline.cursor)));
    for row in (0..rows).rev() {
        let label = if row + 1 == rows { scale(most, timeline.share) } else { String::new() };
        let mut runs = vec![Run::styled(format!("{label:>5}{}", paint.column()), paint.dim())];
        for (first, height) in &cells {
            let level = level_of(*height, most, rows * 8).saturating_sub(row * 8).min(8);
            let sign: String = std::iter::repeat_n(paint.level(level), cell).collect();
            let last = first + per_cell - 1;
            let under_cursor = focused && (*first..=last).contains(&timeline.cursor);
            let in_selection = selected.is_some_and(|(from, to)| last >= from && *first <= to);
            let in_window = in_dates(state, *first);
            let style = match (under_cursor || in_selection, in_window) {
                (true, _) => paint.selected(),
                (false, true) => paint.plain(),
                (false, false) => paint.dim(),
            };
            runs.push(Run::styled(sign, style));
        }
        lines.push(Line::from(runs));
    }
    lines.push(Line::styled(axis(state, &cells, cell, width), paint.dim()));
    lines.truncate(usize::from(area.height));
    frame.render_widget(Paragraph::new(lines), area);
}

/// Whether a bin lies in the chosen dates; everything does when none are chosen.
fn in_dates(state: &State, bin: usize) -> bool {
    let dates = state.spec.dates;
    let Some(bin) = state.timeline.bins.get(bin) else { return true };
    dates.since.is_none_or(|since| bin.end >= since) && dates.until.is_none_or(|until| bin.start <= until)
}

fn scale(most: f64, share: bool) -> String {
    if share { format!("{:.0}%", most * 100.0) } else { grouped(most.round() as u64) }
}

/// Labels under the bars: the year where it changes, months between when there is room.
fn axis(state: &State, cells: &[(usize, f64)], cell: usize, width: usize) -> String {
    let mut text = String::from("      ");
    let mut year = None;
    for (idx, (first, _)) in cells.iter().enumerate() {
        let Some(bin) = state.timeline.bins.get(*first) else { break };
        let column = 6 + idx * cell;
        if year != Some(bin.start.year()) && column >= text.width() && column + 4 <= width + 6 {
            text.push_str(&" ".repeat(column - text.width()));
            text.push_str(&bin.start.year().to_string());
            text.push(' ');
            year = Some(bin.start.year());
        }
    }
    text
}
