//! What the reader's terminal can show, and the ways text is dressed for it.

use std::borrow::Cow;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use crate::model::Span;
use crate::text::sanitize;

/// How to dress text. Plain by default: no colour, no links, 80 columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Use ANSI colours and weights.
    pub color: bool,
    /// Write OSC 8 links.
    pub links: bool,
    /// Columns to wrap at; 0: do not wrap.
    pub width: usize,
    /// Characters beyond ASCII may be used for drawing.
    pub unicode: bool,
}

impl Default for Style {
    fn default() -> Self {
        Style { color: false, links: false, width: 80, unicode: false }
    }
}

impl Style {
    /// Bold.
    pub fn bold(&self, text: &str) -> String {
        self.wrapped("1", text)
    }

    /// Dim.
    pub fn dim(&self, text: &str) -> String {
        self.wrapped("2", text)
    }

    /// A match.
    pub fn mark(&self, text: &str) -> String {
        self.wrapped("1;33", text)
    }

    /// A speaker's name.
    pub fn speaker(&self, text: &str) -> String {
        self.wrapped("36", text)
    }

    /// The word `error:`.
    pub fn error(&self, text: &str) -> String {
        self.wrapped("1;31", text)
    }

    /// The words `note:` and `help:`.
    pub fn hint(&self, text: &str) -> String {
        self.wrapped("1;36", text)
    }

    fn wrapped(&self, code: &str, text: &str) -> String {
        if self.color && !text.is_empty() { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    }

    /// `text` as a link to `target`, where links can be shown. Both are made safe.
    pub fn link(&self, target: &str, text: &str) -> String {
        let text = sanitize(text);
        if !self.links || !(target.starts_with("http://") || target.starts_with("https://")) {
            return text.into_owned();
        }
        let target: String = target.chars().filter(|c| c.is_ascii_graphic()).collect();
        format!("\x1b]8;;{target}\x1b\\{text}\x1b]8;;\x1b\\")
    }

    /// `text` made safe, with `marks` (bytes of `text`, ordered) shown as matches.
    pub fn marked(&self, text: &str, marks: &[Span]) -> String {
        let mut out = String::with_capacity(text.len() + marks.len() * 10);
        let mut at = 0;
        for mark in marks {
            let (Some(before), Some(hit)) = (text.get(at..mark.start), text.get(mark.start..mark.end)) else {
                continue;
            };
            out.push_str(&sanitize(before));
            out.push_str(&self.mark(&sanitize(hit)));
            at = mark.end;
        }
        out.push_str(&sanitize(text.get(at..).unwrap_or("")));
        out
    }
}

/// `text` cut to `width` columns with `..` at the end when it does not fit; made safe.
pub fn fit(text: &str, width: usize) -> Cow<'_, str> {
    let text = sanitize(text);
    if text.width() <= width {
        return text;
    }
    let room = width.saturating_sub(2);
    let mut out = String::new();
    let mut used = 0;
    for grapheme in text.graphemes(true) {
        let columns = grapheme.width();
        if used + columns > room {
            break;
        }
        used += columns;
        out.push_str(grapheme);
    }
    out.push_str(&".."[..width.min(2)]);
    Cow::Owned(out)
}

/// The end of `text` in `width` columns, after `..` when it does not fit; made safe.
pub fn fit_end(text: &str, width: usize) -> Cow<'_, str> {
    let text = sanitize(text);
    if text.width() <= width {
        return text;
    }
    let room = width.saturating_sub(2);
    let mut start = text.len();
    let mut used = 0;
    for (at, grapheme) in text.grapheme_indices(true).rev() {
        used += grapheme.width();
        if used > room {
            break;
        }
        start = at;
    }
    Cow::Owned(format!("{}{}", &".."[..width.min(2)], text[start..].trim_start()))
}

/// `text` followed by spaces up to `width` columns; cut when longer.
pub fn pad(text: &str, width: usize) -> String {
    let fitted = fit(text, width);
    let spaces = width.saturating_sub(fitted.width());
    format!("{fitted}{}", " ".repeat(spaces))
}

/// Cuts `text` into lines of at most `width` columns at spaces, keeping `marks` (bytes of `text`) with their line.
///
/// Returns for each line its byte range of `text`; a word longer than a line is cut between characters.
/// `width` 0 keeps one line.
pub fn wrap(text: &str, width: usize) -> Vec<Span> {
    if width == 0 || text.width() <= width {
        return vec![Span::new(0, text.len())];
    }
    let mut lines = Vec::new();
    let mut line_start = 0;
    let mut used = 0;
    let mut last_space: Option<(usize, usize)> = None;
    for (at, grapheme) in text.grapheme_indices(true) {
        let columns = grapheme.width();
        if used + columns > width && at > line_start {
            if grapheme == " " {
                lines.push(Span::new(line_start, at));
                (line_start, used, last_space) = (at + 1, 0, None);
                continue;
            }
            match last_space.take() {
                Some((space, before)) => {
                    lines.push(Span::new(line_start, space));
                    (line_start, used) = (space + 1, used - before - 1);
                }
                None => {
                    lines.push(Span::new(line_start, at));
                    (line_start, used) = (at, 0);
                }
            }
        }
        if grapheme == " " {
            last_space = Some((at, used));
        }
        used += columns;
    }
    if line_start < text.len() {
        lines.push(Span::new(line_start, text.len()));
    }
    lines
}

/// The part of `marks` that falls on `line`, shifted to the line's own bytes.
pub fn marks_on(line: Span, marks: &[Span]) -> Vec<Span> {
    marks
        .iter()
        .filter(|mark| mark.overlaps(line))
        .map(|mark| Span::new(mark.start.max(line.start) - line.start, mark.end.min(line.end) - line.start))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_wrap(text: &str, width: usize, expected: &[&str]) {
        let lines: Vec<&str> = wrap(text, width).into_iter().map(|line| line.of(text)).collect();
        assert_eq!(lines, expected);
    }

    #[test]
    fn wraps_at_spaces_and_inside_long_words() {
        check_wrap("one two three", 7, &["one two", "three"]);
        check_wrap("abcdefghij kl", 4, &["abcd", "efgh", "ij", "kl"]);
        check_wrap("北京 北京", 4, &["北京", "北京"]);
        check_wrap("short", 80, &["short"]);
        check_wrap("", 80, &[""]);
    }

    #[test]
    fn fits_by_columns() {
        assert_eq!(fit("a long headline", 8), "a long..");
        assert_eq!(fit("北京北京北京", 7), "北京..");
        assert_eq!(pad("ab", 4), "ab  ");
    }

    #[test]
    fn shows_marks_only_with_colour() {
        let style = Style { color: true, ..Style::default() };
        assert_eq!(style.marked("a tax b", &[Span::new(2, 5)]), "a \x1b[1;33mtax\x1b[0m b");
        assert_eq!(Style::default().marked("a t\u{1b}ax b", &[Span::new(2, 6)]), "a tax b");
    }
}
