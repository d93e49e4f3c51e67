//! One attribution: what was said, by whom, and how we know.

use serde::{Deserialize, Serialize};

use super::Span;

/// How much of the words stand between quotation marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum QuoteKind {
    /// All words stand between marks.
    Direct,
    /// A paraphrase that holds words between marks.
    Mixed,
    /// A paraphrase without marks.
    Indirect,
}

impl QuoteKind {
    /// All kinds, in order.
    pub const ALL: [QuoteKind; 3] = [QuoteKind::Direct, QuoteKind::Mixed, QuoteKind::Indirect];

    /// The word used in output and flags.
    pub const fn name(self) -> &'static str {
        match self {
            QuoteKind::Direct => "direct",
            QuoteKind::Mixed => "mixed",
            QuoteKind::Indirect => "indirect",
        }
    }
}

/// How the speaker was found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Grade {
    /// Named in full at the quote.
    Explicit,
    /// A surname or title at the quote, completed from the article.
    Short,
    /// A role or description ("the Mexican president").
    Role,
    /// A pronoun.
    Pronoun,
    /// Taken over from a neighbouring quote.
    Carried,
    /// Not found, or really unnamed.
    #[default]
    None,
}

impl Grade {
    /// All grades, in order.
    pub const ALL: [Grade; 6] =
        [Grade::Explicit, Grade::Short, Grade::Role, Grade::Pronoun, Grade::Carried, Grade::None];

    /// The word used in output and flags.
    pub const fn name(self) -> &'static str {
        match self {
            Grade::Explicit => "explicit",
            Grade::Short => "short",
            Grade::Role => "role",
            Grade::Pronoun => "pronoun",
            Grade::Carried => "carried",
            Grade::None => "none",
        }
    }
}

/// One attribution.
///
/// `content` are the words said, in reading order, without quotation marks; several spans where an attribution
/// interrupts ("A," she said. "B.") or where a quote runs over paragraphs. All spans count bytes of
/// `Article::body`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quote {
    /// Direct, mixed or indirect.
    pub kind: QuoteKind,
    /// The words said. Never empty; ordered; no two overlap.
    pub content: Vec<Span>,
    /// The mention of who spoke, e.g. "She". `None` where the text has none at this quote.
    pub source_span: Option<Span>,
    /// The speech verb or noun, e.g. "said". `None` where there is none.
    pub cue: Option<Span>,
    /// Full name of the speaker within this article; `None` when unnamed or not known with confidence.
    pub speaker: Option<String>,
    /// The mention as written, or the description of an unnamed speaker ("a senior official").
    pub speaker_as_written: Option<String>,
    /// The role as the article gives it ("White House deputy press secretary").
    pub role: Option<String>,
    /// Whom it was told to or who reported it ("The Associated Press").
    pub via: Option<String>,
    /// How the speaker was found.
    pub grade: Grade,
    /// Names of the rules that found and attributed it, e.g. `after-cue+surname`.
    pub rule: String,
    /// Candidates that lost, with the reason; filled only when an explanation was asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub trace: Vec<String>,
}

impl Quote {
    /// The words said: the text under the content spans, joined by a space.
    pub fn text(&self, body: &str) -> String {
        let parts: Vec<&str> = self.content.iter().map(|span| span.of(body)).collect();
        parts.join(" ")
    }

    /// From the first to the last word said.
    pub fn extent(&self) -> Span {
        match (self.content.first(), self.content.last()) {
            (Some(first), Some(last)) => Span::new(first.start, last.end),
            _ => Span::new(0, 0),
        }
    }
}
