//! The description of the fields: `index-schema/v2.toml`, read once and checked.
//!
//! Unknown keys, unknown analyzers, impossible combinations and a list that differs from [`Field`] are errors here, so
//! that an engine never meets them.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::Field;

/// The schema file, as compiled into the program.
pub const SCHEMA_TOML: &str = include_str!("../../index-schema/v2.toml");

/// Version of the code behind the analyzer names: raised when words are cut or folded differently, so that an
/// index made before is told apart although its fields look the same.
pub const ANALYZER_VERSION: u32 = 2;

/// A wrong schema file.
#[derive(Debug, thiserror::Error)]
pub enum SchemaError {
    /// Not TOML, or not of the expected shape.
    #[error("index-schema/v2.toml: {0}")]
    Malformed(#[from] toml::de::Error),
    /// A field that cannot be as described.
    #[error("index-schema/v2.toml: field {field}: {message}")]
    Field {
        /// The field's name.
        field: String,
        /// What is wrong.
        message: &'static str,
    },
}

/// What values a field has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FieldType {
    /// Words.
    Text,
    /// A whole value.
    Keyword,
    /// A number.
    U64,
    /// A number that may be negative.
    I64,
    /// Bytes.
    Bytes,
}

/// One field.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldSpec {
    /// Name.
    pub name: String,
    /// Values.
    #[serde(rename = "type")]
    pub field_type: FieldType,
    /// Kinds of document that carry it.
    pub kinds: Vec<String>,
    /// For text: the analyzer.
    pub analyzer: Option<String>,
    /// For text: keep the place of each word.
    #[serde(default)]
    pub positions: bool,
    /// For text: keep the length of the text, which ranking needs.
    #[serde(default)]
    pub lengths: bool,
    /// Can be looked up by value.
    #[serde(default)]
    pub indexed: bool,
    /// Has a column.
    #[serde(default)]
    pub fast: bool,
    /// Comes back with the document.
    #[serde(default)]
    pub stored: bool,
    /// A document may have several values.
    #[serde(default)]
    pub many: bool,
    /// For people.
    pub doc: String,
}

/// How a text is made into tokens.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnalyzerSpec {
    /// Always `words`: the tokenizer of `text::word`, folding included.
    pub tokenizer: String,
    /// How often a token of the headline's positions is indexed at its position.
    #[serde(default = "once")]
    pub headline_weight: u32,
    /// Longer tokens are cut to this many bytes, at a char boundary.
    pub max_token_bytes: usize,
}

const fn once() -> u32 {
    1
}

/// All fields and analyzers.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SchemaSpec {
    /// Version; raised with every change of what an index holds.
    pub version: u32,
    /// By name.
    pub analyzers: BTreeMap<String, AnalyzerSpec>,
    /// In file order.
    pub fields: Vec<FieldSpec>,
}

impl SchemaSpec {
    /// The schema compiled into the program.
    pub fn embedded() -> &'static SchemaSpec {
        static EMBEDDED: LazyLock<SchemaSpec> = LazyLock::new(|| {
            SchemaSpec::parse(SCHEMA_TOML).expect("the embedded schema is checked by a test")
        });
        &EMBEDDED
    }

    fn parse(text: &str) -> Result<SchemaSpec, SchemaError> {
        let spec: SchemaSpec = toml::from_str(text)?;
        for field in &spec.fields {
            spec.check(field)?;
        }
        let names = spec.fields.iter().map(|field| field.name.as_str());
        if !names.eq(Field::ALL.iter().map(|field| field.name())) {
            let field = String::from("(all)");
            return Err(SchemaError::Field { field, message: "the list differs from schema::Field" });
        }
        Ok(spec)
    }

    fn check(&self, field: &FieldSpec) -> Result<(), SchemaError> {
        let wrong = |message| Err(SchemaError::Field { field: field.name.clone(), message });
        let is_text = field.field_type == FieldType::Text;
        match &field.analyzer {
            Some(_) if !is_text => return wrong("an analyzer is for text"),
            None if is_text => return wrong("text needs an analyzer"),
            Some(analyzer) if !self.analyzers.contains_key(analyzer) => return wrong("unknown analyzer"),
            _ => {}
        }
        if !is_text && (field.positions || field.lengths) {
            return wrong("positions and lengths are for text");
        }
        if is_text && field.fast {
            return wrong("text has no column");
        }
        if !(field.indexed || field.fast || field.stored) {
            return wrong("neither indexed nor fast nor stored");
        }
        Ok(())
    }

    /// The description of `field`.
    pub fn field(&self, field: Field) -> &FieldSpec {
        &self.fields[field as usize]
    }

    /// Hash of fields and analyzers, as the stamp carries it. Comments, order of keys and `doc` do not count.
    pub fn hash(&self) -> String {
        let mut hasher = blake3::Hasher::new();
        let mut add = |part: String| {
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part.as_bytes());
        };
        let (positions, record) = (super::tokens::LAYOUT, super::record::LAYOUT);
        add(format!("{} {ANALYZER_VERSION} {positions:?} {record}", self.version));
        for (name, analyzer) in &self.analyzers {
            add(format!("{name} {analyzer:?}"));
        }
        for field in &self.fields {
            add(format!("{:?}", FieldSpec { doc: String::new(), ..field.clone() }));
        }
        hasher.finalize().to_hex()[..16].to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_rejects(change: (&str, &str), message: &str) {
        assert!(SCHEMA_TOML.contains(change.0), "nothing to change");
        let error = SchemaSpec::parse(&SCHEMA_TOML.replacen(change.0, change.1, 1)).err();
        let error = error.map(|error| error.to_string()).unwrap_or_default();
        assert!(error.contains(message), "{error}");
    }

    #[test]
    fn embedded_schema_is_sound() {
        if let Err(error) = SchemaSpec::parse(SCHEMA_TOML) {
            panic!("{error}");
        }
        let spec = SchemaSpec::embedded();
        for field in Field::ALL {
            assert_eq!(spec.field(*field).name, field.name());
        }
    }

    #[test]
    fn mistakes_in_the_schema_are_errors() {
        check_rejects(("positions = true", "position = true"), "unknown field `position`");
        check_rejects(("analyzer = \"words\"", "analyzer = \"wrods\""), "unknown analyzer");
        check_rejects(("name = \"via\"", "name = \"viva\""), "differs from schema::Field");
        check_rejects(("type = \"keyword\"", "type = \"keywords\""), "unknown variant");
    }

    #[test]
    fn hash_ignores_words_for_people() {
        let spec = SchemaSpec::embedded();
        let mut other = spec.clone();
        other.fields[3].doc = "something else".to_owned();
        assert_eq!(spec.hash(), other.hash());
        other.fields[3].positions = false;
        assert_ne!(spec.hash(), other.hash());
    }
}
