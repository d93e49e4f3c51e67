//! Tables of names, kept beside the state they were made for.
//!
//! To number the values of a column, the dictionaries of all segments are read and merged: with twenty thousand speakers a
//! third of the work of a search that is a process of its own. A writer does it once, when no segment changes any more,
//! into one sealed file. The file says which state, which rules and which segments it was made for; a reader with others, or
//! without the file, reads the dictionaries.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use tantivy::Directory as _;
use tantivy::directory::OwnedBytes;

use super::table::Table;
use super::texts::{Numbers, Texts};
use super::view::View;
use crate::authority::Authority;
use crate::engine::EngineError;
use crate::engine::local::dir::{ReadDirectory, Which, private};
use crate::engine::local::open::OpenState;
use crate::engine::local::seal;
use crate::model::search::FacetField;

/// Its name in the folder of a generation.
pub(in crate::engine::local) const FILE: &str = "names.tables";
const TEMPORARY: &str = ".tmp-tables";

/// Columns whose tables are kept, in this order.
const FIELDS: [FacetField; 3] = [FacetField::Outlet, FacetField::Author, FacetField::Speaker];

/// First line of the file: what it was made for, and how long its parts are.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Header {
    state: u64,
    authority: String,
    /// Segments, in the order of the list.
    segments: Vec<String>,
    /// Bytes of the parts of each table, see [`parts`].
    lengths: Vec<Vec<usize>>,
}

/// Where tables may be kept, and for what.
#[derive(Debug, Default)]
pub(in crate::engine::local) struct Source {
    /// Folder of the generation; `None`: nowhere.
    pub(in crate::engine::local) path: Option<PathBuf>,
    /// Hash of the rules by which names were joined.
    pub(in crate::engine::local) authority: String,
}

/// The tables in a file.
#[derive(Debug)]
pub(super) struct Kept {
    header: Header,
    /// Behind the header.
    bytes: OwnedBytes,
}

impl Kept {
    /// The tables of `source`, if they are whole and were made for this state of these segments.
    pub(super) fn read(source: &Source, view: &View) -> Option<Kept> {
        let kept = Kept::parse(whole(source.path.as_ref()?)?)?;
        (kept.header == header(source, view, kept.header.lengths.clone())).then_some(kept)
    }

    fn parse(whole: OwnedBytes) -> Option<Kept> {
        let len = seal::unsealed(&whole).map(<[u8]>::len).filter(|len| *len < whole.len())?;
        let end = whole.iter().position(|byte| *byte == b'\n')?;
        let header: Header = serde_json::from_slice(whole.get(..end)?).ok()?;
        let bytes = (end < len).then(|| whole.slice(end + 1..len))?;
        (header.lengths.iter().flatten().sum::<usize>() == bytes.len()).then_some(Kept { header, bytes })
    }

    /// The table of `field`.
    pub(super) fn table(&self, field: FacetField) -> Option<Table> {
        let at = FIELDS.iter().position(|known| *known == field)?;
        let before: usize = self.header.lengths.get(..at)?.iter().flatten().sum();
        let mut rest = self.bytes.slice(before..self.bytes.len());
        let lengths = self.header.lengths.get(at)?;
        let mut parts = lengths.iter().map(|len| {
            let (part, after) = rest.clone().split(*len);
            rest = after;
            part
        });
        let values = Texts::of_bytes(parts.next()?, Numbers::of_bytes(parts.next()?)?);
        let names = Texts::of_bytes(parts.next()?, Numbers::of_bytes(parts.next()?)?);
        let names = if names.len() == 0 { values.clone() } else { names };
        let numbers = Numbers::of_bytes(parts.next()?)?;
        let by_segment: Option<Vec<Numbers>> = parts.map(Numbers::of_bytes).collect();
        let by_segment = by_segment.filter(|all| all.len() == self.header.segments.len())?;
        Some(Table::new(values, names, numbers, by_segment))
    }
}

/// What a table consists of: values, names (none where they are the values), their numbers, and those of each segment's
/// ordinals.
fn parts(table: &Table) -> Vec<&[u8]> {
    let mut parts = Vec::with_capacity(5 + table.by_segment.len());
    parts.extend(table.values.as_bytes());
    let names = if table.names == table.values { [&[][..]; 2] } else { table.names.as_bytes() };
    parts.extend(names);
    parts.push(table.numbers.as_bytes());
    parts.extend(table.by_segment.iter().map(Numbers::as_bytes));
    parts
}

fn header(source: &Source, view: &View, lengths: Vec<Vec<usize>>) -> Header {
    let segments = view.segments.iter().map(|segment| segment.reader.segment_id().uuid_string()).collect();
    Header { state: view.generation, authority: source.authority.clone(), segments, lengths }
}

fn whole(path: &Path) -> Option<OwnedBytes> {
    let directory = ReadDirectory::open(path, Which::Published).ok()?;
    directory.open_read(Path::new(FILE)).ok()?.read_bytes().ok()
}

/// Leaves the tables of the published state in `path` beside it, unless they are there.
///
/// # Errors
/// `Damaged`, `OtherVersion`, `Io`; readers then do without.
pub fn keep(path: &Path, authority: &Authority) -> Result<(), EngineError> {
    let state = OpenState::open(path, Which::Published, authority.clone())?;
    let source = Source { path: Some(path.to_owned()), authority: authority.hash().to_owned() };
    if Kept::read(&source, state.view()?).is_some() {
        return Ok(());
    }
    let bytes = made(&source, state.view()?)?;
    let temporary = path.join(TEMPORARY);
    let io = |error| EngineError::io(&temporary, error);
    let mut file = fs::File::create(&temporary).map_err(io)?;
    private(&temporary, 0o600).map_err(io)?;
    file.write_all(&bytes).and_then(|()| file.sync_data()).map_err(io)?;
    fs::rename(&temporary, path.join(FILE)).map_err(io)
}

/// The file for an opened state.
fn made(source: &Source, view: &View) -> Result<Vec<u8>, EngineError> {
    let tables = FIELDS.map(|field| view.built(field));
    let tables: Vec<Table> = tables.into_iter().collect::<Result<_, _>>()?;
    let all: Vec<Vec<&[u8]>> = tables.iter().map(parts).collect();
    let lengths = all.iter().map(|parts| parts.iter().map(|part| part.len()).collect()).collect();
    let path = source.path.clone().unwrap_or_default();
    let mut bytes = serde_json::to_vec(&header(source, view, lengths))
        .map_err(|error| EngineError::io(path.join(FILE), error.into()))?;
    bytes.push(b'\n');
    all.iter().flatten().for_each(|part| bytes.extend_from_slice(part));
    Ok(seal::sealed(&bytes))
}

/// Whether the file in `path` is what was written. Without a file there is nothing to mistrust.
pub(in crate::engine::local) fn is_whole(path: &Path) -> bool {
    !path.join(FILE).exists() || whole(path).and_then(Kept::parse).is_some()
}

/// Whether the file in `path`, if it was made for this state, holds what its dictionaries give.
///
/// # Errors
/// `Damaged`, `Io`.
pub(in crate::engine::local) fn fits(path: &Path, state: &OpenState) -> Result<bool, EngineError> {
    let source = Source { path: Some(path.to_owned()), authority: state.authority().hash().to_owned() };
    match Kept::read(&source, state.view()?) {
        Some(_) => Ok(fs::read(path.join(FILE)).ok() == Some(made(&source, state.view()?)?)),
        None => Ok(true),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::local::search::tests::{Corpus, draft};

    fn source(path: &Path) -> Source {
        Source { path: Some(path.to_owned()), authority: Authority::embedded().hash().to_owned() }
    }

    fn corpus() -> Corpus {
        let mut corpus = Corpus::new();
        corpus.add(&[draft(1, "One", "“Yes.”").by("The Harbour Post", "Ana Duarte", "2021-03-05")]);
        corpus.add(&[draft(2, "Two", "“No.”").by("Łódź Courier", "Bo Lind", "2021-03-06")]);
        corpus
    }

    #[test]
    fn kept_tables_are_those_of_the_dictionaries() {
        let corpus = corpus();
        let path = corpus.publish();
        keep(path, &Authority::embedded()).unwrap();
        let state = OpenState::open(path, Which::Published, Authority::embedded()).unwrap();
        let view = state.view().unwrap();
        let kept = Kept::read(&source(path), view).expect("kept tables");
        for field in FIELDS {
            assert_eq!(parts(&kept.table(field).unwrap()), parts(&view.built(field).unwrap()));
        }
        assert!(kept.table(FacetField::Month).is_none());
        assert!(is_whole(path) && fits(path, &state).unwrap());
        let others = Source { authority: String::from("others"), ..source(path) };
        assert!(Kept::read(&others, view).is_none());
    }

    #[test]
    fn tables_of_another_state_are_not_read() {
        let mut corpus = corpus();
        keep(corpus.publish(), &Authority::embedded()).unwrap();
        corpus.add(&[draft(3, "Three", "“Well.”").by("The Harbour Post", "Cy Moss", "2021-03-07")]);
        let path = corpus.publish();
        let state = OpenState::open(path, Which::Published, Authority::embedded()).unwrap();
        assert!(Kept::read(&source(path), state.view().unwrap()).is_none());
        assert_eq!(state.view().unwrap().table(FacetField::Speaker).unwrap().unwrap().values.len(), 3);
        keep(path, &Authority::embedded()).unwrap();
        assert!(Kept::read(&source(path), state.view().unwrap()).is_some());
    }

    #[test]
    fn no_flipped_bit_and_no_cut_is_believed() {
        let corpus = corpus();
        let path = corpus.publish();
        keep(path, &Authority::embedded()).unwrap();
        let good = fs::read(path.join(FILE)).unwrap();
        for at in (0..good.len()).step_by(7) {
            let mut bad = good.clone();
            bad[at] ^= 1 << (at % 8);
            assert!(Kept::parse(OwnedBytes::new(bad)).is_none(), "{at}");
            assert!(Kept::parse(OwnedBytes::new(good[..at].to_vec())).is_none(), "{at}");
        }
        assert!(Kept::parse(OwnedBytes::new(good)).is_some());
    }
}
