//! Pages of our own making, and laws that hold for any page.

use proptest::prelude::*;

use super::*;
use crate::model::{GivenFields, SourceRef};

const PAGE: &str = "\
Skip to content
Ellery Gazette
LOG IN   SUBSCRIBE
HomePolitics

Harbour board raises fees for the first time in nine years

Owners of large ships will pay a tenth more from July
By ANA DUARTE and Ivo Lang | aduarte@ellery.example | Ellery Gazette
PUBLISHED: June 17, 2025 at 6:25 a.m. | UPDATED: June 18, 2025 at 3:10 p.m.
Click to share on Facebook

The new quay at Ellery. (Photo by Otto Weiss)

ELLERY, Pa. — The harbour board voted four to three on Thursday to raise its fees by a tenth.

READ: Council Delays Vote On Stormwater Levy Until Autumn

“Dredging does not pay for itself,” board chair Ruth O’Mara said. “We have waited for nine years.”

ADVERTISEMENT

A slow decision

Ship owners called the rise “a tax by another name” and said that they would go to court.
It takes effect in July.

Please consider a small donation to the Ellery Gazette to keep our newsroom going.
Ana Duarte covers the coast for the Ellery Gazette.
12 Comments
Log in to comment
harbour_rat
3 hours ago
About time that somebody made these people pay for their own harbour.
Reply 4 2
© 2025 Ellery Media Group. All rights reserved.
";

fn raw(payload: Payload) -> RawArticle {
    let source = SourceRef { path: "clips/ellery.txt".to_owned(), record: None };
    RawArticle { source, payload, fields: GivenFields::default(), notices: Vec::new() }
}

fn extracted(payload: Payload) -> Result<Extracted, Rejection> {
    article(&raw(payload), Lexicon::embedded())
}

#[test]
fn reads_a_scraped_page() {
    let Ok(found) = extracted(Payload::Page(PAGE.to_owned())) else { panic!("the page holds an article") };
    let article = found.article;
    assert_eq!(
        article.headline.as_deref(),
        Some("Harbour board raises fees for the first time in nine years")
    );
    assert_eq!(article.standfirst.as_deref(), Some("Owners of large ships will pay a tenth more from July"));
    assert_eq!(article.outlet.as_deref(), Some("Ellery Gazette"));
    assert_eq!(article.date.map(|day| day.to_string()).as_deref(), Some("2025-06-17"));
    assert_eq!(article.authors, ["Ana Duarte", "Ivo Lang"]);
    assert_eq!(article.section.as_deref(), Some("Politics"));
    assert_eq!(article.lang.as_deref(), Some("en"));
    let paragraphs: Vec<&str> = article.paragraphs.iter().map(|span| span.of(&article.body)).collect();
    assert_eq!(
        paragraphs,
        [
            "ELLERY, Pa. — The harbour board voted four to three on Thursday to raise its fees by a tenth.",
            "“Dredging does not pay for itself,” board chair Ruth O’Mara said. “We have waited for nine years.”",
            "A slow decision",
            "Ship owners called the rise “a tax by another name” and said that they would go to court.",
            "It takes effect in July.",
        ]
    );
    assert!(
        article.furniture.iter().any(|line| line.rule == "cross-link" && line.text.starts_with("READ: "))
    );
}

#[test]
fn invents_nothing() {
    let text = "The harbour board has refused to name its price, according to a letter seen on Monday.\n\
        “We will not be hurried,” chair Ruth O’Mara wrote.\nThe board meets again on Friday, O’Mara wrote, and";
    let Ok(found) = extracted(Payload::Page(text.to_owned())) else { panic!("the page holds an article") };
    let article = found.article;
    assert_eq!((article.headline, article.outlet, article.date), (None, None, None));
    assert!(article.authors.is_empty() && article.furniture.is_empty());
    assert_eq!(article.paragraphs.len(), 3);
}

#[test]
fn empty_pages_are_rejected() {
    for page in ["", "\n\n", "Share", "***"] {
        let reason =
            extracted(Payload::Page(page.to_owned())).map(|_| ()).map_err(|rejection| rejection.reason);
        assert_eq!(reason, Err(RejectionReason::NoText), "{page:?}");
    }
}

#[test]
fn long_input_takes_linear_time() {
    for unit in ["“", "a ", "By Ana Duarte\n", "READ: x\n", "12 Comments\n", "1/", "Reply\n"] {
        let _ = extracted(Payload::Page(unit.repeat(400_000 / unit.len())));
    }
}

/// Pieces from which pages are put together: text, furniture and marks.
fn page() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[ -~]{0,80}",
        "\\PC{0,40}",
        Just("The board voted on Thursday to raise its fees, “a tax,” she said.".to_owned()),
        Just("READ: Council Delays Vote".to_owned()),
        Just("By Ana Duarte".to_owned()),
        Just("Updated: June 9, 2025 5:20 PM ET".to_owned()),
        Just("Most Popular".to_owned()),
        Just("12 Comments".to_owned()),
        Just("© 2025 Ellery Gazette".to_owned()),
        Just(String::new()),
    ];
    prop::collection::vec(piece, 0..30).prop_map(|pieces| pieces.join("\n"))
}

proptest! {
    #[test]
    fn any_page_returns_and_keeps_its_words(page in page()) {
        let squeeze = |text: &str| text.chars().filter(|c| !c.is_whitespace() && !matches!(*c, '\u{ad}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2060}' | '\u{feff}')).collect::<String>();
        let whole = squeeze(&page);
        for payload in [Payload::Page(page.clone()), Payload::Body(page.clone())] {
            let Ok(found) = extracted(payload) else { continue };
            let article = &found.article;
            let mut end = 0;
            for span in &article.paragraphs {
                prop_assert!(span.start >= end && span.end > span.start && article.body.get(span.start..span.end).is_some());
                prop_assert!(whole.contains(&squeeze(span.of(&article.body))));
                end = span.end;
            }
            prop_assert_eq!(end, article.body.len());
        }
    }

    #[test]
    fn the_same_page_gives_the_same_article(page in page()) {
        let both = [extracted(Payload::Page(page.clone())), extracted(Payload::Page(page))];
        prop_assert_eq!(&both[0], &both[1]);
    }
}

/// Heads of pages in the manner of several newsrooms, with the headline, authors and outlet in them.
const HEADS: &[(&str, &str, &str, &str)] = &[
    (
        "POLITICO\nCONGRESS\nHouse leaders put off vote on harbour bill as critics dig in\n\
         A revolt over what some call a blank cheque.\nMembers walk down the steps after a vote.\n\
         Members leave after a vote on May 14, 2025. | Mara Voss/POLITICO\nBy Ana Duarte and Ivo Lang\n\
         05/14/2025 07:32 PM EDT",
        "House leaders put off vote on harbour bill as critics dig in",
        "Ana Duarte, Ivo Lang",
        "Politico",
    ),
    (
        "NPR logo\nPolitics\nSmall ports wait for money that was approved\nMay 14, 2025 5:01 AM ET\n\
         Heard on Morning Edition\nAna Duarte\nThe harbour at Ellery has not been dredged since 2019.\n\
         Mara Voss/NPR\nhide caption",
        "Small ports wait for money that was approved",
        "Ana Duarte",
        "NPR",
    ),
    (
        "IE 11 is not supported. For an optimal experience visit our site on another browser.\nPolitics News\n\
         Commissioner of ports confirmed as logjam breaks\nShe will hand out the money for dredging.\n\
         May 14, 2025, 6:02 PM EDT / Updated May 14, 2025, 7:40 PM EDT\nBy Ana Duarte",
        "Commissioner of ports confirmed as logjam breaks",
        "Ana Duarte",
        "",
    ),
    (
        "ABC News\nPort charge put off as members from the coast revolt\nBy political reporter Ana Duarte\n\
         Wed 14 May\nWednesday 14 May 2025 at 6:21pm",
        "Port charge put off as members from the coast revolt",
        "Ana Duarte",
        "ABC News",
    ),
    (
        "News / Coast News / Centre defers port cess till winter session of the house\n\
         Centre defers port cess till winter session of the house\nPublished - May 14, 2025 09:14 pm IST\nAna Duarte",
        "Centre defers port cess till winter session of the house",
        "Ana Duarte",
        "",
    ),
    (
        "May 14, 2025: Council debates harbour fees\nBy Ana Duarte, CNN\nUpdated 9:02 PM ET, Wed May 14, 2025",
        "May 14, 2025: Council debates harbour fees",
        "Ana Duarte",
        "CNN",
    ),
    (
        "Axios Homepage\nMay 14, 2025 - Politics & Policy\nScoop: Council weighs a harbour master\nAna Duarte\n\
         Illustration: Mara Voss/Axios",
        "Scoop: Council weighs a harbour master",
        "Ana Duarte",
        "Axios",
    ),
];

#[test]
fn reads_heads_of_many_newsrooms() {
    for (head, headline, authors, outlet) in HEADS {
        let page = format!("{head}\n\n{}", PARAGRAPHS.join("\n\n"));
        let found = extracted(Payload::Page(page)).unwrap_or_else(|rejection| panic!("{rejection}"));
        let read = &found.article;
        assert_eq!(read.headline.as_deref(), Some(*headline), "{head}");
        assert_eq!(read.authors.join(", "), *authors, "{head}");
        assert_eq!(read.outlet.as_deref().unwrap_or_default(), *outlet, "{head}");
        assert_eq!(read.date.map(|day| day.to_string()).as_deref(), Some("2025-05-14"), "{head}");
        let kept = found.blocks.iter().filter(|block| block.is_kept).map(|block| block.text.as_str());
        assert_eq!(kept.collect::<Vec<_>>(), PARAGRAPHS, "{head}");
    }
}

/// Running text below the heads.
const PARAGRAPHS: [&str; 4] = [
    "The harbour board of Ellery voted four to three on Wednesday to raise its fees by a tenth from July.",
    "“Dredging does not pay for itself,” the chair of the board, Ruth O’Mara, said after the vote.",
    "Owners of large ships called the rise a tax by another name and said that they would go to court.",
    "The last rise came nine years ago, when the quay was rebuilt and two cranes were bought in the north.",
];
