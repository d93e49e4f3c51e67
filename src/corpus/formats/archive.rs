//! Plain-text exports of press archives, many articles in one file: LexisNexis and Nexis Uni, Factiva, ProQuest.
//!
//! In: one file. Out: its articles with the headline, outlet, date and byline that the export gives each, and a rejection for
//! every article that is announced and cannot be found: none is lost in silence. How the exports are laid out stands beside
//! each reader below; whatever they call a field, the words stay as they are.

use super::super::input::Input;
use super::{Item, Origin, RecordReader, text};
use crate::model::{GivenFields, Notice, NoticeKind, Payload, RawArticle, Rejection, RejectionReason};

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
    let n_codes =
        FACTIVA_SURE.iter().filter(|code| lines().any(|line| field_of(line, code).is_some())).count();
    if n_codes == FACTIVA_SURE.len() {
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
        let value = value.trim().to_owned();
        match name.to_ascii_uppercase().as_str() {
            "BYLINE" => self.fields.authors = vec![value],
            "SECTION" => {
                self.fields.section = value.split(';').next().map(|section| section.trim().to_owned())
            }
            "LENGTH" => {
                self.words = value.split(' ').next().and_then(|words| words.replace(',', "").parse().ok())
            }
            "HEADLINE" => self.fields.headline = Some(value),
            "HIGHLIGHT" => self.fields.standfirst = Some(value),
            "LANGUAGE" => self.fields.lang = value.split([';', ' ']).next().map(str::to_owned),
            "URL" => self.fields.url = Some(value),
            name => return LEXIS_NAMES.contains(&name),
        }
        true
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

/// Names of fields of LexisNexis exports that say nothing of use here.
const LEXIS_NAMES: &[&str] = &[
    "ACC-NO",
    "CITY",
    "COMPANY",
    "CORRECTION",
    "CORRECTION-DATE",
    "COUNTRY",
    "DATELINE",
    "DISTRIBUTION",
    "EDITION",
    "GEOGRAPHIC",
    "GRAPHIC",
    "INDUSTRY",
    "JOURNAL-CODE",
    "LOAD-DATE",
    "NOTES",
    "ORGANIZATION",
    "PERSON",
    "PUB-SUBJECT",
    "PUB-TYPE",
    "PUBLICATION-TYPE",
    "SERIES",
    "STATE",
    "SUBJECT",
    "TICKER",
    "TYPE",
];

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

/// Fields that every Factiva export has.
const FACTIVA_SURE: [&str; 4] = ["HD", "WC", "PD", "SN"];

/// All fields of Factiva exports.
const FACTIVA: &[&str] = &[
    "HD", "BY", "CR", "WC", "PD", "ET", "SN", "SC", "ED", "PG", "VOL", "LA", "CY", "LP", "TD", "ART", "CO",
    "IN", "NS", "RE", "IPC", "IPD", "PUB", "AN", "CT", "RF", "CLM", "SE", "DLN",
];

/// The value on the line of field `code`: two or three capitals, then white space or nothing.
fn field_of<'l>(line: &'l str, code: &str) -> Option<&'l str> {
    let rest = line.trim_start().strip_prefix(code)?;
    (rest.is_empty() || rest.starts_with([' ', '\t'])).then(|| rest.trim())
}

/// Fields by code, each going on to the next; an article begins with its section or headline.
fn factiva(content: &str) -> Vec<Record> {
    let mut records: Vec<Record> = Vec::new();
    let mut code = "";
    for line in content.lines() {
        let field = FACTIVA.iter().find_map(|code| {
            let value = field_of(line, code)?;
            // "IN the end": within a text only a code that stands apart begins a field.
            let is_apart = value.is_empty() || line.trim_start()[code.len()..].starts_with(['\t']);
            let is_apart = is_apart || line.trim_start()[code.len()..].starts_with("  ") || code == &"HD";
            let is_sure = FACTIVA_SURE.contains(code) || matches!(*code, "SE" | "BY" | "LA" | "CY" | "SC");
            (is_apart || is_sure).then_some((*code, value))
        });
        let value = match field {
            Some((found, value)) => {
                let is_next = records.last().is_none_or(|record| {
                    !record.body.is_empty() || found == "HD" && record.fields.headline.is_some()
                });
                if matches!(found, "HD" | "SE") && is_next {
                    records.push(Record::default());
                }
                code = found;
                value
            }
            None => line.trim(),
        };
        let Some(record) = records.last_mut() else { continue };
        if matches!(code, "LP" | "TD") {
            record.body.push_str(value);
            record.body.push('\n');
            continue;
        }
        if value.is_empty() {
            continue;
        }
        let slot = match code {
            "HD" => &mut record.fields.headline,
            "SN" => &mut record.fields.outlet,
            "PD" => &mut record.fields.date,
            "LA" => &mut record.fields.lang,
            "SE" => &mut record.fields.section,
            "AN" => &mut record.fields.source_id,
            "BY" => {
                record.fields.authors.push(value.to_owned());
                continue;
            }
            "WC" => {
                record.words = value.split(' ').next().and_then(|words| words.replace(',', "").parse().ok());
                continue;
            }
            _ => continue,
        };
        match slot {
            Some(text) => {
                text.push(' ');
                text.push_str(value);
            }
            None => *slot = Some(value.trim_start_matches("Document ").to_owned()),
        }
    }
    records
}

/// Names of fields of ProQuest exports; any of them ends the one before it.
const PROQUEST: &[&str] = &[
    "Abstract",
    "Author",
    "Copyright",
    "Country of publication",
    "Credit",
    "Database",
    "Document type",
    "Document URL",
    "Edition",
    "First page",
    "Full text",
    "ISSN",
    "Issue",
    "Language of publication",
    "Last updated",
    "Links",
    "Location",
    "Number of pages",
    "Pages",
    "People",
    "Place of publication",
    "ProQuest document ID",
    "Publication date",
    "Publication info",
    "Publication subject",
    "Publication title",
    "Publication year",
    "Publisher",
    "Section",
    "Source type",
    "Subject",
    "Title",
    "Volume",
    "Year",
    "Company / organization",
    "Identifier / keyword",
];

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
        let mut name = "";
        let mut is_record = false;
        for line in part {
            let field = line.split_once(':').and_then(|(found, value)| {
                PROQUEST.iter().find(|known| **known == found.trim()).map(|known| (*known, value.trim()))
            });
            let value = field.map_or(line.trim(), |(found, value)| {
                (name, is_record) = (found, true);
                value
            });
            let slot = match name {
                "Full text" => {
                    record.body.push_str(value);
                    record.body.push('\n');
                    continue;
                }
                _ if value.is_empty() => continue,
                "Title" => &mut record.fields.headline,
                "Publication title" => &mut record.fields.outlet,
                "Publication date" => &mut record.fields.date,
                "Section" => &mut record.fields.section,
                "Document URL" => &mut record.fields.url,
                "ProQuest document ID" => &mut record.fields.source_id,
                "Language of publication" => &mut record.fields.lang,
                "Author" => {
                    record.fields.authors.extend(value.split(';').map(first_name_first));
                    continue;
                }
                _ => continue,
            };
            slot.get_or_insert_with(|| value.to_owned());
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
    const MONTHS: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let words: Vec<String> = line
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    let is_year = |word: &String| word.len() == 4 && (word.starts_with("19") || word.starts_with("20"));
    words.len() <= 9
        && words.iter().any(|word| is_year(word) && word.bytes().all(|byte| byte.is_ascii_digit()))
        && words.iter().any(|word| word.is_char_boundary(3) && MONTHS.contains(&word.get(..3).unwrap_or("")))
}

#[cfg(test)]
#[path = "archive_tests.rs"]
mod tests;
