//! `search --batch` and `quotes --batch`: many queries over one open index, one JSON object each, in input order.

use std::io::{BufRead, BufReader, BufWriter, Read, Write};
use std::path::Path;

use anyhow::Context as _;
use serde_json::{Map, Value, json};

use super::args::SearchArgs;
use super::exit::{FOUND, NOTHING};
use super::{Context, find, locate, question, request};
use crate::engine::SearchBackend;
use crate::model::search::{DocKind, FacetCounts, SearchResponse};
use crate::output::{json, record};

/// Lines of `file`, or of standard input for `-`.
///
/// # Errors
/// A file that cannot be opened.
pub fn lines(file: &Path) -> anyhow::Result<Box<dyn BufRead>> {
    let source: Box<dyn Read> = if file == Path::new("-") {
        Box::new(std::io::stdin())
    } else {
        Box::new(std::fs::File::open(file).with_context(|| format!("reading {}", file.display()))?)
    };
    Ok(Box::new(BufReader::new(source)))
}

/// Answers each line of `file`. A query that cannot be read gives an object with `error` and no hits.
///
/// # Errors
/// The file cannot be read, no index, a failure of the engine.
pub fn search(context: &Context, args: &SearchArgs, kind: DocKind, file: &Path) -> anyhow::Result<u8> {
    let lines = lines(file)?;
    let index = locate::open(context)?;
    let out = &mut BufWriter::new(std::io::stdout().lock());
    let mut found = false;
    for line in lines.lines() {
        let line = line.with_context(|| format!("reading {}", file.display()))?;
        if line.trim().is_empty() {
            continue;
        }
        let object = match answer(context, args, kind, &*index, &line) {
            Ok(response) => {
                found |= !response.hits.is_empty();
                answered(&line, &response)
            }
            Err(error) if error.downcast_ref::<super::exit::Failure>().is_some() => {
                let mut object = Map::new();
                object.insert("query".into(), json!(line));
                object.insert("error".into(), json!(error.to_string()));
                object.insert("total".into(), json!(0));
                object.insert("hits".into(), json!([]));
                object
            }
            Err(error) => return Err(error),
        };
        json::line(out, &object)?;
        // Following a changed index between queries costs a look at one small file.
        index.refresh()?;
    }
    out.flush()?;
    Ok(if found { FOUND } else { NOTHING })
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

fn answered(query: &str, response: &SearchResponse) -> Map<String, Value> {
    let mut object = Map::new();
    object.insert("query".into(), json!(query));
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
