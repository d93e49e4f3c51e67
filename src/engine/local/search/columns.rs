//! Columns of names as plain numbers: for each document of a segment, the values it counts for.
//!
//! A column in a file is packed, and a value takes some hundred steps to find; a broad query asks for tens of thousands.
//! Who searches once reads it as it is. Who goes on searching (a letter more, another page) soon has read as much as there
//! is, and from then on it is kept unpacked: one segment with each search, so that none waits for all of them, and within a
//! bound for all columns together.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use tantivy::DocId;
use tantivy::columnar::StrColumn;

use super::texts::Numbers;
use super::view::View;
use crate::engine::EngineError;
use crate::model::search::{DocKind, FacetField};

/// Bytes of unpacked columns of one opened state: those of outlet and speaker on a million articles with their quotes.
const MOST_BYTES: usize = 48 << 20;
/// A column is unpacked when earlier searches have read it for one document of so many.
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

/// One column of one segment, for the documents of one kind.
#[derive(Debug, Default)]
pub(super) struct Unpacked {
    /// Documents that it was read for while packed.
    pub(super) n_read: AtomicUsize,
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

/// The unpacked column of a segment, where there is one. It is made where that is worth it and `may_unpack` is still set,
/// which it then is no more.
pub(super) fn cells<'v>(
    view: &'v View,
    (field, kind): (FacetField, DocKind),
    segment_idx: usize,
    may_unpack: &mut bool,
) -> Result<Option<&'v Cells>, EngineError> {
    let segment = &view.segments[segment_idx];
    let (Some(column), Some(unpacked)) = (segment.names(field), segment.unpacked(field, kind)) else {
        return Ok(None);
    };
    if let Some(cells) = unpacked.cells.get() {
        return Ok(cells.as_ref());
    }
    let n_docs = column.ords().num_docs() as usize;
    let is_worth_it = unpacked.n_read.load(Ordering::Relaxed) > n_docs / SHARE;
    let Some(table) = view.table(field)?.filter(|_| is_worth_it && *may_unpack) else { return Ok(None) };
    *may_unpack = false;
    let is_small = table.values.len() < usize::from(NO_BYTE);
    let bytes = n_docs * if is_small { size_of::<u8>() } else { size_of::<u32>() };
    let has_room = view.unpacked.fetch_add(bytes, Ordering::Relaxed) + bytes <= MOST_BYTES;
    let made = match has_room {
        true => {
            Some(Cells::of(column, &table.by_segment[segment_idx], segment.docs_of(view, kind)?, is_small))
        }
        false => None,
    };
    Ok(unpacked.cells.get_or_init(|| made).as_ref())
}

impl Cells {
    /// `docs` stand in order.
    fn of(column: &StrColumn, numbers: &Numbers, docs: Vec<DocId>, is_small: bool) -> Cells {
        let mut by_doc = vec![NONE; column.ords().num_docs() as usize];
        let mut lists: Vec<u32> = Vec::new();
        let mut rows = Rows::default();
        for docs in docs.chunks(AT_ONCE) {
            let found = rows.read(column, docs);
            for (doc, number) in found.filter_map(|(doc, ord)| Some((doc, numbers.get(ord as usize)?))) {
                if let Some(cell) = by_doc.get_mut(doc as usize) {
                    add(cell, number, &mut lists);
                }
            }
        }
        if lists.is_empty() && is_small {
            return Cells::Bytes(
                by_doc.into_iter().map(|number| number.min(u32::from(NO_BYTE)) as u8).collect(),
            );
        }
        Cells::Words { by_doc, lists }
    }
}

/// Documents that are unpacked together.
const AT_ONCE: usize = 1_024;

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
            for kind in [DocKind::Article, DocKind::Quote] {
                let ask = || {
                    let mut tally = FacetTally::new(&view, kind, field).unwrap();
                    for (idx, segment) in view.segments.iter().enumerate() {
                        tally.add(segment, idx, &segment.docs_of(&view, kind).unwrap()).unwrap();
                    }
                    tally.finish(0)
                };
                let n_unpacked = || {
                    let unpacked = view.segments.iter().filter_map(|segment| segment.unpacked(field, kind));
                    unpacked.filter(|unpacked| unpacked.cells.get().is_some_and(Option::is_some)).count()
                };
                let packed = ask();
                let n_columns = view.segments.iter().filter(|segment| segment.names(field).is_some()).count();
                for n_searches in 0..=n_columns {
                    assert_eq!(n_unpacked(), n_searches, "{field:?} {kind:?}");
                    assert_eq!(ask(), packed, "{field:?} {kind:?}");
                }
            }
        }
        assert!(view.unpacked.load(Ordering::Relaxed) > 0);
    }
}
