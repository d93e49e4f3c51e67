//! What people see on a terminal: hits with snippets, quotes with speakers, facets.

use std::io::{self, Write};

use unicode_width::UnicodeWidthStr;

use super::record::shown_date;
use super::style::{Style, marks_on, pad, wrap};
use super::{counted, grouped};
use crate::model::Span;
use crate::model::search::{
    DocKind, FacetCounts, FacetField, Hit, Matched, QuoteRecord, SearchResponse, Snippet,
};
use crate::text::sanitize;

const INDENT: &str = "    ";

/// The whole answer: what was found, the page of hits, the facets.
///
/// # Errors
/// Those of the writer.
pub fn write(out: &mut dyn Write, kind: DocKind, response: &SearchResponse, style: &Style) -> io::Result<()> {
    writeln!(out, "{}", headline(kind, response, style))?;
    let mut said_most = false;
    for hit in &response.hits {
        if matches!(hit.matched, Matched::Most { .. }) && !said_most {
            said_most = true;
            writeln!(out, "\n{}", style.dim("-- not all words; best with most of them (never counted) --"))?;
        }
        writeln!(out)?;
        match &hit.quote {
            Some(quote) => quote_hit(out, hit, quote, style)?,
            None => article_hit(out, hit, style)?,
        }
    }
    facets(out, &response.facets, style)
}

fn headline(kind: DocKind, response: &SearchResponse, style: &Style) -> String {
    let noun = match kind {
        DocKind::Article => "article",
        DocKind::Quote => "quote",
    };
    let total = response.total;
    let verb = if total == 1 { "matches" } else { "match" };
    let mut text = format!("{} {verb}", counted(total, noun));
    let mut matches = response.hits.iter().filter(|hit| hit.matched == Matched::All);
    let folded: usize = matches.clone().map(|hit| hit.copies.len()).sum();
    if let (Some(first), Some(last)) = (matches.clone().next(), matches.next_back())
        && (last.rank - first.rank + 1 + folded) as u64 != total
    {
        text.push_str(&format!(", showing {}-{}", grouped(first.rank as u64), grouped(last.rank as u64)));
    }
    if folded > 0 {
        text.push_str(&format!(
            ", {} of them folded under {}",
            grouped(folded as u64),
            if folded == 1 { "another" } else { "others" }
        ));
    }
    if response.undated > 0 {
        text.push_str(&format!(", {} undated", grouped(response.undated)));
    }
    style.bold(&text)
}

fn article_hit(out: &mut dyn Write, hit: &Hit, style: &Style) -> io::Result<()> {
    let head = &hit.article;
    let mut parts = vec![shown_date(head), outlet_of(hit)];
    if head.n_quotes > 0 {
        parts.push(counted(u64::from(head.n_quotes), "quote"));
    }
    writeln!(out, "{:>3} {}", hit.rank, style.dim(&parts.join("  ")))?;
    let title = head.headline.as_deref().unwrap_or("(no headline)");
    let in_title = hit.snippets.iter().find(|s| s.field == crate::model::search::SnippetField::Headline);
    let marks: &[Span] = in_title.filter(|s| s.text == title).map_or(&[], |s| &s.marks);
    for line in wrap(title, text_width(style)) {
        let text = style.marked(line.of(title), &marks_on(line, marks));
        writeln!(out, "{INDENT}{}", if marks.is_empty() { style.bold(&text) } else { text })?;
    }
    for snippet in &hit.snippets {
        if snippet.field != crate::model::search::SnippetField::Headline {
            write_snippet(out, snippet, style)?;
        }
    }
    footer(out, hit, &head.id, style)
}

fn write_snippet(out: &mut dyn Write, snippet: &Snippet, style: &Style) -> io::Result<()> {
    block(out, &snippet.text, &snippet.marks, style)?;
    if let Some(speaker) = &snippet.speaker {
        writeln!(out, "{INDENT}  - {}", style.speaker(&sanitize(speaker)))?;
    }
    Ok(())
}

fn quote_hit(out: &mut dyn Write, hit: &Hit, quote: &QuoteRecord, style: &Style) -> io::Result<()> {
    let speaker = match (&quote.speaker, &quote.speaker_as_written) {
        (Some(name), _) => style.speaker(&sanitize(name)),
        (None, Some(written)) => format!("unnamed ({})", sanitize(written)),
        (None, None) => "no named speaker".to_owned(),
    };
    let mut about = Vec::new();
    about.extend(quote.role.as_ref().map(|role| sanitize(role).into_owned()));
    about.extend(quote.via.as_ref().map(|via| format!("via {}", sanitize(via))));
    let about = if about.is_empty() { String::new() } else { format!(" ({})", about.join(", ")) };
    writeln!(out, "{:>3} {speaker}{about}", hit.rank)?;
    let (text, marks) = quote.quoted();
    block(out, &text, &marks, style)?;
    let title = hit.article.headline.as_deref().unwrap_or("(no headline)");
    let source = [shown_date(&hit.article), outlet_of(hit), sanitize(title).into_owned()].join("  ");
    let room = if style.width == 0 { usize::MAX } else { text_width(style) };
    writeln!(out, "{INDENT}{}", style.dim(&super::style::fit(&source, room)))?;
    footer(out, hit, &quote.id, style)
}

fn footer(out: &mut dyn Write, hit: &Hit, id: &str, style: &Style) -> io::Result<()> {
    if let Matched::Most { missing } = &hit.matched {
        writeln!(out, "{INDENT}{}", style.dim(&format!("without: {}", sanitize(&missing.join(", ")))))?;
    }
    if let Some(family) = &hit.family {
        let text = super::variants::line(family, id);
        for line in wrap(&text, text_width(style)) {
            writeln!(out, "{INDENT}{}", style.dim(line.of(&text)))?;
        }
    } else if !hit.copies.is_empty() {
        let list: Vec<String> = hit
            .copies
            .iter()
            .map(|copy| {
                let outlet = copy.outlet.as_deref().unwrap_or("no outlet");
                let day = copy.date.map_or_else(|| "undated".to_owned(), |day| day.to_string());
                format!("{} {day}", sanitize(outlet))
            })
            .collect();
        let noun = if list.len() == 1 { "copy" } else { "copies" };
        let text = format!("and {} {noun}: {}", list.len(), list.join(", "));
        for line in wrap(&text, text_width(style)) {
            writeln!(out, "{INDENT}{}", style.dim(line.of(&text)))?;
        }
    }
    for line in &hit.explain {
        // Its own indent stays before each of its lines.
        let (text, own) = (sanitize(line.trim_start()), line.len() - line.trim_start().len());
        let width = match text_width(style) {
            0 => 0,
            width => width.saturating_sub(own).max(20),
        };
        for part in wrap(&text, width) {
            writeln!(out, "{INDENT}{}{}", " ".repeat(own), style.dim(part.of(&text)))?;
        }
    }
    let place = match &hit.article.url {
        Some(url) => style.link(url, url),
        None => sanitize(&hit.article.path).into_owned(),
    };
    writeln!(out, "{INDENT}{}", style.dim(&format!("{id}  {place}")))
}

/// `text` wrapped and indented, with its matches shown.
fn block(out: &mut dyn Write, text: &str, marks: &[Span], style: &Style) -> io::Result<()> {
    for line in wrap(text, text_width(style)) {
        writeln!(out, "{INDENT}{}", style.marked(line.of(text), &marks_on(line, marks)))?;
    }
    Ok(())
}

/// Columns left for text after the indent; 0 when lines are not wrapped.
fn text_width(style: &Style) -> usize {
    if style.width == 0 { 0 } else { style.width.saturating_sub(INDENT.len()).max(20) }
}

fn outlet_of(hit: &Hit) -> String {
    sanitize(hit.article.outlet.as_deref().unwrap_or("no outlet")).into_owned()
}

/// Facet counts, one block a field.
///
/// # Errors
/// Those of the writer.
pub fn facets(out: &mut dyn Write, facets: &[FacetCounts], style: &Style) -> io::Result<()> {
    for facet in facets {
        writeln!(out)?;
        let shown = facet.values.iter().filter(|value| value.value.is_some()).count();
        let mut title = facet.field.name().to_owned();
        if facet.n_values > shown {
            title = format!("{title}  ({shown} of {})", grouped(facet.n_values as u64));
        }
        writeln!(out, "{}", style.bold(&title))?;
        let names: Vec<String> =
            facet.values.iter().map(|value| value_name(facet.field, value.value.as_deref())).collect();
        let widest = names.iter().map(|name| name.width()).max().unwrap_or(0);
        let width = widest.min(style.width.max(40).saturating_sub(14));
        for (name, value) in names.iter().zip(&facet.values) {
            writeln!(out, "  {}  {:>7}", pad(name, width), grouped(value.count))?;
        }
    }
    Ok(())
}

/// How a facet value is shown; `None` says what is lacking.
pub fn value_name(field: FacetField, value: Option<&str>) -> String {
    value.map_or_else(|| field.without().to_owned(), |value| sanitize(value).into_owned())
}
