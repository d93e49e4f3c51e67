//! The system refuses: no room on the disk, no more open files, no right to write or to look.

use std::path::Path;
use std::process::{Command, Stdio};

use super::{Dice, Port, Shelf, ended_well, scale};
use crate::support::{Home, stderr, stdout};

fn succeeds(program: &str, args: &[&str]) -> bool {
    Command::new(program)
        .args(args)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// A mounted place, unmounted when dropped.
struct Mount(String);

impl Mount {
    fn memory(at: &Path, megabytes: usize) -> Option<Mount> {
        std::fs::create_dir_all(at).expect("a folder");
        let at = at.display().to_string();
        let size = format!("size={megabytes}m");
        succeeds("mount", &["-t", "tmpfs", "-o", &size, "none", &at]).then_some(Mount(at))
    }

    fn read_only(of: &str, at: &Path) -> Option<Mount> {
        std::fs::create_dir_all(at).expect("a folder");
        let at = at.display().to_string();
        let bound = succeeds("mount", &["--bind", of, &at]).then(|| Mount(at.clone()))?;
        succeeds("mount", &["-o", "remount,ro,bind", &at]).then_some(bound)
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        succeeds("umount", &["-l", &self.0]);
    }
}

#[test]
fn a_full_disk_costs_the_update_alone() {
    const DISK_MB: usize = 96;
    let mut port = Port::new();
    let place = port.home.path("disk");
    let Some(_mount) = Mount::memory(&place, DISK_MB) else {
        println!("full disk: left out, no right to mount");
        return;
    };
    port.index = place.join("index").display().to_string();
    let mut dice = Dice::new(31);
    let mut shelf = if scale() > 1 { Shelf::of(60, 600) } else { Shelf::of(20, 100) };
    shelf.write(&port.home, &Shelf::default());
    port.update(&[]);
    let used = || -> usize {
        crate::support::every_file(Path::new(&port.index))
            .iter()
            .filter_map(|path| Some(std::fs::metadata(path).ok()?.len() as usize))
            .sum()
    };
    let (mut n_full, mut n_fit) = (0, 0);
    for round in 0..3 * scale().min(60) {
        let before = shelf.clone();
        shelf.shake(&mut dice, 40);
        shelf.write(&port.home, &before);
        // A file that leaves from nothing to a little more than the update takes.
        let room = dice.below(3 * used() / 2);
        let filler = place.join("filler");
        std::fs::write(&filler, vec![1u8; (DISK_MB << 20).saturating_sub(used() + room + (200 << 10))])
            .expect("a filler");
        let args: &[&str] = if round % 5 == 4 { &["--rebuild"] } else { &[] };
        let output = port.indexing(args).output().expect("run onrecord");
        let what = format!("round {round}, {room} bytes left");
        ended_well(&output, &what);
        let seen = port.seen();
        match output.status.code() {
            Some(0) => {
                assert!(seen.is(&shelf), "{what}");
                n_fit += 1;
            }
            code => {
                assert_eq!(code, Some(4), "{what}: {}", stderr(&output));
                let told = stderr(&output);
                assert!(told.contains("space") || told.contains("room"), "{what}: {told}");
                assert!(seen.is(&before) || seen.is(&shelf), "{what}: {seen:?}");
                n_full += 1;
            }
        }
        std::fs::remove_file(&filler).expect("removed");
        port.is_sound();
        port.update(&[]);
        assert!(port.seen().is(&shelf), "{what}: with room again");
    }
    port.is_as_rebuilt();
    assert_eq!(port.leftovers(), 0);
    println!("full disk: {n_full} updates found no room, {n_fit} fitted; the old state answered each time");
}

#[cfg(unix)]
#[test]
fn few_open_files_are_an_error_not_a_loss() {
    let mut dice = Dice::new(37);
    let port = Port::new();
    let mut shelf = Shelf::of(30, 60);
    shelf.write(&port.home, &Shelf::default());
    port.update(&[]);
    let (mut n_refused, mut n_done) = (0, 0);
    let limits: Vec<usize> = if scale() > 1 { (4..80).collect() } else { vec![9, 16, 24] };
    for limit in limits {
        let before = shelf.clone();
        shelf.shake(&mut dice, 6);
        shelf.write(&port.home, &before);
        let indexing = port.indexing(&[]);
        let mut limited = Command::new("sh");
        limited
            .args(["-c", &format!("ulimit -n {limit}; exec \"$0\" \"$@\"")])
            .arg(indexing.get_program())
            .args(indexing.get_args())
            .env_clear()
            .envs(indexing.get_envs().filter_map(|(key, value)| Some((key, value?))));
        let output = limited.output().expect("run sh");
        let what = format!("{limit} open files");
        // Below what the system itself needs to load a program, it does not start.
        if output.status.code() == Some(127) || output.status.code() == Some(126) {
            shelf.write(&port.home, &shelf);
            port.update(&[]);
            continue;
        }
        ended_well(&output, &what);
        let seen = port.seen();
        match output.status.success() {
            true => {
                assert!(seen.is(&shelf), "{what}: {}", stderr(&output));
                n_done += 1;
            }
            false => {
                assert!(seen.is(&before) || seen.is(&shelf), "{what}: {seen:?}");
                n_refused += 1;
            }
        }
        port.is_sound();
        port.update(&[]);
        assert!(port.seen().is(&shelf), "{what}: without the limit");
    }
    port.is_as_rebuilt();
    println!("open files: {n_refused} limits too low and said so, {n_done} enough; 0 articles lost");
}

/// Commands that read.
const READING: [&[&str]; 7] = [
    &["search", "harbour", "--json"],
    &["search", "\"full chamber\"", "-q"],
    &["quotes", "raised", "--json"],
    &["count", "--by", "outlet"],
    &["status"],
    &["skipped"],
    &["check"],
];

#[test]
fn a_read_only_medium_is_read() {
    let port = Port::new();
    let shelf = Shelf::of(6, 6);
    shelf.write(&port.home, &Shelf::default());
    port.update(&[]);
    let at = port.home.path("medium");
    let Some(_mount) = Mount::read_only(&port.index, &at) else {
        println!("read-only medium: left out, no right to mount");
        return;
    };
    let at = at.display().to_string();
    for args in READING {
        let output = port.home.run(&[args, &["--index", &at]].concat());
        assert!(matches!(output.status.code(), Some(0 | 1)), "{args:?}: {}", stderr(&output));
        let there = port.home.run(&[args, &["--index", &port.index]].concat());
        if args[0] != "status" {
            assert_eq!(stdout(&output), stdout(&there), "{args:?}");
        }
    }
    let output = port.home.run(&["index", &port.corpus, "--index", &at]);
    assert_eq!(output.status.code(), Some(4), "{}", stderr(&output));
    assert!(stderr(&output).to_lowercase().contains("read-only"), "{}", stderr(&output));
    let output = port.home.run(&["index", &port.corpus, "--index", &at, "--dry-run"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    println!("read-only medium: {} commands read it, writing is refused", READING.len());
}

/// The program as somebody else, who may read the home but not write it.
fn as_stranger(home: &Home, args: &[&str]) -> Option<std::process::Output> {
    if !succeeds("setpriv", &["--reuid=65534", "--regid=65534", "--clear-groups", "true"]) {
        return None;
    }
    let own = home.command();
    let program = home.path("onrecord");
    if !program.exists() {
        // The folder the program was built in may be closed to others.
        std::fs::copy(own.get_program(), &program).expect("a copy");
    }
    let mut command = Command::new("setpriv");
    command
        .args(["--reuid=65534", "--regid=65534", "--clear-groups"])
        .arg(program)
        .args(args)
        .env_clear()
        .envs(own.get_envs().filter_map(|(key, value)| Some((key, value?))))
        .current_dir("/");
    Some(command.output().expect("run setpriv"))
}

#[cfg(unix)]
fn open_to_all(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    for path in crate::support::every_file(path) {
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).expect("a mode");
        let mut folder = path.parent();
        while let Some(at) = folder.filter(|at| at.components().count() > 2) {
            std::fs::set_permissions(at, std::fs::Permissions::from_mode(0o755)).expect("a mode");
            folder = at.parent();
        }
    }
}

#[cfg(unix)]
#[test]
fn a_stranger_may_read_what_is_open_and_write_nothing() {
    use std::os::unix::fs::PermissionsExt;
    let port = Port::new();
    let shelf = Shelf::of(6, 6);
    shelf.write(&port.home, &Shelf::default());
    port.update(&[]);
    let index = ["--index", &port.index];
    std::fs::set_permissions(port.home.path(""), std::fs::Permissions::from_mode(0o755)).expect("a mode");
    let Some(output) = as_stranger(&port.home, &[&["search", "harbour"][..], &index].concat()) else {
        println!("strangers: left out, no right to become one");
        return;
    };
    // Indexes are their owner's alone.
    assert_eq!(output.status.code(), Some(4), "{}{}", stdout(&output), stderr(&output));
    assert!(stderr(&output).contains("denied"), "{}", stderr(&output));
    open_to_all(Path::new(&port.index));
    for args in READING {
        let output = as_stranger(&port.home, &[args, &index].concat()).expect("run setpriv");
        assert!(matches!(output.status.code(), Some(0 | 1)), "{args:?}: {}", stderr(&output));
    }
    let before = std::fs::read(Path::new(&port.index).join("onrecord-index.json")).expect("read");
    for args in [&["index"][..], &["index", "--rebuild"], &["check", "--repair"]] {
        let output = as_stranger(&port.home, &[args, &index].concat()).expect("run setpriv");
        ended_well(&output, &format!("{args:?}"));
        assert!(args[0] == "check" || output.status.code() == Some(4), "{args:?}: {}", stderr(&output));
    }
    assert_eq!(std::fs::read(Path::new(&port.index).join("onrecord-index.json")).expect("read"), before);
    println!("strangers: read what is open to them, write nothing");
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_listed_keeps_its_articles() {
    use std::os::unix::fs::PermissionsExt;
    let port = Port::new();
    let shelf = Shelf::of(14, 3);
    shelf.write(&port.home, &Shelf::default());
    for folder in ["", "data", "state", "config"] {
        std::fs::create_dir_all(port.home.path(folder)).expect("a folder");
    }
    if !succeeds("chown", &["-R", "65534:65534", &port.home.path("").display().to_string()]) {
        println!("closed folders: left out, no right to give files away");
        return;
    }
    let indexing = ["index", &port.corpus, "--index", &port.index, "-q"];
    let Some(output) = as_stranger(&port.home, &indexing) else {
        println!("closed folders: left out, no right to become somebody else");
        return;
    };
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(port.seen().is(&shelf));
    let closed = port.home.path("news/3");
    std::fs::set_permissions(&closed, std::fs::Permissions::from_mode(0o000)).expect("a mode");
    let output = as_stranger(&port.home, &indexing).expect("run setpriv");
    std::fs::set_permissions(&closed, std::fs::Permissions::from_mode(0o755)).expect("a mode");
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(port.seen().is(&shelf), "nothing in it is gone");
    let skipped = port.home.run(&["skipped", "-f", "lines", "--index", &port.index]);
    assert!(stdout(&skipped).contains("news/3"), "{}", stdout(&skipped));
    // Opened again, it is as if nothing had been.
    let output = as_stranger(&port.home, &indexing).expect("run setpriv");
    assert!(output.status.success(), "{}", stderr(&output));
    port.is_as_rebuilt();
    println!("closed folders: their articles stay, and the folder is named");
}
