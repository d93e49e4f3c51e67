//! Verifying an index: every file against its checksum, every article against its quotes.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use tantivy::Version;
use tantivy::directory::footer::Footer;
use tantivy::directory::{Directory, ManagedDirectory};

use super::digest::{self, Digest};
use super::dir::{META, PUBLISHED, ReadDirectory, Which};
use super::generation::IndexDir;
use super::open::{OpenState, engine_error, is_optional};
use super::seal;
use super::search::kept;
use super::writer::listed_files;
use crate::authority::Authority;
use crate::engine::EngineError;
use crate::engine::caught::caught;
use crate::model::ArticleId;
use crate::schema::record::RecordView;
use crate::schema::{DocumentKind, Field};

/// What a check found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CheckReport {
    /// Files read.
    pub files: u64,
    /// Bytes read.
    pub bytes: u64,
    /// Articles compared with their quotes.
    pub articles: u64,
    /// Quotes.
    pub quotes: u64,
    /// What is wrong; empty when all is well.
    pub problems: Vec<Problem>,
}

/// Something wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The file, or the generation when no single file is to blame.
    pub file: PathBuf,
    /// What: lower case, no full stop.
    pub message: String,
}

/// Most problems that are listed; one damaged file can make thousands.
const MAX_PROBLEMS: usize = 100;

/// Verifies the index at `root`. Damage is in the report, not an error.
///
/// # Errors
/// `NoIndex`, `OtherVersion`, `Io` for an index that cannot be looked at.
pub fn check(root: &Path) -> Result<CheckReport, EngineError> {
    let dir = IndexDir::new(root);
    let mut report = CheckReport::default();
    let generation = match dir.current() {
        Err(EngineError::Damaged { file, message }) => {
            report.add(file, message);
            return Ok(report);
        }
        generation => generation?,
    };
    let _held = dir.hold(generation);
    let path = dir.generation(generation);
    check_files(&path, &mut report)?;
    if report.problems.is_empty() {
        // Damage that checksums do not cover (the list itself) can make tantivy panic.
        let result = caught(|| {
            let mut inner = CheckReport::default();
            check_articles(&path, &mut inner).map(|()| inner)
        });
        match result {
            Ok(Ok(inner)) => {
                report.articles = inner.articles;
                report.quotes = inner.quotes;
                report.problems.extend(inner.problems);
            }
            Ok(Err(EngineError::Damaged { file, message })) => report.add(file, message),
            Ok(Err(error)) => return Err(error),
            Err(_) => report.add(path, "reading it failed"),
        }
    }
    Ok(report)
}

impl CheckReport {
    fn add(&mut self, file: impl Into<PathBuf>, message: impl Into<String>) {
        if self.problems.len() < MAX_PROBLEMS {
            self.problems.push(Problem { file: file.into(), message: message.into() });
        }
    }
}

fn check_files(path: &Path, report: &mut CheckReport) -> Result<(), EngineError> {
    let mut files = HashSet::new();
    // The next update goes on from the last commit, which may be ahead of what answers.
    for which in [Which::Published, Which::Latest] {
        match listed_files(path, which) {
            Err(EngineError::Damaged { file, message }) => report.add(file, message),
            listed => files.extend(listed?),
        }
    }
    if !Digest::is_whole(path) {
        report.add(path.join(digest::FILE), seal::BROKEN);
    }
    if !kept::is_whole(path) {
        report.add(path.join(kept::FILE), seal::BROKEN);
    }
    for list in [PUBLISHED, META].map(|list| path.join(list)) {
        if !list.exists() {
            report.add(list, "the file is missing");
        }
    }
    if !report.problems.is_empty() {
        return Ok(());
    }
    let directory = ReadDirectory::open(path, Which::Published);
    let directory = directory.map_err(|error| engine_error(path, error.into()))?;
    let raw = directory.clone();
    let managed = ManagedDirectory::wrap(Box::new(directory)).map_err(|error| engine_error(path, error))?;
    let mut files: Vec<PathBuf> = files.into_iter().collect();
    files.sort();
    let mut versions: Vec<(Version, PathBuf)> = Vec::new();
    for file in files {
        let full = path.join(&file);
        match managed.exists(&file) {
            Ok(true) => {}
            Ok(false) if is_optional(&file) => continue,
            Ok(false) => {
                report.add(full, "the file is missing");
                continue;
            }
            Err(error) => {
                report.add(full, error.to_string());
                continue;
            }
        }
        report.files += 1;
        report.bytes += std::fs::metadata(&full).map_or(0, |metadata| metadata.len());
        // A file cut short has no checksum left to read, which tantivy does not expect everywhere.
        match caught(|| managed.validate_checksum(&file)) {
            Ok(Ok(true)) => {
                let footer = raw.open_read(&file).ok().and_then(|file| Footer::extract_footer(file).ok());
                versions.extend(footer.map(|(footer, _)| (footer.version, full)));
            }
            Ok(Ok(false)) => report.add(full, seal::BROKEN),
            Ok(Err(error)) => report.add(full, error.to_string()),
            Err(_) => report.add(full, "the file is cut short"),
        }
    }
    // Checksums cover what a file says, not the version at its end; one program writes all files of an index.
    let n_alike = |version: &Version| versions.iter().filter(|(other, _)| other == version).count();
    for (version, file) in &versions {
        if n_alike(version) * 2 < versions.len() {
            report.add(file, seal::BROKEN);
        }
    }
    Ok(())
}

fn check_articles(path: &Path, report: &mut CheckReport) -> Result<(), EngineError> {
    let state = OpenState::open(path, Which::Published, Authority::embedded())?;
    if let Some(kept) = Digest::read(path, state.commit.state, state.authority().hash()) {
        // Opened as the last commit, nothing comes from the digest.
        let fresh = OpenState::open(path, Which::Latest, Authority::embedded())?;
        if fresh.commit.state == state.commit.state && Digest::of(&fresh)? != kept {
            report.add(path, "the names and totals kept with it do not fit its documents");
        }
    }
    if !kept::fits(path, &state)? {
        report.add(path.join(kept::FILE), "the names kept with it do not fit its documents");
    }
    let mut keys = HashSet::new();
    for (ord, segment) in state.segments.iter().enumerate() {
        let (kind, key) = (segment.number(Field::Kind)?, segment.number(Field::ArticleKey)?);
        let (n_quotes, quote_no) = (segment.number(Field::NQuotes)?, segment.number(Field::QuoteNo)?);
        // The article whose quotes are being walked: its document, its key, its number of quotes, those seen.
        let mut open: Option<(u32, Option<u64>, u64, u64)> = None;
        for doc in segment.reader.doc_ids_alive() {
            let code = kind.first(doc);
            if code == Some(DocumentKind::Quote.code()) {
                report.quotes += 1;
                let number = quote_no.first(doc).unwrap_or(0);
                let fits = open.is_some_and(|(article, of, total, _)| {
                    u64::from(doc - article) == number && key.first(doc) == of && number <= total
                });
                if !fits {
                    report.add(path, format!("segment {ord}, document {doc}: a quote without its article"));
                }
                if let Some((.., seen)) = &mut open {
                    *seen += 1;
                }
                continue;
            }
            close(path, ord, open.take(), report);
            if code != Some(DocumentKind::Article.code()) {
                continue;
            }
            report.articles += 1;
            if !key.first(doc).is_some_and(|key| keys.insert(key)) {
                report.add(path, format!("segment {ord}, document {doc}: the same article a second time"));
            }
            let total = n_quotes.first(doc).unwrap_or(0);
            open = Some((doc, key.first(doc), total, 0));
            let bytes = state.record(tantivy::DocAddress::new(ord as u32, doc))?;
            let view = RecordView::open(&bytes);
            let stored = view.and_then(|view| Some((view.article()?, view.quotes()?)));
            let is_sound = stored.is_some_and(|(article, quotes)| {
                Some(ArticleId(article.id.clone()).key()) == key.first(doc)
                    && quotes.len() as u64 == total
                    && quotes.iter().all(|quote| {
                        quote.content.iter().all(|span| article.body.get(span.start..span.end).is_some())
                    })
            });
            if !is_sound {
                report.add(
                    path,
                    format!("segment {ord}, document {doc}: the stored article does not fit its columns"),
                );
            }
        }
        close(path, ord, open.take(), report);
    }
    Ok(())
}

fn close(path: &Path, ord: usize, open: Option<(u32, Option<u64>, u64, u64)>, report: &mut CheckReport) {
    if let Some((doc, _, total, seen)) = open.filter(|(_, _, total, seen)| total != seen) {
        report.add(path, format!("segment {ord}, document {doc}: {total} quotes expected, {seen} found"));
    }
}
