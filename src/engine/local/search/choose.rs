//! Filters by value: what was chosen, resolved to numbers once, tested by column for each document.

use tantivy::DocId;
use tantivy::columnar::{Column, StrColumn};

use super::meant;
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

/// Stands among the numbers for having no value; greater than any of them.
const WITHOUT: u32 = u32::MAX;

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
        let table = view.table(filter.field)?;
        let mut values = Vec::new();
        for value in &filter.values {
            if value == filter.field.without() {
                values.push(vec![WITHOUT]);
                continue;
            }
            // Dates are chosen by range.
            let Some(table) = table else { return Ok(None) };
            let found = meant::values(view, filter.field, table, value);
            if found.is_empty() {
                let nearest = table.nearest(meant::sought(filter.field, value));
                self.dead.push(DeadWord { word: value.clone(), nearest });
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
            let names = |column: &'v Option<StrColumn>| match column {
                Some(column) => Values::Names(column.ords()),
                None => Values::Nowhere,
            };
            let values = match choice.field {
                FacetField::Outlet => names(&segment.outlet),
                FacetField::Author => names(&segment.author),
                FacetField::Speaker => names(&segment.speaker),
                FacetField::Year | FacetField::Month | FacetField::Week | FacetField::Day => {
                    Values::Days(&segment.date)
                }
            };
            let numbers = view.table(choice.field)?.map(|table| &table.by_segment[segment_idx]);
            let chosen = |found: &[u32]| Group {
                by_ord: numbers
                    .iter()
                    .flat_map(|all| all.iter())
                    .map(|n| found.binary_search(&n).is_ok())
                    .collect(),
                without: found.last() == Some(&WITHOUT),
            };
            let groups = match choice.all {
                true => choice.values.iter().map(|found| chosen(found)).collect(),
                false => {
                    let mut any = choice.values.concat();
                    any.sort_unstable();
                    vec![chosen(&any)]
                }
            };
            tests.push(Test { field: choice.field, values, groups, exclude: choice.exclude });
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
    values: Values<'v>,
    /// Every group must be met.
    groups: Vec<Group>,
    exclude: bool,
}

/// Where a segment has the values of a field.
enum Values<'v> {
    Names(&'v Column<u64>),
    Days(&'v Column<i64>),
    /// No document of the segment has one.
    Nowhere,
}

/// Values of which a document must have one.
struct Group {
    /// By ordinal of the segment: whether it is one of them.
    by_ord: Vec<bool>,
    /// Having none is one of them.
    without: bool,
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
        let has = |group: &Group| match self.values {
            Values::Names(ords) => {
                let mut found = ords.values_for_doc(doc).peekable();
                group.without && found.peek().is_none()
                    || found.any(|ord| group.by_ord.get(ord as usize).copied().unwrap_or(false))
            }
            Values::Days(days) => group.without && days.first(doc).is_none(),
            Values::Nowhere => group.without,
        };
        match self.exclude {
            true => !self.groups.iter().any(has),
            false => self.groups.iter().all(has),
        }
    }
}
