//! `ingest gc`: removes what nothing live needs, and what is past its retention.

use auskunft_boot::{Code, Settings};
use auskunft_store::Role;
use auskunft_store::gc::{self as collecting, Removed, Retention};

use crate::{opening, printer};

/// Removes and says what.
pub async fn gc(json: bool, settings: &Settings) -> anyhow::Result<Code> {
    let stores = opening::filled_stores(settings, Role::Writer).await?;
    let retention = Retention { audit_days: settings.audit_days, chat_days: settings.chat_days };
    let removed = collect(&stores, retention).await;
    let removed = opening::as_writer(&stores, removed).await;
    stores.close().await;
    let removed = removed?;
    if json {
        printer::print_json(&removed)?;
    } else {
        printer::print(&format!(
            "removed {} texts, {} document versions, {} tickets, {} embeddings, {} marks, {} events of the audit, \
             {} pieces of chats, {} stored replies, {} opinions of answers",
            removed.texts,
            removed.documents,
            removed.tickets,
            removed.embeddings,
            removed.marks,
            removed.audit_events,
            removed.messages,
            removed.replies,
            removed.feedback
        ));
    }
    Ok(Code::Ok)
}

async fn collect(stores: &auskunft_store::Stores, retention: Retention) -> anyhow::Result<Removed> {
    let info = opening::live(stores).await?;
    Ok(collecting::run(stores, info.generation, retention).await?)
}
