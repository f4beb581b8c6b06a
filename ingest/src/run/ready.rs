//! What was read, with its vectors: as the stores keep it.

use auskunft_model::{Attribute, Document, Kind, Labels};
use auskunft_store::documents::{DocumentStore, StoredText, document_key};
use auskunft_store::ledger::{DocumentRow, Stated};
use auskunft_store::publish::{Batch, EmbeddedChunk, FinishedSource, ReadyDocument};

use super::bind::Binder;
use super::read::{ReadDocument, ReadTicket};

/// Texts written by one statement.
pub(super) const STATEMENT_TEXTS: usize = 256;

/// A batch that waits for nothing but the stores.
pub(super) struct ReadyBatch {
    pub(super) documents: Vec<(Document, ReadyDocument)>,
    /// Each with the path of its source.
    pub(super) tickets: Vec<(ReadTicket, String)>,
    pub(super) finished: Vec<FinishedSource>,
}

impl ReadyBatch {
    /// Texts and documents go into the document store before Postgres names them.
    pub(super) async fn keep(&self, store: &dyn DocumentStore) -> anyhow::Result<()> {
        let texts: Vec<StoredText> =
            self.documents.iter().flat_map(|(_, ready)| stored_texts(ready)).collect();
        for texts in texts.chunks(STATEMENT_TEXTS) {
            store.put_texts(texts).await?;
        }
        let keyed: Vec<(String, &Document)> = self
            .documents
            .iter()
            .map(|(document, ready)| (document_key(&document.id, &ready.row.version), document))
            .collect();
        store.put_documents(&keyed).await?;
        let tickets: Vec<_> = self
            .tickets
            .iter()
            .map(|(read, _)| (document_key(&read.document_id, &read.version), &read.ticket))
            .collect();
        store.put_tickets(&tickets).await?;
        Ok(())
    }
}

impl From<ReadyBatch> for Batch {
    fn from(ready: ReadyBatch) -> Self {
        let ReadyBatch { documents, tickets, finished } = ready;
        let tickets = tickets.into_iter().map(|(read, path)| ticket(read, &path));
        let documents = documents.into_iter().map(|(_, ready)| ready).chain(tickets).collect();
        Self { documents, finished, removed: Vec::new() }
    }
}

/// A document, bound to its product, with its ledger row and chunks.
pub(super) fn document(
    binder: &Binder<'_>,
    read: ReadDocument,
    chunks: Vec<EmbeddedChunk>,
) -> (Document, ReadyDocument) {
    let ReadDocument { document, version, additions, .. } = read;
    let mut row = DocumentRow {
        document_id: document.id.clone(),
        source: document.source.clone(),
        anchor: document.anchor.clone(),
        kind: document.kind.as_str().to_owned(),
        title: document.title.clone(),
        language: document.language.as_str().to_owned(),
        version,
        stated: stated(&document),
        labels: Labels::default(),
    };
    if let Some(additions) = &additions {
        row.stated.obsolete = additions.obsolete;
        row.stated.successor.clone_from(&additions.successor);
    }
    row.labels = binder.labels(&row);
    let attributes = additions.map(|additions| additions.attributes).or_else(|| granted(&document));
    (document, ReadyDocument { row, attributes, chunks })
}

fn stored_texts(ready: &ReadyDocument) -> impl Iterator<Item = StoredText> + '_ {
    ready.chunks.iter().map(|embedded| StoredText {
        chunk_id: embedded.chunk.id.clone(),
        doc_id: ready.row.document_id.clone(),
        text: embedded.chunk.text.clone(),
        product_id: ready.row.labels.product_id.clone(),
        tags: ready.row.labels.tags.clone(),
    })
}

/// What a document says about itself.
fn stated(document: &Document) -> Stated {
    let mut labels = Labels {
        product_id: document.stated_product(),
        category: document.category.clone(),
        product_family: document.product_family.clone(),
        maker: document.maker.clone(),
        version: document.version.clone(),
        region: document.region.clone(),
        valid_from: document.valid_from,
        valid_to: document.valid_to,
        tags: Vec::new(),
    };
    labels.state_tags(&document.tags);
    Stated { labels, identifiers: document.identifiers.clone(), obsolete: false, successor: None }
}

/// What a policy states in numbers: the shop's rules are derived from it.
fn granted(document: &Document) -> Option<Vec<(Attribute, String)>> {
    let stated =
        || document.attributes.iter().map(|stated| (stated.clone(), document.source.clone())).collect();
    (document.kind == Kind::Policy).then(stated)
}

/// A ticket's ledger row; it has no chunks.
fn ticket(read: ReadTicket, source: &str) -> ReadyDocument {
    let row = DocumentRow {
        document_id: read.document_id,
        source: source.to_owned(),
        anchor: Some(read.ticket.id),
        kind: "ticket".to_owned(),
        title: String::new(),
        language: String::new(),
        version: read.version,
        stated: Stated::default(),
        labels: Labels::default(),
    };
    ReadyDocument { row, attributes: None, chunks: Vec::new() }
}
