//! Finds every quote of an article and who speaks it.
//!
//! In: an [`Article`] and the [`Lexicon`]. Out: [`Quote`]s in reading order. Reads no file, knows no index. In stages:
//!
//! * [`cast`]: who is named in the article, and which of them a mention means
//! * `marks`, `single`: stretches between quotation marks
//! * `token`, `phrase`: words, sentences and noun phrases around them
//! * `cue`, `source`: speech verbs and who does what they say
//! * `direct`: which cue or neighbour speaks for each stretch
//! * `indirect`: words outside marks that a cue makes somebody's
//! * `title`: stretches between marks that nobody says
//! * `attribution`: what passes from finding to naming

pub(crate) mod attribution;
mod cast;
mod cue;
mod direct;
mod indirect;
mod marks;
mod phrase;
mod single;
mod source;
mod title;
mod token;

use attribution::{Attribution, Source};
use phrase::Reading;

use crate::lexicon::Lexicon;
use crate::model::{Article, Quote, QuoteKind};

/// Every quote of `article`, in the order of their first words.
pub fn find(article: &Article, lexicon: &Lexicon) -> Vec<Quote> {
    quotes(article, lexicon, false)
}

/// The same, with `Quote::trace` filled.
pub fn find_explained(article: &Article, lexicon: &Lexicon) -> Vec<Quote> {
    quotes(article, lexicon, true)
}

fn quotes(article: &Article, lexicon: &Lexicon, explain: bool) -> Vec<Quote> {
    let cast = cast::Cast::new(article, lexicon);
    let runs = marks::runs(&article.body, &article.paragraphs);
    let tokens = token::tokens(&article.body, &article.paragraphs, &runs, &lexicon.cues);
    let reading = Reading::new(&article.body, &runs, tokens);
    let cues = cue::cues(&reading);
    let links = direct::links(&reading, &cues);
    let attributions = gather(&reading, &cues, &links);
    let named = cast.name(&attributions, explain);
    attributions
        .into_iter()
        .zip(named)
        .map(|(attribution, named)| Quote {
            kind: attribution.kind,
            content: attribution.content,
            source_span: attribution.source.map(|source| source.span),
            cue: attribution.cue,
            speaker: named.speaker,
            speaker_as_written: attribution.source.map(|source| source.span.of(&article.body).to_owned()),
            role: named.role,
            via: attribution.via.map(|via| via.of(&article.body).to_owned()),
            grade: named.grade,
            rule: format!("{}+{}", attribution.rule, named.rule),
            trace: named.trace,
        })
        .collect()
}

/// One attribution for each paraphrase and each run, in the order of their first words.
fn gather(reading: &Reading<'_>, cues: &[cue::Cue], links: &[direct::Link]) -> Vec<Attribution> {
    let mut found: Vec<Found> = Vec::new();
    let mut of_run: Vec<Option<usize>> = vec![None; reading.runs.len()];
    for content in indirect::contents(reading, cues, links) {
        let pure = content.parts.len() == content.runs.len() && content.parts.iter().all(|part| part.end == part.first + 1);
        if pure && !content.runs.is_empty() {
            continue;
        }
        for run in &content.runs {
            of_run[*run] = Some(found.len());
        }
        let cue = &cues[content.cue];
        let kind = if content.runs.is_empty() { QuoteKind::Indirect } else { QuoteKind::Mixed };
        let source = content.runs.first().and_then(|run| links[*run].source).or(cue.source);
        let spans = content.parts.iter().map(|part| reading.span(*part)).collect();
        let rule = content.runs.first().map_or("paraphrase", |run| links[*run].rule);
        found.push(Found { kind, content: spans, source, cue: Some(content.cue), run: content.runs.first().copied(), rule });
    }
    for (idx, run) in reading.runs.iter().enumerate() {
        let link = &links[idx];
        if of_run[idx].is_some() || !link.spoken {
            continue;
        }
        let segments = run.segments.iter().map(|segment| segment.inner);
        let goes_on = link.continues.filter(|_| link.same_utterance).and_then(|before| of_run[before]);
        let same_cue = idx.checked_sub(1).filter(|before| link.cue.is_some() && links[*before].cue == link.cue).and_then(|before| of_run[before]);
        if let Some(before) = goes_on.or(same_cue).filter(|before| found[*before].content.last().is_some_and(|last| last.end <= run.first().outer.start)) {
            found[before].content.extend(segments);
            of_run[idx] = Some(before);
            continue;
        }
        of_run[idx] = Some(found.len());
        let kind = if run.marks == marks::Marks::Doubled { QuoteKind::Mixed } else { QuoteKind::Direct };
        found.push(Found { kind, content: segments.collect(), source: link.source, cue: link.cue, run: Some(idx), rule: link.rule });
    }
    let mut order: Vec<usize> = (0..found.len()).collect();
    order.sort_by_key(|idx| (found[*idx].content[0].start, found[*idx].kind));
    let mut place = vec![0; found.len()];
    for (at, idx) in order.iter().enumerate() {
        place[*idx] = at;
    }
    let attribution = |(at, idx): (usize, usize)| {
        let found = &found[idx];
        let continues = found.run.and_then(|run| links[run].continues).and_then(|before| of_run[before]).map(|before| place[before]);
        Attribution {
            kind: found.kind,
            content: found.content.clone(),
            source: found.source.map(|phrase| Source { span: reading.span(phrase), kind: reading.source_kind(phrase) }),
            cue: found.cue.map(|cue| reading.span(phrase::Phrase { first: cues[cue].at, end: cues[cue].end })),
            listener: None,
            via: None,
            continues: continues.filter(|before| *before < at),
            rule: found.rule,
        }
    };
    order.into_iter().enumerate().map(attribution).collect()
}

/// An attribution in terms of tokens.
struct Found {
    kind: QuoteKind,
    content: Vec<crate::model::Span>,
    source: Option<phrase::Phrase>,
    cue: Option<usize>,
    run: Option<usize>,
    rule: &'static str,
}
/// TEMP
pub fn stage_times(articles: &[Article], lexicon: &Lexicon) {
    let mut t = [0f64; 9];
    for article in articles {
        let s = cpu();
        let cast = cast::Cast::new(article, lexicon);
        t[0] += cpu() - s; let s = cpu();
        let runs = marks::runs(&article.body, &article.paragraphs);
        t[1] += cpu() - s; let s = cpu();
        let tokens = token::tokens(&article.body, &article.paragraphs, &runs, &lexicon.cues);
        t[2] += cpu() - s; let s = cpu();
        let reading = Reading::new(&article.body, &runs, tokens);
        t[3] += cpu() - s; let s = cpu();
        let cues = cue::cues(&reading);
        t[4] += cpu() - s; let s = cpu();
        let links = direct::links(&reading, &cues);
        t[5] += cpu() - s; let s = cpu();
        let attributions = gather(&reading, &cues, &links);
        t[6] += cpu() - s; let s = cpu();
        let named = cast.name(&attributions, false);
        t[7] += cpu() - s;
        std::hint::black_box(named);
    }
    println!("cast {:.3} runs {:.3} tokens {:.3} reading {:.3} cues {:.3} links {:.3} gather {:.3} name {:.3}", t[0], t[1], t[2], t[3], t[4], t[5], t[6], t[7]);
}

/// TEMP
pub fn cpu() -> f64 {
    std::fs::read_to_string("/proc/thread-self/schedstat").ok().and_then(|s| s.split(' ').next().and_then(|x| x.parse::<f64>().ok())).unwrap_or(0.0) / 1e9
}
