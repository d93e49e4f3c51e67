//! Cuts of one utterance: when two wordings, printed by two outlets, are the same words.
//!
//! In: two texts with their speakers and days. Out: whether they are cuts of one another: the same words, trimmed at
//! either end, with something left out between, or with small edits. Case and punctuation do not matter. Long runs of
//! equal words decide by themselves; a short one (a catchword is said more than once) needs the same speaker and nearly
//! the same day.

use std::collections::HashMap;
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};

use crate::lexicon::equivalents::Equivalents;
use crate::text::{self, word};

/// Words compared; what comes after is not looked at.
const MOST_WORDS: usize = 400;
/// Equal words in a row that count as shared; fewer stand in any two sentences.
const RUN: usize = 3;
/// Share of the shorter wording, in tenths, that must be shared for it to be a cut of the longer.
const WHOLE_TENTHS: usize = 8;
/// Shared words from which two wordings are one utterance whoever is named and whenever.
const LONG: usize = 8;
/// A run of so many words is one utterance even where each wording goes on differently (each outlet trims elsewhere).
const OVERLAP: usize = 10;
/// Words with a meaning of their own that a short cut needs.
const CONTENT: usize = 2;
/// A short cut without a named speaker needs so many words.
const UNNAMED: usize = 5;
/// Days between two reports of one utterance, for short cuts.
const NEAR_DAYS: i64 = 10;

/// The words of one quote, prepared for comparing.
#[derive(Debug)]
pub(super) struct Cut {
    /// Hashes of the folded words.
    words: Vec<u64>,
    /// Whether each is more than a function word.
    content: Vec<bool>,
    /// Hashes of each [`RUN`] words, or of all when there are fewer.
    runs: Vec<u64>,
    /// Canonical speaker.
    speaker: Option<String>,
    /// Days since 1970.
    day: Option<i64>,
}

impl Cut {
    pub(super) fn new(said: &str, speaker: Option<&str>, day: Option<i64>) -> Cut {
        let hasher = BuildHasherDefault::<DefaultHasher>::default();
        let known = Equivalents::embedded();
        let (mut words, mut content) = (Vec::new(), Vec::new());
        for word in word::words(said).take(MOST_WORDS) {
            let folded = text::fold(word.text);
            words.push(hasher.hash_one(folded.as_ref()));
            content.push(!known.is_function_word(&folded));
        }
        let mut runs: Vec<u64> =
            words.windows(RUN.min(words.len()).max(1)).map(|run| hasher.hash_one(run)).collect();
        runs.sort_unstable();
        runs.dedup();
        Cut { words, content, runs, speaker: speaker.map(str::to_owned), day }
    }

    /// What two cuts of one utterance have in common: at least one of these.
    pub(super) fn runs(&self) -> &[u64] {
        &self.runs
    }

    /// Whether both are cuts of one utterance.
    pub(super) fn is_same(&self, other: &Cut) -> bool {
        let shorter = self.words.len().min(other.words.len());
        if shorter == 0 {
            return false;
        }
        let shared = self.shared(other);
        let whole = shared.words * 10 >= shorter * WHOLE_TENTHS;
        if whole && shared.words >= LONG {
            return true;
        }
        let same_speaker = match (&self.speaker, &other.speaker) {
            (Some(one), Some(two)) if one != two => return false,
            (Some(_), Some(_)) => true,
            _ => false,
        };
        if shared.longest >= OVERLAP {
            return true;
        }
        let near = match (self.day, other.day) {
            (Some(one), Some(two)) => (one - two).abs() <= NEAR_DAYS,
            _ => false,
        };
        whole && near && shared.content >= CONTENT && (same_speaker || shared.words >= UNNAMED)
    }

    fn shared(&self, other: &Cut) -> Shared {
        let mut shared = Shared::default();
        let mut at: HashMap<u64, Vec<usize>> = HashMap::new();
        for (idx, word) in other.words.iter().enumerate() {
            at.entry(*word).or_default().push(idx);
        }
        let least = RUN.min(self.words.len()).min(other.words.len());
        self.runs_in((0, self.words.len()), (0, other.words.len()), &at, least, &mut shared);
        shared
    }

    /// The longest common run, then those before and behind it.
    fn runs_in(
        &self,
        mine: (usize, usize),
        theirs: (usize, usize),
        at: &HashMap<u64, Vec<usize>>,
        least: usize,
        shared: &mut Shared,
    ) {
        let (mut best, mut best_mine, mut best_theirs) = (0, 0, 0);
        // Lengths of the common runs that end at each place of theirs, for the word before.
        let mut ending: HashMap<usize, usize> = HashMap::new();
        for idx in mine.0..mine.1 {
            let mut now = HashMap::new();
            for place in at.get(&self.words[idx]).map_or(&[][..], Vec::as_slice) {
                if *place < theirs.0 || *place >= theirs.1 {
                    continue;
                }
                let before = place.checked_sub(1).and_then(|before| ending.get(&before)).copied();
                let len = before.unwrap_or(0) + 1;
                now.insert(*place, len);
                if len > best {
                    (best, best_mine, best_theirs) = (len, idx + 1 - len, place + 1 - len);
                }
            }
            ending = now;
        }
        if best == 0 || best < least {
            return;
        }
        shared.words += best;
        shared.longest = shared.longest.max(best);
        shared.content += self.content[best_mine..best_mine + best].iter().filter(|is| **is).count();
        self.runs_in((mine.0, best_mine), (theirs.0, best_theirs), at, least, shared);
        self.runs_in((best_mine + best, mine.1), (best_theirs + best, theirs.1), at, least, shared);
    }
}

/// What two wordings have in common, in runs in the same order.
#[derive(Debug, Default)]
struct Shared {
    words: usize,
    content: usize,
    longest: usize,
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG_FORM: &str =
        "Nobody in this valley will pay twice for water, and nobody will drink what the mill leaves behind.";

    #[track_caller]
    fn check(one: (&str, &str, i64), two: (&str, &str, i64), expected: bool) {
        let cut = |(said, speaker, day): (&str, &str, i64)| {
            Cut::new(said, Some(speaker).filter(|name| !name.is_empty()), Some(day).filter(|day| *day > 0))
        };
        let (one, two) = (cut(one), cut(two));
        assert_eq!(one.is_same(&two), expected);
        assert_eq!(two.is_same(&one), expected, "the other way round");
        let common = one.runs().iter().any(|run| two.runs().contains(run));
        assert!(common || !expected, "cuts of one utterance share a run");
    }

    #[test]
    fn trimmed_at_either_end_or_with_a_gap() {
        let long = (LONG_FORM, "Ada Moreau", 100);
        check(long, ("nobody in this valley will PAY twice for water", "Ada Moreau", 400), true);
        check(long, ("Nobody will drink what the mill leaves behind", "Jon Lind", 100), true);
        check(
            long,
            ("Nobody in this valley will pay twice ... and nobody will drink what the mill leaves", "", 0),
            true,
        );
        check(
            long,
            ("We will pay twice for water if the mill leaves us no choice at all", "Ada Moreau", 100),
            false,
        );
    }

    #[test]
    fn each_outlet_trims_elsewhere() {
        let one = "Let me be plain. Nobody in this valley will pay twice for water, and nobody will drink";
        let two = "in this valley will pay twice for water, and nobody will drink what the mill leaves. That is my answer to the board today";
        check((one, "Ada Moreau", 1), (two, "Ada Moreau", 2), true);
        check((one, "Ada Moreau", 1), (two, "Jon Lind", 2), false);
    }

    #[test]
    fn catchwords_need_speaker_and_day() {
        let long = (LONG_FORM, "Ada Moreau", 100);
        check(long, ("pay twice for water", "Ada Moreau", 103), true);
        check(long, ("pay twice for water", "Ada Moreau", 200), false);
        check(long, ("pay twice for water", "Jon Lind", 100), false);
        check(long, ("pay twice for water", "", 100), false);
        check(long, ("will pay twice for water", "", 100), true);
        check(long, ("and nobody will", "Ada Moreau", 100), false);
        check(("a gift", "Ada Moreau", 5), ("a gift", "Ada Moreau", 6), false);
        check(("water theft", "Ada Moreau", 5), ("Water theft!", "Ada Moreau", 6), true);
        check(("", "", 0), ("", "", 0), false);
    }
}
