//! Which key does what, in which pane: the built-in [`bindings`](super::bindings) under those of the configuration.

use std::collections::BTreeMap;

use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEventKind};

use super::action::{Action, Command, MouseAct};
use super::bindings::{self, Row};
use super::state::{Pane, State};
use super::update::is_typing;

/// A key with its modifiers, in one spelling: `ctrl-x`, `alt-1`, `shift-tab`, `enter`, `G`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key(pub String);

type Table = BTreeMap<Key, Command>;

/// How the query is edited.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Preset {
    /// As in a shell.
    #[default]
    Default,
    /// The same, with the rest of Emacs' keys.
    Emacs,
    /// Esc leaves typing; letters are commands then.
    Vim,
}

impl Preset {
    /// By the name in the configuration.
    pub fn named(name: &str) -> Option<Preset> {
        match name {
            "default" => Some(Preset::Default),
            "emacs" => Some(Preset::Emacs),
            "vim" | "vi" => Some(Preset::Vim),
            _ => None,
        }
    }
}

/// Bindings of every pane: the built-in ones under those of the configuration.
#[derive(Clone, Debug)]
pub struct Keymap {
    /// How the query is edited.
    pub preset: Preset,
    anywhere: Table,
    outside_query: Table,
    panes: BTreeMap<Pane, Table>,
    /// The query's commands with the keys of vim.
    normal: Table,
}

impl Default for Keymap {
    fn default() -> Self {
        Keymap::preset(Preset::Default)
    }
}

fn table(rows: &[Row]) -> Table {
    rows.iter().map(|(key, command)| (Key((*key).to_owned()), *command)).collect()
}

impl Keymap {
    /// The built-in bindings.
    pub fn preset(preset: Preset) -> Keymap {
        let mut query = table(bindings::QUERY);
        if preset == Preset::Emacs {
            query.extend(table(bindings::EMACS));
        }
        Keymap {
            preset,
            anywhere: table(bindings::ANYWHERE),
            outside_query: table(bindings::OUTSIDE_QUERY),
            panes: BTreeMap::from([
                (Pane::Query, query),
                (Pane::Results, table(bindings::RESULTS)),
                (Pane::Facets, table(bindings::FACETS)),
                (Pane::Timeline, table(bindings::TIMELINE)),
                (Pane::Article, table(bindings::ARTICLE)),
            ]),
            normal: table(bindings::VIM),
        }
    }

    /// The bindings of the configuration over the built-in ones: pane name -> key -> command name.
    ///
    /// Returns also what could not be understood or would never be reached, in words.
    pub fn with(
        preset: Option<&str>,
        bindings: &BTreeMap<String, BTreeMap<String, String>>,
    ) -> (Keymap, Vec<String>) {
        let mut notes = Vec::new();
        let named = preset.map_or(Some(Preset::Default), Preset::named);
        if named.is_none() {
            notes.push(format!(
                "tui.keys: `{}` is not one of default, emacs, vim",
                preset.unwrap_or_default()
            ));
        }
        let mut keymap = Keymap::preset(named.unwrap_or_default());
        for (pane, keys) in bindings {
            let known = Pane::ALL.iter().find(|known| known.name() == pane);
            if known.is_none() && pane != "anywhere" {
                let names = Pane::ALL.iter().map(|pane| pane.name()).collect::<Vec<_>>().join(", ");
                notes.push(format!("keys.{pane}: unknown pane; there are {names} and anywhere"));
                continue;
            }
            for (key, name) in keys {
                let Some(command) = Command::named(name) else {
                    let near = Command::nearest(name);
                    notes.push(format!("keys.{pane}: unknown command `{name}`; the nearest is `{near}`"));
                    continue;
                };
                let key = match read_key(key) {
                    Ok(key) => key,
                    Err(why) => {
                        notes.push(format!("keys.{pane}: {why}"));
                        continue;
                    }
                };
                if known == Some(&Pane::Query) && types_a_character(&key) {
                    let key = &key.0;
                    notes.push(format!(
                        "keys.{pane}: `{key}` types a character in the query; add ctrl- or alt-"
                    ));
                    continue;
                }
                keymap.bind(known.copied(), key, command);
            }
        }
        if !keymap.reaches(Command::Quit) {
            notes.push("keys: no key leaves the program any more; Ctrl-C is kept".to_owned());
            keymap.anywhere.insert(Key("ctrl-c".to_owned()), Command::Quit);
        }
        (keymap, notes)
    }

    /// A binding of the configuration; without a pane it holds in all of them.
    fn bind(&mut self, pane: Option<Pane>, key: Key, command: Command) {
        match pane {
            Some(pane) => {
                self.panes.entry(pane).or_default().insert(key, command);
            }
            None => {
                for table in self.panes.values_mut().chain([&mut self.outside_query]) {
                    table.remove(&key);
                }
                self.anywhere.insert(key, command);
            }
        }
    }

    fn reaches(&self, command: Command) -> bool {
        Pane::ALL.iter().all(|pane| self.listed(*pane).iter().any(|(_, known)| *known == command))
    }

    /// The command of `key` while `pane` has the focus.
    pub fn command(&self, pane: Pane, key: &Key) -> Option<Command> {
        let own = self.panes.get(&pane).and_then(|keys| keys.get(key));
        let outside = if pane == Pane::Query { None } else { self.outside_query.get(key) };
        own.or(outside).or_else(|| self.anywhere.get(key)).copied()
    }

    /// The command of `key` in the query while its letters are commands.
    pub fn normal_command(&self, key: &Key) -> Option<Command> {
        let tables = [&self.normal, &self.outside_query, &self.anywhere];
        tables.into_iter().find_map(|table| table.get(key)).copied()
    }

    /// Keys and commands of `pane`, its own first.
    pub fn listed(&self, pane: Pane) -> Vec<(String, Command)> {
        let own = self.panes.get(&pane);
        let outside = (pane != Pane::Query).then_some(&self.outside_query);
        let tables: Vec<&Table> = own.into_iter().chain(outside).chain([&self.anywhere]).collect();
        let mut rows: Vec<(String, Command)> = Vec::new();
        for (at, table) in tables.iter().enumerate() {
            for (key, command) in *table {
                if tables[..at].iter().any(|nearer| nearer.contains_key(key)) {
                    continue;
                }
                match rows.iter_mut().find(|(_, known)| known == command) {
                    Some((keys, _)) => {
                        keys.push(' ');
                        keys.push_str(&key.0);
                    }
                    None => rows.push((key.0.clone(), *command)),
                }
            }
        }
        rows
    }

    /// The simplest key of `command` in `pane`, for hints.
    pub fn key_of(&self, pane: Pane, command: Command) -> Option<String> {
        let rows = self.listed(pane);
        let found = rows.into_iter().find(|(_, known)| *known == command)?;
        let effort = |key: &&str| (key.contains("alt-"), key.contains("ctrl-"), key.len() > 1);
        found.0.split(' ').min_by_key(effort).map(str::to_owned)
    }
}

/// Names of keys that are no characters.
const NAMED: &[&str] = &[
    "space",
    "enter",
    "esc",
    "tab",
    "backspace",
    "delete",
    "up",
    "down",
    "left",
    "right",
    "home",
    "end",
    "pgup",
    "pgdn",
    "insert",
];
/// Keys that plain terminals cannot tell from others.
const SAME: &[(&str, &str)] = &[
    ("ctrl-i", "tab"),
    ("ctrl-m", "enter"),
    ("ctrl-[", "esc"),
    ("ctrl-enter", "enter"),
    ("shift-enter", "enter"),
    ("ctrl-/", "ctrl-7"),
];

/// A key as the configuration spells it, in the one spelling.
fn read_key(written: &str) -> Result<Key, String> {
    let (mut ctrl, mut alt, mut shift) = (false, false, false);
    let mut rest = written;
    loop {
        let lower = rest.to_ascii_lowercase();
        // A single dash at the end is the key itself: `ctrl--`.
        let (flag, len) = match lower.as_str() {
            text if text.starts_with("ctrl-") && text.len() > 5 => (&mut ctrl, 5),
            text if text.starts_with("alt-") && text.len() > 4 => (&mut alt, 4),
            text if text.starts_with("shift-") && text.len() > 6 => (&mut shift, 6),
            _ => break,
        };
        *flag = true;
        rest = &rest[len..];
    }
    let lower = rest.to_ascii_lowercase();
    let mut chars = rest.chars();
    let is_function =
        lower.strip_prefix('f').and_then(|n| n.parse::<u8>().ok()).is_some_and(|n| (1..=24).contains(&n));
    let name = match (chars.next(), chars.next()) {
        (Some(c), None) if !c.is_whitespace() && !c.is_control() => match (ctrl, shift) {
            (true, _) => c.to_lowercase().to_string(),
            (false, true) => c.to_uppercase().to_string(),
            (false, false) => c.to_string(),
        },
        _ if NAMED.contains(&lower.as_str()) || is_function => {
            if shift {
                format!("shift-{lower}")
            } else {
                lower
            }
        }
        _ => {
            return Err(format!(
                "unknown key `{written}`; write ctrl-x, alt-1, f5, space, pgdn or a character"
            ));
        }
    };
    let ctrl = if ctrl { "ctrl-" } else { "" };
    let alt = if alt { "alt-" } else { "" };
    let key = format!("{ctrl}{alt}{name}");
    match SAME.iter().find(|(same, _)| *same == key) {
        Some((_, other)) => Err(format!("terminals do not send `{key}`; it arrives as `{other}`")),
        None => Ok(Key(key)),
    }
}

/// Whether the key alone types something in the query.
fn types_a_character(key: &Key) -> bool {
    key.0 == "space" || key.0.chars().count() == 1
}

/// The events that an event stands for, in order. Terminals and tmux send Esc and a letter that follow each other closely
/// as Alt and the letter; where nothing is bound to that, the two keys are meant.
pub fn events_of(state: &State, event: Event) -> Vec<Event> {
    let Event::Key(key) = event else { return vec![event] };
    let is_letter = matches!(key.code, KeyCode::Char(_) | KeyCode::Enter | KeyCode::Backspace);
    let is_bound = spelled(key).is_some_and(|key| command_of(state, &key).is_some());
    if key.kind == KeyEventKind::Release
        || !key.modifiers.contains(KeyModifiers::ALT)
        || !is_letter
        || is_bound
    {
        return vec![event];
    }
    let alone = KeyEvent::new(key.code, key.modifiers - KeyModifiers::ALT);
    vec![Event::Key(KeyEvent::new(KeyCode::Esc, KeyModifiers::NONE)), Event::Key(alone)]
}

/// The command that a key has now.
fn command_of(state: &State, key: &Key) -> Option<Command> {
    let in_text = state.popup.is_some() || is_typing(state);
    match (in_text, state.focus == Pane::Query && state.normal) {
        (false, true) => state.keymap.normal_command(key),
        (true, _) => state.keymap.command(Pane::Query, key),
        (false, false) => state.keymap.command(state.focus, key),
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
            command_of(state, &spelled(key)?).map(Action::Do)
        }
        Event::Paste(text) => Some(Action::Paste(text)),
        Event::Resize(columns, rows) => Some(Action::Resize(columns, rows)),
        Event::Mouse(mouse) => {
            let act = match mouse.kind {
                MouseEventKind::Down(MouseButton::Left) => MouseAct::Press,
                MouseEventKind::Drag(MouseButton::Left) => MouseAct::Drag,
                MouseEventKind::Up(MouseButton::Left) => MouseAct::Release,
                MouseEventKind::ScrollDown => MouseAct::WheelDown,
                MouseEventKind::ScrollUp => MouseAct::WheelUp,
                _ => return None,
            };
            Some(Action::Mouse(act, mouse.column, mouse.row))
        }
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
        KeyCode::Insert => "insert".to_owned(),
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

    fn config(rows: &[(&str, &str, &str)]) -> BTreeMap<String, BTreeMap<String, String>> {
        let mut bindings: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
        for (pane, key, command) in rows {
            bindings.entry((*pane).to_owned()).or_default().insert((*key).to_owned(), (*command).to_owned());
        }
        bindings
    }

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
        let rows = [
            ("article", "Ctrl-J", "next-quote"),
            ("artcle", "x", "back"),
            ("results", "x", "fly"),
            ("results", "ctrl-i", "back"),
            ("results", "hyper-x", "back"),
            ("query", "x", "back"),
            ("anywhere", "shift-g", "help"),
        ];
        let (keymap, notes) = Keymap::with(None, &config(&rows));
        assert_eq!(keymap.command(Pane::Article, &Key("ctrl-j".to_owned())), Some(Command::NextQuote));
        assert_eq!(keymap.command(Pane::Results, &Key("G".to_owned())), Some(Command::Help));
        assert_eq!(notes.len(), 5, "{notes:#?}");
        assert!(notes.iter().any(|note| note.contains("arrives as `tab`")), "{notes:#?}");
    }

    #[test]
    fn there_is_always_a_way_out() {
        let rows = [("anywhere", "ctrl-c", "help"), ("anywhere", "q", "help")];
        let (keymap, notes) = Keymap::with(None, &config(&rows));
        assert_eq!(keymap.command(Pane::Query, &Key("ctrl-c".to_owned())), Some(Command::Quit));
        assert_eq!(notes.len(), 1, "{notes:?}");
    }

    #[test]
    fn presets_change_the_query_alone() {
        let (vim, notes) = Keymap::with(Some("vim"), &BTreeMap::new());
        assert!(notes.is_empty());
        assert_eq!(vim.normal_command(&Key("A".to_owned())), Some(Command::TypeAtEnd));
        assert_eq!(vim.normal_command(&Key("j".to_owned())), Some(Command::Down));
        let (emacs, _) = Keymap::with(Some("emacs"), &BTreeMap::new());
        assert_eq!(emacs.command(Pane::Query, &Key("ctrl-y".to_owned())), Some(Command::PutBack));
        assert_eq!(emacs.command(Pane::Results, &Key("ctrl-y".to_owned())), Some(Command::CopyMenu));
        assert_eq!(Keymap::with(Some("nano"), &BTreeMap::new()).1.len(), 1);
    }

    #[test]
    fn every_command_has_a_name_of_its_own() {
        let names: std::collections::BTreeSet<&str> =
            Command::ALL.iter().map(|command| command.name()).collect();
        assert_eq!(names.len(), Command::ALL.len());
    }

    #[test]
    fn built_in_keys_are_spelled_as_they_are_read() {
        let tables = [
            bindings::ANYWHERE,
            bindings::OUTSIDE_QUERY,
            bindings::QUERY,
            bindings::RESULTS,
            bindings::FACETS,
            bindings::TIMELINE,
            bindings::ARTICLE,
            bindings::EMACS,
            bindings::VIM,
        ];
        for (key, _) in tables.iter().copied().flatten() {
            assert_eq!(read_key(key), Ok(Key((*key).to_owned())));
        }
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
