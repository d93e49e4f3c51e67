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
    let is_own = |mark: &&Mark| {
        usable(mark.zone)
            && mark.text.len() <= LONGEST_BYLINE
            && !mark.class.contains("comment")
            && !mark.text.contains(" contributed ")
    };
    let mut marks: Vec<&Mark> = scan.bylines.iter().filter(is_own).collect();
    // What the markup declares first, then what stands near the headline; names of elements alone are far more often wrong.
    let is_far = |mark: &Mark| mark.block_idx.abs_diff(start) > NEAR;
    marks.sort_by_key(|mark| (!mark.declared, is_far(mark)));
    for (idx, mark) in marks.iter().enumerate() {
        let names = judge.byline(&mark.text);
        if names.is_empty() {
            continue;
        }
        let is_alike = |other: &&&Mark| !mark.class.is_empty() && other.class == mark.class;
        let names = if mark.declared {
            judge.with_neighbours(names, mark, marks[idx + 1..].iter().filter(is_alike).copied())
        } else {
            names
        };
        // The cards of other articles each name somebody else; the markup of an author's own element says so.
        let is_another = |other: &&&Mark| judge.byline(&other.text).iter().any(|name| !names.contains(name));
        let mut others = marks.iter().filter(is_alike).take(MAX_METAS).filter(is_another);
        if mark.declared || others.nth(usize::from(!is_far(mark))).is_none() {
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
/// How many blocks from one author to the next at most.
const BESIDE: usize = 4;

/// "Ana D."
fn ends_with_initial(name: &str) -> bool {
    let last = name.rsplit(' ').next().unwrap_or("");
    last.len() == 2 && last.ends_with('.') && name.split(' ').count() == 2
}

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
        let mut is_joined = false;
        // "Ellery Public Radio | By | Ana Duarte": who signs stands behind the "By".
        let is_by = |part: &str| {
            let rest = part.get(..2).filter(|by| by.eq_ignore_ascii_case("by")).map(|_| &part[2..]);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', ':']))
        };
        // Elements within elements set off nothing.
        let parts = || text.split('|').map(str::trim).filter(|part| !part.is_empty());
        let is_signed_outlet =
            parts().next().is_some_and(|part| byline::looks_like_outlet(part, self.lexicon));
        let n_before = if is_signed_outlet { parts().position(is_by).unwrap_or(0) } else { 0 };
        for part in parts().skip(n_before) {
            is_joined |= part.starts_with(',') && !names.is_empty();
            let part = part.trim_start_matches([',', ' ']);
            let first = part.split_whitespace().next().unwrap_or("");
            let is_given_name = self.lexicon.people.word(word_key(first)).flags.has(WordFlags::GIVEN);
            let is_author = (is_given_name || is_joined) && !byline::looks_like_outlet(part, self.lexicon);
            if names.is_empty() || is_author {
                let mut found = self.names(std::iter::once(part));
                // "Ana D." is signed in full by those who sign so.
                if found.is_empty() && is_given_name && ends_with_initial(part) && self.is_stated_person(part)
                {
                    found.push(part.to_owned());
                }
                found.retain(|name| !names.contains(name));
                names.extend(found);
            }
            is_joined = matches!(part, "" | "and" | "&") || part.ends_with(',');
        }
        names
    }

    /// `names` of a byline and those of the next ones of its kind right behind it: each author in an element of their own.
    fn with_neighbours<'m>(
        &self,
        mut names: Vec<String>,
        first: &Mark,
        alike: impl Iterator<Item = &'m Mark>,
    ) -> Vec<String> {
        let mut last = first.block_idx;
        for mark in alike {
            let is_beside = (last..=last + BESIDE).contains(&mark.block_idx) && mark.article == first.article;
            if !is_beside || mark.zone & zone::CHROME != first.zone & zone::CHROME {
                break;
            }
            last = mark.block_idx;
            for name in self.byline(&mark.text) {
                if !names.iter().any(|known| crate::text::fold(known) == crate::text::fold(&name)) {
                    names.push(name);
                }
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
