//! Dates as pages print them: "Jan. 9, 2025", "12 March 2025", "07/10/2025 - 17:45 CEST", "2025-05-07T10:00Z", addresses, file names.
//!
//! In: one line or value. Out: the days in it, with the label before each ("Updated:") and whether the order of day and
//! month was told by evidence. Never reads the clock; a day that does not exist is reported, not mended.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::lexicon::Lexicon;
use crate::lexicon::furniture::WordList;
use crate::model::Span;
use crate::text::month::MONTHS;

/// Which of two small numbers is the day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DayOrder {
    /// Nothing tells; read month first.
    #[default]
    Unknown,
    /// 05/03 is 3 May.
    MonthFirst,
    /// 05/03 is 5 March.
    DayFirst,
}

/// What the words before a date say about it. Ordered by how well it fits the day of first publication.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Label {
    /// "Published", "Posted", "Originally", "Date".
    Published,
    /// No label.
    Bare,
    /// "Updated", "Modified", "Last".
    Updated,
}

/// One date in a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PrintedDate {
    /// The day; `None` where the numbers name no day of the calendar.
    pub day: Option<Date>,
    /// Where it stands in the line.
    pub span: Span,
    /// What the words before it say.
    pub label: Label,
}

/// The dates of one line, in order.
pub fn scan(line: &str, order: DayOrder, lexicon: &Lexicon) -> Vec<PrintedDate> {
    if !may_hold_date(line) {
        return Vec::new();
    }
    let tokens = tokens(line);
    let order = zone_order(line, &tokens, lexicon).unwrap_or(order);
    let mut found: Vec<PrintedDate> = Vec::new();
    let mut idx = 0;
    while idx < tokens.len() {
        let Some((day, n_tokens)) = date_at(line, &tokens[idx..], order) else {
            idx += 1;
            continue;
        };
        let span = Span::new(tokens[idx].start, tokens[idx + n_tokens - 1].end);
        let from = found.last().map_or(0, |before| before.span.end);
        found.push(PrintedDate { day, span, label: label_of(line.get(from..span.start).unwrap_or("")) });
        idx += n_tokens;
    }
    found
}

/// A year of four digits or a slash behind a digit: without one there is no date.
fn may_hold_date(line: &str) -> bool {
    let mut n_digits = 0;
    line.bytes().any(|byte| {
        let is_slash = byte == b'/' && n_digits > 0;
        n_digits = if byte.is_ascii_digit() { n_digits + 1 } else { 0 };
        is_slash || n_digits == 4
    })
}

/// How many words of the line say something else than when: neither date, time, zone nor label.
pub fn other_words(line: &str, dates: &[PrintedDate], lexicon: &Lexicon) -> usize {
    let tokens = tokens(line);
    let in_date =
        |token: &Token| dates.iter().any(|date| date.span.start <= token.start && token.end <= date.span.end);
    tokens
        .iter()
        .filter(|token| token.is_word() && !in_date(token) && !is_time_word(line, token, lexicon))
        .count()
}

/// Whether a line is nothing but a day without its year: "Wed 14 May", "8 May". It dates nothing, and is no title.
pub fn is_day_of_month(line: &str, lexicon: &Lexicon) -> bool {
    if line.len() > 40 || !line.bytes().any(|byte| byte.is_ascii_digit()) {
        return false;
    }
    let tokens = tokens(line);
    let is_day = |token: &Token| (1..=31).contains(&token.number) && token.len() <= 2;
    tokens.iter().any(|token| month_of(line, *token).is_some())
        && tokens.iter().any(is_day)
        && tokens.iter().all(|token| {
            token.is_number() || month_of(line, *token).is_some() || is_time_word(line, token, lexicon)
        })
}

fn is_time_word(line: &str, token: &Token, lexicon: &Lexicon) -> bool {
    let word = line[token.start..token.end].to_ascii_lowercase();
    TIME_WORDS.contains(&word.as_str())
        || weekday(&word).is_some()
        || lexicon.furniture.has_any(&[WordList::DayFirstZone, WordList::MonthFirstZone], &word)
}

/// The day a metadata value gives.
///
/// # Errors
/// The value, when it is no date or no day of the calendar.
pub fn given(value: &str, order: DayOrder, lexicon: &Lexicon) -> Result<Date, String> {
    let value = value.trim();
    let bad = || value.chars().take(60).collect::<String>();
    if value.bytes().all(|byte| byte.is_ascii_digit()) && !value.is_empty() {
        return digits(value).ok_or_else(bad);
    }
    if let Ok(seconds) = value.parse::<f64>() {
        // Epoch seconds with a fraction, as Python writes them.
        #[expect(
            clippy::cast_possible_truncation,
            reason = "whole seconds are wanted; the range is checked by jiff"
        )]
        return Timestamp::from_second(seconds as i64).map(day_in_utc).map_err(|_| bad());
    }
    let found = scan(value, order, lexicon);
    if let Some(day) = found.iter().min_by_key(|date| date.label).and_then(|date| date.day) {
        return Ok(day);
    }
    let compact = value.get(..8).filter(|head| head.bytes().all(|byte| byte.is_ascii_digit()));
    compact.and_then(digits).ok_or_else(bad)
}

/// The day in an address: `/2025/05/07/`, `/2025-05-07-`, `-20250507`.
pub fn in_address(url: &str) -> Option<Date> {
    let path = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = path.split(['?', '#']).next()?;
    let mut parts = path.split(['/', '-', '_', '.']).peekable();
    while let Some(part) = parts.next() {
        let number = |part: &str, len: std::ops::RangeInclusive<usize>| -> Option<i16> {
            (len.contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit()))
                .then(|| part.parse().ok())?
        };
        if let Some(day) = Some(part).filter(|part| part.len() == 8).and_then(digits) {
            return Some(day);
        }
        let Some(year) = number(part, 4..=4).filter(|year| (1990..2100).contains(year)) else { continue };
        let mut ahead = parts.clone();
        let month = ahead.next().and_then(|part| {
            number(part, 1..=2).and_then(|month| i8::try_from(month).ok()).or_else(|| month_named(part))
        });
        let day = ahead.next().and_then(|part| number(part, 1..=2)).and_then(|day| i8::try_from(day).ok());
        if let (Some(month), Some(day)) = (month, day)
            && let Ok(date) = Date::new(year, month, day)
        {
            return Some(date);
        }
    }
    None
}

/// The order of day and month that is usual where `host` is registered.
pub fn order_of_host(host: &str) -> DayOrder {
    let last = host.rsplit('.').next().unwrap_or("");
    match last {
        "us" | "gov" | "mil" | "edu" => DayOrder::MonthFirst,
        "com" | "org" | "net" | "info" | "news" | "io" | "co" | "tv" | "" | "ca" | "ph" => DayOrder::Unknown,
        tld if tld.len() == 2 || tld == "scot" || tld == "africa" => DayOrder::DayFirst,
        _ => DayOrder::Unknown,
    }
}

/// The order that the dates of a page themselves give away: one with a number above 12, or the day before a month's name.
pub fn order_of_text<'t>(lines: impl Iterator<Item = &'t str>) -> DayOrder {
    let (mut day_first, mut month_first) = (0, 0);
    for line in lines {
        let tokens = tokens(line);
        for window in tokens.windows(3) {
            let [a, b, c] = [window[0], window[1], window[2]];
            let is_year = |token: Token| token.len() == 4 && (1900..2100).contains(&token.number);
            if a.is_number()
                && b.is_number()
                && is_year(c)
                && between(line, a, b) == "/"
                && between(line, b, c) == "/"
            {
                day_first += i32::from(a.number > 12 && b.number <= 12) * 4;
                month_first += i32::from(b.number > 12 && a.number <= 12) * 4;
            } else if a.is_number()
                && a.len() <= 2
                && b.is_word()
                && is_year(c)
                && month_of(line, b).is_some()
            {
                day_first += 1;
            } else if a.is_word()
                && b.is_number()
                && b.len() <= 2
                && is_year(c)
                && month_of(line, a).is_some()
            {
                month_first += 1;
            }
        }
    }
    match day_first.cmp(&month_first) {
        std::cmp::Ordering::Greater => DayOrder::DayFirst,
        std::cmp::Ordering::Less => DayOrder::MonthFirst,
        std::cmp::Ordering::Equal => DayOrder::Unknown,
    }
}

/// Words about time that are neither date nor zone.
const TIME_WORDS: &[&str] = &[
    "updated",
    "published",
    "posted",
    "modified",
    "last",
    "first",
    "originally",
    "created",
    "date",
    "on",
    "at",
    "and",
    "am",
    "pm",
    "a",
    "p",
    "m",
    "ago",
    "hours",
    "hour",
    "minutes",
    "minute",
    "min",
    "mins",
    "read",
    "time",
    "the",
    "of",
    "noon",
    "midnight",
    "o",
    "clock",
    "local",
    "hrs",
    "h",
    "t",
    "z",
    "utc",
    "st",
    "nd",
    "rd",
    "th",
    "issued",
    "released",
    "dated",
    "filed",
    "edited",
    "revised",
    "since",
    "new",
    "story",
    "article",
    "by",
    "days",
    "day",
    "yesterday",
    "today",
    "eastern",
    "pacific",
    "central",
    "mountain",
    "standard",
    "daylight",
    "was",
];

#[derive(Clone, Copy)]
struct Token {
    start: usize,
    end: usize,
    /// The value of a run of at most nine digits; -1 for a word.
    number: i32,
}

impl Token {
    fn is_number(self) -> bool {
        self.number >= 0
    }
    fn is_word(self) -> bool {
        self.number < 0
    }
    fn len(self) -> usize {
        self.end - self.start
    }
}

/// Runs of digits and runs of letters; "7:00am" gives three.
fn tokens(line: &str) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    let mut chars = line.char_indices().peekable();
    while let Some((start, c)) = chars.next() {
        if !c.is_alphanumeric() {
            continue;
        }
        let is_digit = c.is_ascii_digit();
        let mut end = start + c.len_utf8();
        while let Some(&(at, next)) = chars.peek() {
            if !next.is_alphanumeric() || next.is_ascii_digit() != is_digit {
                break;
            }
            // "20235:00 AM": the year and the hour, glued together.
            let is_glued =
                is_digit && at == start + 4 && line[start..].starts_with("20") && is_clock(&line[at..]);
            if is_glued {
                break;
            }
            end = at + next.len_utf8();
            chars.next();
        }
        let number = if is_digit { line[start..end].parse().unwrap_or(i32::MAX) } else { -1 };
        tokens.push(Token { start, end, number });
    }
    tokens
}

/// "5:00", "12:30".
fn is_clock(text: &str) -> bool {
    let n_digits = text.bytes().take_while(u8::is_ascii_digit).count();
    (1..=2).contains(&n_digits) && text[n_digits..].starts_with(':')
}

fn between(line: &str, a: Token, b: Token) -> &str {
    line.get(a.end..b.start).unwrap_or("")
}

/// The date that begins at the first token, and how many tokens it takes.
fn date_at(line: &str, tokens: &[Token], order: DayOrder) -> Option<(Option<Date>, usize)> {
    let [a, b, rest @ ..] = tokens else { return None };
    let year_of = |token: Token| -> Option<i16> {
        (token.len() == 4 && (1900..2100).contains(&token.number))
            .then(|| i16::try_from(token.number).ok())?
    };
    let small = |token: Token| -> Option<i8> {
        (token.is_number() && token.len() <= 2).then(|| i8::try_from(token.number).ok())?
    };
    // "3rd", "1st": the suffix is a word of its own.
    let skip_suffix = |at: usize| -> usize {
        let suffix =
            tokens.get(at).filter(|token| token.is_word() && at > 0 && token.start == tokens[at - 1].end);
        let is_suffix = suffix.is_some_and(|token| {
            matches!(line[token.start..token.end].to_ascii_lowercase().as_str(), "st" | "nd" | "rd" | "th")
        });
        at + usize::from(is_suffix)
    };
    let near = |a: Token, b: Token| -> bool {
        let gap = between(line, a, b);
        gap.len() <= 4
            && gap.chars().all(|c| matches!(c, ' ' | ',' | '.' | '-' | '/' | '\'' | '’' | '\u{a0}'))
    };
    if let Some(month) = month_of(line, *a) {
        let day = small(*b).filter(|_| near(*a, *b))?;
        let year_at = skip_suffix(2);
        let year_token = *tokens.get(year_at)?;
        if !near(tokens[year_at - 1], year_token) {
            return None;
        }
        return Some((Date::new(year_of(year_token)?, month, day).ok(), year_at + 1));
    }
    if let Some(day) = small(*a) {
        let mut at = skip_suffix(1);
        if tokens.get(at).is_some_and(|token| line[token.start..token.end].eq_ignore_ascii_case("of")) {
            at += 1;
        }
        if let (Some(month_token), Some(year_token)) = (tokens.get(at), tokens.get(at + 1))
            && let (Some(month), Some(year)) = (month_of(line, *month_token), year_of(*year_token))
            && near(*month_token, *year_token)
            && near(tokens[at - 1], *month_token)
        {
            return Some((Date::new(year, month, day).ok(), at + 2));
        }
    }
    let c = *rest.first()?;
    let (gap, other_gap) = (between(line, *a, *b), between(line, *b, c));
    if gap != other_gap || !matches!(gap, "/" | "-" | "." | " / " | " . ") {
        return None;
    }
    if let (Some(year), Some(month), Some(day)) = (year_of(*a), small(*b), small(c)) {
        return Some((Date::new(year, month, day).ok(), 3));
    }
    let (first, second) = (small(*a)?, small(*b)?);
    let year = match year_of(c) {
        Some(year) => year,
        // Two digits are a year only between slashes, and only of this century.
        None if gap == "/" && c.len() == 2 && c.is_number() && c.number <= 60 => {
            2000 + i16::try_from(c.number).ok()?
        }
        None => return None,
    };
    // A version or a price list ("1.2.2025") reads the same; with full stops the day comes first everywhere.
    let order = if gap.contains('.') { DayOrder::DayFirst } else { order };
    let (month, day) = match order {
        DayOrder::DayFirst if second <= 12 => (second, first),
        DayOrder::DayFirst => (first, second),
        _ if first <= 12 => (first, second),
        _ => (second, first),
    };
    Some((Date::new(year, month, day).ok(), 3))
}

fn month_of(line: &str, token: Token) -> Option<i8> {
    token.is_word().then(|| month_named(&line[token.start..token.end]))?
}

/// The month a word names: "December", "dec", "Sept".
fn month_named(word: &str) -> Option<i8> {
    if !(3..=9).contains(&word.len()) {
        return None;
    }
    let idx = MONTHS.iter().position(|month| {
        month.eq_ignore_ascii_case(word)
            || month[..3].eq_ignore_ascii_case(word)
            || (*month == "september" && word.eq_ignore_ascii_case("sept"))
    })?;
    i8::try_from(idx + 1).ok()
}

/// Whether a word is a month's name, written with a capital.
pub fn is_month(word: &str) -> bool {
    word.starts_with(char::is_uppercase) && month_named(word.trim_end_matches(['.', ','])).is_some()
}

fn weekday(word: &str) -> Option<usize> {
    const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    (word.len() >= 3).then(|| DAYS.iter().position(|day| day.starts_with(word)))?
}

/// The nearest label before a date.
fn label_of(before: &str) -> Label {
    let before = before.to_ascii_lowercase();
    let opens = |at: usize| !before[..at].ends_with(|c: char| c.is_alphabetic());
    let last = |words: &[&str]| {
        words
            .iter()
            .flat_map(|word| before.match_indices(word))
            .map(|(at, _)| at)
            .filter(|&at| opens(at))
            .max()
    };
    let updated = last(&["updat", "modified", "last ", "edited", "revised", "amended", "changed"]);
    let published = last(&[
        "publish",
        "posted",
        "originally",
        "first ",
        "created",
        "date:",
        "issued",
        "released",
        "dated",
        "filed",
    ]);
    match (published, updated) {
        (None, None) => Label::Bare,
        (published, updated) if updated > published => Label::Updated,
        _ => Label::Published,
    }
}

fn zone_order(line: &str, tokens: &[Token], lexicon: &Lexicon) -> Option<DayOrder> {
    tokens.iter().filter(|token| token.is_word() && token.len() <= 4).find_map(|token| {
        let word = &line[token.start..token.end];
        if !word.bytes().all(|byte| byte.is_ascii_uppercase()) {
            return None;
        }
        let word = word.to_ascii_lowercase();
        if lexicon.furniture.has_word(WordList::DayFirstZone, &word) {
            return Some(DayOrder::DayFirst);
        }
        lexicon.furniture.has_word(WordList::MonthFirstZone, &word).then_some(DayOrder::MonthFirst)
    })
}

/// "20250507", "20250507101500", or seconds or milliseconds since 1970.
fn digits(value: &str) -> Option<Date> {
    let compact = || -> Option<Date> {
        let part = |range: std::ops::Range<usize>| value.get(range);
        let year: i16 = part(0..4)?.parse().ok()?;
        if !(1900..2100).contains(&year) {
            return None;
        }
        Date::new(year, part(4..6)?.parse().ok()?, part(6..8)?.parse().ok()?).ok()
    };
    match value.len() {
        8 | 12 | 14 => value.bytes().all(|byte| byte.is_ascii_digit()).then(compact)?,
        9 | 10 => Timestamp::from_second(value.parse().ok()?).ok().map(day_in_utc),
        13 => Timestamp::from_millisecond(value.parse().ok()?).ok().map(day_in_utc),
        _ => None,
    }
}

fn day_in_utc(at: Timestamp) -> Date {
    TimeZone::UTC.to_datetime(at).date()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, expected: &str) {
        let found = scan(line, DayOrder::Unknown, Lexicon::embedded());
        let printed: Vec<String> = found
            .iter()
            .map(|date| {
                let day = date.day.map_or("impossible".to_owned(), |day| day.to_string());
                match date.label {
                    Label::Published => format!("+{day}"),
                    Label::Bare => day,
                    Label::Updated => format!("~{day}"),
                }
            })
            .collect();
        assert_eq!(printed.join(" "), expected, "{line}");
    }

    #[test]
    fn reads_dates_as_printed() {
        check("Jan. 9, 2025", "2025-01-09");
        check("Posted: Jun 11, 2025 / 05:48 PM CDT", "+2025-06-11");
        check("07/10/2025 - 17:45 CEST", "2025-10-07");
        check("07/10/2025 6:31 PM ET", "2025-07-10");
        check("Sept. 3, 2024 at 5:00 a.m. ET", "2024-09-03");
        check("Updated 9:15 PM, Aug 4, 2025", "~2025-08-04");
        check("Published - June 09, 2025 08:14 pm IST", "+2025-06-09");
        check("Wednesday, 12 March 2025", "2025-03-12");
        check("Wed 12 Mar 2025 06.00 GMT", "2025-03-12");
        check("10 Aug 2025", "2025-08-10");
        check("the 3rd of May, 2025", "2025-05-03");
        check("May 3rd 2025", "2025-05-03");
        check("MAY 3, 2025 6:15 AM", "2025-05-03");
        check("2025-05-07T23:10:00-05:00", "2025-05-07");
        check("2025/05/07 10:00", "2025-05-07");
        check("Wed, 07 May 2025 10:00:00 +0000", "2025-05-07");
        check("7.5.2025, 18:31", "2025-05-07");
        check("13/05/2025", "2025-05-13");
        check("5/7/25", "2025-05-07");
        check("07-May-2025", "2025-05-07");
        check("May 7, 2025, 10:00am; updated May 8, 2025", "2025-05-07 ~2025-05-08");
        check("Originally Published: June 17, 2025 at 6:25 AM PDT", "+2025-06-17");
        check(
            "First published on Thu 1 May 2025 11.00 EDT, last modified on Fri 2 May 2025",
            "+2025-05-01 ~2025-05-02",
        );
        check("December 22, 20235:00 AM ET", "2023-12-22");
        check("Feb. 30, 2025", "impossible");
    }

    #[test]
    fn finds_none_where_there_is_none() {
        for line in [
            "",
            "3 February",
            "Updated 2 hours ago",
            "in 2025",
            "May 2025",
            "555-0199-2025",
            "1.2.3",
            "maybe 3, 2025",
            "é2025-é",
        ] {
            check(line, "");
        }
    }

    #[test]
    fn knows_days_without_a_year() {
        let lexicon = Lexicon::embedded();
        for line in ["Wed 14 May", "8 May", "May 8 at 6:21pm"] {
            assert!(is_day_of_month(line, lexicon), "{line}");
        }
        for line in ["14", "May", "May Day 1 rally", "Wednesday", "Section 4", ""] {
            assert!(!is_day_of_month(line, lexicon), "{line}");
        }
    }

    #[test]
    fn reads_given_values() {
        let given =
            |value: &str| given(value, DayOrder::Unknown, Lexicon::embedded()).map(|day| day.to_string());
        assert_eq!(given("1746612000"), Ok("2025-05-07".to_owned()));
        assert_eq!(given("1746612000000"), Ok("2025-05-07".to_owned()));
        assert_eq!(given("1746612000.5"), Ok("2025-05-07".to_owned()));
        assert_eq!(given("20250507T100000Z"), Ok("2025-05-07".to_owned()));
        assert_eq!(given("2025-02-30"), Err("2025-02-30".to_owned()));
        assert_eq!(given("yesterday"), Err("yesterday".to_owned()));
        for value in [
            "2023-12-22T05:00:00.000Z",
            "2023/12/22 05:00",
            "20231222",
            "20231222T104500+0000",
            "1703221200",
            "Fri, 22 Dec 2023 05:00:00 GMT",
            "Dec. 22, 2023",
            "Published: December 22nd, 2023 at 5:00 p.m. ET",
            "22nd of December 2023",
            "12/22/2023",
            "22/12/2023",
            "December 22, 20239:53 AM UTC",
        ] {
            assert_eq!(given(value), Ok("2023-12-22".to_owned()), "{value}");
        }
        for value in ["", "2023", "May 2023", "99/99/2023", "call 555 0199 2023", "é2023-1é-x"] {
            assert!(given(value).is_err(), "{value}");
        }
    }

    #[test]
    fn reads_addresses_and_file_names() {
        assert_eq!(
            in_address("https://a.example/2025/05/07/title").map(|day| day.to_string()),
            Some("2025-05-07".to_owned())
        );
        assert_eq!(
            in_address("https://a.example/news/2025/may/07/t").map(|day| day.to_string()),
            Some("2025-05-07".to_owned())
        );
        assert_eq!(
            in_address("clips/2025-05-07-harbour.txt").map(|day| day.to_string()),
            Some("2025-05-07".to_owned())
        );
        assert_eq!(
            in_address("clips/harbour_20250507.txt").map(|day| day.to_string()),
            Some("2025-05-07".to_owned())
        );
        assert_eq!(in_address("https://a.example/story-12345678").map(|day| day.to_string()), None);
        assert_eq!(in_address("https://a.example/2025/05/title"), None);
    }

    #[test]
    fn tells_the_order_of_day_and_month() {
        assert_eq!(order_of_text(["Sent 12 March 2025"].into_iter()), DayOrder::DayFirst);
        assert_eq!(order_of_text(["03/25/2025"].into_iter()), DayOrder::MonthFirst);
        assert_eq!(order_of_text(["03/05/2025"].into_iter()), DayOrder::Unknown);
        assert_eq!(order_of_host("www.example.co.uk"), DayOrder::DayFirst);
        assert_eq!(order_of_host("example.com"), DayOrder::Unknown);
    }
}
