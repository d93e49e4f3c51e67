//! Speech set as a transcript: a paragraph that begins with a name and a colon, `DUARTE: We will appeal.`
//!
//! In: a [`Reading`]. Out: one [`Turn`] for each such paragraph, none unless two names or more take turns or the names are in
//! capitals. Must not take headings, lists and captions: a label that is used once is no speaker.

use std::collections::{HashMap, HashSet};

use super::phrase::Phrase;
use super::reading::Reading;
use super::token::{Kind, list, shape};

/// What one speaker says in a transcript.
#[derive(Clone, Copy, Debug)]
pub(super) struct Turn {
    /// The name before the colon.
    pub(super) source: Phrase,
    /// The words behind it.
    pub(super) content: Phrase,
}

/// Longest name before the colon, in words.
const LONGEST_NAME: usize = 5;
/// Shortest turn, in words: shorter ones are entries of a list.
const SHORTEST_TURN: usize = 3;

/// The turns of a transcript.
pub(super) fn turns(reading: &Reading<'_>) -> Vec<Turn> {
    let mut turns: Vec<Turn> = Vec::new();
    let mut first = 0;
    for at in &reading.breaks {
        turns.extend(turn(reading, Phrase { first, end: *at }));
        first = at + 1;
    }
    let label = |turn: &Turn| reading.span(turn.source).of(reading.body);
    let mut labels: Vec<&str> = turns.iter().map(label).collect();
    labels.sort_unstable();
    // "REQUIRED READING:", "DEAR ABBY:": one label alone is a column's, nobody answers.
    let alone = labels.first() == labels.last();
    let entries = entries(reading, &turns);
    turns.retain(|turn| {
        let label = label(turn);
        let uses =
            labels.partition_point(|other| *other <= label) - labels.partition_point(|other| *other < label);
        uses >= 2 && !alone && !entries.contains(label.to_lowercase().as_str())
    });
    turns
}

/// Labels of one word that the text has in small letters too, in small letters: "Accuracy:", "Cost:" are the entries of a list.
fn entries(reading: &Reading<'_>, turns: &[Turn]) -> HashSet<String> {
    let labels = turns.iter().filter(|turn| {
        turn.source.end == turn.source.first + 1 && !reading.tokens[turn.source.first].has(shape::ALL_CAPITAL)
    });
    let mut seen: HashMap<String, bool> =
        labels.map(|turn| (reading.word(turn.source.first).to_lowercase(), false)).collect();
    if !seen.is_empty() {
        for (at, token) in reading.tokens.iter().enumerate() {
            if token.is_word()
                && !token.has(shape::CAPITAL)
                && let Some(seen) = seen.get_mut(reading.word(at))
            {
                *seen = true;
            }
        }
    }
    seen.into_iter().filter(|(_, seen)| *seen).map(|(label, _)| label).collect()
}

fn turn(reading: &Reading<'_>, paragraph: Phrase) -> Option<Turn> {
    let colon = (paragraph.first..paragraph.end.min(paragraph.first + LONGEST_NAME + 1))
        .find(|at| reading.tokens[*at].kind == Kind::Colon)?;
    let source = Phrase { first: paragraph.first, end: colon };
    let named = (source.first..colon).all(|at| {
        let token = &reading.tokens[at];
        token.is_word() && token.has(shape::CAPITAL) && (token.has(shape::ALL_CAPITAL) || token.is_proper())
    });
    let content = Phrase { first: colon + 1, end: paragraph.end };
    let words =
        (content.first..content.end).filter(|at| reading.tokens[*at].is_word()).take(SHORTEST_TURN).count();
    let spoken = matches!(reading.kind(content.first), Some(Kind::Word));
    let long_name = reading.span(source).len() > 1;
    // "DEAR ABBY:" opens a letter.
    let letter = reading.is_word(source.first, list!["dear"]);
    (named && !letter && long_name && source.first < colon && spoken && words == SHORTEST_TURN)
        .then_some(Turn { source, content })
}
