//! Loads `shop/*.csv`: all files of a run that changed, or none of them.

use std::collections::HashMap;

use auskunft_model::Reason;
use auskunft_store::Database;
use auskunft_store::ledger::KnownFailure;
use auskunft_store::shop_data::{self, BadRow, Load, Loaded, Row};

use crate::catalog::shop_data::{ShopData, ShopFile};
use crate::catalog::walk;

/// How loading ended.
#[derive(Debug, Default)]
pub struct Ended {
    /// Files that were new or changed.
    pub loaded: Vec<Loaded>,
    /// Files that kept the others from being loaded.
    pub failures: Vec<KnownFailure>,
}

/// Loads the files whose bytes are not those that were loaded last. Without `keep` nothing is written, but counted.
pub async fn load(database: &Database, data: &ShopData, keep: bool) -> anyhow::Result<Ended> {
    let known = shop_data::loaded_files(database).await?;
    let is_changed =
        |file: &&ShopFile| known.get(&file.table.file()).map(String::as_str) != Some(file.digest.as_str());
    let changed: Vec<ShopFile> = data.files.iter().filter(is_changed).cloned().collect();
    if changed.is_empty() {
        return Ok(Ended::default());
    }
    let (changed, wrong) = tokio::task::spawn_blocking(move || {
        let wrong = changed.iter().map(ShopFile::check).collect::<Vec<_>>();
        (changed, wrong)
    })
    .await?;
    let count = wrong.iter().map(|(_, count)| count).sum();
    if count > 0 {
        return Ok(refused(wrong.into_iter().flat_map(|(rows, _)| rows).collect(), count));
    }
    let mut load = Load::begin(database).await?;
    for file in &changed {
        // All rows were right above; should the file have changed since, its digest tells.
        let rows: Box<dyn Iterator<Item = Row>> = match file.rows() {
            Ok(rows) => Box::new(rows.filter_map(Result::ok)),
            Err(bad) => return Ok(refused(vec![bad], 1)),
        };
        load.stage(file.table, file.digest.clone(), rows).await?;
        if walk::hash(&file.absolute).ok().map(|(_, digest)| digest).as_ref() != Some(&file.digest) {
            let problem = "the file was changed while it was read".to_owned();
            return Ok(refused(vec![BadRow { file: file.table.file(), line: 1, problem }], 1));
        }
    }
    Ok(match load.finish(keep).await? {
        Ok(loaded) => Ended { loaded, failures: Vec::new() },
        Err(bad) => {
            let count = bad.len();
            refused(bad, count)
        }
    })
}

/// One failure for each file with wrong rows.
fn refused(rows: Vec<BadRow>, count: usize) -> Ended {
    let mut by_file: HashMap<String, Vec<String>> = HashMap::new();
    for row in rows {
        by_file.entry(row.file).or_default().push(format!("line {}: {}", row.line, row.problem));
    }
    let failure = |(file, problems): (String, Vec<String>)| KnownFailure {
        source: file,
        reason: Reason::InvalidRecord,
        detail: format!(
            "{}; {count} wrong row(s) in all: nothing of shop/*.csv was loaded, correct them and run again",
            problems.join("; ")
        ),
    };
    let mut failures: Vec<KnownFailure> = by_file.into_iter().map(failure).collect();
    failures.sort_by(|one, other| one.source.cmp(&other.source));
    Ended { loaded: Vec::new(), failures }
}
