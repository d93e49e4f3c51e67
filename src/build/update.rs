//! The whole of a build: what is there, what is to be done, doing it, publishing it.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use super::file::note_file;
use super::pipeline::{Feed, Work};
use super::plan::{self, Gone, Plan, Reasons};
use super::progress::{Phase, Progress};
use super::repeated::{self, Foresight};
use super::report::{BuildReport, Tally};
use super::request::{BuildError, BuildRequest};
use super::roots::{self, Root};
use super::share::Share;
use crate::authority::Authority;
use crate::corpus::{self, SourceFile};
use crate::engine::EngineError;
use crate::engine::caught::caught;
use crate::engine::local::Which;
use crate::engine::local::bookkeeping;
use crate::engine::local::budget::Budget;
use crate::engine::local::digest::Digest;
use crate::engine::local::duplicates;
use crate::engine::local::generation::{IndexDir, Manifest, WriteLock};
use crate::engine::local::open::{self, CommitState, OpenState};
use crate::engine::local::search::kept;
use crate::engine::local::writer::{Writer, WriterOptions, remove_unused};
use crate::lexicon::Lexicon;
use crate::model::Rejection;
use crate::model::search::Stamp;
use crate::schema::documents::{self, key};
use crate::schema::{Field, Origin, SchemaSpec};

/// Work between two commits takes at least this long, or none would be done.
const LEAST_WORK: Duration = Duration::from_millis(1);
/// Stack of a pool thread: parsers of deeply nested pages recurse.
const STACK_BYTES: usize = 16 << 20;
/// Room asked for before a build, for each byte of the corpus: the index, and the copy a merge makes.
const ROOM_PER_BYTE: u64 = 2;

/// Brings the index up to date with its corpus, or builds it. Setting `stop` ends the work early: what is done is
/// published, and the next update goes on.
///
/// # Errors
/// [`BuildError`]; the index is then as it was.
pub fn update(
    request: &BuildRequest,
    progress: &dyn Progress,
    stop: &AtomicBool,
) -> Result<BuildReport, BuildError> {
    // tantivy reads damaged files without checking them.
    let result = caught(|| update_sound(request, progress, stop));
    result.unwrap_or_else(|what| Err(failed_reading(&request.index, &what).into()))
}

/// A panic while the index at `path` was read, as an error.
pub(super) fn failed_reading(path: &Path, what: &str) -> EngineError {
    EngineError::Damaged { file: path.to_owned(), message: format!("reading it failed ({what})") }
}

fn update_sound(
    request: &BuildRequest,
    progress: &dyn Progress,
    stop: &AtomicBool,
) -> Result<BuildReport, BuildError> {
    let begun = Instant::now();
    let dir = IndexDir::new(&request.index);
    // Whoever only looks does not lock, and leaves no trace.
    let right = if request.dry_run { None } else { Some(dir.lock()?) };
    let target = Target::find(&dir, request)?;
    let roots = target.roots(request)?;

    progress.phase(Phase::Finding, 0, 0);
    let Found { files, rejections, out_of_sight } = find(&roots, request)?;
    let mut report = BuildReport {
        files: files.len() as u64,
        rebuilt_because: target.because.clone().or_else(|| {
            let differently = target.reads_differently(request);
            differently.then(|| String::from("files are to be read in another way"))
        }),
        ..BuildReport::default()
    };
    progress.phase(Phase::Comparing, files.len() as u64, 0);
    let places: Vec<u64> =
        rejections.iter().map(|rejection| key([rejection.source_ref.path.as_str()])).collect();
    let reasons = Reasons { all: target.reads_differently(request), rejected: request.retry_failed };
    let found_in: Vec<bool> =
        roots.iter().map(|root| files.iter().any(|file| root.holds(&file.name))).collect();
    let mut plan = plan::plan(target.old.as_ref(), files, &places, reasons, now().as_nanos() as i128)?;
    if let Some(old) = target.old.as_ref().filter(|_| !out_of_sight.is_empty()) {
        plan::keep_unseen(&mut plan, old, &out_of_sight)?;
    }
    if request.keep_missing {
        plan.gone.clear();
    }
    if let Some(old) = target.old.as_ref().filter(|_| !request.allow_empty) {
        refuse_empty(old, &roots, &found_in, &plan.gone)?;
    }
    report.changed_files = (plan.read.len() + plan.gone.len()) as u64;
    let Some(right) = right else {
        report.bytes = plan.read.iter().map(|planned| planned.file.size).sum();
        report.unchanged = plan.unchanged;
        report.removed = plan.gone.len() as u64;
        report.changed = plan.read.iter().filter(|planned| planned.is_known).count() as u64;
        report.added = plan.read.len() as u64 - report.changed;
        report.took = begun.elapsed();
        return Ok(report);
    };
    let run = Run { request, progress, stop, dir: &dir, right: &right, roots: &roots };
    if let Err(error) = run.go(target, plan, &rejections, &mut report) {
        // What was written in vain takes room, and a full disk may be what went wrong.
        run.give_back();
        return Err(error);
    }
    report.took = begun.elapsed();
    Ok(report)
}

/// What an update starts from.
struct Target {
    manifest: Option<Manifest>,
    /// The manifest cannot be read; this one is made of what was found.
    is_lost: bool,
    /// The generation to go on with; `None`: a new one.
    generation: Option<u64>,
    /// Its last commit.
    old: Option<OpenState>,
    /// What the index said before, for its corpus.
    before: CommitState,
    /// Number of the state readers see; 0 before the first.
    published: u64,
    /// Why nothing of it can be kept.
    because: Option<String>,
}

impl Target {
    fn find(dir: &IndexDir, request: &BuildRequest) -> Result<Target, BuildError> {
        let anew = request.rebuild || request.force;
        let mut is_lost = false;
        let manifest = match dir.manifest() {
            Err(EngineError::OtherVersion { .. }) if request.force => None,
            // What answered last goes on answering while it is built anew, and knows its corpus.
            Err(EngineError::Damaged { .. }) if anew => {
                is_lost = true;
                let generation = dir.surviving()?;
                Some(Manifest { format: IndexDir::FORMAT, generation, building: None })
            }
            manifest => manifest?,
        };
        let named = manifest.map(|manifest| (manifest.generation, manifest.building)).unwrap_or_default();
        let peek =
            |number: Option<u64>, which| number.and_then(|number| open::peek(&dir.generation(number), which));
        let published = peek(named.0, Which::Published);
        let unfinished = peek(named.1, Which::Latest);
        let number = published.as_ref().map_or(0, |commit| commit.state);
        // A build that was killed goes on, unless it was made by other rules; it knows what it was to follow.
        let unfinished = unfinished.filter(|commit| difference(&commit.stamp).is_none());
        let goes_on = unfinished.is_some();
        let before = unfinished.or_else(|| published.clone()).unwrap_or_default();
        let mut target = Target {
            manifest,
            is_lost,
            generation: None,
            old: None,
            before,
            published: number,
            because: None,
        };

        if goes_on {
            target.generation = named.1;
        } else if !request.rebuild && !is_lost {
            target.generation = named.0;
            target.because = published.and_then(|commit| difference(&commit.stamp));
        }
        if target.because.is_some() {
            target.generation = None;
        }
        if let Some(number) = target.generation {
            let path = dir.generation(number);
            match OpenState::open(&path, Which::Latest, Authority::default()) {
                Ok(state) => target.old = Some(state),
                Err(EngineError::Damaged { .. }) if request.force => {
                    target.generation = None;
                    target.because = Some(String::from("the index is damaged"));
                }
                Err(error) => return Err(error.into()),
            }
        }
        Ok(target)
    }

    fn roots(&self, request: &BuildRequest) -> Result<Vec<Root>, BuildError> {
        let known = self.before.corpus.iter().zip(&self.before.corpus_names);
        let known: Vec<Root> =
            known.map(|(path, name)| Root { path: PathBuf::from(path), name: name.clone() }).collect();
        let kept = if request.rebuild && !request.corpus.is_empty() {
            // Named anew; a path that stays keeps its name, and with it the ids of its articles.
            let given = roots::join(&[], &request.corpus)?;
            known.into_iter().filter(|root| given.iter().any(|other| other.path == root.path)).collect()
        } else {
            known
        };
        let roots = roots::join(&kept, &request.corpus)?;
        if roots.is_empty() {
            return Err(BuildError::NoCorpus);
        }
        Ok(roots)
    }

    fn reads_differently(&self, request: &BuildRequest) -> bool {
        self.old.as_ref().is_some_and(|old| old.commit.reading != reading(request))
    }
}

/// What in `stamp` is not as this program would make it.
fn difference(stamp: &Stamp) -> Option<String> {
    let now = this_stamp();
    let told = |what: &str| Some(format!("{what} changed"));
    match stamp {
        _ if stamp.schema_hash != now.schema_hash => told("the fields of the index"),
        _ if stamp.lexicon_hash != now.lexicon_hash => told("the rules"),
        // Another version of the program with the same rules makes the same index.
        _ if stamp.code_hash != now.code_hash => told("the way the program reads articles"),
        _ => None,
    }
}

/// The stamp of an index made by this program.
fn this_stamp() -> Stamp {
    Stamp {
        schema_version: SchemaSpec::embedded().version,
        schema_hash: SchemaSpec::embedded().hash(),
        lexicon_hash: Lexicon::embedded().hash().to_owned(),
        code_hash: option_env!("ONRECORD_CODE_HASH").unwrap_or_default().to_owned(),
        tool_version: env!("CARGO_PKG_VERSION").to_owned(),
    }
}

fn reading(request: &BuildRequest) -> String {
    format!("{:016x}", key([format!("{:?}", request.read).as_str()]))
}

/// What there is of a corpus.
struct Found {
    files: Vec<SourceFile>,
    /// Places that could not be read.
    rejections: Vec<Rejection>,
    /// Names of folders that could not be listed.
    out_of_sight: Vec<String>,
}

fn find(roots: &[Root], request: &BuildRequest) -> Result<Found, BuildError> {
    for root in roots {
        if !request.allow_empty && !root.path.exists() {
            return Err(BuildError::NoSuchPath { path: root.path.clone() });
        }
    }
    let paths: Vec<PathBuf> =
        roots.iter().map(|root| root.path.clone()).filter(|path| path.exists()).collect();
    let found = corpus::discover(&paths, &request.discover)?;
    let (mut rejections, mut out_of_sight) = (found.rejections, found.out_of_sight);
    let places = rejections.iter_mut().map(|rejection| &mut rejection.source_ref.path);
    for place in places.chain(&mut out_of_sight) {
        let path = PathBuf::from(place.as_str());
        if let Some(root) = roots.iter().find(|root| path.starts_with(&root.path)) {
            *place = root.name_of(&path);
        }
    }
    // The index may lie inside its corpus, and has no manifest yet when it is first made.
    let index =
        std::path::absolute(&request.index).map_err(|error| EngineError::io(&request.index, error))?;
    let mut files = found.files;
    files.retain(|file| !file.path.starts_with(&index));
    Ok(Found { files: roots::named(roots, files), rejections, out_of_sight })
}

/// A disk that is not mounted looks like a corpus that lost all its files.
fn refuse_empty(old: &OpenState, roots: &[Root], found_in: &[bool], gone: &[Gone]) -> Result<(), BuildError> {
    for (root, _) in roots.iter().zip(found_in).filter(|(_, has_files)| !**has_files) {
        let mut files = 0;
        for known in gone.iter().filter_map(|gone| gone.known) {
            files += u64::from(root.holds(&bookkeeping::file_state(old, &known)?.path));
        }
        if files > 0 {
            return Err(BuildError::EmptyCorpus { path: root.path.clone(), files });
        }
    }
    Ok(())
}

/// An update that writes.
struct Run<'r> {
    request: &'r BuildRequest,
    progress: &'r dyn Progress,
    stop: &'r AtomicBool,
    dir: &'r IndexDir,
    right: &'r WriteLock,
    roots: &'r [Root],
}

impl Run<'_> {
    fn go(
        &self,
        target: Target,
        plan: Plan,
        rejections: &[Rejection],
        report: &mut BuildReport,
    ) -> Result<(), BuildError> {
        let bytes: u64 = plan.read.iter().map(|planned| planned.file.size).sum();
        let n_files = plan.read.len() as u64;
        let touched = !plan.touched.is_empty();
        let (generation, path) = self.open_generation(&target, bytes)?;
        let share = Share::of(self.request.threads, self.request.memory);
        let options = WriterOptions { threads: share.writers, memory: share.writers_memory };
        let mut writer = Writer::open(&path, options)?;
        let state_number = target.published + 1;
        let mut commit = CommitState {
            stamp: this_stamp(),
            state: state_number,
            corpus: self.roots.iter().map(|root| root.path.display().to_string()).collect(),
            corpus_names: self.roots.iter().map(|root| root.name.clone()).collect(),
            reading: reading(self.request),
            updated_at: 0,
            finished: false,
        };

        let gone_hashes: HashSet<u64> =
            plan.gone.iter().filter_map(|gone| gone.known).map(|known| known.hash).collect();
        let (tally, failure) = (Tally::default(), Mutex::new(None));
        let (moved, removed, moved_hashes) = (AtomicU64::new(0), AtomicU64::new(0), Mutex::default());
        let left_out = AtomicBool::new(false);
        let foresight = Foresight::new(target.old.as_ref().filter(|_| n_files > 0))?;
        let large_pages = Mutex::new(());
        let budget = Budget::new(share.under_way);
        let now_ns = now().as_nanos() as i128;
        let pool = self.pool()?;
        let mut feed = Feed::new(plan.read);
        self.progress.phase(Phase::Reading, n_files, bytes);
        let mut is_first = true;
        let mut gone = Vec::new();
        let is_first_build = target.manifest.and_then(|manifest| manifest.generation).is_none();
        let mut look = self.request.first_look.filter(|look| is_first_build && bytes >= look.bytes);
        loop {
            let work = Work {
                lexicon: Lexicon::embedded(),
                read: &self.request.read,
                writer: &writer,
                old: target.old.as_ref(),
                foresight: &foresight,
                budget: &budget,
                tally: &tally,
                progress: self.progress,
                index: &self.request.index,
                stop: self.stop,
                left_out: &left_out,
                state_number,
                now_ns,
                retry_failed: self.request.retry_failed,
                gone_hashes: &gone_hashes,
                moved_hashes: &moved_hashes,
                moved: &moved,
                removed: &removed,
                large_pages: &large_pages,
                failure: &failure,
            };
            if is_first {
                is_first = false;
                gone = remove(&work, &plan.gone)?;
                refuse(&work, rejections)?;
                for planned in &plan.touched {
                    note_file(&work, planned, planned.hash.unwrap_or(0), 0)?;
                }
            }
            let time = look.map_or(self.request.checkpoint, |look| look.after.min(self.request.checkpoint));
            let goes_on = feed.run(&work, &pool, time.max(LEAST_WORK));
            let stopped = self.stop.load(Ordering::Relaxed);
            let is_over = !goes_on || stopped;
            if is_over {
                report.interrupted = goes_on || left_out.load(Ordering::Relaxed);
                report.bytes = feed.bytes;
                feed.close(&work);
            }
            if let Some(error) = failure.lock().unwrap_or_else(PoisonError::into_inner).take() {
                return Err(writer.cause(error).into());
            }
            if is_over {
                break;
            }
            commit.updated_at = now().as_secs() as i64;
            writer.commit(&commit)?;
            if let Some(look) = &mut look {
                self.show(&writer, &path, generation)?;
                commit.state += 1;
                look.after *= 2;
            }
        }

        tally.fill(report);
        report.unchanged += untouched(target.old.as_ref(), report, &gone, removed.load(Ordering::Relaxed));
        report.moved = moved.into_inner();
        let moved_hashes: HashSet<u64> = moved_hashes.into_inner().unwrap_or_else(PoisonError::into_inner);
        let really_gone =
            gone.iter().filter(|(hash, _)| !hash.is_some_and(|hash| moved_hashes.contains(&hash)));
        report.removed = removed.into_inner() + really_gone.map(|(_, records)| records).sum::<u64>();

        let is_changed = tally.any() || report.removed > 0 || !gone.is_empty();
        let corpus_changed = commit.corpus != target.before.corpus || commit.reading != target.before.reading;
        let complete = target.manifest.and_then(|manifest| manifest.generation);
        // Also a generation that is whole but was not yet named when its writer ended.
        let is_behind = open::is_ahead(&path) || complete != Some(generation);
        if !(is_changed || touched || corpus_changed || is_behind) {
            return Ok(());
        }
        let is_same_to_readers = !is_changed && !is_behind;
        commit.state -= u64::from(is_same_to_readers);
        commit.finished = !report.interrupted;
        commit.updated_at = now().as_secs() as i64;
        self.progress.phase(Phase::Publishing, 0, 0);
        writer.commit(&commit)?;
        let replaces = complete.filter(|number| *number != generation);
        if report.interrupted && replaces.is_some() {
            // Half an index in place of a whole one is no update: readers keep the old one, the next run goes on.
            return Ok(());
        }
        if is_changed || is_behind {
            self.progress.phase(Phase::Settling, 0, 0);
            let open = || OpenState::open(&path, Which::Latest, self.request.authority.clone());
            let mut latest = open()?;
            report.duplicates = duplicates::settle(&latest, &writer)?;
            if report.duplicates > 0 {
                writer.commit(&commit)?;
                latest = open()?;
            }
            if repeated::settle(&latest, &writer, &pool, Lexicon::embedded())? > 0 {
                writer.commit(&commit)?;
                latest = open()?;
            }
            Digest::of(&latest)?.write(&path)?;
        }
        writer.publish()?;
        let manifest = Manifest { format: IndexDir::FORMAT, generation: Some(generation), building: None };
        if target.manifest != Some(manifest) {
            self.dir.publish(manifest, self.right)?;
        }
        report.published = !is_same_to_readers;
        self.progress.phase(Phase::Merging, 0, 0);
        drop(target.old);
        writer.finish()?;
        // No segment changes any more. Whoever opens the state can do without.
        let _ = kept::keep(&path, &self.request.authority);
        self.dir.sweep(manifest, replaces.filter(|_| self.request.repair), self.right)?;
        if self.request.force {
            self.dir.remove_aside(self.right)?;
        }
        report.aside = self.dir.aside();
        Ok(())
    }

    /// Lets readers search what a first build has so far. Articles found twice are not set aside yet.
    fn show(&self, writer: &Writer, path: &Path, generation: u64) -> Result<(), EngineError> {
        let latest = OpenState::open(path, Which::Latest, self.request.authority.clone())?;
        Digest::of(&latest)?.write(path)?;
        writer.publish()?;
        let manifest = Manifest { format: IndexDir::FORMAT, generation: Some(generation), building: None };
        self.dir.publish(manifest, self.right)
    }

    /// Removes files that no commit names.
    fn give_back(&self) {
        let manifest = self.dir.manifest().ok().flatten();
        let numbers = manifest.into_iter().flat_map(|manifest| [manifest.generation, manifest.building]);
        for number in numbers.flatten() {
            // It is also done by the next run.
            let _ = remove_unused(&self.dir.generation(number));
        }
    }

    /// The generation to write, created where none can be gone on with.
    fn open_generation(&self, target: &Target, bytes: u64) -> Result<(u64, PathBuf), BuildError> {
        if let Some(number) = target.generation {
            return Ok((number, self.dir.generation(number)));
        }
        ask_for_room(&self.dir.root, bytes)?;
        let number = self.dir.next_number()?;
        let path = self.dir.create(number, self.right)?;
        let generation = target.manifest.and_then(|manifest| manifest.generation);
        let manifest = Manifest { format: IndexDir::FORMAT, generation, building: Some(number) };
        if target.is_lost {
            self.dir.set_manifest_aside(self.right)?;
        }
        self.dir.publish(manifest, self.right)?;
        self.dir.sweep(manifest, None, self.right)?;
        Ok((number, path))
    }

    fn pool(&self) -> Result<rayon::ThreadPool, BuildError> {
        let threads = self.request.threads.max(1);
        rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .stack_size(STACK_BYTES)
            .thread_name(|idx| format!("extract-{idx}"))
            .build()
            .map_err(|error| BuildError::Threads { threads, message: error.to_string() })
    }
}

/// Removes the records of files that are gone; returns hash and number of records of each.
fn remove(work: &Work<'_>, gone: &[Gone]) -> Result<Vec<(Option<u64>, u64)>, EngineError> {
    let mut removed = Vec::with_capacity(gone.len());
    let Some(old) = work.old else {
        return Ok(removed);
    };
    for gone in gone {
        let records = bookkeeping::records(old, gone.key)?;
        for record in &records {
            work.writer.delete(Field::ArticleKey, record.key)?;
        }
        work.writer.delete(Field::FileKey, gone.key)?;
        removed.push((gone.known.map(|known| known.hash), records.len() as u64));
    }
    Ok(removed)
}

/// Notes places of the corpus that could not be read at all.
fn refuse(work: &Work<'_>, rejections: &[Rejection]) -> Result<(), EngineError> {
    for rejection in rejections {
        let file_key = key([rejection.source_ref.path.as_str()]);
        let fingerprint = key(["rejected", &rejection.message]);
        let known = work.old.map(|old| bookkeeping::records(old, file_key)).transpose()?.unwrap_or_default();
        if known.len() == 1 && known[0].fingerprint == fingerprint {
            continue;
        }
        for record in &known {
            work.writer.delete(Field::ArticleKey, record.key)?;
        }
        work.tally.skipped(rejection);
        work.progress.skipped(rejection);
        let origin = Origin { file_key, record_no: None, fingerprint, added: work.state_number };
        let replace = documents::rejected_key(rejection);
        work.writer.put(Some(replace), vec![documents::rejected(rejection, &origin)], None)?;
    }
    Ok(())
}

/// Articles of files that were not read at all.
fn untouched(
    old: Option<&OpenState>,
    report: &BuildReport,
    gone: &[(Option<u64>, u64)],
    removed: u64,
) -> u64 {
    let Some(Ok(totals)) = old.map(OpenState::totals) else {
        return 0;
    };
    let gone: u64 = gone.iter().map(|(_, records)| records).sum();
    totals.articles.saturating_sub(report.changed + report.unchanged + gone + removed)
}

fn ask_for_room(path: &Path, bytes: u64) -> Result<(), EngineError> {
    let needed = bytes * ROOM_PER_BYTE + 50_000_000;
    let free = fs4::available_space(path).map_err(|error| EngineError::io(path, error))?;
    if free < needed {
        let (needed_mb, free_mb) = (needed / 1_000_000, free / 1_000_000);
        return Err(EngineError::NoSpace { path: path.to_owned(), needed_mb, free_mb });
    }
    Ok(())
}

fn now() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}
