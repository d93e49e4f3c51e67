//! `search` and `quotes`: one query, one page of hits.

use std::collections::BTreeSet;
use std::io::{BufWriter, IsTerminal, Write};

use super::args::SearchArgs;
use super::exit::{FOUND, Failure, NOTHING};
use super::request::{self, Asked};
use super::saved::{self, SavedSearch, SavedSearches};
use super::shape::{Shape, known_fields};
use super::{Context, batch, locate, question, remarks};
use crate::engine::SearchBackend;
use crate::model::QuoteKind;
use crate::model::search::{Copies, DocKind, Hit, MatchMode, SearchRequest, SearchResponse};
use crate::output::kwic::{self, Place};
use crate::output::{Format, counted, json, variants};

/// Hits on a page unless `-n` says otherwise.
const PAGE: usize = 20;

/// Runs `search` or `quotes`.
///
/// # Errors
/// A query that cannot be read, no index, a failure of the engine.
pub fn run(context: &Context, args: &SearchArgs, kind: DocKind) -> anyhow::Result<u8> {
    let terminal = std::io::stdout().is_terminal();
    let known = if args.kwic { kwic::FIELDS } else { known_fields(kind) };
    let shape = Shape::new(&args.output, terminal, known)?;
    if let Some(file) = &args.batch {
        return batch::search(context, args, kind, file);
    }
    let mut saved = args.query.saved.as_ref().map(|_| SavedSearches::load(&context.settings)).transpose()?;
    let says_what = request::says_what(&args.query, saved.as_ref());
    let (query_args, mut asked) =
        request::read_saved(&context.settings.file.groups, &args.query, saved.as_ref())?;
    if kind == DocKind::Quote {
        question::read(&mut asked, &query_args);
    }
    let mut wanted = page(context, args, kind, &asked)?;
    // A page for reading says who else carried the words; other formats say it when asked.
    wanted.families |= shape.is_table() && !args.kwic;
    if args.kwic {
        if !shape.has_rows() {
            let message = format!("-f {} lists hits, --kwic lists places", shape.format.name());
            return Err(Failure::usage(message)
                .help("formats of places: table, lines, tsv, csv, json, jsonl, md")
                .into());
        }
        // A hit with most of the words is never counted, nor are its places.
        wanted.match_mode = MatchMode::All;
    }
    if args.new {
        // What was seen before must not push new hits off the page.
        wanted.limit = usize::MAX;
        wanted.offset = 0;
        wanted.match_mode = MatchMode::All;
        wanted.copies = Copies::Show;
    }
    let index = locate::open(context)?;
    let mut response = index.search(&wanted)?;
    explain_reading(context, args, &asked);
    if let (Some(name), Some(saved)) = (&args.query.saved, saved.as_mut()) {
        let place =
            format!("{} {}", index.info()?.path, if kind == DocKind::Quote { "quotes" } else { "articles" });
        let mut search = saved.search(name).cloned().unwrap_or_default();
        if says_what {
            search.asks(SavedSearch {
                query: query_args.query.join(" "),
                flags: request::flags(&query_args),
                quotes: kind == DocKind::Quote,
                ..SavedSearch::default()
            });
        }
        if args.new {
            let later = only_new(&mut search, &place, args.limit, &mut response);
            if later > 0 {
                let more = counted(later, "more new hit");
                context
                    .note(&format!("{more}: the same command lists what comes next, without -n all of it"));
            }
        } else if says_what {
            // What is there when a search is saved is not new afterwards.
            let seen = search.seen.entry(place).or_default();
            seen.extend(every_match(&*index, &wanted)?.hits.iter().map(id));
        }
        if says_what || args.new {
            saved.put(name, search)?;
        }
    }
    let out = &mut BufWriter::new(std::io::stdout().lock());
    let mut shows_something = true;
    if args.kwic {
        let places = places(&*index, &wanted, &response)?;
        shows_something = !places.is_empty() || response.hits.is_empty();
        if !shows_something {
            context.note("what was asked stands in no text of these hits (fields, dates); without --kwic they are listed");
        }
        if shape.is_table() {
            kwic::write(out, kind, &places, response.hits.len() as u64, &context.style())?;
        } else {
            let records: Vec<_> = places.iter().map(kwic::record).collect();
            shape.records(out, &records, kwic::COLUMNS)?;
        }
    } else if args.variants && kind == DocKind::Quote && shape.is_table() {
        variants::write(out, &response, &context.style())?;
    } else {
        shape.hits(out, kind, &response, &context.style())?;
    }
    if !wanted.facets.is_empty() && !shape.is_table() {
        facets(out, &shape, &response)?;
    }
    out.flush()?;
    saved::remember(&context.settings, &request::command_line(kind, &query_args));
    remarks::print(context, &*index, &wanted, &response)?;
    let is_empty = response.hits.is_empty() && response.total == 0 || !shows_something;
    Ok(if is_empty { NOTHING } else { FOUND })
}

/// Every place in the hits of `response` that matches, in the order of the hits.
fn places<'a>(
    index: &dyn SearchBackend,
    wanted: &SearchRequest,
    response: &'a SearchResponse,
) -> anyhow::Result<Vec<Place<'a>>> {
    let kinds: &[QuoteKind] = match wanted.filters.kinds.as_slice() {
        [] => &[QuoteKind::Direct, QuoteKind::Mixed],
        kinds => kinds,
    };
    let mut places = Vec::new();
    for hit in &response.hits {
        if hit.quote.is_some() {
            places.extend(kwic::in_quote(hit));
        } else if let Some(stored) = index.article(&hit.article.id)? {
            let found = index.highlights(&hit.article.id, &wanted.query)?;
            places.extend(kwic::in_article(hit, &stored, &found, kinds));
        }
    }
    Ok(places)
}

/// The request of `args` for one query.
///
/// # Errors
/// A setting that is none of the known values.
pub fn page(
    context: &Context,
    args: &SearchArgs,
    kind: DocKind,
    asked: &Asked,
) -> anyhow::Result<SearchRequest> {
    let mut wanted = SearchRequest::new(kind, asked.query.clone());
    wanted.filters = asked.filters.clone();
    wanted.match_mode = asked.match_mode;
    // Whoever asks for every match, or for records by the batch, gets each; a page for reading is not crowded by copies.
    let each = args.all || args.batch.is_some();
    let copies = if each { Copies::Show } else { Copies::Fold };
    wanted.copies = request::copies(context, args.query.copies, copies)?;
    wanted.families = args.variants;
    wanted.sort = request::sort(context, args.sort)?;
    wanted.facets = args.facets.iter().map(|field| (*field).into()).collect();
    wanted.facet_limit = args.facet_limit;
    wanted.limit = args.limit.or(context.settings.file.search.limit).unwrap_or(PAGE);
    wanted.offset = args.offset;
    wanted.snippets = args.context.unwrap_or(1).max(1);
    wanted.explain = args.explain;
    if args.all {
        wanted.limit = usize::MAX;
        wanted.match_mode = MatchMode::All;
    }
    Ok(wanted)
}

fn explain_reading(context: &Context, args: &SearchArgs, asked: &Asked) {
    if args.explain {
        context.note(&format!("read as: {}", request::reading(asked)));
    }
    for note in &asked.notes {
        context.note(note);
    }
}

/// Leaves the hits of a saved search that it did not show before, `limit` at most, and remembers them. How many are left for
/// the next time.
fn only_new(
    search: &mut SavedSearch,
    place: &str,
    limit: Option<usize>,
    response: &mut SearchResponse,
) -> u64 {
    let seen: &mut BTreeSet<String> = search.seen.entry(place.to_owned()).or_default();
    response.hits.retain(|hit| !seen.contains(&id(hit)));
    response.total = response.hits.len() as u64;
    response.hits.truncate(limit.unwrap_or(usize::MAX));
    seen.extend(response.hits.iter().map(id));
    for (idx, hit) in response.hits.iter_mut().enumerate() {
        hit.rank = idx + 1;
    }
    response.total - response.hits.len() as u64
}

/// All that matches, without what is only for reading.
fn every_match(index: &dyn SearchBackend, wanted: &SearchRequest) -> anyhow::Result<SearchResponse> {
    let mut every = SearchRequest::new(wanted.kind, wanted.query.clone());
    every.filters = wanted.filters.clone();
    every.limit = usize::MAX;
    every.match_mode = MatchMode::All;
    every.copies = Copies::Show;
    every.snippets = 0;
    Ok(index.search(&every)?)
}

fn id(hit: &Hit) -> String {
    hit.quote.as_ref().map_or_else(|| hit.article.id.clone(), |quote| quote.id.clone())
}

/// Facets after the hits: an object in JSON lines, tab-separated lines elsewhere.
fn facets(out: &mut dyn Write, shape: &Shape, response: &SearchResponse) -> anyhow::Result<()> {
    match shape.format {
        Format::Jsonl | Format::Json => {
            let mut object = batch::facets_object(&response.facets);
            object.insert("type".into(), "facets".into());
            object.insert("total".into(), response.total.into());
            json::line(out, &object)?;
        }
        Format::Lines => {
            for facet in &response.facets {
                for value in &facet.values {
                    let name = value.value.as_deref().unwrap_or("");
                    writeln!(
                        out,
                        "facet\t{}\t{}\t{}",
                        facet.field.name(),
                        crate::text::sanitize(name),
                        value.count
                    )?;
                }
            }
        }
        _ => {}
    }
    Ok(())
}
