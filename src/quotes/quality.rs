//! Measures who speaks in invented articles and holds the result against pinned floors; no news text is needed for it.

use serde::Deserialize;

use crate::lexicon::Lexicon;
use crate::model::{Article, Quote, QuoteKind, Span};

const ARTICLES: &str = include_str!("../../tests/quality/articles.txt");
const FLOORS: &str = include_str!("../../tests/quality/floors.toml");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Floors {
    found: f64,
    full_name: f64,
    wrong_name_at_most: f64,
}

fn article(text: &str) -> Article {
    let (headline, body) = text.trim().split_once("\n\n").expect("a headline, a blank line, a body");
    let mut paragraphs = Vec::new();
    let mut at = 0;
    for paragraph in body.split("\n\n") {
        paragraphs.push(Span::new(at, at + paragraph.len()));
        at += paragraph.len() + 2;
    }
    Article {
        headline: Some(headline.to_owned()),
        body: body.to_owned(),
        paragraphs,
        date: "2025-03-05".parse().ok(),
        ..Article::default()
    }
}

/// One listed quote against what was found.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Missed,
    Right,
    Unnamed,
    Wrong,
}

fn outcome(quotes: &[Quote], body: &str, begins: &str, speakers: &str) -> Outcome {
    let begins_so = |quote: &&Quote| {
        quote.kind != QuoteKind::Indirect && quote.content[0].of(body).trim_start().starts_with(begins)
    };
    let Some(quote) = quotes.iter().find(begins_so) else { return Outcome::Missed };
    let named = quote.speaker.as_deref().unwrap_or("-");
    match named {
        named if speakers.split('|').any(|right| right == named) => Outcome::Right,
        "-" => Outcome::Unnamed,
        _ => Outcome::Wrong,
    }
}

#[test]
fn speakers_reach_the_floors() {
    let floors: Floors = toml::from_str(FLOORS).expect("floors.toml is well-formed");
    let mut outcomes = Vec::new();
    let mut report = String::new();
    for part in ARTICLES.split("\n====\n").skip(1) {
        let (text, listed) = part.split_once("\n----\n").expect("an article and its quotes");
        let article = article(text);
        let quotes = super::find(&article, Lexicon::embedded());
        for line in listed.lines().filter(|line| !line.is_empty()) {
            let (begins, speakers) = line.split_once('\t').expect("first words, a tab, the speaker");
            let outcome = outcome(&quotes, &article.body, begins, speakers);
            outcomes.push(outcome);
            if outcome != Outcome::Right {
                report.push_str(&format!("  {begins}: wanted {speakers}\n"));
            }
        }
        for quote in &quotes {
            assert!(quote.speaker.as_deref().is_none_or(|name| !name.chars().any(char::is_control)));
        }
    }
    let share = |wanted: &[Outcome], of: &[Outcome]| {
        let n = |kinds: &[Outcome]| outcomes.iter().filter(|outcome| kinds.contains(outcome)).count();
        n(wanted) as f64 / n(of).max(1) as f64
    };
    let hit = [Outcome::Right, Outcome::Unnamed, Outcome::Wrong];
    let all = [Outcome::Missed, Outcome::Right, Outcome::Unnamed, Outcome::Wrong];
    let found = share(&hit, &all);
    let full_name = share(&[Outcome::Right], &hit);
    let wrong = share(&[Outcome::Wrong], &hit);
    let measured = format!(
        "{} quotes: found {found:.3}, full name {full_name:.3}, wrong name {wrong:.3}; not right:\n{report}",
        outcomes.len()
    );
    assert!(found >= floors.found, "{measured}");
    assert!(full_name >= floors.full_name, "{measured}");
    assert!(wrong <= floors.wrong_name_at_most, "{measured}");
}
