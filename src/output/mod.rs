//! From responses to bytes: every format of every reading command.
//!
//! In: [`SearchResponse`](crate::model::search::SearchResponse) and its relatives, a [`Style`]. Out: bytes on a writer.
//! Nothing here opens a file, asks the terminal or reads the environment; [`Style`] says what the reader can show.
//!
//! * [`style`]: colour, width, links; the one place where corpus text is made safe for terminals
//! * [`record`]: hits, quotes and articles as records of named values, the base of every machine format
//! * [`json`], [`delimited`]: JSON lines, JSON, CSV, TSV and tab-separated lines from records
//! * [`table`]: what people see on a terminal
//! * [`article`]: one article with its quotes marked
//! * [`count`]: tallies and bar charts
//! * [`cite`]: citations: plain, Markdown, BibTeX, RIS, CSL-JSON
//! * [`template`]: `{field}` templates
//! * [`kwic`]: each place that matches, in its sentence
//! * [`variants`]: the cuts of one utterance

pub mod article;
pub mod cite;
pub mod count;
pub mod delimited;
pub mod json;
pub mod kwic;
pub mod record;
pub mod style;
pub mod table;
pub mod template;
pub mod variants;

pub use style::Style;

/// A format of `-f`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// For people on a terminal.
    Table,
    /// One hit a line, tab separated.
    Lines,
    /// Tab-separated with a header.
    Tsv,
    /// Comma-separated with a header.
    Csv,
    /// One JSON array.
    Json,
    /// One JSON object a line.
    Jsonl,
    /// Markdown list.
    Md,
    /// Ids, one a line.
    Ids,
    /// Source files, one a line.
    Paths,
    /// BibTeX entries.
    Bibtex,
    /// RIS records.
    Ris,
    /// A CSL-JSON array.
    CslJson,
}

impl Format {
    /// All formats, in the order of the help text.
    pub const ALL: [Format; 12] = [
        Format::Table,
        Format::Lines,
        Format::Tsv,
        Format::Csv,
        Format::Json,
        Format::Jsonl,
        Format::Md,
        Format::Ids,
        Format::Paths,
        Format::Bibtex,
        Format::Ris,
        Format::CslJson,
    ];

    /// The word of `-f`.
    pub const fn name(self) -> &'static str {
        match self {
            Format::Table => "table",
            Format::Lines => "lines",
            Format::Tsv => "tsv",
            Format::Csv => "csv",
            Format::Json => "json",
            Format::Jsonl => "jsonl",
            Format::Md => "md",
            Format::Ids => "ids",
            Format::Paths => "paths",
            Format::Bibtex => "bibtex",
            Format::Ris => "ris",
            Format::CslJson => "csl-json",
        }
    }
}

/// `n` with thousands separated by commas, as people read it.
pub fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (idx, digit) in digits.chars().enumerate() {
        if idx > 0 && (digits.len() - idx).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `1 article`, `2 articles`, `1,204 articles`.
pub fn counted(n: u64, noun: &str) -> String {
    let plural = if n == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", grouped(n))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_thousands() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(1_204), "1,204");
        assert_eq!(grouped(1_000_000), "1,000,000");
        assert_eq!(counted(1, "article"), "1 article");
        assert_eq!(counted(2, "hit"), "2 hits");
    }
}
