//! Whom a quote was told to, and who reported it.
//!
//! In: a [`Reading`], its cues, one cue with its source. Out: [`Relay`]. The listener is never the speaker; whether a listener is a
//! publication is for the cast to say.

use super::cue::{Cue, Mood};
use super::phrase::Phrase;
use super::reading::Reading;
use super::token::{Kind, Listed, list, shape};
use crate::lexicon::cues::{Frame, part};

/// Who stands between speaker and reader.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Relay {
    /// "told Lee Oda", "in an interview with the Trent Echo".
    pub(super) listener: Option<Phrase>,
    /// "according to the Trent Echo", "as reported by the Trent Echo".
    pub(super) reporter: Option<Phrase>,
}

/// Farthest an occasion stands from its verb, in tokens.
const NEAR: usize = 14;

/// Who stands between the speaker of `cues[idx]` and the reader.
pub(super) fn relay(reading: &Reading<'_>, cues: &[Cue], idx: usize) -> Relay {
    let cue = &cues[idx];
    let bounds = reading.sentences[cue.sentence];
    let end = if cue.inverted { cue.source.map_or(cue.end, |source| source.end) } else { cue.end };
    let mut relay = Relay::default();
    if cue.verb.frame == Frame::Tell && matches!(cue.mood, Mood::Finite | Mood::Participle) {
        relay.listener = reading.phrase_after(end, bounds.end).filter(|phrase| {
            reading.tokens[phrase.first].has(shape::CAPITAL) || phrase.end > phrase.first + 1
        });
    }
    if cue.mood == Mood::Passive {
        return relay;
    }
    let later = cues[idx + 1..].iter().take_while(|other| other.sentence == cue.sentence).take(4);
    for other in later {
        let reports = match other.mood {
            Mood::According => {
                cue.mood != Mood::According && other.at > 0 && reading.kind(other.at - 1) == Some(Kind::Comma)
            }
            Mood::Passive => {
                reading.is_word(other.at, list!["reported", "published", "recorded", "quoted", "released"])
                    && other.first <= end + NEAR
            }
            _ => false,
        };
        if reports && relay.reporter.is_none() {
            relay.reporter = other.source;
        }
    }
    if relay.listener.is_none() {
        relay.listener = occasion(reading, bounds, end);
    }
    if relay.listener.is_none() {
        // "In a statement provided to the Trent Echo, Oda said": the occasion stands before.
        let start = cue.first.min(cue.source.map_or(cue.first, |source| source.first));
        if start > bounds.first
            && start < bounds.first + 2 * NEAR
            && reading.kind(start - 1) == Some(Kind::Comma)
        {
            relay.listener = occasion(reading, Phrase { first: bounds.first, end: start }, bounds.first);
        }
    }
    relay
}

/// The one spoken to in "in an interview with X", "in a statement to X", "in an email provided to X".
fn occasion(reading: &Reading<'_>, bounds: Phrase, from: usize) -> Option<Phrase> {
    const OCCASIONS: &[Listed] = list![
        "interview",
        "statement",
        "email",
        "e-mail",
        "letter",
        "comments",
        "remarks",
        "appearance",
        "provided",
        "sent",
        "given",
        "released",
        "conversation",
    ];
    for at in from..bounds.end.min(from + NEAR) {
        if matches!(reading.kind(at), Some(Kind::Run(_) | Kind::Stop | Kind::Break)) {
            return None;
        }
        if reading.tokens[at].is(part::PREPOSITION)
            && at > bounds.first
            && reading.is_word(at, list!["with", "to", "on", "by"])
            && reading.is_word(at - 1, OCCASIONS)
        {
            let phrase = reading.phrase_after(at + 1, bounds.end)?;
            let named = (phrase.first..phrase.end).any(|word| reading.tokens[word].has(shape::CAPITAL));
            return named.then_some(phrase);
        }
    }
    None
}
