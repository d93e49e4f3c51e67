//! tantivy's view of a generation's directory: one for writing, one for reading.
//!
//! Readers do not follow tantivy's list of segments (`meta.json`) but a copy of it that we write when a state is complete
//! ([`PUBLISHED`]). So an update may commit as often as it likes, be killed and go on: readers see the state before until
//! the one after is whole. The writing side keeps the files of the published state from tantivy's garbage collection.
//!
//! Reading never writes and takes no lock: it works on a read-only medium and never waits. The writer may therefore remove
//! a file between reading the list and opening it, and whoever opens tries again (see `open`). Files are the owner's alone.

use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use tantivy::directory::error::{DeleteError, LockError, OpenDirectoryError, OpenReadError, OpenWriteError};
use tantivy::directory::{
    Directory, DirectoryLock, FileHandle, Lock, MmapDirectory, WatchCallback, WatchHandle, WritePtr,
};

use super::seal;
use super::trouble::{Noting, Trouble};

/// The list of files tantivy keeps for its garbage collection; readers do without.
const MANAGED: &str = ".managed.json";

/// tantivy's list of the segments of the last commit.
pub(super) const META: &str = "meta.json";
/// Our copy of that list for the state readers see.
pub(super) const PUBLISHED: &str = "published.json";

/// Which state to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// The complete one, for answering.
    Published,
    /// The last commit, complete or not, for whoever makes it complete.
    Latest,
}

/// Reads; refuses to write.
#[derive(Clone, Debug)]
pub(super) struct ReadDirectory {
    inner: MmapDirectory,
    which: Which,
}

impl ReadDirectory {
    pub(super) fn open(path: &Path, which: Which) -> Result<Self, OpenDirectoryError> {
        Ok(ReadDirectory { inner: MmapDirectory::open(path)?, which })
    }

    /// The file that is read when tantivy asks for `path`.
    fn actual<'p>(&self, path: &'p Path) -> &'p Path {
        match self.which {
            Which::Published if path == Path::new(META) => Path::new(PUBLISHED),
            _ => path,
        }
    }
}

fn refused() -> io::Error {
    io::Error::new(io::ErrorKind::PermissionDenied, "this index is open for reading")
}

impl Directory for ReadDirectory {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        self.inner.get_file_handle(path)
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        Err(DeleteError::IoError { io_error: Arc::new(refused()), filepath: path.to_owned() })
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.inner.exists(self.actual(path))
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        Err(OpenWriteError::IoError { io_error: Arc::new(refused()), filepath: path.to_owned() })
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        if path == Path::new(MANAGED) {
            // A damaged list would keep an index from opening that is otherwise sound.
            return Err(OpenReadError::FileDoesNotExist(path.to_owned()));
        }
        read_list(&self.inner, self.actual(path))
    }

    fn atomic_write(&self, _path: &Path, _data: &[u8]) -> io::Result<()> {
        Err(refused())
    }

    fn sync_directory(&self) -> io::Result<()> {
        Ok(())
    }

    fn acquire_lock(&self, lock: &Lock) -> Result<DirectoryLock, LockError> {
        match lock.is_blocking {
            true => Ok(DirectoryLock::from(Box::new(()))),
            false => Err(LockError::LockBusy),
        }
    }

    fn watch(&self, _callback: WatchCallback) -> tantivy::Result<WatchHandle> {
        Ok(WatchHandle::empty())
    }
}

/// Reads a list of `directory` and takes off its seal.
fn read_list(directory: &MmapDirectory, path: &Path) -> Result<Vec<u8>, OpenReadError> {
    let whole = directory.atomic_read(path)?;
    let is_list = path == Path::new(META) || path == Path::new(PUBLISHED);
    let is_sound = |bytes: &&[u8]| !is_list || serde_json::from_slice::<serde::de::IgnoredAny>(bytes).is_ok();
    match seal::unsealed(&whole).filter(is_sound) {
        Some(bytes) => Ok(bytes.to_vec()),
        None => Err(OpenReadError::IoError {
            io_error: Arc::new(io::Error::new(io::ErrorKind::InvalidData, seal::BROKEN)),
            filepath: path.to_owned(),
        }),
    }
}

/// Files that must not be removed.
pub(super) type Protected = Arc<RwLock<HashSet<PathBuf>>>;

/// Writes; files are the owner's alone, and those of the published state stay.
#[derive(Clone, Debug)]
pub(super) struct WriteDirectory {
    inner: MmapDirectory,
    root: PathBuf,
    protected: Protected,
    trouble: Trouble,
}

impl WriteDirectory {
    pub(super) fn open(
        path: &Path,
        protected: Protected,
        trouble: Trouble,
    ) -> Result<Self, OpenDirectoryError> {
        Ok(WriteDirectory { inner: MmapDirectory::open(path)?, root: path.to_owned(), protected, trouble })
    }
}

impl Directory for WriteDirectory {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        self.inner.get_file_handle(path)
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        if self.protected.read().unwrap_or_else(PoisonError::into_inner).contains(path) {
            // Garbage collection goes on with the other files and asks for this one again next time.
            let held = io::Error::other("readers use this file");
            return Err(DeleteError::IoError { io_error: Arc::new(held), filepath: path.to_owned() });
        }
        self.inner.delete(path)
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.inner.exists(path)
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        let failed = |error| OpenWriteError::IoError { io_error: Arc::new(error), filepath: path.to_owned() };
        let writer = self.inner.open_write(path).inspect_err(|error| {
            let _ = self.trouble.note::<()>(path, Err(io::Error::other(error.to_string())));
        })?;
        self.trouble.note(path, private(&self.root.join(path), 0o600)).map_err(failed)?;
        // Nothing was written yet: the buffer is empty.
        let inner = writer.into_inner().map_err(|error| failed(error.into_error()))?;
        let (path, trouble) = (path.to_owned(), self.trouble.clone());
        Ok(io::BufWriter::new(Box::new(Noting::new(inner, path, trouble))))
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        let bytes = read_list(&self.inner, path)?;
        if path == Path::new(MANAGED) && serde_json::from_slice::<HashSet<PathBuf>>(&bytes).is_err() {
            // Damaged, it would keep the index from being written; what it forgets is swept when the writer is done.
            return Err(OpenReadError::FileDoesNotExist(path.to_owned()));
        }
        Ok(bytes)
    }

    fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
        let result = match path == Path::new(META) {
            true => self.inner.atomic_write(path, &seal::sealed(data)),
            false => self.inner.atomic_write(path, data),
        };
        self.trouble.note(path, result)
    }

    fn sync_directory(&self) -> io::Result<()> {
        self.trouble.note(&self.root, self.inner.sync_directory())
    }

    fn acquire_lock(&self, lock: &Lock) -> Result<DirectoryLock, LockError> {
        // The index's own lock (see `generation`) is held by whoever writes; readers take none.
        let _ = lock;
        Ok(DirectoryLock::from(Box::new(())))
    }

    fn watch(&self, _callback: WatchCallback) -> tantivy::Result<WatchHandle> {
        Ok(WatchHandle::empty())
    }
}

/// Gives `path` to its owner alone, where the system knows such modes.
pub(super) fn private(path: &Path, mode: u32) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode))
    }
    #[cfg(not(unix))]
    {
        let _ = (path, mode);
        Ok(())
    }
}
