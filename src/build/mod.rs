//! Bringing an index up to date with a corpus: the pipeline from files to a published state.
//!
//! In: [`BuildRequest`]. Out: [`BuildReport`] and an index that answers exactly as one built afresh from the same corpus.
//! Does not print: a [`Progress`] is told what goes on.
//!
//! * [`request`]: what is asked, and what can go wrong
//! * [`report`]: what was done
//! * [`progress`]: what a watcher is told
//! * [`roots`]: corpus paths and the names of their files
//! * `share`: how threads and memory are divided
//! * [`plan`]: which files are new, changed, removed
//! * [`pipeline`]: reading, extracting and indexing them
//! * [`mod@file`]: one file on its way, record by record
//! * [`repeated`]: lines that stand in many articles of one outlet
//! * [`update`](fn@update): the whole
//!
//! Readers see nothing of an update until it is published in one step. An update that is killed leaves its work in the
//! generation; the next one goes on from there.

mod file;
mod pipeline;
pub mod plan;
pub mod progress;
mod repeated;
pub mod report;
pub mod request;
pub mod roots;
mod share;
#[cfg(test)]
mod tests;
mod update;

pub use progress::{Phase, Progress, Silent};
pub use report::BuildReport;
pub use request::{BuildError, BuildRequest, FirstLook};
pub use update::update;
