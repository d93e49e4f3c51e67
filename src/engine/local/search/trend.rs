//! Single facet values over time: the matches of each in consecutive spans of days.
//!
//! Only the values that were asked for are counted, so the cost does not grow with the number of names in the index.

use jiff::civil::Date;
use tantivy::DocId;

use super::table::Table;
use super::view::{Segment, View};
use crate::engine::EngineError;
use crate::model::search::{FacetField, TrendRequest};
use crate::schema::record;

/// Counts by value and span.
pub(super) struct TrendTally<'v> {
    fields: Vec<Followed<'v>>,
    /// First days of the spans.
    starts: Vec<i64>,
    end: i64,
    /// For each value asked for, in order.
    rows: Vec<Vec<u64>>,
    seen: Vec<u32>,
}

/// The values of one field that are followed.
struct Followed<'v> {
    field: FacetField,
    table: &'v Table,
    /// By number of the value: its row.
    row_of: Vec<Option<u32>>,
    /// The row of what has no value.
    without: Option<u32>,
}

impl<'v> TrendTally<'v> {
    pub(super) fn new(view: &'v View, request: &TrendRequest) -> Result<Self, EngineError> {
        let mut fields: Vec<Followed<'v>> = Vec::new();
        for (row, (field, value)) in (0u32..).zip(&request.values) {
            let Some(table) = view.table(*field)? else { continue };
            let known = fields.iter().position(|followed| followed.field == *field);
            let at = known.unwrap_or_else(|| {
                let row_of = vec![None; table.values.len()];
                fields.push(Followed { field: *field, table, row_of, without: None });
                fields.len() - 1
            });
            if value == field.without() {
                fields[at].without = Some(row);
            } else if let Some(number) = table.values.find(value) {
                fields[at].row_of[number] = Some(row);
            }
        }
        let days = |date: &Date| record::days(*date);
        Ok(TrendTally {
            fields,
            starts: request.starts.iter().map(days).collect(),
            end: days(&request.end),
            rows: vec![vec![0; request.starts.len()]; request.values.len()],
            seen: Vec::new(),
        })
    }

    /// Counts a document; for one field alone when it fails that field's own filter.
    pub(super) fn add(
        &mut self,
        segment: &Segment,
        segment_idx: usize,
        doc: DocId,
        only: Option<FacetField>,
    ) {
        let Some(day) = segment.date.first(doc).filter(|day| *day <= self.end) else { return };
        let Some(span) = self.starts.partition_point(|start| *start <= day).checked_sub(1) else { return };
        for followed in self.fields.iter().filter(|followed| only.is_none_or(|only| only == followed.field)) {
            let column = match followed.field {
                FacetField::Outlet => &segment.outlet,
                FacetField::Author => &segment.author,
                _ => &segment.speaker,
            };
            let numbers = &followed.table.by_segment[segment_idx];
            // Two names in one article may be one person.
            self.seen.clear();
            let mut ords = column.iter().flat_map(|column| column.ords().values_for_doc(doc)).peekable();
            if let Some(row) = followed.without.filter(|_| ords.peek().is_none()) {
                self.rows[row as usize][span] += 1;
            }
            for ord in ords {
                let number = numbers.get(ord as usize).map(|number| number as usize);
                let row = number.and_then(|number| followed.row_of.get(number).copied().flatten());
                let Some(row) = row else { continue };
                if !self.seen.contains(&row) {
                    self.seen.push(row);
                    self.rows[row as usize][span] += 1;
                }
            }
        }
    }

    pub(super) fn finish(self) -> Vec<Vec<u64>> {
        self.rows
    }
}
