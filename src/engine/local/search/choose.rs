//! Filters by value: what was chosen, resolved to numbers once, tested by column for each document.

use tantivy::DocId;
use tantivy::columnar::Column;

use super::view::{Segment, View};
use crate::engine::EngineError;
use crate::model::search::{DeadWord, FacetField, FieldFilter, Filters};
use crate::schema::record;

/// The filters of a request, resolved.
#[derive(Debug, Default)]
pub(super) struct Choices {
    choices: Vec<Choice>,
    days: Option<(i64, i64)>,
    /// Values that select nothing.
    pub(super) dead: Vec<DeadWord>,
}

#[derive(Debug)]
struct Choice {
    field: FacetField,
    /// For each value given: the numbers it stands for, in order.
    values: Vec<Vec<u32>>,
    exclude: bool,
    all: bool,
}

impl Choices {
    pub(super) fn new(view: &View, filters: &Filters) -> Result<Choices, EngineError> {
        let mut choices = Choices::default();
        for filter in filters.fields.iter().filter(|filter| !filter.values.is_empty()) {
            let choice = choices.resolve(view, filter)?;
            choices.choices.extend(choice);
        }
        if !filters.dates.is_open() {
            let since = filters.dates.since.map_or(i64::MIN, record::days);
            choices.days = Some((since, filters.dates.until.map_or(i64::MAX, record::days)));
        }
        Ok(choices)
    }

    fn resolve(&mut self, view: &View, filter: &FieldFilter) -> Result<Option<Choice>, EngineError> {
        // Dates are chosen by range.
        let Some(table) = view.table(filter.field)? else {
            return Ok(None);
        };
        let mut values = Vec::new();
        for value in &filter.values {
            let found = table.find(value);
            if found.is_empty() {
                self.dead.push(DeadWord { word: value.clone(), nearest: table.nearest(value) });
            }
            values.push(found);
        }
        Ok(Some(Choice { field: filter.field, values, exclude: filter.exclude, all: filter.all }))
    }

    /// Whether nothing is chosen.
    pub(super) fn is_empty(&self) -> bool {
        self.choices.is_empty() && self.days.is_none()
    }

    /// Tests for one segment.
    pub(super) fn in_segment<'v>(
        &self,
        view: &'v View,
        segment: &'v Segment,
        segment_idx: usize,
    ) -> Result<SegmentChoices<'v>, EngineError> {
        let mut tests = Vec::new();
        for choice in &self.choices {
            let column = match choice.field {
                FacetField::Outlet => &segment.outlet,
                FacetField::Author => &segment.author,
                _ => &segment.speaker,
            };
            let ords = column.as_ref().map(|column| column.ords());
            let numbers = view.table(choice.field)?.map_or(&[][..], |table| &table.by_segment[segment_idx]);
            let chosen =
                |found: &[u32]| numbers.iter().map(|n| found.binary_search(n).is_ok()).collect::<Vec<bool>>();
            let groups = match choice.all {
                true => choice.values.iter().map(|found| chosen(found)).collect(),
                false => {
                    let mut any = choice.values.concat();
                    any.sort_unstable();
                    vec![chosen(&any)]
                }
            };
            tests.push(Test { field: choice.field, ords, groups, exclude: choice.exclude });
        }
        Ok(SegmentChoices { tests, days: self.days, date: &segment.date })
    }
}

/// The filters over one segment.
pub(super) struct SegmentChoices<'v> {
    tests: Vec<Test<'v>>,
    days: Option<(i64, i64)>,
    date: &'v Column<i64>,
}

struct Test<'v> {
    field: FacetField,
    ords: Option<&'v Column<u64>>,
    /// By ordinal; every group must be met.
    groups: Vec<Vec<bool>>,
    exclude: bool,
}

/// How a document stands to the filters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Passes {
    /// It meets all.
    All,
    /// It meets all but those on this field: it counts for that field's values alone.
    Except(FacetField),
    /// It does not.
    No,
}

impl SegmentChoices<'_> {
    pub(super) fn test(&self, doc: DocId) -> Passes {
        if let Some((since, until)) = self.days
            && !self.date.first(doc).is_some_and(|day| since <= day && day <= until)
        {
            return Passes::No;
        }
        let mut passes = Passes::All;
        for test in &self.tests {
            if test.meets(doc) {
                continue;
            }
            passes = match passes {
                Passes::All => Passes::Except(test.field),
                Passes::Except(field) if field == test.field => passes,
                _ => return Passes::No,
            };
        }
        passes
    }
}

impl Test<'_> {
    fn meets(&self, doc: DocId) -> bool {
        let has = |group: &Vec<bool>| {
            self.ords.is_some_and(|ords| {
                ords.values_for_doc(doc).any(|ord| group.get(ord as usize).copied().unwrap_or(false))
            })
        };
        match self.exclude {
            true => !self.groups.iter().any(has),
            false => self.groups.iter().all(has),
        }
    }
}
