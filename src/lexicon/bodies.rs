//! What bodies are called for short, and the things they issue: "the agency", "the report".
//!
//! In: the tables named in [`FILES`]. Out: [`Bodies`], asked by [`word_key`]. Must not know where in a text a word stands.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;

use super::people::{KeyHasher, word_key};
use super::table::{LexiconError, rows};

/// Data files of this part: name and text.
pub(super) const FILES: &[(&str, &str)] =
    &[("bodies.tsv", include_str!("data/bodies.tsv")), ("documents.tsv", include_str!("data/documents.tsv"))];

type ByKey<T> = HashMap<u64, T, BuildHasherDefault<KeyHasher>>;

/// Kinds of bodies and families of documents, as bits.
#[derive(Debug, Default)]
pub struct Bodies {
    names: ByKey<u32>,
    nouns: ByKey<u32>,
    documents: ByKey<u32>,
    issuing: ByKey<()>,
    kinds: Vec<String>,
    families: Vec<String>,
}

impl Bodies {
    /// Kinds of body that have this word in their name; 0: it tells nothing.
    pub fn of_name(&self, word: u64) -> u32 {
        self.names.get(&word).copied().unwrap_or(0)
    }

    /// Kinds of body that this noun can mean; `None`: it is no such noun.
    pub fn of_noun(&self, noun: u64) -> Option<u32> {
        self.nouns.get(&noun).copied()
    }

    /// The bit of a kind by its name in the table; 0: there is none of this name.
    pub fn kind(&self, name: &str) -> u32 {
        self.kinds.iter().position(|kind| kind == name).map_or(0, |idx| 1 << idx)
    }

    /// Families of a noun for something written; 0: it is none.
    pub fn document(&self, noun: u64) -> u32 {
        self.documents.get(&noun).copied().unwrap_or(0)
    }

    /// Nouns for something written, by key, in no order.
    pub(super) fn all_documents(&self) -> impl Iterator<Item = u64> {
        self.documents.keys().copied()
    }

    /// Whether this form of a verb makes its subject the issuer of a document.
    pub fn issues(&self, verb: u64) -> bool {
        self.issuing.contains_key(&verb)
    }

    pub(super) fn load() -> Result<Self, LexiconError> {
        let mut bodies = Bodies::default();
        for (file, text) in FILES {
            for row in rows(file, text, 4)? {
                let key = word_key(row.columns[0]);
                let names = row.columns[2];
                let named = match *file {
                    "bodies.tsv" => bits(&mut bodies.kinds, names),
                    _ => bits(&mut bodies.families, names),
                };
                let bits = named.ok_or_else(|| LexiconError::at(file, row.line, "more than 32 kinds"))?;
                match (*file, row.columns[1]) {
                    ("bodies.tsv", "name") => *bodies.names.entry(key).or_default() |= bits,
                    ("bodies.tsv", "noun") => *bodies.nouns.entry(key).or_default() |= bits,
                    ("documents.tsv", "noun") => *bodies.documents.entry(key).or_default() |= bits,
                    ("documents.tsv", "verb") => {
                        bodies.issuing.insert(key, ());
                    }
                    (_, other) => {
                        return Err(LexiconError::at(file, row.line, format!("unknown use \"{other}\"")));
                    }
                }
            }
        }
        Ok(bodies)
    }
}

/// The bits of a comma-separated list of names, new names added; `-` is none.
fn bits(known: &mut Vec<String>, names: &str) -> Option<u32> {
    let mut bits = 0;
    for name in names.split(',').filter(|name| *name != "-") {
        let idx = known.iter().position(|other| other == name).unwrap_or_else(|| {
            known.push(name.to_owned());
            known.len() - 1
        });
        bits |= 1u32.checked_shl(u32::try_from(idx).ok()?)?;
    }
    Some(bits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nouns_mean_the_bodies_whose_names_fit() {
        let bodies = match Bodies::load() {
            Ok(bodies) => bodies,
            Err(error) => panic!("{error}"),
        };
        let means = |noun: &str, name: &str| {
            bodies.of_noun(word_key(noun)).unwrap_or(0) & bodies.of_name(word_key(name)) != 0
        };
        assert!(means("agency", "Bureau"));
        assert!(means("company", "Corp."));
        assert!(means("group", "Alliance"));
        assert!(!means("company", "Senate"));
        assert!(!means("agency", "Airlines"));
        assert_eq!(bodies.of_noun(word_key("teapot")), None);
        assert_ne!(bodies.document(word_key("report")) & bodies.document(word_key("study")), 0);
        assert_eq!(bodies.document(word_key("report")) & bodies.document(word_key("letter")), 0);
        assert!(bodies.issues(word_key("released")));
    }
}
