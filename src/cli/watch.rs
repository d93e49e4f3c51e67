//! `index --watch`: follows the corpus until interrupted.
//!
//! Events of the file system only say that something changed; what changed is found by an ordinary update, so that a
//! missed or a doubled event can do no harm. A full look each hour catches what no event told.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher};

use super::exit::INTERRUPTED;
use super::progress::Reporter;
use super::{Context, index, locate};
use crate::build::BuildRequest;
use crate::engine::SearchBackend;

/// Quiet after the last event before an update starts.
const QUIET: Duration = Duration::from_secs(2);
/// Longest time between two looks at everything.
const FULL_LOOK: Duration = Duration::from_secs(3_600);
/// Time between looks where the system tells no events.
const POLL: Duration = Duration::from_secs(30);
/// How soon an interrupt is noticed.
const TICK: Duration = Duration::from_millis(200);

/// Updates, then follows until interrupted.
///
/// # Errors
/// Those of the first update; later ones are notes, and the next change tries again.
pub fn run(context: &Context, request: BuildRequest) -> anyhow::Result<u8> {
    let stop = index::stop_flag()?;
    update(context, &request, &stop)?;
    let corpus: Vec<PathBuf> = match request.corpus.is_empty() {
        true => locate::open_at(context, &request.index)?.info()?.corpus.iter().map(PathBuf::from).collect(),
        false => request.corpus.clone(),
    };
    let (tell, told) = channel();
    let mut polling = false;
    let watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        let changes = |kind: &EventKind| !matches!(kind, EventKind::Access(_) | EventKind::Other);
        if event.as_ref().map_or(true, |event| changes(&event.kind)) {
            // The receiver is gone only when the program ends.
            let _ = tell.send(());
        }
    });
    let _watcher: Option<RecommendedWatcher> = match watcher {
        Ok(mut watcher) => {
            for path in &corpus {
                if let Err(error) = watcher.watch(path, RecursiveMode::Recursive) {
                    polling = true;
                    context.note(&format!(
                        "looking every {} s instead of being told of changes: {error}",
                        POLL.as_secs()
                    ));
                    if matches!(error.kind, notify::ErrorKind::MaxFilesWatch) {
                        context.hint("raise the limit: sudo sysctl fs.inotify.max_user_watches=524288");
                    }
                }
            }
            Some(watcher)
        }
        Err(error) => {
            polling = true;
            context.note(&format!(
                "looking every {} s instead of being told of changes: {error}",
                POLL.as_secs()
            ));
            None
        }
    };
    context.note("following the corpus; Ctrl-C ends");
    let patience = if polling { POLL } else { FULL_LOOK };
    while !stop.load(Ordering::Relaxed) {
        if !wait(&told, patience, &stop) {
            break;
        }
        if let Err(error) = update(context, &request, &stop) {
            context.note(&format!("not updated: {error}"));
        }
    }
    Ok(INTERRUPTED)
}

/// Waits for a change and the quiet after it, or for `patience`. `false`: interrupted.
fn wait(told: &Receiver<()>, patience: Duration, stop: &AtomicBool) -> bool {
    let begun = Instant::now();
    let mut changed: Option<Instant> = None;
    loop {
        if stop.load(Ordering::Relaxed) {
            return false;
        }
        match told.recv_timeout(TICK) {
            Ok(()) => changed = Some(Instant::now()),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => std::thread::sleep(TICK),
        }
        if changed.is_some_and(|at| at.elapsed() >= QUIET) || begun.elapsed() >= patience {
            return true;
        }
    }
}

/// One update, and one line about it when something changed.
fn update(context: &Context, request: &BuildRequest, stop: &AtomicBool) -> anyhow::Result<()> {
    let reporter = Reporter::new(context, false);
    let report = index::build_until(context, request.clone(), &reporter, stop);
    reporter.finish();
    let report = report?;
    if report.published {
        let time = jiff::Zoned::now().strftime("%H:%M:%S");
        context.note(&format!(
            "{time} added {}, changed {}, removed {}, unchanged {}, skipped {}, in {:.1} s",
            report.added,
            report.changed,
            report.removed,
            report.unchanged,
            report.skipped,
            report.took.as_secs_f64()
        ));
    }
    Ok(())
}
