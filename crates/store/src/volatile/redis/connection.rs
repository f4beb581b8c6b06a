//! One connection, to a server or to the nodes of a Cluster; many requests share it.

use redis::aio::MultiplexedConnection;
use redis::cluster_async::ClusterConnection;
use redis::{Cmd, FromRedisValue, Pipeline, RedisResult};

/// A connection; clones are cheap and share it.
#[derive(Clone)]
pub(super) enum Connection {
    /// One server.
    Single(MultiplexedConnection),
    /// Nodes by slots of keys.
    Cluster(ClusterConnection),
}

impl Connection {
    /// Runs a pipeline; on a Cluster all its keys must be of one slot.
    pub(super) async fn run<T: FromRedisValue>(mut self, pipeline: &Pipeline) -> RedisResult<T> {
        match &mut self {
            Self::Single(connection) => pipeline.query_async(connection).await,
            Self::Cluster(connection) => pipeline.query_async(connection).await,
        }
    }

    /// Runs a command.
    pub(super) async fn command<T: FromRedisValue>(mut self, command: &Cmd) -> RedisResult<T> {
        match &mut self {
            Self::Single(connection) => command.query_async(connection).await,
            Self::Cluster(connection) => command.query_async(connection).await,
        }
    }
}
