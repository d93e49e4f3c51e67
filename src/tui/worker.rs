//! The search threads: take the newest request of each kind, answer by a message, never block a key.
//!
//! There are three: one for what the eye is on (hits, the article), one for the facets, one for the rest of what stands
//! around them (timeline, trends, totals), so that a tally under way holds up neither the next hits nor the facets.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use super::action::Action;
use super::effect::{Effect, Wanted};
use super::reader::Reader;
use crate::engine::{EngineError, SearchBackend};
use crate::model::search::SearchRequest;

/// Kinds of request, those first that are looked at first. Only the newest of each kind is answered.
const N_KINDS: usize = 13;
/// Where the kinds of each thread begin: what the eye is on, the facets, everything else around.
const THREADS: [usize; 3] = [0, 5, 6];

const fn kind_of(effect: &Effect) -> Option<usize> {
    Some(match effect {
        Effect::Refresh => 0,
        Effect::Search(..) => 1,
        Effect::Article(..) => 2,
        Effect::Family(..) => 3,
        Effect::More(..) => 4,
        Effect::Facets(..) => 5,
        Effect::Timeline(..) => 6,
        Effect::Trends(..) => 7,
        Effect::Info => 8,
        Effect::Totals(..) => 9,
        Effect::News(..) => 10,
        // The values of each field are asked for once.
        Effect::Values(crate::model::search::FacetField::Speaker) => 11,
        Effect::Values(_) => 12,
        _ => return None,
    })
}

type Wishes = Mutex<[Option<Effect>; N_KINDS]>;

/// A handle on the search threads. They end when the handle is dropped.
pub struct Worker {
    wishes: Arc<Wishes>,
    wake: Vec<Sender<()>>,
    threads: Vec<JoinHandle<()>>,
}

impl Worker {
    /// Starts the threads; answers go to `answers`.
    ///
    /// # Errors
    /// The system grants no thread.
    pub fn start(backend: &Arc<dyn SearchBackend>, answers: &Sender<Action>) -> std::io::Result<Worker> {
        let mut worker = Worker { wishes: Arc::default(), wake: Vec::new(), threads: Vec::new() };
        let ends = THREADS.into_iter().skip(1).chain([N_KINDS]);
        for kinds in THREADS.into_iter().zip(ends).map(|(first, end)| first..end) {
            let (wake, woken) = channel();
            let (backend, wishes, answers) =
                (Arc::clone(backend), Arc::clone(&worker.wishes), answers.clone());
            let thread = std::thread::Builder::new().name("search".to_owned()).spawn(move || {
                work(&*backend, &wishes, kinds, &woken, &answers);
            })?;
            worker.wake.push(wake);
            worker.threads.push(thread);
        }
        Ok(worker)
    }

    /// Asks; an older request of the same kind that was not begun is forgotten.
    pub fn ask(&self, effect: Effect) {
        let Some(kind) = kind_of(&effect) else { return };
        if let Ok(mut wishes) = self.wishes.lock() {
            wishes[kind] = Some(effect);
        }
        let thread = THREADS.partition_point(|first| *first <= kind) - 1;
        // The threads have ended only when the program does.
        let _ = self.wake.get(thread).map(|wake| wake.send(()));
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.wake.clear();
        for thread in self.threads.drain(..) {
            // A panic of the thread was reported as a missing answer already.
            let _ = thread.join();
        }
    }
}

fn work(
    backend: &dyn SearchBackend,
    wishes: &Wishes,
    kinds: std::ops::Range<usize>,
    woken: &Receiver<()>,
    answers: &Sender<Action>,
) {
    while woken.recv().is_ok() {
        while woken.try_recv().is_ok() {}
        while let Some(next) = next(wishes, kinds.clone()) {
            let Some(answer) = answer(backend, next) else { continue };
            if answers.send(answer).is_err() {
                return;
            }
        }
    }
}

fn next(wishes: &Wishes, kinds: std::ops::Range<usize>) -> Option<Effect> {
    let mut wishes = wishes.lock().ok()?;
    wishes[kinds].iter_mut().find_map(Option::take)
}

/// What the backend says to a request; `None` for what is no request.
pub fn answer(backend: &dyn SearchBackend, wanted: Effect) -> Option<Action> {
    let in_words = |error: EngineError| error.to_string();
    Some(match wanted {
        Effect::Search(seq, request) => {
            Action::Results(seq, backend.search(&request).map(Arc::new).map_err(in_words))
        }
        Effect::More(seq, request) => {
            Action::More(seq, backend.search(&request).map(Box::new).map_err(in_words))
        }
        Effect::Facets(seq, request) => {
            Action::Facets(seq, backend.search(&request).map(Box::new).map_err(in_words))
        }
        Effect::Timeline(seq, request) => {
            Action::Timeline(seq, backend.count(&request).map(Arc::new).map_err(in_words))
        }
        Effect::Trends(seq, request) => {
            // Without trends the facets stand as they are.
            let rows = backend.trends(&request).ok()?;
            Action::Trends(seq, request.values.into_iter().zip(rows).collect())
        }
        Effect::Totals(seq, requests) => {
            let total = |request: &SearchRequest| backend.search(request).ok().map(|found| found.total);
            Action::Totals(seq, requests.iter().map(total).collect())
        }
        Effect::Family(id) => {
            let family = backend.family(&id).map_err(in_words);
            Action::Family(id, Box::new(family))
        }
        // The banner stands without numbers too.
        Effect::News(seq, request) => Action::News(seq, backend.news(&request).ok()??),
        Effect::Info => Action::Info(Box::new(backend.info().ok()?)),
        Effect::Values(field) => Action::Values(field, backend.values(field).ok()?),
        Effect::Article(seq, wanted) => {
            Action::Article(seq, Box::new(open(backend, &wanted).map_err(in_words)))
        }
        Effect::Refresh => match backend.refresh().and_then(|_| backend.info()) {
            Ok(info) => Action::Reloaded(Box::new(info)),
            Err(error) => Action::IndexLost(error.to_string()),
        },
        _ => return None,
    })
}

/// The article with its lines cut, so that a long one is not cut on the thread that draws.
fn open(backend: &dyn SearchBackend, wanted: &Wanted) -> Result<Option<Reader>, EngineError> {
    let Some(stored) = backend.article(&wanted.id)? else { return Ok(None) };
    let highlights = backend.highlights(&wanted.id, &wanted.query)?;
    let mut reader = Reader::new(stored, highlights, wanted.search, wanted.width);
    reader.wanted = wanted.id.clone();
    Ok(Some(reader))
}
