//! The first screen of somebody who has no index: a folder is named, looked into, and taken; or the sample articles are.
//!
//! In: keys, and two things that the caller knows how to do: to complete a path and to look into a folder. Out: a choice.
//! Nothing is written before it.

use std::path::PathBuf;

use crossterm::event::{self, Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use ratatui::Frame;
use ratatui::text::Line;
use ratatui::widgets::Paragraph;

use super::run::{Guard, screen};
use super::state;
use super::view::paint::Paint;
use crate::output::style::{fit, wrap};
use crate::text::sanitize;

/// What was chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Chosen {
    /// A folder or file of articles, as typed, and which keys of its records are which field.
    Folder(String, String),
    /// The articles that come with the program.
    Sample,
    /// To leave.
    Nothing,
}

/// What there is to read in a folder with a map of fields, in lines; or why nothing.
pub type Look = dyn Fn(&str, &str) -> Result<Vec<String>, String>;

/// What the screen asks of its caller.
pub struct Helpers<'h> {
    /// Paths that begin so; folders end in a slash.
    pub complete: &'h dyn Fn(&str) -> Vec<String>,
    /// What there is to read in a folder with this map of fields, in lines; or why nothing.
    pub look: &'h Look,
}

/// What the screen knows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Setup {
    /// Where the index will be.
    pub place: PathBuf,
    /// What is typed.
    pub text: String,
    /// Which keys of the records are which field: `headline=Title,body=Text`.
    pub map: String,
    /// The map is typed now.
    pub is_mapping: bool,
    /// What could be meant.
    pub paths: Vec<String>,
    /// What there is in the folder that was looked into.
    pub seen: Option<Vec<String>>,
    /// Why it cannot be taken.
    pub trouble: Option<String>,
}

impl Setup {
    /// What a key does; a choice ends the screen.
    pub fn key(&mut self, key: KeyEvent, helpers: &Helpers<'_>) -> Option<Chosen> {
        let ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
        self.trouble = None;
        match key.code {
            KeyCode::Char('c' | 'd') if ctrl => return Some(Chosen::Nothing),
            _ if self.is_mapping => self.map_key(key, helpers),
            KeyCode::Char('m') if self.seen.is_some() && !ctrl => self.is_mapping = true,
            KeyCode::Esc if self.seen.is_some() => self.seen = None,
            KeyCode::Esc => return Some(Chosen::Nothing),
            KeyCode::Char('u') if ctrl => self.edit(|text| text.clear()),
            KeyCode::Char('s') if self.text.is_empty() && !ctrl => return Some(Chosen::Sample),
            KeyCode::Char(c) if !ctrl => self.edit(|text| text.push(c)),
            KeyCode::Backspace => self.edit(|text| {
                text.pop();
            }),
            KeyCode::Tab => self.complete(helpers),
            KeyCode::Enter if self.seen.is_some() => {
                return Some(Chosen::Folder(self.text.clone(), self.map.clone()));
            }
            KeyCode::Enter if self.text.trim().is_empty() => {
                self.trouble = Some("name a folder, or press s for the sample articles".to_owned());
            }
            KeyCode::Enter => self.look(helpers),
            _ => {}
        }
        None
    }

    /// A key while the map of fields is typed; what is read with it is shown when it is done.
    fn map_key(&mut self, key: KeyEvent, helpers: &Helpers<'_>) {
        match key.code {
            KeyCode::Char('u') if key.modifiers.contains(KeyModifiers::CONTROL) => self.map.clear(),
            KeyCode::Char(c) => self.map.push(c),
            KeyCode::Backspace => {
                self.map.pop();
            }
            KeyCode::Enter => {
                self.is_mapping = false;
                self.look(helpers);
            }
            KeyCode::Esc => self.is_mapping = false,
            _ => {}
        }
    }

    fn look(&mut self, helpers: &Helpers<'_>) {
        match (helpers.look)(&self.text, &self.map) {
            Ok(lines) => {
                self.paths.clear();
                self.seen = Some(lines);
            }
            Err(message) => self.trouble = Some(message),
        }
    }

    fn edit(&mut self, change: impl FnOnce(&mut String)) {
        change(&mut self.text);
        self.seen = None;
        self.paths.clear();
    }

    /// Goes on with what is typed as far as all paths agree; shows them when there are several.
    fn complete(&mut self, helpers: &Helpers<'_>) {
        let paths = (helpers.complete)(&self.text);
        let Some(first) = paths.first() else {
            self.trouble = Some(format!("nothing begins with {}", self.text));
            return;
        };
        let agreed = paths.iter().fold(first.as_str(), |agreed, path| {
            let common = agreed.char_indices().zip(path.chars()).find(|((_, a), b)| a != b);
            let end = common.map_or(agreed.len().min(path.len()), |((at, _), _)| at);
            &agreed[..end]
        });
        let agreed = agreed.to_owned();
        self.edit(|text| *text = agreed);
        self.paths = if paths.len() > 1 { paths } else { Vec::new() };
    }

    /// Draws the screen.
    pub fn draw(&self, paint: &Paint, frame: &mut Frame<'_>) {
        let area = frame.area();
        let width = usize::from(area.width).saturating_sub(4).max(10);
        let plain = |text: &str| Line::styled(format!("  {}", fit(text, width)), paint.plain());
        let strong = |text: &str| Line::styled(format!("  {}", fit(text, width)), paint.title(true));
        let mut lines = vec![
            strong("onrecord: search in policy news and the quotes in it"),
            Line::raw(""),
            plain(&format!("There is no index yet in {}.", sanitize(&self.place.to_string_lossy()))),
            Line::raw(""),
            plain("Folder with your articles (Tab completes), or s: try the sample articles"),
            strong(&format!("> {}_", sanitize(&self.text))),
            Line::raw(""),
        ];
        if self.is_mapping || !self.map.is_empty() {
            let cursor = if self.is_mapping { "_" } else { "" };
            lines.insert(lines.len() - 1, strong(&format!("fields: {}{cursor}", sanitize(&self.map))));
        }
        if let Some(trouble) = &self.trouble {
            lines.push(Line::styled(format!("  {}", fit(trouble, width)), paint.bad()));
        }
        lines.extend(self.paths.iter().map(|path| plain(&format!("  {}", sanitize(path)))));
        if let Some(seen) = &self.seen {
            for text in seen {
                lines.extend(wrap(text, width).into_iter().map(|piece| plain(piece.of(text))));
            }
        }
        let hint = match &self.seen {
            _ if self.is_mapping => "for example headline=Title,body=Text   Enter reads with it   Esc back",
            Some(_) => "Enter indexes it and opens the search   m fields read wrong   Esc another folder",
            None => "Enter looks into it; nothing is written yet   s sample   Esc leaves",
        };
        lines.truncate(usize::from(area.height).saturating_sub(2));
        lines.resize(usize::from(area.height).saturating_sub(1), Line::raw(""));
        lines.push(Line::styled(format!("  {}", fit(hint, width)), paint.dim()));
        frame.render_widget(Paragraph::new(lines), area);
    }
}

/// Shows the screen until something is chosen.
///
/// # Errors
/// The terminal cannot be used.
pub fn ask(place: PathBuf, look: state::Look, helpers: &Helpers<'_>) -> std::io::Result<Chosen> {
    let guard = Guard::enter()?;
    let paint = Paint::new(look);
    let mut setup = Setup { place, ..Setup::default() };
    let mut terminal = screen(crossterm::terminal::size()?)?;
    let chosen = loop {
        terminal.draw(|frame| setup.draw(&paint, frame))?;
        match event::read()? {
            Event::Key(key) if key.kind != KeyEventKind::Release => {
                if let Some(chosen) = setup.key(key, helpers) {
                    break chosen;
                }
            }
            Event::Paste(text) => setup.edit(|line| line.push_str(sanitize(text.trim()).as_ref())),
            Event::Resize(columns, rows) => terminal = screen((columns, rows))?,
            _ => {}
        }
    };
    drop(guard);
    Ok(chosen)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn helpers_of<'h>(complete: &'h dyn Fn(&str) -> Vec<String>, look: &'h Look) -> Helpers<'h> {
        Helpers { complete, look }
    }

    fn press(setup: &mut Setup, codes: &[KeyCode]) -> Option<Chosen> {
        let complete = |typed: &str| {
            let all = ["news/", "newsletters/", "other/"];
            all.iter().filter(|path| path.starts_with(typed)).map(|path| (*path).to_owned()).collect()
        };
        let look = |path: &str, map: &str| match path {
            "news/" => Ok(vec![format!("2 files {map}")]),
            _ => Err(format!("{path} does not exist")),
        };
        let helpers = helpers_of(&complete, &look);
        codes.iter().find_map(|code| setup.key(KeyEvent::new(*code, KeyModifiers::NONE), &helpers))
    }

    #[test]
    fn a_folder_is_looked_into_before_it_is_taken() {
        let mut setup = Setup::default();
        assert_eq!(press(&mut setup, &[KeyCode::Char('n'), KeyCode::Tab]), None);
        assert_eq!((setup.text.as_str(), setup.paths.len()), ("news", 2));
        assert_eq!(press(&mut setup, &[KeyCode::Enter]), None);
        assert_eq!(setup.trouble.as_deref(), Some("news does not exist"));
        assert_eq!(press(&mut setup, &[KeyCode::Char('/'), KeyCode::Enter]), None);
        assert!(setup.seen.is_some());
        assert_eq!(
            press(&mut setup, &[KeyCode::Enter]),
            Some(Chosen::Folder("news/".to_owned(), String::new()))
        );
    }

    #[test]
    fn a_map_of_fields_is_tried_before_it_is_taken() {
        let mut setup = Setup { text: "news/".to_owned(), ..Setup::default() };
        press(&mut setup, &[KeyCode::Enter, KeyCode::Char('m'), KeyCode::Char('b'), KeyCode::Char('=')]);
        assert!(setup.is_mapping);
        assert_eq!(press(&mut setup, &[KeyCode::Char('T'), KeyCode::Enter]), None);
        assert_eq!(setup.seen.as_deref(), Some(&["2 files b=T".to_owned()][..]));
        let chosen = Chosen::Folder("news/".to_owned(), "b=T".to_owned());
        assert_eq!(press(&mut setup, &[KeyCode::Enter]), Some(chosen));
    }

    #[test]
    fn the_sample_is_one_key_and_esc_leaves() {
        assert_eq!(press(&mut Setup::default(), &[KeyCode::Char('s')]), Some(Chosen::Sample));
        let mut setup = Setup::default();
        let typed = [KeyCode::Char('n'), KeyCode::Char('s'), KeyCode::Esc];
        assert_eq!(press(&mut setup, &typed), Some(Chosen::Nothing));
    }
}
