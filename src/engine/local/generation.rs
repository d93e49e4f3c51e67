//! The index directory: which generation is complete, who writes, what may be removed.
//!
//! ```text
//! INDEX_DIR/onrecord-index.json   the manifest: which generation answers, which is being built
//!           lock                  held by the one writer; dies with its process
//!           generations/N/        one tantivy index
//!           generations/N/readers shared lock of every reader, so that an old generation outlives its readers
//! ```
//! The manifest is replaced in one rename, after everything it names is on disk. What cannot be read is not removed but set
//! aside under another name.

use std::fs::{self, File, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::dir::{PUBLISHED, Which, private};
use super::{open, seal};
use crate::engine::EngineError;

/// Name of the manifest: a directory that holds it is an index.
pub const MANIFEST: &str = "onrecord-index.json";
const LOCK: &str = "lock";
const GENERATIONS: &str = "generations";
const READERS: &str = "readers";
/// Ending of what is set aside.
const DAMAGED: &str = "damaged";

/// Which generations there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Version of the layout of the directory.
    pub format: u32,
    /// The complete generation; `None` before the first is.
    pub generation: Option<u64>,
    /// A generation that is being built, or was when its writer ended.
    pub building: Option<u64>,
}

/// The manifest as it stands on disk.
#[derive(Serialize, Deserialize)]
struct Written {
    #[serde(flatten)]
    manifest: Manifest,
    /// Hash of the above: without it a flipped bit names another generation, or none. Absent in a manifest written by hand.
    #[serde(default)]
    sum: Option<String>,
}

impl Written {
    const KEYS: [&str; 4] = ["format", "generation", "building", "sum"];
}

impl Manifest {
    fn sum(&self) -> String {
        let Manifest { format, generation, building } = self;
        blake3::hash(format!("{format} {generation:?} {building:?}").as_bytes()).to_hex()[..16].to_owned()
    }
}

/// An index directory, which need not exist yet.
#[derive(Clone, Debug)]
pub struct IndexDir {
    /// The directory.
    pub root: PathBuf,
}

/// The right to write, until dropped.
#[derive(Debug)]
pub struct WriteLock {
    _file: File,
}

impl IndexDir {
    /// Version of this layout.
    pub const FORMAT: u32 = 1;

    /// The index directory at `root`.
    pub fn new(root: &Path) -> Self {
        IndexDir { root: root.to_owned() }
    }

    /// Where generation `number` lies.
    pub fn generation(&self, number: u64) -> PathBuf {
        self.root.join(GENERATIONS).join(number.to_string())
    }

    /// The manifest; `None` where there is none.
    ///
    /// # Errors
    /// `Damaged`, `OtherVersion`, `Io`.
    pub fn manifest(&self) -> Result<Option<Manifest>, EngineError> {
        let path = self.root.join(MANIFEST);
        let text = match fs::read(&path) {
            Ok(text) => text,
            Err(error) if is_absent(&error) => return Ok(None),
            Err(error) => return Err(EngineError::io(path, error)),
        };
        let damaged = |message: String| EngineError::Damaged { file: path.clone(), message };
        let keys: Map<String, Value> =
            serde_json::from_slice(&text).map_err(|error| damaged(error.to_string()))?;
        let has_others = keys.keys().any(|key| !Written::KEYS.contains(&key.as_str()));
        let written: Written =
            serde_json::from_value(keys.into()).map_err(|error| damaged(error.to_string()))?;
        let manifest = written.manifest;
        if written.sum.is_some_and(|sum| sum != manifest.sum()) {
            return Err(damaged(seal::BROKEN.to_owned()));
        }
        if manifest.format != IndexDir::FORMAT {
            return Err(EngineError::OtherVersion {
                path: self.root.clone(),
                found: format!("layout {}", manifest.format),
                wanted: format!("layout {}", IndexDir::FORMAT),
            });
        }
        // A flipped bit in a key takes its value away, that of the hash itself too.
        if has_others {
            return Err(damaged(seal::BROKEN.to_owned()));
        }
        Ok(Some(manifest))
    }

    /// The complete generation.
    ///
    /// # Errors
    /// `NoIndex`, and as [`IndexDir::manifest`].
    pub fn current(&self) -> Result<u64, EngineError> {
        let manifest = self.manifest()?;
        manifest
            .and_then(|manifest| manifest.generation)
            .ok_or_else(|| EngineError::NoIndex { path: self.root.clone() })
    }

    /// Creates the directory where needed and takes the right to write.
    ///
    /// # Errors
    /// `Locked` when another process has it, `NotAnIndex` when the directory holds other files, `Io`.
    pub fn lock(&self) -> Result<WriteLock, EngineError> {
        if !self.root.join(MANIFEST).exists() && self.holds_other_files()? {
            return Err(EngineError::NotAnIndex { path: self.root.clone() });
        }
        let generations = self.root.join(GENERATIONS);
        fs::create_dir_all(&generations).map_err(|error| EngineError::io(&generations, error))?;
        for folder in [&self.root, &generations] {
            private(folder, 0o700).map_err(|error| EngineError::io(folder, error))?;
        }
        let path = self.root.join(LOCK);
        let io = |error| EngineError::io(&path, error);
        let mut file =
            File::options().read(true).write(true).create(true).truncate(false).open(&path).map_err(io)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut text = String::new();
                let _ = file.read_to_string(&mut text);
                return Err(EngineError::Locked { path: self.root.clone(), pid: text.trim().parse().ok() });
            }
            Err(TryLockError::Error(error)) => return Err(io(error)),
        }
        private(&path, 0o600).map_err(io)?;
        file.set_len(0).map_err(io)?;
        file.rewind().map_err(io)?;
        writeln!(file, "{}", std::process::id()).map_err(io)?;
        Ok(WriteLock { _file: file })
    }

    /// Whether some process has the right to write.
    pub fn is_locked(&self) -> bool {
        File::open(self.root.join(LOCK))
            .is_ok_and(|file| matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock)))
    }

    fn holds_other_files(&self) -> Result<bool, EngineError> {
        let entries = match fs::read_dir(&self.root) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(false),
            Err(error) => return Err(EngineError::io(&self.root, error)),
        };
        for entry in entries {
            let name = entry.map_err(|error| EngineError::io(&self.root, error))?.file_name();
            let ours = name == LOCK || name == GENERATIONS || name.to_string_lossy().starts_with(TEMPORARY);
            if !ours {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Replaces the manifest. On return it is on disk.
    ///
    /// # Errors
    /// `Io`.
    pub fn publish(&self, manifest: Manifest, _right: &WriteLock) -> Result<(), EngineError> {
        let temporary = self.root.join(format!("{TEMPORARY}{}", std::process::id()));
        let io = |error| EngineError::io(&temporary, error);
        let mut file = File::create(&temporary).map_err(io)?;
        private(&temporary, 0o600).map_err(io)?;
        let written = Written { manifest, sum: Some(manifest.sum()) };
        let text = serde_json::to_vec(&written).map_err(|error| io(error.into()))?;
        file.write_all(&text).and_then(|()| file.sync_all()).map_err(io)?;
        drop(file);
        fs::rename(&temporary, self.root.join(MANIFEST)).map_err(io)?;
        sync_dir(&self.root)
    }

    /// Creates the directory of a new generation.
    ///
    /// # Errors
    /// `Io`.
    pub fn create(&self, number: u64, _right: &WriteLock) -> Result<PathBuf, EngineError> {
        let path = self.generation(number);
        let io = |error| EngineError::io(&path, error);
        fs::create_dir_all(&path).map_err(io)?;
        private(&path, 0o700).map_err(io)?;
        let readers = path.join(READERS);
        File::create(&readers).and_then(|_| private(&readers, 0o600)).map_err(io)?;
        Ok(path)
    }

    /// A number no generation has had.
    ///
    /// # Errors
    /// `Io`.
    pub fn next_number(&self) -> Result<u64, EngineError> {
        Ok(self.numbers()?.into_iter().max().unwrap_or(0) + 1)
    }

    fn numbers(&self) -> Result<Vec<u64>, EngineError> {
        let path = self.root.join(GENERATIONS);
        let io = |error| EngineError::io(&path, error);
        let mut numbers = Vec::new();
        for entry in fs::read_dir(&path).map_err(io)? {
            let name = entry.map_err(io)?.file_name();
            numbers.extend(name.to_str().and_then(|name| name.parse::<u64>().ok()));
        }
        Ok(numbers)
    }

    /// The newest generation that once answered and can still be asked what it holds: what is left of an index whose
    /// manifest is lost.
    ///
    /// # Errors
    /// `Io`.
    pub fn surviving(&self) -> Result<Option<u64>, EngineError> {
        if !self.root.join(GENERATIONS).exists() {
            return Ok(None);
        }
        let mut numbers = self.numbers()?;
        numbers.sort_unstable();
        let answers = |number: &u64| open::peek(&self.generation(*number), Which::Published).is_some();
        Ok(numbers.into_iter().rev().find(answers))
    }

    /// Removes generations that the manifest does not name and no reader holds, and leftovers of killed writers. A
    /// generation that once answered and cannot be read any more is set aside instead, and so is `damaged`.
    ///
    /// # Errors
    /// `Io` when the directory cannot be listed; what cannot be removed now is left for the next time.
    pub fn sweep(
        &self,
        manifest: Manifest,
        damaged: Option<u64>,
        right: &WriteLock,
    ) -> Result<(), EngineError> {
        for number in self.numbers()? {
            if manifest.generation == Some(number) || manifest.building == Some(number) {
                continue;
            }
            let path = self.generation(number);
            let is_unreadable =
                path.join(PUBLISHED).exists() && open::peek(&path, Which::Published).is_none();
            if is_unreadable || damaged == Some(number) {
                set_aside(&path)?;
                continue;
            }
            let in_use = File::open(path.join(READERS)).is_ok_and(|file| file.try_lock().is_err());
            if !in_use {
                let _ = fs::remove_dir_all(&path);
            }
        }
        remove_temporaries(&self.root, TEMPORARY);
        let _ = right;
        Ok(())
    }

    /// Moves a manifest that cannot be read out of the way of a new one.
    ///
    /// # Errors
    /// `Io`.
    pub fn set_manifest_aside(&self, _right: &WriteLock) -> Result<(), EngineError> {
        set_aside(&self.root.join(MANIFEST))
    }

    /// What was set aside.
    pub fn aside(&self) -> Vec<PathBuf> {
        let folders = [self.root.clone(), self.root.join(GENERATIONS)];
        let entries = folders.iter().flat_map(|folder| fs::read_dir(folder).into_iter().flatten().flatten());
        let mut aside: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
        aside.retain(|path| {
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            name.rsplit_once('.').is_some_and(|(_, ending)| ending.starts_with(DAMAGED))
        });
        aside.sort();
        aside
    }

    /// Removes what was set aside.
    ///
    /// # Errors
    /// `Io`.
    pub fn remove_aside(&self, _right: &WriteLock) -> Result<(), EngineError> {
        for path in self.aside() {
            let removed = if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
            removed.map_err(|error| EngineError::io(path, error))?;
        }
        Ok(())
    }

    /// Tells writers that generation `number` is being read, until dropped. `None` where locks do not work (a read-only
    /// or network medium): reading goes on without.
    pub fn hold(&self, number: u64) -> Option<File> {
        let file = File::open(self.generation(number).join(READERS)).ok()?;
        file.try_lock_shared().ok()?;
        Some(file)
    }

    /// Bytes on disk of generation `number`.
    pub fn size(&self, number: u64) -> u64 {
        let entries = fs::read_dir(self.generation(number)).into_iter().flatten().flatten();
        entries.filter_map(|entry| entry.metadata().ok()).map(|metadata| metadata.len()).sum()
    }
}

const TEMPORARY: &str = ".manifest-";

fn set_aside(path: &Path) -> Result<(), EngineError> {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let free = (1..1_000u32).map(|no| match no {
        1 => path.with_file_name(format!("{name}.{DAMAGED}")),
        no => path.with_file_name(format!("{name}.{DAMAGED}{no}")),
    });
    match free.into_iter().find(|free| !free.exists()) {
        Some(free) => fs::rename(path, free).map_err(|error| EngineError::io(path, error)),
        None => Ok(()),
    }
}

/// Removes files of `dir` whose names begin with `prefix`. Only for the holder of the lock.
pub(super) fn remove_temporaries(dir: &Path, prefix: &str) {
    for entry in fs::read_dir(dir).into_iter().flatten().flatten() {
        if entry.file_name().to_string_lossy().starts_with(prefix) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Makes renames in `dir` lasting.
pub(super) fn sync_dir(dir: &Path) -> Result<(), EngineError> {
    #[cfg(unix)]
    File::open(dir).and_then(|file| file.sync_all()).map_err(|error| EngineError::io(dir, error))?;
    #[cfg(not(unix))]
    let _ = dir;
    Ok(())
}

fn is_absent(error: &std::io::Error) -> bool {
    matches!(error.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complete(number: u64) -> Manifest {
        Manifest { format: IndexDir::FORMAT, generation: Some(number), building: None }
    }

    #[test]
    fn one_writer_at_a_time() {
        let dir = tempfile::tempdir().expect("a directory");
        let index = IndexDir::new(&dir.path().join("index"));
        let right = index.lock().expect("the right to write");
        let pid = std::process::id();
        assert!(matches!(index.lock(), Err(EngineError::Locked { pid: Some(other), .. }) if other == pid));
        drop(right);
        assert!(index.lock().is_ok());
    }

    #[test]
    fn other_directories_are_not_taken() {
        let dir = tempfile::tempdir().expect("a directory");
        fs::write(dir.path().join("thesis.txt"), "text").expect("a file");
        assert!(matches!(IndexDir::new(dir.path()).lock(), Err(EngineError::NotAnIndex { .. })));
    }

    #[test]
    fn old_generations_outlive_their_readers_only() {
        let dir = tempfile::tempdir().expect("a directory");
        let index = IndexDir::new(dir.path());
        let right = index.lock().expect("the right to write");
        for number in [1, 2, 3] {
            assert_eq!(index.next_number().ok(), Some(number));
            index.create(number, &right).expect("a generation");
        }
        let reader = index.hold(2);
        assert!(reader.is_some());
        index.publish(complete(3), &right).expect("published");
        assert_eq!(index.current().ok(), Some(3));
        index.sweep(complete(3), None, &right).expect("swept");
        let left = |number| index.generation(number).exists();
        assert_eq!([left(1), left(2), left(3)], [false, true, true]);
        drop(reader);
        index.sweep(complete(3), None, &right).expect("swept");
        assert!(!left(2));
    }

    #[test]
    fn what_cannot_be_read_is_set_aside_not_removed() {
        let dir = tempfile::tempdir().expect("a directory");
        let index = IndexDir::new(dir.path());
        let right = index.lock().expect("the right to write");
        for number in [1, 2, 3] {
            let path = index.create(number, &right).expect("a generation");
            if number == 2 {
                fs::write(path.join(PUBLISHED), "{").expect("a damaged list");
            }
        }
        index.publish(complete(3), &right).expect("published");
        index.sweep(complete(3), None, &right).expect("swept");
        assert_eq!(index.aside(), [dir.path().join("generations/2.damaged")]);
        assert!(!index.generation(1).exists() && index.generation(3).exists());
        index.remove_aside(&right).expect("removed");
        assert_eq!(index.aside(), [] as [PathBuf; 0]);
    }

    #[test]
    fn no_flipped_bit_of_a_manifest_is_believed() {
        let dir = tempfile::tempdir().expect("a directory");
        let index = IndexDir::new(dir.path());
        let right = index.lock().expect("the right to write");
        index.publish(complete(6), &right).expect("published");
        let whole = fs::read(dir.path().join(MANIFEST)).expect("a manifest");
        for bit in 0..whole.len() * 8 {
            let mut damaged = whole.clone();
            damaged[bit / 8] ^= 1 << (bit % 8);
            fs::write(dir.path().join(MANIFEST), damaged).expect("written");
            assert!(index.manifest().is_err() || index.current().ok() == Some(6), "bit {bit}");
        }
    }

    #[test]
    fn no_flipped_bit_of_a_manifest_is_read() {
        let dir = tempfile::tempdir().expect("a directory");
        let index = IndexDir::new(dir.path());
        let right = index.lock().expect("free");
        index.publish(complete(23), &right).expect("published");
        let path = dir.path().join(MANIFEST);
        let whole = fs::read(&path).expect("written");
        assert!(index.manifest().is_ok());
        for (at, bit) in (0..whole.len()).flat_map(|at| (0..8).map(move |bit| (at, bit))) {
            let mut damaged = whole.clone();
            damaged[at] ^= 1 << bit;
            fs::write(&path, &damaged).expect("written");
            assert!(index.manifest().is_err(), "byte {at}, bit {bit}: {}", String::from_utf8_lossy(&damaged));
        }
    }

    #[test]
    fn manifests_are_read_or_refused() {
        let dir = tempfile::tempdir().expect("a directory");
        let index = IndexDir::new(dir.path());
        assert!(matches!(index.current(), Err(EngineError::NoIndex { .. })));
        fs::write(dir.path().join(MANIFEST), "{").expect("written");
        assert!(matches!(index.current(), Err(EngineError::Damaged { .. })));
        fs::write(dir.path().join(MANIFEST), r#"{"format":9,"generation":1}"#).expect("written");
        assert!(matches!(index.current(), Err(EngineError::OtherVersion { .. })));
    }
}
