//! `tui`: what the interactive search needs from the command line, and what it leaves on the shell.

use std::io::{BufReader, IsTerminal, Write};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use clap::Parser;

use super::args::{Cli, Command, CopiesArg, FormatArg, OutputArgs, SortArg, TuiArgs};
use super::exit::{FOUND, Failure, INTERRUPTED, NO_INDEX, NOTHING, USAGE};
use super::saved::{SavedSearch, SavedSearches};
use super::settings::Settings;
use super::shape::{Shape, known_fields};
use super::{Context, locate, request, saved, terminal};
use crate::engine::SearchBackend;
use crate::model::search::{Copies, DocKind, FacetField, MatchMode, SearchRequest, SortBy};
use crate::output::{Style, counted};
use crate::query::Groups;
use crate::text::{shell_quoted, shell_words};
use crate::tui::accessible::{self, Session};
use crate::tui::keymap::Keymap;
use crate::tui::run::{Exporter, Recaller};
use crate::tui::spec::{Pill, Spec};
use crate::tui::state::Look;
use crate::tui::{self, Options};

/// Widest the article is set unless the configuration says otherwise, in columns.
const READER_WIDTH: usize = 80;

/// Runs the interactive search.
///
/// # Errors
/// No terminal, no index, a query that cannot be read.
pub fn run(context: &Context, args: Option<&TuiArgs>) -> anyhow::Result<u8> {
    let on =
        |name: &str| std::env::var(name).is_ok_and(|value| !matches!(value.as_str(), "" | "0" | "false"));
    let dumb = std::env::var("TERM").is_ok_and(|term| term == "dumb");
    let line_mode = args.is_some_and(|args| args.accessible) || on("ACCESSIBLE") || dumb;
    let on_terminal = std::io::stdin().is_terminal()
        && (std::io::stdout().is_terminal() || args.is_some_and(|args| args.pick));
    if !line_mode && !on_terminal {
        return Err(Failure::new(USAGE, "the interactive search needs a terminal")
            .help("in scripts: onrecord search QUERY")
            .into());
    }
    let table = &context.settings.file.tui;
    let unicode = match table.borders.as_deref() {
        Some("ascii") => false,
        Some("unicode") => true,
        _ => terminal::unicode_wanted(),
    };
    let look = Look {
        unicode,
        color: terminal::stderr_style(context.global.color).color
            || terminal::stdout_style(context.global.color).color,
        reader_width: table.reader_width.unwrap_or(READER_WIDTH),
    };
    let Some(begun) = locate::open_or_begin(context, look, line_mode)? else { return Ok(NOTHING) };
    let sort = request::sort(context, args.and_then(|args| args.sort))?;
    let spec = spec(&context.settings.file.groups, args, sort)?;
    let (index, build, is_first) = (begun.index, begun.build, begun.is_first);
    let backend: Arc<dyn SearchBackend> = Arc::clone(&index) as Arc<dyn SearchBackend>;
    let folder = context.settings.folders.state.clone();
    if line_mode {
        let mut session = Session {
            backend,
            spec,
            today: request::today(),
            groups: context.settings.file.groups.clone(),
            exporter: exporter(index),
            state_folder: folder,
        };
        let asked =
            accessible::run(&mut session, &mut BufReader::new(std::io::stdin()), &mut std::io::stdout())?;
        saved::remember(&context.settings, &asked.command_line());
        build.map_or(Ok(()), |build| build.stop(context))?;
        return Ok(FOUND);
    }
    let stop = Arc::new(AtomicBool::new(false));
    // Not SIGHUP: without a terminal there is nothing to restore, and reading keys from it would never end.
    signal_hook::flag::register(signal_hook::consts::SIGTERM, Arc::clone(&stop))?;
    let (keymap, notes) = Keymap::with(table.keys.as_deref(), &context.settings.file.keys);
    for note in notes {
        context.note(&note);
    }
    let settings = context.settings.clone();
    let keeps = context.settings.clone();
    let expected = build.as_ref().map(|build| build.expected());
    let saved_searches = SavedSearches::load(&context.settings).map(|saved| saved.commands());
    let options = Options {
        exporter: exporter(Arc::clone(&backend)),
        backend,
        spec,
        groups: context.settings.file.groups.clone(),
        today: request::today(),
        look,
        keymap,
        history: saved::read_history(&folder.join("history")),
        // A file that cannot be read is told of by those who ask for it.
        saved: saved_searches.unwrap_or_default(),
        save: Arc::new(move |name, spec| save(&keeps, name, spec)),
        recall: recaller(context.settings.file.groups.clone()),
        file_of: Arc::new(move |path| index.file_of(path)),
        expected: Arc::new(move || expected.as_ref().and_then(|expected| expected())),
        editor: context.settings.editor(),
        browser: context.settings.program(
            "ONRECORD_BROWSER",
            context.settings.file.programs.browser.as_deref(),
            &["BROWSER"],
        ),
        state_folder: folder,
        mouse: table.mouse.unwrap_or(false),
        remember: Arc::new(move |command| saved::remember(&settings, command)),
        stop,
    };
    let exit = tui::run(options);
    build.map_or(Ok(()), |build| build.stop(context))?;
    let exit = exit?;
    if args.is_some_and(|args| args.pick) {
        for id in &exit.picked {
            writeln!(std::io::stdout(), "{id}")?;
        }
    } else if table.print_on_exit.unwrap_or(true) && !context.global.quiet {
        let noun = counted(exit.total, "match").replace("matchs", "matches");
        writeln!(
            std::io::stderr(),
            "{}   # {noun}, index {}",
            crate::text::sanitize(&exit.command),
            exit.generation
        )?;
        if is_first {
            writeln!(std::io::stderr(), "# the query language: onrecord help query")?;
        }
    }
    Ok(match (exit.stopped, exit.lost) {
        (true, _) => INTERRUPTED,
        (false, true) => NO_INDEX,
        (false, false) => FOUND,
    })
}

/// What is asked first: the query and its flags, as pills.
fn spec(groups: &Groups, args: Option<&TuiArgs>, sort: SortBy) -> anyhow::Result<Spec> {
    let Some(args) = args else { return Ok(Spec { sort, ..Spec::default() }) };
    let asked = request::read(groups, &args.query)?;
    let mut pills = Vec::new();
    for filter in &asked.filters.fields {
        for value in &filter.values {
            pills.push(Pill {
                field: filter.field,
                value: value.clone(),
                exclude: filter.exclude,
                enabled: true,
            });
        }
    }
    Ok(Spec {
        query: args.query.query.join(" "),
        unit: if args.quotes { DocKind::Quote } else { DocKind::Article },
        all_speakers: asked
            .filters
            .fields
            .iter()
            .any(|filter| filter.field == FacetField::Speaker && filter.all),
        pills,
        dates: asked.filters.dates,
        sort,
        kinds: asked.filters.kinds,
        grades: asked.filters.grades,
        match_mode: asked.match_mode,
        copies: match args.query.copies {
            Some(CopiesArg::Show) => Copies::Show,
            _ => Copies::Fold,
        },
    })
}

/// Keeps a search under a name; what it has shown before stays remembered.
fn save(settings: &Settings, name: &str, spec: &Spec) -> Result<String, String> {
    let in_words = |error: anyhow::Error| format!("{error:#}");
    let mut saved = SavedSearches::load(settings).map_err(in_words)?;
    let before = saved.get(name).ok().cloned().unwrap_or_default();
    let quotes = spec.unit == DocKind::Quote;
    let search = SavedSearch { query: spec.query.trim().to_owned(), flags: spec.flags(), quotes, ..before };
    saved.put(name, search).map_err(in_words)?;
    let verb = if quotes { "quotes" } else { "search" };
    Ok(format!("kept; on the command line: onrecord {verb} --saved {}", shell_quoted(name)))
}

/// Reads commands of the history and saved searches back.
fn recaller(groups: Groups) -> Recaller {
    Arc::new(move |line: &str| recalled(&groups, line))
}

/// A command of the history or a saved search, read back. What it says of its output is left aside.
fn recalled(groups: &Groups, line: &str) -> Option<Spec> {
    let (args, unit) = match Cli::try_parse_from(shell_words(line)).ok()?.command? {
        Command::Search(args) => (args, DocKind::Article),
        Command::Quotes(args) => (args, DocKind::Quote),
        _ => return None,
    };
    let sort = match args.sort {
        None | Some(SortArg::Relevance) => SortBy::Relevance,
        Some(SortArg::Date) => SortBy::Date,
        Some(SortArg::DateAsc) => SortBy::DateAsc,
    };
    let args = TuiArgs {
        query: args.query,
        quotes: unit == DocKind::Quote,
        sort: None,
        pick: false,
        accessible: false,
    };
    spec(groups, Some(&args), sort).ok()
}

/// Writes all hits of a request to a file, in the format of its name.
fn exporter(backend: Arc<dyn SearchBackend>) -> Exporter {
    Arc::new(move |request: &SearchRequest, ids: &[String], path: &Path, given_up: &AtomicBool| {
        export(&*backend, request, ids, path, given_up)
    })
}

fn export(
    backend: &dyn SearchBackend,
    request: &SearchRequest,
    ids: &[String],
    path: &Path,
    given_up: &AtomicBool,
) -> Result<String, String> {
    let format = match path.extension().and_then(|extension| extension.to_str()) {
        Some("csv") => FormatArg::Csv,
        Some("tsv") => FormatArg::Tsv,
        Some("jsonl") => FormatArg::Jsonl,
        Some("json") => FormatArg::Json,
        Some("md") => FormatArg::Md,
        Some("bib") => FormatArg::Bibtex,
        Some("ris") => FormatArg::Ris,
        _ => {
            return Err(format!(
                "{}: end the name in .csv, .tsv, .jsonl, .json, .md, .bib or .ris",
                path.display()
            ));
        }
    };
    let mut request = request.clone();
    request.match_mode = MatchMode::All;
    request.copies = Copies::Show;
    if path.exists() {
        return Err(format!("{} is there already", path.display()));
    }
    let mut response = backend.search(&request).map_err(|error| error.to_string())?;
    if !ids.is_empty() {
        response.hits.retain(|hit| {
            ids.iter().any(|id| hit.quote.as_ref().map_or(&hit.article.id, |quote| &quote.id) == id)
        });
    }
    let args = OutputArgs { format: Some(format), ..OutputArgs::default() };
    let shape = Shape::new(&args, false, known_fields(request.kind)).map_err(|error| error.to_string())?;
    let mut bytes = Vec::new();
    shape.hits(&mut bytes, request.kind, &response, &Style::default()).map_err(|error| error.to_string())?;
    if given_up.load(Ordering::Relaxed) {
        return Err("given up".to_owned());
    }
    if path.exists() {
        return Err(format!("{} is there already", path.display()));
    }
    std::fs::write(path, &bytes).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(format!("wrote {} to {}", counted(response.hits.len() as u64, "row"), path.display()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::search::DateRange;
    use crate::model::{Grade, QuoteKind};

    /// A printed command read back as the history does, and as the arguments of `tui`.
    fn read_back(line: &str) -> anyhow::Result<Spec> {
        let mut words = shell_words(line);
        let is_quotes = words[1] == "quotes";
        words[1] = "tui".to_owned();
        if is_quotes {
            words.insert(2, "--quotes".to_owned());
        }
        let Some(Command::Tui(args)) = Cli::try_parse_from(words)?.command else {
            anyhow::bail!("another command");
        };
        let sort = match args.sort {
            None | Some(SortArg::Relevance) => SortBy::Relevance,
            Some(SortArg::Date) => SortBy::Date,
            Some(SortArg::DateAsc) => SortBy::DateAsc,
        };
        let mut spec = spec(&Groups::new(), Some(&args), sort)?;
        anyhow::ensure!(
            recalled(&Groups::new(), line).as_ref() == Some(&spec),
            "the history reads it differently"
        );
        spec.pills.sort_by(|a, b| (a.field, &a.value).cmp(&(b.field, &b.value)));
        Ok(spec)
    }

    fn any_spec() -> impl Strategy<Value = Spec> {
        let fields = prop::sample::select(vec![FacetField::Outlet, FacetField::Speaker, FacetField::Author]);
        let pill = (fields, "[-A-Za-z'\" *.é][-A-Za-z'\" *.é]{0,10}", any::<bool>());
        let dates = (0i16..40, 0i16..40).prop_map(|(a, b)| DateRange {
            since: (a > 9).then(|| jiff::civil::date(2000 + a.min(b.max(10)), 3, 1)),
            until: (b > 9).then(|| jiff::civil::date(2000 + b.max(a), 4, 30)),
        });
        let sorts = prop::sample::select(vec![SortBy::Relevance, SortBy::Date, SortBy::DateAsc]);
        (
            "[-a-z'\"() :*$`é]{0,24}",
            any::<bool>(),
            prop::collection::vec(pill, 0..4),
            dates,
            sorts,
            any::<[bool; 6]>(),
        )
            .prop_map(|(query, quotes, pills, dates, sort, more)| {
                let mut spec = Spec { query: query.trim().to_owned(), dates, sort, ..Spec::default() };
                spec.unit = if quotes { DocKind::Quote } else { DocKind::Article };
                for (field, value, exclude) in pills {
                    if !spec.pills.iter().any(|pill| pill.field == field && pill.value == value) {
                        spec.pills.push(Pill { field, value, exclude, enabled: true });
                    }
                }
                spec.pills.sort_by(|a, b| (a.field, &a.value).cmp(&(b.field, &b.value)));
                let speaks = |pill: &Pill| pill.field == FacetField::Speaker && !pill.exclude;
                spec.all_speakers = more[0] && spec.pills.iter().any(speaks);
                if more[1] {
                    spec.kinds = vec![QuoteKind::Direct, QuoteKind::Indirect];
                    spec.grades = vec![Grade::Explicit, Grade::Short];
                }
                spec.match_mode = if more[2] { MatchMode::All } else { MatchMode::Most };
                spec.copies = if more[3] { Copies::Show } else { Copies::Fold };
                if more[4] && spec.dates.is_open() {
                    spec.choose(FacetField::Year, FacetField::Year.without(), more[5]);
                }
                spec
            })
    }

    proptest! {
        // Most sets of flags contradict each other.
        #![proptest_config(ProptestConfig { max_global_rejects: 65_536, ..ProptestConfig::default() })]
        #[test]
        fn the_printed_command_asks_the_same(spec in any_spec()) {
            prop_assume!(spec.read(None, request::today()).is_ok());
            let line = spec.command_line();
            let again = read_back(&line).map_err(|error| TestCaseError::fail(format!("{line}: {error}")))?;
            prop_assert_eq!(again, spec, "{}", line);
        }
    }
}
