//! Whether a new generation still says what the live one says: a chunker that drops text passes every count.

use std::collections::{HashMap, HashSet};

use auskunft_model::{ChunkId, DocumentId, Generation};
use auskunft_store::ledger::DocumentRow;
use auskunft_store::{Stores, search};

use super::{Check, NAMED};

/// Documents whose words are compared.
const SAMPLES: usize = 500;
/// Documents that are read at once.
const STEP: usize = 50;
/// The least share of the live generation's words that must be left.
const LEAST: f64 = 0.98;

/// Compares the words of documents that are the same in both generations, as their chunks hold them. Document ids are hashes: the first
/// of them are a sample as good as any, and the same each time.
pub async fn texts_kept(
    stores: &Stores,
    (live, new): (Generation, Generation),
    before: &[DocumentRow],
    after: &[DocumentRow],
) -> anyhow::Result<Check> {
    let versions: HashMap<&DocumentId, &str> =
        after.iter().map(|row| (&row.document_id, row.version.as_str())).collect();
    let is_same = |row: &&DocumentRow| versions.get(&row.document_id) == Some(&row.version.as_str());
    let mut same: Vec<&DocumentRow> = before.iter().filter(is_same).collect();
    same.sort_by_key(|row| row.document_id.as_str());
    same.truncate(SAMPLES);
    let (mut wanted, mut kept) = (0, 0);
    let mut worst: Vec<(usize, &str)> = Vec::new();
    for documents in same.chunks(STEP) {
        let ids: Vec<&DocumentId> = documents.iter().map(|row| &row.document_id).collect();
        let (old, new) = (chunks(stores, live, &ids).await?, chunks(stores, new, &ids).await?);
        for row in documents {
            let (old, new) = (words_of(&old, &row.document_id), words_of(&new, &row.document_id));
            let lost = old.difference(&new).count();
            wanted += old.len();
            kept += old.len() - lost;
            if lost > 0 {
                worst.push((lost, &row.source));
            }
        }
    }
    let share = if wanted == 0 { 1.0 } else { kept as f64 / wanted as f64 };
    worst.sort_unstable_by(|one, other| other.cmp(one));
    let named: Vec<String> =
        worst.iter().take(NAMED).map(|(lost, source)| format!("{source} ({lost} words)")).collect();
    let lost =
        if named.is_empty() { String::new() } else { format!("; most is lost of {}", named.join(", ")) };
    let detail = format!(
        "{share:.4} of the words of {} unchanged documents are left, at least {LEAST} is wanted{lost}",
        same.len()
    );
    Ok(Check { name: "texts", passed: share >= LEAST, detail })
}

/// Texts of documents in a generation.
async fn chunks(
    stores: &Stores,
    generation: Generation,
    documents: &[&DocumentId],
) -> anyhow::Result<HashMap<DocumentId, Vec<String>>> {
    let rows = search::chunk_ids_of(&stores.database, generation, documents).await?;
    let mut found: HashMap<DocumentId, Vec<String>> = HashMap::new();
    for rows in rows.chunks(1_000) {
        let ids: Vec<ChunkId> = rows.iter().map(|(chunk, _)| chunk.clone()).collect();
        let mut texts = stores.patient_documents.texts(&ids).await?;
        for (chunk, document) in rows {
            found.entry(document.clone()).or_default().extend(texts.remove(chunk));
        }
    }
    Ok(found)
}

fn words_of<'a>(texts: &'a HashMap<DocumentId, Vec<String>>, document: &DocumentId) -> HashSet<&'a str> {
    let texts = texts.get(document).into_iter().flatten();
    texts
        .flat_map(|text| text.split(|sign: char| !sign.is_alphanumeric()))
        .filter(|word| !word.is_empty())
        .collect()
}
