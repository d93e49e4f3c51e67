//! Others are there: signals, a second writer, readers that go on while the index is written.

use std::path::Path;
use std::process::Stdio;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use onrecord::engine::SearchBackend;
use onrecord::engine::local;
use onrecord::model::search::{DocKind, SearchRequest};

use super::{Dice, Port, Seen, Shelf, ended_well, scale};
use crate::support::stderr;

#[cfg(unix)]
fn signal(child: &std::process::Child, signal: rustix::process::Signal) {
    let pid = rustix::process::Pid::from_raw(i32::try_from(child.id()).expect("a pid")).expect("a pid");
    // It may have ended by now.
    let _ = rustix::process::kill_process(pid, signal);
}

/// Whether the program has begun to catch `signal`, or has ended. Where nothing tells, a moment passes instead.
#[cfg(unix)]
fn heeds(child: &std::process::Child, signal: rustix::process::Signal) -> bool {
    let Ok(status) = std::fs::read_to_string(format!("/proc/{}/status", child.id())) else {
        std::thread::sleep(Duration::from_millis(50));
        return true;
    };
    let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:"));
    let caught = caught.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0);
    caught & (1 << (signal.as_raw() - 1)) != 0 || status.contains("(zombie)")
}

#[cfg(unix)]
#[test]
fn signals_once_and_twice_leave_a_whole_state() {
    use rustix::process::Signal;
    let rounds = scale().min(40);
    let mut dice = Dice::new(17);
    let port = Port::new();
    let mut shelf = if scale() > 1 { Shelf::of(300, 900) } else { Shelf::of(60, 200) };
    shelf.write(&port.home, &Shelf::default());
    port.update(&[]);
    let (mut n_stopped, mut n_too_late) = (0, 0);
    for round in 0..rounds {
        for (kind, times) in [(Signal::INT, 1), (Signal::TERM, 2), (Signal::TERM, 1), (Signal::INT, 2)] {
            for is_rebuild in [true, false] {
                if scale() == 1 && is_rebuild == (times == 2) {
                    continue;
                }
                let before = shelf.clone();
                if !is_rebuild {
                    shelf.shake(&mut dice, 40);
                    shelf.write(&port.home, &before);
                }
                let args: &[&str] = if is_rebuild { &["--rebuild"] } else { &[] };
                let mut child = port.indexing(args).stderr(Stdio::piped()).spawn().expect("run onrecord");
                while !heeds(&child, kind) {
                    std::thread::sleep(Duration::from_millis(1));
                }
                std::thread::sleep(Duration::from_millis(dice.below(250) as u64));
                for _ in 0..times {
                    signal(&child, kind);
                    std::thread::sleep(Duration::from_millis(2));
                }
                let sent = Instant::now();
                let what = format!("round {round}: {kind:?} {times} times, rebuild {is_rebuild}");
                while child.try_wait().expect("a child").is_none() {
                    assert!(sent.elapsed() < Duration::from_secs(20), "{what}: goes on");
                    std::thread::sleep(Duration::from_millis(5));
                }
                let output = child.wait_with_output().expect("an end");
                ended_well(&output, &what);
                assert!(matches!(output.status.code(), Some(0 | 130)), "{what}: {:?}", output.status);
                if output.status.code() == Some(130) {
                    n_stopped += 1
                } else {
                    n_too_late += 1
                }
                // A stopped update keeps what is done; a stopped rebuild leaves the old index. No article is half there.
                let Seen::Headlines(headlines, twice) = port.seen() else { panic!("{what}: no index") };
                assert_eq!(twice, 0, "{what}");
                if is_rebuild {
                    let seen = port.seen();
                    assert!(seen.is(&before), "{what}: {seen:?}");
                }
                let known: std::collections::BTreeSet<String> =
                    before.headlines().union(&shelf.headlines()).cloned().collect();
                assert!(headlines.is_subset(&known), "{what}");
                port.is_sound();
                port.update(&[]);
                assert!(port.seen().is(&shelf), "{what}: the run after it");
            }
        }
    }
    port.is_as_rebuilt();
    println!("signals: {n_stopped} runs stopped, {n_too_late} had ended; 0 states mixed, 0 wedged");
}

#[test]
fn writers_that_race_take_turns() {
    let mut dice = Dice::new(23);
    let port = Port::new();
    let mut shelf = Shelf::of(20, 40);
    shelf.write(&port.home, &Shelf::default());
    let (mut n_done, mut n_busy) = (0, 0);
    for round in 0..3 * scale() {
        let children: Vec<_> = (0..3)
            .map(|no| {
                let args: &[&str] = if no == 0 && round % 3 == 0 { &["--rebuild"] } else { &[] };
                port.indexing(args).stderr(Stdio::piped()).spawn().expect("run onrecord")
            })
            .collect();
        for child in children {
            let output = child.wait_with_output().expect("an end");
            ended_well(&output, "a race");
            match output.status.code() {
                Some(0) => n_done += 1,
                Some(75) => n_busy += 1,
                code => panic!("round {round}: {code:?} {}", stderr(&output)),
            }
        }
        port.is_sound();
        assert!(port.seen().is(&shelf), "round {round}");
        let before = shelf.clone();
        shelf.shake(&mut dice, 5);
        shelf.write(&port.home, &before);
    }
    port.update(&[]);
    port.is_as_rebuilt();
    println!("races: {n_done} writers wrote, {n_busy} were told of the other (75); 0 states mixed");
}

/// What the queries of a reader answer, to the last digit.
fn answered(index: &local::LocalIndex, query: &str) -> Result<String, String> {
    let parsed =
        onrecord::query::parse(query, jiff::civil::date(2031, 5, 1)).map_err(|_| query.to_owned())?;
    let mut request = SearchRequest::new(DocKind::Article, parsed.query);
    request.limit = 50;
    let mut response = index.search(&request).map_err(|error| error.to_string())?;
    response.took = Duration::ZERO;
    // The number of the state grows with every update; what it says is one of two things.
    response.generation = 0;
    Ok(format!("{response:?}"))
}

const QUERIES: [&str; 6] =
    ["harbour", "levy raised", "\"full chamber\"", "speaker:moreau", "harbour -raised", "port OR plan"];

#[test]
fn readers_see_one_whole_state_while_it_is_written() {
    let n_wanted = if scale() == 1 { 200 } else { 100 * scale() as u64 };
    let mut dice = Dice::new(29);
    let port = Port::new();
    // Two corpora by turns: every answer must be one of two.
    let here = Shelf::of(40, 120);
    let mut there = here.clone();
    there.shake(&mut dice, 30);
    let mut expected: Vec<[String; 2]> = Vec::new();
    for shelf in [&here, &there] {
        let before = if shelf == &here { Shelf::default() } else { here.clone() };
        shelf.write(&port.home, &before);
        port.update(&[]);
        let index = local::open(Path::new(&port.index)).expect("an index");
        for (idx, query) in QUERIES.iter().enumerate() {
            let answer = answered(&index, query).expect("an answer");
            match expected.get_mut(idx) {
                None => expected.push([answer, String::new()]),
                Some(pair) => pair[1] = answer,
            }
        }
    }
    let (stop, n_queries, n_states) = (AtomicBool::new(false), AtomicU64::new(0), AtomicU64::new(0));
    let wrong = std::sync::Mutex::new(Vec::new());
    let mut n_writes = 0;
    std::thread::scope(|scope| {
        for reader in 0..3u64 {
            let (stop, n_queries, n_states) = (&stop, &n_queries, &n_states);
            let (wrong, expected, port) = (&wrong, &expected, &port);
            scope.spawn(move || {
                let mut dice = Dice::new(reader + 40);
                let mut index = local::open(Path::new(&port.index)).expect("an index");
                while !stop.load(Ordering::Relaxed) {
                    let idx = dice.below(QUERIES.len());
                    // Some readers stay and follow, some come anew.
                    match dice.below(8) {
                        0 => match local::open(Path::new(&port.index)) {
                            Ok(opened) => index = opened,
                            Err(error) => wrong.lock().expect("a list").push(format!("opening: {error}")),
                        },
                        1 | 2 => match index.refresh() {
                            Ok(is_new) => drop(n_states.fetch_add(u64::from(is_new), Ordering::Relaxed)),
                            Err(error) => wrong.lock().expect("a list").push(format!("following: {error}")),
                        },
                        _ => {}
                    }
                    let answer = answered(&index, QUERIES[idx]);
                    if answer.as_ref().map_or(true, |answer| !expected[idx].contains(answer)) {
                        wrong.lock().expect("a list").push(format!("{}: {answer:?}", QUERIES[idx]));
                    }
                    n_queries.fetch_add(1, Ordering::Relaxed);
                    std::thread::sleep(Duration::from_millis(2));
                }
            });
        }
        let mut at = there.clone();
        while n_queries.load(Ordering::Relaxed) < n_wanted {
            let next = if at == here { there.clone() } else { here.clone() };
            next.write(&port.home, &at);
            at = next;
            let args: &[&str] = if n_writes % 3 == 0 { &["--rebuild"] } else { &[] };
            let output = port.indexing(args).output().expect("run onrecord");
            if !output.status.success() {
                wrong.lock().expect("a list").push(stderr(&output));
            }
            n_writes += 1;
        }
        stop.store(true, Ordering::Relaxed);
    });
    let wrong = wrong.into_inner().expect("a list");
    assert!(wrong.is_empty(), "{} anomalies, the first: {}", wrong.len(), wrong[0]);
    println!(
        "readers: {} queries during {n_writes} updates and rebuilds, {} moves to a new state; 0 anomalies",
        n_queries.into_inner(),
        n_states.into_inner()
    );
}
