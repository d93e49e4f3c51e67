//! The article: matches painted, quotes marked in the margin by speaker, a legend below.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line as Row, Span as Run};
use ratatui::widgets::Paragraph;

use super::super::reader::{Line, LineKind, Reader};
use super::super::state::{Pane, State};
use super::list::{marked_runs, title};
use super::paint::Paint;
use crate::model::{Grade, Quote, Span};
use crate::output::article::legend;
use crate::output::style::fit;
use crate::text::sanitize;

/// Draws the article pane.
pub fn draw(state: &State, paint: &Paint, frame: &mut Frame<'_>, area: Rect) {
    let focused = state.focus == Pane::Article;
    let rows = usize::from(area.height).saturating_sub(2);
    let Some(reader) = &state.article else {
        let lines = vec![title("5 Article", focused, area.width, paint)];
        frame.render_widget(Paragraph::new(lines), area);
        return;
    };
    let legend = legend(&reader.stored.quotes);
    let mut lines = vec![title(&heading(reader, rows), focused, area.width, paint)];
    for line in reader.lines.iter().skip(reader.top).take(rows) {
        lines.push(row(reader, line, &legend, paint));
    }
    while lines.len() < rows + 1 {
        lines.push(Row::raw(""));
    }
    lines.push(legend_row(reader, &legend, usize::from(area.width), paint));
    lines.truncate(usize::from(area.height));
    frame.render_widget(Paragraph::new(lines), area);
    let side = Rect { x: area.right().saturating_sub(2), y: area.y + 1, width: 2, height: area.height };
    let side = Rect { height: (rows as u16).min(area.height.saturating_sub(1)), ..side };
    frame.render_widget(Paragraph::new(ticks(reader, usize::from(side.height), paint)), side);
}

/// Where in the article matches and quotes stand, a row for each part of it: matches left, quotes right, and how much of it
/// is on the screen. Nothing for an article that fits.
fn ticks(reader: &Reader, rows: usize, paint: &Paint) -> Vec<Row<'static>> {
    let n_lines = reader.lines.len();
    if n_lines <= rows || rows == 0 {
        return Vec::new();
    }
    let row_of = |line: usize| (line * rows / n_lines).min(rows - 1);
    let (mut matched, mut quoted) = (vec![false; rows], vec![false; rows]);
    for span in &reader.matches {
        matched[row_of(reader.line_of(span.start))] = true;
    }
    for (idx, _) in reader.lines.iter().enumerate().filter(|(_, line)| line.quote.is_some() && reader.marks) {
        quoted[row_of(idx)] = true;
    }
    let shown = row_of(reader.top)..=row_of(reader.top + rows - 1);
    let sign = |is_there: bool, sign: &'static str, row: usize| match (is_there, shown.contains(&row)) {
        (true, _) => sign,
        (false, true) => paint.column(),
        (false, false) => " ",
    };
    let row = |row: usize| {
        Row::from(vec![
            Run::styled(sign(matched[row], "*", row), if matched[row] { paint.mark() } else { paint.dim() }),
            Run::styled(sign(quoted[row], "\"", row), paint.dim()),
        ])
    };
    (0..rows).map(row).collect()
}

fn heading(reader: &Reader, rows: usize) -> String {
    let article = &reader.stored.article;
    let outlet = article.outlet.as_deref().unwrap_or("no outlet");
    let day = article.date.map_or_else(|| "undated".to_owned(), |day| day.to_string());
    let mut text = "5 Article".to_owned();
    if !reader.matches.is_empty() {
        let now = reader.matched.map_or(0, |idx| idx + 1);
        text.push_str(&format!("  match {now}/{}", reader.matches.len()));
    }
    if let Some((idx, _)) = reader.focused_quote() {
        let (place, n_quotes) = reader.place_of(idx);
        text.push_str(&format!("  quote {place}/{n_quotes}"));
    }
    // Where it is from stands under its headline too: that may be cut.
    text.push_str(&format!("  {}%  {outlet} {day}", reader.percent(rows)));
    if let Some(find) = &reader.find {
        text.push_str(&format!("  / {find}_"));
    }
    text
}

/// The letter of a quote's speaker and its place in the legend; `?` after it marks an uncertain attribution.
fn letter_of(legend: &[(char, String, usize)], quote: &Quote) -> (char, usize) {
    let found = quote.speaker.as_ref().and_then(|name| legend.iter().position(|(_, known, _)| known == name));
    found.map_or(('?', 5), |idx| (legend[idx].0, idx))
}

fn row(reader: &Reader, line: &Line, legend: &[(char, String, usize)], paint: &Paint) -> Row<'static> {
    match line.kind {
        LineKind::Headline => {
            let mut runs = vec![Run::raw("    ")];
            runs.extend(marked_runs(&line.text, &line.marks, paint.title(true), paint));
            return Row::from(runs);
        }
        LineKind::About | LineKind::Furniture | LineKind::Rest => {
            return Row::styled(format!("    {}", sanitize(&line.text)), paint.dim());
        }
        LineKind::Blank => return Row::raw(""),
        LineKind::Body => {}
    }
    let body = &reader.stored.article.body;
    let mut runs = Vec::new();
    let quote =
        line.quote.filter(|_| reader.marks).and_then(|idx| Some((idx, reader.stored.quotes.get(idx)?)));
    let mut said = Style::new();
    match quote {
        Some((idx, quote)) => {
            let (letter, place) = letter_of(legend, quote);
            let doubt =
                if matches!(quote.grade, Grade::Pronoun | Grade::Carried | Grade::Role) { '~' } else { ' ' };
            let cursor = if reader.quote == Some(idx) { '>' } else { ' ' };
            runs.push(Run::styled(
                format!("{cursor}{letter}{doubt}{}", paint.column()),
                paint.speaker(place),
            ));
            said = paint.speaker(place);
        }
        None => runs.push(Run::raw("    ")),
    }
    let spans: Vec<Span> = quote.map(|(_, quote)| quote.content.clone()).unwrap_or_default();
    runs.extend(pieces(body, line.span, &reader.matches, &spans, said, paint));
    Row::from(runs)
}

/// The text of a line, cut where a match or a quote begins or ends.
fn pieces(
    body: &str,
    line: Span,
    matches: &[Span],
    said: &[Span],
    style: Style,
    paint: &Paint,
) -> Vec<Run<'static>> {
    let mut cuts: Vec<usize> = vec![line.start, line.end];
    // Matches are in order: only those near the line are looked at.
    let first = matches.partition_point(|span| span.end <= line.start);
    let near = matches[first..].partition_point(|span| span.start < line.end);
    let matches = &matches[first..first + near];
    for span in matches.iter().chain(said).filter(|span| span.overlaps(line)) {
        cuts.extend([span.start.max(line.start), span.end.min(line.end)]);
    }
    cuts.sort_unstable();
    cuts.dedup();
    let mut runs = Vec::new();
    for pair in cuts.windows(2) {
        let piece = Span::new(pair[0], pair[1]);
        let inside = |spans: &[Span]| spans.iter().any(|span| span.contains(piece));
        let style = match (inside(matches), inside(said)) {
            (true, _) => paint.mark(),
            (false, true) => style,
            (false, false) => paint.plain(),
        };
        runs.push(Run::styled(sanitize(piece.of(body)).into_owned(), style));
    }
    runs
}

fn legend_row(
    reader: &Reader,
    legend: &[(char, String, usize)],
    width: usize,
    paint: &Paint,
) -> Row<'static> {
    if let Some((_, quote)) = reader.focused_quote() {
        let name =
            quote.speaker.as_deref().or(quote.speaker_as_written.as_deref()).unwrap_or("no named speaker");
        let role = quote.role.as_deref().map_or_else(String::new, |role| format!(", {role}"));
        let via = quote.via.as_deref().map_or_else(String::new, |via| format!(", via {via}"));
        let written = quote
            .speaker_as_written
            .as_deref()
            .map_or_else(String::new, |written| format!(" as `{written}`"));
        let text = format!("    {name}{role}{via}: {}{written}", quote.grade.name());
        return Row::styled(fit(&text, width).into_owned(), paint.title(true));
    }
    let parts: Vec<String> =
        legend.iter().map(|(letter, name, n_quotes)| format!("{letter} {name} {n_quotes}q")).collect();
    Row::styled(fit(&format!("    {}", parts.join("   ")), width).into_owned(), paint.dim())
}
