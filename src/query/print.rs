//! A [`Query`] in the query language: the explicit form of what was read, such that `parse(print(q)) == q`.

use std::fmt::{self, Write as _};

use crate::model::query::{Query, QueryField, Term, TermForm};

/// `query` as a user may write it.
pub fn print(query: &Query) -> String {
    query.to_string()
}

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Query::Words(parts) => joined(f, parts, " ", Place::Part),
            Query::And(parts) if matches!(parts.first(), Some(Query::Words(_))) => {
                for (at, part) in parts.iter().enumerate() {
                    match part {
                        Query::Words(words) => joined(f, words, " ", Place::Part)?,
                        Query::Not(inner) => write(f, inner, "-", Place::Part)?,
                        other => write(f, other, "", Place::Part)?,
                    }
                    if at + 1 < parts.len() {
                        f.write_char(' ')?;
                    }
                }
                Ok(())
            }
            other => write(f, other, "", Place::Whole),
        }
    }
}

/// Where a part stands: decides whether it needs parentheses.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
enum Place {
    /// By itself.
    Whole,
    /// Among others, with `AND`, `OR` or nothing between, or behind `NOT`.
    Part,
    /// Beside `w/5`.
    Side,
}

fn joined(f: &mut fmt::Formatter<'_>, parts: &[Query], between: &str, place: Place) -> fmt::Result {
    for (at, part) in parts.iter().enumerate() {
        write(f, part, if at > 0 { between } else { "" }, place)?;
    }
    Ok(())
}

fn write(f: &mut fmt::Formatter<'_>, query: &Query, before: &str, place: Place) -> fmt::Result {
    f.write_str(before)?;
    let needs_group = match query {
        Query::And(_) | Query::Or(_) | Query::Words(_) => place >= Place::Part,
        Query::Near { .. } | Query::SameSentence(..) | Query::SameParagraph(..) => {
            place == Place::Side || before == "-" || before == "NOT "
        }
        Query::Not(_) => place == Place::Side || before == "-",
        _ => false,
    };
    if needs_group {
        f.write_char('(')?;
    }
    match query {
        Query::All => {}
        Query::Term { field, term } => write_term(f, *field, term)?,
        Query::Phrase { field, terms, slop } => {
            write_field(f, *field)?;
            f.write_char('"')?;
            for (at, term) in terms.iter().enumerate() {
                let star = if term.form == TermForm::Prefix { "*" } else { "" };
                write!(f, "{}{}{star}", if at > 0 { " " } else { "" }, term.word)?;
            }
            f.write_char('"')?;
            if *slop > 0 {
                write!(f, "~{slop}")?;
            }
        }
        Query::Words(parts) | Query::And(parts) => joined(f, parts, " AND ", Place::Part)?,
        Query::Or(parts) => joined(f, parts, " OR ", Place::Part)?,
        Query::Not(inner) => write(f, inner, "NOT ", Place::Part)?,
        Query::Near { left, right, distance, ordered } => {
            let name = if *ordered { "pre" } else { "w" };
            sides(f, left, right, &format!(" {name}/{distance} "))?;
        }
        Query::SameSentence(left, right) => sides(f, left, right, " w/s ")?,
        Query::SameParagraph(left, right) => sides(f, left, right, " w/p ")?,
        Query::AtLeast(times, inner) => {
            write(f, inner, &format!("atleast{times}("), Place::Whole)?;
            f.write_char(')')?;
        }
        Query::Said(inner) => {
            write(f, inner, "said(", Place::Whole)?;
            f.write_char(')')?;
        }
        Query::Date { since, until } => match (since, until) {
            (Some(since), Some(until)) if since == until => write!(f, "date:{since}")?,
            (since, until) => {
                f.write_str("date:")?;
                since.iter().try_for_each(|day| write!(f, "{day}"))?;
                f.write_str("..")?;
                until.iter().try_for_each(|day| write!(f, "{day}"))?;
            }
        },
        Query::Has(what) => write!(f, "has:{}", what.name())?,
    }
    if needs_group {
        f.write_char(')')?;
    }
    Ok(())
}

fn sides(f: &mut fmt::Formatter<'_>, left: &Query, right: &Query, operator: &str) -> fmt::Result {
    write(f, left, "", Place::Side)?;
    f.write_str(operator)?;
    write(f, right, "", Place::Side)
}

fn write_field(f: &mut fmt::Formatter<'_>, field: QueryField) -> fmt::Result {
    if field == QueryField::Text { Ok(()) } else { write!(f, "{}:", field.prefix()) }
}

fn write_term(f: &mut fmt::Formatter<'_>, field: QueryField, term: &Term) -> fmt::Result {
    write_field(f, field)?;
    let word = &term.word;
    // A word of a phrase may hold what has a meaning outside of marks.
    let is_plain = word.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '\'' | '-'));
    match term.form {
        TermForm::Stem => f.write_str(word),
        TermForm::Exact if is_plain && field == QueryField::Text => write!(f, "={word}"),
        TermForm::Exact => write!(f, "\"{word}\""),
        TermForm::Prefix if is_plain => write!(f, "{word}*"),
        TermForm::Prefix => write!(f, "\"{word}*\""),
        TermForm::Fuzzy(edits) => write!(f, "{word}~{edits}"),
    }
}
