//! Cutting lines that stand in many articles of one outlet, once all articles of an update are in.
//!
//! In: the state with all of them, not yet published. Out: articles written anew, few or none in most updates. Whether a line
//! is cut depends on the articles of the state alone: so an updated index holds what one built afresh holds.

use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

use rayon::iter::{IntoParallelIterator, ParallelIterator};

use crate::engine::EngineError;
use crate::engine::local::open::OpenState;
use crate::engine::local::repeats::{self, Place};
use crate::engine::local::writer::Writer;
use crate::extract::repeated;
use crate::lexicon::Lexicon;
use crate::quotes;

/// Makes every article of `state` what it is beside all others. Returns how many were written anew.
pub(super) fn settle(
    state: &OpenState,
    writer: &Writer,
    pool: &rayon::ThreadPool,
    lexicon: &Lexicon,
) -> Result<u64, EngineError> {
    let mut furniture = HashSet::new();
    for found in repeats::find(state)? {
        let text = repeated::text_of(&repeats::article(state, found.example)?, found.key);
        if text.is_some_and(|text| repeated::is_furniture(&text, found.articles, found.of, lexicon)) {
            furniture.insert(found.key);
        }
    }
    let places = repeats::outdated(state, &furniture)?;
    pool.install(|| {
        let written = places.into_par_iter().map(|place| anew(state, writer, place, &furniture, lexicon));
        written.try_reduce(|| 0, |a, b| Ok(a + b))
    })
}

fn anew(
    state: &OpenState,
    writer: &Writer,
    place: Place,
    furniture: &HashSet<u64>,
    lexicon: &Lexicon,
) -> Result<u64, EngineError> {
    let mut article = repeats::article(state, place)?;
    if !repeated::settle(&mut article, |key| furniture.contains(&key)) {
        return Ok(0);
    }
    // A rule that panics leaves the article as it was, like one that panics at first leaves out the record.
    let Ok(quotes) = catch_unwind(AssertUnwindSafe(|| quotes::find(&article, lexicon))) else { return Ok(0) };
    repeats::replace(state, writer, place, &article, &quotes)?;
    Ok(1)
}
