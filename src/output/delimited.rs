//! CSV, TSV and tab-separated lines from records.
//!
//! A value that is a list is joined by `; `; an object is written as JSON; unknown is empty. Characters that a terminal
//! would obey are left out. In TSV and lines, tabs and line breaks inside values become spaces; in CSV they are quoted.

use std::io::{self, Write};

use serde_json::Value;

use super::record::Record;
use crate::text::sanitize;
use crate::text::sanitize::is_unsafe;

/// Separator and quoting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// RFC 4180, with a header.
    Csv,
    /// Tabs, with a header.
    Tsv,
    /// Tabs, without a header.
    Lines,
}

/// Writes `records` with the given columns.
///
/// `defuse` puts a `'` before cells that a spreadsheet would run as a formula.
///
/// # Errors
/// Those of the writer.
pub fn write(
    out: &mut dyn Write,
    dialect: Dialect,
    columns: &[String],
    records: &[Record],
    defuse: bool,
) -> io::Result<()> {
    let text_of = |record: &Record, column: &String| {
        let text = record.get(column).map(cell).unwrap_or_default();
        let text = if dialect == Dialect::Csv { kept_breaks(&text) } else { sanitize(&text).into_owned() };
        if defuse { defused(text) } else { text }
    };
    if dialect == Dialect::Csv {
        let mut writer = csv::Writer::from_writer(out);
        writer.write_record(columns).map_err(of_stream)?;
        for record in records {
            writer.write_record(columns.iter().map(|column| text_of(record, column))).map_err(of_stream)?;
        }
        return writer.flush();
    }
    if dialect == Dialect::Tsv {
        writeln!(out, "{}", columns.join("\t"))?;
    }
    for record in records {
        let cells: Vec<String> = columns.iter().map(|column| text_of(record, column)).collect();
        writeln!(out, "{}", cells.join("\t"))?;
    }
    Ok(())
}

/// The error of the stream itself: a closed pipe is told by its kind.
fn of_stream(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

/// A value as the text of one cell.
pub fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) if items.iter().any(Value::is_object) || items.iter().any(Value::is_array) => {
            value.to_string()
        }
        Value::Array(items) => items.iter().map(cell).collect::<Vec<_>>().join("; "),
        other => other.to_string(),
    }
}

fn kept_breaks(text: &str) -> String {
    text.chars().filter(|c| matches!(c, '\n' | '\t') || !is_unsafe(*c)).collect()
}

fn defused(text: String) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn written(dialect: Dialect, columns: &[&str], record: Value, defuse: bool) -> String {
        let columns: Vec<String> = columns.iter().map(|column| (*column).to_owned()).collect();
        let mut out = Vec::new();
        let record = record.as_object().unwrap().clone();
        write(&mut out, dialect, &columns, &[record], defuse).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn quotes_csv_and_flattens_lines() {
        let record = json!({ "a": "x, \"y\"\nz", "b": ["p", "q"], "c": null });
        assert_eq!(
            written(Dialect::Csv, &["a", "b", "c"], record.clone(), false),
            "a,b,c\n\"x, \"\"y\"\"\nz\",p; q,\n"
        );
        assert_eq!(written(Dialect::Lines, &["a", "b"], record, false), "x, \"y\" z\tp; q\n");
    }

    #[test]
    fn defuses_formulas_when_asked() {
        let record = json!({ "a": "=HYPERLINK(1)" });
        assert_eq!(written(Dialect::Csv, &["a"], record.clone(), true), "a\n'=HYPERLINK(1)\n");
        assert_eq!(written(Dialect::Csv, &["a"], record, false), "a\n=HYPERLINK(1)\n");
    }

    #[test]
    fn writes_single_columns_plainly() {
        assert_eq!(written(Dialect::Lines, &["a"], json!({ "a": "" }), false), "\n");
        assert_eq!(written(Dialect::Lines, &["a"], json!({ "a": "x" }), false), "x\n");
    }
}
