//! The article pane: lines cut once per width, so that drawing and scrolling cost the same for any length.

use crate::model::search::StoredArticle;
use crate::model::{Quote, QuoteKind, Span};
use crate::output::style::wrap;

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
}

/// One line of the article as drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What it is.
    pub kind: LineKind,
    /// Its text for lines that are not of the body.
    pub text: String,
    /// Its bytes of the body.
    pub span: Span,
    /// Index of the quote that stands on it.
    pub quote: Option<usize>,
}

/// An article being read.
#[derive(Clone, Debug)]
pub struct Reader {
    /// The article.
    pub stored: StoredArticle,
    /// Its lines at `width`.
    pub lines: Vec<Line>,
    /// Columns the lines were cut for.
    pub width: usize,
    /// First line shown.
    pub top: usize,
    /// What matched, in bytes of the body.
    pub matches: Vec<Span>,
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
    /// Opens an article; `matches` are bytes of its body, `quote` the one to begin at.
    pub fn new(stored: StoredArticle, matches: Vec<Span>, quote: Option<usize>) -> Reader {
        let mut reader = Reader {
            stored,
            lines: Vec::new(),
            width: 0,
            top: 0,
            matches,
            quote,
            matched: None,
            furniture: false,
            marks: true,
        };
        reader.lay_out(80);
        reader
    }

    /// Cuts the lines for `width` columns; keeps the first visible text where it was.
    pub fn lay_out(&mut self, width: usize) {
        let at = self.lines.get(self.top).map(|line| line.span.start);
        self.width = width;
        self.lines = lines_of(&self.stored, width.max(10), self.furniture);
        if let Some(at) = at.filter(|at| *at > 0) {
            self.top = self.line_of(at);
        }
    }

    /// The line that holds byte `at` of the body.
    pub fn line_of(&self, at: usize) -> usize {
        let is_before = |line: &Line| line.kind != LineKind::Furniture && line.span.end <= at;
        self.lines.partition_point(is_before).min(self.lines.len().saturating_sub(1))
    }

    /// Brings byte `at` into a window of `rows` lines, a third from its top.
    pub fn show(&mut self, at: usize, rows: usize) {
        let line = self.line_of(at);
        if line < self.top || line >= self.top + rows {
            self.top = line.saturating_sub(rows / 3);
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
            (None, _) => Some(0),
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

    /// The line of the source file at which byte `at` of the body begins, as far as lines of the body tell.
    pub fn source_line(&self) -> u64 {
        self.stored.article.source.record.unwrap_or_else(|| {
            let at = self.focused_quote().map_or(0, |(_, quote)| quote.extent().start);
            let before = self.stored.article.body.get(..at).unwrap_or("");
            before.matches('\n').count() as u64 + 1
        })
    }
}

fn lines_of(stored: &StoredArticle, width: usize, furniture: bool) -> Vec<Line> {
    let article = &stored.article;
    let mut lines = Vec::new();
    let mut add = |kind: LineKind, text: &str| {
        for piece in wrap(text, width) {
            lines.push(Line { kind, text: piece.of(text).to_owned(), span: Span::new(0, 0), quote: None });
        }
    };
    add(LineKind::Headline, article.headline.as_deref().unwrap_or("(no headline)"));
    let mut about = Vec::new();
    if !article.authors.is_empty() {
        about.push(format!("By {}", article.authors.join(", ")));
    }
    about.push(article.outlet.clone().unwrap_or_else(|| "no outlet".to_owned()));
    about.push(article.date.map_or_else(|| "undated".to_owned(), |day| day.to_string()));
    add(LineKind::About, &about.join(", "));
    add(LineKind::Blank, "");
    // Quotes are in order of their first word: the first that can still touch a line moves forward with the lines.
    for paragraph in &article.paragraphs {
        let text = paragraph.of(&article.body);
        for piece in wrap(text, width) {
            let span = Span::new(paragraph.start + piece.start, paragraph.start + piece.end);
            lines.push(Line { kind: LineKind::Body, text: String::new(), span, quote: None });
        }
        let end = Span::new(paragraph.end, paragraph.end);
        lines.push(Line { kind: LineKind::Blank, text: String::new(), span: end, quote: None });
    }
    for (idx, quote) in
        stored.quotes.iter().enumerate().filter(|(_, quote)| quote.kind != QuoteKind::Indirect)
    {
        for span in &quote.content {
            let first = lines.partition_point(|line| line.span.end <= span.start);
            for line in lines[first..].iter_mut().take_while(|line| line.span.start < span.end) {
                if line.kind == LineKind::Body && line.quote.is_none() {
                    line.quote = Some(idx);
                }
            }
        }
    }
    if furniture {
        for cut in &article.furniture {
            let text = format!("[{}] {}", cut.rule, cut.text);
            for piece in wrap(&text, width) {
                let end = Span::new(article.body.len(), article.body.len());
                lines.push(Line {
                    kind: LineKind::Furniture,
                    text: piece.of(&text).to_owned(),
                    span: end,
                    quote: None,
                });
            }
        }
    }
    lines
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
        let reader = Reader::new(stored(), Vec::new(), None);
        let marked: Vec<usize> = reader.lines.iter().filter_map(|line| line.quote).collect();
        assert_eq!(marked, [0, 1, 2]);
    }

    #[test]
    fn walks_quotes_and_those_of_one_speaker() {
        let mut reader = Reader::new(stored(), Vec::new(), None);
        assert!(reader.step_quote(true, false, 10));
        assert!(reader.step_quote(true, true, 10));
        assert_eq!(reader.quote, Some(2));
        assert!(!reader.step_quote(true, false, 10));
        assert!(reader.step_quote(false, false, 10));
        assert_eq!(reader.quote, Some(1));
    }

    #[test]
    fn keeps_its_place_when_the_width_changes() {
        let mut reader = Reader::new(stored(), Vec::new(), None);
        let at = reader.stored.quotes[1].extent().start;
        reader.top = reader.line_of(at);
        reader.lay_out(20);
        assert_eq!(reader.lines[reader.top].quote, Some(1));
    }
}
