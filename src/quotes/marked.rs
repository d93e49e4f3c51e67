//! Fixtures in marked text: `{source#1:Ana Duarte} {cue#1:said}: "{content#1:We will appeal.}"`.
//!
//! In: text with marks. Out: the text without them, and what the finder found in it, in the same notation. For tests only.

use super::find;
use crate::lexicon::Lexicon;
use crate::model::{Article, Quote, QuoteKind, Span};

/// The article that `marked` describes: paragraphs are separated by blank lines.
pub(super) fn article(marked: &str) -> Article {
    let mut body = String::new();
    let mut rest = marked;
    let mut depth = 0;
    while let Some(c) = rest.chars().next() {
        let role = ["{source#", "{cue#", "{content#"].into_iter().find(|role| rest.starts_with(role));
        if let Some((_, after)) = role.and_then(|_| rest.split_once(':')) {
            depth += 1;
            rest = after;
            continue;
        }
        rest = &rest[c.len_utf8()..];
        if c == '}' && depth > 0 {
            depth -= 1;
            continue;
        }
        body.push(c);
    }
    let mut paragraphs = Vec::new();
    let mut at = 0;
    for part in body.split("\n\n") {
        paragraphs.push(Span::new(at, at + part.len()));
        at += part.len() + 2;
    }
    Article { body, paragraphs, ..Article::default() }
}

/// What was found, written into the text; quotes are numbered in order. Paraphrases only when `indirect` is set.
pub(super) fn found(article: &Article, indirect: bool) -> String {
    let quotes: Vec<Quote> = find(article, Lexicon::embedded())
        .into_iter()
        .filter(|q| indirect || q.kind != QuoteKind::Indirect)
        .collect();
    let mut marks: Vec<(usize, bool, String)> = Vec::new();
    for (idx, quote) in quotes.iter().enumerate() {
        let n = idx + 1;
        let mut mark = |role: &str, span: Span| {
            marks.push((span.start, true, format!("{{{role}#{n}:")));
            marks.push((span.end, false, "}".to_owned()));
        };
        for span in &quote.content {
            mark("content", *span);
        }
        if let Some(span) = quote.source_span {
            mark("source", span);
        }
        if let Some(span) = quote.cue {
            mark("cue", span);
        }
    }
    // At one place what ends is closed before what begins is opened.
    marks.sort_by_key(|(at, opens, _)| (*at, *opens));
    let mut text = String::new();
    let mut last = 0;
    for (at, _, mark) in marks {
        text.push_str(&article.body[last..at]);
        text.push_str(&mark);
        last = at;
    }
    text.push_str(&article.body[last..]);
    text
}

/// Fails unless the finder marks the text as `marked` does, paraphrases left aside.
#[track_caller]
pub(super) fn check(marked: &str) {
    assert_eq!(found(&article(marked), false), marked);
}

/// The same with paraphrases.
#[track_caller]
pub(super) fn check_all(marked: &str) {
    assert_eq!(found(&article(marked), true), marked);
}

/// Fails unless each direct or mixed quote, in order, has this speaker; `-` for nobody.
#[track_caller]
pub(super) fn check_speakers(text: &str, expected: &[&str]) {
    let article = article(text);
    let quotes = find(&article, Lexicon::embedded());
    let quotes = quotes.iter().filter(|quote| quote.kind != QuoteKind::Indirect);
    let speakers: Vec<&str> = quotes.map(|quote| quote.speaker.as_deref().unwrap_or("-")).collect();
    assert_eq!(speakers, expected);
}
