//! Interactive search in the terminal.
//!
//! One way through: terminal event -> [`keymap`] -> [`Action`](action::Action) -> [`update`](update::update), which changes the
//! [`State`](state::State) and returns [`Effect`](effect::Effect)s -> [`mod@run`] performs them, searches on a [`worker`] thread
//! -> the answer comes back as an action. [`view`] draws the state and changes nothing.
//!
//! `state`, `update` and `view` read no clock, no environment, no file, and print nothing.
//!
//! * [`action`]: everything that can happen · [`keymap`], [`bindings`]: which key does what, in which pane
//! * [`spec`]: query, pills, dates, sort: what is being asked, as a request and as a command line
//! * [`state`], [`update`], [`effect`] · [`choices`]: menus · [`results`], [`facets`], [`timeline`], [`reader`]: one pane each
//! * [`examples`]: searches to try · [`completion`]: names at the end of the query · [`pills`]: its fields as filters · [`ways`]: out of an empty result
//! * [`layout`]: where the panes stand · [`view`]: drawing · [`mod@run`], [`worker`], [`clipboard`]: the shell around the core
//! * [`setup`]: the first screen, without an index · [`accessible`]: the same actions line by line

pub mod accessible;
pub mod action;
pub mod bindings;
pub mod choices;
pub mod clipboard;
pub mod completion;
pub mod effect;
pub mod examples;
pub mod facets;
pub mod keymap;
pub mod layout;
pub mod pills;
pub mod reader;
pub mod results;
pub mod run;
pub mod setup;
pub mod spec;
pub mod state;
pub mod timeline;
pub mod update;
pub mod view;
pub mod ways;
pub mod worker;

pub use run::{Exit, Options, run};
