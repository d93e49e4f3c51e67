//! The writer is killed. Readers see the state before or the state after, whole; the next run goes on as if nothing had been.

use std::process::Stdio;
use std::time::{Duration, Instant};

use super::{Dice, Port, Seen, Shelf, scale};

/// What is under way when the kill comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Work {
    Fresh,
    Update,
    Rebuild,
}

#[test]
fn kills_at_random_moments_lose_nothing() {
    let rounds = 5 * scale();
    let (pages, rows) = if rounds > 20 { (300, 900) } else { (30, 60) };
    let mut dice = Dice::new(7);
    let port = Port::new();
    let mut before = Shelf::default();
    let mut shelf = Shelf::of(pages, rows);
    shelf.write(&port.home, &before);
    let begun = Instant::now();
    port.update(&[]);
    // How long each kind of work takes, learnt from kills that came too late.
    let mut span = [begun.elapsed(); 3];
    before.clone_from(&shelf);
    let mut has_index = true;
    let (mut n_killed, mut n_new, mut n_old) = (0, 0, 0);
    let mut round = 0;
    while n_killed < rounds {
        round += 1;
        let work = [Work::Fresh, Work::Update, Work::Update, Work::Update, Work::Rebuild][dice.below(5)];
        if work == Work::Fresh {
            std::fs::remove_dir_all(&port.index).unwrap_or_default();
            has_index = false;
        } else if dice.below(2) == 0 {
            let next = {
                let mut next = shelf.clone();
                next.shake(&mut dice, pages / 10);
                next
            };
            next.write(&port.home, &shelf);
            shelf = next;
        }
        let args: &[&str] = if work == Work::Rebuild { &["--rebuild"] } else { &[] };
        let usual = span[work as usize];
        let moment = usual.mul_f64(dice.below(1_100) as f64 / 1_000.0);
        let begun = Instant::now();
        let mut child = port.indexing(args).stderr(Stdio::null()).spawn().expect("run onrecord");
        let ended = loop {
            if let Some(status) = child.try_wait().expect("a child") {
                break Some(status);
            }
            if begun.elapsed() >= moment {
                child.kill().expect("killed");
                child.wait().expect("gone");
                break None;
            }
            std::thread::sleep(Duration::from_millis(1));
        };
        match ended {
            Some(status) => {
                assert!(status.success(), "round {round}: {work:?} {status}");
                span[work as usize] = begun.elapsed();
            }
            None => n_killed += 1,
        }
        // A state is seen whole: the one before, the one after, or none where there was none.
        let seen = port.seen();
        let is_new = seen.is(&shelf);
        let is_old = if has_index { seen.is(&before) } else { seen == Seen::Nothing };
        assert!(is_new || is_old, "round {round}: {work:?} after {moment:?} shows a mixture: {seen:?}");
        assert!(ended.is_none() || is_new, "round {round}: {work:?} ended but the state is old");
        port.is_sound();
        if is_new {
            n_new += 1;
            has_index = true;
            before.clone_from(&shelf);
        } else {
            n_old += 1;
        }
        // Now and then the next run is let to its end; else the kills meet what kills have left.
        if dice.below(4) == 0 {
            port.update(&[]);
            assert!(port.seen().is(&shelf), "round {round}: an update after {work:?}");
            before.clone_from(&shelf);
            has_index = true;
        }
        if round % 25 == 0 {
            port.update(&[]);
            port.is_as_rebuilt();
            before.clone_from(&shelf);
            has_index = true;
        }
    }
    port.update(&[]);
    port.is_sound();
    port.is_as_rebuilt();
    assert_eq!(port.leftovers(), 0, "leftovers of killed writers");
    println!(
        "kills: {n_killed} in {round} runs; {n_old} times the old state was whole, {n_new} times the new one; \
         0 lost, 0 doubled, 0 wedged"
    );
}

/// `strace` runs the program and does something to it at the Nth call of a kind.
fn strace(port: &Port, calls: &str, what: &str, nth: usize, args: &[&str]) -> std::process::Command {
    let indexing = port.indexing(args);
    let mut command = std::process::Command::new("strace");
    command
        .args([
            "-f",
            "-qq",
            "-e",
            &format!("trace={calls}"),
            "-e",
            &format!("inject={calls}:{what}:when={nth}"),
        ])
        .arg("-o")
        .arg(port.home.path("trace"))
        .arg(indexing.get_program())
        .args(indexing.get_args());
    command.env_clear().envs(indexing.get_envs().filter_map(|(key, value)| Some((key, value?))));
    command.stdout(Stdio::null()).stderr(Stdio::piped()).stdin(Stdio::null());
    command
}

fn has_strace() -> bool {
    let works = std::process::Command::new("strace")
        .args(["-f", "-qq", "-o", "/dev/null", "true"])
        .stderr(Stdio::null())
        .status();
    works.is_ok_and(|status| status.success())
}

#[test]
fn a_kill_and_an_error_at_every_rename_sync_and_write() {
    if scale() == 1 {
        println!(
            "faults at system calls: only in the long run; `engine::local::faults` fails each write in memory"
        );
        return;
    }
    if !has_strace() {
        println!("faults at system calls: left out, strace does not run here");
        return;
    }
    const CALLS: [&str; 6] = [
        "rename,renameat,renameat2,link,linkat",
        "fsync,fdatasync",
        "write",
        "unlink,unlinkat,rmdir",
        "openat",
        "ftruncate,mkdir,chmod,flock",
    ];
    const FAULTS: [&str; 3] = ["signal=KILL", "error=EIO", "error=ENOSPC"];
    let mut dice = Dice::new(11);
    let port = Port::new();
    let mut shelf = Shelf::of(12, 20);
    shelf.write(&port.home, &Shelf::default());
    port.update(&[]);
    let (mut n_points, mut n_failed, mut n_killed, mut n_unharmed) = (0, 0, 0, 0);
    for calls in CALLS {
        for fault in FAULTS {
            for nth in 1.. {
                let before = shelf.clone();
                shelf.shake(&mut dice, 4);
                shelf.write(&port.home, &before);
                let args: &[&str] = if dice.below(4) == 0 { &["--rebuild"] } else { &[] };
                let output = strace(&port, calls, fault, nth, args).output().expect("run strace");
                let text = crate::support::stderr(&output);
                let was_killed = output.status.code().is_none() || output.status.code() == Some(137);
                assert!(!text.contains("panicked at"), "{calls} {fault} {nth}: {text}");
                assert!(
                    was_killed && fault.starts_with("signal") || matches!(output.status.code(), Some(0..=5)),
                    "{calls} {fault} {nth}: {:?} {text}",
                    output.status
                );
                let trace = std::fs::read_to_string(port.home.path("trace")).unwrap_or_default();
                let seen = port.seen();
                // A page or folder that could not be opened keeps what the index has of it, and is named.
                let met = |line: &str| line.contains("(INJECTED)") && line.contains("/news");
                let met_corpus = trace.lines().any(met);
                let is_new = seen.is(&shelf) || met_corpus && output.status.success();
                assert!(is_new || seen.is(&before), "{calls} {fault} {nth}: {seen:?}\n{text}");
                assert!(
                    !output.status.success() || is_new,
                    "{calls} {fault} {nth}: success, but the old state"
                );
                match () {
                    () if was_killed => n_killed += 1,
                    () if !output.status.success() => n_failed += 1,
                    () => n_unharmed += 1,
                }
                // No thread came to its Nth call: all were tried.
                let was_injected = was_killed || trace.contains("(INJECTED)");
                n_points += usize::from(was_injected);
                port.update(&[]);
                assert!(
                    port.seen().is(&shelf),
                    "{calls} {fault} {nth} {args:?}: the update after it\n{text}"
                );
                if !was_injected {
                    break;
                }
            }
            port.is_sound();
            port.is_as_rebuilt();
        }
    }
    assert_eq!(port.leftovers(), 0, "leftovers of killed writers");
    println!(
        "faults at system calls: {n_points} points; {n_killed} killed, {n_failed} ended with an error, \
         {n_unharmed} went on; the old or the new state was whole each time, the next update succeeded each time"
    );
}
