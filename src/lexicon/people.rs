//! Words about people: given names with gender, forms of address, roles, and the words that mark a body, a place or no name.
//!
//! In: the tables named in [`FILES`]. Out: [`People`], which answers by [`word_key`], a number for the folded word, so that a
//! word is hashed once and never copied. Must not know where in a text a word stands.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use super::table::{LexiconError, Row, rows};
use crate::text::fold;

/// Places and what comes from there.
pub(super) const PLACES: (&str, &str) = ("places.tsv", include_str!("data/places.tsv"));

/// Data files of this part: name and text.
pub(super) const FILES: &[(&str, &str)] = &[
    ("given-names.tsv", include_str!("data/given-names.tsv")),
    ("honorifics.tsv", include_str!("data/honorifics.tsv")),
    ("roles.tsv", include_str!("data/roles.tsv")),
    ("org-words.tsv", include_str!("data/org-words.tsv")),
    PLACES,
    ("source-nouns.tsv", include_str!("data/source-nouns.tsv")),
    ("not-names.tsv", include_str!("data/not-names.tsv")),
    ("principals.tsv", include_str!("data/principals.tsv")),
];

/// Gender as far as words tell it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Gender {
    /// Nothing tells.
    #[default]
    Unknown,
    /// A hint: most bearers of the name are women.
    MaybeFemale,
    /// A hint: most bearers of the name are men.
    MaybeMale,
    /// She.
    Female,
    /// He.
    Male,
}

impl Gender {
    /// Whether `self` and `other` can be one person; hints contradict nothing.
    pub fn agrees(self, other: Gender) -> bool {
        !matches!((self, other), (Gender::Female, Gender::Male) | (Gender::Male, Gender::Female))
    }

    /// Whether this is more than a hint.
    pub fn is_sure(self) -> bool {
        matches!(self, Gender::Female | Gender::Male)
    }
}

/// What the tables say about one word; several may hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WordFlags(pub u32);

impl WordFlags {
    /// A given name.
    pub const GIVEN: WordFlags = WordFlags(1);
    /// A form of address: "Mr".
    pub const HONORIFIC: WordFlags = WordFlags(1 << 1);
    /// A role that may stand before a name: "Senator", "spokesman".
    pub const TITLE: WordFlags = WordFlags(1 << 2);
    /// Any role word.
    pub const ROLE: WordFlags = WordFlags(1 << 3);
    /// Heads the name of a body.
    pub const ORG: WordFlags = WordFlags(1 << 4);
    /// In the name of a publication or broadcaster.
    pub const MEDIA: WordFlags = WordFlags(1 << 5);
    /// A body by its letters.
    pub const ACRONYM: WordFlags = WordFlags(1 << 6);
    /// A building, street or landscape.
    pub const BUILDING: WordFlags = WordFlags(1 << 7);
    /// A law, event or programme.
    pub const EVENT: WordFlags = WordFlags(1 << 8);
    /// A portfolio: "State", "Defense".
    pub const DEPT: WordFlags = WordFlags(1 << 9);
    /// A place, or the first word of one.
    pub const PLACE: WordFlags = WordFlags(1 << 10);
    /// Comes from a place: "Mexican".
    pub const DEMONYM: WordFlags = WordFlags(1 << 11);
    /// Opens sentences and headlines.
    pub const FUNCTION: WordFlags = WordFlags(1 << 12);
    /// A day, month or season.
    pub const CALENDAR: WordFlags = WordFlags(1 << 13);
    /// Religion, party, region: never a person's name alone.
    pub const NO_NAME: WordFlags = WordFlags(1 << 14);
    /// Written with a full stop that ends no sentence.
    pub const ABBREVIATION: WordFlags = WordFlags(1 << 15);
    /// Opens a phrase of several words.
    pub const PHRASE_START: WordFlags = WordFlags(1 << 16);
    /// `Jr`, `Sr`, `II`.
    pub const SUFFIX: WordFlags = WordFlags(1 << 17);
    /// A lower-case word inside names: "de", "van", "bin".
    pub const PARTICLE: WordFlags = WordFlags(1 << 18);
    /// A common noun for something written: "report".
    pub const DOCUMENT: WordFlags = WordFlags(1 << 19);
    /// A common noun for a body: "agency".
    pub const BODY: WordFlags = WordFlags(1 << 20);
    /// A common noun for a publication: "newspaper".
    pub const OUTLET: WordFlags = WordFlags(1 << 21);
    /// Named after its head: "campaign", "administration".
    pub const CAMPAIGN: WordFlags = WordFlags(1 << 22);
    /// Behind a surname it makes the surname say only whose.
    pub const OWNED: WordFlags = WordFlags(1 << 23);
    /// Stands inside roles: "former", "deputy".
    pub const MODIFIER: WordFlags = WordFlags(1 << 24);

    /// Whether any of `flags` holds.
    pub const fn has(self, flags: WordFlags) -> bool {
        self.0 & flags.0 != 0
    }

    /// Both sets together.
    pub const fn with(self, flags: WordFlags) -> WordFlags {
        WordFlags(self.0 | flags.0)
    }
}

/// One word or phrase of the tables.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WordInfo {
    /// What it is.
    pub flags: WordFlags,
    /// Gender of a given name, form of address or role.
    pub gender: Gender,
    /// Row of [`People::role`], counted from 1; 0: no role.
    pub role: u16,
    /// Place it names or comes from, counted from 1; 0: none.
    pub place: u16,
}

/// What a role word says about its bearer.
#[derive(Clone, Debug, Default)]
pub struct Role {
    /// The word itself.
    pub key: u64,
    /// Gender it tells.
    pub gender: Gender,
    /// Groups it belongs to, as bits of [`People::group`]; the narrowest is `group`.
    pub groups: u64,
    /// Narrowest group, as a bit.
    pub group: u64,
}

/// A public figure known by surname.
#[derive(Clone, Debug)]
pub struct Principal {
    /// Full name.
    pub name: String,
    /// Keys of the words of the full name.
    pub words: Vec<u64>,
    /// Gender.
    pub gender: Gender,
    /// First month (year * 12 + month) the surname alone means this person.
    pub from: i32,
    /// Last month.
    pub to: i32,
    /// Offices and places, as phrases.
    pub described: Vec<String>,
}

/// All tables, answered by key.
#[derive(Debug, Default)]
pub struct People {
    words: HashMap<u64, WordInfo, BuildHasherDefault<KeyHasher>>,
    phrases: HashMap<u64, WordInfo, BuildHasherDefault<KeyHasher>>,
    roles: Vec<Role>,
    groups: Vec<String>,
    principals: HashMap<u64, Vec<Principal>, BuildHasherDefault<KeyHasher>>,
}

/// Hashes a key that is a hash already.
#[derive(Clone, Copy, Debug, Default)]
pub struct KeyHasher(u64);

impl Hasher for KeyHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = finish_key(self.0.rotate_left(8) ^ u64::from(*byte));
        }
    }

    fn write_u64(&mut self, key: u64) {
        self.0 = key;
    }
}

/// A number for the folded word: equal for every spelling that [`fold()`] makes equal. Dots at the end do not count.
pub fn word_key(word: &str) -> u64 {
    let word = word.trim_end_matches('.');
    if word.is_ascii() {
        return ascii_key(word.as_bytes(), 0, word.len());
    }
    let folded = fold(word);
    ascii_key(folded.as_bytes(), 0, folded.len())
}

/// The [`word_key`] of the ASCII word `text[start..end]`, eight bytes at a time. The bit that tells small letters from capitals
/// is set in every byte; digits and the marks inside words have it anyway.
#[inline]
pub fn ascii_key(text: &[u8], start: usize, end: usize) -> u64 {
    let len = end - start;
    match text.get(start..start + 8).and_then(|bytes| bytes.first_chunk()) {
        Some(bytes) if (1..=8).contains(&len) => {
            let kept = u64::MAX >> (64 - 8 * len);
            add_chunk(len as u64, u64::from_le_bytes(*bytes) & kept, kept)
        }
        _ => long_key(&text[start..end]),
    }
}

/// The [`word_key`] of an ASCII word of `n` bytes, one at least, in lower case: the first eight of them, the first lowest, and those
/// behind, with zeros.
#[inline]
pub const fn plain_key(low: u64, behind: u64, n: usize) -> u64 {
    let key = finish_key((n as u64).rotate_left(31) ^ low);
    if n > 8 { finish_key(key.rotate_left(31) ^ behind) } else { key }
}

/// The same for a word of any length; also at compile time.
pub const fn long_key(word: &[u8]) -> u64 {
    let mut key = word.len() as u64;
    let mut at = 0;
    while at < word.len() {
        let (mut chunk, mut kept) = (0, 0);
        let mut shift = 0;
        while shift < 64 && at < word.len() {
            chunk |= (word[at] as u64) << shift;
            kept |= 0xFF << shift;
            shift += 8;
            at += 1;
        }
        key = add_chunk(key, chunk, kept);
    }
    key
}

/// The bit that small letters have and capitals have not, in every byte.
pub const SMALL: u64 = 0x2020_2020_2020_2020;

const fn add_chunk(key: u64, chunk: u64, kept: u64) -> u64 {
    finish_key(key.rotate_left(31) ^ ((chunk | SMALL) & kept))
}

/// Spreads a key over all its bits, the high ones too, which hash tables look at.
pub const fn finish_key(key: u64) -> u64 {
    let key = (key ^ (key >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    key ^ (key >> 29)
}

/// The key of two words in a row.
pub const fn join_keys(left: u64, right: u64) -> u64 {
    finish_key(left.rotate_left(23).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ right)
}

impl People {
    /// What the tables say about a word.
    pub fn word(&self, key: u64) -> WordInfo {
        self.words.get(&key).copied().unwrap_or_default()
    }

    /// All single words, by key, in no order.
    pub(super) fn all_words(&self) -> impl Iterator<Item = (u64, WordInfo)> {
        self.words.iter().map(|(key, info)| (*key, *info))
    }

    /// What the tables say about a phrase, given its [`join_keys`].
    pub fn phrase(&self, key: u64) -> Option<WordInfo> {
        self.phrases.get(&key).copied()
    }

    /// The role of [`WordInfo::role`].
    pub fn role(&self, idx: u16) -> Option<&Role> {
        self.roles.get(usize::from(idx).checked_sub(1)?)
    }

    /// The bit of a group of roles; 0 when there is no such group.
    pub fn group(&self, name: &str) -> u64 {
        self.groups.iter().position(|group| group == name).map_or(0, |idx| 1 << idx)
    }

    /// Public figures known by this surname.
    pub fn principals(&self, surname: u64) -> &[Principal] {
        self.principals.get(&surname).map_or(&[], Vec::as_slice)
    }

    pub(super) fn load() -> Result<Self, LexiconError> {
        let mut people = People::default();
        people.words.reserve(MOST_WORDS);
        for (file, text) in FILES {
            match *file {
                "given-names.tsv" => people.load_given_names(file, text)?,
                "honorifics.tsv" => people.load_honorifics(file, text)?,
                "roles.tsv" => people.load_roles(file, text)?,
                "org-words.tsv" => people.load_kinds(file, text)?,
                "places.tsv" => people.load_places(file, text)?,
                "not-names.tsv" | "source-nouns.tsv" => people.load_kinds(file, text)?,
                _ => people.load_principals(file, text)?,
            }
        }
        for suffix in ["jr", "sr", "ii", "iii", "iv"] {
            people.add(suffix, WordFlags::SUFFIX.with(WordFlags::ABBREVIATION));
        }
        for abbreviation in ABBREVIATIONS {
            people.add(abbreviation, WordFlags::ABBREVIATION);
        }
        for particle in PARTICLES {
            people.add(particle, WordFlags::PARTICLE);
        }
        Ok(people)
    }

    fn entry(&mut self, phrase: &str) -> &mut WordInfo {
        let mut words = phrase.split(' ');
        let first = word_key(words.next().unwrap_or(""));
        let mut key = first;
        let mut n_words = 1;
        for word in words {
            key = join_keys(key, word_key(word));
            n_words += 1;
        }
        if n_words == 1 {
            return self.words.entry(key).or_default();
        }
        let opening = self.words.entry(first).or_default();
        opening.flags = opening.flags.with(WordFlags::PHRASE_START);
        self.phrases.entry(key).or_default()
    }

    fn add(&mut self, phrase: &str, flags: WordFlags) {
        let entry = self.entry(phrase);
        entry.flags = entry.flags.with(flags);
    }

    fn load_given_names(&mut self, file: &str, text: &str) -> Result<(), LexiconError> {
        for row in rows(file, text, 2)? {
            let gender = match row.columns[1] {
                "F" => Gender::Female,
                "M" => Gender::Male,
                "f" => Gender::MaybeFemale,
                "m" => Gender::MaybeMale,
                "u" => Gender::Unknown,
                other => return Err(unknown(file, &row, "gender", other)),
            };
            let entry = self.entry(row.columns[0]);
            entry.flags = entry.flags.with(WordFlags::GIVEN);
            entry.gender = gender;
        }
        Ok(())
    }

    fn load_honorifics(&mut self, file: &str, text: &str) -> Result<(), LexiconError> {
        for row in rows(file, text, 3)? {
            let gender = gender(file, &row, row.columns[1])?;
            let entry = self.entry(row.columns[0]);
            entry.flags = entry.flags.with(WordFlags::HONORIFIC).with(WordFlags::ABBREVIATION);
            entry.gender = gender;
        }
        Ok(())
    }

    fn load_roles(&mut self, file: &str, text: &str) -> Result<(), LexiconError> {
        for row in rows(file, text, 5)? {
            let gender = gender(file, &row, row.columns[1])?;
            let mut groups = 0;
            let mut narrowest = 0;
            for name in row.columns[2].split(',') {
                let bit = self.group_bit(file, &row, name)?;
                groups |= bit;
                if narrowest == 0 {
                    narrowest = bit;
                }
            }
            let flags = match row.columns[3] {
                "title" => WordFlags::ROLE.with(WordFlags::TITLE),
                "noun" => WordFlags::ROLE,
                other => return Err(unknown(file, &row, "use", other)),
            };
            let word = row.columns[0];
            self.roles.push(Role { key: word_key(word), gender, groups, group: narrowest });
            let idx = self.roles.len() as u16;
            let entry = self.entry(word);
            entry.flags = entry.flags.with(flags);
            entry.role = idx;
            if !entry.flags.has(WordFlags::GIVEN) {
                entry.gender = gender;
            }
        }
        Ok(())
    }

    fn group_bit(&mut self, file: &str, row: &Row<'_>, name: &str) -> Result<u64, LexiconError> {
        if let Some(idx) = self.groups.iter().position(|group| group == name) {
            return Ok(1 << idx);
        }
        if self.groups.len() == 64 {
            return Err(LexiconError::at(file, row.line, "more than 64 groups"));
        }
        self.groups.push(name.to_owned());
        Ok(1 << (self.groups.len() - 1))
    }

    fn load_kinds(&mut self, file: &str, text: &str) -> Result<(), LexiconError> {
        for row in rows(file, text, 2)? {
            let flags = match row.columns[1] {
                "org" => WordFlags::ORG,
                "media" => WordFlags::ORG.with(WordFlags::MEDIA),
                "acronym" => WordFlags::ORG.with(WordFlags::ACRONYM),
                "building" => WordFlags::BUILDING,
                "event" => WordFlags::EVENT,
                "dept" => WordFlags::DEPT,
                "function" => WordFlags::FUNCTION,
                "calendar" => WordFlags::CALENDAR,
                "word" => WordFlags::NO_NAME,
                "document" => WordFlags::DOCUMENT,
                "body" => WordFlags::BODY,
                "outlet" => WordFlags::BODY.with(WordFlags::OUTLET),
                "campaign" => WordFlags::CAMPAIGN.with(WordFlags::OWNED),
                "owned" => WordFlags::OWNED,
                "modifier" => WordFlags::MODIFIER,
                other => return Err(unknown(file, &row, "kind", other)),
            };
            self.add(row.columns[0], flags);
        }
        Ok(())
    }

    fn load_places(&mut self, file: &str, text: &str) -> Result<(), LexiconError> {
        for (idx, row) in rows(file, text, 4)?.into_iter().enumerate() {
            let place =
                u16::try_from(idx + 1).map_err(|_| LexiconError::at(file, row.line, "too many places"))?;
            let entry = self.entry(row.columns[0]);
            entry.flags = entry.flags.with(WordFlags::PLACE);
            entry.place = place;
            for demonym in row.columns[2].split(',').filter(|word| !word.is_empty()) {
                let entry = self.entry(demonym);
                entry.flags = entry.flags.with(WordFlags::DEMONYM);
                if entry.place == 0 {
                    entry.place = place;
                }
            }
            let abbreviation = row.columns[3];
            if !abbreviation.is_empty() {
                let entry = self.entry(abbreviation);
                if entry.flags.0 == 0 || abbreviation.contains('.') {
                    entry.flags = entry.flags.with(WordFlags::ABBREVIATION).with(WordFlags::NO_NAME);
                }
                if entry.place == 0 {
                    entry.place = place;
                }
            }
        }
        Ok(())
    }

    fn load_principals(&mut self, file: &str, text: &str) -> Result<(), LexiconError> {
        for row in rows(file, text, 7)? {
            let surname = row.columns[0];
            if !row.columns[1].ends_with(surname) {
                return Err(LexiconError::at(
                    file,
                    row.line,
                    format!("the full name does not end in \"{surname}\""),
                ));
            }
            let principal = Principal {
                name: row.columns[1].to_owned(),
                words: row.columns[1].split(' ').map(word_key).collect(),
                gender: gender(file, &row, row.columns[2])?,
                from: month(file, &row, row.columns[3], i32::MIN)?,
                to: month(file, &row, row.columns[4], i32::MAX)?,
                described: row.columns[5].split(',').map(str::to_owned).collect(),
            };
            self.principals.entry(word_key(surname)).or_default().push(principal);
        }
        Ok(())
    }
}

/// Lower-case words inside names; after the data files, because they are grammar rather than a list to extend.
const PARTICLES: [&str; 32] = [
    "de", "del", "della", "di", "da", "dos", "das", "du", "la", "le", "van", "von", "der", "den", "ter",
    "ten", "bin", "ibn", "bint", "al", "el", "abu", "ul", "ur", "y", "zu", "af", "av", "ap", "mac", "san",
    "ould",
];

/// Words for which there is room from the start.
const MOST_WORDS: usize = 14_000;

/// Pronouns that tell the gender of one person.
pub const PRONOUNS: [&str; 8] = ["he", "him", "his", "himself", "she", "her", "hers", "herself"];

/// Words before names that are written with a full stop in mid-sentence.
const ABBREVIATIONS: [&str; 26] = [
    "del", "sen", "sens", "rep", "reps", "gov", "govs", "lt", "gen", "col", "maj", "capt", "sgt", "cpl",
    "pvt", "adm", "cmdr", "prof", "pres", "rev", "brig", "insp", "supt", "st", "ft", "vs",
];

fn gender(file: &str, row: &Row<'_>, code: &str) -> Result<Gender, LexiconError> {
    match code {
        "f" => Ok(Gender::Female),
        "m" => Ok(Gender::Male),
        "-" => Ok(Gender::Unknown),
        other => Err(unknown(file, row, "gender", other)),
    }
}

fn month(file: &str, row: &Row<'_>, text: &str, open: i32) -> Result<i32, LexiconError> {
    if text == "-" {
        return Ok(open);
    }
    let parsed = text
        .split_once('-')
        .and_then(|(year, month)| Some((year.parse::<i32>().ok()?, month.parse::<i32>().ok()?)));
    match parsed {
        Some((year, month)) if (1..=12).contains(&month) => Ok(year * 12 + month),
        _ => Err(unknown(file, row, "month", text)),
    }
}

fn unknown(file: &str, row: &Row<'_>, what: &str, value: &str) -> LexiconError {
    LexiconError::at(file, row.line, format!("unknown {what} \"{value}\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn people() -> People {
        match People::load() {
            Ok(people) => people,
            Err(error) => panic!("{error}"),
        }
    }

    #[test]
    fn keys_fold_case_accents_and_final_dots() {
        assert_eq!(word_key("Peña"), word_key("PENA"));
        assert_eq!(word_key("Sen."), word_key("sen"));
        assert_eq!(word_key("O’Brien"), word_key("o'brien"));
        assert_ne!(word_key("Ann"), word_key("Anna"));
    }

    #[test]
    fn tables_answer_for_words_and_phrases() {
        let people = people();
        assert_eq!(people.word(word_key("Margaret")).gender, Gender::Female);
        assert_eq!(people.word(word_key("mr")).gender, Gender::Male);
        assert!(people.word(word_key("senator")).flags.has(WordFlags::TITLE));
        let phrase = people.phrase(join_keys(word_key("attorney"), word_key("general")));
        let groups = phrase.and_then(|info| people.role(info.role)).map(|role| role.groups);
        assert_eq!(groups.map(|groups| groups & people.group("military")), Some(0));
        let mexican = people.word(word_key("Mexican"));
        assert_eq!(mexican.place, people.word(word_key("Mexico")).place);
        assert_eq!(people.principals(word_key("Merkel")).len(), 1);
    }
}
