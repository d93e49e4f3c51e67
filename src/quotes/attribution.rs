//! What passes from finding (who stands at the quote, as written) to naming (which person that is).

use crate::model::{QuoteKind, Span};

/// What the mention of the speaker looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SourceKind {
    /// Holds a proper name: "Sheinbaum", "White House spokesman Sam Hart", "the Heritage Foundation".
    Name,
    /// "she", "they", "who", "I".
    Pronoun,
    /// A description without a name: "the senator", "a senior official", "the report".
    Noun,
}

/// The mention of the speaker at a quote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Source {
    /// The whole mention, with role and title, without a trailing apposition.
    pub span: Span,
    /// What it looks like.
    pub kind: SourceKind,
}

/// A quote before its speaker has a name.
#[derive(Clone, Debug)]
pub(crate) struct Attribution {
    /// Direct, mixed or indirect.
    pub kind: QuoteKind,
    /// The words said, without marks.
    pub content: Vec<Span>,
    /// The mention of the speaker; `None` where nothing stands at the quote.
    pub source: Option<Source>,
    /// Speech verb or noun.
    pub cue: Option<Span>,
    /// Whom it was told to ("told The Tribune", "asked by Lee"): never the speaker.
    pub listener: Option<Span>,
    /// Who reported or published it ("according to the AP").
    pub via: Option<Span>,
    /// Index of the earlier attribution whose speaker goes on here, for a quote without a mention of its own.
    pub continues: Option<usize>,
    /// Name of the rule that found content and source.
    pub rule: &'static str,
}
