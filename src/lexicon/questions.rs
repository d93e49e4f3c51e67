//! Questions as people type them: "what did Moreau say about the levy" asks for a speaker and words.
//!
//! In: `data/questions.tsv` (patterns) and the words of a query. Out: the name and the topic in it. Whether anybody bears the
//! name is for the index to say.

use std::sync::LazyLock;

use super::LexiconError;
use super::table;
use crate::text;

/// Data files of this part: name and text.
pub(super) const FILES: &[(&str, &str)] = &[("questions.tsv", include_str!("data/questions.tsv"))];

/// Words of a name at most.
const NAME_WORDS: usize = 4;

/// A question about what somebody said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Whose words are wanted, as typed.
    pub name: String,
    /// What they are about, as typed.
    pub topic: String,
}

/// Rules of this part.
#[derive(Debug, Default)]
pub struct Questions {
    patterns: Vec<Vec<Part>>,
}

#[derive(Debug)]
enum Part {
    /// Any of these words.
    Words(Vec<String>),
    /// The name.
    Name,
}

impl Questions {
    /// The rules compiled into the program, without the rest of the lexicon.
    pub fn embedded() -> &'static Questions {
        static EMBEDDED: LazyLock<Questions> = LazyLock::new(|| {
            Questions::load().expect("embedded rules are checked by the test `embedded_rules_load`")
        });
        &EMBEDDED
    }

    pub(super) fn load() -> Result<Self, LexiconError> {
        let (file, text) = FILES[0];
        let mut patterns = Vec::new();
        for row in table::rows(file, text, 2)? {
            let part = |word: &str| match word {
                "*" => Part::Name,
                words => Part::Words(words.split('|').map(str::to_owned).collect()),
            };
            let pattern: Vec<Part> = row.columns[0].split_whitespace().map(part).collect();
            if pattern.iter().filter(|part| matches!(part, Part::Name)).count() != 1 || pattern.len() < 2 {
                return Err(LexiconError::at(file, row.line, "a pattern has one `*` and words"));
            }
            patterns.push(pattern);
        }
        Ok(Questions { patterns })
    }

    /// The question in `words`; `None` when they are no question, or about nothing.
    pub fn read(&self, words: &str) -> Option<Question> {
        let words: Vec<&str> = words.trim_end_matches('?').split_whitespace().collect();
        let folded: Vec<String> = words
            .iter()
            .map(|word| text::fold(word.trim_matches(|c: char| !c.is_alphanumeric())).into_owned())
            .collect();
        self.patterns.iter().find_map(|pattern| {
            (1..=NAME_WORDS).find_map(|name_words| {
                let at = pattern.iter().position(|part| matches!(part, Part::Name))?;
                let end = pattern.len() - 1 + name_words;
                let fits = end < words.len()
                    && pattern.iter().enumerate().all(|(idx, part)| match part {
                        Part::Name => true,
                        Part::Words(any) => {
                            any.contains(&folded[if idx < at { idx } else { idx - 1 + name_words }])
                        }
                    });
                fits.then(|| Question {
                    name: trimmed(&words[at..at + name_words].join(" ")),
                    topic: words[end..].join(" "),
                })
            })
        })
    }
}

/// Without "'s" and marks at the ends.
fn trimmed(name: &str) -> String {
    let name = name.trim_matches(|c: char| !c.is_alphanumeric() && c != '.');
    let name = name.strip_suffix("'s").or_else(|| name.strip_suffix("\u{2019}s")).unwrap_or(name);
    name.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(words: &str, expected: Option<(&str, &str)>) {
        let found = Questions::embedded().read(words);
        let found = found.as_ref().map(|question| (question.name.as_str(), question.topic.as_str()));
        assert_eq!(found, expected, "{words}");
    }

    #[test]
    fn questions_name_a_speaker_and_a_topic() {
        check("what did Moreau say about the levy", Some(("Moreau", "the levy")));
        check("What has Ada Moreau said on carbon prices?", Some(("Ada Moreau", "carbon prices")));
        check("what Moreau said about steel", Some(("Moreau", "steel")));
        check("quotes by Jon Halvorsen about wages", Some(("Jon Halvorsen", "wages")));
        check("Ada Moreau's remarks on wages", Some(("Ada Moreau", "wages")));
        check("Moreau said about steel", Some(("Moreau", "steel")));
    }

    #[test]
    fn other_words_are_no_question() {
        check("what did Moreau say", None);
        check("what did Moreau say about", None);
        check("carbon levy on steel", None);
        check("what the levy costs", None);
        check("", None);
    }
}
