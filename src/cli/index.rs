//! `index`, `status`, `check`.

use std::collections::BTreeMap;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use serde_json::json;

use super::args::{CheckArgs, IndexArgs, StatusArgs};
use super::exit::{FAILURE, FOUND, Failure, INTERRUPTED, SKIPPED, USAGE};
use super::progress::Reporter;
use super::settings::expand_home;
use super::{Context, locate, watch};
use crate::build::{self, BuildError, BuildReport, BuildRequest, FirstLook};
use crate::corpus::{DiscoverOptions, FieldMap, ReadOptions};
use crate::engine::local::check as verify;
use crate::engine::{EngineError, SearchBackend};
use crate::model::RejectionReason;
use crate::output::{counted, grouped, json};
use crate::text::sanitize;

/// Memory that indexing stays near, in bytes.
const MEMORY: usize = 300_000_000;

/// Runs `index`.
///
/// # Errors
/// No corpus, another writer, a disk that is full.
pub fn run(context: &Context, args: &IndexArgs) -> anyhow::Result<u8> {
    let place = locate::place(context)?;
    // Names that were meant otherwise are not written for others to read.
    locate::authority(context)?;
    let mut paths = args.paths.clone();
    if paths.is_empty() {
        paths = context.global.corpus.clone();
    }
    if paths.is_empty() && !place.dir.exists() {
        paths = context.settings.file.corpus.paths.iter().map(|path| expand_home(path)).collect();
    }
    keep_standard_input(&place.dir, &mut paths)?;
    let mut request = request(context, &place.dir, paths, &args.map)?;
    request.rebuild = args.rebuild;
    request.dry_run = args.dry_run;
    request.keep_missing = args.keep_missing;
    request.allow_empty = args.allow_empty;
    request.retry_failed = args.retry_failed;
    request.force = args.force;
    request.checkpoint = args.checkpoint.unwrap_or(request.checkpoint);
    if args.watch {
        return watch::run(context, request);
    }
    let reporter = Reporter::new(context, true);
    let report = build(context, request.clone(), &reporter);
    reporter.finish();
    let report = report?;
    summary(context, &request, &report, args.json)?;
    Ok(match () {
        () if report.interrupted => INTERRUPTED,
        () if args.strict && any_skipped(context, &request, &report)? => SKIPPED,
        () => FOUND,
    })
}

/// Whether records of the corpus were skipped, in this run or before; a second copy of an article is in the index.
fn any_skipped(context: &Context, request: &BuildRequest, report: &BuildReport) -> anyhow::Result<bool> {
    if report.skipped > 0 || request.dry_run {
        return Ok(report.skipped > 0);
    }
    let skipped = locate::open_at(context, &request.index)?.skipped()?;
    Ok(skipped.iter().any(|rejection| rejection.reason != RejectionReason::Duplicate))
}

/// `-` stands for standard input: it is kept as a file beside the index, so that the index can be rebuilt.
fn keep_standard_input(index: &Path, paths: &mut [PathBuf]) -> anyhow::Result<()> {
    let Some(path) = paths.iter_mut().find(|path| path.as_os_str() == "-") else { return Ok(()) };
    let parent = index.parent().unwrap_or(Path::new("."));
    let name =
        index.file_name().map_or_else(|| "index".to_owned(), |name| name.to_string_lossy().into_owned());
    let kept = parent.join(format!("{name}-stdin.jsonl"));
    let wrong = |error: std::io::Error| {
        locate::failed(format!("keeping standard input in {}: {error}", kept.display()))
    };
    std::fs::create_dir_all(parent).map_err(wrong)?;
    let mut file = tempfile::NamedTempFile::new_in(parent).map_err(wrong)?;
    std::io::copy(&mut std::io::stdin().lock(), &mut file).map_err(wrong)?;
    file.persist(&kept).map_err(|error| wrong(error.error))?;
    *path = kept;
    Ok(())
}

/// A build request with every value from flags and settings.
///
/// # Errors
/// A `--map` that cannot be read.
pub fn request(
    context: &Context,
    index: &Path,
    corpus: Vec<PathBuf>,
    map: &[String],
) -> anyhow::Result<BuildRequest> {
    let table = &context.settings.file.corpus;
    let mut request = BuildRequest::new(corpus, index.to_owned());
    request.threads = threads(context);
    request.memory = MEMORY;
    request.discover = DiscoverOptions { include: table.include.clone(), exclude: table.exclude.clone() };
    request.read = read_options(context, map)?;
    request.authority = locate::authority_for_reading(context).clone();
    request.first_look = Some(FirstLook { after: Duration::from_secs(2), bytes: 10_000_000 });
    Ok(request)
}

/// How files are read, from `--map` and the configuration.
///
/// # Errors
/// A map that cannot be read.
pub fn read_options(context: &Context, map: &[String]) -> anyhow::Result<ReadOptions> {
    let configured = context.settings.file.corpus.map.iter().map(|(field, key)| format!("{field}={key}"));
    let all: Vec<String> = configured.chain(map.iter().cloned()).collect();
    let mapping = FieldMap::parse(&all.join(",")).map_err(|error| {
        Failure::usage(format!("--map: {error}")).help("for example: --map headline=Title,body=Text")
    })?;
    Ok(ReadOptions { mapping, ..ReadOptions::default() })
}

/// Threads by flag; one for each core unless it says otherwise.
pub fn threads(context: &Context) -> usize {
    match context.global.threads {
        Some(n) if n > 0 => n,
        _ => std::thread::available_parallelism().map_or(2, usize::from),
    }
}

/// A flag that the first Ctrl-C or SIGTERM sets; the second leaves at once.
///
/// # Errors
/// The system grants no handler.
pub fn stop_flag() -> anyhow::Result<Arc<AtomicBool>> {
    let stop = Arc::new(AtomicBool::new(false));
    for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM] {
        // Order matters: on the second signal the flag is set already, and the process ends.
        signal_hook::flag::register_conditional_shutdown(signal, i32::from(INTERRUPTED), Arc::clone(&stop))?;
        signal_hook::flag::register(signal, Arc::clone(&stop))?;
    }
    Ok(stop)
}

/// Builds, waiting for another writer as long as `--wait` grants.
///
/// # Errors
/// Those of the build, as failures with exit codes.
pub fn build(context: &Context, request: BuildRequest, reporter: &Reporter) -> anyhow::Result<BuildReport> {
    let stop = stop_flag()?;
    build_until(context, request, reporter, &stop)
}

/// As [`build()`], with a stop flag of the caller's.
///
/// # Errors
/// As [`build()`].
pub fn build_until(
    context: &Context,
    request: BuildRequest,
    reporter: &Reporter,
    stop: &AtomicBool,
) -> anyhow::Result<BuildReport> {
    let until = context.global.wait.map(|wait| Instant::now() + wait);
    loop {
        match build::update(&request, reporter, stop) {
            Ok(report) => return Ok(report),
            Err(BuildError::Engine(EngineError::Locked { .. }))
                if until.is_some_and(|until| Instant::now() < until) =>
            {
                std::thread::sleep(Duration::from_millis(200));
            }
            Err(error) => return Err(failure(error)),
        }
    }
}

/// What went wrong with a build, with its exit code and the way out.
pub fn failure(error: BuildError) -> anyhow::Error {
    match error {
        BuildError::Engine(error) => error.into(),
        BuildError::NoCorpus => locate::no_corpus().into(),
        error @ BuildError::NoSuchPath { .. } => Failure::new(USAGE, error.to_string())
            .help("name a folder or files that exist; where articles of it are indexed already, nothing was removed (--allow-empty goes on without it)")
            .into(),
        error @ BuildError::EmptyCorpus { .. } => Failure::new(FAILURE, error.to_string())
            .help("nothing was removed; is it mounted? To go on: --allow-empty")
            .into(),
        error => Failure::new(FAILURE, error.to_string()).into(),
    }
}

fn summary(
    context: &Context,
    request: &BuildRequest,
    report: &BuildReport,
    as_json: bool,
) -> anyhow::Result<()> {
    if as_json {
        let reasons: BTreeMap<&str, u64> = reasons(report);
        let object = json!({
            "type": "build", "added": report.added, "changed": report.changed, "removed": report.removed, "moved": report.moved,
            "unchanged": report.unchanged, "skipped": report.skipped, "skipped_by_reason": reasons,
            "duplicates": report.duplicates, "undated": report.undated, "without_outlet": report.without_outlet,
            "tiny_bodies": report.tiny,
            "quotes": report.quotes, "files": report.files, "changed_files": report.changed_files, "bytes": report.bytes,
            "interrupted": report.interrupted, "dry_run": request.dry_run, "rebuilt_because": report.rebuilt_because,
            "seconds": (report.took.as_secs_f64() * 1000.0).round() / 1000.0,
        });
        json::value(&mut std::io::stdout().lock(), &object)?;
        return Ok(());
    }
    if context.global.quiet {
        return Ok(());
    }
    let out = &mut std::io::stderr().lock();
    if request.dry_run {
        writeln!(
            out,
            "nothing was written; of {}, {} new and {} changed would be read; {} gone would be removed",
            counted(report.files, "file"),
            grouped(report.added),
            grouped(report.changed),
            grouped(report.removed)
        )?;
        if let Some(because) = &report.rebuilt_because {
            writeln!(out, "everything would be read anew: {}", sanitize(because))?;
        }
        return Ok(());
    }
    if let Some(because) = &report.rebuilt_because {
        writeln!(out, "everything was read anew: {}", sanitize(because))?;
    }
    let seconds = report.took.as_secs_f64();
    let done = report.added + report.changed;
    let index = locate::open_at(context, &request.index);
    let mut on_record = report.skipped;
    match index.and_then(|index| Ok(index.info()?)) {
        Ok(info) => {
            on_record = info.skipped;
            let dates = match (info.first_date, info.last_date) {
                (Some(first), Some(last)) => format!(", {first} to {last}"),
                _ => String::new(),
            };
            writeln!(
                out,
                "Index ready: {}, {}, {}{dates}, {} MB, in {seconds:.1} s",
                counted(info.articles, "article"),
                counted(info.quotes, "quote"),
                counted(info.outlets, "outlet"),
                info.size_bytes.div_ceil(1_000_000),
            )?;
        }
        Err(_) if report.interrupted => {}
        Err(error) => return Err(error),
    }
    let mut parts = vec![
        format!("added {}", grouped(report.added)),
        format!("changed {}", grouped(report.changed)),
        format!("removed {}", grouped(report.removed)),
        format!("unchanged {}", grouped(report.unchanged)),
        format!("skipped {}", grouped(report.skipped)),
    ];
    if report.moved > 0 {
        parts.push(format!("moved {}", grouped(report.moved)));
    }
    if report.duplicates > 0 {
        parts.push(format!(
            "duplicates {} (one article each with its first copy)",
            grouped(report.duplicates)
        ));
    }
    writeln!(out, "  this run: {}", parts.join("   "))?;
    if on_record != report.skipped {
        let on_record = grouped(on_record);
        writeln!(out, "  skipped on record, with duplicates: {on_record}  (list: onrecord skipped)")?;
    }
    if report.skipped > 0 {
        let reasons: Vec<String> =
            reasons(report).iter().map(|(code, n)| format!("{code} {}", grouped(*n))).collect();
        writeln!(out, "  skipped: {}  (list: onrecord skipped)", reasons.join(", "))?;
        for rejection in report.rejections.iter().take(3) {
            writeln!(out, "    {}", sanitize(&rejection.to_string()))?;
        }
    }
    if report.undated + report.without_outlet + report.tiny > 0 {
        writeln!(
            out,
            "  check these: {} without a date (sorted last), {} without an outlet, {} with a tiny body  \
             (list: onrecord skipped)",
            counted(report.undated, "article"),
            grouped(report.without_outlet),
            grouped(report.tiny)
        )?;
    }
    for path in &report.aside {
        let path = path.to_string_lossy();
        writeln!(out, "  set aside, for it cannot be read: {} (--force removes it)", sanitize(&path))?;
    }
    if report.interrupted {
        writeln!(out, "stopped: {} indexed; run again to continue", counted(done, "article"))?;
    } else if std::io::stderr().is_terminal() && done > 0 {
        writeln!(out, "  next: onrecord")?;
    }
    Ok(())
}

fn reasons(report: &BuildReport) -> BTreeMap<&'static str, u64> {
    let mut reasons = BTreeMap::new();
    for rejection in &report.rejections {
        *reasons.entry(rejection.reason.code()).or_insert(0) += 1;
    }
    reasons
}

/// Runs `status`.
///
/// # Errors
/// No index, damage.
pub fn status(context: &Context, args: &StatusArgs) -> anyhow::Result<u8> {
    let index = locate::open(context)?;
    let info = index.info()?;
    let out = &mut std::io::stdout().lock();
    let updated =
        Timestamp::from_second(info.updated_at).map_or_else(|_| "?".to_owned(), |time| time.to_string());
    if args.json {
        let mut object = serde_json::to_value(&info)?;
        if let Some(object) = object.as_object_mut() {
            object.insert("type".into(), json!("status"));
            object.insert("updated".into(), json!(updated));
        }
        json::value(out, &object)?;
        return Ok(FOUND);
    }
    let day = |day: Option<jiff::civil::Date>| day.map_or_else(|| "?".to_owned(), |day| day.to_string());
    writeln!(out, "index      {}", sanitize(&info.path))?;
    writeln!(out, "corpus     {}", sanitize(&info.corpus.join(", ")))?;
    writeln!(
        out,
        "articles   {}  ({} to {})",
        grouped(info.articles),
        day(info.first_date),
        day(info.last_date)
    )?;
    writeln!(out, "quotes     {}", grouped(info.quotes))?;
    writeln!(out, "outlets    {}", grouped(info.outlets))?;
    writeln!(out, "speakers   {}", grouped(info.speakers))?;
    writeln!(out, "undated    {}", grouped(info.undated))?;
    writeln!(out, "no outlet  {}", grouped(info.without_outlet))?;
    writeln!(
        out,
        "skipped    {}{}",
        grouped(info.skipped),
        if info.skipped > 0 { "  (list: onrecord skipped)" } else { "" }
    )?;
    writeln!(out, "size       {} MB", info.size_bytes.div_ceil(1_000_000))?;
    writeln!(out, "updated    {updated}  (state {})", info.generation)?;
    writeln!(
        out,
        "made by    onrecord {}, schema {} ({}), rules {}",
        info.stamp.tool_version, info.stamp.schema_version, info.stamp.schema_hash, info.stamp.lexicon_hash
    )?;
    Ok(FOUND)
}

/// Runs `check`.
///
/// # Errors
/// No index; an index that cannot be looked at.
pub fn check(context: &Context, args: &CheckArgs) -> anyhow::Result<u8> {
    let place = locate::place(context)?;
    let report = verify::check(&place.dir)?;
    let out = &mut std::io::stdout().lock();
    if args.json {
        let problems: Vec<_> = report
            .problems
            .iter()
            .map(|p| json!({ "file": p.file.to_string_lossy(), "message": p.message }))
            .collect();
        let object = json!({
            "type": "check", "ok": report.problems.is_empty(), "files": report.files, "bytes": report.bytes,
            "articles": report.articles, "quotes": report.quotes, "problems": problems,
        });
        json::value(out, &object)?;
    } else {
        for problem in &report.problems {
            writeln!(out, "{}: {}", sanitize(&problem.file.to_string_lossy()), sanitize(&problem.message))?;
        }
        if report.problems.is_empty() {
            let text = format!(
                "ok: {}, {} MB; {} and {} agree",
                counted(report.files, "file"),
                report.bytes.div_ceil(1_000_000),
                counted(report.articles, "article"),
                counted(report.quotes, "quote")
            );
            writeln!(out, "{text}")?;
        }
    }
    if report.problems.is_empty() {
        return Ok(FOUND);
    }
    if !args.repair {
        let dir = crate::text::shell_quoted(&place.dir.to_string_lossy());
        return Err(Failure::new(
            FAILURE,
            format!("{} found", counted(report.problems.len() as u64, "problem")),
        )
        .help(format!("rebuild it from the corpus: onrecord check --repair --index {dir}"))
        .into());
    }
    let mut request = request(context, &place.dir, context.global.corpus.clone(), &[])?;
    request.rebuild = true;
    request.repair = true;
    request.force = args.force;
    let reporter = Reporter::new(context, true);
    let built = build(context, request.clone(), &reporter);
    reporter.finish();
    summary(context, &request, &built?, args.json)?;
    let again = verify::check(&place.dir)?;
    Ok(if again.problems.is_empty() { FOUND } else { FAILURE })
}
