//! What the exports of press archives call their fields.
//!
//! In: `lexicon/data/archive_fields.tsv`. Out: for a name of an archive, the field it gives. Knows nothing of how an export
//! is laid out.

use std::sync::LazyLock;

use super::super::keys::Field;
use crate::lexicon::ARCHIVE_FIELDS;
use crate::lexicon::table::{self, LexiconError};

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// A field of the article.
    Field(Field),
    /// The number of words.
    Words,
    /// Nothing of use here.
    Nothing,
}

/// Where a name begins a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// Wherever it opens a line; every export has it.
    Sure,
    /// Wherever it opens a line.
    Word,
    /// At the start of a line, and with room behind it.
    Apart,
}

/// One name.
#[derive(Clone, Copy, Debug)]
pub(super) struct Name {
    /// As the export writes it.
    pub(super) name: &'static str,
    /// What it stands for.
    pub(super) meaning: Meaning,
    /// Where it begins a field.
    pub(super) standing: Standing,
}

/// The names of each archive, in the order of the table.
#[derive(Debug, Default)]
pub(super) struct ArchiveFields {
    /// LexisNexis and Nexis Uni, in capitals.
    pub(super) lexis: Vec<Name>,
    /// Factiva.
    pub(super) factiva: Vec<Name>,
    /// ProQuest.
    pub(super) proquest: Vec<Name>,
}

impl ArchiveFields {
    /// The names compiled into the program.
    pub(super) fn embedded() -> &'static ArchiveFields {
        static EMBEDDED: LazyLock<ArchiveFields> = LazyLock::new(|| {
            ArchiveFields::read(ARCHIVE_FIELDS.1).expect("a test checks the embedded names of fields")
        });
        &EMBEDDED
    }

    fn read(text: &'static str) -> Result<ArchiveFields, LexiconError> {
        let file = ARCHIVE_FIELDS.0;
        let mut fields = ArchiveFields::default();
        for row in table::rows(file, text, 5)? {
            let [archive, name, meaning, how, _] = row.columns[..] else { continue };
            let unknown = |what: &str, value: &str| {
                LexiconError::at(file, row.line, format!("unknown {what} `{value}`"))
            };
            let meaning = match meaning {
                "words" => Meaning::Words,
                "-" => Meaning::Nothing,
                field => Meaning::Field(Field::by_name(field).ok_or_else(|| unknown("field", field))?),
            };
            let standing = match how {
                "sure" => Standing::Sure,
                "word" | "-" => Standing::Word,
                "apart" => Standing::Apart,
                how => return Err(unknown("way of standing", how)),
            };
            let names = match archive {
                "lexis" => &mut fields.lexis,
                "factiva" => &mut fields.factiva,
                "proquest" => &mut fields.proquest,
                archive => return Err(unknown("archive", archive)),
            };
            names.push(Name { name, meaning, standing });
        }
        Ok(fields)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn embedded_names_load_and_wrong_ones_are_named() {
        let fields = ArchiveFields::embedded();
        let sure = fields.factiva.iter().filter(|name| name.standing == Standing::Sure);
        assert_eq!(sure.map(|name| name.name).collect::<Vec<_>>(), ["HD", "WC", "PD", "SN"]);
        let error = |text| ArchiveFields::read(text).map(drop).map_err(|error| error.to_string());
        assert_eq!(error("lexis\tBYLINE\tauthor\t-\n"), Ok(()));
        let at = |message: &str| Err(format!("archive_fields.tsv:1: unknown {message}"));
        assert_eq!(error("lexis\tBYLINE\twriter\t-\n"), at("field `writer`"));
        assert_eq!(error("lexus\tBYLINE\tauthor\t-\n"), at("archive `lexus`"));
        assert_eq!(error("lexis\tBYLINE\tauthor\toften\n"), at("way of standing `often`"));
    }
}
