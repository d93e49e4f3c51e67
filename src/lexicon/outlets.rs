//! Publications: canonical names, other names, domains. Loads `data/outlets.toml`.
//!
//! In: a name or a host as found. Out: the canonical name, or nothing; no guess is made here.

use std::collections::BTreeMap;

use ahash::AHashMap;
use serde::Deserialize;

use super::LexiconError;
use crate::text::fold;

const TABLE: &str = include_str!("data/outlets.toml");

#[derive(Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
struct Entry {
    #[serde(default)]
    domains: Vec<String>,
    #[serde(default)]
    aliases: Vec<String>,
    #[serde(default)]
    common: bool,
}

/// Rules of this part.
#[derive(Debug, Default)]
pub struct Outlets {
    names: Vec<String>,
    by_name: AHashMap<String, usize>,
    by_domain: AHashMap<String, usize>,
    /// Names that share their letters with another one, as they are written.
    by_spelling: AHashMap<String, usize>,
    /// Whose names are words of the language too.
    is_common: Vec<bool>,
}

impl Outlets {
    pub(super) fn load() -> Result<Self, LexiconError> {
        Outlets::read(TABLE)
    }

    fn read(text: &str) -> Result<Self, LexiconError> {
        let file = "outlets.toml";
        let entries = match plain_entries(text) {
            Some(entries) => entries,
            None => toml::from_str(text).map_err(|error| {
                let start = error.span().map_or(0, |span| span.start);
                let line = text.get(..start).map_or(0, |before| before.matches('\n').count() + 1);
                LexiconError::at(file, line, error.message().replace('\n', " "))
            })?,
        };
        let mut outlets = Outlets::default();
        for (name, entry) in &entries {
            let idx = outlets.names.len();
            outlets.names.push(name.clone());
            outlets.is_common.push(entry.common);
            if let Some(other) = outlets.by_name.insert(name_key(name), idx) {
                outlets.by_spelling.insert(outlets.names[other].clone(), other);
                outlets.by_spelling.insert(name.clone(), idx);
            }
            for domain in &entry.domains {
                if let Some(other) = outlets.by_domain.insert(domain.to_lowercase(), idx) {
                    let message = format!("`{domain}` is given to {name} and to {}", outlets.names[other]);
                    return Err(LexiconError::at(file, line_of(text, name), message));
                }
            }
        }
        for (name, entry) in &entries {
            let Some(&idx) = outlets.by_name.get(&name_key(name)) else { continue };
            for alias in &entry.aliases {
                let known = *outlets.by_name.entry(name_key(alias)).or_insert(idx);
                if known != idx {
                    let message = format!("`{alias}` is given to {name} and to {}", outlets.names[known]);
                    return Err(LexiconError::at(file, line_of(text, name), message));
                }
            }
        }
        Ok(outlets)
    }

    /// The canonical name of the publication that goes by `name`, where the table knows it.
    pub fn by_name(&self, name: &str) -> Option<&str> {
        self.idx_of(name).map(|idx| self.names[idx].as_str())
    }

    /// The same for words that merely stand on a page: nothing where they are words of the language too ("Time", "The Day").
    pub fn in_text(&self, words: &str) -> Option<&str> {
        let idx = self.idx_of(words)?;
        (!self.is_common[idx]).then(|| self.names[idx].as_str())
    }

    fn idx_of(&self, name: &str) -> Option<usize> {
        let by_letters = *self.by_name.get(&name_key(name))?;
        Some(self.by_spelling.get(name.trim()).copied().unwrap_or(by_letters))
    }

    /// The canonical name of the publication that prints on `host` ("www.example.org", "m.example.org").
    pub fn by_domain(&self, host: &str) -> Option<&str> {
        self.by_host(host).map(|(name, _)| name)
    }

    /// The same, with the labels of `host` before the domain that the table knows ("finance" of "finance.example.org").
    pub fn by_host(&self, host: &str) -> Option<(&str, String)> {
        let host = host.trim().trim_end_matches('.').to_lowercase();
        let mut rest = host.as_str();
        loop {
            if let Some(&idx) = self.by_domain.get(rest) {
                let labels = host[..host.len() - rest.len()].trim_end_matches('.').to_owned();
                return Some((&self.names[idx], labels));
            }
            rest = rest.split_once('.')?.1;
        }
    }

    /// `name` in its canonical form, or as it is where the table does not know it.
    pub fn canonical<'n>(&'n self, name: &'n str) -> &'n str {
        self.by_name(name).unwrap_or(name)
    }
}

/// The entries of a table that keeps to one entry a line, as the embedded one does; `None` where it says anything else, which
/// the full reader then understands or names. Every run that reads an article waits for this table: so it is there in half
/// the time.
fn plain_entries(text: &str) -> Option<BTreeMap<String, Entry>> {
    fn plain(text: &str) -> Option<String> {
        (!text.contains(['"', '\\'])).then(|| text.to_owned())
    }
    fn unquoted(text: &str) -> Option<&str> {
        text.strip_prefix('"')?.strip_suffix('"')
    }
    fn list(text: &str) -> Option<Vec<String>> {
        if text.is_empty() { Some(Vec::new()) } else { unquoted(text)?.split("\", \"").map(plain).collect() }
    }
    let mut entries = BTreeMap::new();
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let (name, rest) = line.split_once(" = { domains = [")?;
        let (domains, rest) = rest.split_once("], aliases = [")?;
        let (aliases, rest) = rest.split_once(']')?;
        let common = match rest {
            " }" => false,
            ", common = true }" => true,
            _ => return None,
        };
        let entry = Entry { domains: list(domains)?, aliases: list(aliases)?, common };
        if entries.insert(plain(unquoted(name)?)?, entry).is_some() {
            return None;
        }
    }
    Some(entries)
}

/// What two ways of writing one name share: lower case, no accents, marks or leading "the".
pub fn name_key(name: &str) -> String {
    if name.is_ascii() {
        let plain = name.trim();
        let has_the = plain.get(..4).is_some_and(|head| head.eq_ignore_ascii_case("the "));
        let rest = &plain.as_bytes()[if has_the { 4 } else { 0 }..];
        let mut key = String::with_capacity(rest.len());
        let letters = rest.iter().filter(|byte| byte.is_ascii_alphanumeric());
        key.extend(letters.map(|byte| char::from(byte.to_ascii_lowercase())));
        return key;
    }
    let folded = fold(name);
    let plain = folded.trim().strip_prefix("the ").unwrap_or(folded.trim());
    plain.chars().filter(|c| c.is_alphanumeric()).collect()
}

fn line_of(text: &str, name: &str) -> usize {
    text.lines().position(|line| line.contains(name)).map_or(0, |idx| idx + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(found: Option<&str>, expected: Option<&str>) {
        assert_eq!(found, expected);
    }

    #[test]
    fn finds_by_name_and_domain() {
        let outlets = Outlets::load().expect("embedded table loads");
        check(outlets.by_name("NYT"), Some("The New York Times"));
        check(outlets.by_name("new york times"), Some("The New York Times"));
        check(outlets.by_domain("www.nytimes.com"), Some("The New York Times"));
        check(outlets.by_domain("edition.cnn.com."), Some("CNN"));
        check(outlets.by_domain("example.org"), None);
        check(outlets.by_domain(""), None);
        check(outlets.by_name(""), None);
        check(outlets.by_name("TIME"), Some("Time"));
        check(outlets.in_text("TIME"), None);
        check(outlets.in_text("Reuters"), Some("Reuters"));
        check(outlets.by_name("Daily Star"), Some("Daily Star"));
        check(outlets.by_name("The Daily Star"), Some("The Daily Star"));
        check(outlets.by_domain("dailystar.co.uk"), Some("Daily Star"));
        assert_eq!(outlets.canonical("Ellery Gazette"), "Ellery Gazette");
    }

    #[test]
    fn both_readers_understand_the_table_alike() {
        let full: BTreeMap<String, Entry> = toml::from_str(TABLE).expect("the table is TOML");
        assert_eq!(plain_entries(TABLE), Some(full));
        for other in ["A = { domains = [] }", "\"A\" = { domains = [], aliases = [\"\\u0042\"] }"] {
            assert_eq!(plain_entries(other), None);
        }
    }

    #[test]
    fn wrong_entries_are_named() {
        let error = |text: &str| Outlets::read(text).map(|_| ()).map_err(|error| error.to_string());
        assert_eq!(
            error("# x\nA = { domains = [\"a.org\"] }\nB = { domains = [\"a.org\"] }\n"),
            Err("outlets.toml:3: `a.org` is given to B and to A".to_owned())
        );
        assert!(
            error("\nA = { domain = [] }\n").is_err_and(|message| message.starts_with("outlets.toml:2: "))
        );
    }
}
