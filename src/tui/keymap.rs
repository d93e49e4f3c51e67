//! Which key does what, in which pane.
//!
//! No binding needs a key that plain terminals do not send (Ctrl-Enter, Shift-Enter, Ctrl-/, Ctrl-S, Ctrl-Q). In the query
//! every printable key types; in other panes single letters are commands.

use std::collections::BTreeMap;

use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseEventKind};

use super::action::{Action, Command};
use super::state::{Pane, State};
use super::update::is_typing;

/// A key with its modifiers, in one spelling: `ctrl-x`, `alt-1`, `shift-tab`, `enter`, `G`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key(pub String);

/// Bindings of every pane: the built-in ones under those of the configuration.
#[derive(Clone, Debug)]
pub struct Keymap {
    anywhere: BTreeMap<Key, Command>,
    outside_query: BTreeMap<Key, Command>,
    panes: BTreeMap<Pane, BTreeMap<Key, Command>>,
}

const ANYWHERE: &[(&str, Command)] = &[
    ("ctrl-c", Command::Quit),
    ("esc", Command::Back),
    ("ctrl-g", Command::Back),
    ("tab", Command::NextPane),
    ("shift-tab", Command::PreviousPane),
    ("alt-1", Command::FocusQuery),
    ("alt-2", Command::FocusResults),
    ("alt-3", Command::FocusFacets),
    ("alt-4", Command::FocusTimeline),
    ("alt-5", Command::FocusArticle),
    ("ctrl-t", Command::SwitchUnit),
    ("ctrl-y", Command::CopyMenu),
    ("ctrl-o", Command::OpenMenu),
    ("ctrl-x", Command::Palette),
    ("ctrl-r", Command::History),
    ("ctrl-l", Command::Redraw),
    ("ctrl-z", Command::Suspend),
    ("f1", Command::Help),
    ("f9", Command::Mouse),
    ("enter", Command::Enter),
    ("up", Command::Up),
    ("down", Command::Down),
    ("pgup", Command::PageUp),
    ("pgdn", Command::PageDown),
];

const OUTSIDE_QUERY: &[(&str, Command)] = &[
    ("q", Command::Quit),
    ("?", Command::Help),
    (":", Command::Palette),
    ("1", Command::FocusQuery),
    ("2", Command::FocusResults),
    ("3", Command::FocusFacets),
    ("4", Command::FocusTimeline),
    ("5", Command::FocusArticle),
    ("F", Command::FocusFacets),
    ("C", Command::ShowCommand),
    ("E", Command::Export),
    ("r", Command::Reload),
    ("u", Command::Undo),
    ("U", Command::Redo),
    ("y", Command::CopyMenu),
    ("o", Command::OpenPage),
    ("e", Command::OpenEditor),
    ("j", Command::Down),
    ("k", Command::Up),
    ("h", Command::Left),
    ("l", Command::Right),
    ("left", Command::Left),
    ("right", Command::Right),
    ("g", Command::First),
    ("G", Command::Last),
    ("home", Command::First),
    ("end", Command::Last),
    ("ctrl-d", Command::PageDown),
    ("ctrl-u", Command::PageUp),
    ("/", Command::Find),
];

const QUERY: &[(&str, Command)] = &[
    ("ctrl-p", Command::Up),
    ("ctrl-n", Command::Down),
    ("ctrl-space", Command::Mark),
    ("left", Command::Left),
    ("right", Command::Right),
    ("ctrl-b", Command::Left),
    ("ctrl-f", Command::Right),
    ("ctrl-left", Command::WordBack),
    ("ctrl-right", Command::WordForward),
    ("alt-b", Command::WordBack),
    ("alt-f", Command::WordForward),
    ("home", Command::LineStart),
    ("end", Command::LineEnd),
    ("ctrl-a", Command::LineStart),
    ("ctrl-e", Command::LineEnd),
    ("backspace", Command::DeleteBefore),
    ("ctrl-h", Command::DeleteBefore),
    ("delete", Command::DeleteUnder),
    ("ctrl-d", Command::DeleteUnder),
    ("ctrl-w", Command::DeleteWord),
    ("ctrl-u", Command::DeleteToStart),
    ("ctrl-k", Command::DeleteToEnd),
    // Terminals send Ctrl-_ as Ctrl-7.
    ("ctrl-7", Command::Undo),
    ("ctrl-_", Command::Undo),
];

const RESULTS: &[(&str, Command)] = &[
    ("space", Command::Mark),
    ("*", Command::MarkAll),
    ("n", Command::NextMatch),
    ("N", Command::PreviousMatch),
    ("]", Command::NextQuote),
    ("[", Command::PreviousQuote),
    ("f", Command::FilterMenu),
    ("s", Command::Sort),
];

const FACETS: &[(&str, Command)] = &[
    ("space", Command::Include),
    ("-", Command::Exclude),
    ("=", Command::Only),
    (".", Command::SwitchOff),
    ("a", Command::AnyAll),
    ("c", Command::ClearField),
    ("X", Command::ClearAll),
    ("s", Command::Sort),
];

const TIMELINE: &[(&str, Command)] = &[
    ("space", Command::SelectTime),
    ("+", Command::ZoomIn),
    ("-", Command::AllDates),
    ("0", Command::AllDates),
    ("<", Command::ShiftBack),
    (">", Command::ShiftForward),
    ("b", Command::NextBin),
    ("%", Command::Share),
    ("c", Command::ClearField),
];

const ARTICLE: &[(&str, Command)] = &[
    ("space", Command::PageDown),
    ("b", Command::PageUp),
    ("n", Command::NextMatch),
    ("N", Command::PreviousMatch),
    ("]", Command::NextQuote),
    ("[", Command::PreviousQuote),
    ("}", Command::NextSameSpeaker),
    ("{", Command::PreviousSameSpeaker),
    ("s", Command::SpeakerQuotes),
    ("f", Command::FilterMenu),
    ("m", Command::ToggleMarks),
    ("x", Command::Furniture),
    ("z", Command::Zoom),
    ("c", Command::CopyCitation),
];

impl Default for Keymap {
    fn default() -> Self {
        let table = |rows: &[(&str, Command)]| {
            rows.iter().map(|(key, command)| (Key((*key).to_owned()), *command)).collect()
        };
        Keymap {
            anywhere: table(ANYWHERE),
            outside_query: table(OUTSIDE_QUERY),
            panes: BTreeMap::from([
                (Pane::Query, table(QUERY)),
                (Pane::Results, table(RESULTS)),
                (Pane::Facets, table(FACETS)),
                (Pane::Timeline, table(TIMELINE)),
                (Pane::Article, table(ARTICLE)),
            ]),
        }
    }
}

impl Keymap {
    /// The built-in bindings under those of the configuration: pane name -> key -> command name.
    ///
    /// Returns also what could not be understood, in words.
    pub fn with(bindings: &BTreeMap<String, BTreeMap<String, String>>) -> (Keymap, Vec<String>) {
        let mut keymap = Keymap::default();
        let mut notes = Vec::new();
        for (pane, keys) in bindings {
            for (key, name) in keys {
                let Some(command) = Command::named(name) else {
                    notes.push(format!("keys.{pane}: unknown command `{name}`"));
                    continue;
                };
                let key = Key(key.clone());
                match (pane.as_str(), Pane::ALL.iter().find(|known| known.name() == pane)) {
                    ("anywhere", _) => {
                        keymap.anywhere.insert(key, command);
                    }
                    (_, Some(pane)) => {
                        keymap.panes.entry(*pane).or_default().insert(key, command);
                    }
                    _ => notes.push(format!("keys.{pane}: unknown pane")),
                }
            }
        }
        (keymap, notes)
    }

    /// The command of `key` while `pane` has the focus.
    pub fn command(&self, pane: Pane, key: &Key) -> Option<Command> {
        let own = self.panes.get(&pane).and_then(|keys| keys.get(key));
        let outside = if pane == Pane::Query { None } else { self.outside_query.get(key) };
        own.or(outside).or_else(|| self.anywhere.get(key)).copied()
    }

    /// Keys and commands of `pane`, its own first.
    pub fn listed(&self, pane: Pane) -> Vec<(String, Command)> {
        let mut rows: Vec<(String, Command)> = Vec::new();
        let outside = (pane != Pane::Query).then_some(&self.outside_query);
        for table in self.panes.get(&pane).into_iter().chain(outside).chain([&self.anywhere]) {
            for (key, command) in table {
                match rows.iter_mut().find(|(_, known)| known == command) {
                    Some((keys, _)) if !keys.split(' ').any(|known| known == key.0) => {
                        keys.push(' ');
                        keys.push_str(&key.0);
                    }
                    Some(_) => {}
                    None => rows.push((key.0.clone(), *command)),
                }
            }
        }
        rows
    }

    /// The first key of `command` in `pane`, for hints.
    pub fn key_of(&self, pane: Pane, command: Command) -> Option<String> {
        let rows = self.listed(pane);
        let found = rows.into_iter().find(|(_, known)| *known == command)?;
        found.0.split(' ').next().map(str::to_owned)
    }
}

/// The action of a terminal's event; `None` for events that mean nothing here.
pub fn action_of(state: &State, event: Event) -> Option<Action> {
    match event {
        Event::Key(key) if key.kind != KeyEventKind::Release => {
            let in_text = state.popup.is_some() || is_typing(state);
            if let KeyCode::Char(c) = key.code
                && (key.modifiers - KeyModifiers::SHIFT).is_empty()
                && in_text
            {
                return Some(Action::Type(c));
            }
            let pane = if in_text { Pane::Query } else { state.focus };
            state.keymap.command(pane, &spelled(key)?).map(Action::Do)
        }
        Event::Paste(text) => Some(Action::Paste(text)),
        Event::Resize(columns, rows) => Some(Action::Resize(columns, rows)),
        Event::Mouse(mouse) => match mouse.kind {
            MouseEventKind::ScrollDown => Some(Action::Do(Command::Down)),
            MouseEventKind::ScrollUp => Some(Action::Do(Command::Up)),
            _ => None,
        },
        _ => None,
    }
}

/// The spelling of a terminal's key event; `None` for keys without one.
pub fn spelled(event: KeyEvent) -> Option<Key> {
    let name = match event.code {
        KeyCode::Char(' ') => "space".to_owned(),
        KeyCode::Char(c) if event.modifiers.contains(KeyModifiers::CONTROL) => {
            c.to_ascii_lowercase().to_string()
        }
        KeyCode::Char(c) => c.to_string(),
        KeyCode::Enter => "enter".to_owned(),
        KeyCode::Esc => "esc".to_owned(),
        KeyCode::Tab => "tab".to_owned(),
        KeyCode::BackTab => return Some(Key("shift-tab".to_owned())),
        KeyCode::Backspace => "backspace".to_owned(),
        KeyCode::Delete => "delete".to_owned(),
        KeyCode::Up => "up".to_owned(),
        KeyCode::Down => "down".to_owned(),
        KeyCode::Left => "left".to_owned(),
        KeyCode::Right => "right".to_owned(),
        KeyCode::Home => "home".to_owned(),
        KeyCode::End => "end".to_owned(),
        KeyCode::PageUp => "pgup".to_owned(),
        KeyCode::PageDown => "pgdn".to_owned(),
        KeyCode::F(n) => format!("f{n}"),
        KeyCode::Null => return Some(Key("ctrl-space".to_owned())),
        _ => return None,
    };
    let mut spelled = String::new();
    if event.modifiers.contains(KeyModifiers::CONTROL) {
        spelled.push_str("ctrl-");
    }
    if event.modifiers.contains(KeyModifiers::ALT) {
        spelled.push_str("alt-");
    }
    let is_char = matches!(event.code, KeyCode::Char(_));
    if event.modifiers.contains(KeyModifiers::SHIFT) && !is_char {
        spelled.push_str("shift-");
    }
    spelled.push_str(&name);
    Some(Key(spelled))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_type_in_the_query_and_command_elsewhere() {
        let keymap = Keymap::default();
        let key = Key("q".to_owned());
        assert_eq!(keymap.command(Pane::Query, &key), None);
        assert_eq!(keymap.command(Pane::Results, &key), Some(Command::Quit));
        assert_eq!(keymap.command(Pane::Query, &Key("ctrl-c".to_owned())), Some(Command::Quit));
    }

    #[test]
    fn configuration_rebinds_and_says_what_it_does_not_know() {
        let bindings = BTreeMap::from([
            ("article".to_owned(), BTreeMap::from([("ctrl-j".to_owned(), "next-quote".to_owned())])),
            ("artcle".to_owned(), BTreeMap::from([("x".to_owned(), "back".to_owned())])),
            ("results".to_owned(), BTreeMap::from([("x".to_owned(), "fly".to_owned())])),
        ]);
        let (keymap, notes) = Keymap::with(&bindings);
        assert_eq!(keymap.command(Pane::Article, &Key("ctrl-j".to_owned())), Some(Command::NextQuote));
        assert_eq!(notes.len(), 2, "{notes:?}");
    }

    #[test]
    fn every_command_has_a_name_of_its_own() {
        let names: std::collections::BTreeSet<&str> =
            Command::ALL.iter().map(|command| command.name()).collect();
        assert_eq!(names.len(), Command::ALL.len());
    }

    #[test]
    fn spells_keys_as_the_configuration_does() {
        let key = |code, modifiers| spelled(KeyEvent::new(code, modifiers)).map(|key| key.0);
        assert_eq!(key(KeyCode::Char('y'), KeyModifiers::CONTROL).as_deref(), Some("ctrl-y"));
        assert_eq!(key(KeyCode::Char('G'), KeyModifiers::SHIFT).as_deref(), Some("G"));
        assert_eq!(key(KeyCode::BackTab, KeyModifiers::SHIFT).as_deref(), Some("shift-tab"));
        assert_eq!(key(KeyCode::Char(' '), KeyModifiers::CONTROL).as_deref(), Some("ctrl-space"));
    }
}
