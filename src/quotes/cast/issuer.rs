//! Whose words a document says: "the report", "the statement", "Hart's letter".
//!
//! In: a cast, the answers so far, a description headed by a noun for something written. Out: [`Described`]: the body or person
//! that the description names, or that the article named when it first spoke of the document. Reads no quote.

use super::Cast;
use super::discourse::{Discourse, is_preposition};
use super::entity::EntityKind;
use super::naming::{MAX_REFERENCES, Told};
use super::noun::{Described, Phrase};
use super::pronoun;
use super::token::{gap, shape};
use crate::lexicon::people::WordFlags;

/// Documents looked back at for the one meant.
const MAX_BACK: usize = 40;
/// Sentences looked back over.
const MAX_SENTENCES: usize = 30;
/// Words of a document's description to either side of its noun.
const REACH: usize = 8;

/// "a Water Board report", "a report by the Water Board", "Hart's letter", "the Hart campaign", "officials at the Water Board".
pub(super) fn owned(cast: &Cast<'_>, phrase: &Phrase) -> Option<Described> {
    let flags = cast.tokens[phrase.head].info.flags;
    let inside = cast
        .raw
        .iter()
        .enumerate()
        .skip(cast.raw.partition_point(|raw| (raw.name_last as usize) < phrase.from));
    for (idx, raw) in inside.take_while(|(_, raw)| (raw.name_last as usize) < phrase.to) {
        let Some(entity) = cast.of_mention[idx] else { continue };
        let body = matches!(cast.entities[entity].kind, EntityKind::Organisation | EntityKind::Outlet);
        let last = raw.name_last as usize;
        let before_head = last < phrase.head;
        if before_head && flags.has(WordFlags::CAMPAIGN) && last + 1 == phrase.head {
            let name = format!("{} {}", cast.tokens[last].span().of(cast.text), cast.word(phrase.head));
            return Some(Described::Name(name, "campaign"));
        }
        if flags.has(WordFlags::DOCUMENT) {
            if before_head
                && (body || raw.possessive)
                && !matches!(cast.entities[entity].canonical.as_str(), "Twitter" | "Facebook")
            {
                return Some(Described::Entity(entity, "document-of"));
            }
            let by = raw.first as usize;
            if (phrase.head + 1..=by).any(|at| cast.tokens[at].after(gap::COMMA)) {
                continue;
            }
            let preposition =
                (phrase.head + 1..by).rev().map(|at| cast.word(at)).find(|word| is_preposition(word));
            let author = match preposition {
                Some("from") => true,
                Some("by") => issues_by(cast, phrase.head, by),
                Some("of") => body,
                Some("in") => cast.entities[entity].kind == EntityKind::Outlet,
                _ => false,
            };
            if !before_head && author {
                return Some(Described::Entity(entity, "document-of"));
            }
        }
        let officials = matches!(
            cast.word(phrase.head),
            "officials" | "Officials" | "researchers" | "Researchers" | "editors"
        );
        if officials && body && !before_head {
            return Some(Described::Entity(entity, "officials-of"));
        }
    }
    None
}

/// "a report by the Water Board", "a letter signed by Hart"; not "a letter reviewed by The Post".
fn issues_by(cast: &Cast<'_>, head: usize, name: usize) -> bool {
    (head + 1..name)
        .rfind(|at| cast.word(*at) == "by")
        .is_some_and(|by| by == head + 1 || cast.bodies.issues(cast.tokens[by - 1].key))
}

/// "the report": whoever the article named when it first spoke of it.
pub(super) fn of_document(
    cast: &Cast<'_>,
    discourse: &Discourse,
    told: &Told<'_>,
    phrase: &Phrase,
) -> Described {
    if phrase.possessed {
        return of_possessor(cast, discourse, phrase);
    }
    // "the second letter", "the earlier report": another one than the last.
    let other = (phrase.from + 1..phrase.head).any(|at| {
        matches!(cast.word(at), "second" | "other" | "earlier" | "previous" | "third" | "first" | "original")
    });
    if other {
        return Described::Unnamed;
    }
    let families = cast.bodies.document(cast.tokens[phrase.head].key);
    let sentence = cast.sentence_of(phrase.head);
    let documents = &cast.landmarks.documents;
    let upto = documents.partition_point(|at| (*at as usize) < phrase.from);
    for at in documents[..upto].iter().rev().take(MAX_BACK) {
        let at = *at as usize;
        if sentence - cast.sentence_of(at) > MAX_SENTENCES {
            break;
        }
        if cast.bodies.document(cast.tokens[at].key) & families == 0 || discourse.quoted[at] {
            continue;
        }
        let mention = around(cast, at);
        if !same_words(cast, phrase, &mention) {
            continue;
        }
        let found = introduced(cast, discourse, told, &mention);
        if found.is_some() {
            return found.unwrap_or(Described::Unnamed);
        }
        // "a new study": it is spoken of for the first time, and nobody is named.
        let first = cast.word(mention.from).to_ascii_lowercase();
        if matches!(first.as_str(), "a" | "an" | "another" | "one" | "his" | "her" | "its" | "their") {
            break;
        }
    }
    Described::Unnamed
}

/// "the congressional report" is not "a police report": an adjective that was not said of the document speaks of another one.
fn same_words(cast: &Cast<'_>, phrase: &Phrase, mention: &Phrase) -> bool {
    (phrase.from + 1..phrase.head).all(|at| {
        let neutral = matches!(
            cast.word(at),
            "new"
                | "latest"
                | "same"
                | "full"
                | "final"
                | "joint"
                | "brief"
                | "written"
                | "official"
                | "scathing"
                | "damning"
                | "leaked"
                | "short"
                | "long"
                | "whole"
                | "entire"
                | "detailed"
                | "public"
                | "two-page"
        );
        let key = cast.tokens[at].key;
        neutral || (mention.from..mention.to).any(|other| cast.tokens[other].key == key)
    })
}

/// Who "his" or "her" is, where that opens a description.
pub(super) fn possessor(cast: &Cast<'_>, discourse: &Discourse, phrase: &Phrase) -> Option<usize> {
    let his = matches!(cast.word(phrase.from), "his" | "His" | "her" | "Her");
    his.then(|| discourse.resolved(phrase.from)).flatten()
}

/// "his letter", "her ruling", "its report", "their editorial".
fn of_possessor(cast: &Cast<'_>, discourse: &Discourse, phrase: &Phrase) -> Described {
    let entity = match cast.word(phrase.from).to_ascii_lowercase().as_str() {
        "his" | "her" => discourse.resolved(phrase.from),
        "its" => pronoun::neuter(cast, discourse, phrase.from),
        "their" => last_body(cast, discourse, phrase.from),
        _ => None,
    };
    entity.map_or(Described::Unnamed, |entity| Described::Entity(entity, "document-of"))
}

/// The words that describe the document whose noun is at `head`.
fn around(cast: &Cast<'_>, head: usize) -> Phrase {
    let mut from = head;
    while from > 0 && head - from < REACH && cast.tokens[from].gap == 0 {
        let before = cast.word(from - 1);
        if is_preposition(before)
            || matches!(before, "and" | "or" | "that" | "who" | "which" | "said" | "says")
        {
            break;
        }
        from -= 1;
        let begins = matches!(
            before,
            "a" | "A"
                | "an"
                | "An"
                | "the"
                | "The"
                | "his"
                | "His"
                | "her"
                | "Her"
                | "its"
                | "Its"
                | "their"
                | "this"
                | "This"
                | "one"
                | "another"
                | "Another"
        );
        if begins {
            break;
        }
    }
    let mut to = head + 1;
    while to < cast.tokens.len() && to - head <= REACH && !cast.tokens[to].after(gap::TERMINAL | gap::LINE) {
        to += 1;
    }
    Phrase::of_document(from, head, to)
}

/// Who the words around a document say issued it.
fn introduced(
    cast: &Cast<'_>,
    discourse: &Discourse,
    told: &Told<'_>,
    mention: &Phrase,
) -> Option<Described> {
    let possessive =
        matches!(cast.word(mention.from).to_ascii_lowercase().as_str(), "his" | "her" | "its" | "their");
    if let Some(owned) = owned(cast, mention) {
        return Some(owned);
    }
    // "In a statement, Oda said", "said in a statement": the speaker of that sentence.
    let before = mention.from.checked_sub(1).map(|at| cast.word(at));
    if matches!(before, Some("in" | "In" | "via" | "through"))
        && let Some(speaker) = told.in_sentence(cast, cast.sentence_of(mention.head))
    {
        return Some(speaker);
    }
    if let Some(issuer) = subject_of_issue(cast, discourse, mention).or_else(|| signed(cast, mention)) {
        return Some(Described::Entity(issuer, "document-of"));
    }
    if possessive && let Described::Entity(entity, rule) = of_possessor(cast, discourse, mention) {
        return Some(Described::Entity(entity, rule));
    }
    None
}

/// "Oda released a statement", "the Water Board, which has published a report".
fn subject_of_issue(cast: &Cast<'_>, discourse: &Discourse, mention: &Phrase) -> Option<usize> {
    let start = cast.sentence_start(cast.sentence_of(mention.head));
    let verb = (start.max(mention.from.saturating_sub(3))..mention.from)
        .rev()
        .find(|at| cast.bodies.issues(cast.tokens[*at].key) && !cast.tokens[*at].is(shape::UPPER))?;
    let upto = discourse.references.partition_point(|reference| (reference.token as usize) < verb);
    let from = discourse.references.partition_point(|reference| (reference.token as usize) < start);
    discourse.references[from.max(upto.saturating_sub(MAX_REFERENCES))..upto]
        .iter()
        .filter(|reference| !reference.quoted && !reference.possessive && !reference.oblique)
        .filter(|reference| speaks(cast, reference.entity))
        .max_by_key(|reference| (reference.subject, reference.main, reference.token))
        .map(|reference| reference.entity)
}

/// "a report released by the Water Board", "a statement attributed to Oda".
fn signed(cast: &Cast<'_>, mention: &Phrase) -> Option<usize> {
    let by = (mention.head + 1..mention.to).find(|at| {
        cast.word(*at) == "by" && (*at == mention.head + 1 || cast.bodies.issues(cast.tokens[*at - 1].key))
    })?;
    let first = cast.raw.partition_point(|raw| (raw.name_first as usize) <= by);
    let raw = cast.raw.get(first).filter(|raw| (raw.first as usize) <= by + 2 && !raw.modifier)?;
    if raw.possessive {
        return None;
    }
    cast.of_mention[first].filter(|entity| speaks(cast, *entity))
}

/// The body named last in the sentence before `token`.
fn last_body(cast: &Cast<'_>, discourse: &Discourse, token: usize) -> Option<usize> {
    let start = cast.sentence_start(cast.sentence_of(token));
    let upto = discourse.references.partition_point(|reference| (reference.token as usize) < token);
    discourse.references[..upto]
        .iter()
        .rev()
        .take(MAX_REFERENCES)
        .take_while(|reference| reference.token as usize >= start)
        .find(|reference| {
            let kind = cast.entities[reference.entity].kind;
            !reference.quoted && matches!(kind, EntityKind::Organisation | EntityKind::Outlet)
        })
        .map(|reference| reference.entity)
}

fn speaks(cast: &Cast<'_>, entity: usize) -> bool {
    matches!(cast.entities[entity].kind, EntityKind::Person | EntityKind::Organisation | EntityKind::Outlet)
}
