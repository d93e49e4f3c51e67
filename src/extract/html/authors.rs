//! The persons who wrote the article: JSON-LD, then meta tags, then the byline on the page.
//!
//! Where to look is decided here; what is a person's name is decided by [`byline`](crate::extract::byline).

use super::Found;
use super::jsonld::{LdArticle, plain};
use super::rules::HtmlRules;
use super::scan::{Mark, Scan, zone};
use crate::extract::byline;
use crate::lexicon::Lexicon;
use crate::lexicon::people::{WordFlags, word_key};

/// Names of persons, in order, without repeats, and how they were found. Empty when only staff or agencies sign.
pub fn authors(
    scan: &Scan,
    article: Option<&LdArticle>,
    outlet: Option<&str>,
    rules: &HtmlRules,
    lexicon: &Lexicon,
) -> Found<Vec<String>> {
    let judge = Judge { outlet, lexicon, rules };
    if let Some(article) = article {
        let mut names = judge.names(article.authors.iter().map(String::as_str));
        if names.is_empty() {
            names.extend(article.authors.iter().filter(|name| judge.is_stated_person(name)).cloned());
        }
        if !names.is_empty() {
            return Found::new(names, "json-ld author");
        }
    }
    for meta in &rules.author_metas {
        let values: Vec<String> = scan.metas(meta).take(MAX_METAS).filter_map(plain).collect();
        let names = judge.names(values.iter().map(String::as_str));
        if !names.is_empty() {
            return Found::new(names, format!("meta {meta}"));
        }
    }
    let start = scan.headings.first().map_or(0, |heading| heading.block_idx);
    let usable = |zone: u8| zone & (zone::HIDDEN | zone::COMMENTS) == 0;
    let mut marks: Vec<&Mark> =
        scan.bylines.iter().filter(|mark| usable(mark.zone) && mark.text.len() <= LONGEST_BYLINE).collect();
    // What the markup declares first, then what stands near the headline; names of elements alone are far more often wrong.
    marks.sort_by_key(|mark| (!mark.declared, mark.block_idx.abs_diff(start) > NEAR));
    for mark in marks {
        let names = judge.byline(&mark.text);
        if !names.is_empty() {
            return Found::new(names, "byline");
        }
    }
    for block in scan
        .blocks
        .iter()
        .skip(start)
        .take(8)
        .filter(|block| usable(block.zone) && block.text.len() <= LONGEST_BYLINE)
    {
        if let Some(found) = byline::read(&block.text, outlet, lexicon)
            .filter(|found| found.is_explicit && !found.names.is_empty())
        {
            return Found::new(found.names, "byline text");
        }
    }
    Found::new(Vec::new(), "none")
}

/// Most meta tags of one name that are read.
const MAX_METAS: usize = 40;
/// Longest byline, in bytes: longer texts are notes about the author.
const LONGEST_BYLINE: usize = 140;
/// How many blocks from the headline a byline stands at most.
const NEAR: usize = 25;

struct Judge<'r> {
    outlet: Option<&'r str>,
    lexicon: &'r Lexicon,
    rules: &'r HtmlRules,
}

impl Judge<'_> {
    fn names<'t>(&self, values: impl Iterator<Item = &'t str>) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for value in values {
            let persons = byline::persons(value, self.outlet, self.lexicon);
            for name in persons.into_iter().filter(|name| self.rules.is_person(name)) {
                if !names.iter().any(|known| crate::text::fold(known) == crate::text::fold(&name)) {
                    names.push(name);
                }
            }
        }
        names
    }
}

impl Judge<'_> {
    /// The names of a byline whose elements are set off by bars. After the first name, a bar is followed by where the author
    /// works more often than by another author, who is told by a given name.
    fn byline(&self, text: &str) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for part in text.split(" | ") {
            let first = part.split_whitespace().next().unwrap_or("");
            let is_given_name = self.lexicon.people.word(word_key(first)).flags.has(WordFlags::GIVEN);
            if names.is_empty() || is_given_name {
                names.extend(
                    self.names(std::iter::once(part))
                        .into_iter()
                        .filter(|name| !names.contains(name))
                        .collect::<Vec<_>>(),
                );
            }
        }
        names
    }

    /// A name that is stated as a person's and looks like one, though one of its words is on a list ("Kim Key", "Joe S.").
    fn is_stated_person(&self, name: &str) -> bool {
        let n_words = name.split_whitespace().count();
        let is_word = |word: &str| {
            let inner = word.trim_end_matches('.');
            let is_address =
                inner.split_once('.').is_some_and(|(_, rest)| rest.starts_with(char::is_lowercase));
            inner.starts_with(char::is_uppercase)
                && !is_address
                && inner.chars().all(|c| c.is_alphabetic() || matches!(c, '-' | '\'' | '’' | '.'))
        };
        (2..=4).contains(&n_words)
            && name.split_whitespace().all(is_word)
            && !self.outlet.is_some_and(|outlet| super::outlet::same(name, outlet))
            && !byline::looks_like_outlet(name, self.lexicon)
            && !byline::is_job(name, self.lexicon)
            && self.rules.is_person(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(byline: &str, expected: &[&str]) {
        let judge = Judge {
            outlet: Some("The Harbour Chronicle"),
            lexicon: Lexicon::embedded(),
            rules: HtmlRules::embedded(),
        };
        assert_eq!(judge.names(std::iter::once(byline)), expected, "{byline}");
    }

    #[test]
    fn splits_and_judges_bylines() {
        check("By Ana Duarte and Ivo Lang", &["Ana Duarte", "Ivo Lang"]);
        check(
            "By Ana Duarte, Ivo Lang & Ruth O’Mara, The Harbour Chronicle",
            &["Ana Duarte", "Ivo Lang", "Ruth O’Mara"],
        );
        check("Gazette’s Ana Duarte", &["Ana Duarte"]);
        check("HARBOUR.net Desk", &[]);
        check("Harbour Chronicle Staff", &[]);
        check("The Associated Press", &[]);
        check("news@harbour.example", &[]);
        check("https://harbour.example/author/ana", &[]);
        check("Link Copied", &[]);
    }
}
