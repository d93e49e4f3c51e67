//! Menus: what they offer, and what their lines do.

use std::path::PathBuf;

use crate::model::search::{FacetField, Hit};
use crate::model::span::CodePoints;
use crate::output::cite::{self, Cited};
use crate::output::record;
use crate::text::shell_quoted;

use super::super::action::Command;
use super::super::choices::{Choice, Menu, Pick};
use super::super::effect::Effect;
use super::super::results::id_of;
use super::super::state::{Pane, Popup, State};
use super::{asking, line, panes, values};

/// A command while something is open over the panes; `None` when nothing is, or when it is not meant for it.
pub fn in_popup(state: &mut State, command: Command) -> Option<Vec<Effect>> {
    let popup = state.popup.as_mut()?;
    if matches!(command, Command::Quit | Command::Redraw | Command::Suspend) {
        return None;
    }
    let menu = match popup {
        Popup::Menu(menu) => menu,
        Popup::Prompt(_) => return Some(in_prompt(state, command)),
        Popup::Help(_) | Popup::Text(..) => {
            state.popup = None;
            return Some(Vec::new());
        }
    };
    match command {
        Command::Back => state.popup = None,
        Command::Up => menu.step(-1),
        Command::Down | Command::NextPane => menu.step(1),
        Command::PageUp => menu.step(-10),
        Command::PageDown => menu.step(10),
        Command::DeleteBefore => {
            if let Some(find) = &mut menu.find {
                find.pop();
                menu.line = 0;
            }
        }
        Command::Enter => return menu.picked().map(|pick| take(state, pick)),
        _ => state.popup = None,
    }
    Some(Vec::new())
}

/// A command while a line is typed.
fn in_prompt(state: &mut State, command: Command) -> Vec<Effect> {
    let Some(Popup::Prompt(prompt)) = &mut state.popup else { return Vec::new() };
    match command {
        Command::Back => state.popup = None,
        Command::DeleteBefore => {
            prompt.text.pop();
        }
        Command::DeleteToStart => prompt.text.clear(),
        Command::DeleteWord => {
            let kept = prompt.text.trim_end().rfind(' ').map_or(0, |at| at + 1);
            prompt.text.truncate(kept);
        }
        Command::Enter => {
            let text = prompt.text.trim().to_owned();
            let range = match text.as_str() {
                "" => Ok(Default::default()),
                text => crate::query::dates::parse_range(text, state.today),
            };
            match range {
                Ok(range) => {
                    state.popup = None;
                    asking::keep_for_undo(state);
                    state.spec.dates = range;
                    return asking::settled(state);
                }
                Err(error) => prompt.trouble = Some(error.to_string()),
            }
        }
        _ => {}
    }
    Vec::new()
}

/// Opens the menu of a command, or does at once what needs no menu.
pub fn open(state: &mut State, command: Command) -> Vec<Effect> {
    let menu = match command {
        Command::Palette => palette(state),
        Command::History => history(state),
        Command::Export => export(state),
        Command::FilterMenu => match state.results.hit() {
            Some(hit) => filter(hit),
            None => return nothing(state),
        },
        Command::CopyMenu => match copies(state) {
            Some(choices) => Menu::keyed("Copy", choices),
            None => return nothing(state),
        },
        Command::OpenMenu => match places(state) {
            Some(choices) => Menu::keyed("Open", choices),
            None => return nothing(state),
        },
        Command::WaysOut if state.ways.is_empty() => {
            state.status = Some("something was found: nothing to leave out".to_owned());
            return Vec::new();
        }
        Command::WaysOut => {
            let choice = |way: &super::super::ways::Way| Choice {
                key: None,
                label: super::super::view::way_line(way),
                pick: Pick::Way(Box::new(way.spec.clone())),
            };
            Menu::found("Ways out", state.ways.iter().map(choice).collect())
        }
        Command::People => match &state.article {
            Some(reader) => {
                let choice = |(name, first, count): (String, usize, usize)| Choice {
                    key: None,
                    label: format!("{name}  {}", crate::output::counted(count as u64, "quote")),
                    pick: Pick::Quote(first),
                };
                Menu::found("People quoted here", reader.people().into_iter().map(choice).collect())
            }
            None => return nothing(state),
        },
        Command::CopyCitation => return take_first(state, 'c', copies),
        Command::OpenPage => return take_first(state, 'o', places),
        Command::OpenEditor => return take_first(state, 'e', places),
        _ => return Vec::new(),
    };
    state.popup = Some(Popup::Menu(menu));
    Vec::new()
}

fn nothing(state: &mut State) -> Vec<Effect> {
    state.status = Some("no hit is selected".to_owned());
    Vec::new()
}

fn take_first(state: &mut State, key: char, choices: fn(&State) -> Option<Vec<Choice>>) -> Vec<Effect> {
    let Some(choices) = choices(state) else { return nothing(state) };
    match choices.into_iter().find(|choice| choice.key == Some(key)) {
        Some(choice) => take(state, choice.pick),
        None => {
            state.status = Some("this article has no address and no file".to_owned());
            Vec::new()
        }
    }
}

/// Does what a line of a menu says.
pub fn take(state: &mut State, pick: Pick) -> Vec<Effect> {
    state.popup = None;
    match pick {
        Pick::Command(command) => super::update(state, super::Action::Do(command)),
        Pick::Copy(text, what) => vec![Effect::Copy(text, what)],
        Pick::Filter(field, value, exclude) => values::choose(state, field, &value, exclude),
        Pick::Query(query) => {
            asking::keep_for_undo(state);
            state.cursor = query.len();
            state.spec.query = query;
            state.focus = Pane::Query;
            asking::settled(state)
        }
        Pick::Way(spec) => panes::take_way(state, *spec),
        Pick::Quote(idx) => {
            panes::to_quote(state, idx);
            Vec::new()
        }
        Pick::OpenPage(url) => vec![Effect::OpenPage(url)],
        Pick::OpenEditor(path, line) => vec![Effect::OpenEditor(path, line)],
        Pick::Export(marked_only, path) => {
            let spec = state.meant_spec();
            let Ok(query) = spec.reading(None, state.today) else { return Vec::new() };
            let request = spec.request(query, usize::MAX, 0);
            let ids = if marked_only { state.results.marked.iter().cloned().collect() } else { Vec::new() };
            state.status = Some(format!("writing {}", path.display()));
            vec![Effect::Export(Box::new(request), ids, path)]
        }
    }
}

fn palette(state: &State) -> Menu {
    let pane = state.focus;
    let choice = |command: &Command| {
        let key = state.keymap.key_of(pane, *command).unwrap_or_default();
        Choice {
            key: None,
            label: format!("{:<22} {:<46} {key}", command.name(), command.doc()),
            pick: Pick::Command(*command),
        }
    };
    Menu::found("All actions", Command::ALL.iter().map(choice).collect())
}

fn history(state: &State) -> Menu {
    let choice =
        |known: &String| Choice { key: None, label: known.clone(), pick: Pick::Query(line::query_of(known)) };
    Menu::found("Earlier searches", state.history.iter().rev().map(choice).collect())
}

fn export(state: &State) -> Menu {
    let mut choices = Vec::new();
    let marked = state.results.marked.len();
    let total = state.results.response.total;
    let stem: String = state
        .spec
        .query
        .chars()
        .map(|c| if c.is_alphanumeric() { c.to_ascii_lowercase() } else { '-' })
        .take(40)
        .collect();
    let stem = stem.trim_matches('-');
    let stem = if stem.is_empty() { "hits" } else { stem };
    for (key, extension, word) in [
        ('c', "csv", "CSV"),
        ('j', "jsonl", "JSON lines"),
        ('m', "md", "Markdown"),
        ('b', "bib", "BibTeX"),
        ('r', "ris", "RIS"),
    ] {
        let path = PathBuf::from(format!("{stem}.{extension}"));
        let label = format!("all {total} as {word}: {}", path.display());
        choices.push(Choice { key: Some(key), label, pick: Pick::Export(false, path.clone()) });
        if marked > 0 {
            let label = format!("the {marked} marked as {word}: {}", path.display());
            choices.push(Choice {
                key: Some(key.to_ascii_uppercase()),
                label,
                pick: Pick::Export(true, path),
            });
        }
    }
    choices.sort_by_key(|choice| choice.key.is_some_and(|key| key.is_ascii_uppercase()));
    Menu::keyed(&format!("Export    {}", state.command_line()), choices)
}

fn filter(hit: &Hit) -> Menu {
    let mut choices = Vec::new();
    let mut add = |key: char, field: FacetField, value: &str| {
        let name = field.name();
        choices.push(Choice {
            key: Some(key),
            label: format!("only {name} {value}"),
            pick: Pick::Filter(field, value.to_owned(), false),
        });
        let exclude = if key == 'o' { '-' } else { key.to_ascii_uppercase() };
        choices.push(Choice {
            key: Some(exclude),
            label: format!("without {name} {value}"),
            pick: Pick::Filter(field, value.to_owned(), true),
        });
    };
    if let Some(outlet) = &hit.article.outlet {
        add('o', FacetField::Outlet, outlet);
    }
    let speaker = hit.quote.as_ref().and_then(|quote| quote.speaker.clone());
    let speakers = speaker.into_iter().chain(hit.article.speakers.iter().cloned());
    let mut seen: Vec<String> = Vec::new();
    for name in speakers {
        if !seen.contains(&name) && seen.len() < 6 {
            seen.push(name);
        }
    }
    for (key, name) in ['s', 'd', 'f', 'g', 'h', 'j'].into_iter().zip(&seen) {
        add(key, FacetField::Speaker, name);
    }
    for (key, name) in ['a', 'b'].into_iter().zip(&hit.article.authors) {
        add(key, FacetField::Author, name);
    }
    Menu::keyed("Filter by", choices)
}

/// What can be copied of the selected hit, or of the quote that has the focus in the article.
fn copies(state: &State) -> Option<Vec<Choice>> {
    let hit = state.results.hit()?;
    let reader = state.article.as_ref().filter(|reader| reader.stored.article.id == hit.article.id);
    let in_article = state.focus == Pane::Article;
    let focused = reader.and_then(|reader| {
        let (idx, quote) = reader.focused_quote().filter(|_| in_article || hit.quote.is_some())?;
        let points = CodePoints::new(&reader.stored.article.body);
        Some(record::quote_record(&reader.stored.article, &points, idx + 1, quote))
    });
    let quote = if in_article { focused } else { hit.quote.clone().or(focused) };
    let cited = Cited { head: &hit.article, quote: quote.as_ref() };
    let mut choices = Vec::new();
    let mut add = |key: char, label: &str, text: String, what: &'static str| {
        choices.push(Choice { key: Some(key), label: label.to_owned(), pick: Pick::Copy(text, what) });
    };
    add('c', "citation", cite::plain(cited), "citation");
    if let Some(quote) = &quote {
        let speaker =
            quote.speaker.as_deref().or(quote.speaker_as_written.as_deref()).unwrap_or("unnamed speaker");
        add('q', "quote with attribution", format!("{} - {speaker}", quote.quoted().0), "quote");
        add('t', "plain quote", quote.text.clone(), "quote text");
    }
    if let Some(url) = &hit.article.url {
        let link = match (&quote, reader) {
            (Some(quote), Some(reader)) => {
                crate::output::cite::text_fragment(url, &quote.text, &reader.stored.article.body)
            }
            _ => url.clone(),
        };
        add('l', "link to the quote", link, "link");
        add('u', "address", url.clone(), "address");
    }
    add('p', "path", hit.article.path.clone(), "path");
    add('i', "id", quote.as_ref().map_or_else(|| id_of(hit).to_owned(), |quote| quote.id.clone()), "id");
    add('k', "this search as a command", state.command_line(), "command");
    let rows: Vec<String> = state.results.response.hits.iter().take(100).map(row).collect();
    add('x', "first 100 hits as a table", rows.join("\n"), "table");
    Some(choices)
}

fn row(hit: &Hit) -> String {
    let date = record::shown_date(&hit.article);
    let outlet = hit.article.outlet.as_deref().unwrap_or("");
    let title = hit.article.headline.as_deref().unwrap_or("");
    let (speaker, text) = hit
        .quote
        .as_ref()
        .map_or(("", ""), |quote| (quote.speaker.as_deref().unwrap_or(""), quote.text.as_str()));
    [&date, outlet, title, speaker, text].map(|cell| cell.replace(['\t', '\n'], " ")).join("\t")
}

/// Where the selected hit can be opened.
fn places(state: &State) -> Option<Vec<Choice>> {
    let hit = state.results.hit()?;
    let mut choices = Vec::new();
    if let Some(url) =
        hit.article.url.as_deref().filter(|url| url.starts_with("http://") || url.starts_with("https://"))
    {
        let reader = state.article.as_ref().filter(|reader| reader.stored.article.id == hit.article.id);
        let words = reader.and_then(|reader| {
            let (_, quote) = reader.focused_quote()?;
            Some((quote.text(&reader.stored.article.body), reader))
        });
        let target = match words {
            Some((words, reader)) => {
                crate::output::cite::text_fragment(url, &words, &reader.stored.article.body)
            }
            None => url.to_owned(),
        };
        choices.push(Choice { key: Some('o'), label: format!("page: {url}"), pick: Pick::OpenPage(target) });
    }
    let (file, record) = match hit.article.path.rsplit_once(':') {
        Some((file, number)) if number.bytes().all(|byte| byte.is_ascii_digit()) && !number.is_empty() => {
            (file, number.parse().unwrap_or(1))
        }
        _ => (hit.article.path.as_str(), 0),
    };
    let line = match record {
        0 => state.article.as_ref().map_or(1, |reader| reader.source_line()),
        line => line,
    };
    let label = format!("file in the editor: {}", shell_quoted(file));
    choices.push(Choice { key: Some('e'), label, pick: Pick::OpenEditor(PathBuf::from(file), line) });
    Some(choices)
}
