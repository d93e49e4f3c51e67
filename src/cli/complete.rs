//! Shell completions: the script, and the values of outlets, speakers and authors it asks for.
//!
//! In: a shell; or a field, the beginning of a value and the words of the command line so far. Out: text on standard
//! output. Values come from the index as it stands: nothing is built or refreshed, and any failure gives none.

use std::io::Write;
use std::path::PathBuf;

use clap::CommandFactory;
use clap_complete::Shell;

use super::args::{Cli, CompleteArgs, CompletionsArgs, GlobalArgs};
use super::exit::FOUND;
use super::{Context, locate};
use crate::engine::SearchBackend;
use crate::text;

/// Flags whose values are looked up, with the field.
const FLAGS: [(&str, &str); 6] = [
    ("outlet", "outlet"),
    ("not-outlet", "outlet"),
    ("speaker", "speaker"),
    ("not-speaker", "speaker"),
    ("author", "author"),
    ("not-author", "author"),
];

/// Values offered at most.
const OFFERED: usize = 100;

/// `completions`: a script for the shell on standard output.
///
/// # Errors
/// Those of writing.
pub fn script(args: &CompletionsArgs) -> anyhow::Result<u8> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "onrecord", &mut script);
    let script = String::from_utf8_lossy(&script);
    std::io::stdout().write_all(with_values(args.shell, &script).as_bytes())?;
    Ok(FOUND)
}

/// The script with values looked up where the shell lets us.
fn with_values(shell: Shell, script: &str) -> String {
    match shell {
        Shell::Bash => bash(script),
        Shell::Zsh => zsh(script),
        Shell::Fish => fish(script),
        _ => script.to_owned(),
    }
}

fn bash(script: &str) -> String {
    let mut out = String::from(
        "_onrecord_values() {\n    local value\n    COMPREPLY=()\n    while IFS= read -r value; do\n        \
         COMPREPLY+=(\"$(printf '%q' \"$value\")\")\n    \
         done < <(onrecord complete-values \"$1\" \"$2\" \"${COMP_WORDS[@]:1}\" 2>/dev/null)\n}\n\n",
    );
    let mut field = None;
    for line in script.lines() {
        let flag = line.trim().strip_prefix("--").and_then(|line| line.strip_suffix(')'));
        if let Some(flag) = flag {
            field = FLAGS.iter().find(|(name, _)| *name == flag).map(|(_, field)| *field);
        }
        match field.filter(|_| line.contains("compgen -f")) {
            Some(name) => {
                let indent = &line[..line.len() - line.trim_start().len()];
                out.push_str(&format!("{indent}_onrecord_values {name} \"${{cur}}\"\n"));
                field = None;
            }
            None => {
                out.push_str(line);
                out.push('\n');
            }
        }
    }
    out
}

fn zsh(script: &str) -> String {
    let mut out = String::new();
    for line in script.lines() {
        let field = FLAGS.iter().find(|(flag, _)| line.contains(&format!("--{flag}=[")));
        match field {
            Some((_, field)) => {
                out.push_str(&line.replace(":NAME:_default", &format!(":NAME:_onrecord_values {field}")));
            }
            None => out.push_str(line),
        }
        out.push('\n');
        if line.starts_with("autoload -U is-at-least") {
            out.push_str(
                "\n_onrecord_values() {\n    local -a found\n    \
                 found=(\"${(@f)$(onrecord complete-values ${@[-1]} \"$PREFIX\" \"${(@)words[2,-1]}\" 2>/dev/null)}\")\n    \
                 compadd -U -a found\n}\n",
            );
        }
    }
    out
}

fn fish(script: &str) -> String {
    let mut out = script.to_owned();
    for (flag, field) in FLAGS {
        out.push_str(&format!(
            "complete -c onrecord -n \"__fish_onrecord_using_subcommand search quotes count tui\" -l {flag} -x \
             -a \"(onrecord complete-values {field} (commandline -ct) (commandline -opc)[2..] 2>/dev/null)\"\n"
        ));
    }
    out
}

/// `complete-values`: values of a field that begin so, or have a word that does; most frequent first.
///
/// # Errors
/// Those of writing.
pub fn values(context: &Context, args: &CompleteArgs) -> anyhow::Result<u8> {
    let mut global = context.global.clone();
    choose_index(&mut global, &args.words);
    let context = Context { global, settings: context.settings.clone(), names: context.names.clone() };
    let found = locate::place(&context)
        .and_then(|place| locate::open_at(&context, &place.dir))
        .and_then(|index| Ok(index.values(args.field.into())?))
        .unwrap_or_default();
    let wanted = text::fold(args.begin.trim_matches(['"', '\''])).replace('\\', "");
    let names = found.into_iter().filter_map(|count| count.value);
    let mut out = String::new();
    for name in names.filter(|name| begins(&text::fold(name), &wanted)).take(OFFERED) {
        out.push_str(&text::sanitize(&name));
        out.push('\n');
    }
    std::io::stdout().write_all(out.as_bytes())?;
    Ok(FOUND)
}

/// Whether a folded name, or what follows one of its spaces, begins with `wanted`.
fn begins(name: &str, wanted: &str) -> bool {
    name.starts_with(wanted) || name.match_indices(' ').any(|(at, _)| name[at + 1..].starts_with(wanted))
}

/// The index that the command line so far names.
fn choose_index(global: &mut GlobalArgs, words: &[String]) {
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let (flag, value) = match word.split_once('=') {
            Some((flag, value)) => (flag, Some(value.to_owned())),
            None => (word.as_str(), None),
        };
        if !matches!(flag, "--index" | "--corpus") {
            continue;
        }
        let Some(value) = value.or_else(|| words.next().cloned()) else { break };
        let path = PathBuf::from(value.trim_matches(['"', '\'']).replace('\\', ""));
        if flag == "--index" {
            global.index = Some(path);
        } else {
            global.corpus.push(path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_look_values_up() {
        for (shell, calls) in [
            (Shell::Bash, "_onrecord_values"),
            (Shell::Zsh, "_onrecord_values"),
            (Shell::Fish, "complete-values"),
        ] {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "onrecord", &mut script);
            let script = with_values(shell, &String::from_utf8(script).unwrap());
            for field in ["outlet", "speaker", "author"] {
                assert!(script.contains(&format!("{calls} {field}")), "{shell} {field}");
            }
        }
    }

    #[test]
    fn values_begin_at_any_word() {
        assert!(begins("ada moreau", "mor"));
        assert!(begins("ada moreau", "ada m"));
        assert!(!begins("ada moreau", "oreau"));
    }

    #[test]
    fn the_line_so_far_names_the_index() {
        let words = ["search", "--index", "a\\ b", "--corpus=c", "--speaker"].map(str::to_owned);
        let mut global = GlobalArgs::default();
        choose_index(&mut global, &words);
        assert_eq!(global.index, Some(PathBuf::from("a b")));
        assert_eq!(global.corpus, [PathBuf::from("c")]);
    }
}
