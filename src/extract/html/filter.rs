//! The line filter behind the extractor: what it took for the article and is not.
//!
//! In: the pieces in page order, the page's own headline, standfirst and authors. Out: each piece, kept or
//! cut with the name of the rule. Words and patterns are data (`html_lines.tsv`); here is where they apply.

use std::collections::HashSet;

use super::content::Piece;
use super::headline::share;
use super::rules::{HtmlRules, Scope};
use super::scan::{BlockTag, Scan, ends_sentence, zone};
use super::{HtmlLine, PageFields, prepare, words_of};

/// The lines in page order, cut ones with their rule.
pub fn filter(pieces: Vec<Piece>, scan: &Scan, fields: &PageFields, rules: &HtmlRules) -> Vec<HtmlLine> {
    let mut lines = Lines::new(pieces, scan, fields);
    lines.cut_next_article();
    lines.cut_until_headline();
    lines.cut_repeats();
    lines.cut_captions();
    lines.cut_by_rules(rules);
    lines.cut_lonely_headings();
    lines.cut_head();
    lines.cut_tail();
    lines.cut_outer_links();
    lines.cut_linked_headings();
    lines.finish()
}

/// Bytes from which a line is text whatever it says: no rule is asked.
const LONG: usize = 900;

struct Line {
    piece: Piece,
    /// Folded for the rules; empty for a long line.
    folded: String,
    n_words: usize,
    linked: f64,
    cut: Option<String>,
}

struct Lines<'s> {
    lines: Vec<Line>,
    scan: &'s Scan,
    fields: &'s PageFields,
}

/// Rules of lines that ask the reader for something and have headings.
const ASKS: [&str; 3] = ["newsletter", "donation", "subscription"];

/// Words from which a line counts as running text.
const RUNNING: usize = 18;

/// Words from which a heading may be the headline of a story.
const HEADLINE: usize = 5;

/// Most lines that stand behind the running text; keeps long pages in linear time.
const LONGEST_TAIL: usize = 60;

impl<'s> Lines<'s> {
    fn new(pieces: Vec<Piece>, scan: &'s Scan, fields: &'s PageFields) -> Self {
        let lines = pieces
            .into_iter()
            .map(|piece| {
                let source = piece.source.and_then(|idx| scan.blocks.get(idx));
                let linked = source.map_or(0.0, |block| {
                    let len = block.text.bytes().filter(|byte| *byte != b' ').count().max(1);
                    (block.link_len as f64 / len as f64).min(1.0)
                });
                Line {
                    folded: if piece.text.len() > LONG {
                        String::new()
                    } else {
                        crate::text::fold(&piece.text).into_owned()
                    },
                    n_words: piece.text.split_whitespace().count(),
                    linked,
                    cut: None,
                    piece,
                }
            })
            .collect();
        Lines { lines, scan, fields }
    }

    fn finish(self) -> Vec<HtmlLine> {
        self.lines.into_iter().map(|line| HtmlLine { text: line.piece.text, cut: line.cut }).collect()
    }

    fn cut(&mut self, idx: usize, rule: &str) {
        if let Some(line) = self.lines.get_mut(idx) {
            line.cut.get_or_insert_with(|| rule.to_owned());
        }
    }

    fn is_running(&self, idx: usize) -> bool {
        let line = &self.lines[idx];
        line.n_words >= RUNNING && ends_sentence(&line.piece.text) && line.linked < 0.6
    }

    fn headline(&self) -> Option<&'s str> {
        self.fields.headline.as_ref().map(|found| found.value.as_str())
    }

    /// Continuous scroll: everything from the headline of the next article on.
    fn cut_next_article(&mut self) {
        let Some(border) = prepare::next_headline(self.scan, self.headline()) else { return };
        for idx in 0..self.lines.len() {
            if self.lines[idx].piece.source.is_some_and(|source| source >= border) {
                self.cut(idx, "next-article");
            }
        }
    }

    /// The headline repeated in the body, and what stands before it (kickers, ribbons of other headlines).
    fn cut_until_headline(&mut self) {
        let Some(headline) = self.headline() else { return };
        let reach = (self.lines.len() / 2 + 3).min(self.lines.len());
        let same =
            |line: &Line| share(headline, &line.piece.text) > 0.8 && share(&line.piece.text, headline) > 0.6;
        let Some(at) = (0..reach).find(|idx| same(&self.lines[*idx])) else { return };
        self.cut(at, "headline");
        let before: usize = self.lines[..at].iter().map(|line| line.n_words).sum();
        let all: usize = self.lines.iter().map(|line| line.n_words).sum();
        if before * 5 < all {
            for idx in 0..at {
                self.cut(idx, "before-headline");
            }
        }
    }

    /// The same line again: at once, or long and anywhere. One that was cut does not count as the first.
    fn cut_repeats(&mut self) {
        let mut seen: HashSet<&str> = HashSet::new();
        let mut repeated = Vec::new();
        let mut last = "";
        for (idx, line) in self.lines.iter().enumerate().filter(|(_, line)| line.cut.is_none()) {
            let text = line.piece.text.as_str();
            let is_new = seen.insert(text);
            if text == last || (!is_new && line.n_words >= 6) {
                repeated.push(idx);
            }
            last = text;
        }
        for idx in repeated {
            self.cut(idx, "repeated");
        }
    }

    fn cut_captions(&mut self) {
        for idx in 0..self.lines.len() {
            let source = self.lines[idx].piece.source.and_then(|source| self.scan.blocks.get(source));
            if source.is_some_and(|block| block.zone & zone::FIGURE != 0) {
                self.cut(idx, "caption");
            }
        }
    }

    fn cut_by_rules(&mut self, rules: &HtmlRules) {
        let n = self.lines.len();
        let first_running = (0..n).find(|idx| self.is_running(*idx)).unwrap_or(n.min(3));
        let last_running = (0..n).rev().find(|idx| self.is_running(*idx)).unwrap_or(0);
        let tail_from = (n * 2 / 3).min(last_running.saturating_sub(4)).max(n.saturating_sub(LONGEST_TAIL));
        let mut idx = 0;
        while idx < n {
            // Agencies part the sections of an article with "___": that line stays.
            let is_mark = |c: char| c.is_alphanumeric() || c == '_';
            if !self.lines[idx].piece.text.contains(is_mark) {
                self.cut(idx, "separator");
            }
            let matched: Vec<(String, Scope)> = rules
                .line_rules(&self.lines[idx].folded)
                .map(|rule| (rule.name.clone(), rule.scope))
                .collect();
            let mut next = idx + 1;
            for (name, scope) in matched {
                if self.holds_quote(idx) || (name == "author-bio" && self.is_named_elsewhere(idx)) {
                    continue;
                }
                match scope {
                    Scope::Line => self.cut(idx, &name),
                    Scope::Head if idx <= first_running.max(3) => self.cut(idx, &name),
                    Scope::Tail if idx >= tail_from => self.cut(idx, &name),
                    Scope::List => {
                        self.cut(idx, &name);
                        while next < n && self.is_link_like(next) {
                            self.cut(next, &name);
                            next += 1;
                        }
                    }
                    Scope::Rest if idx * 2 >= n => {
                        for rest in idx..n {
                            self.cut(rest, &name);
                        }
                        next = n;
                    }
                    _ => {}
                }
            }
            idx = next;
        }
    }

    /// The heading over an ask that was cut, behind the running text.
    fn cut_lonely_headings(&mut self) {
        let last_running = (0..self.lines.len()).rev().find(|idx| self.is_running(*idx)).unwrap_or(0);
        for idx in (last_running + 1..self.lines.len().saturating_sub(1)).rev() {
            let (line, next) = (&self.lines[idx], &self.lines[idx + 1]);
            let is_heading = line.n_words <= 8 && !ends_sentence(&line.piece.text);
            let over = next.cut.as_deref().filter(|rule| ASKS.contains(rule)).map(str::to_owned);
            if let Some(rule) = over.filter(|_| is_heading && line.cut.is_none()) {
                self.cut(idx, &rule);
            }
        }
    }

    /// A line of a list of links: all link, or short and no sentence.
    fn is_link_like(&self, idx: usize) -> bool {
        let line = &self.lines[idx];
        line.linked > 0.8
            || (line.n_words <= 16
                && !ends_sentence(&line.piece.text)
                && !matches!(line.piece.tag, BlockTag::Heading(_)))
    }

    /// Words of someone between marks with more around them: never cut by a pattern.
    fn holds_quote(&self, idx: usize) -> bool {
        let text = &self.lines[idx].piece.text;
        let quoted = text.split(['“', '”', '"']).nth(1).map_or(0, |quoted| quoted.split_whitespace().count());
        quoted >= 4 && self.lines[idx].n_words >= quoted + 3 && text.contains(['.', ',', '!', '?'])
    }

    /// Whether the first two words of the line stand in another line: someone the article speaks of is not its author.
    fn is_named_elsewhere(&self, idx: usize) -> bool {
        let start: Vec<&str> = self.lines[idx].folded.split_whitespace().take(2).collect();
        let start = start.join(" ");
        start.len() > 4
            && self
                .lines
                .iter()
                .enumerate()
                .any(|(other, line)| other != idx && line.cut.is_none() && line.folded.contains(&start))
    }

    /// Before the running text: the day, the byline, the standfirst's repetition, credits.
    fn cut_head(&mut self) {
        let n = self.lines.len();
        let authors: Vec<String> = self.authors();
        for idx in 0..n.min(12) {
            if self.lines[idx].cut.is_some() {
                continue;
            }
            if self.is_running(idx) && !self.is_standfirst(idx) {
                return;
            }
            let line = &self.lines[idx];
            let is_outlet = line.n_words <= 5
                && self
                    .fields
                    .outlet
                    .as_ref()
                    .is_some_and(|outlet| super::outlet::same(&outlet.value, &line.piece.text));
            if is_outlet {
                self.cut(idx, "byline");
                continue;
            }
            let line = &self.lines[idx];
            let is_date = line.n_words <= 12
                && super::published::day_of(&line.piece.text).is_some()
                && !ends_sentence(&line.piece.text);
            let signs =
                line.n_words <= 16 && authors.iter().any(|author| line.folded.contains(author.as_str()));
            if is_date {
                self.cut(idx, "dateline");
            } else if signs {
                self.cut(idx, "byline");
            }
        }
    }

    fn is_standfirst(&self, idx: usize) -> bool {
        let line = &self.lines[idx];
        let is_marked = matches!(line.piece.tag, BlockTag::Heading(_)) || self.stands_apart(idx);
        let repeats =
            self.lines[idx + 1..].iter().any(|other| share(&line.piece.text, &other.piece.text) > 0.9);
        let Some(standfirst) = &self.fields.standfirst else { return false };
        is_marked && !repeats && words_of(&line.piece.text) == words_of(&standfirst.value)
    }

    /// Whether the line has another parent element than the paragraphs behind it, as decks have and first paragraphs have not.
    fn stands_apart(&self, idx: usize) -> bool {
        let parent = |line: &Line| {
            line.piece.source.and_then(|source| self.scan.blocks.get(source)).and_then(|block| block.parent)
        };
        let own = parent(&self.lines[idx]);
        own.is_some() && !self.lines[idx + 1..].iter().take(8).any(|other| parent(other) == own)
    }

    /// Behind the running text: who wrote it and how to reach them.
    fn cut_tail(&mut self) {
        let authors = self.authors();
        let n = self.lines.len();
        let from = n.saturating_sub(8).max(n / 2);
        for idx in from..n {
            let line = &self.lines[idx];
            let bio = authors.iter().any(|author| {
                line.folded.strip_prefix(author.as_str()).is_some_and(|rest| rest.starts_with([' ', ',']))
            });
            if bio && !self.holds_quote(idx) {
                self.cut(idx, "author-bio");
            }
        }
    }

    /// Lines that are all link, in front of the running text or behind it: ribbons of other headlines. One alone may be the
    /// article's own.
    fn cut_outer_links(&mut self) {
        let n = self.lines.len();
        let Some(first) = (0..n).find(|idx| self.is_running(*idx)) else { return };
        let last = (0..n).rev().find(|idx| self.is_running(*idx)).unwrap_or(first);
        for outer in [0..first, last + 1..n] {
            let links: Vec<usize> =
                outer.filter(|idx| self.lines[*idx].linked > 0.9 && !self.holds_quote(*idx)).collect();
            if links.len() >= 2 {
                for idx in links {
                    self.cut(idx, "links");
                }
            }
        }
    }

    /// A heading in the running text that is all link is the title of another story.
    fn cut_linked_headings(&mut self) {
        for idx in 0..self.lines.len() {
            let line = &self.lines[idx];
            let is_heading = matches!(line.piece.tag, BlockTag::Heading(_)) && line.n_words >= HEADLINE;
            if is_heading && line.linked > 0.9 {
                self.cut(idx, "cross-link");
            }
        }
    }

    fn authors(&self) -> Vec<String> {
        let names = self.fields.authors.as_ref().map(|found| found.value.as_slice()).unwrap_or_default();
        names.iter().map(|name| crate::text::fold(name).into_owned()).collect()
    }
}
