//! JSON lines and JSON arrays. Characters that a terminal would obey are written as `\u` escapes.

use std::fmt::Write as _;
use std::io::{self, Write};

use serde_json::Value;

use super::record::Record;
use crate::text::sanitize::is_unsafe;

/// One object and a line feed.
///
/// # Errors
/// Those of the writer.
pub fn line(out: &mut dyn Write, record: &Record) -> io::Result<()> {
    let text = serde_json::to_string(record)?;
    out.write_all(escaped(&text).as_bytes())?;
    out.write_all(b"\n")
}

/// A JSON value and a line feed.
///
/// # Errors
/// Those of the writer.
pub fn value(out: &mut dyn Write, value: &Value) -> io::Result<()> {
    let text = serde_json::to_string(value)?;
    out.write_all(escaped(&text).as_bytes())?;
    out.write_all(b"\n")
}

/// One array, an object a line.
///
/// # Errors
/// Those of the writer.
pub fn array(out: &mut dyn Write, records: &[Record]) -> io::Result<()> {
    out.write_all(b"[")?;
    for (idx, record) in records.iter().enumerate() {
        out.write_all(if idx == 0 { b"\n" } else { b",\n" })?;
        let text = serde_json::to_string(record)?;
        out.write_all(escaped(&text).as_bytes())?;
    }
    out.write_all(b"\n]\n")
}

/// Unsafe characters occur inside JSON strings only, where an escape means the same.
fn escaped(json: &str) -> std::borrow::Cow<'_, str> {
    if !json.chars().any(is_unsafe) {
        return json.into();
    }
    let mut out = String::with_capacity(json.len() + 16);
    for c in json.chars() {
        if is_unsafe(c) {
            let mut units = [0u16; 2];
            for unit in c.encode_utf16(&mut units) {
                // Writing to a String cannot fail.
                let _ = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(c);
        }
    }
    out.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn escapes_what_a_terminal_would_obey() {
        let value = json!({ "text": "a\u{1b}[31m \u{202e}b\u{9b}\u{e0001}é" });
        let mut out = Vec::new();
        super::value(&mut out, &value).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(!text.trim_end().chars().any(is_unsafe), "{text:?}");
        assert!(text.contains('é'));
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
    }
}
