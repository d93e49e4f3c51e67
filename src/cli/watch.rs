//! `index --watch`: follows the corpus until interrupted.
//!
//! Events of the file system only say that something changed; what changed is found by an ordinary update, so that a
//! missed or a doubled event can do no harm. A full look each hour catches what no event told.

use std::path::{Path, PathBuf};
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
/// Longest wait for quiet: a folder that something writes to all day is updated too.
const RESTLESS: Duration = Duration::from_secs(60);
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
    let corpus: Vec<PathBuf> = match request.corpus.is_empty() {
        true => locate::open_at(context, &request.index)?.info()?.corpus.iter().map(PathBuf::from).collect(),
        false => request.corpus.clone(),
    };
    // Asked for before the first update, so that no change falls between the two.
    let mounts = std::fs::read_to_string("/proc/self/mountinfo").unwrap_or_default();
    let events = Events::of(&corpus, &mounts);
    update(context, &request, &stop)?;
    for reason in &events.silent {
        context
            .note(&format!("looking every {} s instead of being told of changes: {reason}", POLL.as_secs()));
    }
    if events.few_watches {
        context.hint("raise the limit: sudo sysctl fs.inotify.max_user_watches=524288");
    }
    context.note("following the corpus; Ctrl-C ends");
    while events.wait(&stop) {
        if let Err(error) = update(context, &request, &stop) {
            context.note(&format!("not updated: {error}"));
        }
    }
    Ok(INTERRUPTED)
}

/// What the system tells of changes, and how long to trust its silence.
struct Events {
    /// Ends the events when it is dropped.
    _watcher: Option<RecommendedWatcher>,
    told: Receiver<()>,
    /// Longest time between two looks at everything.
    patience: Duration,
    /// Why some of the corpus must be looked at instead, a reason each.
    silent: Vec<String>,
    /// A limit of the system was met that its owner can raise.
    few_watches: bool,
}

impl Events {
    /// Asks for events of all of `corpus`; `mounts` is what Linux lists in `/proc/self/mountinfo`.
    fn of(corpus: &[PathBuf], mounts: &str) -> Self {
        let (tell, told) = channel();
        let watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
            let changes = |kind: &EventKind| !matches!(kind, EventKind::Access(_) | EventKind::Other);
            if event.as_ref().map_or(true, |event| changes(&event.kind)) {
                // The receiver is gone only when the program ends.
                let _ = tell.send(());
            }
        });
        let mut events =
            Self { _watcher: None, told, patience: FULL_LOOK, silent: Vec::new(), few_watches: false };
        match watcher {
            Ok(mut watcher) => {
                for path in corpus {
                    events.ask(&mut watcher, path, mounts);
                }
                events._watcher = Some(watcher);
            }
            Err(error) => events.silent.push(error.to_string()),
        }
        if !events.silent.is_empty() {
            events.patience = POLL;
        }
        events
    }

    fn ask(&mut self, watcher: &mut RecommendedWatcher, path: &Path, mounts: &str) {
        if let Some(kind) = remote_kind(path, mounts) {
            self.silent.push(format!("{} is on a file system of another machine ({kind})", path.display()));
        }
        // A file that is replaced by a rename is another file: its folder tells of both.
        let (place, mode) = match path.is_file() {
            true => (path.parent().filter(|folder| *folder != Path::new("")), RecursiveMode::NonRecursive),
            false => (Some(path), RecursiveMode::Recursive),
        };
        if let Err(error) = watcher.watch(place.unwrap_or(Path::new(".")), mode) {
            self.few_watches |= matches!(error.kind, notify::ErrorKind::MaxFilesWatch);
            self.silent.push(error.to_string());
        }
    }

    /// Waits for a change and the quiet after it, or for the next full look. `false`: interrupted.
    fn wait(&self, stop: &AtomicBool) -> bool {
        let begun = Instant::now();
        let mut changed: Option<(Instant, Instant)> = None;
        loop {
            if stop.load(Ordering::Relaxed) {
                return false;
            }
            match self.told.recv_timeout(TICK) {
                Ok(()) => {
                    let now = Instant::now();
                    changed = Some((changed.map_or(now, |(first, _)| first), now));
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => std::thread::sleep(TICK.min(self.patience)),
            }
            let ready =
                changed.is_some_and(|(first, last)| last.elapsed() >= QUIET || first.elapsed() >= RESTLESS);
            if ready || begun.elapsed() >= self.patience {
                return true;
            }
        }
    }
}

/// The file system that holds `path`, if another machine may change it without this one being told.
fn remote_kind<'a>(path: &Path, mounts: &'a str) -> Option<&'a str> {
    const REMOTE: [&str; 14] = [
        "nfs",
        "nfs4",
        "cifs",
        "smb3",
        "smbfs",
        "9p",
        "drvfs",
        "afs",
        "ceph",
        "glusterfs",
        "vboxsf",
        "prl_fs",
        "fuse.sshfs",
        "fuse.rclone",
    ];
    let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    // id parent device root MOUNT-POINT options ... - KIND source options
    let mount_of = |line: &'a str| {
        let (before, after) = line.split_once(" - ")?;
        let point = before.split(' ').nth(4)?.replace("\\040", " ");
        Some((point, after.split(' ').next()?))
    };
    let mounts = mounts.lines().filter_map(mount_of).filter(|(point, _)| path.starts_with(point));
    // Of two mounts on one folder the later one is seen.
    let (_, kind) = mounts.max_by_key(|(point, _)| point.len())?;
    REMOTE.contains(&kind).then_some(kind)
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

#[cfg(test)]
mod tests {
    use super::*;

    const MOUNTS: &str = "22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw\n\
        90 22 0:50 / /news\\040room rw - cifs //nas/news rw\n\
        91 22 0:51 / /news\\040room/local rw master:3 - xfs /dev/vdb rw\n";

    #[test]
    fn a_share_of_another_machine_is_looked_at_again_and_again() {
        let kind = |path: &str| remote_kind(Path::new(path), MOUNTS);
        assert_eq!(kind("/news room/2031/a.txt"), Some("cifs"));
        assert_eq!(kind("/news room/local/a.txt"), None, "the nearest mount decides");
        assert_eq!(kind("/news rooms"), None, "whole names");
        assert_eq!(kind("/home"), None);
        assert_eq!(remote_kind(Path::new("/home"), ""), None, "where there is no such list");
    }

    #[test]
    fn what_cannot_be_watched_is_looked_at_again_and_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let [here, gone] = [folder.path().to_owned(), folder.path().join("gone")];
        assert_eq!(Events::of(std::slice::from_ref(&here), "").patience, FULL_LOOK);
        let events = Events::of(&[here, gone], "");
        assert_eq!((events.patience, events.silent.len()), (POLL, 1), "{:?}", events.silent);
    }

    #[test]
    fn without_events_the_wait_ends_by_itself_and_an_interrupt_ends_it_at_once() {
        let (_, told) = channel();
        let silent = Events {
            _watcher: None,
            told,
            patience: Duration::from_millis(1),
            silent: Vec::new(),
            few_watches: false,
        };
        assert!(silent.wait(&AtomicBool::new(false)), "time for a look");
        assert!(!silent.wait(&AtomicBool::new(true)), "interrupted");
    }
}
