//! Cuts one run of capital words into role and name, and guesses what bears the name.
//!
//! In: the words of a run. Out: one mention of the name, and one for a name inside its role. Looks at words only, never at
//! other runs.

use super::run::{Guess, Names, RawMention};
use super::token::{gap, shape};
use crate::lexicon::people::{Gender, WordFlags, WordInfo, join_keys};

/// Words looked at to the left of a name for its role in lower case.
const MAX_ROLE: usize = 10;

impl Names<'_> {
    /// Cuts a run into roles and names and records what it finds.
    pub(super) fn split(&mut self, start: usize, last: usize) {
        let mut first = start;
        // A role inside the run: "House Speaker Lee", "Secretary of State Ana Ruiz", "Mr. Lee".
        let mut name_first = start;
        let mut titled = false;
        let mut gender = Gender::Unknown;
        let mut honorific_gender = false;
        let mut at = start;
        while at < last {
            let info = self.info(at);
            let honorific = info.flags.has(WordFlags::HONORIFIC) && !self.is_kin_word_of_org(at, last);
            let title = info.flags.has(WordFlags::TITLE)
                && !(info.flags.has(WordFlags::GIVEN) && at + 1 == last)
                && !self.is_surname_title(start, at)
                && !self.is_office_of(start, at);
            let closely = self.tokens[at + 1].gap == 0 || self.tokens[at + 1].gap == gap::TERMINAL;
            if !(honorific || title) || !closely {
                at += 1;
                continue;
            }
            let role_gender = match self.people.role(info.role) {
                Some(role) if title => role.gender,
                _ if honorific => info.gender,
                _ => Gender::Unknown,
            };
            let next = if title { self.skip_of_phrase(at, last) } else { at + 1 };
            if next > last {
                // "Attorney General of Ohio": nothing but a role.
                return;
            }
            if role_gender.is_sure() {
                gender = role_gender;
                honorific_gender = honorific;
            }
            titled = true;
            name_first = next;
            at = next;
        }
        if name_first > last {
            return;
        }
        if !titled {
            name_first = self.skip_adjectives(start, last);
        }
        // "on The Harbor Singer Wednesday": the day is nobody's name.
        let day = name_first == last
            && titled
            && self.has(last, WordFlags::CALENDAR)
            && !self.has(last, WordFlags::GIVEN);
        if day || self.is_role_alone(name_first, last, titled) {
            return;
        }
        let last = self.without_honours(name_first, last);
        let guess = self.guess(name_first, last, titled);
        let name_last = last;
        if guess == Guess::Person || guess == Guess::Unknown {
            let given = self.info(name_first);
            let plain = given.flags.has(WordFlags::GIVEN)
                && name_last > name_first
                && !self.has(name_first, WordFlags::ROLE);
            // "spokesman Hope Hicks": titles in -man are given to women too; forms of address are not.
            let overruled = gender.is_sure() && given.gender.is_sure() && !honorific_gender;
            if plain && (!gender.is_sure() || overruled) {
                gender = given.gender;
            }
        }
        let doubtful = WordFlags::FUNCTION.with(WordFlags::CALENDAR).with(WordFlags::ROLE);
        let doubtful_start = name_first == start
            && self.opens_sentence(start)
            && (self.has(start, doubtful)
                || (last == start + 1
                    && guess == Guess::Unknown
                    && !self.has(start, WordFlags::GIVEN)
                    && !self.tokens[start].is(shape::INITIAL)));
        // "President", "Shah": a role without a name, unless somebody bears it as a surname.
        let role_word = WordFlags::TITLE.with(WordFlags::HONORIFIC);
        let doubtful_start = doubtful_start
            || (!titled
                && name_first == last
                && self.has(last, role_word)
                && !self.has(last, WordFlags::GIVEN));
        let modifiers_from = self.mentions.len();
        if guess == Guess::Person || guess == Guess::Unknown {
            if name_first > start {
                self.push_modifiers(start, name_first);
            }
            first = self.role_before(first, &mut gender, &mut titled);
            for mention in self.mentions[..modifiers_from].iter_mut().rev() {
                if (mention.name_last as usize) < first {
                    break;
                }
                mention.modifier = true;
            }
        } else {
            first = name_first;
        }
        let guess = if titled && guess == Guess::Unknown { Guess::Person } else { guess };
        self.mentions.push(RawMention {
            first: first as u32,
            name_first: name_first as u32,
            name_last: name_last as u32,
            guess,
            gender,
            titled,
            doubtful_start,
            possessive: self.tokens[name_last].is(shape::POSSESSIVE),
            modifier: false,
            heading: self.heading,
        });
    }

    /// "Anita Desai KC", "Lee Oda MP": the last word of the name without the letters behind it.
    fn without_honours(&self, first: usize, last: usize) -> usize {
        let letters = |at: usize| {
            matches!(
                self.tokens[at].span().of(self.text),
                "KC" | "QC"
                    | "SC"
                    | "MP"
                    | "MPs"
                    | "MLA"
                    | "MSP"
                    | "MEP"
                    | "TD"
                    | "OBE"
                    | "CBE"
                    | "MBE"
                    | "PhD"
                    | "MD"
                    | "Esq"
                    | "RN"
                    | "JP"
                    | "FRS"
            )
        };
        if last >= first + 2 && letters(last) && self.has(first, WordFlags::GIVEN) { last - 1 } else { last }
    }

    /// "King" in "Peter King Foundation" or "Angus King said": a title word right behind a given name is a surname.
    fn is_surname_title(&self, start: usize, at: usize) -> bool {
        // "Peter T. King said"
        let initial = at > start + 1 && self.tokens[at - 1].is(shape::INITIAL);
        let given = if initial { at - 2 } else { at.saturating_sub(1) };
        at > start
            && self.has(given, WordFlags::GIVEN)
            && !self.has(given, WordFlags::PLACE.with(WordFlags::TITLE))
            && !self.has(at, WordFlags::ABBREVIATION)
            && (given == start || self.has(given - 1, WordFlags::TITLE.with(WordFlags::HONORIFIC)))
    }

    /// "Office of the Inspector General": the title belongs to the name of a body.
    fn is_office_of(&self, start: usize, at: usize) -> bool {
        at > start + 1
            && self.has(start, WordFlags::ORG)
            && matches!(self.tokens[at - 1].span().of(self.text), "the" | "of")
    }

    /// "Mother" of "Mother Jones", "Lady" of "First Lady": forms of address only before a person.
    fn is_kin_word_of_org(&self, at: usize, last: usize) -> bool {
        !self.has(at, WordFlags::ABBREVIATION) || self.has(last, WordFlags::ORG)
    }

    /// Behind "Secretary" in "Secretary of State Ana Ruiz": skips "of State".
    fn skip_of_phrase(&self, at: usize, last: usize) -> usize {
        let mut next = at + 1;
        if next > last || self.tokens[next].span().of(self.text) != "of" {
            return next;
        }
        next += 1;
        let portfolio = WordFlags::ORG.with(WordFlags::DEPT).with(WordFlags::PLACE).with(WordFlags::NO_NAME);
        let mut taken = 0;
        while next <= last {
            let token = &self.tokens[next];
            let lower = !token.is(shape::UPPER);
            if !(lower || taken == 0 || (self.has(next, portfolio) && !self.has(next, WordFlags::GIVEN))) {
                break;
            }
            taken += usize::from(!lower);
            next += 1;
        }
        next
    }

    /// "Republican Ana Ruiz", "Texas Democrat Lee Oda": what stands before a given name and is none.
    fn skip_adjectives(&self, start: usize, last: usize) -> usize {
        let skipped =
            WordFlags::NO_NAME.with(WordFlags::DEMONYM).with(WordFlags::PLACE).with(WordFlags::FUNCTION);
        let no_given = skipped.with(WordFlags::ORG).with(WordFlags::TITLE);
        let no_surname = WordFlags::ORG.with(WordFlags::EVENT).with(WordFlags::BUILDING);
        if self.is_posting(start, last) {
            return start + 1;
        }
        for at in start..last {
            // "House Republican Ana Ruiz", "Harbor Post Editor-in-Chief Lee Oda": a given name behind a party or a body.
            let given = self.has(at + 1, WordFlags::GIVEN)
                && !self.has(at + 1, no_given)
                && (1..=3).contains(&(last - at - 1));
            let party = self.has(at, WordFlags::NO_NAME.with(WordFlags::DEMONYM));
            let body = at > start
                && (start..=at).any(|word| {
                    self.has(word, WordFlags::ORG.with(WordFlags::BUILDING).with(WordFlags::PLACE))
                });
            if given && (party || body) && !self.has(last, no_surname) {
                return at + 1;
            }
        }
        // "Interestingly Ana Ruiz": an unknown word that opens the sentence before a full name.
        let strong =
            last == start + 2 && self.has(start + 1, WordFlags::GIVEN) && !self.has(start + 1, no_given);
        if strong
            && self.opens_sentence(start)
            && !self.has(start, WordFlags::GIVEN)
            && !self.tokens[start].is(shape::INITIAL)
        {
            const ENDINGS: [&str; 9] = ["ly", "ed", "s", "er", "or", "ist", "ian", "ent", "ant"];
            let word = self.tokens[start].span().of(self.text);
            if ENDINGS.iter().any(|ending| word.ends_with(ending)) {
                return start + 1;
            }
        }
        let mut at = start;
        while at < last && self.has(at, skipped) {
            at += 1;
            if at < last && self.has(at, WordFlags::GIVEN) && !self.has(at, skipped) {
                return at;
            }
        }
        start
    }

    /// "the ambassador to Spain Lee Oda": the place belongs to the role before it.
    fn is_posting(&self, start: usize, last: usize) -> bool {
        start >= 2
            && last > start + 1
            && self.has(start, WordFlags::PLACE)
            && !self.has(
                last,
                WordFlags::ORG.with(WordFlags::EVENT).with(WordFlags::BUILDING).with(WordFlags::PLACE),
            )
            && self.follows_closely(start)
            && self.tokens[start - 1].gap == 0
            && matches!(self.tokens[start - 1].span().of(self.text), "to")
            && self.has(start - 2, WordFlags::TITLE)
    }

    /// "Attorney General", "President": a role without a name.
    fn is_role_alone(&self, first: usize, last: usize, titled: bool) -> bool {
        if first == last {
            let flags = self.info(first).flags;
            return titled && flags.has(WordFlags::ORG.with(WordFlags::DEPT)) && !flags.has(WordFlags::GIVEN);
        }
        let publication = |phrase: WordInfo| phrase.flags.has(WordFlags::MEDIA);
        if last == first + 1
            && self
                .people
                .phrase(join_keys(self.tokens[first].key, self.tokens[last].key))
                .is_some_and(publication)
        {
            return false;
        }
        let office = (first + 1..last).any(|at| self.is_office_of(first, at));
        if !titled && !office && last > first {
            let role = WordFlags::ROLE
                .with(WordFlags::DEPT)
                .with(WordFlags::PLACE)
                .with(WordFlags::NO_NAME)
                .with(WordFlags::DEMONYM);
            let about = role.with(WordFlags::ORG);
            let named = WordFlags::GIVEN;
            let head = self.info(last).flags;
            let party = head.has(WordFlags::ROLE.with(WordFlags::NO_NAME)) && !head.has(WordFlags::ORG);
            let of_place = self.is_place(first, last - 1);
            if party
                && !head.has(named)
                && (of_place
                    || (first..last).all(|at| self.has(at, about) || !self.tokens[at].is(shape::UPPER)))
            {
                return true;
            }
        }
        let role = WordFlags::ROLE.with(WordFlags::DEPT);
        !titled
            && !office
            && self.has(last, WordFlags::TITLE)
            && (first..=last).all(|at| self.has(at, role) || !self.tokens[at].is(shape::UPPER))
    }

    fn guess(&self, first: usize, last: usize, titled: bool) -> Guess {
        let n_upper = (first..=last)
            .filter(|at| self.tokens[*at].is(shape::UPPER) && !self.has(*at, WordFlags::SUFFIX))
            .count();
        let first_info = self.info(first);
        let last_info = self.info(last);
        let given = first_info.flags.has(WordFlags::GIVEN);
        if titled && n_upper <= 4 && !last_info.flags.has(WordFlags::ORG) {
            return Guess::Person;
        }
        if titled && n_upper <= 2 && given {
            return Guess::Person;
        }
        let mut body = false;
        let mut media = false;
        let mut event = false;
        let mut building = false;
        for at in first..=last {
            if !self.tokens[at].is(shape::UPPER) {
                continue;
            }
            let flags = self.info(at).flags;
            let acronym_misread = flags.has(WordFlags::ACRONYM) && !self.tokens[at].is(shape::ALL_UPPER);
            if at > first || !given {
                body |= flags.has(WordFlags::ORG) && !acronym_misread;
                media |= flags.has(WordFlags::MEDIA);
            }
            event |= at > first && flags.has(WordFlags::EVENT);
            building |= at > first && flags.has(WordFlags::BUILDING);
        }
        let n_dept = (first..=last)
            .filter(|at| self.tokens[*at].is(shape::UPPER) && self.has(*at, WordFlags::DEPT))
            .count();
        body |= n_dept >= 2;
        if let Some(phrase) = self.phrase(first, last) {
            body |= phrase.flags.has(WordFlags::ORG);
            media |= phrase.flags.has(WordFlags::MEDIA);
            event |= phrase.flags.has(WordFlags::EVENT);
        }
        let place_phrase = self.is_place(first, last);
        if place_phrase && !(given && n_upper == 2) {
            return Guess::Place;
        }
        let two_part = given && n_upper == 2 && !first_info.flags.has(WordFlags::PLACE);
        if body && (!two_part || last_info.flags.has(WordFlags::ORG)) {
            return if media { Guess::Outlet } else { Guess::Organisation };
        }
        if two_part || (given && n_upper == 3 && !event && !building) {
            return Guess::Person;
        }
        if event {
            return Guess::Event;
        }
        if building {
            return Guess::Place;
        }
        if first == last && first_info.flags.has(WordFlags::EVENT.with(WordFlags::BUILDING)) && !given {
            return Guess::Event;
        }
        if first == last && self.tokens[first].is(shape::INITIAL) {
            return Guess::Organisation;
        }
        if first == last
            && first_info.flags.has(WordFlags::DEMONYM.with(WordFlags::NO_NAME).with(WordFlags::CALENDAR))
        {
            return Guess::Event;
        }
        if given && first_info.flags.has(WordFlags::PLACE) && n_upper == 2 {
            return Guess::Person;
        }
        Guess::Unknown
    }

    /// What the tables say about these words as one phrase.
    fn phrase(&self, first: usize, last: usize) -> Option<WordInfo> {
        if first == last || !self.has(first, WordFlags::PHRASE_START) {
            return None;
        }
        let key =
            (first + 1..=last).fold(self.tokens[first].key, |key, at| join_keys(key, self.tokens[at].key));
        self.people.phrase(key)
    }

    fn is_place(&self, first: usize, last: usize) -> bool {
        if first == last {
            return self.has(first, WordFlags::PLACE);
        }
        if self.phrase(first, last).is_some_and(|info| info.flags.has(WordFlags::PLACE)) {
            return true;
        }
        (first..=last).all(|at| self.has(at, WordFlags::PLACE))
    }

    /// Names of bodies and persons inside a role: "Fox News" in "Fox News Chairman Lee Oda".
    fn push_modifiers(&mut self, start: usize, end: usize) {
        let mut last = end;
        while last > start && !self.tokens[last - 1].is(shape::UPPER) {
            last -= 1;
        }
        let role = WordFlags::ROLE.with(WordFlags::HONORIFIC).with(WordFlags::DEPT);
        while last > start && self.has(last - 1, role) {
            last -= 1;
        }
        let adjective = WordFlags::DEMONYM.with(WordFlags::NO_NAME).with(WordFlags::FUNCTION);
        if last <= start || (start..last).all(|at| self.has(at, adjective)) {
            return;
        }
        let guess = self.guess(start, last - 1, false);
        self.mentions.push(RawMention {
            first: start as u32,
            name_first: start as u32,
            name_last: (last - 1) as u32,
            guess,
            gender: Gender::Unknown,
            titled: false,
            doubtful_start: self.opens_sentence(start),
            possessive: false,
            modifier: true,
            heading: self.heading,
        });
    }

    /// Walks left over the role in lower case: "former state senator Lee Oda", "Hart campaign spokeswoman Lee Oda".
    fn role_before(&self, first: usize, gender: &mut Gender, titled: &mut bool) -> usize {
        if first == 0 || self.opens_sentence(first) || !self.follows_closely(first) {
            return first;
        }
        let mut begin = first;
        let mut at = first;
        let mut seen_role = *titled || self.has(first, WordFlags::NO_NAME.with(WordFlags::ROLE));
        for _ in 0..MAX_ROLE {
            if at == 0 || (at < first && self.opens_sentence(at)) || !self.follows_closely(at) {
                break;
            }
            let before = at - 1;
            let token = &self.tokens[before];
            let info = token.info;
            if token.is(shape::POSSESSIVE) {
                break;
            }
            if token.is(shape::UPPER) {
                if !seen_role || info.flags.has(WordFlags::FUNCTION) {
                    break;
                }
                at = before;
                begin = at;
                continue;
            }
            if info.flags.has(WordFlags::TITLE) {
                if let Some(role) = self.people.role(info.role)
                    && role.gender.is_sure()
                    && !seen_role
                    && !gender.is_sure()
                {
                    *gender = role.gender;
                }
                *titled = true;
                seen_role = true;
                at = before;
                begin = at;
                continue;
            }
            let word = token.span().of(self.text);
            if !seen_role && before >= 1 && token.gap == 0 {
                let phrase = self.people.phrase(join_keys(self.tokens[before - 1].key, token.key));
                if phrase.is_some_and(|phrase| phrase.flags.has(WordFlags::TITLE)) {
                    *titled = true;
                    seen_role = true;
                    at = before - 1;
                    begin = at;
                    continue;
                }
            }
            if seen_role
                && (info.flags.has(WordFlags::MODIFIER)
                    || word.ends_with("-turned")
                    || word.ends_with("-based"))
            {
                at = before;
                begin = at;
                continue;
            }
            // "secretary of state Ana Ruiz", "chief of staff Lee Oda", "director of communications Lee Oda".
            if !seen_role && before >= 2 && token.gap == 0 {
                let of = &self.tokens[before - 1];
                let head = &self.tokens[before - 2];
                let headed = head.info.flags.has(WordFlags::TITLE)
                    && (info.flags.has(WordFlags::DEPT)
                        || !info.flags.has(WordFlags::FUNCTION) && !head.is(shape::UPPER));
                let whole = || {
                    let key = join_keys(join_keys(head.key, of.key), token.key);
                    self.people.phrase(key).is_some_and(|phrase| phrase.flags.has(WordFlags::TITLE))
                };
                if of.gap == 0 && of.span().of(self.text) == "of" && (headed || whole()) {
                    *titled = true;
                    seen_role = true;
                    at = before - 2;
                    begin = at;
                    continue;
                }
            }
            break;
        }
        begin
    }
}
