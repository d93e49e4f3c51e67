//! Which names of the index are one person.
//!
//! The index holds names as single articles complete them. Which of them are one depends on all names of the index
//! (`authority::join`), so it is worked out for each opened state from its live documents alone: an index brought up to
//! date by any number of steps has the same names as one built afresh.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::open::{OpenState, SegmentColumns, engine_error};
use crate::authority::{Authority, NameCount};
use crate::engine::EngineError;
use crate::schema::{DocumentKind, Field};

/// Names across articles.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Names {
    /// Local name to canonical name, where they differ.
    #[serde(serialize_with = "put_shared", deserialize_with = "take_shared")]
    pub canonical: Arc<BTreeMap<String, String>>,
    /// Different canonical names.
    pub n_speakers: u64,
}

impl Names {
    /// Joins the speakers of a state.
    ///
    /// # Errors
    /// `Damaged`, `Io`.
    pub fn of(state: &OpenState, authority: &Authority) -> Result<Names, EngineError> {
        let locals = live_values(state, Field::Speaker)?;
        let canonical = authority.join(&locals);
        let shown = locals.iter().map(|local| canonical.get(&local.name).unwrap_or(&local.name));
        let n_speakers = shown.collect::<BTreeSet<_>>().len() as u64;
        Ok(Names { canonical: Arc::new(canonical), n_speakers })
    }

    /// The canonical name of a local one.
    pub fn shown<'n>(&'n self, local: &'n str) -> &'n str {
        self.canonical.get(local).map_or(local, String::as_str)
    }
}

fn put_shared<S: serde::Serializer>(
    names: &Arc<BTreeMap<String, String>>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    names.as_ref().serialize(serializer)
}

fn take_shared<'d, D: serde::Deserializer<'d>>(
    deserializer: D,
) -> Result<Arc<BTreeMap<String, String>>, D::Error> {
    BTreeMap::deserialize(deserializer).map(Arc::new)
}

/// Every value of a keyword column that a live document has, in byte order, with its number of live articles (0 for a
/// name that stands in indirect quotes only).
///
/// # Errors
/// `Damaged`, `Io`.
pub fn live_values(state: &OpenState, field: Field) -> Result<Vec<NameCount>, EngineError> {
    let mut counts: HashMap<String, u64> = HashMap::new();
    for segment in &state.segments {
        for (name, articles) in live_in_segment(state, segment, field)? {
            *counts.entry(name).or_default() += articles;
        }
    }
    let mut counts: Vec<NameCount> =
        counts.into_iter().map(|(name, articles)| NameCount { name, articles }).collect();
    counts.sort_unstable_by(|a, b| a.name.cmp(&b.name));
    Ok(counts)
}

fn live_in_segment(
    state: &OpenState,
    segment: &SegmentColumns,
    field: Field,
) -> Result<Vec<(String, u64)>, EngineError> {
    let Some(column) = segment.strings(field)? else {
        return Ok(Vec::new());
    };
    let kind = segment.number(Field::Kind)?;
    let mut articles = vec![0u64; column.num_terms()];
    let mut alive = vec![false; column.num_terms()];
    for doc in segment.reader.doc_ids_alive() {
        let is_article = kind.first(doc) == Some(DocumentKind::Article.code());
        for ord in column.term_ords(doc) {
            if let Some(slot) = alive.get_mut(ord as usize) {
                *slot = true;
                articles[ord as usize] += u64::from(is_article);
            }
        }
    }
    // One pass over the dictionary: looking names up one by one costs a hundred times as much.
    let fail = |error: std::io::Error| engine_error(&state.path, error.into());
    let mut names = Vec::new();
    let mut terms = column.dictionary().stream().map_err(fail)?;
    let mut ord = 0;
    while terms.advance() {
        if alive.get(ord).copied().unwrap_or(false) {
            names.push((String::from_utf8_lossy(terms.key()).into_owned(), articles[ord]));
        }
        ord += 1;
    }
    Ok(names)
}
