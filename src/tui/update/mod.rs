//! The one place where the state changes: an action in, the effects to perform out.
//!
//! * this file: what every action does first, and answers from outside
//! * [`asking`]: when to search, and what for
//! * [`mod@line`]: editing the query
//! * [`panes`]: moving and choosing in results, timeline, article; [`values`]: in the facets
//! * [`mouse`]: clicks, drags and the wheel
//! * [`menus`]: menus and what their lines do

pub mod asking;
pub mod line;
pub mod menus;
pub mod mouse;
pub mod panes;
pub mod values;

use super::action::{Action, Command};
use super::choices::{Prompt, Purpose};
use super::effect::Effect;
use super::keymap::Preset;
use super::layout::Areas;
use super::state::{Pane, Popup, State};
use crate::model::search::DocKind;
use crate::output::counted;

/// Changes the state by one action.
pub fn update(state: &mut State, action: Action) -> Vec<Effect> {
    if matches!(action, Action::Type(_) | Action::Paste(_) | Action::Do(_) | Action::Mouse(..)) {
        state.quiet = false;
        state.status = None;
    }
    let mut effects = acted(state, action);
    // Who looks at the answer, or does something with it, is done typing.
    let is_over = matches!(state.popup, Some(Popup::Menu(_) | Popup::Prompt(_) | Popup::Text(..)));
    if state.typing && (is_over || state.focus != Pane::Query || state.results.chosen) {
        effects.extend(asking::done_typing(state));
    }
    let areas = Areas::of(state);
    if areas.results.is_some() {
        state.results.scroll_to(areas.hits());
    }
    effects
}

fn acted(state: &mut State, action: Action) -> Vec<Effect> {
    match action {
        Action::Type(c) => typed(state, c),
        Action::Paste(text) => pasted(state, &text),
        Action::Do(command) => done(state, command),
        Action::Mouse(act, column, row) => mouse::acted(state, act, column, row),
        Action::Resize(columns, rows) => {
            state.size = (columns, rows);
            state.timeline.bin(asking::timeline_columns(state));
            let mut effects = panes::settle_list(state);
            // Other values may be in sight.
            effects.extend(values::follow(state));
            effects
        }
        Action::Results(seq, answer) => asking::answered(state, seq, answer),
        Action::More(seq, answer) => asking::more_came(state, seq, answer),
        Action::Timeline(seq, answer) => asking::tallied(state, seq, answer),
        Action::Facets(seq, answer) => asking::counted(state, seq, answer),
        Action::Trends(seq, rows) => {
            if seq == state.seq {
                values::followed(state, seq, rows);
            }
            Vec::new()
        }
        Action::Totals(seq, totals) => {
            if seq == state.seq {
                super::ways::counted(&mut state.ways, &totals);
                state.way = state.way.min(state.ways.len().saturating_sub(1));
            }
            Vec::new()
        }
        Action::Values(field, values) => {
            state.names.insert(field, std::sync::Arc::new(values));
            Vec::new()
        }
        Action::Info(info) => {
            state.info = *info;
            Vec::new()
        }
        Action::Article(seq, answer) => {
            if seq == state.article_seq {
                panes::article_came(state, *answer);
            }
            Vec::new()
        }
        Action::IndexChanged => {
            state.newer = true;
            state.lost = None;
            // What it would change is worth a search; the banner does not wait for it.
            let asked = state.asked.clone();
            asked.map(|asked| Effect::News(state.seq, asked)).into_iter().collect()
        }
        Action::News(seq, news) => {
            state.news = state.newer.then_some((seq, news));
            Vec::new()
        }
        Action::Expected(articles) => {
            state.expected = articles;
            Vec::new()
        }
        Action::Family(id, family) => {
            menus::family(state, &id, *family);
            Vec::new()
        }
        Action::Recalled(spec) => {
            state.focus = Pane::Query;
            panes::take_way(state, *spec)
        }
        Action::IndexLost(message) => {
            state.lost = Some(message);
            Vec::new()
        }
        Action::Reloaded(info) => reloaded(state, *info),
        Action::Done(text) => {
            state.exporting = false;
            state.status = Some(text);
            Vec::new()
        }
        Action::Slow => {
            state.slow = state.seq != state.shown_seq;
            Vec::new()
        }
        Action::Quiet => {
            state.quiet = true;
            // A pause is the time to fetch the hits that come into sight next.
            asking::more(state)
        }
    }
}

fn reloaded(state: &mut State, info: crate::model::search::IndexInfo) -> Vec<Effect> {
    let (before, after) = (state.info.articles, info.articles);
    state.status = Some(match after.cmp(&before) {
        std::cmp::Ordering::Greater => format!("loaded: {} more", counted(after - before, "article")),
        std::cmp::Ordering::Less => format!("loaded: {} less", counted(before - after, "article")),
        std::cmp::Ordering::Equal => format!("loaded: {}, as before", counted(after, "article")),
    });
    state.info = info;
    state.newer = false;
    state.news = None;
    state.lost = None;
    state.names.clear();
    state.names_asked.clear();
    asking::settled(state)
}

fn typed(state: &mut State, c: char) -> Vec<Effect> {
    match &mut state.popup {
        Some(Popup::Menu(menu)) => {
            let pick = menu.typed(c);
            return pick.map_or_else(Vec::new, |pick| menus::take(state, pick));
        }
        Some(Popup::Prompt(prompt)) => {
            prompt.text.push(c);
            prompt.trouble = None;
            return Vec::new();
        }
        Some(_) => {
            state.popup = None;
            return Vec::new();
        }
        None => {}
    }
    match state.focus {
        Pane::Query => {
            line::insert(state, &c.to_string());
            asking::changed(state)
        }
        Pane::Facets => {
            if let Some(find) = &mut state.facets.find {
                find.push(c);
                state.facets.line = 0;
            }
            values::follow(state)
        }
        Pane::Article => {
            panes::find_in_article(state, |find| find.push(c));
            Vec::new()
        }
        _ => Vec::new(),
    }
}

fn pasted(state: &mut State, text: &str) -> Vec<Effect> {
    let spaced: String = text.trim_end().chars().map(|c| if c.is_whitespace() { ' ' } else { c }).collect();
    let plain = crate::text::sanitize(&spaced).into_owned();
    match &mut state.popup {
        Some(Popup::Prompt(prompt)) => prompt.text.push_str(&plain),
        Some(Popup::Menu(menu)) => {
            if let Some(find) = &mut menu.find {
                find.push_str(&plain);
                menu.line = 0;
            }
        }
        Some(_) => {}
        None => {
            state.focus = Pane::Query;
            state.normal = false;
            line::insert(state, &plain);
            state.results.chosen = false;
            return asking::settled(state);
        }
    }
    Vec::new()
}

/// Whether characters go into a text box now, so that keys without modifiers type.
pub fn is_typing(state: &State) -> bool {
    match &state.popup {
        Some(Popup::Menu(_) | Popup::Prompt(_)) => true,
        Some(_) => false,
        None => match state.focus {
            Pane::Query => !state.normal,
            Pane::Facets => state.facets.find.is_some(),
            Pane::Article => state.article.as_ref().is_some_and(|reader| reader.find.is_some()),
            Pane::Results | Pane::Timeline => false,
        },
    }
}

fn done(state: &mut State, command: Command) -> Vec<Effect> {
    if let Some(effects) = menus::in_popup(state, command) {
        return effects;
    }
    match command {
        Command::Quit if state.exporting => {
            state.exporting = false;
            state.status = Some("export given up: nothing was written".to_owned());
            vec![Effect::CancelExport]
        }
        Command::Quit => {
            state.quitting = true;
            vec![Effect::Quit]
        }
        Command::Back => back(state),
        Command::NextPane => step_pane(state, 1),
        Command::PreviousPane => step_pane(state, -1),
        Command::FocusQuery => focus(state, Pane::Query),
        Command::FocusResults => focus(state, Pane::Results),
        Command::FocusFacets => focus(state, Pane::Facets),
        Command::FocusTimeline => focus(state, Pane::Timeline),
        Command::FocusArticle => panes::read(state),
        Command::SwitchUnit => {
            asking::keep_for_undo(state);
            let other = if state.spec.unit == DocKind::Article { DocKind::Quote } else { DocKind::Article };
            state.spec.unit = other;
            state.results = Default::default();
            asking::settled(state)
        }
        Command::Undo => asking::undo(state),
        Command::ClearAll => panes::clear_all(state),
        Command::WaysOut | Command::People => menus::open(state, command),
        Command::TypeDates => {
            let title = "Dates: 2021, 2021-03, 2021-03..2021-06, 30d; nothing: all dates".to_owned();
            let prompt = Prompt { purpose: Purpose::Dates, title, text: String::new(), trouble: None };
            state.popup = Some(Popup::Prompt(prompt));
            Vec::new()
        }
        Command::Redo => asking::redo(state),
        Command::Reload => {
            state.newer = false;
            state.news = None;
            vec![Effect::Refresh]
        }
        Command::Redraw => vec![Effect::Redraw],
        Command::Suspend => vec![Effect::Suspend],
        Command::Mouse => {
            state.mouse = !state.mouse;
            let word = if state.mouse { "on: click and wheel; hold Shift to select text" } else { "off" };
            state.status = Some(format!("mouse {word}"));
            vec![Effect::Mouse(state.mouse)]
        }
        Command::Help => {
            state.popup = Some(Popup::Help(state.focus));
            Vec::new()
        }
        Command::ShowCommand => {
            let effects = asking::done_typing(state);
            let text = state.command_line();
            state.popup = Some(Popup::Text("The same on the command line".to_owned(), text));
            effects
        }
        Command::Palette
        | Command::History
        | Command::CopyMenu
        | Command::OpenMenu
        | Command::FilterMenu
        | Command::WhoElse
        | Command::SaveSearch
        | Command::IntoFilters
        | Command::Export
        | Command::CopyCitation
        | Command::OpenPage
        | Command::OpenEditor => {
            let mut effects = asking::done_typing(state);
            effects.extend(menus::open(state, command));
            effects
        }
        command if state.focus == Pane::Query => line::command(state, command),
        command => panes::command(state, command),
    }
}

/// One step back; in the query with nothing open it stays there: Esc never quits.
fn back(state: &mut State) -> Vec<Effect> {
    if state.facets.find.take().is_some() || state.timeline.anchor.take().is_some() {
        return Vec::new();
    }
    if let Some(reader) = state.article.as_mut().filter(|_| state.focus == Pane::Article)
        && (reader.find.take().is_some() || reader.of_search.is_some())
    {
        reader.look_for("");
        return Vec::new();
    }
    if std::mem::take(&mut state.zoomed) {
        panes::lay_out_article(state);
        return Vec::new();
    }
    state.normal = state.focus == Pane::Query && state.keymap.preset == Preset::Vim;
    state.focus = match state.focus {
        Pane::Article => Pane::Results,
        _ => Pane::Query,
    };
    panes::settle_list(state)
}

fn focus(state: &mut State, pane: Pane) -> Vec<Effect> {
    state.focus = pane;
    state.zoomed = false;
    let mut effects = panes::settle_list(state);
    effects.extend(values::follow(state));
    effects
}

fn step_pane(state: &mut State, by: isize) -> Vec<Effect> {
    // In the order of use: what was found is read, then narrowed.
    const ORDER: [Pane; 5] = [Pane::Query, Pane::Results, Pane::Article, Pane::Facets, Pane::Timeline];
    let now = ORDER.iter().position(|pane| *pane == state.focus).unwrap_or(0) as isize;
    let next = ORDER[(now + by).rem_euclid(ORDER.len() as isize) as usize];
    focus(state, next)
}
