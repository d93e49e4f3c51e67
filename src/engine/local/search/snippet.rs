//! What is shown of an article under its headline: whole sentences with what matched in them, and quotes that hold it.
//!
//! Positions that matched are known already; so only the sentences that are shown are cut into words.

use super::evidence::Evidence;
use super::plan::Plan;
use super::view::View;
use crate::model::search::{Highlights, QuoteRecord, Snippet, SnippetField};
use crate::model::span::CodePoints;
use crate::model::{Article, Quote, QuoteKind, Span};
use crate::query::Place;
use crate::schema::record::RecordView;
use crate::schema::{BODY_START, STANDFIRST_START};
use crate::text;

/// A sentence shorter than this many bytes is shown with the next one of its paragraph.
const SHORT_BYTES: usize = 60;
/// What a substitute counts at most beside the word itself, of the word's weight: less than [`SAID_BONUS`] makes up for.
const SUBSTITUTE_SHARE: f32 = 0.5;
/// Quotes listed with an article.
const MATCHED_QUOTES: usize = 5;
/// Sentences looked into for quotes that hold a word of the query.
const QUOTE_SENTENCES: usize = 200;

/// One article's text, opened for showing.
pub(super) struct Shown<'r> {
    view: &'r View,
    record: RecordView<'r>,
    paragraphs: Vec<Span>,
    sentences: Vec<Span>,
    /// Position of each sentence's first word.
    firsts: Vec<u32>,
    pub(super) quotes: Vec<Quote>,
    points: CodePoints<'r>,
    marks: Vec<Place>,
}

impl<'r> Shown<'r> {
    /// `None` when the record cannot be read.
    pub(super) fn open(
        view: &'r View,
        record: RecordView<'r>,
        evidence: &Evidence,
        plan: &Plan,
    ) -> Option<Self> {
        let (paragraphs, sentences) = record.layout()?;
        let firsts: Vec<u32> =
            evidence.bounds.iter().map(|bound| u32::try_from(bound / 2).unwrap_or(u32::MAX)).collect();
        Some(Shown {
            view,
            paragraphs,
            sentences,
            firsts,
            quotes: record.quotes()?,
            points: CodePoints::new(record.body),
            marks: evidence.marks(plan),
            record,
        })
    }

    /// The best `wanted` fragments, best first; without a match in the body, its first sentence.
    pub(super) fn snippets(&self, plan: &Plan, evidence: &Evidence, wanted: usize) -> Vec<Snippet> {
        if wanted == 0 {
            return Vec::new();
        }
        let mut scored = self.scored_sentences(plan, evidence);
        scored.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        let mut shown: Vec<Snippet> = Vec::new();
        let mut covered: Vec<Span> = Vec::new();
        for (idx, _) in scored {
            let extent = self.extent(idx);
            if covered.iter().any(|other| other.overlaps(extent)) {
                continue;
            }
            covered.push(extent);
            shown.push(self.fragment(idx, extent));
            if shown.len() == wanted {
                break;
            }
        }
        if shown.is_empty() {
            shown.extend(self.standfirst());
        }
        if shown.is_empty() && !self.sentences.is_empty() {
            shown.push(self.fragment(0, self.extent(0)));
        }
        shown
    }

    /// Sentences with a match, by what they hold: each word of the query once by its rarity, and a little for words said
    /// by somebody with a name.
    fn scored_sentences(&self, plan: &Plan, evidence: &Evidence) -> Vec<(usize, f32)> {
        let mut held: Vec<(usize, usize, f32)> = Vec::new();
        for (id, leaf) in plan.marked_leaves.iter().enumerate() {
            let weight = plan.leaves[*leaf].idf.max(0.1);
            for place in &evidence.own[*leaf] {
                held.extend(self.sentence_at(place.start).map(|sentence| (sentence, id, weight)));
            }
            for (substitute, places) in
                plan.leaves[*leaf].substitutes.iter().zip(&evidence.substitutes[*leaf])
            {
                // What the article says in the words of the query is shown before what it says in others.
                let own = plan.leaves[*leaf].idf.max(0.1) * SUBSTITUTE_SHARE;
                let weight = match evidence.own[*leaf].is_empty() {
                    true => substitute.weight * substitute.idf,
                    false => (substitute.weight * substitute.idf).min(own),
                };
                let weight = weight.max(0.05);
                for place in places {
                    held.extend(self.sentence_at(place.start).map(|sentence| (sentence, id, weight)));
                }
            }
        }
        for (id, span) in plan.marked_spans.iter().enumerate() {
            for place in &evidence.spans[*span] {
                let id = plan.marked_leaves.len() + id;
                held.extend(
                    self.sentence_at(place.start).map(|at| (at, id, plan.spans[*span].idf.max(0.1) * 1.5)),
                );
            }
        }
        held.sort_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)).then(b.2.total_cmp(&a.2)));
        held.dedup_by_key(|(sentence, id, _)| (*sentence, *id));
        let mut scored: Vec<(usize, f32)> = Vec::new();
        for (sentence, _, weight) in held {
            match scored.last_mut() {
                Some((last, score)) if *last == sentence => *score += weight,
                _ => scored.push((sentence, weight)),
            }
        }
        for (sentence, score) in &mut scored {
            let said = self.sentences.get(*sentence).and_then(|span| self.quote_over(*span));
            if said.is_some_and(|quote| quote.speaker.is_some()) {
                *score *= SAID_BONUS;
            }
        }
        scored
    }

    fn sentence_at(&self, position: u32) -> Option<usize> {
        if position < BODY_START {
            return None;
        }
        let idx = self.firsts.partition_point(|first| *first <= position).checked_sub(1)?;
        (idx < self.sentences.len()).then_some(idx)
    }

    /// The sentence, with the next one of the paragraph where it is very short.
    fn extent(&self, idx: usize) -> Span {
        let sentence = self.sentences[idx];
        match self.sentences.get(idx + 1) {
            Some(next)
                if sentence.len() < SHORT_BYTES
                    && self.same_paragraph(sentence, *next)
                    && self.quote_over(sentence).is_none() =>
            {
                Span::new(sentence.start, next.end)
            }
            _ => sentence,
        }
    }

    fn same_paragraph(&self, first: Span, second: Span) -> bool {
        let idx = self.paragraphs.partition_point(|paragraph| paragraph.end < first.end);
        self.paragraphs.get(idx).is_some_and(|paragraph| paragraph.contains(second))
    }

    fn quote_over(&self, sentence: Span) -> Option<&Quote> {
        let counted = self.quotes.iter().filter(|quote| quote.kind != QuoteKind::Indirect);
        let shared = |quote: &&Quote| {
            let inside = quote.content.iter().filter(|span| span.overlaps(sentence));
            inside.map(|span| span.end.min(sentence.end) - span.start.max(sentence.start)).sum::<usize>()
        };
        // Half of the sentence at least is said by one person.
        counted.max_by_key(shared).filter(|quote| shared(quote) * 2 >= sentence.len() && !sentence.is_empty())
    }

    fn fragment(&self, idx: usize, extent: Span) -> Snippet {
        let mut marks = Vec::new();
        for (sentence, first) in self.sentences.iter().zip(&self.firsts).skip(idx) {
            if !extent.contains(*sentence) {
                break;
            }
            for mark in self.marks_in(*sentence, *first) {
                marks.push(Span::new(mark.start - extent.start, mark.end - extent.start));
            }
        }
        let said = self.quote_over(extent);
        let [start, end] = self.points.span(extent);
        Snippet {
            field: if said.is_some() { SnippetField::Quote } else { SnippetField::Body },
            text: extent.of(self.record.body).to_owned(),
            start,
            end,
            marks,
            speaker: said
                .and_then(|quote| quote.speaker.as_deref())
                .map(|name| self.view.canonical(name).to_owned()),
        }
    }

    /// Bytes of the body that matched in one sentence.
    fn marks_in(&self, sentence: Span, first: u32) -> Vec<Span> {
        let marks = spans_of(sentence.of(self.record.body), first, &self.marks);
        marks
            .into_iter()
            .map(|mark| Span::new(sentence.start + mark.start, sentence.start + mark.end))
            .collect()
    }

    /// Everything that matched in headline and body.
    pub(super) fn highlights(&self) -> Highlights {
        let mut highlights = Highlights::default();
        if self.marks.first().is_some_and(|mark| mark.start < STANDFIRST_START)
            && let Some(headline) = self.record.head().and_then(|head| head.headline)
        {
            highlights.headline = spans_of(&headline, 0, &self.marks);
        }
        let mut last = None;
        for mark in &self.marks {
            let Some(idx) = self.sentence_at(mark.start).filter(|idx| last != Some(*idx)) else { continue };
            last = Some(idx);
            highlights.body.extend(self.marks_in(self.sentences[idx], self.firsts[idx]));
        }
        highlights
    }

    fn standfirst(&self) -> Option<Snippet> {
        let hit = self.marks.iter().any(|mark| (STANDFIRST_START..BODY_START).contains(&mark.start));
        let standfirst =
            if hit { self.record.article().and_then(|article: Article| article.standfirst) } else { None }?;
        let marks = spans_of(&standfirst, STANDFIRST_START, &self.marks);
        let end = standfirst.chars().count();
        Some(Snippet {
            field: SnippetField::Standfirst,
            text: standfirst,
            start: 0,
            end,
            marks,
            speaker: None,
        })
    }

    /// The quotes that hold words of the query: those with most of them, in reading order.
    pub(super) fn matched_quotes(&self, article_id: &str, kinds: &[QuoteKind]) -> Vec<QuoteRecord> {
        let mut marked: Vec<Span> = Vec::new();
        let mut last = None;
        let mut looked_into = 0;
        for mark in &self.marks {
            let Some(idx) = self.sentence_at(mark.start).filter(|idx| last != Some(*idx)) else {
                continue;
            };
            last = Some(idx);
            let sentence = self.sentences[idx];
            if self.quotes.iter().any(|quote| quote.content.iter().any(|span| span.overlaps(sentence))) {
                marked.extend(self.marks_in(sentence, self.firsts[idx]));
                looked_into += 1;
            }
            if looked_into == QUOTE_SENTENCES {
                break;
            }
        }
        let mut found: Vec<(usize, usize)> = Vec::new();
        for (idx, quote) in self.quotes.iter().enumerate().filter(|(_, quote)| kinds.contains(&quote.kind)) {
            let inside =
                marked.iter().filter(|mark| quote.content.iter().any(|span| span.contains(**mark))).count();
            if inside > 0 {
                found.push((idx, inside));
            }
        }
        found.sort_by_key(|(idx, inside)| (std::cmp::Reverse(*inside), *idx));
        found.truncate(MATCHED_QUOTES);
        found.sort_unstable();
        found.iter().map(|(idx, _)| self.quote_record(article_id, *idx, &marked)).collect()
    }

    /// The quote at `idx`, with those of the body's `marked` bytes that lie in it.
    fn quote_record(&self, article_id: &str, idx: usize, marked: &[Span]) -> QuoteRecord {
        let quote = &self.quotes[idx];
        let mut marks = Vec::new();
        let mut at = 0;
        for span in &quote.content {
            let inside = marked.iter().filter(|mark| span.contains(**mark));
            marks.extend(
                inside.map(|mark| Span::new(at + mark.start - span.start, at + mark.end - span.start)),
            );
            // The parts of a quote's text are joined by one space.
            at += span.of(self.record.body).len() + 1;
        }
        record_of(self.view, self.record.body, &self.points, article_id, idx, quote, marks)
    }
}

/// A sentence said by somebody with a name is worth so much more.
const SAID_BONUS: f32 = 1.15;

/// A quote as shown. `idx` counts from 0.
pub(super) fn record_of(
    view: &View,
    body: &str,
    points: &CodePoints<'_>,
    article_id: &str,
    idx: usize,
    quote: &Quote,
    marks: Vec<Span>,
) -> QuoteRecord {
    QuoteRecord {
        id: format!("{article_id}-q{}", idx + 1),
        article_id: article_id.to_owned(),
        text: quote.text(body),
        kind: quote.kind,
        cue: quote.cue.map(|span| span.of(body).to_owned()),
        speaker: quote.speaker.as_deref().map(|name| view.canonical(name).to_owned()),
        speaker_as_written: quote.speaker_as_written.clone(),
        role: quote.role.clone(),
        via: quote.via.clone(),
        grade: quote.grade,
        rule: quote.rule.clone(),
        spans: quote.content.iter().map(|span| points.span(*span)).collect(),
        marks,
    }
}

/// Bytes of `text`, whose first word stands at `first`, under the `marked` positions: in order, one span a place.
pub(super) fn spans_of(text: &str, first: u32, marked: &[Place]) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    let mut from = marked.partition_point(|place| place.end <= first);
    // The place that the last span stands for.
    let mut open: Option<usize> = None;
    text::word::tokenize(text, &mut |_: &str, position, span: Span| {
        let position = first + position;
        while marked.get(from).is_some_and(|place| place.end <= position) {
            from += 1;
        }
        if marked.get(from).is_none_or(|place| position < place.start) {
            return;
        }
        match spans.last_mut().filter(|_| open == Some(from)) {
            Some(last) => last.end = last.end.max(span.end),
            None => spans.push(span),
        }
        open = Some(from);
    });
    // The joined form of a hyphenated word covers its parts.
    let mut joined: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans {
        match joined.last_mut() {
            Some(last) if span.start < last.end => last.end = last.end.max(span.end),
            _ => joined.push(span),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, first: u32, marked: &[(u32, u32)], expected: &[&str]) {
        let marked: Vec<Place> =
            marked.iter().map(|(start, end)| Place { start: *start, end: *end }).collect();
        let found: Vec<&str> = spans_of(text, first, &marked).iter().map(|span| span.of(text)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn positions_become_bytes() {
        check("Water rights, again", 256, &[(256, 258)], &["Water rights"]);
        check("Water rights, again", 256, &[(256, 257), (257, 258)], &["Water", "rights"]);
        check("Water rights, again", 256, &[(10, 12), (258, 300)], &["again"]);
        check("Élan vital", 0, &[(0, 1)], &["Élan"]);
        check("", 0, &[(0, 1)], &[]);
    }
}
