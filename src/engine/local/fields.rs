//! The schema file as tantivy's schema, and the fields' handles.

use tantivy::schema::{
    BytesOptions, Field as Handle, IndexRecordOption, NumericOptions, Schema, TextFieldIndexing, TextOptions,
};

use crate::schema::{Field, FieldSpec, FieldType, SchemaSpec};

/// tantivy's schema and the handle of every field.
#[derive(Clone, Debug)]
pub struct Fields {
    /// tantivy's schema.
    pub schema: Schema,
    handles: Vec<Handle>,
}

impl Fields {
    /// Made from the schema file compiled into the program.
    pub fn embedded() -> Self {
        let spec = SchemaSpec::embedded();
        let mut builder = Schema::builder();
        let handles = spec.fields.iter().map(|field| add(&mut builder, field)).collect();
        Fields { schema: builder.build(), handles }
    }

    /// The handle of `field`.
    pub fn of(&self, field: Field) -> Handle {
        self.handles[field as usize]
    }
}

fn add(builder: &mut tantivy::schema::SchemaBuilder, field: &FieldSpec) -> Handle {
    match field.field_type {
        FieldType::Text => builder.add_text_field(&field.name, text(field)),
        FieldType::Keyword => builder.add_text_field(&field.name, keyword(field)),
        FieldType::U64 => builder.add_u64_field(&field.name, number(field)),
        FieldType::I64 => builder.add_i64_field(&field.name, number(field)),
        FieldType::Bytes => {
            let options = BytesOptions::default();
            builder.add_bytes_field(&field.name, if field.stored { options.set_stored() } else { options })
        }
    }
}

fn text(field: &FieldSpec) -> TextOptions {
    let record = match field.positions {
        true => IndexRecordOption::WithFreqsAndPositions,
        false => IndexRecordOption::WithFreqs,
    };
    let indexing = TextFieldIndexing::default()
        .set_tokenizer(field.analyzer.as_deref().unwrap_or("raw"))
        .set_index_option(record)
        .set_fieldnorms(field.lengths);
    TextOptions::default().set_indexing_options(indexing)
}

fn keyword(field: &FieldSpec) -> TextOptions {
    let indexing = TextFieldIndexing::default()
        .set_tokenizer("raw")
        .set_index_option(IndexRecordOption::Basic)
        .set_fieldnorms(false);
    let mut options = TextOptions::default();
    if field.indexed {
        options = options.set_indexing_options(indexing);
    }
    if field.fast {
        options = options.set_fast("raw");
    }
    options
}

fn number(field: &FieldSpec) -> NumericOptions {
    let mut options = NumericOptions::default();
    if field.indexed {
        options = options.set_indexed();
    }
    if field.fast {
        options = options.set_fast();
    }
    options
}
