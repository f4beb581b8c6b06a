//! `ingest gc`: removes what nothing live needs, and what is past its retention.

use auskunft_boot::{Code, Settings};
use auskunft_store::gc::{self as collecting, Removed};

use crate::{opening, printer, request_log};

/// Removes and says what.
pub async fn gc(json: bool, settings: &Settings) -> anyhow::Result<Code> {
    let stores = opening::filled_stores(settings).await?;
    let removed = collect(&stores, settings).await;
    stores.close().await;
    let removed = removed?;
    if json {
        printer::print_json(&removed)?;
    } else {
        printer::print(&format!(
            "removed {} texts, {} document versions, {} tickets, {} embeddings, {} marks, {} events of the audit, {} chunks of the request log",
            removed.texts,
            removed.documents,
            removed.tickets,
            removed.embeddings,
            removed.marks,
            removed.audit_events,
            removed.log_chunks
        ));
    }
    Ok(Code::Ok)
}

async fn collect(stores: &auskunft_store::Stores, settings: &Settings) -> anyhow::Result<Removed> {
    let info = opening::live(stores).await?;
    let removed = collecting::run(stores, info.generation, settings.audit_days).await?;
    Ok(Removed { log_chunks: request_log::drop_older(settings, stores).await?, ..removed })
}
