//! Which words of the text say who speaks each quotation run.
//!
//! In: a [`Reading`] and its cues. Out: one [`Link`] for each run: the cue and source that stand after, before or around it, or the
//! run whose speaker goes on. Must not name anybody.

use std::cell::Cell;

use super::attribution::SourceKind;
use super::cue::{Cue, Mood};
use super::phrase::{Phrase, REACH};
use super::reading::Reading;
use super::title;
use super::token::{Kind, Token, list, shape};
use super::{apposition, repeat};
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
    let mut linker = Linker::new(reading, cues);
    for run in 0..reading.runs.len() {
        let link = linker.link(run);
        let spoken = !title::is_title(reading, run, reading.places[run].0, &link);
        linker.links.push(if spoken {
            Link { spoken, ..link }
        } else {
            Link { rule: "title", ..Link::default() }
        });
    }
    repeat::speakers(reading, &mut linker.links);
    linker.links
}

/// Cues of one sentence that are explained.
const MAX_EXPLAINED: usize = 12;

/// Work in progress.
pub(super) struct Linker<'a, 'r> {
    pub(super) reading: &'a Reading<'r>,
    pub(super) cues: &'a [Cue],
    /// The sentence asked last by [`Linker::is_wordless`], and the answer.
    wordless: Cell<(usize, bool)>,
    /// Those of the runs before.
    pub(super) links: Vec<Link>,
}

impl<'a, 'r> Linker<'a, 'r> {
    pub(super) fn new(reading: &'a Reading<'r>, cues: &'a [Cue]) -> Self {
        Linker {
            reading,
            cues,
            wordless: Cell::new((usize::MAX, true)),
            links: Vec::with_capacity(reading.runs.len()),
        }
    }

    /// Whether a sentence holds nothing but quotes.
    pub(super) fn is_wordless(&self, sentence: usize) -> bool {
        let (asked, answer) = self.wordless.get();
        if asked == sentence {
            return answer;
        }
        let Some(bounds) = self.reading.sentences.get(sentence) else { return true };
        let answer = self.reading.tokens[bounds.first..bounds.end].iter().all(|token| !token.is_word());
        self.wordless.set((sentence, answer));
        answer
    }

    /// What was weighed for a run that has this link: one line for each cue of its sentence that lost.
    pub(super) fn explain(&self, run: usize, link: &Link) -> Vec<String> {
        let (first, last) = self.reading.places[run];
        if first == usize::MAX {
            return Vec::new();
        }
        let (_, here, from) = self.in_sentence(first);
        let lost = (from..from + here.len()).filter(|idx| Some(*idx) != link.cue).take(MAX_EXPLAINED);
        lost.map(|idx| {
            let cue = &self.cues[idx];
            let source =
                cue.source.map_or("nobody", |source| self.reading.span(source).of(self.reading.body));
            let reason = self.why_not(idx, link.cue, first, last);
            format!("not \u{201c}{}\u{201d} by {source}: {reason}", self.reading.word(cue.at))
        })
        .collect()
    }

    /// Why the cue `idx` does not speak for the run between `first` and `last`, but `chosen`.
    fn why_not(&self, idx: usize, chosen: Option<usize>, first: usize, last: usize) -> &'static str {
        let cue = &self.cues[idx];
        let led = chosen.is_some_and(|chosen| self.cues[chosen].end <= first);
        if cue.end > first {
            return match chosen {
                Some(_) if led => "the words before lead into the quote",
                Some(_) if cue.first > last + 1 => "stands farther behind the quote",
                _ => "who does it does not stand at the quote",
            };
        }
        match self.objection(idx, first) {
            Some(reason) => reason,
            None if self.is_thought(idx) => "a thought gives way to speech",
            None if cue.mood == Mood::According => "\"according to\" gives way to a verb",
            None if led => "stands farther before the quote",
            None => "the words behind the quote say who speaks",
        }
    }

    fn link(&self, run: usize) -> Link {
        let (first, last) = self.reading.places[run];
        if first == usize::MAX {
            return Link::default();
        }
        if let Some(link) = self.under_heading(first).or_else(|| self.owned_words(first)) {
            return link;
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
        let introduced = before.is_some_and(|cue| {
            speech(cue) && (self.introduces(cue, first) || ends != ',' && self.hands_over(cue, first))
        });
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
            (Some(before), _) if !self.is_thought(before) || self.is_made(before) => from_before(before),
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

    /// Whether the cue leads into the run past a listener: `Oda replied to Hart with, “Why now?” Hart wrote back`.
    fn hands_over(&self, cue: usize, first: usize) -> bool {
        const LISTENER: usize = 4;
        let cue = &self.cues[cue];
        let reading = self.reading;
        let main = match cue.mood {
            Mood::Finite => cue.source.is_some_and(|source| {
                source.first == 0
                    || !reading.tokens[source.first - 1].is_word()
                    || !reading.tokens[source.first - 1].is(part::SUBORDINATOR)
            }),
            Mood::Participle => cue.first > 0 && reading.tokens[cue.first - 1].is(part::COORDINATOR),
            _ => false,
        };
        main && !cue.inverted
            && first > cue.end
            && first - cue.end <= LISTENER + 1
            && matches!(reading.kind(first - 1), Some(Kind::Comma | Kind::Colon))
            && (cue.end..first - 1).all(|at| reading.tokens[at].is_word())
    }

    pub(super) fn in_sentence(&self, at: usize) -> (Phrase, &[Cue], usize) {
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
            if self.objection(from + idx, first).is_some() {
                continue;
            }
            // A thought inside reported speech is told by the speaker: "Oda said the town wants “quiet”".
            if !self.is_thought(from + idx) && cue.mood != Mood::According {
                // "rejected a claim by Oda that the dam was “rotten”": who judges a claim does not make it.
                let judges = matches!(cue.verb.frame, Frame::Act | Frame::Call | Frame::Ask);
                // "Oda said it was a gesture to highlight “…”": things use the words of who tells of them.
                if let Some(teller) = self.teller_of(cues, idx).filter(|_| self.is_things(cue)) {
                    return Some(from + teller);
                }
                return thought.filter(|thought| judges && self.is_made(*thought)).or(Some(from + idx));
            }
            thought = thought.or(Some(from + idx));
        }
        thought
    }

    /// The nearest verb of speech before the cue `idx` of a sentence that is reported under it.
    fn teller_of(&self, cues: &[Cue], idx: usize) -> Option<usize> {
        let teller = (0..idx).rev().take(4).find(|before| {
            let frame = cues[*before].verb.frame;
            cues[*before].source.is_some() && matches!(frame, Frame::Say | Frame::Tell)
        })?;
        let named = cues[teller].mood == Mood::Finite
            && !cues[teller].inverted
            && cues[teller].verb.paraphrase == Paraphrase::Any;
        named.then_some(teller)
    }

    /// Whether what does it is a thing: "a gesture to highlight".
    fn is_things(&self, cue: &Cue) -> bool {
        let judged = matches!(cue.verb.frame, Frame::Act | Frame::Show | Frame::Hold);
        judged
            && cue.source.is_some_and(|source| {
                self.reading.source_kind(source) == SourceKind::Noun
                    && self.reading.is_word(source.first, list!["a", "an", "this", "these"])
                    && !(source.first..source.end).any(|at| self.reading.tokens[at].is(part::ROLE))
            })
    }

    /// Why a cue cannot speak for the run behind it, if it cannot.
    fn objection(&self, idx: usize, first: usize) -> Option<&'static str> {
        let cue = &self.cues[idx];
        let Some(source) = cue.source else { return Some("nobody does it") };
        if cue.mood == Mood::Passive && source.end > first + 6 {
            return Some("passive, and who did it stands far behind");
        }
        if cue.verb.paraphrase == Paraphrase::Never && !(self.leads_into(idx, first) && self.opens_quote(cue))
        {
            return Some("takes only a quote that stands right behind it");
        }
        // "and I quote"
        (self.reading.is_word(cue.at, list!["quote"]) && self.reading.is_word(source.first, list!["i"]))
            .then_some("an idiom")
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
        // "Will Oda said": what looks like an auxiliary is a given name.
        if let Some(source) = cue.source.filter(|source| source.first == next + 1 && source.end <= cue.first)
            && self.is_given_name(next)
        {
            return Some((from + idx, Phrase { first: next, ..source }));
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
        let comma = start > last
            && match reading.kind(start - 1) {
                Some(Kind::Comma | Kind::Dash) => true,
                // `is “late” and “wrong,” Oda said`; not `“snapped” and said, “No,” Oda reported`
                Some(Kind::Run(run)) if start - 1 > last => {
                    reading.last_char(run) == ','
                        && !cues.iter().any(|other| {
                            other.mood == Mood::Finite && other.first > last && other.end < start
                        })
                }
                _ => false,
            }
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

    /// "Will", "May" before a surname.
    fn is_given_name(&self, at: usize) -> bool {
        let token = &self.reading.tokens[at];
        token.is_word()
            && token.is(part::MODAL)
            && token.has(shape::CAPITAL)
            && self
                .reading
                .tokens
                .get(at + 1)
                .is_some_and(|next| next.is_proper() && !next.has(shape::INITIAL))
    }

    fn begins_source(&self, at: usize) -> bool {
        let token = &self.reading.tokens[at];
        if self.is_given_name(at) {
            return true;
        }
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
        let bounds = reading.sentences[cue.sentence];
        if !thing && !self.is_made_there(bounds.first, source) {
            return Some(source);
        }
        apposition::clause_subject(reading, bounds.first, source.first).or(Some(source))
    }

    /// "Oda released an ad that", "Oda resent a message from her deputy, Lee Hart, that": something written, first spoken of there.
    fn is_made_there(&self, low: usize, source: Phrase) -> bool {
        const REACH: usize = 10;
        let reading = self.reading;
        let relative =
            reading.is_word(source.first, list!["that", "which"]) && source.end == source.first + 1;
        relative
            && (low.max(source.first.saturating_sub(REACH))..source.first).any(|at| {
                let written = reading.is_word(
                    at,
                    list![
                        "ad",
                        "ads",
                        "advert",
                        "commercial",
                        "video",
                        "message",
                        "tweet",
                        "post",
                        "letter",
                        "email",
                        "note",
                        "memo",
                        "sign",
                        "statement",
                        "spot",
                        "clip",
                        "petition",
                    ],
                );
                written
                    && (at + 1 == source.first || reading.is_word(at + 1, list!["from", "by", "on", "in"]))
                    && (low..at)
                        .rev()
                        .take(4)
                        .any(|word| reading.is_word(word, list!["a", "an", "another", "one"]))
            })
    }

    /// A description together with the name that explains it: "his wife, Ana Duarte".
    fn with_name(&self, source: Phrase) -> Phrase {
        apposition::with_name(self.reading, source)
    }

    /// Whether a verb that takes only quotes has one: "continued: “…”", not "continued to be “…”".
    fn opens_quote(&self, cue: &Cue) -> bool {
        let end = if cue.inverted { cue.source.map_or(cue.end, |source| source.end) } else { cue.end };
        match self.reading.kind(end) {
            Some(Kind::Word) => {
                self.reading.tokens[end].is(part::PREPOSITION | part::ADVERB | part::TIME)
                    && (!self.reading.is_word(end, list!["to"]) || self.is_listener(end + 1))
            }
            _ => true,
        }
    }

    /// "Oda", "her" of "replied to Oda", not "be" of "continued to be".
    fn is_listener(&self, at: usize) -> bool {
        self.reading.tokens.get(at).is_some_and(|token| {
            token.is_proper() || token.is(part::OBJECTIVE | part::POSSESSIVE | part::DETERMINER | part::ROLE)
        })
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

    /// Whether the words behind the cue may be told by another: thoughts, wishes, what polls show.
    fn is_thought(&self, cue: usize) -> bool {
        matches!(self.cues[cue].verb.frame, Frame::Hold | Frame::Show)
    }

    /// Whether the cue is a claim with its maker's name: "a claim by Oda that", "Oda's remark that".
    fn is_made(&self, cue: usize) -> bool {
        let cue = &self.cues[cue];
        cue.mood == Mood::Noun
            && !cue.shared
            && cue.source.is_some_and(|source| self.reading.source_kind(source) == SourceKind::Name)
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
