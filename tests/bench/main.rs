//! How fast `onrecord` is, beside the least a program on tantivy can do. See README.md here.
//!
//! Everything is measured in pairs in one run: the two programs take turns, and ratios are what counts.

#![expect(clippy::print_stdout, reason = "it prints what it measured")]

mod corpus;
mod indexing;
mod measure;
mod plain;
mod searching;
mod typing;

use std::path::{Path, PathBuf};

/// As the program has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What is measured, and on how much.
struct Options {
    sizes: Vec<usize>,
    rounds: usize,
    only: Vec<String>,
    root: PathBuf,
}

impl Options {
    fn wants(&self, part: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|only| only == part)
    }
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| arg != "--bench").collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    match words[..] {
        ["plain-index", corpus, dir] => plain::index(Path::new(corpus), Path::new(dir)),
        ["plain-search", dir, query] => {
            let ask = plain::Ask::Parsed(query.to_owned());
            let answer = plain::Plain::open(Path::new(dir)).search(&ask, 0);
            println!("{} articles\n{}", answer.total, answer.shown.join("\n"));
        }
        ["search-memory", dir, articles] => {
            searching::memory_child(Path::new(dir), articles.parse().expect("a number of articles"));
        }
        ["typing", dir, articles] => {
            typing::measure(Path::new(dir), articles.parse().expect("a number of articles"));
        }
        _ => match options(&args) {
            Some(options) => measure_all(&options),
            None => println!(
                "options: --size 10k[,100k,1m]  --rounds 3  --dir FOLDER  \
                 --only stages,index,update,queries,oneshot,typing"
            ),
        },
    }
}

fn options(args: &[String]) -> Option<Options> {
    let root = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("bench");
    let mut options = Options { sizes: vec![10_000], rounds: 3, only: Vec::new(), root };
    let mut rest = args.iter();
    while let Some(name) = rest.next() {
        let value = rest.next()?;
        match name.as_str() {
            "--size" => options.sizes = value.split(',').map(size).collect::<Option<_>>()?,
            "--rounds" => options.rounds = value.parse().ok().filter(|rounds| *rounds > 0)?,
            "--only" => options.only = value.split(',').map(str::to_owned).collect(),
            "--dir" => options.root = PathBuf::from(value),
            _ => return None,
        }
    }
    Some(options)
}

fn size(text: &str) -> Option<usize> {
    let lower = text.to_ascii_lowercase();
    let (digits, unit) = match (lower.strip_suffix('k'), lower.strip_suffix('m')) {
        (Some(digits), _) => (digits, 1_000),
        (_, Some(digits)) => (digits, 1_000_000),
        _ => (&lower[..], 1),
    };
    digits.parse::<usize>().ok().map(|number| number * unit).filter(|articles| *articles >= 100)
}

fn measure_all(options: &Options) {
    std::fs::create_dir_all(&options.root).expect("make the folder of the measurements");
    println!("onrecord {} on {}", env!("CARGO_PKG_VERSION"), measure::machine());
    if options.wants("stages") {
        indexing::stages(&options.root);
    }
    if ["index", "update", "queries", "oneshot", "typing"].iter().all(|part| !options.wants(part)) {
        return;
    }
    let sizes = options.sizes.iter();
    let built: Vec<_> =
        sizes.map(|articles| indexing::build(&options.root, *articles, options.rounds)).collect();
    indexing::report(&built);
    for built in &built {
        if options.wants("queries") {
            searching::in_process(built);
            let this = std::env::current_exe().expect("this program");
            let mut child = std::process::Command::new(this);
            child.arg("search-memory").arg(&built.ours).arg(built.corpus.articles.to_string());
            child.status().expect("search in a process of its own");
        }
        if options.wants("oneshot") {
            searching::one_shot(&options.root, built, 3);
        }
        if options.wants("typing") {
            typing::measure(&built.ours, built.corpus.articles);
        }
        if options.wants("update") {
            indexing::updates(&options.root, built);
        }
    }
}
