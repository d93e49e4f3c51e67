//! The same search line by line: no screen drawing, no boxes, nothing is printed twice. For screen readers and simple
//! terminals.

use std::io::{BufRead, Write};
use std::path::Path;
use std::sync::Arc;

use jiff::civil::Date;

use super::clipboard;
use super::results::id_of;
use super::run::Exporter;
use super::spec::Spec;
use crate::engine::SearchBackend;
use crate::model::QuoteKind;
use crate::model::search::{DocKind, FacetField, Hit, SearchResponse};
use crate::output::cite::{self, Cited};
use crate::output::record::shown_date;
use crate::output::{counted, grouped};
use crate::query::{self, Groups};
use crate::text::sanitize;

/// Hits read out at once.
const PAGE: usize = 5;

const HELP: &str = "\
Type words to search. Commands:
read 2: read hit 2. quotes 2: its quotes. copy 2: copy its citation.
more: the next hits. facets: outlets and speakers with counts.
outlet NAME, speaker NAME, author NAME: only these. without outlet NAME: not these.
since DATE, until DATE. clear: no filters. articles, quotes: what is searched.
export FILE: write all hits to FILE.csv or FILE.jsonl. command: the equal command line.
help, quit.
";

/// What the mode needs.
pub struct Session {
    /// The index.
    pub backend: Arc<dyn SearchBackend>,
    /// What is asked.
    pub spec: Spec,
    /// The day it is.
    pub today: Date,
    /// Groups of outlets that queries may name.
    pub groups: Groups,
    /// Writes files of hits.
    pub exporter: Exporter,
    /// Where copied text goes when there is no clipboard.
    pub state_folder: std::path::PathBuf,
}

/// Runs until `quit` or the end of input.
///
/// # Errors
/// Those of the streams.
pub fn run(session: &mut Session, input: &mut dyn BufRead, out: &mut dyn Write) -> std::io::Result<Spec> {
    let info = session.backend.info().unwrap_or_default();
    writeln!(
        out,
        "onrecord, {} and {}. Type help for the commands.",
        counted(info.articles, "article"),
        counted(info.quotes, "quote")
    )?;
    let mut shown: Vec<Hit> = Vec::new();
    if !session.spec.query.is_empty() {
        shown = search(session, out, 0)?;
    }
    loop {
        write!(out, "search> ")?;
        out.flush()?;
        let mut line = String::new();
        if input.read_line(&mut line)? == 0 {
            writeln!(out)?;
            return Ok(session.spec.clone());
        }
        let line = line.trim();
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        let rest = rest.trim();
        match (word, rest) {
            ("", _) => {}
            ("quit" | "exit" | "q", "") => return Ok(session.spec.clone()),
            ("help" | "?", "") => write!(out, "{HELP}")?,
            ("more", "") => {
                let from = shown.last().map_or(0, |hit| hit.rank);
                shown = search(session, out, from)?;
            }
            ("read" | "quotes" | "copy", number) if number.parse::<usize>().is_ok() => {
                let rank = number.parse::<usize>().unwrap_or(0);
                match shown.iter().find(|hit| hit.rank == rank) {
                    Some(hit) => with_hit(session, word, hit, out)?,
                    None => writeln!(out, "There is no hit {rank} among those read out.")?,
                }
            }
            ("articles", "") => shown = switch(session, DocKind::Article, out)?,
            ("quotes", "") => shown = switch(session, DocKind::Quote, out)?,
            ("facets", "") => facets(session, out)?,
            ("outlet" | "speaker" | "author", value) if !value.is_empty() => {
                if choose(session, field(word), value, false, out)? {
                    shown = search(session, out, 0)?;
                }
            }
            ("without", rest) if rest.split_once(' ').is_some() => {
                let (name, value) = rest.split_once(' ').unwrap_or((rest, ""));
                if choose(session, field(name), value.trim(), true, out)? {
                    shown = search(session, out, 0)?;
                }
            }
            ("since" | "until", text) if !text.is_empty() => {
                match query::dates::parse_range(text, session.today) {
                    Ok(range) => {
                        match word {
                            "since" => session.spec.dates.since = range.since,
                            _ => session.spec.dates.until = range.until,
                        }
                        shown = search(session, out, 0)?;
                    }
                    Err(error) => writeln!(out, "{error}")?,
                }
            }
            ("clear", "") => {
                session.spec.pills.clear();
                session.spec.dates = Default::default();
                shown = search(session, out, 0)?;
            }
            ("command", "") => writeln!(out, "{}", sanitize(&session.spec.command_line()))?,
            ("export", file) if !file.is_empty() => export(session, Path::new(file), out)?,
            _ => {
                session.spec.query = line.to_owned();
                shown = search(session, out, 0)?;
            }
        }
    }
}

/// Chooses a value, or each outlet of a group. Whether there is something new to ask.
fn choose(
    session: &mut Session,
    field: FacetField,
    value: &str,
    exclude: bool,
    out: &mut dyn Write,
) -> std::io::Result<bool> {
    let group = value.strip_prefix(query::groups::SIGN).filter(|_| field == FacetField::Outlet);
    let values = match group.map(|name| query::groups::outlets_of(&session.groups, name)) {
        None => vec![value.to_owned()],
        Some(Ok(outlets)) => outlets.to_vec(),
        Some(Err(error)) => {
            let help = error.help.as_deref().map_or_else(String::new, |help| format!("; {help}"));
            writeln!(out, "{}", sanitize(&format!("{error}{help}")))?;
            return Ok(false);
        }
    };
    for value in &values {
        session.spec.choose(field, value, exclude);
    }
    Ok(true)
}

fn field(word: &str) -> FacetField {
    match word {
        "speaker" => FacetField::Speaker,
        "author" => FacetField::Author,
        _ => FacetField::Outlet,
    }
}

fn switch(session: &mut Session, unit: DocKind, out: &mut dyn Write) -> std::io::Result<Vec<Hit>> {
    session.spec.unit = unit;
    search(session, out, 0)
}

fn answer(session: &Session, limit: usize, offset: usize, facets: bool) -> Result<SearchResponse, String> {
    let query = session.spec.reading(session.today, &session.groups).map_err(|errors| {
        let help = errors.0.iter().find_map(|error| error.help.as_deref());
        help.map_or_else(|| errors.message(), |help| format!("{}; {help}", errors.message()))
    })?;
    let mut request = session.spec.request(query, limit, offset);
    if facets {
        request.facets = vec![FacetField::Outlet, FacetField::Speaker];
    }
    session.backend.search(&request).map_err(|error| error.to_string())
}

fn search(session: &Session, out: &mut dyn Write, offset: usize) -> std::io::Result<Vec<Hit>> {
    let response = match answer(session, PAGE, offset, false) {
        Ok(response) => response,
        Err(message) => {
            writeln!(out, "{}", sanitize(&message))?;
            return Ok(Vec::new());
        }
    };
    let noun = if session.spec.unit == DocKind::Quote { "quote" } else { "article" };
    writeln!(out, "{}.", counted(response.total, noun))?;
    for dead in response.dead_words.iter().chain(&response.dead_values) {
        let nearest = match dead.nearest.as_slice() {
            [] => String::new(),
            nearest => format!(" Nearest: {}.", nearest.join(", ")),
        };
        writeln!(out, "{}", sanitize(&format!("Nothing has {}.{nearest}", dead.word)))?;
    }
    for hit in &response.hits {
        let outlet = hit.article.outlet.as_deref().unwrap_or("no outlet");
        let title = hit.article.headline.as_deref().unwrap_or("no headline");
        match &hit.quote {
            Some(quote) => {
                let speaker = quote
                    .speaker
                    .as_deref()
                    .or(quote.speaker_as_written.as_deref())
                    .unwrap_or("no named speaker");
                writeln!(
                    out,
                    "{}. {}: {} {}, {}.",
                    hit.rank,
                    sanitize(speaker),
                    sanitize(&quote.quoted().0),
                    sanitize(outlet),
                    shown_date(&hit.article)
                )?;
            }
            None => {
                writeln!(
                    out,
                    "{}. {}. {}, {}, {}.",
                    hit.rank,
                    sanitize(title),
                    sanitize(outlet),
                    shown_date(&hit.article),
                    counted(u64::from(hit.article.n_quotes), "quote")
                )?;
                if let Some(snippet) = hit.snippets.first().filter(|snippet| snippet.text != title) {
                    writeln!(out, "   {}", sanitize(&snippet.text))?;
                }
            }
        }
    }
    let last = response.hits.last().map_or(0, |hit| hit.rank);
    if (last as u64) < response.total && last > 0 {
        writeln!(out, "{} more. Type more to hear them.", grouped(response.total - last as u64))?;
    }
    Ok(response.hits)
}

fn facets(session: &Session, out: &mut dyn Write) -> std::io::Result<()> {
    match answer(session, 0, 0, true) {
        Ok(response) => {
            for facet in &response.facets {
                let values: Vec<String> = facet
                    .values
                    .iter()
                    .map(|value| {
                        format!(
                            "{} {}",
                            crate::output::table::value_name(facet.field, value.value.as_deref()),
                            value.count
                        )
                    })
                    .collect();
                writeln!(out, "{}: {}.", facet.field.name(), values.join(", "))?;
            }
            Ok(())
        }
        Err(message) => writeln!(out, "{}", sanitize(&message)),
    }
}

fn with_hit(session: &Session, word: &str, hit: &Hit, out: &mut dyn Write) -> std::io::Result<()> {
    if word == "copy" {
        let text = cite::plain(Cited::from(hit));
        return match clipboard::copy(&text, &session.state_folder, &mut std::io::stdout()) {
            Ok(place) => writeln!(out, "Copied the citation, {} characters, {place}.", text.chars().count()),
            Err(error) => writeln!(out, "Nothing copied: {error}"),
        };
    }
    let stored = match session.backend.article(id_of(hit)) {
        Ok(Some(stored)) => stored,
        Ok(None) => return writeln!(out, "This article is no longer in the index."),
        Err(error) => return writeln!(out, "{error}"),
    };
    let article = &stored.article;
    if word == "read" {
        writeln!(out, "{}", sanitize(article.headline.as_deref().unwrap_or("no headline")))?;
        for paragraph in &article.paragraphs {
            writeln!(out, "{}", sanitize(paragraph.of(&article.body)))?;
        }
        return writeln!(out, "End of the article.");
    }
    for quote in stored.quotes.iter().filter(|quote| quote.kind != QuoteKind::Indirect) {
        let speaker =
            quote.speaker.as_deref().or(quote.speaker_as_written.as_deref()).unwrap_or("no named speaker");
        writeln!(out, "{}: {}", sanitize(speaker), sanitize(&quote.quoted(&article.body)))?;
    }
    Ok(())
}

fn export(session: &Session, path: &Path, out: &mut dyn Write) -> std::io::Result<()> {
    let written =
        session.spec.reading(session.today, &session.groups).map_err(|errors| errors.message()).and_then(
            |query| (session.exporter)(&session.spec.request(query, usize::MAX, 0), &[], path, &false.into()),
        );
    match written {
        Ok(text) => writeln!(out, "{}", sanitize(&text)),
        Err(error) => writeln!(out, "Nothing written: {}", sanitize(&error)),
    }
}
