//! Which words of the text say who speaks each quotation run.
//!
//! In: a [`Reading`] and its cues. Out: one [`Link`] for each run: the cue and source that stand after, before or around it, or the
//! run whose speaker goes on. Must not name anybody.

use super::attribution::SourceKind;
use super::cue::{Cue, Mood};
use super::phrase::{Phrase, REACH, Reading};
use super::source;
use super::title;
use super::token::{Kind, Token, list, shape};
use crate::lexicon::cues::{Frame, Paraphrase, part};

/// What says who speaks a run.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Link {
    /// Index of the cue.
    pub(super) cue: Option<usize>,
    /// The mention of the speaker.
    pub(super) source: Option<Phrase>,
    /// The earlier run whose speaker goes on.
    pub(super) continues: Option<usize>,
    /// The run stands in the same paragraph as the one it continues, and nothing but quotes in its sentence.
    pub(super) same_utterance: bool,
    /// The cue stands right at the run: what is between the marks is what it says.
    pub(super) adjacent: bool,
    /// Somebody speaks the run: it is no title.
    pub(super) spoken: bool,
    /// Name of the rule.
    pub(super) rule: &'static str,
}

/// One link for each run, in order.
pub(super) fn links(reading: &Reading<'_>, cues: &[Cue]) -> Vec<Link> {
    let wordless = reading
        .sentences
        .iter()
        .map(|sentence| reading.tokens[sentence.first..sentence.end].iter().all(|token| !token.is_word()))
        .collect();
    let mut linker = Linker {
        reading,
        cues,
        places: places(reading),
        wordless,
        links: Vec::with_capacity(reading.runs.len()),
    };
    for run in 0..reading.runs.len() {
        let link = linker.link(run);
        let spoken = !title::is_title(reading, run, linker.places[run].0, &link);
        linker.links.push(if spoken {
            Link { spoken, ..link }
        } else {
            Link { rule: "title", ..Link::default() }
        });
    }
    linker.links
}

/// Index of the first and last token of each run.
fn places(reading: &Reading<'_>) -> Vec<(usize, usize)> {
    let mut places = vec![(usize::MAX, 0); reading.runs.len()];
    for (at, token) in reading.tokens.iter().enumerate() {
        if let Kind::Run(run) = token.kind {
            let place = &mut places[run as usize];
            place.0 = place.0.min(at);
            place.1 = at;
        }
    }
    places
}

struct Linker<'a, 'r> {
    reading: &'a Reading<'r>,
    cues: &'a [Cue],
    places: Vec<(usize, usize)>,
    /// Whether a sentence holds nothing but quotes.
    wordless: Vec<bool>,
    links: Vec<Link>,
}

impl Linker<'_, '_> {
    fn link(&self, run: usize) -> Link {
        let (first, last) = self.places[run];
        if first == usize::MAX {
            return Link::default();
        }
        let ends = self.reading.last_char(run as u32);
        let comma = matches!(ends, ',' | '?' | '!' | '—' | '–' | '-' | '…')
            || matches!(self.reading.kind(last + 1), Some(Kind::Comma | Kind::Dash));
        let before = self.before(first);
        let after = self.after(last, comma);
        let strong = before.is_some_and(|cue| self.leads_into(cue, first));
        let link = |cue: usize, source: Option<Phrase>, rule| Link {
            cue: Some(cue),
            source,
            adjacent: self.is_adjacent(cue, first),
            rule,
            ..Link::default()
        };
        let from_before = |cue: usize| {
            link(cue, self.speaking(cue).map(|source| self.with_name(source)), rule_before(&self.cues[cue]))
        };
        let from_after = |(cue, source): (usize, Phrase), rule| link(cue, Some(source), rule);
        let speech = |cue: usize| matches!(self.cues[cue].verb.frame, Frame::Say | Frame::Tell | Frame::Ask);
        // Between dashes, or right behind "said:", a quote belongs to what stands before it.
        let dashes = first > 0
            && self.reading.kind(first - 1) == Some(Kind::Dash)
            && self.reading.kind(last + 1) == Some(Kind::Dash);
        let introduced = before.is_some_and(|cue| speech(cue) && self.introduces(cue, first));
        match (before, after) {
            (Some(before), Some((after, _))) if strong && (!comma || self.has_content(after)) => {
                from_before(before)
            }
            (Some(before), Some((after, _)))
                if dashes || introduced || !speech(after) && self.cues[after].mood == Mood::Finite =>
            {
                from_before(before)
            }
            (_, Some(after)) if comma || before.is_none() => {
                from_after(after, rule_after(&self.cues[after.0]))
            }
            (Some(before), _) if !self.is_thought(before) => from_before(before),
            (before, _) => match (self.tail(last), before) {
                (Some(tail), _) => Link { adjacent: false, ..from_after(tail, "tail") },
                (None, Some(before)) => from_before(before),
                (None, None) => self.without_cue(run, first, last),
            },
        }
    }

    /// Whether the cue stands right before the run, a comma or colon between: "said, “…".
    fn introduces(&self, cue: usize, first: usize) -> bool {
        let cue = &self.cues[cue];
        !cue.inverted
            && cue.end + 1 == first
            && matches!(self.reading.kind(cue.end), Some(Kind::Comma | Kind::Colon))
    }

    fn in_sentence(&self, at: usize) -> (Phrase, &[Cue], usize) {
        let idx = self.reading.sentence_of(at);
        let from = self.cues.partition_point(|cue| cue.sentence < idx);
        let to = self.cues.partition_point(|cue| cue.sentence <= idx);
        let bounds = self.reading.sentences.get(idx).copied().unwrap_or(Phrase { first: at, end: at + 1 });
        (bounds, &self.cues[from..to], from)
    }

    /// The nearest cue before the run in its sentence whose words can reach the run.
    fn before(&self, first: usize) -> Option<usize> {
        let (_, cues, from) = self.in_sentence(first);
        let behind = cues.partition_point(|cue| cue.end <= first);
        let near = cues[..behind].iter().enumerate().rev().take_while(|(_, cue)| first - cue.end < REACH);
        let mut thought = None;
        for (idx, cue) in near {
            let usable = match cue.mood {
                Mood::Passive => cue.source.is_some_and(|source| source.end <= first + 6),
                _ => true,
            };
            let near = cue.verb.paraphrase != Paraphrase::Never
                || (self.leads_into(from + idx, first) && self.opens_quote(cue));
            // "and I quote"
            let idiom = self.reading.is_word(cue.at, list!["quote"])
                && cue.source.is_some_and(|source| self.reading.is_word(source.first, list!["i"]));
            if !usable || !near || idiom || cue.source.is_none() {
                continue;
            }
            // A thought inside reported speech is told by the speaker: "Oda said the town wants “quiet”".
            if !self.is_thought(from + idx) && cue.mood != Mood::According {
                return Some(from + idx);
            }
            thought = thought.or(Some(from + idx));
        }
        thought
    }

    /// The cue behind the run and its source: `“…,” Oda said`, `“…,” said Oda`, `“…” is needed, Oda said`.
    fn after(&self, last: usize, comma: bool) -> Option<(usize, Phrase)> {
        let (bounds, cues, from) = self.in_sentence(last);
        let reading = self.reading;
        let mut next = last + 1;
        while next < bounds.end && self.is_opening(next) {
            next += 1;
        }
        let skipped = cues.partition_point(|cue| cue.first <= last);
        let mut behind =
            cues.iter().enumerate().skip(skipped).take_while(|(_, cue)| cue.first < last + REACH);
        let (idx, cue) = behind.clone().next()?;
        if cue.mood == Mood::According || cue.inverted {
            let source = cue.source.filter(|_| cue.first <= next)?;
            return Some((from + idx, self.with_name(source)));
        }
        // The noun phrase right behind the run speaks, whatever stands between it and its verb.
        let (idx, cue) =
            behind.find(|(_, cue)| cue.mood == Mood::Finite && !cue.inverted && !self.is_relative(cue))?;
        if let Some(source) = cue.source.filter(|source| source.first > last && source.first <= next) {
            return Some((from + idx, self.with_name(source)));
        }
        let clear = (next..cue.first).all(|at| self.may_stand_between(at));
        if !comma || !clear || cue.first > next + 50 || next >= cue.first || !self.begins_source(next) {
            return None;
        }
        let whole = Phrase { first: next, end: cue.first };
        let source = reading.phrase_after(next, cue.first).unwrap_or(whole);
        // `“…,” the dawn of an era, Oda says`: the first phrase belongs to the quote's sentence.
        if let Some(other) = cue.source.filter(|other| other.first > source.end && other.end <= cue.first)
            && reading.source_kind(source) == SourceKind::Noun
            && reading.source_kind(other) != SourceKind::Noun
            && reading.kind(other.first - 1) == Some(Kind::Comma)
            && !(source.first..source.end).any(|at| reading.tokens[at].is(part::ROLE))
        {
            return Some((from + idx, other));
        }
        let source = match reading.kind(source.end) {
            Some(Kind::Comma | Kind::Open | Kind::Dash) => self.with_name(source),
            _ if source.end < cue.first && reading.tokens[source.end].is(part::RELATIVE) => source,
            _ => cue
                .source
                .filter(|other| other.first > next && other.end <= cue.first)
                .map_or(source, |other| Phrase { first: next, end: other.end }),
        };
        Some((from + idx, source))
    }

    /// The attribution that ends a sentence: `“…” is what we need, said Oda.`
    fn tail(&self, last: usize) -> Option<(usize, Phrase)> {
        let (_, cues, from) = self.in_sentence(last);
        let reading = self.reading;
        let (idx, cue) = cues.iter().enumerate().rev().take(20).find(|(_, cue)| {
            matches!(cue.mood, Mood::Finite | Mood::According) && cue.first > last && !cue.shared
        })?;
        let source = cue.source?;
        let start = source.first.min(cue.first);
        let comma = start > last && matches!(reading.kind(start - 1), Some(Kind::Comma | Kind::Dash))
            || cue.mood == Mood::According;
        let end = source.end.max(cue.end);
        let speech = matches!(cue.verb.frame, Frame::Say | Frame::Tell);
        (comma
            && speech
            && (cue.inverted || cue.mood == Mood::According || !self.has_content(from + idx))
            && end > last)
            .then(|| (from + idx, self.with_name(source)))
    }

    /// A word or comma that may stand between a quote and its attribution.
    fn is_opening(&self, at: usize) -> bool {
        let token = &self.reading.tokens[at];
        matches!(token.kind, Kind::Comma | Kind::Dash)
            || (token.is_word()
                && (token.is(part::ADVERB) && !token.is(part::DETERMINER | part::PRONOUN)
                    || self.reading.is_word(at, list!["as"])))
    }

    fn begins_source(&self, at: usize) -> bool {
        let token = &self.reading.tokens[at];
        token.is_word()
            && !token.is(part::COORDINATOR
                | part::SUBORDINATOR
                | part::PREPOSITION
                | part::AUXILIARY
                | part::MODAL
                | part::RELATIVE
                | part::OBJECTIVE)
            && (token.parts != 0
                || token.has(shape::CAPITAL)
                || self.reading.is_nominal(at)
                || self.reading.tokens.get(at + 1).is_some_and(Token::is_proper))
    }

    fn may_stand_between(&self, at: usize) -> bool {
        if let Some(Kind::Run(run)) = self.reading.kind(at) {
            // A nickname or a name of a thing.
            let inner = self.reading.runs[run as usize].first().inner.of(self.reading.body);
            return inner.len() < 40 && inner.split(' ').count() <= 4;
        }
        !matches!(
            self.reading.kind(at),
            Some(Kind::Stop | Kind::Colon | Kind::Semicolon | Kind::Break) | None
        )
    }

    fn is_relative(&self, cue: &Cue) -> bool {
        cue.source.is_some_and(|source| {
            source.end == source.first + 1 && self.reading.tokens[source.first].is(part::RELATIVE)
        })
    }

    /// The source of a cue; "a video that said “…”" is spoken by whoever made it.
    fn speaking(&self, cue: usize) -> Option<Phrase> {
        let cue = &self.cues[cue];
        let reading = self.reading;
        let source = cue.source?;
        let thing = reading.is_word(source.first, list!["that", "which"])
            && source.end == source.first + 1
            && source.first > 0
            && !reading.tokens[source.first - 1].is(part::ROLE)
            && !reading.tokens[source.first - 1].is_proper()
            && reading.tokens[source.first - 1].is_word();
        if !thing {
            return Some(source);
        }
        let bounds = reading.sentences[cue.sentence];
        source::clause_subject(reading, bounds.first, source.first).or(Some(source))
    }

    /// A description together with the name that explains it: "his wife, Ana Duarte".
    fn with_name(&self, source: Phrase) -> Phrase {
        source::with_name(self.reading, source)
    }

    /// Whether a verb that takes only quotes has one: "continued: “…”", not "continued to be “…”".
    fn opens_quote(&self, cue: &Cue) -> bool {
        let end = if cue.inverted { cue.source.map_or(cue.end, |source| source.end) } else { cue.end };
        match self.reading.kind(end) {
            Some(Kind::Word) => {
                self.reading.tokens[end].is(part::PREPOSITION | part::ADVERB | part::TIME)
                    && !self.reading.is_word(end, list!["to"])
            }
            _ => true,
        }
    }

    /// Whether nothing but a comma, a colon, "that" or a listener stands between the cue and the run.
    fn leads_into(&self, cue: usize, first: usize) -> bool {
        let cue = &self.cues[cue];
        let reading = self.reading;
        if cue.inverted {
            return matches!(reading.kind(first - 1), Some(Kind::Colon | Kind::Comma));
        }
        if first == cue.end || matches!(reading.kind(first - 1), Some(Kind::Colon)) {
            return true;
        }
        let words = (cue.end..first).filter(|at| reading.tokens[*at].is_word()).count();
        let comma = matches!(reading.kind(first - 1), Some(Kind::Comma));
        (comma && words <= 12) || words <= 2 || (reading.is_word(first - 1, list!["that"]) && words <= 8)
    }

    /// Whether the run can only be what the cue says: it stands right behind it, or the cue stands behind the run.
    fn is_adjacent(&self, cue: usize, first: usize) -> bool {
        let cue = &self.cues[cue];
        if cue.at > first {
            // `on “The Morning Hour,” Oda said`: what stands behind a preposition or an owner is a thing.
            let before = first.checked_sub(1).map(|at| &self.reading.tokens[at]);
            return !before.is_some_and(|token| {
                token.is_word() && (token.is(part::PREPOSITION) || token.has(shape::POSSESSIVE))
            });
        }
        let end = if cue.inverted { cue.source.map_or(cue.end, |source| source.end) } else { cue.end };
        let names = matches!(cue.verb.frame, Frame::Tell | Frame::Act | Frame::Show | Frame::Post);
        let reading = self.reading;
        (end == first && !names)
            || matches!(reading.kind(first - 1), Some(Kind::Colon))
            || (end + 1 == first && reading.kind(end) == Some(Kind::Comma))
    }

    /// Whether the cue has words of its own behind it, so that a quote before it need not be its content.
    fn has_content(&self, cue: usize) -> bool {
        let cue = &self.cues[cue];
        let end = if cue.inverted { cue.source.map_or(cue.end, |source| source.end) } else { cue.end };
        match self.reading.kind(end) {
            Some(Kind::Run(_)) => true,
            Some(Kind::Word) => {
                let token = &self.reading.tokens[end];
                !token.is(part::TIME | part::PREPOSITION | part::ADVERB | part::COORDINATOR)
                    && cue.verb.frame != Frame::Tell
                    && cue.verb.paraphrase != Paraphrase::Never
            }
            Some(Kind::Colon) => true,
            _ => false,
        }
    }

    /// A run in whose sentence no cue speaks for it.
    fn without_cue(&self, run: usize, first: usize, last: usize) -> Link {
        let reading = self.reading;
        let (bounds, _, _) = self.in_sentence(first);
        if let Some(link) = self.signed(last) {
            return link;
        }
        let alone = self.wordless.get(reading.sentence_of(first)).copied().unwrap_or(true);
        let previous = run
            .checked_sub(1)
            .filter(|q| self.links[*q].source.is_some() || self.links[*q].continues.is_some());
        let paragraph = self.paragraph_start(first);
        if !alone {
            let colon = first > bounds.first && reading.kind(first - 1) == Some(Kind::Colon);
            if colon
                && let Some(source) = reading.phrase_before(bounds.first, first - 1)
                && self.is_heading(bounds.first, source.first)
            {
                let source = self.without_verb(source);
                return Link { source: Some(source), rule: "colon", ..Link::default() };
            }
            if let Some(source) = source::clause_subject(reading, bounds.first, first) {
                let spoken = self.speaker_before(paragraph, bounds.first);
                // "Good news travels": the capital of a first word makes no name.
                let initial = source.end > source.first + 1
                    && reading.tokens[source.first].has(shape::INITIAL)
                    && !(source.first + 1..source.end)
                        .any(|at| reading.tokens[at].is_proper() || reading.tokens[at].is(part::ROLE));
                let thing = initial
                    || reading.source_kind(source) == SourceKind::Noun
                    || reading.is_word(source.first, list!["it", "this", "that", "these", "those", "there"]);
                if thing && let Some(source) = spoken {
                    return Link { source: Some(source), rule: "paragraph-speaker", ..Link::default() };
                }
                return Link { source: Some(source), rule: "clause-subject", ..Link::default() };
            }
        }
        if let Some(previous) = previous.filter(|q| self.places[*q].1 >= paragraph) {
            // A sentence between the two quotes may bring in somebody else.
            let between =
                self.reading.sentence_of(self.places[previous].1) + 1..self.reading.sentence_of(first);
            for idx in between.rev() {
                if let Some(link) = self.subject_of(idx, "sentence-before") {
                    return link;
                }
            }
            return Link {
                continues: Some(previous),
                same_utterance: alone,
                rule: "same-paragraph",
                ..Link::default()
            };
        }
        let idx = reading.sentence_of(first);
        if idx > 0
            && reading.sentences[idx - 1].end > paragraph
            && let Some(link) = self.subject_of(idx - 1, "sentence-before")
        {
            return link;
        }
        if alone && let Some(link) = self.sentence_after(last) {
            return link;
        }
        self.paragraph_before(paragraph, previous)
    }

    /// A short sentence between two quotes of one paragraph: `“I saw it.” Oda paused. “We all did.”`
    fn sentence_after(&self, last: usize) -> Option<Link> {
        let idx = self.reading.sentence_of(last) + 1;
        let next = *self.reading.sentences.get(idx)?;
        let resumes = matches!(self.reading.kind(next.end), Some(Kind::Run(_)));
        let short = next.end - next.first <= 10 && self.reading.kind(next.end - 1) == Some(Kind::Stop);
        let plain =
            (last + 1..next.end).all(|at| !matches!(self.reading.kind(at), Some(Kind::Run(_) | Kind::Break)));
        if !resumes || !short || !plain {
            return None;
        }
        let named = |link: &Link| {
            link.source.is_some_and(|source| self.reading.source_kind(source) != SourceKind::Noun)
        };
        self.subject_of(idx, "sentence-after").filter(named)
    }

    /// Who is named behind a dash: `“…” — Ana Duarte`.
    fn signed(&self, last: usize) -> Option<Link> {
        let reading = self.reading;
        let mut dash = last + 1;
        if reading.kind(dash) == Some(Kind::Break) && reading.kind(dash + 1) == Some(Kind::Dash) {
            dash += 1;
        }
        if reading.kind(dash) != Some(Kind::Dash) {
            return None;
        }
        let source = reading.phrase_after(dash + 1, dash + 12)?;
        let ends = matches!(
            reading.kind(source.end),
            Some(Kind::Break | Kind::Comma | Kind::Open | Kind::Stop) | None
        );
        (ends && reading.tokens[source.first].has(shape::CAPITAL)).then_some(Link {
            source: Some(source),
            rule: "signed",
            ..Link::default()
        })
    }

    /// "Oda" of "Oda disagreed": a word in small letters behind a name, where nothing else follows, is no part of it.
    fn without_verb(&self, source: Phrase) -> Phrase {
        let tokens = &self.reading.tokens;
        let verb = source.end - source.first >= 2
            && tokens[source.first].is_proper()
            && tokens[source.end - 2].is_proper()
            && tokens[source.end - 1].parts == 0
            && !tokens[source.end - 1].has(shape::CAPITAL);
        if verb { Phrase { end: source.end - 1, ..source } } else { source }
    }

    /// Whether the words before a name and a colon leave the name alone: "But Oda:", "RIVERS RISE - Lee Oda:", "More from Oda:".
    fn is_heading(&self, first: usize, name: usize) -> bool {
        let reading = self.reading;
        (first..name).all(|at| reading.tokens[at].is(part::ADVERB | part::COORDINATOR | part::NUMBER))
            || reading.kind(name - 1) == Some(Kind::Dash)
            || (reading.is_word(name - 1, list!["from"]) && name - first <= 4)
    }

    fn is_thought(&self, cue: usize) -> bool {
        matches!(self.cues[cue].verb.frame, Frame::Hold | Frame::Show)
    }

    /// Who was last said to speak between two tokens.
    fn speaker_before(&self, from: usize, to: usize) -> Option<Phrase> {
        let cues = &self.cues
            [self.cues.partition_point(|cue| cue.at < from)..self.cues.partition_point(|cue| cue.at < to)];
        cues.iter()
            .rev()
            .find(|cue| {
                matches!(cue.verb.frame, Frame::Say | Frame::Tell)
                    && matches!(cue.mood, Mood::Finite | Mood::According)
            })
            .and_then(|cue| cue.source)
    }

    fn paragraph_start(&self, at: usize) -> usize {
        match self.reading.breaks.partition_point(|end| *end < at) {
            0 => 0,
            idx => self.reading.breaks[idx - 1] + 1,
        }
    }

    /// The speaker or subject of a whole sentence.
    fn subject_of(&self, idx: usize, rule: &'static str) -> Option<Link> {
        let bounds = self.reading.sentences[idx];
        let cues = &self.cues[self.cues.partition_point(|cue| cue.sentence < idx)
            ..self.cues.partition_point(|cue| cue.sentence <= idx)];
        let cue = cues.iter().find(|cue| cue.source.is_some() && matches!(cue.mood, Mood::Finite));
        let source = match cue {
            Some(cue) => cue.source,
            None => source::clause_subject(self.reading, bounds.first, bounds.end),
        }?;
        Some(Link { source: Some(source), rule, ..Link::default() })
    }

    fn paragraph_before(&self, paragraph: usize, previous: Option<usize>) -> Link {
        let nothing = Link { rule: "unattributed", ..Link::default() };
        let Some(end) = paragraph.checked_sub(1) else { return nothing };
        let before = self.paragraph_start(end);
        let continues = previous.filter(|q| self.places[*q].1 >= before);
        let last_sentence = self.reading.sentence_of(end);
        let colon = end > before && (self.reading.kind(end - 1) == Some(Kind::Colon));
        if colon && let Some(link) = self.subject_of(last_sentence, "colon-before") {
            return link;
        }
        if let Some(previous) = continues {
            return Link { continues: Some(previous), rule: "paragraph-before", ..Link::default() };
        }
        self.subject_of(last_sentence, "paragraph-subject").unwrap_or(nothing)
    }
}

fn rule_before(cue: &Cue) -> &'static str {
    match cue.mood {
        Mood::Participle => "before-participle",
        Mood::According => "before-according",
        Mood::Passive => "before-passive",
        Mood::Noun => "before-noun",
        _ if cue.inverted => "before-inverted",
        _ => "before-cue",
    }
}

fn rule_after(cue: &Cue) -> &'static str {
    match cue.mood {
        Mood::According => "after-according",
        _ if cue.inverted => "after-inverted",
        _ => "after-cue",
    }
}
