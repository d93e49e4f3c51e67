//! Quotes that stand twice in an article: pull quotes, captions and headings repeat the words without who said them.
//!
//! In: a [`Reading`] and the links of its runs. Out: the links, where a run without a speaker repeats one that has one. Must not
//! take over a speaker for a few words that anybody might say.

use std::collections::HashMap;

use super::direct::Link;
use super::reading::Reading;

/// Fewest words that are taken for the same utterance.
const FEWEST_WORDS: usize = 5;

/// Gives runs without a speaker the source of the run they repeat.
pub(super) fn speakers(reading: &Reading<'_>, links: &mut [Link]) {
    let speakerless = |link: &Link| link.spoken && link.source.is_none() && link.continues.is_none();
    if !links.iter().any(speakerless) {
        return;
    }
    let mut spoken: HashMap<Vec<String>, usize> = HashMap::new();
    for (run, link) in links.iter().enumerate() {
        if link.source.is_some()
            && let Some(words) = opening(reading, run)
        {
            spoken.entry(words).or_insert(run);
        }
    }
    for run in 0..links.len() {
        if !speakerless(&links[run]) {
            continue;
        }
        let twin = opening(reading, run).and_then(|words| spoken.get(&words)).copied();
        if let Some(twin) = twin {
            links[run] = Link { source: links[twin].source, rule: "repeat", ..links[run] };
        }
    }
}

/// The first words of a run, in lower case and without marks; `None` where it has too few.
fn opening(reading: &Reading<'_>, run: usize) -> Option<Vec<String>> {
    let text = reading.runs[run].first().inner.of(reading.body);
    let words = text.split_whitespace().map(|word| {
        word.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>()
    });
    let words: Vec<String> = words.filter(|word| !word.is_empty()).take(FEWEST_WORDS).collect();
    (words.len() == FEWEST_WORDS).then_some(words)
}
