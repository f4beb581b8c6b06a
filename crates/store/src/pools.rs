//! How much of a pool of connections is used.

use sqlx::PgPool;

use crate::Database;
use crate::logs::Logs;

/// Connections of a pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PoolUse {
    /// With somebody.
    pub in_use: u32,
    /// Open and free.
    pub idle: u32,
    /// The most that there may be.
    pub most: u32,
}

impl PoolUse {
    fn of(pool: &PgPool) -> Self {
        let idle = u32::try_from(pool.num_idle()).unwrap_or(u32::MAX);
        Self { in_use: pool.size().saturating_sub(idle), idle, most: pool.options().get_max_connections() }
    }
}

impl Database {
    /// How many of its connections are used: those of requests, and those beside them.
    pub fn pool_use(&self) -> PoolUse {
        let aside = PoolUse::of(self.connections());
        let Some(kept) = self.requests_use() else { return aside };
        PoolUse {
            in_use: aside.in_use + kept.in_use,
            idle: aside.idle + kept.idle,
            most: aside.most + kept.most,
        }
    }

    fn requests_use(&self) -> Option<PoolUse> {
        let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let kept = self.pool().kept()?;
        Some(PoolUse {
            in_use: number(kept.open.saturating_sub(kept.free)),
            idle: number(kept.free),
            most: number(kept.most),
        })
    }
}

impl Logs {
    /// How much of the pool of its own is used; `None` where it has none.
    pub fn pool_use(&self) -> Option<PoolUse> {
        self.is_apart().then(|| PoolUse::of(&self.pool))
    }
}
