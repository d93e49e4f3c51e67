//! Which body "the agency", "the company", "the campaign" is.
//!
//! In: a cast, its discourse, what the article says about its bodies, and a description headed by a noun for a body. Out:
//! [`Described`]: the last body that the noun can mean by its name, or by what the article calls it; nobody where none fits.

use super::Cast;
use super::discourse::Discourse;
use super::entity::EntityKind;
use super::noun::{Described, Description, Descriptions, Phrase};
use crate::lexicon::people::WordFlags;

/// References looked back at.
const MAX_BACK: usize = 300;
/// Sentences looked back over for a body whose name holds the noun, or that the article calls so.
const FAR: usize = 40;
/// Sentences looked back over for a body whose name only fits.
const NEAR: usize = 8;
/// A candidate below this is not named.
const MIN_SCORE: f32 = 0.2;

/// The last body that the head of `phrase` can mean; `kinds` are those of its noun.
pub(super) fn last(
    cast: &Cast<'_>,
    discourse: &Discourse,
    descriptions: &Descriptions,
    phrase: &Phrase,
    kinds: u32,
) -> Described {
    let sentence = cast.sentence_of(phrase.from);
    let upto = discourse.references.partition_point(|reference| (reference.token as usize) < phrase.from);
    let mut best: Option<(f32, usize)> = None;
    for reference in discourse.references[..upto].iter().rev().take(MAX_BACK) {
        let distance = sentence - cast.sentence_of(reference.token as usize);
        if distance > FAR {
            break;
        }
        let known = &descriptions.of[reference.entity];
        let Some((fit, sure)) = fit(cast, known, reference.entity, phrase, kinds) else { continue };
        if !sure && distance > NEAR {
            continue;
        }
        let mut score = fit - 0.3 * distance.min(10) as f32;
        score += if reference.speaker { 1.0 } else { 0.0 } + if reference.main { 0.5 } else { 0.0 };
        score += if reference.subject { 0.3 } else { 0.0 };
        score -= if reference.quoted { 1.0 } else { 0.0 } + if reference.oblique { 0.4 } else { 0.0 };
        if best.is_none_or(|(other, _)| score > other) {
            best = Some((score, reference.entity));
        }
    }
    match best {
        Some((score, entity)) if score > MIN_SCORE => Described::Entity(entity, "body"),
        _ => Described::Unnamed,
    }
}

/// How well a name fits a noun, and whether it does for sure; `None`: it is something else.
fn fit(
    cast: &Cast<'_>,
    known: &Description,
    entity: usize,
    phrase: &Phrase,
    kinds: u32,
) -> Option<(f32, bool)> {
    let noun = cast.tokens[phrase.head].key;
    let entity = &cast.entities[entity];
    let body = matches!(entity.kind, EntityKind::Organisation | EntityKind::Outlet);
    let uncertain = entity.kind == EntityKind::Person && !entity.sure_person && !entity.full_form;
    if !body && !uncertain || entity.words() == [noun] {
        return None;
    }
    if !contradicted(cast, known, phrase) {
        if body && entity.words().len() > 1 && entity.words().contains(&noun) {
            if !describes(cast, known, entity.words(), phrase) {
                return None;
            }
            // Many a company is called "Group"; few but the one meant are called "Commission".
            return Some(if cast.word(phrase.head) == "group" { (1.2, false) } else { (3.0, true) });
        }
        if known.words.contains(&noun) {
            return Some((3.0, true));
        }
    } else {
        return None;
    }
    let media = cast.bodies.kind("media");
    if entity.kind == EntityKind::Outlet {
        return (kinds & media != 0).then_some((2.0, false));
    }
    if kinds == media || kinds == 0 || !body {
        return None;
    }
    let named = entity.words().iter().fold(0, |kinds, word| kinds | cast.bodies.of_name(*word));
    if named & kinds != 0 {
        return Some((1.2, false));
    }
    (named == 0).then_some((0.4, false))
}

/// "the foreign ministry" is not the Ministry of Water: where the name holds the noun, it holds its adjective too.
fn describes(cast: &Cast<'_>, known: &Description, name: &[u64], phrase: &Phrase) -> bool {
    (phrase.from + 1..phrase.head).all(|at| {
        let token = &cast.tokens[at];
        let known = name.contains(&token.key) || known.words.contains(&token.key);
        let elsewhere = token.info.flags.has(WordFlags::DEPT);
        known || !elsewhere
    })
}

/// "the Chinese company": a place that the body does not have in its name or description.
fn contradicted(cast: &Cast<'_>, known: &Description, phrase: &Phrase) -> bool {
    (phrase.from..phrase.head).any(|at| {
        let place = cast.tokens[at].info.place;
        place != 0 && !known.places.is_empty() && !known.places.contains(&place)
    })
}

/// "the campaign": of whom a campaign was named last.
pub(super) fn last_campaign(cast: &Cast<'_>, phrase: &Phrase) -> Described {
    let upto = cast.raw.partition_point(|raw| (raw.name_first as usize) < phrase.from);
    let key = cast.tokens[phrase.head].key;
    for raw in cast.raw[..upto].iter().rev().take(30) {
        let next = raw.name_last as usize + 1;
        if cast.tokens.get(next).is_some_and(|token| token.key == key && token.gap == 0) {
            let last = raw.name_last as usize;
            return Described::Name(
                format!("{} {}", cast.tokens[last].span().of(cast.text), cast.word(phrase.head)),
                "campaign",
            );
        }
    }
    Described::Unnamed
}
