//! `help TOPIC` and the manual page.

use std::io::Write;

use clap::CommandFactory;

use super::args::{Cli, HelpArgs};
use super::exit::{FOUND, Failure};
use super::terminal;
use crate::query::fields;

/// Topics and their texts.
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
    if let Some(text) = topic_text(topic) {
        terminal::page(&text, pager, false)?;
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

/// The text of a topic. The table of fields is the query language's own.
fn topic_text(topic: &str) -> Option<String> {
    let (_, text) = TOPICS.iter().find(|(name, _)| *name == topic)?;
    Some(if topic == "fields" { format!("{}{text}", fields::help()) } else { (*text).to_owned() })
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
    fn every_date_of_the_help_is_one() {
        let text = topic_text("dates").unwrap();
        let today = jiff::civil::date(2031, 3, 14);
        let mut n_dates = 0;
        for line in text.lines().filter(|line| line.starts_with("  ")) {
            // Two spaces separate the examples of a line, a wider gap the remark behind them.
            let examples = line.trim_start().split("   ").find(|part| !part.is_empty()).unwrap_or("");
            for example in examples.split("  ") {
                let example = example.trim().trim_matches('"');
                assert!(crate::query::dates::parse_range(example, today).is_ok(), "{example}");
                n_dates += 1;
            }
        }
        assert!(n_dates > 25);
    }

    #[test]
    fn topics_fit_a_screen_in_width() {
        for (topic, _) in TOPICS {
            let text = topic_text(topic).unwrap();
            assert!(!text.trim().is_empty(), "{topic}");
            for line in text.lines() {
                assert!(line.chars().count() <= 80, "{topic}: {line}");
            }
        }
    }
}
