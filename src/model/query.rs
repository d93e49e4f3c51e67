//! The parsed form of a search, independent of any engine.
//!
//! `Display` (in `query::print`) writes what the parser reads: `parse(print(q)) == q`.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// The part of a document a term is looked for in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum QueryField {
    /// Headline, standfirst and body of an article; for quotes, the words of the quote.
    #[default]
    Text,
    /// Headline only (for quotes: the headline of the quote's article).
    Headline,
    /// Body only.
    Body,
    /// Words between quotation marks only.
    Quote,
    /// Speaker's canonical name, matched by words.
    Speaker,
    /// Outlet's name, matched by words.
    Outlet,
    /// Author's name, matched by words.
    Author,
    /// Whom it was told to or who reported it.
    Via,
    /// The speaker's role as the article gives it.
    Role,
    /// Lines cut from the page.
    Furniture,
}

impl QueryField {
    /// The prefix users write, without the colon; empty for [`QueryField::Text`].
    pub const fn prefix(self) -> &'static str {
        match self {
            QueryField::Text => "",
            QueryField::Headline => "headline",
            QueryField::Body => "body",
            QueryField::Quote => "quote",
            QueryField::Speaker => "speaker",
            QueryField::Outlet => "outlet",
            QueryField::Author => "author",
            QueryField::Via => "via",
            QueryField::Role => "role",
            QueryField::Furniture => "furniture",
        }
    }

    /// Whether the field is running text, in which words have places; the others are names.
    pub const fn is_text(self) -> bool {
        matches!(
            self,
            QueryField::Text
                | QueryField::Headline
                | QueryField::Body
                | QueryField::Quote
                | QueryField::Furniture
        )
    }
}

/// Which forms of a word count as the word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TermForm {
    /// Every form with the same stem: `policy`, `policies`.
    Stem,
    /// This very form (case and accents folded): `=troops`, words of an exact phrase.
    Exact,
    /// Every word that begins so: `soverei*`.
    Prefix,
    /// Every word within this many edits (1 or 2): `sovreignty~1`.
    Fuzzy(u8),
}

/// One word to look for.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Term {
    /// The word as written, with curly marks and dashes made plain; not yet folded or stemmed.
    pub word: String,
    /// Which forms count.
    pub form: TermForm,
}

/// A parsed query. Lists hold at least two clauses unless said otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Query {
    /// Everything (an empty query).
    All,
    /// One word. A word that the tokenizer cuts in several ("e-mail", "U.S.") matches as those words in a row.
    Term {
        /// Where to look.
        field: QueryField,
        /// What for.
        term: Term,
    },
    /// Words in a row. `slop` 0: exactly in this order and unstemmed (`"exact phrase"`); above: the words (stemmed)
    /// in any order within a window that holds at most `slop` other words (`"near words"~5`).
    Phrase {
        /// Where to look.
        field: QueryField,
        /// The words; any of them may be a prefix (`"rule of la*"`).
        terms: Vec<Term>,
        /// Other words allowed between.
        slop: u32,
    },
    /// Plain words side by side: all wanted; when too few documents have all, those with most follow.
    /// Holds the clauses in order; a clause may be a term, phrase or field term. At least two.
    Words(Vec<Query>),
    /// All of them, strictly.
    And(Vec<Query>),
    /// Any of them.
    Or(Vec<Query>),
    /// None of it. Stands inside `And` and `Or`, or alone (everything else); never inside another `Not`.
    Not(Box<Query>),
    /// `left w/N right` (either order) or `left pre/N right` (`ordered`): at most `distance` words between the
    /// nearest ends, plus one: adjacent words have distance 1.
    Near {
        /// Left side: a term, phrase, prefix, or an `Or` of them.
        left: Box<Query>,
        /// Right side, likewise.
        right: Box<Query>,
        /// Greatest distance in words, at least 1.
        distance: u32,
        /// Left before right.
        ordered: bool,
    },
    /// `left w/s right`: both in one sentence.
    SameSentence(Box<Query>, Box<Query>),
    /// `left w/p right`: both in one paragraph.
    SameParagraph(Box<Query>, Box<Query>),
    /// `atleast3(x)`: `x` stands in the document at least so many times.
    AtLeast(u32, Box<Query>),
    /// `said(...)`: everything inside holds in one quote (words, `speaker:`, `via:`, `role:`).
    Said(Box<Query>),
    /// `date:FROM..UNTIL`, both inclusive; at least one is given.
    Date {
        /// First day.
        since: Option<Date>,
        /// Last day.
        until: Option<Date>,
    },
    /// `has:quote`, `has:speaker`, `has:date`, `has:outlet`, `has:author`, `has:url`.
    Has(HasWhat),
}

/// What `has:` asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum HasWhat {
    /// At least one direct or mixed quote.
    Quote,
    /// At least one named speaker.
    Speaker,
    /// A date.
    Date,
    /// An outlet.
    Outlet,
    /// An author.
    Author,
    /// An address.
    Url,
}

impl HasWhat {
    /// All values, in the order of the help text.
    pub const ALL: [HasWhat; 6] =
        [HasWhat::Quote, HasWhat::Speaker, HasWhat::Date, HasWhat::Outlet, HasWhat::Author, HasWhat::Url];

    /// The word written after `has:`.
    pub const fn name(self) -> &'static str {
        match self {
            HasWhat::Quote => "quote",
            HasWhat::Speaker => "speaker",
            HasWhat::Date => "date",
            HasWhat::Outlet => "outlet",
            HasWhat::Author => "author",
            HasWhat::Url => "url",
        }
    }
}
