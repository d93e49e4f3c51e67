//! A scraped page: headline, furniture and body still mixed, one block a line.
//!
//! In: the text. Out: a [`Reading`]: the article's paragraphs, what was cut and why, and what the page says about itself.

use super::BlockTrace;
use super::byline;
use super::dates::{self, DayOrder};
use super::fields::Reading;
use super::furniture::{self, Facts};
use super::head::{self, Head, Meta};
use super::html::{Found, FoundDate, PageFields};
use super::lines::{self, Line};
use super::outlet::{self, Votes};
use crate::lexicon::Lexicon;
use crate::lexicon::outlets::name_key;
use crate::model::GivenFields;

/// Bytes above which a line is no date line or byline.
const META_LIMIT: usize = 240;

/// Words beside the date that a date line may hold: a place, "min read", a name.
const DATE_LINE_WORDS: usize = 5;

/// Words above which a line that ends like a sentence is no byline.
const BYLINE_WORDS: usize = 16;

/// Words that name a photographer and for whom, at most.
const CREDIT_WORDS: usize = 9;

/// Words above which a sentence is no caption.
const CAPTION_WORDS: usize = 45;

/// Lines above the headline that make a menu.
const MENU_LINES: usize = 14;

/// Reads a scraped page.
pub fn read(text: &str, given: &GivenFields, lexicon: &Lexicon) -> Reading {
    let (header, text) = record_header(text);
    let lines = lines::read(text, lexicon);
    let order = day_order(&lines, given);
    let metas = metas(&lines, order, lexicon);
    let mut facts: Vec<Facts> =
        lines.iter().zip(&metas).map(|(line, meta)| facts(line, meta, lexicon)).collect();
    mark_captions(&mut facts, &lines, lexicon);
    let head = head::read(&lines, &metas, &facts, lexicon);
    let mut cuts = furniture::verdicts(&lines, &facts, head.body_start, lexicon);
    cut_head(&mut cuts, &lines, &facts, &head);
    cut_repeats(&mut cuts, &lines, &head);
    let body_end =
        cuts.iter().rposition(Option::is_none).map_or(lines.len(), |last| last + 1).max(head.body_start);

    let mut votes = Votes::default();
    outlet::count(&lines, |idx| cuts[idx].is_none(), head.body_start, &mut votes, lexicon);
    mastheads(&lines, &head, &mut votes, lexicon);
    let authors = authors(&metas, &head, &lines, lexicon, &mut votes);
    let outlet = votes.winner(lexicon);
    let authors = authors.map(|(at, method)| {
        let name = outlet.as_ref().map(|(name, _)| name.as_str());
        let mut names =
            byline::read(&lines[at].text, name, lexicon).map(|byline| byline.names).unwrap_or_default();
        names.extend(more_authors(&metas, &lines, at));
        names.retain(|author| name.is_none_or(|name| name_key(name) != name_key(author)));
        Found::new(names, method)
    });
    cut_biographies(&mut cuts, &lines, authors.as_ref().map_or(&[], |found| found.value.as_slice()), lexicon);

    let mut reading = Reading { fields: header, ..Reading::default() };
    let fields = PageFields {
        headline: head.headline.clone().map(|headline| Found::new(headline, "headline line")),
        standfirst: head.standfirst_at.map(|at| Found::new(lines[at].text.clone(), "below the headline")),
        outlet: outlet.clone().map(|(name, method)| Found::new(name, method)),
        date: date(&metas, &head, body_end, &lines, order, lexicon, &mut reading),
        authors: authors.filter(|found| !found.value.is_empty()),
        section: head.section.clone().map(|section| Found::new(section, "breadcrumb")),
        ..PageFields::default()
    };
    reading.fields.fill_from(fields);
    for (idx, line) in lines.into_iter().enumerate() {
        if head.headline_at == Some(idx) {
            reading.blocks.push(BlockTrace::field(line.text, "headline"));
        } else if head.standfirst_at == Some(idx) {
            reading.blocks.push(BlockTrace::field(line.text, "standfirst"));
        } else if let Some(rule) = cuts[idx] {
            reading.blocks.push(BlockTrace::cut(line.text, rule));
        } else {
            reading.blocks.push(BlockTrace::kept(line.text, line.n_words));
        }
    }
    reading
}

/// Values that exports write above the text: "Title: …", "Date: …". Two such lines at the very top make a header.
fn record_header(text: &str) -> (PageFields, &str) {
    let mut fields = PageFields::default();
    let mut rest = text.trim_start_matches('\u{feff}');
    let mut n_found = 0;
    let mut after = rest;
    while let Some((line, below)) =
        after.split_once('\n').or(Some((after, ""))).filter(|(line, _)| !line.is_empty())
    {
        let Some((name, value)) = line.split_once(':') else { break };
        let value = value.trim();
        if name.len() > 24 || value.is_empty() {
            break;
        }
        let found = |value: &str| Some(Found::new(value.to_owned(), "record header"));
        match name.trim().to_lowercase().as_str() {
            "title" | "headline" => fields.headline = found(value),
            "subtitle" | "deck" | "summary" => fields.standfirst = found(value),
            "source" | "publication" | "outlet" | "newspaper" | "publication title" | "site"
            | "publisher" => fields.outlet = found(value),
            "author" | "authors" | "byline" | "by" => {
                fields.authors = Some(Found::new(vec![value.to_owned()], "record header"));
            }
            "url" | "link" => fields.url = found(value),
            "section" | "category" => fields.section = found(value),
            "language" => {}
            "date" | "published" | "publication date" | "pubdate" | "published date" | "date published" => {
                let day = dates::given(value, DayOrder::Unknown, Lexicon::embedded()).ok();
                fields.date = day.map(|day| FoundDate {
                    text: value.to_owned(),
                    day,
                    method: "record header".to_owned(),
                    stated: true,
                });
            }
            _ => break,
        }
        n_found += 1;
        after = below;
    }
    if n_found >= 2 {
        rest = after;
        return (fields, rest);
    }
    (PageFields::default(), rest)
}

fn day_order(lines: &[Line<'_>], given: &GivenFields) -> DayOrder {
    let host = given
        .domain
        .as_deref()
        .or_else(|| given.url.as_deref().and_then(super::fields::host_of))
        .unwrap_or("");
    match dates::order_of_host(host) {
        DayOrder::Unknown if !lines.iter().any(|line| line.key.contains("#/#/#")) => DayOrder::Unknown,
        DayOrder::Unknown => {
            let short = lines.iter().filter(|line| line.text.len() <= META_LIMIT && line.key.contains('#'));
            dates::order_of_text(short.map(|line| line.text.as_str()))
        }
        order => order,
    }
}

fn metas(lines: &[Line<'_>], order: DayOrder, lexicon: &Lexicon) -> Vec<Meta> {
    lines
        .iter()
        .enumerate()
        .map(|(idx, line)| {
            let is_button = line.hit.is_some_and(|hit| hit.is_whole && hit.rule != "caption");
            if line.text.len() > META_LIMIT || is_button {
                return Meta { dates: Vec::new(), byline: None };
            }
            let has_digit = line.key.contains('#');
            let mut dates = if has_digit { dates::scan(&line.text, order, lexicon) } else { Vec::new() };
            let is_labelled = dates.iter().any(|date| date.label != dates::Label::Bare);
            let n_other = if dates.is_empty() { 0 } else { dates::other_words(&line.text, &dates, lexicon) };
            let mut byline = byline::read(&line.text, None, lexicon);
            // "By" alone, and the name on the next line.
            let is_announced = idx > 0
                && matches!(
                    lines[idx - 1].key.trim_end_matches(':'),
                    "by" | "written by" | "author" | "story by" | "words by" | "reported by"
                );
            if let Some(byline) = byline.as_mut().filter(|byline| is_announced && !byline.names.is_empty()) {
                byline.is_explicit = true;
            }
            let is_signed =
                byline.as_ref().is_some_and(|byline| byline.is_explicit || !byline.names.is_empty());
            let most = if is_signed {
                12
            } else if is_labelled {
                DATE_LINE_WORDS * 2
            } else {
                DATE_LINE_WORDS
            };
            if n_other > most || line.hit.is_some_and(|hit| hit.rule == "caption") {
                dates.clear();
            }
            // "Published" alone, and the date on the next line.
            if dates.len() == 1 && !is_labelled && idx > 0 {
                match lines[idx - 1].key.trim_end_matches(':') {
                    "published" | "posted" | "date" | "first published" | "published on"
                    | "publication date" | "release date" | "date published" => {
                        dates[0].label = dates::Label::Published;
                    }
                    "updated" | "last updated" | "modified" | "last modified" | "last updated on" => {
                        dates[0].label = dates::Label::Updated
                    }
                    _ => {}
                }
            }
            Meta { dates, byline }
        })
        .collect()
}

fn facts(line: &Line<'_>, meta: &Meta, lexicon: &Lexicon) -> Facts {
    let is_sentence = line.is_paragraph()
        && line.n_words > 14
        && meta.dates.iter().all(|date| date.label == dates::Label::Bare);
    // "By Wednesday evening, the White House …" is a sentence.
    let is_told = line.end == lines::LineEnd::Sentence && line.n_words > BYLINE_WORDS;
    let is_byline = meta.byline.as_ref().is_some_and(|byline| byline.is_explicit)
        && !is_told
        && !furniture::has_attributed_quote(line, lexicon);
    let is_date = !meta.dates.is_empty() && !is_sentence && !is_dated_title(line, meta);
    let is_credit = line.text.contains('/')
        && line.n_words <= CAPTION_WORDS
        && byline::ends_with_photo_credit(&line.text, lexicon);
    Facts {
        is_date: is_date || (line.n_words <= 6 && dates::is_day_of_month(&line.text, lexicon)),
        is_byline: is_byline && line.n_words <= 30,
        is_caption: is_credit && !furniture::has_attributed_quote(line, lexicon),
    }
}

/// "May 14, 2025: Council debates harbour fees": the day is part of the title.
fn is_dated_title(line: &Line<'_>, meta: &Meta) -> bool {
    let [date] = meta.dates.as_slice() else { return false };
    let behind = line.text.get(date.span.end..).and_then(|rest| rest.strip_prefix(": "));
    date.label == dates::Label::Bare
        && date.span.start == 0
        && behind.is_some_and(|title| title.split(' ').count() >= 3)
}

/// A sentence that stands alone above the name of a photographer is a caption, and so are the two lines below the close
/// button of a video.
fn mark_captions(facts: &mut [Facts], lines: &[Line<'_>], lexicon: &Lexicon) {
    let is_caption =
        |line: &Line<'_>| line.n_words <= CAPTION_WORDS && !furniture::has_attributed_quote(line, lexicon);
    for idx in 0..lines.len().saturating_sub(1) {
        let (line, next) = (&lines[idx], &lines[idx + 1]);
        let is_named = next.hit.is_some_and(|hit| hit.rule == "caption") || facts[idx + 1].is_caption;
        let is_credit = is_named && next.n_words <= CREDIT_WORDS && !next.is_paragraph();
        let is_text =
            |line: &Line<'_>| line.is_paragraph() && furniture::paragraph_rule(line, lexicon).is_none();
        let is_alone = idx == 0 || !is_text(&lines[idx - 1]);
        facts[idx].is_caption |= is_credit && is_alone && is_caption(line);
        if line.key == "close" && next.key == "video" {
            let below = lines.iter().enumerate().skip(idx + 2).take(2);
            let title = below.clone().take(1).filter(|(_, line)| !line.is_paragraph());
            let blurb = below.skip(1).filter(|(_, line)| line.is_paragraph() && is_caption(line));
            if let (Some((title, _)), Some((blurb, _))) = (title.last(), blurb.last()) {
                facts[title].is_caption = true;
                facts[blurb].is_caption = true;
            }
        }
    }
}

/// Names the rule for each line above the running text.
fn cut_head<'r>(cuts: &mut [Option<&'r str>], lines: &[Line<'r>], facts: &[Facts], head: &Head) {
    for idx in 0..head.body_start {
        let rule = if facts[idx].is_date {
            "timestamp"
        } else if facts[idx].is_byline || head.byline_at == Some(idx) {
            "byline"
        } else if let Some(hit) = lines[idx].hit {
            hit.rule
        } else {
            "page-head"
        };
        cuts[idx] = Some(rule);
    }
}

/// The headline again, above, below or within the text.
fn cut_repeats(cuts: &mut [Option<&str>], lines: &[Line<'_>], head: &Head) {
    let Some(headline) = &head.headline else { return };
    let wanted = name_key(headline);
    for (idx, line) in lines.iter().enumerate() {
        let is_near = line.text.len() < headline.len() * 2 + 40 && line.text.len() + 4 >= headline.len();
        if is_near
            && !line.is_paragraph()
            && may_share_key(&line.text, headline)
            && name_key(&line.text) == wanted
        {
            cuts[idx] = Some("repeated-headline");
        }
    }
}

/// Whether two texts could have one `name_key`: nearly all that do not are told by their first and last letters.
fn may_share_key(a: &str, b: &str) -> bool {
    let ends = |text: &str| {
        let mut letters = text.chars().filter(|c| c.is_alphanumeric());
        let last = text.chars().rev().find(|c| c.is_alphanumeric());
        (letters.next(), letters.next(), last)
    };
    let (a_ends, b_ends) = (ends(a), ends(b));
    let same = |a: Option<char>, b: Option<char>| match (a, b) {
        (Some(a), Some(b)) if a.is_ascii() && b.is_ascii() => a.eq_ignore_ascii_case(&b),
        (a, b) => a.is_some() == b.is_some(),
    };
    let has_the =
        |text: &str| text.trim_start().get(..3).is_some_and(|head| head.eq_ignore_ascii_case("the"));
    let is_plain = !has_the(a) && !has_the(b);
    same(a_ends.2, b_ends.2) && (!is_plain || same(a_ends.0, b_ends.0) && same(a_ends.1, b_ends.1))
}

/// "Ana Duarte covers the coast": short paragraphs about the author behind the text.
fn cut_biographies<'r>(
    cuts: &mut [Option<&'r str>],
    lines: &[Line<'r>],
    authors: &[String],
    lexicon: &Lexicon,
) {
    const VERBS: &[&str] = &[
        "is",
        "was",
        "covers",
        "writes",
        "reports",
        "joined",
        "has",
        "can",
        "leads",
        "serves",
        "works",
        "studies",
        "teaches",
        "lives",
        "hosts",
        "edits",
        "contributed",
        "oversees",
        "specializes",
        "specialises",
        "focuses",
        "holds",
        "manages",
        "started",
        "began",
        "currently",
        "previously",
        "served",
        "worked",
        "spent",
        "graduated",
        "helps",
        "directs",
        "runs",
        "of",
        "wrote",
        "reported",
    ];
    let is_biography = |line: &Line<'_>| {
        let tells_of = |name: &str| {
            let rest = line
                .text
                .get(..name.len())
                .filter(|head| head.eq_ignore_ascii_case(name))
                .map(|_| &line.text[name.len()..]);
            rest.is_some_and(|rest| {
                // "Ana Duarte, a former pilot, is …": the verb follows the aside.
                let reach = if rest.starts_with(',') { 14 } else { 2 };
                rest.starts_with([' ', ','])
                    && rest.split_whitespace().take(reach).any(|word| VERBS.contains(&word.trim_matches(',')))
            })
        };
        let is_told = authors.iter().any(|author| {
            if line.text == *author {
                return true;
            }
            let (first, last) =
                (author.split(' ').next().unwrap_or(author), author.rsplit(' ').next().unwrap_or(author));
            tells_of(author)
                || tells_of(first)
                || ["Mr.", "Ms.", "Mrs.", "Dr."].iter().any(|title| tells_of(&format!("{title} {last}")))
        });
        is_told && line.n_words <= 90 && !furniture::has_attributed_quote(line, lexicon)
    };
    let kept = |cuts: &[Option<&str>]| (0..cuts.len()).filter(|&idx| cuts[idx].is_none()).collect::<Vec<_>>();
    for idx in kept(cuts).into_iter().rev() {
        if !is_biography(&lines[idx]) {
            break;
        }
        cuts[idx] = Some("author-biography");
    }
    // Essays introduce their author right below the byline; something must follow.
    if let [first, _, ..] = kept(cuts)[..]
        && is_biography(&lines[first])
    {
        cuts[first] = Some("author-biography");
    }
}

/// A short line above the headline that looks like a publication's name, and "Site | News, Sports".
fn mastheads(lines: &[Line<'_>], head: &Head, votes: &mut Votes, lexicon: &Lexicon) {
    let end = head.headline_at.unwrap_or(0).max(1).min(head.body_start);
    for (idx, line) in lines[..end].iter().enumerate().take(MENU_LINES) {
        if head.headline_at == Some(idx)
            || !(1..=7).contains(&line.n_words)
            || line.hit.is_some()
            || line.text.contains(['@', '|', '>', '»'])
        {
            continue;
        }
        if head::is_breadcrumb(&line.text, lexicon)
            || matches!(line.end, lines::LineEnd::Open | lines::LineEnd::Sentence)
        {
            continue;
        }
        let is_title = line.title_share() >= 0.7 || line.is_caps || line.n_words <= 2;
        // "Reuters home", "Axios Homepage", "AP Logo": what the picture at the top is called.
        let picture = line.text.rsplit_once(' ').filter(|(_, last)| {
            ["home", "homepage", "logo"].iter().any(|word| word.eq_ignore_ascii_case(last))
        });
        if let Some(known) = picture.and_then(|(name, _)| lexicon.outlets.in_text(name)) {
            votes.add(known, 3, "masthead");
            continue;
        }
        if idx == 0
            && let Some(known) = lexicon.outlets.in_text(&line.text)
        {
            votes.add(known, 3, "masthead");
            continue;
        }
        let is_outlet = byline::looks_like_outlet(&line.text, lexicon);
        if is_outlet && is_title {
            // In a long menu a name is as likely a section or a sister publication.
            votes.add(&line.text, if end <= MENU_LINES { 2 } else { 1 }, "masthead");
        } else if is_title && line.n_words <= 4 {
            votes.add(&line.text, 1, "masthead");
        }
    }
    // Call signs and logos stand between headline and byline too.
    for line in lines[end.min(head.body_start)..head.body_start].iter().take(12) {
        if line.n_words == 1 && line.is_caps && line.hit.is_none() && (3..=6).contains(&line.text.len()) {
            votes.add(&line.text, 1, "masthead");
        }
    }
}

/// The line that names the authors: the byline of the head, else the credits behind the text.
fn authors(
    metas: &[Meta],
    head: &Head,
    lines: &[Line<'_>],
    lexicon: &Lexicon,
    votes: &mut Votes,
) -> Option<(usize, &'static str)> {
    let at = head.byline_at?;
    let byline = metas[at].byline.as_ref()?;
    // "Ana Duarte, Ellery Morning": the second is the name on the masthead.
    let is_masthead = |name: &str| {
        let key = name_key(name);
        let mut above = lines[..at].iter().take(6);
        above.any(|line| may_share_key(&line.text, name) && name_key(&line.text) == key)
    };
    let (mastheads, persons): (Vec<&str>, Vec<&str>) =
        byline.names.iter().map(String::as_str).partition(|name| is_masthead(name));
    mastheads.into_iter().for_each(|name| votes.add(name, 3, "byline"));
    if let Some(outlet) = &byline.outlet {
        votes.add(outlet, if byline::is_agency(outlet, lexicon) { 2 } else { 3 }, "byline");
    }
    persons.into_iter().for_each(|name| votes.drop_name(name));
    Some((at, "byline"))
}

/// Names on the lines behind a byline, with "," or "and" on lines of their own between.
fn more_authors(metas: &[Meta], lines: &[Line<'_>], byline_at: usize) -> Vec<String> {
    let mut names = Vec::new();
    let mut at = byline_at + 1;
    while at + 1 < lines.len() && matches!(lines[at].key.as_str(), "," | "and" | "&" | "|" | "/" | ";") {
        let Some(byline) = metas[at + 1].byline.as_ref().filter(|byline| !byline.names.is_empty()) else {
            break;
        };
        names.extend(byline.names.iter().cloned());
        at += 2;
    }
    names
}

fn date(
    metas: &[Meta],
    head: &Head,
    body_end: usize,
    lines: &[Line<'_>],
    order: DayOrder,
    lexicon: &Lexicon,
    reading: &mut Reading,
) -> Option<FoundDate> {
    if let Some(found) = head::best_date(metas, head, body_end) {
        let text = metas
            .iter()
            .zip(lines)
            .find(|(meta, _)| meta.dates.contains(&found))
            .map_or(String::new(), |(_, line)| found.span.of(&line.text).to_owned());
        match found.day {
            Some(day) => return Some(FoundDate { text, day, method: "date line".to_owned(), stated: true }),
            None => reading.bad_dates.push(text),
        }
    }
    // "ELLERY, May 3, 2025 (Reuters) -"
    let lede = lines.get(head.body_start)?;
    let start: String = lede.text.chars().take(60).collect();
    let end = start.find(['-', '–', '—']).filter(|_| start.chars().take(3).any(char::is_uppercase))?;
    let found = dates::scan(start.get(..end + 1)?, order, lexicon).into_iter().next()?;
    Some(FoundDate {
        text: found.span.of(&start).to_owned(),
        day: found.day?,
        method: "dateline".to_owned(),
        stated: false,
    })
}
