//! One attribution for each quote, in reading order.
//!
//! In: a [`Reading`], its cues, the links of its runs. Out: [`Attribution`]s. Words between marks make a direct quote, or a mixed
//! one where their sentence goes on in the speaker's sense outside the marks; a paraphrase is one with all its words, those
//! between marks included. Must not name anybody.

use super::attribution::{Attribution, Source};
use super::cue::Cue;
use super::direct::{Link, Linker};
use super::marks::Marks;
use super::phrase::Phrase;
use super::reading::Reading;
use super::transcript::{self, Turn};
use super::{apposition, indirect, via};
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

/// The attributions of an article, in the order of their first words; with `explain`, what was weighed for each.
pub(super) fn attributions(
    reading: &Reading<'_>,
    cues: &[Cue],
    links: &[Link],
    explain: bool,
) -> (Vec<Attribution>, Vec<Vec<String>>) {
    let mut found: Vec<Found> = Vec::new();
    let mut partial = vec![false; reading.runs.len()];
    let turns = transcript::turns(reading);
    let in_turn = |at: usize| {
        let next = turns.partition_point(|turn| turn.content.end <= at);
        turns.get(next).is_some_and(|turn| turn.content.first <= at)
    };
    for content in indirect::contents(reading, cues, links) {
        // Whoever speaks in a transcript may quote others; the words stay his.
        if in_turn(cues[content.cue].at) {
            continue;
        }
        let outside =
            content.parts.iter().any(|part| (part.first..part.end).any(|at| reading.tokens[at].is_word()));
        if !outside {
            continue;
        }
        for run in &content.runs {
            partial[*run] = true;
        }
        let quoted = content.runs.first().and_then(|run| links[*run].source);
        let source = quoted.or(cues[content.cue].source.map(|source| apposition::with_name(reading, source)));
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
    for turn in &turns {
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
    let of_run = spoken_runs(reading, links, &partial, &turns, &mut found);
    let order = order(&found);
    let traces = match explain {
        true => {
            let linker = Linker::new(reading, cues);
            order.iter().map(|idx| trace(reading, &linker, links, &found[*idx])).collect()
        }
        false => Vec::new(),
    };
    (in_order(reading, cues, links, &of_run, &order, found), traces)
}

/// Where content, cue and source of a quote stand, and which cues lost.
fn trace(reading: &Reading<'_>, linker: &Linker<'_, '_>, links: &[Link], found: &Found) -> Vec<String> {
    let at = |what: &str, span: Span| {
        format!("{what} {}..{} \u{201c}{}\u{201d}", span.start, span.end, span.of(reading.body))
    };
    let mut lines = Vec::new();
    for span in &found.content {
        lines.push(format!("content {}..{}", span.start, span.end));
    }
    if let Some(cue) = found.cue.map(|idx| &linker.cues[idx]) {
        let span = reading.span(cue.words());
        let how = match (cue.inverted, cue.shared) {
            (true, _) => "who does it stands behind",
            (_, true) => "who does it was taken from another verb",
            _ => "who does it stands before",
        };
        lines.push(format!("{}, {:?}, {how}", at("cue", span), cue.mood));
    }
    lines.push(match found.source {
        Some(source) => at("source", reading.span(source)),
        None => "source none".to_owned(),
    });
    if let Some(run) = found.run {
        lines.extend(linker.explain(run, &links[run]));
    }
    lines
}

/// Indexes of `found` by their first words.
fn order(found: &[Found]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..found.len()).collect();
    order.sort_by_key(|idx| (found[*idx].content[0].start, found[*idx].kind));
    order
}

/// Adds the runs that somebody speaks; returns where each went.
fn spoken_runs(
    reading: &Reading<'_>,
    links: &[Link],
    partial: &[bool],
    turns: &[Turn],
    found: &mut Vec<Found>,
) -> Vec<Option<usize>> {
    let mut of_run: Vec<Option<usize>> = vec![None; reading.runs.len()];
    let mut turn = 0;
    for (idx, run) in reading.runs.iter().enumerate() {
        let link = &links[idx];
        let start = run.first().inner.start;
        while turns.get(turn).is_some_and(|turn| reading.span(turn.content).end <= start) {
            turn += 1;
        }
        let in_turn = turns.get(turn).is_some_and(|turn| reading.span(turn.content).start <= start);
        if !link.spoken || in_turn {
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
    order: &[usize],
    mut found: Vec<Found>,
) -> Vec<Attribution> {
    let mut place = vec![0; found.len()];
    for (at, idx) in order.iter().enumerate() {
        place[*idx] = at;
    }
    let mut attributions = Vec::with_capacity(found.len());
    for (at, idx) in order.iter().enumerate() {
        let found = &mut found[*idx];
        let relay = found.cue.map(|cue| via::relay(reading, cues, cue)).unwrap_or_default();
        let continues = found
            .run
            .and_then(|run| links[run].continues)
            .and_then(|before| of_run[before])
            .map(|before| place[before]);
        attributions.push(Attribution {
            kind: found.kind,
            content: std::mem::take(&mut found.content),
            source: found
                .source
                .map(|phrase| Source { span: reading.span(phrase), kind: reading.source_kind(phrase) }),
            cue: found.cue.map(|cue| reading.span(cues[cue].words())),
            listener: relay.listener.map(|phrase| reading.span(phrase)),
            via: relay.reporter.map(|phrase| reading.span(phrase)),
            continues: continues.filter(|before| *before < at),
            rule: found.rule,
        });
    }
    attributions
}
