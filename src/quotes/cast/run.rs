//! Names in a text: runs of capital words.
//!
//! In: the tokens of a body. Out: [`RawMention`]s in order, each with its role words, its name words and a first guess at its
//! kind; `split` cuts a run into them. Whose name it is is decided in `entity`. One pass; looks a few words to either side.

use super::token::{Landmarks, Token, gap, shape};
use crate::lexicon::people::{Gender, People, WordFlags, WordInfo, join_keys};

/// What a name looks like by its words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Guess {
    /// A person: honorific, title or given name.
    Person,
    /// Could be anybody or anything.
    Unknown,
    /// A body.
    Organisation,
    /// A publication or broadcaster.
    Outlet,
    /// A country, state, city, building.
    Place,
    /// A law, event, programme.
    Event,
}

/// A name before it is joined with others. Token indexes, inclusive.
#[derive(Clone, Copy, Debug)]
pub(super) struct RawMention {
    /// First word of the role before the name, or of the name.
    pub(super) first: u32,
    /// First word of the name.
    pub(super) name_first: u32,
    /// Last word of the name, with `Jr`.
    pub(super) name_last: u32,
    /// By its words.
    pub(super) guess: Guess,
    /// Told by honorific, title or given name.
    pub(super) gender: Gender,
    /// An honorific or a title of persons stands before the name.
    pub(super) titled: bool,
    /// The first word may be the plain word that opens the sentence ("Will", "Mark").
    pub(super) doubtful_start: bool,
    /// Followed by 's.
    pub(super) possessive: bool,
    /// Stands in the role before another name: "Hart" in "Hart spokesman Lee Oda".
    pub(super) modifier: bool,
    /// Stands in a short line without a full stop: what follows the name may be no part of it.
    pub(super) heading: bool,
}

/// Longest name in words; a longer run of capitals is a headline or a table.
const MAX_RUN: usize = 14;

/// Reads names out of tokens.
pub(super) struct Names<'t> {
    pub(super) text: &'t str,
    pub(super) tokens: &'t [Token],
    pub(super) people: &'t People,
    pub(super) mentions: Vec<RawMention>,
    /// Up to this token every word of the line has a capital, as in a headline.
    title_line_end: usize,
    /// The line is short and ends without a full stop.
    pub(super) heading: bool,
}

/// All names of a body, in order.
pub(super) fn names(text: &str, tokens: &[Token], landmarks: &Landmarks, people: &People) -> Vec<RawMention> {
    let mut names = Names { text, tokens, people, mentions: Vec::new(), title_line_end: 0, heading: false };
    let mut lines = landmarks.lines.iter().map(|start| *start as usize).peekable();
    let mut next = 0;
    for at in landmarks.capitals.iter().map(|at| *at as usize) {
        if at < next {
            continue;
        }
        let mut line = None;
        while let Some(start) = lines.next_if(|start| *start <= at) {
            line = Some(start);
        }
        if let Some(start) = line {
            names.title_line_end = title_line_end(text, tokens, start);
            names.heading = is_heading(text, tokens, start);
        }
        next = match names.party_bracket(at) {
            Some(behind) => behind,
            None if tokens[at].is(shape::ADJECTIVE) => at + 1,
            None => names.read_run(at),
        };
    }
    names.mentions
}

/// Where a line ends whose words have capitals throughout, or `start` when it is an ordinary line.
fn title_line_end(text: &str, tokens: &[Token], start: usize) -> usize {
    const LONGEST: usize = 24;
    // Words that headlines leave in small letters.
    const SMALL: [&str; 14] =
        ["a", "an", "the", "and", "or", "of", "to", "in", "on", "at", "by", "for", "with", "as"];
    let mut at = start;
    let mut n_upper = 0;
    let mut plain = false;
    while at < tokens.len() && (at == start || !tokens[at].after(gap::LINE)) {
        if at - start >= LONGEST {
            return start;
        }
        let long = tokens[at].span().len() > 4;
        let upper = tokens[at].is(shape::UPPER | shape::DIGIT);
        if long && !upper {
            return start;
        }
        plain |= !upper && !SMALL.contains(&tokens[at].span().of(text));
        n_upper += usize::from(long);
        at += 1;
    }
    let ended = text[tokens[at - 1].end as usize..].starts_with('.');
    let enough = if ended && plain { 5 } else { 3 };
    if n_upper >= enough && at - start >= 5 { at } else { start }
}

/// Whether the line that begins at `start` is short and ends in a word: a heading, a caption, a name alone.
fn is_heading(text: &str, tokens: &[Token], start: usize) -> bool {
    const LONGEST: usize = 16;
    let line = &tokens[start..tokens.len().min(start + LONGEST + 1)];
    let n_tokens = line.iter().skip(1).take_while(|token| !token.after(gap::LINE)).count() + 1;
    if n_tokens > LONGEST {
        return false;
    }
    let end = line[n_tokens - 1].end as usize;
    let until = line.get(n_tokens).map_or(text.len(), |next| next.start as usize);
    // A quotation mark may open the next line.
    text[end..until].lines().next().is_none_or(|rest| rest.trim().is_empty())
}

impl Names<'_> {
    pub(super) fn info(&self, at: usize) -> WordInfo {
        self.tokens[at].info
    }

    pub(super) fn has(&self, at: usize, flags: WordFlags) -> bool {
        self.info(at).flags.has(flags)
    }

    /// Whether a sentence or a quotation begins with this word.
    pub(super) fn opens_sentence(&self, at: usize) -> bool {
        let token = &self.tokens[at];
        if token.after(gap::LINE | gap::MARK | gap::COLON | gap::OPEN) {
            return true;
        }
        token.after(gap::TERMINAL) && !(at > 0 && self.is_abbreviation(at - 1))
    }

    /// "(R-Utah)", "(D)": where the bracket with a party and a place ends.
    fn party_bracket(&self, at: usize) -> Option<usize> {
        let token = &self.tokens[at];
        if !token.after(gap::OPEN)
            || !token.is(shape::INITIAL)
            || !matches!(token.span().of(self.text), "R" | "D" | "I" | "L" | "G")
        {
            return None;
        }
        let mut end = at + 1;
        while end < self.tokens.len() && end - at < 5 && !self.tokens[end].after(gap::CLOSE | gap::LINE) {
            end += 1;
        }
        Some(end)
    }

    fn is_abbreviation(&self, at: usize) -> bool {
        self.tokens[at].is(shape::INITIAL) || self.has(at, WordFlags::ABBREVIATION)
    }

    /// Whether only white space, or an abbreviation's full stop, stands before this word.
    pub(super) fn follows_closely(&self, at: usize) -> bool {
        match self.tokens[at].gap {
            0 => true,
            gap::TERMINAL => self.is_abbreviation(at - 1),
            _ => false,
        }
    }

    fn is_upper(&self, at: usize) -> bool {
        self.tokens.get(at).is_some_and(|token| token.is(shape::UPPER) && !token.is(shape::ADJECTIVE))
    }

    /// Reads one run that begins at `start`; returns where to go on.
    fn read_run(&mut self, start: usize) -> usize {
        let Some(start) = self.skip_openers(start) else { return start + 1 };
        let mut last = start;
        let mut has_of = false;
        let mut has_org = self.has(start, WordFlags::ORG);
        // In a headline only a given name and the word behind it are surely one name.
        let longest = match start < self.title_line_end {
            true => usize::from(self.has(start, WordFlags::GIVEN)),
            false => MAX_RUN,
        };
        while last - start < longest {
            let Some(next) = self.next_in_run(last, has_org, &mut has_of) else { break };
            last = next;
            has_org |= self.has(last, WordFlags::ORG.with(WordFlags::EVENT));
        }
        let end = self.nickname(start, last).unwrap_or(last);
        self.split(start, end);
        end + 1
    }

    /// Drops the capital words that only open a sentence; `None` when nothing is left.
    fn skip_openers(&self, start: usize) -> Option<usize> {
        let flags = self.info(start).flags;
        let plain = WordFlags::FUNCTION.with(WordFlags::CALENDAR);
        if !flags.has(plain) {
            return Some(start);
        }
        let named =
            flags.has(WordFlags::GIVEN) && self.is_upper(start + 1) && self.follows_closely(start + 1);
        if named && !self.has(start + 1, plain) {
            return Some(start);
        }
        // "Young said": a surname in mid-sentence, or one that opens it; kept to be matched with a full name.
        let alone = !(self.is_upper(start + 1) && self.follows_closely(start + 1));
        let surname = alone
            && flags.has(WordFlags::FUNCTION)
            && !self.opens_sentence(start)
            && !self.tokens[start].is(shape::INITIAL);
        surname.then_some(start)
    }

    fn next_in_run(&self, last: usize, has_org: bool, has_of: &mut bool) -> Option<usize> {
        let next = last + 1;
        if next >= self.tokens.len() || self.tokens[last].is(shape::POSSESSIVE) {
            return None;
        }
        let info = self.info(next);
        if info.flags.has(WordFlags::SUFFIX)
            && self.is_upper(next)
            && !self.tokens[next].after(!(gap::COMMA | gap::TERMINAL))
        {
            return (!self.tokens[next].after(gap::TERMINAL) || self.is_abbreviation(last)).then_some(next);
        }
        if self.has(last, WordFlags::SUFFIX) || !self.follows_closely(next) {
            return None;
        }
        if self.tokens[next].is(shape::UPPER) {
            if self.tokens[next].is(shape::ADJECTIVE) {
                return None;
            }
            let plain = info.flags.has(WordFlags::FUNCTION.with(WordFlags::CALENDAR));
            if !plain {
                return Some(next);
            }
            let before = self.info(last).flags;
            if before.has(WordFlags::PHRASE_START)
                && self.people.phrase(join_keys(self.tokens[last].key, self.tokens[next].key)).is_some()
            {
                return Some(next);
            }
            let name_like = WordFlags::GIVEN.with(WordFlags::HONORIFIC).with(WordFlags::TITLE);
            let initial = self.tokens[next].is(shape::INITIAL);
            if initial {
                let dotted = self.tokens.get(next + 1).is_some_and(|token| token.gap == gap::TERMINAL);
                return (dotted && before.has(WordFlags::GIVEN)).then_some(next);
            }
            return (before.has(name_like) || self.tokens[last].is(shape::INITIAL)).then_some(next);
        }
        let after = next + 1;
        let word = self.tokens[next].span().of(self.text);
        let upper_after = self.is_upper(after) && self.tokens[after].gap == 0;
        match word {
            "of" | "for" | "on" | "and" | "&" | "the" => {
                let head = WordFlags::ORG.with(WordFlags::TITLE).with(WordFlags::EVENT);
                let opens = match word {
                    "of" => self.has(last, head.with(WordFlags::DEPT)) && !self.is_surname_king(last),
                    "for" | "on" => has_org,
                    "and" | "&" => {
                        *has_of && has_org && !self.has(after, WordFlags::GIVEN)
                            || upper_after && self.joins_body(last, after)
                    }
                    _ => has_org,
                };
                if !opens {
                    return None;
                }
                *has_of |= word != "and";
                if upper_after {
                    return (!self.has(after, WordFlags::CALENDAR)).then_some(after);
                }
                let the = self
                    .tokens
                    .get(after)
                    .is_some_and(|token| token.gap == 0 && token.span().of(self.text) == "the");
                (the && self.is_upper(after + 1) && self.tokens[after + 1].gap == 0).then_some(after + 1)
            }
            _ if info.flags.has(WordFlags::PARTICLE) => self.after_particles(next),
            _ => None,
        }
    }

    /// "King" of "Peter T. King of Trent": a title word behind an initial is a surname.
    fn is_surname_king(&self, at: usize) -> bool {
        at >= 2
            && self.has(at, WordFlags::TITLE.with(WordFlags::HONORIFIC))
            && self.tokens[at - 1].is(shape::INITIAL)
            && self.has(at - 2, WordFlags::GIVEN)
    }

    /// "the Flood and Dam Commission", "the House Flood and Rescue Committee": one body whose name joins two fields.
    fn joins_body(&self, last: usize, after: usize) -> bool {
        /// Words of the name to either side.
        const LONGEST: usize = 4;
        let field = WordFlags::GIVEN
            .with(WordFlags::PLACE)
            .with(WordFlags::ORG)
            .with(WordFlags::TITLE)
            .with(WordFlags::HONORIFIC)
            .with(WordFlags::SUFFIX);
        // "Trent and Harwich Police": places share a force.
        let police = self.is_upper(after + 1)
            && self.tokens[after + 1].gap == 0
            && self.tokens[after + 1].span().of(self.text) == "Police";
        if police
            && (self.has(after, WordFlags::PLACE) || self.has(last, WordFlags::PLACE))
            && !self.has(last, WordFlags::ORG)
        {
            return true;
        }
        if self.has(last, field) || self.has(after, WordFlags::GIVEN.with(WordFlags::HONORIFIC)) {
            return false;
        }
        let mut first = last;
        while last - first < LONGEST && first > 0 && self.is_upper(first - 1) && self.follows_closely(first) {
            first -= 1;
        }
        let text = |at: usize| self.tokens[at].span().of(self.text);
        let article = |at: usize| {
            let before = at.checked_sub(1).filter(|_| self.tokens[at].gap == 0);
            before.is_some_and(|before| {
                // "the federal Flood and Dam Commission"
                let adjective =
                    !self.tokens[before].is(shape::UPPER) && before > 0 && self.tokens[before].gap == 0;
                matches!(text(before), "the" | "The")
                    || adjective && matches!(text(before - 1), "the" | "The")
            })
        };
        let opens = matches!(text(first), "The" | "House" | "Senate") && last > first || article(first);
        let mut end = after;
        while end - after < LONGEST && self.is_upper(end + 1) && self.tokens[end + 1].gap == 0 {
            end += 1;
        }
        opens
            && end > after
            && self.has(end, WordFlags::ORG)
            && !self.tokens[end].is(shape::ALL_UPPER)
            && !(after..end).any(|at| self.tokens[at].is(shape::POSSESSIVE))
    }

    /// "Bill de Blasio", "Ursula von der Leyen", "Salman bin Abdulaziz": the capital word behind one or two particles.
    fn after_particles(&self, next: usize) -> Option<usize> {
        let mut at = next;
        for _ in 0..2 {
            at += 1;
            if at >= self.tokens.len() || self.tokens[at].gap != 0 {
                return None;
            }
            if self.is_upper(at) {
                return Some(at);
            }
            if !self.has(at, WordFlags::PARTICLE) {
                return None;
            }
        }
        None
    }

    /// `Dana "Red" Okafor`, `Robert (Bob) Lane`: the run goes on behind one or two words in marks.
    fn nickname(&self, start: usize, last: usize) -> Option<usize> {
        let inner = last + 1;
        let opens = self.tokens.get(inner)?;
        // `Robert C. "Bobby" Lane`: the full stop is the initial's.
        let before = match self.tokens[last].is(shape::INITIAL) {
            true => opens.gap & !gap::TERMINAL,
            false => opens.gap,
        };
        if !(before == gap::MARK || before == gap::OPEN) || !opens.is(shape::UPPER) || last - start > 2 {
            return None;
        }
        let closes = if before == gap::MARK { gap::MARK } else { gap::CLOSE };
        let behind = inner + 1;
        let token = self.tokens.get(behind)?;
        let fits = token.gap == closes && self.is_upper(behind) && !self.has(behind, WordFlags::FUNCTION);
        if !fits || !self.has(start, WordFlags::GIVEN.with(WordFlags::TITLE)) {
            return None;
        }
        let mut end = behind;
        while end - behind < 2
            && self.is_upper(end + 1)
            && self.tokens[end + 1].gap == 0
            && !self.tokens[end].is(shape::POSSESSIVE)
        {
            end += 1;
        }
        Some(end)
    }
}
