//! Speech verbs with their forms, and the small words by which a sentence is held together.
//!
//! In: `data/cues.tsv`, `data/cue-objects.tsv`, `data/grammar.tsv`. Out: [`Cues`], which tell what a lower-case word can be. Knows nothing of
//! articles.

use std::collections::BTreeMap;

use super::LexiconError;
use super::people::long_key;
use super::table::rows;

/// Data files of this part: name and text.
pub(super) const FILES: &[(&str, &str)] = &[
    ("cues.tsv", include_str!("data/cues.tsv")),
    ("grammar.tsv", include_str!("data/grammar.tsv")),
    ("cue-objects.tsv", include_str!("data/cue-objects.tsv")),
];

/// What stands around a speech verb.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Frame {
    /// A clause or a quote; the verb may stand before its subject: "said Oda".
    Say,
    /// A listener, then a clause or a quote.
    Tell,
    /// A question, or a listener and a question.
    Ask,
    /// An object and what it is called.
    Call,
    /// An object that is judged, urged or named.
    Act,
    /// A thought or a wish.
    Hold,
    /// What polls and reports do.
    Show,
    /// Its object is the text that carries the words: "released a statement".
    Post,
}

/// What must follow a verb for words outside marks to count as the speaker's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paraphrase {
    /// Anything.
    Any,
    /// "that", "whether", "how" and the like, or a clause.
    That,
    /// The same, or "to" and a verb.
    To,
    /// The noun phrase that follows, no more.
    Object,
    /// Nothing: the verb takes only words between marks.
    Never,
}

/// Forms of a verb, as bits: one spelling may be several.
pub mod form {
    /// "say"
    pub const BASE: u8 = 1;
    /// "says"
    pub const THIRD: u8 = 1 << 1;
    /// "wrote"
    pub const PAST: u8 = 1 << 2;
    /// "written"
    pub const PARTICIPLE: u8 = 1 << 3;
    /// "saying"
    pub const ING: u8 = 1 << 4;
    /// Forms that stand with a subject and no auxiliary.
    pub const FINITE: u8 = BASE | THIRD | PAST;
}

/// Parts of a sentence, as bits: one spelling may be several.
pub mod part {
    /// "the", "some"
    pub const DETERMINER: u32 = 1;
    /// "six"
    pub const NUMBER: u32 = 1 << 1;
    /// "his"
    pub const POSSESSIVE: u32 = 1 << 2;
    /// "she", "others"
    pub const PRONOUN: u32 = 1 << 3;
    /// "them"
    pub const OBJECTIVE: u32 = 1 << 4;
    /// "who"
    pub const RELATIVE: u32 = 1 << 5;
    /// "of"
    pub const PREPOSITION: u32 = 1 << 6;
    /// "and"
    pub const COORDINATOR: u32 = 1 << 7;
    /// "because"
    pub const SUBORDINATOR: u32 = 1 << 8;
    /// "has"
    pub const AUXILIARY: u32 = 1 << 9;
    /// "would"
    pub const MODAL: u32 = 1 << 10;
    /// "never"
    pub const NEGATION: u32 = 1 << 11;
    /// "later"
    pub const ADVERB: u32 = 1 << 12;
    /// "Monday"
    pub const TIME: u32 = 1 << 13;
    /// "however", between commas
    pub const PARENTHETICAL: u32 = 1 << 14;
    /// "spokeswoman"
    pub const ROLE: u32 = 1 << 15;
    /// "went"
    pub const VERB: u32 = 1 << 16;

    /// "belief", "confident": begins what somebody says or thinks, where "that" follows
    pub const SPEECH_NOUN: u32 = 1 << 17;

    pub(super) const NAMES: [(&str, u32); 18] = [
        ("determiner", DETERMINER),
        ("number", NUMBER),
        ("possessive", POSSESSIVE),
        ("pronoun", PRONOUN),
        ("objective", OBJECTIVE),
        ("relative", RELATIVE),
        ("preposition", PREPOSITION),
        ("coordinator", COORDINATOR),
        ("subordinator", SUBORDINATOR),
        ("auxiliary", AUXILIARY),
        ("modal", MODAL),
        ("negation", NEGATION),
        ("adverb", ADVERB),
        ("time", TIME),
        ("parenthetical", PARENTHETICAL),
        ("role", ROLE),
        ("verb", VERB),
        ("speech-noun", SPEECH_NOUN),
    ];
}

/// A speech verb in the form in which it was met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verb {
    /// What stands around it.
    pub frame: Frame,
    /// What must follow for a paraphrase.
    pub paraphrase: Paraphrase,
    /// Bits of [`form`].
    pub forms: u8,
    /// Bits of the [`PARTICLES`] of which one must follow; 0: none is needed.
    pub particles: u32,
}

/// Words that may be part of a speech verb: "point out", "refer to".
pub const PARTICLES: [&str; 20] = [
    "back", "out", "in", "on", "off", "up", "it", "to", "of", "about", "for", "against", "at", "by", "with",
    "credit", "issue", "aim", "over", "down",
];

impl Verb {
    /// Whether the verb may stand before this word, where it needs one.
    pub fn takes(&self, word: &str) -> bool {
        self.particles == 0
            || PARTICLES
                .iter()
                .position(|particle| *particle == word)
                .is_some_and(|idx| self.particles & (1 << idx) != 0)
    }
}

/// What a word can be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WordClass {
    /// Bits of [`part`].
    pub parts: u32,
    /// The speech verb it is a form of.
    pub verb: Option<Verb>,
}

/// Longest listed word, in bytes; longer words are in no list.
pub const LONGEST: usize = 16;

/// The first eight bytes of a word as a number, the first lowest, with zeros behind a shorter one.
pub const fn low_key(word: &str) -> u64 {
    let mut key = 0;
    let mut at = 0;
    while at < word.len() && at < 8 {
        key |= (word.as_bytes()[at] as u64) << (8 * at);
        at += 1;
    }
    key
}

/// Rules of this part.
#[derive(Debug)]
pub struct Cues {
    words: Words,
    /// [`low_key`]s of a verb form and of an object with which it is no speech; sorted.
    objects: Vec<(u64, u64)>,
}

impl Cues {
    pub(super) fn load() -> Result<Self, LexiconError> {
        let mut words = Words::new();
        let [(cues_file, cues), (grammar_file, grammar), (objects_file, objects)] = FILES else {
            return Err(LexiconError::at("cues", 0, "three files expected"));
        };
        read_cues(cues_file, cues, &mut words)?;
        read_grammar(grammar_file, grammar, &mut words)?;
        Ok(Cues { words, objects: read_objects(objects_file, objects, cues)? })
    }

    /// What a word in lower case, with a plain apostrophe, can be. Texts are read with [`super::words`].
    pub fn word(&self, word: &str) -> WordClass {
        self.words.get(word).copied().unwrap_or_default()
    }

    /// All words, by their [`people::word_key`](super::people::word_key).
    pub(super) fn all_words(&self) -> impl Iterator<Item = (u64, WordClass)> {
        self.words.iter().map(|(word, class)| (long_key(word.as_bytes()), *class))
    }

    /// Whether the verb form `verb` is no speech with `object` behind it; both are [`low_key`]s.
    pub fn is_no_speech(&self, verb: u64, object: u64) -> bool {
        self.objects.binary_search(&(verb, object)).is_ok()
    }

    /// Whether the verb form has objects that [`Cues::is_no_speech`] knows.
    pub fn has_objects(&self, verb: u64) -> bool {
        let first = self.objects.partition_point(|(known, _)| *known < verb);
        self.objects.get(first).is_some_and(|(known, _)| *known == verb)
    }
}

type Words = BTreeMap<String, WordClass>;

fn read_cues(file: &str, text: &str, words: &mut Words) -> Result<(), LexiconError> {
    const FORMS: [u8; 5] = [form::BASE, form::THIRD, form::PAST, form::PARTICIPLE, form::ING];
    for row in rows(file, text, 5)? {
        let frame = match row.columns[2] {
            "say" => Frame::Say,
            "tell" => Frame::Tell,
            "ask" => Frame::Ask,
            "call" => Frame::Call,
            "act" => Frame::Act,
            "hold" => Frame::Hold,
            "show" => Frame::Show,
            "post" => Frame::Post,
            other => return Err(LexiconError::at(file, row.line, format!("unknown frame {other:?}"))),
        };
        let paraphrase = match row.columns[3] {
            "any" => Paraphrase::Any,
            "that" => Paraphrase::That,
            "to" => Paraphrase::To,
            "object" => Paraphrase::Object,
            "never" => Paraphrase::Never,
            other => {
                return Err(LexiconError::at(
                    file,
                    row.line,
                    format!("unknown kind of paraphrase {other:?}"),
                ));
            }
        };
        let spellings: Vec<&str> = row.columns[1].split(' ').collect();
        if spellings.len() != FORMS.len() {
            return Err(LexiconError::at(
                file,
                row.line,
                format!("{} forms, expected {}", spellings.len(), FORMS.len()),
            ));
        }
        let mut particles = 0;
        for particle in
            row.columns[0].split_once(' ').map_or("", |(_, list)| list).split('/').filter(|p| !p.is_empty())
        {
            let Some(idx) = PARTICLES.iter().position(|known| *known == particle) else {
                return Err(LexiconError::at(file, row.line, format!("unknown particle {particle:?}")));
            };
            particles |= 1 << idx;
        }
        for (spelling, bit) in spellings.into_iter().zip(FORMS) {
            check_word(file, row.line, spelling)?;
            let class = words.entry(spelling.to_owned()).or_default();
            let verb = class.verb.get_or_insert(Verb { frame, paraphrase, forms: 0, particles });
            verb.forms |= bit;
        }
    }
    Ok(())
}

fn read_objects(file: &str, text: &str, cues: &str) -> Result<Vec<(u64, u64)>, LexiconError> {
    let mut pairs = Vec::new();
    for row in rows(file, text, 3)? {
        let forms: Vec<&str> = cues
            .lines()
            .filter(|line| line.split([' ', '\t']).next() == Some(row.columns[0]))
            .flat_map(|line| line.split('\t').nth(1).unwrap_or("").split(' '))
            .collect();
        for object in row.columns[1].split(' ') {
            pairs.extend(forms.iter().map(|form| (low_key(form), low_key(object))));
        }
    }
    pairs.sort_unstable();
    pairs.dedup();
    Ok(pairs)
}

fn read_grammar(file: &str, text: &str, words: &mut Words) -> Result<(), LexiconError> {
    for row in rows(file, text, 3)? {
        let Some((_, bit)) = part::NAMES.iter().find(|(name, _)| *name == row.columns[0]) else {
            return Err(LexiconError::at(file, row.line, format!("unknown class {:?}", row.columns[0])));
        };
        for word in row.columns[1].split(' ') {
            check_word(file, row.line, word)?;
            words.entry(word.to_owned()).or_default().parts |= bit;
        }
    }
    Ok(())
}

fn check_word(file: &str, line: usize, word: &str) -> Result<(), LexiconError> {
    if word.is_empty() || word.len() > LONGEST || word.bytes().any(|b| b.is_ascii_uppercase()) {
        return Err(LexiconError::at(
            file,
            line,
            format!("{word:?}: one to {LONGEST} bytes in lower case expected"),
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(word: &str, forms: u8, parts: u32) {
        let cues = Cues::load().unwrap_or_else(|error| panic!("{error}"));
        let class = cues.word(word);
        assert_eq!(class.verb.map_or(0, |verb| verb.forms), forms, "{word}");
        assert_eq!(class.parts & parts, parts, "{word}");
    }

    #[test]
    fn knows_forms_and_parts() {
        check("said", form::PAST | form::PARTICIPLE, 0);
        check("writes", form::THIRD, 0);
        check("who", 0, part::RELATIVE);
        check("spokeswoman", 0, part::ROLE);
        check("cupboard", 0, 0);
    }

    #[test]
    fn names_the_line_of_a_wrong_row() {
        let mut words = Words::new();
        let error = read_cues("cues.tsv", "# c\nsay\tsay says said\tsay\tany\tr\n", &mut words).unwrap_err();
        assert_eq!(error.to_string(), "cues.tsv:2: 3 forms, expected 5");
        let error = read_grammar("grammar.tsv", "adverbs\tnow\tr\n", &mut words).unwrap_err();
        assert_eq!((error.line, error.message.as_str()), (1, "unknown class \"adverbs\""));
    }
}
