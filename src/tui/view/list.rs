//! The list of hits.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span as Run};
use ratatui::widgets::Paragraph;
use unicode_width::UnicodeWidthStr;

use super::super::results::id_of;
use super::super::state::{Pane, State};
use super::paint::Paint;
use crate::model::Span;
use crate::model::search::{DocKind, Hit, Matched, SnippetField};
use crate::output::grouped;
use crate::output::record::shown_date;
use crate::output::style::{fit, pad};

/// A title line with a rule to the right edge.
pub fn title(text: &str, focused: bool, width: u16, paint: &Paint) -> Line<'static> {
    let sign = if focused { "> " } else { "" };
    let rule = paint.rule();
    let text = format!("{rule}{rule} {sign}{} ", fit(text, usize::from(width).saturating_sub(8)));
    let rest = usize::from(width).saturating_sub(text.width());
    Line::styled(format!("{text}{}", rule.repeat(rest)), paint.title(focused))
}

/// Draws the list.
pub fn draw(state: &State, paint: &Paint, frame: &mut Frame<'_>, area: Rect) {
    let results = &state.results;
    let focused = matches!(state.focus, Pane::Results);
    let response = &results.response;
    let shown = usize::from(area.height.saturating_sub(1)) / 2;
    let top = results.top;
    let last = (top + shown).min(response.hits.len());
    let marked =
        if results.marked.is_empty() { String::new() } else { format!(", {} marked", results.marked.len()) };
    let heading = if response.hits.is_empty() {
        format!("2 Results{marked}")
    } else if results.whole.is_some() {
        format!("2 Results {}-{} of {} marked", top + 1, last, response.hits.len())
    } else if last as u64 > response.total {
        // Behind those with all of the words stand those with most of them.
        format!("2 Results {}-{}, {} with all words{marked}", top + 1, last, grouped(response.total))
    } else {
        format!("2 Results {}-{} of {}{marked}", top + 1, last, grouped(response.total))
    };
    let mut lines = vec![title(&heading, focused, area.width, paint)];
    // What is shown is not what is typed.
    let faded = state.trouble.is_some();
    if response.hits.is_empty() {
        lines.extend(empty(state, paint, area.width));
    }
    for (idx, hit) in response.hits.iter().enumerate().take(last).skip(top) {
        let selected = idx == results.selected;
        let is_marked = results.marked.contains(id_of(hit));
        lines.push(first_line(hit, selected, is_marked, area.width, paint));
        lines.push(second_line(hit, area.width, paint));
    }
    if faded {
        lines = lines.into_iter().map(|line| line.patch_style(paint.dim())).collect();
    }
    frame.render_widget(Paragraph::new(lines), area);
}

fn first_line(hit: &Hit, selected: bool, marked: bool, width: u16, paint: &Paint) -> Line<'static> {
    let width = usize::from(width);
    let sign = match (selected, marked) {
        (true, true) => ">*",
        (true, false) => "> ",
        (false, true) => " *",
        (false, false) => "  ",
    };
    let date = shown_date(&hit.article);
    let outlet = hit.article.outlet.as_deref().unwrap_or("no outlet");
    let outlet_width = (width / 5).clamp(8, 14);
    let n_quotes = match &hit.quote {
        Some(_) => String::new(),
        None => format!(" {:>2}q", hit.article.n_quotes),
    };
    let most = if matches!(hit.matched, Matched::Most { .. }) { "~" } else { " " };
    let lead = format!("{sign}{most}{} {} ", pad(&date, 11), pad(outlet, outlet_width));
    let text = match &hit.quote {
        Some(quote) => quote
            .speaker
            .clone()
            .or_else(|| quote.speaker_as_written.clone())
            .unwrap_or_else(|| "(no named speaker)".to_owned()),
        None => hit.article.headline.clone().unwrap_or_else(|| "(no headline)".to_owned()),
    };
    let room = width.saturating_sub(lead.width() + n_quotes.width());
    let style = if selected { paint.title(true) } else { paint.plain() };
    let heading = hit
        .snippets
        .iter()
        .find(|s| s.field == SnippetField::Headline && hit.quote.is_none() && s.text == text);
    let mut runs = vec![Run::styled(lead, style)];
    let marks: &[Span] = heading.map_or(&[], |snippet| &snippet.marks);
    let fitted = pad(&text, room);
    runs.extend(marked_runs(&fitted, marks, style, paint));
    runs.push(Run::styled(n_quotes, style));
    let line = Line::from(runs);
    if selected { line.style(paint.selected()) } else { line }
}

fn second_line(hit: &Hit, width: u16, paint: &Paint) -> Line<'static> {
    const INDENT: &str = "     ";
    let room = usize::from(width).saturating_sub(INDENT.len());
    let mut runs = vec![Run::raw(INDENT)];
    if let Matched::Most { missing } = &hit.matched {
        let text = format!("without {}  ", crate::text::sanitize(&missing.join(", ")));
        runs.push(Run::styled(fit(&text, room).into_owned(), paint.dim()));
    }
    let copies = match hit.copies.len() {
        0 => String::new(),
        1 => "+1 copy  ".to_owned(),
        n => format!("+{n} copies  "),
    };
    runs.push(Run::styled(copies, paint.dim()));
    let used: usize = runs.iter().map(|run| run.content.width()).sum::<usize>() - INDENT.len();
    let room = room.saturating_sub(used);
    let body = hit.snippets.iter().find(|snippet| snippet.field != SnippetField::Headline);
    let (text, marks): (String, Vec<Span>) = match (&hit.quote, body) {
        (Some(quote), _) => quote.quoted(),
        (None, Some(snippet)) => (snippet.text.clone(), snippet.marks.clone()),
        (None, None) => (String::new(), Vec::new()),
    };
    let (text, marks) = from_first_mark(&text, &marks, room);
    let fitted = fit(&text, room).into_owned();
    runs.extend(marked_runs(&fitted, &marks, paint.dim(), paint));
    Line::from(runs)
}

/// The part of `text` that begins a little before its first match, when that would not fit else.
fn from_first_mark(text: &str, marks: &[Span], room: usize) -> (String, Vec<Span>) {
    let first = marks.first().map_or(0, |mark| mark.start);
    if text.get(..first).is_none_or(|before| before.width() + 20 < room) {
        return (text.to_owned(), marks.to_vec());
    }
    let target = first.saturating_sub(room / 3);
    let cut = text
        .char_indices()
        .find(|(at, c)| *at >= target && c.is_whitespace())
        .map_or(0, |(at, c)| at + c.len_utf8());
    let cut = cut.min(first);
    let shifted = marks.iter().map(|mark| Span::new(mark.start - cut + 2, mark.end - cut + 2)).collect();
    (format!("..{}", &text[cut..]), shifted)
}

/// `text` with its matches painted. Text that was cut or padded keeps the marks that still fit it.
pub fn marked_runs(
    text: &str,
    marks: &[Span],
    style: ratatui::style::Style,
    paint: &Paint,
) -> Vec<Run<'static>> {
    let mut runs = Vec::new();
    let mut at = 0;
    for mark in marks {
        let (Some(before), Some(hit)) = (text.get(at..mark.start), text.get(mark.start..mark.end)) else {
            break;
        };
        runs.push(Run::styled(crate::text::sanitize(before).into_owned(), style));
        runs.push(Run::styled(crate::text::sanitize(hit).into_owned(), paint.mark()));
        at = mark.end;
    }
    runs.push(Run::styled(crate::text::sanitize(text.get(at..).unwrap_or("")).into_owned(), style));
    runs
}

/// What an empty list says.
fn empty(state: &State, paint: &Paint, width: u16) -> Vec<Line<'static>> {
    let width = usize::from(width);
    let say = |text: &str| Line::styled(format!("   {}", fit(text, width.saturating_sub(3))), paint.plain());
    if state.info.generation > 0 && state.info.articles == 0 {
        let skipped = crate::output::counted(state.info.skipped, "record");
        return vec![say(&format!("0 articles; {skipped} skipped: onrecord skipped says why"))];
    }
    if state.seq != state.shown_seq {
        return Vec::new();
    }
    let noun = if state.spec.unit == DocKind::Quote { "quotes" } else { "hits" };
    let mut lines = vec![say("")];
    if state.ways.is_empty() {
        lines.push(say(&format!("No {noun}.")));
        return lines;
    }
    lines.push(say(&format!("No {noun}. What there would be (Up, Down choose, Enter takes it):")));
    for (idx, way) in state.ways.iter().enumerate() {
        let sign = if idx == state.way { ">" } else { " " };
        let text = format!(" {sign} {}", fit(&super::way_line(way), width.saturating_sub(3)));
        let line = Line::styled(text, paint.plain());
        lines.push(if idx == state.way { line.style(paint.selected()) } else { line });
    }
    lines
}
