//! Where each pane stands: from the size of the terminal, the focus, and what else is shown. Drawing and the mouse both go
//! by it, so that a click lands on what is seen.

use ratatui::layout::Rect;

use super::state::{Layout, Pane, State};

/// Rows of the timeline where it has several.
const TIMELINE_ROWS: u16 = 8;
/// From so many rows on the timeline has several.
const TALL: u16 = 20;
/// Under so many rows there is no preview.
const NO_PREVIEW: u16 = 18;
/// Under so many rows there is no timeline but when it has the focus.
const NO_TIMELINE: u16 = 14;

/// The place of everything; `None` for panes that are not shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Areas {
    /// Name, size of the index, unit.
    pub top: Rect,
    /// The query.
    pub query: Rect,
    /// Filters; no rows when there are none.
    pub pills: Rect,
    /// Notices and keys.
    pub bottom: Rect,
    /// The timeline; one row high or with bars.
    pub timeline: Option<Rect>,
    /// The list.
    pub results: Option<Rect>,
    /// The article.
    pub article: Option<Rect>,
    /// The facets; drawn over the others where they overlap.
    pub facets: Option<Rect>,
}

impl Areas {
    /// For what the state shows now.
    pub fn of(state: &State) -> Areas {
        let (width, height) = state.size;
        let pill_rows = u16::from(state.has_pills());
        let notice_rows = u16::from(state.notice().is_some());
        let (top, rest) = rows(Rect { x: 0, y: 0, width, height }, 1);
        let (query, rest) = rows(rest, 1);
        let (pills, rest) = rows(rest, pill_rows);
        let (main, bottom) = rows(rest, rest.height.saturating_sub(1 + notice_rows));
        let mut areas = Areas { top, query, pills, bottom, ..Areas::default() };
        if state.zoomed && state.focus == Pane::Article {
            areas.article = Some(main);
            return areas;
        }
        match state.layout() {
            Layout::TooSmall => {}
            Layout::OnePane => match state.focus {
                Pane::Article => areas.article = Some(main),
                Pane::Facets => areas.facets = Some(main),
                Pane::Timeline => areas.timeline = Some(main),
                Pane::Query | Pane::Results => areas.results = Some(main),
            },
            Layout::Stacked => {
                let rest = areas.below_timeline(main, state, false);
                if state.focus == Pane::Article {
                    areas.article = Some(rest);
                } else if height < NO_PREVIEW {
                    areas.results = Some(rest);
                } else {
                    let (list, article) = rows(rest, rest.height.div_ceil(2));
                    areas.results = Some(list);
                    areas.article = Some(article);
                }
                areas.lay_facets_over(rest, state);
            }
            Layout::TwoColumns => {
                let rest = areas.below_timeline(main, state, true);
                let [list, article] = columns(rest, [50, 50]);
                areas.results = Some(list);
                areas.article = Some(article);
                areas.lay_facets_over(rest, state);
            }
            Layout::ThreeColumns => {
                let rest = areas.below_timeline(main, state, true);
                let [facets, list, article] = columns(rest, [25, 37, 38]);
                areas.facets = Some(facets);
                areas.results = Some(list);
                areas.article = Some(article);
            }
        }
        areas
    }

    /// Takes the timeline's rows from the top of `main`; returns what is left.
    fn below_timeline(&mut self, main: Rect, state: &State, bars: bool) -> Rect {
        let height = state.size.1;
        let focused = state.focus == Pane::Timeline;
        let n_rows = match height {
            _ if focused => TIMELINE_ROWS.min(main.height / 2),
            0..NO_TIMELINE => 0,
            TALL.. if bars => TIMELINE_ROWS,
            _ => 1,
        };
        let (time, rest) = rows(main, n_rows);
        self.timeline = (n_rows > 0).then_some(time);
        rest
    }

    /// The facets over the left half while they have the focus.
    fn lay_facets_over(&mut self, area: Rect, state: &State) {
        if state.focus == Pane::Facets {
            self.facets = Some(Rect { width: (area.width / 2).max(40).min(area.width), ..area });
        }
    }

    /// The pane at a place, and where it stands.
    pub fn pane_at(&self, column: u16, row: u16) -> Option<(Pane, Rect)> {
        let panes = [
            (Pane::Facets, self.facets),
            (Pane::Results, self.results),
            (Pane::Article, self.article),
            (Pane::Timeline, self.timeline),
            (Pane::Query, Some(self.query)),
        ];
        panes
            .into_iter()
            .filter_map(|(pane, area)| Some((pane, area?)))
            .find(|(_, area)| area.contains((column, row).into()))
    }

    /// Hits that the list has room for: two rows each, under a title.
    pub fn hits(&self) -> usize {
        self.results.map_or(1, |area| (usize::from(area.height.saturating_sub(1)) / 2).max(1))
    }

    /// Rows of text in the article: under a title, over the legend.
    pub fn article_rows(&self) -> usize {
        self.article.map_or(1, |area| usize::from(area.height).saturating_sub(2).max(1))
    }
}

/// The first `n_rows` rows of an area, and the others.
fn rows(area: Rect, n_rows: u16) -> (Rect, Rect) {
    let height = n_rows.min(area.height);
    (Rect { height, ..area }, Rect { y: area.y + height, height: area.height - height, ..area })
}

/// Columns of these shares in hundredths, which sum to a hundred, with one column between them.
fn columns<const N: usize>(area: Rect, shares: [u16; N]) -> [Rect; N] {
    // By hand: a solver of constraints takes longer than drawing.
    let mut before = 0;
    shares.map(|share| {
        let edge = |hundredths: u16| (u32::from(area.width) * u32::from(hundredths) + 50) / 100;
        let (from, to) = (edge(before) as u16, edge(before + share) as u16);
        before += share;
        let gap = u16::from(before < 100 && to > from);
        Rect { x: area.x + from, width: to - from - gap, ..area }
    })
}
