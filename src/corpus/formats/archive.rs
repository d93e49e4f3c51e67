//! Plain-text exports of press archives, many articles in one file: LexisNexis and Nexis Uni, Factiva, ProQuest.
//!
//! In: one file. Out: its articles with the headline, outlet, date and byline that the export gives each, and a rejection for
//! every article that is announced and cannot be found: none is lost in silence. How the exports are laid out stands beside
//! each reader below; whatever they call a field, the words stay as they are.

use super::super::input::Input;
use super::super::keys::Field;
use super::archive_fields::{ArchiveFields, Meaning, Standing};
use super::{Item, Origin, RecordReader, text};
use crate::model::{GivenFields, Notice, NoticeKind, Payload, RawArticle, Rejection, RejectionReason};
use crate::text::month::MONTHS;

/// Whose export a file is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Archive {
    /// "3 of 20 DOCUMENTS" above each article.
    Lexis,
    /// "End of Document" below each article.
    NexisUni,
    /// Two capitals at the start of each field.
    Factiva,
    /// A rule between articles, "Title:" and "Full text:" in each.
    ProQuest,
}

/// Whether a file that begins with `start` is such an export.
pub(crate) fn is_export(start: &[u8]) -> bool {
    archive_of(&String::from_utf8_lossy(start)).is_some()
}

fn archive_of(text: &str) -> Option<Archive> {
    let lines = || text.lines().map(str::trim_end);
    if lines().any(|line| counted(line).is_some()) && lines().any(|line| line.starts_with("LENGTH:")) {
        return Some(Archive::Lexis);
    }
    let has = |start: &str| lines().any(|line| line.trim_start().starts_with(start));
    if has("Body") && has("Length: ") && (has("End of Document") || has("Load-Date: ")) {
        return Some(Archive::NexisUni);
    }
    let factiva = &ArchiveFields::embedded().factiva;
    let mut sure = factiva.iter().filter(|name| name.standing == Standing::Sure);
    if sure.all(|code| lines().any(|line| field_of(line, code.name).is_some())) {
        return Some(Archive::Factiva);
    }
    (lines().any(is_rule) && has("Title: ") && (has("Publication title: ") || has("Full text: ")))
        .then_some(Archive::ProQuest)
}

/// The articles of one export.
pub(crate) struct ArchiveReader(std::vec::IntoIter<Item>);

impl ArchiveReader {
    /// Reads the whole file.
    ///
    /// # Errors
    /// As [`text::read_page`].
    pub(crate) fn new(input: Input, origin: &Origin) -> Result<Self, Rejection> {
        let (content, mut notices) = text::whole(input, origin, false)?;
        let archive = archive_of(&content).unwrap_or(Archive::NexisUni);
        let (records, announced) = match archive {
            Archive::Lexis => lexis(&content),
            Archive::NexisUni => nexis_uni(&content),
            Archive::Factiva => (factiva(&content), None),
            Archive::ProQuest => (proquest(&content), None),
        };
        let n_found = records.len();
        let mut items: Vec<Item> = Vec::with_capacity(n_found);
        for (idx, record) in records.into_iter().enumerate() {
            let number = Some(idx as u64 + 1);
            items.push(match record.into_article(origin, number, std::mem::take(&mut notices)) {
                Ok(article) => Item::Article(Box::new(article)),
                Err(rejection) => Item::Rejected(rejection),
            });
        }
        if let Some(announced) = announced.filter(|announced| *announced != n_found) {
            let message = format!("the export says that it holds {announced} articles, {n_found} were found");
            items.push(Item::Rejected(origin.reject(None, RejectionReason::Malformed, message)));
        }
        Ok(ArchiveReader(items.into_iter()))
    }
}

impl RecordReader for ArchiveReader {
    fn next_item(&mut self) -> Option<Item> {
        self.0.next()
    }
}

/// What was found of one article.
#[derive(Default)]
struct Record {
    fields: GivenFields,
    body: String,
    /// Words, as the export counts them.
    words: Option<usize>,
}

impl Record {
    fn into_article(
        self,
        origin: &Origin,
        number: Option<u64>,
        mut notices: Vec<Notice>,
    ) -> Result<RawArticle, Rejection> {
        if self.body.trim().is_empty() {
            let headline = self.fields.headline.unwrap_or_default();
            let message = format!("no text was found below `{headline}`");
            return Err(origin.reject(number, RejectionReason::NoText, message));
        }
        let n_words = self.body.split_whitespace().count();
        if let Some(words) = self.words.filter(|words| n_words * 3 < words * 2) {
            let message = format!("the export counts {words} words, {n_words} were found");
            notices.push(Notice::new(NoticeKind::Truncated, message));
        }
        let payload = Payload::Body(self.body.trim().to_owned());
        Ok(RawArticle { source: origin.at(number), payload, fields: self.fields, notices })
    }

    /// Takes the value of a field by the name it has in LexisNexis exports, in any case. Whether the name is known.
    fn take(&mut self, name: &str, value: &str) -> bool {
        let (name, value) = (name.to_ascii_uppercase(), value.trim());
        let known = &ArchiveFields::embedded().lexis;
        let Some(known) = known.iter().find(|known| known.name == name) else { return false };
        match known.meaning {
            Meaning::Words => self.words = word_count(value),
            Meaning::Field(Field::Author) => self.fields.authors = vec![value.to_owned()],
            Meaning::Field(field) => {
                // The first section of several, the first language of several.
                let end = match field {
                    Field::Section => value.find(';'),
                    Field::Lang => value.find([';', ' ']),
                    _ => None,
                };
                if let Some(slot) = self.slot(field) {
                    *slot = Some(value[..end.unwrap_or(value.len())].trim().to_owned());
                }
            }
            Meaning::Nothing => {}
        }
        true
    }

    /// Where the text of a field goes; `None` for the body and for those that take a list.
    fn slot(&mut self, field: Field) -> Option<&mut Option<String>> {
        Some(match field {
            Field::Id => &mut self.fields.source_id,
            Field::Url => &mut self.fields.url,
            Field::Headline => &mut self.fields.headline,
            Field::Standfirst => &mut self.fields.standfirst,
            Field::Outlet => &mut self.fields.outlet,
            Field::Domain => &mut self.fields.domain,
            Field::Date => &mut self.fields.date,
            Field::Section => &mut self.fields.section,
            Field::Lang => &mut self.fields.lang,
            Field::Body | Field::Author => return None,
        })
    }

    fn push_body(&mut self, line: &str) {
        self.body.push_str(line);
        self.body.push('\n');
    }

    /// Headline, outlet and date from the lines above the fields: the outlet stands right above the date.
    fn take_head(&mut self, head: &[&str], headline_below: bool) {
        let head: Vec<&str> = head.iter().map(|line| line.trim()).filter(|line| !is_rights(line)).collect();
        let Some(at) = head.iter().rposition(|line| is_date(line)) else {
            self.fields.headline = self.fields.headline.take().or(head.last().map(|line| (*line).to_owned()));
            return;
        };
        self.fields.date = Some(head[at].to_owned());
        self.fields.outlet = at.checked_sub(1).map(|at| head[at].to_owned());
        let headline = match headline_below {
            true => head[at + 1..].join(" "),
            false => at.checked_sub(2).map_or(String::new(), |at| head[at].to_owned()),
        };
        if !headline.is_empty() {
            self.fields.headline.get_or_insert(headline);
        }
    }
}

/// "312 words", "1,204 words".
fn word_count(value: &str) -> Option<usize> {
    value.split(' ').next().and_then(|words| words.replace(',', "").parse().ok())
}

/// "3 of 20 DOCUMENTS": the second number.
fn counted(line: &str) -> Option<usize> {
    let mut words = line.split_whitespace();
    let (number, of, all, last) = (words.next()?, words.next()?, words.next()?, words.next()?);
    let is_mark = number.bytes().all(|byte| byte.is_ascii_digit())
        && of.eq_ignore_ascii_case("of")
        && last.eq_ignore_ascii_case("documents")
        && words.next().is_none();
    if is_mark { all.parse().ok() } else { None }
}

/// Above each article "3 of 20 DOCUMENTS"; then outlet, date and headline, each apart; fields in capitals ("LENGTH: 312
/// words"); the text; fields again.
fn lexis(content: &str) -> (Vec<Record>, Option<usize>) {
    let lines: Vec<&str> = content.lines().collect();
    let starts: Vec<usize> = (0..lines.len()).filter(|&idx| counted(lines[idx]).is_some()).collect();
    let announced = starts.first().and_then(|&idx| counted(lines[idx]));
    let mut records = Vec::with_capacity(starts.len());
    for (nth, &start) in starts.iter().enumerate() {
        let end = starts.get(nth + 1).copied().unwrap_or(lines.len());
        let mut record = Record::default();
        let (mut head, mut body): (Vec<&str>, Vec<&str>) = (Vec::new(), Vec::new());
        let mut has_length = false;
        let mut is_value = false;
        for &line in &lines[start + 1..end] {
            let name = line.split_once(':').filter(|(name, _)| is_capital_name(name));
            if let Some((name, value)) = name.filter(|(name, value)| record.take(name, value)) {
                has_length |= name == "LENGTH";
                is_value = !value.is_empty();
                continue;
            }
            // A long value goes on below its name.
            is_value &= !line.trim().is_empty();
            if is_value || is_rights(line) {
                continue;
            }
            let zone = if has_length { &mut body } else { &mut head };
            if has_length || !line.trim().is_empty() {
                zone.push(line);
            }
        }
        record.take_head(&head, true);
        record.body = body.join("\n");
        records.push(record);
    }
    (records, announced)
}

/// Headline, outlet and date on lines of their own, rights, "Length: 312 words" and other fields, a line "Body", the text,
/// a line "Classification" or "Load-Date: ...", and "End of Document".
fn nexis_uni(content: &str) -> (Vec<Record>, Option<usize>) {
    let mut records = Vec::new();
    let parts = content.split("End of Document");
    for part in parts.filter(|part| part.lines().any(|line| line.starts_with("Length: "))) {
        let mut record = Record::default();
        let (mut head, mut body): (Vec<&str>, Vec<&str>) = (Vec::new(), Vec::new());
        let mut is_body = false;
        for line in part.lines() {
            let plain = line.trim();
            let name = plain.split_once(": ").map(|(name, _)| name);
            if is_body {
                if plain == "Classification" || plain == "Graphic" || name == Some("Load-Date") {
                    break;
                }
                body.push(line);
            } else if plain == "Body" {
                is_body = true;
            } else if !plain.is_empty() {
                let field = plain.split_once(": ").filter(|(name, _)| !name.contains(' '));
                if !field.is_some_and(|(name, value)| record.take(name, value)) {
                    head.push(plain);
                }
            }
        }
        record.take_head(&head, false);
        record.body = body.join("\n");
        records.push(record);
    }
    (records, None)
}

/// The value on the line of field `code`: two or three capitals, then white space or nothing.
fn field_of<'l>(line: &'l str, code: &str) -> Option<&'l str> {
    let rest = line.trim_start().strip_prefix(code)?;
    (rest.is_empty() || rest.starts_with([' ', '\t'])).then(|| rest.trim())
}

/// Fields by code, each going on to the next; an article begins with its section or headline.
fn factiva(content: &str) -> Vec<Record> {
    let mut records: Vec<Record> = Vec::new();
    let mut meaning = Meaning::Nothing;
    for line in content.lines() {
        let field = ArchiveFields::embedded().factiva.iter().find_map(|code| {
            let value = field_of(line, code.name)?;
            // "IN the end": within a text only a code that stands apart begins a field.
            let rest = &line.trim_start()[code.name.len()..];
            let is_apart = value.is_empty() || rest.starts_with('\t') || rest.starts_with("  ");
            (is_apart || code.standing != Standing::Apart).then_some((code.meaning, value))
        });
        let value = match field {
            Some((found, value)) => {
                let is_headline = found == Meaning::Field(Field::Headline);
                let is_next = records.last().is_none_or(|record| {
                    !record.body.is_empty() || is_headline && record.fields.headline.is_some()
                });
                if (is_headline || found == Meaning::Field(Field::Section)) && is_next {
                    records.push(Record::default());
                }
                meaning = found;
                value
            }
            None => line.trim(),
        };
        let Some(record) = records.last_mut() else { continue };
        match meaning {
            Meaning::Field(Field::Body) => record.push_body(value),
            _ if value.is_empty() => {}
            Meaning::Field(Field::Author) => record.fields.authors.push(value.to_owned()),
            Meaning::Field(field) => match record.slot(field) {
                Some(Some(text)) => {
                    text.push(' ');
                    text.push_str(value);
                }
                Some(slot) => *slot = Some(value.trim_start_matches("Document ").to_owned()),
                None => {}
            },
            Meaning::Words => record.words = word_count(value),
            Meaning::Nothing => {}
        }
    }
    records
}

/// A line of underscores.
fn is_rule(line: &str) -> bool {
    let line = line.trim();
    line.len() >= 20 && line.bytes().all(|byte| byte == b'_')
}

/// Articles between rules; in each "Name: value", a value going on to the next name.
fn proquest(content: &str) -> Vec<Record> {
    let mut records = Vec::new();
    let lines: Vec<&str> = content.lines().collect();
    for part in lines.split(|line| is_rule(line)) {
        let mut record = Record::default();
        let mut meaning = Meaning::Nothing;
        let mut is_record = false;
        for line in part {
            let field = line.split_once(':').and_then(|(found, value)| {
                let known =
                    ArchiveFields::embedded().proquest.iter().find(|known| known.name == found.trim());
                known.map(|known| (known.meaning, value.trim()))
            });
            let value = field.map_or(line.trim(), |(found, value)| {
                (meaning, is_record) = (found, true);
                value
            });
            match meaning {
                Meaning::Field(Field::Body) => record.push_body(value),
                _ if value.is_empty() => {}
                Meaning::Field(Field::Author) => {
                    record.fields.authors.extend(value.split(';').map(first_name_first));
                }
                Meaning::Field(field) => {
                    if let Some(slot) = record.slot(field) {
                        slot.get_or_insert_with(|| value.to_owned());
                    }
                }
                Meaning::Words => record.words = word_count(value),
                Meaning::Nothing => {}
            }
        }
        if is_record {
            records.push(record);
        }
    }
    records
}

/// "Duarte, Ana" as "Ana Duarte".
fn first_name_first(name: &str) -> String {
    match name.trim().trim_end_matches('.').split_once(", ") {
        Some((last, first)) if !first.contains(',') => format!("{first} {last}"),
        _ => name.trim().to_owned(),
    }
}

fn is_capital_name(name: &str) -> bool {
    (3..=24).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'-')
}

fn is_rights(line: &str) -> bool {
    let line = line.trim().to_ascii_lowercase();
    line.starts_with("copyright ") || line.starts_with("all rights reserved") || line.starts_with('©')
}

/// "May 3, 2025 Saturday", "3 May 2025": a month and a year, and little else.
fn is_date(line: &str) -> bool {
    let words: Vec<String> = line
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    let is_year = |word: &String| word.len() == 4 && (word.starts_with("19") || word.starts_with("20"));
    words.len() <= 9
        && words.iter().any(|word| is_year(word) && word.bytes().all(|byte| byte.is_ascii_digit()))
        && words.iter().any(|word| {
            let start = word.get(..3).unwrap_or_default();
            MONTHS.iter().any(|month| month.get(..3) == Some(start))
        })
}

#[cfg(test)]
#[path = "archive_tests.rs"]
mod tests;
