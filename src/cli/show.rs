//! `show`, `open`, `cite`: from an id to the article, its page, its citation.

use std::io::{BufWriter, IsTerminal, Write};

use super::args::{CiteArgs, FormatArg, OpenArgs, ShowArgs};
use super::exit::{FAILURE, FOUND, Failure, NOTHING};
use super::shape::file_of;
use super::{Context, locate, terminal};
use crate::engine::SearchBackend;
use crate::model::search::{QuoteRecord, StoredArticle};
use crate::model::span::CodePoints;
use crate::output::cite::{self, Cited};
use crate::output::record::{self, Record};
use crate::output::style::wrap;
use crate::output::{Style, article, counted, json};
use crate::text::sanitize;

/// The article of an id, and the quote when the id is a quote's. Says so when there is none.
fn find(
    context: &Context,
    index: &dyn SearchBackend,
    id: &str,
) -> anyhow::Result<Option<(StoredArticle, Option<usize>)>> {
    let Some(stored) = index.article(id)? else {
        context.note(&format!("no article `{id}` in this index"));
        return Ok(None);
    };
    let number = id.strip_prefix(&stored.article.id).and_then(|rest| rest.strip_prefix("-q"));
    let Some(number) = number else { return Ok(Some((stored, None))) };
    match number.parse::<usize>().ok().filter(|n| (1..=stored.quotes.len()).contains(n)) {
        Some(number) => Ok(Some((stored, Some(number - 1)))),
        None => {
            let (article, quotes) = (&stored.article.id, counted(stored.quotes.len() as u64, "quote"));
            let ids = match stored.quotes.len() {
                0 => String::new(),
                1 => format!(": {article}-q1"),
                n => format!(": {article}-q1 to {article}-q{n}"),
            };
            context.note(&format!("no quote `{id}`; the article has {quotes}{ids}"));
            Ok(None)
        }
    }
}

/// Runs `show`.
///
/// # Errors
/// No index, a failure of the engine.
pub fn run(context: &Context, args: &ShowArgs) -> anyhow::Result<u8> {
    let index = locate::open(context)?;
    let style = context.style();
    let mut page = Vec::new();
    let mut records: Vec<Record> = Vec::new();
    let mut found_all = true;
    let format = if args.json { Some(FormatArg::Jsonl) } else { args.format };
    for id in &args.ids {
        let Some((stored, _)) = find(context, &*index, id)? else {
            found_all = false;
            continue;
        };
        match format {
            Some(FormatArg::Json | FormatArg::Jsonl) => records.push(record::stored(&stored)),
            Some(FormatArg::Md) => {
                let head = stored.head();
                writeln!(page, "# {}\n", sanitize(head.headline.as_deref().unwrap_or("(no headline)")))?;
                writeln!(page, "{}\n", cite::markdown(Cited { head: &head, quote: None }))?;
                for paragraph in &stored.article.paragraphs {
                    writeln!(page, "{}\n", sanitize(paragraph.of(&stored.article.body)))?;
                }
            }
            _ => {
                article::write(&mut page, &stored, args.furniture, &style)?;
                if args.explain {
                    explain(&mut page, &stored, &style)?;
                }
            }
        }
    }
    let out = &mut BufWriter::new(std::io::stdout().lock());
    match format {
        Some(FormatArg::Json) => json::array(out, &records)?,
        Some(FormatArg::Jsonl) => records.iter().try_for_each(|record| json::line(out, record))?,
        _ => {
            let text = String::from_utf8_lossy(&page);
            terminal::page(&text, context.settings.pager().as_deref(), false)?;
        }
    }
    out.flush()?;
    Ok(if found_all { FOUND } else { NOTHING })
}

/// How each field and each speaker was found.
pub fn explain(out: &mut dyn Write, stored: &StoredArticle, style: &Style) -> std::io::Result<()> {
    writeln!(out, "\n{}", style.bold("How the fields were found"))?;
    for method in &stored.article.methods {
        writeln!(out, "{:<12} {}", method.field, sanitize(&method.method))?;
    }
    writeln!(out, "\n{}", style.bold("How the speakers were found"))?;
    let points = CodePoints::new(&stored.article.body);
    for (idx, quote) in stored.quotes.iter().enumerate() {
        let quote_record = record::quote_record(&stored.article, &points, idx + 1, quote);
        let name = quote.speaker.as_deref().unwrap_or("no named speaker");
        let written =
            quote.speaker_as_written.as_deref().map_or_else(String::new, |mention| format!(" (`{mention}`)"));
        let head = format!(
            "q{:<3} {:<8} {:<8} {}{}  [{}]",
            idx + 1,
            quote.kind.name(),
            quote.grade.name(),
            sanitize(name),
            sanitize(&written),
            quote.rule
        );
        indented(out, "", &head, style)?;
        writeln!(out, "     {}", style.dim(&super::super::output::style::fit(&quote_record.text, 74)))?;
        for line in &quote.trace {
            indented(out, "     ", &sanitize(line), style)?;
        }
    }
    Ok(())
}

/// A line in as many as the terminal needs, what follows the first further in.
fn indented(out: &mut dyn Write, indent: &str, text: &str, style: &Style) -> std::io::Result<()> {
    const FURTHER: &str = "     ";
    let width = match style.width {
        0 => 0,
        width => width.saturating_sub(indent.len() + FURTHER.len()).max(20),
    };
    for (idx, line) in wrap(text, width).into_iter().enumerate() {
        let text = if indent.is_empty() { line.of(text).to_owned() } else { style.dim(line.of(text)) };
        writeln!(out, "{}{indent}{text}", if idx == 0 { "" } else { FURTHER })?;
    }
    Ok(())
}

/// Runs `open`.
///
/// # Errors
/// No such id, nothing to open, a program that cannot be started.
pub fn open(context: &Context, args: &OpenArgs) -> anyhow::Result<u8> {
    let index = locate::open(context)?;
    let Some((stored, quote)) = find(context, &*index, &args.id)? else {
        return Ok(NOTHING);
    };
    let url =
        stored.article.url.as_deref().filter(|url| url.starts_with("http://") || url.starts_with("https://"));
    if let Some(url) = url.filter(|_| !args.file) {
        let target = match quote {
            Some(idx) => {
                let words =
                    stored.quotes[idx].content.first().map_or("", |span| span.of(&stored.article.body));
                cite::text_fragment(url, words, &stored.article.body)
            }
            None => url.to_owned(),
        };
        if args.print {
            writeln!(std::io::stdout(), "{}", sanitize(&target))?;
            return Ok(FOUND);
        }
        let browser = context.settings.program(
            "ONRECORD_BROWSER",
            context.settings.file.programs.browser.as_deref(),
            &["BROWSER"],
        );
        return match browser {
            Some(program) => start(&program, &[&target]),
            None => open::that_detached(&target)
                .map(|()| FOUND)
                .map_err(|error| Failure::new(FAILURE, format!("cannot open {target}: {error}")).into()),
        };
    }
    let file = file_of(&stored.article.source.path).to_owned();
    let line = stored.article.source.record.unwrap_or(1);
    if args.print || !std::io::stdout().is_terminal() {
        writeln!(std::io::stdout(), "{}", sanitize(&stored.article.source.to_string()))?;
        return Ok(FOUND);
    }
    let Some(editor) = context.settings.editor() else {
        let help = "set $EDITOR, or `editor` under [programs] in the configuration file";
        return Err(Failure::new(FAILURE, format!("no editor to open {file} with")).help(help).into());
    };
    let at_line = format!("+{line}");
    start(&editor, &[&at_line, &file])
}

fn start(program: &str, args: &[&str]) -> anyhow::Result<u8> {
    let mut words = program.split_whitespace();
    let Some(name) = words.next() else { return Err(Failure::usage("the program's name is empty").into()) };
    let status = std::process::Command::new(name).args(words).args(args).status();
    match status {
        Ok(status) if status.success() => Ok(FOUND),
        Ok(status) => Err(Failure::new(FAILURE, format!("{name} ended with {status}")).into()),
        Err(error) => Err(Failure::new(FAILURE, format!("cannot start {name}: {error}")).into()),
    }
}

/// Runs `cite`.
///
/// # Errors
/// No index, an unknown style.
pub fn cite(context: &Context, args: &CiteArgs) -> anyhow::Result<u8> {
    let style = match (args.format, context.settings.file.cite.style.as_deref()) {
        (Some(format), _) => format,
        (None, None | Some("plain" | "chicago")) => FormatArg::Table,
        (None, Some("md")) => FormatArg::Md,
        (None, Some("bibtex")) => FormatArg::Bibtex,
        (None, Some("ris")) => FormatArg::Ris,
        (None, Some("csl-json")) => FormatArg::CslJson,
        (None, Some(other)) => {
            return Err(Failure::usage(format!("unknown citation style `{other}` in the configuration"))
                .help("styles: plain, md, bibtex, ris, csl-json")
                .into());
        }
    };
    let index = locate::open(context)?;
    let out = &mut BufWriter::new(std::io::stdout().lock());
    let mut items: Vec<Record> = Vec::new();
    let mut found_all = true;
    for id in &args.ids {
        let Some((stored, quote)) = find(context, &*index, id)? else {
            found_all = false;
            continue;
        };
        let head = stored.head();
        let points = CodePoints::new(&stored.article.body);
        let quote: Option<QuoteRecord> = quote.and_then(|idx| {
            stored.quotes.get(idx).map(|q| record::quote_record(&stored.article, &points, idx + 1, q))
        });
        let cited = Cited { head: &head, quote: quote.as_ref() };
        match style {
            FormatArg::Bibtex => write!(out, "{}", cite::bibtex(cited))?,
            FormatArg::Ris => write!(out, "{}", cite::ris(cited))?,
            FormatArg::CslJson | FormatArg::Json | FormatArg::Jsonl => items.push(cite::csl(cited)),
            FormatArg::Md => writeln!(out, "{}", cite::markdown(cited))?,
            _ => writeln!(out, "{}", cite::plain(cited))?,
        }
    }
    if !items.is_empty() {
        json::array(out, &items)?;
    }
    out.flush()?;
    Ok(if found_all { FOUND } else { NOTHING })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn explanations_break_between_words() {
        let text = "the speaker of the quote before, for nothing between them names anybody else";
        let style = Style { width: 40, ..Style::default() };
        let mut out = Vec::new();
        indented(&mut out, "     ", text, &style).expect("written");
        let lines: Vec<&str> = std::str::from_utf8(&out).expect("text").lines().collect();
        assert!(lines.len() > 1 && lines.iter().all(|line| line.len() <= 40), "{lines:?}");
        let words: Vec<&str> = lines.iter().flat_map(|line| line.split_whitespace()).collect();
        assert_eq!(words, text.split_whitespace().collect::<Vec<_>>());
        out.clear();
        indented(&mut out, "", text, &Style { width: 0, ..style }).expect("written");
        assert_eq!(out, format!("{text}\n").into_bytes());
    }
}
