//! One article for reading: its head, its paragraphs with quotes marked by speaker, and the list of quotes.

use std::io::{self, Write};

use super::cite::long_date;
use super::style::{Style, wrap};
use crate::model::search::StoredArticle;
use crate::model::{Quote, QuoteKind};
use crate::text::sanitize;

/// Letters that stand for speakers in the margin, in order of first quote; `?` is an unnamed one.
pub fn legend(quotes: &[Quote]) -> Vec<(char, String, usize)> {
    let mut legend: Vec<(char, String, usize)> = Vec::new();
    let mut unnamed = 0;
    for quote in quotes.iter().filter(|quote| quote.kind != QuoteKind::Indirect) {
        let Some(speaker) = &quote.speaker else {
            unnamed += 1;
            continue;
        };
        match legend.iter_mut().find(|(_, name, _)| name == speaker) {
            Some((_, _, n_quotes)) => *n_quotes += 1,
            None => legend.push((letter(legend.len()), speaker.clone(), 1)),
        }
    }
    if unnamed > 0 {
        legend.push(('?', "no named speaker".to_owned(), unnamed));
    }
    legend
}

fn letter(idx: usize) -> char {
    let letters: Vec<char> = ('A'..='Z').chain('a'..='z').collect();
    letters[idx % letters.len()]
}

/// Writes the article. `furniture` shows what was cut from the page below it.
///
/// # Errors
/// Those of the writer.
pub fn write(out: &mut dyn Write, stored: &StoredArticle, furniture: bool, style: &Style) -> io::Result<()> {
    let article = &stored.article;
    let width = if style.width == 0 { 0 } else { style.width.clamp(30, 100).saturating_sub(3) };
    for line in wrapped(article.headline.as_deref().unwrap_or("(no headline)"), width) {
        writeln!(out, "{}", style.bold(&line))?;
    }
    for line in article.standfirst.iter().flat_map(|deck| wrapped(deck, width)) {
        writeln!(out, "{line}")?;
    }
    let mut about = Vec::new();
    if !article.authors.is_empty() {
        about.push(format!("By {}", article.authors.join(", ")));
    }
    about.push(article.outlet.clone().unwrap_or_else(|| "no outlet".to_owned()));
    about.push(article.date.map_or_else(
        || "undated".to_owned(),
        |day| {
            let inferred =
                if article.date_method == crate::model::DateMethod::Inferred { " (inferred)" } else { "" };
            format!("{}{inferred}", long_date(day))
        },
    ));
    writeln!(out, "{}", style.dim(&sanitize(&about.join(", "))))?;
    if let Some(url) = &article.url {
        writeln!(out, "{}", style.dim(&style.link(url, url)))?;
    }
    writeln!(out, "{}\n", style.dim(&sanitize(&format!("{}  {}", article.id, article.source))))?;

    let legend = legend(&stored.quotes);
    for paragraph in &article.paragraphs {
        let text = paragraph.of(&article.body);
        for line in wrap(text, width) {
            let (start, end) = (paragraph.start + line.start, paragraph.start + line.end);
            let said = stored.quotes.iter().find(|quote| {
                quote.kind != QuoteKind::Indirect
                    && quote.content.iter().any(|span| span.start < end && start < span.end)
            });
            let mark = said.map_or(' ', |quote| mark_of(&legend, quote));
            let gutter = if mark == ' ' { "   ".to_owned() } else { style.speaker(&format!("{mark}| ")) };
            writeln!(out, "{gutter}{}", sanitize(line.of(text)))?;
        }
        writeln!(out)?;
    }
    if !legend.is_empty() {
        writeln!(out, "{}", style.bold("Speakers"))?;
        for (letter, name, n_quotes) in &legend {
            let noun = if *n_quotes == 1 { "quote" } else { "quotes" };
            writeln!(out, "{} {}, {n_quotes} {noun}", style.speaker(&format!("{letter}|")), sanitize(name))?;
        }
    }
    for place in &stored.also_at {
        writeln!(out, "{}", style.dim(&format!("also at {}", sanitize(place))))?;
    }
    if furniture && !article.furniture.is_empty() {
        writeln!(out, "\n{}", style.bold("Cut from the page"))?;
        for line in &article.furniture {
            writeln!(out, "{}", style.dim(&format!("{:<16} {}", line.rule, sanitize(&line.text))))?;
        }
    }
    Ok(())
}

fn mark_of(legend: &[(char, String, usize)], quote: &Quote) -> char {
    let found = quote.speaker.as_ref().and_then(|speaker| legend.iter().find(|(_, name, _)| name == speaker));
    found.map_or('?', |(letter, _, _)| *letter)
}

fn wrapped(text: &str, width: usize) -> Vec<String> {
    wrap(text, width).into_iter().map(|line| sanitize(line.of(text)).into_owned()).collect()
}
