//! Which publication runs a page, from the page's own words: its masthead, its asks, its copyright line, its bylines.
//!
//! In: the lines of a scraped page and what was read from its head. Out: a name with enough signs for it, or nothing:
//! `None` is better than a rival's name. Does not look at metadata; see `fields`.

use std::collections::BTreeMap;

use super::byline::{is_agency, looks_like_outlet, person};
use super::lines::{Line, may_hold_parting_mark, words_of};
use crate::lexicon::Lexicon;
use crate::lexicon::furniture::WordList;
use crate::lexicon::outlets::name_key;

/// Signs that must come together before a name is believed. One strong sign (3), or a masthead that looks like one (2).
const ENOUGH: u32 = 2;

/// What stands in the place of a name and is none, folded to letters.
const NO_NAMES: &[&str] = &[
    "notice",
    "trademark",
    "trademarks",
    "compliance",
    "policy",
    "infringement",
    "agent",
    "terms",
    "metro",
    "magazine",
    "alltimes",
    "subscribers",
    "readers",
    "editors",
    "advertisers",
    "customerservice",
    "customersupport",
    "support",
    "sales",
    "careers",
    "today",
    "here",
    "more",
];

/// Lines of text among which a dateline is looked for.
const DATELINE_LINES: usize = 2;

/// Signs for names.
#[derive(Default)]
pub struct Votes {
    by_key: BTreeMap<String, Vote>,
}

#[derive(Default)]
struct Vote {
    order: usize,
    names: Vec<String>,
    /// The strongest sign of each kind: a menu that stands twice on a page says no more than once.
    signs: Vec<(&'static str, u32)>,
}

impl Vote {
    fn weight(&self) -> u32 {
        self.signs.iter().map(|(_, weight)| weight).sum()
    }

    fn method(&self) -> &'static str {
        self.signs.iter().max_by_key(|(_, weight)| *weight).map_or("", |(method, _)| method)
    }
}

impl Votes {
    /// Counts a sign for `name`.
    pub fn add(&mut self, name: &str, weight: u32, method: &'static str) {
        let name = clean(name);
        let key = name_key(&name);
        let is_barred = NO_NAMES.contains(&key.as_str()) || name.starts_with("Us ");
        // "DW", "VG": two letters are a name in capitals only.
        let is_long = key.len() >= 3 || key.len() == 2 && name.bytes().all(|byte| byte.is_ascii_uppercase());
        if weight == 0
            || is_barred
            || !is_long
            || key.len() > 48
            || key.bytes().all(|byte| byte.is_ascii_digit())
        {
            return;
        }
        let order = self.by_key.len();
        let vote = self.by_key.entry(key).or_insert_with(|| Vote { order, ..Vote::default() });
        match vote.signs.iter_mut().find(|(known, _)| *known == method) {
            Some((_, known)) => *known = weight.max(*known),
            None => vote.signs.push((method, weight)),
        }
        vote.names.push(name);
    }

    /// Takes back what was counted for a name that turned out to be a person's.
    pub fn drop_name(&mut self, name: &str) {
        self.by_key.remove(&name_key(name));
    }

    /// The name with most signs, as the page best writes it, and the strongest sign.
    pub fn winner(&self, lexicon: &Lexicon) -> Option<(String, &'static str)> {
        let weight_of = |key: &str, vote: &Vote| -> u32 {
            // "WKLT" is also meant by "WKLT 7 News": longer forms speak for the shorter, not the other way round.
            let longer =
                self.by_key.iter().filter(|(other, _)| other.len() > key.len() && other.starts_with(key));
            vote.weight() + longer.map(|(_, vote)| vote.weight().min(1)).max().unwrap_or(0)
        };
        let (key, vote) = self
            .by_key
            .iter()
            .map(|(key, vote)| (weight_of(key, vote), std::cmp::Reverse(vote.order), key, vote))
            .filter(|(weight, ..)| *weight >= ENOUGH)
            .max_by_key(|(weight, order, ..)| (*weight, *order))
            .map(|(_, _, key, vote)| (key, vote))?;
        if let Some(known) = lexicon.outlets.by_name(&vote.names[0]).filter(|_| !key.is_empty()) {
            return Some((known.to_owned(), vote.method()));
        }
        // Mixed case tells more than capitals; a form with "The" is the fuller one.
        let written = vote.names.iter().max_by_key(|name| {
            (name.chars().any(char::is_lowercase), name.starts_with("The "), std::cmp::Reverse(name.len()))
        })?;
        Some((written.clone(), vote.method()))
    }
}

/// Counts the signs in the lines of a page. `head_end` is the first line of the running text.
pub fn count(
    lines: &[Line<'_>],
    is_body: impl Fn(usize) -> bool,
    head_end: usize,
    votes: &mut Votes,
    lexicon: &Lexicon,
) {
    for (idx, line) in lines.iter().enumerate() {
        if line.text.len() > 700 {
            continue;
        }
        let is_body = is_body(idx);
        if !is_body {
            copyright(line, votes, lexicon);
            site_title(line, idx < head_end, votes, lexicon);
            staff_of(line, votes, lexicon);
            photo_credit(line, votes, lexicon);
            own_address(line, idx < head_end, votes, lexicon);
        }
        if !is_body || line.key.contains("told ") {
            cues(line, is_body, votes, lexicon);
        }
        if is_body && idx < head_end + DATELINE_LINES {
            wire_mark(line, votes, lexicon);
        }
    }
}

/// "© 2025 The Ellery Gazette. All rights reserved", "© Ellery Gazette, 2025".
fn copyright(line: &Line<'_>, votes: &mut Votes, lexicon: &Lexicon) {
    // Every such line falls under a rule.
    if line.hit.is_none() || !line.key.contains(['©', '#']) {
        return;
    }
    let at = ["©", "copyright", "(c) #"].iter().find_map(|mark| line.key.find(mark));
    // Without a mark or a year it is a link: "Copyright notice", "Copyright & Trademark".
    if at.is_none_or(|at| at > 40) {
        return;
    }
    let text = line.text.split_once('©').map_or(line.text.as_str(), |(_, rest)| rest);
    let text = text.split_once("opyright").map_or(text, |(_, rest)| rest);
    let text = text.split_once("OPYRIGHT").map_or(text, |(_, rest)| rest);
    let text = text.trim_start_matches(|c: char| !c.is_alphabetic());
    let text = text.strip_prefix("by ").unwrap_or(text);
    let name = text.split(['|', '•', '·', '(', '\u{2022}']).next().unwrap_or("");
    let lower = name.to_lowercase();
    let end = [". ", ", ", " all rights", " – ", " - ", " — ", " 19", " 20", " and its"]
        .iter()
        .filter_map(|mark| {
            lower.find(mark).filter(|&at| !lower[..at].ends_with(" inc") && !lower[..at].ends_with("u.s"))
        })
        .min()
        .unwrap_or(lower.len());
    let Some(name) = name.get(..end) else { return };
    let is_company = words_of(&lower).any(|word| lexicon.furniture.has_word(WordList::Company, word));
    let weight = if is_company || is_agency(name, lexicon) { 1 } else { 3 };
    if name.split_whitespace().count() <= 7
        && name.starts_with(char::is_uppercase)
        && !lower.starts_with("all rights")
    {
        votes.add(name, weight, "copyright line");
    }
}

/// "The Ellery Gazette | News, Sports, Weather", "Harbour Fees Rise - The Ellery Gazette".
fn site_title(line: &Line<'_>, is_head: bool, votes: &mut Votes, lexicon: &Lexicon) {
    if !is_head || line.text.len() > 200 || !may_hold_parting_mark(&line.text) {
        return;
    }
    for mark in [" | ", " - ", " – ", " — ", " • ", " :: "] {
        let Some((first, rest)) = line.text.split_once(mark) else { continue };
        let last = rest.rsplit(mark).next().unwrap_or(rest);
        let n_first = first.split_whitespace().count();
        let n_last = last.split_whitespace().count();
        if n_first >= 4
            && n_last <= 5
            && (mark == " | " || looks_like_outlet(last, lexicon))
            && is_plain_name(last, lexicon)
        {
            votes.add(last, if looks_like_outlet(last, lexicon) { 3 } else { 1 }, "title suffix");
        } else if n_first <= 5 && looks_like_outlet(first, lexicon) && line.hit.is_none() {
            votes.add(first, 3, "site title");
        }
        return;
    }
}

/// "By Ellery Gazette Staff".
fn staff_of(line: &Line<'_>, votes: &mut Votes, lexicon: &Lexicon) {
    if !line.key.starts_with("by ") || line.n_words > 10 {
        return;
    }
    let words: Vec<&str> = line.text.split(' ').collect();
    let at = words.iter().position(|word| matches!(word.to_lowercase().as_str(), "staff" | "newsroom"));
    if let Some(at) = at.filter(|&at| at >= 2) {
        let name = words[1..at].join(" ");
        if is_plain_name(&name, lexicon) && !name.ends_with(',') {
            votes.add(&name, 3, "byline");
        }
    }
}

/// "Credit: Mara Voss for The Ellery Gazette", "Mara Voss/NPR": pictures are taken for the publication itself, or by an agency.
fn photo_credit(line: &Line<'_>, votes: &mut Votes, lexicon: &Lexicon) {
    let is_short = line.n_words <= 60 && (line.key.contains('/') || line.key.contains(" for "));
    if !is_short || !(line.hit.is_some_and(|hit| hit.rule == "caption") || line.key.contains(['/', '('])) {
        return;
    }
    let text = line.text.trim_end_matches([')', ']', '.', ' ']);
    let for_outlet = text.rsplit_once(" for ");
    let Some((before, name)) = for_outlet.or_else(|| text.rsplit_once('/')) else { return };
    let words: Vec<&str> = before.split([' ', '.', '(', '|', ':']).filter(|word| !word.is_empty()).collect();
    let is_signed = words.len() >= 2 && person(&words[words.len() - 2..].join(" "), lexicon).is_some();
    let is_own = is_signed && (for_outlet.is_some() || !is_agency(name, lexicon));
    if let Some(known) = lexicon.outlets.in_text(name).filter(|_| is_own) {
        votes.add(known, 2, "photo credit");
    }
}

/// The address of the page, printed below its headline.
fn own_address(line: &Line<'_>, is_head: bool, votes: &mut Votes, lexicon: &Lexicon) {
    if !is_head || line.text.contains(' ') || !line.text.contains('/') {
        return;
    }
    let rest = line.text.split_once("://").map_or(line.text.as_str(), |(_, rest)| rest);
    if let Some(known) = rest.split('/').next().and_then(|host| lexicon.outlets.by_domain(host)) {
        votes.add(known, 4, "address");
    }
}

/// A dateline names the agency: "ELLERY (Reuters) -". A wire credit counts only when nothing else is named.
fn wire_mark(line: &Line<'_>, votes: &mut Votes, lexicon: &Lexicon) {
    let head: String = line.text.chars().take(70).collect();
    let Some((before, rest)) = head.split_once('(') else { return };
    let Some((name, after)) = rest.split_once(')') else { return };
    // Some agencies print no place: "(Ellery Wire) –".
    let is_dateline = after.trim_start().starts_with(['-', '–', '—'])
        && (before.is_empty() || before.starts_with(char::is_uppercase));
    if is_dateline && (is_agency(name, lexicon) || lexicon.outlets.in_text(name).is_some()) {
        votes.add(lexicon.outlets.canonical(name), 2, "dateline");
    }
}

/// Names behind words such as "donation to the".
fn cues(line: &Line<'_>, is_body: bool, votes: &mut Votes, lexicon: &Lexicon) {
    if !lexicon.furniture.may_hold_outlet_cue(&line.key) {
        return;
    }
    let is_mark = |byte: &u8| matches!(byte, b'"' | b',' | b'(' | b')');
    let without_marks = |word: &'_ str| -> std::ops::Range<usize> {
        let bytes = word.as_bytes();
        if bytes.first().is_some_and(|byte| !is_mark(byte)) && bytes.last().is_some_and(|byte| !is_mark(byte))
        {
            return 0..bytes.len();
        }
        let start = bytes.iter().position(|byte| !is_mark(byte)).unwrap_or(bytes.len());
        let end = bytes.iter().rposition(|byte| !is_mark(byte)).map_or(start, |at| at + 1);
        start..end
    };
    let folded = line.key.split(' ').map(|word| &word[without_marks(word)]);
    let folded: Vec<&str> = folded.collect();
    let words: Vec<&str> = line.text.split(' ').collect();
    if folded.len() != words.len() {
        return;
    }
    let mut at = 0;
    while at < words.len() {
        let Some((n_words, weight)) = lexicon.furniture.outlet_cue(&folded[at..]) else {
            at += 1;
            continue;
        };
        let is_told = folded[at] == "told";
        let closes = words[at + n_words - 1].ends_with(['.', '!', '?', ',']);
        let mut name = if closes { String::new() } else { name_at(&words[at + n_words..]) };
        // "Thanks for reading The Harbour Call": the article is part of the name where it is written so.
        if words[at + n_words - 1] == "The" && !name.is_empty() {
            name.insert_str(0, "The ");
        }
        at += n_words;
        if name.is_empty() || is_body != is_told {
            continue;
        }
        let key = name.to_lowercase();
        let is_known = lexicon.outlets.in_text(&name).is_some() || looks_like_outlet(&name, lexicon);
        let offers = ["get", "download"].contains(&folded[at - n_words]);
        let n_name = name.split(' ').count() - usize::from(name.starts_with("The "));
        let followed = words.get(at + n_name).map_or("", |word| *word).to_lowercase();
        let is_offer = followed.starts_with("app")
            || followed.starts_with("newsletter")
            || followed.starts_with("e-edition");
        if (offers && !is_offer)
            || (is_told && !is_known)
            || name.ends_with("Newsletter")
            || !is_plain_name(&name, lexicon)
            || words_of(&key).count() > 7
        {
            continue;
        }
        votes.add(&name, weight, if is_told { "told in the text" } else { "page words" });
    }
}

/// The capitalised words from here on: "Gulf Coast Sentinel to help" gives the first three.
fn name_at(words: &[&str]) -> String {
    let mut end = 0;
    let mut at = 0;
    let bare = |word: &str| word.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
    while let Some(word) = words.get(at) {
        let starts = bare(word);
        let is_capital = starts.starts_with(|c: char| c.is_uppercase() || (end > 0 && c.is_ascii_digit()));
        let joins = matches!(*word, "of" | "and" | "&" | "for" | "the" | "on" | "de");
        if is_capital && word.ends_with(':') && end > 0 {
            break;
        }
        if is_capital {
            at += 1;
            end = at;
            if word.ends_with(['.', ',', '!', '?', ';', ':', ')', '’', '\'']) && !is_initials(word) {
                break;
            }
            if word.ends_with("’s") || word.ends_with("'s") {
                break;
            }
        } else if joins
            && end > 0
            && at < end + 1
            && words.get(at + 1).is_some_and(|next| next.starts_with(char::is_uppercase))
            && *word != "on"
        {
            at += 1;
        } else {
            break;
        }
        if at > 8 {
            return String::new();
        }
    }
    words[..end].join(" ")
}

fn is_initials(word: &str) -> bool {
    word.len() <= 6 && word.matches('.').count() >= 2
}

/// Names of sites where one is followed, not published.
const PLATFORMS: &[&str] = &[
    "facebook",
    "twitter",
    "x",
    "instagram",
    "linkedin",
    "whatsapp",
    "telegram",
    "youtube",
    "tiktok",
    "threads",
    "bluesky",
    "google news",
    "google",
    "apple news",
    "apple",
    "reddit",
    "substack",
    "patreon",
    "spotify",
    "comments",
    "comment",
    "home",
    "newsletter",
    "newsletters",
    "news",
    "politics",
    "author",
    "topics",
    "email",
    "rss",
    "app",
    "wordpress",
    "disqus",
    "continue",
    "read",
    "us",
    "here",
    "our",
    "this",
    "amazon",
    "getty images",
    "creative commons",
    "all",
    "web",
    "world",
    "network",
    "free",
    "breaking news",
    "headlines newsletter",
];

fn is_plain_name(name: &str, lexicon: &Lexicon) -> bool {
    let key = clean(name).to_lowercase();
    let first = key.split(' ').next().unwrap_or("");
    !key.is_empty()
        && !PLATFORMS.contains(&key.as_str())
        && !matches!(first, "my" | "our" | "this" | "your" | "all" | "more" | "http" | "https")
        && !lexicon.furniture.has_word(WordList::Section, &key)
        && !key.contains(['@', '/', '+'])
}

/// The name without what clings to it.
fn clean(name: &str) -> String {
    let mut name =
        name.trim().trim_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '.' | '!' | '(' | ')'));
    for suffix in ["’s", "'s", "'", "’"] {
        name = name.strip_suffix(suffix).unwrap_or(name);
    }
    loop {
        let before = name;
        for suffix in [
            " Inc.",
            " Inc",
            " LLC",
            " Ltd",
            " Limited",
            " plc",
            " PLC",
            " Staff",
            " newsletter",
            " Newsletter",
            " Homepage",
            " homepage",
            " home page",
            " logo",
            " Logo",
            " app",
            " App",
            " Premium",
            " experts",
            " All",
            " and",
            " on",
            " for",
            " team",
        ] {
            name = name.strip_suffix(suffix).unwrap_or(name).trim_end_matches([',', ' ', ';', ':']);
        }
        if name == before {
            break;
        }
    }
    let keeps_stop = is_initials(name.rsplit(' ').next().unwrap_or(""));
    let name = if keeps_stop { name } else { name.trim_end_matches(['.', '!', '?']) };
    name.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::lines;

    #[track_caller]
    fn check(page: &str, expected: Option<&str>) {
        let lexicon = Lexicon::embedded();
        let lines = lines::read(page, lexicon);
        let mut votes = Votes::default();
        count(&lines, |_| false, 2, &mut votes, lexicon);
        assert_eq!(votes.winner(lexicon).map(|(name, _)| name).as_deref(), expected, "{page}");
    }

    #[test]
    fn believes_what_the_page_says_of_itself() {
        check("Will you give a donation to the Ellery Free Press this spring?", Some("Ellery Free Press"));
        check("© 2025 The Ellery Gazette. All rights reserved.", Some("The Ellery Gazette"));
        check("© Ellery Gazette, 2025", Some("Ellery Gazette"));
        check("Ellery Ledger | News, Sports, Obituaries", Some("Ellery Ledger"));
        check("Harbour fees will rise again in July - The Ellery Gazette", Some("The Ellery Gazette"));
        check("Thanks for reading The Harbour Call! Subscribe for free.", Some("The Harbour Call"));
        check("Follow Ellery News on WhatsApp", Some("Ellery News"));
        check("By Ellery News Network Staff and Agencies", Some("Ellery News Network"));
        check("Ana Duarte is a staff writer at Meridiem.", Some("Meridiem"));
        check("Get the Ellery Morning app", Some("Ellery Morning"));
        check("The quay at Ellery. (Mara Voss for The Washington Post)", Some("The Washington Post"));
        check("The quay at Ellery. | Mara Voss/POLITICO", Some("Politico"));
        check("https://www.nytimes.com/2025/05/14/us/small-ports.html", Some("The New York Times"));
    }

    #[test]
    fn names_none_without_a_sign() {
        check("The quay at Ellery. (Mara Voss/Reuters)", None);
        check("Fees for The Washington Post", None);
        check("Follow us on Facebook", None);
        check("Copyright 2025 Ellery Media Group, Inc.", None);
        check("Sign up for our newsletter", None);
        check("", None);
    }
}
