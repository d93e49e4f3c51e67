//! One opened state of the index as searching sees it: columns by segment, statistics over live documents, tables of
//! names.
//!
//! In: a frozen searcher and the table local name -> canonical name. Everything here is a function of the live content:
//! the same articles give the same statistics however many segments and deleted documents lie under them. What costs
//! more than opening a column (tables of names, document frequencies) is made when first asked for, and kept.

use std::collections::BTreeMap;
use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use tantivy::columnar::{Column, StrColumn};
use tantivy::fastfield::AliveBitSet;
use tantivy::postings::SegmentPostings;
use tantivy::schema::{IndexRecordOption, Term};
use tantivy::{DocId, DocSet, Searcher, SegmentReader, TERMINATED};

use super::columns::Unpacked;
use super::cut::Cut;
use super::gathered;
use super::kept::{Kept, Source};
use super::leaf::{Expansion, Spelled};
use super::stemmed;
use super::table::Table;
use crate::authority::Authority;
use crate::engine::EngineError;
use crate::engine::local::fields::Fields;
use crate::engine::local::open::{Totals, of_file};
use crate::engine::local::tokenizer::Stems;
use crate::model::search::{DocKind, FacetField, Filters};
use crate::schema::{DocumentKind, Field};

/// An opened state.
pub(in crate::engine::local) struct View {
    pub(super) searcher: Searcher,
    pub(super) fields: Fields,
    pub(super) generation: u64,
    pub(super) segments: Vec<Segment>,
    canonical: Arc<BTreeMap<String, String>>,
    /// What somebody's word says of names, for those that are typed.
    pub(super) authority: Authority,
    source: Source,
    kept: OnceLock<Option<Kept>>,
    articles: KindStats,
    quotes: KindStats,
    doc_freqs: Mutex<DocFreqs>,
    forms: Mutex<Forms>,
    pub(super) gathered: gathered::Shelf,
    expansions: Mutex<Vec<(Spelled, Arc<Expansion>)>>,
    pub(super) bases: Mutex<Vec<(BaseKey, Arc<Base>)>>,
    cuts: Mutex<Cuts>,
    /// Bytes of unpacked columns.
    pub(super) unpacked: AtomicUsize,
    outlets: OnceLock<Table>,
    authors: OnceLock<Table>,
    speakers: OnceLock<Table>,
}

type DocFreqs = std::collections::HashMap<(Field, String), u64, ahash::RandomState>;

/// What tallies of everything are a function of: kind, filters, fields.
pub(super) type BaseKey = (DocKind, Filters, Vec<FacetField>);
/// A tally of everything: the base of shares.
pub(super) type Base = (BTreeMap<Vec<Option<String>>, u64>, u64);

/// Words with a stem, by field and stem.
type Forms = std::collections::HashMap<(Field, String), Arc<[String]>, ahash::RandomState>;

/// Wordings of quotes, by segment and document.
type Cuts = std::collections::HashMap<(usize, DocId), Arc<Cut>, ahash::RandomState>;

/// Size of the searched part of the index, over live documents.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct KindStats {
    /// Documents.
    pub(super) n_docs: u64,
    /// Tokens in their main text.
    pub(super) n_tokens: u64,
}

/// One segment's columns. A column nobody wrote is empty.
pub(super) struct Segment {
    pub(super) reader: SegmentReader,
    pub(super) key: Column<u64>,
    pub(super) date: Column<i64>,
    /// Whether every article and quote has a date.
    pub(super) is_dated: bool,
    pub(super) has: Column<u64>,
    pub(super) quote_no: Column<u64>,
    pub(super) quote_kind: Column<u64>,
    pub(super) grade: Column<u64>,
    pub(super) n_quotes: Column<u64>,
    pub(super) sketch: Column<u64>,
    pub(super) n_tokens: Column<u64>,
    pub(super) bounds: Column<u64>,
    pub(super) quoted: Column<u64>,
    pub(super) outlet: Option<StrColumn>,
    pub(super) author: Option<StrColumn>,
    pub(super) speaker: Option<StrColumn>,
    /// Of outlet, author, speaker; of articles, of quotes.
    unpacked: [[Unpacked; 2]; 3],
}

impl View {
    /// Opens the columns of every segment.
    ///
    /// # Errors
    /// A column or dictionary that cannot be read.
    pub(in crate::engine::local) fn new(
        searcher: Searcher,
        fields: Fields,
        canonical: Arc<BTreeMap<String, String>>,
        authority: Authority,
        source: Source,
        (totals, generation): (Totals, u64),
    ) -> Result<View, EngineError> {
        let segments = searcher.segment_readers().iter().map(Segment::open).collect::<Result<_, _>>()?;
        let articles = KindStats { n_docs: totals.articles, n_tokens: totals.article_tokens };
        let quotes = KindStats { n_docs: totals.quotes, n_tokens: totals.quote_tokens };
        Ok(View {
            searcher,
            fields,
            generation,
            segments,
            canonical,
            authority,
            source,
            kept: OnceLock::new(),
            articles,
            quotes,
            doc_freqs: Mutex::default(),
            forms: Mutex::default(),
            gathered: gathered::Shelf::default(),
            expansions: Mutex::default(),
            bases: Mutex::default(),
            cuts: Mutex::default(),
            unpacked: AtomicUsize::new(0),
            outlets: OnceLock::new(),
            authors: OnceLock::new(),
            speakers: OnceLock::new(),
        })
    }

    /// Documents and tokens of one kind.
    pub(super) fn stats(&self, kind: DocKind) -> KindStats {
        match kind {
            DocKind::Article => self.articles,
            DocKind::Quote => self.quotes,
        }
    }

    /// The values of outlet, speaker or author; speakers under their canonical names. `None` for dates.
    pub(super) fn table(&self, field: FacetField) -> Result<Option<&Table>, EngineError> {
        let cell = match field {
            FacetField::Outlet => &self.outlets,
            FacetField::Author => &self.authors,
            FacetField::Speaker => &self.speakers,
            FacetField::Year | FacetField::Month | FacetField::Week | FacetField::Day => return Ok(None),
        };
        if let Some(table) = cell.get() {
            return Ok(Some(table));
        }
        let kept = self.kept.get_or_init(|| Kept::read(&self.source, self)).as_ref();
        let table = match kept.and_then(|kept| kept.table(field)) {
            Some(table) => table,
            None => self.built(field)?,
        };
        Ok(Some(cell.get_or_init(|| table)))
    }

    /// The same, read from the dictionaries; of nothing for dates.
    pub(super) fn built(&self, field: FacetField) -> Result<Table, EngineError> {
        let columns = self.segments.iter().map(|segment| segment.names(field));
        let canonical = (field == FacetField::Speaker).then_some(self.canonical.as_ref());
        Table::build(&columns.collect::<Vec<_>>(), canonical)
    }

    /// The canonical name of a speaker.
    pub(super) fn canonical<'n>(&'n self, local: &'n str) -> &'n str {
        self.canonical.get(local).map_or(local, String::as_str)
    }

    /// The words of the dictionary of `field` that have the stem of `word`, in order.
    pub(super) fn forms_of(&self, field: Field, word: &str) -> Result<Arc<[String]>, EngineError> {
        let stem = Stems::default().of(word).to_owned();
        let key = (field, stem);
        if let Some(known) = self.forms.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return Ok(Arc::clone(known));
        }
        let found: Arc<[String]> = stemmed::words(self, field, &key.1)?.into();
        let mut known = self.forms.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= REMEMBERED_STEMS {
            known.clear();
        }
        known.insert(key, Arc::clone(&found));
        Ok(found)
    }

    /// The wording of a quote, by `read` unless it was asked for before: a page further, a letter more in the query, and the
    /// same quotes are compared again.
    pub(super) fn cut(
        &self,
        (segment, quote): (usize, DocId),
        read: impl FnOnce() -> Result<Cut, EngineError>,
    ) -> Result<Arc<Cut>, EngineError> {
        if let Some(known) = self.cuts.lock().unwrap_or_else(PoisonError::into_inner).get(&(segment, quote)) {
            return Ok(Arc::clone(known));
        }
        let cut = Arc::new(read()?);
        let mut known = self.cuts.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= REMEMBERED_CUTS {
            known.clear();
        }
        known.insert((segment, quote), Arc::clone(&cut));
        Ok(cut)
    }

    /// What a prefix or misspelling stands for, if it was looked up lately.
    pub(super) fn expansion(&self, spelled: &Spelled) -> Option<Arc<Expansion>> {
        let known = self.expansions.lock().unwrap_or_else(PoisonError::into_inner);
        known.iter().find(|(known, _)| known == spelled).map(|(_, expansion)| Arc::clone(expansion))
    }

    /// Keeps what a prefix or misspelling stands for.
    pub(super) fn keep_expansion(&self, spelled: Spelled, expansion: Expansion) {
        let mut known = self.expansions.lock().unwrap_or_else(PoisonError::into_inner);
        known.push((spelled, Arc::new(expansion)));
        let excess = known.len().saturating_sub(REMEMBERED_EXPANSIONS);
        known.drain(..excess);
    }

    /// Live documents that hold `term` in the text field `field`.
    pub(super) fn doc_freq(&self, field: Field, term: &str) -> Result<u64, EngineError> {
        let key = (field, term.to_owned());
        if let Some(known) = self.doc_freqs.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return Ok(*known);
        }
        let mut doc_freq = 0;
        for segment in &self.segments {
            doc_freq += segment.doc_freq(self.fields.of(field), term)?;
        }
        let mut known = self.doc_freqs.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= REMEMBERED_DOC_FREQS {
            known.clear();
        }
        known.insert(key, doc_freq);
        Ok(doc_freq)
    }
}

/// Wordings of quotes kept for one opened state. About 10 MB.
const REMEMBERED_CUTS: usize = 20_000;
/// Document frequencies kept for one opened state. About 5 MB.
const REMEMBERED_DOC_FREQS: usize = 50_000;
/// Prefixes and misspellings kept for one opened state: those of the query that is typed. At most about 30 MB.
const REMEMBERED_EXPANSIONS: usize = 8;
/// Stems whose words are kept for one opened state. About 2 MB.
const REMEMBERED_STEMS: usize = 10_000;

impl Segment {
    fn open(reader: &SegmentReader) -> Result<Segment, EngineError> {
        let columns = reader.fast_fields();
        let numbers = |field: Field| -> Result<Column<u64>, EngineError> {
            let column = columns.column_opt::<u64>(field.name()).map_err(damaged)?;
            Ok(column.unwrap_or_else(|| Column::build_empty_column(reader.max_doc())))
        };
        let names = |field: Field| columns.str(field.name()).map_err(damaged);
        let date = columns.column_opt::<i64>(Field::Date.name()).map_err(damaged)?;
        let date = date.unwrap_or_else(|| Column::build_empty_column(reader.max_doc()));
        let quote_no = numbers(Field::QuoteNo)?;
        // Articles and quotes have the field `has`, and no other documents.
        let has = numbers(Field::Has)?;
        Ok(Segment {
            is_dated: date.values.num_vals() == has.values.num_vals(),
            key: numbers(Field::ArticleKey)?,
            date,
            has,
            quote_no,
            quote_kind: numbers(Field::QuoteKind)?,
            grade: numbers(Field::Grade)?,
            n_quotes: numbers(Field::NQuotes)?,
            sketch: numbers(Field::CopySketch)?,
            n_tokens: numbers(Field::NTokens)?,
            bounds: numbers(Field::Bounds)?,
            quoted: numbers(Field::Quoted)?,
            outlet: names(Field::Outlet)?,
            author: names(Field::Author)?,
            speaker: names(Field::Speaker)?,
            unpacked: Default::default(),
            reader: reader.clone(),
        })
    }

    /// The column of outlet, speaker or author. `None` when no document of the segment has a value, and for dates.
    pub(super) fn names(&self, field: FacetField) -> Option<&StrColumn> {
        match field {
            FacetField::Outlet => self.outlet.as_ref(),
            FacetField::Author => self.author.as_ref(),
            FacetField::Speaker => self.speaker.as_ref(),
            FacetField::Year | FacetField::Month | FacetField::Week | FacetField::Day => None,
        }
    }

    /// The same for the documents of a kind, unpacked.
    pub(super) fn unpacked(&self, field: FacetField, kind: DocKind) -> Option<&Unpacked> {
        let [outlet, author, speaker] = &self.unpacked;
        let [articles, quotes] = match field {
            FacetField::Outlet => outlet,
            FacetField::Author => author,
            FacetField::Speaker => speaker,
            FacetField::Year | FacetField::Month | FacetField::Week | FacetField::Day => return None,
        };
        Some(if kind == DocKind::Article { articles } else { quotes })
    }

    /// All documents of a kind, deleted ones too, in order.
    pub(super) fn docs_of(&self, view: &View, kind: DocKind) -> Result<Vec<DocId>, EngineError> {
        let mut docs = Vec::new();
        if let Some(mut postings) = self.kind(view, kind)? {
            while postings.doc() != TERMINATED {
                docs.push(postings.doc());
                postings.advance();
            }
        }
        Ok(docs)
    }

    /// The documents of a kind. `None` when the segment has none.
    pub(super) fn kind(&self, view: &View, kind: DocKind) -> Result<Option<SegmentPostings>, EngineError> {
        let code = match kind {
            DocKind::Article => DocumentKind::Article.code(),
            DocKind::Quote => DocumentKind::Quote.code(),
        };
        let handle = view.fields.of(Field::Kind);
        let inverted = self.reader.inverted_index(handle).map_err(damaged)?;
        let term = Term::from_field_u64(handle, code);
        inverted.read_postings(&term, IndexRecordOption::Basic).map_err(io)
    }

    /// Postings of a term of a text field. `None` when the segment does not have it.
    pub(super) fn postings(
        &self,
        field: tantivy::schema::Field,
        term: &str,
        option: IndexRecordOption,
    ) -> Result<Option<SegmentPostings>, EngineError> {
        let inverted = self.reader.inverted_index(field).map_err(damaged)?;
        inverted.read_postings(&Term::from_field_text(field, term), option).map_err(io)
    }

    fn doc_freq(&self, field: tantivy::schema::Field, term: &str) -> Result<u64, EngineError> {
        let inverted = self.reader.inverted_index(field).map_err(damaged)?;
        let term = Term::from_field_text(field, term);
        let Some(alive) = self.reader.alive_bitset() else {
            return Ok(u64::from(inverted.doc_freq(&term).map_err(io)?));
        };
        let postings = inverted.read_postings(&term, IndexRecordOption::Basic).map_err(io)?;
        Ok(postings.map_or(0, |postings| u64::from(postings.doc_freq_given_deletes(alive))))
    }

    pub(super) fn alive(&self) -> Option<&AliveBitSet> {
        self.reader.alive_bitset()
    }

    /// The document of the article that a quote document belongs to.
    pub(super) fn article_of(&self, quote: DocId) -> DocId {
        let number = self.quote_no.first(quote).unwrap_or(0);
        quote.saturating_sub(u32::try_from(number).unwrap_or(0))
    }
}

/// tantivy's complaint about a file, as far as it says which.
pub(super) fn damaged(error: tantivy::TantivyError) -> EngineError {
    EngineError::Damaged { file: "generation".into(), message: error.to_string() }
}

/// What reading a column met: damage, unless the system says otherwise.
pub(super) fn io(source: std::io::Error) -> EngineError {
    of_file("generation".into(), &source)
}
