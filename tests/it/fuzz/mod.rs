//! Mutated inputs against the [`laws`]: a moment of it in a plain `cargo test`, as long as asked on demand:
//!
//! ```text
//! ONRECORD_FUZZ_SECONDS=600 cargo test --release --test it fuzz -- --nocapture
//! ```
//! Inputs come from `tests/fuzz-corpus`, a folder for each law, and from the sample corpus. The seed is printed;
//! `ONRECORD_FUZZ_SEED` sets it. What breaks a law is written to the folder of that law: kept there, it is a test.
//! What ends the process (a full stack, a full memory) is found in `target/tmp/fuzz-LAW`.

pub mod laws;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::faults::Dice;
use crate::support::{every_file, root};

/// Mutations of each law in a plain test.
const FEW: u64 = 400;
/// Longest input that is made, in bytes.
const LONGEST: usize = 96 * 1024;
/// Longest time an input of that length may take. Twice as long an input should take twice as long.
const PATIENCE: Duration = Duration::from_secs(if cfg!(debug_assertions) { 60 } else { 5 });

fn corpus_of(law: &str) -> Vec<Vec<u8>> {
    let mut inputs = Vec::new();
    for path in every_file(&root().join("tests/fuzz-corpus").join(law)) {
        inputs.push(std::fs::read(path).expect("an input"));
    }
    for path in every_file(&root().join("sample-corpus")) {
        let content = std::fs::read(&path).expect("a sample");
        match law {
            "files" => {
                let ending = path.extension().unwrap_or_default().to_string_lossy().into_owned();
                let known = ["txt", "md", "html", "json", "jsonl", "csv", "tsv", "xml", "warc"];
                let no = known.iter().position(|known| *known == ending).unwrap_or(0);
                let part = &content[..content.len().min(12_000)];
                inputs.push([&[u8::try_from(no).expect("few names")], part].concat());
            }
            "quotes" | "terminal" => inputs.push(content[..content.len().min(6_000)].to_vec()),
            _ => {}
        }
    }
    inputs
}

/// The next input: one of those there are, changed in a few places.
fn mutated(dice: &mut Dice, inputs: &[Vec<u8>], pieces: &[&str]) -> Vec<u8> {
    let mut input = inputs[dice.below(inputs.len())].clone();
    for _ in 0..=dice.below(8) {
        let at = dice.below(input.len() + 1);
        let end = (at + dice.below(64)).min(input.len());
        match dice.below(9) {
            0 if at < input.len() => input[at] ^= 1 << dice.below(8),
            1 if at < input.len() => input[at] = dice.below(256) as u8,
            2 => drop(input.drain(at..end)),
            3 => {
                let part = input[at..end].to_vec();
                input.splice(at..at, part);
            }
            4 => {
                let other = &inputs[dice.below(inputs.len())];
                let from = dice.below(other.len() + 1);
                let part = other[from..(from + dice.below(400)).min(other.len())].to_vec();
                input.splice(at..end, part);
            }
            5 => {
                // What is fast once may be slow a thousand times in a row.
                let piece = pieces[dice.below(pieces.len())].repeat(1 + dice.below(3_000));
                input.splice(at..at, piece.into_bytes());
            }
            6 => input.truncate(at),
            _ => {
                let piece = pieces[dice.below(pieces.len())];
                input.splice(at..at, piece.bytes());
            }
        }
    }
    input.truncate(LONGEST);
    input
}

fn is_broken(law: laws::Law, input: &[u8]) -> Option<String> {
    let begun = Instant::now();
    let result = onrecord::engine::caught::caught(|| law(input));
    let took = begun.elapsed();
    match result {
        Err(message) => Some(message),
        Ok(()) if took > PATIENCE => Some(format!("took {took:?} for {} bytes", input.len())),
        Ok(()) => None,
    }
}

/// Cuts pieces away while the law stays broken.
fn shortened(law: laws::Law, mut input: Vec<u8>) -> Vec<u8> {
    let until = Instant::now() + Duration::from_secs(20);
    let mut step = input.len() / 2;
    while step > 0 && Instant::now() < until {
        let mut at = 0;
        while at < input.len() && Instant::now() < until {
            let mut shorter = input.clone();
            shorter.drain(at..(at + step).min(input.len()));
            if is_broken(law, &shorter).is_some() {
                input = shorter;
            } else {
                at += step;
            }
        }
        step /= 2;
    }
    input
}

fn keep(name: &str, input: &[u8]) -> PathBuf {
    let hash = blake3::hash(input).to_hex();
    let path = root().join("tests/fuzz-corpus").join(name).join(format!("found-{}", &hash[..12]));
    std::fs::write(&path, input).expect("kept");
    path
}

/// Tries inputs; what came of it.
fn fuzz(name: &str) -> String {
    let (_, law) = laws::LAWS.into_iter().find(|(law, _)| *law == name).expect("a law");
    let number = |variable: &str| std::env::var(variable).ok().and_then(|text| text.parse::<u64>().ok());
    let seconds = number("ONRECORD_FUZZ_SECONDS");
    let seed = number("ONRECORD_FUZZ_SEED").unwrap_or(1);
    let last = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("fuzz-{name}"));
    let inputs = corpus_of(name);
    assert!(!inputs.is_empty(), "{name}: no inputs");
    let mut wrong = String::new();
    for input in &inputs {
        if let Some(message) = is_broken(law, input) {
            let _ = writeln!(
                wrong,
                "kept input {:?}: {message}",
                String::from_utf8_lossy(&input[..input.len().min(200)])
            );
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    let mut dice = Dice::new(seed);
    let begun = Instant::now();
    let mut n_tried = 0u64;
    let mut slowest = Duration::ZERO;
    loop {
        let is_over = match seconds {
            Some(seconds) => begun.elapsed().as_secs() >= seconds,
            None => n_tried >= FEW,
        };
        if is_over {
            break;
        }
        let input = mutated(&mut dice, &inputs, &laws::PIECES[name]);
        if seconds.is_some() {
            std::fs::write(&last, &input).expect("written");
        }
        let at = Instant::now();
        if let Some(message) = is_broken(law, &input) {
            let input = shortened(law, input);
            let path = keep(name, &input);
            panic!("{name}, seed {seed}, input {n_tried}: {message}\nkept as {}", path.display());
        }
        slowest = slowest.max(at.elapsed());
        n_tried += 1;
    }
    format!(
        "{name}: seed {seed}, {n_tried} inputs in {:.0} s, the slowest took {slowest:.1?}; no law broken",
        begun.elapsed().as_secs_f64()
    )
}

#[test]
fn queries() {
    println!("{}", fuzz("query"));
}

#[test]
fn files() {
    println!("{}", fuzz("files"));
}

#[test]
fn quotes() {
    println!("{}", fuzz("quotes"));
}

#[test]
fn terminal() {
    println!("{}", fuzz("terminal"));
}
