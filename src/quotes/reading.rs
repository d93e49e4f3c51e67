//! An article as tokens in sentences.
//!
//! In: the tokens of an article. Out: [`Reading`], asked for words, sentences and what ends a quote. Must not know what is quoted
//! or who is meant.

use super::marks::Run;
use super::phrase::Phrase;
use super::token::{Kind, Listed, Token, Tokens, list, shape};
use crate::lexicon::cues::{Frame, form, part};
use crate::model::Span;

/// An article as tokens in sentences.
pub(super) struct Reading<'a> {
    /// The text.
    pub(super) body: &'a str,
    /// Its quotation runs.
    pub(super) runs: &'a [Run],
    /// Its tokens.
    pub(super) tokens: Vec<Token>,
    /// Those that may be cues.
    pub(super) speech: Vec<u32>,
    /// Those that end a paragraph.
    pub(super) breaks: Vec<usize>,
    /// First and last token of each run; a first behind the last where a run has none.
    pub(super) places: Vec<(usize, usize)>,
    /// Sentences, in order; a quote and its attribution are one.
    pub(super) sentences: Vec<Phrase>,
}

impl<'a> Reading<'a> {
    /// Cuts tokens into sentences.
    pub(super) fn new(body: &'a str, runs: &'a [Run], tokens: Tokens) -> Self {
        let Tokens { all: tokens, ends, speech } = tokens;
        let mut reading = Reading {
            body,
            runs,
            tokens,
            speech,
            breaks: Vec::new(),
            places: vec![(usize::MAX, 0); runs.len()],
            sentences: Vec::with_capacity(ends.len()),
        };
        let mut first = 0;
        for at in ends {
            let at = at as usize;
            let ends = match reading.tokens[at].kind {
                Kind::Break => {
                    reading.breaks.push(at);
                    true
                }
                Kind::Stop => !matches!(reading.kind(at + 1), Some(Kind::Stop | Kind::Close | Kind::Break)),
                Kind::Close => {
                    at > 0
                        && reading.tokens[at - 1].kind == Kind::Stop
                        && reading.kind(at + 1) != Some(Kind::Break)
                }
                Kind::Run(run) => {
                    let place = &mut reading.places[run as usize];
                    *place = (place.0.min(at), at);
                    reading.ends_sentence(at)
                }
                _ => false,
            };
            if ends {
                reading.sentences.push(Phrase { first, end: at + 1 });
                first = at + 1;
            }
        }
        reading
    }

    /// What the token at `at` is.
    pub(super) fn kind(&self, at: usize) -> Option<Kind> {
        self.tokens.get(at).map(|token| token.kind)
    }

    /// The text of the token at `at`.
    pub(super) fn word(&self, at: usize) -> &'a str {
        self.tokens.get(at).map_or("", |token| token.span().of(self.body))
    }

    /// Whether the token at `at` is this lower-case word, whatever its case.
    pub(super) fn is_word(&self, at: usize, words: &[Listed]) -> bool {
        let Some(token) = self.tokens.get(at).filter(|token| token.is_word()) else { return false };
        let whole = |listed: &Listed| listed.is_short() || self.word(at).eq_ignore_ascii_case(listed.word);
        words.iter().any(|listed| listed.low == token.low && whole(listed))
    }

    /// Bytes of a phrase.
    pub(super) fn span(&self, phrase: Phrase) -> Span {
        if phrase.first >= phrase.end {
            return Span::new(0, 0);
        }
        Span::new(self.tokens[phrase.first].start as usize, self.tokens[phrase.end - 1].end as usize)
    }

    /// Index of the sentence that holds token `at`.
    pub(super) fn sentence_of(&self, at: usize) -> usize {
        self.sentences.partition_point(|sentence| sentence.end <= at)
    }

    /// The last character of a run's words.
    pub(super) fn last_char(&self, run: u32) -> char {
        self.runs[run as usize]
            .last()
            .inner
            .of(self.body)
            .chars()
            .rev()
            .find(|c| !is_closing(*c))
            .unwrap_or(' ')
    }

    fn ends_sentence(&self, at: usize) -> bool {
        let token = self.tokens[at];
        let text = token.span().of(self.body);
        let last = text.chars().rev().find(|c| !is_closing(*c) && !c.is_whitespace()).unwrap_or(' ');
        if !matches!(last, '.' | '?' | '!' | '…') {
            return false;
        }
        let Some(next) = self.tokens.get(at + 1) else { return true };
        match next.kind {
            Kind::Run(_) => true,
            Kind::Break => false,
            Kind::Open => true,
            Kind::Word if next.has(shape::CAPITAL) || next.has(shape::DIGIT) => {
                !self.is_attribution(at + 1, last == '.')
            }
            _ => false,
        }
    }

    /// Whether a name and a speech verb begin at `at` and end the clause: what follows the quote in `“Why?” Oda asked.` Behind a
    /// full stop (`strict`) nothing may stand between them and nothing follow.
    fn is_attribution(&self, at: usize, strict: bool) -> bool {
        let reach = if strict { 8 } else { 30 };
        let mut aside = false;
        // "Will Oda said": what looks like an auxiliary is a given name.
        let given = self.tokens[at].is(part::MODAL)
            && self.tokens[at].has(shape::CAPITAL)
            && self.tokens.get(at + 1).is_some_and(|next| next.is_proper() && !next.has(shape::INITIAL));
        for verb in at..at + reach {
            let Some(token) = self.tokens.get(verb) else { return false };
            if token.kind == Kind::Comma && !strict && (given || self.tokens[at].is_proper()) {
                aside = !aside;
                continue;
            }
            if !token.is_word() {
                return false;
            }
            if aside {
                continue;
            }
            if !aside && verb >= at + 8 && self.tokens[verb - 1].kind != Kind::Comma {
                return false;
            }
            let speaks =
                token.verb.is_some_and(|v| v.forms & form::FINITE != 0 && !token.has(shape::CAPITAL));
            if !speaks {
                if given && verb == at {
                    continue;
                }
                if token.is(part::AUXILIARY | part::MODAL | part::VERB | part::SUBORDINATOR)
                    && !token.is(part::PREPOSITION)
                {
                    return false;
                }
                continue;
            }
            let ends = matches!(self.kind(verb + 1), Some(Kind::Stop | Kind::Break | Kind::Run(_)) | None);
            return ends
                || (!strict
                    && verb > at
                    && !self.is_word(verb + 1, list!["that", "he", "she", "they", "it"])
                    && (!self.is_word(verb + 1, list!["the"])
                        // `“Why?” Oda asked the mayor.`
                        || token.verb.is_some_and(|v| matches!(v.frame, Frame::Tell | Frame::Ask))));
        }
        false
    }
}

/// Marks and brackets that may follow the last word of a quote.
fn is_closing(c: char) -> bool {
    matches!(c, '"' | '\'' | '”' | '’' | '“' | '»' | ')' | ']' | '`')
}
