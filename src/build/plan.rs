//! Which files of a corpus are new, changed, touched or gone, compared with what the index remembers.
//!
//! Size and time of last change decide; where they differ, the content's hash. A time is only trusted when it was well
//! before the file was read: a file written twice within one tick of the clock has the time it had. Costs one look at each
//! file, and reads none that did not change.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use crate::corpus::SourceFile;
use crate::engine::EngineError;
use crate::engine::local::bookkeeping::{self, KnownFile};
use crate::engine::local::open::OpenState;
use crate::schema::documents::key;

/// What is to be done with one file.
#[derive(Clone, Debug)]
pub struct Planned {
    /// The file.
    pub file: SourceFile,
    /// Hash of its name.
    pub key: u64,
    /// Hash of its content, where it was needed for planning.
    pub hash: Option<u64>,
    /// Whether the index has records of it.
    pub is_known: bool,
}

/// The comparison of a corpus with an index.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// To be read, in order of names.
    pub read: Vec<Planned>,
    /// Unchanged in content, but with another time: only the note of it is renewed.
    pub touched: Vec<Planned>,
    /// Files that are gone.
    pub gone: Vec<Gone>,
    /// Files that need nothing.
    pub unchanged: u64,
}

/// A file of the index that is not in the corpus any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gone {
    /// Hash of its name.
    pub key: u64,
    /// What the index remembers of it; `None` when it was never read to its end.
    pub known: Option<KnownFile>,
}

/// What makes unchanged files worth reading.
#[derive(Clone, Copy, Debug, Default)]
pub struct Reasons {
    /// The way of reading changed.
    pub all: bool,
    /// Rejected records are to be tried again.
    pub rejected: bool,
}

/// Compares `files` with `state` (`None`: an index with nothing in it). `also_present` are keys of places that are not
/// files but still there. `now_ns` is the time, in nanoseconds since 1970-01-01.
///
/// # Errors
/// `Damaged`, `Io` of the index. A file that cannot be read is planned for reading: the reader says what is wrong.
pub fn plan(
    state: Option<&OpenState>,
    files: Vec<SourceFile>,
    also_present: &[u64],
    reasons: Reasons,
    now_ns: i128,
) -> Result<Plan, EngineError> {
    let mut plan = Plan::default();
    let known = state.map(bookkeeping::files).transpose()?.unwrap_or_default();
    let with_records = state.map(bookkeeping::file_keys).transpose()?.unwrap_or_default();
    let retried = match state.filter(|_| reasons.rejected) {
        Some(state) => bookkeeping::files_with_rejections(state)?,
        None => Vec::new(),
    };
    let mut present: Vec<u64> = also_present.to_vec();
    for file in files {
        let key = key([file.name.as_str()]);
        present.push(key);
        let is_known = with_records.binary_search(&key).is_ok();
        let mut planned = Planned { file, key, hash: None, is_known };
        let forced = reasons.all || retried.binary_search(&key).is_ok();
        match known.get(&key) {
            Some(known) if !forced => match compare(known, &planned.file) {
                Found::Same => plan.unchanged += 1,
                // The note of it would say again that its time is not to be trusted.
                Found::Touched(_) if trusted_stamp(planned.file.modified_ns, now_ns) == known.modified_ns => {
                    plan.unchanged += 1;
                }
                Found::Touched(hash) => {
                    planned.hash = Some(hash);
                    plan.touched.push(planned);
                }
                Found::Changed(hash) => {
                    planned.hash = hash;
                    plan.read.push(planned);
                }
            },
            _ => plan.read.push(planned),
        }
    }
    present.sort_unstable();
    plan.gone = gone(&known, &with_records, &present);
    Ok(plan)
}

fn gone(known: &HashMap<u64, KnownFile>, with_records: &[u64], present: &[u64]) -> Vec<Gone> {
    let mut gone: Vec<u64> = known.keys().chain(with_records).copied().collect();
    gone.sort_unstable();
    gone.dedup();
    gone.retain(|key| present.binary_search(key).is_err());
    gone.into_iter().map(|key| Gone { key, known: known.get(&key).copied() }).collect()
}

/// Takes files from those that are gone that lie in folders of which nothing could be seen.
///
/// # Errors
/// `Damaged`, `Io` of the index.
pub fn keep_unseen(plan: &mut Plan, state: &OpenState, folders: &[String]) -> Result<(), EngineError> {
    let mut gone = Vec::with_capacity(plan.gone.len());
    for file in std::mem::take(&mut plan.gone) {
        let name = bookkeeping::name_of(state, file.key, file.known.as_ref())?;
        let lies_in = |folder: &String| {
            let below = name.as_deref().and_then(|name| name.strip_prefix(folder.as_str()));
            below.is_some_and(|below| below.starts_with('/') || folder.ends_with('/'))
        };
        match folders.iter().any(lies_in) {
            true => plan.unchanged += 1,
            false => gone.push(file),
        }
    }
    plan.gone = gone;
    Ok(())
}

enum Found {
    Same,
    Touched(u64),
    Changed(Option<u64>),
}

fn compare(known: &KnownFile, file: &SourceFile) -> Found {
    if known.size == file.size && known.modified_ns == stamp_of(file.modified_ns) {
        return Found::Same;
    }
    match hash(&file.path) {
        Ok(hash) if hash == known.hash && known.size == file.size => Found::Touched(hash),
        Ok(hash) => Found::Changed(Some(hash)),
        Err(_) => Found::Changed(None),
    }
}

/// A time no file has: the content is compared next time.
pub(super) const UNTRUSTED: i64 = i64::MIN;
/// Clocks of file systems tick as slowly as every two seconds.
const TICK_NS: i128 = 2_000_000_000;

/// The time to remember for a file that was looked at when the clock said `now_ns`.
pub(super) fn trusted_stamp(modified_ns: i128, now_ns: i128) -> i64 {
    if modified_ns + TICK_NS > now_ns { UNTRUSTED } else { stamp_of(modified_ns) }
}

fn stamp_of(modified_ns: i128) -> i64 {
    i64::try_from(modified_ns).unwrap_or(i64::MAX)
}

/// Hash of a file's content, read in pieces.
///
/// # Errors
/// The file cannot be read.
pub fn hash(path: &Path) -> io::Result<u64> {
    let mut file = File::open(path)?;
    let mut hasher = blake3::Hasher::new();
    let mut buffer = vec![0u8; 64 * 1024];
    loop {
        match file.read(&mut buffer)? {
            0 => break,
            n => hasher.update(&buffer[..n]),
        };
    }
    let mut first = [0u8; 8];
    first.copy_from_slice(&hasher.finalize().as_bytes()[..8]);
    Ok(u64::from_le_bytes(first))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fresh_files_are_not_trusted_by_their_time() {
        assert_eq!(trusted_stamp(10_000_000_000, 10_500_000_000), UNTRUSTED);
        assert_eq!(trusted_stamp(10_000_000_000, 13_000_000_000), 10_000_000_000);
        // A clock that went backwards makes every file look fresh.
        assert_eq!(trusted_stamp(10_000_000_000, 5_000_000_000), UNTRUSTED);
    }
}
