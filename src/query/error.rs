//! What cannot be read in a query, where, and what to write instead; and remarks on what was read but may surprise.
//!
//! Spans are bytes of the query as typed. [`QueryErrors::render`] draws them with carets; it prints nothing.

use super::dates::DateError;
use crate::model::Span;
use crate::text::sanitize;

/// What is wrong at one place.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QueryErrorKind {
    /// More than [`super::MAX_BYTES`].
    #[error("the query is longer than {limit} bytes")]
    TooLong {
        /// The limit.
        limit: usize,
    },
    /// More words and phrases than [`super::MAX_CLAUSES`].
    #[error("the query has more than {limit} parts")]
    TooManyClauses {
        /// The limit.
        limit: usize,
    },
    /// Nested deeper than [`super::MAX_DEPTH`].
    #[error("parentheses are nested more than {limit} deep")]
    TooDeep {
        /// The limit.
        limit: usize,
    },
    /// A name before a colon that is no field.
    #[error("unknown field `{name}`")]
    UnknownField {
        /// As written.
        name: String,
    },
    /// A group of outlets that the settings do not name.
    #[error("no group of outlets is named `@{name}`")]
    UnknownGroup {
        /// As written, without the sign.
        name: String,
    },
    /// A field with nothing after the colon.
    #[error("nothing after `{name}:`")]
    EmptyField {
        /// The field.
        name: &'static str,
    },
    /// A field inside another field's group.
    #[error("`{name}:` cannot stand here")]
    MisplacedField {
        /// As written.
        name: String,
    },
    /// A quotation mark without its partner.
    #[error("a quotation mark is never closed")]
    UnclosedQuote,
    /// An opening parenthesis without its partner.
    #[error("a parenthesis is never closed")]
    UnclosedParenthesis,
    /// A closing parenthesis without its partner.
    #[error("a parenthesis is closed that was never opened")]
    StrayParenthesis,
    /// Nothing between parentheses or quotation marks.
    #[error("nothing between the {marks}")]
    Empty {
        /// `parentheses` or `quotation marks`.
        marks: &'static str,
    },
    /// An operator that needs something beside it.
    #[error("`{operator}` needs something {side} it")]
    EmptySide {
        /// As written.
        operator: String,
        /// `before` or `after`.
        side: &'static str,
    },
    /// Not a date.
    #[error("{0}")]
    BadDate(DateError),
    /// Not something articles have.
    #[error("articles cannot be asked for `has:{value}`")]
    UnknownHas {
        /// As written.
        value: String,
    },
    /// A star that does not end a word of two letters or more.
    #[error("`{written}` is no prefix")]
    BadPrefix {
        /// As written.
        written: String,
    },
    /// A question mark inside a word.
    #[error("`?` does not stand for a letter")]
    BadWildcard,
    /// Similar spellings of something they cannot be sought for.
    #[error("`{written}` cannot be searched by similar spelling")]
    BadFuzzy {
        /// As written.
        written: String,
    },
    /// A window after a phrase that has none.
    #[error("`{written}` after a phrase is no number of words")]
    BadSlop {
        /// As written.
        written: String,
    },
    /// `w/` with something else than 1 to [`super::MAX_DISTANCE`], `s` or `p`.
    #[error("`{written}` is no distance")]
    BadDistance {
        /// As written.
        written: String,
    },
    /// `atleast` with something else than a number.
    #[error("`{written}` is no number of times")]
    BadTimes {
        /// As written.
        written: String,
    },
    /// An operator of another program.
    #[error("`{written}` is not an operator")]
    UnknownOperator {
        /// As written.
        written: String,
    },
    /// Something without a place beside an operator that measures places.
    #[error("`{operator}` takes words, phrases and OR groups of them")]
    NotPositional {
        /// As written.
        operator: String,
    },
    /// `said(...)` inside `said(...)`.
    #[error("`said(...)` cannot stand inside `said(...)`")]
    NestedSaid,
    /// An address pasted in.
    #[error("this is a web address")]
    WebAddress,
    /// A pattern between slashes.
    #[error("a regular expression is not understood")]
    RegularExpression,
    /// A flag of the command inside the query.
    #[error("`{written}` is a flag, not a part of the query")]
    Flag {
        /// As written.
        written: String,
    },
    /// Only marks, no word.
    #[error("there is no word in the query")]
    NoWord,
}

/// One thing wrong with a query.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{kind}")]
pub struct QueryError {
    /// What.
    pub kind: QueryErrorKind,
    /// Where, in bytes of the query.
    pub span: Span,
    /// What to write instead, where that is known.
    pub help: Option<String>,
}

impl QueryError {
    pub(super) fn new(kind: QueryErrorKind, span: Span) -> Self {
        QueryError { kind, span, help: None }
    }

    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// A word or two beside the caret, for what does not show by itself.
    const fn label(&self) -> &'static str {
        match self.kind {
            QueryErrorKind::UnclosedQuote | QueryErrorKind::UnclosedParenthesis => "opened here",
            QueryErrorKind::StrayParenthesis => "nothing to close",
            _ => "",
        }
    }
}

/// All that is wrong with a query, in the order of the query; at least one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.message())]
pub struct QueryErrors(pub Vec<QueryError>);

/// Columns of the query that are shown around its first error.
const SHOWN_COLUMNS: usize = 100;

impl QueryErrors {
    /// What is wrong, in one line: `unknown field `speeker`, and a parenthesis is never closed`.
    pub fn message(&self) -> String {
        let mut messages: Vec<String> = Vec::new();
        for error in &self.0 {
            let message = error.to_string();
            if !messages.contains(&message) {
                messages.push(message);
            }
        }
        messages.join(", and ")
    }

    /// The message, the query with carets under each place, and a `help:` line for each way out. No newline at the end.
    ///
    /// `query` is what was parsed. Nothing in the result can steer a terminal.
    pub fn render(&self, query: &str) -> String {
        let first = self.0.first().map_or(0, |error| error.span.start);
        let shown = Excerpt::around(query, first);
        let mut lines = vec![self.message(), "  |".to_owned(), format!("1 | {}", shown.text)];
        let marks: Vec<(usize, usize, &str)> =
            self.0.iter().filter_map(|error| shown.columns(query, error)).collect();
        for row in caret_rows(&marks) {
            lines.push(format!("  | {row}"));
        }
        let mut helps: Vec<&str> = Vec::new();
        for help in self.0.iter().filter_map(|error| error.help.as_deref()) {
            if !helps.contains(&help) {
                helps.push(help);
            }
        }
        lines.extend(helps.iter().map(|help| format!("help: {help}")));
        let safe: Vec<String> = lines.iter().map(|line| sanitize(line).into_owned()).collect();
        safe.join("\n")
    }
}

/// Carets under `marks` (first column, columns, label): one row, with the last label behind it, and one row for each
/// other label.
fn caret_rows(marks: &[(usize, usize, &str)]) -> Vec<String> {
    let mut carets: Vec<char> = Vec::new();
    for (from, columns, _) in marks {
        let end = from + columns;
        carets.resize(carets.len().max(end), ' ');
        carets[*from..end].fill('^');
    }
    let mut row: String = carets.into_iter().collect();
    let last = marks.iter().max_by_key(|(from, ..)| *from);
    if let Some((.., label)) = last.filter(|(.., label)| !label.is_empty()) {
        row.push(' ');
        row.push_str(label);
    }
    let others = marks.iter().filter(|mark| Some(*mark) != last && !mark.2.is_empty());
    let mut rows = vec![row];
    rows.extend(others.map(|(from, _, label)| format!("{}{label}", " ".repeat(*from))));
    rows
}

/// The part of a query that is shown.
struct Excerpt {
    text: String,
    from: usize,
    until: usize,
    dots: usize,
}

impl Excerpt {
    fn around(query: &str, at: usize) -> Self {
        let columns = |text: &str| unicode_width::UnicodeWidthStr::width(&*sanitize(text));
        if columns(query) <= SHOWN_COLUMNS {
            return Excerpt { text: query.to_owned(), from: 0, until: query.len(), dots: 0 };
        }
        let from = boundary_before(query, at.saturating_sub(SHOWN_COLUMNS / 2));
        let until = boundary_before(query, from + SHOWN_COLUMNS);
        let (before, after) =
            (if from > 0 { "..." } else { "" }, if until < query.len() { "..." } else { "" });
        Excerpt { text: format!("{before}{}{after}", &query[from..until]), from, until, dots: before.len() }
    }

    /// First column and number of columns of an error; an error at the end stands one column behind it.
    fn columns<'e>(&self, query: &str, error: &'e QueryError) -> Option<(usize, usize, &'e str)> {
        let Span { start, end } = error.span;
        if start < self.from || start > self.until {
            return None;
        }
        let width = |from: usize, until: usize| {
            query.get(from..until).map_or(0, |text| unicode_width::UnicodeWidthStr::width(&*sanitize(text)))
        };
        let column = self.dots + width(self.from, start);
        Some((column, width(start, end.min(self.until)).max(1), error.label()))
    }
}

/// The last char boundary of `text` that is not after byte `at`.
pub(super) fn boundary_before(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

/// A remark on a query that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryNote {
    /// What about.
    pub kind: QueryNoteKind,
    /// Where, in bytes of the query.
    pub span: Span,
}

/// What a [`QueryNote`] is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum QueryNoteKind {
    /// `and`, `or`, `not` in small letters.
    WordNotOperator(String),
    /// `&&`, `||`, `|`, `!`, with the operator it was read as.
    ReadAs(String, &'static str),
    /// `gun!`, with the prefix it was read as.
    ReadAsPrefix(String, String),
    /// `+word`: every word is wanted anyway.
    Plus,
    /// A dash that belongs to no word.
    LoneDash,
    /// Single marks around words.
    SingleQuotes,
    /// Words side by side next to an OR.
    WideOr,
    /// Words side by side next to `w/5`.
    NearTakesOneWord(String),
    /// A name of several words behind a field without marks: the field, its word, the next word.
    FieldTakesOneWord(&'static str, String, String),
}

impl std::fmt::Display for QueryNote {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.kind {
            QueryNoteKind::WordNotOperator(word) => {
                let meaning = match word.as_str() {
                    "or" => "either",
                    "not" => "without",
                    _ => "both",
                };
                write!(f, "`{word}` was searched as a word; write {} for {meaning}", word.to_uppercase())
            }
            QueryNoteKind::ReadAs(written, operator) => write!(f, "`{written}` was read as {operator}"),
            QueryNoteKind::ReadAsPrefix(written, prefix) => {
                write!(f, "`{written}` was read as {prefix}, words that begin so")
            }
            QueryNoteKind::Plus => f.write_str("`+` was ignored: every word is wanted as it is"),
            QueryNoteKind::LoneDash => {
                f.write_str("a dash between words was ignored; write -word to leave a word out")
            }
            QueryNoteKind::SingleQuotes => {
                f.write_str("single marks do not make a phrase; write \"...\" for words in this order")
            }
            QueryNoteKind::WideOr => f.write_str(
                "OR parts all the words on its left from all on its right; write a (b OR c) for one of two",
            ),
            QueryNoteKind::NearTakesOneWord(operator) => {
                write!(f, "`{operator}` joins the one word on either side; write \"...\" for a phrase")
            }
            QueryNoteKind::FieldTakesOneWord(field, word, next) => {
                write!(
                    f,
                    "`{next}` was searched in the text; write {field}:\"{word} {next}\" for the whole name"
                )
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(query: &str, spans: &[(usize, usize, QueryErrorKind)], expected: &str) {
        let errors =
            spans.iter().map(|(start, end, kind)| QueryError::new(kind.clone(), Span::new(*start, *end)));
        assert_eq!(QueryErrors(errors.collect()).render(query), expected);
    }

    #[test]
    fn draws_carets_under_each_place() {
        check(
            "speeker:Ada AND (carbon OR",
            &[
                (0, 7, QueryErrorKind::UnknownField { name: "speeker".into() }),
                (16, 17, QueryErrorKind::UnclosedParenthesis),
            ],
            "unknown field `speeker`, and a parenthesis is never closed\n  \
               |\n\
             1 | speeker:Ada AND (carbon OR\n  \
               | ^^^^^^^         ^ opened here",
        );
        check(
            "(a (b",
            &[(0, 1, QueryErrorKind::UnclosedParenthesis), (3, 4, QueryErrorKind::UnclosedParenthesis)],
            "a parenthesis is never closed\n  |\n1 | (a (b\n  | ^  ^ opened here\n  | opened here",
        );
    }

    #[test]
    fn carets_stand_under_what_is_seen() {
        check(
            "北京 (\u{1b}[2J",
            &[(7, 8, QueryErrorKind::UnclosedParenthesis)],
            "a parenthesis is never closed\n  |\n1 | 北京 ([2J\n  |      ^ opened here",
        );
        check(
            "tax",
            &[(3, 3, QueryErrorKind::NoWord)],
            "there is no word in the query\n  |\n1 | tax\n  |    ^",
        );
    }

    #[test]
    fn long_queries_are_shown_around_the_error() {
        let query = format!("{}) {}", "word ".repeat(100), "word ".repeat(100));
        let errors =
            QueryErrors(vec![QueryError::new(QueryErrorKind::StrayParenthesis, Span::new(500, 501))]);
        let rendered = errors.render(&query);
        let lines: Vec<&str> = rendered.lines().collect();
        assert!(lines[2].len() < 120);
        assert_eq!(lines[3].find('^'), lines[2].find(')'));
    }
}
