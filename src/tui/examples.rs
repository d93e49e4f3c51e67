//! Searches to try, made of what the index holds: shown while nothing is typed.

use super::facets::Facets;
use crate::model::search::{FacetField, SearchResponse};
use crate::text::fold;

/// Letters of a word that is worth searching.
const LONG: usize = 6;

/// At most three: who is quoted most, a word of a recent headline, where most was published. `response` answers the search
/// for everything, `facets` are its counts.
pub fn of(response: &SearchResponse, facets: &Facets) -> Vec<String> {
    let most = |field: FacetField| {
        let counts = facets.counts_of(field)?;
        let name = counts.values.iter().find_map(|value| value.value.as_deref())?;
        Some(format!("{}:\"{}\"", field.name(), name.replace('"', "")))
    };
    let headlines = response.hits.iter().filter_map(|hit| hit.article.headline.as_deref());
    let word = headlines.filter_map(longest_word).next();
    [most(FacetField::Speaker), word, most(FacetField::Outlet)].into_iter().flatten().collect()
}

/// The longest plain word, the first of several.
fn longest_word(headline: &str) -> Option<String> {
    let words = headline.split_whitespace().map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()));
    let plain = words.filter(|word| word.chars().all(char::is_alphabetic) && word.chars().count() >= LONG);
    let longest = plain.rev().max_by_key(|word| word.chars().count())?;
    Some(fold(longest).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_headline_gives_its_longest_word() {
        assert_eq!(longest_word("“Harbour” opens: the ferries return").as_deref(), Some("harbour"));
        assert_eq!(longest_word("We go on"), None);
    }
}
