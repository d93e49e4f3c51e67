//! Page furniture as data: which lines of a page are not the article, and which words tell the parts of a page apart.
//!
//! Loads `data/furniture.tsv` (rule, scope, how, pattern, reason), `data/page_words.tsv` (list, words, reason) and
//! `data/outlet_cues.tsv` (words, weight, reason). Patterns are read against a folded line, see [`key`]. What is done with a rule is decided in `extract`, not here.

use ahash::{AHashMap, AHashSet};

use super::LexiconError;
use super::table;

const RULES: &str = include_str!("data/furniture.tsv");
const WORDS: &str = include_str!("data/page_words.tsv");
const OUTLET_CUES: &str = include_str!("data/outlet_cues.tsv");

/// Data files of this part: name and text.
pub(super) const FILES: &[(&str, &str)] =
    &[("furniture.tsv", RULES), ("page_words.tsv", WORDS), ("outlet_cues.tsv", OUTLET_CUES)];

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

/// Rules of this part.
#[derive(Debug)]
pub struct Furniture {
    rules: Vec<Rule>,
    whole: AHashMap<String, usize>,
    /// Bytes of the longest of them.
    longest_whole: usize,
    /// Patterns by their first token; see [`token_end`].
    parts: AHashMap<String, Vec<Part>>,
    /// Which tokens may begin a pattern, by [`token_mark`]: most words are told apart here, without a look-up.
    starts: Vec<bool>,
    /// The same for a token and the two bytes behind the next one, see [`next_mark`]: common words are told apart here.
    starts_long: Vec<bool>,
    words: [AHashSet<String>; LISTS.len()],
    /// First words of agencies.
    agency_openings: AHashSet<String>,
    outlet_cues: CuesByWord,
    /// Which words may open one, by [`token_mark`].
    cue_marks: Vec<bool>,
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
        let mut starts = vec![false; N_MARKS];
        let mut starts_long = vec![false; N_MARKS];
        for part in parts.values().flatten() {
            let (pattern, end) = (part.pattern.as_bytes(), token_end(&part.pattern, 0));
            match next_mark(pattern, 0, end) {
                Some(mark) => starts_long[mark] = true,
                None => starts[token_mark(&pattern[..end])] = true,
            }
        }
        let words = word_lists(words_text)?;
        let first_word = |name: &String| name.split(' ').next().map(str::to_owned);
        let longest_whole = whole.keys().map(String::len).max().unwrap_or(0);
        let outlet_cues = outlet_cues()?;
        let mut cue_marks = vec![false; N_MARKS];
        outlet_cues.keys().for_each(|word| cue_marks[token_mark(word.as_bytes())] = true);
        Ok(Furniture {
            rules,
            longest_whole,
            cue_marks,
            whole,
            parts,
            starts,
            starts_long,
            agency_openings: words[WordList::Agency as usize].iter().filter_map(first_word).collect(),
            words,
            outlet_cues,
        })
    }

    /// What the rules say about the folded line `key`; see [`key`].
    pub fn hit(&self, key: &str) -> Option<Hit<'_>> {
        let mut best: Option<(bool, Scope, usize)> = None;
        let mut count = 0;
        // A line that a pattern covers wholly is better known than one that only holds a phrase.
        let core = core(key);
        let whole = if core.len() <= self.longest_whole { self.whole.get(core) } else { None };
        if let Some(&rule_idx) = whole {
            best = Some((false, self.rules[rule_idx].scope, rule_idx));
            count = 1;
        }
        let start = key.len() - key.trim_start_matches(|c: char| !is_start(c)).len();
        let mut last_end = 0;
        let mut at = 0;
        while at < key.len() {
            let end = token_end(key, at);
            let may_start = self.starts[token_mark(&key.as_bytes()[at..end])]
                || next_mark(key.as_bytes(), at, end).is_some_and(|mark| self.starts_long[mark]);
            let parts = if may_start { self.parts.get(&key[at..end]) } else { None };
            for part in parts.map_or(&[][..], Vec::as_slice) {
                let close = at + part.pattern.len();
                let fits = key[at..].starts_with(&part.pattern)
                    && match part.how {
                        How::Starts => (at == start || at == 0) && closes(key, close),
                        How::Ends => ends_line(key, close),
                        How::Has => closes(key, close),
                    };
                if !fits {
                    continue;
                }
                // Patterns that overlap count once.
                if at >= last_end {
                    count += 1;
                }
                last_end = last_end.max(close);
                let candidate = (true, self.rules[part.rule_idx].scope, part.rule_idx);
                best = Some(best.map_or(candidate, |best| best.min(candidate)));
            }
            at = end + usize::from(key.as_bytes().get(end) == Some(&b' '));
        }
        best.map(|(partly, scope, rule_idx)| Hit {
            rule: &self.rules[rule_idx].name,
            scope,
            is_whole: !partly,
            count,
        })
    }

    /// The words in front of a publication's name that `words` (folded) begin with: how many, and how much they weigh. The
    /// longest wins.
    pub fn outlet_cue(&self, words: &[&str]) -> Option<(usize, u32)> {
        let first = words.first().filter(|word| self.cue_marks[token_mark(word.as_bytes())])?;
        let cues = self.outlet_cues.get(*first)?;
        let fits = cues.iter().filter(|(cue, _)| {
            words.len() >= cue.len() && words.iter().zip(cue).all(|(word, cue)| word == cue)
        });
        fits.max_by_key(|(cue, _)| cue.len()).map(|(cue, weight)| (cue.len(), *weight))
    }

    /// Whether the name of a news agency may begin with `word` (folded).
    pub fn may_open_agency(&self, word: &str) -> bool {
        self.agency_openings.contains(word)
    }

    /// Whether a publication's cue may begin with `word` (folded).
    pub fn may_open_outlet_cue(&self, word: &str) -> bool {
        self.cue_marks[token_mark(word.as_bytes())] && self.outlet_cues.contains_key(word)
    }

    /// Whether `word` (folded) stands in `list` of `page_words.tsv`.
    pub fn has_word(&self, list: WordList, word: &str) -> bool {
        self.words[list as usize].contains(word)
    }
}

/// Size of the tables of marks: a power of two, large enough that few words share the mark of a pattern.
const N_MARKS: usize = 1 << 15;

/// A number made of a token's length, first two and last bytes.
#[inline]
fn token_mark(token: &[u8]) -> usize {
    let byte = |at: usize| usize::from(token.get(at).copied().unwrap_or(0));
    let last = byte(token.len().saturating_sub(1));
    (byte(0) ^ (byte(1) << 4) ^ (last << 7) ^ (token.len() << 10)) & (N_MARKS - 1)
}

/// The same with the second and third byte behind the token; `None` where there are none.
#[inline]
fn next_mark(text: &[u8], at: usize, end: usize) -> Option<usize> {
    let (second, third) = (*text.get(end + 1)?, *text.get(end + 2)?);
    let behind = usize::from(second).wrapping_mul(0x9E3) ^ usize::from(third).wrapping_mul(0x35F);
    Some((token_mark(&text[at..end]) ^ behind) & (N_MARKS - 1))
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

fn word_lists(text: &str) -> Result<[AHashSet<String>; LISTS.len()], LexiconError> {
    let file = "page_words.tsv";
    let mut lists: [AHashSet<String>; LISTS.len()] = Default::default();
    for row in table::rows(file, text, 3)? {
        let name = row.columns[0];
        let Some((_, list)) = LISTS.iter().find(|(known, _)| *known == name) else {
            return Err(LexiconError::at(file, row.line, format!("unknown list `{name}`")));
        };
        let words =
            row.columns[1].split(' ').filter(|word| !word.is_empty()).map(|word| word.replace('_', " "));
        lists[*list as usize].extend(words);
    }
    match LISTS.iter().find(|(_, list)| lists[*list as usize].is_empty()) {
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

/// The folded form of a line that patterns are read against, written to `into`: lower case, plain marks and dashes, each run
/// of digits as one `#`, white space as one space.
pub fn key(line: &str, into: &mut String) {
    into.clear();
    into.reserve(line.len());
    let mut last = b' ';
    let bytes = line.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let plain = ASCII_KEY[usize::from(bytes[at])];
        if plain != 0 {
            let is_digit = bytes[at].is_ascii_digit();
            if !(plain == last && (plain == b' ' || is_digit)) {
                into.push(char::from(plain));
            }
            last = plain;
            at += 1;
            continue;
        }
        let Some(c) = line[at..].chars().next() else { break };
        at += c.len_utf8();
        let plain = match c {
            '‘' | '’' | 'ʼ' | '´' => b'\'',
            '“' | '”' | '„' => b'"',
            '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' => b'-',
            c if c.is_whitespace() => b' ',
            c => {
                into.extend(c.to_lowercase());
                last = 0;
                continue;
            }
        };
        if !(plain == b' ' && last == b' ') {
            into.push(char::from(plain));
        }
        last = plain;
    }
    into.truncate(into.trim_end().len());
}

/// The folded form of each ASCII byte; 0 for control characters and for bytes beyond ASCII.
const ASCII_KEY: [u8; 256] = {
    let mut table = [0; 256];
    let mut byte = b' ';
    while byte <= b'~' {
        table[byte as usize] = if byte.is_ascii_digit() { b'#' } else { byte.to_ascii_lowercase() };
        byte += 1;
    }
    table[b'\t' as usize] = b' ';
    table
};

/// The line without the marks at its ends; the whole line where it is nothing but marks.
fn core(key: &str) -> &str {
    let is_plain = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_lowercase);
    if is_plain(key.as_bytes().first()) && is_plain(key.as_bytes().last()) {
        return key;
    }
    let core = key.trim_matches(|c: char| !is_start(c));
    if core.is_empty() { key } else { core }
}

fn is_start(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '#' | '©' | '(' | '[' | '<' | '{' | '&')
}

/// ASCII letters, digits, `#` and the apostrophe.
const IS_TOKEN_BYTE: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0_u8;
    while byte < 0x80 {
        table[byte as usize] = byte.is_ascii_alphanumeric() || byte == b'#' || byte == b'\'';
        byte += 1;
    }
    table
};

/// The end of the token at `at`: a run of letters, `#` and apostrophes, or one other character.
#[inline]
fn token_end(key: &str, at: usize) -> usize {
    let bytes = key.as_bytes();
    let mut end = at;
    while end < bytes.len() && IS_TOKEN_BYTE[usize::from(bytes[end])] {
        end += 1;
    }
    if end > at && (end == bytes.len() || bytes[end].is_ascii()) {
        return end;
    }
    let is_inner = |c: char| c.is_alphanumeric() || c == '#' || c == '\'';
    let mut chars = key[at..].char_indices();
    match chars.next() {
        Some((_, c)) if is_inner(c) => {
            chars.find(|(_, c)| !is_inner(*c)).map_or(key.len(), |(end, _)| at + end)
        }
        Some((_, c)) => at + c.len_utf8(),
        None => at,
    }
}

fn closes(key: &str, at: usize) -> bool {
    let ends_word = key[..at].chars().next_back().is_some_and(char::is_alphanumeric);
    !ends_word || !key[at..].chars().next().is_some_and(char::is_alphanumeric)
}

fn ends_line(key: &str, at: usize) -> bool {
    !key[at..].chars().any(char::is_alphanumeric)
}

#[cfg(test)]
mod tests {
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

    #[test]
    fn folds_a_line() {
        let mut folded = String::new();
        key("  It’s  12,500 – “No” ", &mut folded);
        assert_eq!(folded, "it's #,# - \"no\"");
    }
}
