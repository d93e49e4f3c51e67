//! Editing the query: one line, a cursor, the keys of a shell.

use unicode_segmentation::UnicodeSegmentation;

use super::super::action::Command;
use super::super::completion;
use super::super::effect::Effect;
use super::super::state::State;
use super::{asking, panes};

/// Longest query, in bytes; the query language has the same limit.
const LONGEST: usize = 4096;

/// Puts text at the cursor.
pub fn insert(state: &mut State, text: &str) {
    if state.spec.query.len() + text.len() > LONGEST {
        state.status = Some(format!("a query has at most {LONGEST} bytes"));
        return;
    }
    // A change is undone by words, not by letters.
    if text.contains(' ') || state.undo.is_empty() {
        asking::keep_for_undo(state);
    }
    state.spec.query.insert_str(state.cursor, text);
    state.cursor += text.len();
}

/// What a command does while the query has the focus.
pub fn command(state: &mut State, command: Command) -> Vec<Effect> {
    let query = &state.spec.query;
    let before = &query[..state.cursor];
    let after = &query[state.cursor..];
    let back = before.graphemes(true).next_back().map_or(0, str::len);
    let forward = after.graphemes(true).next().map_or(0, str::len);
    match command {
        Command::Left => state.cursor -= back,
        Command::Right if forward == 0 && !state.normal => return complete(state),
        Command::Right => state.cursor += forward,
        Command::LineStart | Command::First => state.cursor = 0,
        Command::LineEnd | Command::Last => state.cursor = query.len(),
        Command::WordBack => state.cursor = word_start(before),
        Command::WordForward => state.cursor += word_end(after),
        Command::DeleteBefore => return delete(state, state.cursor - back, state.cursor),
        Command::DeleteUnder => return delete(state, state.cursor, state.cursor + forward),
        Command::DeleteWord => return delete(state, word_start(before), state.cursor),
        Command::DeleteToStart => return delete(state, 0, state.cursor),
        Command::DeleteToEnd => return delete(state, state.cursor, query.len()),
        Command::DeleteNextWord => return delete(state, state.cursor, state.cursor + word_end(after)),
        Command::PutBack => {
            let text = state.deleted.clone();
            insert(state, &text);
            return asking::changed(state);
        }
        Command::OlderQuery => return walk_history(state, true),
        Command::NewerQuery => return walk_history(state, false),
        Command::TypeHere => state.normal = false,
        Command::TypeAfter => {
            state.normal = false;
            state.cursor += forward;
        }
        Command::TypeAtStart => {
            state.normal = false;
            state.cursor = 0;
        }
        Command::TypeAtEnd | Command::Find => {
            state.normal = false;
            state.cursor = query.len();
        }
        Command::TypeAnew => {
            state.normal = false;
            return delete(state, 0, query.len());
        }
        Command::Enter => return panes::read_when_ready(state),
        other => return panes::in_results(state, other),
    }
    Vec::new()
}

/// Takes the name that is offered behind the cursor.
fn complete(state: &mut State) -> Vec<Effect> {
    if let Some(example) = state.examples.first().filter(|_| state.spec.query.is_empty()).cloned() {
        asking::keep_for_undo(state);
        state.cursor = example.len();
        state.spec.query = example;
        return asking::settled(state);
    }
    let Some((begun, name)) = offered(state) else { return Vec::new() };
    let query = completion::accepted(&state.spec.query, &begun, name);
    asking::keep_for_undo(state);
    state.cursor = query.len();
    state.spec.query = query;
    asking::changed(state)
}

/// The unfinished name at the cursor, which stands at the end of the query, and what it could become.
pub fn offered(state: &State) -> Option<(completion::Begun<'_>, &str)> {
    let begun = completion::begun(&state.spec.query).filter(|_| state.cursor == state.spec.query.len())?;
    let name = completion::offered(&begun, state.names.get(&begun.field)?)?;
    Some((begun, name))
}

fn walk_history(state: &mut State, older: bool) -> Vec<Effect> {
    let queries: Vec<String> = state.history.iter().map(|line| query_of(line)).collect();
    let place = match (state.history_at, older) {
        (None, true) => queries.len().checked_sub(1),
        (None, false) => None,
        (Some(at), true) => Some(at.saturating_sub(1)),
        (Some(at), false) => Some(at + 1).filter(|at| *at < queries.len()),
    };
    let Some(place) = place else {
        state.status = Some(if older { "no older query" } else { "no newer query" }.to_owned());
        return Vec::new();
    };
    asking::keep_for_undo(state);
    state.spec.query = queries[place].clone();
    state.cursor = state.spec.query.len();
    let effects = asking::settled(state);
    state.history_at = Some(place);
    effects
}

/// The query of a remembered command: its first word after the verb that is no flag.
pub fn query_of(line: &str) -> String {
    let rest =
        line.trim_start_matches("onrecord ").trim_start_matches("search ").trim_start_matches("quotes ");
    let rest = match rest.strip_prefix("--") {
        // Behind the mark that ends the flags stands a query that looks like one.
        Some(_) => rest.split_once("-- ").map_or("", |(_, query)| query),
        None => rest,
    };
    match rest.strip_prefix('\'') {
        Some(quoted) => {
            let end = quoted.replace(r"'\''", "\u{1}\u{1}\u{1}\u{1}").find('\'').unwrap_or(quoted.len());
            quoted.get(..end).unwrap_or(quoted).replace(r"'\''", "'")
        }
        None => rest.split_whitespace().next().unwrap_or("").to_owned(),
    }
}

fn delete(state: &mut State, start: usize, end: usize) -> Vec<Effect> {
    if start == end {
        return Vec::new();
    }
    asking::keep_for_undo(state);
    // Single characters are not worth putting back.
    if state.spec.query[start..end].chars().nth(1).is_some() {
        state.deleted = state.spec.query[start..end].to_owned();
    }
    state.spec.query.replace_range(start..end, "");
    state.cursor = start;
    asking::changed(state)
}

/// Where the last word of `text` begins.
fn word_start(text: &str) -> usize {
    let trimmed = text.trim_end();
    trimmed
        .rfind(char::is_whitespace)
        .map_or(0, |at| at + trimmed[at..].chars().next().map_or(1, char::len_utf8))
}

/// Where the first word of `text` ends.
fn word_end(text: &str) -> usize {
    let skipped = text.len() - text.trim_start().len();
    let rest = &text[skipped..];
    skipped + rest.find(char::is_whitespace).unwrap_or(rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_query_of_a_remembered_command() {
        assert_eq!(query_of("onrecord search 'carbon tax' --outlet A"), "carbon tax");
        assert_eq!(query_of("onrecord quotes levy"), "levy");
        assert_eq!(query_of("onrecord search --outlet A"), "");
        assert_eq!(query_of("onrecord search --outlet A -- '-tax levy'"), "-tax levy");
    }

    #[test]
    fn finds_words() {
        assert_eq!(word_start("carbon tax "), 7);
        assert_eq!(word_start("carbon"), 0);
        assert_eq!(word_end(" tax levy"), 4);
        assert_eq!(word_end(""), 0);
    }
}
