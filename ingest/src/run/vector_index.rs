//! Builds a generation's vector index. Of a large shop that takes minutes, so it tells how far it is.

use std::time::Duration;

use auskunft_store::Database;
use auskunft_store::generation::{self, GenerationInfo, IndexMemory};

use super::progress::say;

/// How often it tells.
const LINE_INTERVAL: Duration = Duration::from_secs(10);

/// Builds the index unless it stands; returns what the server's owner should know.
pub async fn build(
    database: &Database,
    info: &GenerationInfo,
    quiet: bool,
) -> anyhow::Result<Option<String>> {
    if generation::has_vector_index(database, info.generation).await? {
        return Ok(None);
    }
    let memory = generation::index_memory(database, info).await?;
    let mut building = Box::pin(generation::ensure_vector_index(database, info));
    // The only connection of the embedded database is at work.
    let tells = !quiet && !database.is_embedded();
    loop {
        tokio::select! {
            ended = &mut building => {
                ended?;
                return Ok(memory.filter(IndexMemory::is_scarce).map(|memory| scarce(&memory)));
            }
            () = tokio::time::sleep(LINE_INTERVAL), if tells => tell(database, info).await,
        }
    }
}

async fn tell(database: &Database, info: &GenerationInfo) {
    match generation::indexed_rows(database, info.generation).await {
        Ok(Some((rows, all))) => say(&format!("vector index: {rows} of {all} chunks")),
        Ok(None) => {}
        Err(error) => tracing::debug!(%error, "how far the vector index is can't be told"),
    }
}

fn scarce(memory: &IndexMemory) -> String {
    let [wanted, given] = [memory.wanted, memory.given].map(|bytes| bytes >> 20);
    format!(
        "building the vector index wants some {wanted} MB of memory, and the server gives it {given} MB (`maintenance_work_mem`): what does not \
         fit is slow, raise it for the database"
    )
}
