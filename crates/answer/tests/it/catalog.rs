//! A catalog made by hand: documents of one or more chunks, published through the store.

use std::path::Path;
use std::sync::Arc;

use auskunft_answer::{Desk, Settings};
use auskunft_embed::{Embedder, EmbedderSettings, TextKind};
use auskunft_model::{
    Attribute, Chunk, ChunkId, Digest, Document, DocumentId, Kind, Labels, Language, Outcome, ProductId,
    Section,
};
use auskunft_store::Stores;
use auskunft_store::documents::{StoredText, document_key};
use auskunft_store::generation::{self, GenerationInfo};
use auskunft_store::ledger::{DocumentRow, Pages, SourceRow, Stated};
use auskunft_store::products::{self, ProductRow};
use auskunft_store::publish::{self, Batch, EmbeddedChunk, FinishedSource, ReadyDocument};
use chrono::NaiveDate;

/// A document with its chunks: headings, page, text.
#[derive(Clone)]
pub(crate) struct Text {
    pub(crate) source: String,
    pub(crate) anchor: Option<String>,
    pub(crate) kind: Kind,
    pub(crate) title: String,
    pub(crate) language: Language,
    pub(crate) labels: Labels,
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) parts: Vec<(Vec<String>, Option<u32>, String)>,
}

impl Text {
    pub(crate) fn new(source: &str, kind: Kind, title: &str, text: &str) -> Self {
        Self {
            source: source.to_owned(),
            anchor: None,
            kind,
            title: title.to_owned(),
            language: Language::german(),
            labels: Labels::default(),
            attributes: Vec::new(),
            parts: vec![(Vec::new(), None, text.to_owned())],
        }
    }

    pub(crate) fn anchor(mut self, anchor: &str) -> Self {
        self.anchor = Some(anchor.to_owned());
        self
    }

    pub(crate) fn about(mut self, product: &str) -> Self {
        self.labels.product_id = Some(ProductId::parse(product).unwrap());
        self
    }

    pub(crate) fn in_english(mut self) -> Self {
        self.language = Language::english();
        self
    }

    pub(crate) fn page(mut self, page: u32, heading: &str) -> Self {
        self.parts[0].0 = vec![heading.to_owned()];
        self.parts[0].1 = Some(page);
        self
    }

    pub(crate) fn attribute(mut self, key: &str, text: &str) -> Self {
        self.attributes.push(Attribute::text(key, text));
        self
    }

    fn id(&self) -> DocumentId {
        DocumentId::derive(&self.source, self.anchor.as_deref())
    }

    fn document(&self) -> Document {
        let mut document = Document::new(
            &self.source,
            self.anchor.as_deref(),
            self.kind,
            &self.title,
            self.language.clone(),
        );
        document.id = self.id();
        document.sections = self
            .parts
            .iter()
            .map(|(path, page, text)| Section::of_paragraphs(path.clone(), *page, vec![text.clone()]))
            .collect();
        document
    }

    fn chunks(&self) -> Vec<Chunk> {
        let chunk = |(ordinal, (path, page, text)): (usize, &(Vec<String>, Option<u32>, String))| Chunk {
            id: ChunkId::derive(&self.id(), *page, path, text, 0),
            document_id: self.id(),
            ordinal: u32::try_from(ordinal).unwrap(),
            kind: self.kind,
            language: self.language.clone(),
            heading_path: path.clone(),
            page: *page,
            text: text.clone(),
            embedded_text: format!("{}\n{}\n{text}", self.title, path.join(" > ")),
            tokens: 0,
        };
        self.parts.iter().enumerate().map(chunk).collect()
    }
}

/// Stores with their first generation, and what fills them.
pub(crate) struct Shop {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) stores: Stores,
    pub(crate) embedder: Arc<dyn Embedder>,
    pub(crate) info: GenerationInfo,
}

pub(crate) fn hashed() -> Arc<dyn Embedder> {
    auskunft_embed::open(&EmbedderSettings::hashed()).unwrap()
}

pub(crate) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

impl Shop {
    pub(crate) async fn open() -> Self {
        Self::open_with(hashed()).await
    }

    pub(crate) async fn open_with(embedder: Arc<dyn Embedder>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let stores = Stores::open_embedded(&folder.path().join("data"), "test").await.unwrap();
        let recipe = generation::Recipe::new(embedder.space(), embedder.dimensions(), "test");
        let made = generation::create_first(&stores.database, recipe).await;
        Self { folder, stores, embedder, info: made.unwrap() }
    }

    pub(crate) fn settings(&self) -> Settings {
        Settings {
            index_dir: self.folder.path().join("lexical"),
            today: Some(day("2026-11-21")),
            time_zone: chrono_tz::Europe::Berlin,
            query_cache_entries: 100,
            default_language: Language::german(),
        }
    }

    pub(crate) async fn desk(&self) -> Desk {
        Desk::open(self.stores.clone(), Arc::clone(&self.embedder), self.settings()).await.unwrap()
    }

    /// Publishes texts; each source holds exactly the texts of it that are given together.
    pub(crate) async fn publish(&self, texts: &[Text]) {
        for batch in texts.chunks(publish::BATCH_DOCUMENTS) {
            self.write_documents(batch).await;
            let documents = batch.iter().map(|text| self.ready(text)).collect();
            let batch = Batch { documents, ..Batch::default() };
            publish::publish(&self.stores.database, self.info.generation, &batch).await.unwrap();
        }
        let mut sources: Vec<&str> = texts.iter().map(|text| text.source.as_str()).collect();
        sources.sort_unstable();
        sources.dedup();
        let finished = sources.into_iter().map(|source| finished(source, texts)).collect();
        self.commit(Batch { finished, ..Batch::default() }).await;
    }

    pub(crate) async fn remove(&self, source: &str) {
        self.commit(Batch { removed: vec![source.to_owned()], ..Batch::default() }).await;
    }

    async fn commit(&self, batch: Batch) {
        publish::publish(&self.stores.database, self.info.generation, &batch).await.unwrap();
    }

    /// Makes a product of a product page that is published.
    pub(crate) async fn products(&self, pages: &[(&Text, &str, &str, &str)]) {
        let row = |(page, maker, category, family): &(&Text, &str, &str, &str)| ProductRow {
            id: page.labels.product_id.clone().unwrap(),
            name: page.title.clone(),
            maker: Some((*maker).to_owned()),
            category: Some((*category).to_owned()),
            product_family: Some((*family).to_owned()),
            region: None,
            obsolete: false,
            successor_id: None,
            document_id: page.id(),
            document_version: version(page),
            source: page.source.clone(),
        };
        let changed: Vec<_> = pages.iter().map(|page| (row(page), Vec::new())).collect();
        products::replace(&self.stores.database, self.info.generation, &changed, &[]).await.unwrap();
    }

    async fn write_documents(&self, texts: &[Text]) {
        let chunks = texts.iter().flat_map(|text| {
            text.chunks().into_iter().map(|chunk| StoredText {
                chunk_id: chunk.id,
                doc_id: chunk.document_id,
                text: chunk.text,
                product_id: text.labels.product_id.clone(),
                tags: Vec::new(),
            })
        });
        let chunks: Vec<StoredText> = chunks.collect();
        self.stores.documents.put_texts(&chunks).await.unwrap();
        let documents: Vec<(String, Document)> =
            texts.iter().map(|text| (document_key(&text.id(), &version(text)), text.document())).collect();
        let documents: Vec<(String, &Document)> =
            documents.iter().map(|(key, one)| (key.clone(), one)).collect();
        self.stores.documents.put_documents(&documents).await.unwrap();
    }

    fn ready(&self, text: &Text) -> ReadyDocument {
        let chunks = text.chunks();
        let embedded: Vec<&str> = chunks.iter().map(|chunk| chunk.embedded_text.as_str()).collect();
        let vectors = self.embedder.embed(TextKind::Passage, &embedded).unwrap();
        let chunks = chunks.into_iter().zip(vectors).map(|(chunk, embedding)| EmbeddedChunk {
            text_digest: Digest::of(chunk.embedded_text.as_bytes()).to_string(),
            chunk,
            embedding,
        });
        let source = text.source.clone();
        ReadyDocument {
            row: DocumentRow {
                document_id: text.id(),
                source: text.source.clone(),
                anchor: text.anchor.clone(),
                kind: text.kind.as_str().to_owned(),
                title: text.title.clone(),
                language: text.language.to_string(),
                version: version(text),
                stated: Stated::default(),
                labels: text.labels.clone(),
            },
            attributes: (!text.attributes.is_empty())
                .then(|| text.attributes.iter().map(|one| (one.clone(), source.clone())).collect()),
            chunks: chunks.collect(),
        }
    }
}

fn version(text: &Text) -> String {
    Digest::of(serde_json::to_string(&text.document()).unwrap().as_bytes()).to_string()
}

fn finished(source: &str, texts: &[Text]) -> FinishedSource {
    FinishedSource {
        row: SourceRow {
            path: source.to_owned(),
            kind: "faq".to_owned(),
            bytes: 0,
            bytes_digest: String::new(),
            input_digest: String::new(),
            outcome: Outcome::Ok,
            failure: None,
            pages: Pages::default(),
        },
        documents: texts.iter().filter(|text| text.source == source).map(Text::id).collect(),
        failures: Vec::new(),
    }
}

/// The committed fixtures.
pub(crate) fn fixtures() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../catalog-fixtures")
}
