//! Quotation runs: the stretches of a body that stand between quotation marks.
//!
//! In: a body, its paragraphs and its [`Scan`]. Out: [`Run`]s in reading order, without overlap. Straight and curly marks may be mixed; a mark that
//! is never closed ends with its paragraph, and goes on when the next paragraph opens with a mark. Where single marks are the
//! outer ones (British style) they are taken. Must not judge whether a run is speech.

use super::scan::Scan;
use crate::model::Span;

/// What kind of marks a run stands between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Marks {
    /// Double marks, straight, curly, low or angular.
    Double,
    /// Single marks as outer marks.
    Single,
    /// Two apostrophes in place of a double mark, as some newspaper archives print them.
    Doubled,
}

/// A stretch between marks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Run {
    /// The words, marks excluded; one segment for each paragraph it runs over.
    pub(super) segments: Vec<Segment>,
    /// What it stands between.
    pub(super) marks: Marks,
    /// Whether a closing mark ends it.
    pub(super) closed: bool,
}

/// The part of a run that lies in one paragraph.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Segment {
    /// Words without marks.
    pub(super) inner: Span,
    /// With marks.
    pub(super) outer: Span,
}

impl Run {
    /// The words of the first paragraph.
    pub(super) fn first(&self) -> Segment {
        self.segments[0]
    }

    /// The words of the last paragraph.
    pub(super) fn last(&self) -> Segment {
        self.segments[self.segments.len() - 1]
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// “ „ «
    Open,
    /// ” »
    Close,
    /// " and ''
    Straight,
}

#[derive(Clone, Copy)]
struct Mark {
    at: usize,
    len: usize,
    shape: Shape,
    marks: Marks,
}

impl Mark {
    fn end(self) -> usize {
        self.at + self.len
    }
}

/// The quotation runs of `body`.
pub(super) fn runs(body: &str, paragraphs: &[Span], scan: &Scan) -> Vec<Run> {
    let (marks, singles) = find_marks(body, scan);
    let doubles = pair_doubles(body, paragraphs, &marks);
    let singles = super::single::runs(body, paragraphs, &singles, &doubles);
    if singles.is_empty() { doubles } else { merge(singles, doubles) }
}

/// All double marks in order, and the places of all single ones, parts of doubled ones included.
fn find_marks(body: &str, scan: &Scan) -> (Vec<Mark>, Vec<usize>) {
    let bytes = body.as_bytes();
    let mut marks = Vec::new();
    let mut singles = Vec::new();
    let mut at = scan.next_mark(0);
    while at < bytes.len() {
        let byte = bytes[at];
        let next = bytes.get(at + 1).copied().unwrap_or(b' ');
        let third = bytes.get(at + 2).copied().unwrap_or(b' ');
        let (len, shape, kind) = match (byte, next, third) {
            (b'"', ..) => (1, Shape::Straight, Marks::Double),
            (b'\'' | b'`', ..) if next == byte => (2, Shape::Straight, Marks::Doubled),
            (0xE2, 0x80, 0x98 | 0x99) if bytes.get(at + 3..at + 6) == Some(&[0xE2, 0x80, third]) => {
                (6, Shape::Straight, Marks::Doubled)
            }
            (0xE2, 0x80, 0x9C | 0x9E) => (3, Shape::Open, Marks::Double),
            (0xE2, 0x80, 0x9D) => (3, Shape::Close, Marks::Double),
            (0xC2, 0xAB, _) => (2, Shape::Open, Marks::Double),
            (0xC2, 0xBB, _) => (2, Shape::Close, Marks::Double),
            _ => {
                if byte == b'\'' || (byte, next) == (0xE2, 0x80) && matches!(third, 0x98 | 0x99) {
                    singles.push(at);
                }
                at = scan.next_mark(at + 1);
                continue;
            }
        };
        if kind == Marks::Doubled && byte != b'`' {
            singles.extend([at, at + len / 2]);
        }
        marks.push(Mark { at, len, shape, marks: kind });
        at = scan.next_mark(at + len);
    }
    (marks, singles)
}

/// A run that has begun.
struct Begun {
    start: Mark,
    done: Vec<Segment>,
}

fn pair_doubles(body: &str, paragraphs: &[Span], marks: &[Mark]) -> Vec<Run> {
    let mut runs = Vec::new();
    let mut open: Option<Begun> = None;
    let mut next = 0;
    for paragraph in paragraphs {
        let first = next + marks[next..].iter().take_while(|mark| mark.at < paragraph.start).count();
        let here = marks[first..].iter().take_while(|mark| mark.at < paragraph.end).count();
        next = first + here;
        let marks = &marks[first..next];
        // A run left open goes on only in a paragraph that opens with a mark.
        let goes_on =
            marks.first().is_some_and(|mark| mark.at == paragraph.start && mark.shape != Shape::Close);
        if let Some(begun) = open.take() {
            if goes_on {
                open = Some(Begun { start: marks[0], done: begun.done });
            } else {
                finish(&mut runs, begun.done, begun.start.marks, false);
            }
        }
        let skip = usize::from(open.is_some());
        pair_paragraph(body, *paragraph, &marks[skip..], &mut open, &mut runs);
        if let Some(begun) = &mut open {
            begun.done.extend(segment(body, begun.start, paragraph.end, paragraph.end));
        }
    }
    if let Some(begun) = open {
        finish(&mut runs, begun.done, begun.start.marks, false);
    }
    runs
}

fn pair_paragraph(
    body: &str,
    paragraph: Span,
    marks: &[Mark],
    open: &mut Option<Begun>,
    runs: &mut Vec<Run>,
) {
    let mut closers: usize = marks.iter().filter(|mark| mark.shape == Shape::Close).count();
    let mut openers: usize = marks.iter().filter(|mark| mark.shape == Shape::Open).count();
    let mut straights: usize =
        marks.iter().filter(|mark| mark.shape == Shape::Straight && mark.marks == Marks::Double).count();
    let n_straights = straights;
    let mut nested = false;
    for mark in marks {
        // Counts from this mark on, itself included, then without it.
        let (closers_here, openers_here, straights_here) = (closers, openers, straights);
        match (mark.shape, mark.marks) {
            (Shape::Close, _) => closers -= 1,
            (Shape::Open, _) => openers -= 1,
            (Shape::Straight, Marks::Double) => straights -= 1,
            _ => {}
        }
        let before = body[..mark.at].chars().next_back().filter(|_| mark.at > paragraph.start).unwrap_or(' ');
        let after = body[mark.end()..paragraph.end].chars().next().unwrap_or(' ');
        let Some(begun) = open else {
            let inch = mark.shape == Shape::Straight
                && before.is_ascii_digit()
                && straights_here % 2 == 1
                && n_straights % 2 == 1;
            if !inch && opens(*mark, before, after) {
                *open = Some(Begun { start: *mark, done: Vec::new() });
            }
            continue;
        };
        if (begun.start.marks == Marks::Doubled) != (mark.marks == Marks::Doubled) {
            continue;
        }
        if nested {
            nested = mark.shape != Shape::Close;
            continue;
        }
        if mark.shape == Shape::Open && closers_here >= 2 && openers_here < closers_here {
            nested = true;
            continue;
        }
        let reopens = mark.shape == Shape::Open
            && before.is_whitespace()
            && !body[mark.end()..paragraph.end].trim().is_empty();
        let end = if reopens { body[..mark.at].trim_end().len() } else { mark.at };
        let outer_end = if reopens { end } else { mark.end() };
        let mut segments = std::mem::take(&mut begun.done);
        segments.extend(segment(body, begun.start, end, outer_end));
        finish(runs, segments, begun.start.marks, !reopens);
        *open = reopens.then(|| Begun { start: *mark, done: Vec::new() });
    }
}

/// Whether a mark can begin a run, from the characters around it.
fn opens(mark: Mark, before: char, after: char) -> bool {
    match mark.shape {
        Shape::Open => true,
        Shape::Close => !after.is_whitespace() && !before.is_alphanumeric(),
        Shape::Straight if mark.marks == Marks::Doubled => {
            !after.is_whitespace() && !before.is_alphanumeric()
        }
        Shape::Straight => !after.is_whitespace(),
    }
}

fn segment(body: &str, start: Mark, end: usize, outer_end: usize) -> Option<Segment> {
    let text = body.get(start.end()..end)?;
    let inner =
        Span::new(start.end() + (text.len() - text.trim_start().len()), start.end() + text.trim_end().len());
    (inner.start < inner.end)
        .then_some(Segment { inner, outer: Span::new(start.at, outer_end.max(inner.end)) })
}

fn finish(runs: &mut Vec<Run>, segments: Vec<Segment>, marks: Marks, closed: bool) {
    if !segments.is_empty() {
        runs.push(Run { segments, marks, closed });
    }
}

/// Both lists in one order; a double run inside a single one is part of it.
fn merge(singles: Vec<Run>, doubles: Vec<Run>) -> Vec<Run> {
    let mut merged: Vec<Run> = Vec::with_capacity(singles.len() + doubles.len());
    let mut doubles = doubles.into_iter().peekable();
    for single in singles {
        let (start, end) = (single.first().outer.start, single.last().outer.end);
        while let Some(double) = doubles.next_if(|double| double.first().outer.start < end) {
            if double.last().outer.end <= start {
                merged.push(double);
            }
        }
        merged.push(single);
    }
    merged.extend(doubles);
    merged
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Runs of `body` as `a|b` for one run over two paragraphs; paragraphs are lines.
    #[track_caller]
    fn check(body: &str, expected: &[&str]) {
        let mut paragraphs = Vec::new();
        let mut at = 0;
        for line in body.split('\n') {
            if !line.trim().is_empty() {
                paragraphs.push(Span::new(at, at + line.len()));
            }
            at += line.len() + 1;
        }
        let found: Vec<String> = runs(body, &paragraphs, &Scan::new(body))
            .iter()
            .map(|run| run.segments.iter().map(|s| s.inner.of(body)).collect::<Vec<_>>().join("|"))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn pairs_straight_curly_and_mixed_marks() {
        check("\"A b,\" she said. \"C.\"", &["A b,", "C."]);
        check("“A b,” she said. “C.\"", &["A b,", "C."]);
        check("«A b», she said. „C.“", &["A b", "C."]);
        check("''A b,'' she said.", &["A b,"]);
    }

    #[test]
    fn runs_over_paragraphs_that_each_open() {
        check("“A.\n“B.\n“C,” she said.", &["A.|B.|C,"]);
        check("“A.\nThe end.", &["A."]);
    }

    #[test]
    fn tolerates_missing_marks() {
        check("“A b “C d,” she said.", &["A b", "C d,"]);
        check("\"A b,\" she said. \"C d.", &["A b,", "C d."]);
        check("A board 6\" wide and \"strong\" too.", &["strong"]);
        check("” “", &[]);
    }

    #[test]
    fn keeps_nested_marks_inside() {
        check("“A “b” c,” she said.", &["A “b” c,"]);
        check("\"A 'b' c,\" she said.", &["A 'b' c,"]);
    }

    #[test]
    fn takes_single_marks_where_they_are_the_outer_ones() {
        check("‘A b c,’ she said. ‘It’s “d” e.’", &["A b c,", "It’s “d” e."]);
        check("'A b c,' she said. 'The voters' choice.'", &["A b c,", "The voters' choice."]);
        check("“A ‘b c’ d,” she said of the ’90s and the voters’ choice.", &["A ‘b c’ d,"]);
    }

    #[test]
    fn a_megabyte_of_marks_returns() {
        for mark in ["\"", "“", "”", "'", "‘", "''", "“”", "\"\n", "“\n", "‘\n"] {
            let body = mark.repeat(1_000_000 / mark.len());
            let paragraphs: Vec<Span> = if mark.ends_with('\n') {
                (0..body.len() / mark.len())
                    .map(|i| Span::new(i * mark.len(), (i + 1) * mark.len() - 1))
                    .collect()
            } else {
                vec![Span::new(0, body.len())]
            };
            for run in runs(&body, &paragraphs, &Scan::new(&body)) {
                assert!(run.segments.iter().all(|s| body.get(s.inner.start..s.inner.end).is_some()));
            }
        }
    }
}
