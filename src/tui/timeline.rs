//! The timeline: matches over time, in bins without gaps, with a window that becomes the date filter.

use jiff::civil::{Date, Weekday};
use jiff::{Span as TimeSpan, ToSpan};

use crate::model::search::{CountResponse, DateRange, FacetField};

/// Bins by width, narrow to wide.
pub const WIDTHS: [FacetField; 4] = [FacetField::Day, FacetField::Week, FacetField::Month, FacetField::Year];

/// One bin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bin {
    /// First day.
    pub start: Date,
    /// Last day.
    pub end: Date,
    /// Matches.
    pub count: u64,
    /// All articles of the bin.
    pub total: u64,
}

/// The timeline.
#[derive(Clone, Debug, Default)]
pub struct Timeline {
    /// Days with a match, in order: matches, and all articles.
    pub days: Vec<(Date, u64, u64)>,
    /// Bins from the first to the last with a match, zero bins included.
    pub bins: Vec<Bin>,
    /// Matches without a date.
    pub undated: u64,
    /// Selected bin.
    pub cursor: usize,
    /// Where a selection began.
    pub anchor: Option<usize>,
    /// Index into [`WIDTHS`]; `None`: chosen so that the bins fit.
    pub width: Option<usize>,
    /// Shares instead of counts.
    pub share: bool,
}

impl Timeline {
    /// Takes a tally by day and bins it for `columns` columns.
    pub fn replace(&mut self, response: &CountResponse, columns: usize) {
        let mut days: Vec<(Date, u64, u64)> = Vec::new();
        self.undated = 0;
        for row in &response.rows {
            match row.values.first().and_then(|value| value.as_deref()) {
                Some(day) => days.extend(day.parse::<Date>().ok().map(|day| (day, row.count, row.total))),
                None => self.undated = row.count,
            }
        }
        days.sort();
        self.days = days;
        self.bin(columns);
        self.anchor = None;
    }

    /// Bins the days for `columns` columns. Cursor and selection stay on their days.
    pub fn bin(&mut self, columns: usize) {
        let day = |at: usize| self.bins.get(at).map(|bin| bin.start);
        let (cursor, anchor) = (day(self.cursor), self.anchor.and_then(day));
        let width = self.width.unwrap_or_else(|| fitting(&self.days, columns));
        self.bins = binned(&self.days, WIDTHS[width.min(WIDTHS.len() - 1)]);
        let place = |day: Date| self.bins.partition_point(|bin| bin.end < day);
        let last = self.bins.len().saturating_sub(1);
        self.anchor = anchor.map(|day| place(day).min(last));
        self.cursor = cursor.map_or(0, place).min(last);
    }

    /// Moves the cursor.
    pub fn step(&mut self, by: isize) {
        self.cursor = self.cursor.saturating_add_signed(by).min(self.bins.len().saturating_sub(1));
    }

    /// The days of the selection, or of the bin under the cursor.
    pub fn window(&self) -> Option<DateRange> {
        let from = self.anchor.unwrap_or(self.cursor).min(self.cursor);
        let to = self.anchor.unwrap_or(self.cursor).max(self.cursor);
        let (first, last) = (self.bins.get(from)?, self.bins.get(to)?);
        Some(DateRange { since: Some(first.start), until: Some(last.end) })
    }

    /// How a bin is called: by its day, its first day, its month or its year.
    pub fn label(bin: &Bin) -> String {
        match bin.start.until(bin.end).map_or(0, |span| span.get_days()) {
            0 => bin.start.to_string(),
            1..=6 => format!("week of {}", bin.start),
            7..=30 => bin.start.strftime("%Y-%m").to_string(),
            _ => bin.start.year().to_string(),
        }
    }

    /// The bin with most matches.
    pub fn peak(&self) -> Option<usize> {
        let most = self.bins.iter().map(|bin| bin.count).max().filter(|most| *most > 0)?;
        self.bins.iter().position(|bin| bin.count == most)
    }

    /// How the bins are drawn in `columns` columns: bins that share a cell, columns of a cell.
    pub fn cells(&self, columns: usize) -> (usize, usize) {
        let cell = (columns / self.bins.len().max(1)).clamp(1, 6);
        let per_cell = (self.bins.len() * cell).div_ceil(columns.max(1)).max(1);
        (per_cell, cell)
    }

    /// The bin drawn at a column of `columns`; the last one right of them all.
    pub fn bin_at(&self, column: usize, columns: usize) -> usize {
        let (per_cell, cell) = self.cells(columns);
        (column / cell * per_cell).min(self.bins.len().saturating_sub(1))
    }

    /// First and last day of the bins.
    pub fn range(&self) -> Option<(Date, Date)> {
        Some((self.bins.first()?.start, self.bins.last()?.end))
    }

    /// The height of a bin: matches, or their share of all articles.
    pub fn height(&self, bin: &Bin) -> f64 {
        match (self.share, bin.total) {
            (true, 0) => 0.0,
            (true, total) => bin.count as f64 / total as f64,
            (false, _) => bin.count as f64,
        }
    }
}

/// The first days of at most `n` spans of nearly equal length from `first` to `last`.
pub fn spans(first: Date, last: Date, n: usize) -> Option<Vec<Date>> {
    let days = i64::from(first.until(last).ok()?.get_days()) + 1;
    let n = i64::try_from(n).ok()?.min(days);
    (0..n).map(|idx| first.checked_add((days * idx / n).days()).ok()).collect()
}

/// The window three times as long, around the same middle; `None` when it is open already.
pub fn wider(range: DateRange) -> Option<DateRange> {
    let (since, until) = (range.since?, range.until?);
    let days = since.until(until).ok()?.get_days() + 1;
    Some(DateRange { since: since.checked_sub(days.days()).ok(), until: until.checked_add(days.days()).ok() })
}

/// The window moved by its own length, back or forward.
pub fn shifted(range: DateRange, forward: bool) -> Option<DateRange> {
    let (since, until) = (range.since?, range.until?);
    let days = since.until(until).ok()?.get_days() + 1;
    let by: TimeSpan = if forward { days.days() } else { (-days).days() };
    Some(DateRange { since: since.checked_add(by).ok(), until: until.checked_add(by).ok() })
}

/// The narrowest width whose bins fit into `columns`.
fn fitting(days: &[(Date, u64, u64)], columns: usize) -> usize {
    let (Some(first), Some(last)) = (days.first(), days.last()) else { return 2 };
    (0..WIDTHS.len())
        .find(|width| n_bins(first.0, last.0, WIDTHS[*width]) <= columns.max(1))
        .unwrap_or(WIDTHS.len() - 1)
}

fn n_bins(first: Date, last: Date, width: FacetField) -> usize {
    let days = first.until(last).map_or(0, |span| span.get_days().max(0)) as usize + 1;
    match width {
        FacetField::Day => days,
        FacetField::Week => days / 7 + 1,
        FacetField::Month => days / 30 + 1,
        _ => days / 365 + 1,
    }
}

/// More bins than this would be drawn by nobody.
const MOST_BINS: usize = 5_000;

fn binned(days: &[(Date, u64, u64)], width: FacetField) -> Vec<Bin> {
    let (Some(first), Some(last)) = (days.first(), days.last()) else { return Vec::new() };
    let mut bins: Vec<Bin> = Vec::new();
    let mut start = start_of(first.0, width);
    while start <= last.0 && bins.len() < MOST_BINS {
        let Some(next) = next_start(start, width) else { break };
        bins.push(Bin { start, end: next.yesterday().unwrap_or(start), count: 0, total: 0 });
        start = next;
    }
    for (day, count, total) in days {
        let at = bins.partition_point(|bin| bin.end < *day);
        if let Some(bin) = bins.get_mut(at) {
            bin.count += count;
            bin.total += total;
        }
    }
    bins
}

fn start_of(day: Date, width: FacetField) -> Date {
    match width {
        FacetField::Day => day,
        FacetField::Week => {
            let back = i32::from(day.weekday().since(Weekday::Monday));
            day.checked_sub(back.days()).unwrap_or(day)
        }
        FacetField::Month => day.first_of_month(),
        _ => day.first_of_year(),
    }
}

fn next_start(start: Date, width: FacetField) -> Option<Date> {
    let step = match width {
        FacetField::Day => 1.days(),
        FacetField::Week => 7.days(),
        FacetField::Month => 1.months(),
        _ => 1.years(),
    };
    start.checked_add(step).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::search::CountRow;
    use jiff::civil::date;

    fn response(days: &[(&str, u64)]) -> CountResponse {
        let row = |day: Option<&str>, count| CountRow {
            values: vec![day.map(str::to_owned)],
            count,
            total: count * 2,
        };
        let mut rows: Vec<CountRow> = days.iter().map(|(day, count)| row(Some(day), *count)).collect();
        rows.push(row(None, 3));
        CountResponse { rows, ..CountResponse::default() }
    }

    #[test]
    fn draws_empty_bins_and_counts_the_undated_apart() {
        let mut timeline = Timeline { width: Some(2), ..Timeline::default() };
        timeline.replace(&response(&[("2031-03-14", 2), ("2031-06-01", 5)]), 80);
        assert_eq!(timeline.bins.iter().map(|bin| bin.count).collect::<Vec<_>>(), [2, 0, 0, 5]);
        assert_eq!(timeline.undated, 3);
        assert_eq!(timeline.peak(), Some(3));
    }

    #[test]
    fn chooses_bins_that_fit() {
        let mut timeline = Timeline::default();
        timeline.replace(&response(&[("2031-03-01", 1), ("2031-03-20", 1)]), 40);
        assert_eq!(timeline.bins.len(), 20);
        timeline.replace(&response(&[("2021-03-01", 1), ("2031-03-20", 1)]), 40);
        assert_eq!(timeline.bins.len(), 11);
    }

    #[test]
    fn other_bins_leave_the_cursor_on_its_day() {
        let mut timeline = Timeline { width: Some(2), ..Timeline::default() };
        timeline.replace(&response(&[("2030-03-14", 2), ("2031-06-01", 5)]), 80);
        (timeline.cursor, timeline.anchor) = (15, Some(10));
        timeline.width = Some(3);
        timeline.bin(80);
        assert_eq!((timeline.bins.len(), timeline.cursor, timeline.anchor), (2, 1, Some(1)));
        timeline.width = None;
        timeline.bin(30);
        assert_eq!((timeline.bins.len(), timeline.bins[timeline.cursor].start), (16, date(2031, 1, 1)));
    }

    #[test]
    fn finds_the_bin_under_a_column() {
        let mut timeline = Timeline { width: Some(2), ..Timeline::default() };
        timeline.replace(&response(&[("2031-03-14", 2), ("2031-06-01", 5)]), 80);
        assert_eq!(timeline.cells(80), (1, 6));
        assert_eq!([timeline.bin_at(0, 80), timeline.bin_at(7, 80), timeline.bin_at(79, 80)], [0, 1, 3]);
        assert_eq!(timeline.cells(2), (2, 1));
        assert_eq!(timeline.bin_at(1, 2), 2);
        let (first, last) = timeline.range().unwrap();
        assert_eq!((first, last), (date(2031, 3, 1), date(2031, 6, 30)));
        assert_eq!(spans(first, last, 2).unwrap(), [date(2031, 3, 1), date(2031, 5, 1)]);
        assert_eq!(spans(first, first, 8).unwrap(), [first]);
        assert_eq!(Timeline::default().range(), None);
        assert_eq!(Timeline::default().bin_at(3, 80), 0);
    }

    #[test]
    fn selects_and_shifts_windows() {
        let mut timeline = Timeline { width: Some(2), ..Timeline::default() };
        timeline.replace(&response(&[("2031-03-14", 2), ("2031-06-01", 5)]), 80);
        timeline.anchor = Some(0);
        timeline.cursor = 1;
        let window = timeline.window().unwrap();
        assert_eq!(window, DateRange { since: Some(date(2031, 3, 1)), until: Some(date(2031, 4, 30)) });
        let later = shifted(window, true).unwrap();
        assert_eq!(later.since, Some(date(2031, 5, 1)));
        assert_eq!(later.until, Some(date(2031, 6, 30)));
    }
}
