//! Query text to tokens: words, phrases, fields, operators, each with its bytes in the query.
//!
//! Curly marks, dashes and odd spaces count as plain ones. What cannot be read becomes an error and a [`Tok::Bad`] in its
//! place, so that the parser goes on and all mistakes are told at once. Pure marks (`...`, `&`) are no tokens.

use jiff::civil::Date;

use super::dates::{self, DateError};
use super::error::{QueryError, QueryErrorKind, QueryNote, QueryNoteKind};
use super::fields::{self, FieldInfo, Prefix};
use super::groups;
use super::operators::{self, Operator};
use super::word::{self, Suffixed};
use crate::model::Span;
use crate::model::query::{HasWhat, Query, QueryField, Term, TermForm};

/// One token.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Tok {
    /// `(`
    Open,
    /// `)`
    Close,
    /// `AND`, `OR`, `NOT`, `w/5`, ...
    Operator(Operator),
    /// `said(`
    Said,
    /// `atleast3(`
    AtLeast(u32),
    /// `headline:(`
    FieldGroup(QueryField),
    /// A word, a phrase, a date, `has:`.
    Leaf(Query),
    /// Something with an error of its own.
    Bad,
}

/// A token and its bytes.
#[derive(Clone, Debug)]
pub(super) struct Token {
    pub(super) tok: Tok,
    pub(super) span: Span,
}

/// What the lexer found.
#[derive(Debug, Default)]
pub(super) struct Lexed {
    pub(super) tokens: Vec<Token>,
    pub(super) notes: Vec<QueryNote>,
    pub(super) errors: Vec<QueryError>,
}

/// Cuts `input`. With a cursor, the last word is a prefix where the cursor touches it, and an open mark is no error.
pub(super) fn lex(input: &str, today: Date, cursor: Option<usize>) -> Lexed {
    let chars: Vec<(usize, char)> = input.char_indices().map(|(at, c)| (at, plain(c))).collect();
    let mut lexer = Lexer { input, chars, idx: 0, today, cursor, single_quote: false, out: Lexed::default() };
    while lexer.idx < lexer.chars.len() {
        lexer.next();
    }
    lexer.remark();
    lexer.out
}

/// Curly marks and short dashes made plain; long dashes part words.
fn plain(c: char) -> char {
    match c {
        '“' | '”' | '„' | '‟' | '«' | '»' | '″' | '＂' => '"',
        '‘' | '’' | '‚' | '‛' | 'ʼ' | '`' | '´' | '′' => '\'',
        '‐' | '‑' | '‒' | '–' | '−' => '-',
        '—' | '―' => ' ',
        '（' => '(',
        '）' => ')',
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' => '\u{200b}',
        c if c.is_whitespace() || c.is_control() => ' ',
        c => c,
    }
}

struct Lexer<'q> {
    input: &'q str,
    chars: Vec<(usize, char)>,
    idx: usize,
    today: Date,
    cursor: Option<usize>,
    /// A single mark opened a word and was not closed yet.
    single_quote: bool,
    out: Lexed,
}

impl Lexer<'_> {
    fn next(&mut self) {
        let start = self.idx;
        match self.chars[start].1 {
            ' ' | '\u{200b}' => self.idx += 1,
            '(' => self.single(Tok::Open),
            ')' => self.single(Tok::Close),
            '"' => self.quoted(start, None),
            _ => self.run(start),
        }
    }

    fn single(&mut self, tok: Tok) {
        self.idx += 1;
        self.push(tok, self.idx - 1);
    }

    /// A run of characters up to a space, a quotation mark or a parenthesis.
    fn run(&mut self, start: usize) {
        let length =
            self.chars[start..].iter().take_while(|(_, c)| !matches!(c, ' ' | '"' | '(' | ')')).count();
        let end = start + length;
        let text: String =
            self.chars[start..end].iter().map(|(_, c)| *c).filter(|c| *c != '\u{200b}').collect();
        let next = self.chars.get(end).map(|(_, c)| *c);
        let is_before_group = matches!(next, Some('(' | '"'));
        self.idx = end;
        if let Some((operator, note)) = operators::read(&text) {
            if note {
                self.note(QueryNoteKind::ReadAs(text, operator.name()), start, end);
            }
            return self.push(Tok::Operator(operator), start);
        }
        if let Some(error) = operators::misread(&text, self.span(start, end)) {
            return self.bad(error, start);
        }
        match text.as_bytes() {
            b"-" | b"!" if is_before_group => return self.push(Tok::Operator(Operator::Not), start),
            [b'-', b'-', b'a'..=b'z' | b'A'..=b'Z', ..] => {
                let error = QueryError::new(QueryErrorKind::Flag { written: text }, self.span(start, end));
                return self.bad(error.help("write flags outside the marks around the query"), start);
            }
            [b'-', rest @ ..] if rest.iter().all(|byte| *byte == b'-') => {
                return self.note(QueryNoteKind::LoneDash, start, end);
            }
            [mark @ (b'-' | b'!' | b'+'), _, ..] => {
                self.idx = start + 1;
                return match mark {
                    b'-' => self.push(Tok::Operator(Operator::Not), start),
                    b'!' => {
                        self.note(QueryNoteKind::ReadAs("!".to_owned(), "NOT"), start, start + 1);
                        self.push(Tok::Operator(Operator::Not), start);
                    }
                    _ => self.note(QueryNoteKind::Plus, start, start + 1),
                };
            }
            b"+" => return self.note(QueryNoteKind::Plus, start, end),
            _ => {}
        }
        if next == Some('(') && text.eq_ignore_ascii_case("said") {
            self.idx += 1;
            return self.push(Tok::Said, start);
        }
        if next == Some('(')
            && let Some(times) =
                text.get(..7).filter(|name| name.eq_ignore_ascii_case("atleast")).map(|_| &text[7..])
        {
            self.idx += 1;
            return self.at_least(&text, times, start);
        }
        if let Some(colon) = text.find(':')
            && self.field(&text, colon, start, end)
        {
            return;
        }
        self.single_quotes(&text, start, end);
        self.word(&text, None, start, start);
    }

    fn at_least(&mut self, text: &str, times: &str, start: usize) {
        match times.parse() {
            Ok(times @ 1..=operators::MAX_DISTANCE) => self.push(Tok::AtLeast(times), start),
            _ => {
                let kind = QueryErrorKind::BadTimes { written: text.to_owned() };
                let error = QueryError::new(kind, self.span(start, self.idx - 1));
                self.out.errors.push(error.help("write atleast3(...): three times or more"));
                self.push(Tok::Open, start);
            }
        }
    }

    /// A run with a colon. `false` when it is a word all the same (`12:30`, `Breaking:`).
    fn field(&mut self, text: &str, colon: usize, start: usize, end: usize) -> bool {
        let (name, value) = (&text[..colon], &text[colon + 1..]);
        let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic())
            && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
        let next = self.chars.get(end).map(|(_, c)| *c);
        let is_before_group = value.is_empty() && matches!(next, Some('(' | '"'));
        if !is_name {
            return false;
        }
        if value.starts_with("//") {
            let error = QueryError::new(QueryErrorKind::WebAddress, self.span(start, end));
            let help = "search words of its headline instead; has:url finds articles with an address";
            self.bad(error.help(help), start);
            return true;
        }
        let name_end = start + self.chars[start..end].iter().position(|(_, c)| *c == ':').unwrap_or(0);
        let name_span = self.span(start, name_end);
        let Some(info) = fields::find(name) else {
            if value.is_empty() && !is_before_group {
                return false;
            }
            let error = QueryError::new(QueryErrorKind::UnknownField { name: name.to_owned() }, name_span);
            let help = match fields::nearest(name) {
                Some(info) => format!("did you mean `{}:`?   all fields: onrecord help fields", info.name),
                None => format!(
                    "to search it as words, put a space after the colon: {name}: ...   all fields: onrecord help fields"
                ),
            };
            self.out.errors.push(error.help(help));
            match next {
                Some('(') if value.is_empty() => self.single(Tok::Open),
                Some('"') if value.is_empty() => self.quoted(end, None),
                _ => self.push(Tok::Bad, start),
            }
            return true;
        };
        match (next, info.prefix) {
            (Some('('), Prefix::Field(field)) if value.is_empty() => {
                self.idx += 1;
                self.push(Tok::FieldGroup(field), start);
            }
            (Some('"'), _) if value.is_empty() => self.quoted(end, Some((info, start))),
            _ if value.is_empty() => {
                let kind = QueryErrorKind::EmptyField { name: info.name };
                let error = QueryError::new(kind, self.span(start, end));
                self.bad(error.help(format!("write the value without a space: {}", info.example)), start);
            }
            (_, Prefix::Field(_)) if value.starts_with(['-', '!']) => {
                let error = QueryError::new(QueryErrorKind::EmptyField { name: info.name }, name_span);
                self.bad(error.help(format!("to leave it out: -{}:{}", info.name, &value[1..])), start);
            }
            _ => {
                let value_start = name_end + 1;
                self.word(value, Some(info), start, value_start);
            }
        }
        true
    }

    /// A word outside marks; `start` is where its field begins, `from` where the word does.
    fn word(&mut self, text: &str, info: Option<&'static FieldInfo>, start: usize, from: usize) {
        let span = self.span(from, self.idx);
        let field = match info.map(|info| info.prefix) {
            None => QueryField::Text,
            Some(Prefix::Field(field)) => field,
            Some(Prefix::Date) => return self.date(text, start, from),
            Some(Prefix::Has) => return self.has(text, start, from),
        };
        if field == QueryField::Outlet && groups::is_name(text) {
            let term = Term { word: text.to_owned(), form: TermForm::Stem };
            return self.push(Tok::Leaf(Query::Term { field, term }), start);
        }
        if word::is_expression(text) {
            let error = QueryError::new(QueryErrorKind::RegularExpression, span);
            return self.bad(error.help("write a prefix, gun*, or the forms: (gun OR guns)"), start);
        }
        let other = word::truncated(text).filter(|_| self.may_truncate());
        let prefix = other.map(|word| format!("{word}*"));
        if let Some(prefix) = &prefix {
            let written = text.to_owned();
            self.out
                .notes
                .push(QueryNote { kind: QueryNoteKind::ReadAsPrefix(written, prefix.clone()), span });
        }
        let text = prefix.as_deref().unwrap_or(text);
        match word::suffixed(text, span) {
            Err(error) => self.bad(error, start),
            Ok(Suffixed { word, mut form }) => {
                if word.is_empty() {
                    if let Some(info) = info {
                        let kind = QueryErrorKind::EmptyField { name: info.name };
                        let error = QueryError::new(kind, self.span(start, self.idx));
                        self.bad(error.help(format!("for example {}", info.example)), start);
                    }
                    return;
                }
                if form == TermForm::Stem
                    && self.is_typed(from)
                    && word::prefix_length(&word) >= word::MIN_PREFIX
                {
                    form = TermForm::Prefix;
                }
                self.push(Tok::Leaf(Query::Term { field, term: Term { word, form } }), start);
            }
        }
    }

    /// Whether an exclamation mark may be meant as other systems mean it: the query is one word, or has operators. A sentence
    /// has neither.
    fn may_truncate(&self) -> bool {
        let mut words = self.input.split_whitespace();
        let is_operator = |word: &str| operators::read(word.trim_matches(['(', ')'])).is_some();
        self.cursor.is_none() && (words.clone().nth(1).is_none() || words.any(is_operator))
    }

    /// Whether the cursor touches what began at `from` and ends the query here.
    fn is_typed(&self, from: usize) -> bool {
        self.idx == self.chars.len() && self.cursor.is_some_and(|cursor| self.offset(from) <= cursor)
    }

    fn date(&mut self, text: &str, start: usize, from: usize) {
        match dates::parse_range(text, self.today) {
            Ok(range) => self.push(Tok::Leaf(Query::Date { since: range.since, until: range.until }), start),
            Err(error) => {
                let help = self.date_help(text, from, &error);
                let error = QueryError::new(QueryErrorKind::BadDate(error), self.span(from, self.idx));
                self.bad(error.help(help), start);
            }
        }
    }

    /// `date:last week` needs marks; everything else the help on dates.
    fn date_help(&self, text: &str, from: usize, error: &DateError) -> String {
        let rest = &self.input[self.offset(from)..];
        let words: Vec<&str> = rest.split_whitespace().take(3).collect();
        for n_words in (2..=words.len()).rev() {
            let longer = words[..n_words].join(" ");
            if dates::parse_range(&longer, self.today).is_ok() {
                return format!("put it in marks: date:\"{longer}\"");
            }
        }
        match error {
            DateError::Unknown(_) if text.len() == 9 && text.as_bytes().get(4) == Some(&b'-') => {
                format!("a range has two dots: date:{}..{}", &text[..4], text.get(5..).unwrap_or(""))
            }
            _ => "all forms: onrecord help dates".to_owned(),
        }
    }

    fn has(&mut self, text: &str, start: usize, from: usize) {
        let what = HasWhat::ALL.into_iter().find(|what| {
            let name = what.name();
            text.eq_ignore_ascii_case(name)
                || text.strip_suffix('s').is_some_and(|one| one.eq_ignore_ascii_case(name))
        });
        match what {
            Some(what) => self.push(Tok::Leaf(Query::Has(what)), start),
            None => {
                let names: Vec<&str> = HasWhat::ALL.iter().map(|what| what.name()).collect();
                let kind = QueryErrorKind::UnknownHas { value: text.to_owned() };
                let error = QueryError::new(kind, self.span(from, self.idx));
                self.bad(error.help(format!("has: takes {}", names.join(", "))), start);
            }
        }
    }

    /// A phrase whose opening mark is at `open`, and the window after it.
    fn quoted(&mut self, open: usize, field: Option<(&'static FieldInfo, usize)>) {
        let start = field.map_or(open, |(_, start)| start);
        let close = self.chars[open + 1..].iter().position(|(_, c)| *c == '"').map(|at| open + 1 + at);
        if close.is_none() && self.cursor != Some(self.input.len()) {
            let error = QueryError::new(QueryErrorKind::UnclosedQuote, self.span(open, open + 1));
            self.out.errors.push(error.help("close it with another \", or leave it out"));
        }
        let end = close.unwrap_or(self.chars.len());
        self.idx = close.map_or(end, |close| close + 1);
        let content: String =
            self.chars[open + 1..end].iter().map(|(_, c)| *c).filter(|c| *c != '\u{200b}').collect();
        let slop = self.slop(start);
        let field = match field.map(|(info, _)| info.prefix) {
            None => QueryField::Text,
            Some(Prefix::Field(field)) => field,
            Some(Prefix::Date) => return self.date(content.trim(), start, open),
            Some(Prefix::Has) => return self.has(content.trim(), start, open),
        };
        let Some(slop) = slop else { return };
        let is_typed = close.is_none() && self.is_typed(open) && !content.ends_with(' ');
        let span = self.span(start, self.idx);
        let terms = match word::phrase_terms(&content, slop, is_typed, span) {
            Ok(terms) => terms,
            Err(error) => return self.bad(error, start),
        };
        match terms.as_slice() {
            // An opening mark just typed, or one that is never closed, holds nothing yet.
            [] if close.is_none() => {}
            [] => {
                let kind = QueryErrorKind::Empty { marks: "quotation marks" };
                self.bad(QueryError::new(kind, span), start);
            }
            [_] if slop > 0 => {
                let kind = QueryErrorKind::BadSlop { written: format!("~{slop}") };
                let help = "two words or more have a distance; write word~1 for similar spellings";
                self.bad(QueryError::new(kind, span).help(help), start);
            }
            [term] => self.push(Tok::Leaf(Query::Term { field, term: term.clone() }), start),
            _ => self.push(Tok::Leaf(Query::Phrase { field, terms, slop }), start),
        }
    }

    /// `~5` right behind a phrase; 0 where there is none, `None` when it cannot be read.
    fn slop(&mut self, start: usize) -> Option<u32> {
        if self.chars.get(self.idx).map(|(_, c)| *c) != Some('~') {
            return Some(0);
        }
        let from = self.idx;
        let digits = self.chars[from + 1..].iter().take_while(|(_, c)| c.is_ascii_digit()).count();
        self.idx += 1 + digits;
        let written: String = self.chars[from..self.idx].iter().map(|(_, c)| *c).collect();
        let slop = written[1..].parse().ok().filter(|slop| *slop <= operators::MAX_DISTANCE);
        if slop.is_none() {
            let error = QueryError::new(QueryErrorKind::BadSlop { written }, self.span(from, self.idx));
            let help =
                format!("write \"...\"~5: at most 5 other words between (up to {})", operators::MAX_DISTANCE);
            self.bad(error.help(help), start);
        }
        slop
    }

    fn single_quotes(&mut self, text: &str, start: usize, end: usize) {
        let mut chars = text.chars();
        let opens = chars.next() == Some('\'') && chars.next().is_some_and(char::is_alphabetic);
        self.single_quote |= opens;
        let core = text.trim_end_matches([',', '.', ';', '?', '!']);
        if self.single_quote && core.len() > 1 && core.ends_with('\'') {
            self.single_quote = false;
            self.note(QueryNoteKind::SingleQuotes, start, end);
        }
    }

    /// Remarks that need the neighbours of a word.
    fn remark(&mut self) {
        let mut notes = Vec::new();
        for (at, token) in self.out.tokens.iter().enumerate() {
            let Tok::Leaf(Query::Term { field, term }) = &token.tok else { continue };
            let next = self.out.tokens.get(at + 1);
            let is_operator_like = match term.word.as_str() {
                "and" | "or" => at > 0 && next.is_some(),
                "not" => next.is_some(),
                _ => false,
            };
            if *field == QueryField::Text && term.form == TermForm::Stem && is_operator_like {
                notes.push(QueryNote {
                    kind: QueryNoteKind::WordNotOperator(term.word.clone()),
                    span: token.span,
                });
            }
            let is_name = |word: &str| word.starts_with(char::is_uppercase);
            let takes_names = matches!(field, QueryField::Speaker | QueryField::Author | QueryField::Outlet);
            if takes_names
                && term.form == TermForm::Stem
                && is_name(&term.word)
                && let Some(Token {
                    tok: Tok::Leaf(Query::Term { field: QueryField::Text, term: other }),
                    span,
                }) = next
                && other.form == TermForm::Stem
                && is_name(&other.word)
            {
                let kind =
                    QueryNoteKind::FieldTakesOneWord(field.prefix(), term.word.clone(), other.word.clone());
                notes.push(QueryNote { kind, span: *span });
            }
        }
        self.out.notes.extend(notes);
    }

    fn offset(&self, idx: usize) -> usize {
        self.chars.get(idx).map_or(self.input.len(), |(at, _)| *at)
    }

    fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.offset(start), self.offset(end))
    }

    fn push(&mut self, tok: Tok, start: usize) {
        self.out.tokens.push(Token { tok, span: self.span(start, self.idx) });
    }

    fn bad(&mut self, error: QueryError, start: usize) {
        self.out.errors.push(error);
        self.push(Tok::Bad, start);
    }

    fn note(&mut self, kind: QueryNoteKind, start: usize, end: usize) {
        self.out.notes.push(QueryNote { kind, span: self.span(start, end) });
    }
}
