//! `extract`: what the indexer makes of files, without an index. The window on cleaning and attribution.

use std::collections::{BTreeMap, HashSet};
use std::io::{BufWriter, IsTerminal, Write};
use std::path::Path;

use rayon::iter::{IndexedParallelIterator, IntoParallelIterator, ParallelIterator};

use super::args::{ExtractArgs, FormatArg};
use super::exit::{FAILURE, FOUND, Failure, NOTHING, SKIPPED};
use super::{Context, index};
use crate::corpus::{self, DiscoverOptions, ReadOptions, Records};
use crate::extract::{self, BlockTrace, Extracted, repeated};
use crate::lexicon::Lexicon;
use crate::model::search::StoredArticle;
use crate::model::{Article, Quote, RawArticle, Rejection};
use crate::output::record;
use crate::output::{Style, article, counted, grouped, json};
use crate::quotes;
use crate::schema::repeats;
use crate::text::sanitize;

/// Stack of each thread: the extraction of deeply nested pages needs it.
const STACK_BYTES: usize = 16 << 20;

/// An article as extracted, with its quotes.
struct Made {
    extracted: Extracted,
    quotes: Vec<Quote>,
}

/// Runs `extract`.
///
/// # Errors
/// A path that cannot be found, output that cannot be written.
pub fn run(context: &Context, args: &ExtractArgs) -> anyhow::Result<u8> {
    let options = index::read_options(context, &args.map)?;
    let format = match (args.json, args.format) {
        (true, _) => FormatArg::Jsonl,
        (false, Some(format)) => format,
        (false, None) if args.explain || std::io::stdout().is_terminal() => FormatArg::Table,
        (false, None) => FormatArg::Jsonl,
    };
    let out = &mut BufWriter::new(std::io::stdout().lock());
    let style = context.style();
    let (mut found, mut skipped) = (0u64, 0u64);
    let mut array = Vec::new();
    let mut write = |out: &mut dyn Write, made: Result<Made, Rejection>| -> anyhow::Result<()> {
        let made = match made {
            Ok(made) => made,
            Err(rejection) => {
                skipped += 1;
                context.note(&format!("skipped ({}): {rejection}", rejection.reason.code()));
                return Ok(());
            }
        };
        found += 1;
        let Made { extracted, quotes } = made;
        match format {
            FormatArg::Json => array.push(record::article(&extracted.article, &quotes, &extracted.notices)),
            FormatArg::Table => write_table(out, extracted, quotes, args.explain, &style)?,
            _ => json::line(out, &record::article(&extracted.article, &quotes, &extracted.notices))?,
        }
        Ok(())
    };
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(index::threads(context))
        .stack_size(STACK_BYTES)
        .build()
        .map_err(|error| Failure::new(FAILURE, format!("cannot start threads: {error}")))?;
    let mut held = Held::default();
    let mut take = |out: &mut dyn Write, records: Result<Records, Rejection>| -> anyhow::Result<()> {
        let (records, refused) = match records {
            Ok(records) => (Some(records), None),
            Err(rejection) => (None, Some(Err(rejection))),
        };
        for raw in records.into_iter().flatten().chain(refused) {
            held.take(raw, &pool);
            if held.bytes >= HELD_BYTES {
                held.finish(&pool, args.explain).into_iter().try_for_each(|made| write(out, made))?;
            }
        }
        Ok(())
    };
    for path in &args.paths {
        if path.as_os_str() == "-" {
            take(out, corpus::read_stdin(std::io::stdin(), &options))?;
            continue;
        }
        let discovery = corpus::discover(std::slice::from_ref(path), &DiscoverOptions::default())
            .map_err(|error| Failure::usage(error.to_string()))?;
        for rejection in discovery.rejections {
            take(out, Err(rejection))?;
        }
        for file in &discovery.files {
            take(out, corpus::read(file, &options))?;
        }
    }
    held.finish(&pool, args.explain).into_iter().try_for_each(|made| write(out, made))?;
    if format == FormatArg::Json {
        json::array(out, &array)?;
    }
    out.flush()?;
    Ok(match (found, skipped) {
        (0, _) => NOTHING,
        (_, 1..) if args.strict => SKIPPED,
        _ => FOUND,
    })
}

/// Text held back until it is known which lines repeat. What lies further apart is not seen as repeated here; an index,
/// which sees all, may cut more.
const HELD_BYTES: usize = 32 << 20;

/// Records handed to the threads at once; the order of output is that of the files.
const BATCH: usize = 256;

/// Records and articles whose turn to be printed has not come.
#[derive(Default)]
struct Held {
    records: Vec<Result<RawArticle, Rejection>>,
    articles: Vec<Result<Extracted, Rejection>>,
    /// Of the articles.
    bytes: usize,
    /// Lines known to be furniture because many articles repeat them.
    furniture: HashSet<u64>,
}

impl Held {
    fn take(&mut self, record: Result<RawArticle, Rejection>, pool: &rayon::ThreadPool) {
        self.records.push(record);
        if self.records.len() >= BATCH {
            self.extract(pool);
        }
    }

    fn extract(&mut self, pool: &rayon::ThreadPool) {
        let lexicon = Lexicon::embedded();
        let records = std::mem::take(&mut self.records);
        let batch: Vec<_> = pool.install(|| {
            let each = records.into_par_iter().with_max_len(1);
            each.map(|raw| raw.and_then(|raw| extract::article(&raw, lexicon))).collect()
        });
        let texts = batch.iter().flatten().flat_map(|extracted| &extracted.blocks);
        self.bytes += texts.map(|block| block.text.len()).sum::<usize>();
        self.articles.extend(batch);
    }

    /// All that is held, without the lines that repeat in it or repeated before.
    fn finish(&mut self, pool: &rayon::ThreadPool, explain: bool) -> Vec<Result<Made, Rejection>> {
        self.extract(pool);
        let lexicon = Lexicon::embedded();
        self.bytes = 0;
        let held = std::mem::take(&mut self.articles);
        let articles: Vec<&Article> = held.iter().flatten().map(|extracted| &extracted.article).collect();
        let lines: Vec<Vec<u64>> = articles.iter().map(|article| repeats::values(article)).collect();
        let n_lines = lines.iter().map(Vec::len).sum::<usize>() as u64;
        let found = repeats::repeats(n_lines, |take| {
            lines.iter().enumerate().for_each(|(idx, lines)| take(idx, lines));
            Ok::<_, std::convert::Infallible>(())
        });
        for line in found.unwrap_or_default() {
            let text = repeated::text_of(articles[line.example], line.key);
            if text.is_some_and(|text| repeated::is_furniture(&text, line.articles, line.of, lexicon)) {
                self.furniture.insert(line.key);
            }
        }
        let furniture = &self.furniture;
        pool.install(|| {
            let each = held.into_par_iter().map(|extracted| {
                let mut extracted = extracted?;
                repeated::settle_traced(&mut extracted, |key| furniture.contains(&key));
                Ok(with_quotes(extracted, explain))
            });
            each.collect()
        })
    }
}

fn with_quotes(extracted: Extracted, explain: bool) -> Made {
    let lexicon = Lexicon::embedded();
    let quotes = match explain {
        true => quotes::find_explained(&extracted.article, lexicon),
        false => quotes::find(&extracted.article, lexicon),
    };
    Made { extracted, quotes }
}

fn write_table(
    out: &mut dyn Write,
    extracted: Extracted,
    quotes: Vec<Quote>,
    explain: bool,
    style: &Style,
) -> anyhow::Result<()> {
    let Extracted { article: made, notices, blocks } = extracted;
    let stored = StoredArticle { article: made, quotes, also_at: Vec::new() };
    article::write(out, &stored, !explain, style)?;
    if explain {
        super::show::explain(out, &stored, style)?;
        writeln!(out, "\n{}", style.bold("Blocks of the page"))?;
        for (idx, block) in blocks.iter().enumerate() {
            let word = match (block.is_kept, block.is_field) {
                (true, _) => "kept",
                (false, true) => "field",
                (false, false) => "cut",
            };
            let text = crate::output::style::fit(&block.text, 68).into_owned();
            writeln!(out, "{:>3} {word:<5} {:<18} {}", idx + 1, sanitize(&block.why), style.dim(&text))?;
        }
        writeln!(out, "\n{}", cut_by_rule(&blocks))?;
    }
    for notice in &notices {
        writeln!(out, "note: {}", sanitize(&notice.message))?;
    }
    writeln!(out)?;
    Ok(())
}

/// "12 kept, 9 cut: share-bar 4, timestamp 3, caption 2".
fn cut_by_rule(blocks: &[BlockTrace]) -> String {
    let mut rules: BTreeMap<&str, usize> = BTreeMap::new();
    for block in blocks.iter().filter(|block| !block.is_kept && !block.is_field) {
        *rules.entry(block.why.as_str()).or_default() += 1;
    }
    let n_cut: usize = rules.values().sum();
    let mut rules: Vec<(&str, usize)> = rules.into_iter().collect();
    rules.sort_by_key(|(_, times)| std::cmp::Reverse(*times));
    let told: Vec<String> = rules.iter().map(|(rule, times)| format!("{} {times}", sanitize(rule))).collect();
    let n_kept = blocks.iter().filter(|block| block.is_kept).count();
    let colon = if told.is_empty() { "" } else { ": " };
    format!("{n_kept} kept, {n_cut} cut{colon}{}", told.join(", "))
}

/// The first articles of a folder as the indexer reads them, for somebody who is about to index it; returns how many files
/// there are.
///
/// # Errors
/// Those of the writer.
pub fn first_look(folder: &Path, options: &ReadOptions, out: &mut dyn Write) -> anyhow::Result<usize> {
    const SHOWN: usize = 3;
    let discovery = corpus::discover(&[folder.to_owned()], &DiscoverOptions::default())
        .map_err(|error| Failure::usage(error.to_string()))?;
    let mut endings: BTreeMap<String, u64> = BTreeMap::new();
    for file in &discovery.files {
        let ending = file.path.extension().map(|ending| format!(".{}", ending.to_string_lossy()));
        *endings.entry(ending.unwrap_or_else(|| "without ending".to_owned())).or_default() += 1;
    }
    let mut endings: Vec<(String, u64)> = endings.into_iter().collect();
    endings.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let kinds: Vec<String> =
        endings.iter().take(5).map(|(ending, n)| format!("{} {ending}", grouped(*n))).collect();
    writeln!(
        out,
        "{} found: {}. The first articles as they are read:\n",
        counted(discovery.files.len() as u64, "file"),
        sanitize(&kinds.join(", "))
    )?;
    let mut shown = 0;
    for file in &discovery.files {
        let Ok(records) = corpus::read(file, options) else { continue };
        for raw in records.flatten().take(SHOWN - shown) {
            let Ok(extracted) = extract::article(&raw, Lexicon::embedded()) else { continue };
            let made = with_quotes(extracted, false);
            let found = &made.extracted.article;
            let day = found.date.map_or_else(|| "undated".to_owned(), |day| day.to_string());
            let outlet = found.outlet.as_deref().unwrap_or("no outlet");
            writeln!(out, "  {}", sanitize(found.headline.as_deref().unwrap_or("(no headline)")))?;
            writeln!(out, "  {day}  {}  {}", sanitize(outlet), sanitize(&found.authors.join(", ")))?;
            if let Some(quote) = made.quotes.iter().find(|quote| quote.speaker.is_some()) {
                let text = quote.text(&found.body);
                let text = crate::output::style::fit(&text, 60).into_owned();
                writeln!(out, "  \"{text}\" - {}", sanitize(quote.speaker.as_deref().unwrap_or("")))?;
            }
            writeln!(out)?;
            shown += 1;
        }
        if shown >= SHOWN {
            break;
        }
    }
    Ok(discovery.files.len())
}
