//! `search --batch` and `quotes --batch`: many queries over one open index, one JSON object each, in input order.

use std::io::{BufRead, BufReader, BufWriter, Read, Write};
use std::path::Path;

use anyhow::Context as _;
use serde_json::{Map, Value, json};

use super::args::SearchArgs;
use super::exit::{self, FOUND, Failure, NOTHING, USAGE};
use super::{Context, find, locate, question, request, terminal};
use crate::engine::SearchBackend;
use crate::model::search::{DocKind, FacetCounts, SearchResponse};
use crate::output::{json, record};

/// Lines of `file`, or of standard input for `-`.
///
/// # Errors
/// A file that cannot be opened.
fn lines(file: &Path) -> anyhow::Result<Box<dyn BufRead>> {
    let source: Box<dyn Read> = if file == Path::new("-") {
        Box::new(std::io::stdin())
    } else {
        Box::new(std::fs::File::open(file).with_context(|| format!("reading {}", file.display()))?)
    };
    Ok(Box::new(BufReader::new(source)))
}

/// A query of a file of queries.
pub struct Line {
    /// Its line, from 1.
    pub number: usize,
    /// What stands before the tab, if there is one.
    pub label: Option<String>,
    /// The query.
    pub query: String,
}

/// The queries of `file`: `QUERY` or `LABEL<TAB>QUERY` a line; empty lines, and remarks after `# `, are left out.
///
/// # Errors
/// A file that cannot be opened or read.
pub fn queries(file: &Path) -> anyhow::Result<impl Iterator<Item = anyhow::Result<Line>>> {
    let name = file.display().to_string();
    let numbered = lines(file)?.lines().zip(1..);
    Ok(numbered.filter_map(move |(line, number)| match line.with_context(|| format!("reading {name}")) {
        Ok(line) => read(&line, number).map(Ok),
        Err(error) => Some(Err(error)),
    }))
}

fn read(line: &str, number: usize) -> Option<Line> {
    let line = if number == 1 { line.trim_start_matches('\u{feff}') } else { line };
    // `#metoo` is a query.
    let is_remark =
        line.strip_prefix('#').is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '#']));
    if line.trim().is_empty() || is_remark {
        return None;
    }
    let (label, query) = match line.split_once('\t') {
        Some((label, query)) => (Some(label.to_owned()), query),
        None => (None, line),
    };
    Some(Line { number, label, query: query.to_owned() })
}

/// Tells of a line that cannot be read, so that the others can be answered.
///
/// # Errors
/// The error itself, when it is not the query's.
pub fn unreadable(
    context: &Context,
    file: &Path,
    line: &Line,
    error: anyhow::Error,
) -> anyhow::Result<String> {
    let failure = error.downcast::<Failure>()?;
    let place = format!("{}:{}: {}", file.display(), line.number, failure.message);
    let message = failure.message.clone();
    let style = terminal::stderr_style(context.global.color);
    exit::report(&Failure { message: place, ..failure }.into(), &style);
    Ok(message)
}

/// Answers each line of `file`. A query that cannot be read gives an object with `error` and no hits; the exit code says so
/// at the end.
///
/// # Errors
/// The file cannot be read, no index, a failure of the engine.
pub fn search(context: &Context, args: &SearchArgs, kind: DocKind, file: &Path) -> anyhow::Result<u8> {
    let lines = queries(file)?;
    let index = locate::open(context)?;
    let out = &mut BufWriter::new(std::io::stdout().lock());
    let (mut found, mut wrong) = (false, false);
    for line in lines {
        let line = line?;
        let object = match answer(context, args, kind, &*index, &line.query) {
            Ok(response) => {
                found |= !response.hits.is_empty();
                answered(&line, &response)
            }
            Err(error) => {
                let message = unreadable(context, file, &line, error)?;
                wrong = true;
                let mut object = asked(&line);
                object.insert("error".into(), json!(message));
                object.insert("total".into(), json!(0));
                object.insert("hits".into(), json!([]));
                object
            }
        };
        json::line(out, &object)?;
        // Following a changed index between queries costs a look at one small file.
        index.refresh()?;
    }
    out.flush()?;
    Ok(match (wrong, found) {
        (true, _) => USAGE,
        (false, true) => FOUND,
        (false, false) => NOTHING,
    })
}

fn answer(
    context: &Context,
    args: &SearchArgs,
    kind: DocKind,
    index: &dyn SearchBackend,
    line: &str,
) -> anyhow::Result<SearchResponse> {
    let mut query = args.query.clone();
    query.query = vec![line.to_owned()];
    let mut asked = request::read(&context.settings.file.groups, &query)?;
    if kind == DocKind::Quote {
        question::read(&mut asked, &query);
    }
    let wanted = find::page(context, args, kind, &asked)?;
    Ok(index.search(&wanted)?)
}

fn asked(line: &Line) -> Map<String, Value> {
    let mut object = Map::new();
    if let Some(label) = &line.label {
        object.insert("label".into(), json!(label));
    }
    object.insert("query".into(), json!(line.query));
    object
}

fn answered(line: &Line, response: &SearchResponse) -> Map<String, Value> {
    let mut object = asked(line);
    object.insert("total".into(), json!(response.total));
    object.insert("took_us".into(), json!(u64::try_from(response.took.as_micros()).unwrap_or(u64::MAX)));
    let hits: Vec<Value> = response.hits.iter().map(|hit| record::hit(hit).into()).collect();
    object.insert("hits".into(), hits.into());
    object.insert("facets".into(), facets_object(&response.facets).into());
    object
}

/// `{"outlet":[{"value","count"}],...}`
pub fn facets_object(facets: &[FacetCounts]) -> Map<String, Value> {
    let values = |facet: &FacetCounts| -> Value {
        facet.values.iter().map(|value| json!({ "value": value.value, "count": value.count })).collect()
    };
    facets.iter().map(|facet| (facet.field.name().to_owned(), values(facet))).collect()
}
