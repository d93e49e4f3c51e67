//! The table of prefixes: what may stand before a colon, in the order of the help text.

use crate::model::QueryField;

/// What a prefix asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prefix {
    /// Words in a field.
    Field(QueryField),
    /// A range of days.
    Date,
    /// Something an article has.
    Has,
}

/// One prefix.
#[derive(Clone, Copy, Debug)]
pub struct FieldInfo {
    /// As written, without the colon.
    pub name: &'static str,
    /// What it asks for.
    pub prefix: Prefix,
    /// What it finds, for the help text.
    pub about: &'static str,
    /// An example.
    pub example: &'static str,
}

/// All prefixes.
pub const FIELDS: &[FieldInfo] = &[
    field(QueryField::Headline, "words of the headline", "headline:(carbon tax)"),
    field(QueryField::Body, "words of the text, without headline and deck", "body:levy"),
    field(QueryField::Quote, "words between quotation marks", "quote:\"phased in\""),
    field(QueryField::Speaker, "who is quoted, any part of the name", "speaker:\"Ada Moreau\""),
    field(QueryField::Role, "what the article calls the speaker", "role:minister"),
    field(QueryField::Via, "whom it was told to or who reported it", "via:\"Capital Wire\""),
    field(QueryField::Outlet, "the publication, any part of the name", "outlet:courier"),
    field(QueryField::Author, "who wrote it", "author:osei"),
    FieldInfo {
        name: "date",
        prefix: Prefix::Date,
        about: "day, month, year or range (help dates)",
        example: "date:2021-03..2021-06",
    },
    FieldInfo {
        name: "has",
        prefix: Prefix::Has,
        about: "quote, speaker, date, outlet, author or url",
        example: "has:quote",
    },
    field(QueryField::Furniture, "lines cut from the page, searched only so", "furniture:newsletter"),
];

/// Names other programs use, and the prefix that is meant.
const OTHER_NAMES: &[(&str, &str)] = &[
    ("after", "date"),
    ("before", "date"),
    ("by", "author"),
    ("byline", "author"),
    ("content", "body"),
    ("during", "date"),
    ("from", "outlet"),
    ("hl", "headline"),
    ("in", "outlet"),
    ("inbody", "body"),
    ("intext", "body"),
    ("intitle", "headline"),
    ("media", "outlet"),
    ("newspaper", "outlet"),
    ("paper", "outlet"),
    ("person", "speaker"),
    ("pub", "outlet"),
    ("pubdate", "date"),
    ("publication", "outlet"),
    ("published", "date"),
    ("publisher", "outlet"),
    ("quoted", "quote"),
    ("quotes", "quote"),
    ("reporter", "author"),
    ("said", "speaker"),
    ("says", "speaker"),
    ("since", "date"),
    ("site", "outlet"),
    ("source", "outlet"),
    ("text", "body"),
    ("time", "date"),
    ("title", "headline"),
    ("until", "date"),
    ("who", "speaker"),
    ("writer", "author"),
    ("year", "date"),
];

const fn field(field: QueryField, about: &'static str, example: &'static str) -> FieldInfo {
    FieldInfo { name: field.prefix(), prefix: Prefix::Field(field), about, example }
}

/// The prefix of that name, in whatever case.
pub fn find(name: &str) -> Option<&'static FieldInfo> {
    FIELDS.iter().find(|info| info.name.eq_ignore_ascii_case(name))
}

/// The prefix that `name` was probably meant to be.
pub fn nearest(name: &str) -> Option<&'static FieldInfo> {
    let name = name.to_lowercase();
    if let Some((_, meant)) = OTHER_NAMES.iter().find(|(other, _)| *other == name) {
        return find(meant);
    }
    let near = FIELDS.iter().map(|info| (strsim::jaro_winkler(&name, info.name), info));
    let best = near.max_by(|a, b| a.0.total_cmp(&b.0))?;
    // Chosen on misspellings of the names above: one or two letters wrong pass, other words do not.
    (best.0 >= 0.82).then_some(best.1)
}

/// The table as text, at most 80 columns wide.
pub fn help() -> String {
    let mut text = String::from("FIELDS: a name, a colon, and a word, \"a phrase\" or (a group)\n\n");
    for info in FIELDS {
        let name = format!("{}:", info.name);
        text.push_str(&format!("  {name:<11}{:<45}{}\n", info.about, info.example));
    }
    text.push_str(
        "\nNames match by whole words: speaker:moreau finds Ada Moreau and Jean Moreau.\n\
         All fields take -, *, ~1 and OR: -outlet:herald, speaker:(moreau OR lind).\n",
    );
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_nearest(name: &str, expected: Option<&str>) {
        assert_eq!(nearest(name).map(|info| info.name), expected, "{name}");
    }

    #[test]
    fn suggests_what_was_meant() {
        check_nearest("speeker", Some("speaker"));
        check_nearest("spekaer", Some("speaker"));
        check_nearest("Headine", Some("headline"));
        check_nearest("auther", Some("author"));
        check_nearest("title", Some("headline"));
        check_nearest("oulet", Some("outlet"));
        check_nearest("furnture", Some("furniture"));
        check_nearest("xyz", None);
        check_nearest("warning", None);
        check_nearest("", None);
    }

    #[test]
    fn finds_names_in_any_case() {
        assert_eq!(find("SPEAKER").map(|info| info.name), Some("speaker"));
        assert!(OTHER_NAMES.iter().all(|(other, meant)| find(other).is_none() && find(meant).is_some()));
        assert!(OTHER_NAMES.is_sorted());
    }

    #[test]
    fn help_fits_a_screen() {
        let help = help();
        assert!(help.lines().all(|line| line.chars().count() <= 80), "{help}");
    }
}
