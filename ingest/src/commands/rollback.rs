//! `ingest rollback`: turns readers back to a generation that is kept.

use std::time::Instant;

use anyhow::anyhow;
use auskunft_boot::{Code, Settings};
use auskunft_store::generation::{self, GenerationInfo, Listed, Place, Turn};
use auskunft_store::{Role, Stores, ledger};
use serde_json::json;

use crate::opening::{self, Refusal};
use crate::printer;
use crate::run::{bind, settle, tickets};

/// Turns, and says from where to where.
pub async fn rollback(to: Option<i32>, json: bool, settings: &Settings) -> anyhow::Result<Code> {
    let began = Instant::now();
    let stores = opening::filled_stores(settings, Role::Writer).await?;
    let turned = turn(&stores, to).await;
    let turned = opening::as_writer(&stores, turned).await;
    stores.close().await;
    let Turned { from, to, notes } = turned?;
    let seconds = began.elapsed().as_secs_f64();
    if json {
        printer::print_json(&json!({
            "from": from.generation, "generation": to.generation, "revision": to.revision, "space": to.space,
            "notes": notes, "seconds": seconds,
        }))?;
    } else {
        let mut lines = vec![format!(
            "readers were turned from generation {} to generation {} (space {}) in {seconds:.2} s; the next `ingest DIR` brings it in \
             line with the catalog",
            from.generation, to.generation, to.space
        )];
        lines.extend(notes.iter().map(|note| format!("note        {note}")));
        printer::print(&lines.join("\n"));
    }
    Ok(Code::Ok)
}

struct Turned {
    from: GenerationInfo,
    to: GenerationInfo,
    notes: Vec<String>,
}

async fn turn(stores: &Stores, to: Option<i32>) -> anyhow::Result<Turned> {
    let database = &stores.database;
    let from = opening::live(stores).await?;
    let to = choose(generation::all(database).await?, to)?;
    let documents = ledger::documents(database, to.generation).await?;
    let products = settle::product_changes(stores, &bind::products(&documents)).await?;
    let turn = Turn { from: from.generation, to: to.generation, is_back: true };
    generation::turn(database, turn, &products).await?;
    let notes = tickets::settle(stores, to.generation).await?;
    let to = generation::read(database, to.generation).await?.unwrap_or(to);
    Ok(Turned { from, to, notes })
}

/// The one that was named, else the one that was live last.
fn choose(all: Vec<Listed>, to: Option<i32>) -> anyhow::Result<GenerationInfo> {
    let mut kept: Vec<Listed> = all.into_iter().filter(|one| one.place == Place::Kept).collect();
    kept.sort_by_key(|one| std::cmp::Reverse(one.live_to));
    let names: Vec<String> = kept.iter().map(|one| one.info.generation.to_string()).collect();
    let found = match to {
        None => kept.into_iter().next(),
        Some(number) => kept.into_iter().find(|one| one.info.generation.0 == number),
    };
    found.map(|one| one.info).ok_or_else(|| {
        let there =
            if names.is_empty() { "none is kept".to_owned() } else { format!("kept: {}", names.join(", ")) };
        anyhow!(Refusal::Usage(format!(
            "there is no such generation to turn back to ({there}); see `ingest status`"
        )))
    })
}
