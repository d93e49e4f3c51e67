//! Why a writer failed: tantivy's threads tell of an error only that there was one.
//!
//! In: what writing files came to. Out: the first failure.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use tantivy::directory::{AntiCallToken, TerminatingWrite};

/// The first file that could not be written, and why. A thread that fails only says of itself that it ended.
#[derive(Clone, Debug, Default)]
pub(super) struct Trouble(Arc<OnceLock<String>>);

impl Trouble {
    /// It, with its reason.
    pub(super) fn get(&self) -> Option<&str> {
        self.0.get().map(String::as_str)
    }

    /// Keeps the error of `result`, if it is the first.
    pub(super) fn note<T>(&self, path: &Path, result: io::Result<T>) -> io::Result<T> {
        if let Err(error) = &result {
            let _ = self.0.set(format!("{}: {error}", path.display()));
        }
        result
    }
}

/// Writes one file and notes what goes wrong.
pub(super) struct Noting {
    inner: Box<dyn TerminatingWrite + Send + Sync>,
    path: PathBuf,
    trouble: Trouble,
}

impl Noting {
    pub(super) fn new(
        inner: Box<dyn TerminatingWrite + Send + Sync>,
        path: PathBuf,
        trouble: Trouble,
    ) -> Noting {
        Noting { inner, path, trouble }
    }
}

impl io::Write for Noting {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.trouble.note(&self.path, self.inner.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.trouble.note(&self.path, self.inner.flush())
    }
}

impl TerminatingWrite for Noting {
    fn terminate_ref(&mut self, token: AntiCallToken) -> io::Result<()> {
        self.trouble.note(&self.path, self.inner.terminate_ref(token))
    }
}
