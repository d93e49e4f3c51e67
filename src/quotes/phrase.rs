//! Noun phrases, read from tokens without a parser.
//!
//! In: a [`Reading`]. Out: the noun phrase that ends or begins at a token, and what it looks like. Every search stays inside one
//! sentence and looks at most [`REACH`] tokens far, so that work stays linear. Must not know what is quoted or who is meant.

use super::attribution::SourceKind;
use super::reading::Reading;
use super::token::{Kind, Listed, Token, list, shape};
use crate::lexicon::cues::{form, part};

/// Farthest a search looks, in tokens: longer than any sentence worth reading.
pub(super) const REACH: usize = 120;

/// Half-open range of token indices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Phrase {
    /// First token.
    pub(super) first: usize,
    /// One past the last token.
    pub(super) end: usize,
}

impl Reading<'_> {
    /// Whether the token can be part of a noun phrase as a noun or name.
    pub(super) fn is_nominal(&self, at: usize) -> bool {
        let token = &self.tokens[at];
        if !token.is_word() {
            return false;
        }
        if token.is(part::ROLE) || token.is_proper() || token.has(shape::DIGIT) {
            return true;
        }
        if token.parts != 0 {
            return false;
        }
        match token.verb {
            None => true,
            Some(verb) => verb.forms & form::PAST == 0 && at > 0 && self.is_modifier(at - 1),
        }
    }

    /// Whether the token can stand before a noun and mark the next word as one.
    fn is_modifier(&self, at: usize) -> bool {
        let token = &self.tokens[at];
        token.is_word()
            && (token.is(part::DETERMINER | part::POSSESSIVE | part::NUMBER)
                || token.has(shape::POSSESSIVE | shape::DIGIT)
                || token.is_proper())
            && !token.is(part::PRONOUN & part::RELATIVE)
    }

    /// The noun phrase that ends before token `end` and does not reach before `low`.
    pub(super) fn phrase_before(&self, low: usize, end: usize) -> Option<Phrase> {
        let low = low.max(end.saturating_sub(REACH));
        let mut end = end;
        if end > low && self.tokens[end - 1].kind == Kind::Close {
            end = self.opening(low, end - 1)?;
        }
        if end <= low {
            return None;
        }
        let last = &self.tokens[end - 1];
        if self.is_pronoun(end - 1) {
            return Some(Phrase { first: end - 1, end });
        }
        if !last.is_word() {
            return None;
        }
        let mut first = end;
        while first > low {
            let at = first - 1;
            let token = &self.tokens[at];
            match token.kind {
                Kind::Word => {}
                Kind::Run(_)
                    if first < end && at > low && (self.is_nominal(at - 1) || self.is_modifier(at - 1)) =>
                {
                    first = at;
                    continue;
                }
                Kind::Close if first < end => {
                    let Some(open) = self.opening(low, at).filter(|open| at - open < 6) else { break };
                    first = open;
                    continue;
                }
                _ => break,
            }
            if token.is(part::TIME) && !token.is(part::DETERMINER) {
                break;
            }
            if token.is(part::DETERMINER | part::POSSESSIVE | part::NUMBER)
                && !(first == end && token.is(part::RELATIVE))
            {
                if token.is(part::RELATIVE)
                    && self.is_word(at, list!["that"])
                    && first < end
                    && self.tokens[first].is_proper()
                {
                    break;
                }
                first = at;
                if self.continues_before(low, at) { continue } else { break }
            }
            if token.is(part::PREPOSITION) {
                if first < end && self.is_inner_preposition(low, at) {
                    first = at;
                    continue;
                }
                break;
            }
            if token.is(part::COORDINATOR) {
                if first < end && at > low && self.joins(at) {
                    first = at;
                    continue;
                }
                break;
            }
            let fits = self.is_nominal(at) || (first < end && self.is_adjective(at));
            if !fits {
                break;
            }
            first = at;
        }
        // What begins with a preposition or conjunction was cut too far to the left.
        while first < end
            && self.tokens[first].is(part::PREPOSITION | part::COORDINATOR)
            && !self.tokens[first].is(part::DETERMINER)
        {
            first += 1;
        }
        if first >= end
            || !(first..end)
                .any(|at| self.is_nominal(at) || self.is_pronoun(at) || self.tokens[at].is(part::NUMBER))
        {
            return None;
        }
        Some(self.trim_name(Phrase { first, end }))
    }

    /// Whether the token alone can be a whole subject.
    pub(super) fn is_pronoun(&self, at: usize) -> bool {
        let token = &self.tokens[at];
        token.is_word()
            && token.is(part::PRONOUN | part::RELATIVE)
            && !(token.has(shape::CAPITAL) && !token.has(shape::INITIAL) && self.word(at) != "I")
    }

    fn is_adjective(&self, at: usize) -> bool {
        let token = &self.tokens[at];
        token.is_word()
            && (token.is(part::ADVERB | part::NUMBER)
                || token.verb.is_some_and(|v| v.forms & (form::PARTICIPLE | form::ING) != 0))
            && at > 0
            && self.is_modifier(at - 1)
            && !self.tokens[at - 1].is_proper()
    }

    /// Whether the phrase goes on to the left of its determiner: "the six aides", "leader of the party".
    fn continues_before(&self, low: usize, at: usize) -> bool {
        if at <= low {
            return false;
        }
        let before = &self.tokens[at - 1];
        let determiner = before.is_word()
            && before.is(part::DETERMINER | part::NUMBER)
            && !before.is(part::RELATIVE | part::SUBORDINATOR);
        determiner || self.is_inner_preposition(low, at - 1)
    }

    /// Whether the preposition at `at` belongs to the noun before it: "a spokesman for", "the mayor of".
    fn is_inner_preposition(&self, low: usize, at: usize) -> bool {
        const INNER: &[Listed] =
            list!["of", "for", "from", "in", "at", "with", "to", "behind", "against", "on"];
        if at <= low || !self.is_word(at, INNER) {
            return false;
        }
        let before = &self.tokens[at - 1];
        if before.has(shape::POSSESSIVE) {
            return false;
        }
        if self.is_word(at, list!["to", "on", "in", "at", "against", "from"]) {
            return before.is(part::ROLE);
        }
        before.is(part::ROLE | part::NUMBER)
            || (before.parts & !part::DETERMINER == 0 && self.is_nominal(at - 1))
            || before.is(part::DETERMINER & !part::RELATIVE)
                && self.is_word(at - 1, list!["some", "many", "most", "all", "several", "none", "each"])
    }

    /// Whether "and" at `at` joins two names or two nouns of one subject.
    fn joins(&self, at: usize) -> bool {
        if !self.is_word(at, list!["and", "or", "&"]) && self.word(at) != "&" {
            return false;
        }
        let (left, right) = (&self.tokens[at - 1], &self.tokens[at + 1]);
        let name = |token: &Token| token.is_proper() && !token.is(part::TIME);
        (name(left) && (name(right) || right.is(part::DETERMINER | part::POSSESSIVE)))
            || (left.is(part::ROLE) && (right.is(part::ROLE) || self.is_nominal(at + 1)))
    }

    /// A name without the place or occasion that follows it: "Oda in a statement", "Rep. Lee Oda of Texas".
    fn trim_name(&self, phrase: Phrase) -> Phrase {
        let begins_with_name = self.tokens[phrase.first].is_proper();
        if !begins_with_name {
            return phrase;
        }
        for at in phrase.first + 1..phrase.end {
            let token = &self.tokens[at];
            if token.kind == Kind::Open
                || (token.is(part::PREPOSITION)
                    && !self.is_word(at, list!["of", "for"])
                    && !self.tokens[at - 1].is(part::ROLE))
            {
                return Phrase { first: phrase.first, end: at };
            }
        }
        phrase
    }

    fn opening(&self, low: usize, close: usize) -> Option<usize> {
        (low..close).rev().take(30).find(|at| self.tokens[*at].kind == Kind::Open)
    }

    /// The noun phrase that begins at token `first` and does not reach beyond `high`.
    pub(super) fn phrase_after(&self, first: usize, high: usize) -> Option<Phrase> {
        let high = high.min(first + REACH).min(self.tokens.len());
        if first >= high || !self.tokens[first].is_word() {
            return None;
        }
        if self.is_pronoun(first)
            && !self.tokens[first].is(part::RELATIVE)
            && !(self.tokens[first].is(part::DETERMINER | part::NUMBER)
                && first + 1 < high
                && (self.is_nominal(first + 1) || self.is_adjective(first + 1)))
        {
            let others = self.tokens[first].is(part::DETERMINER) && self.is_word(first + 1, list!["of"]);
            if !others {
                return Some(Phrase { first, end: first + 1 });
            }
        }
        let mut end = first;
        let mut named = false;
        while end < high {
            let token = &self.tokens[end];
            match token.kind {
                Kind::Word => {}
                Kind::Run(_) if end > first && end + 1 < high && self.tokens[end + 1].is_proper() => {
                    end += 1;
                    continue;
                }
                _ => break,
            }
            if token.is(part::TIME) && !token.is(part::ROLE) {
                break;
            }
            if token.is(part::DETERMINER | part::POSSESSIVE | part::NUMBER) && !token.is(part::RELATIVE) {
                let opens = end == first
                    || self.tokens[end - 1].is(part::PREPOSITION | part::COORDINATOR | part::DETERMINER);
                if !opens {
                    break;
                }
                end += 1;
                continue;
            }
            if token.is(part::PREPOSITION) {
                let of = self.is_word(end, list!["of", "for", "at", "with", "from", "in", "to"]);
                let nominal = end > first && self.tokens[end - 1].is(part::ROLE);
                let inner = (nominal && of)
                    || (self.is_word(end, list!["of", "for"])
                        && end > first
                        && self.is_nominal(end - 1)
                        && !named)
                    || (self.is_word(end, list!["of"]) && end > first && !self.has_person_title(first));
                if inner && end + 1 < high && self.begins_phrase(end + 1) {
                    end += 1;
                    continue;
                }
                break;
            }
            if token.is(part::COORDINATOR) {
                if end > first && end + 1 < high && self.joins(end) && !self.starts_clause(end + 1, high) {
                    end += 1;
                    continue;
                }
                break;
            }
            // "Oda pushed back", "the senator pushed back": an unknown word behind the head is a verb.
            let lower = !token.has(shape::CAPITAL | shape::DIGIT) && token.parts == 0;
            // "Oda's top foreign policy aide": what an owner stands before is a noun.
            let behind_name = end > first
                && self.tokens[end - 1].is_proper()
                && !self.tokens[end - 1].has(shape::POSSESSIVE)
                && !(self.tokens[first].has(shape::POSSESSIVE) && self.role_follows(end, high))
                && !self.name_follows(end, high);
            let verbal = self.word(end).ends_with("ed") || (behind_name && self.word(end).ends_with('s'));
            if lower
                && end > first
                && self.is_nominal(end - 1)
                && (verbal || (behind_name && self.tokens[first].is_proper()))
            {
                break;
            }
            let adjective = end == first || !token.has(shape::CAPITAL);
            let fits = self.is_nominal(end) || (adjective && self.is_adjective(end));
            if !fits {
                break;
            }
            named |= token.is_proper();
            end += 1;
        }
        while end > first
            && self.tokens[end - 1].is(part::PREPOSITION | part::COORDINATOR | part::DETERMINER)
            && !self.is_pronoun(end - 1)
        {
            end -= 1;
        }
        (end > first && (first..end).any(|at| self.is_nominal(at) || self.is_pronoun(at)))
            .then_some(Phrase { first, end })
    }

    /// Whether lower-case words at `at` lead to a name: "Labor political consultant Lee Oda".
    fn name_follows(&self, at: usize, high: usize) -> bool {
        let plain = |at: &usize| {
            self.tokens[*at].is_word()
                && !self.tokens[*at].has(shape::CAPITAL)
                && self.tokens[*at].parts & !part::ROLE == 0
        };
        let next = (at..high.min(at + 4)).find(|at| !plain(at));
        next.is_some_and(|next| self.tokens[next].is_proper() && next > at)
    }

    /// Whether lower-case words at `at` lead to a role: "state director".
    fn role_follows(&self, at: usize, high: usize) -> bool {
        let plain = |at: &usize| {
            self.tokens[*at].is_word()
                && !self.tokens[*at].has(shape::CAPITAL)
                && self.tokens[*at].parts & !part::ROLE == 0
        };
        (at..high.min(at + 4)).take_while(plain).any(|at| self.tokens[at].is(part::ROLE))
    }

    fn has_person_title(&self, first: usize) -> bool {
        self.tokens[first].has(shape::DOTTED)
    }

    fn begins_phrase(&self, at: usize) -> bool {
        self.tokens[at].is(part::DETERMINER | part::POSSESSIVE | part::NUMBER) || self.is_nominal(at)
    }

    /// Whether a clause with its own verb begins at `at`: what "and" joins there is not a second name.
    fn starts_clause(&self, at: usize, high: usize) -> bool {
        for next in at..high.min(at + 5) {
            let token = &self.tokens[next];
            if !token.is_word() {
                return false;
            }
            if token.is(part::AUXILIARY | part::MODAL | part::VERB)
                || token.verb.is_some_and(|v| v.forms & form::FINITE != 0 && !token.has(shape::CAPITAL))
            {
                return next > at;
            }
        }
        false
    }

    /// What a phrase looks like.
    pub(super) fn source_kind(&self, phrase: Phrase) -> SourceKind {
        if phrase.end == phrase.first + 1
            && self.is_pronoun(phrase.first)
            && !self.tokens[phrase.first].is(part::DETERMINER & !part::RELATIVE)
        {
            return SourceKind::Pronoun;
        }
        if phrase.end == phrase.first + 1 && self.tokens[phrase.first].is(part::POSSESSIVE) {
            return SourceKind::Pronoun;
        }
        if phrase.end == phrase.first + 1 && self.is_pronoun(phrase.first) {
            let personal = self.is_word(phrase.first, list!["this", "that", "these", "those", "such"]);
            return if personal { SourceKind::Pronoun } else { SourceKind::Noun };
        }
        if (phrase.first..phrase.end).any(|at| self.tokens[at].is_proper() || self.is_leading_name(at)) {
            SourceKind::Name
        } else {
            SourceKind::Noun
        }
    }

    /// A name at the beginning of a sentence whose spelling is also a verb: "Grant said".
    fn is_leading_name(&self, at: usize) -> bool {
        let token = &self.tokens[at];
        token.is_word() && token.has(shape::INITIAL) && token.has(shape::CAPITAL) && token.parts == 0
    }
}
