//! Brings what is derived from the ledger in line with it: product tables and filter columns. Running it twice changes
//! nothing; a killed run's next one does what was left.

use std::collections::BTreeMap;

use auskunft_model::{DocumentId, Labels, ProductId};
use auskunft_store::documents::StoredText;
use auskunft_store::generation::GenerationInfo;
use auskunft_store::publish::{self, BATCH_DOCUMENTS};
use auskunft_store::{Stores, ledger, products, search};

use super::bind::{self, Binder, NumberedProduct};
use crate::catalog::manuals::ManualTable;

/// Settles products, then bindings; returns the products as they are now.
pub async fn settle(
    stores: &Stores,
    info: &GenerationInfo,
    manuals: &ManualTable,
) -> anyhow::Result<Vec<NumberedProduct>> {
    let documents = ledger::documents(&stores.database, info.generation).await?;
    let wanted = bind::products(&documents);
    settle_products(stores, info, &wanted).await?;
    let binder = Binder::new(&wanted, manuals);
    let changes = bind::changes(&documents, &binder);
    for changes in changes.chunks(BATCH_DOCUMENTS) {
        relabel(stores, info, changes).await?;
    }
    Ok(wanted)
}

async fn settle_products(
    stores: &Stores,
    info: &GenerationInfo,
    wanted: &[NumberedProduct],
) -> anyhow::Result<()> {
    let stored = products::all(&stores.database).await?;
    let stored: BTreeMap<&ProductId, _> = stored.iter().map(|row| (&row.id, row)).collect();
    let changed: Vec<NumberedProduct> =
        wanted.iter().filter(|(row, _)| stored.get(&row.id) != Some(&row)).cloned().collect();
    let is_wanted = |id: &ProductId| wanted.binary_search_by(|(row, _)| row.id.cmp(id)).is_ok();
    let gone: Vec<ProductId> = stored.keys().filter(|id| !is_wanted(id)).map(|id| (*id).clone()).collect();
    for changed in changed.chunks(BATCH_DOCUMENTS) {
        products::replace(&stores.database, info.generation, changed, &[]).await?;
    }
    for gone in gone.chunks(BATCH_DOCUMENTS) {
        products::replace(&stores.database, info.generation, &[], gone).await?;
    }
    Ok(())
}

/// Texts first (they name product and tags, too), then the filter columns in one transaction.
async fn relabel(
    stores: &Stores,
    info: &GenerationInfo,
    changes: &[(DocumentId, Labels)],
) -> anyhow::Result<()> {
    for (document, labels) in changes {
        let ids = search::chunk_ids_of(&stores.database, info.generation, document).await?;
        let texts = stores.documents.texts(&ids).await?;
        let stored: Vec<StoredText> = texts
            .into_iter()
            .map(|(chunk_id, text)| StoredText {
                chunk_id,
                doc_id: document.clone(),
                text,
                product_id: labels.product_id.clone(),
                tags: labels.tags.clone(),
            })
            .collect();
        stores.documents.put_texts(&stored).await?;
    }
    Ok(publish::relabel(&stores.database, info.generation, changes).await?)
}
