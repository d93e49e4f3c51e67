//! One JSON object becomes an article: keys are looked up as they are met, unknown values are never built.
//!
//! In: the bytes of one object. Out: the article or its rejection. What programs write though JSON forbids it (`NaN`, raw
//! control characters, half surrogates, Windows-1252 bytes) is mended once and told.

use std::fmt;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};

use super::super::decode;
use super::super::keys::{Field, FieldMap, KeyUse, Role};
use super::super::record::Found;
use super::super::value::Value;
use super::Origin;
use crate::model::{Notice, NoticeKind, RawArticle, Rejection, RejectionReason};

/// What came of one object.
pub(crate) struct Read {
    /// The article, or the reason why there is none.
    pub(crate) result: Result<RawArticle, Rejection>,
    /// Whether one of its keys gave a body; without one it may be an object that holds records.
    pub(crate) has_body: bool,
}

/// Reads the object in `bytes`. `default_id` stands in where the record has no id of its own.
pub(crate) fn read(bytes: &[u8], origin: &Origin, record: Option<u64>, default_id: Option<&str>) -> Read {
    let mut notices = Vec::new();
    let text = decode::decode_str(bytes, None, &mut notices);
    let mended;
    let found = match parse(&text, origin.map()) {
        Ok(found) => Ok(found),
        Err(error) => match mend(&text) {
            Some(text) => {
                mended = text;
                let found = parse(&mended, origin.map());
                if found.is_ok() {
                    let message = "the JSON was not well-formed and was mended";
                    notices.push(Notice::new(NoticeKind::BadBytes, message));
                }
                found.map_err(|_| error)
            }
            None => Err(error),
        },
    };
    let mut found = match found {
        Ok(found) => found,
        Err(error) => {
            let message = malformed(&error, bytes.len());
            return Read {
                result: Err(origin.reject(record, RejectionReason::Malformed, message)),
                has_body: false,
            };
        }
    };
    let has_body = found.values.has_body();
    if !found.has_text_key {
        return Read { result: Err(no_body(&text, origin, record)), has_body };
    }
    if let Some(id) = default_id {
        found.values.set_default(Field::Id, id.to_owned());
    }
    Read { result: found.values.into_article(origin.at(record), notices), has_body }
}

fn no_body(text: &str, origin: &Origin, record: Option<u64>) -> Rejection {
    let keys: Vec<String> = serde_json::from_str::<Keys>(text).map(|keys| keys.0).unwrap_or_default();
    origin.unknown_shape(record, keys.iter().map(String::as_str))
}

fn malformed(error: &serde_json::Error, len: usize) -> String {
    if error.is_eof() {
        return format!("not well-formed JSON: it ends early, after {len} bytes");
    }
    let text = error.to_string();
    let what = text.split(" at line ").next().unwrap_or(&text);
    match (error.line(), error.column()) {
        (0 | 1, column) => format!("not well-formed JSON: {what} at byte {column}"),
        (line, column) => format!("not well-formed JSON: {what} at its line {line}, byte {column}"),
    }
}

struct Parsed<'t> {
    values: Found<'t>,
    has_text_key: bool,
}

fn parse<'t>(text: &'t str, map: &FieldMap) -> Result<Parsed<'t>, serde_json::Error> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let parsed = deserializer.deserialize_map(RecordVisitor { map })?;
    deserializer.end()?;
    Ok(parsed)
}

struct RecordVisitor<'m> {
    map: &'m FieldMap,
}

impl<'de> Visitor<'de> for RecordVisitor<'_> {
    type Value = Parsed<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut values = Found::default();
        let mut has_text_key = false;
        while let Some(key) = map.next_key_seed(KeySeed { map: self.map })? {
            match key {
                None => {
                    map.next_value::<IgnoredAny>()?;
                }
                Some((key_use, name)) => {
                    has_text_key |= matches!(key_use.role, Role::Field(Field::Body | Field::Standfirst));
                    values.offer(self.map, key_use, &name, map.next_value::<Value<'de>>()?);
                }
            }
        }
        // The keys inside a wrapper are known only by what they brought.
        has_text_key |= values.has_body() || values.peek(Field::Standfirst).is_some();
        Ok(Parsed { values, has_text_key })
    }
}

struct KeySeed<'m> {
    map: &'m FieldMap,
}

impl<'de> DeserializeSeed<'de> for KeySeed<'_> {
    type Value = Option<(KeyUse, String)>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for KeySeed<'_> {
    type Value = Option<(KeyUse, String)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E>(self, key: &str) -> Result<Self::Value, E> {
        Ok(self.map.key(key).map(|key_use| (key_use, key.to_owned())))
    }
}

struct Keys(Vec<String>);

impl<'de> Deserialize<'de> for Keys {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Collect;
        impl<'de> Visitor<'de> for Collect {
            type Value = Keys;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut keys = Vec::new();
                while let Some((key, IgnoredAny)) = map.next_entry::<String, IgnoredAny>()? {
                    keys.push(key);
                }
                Ok(Keys(keys))
            }
        }
        deserializer.deserialize_map(Collect)
    }
}

/// The text with what JSON forbids but programs write made legal; `None` when there is nothing of the kind.
///
/// Inside strings: raw control characters become escapes, halves of surrogate pairs U+FFFD, a backslash before a character
/// that takes none stands for itself. Outside: `NaN`, `Infinity`, `undefined`, `None` become `null`, Python's `True` and
/// `False` their small forms, a comma before a closing bracket goes.
fn mend(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len() + 16);
    let mut in_string = false;
    let mut is_changed = false;
    let mut at = 0;
    let bytes = text.as_bytes();
    while at < bytes.len() {
        let rest = &text[at..];
        let Some(c) = rest.chars().next() else { break };
        let mut n = c.len_utf8();
        if !in_string {
            let word = OUTSIDE.iter().find(|(wrong, _)| rest.starts_with(wrong));
            if let Some((wrong, right)) = word {
                out.push_str(right);
                at += wrong.len();
                is_changed = true;
                continue;
            }
            let is_stray_comma =
                c == ',' && matches!(rest[1..].trim_start().as_bytes().first(), Some(b'}' | b']'));
            if is_stray_comma {
                is_changed = true;
            } else {
                in_string = c == '"';
                out.push(c);
            }
            at += n;
            continue;
        }
        match c {
            '"' => {
                in_string = false;
                out.push(c);
            }
            '\\' => {
                let escape = Escape::at(rest);
                is_changed |= !escape.is_right;
                out.push_str(match escape.meant {
                    Some(meant) => meant,
                    None => &rest[..escape.len],
                });
                n = escape.len;
            }
            c if (c as u32) < 0x20 => {
                is_changed = true;
                match c {
                    '\n' => out.push_str("\\n"),
                    '\r' => out.push_str("\\r"),
                    '\t' => out.push_str("\\t"),
                    _ => {}
                }
            }
            c => out.push(c),
        }
        at += n;
    }
    is_changed.then_some(out)
}

const OUTSIDE: [(&str, &str); 7] = [
    ("-Infinity", "null"),
    ("Infinity", "null"),
    ("NaN", "null"),
    ("undefined", "null"),
    ("None", "null"),
    ("True", "true"),
    ("False", "false"),
];

struct Escape {
    len: usize,
    is_right: bool,
    meant: Option<&'static str>,
}

impl Escape {
    fn at(rest: &str) -> Escape {
        let right = |len| Escape { len, is_right: true, meant: None };
        let wrong = |len, meant| Escape { len, is_right: false, meant: Some(meant) };
        match rest.as_bytes().get(1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => right(2),
            Some(b'\'') => wrong(2, "'"),
            Some(b'u') => match unit(rest) {
                Some(0xD800..=0xDBFF) => {
                    match rest.get(6..).filter(|low| low.starts_with("\\u")).and_then(unit) {
                        Some(0xDC00..=0xDFFF) => right(12),
                        _ => wrong(6, "\u{fffd}"),
                    }
                }
                Some(0xDC00..=0xDFFF) => wrong(6, "\u{fffd}"),
                Some(_) => right(6),
                None => wrong(1, "\\\\"),
            },
            _ => wrong(1, "\\\\"),
        }
    }
}

fn unit(escape: &str) -> Option<u16> {
    let digits = escape.get(2..6).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
    u16::from_str_radix(digits, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        assert_eq!(mend(text).as_deref(), expected);
    }

    #[test]
    fn mends_what_programs_write() {
        check(r#"{"a":NaN,"b":"NaN","c":[1,],}"#, Some(r#"{"a":null,"b":"NaN","c":[1]}"#));
        check("{\"a\":\"tab\there\0\"}", Some("{\"a\":\"tab\\there\"}"));
        check(
            r#"{"a":"\ud83d x \ud83d\ude00 \udc00"}"#,
            Some("{\"a\":\"\u{fffd} x \\ud83d\\ude00 \u{fffd}\"}"),
        );
        check(r#"{"a":"it\'s C:\dir \u12"}"#, Some(r#"{"a":"it's C:\\dir \\u12"}"#));
        check(r#"{"a":"fine \" \\ \u00e9"}"#, None);
    }
}
