//! From output flags to bytes: one writer for every command that lists hits.

use std::io::Write;

use super::args::{FormatArg, OutputArgs};
use super::exit::{FOUND, Failure};
use crate::model::search::{DocKind, Hit, SearchResponse};
use crate::output::cite::{self, Cited};
use crate::output::delimited::{self, Dialect};
use crate::output::record::{self, Record};
use crate::output::template::Template;
use crate::output::{Format, Style, json, table};

/// The one version of the machine formats there is.
pub const FORMAT_VERSION: u32 = 1;

/// How hits are written, resolved from flags and the stream.
#[derive(Debug, Clone)]
pub struct Shape {
    /// Format.
    pub format: Format,
    /// Columns or keys; empty: the format's own.
    pub fields: Vec<String>,
    /// A line for each hit.
    pub template: Option<Template>,
    /// Defuse formulas.
    pub excel: bool,
    /// NUL after ids and paths.
    pub null: bool,
}

impl Shape {
    /// Resolves the flags; `terminal` is whether standard output is one.
    ///
    /// # Errors
    /// An unknown field, a broken template, a format version that does not exist.
    pub fn new(args: &OutputArgs, terminal: bool, known: &[&str]) -> anyhow::Result<Shape> {
        if let Some(version) = args.format_version
            && version != FORMAT_VERSION
        {
            let message = format!(
                "format version {version} is not known; this program writes version {FORMAT_VERSION}"
            );
            return Err(Failure::usage(message).into());
        }
        let format = match (args.json, args.format) {
            (true, _) => Format::Jsonl,
            (false, Some(format)) => format.into(),
            (false, None) if terminal => Format::Table,
            (false, None) => Format::Lines,
        };
        let template = args.template.as_deref().map(Template::parse).transpose();
        let template = template.map_err(|error| Failure::usage(error.to_string()))?;
        let used = template.iter().flat_map(Template::fields).map(str::to_owned);
        let wanted: Vec<String> = args.fields.iter().cloned().chain(used).collect();
        for name in wanted.iter().filter(|name| *name != "all") {
            if name == "help" {
                // Asked for: the answer, not a mistake.
                return Err(Failure::new(FOUND, format!("{}\n", known.join("\n"))).into());
            }
            if !known.contains(&name.as_str()) {
                return Err(unknown_field(name, known).into());
            }
        }
        let fields = if args.fields.iter().any(|name| name == "all") {
            known.iter().map(|name| (*name).to_owned()).collect()
        } else {
            args.fields.clone()
        };
        Ok(Shape { format, fields, template, excel: args.excel, null: args.null })
    }

    /// Whether a person reads it.
    pub fn is_table(&self) -> bool {
        self.format == Format::Table && self.template.is_none()
    }

    /// Whether the format has a row for each record, whatever the record is.
    pub fn has_rows(&self) -> bool {
        use Format::{Csv, Json, Jsonl, Lines, Md, Table, Tsv};
        self.template.is_some() || matches!(self.format, Table | Lines | Tsv | Csv | Json | Jsonl | Md)
    }

    /// Writes `records` with `columns` unless `--fields` names others.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn records(&self, out: &mut dyn Write, records: &[Record], columns: &[&str]) -> anyhow::Result<()> {
        if let Some(template) = &self.template {
            for record in records {
                writeln!(out, "{}", template.fill(record))?;
            }
            return Ok(());
        }
        let columns: Vec<String> = if self.fields.is_empty() {
            columns.iter().map(|column| (*column).to_owned()).collect()
        } else {
            self.fields.clone()
        };
        match self.format {
            Format::Csv => delimited::write(out, Dialect::Csv, &columns, records, self.excel)?,
            Format::Tsv => delimited::write(out, Dialect::Tsv, &columns, records, self.excel)?,
            Format::Json => json::array(out, &self.selected(records))?,
            Format::Jsonl => {
                for record in self.selected(records) {
                    json::line(out, &record)?;
                }
            }
            Format::Md => markdown_rows(out, &columns, records)?,
            _ => delimited::write(out, Dialect::Lines, &columns, records, self.excel)?,
        }
        Ok(())
    }

    fn selected(&self, records: &[Record]) -> Vec<Record> {
        if self.fields.is_empty() {
            return records.to_vec();
        }
        let keep = |record: &Record| {
            self.fields
                .iter()
                .map(|name| (name.clone(), record.get(name).cloned().unwrap_or_default()))
                .collect()
        };
        records.iter().map(keep).collect()
    }

    /// Writes a page of hits.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn hits(
        &self,
        out: &mut dyn Write,
        kind: DocKind,
        response: &SearchResponse,
        style: &Style,
    ) -> anyhow::Result<()> {
        let end: &[u8] = if self.null { b"\0" } else { b"\n" };
        let hits = &response.hits;
        if self.is_table() {
            return Ok(table::write(out, kind, response, style)?);
        }
        if self.template.is_some() {
            return self.records(out, &records_of(hits), &[]);
        }
        match self.format {
            Format::Ids => {
                for hit in hits {
                    out.write_all(hit_id(hit).as_bytes())?;
                    out.write_all(end)?;
                }
            }
            Format::Paths => {
                let mut written = std::collections::BTreeSet::new();
                for path in hits.iter().map(|hit| file_of(&hit.article.path)) {
                    if written.insert(path) {
                        out.write_all(path.as_bytes())?;
                        out.write_all(end)?;
                    }
                }
            }
            Format::Md => {
                each(out, hits, |cited| format!("- {}\n", cite::markdown(cited).replace('\n', "\n  ")))?
            }
            Format::Bibtex => each(out, hits, cite::bibtex)?,
            Format::Ris => each(out, hits, cite::ris)?,
            Format::CslJson => {
                let items: Vec<Record> = hits.iter().map(|hit| cite::csl(hit.into())).collect();
                json::array(out, &items)?;
            }
            _ => self.records(out, &records_of(hits), columns(kind))?,
        }
        Ok(())
    }
}

impl From<FormatArg> for Format {
    fn from(arg: FormatArg) -> Self {
        match arg {
            FormatArg::Table => Format::Table,
            FormatArg::Lines => Format::Lines,
            FormatArg::Tsv => Format::Tsv,
            FormatArg::Csv => Format::Csv,
            FormatArg::Json => Format::Json,
            FormatArg::Jsonl => Format::Jsonl,
            FormatArg::Md => Format::Md,
            FormatArg::Ids => Format::Ids,
            FormatArg::Paths => Format::Paths,
            FormatArg::Bibtex => Format::Bibtex,
            FormatArg::Ris => Format::Ris,
            FormatArg::CslJson => Format::CslJson,
        }
    }
}

/// Fields of an article hit, for `--fields` and templates.
pub const ARTICLE_FIELDS: &[&str] = &[
    "type",
    "rank",
    "score",
    "match",
    "missing",
    "id",
    "source_id",
    "headline",
    "outlet",
    "authors",
    "date",
    "date_method",
    "url",
    "path",
    "words",
    "speakers",
    "n_quotes",
    "snippet",
    "snippets",
    "matched_quotes",
    "copies",
];

/// Fields of a quote hit.
pub const QUOTE_FIELDS: &[&str] = &[
    "type",
    "rank",
    "score",
    "match",
    "missing",
    "id",
    "article_id",
    "source_id",
    "text",
    "kind",
    "cue",
    "speaker",
    "speaker_as_written",
    "role",
    "via",
    "grade",
    "rule",
    "start",
    "end",
    "spans",
    "marks",
    "headline",
    "outlet",
    "date",
    "date_method",
    "url",
    "path",
    "copies",
    "family",
];

/// Columns of the tabular formats unless `--fields` names others.
pub const fn columns(kind: DocKind) -> &'static [&'static str] {
    match kind {
        DocKind::Article => &[
            "rank",
            "date",
            "outlet",
            "headline",
            "n_quotes",
            "snippet",
            "match",
            "date_method",
            "url",
            "path",
            "id",
        ],
        DocKind::Quote => &[
            "rank", "date", "outlet", "speaker", "text", "grade", "via", "headline", "match", "url", "path",
            "id",
        ],
    }
}

/// The fields `--fields` knows for a kind of hit.
pub const fn known_fields(kind: DocKind) -> &'static [&'static str] {
    match kind {
        DocKind::Article => ARTICLE_FIELDS,
        DocKind::Quote => QUOTE_FIELDS,
    }
}

/// Records of hits; articles get a `snippet` with the text of their best fragment for tabular formats.
fn records_of(hits: &[Hit]) -> Vec<Record> {
    hits.iter().map(record::hit).collect()
}

fn hit_id(hit: &Hit) -> &str {
    hit.quote.as_ref().map_or(&hit.article.id, |quote| &quote.id)
}

/// The file of a path such as `feed.jsonl:12`.
pub fn file_of(path: &str) -> &str {
    match path.rsplit_once(':') {
        Some((file, record)) if !record.is_empty() && record.bytes().all(|byte| byte.is_ascii_digit()) => {
            file
        }
        _ => path,
    }
}

fn each(out: &mut dyn Write, hits: &[Hit], text: impl Fn(Cited<'_>) -> String) -> std::io::Result<()> {
    hits.iter().try_for_each(|hit| out.write_all(text(hit.into()).as_bytes()))
}

fn markdown_rows(out: &mut dyn Write, columns: &[String], records: &[Record]) -> std::io::Result<()> {
    writeln!(out, "| {} |", columns.join(" | "))?;
    writeln!(out, "|{}", " --- |".repeat(columns.len()))?;
    for record in records {
        let cells = columns.iter().map(|column| {
            let text = record.get(column).map(delimited::cell).unwrap_or_default();
            crate::text::sanitize(&text).replace('|', "\\|")
        });
        writeln!(out, "| {} |", cells.collect::<Vec<_>>().join(" | "))?;
    }
    Ok(())
}

fn unknown_field(name: &str, known: &[&str]) -> Failure {
    let nearest = known.iter().map(|field| (strsim::damerau_levenshtein(field, name), *field)).min();
    let failure = Failure::usage(format!("unknown field `{name}`"));
    match nearest {
        Some((distance, field)) if distance <= 3 => {
            failure.help(format!("did you mean `{field}`?   all fields: {}", known.join(", ")))
        }
        _ => failure.help(format!("all fields: {}", known.join(", "))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_file_from_record() {
        assert_eq!(file_of("feeds/a.jsonl:12"), "feeds/a.jsonl");
        assert_eq!(file_of("pages/a:b.txt"), "pages/a:b.txt");
        assert_eq!(file_of("pages/a.txt"), "pages/a.txt");
    }

    #[test]
    fn names_the_nearest_field() {
        let args = OutputArgs { fields: vec!["headlne".into()], ..OutputArgs::default() };
        let error = Shape::new(&args, false, ARTICLE_FIELDS).unwrap_err();
        let failure = error.downcast_ref::<Failure>().unwrap();
        assert!(failure.help.as_ref().unwrap().starts_with("did you mean `headline`?"));
    }
}
