//! Fixtures for each class of quote; people and places are invented.

use super::marked::{check, check_all, check_speakers};
use super::{find, find_explained};
use crate::lexicon::Lexicon;
use crate::model::{Article, QuoteKind, Span};

#[test]
fn attribution_after_before_and_inverted() {
    check("“{content#1:We will appeal,}” {source#1:Ana Duarte} {cue#1:said}.");
    check("“{content#1:We will appeal,}” {cue#1:said} {source#1:Ana Duarte}, the mayor of Trent.");
    check("{source#1:Ana Duarte} {cue#1:said}: \"{content#1:We will appeal.}\"");
    check("“{content#1:Who pays for it?}” {source#1:she} {cue#1:asked}.");
    check("“{content#1:The dam will hold,}” {cue#1:according to} {source#1:the engineers}.");
}

#[test]
fn split_quote_is_one_quote() {
    check("“{content#1:The dam held,}” {source#1:Lee Oda} {cue#1:said}. “{content#1:The bridge did not.}”");
    check("“{content#1:The dam,}” {source#1:Lee Oda} {cue#1:said}, “{content#1:held through the night.}”");
}

#[test]
fn apposition_bracket_and_time_between_name_and_verb() {
    check(
        "“{content#1:The dam held,}” {source#1:Lee Oda}, a farmer from Trent who lost his barn, {cue#1:said}.",
    );
    check("“{content#1:The dam held,}” {source#1:Sen. Lee Oda} (L-Trent) {cue#1:told} reporters.");
    check("{source#1:Oda}, 45, of Trent, {cue#1:said}: “{content#1:The dam held all night long.}”");
    check("“{content#1:The dam held,}” {source#1:Oda} on Monday {cue#1:said}.");
    check("“{content#1:The dam held,}” {source#1:his wife, Ana Duarte}, {cue#1:wrote}.");
}

#[test]
fn partial_quote_inside_a_paraphrase_is_mixed() {
    check("{source#1:Oda} {cue#1:called} the plan “{content#1:a gift to the mills}”.");
    check(
        "{source#1:Oda} {cue#1:said} that the plan was “{content#1:a gift to the mills}” because nobody else gains.",
    );
}

#[test]
fn participle_takes_the_subject_of_its_sentence() {
    check_speakers("Lee Oda left the hall, saying “the vote was a farce.”", &["Lee Oda"]);
    check_speakers("Lee Oda praised the crews and added that “the town owes them.”", &["Lee Oda"]);
}

#[test]
fn heading_signature_and_presentation_name_the_speaker() {
    check_speakers(
        "The engineers agree - Lee Oda: “One lesson was a simple one, keep digging until it holds.”",
        &["Lee Oda"],
    );
    check_speakers(
        "“We were there all night long.” — Lee Oda\n\n“Nobody came to help us at all.” And no wonder. — Ana Duarte.",
        &["Lee Oda", "Ana Duarte"],
    );
    check_speakers(
        "Lee Oda lost. Ana Duarte teases him. Here’s Oda in May: “Our course must rest on what the river does.”",
        &["Lee Oda"],
    );
    check_speakers(
        "Ana Duarte lost. It is the pull of Duarte’s “not one stone will move” promise.",
        &["Ana Duarte"],
    );
}

#[test]
fn attribution_that_ends_the_sentence_before_goes_on() {
    check_speakers(
        "Lee Oda saw it. The Water Board won't rebuild the dam but plans to watch it, Ana Duarte says. “We will be there every day.”",
        &["Ana Duarte"],
    );
    check_speakers(
        "Lee Oda is an engineer. This makes it hard to build there, he said. Good mortar can still go far, but only when “the stone is better than the sand.”",
        &["Lee Oda"],
    );
}

#[test]
fn who_speaks_in_a_relative_clause_is_the_latest_speaker() {
    check_speakers(
        "Ana Duarte spoke. Her view was backed by Sen. Maria Oda of Ohio, the ranking member of the Water Committee, who said none of it leaked.\n\n“It made no sense to me,” she said.",
        &["Maria Oda"],
    );
}

#[test]
fn words_of_a_noun_are_its_owners_whoever_judges_them() {
    check_speakers(
        "Lee Oda lost. Ana Duarte then ruled that Oda’s statement about “thousands of floods” in Trent is “mostly right” in her view.",
        &["Lee Oda", "Ana Duarte"],
    );
    check_speakers(
        "Lee Oda rose after the flood, and his call for “a total and complete stop” of the mills.",
        &["Lee Oda"],
    );
    check_speakers("Ana Duarte blasted Lee Oda's call for a “dam patrol” on Monday.", &["Lee Oda"]);
}

#[test]
fn who_was_asked_answers() {
    check_speakers(
        "Leo Hart lost. Last month, the Harbor Post’s Lee Oda asked Hart whether his age was fair game.\n\n“Sure it is, and I would not have run if it were not,” he said.",
        &["Leo Hart"],
    );
}

#[test]
fn entries_of_a_list_take_no_turns() {
    check_speakers(
        "Scales differ in accuracy and cost.\n\nAccuracy: It varies widely with food.\n\nCost: It is low.\n\nAccuracy: It is poor at best.\n\nCost: It is high at most.",
        &[],
    );
}

#[test]
fn short_lines_above_what_is_said_are_headings() {
    check_speakers(
        "Lee Oda came home.\n\nRegular Nights\n\n“You know, I think I will read a book today.”",
        &["-"],
    );
    check_speakers("Lee Oda came home.\n\n“I will read a book today.” –– Ana Duarte", &["Ana Duarte"]);
}

#[test]
fn home_town_behind_a_comma_is_no_subject() {
    check_speakers(
        "Ana Duarte of Trent, South Carolina doubts that the dam holds unless the mayor stops “mending it with paint.”",
        &["Ana Duarte"],
    );
    check_speakers(
        "Lee Oda, a radio host in Cape Trent, Nova Scotia, has set up a club.\n\n“Hello there, all of you in the hills!”",
        &["Lee Oda"],
    );
    check_speakers("Audiences expect “a little more of it than they are used to.”", &["-"]);
}

#[test]
fn listener_between_cue_and_quote() {
    check_speakers(
        "Ana Duarte replies to Lee Oda with, “Why now, of all days?” Oda then writes back, “You look tired.”",
        &["Ana Duarte", "Lee Oda"],
    );
    check_speakers(
        "“We've got to win here. How do we do it?” Will Oda, the mayor of Trent, said of the visit.",
        &["Will Oda"],
    );
}

#[test]
fn something_written_speaks_for_whoever_the_clause_is_about() {
    check_speakers("The ad uses footage of Ana Duarte asking, “Why aren't I mayor by now?”", &["Ana Duarte"]);
    check_speakers(
        "Ana Duarte is releasing a new ad that urges voters to “send the mills a message” this fall.",
        &["Ana Duarte"],
    );
    check_speakers(
        "Ana Duarte called on the council to act. She resent a message from her deputy, Lee Oda, that read: “The council is right about the dam.”",
        &["Ana Duarte"],
    );
    check_speakers(
        "“The ledgers name no such payment,” according to a court document filed by harbour attorney Lee Oda.",
        &["Lee Oda"],
    );
}

#[test]
fn subject_past_apposition_or_clause() {
    check_speakers(
        "In May, Oda’s district director, Ana Duarte, reached out to the mill, writing in an email: “We want to use this soon.”",
        &["Ana Duarte"],
    );
    check_speakers(
        "Ana Duarte apologized for the songs after the choir found them, saying they were bad and had “no place in this valley.”",
        &["Ana Duarte"],
    );
    check_speakers(
        "“The mills are in thrall to the river,” writes Lee Oda. Oda assails them. Specifically, “that nobody asked the town.”",
        &["Lee Oda", "Lee Oda"],
    );
}

#[test]
fn subject_of_a_participle_or_second_verb() {
    check_speakers(
        "Ana Duarte cannot say that “from her point of view,” Lee Oda added, saying it was “up to the courts to decide.”",
        &["Lee Oda", "Lee Oda"],
    );
    check_speakers(
        "Lee Oda and Ana Duarte used harsh words, with Oda recently promising to “drain the whole river.”",
        &["Lee Oda"],
    );
    check_speakers(
        "As the crowd began to chant, Ana Duarte was joined by Lee Oda and joked, “This hall is too small for us.”",
        &["Ana Duarte"],
    );
    check_speakers(
        "Trent’s Harwich state director, Lee Oda, reached out to the firm, writing in an email: “We want to use this soon.”",
        &["Lee Oda"],
    );
}

#[test]
fn subject_past_an_apposition_with_a_title_or_a_participle() {
    check_speakers(
        "Lee Oda, Ana Duarte’s fired campaign manager, ripped the mayor for acting as “the judge and the jury” there.",
        &["Lee Oda"],
    );
    check_speakers(
        "Lee Oda, a guest on Trent’s show, “The Novice,” who went on to work there, said his boss was “always kind and generous.”",
        &["Lee Oda"],
    );
}

#[test]
fn things_and_thoughts_are_told_by_somebody() {
    check_speakers(
        "Ana Duarte said the change was a gesture intended to highlight “the greed of the mills” upstream.",
        &["Ana Duarte"],
    );
    check_speakers(
        "Lee Oda also wrote the guards knew of the leak, saying, “They heard it every day.”",
        &["Lee Oda"],
    );
    check_speakers(
        "Ana Duarte said she was upset by the count. Doing so “looked like an attempt to cheat.”",
        &["Ana Duarte"],
    );
}

#[test]
fn outlet_named_like_a_person() {
    check_speakers("According to the Daily Caller, “the dam was never checked.”", &["Daily Caller"]);
}

#[test]
fn question_with_the_one_asked_behind_it() {
    check_speakers(
        "The paper called. Ana Duarte met Lee Oda. “Did you know whose dam it was?” Duarte asked the mill owner.",
        &["Ana Duarte"],
    );
}

#[test]
fn sentence_that_says_whose_words_follow() {
    check_speakers(
        "The site rated this statement by Lee Oda on June 11:\n\n“The dam is the best we have ever had.”",
        &["Lee Oda"],
    );
}

#[test]
fn subject_of_the_sentence_before() {
    check_speakers(
        "“Those are very small towns,” Lee Oda said. They lie far from either city. “It is a tough area.”",
        &["Lee Oda"],
    );
    check_speakers(
        "“We step away from it,” Lee Oda said.\n\nOn the air, Sen. Ana Duarte (Trent), who lost the vote, named the mood as one of the reasons. “The young are sick of it all.”",
        &["Lee Oda", "Ana Duarte"],
    );
    check_speakers(
        "Trent’s pollster, Lee Oda, says his man has time. “I doubt that the mood will last.”",
        &["Lee Oda"],
    );
}

#[test]
fn owner_and_the_noun_behind() {
    check_speakers("“It must end,” said Trent’s top foreign policy aide Lee Oda.", &["Lee Oda"]);
    check_speakers("“It must end,” urged Trent’s neighbor, actress Ana Duarte.", &["Ana Duarte"]);
    check_speakers("“Thank you all for coming,” said master of ceremonies Lee Oda.", &["Lee Oda"]);
    check_speakers("Ana Duarte’s response was: “Is the dam at Trent or at Harwich?”", &["Ana Duarte"]);
}

#[test]
fn listener_is_not_the_speaker() {
    check_speakers("“We will appeal,” Ana Duarte told Lee Oda.", &["Ana Duarte"]);
    check_speakers(
        "Asked by Lee Oda about the dam, Ana Duarte said: “It will hold for years.”",
        &["Ana Duarte"],
    );
}

#[test]
fn speech_inside_speech_is_the_inner_speakers() {
    check_speakers("Lee Oda said Ana Duarte told her “the water was never tested” before.", &["Ana Duarte"]);
    check_speakers("Lee Oda recalled Ana Duarte saying: “The water was never tested.”", &["Ana Duarte"]);
    check_speakers(
        "Ana Duarte criticized Lee Oda for saying the dam was “rotten to the core.”",
        &["Lee Oda"],
    );
    check_speakers(
        "Ana Duarte rejected a claim by Lee Oda that the dam was “rotten to the core.”",
        &["Lee Oda"],
    );
    check_speakers("The paper quotes Lee Oda as saying: “We were told to look away.”", &["Lee Oda"]);
}

#[test]
fn description_takes_the_name_that_explains_it() {
    check_all("{source#1:Her lawyer, Lee Oda}, {cue#1:denied} {content#1:all the charges}.");
    check_speakers("Ana Duarte’s husband, Lee, said she was “proud of every one of them.”", &["Lee"]);
    check_speakers("“The plan is doomed,” according to a letter by Lee Oda seen on Monday.", &["Lee Oda"]);
    check_speakers("“We must go on.” Lee Oda disagreed: “It is all over now.”", &["-", "Lee Oda"]);
}

#[test]
fn punctuation_outside_the_marks_and_single_marks() {
    check(
        "\"{content#1:We will not take the cuts}\", {cue#1:said} {source#1:Ana Duarte}. \"{content#1:It’s madness to try}\".",
    );
    check(
        "‘{content#1:We won’t take the “cuts”,}’ {source#1:Ana Duarte} {cue#1:said}. ‘{content#1:It’s the voters’ choice.}’",
    );
    check("“{content#1:We will not take it,}\" {source#1:Ana Duarte} {cue#1:said}.");
}

#[test]
fn pull_quote_takes_the_speaker_of_the_words_it_repeats() {
    check_speakers(
        "“The dam will hold for many years”\n\n“The dam will hold for many years,” Ana Duarte said.",
        &["Ana Duarte", "Ana Duarte"],
    );
    check_speakers("“The dam will hold”\n\n“The dam will hold,” Ana Duarte said.", &["-", "Ana Duarte"]);
}

#[test]
fn words_of_the_writer_around_a_quote_are_no_paraphrase() {
    check_all("Asked about the dam, {source#1:Ana Duarte} {cue#1:said}, “{content#1:It is being built.}”");
    check_all("“{content#1:It is huge,}” {cue#1:said} {source#1:Ana Duarte}, head of the mill and a baker.");
    check_all("“{content#1:It is huge,}” {source#1:Ana Duarte} {cue#1:said}, doing her best to smile.");
    check_all(
        "{content#1:If the dam breaks}, {source#1:the mayor} {cue#1:said}, {content#1:the town may take that step}.",
    );
    check_all(
        "{source#1:Ana Duarte} {cue#1:said} {content#1:the tax was too high}, but Lee Oda left the room.",
    );
}

#[test]
fn verbs_that_look_like_speech() {
    check_all("Ana Duarte pointed to the door. The firm posted a loss of 3 million. Oda stated her name.");
    check_all("In February, Lee Oda began a tour of the valley towns.");
    check_all("{source#1:Ana Duarte} {cue#1:pointed to} {content#1:the report as proof}.");
}

#[test]
fn transcript_turns_hold_their_quotes() {
    check_all(
        "{source#1:ANA DUARTE}: {content#1:I think he said “never again” to me.}\n\n{source#2:LEE ODA}: {content#2:Will you say so there?}\n\n{source#3:ANA DUARTE}: {content#3:I say it to anyone.}\n\n{source#4:LEE ODA}: {content#4:Then we are done here.}",
    );
}

#[test]
fn trace_says_where_and_which_cues_lost() {
    let body = "Lee Oda denied the charge and said: “We will appeal it.”";
    let article =
        Article { body: body.to_owned(), paragraphs: vec![Span::new(0, body.len())], ..Article::default() };
    let quotes = find_explained(&article, Lexicon::embedded());
    let quote = quotes.iter().find(|quote| quote.kind == QuoteKind::Direct).expect("a quote");
    assert_eq!(quote.trace[1], "cue 30..34 “said”, Finite, who does it was taken from another verb");
    assert_eq!(quote.trace[2], "source 0..7 “Lee Oda”");
    assert_eq!(quote.trace[3], "not “denied” by Lee Oda: stands farther before the quote");
    assert!(find(&article, Lexicon::embedded()).iter().all(|quote| quote.trace.is_empty()));
}

#[test]
fn runs_over_paragraphs() {
    check("{source#1:Ana Duarte} {cue#1:said}: “{content#1:We will appeal.}\n\n“{content#1:We will win.}”");
}

#[test]
fn block_quote_after_a_colon_and_quote_alone_in_its_paragraph() {
    check_speakers(
        "Ana Duarte put it plainly in a letter to the council:\n\n“We will appeal, and we will win.”",
        &["Ana Duarte"],
    );
    check_speakers(
        "“We will appeal,” Ana Duarte said.\n\n“We will win, and the town will thank us.”",
        &["Ana Duarte", "Ana Duarte"],
    );
}

#[test]
fn signed_and_headed_quotes() {
    check_speakers("“We will appeal, and we will win.” — Ana Duarte, mayor", &["Ana Duarte"]);
    check_speakers("Ana Duarte: “We will appeal, and we will win.”", &["Ana Duarte"]);
    check_speakers(
        "The turnout did not surprise pollster Lee Oda: “They have all seen it before.”",
        &["Lee Oda"],
    );
}

#[test]
fn single_marks_as_outer_marks() {
    check(
        "‘{content#1:It’s a “sad” day for the voters’ union,}’ {source#1:Ana Duarte} {cue#1:said}. ‘{content#1:We will appeal.}’",
    );
}

#[test]
fn comma_outside_the_mark() {
    check("“{content#1:We will appeal}”, {source#1:Ana Duarte} {cue#1:said}.");
}

#[test]
fn nested_quote_is_part_of_the_outer_one() {
    check("“{content#1:He told me, ‘Go home,’ and I went,}” {source#1:Ana Duarte} {cue#1:said}.");
}

#[test]
fn titles_are_no_quotes() {
    check_speakers("Oda wrote a book, “The River and the Town,” about the flood.", &[]);
    check_speakers("Ana Duarte spoke on Radio Trent’s “The Morning Hour” about the dam.", &[]);
}

#[test]
fn posts_documents_and_organisations() {
    check("“{content#1:The dam held all night,}” {source#1:Oda} {cue#1:tweeted}.");
    check("“{content#1:The dam is not safe,}” {source#1:the report} {cue#1:said}.");
    check("“{content#1:The dam is not safe,}” {source#1:the Trent River Trust} {cue#1:said} in a statement.");
}

#[test]
fn transcript_turns() {
    check_speakers(
        "ANA DUARTE: We will appeal to the court.\n\nLEE ODA: When will that be?\n\nANA DUARTE: Next week, I hope.\n\nLEE ODA: Thank you very much.",
        &["Ana Duarte", "Lee Oda", "Ana Duarte", "Lee Oda"],
    );
    check_speakers("Note: this story was changed on Monday.", &[]);
}

#[test]
fn reporter_and_outlet_stand_in_via() {
    let body = "“The dam held,” Oda said, according to the Trent Echo.";
    let article =
        Article { body: body.to_owned(), paragraphs: vec![Span::new(0, body.len())], ..Article::default() };
    let quotes = find(&article, Lexicon::embedded());
    let direct: Vec<_> = quotes.iter().filter(|quote| quote.kind == QuoteKind::Direct).collect();
    assert_eq!(direct.len(), 1);
    assert_eq!(direct[0].speaker.as_deref(), Some("Oda"));
    assert_eq!(direct[0].via.as_deref().map(|via| via.trim_start_matches("the ")), Some("Trent Echo"));
}

#[test]
fn beat_between_two_quotes_names_the_speaker() {
    check_speakers(
        "“I did not see it coming.” Ana Duarte paused. “Nobody did, not even once.”",
        &["Ana Duarte", "Ana Duarte"],
    );
}

#[test]
fn joint_speakers() {
    check("“{content#1:We will appeal together,}” {source#1:Ana Duarte and Lee Oda} {cue#1:wrote}.");
}

#[test]
fn attribution_at_the_end_of_the_sentence() {
    check_speakers("A “gift to the mills” is not what the town needs, said Ana Duarte.", &["Ana Duarte"]);
    check_speakers(
        "Dams are “the ultimate public risk” and “stunt growth,” Ana Duarte, the former mayor, told the crowd.",
        &["Ana Duarte"],
    );
}

#[test]
fn paraphrase_before_after_and_around() {
    check_all("{source#1:Ana Duarte} {cue#1:said} {content#1:that the dam would hold}.");
    check_all("{content#1:The dam would hold}, {source#1:Ana Duarte} {cue#1:said}.");
    check_all("{content#1:The dam}, {source#1:Ana Duarte} {cue#1:said}, {content#1:would hold}.");
    check_all("{cue#1:According to} {source#1:Ana Duarte}, {content#1:the dam would hold}.");
    check_all("{content#1:In the end}, {source#1:Ana Duarte} {cue#1:said}, {content#1:the dam would hold}.");
    check_all("{source#1:Ana Duarte} {cue#1:said}, however, {content#1:that the dam would hold}.");
    check_all("Nobody heard {source#1:Ana Duarte}'s {cue#1:claim} {content#1:that the dam would hold}.");
    check_all("{source#1:Ana Duarte} {cue#1:told} reporters {content#1:that the dam would hold}.");
}

#[test]
fn a_noun_that_looks_like_a_speech_verb_is_none() {
    check_all("His claims and her report filled the alleged reply.");
    check_all("The states can go home.");
}

#[track_caller]
fn check_laws(body: &str) {
    let mut paragraphs = Vec::new();
    let mut at = 0;
    for part in body.split('\n') {
        if !part.is_empty() {
            paragraphs.push(Span::new(at, at + part.len()));
        }
        at += part.len() + 1;
    }
    let article = Article { body: body.to_owned(), paragraphs, ..Article::default() };
    let quotes = find(&article, Lexicon::embedded());
    for quote in &quotes {
        assert!(!quote.content.is_empty());
        let on_boundaries = quote
            .content
            .iter()
            .all(|span| body.get(span.start..span.end).is_some_and(|text| !text.is_empty()));
        assert!(on_boundaries, "{quote:?}");
        assert!(quote.content.windows(2).all(|pair| pair[0].end <= pair[1].start), "{quote:?}");
        for span in quote.source_span.iter().chain(&quote.cue) {
            assert!(body.get(span.start..span.end).is_some_and(|text| !text.is_empty()), "{quote:?}");
        }
    }
    assert!(quotes.windows(2).all(|pair| pair[0].extent().start <= pair[1].extent().start));
}

/// Texts made from pieces in pseudo-random order: every law of spans must hold in any of them.
#[test]
fn spans_are_ordered_on_boundaries_and_inside() {
    const PIECES: [&str; 34] = [
        "“",
        "”",
        "\"",
        "‘",
        "’",
        "''",
        "said",
        "says",
        "Ana Duarte",
        "she",
        "who",
        ",",
        ".",
        "?",
        "\n",
        "—",
        ":",
        "according to",
        "told",
        "the mayor",
        "that",
        "and",
        "(",
        ")",
        "é",
        "…",
        "saying",
        "to",
        "of",
        "Gov.",
        "called",
        "“A b c,”",
        "\u{a0}",
        "was",
    ];
    let mut state = 1u64;
    for _ in 0..400 {
        let mut body = String::new();
        for _ in 0..60 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            body.push_str(PIECES[(state >> 33) as usize % PIECES.len()]);
            if state >> 62 != 0 {
                body.push(' ');
            }
        }
        check_laws(&body);
    }
}

#[test]
fn a_megabyte_of_marks_and_much_of_anything_returns() {
    for piece in ["\"", "“", "”", "'", "\"a\" ", "“a b c,” "] {
        check_laws(&piece.repeat(1_000_000 / piece.len()));
    }
    let pieces = [
        "“a b c,” said Oda ",
        "\"a b c\" said ",
        "he said ",
        "said, ",
        "\"\n",
        "that ",
        ", ",
        "(",
        "Oda ",
        "“a b c.” He said. ",
        "and said “x y z” ",
        ". ",
        "a",
        "said Oda, ",
        "“Oda\n",
        "according to ",
        "the senator said “no.” ",
        "the report said “no.” ",
        "Zork said “no.” ",
        "The Board met. He replied “no.” ",
    ];
    for piece in pieces {
        check_laws(&piece.repeat(100_000 / piece.len()));
    }
}

#[test]
fn kinds_follow_the_marks() {
    let body =
        "Oda said the dam was “very safe indeed” on Monday. “We are fine,” he said. He said it would hold.";
    let article =
        Article { body: body.to_owned(), paragraphs: vec![Span::new(0, body.len())], ..Article::default() };
    let kinds: Vec<QuoteKind> = find(&article, Lexicon::embedded()).iter().map(|quote| quote.kind).collect();
    assert_eq!(kinds, [QuoteKind::Indirect, QuoteKind::Mixed, QuoteKind::Direct, QuoteKind::Indirect]);
}
