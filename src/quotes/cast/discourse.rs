//! Who is referred to where: sentences, and the chain of names and pronouns outside quotation marks.
//!
//! In: a cast and its attributions. Out: [`Discourse`], references in reading order with what makes them likely antecedents.
//! Resolves no quote.

use super::Cast;
use super::entity::EntityKind;
use super::source::Head;
use super::token::{Landmarks, Token, gap, pronoun_gender, shape};
use crate::lexicon::people::{Gender, WordFlags};
use crate::model::{QuoteKind, Span};
use crate::quotes::attribution::{Attribution, SourceKind};

/// Indexes of the tokens that begin a sentence, ascending; the first is 0 where there is a token.
pub(super) fn sentence_starts(tokens: &[Token], landmarks: &Landmarks) -> Vec<u32> {
    let mut starts = Vec::with_capacity(landmarks.breaks.len() + 1);
    for at in &landmarks.breaks {
        let token = &tokens[*at as usize];
        if token.after(gap::LINE) || ends_sentence(tokens, *at as usize) {
            starts.push(*at);
        }
    }
    starts
}

fn ends_sentence(tokens: &[Token], at: usize) -> bool {
    let token = &tokens[at];
    if !token.is(shape::UPPER | shape::DIGIT) {
        return false;
    }
    if at == 0 || token.after(gap::MARK) {
        return true;
    }
    let before = &tokens[at - 1];
    let abbreviation = before.is(shape::INITIAL) || before.info.flags.has(WordFlags::ABBREVIATION);
    !(abbreviation && token.gap == gap::TERMINAL)
}

/// Sentences that must open with "he" for one whose given name is a woman's, and none with "she".
const MIN_OPENINGS: u32 = 2;

/// Words of an opening clause before a name in it.
const MAX_ASIDE: usize = 12;

/// One reference to an entity.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reference {
    /// Token it begins at.
    pub(super) token: u32,
    /// Sentence it stands in.
    pub(super) sentence: u32,
    /// Line it stands in.
    pub(super) line: u32,
    /// Whom it means.
    pub(super) entity: usize,
    /// It is "he" or "she", not a name.
    pub(super) pronoun: bool,
    /// The first name of its sentence, free of prepositions and 's: whom the sentence is about.
    pub(super) main: bool,
    /// Stands before the verb of a clause.
    pub(super) subject: bool,
    /// The mention of a speaker at a quote.
    pub(super) speaker: bool,
    /// Followed by 's.
    pub(super) possessive: bool,
    /// Behind a preposition, or inside the role of another ("Hart aides").
    pub(super) oblique: bool,
    /// Inside quoted words.
    pub(super) quoted: bool,
    /// Inside reported words without marks.
    pub(super) reported: bool,
}

/// A person whom the article does not name, at the beginning of a sentence or at a quote: "one voter", "my father".
#[derive(Clone, Copy, Debug)]
pub(super) struct Unnamed {
    /// Token it begins at.
    pub(super) token: u32,
    /// Sentence it stands in.
    pub(super) sentence: u32,
    /// Line it stands in.
    pub(super) line: u32,
    /// As far as the noun tells.
    pub(super) gender: Gender,
    /// Speaks there.
    pub(super) speaker: bool,
}

/// References in reading order, quoted regions, and what pronouns tell about gender.
pub(super) struct Discourse {
    pub(super) references: Vec<Reference>,
    /// Persons without a name, in reading order.
    pub(super) unnamed: Vec<Unnamed>,
    /// Tokens inside quoted words: true.
    pub(super) quoted: Vec<bool>,
    /// Tokens inside reported words without marks: true.
    pub(super) reported: Vec<bool>,
    /// Gender of each entity, with what nearby pronouns tell.
    pub(super) genders: Vec<Gender>,
}

impl Discourse {
    /// Reads the references of all names; pronouns are added as they are resolved.
    pub(super) fn new(cast: &Cast<'_>, attributions: &[Attribution]) -> Self {
        let quoted = quoted_tokens(cast, attributions);
        let reported = reported_tokens(cast, attributions);
        let mut discourse = Discourse {
            reported,
            references: Vec::with_capacity(cast.raw.len()),
            unnamed: Vec::new(),
            quoted,
            genders: cast.entities.iter().map(|entity| entity.gender).collect(),
        };
        let mut speakers = speaker_tokens(cast, attributions);
        speakers.extend(antecedents(cast, attributions));
        speakers.sort_unstable();
        let mut main_of = usize::MAX;
        for (raw, entity) in cast.raw.iter().zip(&cast.of_mention) {
            let Some(entity) = *entity else { continue };
            let at = raw.name_first as usize;
            let first = raw.first as usize;
            let oblique = raw.modifier
                || cast.is_modifier(raw.name_last as usize)
                || cast.is_behind_preposition(first) && !cast.acts(first, raw.name_last as usize);
            let line = cast.line_of(first.max(at));
            let sentence = cast.sentence_of(first);
            let quoted = discourse.quoted[at];
            let person = cast.entities[entity].kind == EntityKind::Person;
            let aside = cast.opens_aside(sentence, first);
            let main = person && !oblique && !raw.possessive && !quoted && !aside && sentence != main_of;
            if main {
                main_of = sentence;
            }
            discourse.references.push(Reference {
                token: raw.name_first,
                sentence: cast.sentence_of(at) as u32,
                line,
                entity,
                pronoun: false,
                main,
                subject: !oblique && !raw.possessive && cast.is_subject(first, raw.name_last as usize),
                speaker: !aside && speakers.binary_search(&raw.name_first).is_ok(),
                possessive: raw.possessive,
                oblique,
                quoted,
                reported: discourse.reported[at],
            });
        }
        discourse.references.sort_by_key(|reference| reference.token);
        discourse.learn_genders(cast);
        discourse
    }

    /// Whom a pronoun that was resolved means.
    pub(super) fn resolved(&self, token: usize) -> Option<usize> {
        let place =
            self.references.binary_search_by_key(&(token as u32), |reference| reference.token).ok()?;
        Some(self.references[place].entity)
    }

    /// A sentence with one person and "her" behind tells the gender, where names do not.
    fn learn_genders(&mut self, cast: &Cast<'_>) {
        let mut votes = vec![(0u32, 0u32); cast.entities.len()];
        // The same of those whom a given name seems to tell, by pronouns that open a sentence: "Lindsey Oda spoke. He left."
        let mut openings = vec![(0u32, 0u32); cast.entities.len()];
        let mut own_votes = vec![(0u32, 0u32); cast.entities.len()];
        let mut at = 0;
        let mut last_alone: Option<usize> = None;
        let mut last_named: Option<usize> = None;
        let pronouns = &cast.landmarks.pronouns;
        let mut next_pronoun = 0;
        for (number, start) in cast.sentences.iter().enumerate() {
            let end = cast.sentences.get(number + 1).map_or(cast.tokens.len(), |next| *next as usize);
            let mut alone: Option<usize> = None;
            let mut several = false;
            let mut first_token = usize::MAX;
            while at < self.references.len() && (self.references[at].token as usize) < end {
                let reference = &self.references[at];
                at += 1;
                if reference.quoted || cast.entities[reference.entity].kind != EntityKind::Person {
                    continue;
                }
                several |= alone.is_some_and(|entity| entity != reference.entity);
                if alone.is_none() {
                    first_token = reference.token as usize;
                }
                alone = Some(reference.entity);
            }
            while pronouns.get(next_pronoun).is_some_and(|token| token < start) {
                next_pronoun += 1;
            }
            let voted = match (several, alone) {
                (true, _) => None,
                (false, Some(entity)) => Some((entity, first_token)),
                (false, None) => last_alone.map(|entity| (entity, 0)),
            };
            if let Some((entity, from)) = voted {
                let votes = match cast.entities[entity].gender.is_sure() {
                    true => &mut own_votes,
                    false => &mut votes,
                };
                let first = (*start as usize).max(from);
                let here = pronouns[next_pronoun..].iter().map(|token| *token as usize);
                for token in here.skip_while(|token| *token < first).take_while(|token| *token < end) {
                    if self.quoted[token] {
                        continue;
                    }
                    match pronoun_gender(cast.word(token)) {
                        Some(Gender::Female) => votes[entity].0 += 1,
                        Some(Gender::Male) => votes[entity].1 += 1,
                        _ => {}
                    }
                }
            }
            let opening = *start as usize;
            if let Some(entity) = last_named.filter(|_| alone.is_none() && !self.quoted[opening]) {
                match cast.word(opening) {
                    "She" => openings[entity].0 += 1,
                    "He" => openings[entity].1 += 1,
                    _ => {}
                }
            }
            // Neither quoted words nor "he" speak of somebody new.
            let goes_on = self.quoted[opening] || matches!(cast.word(opening), "He" | "She");
            if several || alone.is_some() || !goes_on {
                last_named = if several { None } else { alone };
            }
            last_alone = if several { None } else { alone };
        }
        for (entity, told) in openings.into_iter().enumerate() {
            let gender = match told {
                (female, 0) if female >= MIN_OPENINGS => Gender::Female,
                (0, male) if male >= MIN_OPENINGS => Gender::Male,
                _ => continue,
            };
            // "Her" of the same person shows that "he" is somebody else.
            let own = match gender {
                Gender::Male => own_votes[entity].0,
                _ => own_votes[entity].1,
            };
            let entity_gender = cast.entities[entity].gender;
            if entity_gender.is_sure() && cast.entities[entity].principal.is_none() && own == 0 {
                self.genders[entity] = gender;
            }
        }
        for (entity, (female, male)) in votes.into_iter().enumerate() {
            let learned = match (female, male) {
                (f, m) if f > 2 * m => Gender::Female,
                (f, m) if m > 2 * f => Gender::Male,
                _ => continue,
            };
            if cast.entities[entity].gender == Gender::Unknown || (female + male) >= 2 {
                self.genders[entity] = learned;
            }
        }
    }
}

fn quoted_tokens(cast: &Cast<'_>, attributions: &[Attribution]) -> Vec<bool> {
    let mut quoted: Vec<bool> = cast.tokens.iter().map(|token| token.is(shape::IN_MARKS)).collect();
    // A mixed quote is what stands between marks, of whatever kind these are; a turn of a transcript has none.
    let between_marks = |attribution: &&Attribution| match attribution.kind {
        QuoteKind::Direct => true,
        QuoteKind::Mixed => attribution.rule != "transcript",
        QuoteKind::Indirect => false,
    };
    for attribution in attributions.iter() {
        // A mark that looks the wrong way leaves who speaks between marks: `“Why?“ he asked. “Tell me.”`
        for span in attribution.source.iter().map(|source| source.span).chain(attribution.cue) {
            let (from, to) = (cast.token_from(span.start), cast.token_from(span.end));
            if from < to {
                quoted[from..to].fill(false);
            }
        }
    }
    for attribution in attributions.iter().filter(between_marks) {
        mark(cast, &attribution.content, &mut quoted);
    }
    quoted
}

fn reported_tokens(cast: &Cast<'_>, attributions: &[Attribution]) -> Vec<bool> {
    let mut reported = vec![false; cast.tokens.len()];
    for attribution in attributions.iter().filter(|attribution| attribution.kind != QuoteKind::Direct) {
        mark(cast, &attribution.content, &mut reported);
    }
    reported
}

/// Sets the tokens that begin inside `content`.
fn mark(cast: &Cast<'_>, content: &[Span], marked: &mut [bool]) {
    for span in content {
        let (from, to) = (cast.token_from(span.start), cast.token_from(span.end));
        if from < to {
            marked[from..to].fill(true);
        }
    }
}

fn speaker_tokens(cast: &Cast<'_>, attributions: &[Attribution]) -> Vec<u32> {
    let sources = attributions
        .iter()
        .filter_map(|attribution| attribution.source)
        .filter(|source| source.kind == SourceKind::Name);
    let mut tokens: Vec<u32> = sources
        .filter_map(|source| match cast.head(source.span) {
            Head::Mention(idx) => Some(cast.raw[idx].name_first),
            // "Oda's letter says": the owner speaks.
            Head::Noun => cast.owner(source.span).map(|idx| cast.raw[idx].name_first),
            Head::Words(..) => None,
        })
        .collect();
    tokens.sort_unstable();
    tokens.dedup();
    tokens
}

/// "Oda" of "was backed by Oda, who said": who speaks, though a pronoun stands at the quote.
fn antecedents(cast: &Cast<'_>, attributions: &[Attribution]) -> Vec<u32> {
    /// Words of a description between a name and "who".
    const DESCRIPTION: usize = 20;
    let relative = attributions
        .iter()
        .filter(|attribution| {
            // "who has called it a hoax" tells of somebody, and others speak.
            attribution.cue.is_some_and(|cue| matches!(cue.of(cast.text), "said" | "says" | "told"))
        })
        .filter_map(|attribution| attribution.source)
        .filter(|source| source.kind == SourceKind::Pronoun && source.span.of(cast.text) == "who");
    relative
        .filter_map(|source| {
            let token = cast.token_from(source.span.start);
            if cast.follows_stranger(token) {
                return None;
            }
            let idx = cast.raw.partition_point(|raw| (raw.name_first as usize) < token);
            // Names in the description say of what: "Lee Oda of Trent, who".
            cast.raw[..idx].iter().zip(&cast.of_mention).rev().take(6).find_map(|(raw, entity)| {
                let near = token - (raw.name_last as usize) <= DESCRIPTION
                    && cast.sentence_of(raw.name_first as usize) == cast.sentence_of(token);
                let person = entity.is_some_and(|entity| cast.entities[entity].kind == EntityKind::Person);
                (near && person && !raw.possessive).then_some(raw.name_first)
            })
        })
        .collect()
}

impl Cast<'_> {
    /// Number of the sentence that holds a token.
    pub(super) fn sentence_of(&self, token: usize) -> usize {
        self.sentences.partition_point(|start| *start as usize <= token).saturating_sub(1)
    }

    /// Number of the line that holds a token.
    pub(super) fn line_of(&self, token: usize) -> u32 {
        (self.landmarks.lines.partition_point(|start| *start as usize <= token) as u32).saturating_sub(1)
    }

    /// First token of the line that holds a token.
    pub(super) fn line_start(&self, token: usize) -> usize {
        self.landmarks.lines.get(self.line_of(token) as usize).map_or(0, |start| *start as usize)
    }

    /// First token of a sentence.
    pub(super) fn sentence_start(&self, sentence: usize) -> usize {
        self.sentences.get(sentence).map_or(self.tokens.len(), |start| *start as usize)
    }

    /// "Hart aides", "the Hart campaign": the name only says whose.
    pub(super) fn is_modifier(&self, last: usize) -> bool {
        let next = last + 1;
        if self.tokens[last].is(shape::POSSESSIVE) {
            return false;
        }
        let Some(token) = self.tokens.get(next).filter(|token| token.gap == 0 && !token.is(shape::UPPER))
        else {
            return false;
        };
        token.info.flags.has(WordFlags::OWNED.with(WordFlags::ROLE).with(WordFlags::DOCUMENT))
    }

    /// "When Hart pointed to it, Oda": the name stands in a clause that opens its sentence and leads to what others do.
    fn opens_aside(&self, sentence: usize, first: usize) -> bool {
        let start = self.sentence_start(sentence);
        let opens = matches!(
            self.word(start),
            "When" | "While" | "After" | "Before" | "Although" | "Though" | "Because" | "Once" | "If"
        );
        // "As Oda said" leads to Oda's own words.
        (opens || self.word(start) == "As" && first > start + 1)
            && first > start
            && first - start < MAX_ASIDE
            && !(start + 1..=first).any(|at| self.tokens[at].after(gap::COMMA))
            && self.raw[self.raw.partition_point(|raw| (raw.first as usize) <= first)..].iter().take(4).any(
                |raw| {
                    let next = raw.first as usize;
                    self.tokens[next].after(gap::COMMA) && self.sentence_of(next) == sentence
                },
            )
    }

    /// "with Hart warning of floods", "with Hart — who lost — warning": the name behind "with" does something.
    fn acts(&self, first: usize, last: usize) -> bool {
        if first == 0 || self.word(first - 1) != "with" || self.tokens[last].is(shape::POSSESSIVE) {
            return false;
        }
        let next = |at: usize| self.tokens.get(at).filter(|token| !token.after(gap::BREAK));
        let doing = |at: usize| self.word(at).ends_with("ing") && !self.tokens[at].is(shape::UPPER);
        let set_off = match next(last + 1) {
            Some(token) if token.gap == 0 => return doing(last + 1),
            Some(token) => token.gap & (gap::DASH | gap::COMMA),
            None => return false,
        };
        set_off != 0
            && (last + 2..last + MAX_ASIDE)
                .take_while(|at| next(*at).is_some())
                .any(|at| self.tokens[at].gap == set_off && doing(at))
    }

    fn is_behind_preposition(&self, first: usize) -> bool {
        if first == 0 || self.tokens[first].gap != 0 {
            return false;
        }
        let mut before = first - 1;
        if matches!(self.word(before), "the" | "a" | "an") && before > 0 && self.tokens[before].gap == 0 {
            before -= 1;
        }
        is_preposition(self.word(before))
    }

    /// Whether a name opens its sentence or clause, adverbs and phrases before it aside.
    fn is_subject(&self, first: usize, last: usize) -> bool {
        let start = self.sentence_start(self.sentence_of(first));
        if first <= start + 1 || self.tokens[first].after(gap::MARK) {
            return true;
        }
        let before = self.word(first - 1);
        if matches!(
            before,
            "but"
                | "and"
                | "that"
                | "as"
                | "while"
                | "when"
                | "because"
                | "if"
                | "where"
                | "said"
                | "says"
                | "after"
                | "before"
        ) {
            return true;
        }
        // A verb right behind the name: "yesterday Hart said".
        self.tokens
            .get(last + 1)
            .is_some_and(|token| token.gap == 0 && is_verb_like(token.span().of(self.text)))
    }
}

/// Prepositions that take a name as their object.
pub(super) fn is_preposition(word: &str) -> bool {
    matches!(
        word,
        "of" | "for"
            | "to"
            | "with"
            | "from"
            | "by"
            | "in"
            | "at"
            | "on"
            | "about"
            | "against"
            | "like"
            | "over"
            | "under"
            | "behind"
            | "between"
            | "among"
            | "toward"
            | "towards"
            | "into"
            | "near"
            | "than"
            | "without"
            | "via"
            | "including"
            | "beside"
            | "unlike"
            | "through"
            | "alongside"
            | "versus"
            | "regarding"
            | "concerning"
            | "throughout"
            | "during"
    )
}

fn is_verb_like(word: &str) -> bool {
    let auxiliary = matches!(
        word,
        "is" | "was"
            | "has"
            | "had"
            | "will"
            | "would"
            | "says"
            | "also"
            | "did"
            | "does"
            | "can"
            | "could"
            | "should"
            | "might"
            | "may"
            | "won"
            | "told"
            | "began"
            | "went"
            | "took"
            | "made"
            | "got"
            | "spoke"
            | "wrote"
            | "said"
    );
    auxiliary || word.ends_with("ed")
}
