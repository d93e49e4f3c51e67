//! `help TOPIC`, shell completions and the manual page.

use std::io::Write;

use clap::CommandFactory;

use super::args::{Cli, CompletionsArgs, HelpArgs};
use super::exit::{FOUND, Failure};
use super::terminal;

/// Topics and their texts; `query` and `fields` come from the query language itself.
const TOPICS: &[(&str, &str)] = &[
    ("query", include_str!("help/query.txt")),
    ("fields", include_str!("help/fields.txt")),
    ("dates", include_str!("help/dates.txt")),
    ("formats", include_str!("help/formats.txt")),
    ("index", include_str!("help/index.txt")),
    ("config", include_str!("help/config.txt")),
    ("exit-codes", include_str!("help/exit-codes.txt")),
    ("accessibility", include_str!("help/accessibility.txt")),
];

/// `help`: a topic, a command, or the short help.
///
/// # Errors
/// An unknown topic.
pub fn run(args: &HelpArgs, pager: Option<&str>) -> anyhow::Result<u8> {
    let Some(topic) = args.topic.as_deref() else {
        terminal::page(&Cli::command().render_help().to_string(), pager, false)?;
        return Ok(FOUND);
    };
    if let Some((_, text)) = TOPICS.iter().find(|(name, _)| *name == topic) {
        terminal::page(text, pager, false)?;
        return Ok(FOUND);
    }
    let mut command = Cli::command();
    command.build();
    if let Some(found) = command.find_subcommand_mut(topic) {
        terminal::page(&found.render_long_help().to_string(), pager, false)?;
        return Ok(FOUND);
    }
    let topics: Vec<&str> = TOPICS.iter().map(|(name, _)| *name).collect();
    let commands: Vec<&str> = command.get_subcommands().map(clap::Command::get_name).collect();
    Err(Failure::usage(format!("no help on `{topic}`"))
        .help(format!("topics: {}\ncommands: {}", topics.join(", "), commands.join(", ")))
        .into())
}

/// `completions`: a script for the shell on standard output.
///
/// # Errors
/// Those of writing.
pub fn completions(args: &CompletionsArgs) -> anyhow::Result<u8> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "onrecord", &mut script);
    std::io::stdout().write_all(&script)?;
    Ok(FOUND)
}

/// `man`: the manual page, in roff, on standard output.
///
/// # Errors
/// Those of writing.
pub fn man() -> anyhow::Result<u8> {
    let mut page = Vec::new();
    clap_mangen::Man::new(Cli::command()).render(&mut page)?;
    std::io::stdout().write_all(&page)?;
    Ok(FOUND)
}

/// The short help on standard error, for a call without a command outside a terminal.
pub fn short() -> String {
    Cli::command().render_help().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn topics_fit_a_screen_in_width() {
        for (topic, text) in TOPICS {
            assert!(!text.trim().is_empty(), "{topic}");
            for line in text.lines() {
                assert!(line.chars().count() <= 80, "{topic}: {line}");
            }
        }
    }
}
