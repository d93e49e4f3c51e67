//! The list of hits: the last complete answer, the selected hit, the marked ones.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::model::search::{Hit, SearchResponse};

/// Hits fetched at once; more are fetched as the selection nears the end.
pub const PAGE: usize = 100;
/// Hits fetched beyond those on the screen while keys come: what a few steps down show.
pub const MARGIN: usize = 8;

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
    /// So many hits behind those fetched were asked for; 0: none.
    pub awaits: usize,
    /// All hits are here.
    pub complete: bool,
    /// Go to the last hit when more of them are here.
    pub to_the_end: bool,
    /// The whole answer, while only the marked hits are shown.
    pub whole: Option<Arc<SearchResponse>>,
    /// Marked ids.
    pub marked: BTreeSet<String>,
}

/// The id of a hit: the quote's where it is one.
pub fn id_of(hit: &Hit) -> &str {
    hit.quote.as_ref().map_or(&hit.article.id, |quote| &quote.id)
}

impl Results {
    /// Takes a new answer to a request for `limit` hits, keeping the selected hit when it is still there.
    pub fn replace(&mut self, response: Arc<SearchResponse>, limit: usize, keep: bool) {
        let before = self.hit().map(|hit| id_of(hit).to_owned());
        self.complete = response.hits.len() < limit;
        self.response = response;
        self.whole = None;
        self.awaits = 0;
        self.to_the_end = false;
        let again =
            before.filter(|_| keep).and_then(|id| self.response.hits.iter().position(|hit| id_of(hit) == id));
        self.selected = again.unwrap_or(0);
        if again.is_none() {
            self.top = 0;
        }
    }

    /// Takes hits behind those that are here.
    pub fn append(&mut self, more: SearchResponse) {
        self.complete = more.hits.len() < std::mem::take(&mut self.awaits);
        Arc::make_mut(&mut self.response).hits.extend(more.hits);
        if std::mem::take(&mut self.to_the_end) {
            self.step(isize::MAX);
        }
    }

    /// Shows only the marked hits, or all of them again. Whether there is something to show.
    pub fn toggle_only_marked(&mut self) -> bool {
        let before = self.hit().map(|hit| id_of(hit).to_owned());
        match self.whole.take() {
            Some(whole) => self.response = whole,
            None if self.marked.is_empty() => return false,
            None => {
                let whole = Arc::clone(&self.response);
                let mut some = SearchResponse::clone(&whole);
                some.hits.retain(|hit| self.marked.contains(id_of(hit)));
                self.response = Arc::new(some);
                self.whole = Some(whole);
            }
        }
        let again = before.and_then(|id| self.response.hits.iter().position(|hit| id_of(hit) == id));
        self.selected = again.unwrap_or(0);
        self.top = 0;
        true
    }

    /// Whether hits behind those here should be fetched: the selection nears the end.
    pub fn wants_more(&self) -> bool {
        let near = self.selected + PAGE / 2 >= self.response.hits.len();
        !self.complete && self.awaits == 0 && self.whole.is_none() && (near || self.to_the_end)
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
