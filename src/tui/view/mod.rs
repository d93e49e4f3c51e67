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
use ratatui::layout::{Constraint, Layout as Split, Rect};
use ratatui::text::{Line, Span as Run};
use ratatui::widgets::{Clear, Paragraph};
use unicode_width::UnicodeWidthStr;

use super::action::Command;
use super::spec::Choice;
use super::state::{Layout, Pane, State};
use crate::model::search::DocKind;
use crate::output::grouped;
use crate::output::style::fit;
use paint::Paint;

/// Rows of the timeline pane where it has several.
const TIMELINE_ROWS: u16 = 8;

/// Draws everything.
pub fn draw(state: &State, frame: &mut Frame<'_>) {
    let area = frame.area();
    let paint = Paint::new(state.look);
    if state.layout() == Layout::TooSmall {
        frame.render_widget(Paragraph::new("window too small (40x10 needed)"), area);
        return;
    }
    let pills = pills(state, &paint);
    let pill_rows = u16::from(!pills.spans.is_empty());
    let [top, query, pill_area, main, bottom] = Split::vertical([
        Constraint::Length(1),
        Constraint::Length(1),
        Constraint::Length(pill_rows),
        Constraint::Min(1),
        Constraint::Length(1 + u16::from(has_notice(state))),
    ])
    .areas(area);
    frame.render_widget(Paragraph::new(top_line(state, &paint, top.width)), top);
    draw_query(state, &paint, frame, query);
    frame.render_widget(Paragraph::new(pills), pill_area);
    draw_main(state, &paint, frame, main);
    draw_bottom(state, &paint, frame, bottom);
    if let Some(popup) = &state.popup {
        over::draw(state, &paint, popup, frame, area);
    }
}

fn draw_main(state: &State, paint: &Paint, frame: &mut Frame<'_>, area: Rect) {
    if state.zoomed {
        article::draw(state, paint, frame, area);
        return;
    }
    let rows = state.size.1;
    match state.layout() {
        Layout::TooSmall => {}
        Layout::OnePane => match state.focus {
            Pane::Article => article::draw(state, paint, frame, area),
            Pane::Facets => side::facets(state, paint, frame, area),
            Pane::Timeline => side::timeline(state, paint, frame, area),
            Pane::Query | Pane::Results => list::draw(state, paint, frame, area),
        },
        Layout::Stacked => {
            let time_rows = if rows < 14 {
                0
            } else if state.focus == Pane::Timeline {
                TIMELINE_ROWS
            } else {
                1
            };
            let [time, rest] =
                Split::vertical([Constraint::Length(time_rows), Constraint::Min(1)]).areas(area);
            if time_rows == 1 {
                side::timeline_row(state, paint, frame, time);
            } else if time_rows > 1 {
                side::timeline(state, paint, frame, time);
            }
            if state.focus == Pane::Article {
                article::draw(state, paint, frame, rest);
            } else if rows < 18 {
                list::draw(state, paint, frame, rest);
            } else {
                let [list_area, article_area] =
                    Split::vertical([Constraint::Percentage(50), Constraint::Percentage(50)]).areas(rest);
                list::draw(state, paint, frame, list_area);
                article::draw(state, paint, frame, article_area);
            }
            if state.focus == Pane::Facets {
                side_overlay(state, paint, frame, rest);
            }
        }
        Layout::TwoColumns | Layout::ThreeColumns => {
            let [time, rest] =
                Split::vertical([Constraint::Length(TIMELINE_ROWS), Constraint::Min(1)]).areas(area);
            side::timeline(state, paint, frame, time);
            if state.layout() == Layout::TwoColumns {
                let [list_area, article_area] =
                    Split::horizontal([Constraint::Percentage(50), Constraint::Percentage(50)]).areas(rest);
                list::draw(state, paint, frame, list_area);
                article::draw(state, paint, frame, article_area);
                if state.focus == Pane::Facets {
                    side_overlay(state, paint, frame, rest);
                }
                return;
            }
            let [facets_area, list_area, article_area] = Split::horizontal([
                Constraint::Percentage(22),
                Constraint::Percentage(40),
                Constraint::Percentage(38),
            ])
            .areas(rest);
            side::facets(state, paint, frame, facets_area);
            list::draw(state, paint, frame, list_area);
            article::draw(state, paint, frame, article_area);
        }
    }
}

/// The facets over the left half of the panes.
fn side_overlay(state: &State, paint: &Paint, frame: &mut Frame<'_>, area: Rect) {
    let width = (area.width / 2).max(36).min(area.width);
    let over = Rect { width, ..area };
    frame.render_widget(Clear, over);
    side::facets(state, paint, frame, over);
}

fn top_line(state: &State, paint: &Paint, width: u16) -> Line<'static> {
    let info = &state.info;
    let unit = if state.spec.unit == DocKind::Quote { "QUOTES" } else { "ARTICLES" };
    let span = match (info.first_date, info.last_date) {
        (Some(first), Some(last)) => format!(", {first} to {last}"),
        _ => String::new(),
    };
    let left = format!(" onrecord  {} articles{span}", grouped(info.articles));
    let sort = match state.spec.sort {
        crate::model::search::SortBy::Relevance => "",
        crate::model::search::SortBy::Date => "newest first  ",
        crate::model::search::SortBy::DateAsc => "oldest first  ",
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
    if query.is_empty() {
        let hint = fit("type words, a \"phrase\", speaker:name; F1 explains", room).into_owned();
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
    let noun = if state.spec.unit == DocKind::Quote { "quotes" } else { "hits" };
    format!(" {} {noun}  {} ms ", grouped(response.total), response.took.as_millis())
}

fn pills(state: &State, paint: &Paint) -> Line<'static> {
    let mut runs = Vec::new();
    for pill in &state.spec.pills {
        let sign = match state.spec.choice(pill.field, &pill.value) {
            Choice::Off => "(off)",
            Choice::Excluded => "-",
            _ => "+",
        };
        let text = format!(" {sign}{}:{}", pill.field.name(), crate::text::sanitize(&pill.value));
        let style = if pill.enabled { paint.pill(pill.exclude) } else { paint.dim() };
        runs.push(Run::styled(text, style));
    }
    if state.spec.all_speakers {
        runs.push(Run::styled(" (all speakers)", paint.pill(false)));
    }
    if let Some(dates) = state.spec.dates_text() {
        runs.push(Run::styled(format!(" date:{dates}"), paint.pill(false)));
    }
    Line::from(runs)
}

fn has_notice(state: &State) -> bool {
    state.newer || state.failure.is_some()
}

fn draw_bottom(state: &State, paint: &Paint, frame: &mut Frame<'_>, area: Rect) {
    let mut lines = Vec::new();
    if let Some(message) = &state.failure {
        lines.push(Line::styled(format!(" {}", fit(message, usize::from(area.width))), paint.bad()));
    } else if state.newer {
        let text = " The index was refreshed. r loads the new state (outside the query)";
        lines.push(Line::styled(fit(text, usize::from(area.width)).into_owned(), paint.title(true)));
    }
    lines.push(match (&state.status, &state.trouble) {
        (Some(status), _) => Line::styled(
            format!(" {}", fit(status, usize::from(area.width).saturating_sub(1))),
            paint.title(true),
        ),
        (None, Some(trouble)) => Line::styled(
            format!(" {}", fit(&trouble.message, usize::from(area.width).saturating_sub(1))),
            paint.bad(),
        ),
        (None, None) => Line::styled(hints(state, usize::from(area.width)), paint.dim()),
    });
    frame.render_widget(Paragraph::new(lines), area);
}

/// The keys worth knowing now; the help key is always among them.
fn hints(state: &State, width: usize) -> String {
    let wanted: &[(Command, &str)] = match state.focus {
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
    if let Some(letter) = key.strip_prefix("ctrl-") {
        return format!("^{}", letter.to_ascii_uppercase());
    }
    match key {
        "enter" => "Enter".to_owned(),
        "tab" => "Tab".to_owned(),
        "esc" => "Esc".to_owned(),
        "space" => "Space".to_owned(),
        key => key.to_owned(),
    }
}
