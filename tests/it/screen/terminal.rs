//! In a real terminal: what a user's shell sees before, between and after.

use std::io::{Read, Write};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use super::*;

/// Longest wait for something to appear. A failing test waits so long, a passing one never.
const PATIENCE: Duration = Duration::from_secs(20);

/// A shell in a pseudo-terminal, and the screen as a terminal would show it.
struct Tty {
    pty: pty_process::blocking::Pty,
    child: std::process::Child,
    bytes: Receiver<Vec<u8>>,
    parser: vt100::Parser,
    raw: Vec<u8>,
    home: Home,
}

fn parser(columns: u16, rows: u16) -> vt100::Parser {
    let size = |n| std::num::NonZero::new(n).expect("not nothing");
    vt100::Parser::new(size(rows), size(columns), 0)
}

impl Tty {
    /// An interactive shell whose `onrecord` is the program under test.
    fn shell(columns: u16, rows: u16) -> Tty {
        let home = Home::new();
        let (pty, pts) = pty_process::blocking::open().expect("a pseudo-terminal");
        pty.resize(pty_process::Size::new(rows, columns)).expect("resize");
        let program = std::path::Path::new(env!("CARGO_BIN_EXE_onrecord"));
        let path = format!(
            "{}:{}",
            program.parent().expect("a folder").display(),
            std::env::var("PATH").unwrap_or_default()
        );
        let child = pty_process::blocking::Command::new("sh")
            .arg("-i")
            .env_clear()
            .env("HOME", home.path(""))
            .env("XDG_CONFIG_HOME", home.path("config"))
            .env("XDG_DATA_HOME", home.path("data"))
            .env("XDG_STATE_HOME", home.path("state"))
            .env("ONRECORD_INDEX", sample_index())
            .env("PATH", path)
            .env("TERM", "xterm-256color")
            .env("LC_ALL", "C.UTF-8")
            .env("PS1", "ready> ")
            .current_dir(home.path(""))
            .spawn(pts)
            .expect("sh starts");
        let mut reader =
            std::fs::File::from(std::os::fd::AsFd::as_fd(&pty).try_clone_to_owned().expect("clone"));
        let (sender, bytes) = channel();
        std::thread::spawn(move || {
            let mut buffer = [0; 8192];
            while let Ok(len) = reader.read(&mut buffer) {
                if len == 0 || sender.send(buffer[..len].to_vec()).is_err() {
                    return;
                }
            }
        });
        let mut tty = Tty { pty, child, bytes, parser: parser(columns, rows), raw: Vec::new(), home };
        tty.wait("the prompt", |screen| screen.contains("ready>"));
        tty
    }

    fn send(&mut self, text: &str) {
        self.pty.write_all(text.as_bytes()).expect("write to the terminal");
    }

    fn shown(&self) -> String {
        self.parser.screen().contents()
    }

    /// Reads until the screen is as wanted.
    #[track_caller]
    fn wait(&mut self, what: &str, is_there: impl Fn(&str) -> bool) {
        let started = Instant::now();
        while !is_there(&self.shown()) {
            assert!(started.elapsed() < PATIENCE, "no {what} on the screen:\n{}", self.shown());
            if let Ok(bytes) = self.bytes.recv_timeout(Duration::from_millis(200)) {
                self.parser.process(&bytes);
                self.raw.extend(bytes);
            }
        }
    }

    /// Runs a line of the shell, and waits for its last words.
    #[track_caller]
    fn run(&mut self, line: &str, last_words: &str) {
        self.send(&format!("{line}\n"));
        self.wait(last_words, |screen| screen.contains(last_words));
    }

    #[track_caller]
    fn start(&mut self, args: &str) {
        self.send(&format!("clear; stty -a > before; onrecord {args}; echo rc=$?\n"));
        self.wait("interactive search", |screen| screen.contains("F1 help") && screen.contains("Results 1-"));
        assert!(self.parser.screen().alternate_screen());
    }

    /// The terminal is as it was before the program.
    #[track_caller]
    fn assert_restored(&mut self) {
        self.run("stty -a > after; echo do''ne", "done");
        // The first line tells the size.
        let read = |name: &str| {
            let text = std::fs::read_to_string(self.home.path(name)).expect("stty wrote");
            text.lines().skip(1).map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(read("before"), read("after"));
        let screen = self.parser.screen();
        assert!(!screen.alternate_screen(), "the alternate screen was left");
        assert!(!screen.hide_cursor(), "the cursor is shown");
        assert!(!screen.bracketed_paste(), "pastes come as keys again");
        assert_eq!(screen.mouse_protocol_mode(), vt100::MouseProtocolMode::None);
    }
}

impl Drop for Tty {
    fn drop(&mut self) {
        // The test is over; what is left of its shell goes with it.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn leaves_the_terminal_as_it_was_and_the_command_on_standard_error() {
    let mut tty = Tty::shell(80, 24);
    tty.start("2> stderr");
    tty.send("water treaty");
    tty.wait("hits", |screen| screen.contains("of 5 "));
    // F9 and a resize on the way.
    tty.send("\x1b[20~");
    tty.wait("mouse", |screen| screen.contains("mouse on"));
    tty.pty.resize(pty_process::Size::new(30, 100)).expect("resize");
    let size = |n| std::num::NonZero::new(n).expect("not nothing");
    tty.parser.screen_mut().set_size(size(30), size(100));
    tty.wait("two columns", |screen| screen.contains("4 Timeline"));
    tty.send("\x03");
    tty.wait("exit code", |screen| screen.contains("rc=0"));
    tty.assert_restored();
    let stderr = std::fs::read_to_string(tty.home.path("stderr")).expect("stderr");
    assert!(stderr.starts_with("onrecord search 'water treaty*'   # 5 matches"), "{stderr}");
}

#[test]
fn stops_and_goes_on_as_shells_expect() {
    let mut tty = Tty::shell(80, 24);
    tty.start("");
    tty.send("treaty\x1a");
    tty.wait("the prompt", |screen| screen.contains("Stopped") || screen.contains("Suspended"));
    assert!(!tty.parser.screen().alternate_screen());
    tty.run("stty -a > stopped; echo in''between", "inbetween");
    tty.send("fg\n");
    tty.wait("the search again", |screen| screen.contains("> treaty") && screen.contains("Results 1-"));
    assert!(tty.parser.screen().alternate_screen());
    tty.send("\x03");
    tty.wait("exit code", |screen| screen.contains("rc="));
    tty.assert_restored();
}

#[test]
fn a_signal_from_outside_ends_it_tidily() {
    let mut tty = Tty::shell(80, 24);
    // A shell of its own tells its number, which the program then has.
    tty.send("clear; stty -a > before; sh -c 'echo $$ > pid; exec onrecord'; echo rc=$?\n");
    tty.wait("interactive search", |screen| screen.contains("Results 1-"));
    let pid = std::fs::read_to_string(tty.home.path("pid")).expect("a number");
    let pid = rustix::process::Pid::from_raw(pid.trim().parse().expect("a number")).expect("a process");
    rustix::process::kill_process(pid, rustix::process::Signal::TERM).expect("signal");
    tty.wait("exit code", |screen| screen.contains("rc=130"));
    tty.assert_restored();
}

#[test]
fn ends_with_its_terminal() {
    let home = Home::new();
    let (mut pty, pts) = pty_process::blocking::open().expect("a pseudo-terminal");
    pty.resize(pty_process::Size::new(24, 80)).expect("resize");
    let mut child = pty_process::blocking::Command::new(env!("CARGO_BIN_EXE_onrecord"))
        .arg("tui")
        .env("XDG_STATE_HOME", home.path("state"))
        .env("ONRECORD_INDEX", sample_index())
        .env("TERM", "xterm-256color")
        .spawn(pts)
        .expect("onrecord starts");
    // The first bytes: it is at work.
    assert!(pty.read(&mut [0; 64]).expect("something drawn") > 0);
    drop(pty);
    let (sender, ended) = channel();
    std::thread::spawn(move || sender.send(child.wait()));
    let status = ended.recv_timeout(PATIENCE).expect("it ends when its window is closed").expect("a status");
    assert!(!status.success(), "{status}");
}

#[test]
fn picks_into_a_pipe() {
    let mut tty = Tty::shell(80, 24);
    tty.send("clear; stty -a > before; onrecord tui treaty --pick > picked; echo rc=$?\n");
    tty.wait("interactive search", |screen| screen.contains("Results 1-"));
    tty.send("\t ");
    tty.wait("a mark", |screen| screen.contains("1 marked"));
    tty.send(" q");
    tty.wait("exit code", |screen| screen.contains("rc=0"));
    tty.assert_restored();
    let picked = std::fs::read_to_string(tty.home.path("picked")).expect("picked");
    let ids: Vec<&str> = picked.lines().collect();
    assert_eq!(ids.len(), 2, "{picked}");
    assert!(ids.iter().all(|id| id.len() == 16 && id.bytes().all(|b| b.is_ascii_hexdigit())), "{picked}");
}

#[test]
fn a_panic_puts_the_terminal_back_first() {
    let mut tty = Tty::shell(100, 30);
    let this = std::env::current_exe().expect("this test binary");
    tty.send(&format!(
        "clear; stty -a > before; ONRECORD_PANIC=1 {} --exact screen::terminal::breaks_when_told_to --nocapture; echo rc=$?\n",
        this.display()
    ));
    tty.wait("interactive search", |screen| screen.contains("Results 1-"));
    tty.send("\r");
    tty.wait("exit code", |screen| screen.contains("rc=101"));
    tty.wait("message", |screen| screen.contains("broken on purpose"));
    tty.assert_restored();
}

/// Not a test of its own: the program that `a_panic_puts_the_terminal_back_first` runs.
#[test]
fn breaks_when_told_to() {
    if std::env::var_os("ONRECORD_PANIC").is_none() {
        return;
    }
    let index =
        local::open(&PathBuf::from(std::env::var_os("ONRECORD_INDEX").expect("index"))).expect("opens");
    let options = onrecord::tui::Options {
        backend: Arc::new(index),
        spec: Spec::default(),
        today: jiff::civil::date(2032, 1, 1),
        groups: Groups::default(),
        look: Look { unicode: false, color: false, reader_width: 80 },
        keymap: Keymap::default(),
        history: Vec::new(),
        saved: Vec::new(),
        save: Arc::new(|_, _| Ok(String::new())),
        recall: Arc::new(|_| None),
        file_of: Arc::new(|_| None),
        expected: Arc::new(|| None),
        state_folder: std::env::temp_dir(),
        editor: None,
        browser: None,
        mouse: false,
        exporter: Arc::new(|_, _, _, _| Ok(String::new())),
        remember: Arc::new(|_| panic!("broken on purpose")),
        stop: Arc::default(),
    };
    let exit = onrecord::tui::run(options).expect("runs");
    drop(exit);
}

#[test]
fn the_first_run_needs_one_key() {
    let mut tty = Tty::shell(80, 24);
    tty.send("clear; stty -a > before; unset ONRECORD_INDEX; onrecord; echo rc=$?\n");
    tty.wait("first screen", |screen| screen.contains("There is no index yet"));
    tty.send("/nowhere\r");
    tty.wait("trouble", |screen| screen.contains("/nowhere does not exist"));
    tty.send("\x15s");
    tty.wait("the search", |screen| screen.contains("Results 1-") && screen.contains("40 articles"));
    tty.send("\x03");
    tty.wait("exit code", |screen| screen.contains("rc=0"));
    tty.assert_restored();
}

#[test]
fn pastes_resizes_and_keys_that_arrive_together() {
    let mut tty = Tty::shell(80, 24);
    tty.start("");
    // A bracketed paste with a line break in it, and Enter right behind it.
    tty.send("\x1b[200~water\ntreaty\x1b[201~\r");
    tty.wait("the article", |screen| screen.contains("> 5 Article") && screen.contains("water treaty"));
    for (columns, rows, what) in [(40, 10, "5 Article"), (160, 50, "3 Facets")] {
        tty.pty.resize(pty_process::Size::new(rows, columns)).expect("resize");
        let size = |n| std::num::NonZero::new(n).expect("not nothing");
        tty.parser.screen_mut().set_size(size(rows), size(columns));
        tty.wait(what, |screen| screen.contains(what) && !screen.contains("2 Results 1-4"));
    }
    // Esc and a letter in one go: back to the list, then its next hit.
    tty.send("\x1bj");
    tty.wait("the list", |screen| screen.contains("> 2 Results"));
    tty.send("C");
    tty.wait("the command", |screen| screen.contains("onrecord search 'water treaty'"));
    // Ctrl-C goes through a window.
    tty.send("\x03");
    tty.wait("exit code", |screen| screen.contains("rc=0"));
    tty.assert_restored();
}
