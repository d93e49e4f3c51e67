//! Building and updating: `onrecord index` and the base, run in turn as processes of their own; and the stages of the
//! pipeline alone, on one thread.

use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::Command;

use onrecord::engine::local::open::CommitState;
use onrecord::engine::local::writer::{Writer, WriterOptions};
use onrecord::extract::Extracted;
use onrecord::schema::documents::{self, Origin};
use onrecord::{Lexicon, corpus, extract, quotes};

use crate::corpus::Corpus;
use crate::measure::{self, Cost, against, median, shown};
use crate::plain;

/// Articles the stages are measured on.
const STAGE_ARTICLES: usize = 5_000;

/// The program, with settings and histories of its own.
pub fn onrecord(root: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_onrecord"));
    for name in ["XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"] {
        command.env(name, root.join("home"));
    }
    command
}

fn index_command(root: &Path, corpus: &Corpus, index: &Path) -> Command {
    let mut command = onrecord(root);
    command.args(["index", "-q", "--index"]).arg(index).arg(&corpus.dir);
    command
}

/// One pair of programs over one corpus, and what is left of them.
pub struct Built {
    pub corpus: Corpus,
    pub ours: PathBuf,
    pub plain: PathBuf,
    pub our_cost: Cost,
    pub plain_cost: Cost,
    /// Medians of the paired ratios.
    pub cpu_ratio: f64,
    pub wall_ratio: f64,
}

/// Indexes a corpus `rounds` times with each program, in turn.
pub fn build(root: &Path, articles: usize, rounds: usize) -> Built {
    let corpus = Corpus::of(root, articles);
    let ours = root.join(format!("ours-{articles}"));
    let plain = root.join(format!("plain-{articles}"));
    let (mut our_costs, mut plain_costs) = (Vec::new(), Vec::new());
    for round in 0..rounds {
        for turn in 0..2 {
            if (round + turn) % 2 == 0 {
                let mut command = Command::new(std::env::current_exe().expect("this program"));
                command.arg("plain-index").arg(&corpus.dir).arg(&plain);
                plain_costs.push(measure::run(&mut command));
            } else {
                let _ = fs::remove_dir_all(&ours);
                our_costs.push(measure::run(&mut index_command(root, &corpus, &ours)));
            }
        }
    }
    let of = |costs: &[Cost], part: fn(&Cost) -> f64| median(&costs.iter().map(part).collect::<Vec<_>>());
    let middle = |costs: &[Cost]| Cost {
        wall: of(costs, |cost| cost.wall),
        cpu: of(costs, |cost| cost.cpu),
        peak: of(costs, |cost| cost.peak),
        anonymous: of(costs, |cost| cost.anonymous),
    };
    let pairs = || our_costs.iter().zip(&plain_costs);
    let cpu_ratio = median(&pairs().map(|(ours, plain)| ours.cpu / plain.cpu).collect::<Vec<_>>());
    let wall_ratio = median(&pairs().map(|(ours, plain)| ours.wall / plain.wall).collect::<Vec<_>>());
    let (our_cost, plain_cost) = (middle(&our_costs), middle(&plain_costs));
    Built { corpus, ours, plain, our_cost, plain_cost, cpu_ratio, wall_ratio }
}

/// Prints what building took.
pub fn report(built: &[Built]) {
    let mut rows = Vec::new();
    for built in built {
        let text = built.corpus.text_bytes as f64;
        let size = measure::size_of(&built.ours) / text;
        rows.push(vec![
            built.corpus.articles.to_string(),
            shown(text / 1e6, 0),
            shown(built.plain_cost.cpu, 2),
            shown(built.our_cost.cpu, 2),
            against(built.cpu_ratio, 1.6),
            against(built.wall_ratio, 1.6),
            shown(built.our_cost.cpu / built.corpus.articles as f64 * 1e6, 0),
            shown(built.our_cost.peak / 1e6, 0),
            shown(built.our_cost.anonymous / 1e6, 0),
            against(size, 1.25),
            shown(measure::size_of(&built.plain) / text, 2),
        ]);
    }
    let head = [
        "articles",
        "text MB",
        "plain cpu s",
        "cpu s",
        "cpu ratio",
        "wall ratio",
        "cpu µs/article",
        "peak MB",
        "not mapped MB",
        "index/text",
        "plain",
    ];
    measure::table("Building", &head, &rows);
}

/// Updates after nothing changed, after the same files were written again, and after 100 articles changed.
pub fn updates(root: &Path, built: &Built) {
    let articles = built.corpus.articles;
    let full = built.our_cost.cpu;
    let mut rows = Vec::new();
    let mut row = |what: &str, goal: f64| {
        let cost = measure::run(&mut index_command(root, &built.corpus, &built.ours));
        let share = cost.cpu / full * 100.0;
        rows.push(vec![
            what.to_owned(),
            shown(cost.cpu, 2),
            shown(cost.wall, 2),
            format!("{} %", against(share, goal)),
            shown(cost.peak / 1e6, 0),
        ]);
    };
    row("nothing changed", 5.0);
    built.corpus.change(0, 0);
    row("all files written again, nothing changed", 5.0);
    built.corpus.change(100, 1);
    row("100 articles changed, all files written again", 6.0);
    built.corpus.change(100, 2);
    row("100 articles changed once more", 6.0);
    built.corpus.change(0, 0);
    let head = ["update", "cpu s", "wall s", "of a full build", "peak MB"];
    measure::table(&format!("Updating {articles} articles"), &head, &rows);
}

/// What each stage of the pipeline takes, and each part of the base, one after the other: on one thread but for writing, which
/// compresses on another.
pub fn stages(root: &Path) {
    let made = Corpus::of(root, STAGE_ARTICLES);
    let text = made.text_bytes as f64 / 1e6;
    let mut stages: Vec<(String, f64)> = Vec::new();
    let n_quotes = our_stages(root, &made, &mut stages);
    let ours: f64 = stages.iter().map(|(_, seconds)| seconds).sum();
    stages.push((String::from("all"), ours));
    let dir = root.join("stages");
    let [read, write] = plain::stages(&made.dir, &dir);
    let _ = fs::remove_dir_all(&dir);
    stages.push((String::from("plain: read"), read));
    stages.push((String::from("plain: write"), write));
    stages.push((String::from("plain: all"), read + write));
    let rows = stages.into_iter().map(|(stage, seconds)| {
        vec![
            stage,
            shown(seconds * 1e3 / text, 1),
            shown(text / seconds, 1),
            shown(seconds / (read + write), 2),
        ]
    });
    let title = format!(
        "Stages alone, {STAGE_ARTICLES} articles, {text:.0} MB of text, {:.1} quotes an article",
        n_quotes as f64 / STAGE_ARTICLES as f64
    );
    let head = ["stage", "cpu ms/MB of text", "MB/s", "of plain"];
    measure::table(&title, &head, &rows.collect::<Vec<_>>());
}

/// Seconds of the processor for each stage. Returns the number of quotes.
fn our_stages(root: &Path, made: &Corpus, stages: &mut Vec<(String, f64)>) -> usize {
    let lexicon = Lexicon::embedded();
    let found = corpus::discover(std::slice::from_ref(&made.dir), &Default::default()).expect("the corpus");
    let mut clock = measure::Clock::start();
    let mut done = |stage: &str, seconds: f64| stages.push((stage.to_owned(), seconds));

    let mut raw = Vec::new();
    for file in &found.files {
        raw.extend(corpus::read(file, &Default::default()).expect("a file of the corpus").flatten());
    }
    done("read", clock.lap());

    let cleaned = raw.iter().filter_map(|raw| extract::article(raw, lexicon).ok());
    let articles: Vec<_> = cleaned.map(|Extracted { article, .. }| article).collect();
    done("clean", clock.lap());
    assert_eq!(articles.len(), made.articles, "articles that were refused");

    let said: Vec<_> = articles.iter().map(|article| quotes::find(article, lexicon)).collect();
    done("quotes", clock.lap());

    let origin = Origin::default();
    let blocks: Vec<_> =
        articles.iter().zip(&said).map(|(article, said)| documents::block(article, said, &origin)).collect();
    done("documents", clock.lap());

    let dir = root.join("stages");
    let _ = fs::remove_dir_all(&dir);
    fs::create_dir_all(&dir).expect("make the folder of an index");
    let options = WriterOptions { threads: 1, memory: 100_000_000 };
    let mut writer = Writer::open(&dir, options).expect("open a writer");
    for block in blocks {
        writer.put(None, block, None).expect("write");
    }
    writer.commit(&CommitState::default()).expect("commit");
    black_box(&writer);
    drop(writer);
    done("write", clock.lap_of_all());
    said.iter().map(Vec::len).sum()
}
