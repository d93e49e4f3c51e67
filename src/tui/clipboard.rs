//! Copying: the local clipboard, tmux, the terminal's own (OSC 52), else a file; always says which.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

/// Largest text that terminals take by OSC 52.
const MOST_OSC52: usize = 74_000;

/// Programs that set the clipboard of a local desktop, with the variable that tells that desktop.
const PROGRAMS: &[(&str, &str, &[&str])] = &[
    ("WAYLAND_DISPLAY", "wl-copy", &[]),
    ("DISPLAY", "xclip", &["-selection", "clipboard"]),
    ("DISPLAY", "xsel", &["--clipboard", "--input"]),
    ("", "pbcopy", &[]),
];

/// Copies `text`; says where it went. `terminal` is what the screen is drawn on.
///
/// # Errors
/// In words, when nothing took it.
pub fn copy(text: &str, state_folder: &Path, mut terminal: &mut dyn Write) -> Result<String, String> {
    let remote = std::env::var_os("SSH_CONNECTION").is_some();
    if !remote {
        for (variable, program, args) in PROGRAMS {
            let desktop =
                variable.is_empty() && cfg!(target_os = "macos") || std::env::var_os(variable).is_some();
            if desktop && piped(program, args, text) {
                return Ok(format!("{program}: clipboard"));
            }
        }
    }
    if std::env::var_os("TMUX").is_some() && piped("tmux", &["load-buffer", "-w", "-"], text) {
        return Ok("tmux buffer".to_owned());
    }
    let dumb = std::env::var("TERM").is_ok_and(|term| term == "dumb" || term == "linux");
    if text.len() <= MOST_OSC52 && !dumb && std::env::var_os("TMUX").is_none() {
        let copy = crossterm::clipboard::CopyToClipboard::to_clipboard_from(text);
        if crossterm::execute!(&mut terminal, copy).is_ok() {
            return Ok("terminal clipboard, OSC 52".to_owned());
        }
    }
    let path = state_folder.join("copied.txt");
    let written = std::fs::create_dir_all(state_folder).and_then(|()| std::fs::write(&path, text));
    match written {
        Ok(()) => Ok(format!("file {}", path.display())),
        Err(error) => Err(format!("{}: {error}", path.display())),
    }
}

fn piped(program: &str, args: &[&str], text: &str) -> bool {
    let child = Command::new(program)
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    let Ok(mut child) = child else { return false };
    let written = child.stdin.take().is_some_and(|mut stdin| stdin.write_all(text.as_bytes()).is_ok());
    written && child.wait().is_ok_and(|status| status.success())
}
