//! Builds and updates of small corpora in temporary directories.

use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::UNIX_EPOCH;

use proptest::prelude::*;
use tempfile::TempDir;

use super::plan::{self, Reasons};
use super::{BuildError, BuildReport, BuildRequest, FirstLook, Phase, Progress, Silent, update};
use crate::engine::local::{
    self, LocalIndex,
    generation::{IndexDir, Manifest},
};
use crate::engine::{EngineError, SearchBackend};
use crate::model::{Rejection, RejectionReason};
use crate::schema::{DocumentKind, Field};

/// A corpus and its index.
struct Place {
    dir: TempDir,
}

impl Place {
    fn new() -> Place {
        let dir = tempfile::tempdir().expect("a directory");
        fs::create_dir(dir.path().join("news")).expect("a corpus");
        Place { dir }
    }

    fn corpus(&self) -> PathBuf {
        self.dir.path().join("news")
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.corpus().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("written");
    }

    fn remove(&self, name: &str) {
        fs::remove_file(self.corpus().join(name)).expect("removed");
    }

    fn request(&self, index: &str) -> BuildRequest {
        BuildRequest::new(vec![self.corpus()], self.dir.path().join(index))
    }

    #[track_caller]
    fn update(&self) -> BuildReport {
        run(&self.request("index")).expect("an update")
    }

    #[track_caller]
    fn index(&self, index: &str) -> LocalIndex {
        local::open(&self.dir.path().join(index)).expect("an index")
    }

    /// Everything an index answers from, in an order of its own.
    #[track_caller]
    fn content(&self, index: &str) -> Vec<String> {
        let index = self.index(index);
        let state = index.state();
        let mut content = Vec::new();
        for (ord, segment) in state.segments.iter().enumerate() {
            for doc in segment.reader.doc_ids_alive() {
                let numbers = [
                    Field::ArticleKey,
                    Field::QuoteNo,
                    Field::NTokens,
                    Field::Has,
                    Field::SameKey,
                    Field::Fingerprint,
                ];
                let columns: Vec<_> = numbers
                    .iter()
                    .map(|field| {
                        segment.number(*field).expect("a column").values_for_doc(doc).collect::<Vec<_>>()
                    })
                    .collect();
                if segment.is_kind(doc, DocumentKind::Article).expect("a kind") {
                    let address = tantivy::DocAddress::new(ord as u32, doc);
                    let stored = local::stored_article(&state, address).expect("an article");
                    content.push(format!("article {columns:?} {stored:?}"));
                } else if segment.is_kind(doc, DocumentKind::Quote).expect("a kind") {
                    content.push(format!("quote {columns:?}"));
                }
            }
        }
        content.extend(
            index.skipped().expect("a list").iter().map(|rejection| format!("skipped {rejection:?}")),
        );
        content.push(format!("{:?} {:?}", state.totals().expect("totals"), state.names().expect("names")));
        content.sort();
        content
    }

    #[track_caller]
    fn check_same_as_rebuilt(&self) {
        let _ = fs::remove_dir_all(self.dir.path().join("fresh"));
        run(&self.request("fresh")).expect("a build");
        assert_eq!(self.content("index"), self.content("fresh"));
        let report = local::check::check(&self.dir.path().join("index")).expect("a check");
        assert_eq!(report.problems, []);
    }
}

fn run(request: &BuildRequest) -> Result<BuildReport, BuildError> {
    update(request, &Silent, &AtomicBool::new(false))
}

fn article(id: usize, version: usize) -> String {
    let person = ["Ana Duarte", "Lee Okafor", "Mara Venn"][id % 3];
    format!(
        "Council votes on dam {id}\n\nThe council of district {id} voted on the dam for the {version} time on Tuesday.\n\n\
         “We will look at plan {version} again,” said {person}, who leads the council of district {id}.\n\n\
         Residents of district {id} had asked for more time to read the papers before the vote.\n"
    )
}

fn row(id: &str, headline: &str, version: usize) -> String {
    let body = article(7, version).replace('\n', "\\n");
    format!(
        "{{\"id\":\"{id}\",\"headline\":\"{headline}\",\"text\":\"{body}\",\"outlet\":\"The Harbour Post\"}}"
    )
}

#[test]
fn files_are_added_changed_and_removed() {
    let place = Place::new();
    place.write("a.txt", &article(1, 1));
    place.write("deep/b.txt", &article(2, 1));
    let first = place.update();
    assert_eq!((first.added, first.files, first.published), (2, 2, true));
    assert_eq!(place.index("index").info().expect("info").generation, 1);

    let second = place.update();
    assert_eq!((second.added, second.unchanged, second.published), (0, 2, false));

    place.write("a.txt", &article(1, 2));
    place.write("c.txt", &article(3, 1));
    place.remove("deep/b.txt");
    let third = place.update();
    assert_eq!((third.added, third.changed, third.removed, third.unchanged), (1, 1, 1, 0));
    assert_eq!(place.index("index").info().expect("info").generation, 2);
    place.check_same_as_rebuilt();
}

#[test]
fn moved_files_are_told() {
    let place = Place::new();
    place.write("a.txt", &article(1, 1));
    place.write("b.txt", &article(2, 1));
    place.update();
    place.remove("a.txt");
    place.write("c.txt", &article(1, 1));
    let report = place.update();
    assert_eq!((report.added, report.removed, report.moved), (1, 0, 1));
    place.check_same_as_rebuilt();
}

#[test]
fn records_of_one_file_are_updated_one_by_one() {
    let place = Place::new();
    let rows = [row("a", "First", 1), row("b", "Second", 2), row("c", "Third", 3)];
    place.write("all.jsonl", &rows.join("\n"));
    assert_eq!(place.update().added, 3);
    // One changed, one appended, two ids swapped.
    let rows =
        [row("b", "First", 1), row("a", "Second", 2), row("c", "Third, changed", 3), row("d", "Fourth", 4)];
    place.write("all.jsonl", &rows.join("\n"));
    let report = place.update();
    assert_eq!((report.added, report.changed), (1, 3));
    place.check_same_as_rebuilt();
    place.write("all.jsonl", &rows[..1].join("\n"));
    let report = place.update();
    assert_eq!((report.unchanged, report.removed), (1, 3));
    place.check_same_as_rebuilt();
}

#[test]
fn bad_records_are_named_and_their_neighbours_indexed() {
    let place = Place::new();
    place.write(
        "all.jsonl",
        &[row("a", "First", 1), "{\"id\": ".to_owned(), row("a", "Same id", 2)].join("\n"),
    );
    let report = place.update();
    assert_eq!((report.added, report.skipped), (2, 1));
    let skipped = place.index("index").skipped().expect("a list");
    assert_eq!((skipped[0].source_ref.record, skipped[0].reason), (Some(2), RejectionReason::Malformed));
    place.check_same_as_rebuilt();
    // Tried again only when asked, or when it changes.
    assert_eq!(place.update().skipped, 0);
    let retry = BuildRequest { retry_failed: true, ..place.request("index") };
    assert_eq!(run(&retry).expect("an update").skipped, 1);
    place.write("all.jsonl", &[row("a", "First", 1), row("b", "Mended", 3)].join("\n"));
    place.update();
    assert_eq!(place.index("index").skipped().expect("a list"), []);
    place.check_same_as_rebuilt();
}

#[test]
fn the_same_article_in_two_places_is_indexed_once() {
    let place = Place::new();
    place.write("b.txt", &article(1, 1));
    place.update();
    place.write("a.txt", &article(1, 1));
    place.write("c.txt", &article(1, 1));
    assert_eq!(place.update().added, 2);
    let index = place.index("index");
    assert_eq!(index.info().expect("info").articles, 1);
    let skipped = index.skipped().expect("a list");
    assert_eq!(skipped.len(), 2);
    assert!(skipped.iter().all(|rejection| rejection.reason == RejectionReason::Duplicate));
    place.check_same_as_rebuilt();
    // When the first place goes, the next takes over.
    place.remove("a.txt");
    place.update();
    let index = place.index("index");
    assert_eq!(index.info().expect("info").articles, 1);
    assert_eq!(index.skipped().expect("a list").len(), 1);
    place.check_same_as_rebuilt();
}

#[test]
fn a_corpus_that_vanished_empties_nothing() {
    let place = Place::new();
    place.write("a.txt", &article(1, 1));
    place.update();
    fs::remove_dir_all(place.corpus()).expect("removed");
    assert!(matches!(run(&place.request("index")), Err(BuildError::NoSuchPath { .. })));
    fs::create_dir(place.corpus()).expect("an empty folder");
    assert!(matches!(run(&place.request("index")), Err(BuildError::EmptyCorpus { files: 1, .. })));
    assert_eq!(place.index("index").info().expect("info").articles, 1);
    let keep = BuildRequest { keep_missing: true, ..place.request("index") };
    assert_eq!(run(&keep).expect("an update").removed, 0);
    let allow = BuildRequest { allow_empty: true, ..place.request("index") };
    assert_eq!(run(&allow).expect("an update").removed, 1);
    assert_eq!(place.index("index").info().expect("info").articles, 0);
}

#[test]
fn a_dry_run_leaves_no_trace() {
    let place = Place::new();
    place.write("a.txt", &article(1, 1));
    let dry = BuildRequest { dry_run: true, ..place.request("index") };
    assert_eq!(run(&dry).expect("a plan").changed_files, 1);
    assert!(!dry.index.exists());
}

#[test]
fn one_writer_at_a_time_and_readers_go_on() {
    let place = Place::new();
    place.write("a.txt", &article(1, 1));
    place.update();
    let reader = place.index("index");
    let held = IndexDir::new(&place.request("index").index).lock().expect("the right to write");
    assert!(matches!(run(&place.request("index")), Err(BuildError::Engine(EngineError::Locked { .. }))));
    drop(held);
    place.write("b.txt", &article(2, 1));
    place.update();
    assert_eq!(reader.info().expect("info").articles, 1);
    assert!(reader.refresh().expect("refreshed"));
    assert_eq!(reader.info().expect("info").articles, 2);
    assert!(!reader.refresh().expect("nothing new"));
    let rebuild = BuildRequest { rebuild: true, ..place.request("index") };
    run(&rebuild).expect("a rebuild");
    assert_eq!(reader.info().expect("the old state still answers").articles, 2);
    assert!(reader.refresh().expect("refreshed"));
    assert_eq!(reader.info().expect("info").generation, 3);
}

#[test]
fn a_stopped_build_is_continued() {
    let place = Place::new();
    for id in 0..5 {
        place.write(&format!("{id}.txt"), &article(id, 1));
    }
    let stopped = update(&place.request("index"), &Silent, &AtomicBool::new(true)).expect("an update");
    assert!(stopped.interrupted && stopped.added == 0);
    let report = place.update();
    assert_eq!((report.added, report.interrupted), (5, false));
    place.check_same_as_rebuilt();
}

#[test]
fn a_stopped_rebuild_leaves_the_whole_index_in_place() {
    let place = Place::new();
    for id in 0..5 {
        place.write(&format!("{id}.txt"), &article(id, 1));
    }
    place.update();
    let reader = place.index("index");
    let rebuild = BuildRequest { rebuild: true, ..place.request("index") };
    let stopped = update(&rebuild, &Silent, &AtomicBool::new(true)).expect("a rebuild");
    assert!(stopped.interrupted && !stopped.published);
    assert!(!reader.refresh().expect("nothing new"));
    assert_eq!(place.index("index").info().expect("info").articles, 5);
    // The next run goes on with the rebuild.
    let report = place.update();
    assert_eq!((report.added, report.interrupted, report.published), (5, false, true));
    assert!(reader.refresh().expect("refreshed"));
    place.check_same_as_rebuilt();
}

/// Stops the work when it has come some way.
struct StopAfter<'s> {
    steps: AtomicUsize,
    stop: &'s AtomicBool,
}

impl Progress for StopAfter<'_> {
    fn advance(&self, _: u64, _: u64, _: u64) {
        if self.steps.fetch_sub(1, Ordering::Relaxed) == 1 {
            self.stop.store(true, Ordering::Relaxed);
        }
    }

    fn phase(&self, _: Phase, _: u64, _: u64) {}
    fn skipped(&self, _: &Rejection) {}
    fn note(&self, _: &str) {}
}

#[test]
fn what_was_left_out_when_stopped_is_read_next_time() {
    for steps in [1, 2, 5, 9] {
        let place = Place::new();
        for id in 0..70 {
            place.write(&format!("{id}.txt"), &article(id, 1));
        }
        // Large enough to be read record by record by one thread while others take them in.
        let rows: Vec<String> = (0..1_700).map(|id| row(&format!("r{id}"), "Rows", id)).collect();
        place.write("rows.jsonl", &rows.join("\n"));
        let stop = AtomicBool::new(false);
        let progress = StopAfter { steps: AtomicUsize::new(steps), stop: &stop };
        let report = update(&place.request("index"), &progress, &stop).expect("an update");
        assert!(report.interrupted, "after {steps} steps");
        let report = place.update();
        assert!(!report.interrupted && report.added > 0, "after {steps} steps");
        assert_eq!(place.index("index").info().expect("info").articles, 1_770, "after {steps} steps");
    }
}

#[test]
fn what_lies_in_an_unseen_folder_is_not_gone() {
    let place = Place::new();
    for name in ["a.txt", "shut/b.txt", "shut/in/c.txt", "shutter/d.txt"] {
        place.write(name, &article(name.len(), 1));
    }
    place.update();
    let index = place.index("index");
    let mut plan = plan::plan(Some(&index.state()), Vec::new(), &[], Reasons::default(), 0).expect("a plan");
    assert_eq!(plan.gone.len(), 4);
    let shut = place.corpus().join("shut").display().to_string();
    plan::keep_unseen(&mut plan, &index.state(), &[shut]).expect("a plan");
    assert_eq!((plan.gone.len(), plan.unchanged), (2, 2));
}

#[cfg(target_os = "linux")]
#[test]
fn a_file_that_cannot_be_read_for_now_keeps_its_article() {
    let place = Place::new();
    place.write("a.txt", &article(1, 1));
    place.write("b.txt", &article(2, 1));
    place.update();
    place.remove("a.txt");
    // Reading it is an error of the system.
    std::os::unix::fs::symlink("/proc/self/mem", place.corpus().join("a.txt")).expect("a link");
    for _ in 0..2 {
        let report = place.update();
        assert_eq!((report.skipped, report.removed), (1, 0));
        assert_eq!(place.index("index").info().expect("info").articles, 2);
    }
    place.remove("a.txt");
    place.write("a.txt", &article(1, 2));
    assert_eq!(place.update().changed, 1);
    place.check_same_as_rebuilt();
}

#[cfg(unix)]
#[test]
fn names_that_are_no_text_stay_apart() {
    use std::os::unix::ffi::OsStrExt;
    let place = Place::new();
    for (byte, id) in [(0xFEu8, 1), (0xFF, 2)] {
        let name = [b"page-", &[byte][..], b".txt"].concat();
        fs::write(place.corpus().join(std::ffi::OsStr::from_bytes(&name)), article(id, 1)).expect("written");
    }
    assert_eq!(place.update().added, 2);
    assert_eq!(place.index("index").info().expect("info").articles, 2);
    assert_eq!(place.update().unchanged, 2);
    place.check_same_as_rebuilt();
}

#[test]
fn an_edit_is_found_whatever_its_time_says() {
    let place = Place::new();
    let path = place.corpus().join("a.txt");
    let at = |seconds: i64| {
        let since = std::time::Duration::from_secs(seconds.unsigned_abs());
        let time = if seconds < 0 { UNIX_EPOCH - since } else { UNIX_EPOCH + since };
        let file = fs::File::options().write(true).open(&path).expect("a file");
        file.set_modified(time).expect("a time");
    };
    // Same size, same time, ever again: years ago, before 1970, in the future.
    for (round, seconds) in [1_000_000_000, -1_000, 4_000_000_000, 1_000_000_000].into_iter().enumerate() {
        for version in [1, 2] {
            place.write("a.txt", &article(1, version + 2 * round));
            at(seconds);
            let report = place.update();
            assert_eq!(report.added + report.changed, 1, "round {round}, version {version}");
        }
    }
    place.check_same_as_rebuilt();
}

#[test]
fn a_time_that_cannot_be_trusted_does_not_make_a_new_state_each_time() {
    let place = Place::new();
    place.write("a.txt", &article(1, 1));
    place.update();
    let listed = || {
        let dir = IndexDir::new(&place.request("index").index);
        let path = dir.generation(dir.current().expect("a generation"));
        fs::read(path.join("meta.json")).expect("a list")
    };
    let before = listed();
    assert_eq!(place.update().unchanged, 1);
    assert_eq!(listed(), before);
}

#[test]
fn a_rebuild_that_ended_before_it_was_named_is_named() {
    let place = Place::new();
    place.write("a.txt", &article(1, 1));
    place.update();
    let root = place.request("index").index;
    let manifest = fs::read(root.join("onrecord-index.json")).expect("read");
    // Its reader keeps the old generation from being removed.
    let reader = place.index("index");
    place.write("a.txt", &article(1, 2));
    run(&BuildRequest { rebuild: true, ..place.request("index") }).expect("a rebuild");
    // As a kill leaves it between the last two steps: the new generation is whole, the manifest names the old one.
    let dir = IndexDir::new(&root);
    let right = dir.lock().expect("the right to write");
    fs::write(root.join("onrecord-index.json"), manifest).expect("written");
    let unfinished = Manifest { building: Some(2), ..dir.manifest().expect("read").expect("a manifest") };
    dir.publish(unfinished, &right).expect("published");
    drop(right);
    assert!(place.update().published);
    assert_eq!(dir.current().ok(), Some(2));
    assert!(reader.refresh().is_ok());
    place.check_same_as_rebuilt();
}

#[test]
fn a_lost_manifest_is_found_out_and_mended() {
    let place = Place::new();
    place.write("a.txt", &article(1, 1));
    place.update();
    let root = place.request("index").index;
    for damage in ["", "{", "{\"format\":1,\"generation\":7,\"building\":null,\"sum\":\"0\"}"] {
        fs::write(root.join("onrecord-index.json"), damage).expect("written");
        assert_eq!(local::check::check(&root).expect("a check").problems.len(), 1);
        assert!(local::open(&root).is_err());
        assert!(matches!(
            run(&BuildRequest { corpus: Vec::new(), ..place.request("index") }),
            Err(BuildError::Engine(EngineError::Damaged { .. }))
        ));
        // The corpus is known from what is left.
        let repair =
            BuildRequest { corpus: Vec::new(), rebuild: true, repair: true, ..place.request("index") };
        let report = run(&repair).expect("a repair");
        assert_eq!(report.added, 1);
        assert!(!report.aside.is_empty(), "the manifest is set aside");
        place.check_same_as_rebuilt();
    }
    run(&BuildRequest { rebuild: true, force: true, ..place.request("index") }).expect("a rebuild");
    assert_eq!(IndexDir::new(&root).aside(), [] as [PathBuf; 0]);
}

#[test]
fn damaged_lists_are_found_out() {
    let place = Place::new();
    place.write("a.txt", &article(1, 1));
    place.update();
    let dir = IndexDir::new(&place.request("index").index);
    let path = dir.generation(dir.current().expect("a generation"));
    for name in ["meta.json", "published.json"] {
        let whole = fs::read(path.join(name)).expect("read");
        for at in (0..whole.len()).step_by(61) {
            let mut damaged = whole.clone();
            damaged[at] ^= 1;
            fs::write(path.join(name), &damaged).expect("written");
            let report = local::check::check(&dir.root).expect("a check");
            assert!(!report.problems.is_empty(), "{name}, byte {at}");
            fs::write(path.join(name), &whole[..at]).expect("written");
            let report = local::check::check(&dir.root).expect("a check");
            assert!(!report.problems.is_empty(), "{name}, cut at {at}");
        }
        fs::write(path.join(name), &whole).expect("written");
    }
    // This list only says what may be removed.
    fs::write(path.join(".managed.json"), "[\"").expect("written");
    assert_eq!(local::check::check(&dir.root).expect("a check").problems, []);
    place.write("b.txt", &article(2, 1));
    assert_eq!(place.update().added, 1);
    place.check_same_as_rebuilt();
}

#[test]
fn an_index_inside_its_corpus_is_not_indexed() {
    let place = Place::new();
    place.write("a.txt", &article(1, 1));
    let request = BuildRequest::new(vec![place.corpus()], place.corpus().join("index"));
    assert_eq!(run(&request).expect("a build").files, 1);
    assert_eq!(run(&request).expect("an update").files, 1);
}

#[test]
fn damage_is_an_error_that_names_the_file() {
    let place = Place::new();
    place.write("a.txt", &article(1, 1));
    place.update();
    let dir = IndexDir::new(&place.request("index").index);
    let path = dir.generation(dir.current().expect("a generation"));
    for entry in fs::read_dir(&path).expect("files").flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.len() < 33 {
            continue;
        }
        let whole = fs::read(entry.path()).expect("read");
        let mut damaged = whole.clone();
        let middle = damaged.len() / 2;
        damaged[middle] ^= 0x10;
        fs::write(entry.path(), &damaged).expect("written");
        let report = local::check::check(&dir.root).expect("a check");
        assert!(report.problems.iter().any(|problem| problem.file.ends_with(&name)), "{name}: {report:?}");
        fs::remove_file(entry.path()).expect("removed");
        let report = local::check::check(&dir.root).expect("a check");
        assert!(!report.problems.is_empty(), "{name} is missing");
        assert!(local::open(&dir.root).and_then(|index| index.info()).is_err(), "{name} is missing");
        fs::write(entry.path(), &whole).expect("written");
    }
    assert_eq!(local::check::check(&dir.root).expect("a check").problems, []);
}

/// One step of a random history.
#[derive(Clone, Debug)]
enum Step {
    Write(usize, usize),
    Rows(usize, Vec<(usize, usize)>),
    Remove(usize),
    Move(usize, usize),
    Update,
    Rebuild,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0..5usize, 0..4usize).prop_map(|(file, version)| Step::Write(file, version)),
        3 => (0..2usize, prop::collection::vec((0..4usize, 0..4usize), 0..5)).prop_map(|(file, rows)| Step::Rows(file, rows)),
        1 => (0..5usize).prop_map(Step::Remove),
        1 => (0..5usize, 0..5usize).prop_map(|(from, to)| Step::Move(from, to)),
        3 => Just(Step::Update),
        1 => Just(Step::Rebuild),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, max_shrink_iters: 40, ..ProptestConfig::default() })]

    #[test]
    fn an_updated_index_is_a_rebuilt_one(steps in prop::collection::vec(step(), 1..14)) {
        let place = Place::new();
        place.write("keep.txt", &article(9, 9));
        for step in steps {
            let name = |file: usize| format!("{file}.txt");
            match step {
                Step::Write(file, version) => place.write(&name(file), &article(version, version)),
                Step::Rows(file, rows) => {
                    let rows: Vec<String> =
                        rows.iter().map(|(id, version)| row(&format!("r{id}"), "Headline", *version)).collect();
                    place.write(&format!("{file}.jsonl"), &rows.join("\n"));
                }
                Step::Remove(file) => {
                    let _ = fs::remove_file(place.corpus().join(name(file)));
                }
                Step::Move(from, to) => {
                    let _ = fs::rename(place.corpus().join(name(from)), place.corpus().join(name(to)));
                }
                Step::Update => {
                    place.update();
                }
                Step::Rebuild => {
                    run(&BuildRequest { rebuild: true, ..place.request("index") }).expect("a rebuild");
                }
            }
        }
        place.update();
        place.check_same_as_rebuilt();
    }
}

/// Looks at the index whenever something is done.
struct Looker<'p> {
    place: &'p Place,
    seen: std::sync::Mutex<Vec<(u64, bool, u64)>>,
}

impl Progress for Looker<'_> {
    fn phase(&self, _phase: Phase, _files: u64, _bytes: u64) {}
    fn advance(&self, _files: u64, _bytes: u64, _records: u64) {
        if let Ok(index) = local::open(&self.place.dir.path().join("index")) {
            let articles = index.info().expect("told").articles;
            let look = (index.state().commit.state, index.is_finished(), articles);
            self.seen.lock().expect("not poisoned").push(look);
        }
    }
    fn skipped(&self, _rejection: &Rejection) {}
    fn note(&self, _message: &str) {}
}

#[test]
fn a_first_build_can_be_searched_while_it_goes_on() {
    let place = Place::new();
    for n in 0..60 {
        let said = format!("“We counted {n} boats,” said Ana Duarte{n}.").repeat(40);
        place.write(&format!("{n:02}.txt"), &format!("Harbour news {n}\n\n{said}\n"));
    }
    let mut request = place.request("index");
    request.threads = 1;
    request.first_look = Some(FirstLook { after: std::time::Duration::from_millis(1), bytes: 1 });
    request.checkpoint = std::time::Duration::from_millis(1);
    // So that less than all fits into the first moment.
    request.memory = 200_000;
    let looker = Looker { place: &place, seen: std::sync::Mutex::default() };
    update(&request, &looker, &AtomicBool::new(false)).expect("a build");
    let seen = looker.seen.into_inner().expect("not poisoned");
    assert!(seen.iter().any(|(_, finished, articles)| !finished && (1..60).contains(articles)), "{seen:?}");
    assert!(seen.is_sorted(), "{seen:?}");
    let index = place.index("index");
    assert!(index.is_finished());
    assert!(index.state().commit.state > 1);
    place.check_same_as_rebuilt();
}
