//! Which generations go: those that were live before the kept ones, and builds that a newer one took the place of.

use std::time::Duration;

use auskunft_model::Generation;
use chrono::{DateTime, TimeDelta, Utc};

use crate::Database;
use crate::error::{ErrorKind, Result};
use crate::generation::{self, Listed, Place};

/// A request that began on a generation may read it for so many minutes after readers were turned away: much longer than any may take.
const GRACE_MINUTES: i64 = 10;

/// How often the lock on a generation's table is tried for, and what lies between.
const TRIES: u32 = 20;
const PAUSE: Duration = Duration::from_millis(250);

/// What became of generations.
#[derive(Debug, Default)]
pub(super) struct Ended {
    /// Those that are gone.
    pub(super) removed: Vec<Generation>,
    /// Why one of them is still there.
    pub(super) notes: Vec<String>,
}

/// Removes all but the live one, those that were live last, so many in all, and the newest build.
pub(super) async fn remove(database_: &Database, keep: u32) -> Result<Ended> {
    let mut ended = Ended::default();
    for one in condemned(generation::all(database_).await?, keep, Utc::now()) {
        let generation = one.info.generation;
        match remove_one(database_, generation).await {
            Ok(()) => ended.removed.push(generation),
            Err(error) if error.kind == ErrorKind::Unavailable => ended.notes.push(format!(
                "generation {generation} is still there, because readers are at work all the time: run `ingest gc` again"
            )),
            Err(error) => return Err(error),
        }
    }
    Ok(ended)
}

async fn remove_one(database_: &Database, generation: Generation) -> Result<()> {
    let mut failures = 0;
    loop {
        match generation::drop_step(database_, generation).await {
            Ok(true) => {}
            Ok(false) => return Ok(()),
            // Between two readers it may get its lock.
            Err(error) if error.kind == ErrorKind::Unavailable && failures < TRIES => {
                failures += 1;
                tokio::time::sleep(PAUSE).await;
            }
            Err(error) => return Err(error),
        }
    }
}

/// The newest first in, those to remove out.
fn condemned(all: Vec<Listed>, keep: u32, now: DateTime<Utc>) -> Vec<Listed> {
    let newest_build = all.iter().find(|one| is_build(one.place)).map(|one| one.info.generation);
    let (mut builds, mut lived): (Vec<Listed>, Vec<Listed>) =
        all.into_iter().partition(|one| is_build(one.place));
    builds.retain(|one| Some(one.info.generation) != newest_build);
    let (mut gone, mut kept): (Vec<Listed>, Vec<Listed>) =
        lived.drain(..).filter(|one| one.place != Place::Live).partition(|one| one.place == Place::Removed);
    kept.sort_by_key(|one| std::cmp::Reverse(one.live_to));
    let beside = usize::try_from(keep).unwrap_or(usize::MAX).saturating_sub(1);
    let oldest = now - TimeDelta::minutes(GRACE_MINUTES);
    let past = kept.into_iter().skip(beside).filter(|one| one.live_to.is_none_or(|until| until < oldest));
    gone.extend(builds);
    gone.extend(past);
    gone
}

fn is_build(place: Place) -> bool {
    matches!(place, Place::Building | Place::Built)
}

#[cfg(test)]
mod tests {
    use auskunft_model::{Revision, SpaceId};

    use super::*;
    use crate::generation::GenerationInfo;

    fn listed(number: i32, place: Place, minutes_since: i64, now: DateTime<Utc>) -> Listed {
        let info = GenerationInfo {
            generation: Generation(number),
            revision: Revision(1),
            marks_removed_to: Revision(0),
            space: SpaceId::new("s-1"),
            dimensions: 3,
            chunker: "1".to_owned(),
            vector_index: auskunft_boot::VectorIndex::Full,
        };
        let live_to = (place == Place::Kept).then(|| now - TimeDelta::minutes(minutes_since));
        Listed {
            info,
            place,
            created_at: now,
            built_at: None,
            live_from: None,
            live_to,
            rolled_back_at: None,
        }
    }

    fn condemned_of(all: &[(i32, Place, i64)], keep: u32) -> Vec<i32> {
        let now = Utc::now();
        let all = all.iter().map(|(number, place, since)| listed(*number, *place, *since, now)).collect();
        condemned(all, keep, now).into_iter().map(|one| one.info.generation.0).collect()
    }

    #[test]
    fn the_live_one_the_one_before_it_and_the_newest_build_stay() {
        let all = [
            (6, Place::Building, 0),
            (5, Place::Built, 0),
            (4, Place::Live, 0),
            (3, Place::Kept, 60),
            (2, Place::Kept, 120),
            (1, Place::Removed, 0),
        ];
        assert_eq!(condemned_of(&all, 2), [1, 5, 2]);
        assert_eq!(condemned_of(&all, 3), [1, 5]);
        assert_eq!(condemned_of(&all, 1), [1, 5, 3, 2]);
    }

    #[test]
    fn after_a_rollback_the_one_that_was_taken_back_is_the_one_before() {
        assert_eq!(condemned_of(&[(3, Place::Kept, 11), (2, Place::Live, 0), (1, Place::Kept, 99)], 2), [1]);
    }

    #[test]
    fn requests_that_began_on_one_may_end_on_it() {
        assert!(condemned_of(&[(3, Place::Live, 0), (2, Place::Kept, 1), (1, Place::Kept, 9)], 1).is_empty());
    }
}
