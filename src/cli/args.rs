//! Commands and flags, as typed. Meaning is given to them in `settings` and in one file per command.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Search policy news and the quotes in it.
#[derive(Debug, Parser)]
#[command(
    name = "onrecord",
    version,
    disable_help_subcommand = true,
    after_help = "Examples:\n  \
        onrecord search --corpus FOLDER 'carbon tax' --facets outlet,speaker\n  \
        onrecord quotes 'phased in' --speaker 'Ada Moreau' --json\n  \
        onrecord count 'carbon tax' --by month --share -f csv > tax.csv\n\n\
        With no command on a terminal: interactive search.\n\
        More: onrecord COMMAND --help, onrecord help query"
)]
pub struct Cli {
    /// Flags of every command.
    #[command(flatten)]
    pub global: GlobalArgs,
    /// What to do; none opens the interactive search.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// Flags that every command takes.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Everywhere")]
pub struct GlobalArgs {
    /// Answer from this folder or file of articles: its index is kept in the user's data folder, and built or refreshed first
    #[arg(long, global = true, value_name = "PATH", conflicts_with = "index")]
    pub corpus: Vec<PathBuf>,
    /// Use the index in this folder
    #[arg(long, global = true, value_name = "DIR")]
    pub index: Option<PathBuf>,
    /// Only errors on standard error
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// When to use colour
    #[arg(long, global = true, value_enum, value_name = "WHEN")]
    pub color: Option<When>,
    /// How progress is shown: on a terminal a bar, else plain lines
    #[arg(long, global = true, value_enum, value_name = "HOW")]
    pub progress: Option<ProgressArg>,
    /// Threads for reading and indexing; 0: one for each core
    #[arg(long, global = true, value_name = "N")]
    pub threads: Option<usize>,
    /// Wait so long for another writer to finish, e.g. 30s, 5m
    #[arg(long, global = true, value_name = "TIME", value_parser = parse_wait)]
    pub wait: Option<std::time::Duration>,
    /// Use another configuration file
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Never ask anything
    #[arg(long, global = true)]
    pub no_input: bool,
}

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum When {
    /// On a terminal.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// How progress is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ProgressArg {
    /// A bar on a terminal, plain lines elsewhere.
    Auto,
    /// Plain lines.
    Plain,
    /// JSON objects.
    Json,
    /// Nothing but the summary.
    None,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Find articles: ranked, with snippets
    Search(SearchArgs),
    /// Find quotes: the words and the speaker hold in the same quote
    Quotes(SearchArgs),
    /// Count matches, by outlet, speaker, author or time
    Count(CountArgs),
    /// Read articles with their quotes marked
    Show(ShowArgs),
    /// Open an article's page or file
    Open(OpenArgs),
    /// Cite articles or quotes
    Cite(CiteArgs),
    /// Search interactively in the terminal
    Tui(TuiArgs),
    /// Bring the index up to date with the corpus; the first time it builds
    Index(IndexArgs),
    /// What the index holds
    Status(StatusArgs),
    /// Every record that was not indexed and every doubtful article, with the reason
    Skipped(SkippedArgs),
    /// Verify every file of the index, and articles against their quotes
    Check(CheckArgs),
    /// What the indexer makes of files, without indexing
    Extract(ExtractArgs),
    /// Saved searches: list; `saved NAME` shows one, --delete deletes it
    Saved(SavedArgs),
    /// Earlier searches
    History(HistoryArgs),
    /// Settings: where they come from, and their values
    Config(ConfigArgs),
    /// Check the installation: paths, terminal, index
    Doctor,
    /// Print a completion script for a shell
    Completions(CompletionsArgs),
    /// Values for completion scripts
    #[command(hide = true)]
    CompleteValues(CompleteArgs),
    /// Print the manual page
    Man,
    /// Explain a topic: query, fields, dates, formats, index, config, exit-codes, accessibility
    Help(HelpArgs),
}

/// The query and everything that narrows it: the same for every command that takes a query.
#[derive(Debug, Clone, Default, Args)]
pub struct QueryArgs {
    /// What to look for; none: everything
    #[arg(value_name = "QUERY")]
    pub query: Vec<String>,
    /// Only this outlet (repeat: any of them)
    #[arg(long, value_name = "NAME", help_heading = "Narrow the search")]
    pub outlet: Vec<String>,
    /// Only with this speaker (repeat: any of them)
    #[arg(long, value_name = "NAME", help_heading = "Narrow the search")]
    pub speaker: Vec<String>,
    /// Only by this author (repeat: any of them)
    #[arg(long, value_name = "NAME", help_heading = "Narrow the search")]
    pub author: Vec<String>,
    /// Without this outlet
    #[arg(long, value_name = "NAME", help_heading = "Narrow the search")]
    pub not_outlet: Vec<String>,
    /// Without this speaker
    #[arg(long, value_name = "NAME", help_heading = "Narrow the search")]
    pub not_speaker: Vec<String>,
    /// Without this author
    #[arg(long, value_name = "NAME", help_heading = "Narrow the search")]
    pub not_author: Vec<String>,
    /// Articles in which every given --speaker speaks
    #[arg(long, help_heading = "Narrow the search")]
    pub all_speakers: bool,
    /// From this day on: 2021, 2021-03, 2021-03-05, 30d, "last week"
    #[arg(long, value_name = "DATE", help_heading = "Narrow the search")]
    pub since: Option<String>,
    /// Up to and with this day
    #[arg(long, value_name = "DATE", help_heading = "Narrow the search")]
    pub until: Option<String>,
    /// In this day, month, year or range: 2021-03..2021-06; or undated, or dated
    #[arg(long, value_name = "RANGE", conflicts_with_all = ["since", "until"], help_heading = "Narrow the search")]
    pub date: Option<String>,
    /// Kinds of quote: direct, mixed, indirect (default: direct,mixed)
    #[arg(long, value_name = "KINDS", value_delimiter = ',', help_heading = "Narrow the search")]
    pub kind: Vec<KindArg>,
    /// How the speaker was found: explicit, short, role, pronoun, carried, none
    #[arg(long, value_name = "GRADES", value_delimiter = ',', help_heading = "Narrow the search")]
    pub grade: Vec<GradeArg>,
    /// Only articles with all the words: all; or also those with most: most
    #[arg(long = "match", value_name = "MODE", value_enum, help_heading = "Narrow the search")]
    pub match_mode: Option<MatchArg>,
    /// Near-identical copies: folded under the best one, or shown
    #[arg(long, value_name = "MODE", value_enum, help_heading = "Narrow the search")]
    pub copies: Option<CopiesArg>,
    /// Name of a saved search, which other flags narrow further; with a query: save it under this name
    #[arg(long, value_name = "NAME", help_heading = "Narrow the search")]
    pub saved: Option<String>,
}

/// Kinds of quote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum KindArg {
    /// All words between marks.
    Direct,
    /// A paraphrase with words between marks.
    Mixed,
    /// A paraphrase.
    Indirect,
}

/// Grades of attribution.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum GradeArg {
    /// Named in full at the quote.
    Explicit,
    /// Surname or title completed.
    Short,
    /// By role.
    Role,
    /// By pronoun.
    Pronoun,
    /// From a neighbouring quote.
    Carried,
    /// Not found.
    None,
}

/// All words or most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum MatchArg {
    /// All words.
    All,
    /// All, then most.
    Most,
}

/// What happens to copies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum CopiesArg {
    /// Folded.
    Fold,
    /// Shown.
    Show,
}

/// Formats of `-f`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FormatArg {
    /// For people.
    Table,
    /// One hit a line, tab separated.
    Lines,
    /// Tab-separated with a header.
    Tsv,
    /// Comma-separated with a header.
    Csv,
    /// One JSON array.
    Json,
    /// One JSON object a line.
    Jsonl,
    /// Markdown.
    Md,
    /// Ids.
    Ids,
    /// Source files.
    Paths,
    /// BibTeX.
    Bibtex,
    /// RIS.
    Ris,
    /// CSL-JSON.
    CslJson,
}

/// How the answer is written.
#[derive(Debug, Clone, Default, Args)]
pub struct OutputArgs {
    /// Format (default: table on a terminal, lines in a pipe)
    #[arg(short, long, value_enum, value_name = "FORMAT", help_heading = "Shape the output")]
    pub format: Option<FormatArg>,
    /// The same as -f jsonl
    #[arg(long, conflicts_with = "format", help_heading = "Shape the output")]
    pub json: bool,
    /// Columns of csv, tsv and lines, keys of json; `all`, or `help` for the list
    #[arg(long, value_name = "NAMES", value_delimiter = ',', help_heading = "Shape the output")]
    pub fields: Vec<String>,
    /// A line for each hit, e.g. '{date} {outlet}: {headline}'
    #[arg(long, value_name = "TEXT", conflicts_with_all = ["format", "json"], help_heading = "Shape the output")]
    pub template: Option<String>,
    /// Version of the machine formats the script was written for
    #[arg(long, value_name = "N", help_heading = "Shape the output")]
    pub format_version: Option<u32>,
    /// Put ' before cells that a spreadsheet would run as a formula
    #[arg(long, help_heading = "Shape the output")]
    pub excel: bool,
    /// End ids and paths with a NUL byte instead of a line feed
    #[arg(short = '0', long, help_heading = "Shape the output")]
    pub null: bool,
}

/// `search` and `quotes`.
#[derive(Debug, Clone, Args)]
pub struct SearchArgs {
    /// The query.
    #[command(flatten)]
    pub query: QueryArgs,
    /// The output.
    #[command(flatten)]
    pub output: OutputArgs,
    /// Count the values of these fields: outlet, speaker, author, year, month, week, day
    #[arg(long, value_enum, value_name = "FIELDS", value_delimiter = ',', help_heading = "Shape the output")]
    pub facets: Vec<FieldArg>,
    /// Values of each facet to list; 0: all
    #[arg(long, value_name = "N", default_value_t = 10, help_heading = "Shape the output")]
    pub facet_limit: usize,
    /// Order of hits
    #[arg(short, long, value_enum, value_name = "ORDER", help_heading = "Shape the output")]
    pub sort: Option<SortArg>,
    /// Most hits to list
    #[arg(short = 'n', long, value_name = "N", help_heading = "Shape the output")]
    pub limit: Option<usize>,
    /// Hits to skip
    #[arg(long, value_name = "N", default_value_t = 0, help_heading = "Shape the output")]
    pub offset: usize,
    /// List every match
    #[arg(long, conflicts_with = "limit", help_heading = "Shape the output")]
    pub all: bool,
    /// Fragments shown for each hit
    #[arg(short = 'C', long, value_name = "N", help_heading = "Shape the output")]
    pub context: Option<usize>,
    /// Say how the query was read, and what makes each score
    #[arg(long, help_heading = "Shape the output")]
    pub explain: bool,
    /// Show the forms of each quote across outlets, with what each left out (quotes)
    #[arg(long, help_heading = "Shape the output")]
    pub variants: bool,
    /// A row for each place that matches, within its sentence (key word in context), instead of one for each hit
    #[arg(long, conflicts_with_all = ["variants", "batch", "new"], help_heading = "Shape the output")]
    pub kwic: bool,
    /// Only hits added since this search was saved or last asked with --new (needs --saved)
    #[arg(long, requires = "saved", help_heading = "Shape the output")]
    pub new: bool,
    /// Answer many queries, one a line (`label<TAB>query` or just the query), from a file or - for standard input; one JSON
    /// object each
    #[arg(long, value_name = "FILE", conflicts_with_all = ["query", "new", "template"], help_heading = "Shape the output")]
    pub batch: Option<PathBuf>,
}

/// Fields that can be counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FieldArg {
    /// Outlet.
    Outlet,
    /// Speaker.
    Speaker,
    /// Author.
    Author,
    /// Day.
    Day,
    /// ISO week.
    Week,
    /// Month.
    Month,
    /// Year.
    Year,
}

/// Orders of hits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SortArg {
    /// Best first.
    Relevance,
    /// Newest first.
    Date,
    /// Oldest first.
    DateAsc,
}

/// `count`.
#[derive(Debug, Clone, Args)]
pub struct CountArgs {
    /// The query.
    #[command(flatten)]
    pub query: QueryArgs,
    /// The output.
    #[command(flatten)]
    pub output: OutputArgs,
    /// Count by these fields, one or two
    #[arg(long, value_enum, value_name = "FIELD", value_delimiter = ',')]
    pub by: Vec<FieldArg>,
    /// Count quotes instead of articles
    #[arg(long)]
    pub quotes: bool,
    /// Take the outlets of each group of the settings together: a row `@group`
    #[arg(long)]
    pub groups: bool,
    /// Also the share of all articles with the same value that pass the filters; a field in the query (outlet:x) is no
    /// filter, --outlet x is
    #[arg(long)]
    pub share: bool,
    /// Most rows to list; 0: all
    #[arg(short = 'n', long, value_name = "N", default_value_t = 0)]
    pub limit: usize,
    /// Count many queries, one a line (`label<TAB>query` or just the query), from a file or - for standard input
    #[arg(long, value_name = "FILE", conflicts_with = "query")]
    pub batch: Option<PathBuf>,
    /// Say how the query was read
    #[arg(long)]
    pub explain: bool,
}

/// `show`.
#[derive(Debug, Clone, Args)]
pub struct ShowArgs {
    /// Ids of articles or quotes, or the records' own ids
    #[arg(value_name = "ID", required = true)]
    pub ids: Vec<String>,
    /// Also what was cut from the page
    #[arg(long)]
    pub furniture: bool,
    /// How each field and each speaker was found
    #[arg(long)]
    pub explain: bool,
    /// Format: table, json, jsonl, md
    #[arg(short, long, value_enum, value_name = "FORMAT")]
    pub format: Option<FormatArg>,
    /// The same as -f jsonl
    #[arg(long, conflicts_with = "format")]
    pub json: bool,
}

/// `open`.
#[derive(Debug, Clone, Args)]
pub struct OpenArgs {
    /// Id of an article or a quote
    #[arg(value_name = "ID")]
    pub id: String,
    /// The source file in the editor, even where the article has an address
    #[arg(long)]
    pub file: bool,
    /// Only print what would be opened
    #[arg(long)]
    pub print: bool,
}

/// `cite`.
#[derive(Debug, Clone, Args)]
pub struct CiteArgs {
    /// Ids of articles or quotes
    #[arg(value_name = "ID", required = true)]
    pub ids: Vec<String>,
    /// Style: table is a plain line of text (the default); md, bibtex, ris, csl-json
    #[arg(short, long, value_enum, value_name = "FORMAT")]
    pub format: Option<FormatArg>,
}

/// `tui`.
#[derive(Debug, Clone, Args)]
pub struct TuiArgs {
    /// The query to start with.
    #[command(flatten)]
    pub query: QueryArgs,
    /// Start with quotes instead of articles
    #[arg(long)]
    pub quotes: bool,
    /// Order of hits
    #[arg(short, long, value_enum, value_name = "ORDER")]
    pub sort: Option<SortArg>,
    /// Print the ids of the marked or selected hits on exit
    #[arg(long)]
    pub pick: bool,
    /// Line by line, without drawing on the screen; for screen readers
    #[arg(long)]
    pub accessible: bool,
}

/// `index`.
#[derive(Debug, Clone, Args)]
pub struct IndexArgs {
    /// Folders and files to follow; none: those of the last time; - reads JSONL from standard input
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Build from scratch beside the old index, then swap
    #[arg(long)]
    pub rebuild: bool,
    /// Only print what would be done
    #[arg(long)]
    pub dry_run: bool,
    /// Keep following the corpus
    #[arg(long, conflicts_with = "dry_run")]
    pub watch: bool,
    /// Keep articles whose files are gone
    #[arg(long)]
    pub keep_missing: bool,
    /// Accept a corpus without a single known file (else nothing is removed)
    #[arg(long)]
    pub allow_empty: bool,
    /// Read rejected records again even if they did not change
    #[arg(long)]
    pub retry_failed: bool,
    /// Exit with 5 when records were skipped
    #[arg(long)]
    pub strict: bool,
    /// Replace an index that cannot be read, and remove what was set aside
    #[arg(long)]
    pub force: bool,
    /// Time between two commits that keep the work of a long build from a kill
    #[arg(long, value_name = "TIME", value_parser = parse_wait, hide = true)]
    pub checkpoint: Option<std::time::Duration>,
    /// Which keys or columns hold what: headline=Title,body=Text
    #[arg(long, value_name = "MAP", value_delimiter = ',')]
    pub map: Vec<String>,
    /// The summary as JSON on standard output
    #[arg(long)]
    pub json: bool,
}

/// `status`.
#[derive(Debug, Clone, Args)]
pub struct StatusArgs {
    /// As JSON
    #[arg(long)]
    pub json: bool,
}

/// What `skipped` lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SkippedKind {
    /// Records that are not in the index.
    Rejected,
    /// Articles that are in the index and lack something.
    Doubtful,
}

/// `skipped`.
#[derive(Debug, Clone, Args)]
pub struct SkippedArgs {
    /// Only these: rejected (not indexed) or doubtful (indexed, without a date, an outlet or a body worth the name)
    #[arg(long, value_enum, value_name = "KIND")]
    pub kind: Option<SkippedKind>,
    /// Only with this reason, e.g. no-text or no-date
    #[arg(long, value_name = "CODE")]
    pub reason: Option<String>,
    /// The output.
    #[command(flatten)]
    pub output: OutputArgs,
}

/// `check`.
#[derive(Debug, Clone, Args)]
pub struct CheckArgs {
    /// Rebuild from the corpus what is damaged; the damaged index is set aside
    #[arg(long)]
    pub repair: bool,
    /// With --repair: remove what is damaged instead
    #[arg(long, requires = "repair")]
    pub force: bool,
    /// As JSON
    #[arg(long)]
    pub json: bool,
}

/// `extract`.
#[derive(Debug, Clone, Args)]
pub struct ExtractArgs {
    /// Files and folders; - reads JSONL from standard input
    #[arg(value_name = "PATH", required = true)]
    pub paths: Vec<PathBuf>,
    /// Each block with kept or cut and why, each field with how it was found, each quote with its rules
    #[arg(long)]
    pub explain: bool,
    /// Format: jsonl (default in a pipe), json, table
    #[arg(short, long, value_enum, value_name = "FORMAT")]
    pub format: Option<FormatArg>,
    /// The same as -f jsonl
    #[arg(long, conflicts_with = "format")]
    pub json: bool,
    /// Which keys or columns hold what: headline=Title,body=Text
    #[arg(long, value_name = "MAP", value_delimiter = ',')]
    pub map: Vec<String>,
    /// Exit with 5 when records were skipped
    #[arg(long)]
    pub strict: bool,
}

/// `saved`.
#[derive(Debug, Clone, Args)]
pub struct SavedArgs {
    /// Show this one
    #[arg(value_name = "NAME")]
    pub name: Option<String>,
    /// Delete it
    #[arg(long, requires = "name")]
    pub delete: bool,
    /// As JSON
    #[arg(long)]
    pub json: bool,
}

/// `history`.
#[derive(Debug, Clone, Args)]
pub struct HistoryArgs {
    /// Most searches to list
    #[arg(short = 'n', long, value_name = "N", default_value_t = 20)]
    pub limit: usize,
    /// Forget all
    #[arg(long)]
    pub clear: bool,
}

/// `config`.
#[derive(Debug, Clone, Args)]
pub struct ConfigArgs {
    /// Print the path of the configuration file only
    #[arg(long)]
    pub path: bool,
    /// Write a commented configuration file, if there is none
    #[arg(long)]
    pub init: bool,
}

/// `completions`.
#[derive(Debug, Clone, Args)]
pub struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    pub shell: clap_complete::Shell,
}

/// `complete-values`.
#[derive(Debug, Clone, Args)]
pub struct CompleteArgs {
    /// The field
    #[arg(value_enum)]
    pub field: FieldArg,
    /// What the value begins with
    #[arg(allow_hyphen_values = true, default_value = "")]
    pub begin: String,
    /// The command line so far
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    pub words: Vec<String>,
}

/// `help`.
#[derive(Debug, Clone, Args)]
pub struct HelpArgs {
    /// The topic or command
    #[arg(value_name = "TOPIC")]
    pub topic: Option<String>,
}

fn parse_wait(text: &str) -> Result<std::time::Duration, String> {
    let (digits, unit) = text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()));
    let n: u64 = digits.parse().map_err(|_| "expected a time such as 30s or 5m".to_owned())?;
    let seconds = match unit {
        "ms" => return Ok(std::time::Duration::from_millis(n)),
        "" | "s" => n,
        "m" | "min" => n.saturating_mul(60),
        "h" => n.saturating_mul(3600),
        _ => return Err(format!("unknown unit `{unit}`; use s, m or h")),
    };
    Ok(std::time::Duration::from_secs(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn commands_are_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn reads_waiting_times() {
        assert_eq!(parse_wait("30s"), Ok(std::time::Duration::from_secs(30)));
        assert_eq!(parse_wait("2m"), Ok(std::time::Duration::from_secs(120)));
        assert!(parse_wait("soon").is_err());
        assert!(parse_wait("3 fortnights").is_err());
    }
}
