//! What is being asked: query, pills, dates, order. The same object as a request and as a command line.

use jiff::civil::Date;

use crate::model::search::{
    Copies, DateRange, DocKind, FacetField, FieldFilter, Filters, MatchMode, SearchRequest, SortBy,
};
use crate::model::{Grade, Query, QuoteKind};
use crate::query;
use crate::text::shell_quoted;

/// A chosen or excluded value of a field, shown beside the query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pill {
    /// Outlet, speaker or author.
    pub field: FacetField,
    /// The value.
    pub value: String,
    /// Leaves the value out.
    pub exclude: bool,
    /// In force; `false` keeps it for later.
    pub enabled: bool,
}

/// What is being asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spec {
    /// The query as typed.
    pub query: String,
    /// Articles or quotes.
    pub unit: DocKind,
    /// Filters, in the order they were chosen.
    pub pills: Vec<Pill>,
    /// Every chosen speaker must speak.
    pub all_speakers: bool,
    /// Days.
    pub dates: DateRange,
    /// Order.
    pub sort: SortBy,
    /// Kinds of quote that count.
    pub kinds: Vec<QuoteKind>,
    /// Grades of attribution that count; empty: all.
    pub grades: Vec<Grade>,
    /// All words, or most.
    pub match_mode: MatchMode,
    /// Near-identical texts.
    pub copies: Copies,
}

impl Default for Spec {
    fn default() -> Self {
        Spec {
            query: String::new(),
            unit: DocKind::Article,
            pills: Vec::new(),
            all_speakers: false,
            dates: DateRange::default(),
            sort: SortBy::default(),
            kinds: Filters::default().kinds,
            grades: Vec::new(),
            match_mode: MatchMode::default(),
            copies: Copies::default(),
        }
    }
}

/// How a field's value stands in the pills.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// Not chosen.
    Free,
    /// Included.
    Included,
    /// Excluded.
    Excluded,
    /// A pill that is switched off.
    Off,
}

impl Spec {
    /// The query as read, with the outlets of `groups` in place of their names.
    ///
    /// # Errors
    /// What the query language does not understand, and unknown groups.
    pub fn reading(&self, today: Date, groups: &query::Groups) -> Result<Query, query::QueryErrors> {
        query::with_groups(self.read(None, today)?.query, groups, &self.query)
    }

    /// The query as written, with remarks. While the cursor touches the last word it counts as a prefix.
    ///
    /// # Errors
    /// What the query language does not understand.
    pub fn read(&self, typing_at: Option<usize>, today: Date) -> Result<query::Parsed, query::QueryErrors> {
        match typing_at {
            Some(cursor) => query::parse_typing(&self.query, cursor, today),
            None => query::parse(&self.query, today),
        }
    }

    /// The request for one page.
    pub fn request(&self, query: Query, limit: usize, offset: usize) -> SearchRequest {
        let mut request = SearchRequest::new(self.unit, query);
        request.filters = self.filters();
        request.sort = if self.query.trim().is_empty() && self.sort == SortBy::Relevance {
            SortBy::Date
        } else {
            self.sort
        };
        request.limit = limit;
        request.offset = offset;
        request.match_mode = self.match_mode;
        request.copies = self.copies;
        request
    }

    /// The filters in force.
    pub fn filters(&self) -> Filters {
        let mut fields: Vec<FieldFilter> = Vec::new();
        for pill in self.pills.iter().filter(|pill| pill.enabled) {
            match fields
                .iter_mut()
                .find(|filter| filter.field == pill.field && filter.exclude == pill.exclude)
            {
                Some(filter) => filter.values.push(pill.value.clone()),
                None => fields.push(FieldFilter {
                    field: pill.field,
                    values: vec![pill.value.clone()],
                    exclude: pill.exclude,
                    all: self.all_speakers && pill.field == FacetField::Speaker && !pill.exclude,
                }),
            }
        }
        Filters { fields, dates: self.dates, kinds: self.kinds.clone(), grades: self.grades.clone() }
    }

    /// How `value` of `field` stands.
    pub fn choice(&self, field: FacetField, value: &str) -> Choice {
        match self.pills.iter().find(|pill| pill.field == field && pill.value == value) {
            None => Choice::Free,
            Some(pill) if !pill.enabled => Choice::Off,
            Some(pill) if pill.exclude => Choice::Excluded,
            Some(_) => Choice::Included,
        }
    }

    /// Only these days; an open range: all of them. What is chosen of dates otherwise is let go.
    pub fn set_dates(&mut self, dates: DateRange) {
        self.dates = dates;
        self.pills.retain(|pill| pill.field != FacetField::Year);
    }

    /// Includes (or excludes) `value`; when it stands so already, lets go of it.
    pub fn choose(&mut self, field: FacetField, value: &str, exclude: bool) {
        if field == FacetField::Year {
            self.dates = DateRange::default();
        }
        let wanted = if exclude { Choice::Excluded } else { Choice::Included };
        let before = self.choice(field, value);
        self.pills.retain(|pill| pill.field != field || pill.value != value);
        if before != wanted {
            self.pills.push(Pill { field, value: value.to_owned(), exclude, enabled: true });
        }
    }

    /// Only `value` of `field`.
    pub fn only(&mut self, field: FacetField, value: &str) {
        self.pills.retain(|pill| pill.field != field);
        self.pills.push(Pill { field, value: value.to_owned(), exclude: false, enabled: true });
    }

    /// Switches the pill of `value` off or on again.
    pub fn switch(&mut self, field: FacetField, value: &str) {
        for pill in self.pills.iter_mut().filter(|pill| pill.field == field && pill.value == value) {
            pill.enabled = !pill.enabled;
        }
    }

    /// The command that asks the same; what is switched off is left out.
    pub fn command_line(&self) -> String {
        let verb = if self.unit == DocKind::Quote { "quotes" } else { "search" };
        let mut words = vec!["onrecord".to_owned(), verb.to_owned()];
        let query = self.query.trim();
        // A query that looks like a flag stands last, behind the mark that ends the flags.
        let is_like_flag = query.starts_with('-');
        if !query.is_empty() && !is_like_flag {
            words.push(shell_quoted(query));
        }
        words.extend(self.flags().iter().map(|flag| shell_quoted(flag)));
        if is_like_flag {
            words.extend(["--".to_owned(), shell_quoted(query)]);
        }
        words.join(" ")
    }

    /// The flags of that command, each as the program gets it.
    pub fn flags(&self) -> Vec<String> {
        let mut words = Vec::new();
        for pill in self.pills.iter().filter(|pill| pill.enabled) {
            if pill.field == FacetField::Year {
                // Of dates only their lack is a pill.
                let word = if pill.exclude { "dated" } else { "undated" };
                words.extend(["--date".to_owned(), word.to_owned()]);
                continue;
            }
            let not = if pill.exclude { "not-" } else { "" };
            let flag = format!("--{not}{}", pill.field.name());
            match pill.value.starts_with('-') {
                true => words.push(format!("{flag}={}", pill.value)),
                false => words.extend([flag, pill.value.clone()]),
            }
        }
        let mut flag = |name: &str, value: &str| words.extend([format!("--{name}"), value.to_owned()]);
        if let Some(range) = self.dates_text() {
            flag("date", &range);
        }
        match self.sort {
            SortBy::Relevance => {}
            SortBy::Date => flag("sort", "date"),
            SortBy::DateAsc => flag("sort", "date-asc"),
        }
        if self.kinds != Filters::default().kinds {
            flag("kind", &self.kinds.iter().map(|kind| kind.name()).collect::<Vec<_>>().join(","));
        }
        if !self.grades.is_empty() {
            flag("grade", &self.grades.iter().map(|grade| grade.name()).collect::<Vec<_>>().join(","));
        }
        if self.match_mode == MatchMode::All {
            flag("match", "all");
        }
        if self.copies == Copies::Show {
            flag("copies", "show");
        }
        if self.all_speakers {
            words.push("--all-speakers".to_owned());
        }
        words
    }

    /// The dates as `--date` takes them; `None` when open.
    pub fn dates_text(&self) -> Option<String> {
        if self.dates.is_open() {
            return None;
        }
        let day = |date: Option<Date>| date.map_or_else(String::new, |day| day.to_string());
        Some(format!("{}..{}", day(self.dates.since), day(self.dates.until)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_the_command_without_what_is_off() {
        let mut spec = Spec { query: "carbon tax".into(), ..Spec::default() };
        spec.choose(FacetField::Outlet, "Daily Ledger", false);
        spec.choose(FacetField::Outlet, "Evening Herald", true);
        spec.choose(FacetField::Speaker, "P. Lind", false);
        spec.switch(FacetField::Speaker, "P. Lind");
        assert_eq!(
            spec.command_line(),
            "onrecord search 'carbon tax' --outlet 'Daily Ledger' --not-outlet 'Evening Herald'"
        );
        assert_eq!(spec.filters().fields.len(), 2);
        assert_eq!(spec.choice(FacetField::Speaker, "P. Lind"), Choice::Off);
    }

    #[test]
    fn choosing_twice_lets_go() {
        let mut spec = Spec::default();
        spec.choose(FacetField::Outlet, "A", false);
        spec.choose(FacetField::Outlet, "A", true);
        assert_eq!(spec.choice(FacetField::Outlet, "A"), Choice::Excluded);
        spec.choose(FacetField::Outlet, "A", true);
        assert_eq!(spec.choice(FacetField::Outlet, "A"), Choice::Free);
    }
}
