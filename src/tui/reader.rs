//! The article pane: lines cut once per width, so that drawing and scrolling cost the same for any length.

use crate::model::search::{ArticleHead, Highlights, StoredArticle};
use crate::model::{Quote, QuoteKind, Span};
use crate::output::style::{marks_on, wrap};
use crate::text::fold;

/// What a line of the article is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineKind {
    /// Of the headline.
    Headline,
    /// Outlet, date, authors.
    About,
    /// Of the body.
    Body,
    /// Between paragraphs.
    Blank,
    /// Cut from the page.
    Furniture,
    /// Says that the rest of a very long article is not shown.
    Rest,
}

/// Bytes of a body that are shown at least; what is behind them only up to the last match.
const MOST_BYTES: usize = 5_000_000;

/// One line of the article as drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What it is.
    pub kind: LineKind,
    /// Its text for lines that are not of the body.
    pub text: String,
    /// What matched in its text, for lines of the headline.
    pub marks: Vec<Span>,
    /// Its bytes of the body.
    pub span: Span,
    /// Index of the quote that stands on it.
    pub quote: Option<usize>,
}

impl Line {
    fn new(kind: LineKind, text: &str, span: Span) -> Line {
        Line { kind, text: text.to_owned(), marks: Vec::new(), span, quote: None }
    }
}

/// An article being read.
#[derive(Clone, Debug, PartialEq)]
pub struct Reader {
    /// The article.
    pub stored: StoredArticle,
    /// Its lines at `width`.
    pub lines: Vec<Line>,
    /// Columns the lines were cut for.
    pub width: usize,
    /// First line shown.
    pub top: usize,
    /// The id that was asked for: the article's, or that of a quote in it.
    pub wanted: String,
    /// What matched in the headline.
    pub in_headline: Vec<Span>,
    /// What matched, in bytes of the body, in order.
    pub matches: Vec<Span>,
    /// Number of the search whose matches these are.
    pub search: u64,
    /// What is typed to find words in the article; `None`: not finding.
    pub find: Option<String>,
    /// The matches of the search, while those of words typed here are shown in their place.
    pub of_search: Option<Vec<Span>>,
    /// Quote that has the focus.
    pub quote: Option<usize>,
    /// Match that has the focus.
    pub matched: Option<usize>,
    /// What was cut is shown.
    pub furniture: bool,
    /// Quotes are marked.
    pub marks: bool,
}

impl Reader {
    /// Opens an article with what the search of this number matched in it, its lines cut for `width` columns.
    pub fn new(stored: StoredArticle, highlights: Highlights, search: u64, width: usize) -> Reader {
        let mut reader = Reader {
            stored,
            lines: Vec::new(),
            width,
            top: 0,
            wanted: String::new(),
            in_headline: highlights.headline,
            matches: highlights.body,
            search,
            find: None,
            of_search: None,
            quote: None,
            matched: None,
            furniture: false,
            marks: true,
        };
        reader.lay_out(width);
        reader
    }

    /// Cuts the lines for `width` columns; keeps the first visible text where it was.
    pub fn lay_out(&mut self, width: usize) {
        let at = self.lines.get(self.top).map(|line| line.span.start);
        self.width = width;
        self.lines = self.cut(width.max(10));
        if let Some(at) = at.filter(|at| *at > 0) {
            self.top = self.line_of(at);
        }
    }

    /// The line that holds byte `at` of the body.
    pub fn line_of(&self, at: usize) -> usize {
        let is_before =
            |line: &Line| !matches!(line.kind, LineKind::Furniture | LineKind::Rest) && line.span.end <= at;
        self.lines.partition_point(is_before).min(self.lines.len().saturating_sub(1))
    }

    /// Brings byte `at` into a window of `rows` lines, a third from its top.
    pub fn show(&mut self, at: usize, rows: usize) {
        let line = self.line_of(at);
        if line < self.top || line >= self.top + rows {
            // Never further than the end: an article that fits stands still.
            let last = self.lines.len().saturating_sub(rows.max(1));
            self.top = line.saturating_sub(rows / 3).min(last);
        }
    }

    /// Scrolls by `by` lines; the last line stays at the bottom.
    pub fn scroll(&mut self, by: isize, rows: usize) {
        let last = self.lines.len().saturating_sub(rows.max(1));
        self.top = self.top.saturating_add_signed(by).min(last);
    }

    /// Indices of the quotes that are shown: direct and mixed ones.
    fn shown(&self) -> Vec<usize> {
        let quotes = self.stored.quotes.iter().enumerate();
        quotes.filter(|(_, quote)| quote.kind != QuoteKind::Indirect).map(|(idx, _)| idx).collect()
    }

    /// The place of quote `idx` among the quotes shown, from 1, and how many there are.
    pub fn place_of(&self, idx: usize) -> (usize, usize) {
        let shown = self.shown();
        (shown.iter().filter(|other| **other <= idx).count(), shown.len())
    }

    /// Moves the focus to the next or previous quote, of the same speaker when asked; returns whether there was one.
    pub fn step_quote(&mut self, forward: bool, same_speaker: bool, rows: usize) -> bool {
        let speaker =
            self.quote.and_then(|idx| self.stored.quotes.get(idx)).map(|quote| quote.speaker.clone());
        let fits = |idx: &usize| {
            !same_speaker
                || speaker.as_ref().is_none_or(|speaker| self.stored.quotes[*idx].speaker == *speaker)
        };
        let mut shown = self.shown().into_iter().filter(fits);
        let found = match (self.quote, forward) {
            (None, true) => shown.next(),
            (None, false) => shown.next_back(),
            (Some(now), true) => shown.find(|idx| *idx > now),
            (Some(now), false) => shown.rfind(|idx| *idx < now),
        };
        if let Some(idx) = found {
            self.quote = Some(idx);
            self.show(self.stored.quotes[idx].extent().start, rows);
        }
        found.is_some()
    }

    /// Moves the focus to the next or previous match.
    pub fn step_match(&mut self, forward: bool, rows: usize) -> bool {
        let next = match (self.matched, forward) {
            (None, true) => Some(self.match_below()),
            (None, false) => self.match_below().checked_sub(1),
            (Some(now), true) => Some(now + 1),
            (Some(now), false) => now.checked_sub(1),
        };
        let Some((idx, span)) = next.and_then(|idx| self.matches.get(idx).map(|span| (idx, *span))) else {
            return false;
        };
        self.matched = Some(idx);
        self.show(span.start, rows);
        true
    }

    /// The first match that does not stand above the first line shown.
    fn match_below(&self) -> usize {
        let at = self.lines.get(self.top).map_or(0, |line| line.span.start);
        let below = self.matches.partition_point(|span| span.start < at);
        if below == self.matches.len() { 0 } else { below }
    }

    /// Marks the places of `words` in the body instead of what the search matched; nothing typed brings that back.
    pub fn look_for(&mut self, words: &str) {
        let before = self.of_search.take().unwrap_or_else(|| std::mem::take(&mut self.matches));
        self.matched = None;
        if words.trim().is_empty() {
            self.matches = before;
            return;
        }
        self.matches = places(&self.stored.article.body, words.trim());
        self.of_search = Some(before);
    }

    /// The quotes of each speaker: a name, the first of them, how many.
    pub fn people(&self) -> Vec<(String, usize, usize)> {
        let mut people: Vec<(String, usize, usize)> = Vec::new();
        for idx in self.shown() {
            let quote = &self.stored.quotes[idx];
            let name = quote.speaker.as_ref().or(quote.speaker_as_written.as_ref());
            let name = name.map_or("(no named speaker)", String::as_str);
            match people.iter_mut().find(|(known, ..)| known == name) {
                Some((_, _, count)) => *count += 1,
                None => people.push((name.to_owned(), idx, 1)),
            }
        }
        people
    }

    /// The quote that has the focus.
    pub fn focused_quote(&self) -> Option<(usize, &Quote)> {
        let idx = self.quote?;
        self.stored.quotes.get(idx).map(|quote| (idx, quote))
    }

    /// How far the reader is, in percent.
    pub fn percent(&self, rows: usize) -> usize {
        let last = self.lines.len().saturating_sub(rows);
        (self.top.min(last) * 100).checked_div(last).unwrap_or(100)
    }

    /// Words of the body that tell where the reader is: the quote with the focus, the match, the first line shown.
    pub fn words_here(&self) -> String {
        let body = &self.stored.article.body;
        let quote = self.focused_quote().and_then(|(_, quote)| quote.content.first().copied());
        let matched = self.matched.and_then(|idx| self.matches.get(idx)).map(|span| self.line_of(span.start));
        let line = |idx: usize| {
            self.lines[idx.min(self.lines.len())..].iter().find(|line| line.kind == LineKind::Body)
        };
        let span = quote.or_else(|| line(matched.unwrap_or(self.top)).map(|line| line.span));
        span.map_or_else(String::new, |span| span.of(body).to_owned())
    }

    /// The head of the article.
    pub fn head(&self) -> ArticleHead {
        self.stored.head()
    }

    /// The lines at `width`.
    fn cut(&self, width: usize) -> Vec<Line> {
        let article = &self.stored.article;
        let mut lines = Vec::new();
        let start = Span::new(0, 0);
        let headline = article.headline.as_deref().unwrap_or("(no headline)");
        for piece in wrap(headline, width) {
            let mut line = Line::new(LineKind::Headline, piece.of(headline), start);
            line.marks = marks_on(piece, &self.in_headline);
            lines.push(line);
        }
        let mut about = Vec::new();
        if !article.authors.is_empty() {
            about.push(format!("By {}", article.authors.join(", ")));
        }
        about.push(article.outlet.clone().unwrap_or_else(|| "no outlet".to_owned()));
        about.push(article.date.map_or_else(|| "undated".to_owned(), |day| day.to_string()));
        let about = about.join(", ");
        lines.extend(
            wrap(&about, width).into_iter().map(|piece| Line::new(LineKind::About, piece.of(&about), start)),
        );
        lines.push(Line::new(LineKind::Blank, "", start));
        let most = MOST_BYTES.max(self.matches.last().map_or(0, |last| last.end));
        for paragraph in &article.paragraphs {
            let end = Span::new(paragraph.end, paragraph.end);
            if paragraph.start >= most {
                lines.push(Line::new(LineKind::Rest, "(the rest is in the file: e opens it)", end));
                break;
            }
            for piece in wrap(paragraph.of(&article.body), width) {
                let span = Span::new(paragraph.start + piece.start, paragraph.start + piece.end);
                lines.push(Line::new(LineKind::Body, "", span));
            }
            lines.push(Line::new(LineKind::Blank, "", end));
        }
        self.mark_quotes(&mut lines);
        if self.furniture {
            let end = Span::new(article.body.len(), article.body.len());
            for cut in &article.furniture {
                let text = format!("[{}] {}", cut.rule, cut.text);
                lines.extend(
                    wrap(&text, width)
                        .into_iter()
                        .map(|piece| Line::new(LineKind::Furniture, piece.of(&text), end)),
                );
            }
        }
        lines
    }

    /// Says for each line which quote stands on it, the first where there are several.
    fn mark_quotes(&self, lines: &mut [Line]) {
        for idx in self.shown() {
            for span in &self.stored.quotes[idx].content {
                let first = lines.partition_point(|line| line.span.end <= span.start);
                for line in lines[first..].iter_mut().take_while(|line| line.span.start < span.end) {
                    if line.kind == LineKind::Body && line.quote.is_none() {
                        line.quote = Some(idx);
                    }
                }
            }
        }
    }
}

/// Where `words` stand in `text`, whatever their case and accents.
fn places(text: &str, words: &str) -> Vec<Span> {
    let words = fold(words).into_owned();
    let mut folded = String::with_capacity(text.len());
    // For each byte of the folded text: where its character stands in `text`.
    let mut from: Vec<usize> = Vec::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        let mut buffer = [0; 4];
        folded.push_str(&fold(c.encode_utf8(&mut buffer)));
        from.resize(folded.len(), at);
    }
    let end_of = |byte: usize| from.get(byte).copied().unwrap_or(text.len());
    folded.match_indices(&words).map(|(at, found)| Span::new(from[at], end_of(at + found.len()))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Article, Grade};

    fn stored() -> StoredArticle {
        let body =
            "“One,” said A. More words to fill a line of text here.\n\n“Two,” said B.\n\n“Three,” said A.";
        let at = |word: &str| {
            let start = body.find(word).unwrap();
            Span::new(start, start + word.len())
        };
        let quote = |word: &str, speaker: &str| Quote {
            kind: QuoteKind::Direct,
            content: vec![at(word)],
            source_span: None,
            cue: None,
            speaker: Some(speaker.to_owned()),
            speaker_as_written: None,
            role: None,
            via: None,
            grade: Grade::Explicit,
            rule: String::new(),
            trace: Vec::new(),
        };
        let paragraphs = {
            let mut spans = Vec::new();
            let mut start = 0;
            for part in body.split("\n\n") {
                spans.push(Span::new(start, start + part.len()));
                start += part.len() + 2;
            }
            spans
        };
        StoredArticle {
            article: Article { body: body.to_owned(), paragraphs, ..Article::default() },
            quotes: vec![quote("One", "A"), quote("Two", "B"), quote("Three", "A")],
            also_at: Vec::new(),
        }
    }

    #[test]
    fn marks_the_lines_of_each_quote() {
        let reader = Reader::new(stored(), Highlights::default(), 1, 80);
        let marked: Vec<usize> = reader.lines.iter().filter_map(|line| line.quote).collect();
        assert_eq!(marked, [0, 1, 2]);
    }

    #[test]
    fn walks_quotes_and_those_of_one_speaker() {
        let mut reader = Reader::new(stored(), Highlights::default(), 1, 80);
        assert!(reader.step_quote(true, false, 10));
        assert!(reader.step_quote(true, true, 10));
        assert_eq!(reader.quote, Some(2));
        assert!(!reader.step_quote(true, false, 10));
        assert!(reader.step_quote(false, false, 10));
        assert_eq!(reader.quote, Some(1));
    }

    #[test]
    fn finds_words_in_the_article_and_brings_the_matches_back() {
        let highlights = Highlights { headline: Vec::new(), body: vec![Span::new(3, 6)] };
        let mut reader = Reader::new(stored(), highlights, 1, 80);
        reader.look_for("SAID a");
        let found: Vec<&str> = reader.matches.iter().map(|m| m.of(&reader.stored.article.body)).collect();
        assert_eq!(found, ["said A", "said A"]);
        reader.look_for("");
        assert_eq!(reader.matches, [Span::new(3, 6)]);
        assert_eq!(places("Élan élan", "elan").len(), 2);
        assert_eq!(places("", "x"), []);
    }

    #[test]
    fn keeps_its_place_when_the_width_changes() {
        let mut reader = Reader::new(stored(), Highlights::default(), 1, 80);
        let at = reader.stored.quotes[1].extent().start;
        reader.top = reader.line_of(at);
        reader.lay_out(20);
        assert_eq!(reader.lines[reader.top].quote, Some(1));
    }
}
