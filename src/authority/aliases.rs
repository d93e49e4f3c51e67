//! The alias file: which names are one, by somebody's word rather than by rule.
//!
//! In: TOML text and the name it is known by. Out: [`Aliases`], checked; errors name `file:line`. Knows nothing of counts.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Deserialize;
use toml::Spanned;

use super::words::loose_key;

/// What is wrong with an alias file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AuthorityError {
    /// The file is not well-formed, or has a key that means nothing.
    #[error("{file}:{line}: {message}")]
    Syntax {
        /// The file.
        file: String,
        /// Line, from 1.
        line: usize,
        /// What the reader expected.
        message: String,
    },
    /// A name is empty.
    #[error("{file}:{line}: empty name")]
    EmptyName {
        /// The file.
        file: String,
        /// Line, from 1.
        line: usize,
    },
    /// One name would belong to two canonical names.
    #[error("{file}:{line}: \"{alias}\" belongs to \"{canonical}\" already (line {first_line})")]
    Twice {
        /// The file.
        file: String,
        /// Line of the second, from 1.
        line: usize,
        /// The name.
        alias: String,
        /// Canonical name it has.
        canonical: String,
        /// Line of the first.
        first_line: usize,
    },
    /// A date of a role cannot be read, or the role ends before it begins.
    #[error("{file}:{line}: {message}")]
    BadDate {
        /// The file.
        file: String,
        /// Line, from 1.
        line: usize,
        /// What is wrong.
        message: String,
    },
}

/// An office somebody held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldRole {
    /// The office.
    pub role: String,
    /// First day; `None`: not said.
    pub from: Option<Date>,
    /// Last day; `None`: not said or still.
    pub to: Option<Date>,
}

/// Canonical names by the [`loose_key`] of every name that stands for them, the canonical names themselves included.
#[derive(Debug, Clone, Default)]
pub(super) struct Aliases {
    pub(super) canonical_of: BTreeMap<String, String>,
    pub(super) roles: BTreeMap<String, Vec<HeldRole>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    name: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    canonical: Spanned<String>,
    #[serde(default)]
    aliases: Vec<Spanned<String>>,
    #[serde(default)]
    roles: Vec<RoleEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RoleEntry {
    role: Spanned<String>,
    from: Option<Spanned<String>>,
    to: Option<Spanned<String>>,
}

fn line_of(text: &str, at: usize) -> usize {
    1 + text.as_bytes().iter().take(at).filter(|byte| **byte == b'\n').count()
}

impl Aliases {
    /// Reads and checks a file.
    pub(super) fn parse(text: &str, file: &str) -> Result<Aliases, AuthorityError> {
        let parsed: File = toml::from_str(text).map_err(|error| AuthorityError::Syntax {
            file: file.to_owned(),
            line: error.span().map_or(1, |span| line_of(text, span.start)),
            message: error.message().to_owned(),
        })?;
        let mut aliases = Aliases::default();
        let mut lines: BTreeMap<String, usize> = BTreeMap::new();
        for entry in &parsed.name {
            let canonical = entry.canonical.get_ref();
            for name in std::iter::once(&entry.canonical).chain(&entry.aliases) {
                let line = line_of(text, name.span().start);
                let key = loose_key(name.get_ref());
                if key.is_empty() {
                    return Err(AuthorityError::EmptyName { file: file.to_owned(), line });
                }
                if let Some(other) = aliases.canonical_of.get(&key)
                    && other != canonical
                {
                    return Err(AuthorityError::Twice {
                        file: file.to_owned(),
                        line,
                        alias: name.get_ref().clone(),
                        canonical: other.clone(),
                        first_line: lines.get(&key).copied().unwrap_or(1),
                    });
                }
                lines.entry(key.clone()).or_insert(line);
                aliases.canonical_of.insert(key, canonical.clone());
            }
            let roles =
                entry.roles.iter().map(|role| held_role(role, text, file)).collect::<Result<Vec<_>, _>>()?;
            if !roles.is_empty() {
                aliases.roles.entry(canonical.clone()).or_default().extend(roles);
            }
        }
        Ok(aliases)
    }

    /// `self` with `later` on top: where both speak of a name, `later` has the last word.
    pub(super) fn overridden_by(mut self, later: Aliases) -> Aliases {
        for canonical in self.canonical_of.values_mut() {
            if let Some(other) = later.canonical_of.get(&loose_key(canonical)) {
                canonical.clone_from(other);
            }
        }
        self.canonical_of.extend(later.canonical_of);
        self.roles.extend(later.roles);
        self
    }
}

fn held_role(entry: &RoleEntry, text: &str, file: &str) -> Result<HeldRole, AuthorityError> {
    let date = |value: &Option<Spanned<String>>| match value {
        None => Ok(None),
        Some(value) => value.get_ref().parse::<Date>().map(Some).map_err(|_| AuthorityError::BadDate {
            file: file.to_owned(),
            line: line_of(text, value.span().start),
            message: format!("\"{}\" is no date (expected YYYY-MM-DD)", value.get_ref()),
        }),
    };
    let (from, to) = (date(&entry.from)?, date(&entry.to)?);
    if let (Some(from), Some(to)) = (from, to)
        && to < from
    {
        let line = line_of(text, entry.role.span().start);
        let message = format!("\"{}\" ends before it begins", entry.role.get_ref());
        return Err(AuthorityError::BadDate { file: file.to_owned(), line, message });
    }
    Ok(HeldRole { role: entry.role.get_ref().clone(), from, to })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        match Aliases::parse(text, "mine.toml") {
            Ok(_) => assert_eq!(expected, ""),
            Err(error) => assert_eq!(error.to_string(), expected),
        }
    }

    #[test]
    fn errors_name_file_and_line() {
        check("[[name]]\ncanonical = \"Ana Ruiz\"\naliases = [\"A. Ruiz\"]\n", "");
        check("[[name]]\ncanonical = \"\"\n", "mine.toml:2: empty name");
        check(
            "[[name]]\ncanonical = \"Ana Ruiz\"\naliases = [\"Annie\"]\n[[name]]\ncanonical = \"Ann Lee\"\naliases = [\n\"annie\"]\n",
            "mine.toml:7: \"annie\" belongs to \"Ana Ruiz\" already (line 3)",
        );
        check(
            "[[name]]\ncanonical = \"Ana Ruiz\"\nroles = [{ role = \"mayor\", from = \"2020-13-01\" }]\n",
            "mine.toml:3: \"2020-13-01\" is no date (expected YYYY-MM-DD)",
        );
        check(
            "[[name]]\ncanonical = \"Ana Ruiz\"\nroles = [{ role = \"mayor\", from = \"2020-02-01\", to = \"2019-01-01\" }]\n",
            "mine.toml:3: \"mayor\" ends before it begins",
        );
        assert!(matches!(
            Aliases::parse("[[name]\n", "mine.toml"),
            Err(AuthorityError::Syntax { line: 1, .. })
        ));
        assert!(matches!(
            Aliases::parse("[[name]]\ncanonical = \"A B\"\nalias = []\n", "f"),
            Err(AuthorityError::Syntax { line: 3, .. })
        ));
    }
}
