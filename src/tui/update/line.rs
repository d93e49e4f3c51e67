//! Editing the query: one line, a cursor, the keys of a shell.

use unicode_segmentation::UnicodeSegmentation;

use super::super::action::Command;
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
        Command::Enter => return panes::read_when_ready(state),
        other => return panes::in_results(state, other),
    }
    Vec::new()
}

fn delete(state: &mut State, start: usize, end: usize) -> Vec<Effect> {
    if start == end {
        return Vec::new();
    }
    asking::keep_for_undo(state);
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
    fn finds_words() {
        assert_eq!(word_start("carbon tax "), 7);
        assert_eq!(word_start("carbon"), 0);
        assert_eq!(word_end(" tax levy"), 4);
        assert_eq!(word_end(""), 0);
    }
}
