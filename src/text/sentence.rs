//! Sentence bounds inside one paragraph of news text.
//!
//! In: a paragraph. Out: byte ranges of its sentences. Closing marks and brackets belong to the sentence they end; a break
//! inside an open quotation is still a break, callers who want the whole quotation join. Words that end in a full stop
//! without ending a sentence are the lists below.

use crate::model::Span;

/// Abbreviations that stand before a name or a number and never end a sentence.
const BEFORE_NAME: &[&str] = &[
    "adm", "al", "art", "assoc", "asst", "atty", "brig", "ca", "capt", "cf", "cmdr", "col", "comm", "cpl",
    "del", "dep", "det", "dr", "drs", "e.g", "ens", "fig", "fr", "ft", "gen", "gov", "govs", "hon", "i.e",
    "insp", "lt", "maj", "messrs", "mlle", "mme", "mr", "mrs", "ms", "msgr", "mt", "mx", "no", "nos", "op",
    "pfc", "pp", "pres", "prof", "profs", "pvt", "rep", "reps", "rev", "sec", "sen", "sens", "sgt",
    "sgt.maj", "sr", "sra", "srta", "st", "ste", "supt", "treas", "viz", "vs",
];

/// Abbreviations that may end a sentence; they do when a word follows that commonly begins one.
const MAY_END: &[&str] = &[
    "a.m", "ala", "apr", "ariz", "ark", "assn", "aug", "ave", "b.a", "b.c", "blvd", "bros", "calif", "co",
    "colo", "conn", "corp", "d.c", "dec", "dems", "dept", "dist", "e.u", "esq", "etc", "feb", "fla", "ga",
    "govt", "hrs", "ill", "inc", "ind", "jan", "jr", "jul", "jun", "kan", "ky", "la", "lbs", "llc", "ltd",
    "m.a", "m.d", "mar", "mass", "md", "mich", "minn", "miss", "mo", "mont", "mph", "n.c", "n.d", "n.h",
    "n.j", "n.m", "n.y", "neb", "nev", "nov", "oct", "okla", "ont", "ore", "p.c", "p.m", "pa", "ph.d", "plc",
    "que", "r.i", "rd", "s.c", "s.d", "sep", "sept", "sq", "tel", "tenn", "tex", "u.k", "u.n", "u.s",
    "u.s.a", "univ", "va", "vt", "w.va", "wash", "wis", "wyo",
];

/// Words that begin a sentence far more often than they follow an abbreviation inside one.
const STARTERS: &[&str] = &[
    "a",
    "about",
    "after",
    "again",
    "all",
    "also",
    "although",
    "among",
    "an",
    "and",
    "another",
    "any",
    "as",
    "asked",
    "at",
    "because",
    "before",
    "both",
    "but",
    "by",
    "despite",
    "during",
    "each",
    "earlier",
    "even",
    "every",
    "few",
    "finally",
    "for",
    "from",
    "he",
    "her",
    "here",
    "his",
    "how",
    "however",
    "i",
    "if",
    "in",
    "instead",
    "it",
    "its",
    "just",
    "last",
    "later",
    "many",
    "meanwhile",
    "more",
    "most",
    "my",
    "no",
    "not",
    "now",
    "of",
    "on",
    "once",
    "one",
    "only",
    "or",
    "other",
    "others",
    "our",
    "over",
    "perhaps",
    "she",
    "since",
    "so",
    "some",
    "speaking",
    "still",
    "such",
    "that",
    "the",
    "their",
    "then",
    "there",
    "these",
    "they",
    "this",
    "those",
    "though",
    "to",
    "today",
    "two",
    "under",
    "until",
    "we",
    "what",
    "when",
    "where",
    "whether",
    "which",
    "while",
    "who",
    "why",
    "with",
    "without",
    "yet",
    "you",
    "your",
];

/// Speech verbs that may follow a question or an exclamation inside one sentence: `"Why?" Oda asked.`
const AFTER_QUESTION: &[&str] = &[
    "added",
    "asked",
    "asks",
    "cried",
    "declared",
    "demanded",
    "exclaimed",
    "quipped",
    "replied",
    "responded",
    "said",
    "says",
    "shouted",
    "told",
    "tweeted",
    "wondered",
    "wrote",
    "yelled",
];

/// Sentences of one paragraph, in order, without the white space between them; byte ranges of `paragraph`.
pub fn sentences(paragraph: &str) -> Vec<Span> {
    let bytes = paragraph.as_bytes();
    let mut sentences = Vec::new();
    let mut start = skip_space(bytes, 0);
    let mut at = start;
    while let Some(found) = next_terminator(bytes, at) {
        at = found;
        let after = skip_terminators(bytes, at);
        let end = skip_closers(bytes, after);
        if end >= bytes.len() || is_break(paragraph, at) {
            sentences.push(Span::new(start, end));
            start = skip_space(bytes, end);
            at = start;
        } else {
            at = after;
        }
    }
    let end = paragraph.trim_end().len();
    if start < end {
        sentences.push(Span::new(start, end));
    }
    sentences
}

/// Whether a sentence ends at the terminator (full stop, question or exclamation mark, ellipsis) at byte `at` of `text`.
///
/// True at the end of the text. `at` must be the first of a row of terminators.
pub fn is_break(text: &str, at: usize) -> bool {
    let bytes = text.as_bytes();
    let after = skip_terminators(bytes, at);
    let end = skip_closers(bytes, after);
    let Some(byte) = bytes.get(end) else { return true };
    if !byte.is_ascii_whitespace() && !text[end..].starts_with('\u{a0}') {
        return false;
    }
    let rest = &text[end..];
    // What follows nearly always: one space and an ASCII letter.
    let follows = bytes.get(end + 1).filter(|next| *byte == b' ' && next.is_ascii_alphabetic());
    if follows.is_none() {
        if bytes[end..].iter().take_while(|b| b.is_ascii_whitespace()).any(|b| *b == b'\n') {
            return true;
        }
        let Some(first) = first_word(rest).chars().next() else { return true };
        if first.is_lowercase() {
            return false;
        }
    }
    if follows.is_some_and(u8::is_ascii_lowercase) {
        return false;
    }
    let single_stop = bytes[at] == b'.' && after == at + 1;
    if single_stop && end == after {
        return !is_abbreviation(text, at, rest);
    }
    if single_stop || end == after {
        return true;
    }
    !goes_on_after_question(rest)
}

/// Whether the word before the full stop at `at` is an abbreviation here, before `rest`.
fn is_abbreviation(text: &str, at: usize, rest: &str) -> bool {
    let bytes = text.as_bytes();
    let mut start = at;
    while start > 0
        && at - start < 9
        && (bytes[start - 1].is_ascii_alphanumeric() || bytes[start - 1] == b'.')
    {
        start -= 1;
    }
    let Some(word) = text.get(start..at).filter(|word| !word.is_empty()) else { return false };
    let letters = word.contains('.');
    if word.len() > LONGEST && !letters || word.bytes().all(|b| b.is_ascii_digit()) {
        return false;
    }
    let packed = packed(word.as_bytes());
    let listed = |list: &[u64]| word.len() <= LONGEST && list.binary_search(&packed).is_ok();
    let capital = bytes[start].is_ascii_uppercase();
    if listed(&BEFORE_NAME_PACKED) {
        // "no." ends a sentence unless a number follows; "al." and the like are never capital.
        let before_number = first_word(rest).bytes().next().is_some_and(|b| b.is_ascii_digit());
        return match word.to_ascii_lowercase().as_bytes() {
            b"no" | b"nos" | b"art" | b"fig" | b"pp" | b"ft" => before_number,
            b"del" | b"sec" | b"pres" | b"hon" | b"sr" | b"fr" | b"op" | b"mt" | b"det" | b"ens" => capital,
            _ => true,
        };
    }
    let initial = word.len() == 1 && capital && !(word == "I" && is_starter(first_word(rest)));
    let dotted = letters && word.split('.').all(|part| part.len() <= 2);
    if initial || dotted || ((capital || letters || word == "etc") && listed(&MAY_END_PACKED)) {
        return !is_starter(first_word(rest));
    }
    false
}

/// Longest listed abbreviation, in bytes.
const LONGEST: usize = 8;

const BEFORE_NAME_PACKED: [u64; BEFORE_NAME.len()] = packed_list(BEFORE_NAME);
const MAY_END_PACKED: [u64; MAY_END.len()] = packed_list(MAY_END);

/// The first [`LONGEST`] bytes in lower case as a number that sorts like them.
const fn packed(word: &[u8]) -> u64 {
    let mut packed = [0; LONGEST];
    let mut at = 0;
    while at < word.len() && at < LONGEST {
        packed[at] = word[at].to_ascii_lowercase();
        at += 1;
    }
    u64::from_be_bytes(packed)
}

const fn packed_list<const N: usize>(list: &[&str]) -> [u64; N] {
    let mut numbers = [0; N];
    let mut at = 0;
    while at < N {
        assert!(list[at].len() <= LONGEST);
        numbers[at] = packed(list[at].as_bytes());
        at += 1;
    }
    numbers
}

fn is_starter(next: &str) -> bool {
    let mut chars = next.chars();
    if !chars.next().is_some_and(char::is_uppercase) {
        return false;
    }
    STARTERS.binary_search(&next.to_ascii_lowercase().as_str()).is_ok()
}

/// Whether `rest`, what follows a closing mark after `?` or `!`, begins with at most three words of a name and a speech verb.
fn goes_on_after_question(rest: &str) -> bool {
    for word in rest.split_ascii_whitespace().take(5) {
        let bare = word.trim_end_matches([',', '.', ':']);
        if AFTER_QUESTION.contains(&bare) {
            return true;
        }
        let in_name = bare.starts_with(char::is_uppercase) || matches!(bare, "the" | "then" | "later");
        if !in_name || (bare.len() < word.len() && !word.ends_with('.')) {
            return false;
        }
    }
    false
}

/// The first word of `rest`, without space and opening marks before it.
fn first_word(rest: &str) -> &str {
    let rest = rest.trim_start_matches(|c: char| {
        c.is_whitespace() || matches!(c, '"' | '\'' | '“' | '‘' | '(' | '[' | '«' | '—' | '–')
    });
    let end = rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len());
    &rest[..end]
}

/// The first terminator at or after byte `at`.
fn next_terminator(bytes: &[u8], mut at: usize) -> Option<usize> {
    let may_be = |byte: &u8| (*byte == b'.') | (*byte == b'?') | (*byte == b'!') | (*byte == 0xE2);
    loop {
        // Sixteen bytes at a time, compared all at once: a sentence is a hundred bytes or two.
        while bytes
            .get(at..)
            .and_then(<[u8]>::first_chunk::<16>)
            .is_some_and(|chunk| !chunk.iter().fold(false, |found, byte| found | may_be(byte)))
        {
            at += 16;
        }
        at += bytes.get(at..)?.iter().position(may_be)?;
        if is_terminator(bytes, at) {
            return Some(at);
        }
        at += 1;
    }
}

fn is_terminator(bytes: &[u8], at: usize) -> bool {
    matches!(bytes[at], b'.' | b'?' | b'!') || (bytes[at] == 0xE2 && bytes[at..].starts_with("…".as_bytes()))
}

fn skip_terminators(bytes: &[u8], mut at: usize) -> usize {
    while at < bytes.len() && is_terminator(bytes, at) {
        at += if bytes[at] == 0xE2 { 3 } else { 1 };
    }
    at
}

fn skip_closers(bytes: &[u8], mut at: usize) -> usize {
    while at < bytes.len() {
        at += match bytes[at] {
            b'"' | b'\'' | b')' | b']' => 1,
            0xE2 if bytes[at..].starts_with("”".as_bytes()) || bytes[at..].starts_with("’".as_bytes()) => {
                3
            }
            0xC2 if bytes[at..].starts_with("»".as_bytes()) => 2,
            _ => return at,
        };
    }
    at
}

fn skip_space(bytes: &[u8], mut at: usize) -> usize {
    while at < bytes.len() && bytes[at].is_ascii_whitespace() {
        at += 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `|` in `marked` stands where one sentence ends and the next begins.
    #[track_caller]
    fn check(marked: &str) {
        let text = marked.replace('|', "");
        let found: Vec<&str> = sentences(&text).iter().map(|span| span.of(&text)).collect();
        let expected: Vec<&str> = marked.split('|').map(str::trim).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn lists_are_sorted_for_binary_search() {
        for list in [BEFORE_NAME, MAY_END, STARTERS, AFTER_QUESTION] {
            assert!(list.windows(2).all(|pair| pair[0] < pair[1]));
        }
    }

    #[test]
    fn breaks_at_terminators() {
        check("The dam held. | Did it? | Yes! | It did");
        check("It cost 3.5 million. | Then 4.");
        check("“We will appeal.” | “Soon,” she said. | (So did he.) | Next.");
    }

    #[test]
    fn keeps_abbreviations() {
        check("Gov. Ana Duarte met Mr. J. R. Oda at 5 p.m. Monday.");
        check("He left the U.S. in Jan. 2019. | She stayed in the U.S. | The end.");
        check("Oda Corp. Chairman Lee Voss spoke. | He works at Oda Inc. | But no more.");
        check("It was No. 5 on the list. | He said no. | She left.");
    }

    #[test]
    fn keeps_attribution_after_a_question() {
        check("“Why now?” Duarte asked. | “Never!” the minister said. | “Why?” | Nobody knew.");
        check("“Who pays?” she asked. | He waited ... and left... | They went on.");
    }

    #[test]
    fn any_text_returns_ordered_spans() {
        let marks = "“.\"?!’…".repeat(50_000);
        for text in ["", " ", ".", "…", "é.", "a. b. C. D", &marks] {
            let found = sentences(text);
            assert!(found.windows(2).all(|pair| pair[0].end <= pair[1].start));
            assert!(found.iter().all(|span| text.get(span.start..span.end).is_some_and(|s| !s.is_empty())));
        }
    }
}
