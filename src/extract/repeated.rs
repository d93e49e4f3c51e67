//! Lines that only the outlet's other articles show to be furniture.
//!
//! In: an article and the keys of such lines ([`crate::text::repeat`]). Out: the article without them; they stay in its
//! furniture with their place, so that a line can come back when it is repeated no more. What an article becomes depends on
//! itself and the keys alone, never on what was cut before.

use super::lines::{LineEnd, count_words, line};
use super::{BlockTrace, Extracted};
use crate::lexicon::Lexicon;
use crate::model::{Article, FurnitureLine, Span};
use crate::text::repeat::Repeatable;

/// The rule by which such lines are cut.
pub const RULE: &str = "repeated-line";

/// Articles that must hold a sentence that could be a reporter's own.
const FEWEST_SENTENCE: u64 = 10;

/// Part of an outlet's articles that must hold it, one in so many: what a newsroom repeats of its own words about a running
/// story stands in fewer.
const SENTENCE_SHARE: u64 = 2;

/// Whether a line that stands in `articles` of about `of` articles of its outlet is furniture. A line without an end, or
/// one that speaks to its reader, need not stand in as many as a sentence. Labels that open something ("Ana Duarte:") are
/// never furniture.
pub fn is_furniture(text: &str, articles: u64, of: u64, lexicon: &Lexicon) -> bool {
    let line = line(text.to_owned(), false, lexicon);
    if line.end == LineEnd::Open {
        return false;
    }
    let is_plain_sentence =
        line.end == LineEnd::Sentence && line.hit.is_none() && !super::furniture::asks_reader(&line);
    !is_plain_sentence || (articles >= FEWEST_SENTENCE && articles * SENTENCE_SHARE >= of)
}

/// The text of the line that goes by `key` in `article`.
pub fn text_of(article: &Article, key: u64) -> Option<String> {
    let whole = article.whole();
    let found = Repeatable::of(article.outlet.as_deref()?, &whole).lines;
    found.iter().find(|(_, other)| *other == key).map(|(idx, _)| whole[*idx].to_owned())
}

/// Makes `article` what it is when the lines for which `is_repeated` says so are cut, and no others. Returns whether it was not.
pub fn settle(article: &mut Article, is_repeated: impl Fn(u64) -> bool) -> bool {
    let Some(outlet) = article.outlet.as_deref() else { return false };
    let whole: Vec<&str> = article.whole();
    let lines = Repeatable::of(outlet, &whole).lines;
    let cut: Vec<usize> = lines.iter().filter(|(_, key)| is_repeated(*key)).map(|(idx, _)| *idx).collect();
    let places = article.furniture.iter().filter_map(|line| line.place);
    if places.eq(cut.iter().map(|idx| *idx as u32)) {
        return false;
    }
    let (mut body, mut paragraphs, mut words) = (String::with_capacity(article.body.len()), Vec::new(), 0);
    let mut furniture: Vec<FurnitureLine> =
        article.furniture.iter().filter(|line| line.place.is_none()).cloned().collect();
    for (idx, text) in whole.into_iter().enumerate() {
        if cut.binary_search(&idx).is_ok() {
            let (text, rule) = (text.to_owned(), RULE.to_owned());
            furniture.push(FurnitureLine { text, rule, place: Some(idx as u32) });
            continue;
        }
        if !body.is_empty() {
            body.push_str("\n\n");
        }
        let start = body.len();
        body.push_str(text);
        paragraphs.push(Span::new(start, body.len()));
        words += count_words(text);
    }
    article.body = body;
    article.paragraphs = paragraphs;
    article.words = u32::try_from(words).unwrap_or(u32::MAX);
    article.furniture = furniture;
    true
}

/// The same, for an article with the traces of its blocks.
pub fn settle_traced(extracted: &mut Extracted, is_repeated: impl Fn(u64) -> bool) -> bool {
    if !settle(&mut extracted.article, is_repeated) {
        return false;
    }
    let cut: Vec<u32> = extracted.article.furniture.iter().filter_map(|line| line.place).collect();
    let kept = extracted.blocks.iter_mut().filter(|block| block.is_kept && !block.text.is_empty());
    for (idx, block) in kept.enumerate() {
        if cut.iter().any(|place| *place as usize == idx) {
            *block = BlockTrace::cut(std::mem::take(&mut block.text), RULE);
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{GivenFields, Payload, RawArticle, SourceRef};

    const DESK: &str = "The Ellery desk is staffed around the clock";

    fn extracted() -> Extracted {
        let body = format!(
            "{DESK}\n\nThe harbour board voted on Thursday to raise its fees by a tenth, it said.\n\nIt meets in July."
        );
        let fields = GivenFields { outlet: Some("Ellery Gazette".to_owned()), ..GivenFields::default() };
        let raw = RawArticle {
            source: SourceRef::default(),
            payload: Payload::Body(body),
            fields,
            notices: vec![],
        };
        super::super::article(&raw, Lexicon::embedded()).unwrap_or_else(|rejection| panic!("{rejection}"))
    }

    #[test]
    fn a_line_goes_and_comes_back() {
        let before = extracted();
        let key = Repeatable::of("Ellery Gazette", &before.article.whole()).lines[0].1;
        assert_eq!(text_of(&before.article, key).as_deref(), Some(DESK));
        let mut after = before.clone();
        assert!(settle_traced(&mut after, |other| other == key));
        assert!(!settle_traced(&mut after, |other| other == key));
        assert_eq!(after.article.paragraphs.len(), 2);
        assert!(after.article.body.starts_with("The harbour") && after.article.words < before.article.words);
        let line = &after.article.furniture[0];
        assert_eq!((line.text.as_str(), line.rule.as_str(), line.place), (DESK, RULE, Some(0)));
        assert_eq!((after.blocks[0].is_kept, after.blocks[0].why.as_str()), (false, RULE));
        assert_eq!(after.article.whole(), before.article.whole());
        assert!(settle(&mut after.article, |_| false));
        assert_eq!(after.article, before.article);
    }

    #[track_caller]
    fn check(text: &str, articles: u64, of: u64, expected: bool) {
        assert_eq!(is_furniture(text, articles, of, Lexicon::embedded()), expected, "{text}");
    }

    #[test]
    fn a_sentence_must_be_repeated_more_often() {
        check("Ellery desk and weather", 5, 64, true);
        check("You can reach our desk at the old customs house.", 5, 64, true);
        check("The board did not answer on Thursday.", 9, 8, false);
        check("The board did not answer on Thursday.", 30, 64, false);
        check("The board did not answer on Thursday.", 32, 64, true);
        check("Ana Duarte:", 50, 64, false);
    }
}
