//! Saved searches and history: small files in the user's state folder.
//!
//! A saved search keeps the query and its narrowing as the flags they were given with, and for each index the ids it
//! has already shown, so that `--new` can tell what came since.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use serde::{Deserialize, Serialize};

use super::Context;
use super::args::{HistoryArgs, SavedArgs};
use super::exit::{FOUND, Failure, NOTHING};
use super::settings::Settings;
use crate::output::json;
use crate::text::{sanitize, shell_quoted};

/// One saved search.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedSearch {
    /// The query.
    pub query: String,
    /// The flags that narrow it, as typed.
    pub flags: Vec<String>,
    /// It looks for quotes, not for articles.
    #[serde(default)]
    pub quotes: bool,
    /// Ids already shown, by index path and kind of hit.
    #[serde(default)]
    pub seen: BTreeMap<String, BTreeSet<String>>,
}

impl SavedSearch {
    /// Asks as `other` from now on. What was shown stays known only while the question is the same.
    pub fn asks(&mut self, other: SavedSearch) {
        if (&self.query, &self.flags, self.quotes) != (&other.query, &other.flags, other.quotes) {
            *self = other;
        }
    }
}

/// All saved searches of this user.
#[derive(Debug)]
pub struct SavedSearches {
    path: PathBuf,
    searches: BTreeMap<String, SavedSearch>,
}

impl SavedSearches {
    /// Reads the file; an absent one is empty.
    ///
    /// # Errors
    /// A file that cannot be read or parsed: it is never overwritten.
    pub fn load(settings: &Settings) -> anyhow::Result<Self> {
        let path = settings.folders.state.join("saved.json");
        let searches = match std::fs::read_to_string(&path) {
            Ok(text) => serde_json::from_str(&text).with_context(|| format!("reading {}", path.display()))?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => BTreeMap::new(),
            Err(error) => return Err(error).with_context(|| format!("reading {}", path.display())),
        };
        Ok(SavedSearches { path, searches })
    }

    /// A search by name.
    ///
    /// # Errors
    /// There is none; the nearest name is suggested.
    pub fn get(&self, name: &str) -> anyhow::Result<&SavedSearch> {
        self.searches.get(name).ok_or_else(|| {
            let nearest = self.searches.keys().min_by_key(|known| strsim::damerau_levenshtein(known, name));
            let help = match nearest {
                Some(known) => format!("did you mean `{known}`? all of them: onrecord saved"),
                None => "save one: onrecord search QUERY --saved NAME".to_owned(),
            };
            Failure::usage(format!("no saved search `{name}`")).help(help).into()
        })
    }

    /// A search by name; `None`: there is none.
    pub fn search(&self, name: &str) -> Option<&SavedSearch> {
        self.searches.get(name)
    }

    /// Whether there is a search of this name.
    pub fn contains(&self, name: &str) -> bool {
        self.searches.contains_key(name)
    }

    /// All of them: names and commands.
    pub fn commands(&self) -> Vec<(String, String)> {
        self.searches.iter().map(|(name, search)| (name.clone(), command_line(search))).collect()
    }

    /// Adds or replaces a search and writes the file.
    ///
    /// # Errors
    /// Those of writing.
    pub fn put(&mut self, name: &str, search: SavedSearch) -> anyhow::Result<()> {
        self.searches.insert(name.to_owned(), search);
        self.write()
    }

    fn write(&self) -> anyhow::Result<()> {
        let text = serde_json::to_string_pretty(&self.searches)?;
        replace_file(&self.path, &text)
    }
}

/// Writes `text` beside `path`, then renames: readers see the old or the new file, never half of one.
fn replace_file(path: &Path, text: &str) -> anyhow::Result<()> {
    let context = || format!("writing {}", path.display());
    let file = beside(path, text).with_context(context)?;
    file.as_file().sync_all().with_context(context)?;
    file.persist(path).map_err(|error| error.error).with_context(context)?;
    Ok(())
}

/// A file with `text` that can take the place of the one at `path`.
fn beside(path: &Path, text: &str) -> std::io::Result<tempfile::NamedTempFile> {
    let dir = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(dir)?;
    let mut file = tempfile::NamedTempFile::new_in(dir)?;
    file.write_all(text.as_bytes())?;
    Ok(file)
}

/// `saved`: list, show, delete.
///
/// # Errors
/// An unknown name, or a file that cannot be read or written.
pub fn run(context: &Context, args: &SavedArgs) -> anyhow::Result<u8> {
    let mut saved = SavedSearches::load(&context.settings)?;
    let out = &mut std::io::stdout().lock();
    if let Some(name) = &args.name {
        let search = saved.get(name)?.clone();
        if args.delete {
            saved.searches.remove(name);
            saved.write()?;
            return Ok(FOUND);
        }
        if args.json {
            json::value(out, &serde_json::to_value(&search)?)?;
        } else {
            writeln!(out, "{}", sanitize(&command_line(&search)))?;
        }
        return Ok(FOUND);
    }
    for (name, search) in &saved.searches {
        if args.json {
            let value = serde_json::json!({ "name": name, "query": search.query, "flags": search.flags });
            json::value(out, &value)?;
        } else {
            writeln!(out, "{}\t{}", sanitize(name), sanitize(&command_line(search)))?;
        }
    }
    if saved.searches.is_empty() {
        context.note("no saved searches; to save one: onrecord search QUERY --saved NAME");
        return Ok(NOTHING);
    }
    Ok(FOUND)
}

fn command_line(search: &SavedSearch) -> String {
    let words = std::iter::once(search.query.as_str()).filter(|query| !query.is_empty());
    let all: Vec<String> = words.chain(search.flags.iter().map(String::as_str)).map(shell_quoted).collect();
    let verb = if search.quotes { "quotes" } else { "search" };
    format!("onrecord {verb} {}", all.join(" ")).trim_end().to_owned()
}

/// How many searches the history keeps.
const HISTORY_LINES: usize = 1_000;

/// Adds a search to the history. Failures are of no consequence.
pub fn remember(settings: &Settings, command: &str) {
    let path = settings.folders.state.join("history");
    let mut lines = read_history(&path);
    lines.retain(|line| line != command);
    lines.push(command.replace('\n', " "));
    let start = lines.len().saturating_sub(HISTORY_LINES);
    let mut text = lines[start..].join("\n");
    text.push('\n');
    // Not forced to the disk: that takes longer than the search, and a power cut may cost a history.
    let _ = beside(&path, &text).map(|file| file.persist(&path));
}

/// Earlier searches, oldest first.
pub fn read_history(path: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    text.lines().filter(|line| !line.trim().is_empty()).map(str::to_owned).collect()
}

/// `history`: the last searches, newest last.
///
/// # Errors
/// Those of the file system.
pub fn history(args: &HistoryArgs, settings: &Settings) -> anyhow::Result<u8> {
    let path = settings.folders.state.join("history");
    if args.clear {
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(error).with_context(|| format!("removing {}", path.display()));
            }
            _ => return Ok(FOUND),
        }
    }
    let lines = read_history(&path);
    let out = &mut std::io::stdout().lock();
    for line in &lines[lines.len().saturating_sub(args.limit)..] {
        writeln!(out, "{}", sanitize(line))?;
    }
    Ok(if lines.is_empty() { NOTHING } else { FOUND })
}
