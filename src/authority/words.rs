//! Names cut into what joining compares: words without titles, case, accents and marks.
//!
//! In: a name as an article completes it. Out: [`Words`]. Knows one name at a time.

use crate::lexicon::people::{People, WordFlags, word_key};
use crate::text::fold;

/// The name in letters and digits, folded, words separated by one space, without a leading "the".
pub(super) fn loose_key(name: &str) -> String {
    let folded = fold(name);
    let mut key = String::with_capacity(folded.len());
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
    match key.strip_prefix("the ") {
        Some(rest) => rest.to_owned(),
        None => key,
    }
}

/// A name's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Words {
    /// Folded, without titles and suffix.
    pub(super) words: Vec<String>,
    /// `jr`, `sr`, `ii`; empty without.
    pub(super) suffix: String,
    /// Could be a person: no word of a body, place or event.
    pub(super) person: bool,
}

impl Words {
    /// Reads a name.
    pub(super) fn of(name: &str, people: &People) -> Words {
        let key = loose_key(name);
        let mut words: Vec<String> = key.split(' ').map(str::to_owned).collect();
        let titled = WordFlags::TITLE.with(WordFlags::HONORIFIC);
        let flags = |word: &str| people.word(word_key(word)).flags;
        while words.len() > 1
            && flags(&words[0]).has(titled)
            && !(flags(&words[0]).has(WordFlags::GIVEN) && words.len() == 2)
        {
            words.remove(0);
        }
        let suffix = match words.last() {
            Some(last) if words.len() > 1 && matches!(last.as_str(), "jr" | "sr" | "ii" | "iii" | "iv") => {
                words.pop().unwrap_or_default()
            }
            _ => String::new(),
        };
        let body = WordFlags::ORG.with(WordFlags::EVENT).with(WordFlags::CAMPAIGN).with(WordFlags::BODY);
        let given = words.len() == 2 && flags(&words[0]).has(WordFlags::GIVEN);
        let place = WordFlags::PLACE.with(WordFlags::DEMONYM).with(WordFlags::NO_NAME);
        let person = words.len() <= 6
            && !words.iter().enumerate().any(|(at, word)| {
                let flags = flags(word);
                (flags.has(body) && !(given && at == 1 && !flags.has(WordFlags::ORG)))
                    || matches!(word.as_str(), "of" | "for" | "and" | "the")
            })
            && !(words.len() == 1 && flags(&words[0]).has(place));
        Words { words, suffix, person }
    }

    /// First word.
    pub(super) fn first(&self) -> &str {
        self.words.first().map_or("", String::as_str)
    }

    /// Last word.
    pub(super) fn last(&self) -> &str {
        self.words.last().map_or("", String::as_str)
    }

    /// What stands between first and last.
    pub(super) fn middle(&self) -> &[String] {
        match self.words.len() {
            0..=2 => &[],
            n => &self.words[1..n - 1],
        }
    }

    /// Whether two full names with equal first and last word can be one person's: middle names do not contradict.
    pub(super) fn middles_agree(&self, other: &Words) -> bool {
        let (a, b) = (self.middle(), other.middle());
        if a.is_empty() || b.is_empty() {
            return true;
        }
        let initials =
            |middle: &[String]| middle.iter().filter_map(|word| word.chars().next()).collect::<Vec<char>>();
        let (ia, ib) = (initials(a), initials(b));
        ia.starts_with(&ib) || ib.starts_with(&ia)
    }
}
