//! Files of the index are damaged one by one: `check` names them, and no command panics, dies of a signal or says nonsense.

use std::path::{Path, PathBuf};

use super::{Dice, Port, Shelf, ended_well, scale};
use crate::support::{every_file, stderr, stdout};

/// What is done to a file.
#[derive(Clone, Copy, Debug)]
enum Damage {
    Missing,
    Empty,
    Cut(usize),
    Flipped(usize, u8),
    Zeroed(usize),
}

impl Damage {
    fn apply(self, path: &Path, whole: &[u8]) {
        let written = match self {
            Damage::Missing => return std::fs::remove_file(path).expect("removed"),
            Damage::Empty => Vec::new(),
            Damage::Cut(at) => whole[..at].to_vec(),
            Damage::Flipped(at, bit) => {
                let mut bytes = whole.to_vec();
                bytes[at] ^= 1 << bit;
                bytes
            }
            Damage::Zeroed(at) => {
                let mut bytes = whole.to_vec();
                bytes[at..].fill(0);
                bytes
            }
        };
        std::fs::write(path, written).expect("written");
    }
}

fn copy_all(from: &Path, to: &Path) {
    for file in every_file(from) {
        let copy = to.join(file.strip_prefix(from).expect("under it"));
        std::fs::create_dir_all(copy.parent().expect("a folder")).expect("a folder");
        std::fs::copy(&file, copy).expect("copied");
    }
}

/// Files that nothing is read from: a lock needs no content, and the list of what may be removed is made anew.
fn holds_nothing(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name == "lock" || name == "readers" || name == ".managed.json")
}

#[test]
fn every_damaged_file_is_reported() {
    let mut dice = Dice::new(3);
    let port = Port::new();
    let mut shelf = Shelf::of(20, 30);
    shelf.write(&port.home, &Shelf::default());
    port.update(&[]);
    // Deletions, so that there is a file of them, and no rebuild that would tidy them away.
    let before = shelf.clone();
    shelf.shake(&mut dice, 6);
    shelf.write(&port.home, &before);
    port.update(&[]);
    let files: Vec<PathBuf> = every_file(Path::new(&port.index));
    assert!(files.len() > 8, "{files:?}");
    let rounds = (scale() / 4).max(1);
    let (mut n_damaged, mut n_reported, mut n_refused, mut n_answered, mut n_written) = (0, 0, 0, 0, 0);
    for file in &files {
        let whole = std::fs::read(file).expect("read");
        let mut damages = vec![Damage::Missing, Damage::Empty];
        // The version at the end of a file, which its checksum does not cover.
        let patch = b"\"patch\":";
        let version = whole.windows(patch.len()).rposition(|window| window == patch);
        damages.extend(version.map(|at| Damage::Flipped(at + patch.len(), 2)));
        for _ in 0..rounds {
            if !whole.is_empty() {
                damages.push(Damage::Cut(dice.below(whole.len())));
                damages.push(Damage::Flipped(dice.below(whole.len()), dice.below(8) as u8));
                damages.push(Damage::Zeroed(dice.below(whole.len())));
            }
        }
        if scale() == 1 {
            // One way for each file, all ways over all files.
            let one = damages.swap_remove(dice.below(damages.len()));
            damages = vec![one];
        }
        for damage in damages {
            damage.apply(file, &whole);
            let is_changed = std::fs::read(file).ok().as_deref() != Some(&whole[..]);
            let what = format!("{damage:?} {}", file.display());
            let output = port.home.run(&["check", "--index", &port.index]);
            ended_well(&output, &what);
            n_damaged += usize::from(is_changed);
            let is_worked_out_anew = matches!(damage, Damage::Missing)
                && (file.ends_with("digest.json") || file.ends_with("names.tables"));
            if is_changed && !holds_nothing(file) && !is_worked_out_anew {
                // Without its manifest a folder is no index: there is nothing to check.
                assert!(matches!(output.status.code(), Some(3 | 4)), "{what}: {}", stdout(&output));
                let told = format!("{}{}", stdout(&output), stderr(&output));
                let is_named = told.contains(&*file.file_name().unwrap_or_default().to_string_lossy());
                assert!(is_named || output.status.code() == Some(3), "{what}: {told}");
                n_reported += 1;
            }
            for args in [
                &["search", "harbour levy", "--json", "--facets", "speaker"][..],
                &["search", "\"full chamber\"", "-q"],
                &["quotes", "raised", "--json"],
                &["count", "--by", "outlet,speaker", "-q"],
                &["status"],
                &["skipped"],
            ] {
                let output = port.home.run(&[args, &["--index", &port.index]].concat());
                ended_well(&output, &what);
                match output.status.code() {
                    Some(0 | 1) => n_answered += 1,
                    _ => {
                        assert!(stderr(&output).contains("help: "), "{what}: {}", stderr(&output));
                        n_refused += 1;
                    }
                }
            }
            // Writing meets the damage too. What it does with it, it does to a copy.
            let copy = port.home.path("copy");
            let _ = std::fs::remove_dir_all(&copy);
            copy_all(Path::new(&port.index), &copy);
            let copy = copy.display().to_string();
            for args in [&["--dry-run"][..], &[], &["--rebuild"]] {
                let output =
                    port.home.run(&[&["index", &port.corpus, "--index", &copy, "-q"][..], args].concat());
                ended_well(&output, &what);
                n_written += usize::from(output.status.success());
            }
            std::fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
            std::fs::write(file, &whole).expect("restored");
        }
    }
    port.is_sound();
    println!(
        "damage: {} files, {n_damaged} damages, {n_reported} of files that matter, all reported by check; \
         {n_refused} commands refused with a cure, {n_answered} answered, {n_written} wrote; 0 panics, 0 signals",
        files.len()
    );
}

#[test]
fn damage_is_repaired_from_the_corpus_and_set_aside() {
    let mut dice = Dice::new(5);
    let port = Port::new();
    let shelf = Shelf::of(8, 8);
    shelf.write(&port.home, &Shelf::default());
    port.update(&[]);
    let mut n_repaired = 0;
    let all = ["store", "json", "term", "idx", "fast", "pos", "fieldnorm"];
    let endings = if scale() == 1 { &all[..2] } else { &all };
    for ending in endings {
        let file = every_file(Path::new(&port.index))
            .into_iter()
            .find(|path| path.extension().is_some_and(|is| is == *ending) && !holds_nothing(path))
            .expect("a file of each kind");
        let whole = std::fs::read(&file).expect("read");
        Damage::Flipped(dice.below(whole.len()), 4).apply(&file, &whole);
        // Neither a look nor an ordinary update removes what is damaged.
        port.home.run(&["check", "--index", &port.index]);
        let output = port.home.run(&["check", "--repair", "--index", &port.index]);
        assert_eq!(output.status.code(), Some(0), "{ending}: {}{}", stdout(&output), stderr(&output));
        assert!(stderr(&output).contains("set aside"), "{ending}: {}", stderr(&output));
        assert!(port.seen().is(&shelf), "{ending}");
        port.is_sound();
        port.is_as_rebuilt();
        port.update(&["--rebuild", "--force"]);
        let aside = every_file(Path::new(&port.index));
        assert!(!aside.iter().any(|path| path.to_string_lossy().contains("damaged")), "{aside:?}");
        n_repaired += 1;
    }
    println!("damage: {n_repaired} kinds of files repaired from the corpus");
}
