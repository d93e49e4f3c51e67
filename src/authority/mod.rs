//! Names across articles: which local names are one person, one facet value.
//!
//! In: every name the articles of an index give, with how many articles carry it. Out: for each name that has another canonical
//! name than itself, that name. A function of its arguments alone, so that an updated index and a rebuilt one agree. The
//! alias file has the last word.
//!
//! * `aliases`: the alias file, embedded and the user's
//! * `typed`: a name as somebody types it, without its titles
//! * `words`: one name cut into comparable words
//! * `join`: the rules

mod aliases;
mod join;
mod typed;
mod words;

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

pub use aliases::{AuthorityError, HeldRole};
pub use typed::without_titles;

use crate::lexicon::Lexicon;
use aliases::Aliases;

const ALIASES: &str = include_str!("data/aliases.toml");
const NICKNAMES: &str = include_str!("data/nicknames.tsv");

/// A name as one article completes it, and how many articles of the index carry it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameCount {
    /// The name.
    pub name: String,
    /// Articles.
    pub articles: u64,
}

/// Aliases and the joining rules.
#[derive(Clone, Debug)]
pub struct Authority {
    /// The user's aliases over the embedded ones; `None`: the embedded ones.
    own: Option<Arc<Aliases>>,
    hash: String,
}

/// Aliases and nicknames compiled into the program; read when names are first joined, not when an index is opened.
static EMBEDDED: LazyLock<(Aliases, BTreeMap<String, Vec<String>>)> = LazyLock::new(|| {
    let aliases = Aliases::parse(ALIASES, "aliases.toml")
        .expect("embedded aliases are checked by the test `embedded_data_loads`");
    let nicknames =
        join::nicknames(NICKNAMES).expect("embedded nicknames are checked by the test `embedded_data_loads`");
    (aliases, nicknames)
});

impl Default for Authority {
    fn default() -> Self {
        Authority::embedded()
    }
}

impl Authority {
    /// The aliases compiled into the program.
    pub fn embedded() -> Self {
        Authority { own: None, hash: hash_of(&[ALIASES, NICKNAMES, Lexicon::embedded().hash()]) }
    }

    /// These rules with the user's alias file on top; `file` is its name for messages.
    ///
    /// # Errors
    /// The file is not well-formed, names nothing, or gives one name to two.
    pub fn with_user(self, text: &str, file: &str) -> Result<Self, AuthorityError> {
        let hash = hash_of(&[&self.hash, text]);
        let aliases = self.aliases().clone().overridden_by(Aliases::parse(text, file)?);
        Ok(Authority { own: Some(Arc::new(aliases)), hash })
    }

    fn aliases(&self) -> &Aliases {
        self.own.as_deref().unwrap_or(&EMBEDDED.0)
    }

    /// Canonical name of every name that has another one than itself. A function of its arguments alone, whatever their order.
    pub fn join(&self, names: &[NameCount]) -> BTreeMap<String, String> {
        join::join(self.aliases(), &EMBEDDED.1, &Lexicon::embedded().people, names)
    }

    /// The canonical name that the alias files give `name`; `None` when they do not speak of it.
    pub fn canonical(&self, name: &str) -> Option<&str> {
        self.aliases().canonical_of.get(&words::loose_key(name)).map(String::as_str)
    }

    /// Offices that the alias files give somebody.
    pub fn roles(&self, canonical: &str) -> &[HeldRole] {
        self.aliases().roles.get(canonical).map_or(&[], Vec::as_slice)
    }

    /// Hash over aliases, nicknames and the words they are compared by: another hash may join names differently.
    pub fn hash(&self) -> &str {
        &self.hash
    }
}

fn hash_of(parts: &[&str]) -> String {
    let mut hasher = blake3::Hasher::new();
    for part in parts {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    }
    hasher.finalize().to_hex()[..16].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(authority: &Authority, names: &[(&str, u64)], expected: &[(&str, &str)]) {
        let mut counts: Vec<NameCount> = names
            .iter()
            .map(|(name, articles)| NameCount { name: (*name).to_owned(), articles: *articles })
            .collect();
        let joined = authority.join(&counts);
        let found: Vec<(&str, &str)> =
            joined.iter().map(|(name, canonical)| (name.as_str(), canonical.as_str())).collect();
        assert_eq!(found, expected);
        counts.reverse();
        assert_eq!(authority.join(&counts), joined, "the order of the names must not matter");
    }

    #[test]
    fn embedded_data_loads() {
        if let Err(error) = Aliases::parse(ALIASES, "aliases.toml") {
            panic!("{error}");
        }
        if let Err(error) = join::nicknames(NICKNAMES) {
            panic!("{error}");
        }
    }

    #[test]
    fn a_surname_joins_its_only_or_dominant_bearer() {
        let authority = Authority::embedded();
        check(&authority, &[("Ana Duarte", 3), ("Duarte", 9)], &[("Duarte", "Ana Duarte")]);
        check(
            &authority,
            &[("Ana Duarte", 40), ("Leo Duarte", 2), ("Duarte", 9)],
            &[("Duarte", "Ana Duarte")],
        );
        check(&authority, &[("Ana Duarte", 4), ("Leo Duarte", 3), ("Duarte", 9)], &[]);
        check(
            &authority,
            &[("Ana Wasser Holm", 4), ("Wasser Holm", 3)],
            &[("Wasser Holm", "Ana Wasser Holm")],
        );
    }

    #[test]
    fn spellings_of_one_name_join() {
        let authority = Authority::embedded();
        check(
            &authority,
            &[("Ana M. Duarte", 3), ("Ana Duarte", 9), ("Sen. Ana Duarte", 1)],
            &[("Ana M. Duarte", "Ana Duarte"), ("Sen. Ana Duarte", "Ana Duarte")],
        );
        check(&authority, &[("Zoë Łuczak", 3), ("Zoe Luczak", 2)], &[("Zoe Luczak", "Zoë Łuczak")]);
        check(&authority, &[("Bob Tarrow", 3), ("Robert Tarrow", 9)], &[("Bob Tarrow", "Robert Tarrow")]);
        check(
            &authority,
            &[("Bob Tarrow", 3), ("Robert Tarrow", 9), ("Rob Tarrow", 1), ("Bobby Tarrow", 1)],
            &[
                ("Bob Tarrow", "Robert Tarrow"),
                ("Bobby Tarrow", "Robert Tarrow"),
                ("Rob Tarrow", "Robert Tarrow"),
            ],
        );
        check(
            &authority,
            &[("the Water Board", 3), ("Water Board", 9)],
            &[("the Water Board", "Water Board")],
        );
        check(
            &authority,
            &[("President Trump", 2), ("Donald J. Trump", 9), ("Donald Trump", 1)],
            &[("Donald J. Trump", "Donald Trump"), ("President Trump", "Donald Trump")],
        );
    }

    #[test]
    fn different_people_stay_apart() {
        let authority = Authority::embedded();
        check(&authority, &[("Ana Duarte", 5), ("Leo Duarte", 5)], &[]);
        check(&authority, &[("Leo Duarte", 5), ("Leo Duarte Jr.", 5)], &[]);
        check(&authority, &[("Leo A. Duarte", 5), ("Leo B. Duarte", 5), ("Leo Duarte", 5)], &[]);
        check(&authority, &[("Kerry Boston", 5), ("Boston", 5)], &[]);
        check(&authority, &[("Al Duarte", 5), ("Albert Duarte", 5), ("Alan Duarte", 5)], &[]);
        check(&authority, &[("Rafael Cruz", 5), ("Ted Cruz", 9)], &[]);
        check(&authority, &[("Bloomberg", 5), ("Michael Bloomberg", 9)], &[]);
        check(&authority, &[("State", 5), ("Islamic State", 9)], &[]);
    }

    #[test]
    fn a_hundred_thousand_names_join_at_once() {
        // One surname for a fifth of them: work that grew with the square of the namesakes would not end.
        let names: Vec<NameCount> = (0..100_000u64)
            .map(|n| {
                let name = match n % 5 {
                    0 => format!("Ana{n} Duarte"),
                    1 => format!("Ana{} M. Holm{}", n % 7_000, n % 900),
                    2 => format!("Holm{n}"),
                    3 => format!("Trent Water Board of Place{n}"),
                    _ => format!("Ana{} Wasser Holm{}", n % 7_000, n % 900),
                };
                NameCount { name, articles: 1 + n % 9 }
            })
            .collect();
        let joined = Authority::embedded().join(&names);
        assert!(joined.iter().all(|(name, canonical)| name != canonical));
        assert!(joined.values().all(|canonical| !joined.contains_key(canonical)), "no chains");
    }

    #[test]
    fn the_users_file_has_the_last_word() {
        let text = "[[name]]\ncanonical = \"Duarte (poet)\"\naliases = [\"Duarte\"]\n[[name]]\ncanonical = \"Donald J. Trump\"\naliases = [\"Donald Trump\"]\n";
        let authority = match Authority::embedded().with_user(text, "mine.toml") {
            Ok(authority) => authority,
            Err(error) => panic!("{error}"),
        };
        check(
            &authority,
            &[("Ana Duarte", 5), ("Duarte", 5), ("Donald Trump", 5), ("President Trump", 1)],
            &[
                ("Donald Trump", "Donald J. Trump"),
                ("Duarte", "Duarte (poet)"),
                ("President Trump", "Donald J. Trump"),
            ],
        );
        assert_ne!(authority.hash(), Authority::embedded().hash());
    }
}
