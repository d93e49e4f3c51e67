//! One answer for each attribution, in reading order.
//!
//! In: a cast and attributions. Out: [`Named`]s. Chooses the rule by what the mention looks like; the rules are in `source`,
//! `pronoun` and `noun`.

use std::cell::OnceCell;

use super::discourse::{Discourse, Reference, Unnamed};
use super::entity::EntityKind;
use super::entity::spell;
use super::noun::{Described, Descriptions};
use super::source::Head;
use super::token::{pronoun_gender, shape};
use super::{Cast, Named, noun, pronoun, role};
use crate::lexicon::people::WordFlags;
use crate::model::{Grade, QuoteKind, Span};
use crate::quotes::attribution::{Attribution, Source, SourceKind};

/// An answer before it is put in words.
#[derive(Clone, Debug, Default)]
pub(super) struct Answer {
    entity: Option<usize>,
    name: Option<String>,
    /// Name at the quote, as an index into the raw names.
    mention: Option<usize>,
    grade: Grade,
    rule: &'static str,
    trace: Vec<String>,
}

/// References of one paragraph or sentence that are looked at: bounds the work on endless ones.
pub(super) const MAX_REFERENCES: usize = 300;
/// Sentences between a question and its answer.
const MAX_SENTENCES: u32 = 2;

/// The attributions before one, with their answers.
pub(super) struct Told<'n> {
    attributions: &'n [Attribution],
    answers: &'n [Answer],
}

impl Told<'_> {
    /// Attributions looked back at.
    const MAX_BACK: usize = 60;

    fn latest(&self) -> impl Iterator<Item = (&Attribution, &Answer)> {
        self.attributions.iter().zip(self.answers).rev().take(Self::MAX_BACK)
    }

    /// The only person that the paragraph names before `token`, or whose words come right before it there, where a description
    /// does not contradict.
    pub(super) fn goes_on(
        &self,
        cast: &Cast<'_>,
        discourse: &Discourse,
        descriptions: &Descriptions,
        token: usize,
        wanted: &noun::Wanted,
    ) -> Described {
        let line = cast.line_start(token);
        let upto = discourse.references.partition_point(|reference| (reference.token as usize) < token);
        let mut persons = discourse.references[..upto]
            .iter()
            .rev()
            .take(MAX_REFERENCES)
            .take_while(|reference| reference.token as usize >= line)
            .filter(|reference| {
                !reference.quoted && cast.entities[reference.entity].kind == EntityKind::Person
            });
        let latest = persons.next().map(|reference| reference.entity);
        let only = latest.filter(|entity| persons.all(|other| other.entity == *entity));
        let start = cast.tokens[line].start as usize;
        let speaker = self.latest().next().and_then(|(attribution, answer)| {
            let here = attribution.content.last().is_some_and(|content| content.end >= start);
            answer.entity.filter(|entity| here && cast.entities[*entity].kind == EntityKind::Person)
        });
        let fits =
            |entity: &usize| wanted.allows(cast, &descriptions.of[*entity], cast.entities[*entity].gender);
        match only.or(speaker).filter(fits) {
            Some(entity) => Described::Entity(entity, "goes-on"),
            None => Described::Unnamed,
        }
    }

    /// The body ("it", "they") or the several persons ("they") that spoke in one of the last sentences.
    fn latest_body(&self, cast: &Cast<'_>, token: usize, several: bool) -> Option<&Answer> {
        const NEAR: usize = 2;
        let sentence = cast.sentence_of(token);
        let (attribution, answer) = self.latest().next()?;
        let at = attribution.source.map(|source| cast.token_from(source.span.start))?;
        if at >= cast.tokens.len() || sentence.saturating_sub(cast.sentence_of(at)) > NEAR {
            return None;
        }
        let body = match answer.entity {
            Some(entity) => {
                matches!(cast.entities[entity].kind, EntityKind::Organisation | EntityKind::Outlet)
            }
            None => answer.name.is_some() && answer.rule == "campaign",
        };
        let joint = several
            && attribution.source.is_some_and(|source| source.span.of(cast.text).contains(" and "))
            && answer.entity.is_some();
        (body || joint).then_some(answer)
    }

    /// Who speaks in a sentence, by the last of its attributions with a speaker.
    pub(super) fn in_sentence(&self, cast: &Cast<'_>, sentence: usize) -> Option<Described> {
        let (_, answer) = self.latest().find(|(attribution, answer)| {
            let at = attribution.cue.or(attribution.source.map(|source| source.span));
            let within = at.is_some_and(|at| cast.sentence_of(cast.token_from(at.start)) == sentence);
            within && (answer.entity.is_some() || answer.name.is_some())
        })?;
        match (answer.entity, &answer.name) {
            (Some(entity), _) => Some(Described::Entity(entity, "document-of")),
            (None, Some(name)) => Some(Described::Name(name.clone(), "document-of")),
            (None, None) => None,
        }
    }
}

/// Names the speakers of `attributions`.
pub(super) fn name(cast: &Cast<'_>, attributions: &[Attribution], explain: bool) -> Vec<Named> {
    let descriptions = OnceCell::new();
    let discourse = discourse(cast, &descriptions, attributions);
    let mut answers: Vec<Answer> = Vec::with_capacity(attributions.len());
    for (idx, attribution) in attributions.iter().enumerate() {
        let told = Told { attributions: &attributions[..idx], answers: &answers };
        let answer = match attribution.source {
            Some(source) => answer_source(cast, &discourse, &descriptions, &told, attribution, source),
            None => carried(&answers, attribution),
        };
        let answer = match (explain, attribution.source) {
            (true, Some(source)) => Answer { trace: trace(cast, &discourse, source), ..answer },
            _ => answer,
        };
        answers.push(answer);
    }
    let roles = role::first_roles(cast, answers.iter().filter_map(|answer| answer.entity));
    answers
        .into_iter()
        .map(|answer| Named {
            role: answer
                .mention
                .and_then(|idx| role::role_at(cast, idx))
                .or_else(|| roles.get(&answer.entity?).cloned()),
            speaker: answer.name.or_else(|| answer.entity.map(|idx| cast.entities[idx].canonical.clone())),
            grade: answer.grade,
            rule: answer.rule,
            trace: answer.trace,
        })
        .collect()
}

/// The references of an article, pronouns resolved where a quote needs one.
pub(super) fn discourse(
    cast: &Cast<'_>,
    descriptions: &OnceCell<Descriptions>,
    attributions: &[Attribution],
) -> Discourse {
    let mut discourse = Discourse::new(cast, attributions);
    if attributions
        .iter()
        .any(|attribution| attribution.source.is_some_and(|source| source.kind != SourceKind::Name))
    {
        follow_pronouns(cast, &mut discourse, descriptions, attributions);
    }
    discourse
}

fn carried(answers: &[Answer], attribution: &Attribution) -> Answer {
    match attribution.continues.and_then(|idx| answers.get(idx)) {
        Some(before) if before.entity.is_some() || before.name.is_some() => {
            Answer { grade: Grade::Carried, rule: "carried", trace: Vec::new(), ..before.clone() }
        }
        _ => Answer { rule: "nobody", ..Answer::default() },
    }
}

fn trace(cast: &Cast<'_>, discourse: &Discourse, source: Source) -> Vec<String> {
    let token = cast.token_from(source.span.start);
    if source.kind != SourceKind::Pronoun || token >= cast.tokens.len() {
        return Vec::new();
    }
    pronoun::explain(cast, discourse, pronoun::Place::of(cast, discourse, token))
}

fn answer_source(
    cast: &Cast<'_>,
    discourse: &Discourse,
    descriptions: &OnceCell<Descriptions>,
    told: &Told<'_>,
    attribution: &Attribution,
    source: Source,
) -> Answer {
    match source.kind {
        SourceKind::Name => match cast.head(source.span) {
            Head::Mention(idx) => {
                let raw = &cast.raw[idx];
                if !cast.is_speaker(idx, attribution) {
                    return answer_noun(cast, discourse, descriptions, told, source);
                }
                let grade = if raw.name_last > raw.name_first { Grade::Explicit } else { Grade::Short };
                let rule = if grade == Grade::Explicit { "full-name" } else { "surname" };
                Answer { entity: cast.of_mention[idx], mention: Some(idx), grade, rule, ..Answer::default() }
            }
            Head::Words(first, last) if first == last && cast.bearer(cast.tokens[last].key).is_some() => {
                Answer {
                    entity: cast.bearer(cast.tokens[last].key),
                    grade: Grade::Short,
                    rule: "surname",
                    ..Answer::default()
                }
            }
            // A lone word is a name where somebody says something; elsewhere it opens its sentence.
            Head::Words(first, last)
                if cast.is_dateline(first, last)
                    || first == last && !cast.is_firm_word(first, attribution) =>
            {
                answer_noun(cast, discourse, descriptions, told, source)
            }
            Head::Words(first, last) => {
                let name = spell(cast.text, &cast.tokens, first, last);
                Answer {
                    entity: None,
                    name: Some(name),
                    grade: Grade::Explicit,
                    rule: "as-written",
                    ..Answer::default()
                }
            }
            Head::Noun => answer_noun(cast, discourse, descriptions, told, source),
        },
        SourceKind::Noun => match cast.lower_case_name(source.span) {
            Some(idx) => Answer {
                entity: cast.of_mention[idx],
                mention: Some(idx),
                grade: Grade::Short,
                rule: "surname",
                ..Answer::default()
            },
            None => answer_noun(cast, discourse, descriptions, told, source),
        },
        SourceKind::Pronoun => answer_pronoun(cast, discourse, told, source),
    }
}

fn answer_noun(
    cast: &Cast<'_>,
    discourse: &Discourse,
    descriptions: &OnceCell<Descriptions>,
    told: &Told<'_>,
    source: Source,
) -> Answer {
    let descriptions = descriptions.get_or_init(|| Descriptions::new(cast));
    match noun::resolve(cast, discourse, descriptions, told, source.span) {
        Described::Entity(entity, rule) => {
            Answer { entity: Some(entity), grade: Grade::Role, rule, ..Answer::default() }
        }
        Described::Name(name, rule) => {
            Answer { entity: None, name: Some(name), grade: Grade::Role, rule, ..Answer::default() }
        }
        Described::Unnamed => Answer { rule: "unnamed", ..Answer::default() },
    }
}

fn answer_pronoun(cast: &Cast<'_>, discourse: &Discourse, told: &Told<'_>, source: Source) -> Answer {
    let token = cast.token_from(source.span.start);
    if token >= cast.tokens.len() {
        return Answer { rule: "unnamed", ..Answer::default() };
    }
    let word = cast.word(token).to_ascii_lowercase();
    let found = match word.as_str() {
        "who" | "whom" | "whose" => pronoun::relative(cast, discourse, token, true),
        "which" | "that" => pronoun::relative(cast, discourse, token, false),
        "they" | "them" | "their" => pronoun::plural(cast, discourse, token),
        "it" | "its" => pronoun::neuter(cast, discourse, token),
        _ => discourse.resolved(token),
    };
    match found {
        Some(entity) => {
            Answer { entity: Some(entity), grade: Grade::Pronoun, rule: "pronoun", ..Answer::default() }
        }
        None => {
            let several = matches!(word.as_str(), "they" | "them" | "their");
            let body = several || matches!(word.as_str(), "it" | "its");
            match body.then(|| told.latest_body(cast, token, several)).flatten() {
                Some(before) => Answer {
                    grade: Grade::Pronoun,
                    rule: "pronoun",
                    mention: None,
                    trace: Vec::new(),
                    ..before.clone()
                },
                None => Answer { rule: "pronoun-unknown", ..Answer::default() },
            }
        }
    }
}

/// Where somebody asks and where somebody answers: byte offsets of the mentions of speakers, ascending.
struct Questions {
    asking: Vec<usize>,
    answering: Vec<usize>,
    /// Mentions right behind "Oda asked Hart whether …", each with the raw name of who was asked there.
    asked: Vec<(usize, usize)>,
}

impl Questions {
    fn new(cast: &Cast<'_>, attributions: &[Attribution]) -> Self {
        let mut questions = Questions { asking: Vec::new(), answering: Vec::new(), asked: Vec::new() };
        for attribution in attributions {
            let (Some(source), Some(cue)) = (attribution.source, attribution.cue) else { continue };
            match cue.of(cast.text) {
                "asked" | "asks" => questions.asking.push(source.span.start),
                "replied" | "replies" | "answered" | "answers" | "responded" | "responds" => {
                    questions.answering.push(source.span.start);
                }
                _ => {}
            }
        }
        for pair in attributions.windows(2) {
            let [question, answer] = pair else { continue };
            let (Some(cue), Some(answering)) = (question.cue, answer.source) else {
                continue;
            };
            // "Oda asked Hart if it was true." and then words that "he said": those of the one who was asked.
            let indirect = question.kind == QuoteKind::Indirect
                && answer.kind != QuoteKind::Indirect
                && matches!(cue.of(cast.text), "asked")
                && answering.kind == SourceKind::Pronoun
                && answer.cue.is_some_and(|cue| cue.of(cast.text) != "asked");
            let listener =
                cast.raw.partition_point(|raw| (cast.tokens[raw.first as usize].start as usize) < cue.end);
            let named = cast.raw.get(listener).is_some_and(|raw| {
                let start = cast.tokens[raw.first as usize].start as usize;
                start <= cue.end + 1 && !raw.possessive
            });
            let between =
                question.content.last().zip(answer.content.first()).is_some_and(|(before, behind)| {
                    cast.text
                        .get(before.end..behind.start)
                        .is_some_and(|gap| gap.len() < 12 && gap.contains('\n'))
                });
            if indirect && named && between {
                questions.asked.push((answering.span.start, listener));
            }
        }
        questions.asked.sort_unstable();
        questions.asking.sort_unstable();
        questions.answering.sort_unstable();
        questions
    }

    /// Who was asked right before the mention at byte `at`, where that fits.
    fn listener(&self, cast: &Cast<'_>, at: usize) -> Option<usize> {
        let idx = self.asked.binary_search_by_key(&at, |(answer, _)| *answer).ok()?;
        cast.of_mention[self.asked[idx].1].filter(|entity| cast.entities[*entity].kind == EntityKind::Person)
    }

    /// Who asked right before, where the mention at byte `at` answers.
    fn asker(&self, cast: &Cast<'_>, discourse: &Discourse, at: usize, sentence: u32) -> Option<usize> {
        self.answering.binary_search(&at).ok()?;
        let near = discourse.references.iter().rev().take(MAX_REFERENCES);
        let latest = near
            .take_while(|reference| sentence - reference.sentence <= MAX_SENTENCES)
            .find(|reference| reference.speaker)?;
        let span = cast.tokens[latest.token as usize].span();
        let asked = self.asking.partition_point(|start| *start <= span.start).checked_sub(1)?;
        // The mention begins with the role, the reference with the name.
        let near = span.start - self.asking[asked] < 80;
        near.then_some(latest.entity)
    }
}

/// Whom a description of a person means by what the article says about its persons.
fn described_person(
    cast: &Cast<'_>,
    discourse: &Discourse,
    descriptions: &OnceCell<Descriptions>,
    span: Span,
) -> Option<usize> {
    let nothing = Told { attributions: &[], answers: &[] };
    let descriptions = descriptions.get_or_init(|| Descriptions::new(cast));
    match noun::resolve(cast, discourse, descriptions, &nothing, span) {
        Described::Entity(entity, _) if cast.entities[entity].kind == EntityKind::Person => Some(entity),
        _ => None,
    }
}

/// "The senator went on": descriptions of persons that open a sentence, and so are whom it is about.
fn opening_descriptions<'c>(cast: &'c Cast<'_>, discourse: &'c Discourse) -> impl Iterator<Item = Span> + 'c {
    const LONGEST: usize = 6;
    cast.sentences.iter().filter_map(|start| {
        let start = *start as usize;
        if !matches!(cast.word(start), "The" | "A" | "An" | "One" | "Another" | "My")
            || discourse.quoted[start]
        {
            return None;
        }
        let end = cast.tokens.len().min(start + LONGEST);
        let close = (start + 1..end).take_while(|at| cast.tokens[*at].gap == 0);
        let role = close.clone().find(|at| {
            let flags = cast.people.word(cast.tokens[*at].key).flags;
            flags.has(WordFlags::ROLE) && !cast.tokens[*at].is(shape::UPPER)
        })?;
        // "The senator's aide", "the campaign manager": another noun heads the phrase.
        let next = cast.tokens.get(role + 1).filter(|next| next.gap == 0)?;
        let headed = next.is(shape::UPPER) || cast.people.word(next.key).flags.has(WordFlags::ROLE);
        (!headed && !cast.tokens[role].is(shape::POSSESSIVE))
            .then(|| Span::new(cast.tokens[start].start as usize, cast.tokens[role].end as usize))
    })
}

/// Resolves every "he" and "she" outside quotation marks in reading order: each is a likely antecedent of the next.
fn follow_pronouns(
    cast: &Cast<'_>,
    discourse: &mut Discourse,
    descriptions: &OnceCell<Descriptions>,
    attributions: &[Attribution],
) {
    let mut sources: Vec<usize> = Vec::new();
    let mut nouns: Vec<Span> = Vec::new();
    for source in attributions.iter().filter_map(|attribution| attribution.source) {
        match source.kind {
            // "the Trent senator said": a description that holds a name.
            SourceKind::Name => {
                if cast.head(source.span) == Head::Noun {
                    sources.push(source.span.start);
                    nouns.push(source.span);
                }
            }
            SourceKind::Pronoun => sources.push(source.span.start),
            SourceKind::Noun => {
                sources.push(source.span.start);
                nouns.push(source.span);
            }
        }
    }
    sources.sort_unstable();
    nouns.extend(opening_descriptions(cast, discourse));
    nouns.sort_unstable_by_key(|span| (span.start, span.end));
    nouns.dedup_by_key(|span| span.start);
    let questions = Questions::new(cast, attributions);
    let last_source = sources.last().copied().unwrap_or(0);
    let names = std::mem::take(&mut discourse.references);
    let mut names = names.into_iter().peekable();
    let pronouns = cast.landmarks.pronouns.iter().map(|token| (*token as usize, None));
    let mut stops: Vec<(usize, Option<Span>)> = pronouns.collect();
    stops.extend(nouns.into_iter().map(|span| (cast.token_from(span.start), Some(span))));
    stops.retain(|(token, _)| *token < cast.tokens.len());
    stops.sort_by_key(|(token, _)| *token);
    // The sentence that "he" or "she" opens.
    let mut about: Option<u32> = None;
    for (token, description) in stops {
        while let Some(mut reference) = names.next_if(|reference| reference.token as usize <= token) {
            // "She met her deputy, Lee Oda": the sentence is about her.
            reference.main &= about != Some(reference.sentence);
            discourse.references.push(reference);
        }
        let at = cast.tokens[token].start as usize;
        if at > last_source {
            break;
        }
        if discourse.quoted[token] {
            continue;
        }
        let (sentence, line) = (cast.sentence_of(token) as u32, cast.line_of(token));
        // "The mayor said no": whom the sentence is about.
        if let Some(span) = description {
            let speaker = sources.binary_search(&span.start).is_ok();
            let described = described_person(cast, discourse, descriptions, span);
            if described.is_none()
                && let Some(gender) = noun::somebody(cast, span)
            {
                discourse.unnamed.push(Unnamed { token: token as u32, sentence, line, gender, speaker });
                continue;
            }
            if let Some(entity) = described.filter(|_| cast.tokens[token].start as usize == span.start) {
                discourse.references.push(Reference {
                    token: token as u32,
                    sentence,
                    line,
                    entity,
                    pronoun: false,
                    main: discourse.references.last().is_none_or(|last| last.sentence != sentence),
                    subject: true,
                    speaker,
                    possessive: false,
                    oblique: false,
                    quoted: false,
                    reported: discourse.reported[token],
                });
            }
            continue;
        }
        let word = cast.word(token);
        let asker = questions.asker(cast, discourse, at, sentence);
        let place = pronoun::Place { asker, ..pronoun::Place::of(cast, discourse, token) };
        let speaker = sources.binary_search(&(cast.tokens[token].start as usize)).is_ok();
        let asked = questions.listener(cast, at).filter(|entity| {
            pronoun_gender(word).is_some_and(|gender| discourse.genders[*entity].agrees(gender))
        });
        let Some(entity) = asked.or_else(|| pronoun::resolve(cast, discourse, place)) else {
            // "My father said no. He was sure": still my father.
            if let Some(gender) = pronoun_gender(word)
                && pronoun::unnamed(cast, discourse, place, gender).is_some()
            {
                discourse.unnamed.push(Unnamed { token: token as u32, sentence, line, gender, speaker });
            }
            continue;
        };
        let subject = matches!(word, "he" | "He" | "she" | "She" | "HE" | "SHE");
        let main = subject && discourse.references.last().is_none_or(|last| last.sentence != sentence);
        if main && token == cast.sentence_start(sentence as usize) {
            about = Some(sentence);
        }
        discourse.references.push(Reference {
            token: token as u32,
            sentence,
            line,
            entity,
            pronoun: true,
            main,
            subject,
            speaker,
            possessive: false,
            oblique: !subject,
            quoted: false,
            reported: discourse.reported[token],
        });
    }
    discourse.references.extend(names);
}
