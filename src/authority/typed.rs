//! A name as somebody types it: "Sen. Marchetti", "former Secretary of State Halvorsen".
//!
//! In: a name that nobody bears as it was typed. Out: what is left of it without titles and forms of address, by the tables of
//! roles and honorifics. Whether anybody bears that is for the index to say.

use crate::lexicon::Lexicon;
use crate::lexicon::people::{People, WordFlags, join_keys, word_key};

/// `name` without the titles before it; `None` when none stands there.
pub fn without_titles(name: &str) -> Option<&str> {
    let people = &Lexicon::embedded().people;
    let words: Vec<(usize, &str)> =
        name.split_whitespace().map(|word| (word.as_ptr() as usize - name.as_ptr() as usize, word)).collect();
    let mut rest = None;
    let mut at = 0;
    while at + 1 < words.len() {
        let flags = people.word(word_key(words[at].1)).flags;
        let length = title_length(people, &words[at..]);
        if length > 0 && at + length < words.len() {
            // "Dean Smith" is a name as likely as a title.
            if flags.has(WordFlags::GIVEN) && words.len() == at + 2 {
                break;
            }
            at += length;
            at += domain_length(people, &words[at..]);
            rest = Some(at);
            continue;
        }
        // "French President", "former Governor": something of a title, not of a name.
        if rest.is_some() || flags.has(WordFlags::GIVEN) {
            break;
        }
        at += 1;
    }
    rest.and_then(|at| Some(&name[words.get(at)?.0..]))
}

/// Words of the title that `words` begin with; 0: none.
fn title_length(people: &People, words: &[(usize, &str)]) -> usize {
    let titled = WordFlags::TITLE.with(WordFlags::HONORIFIC);
    if let [(_, first), (_, second), ..] = words
        && people
            .phrase(join_keys(word_key(first), word_key(second)))
            .is_some_and(|phrase| phrase.flags.has(titled))
    {
        return 2;
    }
    usize::from(words.first().is_some_and(|(_, word)| people.word(word_key(word)).flags.has(titled)))
}

/// Words of "of State", "of the House" behind a title; the last word is never one of them.
fn domain_length(people: &People, words: &[(usize, &str)]) -> usize {
    if !words.first().is_some_and(|(_, word)| matches!(*word, "of" | "for")) {
        return 0;
    }
    let kinds = WordFlags::DEPT.with(WordFlags::PLACE).with(WordFlags::ORG).with(WordFlags::BODY);
    let is_domain = |word: &str| {
        matches!(word, "of" | "for" | "the" | "and") || people.word(word_key(word)).flags.has(kinds)
    };
    let length = words.iter().take_while(|(_, word)| is_domain(word)).count();
    length.min(words.len().saturating_sub(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, expected: Option<&str>) {
        assert_eq!(without_titles(name), expected, "{name}");
    }

    #[test]
    fn titles_before_a_name_are_dropped() {
        check("Sen. Marchetti", Some("Marchetti"));
        check("Mr. Halvorsen", Some("Halvorsen"));
        check("President Ada Moreau", Some("Ada Moreau"));
        check("former Vice President Moreau", Some("Moreau"));
        check("Secretary of State Halvorsen", Some("Halvorsen"));
        check("Speaker of the House Ana Duarte", Some("Ana Duarte"));
        check("French President Moreau", Some("Moreau"));
        check("  senator   marchetti ", Some("marchetti "));
    }

    #[test]
    fn names_stay_whole() {
        check("Ada Moreau", None);
        check("Marchetti", None);
        check("Senator", None);
        check("Dean Halvorsen", None);
        check("", None);
        check("Ana Bishop Duarte", None);
    }
}
