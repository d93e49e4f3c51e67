//! The one place where the state changes: an action in, the effects to perform out.
//!
//! * this file: what every action does first, and answers from outside
//! * [`asking`]: when to search, and what for
//! * [`mod@line`]: editing the query
//! * [`panes`]: moving and choosing in results, facets, timeline, article
//! * [`menus`]: menus and what their lines do

pub mod asking;
pub mod line;
pub mod menus;
pub mod panes;

use super::action::{Action, Command};
use super::effect::Effect;
use super::state::{Layout, Pane, Popup, State};
use crate::model::search::DocKind;

/// Changes the state by one action.
pub fn update(state: &mut State, action: Action) -> Vec<Effect> {
    match action {
        Action::Type(c) => typed(state, c),
        Action::Paste(text) => pasted(state, &text),
        Action::Do(command) => done(state, command),
        Action::Resize(columns, rows) => {
            state.size = (columns, rows);
            panes::lay_out_article(state);
            Vec::new()
        }
        Action::Results(seq, answer) => asking::answered(state, seq, answer),
        Action::Timeline(seq, answer) => {
            if let (true, Ok(response)) = (seq == state.seq, answer) {
                let columns = usize::from(state.size.0).saturating_sub(8);
                state.timeline.replace(&response, columns);
            }
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
            Vec::new()
        }
        Action::Reloaded(info) => {
            state.info = *info;
            state.newer = false;
            asking::settled(state)
        }
        Action::Done(text) => {
            state.status = Some(text);
            Vec::new()
        }
        Action::Quiet => {
            state.slow = state.seq != state.shown_seq;
            Vec::new()
        }
    }
}

fn typed(state: &mut State, c: char) -> Vec<Effect> {
    state.status = None;
    match &mut state.popup {
        Some(Popup::Menu(menu)) => {
            let pick = menu.typed(c);
            return pick.map_or_else(Vec::new, |pick| menus::take(state, pick));
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
                state.facets.top = 0;
            }
            Vec::new()
        }
        _ => Vec::new(),
    }
}

fn pasted(state: &mut State, text: &str) -> Vec<Effect> {
    let plain: String = crate::text::sanitize(text).split_whitespace().collect::<Vec<_>>().join(" ");
    if state.popup.is_some() {
        return Vec::new();
    }
    state.focus = Pane::Query;
    line::insert(state, &plain);
    asking::settled(state)
}

/// Whether characters go into a text box now, so that keys without modifiers type.
pub fn is_typing(state: &State) -> bool {
    match &state.popup {
        Some(Popup::Menu(_)) => true,
        Some(_) => false,
        None => state.focus == Pane::Query || state.focus == Pane::Facets && state.facets.find.is_some(),
    }
}

fn done(state: &mut State, command: Command) -> Vec<Effect> {
    state.status = None;
    if let Some(effects) = menus::in_popup(state, command) {
        return effects;
    }
    match command {
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
        Command::Redo => asking::redo(state),
        Command::Reload => {
            state.newer = false;
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
            let text = state.command_line();
            state.popup = Some(Popup::Text("The same on the command line".to_owned(), text));
            Vec::new()
        }
        Command::Palette
        | Command::History
        | Command::CopyMenu
        | Command::OpenMenu
        | Command::FilterMenu
        | Command::Export
        | Command::CopyCitation
        | Command::OpenPage
        | Command::OpenEditor => menus::open(state, command),
        command if state.focus == Pane::Query => line::command(state, command),
        command => panes::command(state, command),
    }
}

/// One step back; in the query with nothing open it stays there: Esc never quits.
fn back(state: &mut State) -> Vec<Effect> {
    if state.facets.find.take().is_some() || state.timeline.anchor.take().is_some() {
        return Vec::new();
    }
    if std::mem::take(&mut state.zoomed) {
        panes::lay_out_article(state);
        return Vec::new();
    }
    state.focus = match state.focus {
        Pane::Article => Pane::Results,
        _ => Pane::Query,
    };
    Vec::new()
}

fn focus(state: &mut State, pane: Pane) -> Vec<Effect> {
    state.focus = pane;
    state.zoomed = false;
    panes::preview(state)
}

fn step_pane(state: &mut State, by: isize) -> Vec<Effect> {
    let order: &[Pane] = match state.layout() {
        Layout::ThreeColumns => &[Pane::Query, Pane::Timeline, Pane::Facets, Pane::Results, Pane::Article],
        _ => &[Pane::Query, Pane::Timeline, Pane::Results, Pane::Article, Pane::Facets],
    };
    let now = order.iter().position(|pane| *pane == state.focus).unwrap_or(0) as isize;
    let next = order[(now + by).rem_euclid(order.len() as isize) as usize];
    focus(state, next)
}
