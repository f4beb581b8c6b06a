//! Connections that are renewed beside the requests.

use std::collections::HashSet;
use std::str::FromStr;

use super::*;
use crate::testing::FreshDatabase;

const EVER: Duration = Duration::from_secs(3_600);

/// The server's processes behind so many connections that are used at the same time.
async fn processes(kept: &Kept, number: usize) -> HashSet<i32> {
    let taken = try_join_all((0..number).map(|_| kept.take())).await.unwrap();
    let mut found = HashSet::new();
    for mut one in taken {
        let process = sqlx::query_scalar::<_, i32>("select pg_backend_pid()").fetch_one(&mut *one).await;
        found.insert(process.unwrap());
    }
    found
}

#[tokio::test]
async fn half_stay_though_nobody_needs_them_and_old_ones_are_replaced_a_few_at_a_time() {
    let Some(fresh) = FreshDatabase::make().await else { return };
    let options = PgConnectOptions::from_str(&fresh.url()).unwrap();
    let kept = Kept::new(options, "set statement_timeout = 0".to_owned(), 8);
    kept.make(8).await.unwrap();
    assert_eq!(kept.numbers(), Numbers { open: 8, free: 8, most: 8 });
    renew(&kept, Ages { lifetime: EVER, idle: Duration::ZERO }).await;
    assert_eq!(kept.numbers(), Numbers { open: 4, free: 4, most: 8 });
    let before = processes(&kept, 4).await;
    renew(&kept, Ages { lifetime: Duration::ZERO, idle: EVER }).await;
    assert_eq!(kept.numbers(), Numbers { open: 4, free: 4, most: 8 });
    let after = processes(&kept, 4).await;
    assert_eq!(before.intersection(&after).count(), 3, "{before:?}, {after:?}");
    kept.close().await;
}

#[tokio::test]
async fn the_password_is_not_shown() {
    let options = PgConnectOptions::new_without_pgpass().password("geheim");
    let kept = Kept::new(options, String::new(), 2);
    assert!(!format!("{kept:?}").contains("geheim"), "{kept:?}");
}
