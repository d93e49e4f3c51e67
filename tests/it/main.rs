//! The one integration test binary. Where does a new test belong?
//!
//! * `tidy`: laws of the source tree: import directions, file sizes, banned words
//! * `sample`: what the sample corpus must answer, command by command
//! * `readme`: the README's walk-through, replayed
//! * `contract`: exit codes, streams, formats read by foreign parsers
//! * `formats`: every format read back by a foreign parser; fields, templates, settings, completions
//! * `update`: an updated index answers as a rebuilt one
//! * `hostile`: bad files, bad bytes, bad queries, control characters
//! * `fuzz`: mutated inputs against laws of queries, files, quotes and what is shown
//! * `faults`: kills, damage, full disks, races; short here, long on demand
//! * `screen`: the interactive search, key by key, on a screen in memory
//! * `pty`: hostile articles on a real terminal, whatever key is pressed
//! * `ranking`: goldens of ranked answers on the sample corpus, with MRR and recall
//!
//! Helpers are in `support`. Unit tests stand beside the code they test.

mod contract;
mod faults;
mod formats;
mod fuzz;
mod hostile;
mod pty;
mod ranking;
mod readme;
mod sample;
mod screen;
mod support;
mod tidy;
mod update;
