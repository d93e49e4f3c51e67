//! Words and rules as data: what counts as a speech verb, a title, an outlet, a line of furniture.
//!
//! Each part is one file of `data/` (its README describes every file: columns, readers, how to add a row) and one loader
//! here that checks it and names `file:line` when a row is wrong. Code elsewhere holds mechanism only.
//!
//! * [`table`]: reads tab-separated data with comments
//! * [`cues`]: speech verbs and nouns
//! * [`people`]: titles, honorifics, given names with gender, role words
//! * [`bodies`]: what bodies are called for short, and what they issue
//! * [`words`]: all of these in one look-up
//! * [`outlets`]: names and domains of publications
//! * [`furniture`]: patterns of page furniture
//! * [`folded`]: the form of a line that these are read against
//! * [`html`]: names of furniture in the mark-up of pages, and lines that follow it
//! * [`equivalents`]: words that mean the same to a searcher
//! * [`questions`]: how people ask for somebody's words

pub mod bodies;
pub mod cues;
pub mod equivalents;
pub mod folded;
pub mod furniture;
pub mod html;
pub mod outlets;
pub mod people;
pub mod questions;
pub mod table;
pub mod words;

use std::sync::{LazyLock, OnceLock};

pub use table::LexiconError;

/// Keys of structured records, read by `corpus::keys`: file name and text. Kept here so that the hash covers it.
pub const RECORD_KEYS: (&str, &str) = ("record_keys.tsv", include_str!("data/record_keys.tsv"));

/// Names of fields in exports of press archives, read by `corpus::formats`: file name and text.
pub const ARCHIVE_FIELDS: (&str, &str) = ("archive_fields.tsv", include_str!("data/archive_fields.tsv"));

/// All rules. Each part is checked and made ready when it is first asked for: a search needs few of them. Cheap to share by
/// reference; immutable.
pub struct Lexicon {
    /// Speech verbs and nouns.
    pub cues: LazyLock<cues::Cues>,
    /// Titles, honorifics, given names, role words.
    pub people: LazyLock<people::People>,
    /// Bare nouns for bodies and documents.
    pub bodies: LazyLock<bodies::Bodies>,
    /// Publications.
    pub outlets: LazyLock<outlets::Outlets>,
    /// Page furniture.
    pub furniture: LazyLock<furniture::Furniture>,
    /// Words that mean the same.
    pub equivalents: LazyLock<equivalents::Equivalents>,
    words: OnceLock<words::Words>,
}

/// A part whose data is compiled in.
fn ready<T>(part: Result<T, LexiconError>) -> T {
    part.expect("embedded rules are checked by the test `embedded_rules_load`")
}

impl Lexicon {
    /// The rules compiled into the program.
    pub fn embedded() -> &'static Lexicon {
        static EMBEDDED: LazyLock<Lexicon> = LazyLock::new(Lexicon::new);
        &EMBEDDED
    }

    fn new() -> Lexicon {
        Lexicon {
            cues: LazyLock::new(|| ready(cues::Cues::load())),
            people: LazyLock::new(|| ready(people::People::load())),
            bodies: LazyLock::new(|| ready(bodies::Bodies::load())),
            outlets: LazyLock::new(|| ready(outlets::Outlets::load())),
            furniture: LazyLock::new(|| ready(furniture::Furniture::load())),
            equivalents: LazyLock::new(|| ready(equivalents::Equivalents::load())),
            words: OnceLock::new(),
        }
    }

    /// The words of cues, people and bodies together.
    pub fn words(&self) -> &words::Words {
        self.words.get_or_init(|| words::Words::of(&self.cues, &self.people, &self.bodies))
    }

    /// Hash over every data file but those that only searches read (equivalents, questions): an index made with other rules
    /// is told apart by it.
    pub fn hash(&self) -> &'static str {
        option_env!("ONRECORD_LEXICON_HASH").unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn embedded_rules_load() {
        let parts = [
            cues::Cues::load().map(drop),
            people::People::load().map(drop),
            bodies::Bodies::load().map(drop),
            outlets::Outlets::load().map(drop),
            furniture::Furniture::load().map(drop),
            html::HtmlRules::load().map(drop),
            equivalents::Equivalents::load().map(drop),
            questions::Questions::load().map(drop),
        ];
        let wrong: Vec<String> =
            parts.into_iter().filter_map(|part| part.err().map(|error| error.to_string())).collect();
        assert_eq!(wrong, [""; 0]);
    }

    /// The data files on disk, sorted.
    fn on_disk() -> Vec<String> {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lexicon/data");
        let entries = std::fs::read_dir(folder).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned());
        let mut names: Vec<String> = names.filter(|name| name != "README.md").collect();
        names.sort();
        names
    }

    #[test]
    fn rules_have_a_hash() {
        let hash = Lexicon::embedded().hash();
        assert!(hash.len() == 16 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()), "{hash}");
    }

    #[test]
    fn every_data_file_is_described() {
        let readme = include_str!("data/README.md");
        let described = readme.lines().filter_map(|line| line.strip_prefix("### "));
        let mut described: Vec<&str> = described.collect();
        described.sort_unstable();
        assert_eq!(
            described,
            on_disk(),
            "headings of src/lexicon/data/README.md against the files beside it"
        );
    }
}
