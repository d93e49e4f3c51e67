//! `config` and `doctor`: what is set, where it comes from, and whether everything is in order.

use std::io::{IsTerminal, Write};
use std::path::Path;

use anyhow::Context as _;

use super::args::ConfigArgs;
use super::exit::{FOUND, Failure, NO_INDEX};
use super::settings::{KEYS, env_path};
use super::{Context, locate, terminal};
use crate::engine::SearchBackend;
use crate::output::{counted, grouped};
use crate::text::sanitize;

const TEMPLATE: &str = include_str!("help/config-template.toml");

/// Runs `config`.
///
/// # Errors
/// A file that is there already (`--init`), or cannot be written.
pub fn run(context: &Context, args: &ConfigArgs) -> anyhow::Result<u8> {
    let settings = &context.settings;
    let out = &mut std::io::stdout().lock();
    if args.path {
        writeln!(out, "{}", settings.config_path.display())?;
        return Ok(FOUND);
    }
    if args.init {
        if settings.config_path.exists() {
            return Err(Failure::usage(format!("{} is there already", settings.config_path.display())).into());
        }
        let place = || format!("writing {}", settings.config_path.display());
        if let Some(dir) = settings.config_path.parent() {
            std::fs::create_dir_all(dir).with_context(place)?;
        }
        std::fs::write(&settings.config_path, TEMPLATE).with_context(place)?;
        writeln!(out, "wrote {}", settings.config_path.display())?;
        return Ok(FOUND);
    }
    let state = |path: &Path| if path.is_file() { "" } else { "  (not there)" };
    let aliases = settings.aliases_path();
    writeln!(out, "file      {}{}", settings.config_path.display(), state(&settings.config_path))?;
    writeln!(out, "aliases   {}{}", aliases.display(), state(&aliases))?;
    match &settings.project_path {
        Some(path) => writeln!(out, "project   {}", path.display())?,
        None => writeln!(out, "project   none ({} upwards from here)", super::settings::PROJECT_FILE)?,
    }
    let place = locate::place(context)?;
    writeln!(out, "index     {}  ({})", place.dir.display(), place.because)?;
    writeln!(out, "state     {}", settings.folders.state.display())?;
    for name in ["ONRECORD_INDEX", "ONRECORD_CONFIG", "ONRECORD_PAGER", "ONRECORD_EDITOR", "ONRECORD_BROWSER"]
    {
        if let Some(value) = env_path(name) {
            writeln!(out, "{name}={}", sanitize(&value.to_string_lossy()))?;
        }
    }
    writeln!(out, "\nkeys of the file (onrecord help config explains them):")?;
    for (table, keys) in KEYS.iter().filter(|(_, keys)| !keys.is_empty()) {
        writeln!(out, "  [{table}]  {}", keys.join("  "))?;
    }
    Ok(FOUND)
}

/// Runs `doctor`: one line for each thing that can be wrong, with what to do.
///
/// # Errors
/// Those of writing.
pub fn doctor(context: &Context) -> anyhow::Result<u8> {
    let out = &mut std::io::stdout().lock();
    let mut code = FOUND;
    writeln!(out, "onrecord  {}", env!("CARGO_PKG_VERSION"))?;
    let place = locate::place(context)?;
    match locate::open_at(context, &place.dir).and_then(|index| Ok((index.info()?, index))) {
        Ok((info, _)) => {
            writeln!(
                out,
                "index     ok: {}, {} in {}",
                counted(info.articles, "article"),
                counted(info.quotes, "quote"),
                place.dir.display()
            )?;
            writeln!(
                out,
                "          state {}, {} MB",
                info.generation,
                grouped(info.size_bytes / 1_000_000)
            )?;
        }
        Err(error) => {
            writeln!(out, "index     {}", sanitize(&error.to_string()))?;
            writeln!(out, "          build one: onrecord index FOLDER")?;
            code = NO_INDEX;
        }
    }
    let writable = writable(&place.dir);
    writeln!(
        out,
        "folder    {}",
        if writable { "can be written" } else { "read only: searching works, indexing does not" }
    )?;
    let term = std::env::var("TERM").unwrap_or_else(|_| "not set".to_owned());
    let stream = if std::io::stdout().is_terminal() { "a terminal" } else { "not a terminal" };
    writeln!(
        out,
        "terminal  TERM={}, standard output is {stream}, {} columns",
        sanitize(&term),
        terminal::columns()
    )?;
    let style = context.style();
    writeln!(out, "          colour {}, unicode {}", yes(style.color), yes(style.unicode))?;
    writeln!(
        out,
        "editor    {}",
        sanitize(&context.settings.editor().unwrap_or_else(|| "none: set $EDITOR".to_owned()))
    )?;
    writeln!(
        out,
        "pager     {}",
        sanitize(&context.settings.pager().unwrap_or_else(|| "less -R".to_owned()))
    )?;
    let aliases = context.settings.aliases_path();
    match locate::authority(context) {
        Ok(_) if aliases.is_file() => writeln!(out, "aliases   ok: {}", aliases.display())?,
        Ok(_) => writeln!(out, "aliases   none of your own ({})", aliases.display())?,
        Err(error) => writeln!(out, "aliases   {}", sanitize(&error.to_string()))?,
    }
    for note in &context.settings.notes {
        writeln!(out, "config    {}", sanitize(note))?;
    }
    Ok(code)
}

fn yes(on: bool) -> &'static str {
    if on { "on" } else { "off" }
}

/// Whether a file can be made in `dir`, or in the nearest folder above it that exists.
fn writable(dir: &Path) -> bool {
    let there = dir.ancestors().find(|dir| dir.is_dir());
    there.is_some_and(|dir| tempfile::tempfile_in(dir).is_ok())
}
