//! Which key of a record fills which field: the shipped table, and what the user's `--map` puts before it.
//!
//! In: `lexicon/data/record_keys.tsv` and a text such as `headline=Title,body=Text`. Out: [`FieldMap`], which answers for
//! one key at a time. Knows nothing of JSON or CSV.

use std::sync::{Arc, LazyLock};

use ahash::AHashMap;

use crate::lexicon::RECORD_KEYS;
use crate::lexicon::table::{self, LexiconError};

/// A field of an article that a record can give.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// The record's own id.
    Id,
    /// Address.
    Url,
    /// Headline.
    Headline,
    /// The text.
    Body,
    /// Deck or summary.
    Standfirst,
    /// Name of the publication.
    Outlet,
    /// Domain of the publication.
    Domain,
    /// Day of publication.
    Date,
    /// Who wrote it.
    Author,
    /// Section or category.
    Section,
    /// Language.
    Lang,
}

impl Field {
    /// All fields, in the order of their slots.
    pub const ALL: [Field; 11] = [
        Field::Id,
        Field::Url,
        Field::Headline,
        Field::Body,
        Field::Standfirst,
        Field::Outlet,
        Field::Domain,
        Field::Date,
        Field::Author,
        Field::Section,
        Field::Lang,
    ];

    /// The name used in `--map` and in messages.
    pub const fn name(self) -> &'static str {
        match self {
            Field::Id => "id",
            Field::Url => "url",
            Field::Headline => "headline",
            Field::Body => "body",
            Field::Standfirst => "standfirst",
            Field::Outlet => "outlet",
            Field::Domain => "domain",
            Field::Date => "date",
            Field::Author => "author",
            Field::Section => "section",
            Field::Lang => "lang",
        }
    }

    /// The field of that name.
    pub(crate) fn by_name(name: &str) -> Option<Field> {
        let name = if name == "authors" { "author" } else { name };
        Field::ALL.into_iter().find(|field| field.name() == name)
    }
}

/// What a key stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// It gives a field.
    Field(Field),
    /// Its object's keys count as keys of the record.
    Wrapper,
    /// Only longer keys, `key.inner`, mean something.
    Stem,
}

/// One key's meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct KeyUse {
    /// What it stands for.
    pub(crate) role: Role,
    /// Smaller wins among the keys of one field.
    pub(crate) rank: u8,
    /// Whether longer keys, `key.inner`, are known too.
    pub(crate) is_stem: bool,
}

/// A `--map` that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MapError {
    /// A part without `=`, or with nothing on one side.
    #[error("`{part}` is not of the form FIELD=KEY")]
    NotAPair {
        /// The part.
        part: String,
    },
    /// A field that does not exist.
    #[error(
        "no field is called `{field}`; fields are id, url, headline, body, standfirst, outlet, domain, date, author, section, lang"
    )]
    UnknownField {
        /// The name as given.
        field: String,
    },
}

/// The meaning of keys: the shipped table with the user's own keys before it. Cheap to clone.
///
/// ```ignore
/// let map = FieldMap::parse("headline=Title,body=Full text")?;
/// ```
#[derive(Clone)]
pub struct FieldMap {
    table: Arc<Table>,
    given: String,
}

impl Default for FieldMap {
    fn default() -> Self {
        FieldMap { table: Arc::clone(&SHIPPED), given: String::new() }
    }
}

impl std::fmt::Debug for FieldMap {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "FieldMap({})", self.given)
    }
}

impl PartialEq for FieldMap {
    fn eq(&self, other: &Self) -> bool {
        self.given == other.given
    }
}

impl FieldMap {
    /// The shipped table with the pairs of `text` (`FIELD=KEY,FIELD=KEY`) before it. A key may step into an object with
    /// dots. Several keys for one field: the one that has a value first in the record wins. Empty text gives the shipped table.
    ///
    /// # Errors
    /// A part that is no pair, or a field that does not exist.
    pub fn parse(text: &str) -> Result<Self, MapError> {
        let mut table = Table::clone(&SHIPPED);
        for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            let pair = part.split_once('=').map(|(field, key)| (field.trim(), key.trim()));
            let Some((field, key)) = pair.filter(|(field, key)| !field.is_empty() && !key.is_empty()) else {
                return Err(MapError::NotAPair { part: part.to_owned() });
            };
            let field = Field::by_name(&field.to_lowercase())
                .ok_or_else(|| MapError::UnknownField { field: field.to_owned() })?;
            // Rank 0 lies before every shipped key.
            table.insert(&plain(key), Role::Field(field), 0);
        }
        Ok(FieldMap { table: Arc::new(table), given: text.trim().to_owned() })
    }

    /// The pairs as the user gave them; empty for the shipped table alone.
    pub fn as_given(&self) -> &str {
        &self.given
    }

    /// What `key` means. `key` may be written in any case and with any separators.
    pub(crate) fn key(&self, key: &str) -> Option<KeyUse> {
        self.lookup("", key)
    }

    /// What the key `inner` of the object under `stem` means.
    pub(crate) fn inner_key(&self, stem: &str, inner: &str) -> Option<KeyUse> {
        self.lookup(stem, inner)
    }

    /// Whether arrays under `key` are known to hold records.
    pub(crate) fn is_list(&self, key: &str) -> bool {
        self.table.lists.iter().any(|list| *list == plain(key))
    }

    fn lookup(&self, stem: &str, key: &str) -> Option<KeyUse> {
        // Longer keys are none of ours; the fixed buffer keeps the hot path free of allocation.
        let mut buffer = [0u8; MAX_KEY];
        let mut len = 0;
        let parts = [stem.as_bytes(), if stem.is_empty() { b"" } else { b"." }, key.as_bytes()];
        for (idx, part) in parts.into_iter().enumerate() {
            for byte in part {
                let byte = match byte {
                    b'a'..=b'z' | b'0'..=b'9' | 0x80.. => *byte,
                    b'A'..=b'Z' => byte.to_ascii_lowercase(),
                    b'.' if idx < 2 || stem.is_empty() => *byte,
                    b'_' if len == 0 => *byte,
                    _ => continue,
                };
                *buffer.get_mut(len)? = byte;
                len += 1;
            }
        }
        self.table.uses.get(&buffer[..len]).copied()
    }
}

const MAX_KEY: usize = 64;

#[derive(Clone, Default)]
struct Table {
    uses: AHashMap<Box<[u8]>, KeyUse>,
    lists: Vec<String>,
}

impl Table {
    fn insert(&mut self, key: &str, role: Role, rank: u8) {
        let is_stem = self.uses.get(key.as_bytes()).is_some_and(|known| known.is_stem);
        self.uses.insert(key.as_bytes().into(), KeyUse { role, rank, is_stem });
        for (at, _) in key.match_indices('.') {
            let stem = &key.as_bytes()[..at];
            let entry = self.uses.entry(stem.into());
            entry.or_insert(KeyUse { role: Role::Stem, rank: u8::MAX, is_stem: true }).is_stem = true;
        }
    }

    fn load() -> Result<Table, LexiconError> {
        let mut table = Table::default();
        for row in table::rows(FILE, TEXT, 4)? {
            let (key, role) = (plain(row.columns[0]), row.columns[1]);
            let rank = row.columns[2].parse::<u8>().ok().filter(|rank| *rank > 0);
            let Some(rank) = rank else {
                return Err(LexiconError::at(FILE, row.line, "the rank is a number from 1"));
            };
            match role {
                "list" => table.lists.push(key),
                "wrapper" => table.insert(&key, Role::Wrapper, rank),
                name => match Field::by_name(name) {
                    Some(field) => table.insert(&key, Role::Field(field), rank),
                    None => return Err(LexiconError::at(FILE, row.line, format!("no field `{name}`"))),
                },
            }
        }
        Ok(table)
    }
}

fn plain(key: &str) -> String {
    let is_kept = |(at, c): &(usize, char)| {
        c.is_ascii_alphanumeric() || *c == '.' || !c.is_ascii() || (*c == '_' && *at == 0)
    };
    key.char_indices().filter(is_kept).map(|(_, c)| c.to_ascii_lowercase()).collect()
}

const FILE: &str = RECORD_KEYS.0;
const TEXT: &str = RECORD_KEYS.1;

static SHIPPED: LazyLock<Arc<Table>> = LazyLock::new(|| {
    Arc::new(Table::load().expect("the shipped keys are checked by the test `shipped_keys_load`"))
});

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(map: &str, key: &str, expected: Option<(Field, u8)>) {
        let map = FieldMap::parse(map).unwrap();
        let found = map.key(key).and_then(|key| match key.role {
            Role::Field(field) => Some((field, key.rank)),
            _ => None,
        });
        assert_eq!(found, expected, "{key}");
    }

    #[test]
    fn shipped_keys_load() {
        if let Err(error) = Table::load() {
            panic!("{error}");
        }
    }

    #[test]
    fn keys_are_compared_without_case_and_separators() {
        check("", "publishedAt", Some((Field::Date, 1)));
        check("", "Published At", Some((Field::Date, 1)));
        check("", "dc:creator", Some((Field::Author, 3)));
        check("", "_source", None);
        check("", "source", Some((Field::Outlet, 4)));
        check("", "parsed_date", None);
        check("", "indexed_date", None);
        check("", &"x".repeat(10_000), None);
    }

    #[test]
    fn the_users_map_comes_first() {
        check("body=Words Said, headline = T", "words said", Some((Field::Body, 0)));
        check("body=a.b", "a", None);
        let map = FieldMap::parse("body=a.b").unwrap();
        assert!(map.key("a").is_some_and(|key| key.is_stem));
        assert!(map.inner_key("a", "B").is_some());
        assert!(map.key("thread").is_some_and(|key| key.is_stem));
    }

    #[test]
    fn says_what_is_wrong_with_a_map() {
        assert!(matches!(FieldMap::parse("body"), Err(MapError::NotAPair { .. })));
        assert!(matches!(FieldMap::parse("boddy=x"), Err(MapError::UnknownField { .. })));
    }
}
