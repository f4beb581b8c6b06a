//! The fields of the lexical index and how a chunk fills them.

use auskunft_model::{ChunkId, Kind, Language};
use auskunft_store::search::ChunkRow;
use auskunft_text::identifier;
use tantivy::TantivyDocument;
use tantivy::schema::{
    Field, IndexRecordOption, STORED, STRING, Schema, SchemaBuilder, TextFieldIndexing, TextOptions,
};

use crate::analysis::{Stemming, concepts_of, gram_text, stems, words};
use crate::concepts;

/// Raised with every change of fields or of [`crate::analysis`]; an index of another version is built anew.
const VERSION: u32 = 3;

/// What an index must have been built with: the fields and the table of concepts.
pub(super) fn version() -> u32 {
    VERSION.wrapping_add(concepts::fingerprint())
}

/// Stands in a filter field for "none".
pub(super) const NONE: &str = "-";

/// Handles of the fields. "Head" is the document's title with the headings above the text.
#[derive(Debug, Clone)]
pub(super) struct Fields {
    pub(super) id: Field,
    pub(super) head_grams: Field,
    pub(super) body_grams: Field,
    pub(super) head_german: Field,
    pub(super) body_german: Field,
    pub(super) head_english: Field,
    pub(super) body_english: Field,
    pub(super) head_concepts: Field,
    pub(super) body_concepts: Field,
    pub(super) numbers: Field,
    pub(super) kind: Field,
    pub(super) product: Field,
    pub(super) category: Field,
    pub(super) family: Field,
    pub(super) maker: Field,
    pub(super) version: Field,
    pub(super) tag: Field,
    pub(super) language: Field,
    pub(super) region: Field,
}

/// Terms come in ready made, parted by blanks.
fn terms_field(builder: &mut SchemaBuilder, name: &str) -> Field {
    let indexing = TextFieldIndexing::default()
        .set_tokenizer("whitespace")
        .set_index_option(IndexRecordOption::WithFreqs)
        .set_fieldnorms(true);
    builder.add_text_field(name, TextOptions::default().set_indexing_options(indexing))
}

/// The schema with its handles.
pub(super) fn schema() -> (Schema, Fields) {
    let mut builder = Schema::builder();
    let fields = Fields {
        id: builder.add_text_field("id", STRING | STORED),
        head_grams: terms_field(&mut builder, "head_grams"),
        body_grams: terms_field(&mut builder, "body_grams"),
        head_german: terms_field(&mut builder, "head_german"),
        body_german: terms_field(&mut builder, "body_german"),
        head_english: terms_field(&mut builder, "head_english"),
        body_english: terms_field(&mut builder, "body_english"),
        head_concepts: terms_field(&mut builder, "head_concepts"),
        body_concepts: terms_field(&mut builder, "body_concepts"),
        numbers: terms_field(&mut builder, "numbers"),
        kind: builder.add_text_field("kind", STRING),
        product: builder.add_text_field("product", STRING),
        category: builder.add_text_field("category", STRING),
        family: builder.add_text_field("family", STRING),
        maker: builder.add_text_field("maker", STRING),
        version: builder.add_text_field("version", STRING),
        tag: builder.add_text_field("tag", STRING),
        language: builder.add_text_field("language", STRING),
        region: builder.add_text_field("region", STRING),
    };
    (builder.build(), fields)
}

/// What the index holds of a chunk.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    /// The chunk's row.
    pub(crate) row: ChunkRow,
    /// Its text.
    pub(crate) text: String,
}

impl Entry {
    /// Title and headings, each once: a FAQ's title is often its heading, too.
    fn head(&self) -> String {
        let mut parts = vec![self.row.title.as_str()];
        for heading in &self.row.heading_path {
            if !parts.contains(&heading.as_str()) {
                parts.push(heading);
            }
        }
        parts.join("\n")
    }

    /// The document that goes into the index.
    pub(super) fn document(&self, fields: &Fields) -> TantivyDocument {
        let mut document = TantivyDocument::default();
        document.add_text(fields.id, self.row.chunk_id.as_str());
        self.add_texts(&mut document, fields);
        self.add_filters(&mut document, fields);
        document
    }

    fn add_texts(&self, document: &mut TantivyDocument, fields: &Fields) {
        let head = self.head();
        let (head_words, body_words) = (words(&head), words(&self.text));
        document.add_text(fields.head_grams, gram_text(&head_words));
        document.add_text(fields.body_grams, gram_text(&body_words));
        let (stemming, head_stems, body_stems) = if self.row.language == Language::german() {
            (Stemming::German, fields.head_german, fields.body_german)
        } else {
            (Stemming::English, fields.head_english, fields.body_english)
        };
        document.add_text(head_stems, stems(&head_words, stemming).join(" "));
        document.add_text(body_stems, stems(&body_words, stemming).join(" "));
        document.add_text(fields.head_concepts, concept_text(&head_words));
        document.add_text(fields.body_concepts, concept_text(&body_words));
        document.add_text(fields.numbers, self.numbers(&head));
    }

    /// Normal forms of model numbers, EANs and part numbers in title, headings and text, and of the products' own ids.
    fn numbers(&self, head: &str) -> String {
        let found = identifier::find(head).into_iter().chain(identifier::find(&self.text));
        let printed = found.map(|number| number.text);
        let own = self.row.labels.products().into_iter().map(|id| id.to_string());
        let mut forms: Vec<String> = printed.chain(own).map(|text| identifier::normal_form(&text)).collect();
        forms.sort();
        forms.dedup();
        forms.join(" ")
    }

    fn add_filters(&self, document: &mut TantivyDocument, fields: &Fields) {
        let labels = &self.row.labels;
        document.add_text(fields.kind, self.row.kind.as_str());
        let products = labels.products();
        for product in &products {
            document.add_text(fields.product, product.as_str());
        }
        if products.is_empty() {
            document.add_text(fields.product, NONE);
        }
        document.add_text(fields.language, self.row.language.as_str());
        document.add_text(fields.region, labels.region.as_ref().map_or(NONE, |region| region.as_str()));
        let optional = [
            (fields.category, &labels.category),
            (fields.family, &labels.product_family),
            (fields.maker, &labels.maker),
            (fields.version, &labels.version),
        ];
        for (field, value) in optional {
            if let Some(value) = value {
                document.add_text(field, value);
            }
        }
        for tag in &labels.tags {
            document.add_text(fields.tag, tag);
        }
    }
}

/// The concepts of folded words as the index takes them.
fn concept_text(words: &[String]) -> String {
    concepts_of(words).into_iter().map(concepts::term).collect::<Vec<_>>().join(" ")
}

/// Kinds as the filter field holds them.
pub(super) fn kind_term(kind: Kind) -> &'static str {
    kind.as_str()
}

/// Reads a chunk id back from the index.
pub(super) fn chunk_id(document: &TantivyDocument, fields: &Fields) -> Option<ChunkId> {
    use tantivy::schema::Value as _;
    document.get_first(fields.id).and_then(|value| value.as_str()).and_then(|id| ChunkId::parse(id).ok())
}
