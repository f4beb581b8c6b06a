//! Stores with a few documents, for the tests of this crate.

use auskunft_model::{Chunk, ChunkId, DocumentId, Kind, Labels, Language, Outcome, ProductId, SpaceId};

use crate::Stores;
use crate::generation::{self, GenerationInfo};
use crate::ledger::{DocumentRow, Pages, SourceRow, Stated};
use crate::publish::{self, Batch, EmbeddedChunk, FinishedSource, ReadyDocument};

/// Stores in a folder of their own, with an empty generation.
pub(crate) struct Opened {
    pub(crate) stores: Stores,
    pub(crate) info: GenerationInfo,
    _folder: tempfile::TempDir,
}

impl Opened {
    pub(crate) async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let stores = Stores::open_embedded(folder.path(), "test").await.unwrap();
        let space = SpaceId::new("s-1".to_owned());
        let info = generation::create_first(&stores.database, &space, 3, "1").await.unwrap();
        Self { stores, info, _folder: folder }
    }

    /// Publishes a source that is one document of so many chunks, bound to a product.
    pub(crate) async fn publish(&self, source: &str, chunks: u32, product: &str) -> DocumentId {
        let document = document(source, chunks, product);
        let id = document.row.document_id.clone();
        let finished = finished(source, &id);
        let batch = Batch { documents: vec![document], finished: vec![finished], ..Batch::default() };
        publish::publish(&self.stores.database, self.info.generation, &batch).await.unwrap();
        id
    }

    /// Runs statements as somebody would who damages the stores.
    pub(crate) async fn sql(&self, statements: &'static str) {
        self.stores.database.run_as_shop(statements).await.unwrap();
    }

    pub(crate) async fn close(self) {
        self.stores.close().await;
    }
}

fn document(source: &str, chunks: u32, product: &str) -> ReadyDocument {
    let id = DocumentId::derive(source, None);
    let labels = Labels { product_id: ProductId::parse(product).ok(), ..Labels::default() };
    let row = DocumentRow {
        document_id: id.clone(),
        source: source.to_owned(),
        anchor: None,
        kind: "faq".to_owned(),
        title: source.to_owned(),
        language: "de".to_owned(),
        version: "1".repeat(64),
        stated: Stated::default(),
        labels,
    };
    let chunks = (0..chunks).map(|ordinal| embedded(&id, ordinal)).collect();
    ReadyDocument { row, attributes: None, chunks }
}

fn embedded(document: &DocumentId, ordinal: u32) -> EmbeddedChunk {
    let text = format!("Text {ordinal}");
    let chunk = Chunk {
        id: ChunkId::derive(document, None, &[], &text, 0),
        document_id: document.clone(),
        ordinal,
        kind: Kind::Faq,
        language: Language::german(),
        heading_path: Vec::new(),
        page: None,
        embedded_text: text.clone(),
        text,
        tokens: 2,
    };
    EmbeddedChunk { chunk, text_digest: format!("{ordinal:064}"), embedding: vec![1.0, 0.5, 0.25] }
}

fn finished(source: &str, document: &DocumentId) -> FinishedSource {
    let row = SourceRow {
        path: source.to_owned(),
        kind: "faq".to_owned(),
        bytes: 1,
        bytes_digest: "1".to_owned(),
        input_digest: "1".to_owned(),
        outcome: Outcome::Ok,
        failure: None,
        pages: Pages::default(),
    };
    FinishedSource { row, documents: vec![document.clone()], failures: Vec::new() }
}
