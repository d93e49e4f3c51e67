//! The values of one name column: numbered once for all segments, speakers under their canonical names.
//!
//! Counting, choosing and naming go by these numbers; a dictionary is read once for each opened state, in one pass, and
//! never for a query.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use tantivy::columnar::StrColumn;

use super::view::io;
use crate::engine::EngineError;
use crate::text;

/// All values of a column.
#[derive(Debug, Default)]
pub(super) struct Table {
    /// Values in order; a value's number is its place.
    pub(super) values: Vec<String>,
    /// For each segment: number of each of its ordinals.
    pub(super) by_segment: Vec<Vec<u32>>,
    /// Every name as articles have it, with the number of its value: in order of names.
    names: Vec<(String, u32)>,
    /// Names and values, folded, with the number of the value: in order. Made when first asked for: counting and showing
    /// do without.
    spellings: OnceLock<Vec<(String, u32)>>,
}

impl Table {
    pub(super) fn build(
        columns: &[Option<&StrColumn>],
        canonical: Option<&BTreeMap<String, String>>,
    ) -> Result<Table, EngineError> {
        let mut names: Vec<(String, usize)> = Vec::new();
        for (segment, column) in columns.iter().enumerate() {
            let Some(column) = column else { continue };
            let mut stream = column.dictionary().stream().map_err(io)?;
            while stream.advance() {
                names.push((String::from_utf8_lossy(stream.key()).into_owned(), segment));
            }
        }
        // The names of a segment come in order, which this sort makes use of.
        names.sort();
        Ok(Table::of(names, columns.len(), canonical))
    }

    /// `found` are names in order, each with a segment that has it.
    fn of(
        found: Vec<(String, usize)>,
        n_segments: usize,
        canonical: Option<&BTreeMap<String, String>>,
    ) -> Table {
        let mut table = Table { by_segment: vec![Vec::new(); n_segments], ..Table::default() };
        let mut segments: Vec<(usize, usize)> = Vec::with_capacity(found.len());
        for (name, segment) in found {
            if table.names.last().is_none_or(|(last, _)| *last != name) {
                table.names.push((name, 0));
            }
            segments.push((table.names.len() - 1, segment));
        }
        // Names and joined names are both in order: one walk through both.
        let mut joined = canonical.into_iter().flatten().peekable();
        let targets: Vec<Option<&String>> = table
            .names
            .iter()
            .map(|(name, _)| {
                while joined.next_if(|(local, _)| *local < name).is_some() {}
                joined.next_if(|(local, _)| *local == name).map(|(_, target)| target)
            })
            .collect();
        let own = table.names.iter().zip(&targets).filter(|(_, target)| target.is_none());
        table.values = own.map(|((name, _), _)| name.clone()).collect();
        table.values.extend(targets.iter().flatten().map(|target| (*target).clone()));
        table.values.sort();
        table.values.dedup();
        let mut next = 0;
        for ((name, number), target) in table.names.iter_mut().zip(&targets) {
            *number = match target {
                Some(target) => table.values.binary_search(target).unwrap_or(0) as u32,
                None => {
                    while table.values.get(next).is_some_and(|value| value < name) {
                        next += 1;
                    }
                    next as u32
                }
            };
        }
        for (name, segment) in segments {
            let number = table.names[name].1;
            table.by_segment[segment].push(number);
        }
        table
    }

    fn spellings(&self) -> &[(String, u32)] {
        self.spellings.get_or_init(|| {
            let names = self.names.iter().map(|(name, number)| (name, *number));
            let values = self.values.iter().zip(0u32..);
            let mut spellings: Vec<(String, u32)> =
                names.chain(values).map(|(name, number)| (text::fold(name).into_owned(), number)).collect();
            spellings.sort_unstable();
            spellings.dedup();
            spellings
        })
    }

    /// The numbers of the values a user means by `value`: equal after folding; else the same name with or without
    /// initials; else every value that has all its words. In order, each once.
    pub(super) fn find(&self, value: &str) -> Vec<u32> {
        let folded = text::fold(value.trim()).into_owned();
        let wanted: Vec<&str> = name_words(&folded).collect();
        if wanted.is_empty() {
            return Vec::new();
        }
        let mut found = self.select(|name| name == folded);
        // A full name given: "Ana Duarte" is also "Ana B. Duarte", but not "Ana Duarte Jr".
        if wanted.len() > 1 {
            found.extend(self.select(|name| same_without_initials(name, &wanted)));
        }
        if found.is_empty() {
            found = self.select(|name| {
                let words: Vec<&str> = name_words(name).collect();
                wanted.iter().all(|word| words.contains(word))
            });
        }
        sorted(found)
    }

    /// Values whose names hold all words of `wanted`.
    pub(super) fn with_words(&self, wanted: &[String]) -> Vec<u32> {
        sorted(self.select(|name| wanted.iter().all(|word| name_words(name).any(|other| other == word))))
    }

    /// Values whose names hold all words of `wanted` but the last, and a word that begins with that.
    pub(super) fn with_prefix(&self, wanted: &[String]) -> Vec<u32> {
        let Some((prefix, whole)) = wanted.split_last() else {
            return Vec::new();
        };
        sorted(self.select(|name| {
            whole.iter().all(|word| name_words(name).any(|other| other == word))
                && name_words(name).any(|other| other.starts_with(prefix.as_str()))
        }))
    }

    /// Values whose names hold every word of `wanted` within `edits`.
    pub(super) fn with_edits(&self, wanted: &[String], edits: usize) -> Vec<u32> {
        sorted(self.select(|name| {
            wanted.iter().all(|word| name_words(name).any(|other| strsim::osa_distance(word, other) <= edits))
        }))
    }

    /// At most three values that look like `value`, best first.
    pub(super) fn nearest(&self, value: &str) -> Vec<String> {
        let folded = text::fold(value.trim()).into_owned();
        let plain = without_article(&folded);
        let mut scored: Vec<(i64, u32)> = Vec::new();
        for (name, number) in self.spellings() {
            let whole = strsim::jaro_winkler(plain, without_article(name));
            let by_word =
                name_words(name).map(|word| strsim::jaro_winkler(plain, word) * 0.97).fold(0.0f64, f64::max);
            let score = whole.max(by_word);
            if score >= 0.86 {
                scored.push(((score * 1e6) as i64, *number));
            }
        }
        scored.sort_unstable_by_key(|(score, number)| (-score, *number));
        let mut nearest: Vec<String> = Vec::new();
        for (_, number) in scored {
            let value = &self.values[number as usize];
            if !nearest.contains(value) {
                nearest.push(value.clone());
            }
            if nearest.len() == 3 {
                break;
            }
        }
        nearest
    }

    fn select(&self, test: impl Fn(&str) -> bool) -> Vec<u32> {
        self.spellings().iter().filter(|(name, _)| test(name)).map(|(_, number)| *number).collect()
    }
}

fn without_article(name: &str) -> &str {
    name.strip_prefix("the ").unwrap_or(name)
}

fn sorted(mut numbers: Vec<u32>) -> Vec<u32> {
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}

/// The words of a folded name.
pub(super) fn name_words(name: &str) -> impl Iterator<Item = &str> {
    name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

fn same_without_initials(name: &str, wanted: &[&str]) -> bool {
    let full = |word: &&str| word.chars().nth(1).is_some();
    let mut initials = wanted.iter().copied().filter(|word| !full(word));
    let (mut left, mut right) = (name_words(name).filter(full), wanted.iter().copied().filter(full));
    loop {
        match (left.next(), right.next()) {
            (None, None) => break,
            (a, b) if a == b => {}
            _ => return false,
        }
    }
    // Two different initials are two persons.
    let theirs: Vec<&str> = name_words(name).filter(|word| !full(word)).collect();
    theirs.is_empty() || initials.all(|initial| theirs.contains(&initial))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(names: &[&str]) -> Table {
        let mut names: Vec<(String, usize)> = names.iter().map(|name| ((*name).to_owned(), 0)).collect();
        names.sort();
        Table::of(names, 1, None)
    }

    #[test]
    fn names_of_several_segments_are_numbered_together() {
        let names = [("Ana", 0), ("Ana", 1), ("Bo", 1), ("Cy", 0), ("Di", 0), ("Di", 1)];
        let names = names.map(|(name, segment)| (name.to_owned(), segment)).to_vec();
        let canonical = [("Bo", "Zoe"), ("Cc", "Cy"), ("Di", "Ana")];
        let canonical = canonical.map(|(local, name)| (local.to_owned(), name.to_owned())).into();
        let table = Table::of(names, 2, Some(&canonical));
        assert_eq!(table.values, ["Ana", "Cy", "Zoe"]);
        assert_eq!(table.by_segment, [vec![0, 1, 0], vec![0, 2, 0]]);
        assert_eq!((table.find("bo"), table.find("zoe"), table.find("di")), (vec![2], vec![2], vec![0]));
    }

    #[track_caller]
    fn check(value: &str, expected: &[&str]) {
        let table = table(&[
            "Ana B. Duarte",
            "Ana Duarte",
            "Ana Duarte Jr",
            "Łukasz Nowak",
            "Maria Duarte",
            "Ana C. Lima",
        ]);
        let found: Vec<&str> = table.find(value).iter().map(|n| table.values[*n as usize].as_str()).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_value_means_its_person() {
        check("ana duarte", &["Ana B. Duarte", "Ana Duarte"]);
        check("Ana B. Duarte", &["Ana B. Duarte", "Ana Duarte"]);
        check("lukasz nowak", &["Łukasz Nowak"]);
        check("duarte maria", &["Maria Duarte"]);
        check("duarte", &["Ana B. Duarte", "Ana Duarte", "Ana Duarte Jr", "Maria Duarte"]);
        check("Ana D. Lima", &[]);
        check("nobody", &[]);
        check("", &[]);
    }

    #[test]
    fn misspelt_values_have_neighbours() {
        let table = table(&["Ana Duarte", "Maria Lima", "The Harbour Post"]);
        assert_eq!(table.nearest("Ana Duerte"), ["Ana Duarte"]);
        assert_eq!(table.nearest("Duerte"), ["Ana Duarte"]);
        assert_eq!(table.nearest("harbor post"), ["The Harbour Post"]);
        assert!(table.nearest("zzz").is_empty());
    }
}
