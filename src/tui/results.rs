//! The list of hits: the last complete answer, the selected hit, the marked ones.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::model::search::{Hit, SearchResponse};

/// Hits fetched at once; more are fetched as the selection nears the end.
pub const PAGE: usize = 100;

/// The list of hits.
#[derive(Clone, Debug, Default)]
pub struct Results {
    /// The last complete answer.
    pub response: Arc<SearchResponse>,
    /// Index of the selected hit in `response.hits`.
    pub selected: usize,
    /// First hit shown.
    pub top: usize,
    /// The user chose the selected hit; a list for other words begins at its top again.
    pub chosen: bool,
    /// Marked ids.
    pub marked: BTreeSet<String>,
}

/// The id of a hit: the quote's where it is one.
pub fn id_of(hit: &Hit) -> &str {
    hit.quote.as_ref().map_or(&hit.article.id, |quote| &quote.id)
}

impl Results {
    /// Takes a new answer, keeping the selected hit when it is still there.
    pub fn replace(&mut self, response: Arc<SearchResponse>, keep: bool) {
        let before = self.hit().map(|hit| id_of(hit).to_owned());
        self.response = response;
        let again =
            before.filter(|_| keep).and_then(|id| self.response.hits.iter().position(|hit| id_of(hit) == id));
        self.selected = again.unwrap_or(0);
        if again.is_none() {
            self.top = 0;
        }
    }

    /// The selected hit.
    pub fn hit(&self) -> Option<&Hit> {
        self.response.hits.get(self.selected)
    }

    /// Moves the selection by `by` hits.
    pub fn step(&mut self, by: isize) {
        self.chosen = true;
        let last = self.response.hits.len().saturating_sub(1);
        self.selected = self.selected.saturating_add_signed(by).min(last);
    }

    /// Keeps the selection inside a window of `rows` hits.
    pub fn scroll_to(&mut self, rows: usize) {
        let rows = rows.max(1);
        if self.selected < self.top {
            self.top = self.selected;
        } else if self.selected >= self.top + rows {
            self.top = self.selected + 1 - rows;
        }
    }

    /// Marks the selected hit, or takes its mark off.
    pub fn toggle_mark(&mut self) {
        let Some(id) = self.hit().map(|hit| id_of(hit).to_owned()) else { return };
        if !self.marked.remove(&id) {
            self.marked.insert(id);
        }
    }

    /// Marks every hit fetched; when all are marked, unmarks them.
    pub fn toggle_all(&mut self) {
        let ids: BTreeSet<String> = self.response.hits.iter().map(|hit| id_of(hit).to_owned()).collect();
        if ids.is_subset(&self.marked) {
            self.marked.retain(|id| !ids.contains(id));
        } else {
            self.marked.extend(ids);
        }
    }
}
