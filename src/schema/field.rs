//! The fields by name. `index-schema/v2.toml` says what each is; a test in `spec` keeps both lists equal.

macro_rules! fields {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)*) => {
        /// A field of the index.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Field {
            $($(#[$doc])* $variant,)*
        }

        impl Field {
            /// All fields, in the order of the schema file.
            pub const ALL: &'static [Field] = &[$(Field::$variant,)*];

            /// The name in the schema file and in the index.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Field::$variant => $name,)*
                }
            }
        }
    };
}

// One list instead of an enum, an array and a match that could drift apart.
fields! {
    /// What the document is, see `DocumentKind`.
    Kind = "kind",
    /// The article id as a number; the key by which a document is replaced.
    ArticleKey = "article_key",
    /// Headline, standfirst and body.
    Text = "text",
    /// Words said.
    QuoteText = "quote_text",
    /// Whom it was told to or who reported it.
    Via = "via",
    /// Role of the speaker.
    Role = "role",
    /// Lines cut from the page.
    Furniture = "furniture",
    /// Publication.
    Outlet = "outlet",
    /// Writers.
    Author = "author",
    /// Local canonical names of speakers.
    Speaker = "speaker",
    /// Day of publication.
    Date = "date",
    /// What the article has, as bits.
    Has = "has",
    /// The record's own id.
    SourceId = "source_id",
    /// Number of the quote within its article.
    QuoteNo = "quote_no",
    /// Direct, mixed, indirect.
    QuoteKind = "quote_kind",
    /// How the speaker was found.
    Grade = "grade",
    /// Quote documents that follow.
    NQuotes = "n_quotes",
    /// Tokens of the main text field.
    NTokens = "n_tokens",
    /// Words of the body.
    Words = "words",
    /// Sentence and paragraph starts.
    Bounds = "bounds",
    /// Positions between quotation marks.
    Quoted = "quoted",
    /// Signature for near-identical texts.
    CopySketch = "copy_sketch",
    /// Hash of the file's path.
    FileKey = "file_key",
    /// Record within the file.
    RecordNo = "record_no",
    /// Hash of the record as read.
    Fingerprint = "fingerprint",
    /// What one article found in several places has in common.
    SameKey = "same_key",
    /// Outlet, mark and lines, to find what repeats across articles.
    Lines = "lines",
    /// Bytes of a file.
    FileSize = "file_size",
    /// Time of a file's last change.
    FileModified = "file_modified",
    /// Hash of a file's bytes.
    FileHash = "file_hash",
    /// `same_key` of a duplicate.
    DuplicateOf = "duplicate_of",
    /// First complete state that had it.
    Added = "added",
    /// Everything that is shown.
    Record = "record",
}
