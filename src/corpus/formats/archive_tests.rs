//! Exports of press archives, invented.

use std::io::Cursor;

use crate::corpus::{Format, ReadOptions, read_stream};
use crate::model::Payload;

#[track_caller]
fn check(export: &str, expected: &[&str]) {
    let records = read_stream(Cursor::new(export.as_bytes().to_vec()), "export.txt", &ReadOptions::default());
    let records = records.unwrap_or_else(|rejection| panic!("{rejection}"));
    assert_eq!(records.format(), Format::Archive);
    let told = records.map(|record| match record {
        Ok(raw) => {
            let text = |field: Option<String>| field.unwrap_or_default();
            let (Payload::Body(body) | Payload::Page(body) | Payload::Html(body)) = raw.payload;
            format!(
                "{} | {} | {} | {} | {}",
                text(raw.fields.headline),
                text(raw.fields.outlet),
                text(raw.fields.date),
                raw.fields.authors.join("; "),
                body.replace('\n', "/")
            )
        }
        Err(rejection) => format!("{}: {}", rejection.reason.code(), rejection.message),
    });
    assert_eq!(told.collect::<Vec<_>>(), expected);
}

#[test]
fn reads_lexisnexis() {
    check(
        "                              1 of 3 DOCUMENTS\n\n                     The Ellery Gazette\n\n                  May 3, 2025 Saturday\n\n\
         Board raises harbour\nfees\n\nBYLINE: Ana Duarte\n\nSECTION: NEWS; Pg. A1\n\nLENGTH: 14 words\n\nDATELINE: ELLERY\n\n\
         The harbour board voted on Thursday to raise its\nfees by a tenth.\n\nNOTE: it meets in July.\n\nGRAPHIC: A crane,\nseen from the quay.\n\n\
         LOAD-DATE: May 4, 2025\n\nLANGUAGE: ENGLISH\n\n            Copyright 2025 Ellery Gazette\n              All Rights Reserved\n\n\
         2 of 3 DOCUMENTS\n\nThe Ellery Gazette\n\nMay 4, 2025\n\nFees to stay\n\nLENGTH: 300 words\n\nLOAD-DATE: May 4, 2025\n",
        &[
            "Board raises harbour fees | The Ellery Gazette | May 3, 2025 Saturday | Ana Duarte | The harbour board voted on Thursday to raise its/fees by a tenth.//NOTE: it meets in July.",
            "no-text: no text was found below `Fees to stay`",
            "malformed: the export says that it holds 3 articles, 2 were found",
        ],
    );
}

#[test]
fn reads_nexis_uni() {
    check(
        "User Name: somebody\nJob Number: 7\nDocuments (2)\n1. Board raises harbour fees\n\n\nBoard raises harbour fees\nThe Ellery Gazette\n\
         May 3, 2025 Saturday\n\nCopyright 2025 Ellery Gazette All Rights Reserved\nSection: NEWS; Pg. A1\nLength: 12 words\nByline: Ana Duarte\n\
         Body\n\n\nThe harbour board voted on Thursday.\n\nIt meets in July.\n\nClassification\n\nLanguage: ENGLISH\nLoad-Date: May 4, 2025\n\nEnd of Document\n\n\
         Fees to stay\nThe Ellery Gazette\nMay 4, 2025\nLength: 4 words\nBody\nThe fees will stay.\nLoad-Date: May 4, 2025\nEnd of Document\n",
        &[
            "Board raises harbour fees | The Ellery Gazette | May 3, 2025 Saturday | Ana Duarte | The harbour board voted on Thursday.//It meets in July.",
            "Fees to stay | The Ellery Gazette | May 4, 2025 |  | The fees will stay.",
        ],
    );
}

#[test]
fn reads_factiva() {
    check(
        "SE     News\nHD     Board raises\n       harbour fees\nBY     By Ana Duarte\nWC     12 words\nPD     3 May 2025\nSN     The Ellery Gazette\nSC     ELGA\nLA     English\n\
         CY     Copyright 2025\n\nLP\n\nThe harbour board voted on Thursday.\n\nTD\n\nIN the end it was clear.\n\nNS     gpol : Politics\nAN     Document ELGA000020250503el530000a\n\n\
         HD     Fees to stay\nWC     4 words\nPD     4 May 2025\nSN     The Ellery Gazette\nLP     The fees will stay.\nAN     Document ELGA000020250504el540000b\n",
        &[
            "Board raises harbour fees | The Ellery Gazette | 3 May 2025 | By Ana Duarte | The harbour board voted on Thursday.////IN the end it was clear.",
            "Fees to stay | The Ellery Gazette | 4 May 2025 |  | The fees will stay.",
        ],
    );
}

#[test]
fn reads_proquest() {
    check(
        "____________________________________________________________\n\nDocument 1 of 1\n\nBoard raises harbour fees\n\nAuthor: Duarte, Ana; Lang, Ivo\n\n\
         Abstract: The board voted.\n\nFull text: The harbour board voted on Thursday.\n\nIt meets in July.\n\nTitle: Board raises harbour fees\n\n\
         Publication title: The Ellery Gazette\n\nPublication date: May 3, 2025\n\nProQuest document ID: 77\n\n\
         ____________________________________________________________\n\nContact us at: nowhere\n",
        &[
            "Board raises harbour fees | The Ellery Gazette | May 3, 2025 | Ana Duarte; Ivo Lang | The harbour board voted on Thursday.//It meets in July.",
        ],
    );
}

#[test]
fn articles_are_no_exports() {
    for page in [
        "Board raises fees\n\nBody\n\nThe board voted.\n",
        "Title: Board raises fees\nDate: May 3, 2025\n\nThe board voted.\n",
        "HD is a format of pictures.\nWC stands on doors.\n",
        "Only 2 of 3 documents were found.\nLENGTH: unknown\n",
    ] {
        let records = read_stream(Cursor::new(page.as_bytes().to_vec()), "x.txt", &ReadOptions::default());
        assert!(records.is_ok_and(|records| records.format() != Format::Archive), "{page}");
    }
}
