//! Moving and choosing in results, timeline and article.

use crate::model::search::{FacetField, Hit, SortBy};

use super::super::action::Command;
use super::super::effect::{Effect, Wanted};
use super::super::layout::Areas;
use super::super::reader::Reader;
use super::super::results::id_of;
use super::super::spec::Spec;
use super::super::state::{Layout, Pane, State};
use super::super::timeline::{WIDTHS, shifted, wider};
use super::{asking, values};

/// What a command does while a pane other than the query has the focus.
pub fn command(state: &mut State, command: Command) -> Vec<Effect> {
    match state.focus {
        Pane::Query | Pane::Results => in_results(state, command),
        Pane::Facets => values::command(state, command),
        Pane::Timeline => in_timeline(state, command),
        Pane::Article => in_article(state, command),
    }
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
    if state.shows_ways() && !matches!(command, Command::ClearAll | Command::Find | Command::Sort) {
        return in_ways(state, command);
    }
    let page = Areas::of(state).hits();
    match command {
        Command::Up => state.results.step(-1),
        Command::Down => state.results.step(1),
        Command::PageUp => state.results.step(-(page as isize)),
        Command::PageDown => state.results.step(page as isize),
        Command::HalfPageUp => state.results.step(-(page.div_ceil(2) as isize)),
        Command::HalfPageDown => state.results.step(page.div_ceil(2) as isize),
        Command::First => state.results.step(isize::MIN),
        Command::Last => {
            state.results.to_the_end = !state.results.complete;
            state.results.step(isize::MAX);
        }
        Command::Enter | Command::Right => return read(state),
        Command::Left => return Vec::new(),
        Command::Mark => {
            state.results.toggle_mark();
            state.results.step(1);
        }
        Command::MarkAll => state.results.toggle_all(),
        Command::OnlyMarked => {
            if !state.results.toggle_only_marked() {
                state.status = Some("nothing is marked: Space marks".to_owned());
            }
        }
        Command::Find => {
            state.focus = Pane::Query;
            state.normal = false;
        }
        Command::Sort => {
            asking::keep_for_undo(state);
            state.spec.sort = match state.spec.sort {
                SortBy::Relevance => SortBy::Date,
                SortBy::Date => SortBy::DateAsc,
                SortBy::DateAsc => SortBy::Relevance,
            };
            return asking::settled(state);
        }
        Command::NextMatch | Command::PreviousMatch | Command::NextQuote | Command::PreviousQuote => {
            return in_article(state, command);
        }
        Command::ScrollDown => return in_article(state, Command::Down),
        Command::ScrollUp => return in_article(state, Command::Up),
        _ => return Vec::new(),
    }
    settle_list(state)
}

/// What a command does while ways out stand in the place of hits.
fn in_ways(state: &mut State, command: Command) -> Vec<Effect> {
    match command {
        Command::Up => state.way = state.way.saturating_sub(1),
        Command::Down => state.way = (state.way + 1).min(state.ways.len().saturating_sub(1)),
        Command::Enter | Command::Right => {
            if let Some(way) = state.ways.get(state.way) {
                let spec = way.spec.clone();
                return take_way(state, spec);
            }
        }
        _ => {}
    }
    Vec::new()
}

/// Asks as a way out says.
pub fn take_way(state: &mut State, spec: Spec) -> Vec<Effect> {
    asking::keep_for_undo(state);
    state.cursor = spec.query.len();
    state.spec = spec;
    asking::settled(state)
}

/// Keeps the article of the selected hit shown, and hits in stock behind it.
pub fn settle_list(state: &mut State) -> Vec<Effect> {
    lay_out_article(state);
    let mut effects = asking::more(state);
    effects.extend(preview(state));
    effects
}

/// Takes all filters away.
pub fn clear_all(state: &mut State) -> Vec<Effect> {
    asking::keep_for_undo(state);
    state.spec.pills.clear();
    state.spec.set_dates(Default::default());
    state.spec.all_speakers = false;
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
            state.spec.set_dates(window);
            return asking::settled(state);
        }
        Command::ZoomOut => {
            asking::keep_for_undo(state);
            state.spec.set_dates(wider(state.spec.dates).unwrap_or_default());
            return asking::settled(state);
        }
        Command::AllDates | Command::ClearField => {
            asking::keep_for_undo(state);
            state.spec.set_dates(Default::default());
            return asking::settled(state);
        }
        Command::ShiftBack | Command::ShiftForward => {
            let Some(range) = shifted(state.spec.dates, command == Command::ShiftForward) else {
                state.status = Some("choose a window first: Space, move, Enter".to_owned());
                return Vec::new();
            };
            asking::keep_for_undo(state);
            state.spec.set_dates(range);
            return asking::settled(state);
        }
        Command::NextBin => {
            let next = state.timeline.width.map_or(0, |width| width + 1);
            state.timeline.width = (next < WIDTHS.len()).then_some(next);
            state.status = Some(match state.timeline.width {
                Some(width) => format!("bins: {}", WIDTHS[width].name()),
                None => "bins: as they fit".to_owned(),
            });
            state.timeline.bin(asking::timeline_columns(state));
        }
        Command::Share => {
            state.timeline.share = !state.timeline.share;
            let word = if state.timeline.share { "share of all articles" } else { "counts" };
            state.status = Some(format!("timeline: {word}"));
        }
        Command::Peak => state.timeline.cursor = state.timeline.peak().unwrap_or(state.timeline.cursor),
        _ => {}
    }
    Vec::new()
}

fn in_article(state: &mut State, command: Command) -> Vec<Effect> {
    let rows = Areas::of(state).article_rows();
    if command == Command::Width {
        return next_width(state);
    }
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
        Command::HalfPageUp => {
            reader.scroll(-(rows as isize) / 2, rows);
            true
        }
        Command::HalfPageDown => {
            reader.scroll(rows as isize / 2, rows);
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
        Command::Find => {
            reader.find = Some(String::new());
            true
        }
        Command::DeleteBefore => {
            find_in_article(state, |find| {
                find.pop();
            });
            return Vec::new();
        }
        Command::Enter if reader.find.is_some() => {
            reader.find = None;
            reader.step_match(true, rows)
        }
        Command::Enter => return super::menus::about_quote(state),
        Command::SpeakerQuotes => {
            let Some(speaker) = reader.focused_quote().and_then(|(_, quote)| quote.speaker.clone()) else {
                state.status = Some("go to a quote with a named speaker first: ]".to_owned());
                return Vec::new();
            };
            asking::keep_for_undo(state);
            state.spec.unit = crate::model::search::DocKind::Quote;
            state.spec.only(FacetField::Speaker, &speaker);
            state.spec.query.clear();
            state.cursor = 0;
            state.status = Some(format!("all quotes of {speaker}; u brings the search back"));
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

/// Edits what is typed to find words in the article, and looks for it.
pub fn find_in_article(state: &mut State, edit: impl FnOnce(&mut String)) {
    let rows = Areas::of(state).article_rows();
    let Some(reader) = &mut state.article else { return };
    let Some(find) = &mut reader.find else { return };
    edit(find);
    let words = find.clone();
    reader.look_for(&words);
    if let Some(at) = reader.matches.first().map(|span| span.start).filter(|_| !words.is_empty()) {
        reader.show(at, rows);
    }
}

/// Goes to a quote of the article.
pub fn to_quote(state: &mut State, idx: usize) {
    let rows = Areas::of(state).article_rows();
    if let Some(reader) = &mut state.article
        && let Some(quote) = reader.stored.quotes.get(idx)
    {
        let at = quote.extent().start;
        reader.quote = Some(idx);
        reader.show(at, rows);
    }
}

/// Widths of the article's lines that `width` steps through.
const WIDTHS_OF_LINES: [usize; 3] = [60, 80, 120];

fn next_width(state: &mut State) -> Vec<Effect> {
    let now = state.look.reader_width;
    let next = WIDTHS_OF_LINES.into_iter().find(|width| *width > now).unwrap_or(WIDTHS_OF_LINES[0]);
    state.look.reader_width = next;
    lay_out_article(state);
    state.status = Some(format!("lines of at most {next} columns"));
    Vec::new()
}

/// Asks for the article of the selected hit, for the preview.
pub fn preview(state: &mut State) -> Vec<Effect> {
    let Some(hit) = state.results.hit() else {
        state.article = None;
        return Vec::new();
    };
    let id = id_of(hit).to_owned();
    let shown = state.article.as_ref().filter(|reader| reader.stored.article.id == hit.article.id);
    let is_shown = shown.is_some_and(|reader| reader.search == state.shown_seq);
    let is_small = state.layout() == Layout::OnePane && state.focus != Pane::Article;
    let Some(asked) = state.asked.as_ref().filter(|_| !is_small) else { return Vec::new() };
    if is_shown {
        // Another quote of the same article.
        if let Some(idx) = quote_of(hit) {
            to_quote(state, idx);
        }
        return Vec::new();
    }
    // Another article is being read: it stays.
    if state.guest && state.focus == Pane::Article {
        return Vec::new();
    }
    state.guest = false;
    state.article_seq += 1;
    let wanted =
        Wanted { id, query: asked.query.clone(), search: state.shown_seq, width: article_columns(state) };
    vec![Effect::Article(state.article_seq, Box::new(wanted))]
}

/// Reads the article with this quote, whatever is selected in the list.
pub fn read_guest(state: &mut State, id: String) -> Vec<Effect> {
    let Some(asked) = &state.asked else { return Vec::new() };
    let query = asked.query.clone();
    state.focus = Pane::Article;
    state.guest = true;
    state.article_seq += 1;
    let wanted = Wanted { id, query, search: state.shown_seq, width: article_columns(state) };
    vec![Effect::Article(state.article_seq, Box::new(wanted))]
}

/// Index of the quote that a hit is, among those of its article.
fn quote_of(hit: &Hit) -> Option<usize> {
    idx_of(&hit.quote.as_ref()?.id)
}

/// Index of a quote among those of its article, by its id.
fn idx_of(id: &str) -> Option<usize> {
    id.rsplit_once("-q")?.1.parse::<usize>().ok()?.checked_sub(1)
}

/// Opens the selected hit for reading.
pub fn read(state: &mut State) -> Vec<Effect> {
    if state.results.hit().is_none() {
        return if state.shows_ways() { in_ways(state, Command::Enter) } else { Vec::new() };
    }
    state.focus = Pane::Article;
    let mut effects = preview(state);
    let command = state.command_line();
    if state.history.last() != Some(&command) {
        state.history.push(command.clone());
        effects.push(Effect::Remember(command));
    }
    lay_out_article(state);
    effects
}

/// Enter in the query: reads the selected hit, as soon as the answer to the query as it stands is here.
pub fn read_when_ready(state: &mut State) -> Vec<Effect> {
    if state.shows_ways() {
        return read(state);
    }
    let mut effects = asking::done_typing(state);
    if state.trouble.is_some() {
        // Enter asks for an answer: what is wrong is told at once.
        state.quiet = true;
        return effects;
    }
    if state.seq == state.shown_seq {
        effects.extend(read(state));
    } else {
        state.read_when_ready = true;
    }
    effects
}

/// The article that was asked for is here.
pub fn article_came(state: &mut State, answer: Result<Option<Reader>, String>) {
    let mut reader = match answer {
        Ok(Some(reader)) => reader,
        Ok(None) => {
            state.status = Some("this article is no longer in the index".to_owned());
            return;
        }
        Err(message) => {
            state.failure = Some(message);
            return;
        }
    };
    let hit = state.results.hit().filter(|hit| hit.article.id == reader.stored.article.id);
    let matched = hit.and_then(|hit| hit.matched_quotes.first()).and_then(|quote| idx_of(&quote.id));
    // A quote that was asked for by its id says more than the hit.
    let wanted = idx_of(&reader.wanted).or_else(|| hit.and_then(quote_of)).or(matched);
    let wanted = wanted.filter(|idx| *idx < reader.stored.quotes.len());
    let before = state.article.take();
    // The same article for other words, while it is read: it stays where it is.
    let read = before.filter(|before| {
        state.focus == Pane::Article && before.stored.article.id == reader.stored.article.id
    });
    match read {
        Some(before) => {
            let at = before.matched.and_then(|idx| before.matches.get(idx)).map(|span| span.start);
            reader.matched = at.and_then(|at| reader.matches.iter().position(|span| span.start >= at));
            reader.top = before.top;
            reader.quote = before.quote;
            reader.furniture = before.furniture;
            reader.marks = before.marks;
            state.article = Some(reader);
            lay_out_article(state);
        }
        None => {
            reader.quote = wanted;
            let quoted = wanted.and_then(|idx| reader.stored.quotes.get(idx));
            let at = quoted.map(|quote| quote.extent().start);
            if at.is_none() && !reader.matches.is_empty() {
                reader.matched = Some(0);
            }
            let at = at.or_else(|| reader.matches.first().map(|span| span.start));
            state.article = Some(reader);
            lay_out_article(state);
            let rows = Areas::of(state).article_rows();
            if let (Some(reader), Some(at)) = (&mut state.article, at) {
                reader.show(at, rows);
            }
        }
    }
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
