//! What a run will do: the catalog compared with the ledger, and the guard against surprise deletes.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::io::Read;

use auskunft_extract::Record;
use auskunft_model::{DocumentId, Failure, Outcome, Reason, SourceKind};
use auskunft_store::ledger::{DocumentRow, SourceRow};
use rayon::prelude::*;

use super::inputs::Inputs;
use super::read::guarded;
use crate::catalog::Catalog;
use crate::catalog::walk::Found;

/// The most documents, in percent, that may vanish in a run without being allowed to.
pub const GUARD_PERCENT: usize = 5;
/// A PDF's signature stands within this many bytes.
const PDF_HEAD: u64 = 1024;
/// Fewer vanishing documents than this are always fine.
pub const GUARD_FLOOR: usize = 3;

/// What the ledger holds when a run begins.
#[derive(Debug, Default)]
pub struct Ledger {
    /// Sources by path.
    pub sources: HashMap<String, SourceRow>,
    /// Documents in order of their ids.
    pub documents: Vec<DocumentRow>,
}

impl Ledger {
    /// Versions of all documents by id.
    pub fn versions(&self) -> HashMap<DocumentId, String> {
        self.documents.iter().map(|row| (row.document_id.clone(), row.version.clone())).collect()
    }

    /// Documents by the path of their source.
    pub fn by_source(&self) -> HashMap<&str, Vec<&DocumentRow>> {
        let mut by_source: HashMap<&str, Vec<&DocumentRow>> = HashMap::new();
        for row in &self.documents {
            by_source.entry(&row.source).or_default().push(row);
        }
        by_source
    }
}

/// What a run will do.
#[derive(Debug, Default)]
pub struct Plan {
    /// Sources to read, in order of their paths; product pages come first.
    pub read: Vec<Found>,
    /// How many sources were found, skipped ones left out.
    pub found: usize,
    /// New sources.
    pub added: usize,
    /// Known sources whose bytes, rows or readers changed.
    pub changed: usize,
    /// Same bytes under a new path: old path, new path.
    pub moved: Vec<(String, String)>,
    /// Sources that nothing changed about.
    pub unchanged: usize,
    /// Sources that are gone (moved ones under their old paths included).
    pub removed: Vec<String>,
    /// Files that no reader takes, and are not in the ledger as such yet.
    pub skipped: Vec<(Found, Failure)>,
    /// What the operating system refused; documents below these paths stay as they are.
    pub unreadable: Vec<(String, Failure)>,
    /// Documents that would vanish.
    pub vanishing: usize,
    /// How many of them by source, of sources that are still there.
    pub lost: HashMap<String, usize>,
    /// Documents of the ledger.
    pub known: usize,
}

/// Compares the catalog with the ledger.
pub fn make(inputs: Inputs<'_>, ledger: &Ledger) -> Plan {
    let catalog = inputs.catalog;
    let by_source = ledger.by_source();
    let mut plan = Plan { found: catalog.walk.found.len(), known: ledger.documents.len(), ..Plan::default() };
    plan.unreadable.clone_from(&catalog.walk.unreadable);
    let mut present: HashSet<&str> = HashSet::new();
    let mut added = Vec::new();
    for found in &catalog.walk.found {
        present.insert(&found.source.path);
        match ledger.sources.get(&found.source.path) {
            None => added.push(found),
            Some(row) if is_current(inputs, found, row, &by_source) => plan.unchanged += 1,
            Some(_) => {
                plan.changed += 1;
                plan.read.push(found.clone());
            }
        }
    }
    for (found, failure) in &catalog.walk.skipped {
        present.insert(&found.source.path);
        let row = ledger.sources.get(&found.source.path);
        if row.is_none_or(|row| row.bytes_digest != found.digest.as_str() || row.outcome != Outcome::Skipped)
        {
            plan.skipped.push((found.clone(), failure.clone()));
        }
    }
    let is_unknown = |path: &str| plan.unreadable.iter().any(|(refused, _)| is_below(path, refused));
    // A killed run may have published documents of a source that it did not finish, and that is gone by now.
    let known = ledger.sources.keys().map(String::as_str).chain(by_source.keys().copied());
    let gone = known.filter(|path| !present.contains(path) && !is_unknown(path));
    plan.removed = gone.map(str::to_owned).collect();
    plan.removed.sort();
    plan.removed.dedup();
    plan.moved = moves(&added, &plan.removed, ledger);
    plan.added = added.len() - plan.moved.len();
    plan.read.extend(added.into_iter().cloned());
    plan.read.sort_by(|one, other| {
        let key = |found: &Found| (found.source.kind != SourceKind::Product, found.source.path.clone());
        key(one).cmp(&key(other))
    });
    plan.lost = lost(inputs, &plan, &by_source);
    plan.vanishing = of_gone(&plan, &by_source) + plan.lost.values().sum::<usize>();
    plan
}

/// Sources of the catalog that could not be read, or not wholly, once more. Nothing else is added, changed or removed.
pub fn of_failed(catalog: &Catalog, ledger: &Ledger, failed: &HashSet<String>) -> Plan {
    let found = &catalog.walk.found;
    let read: Vec<Found> =
        found.iter().filter(|found| failed.contains(&found.source.path)).cloned().collect();
    Plan {
        found: found.len(),
        known: ledger.documents.len(),
        changed: read.len(),
        unchanged: found.len() - read.len(),
        unreadable: catalog.walk.unreadable.clone(),
        read,
        ..Plan::default()
    }
}

fn is_below(path: &str, refused: &str) -> bool {
    refused.is_empty() || path == refused || path.starts_with(&format!("{refused}/"))
}

/// Unchanged, unless something is missing of it for a reason that may pass.
fn is_current(
    inputs: Inputs<'_>,
    found: &Found,
    row: &SourceRow,
    by_source: &HashMap<&str, Vec<&DocumentRow>>,
) -> bool {
    let missing = row.failure.as_ref().map(|failure| failure.reason);
    let documents = by_source.get(found.source.path.as_str());
    let skus: Vec<String> = documents
        .into_iter()
        .flatten()
        .filter_map(|row| row.stated.labels.product_id.as_ref().map(ToString::to_string))
        .collect();
    !missing.is_some_and(Reason::is_transient)
        && row.input_digest == inputs.digest(found, &skus, missing).as_str()
}

/// New sources that hold the very bytes of one that is gone, and are still read as the same kind.
fn moves(added: &[&Found], removed: &[String], ledger: &Ledger) -> Vec<(String, String)> {
    let mut gone: BTreeMap<(&str, &str), Vec<&String>> = BTreeMap::new();
    for path in removed {
        if let Some(row) = ledger.sources.get(path) {
            gone.entry((&row.bytes_digest, &row.kind)).or_default().push(path);
        }
    }
    let mut moves = Vec::new();
    for found in added {
        let key = (found.digest.as_str(), found.source.kind.as_str());
        if let Some(old) = gone.get_mut(&key).and_then(Vec::pop) {
            moves.push((old.clone(), found.source.path.clone()));
        }
    }
    moves
}

/// Documents of sources that are gone and did not move.
fn of_gone(plan: &Plan, by_source: &HashMap<&str, Vec<&DocumentRow>>) -> usize {
    let moved: HashSet<&str> = plan.moved.iter().map(|(old, _)| old.as_str()).collect();
    let gone = plan.removed.iter().filter(|path| !moved.contains(path.as_str()));
    gone.map(|path| by_source.get(path.as_str()).map_or(0, Vec::len)).sum()
}

/// Documents that vanish from sources that stay: of lists that no longer hold them, and of files that are empty now or can
/// no longer be read. What is wrong inside a PDF shows only when it is read.
fn lost(
    inputs: Inputs<'_>,
    plan: &Plan,
    by_source: &HashMap<&str, Vec<&DocumentRow>>,
) -> HashMap<String, usize> {
    let of_source = |found: &Found| -> usize {
        let known = by_source.get(found.source.path.as_str()).map_or(&[][..], Vec::as_slice);
        if known.is_empty() {
            0
        } else if found.bytes == 0 {
            known.len()
        } else if found.is_pdf() {
            if begins_as_pdf(found) { 0 } else { known.len() }
        } else {
            lost_records(inputs, found, known)
        }
    };
    let counted = plan.read.par_iter().map(|found| (found.source.path.clone(), of_source(found)));
    counted.filter(|(_, lost)| *lost > 0).collect()
}

fn begins_as_pdf(found: &Found) -> bool {
    let mut head = Vec::new();
    let read =
        std::fs::File::open(&found.absolute).and_then(|file| file.take(PDF_HEAD).read_to_end(&mut head));
    // What can't be opened now is reported as unreadable and stays as it is.
    read.is_err() || auskunft_extract::sniff::is_pdf(&head)
}

/// Documents of a source that its new bytes no longer hold. A reason that may pass takes none along.
fn lost_records(inputs: Inputs<'_>, found: &Found, known: &[&DocumentRow]) -> usize {
    let Ok(bytes) = std::fs::read(&found.absolute) else { return 0 };
    let defaults = inputs.defaults(&found.source.path);
    let extract = || auskunft_extract::extract(&found.source, &bytes, &defaults);
    let extracted = match guarded(found, extract).flatten() {
        Ok(extracted) => extracted,
        Err(failure) if failure.reason.is_transient() => return 0,
        Err(_) => return known.len(),
    };
    let now: HashSet<DocumentId> = extracted
        .records
        .iter()
        .filter_map(|record| match &record.result {
            Ok(Record::Document(document)) => Some(document.id.clone()),
            Ok(Record::Ticket(ticket)) => Some(DocumentId::derive(&found.source.path, Some(&ticket.id))),
            Err(_) => None,
        })
        .collect();
    known.iter().filter(|row| !now.contains(&row.document_id)).count()
}

/// Whether so many vanishing documents need to be allowed: more than 5 % and at least 3.
pub fn is_guarded(vanishing: usize, known: usize) -> bool {
    vanishing >= GUARD_FLOOR && vanishing * 100 > known * GUARD_PERCENT
}

impl Plan {
    /// Why the run must not go on without `--allow-deletes`, if so.
    pub fn refusal(&self) -> Option<String> {
        if self.known > 0 && self.found == 0 {
            return Some(format!(
                "the catalog holds no source, but {} documents are stored; check the folder, or allow it with --allow-deletes",
                self.known
            ));
        }
        is_guarded(self.vanishing, self.known).then(|| {
            let percent = self.vanishing * 100 / self.known.max(1);
            format!(
                "{} of {} documents ({percent} %) would vanish; check the catalog, or allow it with --allow-deletes",
                self.vanishing, self.known
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::is_guarded;

    #[test]
    fn more_than_five_percent_and_at_least_three_are_guarded() {
        assert!(!is_guarded(2, 10));
        assert!(is_guarded(3, 10));
        assert!(!is_guarded(5, 100));
        assert!(is_guarded(6, 100));
    }
}
