//! Words that mean the same to a searcher: acronyms and what they stand for, near synonyms, spellings; and the words that
//! carry no meaning of their own.
//!
//! In: `data/equivalents.tsv` (groups of words with a weight) and `data/function-words.tsv`. Out: for a folded word or
//! phrase, what may stand in for it. Groups are symmetric; a word of two groups has the others of both.

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::{LazyLock, OnceLock};

use super::LexiconError;
use super::table;
use crate::text;
use crate::text::hash::Fixed;

/// Data files of this part: name and text.
pub(super) const FILES: &[(&str, &str)] = &[
    ("equivalents.tsv", include_str!("data/equivalents.tsv")),
    ("function-words.tsv", include_str!("data/function-words.tsv")),
];

/// Weight of a place in its other form.
const PLACE_WEIGHT: f32 = 0.8;

/// Something that may stand in for a word.
#[derive(Clone, Debug, PartialEq)]
pub struct Equivalent {
    /// A word or several.
    pub words: String,
    /// How much it counts, beside 1 for the word itself.
    pub weight: f32,
}

/// Rules of this part. A search asks for a word or two and ends: groups are cut into words when asked for, and only where
/// the hash of a plain form says that a member may be meant. Hashes are made when a word with their first letter is asked
/// for.
#[derive(Debug, Default)]
pub struct Equivalents {
    groups: Vec<Group>,
    /// By first letter.
    members: [OnceLock<Members>; N_INITIALS],
    function_words: HashSet<String>,
}

/// For each member of a group, in order: hash of its plain form, see [`plain_form`], and number of the group.
type Members = Vec<(u64, u32)>;

/// Small letters of ASCII, and everything else.
const N_INITIALS: usize = 27;
const OTHER_INITIALS: usize = 26;

/// The place of a plain form, or of a member as written, by its first letter.
fn initial(words: &str) -> usize {
    match words.bytes().next().map(|byte| byte.to_ascii_lowercase()) {
        Some(byte @ b'a'..=b'z') => usize::from(byte - b'a'),
        _ => OTHER_INITIALS,
    }
}

/// Words that may stand in for one another.
#[derive(Debug)]
struct Group {
    /// As written, separated by `=`.
    words: Cow<'static, str>,
    weight: f32,
}

impl Group {
    fn members(&self) -> impl Iterator<Item = String> {
        self.words.split('=').map(terms).filter(|member| !member.is_empty())
    }
}

impl Equivalents {
    /// The rules compiled into the program, without the rest of the lexicon: a search needs no more.
    pub fn embedded() -> &'static Equivalents {
        static EMBEDDED: LazyLock<Equivalents> = LazyLock::new(|| {
            Equivalents::load().expect("embedded rules are checked by the test `embedded_rules_load`")
        });
        &EMBEDDED
    }

    pub(super) fn load() -> Result<Self, LexiconError> {
        let mut equivalents = Equivalents::default();
        let (file, text) = FILES[0];
        for row in table::rows(file, text, 3)? {
            let [words, weight, _] = row.columns[..] else {
                continue;
            };
            let weight: f32 = match weight.parse() {
                Ok(weight) if weight > 0.0 && weight <= 1.0 => weight,
                _ => {
                    return Err(LexiconError::at(
                        file,
                        row.line,
                        format!("`{weight}` is no weight above 0, up to 1"),
                    ));
                }
            };
            equivalents
                .add_group(Cow::Borrowed(words), weight)
                .map_err(|message| LexiconError::at(file, row.line, message))?;
        }
        equivalents.add_places()?;
        let (file, text) = FILES[1];
        for row in table::rows(file, text, 2)? {
            equivalents.function_words.insert(text::fold(row.columns[0]).into_owned());
        }
        Ok(equivalents)
    }

    /// "Mexican" where "Mexico" was asked for; "Calif." where "California" was.
    fn add_places(&mut self) -> Result<(), LexiconError> {
        let (file, text) = super::people::PLACES;
        for row in table::rows(file, text, 4)? {
            let [place, kind, demonyms, abbreviation] = row.columns[..] else {
                continue;
            };
            if kind == "city" {
                continue;
            }
            let others = demonyms.split(',').chain([abbreviation]).map(str::trim);
            let mut group = vec![place];
            group.extend(others.filter(|other| !other.is_empty() && terms(other) != terms(place)));
            if group.len() > 1 {
                self.add_group(group.join(" = ").into(), PLACE_WEIGHT)
                    .map_err(|message| LexiconError::at(file, row.line, message))?;
            }
        }
        Ok(())
    }

    fn add_group(&mut self, words: Cow<'static, str>, weight: f32) -> Result<(), String> {
        let group = Group { words, weight };
        let members = group.words.split('=').filter(|member| member.contains(char::is_alphanumeric));
        if members.count() < 2 {
            return Err(format!("`{}` is no group: two or more, separated by `=`", group.words));
        }
        self.groups.push(group);
        self.members = Default::default();
        Ok(())
    }

    /// Members by the letter that their plain form begins with. Those that are not simple may begin with any: they are
    /// among the others.
    fn members(&self, letter: usize) -> &[(u64, u32)] {
        self.members[letter].get_or_init(|| {
            let mut members = Members::new();
            let mut plain = String::new();
            for (number, group) in (0u32..).zip(&self.groups) {
                for member in group.words.split('=').map(str::trim) {
                    let first = initial(member);
                    if first != letter && letter != OTHER_INITIALS {
                        continue;
                    }
                    let is_simple = is_simple(member);
                    if letter != if is_simple { first } else { OTHER_INITIALS } {
                        continue;
                    }
                    match is_simple {
                        true => plain_of_simple(member, &mut plain),
                        false => plain_form(&terms(member), &mut plain),
                    }
                    if !plain.is_empty() {
                        members.push((hash_of(&plain), number));
                    }
                }
            }
            members
        })
    }

    /// What may stand in for a folded word, or for several joined by one space; for any form of them.
    pub fn of(&self, words: &str) -> Vec<Equivalent> {
        let (mut wanted, mut plain) = (String::new(), String::new());
        plain_form(words, &mut wanted);
        let (hash, letter) = (hash_of(&wanted), initial(&wanted));
        let others = if letter == OTHER_INITIALS { &[] } else { self.members(OTHER_INITIALS) };
        let members = self.members(letter).iter().chain(others);
        let mut numbers: Vec<u32> =
            members.filter(|(of, _)| *of == hash).map(|(_, number)| *number).collect();
        numbers.sort_unstable();
        numbers.dedup();
        let mut found: Vec<Equivalent> = Vec::new();
        for number in numbers {
            let group = &self.groups[number as usize];
            let members: Vec<String> = group.members().collect();
            for (idx, member) in members.iter().enumerate() {
                plain_form(member, &mut plain);
                if plain != wanted {
                    continue;
                }
                for (_, other) in members.iter().enumerate().filter(|(other, _)| *other != idx) {
                    match found.iter_mut().find(|equivalent| equivalent.words == *other) {
                        Some(equivalent) => equivalent.weight = equivalent.weight.max(group.weight),
                        None => found.push(Equivalent { words: other.clone(), weight: group.weight }),
                    }
                }
            }
        }
        found
    }

    /// Whether a folded word is too common to ask for: `the`, `of`, `would`.
    pub fn is_function_word(&self, word: &str) -> bool {
        self.function_words.contains(word)
    }
}

/// The terms of `words` as a query has them, joined by one space: what [`Equivalents::of`] is asked with.
pub fn terms(words: &str) -> String {
    let mut joined = String::new();
    let mut next = 0;
    text::word::tokenize_query(words, &mut |term: &str, position, _| {
        // The joined form of a hyphenated word stands at the place of its first part.
        if position == next {
            if position > 0 {
                joined.push(' ');
            }
            joined.push_str(term);
            next += 1;
        }
    });
    joined
}

fn hash_of(plain: &str) -> u64 {
    let mut hash = Fixed::new(0);
    hash.add(plain.as_bytes());
    hash.finish()
}

/// Words without the usual endings into `plain`, so that `doctors` finds the group of `doctor` and `concealed` that of
/// `conceal`. Ruder than a stemmer, and meant to be: it only has to treat both sides alike.
fn plain_form(words: &str, plain: &mut String) {
    plain.clear();
    for word in words.split(' ') {
        if !plain.is_empty() {
            plain.push(' ');
        }
        push_plain(word, plain);
    }
}

/// Whether a member is nothing but ASCII letters, small but for the first of a word, and digits: most are.
fn is_simple(member: &str) -> bool {
    let mut is_first = true;
    let is_fine = |byte: u8| {
        let is_known = match byte {
            b' ' => !is_first,
            b'A'..=b'Z' => is_first,
            b'a'..=b'z' | b'0'..=b'9' => true,
            _ => false,
        };
        is_first = byte == b' ';
        is_known
    };
    !member.is_empty() && !member.ends_with(' ') && member.bytes().all(is_fine)
}

/// [`plain_form`] of the [`terms`] of a simple member: a search waits for those of a letter.
fn plain_of_simple(member: &str, plain: &mut String) {
    plain.clear();
    for word in member.split(' ') {
        if !plain.is_empty() {
            plain.push(' ');
        }
        let start = plain.len();
        plain.push_str(word);
        plain[start..].make_ascii_lowercase();
        trim_plain(plain, start);
    }
}

fn push_plain(word: &str, plain: &mut String) {
    let start = plain.len();
    plain.push_str(word);
    trim_plain(plain, start);
}

/// Takes the ending from the word that begins at `start`.
fn trim_plain(plain: &mut String, start: usize) {
    const SHORT: usize = 4;
    let word = &plain[start..];
    if word.len() < SHORT || !word.is_ascii() || word.contains('.') {
        return;
    }
    let kept = |ending: &str| word.strip_suffix(ending).filter(|rest| rest.len() >= SHORT - 1);
    let (len, more) = if let Some(rest) = kept("ies") {
        (rest.len(), "y")
    } else if let Some(rest) = kept("ing").or_else(|| kept("ed")) {
        // `cutting` is `cut`, but `killing` is `kill`.
        let twin = rest.len() >= 2 && rest.as_bytes()[rest.len() - 1] == rest.as_bytes()[rest.len() - 2];
        let is_doubled = twin && !rest.ends_with(['l', 's', 'z']);
        (rest.len() - usize::from(is_doubled), "")
    } else if let Some(rest) = kept("s").filter(|rest| !rest.ends_with(['s', 'u', 'i'])) {
        (rest.len(), "")
    } else {
        (word.len(), "")
    };
    plain.truncate(start + len);
    plain.push_str(more);
    if plain.len() - start >= SHORT && plain.ends_with('e') {
        plain.pop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_symmetric() {
        let mut equivalents = Equivalents::default();
        assert!(equivalents.add_group("EU = European Union".into(), 1.0).is_ok());
        assert!(equivalents.add_group("eu = brussels".into(), 0.4).is_ok());
        assert_eq!(equivalents.of("european union"), [Equivalent { words: "eu".to_owned(), weight: 1.0 }]);
        let words: Vec<String> = equivalents.of("eu").into_iter().map(|other| other.words).collect();
        assert_eq!(words, ["european union", "brussels"]);
        assert!(equivalents.add_group("alone".into(), 1.0).is_err());
    }

    #[test]
    fn simple_members_are_read_as_others() {
        let (mut quick, mut slow) = (String::new(), String::new());
        let mut n_simple = 0;
        for group in &Equivalents::embedded().groups {
            for member in group.words.split('=').map(str::trim) {
                if is_simple(member) {
                    n_simple += 1;
                    plain_of_simple(member, &mut quick);
                    plain_form(&terms(member), &mut slow);
                    assert_eq!(quick, slow, "{member}");
                }
            }
        }
        assert!(n_simple > 1_000, "{n_simple}");
        for other in ["US", "e-mail", "", "a  b", "a ", " a", "café"] {
            assert!(!is_simple(other), "{other}");
        }
    }

    #[test]
    fn every_member_is_found_by_its_letter() {
        let equivalents = Equivalents::embedded();
        let mut n_members = 0;
        for group in &equivalents.groups {
            let members: Vec<String> = group.members().collect();
            for member in &members {
                n_members += 1;
                let others = equivalents.of(member);
                let has = |other: &&String| *other == member || others.iter().any(|o| o.words == **other);
                assert_eq!(members.iter().find(|other| !has(other)), None, "{member}");
            }
        }
        let counted: usize = (0..N_INITIALS).map(|letter| equivalents.members(letter).len()).sum();
        assert_eq!(counted, n_members);
    }

    #[test]
    fn members_differ() {
        for group in &Equivalents::embedded().groups {
            let members: Vec<String> = group.members().collect();
            let twice = members.iter().enumerate().find(|(idx, member)| members[..*idx].contains(member));
            assert_eq!(twice, None, "{}", group.words);
        }
    }

    #[track_caller]
    fn check_same(a: &str, b: &str) {
        assert_eq!(plain(a), plain(b));
    }

    fn plain(words: &str) -> String {
        let mut plain = String::new();
        plain_form(words, &mut plain);
        plain
    }

    #[test]
    fn forms_of_a_word_meet() {
        check_same("doctors", "doctor");
        check_same("concealed", "conceal");
        check_same("serenades", "serenade");
        check_same("cutting", "cut");
        check_same("subsidies", "subsidy");
        check_same("tax havens", "tax haven");
        assert_ne!(plain("bus"), plain("bu"));
    }

    #[test]
    fn the_embedded_lists_hold_what_they_should() {
        let equivalents = Equivalents::embedded();
        assert!(!equivalents.of("eu").is_empty());
        assert!(equivalents.of("mexico").iter().any(|other| other.words == "mexican"));
        assert!(equivalents.of("california").iter().any(|other| other.words == "calif"));
        assert!(equivalents.is_function_word("the"));
        assert!(!equivalents.is_function_word("tax"));
    }
}
