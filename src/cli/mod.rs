//! The command line: from arguments to exit code.
//!
//! * [`args`]: commands and flags as typed
//! * [`settings`]: flags, environment and files resolved once
//! * [`terminal`]: what the streams are connected to
//! * [`locate`]: which index is meant; builds or refreshes the one of `--corpus` · [`sample`]: the sample articles
//! * [`request`]: query flags to a [`SearchRequest`](crate::model::search::SearchRequest); [`question`]: what somebody said about something
//! * [`find`] (`search`, `quotes`), [`remarks`] (what an answer lacks), [`batch`], [`count`] ([`spans`]: of time), [`show`] (`show`, `open`, `cite`), [`extract`]
//! * [`index`] (`index`, `status`, `check`), [`skipped`], [`watch`], [`progress`]
//! * [`browse`] (`tui`)
//! * [`saved`] (`saved`, `history`), [`config`] (`config`, `doctor`), [`help`], [`complete`]
//! * [`shape`]: output flags to bytes · [`exit`]: exit codes and error messages

pub mod args;
pub mod batch;
pub mod browse;
pub mod complete;
pub mod config;
pub mod count;
pub mod exit;
pub mod extract;
pub mod find;
pub mod groups;
mod help;
pub mod index;
pub mod locate;
pub mod progress;
pub mod question;
pub mod remarks;
pub mod request;
pub mod sample;
pub mod saved;
pub mod settings;
pub mod shape;
pub mod show;
pub mod skipped;
pub mod spans;
pub mod terminal;
pub mod watch;

use std::ffi::OsString;
use std::io::{IsTerminal, Write};
use std::process::ExitCode;
use std::sync::OnceLock;

use clap::Parser;
use clap::error::ErrorKind;

use crate::authority::Authority;
use args::{Cli, Command, GlobalArgs};
use settings::Settings;

/// Everything a command needs beside its own flags.
pub struct Context {
    /// Flags of every command.
    pub global: GlobalArgs,
    /// Settings.
    pub settings: Settings,
    /// Names that are one, once asked for.
    pub names: OnceLock<Authority>,
}

impl Context {
    /// A remark on standard error, unless `--quiet`.
    pub fn note(&self, text: &str) {
        self.say("note:", text);
    }

    /// Advice on standard error, unless `--quiet`.
    pub fn hint(&self, text: &str) {
        self.say("help:", text);
    }

    fn say(&self, label: &str, text: &str) {
        if self.global.quiet {
            return;
        }
        let style = terminal::stderr_style(self.global.color);
        let line = format!("{} {}\n", style.hint(label), crate::text::sanitize(text));
        // A remark that cannot be written is lost without harm.
        let _ = std::io::stderr().write_all(line.as_bytes());
    }

    /// The style for standard output.
    pub fn style(&self) -> crate::output::Style {
        terminal::stdout_style(self.global.color)
    }
}

/// Runs the program and returns its exit code.
pub fn main(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    quiet_caught_panics();
    let args: Vec<OsString> = args.into_iter().collect();
    let cli = match Cli::try_parse_from(&args) {
        Ok(cli) => cli,
        Err(error) => return ExitCode::from(usage(&error, &args)),
    };
    let style = terminal::stderr_style(cli.global.color);
    match run(cli) {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            let code = exit::code_of(&error);
            if let Some(answer) =
                error.downcast_ref::<exit::Failure>().filter(|failure| failure.code == exit::FOUND)
            {
                // What was asked for instead of a search: a list of fields.
                let _ = std::io::stdout().write_all(answer.message.as_bytes());
            } else if !exit::is_closed_pipe(&error) {
                exit::report(&error, &style);
            }
            ExitCode::from(code)
        }
    }
}

/// A panic that becomes an error is told as that error alone.
fn quiet_caught_panics() {
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if crate::engine::caught::is_caught() {
            return;
        }
        // tantivy joins parts of an index on threads of its own; a damaged part ends them, and nothing else.
        if std::thread::current().name().is_some_and(|name| name.starts_with("merge_thread")) {
            let line = b"note: parts of the index could not be joined, it may be damaged: onrecord check\n";
            // A remark that cannot be written is lost without harm.
            let _ = std::io::stderr().write_all(line);
            return;
        }
        hook(panic);
    }));
}

fn run(cli: Cli) -> anyhow::Result<u8> {
    let settings = Settings::load(&cli.global)?;
    let context = Context { global: cli.global, settings, names: OnceLock::new() };
    for note in &context.settings.notes {
        context.note(note);
    }
    let Some(command) = cli.command else {
        return if std::io::stdout().is_terminal() && std::io::stdin().is_terminal() {
            browse::run(&context, None)
        } else {
            std::io::stderr().write_all(help::short().as_bytes())?;
            Ok(exit::USAGE)
        };
    };
    let pager = context.settings.pager();
    match command {
        Command::Search(args) => find::run(&context, &args, crate::model::search::DocKind::Article),
        Command::Quotes(args) => find::run(&context, &args, crate::model::search::DocKind::Quote),
        Command::Count(args) => count::run(&context, &args),
        Command::Show(args) => show::run(&context, &args),
        Command::Open(args) => show::open(&context, &args),
        Command::Cite(args) => show::cite(&context, &args),
        Command::Tui(args) => browse::run(&context, Some(&args)),
        Command::Index(args) => index::run(&context, &args),
        Command::Status(args) => index::status(&context, &args),
        Command::Skipped(args) => skipped::run(&context, &args),
        Command::Check(args) => index::check(&context, &args),
        Command::Extract(args) => extract::run(&context, &args),
        Command::Saved(args) => saved::run(&context, &args),
        Command::History(args) => saved::history(&args, &context.settings),
        Command::Config(args) => config::run(&context, &args),
        Command::Doctor => config::doctor(&context),
        Command::Completions(args) => complete::script(&args),
        Command::CompleteValues(args) => complete::values(&context, &args),
        Command::Man => help::man(),
        Command::Help(args) => help::run(&args, pager.as_deref()),
    }
}

/// Prints what clap says, with our exit codes; a word that is no command was probably meant as one, or as a search.
fn usage(error: &clap::Error, args: &[OsString]) -> u8 {
    let said = |kind| match error.get(kind) {
        Some(clap::error::ContextValue::String(word)) => Some(word.clone()),
        _ => None,
    };
    let failure = match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            // A closed pipe is quiet success here as everywhere.
            let _ = error.print();
            return exit::FOUND;
        }
        ErrorKind::InvalidSubcommand => {
            said(clap::error::ContextKind::InvalidSubcommand).map(|word| no_command(&word))
        }
        ErrorKind::UnknownArgument => said(clap::error::ContextKind::InvalidSubcommand)
            .map(|word| no_command(&word))
            .or_else(|| left_out(&said(clap::error::ContextKind::InvalidArg)?, args)),
        _ => None,
    };
    match failure {
        Some(failure) => exit::report(&failure.into(), &terminal::stderr_style(None)),
        None => {
            let _ = error.print();
        }
    }
    exit::USAGE
}

fn no_command(word: &str) -> exit::Failure {
    let command = <Cli as clap::CommandFactory>::command();
    let names =
        command.get_subcommands().filter(|command| !command.is_hide_set()).map(clap::Command::get_name);
    let near = names.map(|name| (strsim::damerau_levenshtein(name, word), name)).min();
    let search = format!("to search, write: onrecord search {}", crate::text::shell_quoted(word));
    let help = match near {
        Some((distance, name)) if distance <= 2 && word.chars().count() > 3 => {
            format!("did you mean `onrecord {name}`? {search}")
        }
        _ => search,
    };
    exit::Failure::usage(format!("`{word}` is not a command")).help(help)
}

/// A query that begins with a word to leave out looks like flags of one letter, of which clap names the first.
fn left_out(flag: &str, args: &[OsString]) -> Option<exit::Failure> {
    let is_short = flag.starts_with('-') && !flag.starts_with("--") && flag.chars().count() == 2;
    let word = args
        .iter()
        .filter_map(|arg| arg.to_str())
        .find(|arg| arg.starts_with(flag) && arg.len() > flag.len())?;
    let quoted = crate::text::shell_quoted(word);
    let help = format!("a query that leaves a word out stands last, behind --: onrecord search -- {quoted}");
    is_short.then(|| exit::Failure::usage(format!("`{word}` is not a flag")).help(help))
}
