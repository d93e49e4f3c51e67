//! The values of one name column: numbered once for all segments, speakers under their canonical names.
//!
//! Counting, choosing and naming go by these numbers; a dictionary is read once for each opened state, in one pass, and
//! never for a query. Mostly not even that: a writer leaves the tables beside the state, see [`super::kept`].

use std::collections::BTreeMap;
use std::sync::OnceLock;

use tantivy::columnar::StrColumn;

use super::texts::{Growing, Numbers, Texts};
use super::view::io;
use crate::engine::EngineError;
use crate::text;
use crate::text::hash::Fixed;

/// All values of a column.
#[derive(Debug)]
pub(super) struct Table {
    /// Values in order; a value's number is its place.
    pub(super) values: Texts,
    /// For each segment: number of each of its ordinals.
    pub(super) by_segment: Vec<Numbers>,
    /// Every name as articles have it, in order.
    pub(super) names: Texts,
    /// The number of each name's value.
    pub(super) numbers: Numbers,
    /// Made when first asked for: counting and showing do without.
    spellings: OnceLock<Spellings>,
}

/// How values may be written.
#[derive(Debug, Default)]
struct Spellings {
    /// Names and values, folded, with the number of the value: in order.
    all: Vec<(String, u32)>,
    /// Hash of a spelling without its initials, and its place in `all`: in order.
    without_initials: Vec<(u64, u32)>,
}

impl Table {
    pub(super) fn build(
        columns: &[Option<&StrColumn>],
        canonical: Option<&BTreeMap<String, String>>,
    ) -> Result<Table, EngineError> {
        let mut segments = Vec::with_capacity(columns.len());
        for column in columns {
            let mut names = Growing::default();
            if let Some(column) = column {
                let mut stream = column.dictionary().stream().map_err(io)?;
                while stream.advance() {
                    names.push(stream.key());
                }
            }
            segments.push(names.finish());
        }
        Ok(Table::of(segments, canonical))
    }

    /// Of its parts.
    pub(super) fn new(values: Texts, names: Texts, numbers: Numbers, by_segment: Vec<Numbers>) -> Table {
        Table { values, by_segment, names, numbers, spellings: OnceLock::new() }
    }

    /// `segments` are names in order.
    fn of(segments: Vec<Texts>, canonical: Option<&BTreeMap<String, String>>) -> Table {
        let (names, places) = merged(segments);
        // Names and joined names are both in order: one walk through both.
        let mut joined = canonical.into_iter().flatten().peekable();
        let targets: Vec<Option<&str>> = names
            .iter()
            .map(|name| {
                while joined.next_if(|(local, _)| local.as_bytes() < name).is_some() {}
                joined.next_if(|(local, _)| local.as_bytes() == name).map(|(_, target)| target.as_str())
            })
            .collect();
        let mut others: Vec<&str> = targets.iter().flatten().copied().collect();
        others.sort_unstable();
        others.dedup();
        let mut others = others.into_iter().peekable();
        let mut values = Growing::default();
        let mut numbers: Vec<u32> = Vec::with_capacity(names.len());
        for (name, target) in names.iter().zip(&targets) {
            while let Some(other) = others.next_if(|other| other.as_bytes() < name) {
                values.push(other.as_bytes());
            }
            if target.is_none() {
                others.next_if(|other| other.as_bytes() == name);
                values.push(name);
            }
            numbers.push(values.len().saturating_sub(1) as u32);
        }
        others.for_each(|other| values.push(other.as_bytes()));
        let values = values.finish();
        for (number, target) in numbers.iter_mut().zip(&targets) {
            if let Some(target) = target {
                *number = values.find(target).unwrap_or(0) as u32;
            }
        }
        let number = |name: &u32| numbers[*name as usize];
        let by_segment = places.iter().map(|places| places.iter().map(number).collect()).collect();
        Table::new(values, names, numbers.into_iter().collect(), by_segment)
    }

    fn spellings(&self) -> &Spellings {
        self.spellings.get_or_init(|| {
            let names = self.numbers.iter().enumerate().map(|(name, number)| (self.names.get(name), number));
            let values = (0..self.values.len()).map(|value| (self.values.get(value), value as u32));
            let mut all: Vec<(String, u32)> =
                names.chain(values).map(|(name, number)| (text::fold(name).into_owned(), number)).collect();
            all.sort_unstable();
            all.dedup();
            let mut without_initials: Vec<(u64, u32)> =
                all.iter().zip(0u32..).map(|((name, _), place)| (without_initials(name), place)).collect();
            without_initials.sort_unstable();
            Spellings { all, without_initials }
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
        let Spellings { all, without_initials: bare } = self.spellings();
        let first = all.partition_point(|(name, _)| *name < folded);
        let same = all[first..].iter().take_while(|(name, _)| *name == folded);
        let mut found: Vec<u32> = same.map(|(_, number)| *number).collect();
        // A full name given: "Ana Duarte" is also "Ana B. Duarte", but not "Ana Duarte Jr".
        if wanted.len() > 1 {
            let hash = without_initials(&folded);
            let first = bare.partition_point(|(of, _)| *of < hash);
            let alike = bare[first..].iter().take_while(|(of, _)| *of == hash);
            let alike = alike.map(|(_, place)| &all[*place as usize]);
            found.extend(
                alike.filter(|(name, _)| same_without_initials(name, &wanted)).map(|(_, number)| *number),
            );
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
        for (name, number) in &self.spellings().all {
            let whole = strsim::jaro_winkler(plain, without_article(name));
            let by_word =
                name_words(name).map(|word| strsim::jaro_winkler(plain, word) * 0.97).fold(0.0f64, f64::max);
            let score = if is_initials(plain, name) { 1.0 } else { whole.max(by_word) };
            if score >= 0.86 {
                scored.push(((score * 1e6) as i64, *number));
            }
        }
        scored.sort_unstable_by_key(|(score, number)| (-score, *number));
        let mut nearest: Vec<String> = Vec::new();
        for (_, number) in scored {
            let value = self.values.get(number as usize);
            if !nearest.iter().any(|known| known == value) {
                nearest.push(value.to_owned());
            }
            if nearest.len() == 3 {
                break;
            }
        }
        nearest
    }

    fn select(&self, test: impl Fn(&str) -> bool) -> Vec<u32> {
        let all = &self.spellings().all;
        all.iter().filter(|(name, _)| test(name)).map(|(_, number)| *number).collect()
    }
}

/// The names of several segments as one list, and for each segment the place of its names there.
fn merged(mut segments: Vec<Texts>) -> (Texts, Vec<Vec<u32>>) {
    if let [only] = &mut segments[..] {
        let names = std::mem::take(only);
        let places = (0..names.len() as u32).collect();
        return (names, vec![places]);
    }
    let mut names = Growing::default();
    let mut places: Vec<Vec<u32>> =
        segments.iter().map(|segment| Vec::with_capacity(segment.len())).collect();
    // The next name of each segment that has one.
    let with_names = segments.iter().enumerate().filter(|(_, segment)| segment.len() > 0);
    let mut heads: Vec<(usize, &[u8])> = with_names.map(|(idx, segment)| (idx, segment.bytes(0))).collect();
    while let Some(next) = heads.iter().map(|(_, name)| *name).min() {
        let place = names.len() as u32;
        names.push(next);
        heads.retain_mut(|(idx, name)| {
            if *name != next {
                return true;
            }
            places[*idx].push(place);
            *name = segments[*idx].bytes(places[*idx].len());
            places[*idx].len() < segments[*idx].len()
        });
    }
    (names.finish(), places)
}

/// Words of more than one letter.
fn is_full(word: &&str) -> bool {
    word.chars().nth(1).is_some()
}

fn without_initials(name: &str) -> u64 {
    let mut hash = Fixed::new(0);
    name_words(name).filter(is_full).for_each(|word| hash.add(word.as_bytes()));
    hash.finish()
}

fn without_article(name: &str) -> &str {
    name.strip_prefix("the ").unwrap_or(name)
}

/// Whether `short` are the first letters of the words of `name`, as "ngo" of a name of three words.
fn is_initials(short: &str, name: &str) -> bool {
    let first = |name: &str| name_words(name).filter_map(|word| word.chars().next()).eq(short.chars());
    short.chars().nth(1).is_some() && (first(name) || first(without_article(name)))
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
    let mut initials = wanted.iter().copied().filter(|word| !is_full(word));
    let (mut left, mut right) = (name_words(name).filter(is_full), wanted.iter().copied().filter(is_full));
    loop {
        match (left.next(), right.next()) {
            (None, None) => break,
            (a, b) if a == b => {}
            _ => return false,
        }
    }
    // Two different initials are two persons.
    let theirs: Vec<&str> = name_words(name).filter(|word| !is_full(word)).collect();
    theirs.is_empty() || initials.all(|initial| theirs.contains(&initial))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(names: &[&str]) -> Table {
        Table::of(vec![texts(names)], None)
    }

    fn texts(names: &[&str]) -> Texts {
        let mut names = names.to_vec();
        names.sort_unstable();
        let mut texts = Growing::default();
        names.iter().for_each(|name| texts.push(name.as_bytes()));
        texts.finish()
    }

    #[test]
    fn names_of_several_segments_are_numbered_together() {
        let segments = vec![texts(&["Ana", "Cy", "Di"]), texts(&["Ana", "Bo", "Di"])];
        let canonical = [("Bo", "Zoe"), ("Cc", "Cy"), ("Di", "Ana")];
        let canonical = canonical.map(|(local, name)| (local.to_owned(), name.to_owned())).into();
        let table = Table::of(segments, Some(&canonical));
        assert_eq!(table.values, texts(&["Ana", "Cy", "Zoe"]));
        let numbers = |segment: usize| table.by_segment[segment].iter().collect::<Vec<_>>();
        assert_eq!((numbers(0), numbers(1)), (vec![0, 1, 0], vec![0, 2, 0]));
        assert_eq!((table.find("bo"), table.find("zoe"), table.find("di")), (vec![2], vec![2], vec![0]));
    }

    #[test]
    fn values_are_the_names_after_joining() {
        // Against the plain way, over every small table of joined names.
        let names = ["b", "d", "f"];
        let targets = ["", "a", "b", "c", "d", "e", "f", "g"];
        for choice in 0..targets.len().pow(3) {
            let target = |idx: usize| targets[choice / targets.len().pow(idx as u32) % targets.len()];
            let joined =
                |idx: usize| Some(target(idx)).filter(|other| !other.is_empty() && *other != names[idx]);
            let pairs = (0..3).filter_map(|idx| Some((names[idx].to_owned(), joined(idx)?.to_owned())));
            let table = Table::of(vec![texts(&names)], Some(&pairs.collect()));
            let shown = |idx: usize| joined(idx).unwrap_or(names[idx]);
            let mut expected = vec![shown(0), shown(1), shown(2)];
            expected.sort_unstable();
            expected.dedup();
            assert_eq!(table.values, texts(&expected));
            let found = table.by_segment[0].iter().map(|number| table.values.get(number as usize));
            assert_eq!(found.collect::<Vec<_>>(), [shown(0), shown(1), shown(2)]);
        }
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
        let found: Vec<&str> = table.find(value).iter().map(|n| table.values.get(*n as usize)).collect();
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
        assert_eq!(table.nearest("hp"), ["The Harbour Post"]);
        assert_eq!(table.nearest("thp"), ["The Harbour Post"]);
        assert!(table.nearest("zzz").is_empty());
    }
}
