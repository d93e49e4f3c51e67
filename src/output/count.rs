//! Tallies: tables of counts, bar charts over time, records for machine formats.

use std::io::{self, Write};

use serde_json::json;
use unicode_width::UnicodeWidthStr;

use super::record::Record;
use super::style::{Style, pad};
use super::table::value_name;
use super::{counted, grouped};
use crate::model::search::{CountResponse, CountRow, DocKind, FacetField};

/// The records of a tally: `type field value count total share`, with `field2 value2` for two fields.
///
/// `label` names the query of a batch.
pub fn records(label: Option<&str>, by: &[FacetField], response: &CountResponse) -> Vec<Record> {
    if by.is_empty() {
        let mut record = start(label);
        record.insert("field".into(), json!(null));
        record.insert("value".into(), json!(null));
        amounts(&mut record, response.total, response.of);
        return vec![record];
    }
    response
        .rows
        .iter()
        .map(|row| {
            let mut record = start(label);
            for (idx, (field, value)) in by.iter().zip(&row.values).enumerate() {
                let suffix = if idx == 0 { String::new() } else { (idx + 1).to_string() };
                record.insert(format!("field{suffix}"), json!(field.name()));
                record.insert(format!("value{suffix}"), json!(value));
            }
            amounts(&mut record, row.count, row.total);
            record
        })
        .collect()
}

fn start(label: Option<&str>) -> Record {
    let mut record = Record::new();
    record.insert("type".into(), json!("count"));
    if let Some(label) = label {
        record.insert("query".into(), json!(label));
    }
    record
}

fn amounts(record: &mut Record, count: u64, total: u64) {
    record.insert("count".into(), json!(count));
    record.insert("total".into(), json!(total));
    let share = (total > 0).then(|| (count as f64 / total as f64 * 1e6).round() / 1e6);
    record.insert("share".into(), json!(share));
}

/// A table for people; over time with a bar for each row.
///
/// # Errors
/// Those of the writer.
pub fn table(
    out: &mut dyn Write,
    kind: DocKind,
    by: &[FacetField],
    response: &CountResponse,
    share: bool,
    style: &Style,
) -> io::Result<()> {
    let noun = if kind == DocKind::Article { "article" } else { "quote" };
    let title = format!("{} of {}", counted(response.total, noun), grouped(response.of));
    writeln!(out, "{}", style.bold(&title))?;
    if by.is_empty() {
        return Ok(());
    }
    let names: Vec<Vec<String>> = response
        .rows
        .iter()
        .map(|row| row.values.iter().zip(by).map(|(v, f)| value_name(*f, v.as_deref())).collect())
        .collect();
    let widths: Vec<usize> = (0..by.len())
        .map(|column| {
            let widest = names.iter().map(|row| row[column].width()).max().unwrap_or(0);
            widest.max(by[column].name().len()).min(40)
        })
        .collect();
    let header: Vec<String> =
        by.iter().zip(&widths).map(|(field, width)| pad(field.name(), *width)).collect();
    let amount = if share { "    count    share" } else { "    count" };
    writeln!(out, "{}{amount}", style.dim(&header.join("  ")))?;
    let most = response.rows.iter().map(|row| measure(row, share)).fold(0.0, f64::max);
    let used = widths.iter().sum::<usize>() + 2 * (by.len() - 1) + amount.len();
    let room = style.width.max(40).saturating_sub(used + 2).min(60);
    let charted = by.len() == 1 && is_time(by[0]);
    for (row, names) in response.rows.iter().zip(&names) {
        let cells: Vec<String> = names.iter().zip(&widths).map(|(name, width)| pad(name, *width)).collect();
        write!(out, "{}{:>9}", cells.join("  "), grouped(row.count))?;
        if share {
            write!(out, "{:>8.2}%", measure(row, true) * 100.0)?;
        }
        if charted && row.values[0].is_some() {
            write!(out, "  {}", bar(measure(row, share), most, room, style))?;
        }
        writeln!(out)?;
    }
    Ok(())
}

fn measure(row: &CountRow, share: bool) -> f64 {
    if share { row.count as f64 / row.total.max(1) as f64 } else { row.count as f64 }
}

/// Whether a field's values lie in time.
pub const fn is_time(field: FacetField) -> bool {
    matches!(field, FacetField::Year | FacetField::Month | FacetField::Week | FacetField::Day)
}

/// A bar of at most `room` columns for `value` of `most`.
fn bar(value: f64, most: f64, room: usize, style: &Style) -> String {
    if most <= 0.0 {
        return String::new();
    }
    const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    let eighths = (value / most * room as f64 * 8.0).round() as usize;
    if style.unicode {
        format!("{}{}", "█".repeat(eighths / 8), EIGHTHS[eighths % 8])
    } else {
        "#".repeat(eighths.div_ceil(8))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn response() -> CountResponse {
        let row = |value: Option<&str>, count, total| CountRow {
            values: vec![value.map(str::to_owned)],
            count,
            total,
        };
        CountResponse {
            rows: vec![row(Some("2021-03"), 2, 4), row(Some("2021-04"), 1, 10), row(None, 1, 1)],
            total: 4,
            of: 15,
            ..CountResponse::default()
        }
    }

    #[test]
    fn draws_bars_over_time() {
        let mut out = Vec::new();
        table(&mut out, DocKind::Article, &[FacetField::Month], &response(), false, &Style::default())
            .unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.starts_with("4 articles of 15\n"), "{text}");
        let bars: Vec<usize> = text.lines().map(|line| line.matches('#').count()).collect();
        assert_eq!(bars[2], 2 * bars[3], "{text}");
        assert_eq!(bars[4], 0, "{text}");
    }

    #[test]
    fn gives_shares_of_totals() {
        let records = records(None, &[FacetField::Month], &response());
        assert_eq!(records[0]["share"], 0.5);
        assert_eq!(records[1]["count"], 1);
        assert_eq!(records[2]["value"], serde_json::Value::Null);
    }
}
