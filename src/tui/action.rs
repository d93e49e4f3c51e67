//! Everything that can happen, from a key or from outside.

use std::sync::Arc;

use super::reader::Reader;
use super::spec::Spec;
use crate::model::search::{CountResponse, FacetCount, FacetField, Family, IndexInfo, News, SearchResponse};

/// Something that happened. Those with a name can be bound to keys and appear in the list of all actions.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// A character was typed into the query or into a find box.
    Type(char),
    /// Text was pasted; line breaks are spaces.
    Paste(String),
    /// A named command.
    Do(Command),
    /// The terminal has another size: columns, rows.
    Resize(u16, u16),
    /// An answer to a search, with the number it was asked under.
    Results(u64, Result<Arc<SearchResponse>, String>),
    /// Who else carried the words of the quote with this id.
    Family(String, Box<Result<Option<Family>, String>>),
    /// What a newer state of the index would change, for the search with this number.
    News(u64, News),
    /// An earlier search, or a saved one, read back.
    Recalled(Box<Spec>),
    /// So many articles are expected when the first build is over; `None`: nothing builds here.
    Expected(Option<u64>),
    /// Counts of the facets' values.
    Facets(u64, Result<Box<SearchResponse>, String>),
    /// An answer to a tally over time.
    Timeline(u64, Result<Arc<CountResponse>, String>),
    /// Hits behind those that are here.
    More(u64, Result<Box<SearchResponse>, String>),
    /// Values over time.
    Trends(u64, Vec<((FacetField, String), Vec<u64>)>),
    /// What each of several searches finds; `None` where one failed.
    Totals(u64, Vec<Option<u64>>),
    /// What the index holds.
    Info(Box<IndexInfo>),
    /// All values of a field.
    Values(FacetField, Vec<FacetCount>),
    /// The article that was asked for.
    Article(u64, Box<Result<Option<Reader>, String>>),
    /// A newer complete state of the index exists.
    IndexChanged,
    /// The index is gone, or of a kind that this program does not read; in words.
    IndexLost(String),
    /// The mouse, when it is on.
    Mouse(MouseAct, u16, u16),
    /// The newest state of the index is loaded.
    Reloaded(Box<IndexInfo>),
    /// A piece of work in the background ended; the text says how.
    Done(String),
    /// The answer is late.
    Slow,
    /// No key came for a while.
    Quiet,
}

/// What the mouse did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MouseAct {
    /// The left button went down.
    Press,
    /// It moved with the button down.
    Drag,
    /// The button went up.
    Release,
    /// The wheel turned towards the user.
    WheelDown,
    /// The wheel turned away.
    WheelUp,
}

macro_rules! commands {
    ($($(#[doc = $doc:literal])+ $variant:ident = $name:literal,)+) => {
        /// A named command; the name is what the configuration file and the list of actions show.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Command { $($(#[doc = $doc])+ $variant,)+ }

        impl Command {
            /// All commands, in the order of the list of actions.
            pub const ALL: &[Command] = &[$(Command::$variant,)+];

            /// The name, e.g. `next-quote`.
            pub const fn name(self) -> &'static str {
                match self { $(Command::$variant => $name,)+ }
            }

            /// What it does, in a few words.
            pub const fn doc(self) -> &'static str {
                match self { $(Command::$variant => commands!(@first $($doc)+),)+ }
            }
        }
    };
    (@first $doc:literal $($rest:literal)*) => { $doc };
}

// The macro keeps variant, name and description of each command on one line, so that the three cannot drift apart.
commands! {
    /// Leave; marked or selected ids are printed with --pick
    Quit = "quit",
    /// One step back: close, stop selecting, leave the article, back to the query
    Back = "back",
    /// Next pane
    NextPane = "next-pane",
    /// Previous pane
    PreviousPane = "previous-pane",
    /// To the query
    FocusQuery = "query",
    /// To the results
    FocusResults = "results",
    /// To the facets
    FocusFacets = "facets",
    /// To the timeline
    FocusTimeline = "timeline",
    /// To the article
    FocusArticle = "article",
    /// Switch between articles and quotes
    SwitchUnit = "switch-unit",
    /// Read the selected hit; in facets and timeline: apply
    Enter = "enter",
    /// One line up
    Up = "up",
    /// One line down
    Down = "down",
    /// Left
    Left = "left",
    /// Right
    Right = "right",
    /// One page up
    PageUp = "page-up",
    /// One page down
    PageDown = "page-down",
    /// Half a page up
    HalfPageUp = "half-page-up",
    /// Half a page down
    HalfPageDown = "half-page-down",
    /// To the first line
    First = "first",
    /// To the last line
    Last = "last",
    /// Next match
    NextMatch = "next-match",
    /// Previous match
    PreviousMatch = "previous-match",
    /// Next quote
    NextQuote = "next-quote",
    /// Previous quote
    PreviousQuote = "previous-quote",
    /// Next quote by the same speaker
    NextSameSpeaker = "next-same-speaker",
    /// Previous quote by the same speaker
    PreviousSameSpeaker = "previous-same-speaker",
    /// Mark or unmark
    Mark = "mark",
    /// Mark all shown
    MarkAll = "mark-all",
    /// Show the marked hits only, or all again
    OnlyMarked = "only-marked",
    /// Scroll the article one line up from the list
    ScrollUp = "scroll-up",
    /// Scroll the article one line down from the list
    ScrollDown = "scroll-down",
    /// Ways out of an empty result
    WaysOut = "ways-out",
    /// Include this value, or clear it
    Include = "include",
    /// Exclude this value, or clear it
    Exclude = "exclude",
    /// Only this value
    Only = "only",
    /// Switch a filter off without losing it
    SwitchOff = "switch-off",
    /// Any or all of the chosen speakers
    AnyAll = "any-all",
    /// Find in this pane
    Find = "find",
    /// Clear the filters of this field
    ClearField = "clear-field",
    /// Clear all filters
    ClearAll = "clear-all",
    /// Undo the last change of query or filters
    Undo = "undo",
    /// Redo
    Redo = "redo",
    /// Next order of results, or of facet values
    Sort = "sort",
    /// Filter by this hit's outlet, speaker or author
    FilterMenu = "filter-menu",
    /// Copy something
    CopyMenu = "copy-menu",
    /// Copy the citation
    CopyCitation = "copy-citation",
    /// Open something
    OpenMenu = "open-menu",
    /// Open the page at the quote
    OpenPage = "open-page",
    /// Open the file in the editor
    OpenEditor = "open-editor",
    /// Write the hits to a file
    Export = "export",
    /// Show the equal command line
    ShowCommand = "show-command",
    /// Who else carried this quote, and what each left out
    WhoElse = "who-else",
    /// Keep this search under a name
    SaveSearch = "save-search",
    /// Turn fields of the query into filters beside it
    IntoFilters = "into-filters",
    /// Earlier and saved searches
    History = "history",
    /// Previous query of the history
    OlderQuery = "older-query",
    /// Next query of the history
    NewerQuery = "newer-query",
    /// To the bin with most matches
    Peak = "peak",
    /// Zoom into the bin or the selection
    ZoomIn = "zoom-in",
    /// A wider window
    ZoomOut = "zoom-out",
    /// Back to all dates
    AllDates = "all-dates",
    /// Start or end a selection of time
    SelectTime = "select-time",
    /// Shift the window of time back
    ShiftBack = "shift-back",
    /// Shift the window of time forward
    ShiftForward = "shift-forward",
    /// Type a range of dates
    TypeDates = "type-dates",
    /// Next width of bins: day, week, month, year
    NextBin = "next-bin",
    /// Counts, or share of all
    Share = "share",
    /// Show what was cut from the page
    Furniture = "furniture",
    /// Marks on or off
    ToggleMarks = "toggle-marks",
    /// Article over the whole screen
    Zoom = "zoom",
    /// Wider or narrower lines
    Width = "width",
    /// People quoted in this article
    People = "people",
    /// Quotes of this quote's speaker
    SpeakerQuotes = "speaker-quotes",
    /// Load the refreshed index
    Reload = "reload",
    /// All actions
    Palette = "palette",
    /// Keys of this pane
    Help = "help",
    /// Mouse on or off
    Mouse = "mouse",
    /// Draw again
    Redraw = "redraw",
    /// To the shell and back
    Suspend = "suspend",
    /// Delete the character before the cursor
    DeleteBefore = "delete-before",
    /// Delete the character under the cursor
    DeleteUnder = "delete-under",
    /// Delete the word before the cursor
    DeleteWord = "delete-word",
    /// Delete to the start of the query
    DeleteToStart = "delete-to-start",
    /// Delete to the end of the query
    DeleteToEnd = "delete-to-end",
    /// To the start of the query
    LineStart = "line-start",
    /// To the end of the query
    LineEnd = "line-end",
    /// A word back
    WordBack = "word-back",
    /// A word forward
    WordForward = "word-forward",
    /// Delete the word after the cursor
    DeleteNextWord = "delete-next-word",
    /// Put back what was deleted last
    PutBack = "put-back",
    /// Type at the cursor (keys of vim)
    TypeHere = "type-here",
    /// Type after the cursor (keys of vim)
    TypeAfter = "type-after",
    /// Type at the start of the query (keys of vim)
    TypeAtStart = "type-at-start",
    /// Type at the end of the query (keys of vim)
    TypeAtEnd = "type-at-end",
    /// Type another query (keys of vim)
    TypeAnew = "type-anew",
}

impl Command {
    /// The command of this name.
    pub fn named(name: &str) -> Option<Command> {
        Command::ALL.iter().copied().find(|command| command.name() == name)
    }

    /// The name nearest to `name`.
    pub fn nearest(name: &str) -> &'static str {
        let names = Command::ALL.iter().map(|command| command.name());
        names.min_by_key(|known| strsim::damerau_levenshtein(known, name)).unwrap_or("help")
    }
}
