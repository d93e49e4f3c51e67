//! The body of an article from a structured export: paragraphs, little or no furniture.
//!
//! In: the text. Out: its paragraphs as they are. Only lines that can be nothing but furniture are cut: what an export calls
//! the body is believed, and no heuristic about neighbours or length is used here.

use super::BlockTrace;
use super::fields::Reading;
use super::furniture::has_attributed_quote;
use super::lines::{self, Line};
use crate::lexicon::Lexicon;
use crate::lexicon::furniture::Scope;

/// Rules whose lines are furniture in an export too.
const STRICT_RULES: &[&str] = &["advertisement", "share-bar", "machine", "comment-mark"];

/// Reads the body of an export.
pub fn read(text: &str, lexicon: &Lexicon) -> Reading {
    let mut reading = Reading::default();
    for line in lines::read(text, lexicon) {
        let block = match rule(&line, lexicon) {
            Some(rule) => BlockTrace::cut(line.text, rule),
            None => BlockTrace::kept(line.text, line.n_words),
        };
        reading.blocks.push(block);
    }
    reading
}

/// The rule that cuts a line of an export's body.
pub fn rule(line: &Line<'_>, lexicon: &Lexicon) -> Option<String> {
    let hit = line.hit?;
    // One word ("Twitter.") may be an item of a list or the name of a source.
    let is_label = hit.is_whole
        && hit.scope == Scope::Line
        && STRICT_RULES.contains(&hit.rule)
        && (line.n_words > 1 || hit.rule == "advertisement");
    let is_cross_link = hit.rule == "cross-link" && hit.scope == Scope::Line && is_cross_link(line);
    let is_copyright = hit.rule == "copyright" && hit.scope == Scope::Line && hit.count >= 2;
    let is_cut = is_label || is_cross_link || is_copyright;
    (is_cut && !has_attributed_quote(line, lexicon)).then(|| hit.rule.to_owned())
}

/// "READ:", "RELATED:", "CLICK HERE TO": in capitals before a title, or a whole line in capitals.
fn is_cross_link(line: &Line<'_>) -> bool {
    let label = line.text.split([':', '|']).next().unwrap_or("");
    let is_label =
        label.len() < line.text.len() && label.len() <= 24 && !label.chars().any(char::is_lowercase);
    !line.is_paragraph() && (is_label || line.is_caps)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, is_kept: bool) {
        let reading = read(line, Lexicon::embedded());
        assert_eq!(reading.blocks[0].is_kept, is_kept, "{line}: {}", reading.blocks[0].why);
    }

    #[test]
    fn believes_the_export() {
        for line in [
            "Video",
            "Read the rest here.",
            "Comments from the board were brief.",
            "Related: a short history",
            "A pull quote",
            "2",
            "___",
        ] {
            check(line, true);
        }
        for line in [
            "READ: Council Delays Vote On Harbour Fee",
            "Advertisement",
            "CLICK HERE TO GET THE ELLERY APP",
            "Share this article",
        ] {
            check(line, false);
        }
    }
}
