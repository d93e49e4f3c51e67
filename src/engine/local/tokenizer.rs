//! The analyzers of the schema file, as tantivy's tokenizers.
//!
//! Texts reach tantivy as encoded tokens (`schema::groups::TokenText`): cut and folded once, grouped by term. What a stemmed
//! field gets is grouped anew by stem ([`Stems::stemmed`]) before it is handed over; tantivy then only unpacks groups and
//! repeats what stands in a headline. For a query, cut the words with `text::word::tokenize_query` and stem them with
//! [`Stems::of`]: the same functions make the index.

use std::cell::RefCell;
use std::collections::HashMap;

use tantivy::tokenizer::{
    Language, RawTokenizer, Stemmer, TextAnalyzer, Token, TokenStream, Tokenizer, TokenizerManager,
};

use crate::schema::groups::{Positions, TermGroups, TokenText};
use crate::schema::spec::AnalyzerSpec;
use crate::schema::tokens::STANDFIRST_START;
use crate::schema::{Field, IndexDocument, SchemaSpec, Value};

/// All analyzers of the schema file, to be given to every opened index.
pub fn analyzers() -> TokenizerManager {
    let manager = TokenizerManager::default();
    for (name, spec) in &SchemaSpec::embedded().analyzers {
        manager.register(name, TextAnalyzer::builder(GroupedTokens::new(spec)).build());
    }
    manager
}

/// Stems the texts of a document that its fields want stemmed.
pub(super) fn stem_fields(document: &mut IndexDocument) {
    thread_local! {
        static STEMS: RefCell<Stems> = RefCell::new(Stems::default());
    }
    let spec = SchemaSpec::embedded();
    let wants_stems = |field: Field| {
        let analyzer = spec.field(field).analyzer.as_ref().and_then(|name| spec.analyzers.get(name));
        analyzer.is_some_and(|analyzer| analyzer.stemmer.is_some())
    };
    STEMS.with_borrow_mut(|stems| {
        for (field, value) in &mut document.values {
            if let Value::Tokens(text) = value
                && wants_stems(*field)
            {
                *text = stems.stemmed(text);
            }
        }
    });
}

/// Words whose stems one thread remembers; then it starts anew. About 20 MB.
const REMEMBERED_STEMS: usize = 200_000;

/// English stems, remembered: stemming every word anew takes as long as all the rest of indexing.
pub struct Stems {
    /// Word to number of its stem.
    known: Numbers,
    /// Stem to its number.
    numbers: Numbers,
    stems: Vec<Box<str>>,
    stemmer: TextAnalyzer,
}

type Numbers = HashMap<Box<str>, u32, ahash::RandomState>;

impl Default for Stems {
    fn default() -> Self {
        let stemmer = TextAnalyzer::builder(RawTokenizer::default()).filter(Stemmer::new(Language::English));
        Stems {
            known: Numbers::default(),
            numbers: Numbers::default(),
            stems: Vec::new(),
            stemmer: stemmer.build(),
        }
    }
}

impl Stems {
    /// The stem of a folded word, as the stemmed fields hold it.
    pub fn of(&mut self, term: &str) -> &str {
        if self.known.len() >= REMEMBERED_STEMS {
            *self = Stems::default();
        }
        let number = self.number(term);
        &self.stems[number as usize]
    }

    fn number(&mut self, term: &str) -> u32 {
        if let Some(number) = self.known.get(term) {
            return *number;
        }
        let mut stem = String::new();
        self.stemmer.token_stream(term).process(&mut |token| stem.push_str(&token.text));
        let number = match self.numbers.get(stem.as_str()) {
            Some(number) => *number,
            None => {
                let number = self.stems.len() as u32;
                self.numbers.insert(stem.as_str().into(), number);
                self.stems.push(stem.into());
                number
            }
        };
        self.known.insert(term.into(), number);
        number
    }

    /// Encoded tokens, grouped by stem. The words of one stem share one group, their positions in order.
    fn stemmed(&mut self, encoded: &str) -> String {
        if self.known.len() >= REMEMBERED_STEMS {
            *self = Stems::default();
        }
        let mut forms: Vec<(u32, Positions<'_>)> = Vec::with_capacity(encoded.len() / 12);
        forms.extend(TokenText::groups(encoded).map(|(term, positions)| (self.number(term), positions)));
        forms.sort_by_key(|(number, _)| *number);
        let mut out = TokenText { text: String::with_capacity(encoded.len()) };
        let mut joined: Vec<u32> = Vec::new();
        for same in forms.chunk_by(|a, b| a.0 == b.0) {
            let stem = &self.stems[same[0].0 as usize];
            if let [(_, positions)] = same {
                out.push(stem, positions.clone());
                continue;
            }
            joined.clear();
            joined.extend(same.iter().flat_map(|(_, positions)| positions.clone()));
            joined.sort_unstable();
            // Two forms of one word at one place count once where they have one stem.
            joined.dedup();
            out.push(stem, joined.iter().copied());
        }
        out.text
    }
}

/// Unpacks groups; repeats headline tokens as the analyzer says.
#[derive(Clone)]
struct GroupedTokens {
    headline_weight: u32,
    max_bytes: usize,
    token: Token,
}

impl GroupedTokens {
    fn new(spec: &AnalyzerSpec) -> Self {
        GroupedTokens {
            headline_weight: spec.headline_weight,
            max_bytes: spec.max_token_bytes,
            token: Token::default(),
        }
    }
}

impl Tokenizer for GroupedTokens {
    type TokenStream<'a> = GroupedStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> GroupedStream<'a> {
        GroupedStream {
            groups: TokenText::groups(text),
            positions: Positions::default(),
            headline_weight: self.headline_weight,
            max_bytes: self.max_bytes,
            repeats: 0,
            token: &mut self.token,
        }
    }
}

/// The tokens of one text, term by term.
struct GroupedStream<'a> {
    groups: TermGroups<'a>,
    positions: Positions<'a>,
    headline_weight: u32,
    max_bytes: usize,
    /// How often the present token comes again.
    repeats: u32,
    token: &'a mut Token,
}

impl TokenStream for GroupedStream<'_> {
    fn advance(&mut self) -> bool {
        if self.repeats > 0 {
            self.repeats -= 1;
            return true;
        }
        loop {
            if let Some(position) = self.positions.next() {
                self.token.position = position as usize;
                if position < STANDFIRST_START {
                    self.repeats = self.headline_weight - 1;
                }
                return true;
            }
            let Some((term, positions)) = self.groups.next() else {
                return false;
            };
            self.positions = positions;
            self.token.position_length = 1;
            self.token.text.clear();
            self.token.text.push_str(&term[..term.floor_char_boundary(self.max_bytes)]);
        }
    }

    fn token(&self) -> &Token {
        self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        self.token
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(field: Field, text: &str, expected: &[(&str, usize)]) {
        let mut document = IndexDocument { values: vec![(field, Value::Tokens(TokenText::of(text).text))] };
        stem_fields(&mut document);
        let name = SchemaSpec::embedded().field(field).analyzer.clone().expect("a text field");
        let mut analyzer = analyzers().get(&name).expect("an analyzer of the schema");
        let mut found = Vec::new();
        let Value::Tokens(encoded) = &document.values[0].1 else { panic!("tokens stay tokens") };
        analyzer.token_stream(encoded).process(&mut |token| found.push((token.text.clone(), token.position)));
        let found: Vec<(&str, usize)> =
            found.iter().map(|(term, position)| (term.as_str(), *position)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn analyzers_stem_fold_and_repeat() {
        check(Field::Exact, "Policies, Élections", &[("policies", 0), ("elections", 1)]);
        check(Field::QuoteText, "Policies, Élections", &[("polici", 0), ("elect", 1)]);
        check(Field::Text, "Policies", &[("polici", 0); 4]);
        check(Field::QuoteText, "", &[]);
    }

    #[test]
    fn forms_of_one_stem_share_their_positions() {
        let expected = [("elect", 0), ("elect", 2), ("elect", 3), ("was", 1)];
        check(Field::QuoteText, "election was elected elections", &expected);
        check(Field::QuoteText, "élections elected Elections", &[("elect", 0), ("elect", 1), ("elect", 2)]);
    }

    #[test]
    fn remembered_stems_are_the_stems() {
        let mut stems = Stems::default();
        for word in ["running", "policies", "running", "é", ""] {
            let once = Stems::default().of(word).to_owned();
            assert_eq!(stems.of(word), once);
        }
    }
}
