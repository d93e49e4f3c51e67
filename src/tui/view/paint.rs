//! Colours and signs. Everything shown by colour is shown by a letter, a bracket or weight too.

use ratatui::style::{Color, Modifier, Style};

use super::super::state::Look;

/// How things are painted on this terminal.
#[derive(Clone, Copy, Debug)]
pub struct Paint {
    look: Look,
}

/// Speaker colours that colour-blind readers can tell apart (after Okabe and Ito's palette, in the nearest of the
/// terminal's own colours, so that they fit its background).
const SPEAKERS: [Color; 6] =
    [Color::Cyan, Color::Yellow, Color::Green, Color::Magenta, Color::LightBlue, Color::LightRed];

impl Paint {
    /// For this look.
    pub fn new(look: Look) -> Paint {
        Paint { look }
    }

    fn colored(&self, color: Color) -> Style {
        if self.look.color { Style::new().fg(color) } else { Style::new() }
    }

    /// Ordinary text.
    pub fn plain(&self) -> Style {
        Style::new()
    }

    /// Less important text.
    pub fn dim(&self) -> Style {
        Style::new().add_modifier(Modifier::DIM)
    }

    /// A title; bold in the focused pane.
    pub fn title(&self, focused: bool) -> Style {
        if focused { Style::new().add_modifier(Modifier::BOLD) } else { self.dim() }
    }

    /// What matched: bold and underlined, so that it is seen without colour.
    pub fn mark(&self) -> Style {
        self.colored(Color::Yellow).add_modifier(Modifier::BOLD | Modifier::UNDERLINED)
    }

    /// What stands there though it is not asked for: the rest of a name.
    pub fn ghost(&self) -> Style {
        self.colored(Color::DarkGray).add_modifier(Modifier::DIM | Modifier::ITALIC)
    }

    /// What is not understood.
    pub fn bad(&self) -> Style {
        self.colored(Color::Red).add_modifier(Modifier::UNDERLINED)
    }

    /// A filter in force.
    pub fn pill(&self, exclude: bool) -> Style {
        self.colored(if exclude { Color::Red } else { Color::Green }).add_modifier(Modifier::BOLD)
    }

    /// The selected line.
    pub fn selected(&self) -> Style {
        Style::new().add_modifier(Modifier::REVERSED)
    }

    /// The `idx`th speaker of an article.
    pub fn speaker(&self, idx: usize) -> Style {
        self.colored(SPEAKERS[idx % SPEAKERS.len()])
    }

    /// The line between panes and under titles.
    pub fn rule(&self) -> &'static str {
        if self.look.unicode { "─" } else { "-" }
    }

    /// The line between columns.
    pub fn column(&self) -> &'static str {
        if self.look.unicode { "│" } else { "|" }
    }

    /// Counts as bars, the greatest at full height.
    pub fn levels(&self, counts: &[u64]) -> String {
        let most = counts.iter().copied().max().unwrap_or(0).max(1);
        counts.iter().map(|count| self.level((count * 8).div_ceil(most) as usize)).collect()
    }

    /// A bar of height `level` of eight, one row high.
    pub fn level(&self, level: usize) -> char {
        const UNICODE: [char; 9] = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
        const ASCII: [char; 9] = [' ', '.', '.', ':', ':', '-', '=', '#', '#'];
        let levels = if self.look.unicode { UNICODE } else { ASCII };
        levels[level.min(8)]
    }
}
