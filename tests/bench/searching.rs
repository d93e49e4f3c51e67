//! Searches of ten kinds in process, each asked of both engines in turn; the same as processes from start to last byte;
//! and the memory of a process that searches.

use std::hint::black_box;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use onrecord::SearchBackend;
use onrecord::engine::local;
use onrecord::model::search::{DocKind, FacetField, FieldFilter, SearchRequest};

use crate::corpus::{self, Article, Dice};
use crate::indexing::{self, Built};
use crate::measure::{self, against, median, quantile, shown};
use crate::plain::{Ask, Plain};

/// Queries of each kind, and how often each is asked.
const QUERIES: usize = 40;
const REPEATS: usize = 3;

/// A kind of query, as both engines are asked.
struct Kind {
    name: &'static str,
    pairs: Vec<(SearchRequest, Ask, usize)>,
}

fn request(kind: DocKind, text: &str) -> SearchRequest {
    let today = jiff::civil::date(2026, 1, 1);
    let query = onrecord::query::parse(text, today).expect("a query").query;
    let mut request = SearchRequest::new(kind, query);
    request.facets = vec![FacetField::Outlet, FacetField::Speaker];
    request
}

fn kinds(articles: usize) -> Vec<Kind> {
    let mut dice = Dice::new(4_711);
    let common = |dice: &mut Dice| corpus::word(100 + dice.below(400));
    let middle = |dice: &mut Dice| corpus::word(500 + dice.below(3_000));
    let rare = |dice: &mut Dice| corpus::word(8_000 + dice.below(40_000));
    // Neighbours as they stand in some article; such words are not function words alone.
    let neighbours = |dice: &mut Dice| -> [String; 2] {
        loop {
            let article = Article::new(dice.below(articles as u64), 0);
            let words: Vec<&str> = article.body.split_whitespace().collect();
            let at = dice.below(words.len() as u64 - 1) as usize;
            let pair = [words[at], words[at + 1]];
            if pair.iter().all(|word| word.len() > 4 && word.bytes().all(|byte| byte.is_ascii_lowercase())) {
                return pair.map(str::to_owned);
            }
        }
    };
    let article = DocKind::Article;
    let mut all: Vec<Kind> = Vec::new();
    let mut kind = |name, make: &mut dyn FnMut(&mut Dice) -> (SearchRequest, Ask, usize)| {
        all.push(Kind { name, pairs: (0..QUERIES).map(|_| make(&mut dice)).collect() });
    };
    kind("common word", &mut |dice| {
        let word = common(dice);
        (request(article, &word), Ask::Parsed(word), 0)
    });
    kind("rare word", &mut |dice| {
        let word = rare(dice);
        (request(article, &word), Ask::Parsed(word), 0)
    });
    kind("two words (AND)", &mut |dice| {
        let text = format!("{} {}", common(dice), middle(dice));
        (request(article, &text), Ask::Parsed(text), 0)
    });
    kind("two words (OR)", &mut |dice| {
        let text = format!("{} OR {}", middle(dice), middle(dice));
        (request(article, &text), Ask::Parsed(text), 0)
    });
    kind("phrase", &mut |dice| {
        let [first, second] = neighbours(dice);
        let text = format!("\"{first} {second}\"");
        (request(article, &text), Ask::Parsed(text), 0)
    });
    kind("proximity", &mut |dice| {
        let [first, second] = neighbours(dice);
        let asked = Ask::Parsed(format!("\"{first} {second}\"~5"));
        (request(article, &format!("{first} w/5 {second}")), asked, 0)
    });
    kind("prefix", &mut |dice| {
        let word = middle(dice);
        let prefix = &word[..word.len().min(4)];
        (request(article, &format!("{prefix}*")), Ask::Prefix(prefix.to_owned()), 0)
    });
    kind("speaker's quote", &mut |dice| {
        let (word, name) = (corpus::word(48 + dice.below(100)), corpus::name(dice.below(20)));
        let asked = Ask::Parsed(format!("{word} \"{name}\""));
        (request(DocKind::Quote, &format!("{word} speaker:\"{name}\"")), asked, 0)
    });
    kind("with filters", &mut |dice| {
        let (word, outlet) = (common(dice), corpus::outlet(dice.below(10)));
        let mut request = request(article, &word);
        let (field, values) = (FacetField::Outlet, vec![outlet.clone()]);
        request.filters.fields.push(FieldFilter { field, values, exclude: false, all: false });
        (request, Ask::At(word, outlet), 0)
    });
    kind("page 10", &mut |dice| {
        let word = common(dice);
        let mut request = request(article, &word);
        request.offset = 90;
        (request, Ask::Parsed(word), 90)
    });
    all
}

/// Ten kinds of queries in one process, each asked of both engines in turn. Returns the goals met.
pub fn in_process(built: &Built) {
    let ours = local::open(&built.ours).expect("open the index");
    let plain = Plain::open(&built.plain);
    let mut rows = Vec::new();
    let (mut all_ours, mut all_plain) = (Vec::new(), Vec::new());
    let (mut cpu_ours, mut cpu_plain) = (0.0, 0.0);
    for kind in kinds(built.corpus.articles) {
        // Once without the clock: files are mapped, tables made.
        for (request, ask, offset) in &kind.pairs {
            black_box(ours.search(request).expect("search"));
            black_box(plain.search(ask, *offset));
        }
        let (mut our_times, mut plain_times) = (Vec::new(), Vec::new());
        let mut hits = Vec::new();
        for repeat in 0..REPEATS {
            for (request, ask, offset) in &kind.pairs {
                for turn in 0..2 {
                    let begun = Instant::now();
                    if (repeat + turn) % 2 == 0 {
                        hits.push(black_box(ours.search(request).expect("search")).total as f64);
                        our_times.push(begun.elapsed().as_secs_f64() * 1e3);
                    } else {
                        let answer = black_box(plain.search(ask, *offset));
                        black_box((answer.total, answer.shown.len()));
                        plain_times.push(begun.elapsed().as_secs_f64() * 1e3);
                    }
                }
            }
        }
        cpu_ours += our_times.iter().sum::<f64>();
        cpu_plain += plain_times.iter().sum::<f64>();
        rows.push(row(kind.name, &our_times, &plain_times, shown(median(&hits), 0)));
        all_ours.extend(our_times);
        all_plain.extend(plain_times);
    }
    rows.push(row("all", &all_ours, &all_plain, String::new()));
    let p99 = quantile(&all_ours, 0.99) / quantile(&all_plain, 0.99);
    let title = format!(
        "Searching {} articles: ten hits, count, counts by outlet and speaker, snippets; milliseconds",
        built.corpus.articles
    );
    let head = ["query", "p50", "p90", "p99", "plain p50", "p90", "p99", "median ratio", "hits"];
    measure::table(&title, &head, &rows);
    println!(
        "  p99 ratio {}, sum ratio {}; {}",
        against(p99, 1.3),
        shown(cpu_ours / cpu_plain, 2),
        equal_counts(&ours, &plain)
    );
}

fn row(name: &str, ours: &[f64], plain: &[f64], hits: String) -> Vec<String> {
    let mut cells = vec![name.to_owned()];
    for times in [ours, plain] {
        cells.extend([0.5, 0.9, 0.99].map(|share| shown(quantile(times, share), 3)));
    }
    cells.push(against(median(ours) / median(plain), 1.0));
    cells.push(hits);
    cells
}

/// Whether both find the same number of articles for words as written.
fn equal_counts(ours: &impl SearchBackend, plain: &Plain) -> String {
    let mut dice = Dice::new(99);
    let (mut equal, asked) = (0, 100);
    for _ in 0..asked {
        let word = corpus::word(60 + dice.below(20_000));
        let request = request(DocKind::Article, &format!("\"{word}\""));
        let total = ours.search(&request).expect("search").total;
        equal += usize::from(total == plain.count(&Ask::Parsed(word)) as u64);
    }
    format!("equal counts on {equal} of {asked} unstemmed words")
}

/// Processes that answer one query, from start to last byte.
pub fn one_shot(root: &Path, built: &Built, blocks: usize) {
    const BLOCK: usize = 20;
    let this = std::env::current_exe().expect("this program");
    let mut dice = Dice::new(7);
    let words: Vec<String> = (0..BLOCK).map(|_| corpus::word(100 + dice.below(3_000))).collect();
    let ours = |idx: usize| -> Command {
        let mut command = indexing::onrecord(root);
        command.args(["search", "--facets", "outlet,speaker", "--index"]);
        command.arg(&built.ours).arg(&words[idx]);
        command
    };
    let plain = |idx: usize| -> Command {
        let mut command = Command::new(&this);
        command.arg("plain-search").arg(&built.plain).arg(&words[idx]);
        command
    };
    let (mut our_walls, mut our_cpus) = (Vec::new(), Vec::new());
    let (mut plain_walls, mut plain_cpus) = (Vec::new(), Vec::new());
    for block in 0..=blocks {
        let (walls, cpu) = measure::run_short(BLOCK, ours);
        let (others, other_cpu) = measure::run_short(BLOCK, plain);
        // The first block fills the caches.
        if block > 0 {
            our_walls.extend(walls);
            our_cpus.push(cpu * 1e3);
            plain_walls.extend(others);
            plain_cpus.push(other_cpu * 1e3);
        }
    }
    let line = |name: &str, walls: &[f64], cpus: &[f64]| {
        let ms: Vec<f64> = walls.iter().map(|wall| wall * 1e3).collect();
        let mean = cpus.iter().sum::<f64>() / cpus.len() as f64;
        vec![name.to_owned(), shown(quantile(&ms, 0.5), 1), shown(quantile(&ms, 0.9), 1), shown(mean, 1)]
    };
    let rows = [line("onrecord search", &our_walls, &our_cpus), line("plain", &plain_walls, &plain_cpus)];
    let title = format!("One search as a process, {} articles, milliseconds", built.corpus.articles);
    measure::table(&title, &["program", "wall p50", "wall p90", "cpu mean"], &rows);
    let more = (median(&our_walls) - median(&plain_walls)) * 1e3;
    let cpu = our_cpus.iter().sum::<f64>() / our_cpus.len() as f64;
    println!("  over plain {} ms; cpu {} ms", against(more, 5.0), against(cpu, 15.0));
}

/// Answers every query once and prints the memory it took; to be run as a process of its own.
pub fn memory_child(index: &Path, articles: usize) {
    let ours = local::open(index).expect("open the index");
    for kind in kinds(articles) {
        for (request, ..) in &kind.pairs {
            black_box(ours.search(request).expect("search"));
        }
    }
    let [own, mapped] = ["RssAnon", "RssFile"].map(|name| shown(measure::status("self", name) / 1e6, 0));
    println!("  memory after {} searches: {own} MB of its own (goal 100), {mapped} MB mapped", 10 * QUERIES);
}
