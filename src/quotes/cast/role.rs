//! The role that an article gives a person: what stands before the name, in brackets and in commas behind it.
//!
//! In: a cast and a name. Out: the words as written. Judges nothing.

use std::collections::BTreeMap;

use super::Cast;
use super::token::{gap, shape};
use crate::lexicon::people::WordFlags;
use crate::model::Span;

/// First role that the article gives each of these entities.
pub(super) fn first_roles(cast: &Cast<'_>, entities: impl Iterator<Item = usize>) -> BTreeMap<usize, String> {
    let mut wanted = vec![false; cast.entities.len()];
    for entity in entities {
        wanted[entity] = true;
    }
    let mut roles = BTreeMap::new();
    for (idx, entity) in cast.of_mention.iter().enumerate() {
        let Some(entity) = entity.filter(|entity| wanted[*entity]) else { continue };
        if let Some(role) = role_at(cast, idx) {
            wanted[entity] = false;
            roles.insert(entity, role);
        }
    }
    roles
}

/// The role that stands at one name: "Sen. (D-Mo.)", "former state senator", "a retired teacher".
pub(super) fn role_at(cast: &Cast<'_>, mention: usize) -> Option<String> {
    let raw = &cast.raw[mention];
    let (first, name_first, last) = (raw.first as usize, raw.name_first as usize, raw.name_last as usize);
    let mut parts: Vec<&str> = Vec::new();
    let told = (first..name_first).any(|at| !cast.tokens[at].info.flags.has(WordFlags::HONORIFIC));
    if told {
        let before = Span::new(cast.tokens[first].start as usize, cast.tokens[name_first].start as usize);
        parts.push(before.of(cast.text).trim());
    }
    let mut behind = last + 1;
    if cast.tokens.get(behind).is_some_and(|token| token.gap == gap::OPEN) {
        let close = (behind + 1..(behind + 6).min(cast.tokens.len()))
            .find(|at| cast.tokens[*at].after(gap::CLOSE))?;
        let bracket =
            Span::new(cast.tokens[last].end as usize, cast.tokens[close].start as usize).of(cast.text);
        let (open, end) = (bracket.find(['(', '[']), bracket.rfind([')', ']']));
        if let (Some(open), Some(end)) = (open, end)
            && open < end
            && is_party(cast.word(behind))
        {
            parts.push(&bracket[open..=end]);
        }
        behind = close;
    }
    let apposition = cast.apposition_behind(last);
    let opens_role = cast.tokens.get(behind).is_some_and(|token| token.gap == gap::COMMA)
        && !matches!(cast.word(behind), "who" | "whose");
    if !told && opens_role && apposition.end > apposition.start && apposition.start == behind {
        let closed = cast.tokens.get(apposition.end).is_none_or(|token| token.gap != 0);
        if closed {
            let span =
                Span::new(cast.tokens[behind].start as usize, cast.tokens[apposition.end - 1].end as usize);
            parts.push(span.of(cast.text));
        }
    }
    let before = cast.apposition_before(first);
    if parts.is_empty() && before.len() > 1 && apposes(cast, before.clone()) {
        let owner = cast.tokens[before.start].is(shape::POSSESSIVE);
        let mut from = before.start + usize::from(!owner);
        // "the Trent Union's secretary": the whole name of the owner.
        while owner && from > 0 && cast.tokens[from].gap == 0 && cast.tokens[from - 1].is(shape::UPPER) {
            from -= 1;
        }
        let named = cast.tokens[from].info.flags.has(WordFlags::FUNCTION);
        let begin = cast.tokens[from + usize::from(owner && named && from < before.start)].start as usize;
        parts.push(Span::new(begin, cast.tokens[before.end - 1].end as usize).of(cast.text));
    }
    let role = parts.join(" ");
    (!role.is_empty()).then_some(role)
}

/// "the transport minister, Lee Oda": a role before the comma, not a member of a list.
fn apposes(cast: &Cast<'_>, before: std::ops::Range<usize>) -> bool {
    cast.tokens[before.end - 1].info.flags.has(WordFlags::ROLE)
}

fn is_party(word: &str) -> bool {
    matches!(word, "R" | "D" | "I" | "L" | "G" | "Republican" | "Democrat" | "Independent")
}
