//! Page markup as data: which names of elements, meta tags and JSON-LD types mean what, and which lines of a page are furniture.
//!
//! Loads `data/html_names.tsv` (list, pattern, reason) and `data/html_lines.tsv` (rule, scope, how, longest line,
//! pattern, reason).
//! Order within a list is the order of trust.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use regex::bytes::{RegexBuilder, RegexSet, RegexSetBuilder};

use crate::lexicon::table::{self, LexiconError};

const NAMES: &str = include_str!("data/html_names.tsv");
const LINES: &str = include_str!("data/html_lines.tsv");

/// The data files of this part.
pub const FILES: &[(&str, &str)] = &[("html_names.tsv", NAMES), ("html_lines.tsv", LINES)];

/// How far a line rule reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// The line itself, anywhere.
    Line,
    /// The line itself, among the first lines, before the running text.
    Head,
    /// The line itself, behind the running text.
    Tail,
    /// The line and the short or linked lines that follow it.
    List,
    /// The line and everything behind it.
    Rest,
}

/// One rule about lines.
#[derive(Clone, Debug)]
pub struct LineRule {
    /// Its name, as it stands beside a cut line.
    pub name: String,
    /// How far it reaches.
    pub scope: Scope,
    /// Longest line it applies to, in bytes.
    pub max_len: usize,
}

/// The rules, checked.
pub struct HtmlRules {
    article_types: Vec<String>,
    names: NameSet,
    /// Meta tags that give the date of publication, best first.
    pub date_metas: Vec<String>,
    /// Meta tags that name the outlet, best first.
    pub outlet_metas: Vec<String>,
    /// Meta tags that name the authors, best first.
    pub author_metas: Vec<String>,
    /// Meta tags that give the headline, best first.
    pub headline_metas: Vec<String>,
    /// Meta tags that give the standfirst, best first.
    pub standfirst_metas: Vec<String>,
    /// Meta tags that give the section, best first.
    pub section_metas: Vec<String>,
    no_person: Vec<String>,
    /// Names of software and placeholders that are no outlet.
    pub not_outlets: Vec<String>,
    short_lines: LineSet,
    long_lines: LineSet,
}

/// Rules with their patterns in one automaton.
struct LineSet {
    set: RegexSet,
    rules: Vec<LineRule>,
}

impl HtmlRules {
    /// The rules compiled into the program.
    pub fn embedded() -> &'static HtmlRules {
        static EMBEDDED: LazyLock<HtmlRules> = LazyLock::new(|| {
            HtmlRules::load().expect("embedded rules are checked by the test `embedded_html_rules_load`")
        });
        &EMBEDDED
    }

    /// Reads and checks the embedded data.
    ///
    /// # Errors
    /// A row with an unknown list, scope or way of matching.
    pub fn load() -> Result<HtmlRules, LexiconError> {
        let mut lists: Vec<(&str, Vec<String>)> = LISTS.iter().map(|name| (*name, Vec::new())).collect();
        for row in table::rows("html_names.tsv", NAMES, 3)? {
            let list = lists.iter_mut().find(|(name, _)| *name == row.columns[0]);
            let Some((_, patterns)) = list else {
                return Err(LexiconError::at(
                    "html_names.tsv",
                    row.line,
                    format!("unknown list `{}`", row.columns[0]),
                ));
            };
            patterns.push(row.columns[1].to_lowercase());
        }
        let mut take = |name: &str| {
            lists
                .iter_mut()
                .find(|(list, _)| *list == name)
                .map(|(_, patterns)| std::mem::take(patterns))
                .unwrap_or_default()
        };
        let (short_lines, long_lines) = load_lines()?;
        Ok(HtmlRules {
            article_types: take("article-type"),
            names: NameSet::new([
                (names::ARTICLE, take("article-name")),
                (names::COMMENTS, take("comment-name")),
                (names::FURNITURE, take("furniture-name")),
                (names::CERTAIN, take("certain-name")),
                (names::KEPT, take("kept-name")),
            ])?,
            date_metas: take("date-meta"),
            outlet_metas: take("outlet-meta"),
            author_metas: take("author-meta"),
            headline_metas: take("headline-meta"),
            standfirst_metas: take("standfirst-meta"),
            section_metas: take("section-meta"),
            no_person: take("no-person"),
            not_outlets: take("not-outlet"),
            short_lines,
            long_lines,
        })
    }

    /// Whether a JSON-LD `@type` is an article.
    pub fn is_article_type(&self, kind: &str) -> bool {
        self.article_types.iter().any(|known| known.eq_ignore_ascii_case(kind))
    }

    /// Whether no word of a stated author's name makes it a group or a button.
    pub fn is_person(&self, name: &str) -> bool {
        let folded = crate::text::fold(name);
        !folded.split_whitespace().any(|word| self.no_person.iter().any(|bad| bad == word))
    }

    /// What the names of an element (class, id, role; lower case) say about it: bits of [`names`].
    pub fn names(&self, names: &str) -> u8 {
        self.names.matches(names)
    }

    /// The rules that a line (folded) falls under, in file order.
    pub fn line_rules<'r>(&'r self, folded: &str) -> impl Iterator<Item = &'r LineRule> + use<'r> {
        let len = folded.len();
        let mut rules: Vec<&LineRule> = Vec::new();
        for (lines, longest) in [(&self.short_lines, SHORT_LINE), (&self.long_lines, LONGEST_LINE)] {
            if len <= longest {
                rules.extend(lines.set.matches(folded.as_bytes()).into_iter().map(|idx| &lines.rules[idx]));
            }
        }
        rules.into_iter().filter(move |rule| len <= rule.max_len)
    }
}

/// Bytes up to which most rules apply; text is longer, and is spared their automaton.
const SHORT_LINE: usize = 260;

/// Longest line any rule is tried on, in bytes: longer ones are text.
const LONGEST_LINE: usize = 1_200;

const LISTS: &[&str] = &[
    "article-type",
    "article-name",
    "comment-name",
    "furniture-name",
    "certain-name",
    "kept-name",
    "date-meta",
    "outlet-meta",
    "author-meta",
    "headline-meta",
    "standfirst-meta",
    "section-meta",
    "no-person",
    "not-outlet",
];

fn load_lines() -> Result<(LineSet, LineSet), LexiconError> {
    let file = "html_lines.tsv";
    let (mut short, mut long) = (Vec::new(), Vec::new());
    for row in table::rows(file, LINES, 6)? {
        let [name, scope, how, max, pattern, _] = row.columns[..] else { continue };
        let scope = match scope {
            "line" => Scope::Line,
            "head" => Scope::Head,
            "tail" => Scope::Tail,
            "list" => Scope::List,
            "rest" => Scope::Rest,
            other => return Err(LexiconError::at(file, row.line, format!("unknown scope `{other}`"))),
        };
        let max_len = match max {
            "-" => usize::MAX,
            number => number
                .parse()
                .map_err(|_| LexiconError::at(file, row.line, format!("`{number}` is no length")))?,
        };
        let expression = match how {
            "starts" => format!(r"^{}(?:\W|$)", regex::escape(pattern)),
            "whole" => format!(r"^\W*{}\W*$", regex::escape(pattern)),
            "ends" => format!(r"{}\W*$", regex::escape(pattern)),
            "has" => regex::escape(pattern),
            "regex" => pattern.to_owned(),
            other => {
                return Err(LexiconError::at(file, row.line, format!("unknown way of matching `{other}`")));
            }
        };
        if let Err(error) = RegexBuilder::new(&expression).unicode(false).build() {
            return Err(LexiconError::at(file, row.line, error.to_string().replace('\n', " ")));
        }
        let rule = LineRule { name: name.to_owned(), scope, max_len };
        if max_len <= SHORT_LINE { &mut short } else { &mut long }.push((expression, rule));
    }
    Ok((line_set(file, short)?, line_set(file, long)?))
}

fn line_set(file: &str, rows: Vec<(String, LineRule)>) -> Result<LineSet, LexiconError> {
    let (patterns, rules): (Vec<String>, Vec<LineRule>) = rows.into_iter().unzip();
    let set = RegexSetBuilder::new(&patterns)
        .unicode(false)
        .size_limit(1 << 26)
        .dfa_size_limit(1 << 24)
        .build()
        .map_err(|error| LexiconError::at(file, 0, error.to_string()))?;
    Ok(LineSet { set, rules })
}

/// What the names of an element say. Bits.
pub mod names {
    /// It is around the article's text.
    pub const ARTICLE: u8 = 1;
    /// It holds the comments of readers.
    pub const COMMENTS: u8 = 2;
    /// It is furniture.
    pub const FURNITURE: u8 = 4;
    /// It is furniture whatever it holds.
    pub const CERTAIN: u8 = 8;
    /// It is a wrapper of the article whatever else it is called.
    pub const KEPT: u8 = 16;
}

/// Names of elements: a pattern matches one class name whole (`=x`), at its start (`x*`), or anywhere (`x`).
struct NameSet {
    automaton: AhoCorasick,
    patterns: Vec<NamePattern>,
}

struct NamePattern {
    bit: u8,
    at_start: bool,
    at_end: bool,
}

impl NameSet {
    fn new<const N: usize>(lists: [(u8, Vec<String>); N]) -> Result<NameSet, LexiconError> {
        let mut texts = Vec::new();
        let mut patterns = Vec::new();
        for (bit, list) in lists {
            for pattern in list {
                let whole = pattern.strip_prefix('=');
                let start = pattern.strip_suffix('*');
                patterns.push(NamePattern {
                    bit,
                    at_start: whole.or(start).is_some(),
                    at_end: whole.is_some(),
                });
                texts.push(whole.or(start).unwrap_or(&pattern).to_owned());
            }
        }
        let automaton = AhoCorasick::new(&texts)
            .map_err(|error| LexiconError::at("html_names.tsv", 0, error.to_string()))?;
        Ok(NameSet { automaton, patterns })
    }

    fn matches(&self, names: &str) -> u8 {
        let bytes = names.as_bytes();
        let mut bits = 0;
        for found in self.automaton.find_overlapping_iter(names) {
            let pattern = &self.patterns[found.pattern().as_usize()];
            let starts = found.start() == 0 || bytes[found.start() - 1].is_ascii_whitespace();
            let ends = found.end() == bytes.len() || bytes[found.end()].is_ascii_whitespace();
            if (starts || !pattern.at_start) && (ends || !pattern.at_end) {
                bits |= pattern.bit;
            }
        }
        bits
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn embedded_html_rules_load() {
        if let Err(error) = HtmlRules::load() {
            panic!("{error}");
        }
    }

    #[test]
    fn names_match_whole_at_start_or_anywhere() -> Result<(), LexiconError> {
        let lists = [(names::FURNITURE, vec!["=promo".into(), "share-*".into(), "newsletter".into()])];
        let set = NameSet::new(lists)?;
        let matches = |text| set.matches(text) != 0;
        assert!(matches("x promo"));
        assert!(!matches("promotion"));
        assert!(matches("a share-bar"));
        assert!(!matches("pre-share-bar"));
        assert!(matches("box__newsletter-form"));
        Ok(())
    }
}
