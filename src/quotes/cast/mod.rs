//! The cast of an article: who is named in it, and which of them each quote's mention means.
//!
//! In: an article and, for naming, its attributions in reading order. Out: [`Mention`]s, [`Entity`]s, and one [`Named`] for each
//! attribution. Below a stated confidence the answer is nobody: a wrong name is worse than none.
//!
//! * `token`, `cut`: words with what stands between them
//! * `run`, `split`: names in runs of capital words, cut into role and name
//! * `entity`, `surname`: names joined into persons and bodies, the full ones first; `namesake`: who bears one name
//! * `discourse`: sentences, and who is referred to where
//! * `source`: whose name heads a mention
//! * `pronoun`: who "she" is
//! * `noun`: who "the senator" is
//! * `body`, `issuer`: which body "the agency" is, and whose words "the report" says
//! * `role`: what the article says a person is
//! * `naming`: one answer for each attribution

mod body;
mod cut;
mod discourse;
mod entity;
mod issuer;
mod namesake;
mod naming;
mod noun;
mod pronoun;
mod role;
mod run;
mod source;
mod split;
mod surname;
mod token;

use std::cell::OnceCell;

use crate::lexicon::Lexicon;
use crate::lexicon::bodies::Bodies;
use crate::lexicon::people::People;
use crate::model::{Article, Grade, Span};
use crate::quotes::attribution::Attribution;
use crate::quotes::plain::Text;

pub(crate) use entity::{Entity, EntityKind};

/// One place where the body names somebody or something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mention {
    /// With title and role words before the name: "White House spokesman Sam Hart".
    pub(crate) span: Span,
    /// The name alone, without 's.
    pub(crate) name: Span,
    /// Index for [`Cast::entity`].
    pub(crate) entity: usize,
}

/// Who a quote's speaker is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Named {
    /// Full name; `None` when unnamed or not known with confidence.
    pub(crate) speaker: Option<String>,
    /// Role as the article gives it.
    pub(crate) role: Option<String>,
    /// How the speaker was found.
    pub(crate) grade: Grade,
    /// Name of the naming rule.
    pub(crate) rule: &'static str,
    /// Which candidates were weighed and why the others lost; filled only when asked for.
    pub(crate) trace: Vec<String>,
}

/// Everybody and everything that an article names.
pub(crate) struct Cast<'a> {
    text: &'a str,
    people: &'a People,
    bodies: &'a Bodies,
    tokens: Vec<token::Token>,
    landmarks: token::Landmarks,
    raw: Vec<run::RawMention>,
    of_mention: Vec<Option<usize>>,
    entities: Vec<Entity>,
    bearers: entity::ByKey<usize>,
    mentions: OnceCell<Vec<Mention>>,
    /// Keys of the words in small letters; asked for seldom.
    small_words: OnceCell<entity::ByKey<()>>,
    sentences: Vec<u32>,
    month: Option<i32>,
}

impl<'a> Cast<'a> {
    /// Reads the names of an article that nothing has scanned yet.
    #[cfg(test)]
    pub(crate) fn new(article: &'a Article, lexicon: &'a Lexicon) -> Self {
        Self::of(article, &Text::of(&article.body, lexicon.words()), lexicon)
    }

    /// Reads the names of an article whose body was read as `words`. Linear in its length.
    pub(super) fn of(article: &'a Article, words: &Text<'_>, lexicon: &'a Lexicon) -> Self {
        let text = article.body.as_str();
        let people = &lexicon.people;
        let (tokens, landmarks) = cut::tokens(words);
        let raw = run::names(text, &tokens, &landmarks, people);
        let headline = article.headline.as_deref().unwrap_or("");
        let (headline_tokens, _) = cut::tokens(&Text::of(headline, lexicon.words()));
        let month = article.date.map(|date| i32::from(date.year()) * 12 + i32::from(date.month()));
        let joined = entity::join(entity::Material {
            text,
            tokens: &tokens,
            mentions: &raw,
            headline,
            headline_tokens: &headline_tokens,
            people,
            bodies: &lexicon.bodies,
            month,
        });
        let sentences = discourse::sentence_starts(&tokens, &landmarks);
        Cast {
            text,
            people,
            bodies: &lexicon.bodies,
            tokens,
            landmarks,
            raw,
            of_mention: joined.of_mention,
            entities: joined.entities,
            bearers: joined.bearers,
            mentions: OnceCell::new(),
            small_words: OnceCell::new(),
            sentences,
            month,
        }
    }

    /// Every name in the body that is not part of another's role, by start.
    pub(crate) fn mentions(&self) -> &[Mention] {
        self.mentions.get_or_init(|| self.public_mentions())
    }

    /// Who is meant by [`Mention::entity`].
    pub(crate) fn entity(&self, idx: usize) -> &Entity {
        &self.entities[idx]
    }

    /// The speaker of each attribution, in order. With `explain`, says which candidates lost.
    pub(crate) fn name(&self, attributions: &[Attribution], explain: bool) -> Vec<Named> {
        naming::name(self, attributions, explain)
    }

    fn public_mentions(&self) -> Vec<Mention> {
        let kept = self.raw.iter().zip(&self.of_mention).filter(|(raw, _)| !raw.modifier);
        let mut mentions: Vec<Mention> = kept
            .filter_map(|(raw, entity)| {
                Some(Mention {
                    span: self.span(raw.first, raw.name_last),
                    name: self.span(raw.name_first, raw.name_last),
                    entity: (*entity)?,
                })
            })
            .collect();
        mentions.sort_by_key(|mention| (mention.span.start, mention.name.start));
        mentions
    }

    fn span(&self, first: u32, last: u32) -> Span {
        let end = self.tokens[last as usize].end as usize;
        let dotted =
            self.text[end..].starts_with('.') && self.tokens[last as usize].is(token::shape::INITIAL);
        let suffix = self.tokens[last as usize].info.flags.has(crate::lexicon::people::WordFlags::SUFFIX);
        let end = end + usize::from(self.text[end..].starts_with('.') && (dotted || suffix));
        Span::new(self.tokens[first as usize].start as usize, end)
    }

    /// Index of the first token that begins at or behind byte `at`.
    fn token_from(&self, at: usize) -> usize {
        self.tokens.partition_point(|token| (token.start as usize) < at)
    }

    fn word(&self, at: usize) -> &'a str {
        self.tokens[at].span().of(self.text)
    }
}

#[cfg(test)]
mod tests;
