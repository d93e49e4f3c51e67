//! What the core asks of the shell around it.

use std::path::PathBuf;

use super::spec::Spec;
use crate::model::Query;
use crate::model::search::{CountRequest, FacetField, SearchRequest, TrendRequest};

/// Something to be done outside the core.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Search; the answer carries the number.
    Search(u64, Box<SearchRequest>),
    /// Fetch hits behind those that are here; the answer carries the number.
    More(u64, Box<SearchRequest>),
    /// Count the values of the facets; the answer carries the number.
    Facets(u64, Box<SearchRequest>),
    /// Tally over time; the answer carries the number.
    Timeline(u64, Box<CountRequest>),
    /// Follow values over time; the answer carries the number.
    Trends(u64, Box<TrendRequest>),
    /// Count what each of these finds; the answer carries the number.
    Totals(u64, Vec<SearchRequest>),
    /// Count what the index holds.
    Info,
    /// Fetch all values of a field.
    Values(FacetField),
    /// Fetch an article; the answer carries the number.
    Article(u64, Box<Wanted>),
    /// Look up who else carried the words of the quote with this id.
    Family(String),
    /// Find out what a newer state of the index would change; the answer carries the number.
    News(u64, Box<SearchRequest>),
    /// Put text on the clipboard; the words say what it is.
    Copy(String, &'static str),
    /// Open an address.
    OpenPage(String),
    /// Open a source file in the editor.
    OpenEditor(Place),
    /// Write all hits of the request, or those with the given ids, to a file.
    Export(Box<SearchRequest>, Vec<String>, PathBuf),
    /// Give up the export under way.
    CancelExport,
    /// Keep a search under this name.
    Save(String, Box<Spec>),
    /// Read this command back.
    Recall(String),
    /// Move to the newest state of the index.
    Refresh,
    /// Remember the command in the history.
    Remember(String),
    /// Capture the mouse, or let it go.
    Mouse(bool),
    /// Draw everything again.
    Redraw,
    /// Stop the program until the shell continues it.
    Suspend,
    /// End.
    Quit,
}

/// A place in a source file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file as articles call it.
    pub file: String,
    /// The record, for files that hold many: it stands on the line of its number.
    pub record: Option<u64>,
    /// Words that stand at the place.
    pub words: String,
}

/// An article that is to be read.
#[derive(Clone, Debug, PartialEq)]
pub struct Wanted {
    /// Article id or quote id.
    pub id: String,
    /// What is looked for in it.
    pub query: Query,
    /// Number of the search it was found by.
    pub search: u64,
    /// Columns to cut its lines for.
    pub width: usize,
}
