//! The facet pane: values of outlet, speaker, author and year with counts; found among all values by typing.

use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher};

use crate::model::search::{FacetCount, FacetField, SearchResponse};

/// Fields of the pane, in order.
pub const FIELDS: [FacetField; 4] =
    [FacetField::Outlet, FacetField::Speaker, FacetField::Author, FacetField::Year];

/// Order of values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ValueOrder {
    /// Most frequent first.
    #[default]
    Count,
    /// By name.
    Name,
}

/// The facet pane.
#[derive(Clone, Debug, Default)]
pub struct Facets {
    /// Index of the field in [`FIELDS`].
    pub field: usize,
    /// The selected line of the field's list.
    pub line: usize,
    /// First line shown.
    pub top: usize,
    /// What is typed to find a value; `None`: not finding.
    pub find: Option<String>,
    /// Order of values.
    pub order: ValueOrder,
}

impl Facets {
    /// The field that is open.
    pub fn open_field(&self) -> FacetField {
        FIELDS[self.field.min(FIELDS.len() - 1)]
    }

    /// Moves to another field.
    pub fn step_field(&mut self, by: isize) {
        self.field = (self.field as isize + by).rem_euclid(FIELDS.len() as isize) as usize;
        self.line = 0;
        self.top = 0;
    }

    /// The values shown for `field`, in order, narrowed by what is typed.
    pub fn values<'r>(&self, response: &'r SearchResponse, field: FacetField) -> Vec<&'r FacetCount> {
        let Some(counts) = response.facets.iter().find(|facet| facet.field == field) else {
            return Vec::new();
        };
        let mut values: Vec<&FacetCount> = counts.values.iter().filter(|value| value.count > 0).collect();
        if self.order == ValueOrder::Name {
            values.sort_by_key(|value| value.value.as_deref().map(crate::text::fold));
        }
        match self.find.as_deref().filter(|find| !find.is_empty() && field == self.open_field()) {
            Some(find) => found(values, find),
            None => values,
        }
    }
}

/// The values that fuzzily match `find`, best first.
fn found<'r>(values: Vec<&'r FacetCount>, find: &str) -> Vec<&'r FacetCount> {
    let mut matcher = Matcher::new(Config::DEFAULT);
    let pattern = Pattern::parse(find, CaseMatching::Ignore, Normalization::Smart);
    let mut scored: Vec<(u32, usize, &FacetCount)> = Vec::new();
    let mut buffer = Vec::new();
    for (idx, value) in values.into_iter().enumerate() {
        let Some(name) = &value.value else { continue };
        let folded = crate::text::fold(name);
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
    use crate::model::search::FacetCounts;

    fn response() -> SearchResponse {
        let value = |name: &str, count| FacetCount { value: Some(name.to_owned()), count };
        let values = vec![value("Ada Moreau", 5), value("Jon Halvorsen", 3), value("Ánders Modé", 1)];
        let facet = FacetCounts { field: FacetField::Speaker, n_values: values.len(), values };
        SearchResponse { facets: vec![facet], ..SearchResponse::default() }
    }

    #[test]
    fn finds_values_fuzzily_without_accents() {
        let facets = Facets { field: 1, find: Some("mode".to_owned()), ..Facets::default() };
        let response = response();
        let names: Vec<&str> =
            facets.values(&response, FacetField::Speaker).iter().filter_map(|v| v.value.as_deref()).collect();
        assert_eq!(names, ["Ánders Modé"]);
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
