//! Who "she", "they", "who" are.
//!
//! In: a cast, its discourse so far and the token of a pronoun. Out: the entity, or `None` below [`MIN_SCORE`]. A pronoun is
//! weighed against every reference shortly before it. The weights in [`FEATURES`] were fitted to annotated news articles
//! (pronouns whose antecedent is known) and rounded.

use super::Cast;
use super::discourse::{Discourse, Reference};
use super::entity::EntityKind;
use super::token::{gap, pronoun_gender, shape};
use crate::lexicon::people::Gender;

/// References looked back at.
const MAX_BACK: usize = 30;
/// Different persons between that are counted.
const MAX_BETWEEN: usize = 5;
/// Quoted tokens before a pronoun that are stepped over.
const MAX_QUOTED: usize = 200;
/// Sentences looked back over.
const MAX_SENTENCES: usize = 9;
/// A candidate below this is not named.
const MIN_SCORE: f32 = -2.0;

/// The same for one of whom neither name nor text tells that "he" or "she" fits: it may be no person.
const MIN_UNKNOWN: f32 = 1.0;

/// What is weighed, and how much.
const FEATURES: [(&str, f32); 25] = [
    ("same sentence", -0.05),
    ("sentence before", 0.25),
    ("sentences between", -0.4),
    ("paragraphs between", -0.35),
    ("main subject", 1.1),
    ("clause subject", 0.4),
    ("speaker", 1.2),
    ("gender sure", 0.85),
    ("gender likely", 0.4),
    ("gender unlikely", -0.8),
    ("possessive", -0.5),
    ("behind a preposition", -0.8),
    ("quoted", -2.0),
    ("reported", -0.9),
    ("sure person", 0.7),
    ("pronoun", 0.1),
    ("frequent", -0.25),
    ("speaker in sentence before", 0.7),
    ("latest speaker", 0.8),
    ("latest main subject", 0.9),
    ("names between", -0.25),
    ("main subject of the sentence before", 0.3),
    ("latest main subject, of this paragraph", 1.0),
    ("main subject of the words that lead to the quote", 1.0),
    ("named in the words around the quote", -1.0),
];

/// Natural logarithms of 1 (twice), 2, 3, ... mentions.
const FREQUENCY: [f32; 21] = [
    0.0, 0.0, 0.693, 1.099, 1.386, 1.609, 1.792, 1.946, 2.079, 2.197, 2.303, 2.398, 2.485, 2.565, 2.639,
    2.708, 2.773, 2.833, 2.89, 2.944, 2.996,
];

type Values = [f32; FEATURES.len()];

/// A candidate with its weight.
#[derive(Clone, Copy, Debug)]
pub(super) struct Weighed {
    pub(super) entity: usize,
    pub(super) score: f32,
    pub(super) values: Values,
}

fn on(condition: bool) -> f32 {
    f32::from(u8::from(condition))
}

/// Where a pronoun stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) token: usize,
    pub(super) sentence: u32,
    pub(super) line: u32,
    /// Who asked what is answered here, and so does not answer.
    pub(super) asker: Option<usize>,
    pub(super) around: Around,
}

/// What stands in the sentence before quoted words whose speaker is named behind them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Around {
    /// Nothing, or the pronoun does not stand behind quoted words.
    Nothing,
    /// Words that lead to the quote: `Oda saw it otherwise: “…,” he said`.
    Lead,
    /// Words that are part of what is said: `Oda is “a liar,” he said`.
    Part,
}

impl Place {
    /// The place of the pronoun at `token`: behind quoted words, that where these begin, however many sentences they hold.
    pub(super) fn of(cast: &Cast<'_>, discourse: &Discourse, token: usize) -> Self {
        let mut at = token;
        if cast.tokens[token].after(gap::MARK) {
            while at > 0 && token - at < MAX_QUOTED && discourse.quoted[at - 1] {
                at -= 1;
            }
        }
        let gap = cast.tokens[at].gap;
        let around = match at == token || gap & gap::BREAK != 0 {
            true => Around::Nothing,
            false if gap & (gap::COMMA | gap::COLON) != 0 => Around::Lead,
            false => Around::Part,
        };
        Place { token, sentence: cast.sentence_of(at) as u32, line: cast.line_of(at), asker: None, around }
    }
}

/// What there is to weigh between one pronoun and the references before it.
struct Scene<'c, 'a> {
    cast: &'c Cast<'a>,
    discourse: &'c Discourse,
    gender: Gender,
    latest_speaker: Option<usize>,
    latest_main: Option<usize>,
    around: Around,
}

/// Weighs every fitting reference before a gendered pronoun, latest first.
pub(super) fn weigh(
    cast: &Cast<'_>,
    discourse: &Discourse,
    place: Place,
    gender: Gender,
    mut each: impl FnMut(Weighed),
) {
    let upto = discourse.references.partition_point(|reference| (reference.token as usize) < place.token);
    let mut scene =
        Scene { cast, discourse, gender, latest_speaker: None, latest_main: None, around: place.around };
    let mut between = [usize::MAX; MAX_BETWEEN];
    let mut n_between = 0;
    for reference in discourse.references[..upto].iter().rev().take(MAX_BACK) {
        let distance = place.sentence.saturating_sub(reference.sentence) as usize;
        if distance > MAX_SENTENCES {
            break;
        }
        let entity = &cast.entities[reference.entity];
        if entity.kind != EntityKind::Person || !discourse.genders[reference.entity].agrees(gender) {
            continue;
        }
        if !entity.sure_person && !entity.full_form && !reference.speaker {
            continue;
        }
        if place.asker == Some(reference.entity) {
            continue;
        }
        if reference.speaker && scene.latest_speaker.is_none() {
            scene.latest_speaker = Some(reference.entity);
        }
        if reference.main && !reference.quoted && scene.latest_main.is_none() {
            scene.latest_main = Some(reference.entity);
        }
        let known = between[..n_between].iter().position(|other| *other == reference.entity);
        if known.is_none() && !reference.quoted && n_between < MAX_BETWEEN {
            between[n_between] = reference.entity;
            n_between += 1;
        }
        let nearer = known.unwrap_or(n_between.saturating_sub(usize::from(!reference.quoted)));
        let values =
            scene.values(reference, distance, place.line.saturating_sub(reference.line) as usize, nearer);
        let score = values.iter().zip(FEATURES).map(|(value, (_, weight))| value * weight).sum();
        each(Weighed { entity: reference.entity, score, values });
    }
}

impl Scene<'_, '_> {
    fn values(&self, reference: &Reference, distance: usize, paragraphs: usize, n_between: usize) -> Values {
        let entity = &self.cast.entities[reference.entity];
        let known = self.discourse.genders[reference.entity];
        let (likely, unlikely) = match (known, self.gender) {
            (Gender::MaybeFemale, Gender::Female) | (Gender::MaybeMale, Gender::Male) => (true, false),
            (Gender::MaybeFemale | Gender::MaybeMale, _) => (false, true),
            _ => (false, false),
        };
        [
            on(distance == 0),
            on(distance == 1),
            distance as f32,
            paragraphs.min(5) as f32,
            on(reference.main),
            on(reference.subject),
            on(reference.speaker),
            on(known == self.gender),
            on(likely),
            on(unlikely),
            on(reference.possessive),
            on(reference.oblique),
            on(reference.quoted),
            on(reference.reported && !reference.speaker),
            on(entity.sure_person),
            on(reference.pronoun),
            FREQUENCY[(entity.n_mentions as usize).min(FREQUENCY.len() - 1)],
            on(reference.speaker && distance <= 1),
            on(self.latest_speaker == Some(reference.entity)),
            on(self.latest_main == Some(reference.entity)),
            n_between.min(5) as f32,
            on(reference.main && distance == 1),
            on(reference.main && paragraphs == 0 && self.latest_main == Some(reference.entity)),
            on(self.around == Around::Lead && distance == 0 && reference.main),
            on(self.around == Around::Part && distance == 0 && !reference.quoted && !reference.pronoun),
        ]
    }
}

/// Who a gendered pronoun is.
pub(super) fn resolve(cast: &Cast<'_>, discourse: &Discourse, place: Place) -> Option<usize> {
    let gender = pronoun_gender(cast.word(place.token))?;
    let mut best: Option<(f32, usize)> = None;
    weigh(cast, discourse, place, gender, |next| {
        if best.is_none_or(|(score, _)| next.score > score) {
            best = Some((next.score, next.entity));
        }
    });
    let unnamed = unnamed(cast, discourse, place, gender);
    let sure = |entity: usize, score: f32| {
        score >= MIN_SCORE && (score >= MIN_UNKNOWN || discourse.genders[entity] != Gender::Unknown)
    };
    best.filter(|(score, entity)| sure(*entity, *score) && unnamed.is_none_or(|other| *score > other))
        .map(|(_, entity)| entity)
}

/// What the last person without a name weighs: "one voter said. She ...". Weighed as a sentence's subject.
pub(super) fn unnamed(cast: &Cast<'_>, discourse: &Discourse, place: Place, gender: Gender) -> Option<f32> {
    // "her claim" is seldom a stranger's.
    if !matches!(cast.word(place.token), "he" | "He" | "she" | "She") {
        return None;
    }
    let latest = discourse.unnamed.iter().rev().find(|person| (person.token as usize) < place.token)?;
    let distance = place.sentence.saturating_sub(latest.sentence);
    if distance > 3 || !latest.gender.agrees(gender) {
        return None;
    }
    let between = discourse
        .references
        .iter()
        .rev()
        .take(MAX_BACK)
        .take_while(|reference| reference.token > latest.token);
    let person = |reference: &&Reference| {
        cast.entities[reference.entity].kind == EntityKind::Person && !reference.quoted && !reference.reported
    };
    if between.filter(person).any(|reference| reference.main || reference.speaker) {
        return None;
    }
    let paragraphs = place.line.saturating_sub(latest.line) as f32;
    let speaker = if latest.speaker { 2.7 } else { 0.0 };
    Some(3.1 + speaker + on(latest.gender == gender) - 0.4 * distance as f32 - 0.35 * paragraphs)
}

/// What was weighed, one line for each candidate with its features, best first.
pub(super) fn explain(cast: &Cast<'_>, discourse: &Discourse, place: Place) -> Vec<String> {
    let Some(gender) = pronoun_gender(cast.word(place.token)) else { return Vec::new() };
    let mut weighed = Vec::new();
    weigh(cast, discourse, place, gender, |next| weighed.push(next));
    weighed.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.entity.cmp(&b.entity)));
    let describe = |candidate: &Weighed| {
        let told = candidate.values.iter().zip(FEATURES).filter(|(value, _)| **value != 0.0);
        let features: Vec<String> = told
            .map(|(value, (name, _))| if *value == 1.0 { name.to_owned() } else { format!("{name} {value}") })
            .collect();
        format!(
            "{} {:.2}: {}",
            cast.entities[candidate.entity].canonical,
            candidate.score,
            features.join(", ")
        )
    };
    weighed.iter().map(describe).collect()
}

/// Who "who" or "which" is: the name right before it in the sentence.
pub(super) fn relative(cast: &Cast<'_>, discourse: &Discourse, token: usize, person: bool) -> Option<usize> {
    let start = cast.sentence_start(cast.sentence_of(token));
    let upto = discourse.references.partition_point(|reference| (reference.token as usize) < token);
    if follows_noun(cast, token, person) || person && cast.follows_stranger(token) {
        return None;
    }
    let candidates = discourse.references[..upto]
        .iter()
        .rev()
        .take(MAX_BACK)
        .take_while(|reference| reference.token as usize >= start);
    let kinds = |kind: EntityKind| match person {
        true => kind == EntityKind::Person,
        false => matches!(kind, EntityKind::Organisation | EntityKind::Outlet),
    };
    candidates
        .filter(|reference| {
            !reference.possessive && !reference.quoted && kinds(cast.entities[reference.entity].kind)
        })
        .min_by_key(|reference| (reference.oblique, std::cmp::Reverse(reference.token)))
        .map(|reference| reference.entity)
}

impl Cast<'_> {
    /// "met one mother, who": somebody without a name stands before "who"; not "Oda, a mother, who", which describes Oda. Without a
    /// comma ("told a mother who had asked that …") what follows is more often said by whom the sentence is about.
    pub(super) fn follows_stranger(&self, relative: usize) -> bool {
        /// Words of the description.
        const LONGEST: usize = 5;
        if self.tokens[relative].gap != gap::COMMA {
            return false;
        }
        let low = relative.saturating_sub(LONGEST + 1);
        let mut words = (low..relative).rev().take_while(|at| {
            let close = at + 1 == relative || self.tokens[at + 1].gap == 0;
            close && !self.tokens[*at].is(shape::UPPER)
        });
        let article = words.find(|at| matches!(self.word(*at), "a" | "an" | "one" | "another"));
        article.is_some_and(|at| {
            at > 0
                && self.tokens[at].gap == 0
                && !matches!(self.word(at - 1), "is" | "was" | "as" | "became" | "be" | "been")
        })
    }
}

/// "an Ana Duarte impersonator who", "Oda's listeners, who": the noun is meant, not the name before it.
fn follows_noun(cast: &Cast<'_>, token: usize, person: bool) -> bool {
    let Some(noun) = token.checked_sub(1).filter(|_| person) else { return false };
    if cast.tokens[noun].is(shape::UPPER) || cast.tokens[token].gap & !gap::COMMA != 0 {
        return false;
    }
    let word = cast.word(noun);
    let owned = noun > 0
        && cast.tokens[noun].gap == 0
        && cast.tokens[noun - 1].is(shape::UPPER)
        && cast
            .raw
            .get(cast.raw.partition_point(|raw| (raw.name_last as usize) < noun - 1))
            .is_some_and(|raw| raw.name_last as usize == noun - 1 && !raw.possessive);
    let plural = word.len() > 3 && word.ends_with('s') && !word.ends_with("ss");
    owned && cast.tokens[token].gap == 0 || plural
}

/// Who "they" are: two persons named together shortly before (the first stands for both); otherwise nobody.
pub(super) fn plural(cast: &Cast<'_>, discourse: &Discourse, token: usize) -> Option<usize> {
    let sentence = cast.sentence_of(token);
    let start = cast.sentence_start(sentence.saturating_sub(2));
    let upto = discourse.references.partition_point(|reference| (reference.token as usize) < token);
    let near: Vec<&Reference> = discourse.references[..upto]
        .iter()
        .rev()
        .take(MAX_BACK)
        .take_while(|reference| reference.token as usize >= start)
        .filter(|reference| {
            let entity = &cast.entities[reference.entity];
            entity.kind == EntityKind::Person && entity.sure_person && !reference.pronoun
        })
        .collect();
    near.windows(2)
        .map(|pair| (pair[1], pair[0]))
        .find(|(first, second)| {
            let joined = (first.token..second.token)
                .any(|at| cast.word(at as usize) == "and" && second.token - at <= 6)
                && second.token - first.token <= 14;
            let apart = first.entity != second.entity && first.sentence == second.sentence;
            joined
                && apart
                && !first.quoted
                && !first.possessive
                && (!first.oblique || is_example(cast, first))
        })
        .map(|(first, _)| first.entity)
}

/// "critics like Oda and Hart": the names stand for those whom the sentence is about.
fn is_example(cast: &Cast<'_>, first: &Reference) -> bool {
    let name = first.token as usize;
    (name.saturating_sub(3)..name).any(|at| matches!(cast.word(at), "like" | "including" | "as"))
}

/// What "it" is: the body that the sentence, or the one before, is about.
pub(super) fn neuter(cast: &Cast<'_>, discourse: &Discourse, token: usize) -> Option<usize> {
    let sentence = cast.sentence_of(token);
    let start = cast.sentence_start(sentence.saturating_sub(1));
    let upto = discourse.references.partition_point(|reference| (reference.token as usize) < token);
    let from = discourse.references.partition_point(|reference| (reference.token as usize) < start);
    let mut near = discourse.references[from..upto]
        .iter()
        .take(MAX_BACK)
        .filter(|reference| !reference.quoted && !reference.oblique && !reference.possessive);
    let first = near.find(|reference| {
        matches!(cast.entities[reference.entity].kind, EntityKind::Organisation | EntityKind::Outlet)
    })?;
    (first.subject || first.speaker).then_some(first.entity)
}
