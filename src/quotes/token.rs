//! The words and punctuation of a body outside quotation marks, with what each can be.
//!
//! Defines [`Token`]s, which `cut` makes and [`Reading`](super::reading::Reading) reads, and the lists of words that they are
//! compared with. Must not know where in a sentence a word stands.

use crate::lexicon::cues::{Verb, low_key};
use crate::model::Span;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A word or number.
    Word,
    /// `,`
    Comma,
    /// The end of a sentence.
    Stop,
    /// `:`
    Colon,
    /// `;`
    Semicolon,
    /// A dash with space around it, or a long one.
    Dash,
    /// `(` or `[`
    Open,
    /// `)` or `]`
    Close,
    /// A whole quotation run, or its part in this paragraph: its index.
    Run(u32),
    /// The end of a paragraph.
    Break,
}

/// Bits of `Token::shape`.
pub(super) mod shape {
    /// First letter is upper case.
    pub(in super::super) const CAPITAL: u8 = 1;
    /// All letters are upper case, two at least.
    pub(in super::super) const ALL_CAPITAL: u8 = 1 << 1;
    /// Followed by 's, or ends in s'.
    pub(in super::super) const POSSESSIVE: u8 = 1 << 2;
    /// Followed by 'd, 'll, 've, 're, 'm.
    pub(in super::super) const CONTRACTED: u8 = 1 << 3;
    /// First word of a sentence: its capital says nothing.
    pub(in super::super) const INITIAL: u8 = 1 << 4;
    /// Begins with a digit.
    pub(in super::super) const DIGIT: u8 = 1 << 5;
    /// Followed by a full stop that ends no sentence.
    pub(in super::super) const DOTTED: u8 = 1 << 6;
}

/// A word, a punctuation mark, or a quotation run.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    /// First byte.
    pub(super) start: u32,
    /// One past the last byte, without 's.
    pub(super) end: u32,
    /// Bits of [`part`](crate::lexicon::cues::part); a capital word inside a sentence keeps only what a name cannot be.
    pub(super) parts: u32,
    /// Its first eight bytes in lower case, the first lowest; 0: it is no word, a long one, or has foreign letters.
    pub(super) low: u64,
    /// The speech verb it may be a form of.
    pub(super) verb: Option<Verb>,
    /// What it is.
    pub(super) kind: Kind,
    /// Bits of [`shape`].
    pub(super) shape: u8,
}

impl Token {
    /// Its bytes.
    pub(super) fn span(&self) -> Span {
        Span::new(self.start as usize, self.end as usize)
    }

    /// Whether it is a word that can be one of these parts.
    pub(super) fn is(&self, parts: u32) -> bool {
        self.parts & parts != 0
    }

    /// Whether it has any of these shapes.
    pub(super) fn has(&self, shape: u8) -> bool {
        self.shape & shape != 0
    }

    /// Whether it is a word.
    pub(super) fn is_word(&self) -> bool {
        self.kind == Kind::Word
    }

    /// Whether it is written like (part of) a name: a capital that the beginning of a sentence does not explain, or
    /// a capital word that grammar does not know.
    pub(super) fn is_proper(&self) -> bool {
        self.is_word()
            && self.has(shape::CAPITAL)
            && self.parts == 0
            && (self.verb.is_none() || !self.has(shape::INITIAL))
    }
}

/// A word of a list that tokens are compared with.
#[derive(Clone, Copy, Debug)]
pub(super) struct Listed {
    /// Lower case.
    pub(super) word: &'static str,
    /// See [`Token::low`].
    pub(super) low: u64,
}

impl Listed {
    /// A word with its key.
    pub(super) const fn new(word: &'static str) -> Self {
        Listed { word, low: low_key(word) }
    }

    /// Whether [`Listed::low`] holds the whole word.
    pub(super) const fn is_short(&self) -> bool {
        self.word.len() < 8
    }
}

/// Words for [`is_word`](super::reading::Reading::is_word). A macro, so that keys are made when the program is.
macro_rules! list {
    ($($word:literal),* $(,)?) => {
        const { &[$($crate::quotes::token::Listed::new($word)),*] }
    };
}
pub(super) use list;

/// The tokens of a body, and where to look among them.
#[derive(Debug, Default)]
pub(super) struct Tokens {
    /// All in order.
    pub(super) all: Vec<Token>,
    /// Those that may end a sentence: stops, closing brackets, runs, breaks.
    pub(super) ends: Vec<u32>,
    /// Words that may be a cue or the noun of one.
    pub(super) speech: Vec<u32>,
}
