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
    /// Whose words are wanted, as typed; `None`: anybody's.
    pub name: Option<String>,
    /// What they are about, as typed.
    pub topic: String,
    /// When they were said, as typed behind the topic: "in March 2031". Only what may be a time; whether it is one is not known
    /// here.
    pub times: Vec<Time>,
}

/// What may be a time at the end of a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Time {
    /// The topic without it.
    pub topic: String,
    /// The words of the time, with what leads to it where that changes it ("since 2031", but "2031" for "in 2031").
    pub words: String,
}

/// Words that lead to a time, and are part of what it means.
const TIMED: &[&str] = &["since", "before", "after", "between", "from", "until", "till"];
/// Words that lead to a time and add nothing.
const PLAIN_TIMED: &[&str] = &["in", "on", "during"];
/// Words of a time at most.
const TIME_WORDS: usize = 7;

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
            if pattern.iter().filter(|part| matches!(part, Part::Name)).count() > 1 || pattern.len() < 2 {
                return Err(LexiconError::at(file, row.line, "a pattern has words, and one `*` at most"));
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
            let at = pattern.iter().position(|part| matches!(part, Part::Name));
            let names = if at.is_some() { 1..=NAME_WORDS } else { 1..=1 };
            names.into_iter().find_map(|name_words| {
                let end = pattern.len() - 1 + name_words;
                let place =
                    |idx: usize| if at.is_some_and(|at| idx > at) { idx - 1 + name_words } else { idx };
                let fits = end < words.len()
                    && pattern.iter().enumerate().all(|(idx, part)| match part {
                        Part::Name => true,
                        Part::Words(any) => any.contains(&folded[place(idx)]),
                    });
                fits.then(|| Question {
                    name: at.map(|at| trimmed(&words[at..at + name_words].join(" "))),
                    topic: words[end..].join(" "),
                    times: times(&words[end..], &folded[end..]),
                })
            })
        })
    }
}

/// Ends of `words` that may be a time, the longest first. Something is left before each.
fn times(words: &[&str], folded: &[String]) -> Vec<Time> {
    let first = words.len().saturating_sub(TIME_WORDS).max(1);
    let mut times = Vec::new();
    for at in first..words.len().saturating_sub(1) {
        let lead = folded[at].as_str();
        let from = match () {
            () if TIMED.contains(&lead) => at,
            () if PLAIN_TIMED.contains(&lead) => at + 1,
            () => continue,
        };
        times.push(Time { topic: words[..at].join(" "), words: folded_time(&words[from..]) });
    }
    times
}

/// Without a mark at the end: "in March 2031, ".
fn folded_time(words: &[&str]) -> String {
    words.join(" ").trim_end_matches(|c: char| !c.is_alphanumeric()).to_owned()
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
        let name = |question: &'_ Question| question.name.clone().unwrap_or_default();
        let found = found.as_ref().map(|question| (name(question), question.topic.as_str()));
        assert_eq!(found, expected.map(|(name, topic)| (name.to_owned(), topic)), "{words}");
    }

    #[test]
    fn the_end_of_a_question_may_be_a_time() {
        let question =
            Questions::embedded().read("What did Moreau say about steel in ports in March 2031?").unwrap();
        let times: Vec<(&str, &str)> =
            question.times.iter().map(|time| (time.topic.as_str(), time.words.as_str())).collect();
        assert_eq!(times, [("steel", "ports in March 2031"), ("steel in ports", "March 2031")]);
        let question = Questions::embedded().read("what did Moreau say about steel since june").unwrap();
        assert_eq!(question.times, [Time { topic: "steel".into(), words: "since june".into() }]);
        assert!(Questions::embedded().read("Moreau said about steel").unwrap().times.is_empty());
    }

    #[test]
    fn a_question_may_ask_who() {
        check("who said unworkable?", Some(("", "unworkable")));
        check("who talked about the levy", Some(("", "the levy")));
        check("who pays the levy", None);
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
