//! Single quotation marks as outer marks, as British newspapers set them.
//!
//! In: a body, its paragraphs, where its single marks are, and the runs between double marks. Out: runs between single marks, empty unless the article
//! uses single marks more often than double ones. An apostrophe looks the same as a closing mark: what stands around it
//! decides. Must not take marks inside a double run.

use super::marks::{Marks, Run, Segment};
use crate::model::Span;

/// A character that may open or close a run.
#[derive(Clone, Copy)]
struct Mark {
    at: usize,
    len: usize,
    opens: bool,
    closes: Closing,
}

/// How sure a mark closes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd)]
enum Closing {
    /// It does not.
    No,
    /// It may be the apostrophe of a plural: "the voters' choice".
    Maybe,
    /// A letter other than s, or punctuation, stands before it.
    Yes,
}

/// Runs between single marks, where they are the article's outer marks.
pub(super) fn runs(body: &str, paragraphs: &[Span], places: &[usize], doubles: &[Run]) -> Vec<Run> {
    let mut runs = Vec::new();
    let mut double = 0;
    let mut inside = 0;
    let mut marks = Vec::new();
    let mut places = places.iter().copied().peekable();
    for paragraph in paragraphs {
        while places.next_if(|at| *at < paragraph.start).is_some() {}
        marks.clear();
        while let Some(at) = places.next_if(|at| *at < paragraph.end) {
            marks.extend(mark(body, *paragraph, at));
        }
        let mut at = 0;
        while at < marks.len() {
            let Some(run) = read(body, &marks, at) else {
                at += 1;
                continue;
            };
            let outer = run.0.outer;
            while doubles.get(double).is_some_and(|other| other.last().outer.end <= outer.start) {
                double += 1;
            }
            let covered = doubles.get(double).is_some_and(|other| {
                other.first().outer.start < outer.start && outer.end <= other.last().outer.end
            });
            inside += usize::from(covered);
            at = run.1;
            if !covered {
                runs.push(Run { segments: vec![run.0], marks: Marks::Single, closed: true });
            }
        }
    }
    let holds = |run: &Run, other: &Run| run.first().outer.contains(other.first().outer);
    let mut next = 0;
    let mut nested = 0;
    for run in &runs {
        while doubles.get(next).is_some_and(|double| double.first().outer.start < run.first().outer.end) {
            nested += usize::from(holds(run, &doubles[next]));
            next += 1;
        }
    }
    let outer_doubles = doubles.len() - nested;
    if runs.len() <= outer_doubles || runs.len() <= inside {
        // A curly pair is a quote even where double marks are the custom; apostrophes are not to be told from straight ones.
        runs.retain(|run| {
            let outer = run.first().outer;
            let next = doubles.partition_point(|double| double.last().outer.end <= outer.start);
            let overlaps = doubles.get(next).is_some_and(|double| double.first().outer.start < outer.end);
            !overlaps && is_curly_pair(body, run)
        });
    }
    runs
}

/// Whether a run of three words or more stands between ‘ and ’, the last with punctuation at it.
fn is_curly_pair(body: &str, run: &Run) -> bool {
    let outer = run.first().outer.of(body);
    let inner = run.first().inner.of(body);
    let after = body[run.first().outer.end..].chars().next().unwrap_or(' ');
    let pointed = inner.ends_with([',', '.', '?', '!']) || matches!(after, ',' | '.');
    outer.starts_with('‘') && outer.ends_with('’') && pointed && inner.split(' ').nth(2).is_some()
}

/// The run that the mark at index `at` opens, and the index of the mark after it.
fn read(body: &str, marks: &[Mark], at: usize) -> Option<(Segment, usize)> {
    let open = marks[at];
    if !open.opens {
        return None;
    }
    let mut best: Option<usize> = None;
    for (idx, mark) in marks.iter().enumerate().skip(at + 1) {
        if mark.opens {
            break;
        }
        if mark.closes == Closing::Yes {
            best = Some(idx);
            break;
        }
        if mark.closes == Closing::Maybe && best.is_none() {
            best = Some(idx);
        }
    }
    let close = marks[best?];
    let inner = Span::new(open.at + open.len, close.at);
    let text = inner.of(body);
    if text.trim() != text || !text.contains(' ') {
        return None;
    }
    Some((Segment { inner, outer: Span::new(open.at, close.at + close.len) }, best? + 1))
}

/// What the single mark at `at` may do; `None`: it is an apostrophe inside a word or stands alone.
fn mark(body: &str, paragraph: Span, at: usize) -> Option<Mark> {
    let len = if body.as_bytes()[at] == b'\'' { 1 } else { 3 };
    let curly_open = len == 3 && body.as_bytes()[at + 2] == 0x98;
    let before = body[paragraph.start..at].chars().next_back().unwrap_or(' ');
    let after = body[at + len..paragraph.end].chars().next().unwrap_or(' ');
    let room_before = before.is_whitespace() || matches!(before, '(' | '[' | '—' | '–' | '-' | '“' | '"');
    let opens = room_before
        && (curly_open || len == 1)
        && (after.is_alphabetic() || matches!(after, '“' | '"' | '…' | '£' | '$'));
    let closes = match before {
        _ if curly_open || after.is_alphanumeric() || before.is_whitespace() => Closing::No,
        's' | 'z' if !matches!(after, ',' | '.' | ';' | ':' | '?' | '!') => Closing::Maybe,
        _ => Closing::Yes,
    };
    (opens || closes != Closing::No).then_some(Mark { at, len, opens, closes })
}
