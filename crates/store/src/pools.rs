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
    /// How much of its pool is used.
    pub fn pool_use(&self) -> PoolUse {
        PoolUse::of(self.connections())
    }
}

impl Logs {
    /// How much of the pool of its own is used; `None` where it has none.
    pub fn pool_use(&self) -> Option<PoolUse> {
        self.is_apart().then(|| PoolUse::of(&self.pool))
    }
}
