//! Counting matches by value: facets of a search, rows of a tally.
//!
//! Names are counted by number, dates by day; days are folded to weeks, months and years at the end.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::Ordering;

use jiff::civil::Date;
use tantivy::DocId;
use tantivy::columnar::Cardinality;

use super::columns::{self, Cells, LIST, NO_BYTE, NONE, Rows};
use super::table::Table;
use super::view::{Segment, View};
use crate::engine::EngineError;
use crate::model::search::{DocKind, FacetCount, FacetCounts, FacetField};
use crate::schema::record;

/// Counts of one field.
pub(super) struct FacetTally<'v> {
    pub(super) field: FacetField,
    table: Option<&'v Table>,
    /// By number; for dates by day since `first_day`.
    counts: Vec<u64>,
    without: u64,
    first_day: i64,
    seen: Vec<usize>,
    rows: Rows,
    view: &'v View,
    kind: DocKind,
    /// The segment that is counted, and its column where it is unpacked.
    cells: Option<(usize, Option<&'v Cells>)>,
    may_unpack: bool,
}

impl<'v> FacetTally<'v> {
    pub(super) fn new(view: &'v View, kind: DocKind, field: FacetField) -> Result<Self, EngineError> {
        let table = view.table(field)?;
        let (first_day, last_day) = if table.is_some() { (0, -1) } else { days_of(view) };
        let len =
            table.map_or(usize::try_from(last_day - first_day + 1).unwrap_or(0), |table| table.values.len());
        Ok(FacetTally {
            field,
            table,
            counts: vec![0; len],
            without: 0,
            first_day,
            seen: Vec::new(),
            rows: Rows::default(),
            view,
            kind,
            cells: None,
            may_unpack: true,
        })
    }

    /// Counts documents, which stand in order.
    pub(super) fn add(
        &mut self,
        segment: &Segment,
        segment_idx: usize,
        docs: &[DocId],
    ) -> Result<(), EngineError> {
        let Some(table) = self.table else {
            for doc in docs {
                match segment.date.first(*doc) {
                    Some(day) => self.counts[(day - self.first_day) as usize] += 1,
                    None => self.without += 1,
                }
            }
            return Ok(());
        };
        self.without += docs.len() as u64;
        let (Some(column), Some(unpacked)) =
            (segment.names(self.field), segment.unpacked(self.field, self.kind))
        else {
            return Ok(());
        };
        let cells = match self.cells {
            Some((of, cells)) if of == segment_idx => cells,
            _ => columns::cells(self.view, (self.field, self.kind), segment_idx, &mut self.may_unpack)?,
        };
        self.cells = Some((segment_idx, cells));
        if let Some(cells) = cells {
            self.without -= count_cells(cells, docs, &mut self.counts);
            return Ok(());
        }
        unpacked.n_read.fetch_add(docs.len(), Ordering::Relaxed);
        let numbers = &table.by_segment[segment_idx];
        let number_of = |ord: u64| numbers.get(ord as usize).map_or(0, |number| number as usize);
        if column.ords().get_cardinality() != Cardinality::Multivalued {
            let found = self.rows.read(column, docs);
            self.without -= found.len() as u64;
            for (_, ord) in found {
                self.counts[number_of(ord)] += 1;
            }
            return Ok(());
        }
        let mut last = None;
        for (doc, ord) in self.rows.read(column, docs) {
            let number = number_of(ord);
            if last != Some(doc) {
                last = Some(doc);
                self.without -= 1;
                self.seen.clear();
            } else if self.seen.contains(&number) {
                // Two names in one article may be one person.
                continue;
            }
            self.seen.push(number);
            self.counts[number] += 1;
        }
        Ok(())
    }

    /// Most frequent first, ties by name; dates in order. `limit` 0 means all.
    pub(super) fn finish(self, limit: usize) -> FacetCounts {
        let mut values: Vec<FacetCount> = Vec::new();
        let n_values;
        match self.table {
            Some(table) => {
                // Numbers are in the order of names.
                let counted = (0u32..).zip(&self.counts).filter(|(_, count)| **count > 0);
                let mut counted: Vec<(Reverse<u64>, u32)> =
                    counted.map(|(number, count)| (Reverse(*count), number)).collect();
                n_values = counted.len();
                if limit > 0 && limit < counted.len() {
                    counted.select_nth_unstable(limit);
                    counted.truncate(limit);
                }
                counted.sort_unstable();
                values.extend(counted.into_iter().map(|(Reverse(count), number)| FacetCount {
                    value: Some(table.values.get(number as usize).to_owned()),
                    count,
                }));
            }
            None => {
                let mut buckets: BTreeMap<String, u64> = BTreeMap::new();
                for (day, count) in (self.first_day..).zip(&self.counts).filter(|(_, count)| **count > 0) {
                    *buckets.entry(label(self.field, day)).or_default() += count;
                }
                values.extend(
                    buckets.into_iter().map(|(value, count)| FacetCount { value: Some(value), count }),
                );
                n_values = values.len();
                if limit > 0 {
                    values.truncate(limit);
                }
            }
        }
        if self.without > 0 {
            values.push(FacetCount { value: None, count: self.without });
        }
        FacetCounts { field: self.field, values, n_values }
    }
}

/// Counts the values of `docs`; returns how many documents have one.
fn count_cells(cells: &Cells, docs: &[DocId], counts: &mut [u64]) -> u64 {
    let mut n_with = 0;
    let mut count = |number: u32| {
        if let Some(count) = counts.get_mut(number as usize) {
            *count += 1;
        }
    };
    match cells {
        Cells::Bytes(by_doc) => {
            for byte in
                docs.iter().filter_map(|doc| by_doc.get(*doc as usize)).filter(|byte| **byte != NO_BYTE)
            {
                n_with += 1;
                count(u32::from(*byte));
            }
        }
        Cells::Words { by_doc, lists } => {
            for cell in docs.iter().filter_map(|doc| by_doc.get(*doc as usize)).filter(|cell| **cell != NONE)
            {
                n_with += 1;
                if *cell < LIST {
                    count(*cell);
                    continue;
                }
                let mut list = lists.get((*cell & !LIST) as usize..).unwrap_or_default().iter();
                let len = list.next().map_or(0, |len| *len as usize);
                list.take(len).for_each(|number| count(*number));
            }
        }
    }
    n_with
}

/// First and last day in the index.
fn days_of(view: &View) -> (i64, i64) {
    let dated = view.segments.iter().filter(|segment| segment.date.values.num_vals() > 0);
    let bounds: Vec<(i64, i64)> =
        dated.map(|segment| (segment.date.min_value(), segment.date.max_value())).collect();
    let first = bounds.iter().map(|(first, _)| *first).min().unwrap_or(0);
    (first, bounds.iter().map(|(_, last)| *last).max().unwrap_or(first - 1))
}

/// The day, week, month or year of a day, as shown.
fn label(field: FacetField, day: i64) -> String {
    field.period_of(record::date_of(day).unwrap_or(Date::ZERO))
}

/// Counts by none, one or two fields.
pub(super) struct CrossTally<'v> {
    by: Vec<(FacetField, Option<&'v Table>)>,
    counts: HashMap<[i64; 2], u64, ahash::RandomState>,
    pub(super) total: u64,
    keys: [Vec<i64>; 2],
}

/// Stands for "none" among keys.
const WITHOUT: i64 = i64::MIN;

impl<'v> CrossTally<'v> {
    pub(super) fn new(view: &'v View, by: &[FacetField]) -> Result<Self, EngineError> {
        let by = by.iter().take(2).map(|field| Ok((*field, view.table(*field)?)));
        let by = by.collect::<Result<_, EngineError>>()?;
        Ok(CrossTally { by, counts: HashMap::default(), total: 0, keys: Default::default() })
    }

    pub(super) fn add(&mut self, segment: &Segment, segment_idx: usize, doc: DocId) {
        self.total += 1;
        for (idx, keys) in self.keys.iter_mut().enumerate() {
            keys.clear();
            match self.by.get(idx) {
                None => {}
                Some((_, None)) => keys.extend(segment.date.first(doc)),
                Some((field, Some(table))) => {
                    let column = match field {
                        FacetField::Outlet => &segment.outlet,
                        FacetField::Author => &segment.author,
                        _ => &segment.speaker,
                    };
                    let numbers = &table.by_segment[segment_idx];
                    for ord in column.iter().flat_map(|column| column.ords().values_for_doc(doc)) {
                        let Some(number) = numbers.get(ord as usize).map(i64::from) else { continue };
                        if !keys.contains(&number) {
                            keys.push(number);
                        }
                    }
                }
            }
            if keys.is_empty() {
                keys.push(WITHOUT);
            }
        }
        for first in &self.keys[0] {
            for second in &self.keys[1] {
                *self.counts.entry([*first, *second]).or_default() += 1;
            }
        }
    }

    /// Counts by value; days folded.
    pub(super) fn finish(self) -> BTreeMap<Vec<Option<String>>, u64> {
        let mut rows: BTreeMap<Vec<Option<String>>, u64> = BTreeMap::new();
        for (key, count) in self.counts {
            let value =
                |(idx, (field, table)): (usize, &(FacetField, Option<&Table>))| match (key[idx], table) {
                    (WITHOUT, _) => None,
                    (number, Some(table)) => Some(table.values.get(number as usize).to_owned()),
                    (day, None) => Some(label(*field, day)),
                };
            *rows.entry(self.by.iter().enumerate().map(value).collect()).or_default() += count;
        }
        rows
    }
}
