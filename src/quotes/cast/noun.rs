//! Who "the Vermont senator", "the spokeswoman", "the agency" are.
//!
//! In: a cast, its discourse, the answers so far and the span of a description. Out: [`Described`]. A definite description of a
//! person is matched with the roles, parties and places that the article gives its persons before and behind their names; `body`
//! and `issuer` answer for bodies and documents. Indefinite descriptions ("a senior official", "critics") are really unnamed.

use super::discourse::{Discourse, is_preposition};
use super::entity::EntityKind;
use super::naming::Told;
use super::token::{gap, shape};
use super::{Cast, body, issuer};
use crate::lexicon::people::{Gender, WordFlags, long_key, word_key};
use crate::model::Span;

/// What a description means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Described {
    /// Somebody or something named.
    Entity(usize, &'static str),
    /// A body that has no name of its own: "the Hart campaign".
    Name(String, &'static str),
    /// Nobody in particular, or not known.
    Unnamed,
}

/// What the article says about an entity besides its name.
#[derive(Clone, Debug, Default)]
pub(super) struct Description {
    pub(super) groups: u64,
    /// Groups that only the list of public figures gives.
    public_groups: u64,
    pub(super) words: Vec<u64>,
    pub(super) places: Vec<u16>,
}

/// Descriptions of all entities, by index.
pub(super) struct Descriptions {
    pub(super) of: Vec<Description>,
}

/// Words of an apposition that are read.
const MAX_TAIL: usize = 14;
/// References looked back at.
const MAX_BACK: usize = 300;
/// Sentences looked back over for a described person.
const MAX_SENTENCES: usize = 40;

impl Descriptions {
    /// Collects what stands before and behind every name.
    pub(super) fn new(cast: &Cast<'_>) -> Self {
        let mut descriptions = Descriptions { of: vec![Description::default(); cast.entities.len()] };
        for (idx, (raw, entity)) in cast.raw.iter().zip(&cast.of_mention).enumerate() {
            let Some(entity) = *entity else { continue };
            if let Some(several) = cast.several_before(idx) {
                for named in cast.of_mention[idx..].iter().take(2).flatten() {
                    descriptions.of[*named].note_one_of(cast, several, cast.entities[*named].gender);
                }
            }
            let into = &mut descriptions.of[entity];
            for at in raw.first..raw.name_first {
                into.note(cast, at as usize);
            }
            if raw.first > 0 && cast.tokens[raw.first as usize].gap == 0 {
                // "the ferry company Trent Lines"
                into.note(cast, raw.first as usize - 1);
            }
            for at in cast
                .apposition_before(raw.first as usize)
                .chain(cast.apposition_behind(raw.name_last as usize))
            {
                into.note(cast, at);
            }
        }
        for (idx, entity) in cast.entities.iter().enumerate() {
            for row in cast.public_descriptions(entity.canonical.as_str()) {
                let into = &mut descriptions.of[idx];
                let told = into.groups;
                into.note_words(cast, row);
                into.public_groups |= into.groups & !told;
                into.groups = told;
            }
        }
        descriptions
    }
}

impl Description {
    fn note(&mut self, cast: &Cast<'_>, at: usize) {
        let token = &cast.tokens[at];
        let info = token.info;
        self.add(cast, token.key, info.role, info.place);
        if at + 1 < cast.tokens.len()
            && info.flags.has(WordFlags::PHRASE_START)
            && let Some(phrase) =
                cast.people.phrase(crate::lexicon::people::join_keys(token.key, cast.tokens[at + 1].key))
        {
            self.add(cast, 0, phrase.role, phrase.place);
        }
    }

    /// What "the senators, Lee Oda and Ana Duarte" says about each of the two; parents are told apart by gender.
    fn note_one_of(&mut self, cast: &Cast<'_>, several: usize, gender: Gender) {
        let word = cast.word(several);
        let one = match (word, gender) {
            ("parents", Gender::Male | Gender::MaybeMale) => "father",
            ("parents", Gender::Female | Gender::MaybeFemale) => "mother",
            _ => word.strip_suffix('s').unwrap_or(word),
        };
        let key = word_key(one);
        let info = cast.people.word(key);
        self.add(cast, key, info.role, info.place);
    }

    fn note_words(&mut self, cast: &Cast<'_>, phrase: &str) {
        let keys: Vec<u64> = phrase.split(' ').map(word_key).collect();
        let whole = keys.iter().copied().reduce(crate::lexicon::people::join_keys).unwrap_or(0);
        let info = match keys.len() {
            1 => cast.people.word(whole),
            _ => cast.people.phrase(whole).unwrap_or_default(),
        };
        self.add(cast, 0, info.role, info.place);
        self.words.extend(keys);
    }

    fn add(&mut self, cast: &Cast<'_>, key: u64, role: u16, place: u16) {
        if let Some(role) = cast.people.role(role) {
            self.groups |= role.groups;
        }
        if place != 0 && !self.places.contains(&place) {
            self.places.push(place);
        }
        if key != 0 && self.words.len() < 200 {
            self.words.push(key);
        }
    }
}

impl Cast<'_> {
    /// ", a Republican from Utah," or " (R-Utah)" or " is the mayor of": token indexes.
    pub(super) fn apposition_behind(&self, last: usize) -> std::ops::Range<usize> {
        let from = last + 1;
        let Some(token) = self.tokens.get(from) else { return from..from };
        let word = self.word(from);
        let opens = match token.gap {
            gap::COMMA => {
                matches!(word, "a" | "an" | "the" | "one" | "who" | "whose" | "former" | "then")
                    || token.info.flags.has(WordFlags::ROLE.with(WordFlags::MODIFIER))
            }
            gap::OPEN => true,
            0 => matches!(word, "is" | "was"),
            _ => false,
        };
        if !opens || self.tokens[last].is(shape::POSSESSIVE) {
            return from..from;
        }
        let mut to = from + 1;
        while to < self.tokens.len() && to - from < MAX_TAIL && self.tokens[to].gap & !gap::TERMINAL == 0 {
            if self.tokens[to].gap != 0 && self.sentences.binary_search(&(to as u32)).is_ok() {
                break;
            }
            to += 1;
        }
        from..to
    }

    /// The plural that heads the description before two names: "parents" in "my parents, Lee and Ana Oda".
    fn several_before(&self, idx: usize) -> Option<usize> {
        let raw = &self.raw[idx];
        let second = self.raw.get(idx + 1)?;
        let head = (raw.first as usize).checked_sub(1)?;
        let joined = second.first == raw.name_last + 2
            && self.tokens[raw.first as usize].gap == gap::COMMA
            && matches!(self.word(second.first as usize - 1), "and" | "&");
        (joined && self.word(head).ends_with('s') && !self.apposition_before(raw.first as usize).is_empty())
            .then_some(head)
    }

    /// "her campaign manager, Lee Oda" and "the Vermont senator, Lee Oda": token indexes.
    pub(super) fn apposition_before(&self, first: usize) -> std::ops::Range<usize> {
        if first == 0 || self.tokens[first].gap != gap::COMMA {
            return first..first;
        }
        let mut from = first;
        while from > 0 && first - from < 8 {
            from -= 1;
            if matches!(
                self.word(from),
                "the"
                    | "The"
                    | "his"
                    | "His"
                    | "her"
                    | "Her"
                    | "their"
                    | "my"
                    | "My"
                    | "our"
                    | "Our"
                    | "a"
                    | "A"
            ) || (from + 1 < first && self.tokens[from].is(shape::POSSESSIVE))
            {
                return from..first;
            }
            if self.tokens[from].gap != 0 {
                break;
            }
        }
        first..first
    }

    fn public_descriptions<'s>(&'s self, name: &'s str) -> impl Iterator<Item = &'s str> {
        let surname = name.rfind(' ').map_or(name, |space| &name[space + 1..]);
        let first = &name[..name.find(' ').unwrap_or(name.len())];
        let rows = self.people.principals(word_key(surname));
        rows.iter()
            .filter(move |row| {
                row.name.starts_with(first)
                    && self.month.is_none_or(|month| row.from <= month && month <= row.to)
            })
            .flat_map(|row| row.described.iter().map(String::as_str))
    }
}

/// The words of a description.
pub(super) struct Phrase {
    definite: bool,
    /// "his office", "Hart's office": another's.
    pub(super) possessed: bool,
    plural: bool,
    pub(super) head: usize,
    pub(super) from: usize,
    pub(super) to: usize,
}

impl Phrase {
    /// A definite phrase around a noun for something written.
    pub(super) fn of_document(from: usize, head: usize, to: usize) -> Self {
        Phrase { definite: true, possessed: false, plural: false, head, from, to }
    }
}

/// What the description under `span` means.
pub(super) fn resolve(
    cast: &Cast<'_>,
    discourse: &Discourse,
    descriptions: &Descriptions,
    told: &Told<'_>,
    span: Span,
) -> Described {
    let Some(phrase) = read_phrase(cast, span) else { return Described::Unnamed };
    if let Some(owned) = issuer::owned(cast, &phrase) {
        return owned;
    }
    if !phrase.definite || phrase.plural {
        return Described::Unnamed;
    }
    let key = cast.tokens[phrase.head].key;
    let flags = cast.people.word(key).flags;
    let role = role_at(cast, &phrase);
    if let Some(wanted) = role {
        return match person(cast, discourse, descriptions, &phrase, &wanted) {
            Described::Unnamed
                if !phrase.possessed
                    && !wanted.is_anybody(cast)
                    && stranger_before(cast, &phrase).is_none() =>
            {
                told.goes_on(cast, discourse, descriptions, phrase.from, &wanted)
            }
            found => found,
        };
    }
    // "the sheikh" after "Sheikh Khalid".
    if flags.has(WordFlags::HONORIFIC) && !phrase.possessed {
        let wanted = Wanted { groups: 0, wider: 0, gender: cast.people.word(key).gender, key };
        return person(cast, discourse, descriptions, &phrase, &wanted);
    }
    if let Some(age) = cast.word(phrase.head).strip_suffix("-year-old") {
        return match of_age(cast, &phrase, age) {
            Some(entity) => Described::Entity(entity, "description"),
            None => {
                let anybody = Wanted { groups: 0, wider: 0, gender: Gender::Unknown, key: 0 };
                told.goes_on(cast, discourse, descriptions, phrase.from, &anybody)
            }
        };
    }
    // "the Italian", "the Swede".
    if flags.has(WordFlags::DEMONYM) && cast.tokens[phrase.head].is(shape::UPPER) && !phrase.possessed {
        let native = Wanted { groups: 0, wider: 0, gender: Gender::Unknown, key: 0 };
        return told.goes_on(cast, discourse, descriptions, phrase.from, &native);
    }
    if cast.bodies.document(key) != 0 {
        return issuer::of_document(cast, discourse, told, &phrase);
    }
    if flags.has(WordFlags::CAMPAIGN)
        && let Some(owner) = issuer::possessor(cast, discourse, &phrase)
        && cast.entities[owner].kind == EntityKind::Person
    {
        let name = &cast.entities[owner].canonical;
        let surname = name.trim_end_matches(" Jr.").rsplit(' ').next().unwrap_or(name);
        return Described::Name(format!("{surname} {}", cast.word(phrase.head)), "campaign");
    }
    if flags.has(WordFlags::CAMPAIGN) && (!phrase.possessed || cast.tokens[phrase.from].span().len() == 3) {
        return body::last_campaign(cast, &phrase);
    }
    if let Some(kinds) = cast.bodies.of_noun(key)
        && !phrase.possessed
    {
        return body::last(cast, discourse, descriptions, &phrase, kinds);
    }
    Described::Unnamed
}

/// The gender of one person whom a description does not tell from others: "a voter", "one neighbor", "my father".
pub(super) fn somebody(cast: &Cast<'_>, span: Span) -> Option<Gender> {
    let phrase = read_phrase(cast, span)?;
    let first = cast.word(phrase.from);
    let indefinite = !phrase.definite
        && matches!(first, "a" | "A" | "an" | "An" | "one" | "One" | "another" | "Another")
        || matches!(first, "my" | "My");
    if !indefinite || phrase.plural {
        return None;
    }
    let named = cast.raw.get(cast.raw.partition_point(|raw| (raw.name_first as usize) <= phrase.head));
    if named.is_some_and(|raw| (raw.name_last as usize) < phrase.to || raw.first as usize == phrase.head + 1)
    {
        return None;
    }
    // A reporter asks, and others answer.
    let asks = cast.people.group("journalist");
    role_at(cast, &phrase).filter(|wanted| wanted.groups & asks == 0).map(|wanted| wanted.gender)
}

fn read_phrase(cast: &Cast<'_>, span: Span) -> Option<Phrase> {
    let from = cast.token_from(span.start);
    let to = cast.token_from(span.end);
    if from >= to {
        return None;
    }
    let first = cast.word(from).to_ascii_lowercase();
    let possessed = matches!(first.as_str(), "his" | "her" | "their" | "its" | "my" | "our")
        || (from..to).any(|at| at + 1 < to && cast.tokens[at].is(shape::POSSESSIVE));
    let definite = possessed || matches!(first.as_str(), "the" | "this" | "that");
    let mut head = from;
    for at in from..to {
        let stops = at > from
            && (cast.tokens[at].after(gap::COMMA | gap::OPEN | gap::DASH | gap::MARK)
                || is_preposition(cast.word(at))
                || at + 1 < to && cast.word(at + 1) == "by" && cast.word(at).ends_with(['d', 'n'])
                || matches!(cast.word(at), "who" | "whose" | "which" | "that" | "and" | "or" | "is" | "was"));
        if stops {
            break;
        }
        head = at;
    }
    let word = cast.word(head);
    let info = cast.tokens[head].info;
    let known = info
        .flags
        .has(WordFlags::ROLE.with(WordFlags::BODY).with(WordFlags::DOCUMENT).with(WordFlags::CAMPAIGN));
    let known = known || cast.bodies.of_noun(cast.tokens[head].key).is_some();
    let plural = !known && word.ends_with('s') && !word.ends_with("ss");
    Some(Phrase { definite, possessed, plural, head, from, to })
}

/// What a described person must be.
pub(super) struct Wanted {
    /// The narrowest group of the role.
    groups: u64,
    /// All its groups.
    wider: u64,
    gender: Gender,
    key: u64,
}

impl Wanted {
    /// "the person", "the resident": says nothing that tells one person from others.
    fn is_anybody(&self, cast: &Cast<'_>) -> bool {
        ["person", "kin", "spokes", "man", "woman"]
            .iter()
            .any(|group| self.groups & cast.people.group(group) != 0)
    }

    /// Whether nothing that the article says about a person contradicts; whose kin somebody is tells nothing about the office.
    pub(super) fn allows(&self, cast: &Cast<'_>, known: &Description, gender: Gender) -> bool {
        let groups = known.groups & !cast.people.group("kin");
        gender.agrees(self.gender) && (groups == 0 || self.wider == 0 || groups & self.wider != 0)
    }
}

/// The role that heads the phrase, read with the word before it where both make one role.
fn role_at(cast: &Cast<'_>, phrase: &Phrase) -> Option<Wanted> {
    let token = &cast.tokens[phrase.head];
    let mut role = cast.people.role(token.info.role);
    if phrase.head > phrase.from {
        let before = &cast.tokens[phrase.head - 1];
        if let Some(info) = cast.people.phrase(crate::lexicon::people::join_keys(before.key, token.key)) {
            role = cast.people.role(info.role).or(role);
        }
    }
    if phrase.head + 2 < phrase.to && cast.word(phrase.head + 1) == "of" {
        let key = crate::lexicon::people::join_keys(
            crate::lexicon::people::join_keys(token.key, cast.tokens[phrase.head + 1].key),
            cast.tokens[phrase.head + 2].key,
        );
        role = cast.people.phrase(key).and_then(|info| cast.people.role(info.role)).or(role);
    }
    let role = role?;
    Some(Wanted { groups: role.group, wider: role.groups, gender: role.gender, key: token.key })
}

fn person(
    cast: &Cast<'_>,
    discourse: &Discourse,
    descriptions: &Descriptions,
    phrase: &Phrase,
    wanted: &Wanted,
) -> Described {
    if wanted.groups & cast.people.group("person") != 0 {
        return Described::Unnamed;
    }
    let former = (phrase.from..phrase.head).any(|at| cast.word(at) == "former");
    let possessed = phrase.possessed;
    let exact = possessed
        || wanted.groups == 0
        || wanted.groups
            & (cast.people.group("kin") | cast.people.group("party") | cast.people.group("trade"))
            != 0;
    let sentence = cast.sentence_of(phrase.from);
    // "the Polish minister" after "her Polish counterpart, Jan Kowal".
    let place = (phrase.from..phrase.head)
        .map(|at| cast.tokens[at].info.place)
        .find(|place| *place != 0)
        .unwrap_or(0);
    let upto = discourse.references.partition_point(|reference| (reference.token as usize) < phrase.from);
    let line = cast.line_of(phrase.from);
    let stranger = stranger_before(cast, phrase);
    let mut best: Option<(f32, usize)> = None;
    for reference in discourse.references[..upto].iter().rev().take(MAX_BACK) {
        // "An aide came. … the aide said": the one without a name.
        if stranger.is_some_and(|stranger| (reference.token as usize) < stranger) {
            break;
        }
        let distance = sentence - cast.sentence_of(reference.token as usize);
        if distance > MAX_SENTENCES {
            break;
        }
        let entity = &cast.entities[reference.entity];
        if entity.kind != EntityKind::Person || !discourse.genders[reference.entity].agrees(wanted.gender) {
            continue;
        }
        let known = &descriptions.of[reference.entity];
        let public = known.groups & wanted.groups == 0;
        let fits = if exact {
            known.words.contains(&wanted.key)
        } else {
            (known.groups | known.public_groups) & wanted.groups != 0
                || place != 0
                    && known.places.contains(&place)
                    && wanted.allows(cast, known, discourse.genders[reference.entity])
        };
        if !fits {
            continue;
        }
        let mut score = -0.15 * distance as f32;
        score += if reference.main { 1.0 } else { 0.0 } + if reference.speaker { 1.0 } else { 0.0 };
        score -= if reference.oblique || reference.quoted { 0.7 } else { 0.0 };
        score += modifiers(cast, known, phrase);
        score += if reference.main && reference.line == line { 1.5 } else { 0.0 };
        if known.words.contains(&wanted.key) {
            score += 0.7;
        } else if public {
            score -= 0.7;
        }
        if former && !known.words.contains(&FORMER) {
            score -= 1.0;
        }
        if best.is_none_or(|(other, _)| score > other) {
            best = Some((score, reference.entity));
        }
    }
    match best {
        Some((score, entity)) if score > -2.5 => Described::Entity(entity, "description"),
        _ if matches!(cast.word(phrase.from), "my" | "My") => writers_own(cast, descriptions, wanted),
        _ => Described::Unnamed,
    }
}

/// "my father" before "my father, Lee Oda": the writer has one, wherever the article names him.
fn writers_own(cast: &Cast<'_>, descriptions: &Descriptions, wanted: &Wanted) -> Described {
    if wanted.groups & cast.people.group("kin") == 0 {
        return Described::Unnamed;
    }
    let mut kin = (0..cast.entities.len()).filter(|idx| {
        let entity = &cast.entities[*idx];
        entity.kind == EntityKind::Person
            && entity.gender.agrees(wanted.gender)
            && descriptions.of[*idx].words.contains(&wanted.key)
    });
    match (kin.next(), kin.next()) {
        (Some(entity), None) => Described::Entity(entity, "description"),
        _ => Described::Unnamed,
    }
}

/// Where the last sentences speak of somebody without a name by the same noun: "an aide" before "the aide".
fn stranger_before(cast: &Cast<'_>, phrase: &Phrase) -> Option<usize> {
    const NEAR: usize = 120;
    if phrase.head != phrase.from + 1 || phrase.possessed {
        return None;
    }
    let key = cast.tokens[phrase.head].key;
    (phrase.from.saturating_sub(NEAR)..phrase.from).rev().filter(|at| cast.tokens[*at].key == key).find(
        |at| {
            let named = cast.raw.get(cast.raw.partition_point(|raw| (raw.name_first as usize) <= *at));
            if named.is_some_and(|raw| raw.first as usize <= at + 1) {
                return false;
            }
            let from = at.saturating_sub(5);
            let begins = (from..*at).rev().take_while(|word| cast.tokens[word + 1].gap == 0);
            let article = begins
                .clone()
                .find(|word| matches!(cast.word(*word), "a" | "A" | "an" | "An" | "one" | "One"));
            let opened =
                article.is_some_and(|word| !cast.tokens[word].after(gap::COMMA) && !is_copula(cast, word));
            opened
                && !cast
                    .tokens
                    .get(at + 1)
                    .is_some_and(|next| next.after(gap::COMMA) && next.is(shape::UPPER))
        },
    )
}

/// "is a", "was an": what follows describes somebody.
fn is_copula(cast: &Cast<'_>, article: usize) -> bool {
    article > 0 && matches!(cast.word(article - 1), "is" | "was" | "as" | "became" | "been" | "be")
}

/// "the 46-year-old": the person whose age stands behind the name.
fn of_age(cast: &Cast<'_>, phrase: &Phrase, age: &str) -> Option<usize> {
    let upto = cast.raw.partition_point(|raw| (raw.name_first as usize) < phrase.from);
    cast.raw[..upto].iter().zip(&cast.of_mention).rev().take(MAX_BACK).find_map(|(raw, entity)| {
        let behind = raw.name_last as usize + 1;
        let token = cast.tokens.get(behind)?;
        let aged = token.gap == gap::COMMA && cast.word(behind) == age;
        entity.filter(|entity| aged && cast.entities[*entity].kind == EntityKind::Person)
    })
}

/// What the adjectives of a description add: places and parties must not contradict.
fn modifiers(cast: &Cast<'_>, known: &Description, phrase: &Phrase) -> f32 {
    let mut score = 0.0;
    let mut at = phrase.from;
    while at < phrase.to {
        let token = &cast.tokens[at];
        let mut info = token.info;
        let mut width = 1;
        if info.flags.has(WordFlags::PHRASE_START)
            && at + 1 < phrase.to
            && let Some(phrase) =
                cast.people.phrase(crate::lexicon::people::join_keys(token.key, cast.tokens[at + 1].key))
            && phrase.place != 0
        {
            info = phrase;
            width = 2;
        }
        let here = at;
        at += width;
        if here == phrase.head {
            continue;
        }
        if info.place != 0 {
            score += if known.places.contains(&info.place) {
                2.0
            } else if known.places.is_empty() {
                -3.0
            } else {
                -5.0
            };
        } else if let Some(party) = party(cast.word(here)) {
            let own = known.words.iter().any(|word| party.contains(word));
            let mut others = PARTIES.iter().filter(|other| **other != party);
            let other = others.any(|other| other.iter().any(|name| known.words.contains(name)));
            score += if own {
                1.5
            } else if other {
                -3.0
            } else {
                -0.3
            };
        } else if token.span().len() > 3 && known.words.contains(&token.key) {
            score += 0.7;
        }
    }
    score
}

const REPUBLICAN: &[u64] = &[long_key(b"republican"), long_key(b"gop"), long_key(b"r")];
const DEMOCRAT: &[u64] = &[long_key(b"democrat"), long_key(b"democratic"), long_key(b"d")];
const LIBERTARIAN: &[u64] = &[long_key(b"libertarian")];
const PARTIES: [&[u64]; 3] = [REPUBLICAN, DEMOCRAT, LIBERTARIAN];
const FORMER: u64 = long_key(b"former");

fn party(word: &str) -> Option<&'static [u64]> {
    match word {
        "Republican" | "GOP" => Some(REPUBLICAN),
        "Democrat" | "Democratic" => Some(DEMOCRAT),
        "Libertarian" => Some(LIBERTARIAN),
        _ => None,
    }
}
