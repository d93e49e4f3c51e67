//! The months by their English names, for whoever reads dates in words.

/// January to December, folded; the index is the number of the month less one.
pub const MONTHS: [&str; 12] = [
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
