//! Every format from bytes to records, and every trap that is known.

use std::io::{self, Cursor, Read, Write};

use proptest::prelude::*;

use super::*;
use crate::model::{NoticeKind, Payload, RawArticle, Rejection, RejectionReason};

type Outcome = Result<RawArticle, Rejection>;

fn read_with(name: &str, bytes: &[u8], options: &ReadOptions) -> (Option<Format>, Vec<Outcome>) {
    match read_stream(Cursor::new(bytes.to_vec()), name, options) {
        Ok(records) => (Some(records.format()), records.collect()),
        Err(rejection) => (None, vec![Err(rejection)]),
    }
}

fn read_all(name: &str, bytes: &[u8]) -> Vec<Outcome> {
    read_with(name, bytes, &ReadOptions::default()).1
}

fn text(article: &RawArticle) -> &str {
    match &article.payload {
        Payload::Html(text) | Payload::Page(text) | Payload::Body(text) => text,
    }
}

/// One line per record: `record: kind [headline] text` or `record: reason`.
#[track_caller]
fn check(name: &str, bytes: &[u8], format: Format, expected: &[&str]) {
    let (found, outcomes) = read_with(name, bytes, &ReadOptions::default());
    let lines: Vec<String> = outcomes.iter().map(line).collect();
    assert_eq!(lines, expected);
    assert_eq!(found, Some(format));
}

fn line(outcome: &Outcome) -> String {
    let record = |record: Option<u64>| record.map_or("-".to_owned(), |record| record.to_string());
    match outcome {
        Ok(article) => {
            let kind = match article.payload {
                Payload::Html(_) => "html",
                Payload::Page(_) => "page",
                Payload::Body(_) => "body",
            };
            let headline = article.fields.headline.as_deref().unwrap_or("");
            format!("{}: {kind} [{headline}] {}", record(article.source.record), text(article))
        }
        Err(rejection) => format!("{}: {}", record(rejection.source_ref.record), rejection.reason.code()),
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn utf16(text: &str) -> Vec<u8> {
    format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect()
}

#[test]
fn reads_json_lines_past_bad_ones() {
    let lines = concat!(
        "{\"title\":\"A\",\"text\":\"One.\"}\r\n",
        "{\"title\":\"B\",\"text\":\"Tw\n",
        "\n",
        "not json\n",
        "{\"index\":{\"_id\":\"1\"}}\n",
        "[1]\n",
        "{\"title\":\"C\",\"text\":\"\"}\n",
        "{\"title\":\"D\",\"note\":\"x\"}\n",
        "{\"title\":\"E\",\"text\":\"Five \\ud83d.\"}\n",
        "{\"title\":\"F\",\"text\":NaN,\"body\":\"Six.\"}\n",
        "{\"title\":\"G\",\"text\":\"Seven",
    );
    let expected = [
        "1: body [A] One.",
        "2: malformed",
        "4: malformed",
        "6: malformed",
        "7: no-text",
        "8: unknown-shape",
        "9: body [E] Five \u{fffd}.",
        "10: body [F] Six.",
        "11: malformed",
    ];
    check("x.jsonl", lines.as_bytes(), Format::JsonLines, &expected);
    check("x.jsonl.gz", &gzip(lines.as_bytes()), Format::JsonLines, &expected);
    check("-", &zstd::encode_all(lines.as_bytes(), 3).unwrap(), Format::JsonLines, &expected);
    check("x", &utf16(lines), Format::JsonLines, &expected);
    let first_broken = "{\"text\":\"a\n{\"text\":\"B.\"}\n";
    check("x.txt", first_broken.as_bytes(), Format::JsonLines, &["1: malformed", "2: body [] B."]);
    check(
        "x.jsonl",
        b"{\"text\":\"A.\"}\r{\"text\":\"B.\"}",
        Format::JsonLines,
        &["1: body [] A.", "2: body [] B."],
    );
}

#[test]
fn tells_what_is_wrong_with_a_line() {
    let message = |line: &str| read_all("x.jsonl", line.as_bytes()).remove(0).unwrap_err().message;
    assert_eq!(
        message(r#"{"Heading":"x","Words":"y"}"#),
        "no key is known to hold the text; keys: Heading, Words; write --map body=KEY"
    );
    assert!(message(r#"{"text":"x" "y"}"#).contains("at byte 13"), "{}", message(r#"{"text":"x" "y"}"#));
    assert!(message(r#"{"text":"x"#).contains("ends early"));
}

#[test]
fn bad_bytes_in_a_line_are_read_and_told() {
    let mut outcomes =
        read_all("x.jsonl", b"{\"text\":\"caf\xe9 \x93yes\x94\"}\n{\"text\":\"Next.\\u0000\"}\n");
    assert_eq!(text(outcomes[0].as_ref().unwrap()), "café “yes”");
    assert_eq!(text(&outcomes.remove(1).unwrap()), "Next.");
}

#[test]
fn the_users_map_reads_any_shape() {
    let options = ReadOptions {
        mapping: FieldMap::parse("headline=Heading,body=data.Words").unwrap(),
        ..ReadOptions::default()
    };
    let (_, outcomes) =
        read_with("x.jsonl", br#"{"Heading":"A","data":{"Words":"One."},"text":"other"}"#, &options);
    assert_eq!(line(&outcomes[0]), "1: body [A] One.");
}

#[test]
fn reads_json_documents() {
    check("x.json", b"{\n \"title\": \"A\",\n \"text\": \"One.\"\n}\n", Format::Json, &["-: body [A] One."]);
    check("x.json", br#"{"title":"A","text":"One."}"#, Format::Json, &["-: body [A] One."]);
    let array = br#"[{"title":"A","text":"One."}, {"title":"B"}, 7, {"title":"C","text":"Three."}]"#;
    check(
        "x.json",
        array,
        Format::Json,
        &["1: body [A] One.", "2: unknown-shape", "3: malformed", "4: body [C] Three."],
    );
    let news = br#"{"status":"ok","totalResults":2,"articles":[{"title":"A","content":"One. [+20 chars]"},{"title":"B","content":null,"description":"Sum."}]}"#;
    check("x", news, Format::Json, &["1: body [A] One.", "2: body [B] Sum."]);
    let solr = br#"{"response":{"numFound":1,"docs":[{"title":"A","body":"One."}]}}"#;
    check("x.json", solr, Format::Json, &["1: body [A] One."]);
    let elastic = br#"{"took":1,"hits":{"total":{"value":1},"hits":[{"_id":"7","_source":{"title":"A","text":"One."}}]}}"#;
    check("x.json", elastic, Format::Json, &["1: body [A] One."]);
    let own = br#"{"my pieces":[{"title":"A","text":"One."}]}"#;
    check("x.json", own, Format::Json, &["1: body [A] One."]);
    let by_id = br#"{"n1":{"title":"A","text":"One."},"n2":{"title":"B","text":"Two."}}"#;
    check("x.json", by_id, Format::Json, &["1: body [A] One.", "2: body [B] Two."]);
    assert_eq!(read_all("x.json", by_id)[1].as_ref().unwrap().fields.source_id.as_deref(), Some("n2"));
    let several = b"{\n\"text\": \"One.\"\n}\n{\n\"text\": \"Two.\"\n}";
    check("x.json", several, Format::Json, &["1: body [] One.", "2: body [] Two."]);
    check("x.json", br#"{"name":"tool","people":[{"name":"x"}]}"#, Format::Json, &["-: unknown-shape"]);
    let graph = br#"{"@context":"https://schema.org","@graph":[{"@type":"WebSite","name":"Post"},{"@type":"NewsArticle","headline":"A","articleBody":"One."}]}"#;
    check("x.json", graph, Format::Json, &["2: body [A] One."]);
}

#[test]
fn a_damaged_json_array_gives_its_other_records() {
    let array = "[\n{\"title\": \"A\", \"text\": \"One \"odd\"\n},\n{\"title\": \"B\", \"text\": \"Two.\"},\n{\"text\": \"Th";
    check("x.json", array.as_bytes(), Format::Json, &["1: malformed", "2: body [B] Two.", "3: malformed"]);
    check("x.json", br#"[{"text":"One."},"#, Format::Json, &["1: body [] One.", "2: malformed"]);
    check("x.json", b"{\"text\": \"One", Format::Json, &["-: malformed"]);
    check("x.json", b"[]", Format::Json, &[]);
}

#[test]
fn json_feed_names_its_outlet() {
    let feed = br#"{"version":"https://jsonfeed.org/version/1.1","title":"Harbour Post","items":[{"id":"1","title":"A","content_text":"One."}]}"#;
    let article = read_all("feed.json", feed).remove(0).unwrap();
    assert_eq!(article.fields.outlet.as_deref(), Some("Harbour Post"));
}

#[test]
fn reads_separated_values() {
    let csv = "id,Title,Full Text,Publication date\n1,A,\"One, “two”.\n\nThree.\",2025-03-01\n2,B,,2025-03-02\n3,C,Short row\n4,D,\"open,2025\n5,E,Five.,2025-03-05\n";
    let expected = [
        "1: body [A] One, “two”.\n\nThree.",
        "2: no-text",
        "3: body [C] Short row",
        "4: malformed",
        "5: body [E] Five.",
    ];
    check("x.csv", csv.as_bytes(), Format::Csv, &expected);
    check("x.txt", csv.as_bytes(), Format::Csv, &expected);
    check("x.csv", &utf16(csv), Format::Csv, &expected);
    check("x", b"title;text\nA;One; more\n", Format::Csv, &["1: body [A] One"]);
    check("x.csv", b"sep=;\ntitle;text\nA;One.\n", Format::Csv, &["1: body [A] One."]);
    check(
        "x.tsv",
        b"title\ttext\r\nA\tOne, two.\r\n\r\nB\tThree.\r\n",
        Format::Csv,
        &["1: body [A] One, two.", "2: body [B] Three."],
    );
    check("x.csv", b"title,text\rA,One.\rB,Two.\r", Format::Csv, &["1: body [A] One.", "2: body [B] Two."]);
    check(
        "x.csv",
        b"title,text,authors\nA,caf\xe9 \x93x\x94,\"['Ana Duarte', 'Jo Oyelaran']\"\n",
        Format::Csv,
        &["1: body [A] café “x”"],
    );
    let rejection = read_all("x.csv", b"Heading,Words\nA,One.\n").remove(0).unwrap_err();
    assert_eq!(rejection.reason, RejectionReason::UnknownShape);
    assert!(rejection.message.contains("Heading, Words"), "{}", rejection.message);
}

#[test]
fn reads_markdown_and_front_matter() {
    let yaml = "---\ntitle: \"Levee vote\"\ndate: 2025-03-01\nauthors:\n  - Ana Duarte\noutlet: Harbour Post\n---\n\n# Levee vote\n\nThe *council* met.\n\nIt voted.\n";
    check("x.md", yaml.as_bytes(), Format::Markdown, &["-: body [Levee vote] The council met.\n\nIt voted."]);
    let article = read_all("x.md", yaml.as_bytes()).remove(0).unwrap();
    assert_eq!(article.fields.date.as_deref(), Some("2025-03-01"));
    assert_eq!(article.fields.authors, ["Ana Duarte"]);
    let toml = "+++\ntitle = \"Levee vote\"\ndate = 2025-03-01T10:00:00Z\n+++\nThe council met.\n";
    let article = read_all("x.txt", toml.as_bytes()).remove(0).unwrap();
    assert_eq!(article.fields.date.as_deref(), Some("2025-03-01T10:00:00Z"));
    let sloppy = "---\ntitle: Council: the vote\nauthor: 'Ana Duarte'\n---\nThe council * met.\n";
    let article = read_all("x.txt", sloppy.as_bytes()).remove(0).unwrap();
    assert_eq!(article.fields.headline.as_deref(), Some("Council: the vote"));
    assert_eq!(text(&article), "The council * met.");
    assert_eq!(article.notices[0].kind, NoticeKind::BadField);
    let lines = "Title: Levee vote\nDate: 2025-03-01\nSource: Harbour Post\n\nThe council met.\n";
    check("x.txt", lines.as_bytes(), Format::Markdown, &["-: body [Levee vote] The council met."]);
    check(
        "x.md",
        b"# Levee vote\n\nThe council met.",
        Format::Markdown,
        &["-: body [Levee vote] The council met."],
    );
    check("x.md", b"---\ntitle: x\n---\n", Format::Markdown, &["-: no-text"]);
}

#[test]
fn an_alias_bomb_in_front_matter_ends() {
    let mut bomb = "---\na: &a [x,x,x,x,x,x,x,x,x,x]\n".to_owned();
    for (name, of) in ["b", "c", "d", "e", "f", "g", "h"].iter().zip(["a", "b", "c", "d", "e", "f", "g"]) {
        bomb.push_str(&format!("{name}: &{name} [{}]\n", vec![format!("*{of}"); 10].join(",")));
    }
    bomb.push_str("---\nThe council met.\n");
    check("x.md", bomb.as_bytes(), Format::Markdown, &["-: body [] The council met."]);
}

#[test]
fn reads_pages() {
    check(
        "x.txt",
        b"Levee vote\r\n\r\nThe council met.\xa0It voted.",
        Format::Page,
        &["-: page [] Levee vote\n\nThe council met. It voted."],
    );
    check("x", "\u{feff}Levee – vote".as_bytes(), Format::Page, &["-: page [] Levee – vote"]);
    check("x.txt", "Donâ€™t".as_bytes(), Format::Page, &["-: page [] Don’t"]);
    check("x.txt", b"[Updated] {not json}", Format::Page, &["-: page [] [Updated] {not json}"]);
    check(
        "x.html",
        b"<!DOCTYPE html><html><p>x</p>",
        Format::Html,
        &["-: html [] <!DOCTYPE html><html><p>x</p>"],
    );
    check("x.txt", b"<!-- c --><div>x</div>", Format::Html, &["-: html [] <!-- c --><div>x</div>"]);
    check("x.html", b"no tags at all", Format::Page, &["-: page [] no tags at all"]);
    let japanese = encoding_rs::SHIFT_JIS.encode("<html><meta charset=shift_jis><p>議会</p>").0.into_owned();
    check("x.html", &japanese, Format::Html, &["-: html [] <html><meta charset=shift_jis><p>議会</p>"]);
    check(
        "x.html",
        &utf16("<html><meta charset=utf-16><p>é</p>"),
        Format::Html,
        &["-: html [] <html><meta charset=utf-16><p>é</p>"],
    );
}

#[test]
fn rejects_what_is_no_article() {
    let reason = |name: &str, bytes: &[u8]| read_all(name, bytes).remove(0).unwrap_err().reason;
    assert_eq!(reason("x.txt", b""), RejectionReason::NoText);
    assert_eq!(reason("x.txt", b" \n\t "), RejectionReason::NoText);
    assert_eq!(reason("x.txt", b"%PDF-1.7 \0\0"), RejectionReason::UnknownFormat);
    assert_eq!(reason("x.txt", b"PK\x03\x04 word"), RejectionReason::UnknownFormat);
    assert_eq!(reason("x.txt", &[0, 1, 2, 3, 4, 5, 200, 201]), RejectionReason::NotText);
    assert_eq!(reason("x.gz", &gzip(&[0; 500])), RejectionReason::NotText);
    assert_eq!(reason("x.xml", b"<?xml version='1.0'?><catalog/>"), RejectionReason::UnknownFormat);
    assert_eq!(reason("x.gz", &gzip(b"text of a page")[..12]), RejectionReason::Unreadable);
    assert_eq!(reason("x.rss", b"<rss><channel><title>T</title></channel></rss>"), RejectionReason::NoText);
}

#[test]
fn reads_feeds() {
    let rss = r#"<?xml version="1.0"?><rss version="2.0" xmlns:dc="x" xmlns:content="y"><channel>
<title>Harbour Post</title><language>en-gb</language><link>https://harbourpost.example</link>
<item><title><![CDATA[Levee & vote]]></title><link>https://harbourpost.example/1</link><guid isPermaLink="false">g1</guid>
<pubDate>Sat, 01 Mar 2025 23:30:00 EST</pubDate><dc:creator>Ana Duarte</dc:creator><dc:creator>Jo Oyelaran</dc:creator><category>City</category>
<description>A teaser.</description><content:encoded><![CDATA[<p>The council met.</p>]]></content:encoded></item>
<item><title>Tea &amp;amp; cake</title><description>&lt;p&gt;Only &amp;quot;a&amp;quot; teaser.&lt;/p&gt;</description><author>a@x.example (Sam Roe)</author></item>
<item><title>Broken <b>one</title><description>Text & more <odd</description></item>
<item><title>Last</title><description>End.</description></item></channel></rss>"#;
    let outcomes = read_all("feed.xml", rss.as_bytes());
    let first = outcomes[0].as_ref().unwrap();
    assert_eq!(line(&outcomes[0]), "1: html [Levee & vote] <p>The council met.</p>");
    assert_eq!(first.fields.date.as_deref(), Some("Sat, 01 Mar 2025 23:30:00 EST"));
    assert_eq!(first.fields.authors, ["Ana Duarte", "Jo Oyelaran"]);
    assert_eq!(first.fields.outlet.as_deref(), Some("Harbour Post"));
    assert_eq!(
        (first.fields.lang.as_deref(), first.fields.section.as_deref()),
        (Some("en-gb"), Some("City"))
    );
    assert_eq!(first.fields.source_id.as_deref(), Some("g1"));
    assert_eq!(first.fields.url.as_deref(), Some("https://harbourpost.example/1"));
    let second = outcomes[1].as_ref().unwrap();
    assert_eq!(line(&outcomes[1]), "2: body [Tea & cake] Only \"a\" teaser.");
    assert_eq!(second.notices[0].kind, NoticeKind::SummaryOnly);
    assert_eq!(second.fields.authors, ["Sam Roe"]);
    assert_eq!(line(outcomes.last().unwrap()), "4: body [Last] End.");
}

#[test]
fn reads_atom() {
    let atom = r#"<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title type="text">Harbour Post</title>
<entry><id>tag:1</id><title type="html">Levee &amp;amp; vote</title><link rel="self" href="https://x/self"/><link href="https://x/1?a=1&amp;b=2"/>
<updated>2025-03-02T00:00:00Z</updated><published>2025-03-01T10:00:00-05:00</published><author><name>Ana Duarte</name></author>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>The council met.</p></div></content></entry></feed>"#;
    let article = read_all("feed", atom.as_bytes()).remove(0).unwrap();
    assert_eq!(article.fields.headline.as_deref(), Some("Levee & vote"));
    assert_eq!(article.fields.url.as_deref(), Some("https://x/1?a=1&b=2"));
    assert_eq!(article.fields.date.as_deref(), Some("2025-03-01T10:00:00-05:00"));
    assert_eq!(article.fields.outlet.as_deref(), Some("Harbour Post"));
    assert!(matches!(&article.payload, Payload::Html(html) if html.contains("<p>The council met.</p>")));
}

fn warc_record(kind: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Date: 2025-09-09T00:00:00Z\r\n{headers}Content-Length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body, b"\r\n\r\n"].concat()
}

fn warc() -> Vec<Vec<u8>> {
    let at = |n: u8| {
        format!("WARC-Target-URI: https://x/{n}\r\nContent-Type: application/http; msgtype=response\r\n")
    };
    let page = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=windows-1252\r\n\r\n<p>caf\xe9</p>";
    let chunked = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n<p>B</p>\r\n0\r\n\r\n";
    let story = br#"{"rss_entry":{"title":"From the feed","pub_date":"2025-01-01"},"content_metadata":{"article_title":"Levee vote","publication_date":"2025-03-01","parsed_date":"2025-09-09","text_content":"The council met.","canonical_domain":"harbourpost.example"}}"#;
    vec![
        warc_record("warcinfo", "", b"software: x\r\n"),
        warc_record("request", &at(1), b"GET / HTTP/1.1\r\n\r\n"),
        warc_record("response", &at(1), page),
        warc_record("response", &at(2), b"HTTP/1.1 301 Moved\r\nLocation: /\r\n\r\n"),
        warc_record("response", &at(3), b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n\x89PNG"),
        warc_record("response", &at(4), chunked),
        warc_record(
            "metadata",
            "WARC-Target-URI: https://x/4\r\nContent-Type: application/x.mediacloud-indexer+json\r\n",
            story,
        ),
        warc_record(
            "metadata",
            "WARC-Target-URI: https://x/5\r\nContent-Type: application/x.mediacloud-indexer+json\r\n",
            story,
        ),
        warc_record(
            "response",
            &at(6),
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: br\r\n\r\n\x0b\x02\x80",
        ),
        warc_record(
            "conversion",
            "WARC-Target-URI: https://x/7\r\nContent-Type: text/plain\r\n",
            b"Levee vote\nThe council met.",
        ),
    ]
}

#[test]
fn reads_web_archives() {
    let expected = [
        "3: html [] <p>café</p>",
        "6: html [Levee vote] <p>B</p>",
        "8: body [Levee vote] The council met.",
        "9: malformed",
        "10: page [] Levee vote\nThe council met.",
    ];
    check("x.warc", &warc().concat(), Format::Warc, &expected);
    let members: Vec<u8> = warc().iter().flat_map(|record| gzip(record)).collect();
    check("x.warc.gz", &members, Format::Warc, &expected);
    let articles = read_all("x.warc", &warc().concat());
    let joined = articles[1].as_ref().unwrap();
    assert_eq!(joined.fields.date.as_deref(), Some("2025-03-01"));
    assert_eq!(joined.fields.url.as_deref(), Some("https://x/4"));
    assert_eq!(articles[0].as_ref().unwrap().fields.date, None);
}

#[test]
fn a_damaged_archive_gives_its_other_records() {
    let mut records = warc();
    records[3] = b"WARC/1.0\r\nWARC-Type: response\r\n\r\nno length\r\n".to_vec();
    records[4] = b"garbage\r\nmore garbage".repeat(1000);
    records[4].extend_from_slice(b"\r\n");
    let mut bytes = records.concat();
    bytes.truncate(bytes.len() - 20);
    let lines: Vec<String> = read_all("x.warc", &bytes).iter().map(line).collect();
    assert!(lines.contains(&"4: malformed".to_owned()), "{lines:?}");
    assert!(lines.iter().any(|line| line.ends_with("<p>B</p>")), "{lines:?}");
    assert_eq!(lines.last().map(String::as_str), Some("9: malformed"));
}

/// A stream of `n` bytes that never was in memory.
struct Endless {
    head: &'static [u8],
    n: u64,
}

impl Read for Endless {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if !self.head.is_empty() {
            let n = self.head.read(buffer)?;
            return Ok(n);
        }
        let n = buffer.len().min(usize::try_from(self.n).unwrap_or(usize::MAX));
        buffer[..n].fill(b'x');
        self.n -= n as u64;
        Ok(n)
    }
}

#[test]
fn an_endless_record_is_rejected_in_bounded_memory() {
    let size = 300 << 20;
    for (head, name) in [
        (&b"{\"text\":\"A.\"}\n{\"text\":\""[..], "x.jsonl"),
        (b"[{\"text\":\"A.\"},{\"text\":\"", "x.json"),
        (b"{\"text\":\"", "x.json"),
        (b"title,text\nA,One.\nB,\"", "x.csv"),
        (b"<rss><channel><item><title>A</title><description>One.</description></item><item><description><![CDATA[", "x.rss"),
        (b"<rss><channel><!--", "x.rss"),
        (b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 99999999999\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", "x.warc"),
        (b"a page", "x.txt"),
        (b"<html>", "x.html"),
    ] {
        let options = ReadOptions { max_record_bytes: 1 << 20, ..ReadOptions::default() };
        let outcomes: Vec<Outcome> = match read_stream(Endless { head, n: size }, name, &options) {
            Ok(records) => records.collect(),
            Err(rejection) => vec![Err(rejection)],
        };
        let last = outcomes.last().unwrap().as_ref().unwrap_err();
        let is_told = matches!(last.reason, RejectionReason::TooLarge | RejectionReason::NoText | RejectionReason::Malformed);
        assert!(is_told, "{name}: {last:?}");
    }
}

#[test]
fn a_large_answer_is_streamed() {
    let mut answer = br#"{"status":"ok","articles":["#.to_vec();
    for n in 0..3000 {
        answer
            .extend_from_slice(format!("{{\"id\":{n},\"text\":\"{}\"}},\n", "word ".repeat(100)).as_bytes());
    }
    answer.extend_from_slice(b"{\"id\":3000,\"text\":\"Last.\"}]}");
    let options = ReadOptions { max_record_bytes: 100_000, ..ReadOptions::default() };
    let (_, outcomes) = read_with("x.json", &answer, &options);
    assert_eq!(outcomes.len(), 3001, "{:?}", outcomes.last());
    assert_eq!(line(&outcomes[3000]), "3001: body [] Last.");
}

#[test]
fn nesting_is_no_danger() {
    let deep = |open: &str, close: &str| {
        format!("{{\"text\":\"A.\",\"x\":{}{}}}", open.repeat(200_000), close.repeat(200_000))
    };
    let _ = read_all("x.jsonl", deep("[", "]").as_bytes());
    let _ = read_all("x.json", deep("{\"a\":", "}").as_bytes());
    let _ = read_all("x.md", "> ".repeat(50_000).as_bytes());
    let _ = read_all("x.md", format!("---\na: {}\n---\nx", "[".repeat(20_000)).as_bytes());
    let _ = read_all("x.md", format!("+++\na = {}\n+++\nx", "[".repeat(20_000)).as_bytes());
    let _ = read_all(
        "x.rss",
        format!("<rss><channel><item>{}</item></channel></rss>", "<a>".repeat(100_000)).as_bytes(),
    );
    let _ = read_all("x.jsonl", format!("{{\"text\":{}1{}}}", "[".repeat(120), "]".repeat(120)).as_bytes());
}

fn seeds() -> Vec<Vec<u8>> {
    vec![
        b"{\"title\":\"A\",\"text\":\"One <p> &amp; \\ud83d\"}\n{\"id\":1}\n".to_vec(),
        b"[{\"text\":\"A\"},{\"articles\":[{\"a\":1}]}]".to_vec(),
        b"{\"articles\":[{\"title\":\"A\",\"text\":\"b\"}]}".to_vec(),
        b"title,text\n\"A\",\"b \"\" c\"\n".to_vec(),
        b"---\ntitle: x\n---\n# A\n\nb".to_vec(),
        b"+++\ntitle='x'\n+++\nb".to_vec(),
        b"<rss><channel><title>T</title><item><title>A</title><description><![CDATA[x]]></description></item></channel></rss>".to_vec(),
        b"<html><meta charset=utf-8><p>x</p></html>".to_vec(),
        warc().concat(),
        gzip(b"{\"text\":\"x\"}\n"),
        zstd::encode_all(&b"{\"text\":\"x\"}\n"[..], 1).unwrap(),
        utf16("{\"text\":\"x\"}\n"),
        b"Don\xe2\x80\x99t \xc3\xa2\xe2\x82\xac\xe2\x84\xa2 \x93x\x94\r\n".to_vec(),
    ]
}

fn damaged() -> impl Strategy<Value = Vec<u8>> {
    let seed = proptest::sample::select(seeds());
    let edits = proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>(), 0u8..4), 0..12);
    (seed, edits).prop_map(|(mut bytes, edits)| {
        for (at, byte, kind) in edits {
            if bytes.is_empty() {
                break;
            }
            let at = at.index(bytes.len());
            match kind {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                2 => {
                    bytes.remove(at);
                }
                _ => bytes.truncate(at),
            }
        }
        bytes
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_return(bytes in proptest::collection::vec(any::<u8>(), 0..600), name in "x\\.(txt|md|json|jsonl|csv|html|warc|xml)") {
        let _ = read_all(&name, &bytes);
    }

    #[test]
    fn any_damage_returns(bytes in damaged(), name in "x(\\.(txt|md|json|jsonl|csv|html|warc|xml))?") {
        for outcome in read_all(&name, &bytes).into_iter().flatten() {
            prop_assert!(!text(&outcome).contains('\r'));
            prop_assert!(!text(&outcome).trim().is_empty());
        }
    }

    #[test]
    fn small_buffers_change_nothing(bytes in damaged()) {
        struct Trickle(Cursor<Vec<u8>>);
        impl Read for Trickle {
            fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
                let n = buffer.len().min(3);
                self.0.read(&mut buffer[..n])
            }
        }
        let whole = read_all("x", &bytes);
        let trickled: Vec<Outcome> = match read_stream(Trickle(Cursor::new(bytes)), "x", &ReadOptions::default()) {
            Ok(records) => records.collect(),
            Err(rejection) => vec![Err(rejection)],
        };
        prop_assert_eq!(whole, trickled);
    }
}
