//! Where speech verbs (and "according to") stand in an article, and in what form.
//!
//! In: a [`Reading`]. Out: [`Cue`]s in order, each with its subject. A spelling that is a noun or an adjective at its place
//! ("his claims", "the alleged attack") is no cue. Must not look inside quotation marks.

use super::phrase::Phrase;
use super::reading::Reading;
use super::source;
use super::token::{Kind, Listed, list, shape};
use crate::lexicon::cues::{Cues, Frame, Paraphrase, Verb, form, part};

/// How a speech verb stands in its clause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mood {
    /// With a subject of its own: "Oda said", "has said", "would say".
    Finite,
    /// "saying"
    Participle,
    /// "to say"
    Infinitive,
    /// "was told", "as described by"
    Passive,
    /// "according to"
    According,
    /// "his claim that", "confident that"
    Noun,
}

/// A speech verb at its place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cue {
    /// The token of the verb ("according").
    pub(super) at: usize,
    /// First token of the verb group: "has never said".
    pub(super) first: usize,
    /// One past its last token, particles included: "pointed out", "according to".
    pub(super) end: usize,
    /// Index of its sentence.
    pub(super) sentence: usize,
    /// The verb.
    pub(super) verb: Verb,
    /// How it stands.
    pub(super) mood: Mood,
    /// Who does it: its subject, or what follows "according to" or an inverted verb.
    pub(super) source: Option<Phrase>,
    /// The subject follows the verb: "said Oda".
    pub(super) inverted: bool,
    /// The subject was taken from another verb of the sentence.
    pub(super) shared: bool,
}

impl Cue {
    /// The verb with its particles, the noun alone.
    pub(super) fn words(&self) -> Phrase {
        Phrase { first: self.at, end: if self.mood == Mood::Noun { self.at + 1 } else { self.end } }
    }
}

/// All cues of an article.
pub(super) fn cues(reading: &Reading<'_>, words: &Cues) -> Vec<Cue> {
    let mut cues: Vec<Cue> = Vec::new();
    let (mut idx, mut in_sentence, mut next) = (0, 0, 0);
    for at in &reading.speech {
        let at = *at as usize;
        while reading.sentences.get(idx).is_some_and(|sentence| sentence.end <= at) {
            idx += 1;
            in_sentence = cues.len();
        }
        let Some(sentence) = reading.sentences.get(idx).copied() else { break };
        if at < next {
            continue;
        }
        let Some(mut cue) =
            read(reading, idx, sentence, at).filter(|cue| !is_other(reading, sentence, words, cue))
        else {
            continue;
        };
        source::find(reading, sentence, &cues[in_sentence..], &mut cue);
        next = cue.end;
        cues.push(cue);
    }
    cues
}

/// Whether the object makes the verb no speech: "pointed to the door", "posted a loss".
fn is_other(reading: &Reading<'_>, bounds: Phrase, words: &Cues, cue: &Cue) -> bool {
    let verb = reading.tokens[cue.at].low;
    words.has_objects(verb)
        && reading.tokens[cue.end.min(bounds.end)..bounds.end.min(cue.end + 4)]
            .iter()
            .take_while(|token| token.is_word() && !token.is(part::RELATIVE))
            .any(|token| words.is_no_speech(verb, token.low))
}

fn read(reading: &Reading<'_>, sentence: usize, bounds: Phrase, at: usize) -> Option<Cue> {
    let token = &reading.tokens[at];
    if !token.is_word() {
        return None;
    }
    if reading.is_word(at, list!["according"]) && reading.is_word(at + 1, list!["to"]) {
        let verb = Verb { frame: Frame::Say, paraphrase: Paraphrase::Any, forms: form::FINITE, particles: 0 };
        return Some(Cue {
            at,
            first: at,
            end: at + 2,
            sentence,
            verb,
            mood: Mood::According,
            source: None,
            inverted: false,
            shared: false,
        });
    }
    if token.is(part::SPEECH_NOUN)
        && let Some(end) = noun_end(reading, bounds, at)
        && token.verb.is_none_or(|verb| mood(reading, bounds, at, verb).is_none())
    {
        let verb = Verb { frame: Frame::Hold, paraphrase: Paraphrase::That, forms: form::BASE, particles: 0 };
        return Some(Cue {
            at,
            first: at,
            end,
            sentence,
            verb,
            mood: Mood::Noun,
            source: None,
            inverted: false,
            shared: false,
        });
    }
    let verb = token.verb.filter(|verb| verb.takes(reading.word(at + 1)))?;
    let (mood, first) = mood(reading, bounds, at, verb)?;
    let end = at + 1 + usize::from(verb.particles != 0 || is_particle(reading, at + 1));
    Some(Cue { at, first, end, sentence, verb, mood, source: None, inverted: false, shared: false })
}

/// One past the noun at `at` and who made it, where "that" follows: "claim that", "claim by Oda that".
fn noun_end(reading: &Reading<'_>, bounds: Phrase, at: usize) -> Option<usize> {
    let end = match reading.is_word(at + 1, list!["by", "from"]) {
        true => {
            let maker = reading.phrase_after(at + 2, bounds.end)?;
            (maker.first == at + 2).then_some(maker.end)?
        }
        false => at + 1,
    };
    reading.is_word(end, list!["that"]).then_some(end)
}

/// "pointed out", "went on", "lashed out"
fn is_particle(reading: &Reading<'_>, at: usize) -> bool {
    reading.is_word(at, list!["out", "back", "up", "off", "down", "away"])
        || (reading.is_word(at, list!["on"]) && reading.is_word(at + 1, list!["to"]))
}

/// How the verb stands, and where its group begins. `None`: it is no verb here.
fn mood(reading: &Reading<'_>, bounds: Phrase, at: usize, verb: Verb) -> Option<(Mood, usize)> {
    let tokens = &reading.tokens;
    let mut first = at;
    let mut be = false;
    let mut helped = false;
    while first > bounds.first && first > at.saturating_sub(6) {
        let before = &tokens[first - 1];
        if !before.is_word() {
            break;
        }
        let contracted = before.has(shape::CONTRACTED);
        if before.is(part::AUXILIARY | part::MODAL)
            && (!before.has(shape::CAPITAL) || before.has(shape::INITIAL))
        {
            be |= reading.is_word(
                first - 1,
                list![
                    "is", "are", "was", "were", "be", "been", "being", "isn't", "aren't", "wasn't", "weren't"
                ],
            );
            helped = true;
            first -= 1;
        } else if before.is(part::ADVERB | part::NEGATION) && !before.is(part::DETERMINER & !part::NEGATION) {
            first -= 1;
        } else {
            helped |= contracted;
            break;
        }
    }
    let before = (first > bounds.first).then(|| &tokens[first - 1]);
    let word_before = before.filter(|token| token.is_word());
    let to = word_before.is_some() && reading.is_word(first - 1, list!["to"]);
    if to && verb.forms & form::BASE != 0 {
        return Some((Mood::Infinitive, first - 1));
    }
    let capital = tokens[at].has(shape::CAPITAL);
    if verb.forms & form::ING != 0 {
        if word_before.is_some_and(|token| {
            token.is(part::DETERMINER | part::POSSESSIVE) && !token.is(part::RELATIVE)
                || token.has(shape::POSSESSIVE)
        }) && !be
        {
            return None;
        }
        return Some((if be { Mood::Finite } else { Mood::Participle }, first));
    }
    if verb.forms & form::PARTICIPLE != 0 && be {
        return Some((Mood::Passive, first));
    }
    let by = reading.is_word(at + 1, list!["by"])
        && !(reading.is_word(at, list!["said", "told", "wrote"]) && before.is_some());
    if verb.forms & form::PARTICIPLE != 0 && by && !helped {
        return Some((Mood::Passive, first));
    }
    // After a determiner or 's the word is a noun or an adjective.
    let after_determiner = word_before.is_some_and(|token| {
        (token.is(part::DETERMINER | part::POSSESSIVE | part::NUMBER)
            && !token.is(part::RELATIVE | part::PRONOUN))
            || token.has(shape::POSSESSIVE) && !token.is(part::PRONOUN)
    });
    if after_determiner && !helped {
        return None;
    }
    if capital && !helped {
        // At the beginning of a sentence: "Asked whether", "Said Oda".
        let begins = verb.forms & (form::PAST | form::PARTICIPLE) != 0;
        return begins.then_some((Mood::Finite, first));
    }
    if helped {
        return Some((Mood::Finite, first));
    }
    // "the states can", "that claims were": a verb behind it makes the word a noun.
    let next = tokens.get(at + 1).filter(|token| token.is_word());
    if verb.forms & form::PAST == 0
        && next.is_some_and(|token| token.is(part::AUXILIARY | part::MODAL) && !token.is(part::TIME))
    {
        return None;
    }
    if verb.forms & form::PAST != 0 {
        if word_before.is_some_and(|token| token.is(part::PREPOSITION) && !token.is(part::SUBORDINATOR)) {
            return None;
        }
        return Some((Mood::Finite, first));
    }
    if verb.forms & form::THIRD != 0 {
        return is_third(reading, verb, first, before.map(|token| token.kind), at)
            .then_some((Mood::Finite, first));
    }
    is_plural_subject(reading, verb, first, before.map(|token| token.kind), at)
        .then_some((Mood::Finite, first))
}

/// Whether "claims" at `at` is a verb: somebody stands before it.
fn is_third(reading: &Reading<'_>, verb: Verb, first: usize, before: Option<Kind>, at: usize) -> bool {
    let Some(kind) = before else { return false };
    if matches!(kind, Kind::Comma | Kind::Run(_) | Kind::Dash | Kind::Close) {
        return matches!(
            reading.kind(at + 1),
            Some(Kind::Word | Kind::Run(_) | Kind::Comma | Kind::Colon | Kind::Stop)
        );
    }
    let token = &reading.tokens[first - 1];
    if !token.is_word() {
        return false;
    }
    if reading.is_word(
        first - 1,
        list![
            "he",
            "she",
            "it",
            "who",
            "which",
            "that",
            "nobody",
            "everyone",
            "everybody",
            "someone",
            "one",
            "this",
        ],
    ) {
        return true;
    }
    if token.is(part::COORDINATOR) {
        return true;
    }
    if token.is(part::PREPOSITION | part::AUXILIARY | part::MODAL) {
        return false;
    }
    let plural = reading.word(first - 1).ends_with('s') && !token.has(shape::CAPITAL);
    // "the justice issues, saying": a verb of another kind than "says" needs an object.
    let next = reading.tokens.get(at + 1);
    let object = next.is_some_and(|next| match next.kind {
        Kind::Word => {
            !next.is(part::PREPOSITION | part::COORDINATOR) || next.is(part::DETERMINER | part::SUBORDINATOR)
        }
        kind => matches!(kind, Kind::Run(_) | Kind::Colon),
    });
    let speaks = matches!(verb.frame, Frame::Say | Frame::Tell);
    !plural
        && (object || (speaks && token.is_proper()))
        && (token.is_proper() || token.is(part::ROLE | part::TIME) || reading.is_word(at + 1, OPENERS))
}

/// Whether "claim" at `at` is a verb: several people stand before it.
fn is_plural_subject(
    reading: &Reading<'_>,
    verb: Verb,
    first: usize,
    before: Option<Kind>,
    at: usize,
) -> bool {
    let Some(kind) = before else { return false };
    if matches!(kind, Kind::Comma | Kind::Run(_)) {
        return matches!(reading.kind(at + 1), Some(Kind::Run(_)))
            || reading.is_word(at + 1, list!["that"])
            // "Critics, Oda among them, say she is"
            || kind == Kind::Comma && verb.frame == Frame::Say && reading.is_word(at + 1, OPENERS)
            || matches!(reading.kind(at + 1), Some(Kind::Stop));
    }
    let token = &reading.tokens[first - 1];
    if !token.is_word() {
        return false;
    }
    let word = reading.word(first - 1);
    if reading.is_word(
        first - 1,
        list![
            "they", "we", "i", "you", "who", "people", "police", "percent", "others", "many", "some", "most",
            "men", "women", "all", "both", "few", "and", "several",
        ],
    ) {
        return true;
    }
    if token.has(shape::POSSESSIVE) || token.is(part::PREPOSITION) {
        return false;
    }
    let clause = matches!(verb.frame, Frame::Say | Frame::Tell | Frame::Hold)
        && reading.is_word(at + 1, OPENERS)
        && (reading.is_nominal(first - 1) || token.is(part::NUMBER));
    clause || word.ends_with('s') && !word.ends_with("ss") && token.parts & !part::ROLE == 0
}

/// Words that begin what is said, and seldom stand behind a noun.
const OPENERS: &[Listed] = list![
    "that", "he", "she", "they", "the", "it", "there", "a", "an", "his", "her", "their", "its", "this",
    "these", "those", "some", "no", "we", "i", "you", "whether", "if",
];
