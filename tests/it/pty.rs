//! Hostile articles on a real terminal: what the interactive search writes to it, byte by byte, whatever key is pressed.

use std::io::{Read, Write};
use std::sync::mpsc::channel;
use std::time::Duration;

use crate::fuzz::laws::is_unsafe;
use crate::support::Home;

/// What an article says to take over a terminal: colours, titles, links, cursor movements, direction, no width.
const PAYLOAD: &str = "Pay\u{1b}[31mload\u{1b}]0;owned\u{7} \u{9b}2J mark\u{202e}et le\u{200b}vy \
                       \u{1b}]8;;http://evil.example\u{1b}\\link\u{7f}\u{8}\u{1b}c\u{1b}P+q\u{1b}\\\u{2066}end\u{e0041}";

/// Keys that visit every pane and window; none that opens another program.
const KEYS: &[&str] = &[
    "levy", "\r", "j", "l", "\t", "\t", "\t", "\t", "2", "]", "[", "f", "\u{1b}", "s", "\u{1b}", "3", "j",
    " ", "=", ".", "c", "4", "+", " ", "-", "5", "j", "n", "/levy\r", "C", "\u{1b}", "E", "\u{1b}", ":",
    "\u{1b}", "?", "\u{1b}", "1", "\u{14}", "\r", "j", "\r", "\u{12}", "\u{1b}", "u", "U", "r", "\u{c}",
];

/// The screens that `keys` lead to on a terminal of this size, and the bytes that drew them.
fn drawn(home: &Home, corpus: &str, columns: u16, rows: u16, keys: &[&str]) -> (Vec<String>, Vec<u8>) {
    let (mut pty, pts) = pty_process::blocking::open().expect("a terminal");
    pty.resize(pty_process::Size::new(rows, columns)).expect("a size");
    let own = home.command();
    let mut child = pty_process::blocking::Command::new(own.get_program())
        .args(["--corpus", corpus])
        .env_clear()
        .envs(own.get_envs().filter_map(|(key, value)| Some((key, value?))))
        .env("TERM", "xterm-256color")
        .spawn(pts)
        .expect("run onrecord");
    let mut reading =
        std::fs::File::from(std::os::fd::AsFd::as_fd(&pty).try_clone_to_owned().expect("a handle"));
    let (tell, told) = channel::<Vec<u8>>();
    let reader = std::thread::spawn(move || {
        let mut buffer = [0u8; 8192];
        while let Ok(n @ 1..) = reading.read(&mut buffer) {
            if tell.send(buffer[..n].to_vec()).is_err() {
                break;
            }
        }
    });
    let size = |n: u16| std::num::NonZeroU16::new(n).expect("a size");
    let mut screen = vt100::Parser::new(size(rows), size(columns), 0);
    let (mut screens, mut bytes) = (Vec::new(), Vec::new());
    let mut settle = |screen: &mut vt100::Parser, first: Duration| {
        let mut patience = first;
        while let Ok(part) = told.recv_timeout(patience) {
            screen.process(&part);
            bytes.extend_from_slice(&part);
            patience = Duration::from_millis(60);
        }
        screens.push(screen.screen().contents());
    };
    settle(&mut screen, Duration::from_secs(20));
    for key in keys {
        pty.write_all(key.as_bytes()).expect("typed");
        settle(&mut screen, Duration::from_millis(400));
    }
    // Ctrl-C leaves from anywhere; twice, should it first close a window.
    for _ in 0..4 {
        let _ = pty.write_all(b"\x03");
        settle(&mut screen, Duration::from_millis(200));
    }
    let _ = child.kill();
    let _ = child.wait();
    drop(pty);
    let _ = reader.join();
    (screens, bytes)
}

#[test]
fn no_key_brings_an_articles_control_characters_to_the_terminal() {
    let home = Home::new();
    let line = serde_json::json!({
        "id": format!("id{PAYLOAD}"), "title": format!("Levy {PAYLOAD}"),
        "text": format!("\u{201c}The levy {PAYLOAD},\u{201d} said Ana {PAYLOAD} Duarte, the minister.\n\nMore words about the levy stand here."),
        "author": [format!("Bo {PAYLOAD} Lind")], "site_name": format!("Daily {PAYLOAD} Ledger"), "date": "2031-02-03",
        "section": format!("World {PAYLOAD}"), "url": format!("https://ledger.example/{PAYLOAD}"),
    });
    home.write("news/page.jsonl", format!("{line}\n"));
    home.write(
        &format!("news/{}.txt", PAYLOAD.replace('/', "")),
        "Levy opens\n\nThe levy opened on Monday, they said at noon.\n",
    );
    let corpus = home.path("news").display().to_string();
    let mut seen = 0;
    for (columns, rows) in [(120, 40), (60, 16)] {
        let (screens, bytes) = drawn(&home, &corpus, columns, rows, KEYS);
        for text in &screens {
            assert_eq!(text.chars().find(|c| is_unsafe(*c)), None, "{text}");
            seen += usize::from(text.to_lowercase().contains("levy"));
        }
        let text = String::from_utf8_lossy(&bytes);
        // Drawing needs escapes of its own; these are the articles'.
        for theirs in
            ["\u{1b}]0;owned", "\u{1b}]8;;http://evil", "\u{1b}P+q", "\u{1b}c", "\u{7f}", "\u{8}", "\u{7}"]
        {
            assert!(!text.contains(theirs), "{theirs:?} was written to the terminal");
        }
        let own = |c: char| matches!(c, '\u{1b}' | '\r' | '\n' | '\t');
        assert_eq!(text.chars().find(|c| is_unsafe(*c) && !own(*c)), None);
    }
    assert!(seen > KEYS.len(), "the articles were shown: {seen} screens");
}
