//! An [`IndexDocument`] as tantivy reads it: by reference, without copying its texts once more.

use std::sync::Arc;

use tantivy::schema::Field as Handle;
use tantivy::schema::document::{Document, ReferenceValue, ReferenceValueLeaf, Value as TantivyValue};

use super::budget::Claim;
use super::fields::Fields;
use crate::schema::{Field, IndexDocument, Value};

/// A document on its way into the index. Gives its claim on memory back when tantivy drops it, that is, once indexed.
pub(super) struct LocalDocument {
    pub(super) fields: Arc<Fields>,
    pub(super) document: IndexDocument,
    pub(super) _claim: Option<Arc<Claim>>,
}

/// A borrowed value.
#[derive(Clone, Copy, Debug)]
pub(super) struct Borrowed<'a>(&'a Value);

impl<'a> TantivyValue<'a> for Borrowed<'a> {
    type ArrayIter = std::iter::Empty<Self>;
    type ObjectIter = std::iter::Empty<(&'a str, Self)>;

    fn as_value(&self) -> ReferenceValue<'a, Self> {
        ReferenceValue::Leaf(match self.0 {
            Value::Tokens(text) => ReferenceValueLeaf::Str(text),
            Value::Keyword(text) => ReferenceValueLeaf::Str(text),
            Value::U64(number) => ReferenceValueLeaf::U64(*number),
            Value::I64(number) => ReferenceValueLeaf::I64(*number),
            Value::Bytes(bytes) => ReferenceValueLeaf::Bytes(bytes),
        })
    }
}

/// The values of one document with their handles.
pub(super) struct Values<'a> {
    fields: &'a Fields,
    values: std::slice::Iter<'a, (Field, Value)>,
}

impl<'a> Iterator for Values<'a> {
    type Item = (Handle, Borrowed<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        self.values.next().map(|(field, value)| (self.fields.of(*field), Borrowed(value)))
    }
}

impl Document for LocalDocument {
    type Value<'a> = Borrowed<'a>;
    type FieldsValuesIter<'a> = Values<'a>;

    fn iter_fields_and_values(&self) -> Values<'_> {
        Values { fields: &self.fields, values: self.document.values.iter() }
    }
}
