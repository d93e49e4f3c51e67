//! The language as tables: what is read and what is remarked. Beside it: `mistakes`, `marks`, `laws`.

use jiff::civil::{Date, date};

use super::*;
use crate::model::query::{Query, QueryField, Term, TermForm};

mod laws;
mod marks;
mod mistakes;

/// Wednesday.
const TODAY: Date = date(2025, 5, 7);

/// A query with every group and form spelt out.
fn shape(query: &Query) -> String {
    let list = |name: &str, parts: &[Query]| {
        let parts: Vec<String> = parts.iter().map(shape).collect();
        format!("{name}[{}]", parts.join(", "))
    };
    let prefix = |field: &QueryField| if *field == QueryField::Text { "" } else { field.prefix() };
    let colon = |field: &QueryField| if *field == QueryField::Text { "" } else { ":" };
    let word = |term: &Term| match term.form {
        TermForm::Stem => term.word.clone(),
        TermForm::Exact => format!("={}", term.word),
        TermForm::Prefix => format!("{}*", term.word),
        TermForm::Fuzzy(edits) => format!("{}~{edits}", term.word),
    };
    match query {
        Query::All => "all".to_owned(),
        Query::Term { field, term } => format!("{}{}{}", prefix(field), colon(field), word(term)),
        Query::Phrase { field, terms, slop } => {
            let terms: Vec<String> = terms.iter().map(word).collect();
            format!("{}{}\"{}\"~{slop}", prefix(field), colon(field), terms.join(" "))
        }
        Query::Words(parts) => list("words", parts),
        Query::And(parts) => list("and", parts),
        Query::Or(parts) => list("or", parts),
        Query::Not(part) => format!("not {}", shape(part)),
        Query::Near { left, right, distance, ordered } => {
            format!("{}/{distance}[{}, {}]", if *ordered { "pre" } else { "w" }, shape(left), shape(right))
        }
        Query::SameSentence(left, right) => format!("w/s[{}, {}]", shape(left), shape(right)),
        Query::SameParagraph(left, right) => format!("w/p[{}, {}]", shape(left), shape(right)),
        Query::AtLeast(times, part) => format!("atleast{times}[{}]", shape(part)),
        Query::Said(part) => format!("said[{}]", shape(part)),
        Query::Date { since, until } => {
            let day = |day: &Option<Date>| day.map_or_else(String::new, |day| day.to_string());
            format!("date[{}..{}]", day(since), day(until))
        }
        Query::Has(what) => format!("has[{}]", what.name()),
    }
}

#[track_caller]
fn check(input: &str, expected: &str) {
    match parse(input, TODAY) {
        Ok(parsed) => {
            assert_eq!(shape(&parsed.query), expected, "{input}");
            let printed = print(&parsed.query);
            let again = parse(&printed, TODAY).map(|again| again.query);
            assert_eq!(again.as_ref(), Ok(&parsed.query), "{input} was printed as {printed}");
        }
        Err(errors) => panic!("{}", errors.render(input)),
    }
}

#[track_caller]
fn check_print(input: &str, expected: &str) {
    assert_eq!(parse(input, TODAY).map(|parsed| print(&parsed.query)), Ok(expected.to_owned()), "{input}");
}

#[track_caller]
fn check_notes(input: &str, expected: &[&str]) {
    let notes = parse(input, TODAY).map(|parsed| parsed.notes).unwrap_or_default();
    let notes: Vec<String> = notes.iter().map(ToString::to_string).collect();
    assert_eq!(notes, expected, "{input}");
}

#[test]
fn plain_words_are_wanted() {
    check("", "all");
    check("   ", "all");
    check("tax", "tax");
    check("carbon tax levy", "words[carbon, tax, levy]");
    check("Biden’s U.S. e-mail, $3.5bn (ok)", "words[Biden's, U.S, e-mail, 3.5bn, ok]");
    check("12:30 AT&T 24/7 either/or", "words[12:30, AT&T, 24/7, either/or]");
    check("tax — & ... cut", "words[tax, cut]");
    check("wow! what? (why)", "words[wow, what, why]");
    check("北京 Łódź", "words[北京, Łódź]");
    check("Breaking: tax", "words[Breaking, tax]");
    check("tax carbon -levy", "and[words[tax, carbon], not levy]");
    check("tax -levy", "and[tax, not levy]");
    check("-levy", "not levy");
    check("-a -b", "and[not a, not b]");
}

#[test]
fn operators_are_strict() {
    check("tax AND carbon", "and[tax, carbon]");
    check("a b AND c", "and[a, b, c]");
    check("a OR b", "or[a, b]");
    check("a b OR c d", "or[and[a, b], and[c, d]]");
    check("a OR b AND c", "or[a, and[b, c]]");
    check("(a OR b) AND c", "and[or[a, b], c]");
    check("a (b OR c)", "words[a, or[b, c]]");
    check("a (b c)", "words[a, and[b, c]]");
    check("(a b)", "and[a, b]");
    check("((a))", "a");
    check("a AND (b AND (c AND d))", "and[a, b, c, d]");
    check("a NOT b", "and[a, not b]");
    check("a AND NOT b", "and[a, not b]");
    check("NOT (a OR b)", "not or[a, b]");
    check("NOT NOT a", "a");
    check("-\"net zero\" tax", "and[tax, not \"=net =zero\"~0]");
    check("-(a b) c d", "and[words[c, d], not and[a, b]]");
    check("a && b || !c", "or[and[a, b], not c]");
    check("a –b", "and[a, not b]");
}

#[test]
fn phrases_and_forms() {
    check("\"net zero\"", "\"=net =zero\"~0");
    check("“net zero” «a b»", "words[\"=net =zero\"~0, \"=a =b\"~0]");
    check("\"net zero\"~5", "\"net zero\"~5");
    check("\"net zero\"~0", "\"=net =zero\"~0");
    check("\"rule of la*\"", "\"=rule =of la*\"~0");
    check("\"troops\" =troops", "words[=troops, =troops]");
    check("\"OR\" \"a:b\"", "words[=OR, =a:b]");
    check("\"NOT, guilty!\"", "\"=NOT =guilty\"~0");
    check(
        "soverei* sovreignty~1 sovreignty~2 sovreignty~",
        "words[soverei*, sovreignty~1, sovreignty~2, sovreignty~1]",
    );
    check("=\"net zero\"", "\"=net =zero\"~0");
    check("\"a:bc*\"", "a:bc*");
    check("tax, AND. ¡AND", "words[tax, =AND, =AND]");
    check("co-op* 北*", "words[co-op*, 北*]");
    check("tax\"net zero\"", "words[tax, \"=net =zero\"~0]");
}

#[test]
fn fields() {
    check("headline:tax", "headline:tax");
    check("Headline:tax", "headline:tax");
    check("speaker:\"Ada Moreau\" tax", "words[speaker:\"=Ada =Moreau\"~0, tax]");
    check("speaker:\"Moreau\" speaker:O’Brien", "words[speaker:=Moreau, speaker:O'Brien]");
    check("speaker:mor* author:osie~1", "words[speaker:mor*, author:osie~1]");
    check("headline:(a b)", "and[headline:a, headline:b]");
    check("headline:(a OR \"b c\"~2)", "or[headline:a, headline:\"b c\"~2]");
    check("-outlet:herald tax", "and[tax, not outlet:herald]");
    check(
        "via:ap role:minister furniture:donate quote:x body:y",
        "words[via:ap, role:minister, furniture:donate, quote:x, body:y]",
    );
    check("has:quote has:Speakers", "words[has[quote], has[speaker]]");
    check("date:2021-03..2021-06", "date[2021-03-01..2021-06-30]");
    check("date:2021..2022 tax", "words[date[2021-01-01..2022-12-31], tax]");
    check("date:2021-03-05", "date[2021-03-05..2021-03-05]");
    check("date:2021..", "date[2021-01-01..]");
    check("date:\"last week\"", "date[2025-04-28..2025-05-04]");
    check("-date:7d", "not date[2025-05-01..2025-05-07]");
}

#[test]
fn nearness() {
    check("a w/5 b", "w/5[a, b]");
    check("a W/5 b", "w/5[a, b]");
    check("a pre/3 b", "pre/3[a, b]");
    check("a w/s b", "w/s[a, b]");
    check("a w/p b", "w/p[a, b]");
    check("(a OR \"b c\") w/5 lev*", "w/5[or[a, \"=b =c\"~0], lev*]");
    check("a w/5 b w/s c", "w/s[w/5[a, b], c]");
    check("a w/5 (b w/2 c)", "w/5[a, w/2[b, c]]");
    check("a b w/5 c", "words[a, w/5[b, c]]");
    check("NOT a w/5 b", "not w/5[a, b]");
    check("a AND (b w/5 c)", "and[a, w/5[b, c]]");
    check("headline:(a w/5 b)", "w/5[headline:a, headline:b]");
    check("headline:a w/5 headline:b", "w/5[headline:a, headline:b]");
    check("atleast3(tax)", "atleast3[tax]");
    check("ATLEAST2(\"carbon tax\" OR levy) b", "words[atleast2[or[\"=carbon =tax\"~0, levy]], b]");
    check("atleast2(a w/5 b)", "atleast2[w/5[a, b]]");
}

#[test]
fn said_is_one_quote() {
    check("said(speaker:moreau sovereignty)", "said[and[speaker:moreau, sovereignty]]");
    check("said(\"phased in\" -via:wire) tax", "words[said[and[\"=phased =in\"~0, not via:wire]], tax]");
    check("said (a)", "words[said, a]");
    check("NOT said(a OR b)", "not said[or[a, b]]");
}

#[test]
fn queries_print_in_their_explicit_form() {
    check_print("a   b", "a b");
    check_print("a && b", "a AND b");
    check_print("“net zero”", "\"net zero\"");
    check_print("\"troops\"", "=troops");
    check_print("a b -c", "a b -c");
    check_print("a b OR c", "(a AND b) OR c");
    check_print("-(a OR b) c d", "c d -(a OR b)");
    check_print("date:\"last month\"", "date:2025-04-01..2025-04-30");
    check_print("headline:(a b)", "headline:a AND headline:b");
    check_print("a w/5 b w/s c", "(a w/5 b) w/s c");
}

#[test]
fn small_words_and_odd_marks_are_remarked() {
    check_notes("tax or levy", &["`or` was searched as a word; write OR for either"]);
    check_notes(
        "tax and not levy",
        &[
            "`and` was searched as a word; write AND for both",
            "`not` was searched as a word; write NOT for without",
        ],
    );
    check_notes("\"tax and levy\" or", &[]);
    check_notes("a && b", &["`&&` was read as AND"]);
    check_notes("a || !b", &["`||` was read as OR", "`!` was read as NOT"]);
    let truncated = "`gun!` was read as gun*, words that begin so";
    check_notes("gun! w/5 law", &[truncated]);
    check_notes("gun!", &[truncated]);
    check_notes("stop the steal!", &[]);
    check_notes("Yahoo! profits", &[]);
    check_print("gun! w/5 (law! OR rule)", "gun* w/5 (law* OR rule)");
    check_notes("+tax levy", &["`+` was ignored: every word is wanted as it is"]);
    check_notes("tax - levy", &["a dash between words was ignored; write -word to leave a word out"]);
    check_notes("'net zero'", &["single marks do not make a phrase; write \"...\" for words in this order"]);
    check_notes("the workers' '90s O'Brien", &[]);
    check_notes(
        "a b OR c",
        &["OR parts all the words on its left from all on its right; write a (b OR c) for one of two"],
    );
    check_notes("a (b OR c)", &[]);
    check_notes(
        "climate change w/5 policy",
        &["`w/5` joins the one word on either side; write \"...\" for a phrase"],
    );
    check_notes("(change w/5 policy) climate AND a w/5 b", &[]);
    check_notes(
        "speaker:Ada Moreau",
        &["`Moreau` was searched in the text; write speaker:\"Ada Moreau\" for the whole name"],
    );
    check_notes("speaker:moreau tax", &[]);
}

#[track_caller]
fn check_typing(input: &str, cursor: usize, expected: &str) {
    let parsed = parse_typing(input, cursor, TODAY);
    assert_eq!(parsed.map(|parsed| shape(&parsed.query)), Ok(expected.to_owned()), "{input}");
}

#[test]
fn the_word_being_typed_is_a_prefix() {
    check_typing("carbon lev", 10, "words[carbon, lev*]");
    check_typing("carbon lev ", 11, "words[carbon, lev]");
    check_typing("carbon lev", 3, "words[carbon, lev]");
    check_typing("carbon l", 8, "words[carbon, l]");
    check_typing("speaker:mor", 11, "speaker:mor*");
    check_typing("\"net ze", 7, "\"=net ze*\"~0");
    check_typing("\"net ze\"", 8, "\"=net =ze\"~0");
    check_typing("a (b OR ca", 10, "words[a, or[b, ca*]]");
    check_typing("tax \"", 5, "tax");
    check_typing("tax (", 5, "words[tax, all]");
    check_typing("=lev", 4, "=lev");
    assert!(parse_typing("tax OR ", 7, TODAY).is_err());
}
