//! The name that `speaker:`, `outlet:` or `author:` at the end of the query is about to become.

use crate::model::search::{FacetCount, FacetField};
use crate::text::fold;

/// Fields whose names are completed.
pub const FIELDS: [FacetField; 3] = [FacetField::Speaker, FacetField::Outlet, FacetField::Author];

/// The unfinished name at the end of a query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Begun<'q> {
    /// Its field.
    pub field: FacetField,
    /// Byte where the name begins, its mark included.
    pub start: usize,
    /// What is typed of it, without the mark.
    pub typed: &'q str,
}

/// The unfinished name that `query` ends with.
pub fn begun(query: &str) -> Option<Begun<'_>> {
    let (at, field) = FIELDS
        .iter()
        .filter_map(|field| {
            let at = query.rfind(&format!("{}:", field.name()))?;
            Some((at, *field))
        })
        .max_by_key(|(at, _)| *at)?;
    if query[..at].ends_with(|c: char| c.is_alphanumeric()) {
        return None;
    }
    let start = at + field.name().len() + 1;
    let rest = &query[start..];
    let typed = match rest.strip_prefix('"') {
        Some(quoted) if quoted.contains('"') => return None,
        Some(quoted) => quoted,
        None if rest.contains(|c: char| c.is_whitespace() || c == '(' || c == ')') => return None,
        None => rest,
    };
    Some(Begun { field, start, typed })
}

/// The name that is offered: the most frequent that begins so, unless one with a later word that does is more frequent: who
/// types a surname means the person, not the campaign.
pub fn offered<'n>(begun: &Begun<'_>, names: &'n [FacetCount]) -> Option<&'n str> {
    let typed = fold(begun.typed);
    let typed = typed.trim_start();
    let names = || names.iter().filter_map(|name| Some((name.value.as_deref()?, name.count)));
    let whole = names().find(|(name, _)| fold(name).starts_with(typed));
    let later = names().find(|(name, _)| fold(name).split_whitespace().any(|word| word.starts_with(typed)));
    let found = match (whole, later) {
        (Some((_, count)), Some((_, more))) if more > count => later,
        _ => whole.or(later),
    };
    found.map(|(name, _)| name).filter(|name| *name != begun.typed)
}

/// The query with the name in its place, ready for the next word.
pub fn accepted(query: &str, begun: &Begun<'_>, name: &str) -> String {
    let plain = name.chars().all(|c| c.is_alphanumeric() || c == '-');
    let name = if plain { name.to_owned() } else { format!("\"{}\"", name.replace('"', "")) };
    format!("{}{name} ", &query[..begun.start])
}

/// What is shown behind the cursor: the rest of the name, or the whole of it after an arrow.
pub fn shown(begun: &Begun<'_>, name: &str) -> String {
    let typed = begun.typed.chars().count();
    if fold(name).starts_with(&*fold(begun.typed)) {
        return name.chars().skip(typed).collect();
    }
    format!(" -> {name}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> Vec<FacetCount> {
        ["Ada Moreau", "Jon Halvorsen", "Ánders Modé", "Moreau Institute"]
            .into_iter()
            .map(|name| FacetCount { value: Some(name.to_owned()), count: 1 })
            .collect()
    }

    #[track_caller]
    fn check(query: &str, expected: Option<(&str, &str)>) {
        let names = names();
        let begun = begun(query);
        let found = begun.and_then(|begun| offered(&begun, &names).map(|name| (begun, name)));
        let found = found.map(|(begun, name)| (shown(&begun, name), accepted(query, &begun, name)));
        assert_eq!(found.as_ref().map(|(shown, query)| (shown.as_str(), query.as_str())), expected);
    }

    #[test]
    fn completes_names_by_their_beginning_then_by_their_words() {
        check("levy speaker:ad", Some(("a Moreau", "levy speaker:\"Ada Moreau\" ")));
        check("speaker:\"jon h", Some(("alvorsen", "speaker:\"Jon Halvorsen\" ")));
        check("speaker:anders", Some((" Modé", "speaker:\"Ánders Modé\" ")));
        check("speaker:halv", Some((" -> Jon Halvorsen", "speaker:\"Jon Halvorsen\" ")));
        check("-outlet:mor", Some(("eau Institute", "-outlet:\"Moreau Institute\" ")));
    }

    #[test]
    fn a_frequent_surname_comes_before_a_rare_name_that_begins_so() {
        let value = |name: &str, count| FacetCount { value: Some(name.to_owned()), count };
        let names = [value("Ada Moreau", 90), value("Moreau Institute", 3)];
        let begun = begun("speaker:mor").expect("a name begins");
        assert_eq!(offered(&begun, &names), Some("Ada Moreau"));
    }

    #[test]
    fn leaves_everything_else_alone() {
        check("levy", None);
        check("speaker:\"Ada Moreau\"", None);
        check("speaker:ada levy", None);
        check("loudspeaker:ada", None);
        check("speaker:zzz", None);
    }
}
