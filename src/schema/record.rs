//! What is stored of an article: everything that is ever shown, in one block of bytes that can be read in parts.
//!
//! A list of hits needs the head and a sentence or two of the body; reading an article needs all. So a record begins with
//! the lengths of its sections (head, body, layout, quotes, tail) and each is read when asked for. Texts are borrowed.
//! Damaged bytes give `None`, never a panic.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::bytes::{ByteReader, ByteWriter, unzigzag, zigzag};
use crate::model::search::ArticleHead;
use crate::model::{
    Article, DateMethod, FurnitureLine, Grade, Quote, QuoteKind, SourceRef, Span, article::FieldMethod,
};

/// First byte of every record; another one means another layout, and another index.
pub(super) const LAYOUT: u8 = 3;
const N_SECTIONS: usize = 5;
/// Paragraphs are what stands between empty lines, as nearly always: nothing need be stored of them.
const REGULAR: u64 = 0;
const LISTED: u64 = 1;
const EPOCH: Date = Date::constant(1970, 1, 1);

/// Days from 1970-01-01 to `date`.
pub fn days(date: Date) -> i64 {
    i64::from((date - EPOCH).get_days())
}

/// The date `days` after 1970-01-01. `None` outside years -9999 to 9999.
pub fn date_of(days: i64) -> Option<Date> {
    EPOCH.checked_add(jiff::Span::new().try_days(days).ok()?).ok()
}

/// Whether `quote` counts among an article's quotes and speakers (direct and mixed).
pub fn is_counted(quote: &Quote) -> bool {
    quote.kind != QuoteKind::Indirect
}

/// Named speakers of the direct and mixed quotes, in order of first quote, each once.
pub fn speakers(quotes: &[Quote]) -> Vec<&str> {
    let mut speakers: Vec<&str> = Vec::new();
    for speaker in
        quotes.iter().filter(|quote| is_counted(quote)).filter_map(|quote| quote.speaker.as_deref())
    {
        if !speakers.contains(&speaker) {
            speakers.push(speaker);
        }
    }
    speakers
}

/// Encodes an article, its quotes, and its sentences (bytes of the body, see `tokens`).
pub fn encode(article: &Article, quotes: &[Quote], sentences: &[Span]) -> Vec<u8> {
    let mut head = ByteWriter::default();
    put_head(&mut head, article, quotes);
    let mut layout = ByteWriter::default();
    if regular(&article.body).eq(article.paragraphs.iter().copied()) {
        layout.put(REGULAR);
    } else {
        layout.put(LISTED);
        layout.put_spans(&article.paragraphs);
    }
    layout.put_spans(sentences);
    let mut said = ByteWriter::default();
    said.put_list(quotes, put_quote);
    let mut tail = ByteWriter::default();
    tail.put_list(&article.furniture, |out, line| {
        out.put_str(&line.text);
        out.put_str(&line.rule);
        out.put(line.place.map_or(0, |place| u64::from(place) + 1));
    });
    tail.put_list(&article.methods, |out, method| {
        out.put_str(&method.field);
        out.put_str(&method.method);
    });

    let sections: [&[u8]; N_SECTIONS] =
        [&head.bytes, article.body.as_bytes(), &layout.bytes, &said.bytes, &tail.bytes];
    let mut out = ByteWriter { bytes: Vec::with_capacity(sections.iter().map(|s| s.len() + 4).sum()) };
    out.bytes.push(LAYOUT);
    sections.iter().for_each(|section| out.put(section.len() as u64));
    sections.iter().for_each(|section| out.bytes.extend_from_slice(section));
    out.bytes
}

/// A record, read where needed.
#[derive(Clone, Copy)]
pub struct RecordView<'b> {
    head: &'b [u8],
    /// The article's own words.
    pub body: &'b str,
    layout: &'b [u8],
    quotes: &'b [u8],
    tail: &'b [u8],
}

impl<'b> RecordView<'b> {
    /// Opens a record. `None` when the bytes are no record of this layout.
    pub fn open(bytes: &'b [u8]) -> Option<Self> {
        let (first, rest) = bytes.split_first()?;
        if *first != LAYOUT {
            return None;
        }
        let mut input = ByteReader { rest };
        let mut lens = [0u64; N_SECTIONS];
        for len in &mut lens {
            *len = input.take()?;
        }
        let mut sections = [&[][..]; N_SECTIONS];
        for (section, len) in sections.iter_mut().zip(lens) {
            *section = input.take_bytes(len)?;
        }
        let [head, body, layout, quotes, tail] = sections;
        Some(RecordView { head, body: std::str::from_utf8(body).ok()?, layout, quotes, tail })
    }

    /// What lists show. Speakers carry their local names.
    pub fn head(&self) -> Option<ArticleHead> {
        let (article, speakers, n_quotes) = take_head(self.head)?;
        Some(ArticleHead {
            path: article.source.to_string(),
            id: article.id,
            source_id: article.source_id,
            headline: article.headline,
            outlet: article.outlet,
            authors: article.authors,
            date: article.date,
            date_method: article.date_method,
            url: article.url,
            section: article.section,
            words: article.words,
            speakers,
            n_quotes,
        })
    }

    /// Paragraphs and sentences, as bytes of the body.
    pub fn layout(&self) -> Option<(Vec<Span>, Vec<Span>)> {
        let mut input = ByteReader { rest: self.layout };
        let paragraphs = match input.take()? {
            REGULAR => regular(self.body).collect(),
            LISTED => input.take_spans()?,
            _ => return None,
        };
        Some((paragraphs, input.take_spans()?))
    }

    /// The quotes, all kinds, in reading order; number N is at N - 1.
    pub fn quotes(&self) -> Option<Vec<Quote>> {
        ByteReader { rest: self.quotes }.take_list(take_quote)
    }

    /// Lines cut from the page.
    pub fn furniture(&self) -> Option<Vec<FurnitureLine>> {
        ByteReader { rest: self.tail }.take_list(take_line)
    }

    /// The whole article.
    pub fn article(&self) -> Option<Article> {
        let (mut article, _, _) = take_head(self.head)?;
        let mut tail = ByteReader { rest: self.tail };
        article.furniture = tail.take_list(take_line)?;
        article.methods = tail.take_list(|input| {
            Some(FieldMethod { field: input.take_str()?.to_owned(), method: input.take_str()?.to_owned() })
        })?;
        article.paragraphs = self.layout()?.0;
        article.body = self.body.to_owned();
        Some(article)
    }
}

/// What the index remembers of a file: enough to see that nothing changed without reading it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileState {
    /// The file's path in the corpus, as articles carry it.
    pub path: String,
    /// Bytes.
    pub size: u64,
    /// Time of last change, nanoseconds since 1970-01-01.
    pub modified_ns: i64,
    /// Hash of its bytes; 0 when it could not be read.
    pub hash: u64,
    /// Records it holds, rejected ones included.
    pub records: u64,
}

fn put_head(out: &mut ByteWriter, article: &Article, quotes: &[Quote]) {
    out.put_str(&article.id);
    out.put_str(&article.source.path);
    out.put(article.source.record.map_or(0, |record| record + 1));
    out.put_opt(article.source_id.as_deref());
    out.put_opt(article.headline.as_deref());
    out.put_opt(article.standfirst.as_deref());
    out.put_opt(article.outlet.as_deref());
    out.put_list(&article.authors, |out, author| out.put_str(author));
    out.put(article.date.map_or(0, |date| zigzag(days(date)) + 1));
    out.put(match article.date_method {
        DateMethod::Stated => 0,
        DateMethod::Inferred => 1,
        DateMethod::None => 2,
    });
    out.put_opt(article.url.as_deref());
    out.put_opt(article.section.as_deref());
    out.put_opt(article.lang.as_deref());
    out.put(u64::from(article.words));
    out.put_list(&speakers(quotes), |out, speaker| out.put_str(speaker));
    out.put(quotes.iter().filter(|quote| is_counted(quote)).count() as u64);
}

/// The article without body, paragraphs, furniture and methods; its speakers; the number of its quotes.
fn take_head(bytes: &[u8]) -> Option<(Article, Vec<String>, u32)> {
    let mut input = ByteReader { rest: bytes };
    let owned = |text: Option<&str>| text.map(str::to_owned);
    let id = input.take_str()?.to_owned();
    let path = input.take_str()?.to_owned();
    let record = input.take()?.checked_sub(1);
    let source_id = owned(input.take_opt()?);
    let headline = owned(input.take_opt()?);
    let standfirst = owned(input.take_opt()?);
    let outlet = owned(input.take_opt()?);
    let authors = input.take_list(|input| input.take_str().map(str::to_owned))?;
    let date = match input.take()? {
        0 => None,
        stored => Some(date_of(unzigzag(stored - 1))?),
    };
    let date_method = match input.take()? {
        0 => DateMethod::Stated,
        1 => DateMethod::Inferred,
        _ => DateMethod::None,
    };
    let url = owned(input.take_opt()?);
    let section = owned(input.take_opt()?);
    let lang = owned(input.take_opt()?);
    let words = u32::try_from(input.take()?).ok()?;
    let speakers = input.take_list(|input| input.take_str().map(str::to_owned))?;
    let n_quotes = u32::try_from(input.take()?).ok()?;
    let article = Article {
        id,
        source_id,
        source: SourceRef { path, record },
        headline,
        standfirst,
        outlet,
        date,
        date_method,
        authors,
        url,
        section,
        lang,
        words,
        ..Article::default()
    };
    Some((article, speakers, n_quotes))
}

/// What stands between empty lines.
fn regular(body: &str) -> impl Iterator<Item = Span> + '_ {
    let mut breaks = body.match_indices('\n').map(|(at, _)| at).peekable();
    let mut next = Some(0);
    std::iter::from_fn(move || {
        let start = next.take()?;
        while let Some(at) = breaks.next() {
            if breaks.next_if_eq(&(at + 1)).is_some() {
                next = Some(at + 2);
                return Some(Span::new(start, at));
            }
        }
        Some(Span::new(start, body.len()))
    })
}

fn put_quote(out: &mut ByteWriter, quote: &Quote) {
    let kind = QuoteKind::ALL.iter().position(|kind| *kind == quote.kind).unwrap_or(0);
    let grade = Grade::ALL.iter().position(|grade| *grade == quote.grade).unwrap_or(0);
    out.put((kind * Grade::ALL.len() + grade) as u64);
    out.put_spans(&quote.content);
    // Close by.
    let near = quote.content.first().map_or(0, |span| span.start);
    for span in [quote.source_span, quote.cue] {
        out.put(span.map_or(0, |span| zigzag(span.start as i64 - near as i64) + 1));
        if let Some(span) = span {
            out.put(span.len() as u64);
        }
    }
    for text in [&quote.speaker, &quote.speaker_as_written, &quote.role, &quote.via] {
        out.put_opt(text.as_deref());
    }
    out.put_str(&quote.rule);
}

fn take_quote(input: &mut ByteReader<'_>) -> Option<Quote> {
    let coded = usize::try_from(input.take()?).ok()?;
    let kind = *QuoteKind::ALL.get(coded / Grade::ALL.len())?;
    let grade = Grade::ALL[coded % Grade::ALL.len()];
    let content = input.take_spans()?;
    let near = content.first().map_or(0, |span| span.start);
    let mut span = || match input.take()?.checked_sub(1) {
        None => Some(None),
        Some(stored) => {
            let start = i64::try_from(near).ok()?.checked_add(unzigzag(stored))?;
            let len = usize::try_from(input.take()?).ok()?;
            let start = usize::try_from(start).ok()?;
            Some(Some(Span::new(start, start.checked_add(len)?)))
        }
    };
    let (source_span, cue) = (span()?, span()?);
    let mut text = || input.take_opt().map(|text| text.map(str::to_owned));
    let (speaker, speaker_as_written, role, via) = (text()?, text()?, text()?, text()?);
    let rule = input.take_str()?.to_owned();
    Some(Quote {
        kind,
        content,
        source_span,
        cue,
        speaker,
        speaker_as_written,
        role,
        via,
        grade,
        rule,
        trace: Vec::new(),
    })
}

fn take_line(input: &mut ByteReader<'_>) -> Option<FurnitureLine> {
    let (text, rule) = (input.take_str()?.to_owned(), input.take_str()?.to_owned());
    let place = match input.take()? {
        0 => None,
        stored => Some(u32::try_from(stored - 1).ok()?),
    };
    Some(FurnitureLine { text, rule, place })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> (Article, Vec<Quote>) {
        let body = "“We will appeal,” said Ana Duarte.\n\nShe left.";
        let article = Article {
            id: "00ff00ff00ff00ff".to_owned(),
            source_id: Some("a-1".to_owned()),
            source: SourceRef { path: "news/a.jsonl".to_owned(), record: Some(0) },
            headline: Some("Duarte to appeal".to_owned()),
            body: body.to_owned(),
            paragraphs: vec![Span::new(0, 38), Span::new(40, body.len())],
            date: Some(jiff::civil::date(1969, 7, 20)),
            date_method: DateMethod::Inferred,
            authors: vec!["Jo Writer".to_owned()],
            words: 8,
            furniture: vec![
                FurnitureLine { text: "READ MORE".to_owned(), rule: "cross-link".to_owned(), place: None },
                FurnitureLine {
                    text: "The desk".to_owned(),
                    rule: "repeated-line".to_owned(),
                    place: Some(1),
                },
            ],
            methods: vec![FieldMethod { field: "date".to_owned(), method: "url".to_owned() }],
            ..Article::default()
        };
        let quote = Quote {
            kind: QuoteKind::Direct,
            content: vec![Span::new(3, 18)],
            source_span: Some(Span::new(27, 37)),
            cue: Some(Span::new(22, 26)),
            speaker: Some("Ana Duarte".to_owned()),
            speaker_as_written: Some("Ana Duarte".to_owned()),
            role: None,
            via: Some(String::new()),
            grade: Grade::Explicit,
            rule: "after-cue".to_owned(),
            trace: Vec::new(),
        };
        let unnamed = Quote { kind: QuoteKind::Indirect, speaker: None, grade: Grade::None, ..quote.clone() };
        (article, vec![quote, unnamed])
    }

    #[test]
    fn record_comes_back_whole_and_in_parts() {
        let (article, quotes) = sample();
        let bytes = encode(&article, &quotes, &article.paragraphs);
        let view = RecordView::open(&bytes).expect("a record");
        assert_eq!(view.article().as_ref(), Some(&article));
        assert_eq!(view.quotes().as_ref(), Some(&quotes));
        let head = view.head().expect("a head");
        assert_eq!((head.path.as_str(), head.n_quotes), ("news/a.jsonl:0", 1));
        assert_eq!(head.speakers, ["Ana Duarte"]);
        assert_eq!(view.layout().map(|(_, sentences)| sentences), Some(article.paragraphs.clone()));
        assert_eq!(view.furniture().map(|lines| lines.len()), Some(2));
    }

    #[test]
    fn paragraphs_come_back_however_they_lie() {
        for body in
            ["", "one", "one\n\ntwo", "one\ntwo\n\n\nthree\n\n\n\n", "\n", "\n\n", "\n\n\n", "a\nb\n\nc\n"]
        {
            let mut at = 0;
            let split = body.split("\n\n").map(|part| {
                at += part.len() + 2;
                Span::new(at - part.len() - 2, at - 2)
            });
            let paragraphs: Vec<Span> = split.collect();
            assert_eq!(regular(body).collect::<Vec<_>>(), paragraphs, "{body:?}");
            for paragraphs in [paragraphs, Vec::new(), vec![Span::new(0, body.len().min(1))]] {
                let article = Article { body: body.to_owned(), paragraphs, ..Article::default() };
                let bytes = encode(&article, &[], &[]);
                let read = RecordView::open(&bytes).and_then(|view| view.layout());
                assert_eq!(read.map(|(paragraphs, _)| paragraphs).as_ref(), Some(&article.paragraphs));
            }
        }
    }

    #[test]
    fn damaged_records_are_none_or_different_but_never_a_panic() {
        let (article, quotes) = sample();
        let bytes = encode(&article, &quotes, &article.paragraphs);
        for at in 0..bytes.len() {
            for change in [1u8, 0x80, 0xFF] {
                let mut damaged = bytes.clone();
                damaged[at] ^= change;
                if let Some(view) = RecordView::open(&damaged) {
                    let _ = (view.head(), view.layout(), view.quotes(), view.article());
                }
            }
            assert!(RecordView::open(&bytes[..at]).is_none());
        }
    }

    #[test]
    fn days_and_dates_agree() {
        for date in
            [jiff::civil::date(1970, 1, 1), jiff::civil::date(1492, 10, 12), jiff::civil::date(2024, 2, 29)]
        {
            assert_eq!(date_of(days(date)), Some(date));
        }
        assert_eq!(date_of(i64::MAX), None);
    }
}
