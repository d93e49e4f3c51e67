//! The sample articles, inside the program: somebody without a corpus can try everything at once.
//!
//! In: a folder. Out: the files of `sample-corpus/` in it. They are invented and free to pass on (`PROVENANCE.md` there).

use std::path::{Path, PathBuf};

use anyhow::Context as _;

/// Every file of the sample corpus, by its path there.
const FILES: &[(&str, &[u8])] = &[
    (".onrecordignore", include_bytes!("../../sample-corpus/.onrecordignore")),
    ("crawl/continental-wire.warc", include_bytes!("../../sample-corpus/crawl/continental-wire.warc")),
    ("exports/harbour-gazette.csv", include_bytes!("../../sample-corpus/exports/harbour-gazette.csv")),
    ("exports/policy-monitor.jsonl", include_bytes!("../../sample-corpus/exports/policy-monitor.jsonl")),
    ("feeds/lirria-today.xml", include_bytes!("../../sample-corpus/feeds/lirria-today.xml")),
    ("notes/interview-oduya.md", include_bytes!("../../sample-corpus/notes/interview-oduya.md")),
    (
        "notes/statement-open-harbour.md",
        include_bytes!("../../sample-corpus/notes/statement-open-harbour.md"),
    ),
    (
        "pages/aster-ledger/border-patrol-offer.txt",
        include_bytes!("../../sample-corpus/pages/aster-ledger/border-patrol-offer.txt"),
    ),
    (
        "pages/aster-ledger/carbon-levy-plan.txt",
        include_bytes!("../../sample-corpus/pages/aster-ledger/carbon-levy-plan.txt"),
    ),
    (
        "pages/aster-ledger/grid-attack.txt",
        include_bytes!("../../sample-corpus/pages/aster-ledger/grid-attack.txt"),
    ),
    (
        "pages/aster-ledger/migration-pact-vote.txt",
        include_bytes!("../../sample-corpus/pages/aster-ledger/migration-pact-vote.txt"),
    ),
    (
        "pages/aster-ledger/nurse-ratio-law.txt",
        include_bytes!("../../sample-corpus/pages/aster-ledger/nurse-ratio-law.txt"),
    ),
    (
        "pages/aster-ledger/tamber-treaty-signed.txt",
        include_bytes!("../../sample-corpus/pages/aster-ledger/tamber-treaty-signed.txt"),
    ),
    (
        "pages/karsund-courier/drost-river.txt",
        include_bytes!("../../sample-corpus/pages/karsund-courier/drost-river.txt"),
    ),
    (
        "pages/karsund-courier/levy-challenge.txt",
        include_bytes!("../../sample-corpus/pages/karsund-courier/levy-challenge.txt"),
    ),
    (
        "pages/karsund-courier/renn-defends-treaty.txt",
        include_bytes!("../../sample-corpus/pages/karsund-courier/renn-defends-treaty.txt"),
    ),
    (
        "pages/karsund-courier/steen-drought.txt",
        include_bytes!("../../sample-corpus/pages/karsund-courier/steen-drought.txt"),
    ),
    (
        "pages/karsund-courier/wire-tamber.txt",
        include_bytes!("../../sample-corpus/pages/karsund-courier/wire-tamber.txt"),
    ),
    (
        "pages/tamber-valley/beet-turns.txt",
        include_bytes!("../../sample-corpus/pages/tamber-valley/beet-turns.txt"),
    ),
    (
        "pages/tamber-valley/bridge-festival.txt",
        include_bytes!("../../sample-corpus/pages/tamber-valley/bridge-festival.txt"),
    ),
    (
        "pages/tamber-valley/heat-schools.txt",
        include_bytes!("../../sample-corpus/pages/tamber-valley/heat-schools.txt"),
    ),
    (
        "pages/tamber-valley/mayor-office.txt",
        include_bytes!("../../sample-corpus/pages/tamber-valley/mayor-office.txt"),
    ),
    (
        "pages/velmora-broadcasting/heat-work-limit.html",
        include_bytes!("../../sample-corpus/pages/velmora-broadcasting/heat-work-limit.html"),
    ),
    (
        "pages/velmora-broadcasting/joint-troops-rejected.html",
        include_bytes!("../../sample-corpus/pages/velmora-broadcasting/joint-troops-rejected.html"),
    ),
    (
        "pages/velmora-broadcasting/water-treaty-signed.html",
        include_bytes!("../../sample-corpus/pages/velmora-broadcasting/water-treaty-signed.html"),
    ),
];

/// Writes the sample articles into `folder`; returns it.
///
/// # Errors
/// Those of writing.
pub fn write_into(folder: &Path) -> anyhow::Result<PathBuf> {
    for (name, content) in FILES {
        let path = folder.join(name);
        let parent = path.parent().unwrap_or(folder);
        std::fs::create_dir_all(parent).with_context(|| format!("making {}", parent.display()))?;
        std::fs::write(&path, content).with_context(|| format!("writing {}", path.display()))?;
    }
    Ok(folder.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holds_the_whole_corpus() {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample-corpus");
        let mut folders = vec![source.clone()];
        let mut names = Vec::new();
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if !path.ends_with("PROVENANCE.md") {
                    names.push(path.strip_prefix(&source).unwrap().to_string_lossy().into_owned());
                }
            }
        }
        names.sort();
        let mut held: Vec<&str> = FILES.iter().map(|(name, _)| *name).collect();
        held.sort_unstable();
        assert_eq!(held, names);
        let folder = tempfile::tempdir().unwrap();
        write_into(folder.path()).unwrap();
        let written = std::fs::read(folder.path().join(FILES[0].0)).unwrap();
        assert_eq!(written, FILES[0].1);
    }
}
