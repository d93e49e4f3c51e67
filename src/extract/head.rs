//! What stands above the running text of a scraped page: headline, standfirst, byline, date, section.
//!
//! In: the lines of a page with their dates and bylines. Out: a [`Head`]. Nothing is invented: a page that begins with its
//! first paragraph has no headline.

use std::cell::OnceCell;

use super::byline::{Byline, is_job, looks_like_outlet};
use super::dates::{Label, PrintedDate};
use super::furniture::{Facts, glued_parts, has_attributed_quote, paragraph_rule};
use super::lines::{Line, LineEnd, may_hold_parting_mark};
use crate::lexicon::Lexicon;
use crate::lexicon::furniture::{Scope, WordList};
use crate::lexicon::people::{WordFlags, word_key};

/// How far below the first paragraph a byline or date may stand for that paragraph to be a standfirst.
const META_REACH: usize = 10;

/// Words that standfirsts above the byline have together, at most.
const STANDFIRST_WORDS: usize = 75;

/// Lines above the running text that belong to the head; what stands higher is menu.
const HEAD_LINES: usize = 45;

/// Lines that part the main text from teasers above it.
const HEAD_GAP: usize = 9;

/// A text above the main one with less than this part of its words is a teaser.
const HEAD_SHARE: usize = 5;

/// When and who, as one line says it.
pub struct Meta {
    /// Dates in the line, where it is a date line.
    pub dates: Vec<PrintedDate>,
    /// The byline in it.
    pub byline: Option<Byline>,
}

/// The top of a page.
#[derive(Default)]
pub struct Head {
    /// The first line of the running text.
    pub body_start: usize,
    /// The line that holds the headline.
    pub headline_at: Option<usize>,
    /// The headline without the publication's name.
    pub headline: Option<String>,
    /// The line that holds the standfirst.
    pub standfirst_at: Option<usize>,
    /// The line that holds the byline.
    pub byline_at: Option<usize>,
    /// The section, from a breadcrumb.
    pub section: Option<String>,
}

/// Reads the top of a page.
pub fn read(lines: &[Line<'_>], metas: &[Meta], facts: &[Facts], lexicon: &Lexicon) -> Head {
    let reader = Reader { lines, metas, facts, lexicon, are_titles: vec![OnceCell::new(); lines.len()] };
    let body_start = reader.body_start();
    let byline_at = reader.byline_at(body_start);
    let mut head = Head { body_start, byline_at, ..Head::default() };
    if let Some((at, headline)) = reader.headline(body_start, byline_at) {
        head.headline_at = Some(at);
        head.headline = Some(headline);
        head.standfirst_at = reader.standfirst(at, body_start);
    }
    head.section = lines[window(body_start)].iter().find_map(|line| section(line, lexicon));
    head
}

struct Reader<'p, 'r> {
    lines: &'p [Line<'r>],
    metas: &'p [Meta],
    facts: &'p [Facts],
    lexicon: &'p Lexicon,
    /// Whether each line is shaped like a title, once it was asked.
    are_titles: Vec<OnceCell<bool>>,
}

impl Reader<'_, '_> {
    fn is_text(&self, idx: usize) -> bool {
        let line = &self.lines[idx];
        line.is_paragraph() && self.facts[idx].is_none() && paragraph_rule(line, self.lexicon).is_none()
    }

    /// The first paragraph of running text; paragraphs above the byline or date are standfirsts.
    fn body_start(&self) -> usize {
        let n = self.lines.len();
        let Some(first) = self.first_text() else { return self.start_without_paragraphs() };
        if !(window(first)).any(|idx| self.is_title(idx) || self.is_doubtful_title(idx)) {
            return self.start_below_title(first).unwrap_or(first);
        }
        let has_date = window(first).any(|idx| self.facts[idx].is_date);
        let has_byline = window(first).any(|idx| self.is_byline(idx));
        let mut start = first;
        let mut words = 0;
        for idx in first..n.min(first + META_REACH) {
            let missing = (self.facts[idx].is_date && !has_date) || (self.is_byline(idx) && !has_byline);
            if missing {
                // The article begins below the lowest of them.
                let Some(next) = (idx..n).find(|&next| self.is_text(next)) else { break };
                start = next;
                continue;
            }
            if self.is_text(idx) && idx >= start {
                words += self.lines[idx].n_words;
                if words > STANDFIRST_WORDS || has_attributed_quote(&self.lines[idx], self.lexicon) {
                    break;
                }
            }
        }
        start
    }

    /// The first paragraph of the main text: teasers and notices far above it are left behind.
    fn first_text(&self) -> Option<usize> {
        let mut islands: Vec<(usize, usize)> = Vec::new();
        let mut gap = 0;
        for idx in 0..self.lines.len() {
            if !self.is_text(idx) {
                gap += 1;
                continue;
            }
            let n_words = self.lines[idx].n_words;
            match islands.last_mut() {
                Some((_, words)) if gap < HEAD_GAP => *words += n_words,
                _ => islands.push((idx, n_words)),
            }
            gap = 0;
        }
        let most = islands.iter().map(|(_, words)| *words).max()?;
        islands.iter().find(|(_, words)| words * HEAD_SHARE >= most).map(|(first, _)| *first)
    }

    /// A short sentence stands above the headline ("This is an official site of …"): the article begins below the date or byline
    /// that follows the headline.
    fn start_below_title(&self, first: usize) -> Option<usize> {
        let n = self.lines.len().min(first + META_REACH * 2);
        let next = (first + 1..n).find(|&idx| self.is_text(idx) && self.lines[idx].n_words > 12).unwrap_or(n);
        let meta = (first + 1..next).find(|&idx| self.facts[idx].is_date || self.is_byline(idx))?;
        let has_title = (first + 1..meta).any(|idx| self.is_title(idx) && self.lines[idx].n_words >= 4);
        (self.lines[first].n_words <= 30
            && has_title
            && next < n
            && !has_attributed_quote(&self.lines[first], self.lexicon))
        .then_some(next)
    }

    /// No line reads like a paragraph: the text begins with the first longer line that nothing else explains.
    fn start_without_paragraphs(&self) -> usize {
        let is_loose = |idx: &usize| {
            let line = &self.lines[*idx];
            line.hit.is_none() && line.n_words >= 8 && self.facts[*idx].is_none()
        };
        let loose: Vec<usize> = (0..self.lines.len()).filter(is_loose).collect();
        // Of several, the first is the headline.
        match loose.as_slice() {
            [] => self.lines.len(),
            [only] => *only,
            [_, second, ..] => *second,
        }
    }

    fn is_byline(&self, idx: usize) -> bool {
        let Some(byline) = &self.metas[idx].byline else { return false };
        byline.is_explicit || self.is_signed(idx)
    }

    /// A name alone signs the article when a date, a job or another sign of a byline stands beside it.
    fn is_signed(&self, idx: usize) -> bool {
        let Some(byline) = &self.metas[idx].byline else { return false };
        if byline.names.is_empty() {
            return false;
        }
        let own = !self.metas[idx].dates.is_empty()
            || byline.outlet.is_some()
            || is_job_behind_name(&self.lines[idx].text, self.lexicon);
        let next_is = |at: usize| {
            self.facts.get(at).is_some_and(|facts| facts.is_date)
                || self.lines.get(at).is_some_and(|line| {
                    !line.is_paragraph()
                        && (is_job(&line.text, self.lexicon)
                            || line.key.starts_with("updated #")
                            || line.key.starts_with("published"))
                })
        };
        // Buttons and notes between them do not count.
        let before = (idx.saturating_sub(3)..idx).rev().find(|&at| self.lines[at].hit.is_none());
        own || next_is(idx + 1)
            || before.is_some_and(|at| self.facts[at].is_date)
            || self.is_below_title(idx, byline)
    }

    /// Names of persons, and nothing else, right below a full title or its standfirst.
    fn is_below_title(&self, idx: usize, byline: &Byline) -> bool {
        let is_given = |name: &String| {
            let first = name.split([' ', '-']).next().unwrap_or("");
            self.lexicon.people.word(word_key(first)).flags.has(WordFlags::GIVEN)
        };
        let n_words = byline.names.iter().map(|name| name.split(' ').count()).sum::<usize>();
        let is_alone = self.lines[idx].n_words < n_words + byline.names.len();
        if !is_alone || !byline.names.iter().all(is_given) {
            return false;
        }
        let is_full = |at: usize| self.lines[at].n_words >= 5 && self.is_title(at);
        let above = |back: usize| idx.checked_sub(back).is_some_and(is_full);
        above(1) || above(2) && self.lines[idx - 1].end == LineEnd::Sentence
    }

    fn byline_at(&self, body_start: usize) -> Option<usize> {
        let head = window(body_start);
        let named =
            |idx: &usize| self.metas[*idx].byline.as_ref().is_some_and(|byline| !byline.names.is_empty());
        head.clone()
            .find(|idx| {
                named(idx) && self.metas[*idx].byline.as_ref().is_some_and(|byline| byline.is_explicit)
            })
            .or_else(|| head.clone().find(|idx| named(idx) && self.is_signed(*idx)))
            .or_else(|| head.clone().find(|idx| self.is_byline(*idx)))
    }

    /// Whether a line can be a headline and no rule speaks against it.
    fn is_title(&self, idx: usize) -> bool {
        self.lines[idx].hit.is_none() && self.is_title_shaped(idx)
    }

    /// Headlines hold the words of rules too: "Opinion: …", "Watch: …", "City drops its cookie policy".
    fn is_doubtful_title(&self, idx: usize) -> bool {
        let line = &self.lines[idx];
        line.hit.is_some_and(|hit| {
            !hit.is_whole
                && matches!(hit.rule, "cross-link" | "link-list" | "newsletter" | "subscription" | "cookie")
        }) && line.n_words >= 5
            && self.is_title_shaped(idx)
    }

    /// "Opinion: …", "Explainer: …" right above a standfirst.
    fn is_labelled_title(&self, idx: usize) -> bool {
        self.is_doubtful_title(idx)
            && self.lines[idx].hit.is_some_and(|hit| hit.rule == "cross-link")
            && self.lines[idx].text.contains(": ")
    }

    fn is_title_shaped(&self, idx: usize) -> bool {
        *self.are_titles[idx].get_or_init(|| self.looks_like_title(idx))
    }

    fn looks_like_title(&self, idx: usize) -> bool {
        let line = &self.lines[idx];
        let facts = &self.facts[idx];
        // "From:" and the office that sends it.
        let is_value = idx > 0
            && self.lines[idx - 1].text.ends_with(':')
            && self.lines[idx - 1].n_words <= 2
            && self.lines[idx - 1].hit.is_none();
        if !facts.is_none() || is_value || !(2..=45).contains(&line.n_words) || line.text.len() > 300 {
            return false;
        }
        if matches!(line.end, LineEnd::Open)
            || line.text.contains('@')
            || is_breadcrumb(&line.text, self.lexicon)
        {
            return false;
        }
        if line.is_paragraph() && line.n_words > 30 {
            return false;
        }
        let is_masthead =
            line.n_words <= 5 && looks_like_outlet(&line.text, self.lexicon) && line.title_share() > 0.7;
        let is_signature = self.metas[idx].byline.is_some()
            || line.n_words <= 6 && line.title_share() > 0.5 && is_job(&line.text, self.lexicon);
        !is_masthead && !is_signature
    }

    fn headline(&self, body_start: usize, byline_at: Option<usize>) -> Option<(usize, String)> {
        let head = &self.lines[..body_start];
        let mut titles: Vec<usize> = window(body_start).filter(|&idx| self.is_title(idx)).collect();
        if !titles.iter().any(|&idx| self.lines[idx].n_words >= 3) {
            titles =
                window(body_start).filter(|&idx| self.is_title(idx) || self.is_doubtful_title(idx)).collect();
        }
        let is_full =
            |idx: &usize| self.lines[*idx].n_words >= 3 || self.lines[*idx].text.chars().count() >= 16;
        let stripped = |idx: usize| without_site(&self.lines[idx].text, self.lexicon);
        let is_long = |idx: &usize| self.lines[*idx].n_words >= 5;
        let first = titles.iter().copied().find(is_full).or_else(|| titles.first().copied())?;
        let likely = titles.iter().copied().find(is_long).unwrap_or(first);
        // A title that stands twice above the text is the page's title and its headline.
        let again = |idx: usize| {
            let title = stripped(idx);
            let starts = |line: &Line<'_>| {
                line.text.starts_with(&title)
                    && (line.text.len() == title.len() || stripped_text(line, self.lexicon) == title)
            };
            head.iter().skip(idx + 1).any(starts)
        };
        if self.lines[likely].n_words >= 4 && again(likely) {
            return Some((likely, stripped(likely)));
        }
        if self.lines[first].n_words >= 4 && again(first) {
            return Some((first, stripped(first)));
        }
        let date_at = window(body_start).find(|&idx| {
            self.facts[idx].is_date && titles.iter().any(|&title| title < idx && is_full(&title))
        });
        let signed_at = byline_at.filter(|&at| titles.iter().any(|&title| title < at));
        let anchor = [date_at, signed_at].into_iter().flatten().min();
        let Some(anchor) = anchor else {
            return Some((likely, stripped(likely)));
        };
        // The titles right above the byline: headline, then standfirst.
        let above: Vec<usize> = titles.iter().copied().filter(|&idx| idx < anchor).collect();
        let mut run_start = *above.iter().rev().find(|idx| is_full(idx)).or(above.last())?;
        let last = run_start;
        while run_start > 0
            && is_full(&(run_start - 1))
            && (above.contains(&(run_start - 1)) || self.is_labelled_title(run_start - 1))
        {
            run_start -= 1;
            if last - run_start >= 2 {
                break;
            }
        }
        // Menu words stand in such a row too; they are short.
        while run_start < last && self.lines[run_start].n_words < 4 {
            run_start += 1;
        }
        let is_under_list = run_start > 0
            && self.lines[run_start - 1]
                .hit
                .is_some_and(|hit| matches!(hit.scope, Scope::List | Scope::Next))
            && last > run_start;
        let at = if is_under_list { last } else { run_start };
        Some((at, stripped(at)))
    }

    fn standfirst(&self, headline_at: usize, body_start: usize) -> Option<usize> {
        let headline = &self.lines[headline_at].key;
        (headline_at + 1..body_start.min(headline_at + 3)).find(|&idx| {
            let line = &self.lines[idx];
            let facts = &self.facts[idx];
            let is_known = line.hit.is_some_and(|hit| hit.scope <= Scope::Line || hit.is_whole);
            let is_signed = self.metas[idx].byline.as_ref().is_some_and(|byline| !byline.names.is_empty());
            !is_known
                && !is_signed
                && facts.is_none()
                && line.n_words >= 5
                && line.key != *headline
                && !self.is_repeated(idx, body_start)
                && !line.text.ends_with(')')
                && !is_breadcrumb(&line.text, self.lexicon)
        })
    }

    fn is_repeated(&self, idx: usize, body_start: usize) -> bool {
        self.lines[..body_start]
            .iter()
            .enumerate()
            .any(|(other, line)| other != idx && line.key == self.lines[idx].key)
    }
}

/// The lines above the text among which headline, byline and date are looked for.
fn window(body_start: usize) -> std::ops::Range<usize> {
    body_start.saturating_sub(HEAD_LINES)..body_start
}

fn is_job_behind_name(text: &str, lexicon: &Lexicon) -> bool {
    text.split_once(", ").is_some_and(|(_, rest)| is_job(rest, lexicon))
}

/// The best date of a page's lines: published before unlabelled before updated, in the head before the tail, below the headline
/// before above it.
pub fn best_date(metas: &[Meta], head: &Head, body_end: usize) -> Option<PrintedDate> {
    let below = head.headline_at.unwrap_or(0);
    let rank = |idx: usize, label: Label| -> u8 {
        let is_head = idx < head.body_start && idx + HEAD_LINES >= head.body_start;
        match (label, is_head) {
            (Label::Published, true) => 0,
            (Label::Bare, true) if idx >= below => 1,
            (Label::Published, false) => 2,
            (Label::Updated, true) => 3,
            (Label::Bare, true) => 4,
            (Label::Updated, false) => 5,
            (Label::Bare, false) => 6,
        }
    };
    let in_reach =
        |idx: &usize| window(head.body_start).contains(idx) || (*idx >= body_end && *idx < body_end + 25);
    (0..metas.len())
        .filter(in_reach)
        .flat_map(|idx| metas[idx].dates.iter().map(move |date| (rank(idx, date.label), idx, *date)))
        .filter(|(rank, ..)| *rank < 6)
        .min_by_key(|(rank, idx, _)| (*rank, *idx))
        .map(|(_, _, date)| date)
}

/// "Politics > Migration", "Home » News", "News|Climate Crisis", "LOCAL NEWS • Local News".
pub(super) fn is_breadcrumb(text: &str, lexicon: &Lexicon) -> bool {
    breadcrumb(text, lexicon).is_some() || super::furniture::is_glued(text, lexicon)
}

fn breadcrumb<'t>(text: &'t str, lexicon: &Lexicon) -> Option<Vec<&'t str>> {
    if text.len() > 160 || !may_hold_crumb_mark(text.as_bytes()) {
        return None;
    }
    for mark in [" > ", ">", " » ", "»", " › ", "›", " / ", "|", " • ", " :: ", " → "] {
        let mut parts: Vec<&str> = text.split(mark).map(str::trim).filter(|part| !part.is_empty()).collect();
        let is_long = |part: &&str| part.split(' ').count() > 4;
        // "News / Coast / Harbour fees rise again in July": the last is the page itself.
        if parts.len() >= 3 && parts.last().is_some_and(is_long) {
            parts.pop();
        }
        if parts.len() < 2 || parts.iter().any(is_long) {
            continue;
        }
        let is_section = |part: &&&str| lexicon.furniture.has_word(WordList::Section, &part.to_lowercase());
        let n_known = parts.iter().filter(is_section).count();
        if n_known > 0 || (mark.contains(['>', '»', '›']) && parts.len() >= 2) {
            return Some(parts);
        }
    }
    None
}

/// Whether one of the marks between breadcrumbs may stand in a line: nearly no line of text holds one.
fn may_hold_crumb_mark(line: &[u8]) -> bool {
    line.iter().enumerate().any(|(at, byte)| match byte {
        b'>' | b'|' => true,
        b'/' => line.get(at + 1) == Some(&b' '),
        b':' => line.get(at + 1) == Some(&b':'),
        // », and ›, • and → among curly marks.
        0xC2 => line.get(at + 1) == Some(&0xBB),
        0xE2 => matches!(line.get(at + 1..at + 3), Some([0x80, 0xBA | 0xA2] | [0x86, 0x92])),
        _ => false,
    })
}

fn section(line: &Line<'_>, lexicon: &Lexicon) -> Option<String> {
    if line.n_words > 9 || line.end == LineEnd::Sentence {
        return None;
    }
    let parts = match breadcrumb(&line.text, lexicon) {
        Some(parts) => parts,
        None if super::furniture::is_glued(&line.text, lexicon) => glued_parts(&line.text)?,
        None => return None,
    };
    let last = parts.iter().rev().find(|part| !part.eq_ignore_ascii_case("home"))?;
    Some((*last).to_owned())
}

fn stripped_text(line: &Line<'_>, lexicon: &Lexicon) -> String {
    without_site(&line.text, lexicon)
}

/// The headline without " | The Ellery Gazette" behind it.
pub fn without_site(title: &str, lexicon: &Lexicon) -> String {
    if !may_hold_parting_mark(title) {
        return title.trim().to_owned();
    }
    for mark in [" | ", " - ", " – ", " — ", " • ", " :: ", " · "] {
        let Some((before, last)) = title.rsplit_once(mark) else { continue };
        let n_last = last.split_whitespace().count();
        let is_site = looks_like_outlet(last, lexicon)
            || lexicon.outlets.in_text(last).is_some()
            || (mark == " | " && n_last <= 4);
        if before.split_whitespace().count() >= 3 && n_last <= 6 && is_site {
            return without_site(before.trim(), lexicon);
        }
    }
    title.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(title: &str, expected: &str) {
        assert_eq!(without_site(title, Lexicon::embedded()), expected);
    }

    #[test]
    fn drops_the_site_behind_a_title() {
        check("Harbour fees rise again | The Ellery Gazette", "Harbour fees rise again");
        check("Harbour fees rise again - Ellery News - Reuters", "Harbour fees rise again");
        check("Harbour fees rise – and rise again", "Harbour fees rise – and rise again");
        check("Plain", "Plain");
    }

    #[test]
    fn knows_breadcrumbs() {
        let lexicon = Lexicon::embedded();
        for line in [
            "Home > Research > Budget",
            "News|Climate Crisis",
            "LOCAL NEWS • Local News",
            "HomeEnvironment",
            "NewsState Politics",
            "News / Coast News / Harbour fees will rise again in July, the board says",
        ] {
            assert!(is_breadcrumb(line, lexicon), "{line}");
        }
        for line in
            ["Harbour fees rise again", "McDonald sues port", "News / Harbour fees will rise again in July"]
        {
            assert!(!is_breadcrumb(line, lexicon), "{line}");
        }
    }
}
