//! All that the interface knows; `update` changes it, `view` draws it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::Date;

use super::action::Command;
use super::choices::{Menu, Prompt};
use super::facets::Facets;
use super::keymap::Keymap;
use super::reader::Reader;
use super::results::Results;
use super::spec::Spec;
use super::timeline::Timeline;
use super::ways::Way;
use crate::model::Span;
use crate::model::search::{DocKind, FacetCount, FacetField, IndexInfo, News, SearchRequest};
use crate::output::{counted, grouped};
use crate::query::Groups;

/// The panes. The focused pane is the only mode there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Pane {
    /// The query.
    Query,
    /// The list of hits.
    Results,
    /// The facets.
    Facets,
    /// The timeline.
    Timeline,
    /// The article.
    Article,
}

impl Pane {
    /// All panes, by their number.
    pub const ALL: [Pane; 5] = [Pane::Query, Pane::Results, Pane::Facets, Pane::Timeline, Pane::Article];

    /// The name in titles and in the configuration.
    pub const fn name(self) -> &'static str {
        match self {
            Pane::Query => "query",
            Pane::Results => "results",
            Pane::Facets => "facets",
            Pane::Timeline => "timeline",
            Pane::Article => "article",
        }
    }
}

/// What is drawn over the panes.
#[derive(Clone, Debug, PartialEq)]
pub enum Popup {
    /// A menu.
    Menu(Menu),
    /// The keys of a pane.
    Help(Pane),
    /// Text to read, e.g. the equal command line.
    Text(String, String),
    /// A line to type.
    Prompt(Prompt),
}

/// What is wrong with the query while it is typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryTrouble {
    /// Bytes of the query that are not understood.
    pub spans: Vec<Span>,
    /// In words, with the way out where it is known.
    pub message: String,
}

/// Names that the query box completes, and totals for shares: all values of a field.
pub type Names = BTreeMap<FacetField, Arc<Vec<FacetCount>>>;

/// How the terminal is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// Characters beyond ASCII for drawing.
    pub unicode: bool,
    /// Colours.
    pub color: bool,
    /// Widest the article is set.
    pub reader_width: usize,
}

/// All that the interface knows.
#[derive(Clone, Debug)]
pub struct State {
    /// Columns and rows.
    pub size: (u16, u16),
    /// How the terminal is used.
    pub look: Look,
    /// The day it is.
    pub today: Date,
    /// Groups of outlets that queries may name.
    pub groups: Groups,
    /// Bindings.
    pub keymap: Arc<Keymap>,
    /// The focused pane.
    pub focus: Pane,
    /// What is being asked.
    pub spec: Spec,
    /// The query as it is meant when it is not as it is typed: a last word that counts as a prefix, `lev*`.
    pub meant: Option<String>,
    /// The query is being typed: its last word counts as a prefix, and what is open at its end may still be closed.
    pub typing: bool,
    /// Byte of the query the cursor stands before.
    pub cursor: usize,
    /// Commands, not characters: the query's keys of vim outside of typing.
    pub normal: bool,
    /// What was deleted last from the query.
    pub deleted: String,
    /// All values of the fields asked for so far.
    pub names: Names,
    /// Fields whose values were asked for.
    pub names_asked: BTreeSet<FacetField>,
    /// Earlier states of the spec.
    pub undo: Vec<Spec>,
    /// Undone states of the spec.
    pub redo: Vec<Spec>,
    /// Number of the newest search.
    pub seq: u64,
    /// Number of the search whose answer is shown.
    pub shown_seq: u64,
    /// Number of the search whose tally over time is shown.
    pub timeline_seq: u64,
    /// The newest request for hits.
    pub asked: Option<Box<SearchRequest>>,
    /// A search is under way since a while.
    pub slow: bool,
    /// No key came for a while.
    pub quiet: bool,
    /// Searches to try, while nothing is typed.
    pub examples: Vec<String>,
    /// A remark on how the query is read.
    pub remark: Option<String>,
    /// Enter was pressed before the answer came: read the first hit when it does.
    pub read_when_ready: bool,
    /// Hits.
    pub results: Results,
    /// Facets.
    pub facets: Facets,
    /// Timeline.
    pub timeline: Timeline,
    /// The article being read or previewed.
    pub article: Option<Reader>,
    /// The article fills the screen.
    pub zoomed: bool,
    /// Number of the newest article asked for, and its hit.
    pub article_seq: u64,
    /// Over the panes.
    pub popup: Option<Popup>,
    /// What is wrong with the query.
    pub trouble: Option<QueryTrouble>,
    /// One line at the bottom.
    pub status: Option<String>,
    /// An error of the engine; the last answer stays readable.
    pub failure: Option<String>,
    /// The index.
    pub info: IndexInfo,
    /// Why there is no index behind the answers any more.
    pub lost: Option<String>,
    /// There is a newer state of the index that is not loaded yet.
    pub newer: bool,
    /// What that state would change, and the number of the search it was found out for.
    pub news: Option<(u64, News)>,
    /// Articles there will be when the first build is over, about; `None`: not known.
    pub expected: Option<u64>,
    /// Hits are being written to a file.
    pub exporting: bool,
    /// The article is not that of the selected hit.
    pub guest: bool,
    /// Earlier searches, oldest first.
    pub history: Vec<String>,
    /// Saved searches: names and commands.
    pub saved: Vec<(String, String)>,
    /// Place in the history while walking it.
    pub history_at: Option<usize>,
    /// Ways out of an empty result.
    pub ways: Vec<Way>,
    /// The selected one.
    pub way: usize,
    /// The mouse is captured.
    pub mouse: bool,
    /// The program should end.
    pub quitting: bool,
}

/// What a state begins with.
pub struct Start {
    /// Columns and rows.
    pub size: (u16, u16),
    /// How the terminal is used.
    pub look: Look,
    /// The day it is.
    pub today: Date,
    /// Groups of outlets that queries may name.
    pub groups: Groups,
    /// Bindings.
    pub keymap: Keymap,
    /// What is asked first.
    pub spec: Spec,
    /// The index.
    pub info: IndexInfo,
    /// Earlier searches, oldest first.
    pub history: Vec<String>,
    /// Saved searches: names and commands.
    pub saved: Vec<(String, String)>,
}

impl State {
    /// A state before the first answer.
    pub fn new(start: Start) -> State {
        State {
            cursor: start.spec.query.len(),
            size: start.size,
            look: start.look,
            today: start.today,
            groups: start.groups,
            keymap: Arc::new(start.keymap),
            focus: Pane::Query,
            spec: start.spec,
            meant: None,
            typing: false,
            normal: false,
            deleted: String::new(),
            names: BTreeMap::new(),
            names_asked: BTreeSet::new(),
            undo: Vec::new(),
            redo: Vec::new(),
            seq: 0,
            shown_seq: 0,
            timeline_seq: 0,
            asked: None,
            slow: false,
            quiet: false,
            examples: Vec::new(),
            remark: None,
            read_when_ready: false,
            results: Results::default(),
            facets: Facets::default(),
            timeline: Timeline::default(),
            article: None,
            zoomed: false,
            article_seq: 0,
            popup: None,
            trouble: None,
            status: None,
            failure: None,
            info: start.info,
            lost: None,
            newer: false,
            news: None,
            expected: None,
            exporting: false,
            guest: false,
            history: start.history,
            saved: start.saved,
            history_at: None,
            ways: Vec::new(),
            way: 0,
            mouse: false,
            quitting: false,
        }
    }

    /// What is asked, with the query as it is meant.
    pub fn meant_spec(&self) -> Spec {
        let query = self.meant.clone().unwrap_or_else(|| self.spec.query.clone());
        Spec { query, ..self.spec.clone() }
    }

    /// The command that asks the same.
    pub fn command_line(&self) -> String {
        self.meant_spec().command_line()
    }

    /// Whether filters stand under the query.
    pub fn has_pills(&self) -> bool {
        !self.spec.pills.is_empty() || self.spec.all_speakers || !self.spec.dates.is_open()
    }

    /// Whether the list is empty and ways out of it are shown instead.
    pub fn shows_ways(&self) -> bool {
        let is_answer = self.seq == self.shown_seq && self.trouble.is_none();
        is_answer && self.results.response.hits.is_empty() && !self.ways.is_empty()
    }

    /// What must be said in a line of its own.
    pub fn notice(&self) -> Option<String> {
        if let Some(lost) = &self.lost {
            return Some(format!("{lost}; what is shown stays"));
        }
        if let Some(failure) = &self.failure {
            return Some(failure.clone());
        }
        if self.info.generation > 0 && !self.info.finished {
            return Some(self.building());
        }
        if self.newer {
            return Some(self.refreshed());
        }
        let response = &self.results.response;
        if response.total > 0 || response.hits.is_empty() || self.seq != self.shown_seq {
            return None;
        }
        let noun = if self.spec.unit == DocKind::Quote { "quote" } else { "article" };
        let dead: Vec<String> = response.dead_words.iter().map(|dead| format!("`{}`", dead.word)).collect();
        let why = match dead.is_empty() {
            true => format!("No {noun} has all of this; {} have most", grouped(response.hits.len() as u64)),
            false => format!("No {noun} has {}; these have the rest", dead.join(" or ")),
        };
        Some(format!("{why}. w: ways out (from the query: Ctrl-X, ways-out)"))
    }

    /// What a first build has brought so far.
    fn building(&self) -> String {
        let here = grouped(self.info.articles);
        let so_far = match self.expected.filter(|expected| *expected > self.info.articles) {
            Some(expected) => format!("Searching {here} of about {} articles so far", grouped(expected)),
            None => format!("Searching {here} articles so far, the index is not finished"),
        };
        let loads = if self.newer { format!("; {} what came since", self.loads()) } else { String::new() };
        format!("{so_far}{loads}")
    }

    /// What a newer state of the index would bring.
    fn refreshed(&self) -> String {
        let mut changes = Vec::new();
        if let Some((seq, news)) = self.news {
            if news.came > 0 {
                changes.push(format!("{} came", counted(news.came, "article")));
            }
            if news.went > 0 {
                changes.push(match news.came {
                    0 => format!("{} went", counted(news.went, "article")),
                    _ => format!("{} went", grouped(news.went)),
                });
            }
            if changes.is_empty() {
                changes.push("articles were changed".to_owned());
            }
            if seq == self.seq && news.total != self.results.response.total {
                changes.push(format!("{} then", counted(news.total, "hit")));
            }
        }
        let changes = if changes.is_empty() { String::new() } else { format!(": {}", changes.join(", ")) };
        format!("{} the refreshed index{changes}", self.loads())
    }

    fn loads(&self) -> String {
        match self.keymap.key_of(self.focus, Command::Reload) {
            Some(key) => format!("{key} loads"),
            None => "Ctrl-X, reload loads".to_owned(),
        }
    }

    /// The layout for the size.
    pub fn layout(&self) -> Layout {
        let (columns, rows) = self.size;
        match (columns, rows) {
            (0..40, _) | (_, 0..10) => Layout::TooSmall,
            (40..72, _) => Layout::OnePane,
            (72..100, _) => Layout::Stacked,
            (100..140, _) => Layout::TwoColumns,
            _ => Layout::ThreeColumns,
        }
    }
}

/// How the panes are laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// Less than 40x10: a line says so, keys still work.
    TooSmall,
    /// One pane at a time.
    OnePane,
    /// Results above the article; facets over them.
    Stacked,
    /// Results beside the article; facets over them.
    TwoColumns,
    /// Facets, results, article.
    ThreeColumns,
}
