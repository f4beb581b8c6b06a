//! `ingest gc`: removes what no kept generation needs, and what is past its retention.

use auskunft_boot::{Code, Settings};
use auskunft_store::gc::{self as collecting, Removed, Retention};
use auskunft_store::{Objects, Role, Stores, ledger};
use chrono::Utc;
use serde::Serialize;

use crate::{opening, printer, request_log};

/// Removes and says what.
pub async fn gc(json: bool, settings: &Settings) -> anyhow::Result<Code> {
    let stores = opening::filled_stores(settings, Role::Writer).await?;
    let collected = collect(&stores, settings).await;
    let collected = opening::as_writer(&stores, collected).await;
    stores.close().await;
    let Collected { removed, originals } = collected?;
    if json {
        printer::print_json(&Collected { removed, originals })?;
    } else {
        let numbers: Vec<String> = removed.generations.iter().map(ToString::to_string).collect();
        let generations = match numbers.is_empty() {
            true => String::new(),
            false => format!("removed generations {}\n", numbers.join(", ")),
        };
        let notes: String = removed.notes.iter().map(|note| format!("\nnote        {note}")).collect();
        printer::print(&format!(
            "{generations}removed {} texts, {} document versions, {} tickets, {} embeddings, {} marks, {} events of the audit, \
             {} pieces of chats, {} stored replies, {} opinions of answers, {} chunks of the request log, {originals} originals{notes}",
            removed.texts,
            removed.documents,
            removed.tickets,
            removed.embeddings,
            removed.marks,
            removed.audit_events,
            removed.messages,
            removed.replies,
            removed.feedback,
            removed.log_chunks
        ));
    }
    Ok(Code::Ok)
}

/// What was removed from the stores and from the object store.
#[derive(Serialize)]
struct Collected {
    #[serde(flatten)]
    removed: Removed,
    /// Original files that no source has any more.
    originals: u64,
}

async fn collect(stores: &Stores, settings: &Settings) -> anyhow::Result<Collected> {
    opening::live(stores).await?;
    let objects = Objects::of(&settings.objects)?;
    objects.check_pairing(&stores.database).await?;
    let retention = Retention {
        audit_days: settings.audit_days,
        chat_days: settings.chat_days,
        generations: settings.keep_generations,
    };
    let removed = collecting::run(stores, retention).await?;
    let removed = Removed { log_chunks: request_log::drop_older(settings, stores).await?, ..removed };
    let named = ledger::digests(&stores.database).await?;
    Ok(Collected { removed, originals: objects.sweep(&named, Utc::now()).await? })
}
