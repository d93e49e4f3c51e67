//! Whose name heads the mention of a speaker: "Hart spokesman Lee Oda" is Oda, "Hart's lawyer, Lee Oda" too, "an aide to Hart"
//! is nobody.
//!
//! In: a cast and the span of a mention. Out: [`Head`]. Looks at the words of the mention only.

use super::Cast;
use super::discourse::is_preposition;
use super::entity::EntityKind;
use super::token::{gap, shape};
use crate::lexicon::people::{WordFlags, word_key};
use crate::model::Span;
use crate::quotes::attribution::Attribution;

/// Words from which on a run of capitals without a given name is a headline.
const MAX_UNKNOWN_WORDS: usize = 4;

/// Head of a mention.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Head {
    /// The name with this index among the raw names.
    Mention(usize),
    /// A name that the reader of names did not see: these tokens, inclusive.
    Words(usize, usize),
    /// A description; names in it only say whose.
    Noun,
}

impl Cast<'_> {
    /// What heads the mention under `span`.
    pub(super) fn head(&self, span: Span) -> Head {
        let from = self.token_from(span.start);
        let to = self.token_from(span.end);
        if from >= to {
            return Head::Noun;
        }
        let first_raw = self.raw.partition_point(|raw| (raw.name_last as usize) < from);
        let behind = self.raw.partition_point(|raw| (raw.name_first as usize) < to);
        if let Some(last) = behind.checked_sub(1).filter(|last| *last > first_raw)
            && self.of_mention[last].is_some()
            && self.is_titled_head(from, last, to)
        {
            return Head::Mention(last);
        }
        let mut clean = from;
        let mut programme = None;
        let mut whose = None;
        for (idx, raw) in self.raw.iter().enumerate().skip(first_raw) {
            let (name_first, name_last) = (raw.name_first as usize, raw.name_last as usize);
            if name_first >= to {
                break;
            }
            let Some(entity) = self.of_mention[idx].filter(|_| !raw.modifier) else { continue };
            let begin = (raw.first as usize).clamp(clean.min(name_first), name_first);
            if self.is_nested(clean, begin) {
                // Behind a comma the sentence may go on with the name itself: "an aide to Hart, Lee Oda".
                if !(self.tokens[raw.first as usize].after(gap::COMMA) && clean < raw.first as usize)
                    || self.entities[entity].kind == EntityKind::Place
                    || self.closes_apposition(from, raw.first as usize)
                {
                    continue;
                }
            }
            clean = name_last + 1;
            if raw.possessive && name_last + 1 < to {
                continue;
            }
            if name_last + 1 < to && self.says_whose(name_last) {
                // "the national Harbor Post newspaper": what it is, not whose.
                if self.is_called(entity, name_last + 1) {
                    return Head::Mention(idx);
                }
                continue;
            }
            // "Harbor Radio This Morning co-host Lee Oda": a person named behind it is the head.
            let body = matches!(self.entities[entity].kind, EntityKind::Organisation | EntityKind::Outlet);
            if body
                && name_last + 1 < to
                && self.tokens[name_last + 1].gap == 0
                && self.tokens[name_last + 1].is(shape::UPPER)
            {
                whose = whose.or(Some(idx));
                continue;
            }
            // On "Harbor Tonight," Oda …: programmes and laws speak only where nobody else does.
            if self.entities[entity].kind == EntityKind::Document {
                programme = programme.or(Some(idx));
                continue;
            }
            return Head::Mention(idx);
        }
        whose.or(programme).map_or_else(|| self.unseen_name(from, to), Head::Mention)
    }

    /// Whether the word behind the name of an outlet says what it is: "newspaper", "magazine".
    fn is_called(&self, entity: usize, at: usize) -> bool {
        self.entities[entity].kind == EntityKind::Outlet
            && self
                .bodies
                .of_noun(self.tokens[at].key)
                .is_some_and(|kinds| kinds & self.bodies.kind("media") != 0)
    }

    /// "former Walk for Water organizing director Lee Oda": a title in small letters leads from the name of a body to the name
    /// that ends the mention.
    fn is_titled_head(&self, from: usize, idx: usize, to: usize) -> bool {
        /// Words in small letters before the name.
        const LONGEST: usize = 4;
        let raw = &self.raw[idx];
        let name_first = raw.name_first as usize;
        let small = |at: &usize| !self.tokens[*at].is(shape::UPPER);
        let named = |at: &usize| !small(at) || self.tokens[*at].is(shape::DIGIT);
        let Some(body) = (from..name_first).rev().find(named) else { return false };
        let begin = (from..body)
            .find(|at| !small(at) || !self.people.word(self.tokens[*at].key).flags.has(WordFlags::MODIFIER));
        let begin = begin.unwrap_or(body);
        let flags = self.people.word(self.tokens[begin].key).flags;
        let joins = |at: usize| matches!(self.word(at), "of" | "for" | "on" | "and" | "&" | "the");
        raw.titled
            && raw.name_last as usize + 1 == to
            && body + 1 < name_first
            && name_first - body - 1 <= LONGEST
            && !small(&begin)
            && !(self.tokens[begin].after(gap::BREAK) && flags.has(WordFlags::ROLE.with(WordFlags::FUNCTION)))
            && (begin..body).all(|at| !small(&at) || joins(at) || self.tokens[at].is(shape::DIGIT))
            && !(body + 1..name_first).any(|at| is_preposition(self.word(at)) || self.word(at) == "and")
            && (begin + 1..=name_first).all(|at| {
                let initial = self.tokens[at].gap == gap::TERMINAL && self.tokens[at - 1].is(shape::INITIAL);
                self.tokens[at].gap & !gap::OTHER == 0 || initial
            })
            && !(begin..=body).any(|at| self.tokens[at].is(shape::POSSESSIVE))
            && !self.raw[..idx]
                .iter()
                .zip(&self.of_mention)
                .rev()
                .take_while(|(raw, _)| raw.name_last as usize >= begin)
                .any(
                    // "Governor Ana Hart and Harbor College president Lee Oda": two persons.
                    |(raw, entity)| {
                        !raw.modifier && entity.is_some_and(|entity| self.entities[entity].sure_person)
                    },
                )
    }

    /// "Oda" in "Oda's letter": whose name opens a mention that something written heads.
    pub(super) fn owner(&self, span: Span) -> Option<usize> {
        let from = self.token_from(span.start);
        let idx = self.raw.partition_point(|raw| (raw.name_last as usize) < from);
        let raw = self.raw.get(idx).filter(|raw| raw.first as usize == from && raw.possessive)?;
        let to = self.token_from(span.end);
        let written = (raw.name_last as usize + 1..to)
            .any(|at| self.people.word(self.tokens[at].key).flags.has(WordFlags::DOCUMENT));
        written.then_some(idx)
    }

    /// Whether the bearer of a name can speak: not the city of a dateline, not "Committee" alone, not a line of capitals. Places speak
    /// only where a speech verb says so.
    pub(super) fn is_speaker(&self, idx: usize, attribution: &Attribution) -> bool {
        let raw = &self.raw[idx];
        let Some(entity) = self.of_mention[idx].map(|entity| &self.entities[entity]) else { return false };
        let (first, last) = (raw.name_first as usize, raw.name_last as usize);
        let one_word = first == last && entity.words().len() == 1;
        if self.is_shouted(first, last) {
            return false;
        }
        // "Regular Days", a short line above what is said: a heading, unless somebody of that name is known.
        let given = one_word && self.people.word(entity.first()).flags.has(WordFlags::GIVEN);
        if raw.heading && attribution.rule == "paragraph-subject" && !entity.sure_person && !given {
            return false;
        }
        match entity.kind {
            EntityKind::Place => attribution.cue.is_some() && !self.opens_line_in_capitals(first, last),
            EntityKind::Person if entity.sure_person => true,
            // "Kelp is found, hence the name": where nothing says that somebody speaks, a word must be known for a name.
            EntityKind::Person
                if one_word
                    && !entity.full_form
                    && attribution.cue.is_none()
                    && attribution.rule == "clause-subject" =>
            {
                self.people.word(entity.first()).flags.has(WordFlags::GIVEN)
            }
            EntityKind::Person => {
                let given = self.people.word(entity.first()).flags.has(WordFlags::GIVEN);
                entity.canonical.len() > 1 && (given || entity.words().len() < MAX_UNKNOWN_WORDS)
            }
            EntityKind::Organisation if one_word => {
                let generic = self.bodies.of_noun(self.tokens[last].key).is_some()
                    || matches!(self.word(last), "PAC" | "PACs");
                entity.canonical.len() > 1
                    && (!generic || matches!(self.word(last), "Congress" | "Senate" | "Parliament"))
            }
            _ => entity.canonical.len() > 1,
        }
    }

    /// "EUROPEANS ASK IF", "RIVER BEAT—“…”": words of a heading in capitals, on a line that goes on in small letters.
    fn is_shouted(&self, first: usize, last: usize) -> bool {
        let loud = |at: usize| {
            self.tokens[at].is(shape::ALL_UPPER) && !self.tokens[at].info.flags.has(WordFlags::ACRONYM)
        };
        if !(first..=last).all(loud) || (first..=last).all(|at| self.tokens[at].span().len() <= 3) {
            return false;
        }
        let opens = first == 0 || self.tokens[first].after(gap::LINE);
        let next = self.tokens.get(last + 1).filter(|next| !next.after(gap::LINE));
        let led = opens && next.is_some_and(|next| next.after(gap::DASH));
        let before = !opens && self.tokens[first].gap & !gap::COMMA == 0 && loud(first - 1);
        let behind = next.is_some_and(|next| next.gap & !gap::COMMA == 0) && loud(last + 1);
        let colon = next.is_some_and(|next| next.after(gap::COLON));
        !colon && (led || before || behind)
    }

    /// "HARWICH (Wire) —": capitals that open a line, and no turn of a transcript.
    pub(super) fn is_dateline(&self, first: usize, last: usize) -> bool {
        let turn = self.tokens.get(last + 1).is_some_and(|next| next.after(gap::COLON));
        !turn && self.opens_line_in_capitals(first, last)
    }

    fn opens_line_in_capitals(&self, first: usize, last: usize) -> bool {
        let opens = first == 0 || self.tokens[first].after(gap::LINE);
        opens && (first..=last).all(|at| self.tokens[at].is(shape::ALL_UPPER))
    }

    /// Whether a word that no other place in the article shows to be a name is one: somebody's surname, or right at a speech verb.
    pub(super) fn is_firm_word(&self, at: usize, attribution: &Attribution) -> bool {
        let flags = self.tokens[at].info.flags;
        if flags.has(WordFlags::GIVEN) {
            return true;
        }
        let known =
            WordFlags::DOCUMENT.with(WordFlags::BODY).with(WordFlags::OWNED).with(WordFlags::MODIFIER);
        let Some(cue) = attribution.cue else { return false };
        let near = self.token_from(cue.start).abs_diff(at) <= 2;
        // "Audiences expect": a verb that agrees with several.
        let several = self.word(at).ends_with('s')
            && matches!(
                cue.of(self.text),
                "say"
                    | "believe"
                    | "argue"
                    | "claim"
                    | "think"
                    | "call"
                    | "note"
                    | "warn"
                    | "hope"
                    | "want"
                    | "expect"
                    | "fear"
                    | "describe"
                    | "agree"
                    | "complain"
                    | "report"
                    | "suggest"
                    | "insist"
            );
        near && !several && !flags.has(known) && !self.is_common_elsewhere(at)
    }

    /// Whether the article has the word in small letters too.
    fn is_common_elsewhere(&self, at: usize) -> bool {
        let small = self.small_words.get_or_init(|| {
            self.tokens.iter().filter(|token| !token.is(shape::UPPER)).map(|token| (token.key, ())).collect()
        });
        small.contains_key(&self.tokens[at].key)
    }

    /// "al-Tamir said": a name that begins with a small letter, without an article.
    pub(super) fn lower_case_name(&self, span: Span) -> Option<usize> {
        let from = self.token_from(span.start);
        let raw = self.raw.partition_point(|raw| (raw.name_last as usize) < from);
        let fits = self.raw.get(raw).is_some_and(|raw| raw.first as usize == from && !raw.modifier);
        match self.head(span) {
            Head::Mention(idx) if fits && idx == raw => {
                let person = self.of_mention[idx]
                    .is_some_and(|entity| self.entities[entity].kind == EntityKind::Person);
                person.then_some(idx)
            }
            _ => None,
        }
    }

    /// A person named in full whose name ends in this word.
    pub(super) fn bearer(&self, surname: u64) -> Option<usize> {
        self.bearers.get(&surname).copied().filter(|idx| self.entities[*idx].full_form)
    }

    /// Whether a preposition or relative pronoun stands between: the name is part of a longer description.
    fn is_nested(&self, from: usize, to: usize) -> bool {
        (from..to).any(|at| {
            let word = self.word(at);
            !self.tokens[at].is(shape::UPPER)
                && (is_preposition(word) || matches!(word, "who" | "whose" | "which" | "that"))
        })
    }

    /// Whether a description in commas is still open: "Lee Oda, an aide to Hart" has its head before.
    fn closes_apposition(&self, from: usize, at: usize) -> bool {
        (from + 1..at).any(|token| self.tokens[token].after(gap::COMMA))
    }

    /// "Hart campaign manager", "San Miguel chapter president": the name is followed by the noun it belongs to.
    fn says_whose(&self, last: usize) -> bool {
        let next = &self.tokens[last + 1];
        // "the U.S. ambassador": the full stop is the abbreviation's.
        let close = next.gap == 0 || next.gap == gap::TERMINAL && self.word(last).contains('.');
        if !close || next.is(shape::UPPER) {
            return false;
        }
        let word = self.word(last + 1);
        !is_preposition(word)
            && !word.ends_with("ly")
            && !matches!(
                word,
                "who"
                    | "and"
                    | "or"
                    | "himself"
                    | "herself"
                    | "itself"
                    | "also"
                    | "then"
                    | "whose"
                    | "the"
                    | "which"
                    | "that"
                    | "as"
                    | "when"
                    | "while"
            )
    }

    /// A name that opens a sentence and occurs only once is not read as a name; the mention of a speaker is.
    fn unseen_name(&self, from: usize, to: usize) -> Head {
        let mut first = from;
        while first < to && matches!(self.word(first), "the" | "The" | "a" | "A" | "an" | "An") {
            first += 1;
        }
        let skipped = WordFlags::HONORIFIC.with(WordFlags::TITLE);
        while first + 1 < to && self.tokens[first].info.flags.has(skipped) {
            first += 1;
        }
        if first >= to || !self.tokens[first].is(shape::UPPER) {
            return Head::Noun;
        }
        let mut last = first;
        while last + 1 < to && self.tokens[last + 1].is(shape::UPPER) && self.tokens[last + 1].gap == 0 {
            last += 1;
        }
        let flags = |at: usize| self.tokens[at].info.flags;
        let common = WordFlags::DEMONYM.with(WordFlags::NO_NAME).with(WordFlags::ROLE).with(WordFlags::EVENT);
        let plain = common.with(WordFlags::FUNCTION).with(WordFlags::CALENDAR);
        let goes_on = last + 1 < to
            && self.tokens[last + 1].gap == 0
            && !is_preposition(self.word(last + 1))
            && self.word(last + 1) != "who";
        let owner = self.tokens[last].is(shape::POSSESSIVE) && last + 1 < to;
        let nobody = self.bearer(self.tokens[last].key).is_none();
        let described = flags(last).has(common) || (first..=last).all(|at| flags(at).has(plain));
        if goes_on
            || owner
            || self.word(last).len() < 2
            || (nobody && (described || self.is_ordinary(first, last)))
        {
            return Head::Noun;
        }
        Head::Words(first, last)
    }

    /// One word that opens a sentence and looks like no name: "Specifically", "Voting", "Attorneys".
    fn is_ordinary(&self, first: usize, last: usize) -> bool {
        let token = &self.tokens[first];
        let word = self.word(first);
        if first < last || token.info.flags.has(WordFlags::GIVEN) {
            return false;
        }
        if let Some(stem) = word.strip_suffix('s')
            && self
                .people
                .word(word_key(stem))
                .flags
                .has(WordFlags::ROLE.with(WordFlags::DEMONYM).with(WordFlags::NO_NAME))
        {
            return true;
        }
        const ENDINGS: [&str; 7] = ["ly", "ing", "ed", "tion", "ment", "ness", "ity"];
        token.after(gap::BREAK | gap::MARK) && ENDINGS.iter().any(|ending| word.ends_with(ending))
    }
}
