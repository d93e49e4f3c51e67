//! Lists of places, and what stands how far from what: phrases, windows of words, nearness, same sentence.
//!
//! In: places of words in one document, ordered. Out: places of what they form, ordered. Pure functions, linear in the
//! length of their lists; [`super::plan`] puts them together for a query. They know no words, only where they stand.
//!
//! **Distances are counted as a reader counts words** ([`crate::text::word`]): neighbours have distance 1, one word
//! between makes 2. Between longer stretches the nearest ends count. Nothing reaches from one text of a document into
//! another (headline, standfirst, body), and nothing is near itself: `tax w/5 tax` wants the word twice.

use std::borrow::Cow;

/// Words `start..end` of a document, half-open, as positions of [`crate::text::word::tokenize`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// First word.
    pub start: u32,
    /// One past the last word.
    pub end: u32,
}

impl Place {
    /// The words `start..end`.
    pub const fn new(start: u32, end: u32) -> Self {
        Place { start, end }
    }

    /// The single word at `position`.
    pub const fn word(position: u32) -> Self {
        Place { start: position, end: position.saturating_add(1) }
    }

    /// Number of words.
    pub const fn len(self) -> u32 {
        self.end.saturating_sub(self.start)
    }

    /// Whether the place covers no word.
    pub const fn is_empty(self) -> bool {
        self.end <= self.start
    }

    const fn strictly_contains(self, other: Place) -> bool {
        self.start < other.start && other.end < self.end
    }

    const fn union(self, other: Place) -> Place {
        let start = if self.start < other.start { self.start } else { other.start };
        let end = if self.end > other.end { self.end } else { other.end };
        Place { start, end }
    }
}

/// Where the parts of a document begin, as ordered positions of first words. What stands before the first start is a
/// part of its own.
#[derive(Clone, Copy, Debug, Default)]
pub struct Bounds<'d> {
    /// Texts: headline, standfirst, body. Nothing matches across them.
    pub texts: &'d [u32],
    /// Sentences. A start of a text is one too.
    pub sentences: &'d [u32],
    /// Paragraphs. A start of a text is one too.
    pub paragraphs: &'d [u32],
}

/// The part that the word at `position` is in, from the starts of parts.
fn part_of(starts: &[u32], position: u32) -> usize {
    starts.partition_point(|start| *start <= position)
}

/// The part that holds the whole of `place`.
fn part_around(starts: &[u32], place: Place) -> Option<usize> {
    let part = part_of(starts, place.start);
    (starts.get(part).is_none_or(|next| place.end <= *next)).then_some(part)
}

/// Which side comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    /// Any.
    Either,
    /// Left before right.
    LeftFirst,
}

/// Places of several lists in one, ordered, each once.
pub(super) fn union<'p>(lists: &[Cow<'p, [Place]>]) -> Cow<'p, [Place]> {
    let mut filled = lists.iter().filter(|list| !list.is_empty());
    match (filled.next(), filled.next()) {
        (None, _) => Cow::Borrowed(&[]),
        (Some(list), None) => list.clone(),
        _ => {
            let mut all: Vec<Place> = lists.iter().flat_map(|list| list.iter().copied()).collect();
            all.sort_unstable();
            all.dedup();
            Cow::Owned(all)
        }
    }
}

/// Places of words in a row: one of each list, each beginning where the one before ends.
pub(super) fn row(lists: &[Cow<'_, [Place]>], bounds: Bounds<'_>) -> Vec<Place> {
    let Some((first, rest)) = lists.split_first() else { return Vec::new() };
    let mut rows: Vec<Place> = first.to_vec();
    let mut longer = Vec::new();
    for list in rest {
        if !rows.is_sorted_by_key(|row| row.end) {
            rows.sort_unstable_by_key(|row| row.end);
        }
        longer.clear();
        let mut from = 0;
        for row in &rows {
            while list.get(from).is_some_and(|place| place.start < row.end) {
                from += 1;
            }
            let next = list[from..].iter().take_while(|place| place.start == row.end);
            longer.extend(next.map(|place| Place::new(row.start, place.end)));
        }
        std::mem::swap(&mut rows, &mut longer);
    }
    rows.retain(|row| part_around(bounds.texts, *row).is_some());
    rows.sort_unstable();
    rows.dedup();
    rows
}

/// Shortest windows that hold one place of each list, in any order, and at most `slop` other words.
///
/// `numbers` names the lists: one that is given twice is wanted twice.
pub(super) fn windows(
    lists: &[Cow<'_, [Place]>],
    numbers: &[usize],
    slop: u32,
    bounds: Bounds<'_>,
) -> Vec<Place> {
    let mut wanted: Vec<Wanted> = Vec::new();
    let mut events: Vec<(Place, usize)> = Vec::new();
    for (list, number) in lists.iter().zip(numbers) {
        if let Some(known) = wanted.iter_mut().find(|known| known.number == *number) {
            known.missing += 1;
            known.times += 1;
            continue;
        }
        events.extend(list.iter().map(|place| (*place, wanted.len())));
        let lengths = || list.iter().map(|place| place.len());
        let (shortest, longest) = (lengths().min().unwrap_or(1), lengths().max().unwrap_or(1));
        wanted.push(Wanted { number: *number, times: 1, missing: 1, shortest, longest });
    }
    events.sort_unstable();
    let least: u32 = wanted.iter().map(|list| list.times * list.shortest).sum();
    let own: u32 = wanted.iter().map(|list| list.times * list.longest).sum();
    let mut n_missing = wanted.len();
    let mut left = 0;
    let mut found = Vec::new();
    for (right, (_, list)) in events.iter().enumerate() {
        wanted[*list].missing -= 1;
        if wanted[*list].missing == 0 {
            n_missing -= 1;
        }
        let mut shortest_from = None;
        while n_missing == 0 {
            shortest_from = Some(left);
            let first = &mut wanted[events[left].1];
            if first.missing == 0 {
                n_missing += 1;
            }
            first.missing += 1;
            left += 1;
        }
        let Some(from) = shortest_from else { continue };
        let start = events[from].0.start;
        let end = events[from..=right].iter().map(|(place, _)| place.end).max().unwrap_or(start);
        let span = Place::new(start, end);
        // A window shorter than its words would use one word for two of them.
        let is_near = span.len() >= least && span.len() - span.len().min(own) <= slop;
        if is_near && part_around(bounds.texts, span).is_some() {
            found.push(span);
        }
    }
    found.sort_unstable();
    found
}

/// One list of [`windows`].
struct Wanted {
    number: usize,
    times: u32,
    missing: i64,
    shortest: u32,
    longest: u32,
}

/// Pairs of a left and a right place at most `distance` words apart, as (span, left, right) to `found`, in no order.
///
/// Of the pairs that share a place only the closest on either side are given: each place that has a partner is in one,
/// and a longer pair is never nearer to a third thing than the shorter ones. `is_loose` says of left and right whether
/// their places have gaps, in which the other may stand (a nearness has, an exact phrase has not).
pub(super) fn near(
    [left, right]: [&[Place]; 2],
    is_loose: [bool; 2],
    distance: u32,
    order: Order,
    bounds: Bounds<'_>,
    found: &mut impl FnMut(Place, Place, Place),
) {
    let left_by_end = by_end(left);
    let right_by_end = by_end(right);
    let mut pair = |first: Place, second: Place, swapped: bool| {
        let span = first.union(second);
        if second.start - first.end < distance && part_around(bounds.texts, span).is_some() {
            if swapped { found(span, second, first) } else { found(span, first, second) }
        }
    };
    closest(left, &left_by_end, right, |first, second| pair(first, second, false));
    if order == Order::LeftFirst {
        return;
    }
    closest(right, &right_by_end, left, |first, second| pair(first, second, true));
    let mut inside = |outer: &[Place], inner: &[Place], swapped: bool| {
        for around in outer {
            let from = inner.partition_point(|place| place.start <= around.start);
            let candidates =
                inner[from..].iter().take_while(|place| place.start < around.end).take(INSIDE_MAX);
            for place in candidates.filter(|place| around.strictly_contains(**place)) {
                if swapped { found(*around, *place, *around) } else { found(*around, *around, *place) }
            }
        }
    };
    if is_loose[0] {
        inside(left, right, false);
    }
    if is_loose[1] {
        inside(right, left, true);
    }
}

/// Places looked at inside one gap: windows of a thousand words over the same places would take quadratic time.
const INSIDE_MAX: usize = 16;

/// For each of `first` the closest of `second` after it, and for each of `second` the closest of `first` before it.
fn closest(first: &[Place], first_by_end: &[Place], second: &[Place], mut pair: impl FnMut(Place, Place)) {
    for place in first {
        let after = second.partition_point(|other| other.start < place.end);
        if let Some(next) = second.get(after) {
            let same_start = second[after..].iter().take_while(|other| other.start == next.start);
            pair(*place, same_start.last().copied().unwrap_or(*next));
        }
    }
    for place in second {
        let before = first_by_end.partition_point(|other| other.end <= place.start);
        if let Some(last) = before.checked_sub(1).and_then(|at| first_by_end.get(at)) {
            pair(*last, *place);
        }
    }
}

/// `places` ordered by their ends, of those with one end the longest last.
fn by_end(places: &[Place]) -> Cow<'_, [Place]> {
    if places.is_sorted_by_key(|place| place.end) {
        return Cow::Borrowed(places);
    }
    let mut sorted = places.to_vec();
    sorted.sort_unstable_by_key(|place| (place.end, u32::MAX - place.start));
    Cow::Owned(sorted)
}

/// Parts (by the starts of parts) that hold both a left and a right place, as (span, lefts, rights) to `found`, in order.
pub(super) fn same_part(
    [left, right]: [&[Place]; 2],
    starts: &[u32],
    found: &mut impl FnMut(Place, &[Place], &[Place]),
) {
    let whole = |places: &[Place]| -> Vec<(usize, Place)> {
        places.iter().filter_map(|place| Some((part_around(starts, *place)?, *place))).collect()
    };
    let (left, right) = (whole(left), whole(right));
    let places = |list: &[(usize, Place)]| -> Vec<Place> { list.iter().map(|(_, place)| *place).collect() };
    let (left_places, right_places) = (places(&left), places(&right));
    let mut from = 0;
    let mut at = 0;
    while let Some((part, _)) = left.get(at) {
        let until = at + left[at..].partition_point(|(other, _)| other == part);
        from += right[from..].partition_point(|(other, _)| other < part);
        let to = from + right[from..].partition_point(|(other, _)| other == part);
        let (lefts, rights) = (&left_places[at..until], &right_places[from..to]);
        if stand_apart(lefts, rights) || stand_apart(rights, lefts) {
            let all = lefts.iter().chain(rights).copied();
            if let Some(span) = all.reduce(Place::union) {
                found(span, lefts, rights);
            }
        }
        at = until;
    }
}

/// Whether one of `first` ends before one of `second` begins.
fn stand_apart(first: &[Place], second: &[Place]) -> bool {
    let end = first.iter().map(|place| place.end).min();
    let start = second.iter().map(|place| place.start).max();
    matches!((end, start), (Some(end), Some(start)) if end <= start)
}

/// How many of `places` can be had without two of them sharing a word.
pub(super) fn count_apart(places: &[Place]) -> u32 {
    let mut count = 0;
    let mut end = 0;
    for place in by_end(places).iter() {
        if place.start >= end {
            count += 1;
            end = place.end;
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Places of a letter (or of a run of capitals as one place) in a text of letters: `a.b` has a word between.
    fn places(text: &str, letter: char) -> Vec<Place> {
        let found = text.char_indices().filter(|(_, c)| *c == letter);
        found.map(|(at, _)| Place::word(at as u32)).collect()
    }

    fn lists(text: &str, letters: &str) -> Vec<Cow<'static, [Place]>> {
        letters.chars().map(|letter| Cow::Owned(places(text, letter))).collect()
    }

    fn shown(text: &str, places: &[Place]) -> Vec<String> {
        places.iter().map(|place| text[place.start as usize..place.end as usize].to_owned()).collect()
    }

    #[track_caller]
    fn check_row(text: &str, letters: &str, expected: &[&str]) {
        assert_eq!(shown(text, &row(&lists(text, letters), Bounds::default())), expected);
    }

    #[track_caller]
    fn check_windows(text: &str, letters: &str, slop: u32, expected: &[&str]) {
        let numbers: Vec<usize> = letters.chars().map(|letter| letter as usize).collect();
        assert_eq!(shown(text, &windows(&lists(text, letters), &numbers, slop, Bounds::default())), expected);
    }

    fn pairs(text: &str, distance: u32, order: Order, bounds: Bounds<'_>) -> Vec<Place> {
        let mut found = Vec::new();
        near(
            [&places(text, 'a'), &places(text, 'b')],
            [false; 2],
            distance,
            order,
            bounds,
            &mut |span, _, _| {
                found.push(span);
            },
        );
        found.sort_unstable();
        found.dedup();
        found
    }

    #[track_caller]
    fn check_near(text: &str, distance: u32, order: Order, expected: &[&str]) {
        assert_eq!(shown(text, &pairs(text, distance, order, Bounds::default())), expected);
    }

    #[test]
    fn rows_are_words_side_by_side() {
        check_row("abcab.cabc", "abc", &["abc", "abc"]);
        check_row("aaa", "aa", &["aa", "aa"]);
        check_row("a.b", "ab", &[]);
        let two_lengths =
            [Cow::Owned(vec![Place::new(0, 1), Place::new(0, 2)]), Cow::Owned(places("..b", 'b'))];
        assert_eq!(row(&two_lengths, Bounds::default()), [Place::new(0, 3)]);
        assert_eq!(row(&lists("ab", "ab"), Bounds { texts: &[1], ..Bounds::default() }), []);
    }

    #[test]
    fn windows_hold_all_words_in_any_order() {
        check_windows("a..b", "ab", 2, &["a..b"]);
        check_windows("a...b", "ab", 2, &[]);
        check_windows("b.a.b", "ab", 1, &["b.a", "a.b"]);
        check_windows("a.a", "aa", 1, &["a.a"]);
        check_windows("a", "aa", 9, &[]);
        check_windows("abbc", "abc", 0, &[]);
        check_windows("abbc", "abc", 1, &["abbc"]);
        let same_word = [Cow::Owned(places("a.a", 'a')), Cow::Owned(places("a.a", 'a'))];
        assert_eq!(windows(&same_word, &[1, 2], 1, Bounds::default()), [Place::new(0, 3)]);
    }

    #[test]
    fn neighbours_have_distance_one() {
        check_near("ab", 1, Order::Either, &["ab"]);
        check_near("ba", 1, Order::Either, &["ba"]);
        check_near("ba", 1, Order::LeftFirst, &[]);
        check_near("a.b", 1, Order::Either, &[]);
        check_near("a.b", 2, Order::LeftFirst, &["a.b"]);
        check_near("a.b.b", 4, Order::LeftFirst, &["a.b", "a.b.b"]);
        check_near("b.a.b", 2, Order::Either, &["b.a", "a.b"]);
        assert_eq!(pairs("ab", 5, Order::Either, Bounds { texts: &[1], ..Bounds::default() }), []);
    }

    #[test]
    fn nothing_is_near_itself() {
        let same = places("a...a", 'a');
        let mut found = Vec::new();
        near([&same, &same], [false; 2], 5, Order::Either, Bounds::default(), &mut |span, _, _| {
            found.push(span)
        });
        found.dedup();
        assert_eq!(found[0], Place::new(0, 5));
        let one = places("a", 'a');
        near([&one, &one], [true; 2], 5, Order::Either, Bounds::default(), &mut |span, _, _| {
            panic!("{span:?} is near itself");
        });
    }

    #[test]
    fn the_other_may_stand_in_a_gap() {
        let outer = [Place::new(0, 5)];
        let inner = [Place::word(2)];
        for (is_loose, expected) in [(true, 1), (false, 0)] {
            let mut n_found = 0;
            near([&outer, &inner], [is_loose; 2], 3, Order::Either, Bounds::default(), &mut |_, _, _| {
                n_found += 1
            });
            assert_eq!(n_found, expected);
        }
    }

    #[test]
    fn parts_hold_both() {
        let text = "a.b|.a|b.|bab";
        let starts = [0, 4, 7, 10];
        let mut found = Vec::new();
        same_part([&places(text, 'a'), &places(text, 'b')], &starts, &mut |span, lefts, rights| {
            found.push((shown(text, &[span]).remove(0), lefts.len(), rights.len()));
        });
        assert_eq!(found, [("a.b".to_owned(), 1, 1), ("bab".to_owned(), 1, 2)]);
        let across = [Place::new(3, 5)];
        same_part([&across, &places(text, 'a')], &starts, &mut |span, _, _| {
            panic!("{span:?} crosses a border")
        });
        let one = places("a", 'a');
        same_part([&one, &one], &[], &mut |span, _, _| panic!("{span:?} is its own partner"));
    }

    #[test]
    fn overlapping_places_count_once() {
        assert_eq!(count_apart(&[Place::new(0, 2), Place::new(1, 2), Place::new(2, 4), Place::new(3, 5)]), 2);
        assert_eq!(count_apart(&[]), 0);
    }

    #[test]
    fn long_lists_take_linear_time() {
        let text = "ab".repeat(100_000);
        let (a, b) = (places(&text, 'a'), places(&text, 'b'));
        let mut n_found = 0;
        near([&a, &b], [true; 2], 1000, Order::Either, Bounds::default(), &mut |_, _, _| n_found += 1);
        assert!(n_found > 0);
        assert!(!windows(&lists(&text, "ab"), &[0, 1], 100, Bounds::default()).is_empty());
        let starts: Vec<u32> = (0..200_000).step_by(10).collect();
        same_part([&a, &b], &starts, &mut |_, _, _| n_found += 1);
    }
}
