//! One word of a query: what of a run of characters is the word, and which forms of it count.

use super::error::{QueryError, QueryErrorKind};
use super::operators;
use crate::model::Span;
use crate::model::query::{Term, TermForm};
use crate::text;

/// Letters a prefix has at least; a character of a script without spaces is enough.
pub(super) const MIN_PREFIX: usize = 2;
/// Letters a word has at least for similar spellings with one and with two edits: below, half the dictionary is similar.
const MIN_FUZZY: [usize; 2] = [4, 6];

/// A word without its suffix. The word is empty where a run has neither letter nor digit.
#[derive(Debug)]
pub(super) struct Suffixed {
    pub(super) word: String,
    pub(super) form: TermForm,
}

/// What `text` says when its exclamation mark is meant as elsewhere, for any ending: `gun!`, not `Yahoo!`. `None` for others.
pub(super) fn truncated(text: &str) -> Option<&str> {
    let word = text.strip_suffix('!')?;
    let is_word = word.chars().all(char::is_alphanumeric) && word.starts_with(char::is_lowercase);
    (is_word && prefix_length(word) >= MIN_PREFIX).then_some(word)
}

/// Whether `text` is written as a regular expression, `/gun.*/`.
pub(super) fn is_expression(text: &str) -> bool {
    let inner = text.strip_prefix('/').and_then(|rest| rest.strip_suffix('/'));
    inner.is_some_and(|inner| {
        inner.contains(char::is_alphanumeric)
            && inner.contains(['.', '*', '+', '?', '[', ']', '^', '$', '|', '\\'])
    })
}

/// Reads `levy`, `=levy`, `lev*`, `levvy~1`; `span` is for errors.
pub(super) fn suffixed(text: &str, span: Span) -> Result<Suffixed, QueryError> {
    let run = text.trim_end_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '*' | '~'));
    let is_exact = run.starts_with('=');
    let stem = run.trim_end_matches('*');
    let is_prefix = stem.len() < run.len();
    let fuzzy = (!is_prefix).then(|| run.rsplit_once('~')).flatten();
    let fuzzy = fuzzy.filter(|(_, edits)| edits.bytes().all(|byte| byte.is_ascii_digit()));
    let word = trimmed(fuzzy.map_or(stem, |(word, _)| word));
    if word.contains('*') || stem.starts_with('*') && !word.is_empty() {
        let error = QueryError::new(QueryErrorKind::BadPrefix { written: text.to_owned() }, span);
        return Err(error.help("a star stands only at the end of a word: soverei*"));
    }
    if word.split('?').zip(word.split('?').skip(1)).any(|(left, right)| {
        left.ends_with(char::is_alphanumeric) && right.starts_with(char::is_alphanumeric)
    }) {
        let error = QueryError::new(QueryErrorKind::BadWildcard, span);
        return Err(error.help("write both forms, (woman OR women), or a prefix, wom*"));
    }
    let form = if is_prefix {
        if prefix_length(&word) < MIN_PREFIX {
            let error = QueryError::new(QueryErrorKind::BadPrefix { written: text.to_owned() }, span);
            return Err(error.help(format!("a prefix has at least {MIN_PREFIX} letters: le*")));
        }
        TermForm::Prefix
    } else if let Some((_, edits)) = fuzzy.filter(|_| !word.is_empty()) {
        TermForm::Fuzzy(edits_of(&word, edits, text, span)?)
    } else if is_exact || !is_bare(&word) {
        TermForm::Exact
    } else {
        TermForm::Stem
    };
    Ok(Suffixed { word, form })
}

fn edits_of(word: &str, edits: &str, text: &str, span: Span) -> Result<u8, QueryError> {
    let refused = |help: String| {
        Err(QueryError::new(QueryErrorKind::BadFuzzy { written: text.to_owned() }, span).help(help))
    };
    let number: usize = if edits.is_empty() { 1 } else { edits.parse().unwrap_or(usize::MAX) };
    let Some(least) = number.checked_sub(1).and_then(|at| MIN_FUZZY.get(at)) else {
        return refused("write ~1 or ~2: letters that may differ".to_owned());
    };
    let terms = terms(word);
    if terms.len() != 1 {
        return refused("only one plain word can be sought by similar spelling".to_owned());
    }
    if terms[0].chars().count() < *least {
        return refused(format!("~{number} needs a word of at least {least} letters"));
    }
    Ok(if number == 1 { 1 } else { 2 })
}

/// Letters of the last term of `word`, by which a prefix is looked up.
pub(super) fn prefix_length(word: &str) -> usize {
    terms(word).last().map_or(0, |term| {
        let letters = term.chars().filter(|c| c.is_alphanumeric()).count();
        if term.is_ascii() { letters } else { letters.max(term.len() - 1) }
    })
}

/// Whether `word` is read as that word when it stands by itself; marks around it (`AND,`) may have said so before.
fn is_bare(word: &str) -> bool {
    let is_field = word.split_once(':').is_some_and(|(name, value)| {
        !value.is_empty() && name.starts_with(|c: char| c.is_ascii_alphabetic())
    });
    !is_field && operators::read(word).is_none() && operators::misread(word, Span::new(0, 0)).is_none()
}

/// The words of a phrase: very forms where it is exact, stems in a window; `rule of la*` ends in a prefix.
pub(super) fn phrase_terms(
    content: &str,
    slop: u32,
    is_typed: bool,
    span: Span,
) -> Result<Vec<Term>, QueryError> {
    let mut terms: Vec<Term> = Vec::new();
    for part in content.split(' ') {
        let run = part.trim_end_matches(|c: char| !c.is_alphanumeric() && c != '*');
        let stem = run.trim_end_matches('*');
        let word = trimmed(stem);
        let is_prefix = stem.len() < run.len();
        if stem.contains('*') || is_prefix && prefix_length(&word) < MIN_PREFIX {
            let error = QueryError::new(QueryErrorKind::BadPrefix { written: run.to_owned() }, span);
            let help = format!(
                "a star ends a word of at least {MIN_PREFIX} letters; for any word between: \"a b\"~1"
            );
            return Err(error.help(help));
        }
        if word.is_empty() {
            continue;
        }
        let form = match (is_prefix, slop) {
            (true, _) => TermForm::Prefix,
            (false, 0) => TermForm::Exact,
            (false, _) => TermForm::Stem,
        };
        terms.push(Term { word, form });
    }
    if is_typed
        && let Some(last) = terms.last_mut()
        && prefix_length(&last.word) >= MIN_PREFIX
    {
        last.form = TermForm::Prefix;
    }
    Ok(terms)
}

/// `text` without the marks around its letters and digits. Empty when no term is left.
fn trimmed(text: &str) -> String {
    let core = text.trim_matches(|c: char| !c.is_alphanumeric());
    if terms(core).is_empty() { String::new() } else { core.to_owned() }
}

fn terms(word: &str) -> Vec<String> {
    let mut terms: Vec<(u32, String)> = Vec::new();
    text::word::tokenize_query(word, &mut |term: &str, position, _| {
        if terms.last().is_none_or(|(last, _)| *last != position) {
            terms.push((position, term.to_owned()));
        }
    });
    terms.into_iter().map(|(_, term)| term).collect()
}
