//! `--template '{date} {outlet}: {headline}'`: one line for each record.
//!
//! `{name}` is the value of a field, as in a CSV cell; `{{` and `}}` are braces; `\n` and `\t` are a line break and a tab.

use super::delimited::cell;
use super::record::Record;
use crate::text::sanitize;

/// Why a template cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// A brace is never closed.
    #[error("a brace is never closed in the template, at character {at}")]
    Unclosed {
        /// Place, in characters from 1.
        at: usize,
    },
    /// A closing brace without an opening one.
    #[error("a closing brace without an opening one in the template, at character {at}")]
    Unopened {
        /// Place, in characters from 1.
        at: usize,
    },
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    Field(String),
}

/// A parsed template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    parts: Vec<Part>,
}

impl Template {
    /// Parses `text`.
    ///
    /// # Errors
    /// Unbalanced braces.
    pub fn parse(text: &str) -> Result<Self, TemplateError> {
        let mut parts = Vec::new();
        let mut literal = String::new();
        let mut chars = text.chars().enumerate().peekable();
        while let Some((at, c)) = chars.next() {
            let next = chars.peek().map(|(_, c)| *c);
            match (c, next) {
                ('{', Some('{')) | ('}', Some('}')) => {
                    chars.next();
                    literal.push(c);
                }
                ('\\', Some('n')) => {
                    chars.next();
                    literal.push('\n');
                }
                ('\\', Some('t')) => {
                    chars.next();
                    literal.push('\t');
                }
                ('{', _) => {
                    let mut name = String::new();
                    loop {
                        match chars.next() {
                            Some((_, '}')) => break,
                            Some((_, c)) => name.push(c),
                            None => return Err(TemplateError::Unclosed { at: at + 1 }),
                        }
                    }
                    parts.push(Part::Text(std::mem::take(&mut literal)));
                    parts.push(Part::Field(name.trim().to_owned()));
                }
                ('}', _) => return Err(TemplateError::Unopened { at: at + 1 }),
                (c, _) => literal.push(c),
            }
        }
        parts.push(Part::Text(literal));
        Ok(Template { parts })
    }

    /// Names of the fields it uses.
    pub fn fields(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            Part::Field(name) => Some(name.as_str()),
            Part::Text(_) => None,
        })
    }

    /// The text for one record; a field it does not have is empty.
    pub fn fill(&self, record: &Record) -> String {
        let mut out = String::new();
        for part in &self.parts {
            match part {
                Part::Text(text) => out.push_str(text),
                Part::Field(name) => {
                    out.push_str(&sanitize(&record.get(name).map(cell).unwrap_or_default()));
                }
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn fills_fields_and_escapes() {
        let record = json!({ "outlet": "Daily Ledger", "n": 3, "authors": ["A", "B"] });
        let template = Template::parse(r"{outlet}\t{{{n}}} {authors}{gone}").unwrap();
        assert_eq!(template.fill(record.as_object().unwrap()), "Daily Ledger\t{3} A; B");
        assert_eq!(template.fields().collect::<Vec<_>>(), ["outlet", "n", "authors", "gone"]);
    }

    #[test]
    fn refuses_unbalanced_braces() {
        assert_eq!(Template::parse("a {b"), Err(TemplateError::Unclosed { at: 3 }));
        assert_eq!(Template::parse("a} b"), Err(TemplateError::Unopened { at: 2 }));
    }
}
