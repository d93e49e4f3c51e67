//! Menus: a title and lines to choose from, each with a key; some narrow as one types.

use std::path::PathBuf;

use super::action::Command;
use super::effect::Place;
use crate::model::search::{FacetField, SearchRequest};

/// What choosing a line does.
#[derive(Clone, Debug, PartialEq)]
pub enum Pick {
    /// A named command.
    Command(Command),
    /// Copies text; the words say what it is.
    Copy(String, &'static str),
    /// Includes or excludes a value.
    Filter(FacetField, String, bool),
    /// Reads this command back, and asks it.
    Recall(String),
    /// Opens an address.
    OpenPage(String),
    /// Opens a source file in the editor.
    OpenEditor(Place),
    /// Asks this instead.
    Way(Box<super::spec::Spec>),
    /// Goes to this quote of the article.
    Quote(usize),
    /// Reads the article with this quote.
    Read(String),
    /// Writes hits, once the name of the file is confirmed.
    Export(Box<Export>),
}

/// Hits to be written to a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Export {
    /// What finds them.
    pub request: SearchRequest,
    /// Only those with these ids; none: all of them.
    pub ids: Vec<String>,
    /// The file that is offered; its ending says the format.
    pub path: PathBuf,
    /// The command that writes the same, without the file.
    pub command: String,
}

/// What a typed line is for.
#[derive(Clone, Debug, PartialEq)]
pub enum Purpose {
    /// The dates of the search.
    Dates,
    /// The name under which the search is kept.
    Save,
    /// The file that hits are written to.
    Export(Box<Export>),
}

/// A line to type.
#[derive(Clone, Debug, PartialEq)]
pub struct Prompt {
    /// What it is for.
    pub purpose: Purpose,
    /// What is asked for.
    pub title: String,
    /// What is typed.
    pub text: String,
    /// What is wrong with it.
    pub trouble: Option<String>,
}

/// One line of a menu.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// The key that takes it at once; `None` in menus that narrow by typing.
    pub key: Option<char>,
    /// What it says.
    pub label: String,
    /// What it does.
    pub pick: Pick,
}

/// An open menu.
#[derive(Clone, Debug, PartialEq)]
pub struct Menu {
    /// Its title.
    pub title: String,
    /// All lines.
    pub choices: Vec<Choice>,
    /// The selected line of those shown.
    pub line: usize,
    /// What is typed to narrow it; `None`: keys take lines at once.
    pub find: Option<String>,
    /// More about each line of `choices`, shown for the selected one in a menu that does not narrow.
    pub details: Vec<String>,
}

impl Menu {
    /// A menu whose lines are taken by their keys.
    pub fn keyed(title: &str, choices: Vec<Choice>) -> Menu {
        Menu { title: title.to_owned(), choices, line: 0, find: None, details: Vec::new() }
    }

    /// A menu that narrows as one types.
    pub fn found(title: &str, choices: Vec<Choice>) -> Menu {
        Menu { title: title.to_owned(), choices, line: 0, find: Some(String::new()), details: Vec::new() }
    }

    /// More about the selected line.
    pub fn detail(&self) -> Option<&str> {
        self.details.get(self.line).filter(|_| self.find.is_none()).map(String::as_str)
    }

    /// The lines shown.
    pub fn shown(&self) -> Vec<&Choice> {
        let Some(find) = self.find.as_deref().filter(|find| !find.is_empty()) else {
            return self.choices.iter().collect();
        };
        let words: Vec<String> =
            find.split_whitespace().map(|word| crate::text::fold(word).into_owned()).collect();
        let has_all = |choice: &&Choice| {
            let label = crate::text::fold(&choice.label).into_owned();
            words.iter().all(|word| label.contains(word.as_str()))
        };
        self.choices.iter().filter(has_all).collect()
    }

    /// What the selected line does.
    pub fn picked(&self) -> Option<Pick> {
        self.shown().get(self.line).map(|choice| choice.pick.clone())
    }

    /// What the key takes.
    pub fn by_key(&self, key: char) -> Option<Pick> {
        self.choices.iter().find(|choice| choice.key == Some(key)).map(|choice| choice.pick.clone())
    }

    /// Moves the selection.
    pub fn step(&mut self, by: isize) {
        let last = self.shown().len().saturating_sub(1);
        self.line = self.line.saturating_add_signed(by).min(last);
    }

    /// A character typed while it is open: narrows, or takes a line.
    pub fn typed(&mut self, c: char) -> Option<Pick> {
        match &mut self.find {
            Some(find) => {
                find.push(c);
                self.line = 0;
                None
            }
            None => self.by_key(c),
        }
    }
}
