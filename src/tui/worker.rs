//! The search thread: takes the newest request, answers by a message, never blocks a key.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use super::action::Action;
use super::effect::Effect;
use crate::engine::SearchBackend;

/// What the worker is asked; only the newest of each kind is answered.
#[derive(Default)]
struct Wanted {
    search: Option<Effect>,
    timeline: Option<Effect>,
    article: Option<Effect>,
    refresh: bool,
}

/// A handle on the search thread. It ends when the handle is dropped.
pub struct Worker {
    wanted: Arc<Mutex<Wanted>>,
    wake: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Worker {
    /// Starts the thread; answers go to `answers`.
    ///
    /// # Errors
    /// The system grants no thread.
    pub fn start(backend: Arc<dyn SearchBackend>, answers: Sender<Action>) -> std::io::Result<Worker> {
        let wanted: Arc<Mutex<Wanted>> = Arc::default();
        let (wake, woken) = channel();
        let shared = Arc::clone(&wanted);
        let thread = std::thread::Builder::new()
            .name("search".to_owned())
            .spawn(move || work(&*backend, &shared, &woken, &answers))?;
        Ok(Worker { wanted, wake: Some(wake), thread: Some(thread) })
    }

    /// Asks; an older request of the same kind that was not begun is forgotten.
    pub fn ask(&self, effect: Effect) {
        if let Ok(mut wanted) = self.wanted.lock() {
            match effect {
                Effect::Search(..) => wanted.search = Some(effect),
                Effect::Timeline(..) => wanted.timeline = Some(effect),
                Effect::Article(..) => wanted.article = Some(effect),
                Effect::Refresh => wanted.refresh = true,
                _ => return,
            }
        }
        // The thread has ended only when the program does.
        let _ = self.wake.as_ref().map(|wake| wake.send(()));
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.wake = None;
        if let Some(thread) = self.thread.take() {
            // A panic of the thread was reported as a missing answer already.
            let _ = thread.join();
        }
    }
}

fn work(backend: &dyn SearchBackend, wanted: &Mutex<Wanted>, woken: &Receiver<()>, answers: &Sender<Action>) {
    while woken.recv().is_ok() {
        while woken.try_recv().is_ok() {}
        // First hits, then the article, then the timeline: in the order they are looked at.
        while let Some(next) = next(wanted) {
            let Some(answer) = answer(backend, next) else { continue };
            if answers.send(answer).is_err() {
                return;
            }
        }
    }
}

fn next(wanted: &Mutex<Wanted>) -> Option<Effect> {
    let mut wanted = wanted.lock().ok()?;
    if std::mem::take(&mut wanted.refresh) {
        return Some(Effect::Refresh);
    }
    wanted.search.take().or_else(|| wanted.article.take()).or_else(|| wanted.timeline.take())
}

fn answer(backend: &dyn SearchBackend, wanted: Effect) -> Option<Action> {
    match wanted {
        Effect::Search(seq, request) => {
            let answer = backend.search(&request).map(Arc::new).map_err(|error| error.to_string());
            Some(Action::Results(seq, answer))
        }
        Effect::Timeline(seq, request) => {
            let answer = backend.count(&request).map(Arc::new).map_err(|error| error.to_string());
            Some(Action::Timeline(seq, answer))
        }
        Effect::Article(seq, id) => {
            let answer = backend.article(&id).map_err(|error| error.to_string());
            Some(Action::Article(seq, Box::new(answer)))
        }
        Effect::Refresh => match backend.refresh() {
            Ok(_) => backend.info().ok().map(|info| Action::Reloaded(Box::new(info))),
            Err(error) => Some(Action::Done(error.to_string())),
        },
        _ => None,
    }
}
