//! The cuts of one utterance: in a line under a hit, side by side, and as values.
//!
//! In: a [`Family`]. Out: who carried the words, who first, and what each cut left out of the longest.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::counted;
use super::style::{Style, wrap};
use crate::model::search::{Family, FamilyCut, SearchResponse};
use crate::text::sanitize;

/// Cuts named in one line.
const NAMED: usize = 6;

/// One line for a hit whose quote is `id`: `carried by 3 outlets, first A 2031-03-14; also B 2031-03-15 (shorter), ...`.
pub fn line(family: &Family, id: &str) -> String {
    let mut outlets: Vec<Option<&str>> = family.cuts.iter().map(|cut| cut.outlet.as_deref()).collect();
    outlets.sort_unstable();
    outlets.dedup();
    let own = family.cuts.iter().find(|cut| cut.id == id);
    let own_words = own.map_or(0, |cut| n_words(&cut.text));
    let others: Vec<&FamilyCut> = family.cuts.iter().filter(|cut| cut.id != id).collect();
    let mut named: Vec<String> = Vec::new();
    for cut in others.iter().take(NAMED) {
        let mut remarks: Vec<String> = Vec::new();
        match n_words(&cut.text).cmp(&own_words) {
            std::cmp::Ordering::Less => remarks.push("shorter".to_owned()),
            std::cmp::Ordering::Greater => remarks.push("longer".to_owned()),
            std::cmp::Ordering::Equal => {}
        }
        if own.is_some_and(|own| own.speaker != cut.speaker) {
            remarks.push(
                cut.speaker
                    .as_deref()
                    .map_or("no speaker named".to_owned(), |name| format!("said by {name}")),
            );
        }
        let remarks = if remarks.is_empty() { String::new() } else { format!(" ({})", remarks.join(", ")) };
        named.push(format!("{}{remarks}", place(cut)));
    }
    if others.len() > NAMED {
        named.push(format!("and {} more", others.len() - NAMED));
    }
    let first = match family.cuts.first() {
        Some(cut) if cut.id == id => "first here".to_owned(),
        Some(cut) if cut.date.is_some() => format!("first {}", place(cut)),
        _ => "none dated".to_owned(),
    };
    let text =
        format!("carried by {}, {first}; also {}", counted(outlets.len() as u64, "outlet"), named.join(", "));
    sanitize(&text).into_owned()
}

fn place(cut: &FamilyCut) -> String {
    let day = cut.date.map_or_else(|| "undated".to_owned(), |day| day.to_string());
    format!("{} {day}", cut.outlet.as_deref().unwrap_or("no outlet"))
}

fn n_words(text: &str) -> usize {
    text.split_whitespace().filter(|word| word.contains(char::is_alphanumeric)).count()
}

/// The family as a JSON object: `cuts` from first to last, each with what it left out of the longest; `outlets` in the
/// order they carried it; `first`, `null` when none is dated; `complete`.
pub fn value(family: &Family) -> Value {
    let longest = longest(family);
    let mut outlets: Vec<&str> = Vec::new();
    for outlet in family.cuts.iter().filter_map(|cut| cut.outlet.as_deref()) {
        if !outlets.contains(&outlet) {
            outlets.push(outlet);
        }
    }
    let cuts: Vec<Value> = family
        .cuts
        .iter()
        .map(|cut| {
            json!({
                "id": cut.id,
                "article_id": cut.article_id,
                "outlet": cut.outlet,
                "date": cut.date.map(|day| day.to_string()),
                "speaker": cut.speaker,
                "text": cut.text,
                "left_out": left_out(longest, &cut.text),
            })
        })
        .collect();
    let first = family.cuts.first().filter(|cut| cut.date.is_some()).map(
        |cut| json!({ "id": cut.id, "outlet": cut.outlet, "date": cut.date.map(|day| day.to_string()) }),
    );
    json!({ "n_cuts": cuts.len(), "outlets": outlets, "first": first, "cuts": cuts, "complete": family.complete })
}

/// The cuts of each quote of `response`, below each other: who carried it, when, and what each left out.
///
/// # Errors
/// Those of the writer.
pub fn write(out: &mut dyn Write, response: &SearchResponse, style: &Style) -> io::Result<()> {
    let width = if style.width == 0 { 0 } else { style.width.saturating_sub(6).max(20) };
    for hit in &response.hits {
        let Some(quote) = &hit.quote else { continue };
        // Where one outlet does not name the speaker, another may.
        let named = hit.family.iter().flat_map(|family| &family.cuts).find_map(|cut| cut.speaker.as_deref());
        let speaker = quote.speaker.as_deref().or(named);
        let shown = speaker.unwrap_or("no named speaker");
        writeln!(out, "{:>3} {}", hit.rank, style.speaker(&sanitize(shown)))?;
        let alone;
        let family = match &hit.family {
            Some(family) => family,
            None => {
                alone = Family {
                    cuts: vec![FamilyCut {
                        id: quote.id.clone(),
                        article_id: quote.article_id.clone(),
                        outlet: hit.article.outlet.clone(),
                        date: hit.article.date,
                        speaker: quote.speaker.clone(),
                        text: quote.text.clone(),
                        quoted: quote.quoted().0,
                    }],
                    complete: true,
                };
                &alone
            }
        };
        let longest = longest(family);
        for cut in &family.cuts {
            let day = cut.date.map_or_else(|| "undated".to_owned(), |day| day.to_string());
            let mut parts = vec![day, cut.outlet.clone().unwrap_or_else(|| "no outlet".to_owned())];
            if cut.speaker.as_deref() != speaker {
                parts.push(cut.speaker.clone().unwrap_or_else(|| "no named speaker".to_owned()));
            }
            parts.push(cut.id.clone());
            writeln!(out, "    {}", style.dim(&sanitize(&parts.join("  "))))?;
            for line in wrap(&cut.quoted, width) {
                writeln!(out, "      {}", sanitize(line.of(&cut.quoted)))?;
            }
            let left = left_out(longest, &cut.text);
            if !left.is_empty() {
                let left = format!("left out: {}", left.join(" [...] "));
                for line in wrap(&left, width) {
                    writeln!(out, "      {}", style.dim(&sanitize(line.of(&left))))?;
                }
            }
        }
        if !family.complete {
            writeln!(out, "    {}", style.dim("more outlets carry these words than were compared"))?;
        }
        writeln!(out)?;
    }
    Ok(())
}

/// What each cut left out of the longest, in the order of the cuts.
pub fn left_out_by(family: &Family) -> Vec<Vec<String>> {
    let longest = longest(family);
    family.cuts.iter().map(|cut| left_out(longest, &cut.text)).collect()
}

/// The wording with most words; the first of several.
fn longest(family: &Family) -> &str {
    let mut longest = "";
    for cut in &family.cuts {
        if n_words(&cut.text) > n_words(longest) {
            longest = &cut.text;
        }
    }
    longest
}

/// Runs of words of `longest` that `text` does not have, by the longest common subsequence of words.
fn left_out(longest: &str, text: &str) -> Vec<String> {
    const MOST_WORDS: usize = 600;
    let plain =
        |word: &&str| crate::text::fold(word.trim_matches(|c: char| !c.is_alphanumeric())).into_owned();
    let all: Vec<&str> = longest.split_whitespace().take(MOST_WORDS).collect();
    let (a, b): (Vec<String>, Vec<String>) = (
        all.iter().map(plain).collect(),
        text.split_whitespace().take(MOST_WORDS).map(|w| plain(&w)).collect(),
    );
    let mut table = vec![vec![0u16; b.len() + 1]; a.len() + 1];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            table[i][j] =
                if a[i] == b[j] { table[i + 1][j + 1] + 1 } else { table[i + 1][j].max(table[i][j + 1]) };
        }
    }
    let mut runs: Vec<String> = Vec::new();
    let (mut i, mut j, mut open) = (0, 0, false);
    while i < a.len() {
        if j < b.len() && a[i] == b[j] {
            (i, j, open) = (i + 1, j + 1, false);
        } else if j < b.len() && table[i][j + 1] > table[i + 1][j] {
            j += 1;
        } else {
            match runs.last_mut().filter(|_| open) {
                Some(run) => {
                    run.push(' ');
                    run.push_str(all[i]);
                }
                None => runs.push(all[i].to_owned()),
            }
            (i, open) = (i + 1, true);
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(id: &str, outlet: &str, day: i8, speaker: Option<&str>, text: &str) -> FamilyCut {
        FamilyCut {
            id: id.into(),
            article_id: "a".into(),
            outlet: Some(outlet.into()),
            date: (day > 0).then(|| jiff::civil::date(2031, 3, day)),
            speaker: speaker.map(str::to_owned),
            text: text.into(),
            quoted: format!("\"{text}\""),
        }
    }

    #[test]
    fn names_who_carried_it_and_how() {
        let cuts = vec![
            cut("1", "Wire", 14, Some("Ada Moreau"), "pay twice for water"),
            cut("2", "Ledger", 15, Some("Ada Moreau"), "nobody will pay twice for water"),
            cut("3", "Ledger", 0, None, "pay twice for water"),
        ];
        let family = Family { cuts, complete: true };
        assert_eq!(
            line(&family, "2"),
            "carried by 2 outlets, first Wire 2031-03-14; also Wire 2031-03-14 (shorter), \
             Ledger undated (shorter, no speaker named)"
        );
        assert!(
            line(&family, "1")
                .starts_with("carried by 2 outlets, first here; also Ledger 2031-03-15 (longer)")
        );
        let value = value(&family);
        assert_eq!(value["outlets"], json!(["Wire", "Ledger"]));
        assert_eq!(value["first"]["id"], "1");
        assert_eq!(value["cuts"][0]["left_out"], json!(["nobody will"]));
    }

    #[test]
    fn says_what_a_shorter_form_left_out() {
        let long = "We will act now, and we will act together, whatever it costs.";
        assert_eq!(left_out(long, "We will act together, whatever it costs."), ["now, and we will act"]);
        assert_eq!(left_out(long, "We will act now"), ["and we will act together, whatever it costs."]);
        assert!(left_out(long, long).is_empty());
    }
}
