//! The values of one name column: numbered once for all segments, speakers under their canonical names.
//!
//! Counting, choosing and naming go by these numbers; a dictionary is read once for each opened state, in one pass, and
//! never for a query.

use std::collections::BTreeMap;

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
    /// Every name as articles have it, folded, with the number of its value: in order of names.
    spellings: Vec<(String, u32)>,
}

impl Table {
    pub(super) fn build(
        columns: &[Option<&StrColumn>],
        canonical: Option<&BTreeMap<String, String>>,
    ) -> Result<Table, EngineError> {
        let mut locals: BTreeMap<String, u32> = BTreeMap::new();
        let mut order: Vec<Vec<u32>> = Vec::new();
        for column in columns {
            let mut numbers = Vec::new();
            if let Some(column) = column {
                let mut stream = column.dictionary().stream().map_err(io)?;
                while stream.advance() {
                    let name = String::from_utf8_lossy(stream.key());
                    let next = locals.len() as u32;
                    let number = match locals.get(name.as_ref()) {
                        Some(number) => *number,
                        None => *locals.entry(name.into_owned()).or_insert(next),
                    };
                    numbers.push(number);
                }
            }
            order.push(numbers);
        }
        let name_of = |local: &str| -> String {
            canonical.and_then(|map| map.get(local)).map_or_else(|| local.to_owned(), String::clone)
        };
        let mut values: Vec<String> = locals.keys().map(|local| name_of(local)).collect();
        values.sort_unstable();
        values.dedup();
        let mut spellings = Vec::with_capacity(locals.len());
        let mut value_of = vec![0u32; locals.len()];
        for (local, number) in &locals {
            let value = values.binary_search(&name_of(local)).unwrap_or(0) as u32;
            value_of[*number as usize] = value;
            spellings.push((text::fold(local).into_owned(), value));
        }
        if canonical.is_some() {
            spellings.extend(
                values.iter().enumerate().map(|(idx, name)| (text::fold(name).into_owned(), idx as u32)),
            );
        }
        spellings.sort_unstable();
        spellings.dedup();
        let by_segment = order
            .into_iter()
            .map(|numbers| numbers.into_iter().map(|n| value_of[n as usize]).collect())
            .collect();
        Ok(Table { values, by_segment, spellings })
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
        for (name, number) in &self.spellings {
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
        self.spellings.iter().filter(|(name, _)| test(name)).map(|(_, number)| *number).collect()
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
        let mut values: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        values.sort_unstable();
        let spellings =
            values.iter().enumerate().map(|(n, name)| (text::fold(name).into_owned(), n as u32)).collect();
        Table { values, by_segment: Vec::new(), spellings }
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
