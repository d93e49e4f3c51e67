//! Moving and choosing in results, facets, timeline and article.

use crate::model::Span;
use crate::model::search::{FacetField, SnippetField, SortBy, StoredArticle};

use super::super::action::Command;
use super::super::effect::Effect;
use super::super::facets::ValueOrder;
use super::super::reader::Reader;
use super::super::results::id_of;
use super::super::state::{Layout, Pane, State};
use super::super::timeline::{WIDTHS, shifted};
use super::asking;

/// What a command does while a pane other than the query has the focus.
pub fn command(state: &mut State, command: Command) -> Vec<Effect> {
    match state.focus {
        Pane::Query | Pane::Results => in_results(state, command),
        Pane::Facets => in_facets(state, command),
        Pane::Timeline => in_timeline(state, command),
        Pane::Article => in_article(state, command),
    }
}

/// Rows of the results pane, in hits.
pub fn hits_on_screen(state: &State) -> usize {
    let rows = usize::from(state.size.1);
    let list = match state.layout() {
        Layout::Stacked if rows >= 18 => rows.saturating_sub(8) / 2,
        Layout::ThreeColumns | Layout::TwoColumns => rows.saturating_sub(14),
        _ => rows.saturating_sub(6),
    };
    (list / 2).max(1)
}

/// Rows of the article pane.
pub fn article_rows(state: &State) -> usize {
    let rows = usize::from(state.size.1);
    let rows = match state.layout() {
        _ if state.zoomed => rows.saturating_sub(4),
        Layout::Stacked if state.focus == Pane::Article => rows.saturating_sub(7),
        Layout::Stacked => rows.saturating_sub(8) / 2,
        Layout::ThreeColumns | Layout::TwoColumns => rows.saturating_sub(14),
        _ => rows.saturating_sub(6),
    };
    rows.max(1)
}

/// Columns of the article's text.
pub fn article_columns(state: &State) -> usize {
    let columns = usize::from(state.size.0);
    let columns = match state.layout() {
        _ if state.zoomed => columns,
        Layout::ThreeColumns => columns * 38 / 100,
        Layout::TwoColumns => columns / 2,
        _ => columns,
    };
    columns.saturating_sub(6).clamp(10, state.look.reader_width.max(20))
}

/// What a command does in the results; the query passes on what moves in the list.
pub fn in_results(state: &mut State, command: Command) -> Vec<Effect> {
    let page = hits_on_screen(state);
    match command {
        Command::Up => state.results.step(-1),
        Command::Down => state.results.step(1),
        Command::PageUp => state.results.step(-(page as isize)),
        Command::PageDown => state.results.step(page as isize),
        Command::First => state.results.selected = 0,
        Command::Last => state.results.step(isize::MAX),
        Command::Enter | Command::Right => return read(state),
        Command::Left => return Vec::new(),
        Command::Mark => {
            state.results.toggle_mark();
            state.results.step(1);
        }
        Command::MarkAll => state.results.toggle_all(),
        Command::Find => state.focus = Pane::Query,
        Command::Sort => {
            asking::keep_for_undo(state);
            state.spec.sort = match state.spec.sort {
                SortBy::Relevance => SortBy::Date,
                SortBy::Date => SortBy::DateAsc,
                SortBy::DateAsc => SortBy::Relevance,
            };
            return asking::settled(state);
        }
        Command::ClearAll => return clear_all(state),
        Command::NextMatch | Command::PreviousMatch | Command::NextQuote | Command::PreviousQuote => {
            return in_article(state, command);
        }
        _ => return Vec::new(),
    }
    state.results.scroll_to(page);
    preview(state)
}

fn clear_all(state: &mut State) -> Vec<Effect> {
    asking::keep_for_undo(state);
    state.spec.pills.clear();
    state.spec.dates = Default::default();
    state.spec.all_speakers = false;
    asking::settled(state)
}

fn in_facets(state: &mut State, command: Command) -> Vec<Effect> {
    let field = state.facets.open_field();
    let values = state.facets.values(&state.results.response, field);
    let n_values = values.len();
    let value = values.get(state.facets.line).and_then(|value| value.value.clone());
    let page = usize::from(state.size.1).saturating_sub(8).max(1);
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
        }
        Command::Sort => {
            state.facets.order = match state.facets.order {
                ValueOrder::Count => ValueOrder::Name,
                ValueOrder::Name => ValueOrder::Count,
            };
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
        Command::ClearAll => return clear_all(state),
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
    Vec::new()
}

/// Includes or excludes a value, or lets go of it; a year becomes the dates.
pub fn choose(state: &mut State, field: FacetField, value: &str, exclude: bool) -> Vec<Effect> {
    asking::keep_for_undo(state);
    if field == FacetField::Year {
        let Ok(year) = value.parse::<i16>() else { return Vec::new() };
        let range = crate::model::search::DateRange {
            since: jiff::civil::Date::new(year, 1, 1).ok(),
            until: jiff::civil::Date::new(year, 12, 31).ok(),
        };
        state.spec.dates = if state.spec.dates == range { Default::default() } else { range };
    } else {
        state.spec.choose(field, value, exclude);
    }
    asking::settled(state)
}

fn in_timeline(state: &mut State, command: Command) -> Vec<Effect> {
    match command {
        Command::Left | Command::Up => state.timeline.step(-1),
        Command::Right | Command::Down => state.timeline.step(1),
        Command::First => state.timeline.cursor = 0,
        Command::Last => state.timeline.step(isize::MAX),
        Command::SelectTime => {
            state.timeline.anchor = match state.timeline.anchor {
                None => Some(state.timeline.cursor),
                Some(_) => None,
            };
        }
        Command::Enter | Command::ZoomIn => {
            let Some(window) = state.timeline.window() else { return Vec::new() };
            asking::keep_for_undo(state);
            state.spec.dates = window;
            return asking::settled(state);
        }
        Command::AllDates | Command::ClearField => {
            asking::keep_for_undo(state);
            state.spec.dates = Default::default();
            return asking::settled(state);
        }
        Command::ShiftBack | Command::ShiftForward => {
            let Some(range) = shifted(state.spec.dates, command == Command::ShiftForward) else {
                state.status = Some("choose a window first: Space, move, Enter".to_owned());
                return Vec::new();
            };
            asking::keep_for_undo(state);
            state.spec.dates = range;
            return asking::settled(state);
        }
        Command::NextBin => {
            let next = state.timeline.width.map_or(0, |width| width + 1);
            state.timeline.width = (next < WIDTHS.len()).then_some(next);
            state.status = Some(match state.timeline.width {
                Some(width) => format!("bins: {}", WIDTHS[width].name()),
                None => "bins: as they fit".to_owned(),
            });
            return asking::settled(state);
        }
        Command::Share => {
            state.timeline.share = !state.timeline.share;
            let word = if state.timeline.share { "share of all articles" } else { "counts" };
            state.status = Some(format!("timeline: {word}"));
        }
        // `g` and `G` go to the ends; the peak is one key from there.
        Command::NextMatch => state.timeline.cursor = state.timeline.peak().unwrap_or(state.timeline.cursor),
        _ => {}
    }
    Vec::new()
}

fn in_article(state: &mut State, command: Command) -> Vec<Effect> {
    let rows = article_rows(state);
    let Some(reader) = &mut state.article else { return Vec::new() };
    let moved = match command {
        Command::Up => {
            reader.scroll(-1, rows);
            true
        }
        Command::Down => {
            reader.scroll(1, rows);
            true
        }
        Command::PageUp => {
            reader.scroll(-(rows as isize) + 1, rows);
            true
        }
        Command::PageDown => {
            reader.scroll(rows as isize - 1, rows);
            true
        }
        Command::First => {
            reader.top = 0;
            true
        }
        Command::Last => {
            reader.scroll(isize::MAX / 2, rows);
            true
        }
        Command::NextMatch => reader.step_match(true, rows),
        Command::PreviousMatch => reader.step_match(false, rows),
        Command::NextQuote => reader.step_quote(true, false, rows),
        Command::PreviousQuote => reader.step_quote(false, false, rows),
        Command::NextSameSpeaker => reader.step_quote(true, true, rows),
        Command::PreviousSameSpeaker => reader.step_quote(false, true, rows),
        Command::ToggleMarks => {
            reader.marks = !reader.marks;
            true
        }
        Command::Furniture => {
            reader.furniture = !reader.furniture;
            let width = reader.width;
            reader.lay_out(width);
            if reader.furniture {
                reader.scroll(isize::MAX / 2, rows);
            }
            let n_lines = reader.stored.article.furniture.len();
            state.status = Some(format!("{n_lines} lines were cut from the page"));
            true
        }
        Command::Zoom => {
            state.zoomed = !state.zoomed;
            lay_out_article(state);
            true
        }
        Command::Left => {
            state.focus = Pane::Results;
            true
        }
        Command::Enter => return super::menus::open(state, Command::CopyMenu),
        Command::SpeakerQuotes => {
            let Some(speaker) = reader.focused_quote().and_then(|(_, quote)| quote.speaker.clone()) else {
                state.status = Some("go to a quote with a named speaker first: ]".to_owned());
                return Vec::new();
            };
            asking::keep_for_undo(state);
            state.spec.unit = crate::model::search::DocKind::Quote;
            state.spec.only(FacetField::Speaker, &speaker);
            state.focus = Pane::Results;
            state.zoomed = false;
            return asking::settled(state);
        }
        _ => true,
    };
    if !moved {
        state.status = Some("no more".to_owned());
    }
    Vec::new()
}

/// Asks for the article of the selected hit, for the preview.
pub fn preview(state: &mut State) -> Vec<Effect> {
    let Some(hit) = state.results.hit() else {
        state.article = None;
        return Vec::new();
    };
    let id = id_of(hit).to_owned();
    let article_id = hit.article.id.clone();
    let is_shown = state.article.as_ref().is_some_and(|reader| reader.stored.article.id == article_id);
    let is_small = state.layout() == Layout::OnePane && state.focus != Pane::Article;
    if is_shown && hit.quote.is_none() || is_small {
        return Vec::new();
    }
    state.article_seq += 1;
    vec![Effect::Article(state.article_seq, id)]
}

/// Opens the selected hit for reading.
pub fn read(state: &mut State) -> Vec<Effect> {
    if state.results.hit().is_none() {
        return Vec::new();
    }
    state.focus = Pane::Article;
    let mut effects = preview(state);
    effects.push(Effect::Remember(state.command_line()));
    lay_out_article(state);
    effects
}

/// Enter in the query: reads the selected hit, as soon as the answer to the query is here.
pub fn read_when_ready(state: &mut State) -> Vec<Effect> {
    if state.trouble.is_some() {
        return Vec::new();
    }
    if state.seq == state.shown_seq {
        return read(state);
    }
    state.read_when_ready = true;
    Vec::new()
}

/// The article that was asked for is here.
pub fn article_came(state: &mut State, answer: Result<Option<StoredArticle>, String>) {
    match answer {
        Ok(Some(stored)) => {
            let (matches, quote) = places(state, &stored);
            let at = quote
                .and_then(|idx| stored.quotes.get(idx))
                .map(|quote| quote.extent().start)
                .or_else(|| matches.first().map(|span| span.start));
            state.article = Some(Reader::new(stored, matches, quote));
            lay_out_article(state);
            let rows = article_rows(state);
            if let (Some(reader), Some(at)) = (&mut state.article, at) {
                reader.show(at, rows);
            }
        }
        Ok(None) => state.status = Some("this article is no longer in the index".to_owned()),
        Err(message) => state.failure = Some(message),
    }
}

/// What matched in the body, and the quote to begin at, of the selected hit.
fn places(state: &State, stored: &StoredArticle) -> (Vec<Span>, Option<usize>) {
    let Some(hit) = state.results.hit() else { return (Vec::new(), None) };
    let body = &stored.article.body;
    let starts: Vec<usize> = body.char_indices().map(|(at, _)| at).chain([body.len()]).collect();
    let byte = |point: usize| starts.get(point).copied().unwrap_or(body.len());
    let mut matches = Vec::new();
    for snippet in hit.snippets.iter().filter(|s| matches!(s.field, SnippetField::Body | SnippetField::Quote))
    {
        let base = byte(snippet.start);
        matches.extend(snippet.marks.iter().map(|mark| Span::new(base + mark.start, base + mark.end)));
    }
    matches.retain(|span| body.get(span.start..span.end).is_some());
    matches.sort();
    matches.dedup();
    let number = hit.quote.as_ref().and_then(|quote| quote.id.rsplit_once("-q")?.1.parse::<usize>().ok());
    let wanted = number.map(|number| number - 1).filter(|idx| *idx < stored.quotes.len());
    let matched =
        hit.matched_quotes.first().and_then(|quote| quote.id.rsplit_once("-q")?.1.parse::<usize>().ok());
    (matches, wanted.or(matched.map(|number| number - 1)))
}

/// Cuts the article's lines for the pane it stands in.
pub fn lay_out_article(state: &mut State) {
    let columns = article_columns(state);
    if let Some(reader) = &mut state.article
        && reader.width != columns
    {
        reader.lay_out(columns);
    }
}
