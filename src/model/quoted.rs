//! A quote's words as they are printed for people: in quotation marks, with what was skipped shown as skipped.
//!
//! In: the words said and where their parts begin and end. Out: text with marks, and the matches moved along.

use super::quote::{Quote, QuoteKind};
use super::search::QuoteRecord;
use super::span::Span;

/// Between two parts of a mixed quote: the reporter's words stood there.
const SKIPPED: &str = " ... ";

impl QuoteRecord {
    /// [`text`](Self::text) in quotation marks, and [`marks`](Self::marks) in it.
    ///
    /// A direct quote is one run of words, though "she said" may interrupt it; each part of a mixed quote has marks of its
    /// own, since the words between are not the speaker's. A paraphrase has none.
    pub fn quoted(&self) -> (String, Vec<Span>) {
        let lengths = self.spans.iter().map(|[start, end]| end.saturating_sub(*start));
        in_marks(self.kind, &self.text, &parts(&self.text, lengths), &self.marks)
    }
}

impl Quote {
    /// The words said in quotation marks, as [`QuoteRecord::quoted`].
    pub fn quoted(&self, body: &str) -> String {
        let text = self.text(body);
        let lengths = self.content.iter().map(|span| span.of(body).chars().count());
        in_marks(self.kind, &text, &parts(&text, lengths), &[]).0
    }
}

/// The parts of a text that were joined by single spaces, by their lengths in code points.
fn parts(text: &str, lengths: impl Iterator<Item = usize>) -> Vec<Span> {
    let mut parts = Vec::new();
    let mut start = 0;
    for length in lengths {
        let Some(rest) = text.get(start..).filter(|rest| !rest.is_empty()) else { break };
        let end = rest.char_indices().nth(length).map_or(text.len(), |(at, _)| start + at);
        parts.push(Span::new(start, end));
        start = end + 1;
    }
    match parts.last() {
        Some(last) if last.end == text.len() => parts,
        // Lengths that do not fit the text: one part.
        _ => vec![Span::new(0, text.len())],
    }
}

fn in_marks(kind: QuoteKind, text: &str, parts: &[Span], marks: &[Span]) -> (String, Vec<Span>) {
    let whole = [Span::new(0, text.len())];
    let parts = if kind == QuoteKind::Mixed { parts } else { &whole };
    let mark = if kind == QuoteKind::Indirect { "" } else { "\"" };
    let mut shown = String::with_capacity(text.len() + 2);
    let mut moved = Vec::new();
    for (idx, part) in parts.iter().enumerate() {
        if idx > 0 {
            shown.push_str(SKIPPED);
        }
        shown.push_str(mark);
        let by = shown.len();
        shown.push_str(part.of(text));
        shown.push_str(mark);
        for found in marks {
            let (start, end) = (found.start.max(part.start), found.end.min(part.end));
            if start < end {
                moved.push(Span::new(start - part.start + by, end - part.start + by));
            }
        }
    }
    (shown, moved)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &str = "She called the levy “a gift” to the coast and “a burden — no more” elsewhere.";

    fn quote(kind: QuoteKind, words: &[&str]) -> Quote {
        let content = words
            .iter()
            .map(|words| {
                let start = BODY.find(words).unwrap();
                Span::new(start, start + words.len())
            })
            .collect();
        Quote {
            kind,
            content,
            source_span: None,
            cue: None,
            speaker: None,
            speaker_as_written: None,
            role: None,
            via: None,
            grade: crate::model::Grade::None,
            rule: String::new(),
            trace: Vec::new(),
        }
    }

    #[test]
    fn parts_of_a_mixed_quote_have_marks_of_their_own() {
        let words = &["a gift", "a burden — no more"];
        assert_eq!(quote(QuoteKind::Mixed, words).quoted(BODY), "\"a gift\" ... \"a burden — no more\"");
        assert_eq!(quote(QuoteKind::Direct, words).quoted(BODY), "\"a gift a burden — no more\"");
        assert_eq!(quote(QuoteKind::Indirect, words).quoted(BODY), "a gift a burden — no more");
    }

    #[test]
    fn matches_move_with_their_words() {
        let text = "a gift a burden";
        let parts = parts(text, [6, 8].into_iter());
        let (shown, marks) = in_marks(QuoteKind::Mixed, text, &parts, &[Span::new(2, 8), Span::new(9, 15)]);
        let marked: Vec<&str> = marks.iter().map(|mark| mark.of(&shown)).collect();
        assert_eq!(marked, ["gift", "a", "burden"]);
    }

    #[test]
    fn lengths_that_do_not_fit_give_one_part() {
        for lengths in [&[3usize][..], &[3, 1], &[], &[400]] {
            assert_eq!(parts("ab cde", lengths.iter().copied()).last().unwrap().end, 6);
        }
    }
}
