//! Who is who in one article: joins names into entities and completes them to their longest form.
//!
//! In: the names of a body, its headline and date. Out: an [`Entity`] list and, for each name, its entity. Full names first, then
//! surnames, given names and letters in reading order; a surname that two persons share is told apart by honorific, title,
//! `Jr.`, and recency. Must not look at quotes.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;

use super::namesake::Namesakes;
use super::run::{Guess, RawMention};
use super::token::{Token, gap, shape};
use crate::lexicon::bodies::Bodies;
use crate::lexicon::people::{Gender, KeyHasher, People, WordFlags, finish_key, join_keys, word_key};

/// What an entity is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EntityKind {
    /// A human being, or a name that could be one.
    Person,
    /// A body.
    Organisation,
    /// A publication or broadcaster.
    Outlet,
    /// A country, state, city, building.
    Place,
    /// A law, event or programme.
    Document,
}

/// One bearer of a name in an article.
#[derive(Clone, Debug)]
pub(crate) struct Entity {
    /// Longest form of the name in headline and body, without titles; for public figures named by surname alone, the full name.
    pub(crate) canonical: String,
    /// What it is.
    pub(crate) kind: EntityKind,
    /// As far as titles, given names and the text tell.
    pub(crate) gender: Gender,
    /// Whether a title, honorific or known given name says that it is a person.
    pub(super) sure_person: bool,
    /// Row of the list of public figures that completed the name.
    pub(super) principal: Option<usize>,
    words: Vec<u64>,
    pub(super) suffix: bool,
    /// An honorific or title told the gender.
    pub(super) titled_gender: bool,
    /// Named with more than one word somewhere.
    pub(super) full_form: bool,
    pub(super) n_mentions: u32,
    /// Mentions by surname alone so far.
    pub(super) n_short: u32,
}

impl Entity {
    /// Keys of the words of the name.
    pub(super) fn words(&self) -> &[u64] {
        &self.words
    }

    pub(super) fn first(&self) -> u64 {
        self.words.first().copied().unwrap_or(0)
    }
}

/// What [`join`] makes of the names of an article.
pub(super) struct Joined {
    pub(super) entities: Vec<Entity>,
    /// Entity of each name; `None` where the words turned out to be no name.
    pub(super) of_mention: Vec<Option<usize>>,
    /// First person of each surname.
    pub(super) bearers: ByKey<usize>,
}

pub(super) type ByKey<T> = HashMap<u64, T, BuildHasherDefault<KeyHasher>>;

/// Words of a name that are compared at most.
const MAX_WORDS: usize = 24;

/// What joining looks at.
#[derive(Clone, Copy)]
pub(super) struct Material<'t> {
    pub(super) text: &'t str,
    pub(super) tokens: &'t [Token],
    pub(super) mentions: &'t [RawMention],
    pub(super) headline: &'t str,
    pub(super) headline_tokens: &'t [Token],
    pub(super) people: &'t People,
    pub(super) bodies: &'t Bodies,
    /// Year * 12 + month of publication.
    pub(super) month: Option<i32>,
}

/// Work in progress.
pub(super) struct Joiner<'t> {
    pub(super) given: Material<'t>,
    pub(super) entities: Vec<Entity>,
    pub(super) of_mention: Vec<Option<usize>>,
    pub(super) by_words: ByKey<usize>,
    pub(super) by_last: Namesakes,
    pub(super) by_first: Namesakes,
    pub(super) by_inner: Namesakes,
    bearers: ByKey<usize>,
    pub(super) by_letters: ByKey<usize>,
    /// Bodies by the last word of their name, and by a first word that says what they are.
    pub(super) bodies_by_end: ByKey<Vec<usize>>,
    /// Words with a capital in mid-sentence.
    pub(super) firm_words: ByKey<()>,
}

/// Joins the names of one article.
pub(super) fn join(given: Material<'_>) -> Joined {
    let n = given.mentions.len();
    let room = n / 2 + 8;
    let mut joiner = Joiner {
        given,
        entities: Vec::with_capacity(room),
        of_mention: vec![None; n],
        by_words: ByKey::with_capacity_and_hasher(room, Default::default()),
        by_last: Namesakes::for_entities(room),
        by_first: Namesakes::for_entities(room / 2),
        by_inner: Namesakes::default(),
        bearers: ByKey::with_capacity_and_hasher(room, Default::default()),
        by_letters: ByKey::default(),
        bodies_by_end: ByKey::default(),
        firm_words: ByKey::with_capacity_and_hasher(room, Default::default()),
    };
    joiner.join_full_names();
    joiner.complete_from_headline();
    joiner.join_doubtful_starts();
    joiner.join_short_names();
    joiner.tell_bodies_by_article();
    Joined { entities: joiner.entities, of_mention: joiner.of_mention, bearers: joiner.bearers }
}

/// Entities of one surname that are compared at most: bounds the work on lists of namesakes.
pub(super) const MAX_NAMESAKES: usize = 24;

impl<'t> Joiner<'t> {
    /// Keys of the name's words, without nicknames in marks and `Jr`, into `words`; whether there is a `Jr`.
    pub(super) fn words(&self, mention: &RawMention, words: &mut Vec<u64>) -> bool {
        words.clear();
        let mut suffix = false;
        let (first, last) = (mention.name_first as usize, mention.name_last as usize);
        for at in first..=last {
            let token = &self.given.tokens[at];
            if at > first && token.is(shape::UPPER) && token.info.flags.has(WordFlags::SUFFIX) {
                suffix = true;
                continue;
            }
            if at > first && token.after(gap::MARK | gap::OPEN) && at < last {
                continue;
            }
            if words.len() < MAX_WORDS {
                words.push(token.key);
            }
        }
        suffix
    }

    /// Names of several words, those of running text first: a heading adds no word to a name ("Ana Duarte Responds").
    fn join_full_names(&mut self) {
        for heading in [false, true] {
            self.join_full_names_of(heading);
        }
    }

    fn join_full_names_of(&mut self, heading: bool) {
        let mut words = Vec::with_capacity(MAX_WORDS);
        for idx in 0..self.given.mentions.len() {
            let mention = self.given.mentions[idx];
            if mention.heading != heading || mention.doubtful_start || mention.name_first == mention.name_last
            {
                continue;
            }
            let suffix = self.words(&mention, &mut words);
            if words.len() < 2 {
                continue;
            }
            let entity = self
                .find_full(&words, suffix, mention.guess)
                .unwrap_or_else(|| self.add(&mention, &words, suffix));
            self.note(idx, entity, &words);
        }
    }

    fn find_full(&self, words: &[u64], suffix: bool, guess: Guess) -> Option<usize> {
        let key = full_key(words, suffix);
        if let Some(entity) = self.by_words.get(&key) {
            return Some(*entity);
        }
        if matches!(guess, Guess::Organisation | Guess::Outlet) && words.len() > 1 {
            // "Daily News" after "Harbor Daily News".
            return self.body_by_end(words, &[]);
        }
        if !matches!(guess, Guess::Person | Guess::Unknown) {
            return None;
        }
        let last = words.last()?;
        let found = self.by_last.of(*last).take(MAX_NAMESAKES).find(|idx| {
            let entity = &self.entities[*idx];
            entity.suffix == suffix && entity.kind == EntityKind::Person && same_person(&entity.words, words)
        });
        if found.is_some() {
            return found;
        }
        // "Ana Ruiz" beside "Ana Ruiz Otero": the second surname may be left out.
        let first = words.first()?;
        self.by_first.of(*first).take(MAX_NAMESAKES).find(|idx| {
            let known = &self.entities[*idx].words;
            words.len() >= 2
                && known.len() >= 2
                && known.len().abs_diff(words.len()) == 1
                && (known.starts_with(words) || words.starts_with(known))
                && self.entities[*idx].suffix == suffix
                && self.entities[*idx].kind == EntityKind::Person
        })
    }

    pub(super) fn add(&mut self, mention: &RawMention, words: &[u64], suffix: bool) -> usize {
        let idx = self.entities.len();
        let kind = match mention.guess {
            Guess::Person | Guess::Unknown => EntityKind::Person,
            Guess::Organisation => EntityKind::Organisation,
            Guess::Outlet => EntityKind::Outlet,
            Guess::Place => EntityKind::Place,
            Guess::Event => EntityKind::Document,
        };
        self.by_words.insert(full_key(words, suffix), idx);
        let person = kind == EntityKind::Person;
        if let (Some(first), Some(last)) = (words.first(), words.last())
            && (person || words.len() > 1)
        {
            if person {
                self.by_last.add(*last, idx);
                self.bearers.entry(*last).or_insert(idx);
            }
            if words.len() > 1 && person {
                self.by_first.add(*first, idx);
                for inner in &words[1..words.len() - 1] {
                    self.by_inner.add(*inner, idx);
                }
            }
            if matches!(kind, EntityKind::Organisation | EntityKind::Outlet) && words.len() > 1 {
                self.bodies_by_end.entry(*last).or_default().push(idx);
                if self.given.bodies.of_noun(*first).is_some() {
                    self.bodies_by_end.entry(*first).or_default().push(idx);
                }
            }
            if !person {
                let letters = self.letters(mention);
                if let Some(letters) = letters {
                    self.by_letters.entry(letters).or_insert(idx);
                }
            }
        }
        let gender = match mention.gender.is_sure() || !person || words.len() < 2 {
            true => mention.gender,
            false => self.public_gender(words).unwrap_or(mention.gender),
        };
        self.entities.push(Entity {
            canonical: self.spelled(mention),
            kind,
            gender,
            sure_person: mention.guess == Guess::Person,
            principal: None,
            words: words.to_vec(),
            suffix,
            titled_gender: mention.titled && mention.gender.is_sure(),
            full_form: words.len() > 1,
            n_mentions: 0,
            n_short: 0,
        });
        idx
    }

    /// Gender of the public figure of this name.
    fn public_gender(&self, words: &[u64]) -> Option<Gender> {
        let rows = self.given.people.principals(words.last().copied().unwrap_or(0));
        rows.iter().find(|row| row.words.first() == words.first()).map(|row| row.gender)
    }

    /// Key of the capital letters of a body's name: "Central Water Board" is known as CWB.
    fn letters(&self, mention: &RawMention) -> Option<u64> {
        let mut letters = String::new();
        for at in mention.name_first..=mention.name_last {
            let token = &self.given.tokens[at as usize];
            if token.is(shape::UPPER) {
                letters.extend(token.span().of(self.given.text).chars().next());
            }
        }
        (letters.len() >= 2).then(|| word_key(&letters))
    }

    /// The name as the article writes it: capitals of a headline made plain, nicknames left out, one space between words.
    pub(super) fn spelled(&self, mention: &RawMention) -> String {
        spell(self.given.text, self.given.tokens, mention.name_first as usize, mention.name_last as usize)
    }

    fn note(&mut self, idx: usize, entity: usize, words: &[u64]) {
        let mention = self.given.mentions[idx];
        self.of_mention[idx] = Some(entity);
        if !mention.doubtful_start {
            for word in words {
                self.firm_words.insert(*word, ());
            }
        }
        let given = |words: &[u64]| {
            words.first().is_some_and(|word| self.given.people.word(*word).flags.has(WordFlags::GIVEN))
        };
        let known = &self.entities[entity].words;
        let longer = !mention.heading && words.len() > known.len() && (given(words) || !given(known));
        let better = !mention.heading
            && given(words)
            && !given(known)
            && words.len() >= 2
            && self.entities[entity].sure_person;
        let spelled = (longer || better).then(|| self.spelled(&mention));
        let known = &mut self.entities[entity];
        if let Some(spelled) = spelled
            && known.principal.is_none()
        {
            known.canonical = spelled;
            known.words = words.to_vec();
        }
        known.n_mentions += 1;
        if mention.guess == Guess::Person {
            known.sure_person = true;
        }
        if mention.gender.is_sure() && mention.titled && !known.titled_gender {
            known.gender = mention.gender;
            known.titled_gender = true;
        } else if known.gender == Gender::Unknown {
            known.gender = mention.gender;
        }
    }

    /// A full name that stands only in the headline: two capital words, the second a surname of the body.
    fn complete_from_headline(&mut self) {
        let tokens = self.given.headline_tokens;
        for at in 0..tokens.len().saturating_sub(1) {
            let (first, last) = (&tokens[at], &tokens[at + 1]);
            let flags = first.info.flags;
            let pair = first.is(shape::UPPER)
                && last.is(shape::UPPER)
                && last.gap == 0
                && !first.is(shape::POSSESSIVE);
            let plain =
                WordFlags::FUNCTION.with(WordFlags::PLACE).with(WordFlags::TITLE).with(WordFlags::NO_NAME);
            if !pair || !flags.has(WordFlags::GIVEN) || flags.has(plain) || last.info.flags.has(plain) {
                continue;
            }
            let words = [first.key, last.key];
            let known = self.by_last.knows(last.key) || self.by_words.contains_key(&full_key(&words, false));
            if known {
                continue;
            }
            let gender = first.info.gender;
            let name = spell(self.given.headline, tokens, at, at + 1);
            self.add_named(name, gender, &words);
        }
    }

    pub(super) fn add_named(&mut self, name: String, gender: Gender, words: &[u64]) -> usize {
        let idx = self.entities.len();
        self.by_words.insert(full_key(words, false), idx);
        if let (Some(first), Some(last)) = (words.first(), words.last()) {
            self.by_last.add(*last, idx);
            self.bearers.entry(*last).or_insert(idx);
            self.by_first.add(*first, idx);
        }
        self.entities.push(Entity {
            canonical: name,
            kind: EntityKind::Person,
            gender,
            sure_person: true,
            principal: None,
            words: words.to_vec(),
            suffix: false,
            titled_gender: false,
            full_form: words.len() > 1,
            n_mentions: 0,
            n_short: 0,
        });
        idx
    }

    /// "the Trent Informer", "the Kestrel": an unknown name that takes an article is no person's.
    fn tell_bodies_by_article(&mut self) {
        let mut with_article = vec![0u32; self.entities.len()];
        for (mention, entity) in self.given.mentions.iter().zip(&self.of_mention) {
            let Some(entity) = *entity else { continue };
            let first = mention.first as usize;
            let article = first > 0
                && self.given.tokens[first].gap == 0
                && matches!(self.given.tokens[first - 1].span().of(self.given.text), "the" | "The");
            let whose = mention.modifier || mention.titled || {
                let next = self.given.tokens.get(mention.name_last as usize + 1);
                next.is_some_and(|next| next.gap == 0 && !next.is(shape::UPPER) && self.is_owned(next))
            };
            with_article[entity] += u32::from(article && !whose);
        }
        for (entity, with_article) in self.entities.iter_mut().zip(with_article) {
            if entity.kind == EntityKind::Person
                && !entity.sure_person
                && entity.principal.is_none()
                && with_article > 0
                && with_article * 2 >= entity.n_mentions
            {
                entity.kind = EntityKind::Organisation;
            }
        }
    }

    /// Whether a word behind a name makes the name say only whose: "the Hart aides", "the Hart victory".
    fn is_owned(&self, word: &Token) -> bool {
        let owned = WordFlags::OWNED.with(WordFlags::ROLE).with(WordFlags::DOCUMENT);
        let flags = word.info.flags;
        flags.has(owned)
            || !flags.has(WordFlags::FUNCTION) && !word.span().of(self.given.text).ends_with("ed")
    }

    /// "Will Duarte win?": names whose first word may be the plain opening of the sentence.
    fn join_doubtful_starts(&mut self) {
        let mut words = Vec::with_capacity(MAX_WORDS);
        for idx in 0..self.given.mentions.len() {
            let mention = self.given.mentions[idx];
            if !mention.doubtful_start || mention.name_first == mention.name_last {
                continue;
            }
            let suffix = self.words(&mention, &mut words);
            if words.len() < 2 {
                continue;
            }
            if let Some(entity) = self.by_words.get(&full_key(&words, suffix)).copied() {
                self.note(idx, entity, &words);
                continue;
            }
            let rest = &words[1..];
            let rest_known = self.find_full(rest, suffix, mention.guess).filter(|_| rest.len() > 1);
            let surname = words.last().copied().unwrap_or(0);
            let namesake = self.by_last.of(surname).next();
            let entity = match rest_known.or(namesake) {
                Some(entity) => entity,
                None if rest.len() == 1 && !self.given.people.principals(surname).is_empty() => continue,
                None => self.add(&mention, &words, suffix),
            };
            self.of_mention[idx] = Some(entity);
            self.entities[entity].n_mentions += 1;
        }
    }
}

pub(super) fn full_key(words: &[u64], suffix: bool) -> u64 {
    let key = words.iter().copied().reduce(join_keys).unwrap_or(0);
    if suffix { finish_key(key ^ 0x5eed) } else { key }
}

/// Whether two names with the same last word are one person: same first word, or one contained in the other.
fn same_person(known: &[u64], words: &[u64]) -> bool {
    known.first() == words.first() || is_part(known, words) || is_part(words, known)
}

fn is_part(short: &[u64], long: &[u64]) -> bool {
    if short.len() >= long.len() || short.len() < 2 {
        return false;
    }
    let mut rest = long.iter();
    short.iter().all(|word| rest.any(|other| other == word))
}

/// Words `first..=last` as a name.
pub(super) fn spell(text: &str, tokens: &[Token], first: usize, last: usize) -> String {
    let mut name = String::with_capacity((tokens[last].end - tokens[first].start) as usize + 1);
    let all_upper = (first..=last).all(|at| tokens[at].is(shape::ALL_UPPER | shape::INITIAL));
    let plain = all_upper && (first < last || tokens[first].span().len() > 5);
    for (at, token) in tokens.iter().enumerate().take(last + 1).skip(first) {
        if at > first && token.after(gap::MARK | gap::OPEN) && at < last {
            continue;
        }
        if at > first {
            name.push(' ');
        }
        let word = token.span().of(text);
        if plain
            && token.is(shape::ALL_UPPER)
            && !token.is(shape::INITIAL)
            && !token.info.flags.has(WordFlags::ACRONYM)
        {
            push_title_case(&mut name, word);
        } else {
            name.push_str(word);
        }
        let dotted = text.as_bytes().get(token.end as usize) == Some(&b'.');
        let suffix = || token.info.flags.has(WordFlags::SUFFIX);
        // The full stop of "U.S." is part of the word, unless it ends the sentence too.
        let letters = || word.contains('.') && word.len() <= 7;
        if dotted && ((token.is(shape::INITIAL) && at < last) || (at > first && suffix()) || letters()) {
            name.push('.');
        }
    }
    name
}

fn push_title_case(name: &mut String, word: &str) {
    let mut upper = true;
    for c in word.chars() {
        if upper {
            name.push(c);
        } else {
            name.extend(c.to_lowercase());
        }
        upper = !c.is_alphanumeric();
    }
}
