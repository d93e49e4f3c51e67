//! Short names: surnames, given names and letters, joined with the full names of the article in reading order.
//!
//! In: a joiner that knows all full names. Out: an entity for each short name, a new one where nobody fits, or none where the word
//! turns out to be no name. A surname that two persons share is told apart by honorific, title, `Jr.`, public office and recency.

use super::entity::{Few, Joiner, MAX_NAMESAKES, full_key};
use super::run::{Guess, RawMention};
use super::token::{gap, shape};
use crate::lexicon::people::{Gender, Principal, WordFlags};

enum Short {
    Known(usize),
    New,
    NoName,
}

impl<'t> Joiner<'t> {
    /// Joins everything that is not joined yet.
    pub(super) fn join_short_names(&mut self) {
        let mut last_seen_of = vec![0u32; 0];
        for idx in 0..self.given.mentions.len() {
            last_seen_of.resize(self.entities.len(), 0);
            let mention = self.given.mentions[idx];
            if let Some(entity) = self.of_mention[idx] {
                last_seen_of[entity] = mention.name_first + 1;
                continue;
            }
            let (words, suffix) = self.words(&mention);
            let Some(key) = words.last().copied() else { continue };
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
        if let Some(found) = self.by_surname(mention, key, suffix, last_seen) {
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
        }
        if flags.has(WordFlags::DEMONYM.with(WordFlags::NO_NAME)) && !mention.titled {
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
        &mut self,
        mention: &RawMention,
        key: u64,
        suffix: bool,
        last_seen: &[u32],
    ) -> Option<usize> {
        let list = self.by_last.get(&key).map_or(&[][..], Vec::as_slice);
        let titled = if mention.titled { mention.gender } else { Gender::Unknown };
        let agreeing = |idx: &usize| self.entities[*idx].gender.agrees(titled);
        let namesakes = list.iter().rev().take(MAX_NAMESAKES).copied().filter(agreeing);
        let mut fitting: Few<usize> =
            namesakes.clone().filter(|idx| self.entities[*idx].suffix == suffix).collect();
        if fitting.is_empty() && !suffix {
            // Only "Lee Oda III" is named in full: the bare surname is his.
            fitting = namesakes.collect();
        }
        let sure: Few<usize> = fitting
            .iter()
            .copied()
            .filter(|idx| titled.is_sure() && self.entities[*idx].gender == titled)
            .collect();
        let fitting = if sure.is_empty() { fitting } else { sure };
        match (&fitting[..], self.principal(key, suffix, titled)) {
            ([], Some((principal, row))) => Some(self.add_principal(principal, row)),
            ([], None) => None,
            (list, Some((principal, row))) => {
                let known = list.iter().copied().find(|idx| {
                    let entity = &self.entities[*idx];
                    Some(&entity.first()) == principal.words.first() || entity.principal.is_some()
                });
                if known.is_some() {
                    return known;
                }
                // Only a namesake is named in full ("Ana Ruiz's husband, Leo Ruiz"): the bare surname before that name, or beside
                // a Jr. or another gender, is the public figure.
                let local = list[0];
                let before_full = last_seen.get(local).is_none_or(|seen| *seen == 0);
                if (before_full && !mention.titled) || self.has_office(mention, principal) {
                    return Some(self.add_principal(principal, row));
                }
                Some(self.latest(list, last_seen))
            }
            ([only], None) => Some(*only),
            (list, None) => Some(self.latest(list, last_seen)),
        }
    }

    fn latest(&self, list: &[usize], last_seen: &[u32]) -> usize {
        let seen = |idx: &usize| last_seen.get(*idx).copied().unwrap_or(0);
        list.iter()
            .copied()
            .max_by_key(|idx| (seen(idx), self.entities[*idx].n_mentions, usize::MAX - idx))
            .unwrap_or(list[0])
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

    /// The bearer of a middle or given name: "Peña" of Peña Nieto, "Ana" of Ana Ruiz, "Xi" of Xi Jinping.
    fn by_part(&self, mention: &RawMention, key: u64, last_seen: &[u32]) -> Option<usize> {
        let agrees = |idx: &usize| !mention.titled || self.entities[*idx].gender.agrees(mention.gender);
        for map in [&self.by_inner, &self.by_first] {
            let list: Few<usize> = map.get(&key).into_iter().flatten().copied().filter(agrees).collect();
            if !list.is_empty() {
                return Some(self.latest(&list, last_seen));
            }
        }
        None
    }
}
