//! Cutting lines that stand in many articles of one outlet, once all articles of an update are in.
//!
//! In: the state with all of them, not yet published. Out: articles written anew, few or none in most updates. Whether a line
//! is cut depends on the articles of the state alone: so an updated index holds what one built afresh holds. [`Foresight`]
//! only spares work: it cuts on the way what will most likely have to be cut, and what it gets wrong is put right.

use std::collections::{HashMap, HashSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, PoisonError, RwLock};

use rayon::iter::{IntoParallelIterator, ParallelIterator};

use crate::engine::EngineError;
use crate::engine::local::open::OpenState;
use crate::engine::local::repeats::{self, Place};
use crate::engine::local::writer::Writer;
use crate::extract::repeated;
use crate::lexicon::Lexicon;
use crate::model::Article;
use crate::quotes;
use crate::schema::repeats::{is_frequent, rounded};
use crate::text::repeat::Repeatable;

/// Articles seen with a line before it is foreseen to be furniture.
const SEEN: u64 = 8;

/// Lines remembered at most; then those seen once or twice are forgotten.
const REMEMBERED: usize = 1 << 20;

/// What is likely to be furniture: the lines cut in the index so far, and those that many articles have shown on the way.
#[derive(Default)]
pub(super) struct Foresight {
    furniture: RwLock<HashSet<u64>>,
    seen: Mutex<HashMap<u64, u64>>,
}

impl Foresight {
    /// Begins with what is cut in `old`.
    pub(super) fn new(old: Option<&OpenState>) -> Result<Self, EngineError> {
        let furniture = old.map(repeats::cut).transpose()?.unwrap_or_default();
        Ok(Foresight { furniture: RwLock::new(furniture), seen: Mutex::default() })
    }

    /// Cuts what is likely furniture from an article on its way into the index.
    pub(super) fn cut(&self, article: &mut Article, lexicon: &Lexicon) {
        let Some(outlet) = article.outlet.as_deref() else { return };
        let whole = article.whole();
        let found = Repeatable::of(outlet, &whole);
        let (mut seen, mut often) = (self.seen.lock().unwrap_or_else(PoisonError::into_inner), Vec::new());
        if seen.len() > REMEMBERED {
            seen.retain(|_, times| *times > 2);
        }
        let mut count = |key: u64| {
            let times = seen.entry(key).or_default();
            *times += 1;
            *times
        };
        let of = count(found.outlet);
        for (idx, key) in found.lines {
            let times = count(key);
            if times >= SEEN && times % SEEN == 0 {
                often.push((key, idx, times));
            }
        }
        drop(seen);
        for (key, idx, times) in often {
            let is_furniture =
                is_frequent(times, of) && repeated::is_furniture(whole[idx], times, rounded(of), lexicon);
            if is_furniture {
                self.furniture.write().unwrap_or_else(PoisonError::into_inner).insert(key);
            }
        }
        let furniture = self.furniture.read().unwrap_or_else(PoisonError::into_inner);
        if !furniture.is_empty() {
            repeated::settle(article, |key| furniture.contains(&key));
        }
    }
}

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
