//! `count`: totals, tallies by one or two fields, and many labelled queries to one table.

use std::io::{BufWriter, IsTerminal, Write};
use std::path::Path;

use super::args::{CountArgs, QueryArgs};
use super::exit::{FOUND, Failure, USAGE};
use super::request::{self, Asked};
use super::saved::SavedSearches;
use super::shape::Shape;
use super::{Context, batch, groups, locate, remarks, spans};
use crate::engine::SearchBackend;
use crate::model::Query;
use crate::model::search::{CountRequest, CountResponse, DocKind, FacetField, SearchRequest};
use crate::output::count;
use crate::output::record::Record;

const FIELDS: &[&str] = &["type", "query", "field", "value", "field2", "value2", "count", "total", "share"];

/// Runs `count`. The exit code is 0 whatever the count.
///
/// # Errors
/// A query that cannot be read, no index, a failure of the engine.
pub fn run(context: &Context, args: &CountArgs) -> anyhow::Result<u8> {
    if args.by.len() > 2 {
        return Err(Failure::usage("--by takes one or two fields").into());
    }
    if args.groups && !by_outlet(args) {
        return Err(Failure::usage("--groups joins outlets: it goes with --by outlet").into());
    }
    if args.groups && context.settings.file.groups.is_empty() {
        let failure = Failure::usage("the settings name no groups of outlets");
        return Err(failure.help("add a table [groups]: onrecord help config").into());
    }
    let shape = Shape::new(&args.output, std::io::stdout().is_terminal(), FIELDS)?;
    let kind = if args.quotes { DocKind::Quote } else { DocKind::Article };
    let by: Vec<FacetField> = args.by.iter().map(|field| (*field).into()).collect();
    if let Some(file) = &args.batch {
        return labelled(context, args, &shape, kind, &by, file);
    }
    let saved = args.query.saved.as_ref().map(|_| SavedSearches::load(&context.settings)).transpose()?;
    let (_, asked) = request::read_saved(&context.settings.file.groups, &args.query, saved.as_ref())?;
    let index = locate::open(context)?;
    let response = tally(context, &*index, kind, &by, args, &asked)?;
    if args.explain {
        context.note(&format!("read as: {}", request::reading(&asked)));
    }
    for note in &asked.notes {
        context.note(note);
    }
    let out = &mut BufWriter::new(std::io::stdout().lock());
    if shape.is_table() {
        count::table(out, kind, &by, &response, args.share, &context.style())?;
    } else {
        shape.records(out, &count::records(None, &by, &response), columns(&by, false))?;
    }
    out.flush()?;
    remarks::dead(context, &response.dead_words, &response.dead_values);
    Ok(FOUND)
}

fn by_outlet(args: &CountArgs) -> bool {
    args.by.iter().any(|field| FacetField::from(*field) == FacetField::Outlet)
}

fn tally(
    context: &Context,
    index: &dyn SearchBackend,
    kind: DocKind,
    by: &[FacetField],
    args: &CountArgs,
    asked: &Asked,
) -> anyhow::Result<CountResponse> {
    let mut request = SearchRequest::new(kind, asked.query.clone());
    request.filters = asked.filters.clone();
    let mut response = index.count(&CountRequest { request, by: by.to_vec() })?;
    if let [field] = by
        && count::is_time(*field)
    {
        // What there is in a span without a match is asked of the whole.
        let mut whole = SearchRequest::new(kind, Query::All);
        whole.filters = asked.filters.clone();
        let whole = index.count(&CountRequest { request: whole, by: by.to_vec() })?;
        spans::fill(*field, &mut response.rows, &whole.rows);
    }
    if args.groups {
        groups::joined(&context.settings.file.groups, by, &mut response);
    }
    if args.limit > 0 {
        response.rows.truncate(args.limit);
    }
    Ok(response)
}

fn columns(by: &[FacetField], labelled: bool) -> &'static [&'static str] {
    match (by.len(), labelled) {
        (0, false) => &["count", "total", "share"],
        (1, false) => &["value", "count", "total", "share"],
        (_, false) => &["value", "value2", "count", "total", "share"],
        (0, true) => &["query", "count", "total", "share"],
        (1, true) => &["query", "value", "count", "total", "share"],
        (_, true) => &["query", "value", "value2", "count", "total", "share"],
    }
}

/// One table for many queries: a line is `label<TAB>query`, or a query that is its own label.
fn labelled(
    context: &Context,
    args: &CountArgs,
    shape: &Shape,
    kind: DocKind,
    by: &[FacetField],
    file: &Path,
) -> anyhow::Result<u8> {
    let index = locate::open(context)?;
    let mut records: Vec<Record> = Vec::new();
    let mut wrong = false;
    for line in batch::queries(file)? {
        let line = line?;
        let query = QueryArgs { query: vec![line.query.clone()], ..args.query.clone() };
        let asked = match request::read(&context.settings.file.groups, &query) {
            Ok(asked) => asked,
            Err(error) => {
                batch::unreadable(context, file, &line, error)?;
                wrong = true;
                continue;
            }
        };
        let response = tally(context, &*index, kind, by, args, &asked)?;
        let label = line.label.as_ref().unwrap_or(&line.query);
        records.extend(count::records(Some(label), by, &response));
    }
    let out = &mut BufWriter::new(std::io::stdout().lock());
    if shape.is_table() {
        let plain = Shape { format: crate::output::Format::Tsv, ..shape.clone() };
        plain.records(out, &records, columns(by, true))?;
    } else {
        shape.records(out, &records, columns(by, true))?;
    }
    out.flush()?;
    Ok(if wrong { USAGE } else { FOUND })
}
