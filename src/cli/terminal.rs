//! What the streams are connected to, and what may be written there.

use std::io::{self, IsTerminal, Write};
use std::process::{Command, Stdio};

use super::args::When;
use crate::output::Style;

/// The style for standard output.
pub fn stdout_style(when: Option<When>) -> Style {
    style_for(when, io::stdout().is_terminal())
}

/// The style for standard error.
pub fn stderr_style(when: Option<When>) -> Style {
    style_for(when, io::stderr().is_terminal())
}

fn style_for(when: Option<When>, is_terminal: bool) -> Style {
    let color = color_wanted(when, is_terminal, &|name| std::env::var(name).ok());
    let dumb = std::env::var("TERM").is_ok_and(|term| term == "dumb");
    Style {
        color,
        links: color && is_terminal && !dumb && links_known(),
        width: if is_terminal { columns() } else { told_columns().unwrap_or(0) },
        unicode: unicode_wanted(),
    }
}

/// What `COLUMNS` says, for output that is no terminal and has no edge of its own.
fn told_columns() -> Option<usize> {
    std::env::var("COLUMNS").ok()?.parse().ok().filter(|columns| *columns >= 20)
}

/// Colour, by the first that speaks: the flag, `NO_COLOR`, `FORCE_COLOR` or `CLICOLOR_FORCE`, `TERM=dumb` or unset,
/// `CLICOLOR=0`, whether the stream is a terminal.
fn color_wanted(when: Option<When>, is_terminal: bool, env: &dyn Fn(&str) -> Option<String>) -> bool {
    let set = |name: &str| env(name).is_some_and(|value| !value.is_empty());
    let on =
        |name: &str| env(name).is_some_and(|value| !value.is_empty() && value != "0" && value != "false");
    match when {
        Some(When::Always) => true,
        Some(When::Never) => false,
        _ if set("NO_COLOR") => false,
        _ if on("FORCE_COLOR") || on("CLICOLOR_FORCE") => true,
        _ if env("TERM").is_none_or(|term| term == "dumb" || term.is_empty()) => false,
        _ if env("CLICOLOR").is_some_and(|value| value == "0") => false,
        _ => is_terminal,
    }
}

/// Terminals known to understand links; others print them as text or worse.
fn links_known() -> bool {
    let var = |name: &str| std::env::var(name).unwrap_or_default();
    let forced = std::env::var("FORCE_HYPERLINK").ok();
    if let Some(forced) = forced {
        return forced != "0" && !forced.is_empty();
    }
    let vte = var("VTE_VERSION").parse::<u32>().is_ok_and(|version| version >= 5000);
    vte || var("TERM").contains("kitty")
        || !var("WT_SESSION").is_empty()
        || matches!(var("TERM_PROGRAM").as_str(), "iTerm.app" | "WezTerm" | "ghostty" | "vscode")
}

/// Whether the locale can show characters beyond ASCII.
pub fn unicode_wanted() -> bool {
    if std::env::var("TERM").is_ok_and(|term| term == "linux") {
        return false;
    }
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
        .into_iter()
        .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()));
    locale.is_some_and(|locale| {
        let locale = locale.to_ascii_lowercase();
        locale.contains("utf-8") || locale.contains("utf8")
    })
}

/// Columns of the terminal: `COLUMNS`, else asked, else 80.
pub fn columns() -> usize {
    let said = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    said.or_else(|| size().map(|(_, columns)| columns)).filter(|columns| *columns > 0).unwrap_or(80)
}

/// Rows and columns of the terminal, when standard output or standard error is one.
pub fn size() -> Option<(usize, usize)> {
    let (columns, rows) = terminal_size::terminal_size()?;
    Some((usize::from(rows.0), usize::from(columns.0)))
}

/// Shows `text`: through the pager when standard output is a terminal and the text is longer than the screen.
///
/// # Errors
/// Those of writing.
pub fn page(text: &str, pager: Option<&str>, no_pager: bool) -> io::Result<()> {
    let rows = size().map_or(24, |(rows, _)| rows);
    let long = text.lines().count() >= rows;
    if no_pager || !long || !io::stdout().is_terminal() {
        return io::stdout().write_all(text.as_bytes());
    }
    let command = pager.unwrap_or("less -R");
    let mut words = command.split_whitespace();
    let Some(program) = words.next() else { return io::stdout().write_all(text.as_bytes()) };
    let child = Command::new(program).args(words).stdin(Stdio::piped()).spawn();
    let Ok(mut child) = child else { return io::stdout().write_all(text.as_bytes()) };
    if let Some(mut stdin) = child.stdin.take() {
        match stdin.write_all(text.as_bytes()) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => return Err(error),
            _ => {}
        }
    }
    child.wait().map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(when: Option<When>, is_terminal: bool, vars: &[(&str, &str)], expected: bool) {
        let env =
            |name: &str| vars.iter().find(|(var, _)| *var == name).map(|(_, value)| (*value).to_owned());
        assert_eq!(color_wanted(when, is_terminal, &env), expected, "{when:?} {is_terminal} {vars:?}");
    }

    #[test]
    fn decides_on_colour_by_the_first_that_speaks() {
        check(None, true, &[("TERM", "xterm")], true);
        check(None, false, &[("TERM", "xterm")], false);
        check(None, true, &[("TERM", "xterm"), ("NO_COLOR", "1")], false);
        check(None, true, &[("TERM", "xterm"), ("NO_COLOR", "")], true);
        check(None, false, &[("FORCE_COLOR", "1")], true);
        check(None, true, &[("TERM", "dumb")], false);
        check(None, true, &[("TERM", "xterm"), ("CLICOLOR", "0")], false);
        check(Some(When::Always), false, &[("NO_COLOR", "1")], true);
        check(Some(When::Never), true, &[("FORCE_COLOR", "1"), ("TERM", "xterm")], false);
    }
}
