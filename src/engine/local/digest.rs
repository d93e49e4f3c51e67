//! What is worked out once for each complete state and read by everybody who opens it: names joined, documents counted.
//!
//! Joining names asks for all names of the index and for the words they are compared by; counting asks for every document.
//! A writer does both before it publishes, into one small file beside the list of segments. The file says which state and
//! which rules it was made for; a reader with other rules, or without the file, works it out for itself.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::dir::private;
use super::names::Names;
use super::open::{OpenState, Totals};
use super::seal;
use crate::engine::EngineError;

/// Its name in the folder of a generation.
pub(super) const FILE: &str = "digest.json";
const TEMPORARY: &str = ".tmp-digest";

/// Names and totals of one state.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Digest {
    /// The complete state it belongs to.
    state: u64,
    /// Hash of the rules by which names were joined.
    authority: String,
    /// Live documents and tokens.
    pub totals: Totals,
    /// Names joined.
    pub names: Names,
}

impl Digest {
    /// Works out the digest of `state`.
    ///
    /// # Errors
    /// `Damaged`, `Io`.
    pub fn of(state: &OpenState) -> Result<Digest, EngineError> {
        Ok(Digest {
            state: state.commit.state,
            authority: state.authority().hash().to_owned(),
            totals: state.totals()?,
            names: state.names()?.clone(),
        })
    }

    /// Puts it beside the state that is about to be published in `path`.
    ///
    /// # Errors
    /// `Io`; readers then do without.
    pub fn write(&self, path: &Path) -> Result<(), EngineError> {
        let temporary = path.join(TEMPORARY);
        let io = |error| EngineError::io(&temporary, error);
        let bytes = seal::sealed(&serde_json::to_vec(self).map_err(|error| io(error.into()))?);
        let mut file = fs::File::create(&temporary).map_err(io)?;
        private(&temporary, 0o600).map_err(io)?;
        file.write_all(&bytes).and_then(|()| file.sync_data()).map_err(io)?;
        fs::rename(&temporary, path.join(FILE)).map_err(io)
    }

    /// The digest in `path`, if it is whole and was made for this state by these rules.
    pub fn read(path: &Path, state: u64, authority: &str) -> Option<Digest> {
        let digest = Digest::parse(&fs::read(path.join(FILE)).ok()?)?;
        (digest.state == state && digest.authority == authority).then_some(digest)
    }

    /// Whether the file in `path` is what was written. Without a file there is nothing to mistrust.
    pub(super) fn is_whole(path: &Path) -> bool {
        fs::read(path.join(FILE)).map_or(true, |bytes| Digest::parse(&bytes).is_some())
    }

    fn parse(bytes: &[u8]) -> Option<Digest> {
        let inner = seal::unsealed(bytes).filter(|inner| inner.len() < bytes.len())?;
        serde_json::from_slice(inner).ok()
    }
}
