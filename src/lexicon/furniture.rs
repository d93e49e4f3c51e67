//! Page furniture as data: which lines of a page are not the article, and which words tell the parts of a page apart.
//!
//! Loads `data/furniture.tsv` (rule, scope, how, pattern, reason), `data/page_words.tsv` (list, words, reason) and
//! `data/outlet_cues.tsv` (words, weight, reason). Patterns are read against a folded line, see [`key`](super::folded::key). What is done with a rule is decided in `extract`, not here.

use ahash::{AHashMap, AHashSet};

use super::LexiconError;
use super::folded::{
    IS_TOKEN_BYTE, Openings, closes, core, each_token_start, ends_line, is_start, token_end,
};
use super::table;

const RULES: &str = include_str!("data/furniture.tsv");
const WORDS: &str = include_str!("data/page_words.tsv");
const OUTLET_CUES: &str = include_str!("data/outlet_cues.tsv");

/// How far a rule reaches. Ordered: the farther reaching stands first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// The line and everything behind it, where readers' comments follow.
    Comments,
    /// The line and everything behind it, where little running text follows.
    Rest,
    /// The line and the short lines that follow it.
    List,
    /// The line and the one short line that follows it.
    Next,
    /// The line, wherever it stands.
    Line,
    /// The line; a paragraph only when it speaks to the reader or falls under two rules.
    Ask,
    /// The line; a paragraph only behind the running text.
    Tail,
    /// The line, unless it reads like a paragraph.
    Short,
    /// The line, before and behind the running text.
    Edge,
}

/// What the rules say about one line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hit<'r> {
    /// Name of the farthest reaching rule that matches.
    pub rule: &'r str,
    /// How far it reaches.
    pub scope: Scope,
    /// The pattern is the whole line.
    pub is_whole: bool,
    /// How many patterns match.
    pub count: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum How {
    Starts,
    Ends,
    Has,
}

#[derive(Debug)]
struct Part {
    pattern: String,
    how: How,
    rule_idx: usize,
}

#[derive(Debug)]
struct Rule {
    name: String,
    scope: Scope,
}

/// The patterns found in a line so far.
#[derive(Default)]
struct Matches {
    /// Whether the best covers the line but partly, how far it reaches, and its rule.
    best: Option<(bool, Scope, usize)>,
    count: usize,
    /// The end of the last.
    end: usize,
}

/// Rules of this part.
#[derive(Debug)]
pub struct Furniture {
    rules: Vec<Rule>,
    whole: AHashMap<String, usize>,
    /// Bytes of the longest of them.
    longest_whole: usize,
    /// Patterns by their first token; see [`token_end`].
    parts: AHashMap<String, Vec<Part>>,
    /// Which tokens may begin a pattern at the start of a line.
    openings: Openings,
    /// The same within a line, where fewer patterns fit.
    inner: Openings,
    /// The lists a word stands in, one bit each; see [`bit`].
    words: AHashMap<String, u16>,
    /// First words of agencies.
    agency_openings: AHashSet<String>,
    outlet_cues: CuesByWord,
    /// How they begin.
    cue_openings: Openings,
}

/// A list of `page_words.tsv`; its reason stands there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WordList {
    /// Words of speech.
    Speech,
    /// Words that sentences hold and titles leave out.
    Sentence,
    /// "Mr", "Dr".
    PersonTitle,
    /// Words before a job.
    Job,
    /// Words that are a job.
    JobHead,
    /// Words that stand in no person's name.
    NotInNames,
    /// News agencies.
    Agency,
    /// Words of companies that own publications.
    Company,
    /// Time zones of places that write the day first.
    DayFirstZone,
    /// Time zones of places that write the month first.
    MonthFirstZone,
    /// Menu words.
    Section,
    /// Words that publications carry in their names.
    SiteWord,
}

/// Every list with its name in the file, in the order of [`WordList`].
const LISTS: [(&str, WordList); 12] = [
    ("speech", WordList::Speech),
    ("sentence", WordList::Sentence),
    ("person-title", WordList::PersonTitle),
    ("job", WordList::Job),
    ("job-head", WordList::JobHead),
    ("not-in-names", WordList::NotInNames),
    ("agency", WordList::Agency),
    ("company", WordList::Company),
    ("day-first-zone", WordList::DayFirstZone),
    ("month-first-zone", WordList::MonthFirstZone),
    ("section", WordList::Section),
    ("site-word", WordList::SiteWord),
];

impl Furniture {
    pub(super) fn load() -> Result<Self, LexiconError> {
        Furniture::read(RULES, WORDS)
    }

    fn read(rules_text: &str, words_text: &str) -> Result<Self, LexiconError> {
        let file = "furniture.tsv";
        let mut rules = Vec::new();
        let mut whole: AHashMap<String, usize> = AHashMap::new();
        let mut parts: AHashMap<String, Vec<Part>> = AHashMap::new();
        for row in table::rows(file, rules_text, 5)? {
            let [name, scope, how, pattern, _] = row.columns[..] else { continue };
            let scope = scope_named(scope)
                .ok_or_else(|| LexiconError::at(file, row.line, format!("unknown scope `{scope}`")))?;
            if pattern.is_empty() {
                return Err(LexiconError::at(file, row.line, "empty pattern"));
            }
            let rule_idx = rules.len();
            rules.push(Rule { name: name.to_owned(), scope });
            let how = match how {
                "whole" => {
                    if whole
                        .insert(core(pattern).to_owned(), rule_idx)
                        .is_some_and(|other| rules[other].scope != scope)
                    {
                        let message = format!("`{pattern}` is given twice with different scopes");
                        return Err(LexiconError::at(file, row.line, message));
                    }
                    continue;
                }
                "starts" => How::Starts,
                "ends" => How::Ends,
                "has" => How::Has,
                other => {
                    return Err(LexiconError::at(
                        file,
                        row.line,
                        format!("unknown way of matching `{other}`"),
                    ));
                }
            };
            let token = pattern[..token_end(pattern, 0)].to_owned();
            parts.entry(token).or_default().push(Part { pattern: pattern.to_owned(), how, rule_idx });
        }
        let mut openings = Openings::default();
        let mut inner = Openings::default();
        for part in parts.values().flatten() {
            openings.add(&part.pattern);
            if part.how != How::Starts {
                inner.add(&part.pattern);
            }
        }
        let words = word_lists(words_text)?;
        let agencies =
            words.iter().filter(|(_, lists)| **lists & bit(WordList::Agency) != 0).map(|(name, _)| name);
        let agency_openings = agencies.filter_map(|name| name.split(' ').next().map(str::to_owned)).collect();
        let longest_whole = whole.keys().map(String::len).max().unwrap_or(0);
        let outlet_cues = outlet_cues()?;
        let mut cue_openings = Openings::default();
        outlet_cues.values().flatten().for_each(|(cue, _)| cue_openings.add(&cue.join(" ")));
        Ok(Furniture {
            rules,
            longest_whole,
            cue_openings,
            whole,
            parts,
            openings,
            inner,
            agency_openings,
            words,
            outlet_cues,
        })
    }

    /// What the rules say about the folded line `key`; see [`key`](super::folded::key).
    pub fn hit(&self, key: &str) -> Option<Hit<'_>> {
        let mut found = Matches::default();
        // A line that a pattern covers wholly is better known than one that only holds a phrase.
        let core = core(key);
        let whole = if core.len() <= self.longest_whole { self.whole.get(core) } else { None };
        if let Some(&rule_idx) = whole {
            found.best = Some((false, self.rules[rule_idx].scope, rule_idx));
            found.count = 1;
        }
        let start = key.len() - key.trim_start_matches(|c: char| !is_start(c)).len();
        // "[ Read more: … ]" begins within its brackets.
        let is_wrapped = key[start..].starts_with(['[', '(']) && key.ends_with([']', ')']);
        let inner = key[start..].trim_start_matches(|c: char| !c.is_alphanumeric());
        let inner = if is_wrapped { key.len() - inner.len() } else { start };
        let is_first = |at: usize| at == start || at == 0 || at == inner;
        let openings = |at: usize| if is_first(at) { &self.openings } else { &self.inner };
        if key.is_ascii() {
            let bytes = key.as_bytes();
            each_token_start(bytes, |at| {
                if openings(at).may_begin_here(bytes, at) {
                    let end = token_end(key, at);
                    if openings(at).may_begin(bytes, at, end) {
                        self.match_at(key, at, end, is_first(at), &mut found);
                    }
                }
            });
        } else {
            let mut at = 0;
            while at < key.len() {
                let end = token_end(key, at);
                if openings(at).may_begin(key.as_bytes(), at, end) {
                    self.match_at(key, at, end, is_first(at), &mut found);
                }
                at = end + usize::from(key.as_bytes().get(end) == Some(&b' '));
            }
        }
        let Matches { best, count, .. } = found;
        best.map(|(partly, scope, rule_idx)| Hit {
            rule: &self.rules[rule_idx].name,
            scope,
            is_whole: !partly,
            count,
        })
    }

    /// Adds the patterns that begin with the token from `at` to `end`; `is_first` tells whether a line may begin there.
    fn match_at(&self, key: &str, at: usize, end: usize, is_first: bool, found: &mut Matches) {
        for part in self.parts.get(&key[at..end]).map_or(&[][..], Vec::as_slice) {
            let close = at + part.pattern.len();
            let fits = key[at..].starts_with(&part.pattern)
                && match part.how {
                    How::Starts => is_first && closes(key, close),
                    How::Ends => ends_line(key, close),
                    How::Has => closes(key, close),
                };
            if !fits {
                continue;
            }
            // Patterns that overlap count once.
            found.count += usize::from(at >= found.end);
            found.end = found.end.max(close);
            let candidate = (true, self.rules[part.rule_idx].scope, part.rule_idx);
            found.best = Some(found.best.map_or(candidate, |best| best.min(candidate)));
        }
    }

    /// The words in front of a publication's name that `words` (folded) begin with: how many, and how much they weigh. The
    /// longest wins.
    pub fn outlet_cue(&self, words: &[&str]) -> Option<(usize, u32)> {
        let cues = self.outlet_cues.get(*words.first()?)?;
        let fits = cues.iter().filter(|(cue, _)| {
            words.len() >= cue.len() && words.iter().zip(cue).all(|(word, cue)| word == cue)
        });
        fits.max_by_key(|(cue, _)| cue.len()).map(|(cue, weight)| (cue.len(), *weight))
    }

    /// Whether such words may stand in the folded line `key`. May say yes in vain.
    pub fn may_hold_outlet_cue(&self, key: &str) -> bool {
        let bytes = key.as_bytes();
        let mut was_token = false;
        bytes.iter().enumerate().any(|(at, &byte)| {
            let begins = !was_token && byte != b' ';
            was_token = IS_TOKEN_BYTE[usize::from(byte)];
            begins
                && self.cue_openings.may_begin_here(bytes, at)
                && (!byte.is_ascii() || {
                    let end = token_end(key, at);
                    // Marks between the words of a cue are passed over, so the next word is known only behind a bare space.
                    let is_bare = bytes.get(end) == Some(&b' ')
                        && bytes.get(end + 1).is_none_or(|next| IS_TOKEN_BYTE[usize::from(*next)]);
                    !is_bare || self.cue_openings.may_begin(bytes, at, end)
                })
        })
    }

    /// Whether the name of a news agency may begin with `word` (folded).
    pub fn may_open_agency(&self, word: &str) -> bool {
        self.agency_openings.contains(word)
    }

    /// Whether `word` (folded) stands in `list` of `page_words.tsv`.
    pub fn has_word(&self, list: WordList, word: &str) -> bool {
        self.has_any(&[list], word)
    }

    /// Whether `word` (folded) stands in one of `lists` of `page_words.tsv`.
    pub fn has_any(&self, lists: &[WordList], word: &str) -> bool {
        self.words.get(word).is_some_and(|known| lists.iter().any(|list| known & bit(*list) != 0))
    }
}

/// The bit of a list among those a word stands in.
fn bit(list: WordList) -> u16 {
    1 << (list as u16)
}

fn scope_named(name: &str) -> Option<Scope> {
    Some(match name {
        "comments" => Scope::Comments,
        "rest" => Scope::Rest,
        "list" => Scope::List,
        "next" => Scope::Next,
        "line" => Scope::Line,
        "ask" => Scope::Ask,
        "tail" => Scope::Tail,
        "short" => Scope::Short,
        "edge" => Scope::Edge,
        _ => return None,
    })
}

fn word_lists(text: &str) -> Result<AHashMap<String, u16>, LexiconError> {
    let file = "page_words.tsv";
    let mut lists: AHashMap<String, u16> = AHashMap::new();
    let mut seen = 0;
    for row in table::rows(file, text, 3)? {
        let name = row.columns[0];
        let Some((_, list)) = LISTS.iter().find(|(known, _)| *known == name) else {
            return Err(LexiconError::at(file, row.line, format!("unknown list `{name}`")));
        };
        for word in row.columns[1].split(' ').filter(|word| !word.is_empty()) {
            *lists.entry(word.replace('_', " ")).or_default() |= bit(*list);
            seen |= bit(*list);
        }
    }
    match LISTS.iter().find(|(_, list)| seen & bit(*list) == 0) {
        Some((missing, _)) => Err(LexiconError::at(file, 0, format!("list `{missing}` is missing"))),
        None => Ok(lists),
    }
}

/// By first word: the further words of a cue, and its number.
type CuesByWord = AHashMap<String, Vec<(Vec<String>, u32)>>;

fn outlet_cues() -> Result<CuesByWord, LexiconError> {
    let file = "outlet_cues.tsv";
    let mut cues: AHashMap<String, Vec<(Vec<String>, u32)>> = AHashMap::new();
    for row in table::rows(file, OUTLET_CUES, 3)? {
        let words: Vec<String> = row.columns[0].split(' ').map(str::to_owned).collect();
        let weight = row.columns[1].parse().ok().filter(|weight| *weight <= 4);
        let weight =
            weight.ok_or_else(|| LexiconError::at(file, row.line, "the weight is no number from 0 to 4"))?;
        cues.entry(words[0].clone()).or_default().push((words, weight));
    }
    Ok(cues)
}

#[cfg(test)]
mod tests {
    use super::super::folded::key;
    use super::*;

    #[track_caller]
    fn check(line: &str, expected: Option<(&str, Scope)>) {
        let furniture = Furniture::load().expect("embedded rules load");
        let mut folded = String::new();
        key(line, &mut folded);
        assert_eq!(furniture.hit(&folded).map(|hit| (hit.rule, hit.scope)), expected, "{folded}");
    }

    #[test]
    fn tells_furniture_from_text() {
        check("12 Comments", Some(("comments", Scope::Comments)));
        check("» Share this article", Some(("share-bar", Scope::Line)));
        check("5 min read", Some(("share-bar", Scope::Line)));
        check("READ: Harbour Dues To Rise In Port Ellery", Some(("cross-link", Scope::Line)));
        check("© 2025 The Ellery Gazette", Some(("copyright", Scope::Line)));
        check("Don’t miss a story.", Some(("newsletter", Scope::Ask)));
        check("[ Read more about dredging here ]", Some(("cross-link", Scope::Line)));
        check("Most Popular", Some(("link-list", Scope::List)));
        check("The council reads the bill on Friday.", None);
        check("Mostly popular", None);
    }

    #[test]
    fn wrong_rows_are_named() {
        let error =
            |rules: &str| Furniture::read(rules, WORDS).map(|_| ()).map_err(|error| error.to_string());
        assert_eq!(error("a\tline\twhole\tx\n"), Ok(()));
        assert_eq!(error("a\tfar\twhole\tx\n"), Err("furniture.tsv:1: unknown scope `far`".to_owned()));
        assert_eq!(
            error("\na\tline\tis\tx\n"),
            Err("furniture.tsv:2: unknown way of matching `is`".to_owned())
        );
        assert_eq!(error("a\tline\thas\t\tx\n"), Err("furniture.tsv:1: empty pattern".to_owned()));
    }
}
