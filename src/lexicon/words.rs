//! Every word of the tables of people, bodies and speech verbs, with all that they say about it.
//!
//! In: the parts that are loaded. Out: [`Words`], which answers with one look-up what otherwise takes one for each table. Knows
//! single words only; phrases are asked of [`People`].

use std::collections::HashMap;
use std::hash::BuildHasherDefault;

use super::bodies::Bodies;
use super::cues::{Cues, WordClass};
use super::people::{KeyHasher, PRONOUNS, People, WordInfo, word_key};

/// What the tables say about one word.
#[derive(Clone, Copy, Debug, Default)]
pub struct Entry {
    /// As [`People::word`] says.
    pub info: WordInfo,
    /// As [`Cues::word`] says of the word in lower case.
    pub class: WordClass,
    /// Bits of [`landmark`].
    pub landmarks: u8,
}

/// What readers of names look for elsewhere than at names, as bits.
pub mod landmark {
    /// A noun for something written: [`Bodies::document`](super::Bodies::document).
    pub const DOCUMENT: u8 = 1;
    /// One of [`PRONOUNS`](super::PRONOUNS).
    pub const PRONOUN: u8 = 1 << 1;
}

/// All listed words, without a place for two.
///
/// Every word of every article is looked up, and whether it is listed cannot be foreseen: a look-up has no branch that depends
/// on it. A key's group says how far from its first place it stands, so that the first look finds it or nothing.
#[derive(Debug)]
pub struct Words {
    /// Steps by which the keys of a group were moved until none met another.
    steps: Steps,
    /// Index into `entries` beside [`TAG_BITS`] bits of the key; 0: free.
    places: Places,
    /// With their keys; the first is that of all other words.
    entries: Vec<(u64, Entry)>,
}

/// Bits of a place that tell most other keys apart without a look at the entry.
const TAG_BITS: u32 = 16;
/// Places: so many that a third of them or more stay free. Numbers of places and groups are fixed, so that no look-up checks them.
const PLACES: usize = 1 << 15;
/// Groups: two or three keys each.
const GROUPS: usize = 1 << 13;

type Steps = Box<[u16; GROUPS]>;
type Places = Box<[u32; PLACES]>;

impl Words {
    /// Joins what the tables say.
    pub fn of(cues: &Cues, people: &People, bodies: &Bodies) -> Self {
        let mut by_key: HashMap<u64, Entry, BuildHasherDefault<KeyHasher>> = HashMap::default();
        let people_words = people.all_words();
        by_key.reserve(people_words.size_hint().0 * 2);
        for (key, info) in people_words {
            by_key.entry(key).or_default().info = info;
        }
        for (key, class) in cues.all_words() {
            by_key.entry(key).or_default().class = class;
        }
        for key in bodies.all_documents() {
            by_key.entry(key).or_default().landmarks |= landmark::DOCUMENT;
        }
        for pronoun in PRONOUNS {
            by_key.entry(word_key(pronoun)).or_default().landmarks |= landmark::PRONOUN;
        }
        // Their order decides nothing but where they stand.
        let mut entries = vec![(0, Entry::default())];
        entries.extend(by_key);
        let (steps, places) = place(&entries).expect("there are places enough: a test asks for every word");
        Words { steps, places, entries }
    }

    /// The number of the word with this [`word_key`] among all; 0: no table has it.
    #[inline]
    pub fn find(&self, key: u64) -> u16 {
        let found = self.places[stand(key, self.steps[group(key)])];
        let idx = if found as u16 == key as u16 { found >> TAG_BITS } else { 0 };
        let known = self.entries[idx as usize].0 == key;
        if known { idx as u16 } else { 0 }
    }

    /// What the tables say about the word with this number.
    #[inline]
    pub fn entry(&self, idx: u16) -> &Entry {
        &self.entries[usize::from(idx)].1
    }
}

/// Group of a key.
#[inline]
fn group(key: u64) -> usize {
    (key >> 44) as usize % GROUPS
}

/// Where a key stands after so many steps.
#[inline]
fn stand(key: u64, steps: u16) -> usize {
    ((key >> 16).wrapping_add((key >> 32 | 1).wrapping_mul(u64::from(steps)))) as usize % PLACES
}

/// Steps of each group and the places; `None` where some group finds no room.
fn place(entries: &[(u64, Entry)]) -> Option<(Steps, Places)> {
    // Indexes of entries by group, all in one list: where each group ends in it, then begins.
    let mut bounds = vec![0; GROUPS + 1];
    for (key, _) in &entries[1..] {
        bounds[group(*key)] += 1;
    }
    let largest = bounds.iter().copied().max().unwrap_or(0);
    let mut sum = 0;
    for bound in &mut bounds {
        sum += *bound;
        *bound = sum;
    }
    let mut listed = vec![0; entries.len() - 1];
    for (idx, (key, _)) in entries.iter().enumerate().skip(1) {
        let bound = &mut bounds[group(*key)];
        *bound -= 1;
        listed[*bound] = idx;
    }
    let mut steps = vec![0; GROUPS];
    let mut places = vec![0; PLACES];
    let mut taken = Vec::new();
    // Large groups first: they need most room.
    for len in (1..=largest).rev() {
        for number in (0..GROUPS).filter(|number| bounds[number + 1] - bounds[*number] == len) {
            let group = &listed[bounds[number]..bounds[number + 1]];
            steps[number] = (0..u16::MAX).find(|steps| {
                taken.clear();
                group.iter().all(|idx| {
                    let place = stand(entries[*idx].0, *steps);
                    let free = places[place] == 0 && !taken.contains(&place);
                    taken.push(place);
                    free
                })
            })?;
            for (idx, place) in group.iter().zip(&taken) {
                places[*place] = (*idx as u32) << TAG_BITS | entries[*idx].0 as u32 & 0xFFFF;
            }
        }
    }
    Some((steps.try_into().ok()?, places.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::Lexicon;

    #[test]
    fn says_what_each_table_says() {
        let lexicon = Lexicon::embedded();
        let words = lexicon.words();
        assert!(words.entries.len() < 1 << (32 - TAG_BITS), "an index fits into a place");
        for word in ["said", "the", "report", "senator", "anna", "mr", "agency", "spokeswoman", "zxq", "utah"]
        {
            let entry = words.entry(words.find(word_key(word)));
            let info = lexicon.people.word(word_key(word));
            assert_eq!((entry.info.flags, entry.info.role), (info.flags, info.role), "{word}");
            assert_eq!(entry.class, lexicon.cues.word(word), "{word}");
            let document = entry.landmarks & landmark::DOCUMENT != 0;
            assert_eq!(document, lexicon.bodies.document(word_key(word)) != 0, "{word}");
        }
        for (idx, (key, _)) in words.entries.iter().enumerate().skip(1) {
            assert_eq!(usize::from(words.find(*key)), idx);
        }
    }
}
