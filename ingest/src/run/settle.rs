//! Brings what is derived from the ledger in line with it: product tables, filter columns and the rows of
//! policies. Running it twice changes nothing; a killed run's next one does what was left.

use std::collections::{BTreeMap, HashMap};

use auskunft_model::{ChunkId, DocumentId, Labels, ProductId};
use auskunft_store::documents::StoredText;
use auskunft_store::generation::{GenerationInfo, ProductChanges};
use auskunft_store::ledger::DocumentRow;
use auskunft_store::publish::{self, BATCH_DOCUMENTS};
use auskunft_store::{Stores, policies, products, search};

use super::bind::{self, Binder, NumberedProduct};
use super::ready::STATEMENT_TEXTS;
use crate::catalog::manuals::ManualTable;

/// Settles products, bindings and policies; returns the products as they are now. `documents` are all of the ledger. Of a generation that
/// is not live bindings alone: products and policies are what the live one says.
pub async fn settle(
    stores: &Stores,
    info: &GenerationInfo,
    manuals: &ManualTable,
    documents: &[DocumentRow],
    is_live: bool,
) -> anyhow::Result<Vec<NumberedProduct>> {
    let wanted = bind::products(documents);
    if is_live {
        settle_products(stores, info, &wanted).await?;
    }
    let changes = bind::changes(documents, &Binder::new(&wanted, manuals));
    for changes in changes.chunks(BATCH_DOCUMENTS) {
        relabel(stores, info, changes).await?;
    }
    if is_live {
        policies::settle(&stores.database, info.generation).await?;
    }
    Ok(wanted)
}

async fn settle_products(
    stores: &Stores,
    info: &GenerationInfo,
    wanted: &[NumberedProduct],
) -> anyhow::Result<()> {
    let ProductChanges { changed, gone } = product_changes(stores, wanted).await?;
    for changed in changed.chunks(BATCH_DOCUMENTS) {
        products::replace(&stores.database, info.generation, changed, &[]).await?;
    }
    for gone in gone.chunks(BATCH_DOCUMENTS) {
        products::replace(&stores.database, info.generation, &[], gone).await?;
    }
    Ok(())
}

/// What the product tables lack of what is wanted, and what they hold beyond it.
pub async fn product_changes(stores: &Stores, wanted: &[NumberedProduct]) -> anyhow::Result<ProductChanges> {
    let stored = products::all(&stores.database).await?;
    let stored: BTreeMap<&ProductId, _> = stored.iter().map(|row| (&row.id, row)).collect();
    let changed = wanted.iter().filter(|(row, _)| stored.get(&row.id) != Some(&row)).cloned().collect();
    let is_wanted = |id: &ProductId| wanted.binary_search_by(|(row, _)| row.id.cmp(id)).is_ok();
    let gone = stored.keys().filter(|id| !is_wanted(id)).map(|id| (*id).clone()).collect();
    Ok(ProductChanges { changed, gone })
}

/// Texts first (they name product and tags, too), then the filter columns in one transaction.
async fn relabel(
    stores: &Stores,
    info: &GenerationInfo,
    changes: &[(DocumentId, Labels)],
) -> anyhow::Result<()> {
    let labels: HashMap<&DocumentId, &Labels> = changes.iter().map(|(id, labels)| (id, labels)).collect();
    let documents: Vec<&DocumentId> = changes.iter().map(|(id, _)| id).collect();
    let chunks = search::chunk_ids_of(&stores.database, info.generation, &documents).await?;
    for chunks in chunks.chunks(STATEMENT_TEXTS) {
        let ids: Vec<ChunkId> = chunks.iter().map(|(id, _)| id.clone()).collect();
        let mut texts = stores.documents.texts(&ids).await?;
        let stored = |(chunk_id, doc_id): &(ChunkId, DocumentId)| {
            let (text, labels) = (texts.remove(chunk_id)?, labels.get(doc_id)?);
            let (product_id, tags) = (labels.product_id.clone(), labels.tags.clone());
            Some(StoredText { chunk_id: chunk_id.clone(), doc_id: doc_id.clone(), text, product_id, tags })
        };
        let stored: Vec<StoredText> = chunks.iter().filter_map(stored).collect();
        stores.documents.put_texts(&stored).await?;
    }
    Ok(publish::relabel(&stores.database, info.generation, changes, chunks.len()).await?)
}
