//! Whom a typed name means: first by the alias files, then as the index has it, at last without the titles before it.
//!
//! In: a value as a person typed it. Out: numbers of a [`Table`]. Names inside articles are joined elsewhere; here only what
//! is asked for is read.

use super::table::Table;
use super::view::View;
use crate::authority::without_titles;
use crate::model::search::FacetField;

/// The numbers of the values of `field` that somebody means by `value`, in order; none: nobody has the name.
pub(super) fn values(view: &View, field: FacetField, table: &Table, value: &str) -> Vec<u32> {
    if field != FacetField::Speaker {
        return table.find(value);
    }
    let told = |name: &str| view.authority.canonical(name).map(|known| table.find(known)).unwrap_or_default();
    let ways: [&dyn Fn() -> Vec<u32>; 4] = [
        &|| told(value),
        &|| table.find(value),
        &|| without_titles(value).map(told).unwrap_or_default(),
        &|| without_titles(value).map(|bare| table.find(bare)).unwrap_or_default(),
    ];
    ways.iter().map(|way| way()).find(|found| !found.is_empty()).unwrap_or_default()
}

/// The part of `value` that names somebody, for suggestions.
pub(super) fn sought(field: FacetField, value: &str) -> &str {
    match field {
        FacetField::Speaker => without_titles(value).unwrap_or(value),
        _ => value,
    }
}
