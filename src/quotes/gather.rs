//! One attribution for each quote, in reading order.
//!
//! In: a [`Reading`], its cues, the links of its runs. Out: [`Attribution`]s. Words between marks make a direct quote, or a mixed
//! one where their sentence goes on in the speaker's sense outside the marks; a paraphrase is one with all its words, those
//! between marks included. Must not name anybody.

use super::attribution::{Attribution, Source};
use super::cue::Cue;
use super::direct::Link;
use super::marks::Marks;
use super::phrase::{Phrase, Reading};
use super::{indirect, transcript, via};
use crate::model::{QuoteKind, Span};

/// An attribution in terms of tokens.
struct Found {
    kind: QuoteKind,
    content: Vec<Span>,
    source: Option<Phrase>,
    cue: Option<usize>,
    /// Its first run; `None` for a paraphrase and a turn of a transcript.
    run: Option<usize>,
    rule: &'static str,
}

/// The attributions of an article, in the order of their first words.
pub(super) fn attributions(reading: &Reading<'_>, cues: &[Cue], links: &[Link]) -> Vec<Attribution> {
    let mut found: Vec<Found> = Vec::new();
    let mut partial = vec![false; reading.runs.len()];
    for content in indirect::contents(reading, cues, links) {
        let outside =
            content.parts.iter().any(|part| (part.first..part.end).any(|at| reading.tokens[at].is_word()));
        if !outside {
            continue;
        }
        for run in &content.runs {
            partial[*run] = true;
        }
        let source = content.runs.first().and_then(|run| links[*run].source).or(cues[content.cue].source);
        let spans = content.parts.iter().map(|part| reading.span(*part)).collect();
        found.push(Found {
            kind: QuoteKind::Indirect,
            content: spans,
            source,
            cue: Some(content.cue),
            run: None,
            rule: "paraphrase",
        });
    }
    for turn in transcript::turns(reading) {
        // A transcript has no marks that could vouch for each word.
        let content = vec![reading.span(turn.content)];
        found.push(Found {
            kind: QuoteKind::Mixed,
            content,
            source: Some(turn.source),
            cue: None,
            run: None,
            rule: "transcript",
        });
    }
    let of_run = spoken_runs(reading, links, &partial, &mut found);
    in_order(reading, cues, links, &of_run, found)
}

/// Adds the runs that somebody speaks; returns where each went.
fn spoken_runs(
    reading: &Reading<'_>,
    links: &[Link],
    partial: &[bool],
    found: &mut Vec<Found>,
) -> Vec<Option<usize>> {
    let mut of_run: Vec<Option<usize>> = vec![None; reading.runs.len()];
    for (idx, run) in reading.runs.iter().enumerate() {
        let link = &links[idx];
        if !link.spoken {
            continue;
        }
        // Doubled apostrophes stand for marks in some archives and for other things in others.
        let kind =
            if partial[idx] || run.marks == Marks::Doubled { QuoteKind::Mixed } else { QuoteKind::Direct };
        let segments = run.segments.iter().map(|segment| segment.inner);
        let goes_on = link.continues.filter(|_| link.same_utterance);
        let same_cue =
            idx.checked_sub(1).filter(|before| link.cue.is_some() && links[*before].cue == link.cue);
        let joined = goes_on.or(same_cue).and_then(|before| of_run[before]).filter(|before| {
            let before = &found[*before];
            before.kind == kind
                && before.content.last().is_some_and(|last| last.end <= run.first().outer.start)
        });
        if let Some(before) = joined {
            found[before].content.extend(segments);
            of_run[idx] = Some(before);
            continue;
        }
        of_run[idx] = Some(found.len());
        found.push(Found {
            kind,
            content: segments.collect(),
            source: link.source,
            cue: link.cue,
            run: Some(idx),
            rule: link.rule,
        });
    }
    of_run
}

fn in_order(
    reading: &Reading<'_>,
    cues: &[Cue],
    links: &[Link],
    of_run: &[Option<usize>],
    found: Vec<Found>,
) -> Vec<Attribution> {
    let mut order: Vec<usize> = (0..found.len()).collect();
    order.sort_by_key(|idx| (found[*idx].content[0].start, found[*idx].kind));
    let mut place = vec![0; found.len()];
    for (at, idx) in order.iter().enumerate() {
        place[*idx] = at;
    }
    let mut attributions = Vec::with_capacity(found.len());
    for (at, idx) in order.into_iter().enumerate() {
        let found = &found[idx];
        let relay = found.cue.map(|cue| via::relay(reading, cues, cue)).unwrap_or_default();
        let continues = found
            .run
            .and_then(|run| links[run].continues)
            .and_then(|before| of_run[before])
            .map(|before| place[before]);
        attributions.push(Attribution {
            kind: found.kind,
            content: found.content.clone(),
            source: found
                .source
                .map(|phrase| Source { span: reading.span(phrase), kind: reading.source_kind(phrase) }),
            cue: found.cue.map(|cue| reading.span(Phrase { first: cues[cue].at, end: cues[cue].end })),
            listener: relay.listener.map(|phrase| reading.span(phrase)),
            via: relay.reporter.map(|phrase| reading.span(phrase)),
            continues: continues.filter(|before| *before < at),
            rule: found.rule,
        });
    }
    attributions
}
