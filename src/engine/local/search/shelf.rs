//! Quotes read back from the records of their articles, each article once.
//!
//! In: a quote's document. Out: its words, its speaker's canonical name, its article's head; and the [`Cut`] of it.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use tantivy::DocId;

use super::cut::Cut;
use super::page;
use super::view::View;
use crate::engine::EngineError;
use crate::model::Quote;
use crate::model::search::{ArticleHead, FamilyCut};
use crate::schema::record::{self, RecordView};

/// What was read so far.
pub(super) struct Shelf<'v> {
    view: &'v View,
    articles: HashMap<(usize, DocId), Opened>,
}

struct Opened {
    head: ArticleHead,
    body: String,
    quotes: Vec<Quote>,
}

impl<'v> Shelf<'v> {
    pub(super) fn new(view: &'v View) -> Self {
        Shelf { view, articles: HashMap::new() }
    }

    /// A quote prepared for comparing.
    ///
    /// # Errors
    /// A record that cannot be read.
    pub(super) fn cut(&mut self, segment: usize, doc: DocId) -> Result<Arc<Cut>, EngineError> {
        let view = self.view;
        view.cut((segment, doc), || {
            let (opened, quote, _) = self.quote(segment, doc)?;
            let speaker = quote.speaker.as_deref().map(|name| view.canonical(name));
            Ok(Cut::new(&quote.text(&opened.body), speaker, opened.head.date.map(record::days)))
        })
    }

    /// A quote as a member of a family.
    ///
    /// # Errors
    /// A record that cannot be read.
    pub(super) fn member(&mut self, segment: usize, doc: DocId) -> Result<FamilyCut, EngineError> {
        let view = self.view;
        let (opened, quote, number) = self.quote(segment, doc)?;
        Ok(FamilyCut {
            id: format!("{}-q{number}", opened.head.id),
            article_id: opened.head.id.clone(),
            outlet: opened.head.outlet.clone(),
            date: opened.head.date,
            speaker: quote.speaker.as_deref().map(|name| view.canonical(name).to_owned()),
            text: quote.text(&opened.body),
            quoted: quote.quoted(&opened.body),
        })
    }

    fn quote(&mut self, segment: usize, doc: DocId) -> Result<(&Opened, &Quote, u64), EngineError> {
        let columns = &self.view.segments[segment];
        let article = columns.article_of(doc);
        let number = columns.quote_no.first(doc).unwrap_or(0);
        let opened = match self.articles.entry((segment, article)) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(entry) => entry.insert(open(self.view, segment, article)?),
        };
        let idx = usize::try_from(number).unwrap_or(0).wrapping_sub(1);
        let quote = opened.quotes.get(idx).ok_or_else(|| page::unreadable(segment, article))?;
        Ok((opened, quote, number))
    }
}

fn open(view: &View, segment: usize, doc: DocId) -> Result<Opened, EngineError> {
    let bytes = page::stored(view, segment, doc)?;
    let record = RecordView::open(&bytes);
    let opened = record.and_then(|record| {
        let (head, quotes) = (record.head()?, record.quotes()?);
        Some(Opened { head, body: record.body.to_owned(), quotes })
    });
    opened.ok_or_else(|| page::unreadable(segment, doc))
}
