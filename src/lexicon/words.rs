//! Every word of the tables of people, bodies and speech verbs, with all that they say about it.
//!
//! In: the parts that are loaded. Out: [`Words`], which answers with one look-up what otherwise takes one for each table. Knows
//! single words only; phrases are asked of [`People`].

use super::bodies::Bodies;
use super::cues::{Cues, WordClass};
use super::people::{PRONOUNS, People, WordInfo, word_key};

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

impl Entry {
    /// What two tables say of one word: each part is that of the one that has it.
    fn with(self, other: &Entry) -> Entry {
        Entry {
            info: if other.info == WordInfo::default() { self.info } else { other.info },
            class: if other.class == WordClass::default() { self.class } else { other.class },
            landmarks: self.landmarks | other.landmarks,
        }
    }
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
#[derive(Debug, Default)]
pub struct Words {
    /// Steps by which the keys of a group were moved until none met another.
    steps: Vec<u16>,
    /// A power of two: index into `entries` beside [`TAG_BITS`] bits of the key; 0: free.
    places: Vec<u32>,
    /// With their keys; the first is that of all other words.
    entries: Vec<(u64, Entry)>,
}

/// Bits of a place that tell most other keys apart without a look at the entry.
const TAG_BITS: u32 = 16;
/// Keys of a group on average.
const GROUP: usize = 3;

impl Words {
    /// Joins what the tables say.
    pub fn of(cues: &Cues, people: &People, bodies: &Bodies) -> Self {
        let mut told: Vec<(u64, Entry)> = vec![(0, Entry::default())];
        told.extend(people.all_words().map(|(key, info)| (key, Entry { info, ..Entry::default() })));
        told.extend(cues.all_words().map(|(key, class)| (key, Entry { class, ..Entry::default() })));
        let marked = |key, landmarks| (key, Entry { landmarks, ..Entry::default() });
        told.extend(bodies.all_documents().map(|key| marked(key, landmark::DOCUMENT)));
        told.extend(PRONOUNS.iter().map(|pronoun| marked(word_key(pronoun), landmark::PRONOUN)));
        told.sort_by_key(|(key, _)| *key);
        let entries: Vec<(u64, Entry)> = told
            .chunk_by(|(left, _), (right, _)| left == right)
            .map(|same| (same[0].0, same.iter().fold(Entry::default(), |all, (_, entry)| all.with(entry))))
            .collect();
        let mut n_places = (entries.len() * 3 / 2).next_power_of_two();
        loop {
            if let Some((steps, places)) = place(&entries, n_places) {
                return Words { steps, places, entries };
            }
            n_places *= 2;
        }
    }

    /// The number of the word with this [`word_key`] among all; 0: no table has it.
    #[inline]
    pub fn find(&self, key: u64) -> u16 {
        let steps = self.steps[group(key, self.steps.len())];
        let found = self.places[stand(key, steps, self.places.len())];
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

/// Group of a key, of a power of two of them.
#[inline]
fn group(key: u64, n_groups: usize) -> usize {
    (key >> 44) as usize & (n_groups - 1)
}

/// Where a key stands after so many steps, of a power of two of places.
#[inline]
fn stand(key: u64, steps: u16, n_places: usize) -> usize {
    ((key >> 16).wrapping_add((key >> 32 | 1).wrapping_mul(u64::from(steps)))) as usize & (n_places - 1)
}

/// Steps of each group and the places; `None` where some group finds no room.
fn place(entries: &[(u64, Entry)], n_places: usize) -> Option<(Vec<u16>, Vec<u32>)> {
    let n_groups = (entries.len() / GROUP).next_power_of_two();
    let mut of_group: Vec<(usize, u32)> =
        (1..entries.len()).map(|idx| (group(entries[idx].0, n_groups), idx as u32)).collect();
    of_group.sort_unstable();
    let mut groups: Vec<&[(usize, u32)]> = of_group.chunk_by(|left, right| left.0 == right.0).collect();
    // Large groups first: they need most room.
    groups.sort_by_key(|group| std::cmp::Reverse(group.len()));
    let mut steps = vec![0; n_groups];
    let mut places = vec![0; n_places];
    let mut taken = Vec::new();
    for group in groups {
        let found = (0..u16::MAX).find(|steps| {
            taken.clear();
            group.iter().all(|(_, idx)| {
                let place = stand(entries[*idx as usize].0, *steps, n_places);
                let free = places[place] == 0 && !taken.contains(&place);
                taken.push(place);
                free
            })
        })?;
        steps[group[0].0] = found;
        for ((_, idx), place) in group.iter().zip(&taken) {
            places[*place] = *idx << TAG_BITS | entries[*idx as usize].0 as u32 & 0xFFFF;
        }
    }
    Some((steps, places))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::Lexicon;
    use crate::lexicon::cues;

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
            assert_eq!(entry.class, lexicon.cues.word(cues::word_key(word)), "{word}");
            let document = entry.landmarks & landmark::DOCUMENT != 0;
            assert_eq!(document, lexicon.bodies.document(word_key(word)) != 0, "{word}");
        }
        for (idx, (key, _)) in words.entries.iter().enumerate().skip(1) {
            assert_eq!(usize::from(words.find(*key)), idx);
        }
    }
}
