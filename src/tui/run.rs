//! The shell around the core: the terminal, its events and signals, the effects.

use std::io::{BufWriter, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command as Program, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

use crossterm::event;
use crossterm::{cursor, execute, queue, terminal};
use ratatui::backend::CrosstermBackend;
use ratatui::layout::Rect;
use ratatui::{Terminal, TerminalOptions, Viewport};

use super::action::{Action, Command};
use super::effect::{Effect, Place};
use super::keymap::{Keymap, action_of, events_of};
use super::results::id_of;
use super::spec::Spec;
use super::state::{Look, Start, State};
use super::update::update;
use super::worker::Worker;
use super::{clipboard, view};
use crate::engine::SearchBackend;
use crate::engine::caught::{caught, is_caught};
use crate::model::search::{IndexInfo, SearchRequest};
use crate::query::Groups;

/// Longest wait for an event: how soon a signal, an answer or a newer index is noticed at the latest.
const TICK: Duration = Duration::from_millis(50);
/// How often the index is looked at for a newer state.
const LOOK_AGAIN: Duration = Duration::from_secs(2);
/// After so long without an answer the screen says "searching".
const SLOW: Duration = Duration::from_millis(250);
/// After so long without a key the screen says what is wrong with the query.
const QUIET: Duration = Duration::from_millis(400);
/// Shortest time between two drawings.
const FRAME: Duration = Duration::from_millis(8);
/// How long answers are looked for often after something was asked.
const ATTENTIVE: Duration = Duration::from_secs(1);
/// How often answers are looked for then.
const OFTEN: Duration = Duration::from_millis(2);

/// Writes all hits of a request, or those with the given ids, to a file, unless it is given up; says how it went.
pub type Exporter =
    Arc<dyn Fn(&SearchRequest, &[String], &Path, &AtomicBool) -> Result<String, String> + Send + Sync>;

/// Keeps a search under a name; says how it went.
pub type Keeper = Arc<dyn Fn(&str, &Spec) -> Result<String, String> + Send + Sync>;
/// Reads a command back; `None` for one that cannot be read.
pub type Recaller = Arc<dyn Fn(&str) -> Option<Spec> + Send + Sync>;
/// Finds the file that articles call so.
pub type FileFinder = Arc<dyn Fn(&str) -> Option<PathBuf> + Send + Sync>;

/// What the interface needs from the command line.
pub struct Options {
    /// The index.
    pub backend: Arc<dyn SearchBackend>,
    /// What is asked first.
    pub spec: Spec,
    /// The day it is.
    pub today: jiff::civil::Date,
    /// Groups of outlets that queries may name.
    pub groups: Groups,
    /// How the terminal is used.
    pub look: Look,
    /// Bindings.
    pub keymap: Keymap,
    /// Earlier searches, oldest first.
    pub history: Vec<String>,
    /// Saved searches: names and commands.
    pub saved: Vec<(String, String)>,
    /// Keeps a search under a name.
    pub save: Keeper,
    /// Reads a command back.
    pub recall: Recaller,
    /// Where the file is that articles call so.
    pub file_of: FileFinder,
    /// Articles there will be about when the build under way is over; `None` without one.
    pub expected: Arc<dyn Fn() -> Option<u64> + Send + Sync>,
    /// Where the history and copied text go.
    pub state_folder: PathBuf,
    /// Program for source files.
    pub editor: Option<String>,
    /// Program for addresses.
    pub browser: Option<String>,
    /// Start with the mouse captured.
    pub mouse: bool,
    /// Writes files of hits.
    pub exporter: Exporter,
    /// Keeps a search in the history.
    pub remember: Arc<dyn Fn(&str) + Send + Sync>,
    /// Set by a signal that asks the program to end.
    pub stop: Arc<AtomicBool>,
}

/// How the interface ended.
pub struct Exit {
    /// The command that asks the same.
    pub command: String,
    /// Matches of the last search.
    pub total: u64,
    /// Which state of the index answered.
    pub generation: u64,
    /// Marked ids, or the selected one.
    pub picked: Vec<String>,
    /// Whether a signal ended it.
    pub stopped: bool,
    /// Whether there was no index behind the answers any more.
    pub lost: bool,
}

/// What the screen is drawn on: standard output, or the terminal itself while standard output goes elsewhere.
fn tty() -> Box<dyn Write> {
    if std::io::stdout().is_terminal() {
        return Box::new(std::io::stdout());
    }
    match std::fs::OpenOptions::new().write(true).open("/dev/tty") {
        Ok(terminal) => Box::new(terminal),
        Err(_) => Box::new(std::io::stderr()),
    }
}

/// Puts the terminal back as it was, whatever happens.
pub(super) struct Guard;

impl Guard {
    pub(super) fn enter() -> std::io::Result<Guard> {
        terminal::enable_raw_mode()?;
        let guard = Guard;
        execute!(tty(), terminal::EnterAlternateScreen, event::EnableBracketedPaste)?;
        Ok(guard)
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        restore();
    }
}

/// Leaves raw mode and the alternate screen. Safe to call twice; what fails here cannot be helped.
fn restore() {
    let _ = execute!(
        tty(),
        event::DisableMouseCapture,
        event::DisableBracketedPaste,
        terminal::LeaveAlternateScreen,
        cursor::Show
    );
    let _ = terminal::disable_raw_mode();
}

/// Runs the interface until the user leaves.
///
/// # Errors
/// The terminal cannot be used.
pub fn run(options: Options) -> std::io::Result<Exit> {
    let active = restore_on_panic();
    let guard = Guard::enter()?;
    let (answers, answered) = channel();
    let worker = Worker::start(&options.backend, &answers)?;
    let (columns, rows) = terminal::size()?;
    let mut terminal = screen((columns, rows))?;
    let mut state = State::new(Start {
        size: (columns, rows),
        look: options.look,
        today: options.today,
        groups: options.groups.clone(),
        keymap: options.keymap.clone(),
        spec: options.spec.clone(),
        // What the index holds is counted after the first hits are shown.
        info: IndexInfo::default(),
        history: options.history.clone(),
        saved: options.saved.clone(),
    });
    let mut shell = Shell {
        options: &options,
        worker: &worker,
        answers,
        asked: Instant::now(),
        signals: Signals::listen()?,
        given_up: Arc::default(),
    };
    if options.mouse {
        let effects = update(&mut state, Action::Do(Command::Mouse));
        shell.perform(&mut terminal, &mut state, effects)?;
    }
    let first = super::update::asking::settled(&mut state);
    shell.perform(&mut terminal, &mut state, first)?;
    shell.watch_index();
    let stopped = shell.attend(&mut terminal, &mut state, &answered)?;
    drop(guard);
    active.store(false, Ordering::Relaxed);
    let picked = if state.results.marked.is_empty() {
        state.results.hit().map(|hit| id_of(hit).to_owned()).into_iter().collect()
    } else {
        state.results.marked.iter().cloned().collect()
    };
    Ok(Exit {
        command: state.command_line(),
        total: state.results.response.total,
        generation: state.results.response.generation,
        picked,
        stopped,
        lost: state.lost.is_some(),
    })
}

/// Makes a panic put the terminal back before it is reported. Threads that answer are caught elsewhere: their panics must
/// not be written over the screen. Returns a switch that ends this.
fn restore_on_panic() -> Arc<AtomicBool> {
    let active = Arc::new(AtomicBool::new(true));
    let switch = Arc::clone(&active);
    let draws = std::thread::current().id();
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if active.load(Ordering::Relaxed) {
            if is_caught() || std::thread::current().id() != draws {
                return;
            }
            restore();
        }
        hook(panic);
    }));
    switch
}

/// The signals that stop the program for a while and let it go on.
struct Signals {
    stop: Arc<AtomicBool>,
    go_on: Arc<AtomicBool>,
}

impl Signals {
    fn listen() -> std::io::Result<Signals> {
        let signals = Signals { stop: Arc::default(), go_on: Arc::default() };
        #[cfg(unix)]
        {
            signal_hook::flag::register(signal_hook::consts::SIGTSTP, Arc::clone(&signals.stop))?;
            signal_hook::flag::register(signal_hook::consts::SIGCONT, Arc::clone(&signals.go_on))?;
        }
        Ok(signals)
    }
}

pub(super) type Screen = Terminal<CrosstermBackend<BufWriter<Box<dyn Write>>>>;

/// A screen of this size, empty. Its size is fixed: what ratatui does by itself on a resize asks the terminal where the
/// cursor stands, and waits for an answer that may never come.
pub(super) fn screen((width, height): (u16, u16)) -> std::io::Result<Screen> {
    let mut backend = CrosstermBackend::new(BufWriter::with_capacity(1 << 16, tty()));
    queue!(backend, terminal::Clear(terminal::ClearType::All))?;
    let viewport = Viewport::Fixed(Rect { x: 0, y: 0, width, height });
    Terminal::with_options(backend, TerminalOptions { viewport })
}

struct Shell<'o> {
    options: &'o Options,
    worker: &'o Worker,
    answers: Sender<Action>,
    /// When something was asked last.
    asked: Instant,
    signals: Signals,
    /// The export under way is not wanted any more.
    given_up: Arc<AtomicBool>,
}

impl Shell<'_> {
    /// The loop: events and answers in, drawings out. Returns whether a signal ended it.
    fn attend(
        &mut self,
        screen: &mut Screen,
        state: &mut State,
        answered: &Receiver<Action>,
    ) -> std::io::Result<bool> {
        let mut dirty = true;
        let mut drawn = Instant::now() - FRAME;
        let mut searched = Instant::now();
        let mut typed = Instant::now();
        let mut last_seq = state.seq;
        loop {
            if self.options.stop.load(Ordering::Relaxed) {
                return Ok(true);
            }
            if self.signals.stop.swap(false, Ordering::Relaxed) {
                self.suspend(screen, state)?;
                dirty = true;
            }
            if self.signals.go_on.swap(false, Ordering::Relaxed) {
                resume(screen, state)?;
                dirty = true;
            }
            if state.seq != last_seq {
                last_seq = state.seq;
                searched = Instant::now();
            }
            if state.seq != state.shown_seq && !state.slow && searched.elapsed() > SLOW {
                update(state, Action::Slow);
                dirty = true;
            }
            if !state.quiet && typed.elapsed() > QUIET {
                let effects = update(state, Action::Quiet);
                self.perform(screen, state, effects)?;
                dirty = true;
            }
            if dirty && drawn.elapsed() >= FRAME {
                draw(screen, state)?;
                drawn = Instant::now();
                dirty = false;
            }
            let attentive = dirty || self.asked.elapsed() < ATTENTIVE || state.seq != state.shown_seq;
            if event::poll(if attentive { OFTEN } else { TICK })? {
                typed = Instant::now();
                let size = state.size;
                let mut effects = Vec::new();
                // All keys that are there are taken before the next drawing: pasting without brackets stays fast.
                while !state.quitting && event::poll(Duration::ZERO)? {
                    for event in events_of(state, event::read()?) {
                        let Some(action) = action_of(state, event) else { continue };
                        effects.extend(update(state, action));
                    }
                }
                if state.size != size {
                    *screen = self::screen(state.size)?;
                }
                // First the echo, then the search: they would share the processor.
                draw(screen, state)?;
                drawn = Instant::now();
                dirty = !effects.is_empty();
                self.perform(screen, state, effects)?;
                if state.quitting {
                    return Ok(false);
                }
            }
            while let Ok(action) = answered.try_recv() {
                dirty = true;
                let effects = update(state, action);
                self.perform(screen, state, effects)?;
            }
        }
    }

    fn perform(
        &mut self,
        screen: &mut Screen,
        state: &mut State,
        effects: Vec<Effect>,
    ) -> std::io::Result<()> {
        for effect in effects {
            match effect {
                Effect::Search(..)
                | Effect::More(..)
                | Effect::Timeline(..)
                | Effect::Facets(..)
                | Effect::Trends(..)
                | Effect::Totals(..)
                | Effect::Values(..)
                | Effect::Family(..)
                | Effect::News(..)
                | Effect::Info
                | Effect::Article(..)
                | Effect::Refresh => {
                    self.asked = Instant::now();
                    self.worker.ask(effect);
                }
                Effect::Copy(text, what) => {
                    let length = text.chars().count();
                    state.status =
                        Some(match clipboard::copy(&text, &self.options.state_folder, &mut tty()) {
                            Ok(place) => format!("copied {what}, {length} characters ({place})"),
                            Err(error) => format!("nothing copied: {error}"),
                        });
                }
                Effect::OpenPage(url) => state.status = Some(self.open_page(&url)),
                Effect::OpenEditor(place) => self.edit(screen, state, &place)?,
                Effect::Export(request, ids, path) => self.export(*request, ids, path),
                Effect::CancelExport => self.given_up.store(true, Ordering::Relaxed),
                Effect::Save(name, spec) => {
                    state.status = Some(match (self.options.save)(&name, &spec) {
                        Ok(text) => {
                            state.saved.retain(|(known, _)| *known != name);
                            state.saved.push((name, spec.command_line()));
                            text
                        }
                        Err(error) => format!("not kept: {error}"),
                    });
                }
                Effect::Recall(command) => match (self.options.recall)(&command) {
                    Some(spec) => {
                        let effects = update(state, Action::Recalled(Box::new(spec)));
                        self.perform(screen, state, effects)?;
                    }
                    None => state.status = Some(format!("cannot be read any more: {command}")),
                },
                Effect::Remember(command) => (self.options.remember)(&command),
                Effect::Mouse(true) => execute!(tty(), event::EnableMouseCapture)?,
                Effect::Mouse(false) => execute!(tty(), event::DisableMouseCapture)?,
                Effect::Redraw => *screen = self::screen(state.size)?,
                Effect::Suspend => self.suspend(screen, state)?,
                Effect::Quit => state.quitting = true,
            }
        }
        Ok(())
    }

    fn open_page(&self, url: &str) -> String {
        let opened = match &self.options.browser {
            Some(browser) => {
                let mut words = browser.split_whitespace();
                let program = words.next().unwrap_or("xdg-open");
                let quiet = Program::new(program)
                    .args(words)
                    .arg(url)
                    .stdin(Stdio::null())
                    .stdout(Stdio::null())
                    .stderr(Stdio::null())
                    .spawn();
                quiet.map(|_| ()).map_err(|error| error.to_string())
            }
            None => open::that_detached(url).map_err(|error| error.to_string()),
        };
        match opened {
            Ok(()) => format!("opened {url}"),
            Err(error) => format!("cannot open {url}: {error}"),
        }
    }

    /// Lends the terminal to the editor.
    fn edit(&self, screen: &mut Screen, state: &mut State, place: &Place) -> std::io::Result<()> {
        let path = (self.options.file_of)(&place.file).unwrap_or_else(|| PathBuf::from(&place.file));
        if !path.is_file() {
            let shown = path.display().to_string();
            let copied = clipboard::copy(&shown, &self.options.state_folder, &mut tty());
            let copied =
                copied.map_or_else(|_| String::new(), |place| format!("; its path was copied ({place})"));
            state.status = Some(format!("{shown} is not there{copied}"));
            return Ok(());
        }
        let Some(editor) = &self.options.editor else {
            state.status = Some(format!("set $EDITOR to open {}", path.display()));
            return Ok(());
        };
        let line = place.record.unwrap_or_else(|| line_in(&path, &place.words));
        restore();
        let mut words = editor.split_whitespace();
        let program = words.next().unwrap_or("vi");
        let place = match program.rsplit('/').next() {
            Some("code" | "codium") => vec!["-g".to_owned(), format!("{}:{line}", path.display())],
            Some("subl" | "hx" | "zed") => vec![format!("{}:{line}", path.display())],
            _ => vec![format!("+{line}"), path.display().to_string()],
        };
        let ended = Program::new(program).args(words).args(place).status();
        resume(screen, state)?;
        if let Err(error) = ended {
            state.status = Some(format!("cannot start {program}: {error}"));
        }
        Ok(())
    }

    /// Writes a file on a thread of its own; the screen goes on.
    fn export(&mut self, request: SearchRequest, ids: Vec<String>, path: PathBuf) {
        let exporter = Arc::clone(&self.options.exporter);
        let answers = self.answers.clone();
        self.given_up = Arc::default();
        let given_up = Arc::clone(&self.given_up);
        std::thread::spawn(move || {
            let text = match caught(|| exporter(&request, &ids, &path, &given_up)) {
                Ok(Ok(text)) => text,
                Ok(Err(error)) => format!("nothing written: {error}"),
                Err(_) => "nothing written: the export failed".to_owned(),
            };
            // The program may have ended meanwhile; what was given up was said to be.
            if !given_up.load(Ordering::Relaxed) {
                let _ = answers.send(Action::Done(text));
            }
        });
    }

    /// Looks now and then whether the index has a newer state. It is loaded only when the user asks.
    fn watch_index(&self) {
        let backend = Arc::clone(&self.options.backend);
        let answers = self.answers.clone();
        let stop = Arc::clone(&self.options.stop);
        let expected = Arc::clone(&self.options.expected);
        std::thread::spawn(move || {
            let mut told = None;
            let mut before = None;
            while !stop.load(Ordering::Relaxed) {
                let now = expected();
                if now != before && answers.send(Action::Expected(now)).is_err() {
                    return;
                }
                before = now;
                std::thread::sleep(LOOK_AGAIN);
                let seen = backend.is_stale().map_err(|error| error.to_string());
                if told.as_ref() == Some(&seen) {
                    continue;
                }
                told = Some(seen.clone());
                let sent = match seen {
                    Ok(true) => answers.send(Action::IndexChanged),
                    Ok(false) => Ok(()),
                    Err(message) => answers.send(Action::IndexLost(message)),
                };
                if sent.is_err() {
                    return;
                }
            }
        });
    }

    fn suspend(&self, screen: &mut Screen, state: &mut State) -> std::io::Result<()> {
        if !std::io::stdin().is_terminal() {
            return Ok(());
        }
        restore();
        #[cfg(unix)]
        signal_hook::low_level::emulate_default_handler(signal_hook::consts::SIGTSTP)?;
        self.signals.go_on.store(false, Ordering::Relaxed);
        resume(screen, state)
    }
}

/// The line of a text file on which `words` stand, however its lines are broken; the first when they do not.
fn line_in(path: &Path, words: &str) -> u64 {
    /// So much of a file is looked through, in bytes.
    const MOST: u64 = 20_000_000;
    /// Words that are looked for in a row.
    const ENOUGH: usize = 6;
    let read = || {
        let mut bytes = Vec::new();
        std::fs::File::open(path)?.take(MOST).read_to_end(&mut bytes)?;
        std::io::Result::Ok(bytes)
    };
    let Ok(bytes) = read() else { return 1 };
    let text = String::from_utf8_lossy(&bytes);
    let plain = |word: &str| crate::text::fold(word).into_owned();
    let wanted: Vec<String> = words.split_whitespace().take(ENOUGH).map(plain).collect();
    let mut all: Vec<(u64, String)> = Vec::new();
    for (number, line) in (1u64..).zip(text.lines()) {
        all.extend(line.split_whitespace().map(|word| (number, plain(word))));
    }
    let is_here = |found: &&[(u64, String)]| {
        found.iter().zip(&wanted).all(|((_, word), wanted)| word.contains(wanted.as_str()))
    };
    let mut places = all.windows(wanted.len().max(1));
    places.find(is_here).and_then(|found| found.first()).map_or(1, |(number, _)| *number)
}

/// Draws, such that terminals that can show the whole frame at once.
fn draw(screen: &mut Screen, state: &State) -> std::io::Result<()> {
    queue!(screen.backend_mut(), terminal::BeginSynchronizedUpdate)?;
    screen.draw(|frame| view::draw(state, frame))?;
    execute!(screen.backend_mut(), terminal::EndSynchronizedUpdate)
}

/// Takes the terminal back after somebody else had it; it may have another size now.
fn resume(screen: &mut Screen, state: &mut State) -> std::io::Result<()> {
    terminal::enable_raw_mode()?;
    execute!(tty(), terminal::EnterAlternateScreen, event::EnableBracketedPaste)?;
    if state.mouse {
        execute!(tty(), event::EnableMouseCapture)?;
    }
    let (columns, rows) = terminal::size()?;
    update(state, Action::Resize(columns, rows));
    *screen = self::screen(state.size)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_of_words_is_found_however_lines_are_broken() {
        let dir = tempfile::TempDir::new().unwrap();
        let path = dir.path().join("page.txt");
        std::fs::write(&path, "Treaty signed\nBy A. Osk\n\n“A river does\nnot ask,” she said.\nThe end.\n")
            .unwrap();
        assert_eq!(line_in(&path, "A river does not ask for a passport"), 1);
        assert_eq!(line_in(&path, "A river does not ask"), 4);
        assert_eq!(line_in(&path, "the end."), 6);
        assert_eq!(line_in(&path, ""), 1);
        assert_eq!(line_in(&dir.path().join("gone"), "A river"), 1);
    }
}
