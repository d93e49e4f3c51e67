//! Speech set as a transcript: a paragraph that begins with a name and a colon, `DUARTE: We will appeal.`
//!
//! In: a [`Reading`]. Out: one [`Turn`] for each such paragraph, none unless two names or more take turns or the names are in
//! capitals. Must not take headings, lists and captions: a label that is used once is no speaker.

use super::phrase::Phrase;
use super::reading::Reading;
use super::token::{Kind, shape};

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
    turns.retain(|turn| {
        let label = label(turn);
        let uses =
            labels.partition_point(|other| *other <= label) - labels.partition_point(|other| *other < label);
        uses >= 2 && !alone
    });
    turns
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
    (named && long_name && source.first < colon && spoken && words == SHORTEST_TURN)
        .then_some(Turn { source, content })
}
