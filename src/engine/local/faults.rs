//! Writing on a disk that fails: at every operation in turn, once.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use tantivy::directory::error::{DeleteError, LockError, OpenReadError, OpenWriteError};
use tantivy::directory::{
    AntiCallToken, Directory, DirectoryLock, FileHandle, Lock, TerminatingWrite, WatchCallback, WatchHandle,
    WritePtr,
};

use super::dir::{Protected, Which, WriteDirectory};
use super::open::{CommitState, OpenState};
use super::trouble::Trouble;
use super::writer::{Writer, WriterOptions};
use crate::authority::Authority;
use crate::engine::EngineError;
use crate::model::search::Stamp;
use crate::model::{Article, Span};
use crate::schema::{IndexDocument, Origin, SchemaSpec, documents};

/// Fails once its countdown has run out.
#[derive(Clone, Debug)]
struct FailingDirectory {
    inner: WriteDirectory,
    left: Arc<AtomicI64>,
}

fn spend(left: &AtomicI64) -> io::Result<()> {
    match left.fetch_sub(1, Ordering::SeqCst) {
        0 => Err(io::Error::other("the disk failed")),
        _ => Ok(()),
    }
}

struct FailingWriter {
    inner: WritePtr,
    left: Arc<AtomicI64>,
}

impl io::Write for FailingWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        spend(&self.left)?;
        self.inner.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        spend(&self.left)?;
        self.inner.flush()
    }
}

impl TerminatingWrite for FailingWriter {
    fn terminate_ref(&mut self, token: AntiCallToken) -> io::Result<()> {
        spend(&self.left)?;
        self.inner.terminate_ref(token)
    }
}

impl Directory for FailingDirectory {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        self.inner.get_file_handle(path)
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        spend(&self.left)
            .map_err(|error| DeleteError::IoError { io_error: Arc::new(error), filepath: path.to_owned() })?;
        self.inner.delete(path)
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.inner.exists(path)
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        spend(&self.left).map_err(|error| OpenWriteError::IoError {
            io_error: Arc::new(error),
            filepath: path.to_owned(),
        })?;
        let inner = self.inner.open_write(path)?;
        Ok(io::BufWriter::new(Box::new(FailingWriter { inner, left: Arc::clone(&self.left) })))
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        self.inner.atomic_read(path)
    }

    fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
        spend(&self.left)?;
        self.inner.atomic_write(path, data)
    }

    fn sync_directory(&self) -> io::Result<()> {
        spend(&self.left)?;
        self.inner.sync_directory()
    }

    fn acquire_lock(&self, lock: &Lock) -> Result<DirectoryLock, LockError> {
        self.inner.acquire_lock(lock)
    }

    fn watch(&self, callback: WatchCallback) -> tantivy::Result<WatchHandle> {
        self.inner.watch(callback)
    }
}

const OPTIONS: WriterOptions = WriterOptions { threads: 1, memory: 15_000_000 };

fn write(path: &Path, left: i64, articles: std::ops::Range<u64>, state: u64) -> Result<(), EngineError> {
    let protected = Protected::default();
    let trouble = Trouble::default();
    let inner = WriteDirectory::open(path, Arc::clone(&protected), trouble.clone()).expect("a directory");
    let directory = FailingDirectory { inner, left: Arc::new(AtomicI64::new(left)) };
    let writer = Writer::open_in(Box::new(directory), protected, trouble, path, OPTIONS)?;
    for number in articles {
        writer.put(Some(number + 1), block(number), None)?;
    }
    finish(writer, state)
}

fn block(number: u64) -> Vec<IndexDocument> {
    let body = format!("Article {number} about water.");
    let article = Article {
        id: format!("{:016x}", number + 1),
        paragraphs: vec![Span::new(0, body.len())],
        body,
        ..Article::default()
    };
    documents::block(&article, &[], &Origin::default())
}

fn finish(mut writer: Writer, state: u64) -> Result<(), EngineError> {
    let stamp = Stamp { schema_hash: SchemaSpec::embedded().hash(), ..Stamp::default() };
    writer.commit(&CommitState { stamp, state, ..CommitState::default() })?;
    writer.publish()?;
    writer.finish()
}

fn articles(path: &Path) -> (u64, u64) {
    let state = OpenState::open(path, Which::Published, Authority::default()).expect("a state");
    (state.commit.state, state.totals().expect("totals").articles)
}

#[test]
fn a_failing_disk_costs_at_most_the_update() {
    const NEVER: i64 = i64::MAX;
    let mut n_failures = 0;
    for left in 0.. {
        let dir = tempfile::tempdir().expect("a directory");
        write(dir.path(), NEVER, 0..3, 1).expect("a first state");
        let result = write(dir.path(), left, 2..6, 2);
        let found = articles(dir.path());
        match &result {
            // Failing after publishing (merging, collecting) may be reported, but the new state stands.
            Err(_) => assert!(found == (1, 3) || found == (2, 6), "{left}: {found:?}"),
            Ok(()) => assert_eq!(found, (2, 6), "{left}"),
        }
        // The next writer is not held up by what the failed one left.
        write(dir.path(), NEVER, 2..7, 3).expect("an update after the fault");
        assert_eq!(articles(dir.path()), (3, 7), "{left}");
        n_failures += u64::from(result.is_err());
        if left > 10 && result.is_ok() && n_failures > 5 {
            break;
        }
        assert!(left < 2_000, "the countdown never ran out");
    }
}

/// One number more than the last of the articles that the next test replaces.
const REPLACED: u64 = 4_000;

#[test]
fn threads_that_replace_articles_lose_none() {
    let dir = tempfile::tempdir().expect("a directory");
    let options = WriterOptions { threads: 2, ..OPTIONS };
    for state in 1..4 {
        let writer = Writer::open(dir.path(), options).expect("a writer");
        std::thread::scope(|scope| {
            for first in 0..8 {
                let writer = &writer;
                scope.spawn(move || {
                    for number in (first..REPLACED).step_by(8) {
                        writer.put(Some(number + 1), block(number), None).expect("taken");
                    }
                });
            }
        });
        finish(writer, state).expect("written");
        assert_eq!(articles(dir.path()), (state, REPLACED));
    }
}

#[test]
fn operations_are_numbered_after_the_last_commit() {
    let dir = tempfile::tempdir().expect("a directory");
    write(dir.path(), i64::MAX, 0..3, 1).expect("a first state");
    let writer = Writer::open(dir.path(), OPTIONS).expect("a writer");
    let list = std::fs::read_to_string(dir.path().join("meta.json")).expect("a list");
    let committed = list.split("\"opstamp\":").nth(1).expect("its number");
    let committed: u64 =
        committed.trim_start().split([',', '\n']).next().expect("digits").parse().expect("a number");
    assert!(writer.next_number() > committed, "{committed}");
}

#[test]
fn damage_is_named_before_it_is_written_on() {
    let first = tempfile::tempdir().expect("a directory");
    write(first.path(), i64::MAX, 0..100, 1).expect("a first state");
    let files = || std::fs::read_dir(first.path()).expect("a directory").flatten().map(|entry| entry.path());
    let postings = files().find(|file| file.extension().is_some_and(|kind| kind == "idx")).expect("postings");
    let whole = std::fs::read(&postings).expect("read");
    let mut n_refused = 0;
    for at in (0..whole.len()).step_by(whole.len() / 40) {
        let second = tempfile::tempdir().expect("a directory");
        for file in files() {
            std::fs::copy(&file, second.path().join(file.file_name().expect("a name"))).expect("copied");
        }
        let damaged = second.path().join(postings.file_name().expect("a name"));
        let mut bytes = whole.clone();
        bytes[at] ^= 0x40;
        std::fs::write(&damaged, bytes).expect("damaged");
        let mut writer = Writer::open(second.path(), OPTIONS).expect("a writer");
        for number in 0..100 {
            writer.put(Some(number + 1), block(number), None).expect("taken");
        }
        let stamp = Stamp { schema_hash: SchemaSpec::embedded().hash(), ..Stamp::default() };
        match writer.commit(&CommitState { stamp, state: 2, ..CommitState::default() }) {
            Err(EngineError::Damaged { file, .. }) => {
                assert_eq!(file, damaged);
                n_refused += 1;
            }
            // What the deletions read was sound.
            other => assert!(other.is_ok(), "byte {at}: {other:?}"),
        }
    }
    assert!(n_refused > 0, "no damage was met");
}
