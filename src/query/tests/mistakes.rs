//! What is refused, where the carets stand, and what is said to do.

use super::*;

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

#[test]
fn patterns_between_slashes_are_refused() {
    let (message, help) =
        ("a regular expression is not understood", "write a prefix, gun*, or the forms: (gun OR guns)");
    check_error("levy /gun.*/", message, "     ^^^^^^^", help);
    check_error("/gu[nm]/", message, "^^^^^^^^", help);
    assert!(parse("/gun/", TODAY).is_ok() && parse("24/7 and/or", TODAY).is_ok());
}
