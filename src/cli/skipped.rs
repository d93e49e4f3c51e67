//! `skipped`: every record that is not indexed, with its reason, then every indexed article that lacks something.
//!
//! The rejected ones stand first, by path; the doubtful ones follow by what they lack, then by path. A record of the list
//! is one reason, so that an article without date and outlet is listed under both.

use std::io::{BufWriter, IsTerminal, Write};

use serde_json::json;

use super::args::{SkippedArgs, SkippedKind};
use super::exit::{FOUND, NOTHING};
use super::shape::Shape;
use super::{Context, locate};
use crate::engine::SearchBackend;
use crate::model::{Doubt, Rejection};
use crate::output::record::Record;

/// Keys of a record; `id` and `headline` are those of a doubtful article, which `show` takes.
const FIELDS: &[&str] = &["type", "kind", "reason", "path", "record", "message", "id", "headline"];

/// Runs `skipped`.
///
/// # Errors
/// No index, damage.
pub fn run(context: &Context, args: &SkippedArgs) -> anyhow::Result<u8> {
    let shape = Shape::new(&args.output, std::io::stdout().is_terminal(), FIELDS)?;
    let index = locate::open(context)?;
    let wants = |kind: SkippedKind| args.kind.is_none_or(|wanted| wanted == kind);
    let has_reason = |code: &str| args.reason.as_deref().is_none_or(|reason| reason == code);
    let mut records: Vec<Record> = Vec::new();
    if wants(SkippedKind::Rejected) {
        let rejections = index.skipped()?;
        records.extend(rejections.iter().filter(|found| has_reason(found.reason.code())).map(rejected));
    }
    if wants(SkippedKind::Doubtful) {
        let doubts = index.doubts()?;
        records.extend(doubts.iter().filter(|found| has_reason(found.kind.code())).map(doubtful));
    }
    let out = &mut BufWriter::new(std::io::stdout().lock());
    shape.records(out, &records, &["reason", "path", "record", "message"])?;
    out.flush()?;
    if records.is_empty() && std::io::stdout().is_terminal() {
        context.note("nothing was skipped, and no article is doubtful");
    }
    Ok(if records.is_empty() { NOTHING } else { FOUND })
}

fn rejected(rejection: &Rejection) -> Record {
    let mut record = Record::new();
    record.insert("type".into(), json!("skipped"));
    record.insert("kind".into(), json!("rejected"));
    record.insert("path".into(), json!(rejection.source_ref.path));
    record.insert("record".into(), json!(rejection.source_ref.record));
    record.insert("reason".into(), json!(rejection.reason.code()));
    record.insert("message".into(), json!(rejection.message));
    record
}

fn doubtful(doubt: &Doubt) -> Record {
    let mut record = Record::new();
    record.insert("type".into(), json!("skipped"));
    record.insert("kind".into(), json!("doubtful"));
    record.insert("path".into(), json!(doubt.source_ref.path));
    record.insert("record".into(), json!(doubt.source_ref.record));
    record.insert("reason".into(), json!(doubt.kind.code()));
    record.insert("message".into(), json!(doubt.message()));
    record.insert("id".into(), json!(doubt.id));
    record.insert("headline".into(), json!(doubt.headline));
    record
}
