//! What must hold for any bytes: of a query, of a file, of an article's text, of anything that is shown.
//!
//! Each law takes bytes and panics where it is broken. The tests beside feed it kept and mutated inputs, the targets of
//! `cargo fuzz` (`tests/fuzz`) those that reach new code.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use jiff::civil::Date;
use onrecord::corpus::{self, ReadOptions};
use onrecord::extract;
use onrecord::lexicon::Lexicon;
use onrecord::model::{Article, Quote, RawArticle, Span};
use onrecord::query;
use onrecord::quotes;
use onrecord::schema::{Origin, documents};
use onrecord::text;

const TODAY: Date = Date::constant(2031, 5, 17);

/// A law.
pub type Law = fn(&[u8]);

/// The laws by name. A file's law is told by the name the file is read under.
pub const LAWS: [(&str, Law); 4] =
    [("query", query_law), ("files", files_law), ("quotes", quotes_law), ("terminal", terminal_law)];

/// A query is read or refused; what was read is printed so that it reads the same, unless it is too long then (a group of
/// a field is printed as its words, each with the field); a half-typed one is always read.
pub fn query_law(bytes: &[u8]) {
    let input = String::from_utf8_lossy(bytes);
    let cursor = input.floor_char_boundary(input.len() / 2);
    let _ = query::parse_typing(&input, cursor, TODAY);
    let Ok(parsed) = query::parse(&input, TODAY) else { return };
    let printed = query::print(&parsed.query);
    match query::parse(&printed, TODAY) {
        Ok(again) => assert_eq!(again.query, parsed.query, "printed as {printed:?}"),
        Err(_) if printed.len() > query::MAX_BYTES => {}
        Err(errors) => panic!("printed as {printed:?}, which is refused: {errors:?}"),
    }
}

/// Endings of names that formats are told by.
const NAMES: [&str; 10] =
    ["a.txt", "a.md", "a.html", "a.json", "a.jsonl", "a.csv", "a.tsv", "a.xml", "a.warc", "a.jsonl.gz"];

/// A file of any name and content gives records; each is refused or becomes an article whose places are in its text.
///
/// The first byte chooses the name.
pub fn files_law(bytes: &[u8]) {
    let Some((first, content)) = bytes.split_first() else { return };
    let name = NAMES[usize::from(*first) % NAMES.len()];
    let Ok(records) =
        corpus::read_stream(std::io::Cursor::new(content.to_vec()), name, &ReadOptions::default())
    else {
        return;
    };
    for raw in records.filter_map(Result::ok) {
        record_law(&raw);
    }
}

fn record_law(raw: &RawArticle) {
    let Ok(extracted) = extract::article(raw, Lexicon::embedded()) else { return };
    let article = extracted.article;
    check_article(&article);
    let quotes = quotes::find(&article, Lexicon::embedded());
    check_quotes(&article, &quotes);
    let block = documents::block(&article, &quotes, &Origin::default());
    assert_eq!(block.len(), quotes.len() + 1);
}

/// An article's text of any content gives quotes whose places are in it.
pub fn quotes_law(bytes: &[u8]) {
    let body = String::from_utf8_lossy(bytes).into_owned();
    let mut paragraphs = Vec::new();
    let mut start = 0;
    for line in body.split('\n') {
        if !line.is_empty() {
            paragraphs.push(Span::new(start, start + line.len()));
        }
        start += line.len() + 1;
    }
    let article = Article { id: "00000000000000aa".to_owned(), body, paragraphs, ..Article::default() };
    let quotes = quotes::find(&article, Lexicon::embedded());
    check_quotes(&article, &quotes);
    documents::block(&article, &quotes, &Origin::default());
}

fn check_article(article: &Article) {
    let mut end = 0;
    for span in &article.paragraphs {
        assert!(span.start >= end && span.end > span.start, "paragraphs out of order: {span:?} after {end}");
        assert!(article.body.get(span.start..span.end).is_some(), "no text under {span:?}");
        end = span.end;
    }
}

fn check_quotes(article: &Article, quotes: &[Quote]) {
    for quote in quotes {
        assert!(!quote.content.is_empty(), "a quote of no words");
        let mut end = 0;
        for span in &quote.content {
            assert!(span.start >= end && span.end > span.start, "content out of order in {quote:?}");
            end = span.end;
        }
        for span in quote.content.iter().chain(&quote.source_span).chain(&quote.cue) {
            assert!(article.body.get(span.start..span.end).is_some(), "no text under {span:?} of {quote:?}");
        }
    }
}

/// What is shown holds nothing that moves a terminal or turns its text around; made safe twice, it is the same.
pub fn terminal_law(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let safe = text::sanitize(&text);
    assert_eq!(safe.chars().find(|c| is_unsafe(*c)), None, "in {safe:?}");
    assert_eq!(text::sanitize(&safe), safe);
}

/// C0 but for tab and line feed, DEL, C1, what changes direction, what has no width.
pub fn is_unsafe(c: char) -> bool {
    (c.is_control() && !matches!(c, '\n' | '\t'))
        || matches!(c,
            '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Pieces that grammars are made of, by law: thrown in, they reach further than bytes would.
pub static PIECES: LazyLock<BTreeMap<&str, Vec<&str>>> = LazyLock::new(|| {
    BTreeMap::from([
        (
            "query",
            vec![
                "(",
                ")",
                "\"",
                "“",
                "”",
                " AND ",
                " OR ",
                " NOT ",
                "-",
                "+",
                "*",
                "?",
                "~",
                "~2",
                "^3",
                " w/5 ",
                " pre/3 ",
                " w/s ",
                " w/p ",
                "said(",
                "atleast3(",
                "speaker:",
                "outlet:",
                "date:",
                "date:2031-02..",
                "date:last-week",
                "headline:",
                "=",
                ":",
                "\\",
                "[",
                "]",
                "{",
                "}",
                "a",
                "é",
                "日",
                "\u{301}",
                "levy",
                "'",
                "’",
                ",",
                ";",
                "/",
                "!",
                "|",
                "&",
                "<",
                ">",
                "https://a.example/b?c=d",
                "\t",
                "\0",
                "\u{202e}",
            ],
        ),
        (
            "files",
            vec![
                "{",
                "}",
                "[",
                "]",
                "\"",
                ":",
                ",",
                "\\u0000",
                "\\ud800",
                "\\",
                "\n",
                "\r\n",
                "\r",
                "\0",
                "<p>",
                "</p>",
                "<div>",
                "<script>",
                "</script>",
                "<!--",
                "-->",
                "<![CDATA[",
                "]]>",
                "<!DOCTYPE",
                "&amp;",
                "&#xD800;",
                "&#x110000;",
                "<item>",
                "<title>",
                "<rss>",
                "WARC/1.0\r\n",
                "Content-Length: 9\r\n\r\n",
                "Content-Length: 99999999999999999999\r\n",
                "WARC-Type: response\r\n",
                "HTTP/1.1 200 OK\r\n",
                "Transfer-Encoding: chunked\r\n",
                "Content-Encoding: gzip\r\n",
                "---\n",
                "title: ",
                "\u{1F}\u{8B}\u{8}",
                "\u{feff}",
                "2031-02-30",
                "\"id\":",
                "\"text\":",
                "\"title\":",
                "\"date\":",
                "By ",
                "© 2031",
                "said",
                "“",
                "”",
                "é",
                "日本",
                "1e999",
                "-0",
                "null",
                "true",
                ";",
                "\t",
                "'",
                "\"\"",
            ],
        ),
        (
            "quotes",
            vec![
                "“",
                "”",
                "\"",
                "‘",
                "’",
                "'",
                "«",
                "»",
                "„",
                " said",
                " said that ",
                " told ",
                ", ",
                ". ",
                "? ",
                "! ",
                "\n",
                "\n\n",
                "Ana Duarte",
                "Duarte",
                "She",
                "the minister",
                "Mr. ",
                "according to ",
                " added",
                ": ",
                "—",
                "...",
                "…",
                "(",
                ")",
                "[",
                "]",
                "Q: ",
                "A: ",
                "é",
                "日本",
                "\u{301}",
                "\u{200b}",
                "\0",
                "-",
                "’s",
                " who ",
                " and ",
                "We will. ",
                "asked",
                "statement",
                "in a tweet",
                "@name",
                "U.S.",
                "1.",
            ],
        ),
        (
            "terminal",
            vec![
                "\u{1b}[",
                "\u{1b}]8;;",
                "\u{7}",
                "\u{9b}",
                "\u{202e}",
                "\u{200b}",
                "\r",
                "\n",
                "\t",
                "é",
                "日",
                "\u{7f}",
                "\u{e0041}",
                "\u{2066}",
            ],
        ),
    ])
});
