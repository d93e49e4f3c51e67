//! Finds every quote of an article and who speaks it.
//!
//! In: an [`Article`] and the [`Lexicon`]. Out: [`Quote`]s in reading order. Reads no file, knows no index. In stages:
//!
//! * [`cast`]: who is named in the article, and which of them a mention means
//! * `scan`: letters and possible marks as bits, for whoever reads the bytes
//! * `plain`: plain words, each looked up once
//! * `marks`, `single`: stretches between quotation marks
//! * `token`, `cut`, `reading`, `phrase`: words, sentences and noun phrases around them
//! * `cue`, `source`: speech verbs and who does what they say; `apposition`: descriptions between the two
//! * `direct`: which cue or neighbour speaks for each stretch
//! * `neighbour`, `repeat`: who speaks where no cue says so
//! * `indirect`: words outside marks that a cue makes somebody's
//! * `transcript`: paragraphs that begin with a name and a colon
//! * `gather`: one attribution for each quote, in reading order
//! * `title`: stretches between marks that nobody says
//! * `via`: whom it was told to, and who reported it
//! * `attribution`: what passes from finding to naming

mod apposition;
pub(crate) mod attribution;
mod cast;
mod cue;
mod cut;
mod direct;
mod gather;
mod indirect;
#[cfg(test)]
mod marked;
mod marks;
mod neighbour;
mod phrase;
mod plain;
#[cfg(test)]
mod quality;
mod reading;
mod repeat;
mod scan;
mod single;
mod source;
#[cfg(test)]
mod tests;
mod title;
mod token;
mod transcript;
mod via;

use attribution::Attribution;
use plain::Text;
use reading::Reading;

use crate::lexicon::Lexicon;
use crate::model::{Article, Quote, Span};

/// Every quote of `article`, in the order of their first words.
pub fn find(article: &Article, lexicon: &Lexicon) -> Vec<Quote> {
    quotes(article, lexicon, false)
}

/// The same, with `Quote::trace` filled.
pub fn find_explained(article: &Article, lexicon: &Lexicon) -> Vec<Quote> {
    quotes(article, lexicon, true)
}

fn quotes(article: &Article, lexicon: &Lexicon, explain: bool) -> Vec<Quote> {
    let text = Text::of(&article.body, lexicon.words());
    let runs = marks::runs(&article.body, &article.paragraphs, &text.scan);
    let tokens = cut::tokens(&text, &article.paragraphs, &runs);
    let reading = Reading::new(&article.body, &runs, tokens);
    let cues = cue::cues(&reading, &lexicon.cues);
    let links = direct::links(&reading, &cues);
    let (attributions, mut traces) = gather::attributions(&reading, &cues, &links, explain);
    if attributions.is_empty() {
        return Vec::new();
    }
    traces.resize(attributions.len(), Vec::new());
    let cast = cast::Cast::of(article, &text, lexicon);
    let named = cast.name(&attributions, explain);
    attributions
        .into_iter()
        .zip(named)
        .zip(traces)
        .map(|((attribution, named), trace)| Quote {
            via: via(article, &cast, &attribution),
            kind: attribution.kind,
            content: attribution.content,
            source_span: attribution.source.map(|source| source.span),
            cue: attribution.cue,
            speaker: named.speaker,
            speaker_as_written: attribution.source.map(|source| source.span.of(&article.body).to_owned()),
            role: named.role,
            grade: named.grade,
            rule: [attribution.rule, "+", named.rule].concat(),
            trace: if explain { [trace, named.trace].concat() } else { named.trace },
        })
        .collect()
}

/// The name of the publication that a quote came through: who reported it, else a listener that is no person.
fn via(article: &Article, cast: &cast::Cast<'_>, attribution: &Attribution) -> Option<String> {
    let named = |span: Span| {
        let first = cast.mentions().partition_point(|mention| mention.name.end <= span.start);
        cast.mentions()[first..]
            .iter()
            .take_while(|mention| mention.name.start < span.end)
            .find(|mention| span.contains(mention.name))
            .map(|mention| cast.entity(mention.entity))
    };
    if let Some(span) = attribution.via {
        return Some(
            named(span).map_or_else(|| span.of(&article.body).to_owned(), |entity| entity.canonical.clone()),
        );
    }
    let entity = named(attribution.listener?)?;
    (entity.kind == cast::EntityKind::Outlet).then(|| entity.canonical.clone())
}
