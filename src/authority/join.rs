//! The rules by which names of an index are joined.
//!
//! In: aliases, nicknames and counted names. Out: name to canonical name. Hash maps are only asked, never walked, so that the
//! answer does not depend on their order; lists that are compared are sorted, and the work grows with the number of names.

use std::collections::{BTreeMap, HashMap};

use super::NameCount;
use super::aliases::Aliases;
use super::words::{NO_SUFFIX, Vocabulary, WordId, Words, loose_key, middle, push_loose_key};
use crate::lexicon::LexiconError;
use crate::lexicon::people::{People, WordFlags};
use crate::lexicon::table::rows;

/// A bare surname joins the most frequent bearer when that one has at least this share of all articles that name a bearer in
/// full. Chosen so that one stray namesake in five does not keep a well-known surname apart.
const DOMINANT_SHARE: f64 = 0.8;
/// Shortest acronym that is joined with a body by its initials.
const MIN_ACRONYM: usize = 3;

/// Reads the table of short forms.
pub(super) fn nicknames(text: &str) -> Result<BTreeMap<String, Vec<String>>, LexiconError> {
    let mut nicknames = BTreeMap::new();
    for row in rows("nicknames.tsv", text, 3)? {
        let full: Vec<String> = row.columns[1].split(',').map(loose_key).collect();
        if full.iter().any(String::is_empty) {
            return Err(LexiconError::at("nicknames.tsv", row.line, "empty name"));
        }
        if nicknames.insert(loose_key(row.columns[0]), full).is_some() {
            return Err(LexiconError::at(
                "nicknames.tsv",
                row.line,
                format!("\"{}\" stands twice", row.columns[0]),
            ));
        }
    }
    Ok(nicknames)
}

/// Names that are one, as far as joined.
struct Group {
    /// Its words; those of the canonical name where an alias file gives one.
    words: Words,
    /// Articles of all its names together.
    articles: u64,
    /// Where it went, when it was joined with another.
    into: Option<usize>,
    /// Canonical name by alias file.
    fixed: Option<u32>,
}

struct Joiner<'a> {
    nicknames: &'a BTreeMap<String, Vec<String>>,
    vocabulary: Vocabulary<'a>,
    groups: Vec<Group>,
    /// Group of each of the sorted names.
    group_of: Vec<usize>,
    /// Canonical names that alias files give.
    fixed: Vec<&'a str>,
}

/// Joins `names`.
pub(super) fn join(
    aliases: &Aliases,
    nicknames: &BTreeMap<String, Vec<String>>,
    people: &People,
    names: &[NameCount],
) -> BTreeMap<String, String> {
    let mut sorted: Vec<(&str, u64)> = names.iter().map(|name| (name.name.as_str(), name.articles)).collect();
    sorted.sort_unstable();
    sorted.dedup_by(|later, kept| {
        let same = later.0 == kept.0;
        if same {
            kept.1 += later.1;
        }
        same
    });
    let mut joiner = Joiner {
        nicknames,
        vocabulary: Vocabulary::new(people),
        groups: Vec::new(),
        group_of: Vec::with_capacity(sorted.len()),
        fixed: Vec::new(),
    };
    joiner.gather(&sorted, aliases);
    joiner.join_spellings();
    joiner.join_nicknames();
    joiner.join_tails();
    joiner.join_surnames();
    joiner.join_acronyms();
    joiner.answer(&sorted)
}

/// Stretches of `list` whose keys are equal; `list` is sorted by key.
fn runs<T, K: PartialEq>(list: &[T], key: impl Fn(&T) -> K) -> impl Iterator<Item = &[T]> {
    list.chunk_by(move |a, b| key(a) == key(b)).filter(|run| run.len() > 1)
}

impl<'a> Joiner<'a> {
    /// One group for each way to write a name: case, accents, marks and titles do not count.
    fn gather(&mut self, sorted: &[(&str, u64)], aliases: &'a Aliases) {
        let hasher = || ahash::RandomState::with_seeds(5, 6, 7, 8);
        let canonical: HashMap<&str, &'a str, _> = {
            let mut map = HashMap::with_hasher(hasher());
            map.extend(aliases.canonical_of.iter().map(|(key, name)| (key.as_str(), name.as_str())));
            map
        };
        let mut fixed_ids: HashMap<&'a str, u32> = HashMap::new();
        let mut read: Vec<(Words, Option<u32>)> = Vec::with_capacity(sorted.len());
        let mut key = String::new();
        for (name, _) in sorted {
            push_loose_key(name, &mut key);
            let fixed = canonical.get(key.as_str()).map(|name| {
                *fixed_ids.entry(name).or_insert_with(|| {
                    self.fixed.push(name);
                    self.fixed.len() as u32 - 1
                })
            });
            if let Some(fixed) = fixed {
                push_loose_key(self.fixed[fixed as usize], &mut key);
            }
            read.push((self.vocabulary.read(&key), fixed));
        }
        let mut by_key = HashMap::with_capacity_and_hasher(sorted.len(), hasher());
        for ((words, fixed), (_, articles)) in read.iter().zip(sorted) {
            let key = (self.vocabulary.of(words), words.suffix, *fixed);
            let group = *by_key.entry(key).or_insert_with(|| {
                self.groups.push(Group { words: *words, articles: 0, into: None, fixed: *fixed });
                self.groups.len() - 1
            });
            self.groups[group].articles += articles;
            self.group_of.push(group);
        }
    }

    fn words(&self, group: usize) -> &[WordId] {
        self.vocabulary.of(&self.groups[group].words)
    }

    fn first(&self, group: usize) -> WordId {
        self.words(group).first().copied().unwrap_or(NO_SUFFIX)
    }

    fn last(&self, group: usize) -> WordId {
        self.words(group).last().copied().unwrap_or(NO_SUFFIX)
    }

    fn is_full_person(&self, group: usize) -> bool {
        let known = &self.groups[group];
        known.words.person && known.into.is_none() && self.words(group).len() >= 2
    }

    /// Every person named in full, sorted by `key`, then as they came.
    fn persons_by<K: Ord>(&self, key: impl Fn(usize) -> K) -> Vec<usize> {
        let mut list: Vec<usize> =
            (0..self.groups.len()).filter(|group| self.is_full_person(*group)).collect();
        list.sort_by_cached_key(|group| key(*group));
        list
    }

    /// Moves `from` into `into`; a name fixed by an alias file never moves.
    fn merge(&mut self, from: usize, into: usize) {
        if from == into || self.groups[from].fixed.is_some() || self.groups[from].into.is_some() {
            return;
        }
        self.groups[into].articles += self.groups[from].articles;
        self.groups[from].into = Some(into);
    }

    /// "Ana M. Duarte" and "Ana Duarte": same first and last word, middle names that do not contradict.
    fn join_spellings(&mut self) {
        let ends = |joiner: &Self, group: usize| {
            (joiner.first(group), joiner.last(group), joiner.groups[group].words.suffix)
        };
        let list = self.persons_by(|group| ends(self, group));
        let lists: Vec<Vec<usize>> = runs(&list, |group| ends(self, *group)).map(<[usize]>::to_vec).collect();
        for mut sorted in lists {
            // Sorted by middle names: variants of one middle name stand side by side, so that neighbours suffice.
            let spelled = |group: &usize| -> Vec<&str> {
                middle(self.words(*group)).iter().map(|id| self.vocabulary.text(*id)).collect()
            };
            sorted.sort_by(|a, b| spelled(a).cmp(&spelled(b)).then(a.cmp(b)));
            let with_middle: Vec<usize> =
                sorted.iter().copied().filter(|group| !middle(self.words(*group)).is_empty()).collect();
            let all_agree = with_middle.windows(2).all(|pair| {
                self.vocabulary.middles_agree(&self.groups[pair[0]].words, &self.groups[pair[1]].words)
            });
            let joined = if all_agree { sorted } else { Vec::new() };
            let Some(best) = self.most_frequent(&joined) else { continue };
            for group in joined {
                self.merge(group, best);
            }
        }
    }

    /// The group with most articles, those of the alias file first; ties go to the one first in order.
    fn most_frequent(&self, list: &[usize]) -> Option<usize> {
        list.iter().copied().max_by_key(|group| {
            let known = &self.groups[*group];
            (known.fixed.is_some(), known.articles, std::cmp::Reverse(*group))
        })
    }

    /// "Bob Tarrow" and "Robert Tarrow": one surname, one full form that fits.
    fn join_nicknames(&mut self) {
        let full_forms: HashMap<WordId, Vec<WordId>> = self
            .nicknames
            .iter()
            .filter_map(|(short, full)| {
                let full = full.iter().filter_map(|name| self.vocabulary.known(name)).collect();
                Some((self.vocabulary.known(short)?, full))
            })
            .collect();
        let family = |joiner: &Self, group: usize| (joiner.last(group), joiner.groups[group].words.suffix);
        let list = self.persons_by(|group| (family(self, group), self.first(group)));
        let mut pairs = Vec::new();
        for namesakes in runs(&list, |group| family(self, *group)) {
            let named = |first: WordId| {
                let from = namesakes.partition_point(|group| self.first(*group) < first);
                let to = namesakes.partition_point(|group| self.first(*group) <= first);
                &namesakes[from..to]
            };
            for short in namesakes.chunk_by(|a, b| self.first(*a) == self.first(*b)) {
                let ([short], Some(full_forms)) = (short, full_forms.get(&self.first(short[0]))) else {
                    continue;
                };
                let mut fitting = full_forms.iter().flat_map(|full| named(*full));
                if let (Some(full), None) = (fitting.next(), fitting.next()) {
                    pairs.push((*short, *full));
                }
            }
        }
        for (short, full) in pairs {
            // The more frequent name stays, whichever form it has; its aliases follow.
            let (from, into) = match self.most_frequent(&[short, full]) {
                Some(best) if best == short && self.groups[full].into.is_none() => (full, short),
                _ => (short, self.root(full)),
            };
            self.merge(from, into);
        }
    }

    fn root(&self, group: usize) -> usize {
        let mut at = group;
        while let Some(next) = self.groups[at].into {
            at = next;
        }
        at
    }

    /// "Wasser Holm": the end of exactly one longer name, and no given name before it.
    fn join_tails(&mut self) {
        let mut by_tail: Vec<(&[WordId], usize)> = Vec::new();
        for group in (0..self.groups.len()).filter(|group| self.is_full_person(*group)) {
            let words = self.words(group);
            for from in 1..words.len().saturating_sub(1) {
                by_tail.push((&words[from..], group));
            }
        }
        by_tail.sort_unstable();
        let mut joined = Vec::new();
        for group in (0..self.groups.len()).filter(|group| self.is_full_person(*group)) {
            let words = self.words(group);
            if self.vocabulary.flags(words[0]).has(WordFlags::GIVEN) {
                continue;
            }
            let at = by_tail.partition_point(|(tail, _)| *tail < words);
            let fits = |at: usize| by_tail.get(at).filter(|(tail, _)| *tail == words);
            if let (Some((_, only)), None) = (fits(at), fits(at + 1)) {
                joined.push((group, *only));
            }
        }
        for (group, longer) in joined {
            let into = self.root(longer);
            self.merge(group, into);
        }
    }

    /// "Duarte": the only bearer named in full, or the dominant one.
    fn join_surnames(&mut self) {
        let by_last = self.persons_by(|group| self.last(group));
        for group in 0..self.groups.len() {
            let known = &self.groups[group];
            let [surname] = *self.words(group) else { continue };
            if !known.words.person
                || known.into.is_some()
                || self.vocabulary.text(surname).chars().nth(1).is_none()
            {
                continue;
            }
            let suffix = known.words.suffix;
            let from = by_last.partition_point(|bearer| self.last(*bearer) < surname);
            let bearers: Vec<usize> = by_last[from..]
                .iter()
                .copied()
                .take_while(|bearer| self.last(*bearer) == surname)
                .filter(|bearer| suffix == NO_SUFFIX || self.groups[*bearer].words.suffix == suffix)
                .collect();
            let Some(best) = self.most_frequent(&bearers) else { continue };
            let total: u64 = bearers.iter().map(|bearer| self.groups[*bearer].articles).sum();
            let share = self.groups[best].articles as f64 / total.max(1) as f64;
            if bearers.len() == 1 || share >= DOMINANT_SHARE {
                self.merge(group, best);
            }
        }
    }

    /// "CWB" and "Central Water Board": one body in the index has these initials.
    fn join_acronyms(&mut self) {
        let mut by_letters: HashMap<String, (usize, bool)> = HashMap::new();
        for group in 0..self.groups.len() {
            let known = &self.groups[group];
            if known.words.person || known.into.is_some() || self.words(group).len() < MIN_ACRONYM {
                continue;
            }
            let main = self
                .words(group)
                .iter()
                .map(|id| self.vocabulary.text(*id))
                .filter(|word| !matches!(*word, "of" | "for" | "and" | "the" | "on" | "in"));
            let letters: String = main.filter_map(|word| word.chars().next()).collect();
            by_letters.entry(letters).and_modify(|(_, only)| *only = false).or_insert((group, true));
        }
        for group in 0..self.groups.len() {
            let [letters] = *self.words(group) else { continue };
            let text = self.vocabulary.text(letters);
            if self.groups[group].into.is_some() || !(MIN_ACRONYM..=6).contains(&text.len()) {
                continue;
            }
            if let Some((body, true)) = by_letters.get(text).copied() {
                self.merge(group, body);
            }
        }
    }

    fn answer(&self, sorted: &[(&str, u64)]) -> BTreeMap<String, String> {
        let mut best: Vec<Option<usize>> = vec![None; self.groups.len()];
        let rank = |idx: usize| (sorted[idx].1, std::cmp::Reverse(idx));
        let titled = self.titled(sorted);
        for (idx, group) in self.group_of.iter().enumerate() {
            let better =
                best[*group].is_none_or(|other| (!titled[idx], rank(idx)) > (!titled[other], rank(other)));
            if better {
                best[*group] = Some(idx);
            }
        }
        let mut answer = Vec::new();
        for (idx, group) in self.group_of.iter().enumerate() {
            let root = self.root(*group);
            let canonical = match (self.groups[root].fixed, best[root]) {
                (Some(fixed), _) => self.fixed[fixed as usize],
                (None, Some(best)) => sorted[best].0,
                (None, None) => continue,
            };
            if sorted[idx].0 != canonical {
                answer.push((sorted[idx].0.to_owned(), canonical.to_owned()));
            }
        }
        answer.into_iter().collect()
    }

    /// Which of the names has a title before it; asked only in groups of several names.
    fn titled(&self, sorted: &[(&str, u64)]) -> Vec<bool> {
        let mut n_names = vec![0u32; self.groups.len()];
        for group in &self.group_of {
            n_names[*group] += 1;
        }
        let of = |(idx, group): (usize, &usize)| {
            let words = self.words(*group).len() + usize::from(self.groups[*group].words.suffix != NO_SUFFIX);
            n_names[*group] > 1 && loose_key(sorted[idx].0).split(' ').count() > words
        };
        self.group_of.iter().enumerate().map(of).collect()
    }
}
