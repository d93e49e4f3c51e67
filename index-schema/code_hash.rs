//! Hashes the code that decides what an index holds, so that an index knows whether this program would make it otherwise.
//!
//! In: the sources of the layers that make documents of articles, without comments and tests, and the versions of the crates
//! they use. Out: `ONRECORD_CODE_HASH`. Words and patterns have a hash of their own, `ONRECORD_LEXICON_HASH`: made here, since
//! every search needs it and should not read a megabyte for it. Fields have theirs in `src/schema`.

#![expect(clippy::print_stdout, reason = "a build script speaks to cargo on its standard output")]

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Words that only searches use: they leave an index as it is.
const OF_SEARCHES: [&str; 4] = [
    "src/lexicon/equivalents.rs",
    "src/lexicon/questions.rs",
    "src/lexicon/data/equivalents.tsv",
    "src/lexicon/data/questions.tsv",
];

/// What an article passes on its way to a document. The names joined when an index is read are not among them.
const SOURCES: [&str; 10] = [
    "src/corpus",
    "src/extract",
    "src/lexicon",
    "src/quotes",
    "src/schema",
    "src/text",
    "src/model/article.rs",
    "src/model/quote.rs",
    "src/engine/local/document.rs",
    "src/engine/local/tokenizer.rs",
];

fn main() -> io::Result<()> {
    let mut files = Vec::new();
    for source in SOURCES {
        println!("cargo::rerun-if-changed={source}");
        collect(Path::new(source), &mut files, is_code)?;
    }
    files.sort();
    let mut hash = Fnv::new();
    for file in files {
        hash.add(file.to_string_lossy().as_bytes());
        let text = fs::read_to_string(&file)?;
        let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        for line in code.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//")) {
            hash.add(line.as_bytes());
        }
    }
    println!("cargo::rerun-if-changed=Cargo.lock");
    // A package made of this one has no lock file of ours.
    hash.add(&fs::read("Cargo.lock").unwrap_or_default());
    println!("cargo::rustc-env=ONRECORD_CODE_HASH={:016x}", hash.0);

    let mut data = Vec::new();
    collect(Path::new("src/lexicon/data"), &mut data, is_data)?;
    data.sort();
    let mut hash = Fnv::new();
    for file in data {
        hash.add(file.to_string_lossy().as_bytes());
        hash.add(&fs::read(&file)?);
    }
    println!("cargo::rustc-env=ONRECORD_LEXICON_HASH={:016x}", hash.0);
    Ok(())
}

fn collect(path: &Path, files: &mut Vec<PathBuf>, counts: fn(&Path) -> bool) -> io::Result<()> {
    if path.is_dir() {
        for entry in fs::read_dir(path)? {
            collect(&entry?.path(), files, counts)?;
        }
    } else if counts(path) && !OF_SEARCHES.iter().any(|file| path == Path::new(file)) {
        files.push(path.to_owned());
    }
    Ok(())
}

fn is_code(path: &Path) -> bool {
    let is_test = path.file_name().is_some_and(|name| name == "tests.rs" || name == "marked.rs");
    path.extension().is_some_and(|extension| extension == "rs") && !is_test
}

fn is_data(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "tsv" || extension == "toml")
}

/// FNV-1a: the same on every machine and with every compiler.
struct Fnv(u64);

impl Fnv {
    const fn new() -> Self {
        Fnv(0xcbf2_9ce4_8422_2325)
    }

    fn add(&mut self, bytes: &[u8]) {
        for byte in bytes.iter().chain(b"\n") {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}
