//! Hashes that tell whether a file or a record changed.
//!
//! In: a file, or a record as read. Out: hashes that are equal exactly when the content is. They hold across versions of
//! the program as long as this file does not change.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use crate::model::{GivenFields, Payload, RawArticle};

const BUFFER: usize = 128 * 1024;

/// Hash of the bytes of the file at `path`, 32 hexadecimal digits. Memory does not grow with the file.
///
/// # Errors
/// The file cannot be read.
pub fn content_hash(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let mut hasher = blake3::Hasher::new();
    let mut buffer = vec![0; BUFFER];
    loop {
        let n = match file.read(&mut buffer) {
            Ok(0) => break,
            Ok(n) => n,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        hasher.update(&buffer[..n]);
    }
    Ok(hasher.finalize().to_hex()[..32].to_owned())
}

impl RawArticle {
    /// Hash of text and given fields. Where the record stands does not count: a record that moved keeps it.
    pub fn fingerprint(&self) -> u64 {
        let mut hasher = blake3::Hasher::new();
        let (kind, text) = match &self.payload {
            Payload::Html(text) => (b'h', text),
            Payload::Page(text) => (b'p', text),
            Payload::Body(text) => (b'b', text),
        };
        hasher.update(&[kind]);
        add(&mut hasher, Some(text));
        let GivenFields {
            source_id,
            headline,
            standfirst,
            outlet,
            domain,
            date,
            authors,
            url,
            section,
            lang,
        } = &self.fields;
        for field in [source_id, headline, standfirst, outlet, domain, date, url, section, lang] {
            add(&mut hasher, field.as_ref());
        }
        for author in authors {
            add(&mut hasher, Some(author));
        }
        // Two texts that differ only in what was lost on the way are not the same record.
        for notice in &self.notices {
            add(&mut hasher, Some(&notice.message));
        }
        let hash = hasher.finalize();
        let mut first = [0; 8];
        first.copy_from_slice(&hash.as_bytes()[..8]);
        u64::from_le_bytes(first)
    }
}

/// Every value goes in with its length, so that no two lists of values run together alike.
fn add(hasher: &mut blake3::Hasher, text: Option<&String>) {
    match text {
        None => {
            hasher.update(&u64::MAX.to_le_bytes());
        }
        Some(text) => {
            hasher.update(&(text.len() as u64).to_le_bytes());
            hasher.update(text.as_bytes());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::SourceRef;

    fn article(headline: &str, authors: &[&str]) -> RawArticle {
        RawArticle {
            source: SourceRef::default(),
            payload: Payload::Body("The council met.".to_owned()),
            fields: GivenFields {
                headline: Some(headline.to_owned()),
                authors: authors.iter().map(|name| (*name).to_owned()).collect(),
                ..GivenFields::default()
            },
            notices: Vec::new(),
        }
    }

    #[test]
    fn tells_changes_and_ignores_places() {
        let one = article("Levee vote", &["Ana", "Jo"]);
        let mut moved = one.clone();
        moved.source.record = Some(9);
        assert_eq!(one.fingerprint(), moved.fingerprint());
        assert_ne!(one.fingerprint(), article("Levee vote", &["AnaJo"]).fingerprint());
        assert_ne!(one.fingerprint(), article("Levee votes", &["Ana", "Jo"]).fingerprint());
    }

    #[test]
    fn hashes_files() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a");
        std::fs::write(&path, vec![7u8; 300_000]).unwrap();
        let first = content_hash(&path).unwrap();
        assert_eq!(first.len(), 32);
        std::fs::write(&path, vec![8u8; 300_000]).unwrap();
        assert_ne!(first, content_hash(&path).unwrap());
    }
}
