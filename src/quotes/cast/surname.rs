//! Short names: surnames, given names and letters, joined with the full names of the article in reading order.
//!
//! In: a joiner that knows all full names. Out: an entity for each short name, a new one where nobody fits, or none where the word
//! turns out to be no name. A surname that two persons share is told apart by honorific, title, `Jr.`, public office and recency.

use super::entity::{Joiner, MAX_NAMESAKES, full_key};
use super::run::{Guess, RawMention};
use super::token::{gap, shape};
use crate::lexicon::people::{Gender, Principal, WordFlags, word_key};

/// Bodies of one last word that are compared at most.
const MAX_BODIES: usize = 64;

enum Short {
    Known(usize),
    New,
    NoName,
}

/// Short mentions that make a surname somebody's own.
const ESTABLISHED: u32 = 3;

/// Whom a surname means.
enum Bearer<'t> {
    Known(usize),
    /// A public figure whom the article never names in full, and its row.
    Public((&'t Principal, usize)),
}

impl<'t> Joiner<'t> {
    /// Joins everything that is not joined yet.
    pub(super) fn join_short_names(&mut self) {
        let mut last_seen_of = vec![0u32; 0];
        let mut words = Vec::new();
        for idx in 0..self.given.mentions.len() {
            last_seen_of.resize(self.entities.len(), 0);
            let mention = self.given.mentions[idx];
            if let Some(entity) = self.of_mention[idx] {
                last_seen_of[entity] = mention.name_first + 1;
                continue;
            }
            let suffix = self.words(&mention, &mut words);
            let Some(key) = words.last().copied() else { continue };
            if let Some(entity) = self.joint_given_name(idx) {
                self.of_mention[idx] = Some(entity);
                self.entities[entity].n_mentions += 1;
                continue;
            }
            let found = self.find_short(&mention, key, suffix, &last_seen_of);
            let entity = match found {
                Short::Known(entity) => entity,
                Short::New => {
                    let single =
                        RawMention { name_first: mention.name_last.max(mention.name_first), ..mention };
                    let single = if words.len() > 1 { mention } else { single };
                    self.add(&single, &words, suffix)
                }
                Short::NoName => continue,
            };
            self.of_mention[idx] = Some(entity);
            let known = &mut self.entities[entity];
            known.n_mentions += 1;
            known.n_short += 1;
            if mention.titled {
                known.sure_person = true;
                if mention.gender.is_sure() && !known.titled_gender {
                    known.gender = mention.gender;
                    known.titled_gender = true;
                }
            }
            last_seen_of.resize(self.entities.len(), 0);
            last_seen_of[entity] = mention.name_first + 1;
        }
    }

    fn find_short(&mut self, mention: &RawMention, key: u64, suffix: bool, last_seen: &[u32]) -> Short {
        let info = self.given.people.word(key);
        let flags = info.flags;
        let bearer = self.by_surname(mention, key, suffix, last_seen).map(|bearer| match bearer {
            Bearer::Known(entity) => entity,
            Bearer::Public((principal, row)) => self.add_principal(principal, row),
        });
        if let Some(found) = bearer {
            let place = flags.has(WordFlags::PLACE) && self.stands_as_place(mention);
            if !place {
                return Short::Known(found);
            }
        }
        if flags.has(WordFlags::FUNCTION.with(WordFlags::CALENDAR)) && !mention.titled {
            return Short::NoName;
        }
        if let Some(entity) = self.by_words.get(&full_key(&[key], suffix)) {
            return Short::Known(*entity);
        }
        let token = &self.given.tokens[mention.name_last as usize];
        if !matches!(mention.guess, Guess::Place | Guess::Event) {
            if (token.is(shape::ALL_UPPER) || token.is(shape::INITIAL))
                && !mention.titled
                && let Some(entity) = self.by_letters.get(&key)
            {
                return Short::Known(*entity);
            }
            if let Some(entity) = self.by_part(mention, key, last_seen) {
                return Short::Known(entity);
            }
            if let Some(entity) = self.body_by_end(&[key], last_seen) {
                return Short::Known(entity);
            }
        }
        if let Some(entity) = self.misspelt(mention) {
            return Short::Known(entity);
        }
        if (flags.has(WordFlags::DEMONYM.with(WordFlags::NO_NAME)) || self.is_plural_people(mention))
            && !mention.titled
        {
            return Short::NoName;
        }
        if mention.doubtful_start && !mention.titled {
            return Short::NoName;
        }
        let opens = self.given.tokens[mention.name_first as usize].after(gap::BREAK | gap::MARK);
        let firm = mention.titled || flags.has(WordFlags::GIVEN.with(WordFlags::ORG).with(WordFlags::PLACE));
        if opens && !firm && !self.occurs_inside(key) {
            return Short::NoName;
        }
        Short::New
    }

    /// "Bornsen" beside "Lee Bornsten": a long surname that no full name bears, one letter away from one that does.
    fn misspelt(&self, mention: &RawMention) -> Option<usize> {
        /// Shorter names are too often one letter apart.
        const SHORTEST: usize = 5;
        /// Persons compared at most.
        const MOST: usize = 48;
        let token = &self.given.tokens[mention.name_last as usize];
        let word = token.span().of(self.given.text);
        let known = WordFlags::GIVEN
            .with(WordFlags::PLACE)
            .with(WordFlags::ORG)
            .with(WordFlags::DEMONYM)
            .with(WordFlags::NO_NAME)
            .with(WordFlags::TITLE)
            .with(WordFlags::ROLE)
            .with(WordFlags::FUNCTION);
        if mention.name_first != mention.name_last
            || mention.guess != Guess::Unknown
            || mention.modifier
            || word.len() < SHORTEST
            || token.is(shape::ALL_UPPER)
            || token.info.flags.has(known)
        {
            return None;
        }
        let persons = self.entities.iter().take(MOST).enumerate();
        let mut near = persons.filter(|(_, entity)| {
            let surname = entity.canonical.rsplit(' ').next().unwrap_or("");
            entity.full_form && entity.sure_person && one_letter_apart(word.as_bytes(), surname.as_bytes())
        });
        match (near.next(), near.next()) {
            (Some((entity, _)), None) => Some(entity),
            _ => None,
        }
    }

    /// "Russians", "Democrats".
    fn is_plural_people(&self, mention: &RawMention) -> bool {
        let word = self.given.tokens[mention.name_last as usize].span().of(self.given.text);
        let people = WordFlags::DEMONYM.with(WordFlags::NO_NAME);
        word.strip_suffix('s').is_some_and(|stem| self.given.people.word(word_key(stem)).flags.has(people))
    }

    /// "David and Jeanne Oda": the first of two given names before one surname.
    fn joint_given_name(&mut self, idx: usize) -> Option<usize> {
        let mention = self.given.mentions[idx];
        let next = self.given.mentions.get(idx + 1)?;
        let at = mention.name_last as usize;
        let given = |at: usize| self.given.tokens[at].info.flags.has(WordFlags::GIVEN);
        let joined = mention.name_first == mention.name_last
            && mention.first == mention.name_first
            && next.first as usize == at + 2
            && next.first == next.name_first
            && next.name_last == next.name_first + 1
            && self.given.tokens[at + 1].gap == 0
            && self.given.tokens[at + 2].gap == 0
            && matches!(self.given.tokens[at + 1].span().of(self.given.text), "and" | "&");
        if !joined || !given(at) || !given(at + 2) {
            return None;
        }
        let words = [self.given.tokens[at].key, self.given.tokens[at + 3].key];
        if let Some(entity) = self.by_words.get(&full_key(&words, false)) {
            return Some(*entity);
        }
        // Somebody known by the name as a surname is meant himself.
        if self.by_last.knows(words[0]) {
            return None;
        }
        let name =
            format!("{} {}", self.spelled(&mention), self.given.tokens[at + 3].span().of(self.given.text));
        let gender = self.given.people.word(words[0]).gender;
        Some(self.add_named(name, gender, &words))
    }

    /// Whether the word stands with a capital elsewhere than at the beginning of a sentence.
    fn occurs_inside(&mut self, key: u64) -> bool {
        if self.firm_words.is_empty() || !self.firm_words.contains_key(&0) {
            self.firm_words.insert(0, ());
            for mention in self.given.mentions {
                let token = &self.given.tokens[mention.name_first as usize];
                if !token.after(gap::BREAK | gap::MARK) {
                    self.firm_words.insert(self.given.tokens[mention.name_last as usize].key, ());
                }
            }
        }
        self.firm_words.contains_key(&key)
    }

    fn stands_as_place(&self, mention: &RawMention) -> bool {
        let first = mention.first as usize;
        if first == 0 || mention.titled {
            return false;
        }
        let before = self.given.tokens[first - 1].span().of(self.given.text);
        matches!(
            before,
            "in" | "from" | "of" | "to" | "across" | "at" | "near" | "for" | "around" | "through" | "and"
        )
    }

    /// The bearer of a surname.
    fn by_surname(
        &self,
        mention: &RawMention,
        key: u64,
        suffix: bool,
        last_seen: &[u32],
    ) -> Option<Bearer<'t>> {
        let titled = if mention.titled { mention.gender } else { Gender::Unknown };
        let namesakes = self
            .by_last
            .of(key)
            .take(MAX_NAMESAKES)
            .filter(|idx| self.entities[*idx].gender.agrees(titled))
            .map(|idx| (idx, &self.entities[idx]));
        // Only "Lee Oda III" is named in full: the bare surname is his.
        let any_suffix = !suffix && namesakes.clone().all(|(_, entity)| entity.suffix);
        let fitting = namesakes.filter(|(_, entity)| any_suffix || entity.suffix == suffix);
        let is_sure = |gender: Gender| titled.is_sure() && gender == titled;
        let any_sure = fitting.clone().any(|(_, entity)| is_sure(entity.gender));
        let mut fitting = fitting.filter(|(_, entity)| !any_sure || is_sure(entity.gender));
        let public = self.principal(key, suffix, titled);
        let Some((local, _)) = fitting.clone().next() else { return public.map(Bearer::Public) };
        if let Some((principal, row)) = public {
            let known = fitting.clone().find(|(_, entity)| {
                Some(&entity.first()) == principal.words.first() || entity.principal.is_some()
            });
            if let Some((known, _)) = known {
                return Some(Bearer::Known(known));
            }
            // Only a namesake is named in full ("Ana Ruiz's husband, Leo Ruiz"): the bare surname before that name, or beside
            // a Jr. or another gender, is the public figure.
            let before_full = last_seen.get(local).is_none_or(|seen| *seen == 0);
            if (before_full && !mention.titled) || self.has_office(mention, principal) {
                return Some(Bearer::Public((principal, row)));
            }
        }
        // Whom the article keeps calling so stays that, though a namesake is named in full between.
        let established =
            fitting.clone().filter(|(_, entity)| entity.n_short >= ESTABLISHED).map(|(idx, _)| idx);
        let established = self.latest(established, last_seen);
        let latest = self.latest(fitting.by_ref().map(|(idx, _)| idx), last_seen)?;
        Some(Bearer::Known(established.filter(|_| self.entities[latest].n_short == 0).unwrap_or(latest)))
    }

    /// Who was named last, then most often, then first.
    fn latest(&self, list: impl Iterator<Item = usize>, last_seen: &[u32]) -> Option<usize> {
        let seen = |idx: &usize| last_seen.get(*idx).copied().unwrap_or(0);
        list.max_by_key(|idx| (seen(idx), self.entities[*idx].n_mentions, usize::MAX - idx))
    }

    /// "President Obama" where only another Obama is named in full: the title is the public figure's office.
    fn has_office(&self, mention: &RawMention, principal: &Principal) -> bool {
        let mut roles = (mention.first..mention.name_first)
            .map(|at| self.given.tokens[at as usize].span().of(self.given.text));
        roles.any(|role| principal.described.iter().any(|office| office.eq_ignore_ascii_case(role)))
    }

    /// The public figure whom the surname alone means at the article's date.
    fn principal(&self, key: u64, suffix: bool, titled: Gender) -> Option<(&'t Principal, usize)> {
        let fits =
            |row: &Principal| self.given.month.is_none_or(|month| row.from <= month && month <= row.to);
        let rows = self.given.people.principals(key);
        let (idx, row) = rows.iter().enumerate().find(|(_, row)| fits(row))?;
        (!suffix && row.gender.agrees(titled)).then_some((row, idx))
    }

    fn add_principal(&mut self, principal: &'t Principal, row: usize) -> usize {
        let idx = self.add_named(principal.name.clone(), principal.gender, &principal.words);
        self.entities[idx].principal = Some(row);
        self.entities[idx].titled_gender = true;
        idx
    }

    /// "the Post" after "The Harbor Post", "the Ministry" after "Ministry of Water": the body last named.
    pub(super) fn body_by_end(&self, words: &[u64], last_seen: &[u32]) -> Option<usize> {
        let bodies = self.given.bodies;
        let media = |kinds: u32| kinds != 0 && kinds & bodies.kind("media") != 0;
        let generic = |word: u64| bodies.of_noun(word).is_some() || media(bodies.of_name(word));
        if words.len() == 1 && !generic(words[0]) {
            return None;
        }
        let list = self.bodies_by_end.get(words.last()?)?;
        let fitting = list.iter().rev().copied().take(MAX_BODIES).filter(|idx| {
            let known = self.entities[*idx].words();
            known.len() > words.len() && (known.ends_with(words) || known.starts_with(words))
        });
        self.latest(fitting, last_seen)
    }

    /// The bearer of a middle or given name: "Peña" of Peña Nieto, "Ana" of Ana Ruiz, "Xi" of Xi Jinping.
    fn by_part(&self, mention: &RawMention, key: u64, last_seen: &[u32]) -> Option<usize> {
        let agrees = |idx: &usize| !mention.titled || self.entities[*idx].gender.agrees(mention.gender);
        [&self.by_inner, &self.by_first]
            .into_iter()
            .find_map(|names| self.latest(names.of(key).take(MAX_NAMESAKES).filter(agrees), last_seen))
    }
}

/// Whether one letter more or less, or two neighbours that changed places, make one word of another. The first letter is the same;
/// a letter in another's place makes another name ("Hansen", "Hanson").
fn one_letter_apart(a: &[u8], b: &[u8]) -> bool {
    if a.first() != b.first() || a == b || a.len().abs_diff(b.len()) > 1 {
        return false;
    }
    let same = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let (rest_a, rest_b) = (&a[same..], &b[same..]);
    match a.len().cmp(&b.len()) {
        // A plural or another spelling of an ending is another name: "Meyers", "Clarke".
        std::cmp::Ordering::Less => rest_b.len() > 1 && rest_a == &rest_b[1..],
        std::cmp::Ordering::Greater => rest_a.len() > 1 && &rest_a[1..] == rest_b,
        std::cmp::Ordering::Equal => {
            rest_a.len() >= 2
                && rest_a[0] == rest_b[1]
                && rest_a[1] == rest_b[0]
                && rest_a[2..] == rest_b[2..]
        }
    }
}
