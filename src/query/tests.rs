//! The language as tables: what is read, what is remarked, what is refused; and its laws.

use jiff::civil::{Date, date};
use proptest::prelude::*;

use super::*;
use crate::model::query::{HasWhat, Query, QueryField, Term, TermForm};

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

/// Everything below the query line, for one query that cannot be read.
#[track_caller]
fn check_error(input: &str, message: &str, carets: &str, help: &str) {
    let errors = match parse(input, TODAY) {
        Ok(parsed) => panic!("{input} was read as {}", shape(&parsed.query)),
        Err(errors) => errors,
    };
    let rendered = errors.render(input);
    let mut lines = rendered.lines();
    assert_eq!(lines.next(), Some(message), "{rendered}");
    assert_eq!(lines.nth(1).map(|line| &line[4..]), Some(input), "{rendered}");
    assert_eq!(lines.next().map(|line| &line[4..]), Some(carets), "{rendered}");
    let helps: Vec<&str> = lines.collect();
    assert_eq!(helps.join("\n").trim_start_matches("help: "), help, "{rendered}");
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

#[test]
fn fields_are_suggested() {
    check_error(
        "speeker:Ada tax",
        "unknown field `speeker`",
        "^^^^^^^",
        "did you mean `speaker:`?   all fields: onrecord help fields",
    );
    check_error(
        "since:2021",
        "unknown field `since`",
        "^^^^^",
        "did you mean `date:`?   all fields: onrecord help fields",
    );
    check_error(
        "tax ratio:2",
        "unknown field `ratio`",
        "    ^^^^^",
        "to search it as words, put a space after the colon: ratio: ...   all fields: onrecord help fields",
    );
    check_error(
        "speaker: Ada",
        "nothing after `speaker:`",
        "^^^^^^^^",
        "write the value without a space: speaker:\"Ada Moreau\"",
    );
    check_error("headline:-tax", "nothing after `headline:`", "^^^^^^^^", "to leave it out: -headline:tax");
    check_error(
        "has:byline",
        "articles cannot be asked for `has:byline`",
        "    ^^^^^^",
        "has: takes quote, speaker, date, outlet, author, url",
    );
    check_error(
        "headline:(body:a)",
        "`body:` cannot stand here",
        "          ^^^^^^",
        "close the group of `headline:` before it",
    );
    check_error(
        "tax https://ledger.example/a?b=c",
        "this is a web address",
        "    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^",
        "search words of its headline instead; has:url finds articles with an address",
    );
    check_error(
        "tax --since 2021",
        "`--since` is a flag, not a part of the query",
        "    ^^^^^^^",
        "write flags outside the marks around the query",
    );
}

#[test]
fn marks_must_be_balanced() {
    check_error(
        "tax \"net zero",
        "a quotation mark is never closed",
        "    ^ opened here",
        "close it with another \", or leave it out",
    );
    check_error("(a OR (b c)", "a parenthesis is never closed", "^ opened here", "close it with )");
    check_error(
        "a) b",
        "a parenthesis is closed that was never opened",
        " ^ nothing to close",
        "leave it out, or open it before",
    );
    check_error("a ()", "nothing between the parentheses", "  ^^", "");
    check_error("\"...\"", "nothing between the quotation marks", "^^^^^", "");
    check_error(
        "speeker:\"Ada Moreau\" AND (carbon OR",
        "unknown field `speeker`, and a parenthesis is never closed, and `OR` needs something after it",
        "^^^^^^^                  ^       ^^",
        "  |                          opened here\n\
         help: did you mean `speaker:`?   all fields: onrecord help fields\n\
         help: close it with )\n\
         help: put a word after it, or leave it out; in marks it is a word: \"OR\"",
    );
}

#[test]
fn operators_need_both_sides() {
    let help = |side: &str, word: &str| {
        format!("put a word {side} it, or leave it out; in marks it is a word: \"{word}\"")
    };
    check_error("tax OR", "`OR` needs something after it", "    ^^", &help("after", "OR"));
    check_error("OR tax", "`OR` needs something before it", "^^", &help("before", "OR"));
    check_error("a OR OR b", "`OR` needs something after it", "  ^^", &help("after", "OR"));
    check_error("tax AND", "`AND` needs something after it", "    ^^^", &help("after", "AND"));
    check_error("AND", "`AND` needs something before it", "^^^", &help("before", "AND"));
    check_error("a AND AND b", "`AND` needs something before it", "      ^^^", &help("before", "AND"));
    check_error("NOT", "`NOT` needs something after it", "^^^", &help("after", "NOT"));
    check_error("a NOT OR b", "`NOT` needs something after it", "  ^^^", &help("after", "NOT"));
    check_error("a w/5", "`w/5` needs something after it", "  ^^^", "it stands between two words: a w/5 b");
    check_error("w/5 b", "`w/5` needs something before it", "^^^", "it stands between two words: a w/5 b");
    check_error(
        "...",
        "there is no word in the query",
        "^^^",
        "write a word of at least one letter or digit",
    );
}

#[test]
fn operators_of_others_are_explained() {
    check_error("tax NEAR/5 cut", "`NEAR/5` is not an operator", "    ^^^^^^", "write w/5");
    check_error("tax NEAR cut", "`NEAR` is not an operator", "    ^^^^", "write w/5");
    check_error(
        "tax w/0 cut",
        "`w/0` is no distance",
        "    ^^^",
        "write w/5 or pre/5 with 1 to 1000 words, w/s for a sentence, w/p for a paragraph",
    );
    check_error(
        "a w/5 (b c)",
        "`w/5` takes words, phrases and OR groups of them",
        "      ^^^^^",
        "write \"...\" for a phrase, (a OR b) for either; put the other conditions outside: (a w/5 b) AND c",
    );
    check_error(
        "a w/5 speaker:b",
        "`w/5` takes words, phrases and OR groups of them",
        "      ^^^^^^^^^",
        "names, dates and said(...) have no place in the text; put them outside: (a w/5 b) AND speaker:c",
    );
    check_error(
        "atleast3(a b)",
        "`atleast3(...)` takes words, phrases and OR groups of them",
        "^^^^^^^^^^^^^",
        "write a phrase, atleast3(\"...\"), or atleast3(...) for each word",
    );
    check_error(
        "atleast(a)",
        "`atleast` is no number of times",
        "^^^^^^^",
        "write atleast3(...): three times or more",
    );
    check_error(
        "said(a said(b))",
        "`said(...)` cannot stand inside `said(...)`",
        "       ^^^^^",
        "put all conditions on the one quote side by side",
    );
}

#[test]
fn forms_have_limits() {
    check_error("l*", "`l*` is no prefix", "^^", "a prefix has at least 2 letters: le*");
    check_error("*ism", "`*ism` is no prefix", "^^^^", "a star stands only at the end of a word: soverei*");
    check_error(
        "so*gnty",
        "`so*gnty` is no prefix",
        "^^^^^^^",
        "a star stands only at the end of a word: soverei*",
    );
    check_error(
        "wom?n",
        "`?` does not stand for a letter",
        "^^^^^",
        "write both forms, (woman OR women), or a prefix, wom*",
    );
    check_error(
        "tax~1",
        "`tax~1` cannot be searched by similar spelling",
        "^^^^^",
        "~1 needs a word of at least 4 letters",
    );
    check_error(
        "carbon~3",
        "`carbon~3` cannot be searched by similar spelling",
        "^^^^^^^^",
        "write ~1 or ~2: letters that may differ",
    );
    check_error(
        "e-mailing~1",
        "`e-mailing~1` cannot be searched by similar spelling",
        "^^^^^^^^^^^",
        "only one plain word can be sought by similar spelling",
    );
    check_error(
        "\"net\"~5",
        "`~5` after a phrase is no number of words",
        "^^^^^^^",
        "two words or more have a distance; write word~1 for similar spellings",
    );
    check_error(
        "\"a b\"~x",
        "`~` after a phrase is no number of words",
        "     ^",
        "write \"...\"~5: at most 5 other words between (up to 1000)",
    );
}

#[test]
fn dates_are_explained() {
    check_error(
        "date:last week",
        "`last` is not a date; write 2021, 2021-03, 2021-03-05, 2021-03..2021-06, 30d or \"last week\"",
        "     ^^^^",
        "put it in marks: date:\"last week\"",
    );
    check_error(
        "date:2021-2022",
        "`2021-2022` is not a date; write 2021, 2021-03, 2021-03-05, 2021-03..2021-06, 30d or \"last week\"",
        "     ^^^^^^^^^",
        "a range has two dots: date:2021..2022",
    );
    check_error(
        "date:2021-13",
        "there is no day `2021-13`",
        "     ^^^^^^^",
        "all forms: onrecord help dates",
    );
}

#[test]
fn sizes_are_limited() {
    let message = |input: &str| {
        parse(input, TODAY).map_or_else(|errors| errors.message(), |parsed| shape(&parsed.query))
    };
    assert_eq!(message(&"a ".repeat(2049)), "the query is longer than 4096 bytes");
    assert_eq!(message(&"a ".repeat(1001)), "the query has more than 1000 parts");
    assert!(message(&"a ".repeat(1000)).starts_with("words["));
    assert_eq!(message(&format!("{}a{}", "(".repeat(50), ")".repeat(50))), "a");
    assert_eq!(
        message(&format!("{}a{}", "(".repeat(51), ")".repeat(51))),
        "parentheses are nested more than 50 deep"
    );
    assert_eq!(message(&"(".repeat(4000)), "parentheses are nested more than 50 deep");
    assert_eq!(message(&format!("{}a", "NOT ".repeat(1000))), "a");
    assert_eq!(message(&format!("a{}", " w/2 b".repeat(600))), "parentheses are nested more than 50 deep");
    assert!(message(&"\"".repeat(4001)).contains("nothing between"));
    assert!(message(&"a:".repeat(2000)).contains("unknown field"));
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

/// Marks of `query` in `text`, in brackets; sentences end at full stops, paragraphs at bars.
fn marked(query: &str, text: &str) -> String {
    let query = parse(query, TODAY).map(|parsed| parsed.query).unwrap_or(Query::All);
    let plan = Plan::new(&query);
    let words: Vec<crate::text::Word> = crate::text::words(text).collect();
    let mut term = String::new();
    let mut places = vec![Vec::new(); plan.leaves().len()];
    let (mut sentences, mut paragraphs) = (Vec::new(), Vec::new());
    for (at, word) in words.iter().enumerate() {
        word.term_into(&mut term);
        let position = at as u32;
        for (leaf, found) in plan.leaves().iter().zip(&mut places) {
            let wanted = crate::text::fold(&leaf.term.word).into_owned();
            let holds = match leaf.term.form {
                TermForm::Prefix => term.starts_with(&wanted),
                _ => term == wanted,
            };
            if holds {
                found.push(Place::word(position));
            }
        }
        let before = at.checked_sub(1).map_or("|", |at| &text[words[at].span.end..word.span.start]);
        if before.contains(['.', '|']) {
            sentences.push(position);
        }
        if before.contains('|') {
            paragraphs.push(position);
        }
    }
    let bounds = Bounds { texts: &[], sentences: &sentences, paragraphs: &paragraphs };
    let mut marks = Vec::new();
    let holds = plan.marks(&places, bounds, &mut marks);
    assert_eq!(holds, plan.holds(&places, bounds), "{query}");
    let mut out = String::new();
    let mut from = 0;
    for mark in &marks {
        let (start, end) = (words[mark.start as usize].span.start, words[mark.end as usize - 1].span.end);
        out.push_str(&format!("{}[{}]", &text[from..start], &text[start..end]));
        from = end;
    }
    format!("{}{}{}", if holds { "" } else { "NO: " }, out, &text[from..])
}

#[track_caller]
fn check_marks(query: &str, text: &str, expected: &str) {
    assert_eq!(marked(query, text), expected, "{query}");
}

#[test]
fn marks_are_what_matched() {
    check_marks("tax levy", "a tax, a levy", "a [tax], a [levy]");
    check_marks("tax cut", "a tax", "NO: a [tax]");
    check_marks("\"net zero\"", "net gain, net zero, zero net", "net gain, [net zero], zero net");
    check_marks("\"net ze*\"", "net zeal", "[net zeal]");
    check_marks("\"net zero\"~1", "zero is net, net", "[zero] is [net], net");
    check_marks("\"net zero\"~1", "zero is a net", "NO: zero is a net");
    check_marks("tax -levy", "tax", "[tax]");
    check_marks("tax -levy", "tax levy", "NO: [tax] levy");
    check_marks("tax AND speaker:lind", "tax", "[tax]");
    check_marks("a NOT date:2021", "a", "[a]");
}

#[test]
fn nearness_marks_only_where_it_holds() {
    let text = "tax a cut. z tax b c d e f cut";
    check_marks("tax w/2 cut", text, "[tax] a [cut]. z [tax] b c d e f cut");
    check_marks("tax w/1 cut", text, "NO: tax a cut. z tax b c d e f cut");
    check_marks("z w/1 tax", text, "tax a cut. [z] [tax] b c d e f cut");
    check_marks("cut pre/2 tax", text, "tax a [cut]. z [tax] b c d e f cut");
    check_marks("tax pre/2 cut", text, "[tax] a [cut]. z tax b c d e f cut");
    check_marks("tax w/s cut", "tax. cut. cut tax x|tax", "tax. cut. [cut] [tax] x|tax");
    check_marks("tax w/p cut", "tax. cut|tax|cut", "[tax]. [cut]|tax|cut");
    check_marks("(tax OR \"b c\") w/4 cut", text, "[tax] a [cut]. z [tax] [b c] d e f [cut]");
    check_marks("(tax w/5 cut) w/1 a", "tax a cut", "[tax] [a] [cut]");
    check_marks("\"a b c\" w/1 b", "a b c", "NO: a b c");
    check_marks("tax w/5 tax", "tax x tax", "[tax] x [tax]");
    check_marks("tax w/5 tax", "tax x", "NO: tax x");
    check_marks("atleast2(tax)", "tax tax", "[tax] [tax]");
    check_marks("atleast3(tax OR \"tax tax\")", "tax tax", "NO: tax tax");
    check_marks("NOT (tax w/1 cut)", "tax a cut", "tax a cut");
}

fn word() -> impl Strategy<Value = String> {
    let words = [
        "tax",
        "levy",
        "carbon",
        "U.S",
        "e-mail",
        "O'Brien",
        "12:30",
        "Łódź",
        "and",
        "北京",
        "sovereign",
        "w",
    ];
    prop::sample::select(words.to_vec()).prop_map(str::to_owned)
}

fn leaf(field: QueryField) -> impl Strategy<Value = Query> {
    let exact = |word: String| Term { word, form: TermForm::Exact };
    let stem = |word: String| Term { word, form: TermForm::Stem };
    let odd = prop::sample::select(vec!["OR", "a:b", "w/5", "x~2", "AND"]).prop_map(str::to_owned);
    let term = prop_oneof![
        word().prop_map(stem),
        word().prop_map(exact),
        odd.prop_map(exact),
        prop::sample::select(vec!["lev", "co-op", "北"])
            .prop_map(|word| Term { word: word.to_owned(), form: TermForm::Prefix }),
        (1..=2_u8).prop_map(|edits| Term { word: "sovereign".to_owned(), form: TermForm::Fuzzy(edits) }),
    ];
    prop_oneof![
        4 => term.prop_map(move |term| Query::Term { field, term }),
        1 => prop::collection::vec(word(), 2..4).prop_map(move |words| {
            Query::Phrase { field, terms: words.into_iter().map(exact).collect(), slop: 0 }
        }),
        1 => (prop::collection::vec(word(), 2..4), 1..1000_u32).prop_map(move |(words, slop)| {
            Query::Phrase { field, terms: words.into_iter().map(stem).collect(), slop }
        }),
    ]
}

fn text_leaf() -> impl Strategy<Value = Query> {
    let fields =
        [QueryField::Text, QueryField::Text, QueryField::Headline, QueryField::Quote, QueryField::Furniture];
    prop::sample::select(fields.to_vec()).prop_flat_map(leaf)
}

fn any_leaf() -> impl Strategy<Value = Query> {
    let names =
        [QueryField::Speaker, QueryField::Outlet, QueryField::Author, QueryField::Via, QueryField::Role];
    let day = (2000..2030_i16, 1..=12_i8, 1..=28_i8).prop_map(|(year, month, day)| date(year, month, day));
    prop_oneof![
        6 => text_leaf(),
        2 => prop::sample::select(names.to_vec()).prop_flat_map(leaf),
        1 => day.prop_map(|since| Query::Date { since: Some(since), until: None }),
        1 => prop::sample::select(HasWhat::ALL.to_vec()).prop_map(Query::Has),
    ]
}

fn positional() -> impl Strategy<Value = Query> {
    text_leaf().prop_recursive(3, 12, 3, |inner| {
        let pair = (inner.clone(), inner.clone()).prop_map(|(left, right)| (Box::new(left), Box::new(right)));
        prop_oneof![
            prop::collection::vec(inner, 2..4).prop_map(|parts| joined(parts, true)),
            (pair.clone(), 1..=1000_u32, any::<bool>()).prop_map(|((left, right), distance, ordered)| {
                Query::Near { left, right, distance, ordered }
            }),
            pair.clone().prop_map(|(left, right)| Query::SameSentence(left, right)),
            pair.prop_map(|(left, right)| Query::SameParagraph(left, right)),
        ]
    })
}

/// A conjunction or disjunction without one of its kind directly inside.
fn joined(parts: Vec<Query>, is_or: bool) -> Query {
    let mut flat = Vec::new();
    for part in parts {
        match part {
            Query::Or(inner) if is_or => flat.extend(inner),
            Query::And(inner) if !is_or => flat.extend(inner),
            other => flat.push(other),
        }
    }
    if is_or { Query::Or(flat) } else { Query::And(flat) }
}

fn strict() -> impl Strategy<Value = Query> {
    prop_oneof![2 => any_leaf(), 1 => positional()].prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4).prop_map(|parts| joined(parts, false)),
            prop::collection::vec(inner.clone(), 2..4).prop_map(|parts| joined(parts, true)),
            inner
                .clone()
                .prop_filter("collapses", |part| !matches!(part, Query::Not(_)))
                .prop_map(|part| { Query::Not(Box::new(part)) }),
            (1..=1000_u32, positional()).prop_map(|(times, part)| Query::AtLeast(times, Box::new(part))),
            inner
                .prop_filter("nested", |part| !shape(part).contains("said["))
                .prop_map(|part| { Query::Said(Box::new(part)) }),
        ]
    })
}

fn any_query() -> impl Strategy<Value = Query> {
    let part = || strict().prop_filter("is a part", |part| !matches!(part, Query::Not(_)));
    let words = || prop::collection::vec(part(), 2..5).prop_map(Query::Words);
    let not = strict().prop_filter("collapses", |part| !matches!(part, Query::Not(_)));
    prop_oneof![
        2 => strict(),
        2 => words(),
        1 => (words(), prop::collection::vec(not, 1..3)).prop_map(|(words, without)| {
            Query::And(std::iter::once(words).chain(without.into_iter().map(|part| Query::Not(Box::new(part)))).collect())
        }),
        1 => Just(Query::All),
    ]
}

proptest! {
    #[test]
    fn what_is_printed_is_read_again(query in any_query()) {
        let printed = print(&query);
        prop_assume!(printed.len() <= MAX_BYTES);
        match parse(&printed, TODAY) {
            Ok(parsed) => prop_assert_eq!(shape(&parsed.query), shape(&query), "{}", printed),
            Err(errors) => prop_assert!(false, "{}", errors.render(&printed)),
        }
    }

    #[test]
    fn any_text_is_read_or_refused_with_a_place(
        text in "(\\PC|[a-z0-9]|[\"()*~:=!&|+?'/-]| |AND|OR|NOT|w/5|w/s|said\\(|atleast2\\(|headline:|date:|speaker:|“|—){0,40}",
        cursor in 0..80_usize,
    ) {
        for parsed in [parse(&text, TODAY), parse_typing(&text, cursor, TODAY)] {
            match parsed {
                Ok(parsed) => {
                    let printed = print(&parsed.query);
                    if printed.len() <= MAX_BYTES && !shape(&parsed.query).contains("all") {
                        let again = parse(&printed, TODAY).map(|again| again.query);
                        prop_assert_eq!(again.as_ref(), Ok(&parsed.query), "{} was printed as {}", text, printed);
                    }
                }
                Err(errors) => {
                    prop_assert!(!errors.0.is_empty());
                    for error in &errors.0 {
                        prop_assert!(text.get(error.span.start..error.span.end).is_some(), "{:?}", error);
                    }
                    prop_assert!(errors.render(&text).contains('^'));
                }
            }
        }
    }
}
