//! The words outside marks that a cue makes somebody's: paraphrase before, after and around it.
//!
//! In: a [`Reading`], its cues, and the links of its runs. Out: one [`Content`] for each cue that has any. A run that another cue speaks
//! for is cut out, so no words are given to two people. Must not name anybody.

use super::attribution::SourceKind;
use super::cue::{Cue, Mood};
use super::direct::Link;
use super::phrase::{Phrase, REACH};
use super::reading::Reading;
use super::token::{Kind, Listed, list, shape};
use crate::lexicon::cues::{Frame, Paraphrase, form, part};

/// What a cue makes somebody's.
#[derive(Clone, Debug)]
pub(super) struct Content {
    /// Index of the cue.
    pub(super) cue: usize,
    /// Token ranges, in order.
    pub(super) parts: Vec<Phrase>,
    /// Runs inside that this cue speaks for.
    pub(super) runs: Vec<usize>,
}

/// Contents of all cues, in the order of the cues.
pub(super) fn contents(reading: &Reading<'_>, cues: &[Cue], links: &[Link]) -> Vec<Content> {
    let finder = Finder { reading, cues, links };
    (0..cues.len()).filter_map(|idx| finder.content(idx)).collect()
}

struct Finder<'a, 'r> {
    reading: &'a Reading<'r>,
    cues: &'a [Cue],
    links: &'a [Link],
}

impl Finder<'_, '_> {
    fn content(&self, idx: usize) -> Option<Content> {
        let cue = &self.cues[idx];
        let source = cue.source?;
        let bounds = self.bounds(cue);
        let parts = match cue.mood {
            Mood::Passive => return None,
            Mood::According => self.around(idx, bounds, cue.first, source.end),
            _ => {
                let start = if cue.inverted || cue.shared { cue.first } else { source.first.min(cue.first) };
                let end = if cue.inverted { source.end } else { cue.end };
                match self.begins(cue, bounds, end) {
                    Some(first) => vec![Phrase { first, end: self.ends(idx, first, bounds.end) }],
                    None => {
                        let behind = self.skip_circumstances(cue, bounds, end);
                        if !self.is_parenthetical(cue, bounds, start) || self.goes_on(behind, bounds) {
                            return None;
                        }
                        self.around(idx, bounds, start, behind)
                    }
                }
            }
        };
        let mut content = Content { cue: idx, parts: Vec::new(), runs: Vec::new() };
        for part in parts {
            self.keep(&mut content, part);
        }
        // "did not say when": a word alone tells a reader nothing.
        let tokens = content.parts.iter().flat_map(|part| &self.reading.tokens[part.first..part.end]);
        let mut words = tokens.filter(|token| token.is_word());
        let told = words.next().is_some_and(|word| word.is_proper() || words.next().is_some());
        (told || !content.runs.is_empty()).then_some(content)
    }

    /// The sentence of the cue, without its final stop.
    fn bounds(&self, cue: &Cue) -> Phrase {
        let mut bounds = self.reading.sentences[cue.sentence];
        while bounds.end > bounds.first
            && matches!(self.reading.tokens[bounds.end - 1].kind, Kind::Stop | Kind::Break)
        {
            bounds.end -= 1;
        }
        bounds.first = bounds.first.max(cue.at.saturating_sub(REACH));
        bounds.end = bounds.end.min(cue.at + REACH).max(bounds.first);
        bounds
    }

    /// Where the words begin that the cue introduces; `None`: it introduces none.
    fn begins(&self, cue: &Cue, bounds: Phrase, end: usize) -> Option<usize> {
        let reading = self.reading;
        if end >= bounds.end {
            return None;
        }
        let mut at = end;
        // "found “serious failings”": whatever else the verb may take, it takes the quote.
        if matches!(cue.verb.paraphrase, Paraphrase::That | Paraphrase::Never) && self.is_linked(cue, at) {
            return Some(at);
        }
        if cue.verb.frame == Frame::Tell {
            let listener = match reading.tokens[at].is(part::OBJECTIVE) {
                true => Some(at + 1),
                false => reading.phrase_after(at, bounds.end).map(|phrase| phrase.end),
            };
            at = self.skip_circumstances(cue, bounds, listener.unwrap_or(at));
            if listener.is_none()
                || !(reading.is_word(at, CLAUSE)
                    || matches!(reading.kind(at), Some(Kind::Run(_) | Kind::Colon)))
            {
                at = self.clause_ahead(end, bounds.end).unwrap_or(at);
            }
            let opens = reading.is_word(at, CLAUSE)
                || self.begins_clause(at, bounds.end)
                || matches!(reading.kind(at), Some(Kind::Run(_) | Kind::Colon));
            let to = reading.is_word(at, list!["to", "about", "of", "not"]);
            return (opens || to).then_some(at);
        }
        let skipped = match cue.verb.frame {
            Frame::Act | Frame::Call | Frame::Ask => at,
            _ => self.skip_circumstances(cue, bounds, at),
        };
        if reading.is_word(skipped, CLAUSE) {
            return Some(skipped);
        }
        match reading.kind(at)? {
            Kind::Word | Kind::Run(_) | Kind::Open => {}
            // "said, “The dam …”": nothing but the quote is said.
            Kind::Comma if self.is_linked(cue, at + 1) => return Some(at + 1),
            // "said, however, that the dam"
            Kind::Comma if cue.verb.frame == Frame::Say && cue.verb.paraphrase != Paraphrase::Never => {
                return self.clause_ahead(at, bounds.end).filter(|that| {
                    let before = &reading.tokens[that - 1];
                    before.kind == Kind::Comma || before.is(part::TIME | part::ADVERB)
                });
            }
            Kind::Colon => return Some(at + 1),
            _ if skipped == at => return None,
            _ => {}
        }
        at = skipped;
        let word = reading.tokens.get(at).filter(|_| at < bounds.end)?;
        match cue.verb.paraphrase {
            Paraphrase::Never => None,
            Paraphrase::That => self.begins_clause(at, bounds.end).then_some(at),
            Paraphrase::Object => reading.phrase_after(at, bounds.end).map(|phrase| phrase.first),
            Paraphrase::To => {
                (reading.is_word(at, list!["to"]) || self.begins_clause(at, bounds.end)).then_some(at)
            }
            Paraphrase::Any => {
                if matches!(word.kind, Kind::Run(_)) {
                    return Some(at);
                }
                if !word.is_word() {
                    return None;
                }
                let says = matches!(cue.verb.frame, Frame::Say | Frame::Show);
                if says
                    && word.is(part::PREPOSITION)
                    && !word.is(part::SUBORDINATOR)
                    && !reading.is_word(at, list!["to"])
                {
                    return None;
                }
                if word.is(part::COORDINATOR) || (word.is(part::TIME) && at + 1 >= bounds.end) {
                    return None;
                }
                Some(at)
            }
        }
    }

    /// Whether a run that belongs to this cue stands at `at`.
    fn is_linked(&self, cue: &Cue, at: usize) -> bool {
        let Some(Kind::Run(run)) = self.reading.kind(at) else { return false };
        let linked = self.links[run as usize].cue.map(|idx| self.cues[idx].at);
        linked == Some(cue.at)
    }

    /// Where "that" opens the words not far behind `from`.
    fn clause_ahead(&self, from: usize, high: usize) -> Option<usize> {
        let reading = self.reading;
        (from..high.min(from + 14))
            .take_while(|at| !matches!(reading.tokens[*at].kind, Kind::Run(_) | Kind::Stop | Kind::Semicolon))
            .find(|at| {
                let behind_name = *at > 0
                    && reading.tokens[at - 1].is_word()
                    && reading.tokens[at - 1].is(part::PREPOSITION);
                reading.is_word(*at, list!["that"]) && !behind_name
            })
    }

    /// Whether a clause of its own begins at `at`: "the town needs", "he would".
    fn begins_clause(&self, at: usize, high: usize) -> bool {
        let reading = self.reading;
        if at >= high {
            return false;
        }
        if reading.is_word(at, CLAUSE)
            || reading.is_word(at, list!["he", "she", "they", "it", "we", "i", "you", "there"])
        {
            return true;
        }
        let Some(phrase) = reading.phrase_after(at, high) else { return false };
        (phrase.end..high.min(phrase.end + 4)).any(|next| {
            let token = &reading.tokens[next];
            token.is(part::AUXILIARY | part::MODAL | part::VERB)
                || token.verb.is_some_and(|verb| verb.forms & (form::PAST | form::THIRD) != 0)
        })
    }

    /// Steps over "on Monday", "in a statement", "at a rally in Trent", "last week", also between commas.
    fn skip_circumstances(&self, cue: &Cue, bounds: Phrase, mut at: usize) -> usize {
        let reading = self.reading;
        let start = at;
        while at < bounds.end && at < start + 25 {
            let token = &reading.tokens[at];
            if !token.is_word() {
                break;
            }
            if reading.is_word(at, CLAUSE) && !reading.is_word(at, list!["as"]) {
                break;
            }
            if token.is(part::TIME | part::ADVERB) && !token.is(part::DETERMINER | part::PRONOUN) {
                at += 1;
                continue;
            }
            let circumstance = reading.is_word(
                at,
                list![
                    "in", "on", "at", "during", "after", "before", "to", "of", "via", "through", "from",
                    "over", "by", "with", "about",
                ],
            );
            let infinitive = reading.is_word(at, list!["to"])
                && reading.tokens.get(at + 1).is_some_and(|t| {
                    t.verb.is_some_and(|v| v.forms & form::BASE != 0) && !t.has(shape::CAPITAL)
                });
            if circumstance && !infinitive && !matches!(cue.verb.frame, Frame::Hold | Frame::Show) {
                let mut end = at + 1;
                while end < bounds.end
                    && (reading.tokens[end].is(part::TIME | part::NUMBER)
                        || reading.tokens[end].has(shape::DIGIT))
                {
                    end += 1;
                }
                if end > at + 1 {
                    at = end;
                    continue;
                }
                if let Some(phrase) =
                    reading.phrase_after(at + 1, bounds.end).filter(|phrase| phrase.end > phrase.first)
                {
                    at = phrase.end;
                    continue;
                }
            }
            break;
        }
        at
    }

    /// Whether cue and source stand between commas or behind one, so that the words around them are the content.
    fn is_parenthetical(&self, cue: &Cue, bounds: Phrase, start: usize) -> bool {
        let speaks = matches!(cue.verb.frame, Frame::Say | Frame::Tell | Frame::Ask | Frame::Show)
            // "…, the dam would hold": only somebody named thinks between commas.
            || (cue.verb.frame == Frame::Hold
                && cue.source.is_some_and(|source| self.reading.source_kind(source) != SourceKind::Noun));
        let joined = start > bounds.first
            && match self.reading.tokens[start - 1].kind {
                Kind::Comma | Kind::Dash => true,
                Kind::Run(run) => matches!(self.reading.last_char(run), ',' | '?' | '!' | '—'),
                _ => self.reading.is_word(start - 1, list!["as"]),
            };
        speaks && joined && cue.mood == Mood::Finite && !cue.shared
    }

    /// Whether the verb has an object or a clause at `at`, so that the words before it are none: "In May, Oda began to build".
    fn goes_on(&self, at: usize, bounds: Phrase) -> bool {
        let Some(token) = self.reading.tokens.get(at).filter(|_| at < bounds.end) else { return false };
        token.kind == Kind::Colon
            || token.is_word() && !token.is(part::COORDINATOR | part::SUBORDINATOR | part::RELATIVE)
    }

    /// The words of the clause before `start` and behind `end`.
    fn around(&self, idx: usize, bounds: Phrase, start: usize, end: usize) -> Vec<Phrase> {
        let reading = self.reading;
        let mut parts = Vec::new();
        let mut first = bounds.first;
        // The clause begins behind the cue before it, if that stands between commas too.
        for other in self.cues[..idx]
            .iter()
            .rev()
            .take_while(|other| other.sentence == self.cues[idx].sentence && other.at + REACH > start)
        {
            let other_end = other.end.max(other.source.map_or(0, |source| source.end));
            let other_start = other.first.min(other.source.map_or(other.first, |source| source.first));
            let aside = other_start > bounds.first
                && matches!(reading.kind(other_start - 1), Some(Kind::Comma | Kind::Dash | Kind::Run(_)));
            if other.inverted || aside && matches!(reading.kind(other_end), Some(Kind::Comma)) {
                first = first.max(other_end.min(start));
                break;
            }
        }
        let mut last = start;
        while last > first
            && (matches!(reading.tokens[last - 1].kind, Kind::Comma | Kind::Dash)
                || reading.is_word(last - 1, list!["as"]))
        {
            last -= 1;
        }
        while first < last
            && (matches!(reading.tokens[first].kind, Kind::Comma | Kind::Dash)
                || reading.is_word(first, list!["but", "and", "so"]))
        {
            first += 1;
        }
        if first < last {
            parts.push(Phrase { first, end: last });
        }
        let according = self.cues[idx].mood == Mood::According;
        let comma =
            |at: usize| at < bounds.end && matches!(reading.tokens[at].kind, Kind::Comma | Kind::Dash);
        let mut resumes = comma(end).then_some(end);
        if parts.is_empty() && according {
            // "According to a survey of the valley last week, …": the content begins behind the comma.
            resumes = (end..bounds.end.min(end + 25)).find(|at| comma(*at));
        } else if let Some(at) =
            resumes.filter(|at| at + 1 < bounds.end && self.is_apposition(at + 1, bounds.end))
        {
            // "…, said Oda, a baker from Trent, would …": the sentence goes on behind the description.
            resumes = (at + 2..bounds.end.min(at + 20)).find(|at| comma(*at)).filter(|at| {
                reading.tokens.get(at + 1).is_some_and(|token| {
                    token.is(part::AUXILIARY | part::MODAL | part::VERB | part::SUBORDINATOR)
                        && !token.is(part::RELATIVE)
                })
            });
        }
        if let Some(at) = resumes.filter(|at| at + 1 < bounds.end) {
            let next = &reading.tokens[at + 1];
            let run_only = parts
                .iter()
                .all(|part: &Phrase| (part.first..part.end).all(|at| !reading.tokens[at].is_word()));
            let spoken = match run_only || self.cues[idx].inverted {
                // "“…,” said Oda, head of the mill": what goes on in the speaker's words goes on with a verb.
                true => {
                    matches!(next.kind, Kind::Run(_))
                        || next.is(part::AUXILIARY | part::MODAL | part::VERB | part::SUBORDINATOR)
                            && !next.is(part::RELATIVE)
                }
                false => !next.is(part::COORDINATOR | part::RELATIVE) && !self.is_doing(at + 1),
            };
            if spoken || (parts.is_empty() && according) {
                parts.push(Phrase { first: at + 1, end: self.ends(idx, at + 1, bounds.end) });
            }
        }
        parts
    }

    /// Whether what follows the comma says when, where or on what occasion.
    fn is_aside(&self, at: usize) -> bool {
        let token = &self.reading.tokens[at];
        token.has(shape::DIGIT)
            || token.is(part::RELATIVE | part::TIME)
            || self.reading.is_word(
                at,
                list![
                    "in",
                    "on",
                    "at",
                    "during",
                    "after",
                    "before",
                    "according",
                    "when",
                    "while",
                    "as",
                    "with",
                    "referring",
                    "citing",
                ],
            )
    }

    /// Whether what follows the comma describes the source: "said Oda, a baker from Trent".
    fn is_apposition(&self, at: usize, high: usize) -> bool {
        let reading = self.reading;
        if self.is_aside(at) {
            return true;
        }
        let token = &reading.tokens[at];
        let Some(phrase) = reading.phrase_after(at, high) else { return false };
        let verb = reading
            .tokens
            .get(phrase.end)
            .is_some_and(|t| t.is(part::AUXILIARY | part::MODAL | part::VERB) || t.verb.is_some());
        !verb && (token.is(part::DETERMINER | part::ROLE) || token.is_proper()) && !reading.is_pronoun(at)
    }

    /// Where the words end that begin at `first`.
    fn ends(&self, idx: usize, first: usize, high: usize) -> usize {
        let reading = self.reading;
        let cue = &self.cues[idx];
        if let Kind::Run(run) = reading.tokens[first].kind
            && (matches!(reading.last_char(run), ',' | '.' | '?' | '!')
                || matches!(reading.kind(first + 1), Some(Kind::Comma)))
        {
            return first + 1;
        }
        let mut end = high;
        // "Accusing the mayor of lying, Oda left": what is said ends before who says it.
        if let Some(source) = cue.source.filter(|source| source.first > first && cue.mood == Mood::Participle)
        {
            end = end.min(source.first);
        }
        if cue.verb.paraphrase == Paraphrase::Object
            && let Some(phrase) = reading.phrase_after(first, high)
        {
            end = phrase.end;
        }
        for other in self.cues[idx + 1..]
            .iter()
            .take_while(|other| other.sentence == cue.sentence && other.first < high)
        {
            let start = if other.inverted || other.shared || other.mood == Mood::According {
                other.first
            } else {
                other.source.map_or(other.first, |source| source.first.min(other.first))
            };
            if start <= first {
                continue;
            }
            let before = &reading.tokens[start - 1];
            let cuts = match other.mood {
                Mood::According => true,
                Mood::Participle | Mood::Infinitive => {
                    before.kind == Kind::Comma && other.mood == Mood::Participle
                        || (before.is(part::COORDINATOR) && other.verb.forms & form::ING != 0)
                }
                Mood::Passive | Mood::Noun => false,
                Mood::Finite if other.shared => {
                    before.is(part::COORDINATOR)
                        && !reading.tokens[start - 2].is(part::AUXILIARY | part::MODAL)
                        && other.verb.forms & form::PAST != 0
                }
                Mood::Finite => {
                    let comma =
                        matches!(before.kind, Kind::Comma | Kind::Semicolon | Kind::Dash | Kind::Run(_));
                    let joined = before.is(part::COORDINATOR)
                        || reading.is_word(start - 1, list!["while", "as", "although", "though"]);
                    comma && (other.inverted || !self.introduces(other, high))
                        || joined && matches!(reading.tokens[start - 2].kind, Kind::Comma | Kind::Run(_))
                }
            };
            if cuts {
                end = end.min(start);
                break;
            }
        }
        for at in first + 1..end {
            let token = &reading.tokens[at];
            let ends = match token.kind {
                Kind::Semicolon => true,
                Kind::Comma if matches!(cue.verb.frame, Frame::Act | Frame::Call) => {
                    self.ends_object(at, end)
                }
                Kind::Comma => self.is_contrary(at + 1, end) || self.closes_relative(cue, at + 1, end),
                _ => {
                    matches!(cue.verb.frame, Frame::Act)
                        && token.is(part::SUBORDINATOR)
                        && reading.is_word(
                            at,
                            list!["while", "after", "when", "before", "during", "although", "though"],
                        )
                }
            };
            if ends {
                end = at;
                break;
            }
            // "who called it “a mess,” has left"
            if let Kind::Run(run) = token.kind
                && reading.last_char(run) == ','
                && self.closes_relative(cue, at + 1, end)
            {
                end = at + 1;
                break;
            }
        }
        while end > first + 1
            && (matches!(
                reading.tokens[end - 1].kind,
                Kind::Comma | Kind::Dash | Kind::Semicolon | Kind::Colon
            ) || reading.tokens[end - 1].is(part::COORDINATOR)
                || reading
                    .is_word(end - 1, list!["while", "although", "though", "as", "when", "after", "because"]))
        {
            end -= 1;
        }
        end
    }

    /// Whether the writer speaks again from `at`, behind a comma: "…, but Oda left".
    fn is_contrary(&self, at: usize, high: usize) -> bool {
        let reading = self.reading;
        at + 1 < high
            && reading.is_word(at, list!["but"])
            && !reading.is_word(at + 1, list!["that"])
            && (reading.is_pronoun(at + 1)
                || reading.tokens[at + 1].is_proper()
                || reading.tokens[at + 1].is(part::POSSESSIVE)
                || reading.is_word(at + 1, list!["the"]))
    }

    /// Whether a relative clause ends before `at`, and the verb of the main clause follows: "Oda, who said so, has left".
    fn closes_relative(&self, cue: &Cue, at: usize, high: usize) -> bool {
        let tokens = &self.reading.tokens;
        let relative = cue
            .source
            .is_some_and(|source| source.end == source.first + 1 && tokens[source.first].is(part::RELATIVE));
        relative
            && at < high
            && tokens[at].is_word()
            && (tokens[at].is(part::AUXILIARY | part::MODAL | part::VERB)
                || tokens[at].verb.is_some_and(|verb| verb.forms & form::PAST != 0))
    }

    /// "waving", "adding": a participle that says what else somebody does.
    fn is_doing(&self, at: usize) -> bool {
        let token = &self.reading.tokens[at];
        token.verb.is_some_and(|verb| verb.forms & form::ING != 0)
            || token.is_word()
                && token.parts == 0
                && !token.has(shape::CAPITAL)
                && token.end - token.start > 5
                && self.reading.word(at).ends_with("ing")
    }

    /// Whether the object of "criticized" ends at the comma at `at`.
    fn ends_object(&self, at: usize, high: usize) -> bool {
        let reading = self.reading;
        let Some(next) = reading.tokens.get(at + 1).filter(|_| at + 1 < high) else { return true };
        next.is(part::COORDINATOR
            | part::PREPOSITION
            | part::SUBORDINATOR
            | part::PRONOUN
            | part::TIME
            | part::ADVERB)
            // "Oda, citing figures, said"
            || next.verb.is_some_and(|verb| verb.forms & (form::ING | form::PAST) != 0)
            || reading.word(at + 1).ends_with("ing")
    }

    /// Whether words of its own follow the cue.
    fn introduces(&self, cue: &Cue, high: usize) -> bool {
        let end = if cue.inverted { cue.source.map_or(cue.end, |source| source.end) } else { cue.end };
        let at = self.skip_circumstances(cue, Phrase { first: cue.first, end: high }, end);
        at < high && self.reading.tokens[at].is_word() && !self.reading.tokens[at].is(part::COORDINATOR)
    }

    /// Adds a part without the runs that somebody else speaks.
    fn keep(&self, content: &mut Content, part: Phrase) {
        let mut first = part.first;
        for at in part.first..part.end {
            let Kind::Run(run) = self.reading.tokens[at].kind else { continue };
            let link = &self.links[run as usize];
            if link.cue == Some(content.cue) {
                content.runs.push(run as usize);
                continue;
            }
            // A title or a word in marks that nobody speaks stays where it is.
            if link.cue.is_none() && !link.spoken {
                continue;
            }
            self.push(content, first, at);
            first = at + 1;
        }
        self.push(content, first, part.end);
    }

    fn push(&self, content: &mut Content, mut first: usize, mut end: usize) {
        let idle = |at: usize| !matches!(self.reading.tokens[at].kind, Kind::Word | Kind::Run(_));
        while first < end && idle(first) && self.reading.tokens[first].kind != Kind::Open {
            first += 1;
        }
        while end > first && idle(end - 1) && self.reading.tokens[end - 1].kind != Kind::Close {
            end -= 1;
        }
        if first < end {
            content.parts.push(Phrase { first, end });
        }
    }
}

/// Words that begin a reported clause.
const CLAUSE: &[Listed] = list!["that", "whether", "how", "why", "what", "if", "who", "where"];
