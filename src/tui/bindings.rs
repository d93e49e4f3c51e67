//! The built-in keys, as tables: which key does what, in which pane.
//!
//! No binding needs a key that plain terminals do not send (Ctrl-Enter, Shift-Enter, Ctrl-/, Ctrl-S, Ctrl-Q), and every
//! key with Alt has a twin without.

use super::action::Command::{self, *};

/// A key in the spelling of the configuration, and its command.
pub type Row = (&'static str, Command);

/// In every pane.
pub const ANYWHERE: &[Row] = &[
    ("ctrl-c", Quit),
    ("esc", Back),
    ("ctrl-g", Back),
    ("tab", NextPane),
    ("shift-tab", PreviousPane),
    ("alt-1", FocusQuery),
    ("alt-2", FocusResults),
    ("alt-3", FocusFacets),
    ("alt-4", FocusTimeline),
    ("alt-5", FocusArticle),
    ("ctrl-t", SwitchUnit),
    ("ctrl-y", CopyMenu),
    ("ctrl-o", OpenMenu),
    ("ctrl-x", Palette),
    ("ctrl-r", History),
    ("ctrl-l", Redraw),
    ("ctrl-z", Suspend),
    ("f1", Help),
    ("f9", Mouse),
    ("enter", Enter),
    ("up", Up),
    ("down", Down),
    ("pgup", PageUp),
    ("pgdn", PageDown),
];

/// In every pane but the query, where letters type.
pub const OUTSIDE_QUERY: &[Row] = &[
    ("q", Quit),
    ("?", Help),
    (":", Palette),
    ("1", FocusQuery),
    ("2", FocusResults),
    ("3", FocusFacets),
    ("4", FocusTimeline),
    ("5", FocusArticle),
    ("F", FocusFacets),
    ("C", ShowCommand),
    ("E", Export),
    ("S", SaveSearch),
    ("r", Reload),
    ("u", Undo),
    ("U", Redo),
    ("y", CopyMenu),
    ("o", OpenPage),
    ("e", OpenEditor),
    ("j", Down),
    ("k", Up),
    ("h", Left),
    ("l", Right),
    ("left", Left),
    ("right", Right),
    ("g", First),
    ("G", Last),
    ("home", First),
    ("end", Last),
    ("ctrl-d", HalfPageDown),
    ("ctrl-u", HalfPageUp),
    ("/", Find),
    ("X", ClearAll),
];

/// In the query.
pub const QUERY: &[Row] = &[
    ("ctrl-p", Up),
    ("ctrl-n", Down),
    ("alt-up", OlderQuery),
    ("alt-down", NewerQuery),
    ("alt-enter", IntoFilters),
    ("ctrl-space", Mark),
    ("left", Left),
    ("right", Right),
    ("ctrl-b", Left),
    ("ctrl-f", Right),
    ("ctrl-left", WordBack),
    ("ctrl-right", WordForward),
    ("alt-b", WordBack),
    ("alt-f", WordForward),
    ("home", LineStart),
    ("end", LineEnd),
    ("ctrl-a", LineStart),
    ("ctrl-e", LineEnd),
    ("backspace", DeleteBefore),
    ("ctrl-h", DeleteBefore),
    ("delete", DeleteUnder),
    ("ctrl-d", DeleteUnder),
    ("ctrl-w", DeleteWord),
    ("ctrl-u", DeleteToStart),
    ("ctrl-k", DeleteToEnd),
    // Terminals send Ctrl-_ as Ctrl-7.
    ("ctrl-7", Undo),
    ("ctrl-_", Undo),
];

/// In the results.
pub const RESULTS: &[Row] = &[
    ("space", Mark),
    ("*", MarkAll),
    ("M", OnlyMarked),
    ("n", NextMatch),
    ("N", PreviousMatch),
    ("]", NextQuote),
    ("[", PreviousQuote),
    ("J", ScrollDown),
    ("K", ScrollUp),
    ("shift-down", ScrollDown),
    ("shift-up", ScrollUp),
    ("v", WhoElse),
    ("f", FilterMenu),
    ("s", Sort),
    ("w", WaysOut),
];

/// In the facets.
pub const FACETS: &[Row] = &[
    ("space", Include),
    ("-", Exclude),
    ("=", Only),
    (".", SwitchOff),
    ("a", AnyAll),
    ("c", ClearField),
    ("s", Sort),
];

/// In the timeline.
pub const TIMELINE: &[Row] = &[
    ("space", SelectTime),
    ("+", ZoomIn),
    ("-", ZoomOut),
    ("0", AllDates),
    ("<", ShiftBack),
    (">", ShiftForward),
    ("n", Peak),
    ("b", NextBin),
    ("%", Share),
    ("t", TypeDates),
    ("c", AllDates),
];

/// In the article.
pub const ARTICLE: &[Row] = &[
    ("space", PageDown),
    ("b", PageUp),
    ("n", NextMatch),
    ("N", PreviousMatch),
    ("]", NextQuote),
    ("[", PreviousQuote),
    ("}", NextSameSpeaker),
    ("{", PreviousSameSpeaker),
    ("s", SpeakerQuotes),
    ("p", People),
    ("v", WhoElse),
    ("f", FilterMenu),
    ("m", ToggleMarks),
    ("x", Furniture),
    ("z", Zoom),
    ("w", Width),
    ("c", CopyCitation),
];

/// More for the query, with `keys = "emacs"`: these take the place of others; Ctrl-X still lists every action.
pub const EMACS: &[Row] = &[
    ("alt-d", DeleteNextWord),
    ("alt-backspace", DeleteWord),
    ("ctrl-y", PutBack),
    ("alt-w", CopyMenu),
    ("alt-p", OlderQuery),
    ("alt-n", NewerQuery),
    ("alt-<", First),
    ("alt->", Last),
];

/// In the query with `keys = "vim"`, after Esc; what is not here is as outside of the query.
pub const VIM: &[Row] = &[
    ("i", TypeHere),
    ("a", TypeAfter),
    ("I", TypeAtStart),
    ("A", TypeAtEnd),
    ("S", TypeAnew),
    ("/", TypeAtEnd),
    ("h", Left),
    ("l", Right),
    ("left", Left),
    ("right", Right),
    ("0", LineStart),
    ("^", LineStart),
    ("$", LineEnd),
    ("home", LineStart),
    ("end", LineEnd),
    ("b", WordBack),
    ("w", WordForward),
    ("e", WordForward),
    ("x", DeleteUnder),
    ("delete", DeleteUnder),
    ("D", DeleteToEnd),
    ("p", PutBack),
    ("u", Undo),
    ("ctrl-r", Redo),
    ("space", Mark),
];
