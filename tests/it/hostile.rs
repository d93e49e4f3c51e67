//! Bad files, bad bytes, bad queries, and text that would take over a terminal.

use std::process::Stdio;

use crate::support::{Home, stderr, stdout};

/// What no command may print, whatever the articles say: C0 but for tab and line feed, DEL, C1, bidi, zero-width.
fn unsafe_in(text: &str) -> Option<char> {
    text.chars().find(|c| {
        (c.is_control() && !matches!(c, '\n' | '\t'))
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    })
}

const PAYLOAD: &str = "Pay\u{1b}[31mload\u{1b}]0;owned\u{7} \u{9b}2J mark\u{202e}et le\u{200b}vy \u{1b}]8;;http://x\u{1b}\\link \u{7f}\u{8}end";

#[test]
fn article_text_never_reaches_the_terminal_raw() {
    let home = Home::new();
    let line = serde_json::json!({
        "id": format!("id{PAYLOAD}"), "title": format!("Levy {PAYLOAD}"),
        "text": format!("\u{201c}The levy {PAYLOAD},\u{201d} said Ana {PAYLOAD} Duarte, the minister.\n\nMore words about the levy stand here."),
        "author": [format!("Bo {PAYLOAD} Lind")], "site_name": format!("Daily {PAYLOAD} Ledger"), "publish_date": "2031-02-03",
        "url": format!("https://ledger.example/{PAYLOAD}"),
    });
    home.write("news/page.jsonl", format!("{line}\n"));
    let corpus = home.path("news");
    let corpus = corpus.to_str().unwrap();
    let commands: &[&[&str]] = &[
        &["search", "levy"],
        &["search", "levy", "-f", "table", "--facets", "outlet,speaker", "--explain"],
        &["search", "levy", "-f", "lines"],
        &["search", "levy", "-f", "csv"],
        &["search", "levy", "-f", "tsv"],
        &["search", "levy", "-f", "jsonl"],
        &["search", "levy", "-f", "md"],
        &["search", "levy", "-f", "bibtex"],
        &["search", "levy", "-f", "ris"],
        &["search", "levy", "-f", "csl-json"],
        &["search", "levy", "--template", "{headline} {outlet} {snippet}"],
        &["quotes", "levy", "-f", "table"],
        &["quotes", "levy", "-f", "table", "--variants"],
        &["quotes", "levy", "-f", "jsonl"],
        &["count", "levy", "--by", "outlet", "-f", "table"],
        &["count", "--by", "author", "-f", "csv"],
        &["status"],
        &["skipped"],
    ];
    for args in commands {
        let output = home.run(&[args, &["--corpus", corpus][..]].concat());
        for text in [stdout(&output), stderr(&output)] {
            assert_eq!(unsafe_in(&text), None, "{args:?}: {text:?}");
        }
    }
    let id = home.ok(&["search", "levy", "-f", "ids", "--corpus", corpus]);
    for args in
        [&["show", id.trim()][..], &["show", id.trim(), "--furniture", "--explain"], &["cite", id.trim()]]
    {
        let output = home.run(&[args, &["--corpus", corpus][..]].concat());
        assert_eq!(unsafe_in(&stdout(&output)), None, "{args:?}");
    }
    let output = home.run(&["extract", corpus, "--explain"]);
    assert_eq!(unsafe_in(&stdout(&output)), None);
}

#[test]
fn queries_and_paths_in_messages_are_made_safe() {
    let home = Home::new();
    let output = home.run(&["search", "\u{1b}[31m(", "--corpus", "sample-corpus", "-q"]);
    assert_eq!(unsafe_in(&stderr(&output)), None, "{:?}", stderr(&output));
    let output = home.run(&["search", "x", "--index", "no\u{1b}[31m\u{202e}such"]);
    assert_eq!(unsafe_in(&stderr(&output)), None, "{:?}", stderr(&output));
}

#[test]
fn every_bad_record_is_named_and_its_neighbours_are_indexed() {
    let home = Home::new();
    let story = |n: u32| {
        format!(
            "{{\"id\":\"s{n}\",\"title\":\"Story {n}\",\"text\":\"Story number {n} tells of the harbour and its levy at length.\"}}"
        )
    };
    let lines = format!(
        "{}\n{{\"title\": \"cut off\n[1,2,3]\n{}\n\"text only\"\n{{\"foo\":\"bar\"}}\n{}\n",
        story(1),
        story(2),
        story(3)
    );
    home.write("news/mixed.jsonl", lines);
    home.write("news/empty.txt", "");
    home.write(
        "news/picture.txt",
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0".as_slice(),
    );
    home.write(
        "news/utf16.txt",
        "\u{feff}Harbour notes\n\nThe harbour was quiet, the master said, and the levy was paid by noon.\n"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect::<Vec<u8>>(),
    );
    home.write("news/cp1252.txt", b"Old page\n\nThe \x93harbour\x94 stayed open, the master said, and the caf\xe9 by the levy office too.\n".as_slice());
    home.write("news/bomb.json", "[".repeat(100_000));
    let corpus = home.path("news");
    let output = home.run(&["search", "harbour", "--json", "--all", "--corpus", corpus.to_str().unwrap()]);
    let text = stdout(&output);
    assert_eq!(text.lines().count(), 5, "three stories and two pages: {text}\n{}", stderr(&output));
    assert!(text.contains("café") || text.contains("caf\\u00e9"), "{text}");
    let skipped = home.run(&["skipped", "-f", "lines", "--corpus", corpus.to_str().unwrap()]);
    let list = stdout(&skipped);
    for place in ["mixed.jsonl\t2", "mixed.jsonl\t6", "empty.txt", "picture.txt", "bomb.json"] {
        assert!(list.contains(place), "{place} in {list}");
    }
}

#[cfg(unix)]
#[test]
fn pipes_loops_and_closed_folders_do_no_harm() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let home = Home::new();
    home.write(
        "news/a.txt",
        "Harbour opens\n\nThe harbour opened on Monday and the levy was paid by noon, they said.\n",
    );
    symlink(home.path("news"), home.path("news/loop")).unwrap();
    symlink(home.path("nowhere"), home.path("news/dead")).unwrap();
    let fifo = home.path("news/pipe");
    let made = std::process::Command::new("mkfifo").arg(&fifo).stderr(Stdio::null()).status();
    assert!(made.is_ok_and(|status| status.success()));
    std::fs::create_dir(home.path("news/closed")).unwrap();
    std::fs::set_permissions(home.path("news/closed"), std::fs::Permissions::from_mode(0o000)).unwrap();
    let corpus = home.path("news");
    let output = home.run(&["search", "harbour", "--json", "-q", "--corpus", corpus.to_str().unwrap()]);
    std::fs::set_permissions(home.path("news/closed"), std::fs::Permissions::from_mode(0o700)).unwrap();
    assert_eq!(stdout(&output).lines().count(), 1, "{}", stderr(&output));
}

#[test]
fn no_query_is_too_strange() {
    let home = Home::new();
    home.ok(&["search", "treaty", "--corpus", "sample-corpus", "-q"]);
    let deep = "(".repeat(3_000);
    let long = "a ".repeat(3_000);
    let nots = "NOT ".repeat(900);
    let strange = [
        "\"",
        "(",
        ")",
        "a AND",
        "OR",
        "NOT",
        "-",
        "*",
        "~",
        "a w/ b",
        "a w/5",
        "date:",
        "date:2021-99",
        "said(",
        "\u{1}",
        "https://example.org/a?b=c",
        "a:b:c",
        "::",
        "=",
        "[]",
        "{}",
        "\\",
        "é\u{301}",
        "atleast0(x)",
        "\"\"",
        "''",
        &deep,
        &long,
        &nots,
    ];
    for query in strange {
        let output = home.run(&["search", "--corpus", "sample-corpus", "-q", "--", query]);
        let code = output.status.code();
        assert!(
            matches!(code, Some(0..=2)),
            "{:?}: {code:?} {}",
            &query[..query.len().min(20)],
            stderr(&output)
        );
        assert!(!stderr(&output).contains("panicked"), "{}", stderr(&output));
    }
}

#[cfg(unix)]
#[test]
fn index_files_are_private() {
    use std::os::unix::fs::PermissionsExt;
    let home = Home::new();
    let dir = home.path("index");
    home.ok(&["index", "sample-corpus", "-q", "--index", dir.to_str().unwrap()]);
    let mut folders = vec![dir];
    while let Some(folder) = folders.pop() {
        let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o077;
        assert_eq!(mode(&folder), 0, "{}", folder.display());
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            }
        }
    }
}
