//! Descriptions around a name: "Oda, the mayor of Trent, said", "his wife, Ana Duarte", and the subject of a clause past them.
//!
//! In: a [`Reading`] and a place in it. Out: the noun phrase that the description belongs to, or that it names. Must not look at
//! speech verbs' frames or resolve names.

use super::attribution::SourceKind;
use super::phrase::{Phrase, REACH};
use super::reading::Reading;
use super::source;
use super::token::{Kind, list, shape};
use crate::lexicon::cues::{form, part};

/// Words of an apposition between a subject and its verb.
const APPOSITION: usize = 24;

/// A description together with the name between commas that explains it: "his wife, Ana Duarte,".
pub(super) fn with_name(reading: &Reading<'_>, source: Phrase) -> Phrase {
    if reading.source_kind(source) == SourceKind::Pronoun || reading.kind(source.end) != Some(Kind::Comma) {
        return source;
    }
    let headed_by_name = (source.first..source.end)
        .rev()
        .find(|at| reading.tokens[*at].is_word())
        .is_some_and(|at| reading.tokens[at].is_proper());
    let begins_with_name =
        reading.tokens[source.first].is_proper() && !reading.tokens[source.first].has(shape::POSSESSIVE);
    if headed_by_name
        && (begins_with_name
            || !(source.first..source.end).any(|at| {
                reading.tokens[at].is(part::PREPOSITION) || reading.tokens[at].has(shape::POSSESSIVE)
            }))
    {
        return source;
    }
    let Some(name) = reading.phrase_after(source.end + 1, source.end + 12) else { return source };
    // "Duarte's husband, Lee, said": one word is enough where no place can follow.
    let head = &reading.tokens[source.end - 1];
    let kin = head.is(part::ROLE)
        && !head.has(shape::CAPITAL)
        && reading.tokens[source.first..source.end]
            .iter()
            .any(|token| token.is(part::POSSESSIVE) || token.has(shape::POSSESSIVE))
        && !reading.tokens[source.first..source.end].iter().any(|token| token.is(part::PREPOSITION));
    // "Oda's neighbor, actress Ana Duarte": a role may lead to the name.
    let begin = (name.first..name.end.min(name.first + 3))
        .find(|at| {
            !reading.tokens[*at].is_word()
                || reading.tokens[*at].has(shape::CAPITAL)
                || reading.tokens[*at].parts & !part::ROLE != 0
        })
        .filter(|at| *at == name.first || reading.tokens[*at].is_proper() && name.end - at >= 2)
        .unwrap_or(name.first);
    let person = name.end - begin >= if kin { 1 } else { 2 }
        && (begin..name.end)
            .all(|at| reading.tokens[at].is_proper() || reading.tokens[at].is(part::COORDINATOR));
    let closed = matches!(reading.kind(name.end), Some(Kind::Comma | Kind::Stop | Kind::Break) | None)
        || reading.tokens.get(name.end).is_some_and(|t| t.verb.is_some());
    if person && closed { Phrase { first: source.first, end: name.end } } else { source }
}

/// "a letter by Ana Duarte": a description together with the name of who made it.
pub(super) fn with_author(reading: &Reading<'_>, bounds: Phrase, source: Phrase) -> Phrase {
    // "a filing submitted by": whether that makes an author is for the naming to say.
    let made = reading.is_word(source.end + 1, list!["by"])
        && reading.tokens[source.end].is_word()
        && reading.word(source.end).ends_with(['d', 'n']);
    let by = source.end + usize::from(made);
    if reading.source_kind(source) != SourceKind::Noun || !reading.is_word(by, list!["by", "from"]) {
        return source;
    }
    let author = reading.phrase_after(by + 1, bounds.end);
    let named = author.filter(|author| reading.source_kind(*author) == SourceKind::Name);
    named.map_or(source, |author| Phrase { first: source.first, end: author.end })
}

/// The phrase that an apposition between commas belongs to: "Oda, a baker from Trent, who lost, said". `comma` is the last comma.
pub(super) fn host(reading: &Reading<'_>, low: usize, comma: usize) -> Option<Phrase> {
    let tokens = &reading.tokens;
    let low = low.max(comma.saturating_sub(REACH));
    // "in Trent, Gov. Oda, said": a form of address begins the subject itself, the comma is stray.
    let segment = (low..comma).rev().find(|at| tokens[*at].kind == Kind::Comma).map_or(low, |at| at + 1);
    if tokens[segment].has(shape::DOTTED)
        && tokens[segment].has(shape::CAPITAL)
        && segment + 1 < comma
        && tokens[segment].end - tokens[segment].start > 1
    {
        return reading.phrase_before(segment, comma);
    }
    let mut right = comma;
    let mut fallback = None;
    for _ in 0..12 {
        // The segment left of the comma at `right`.
        let mut left = right;
        while left > low {
            match tokens[left - 1].kind {
                Kind::Comma | Kind::Semicolon | Kind::Colon | Kind::Stop => break,
                Kind::Dash if tokens[comma].kind == Kind::Dash => break,
                Kind::Run(_) => break,
                _ => left -= 1,
            }
        }
        if right < comma
            && left < right
            && is_apposition(reading, right + 1, comma)
            && let Some(phrase) = host_phrase(reading, left, right)
        {
            let clause = phrase.first > left
                && tokens[phrase.first - 1].is_word()
                && tokens[phrase.first - 1].is(part::SUBORDINATOR | part::COORDINATOR);
            if clause || !is_apposition(reading, left, right) || left <= low {
                return Some(phrase);
            }
            fallback = fallback.or(Some(phrase));
        }
        // A title between marks may hold the comma: "Oda, author of “The River,” said".
        let goes_on = left > low
            && match tokens[left - 1].kind {
                Kind::Comma | Kind::Dash => true,
                Kind::Run(run) => {
                    left - 1 > low
                        && (tokens[left - 2].is_word() || tokens[left - 2].kind == Kind::Comma)
                        && reading.last_char(run) == ','
                }
                _ => false,
            };
        if !goes_on {
            break;
        }
        right = left - 1;
    }
    fallback
}

fn host_phrase(reading: &Reading<'_>, left: usize, right: usize) -> Option<Phrase> {
    let end = source::skip_times(reading, left, right);
    let phrase = reading.phrase_before(left, end)?;
    let before = phrase.first.checked_sub(1).filter(|at| *at >= left);
    // "in Trent, a baker, said": what stands behind a preposition is no subject.
    let behind_preposition = before.is_some_and(|at| {
        reading.tokens[at].is(part::PREPOSITION) && !reading.tokens[at].is(part::SUBORDINATOR)
    });
    (!behind_preposition).then_some(phrase)
}

/// Whether the words from `first` can describe what stands before them, between commas.
fn is_apposition(reading: &Reading<'_>, first: usize, end: usize) -> bool {
    let Some(token) = reading.tokens.get(first).filter(|_| first < end) else { return false };
    match token.kind {
        Kind::Word => {}
        Kind::Run(_) => return false,
        _ => return false,
    }
    if token.has(shape::DIGIT) || reading.is_word(first, list!["jr", "sr", "ii", "iii", "iv"]) {
        return true;
    }
    if token.is(part::PRONOUN) && !token.is(part::RELATIVE | part::DETERMINER) {
        return false;
    }
    if token.is(part::COORDINATOR) {
        return false;
    }
    if token.is(part::DETERMINER
        | part::RELATIVE
        | part::PREPOSITION
        | part::ADVERB
        | part::PARENTHETICAL
        | part::ROLE
        | part::POSSESSIVE
        | part::SUBORDINATOR
        | part::TIME
        | part::NUMBER)
    {
        return true;
    }
    if !token.has(shape::CAPITAL) {
        return true;
    }
    // A place, a party, a title: short and without a verb.
    let verb = (first..end).any(|at| {
        // "Hart's fired manager": a participle behind an owner is an adjective.
        let owned = at > first && reading.tokens[at - 1].has(shape::POSSESSIVE);
        reading.tokens[at].is(part::AUXILIARY | part::VERB | part::MODAL)
            || !owned && reading.tokens[at].verb.is_some_and(|v| v.forms & form::PAST != 0)
    });
    !verb && (end - first <= 6 || (token.has(shape::POSSESSIVE) && end - first <= 14))
}

/// The subject of the last clause before `high` that has one.
pub(super) fn clause_subject(reading: &Reading<'_>, low: usize, high: usize) -> Option<Phrase> {
    let tokens = &reading.tokens;
    let low = low.max(high.saturating_sub(REACH));
    let mut best = None;
    let mut acts = false;
    let mut at = low;
    let mut fresh = true;
    while at < high {
        let token = &tokens[at];
        let opens = match token.kind {
            Kind::Comma | Kind::Semicolon | Kind::Dash | Kind::Colon | Kind::Run(_) => true,
            Kind::Word => {
                token.is(part::COORDINATOR | part::SUBORDINATOR)
                    && !token.is(part::DETERMINER)
                    && token.parts & part::PREPOSITION == 0
            }
            _ => false,
        };
        if opens {
            fresh = true;
            at += 1;
            continue;
        }
        if !fresh {
            at += 1;
            continue;
        }
        fresh = false;
        if token.is(part::PREPOSITION | part::TIME) && !token.is_proper() {
            at += 1;
            continue;
        }
        // "Specifically, “…”"
        let opening = token.has(shape::INITIAL)
            && reading.kind(at + 1) == Some(Kind::Comma)
            && reading.word(at).ends_with("ly");
        if token.is(part::ADVERB) || opening {
            fresh = true;
            at += 1;
            continue;
        }
        let Some(phrase) = reading.phrase_after(at, high) else {
            at += 1;
            continue;
        };
        // "Oda, a host in Trent, Ohio, has": what stands between commas is no subject itself.
        let set_off = best.is_some() && !acts && at > low && tokens[at - 1].kind == Kind::Comma;
        let aside = set_off && reading.kind(phrase.end) == Some(Kind::Comma);
        let verb = !aside && has_verb(reading, phrase.end, high);
        if best.is_none() && at == low || verb {
            acts |= verb;
            best = Some(phrase);
        }
        at = phrase.end;
    }
    best
}

/// Whether a verb follows at `at`, past adverbs, brackets and an apposition.
fn has_verb(reading: &Reading<'_>, at: usize, high: usize) -> bool {
    let mut at = at;
    // "Sen. Oda (Trent), who lost, named": a bracket with a place, then a relative clause.
    if at < high && reading.tokens[at].kind == Kind::Open {
        let close = (at..high.min(at + 6)).find(|at| reading.tokens[*at].kind == Kind::Close);
        let Some(close) = close else { return false };
        at = close + 1;
        if reading.kind(at) == Some(Kind::Comma) && at + 1 < high {
            return reading.is_word(at + 1, list!["who"]);
        }
    }
    // "Oda, the mayor, wrote", "the mayor, Lee Oda, wrote", "Oda, who lost, wrote"
    if at < high && reading.tokens[at].kind == Kind::Comma {
        let close = (at + 1..high.min(at + APPOSITION)).find(|at| !reading.tokens[*at].is_word());
        let Some(close) = close.filter(|close| reading.tokens[*close].kind == Kind::Comma) else {
            return false;
        };
        if reading.is_word(close + 1, list!["and", "or", "but"]) || !is_apposition(reading, at + 1, close) {
            return false;
        }
        at = close + 1;
    }
    while at < high && reading.tokens[at].is(part::ADVERB | part::NEGATION) {
        at += 1;
    }
    let Some(token) = reading.tokens.get(at).filter(|_| at < high) else { return false };
    if !token.is_word() {
        return false;
    }
    let word = reading.word(at);
    token.is(part::AUXILIARY | part::MODAL | part::VERB)
        || token.verb.is_some_and(|v| v.forms & form::FINITE != 0)
        || (token.parts == 0
            && !token.has(shape::CAPITAL)
            && (word.ends_with("ed") || (word.ends_with('s') && reading.tokens[at - 1].is_proper())))
}
