//! Columns of names as plain numbers: for each document of a segment, the values it counts for.
//!
//! A column in a file is packed, and a value takes a hundred steps to find; a broad query asks for tens of thousands. Who
//! searches once reads it as it is. Who goes on searching (a letter more, another page) soon has read as much as the whole
//! column holds, and from then on it is kept unpacked, within a bound for all columns together.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use tantivy::DocId;
use tantivy::columnar::StrColumn;

use super::table::Table;
use super::texts::Numbers;

/// Bytes of unpacked columns of one opened state: those of outlet and speaker on a million articles with their quotes.
const MOST_BYTES: usize = 48 << 20;
/// A column is unpacked when one document of so many was read from it packed.
const SHARE: usize = 16;

/// Values of many documents at once: reading a column in one go is several times cheaper than asking document by document.
#[derive(Default)]
pub(super) struct Rows {
    docs: Vec<DocId>,
    rows: Vec<u32>,
    ords: Vec<u64>,
}

impl Rows {
    /// The values of `docs`, which stand in order: each with its document.
    pub(super) fn read(
        &mut self,
        column: &StrColumn,
        docs: &[DocId],
    ) -> impl ExactSizeIterator<Item = (DocId, u64)> + '_ {
        self.docs.clear();
        self.rows.clear();
        column.ords().row_ids_for_docs(docs, &mut self.docs, &mut self.rows);
        self.ords.resize(self.rows.len(), 0);
        column.ords().values.get_vals(&self.rows, &mut self.ords);
        self.docs.iter().copied().zip(self.ords.iter().copied())
    }
}

/// One column of one segment.
#[derive(Debug, Default)]
pub(super) struct Unpacked {
    /// Documents read from the packed column.
    n_read: AtomicUsize,
    cells: OnceLock<Option<Cells>>,
}

/// What each document counts for.
#[derive(Debug, PartialEq)]
pub(super) enum Cells {
    /// At most one value of a few, by document; [`NO_BYTE`] for none.
    Bytes(Vec<u8>),
    /// By document: a value, [`NONE`], or [`LIST`] and where in `lists` its values stand behind their number.
    Words { by_doc: Vec<u32>, lists: Vec<u32> },
}

pub(super) const NO_BYTE: u8 = u8::MAX;
pub(super) const NONE: u32 = u32::MAX;
pub(super) const LIST: u32 = 1 << 31;

impl Unpacked {
    /// The unpacked column, once it is worth it; `more` documents are about to be read. `spent` counts the bytes of all.
    pub(super) fn cells(
        &self,
        column: &StrColumn,
        (table, segment_idx): (&Table, usize),
        more: usize,
        spent: &AtomicUsize,
    ) -> Option<&Cells> {
        if let Some(cells) = self.cells.get() {
            return cells.as_ref();
        }
        let n_docs = column.ords().num_docs() as usize;
        if self.n_read.fetch_add(more, Ordering::Relaxed) < n_docs / SHARE {
            return None;
        }
        let numbers = table.by_segment.get(segment_idx)?;
        let make = || {
            let bytes = n_docs * if table.values.len() < usize::from(NO_BYTE) { 1 } else { size_of::<u32>() };
            let has_room = spent.fetch_add(bytes, Ordering::Relaxed) + bytes <= MOST_BYTES;
            has_room.then(|| Cells::of(column, numbers, table.values.len()))
        };
        self.cells.get_or_init(make).as_ref()
    }
}

impl Cells {
    fn of(column: &StrColumn, numbers: &Numbers, n_values: usize) -> Cells {
        let n_docs = column.ords().num_docs();
        let mut by_doc = vec![NONE; n_docs as usize];
        let mut lists: Vec<u32> = Vec::new();
        let mut rows = Rows::default();
        let mut docs: Vec<DocId> = Vec::new();
        let mut start = 0;
        while start < n_docs {
            let end = n_docs.min(start + AT_ONCE);
            docs.clear();
            docs.extend(start..end);
            let found =
                rows.read(column, &docs).filter_map(|(doc, ord)| Some((doc, numbers.get(ord as usize)?)));
            for (doc, number) in found {
                let Some(cell) = by_doc.get_mut(doc as usize) else { continue };
                add(cell, number, &mut lists);
            }
            start = end;
        }
        if lists.is_empty() && n_values < usize::from(NO_BYTE) {
            return Cells::Bytes(
                by_doc.into_iter().map(|number| number.min(u32::from(NO_BYTE)) as u8).collect(),
            );
        }
        Cells::Words { by_doc, lists }
    }
}

/// Documents that are unpacked together.
const AT_ONCE: DocId = 1_024;

/// Adds a value to a cell; values of one document come one after the other.
fn add(cell: &mut u32, number: u32, lists: &mut Vec<u32>) {
    if *cell == NONE {
        *cell = number;
    } else if *cell < LIST {
        // Two names in one article may be one person.
        if *cell != number {
            let place = lists.len() as u32;
            lists.extend([2, *cell, number]);
            *cell = LIST | place;
        }
    } else {
        let place = (*cell & !LIST) as usize;
        if !lists[place + 1..].contains(&number) {
            lists[place] += 1;
            lists.push(number);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_a_document_are_kept_once() {
        let (mut lists, mut cells) = (Vec::new(), [NONE; 4]);
        for (doc, number) in [(0, 7), (1, 5), (1, 5), (3, 1), (3, 2), (3, 1), (3, 9)] {
            add(&mut cells[doc], number, &mut lists);
        }
        assert_eq!(cells, [7, 5, NONE, LIST]);
        assert_eq!(lists, [3, 1, 2, 9]);
    }

    #[test]
    fn unpacked_columns_count_as_packed_ones() {
        use super::super::tally::FacetTally;
        use super::super::tests::{Corpus, draft};
        use crate::model::search::FacetField;

        let mut corpus = Corpus::new();
        let names = ["Ana Duarte", "Bo Lind|Cy Moss|Bo Lind", "", "A. Duarte|Ana Duarte"];
        let outlets = ["The Harbour Post", "", "Łódź Courier"];
        let drafts: Vec<_> = (0..60u64)
            .map(|id| {
                let body = "“Yes.”\n\n“No.”\n\n“Well.”";
                draft(id, "One", body).by(outlets[id as usize % 3], names[id as usize % 4], "2021-03-05")
            })
            .collect();
        drafts.chunks(20).for_each(|drafts| corpus.add(drafts));
        let view = corpus.view(&[("A. Duarte", "Ana Duarte")]);
        for field in [FacetField::Outlet, FacetField::Speaker, FacetField::Author] {
            let ask = || {
                let mut tally = FacetTally::new(&view, field).unwrap();
                for (idx, segment) in view.segments.iter().enumerate() {
                    let docs: Vec<DocId> = (0..segment.reader.max_doc()).collect();
                    tally.add(segment, idx, &docs);
                }
                tally.finish(0)
            };
            let packed = ask();
            assert_eq!([packed.clone(), packed.clone()], [ask(), ask()], "{field:?}");
            let is_unpacked = |segment: &super::super::view::Segment| {
                segment.names(field).is_none()
                    || segment.unpacked(field).unwrap().cells.get().is_some_and(Option::is_some)
            };
            assert!(view.segments.iter().all(is_unpacked), "{field:?}");
        }
        assert!(view.unpacked.load(Ordering::Relaxed) > 0);
    }
}
