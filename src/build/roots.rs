//! Corpus paths and the names of their files.
//!
//! A file's name in the index is the corpus path as the user wrote it when it joined, and the path below it. So names (and
//! the ids of articles, which are made from them) stay the same on another machine and wherever the command is run from,
//! while the absolute path is kept to find the files again.

use std::path::{Component, Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::BuildError;
use crate::corpus::{self, SourceFile};
use crate::engine::EngineError;

/// A corpus path.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Root {
    /// Where it is: absolute.
    pub path: PathBuf,
    /// What its files' names begin with: the path as written, `/` between parts, without `.` and a last `/`.
    pub name: String,
}

impl Root {
    /// The root at `path` as the user wrote it.
    ///
    /// # Errors
    /// `Engine(Io)` when the working directory is unknown.
    pub fn new(path: &Path) -> Result<Root, BuildError> {
        let absolute = std::path::absolute(path).map_err(|error| EngineError::io(path, error))?;
        let absolute: PathBuf = absolute.components().collect();
        let parts: Vec<String> = path
            .components()
            .filter_map(|part| match part {
                Component::CurDir => None,
                Component::RootDir => Some(String::new()),
                part => Some(part.as_os_str().to_string_lossy().into_owned()),
            })
            .collect();
        let mut name = parts.join("/");
        if name.is_empty() {
            // `.` or `/`: its own last part, or nothing.
            name = absolute.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        }
        Ok(Root { path: absolute, name })
    }

    /// The name in the index of a file found under this root.
    pub fn name_of(&self, file: &Path) -> String {
        let below = file.strip_prefix(&self.path).unwrap_or(file);
        let parts: Vec<String> = below.components().map(|part| corpus::shown(part.as_os_str())).collect();
        match (self.name.as_str(), parts.join("/")) {
            (name, below) if below.is_empty() => name.to_owned(),
            ("", below) => below,
            (name, below) => format!("{name}/{below}"),
        }
    }

    /// Whether the file called `name` comes from this root.
    pub fn holds(&self, name: &str) -> bool {
        name.strip_prefix(self.name.as_str())
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/') || self.name.is_empty())
    }

    /// Where the file called `name` is; `None` when it is not from this root.
    pub fn file(&self, name: &str) -> Option<PathBuf> {
        let rest = self.holds(name).then(|| name.strip_prefix(self.name.as_str()))??;
        let rest = rest.trim_start_matches('/');
        Some(if rest.is_empty() { self.path.clone() } else { self.path.join(rest) })
    }
}

/// The roots of a run: those `given` and those `known`. A path already known keeps its name; a new one whose name is taken
/// by another path is called by its absolute path.
///
/// # Errors
/// As [`Root::new`].
pub fn join(known: &[Root], given: &[PathBuf]) -> Result<Vec<Root>, BuildError> {
    let mut roots = known.to_vec();
    for path in given {
        let mut root = Root::new(path)?;
        if roots.iter().any(|other| other.path == root.path) {
            continue;
        }
        if roots.iter().any(|other| other.holds(&root.name) || root.holds(&other.name)) {
            root = Root::new(&root.path)?;
        }
        roots.push(root);
    }
    Ok(roots)
}

/// Gives files their names. A file under two roots is kept once, under the first.
pub(super) fn named(roots: &[Root], files: Vec<SourceFile>) -> Vec<SourceFile> {
    let mut named: Vec<SourceFile> = Vec::with_capacity(files.len());
    for mut file in files {
        if let Some(root) = roots.iter().find(|root| file.path.starts_with(&root.path)) {
            file.name = root.name_of(&file.path);
        }
        named.push(file);
    }
    named.sort_by(|a, b| a.name.cmp(&b.name));
    named.dedup_by(|a, b| a.name == b.name);
    named
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(given: &str, below: &str, expected: &str) {
        let root = Root::new(Path::new(given)).expect("a root");
        let file = root.path.join(below);
        assert_eq!(root.name_of(&file), expected);
        assert_eq!(root.file(expected), Some(file));
    }

    #[test]
    fn names_are_as_written_and_lead_back() {
        check("news", "2021/a.txt", "news/2021/a.txt");
        check("./news/", "a.txt", "news/a.txt");
        check("../news", "a.txt", "../news/a.txt");
        check("/data/news", "a.txt", "/data/news/a.txt");
    }

    #[test]
    fn one_path_has_one_name_and_one_name_one_path() {
        let first = join(&[], &["news".into(), "./news".into()]).expect("roots");
        assert_eq!(first.len(), 1);
        let second = join(&first, &["/elsewhere/news".into(), "news/2021".into()]).expect("roots");
        let names: Vec<&str> = second.iter().map(|root| root.name.as_str()).collect();
        assert_eq!(names[..2], ["news", "/elsewhere/news"]);
        assert!(names[2].starts_with('/') && names[2].ends_with("/news/2021"));
    }

    #[test]
    fn roots_hold_their_own_files_only() {
        let root = Root::new(Path::new("news")).expect("a root");
        assert!(root.holds("news/a.txt") && root.holds("news"));
        assert!(!root.holds("newsroom/a.txt"));
    }
}
