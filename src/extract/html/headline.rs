//! The headline: the first-level heading that says what the metadata says, so that outlet names behind it fall away.

use super::jsonld::{LdArticle, plain};
use super::rules::HtmlRules;
use super::scan::{Mark, Scan, zone};
use super::{Found, words_of};

/// The headline and how it was found.
pub fn headline(
    scan: &Scan,
    article: Option<&LdArticle>,
    outlet: Option<&str>,
    rules: &HtmlRules,
) -> Option<Found<String>> {
    let stated = article.and_then(|article| article.headline.clone());
    let metas: Vec<(String, String)> = rules
        .headline_metas
        .iter()
        .filter_map(|name| Some((name.clone(), plain(scan.meta(name)?)?)))
        .collect();
    let mut references: Vec<&str> = stated.iter().map(String::as_str).collect();
    references.extend(metas.iter().map(|(_, value)| value.as_str()));
    references.extend(scan.title.as_deref());
    if let Some(heading) = best_heading(&scan.headings, &references) {
        let text = strip_site(&heading.text, outlet);
        return Some(Found::new(without_kicker(without_medium(&text, &references), &references), "h1"));
    }
    if let Some(heading) = only_heading(&scan.headings) {
        return Some(Found::new(strip_site(&heading.text, outlet), "h1"));
    }
    if let Some((name, value)) = metas.first() {
        let shorter =
            stated.as_deref().filter(|stated| value.contains(stated) && words_of(stated).len() >= 3);
        return Some(Found::new(strip_site(shorter.unwrap_or(value), outlet), format!("meta {name}")));
    }
    if let Some(stated) = stated {
        return Some(Found::new(strip_site(&stated, outlet), "json-ld headline"));
    }
    let title = scan.title.as_deref()?;
    // Pages of old have no first-level heading: the title holds the one that is the headline.
    let held = |text: &&str| words_of(text).len() >= 4 && (title.starts_with(text) || title.ends_with(text));
    if let Some(heading) = scan.titles().find(held) {
        return Some(Found::new(heading.to_owned(), "heading"));
    }
    Some(Found::new(strip_site(title, outlet), "title"))
}

/// Share of the words of `wanted` that stand in `text`, 0 to 1.
pub fn share(wanted: &str, text: &str) -> f64 {
    let wanted = words_of(wanted);
    if wanted.is_empty() {
        return 0.0;
    }
    let text = words_of(text);
    wanted.iter().filter(|word| text.contains(word)).count() as f64 / wanted.len() as f64
}

/// More than this share of words must be common for a heading to be the headline (tried 0.5 to 0.8 on labelled pages).
const SAME_HEADLINE: f64 = 0.6;

/// The heading nearest to the most trusted reference that any heading is near to.
fn best_heading<'s>(headings: &'s [Mark], references: &[&str]) -> Option<&'s Mark> {
    let shown: Vec<&Mark> = headings
        .iter()
        .filter(|heading| heading.zone & zone::HIDDEN == 0 && !heading.text.is_empty())
        .collect();
    for reference in references {
        let mut best: Option<(f64, &Mark)> = None;
        for heading in &shown {
            let of_heading = share(&heading.text, reference);
            let both = (of_heading + share(reference, &heading.text)) / 2.0;
            let near = of_heading > SAME_HEADLINE && both > SAME_HEADLINE;
            if near && best.is_none_or(|(top, _)| both > top + 0.05) {
                best = Some((both, heading));
            }
        }
        if let Some((_, heading)) = best {
            return Some(heading);
        }
    }
    None
}

/// Longest kicker in front of a headline, in words.
const KICKER: usize = 3;

/// "Opinion The cartoons …", "Local News | Council …": what stands before the headline inside its own element falls away when
/// the metadata gives the headline without it, or when a bar sets it off.
fn without_kicker(text: &str, references: &[&str]) -> String {
    if let Some((kicker, rest)) = text.split_once(" | ")
        && words_of(kicker).len() <= KICKER
        && words_of(rest).len() > KICKER
    {
        return rest.trim().to_owned();
    }
    let words = words_of(text);
    for reference in references {
        let wanted = words_of(reference);
        let n_more = words.len().saturating_sub(wanted.len());
        if wanted.len() > KICKER && (1..=KICKER).contains(&n_more) && words.ends_with(&wanted) {
            let mut rest = text;
            for _ in 0..n_more {
                rest = rest.trim_start().split_once(' ').map_or(rest, |(_, rest)| rest);
            }
            if words_of(rest) == wanted {
                return rest.trim().to_owned();
            }
        }
    }
    text.to_owned()
}

/// "Cranes fall in storm (video)": a mark in brackets falls away when the metadata gives the headline without it.
fn without_medium<'t>(text: &'t str, references: &[&str]) -> &'t str {
    let Some((rest, mark)) =
        text.rsplit_once([' ', '\u{a0}']).filter(|(_, mark)| mark.starts_with(['[', '(']))
    else {
        return text;
    };
    let is_closed = mark.ends_with([']', ')']);
    let is_stated = || references.iter().any(|reference| words_of(reference) == words_of(rest));
    if is_closed && is_stated() { rest.trim_end() } else { text }
}

fn only_heading(headings: &[Mark]) -> Option<&Mark> {
    let is_own = |heading: &&Mark| {
        heading.zone & (zone::HIDDEN | zone::CHROME | zone::NAMED) == 0 && words_of(&heading.text).len() >= 3
    };
    let mut shown = headings.iter().filter(is_own);
    let first = shown.next()?;
    shown.next().is_none().then_some(first)
}

/// Bytes from which a title is no title; nothing is taken off it.
const LONGEST_TITLE: usize = 1_000;

/// Takes " | Outlet", " - Outlet", "Outlet: " off a title.
pub fn strip_site(title: &str, outlet: Option<&str>) -> String {
    let mut title = title.trim();
    if title.len() > LONGEST_TITLE {
        return title.to_owned();
    }
    for separator in [" | ", " — ", " – ", " - ", " » ", " :: ", " : "] {
        while let Some((head, tail)) = title.rsplit_once(separator) {
            let is_site = outlet.is_some_and(|outlet| super::outlet::same(tail, outlet));
            let is_last_bar = separator == " | " && words_of(tail).len() <= 4 && words_of(head).len() >= 4;
            if !(is_site || is_last_bar) || words_of(head).len() < 2 {
                break;
            }
            title = head.trim_end();
        }
    }
    title.to_owned()
}
