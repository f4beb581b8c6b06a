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
        |file: &ShopFile| known.get(&file.table.file()).map(String::as_str) != Some(file.digest.as_str());
    let (changed, unchanged): (Vec<ShopFile>, Vec<ShopFile>) =
        data.files.iter().cloned().partition(is_changed);
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
    for (file, is_written) in changed.iter().map(|file| (file, true)).chain(naming(&changed, &unchanged)) {
        if let Err(bad) = stage(&mut load, file, is_written).await? {
            return Ok(refused(vec![bad], 1));
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

/// Files that name the things whose parts changed: one that lost all its parts is named nowhere else.
fn naming<'a>(
    changed: &'a [ShopFile],
    unchanged: &'a [ShopFile],
) -> impl Iterator<Item = (&'a ShopFile, bool)> {
    let wholes = |name| changed.iter().filter_map(|file| file.table.whole).any(|whole| whole.table == name);
    unchanged.iter().filter(move |file| wholes(file.table.name)).map(|file| (file, false))
}

/// Copies a file's rows: all were right before; should the file have changed since, its digest tells.
async fn stage(load: &mut Load, file: &ShopFile, is_written: bool) -> anyhow::Result<Result<(), BadRow>> {
    let rows: Box<dyn Iterator<Item = Row> + Send> = match file.rows() {
        Ok(rows) => Box::new(rows.filter_map(Result::ok)),
        Err(bad) => return Ok(Err(bad)),
    };
    if is_written {
        load.stage(file.table, file.digest.clone(), rows).await?;
    } else {
        load.name(file.table, rows).await?;
    }
    if walk::hash(&file.absolute).ok().map(|(_, digest)| digest).as_ref() != Some(&file.digest) {
        let problem = "the file was changed while it was read".to_owned();
        return Ok(Err(BadRow { file: file.table.file(), line: None, problem }));
    }
    Ok(Ok(()))
}

/// One failure for each file with wrong rows.
fn refused(rows: Vec<BadRow>, count: usize) -> Ended {
    let mut by_file: HashMap<String, Vec<String>> = HashMap::new();
    for row in rows {
        let place = row.line.map(|line| format!("line {line}: ")).unwrap_or_default();
        by_file.entry(row.file).or_default().push(format!("{place}{}", row.problem));
    }
    let failure = |(file, problems): (String, Vec<String>)| KnownFailure {
        source: file,
        reason: Reason::InvalidRecord,
        detail: format!(
            "{}; {count} problem(s) in all: nothing of shop/*.csv was loaded, correct them and run again",
            problems.join("; ")
        ),
    };
    let mut failures: Vec<KnownFailure> = by_file.into_iter().map(failure).collect();
    failures.sort_by(|one, other| one.source.cmp(&other.source));
    Ended { loaded: Vec::new(), failures }
}
