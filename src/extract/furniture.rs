//! Which lines of a page are the article and which are furniture.
//!
//! In: the lines of a page and where its running text begins. Out: for each line, `None` (kept) or the rule that cuts it.
//! Signs: the rules of the lexicon, where a line stands, how it ends, how long it is, its neighbours, repeats.
//! A paragraph that holds attributed words between marks is never cut, except among readers' comments.

use super::lines::{Line, LineEnd, words_of};
use crate::lexicon::Lexicon;
use crate::lexicon::furniture::{Scope, WordList};

/// Running words that may follow a heading such as "About the author" for the rest to be cut: a biography, not an article.
const REST_WORDS: usize = 80;

/// Running words that may stand between a heading of comments and the first mark of a comment ("Reply").
const COMMENT_WORDS: usize = 120;

/// Words from which an unfinished, untitled line between paragraphs is taken for the title of another story.
const LOOSE_WORDS: usize = 7;

/// Words that a newsletter says of itself, at most.
const OFFER_WORDS: usize = 40;

/// Short lines in a row that make a list of links.
const RUN_LINES: usize = 4;

/// Lines of furniture that part one island of text from the next.
const ISLAND_GAP: usize = 9;

/// An island with less than this part of the words of the largest is a teaser.
const ISLAND_SHARE: usize = 5;

/// What is known of each line before it is judged.
pub struct Facts {
    /// The line says when: a date line or a time alone.
    pub is_date: bool,
    /// The line says who wrote it.
    pub is_byline: bool,
    /// The line is the sentence below a picture: the line after it names the photographer.
    pub is_caption: bool,
}

impl Facts {
    /// Nothing is known of the line.
    pub fn is_none(&self) -> bool {
        !self.is_date && !self.is_byline && !self.is_caption
    }
}

/// The rule that cuts each line from `start` on, or `None`. Lines before `start` are for the head.
pub fn verdicts<'r>(
    lines: &[Line<'r>],
    facts: &[Facts],
    start: usize,
    lexicon: &Lexicon,
) -> Vec<Option<&'r str>> {
    let mut page = Page::new(lines, facts, lexicon);
    page.cut_forward(start);
    page.cut_offers(start);
    page.cut_runs(start);
    page.cut_islands(start);
    page.cut_tail(start);
    page.cuts
}

/// Whether a paragraph holds words between quotation marks with a word of speech beside them.
pub fn has_attributed_quote(line: &Line<'_>, lexicon: &Lexicon) -> bool {
    *line.is_quote.get_or_init(|| holds_attributed_quote(line, lexicon))
}

fn holds_attributed_quote(line: &Line<'_>, lexicon: &Lexicon) -> bool {
    let text = &line.text;
    if !text.bytes().any(|byte| matches!(byte, b'"' | b'\'' | 0xC2 | 0xE2)) {
        return false;
    }
    let (inner, close) = if let Some(open) = text.find(['“', '"', '«', '„']) {
        let inner = text[open..].chars().next().map_or(open, |mark| open + mark.len_utf8());
        (inner, text[inner..].find(['”', '"', '»', '“']))
    } else {
        // Two apostrophes, as archives print marks.
        let Some(open) = text.find("''") else { return false };
        (open + 2, text[open + 2..].find("''"))
    };
    let close = close.map_or(text.len(), |at| inner + at);
    let n_quoted = text.get(inner..close).map_or(0, |quoted| quoted.split_whitespace().count());
    let is_speech = |word: &str| lexicon.furniture.has_word(WordList::Speech, word);
    let has_speech = || {
        if line.key.is_empty() {
            words_of(&text.to_lowercase()).any(is_speech)
        } else {
            words_of(&line.key).any(is_speech)
        }
    };
    n_quoted >= 2 && line.n_words >= 6 && has_speech()
}

/// Words that speak to a reader.
const TO_READER: &[&str] = &["you", "your", "you're", "you'll", "you've", "please"];

/// What a reader is told to do, where a sentence or clause begins: elsewhere people are told of who signed up.
const ORDERS: &[&str] = &["subscribe", "sign", "click"];

/// Words of somebody who speaks of a publication, or of anybody.
const OF_OURSELVES: &[&str] = &["our", "us", "we", "we're"];

/// Words above which a paragraph that says "we" is a writer's rather than a publication's.
const OWN_WORDS: usize = 45;

/// Whether a line speaks to its reader, outside quotation marks.
pub fn asks_reader(line: &Line<'_>) -> bool {
    has_unquoted(line, |word, opens| TO_READER.contains(&word) || (opens && ORDERS.contains(&word)))
}

/// Whether a line speaks to its reader or of the publication, outside quotation marks.
fn speaks_to_reader(line: &Line<'_>) -> bool {
    asks_reader(line)
        || line.n_words <= OWN_WORDS && has_unquoted(line, |word, _| OF_OURSELVES.contains(&word))
}

/// Whether a word outside quotation marks is wanted; it is asked for with whether a sentence or clause begins with it.
fn has_unquoted(line: &Line<'_>, is_wanted: impl Fn(&str, bool) -> bool) -> bool {
    let (mut is_quoted, mut opens_clause) = (false, true);
    line.key.split(' ').any(|word| {
        let opens = word.starts_with('"') || word.starts_with("''");
        is_quoted |= opens;
        let word_core = word.trim_matches(|c: char| !c.is_alphanumeric() && c != '\'');
        let speaks = !is_quoted && is_wanted(word_core, opens_clause);
        opens_clause = !word.ends_with(char::is_alphanumeric);
        let end = word.trim_end_matches(['.', ',', '!', '?']);
        if (end.ends_with('"') || end.ends_with("''")) && (word.len() > 1 || !opens) {
            is_quoted = false;
        }
        speaks
    })
}

/// The rule that cuts a paragraph wherever it stands.
pub fn paragraph_rule<'r>(line: &Line<'r>, lexicon: &Lexicon) -> Option<&'r str> {
    let hit = line.hit?;
    let is_cut = match hit.scope {
        Scope::Line => true,
        Scope::Comments => !hit.is_whole,
        Scope::Ask => hit.count >= 2 || speaks_to_reader(line),
        _ => false,
    };
    (is_cut && !has_attributed_quote(line, lexicon)).then_some(hit.rule)
}

/// The rule that cuts a short line whatever stands around it, for pages whose body the markup has told from most of the rest. One
/// word may be an item of a list.
pub fn alone<'r>(line: &Line<'r>, lexicon: &Lexicon) -> Option<&'r str> {
    let hit = line.hit.filter(|hit| hit.scope == Scope::Line)?;
    let is_short = !line.is_paragraph() && (line.n_words > 1 || hit.rule == "advertisement");
    (is_short && !has_attributed_quote(line, lexicon)).then_some(hit.rule)
}

struct Page<'p, 'r> {
    lines: &'p [Line<'r>],
    facts: &'p [Facts],
    lexicon: &'p Lexicon,
    cuts: Vec<Option<&'r str>>,
    /// Running words from this line to the end, as far as no rule touches them.
    words_from: Vec<usize>,
    /// Paragraphs with attributed quotes from this line to the end.
    quotes_from: Vec<usize>,
    /// The next line, from this one on, that only stands among comments.
    comment_mark_from: Vec<usize>,
}

impl<'p, 'r> Page<'p, 'r> {
    fn new(lines: &'p [Line<'r>], facts: &'p [Facts], lexicon: &'p Lexicon) -> Self {
        let n = lines.len();
        let mut page = Page {
            lines,
            facts,
            lexicon,
            cuts: vec![None; n],
            words_from: vec![0; n + 1],
            quotes_from: vec![0; n + 1],
            comment_mark_from: vec![n; n + 1],
        };
        // What stands behind a line is asked only where comments or the like may begin.
        if !lines
            .iter()
            .any(|line| line.hit.is_some_and(|hit| matches!(hit.scope, Scope::Comments | Scope::Rest)))
        {
            return page;
        }
        for idx in (0..n).rev() {
            let line = &lines[idx];
            let is_clean = page.is_text(idx) && line.hit.is_none_or(|hit| hit.scope != Scope::Tail);
            page.words_from[idx] = page.words_from[idx + 1] + if is_clean { line.n_words } else { 0 };
            let is_quote = is_clean && has_attributed_quote(line, lexicon);
            page.quotes_from[idx] = page.quotes_from[idx + 1] + usize::from(is_quote);
            let is_mark = line.hit.is_some_and(|hit| hit.rule == "comment-mark");
            page.comment_mark_from[idx] = if is_mark { idx } else { page.comment_mark_from[idx + 1] };
        }
        page
    }

    /// A paragraph that no rule cuts where it stands.
    fn is_text(&self, idx: usize) -> bool {
        let line = &self.lines[idx];
        line.is_paragraph() && self.facts[idx].is_none() && paragraph_rule(line, self.lexicon).is_none()
    }

    fn cut_forward(&mut self, start: usize) {
        let mut words_before = 0;
        let mut idx = start;
        while idx < self.lines.len() {
            if self.is_text(idx) {
                words_before += self.lines[idx].n_words;
                idx += 1;
                continue;
            }
            let Some(hit) = self.lines[idx].hit else {
                self.cuts[idx] = self.loose_rule(idx, start);
                idx += 1;
                continue;
            };
            let rule = hit.rule;
            let is_paragraph = self.lines[idx].is_paragraph();
            let guarded = has_attributed_quote(&self.lines[idx], self.lexicon);
            if guarded {
                idx += 1;
                continue;
            }
            match hit.scope {
                Scope::Comments if words_before > 0 && self.are_comments(idx, words_before) => {
                    self.cut_range(idx, self.lines.len(), rule);
                    return;
                }
                Scope::Rest if words_before > 0 && self.is_rest(idx, words_before) => {
                    self.cut_range(idx, self.lines.len(), rule);
                    return;
                }
                Scope::List if !is_paragraph => {
                    let end = self.list_end(idx + 1, usize::MAX);
                    self.cut_range(idx, end, rule);
                    idx = end;
                    continue;
                }
                Scope::Next if !is_paragraph => {
                    let end = self.list_end(idx + 1, 1);
                    self.cut_range(idx, end, rule);
                    idx = end;
                    continue;
                }
                Scope::Edge if !is_paragraph => {}
                _ if is_paragraph => self.cuts[idx] = paragraph_rule(&self.lines[idx], self.lexicon),
                _ => self.cuts[idx] = Some(rule),
            }
            idx += 1;
        }
    }

    fn cut_range(&mut self, start: usize, end: usize, rule: &'r str) {
        for idx in start..end {
            // The line's own rule says more than the heading it stands under.
            let own =
                self.lines[idx].hit.map(|hit| hit.rule).filter(|own| idx == start || *own != "section-label");
            self.cuts[idx] = Some(own.unwrap_or(rule));
        }
    }

    /// Readers' comments follow: their marks come soon, or little running text and no attributed quote is left.
    fn are_comments(&self, idx: usize, words_before: usize) -> bool {
        let mark = self.comment_mark_from[idx + 1];
        if mark < self.lines.len() {
            let words = self.words_from[idx + 1] - self.words_from[mark];
            let quotes = self.quotes_from[idx + 1] - self.quotes_from[mark];
            return words <= COMMENT_WORDS && (quotes == 0 || mark - idx < 6);
        }
        self.quotes_from[idx + 1] == 0 && self.words_from[idx + 1] <= REST_WORDS.max(words_before / 2)
    }

    fn is_rest(&self, idx: usize, words_before: usize) -> bool {
        self.quotes_from[idx + 1] == 0 && self.words_from[idx + 1] <= REST_WORDS.max(words_before / 2)
    }

    /// The end of a list of links: the next paragraph of running text, or `most` lines further on.
    fn list_end(&self, start: usize, most: usize) -> usize {
        let mut idx = start;
        while idx < self.lines.len() && idx - start < most {
            let line = &self.lines[idx];
            let is_question = line.text.ends_with('?') && line.n_words < 15;
            let goes_on =
                line.hit.is_some_and(|hit| matches!(hit.scope, Scope::List | Scope::Rest | Scope::Comments))
                    && !line.is_paragraph();
            if goes_on || (self.is_text(idx) && !is_question) || has_attributed_quote(line, self.lexicon) {
                break;
            }
            if line.end == LineEnd::Sentence && !is_question && line.hit.is_none() && line.n_words >= 4 {
                break;
            }
            idx += 1;
        }
        idx
    }

    /// The rule that cuts a short line which no pattern knows.
    fn loose_rule(&self, idx: usize, start: usize) -> Option<&'r str> {
        let line = &self.lines[idx];
        let facts = &self.facts[idx];
        if facts.is_date {
            return Some("timestamp");
        }
        if facts.is_byline {
            return Some("byline");
        }
        if facts.is_caption {
            return Some("caption");
        }
        if !line.text.chars().any(char::is_alphabetic) {
            return Some(if line.key.contains('#') { "number" } else { "separator" });
        }
        if is_address(&line.text) {
            return Some("navigation");
        }
        if line.n_words >= LOOSE_WORDS && line.end == LineEnd::Bare && opens_with_quote_and_colon(&line.text)
        {
            return Some("title-line");
        }
        let is_spoken =
            line.text.starts_with(['“', '"', '«', '‘', '\'']) || has_attributed_quote(line, self.lexicon);
        let is_item =
            line.text.starts_with(['•', '-', '–', '*', '·', '◦', '▪']) || starts_numbered(&line.text);
        if is_spoken || is_item || line.end != LineEnd::Bare {
            return None;
        }
        if line.n_words >= 2
            && self.lines[start..idx]
                .iter()
                .rev()
                .take(60)
                .any(|before| before.key == line.key && !before.is_paragraph())
        {
            return Some("repeated");
        }
        let is_last = self.lines[idx + 1..].iter().all(|line| line.hit.is_some());
        if is_last && ends_cut_off(line, self.lexicon) {
            return None;
        }
        if line.is_caps && line.n_words >= 4 {
            return Some("capitals");
        }
        if line.n_words >= 6 && line.title_share() >= 0.8 {
            return Some("title-line");
        }
        let opens_list = idx > 0 && self.lines[idx - 1].end == LineEnd::Open;
        if line.n_words >= LOOSE_WORDS
            && line.n_sentence_words(self.lexicon) < 2
            && !opens_list
            && !line.text.contains(": ")
        {
            return Some("loose-line");
        }
        if is_glued(&line.text, self.lexicon) {
            return Some("navigation");
        }
        None
    }

    /// What a newsletter says of itself, between its name and the form for the address.
    fn cut_offers(&mut self, start: usize) {
        let is_letter = |line: &Line<'_>| line.hit.is_some_and(|hit| hit.rule == "newsletter");
        let mut is_after_text = false;
        for idx in start..self.lines.len().saturating_sub(1) {
            let (line, next) = (&self.lines[idx], &self.lines[idx + 1]);
            let before = &self.lines[idx.saturating_sub(1)];
            let is_title = before.hit.is_none() && before.n_words <= 4 && before.title_share() >= 0.7;
            let is_named = !before.is_paragraph() && (is_letter(before) || is_title);
            let is_form =
                is_letter(next) && (next.key.contains("email") || next.key.starts_with("by signing up"));
            let is_offer = is_after_text
                && is_named
                && is_form
                && line.n_words <= OFFER_WORDS
                && !has_attributed_quote(line, self.lexicon);
            if is_offer && self.cuts[idx].is_none() {
                self.cuts[idx] = Some("newsletter");
                self.cuts[idx - 1].get_or_insert("newsletter");
            }
            is_after_text |= self.cuts[idx].is_none() && self.is_text(idx);
        }
    }

    /// Short lines in a row are a menu or a list of links; a subheading stands alone.
    fn cut_runs(&mut self, start: usize) {
        let mut idx = start;
        while idx < self.lines.len() {
            if !self.is_run_line(idx) {
                idx += 1;
                continue;
            }
            let first = idx;
            let mut n_kept = 0;
            while idx < self.lines.len() && self.is_run_line(idx) {
                n_kept += usize::from(self.cuts[idx].is_none());
                idx += 1;
            }
            let is_introduced =
                first > 0 && self.lines[first - 1].end == LineEnd::Open && self.cuts[first - 1].is_none();
            if idx - first >= RUN_LINES && n_kept > 0 && !is_introduced {
                for at in first..idx {
                    self.cuts[at].get_or_insert("link-run");
                }
            }
        }
    }

    fn is_run_line(&self, idx: usize) -> bool {
        let line = &self.lines[idx];
        let is_spoken = line.text.starts_with(['“', '"', '«', '‘', '•', '-', '–', '*', '▪'])
            || starts_numbered(&line.text);
        let is_short = !self.is_text(idx) && line.end != LineEnd::Sentence && !is_spoken;
        // A line that says who speaks ("DUARTE: …") is text.
        is_short
            && (self.cuts[idx].is_some() || line.n_words <= 12)
            && !has_attributed_quote(line, self.lexicon)
    }

    /// Teasers of other stories far from the article: little text, cut off from the main text by many lines of furniture.
    fn cut_islands(&mut self, start: usize) {
        let mut islands: Vec<(usize, usize, usize)> = Vec::new();
        let mut gap = ISLAND_GAP;
        for idx in start..self.lines.len() {
            if self.cuts[idx].is_some() || !self.is_text(idx) {
                gap += usize::from(self.cuts[idx].is_some());
                continue;
            }
            match islands.last_mut() {
                Some((_, end, words)) if gap < ISLAND_GAP => {
                    *end = idx + 1;
                    *words += self.lines[idx].n_words;
                }
                _ => islands.push((idx, idx + 1, self.lines[idx].n_words)),
            }
            gap = 0;
        }
        let Some(&(_, _, most)) =
            islands.iter().max_by_key(|(start, _, words)| (*words, std::cmp::Reverse(*start)))
        else {
            return;
        };
        for (first, end, words) in islands {
            if words * ISLAND_SHARE >= most {
                continue;
            }
            for idx in first..end {
                if self.cuts[idx].is_none() && !has_attributed_quote(&self.lines[idx], self.lexicon) {
                    self.cuts[idx] = Some("island");
                }
            }
        }
    }

    /// Cuts what stands behind the last paragraph of running text.
    fn cut_tail(&mut self, start: usize) {
        let mut last = self.lines.len();
        while last > start {
            let idx = last - 1;
            let line = &self.lines[idx];
            let is_kept = self.cuts[idx].is_none();
            let is_weak = line.hit.is_some_and(|hit| hit.scope == Scope::Tail);
            if is_kept && self.is_text(idx) && (!is_weak || has_attributed_quote(line, self.lexicon)) {
                break;
            }
            last -= 1;
        }
        // Short sentences right behind the last paragraph belong to it, and so does a sentence that the scraper cut off.
        let mut idx = last;
        while idx < self.lines.len() && last > start {
            let line = &self.lines[idx];
            let is_item =
                line.text.starts_with(['•', '-', '–', '*', '▪']) || line.text.starts_with(['“', '"', '«']);
            let is_ended = line.end == LineEnd::Sentence && line.n_words >= 2;
            let is_cut_off = idx + 1 == self.lines.len() && ends_cut_off(line, self.lexicon);
            let is_sentence = line.n_words >= 8 && line.n_sentence_words(self.lexicon) >= 2;
            if self.cuts[idx].is_some()
                || line.hit.is_some()
                || !(is_item || is_ended || is_cut_off || is_sentence)
            {
                break;
            }
            idx += 1;
        }
        for idx in idx..self.lines.len() {
            if self.cuts[idx].is_none() && !has_attributed_quote(&self.lines[idx], self.lexicon) {
                self.cuts[idx] = Some(self.lines[idx].hit.map_or("tail", |hit| hit.rule));
            }
        }
    }
}

/// An address alone: "ellery.example/news/fees".
fn is_address(text: &str) -> bool {
    let host = text.split_once("://").map_or(text, |(_, rest)| rest).split('/').next().unwrap_or("");
    !text.contains(' ')
        && text.contains('/')
        && host.split_once('.').is_some_and(|(name, rest)| {
            name.starts_with(|c: char| c.is_ascii_alphanumeric())
                && rest.starts_with(|c: char| c.is_ascii_alphabetic())
        })
}

/// "‘It will kill us’: Diner owner fears closure": the title of another story, not somebody's words.
fn opens_with_quote_and_colon(text: &str) -> bool {
    let closing = match text.chars().next() {
        Some('“') => "”: ",
        Some('‘') => "’: ",
        Some('"') => "\": ",
        Some('\'') => "': ",
        Some('«') => "»: ",
        _ => return false,
    };
    text.split_once(closing).is_some_and(|(_, title)| !title.contains(['“', '"', '«']) && title.contains(' '))
}

/// "1. ", "2) ", "a) ".
fn starts_numbered(text: &str) -> bool {
    let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
    rest.len() < text.len()
        && text.len() - rest.len() <= 2
        && rest.starts_with([')', '.'])
        && rest[1..].starts_with(' ')
}

/// A line that stops in the middle of a sentence: "… said Duarte and".
fn ends_cut_off(line: &Line<'_>, lexicon: &Lexicon) -> bool {
    let last = words_of(&line.key).last().unwrap_or("");
    let goes_on = matches!(
        last,
        "and"
            | "or"
            | "of"
            | "to"
            | "in"
            | "on"
            | "for"
            | "with"
            | "by"
            | "as"
            | "at"
            | "from"
            | "not"
            | "no"
    );
    let is_open = goes_on || lexicon.furniture.has_word(WordList::Sentence, last) || line.text.ends_with(',');
    is_open && line.n_words >= 3 && line.hit.is_none_or(|hit| hit.scope > Scope::Line)
}

/// Menu words glued together: "HomePolitics", "NewsState Politics".
pub fn is_glued(text: &str, lexicon: &Lexicon) -> bool {
    glued_parts(text).is_some_and(|parts| {
        parts
            .iter()
            .filter(|part| lexicon.furniture.has_word(WordList::Section, &part.to_lowercase()))
            .count()
            * 2
            >= parts.len()
    })
}

/// The parts of a line where capitals follow small letters; `None` where there is no such place.
pub fn glued_parts(text: &str) -> Option<Vec<&str>> {
    if text.len() > 80 {
        return None;
    }
    let mut parts = Vec::new();
    let mut start = 0;
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        if before.is_lowercase() && c.is_uppercase() {
            parts.push(&text[start..at]);
            start = at;
        }
        before = c;
    }
    parts.push(&text[start..]);
    (parts.len() > 1).then_some(parts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::lines;

    const PARAGRAPH: &str =
        "The harbour board of Ellery voted on Monday to raise its fees by a tenth from July.";

    #[track_caller]
    fn check(line: &str, is_kept: bool) {
        let lexicon = Lexicon::embedded();
        let page = format!("{PARAGRAPH}\n\n{line}\n\n{PARAGRAPH}");
        let lines = lines::read(&page, lexicon);
        let facts: Vec<Facts> =
            lines.iter().map(|_| Facts { is_date: false, is_byline: false, is_caption: false }).collect();
        let cuts = verdicts(&lines, &facts, 0, lexicon);
        assert_eq!(cuts[1].is_none(), is_kept, "{line}: {:?}", cuts[1]);
        assert!(cuts[0].is_none() && cuts.last().is_some_and(Option::is_none), "{cuts:?}");
    }

    #[test]
    fn cuts_furniture_between_paragraphs() {
        for line in [
            "READ: Council Delays Vote On Harbour Fee",
            "Also Read | Fishermen march on the town hall",
            "GOVERNOR ORDERS AUDIT OF HARBOUR CONTRACTS",
            "CLICK HERE TO GET THE ELLERY APP",
            "Advertisement",
            "[AD]",
            "Story continues below advertisement",
            "Don’t miss an update. Sign up for news alerts.",
            "Please consider making a donation to keep our newsroom going.",
            "Already a subscriber? Log in",
            "A crane at the new quay. (Photo by Ivo Lang)",
            "118",
            "Read more: Dredging costs hit a ten-year high",
            "Watch: How the new crane works",
            "Man Arrested After High-Speed Chase Through The Old Harbour",
            "Three cranes damaged in storm off northern coast",
            "‘It will kill us’: Owner of diner fears closure of bridge",
            "ellery.example/news/harbour-fees/105291234",
            "Cranes stand above containers at the port of Ellery. REUTERS/Mara Voss",
            "Be the first to know: sign up for updates.",
        ] {
            check(line, false);
        }
    }

    #[test]
    fn keeps_the_article() {
        for line in [
            "A long fight",
            "What happens next",
            "She sued.",
            "“No,” she said.",
            "• Ships above 100 metres pay double",
            "The board said:",
            "“Subscribe to our newsletter,” the mayor joked, “and you will know as much as I do.”",
            "DUARTE: We were never asked.",
            "The privacy policy of the port does not cover its cameras, an auditor found.",
            "Her newsletter reaches four thousand readers on the coast, according to the harbour board.",
            "Sign language interpreters were hired for the hearing in May.",
            "The board got four hundred people to sign up for updates from the harbour, by its own account.",
            "The latest Reuters/Ipsos poll found that two in three people on the coast are against the fee.",
            "''You can subscribe to our newsletter and get updates every week,'' Ms. Duarte said.",
            "The old harbour gate has become a trademark of the mayor, who has it on his letters.",
        ] {
            check(line, true);
        }
    }

    #[test]
    fn cuts_what_a_newsletter_says_of_itself() {
        let lexicon = Lexicon::embedded();
        let kept = |offer: &str| {
            let page = format!("{PARAGRAPH}\n\n{offer}\n\n{PARAGRAPH}");
            let lines = lines::read(&page, lexicon);
            let facts: Vec<Facts> =
                lines.iter().map(|_| Facts { is_date: false, is_byline: false, is_caption: false }).collect();
            verdicts(&lines, &facts, 0, lexicon).iter().filter(|cut| cut.is_none()).count()
        };
        assert_eq!(
            kept("Tide Table\nThe unofficial guide to life on the quay, every weekday.\nEnter your email"),
            2
        );
        assert_eq!(kept("The vote is set for the last week of June.\nEnter your email"), 3);
    }

    #[test]
    fn cuts_what_follows_the_article() {
        let lexicon = Lexicon::embedded();
        let page = format!(
            "{PARAGRAPH}\n{PARAGRAPH}\nIt takes effect in July.\n12 Comments\nSort by Newest\nharbour_rat\n3 hours ago\n\
             About time that somebody stood up to these people in the town hall.\nReply 4 2\nPrivacy | Contact"
        );
        let lines = lines::read(&page, lexicon);
        let facts: Vec<Facts> =
            lines.iter().map(|_| Facts { is_date: false, is_byline: false, is_caption: false }).collect();
        let kept = verdicts(&lines, &facts, 0, lexicon).iter().filter(|cut| cut.is_none()).count();
        assert_eq!(kept, 3);
    }
}
