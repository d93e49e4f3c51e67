//! Reads a day out of a value that is, or contains, one date.

use jiff::civil::Date;

/// The day in `text`: ISO forms, RFC 2822, "Dec. 9, 2023", "9 December 2023", "12/09/2023", seconds since 1970.
///
/// `None` when there is no complete date. A slash date is month first unless that is impossible.
pub fn day_of(text: &str) -> Option<Date> {
    let text = text.trim();
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return digits_day(text);
    }
    let tokens: Vec<&str> =
        text.split(|c: char| !c.is_alphanumeric()).filter(|token| !token.is_empty()).collect();
    let number = |token: &str| -> Option<i16> {
        let digits = token.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        if digits.is_empty() || digits.len() > 4 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        digits.parse().ok()
    };
    let year = |token: &str| -> Option<i16> {
        // "2023-12-22T05:00" leaves "22T05", "20238:27" leaves "20238": a year is the first four digits.
        let head = token.get(..4)?;
        let year: i16 = head.bytes().all(|byte| byte.is_ascii_digit()).then(|| head.parse().ok())??;
        (1900..2100).contains(&year).then_some(year)
    };
    let day_number = |token: &str| -> Option<i8> {
        let end = token.find(|c: char| !c.is_ascii_digit()).unwrap_or(token.len());
        let suffix = token.get(end..)?.to_ascii_lowercase();
        let fits = suffix.is_empty()
            || suffix.starts_with('t')
            || matches!(suffix.as_str(), "st" | "nd" | "rd" | "th");
        (fits && end > 0 && end <= 2).then(|| token[..end].parse().ok())?
    };
    let date = |y: Option<i16>, m: Option<i8>, d: Option<i8>| Date::new(y?, m?, d?).ok();
    for (idx, window) in tokens.windows(3).enumerate() {
        let [a, b, c] = [window[0], window[1], window[2]];
        let month_number = number(b).and_then(|month| i8::try_from(month).ok());
        let year_first =
            date(year(a).filter(|_| a.len() == 4), month_number.or_else(|| month_of(b)), day_number(c));
        let month_name_first = || date(year(c), month_of(a), day_number(b));
        let day_first = || date(year(c), month_of(b), day_number(a));
        // "22nd of December 2023"
        let day_of_month = || {
            let year = tokens.get(idx + 3).and_then(|token| year(token));
            date(year, month_of(c), day_number(a)).filter(|_| b == "of")
        };
        let numbers = || {
            let (a, b) = (day_number(a).filter(|_| a.len() <= 2), day_number(b).filter(|_| b.len() <= 2));
            date(year(c), a, b).or_else(|| date(year(c), b, a))
        };
        let found =
            year_first.or_else(month_name_first).or_else(day_first).or_else(day_of_month).or_else(numbers);
        if found.is_some() {
            return found;
        }
    }
    tokens.iter().find_map(|token| {
        let digits = token.get(..8)?;
        let rest = token.get(8..)?;
        (digits.starts_with("20") && (rest.is_empty() || rest.starts_with(['T', 't'])))
            .then(|| digits_day(digits))?
    })
}

/// The month a word names: "December", "dec", "Sept".
pub fn month_of(word: &str) -> Option<i8> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let word = word.to_ascii_lowercase();
    if word.len() < 3 {
        return None;
    }
    let idx = MONTHS.iter().position(|month| month.starts_with(word.as_str()))?;
    i8::try_from(idx + 1).ok()
}

/// "20231222", "20231222120000", or seconds or milliseconds since 1970.
fn digits_day(digits: &str) -> Option<Date> {
    let compact = |digits: &str| {
        Date::new(digits[..4].parse().ok()?, digits[4..6].parse().ok()?, digits[6..8].parse().ok()?).ok()
    };
    match digits.len() {
        8 | 12 | 14 if digits.starts_with("20") || digits.starts_with("19") => compact(digits),
        10 => jiff::Timestamp::from_second(digits.parse().ok()?).ok().map(day_in_utc),
        13 => jiff::Timestamp::from_millisecond(digits.parse().ok()?).ok().map(day_in_utc),
        _ => None,
    }
}

fn day_in_utc(at: jiff::Timestamp) -> Date {
    jiff::tz::TimeZone::UTC.to_datetime(at).date()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let found = day_of(text).map(|day| day.to_string()).unwrap_or_default();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn reads_dates_as_metadata_writes_them() {
        check("2023-12-22T05:00:00.000Z", "2023-12-22");
        check("2023-12-22", "2023-12-22");
        check("2023/12/22 05:00", "2023-12-22");
        check("20231222", "2023-12-22");
        check("20231222T104500+0000", "2023-12-22");
        check("1703221200", "2023-12-22");
        check("1703221200000", "2023-12-22");
        check("Fri, 22 Dec 2023 05:00:00 GMT", "2023-12-22");
        check("Dec. 22, 2023", "2023-12-22");
        check("Published: December 22nd, 2023 at 5:00 p.m. ET", "2023-12-22");
        check("22nd of December 2023", "2023-12-22");
        check("12/22/2023", "2023-12-22");
        check("22/12/2023", "2023-12-22");
        check("December 24, 20239:53 AM UTC", "2023-12-24");
    }

    #[test]
    fn finds_none_where_there_is_none() {
        for text in ["", "yesterday", "2023", "May 2023", "99/99/2023", "call 555 0199 2023", "é2023-1é-x"]
        {
            check(text, "");
        }
    }
}
