//! Tokens to a [`Query`].
//!
//! ```text
//! either   = all ("OR" all)*
//! all      = part ("AND"? part)*          side by side at the outermost level: `Query::Words`; elsewhere strict
//! part     = ("NOT" | "-")* near
//! near     = item (("w/N" | "pre/N" | "w/s" | "w/p") item)*
//! item     = word | phrase | field | "(" either ")" | "said(" either ")" | "atleastN(" either ")"
//! ```
//! The parser reads on after a mistake, so that all of them are told at once. Depth and number of parts are limited; it
//! never recurses deeper than [`MAX_DEPTH`] groups.

use jiff::civil::Date;

use super::error::{self, QueryError, QueryErrorKind, QueryErrors, QueryNote, QueryNoteKind};
use super::lex::{self, Tok, Token};
use super::operators::Operator;
use crate::model::Span;
use crate::model::query::{Query, QueryField, Term, TermForm};

/// Bytes of a query at most.
pub const MAX_BYTES: usize = 4096;
/// Words and phrases of a query at most.
pub const MAX_CLAUSES: usize = 1000;
/// Groups inside groups at most; also operators like `w/5` in a row.
pub const MAX_DEPTH: usize = 50;
/// Mistakes told at once.
const MAX_ERRORS: usize = 5;

/// A query as read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parsed {
    /// What is asked.
    pub query: Query,
    /// Remarks on what may surprise, in the order of the query.
    pub notes: Vec<QueryNote>,
}

/// Reads a query; `today` is what relative dates count from.
///
/// ```
/// # use jiff::civil::date;
/// let parsed = onrecord::query::parse("carbon w/5 (tax OR levy)", date(2025, 5, 7)).unwrap();
/// assert_eq!(onrecord::query::print(&parsed.query), "carbon w/5 (tax OR levy)");
/// ```
///
/// # Errors
/// Every mistake found, with its place and what to write instead, as far as that is known.
pub fn parse(input: &str, today: Date) -> Result<Parsed, QueryErrors> {
    read(input, today, None)
}

/// Reads a query while it is typed: its last word counts as a prefix while the cursor (a byte offset) touches it, and a
/// quotation mark or parenthesis just opened at the end is no mistake yet.
///
/// # Errors
/// As [`parse`].
pub fn parse_typing(input: &str, cursor: usize, today: Date) -> Result<Parsed, QueryErrors> {
    read(input, today, Some(cursor))
}

fn read(input: &str, today: Date, cursor: Option<usize>) -> Result<Parsed, QueryErrors> {
    if input.len() > MAX_BYTES {
        let end = Span::new(error::boundary_before(input, MAX_BYTES), input.len());
        let error = QueryError::new(QueryErrorKind::TooLong { limit: MAX_BYTES }, end);
        return Err(QueryErrors(vec![
            error.help("to search many texts, write one query a line: --batch FILE"),
        ]));
    }
    let lexed = lex::lex(input, today, cursor);
    let mut parser = Parser {
        tokens: lexed.tokens,
        at: 0,
        end: input.len(),
        depth: 0,
        field: None,
        in_said: false,
        may_stay_open: cursor == Some(input.len()),
        notes: lexed.notes,
        errors: lexed.errors,
    };
    parser.check_size();
    let query =
        if parser.errors.iter().any(|error| matches!(error.kind, QueryErrorKind::TooManyClauses { .. })) {
            Query::All
        } else {
            parser.whole()
        };
    let is_marks_only = parser.tokens.is_empty() && parser.errors.is_empty() && !input.trim().is_empty();
    if is_marks_only && cursor.is_none() {
        let whole = Span::new(0, input.len());
        let error = QueryError::new(QueryErrorKind::NoWord, whole);
        parser.errors.push(error.help("write a word of at least one letter or digit"));
    }
    if parser.errors.is_empty() {
        parser.notes.sort_by_key(|note| note.span);
        parser.notes.dedup();
        return Ok(Parsed { query, notes: parser.notes });
    }
    parser.errors.sort_by_key(|error| error.span);
    parser.errors.dedup();
    parser.errors.truncate(MAX_ERRORS);
    Err(QueryErrors(parser.errors))
}

struct Parser {
    tokens: Vec<Token>,
    at: usize,
    /// Length of the query.
    end: usize,
    depth: usize,
    /// Field of the group around.
    field: Option<QueryField>,
    in_said: bool,
    may_stay_open: bool,
    notes: Vec<QueryNote>,
    errors: Vec<QueryError>,
}

/// Parts side by side.
#[derive(Default)]
struct Parts {
    list: Vec<Query>,
    /// An `AND` stands between some of them.
    has_and: bool,
    /// Two of them stand side by side without one.
    has_gap: bool,
}

impl Parser {
    fn check_size(&mut self) {
        let size = |token: &Token| match &token.tok {
            Tok::Leaf(Query::Phrase { terms, .. }) => terms.len(),
            Tok::Leaf(_) => 1,
            _ => 0,
        };
        let mut n_clauses = 0;
        for token in &self.tokens {
            n_clauses += size(token);
            if n_clauses > MAX_CLAUSES {
                let kind = QueryErrorKind::TooManyClauses { limit: MAX_CLAUSES };
                self.errors = vec![QueryError::new(kind, Span::new(token.span.start, self.end))];
                return;
            }
        }
    }

    fn whole(&mut self) -> Query {
        match self.either() {
            Either::One(parts) => outermost(parts),
            Either::Many(query) => query,
        }
    }

    /// `a b OR c`, up to the end of the group.
    fn either(&mut self) -> Either {
        let mut branches: Vec<Parts> = Vec::new();
        let mut last_or: Option<Span> = None;
        loop {
            let parts = self.all();
            let or =
                self.peek_operator().filter(|(operator, _)| *operator == Operator::Or).map(|(_, span)| span);
            if parts.list.is_empty() && (or.is_some() || last_or.is_some()) {
                match (or, last_or) {
                    (_, Some(before)) => self.empty_side(Operator::Or, before, "after"),
                    (Some(after), None) => self.empty_side(Operator::Or, after, "before"),
                    (None, None) => {}
                }
            }
            branches.push(parts);
            let Some(span) = or else { break };
            self.at += 1;
            last_or = Some(span);
        }
        if branches.len() == 1 {
            return Either::One(branches.pop().unwrap_or_default());
        }
        let has_gap = branches.iter().any(|parts| parts.has_gap);
        if let Some(span) = last_or.filter(|_| has_gap) {
            self.notes.push(QueryNote { kind: QueryNoteKind::WideOr, span });
        }
        let any: Vec<Query> = branches.into_iter().map(|parts| all_of(parts.list)).collect();
        Either::Many(any_of(any))
    }

    /// Parts side by side or with `AND` between, up to an `OR` or the end of the group.
    fn all(&mut self) -> Parts {
        let mut parts = Parts::default();
        let mut shapes: Vec<Shape> = Vec::new();
        let mut last_and: Option<Span> = None;
        while let Some(token) = self.tokens.get(self.at) {
            let span = token.span;
            match token.tok {
                Tok::Operator(Operator::Or) => break,
                Tok::Close if self.depth > 0 => break,
                Tok::Close => {
                    let error = QueryError::new(QueryErrorKind::StrayParenthesis, span);
                    self.errors.push(error.help("leave it out, or open it before"));
                    self.at += 1;
                }
                Tok::Operator(Operator::And) => {
                    self.at += 1;
                    if parts.list.is_empty() || last_and.is_some() {
                        self.empty_side(Operator::And, span, "before");
                    }
                    parts.has_and = true;
                    last_and = Some(span);
                }
                _ => {
                    let shape = Shape::of(&token.tok);
                    let Some((query, near)) = self.part() else { continue };
                    parts.has_gap |= !parts.list.is_empty() && last_and.is_none();
                    if last_and.take().is_some() {
                        shapes.push(Shape::Other);
                    }
                    shapes.push(near.map_or(shape, |operator| Shape::Near(operator, span)));
                    parts.list.push(query);
                }
            }
        }
        if let Some(span) = last_and
            && !parts.list.is_empty()
        {
            self.empty_side(Operator::And, span, "after");
        }
        self.remark_nearness(&shapes);
        parts
    }

    /// `climate change w/5 policy` is about "change", which surprises.
    fn remark_nearness(&mut self, shapes: &[Shape]) {
        for pair in shapes.windows(2) {
            if let [Shape::Word, Shape::Near(operator, span)] | [Shape::Near(operator, span), Shape::Word] =
                pair
            {
                let kind = QueryNoteKind::NearTakesOneWord(operator.to_string());
                self.notes.push(QueryNote { kind, span: *span });
            }
        }
    }

    /// An item with what stands before it, and the operator of a nearness outside parentheses.
    fn part(&mut self) -> Option<(Query, Option<Operator>)> {
        let mut is_not = false;
        let mut last_not = None;
        while let Some((Operator::Not, span)) = self.peek_operator() {
            self.at += 1;
            is_not = !is_not;
            last_not = Some(span);
        }
        let Some((query, near)) = self.near() else {
            if let Some(span) = last_not {
                self.empty_side(Operator::Not, span, "after");
            }
            return None;
        };
        Some((if is_not { not(query) } else { query }, near.filter(|_| last_not.is_none())))
    }

    fn near(&mut self) -> Option<(Query, Option<Operator>)> {
        let mut left_start = self.tokens.get(self.at)?.span.start;
        let mut left = self.item();
        let mut first = None;
        let mut n_operators = 0;
        while let Some((operator, span)) =
            self.peek_operator().filter(|(operator, _)| operator.is_positional())
        {
            self.at += 1;
            first = first.or(Some(operator));
            n_operators += 1;
            if n_operators == MAX_DEPTH {
                self.too_deep(span);
            }
            let left_end = span.start;
            let Some(before) = left.take() else {
                self.empty_side(operator, span, "before");
                left_start = self.tokens.get(self.at).map_or(self.end, |token| token.span.start);
                left = self.item();
                continue;
            };
            let right_span = self.tokens.get(self.at).map_or(span, |token| token.span);
            let Some(after) = self.item() else {
                self.empty_side(operator, span, "after");
                left = Some(before);
                break;
            };
            let right_end =
                self.at.checked_sub(1).and_then(|at| self.tokens.get(at)).map_or(self.end, |t| t.span.end);
            self.check_positional(&before, operator, Span::new(left_start, left_end.max(left_start)));
            self.check_positional(
                &after,
                operator,
                Span::new(right_span.start, right_end.max(right_span.start)),
            );
            let (before, after) = (Box::new(before), Box::new(after));
            left = Some(match operator {
                Operator::Sentence => Query::SameSentence(before, after),
                Operator::Paragraph => Query::SameParagraph(before, after),
                Operator::Near { distance, ordered } if n_operators < MAX_DEPTH => {
                    Query::Near { left: before, right: after, distance, ordered }
                }
                _ => *before,
            });
        }
        left.map(|left| (left, first))
    }

    /// A word, phrase or group. `None` where none begins; nothing is consumed then.
    fn item(&mut self) -> Option<Query> {
        let Token { tok, span } = self.tokens.get(self.at)?.clone();
        match tok {
            Tok::Close | Tok::Operator(_) => None,
            Tok::Bad => {
                self.at += 1;
                Some(Query::All)
            }
            Tok::Leaf(query) => {
                self.at += 1;
                Some(self.in_group_field(query, span))
            }
            Tok::Open => Some(self.group(span)),
            Tok::FieldGroup(field) => {
                let outer = self.field;
                if let Some(outer) = outer {
                    self.misplaced(field.prefix(), outer, span);
                }
                self.field = Some(field);
                let query = self.group(span);
                self.field = outer;
                Some(query)
            }
            Tok::Said => {
                if let Some(field) = self.field {
                    self.misplaced("said(...)", field, span);
                }
                if std::mem::replace(&mut self.in_said, true) {
                    let error = QueryError::new(QueryErrorKind::NestedSaid, span);
                    self.errors.push(error.help("put all conditions on the one quote side by side"));
                    return Some(self.group(span));
                }
                let inner = self.group(span);
                self.in_said = false;
                Some(Query::Said(Box::new(inner)))
            }
            Tok::AtLeast(times) => {
                let inner = self.group(span);
                let end = self
                    .at
                    .checked_sub(1)
                    .and_then(|at| self.tokens.get(at))
                    .map_or(self.end, |t| t.span.end);
                if is_positional(&inner) {
                    return Some(Query::AtLeast(times, Box::new(inner)));
                }
                let operator = format!("atleast{times}(...)");
                let error =
                    QueryError::new(QueryErrorKind::NotPositional { operator }, Span::new(span.start, end));
                self.errors.push(error.help(format!(
                    "write a phrase, atleast{times}(\"...\"), or atleast{times}(...) for each word"
                )));
                Some(Query::All)
            }
        }
    }

    /// What stands between the parenthesis that the present token opens and its partner.
    fn group(&mut self, opened: Span) -> Query {
        self.at += 1;
        if self.depth == MAX_DEPTH {
            self.too_deep(opened);
            return Query::All;
        }
        self.depth += 1;
        let n_errors = self.errors.len();
        let first = self.at;
        let query = match self.either() {
            Either::One(parts) => all_of(parts.list),
            Either::Many(query) => query,
        };
        self.depth -= 1;
        let is_empty = self.at == first;
        let parenthesis = Span::new(opened.end.saturating_sub(1), opened.end);
        let is_closed = matches!(self.tokens.get(self.at), Some(Token { tok: Tok::Close, .. }));
        if is_closed {
            self.at += 1;
            if is_empty && self.errors.len() == n_errors {
                let marks = "parentheses";
                let span = Span::new(opened.start, self.tokens[self.at - 1].span.end);
                self.errors.push(QueryError::new(QueryErrorKind::Empty { marks }, span));
            }
        } else if !self.may_stay_open && !self.is_too_deep() {
            let error = QueryError::new(QueryErrorKind::UnclosedParenthesis, parenthesis);
            self.errors.push(error.help("close it with )"));
        }
        query
    }

    fn in_group_field(&mut self, query: Query, span: Span) -> Query {
        let Some(group) = self.field else { return query };
        match query {
            Query::Term { field: QueryField::Text, term } => Query::Term { field: group, term },
            Query::Phrase { field: QueryField::Text, terms, slop } => {
                Query::Phrase { field: group, terms, slop }
            }
            other => {
                let name = match &other {
                    Query::Term { field, .. } | Query::Phrase { field, .. } => field.prefix(),
                    Query::Date { .. } => "date",
                    _ => "has",
                };
                self.misplaced(name, group, span);
                other
            }
        }
    }

    fn misplaced(&mut self, name: &str, group: QueryField, span: Span) {
        let name = name.to_owned();
        let error = QueryError::new(QueryErrorKind::MisplacedField { name }, span);
        self.errors.push(error.help(format!("close the group of `{}:` before it", group.prefix())));
    }

    fn check_positional(&mut self, query: &Query, operator: Operator, span: Span) {
        // What stands for a mistake has its own error.
        if *query == Query::All || is_positional(query) {
            return;
        }
        let kind = QueryErrorKind::NotPositional { operator: operator.to_string() };
        let help = match query {
            Query::And(_) | Query::Not(_) => {
                "write \"...\" for a phrase, (a OR b) for either; put the other conditions outside: (a w/5 b) AND c"
            }
            _ => {
                "names, dates and said(...) have no place in the text; put them outside: (a w/5 b) AND speaker:c"
            }
        };
        self.errors.push(QueryError::new(kind, span).help(help));
    }

    fn empty_side(&mut self, operator: Operator, span: Span, side: &'static str) {
        // Beside another mistake at the same place this one would only confuse.
        if self.errors.iter().any(|error| error.span == span) {
            return;
        }
        let kind = QueryErrorKind::EmptySide { operator: operator.to_string(), side };
        let help = match operator {
            Operator::And | Operator::Or | Operator::Not => {
                let word = operator.name();
                format!("put a word {side} it, or leave it out; in marks it is a word: \"{word}\"")
            }
            _ => format!("it stands between two words: a {operator} b"),
        };
        self.errors.push(QueryError::new(kind, span).help(help));
    }

    fn too_deep(&mut self, span: Span) {
        if !self.is_too_deep() {
            self.errors.push(QueryError::new(QueryErrorKind::TooDeep { limit: MAX_DEPTH }, span));
        }
        self.at = self.tokens.len();
    }

    fn is_too_deep(&self) -> bool {
        self.errors.iter().any(|error| matches!(error.kind, QueryErrorKind::TooDeep { .. }))
    }

    fn peek_operator(&self) -> Option<(Operator, Span)> {
        match self.tokens.get(self.at)? {
            Token { tok: Tok::Operator(operator), span } => Some((*operator, *span)),
            _ => None,
        }
    }
}

/// What a level of `OR` came to.
enum Either {
    /// No `OR`.
    One(Parts),
    Many(Query),
}

/// What a part looks like, for remarks.
#[derive(Clone, Copy)]
enum Shape {
    Word,
    Near(Operator, Span),
    Other,
}

impl Shape {
    fn of(tok: &Tok) -> Shape {
        match tok {
            Tok::Leaf(Query::Term { field: QueryField::Text, term: Term { form: TermForm::Stem, .. } }) => {
                Shape::Word
            }
            _ => Shape::Other,
        }
    }
}

/// The outermost parts: side by side they are wanted, with any `AND` they are required.
fn outermost(parts: Parts) -> Query {
    if parts.has_and {
        return all_of(parts.list);
    }
    let (without, wanted): (Vec<Query>, Vec<Query>) =
        parts.list.into_iter().partition(|part| matches!(part, Query::Not(_)));
    if wanted.len() < 2 {
        return all_of(wanted.into_iter().chain(without).collect());
    }
    let words = Query::Words(wanted);
    if without.is_empty() { words } else { Query::And(std::iter::once(words).chain(without).collect()) }
}

/// All of `parts`, those of inner conjunctions among them.
fn all_of(parts: Vec<Query>) -> Query {
    let mut all = Vec::with_capacity(parts.len());
    for part in parts {
        match part {
            Query::And(inner) => all.extend(inner),
            other => all.push(other),
        }
    }
    single(all).unwrap_or_else(Query::And)
}

fn any_of(parts: Vec<Query>) -> Query {
    let mut any = Vec::with_capacity(parts.len());
    for part in parts {
        match part {
            Query::Or(inner) => any.extend(inner),
            other => any.push(other),
        }
    }
    single(any).unwrap_or_else(Query::Or)
}

/// The only one of `parts`, or everything if there is none.
fn single(mut parts: Vec<Query>) -> Result<Query, Vec<Query>> {
    match parts.len() {
        0 | 1 => Ok(parts.pop().unwrap_or(Query::All)),
        _ => Err(parts),
    }
}

fn not(query: Query) -> Query {
    match query {
        Query::Not(inner) => *inner,
        other => Query::Not(Box::new(other)),
    }
}

/// Whether places in a text can be given for `query`.
fn is_positional(query: &Query) -> bool {
    match query {
        Query::Term { field, .. } | Query::Phrase { field, .. } => field.is_text(),
        Query::Or(parts) => parts.iter().all(is_positional),
        Query::Near { .. } | Query::SameSentence(..) | Query::SameParagraph(..) => true,
        Query::AtLeast(..)
        | Query::All
        | Query::Words(_)
        | Query::And(_)
        | Query::Not(_)
        | Query::Said(_)
        | Query::Date { .. }
        | Query::Has(_) => false,
    }
}
