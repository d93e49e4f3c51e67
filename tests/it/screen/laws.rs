//! What holds after any keys.

use onrecord::tui::action::{Command, MouseAct};
use onrecord::tui::layout::Areas;
use onrecord::tui::state::{Layout, Pane};
use proptest::prelude::*;

use super::*;

/// One thing that a user does.
#[derive(Clone, Debug)]
enum Deed {
    Keys(String),
    Command(usize),
    Paste(String),
    Resize(u16, u16),
    Mouse(u8, u16, u16),
}

fn deed() -> impl Strategy<Value = Deed> {
    let keys = "[a-zA-Z0-9 \\]\\[{}<>+=.%/?:*\"(-]|\n|\t|\x1b|↓|→|\\^[a-z]";
    let query =
        prop::sample::select(vec!["treaty ", "water", "speaker:", "outlet:ka", "-levy ", "(", "\"", "OR "]);
    prop_oneof![
        8 => keys.prop_map(Deed::Keys),
        2 => query.prop_map(|text| Deed::Keys(text.to_owned())),
        3 => (0..Command::ALL.len()).prop_map(Deed::Command),
        1 => "[a-z\u{202e}\u{1b}北é\n ]{0,12}".prop_map(Deed::Paste),
        1 => (1u16..170, 1u16..55).prop_map(|(columns, rows)| Deed::Resize(columns, rows)),
        1 => (0u8..5, 0u16..160, 0u16..50).prop_map(|(act, column, row)| Deed::Mouse(act, column, row)),
    ]
}

fn done(screen: &mut Screen, deed: &Deed) {
    match deed {
        Deed::Keys(keys) => screen.keys(keys),
        Deed::Command(idx) => screen.act(Action::Do(Command::ALL[*idx])),
        Deed::Paste(text) => screen.act(Action::Paste(text.clone())),
        Deed::Resize(columns, rows) => screen.act(Action::Resize(*columns, *rows)),
        Deed::Mouse(act, column, row) => {
            let acts =
                [MouseAct::Press, MouseAct::Drag, MouseAct::Release, MouseAct::WheelDown, MouseAct::WheelUp];
            screen.act(Action::Mouse(acts[usize::from(*act)], *column, *row));
        }
    }
}

fn assert_whole(screen: &Screen) {
    let state = &screen.state;
    let n_hits = state.results.response.hits.len();
    assert!(state.results.selected < n_hits.max(1));
    assert!(state.spec.query.is_char_boundary(state.cursor));
    if state.layout() != Layout::TooSmall && Areas::of(state).results.is_some() && n_hits > 0 {
        let window = state.results.top..state.results.top + Areas::of(state).hits();
        assert!(window.contains(&state.results.selected), "hit {} in {window:?}", state.results.selected);
    }
    let drawn = screen.drawn();
    assert_eq!(drawn.lines().count(), usize::from(state.size.1));
    assert!(!drawn.contains(['\x1b', '\u{202e}']), "control characters: {drawn}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn any_keys_keep_the_selected_hit_in_sight(deeds in prop::collection::vec(deed(), 1..40)) {
        let mut screen = Screen::new(100, 30, true);
        for deed in &deeds {
            done(&mut screen, deed);
            assert_whole(&screen);
        }
        for _ in 0..8 {
            screen.keys("\x1b");
        }
        prop_assert_eq!(screen.state.focus, Pane::Query);
        prop_assert!(screen.state.popup.is_none());
    }

    #[test]
    fn undo_undoes_and_redo_redoes(steps in prop::collection::vec(0usize..6, 1..8)) {
        let mut screen = Screen::new(160, 50, false);
        screen.keys("treaty");
        let before = screen.state.spec.clone();
        screen.act(Action::Do(Command::FocusFacets));
        let keys = [" ", "-", "=", "j ", "l ", "a"];
        let changed: Vec<_> = steps
            .iter()
            .map(|step| {
                let earlier = screen.state.spec.clone();
                screen.keys(keys[*step]);
                (earlier, screen.state.spec.clone())
            })
            .filter(|(earlier, later)| earlier != later)
            .collect();
        for (earlier, _) in changed.iter().rev() {
            screen.keys("u");
            prop_assert_eq!(&screen.state.spec, earlier);
        }
        prop_assert_eq!(&screen.state.spec, &before);
        for (_, later) in &changed {
            screen.keys("U");
            prop_assert_eq!(&screen.state.spec, later);
        }
    }
}

#[test]
fn colour_changes_no_character() {
    let look = |color| Look { unicode: false, color, reader_width: 80 };
    let mut plain = Screen::with(160, 50, look(false), None, sample_index());
    let mut dressed = Screen::with(160, 50, look(true), None, sample_index());
    for keys in ["water treaty", "\n]", "\x1b\x1b\t\t\t - j ", "^y", "\x1b^x", "\x1b1^uspeeker:x"] {
        plain.keys(keys);
        dressed.keys(keys);
        assert_eq!(plain.drawn(), dressed.drawn());
        let colours = |screen: &Screen| {
            let buffer = screen.buffer();
            buffer.content.iter().any(|cell| cell.fg != ratatui::style::Color::Reset)
        };
        assert!(!colours(&plain));
    }
}
