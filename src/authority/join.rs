//! The rules by which names of an index are joined.
//!
//! In: aliases, nicknames and counted names. Out: name to canonical name. Hash maps are only asked, never walked, so that the
//! answer does not depend on their order; the work grows with the number of names.

use std::collections::{BTreeMap, HashMap};

use super::NameCount;
use super::aliases::Aliases;
use super::words::{Words, loose_key};
use crate::lexicon::LexiconError;
use crate::lexicon::people::{People, WordFlags, word_key};
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
    /// Most telling name, with its words.
    words: Words,
    /// Articles of all its names together.
    articles: u64,
    /// Where it went, when it was joined with another.
    into: Option<usize>,
}

struct Joiner<'a> {
    nicknames: &'a BTreeMap<String, Vec<String>>,
    people: &'a People,
    groups: Vec<Group>,
    /// Names of each group: index into the sorted names.
    members: Vec<Vec<usize>>,
    /// Canonical name by alias file.
    fixed: Vec<Option<String>>,
}

/// Joins `names`.
pub(super) fn join(
    aliases: &Aliases,
    nicknames: &BTreeMap<String, Vec<String>>,
    people: &People,
    names: &[NameCount],
) -> BTreeMap<String, String> {
    let mut counted: BTreeMap<&str, u64> = BTreeMap::new();
    for name in names {
        *counted.entry(name.name.as_str()).or_default() += name.articles;
    }
    let sorted: Vec<(&str, u64)> = counted.into_iter().collect();
    let mut joiner = Joiner { nicknames, people, groups: Vec::new(), members: Vec::new(), fixed: Vec::new() };
    joiner.gather(&sorted, aliases);
    joiner.join_spellings();
    joiner.join_nicknames();
    joiner.join_tails();
    joiner.join_surnames();
    joiner.join_acronyms();
    joiner.answer(&sorted)
}

impl Joiner<'_> {
    /// One group for each way to write a name: case, accents, marks and titles do not count.
    fn gather(&mut self, sorted: &[(&str, u64)], aliases: &Aliases) {
        let mut by_key: HashMap<String, usize> = HashMap::with_capacity(sorted.len());
        for (idx, (name, articles)) in sorted.iter().enumerate() {
            let loose = loose_key(name);
            let fixed = aliases.canonical_of.get(&loose);
            let words = Words::of(fixed.map_or(*name, String::as_str), self.people);
            let key = match fixed {
                Some(canonical) => format!("={canonical}"),
                None => format!("{} {}", words.words.join(" "), words.suffix),
            };
            let group = *by_key.entry(key).or_insert_with(|| {
                self.groups.push(Group { words, articles: 0, into: None });
                self.members.push(Vec::new());
                self.fixed.push(fixed.cloned());
                self.groups.len() - 1
            });
            self.groups[group].articles += articles;
            self.members[group].push(idx);
        }
    }

    fn is_full_person(&self, group: usize) -> bool {
        let group = &self.groups[group];
        group.words.person && group.words.words.len() >= 2 && group.into.is_none()
    }

    /// Moves `from` into `into`; a name fixed by an alias file never moves.
    fn merge(&mut self, from: usize, into: usize) {
        if from == into || self.fixed[from].is_some() || self.groups[from].into.is_some() {
            return;
        }
        self.groups[into].articles += self.groups[from].articles;
        self.groups[from].into = Some(into);
    }

    /// "Ana M. Duarte" and "Ana Duarte": same first and last word, middle names that do not contradict.
    fn join_spellings(&mut self) {
        let mut by_ends: BTreeMap<(String, String, String), Vec<usize>> = BTreeMap::new();
        for group in 0..self.groups.len() {
            if self.is_full_person(group) {
                let words = &self.groups[group].words;
                by_ends
                    .entry((words.first().to_owned(), words.last().to_owned(), words.suffix.clone()))
                    .or_default()
                    .push(group);
            }
        }
        for list in by_ends.into_values().filter(|list| list.len() > 1) {
            // Sorted by middle names: variants of one middle name stand side by side, so that neighbours suffice.
            let mut sorted = list;
            sorted.sort_by(|a, b| self.groups[*a].words.middle().cmp(self.groups[*b].words.middle()));
            let with_middle: Vec<usize> = sorted
                .iter()
                .copied()
                .filter(|group| !self.groups[*group].words.middle().is_empty())
                .collect();
            let all_agree = with_middle
                .windows(2)
                .all(|pair| self.groups[pair[0]].words.middles_agree(&self.groups[pair[1]].words));
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
            (self.fixed[*group].is_some(), self.groups[*group].articles, std::cmp::Reverse(*group))
        })
    }

    /// "Bob Tarrow" and "Robert Tarrow": one surname, one full form that fits.
    fn join_nicknames(&mut self) {
        let mut by_last: BTreeMap<(String, String), Vec<usize>> = BTreeMap::new();
        for group in 0..self.groups.len() {
            if self.is_full_person(group) {
                let words = &self.groups[group].words;
                by_last.entry((words.last().to_owned(), words.suffix.clone())).or_default().push(group);
            }
        }
        for list in by_last.into_values().filter(|list| list.len() > 1) {
            let mut by_first: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
            for group in &list {
                by_first.entry(self.groups[*group].words.first()).or_default().push(*group);
            }
            let mut pairs = Vec::new();
            for (first, short) in &by_first {
                let Some(full_forms) = self.nicknames.get(*first) else { continue };
                let fitting: Vec<usize> = full_forms
                    .iter()
                    .filter_map(|full| by_first.get(full.as_str()))
                    .flatten()
                    .copied()
                    .collect();
                if let ([short], [full]) = (short.as_slice(), fitting.as_slice()) {
                    pairs.push((*short, *full));
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
        let mut by_tail: HashMap<String, Vec<usize>> = HashMap::new();
        for group in 0..self.groups.len() {
            let words = &self.groups[group].words;
            if self.is_full_person(group) && words.words.len() >= 3 {
                for from in 1..words.words.len() - 1 {
                    by_tail.entry(words.words[from..].join(" ")).or_default().push(group);
                }
            }
        }
        for group in 0..self.groups.len() {
            if !self.is_full_person(group)
                || self.people.word(word_key(self.groups[group].words.first())).flags.has(WordFlags::GIVEN)
            {
                continue;
            }
            let Some(longer) = by_tail.get(&self.groups[group].words.words.join(" ")) else { continue };
            if let [only] = longer.as_slice() {
                let into = self.root(*only);
                self.merge(group, into);
            }
        }
    }

    /// "Duarte": the only bearer named in full, or the dominant one.
    fn join_surnames(&mut self) {
        let mut by_last: HashMap<String, Vec<usize>> = HashMap::new();
        for group in 0..self.groups.len() {
            if self.is_full_person(group) {
                by_last.entry(self.groups[group].words.last().to_owned()).or_default().push(group);
            }
        }
        for group in 0..self.groups.len() {
            let words = &self.groups[group].words;
            if words.words.len() != 1
                || !words.person
                || self.groups[group].into.is_some()
                || words.last().chars().count() < 2
            {
                continue;
            }
            let Some(bearers) = by_last.get(words.last()) else { continue };
            let bearers: Vec<usize> = bearers
                .iter()
                .copied()
                .filter(|bearer| words.suffix.is_empty() || self.groups[*bearer].words.suffix == words.suffix)
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
        let mut by_letters: HashMap<String, Vec<usize>> = HashMap::new();
        for group in 0..self.groups.len() {
            let words = &self.groups[group].words;
            if !words.person && words.words.len() >= MIN_ACRONYM && self.groups[group].into.is_none() {
                let main = words
                    .words
                    .iter()
                    .filter(|word| !matches!(word.as_str(), "of" | "for" | "and" | "the" | "on" | "in"));
                let letters: String = main.filter_map(|word| word.chars().next()).collect();
                by_letters.entry(letters).or_default().push(group);
            }
        }
        for group in 0..self.groups.len() {
            let words = &self.groups[group].words;
            if words.words.len() != 1
                || self.groups[group].into.is_some()
                || words.last().len() < MIN_ACRONYM
                || words.last().len() > 6
            {
                continue;
            }
            if let Some([only]) = by_letters.get(words.last()).map(Vec::as_slice) {
                self.merge(group, *only);
            }
        }
    }

    fn answer(&self, sorted: &[(&str, u64)]) -> BTreeMap<String, String> {
        let mut best: Vec<Option<usize>> = vec![None; self.groups.len()];
        for (group, members) in self.members.iter().enumerate() {
            let name = members.iter().copied().max_by_key(|idx| {
                let (name, articles) = sorted[*idx];
                let titled = loose_key(name).split(' ').count()
                    > self.groups[group].words.words.len()
                        + usize::from(!self.groups[group].words.suffix.is_empty());
                (!titled, articles, std::cmp::Reverse(*idx))
            });
            best[group] = name;
        }
        let mut answer = BTreeMap::new();
        for (group, members) in self.members.iter().enumerate() {
            let root = self.root(group);
            let canonical = match (&self.fixed[root], best[root]) {
                (Some(fixed), _) => fixed.as_str(),
                (None, Some(idx)) => sorted[idx].0,
                (None, None) => continue,
            };
            for idx in members {
                if sorted[*idx].0 != canonical {
                    answer.insert(sorted[*idx].0.to_owned(), canonical.to_owned());
                }
            }
        }
        answer
    }
}
