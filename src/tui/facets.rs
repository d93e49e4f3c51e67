//! The facet pane: values of outlet, speaker, author and year with counts; found among all values by typing.

use std::collections::{BTreeMap, BTreeSet};

use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher};

use crate::model::search::{FacetCount, FacetCounts, FacetField};

/// Fields of the pane, in order.
pub const FIELDS: [FacetField; 4] =
    [FacetField::Outlet, FacetField::Speaker, FacetField::Author, FacetField::Year];

/// Order of values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ValueOrder {
    /// Most frequent first.
    #[default]
    Count,
    /// Greatest share of the value's own articles first; values of one kind with few articles stand out.
    Share,
    /// By name.
    Name,
}

impl ValueOrder {
    /// The order after this one.
    pub const fn next(self) -> ValueOrder {
        match self {
            ValueOrder::Count => ValueOrder::Share,
            ValueOrder::Share => ValueOrder::Name,
            ValueOrder::Name => ValueOrder::Count,
        }
    }

    /// In a word.
    pub const fn name(self) -> &'static str {
        match self {
            ValueOrder::Count => "count",
            ValueOrder::Share => "share of its own",
            ValueOrder::Name => "name",
        }
    }
}

/// Values that come with each answer; all of them are fetched when they are looked through.
pub const FIRST_VALUES: usize = 200;
/// From so many matches on a share says something.
const FEW: u64 = 3;
/// Spans of time of a value's trend, each one column wide.
pub const SPANS: usize = 8;

/// The facet pane.
#[derive(Clone, Debug, Default)]
pub struct Facets {
    /// Index of the field in [`FIELDS`].
    pub field: usize,
    /// The selected line of the field's list.
    pub line: usize,
    /// What is typed to find a value; `None`: not finding.
    pub find: Option<String>,
    /// Order of values.
    pub order: ValueOrder,
    /// The last counts; those of the hits shown come a moment after them.
    pub counts: Vec<FacetCounts>,
    /// Number of the search that the counts belong to.
    pub counts_seq: u64,
    /// Matches of single values over time.
    pub trends: BTreeMap<(FacetField, String), Vec<u64>>,
    /// A query, and the days over which its matches without any filter spread: what trends are drawn over.
    pub days_of: Option<(String, jiff::civil::Date, jiff::civil::Date)>,
    /// Number of the search that the trends belong to.
    pub trends_of: u64,
    /// Number of the search for which trends were asked.
    pub asked_for: u64,
    /// Values whose trends were asked for.
    pub trends_asked: BTreeSet<(FacetField, String)>,
}

impl Facets {
    /// The field that is open.
    pub fn open_field(&self) -> FacetField {
        FIELDS[self.field.min(FIELDS.len() - 1)]
    }

    /// The counts of a field.
    pub fn counts_of(&self, field: FacetField) -> Option<&FacetCounts> {
        self.counts.iter().find(|counts| counts.field == field)
    }

    /// Moves to another field.
    pub fn step_field(&mut self, by: isize) {
        self.field = (self.field as isize + by).rem_euclid(FIELDS.len() as isize) as usize;
        self.line = 0;
    }

    /// The values shown for `field`, in order, narrowed by what is typed.
    ///
    /// `totals` are the articles of each value, for the order by share; without them it is the order by count.
    pub fn values(&self, field: FacetField, totals: Option<&[FacetCount]>) -> Vec<&FacetCount> {
        let Some(counts) = self.counts_of(field) else {
            return Vec::new();
        };
        let mut values: Vec<&FacetCount> = counts.values.iter().filter(|value| value.count > 0).collect();
        match (self.order, totals) {
            (ValueOrder::Name, _) => {
                values.sort_by_key(|value| value.value.as_deref().map(crate::text::fold));
            }
            (ValueOrder::Share, Some(totals)) => {
                let totals = totals_by_name(totals);
                // One article of one says little: values with a few come first.
                let key = |value: &&FacetCount| (value.count >= FEW, per_mille(value, &totals));
                values.sort_by_cached_key(|value| std::cmp::Reverse(key(value)));
            }
            _ if field != FacetField::Year => {
                // What has no value stands where its number belongs: it can be chosen like any other.
                values.sort_by_key(|value| std::cmp::Reverse(value.count));
            }
            _ => {}
        }
        match self.find.as_deref().filter(|find| !find.is_empty() && field == self.open_field()) {
            Some(find) => found(values, field, find),
            None => values,
        }
    }
}

/// Articles by value.
pub fn totals_by_name(totals: &[FacetCount]) -> BTreeMap<&str, u64> {
    totals.iter().filter_map(|total| Some((total.value.as_deref()?, total.count))).collect()
}

/// What part of a value's own articles match, in thousandths.
pub fn per_mille(value: &FacetCount, totals: &BTreeMap<&str, u64>) -> u64 {
    let total = value.value.as_deref().and_then(|name| totals.get(name)).copied().unwrap_or(0);
    (value.count * 1000).checked_div(total).unwrap_or(0)
}

/// The values that fuzzily match `find`, best first.
fn found<'r>(values: Vec<&'r FacetCount>, field: FacetField, find: &str) -> Vec<&'r FacetCount> {
    let mut matcher = Matcher::new(Config::DEFAULT);
    let pattern = Pattern::parse(find, CaseMatching::Ignore, Normalization::Smart);
    let mut scored: Vec<(u32, usize, &FacetCount)> = Vec::new();
    let mut buffer = Vec::new();
    for (idx, value) in values.into_iter().enumerate() {
        let folded = crate::text::fold(value.value.as_deref().unwrap_or(field.without()));
        let text = nucleo_matcher::Utf32Str::new(&folded, &mut buffer);
        if let Some(score) = pattern.score(text, &mut matcher) {
            scored.push((score, idx, value));
        }
    }
    scored.sort_by_key(|(score, idx, _)| (std::cmp::Reverse(*score), *idx));
    scored.into_iter().map(|(_, _, value)| value).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts() -> Vec<FacetCounts> {
        let value = |name: &str, count| FacetCount { value: Some(name.to_owned()), count };
        let values = vec![value("Ada Moreau", 5), value("Jon Halvorsen", 3), value("Ánders Modé", 1)];
        vec![FacetCounts { field: FacetField::Speaker, n_values: values.len(), values }]
    }

    #[test]
    fn finds_values_fuzzily_without_accents() {
        let facets =
            Facets { field: 1, find: Some("mode".to_owned()), counts: counts(), ..Facets::default() };
        let names: Vec<&str> =
            facets.values(FacetField::Speaker, None).iter().filter_map(|v| v.value.as_deref()).collect();
        assert_eq!(names, ["Ánders Modé"]);
    }

    #[test]
    fn orders_by_share_of_the_value_itself() {
        let total = |name: &str, count| FacetCount { value: Some(name.to_owned()), count };
        let totals = [total("Ada Moreau", 50), total("Jon Halvorsen", 3), total("Ánders Modé", 1)];
        let facets = Facets { field: 1, order: ValueOrder::Share, counts: counts(), ..Facets::default() };
        let values = facets.values(FacetField::Speaker, Some(&totals));
        let names: Vec<&str> = values.iter().filter_map(|value| value.value.as_deref()).collect();
        assert_eq!(names, ["Jon Halvorsen", "Ada Moreau", "Ánders Modé"]);
    }

    #[test]
    fn walks_the_fields_in_a_circle() {
        let mut facets = Facets::default();
        facets.step_field(-1);
        assert_eq!(facets.open_field(), FacetField::Year);
        facets.step_field(1);
        assert_eq!(facets.open_field(), FacetField::Outlet);
    }
}
