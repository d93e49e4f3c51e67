//! The analyzers of the schema file, as tantivy's tokenizers.
//!
//! Texts reach tantivy as encoded tokens (`schema::groups::TokenText`): cut and folded once, grouped by term. tantivy then
//! only unpacks groups and repeats what stands in a headline. Nothing is stemmed on the way in: a search finds the words
//! that have a stem ([`Stems`]) in the dictionary.

use tantivy::tokenizer::{
    Language, RawTokenizer, Stemmer, TextAnalyzer, Token, TokenStream, Tokenizer, TokenizerManager,
};

use crate::schema::SchemaSpec;
use crate::schema::groups::{TermGroups, TokenText};
use crate::schema::spec::AnalyzerSpec;
use crate::schema::tokens::STANDFIRST_START;

/// All analyzers of the schema file, to be given to every opened index.
pub fn analyzers() -> TokenizerManager {
    let manager = TokenizerManager::default();
    for (name, spec) in &SchemaSpec::embedded().analyzers {
        manager.register(name, TextAnalyzer::builder(GroupedTokens::new(spec)).build());
    }
    manager
}

/// English stems of folded words.
pub struct Stems {
    stemmer: TextAnalyzer,
    stem: String,
}

impl Default for Stems {
    fn default() -> Self {
        let stemmer = TextAnalyzer::builder(RawTokenizer::default()).filter(Stemmer::new(Language::English));
        Stems { stemmer: stemmer.build(), stem: String::new() }
    }
}

impl Stems {
    /// The stem of a folded word.
    pub fn of(&mut self, word: &str) -> &str {
        self.stem.clear();
        let stem = &mut self.stem;
        self.stemmer.token_stream(word).process(&mut |token| stem.push_str(&token.text));
        &self.stem
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
            if let Some(position) = self.groups.next_position() {
                self.token.position = position as usize;
                if position < STANDFIRST_START {
                    self.repeats = self.headline_weight - 1;
                }
                return true;
            }
            let Some(term) = self.groups.next_term() else {
                return false;
            };
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
    use crate::schema::Field;

    #[track_caller]
    fn check(field: Field, text: &str, expected: &[(&str, usize)]) {
        let name = SchemaSpec::embedded().field(field).analyzer.clone().expect("a text field");
        let mut analyzer = analyzers().get(&name).expect("an analyzer of the schema");
        let encoded = TokenText::of(text).text;
        let mut found = Vec::new();
        analyzer
            .token_stream(&encoded)
            .process(&mut |token| found.push((token.text.clone(), token.position)));
        let found: Vec<(&str, usize)> =
            found.iter().map(|(term, position)| (term.as_str(), *position)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn analyzers_fold_and_repeat() {
        check(Field::QuoteText, "Policies, Élections", &[("policies", 0), ("elections", 1)]);
        check(Field::QuoteText, "was is was", &[("was", 0), ("was", 2), ("is", 1)]);
        check(Field::Text, "Policies", &[("policies", 0); 4]);
        check(Field::QuoteText, "", &[]);
    }

    #[test]
    fn stems_join_forms() {
        let mut stems = Stems::default();
        for word in ["policies", "policy", "policies"] {
            assert_eq!(stems.of(word), "polici");
        }
        assert_eq!(stems.of(""), "");
    }
}
