//! Facets and timeline.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span as Run};
use ratatui::widgets::Paragraph;
use unicode_width::UnicodeWidthStr;

use super::super::facets::{FIELDS, SPANS, ValueOrder, per_mille, totals_by_name};
use super::super::spec::Choice;
use super::super::state::{Pane, State};
use super::super::timeline::Timeline;
use super::super::update::values;
use super::list::title;
use super::paint::Paint;
use crate::model::search::{FacetCount, FacetField};
use crate::output::grouped;
use crate::output::style::{fit, pad};
use crate::output::table::value_name;

/// Columns left of and behind the bars of the timeline: the scale, and one at the end.
pub const SCALE: u16 = 7;
/// From so many columns on, values have their trend beside the count.
const WITH_TREND: usize = 32;

/// What stands on a row of the facet pane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FacetRow {
    /// The pane's title.
    Title,
    /// The heading of a field.
    Field(usize),
    /// What is typed to find a value.
    Find,
    /// A value of a field: the field's place among all, and its own.
    Value(usize, usize),
    /// There are none.
    NoValues,
    /// There are more than fit.
    More,
}

/// The rows of the facet pane, `height` of them at most: the open field's values, and as many of the others' as fit.
pub fn facet_rows(state: &State, height: u16) -> Vec<FacetRow> {
    let mut rows = vec![FacetRow::Title];
    for (idx, share) in values::shares(state).into_iter().enumerate() {
        rows.push(FacetRow::Field(idx));
        if idx != state.facets.field {
            rows.extend((0..share).map(|value| FacetRow::Value(idx, value)));
            continue;
        }
        if state.facets.find.is_some() {
            rows.push(FacetRow::Find);
        }
        let n_values = values::shown(state).len();
        let room = values::rows(state);
        let top = values::top(state);
        rows.extend((top..n_values.min(top + room)).map(|value| FacetRow::Value(idx, value)));
        if n_values == 0 {
            rows.push(FacetRow::NoValues);
        } else if n_values > room || has_more(state) {
            rows.push(FacetRow::More);
        }
    }
    rows.truncate(usize::from(height));
    rows
}

fn has_more(state: &State) -> bool {
    let open = state.facets.counts_of(state.facets.open_field());
    state.facets.find.is_none() && open.is_some_and(|facet| facet.n_values > facet.values.len())
}

/// Draws the facets.
pub fn facets(state: &State, paint: &Paint, frame: &mut Frame<'_>, area: Rect) {
    let focused = state.focus == Pane::Facets;
    let width = usize::from(area.width);
    let shown = FIELDS.map(|field| values::of_field(state, field));
    let open = state.facets.open_field();
    let totals = state.names.get(&open).filter(|_| state.facets.order == ValueOrder::Share);
    let totals = totals.map(|totals| totals_by_name(totals));
    let mut lines = Vec::new();
    for row in facet_rows(state, area.height) {
        lines.push(match row {
            FacetRow::Title => title("3 Facets", focused, area.width, paint),
            FacetRow::Field(idx) => {
                let field = FIELDS[idx];
                let n_values = state.facets.counts_of(field).map_or(0, |counts| counts.n_values);
                let all = field == FacetField::Speaker && state.spec.all_speakers;
                let word = if all { "all of" } else { "any of" };
                let sign = if field == open { "v" } else { ">" };
                let order = match state.facets.order {
                    ValueOrder::Count => "",
                    order if field == open => order.name(),
                    _ => "",
                };
                let heading =
                    format!("{sign} {}  {word} {}  {order}", field.name(), grouped(n_values as u64));
                Line::styled(fit(&heading, width).into_owned(), paint.title(field == open && focused))
            }
            FacetRow::Find => {
                let find = state.facets.find.as_deref().unwrap_or_default();
                Line::styled(format!("  / {}_", fit(find, width.saturating_sub(6))), paint.plain())
            }
            FacetRow::Value(place, idx) => {
                let (field, value) = (FIELDS[place], shown[place][idx]);
                let at_cursor = focused && field == open && idx == state.facets.line;
                let count = match totals.as_ref().filter(|_| field == open) {
                    Some(totals) => format!("{}%", per_mille(value, totals).div_ceil(10)),
                    None => grouped(value.count),
                };
                value_line(state, paint, (field, value), &count, at_cursor, width)
            }
            FacetRow::NoValues => Line::styled("    no values", paint.dim()),
            FacetRow::More => {
                Line::styled(fit("    / finds among all values", width).into_owned(), paint.dim())
            }
        });
    }
    frame.render_widget(Paragraph::new(lines), area);
}

fn value_line(
    state: &State,
    paint: &Paint,
    (field, value): (FacetField, &FacetCount),
    count: &str,
    at_cursor: bool,
    width: usize,
) -> Line<'static> {
    let name = value_name(field, value.value.as_deref());
    let choice = state.spec.choice(field, &values::name_of(field, value));
    let sign = match choice {
        Choice::Free => "[ ]",
        Choice::Included => "[+]",
        Choice::Excluded => "[-]",
        Choice::Off => "[.]",
    };
    let trend = if width >= WITH_TREND && field != FacetField::Year {
        let counts = state.facets.trends.get(&(field, values::name_of(field, value)));
        format!(" {}", pad(&counts.map_or_else(String::new, |counts| paint.levels(counts)), SPANS))
    } else {
        String::new()
    };
    let cursor = if at_cursor { ">" } else { " " };
    let room = width.saturating_sub(count.width() + trend.width() + 7);
    let line = Line::raw(format!("{cursor}{sign} {} {count}{trend}", pad(&name, room)));
    let line = line.style(match choice {
        Choice::Included => paint.pill(false),
        Choice::Excluded => paint.pill(true),
        Choice::Off => paint.dim(),
        Choice::Free => paint.plain(),
    });
    if at_cursor { line.patch_style(paint.selected()) } else { line }
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
            format!("  peak {}: {}{undated}", Timeline::label(bin), grouped(bin.count))
        }
        None if timeline.undated > 0 => format!("  undated {}", grouped(timeline.undated)),
        None => String::new(),
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
    let width = usize::from(area.width.saturating_sub(SCALE));
    let unit = if timeline.share { "share of all" } else { "matches" };
    let at = timeline.bins.get(timeline.cursor).filter(|_| focused).map_or_else(String::new, |bin| {
        let share = if bin.total > 0 {
            format!(", {:.1}% of all", bin.count as f64 * 100.0 / bin.total as f64)
        } else {
            String::new()
        };
        format!("  at {}: {}{share}", Timeline::label(bin), grouped(bin.count))
    });
    let undated =
        if timeline.undated > 0 { format!("  undated {}", grouped(timeline.undated)) } else { String::new() };
    let mut lines = vec![title(&format!("4 Timeline  {unit}{undated}{at}"), focused, area.width, paint)];
    let rows = usize::from(area.height).saturating_sub(2).max(1);
    // Each bin is drawn as wide as it fits; when there are too many, neighbours share a column.
    let (per_cell, cell) = timeline.cells(width);
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

/// Labels under the bars: the year where it changes, months between where there is room.
fn axis(state: &State, cells: &[(usize, f64)], cell: usize, width: usize) -> String {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let first = usize::from(SCALE) - 1;
    let mut text = " ".repeat(first);
    let mut before: Option<(i16, i8)> = None;
    for (idx, (bin, _)) in cells.iter().enumerate() {
        let Some(bin) = state.timeline.bins.get(*bin) else { break };
        let column = first + idx * cell;
        let (year, month) = (bin.start.year(), bin.start.month());
        let label = match before {
            Some((known, _)) if known == year && before == Some((year, month)) => continue,
            Some((known, _)) if known == year => MONTHS[usize::from(month.unsigned_abs()) - 1].to_owned(),
            _ => year.to_string(),
        };
        let is_year = label.len() == 4;
        if column >= text.width() && column + label.len() <= width + first {
            text.push_str(&" ".repeat(column - text.width()));
            text.push_str(&label);
            text.push_str(if is_year { "  " } else { "   " });
            before = Some((year, month));
        }
    }
    marked_axis(state, text.trim_end(), cells, cell)
}

/// The axis with the chosen window underlined and the cursor pointed at, where no label stands: seen without colour too.
fn marked_axis(state: &State, labels: &str, cells: &[(usize, f64)], cell: usize) -> String {
    let mut signs: Vec<char> = labels.chars().collect();
    let first = usize::from(SCALE) - 1;
    let is_narrowed = !state.spec.dates.is_open();
    for (idx, (bin, _)) in cells.iter().enumerate() {
        let next = cells.get(idx + 1).map_or(usize::MAX, |(bin, _)| *bin);
        let under_cursor = state.focus == Pane::Timeline && (*bin..next).contains(&state.timeline.cursor);
        let sign = match (under_cursor, is_narrowed && in_dates(state, *bin)) {
            (true, _) => '^',
            (false, true) => '=',
            (false, false) => continue,
        };
        for column in first + idx * cell..first + (idx + 1) * cell {
            if signs.len() <= column {
                signs.resize(column + 1, ' ');
            }
            if signs[column] == ' ' {
                signs[column] = sign;
            }
        }
    }
    signs.into_iter().collect()
}
