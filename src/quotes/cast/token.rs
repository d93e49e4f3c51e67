//! Words of a body with what stands between them.
//!
//! Defines [`Token`]s, each with the key of its folded word, its shape and its gap, which `cut` makes, and [`Landmarks`] among them.
//! Knows nothing of names.

use crate::lexicon::people::{Gender, WordInfo};
use crate::lexicon::words::landmark;
use crate::model::Span;

/// How a word is written.
pub(super) mod shape {
    /// First letter is upper case ("al-Assad" counts).
    pub(in super::super) const UPPER: u8 = 1;
    /// Two letters or more, all upper case.
    pub(in super::super) const ALL_UPPER: u8 = 1 << 1;
    /// One upper-case letter, or letters with dots ("J.", "U.S.").
    pub(in super::super) const INITIAL: u8 = 1 << 2;
    /// Followed by 's (not part of the token).
    pub(in super::super) const POSSESSIVE: u8 = 1 << 3;
    /// Stands between quotation marks.
    pub(in super::super) const IN_MARKS: u8 = 1 << 4;
    /// Begins with a digit.
    pub(in super::super) const DIGIT: u8 = 1 << 5;
    /// A capital word with a lower-case ending behind a hyphen that makes it an adjective ("Trump-backed").
    pub(in super::super) const ADJECTIVE: u8 = 1 << 6;
}

/// What stands before a word; several may hold.
pub(super) mod gap {
    /// Comma.
    pub(in super::super) const COMMA: u16 = 1;
    /// Full stop, question or exclamation mark, ellipsis.
    pub(in super::super) const TERMINAL: u16 = 1 << 1;
    /// A double quotation mark.
    pub(in super::super) const MARK: u16 = 1 << 2;
    /// A dash.
    pub(in super::super) const DASH: u16 = 1 << 3;
    /// Opening bracket.
    pub(in super::super) const OPEN: u16 = 1 << 4;
    /// Closing bracket.
    pub(in super::super) const CLOSE: u16 = 1 << 5;
    /// Line break, or the beginning.
    pub(in super::super) const LINE: u16 = 1 << 6;
    /// Colon.
    pub(in super::super) const COLON: u16 = 1 << 7;
    /// Anything else.
    pub(in super::super) const OTHER: u16 = 1 << 8;
    /// A sentence may begin here, abbreviations aside.
    pub(in super::super) const BREAK: u16 = TERMINAL | LINE;
}

/// One word.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    /// First byte.
    pub(super) start: u32,
    /// One past the last byte, without 's and final dots.
    pub(super) end: u32,
    /// Bits of [`gap`]; 0: white space or a hyphen alone.
    pub(super) gap: u16,
    /// Bits of [`shape`].
    pub(super) shape: u8,
    /// Key of the folded word.
    pub(super) key: u64,
    /// What the tables say.
    pub(super) info: WordInfo,
}

impl Token {
    /// Whether any of these shapes holds.
    pub(super) fn is(&self, shape: u8) -> bool {
        self.shape & shape != 0
    }

    /// Whether any of these stands before the word.
    pub(super) fn after(&self, gap: u16) -> bool {
        self.gap & gap != 0
    }

    /// Its bytes.
    pub(super) fn span(&self) -> Span {
        Span::new(self.start as usize, self.end as usize)
    }
}

/// Indexes of the tokens that somebody looks for, so that nobody has to look at all of them.
#[derive(Debug, Default)]
pub(super) struct Landmarks {
    /// Written with a capital.
    pub(super) capitals: Vec<u32>,
    /// First of a line.
    pub(super) lines: Vec<u32>,
    /// Those before which a sentence may end; lines included.
    pub(super) breaks: Vec<u32>,
    /// "he", "her" and the like.
    pub(super) pronouns: Vec<u32>,
    /// Nouns for something written.
    pub(super) documents: Vec<u32>,
}

impl Landmarks {
    /// Room for those among `n` words.
    pub(super) fn for_words(n: usize) -> Self {
        Landmarks {
            capitals: Vec::with_capacity(n / 6 + 8),
            lines: Vec::with_capacity(n / 32 + 8),
            breaks: Vec::with_capacity(n / 12 + 8),
            pronouns: Vec::with_capacity(n / 32 + 8),
            documents: Vec::new(),
        }
    }

    /// Notes the token `idx` for what it is.
    pub(super) fn note(&mut self, idx: u32, shape: u8, gap_bits: u16, listed: u8, pronoun: bool) {
        if shape & shape::UPPER != 0 {
            self.capitals.push(idx);
        }
        if gap_bits & gap::BREAK != 0 {
            self.breaks.push(idx);
        }
        if gap_bits & gap::LINE != 0 {
            self.lines.push(idx);
        }
        if listed & landmark::DOCUMENT != 0 {
            self.documents.push(idx);
        }
        if pronoun {
            self.pronouns.push(idx);
        }
    }
}

/// The gender a personal pronoun tells.
pub(super) fn pronoun_gender(word: &str) -> Option<Gender> {
    match word {
        "he" | "He" | "him" | "Him" | "his" | "His" | "himself" | "HE" => Some(Gender::Male),
        "she" | "She" | "her" | "Her" | "hers" | "herself" | "SHE" => Some(Gender::Female),
        _ => None,
    }
}
