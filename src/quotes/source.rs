//! Who does what a speech verb says: the grammatical subject, found around the verb.
//!
//! In: a [`Reading`], one cue, and the cues before it in its sentence. Out: `Cue::source`. Looks left for a subject (past
//! appositions, relative clauses, brackets, times and places), right for an inverted one. Must not resolve names.

use super::apposition;
use super::attribution::SourceKind;
use super::cue::{Cue, Mood};
use super::phrase::Phrase;
use super::reading::Reading;
use super::token::{Kind, list, shape};
use crate::lexicon::cues::{Frame, form, part};

/// Fills in the source of `cue`.
pub(super) fn find(reading: &Reading<'_>, bounds: Phrase, earlier: &[Cue], cue: &mut Cue) {
    match cue.mood {
        Mood::According => {
            let source = reading.phrase_after(cue.end, bounds.end);
            cue.source = source.map(|source| apposition::with_author(reading, bounds, source));
        }
        Mood::Passive => passive(reading, bounds, cue),
        Mood::Noun => owner(reading, bounds, earlier, cue),
        Mood::Participle | Mood::Infinitive => shared(reading, bounds, earlier, cue),
        Mood::Finite => finite(reading, bounds, earlier, cue),
    }
}

/// "Oda's claim that", "his belief that"; without an owner, the subject of the clause: "Oda is confident that".
fn owner(reading: &Reading<'_>, bounds: Phrase, earlier: &[Cue], cue: &mut Cue) {
    // "a claim by Oda that"
    if cue.end > cue.at + 1 {
        cue.source = Some(Phrase { first: cue.at + 2, end: cue.end });
        return;
    }
    let from = bounds.first.max(cue.at.saturating_sub(4));
    let owner = (from..cue.at)
        .rev()
        .find(|at| reading.tokens[*at].is(part::POSSESSIVE) || reading.tokens[*at].has(shape::POSSESSIVE));
    // "Oda's aide challenged the claim that": another noun phrase begins between.
    let apart = |at: usize| {
        reading.tokens[at + 1..cue.at].iter().any(|token| {
            token.is(part::DETERMINER | part::PREPOSITION | part::VERB | part::AUXILIARY)
                || token.verb.is_some_and(|verb| verb.forms & form::PAST != 0)
        })
    };
    cue.source = match owner.filter(|at| !apart(*at)) {
        Some(at) if reading.tokens[at].is(part::POSSESSIVE) => Some(Phrase { first: at, end: at + 1 }),
        Some(at) => {
            reading.phrase_before(bounds.first, at + 1).map(|phrase| behind_preposition(reading, phrase))
        }
        None => None,
    };
    if cue.source.is_none() {
        shared(reading, bounds, earlier, cue);
    }
}

/// "Oda" of "an issue out of Oda's claim": the owner alone.
pub(super) fn behind_preposition(reading: &Reading<'_>, phrase: Phrase) -> Phrase {
    let last = (phrase.first..phrase.end).rev().find(|at| reading.tokens[*at].is(part::PREPOSITION));
    match last {
        Some(at) if at + 1 < phrase.end => Phrase { first: at + 1, end: phrase.end },
        _ => phrase,
    }
}

fn passive(reading: &Reading<'_>, bounds: Phrase, cue: &mut Cue) {
    let by = (cue.end..bounds.end.min(cue.end + 4)).find(|at| reading.is_word(*at, list!["by"]));
    cue.source = by.and_then(|by| reading.phrase_after(by + 1, bounds.end));
}

fn finite(reading: &Reading<'_>, bounds: Phrase, earlier: &[Cue], cue: &mut Cue) {
    if let Some(phrase) = inverted(reading, bounds, cue) {
        cue.source = Some(phrase);
        cue.inverted = true;
        return;
    }
    let before = cue.first.checked_sub(1).filter(|at| *at >= bounds.first).map(|at| reading.tokens[at]);
    let joined = before.is_some_and(|token| token.is_word() && token.is(part::COORDINATOR))
        || (cue.first >= bounds.first + 2
            && before.is_some_and(|t| t.kind == Kind::Comma)
            && follows_list(reading, earlier, cue));
    if joined {
        shared(reading, bounds, earlier, cue);
        return;
    }
    cue.source = subject(reading, bounds.first, cue.first);
    // "a class called “Rivers”": the noun before is what is called.
    if cue.verb.frame == Frame::Call
        && cue.first == cue.at
        && cue.verb.forms & form::PARTICIPLE != 0
        && let Some(source) = cue.source
        && reading.source_kind(source) == SourceKind::Noun
        && source.end == cue.first
        && !reading.tokens[source.end - 1].is(part::ROLE)
    {
        cue.mood = Mood::Passive;
        cue.source = None;
        return;
    }
    if cue.source.is_none() {
        shared(reading, bounds, earlier, cue);
    }
}

/// "stood up, paused, said": a verb right after the comma of a list of verbs.
fn follows_list(reading: &Reading<'_>, earlier: &[Cue], cue: &Cue) -> bool {
    let Some(last) = earlier.last() else { return false };
    let relative = last.source.is_some_and(|source| {
        source.end == source.first + 1 && reading.tokens[source.first].is(part::RELATIVE)
    });
    !relative
        && last.mood == Mood::Finite
        && (last.end..cue.first).all(|at| !reading.tokens[at].is(part::RELATIVE))
        && cue.first - last.end > 2
        && {
            let second =
                (last.end..cue.first - 1).filter(|at| reading.tokens[*at].kind == Kind::Comma).count();
            second == 0 && last.verb.frame != Frame::Tell
        }
}

/// The subject that stands behind its verb: `“Yes,” said Oda`.
fn inverted(reading: &Reading<'_>, bounds: Phrase, cue: &Cue) -> Option<Phrase> {
    let behind_comma = cue.at > bounds.first
        && matches!(reading.tokens[cue.at - 1].kind, Kind::Run(run) if matches!(reading.last_char(run), ',' | '?' | '!'));
    let spoken_before =
        cue.at > bounds.first && (cue.at - 1 == bounds.first || !reading.tokens[cue.at - 2].is_word());
    let inverts = (behind_comma && spoken_before
        || matches!(cue.verb.frame, Frame::Say | Frame::Ask | Frame::Hold))
        && cue.verb.forms & (form::PAST | form::THIRD | form::BASE) != 0;
    if !inverts || cue.first != cue.at {
        return None;
    }
    let after = reading.tokens.get(cue.end).filter(|token| token.is_word())?;
    let opens = match cue.at.checked_sub(1).filter(|at| *at >= bounds.first) {
        None => reading.tokens[cue.at].has(shape::CAPITAL) && after.has(shape::CAPITAL),
        Some(before) => match reading.tokens[before].kind {
            Kind::Run(_) => true,
            Kind::Comma | Kind::Dash => {
                before == bounds.first || !leaves_subject_open(reading, bounds, before)
            }
            _ => {
                reading.is_word(before, list!["so", "as", "than"])
                    && reading.tokens[before].is(part::SUBORDINATOR | part::ADVERB | part::PREPOSITION)
            }
        },
    };
    if !opens
        || reading.is_word(cue.end, list!["that", "to", "in", "on", "of", "him", "her", "them", "me", "us"])
            && !reading.is_word(cue.end + 1, list!["campaign"])
    {
        return None;
    }
    let phrase = reading.phrase_after(cue.end, bounds.end)?;
    // `“Yes,” said she would …` does not occur; `“Yes,” said the minister` does.
    let kind = reading.kind(phrase.end);
    let clause_follows = reading.tokens.get(phrase.end).is_some_and(|t| {
        t.is(part::AUXILIARY | part::MODAL | part::VERB) || t.verb.is_some_and(|v| v.forms & form::PAST != 0)
    });
    (!clause_follows || kind != Some(Kind::Word)).then_some(phrase)
}

/// Whether the words before the comma at `comma` wait for this verb: "Oda, who lost, said".
fn leaves_subject_open(reading: &Reading<'_>, bounds: Phrase, comma: usize) -> bool {
    apposition::host(reading, bounds.first, comma).is_some()
}

/// A verb without a subject of its own takes that of the verb before it, or of the clause.
fn shared(reading: &Reading<'_>, bounds: Phrase, earlier: &[Cue], cue: &mut Cue) {
    cue.shared = true;
    let before = cue.first.checked_sub(1).filter(|at| *at >= bounds.first);
    // "uses footage of Oda saying"
    if cue.mood == Mood::Participle
        && let Some(phrase) = reading.phrase_before(bounds.first, cue.first)
        && let shown = behind_preposition(reading, phrase)
        && shown.first > phrase.first
        && is_shown(reading, shown)
        && reading.is_word(
            phrase.first.max(shown.first - 2),
            list![
                "footage",
                "video",
                "videos",
                "clip",
                "clips",
                "audio",
                "tape",
                "recording",
                "recordings",
                "image",
                "images",
                "memories",
                "quote"
            ],
        )
    {
        cue.source = Some(shown);
        return;
    }
    if cue.mood == Mood::Participle
        && let Some(at) = before
        && reading.is_nominal(at)
        && !earlier.iter().rev().take(30).any(|other| other.source.is_some())
        && let Some(phrase) = reading.phrase_before(bounds.first, cue.first)
        && phrase.first == bounds.first
    {
        cue.source = Some(phrase);
        return;
    }
    // "with Oda saying", "with Oda recently saying"
    if cue.mood == Mood::Participle
        && let Some(phrase) =
            reading.phrase_before(bounds.first, skip_times(reading, bounds.first, cue.first))
        && phrase.first > bounds.first
        && (reading.is_word(phrase.first - 1, list!["with"]) || is_shown(reading, phrase))
    {
        cue.source = Some(phrase);
        return;
    }
    // "criticized Oda for saying", "accused Oda of saying": the one who is judged says it.
    if cue.mood == Mood::Participle
        && matches!(cue.verb.frame, Frame::Say | Frame::Tell | Frame::Call)
        && cue.first > bounds.first
        && reading.is_word(cue.first - 1, list!["for", "of"])
        && let Some(phrase) = reading.phrase_before(bounds.first, cue.first - 1)
        && reading.source_kind(phrase) == SourceKind::Name
        && phrase.first > bounds.first
        && !reading.tokens[phrase.first - 1].is(part::PREPOSITION | part::COORDINATOR)
        && reading.tokens[phrase.first - 1].is_word()
    {
        cue.source = Some(phrase);
        return;
    }
    // "The report quotes a guard as saying"
    if cue.mood == Mood::Participle
        && cue.first > bounds.first
        && reading.is_word(cue.first - 1, list!["as"])
        && let Some(phrase) = reading.phrase_before(bounds.first, cue.first - 1)
        && phrase.first > bounds.first
        && reading.is_word(
            phrase.first - 1,
            list!["quote", "quotes", "quoted", "quoting", "cite", "cites", "cited", "citing"],
        )
    {
        cue.source = Some(phrase);
        return;
    }
    // "Oda said that the mills refused to pay, calling it unfair": what is said under "said" does not speak.
    let mut outer = earlier.iter().rev().take(30).filter(|other| {
        matches!(other.mood, Mood::Finite)
            && !other.inverted
            && !other.shared
            && matches!(other.verb.frame, Frame::Say | Frame::Tell)
    });
    let outer = outer.rfind(|other| other.source.is_some() && other.first + super::phrase::REACH > cue.first);
    let outer = outer.filter(|other| {
        reading.is_word(other.end, list!["that"])
            || (other.end..cue.first.min(other.end + 8)).any(|at| reading.is_word(at, list!["that"]))
    });
    let outer = outer.filter(|other| {
        cue.mood == Mood::Participle && !(other.end..cue.first).any(|at| begins_clause(reading, at))
    });
    // `“No,” Oda added, saying it was “late”`: the verb right before the comma.
    let right_before = earlier.last().filter(|other| {
        cue.mood == Mood::Participle
            && other.source.is_some()
            && other.end + 1 == cue.first
            && reading.kind(other.end) == Some(Kind::Comma)
            && !other.source.is_some_and(|source| is_set_off(reading, bounds.first, source))
    });
    let governing = right_before.or(outer).or_else(|| teller(earlier, cue)).or_else(|| {
        earlier.iter().rev().take(30).find(|other| {
            // "Oda left when Hart rose, remarking" is more often Hart's.
            let aside = cue.mood == Mood::Participle
                && reading.tokens[cue.first - 1].kind == Kind::Comma
                && other.source.is_some_and(|source| {
                    is_set_off(reading, bounds.first, source)
                        && reading.is_word(source.first - 1, list!["after", "before", "until"])
                });
            other.source.is_some() && !matches!(other.mood, Mood::According | Mood::Passive) && !aside
        })
    });
    let clause = main_subject(reading, bounds.first, cue);
    cue.source = match (governing, clause) {
        (Some(other), Some(clause))
            if clause.first > other.end
                && (begins_clause(reading, clause.first)
                    || follows_opening(reading, bounds.first, clause)) =>
        {
            Some(clause)
        }
        (Some(other), _) => other.source.map(|source| behind_run(reading, source)),
        (None, clause) => clause,
    };
    // "Speaking in Iowa, Oda said", "Calling it unfair, Oda left": the subject follows the opening phrase.
    if cue.mood == Mood::Participle && cue.first <= bounds.first + 1 {
        let comma =
            (cue.end..bounds.end.min(cue.end + 40)).find(|at| reading.tokens[*at].kind == Kind::Comma);
        if let Some(phrase) = comma.and_then(|comma| reading.phrase_after(comma + 1, bounds.end)) {
            cue.source = Some(phrase);
        }
    }
}

/// "Oda" of `that “it was late,” Oda`: what stands behind quoted words.
fn behind_run(reading: &Reading<'_>, source: Phrase) -> Phrase {
    let run = (source.first..source.end)
        .rev()
        .find(|at| matches!(reading.kind(*at), Some(Kind::Run(run)) if reading.last_char(run) == ','));
    match run {
        Some(at) if at + 1 < source.end => Phrase { first: at + 1, end: source.end },
        _ => source,
    }
}

/// "Oda wrote the agents knew of it, saying": whoever tells of a thought, where nothing but thoughts stand between.
fn teller<'c>(earlier: &'c [Cue], cue: &Cue) -> Option<&'c Cue> {
    let spoken = cue.mood == Mood::Participle && matches!(cue.verb.frame, Frame::Say | Frame::Tell);
    let mut near = earlier.iter().rev().take(8).filter(|_| spoken).peekable();
    let thought = |other: &&Cue| matches!(other.verb.frame, Frame::Hold | Frame::Show);
    if !near.peek().is_some_and(thought) {
        return None;
    }
    near.find(|other| !thought(other)).filter(|other| {
        other.mood == Mood::Finite
            && other.source.is_some()
            && matches!(other.verb.frame, Frame::Say | Frame::Tell)
    })
}

/// The subject of the clause before `cue`; for a participle behind a comma that of the main clause: "Oda left after they came, saying".
fn main_subject(reading: &Reading<'_>, low: usize, cue: &Cue) -> Option<Phrase> {
    let nearest = apposition::clause_subject(reading, low, cue.first)?;
    let set_off = cue.mood == Mood::Participle
        && cue.first > low
        && reading.tokens[cue.first - 1].kind == Kind::Comma
        && is_set_off(reading, low, nearest);
    match set_off {
        true => apposition::clause_subject(reading, low, nearest.first - 1).or(Some(nearest)),
        false => Some(nearest),
    }
}

/// Whether the subject stands in a clause under the one before it: "they" in "Oda left after they came".
fn is_set_off(reading: &Reading<'_>, low: usize, subject: Phrase) -> bool {
    subject.first > low + 1
        && reading
            .is_word(subject.first - 1, list!["after", "when", "before", "once", "while", "because", "until"])
        && reading.tokens[subject.first - 2].is_word()
}

/// "As the crowd began to chant, Oda": the comma before the phrase ends a clause that opens the sentence.
fn follows_opening(reading: &Reading<'_>, low: usize, phrase: Phrase) -> bool {
    phrase.first > low
        && reading.tokens[phrase.first - 1].kind == Kind::Comma
        && reading.is_word(
            low,
            list!["as", "when", "while", "after", "before", "because", "although", "though", "once", "since"],
        )
}

/// "footage of Oda saying", "heard Oda saying": a name right before the verb, behind what shows or hears it.
fn is_shown(reading: &Reading<'_>, phrase: Phrase) -> bool {
    let named = reading.source_kind(phrase) == SourceKind::Name && phrase.end - phrase.first <= 4;
    named
        && reading.is_word(
            phrase.first - 1,
            list![
                "of",
                "hear",
                "heard",
                "hears",
                "show",
                "shows",
                "showed",
                "caught",
                "recorded",
                "quoted",
                "features",
                "by",
                "from",
                "recalled",
                "recalls",
                "remembered",
                "remembers",
                "cited",
            ],
        )
}

/// The subject of the verb group that begins at `verb`: what stands before it, past whatever may stand between.
pub(super) fn subject(reading: &Reading<'_>, low: usize, verb: usize) -> Option<Phrase> {
    let mut end = skip_times(reading, low, verb);
    if end <= low {
        return None;
    }
    match reading.tokens[end - 1].kind {
        Kind::Run(run) if reading.last_char(run) == ',' => return apposition::host(reading, low, end - 1),
        Kind::Comma | Kind::Dash => {
            return apposition::host(reading, low, end - 1).or_else(|| reading.phrase_before(low, end - 1));
        }
        Kind::Word | Kind::Close => {}
        _ => return None,
    }
    for _ in 0..4 {
        let phrase = reading.phrase_before(low, end)?;
        let before = phrase.first.checked_sub(1).filter(|at| *at >= low);
        let behind_preposition = before.is_some_and(|at| {
            reading.tokens[at].is_word()
                && reading.tokens[at].is(part::PREPOSITION)
                && !reading.tokens[at].is(part::SUBORDINATOR)
        });
        // "Oda, president and owner of Trent Mills said": the second comma is missing.
        if let Some(comma) = before.filter(|at| reading.tokens[*at].kind == Kind::Comma)
            && reading.tokens[phrase.first].is(part::ROLE)
            && !reading.tokens[phrase.first].has(shape::CAPITAL)
            && phrase.end > phrase.first + 1
            && let Some(name) = reading.phrase_before(low, comma)
            && reading.tokens[name.first].is_proper()
            && name.end > name.first + 1
        {
            return Some(name);
        }
        // "Lee Oda of Trent, Ohio said": the place goes on behind the comma.
        if let Some(comma) = before.filter(|at| reading.tokens[*at].kind == Kind::Comma)
            && phrase.end - phrase.first <= 2
            && (phrase.first..phrase.end).all(|at| reading.tokens[at].is_proper())
            && comma >= low + 4
            && reading.tokens[comma - 1].is_proper()
            && (comma - 3..comma - 1)
                .any(|at| reading.is_word(at, list!["of", "from"]) && reading.tokens[at - 1].is_proper())
            && let Some(native) = reading.phrase_before(low, comma)
            && reading.tokens[native.first].is_proper()
        {
            return Some(native);
        }
        if !behind_preposition || reading.is_pronoun(phrase.first) && phrase.end == phrase.first + 1 {
            return Some(phrase);
        }
        // "Oda in a statement said": the subject stands before the preposition, if anything does.
        let preposition = phrase.first - 1;
        let outer = (preposition > low).then(|| reading.phrase_before(low, preposition)).flatten();
        match outer {
            Some(_) => end = preposition,
            // "and in a statement said": the subject is that of the verb before.
            None if preposition > low && reading.tokens[preposition - 1].is(part::COORDINATOR) => {
                return None;
            }
            None => return Some(phrase),
        }
    }
    None
}

/// Whether what stands before `at` sets a clause beside the one before it, not under it.
fn begins_clause(reading: &Reading<'_>, at: usize) -> bool {
    let Some(before) = at.checked_sub(1) else { return true };
    let token = &reading.tokens[before];
    matches!(token.kind, Kind::Semicolon | Kind::Dash)
        || (token.is(part::COORDINATOR)
            || reading.is_word(before, list!["while", "as", "though", "although", "when", "after"]))
            && before > 0
            && reading.tokens[before - 1].kind == Kind::Comma
}

/// Steps left over "on Monday", "last week", "also on Tuesday".
pub(super) fn skip_times(reading: &Reading<'_>, low: usize, mut end: usize) -> usize {
    let start = end;
    while end > low {
        let token = &reading.tokens[end - 1];
        let time = token.is_word() && token.is(part::TIME);
        let after_time = end < start
            && token.is_word()
            && (token.is(part::DETERMINER | part::PREPOSITION)
                && reading
                    .is_word(end - 1, list!["on", "in", "the", "this", "that", "of", "at", "late", "early"])
                || token.has(shape::DIGIT));
        if !(time || after_time) {
            break;
        }
        end -= 1;
    }
    // "Friday" alone at the beginning, or "March" as a name: nothing stands before, so it was the subject.
    if end <= low { start } else { end }
}
