//! Operators: those of the language, and those of other programs, with what to write here.

use super::error::{QueryError, QueryErrorKind};
use crate::model::Span;

/// Greatest distance of `w/N` and `pre/N`, greatest window of `"..."~N`, most times of `atleastN`.
pub const MAX_DISTANCE: u32 = 1000;

/// An operator between or before parts of a query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    /// Both.
    And,
    /// Either.
    Or,
    /// Without.
    Not,
    /// `w/N`, `pre/N`.
    Near {
        /// In words.
        distance: u32,
        /// Left before right.
        ordered: bool,
    },
    /// `w/s`
    Sentence,
    /// `w/p`
    Paragraph,
}

impl Operator {
    /// The family's name for messages.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Operator::And => "AND",
            Operator::Or => "OR",
            Operator::Not => "NOT",
            Operator::Near { ordered: false, .. } => "w/",
            Operator::Near { ordered: true, .. } => "pre/",
            Operator::Sentence => "w/s",
            Operator::Paragraph => "w/p",
        }
    }

    /// Whether the operator measures places of words.
    pub(super) const fn is_positional(self) -> bool {
        matches!(self, Operator::Near { .. } | Operator::Sentence | Operator::Paragraph)
    }
}

/// As written in a query.
impl std::fmt::Display for Operator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())?;
        match self {
            Operator::Near { distance, .. } => write!(f, "{distance}"),
            _ => Ok(()),
        }
    }
}

/// The operator that `text` is, and whether it is a foreign spelling worth a remark.
pub(super) fn read(text: &str) -> Option<(Operator, bool)> {
    let operator = match text {
        "AND" => Operator::And,
        "OR" => Operator::Or,
        "NOT" => Operator::Not,
        "&&" => return Some((Operator::And, true)),
        "||" | "|" => return Some((Operator::Or, true)),
        "!" => return Some((Operator::Not, true)),
        _ => {
            let (name, rest) = text.split_once('/')?;
            let ordered = name.eq_ignore_ascii_case("pre");
            if !ordered && !name.eq_ignore_ascii_case("w") {
                return None;
            }
            match rest {
                "s" | "S" if !ordered => Operator::Sentence,
                "p" | "P" if !ordered => Operator::Paragraph,
                _ => {
                    let digits = rest.bytes().all(|byte| byte.is_ascii_digit()) && rest.len() <= 4;
                    let distance = rest.parse().ok().filter(|_| digits);
                    let distance = distance.filter(|distance| (1..=MAX_DISTANCE).contains(distance))?;
                    Operator::Near { distance, ordered }
                }
            }
        }
    };
    Some((operator, false))
}

/// What is wrong with a text that looks like an operator. `None` for words.
pub(super) fn misread(text: &str, span: Span) -> Option<QueryError> {
    let is_capital = text.bytes().all(|byte| !byte.is_ascii_lowercase());
    let lower = text.to_ascii_lowercase();
    let written = || text.to_owned();
    if let Some((name, rest)) = lower.split_once('/') {
        let number = rest.strip_prefix('n').unwrap_or(rest).parse::<u32>().ok();
        let unknown = |help: String| {
            Some(QueryError::new(QueryErrorKind::UnknownOperator { written: written() }, span).help(help))
        };
        return match (name, rest) {
            ("w" | "pre", "o" | "out") => unknown("to leave a word out, write -word".to_owned()),
            ("w", "in") | ("pre", "s" | "p") => {
                unknown("write w/s for the same sentence, w/p for the same paragraph".to_owned())
            }
            ("w" | "pre", _) => {
                let help = format!(
                    "write w/5 or pre/5 with 1 to {MAX_DISTANCE} words, w/s for a sentence, w/p for a paragraph"
                );
                Some(QueryError::new(QueryErrorKind::BadDistance { written: written() }, span).help(help))
            }
            ("near" | "within" | "n" | "", _) if let Some(number) = number => {
                unknown(format!("write w/{number}"))
            }
            ("adj" | "onear" | "followedby", _) if let Some(number) = number => {
                unknown(format!("write pre/{number}"))
            }
            ("", "s" | "p") => unknown(format!("write w/{rest}")),
            _ => None,
        };
    }
    if !is_capital {
        return None;
    }
    let letters = lower.trim_end_matches(|c: char| c.is_ascii_digit());
    let number = lower[letters.len()..].parse().unwrap_or(5_u32);
    let help = match letters {
        "near" | "within" => format!("write w/{number}"),
        "adj" | "onear" => format!("write pre/{number}"),
        "same" if lower == letters => {
            "write w/p for the same paragraph, w/s for the same sentence".to_owned()
        }
        "xor" | "andnot" | "butnot" if lower == letters => "write NOT or -word".to_owned(),
        _ => return None,
    };
    Some(QueryError::new(QueryErrorKind::UnknownOperator { written: written() }, span).help(help))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_operators() {
        let near = |distance, ordered| Some((Operator::Near { distance, ordered }, false));
        for (text, expected) in [
            ("AND", Some((Operator::And, false))),
            ("and", None),
            ("||", Some((Operator::Or, true))),
            ("w/5", near(5, false)),
            ("W/1000", near(1000, false)),
            ("PRE/3", near(3, true)),
            ("w/s", Some((Operator::Sentence, false))),
            ("w/0", None),
            ("w/1001", None),
            ("w/+5", None),
            ("24/7", None),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn says_what_to_write_for_operators_of_others() {
        for (text, expected) in [
            ("NEAR/5", Some("write w/5")),
            ("near/3", Some("write w/3")),
            ("NEAR", Some("write w/5")),
            ("ADJ2", Some("write pre/2")),
            ("/s", Some("write w/s")),
            ("/8", Some("write w/8")),
            ("w/o", Some("to leave a word out, write -word")),
            ("near", None),
            ("24/7", None),
            ("and/or", None),
            ("NATO", None),
            ("N95", None),
        ] {
            let help = misread(text, Span::new(0, 0)).and_then(|error| error.help);
            assert_eq!(help.as_deref(), expected, "{text}");
        }
        assert!(misread("w/0", Span::new(0, 0)).is_some());
    }
}
