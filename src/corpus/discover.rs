//! Which files belong to a corpus.
//!
//! In: the paths a user named. Out: files in a fixed order, and what could not be looked at. A named folder means all of
//! it, hidden and git-ignored files too; `.onrecordignore` files, patterns, version control and index folders are left out.
//! Files are not opened here.

use std::ffi::OsStr;
use std::fs::Metadata;
use std::path::{Component, Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use ahash::AHashMap;
use ignore::overrides::{Override, OverrideBuilder};
use ignore::{DirEntry, WalkBuilder};

use crate::model::{Rejection, RejectionReason, SourceRef};

/// A folder with a file of this name is an index and no part of a corpus.
pub const INDEX_MANIFEST: &str = "onrecord-index.json";

/// Files of this name list what is to be left out of the folder they stand in, in the syntax of `.gitignore`.
pub const IGNORE_FILE: &str = ".onrecordignore";

/// What an index folder holds, for a corpus that has its index at its own top.
const INDEX_PARTS: [&str; 3] = [INDEX_MANIFEST, "generations", "lock"];

/// What no one means by "all files of this folder".
const NEVER_MEANT: [&str; 7] = [".git", ".hg", ".svn", ".DS_Store", "Thumbs.db", "desktop.ini", IGNORE_FILE];

/// What to take.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DiscoverOptions {
    /// Globs; with any, only files that match one are taken.
    pub include: Vec<String>,
    /// Globs of files and folders to leave out.
    pub exclude: Vec<String>,
}

/// A pattern that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("`{pattern}` is no pattern for files")]
pub struct PatternError {
    /// The pattern as given.
    pub pattern: String,
    /// Why.
    #[source]
    pub cause: ignore::Error,
}

/// A file of the corpus.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// Where it is.
    pub path: PathBuf,
    /// Display path: the corpus path as given and the path under it, separated by `/`. Bytes that are not UTF-8 stand as
    /// `\xNN`, so that two files never share a name.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// Time of the last change of content or, where the system tells, of what is noted about the file; nanoseconds since
    /// 1970-01-01 UTC, 0 when the system does not tell.
    pub modified_ns: i128,
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Discovery {
    /// Files, ordered by name.
    pub files: Vec<SourceFile>,
    /// Named pipes, loops of links, dead links, folders that cannot be read; ordered by name.
    pub rejections: Vec<Rejection>,
    /// Display paths of corpus paths that do not exist and of folders that could not be listed: what an index holds from
    /// below them is not gone, only out of sight.
    pub out_of_sight: Vec<String>,
}

/// Finds the files of `paths`, folders and files alike.
///
/// # Errors
/// A pattern that cannot be used. Everything else is part of the [`Discovery`].
pub fn discover(paths: &[PathBuf], options: &DiscoverOptions) -> Result<Discovery, PatternError> {
    let mut walk = Walk { found: Discovery::default(), seen: AHashMap::new() };
    for root in paths {
        let patterns = overrides(root, options)?;
        match std::fs::metadata(root) {
            Ok(meta) if meta.is_dir() => walk.folder(root, patterns),
            Ok(meta) => walk.file(root, display_name(root), &meta),
            Err(error) => {
                let name = display_name(root);
                walk.reject(name.clone(), &format!("cannot be read: {}", plain_error(&error)));
                walk.found.out_of_sight.push(name);
            }
        }
    }
    let Walk { mut found, .. } = walk;
    found.files.sort_by(|a, b| a.name.cmp(&b.name));
    found.files.dedup_by(|a, b| a.name == b.name);
    found.rejections.sort_by(|a, b| a.source_ref.cmp(&b.source_ref));
    found.rejections.dedup();
    found.out_of_sight.sort();
    found.out_of_sight.dedup();
    Ok(found)
}

struct Walk {
    found: Discovery,
    /// Device and inode of files taken: the same file by way of a link or of a second corpus path counts once.
    seen: AHashMap<(u64, u64), Taken>,
}

struct Taken {
    idx: usize,
    through_link: bool,
}

impl Walk {
    fn folder(&mut self, root: &Path, patterns: Override) {
        let mut builder = WalkBuilder::new(root);
        builder
            .standard_filters(false)
            .add_custom_ignore_filename(IGNORE_FILE)
            .overrides(patterns)
            .follow_links(true)
            .sort_by_file_name(|a: &OsStr, b: &OsStr| a.cmp(b))
            .filter_entry(is_meant);
        for entry in builder.build() {
            match entry {
                Ok(entry) => self.entry(root, &entry),
                Err(error) => self.failure(root, &error),
            }
        }
    }

    fn entry(&mut self, root: &Path, entry: &DirEntry) {
        let Some(kind) = entry.file_type() else { return };
        if kind.is_dir() {
            return;
        }
        let name = display_name(entry.path());
        match entry.metadata() {
            Ok(meta) => self.file_at(entry.path(), name, &meta, leads_through_link(root, entry)),
            Err(error) => self.reject(name, &format!("cannot be read: {}", plain_walk_error(&error))),
        }
    }

    fn file(&mut self, path: &Path, name: String, meta: &Metadata) {
        self.file_at(path, name, meta, false);
    }

    fn file_at(&mut self, path: &Path, name: String, meta: &Metadata, through_link: bool) {
        if !meta.is_file() {
            return self.reject(name, odd_kind(meta));
        }
        let file =
            SourceFile { path: path.to_owned(), name, size: meta.len(), modified_ns: modified_ns(meta) };
        if let Some(identity) = identity(meta) {
            if let Some(taken) = self.seen.get_mut(&identity) {
                // A real path is better than one through a link, whichever comes first.
                if taken.through_link && !through_link {
                    taken.through_link = false;
                    self.found.files[taken.idx] = file;
                }
                return;
            }
            self.seen.insert(identity, Taken { idx: self.found.files.len(), through_link });
        }
        self.found.files.push(file);
    }

    fn failure(&mut self, root: &Path, error: &ignore::Error) {
        let path = error_path(error).unwrap_or(root);
        let name = display_name(path);
        // Asked directly, the system says more plainly what is wrong than the walker does.
        let own = std::fs::metadata(path).err();
        let is_loop =
            is_loop(error) || own.as_ref().is_some_and(|own| own.raw_os_error() == Some(TOO_MANY_LINKS));
        let message = match own {
            _ if is_loop => "a loop of links".to_owned(),
            Some(_) if path.is_symlink() => "a link to something that does not exist".to_owned(),
            Some(own) => format!("cannot be read: {}", plain_error(&own)),
            None => format!("cannot be read: {}", plain_walk_error(error)),
        };
        if !path.is_symlink() {
            self.found.out_of_sight.push(name.clone());
        }
        self.reject(name, &message);
    }

    fn reject(&mut self, name: String, message: &str) {
        let source_ref = SourceRef { path: name, record: None };
        let message = message.to_owned();
        self.found.rejections.push(Rejection { source_ref, reason: RejectionReason::Unreadable, message });
    }
}

fn is_meant(entry: &DirEntry) -> bool {
    let name = entry.file_name();
    if entry.depth() == 0 {
        return true;
    }
    if NEVER_MEANT.iter().any(|never| name == *never) || is_resource_fork(name) {
        return false;
    }
    let in_index = |folder: &Path| folder.join(INDEX_MANIFEST).is_file();
    if entry.file_type().is_some_and(|kind| kind.is_dir()) && in_index(entry.path()) {
        return false;
    }
    // A corpus may keep its index at its own top.
    let is_part = INDEX_PARTS.iter().any(|part| name == *part);
    !(is_part && entry.path().parent().is_some_and(in_index))
}

/// `._name` files that macOS leaves on other file systems.
fn is_resource_fork(name: &OsStr) -> bool {
    name.as_encoded_bytes().starts_with(b"._")
}

fn leads_through_link(root: &Path, entry: &DirEntry) -> bool {
    let mut path = entry.path();
    while path != root {
        if path.is_symlink() {
            return true;
        }
        match path.parent() {
            Some(parent) => path = parent,
            None => break,
        }
    }
    false
}

fn overrides(root: &Path, options: &DiscoverOptions) -> Result<Override, PatternError> {
    let mut builder = OverrideBuilder::new(root);
    let given = options.include.iter().map(|glob| (glob, glob.clone()));
    let barred = options.exclude.iter().map(|glob| (glob, format!("!{glob}")));
    for (pattern, glob) in given.chain(barred) {
        builder.add(&glob).map_err(|cause| PatternError { pattern: pattern.clone(), cause })?;
    }
    builder.build().map_err(|cause| PatternError { pattern: String::new(), cause })
}

/// The path as text: without `./`, separated by `/`, every byte accounted for.
fn display_name(path: &Path) -> String {
    let mut name = String::new();
    for component in path.components() {
        match component {
            Component::CurDir => continue,
            Component::RootDir => {
                name.push('/');
                continue;
            }
            _ => {}
        }
        if !name.is_empty() && !name.ends_with('/') {
            name.push('/');
        }
        name.push_str(&shown(component.as_os_str()));
    }
    if name.is_empty() { ".".to_owned() } else { name }
}

/// A part of a path as text: bytes that are not UTF-8 stand as `\xNN`, so that two names never look the same.
pub fn shown(part: &OsStr) -> String {
    let mut name = String::new();
    for chunk in part.as_encoded_bytes().utf8_chunks() {
        name.push_str(chunk.valid());
        for byte in chunk.invalid() {
            name.push_str(&format!("\\x{byte:02X}"));
        }
    }
    name
}

fn modified_ns(meta: &Metadata) -> i128 {
    let Ok(modified) = meta.modified() else { return 0 };
    nanoseconds(modified).max(changed_ns(meta))
}

/// When the file or what is noted about it changed: nobody can set this time, as copying tools set the other.
#[cfg(unix)]
fn changed_ns(meta: &Metadata) -> i128 {
    use std::os::unix::fs::MetadataExt;
    i128::from(meta.ctime()) * 1_000_000_000 + i128::from(meta.ctime_nsec())
}

#[cfg(not(unix))]
fn changed_ns(_: &Metadata) -> i128 {
    i128::MIN
}

fn nanoseconds(time: SystemTime) -> i128 {
    let from_nanos = |nanos: u128| i128::try_from(nanos).unwrap_or(i128::MAX);
    match time.duration_since(UNIX_EPOCH) {
        Ok(after) => from_nanos(after.as_nanos()),
        Err(before) => -from_nanos(before.duration().as_nanos()),
    }
}

#[cfg(unix)]
fn identity(meta: &Metadata) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt;
    // Two names of one file (hard links) are two files to their owner.
    (meta.nlink() == 1).then(|| (meta.dev(), meta.ino()))
}

#[cfg(not(unix))]
fn identity(_: &Metadata) -> Option<(u64, u64)> {
    None
}

#[cfg(unix)]
fn odd_kind(meta: &Metadata) -> &'static str {
    use std::os::unix::fs::FileTypeExt;
    let kind = meta.file_type();
    match () {
        () if kind.is_fifo() => "a named pipe, not a file",
        () if kind.is_socket() => "a socket, not a file",
        () if kind.is_block_device() || kind.is_char_device() => "a device, not a file",
        () => "not a regular file",
    }
}

#[cfg(not(unix))]
fn odd_kind(_: &Metadata) -> &'static str {
    "not a regular file"
}

fn error_path(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => error_path(err),
        ignore::Error::Loop { child, .. } => Some(child),
        _ => None,
    }
}

/// `ELOOP` on Linux; the standard library's name for it is not stable yet.
const TOO_MANY_LINKS: i32 = 40;

fn is_loop(error: &ignore::Error) -> bool {
    match error {
        ignore::Error::Loop { .. } => true,
        ignore::Error::WithPath { err, .. }
        | ignore::Error::WithDepth { err, .. }
        | ignore::Error::WithLineNumber { err, .. } => is_loop(err),
        _ => false,
    }
}

fn plain_walk_error(error: &ignore::Error) -> String {
    let text = match error.io_error() {
        Some(error) => plain_error(error),
        None => error.to_string(),
    };
    // "io error for operation on PATH: what happened"
    text.rsplit(": ").next().unwrap_or(&text).to_lowercase()
}

/// The system's words without its error number.
fn plain_error(error: &std::io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or(&text);
    let mut chars = text.chars();
    chars.next().map_or(String::new(), |first| first.to_lowercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    struct Folder(tempfile::TempDir);

    impl Folder {
        fn of(files: &[&str]) -> Self {
            let folder = Folder(tempfile::tempdir().unwrap());
            for file in files {
                folder.write(file, "text");
            }
            folder
        }

        fn write(&self, file: &str, text: &str) {
            let path = self.0.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }

        fn discover(&self, options: &DiscoverOptions) -> Discovery {
            discover(&[self.0.path().to_owned()], options).unwrap()
        }

        fn plain<'n>(&self, name: &'n str) -> &'n str {
            let root = display_name(self.0.path());
            name.strip_prefix(&root).unwrap().trim_start_matches('/')
        }
    }

    #[track_caller]
    fn check(folder: &Folder, options: &DiscoverOptions, expected: &[&str]) {
        let found = folder.discover(options);
        let names: Vec<&str> = found.files.iter().map(|file| folder.plain(&file.name)).collect();
        assert_eq!(names, expected);
    }

    #[test]
    fn takes_all_of_a_folder_in_order() {
        let folder = Folder::of(&[
            "b.txt",
            "a/z.txt",
            ".hidden/x.txt",
            "a/.y.txt",
            ".git/HEAD",
            "a/.DS_Store",
            "a/._b",
        ]);
        folder.write(".gitignore", "*.txt\n");
        check(
            &folder,
            &DiscoverOptions::default(),
            &[".gitignore", ".hidden/x.txt", "a/.y.txt", "a/z.txt", "b.txt"],
        );
    }

    #[test]
    fn honours_its_own_ignore_file_and_patterns() {
        let folder = Folder::of(&["a.txt", "b.md", "old/c.txt", "drafts/d.txt"]);
        folder.write(IGNORE_FILE, "old/\n");
        check(&folder, &DiscoverOptions::default(), &["a.txt", "b.md", "drafts/d.txt"]);
        let options = DiscoverOptions { include: vec!["*.txt".into()], exclude: vec!["drafts".into()] };
        check(&folder, &options, &["a.txt"]);
        let bad = DiscoverOptions { include: vec!["{".into()], ..DiscoverOptions::default() };
        assert_eq!(discover(&[folder.0.path().to_owned()], &bad).unwrap_err().pattern, "{");
    }

    #[test]
    fn leaves_index_folders_out() {
        let folder = Folder::of(&["a.txt", "index/onrecord-index.json", "index/generations/1/x", "lock"]);
        check(&folder, &DiscoverOptions::default(), &["a.txt", "lock"]);
        folder.write(INDEX_MANIFEST, "{}");
        folder.write("generations/1/meta.json", "{}");
        check(&folder, &DiscoverOptions::default(), &["a.txt"]);
    }

    #[test]
    fn a_file_named_twice_counts_once() {
        let folder = Folder::of(&["a/x.txt", "b.txt"]);
        let root = folder.0.path();
        let paths = [root.join("a"), root.to_owned(), root.join("b.txt"), root.join("./a/")];
        assert_eq!(discover(&paths, &DiscoverOptions::default()).unwrap().files.len(), 2);
    }

    #[test]
    fn tells_what_is_missing() {
        let found = discover(&["no/such/path".into()], &DiscoverOptions::default()).unwrap();
        assert_eq!(found.out_of_sight, ["no/such/path"]);
        assert_eq!(
            found.rejections[0].to_string(),
            "no/such/path: cannot be read: no such file or directory"
        );
    }

    #[cfg(unix)]
    #[test]
    fn survives_links_pipes_and_odd_names() {
        use std::os::unix::ffi::OsStrExt;
        use std::os::unix::fs::symlink;

        let folder = Folder::of(&["a/x.txt"]);
        let root = folder.0.path();
        symlink(root, root.join("a/up")).unwrap();
        symlink("self", root.join("self")).unwrap();
        symlink("nowhere", root.join("dead")).unwrap();
        symlink(root.join("a/x.txt"), root.join("0-link.txt")).unwrap();
        std::os::unix::net::UnixListener::bind(root.join("socket")).unwrap();
        fs::write(root.join(OsStr::from_bytes(b"caf\xe9.txt")), "x").unwrap();
        let found = folder.discover(&DiscoverOptions::default());
        let names: Vec<&str> = found.files.iter().map(|file| folder.plain(&file.name)).collect();
        assert_eq!(names, ["a/x.txt", "caf\\xE9.txt"]);
        let told: Vec<String> = found
            .rejections
            .iter()
            .map(|rejection| format!("{}: {}", folder.plain(&rejection.source_ref.path), rejection.message))
            .collect();
        assert_eq!(
            told,
            [
                "a/up: a loop of links",
                "dead: a link to something that does not exist",
                "self: a loop of links",
                "socket: a socket, not a file",
            ]
        );
        assert!(found.out_of_sight.is_empty());
    }
}
