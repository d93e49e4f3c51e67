//! The day of first publication: a cascade over JSON-LD, meta tags, `time` elements, the address and the visible text.

use super::jsonld::LdArticle;
use super::rules::HtmlRules;
use super::scan::{Mark, Scan, zone};
use jiff::civil::Date;

use super::FoundDate;
use crate::extract::dates::{self, DayOrder, in_address};
use crate::lexicon::Lexicon;

/// The date and how it was found; the first candidate that can be read as a day wins.
pub fn published(
    scan: &Scan,
    article: Option<&LdArticle>,
    url: Option<&str>,
    rules: &HtmlRules,
) -> Option<FoundDate> {
    let mut modified = None;
    if let Some(article) = article {
        if let Some(found) =
            article.published.as_deref().and_then(|text| read(text, "json-ld datePublished", true))
        {
            return Some(found);
        }
        modified = article.modified.as_deref().and_then(|text| read(text, "json-ld dateModified", true));
    }
    for name in &rules.date_metas {
        for value in scan.metas(name) {
            if let Some(found) = read(value, &format!("meta {name}"), true) {
                return Some(found);
            }
        }
    }
    let created = article.and_then(|article| article.created.as_deref());
    if let Some(found) = created.and_then(|text| read(text, "json-ld dateCreated", true)) {
        return Some(found);
    }
    let from_url = url.and_then(in_address).map(|day| FoundDate {
        text: day.to_string(),
        day,
        method: "url".into(),
        stated: false,
    });
    let shown = from_marks(&scan.times);
    match (&from_url, &shown) {
        // The printed day is exact where the address only gives the day it was filed under, unless it is far off.
        (Some(from_url), Some(shown)) if (from_url.day - shown.day).get_days().abs() > 2 => {
            return Some(from_url.clone());
        }
        (_, Some(shown)) => return Some(shown.clone()),
        (Some(from_url), None) => return Some(from_url.clone()),
        (None, None) => {}
    }
    from_text(scan).or(modified)
}

/// The day in `text`, a value or a line of print; of several the one of publication.
pub(super) fn day_of(text: &str) -> Option<Date> {
    dates::given(text, DayOrder::Unknown, Lexicon::embedded()).ok()
}

fn read(text: &str, method: &str, stated: bool) -> Option<FoundDate> {
    let day = day_of(text)?;
    Some(FoundDate { text: text.trim().to_owned(), day, method: method.to_owned(), stated })
}

/// The first date mark near the top that is about publication; an update only when there is nothing else.
fn from_marks(times: &[Mark]) -> Option<FoundDate> {
    let mut fallback = None;
    for mark in times {
        if mark.zone & (zone::HIDDEN | zone::COMMENTS | zone::NAMED) != 0 || mark.text.len() > 120 {
            continue;
        }
        let found = mark
            .value
            .as_deref()
            .and_then(|value| read(value, "time", true))
            .or_else(|| read(&mark.text, "time text", true));
        let Some(found) = found else { continue };
        let text = mark.text.to_lowercase();
        let is_update =
            (text.contains("updated") || text.contains("modified")) && !text.contains("published");
        if !is_update {
            return Some(found);
        }
        fallback.get_or_insert(found);
    }
    fallback
}

/// How many blocks after the headline may hold the printed date.
const TEXT_REACH: usize = 12;

/// A short line around the headline that is mostly a date.
fn from_text(scan: &Scan) -> Option<FoundDate> {
    let start = scan.headings.first().map_or(0, |heading| heading.block_idx.saturating_sub(3));
    for block in scan.blocks.iter().skip(start).take(TEXT_REACH) {
        if block.text.len() > 120 || block.zone & (zone::HIDDEN | zone::COMMENTS) != 0 {
            continue;
        }
        if let Some(day) = day_of(&block.text) {
            return Some(FoundDate { text: block.text.clone(), day, method: "text".into(), stated: true });
        }
    }
    None
}
