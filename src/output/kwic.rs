//! Key words in context: a row for each place that matches, within its sentence.
//!
//! In: hits with what matched in their articles. Out: records for the machine formats, and lines with the matches under
//! one another for people.

use std::io::{self, Write};

use serde_json::json;
use unicode_width::UnicodeWidthStr;

use super::record::{Record, shown_date};
use super::style::{Style, fit, fit_end, pad};
use super::{counted, record};
use crate::model::search::{DocKind, Highlights, Hit, StoredArticle};
use crate::model::span::CodePoints;
use crate::model::{QuoteKind, Span};
use crate::text::sanitize;
use crate::text::sentence::sentences;

/// Fields of a place, for `--fields` and templates.
pub const FIELDS: &[&str] = &[
    "type",
    "rank",
    "date",
    "outlet",
    "field",
    "speaker",
    "left",
    "match",
    "right",
    "headline",
    "date_method",
    "url",
    "path",
    "id",
    "quote_id",
    "start",
    "end",
];

/// Columns of the tabular formats unless `--fields` names others.
pub const COLUMNS: &[&str] = &[
    "date", "outlet", "field", "speaker", "left", "match", "right", "headline", "url", "path", "id", "start",
];

/// One place that matches.
#[derive(Clone, Debug, PartialEq)]
pub struct Place<'a> {
    /// The hit it is in.
    pub hit: &'a Hit,
    /// `headline`, `body` or `quote`.
    pub field: &'static str,
    /// Who says the words there, when they stand in a quote.
    pub speaker: Option<String>,
    /// The quote.
    pub quote_id: Option<String>,
    /// The sentence up to the match.
    pub left: String,
    /// What matched.
    pub matched: String,
    /// The sentence after the match.
    pub right: String,
    /// Code points of the field's text (of `text` for a quote hit).
    pub at: [usize; 2],
}

/// Every place of an article that matches: the headline's, then the body's in reading order. A place has a speaker when it
/// stands in a quote of one of `kinds`.
pub fn in_article<'a>(
    hit: &'a Hit,
    stored: &StoredArticle,
    found: &Highlights,
    kinds: &[QuoteKind],
) -> Vec<Place<'a>> {
    let headline = stored.article.headline.as_deref().unwrap_or_default();
    let body = stored.article.body.as_str();
    let mut places = places(hit, "headline", headline, &found.headline);
    for (place, mark) in places_with_marks(hit, "body", body, &found.body) {
        // Quotes are few and in reading order of their first words; one inside another is rare, the inner one is meant.
        let around = stored.quotes.iter().enumerate().rev().find(|(_, quote)| {
            kinds.contains(&quote.kind)
                && quote.content.iter().any(|span| span.start <= mark.start && mark.end <= span.end)
        });
        places.push(match around {
            Some((idx, quote)) => Place {
                speaker: quote.speaker.clone(),
                quote_id: Some(format!("{}-q{}", stored.article.id, idx + 1)),
                ..place
            },
            None => place,
        });
    }
    places
}

/// Every place of a quote that matches, each with its sentence of the quote.
pub fn in_quote(hit: &Hit) -> Vec<Place<'_>> {
    let Some(quote) = &hit.quote else { return Vec::new() };
    let mut places = places(hit, "quote", &quote.text, &quote.marks);
    for place in &mut places {
        place.speaker.clone_from(&quote.speaker);
        place.quote_id = Some(quote.id.clone());
    }
    places
}

fn places<'a>(hit: &'a Hit, field: &'static str, text: &str, marks: &[Span]) -> Vec<Place<'a>> {
    places_with_marks(hit, field, text, marks).into_iter().map(|(place, _)| place).collect()
}

fn places_with_marks<'a>(
    hit: &'a Hit,
    field: &'static str,
    text: &str,
    marks: &[Span],
) -> Vec<(Place<'a>, Span)> {
    let points = CodePoints::new(text);
    let place = |mark: &Span| {
        let around = sentence_around(text, *mark);
        let place = Place {
            hit,
            field,
            speaker: None,
            quote_id: None,
            left: text[around.start..mark.start].to_owned(),
            matched: mark.of(text).to_owned(),
            right: text[mark.end..around.end].to_owned(),
            at: points.span(*mark),
        };
        (place, *mark)
    };
    marks.iter().map(place).collect()
}

/// The sentence that holds `mark`; sentences, where it reaches over a border.
fn sentence_around(text: &str, mark: Span) -> Span {
    let start = text[..mark.start].rfind('\n').map_or(0, |at| at + 1);
    let end = text[mark.end..].find('\n').map_or(text.len(), |at| mark.end + at);
    let mut around = mark;
    for sentence in sentences(&text[start..end]) {
        let sentence = Span::new(start + sentence.start, start + sentence.end);
        if sentence.start < mark.end && mark.start < sentence.end {
            around = Span::new(around.start.min(sentence.start), around.end.max(sentence.end));
        }
    }
    around
}

/// The record of a place.
pub fn record(place: &Place<'_>) -> Record {
    let head = &place.hit.article;
    let mut record = Record::new();
    record.insert("type".into(), json!("place"));
    record.insert("rank".into(), json!(place.hit.rank));
    record.insert("date".into(), record::date(head.date));
    record.insert("outlet".into(), json!(head.outlet));
    record.insert("field".into(), json!(place.field));
    record.insert("speaker".into(), json!(place.speaker));
    record.insert("left".into(), json!(place.left));
    record.insert("match".into(), json!(place.matched));
    record.insert("right".into(), json!(place.right));
    record.insert("headline".into(), json!(head.headline));
    record.insert("date_method".into(), json!(head.date_method.name()));
    record.insert("url".into(), json!(head.url));
    record.insert("path".into(), json!(head.path));
    record.insert("id".into(), json!(head.id));
    record.insert("quote_id".into(), json!(place.quote_id));
    record.insert("start".into(), json!(place.at[0]));
    record.insert("end".into(), json!(place.at[1]));
    record
}

/// Columns of the outlet on a terminal.
const OUTLET: usize = 16;
/// Columns before the context: the date with its sign, the outlet, and the spaces after them.
const BEFORE: usize = 11 + 1 + OUTLET + 2;
/// Columns left of the matches that are filled up where the output has no edge.
const ALIGNED: usize = 60;
/// Least context on each side.
const LEAST: usize = 12;

/// A line for each place, matches under one another.
///
/// # Errors
/// Those of the writer.
pub fn write(
    out: &mut dyn Write,
    kind: DocKind,
    places: &[Place<'_>],
    n_hits: u64,
    style: &Style,
) -> io::Result<()> {
    let noun = match kind {
        DocKind::Article => "article",
        DocKind::Quote => "quote",
    };
    let title = format!("{} in {}", counted(places.len() as u64, "place"), counted(n_hits, noun));
    writeln!(out, "{}\n", style.bold(&title))?;
    let widest = places.iter().map(|place| sanitize(&place.matched).width()).max().unwrap_or(0);
    let room = match style.width {
        0 => usize::MAX,
        width => (width.saturating_sub(BEFORE + widest + 2) / 2).max(LEAST),
    };
    let most_left = places.iter().map(|place| one_line(&place.left).width()).max().unwrap_or(0);
    // Without an edge nothing is cut; few long sentences must not push all others far to the right.
    let most_left = most_left.min(room).min(if style.width == 0 { ALIGNED } else { room });
    for place in places {
        let outlet = place.hit.article.outlet.as_deref().unwrap_or("no outlet");
        let (left, matched, right) =
            (one_line(&place.left), one_line(&place.matched), one_line(&place.right));
        let left = fit_end(&left, if style.width == 0 { room } else { most_left });
        // A short match leaves its columns to what follows it.
        let right_room = room.saturating_add(widest - matched.width().min(widest));
        let line = format!(
            "{} {}  {}{left}{}{}",
            style.dim(&pad(&shown_date(&place.hit.article), 11)),
            style.dim(&pad(outlet, OUTLET)),
            " ".repeat(most_left.saturating_sub(left.width())),
            style.mark(&matched),
            fit(&right, right_room),
        );
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

fn one_line(text: &str) -> String {
    sanitize(text).replace(['\n', '\t'], " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_has_its_sentence_around_it() {
        let text = "The levy rose. Mr. Vale calls the\u{a0}levy a trap, he said.\nLevies fell.";
        let around = |word: &str| {
            let start = text.find(word).expect("the word");
            sentence_around(text, Span::new(start, start + word.len())).of(text)
        };
        assert_eq!(around("rose"), "The levy rose.");
        assert_eq!(around("trap"), "Mr. Vale calls the\u{a0}levy a trap, he said.");
        assert_eq!(around("Levies"), "Levies fell.");
        assert_eq!(around("rose. Mr."), "The levy rose. Mr. Vale calls the\u{a0}levy a trap, he said.");
    }

    #[test]
    fn the_left_side_is_cut_at_its_beginning() {
        assert_eq!(fit_end("one two three", 8), "..three");
        assert_eq!(fit_end("one two", 7), "one two");
        assert_eq!(fit_end("one two", 1), ".");
    }
}
