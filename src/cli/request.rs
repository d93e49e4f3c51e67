//! From query flags to what the engine is asked.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::Context;
use super::args::{CopiesArg, FieldArg, GradeArg, KindArg, MatchArg, QueryArgs, SortArg};
use super::exit::Failure;
use super::groups;
use super::saved::SavedSearches;
use crate::model::search::{Copies, DateRange, DocKind, FacetField, FieldFilter, Filters, MatchMode, SortBy};
use crate::model::{Grade, Query, QuoteKind};
use crate::query::{self, Groups};
use crate::text::shell_quoted;

/// A query as read, with its narrowing.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The query.
    pub query: Query,
    /// The narrowing.
    pub filters: Filters,
    /// All words, or most.
    pub match_mode: MatchMode,
    /// Remarks on how it was read.
    pub notes: Vec<String>,
    /// Only plain words were asked for.
    pub is_only_words: bool,
}

/// The day it is, in the user's time zone.
pub fn today() -> Date {
    Timestamp::now().to_zoned(zone()).date()
}

/// The user's time zone.
fn zone() -> TimeZone {
    // To name the system's zone, all zones of the world are listed; nobody asks for its name.
    let own = std::env::var_os("TZ").is_none().then(|| std::fs::read("/etc/localtime").ok()).flatten();
    own.and_then(|rules| TimeZone::tzif("local", &rules).ok()).unwrap_or_else(TimeZone::system)
}

/// Reads the query and the flags beside it.
///
/// # Errors
/// A [`Failure`] with a caret under each place that cannot be read, or a group of outlets that is not known.
pub fn read(groups: &Groups, args: &QueryArgs) -> anyhow::Result<Asked> {
    let today = today();
    let text = args.query.join(" ");
    let mut parsed = query::parse(&text, today).map_err(|errors| unreadable(&errors, &text))?;
    parsed.query =
        query::with_groups(parsed.query, groups, &text).map_err(|errors| unreadable(&errors, &text))?;
    let mut filters = Filters { fields: fields(groups, args)?, ..Filters::default() };
    match args.date.as_deref() {
        Some(word @ ("undated" | "dated")) => filters.fields.push(FieldFilter {
            field: FacetField::Year,
            values: vec![FacetField::Year.without().to_owned()],
            exclude: word == "dated",
            all: false,
        }),
        _ => filters.dates = dates(args, today)?,
    }
    if !args.kind.is_empty() {
        filters.kinds = args.kind.iter().map(|kind| (*kind).into()).collect();
    }
    filters.grades = args.grade.iter().map(|grade| (*grade).into()).collect();
    let is_only_words = matches!(parsed.query, Query::Words(_) | Query::Term { .. });
    let match_mode = if args.match_mode == Some(MatchArg::All) { MatchMode::All } else { MatchMode::Most };
    let notes = parsed.notes.iter().map(ToString::to_string).collect();
    Ok(Asked { query: parsed.query, filters, match_mode, notes, is_only_words })
}

/// Reads what is asked: of a saved search, narrowed further by the flags that stand beside its name.
///
/// # Errors
/// As [`read`], and no saved search of that name.
pub fn read_saved(
    groups: &Groups,
    args: &QueryArgs,
    saved: Option<&SavedSearches>,
) -> anyhow::Result<(QueryArgs, Asked)> {
    let whole = with_saved(args, saved)?;
    let mut asked = read(groups, &whole)?;
    if saved.is_some() && !says_what(args, saved) {
        let beside = read(groups, &QueryArgs { query: Vec::new(), ..args.clone() })?;
        let (dates, more) = (&mut asked.filters.dates, beside.filters.dates);
        dates.since = dates.since.max(more.since);
        dates.until = match (dates.until, more.until) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
        asked.filters.fields.extend(beside.filters.fields);
        if !args.kind.is_empty() {
            asked.filters.kinds = beside.filters.kinds;
        }
        if !args.grade.is_empty() {
            asked.filters.grades = beside.filters.grades;
        }
        if beside.match_mode == MatchMode::All {
            asked.match_mode = MatchMode::All;
        }
    }
    Ok((whole, asked))
}

/// The mistakes of a query with a caret under each; the ways out are the help.
fn unreadable(errors: &query::QueryErrors, text: &str) -> Failure {
    let rendered = errors.render(text);
    let (help, message): (Vec<&str>, Vec<&str>) =
        rendered.lines().partition(|line| line.starts_with("help: "));
    let failure = Failure::usage(message.join("\n"));
    let help: Vec<&str> = help.into_iter().map(|line| line.trim_start_matches("help: ")).collect();
    if help.is_empty() {
        failure.help("the language: onrecord help query")
    } else {
        failure.help(help.join("\n"))
    }
}

fn fields(groups: &Groups, args: &QueryArgs) -> Result<Vec<FieldFilter>, Failure> {
    let lists = [
        (FacetField::Outlet, &groups::expanded(groups, &args.outlet)?, false),
        (FacetField::Speaker, &args.speaker, false),
        (FacetField::Author, &args.author, false),
        (FacetField::Outlet, &groups::expanded(groups, &args.not_outlet)?, true),
        (FacetField::Speaker, &args.not_speaker, true),
        (FacetField::Author, &args.not_author, true),
    ];
    let filters =
        lists.into_iter().filter(|(_, values, _)| !values.is_empty()).map(|(field, values, exclude)| {
            let all = args.all_speakers && field == FacetField::Speaker && !exclude;
            FieldFilter { field, values: values.clone(), exclude, all }
        });
    Ok(filters.collect())
}

fn dates(args: &QueryArgs, today: Date) -> anyhow::Result<DateRange> {
    let range = |flag: &str, text: &str| -> anyhow::Result<DateRange> {
        query::dates::parse_range(text, today).map_err(|error| {
            Failure::usage(format!("--{flag} {}: {error}", shell_quoted(text)))
                .help("see: onrecord help dates")
                .into()
        })
    };
    if let Some(date) = &args.date {
        return range("date", date);
    }
    let since = args.since.as_deref().map(|text| range("since", text)).transpose()?;
    let until = args.until.as_deref().map(|text| range("until", text)).transpose()?;
    let range =
        DateRange { since: since.and_then(|range| range.since), until: until.and_then(|range| range.until) };
    if let (Some(since), Some(until)) = (range.since, range.until)
        && since > until
    {
        let message = format!("--since {since} is after --until {until}");
        return Err(Failure::usage(message).help("swap the two days").into());
    }
    Ok(range)
}

/// The flags as typed, for saving and for printing.
pub fn flags(args: &QueryArgs) -> Vec<String> {
    let mut flags: Vec<String> = Vec::new();
    let mut add = |name: &str, values: &[String]| {
        for value in values {
            flags.push(format!("--{name}"));
            flags.push(value.clone());
        }
    };
    add("outlet", &args.outlet);
    add("speaker", &args.speaker);
    add("author", &args.author);
    add("not-outlet", &args.not_outlet);
    add("not-speaker", &args.not_speaker);
    add("not-author", &args.not_author);
    add("since", args.since.as_slice());
    add("until", args.until.as_slice());
    add("date", args.date.as_slice());
    let words = |names: Vec<&str>| if names.is_empty() { Vec::new() } else { vec![names.join(",")] };
    add("kind", &words(args.kind.iter().map(|kind| QuoteKind::from(*kind).name()).collect()));
    add("grade", &words(args.grade.iter().map(|grade| Grade::from(*grade).name()).collect()));
    if args.match_mode == Some(MatchArg::All) {
        flags.extend(["--match".to_owned(), "all".to_owned()]);
    }
    if args.all_speakers {
        flags.push("--all-speakers".to_owned());
    }
    flags
}

/// The command that asks the same.
pub fn command_line(kind: DocKind, args: &QueryArgs) -> String {
    let verb = if kind == DocKind::Quote { "quotes" } else { "search" };
    let query = args.query.join(" ");
    let query = (!query.is_empty()).then(|| shell_quoted(&query));
    let flags = flags(args).into_iter().map(|flag| shell_quoted(&flag));
    let words: Vec<String> = query.into_iter().chain(flags).collect();
    format!("onrecord {verb} {}", words.join(" ")).trim_end().to_owned()
}

/// How a query was read, in the query language.
pub fn reading(asked: &Asked) -> String {
    query::print(&asked.query)
}

/// Whether `args` say what the name of their saved search is to stand for from now on, rather than only use the name.
pub fn says_what(args: &QueryArgs, saved: Option<&SavedSearches>) -> bool {
    let (Some(name), Some(saved)) = (&args.saved, saved) else { return false };
    !args.query.is_empty() || !saved.contains(name) && flags(args).iter().any(|flag| flag.starts_with("--"))
}

/// `args` with what the saved search of its name holds, where `args` says nothing itself.
///
/// # Errors
/// No query and no saved search of that name.
fn with_saved(args: &QueryArgs, saved: Option<&SavedSearches>) -> anyhow::Result<QueryArgs> {
    let (Some(name), Some(saved)) = (&args.saved, saved) else { return Ok(args.clone()) };
    if says_what(args, Some(saved)) {
        return Ok(args.clone());
    }
    let search = saved.get(name)?;
    let mut words = vec!["onrecord".to_owned(), "search".to_owned()];
    words.extend(search.flags.iter().cloned());
    words.extend(["--".to_owned(), search.query.clone()]);
    let parsed = <super::args::Cli as clap::Parser>::try_parse_from(&words)
        .map_err(|error| Failure::usage(format!("the saved search `{name}` cannot be read: {error}")))?;
    match parsed.command {
        Some(super::args::Command::Search(search)) => {
            let mut merged = search.query;
            merged.query.retain(|word| !word.is_empty());
            merged.saved = Some(name.clone());
            Ok(merged)
        }
        _ => Ok(args.clone()),
    }
}

/// What happens to copies: flag, configuration, `default`.
///
/// # Errors
/// A configuration value that is none of the known ones.
pub fn copies(context: &Context, flag: Option<CopiesArg>, default: Copies) -> anyhow::Result<Copies> {
    match (flag, context.settings.file.search.copies.as_deref()) {
        (None, None) => Ok(default),
        (Some(CopiesArg::Fold), _) | (None, Some("fold")) => Ok(Copies::Fold),
        (Some(CopiesArg::Show), _) | (None, Some("show")) => Ok(Copies::Show),
        (None, Some(other)) => {
            Err(Failure::usage(format!("search.copies = \"{other}\" in the configuration"))
                .help("use fold or show")
                .into())
        }
    }
}

/// Order: flag, configuration, default.
///
/// # Errors
/// A configuration value that is none of the known ones.
pub fn sort(context: &Context, flag: Option<SortArg>) -> anyhow::Result<SortBy> {
    match (flag, context.settings.file.search.sort.as_deref()) {
        (Some(SortArg::Relevance), _) | (None, None | Some("relevance")) => Ok(SortBy::Relevance),
        (Some(SortArg::Date), _) | (None, Some("date")) => Ok(SortBy::Date),
        (Some(SortArg::DateAsc), _) | (None, Some("date-asc")) => Ok(SortBy::DateAsc),
        (None, Some(other)) => Err(Failure::usage(format!("search.sort = \"{other}\" in the configuration"))
            .help("use relevance, date or date-asc")
            .into()),
    }
}

impl From<FieldArg> for FacetField {
    fn from(arg: FieldArg) -> Self {
        match arg {
            FieldArg::Outlet => FacetField::Outlet,
            FieldArg::Speaker => FacetField::Speaker,
            FieldArg::Author => FacetField::Author,
            FieldArg::Day => FacetField::Day,
            FieldArg::Week => FacetField::Week,
            FieldArg::Month => FacetField::Month,
            FieldArg::Year => FacetField::Year,
        }
    }
}

impl From<KindArg> for QuoteKind {
    fn from(arg: KindArg) -> Self {
        match arg {
            KindArg::Direct => QuoteKind::Direct,
            KindArg::Mixed => QuoteKind::Mixed,
            KindArg::Indirect => QuoteKind::Indirect,
        }
    }
}

impl From<GradeArg> for Grade {
    fn from(arg: GradeArg) -> Self {
        match arg {
            GradeArg::Explicit => Grade::Explicit,
            GradeArg::Short => Grade::Short,
            GradeArg::Role => Grade::Role,
            GradeArg::Pronoun => Grade::Pronoun,
            GradeArg::Carried => Grade::Carried,
            GradeArg::None => Grade::None,
        }
    }
}
