//! Menus: what they offer, and what their lines do.

use std::path::PathBuf;

use crate::model::search::{ArticleHead, DocKind, FacetField, Family, Hit, MatchMode, QuoteRecord};
use crate::model::span::CodePoints;
use crate::output::cite::{self, Cited};
use crate::output::{counted, grouped, record, variants};
use crate::text::shell_quoted;

use super::super::action::Command;
use super::super::choices::{Choice, Export, Menu, Pick, Prompt, Purpose};
use super::super::effect::{Effect, Place};
use super::super::pills;
use super::super::reader::Reader;
use super::super::state::{Pane, Popup, State};
use super::{asking, panes, values};

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
            return match prompt.purpose.clone() {
                Purpose::Dates => take_dates(state, &text),
                Purpose::Save if text.is_empty() => {
                    prompt.trouble = Some("type a name".to_owned());
                    Vec::new()
                }
                Purpose::Save => {
                    state.popup = None;
                    vec![Effect::Save(text, Box::new(state.meant_spec()))]
                }
                Purpose::Export(_) if text.is_empty() => {
                    prompt.trouble = Some("type the name of a file".to_owned());
                    Vec::new()
                }
                Purpose::Export(export) => {
                    state.popup = None;
                    state.exporting = true;
                    state.status = Some(format!("writing {text}; Ctrl-C gives up"));
                    vec![Effect::Export(Box::new(export.request), export.ids, PathBuf::from(text))]
                }
            };
        }
        _ => {}
    }
    Vec::new()
}

fn take_dates(state: &mut State, text: &str) -> Vec<Effect> {
    let range = match text {
        "" => Ok(Default::default()),
        text => crate::query::dates::parse_range(text, state.today),
    };
    match (range, &mut state.popup) {
        (Ok(range), _) => {
            state.popup = None;
            asking::keep_for_undo(state);
            state.spec.set_dates(range);
            return asking::settled(state);
        }
        (Err(error), Some(Popup::Prompt(prompt))) => prompt.trouble = Some(error.to_string()),
        (Err(_), _) => {}
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
        Command::WhoElse => {
            return match quote_in_hand(state) {
                Some(quote) => vec![Effect::Family(quote.id)],
                None => {
                    state.status = Some("go to a quote first: ]".to_owned());
                    Vec::new()
                }
            };
        }
        Command::SaveSearch => {
            let title = format!("Keep as: {}", state.command_line());
            let prompt = Prompt { purpose: Purpose::Save, title, text: String::new(), trouble: None };
            state.popup = Some(Popup::Prompt(prompt));
            return Vec::new();
        }
        Command::IntoFilters => {
            let Some(spec) = pills::moved(&state.spec, state.today) else {
                let text =
                    "nothing to move: outlet:, speaker:, author: or date: beside the words becomes a filter";
                state.status = Some(text.to_owned());
                return Vec::new();
            };
            return panes::take_way(state, spec);
        }
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
        None => match in_hand(state) {
            Some(in_hand) => vec![Effect::Copy(in_hand.head.path, "path, for there is no address,")],
            None => nothing(state),
        },
    }
}

/// Does what a line of a menu says.
pub fn take(state: &mut State, pick: Pick) -> Vec<Effect> {
    state.popup = None;
    match pick {
        Pick::Command(command) => super::update(state, super::Action::Do(command)),
        Pick::Copy(text, what) => vec![Effect::Copy(text, what)],
        Pick::Filter(field, value, exclude) => values::choose(state, field, &value, exclude),
        Pick::Recall(command) => vec![Effect::Recall(command)],
        Pick::Way(spec) => panes::take_way(state, *spec),
        Pick::Quote(idx) => {
            panes::to_quote(state, idx);
            Vec::new()
        }
        Pick::OpenPage(url) => vec![Effect::OpenPage(url)],
        Pick::OpenEditor(place) => vec![Effect::OpenEditor(place)],
        Pick::Read(id) => panes::read_guest(state, id),
        Pick::Export(export) => {
            let title = format!("Write what this finds: {}", export.command);
            let text = export.path.display().to_string();
            state.popup =
                Some(Popup::Prompt(Prompt { purpose: Purpose::Export(export), title, text, trouble: None }));
            Vec::new()
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
        |label: String, command: &String| Choice { key: None, label, pick: Pick::Recall(command.clone()) };
    let earlier = state.history.iter().rev().map(|command| choice(command.clone(), command));
    let saved =
        state.saved.iter().map(|(name, command)| choice(format!("saved as {name}: {command}"), command));
    Menu::found("Earlier and saved searches", earlier.chain(saved).collect())
}

/// Formats that hits are written in: key, ending, name of the format, word.
const FORMATS: [(char, &str, &str, &str); 5] = [
    ('c', "csv", "csv", "CSV"),
    ('j', "jsonl", "jsonl", "JSON lines"),
    ('m', "md", "md", "Markdown"),
    ('b', "bib", "bibtex", "BibTeX"),
    ('r', "ris", "ris", "RIS"),
];

fn export(state: &State) -> Menu {
    let mut choices = Vec::new();
    let spec = state.meant_spec();
    let Ok(query) = spec.reading(state.today, &state.groups) else { return Menu::keyed("Export", choices) };
    let marked = &state.results.marked;
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
    let mut add =
        |key: char, label: String, unit: DocKind, ids: Vec<String>, (ending, format): (&str, &str)| {
            let spec = super::super::spec::Spec { unit, match_mode: MatchMode::All, ..spec.clone() };
            let only = if ids.is_empty() { "" } else { "   # the marked ones" };
            let command = format!("{} --all -f {format}{only}", spec.command_line());
            let mut request = spec.request(query.clone(), usize::MAX, 0);
            request.facets.clear();
            let path = PathBuf::from(format!("{stem}.{ending}"));
            let label = format!("{label}: {}", path.display());
            choices.push(Choice {
                key: Some(key),
                label,
                pick: Pick::Export(Box::new(Export { request, ids, path, command })),
            });
        };
    let unit = state.spec.unit;
    for (key, ending, format, word) in FORMATS {
        add(key, format!("all {} as {word}", grouped(total)), unit, Vec::new(), (ending, format));
    }
    if unit == DocKind::Article {
        add('q', "the quotes that say it as CSV".to_owned(), DocKind::Quote, Vec::new(), ("csv", "csv"));
    }
    for (key, ending, format, word) in FORMATS.into_iter().filter(|_| !marked.is_empty()) {
        let ids = marked.iter().cloned().collect();
        let label = format!("the {} marked as {word}", grouped(marked.len() as u64));
        add(key.to_ascii_uppercase(), label, unit, ids, (ending, format));
    }
    Menu::keyed("Export", choices)
}

/// The menu of a family: who carried the words, from first to last; for each cut its words and what it left out.
pub fn family(state: &mut State, id: &str, family: Result<Option<Family>, String>) {
    let family = match family {
        Ok(Some(family)) => family,
        Ok(None) => {
            state.status = Some("no other outlet in the index carried these words".to_owned());
            return;
        }
        Err(message) => {
            state.failure = Some(message);
            return;
        }
    };
    let left_out = variants::left_out_by(&family);
    let own = family.cuts.iter().position(|cut| cut.id == id);
    let mut menu = Menu::keyed("Who carried it, first to last", Vec::new());
    let outlets: std::collections::BTreeSet<_> = family.cuts.iter().map(|cut| &cut.outlet).collect();
    let more = if family.complete { "" } else { ", and more than were compared" };
    menu.title = format!("Carried by {}{more}, first to last", counted(outlets.len() as u64, "outlet"));
    for (idx, (cut, left_out)) in family.cuts.iter().zip(left_out).enumerate() {
        let day = cut.date.map_or_else(|| "undated   ".to_owned(), |day| day.to_string());
        let here = if own == Some(idx) { "  (this one)" } else { "" };
        let short = if left_out.is_empty() { "" } else { "  (left words out)" };
        let speaker = cut.speaker.as_deref().unwrap_or("no named speaker");
        let outlet = cut.outlet.as_deref().unwrap_or("no outlet");
        let label = format!("{day}  {outlet}  {speaker}{short}{here}");
        menu.choices.push(Choice { key: None, label, pick: Pick::Read(cut.id.clone()) });
        let left = if left_out.is_empty() {
            String::new()
        } else {
            format!("\nleft out: {}", left_out.join(" [...] "))
        };
        menu.details.push(format!("{}{left}", cut.quoted));
    }
    menu.line = own.unwrap_or(0);
    state.popup = Some(Popup::Menu(menu));
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

/// What keys speak of: the article that is read, or the selected hit.
struct InHand<'s> {
    head: ArticleHead,
    quote: Option<QuoteRecord>,
    reader: Option<&'s Reader>,
}

fn in_hand(state: &State) -> Option<InHand<'_>> {
    let hit = state.results.hit();
    if let Some(reader) = state.article.as_ref().filter(|_| state.focus == Pane::Article) {
        let is_hits = |hit: &&Hit| hit.article.id == reader.stored.article.id;
        let head = hit.filter(is_hits).map_or_else(|| reader.head(), |hit| hit.article.clone());
        return Some(InHand { head, quote: record_of(reader), reader: Some(reader) });
    }
    let hit = hit?;
    let reader = state.article.as_ref().filter(|reader| reader.stored.article.id == hit.article.id);
    Some(InHand { head: hit.article.clone(), quote: hit.quote.clone(), reader })
}

/// The quote that keys speak of: the one with the focus in the article, also while it is previewed.
fn quote_in_hand(state: &State) -> Option<QuoteRecord> {
    let in_hand = in_hand(state)?;
    in_hand.quote.or_else(|| record_of(in_hand.reader?))
}

fn record_of(reader: &Reader) -> Option<QuoteRecord> {
    let (idx, quote) = reader.focused_quote()?;
    let points = CodePoints::new(&reader.stored.article.body);
    Some(record::quote_record(&reader.stored.article, &points, idx + 1, quote))
}

/// What can be copied of the selected hit, or of the quote that has the focus in the article.
fn copies(state: &State) -> Option<Vec<Choice>> {
    let InHand { head, quote, reader } = in_hand(state)?;
    let cited = Cited { head: &head, quote: quote.as_ref() };
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
    if let Some(url) = &head.url {
        let link = match (&quote, reader) {
            (Some(quote), Some(reader)) => {
                crate::output::cite::text_fragment(url, &quote.text, &reader.stored.article.body)
            }
            _ => url.clone(),
        };
        add('l', "link to the quote", link, "link");
        add('u', "address", url.clone(), "address");
    }
    add('p', "path", head.path.clone(), "path");
    add('i', "id", quote.as_ref().map_or(head.id, |quote| quote.id.clone()), "id");
    add('k', "this search as a command", state.command_line(), "command");
    let rows: Vec<String> = state.results.response.hits.iter().take(100).map(row).collect();
    add('x', "first 100 hits as a table", rows.join("\n"), "table");
    Some(choices)
}

/// What can be done with the quote that has the focus: everything that can be copied of it, and where it leads.
pub fn about_quote(state: &mut State) -> Vec<Effect> {
    let Some(mut choices) = copies(state) else { return nothing(state) };
    if quote_in_hand(state).is_some() {
        let leads = [
            ('s', "all quotes of this speaker", Command::SpeakerQuotes),
            ('v', "who else carried it, and what each left out", Command::WhoElse),
            ('f', "filter by outlet, speaker or author", Command::FilterMenu),
        ];
        let leads = leads.map(|(key, label, command)| Choice {
            key: Some(key),
            label: label.to_owned(),
            pick: Pick::Command(command),
        });
        choices.extend(leads);
    }
    for choice in &mut choices {
        if matches!(choice.pick, Pick::Copy(..)) {
            choice.label.insert_str(0, "copy ");
        }
    }
    state.popup = Some(Popup::Menu(Menu::keyed("This quote", choices)));
    Vec::new()
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

/// Where the article in hand can be opened.
fn places(state: &State) -> Option<Vec<Choice>> {
    let InHand { head, reader, .. } = in_hand(state)?;
    let mut choices = Vec::new();
    let quoted = reader.and_then(|reader| {
        let (_, quote) = reader.focused_quote()?;
        Some((quote.text(&reader.stored.article.body), reader))
    });
    let is_web = |url: &&str| url.starts_with("http://") || url.starts_with("https://");
    if let Some(url) = head.url.as_deref().filter(is_web) {
        let target = match &quoted {
            Some((words, reader)) => {
                crate::output::cite::text_fragment(url, words, &reader.stored.article.body)
            }
            None => url.to_owned(),
        };
        choices.push(Choice { key: Some('o'), label: format!("page: {url}"), pick: Pick::OpenPage(target) });
    }
    let (file, record) = match head.path.rsplit_once(':') {
        Some((file, number)) if number.bytes().all(|byte| byte.is_ascii_digit()) && !number.is_empty() => {
            (file, number.parse().ok())
        }
        _ => (head.path.as_str(), None),
    };
    let words = reader.map_or_else(String::new, Reader::words_here);
    let label = format!("file in the editor: {}", shell_quoted(file));
    let place = Place { file: file.to_owned(), record, words };
    choices.push(Choice { key: Some('e'), label, pick: Pick::OpenEditor(place) });
    Some(choices)
}
