//! `extract`: what the indexer makes of files, without an index. The window on cleaning and attribution.

use std::io::{BufWriter, IsTerminal, Write};
use std::path::Path;

use rayon::iter::{ParallelBridge, ParallelIterator};

use super::args::{ExtractArgs, FormatArg};
use super::exit::{FAILURE, FOUND, Failure, NOTHING, SKIPPED};
use super::{Context, index};
use crate::corpus::{self, DiscoverOptions, ReadOptions, Records};
use crate::extract::{self, Extracted};
use crate::lexicon::Lexicon;
use crate::model::search::StoredArticle;
use crate::model::{Quote, Rejection};
use crate::output::record;
use crate::output::{Style, article, counted, json};
use crate::quotes;
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
    for path in &args.paths {
        if path.as_os_str() == "-" {
            let records = corpus::read_stdin(std::io::stdin(), &options);
            made_of(&pool, records, args.explain, &mut |made| write(out, made))?;
            continue;
        }
        let discovery = corpus::discover(std::slice::from_ref(path), &DiscoverOptions::default())
            .map_err(|error| Failure::usage(error.to_string()))?;
        for rejection in discovery.rejections {
            write(out, Err(rejection))?;
        }
        for file in &discovery.files {
            made_of(&pool, corpus::read(file, &options), args.explain, &mut |made| write(out, made))?;
        }
    }
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

/// Records handed to the threads at once; the order of output is that of the file.
const BATCH: usize = 256;

/// Extracts the records of one file in parallel and hands them on in order.
fn made_of(
    pool: &rayon::ThreadPool,
    records: Result<Records, Rejection>,
    explain: bool,
    take: &mut dyn FnMut(Result<Made, Rejection>) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let mut records = match records {
        Ok(records) => records,
        Err(rejection) => return take(Err(rejection)),
    };
    loop {
        let batch: Vec<_> = records.by_ref().take(BATCH).collect();
        if batch.is_empty() {
            return Ok(());
        }
        let mut made: Vec<(usize, Result<Made, Rejection>)> = pool.install(|| {
            let each = batch.into_iter().enumerate().par_bridge();
            each.map(|(idx, raw)| (idx, raw.and_then(|raw| make(&raw, explain)))).collect()
        });
        made.sort_by_key(|(idx, _)| *idx);
        for (_, made) in made {
            take(made)?;
        }
    }
}

fn make(raw: &crate::model::RawArticle, explain: bool) -> Result<Made, Rejection> {
    let lexicon = Lexicon::embedded();
    let extracted = extract::article(raw, lexicon)?;
    let quotes = match explain {
        true => quotes::find_explained(&extracted.article, lexicon),
        false => quotes::find(&extracted.article, lexicon),
    };
    Ok(Made { extracted, quotes })
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
        for block in &blocks {
            let word = if block.is_kept { "kept" } else { "cut" };
            let text = crate::output::style::fit(&block.text, 72).into_owned();
            writeln!(out, "{word:<5} {:<18} {}", sanitize(&block.why), style.dim(&text))?;
        }
    }
    for notice in &notices {
        writeln!(out, "note: {}", sanitize(&notice.message))?;
    }
    writeln!(out)?;
    Ok(())
}

/// The first articles of a folder as the indexer reads them, for somebody who is about to index it.
///
/// # Errors
/// Those of the writer.
pub fn first_look(folder: &Path, out: &mut dyn Write) -> anyhow::Result<()> {
    const SHOWN: usize = 3;
    let discovery = corpus::discover(&[folder.to_owned()], &DiscoverOptions::default())
        .map_err(|error| Failure::usage(error.to_string()))?;
    writeln!(
        out,
        "{} found. The first articles as they are read:\n",
        counted(discovery.files.len() as u64, "file")
    )?;
    let mut shown = 0;
    for file in &discovery.files {
        let Ok(records) = corpus::read(file, &ReadOptions::default()) else { continue };
        for raw in records.flatten().take(SHOWN - shown) {
            let Ok(made) = make(&raw, false) else { continue };
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
    Ok(())
}
