//! Drawing: reads the state, changes nothing.
//!
//! * this file: layout by size, the top line, the query with its pills, the bottom line
//! * [`list`]: results · [`side`]: facets and timeline · [`article`]: the article · [`over`]: menus, help, text
//! * [`paint`]: colours and signs; colour never carries a meaning alone

pub mod article;
pub mod list;
pub mod over;
pub mod paint;
pub mod side;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span as Run};
use ratatui::widgets::{Clear, Paragraph};
use unicode_width::UnicodeWidthStr;

use super::action::Command;
use super::completion;
use super::layout::Areas;
use super::spec::Choice;
use super::state::{Layout, Pane, State};
use super::update::{line, values};
use super::ways::Way;
use crate::model::search::{DocKind, SortBy};
use crate::output::counted;
use crate::output::style::fit;
use paint::Paint;

/// Draws everything.
pub fn draw(state: &State, frame: &mut Frame<'_>) {
    let area = frame.area();
    let paint = Paint::new(state.look);
    if state.layout() == Layout::TooSmall {
        frame.render_widget(Paragraph::new("window too small (40x10 needed)"), area);
        return;
    }
    let areas = Areas::of(state);
    frame.render_widget(Paragraph::new(top_line(state, &paint, areas.top.width)), areas.top);
    draw_query(state, &paint, frame, areas.query);
    frame.render_widget(Paragraph::new(pills(state, &paint, areas.pills.width)), areas.pills);
    match areas.timeline {
        Some(area) if area.height == 1 => side::timeline_row(state, &paint, frame, area),
        Some(area) => side::timeline(state, &paint, frame, area),
        None => {}
    }
    if let Some(area) = areas.results {
        list::draw(state, &paint, frame, area);
    }
    if let Some(area) = areas.article {
        article::draw(state, &paint, frame, area);
    }
    if let Some(area) = areas.facets {
        frame.render_widget(Clear, area);
        side::facets(state, &paint, frame, area);
    }
    draw_bottom(state, &paint, frame, areas.bottom);
    if let Some(popup) = &state.popup {
        over::draw(state, &paint, popup, frame, area);
    }
}

fn top_line(state: &State, paint: &Paint, width: u16) -> Line<'static> {
    let info = &state.info;
    let unit = if state.spec.unit == DocKind::Quote { "QUOTES" } else { "ARTICLES" };
    let span = match (info.first_date, info.last_date) {
        (Some(first), Some(last)) => format!(", {first} to {last}"),
        _ => String::new(),
    };
    let left = match info.generation {
        0 => " onrecord".to_owned(),
        _ => format!(" onrecord  {}{span}", counted(info.articles, "article")),
    };
    let sort = match state.spec.sort {
        SortBy::Relevance if state.layout() == Layout::ThreeColumns => "by relevance  ",
        SortBy::Relevance => "",
        SortBy::Date => "newest first  ",
        SortBy::DateAsc => "oldest first  ",
    };
    let right = format!("{unit}  {sort}F1 help ");
    let left = fit(&left, usize::from(width).saturating_sub(right.width() + 1)).into_owned();
    let gap = usize::from(width).saturating_sub(left.width() + right.width());
    Line::from(vec![
        Run::styled(left, paint.dim()),
        Run::raw(" ".repeat(gap)),
        Run::styled(right, paint.title(false)),
    ])
}

fn draw_query(state: &State, paint: &Paint, frame: &mut Frame<'_>, area: Rect) {
    let found = found_text(state);
    let room = usize::from(area.width).saturating_sub(found.width() + 4);
    let query = &state.spec.query;
    // A query longer than the line scrolls so that the cursor stays in sight.
    let before = query[..state.cursor].width();
    let skip = before.saturating_sub(room.saturating_sub(1));
    let mut skipped = 0;
    let mut start = 0;
    for (at, c) in query.char_indices() {
        if skipped >= skip {
            break;
        }
        skipped += unicode_width::UnicodeWidthChar::width(c).unwrap_or(0);
        start = at + c.len_utf8();
    }
    let mut runs = vec![Run::styled(
        if state.focus == Pane::Query { "> " } else { "  " },
        paint.title(state.focus == Pane::Query),
    )];
    let mut used = 0;
    let is_bad = |at: usize| {
        state.trouble.as_ref().is_some_and(|t| t.spans.iter().any(|s| s.start <= at && at < s.end))
    };
    for (at, c) in query[start..].char_indices() {
        let width = unicode_width::UnicodeWidthChar::width(c).unwrap_or(0);
        if used + width > room {
            break;
        }
        used += width;
        let style = if is_bad(start + at) { paint.bad() } else { paint.plain() };
        runs.push(Run::styled(c.to_string(), style));
    }
    let typing = state.focus == Pane::Query && state.cursor == query.len();
    if state.meant.is_some() && typing && line::offered(state).is_none() {
        // The last word is what all found words begin with.
        let ghost = fit("..", room.saturating_sub(used)).into_owned();
        used += ghost.width();
        runs.push(Run::styled(ghost, paint.ghost()));
    }
    if let Some((begun, name)) = line::offered(state).filter(|_| state.focus == Pane::Query) {
        let ghost = fit(&completion::shown(&begun, name), room.saturating_sub(used)).into_owned();
        used += ghost.width();
        runs.push(Run::styled(ghost, paint.ghost()));
    }
    if query.is_empty() {
        let hint = match state.examples.split_first() {
            Some((first, rest)) => format!("type words, or {first} (Right takes it)  {}", rest.join("  ")),
            None => "type words, a \"phrase\", speaker:name; F1 explains".to_owned(),
        };
        let hint = fit(&crate::text::sanitize(&hint), room).into_owned();
        used += hint.width();
        runs.push(Run::styled(hint, paint.dim()));
    }
    runs.push(Run::raw(" ".repeat(usize::from(area.width).saturating_sub(used + 2 + found.width()))));
    runs.push(Run::styled(found, paint.dim()));
    frame.render_widget(Paragraph::new(Line::from(runs)), area);
    if state.focus == Pane::Query && state.popup.is_none() {
        let column = area.x + 2 + u16::try_from(before - skipped.min(before)).unwrap_or(0);
        frame.set_cursor_position((column.min(area.right().saturating_sub(1)), area.y));
    }
}

/// How much was found, or that a search is under way.
fn found_text(state: &State) -> String {
    let response = &state.results.response;
    if state.slow {
        return " searching ".to_owned();
    }
    if state.trouble.is_some() && (state.quiet || state.focus != Pane::Query) {
        // What is listed is the answer to what stood there before.
        return " not understood ".to_owned();
    }
    let noun = if state.spec.unit == DocKind::Quote { "quote" } else { "hit" };
    format!(" {}  {} ms ", counted(response.total, noun), response.took.as_millis())
}

fn pills(state: &State, paint: &Paint, width: u16) -> Line<'static> {
    let mut parts = Vec::new();
    for pill in &state.spec.pills {
        let sign = match state.spec.choice(pill.field, &pill.value) {
            Choice::Off => "(off)",
            Choice::Excluded => "-",
            _ => "+",
        };
        let text = format!(" {sign}{}:{}", pill.field.name(), crate::text::sanitize(&pill.value));
        parts.push((text, if pill.enabled { paint.pill(pill.exclude) } else { paint.dim() }));
    }
    if state.spec.all_speakers {
        parts.push((" (all speakers)".to_owned(), paint.pill(false)));
    }
    if let Some(dates) = state.spec.dates_text() {
        parts.push((format!(" date:{dates}"), paint.pill(false)));
    }
    let width = usize::from(width);
    let mut runs = Vec::new();
    let mut used = 0;
    for (idx, (text, style)) in parts.iter().enumerate() {
        let behind = parts.len() - idx - 1;
        let more = if behind > 0 { format!(" +{behind} more") } else { String::new() };
        if used + text.width() + more.width() > width {
            let rest = if idx == 0 { text.clone() } else { format!(" +{} more", behind + 1) };
            runs.push(Run::styled(fit(&rest, width - used).into_owned(), *style));
            break;
        }
        used += text.width();
        runs.push(Run::styled(text.clone(), *style));
    }
    let hidden = hidden(state).unwrap_or_default();
    if used + hidden.width() < width {
        runs.push(Run::styled(format!("{hidden:>room$}", room = width - used), paint.dim()));
    }
    Line::from(runs)
}

/// How much the newest filter that leaves something out takes from the result.
fn hidden(state: &State) -> Option<String> {
    let pill = state.spec.pills.iter().rfind(|pill| pill.enabled && pill.exclude)?;
    let counts = state.facets.counts_of(pill.field)?;
    let value = counts.values.iter().find(|value| values::name_of(pill.field, value) == pill.value)?;
    let name = crate::text::sanitize(&pill.value);
    Some(format!("   -{}:{name} hides {} ", pill.field.name(), counted(value.count, "hit")))
}

fn draw_bottom(state: &State, paint: &Paint, frame: &mut Frame<'_>, area: Rect) {
    let width = usize::from(area.width);
    let mut lines = Vec::new();
    if let Some(notice) = state.notice() {
        let style =
            if state.failure.is_some() || state.lost.is_some() { paint.bad() } else { paint.title(true) };
        lines.push(Line::styled(format!(" {}", fit(&notice, width.saturating_sub(1))), style));
    }
    let say = |text: &str, style| Line::styled(format!(" {}", fit(text, width.saturating_sub(1))), style);
    lines.push(match (&state.status, &state.trouble, &state.remark) {
        (Some(status), ..) => say(status, paint.title(true)),
        // While keys come one after another, what is wrong may be about to be put right.
        (None, Some(trouble), _) if state.quiet => say(&trouble.message, paint.bad()),
        (None, None, Some(remark)) if state.quiet && state.focus == Pane::Query => {
            say(remark, paint.title(true))
        }
        _ => Line::styled(hints(state, width), paint.dim()),
    });
    frame.render_widget(Paragraph::new(lines), area);
}

/// A way out of an empty result, as shown.
pub fn way_line(way: &Way) -> String {
    match way.hits {
        Some(hits) => format!("{}: {}", way.label, counted(hits, "hit")),
        None => way.label.clone(),
    }
}

/// The keys worth knowing now; the help key is always among them.
fn hints(state: &State, width: usize) -> String {
    let wanted: &[(Command, &str)] = match state.focus {
        Pane::Query if state.shows_ways() => &[
            (Command::Down, "next way"),
            (Command::Enter, "take it"),
            (Command::Undo, "undo"),
            (Command::Palette, "all actions"),
            (Command::Quit, "quit"),
        ],
        Pane::Query if state.normal => {
            return fit(" i types  : all actions  q quit  F1 keys", width).into_owned();
        }
        Pane::Query => &[
            (Command::Enter, "read"),
            (Command::NextPane, "pane"),
            (Command::SwitchUnit, "articles/quotes"),
            (Command::CopyMenu, "copy"),
            (Command::Palette, "all actions"),
            (Command::Quit, "quit"),
        ],
        Pane::Results => &[
            (Command::Enter, "read"),
            (Command::Mark, "mark"),
            (Command::FilterMenu, "filter"),
            (Command::CopyMenu, "copy"),
            (Command::OpenPage, "open"),
            (Command::Export, "export"),
            (Command::Sort, "sort"),
            (Command::ShowCommand, "command"),
            (Command::Quit, "quit"),
        ],
        Pane::Facets => &[
            (Command::Include, "include"),
            (Command::Exclude, "exclude"),
            (Command::Only, "only"),
            (Command::Find, "find"),
            (Command::Right, "next field"),
            (Command::SwitchOff, "off"),
            (Command::Back, "back"),
        ],
        Pane::Timeline => &[
            (Command::Right, "move"),
            (Command::SelectTime, "select"),
            (Command::Enter, "zoom in"),
            (Command::AllDates, "all dates"),
            (Command::NextBin, "bins"),
            (Command::Share, "share"),
            (Command::Back, "back"),
        ],
        Pane::Article => &[
            (Command::NextQuote, "quote"),
            (Command::NextMatch, "match"),
            (Command::NextSameSpeaker, "same speaker"),
            (Command::CopyMenu, "copy"),
            (Command::OpenPage, "open"),
            (Command::Furniture, "cut lines"),
            (Command::Back, "back"),
        ],
    };
    let mut text = String::new();
    for (command, word) in wanted {
        let Some(key) = state.keymap.key_of(state.focus, *command) else { continue };
        let part = format!(" {} {word} ", shown_key(&key));
        if text.width() + part.width() + 9 > width {
            break;
        }
        text.push_str(&part);
    }
    text.push_str(" F1 keys");
    text
}

/// `ctrl-y` as `^Y`, `space` as `Space`.
pub fn shown_key(key: &str) -> String {
    if key == "ctrl-7" {
        // What terminals make of it.
        return "^_".to_owned();
    }
    if let Some(letter) = key.strip_prefix("ctrl-") {
        return format!("^{}", letter.to_ascii_uppercase());
    }
    match key {
        "pgup" => "PgUp".to_owned(),
        "pgdn" => "PgDn".to_owned(),
        "enter" => "Enter".to_owned(),
        "tab" => "Tab".to_owned(),
        "esc" => "Esc".to_owned(),
        "space" => "Space".to_owned(),
        key => key.to_owned(),
    }
}
