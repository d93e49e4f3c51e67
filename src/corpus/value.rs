//! A value of a record, of whatever type it came: what JSON, YAML, TOML and CSV have in common.
//!
//! In: anything serde can read. Out: [`Value`], and its reading as text or as a list of names. Strings are borrowed from
//! the input where the format allows it.

use std::borrow::Cow;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

/// A value as found.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value<'a> {
    /// Nothing.
    Null,
    /// Yes or no.
    Bool(bool),
    /// A number, as written by serde.
    Number(String),
    /// A string.
    Text(Cow<'a, str>),
    /// An array.
    List(Vec<Value<'a>>),
    /// An object, in order, doubled keys kept.
    Object(Vec<(Cow<'a, str>, Value<'a>)>),
}

/// Keys under which an object keeps its one text: WordPress, JSON-LD, XML and MongoDB conversions, New York Times API.
const TEXT_KEYS: [&str; 16] = [
    "rendered",
    "name",
    "main",
    "title",
    "headline",
    "text",
    "#text",
    "@value",
    "value",
    "original",
    "$date",
    "$oid",
    "$numberLong",
    "@id",
    "$__toml_private_datetime",
    "iso",
];

impl<'a> Value<'a> {
    /// Whether there is nothing to read in it.
    pub(crate) fn is_blank(&self) -> bool {
        match self {
            Value::Null => true,
            Value::Text(text) => text.trim().is_empty(),
            Value::List(values) => values.iter().all(Value::is_blank),
            Value::Object(members) => members.is_empty(),
            Value::Bool(_) | Value::Number(_) => false,
        }
    }

    /// The value as one text: strings and numbers as they are, an object by its naming member, a list by its first
    /// member that has a text. `None` where there is none.
    pub(crate) fn into_text(self) -> Option<Cow<'a, str>> {
        match self {
            Value::Text(text) if text.trim().is_empty() => None,
            Value::Text(text) => Some(text),
            Value::Number(number) => Some(Cow::Owned(number)),
            Value::Null | Value::Bool(_) => None,
            Value::List(values) => values.into_iter().find_map(Value::into_text),
            Value::Object(members) => text_of_object(members),
        }
    }

    /// The value as running text: the strings of a list are its paragraphs.
    pub(crate) fn into_running_text(self) -> Option<Cow<'a, str>> {
        match self {
            Value::List(values) => {
                let parts: Vec<_> = values.into_iter().filter_map(Value::into_text).collect();
                if parts.is_empty() { None } else { Some(Cow::Owned(parts.join("\n\n"))) }
            }
            other => other.into_text(),
        }
    }

    /// The value as names: each string of a list, each object's name, a string cut at `;`, a list printed by Python
    /// (`['A B', 'C D']`) taken apart.
    pub(crate) fn into_names(self) -> Vec<String> {
        let mut names = Vec::new();
        self.collect_names(&mut names);
        names
    }

    fn collect_names(self, names: &mut Vec<String>) {
        match self {
            Value::List(values) => values.into_iter().for_each(|value| value.collect_names(names)),
            other => {
                if let Some(text) = other.into_text() {
                    split_names(&text, names);
                }
            }
        }
    }
}

fn text_of_object<'a>(members: Vec<(Cow<'a, str>, Value<'a>)>) -> Option<Cow<'a, str>> {
    let position = TEXT_KEYS.iter().find_map(|key| members.iter().position(|(name, _)| name == key));
    if let Some(position) = position {
        return members.into_iter().nth(position).and_then(|(_, value)| value.into_text());
    }
    // Names of reference managers and dates of CSL-JSON.
    let part = |key: &str| members.iter().find(|(name, _)| name == key).map(|(_, value)| value.clone());
    let given = part("given").or_else(|| part("firstname")).and_then(Value::into_text);
    let family = part("family").or_else(|| part("lastname")).and_then(Value::into_text);
    if let Some(family) = family {
        return Some(match given {
            Some(given) => Cow::Owned(format!("{given} {family}")),
            None => family,
        });
    }
    if let Some(Value::List(dates)) = part("date-parts") {
        let Some(Value::List(parts)) = dates.into_iter().next() else { return None };
        let numbers: Vec<u32> = parts
            .into_iter()
            .filter_map(Value::into_text)
            .filter_map(|part| part.trim().parse().ok())
            .collect();
        return match numbers[..] {
            [year, month, day, ..] => Some(Cow::Owned(format!("{year:04}-{month:02}-{day:02}"))),
            _ => None,
        };
    }
    None
}

fn split_names(text: &str, names: &mut Vec<String>) {
    let text = text.trim();
    let inner = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).map(str::trim);
    if let Some(inner) = inner {
        if inner.is_empty() {
            return;
        }
        if let Some(listed) = printed_list(inner) {
            names.extend(listed);
            return;
        }
    }
    names.extend(text.split(';').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned));
}

/// The strings of a list as Python prints it, without its brackets. `None` when it is something else.
fn printed_list(inner: &str) -> Option<Vec<String>> {
    let mut names = Vec::new();
    let mut rest = inner;
    loop {
        let mark = rest.chars().next().filter(|c| matches!(c, '\'' | '"'))?;
        let end = rest[1..].find(mark)? + 1;
        names.push(rest[1..end].trim().to_owned());
        rest = rest[end + 1..].trim_start();
        if rest.is_empty() {
            names.retain(|name| !name.is_empty());
            return Some(names);
        }
        rest = rest.strip_prefix(',')?.trim_start();
    }
}

impl<'de> Deserialize<'de> for Value<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor)
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value<'de>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("any value")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E>(self) -> Result<Self::Value, E> {
        Ok(Value::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Self::Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Self::Value, E> {
        Ok(Value::Number(value.to_string()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Self::Value, E> {
        Ok(Value::Number(value.to_string()))
    }

    fn visit_i128<E>(self, value: i128) -> Result<Self::Value, E> {
        Ok(Value::Number(value.to_string()))
    }

    fn visit_u128<E>(self, value: u128) -> Result<Self::Value, E> {
        Ok(Value::Number(value.to_string()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Self::Value, E> {
        Ok(Value::Number(value.to_string()))
    }

    fn visit_borrowed_str<E>(self, value: &'de str) -> Result<Self::Value, E> {
        Ok(Value::Text(Cow::Borrowed(value)))
    }

    fn visit_str<E>(self, value: &str) -> Result<Self::Value, E> {
        Ok(Value::Text(Cow::Owned(value.to_owned())))
    }

    fn visit_string<E>(self, value: String) -> Result<Self::Value, E> {
        Ok(Value::Text(Cow::Owned(value)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = seq.next_element()? {
            values.push(value);
        }
        Ok(Value::List(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        // Keys of YAML may be numbers or booleans, hence a value and not a string.
        while let Some(key) = map.next_key::<Value<'de>>()? {
            let value = map.next_value()?;
            if let Some(key) = key.into_text() {
                members.push((key, value));
            }
        }
        Ok(Value::Object(members))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_text(json: &str, expected: Option<&str>) {
        let value: Value<'_> = serde_json::from_str(json).unwrap();
        assert_eq!(value.into_text().as_deref(), expected, "{json}");
    }

    #[track_caller]
    fn check_names(json: &str, expected: &[&str]) {
        let value: Value<'_> = serde_json::from_str(json).unwrap();
        assert_eq!(value.into_names(), expected, "{json}");
    }

    #[test]
    fn reads_one_text_out_of_many_forms() {
        check_text(r#""plain""#, Some("plain"));
        check_text("17", Some("17"));
        check_text("true", None);
        check_text(r#"{"rendered":"Harbour vote"}"#, Some("Harbour vote"));
        check_text(r#"{"$date":{"$numberLong":"1700000000000"}}"#, Some("1700000000000"));
        check_text(r#"{"date-parts":[[2024,5,6]]}"#, Some("2024-05-06"));
        check_text(r#"{"date-parts":[]}"#, None);
        check_text(r#"[null,"","first"]"#, Some("first"));
    }

    #[test]
    fn reads_names_out_of_many_forms() {
        check_names(r#"["Ana Duarte","Jo Oyelaran"]"#, &["Ana Duarte", "Jo Oyelaran"]);
        check_names(r#"[{"name":"Ana Duarte","@type":"Person"}]"#, &["Ana Duarte"]);
        check_names(r#""Ana Duarte; Jo Oyelaran""#, &["Ana Duarte", "Jo Oyelaran"]);
        check_names(r#""['Ana Duarte', \"Pat O'Neil\"]""#, &["Ana Duarte", "Pat O'Neil"]);
        check_names(r#""[]""#, &[]);
        check_names(r#"{"family":"Duarte","given":"Ana"}"#, &["Ana Duarte"]);
        check_names(r#""[Staff]""#, &["[Staff]"]);
    }
}
