//! Lines that stand in many articles of one outlet, counted over all articles.
//!
//! In: the numbers that every article keeps in the field `lines` ([`values`]). Out: the lines that stand in several articles
//! ([`repeats`]), and the articles in which a line is cut and should not be, or the other way ([`is_outdated`]). Which of
//! the lines are furniture is judged elsewhere. Memory is one byte a line, and does not grow with the lines' texts.

use std::collections::HashMap;
use std::collections::HashSet;

use crate::model::Article;
use crate::text::repeat::Repeatable;

/// Articles that must hold a line before it is looked at.
pub const FEWEST: u64 = 5;

/// Part of the outlet's articles that must hold it: one in so many.
const LEAST_SHARE: u64 = 32;

/// Numbers before the lines: the outlet and the article's mark.
const N_HEAD: usize = 2;

/// Bytes of the table of counts.
const TABLE: std::ops::RangeInclusive<u64> = (1 << 12)..=(1 << 28);

/// A line that stands in several articles of one outlet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Repeat<A> {
    /// Line and outlet.
    pub key: u64,
    /// Articles that hold it; versions of one article count once.
    pub articles: u64,
    /// Articles of the outlet, rounded down to a power of two. So what more articles bring changes the measure seldom.
    pub of: u64,
    /// One of them.
    pub example: A,
}

/// What an article keeps in the field `lines`: its outlet, its mark, and each line that may be repeated, with the lowest bit
/// set where it is cut. Empty without an outlet.
pub fn values(article: &Article) -> Vec<u64> {
    let Some(outlet) = &article.outlet else { return Vec::new() };
    let found = Repeatable::of(outlet, &article.whole());
    let cut: HashSet<usize> =
        article.furniture.iter().filter_map(|line| Some(line.place? as usize)).collect();
    let lines = found.lines.iter().map(|(idx, key)| key | u64::from(cut.contains(idx)));
    [found.outlet, found.mark].into_iter().chain(lines).collect()
}

/// The lines that stand in many articles of their outlet. `scan` hands on the `lines` of every article and is called twice;
/// `n_values` is about how many numbers that makes.
///
/// # Errors
/// Those of `scan`.
pub fn repeats<A: Copy + Ord, E>(
    n_values: u64,
    mut scan: impl FnMut(&mut dyn FnMut(A, &[u64])) -> Result<(), E>,
) -> Result<Vec<Repeat<A>>, E> {
    // Nearly every line is unique: a byte for each tells them apart from those worth a closer look.
    let size = n_values.next_power_of_two().clamp(*TABLE.start(), *TABLE.end());
    let mut counts = vec![0u8; usize::try_from(size).unwrap_or(1)];
    let slot = |key: u64| ((key >> 1) & (size - 1)) as usize;
    let mut sizes: HashMap<u64, u64> = HashMap::new();
    scan(&mut |_, values| {
        let Some((head, lines)) = values.split_at_checked(N_HEAD) else { return };
        *sizes.entry(head[0]).or_default() += 1;
        for line in lines {
            let count = &mut counts[slot(*line)];
            *count = count.saturating_add(1);
        }
    })?;
    let mut found: Vec<(u64, u64, u64, A)> = Vec::new();
    scan(&mut |address, values| {
        let Some((head, lines)) = values.split_at_checked(N_HEAD) else { return };
        let often = lines.iter().filter(|line| u64::from(counts[slot(**line)]) >= FEWEST);
        found.extend(often.map(|line| (line & !1, head[1], head[0], address)));
    })?;
    found.sort_unstable();
    let mut repeats = Vec::new();
    for group in found.chunk_by(|a, b| a.0 == b.0) {
        let articles = group.chunk_by(|a, b| a.1 == b.1).count() as u64;
        let of = sizes.get(&group[0].2).copied().unwrap_or(1);
        if is_frequent(articles, of) {
            let of = rounded(of);
            repeats.push(Repeat { key: group[0].0, articles, of, example: group[0].3 });
        }
    }
    Ok(repeats)
}

/// Whether `articles` of `of` articles of an outlet are so many that a line which stands in them is looked at.
pub fn is_frequent(articles: u64, of: u64) -> bool {
    articles >= FEWEST && articles * LEAST_SHARE >= rounded(of)
}

/// `n` rounded down to a power of two.
pub fn rounded(n: u64) -> u64 {
    1 << n.max(1).ilog2()
}

/// Whether the article with these `lines` is not as it should be when the lines of `furniture` are cut everywhere.
pub fn is_outdated(values: &[u64], furniture: &HashSet<u64>) -> bool {
    values.iter().skip(N_HEAD).any(|line| furniture.contains(&(line & !1)) != (line & 1 == 1))
}

/// The keys of the lines that are cut in the article with these `values`.
pub fn cut(values: &[u64]) -> impl Iterator<Item = u64> {
    values.iter().skip(N_HEAD).filter(|line| **line & 1 == 1).map(|line| line & !1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{FurnitureLine, Span};

    fn article(outlet: &str, paragraphs: &[&str]) -> Article {
        let mut article = Article { outlet: Some(outlet.to_owned()), ..Article::default() };
        for text in paragraphs {
            let start = article.body.len();
            article.body.push_str(text);
            article.paragraphs.push(Span::new(start, article.body.len()));
        }
        article
    }

    fn repeated(articles: &[Article]) -> Vec<Repeat<usize>> {
        let all: Vec<Vec<u64>> = articles.iter().map(values).collect();
        let found = repeats::<usize, ()>(4, |take| {
            all.iter().enumerate().for_each(|(idx, values)| take(idx, values));
            Ok(())
        });
        found.unwrap_or_default()
    }

    #[test]
    fn counts_articles_of_one_outlet() {
        let bodies: Vec<String> = (0..6)
            .map(|idx| format!("{} The board of harbour {idx} met.", "Long. ".repeat(idx + 1)))
            .collect();
        let of = |outlet: &str, n: usize| -> Vec<Article> {
            bodies[..n].iter().map(|body| article(outlet, &["Ellery desk", body])).collect()
        };
        let found = repeated(&of("A", 5));
        assert_eq!(found.iter().map(|line| (line.articles, line.of)).collect::<Vec<_>>(), [(5, 4)]);
        assert_eq!(repeated(&[of("A", 4), of("B", 4)].concat()), []);
        // Five versions of one article are one article.
        assert_eq!(repeated(&vec![of("A", 1).remove(0); 9]), []);
    }

    #[test]
    fn sees_what_is_not_as_it_should_be() {
        let whole = article("A", &["Ellery desk", "The harbour board met on Thursday."]);
        let mut cut = article("A", &["The harbour board met on Thursday."]);
        let line = FurnitureLine { text: "Ellery desk".to_owned(), rule: String::new(), place: Some(0) };
        cut.furniture.push(line);
        let furniture = HashSet::from([values(&whole)[2]]);
        assert!(is_outdated(&values(&whole), &furniture) && !is_outdated(&values(&cut), &furniture));
        assert!(
            is_outdated(&values(&cut), &HashSet::new()) && !is_outdated(&values(&whole), &HashSet::new())
        );
    }
}
