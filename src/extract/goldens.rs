//! One invented page for every kind of furniture: the line goes, the rule is named, the article around it stays.

use std::collections::BTreeSet;

use super::*;
use crate::model::{GivenFields, SourceRef};

const HEADLINE: &str = "Harbour board raises fees for the first time in nine years";

const TEXT: [&str; 5] = [
    "The harbour board of Ellery voted four to three on Thursday to raise its fees by a tenth.",
    "“Dredging does not pay for itself,” the chair of the board, Ruth O’Mara, said after the vote.",
    "Owners of large ships called the rise a tax by another name and said that they would go to court.",
    "The last rise came nine years ago, when the quay was rebuilt and two cranes were bought.",
    "It takes effect in July, and the board will look at it again after two years.",
];

/// Where on the page the line stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum At {
    /// Above the headline.
    Top,
    /// Between two paragraphs.
    Middle,
    /// Behind the last paragraph.
    End,
}
use At::{End, Middle, Top};

/// Place, lines, and the rule by which the first of them is cut.
const PAGES: &[(At, &str, &str)] = &[
    (Top, "Skip to main content", "navigation"),
    (Top, "Home > News > Harbour", "page-head"),
    (Top, "HomePolitics", "page-head"),
    (Top, "LOG IN", "navigation"),
    (Top, "June 17, 2025 at 6:25 a.m.", "timestamp"),
    (Middle, "Updated: June 18, 2025 3:10 PM ET", "timestamp"),
    (Top, "By Ana Duarte", "byline"),
    (Middle, HEADLINE, "repeated-headline"),
    (
        Middle,
        "ADVERTISEMENT\nThe new quay at Ellery, seen from the lighthouse\nPhoto by Otto Weiss",
        "advertisement",
    ),
    (Middle, "Photo by Otto Weiss / Ellery Gazette", "caption"),
    (Middle, "The new quay at Ellery, seen from the lighthouse. | Otto Weiss/POLITICO", "caption"),
    (
        Middle,
        "ADVERTISEMENT\nThe quay was rebuilt in the spring of last year.\nOtto Weiss / Reuters",
        "advertisement",
    ),
    (Middle, "READ: Council Delays Vote On Stormwater Levy", "cross-link"),
    (Middle, "[ Read more about the levy here ]", "cross-link"),
    (Middle, "Lee también\nEl puerto que se quedó sin grúas", "cross-link"),
    (Middle, "‘It will kill us’: Owner of diner fears closure of bridge", "title-line"),
    (Middle, "https://ellery.example/news/harbour-fees", "navigation"),
    (Middle, "RELATED: Council Delays Vote On Stormwater Levy", "cross-link"),
    (Middle, "ALSO READ | Council Delays Vote On Stormwater Levy", "cross-link"),
    (Middle, "Continue reading", "link-list"),
    (Middle, "ADVERTISEMENT", "advertisement"),
    (Middle, "Click to share on Facebook", "share-bar"),
    (Middle, "5 min read", "share-bar"),
    (Middle, "Sign up for our morning newsletter", "newsletter"),
    (
        Middle,
        "Tide Table\nThe unofficial guide to life on the quay, every weekday.\nEnter your email",
        "newsletter",
    ),
    (End, "Please consider a small donation to keep our newsroom going.", "donation"),
    (Middle, "Subscribe to continue reading this article.", "newsletter"),
    (Middle, "Already a subscriber? Log in", "subscription"),
    (End, "We use cookies to improve your experience on our site.", "cookie"),
    (Middle, "function(){var x = 1;}", "machine"),
    (End, "Tags: harbour, fees, Ellery", "link-list"),
    (Top, "Opinion", "section-label"),
    (End, "More from the Ellery Gazette\nFerry fares rise again\nNew crane comes by sea", "cross-link"),
    (End, "Most Popular\nFerry fares rise again\nNew crane comes by sea", "link-list"),
    (End, "12 Comments\nharbour_rat\n3 hours ago\nAbout time that somebody paid.\nReply", "comments"),
    (End, "Log in to comment", "comments"),
    (End, "Reply 4 2", "comment-mark"),
    (End, "Editing by Ivo Lang", "credit"),
    (End, "___", "end-matter"),
    (End, "© 2025 Ellery Media Group. All rights reserved.", "copyright"),
];

fn read(at: At, lines: &str) -> Extracted {
    let mut page: Vec<&str> = vec![HEADLINE, "Owners of large ships will pay a tenth more from July"];
    page.extend(TEXT);
    let place = match at {
        Top => 0,
        Middle => 5,
        End => page.len(),
    };
    page.insert(place, lines);
    let source = SourceRef { path: "clips/ellery.txt".to_owned(), record: None };
    let payload = Payload::Page(page.join("\n\n"));
    let raw = RawArticle { source, payload, fields: GivenFields::default(), notices: Vec::new() };
    article(&raw, Lexicon::embedded()).unwrap_or_else(|rejection| panic!("{rejection}"))
}

#[test]
fn every_kind_of_furniture_is_cut_and_named() {
    let mut wrong = Vec::new();
    for (at, lines, rule) in PAGES {
        let found = read(*at, lines);
        let kept: Vec<&str> =
            found.blocks.iter().filter(|block| block.is_kept).map(|block| block.text.as_str()).collect();
        let first = lines.lines().next().unwrap_or_default();
        let cut = found.blocks.iter().find(|block| block.text == first && !block.is_kept && !block.is_field);
        let why = cut.map(|block| block.why.as_str());
        if kept != TEXT || why != Some(rule) {
            wrong.push(format!("{first:?}: {why:?}, wanted {rule:?}; kept {kept:#?}"));
        }
        assert_eq!(found.article.headline.as_deref(), Some(HEADLINE), "{first}");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_rule_of_the_data_has_a_page() {
    let rules: BTreeSet<&str> = include_str!("../lexicon/data/furniture.tsv")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split('\t').next())
        .filter(|name| !name.is_empty())
        .collect();
    let shown: BTreeSet<&str> = PAGES.iter().map(|(_, _, rule)| *rule).collect();
    assert_eq!(rules.difference(&shown).collect::<Vec<_>>(), Vec::<&&str>::new());
}

#[test]
fn words_of_a_speaker_are_never_furniture() {
    for line in [
        "“Sign up for our newsletter and read more every morning,” O’Mara told the owners of the ships.",
        "“Click here to subscribe, please, it is our only way to pay for a crane,” Mr. Lang said.",
        "“Log in to comment is what they tell us,” said Ana Duarte, who runs the fish market.",
    ] {
        let found = read(Middle, line);
        assert!(found.blocks.iter().any(|block| block.is_kept && block.text == line), "{line}");
    }
}
