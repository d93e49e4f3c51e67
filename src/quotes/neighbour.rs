//! Who speaks a quotation run in whose sentence no cue speaks for it: a name before a colon or behind a dash, the subject of the
//! clause, whoever spoke before.
//!
//! In: the links of the runs before and one run. Out: its [`Link`], without a cue. Must not name anybody.

use super::apposition;
use super::attribution::SourceKind;
use super::cue::{Cue, Mood};
use super::direct::{Link, Linker};
use super::phrase::Phrase;
use super::source;
use super::token::{Kind, list, shape};
use crate::lexicon::cues::{Frame, part};

impl Linker<'_, '_> {
    /// A run in whose sentence no cue speaks for it.
    pub(super) fn without_cue(&self, run: usize, first: usize, last: usize) -> Link {
        let reading = self.reading;
        let (bounds, _, _) = self.in_sentence(first);
        if let Some(link) = self.signed(last) {
            return link;
        }
        let alone = self.is_wordless(reading.sentence_of(first));
        let previous = run
            .checked_sub(1)
            .filter(|q| self.links[*q].source.is_some() || self.links[*q].continues.is_some());
        let paragraph = self.paragraph_start(first);
        if let Some(link) = self.owner_of_words(first, last) {
            return link;
        }
        if !alone {
            let colon = first > bounds.first && reading.kind(first - 1) == Some(Kind::Colon);
            if colon
                && let Some(source) = reading.phrase_before(bounds.first, first - 1)
                && (self.is_heading(bounds.first, source.first) || self.ends_in_name(bounds.first, source))
            {
                let source = self.without_verb(source);
                return Link { source: Some(source), rule: "colon", ..Link::default() };
            }
            if colon && let Some(source) = self.presented(bounds.first, first) {
                return Link { source: Some(source), rule: "colon", ..Link::default() };
            }
            if let Some(source) = apposition::clause_subject(reading, bounds.first, first) {
                let spoken = self.speaker_before(paragraph, bounds.first);
                // "Good news travels": the capital of a first word makes no name.
                let longer = source.end > source.first + 1
                    || reading.tokens.get(source.end).is_some_and(|next| {
                        let plain = next.is_word() && next.parts == 0 && next.verb.is_none();
                        let verbal = |word: &str| word.ends_with("ed") || word.ends_with('s');
                        plain && !next.has(shape::CAPITAL) && !verbal(reading.word(source.end))
                    });
                let initial = longer
                    && reading.tokens[source.first].has(shape::INITIAL)
                    && !reading.tokens[source.first].has(shape::POSSESSIVE)
                    && !(source.first + 1..source.end)
                        .any(|at| reading.tokens[at].is_proper() || reading.tokens[at].is(part::ROLE));
                // "Doing so “looked odd”": what is done is no speaker.
                let deed = source.end == source.first + 1
                    && reading.tokens[source.first].has(shape::INITIAL)
                    && reading.word(source.first).ends_with("ing")
                    && spoken.is_some();
                let thing = initial
                    || deed
                    || reading.source_kind(source) == SourceKind::Noun
                    || reading.is_word(source.first, list!["it", "this", "that", "these", "those", "there"]);
                if thing && let Some(source) = spoken {
                    return Link { source: Some(source), rule: "paragraph-speaker", ..Link::default() };
                }
                return Link { source: Some(source), rule: "clause-subject", ..Link::default() };
            }
        }
        if let Some(previous) = previous.filter(|q| self.reading.places[*q].1 >= paragraph) {
            // A sentence between the two quotes may bring in somebody else.
            let between = self.reading.sentence_of(self.reading.places[previous].1) + 1
                ..self.reading.sentence_of(first);
            for idx in between.rev() {
                if let Some(link) = self.subject_of(idx, "sentence-before")
                    && !self.is_thing(&link)
                {
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

    /// "RIVERS RISE - Lee Oda: “…”": a name in full between a dash and a colon says whose words follow, whatever stands before.
    pub(super) fn under_heading(&self, first: usize) -> Option<Link> {
        let reading = self.reading;
        let colon = first.checked_sub(1).filter(|at| reading.kind(*at) == Some(Kind::Colon))?;
        let (bounds, _, _) = self.in_sentence(first);
        let source = reading.phrase_before(bounds.first, colon)?;
        let named = source.end - source.first >= 2
            && reading.tokens[source.first..source.end]
                .iter()
                .all(|token| token.is_proper() && !token.is(part::TIME) || token.is(part::COORDINATOR));
        let behind_dash = source.first > bounds.first && reading.kind(source.first - 1) == Some(Kind::Dash);
        (named && behind_dash).then_some(Link { source: Some(source), rule: "colon", ..Link::default() })
    }

    /// "Here's Oda in May: “…”", "Here is Oda: “…”": who is presented.
    fn presented(&self, low: usize, first: usize) -> Option<Phrase> {
        let reading = self.reading;
        if !reading.is_word(low, list!["here", "here's"]) {
            return None;
        }
        let begin = low + 1 + usize::from(reading.is_word(low + 1, list!["is", "was"]));
        let source = reading.phrase_after(begin, first)?;
        (reading.source_kind(source) == SourceKind::Name && source.first == begin).then_some(source)
    }

    /// "Oda's “not one stone” promise", "her “not one stone” line": whose words a noun behind them says they are.
    fn owner_of_words(&self, first: usize, last: usize) -> Option<Link> {
        let reading = self.reading;
        let (bounds, _, _) = self.in_sentence(first);
        let owner = first.checked_sub(1).filter(|at| *at >= bounds.first)?;
        let token = &reading.tokens[owner];
        let words = reading.is_word(
            last + 1,
            list![
                "promise",
                "promises",
                "pledge",
                "vow",
                "line",
                "remark",
                "remarks",
                "comment",
                "comments",
                "claim",
                "quip",
                "joke",
                "boast",
                "warning",
                "insult",
                "quote",
                "refrain",
                "answer",
                "retort",
                "threat",
                "assertion",
                "argument",
                "mantra",
                "declaration",
                "statement",
                "quotation",
            ],
        );
        if !words {
            return None;
        }
        let source = match token.is(part::POSSESSIVE) && reading.is_word(owner, list!["his", "her"]) {
            true => Phrase { first: owner, end: owner + 1 },
            false if token.is_word() && token.has(shape::POSSESSIVE) && token.is_proper() => {
                source::behind_preposition(reading, reading.phrase_before(bounds.first, owner + 1)?)
            }
            false => return None,
        };
        Some(Link { source: Some(source), rule: "owner", ..Link::default() })
    }

    /// "Oda's claim about “…”", "her call for a “…”": whose words a noun before them says they are, whoever judges them.
    pub(super) fn owned_words(&self, first: usize) -> Option<Link> {
        /// Adjectives between owner and noun.
        const ADJECTIVES: usize = 2;
        let reading = self.reading;
        let (bounds, _, _) = self.in_sentence(first);
        let before =
            |at: usize| at.checked_sub(1).filter(|at| *at >= bounds.first && reading.tokens[*at].is_word());
        let mut at = before(first)?;
        if reading.is_word(at, list!["a", "an", "the"]) {
            at = before(at)?;
        }
        if !reading.is_word(at, list!["for", "of", "about", "that", "to", "on"]) {
            return None;
        }
        at = before(at)?;
        let made = list![
            "call",
            "calls",
            "remark",
            "remarks",
            "comment",
            "comments",
            "promise",
            "promises",
            "pledge",
            "vow",
            "claim",
            "claims",
            "warning",
            "warnings",
            "statement",
            "statements",
            "accusation",
            "accusations",
            "suggestion",
            "declaration",
            "threat",
            "assertion",
            "assertions",
            "boast",
            "talk",
            "description",
            "prediction",
            "complaint",
            "complaints",
            "joke",
            "quip",
        ];
        if !reading.is_word(at, made) {
            return None;
        }
        let noun = self.cues.partition_point(|cue| cue.at < at);
        let cue = self.cues.get(noun).filter(|cue| cue.at == at && cue.mood == Mood::Noun).map(|_| noun);
        let link = |source| Link { cue, source: Some(source), rule: "owner", ..Link::default() };
        for _ in 0..=ADJECTIVES {
            at = before(at)?;
            let token = &reading.tokens[at];
            if token.is(part::POSSESSIVE) && reading.is_word(at, list!["his", "her"]) {
                return Some(link(Phrase { first: at, end: at + 1 }));
            }
            if token.has(shape::POSSESSIVE) {
                let owner = reading.phrase_before(bounds.first, at + 1)?;
                let named = reading.tokens[at].is_proper();
                return named.then(|| link(source::behind_preposition(reading, owner)));
            }
            if token.parts != 0 || token.has(shape::CAPITAL) {
                return None;
            }
        }
        None
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
            dash = self.signature(last)?;
        }
        // "–– Ana Duarte"
        while reading.kind(dash + 1) == Some(Kind::Dash) {
            dash += 1;
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

    /// The dash before the name that ends the paragraph of `last`, where a quote opens it: `“…” And more of it. — Ana Duarte`.
    fn signature(&self, last: usize) -> Option<usize> {
        const LONGEST: usize = 7;
        let reading = self.reading;
        let first = self.paragraph_start(last);
        if !matches!(reading.kind(first), Some(Kind::Run(_))) {
            return None;
        }
        let end = match reading.breaks.get(reading.breaks.partition_point(|at| *at < last)) {
            Some(end) => *end,
            None => reading.tokens.len(),
        };
        let end = if reading.kind(end.checked_sub(1)?) == Some(Kind::Stop) { end - 1 } else { end };
        let low = end.saturating_sub(LONGEST).max(last + 1);
        let dash = (low..end).rev().find(|at| reading.kind(*at) == Some(Kind::Dash))?;
        let named = dash + 2 < end && (dash + 1..end).all(|at| reading.tokens[at].is_proper());
        named.then_some(dash)
    }

    /// "Oda" of "Oda disagreed": a word in small letters behind a name, where nothing else follows, is no part of it.
    fn without_verb(&self, source: Phrase) -> Phrase {
        let tokens = &self.reading.tokens;
        let verb = source.end - source.first >= 2
            && tokens[source.first].is_proper()
            && tokens[source.end - 2].is_proper()
            && tokens[source.end - 1].parts == 0
            && !tokens[source.end - 1].has(shape::CAPITAL)
            && self.reading.word(source.end - 1).ends_with("ed");
        if verb { Phrase { end: source.end - 1, ..source } } else { source }
    }

    /// Whether the words before a name and a colon leave the name alone: "But Oda:", "RIVERS RISE - Lee Oda:", "More from Oda:".
    fn is_heading(&self, first: usize, name: usize) -> bool {
        let reading = self.reading;
        (first..name).all(|at| reading.tokens[at].is(part::ADVERB | part::COORDINATOR | part::NUMBER))
            || reading.kind(name - 1) == Some(Kind::Dash)
            || (reading.is_word(name - 1, list!["from"]) && name - first <= 4)
    }

    /// Whether a name in full ends the words before a colon as what they lead to: "This was news to no one but pollster Lee Oda:".
    fn ends_in_name(&self, low: usize, source: Phrase) -> bool {
        let tokens = &self.reading.tokens;
        let named = source.end - source.first >= 2
            && tokens[source.end - 2..source.end]
                .iter()
                .all(|token| token.is_proper() && !token.is(part::TIME));
        let before = source.first.checked_sub(1).filter(|at| *at >= low);
        named
            && !(source.first..source.end).any(|at| tokens[at].is(part::PREPOSITION))
            && before.is_some_and(|at| {
                tokens[at].is_word()
                    && tokens[at].verb.is_none()
                    && (!tokens[at].is(part::PREPOSITION)
                        || self.reading.is_word(at, list!["by", "from", "but", "like"]))
            })
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
        let cue = self
            .closing(bounds, cues)
            .or_else(|| cues.iter().find(|cue| cue.source.is_some() && matches!(cue.mood, Mood::Finite)));
        let source = match cue {
            Some(cue) => cue.source,
            None => apposition::clause_subject(self.reading, bounds.first, bounds.end),
        }?;
        let source = apposition::with_name(self.reading, source);
        Some(Link { source: Some(source), rule, ..Link::default() })
    }

    /// The attribution that ends a sentence: "The dam will hold, Oda said."
    fn closing<'c>(&self, bounds: Phrase, cues: &'c [Cue]) -> Option<&'c Cue> {
        const REST: usize = 4;
        let reading = self.reading;
        let cue = cues.last()?;
        let source = cue.source?;
        let (start, end) = (source.first.min(cue.first), source.end.max(cue.end));
        let rest = bounds.end.saturating_sub(end);
        (cue.mood == Mood::Finite
            && !cue.shared
            && matches!(cue.verb.frame, Frame::Say | Frame::Tell)
            && start > bounds.first
            && reading.kind(start - 1) == Some(Kind::Comma)
            && rest <= REST + 1
            && !(end..bounds.end).any(|at| matches!(reading.kind(at), Some(Kind::Run(_) | Kind::Colon))))
        .then_some(cue)
    }

    /// Whether the subject of a sentence cannot be who speaks next to it: "They lie far apart", "The ballot was long".
    fn is_thing(&self, link: &Link) -> bool {
        let reading = self.reading;
        let Some(source) = link.source else { return false };
        match reading.source_kind(source) {
            SourceKind::Name => false,
            SourceKind::Pronoun => reading.is_word(
                source.first,
                list![
                    "it", "this", "that", "these", "those", "there", "they", "we", "i", "you", "its", "their"
                ],
            ),
            SourceKind::Noun => !(source.first..source.end).any(|at| reading.tokens[at].is(part::ROLE)),
        }
    }

    /// "The site rated this statement by Oda in June:": whose words the sentence says follow.
    fn maker_of_words(&self, low: usize, end: usize) -> Option<Phrase> {
        let reading = self.reading;
        let low = low.max(end.saturating_sub(30));
        let by = (low + 1..end).rev().find(|at| {
            reading.is_word(*at, list!["by", "from"])
                && reading.is_word(
                    at - 1,
                    list![
                        "statement",
                        "tweet",
                        "post",
                        "message",
                        "comment",
                        "comments",
                        "remarks",
                        "quote",
                        "words",
                        "claim",
                        "letter",
                        "email",
                        "excerpt",
                        "passage"
                    ],
                )
        })?;
        let maker = reading.phrase_after(by + 1, end)?;
        let named = (maker.first..maker.end).any(|at| reading.tokens[at].is_proper());
        (named && maker.first == by + 1).then_some(maker)
    }

    fn paragraph_before(&self, paragraph: usize, previous: Option<usize>) -> Link {
        let nothing = Link { rule: "unattributed", ..Link::default() };
        let Some(end) = paragraph.checked_sub(1) else { return nothing };
        let before = self.paragraph_start(end);
        let continues = previous.filter(|q| self.reading.places[*q].1 >= before);
        let last_sentence = self.reading.sentence_of(end);
        let colon = end > before && (self.reading.kind(end - 1) == Some(Kind::Colon));
        if colon && let Some(source) = self.maker_of_words(self.reading.sentences[last_sentence].first, end) {
            return Link { source: Some(source), rule: "colon-before", ..Link::default() };
        }
        if colon && let Some(link) = self.subject_of(last_sentence, "colon-before") {
            return link;
        }
        if let Some(previous) = continues {
            return Link { continues: Some(previous), rule: "paragraph-before", ..Link::default() };
        }
        self.subject_of(last_sentence, "paragraph-subject").unwrap_or(nothing)
    }
}
