//! Segments of earlier runs are proved before they are written on: tantivy reads them without a look at their checksums.
//!
//! Merged unread, damage would get a checksum of its own and never be found again; a deletion that meets it ends the whole
//! process. In: an index as it was opened. Out: merges of sound segments alone, and errors that name the damaged file.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use tantivy::index::{SegmentId, SegmentMeta};
use tantivy::indexer::{LogMergePolicy, MergeCandidate, MergePolicy};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocSet, Index, SegmentReader, TERMINATED, Term};

use super::seal;
use crate::engine::EngineError;
use crate::engine::caught::caught;

/// A file and what is wrong with it.
type Damage = (PathBuf, String);

/// What is known of each segment; `None` until it is asked for.
type Known = HashMap<SegmentId, Option<Result<(), Damage>>>;

/// The segments an index had when it was opened, and which of them are known to be sound.
#[derive(Clone, Debug)]
pub(super) struct Proof {
    index: Index,
    path: PathBuf,
    segments: Arc<Mutex<Known>>,
}

impl Proof {
    pub(super) fn new(index: &Index, path: &Path) -> tantivy::Result<Proof> {
        let segments = index.searchable_segment_ids()?.into_iter().map(|id| (id, None)).collect();
        Ok(Proof { index: index.clone(), path: path.to_owned(), segments: Arc::new(Mutex::new(segments)) })
    }

    /// Damage that was met.
    ///
    /// # Errors
    /// `Damaged`.
    pub(super) fn met(&self) -> Result<(), EngineError> {
        let segments = self.segments.lock().unwrap_or_else(PoisonError::into_inner);
        let damages = segments.values().flatten().filter_map(|proof| proof.as_ref().err());
        damages.min().map_or(Ok(()), |damage| Err(damaged(damage.clone())))
    }

    /// That documents with `terms` can be deleted: all is read that the deletion will read.
    ///
    /// # Errors
    /// `Damaged`.
    pub(super) fn of_deletion(&self, terms: &[Term]) -> Result<(), EngineError> {
        let known = || self.segments.lock().unwrap_or_else(PoisonError::into_inner);
        let old =
            self.index.searchable_segments().map_err(|error| super::open::engine_error(&self.path, error))?;
        for segment in old.into_iter().filter(|segment| known().contains_key(&segment.id())) {
            let meets = || -> tantivy::Result<bool> {
                let reader = SegmentReader::open(&segment)?;
                for term in terms {
                    let inverted = reader.inverted_index(term.field())?;
                    let Some(mut postings) = inverted.read_postings(term, IndexRecordOption::Basic)? else {
                        continue;
                    };
                    let mut doc = postings.doc();
                    while doc != TERMINATED {
                        if doc >= reader.max_doc() {
                            return Ok(false);
                        }
                        doc = postings.advance();
                    }
                }
                Ok(true)
            };
            if !matches!(caught(meets), Ok(Ok(true))) {
                let unreadable = || (self.path.clone(), String::from("a segment cannot be read"));
                return Err(damaged(self.of(segment.id()).err().unwrap_or_else(unreadable)));
            }
        }
        Ok(())
    }

    /// That the files of a segment are as they were written. Those written since the index was opened need no proof.
    fn of(&self, segment: SegmentId) -> Result<(), Damage> {
        let mut segments = self.segments.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(proof) = segments.get_mut(&segment) else { return Ok(()) };
        proof.get_or_insert_with(|| self.checked(segment)).clone()
    }

    fn checked(&self, segment: SegmentId) -> Result<(), Damage> {
        let metas = self.index.load_metas().map_err(|error| (self.path.clone(), error.to_string()))?;
        let name = segment.uuid_string();
        let is_of = |file: &PathBuf| file.to_string_lossy().starts_with(&name);
        let mut files: Vec<PathBuf> = metas.list_segment_files().into_iter().filter(is_of).collect();
        files.sort();
        let directory = self.index.directory();
        for file in files {
            let full = self.path.join(&file);
            // Not every segment has every file; one that is missing is found when it is opened.
            if !full.exists() {
                continue;
            }
            match caught(|| directory.validate_checksum(&file)) {
                Ok(Ok(true)) => {}
                Ok(Ok(false)) => return Err((full, seal::BROKEN.to_owned())),
                Ok(Err(error)) => return Err((full, error.to_string())),
                Err(_) => return Err((full, String::from("the file is cut short"))),
            }
        }
        Ok(())
    }
}

fn damaged((file, message): Damage) -> EngineError {
    EngineError::Damaged { file, message }
}

/// Merges as tantivy does by default, and only what is proved.
#[derive(Debug)]
pub(super) struct ProvedMerges {
    pub(super) policy: LogMergePolicy,
    pub(super) proof: Proof,
}

impl MergePolicy for ProvedMerges {
    fn compute_merge_candidates(&self, segments: &[SegmentMeta]) -> Vec<MergeCandidate> {
        let mut candidates = self.policy.compute_merge_candidates(segments);
        candidates.retain(|candidate| candidate.0.iter().all(|segment| self.proof.of(*segment).is_ok()));
        candidates
    }
}
