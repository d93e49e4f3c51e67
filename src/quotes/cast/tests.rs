//! Fixtures in marked text: `{n:name}`, `{p:pronoun}`, `{d:description}` are mentions of speakers; `{-}` is a quote without one
//! that carries on the quote before. Words between double marks are quoted. Persons and bodies are invented.

use super::Cast;
use crate::lexicon::Lexicon;
use crate::model::{Article, QuoteKind, Span};
use crate::quotes::attribution::{Attribution, Source, SourceKind};

/// Strips the marks of the fixture language.
fn read(marked: &str) -> (String, Vec<Attribution>) {
    let mut body = String::new();
    let mut attributions: Vec<Attribution> = Vec::new();
    let mut rest = marked;
    while let Some(open) = rest.find('{') {
        body.push_str(&rest[..open]);
        let close = open + rest[open..].find('}').expect("a mark is closed");
        let inner = &rest[open + 1..close];
        rest = &rest[close + 1..];
        let kind = match inner.split_once(':') {
            Some(("n", _)) => Some(SourceKind::Name),
            Some(("p", _)) => Some(SourceKind::Pronoun),
            Some(("d", _)) => Some(SourceKind::Noun),
            _ => None,
        };
        let start = body.len();
        body.push_str(inner.split_once(':').map_or("", |(_, text)| text));
        let source = kind.map(|kind| Source { span: Span::new(start, body.len()), kind });
        let continues = if source.is_none() { attributions.len().checked_sub(1) } else { None };
        attributions.push(Attribution {
            kind: QuoteKind::Direct,
            content: vec![Span::new(start, start)],
            source,
            cue: None,
            listener: None,
            via: None,
            continues,
            rule: "fixture",
        });
    }
    body.push_str(rest);
    (body, attributions)
}

fn article(headline: &str, body: &str) -> Article {
    Article {
        headline: Some(headline.to_owned()),
        body: body.to_owned(),
        date: "2016-05-05".parse().ok(),
        ..Article::default()
    }
}

/// The speakers named, `-` for nobody, separated by ` | `.
fn speakers(headline: &str, marked: &str) -> String {
    let (body, attributions) = read(marked);
    let article = article(headline, &body);
    let cast = Cast::new(&article, Lexicon::embedded());
    let named = cast.name(&attributions, true);
    assert_eq!(named.len(), attributions.len());
    named
        .into_iter()
        .map(|named| named.speaker.unwrap_or_else(|| "-".to_owned()))
        .collect::<Vec<String>>()
        .join(" | ")
}

#[track_caller]
fn check(marked: &str, expected: &str) {
    assert_eq!(speakers("", marked), expected);
}

#[test]
fn name_behind_with_that_acts_is_no_object() {
    check(
        "“No,” said {n:Maria Oda}.\n\nIt is an issue, with Ana Duarte — who called for more — mocking the plan.\n\n“It is the old plan,” {p:she} said.",
        "Maria Oda | Ana Duarte",
    );
}

#[test]
fn mark_that_looks_the_wrong_way_hides_no_pronoun() {
    check("Lee Oda was shocked. “Do you want the dam?“ {p:he} asked.", "Lee Oda");
}

#[test]
fn sentences_that_open_with_he_overrule_a_given_name() {
    check(
        "Sen. Lindsey Oda met voters. Oda spoke of his rival Lee Hart.\n\nOda said, “We lost.”\n\n{p:He} continued, “We lost badly.”\n\n{p:He} added, “We lost it all.”",
        "Lindsey Oda | Lindsey Oda",
    );
}

#[test]
fn names_are_cut_from_what_stands_before_them() {
    check("“No,” said {n:the Office of the Inspector General}.", "Office of the Inspector General");
    check("“No,” said {n:Representative Peter T. King of Trent}.", "Peter T. King");
    check("The ambassador to Spain Oskar Tarrow left. “No,” said {n:Tarrow}.", "Oskar Tarrow");
    check("Housecleaner Ana Duarte left. “No,” said {n:Duarte}.", "Ana Duarte");
    check("“No,” {n:former Dam Builders of Trent president Lee Oda} wrote.", "Lee Oda");
    check("“No,” {n:Harwich and Ohio Police} said.", "Harwich and Ohio Police");
}

#[test]
fn misspelt_surname_is_the_same_person() {
    check(
        "Dr. Harold Lindqvist wrote. {n:Lindqist} said no. {n:Lindvqist} said no.",
        "Harold Lindqvist | Harold Lindqvist",
    );
    check("Mr. Lee Hansen wrote. {n:Hanson} said no.", "Hanson");
}

#[test]
fn my_father_may_be_named_later() {
    check(
        "“Mind the tide,” {d:my father} used to say. {p:He} said the same of geese. In case anybody thinks my parents, James and Olive Tarrow, feared water, read on.",
        "James Tarrow | James Tarrow",
    );
}

#[test]
fn sentence_that_she_opens_is_about_her() {
    check(
        "“Own it,” {n:Attorney General Maria Lynde} said.\n\n{p:She} had a long spring, above all when she hired Leo Hart while the port was suing his wife, Ana Hart, over her boats. She finds it funny now.\n\n“No,” {p:she} said.",
        "Maria Lynde | Maria Lynde | Maria Lynde",
    );
}

#[test]
fn headings_in_capitals_do_not_speak() {
    check("{n:RIVERS ASK IF FLOODS} ARE A FACT OF LIFE “In less than two weeks we saw it.”", "-");
    check("{n:HARBOR BEAT}—“A new gallery opens across from the bridge.”", "-");
}

#[test]
fn who_behind_somebody_without_a_name() {
    check("Lee Oda spoke to one neighbor, {p:who} said no.", "-");
    check("Lee Oda, a neighbor, {p:who} said no.", "Lee Oda");
}

#[test]
fn body_whose_name_joins_two_fields() {
    check("“No,” said {n:the Flood and Dam Administration}.", "Flood and Dam Administration");
    check("“No,” said {n:the House Floods and Rescue Committee}.", "House Floods and Rescue Committee");
    check("“No,” said {n:Lee Oda and the Harbor Commission}.", "Lee Oda");
}

#[test]
fn name_behind_the_name_of_a_body() {
    check("“No,” {n:Harbor News This Morning co-Anchor Lee Oda} said.", "Lee Oda");
    check("The march went on. “No,” {n:Walk for $15 organizing director Lee Oda} said.", "Lee Oda");
    check("Leo Hart lost. Mill's biographers, {n:Leo and Ana Duarte}, wrote that he sank.", "Leo Duarte");
}

#[test]
fn completes_surnames_and_strips_titles() {
    check("Sen. Ana Duarte (D-Ohio) met voters. “No,” said {n:Duarte}.", "Ana Duarte");
    check("“No,” said {n:former state senator Ana Duarte}.", "Ana Duarte");
    check(
        "“No,” {n:Harbor Board Chairman Leo Tarrow} said. “Yes,” {n:Tarrow} added.",
        "Leo Tarrow | Leo Tarrow",
    );
    check(
        "“No,” said {n:Secretary of State Leo Tarrow}, and {n:former secretary of state Ana Duarte} agreed.",
        "Leo Tarrow | Ana Duarte",
    );
    check(
        "“No,” said {n:Republican Leo Tarrow}. {n:House Republican Mary Oda} agreed.",
        "Leo Tarrow | Mary Oda",
    );
    check("“No,” said {n:Mohammed “Mo” Haddad}.", "Mohammed Haddad");
    check("“No,” said {n:Leo Tarrow, Jr.}, whose father Leo Tarrow was silent.", "Leo Tarrow Jr.");
    check("{n:TARROW}: No. Leo Tarrow was on the air.", "Leo Tarrow");
    assert_eq!(speakers("Leo Tarrow Loses Seat", "“No,” {n:Tarrow} said."), "Leo Tarrow");
    check("Will Tarrow resign? Leo Tarrow smiled. “No,” {n:Tarrow} said.", "Leo Tarrow");
}

#[test]
fn reads_names_of_other_shapes() {
    check(
        "Bill de Wolff spoke. “No,” said {n:de Wolff}. “Yes,” {n:Mr. de Wolff} said.",
        "Bill de Wolff | Bill de Wolff",
    );
    check("Park Min-seo came. “No,” {n:Park} said.", "Park Min-seo");
    check("Salman bin Rashid al-Tamir spoke. “No,” said {n:al-Tamir}.", "Salman bin Rashid al-Tamir");
    check("Enrique Ruiz Prado was there. “No,” said {n:Ruiz Prado}.", "Enrique Ruiz Prado");
    check(
        "Siobhan O’Hallan and J.R. Brandt spoke. “No,” said {n:O’Hallan}. “Yes,” said {n:Brandt}.",
        "Siobhan O’Hallan | J.R. Brandt",
    );
    check("Jean-Luc Été wrote. “Non,” said {n:Été}.", "Jean-Luc Été");
}

#[test]
fn finds_the_head_of_a_mention() {
    check("“No,” said {n:Duarte campaign manager Leo Tarrow}. Ana Duarte was silent.", "Leo Tarrow");
    check("“No,” said {n:Duarte’s lawyer, Leo Tarrow}. Ana Duarte was silent.", "Leo Tarrow");
    check("“No,” said {n:Leo Tarrow, an aide to Ana Duarte}.", "Leo Tarrow");
    check("“No,” said {n:an aide to Ana Duarte}.", "-");
    check("“No,” said {n:Duarte aides}. Ana Duarte was silent.", "-");
    check("{n:The Duarte campaign} said “no” for Ana Duarte.", "Duarte campaign");
    check("“No,” said {n:officials at the Harbor Commission}.", "Harbor Commission");
    check("{d:A Harbor Commission report} said “no”.", "Harbor Commission");
    check(
        "{n:Specifically} “no”. {n:Attorney General of Ohio} said so. {n:Ohio Democrats} agreed.",
        "- | - | -",
    );
}

#[test]
fn tells_namesakes_apart() {
    check(
        "Leo Tarrow and his wife Mary Tarrow came. “No,” {n:Mrs. Tarrow} said. “Yes,” {n:Mr. Tarrow} said.",
        "Mary Tarrow | Leo Tarrow",
    );
    check("Leo Tarrow and Leo Tarrow Jr. came. “No,” {n:Tarrow Jr.} said.", "Leo Tarrow Jr.");
    check("Leo Tarrow left. Mary Tarrow stayed. “No,” {n:Tarrow} said.", "Mary Tarrow");
    check(
        "Leo Tarrow met Tarrow aides at the Tarrow farm. Tarrow praised a teacher, Mary Tarrow. “No,” {n:Tarrow} said.",
        "Leo Tarrow",
    );
    check(
        "The {n:Harbor Water Board} said no. “No,” {n:HWB} said.",
        "Harbor Water Board | Harbor Water Board",
    );
}

#[test]
fn completes_public_figures_named_by_surname_alone() {
    check("“No,” {n:Merkel} said.", "Angela Merkel");
    check("“No,” {n:Mrs. Obama} said. Michelle Obama had come.", "Michelle Obama");
    check("Michelle Obama spoke. “No,” {n:President Obama} said.", "Barack Obama");
    check("Una Merkel, an actress, came. “No,” {n:Merkel} said.", "Una Merkel");
}

#[test]
fn follows_pronouns() {
    check("Mary Oda met Leo Tarrow. “No,” {p:she} said. “Yes,” {p:he} said.", "Mary Oda | Leo Tarrow");
    check("Mary Oda, a teacher, said that Jane Brandt was wrong.\n\n“No,” {p:she} said.", "Mary Oda");
    check("Leo Tarrow spoke. “Jane Brandt is right,” {p:he} said. {-}", "Leo Tarrow | Leo Tarrow");
    check("Rep. Kwasnika Huld voted. She said little. “No,” {p:she} said.", "Kwasnika Huld");
    check("Leo Tarrow, {p:who} called it “absurd”, left.", "Leo Tarrow");
    check("Leo Tarrow and Mary Oda sent a letter. “No,” {p:they} wrote.", "Leo Tarrow");
    check(
        "Leo Tarrow of Ohio, a Republican, and Mary Oda sent a letter. “No,” {p:they} wrote.",
        "Leo Tarrow",
    );
    check("Mary Oda fought a case about his wife, Jane Brandt. She won. “No,” {p:she} said.", "Mary Oda");
    check("It rained. “No,” {p:she} said.", "-");
    check(
        "Kestrel Harwich grew. It rained.\n\nIt rained.\n\nIt rained.\n\nIt rained.\n\nIt rained.\n\n“No,” {p:she} said.",
        "-",
    );
    check(
        "“No,” {n:Jane Brandt} said. “Never.”\n\nAnd Mary Oda, for all that was said, seemed to agree. “It was late. It was cold,” {p:she} said.",
        "Jane Brandt | Mary Oda",
    );
    check(
        "When {n:Jane Brandt} pointed to “the law” again, Mary Oda seized upon the word. “No,” {p:she} said.",
        "Jane Brandt | Mary Oda",
    );
    check("“No,” {p:I} said. Leo Tarrow laughed.", "-");
}

#[test]
fn persons_without_a_name_are_antecedents_too() {
    check("Leo Tarrow was there. “Yes,” said {d:one voter}. “No,” {p:he} said.", "- | -");
    check("A neighbor came to the door. She shook her head. “No,” {p:she} said. Mary Oda left.", "-");
    check("Leo Tarrow smiled when a reporter asked him. “No,” {p:he} said.", "Leo Tarrow");
    check(
        "My parents, James and Olive Brandt, were strict. My mother laughed at Jane Oda. “No,” {p:she} said.",
        "Olive Brandt",
    );
    check("A Leo Tarrow impersonator {p:who} promised “rain” was there.", "-");
    check("Leo Tarrow lost his listeners, {p:who} called it “absurd”.", "-");
}

#[test]
fn descriptions_of_strangers_and_of_the_paragraph() {
    check(
        "Leo Tarrow, an aide, met Mary Oda. A committee aide blasted the report.\n\n“No,” {d:the aide} said.",
        "-",
    );
    check(
        "Sen. Leo Tarrow, the Vermont senator, spoke first.\n\nSen. Lee Brandt stopped by, and {d:the senator} said it was “late”.",
        "Lee Brandt",
    );
    check(
        "The Oda campaign was silent. Leo Tarrow lost, and {d:his campaign} said it was “late”.",
        "Tarrow campaign",
    );
}

#[test]
fn words_around_a_quote_tell_whose_it_is() {
    check(
        "“No,” said {n:Lee Brandt}. Leo Tarrow saw it otherwise: “Well, well,” {p:he} said.",
        "Lee Brandt | Leo Tarrow",
    );
    check(
        "{n:Lee Brandt} spoke of “rain”. Leo Tarrow is “a wet fish,” {p:he} said.",
        "Lee Brandt | Lee Brandt",
    );
}

#[test]
fn resolves_descriptions() {
    check(
        "Sen. Leo Tarrow of Vermont met Sen. Mary Oda of Texas. “No,” {d:the Vermont senator} said.",
        "Leo Tarrow",
    );
    check(
        "Leo Tarrow, a Republican from Utah, met Mary Oda, a spokeswoman for the board. “No,” {d:the spokeswoman} said.",
        "Mary Oda",
    );
    check("Mexican President Leo Prado met Mary Oda. “No,” {d:the Mexican president} said.", "Leo Prado");
    check("The Harbor Agency was sued. “No,” {d:the agency} said.", "Harbor Agency");
    check(
        "“No,” {d:a senior official} said. “Yes,” said {d:critics}. “Well,” said {d:the report}.",
        "- | - | -",
    );
    check("Sen. Leo Tarrow left. “No,” {d:a senator} said.", "-");
}

#[test]
fn documents_speak_for_their_issuer() {
    check(
        "Harbor spokesman Leo Tarrow released a statement on Monday.\n\n“No,” {d:the statement} said.",
        "Leo Tarrow",
    );
    check(
        "{n:Mary Oda} said in a statement that it rained. “Never,” {d:the statement} said.",
        "Mary Oda | Mary Oda",
    );
    check(
        "A report by the Trent Institute for Rivers, out in May, warned of floods. “Soon,” {d:the report} said.",
        "Trent Institute for Rivers",
    );
    check("The Trent Foundation published a study. “Soon,” said {d:the report}.", "Trent Foundation");
    check("Mary Oda wrote to Leo Tarrow. “Soon,” {d:her letter} said.", "Mary Oda");
    check(
        "A letter reviewed by The Harbor Post came. “Soon,” {d:the letter} said. “Now,” {d:the police report} said.",
        "- | -",
    );
    check("Mary Oda wrote a book. A new study came out. “Soon,” said {d:the study}.", "-");
    check("The Trent Board published a study. “Soon,” said {d:the second study}.", "-");
}

#[test]
fn common_nouns_mean_bodies_that_fit() {
    check(
        "Trent Lines Inc. met the Senate and the Harbor Agency. “No,” {d:the company} said. “Yes,” said {d:the agency}.",
        "Trent Lines Inc | Harbor Agency",
    );
    check("Leo Tarrow sued CalSea, a ferry company. The Senate met. “No,” {d:the company} said.", "CalSea");
    check("The Senate met the Harbor Police. “No,” {d:the company} said.", "-");
    check("The Growers Alliance met the Harbor Police. “No,” {d:the group} said.", "Growers Alliance");
    check("The Harbor Post was sued by the Trent Council. “No,” {d:the newspaper} said.", "Harbor Post");
}

#[test]
fn words_that_are_no_names_do_not_speak() {
    check("“No,” said {n:a New Hampshire Democrat}. “Yes,” said {n:one Ohio Republican}.", "- | -");
    check(
        "{n:HARWICH} — Mary Oda left, saying “no”. The Committee met. “Yes,” said {n:the Committee}.",
        "- | -",
    );
    check("{n:Transcript} as follows: “No.”", "-");
    check("“No,” said {n:the Russians}. “Yes,” said {n:Mexicans}.", "- | -");
    // A name with an article is no person's, so "she" is not it.
    check("Mary Oda wrote for The Trent Informer. It rained. “No,” {p:she} said.", "Mary Oda");
    check("Mary Oda Responds To Critics\n\nMary Oda came. “No,” said {n:Oda}.", "Mary Oda");
}

#[test]
fn short_forms_mean_the_long_name() {
    check("“No,” wrote {n:The Harbor Post}. “Yes,” wrote {n:the Post}.", "Harbor Post | Harbor Post");
    check("The Ministry of Fisheries met. “No,” said {n:the Ministry}.", "Ministry of Fisheries");
    check("“No,” wrote {n:David and Jeanne Heidler}. Mark Heidler left.", "David Heidler");
    check("Rep. Robert C. “Bobby” Lane came. “No,” said {n:Lane}.", "Robert C. Lane");
    check("Economist Omar al-Bakri came. “No,” {d:al-Bakri} said.", "Omar al-Bakri");
}

#[test]
fn descriptions_go_on_with_the_speaker() {
    check(
        "“No,” said {n:party leader Leo Tarrow}. “Yes,” {d:the former minister} said.",
        "Leo Tarrow | Leo Tarrow",
    );
    check("“No,” said {n:Judge Leo Tarrow}. “Yes,” {d:the singer} said.", "Leo Tarrow | -");
    check(
        "“No,” said {n:Leo Tarrow}.\n\nMary Oda met Ann Lund. “Yes,” {d:the lawyer} said.",
        "Leo Tarrow | -",
    );
    check("Sheikh Khalid al-Tamir met Leo Tarrow. “No,” {d:the sheikh} said.", "Khalid al-Tamir");
    check("Mary Oda, 46, met Leo Tarrow. “No,” {d:the 46-year-old} said.", "Mary Oda");
    check(
        "“No,” {n:the Trent Riders Alliance} said. “We will sue,” {p:it} said.",
        "Trent Riders Alliance | Trent Riders Alliance",
    );
    check(
        "{n:Leo Tarrow and Mary Oda} said “no” in a letter. “Never,” {p:they} wrote.",
        "Leo Tarrow | Leo Tarrow",
    );
}

#[test]
fn descriptions_are_antecedents_too() {
    check(
        "Mayor Leo Tarrow met Carl Lund. Lund spoke. {d:The mayor} said no. “No,” {p:he} said.",
        "Leo Tarrow | Leo Tarrow",
    );
    check(
        "Olena Tkach met her Polish counterpart, Jan Kowal. “No,” {d:the Polish minister} said.",
        "Jan Kowal",
    );
    check("Coach Sven Lund was calm. “No,” {d:the Swede} said.", "Sven Lund");
    check(
        "“No,” said {n:Ana Desai KC}. “Yes,” said {n:the U.S. ambassador, Ruth Colman}.",
        "Ana Desai | Ruth Colman",
    );
    check("The Ministry of Water met. “No,” {d:the foreign ministry} said.", "-");
}

#[test]
fn gives_the_role_as_written() {
    let (body, attributions) = read(
        "“No,” said {n:former state senator Leo Tarrow}. Mary Oda, a retired teacher, left. “Yes,” {n:Oda} said. {n:Sen. Ann Lund (D-Ohio)} spoke.",
    );
    let article = article("", &body);
    let named = Cast::new(&article, Lexicon::embedded()).name(&attributions, false);
    let roles: Vec<Option<&str>> = named.iter().map(|named| named.role.as_deref()).collect();
    assert_eq!(roles, [Some("former state senator"), Some("a retired teacher"), Some("Sen. (D-Ohio)")]);
    let (body, attributions) = read(
        "The transport minister, {n:Leo Tarrow}, left. The Trent Growers Union's secretary, {n:Mary Oda}, and council member {n:Ann Lund} stayed.",
    );
    let article = self::article("", &body);
    let named = Cast::new(&article, Lexicon::embedded()).name(&attributions, false);
    let roles: Vec<Option<&str>> = named.iter().map(|named| named.role.as_deref()).collect();
    assert_eq!(
        roles,
        [Some("transport minister"), Some("Trent Growers Union's secretary"), Some("council member")]
    );
}

#[test]
fn mentions_are_ordered_and_lie_in_the_body() {
    let body = "White House spokesman Sam Hart said so. “Ann O’Dell’s aide,” he said; Hart (R-Utah) left.\n\nHART: No.";
    let article = article("Sam Hart Out", body);
    let cast = Cast::new(&article, Lexicon::embedded());
    let found: Vec<(&str, &str)> =
        cast.mentions().iter().map(|mention| (mention.span.of(body), mention.name.of(body))).collect();
    assert_eq!(
        found,
        [
            ("White House spokesman Sam Hart", "Sam Hart"),
            ("Ann O’Dell", "Ann O’Dell"),
            ("Hart", "Hart"),
            ("HART", "HART")
        ]
    );
    assert_eq!(cast.entity(cast.mentions()[2].entity).canonical, "Sam Hart");
}

#[test]
fn no_text_is_too_strange_or_too_long() {
    let texts = [
        "“".repeat(100_000),
        "Tarrow ".repeat(40_000),
        "Mr. ".repeat(40_000),
        "he said ".repeat(40_000),
        "A. ".repeat(40_000),
        "Leo Tarrow and ".repeat(20_000),
        "of Ann (".repeat(20_000),
        "’s-é. Ñ\u{a0}".repeat(20_000),
        (0..20_000).map(|n| format!("Leo Tarrow{n} said. He left. ")).collect(),
    ];
    for text in texts {
        let step = text.len() / 500 + 1;
        let attributions: Vec<Attribution> = (0..text.len())
            .step_by(step)
            .filter(|at| text.is_char_boundary(*at))
            .enumerate()
            .map(|(number, at)| {
                let kind = [SourceKind::Name, SourceKind::Pronoun, SourceKind::Noun][number % 3];
                let end =
                    (at..text.len().min(at + 20)).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(at);
                Attribution {
                    kind: QuoteKind::Indirect,
                    content: vec![Span::new(at, end)],
                    source: Some(Source { span: Span::new(at, end), kind }),
                    cue: None,
                    listener: None,
                    via: None,
                    continues: None,
                    rule: "fixture",
                }
            })
            .collect();
        let article = article("", &text);
        let cast = Cast::new(&article, Lexicon::embedded());
        assert_eq!(cast.name(&attributions, true).len(), attributions.len());
        assert!(
            cast.mentions().iter().all(|mention| text.get(mention.span.start..mention.span.end).is_some())
        );
    }
}
