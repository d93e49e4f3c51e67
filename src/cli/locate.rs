//! Which index is meant, and opening it; the one of `--corpus` is built or refreshed first.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use anyhow::Context as _;

use super::exit::{BUSY, FAILURE, Failure, NO_INDEX, USAGE};
use super::progress::Reporter;
use super::settings::{env_path, expand_home};
use super::{Context, index, sample};
use crate::authority::Authority;
use crate::build::{self, BuildError, BuildReport, BuildRequest};
use crate::corpus::{FieldMap, ReadOptions};
use crate::engine::EngineError;
use crate::engine::local::{self, LocalIndex};
use crate::output::grouped;
use crate::tui::setup::{self, Chosen, Helpers};
use crate::tui::state::Look;

/// Where the index is, and why there.
#[derive(Debug, Clone)]
pub struct Place {
    /// The directory.
    pub dir: PathBuf,
    /// What said so: `--index`, `--corpus`, `ONRECORD_INDEX`, the configuration, the default.
    pub because: &'static str,
}

/// The index that is meant, by the first that speaks.
///
/// # Errors
/// A corpus path that does not exist.
pub fn place(context: &Context) -> anyhow::Result<Place> {
    let data = &context.settings.folders.data;
    if let Some(dir) = &context.global.index {
        return Ok(Place { dir: dir.clone(), because: "--index" });
    }
    if !context.global.corpus.is_empty() {
        return Ok(Place {
            dir: data.join("corpora").join(corpus_name(&context.global.corpus)?),
            because: "--corpus",
        });
    }
    if let Some(dir) = env_path("ONRECORD_INDEX") {
        return Ok(Place { dir, because: "ONRECORD_INDEX" });
    }
    if let Some(dir) = &context.settings.file.corpus.index {
        return Ok(Place { dir: expand_home(dir), because: "corpus.index of the configuration" });
    }
    Ok(Place { dir: data.join("index"), because: "the user's data folder" })
}

/// A folder name of its own for each set of corpus paths: readable, and told apart by a hash of the full paths.
fn corpus_name(paths: &[PathBuf]) -> anyhow::Result<String> {
    let mut hasher = blake3::Hasher::new();
    let mut full = Vec::new();
    for path in paths {
        let canonical = path.canonicalize().map_err(|error| {
            Failure::new(USAGE, format!("--corpus {}: {error}", path.display()))
                .help("give a folder or file of articles")
        })?;
        full.push(canonical);
    }
    full.sort();
    for path in &full {
        hasher.update(path.as_os_str().as_encoded_bytes());
        hasher.update(b"\0");
    }
    let stem = full.first().and_then(|path| path.file_stem()).map(|stem| stem.to_string_lossy().into_owned());
    let stem: String = stem
        .unwrap_or_default()
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' })
        .take(40)
        .collect();
    Ok(format!("{stem}-{}", &hasher.finalize().to_hex()[..12]))
}

/// Opens the index that is meant; with `--corpus`, brings it up to date first.
///
/// # Errors
/// No index, damage, a corpus that cannot be read.
pub fn open(context: &Context) -> anyhow::Result<Arc<LocalIndex>> {
    let place = place(context)?;
    if !context.global.corpus.is_empty() {
        refresh(context, &place.dir)?;
    }
    open_at(context, &place.dir)
}

/// How long a first build of another process is waited for until there is something to search, and how often it is looked
/// whether that process is still there.
const FIRST_STATE: Duration = Duration::from_secs(600);
const LOOK_FOR_WRITER: Duration = Duration::from_millis(500);

/// Brings the index of `--corpus` up to date. When another process is at it already, its last state is used.
fn refresh(context: &Context, dir: &Path) -> anyhow::Result<()> {
    let request = index::request(context, dir, context.global.corpus.clone(), &[])?;
    let reporter = Reporter::new(context, false);
    let is_busy = |error: &anyhow::Error| {
        matches!(error.downcast_ref::<EngineError>(), Some(EngineError::Locked { .. }))
    };
    let begun = Instant::now();
    let stop = index::stop_flag()?;
    let mut built = index::build_until(context, request.clone(), &reporter, &stop);
    let waits = |built: &anyhow::Result<BuildReport>| {
        built.as_ref().is_err_and(is_busy) && local::open(dir).is_err() && begun.elapsed() < FIRST_STATE
    };
    if waits(&built) {
        context.note("another process is building this index; waiting for the first of it");
    }
    while waits(&built) {
        if stop.load(Ordering::Relaxed) {
            return Err(Failure::new(super::exit::INTERRUPTED, "interrupted").into());
        }
        std::thread::sleep(LOOK_FOR_WRITER);
        // When the other one gave up, the index is built here.
        built = index::build_until(context, request.clone(), &reporter, &stop);
    }
    match built {
        Ok(report) => {
            reporter.finish();
            if report.interrupted {
                return Err(
                    Failure::new(super::exit::INTERRUPTED, "interrupted while reading the corpus").into()
                );
            }
            if report.published && report.skipped > 0 {
                context.note(&format!(
                    "{} not indexed: onrecord skipped --index {}",
                    crate::output::counted(report.skipped, "record"),
                    crate::text::shell_quoted(&dir.to_string_lossy())
                ));
            }
            Ok(())
        }
        Err(error) => {
            reporter.finish();
            let busy = is_busy(&error);
            let readonly = matches!(error.downcast_ref::<EngineError>(), Some(EngineError::Io { .. }));
            let is_there = local::open(dir).is_ok();
            if (busy || readonly) && is_there {
                context.note(&format!("the index was not refreshed: {error}"));
                return Ok(());
            }
            if busy {
                let help = "nothing of it can be searched yet; to wait longer: --wait 60s";
                return Err(Failure::new(BUSY, error.to_string()).help(help).into());
            }
            Err(error)
        }
    }
}

/// Opens the index in `dir`.
///
/// # Errors
/// No index, damage, aliases that cannot be read.
pub fn open_at(context: &Context, dir: &Path) -> anyhow::Result<Arc<LocalIndex>> {
    let index = open_bare(context, dir)?;
    if !index.is_finished() {
        let articles = index.state().totals()?.articles;
        context.note(&format!(
            "not all of the corpus is in the index yet: {} articles so far",
            grouped(articles)
        ));
    }
    Ok(Arc::new(index))
}

fn open_bare(context: &Context, dir: &Path) -> anyhow::Result<LocalIndex> {
    Ok(local::open_with(dir, authority_for_reading(context).clone())?)
}

/// What a file of aliases looks like.
const ALIASES: &str = "a name and what counts as it is written so (onrecord help config):
[[name]]
canonical = \"Ada Moreau\"
aliases = [\"A. Moreau\", \"Minister Moreau\"]";

/// The names the program knows, with the user's own list over them.
///
/// # Errors
/// A list that cannot be read; the place is named.
pub fn authority(context: &Context) -> anyhow::Result<Authority> {
    let path = context.settings.aliases_path();
    let authority = Authority::embedded();
    match std::fs::read_to_string(&path) {
        Ok(text) => authority
            .with_user(&text, &path.display().to_string())
            .map_err(|error| Failure::new(USAGE, error.to_string()).help(ALIASES).into()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(authority),
        Err(error) => Err(error).with_context(|| format!("reading {}", path.display())),
    }
}

/// The same for a command that only reads: without a list of one's own that cannot be read, which is told once.
pub fn authority_for_reading(context: &Context) -> &Authority {
    context.names.get_or_init(|| {
        authority(context).unwrap_or_else(|error| {
            context.note(&format!("{error:#}; names are joined without this file: onrecord help config"));
            Authority::embedded()
        })
    })
}

/// An index for the interactive search, and the first build that still goes on behind it.
pub struct Begun {
    /// The index.
    pub index: Arc<LocalIndex>,
    /// The build.
    pub build: Option<FirstBuild>,
    /// The index was made just now.
    pub is_first: bool,
}

/// A first build on a thread of its own, part of which can be searched already.
pub struct FirstBuild {
    thread: JoinHandle<Result<BuildReport, BuildError>>,
    stop: Arc<AtomicBool>,
    reporter: Arc<Reporter>,
}

impl FirstBuild {
    fn start(context: &Context, request: BuildRequest) -> anyhow::Result<FirstBuild> {
        let stop = index::stop_flag()?;
        let reporter = Arc::new(Reporter::new(context, true));
        let (told, asked) = (Arc::clone(&reporter), Arc::clone(&stop));
        let thread = std::thread::Builder::new()
            .name("build".to_owned())
            .spawn(move || build::update(&request, &*told, &asked))
            .context("starting a thread")?;
        Ok(FirstBuild { thread, stop, reporter })
    }

    /// Waits until there is something to search in `dir`, or until the build is over. What is returned goes on.
    fn until_searchable(self, context: &Context, dir: &Path) -> anyhow::Result<Option<Begun>> {
        while !self.thread.is_finished() {
            if local::open(dir).is_ok() {
                self.reporter.hush();
                let index = Arc::new(open_bare(context, dir)?);
                return Ok(Some(Begun { index, build: Some(self), is_first: true }));
            }
            std::thread::sleep(LOOK_AGAIN);
        }
        self.reporter.finish();
        let report = self.ended()?;
        if report.interrupted && !report.published {
            return Err(Failure::new(super::exit::INTERRUPTED, "interrupted").into());
        }
        Ok(Some(Begun { index: open_at(context, dir)?, build: None, is_first: true }))
    }

    fn ended(self) -> anyhow::Result<BuildReport> {
        match self.thread.join() {
            Ok(report) => report.map_err(index::failure),
            Err(_) => Err(Failure::new(FAILURE, "the build failed").into()),
        }
    }

    /// Articles there will be about when it is over; `None` once it is.
    pub fn expected(&self) -> impl Fn() -> Option<u64> + Send + Sync + use<> {
        let reporter = Arc::clone(&self.reporter);
        move || reporter.expected_records()
    }

    /// Stops the build where it is, if it goes on; what is done is kept. Says how to continue.
    ///
    /// # Errors
    /// Those of the build.
    pub fn stop(self, context: &Context) -> anyhow::Result<()> {
        self.stop.store(true, Ordering::Relaxed);
        let report = self.ended()?;
        if report.interrupted {
            let done = crate::output::counted(report.added, "article");
            let place = context.global.index.as_ref().map_or_else(String::new, |dir| {
                format!(" --index {}", crate::text::shell_quoted(&dir.to_string_lossy()))
            });
            context
                .note(&format!("{done} of the corpus so far are indexed; to go on: onrecord index{place}"));
        }
        Ok(())
    }
}

/// How often a first build is looked at for something to search.
const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// Opens the index for the interactive search. When there is none, asks on the terminal for a folder of articles (line by
/// line when `by_lines`), and builds; the search opens as soon as there is something to search. `None` when the user wants
/// to leave.
///
/// # Errors
/// No index and nobody to ask; a corpus that cannot be read.
pub fn open_or_begin(context: &Context, look: Look, by_lines: bool) -> anyhow::Result<Option<Begun>> {
    use std::io::IsTerminal;
    let error = match open_quietly(context) {
        Ok(index) => return Ok(Some(Begun { index, build: None, is_first: false })),
        Err(error) => error,
    };
    let none = matches!(error.downcast_ref::<EngineError>(), Some(EngineError::NoIndex { .. }));
    if !none || context.global.no_input || !std::io::stdin().is_terminal() {
        return Err(error);
    }
    let place = place(context)?;
    let chosen = match by_lines {
        true => ask_by_lines(&place)?,
        false => setup::ask(place.dir.clone(), look, &Helpers { complete: &complete, look: &looked_into })?,
    };
    let (folder, map) = match chosen {
        Chosen::Nothing => return Ok(None),
        Chosen::Sample => {
            (sample::write_into(&context.settings.folders.data.join("sample-corpus"))?, String::new())
        }
        Chosen::Folder(typed, map) => (path_of(&typed), map),
    };
    let map: Vec<String> = Some(map).into_iter().filter(|map| !map.trim().is_empty()).collect();
    let request = index::request(context, &place.dir, vec![folder], &map)?;
    FirstBuild::start(context, request)?.until_searchable(context, &place.dir)
}

/// As [`open()`], without a remark on an index that is not finished: the interactive search shows that itself.
fn open_quietly(context: &Context) -> anyhow::Result<Arc<LocalIndex>> {
    let place = place(context)?;
    if !context.global.corpus.is_empty() {
        refresh(context, &place.dir)?;
    }
    Ok(Arc::new(open_bare(context, &place.dir)?))
}

/// Asks without drawing on the screen.
fn ask_by_lines(place: &Place) -> anyhow::Result<Chosen> {
    use std::io::{BufRead, Write};
    let out = &mut std::io::stderr();
    writeln!(out, "No index yet in {}.", place.dir.display())?;
    writeln!(out, "Folder with your articles, s for the sample articles, nothing to leave.")?;
    writeln!(
        out,
        "It may hold .txt .md .html .json .jsonl .csv .tsv .xml (feeds) .warc, each also .gz or .zst,\n\
         and text exports of LexisNexis, Factiva and ProQuest."
    )?;
    let mut input = std::io::stdin().lock();
    let mut answer = |out: &mut std::io::Stderr, prompt: &str| -> anyhow::Result<Option<String>> {
        write!(out, "{prompt}> ")?;
        out.flush()?;
        let mut line = String::new();
        Ok((input.read_line(&mut line)? > 0).then(|| line.trim().to_owned()))
    };
    loop {
        let Some(folder) = answer(out, "folder")?.filter(|line| !line.is_empty()) else {
            return Ok(Chosen::Nothing);
        };
        if folder == "s" {
            return Ok(Chosen::Sample);
        }
        match looked_into(&folder, "") {
            Err(message) => writeln!(out, "{message}")?,
            Ok(lines) => {
                for line in lines {
                    writeln!(out, "{line}")?;
                }
                match answer(out, "Index it? yes or no")? {
                    None => return Ok(Chosen::Nothing),
                    Some(word) if word.to_ascii_lowercase().starts_with('n') => {}
                    Some(_) => return Ok(Chosen::Folder(folder, String::new())),
                }
            }
        }
    }
}

/// A path as typed, without the quotation marks of a shell.
fn path_of(typed: &str) -> PathBuf {
    expand_home(typed.trim().trim_matches(['\'', '"']))
}

/// What there is to index, in lines.
fn looked_into(typed: &str, map: &str) -> Result<Vec<String>, String> {
    let path = path_of(typed);
    if !path.exists() {
        return Err(format!("{} does not exist", path.display()));
    }
    let mut text = Vec::new();
    let mapping = FieldMap::parse(map.trim()).map_err(|error| format!("{map}: {error}"))?;
    let options = ReadOptions { mapping, ..ReadOptions::default() };
    let found = super::extract::first_look(&path, &options, &mut text).map_err(|error| error.to_string())?;
    if found == 0 {
        return Err(format!(
            "no articles in {}: .txt .md .html .json .jsonl .csv .tsv .xml (feeds) .warc are read, each also .gz or .zst",
            path.display()
        ));
    }
    Ok(String::from_utf8_lossy(&text).lines().map(str::to_owned).collect())
}

/// Paths that begin as typed; folders end in a slash.
fn complete(typed: &str) -> Vec<String> {
    let (folder, start) = typed.rsplit_once('/').map_or(("", typed), |(folder, start)| (folder, start));
    let shown = if typed.contains('/') { format!("{folder}/") } else { String::new() };
    let place = match shown.as_str() {
        "" => PathBuf::from("."),
        shown => expand_home(shown),
    };
    let Ok(entries) = std::fs::read_dir(place) else { return Vec::new() };
    let mut paths: Vec<String> = entries
        .flatten()
        .filter_map(|entry| {
            let name = entry.file_name().to_string_lossy().into_owned();
            let hidden = name.starts_with('.') && !start.starts_with('.');
            let slash = if entry.path().is_dir() { "/" } else { "" };
            (name.starts_with(start) && !hidden).then(|| format!("{shown}{name}{slash}"))
        })
        .collect();
    paths.sort();
    paths
}

/// A failure for a missing corpus.
pub fn no_corpus() -> Failure {
    Failure::new(NO_INDEX, "no corpus to index").help("name a folder or files: onrecord index FOLDER")
}

/// A failure of the file system.
pub fn failed(message: impl Into<String>) -> Failure {
    Failure::new(FAILURE, message)
}
