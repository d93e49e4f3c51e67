//! The shell around the core: the terminal, its events, the effects.

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::{Command as Program, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

use crossterm::event;
use crossterm::{cursor, execute, terminal};
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;

use super::action::{Action, Command};
use super::effect::Effect;
use super::keymap::{Keymap, action_of};
use super::results::id_of;
use super::spec::Spec;
use super::state::{Look, Start, State};
use super::update::update;
use super::worker::Worker;
use super::{clipboard, view};
use crate::engine::SearchBackend;
use crate::engine::caught::is_caught;
use crate::model::search::SearchRequest;

/// Longest wait for an event: how soon a signal, an answer or a newer index is noticed at the latest.
const TICK: Duration = Duration::from_millis(50);
/// How often the index is looked at for a newer state.
const LOOK_AGAIN: Duration = Duration::from_secs(2);
/// After so long without an answer the screen says "searching".
const SLOW: Duration = Duration::from_millis(250);
/// Shortest time between two drawings.
const FRAME: Duration = Duration::from_millis(16);

/// Writes all hits of a request, or those with the given ids, to a file; says how it went.
pub type Exporter = Arc<dyn Fn(&SearchRequest, &[String], &Path) -> Result<String, String> + Send + Sync>;

/// What the interface needs from the command line.
pub struct Options {
    /// The index.
    pub backend: Arc<dyn SearchBackend>,
    /// What is asked first.
    pub spec: Spec,
    /// The day it is.
    pub today: jiff::civil::Date,
    /// How the terminal is used.
    pub look: Look,
    /// Bindings.
    pub keymap: Keymap,
    /// Earlier searches, oldest first.
    pub history: Vec<String>,
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
}

/// Puts the terminal back as it was, whatever happens.
struct Guard;

impl Guard {
    fn enter() -> std::io::Result<Guard> {
        terminal::enable_raw_mode()?;
        let guard = Guard;
        execute!(std::io::stdout(), terminal::EnterAlternateScreen, event::EnableBracketedPaste)?;
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
        std::io::stdout(),
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
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if !is_caught() {
            restore();
        }
        hook(panic);
    }));
    let guard = Guard::enter()?;
    let mut terminal = Terminal::new(CrosstermBackend::new(std::io::stdout()))?;
    let (answers, answered) = channel();
    let worker = Worker::start(Arc::clone(&options.backend), answers.clone())?;
    let (columns, rows) = terminal::size()?;
    let mut state = State::new(Start {
        size: (columns, rows),
        look: options.look,
        today: options.today,
        keymap: options.keymap.clone(),
        spec: options.spec.clone(),
        info: options.backend.info().unwrap_or_default(),
        history: options.history.clone(),
    });
    let mut shell = Shell { options: &options, worker: &worker, answers };
    if options.mouse {
        let effects = update(&mut state, Action::Do(Command::Mouse));
        shell.perform(&mut terminal, &mut state, effects)?;
    }
    let first = super::update::asking::settled(&mut state);
    shell.perform(&mut terminal, &mut state, first)?;
    shell.watch_index();
    let stopped = shell.attend(&mut terminal, &mut state, &answered)?;
    drop(guard);
    let picked = if state.results.marked.is_empty() {
        state.results.hit().map(|hit| id_of(hit).to_owned()).into_iter().collect()
    } else {
        state.results.marked.iter().cloned().collect()
    };
    Ok(Exit {
        command: state.command_line(),
        total: state.results.response.total,
        generation: state.info.generation,
        picked,
        stopped,
    })
}

type Screen = Terminal<CrosstermBackend<std::io::Stdout>>;

struct Shell<'o> {
    options: &'o Options,
    worker: &'o Worker,
    answers: Sender<Action>,
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
        let mut asked = Instant::now();
        let mut last_seq = state.seq;
        loop {
            if self.options.stop.load(Ordering::Relaxed) {
                return Ok(true);
            }
            if state.seq != last_seq {
                last_seq = state.seq;
                asked = Instant::now();
            }
            if state.seq != state.shown_seq && !state.slow && asked.elapsed() > SLOW {
                let effects = update(state, Action::Quiet);
                self.perform(screen, state, effects)?;
                dirty = true;
            }
            if dirty && drawn.elapsed() >= FRAME {
                let _ = execute!(std::io::stdout(), terminal::BeginSynchronizedUpdate);
                screen.draw(|frame| view::draw(state, frame))?;
                let _ = execute!(std::io::stdout(), terminal::EndSynchronizedUpdate);
                drawn = Instant::now();
                dirty = false;
            }
            let waiting = state.seq != state.shown_seq || dirty;
            let patience = if waiting { Duration::from_millis(4) } else { TICK };
            if event::poll(patience)? {
                // All keys that are there are taken before the next drawing: pasting without brackets stays fast.
                while event::poll(Duration::ZERO)? {
                    let Some(action) = action_of(state, event::read()?) else { continue };
                    dirty = true;
                    let effects = update(state, action);
                    self.perform(screen, state, effects)?;
                    if state.quitting {
                        return Ok(false);
                    }
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
                Effect::Search(..) | Effect::Timeline(..) | Effect::Article(..) | Effect::Refresh => {
                    self.worker.ask(effect);
                }
                Effect::Copy(text, what) => {
                    let length = text.chars().count();
                    state.status = Some(match clipboard::copy(&text, &self.options.state_folder) {
                        Ok(place) => format!("copied {what}, {length} characters ({place})"),
                        Err(error) => format!("nothing copied: {error}"),
                    });
                }
                Effect::OpenPage(url) => state.status = Some(self.open_page(&url)),
                Effect::OpenEditor(path, line) => self.edit(screen, state, &path, line)?,
                Effect::Export(request, ids, path) => self.export(*request, ids, path),
                Effect::Remember(command) => (self.options.remember)(&command),
                Effect::Mouse(true) => execute!(std::io::stdout(), event::EnableMouseCapture)?,
                Effect::Mouse(false) => execute!(std::io::stdout(), event::DisableMouseCapture)?,
                Effect::Redraw => screen.clear()?,
                Effect::Suspend => self.suspend(screen)?,
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
    fn edit(&self, screen: &mut Screen, state: &mut State, path: &Path, line: u64) -> std::io::Result<()> {
        let Some(editor) = &self.options.editor else {
            state.status = Some(format!("set $EDITOR to open {}", path.display()));
            return Ok(());
        };
        if !path.is_file() {
            state.status = Some(format!("{} is not there", path.display()));
            return Ok(());
        }
        restore();
        let mut words = editor.split_whitespace();
        let program = words.next().unwrap_or("vi");
        let place = match program.rsplit('/').next() {
            Some("code" | "codium") => vec!["-g".to_owned(), format!("{}:{line}", path.display())],
            Some("subl" | "hx" | "zed") => vec![format!("{}:{line}", path.display())],
            _ => vec![format!("+{line}"), path.display().to_string()],
        };
        let ended = Program::new(program).args(words).args(place).status();
        resume(screen)?;
        if let Err(error) = ended {
            state.status = Some(format!("cannot start {program}: {error}"));
        }
        Ok(())
    }

    /// Writes a file on a thread of its own; the screen goes on.
    fn export(&self, request: SearchRequest, ids: Vec<String>, path: PathBuf) {
        let exporter = Arc::clone(&self.options.exporter);
        let answers = self.answers.clone();
        std::thread::spawn(move || {
            let text = match exporter(&request, &ids, &path) {
                Ok(text) => text,
                Err(error) => format!("nothing written: {error}"),
            };
            // The program may have ended meanwhile.
            let _ = answers.send(Action::Done(text));
        });
    }

    /// Looks now and then whether the index has a newer state. It is loaded only when the user asks.
    fn watch_index(&self) {
        let backend = Arc::clone(&self.options.backend);
        let answers = self.answers.clone();
        let stop = Arc::clone(&self.options.stop);
        std::thread::spawn(move || {
            let mut told = false;
            while !stop.load(Ordering::Relaxed) {
                std::thread::sleep(LOOK_AGAIN);
                let stale = backend.is_stale().unwrap_or(false);
                if stale && !told && answers.send(Action::IndexChanged).is_err() {
                    return;
                }
                told = stale;
            }
        });
    }

    fn suspend(&self, screen: &mut Screen) -> std::io::Result<()> {
        if !std::io::stdin().is_terminal() {
            return Ok(());
        }
        restore();
        #[cfg(unix)]
        signal_hook::low_level::raise(signal_hook::consts::SIGTSTP)?;
        resume(screen)
    }
}

/// Takes the terminal back after somebody else had it.
fn resume(screen: &mut Screen) -> std::io::Result<()> {
    terminal::enable_raw_mode()?;
    execute!(std::io::stdout(), terminal::EnterAlternateScreen, event::EnableBracketedPaste)?;
    screen.clear()?;
    std::io::stdout().flush()
}
