//! Names cut into what joining compares: words without titles, case, accents and marks.
//!
//! In: a name as an article completes it. Out: [`Words`], a stretch of word numbers in a [`Vocabulary`]: names are compared by
//! numbers, so that a million of them need no copies. Knows one name at a time.

use std::collections::HashMap;

use crate::lexicon::people::{People, WordFlags, word_key};
use crate::text::fold;

/// The name in letters and digits, folded, words separated by one space, without a leading "the".
pub(super) fn loose_key(name: &str) -> String {
    let mut key = String::with_capacity(name.len());
    push_loose_key(name, &mut key);
    key
}

/// Writes the [`loose_key`] of `name` into `key`, which is emptied first.
pub(super) fn push_loose_key(name: &str, key: &mut String) {
    key.clear();
    let folded = fold(name);
    let mut gap = false;
    for c in folded.chars() {
        if c.is_alphanumeric() {
            if gap && !key.is_empty() {
                key.push(' ');
            }
            gap = false;
            key.push(c);
        } else if c != '\'' && c != '.' {
            gap = true;
        }
    }
    if key.starts_with("the ") {
        key.drain(.."the ".len());
    }
}

/// Number of a word in a [`Vocabulary`].
pub(super) type WordId = u32;

/// The number that stands for "no suffix".
pub(super) const NO_SUFFIX: WordId = 0;

/// Every word of every name once, with what the tables say about it.
pub(super) struct Vocabulary<'p> {
    people: &'p People,
    ids: HashMap<Box<str>, WordId, ahash::RandomState>,
    texts: Vec<Box<str>>,
    flags: Vec<WordFlags>,
    /// Words of all names, one after the other.
    pub(super) all: Vec<WordId>,
}

/// A name's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Words {
    first: u32,
    n_words: u32,
    /// `jr`, `sr`, `ii`; [`NO_SUFFIX`] without.
    pub(super) suffix: WordId,
    /// Could be a person: no word of a body, place or event.
    pub(super) person: bool,
}

impl<'p> Vocabulary<'p> {
    pub(super) fn new(people: &'p People) -> Self {
        let mut vocabulary = Vocabulary {
            people,
            // Fixed seeds: the map is only asked, never walked, and its order must not differ between runs all the same.
            ids: HashMap::with_hasher(ahash::RandomState::with_seeds(1, 2, 3, 4)),
            texts: Vec::new(),
            flags: Vec::new(),
            all: Vec::new(),
        };
        vocabulary.id("");
        vocabulary
    }

    /// The number of a word.
    pub(super) fn id(&mut self, word: &str) -> WordId {
        if let Some(id) = self.ids.get(word) {
            return *id;
        }
        let id = self.texts.len() as WordId;
        self.ids.insert(word.into(), id);
        self.texts.push(word.into());
        self.flags.push(self.people.word(word_key(word)).flags);
        id
    }

    /// The number of a word that occurs in a name.
    pub(super) fn known(&self, word: &str) -> Option<WordId> {
        self.ids.get(word).copied()
    }

    /// The word of a number.
    pub(super) fn text(&self, id: WordId) -> &str {
        &self.texts[id as usize]
    }

    /// What the tables say about a word.
    pub(super) fn flags(&self, id: WordId) -> WordFlags {
        self.flags[id as usize]
    }

    /// Reads a name by its [`loose_key`].
    pub(super) fn read(&mut self, key: &str) -> Words {
        let mut first = self.all.len();
        for word in key.split(' ') {
            let id = self.id(word);
            self.all.push(id);
        }
        let mut n_words = self.all.len() - first;
        let titled = WordFlags::TITLE.with(WordFlags::HONORIFIC);
        while n_words > 1 {
            let flags = self.flags(self.all[first]);
            if !flags.has(titled) || (flags.has(WordFlags::GIVEN) && n_words == 2) {
                break;
            }
            first += 1;
            n_words -= 1;
        }
        let mut suffix = NO_SUFFIX;
        if n_words > 1
            && let Some(last) = self.all.last().copied()
            && matches!(self.text(last), "jr" | "sr" | "ii" | "iii" | "iv")
        {
            suffix = last;
            n_words -= 1;
        }
        let words = &self.all[first..first + n_words];
        let person = self.could_be_person(words);
        Words { first: first as u32, n_words: n_words as u32, suffix, person }
    }

    fn could_be_person(&self, words: &[WordId]) -> bool {
        let body = WordFlags::ORG.with(WordFlags::EVENT).with(WordFlags::CAMPAIGN).with(WordFlags::BODY);
        let place = WordFlags::PLACE.with(WordFlags::DEMONYM).with(WordFlags::NO_NAME);
        let given = words.len() == 2 && self.flags(words[0]).has(WordFlags::GIVEN);
        words.len() <= 6
            && !words.iter().enumerate().any(|(at, word)| {
                let flags = self.flags(*word);
                (flags.has(body) && !(given && at == 1 && !flags.has(WordFlags::ORG)))
                    || matches!(self.text(*word), "of" | "for" | "and" | "the")
            })
            && !(words.len() == 1 && self.flags(words[0]).has(place.with(WordFlags::MEDIA)))
            && !(words.len() > 1 && !given && self.flags(words[0]).has(WordFlags::NO_NAME))
    }

    /// The numbers of a name's words, without titles and suffix.
    pub(super) fn of(&self, words: &Words) -> &[WordId] {
        &self.all[words.first as usize..(words.first + words.n_words) as usize]
    }

    /// Whether two full names with equal first and last word can be one person's: middle names do not contradict.
    pub(super) fn middles_agree(&self, a: &Words, b: &Words) -> bool {
        let (a, b) = (middle(self.of(a)), middle(self.of(b)));
        let initial = |id: &WordId| self.text(*id).chars().next();
        a.iter().zip(b).all(|(a, b)| initial(a) == initial(b))
    }
}

/// What stands between first and last word.
pub(super) fn middle(words: &[WordId]) -> &[WordId] {
    match words.len() {
        0..=2 => &[],
        n => &words[1..n - 1],
    }
}
