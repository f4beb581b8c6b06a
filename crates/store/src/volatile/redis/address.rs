//! Where Redis is: one server, or the nodes of a Cluster.

use std::time::Duration;

use redis::cluster::ClusterClient;
use redis::io::tcp::TcpSettings;
use redis::{AsyncConnectionConfig, Client, ConnectionInfo, IntoConnectionInfo, RedisResult};

use super::connection::Connection;
use crate::error::{Error, ErrorKind, Result};

/// The schemes that name a Cluster, with those of its nodes.
const CLUSTER_SCHEMES: [(&str, &str); 2] =
    [("redis-cluster://", "redis://"), ("rediss-cluster://", "rediss://")];

/// A server or a Cluster. Shows hosts and ports, never passwords.
pub(super) struct Address {
    target: Target,
    shown: String,
}

enum Target {
    Single(Box<Client>),
    /// Made anew for each connection: it keeps no connections itself.
    Cluster(Vec<ConnectionInfo>),
}

impl std::fmt::Display for Address {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.shown)
    }
}

impl Address {
    /// Reads `redis://`, `rediss://` (TLS), `redis-cluster://` or `rediss-cluster://`; of a Cluster several nodes may be
    /// named, with commas between.
    pub(super) fn parse(url: &str) -> Result<Self> {
        let cluster = CLUSTER_SCHEMES.iter().find_map(|(of, node)| Some((url.strip_prefix(of)?, *node)));
        let target = match cluster {
            Some((rest, scheme)) => Target::Cluster(nodes(rest, scheme)?),
            None => Target::Single(Box::new(Client::open(info(url)?).map_err(|_| unreadable())?)),
        };
        let shown = match &target {
            Target::Single(client) => client.get_connection_info().addr().to_string(),
            Target::Cluster(nodes) => {
                let nodes: Vec<String> = nodes.iter().map(|node| node.addr().to_string()).collect();
                nodes.join(",")
            }
        };
        Ok(Self { target, shown })
    }

    /// Whether keys are spread over nodes.
    pub(super) fn is_cluster(&self) -> bool {
        matches!(self.target, Target::Cluster(_))
    }

    /// A new connection, within that time.
    pub(super) async fn connect(&self, patience: Duration) -> RedisResult<Connection> {
        match &self.target {
            Target::Single(client) => {
                // Answers have the link's own time limit.
                let config = AsyncConnectionConfig::new()
                    .set_connection_timeout(Some(patience))
                    .set_response_timeout(None);
                let connection = client.get_multiplexed_async_connection_with_config(&config).await?;
                Ok(Connection::Single(connection))
            }
            Target::Cluster(nodes) => {
                let client = ClusterClient::builder(nodes.iter().cloned())
                    .tcp_settings(tcp_settings())
                    .connection_timeout(patience)
                    .response_timeout(patience)
                    .build()?;
                Ok(Connection::Cluster(client.get_async_connection().await?))
            }
        }
    }
}

/// The nodes behind the scheme: `user:password@host:port,host:port/…`; user and password hold for all.
fn nodes(rest: &str, scheme: &str) -> Result<Vec<ConnectionInfo>> {
    let (user, rest) = rest.rsplit_once('@').map_or(("", rest), |(user, rest)| (user, rest));
    let at = if user.is_empty() { "" } else { "@" };
    let (hosts, tail) = rest.find(['/', '?']).map_or((rest, ""), |end| rest.split_at(end));
    hosts.split(',').map(|host| info(&format!("{scheme}{user}{at}{host}{tail}"))).collect()
}

fn info(url: &str) -> Result<ConnectionInfo> {
    // The driver's words are left out: they could quote the URL.
    let info = url.into_connection_info().map_err(|_| unreadable())?;
    Ok(info.set_tcp_settings(tcp_settings()))
}

/// Small commands go out at once; a server that is gone without a word is noticed also while nothing is asked.
fn tcp_settings() -> TcpSettings {
    TcpSettings::default().set_nodelay(true).set_user_timeout(Duration::from_secs(10))
}

fn unreadable() -> Error {
    let message = "REDIS_URL is not of the form redis://[[user]:password@]host[:port][/database] (rediss:// for TLS; \
                   redis-cluster://host:port,host:port for a Cluster); correct it";
    Error::new(ErrorKind::Internal, "open redis", message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(url: &str) -> String {
        Address::parse(url).unwrap().to_string()
    }

    #[test]
    fn servers_and_clusters_are_named_without_their_passwords() {
        assert_eq!(shown("redis://:geheim@127.0.0.1:7000/3"), "127.0.0.1:7000");
        assert_eq!(shown("rediss://u:geheim@redis.example"), "redis.example:6379");
        assert_eq!(shown("redis-cluster://u:geheim@a:7000,b,c:7002"), "a:7000,b:6379,c:7002");
        assert!(Address::parse("rediss-cluster://a,b").unwrap().is_cluster());
        assert!(!Address::parse("redis://a").unwrap().is_cluster());
    }

    #[test]
    fn what_is_no_address_is_refused_without_being_quoted() {
        for wrong in ["", "http://geheim@a", "redis-cluster://:geheim@", "redis://:geheim@a:port"] {
            let error = Address::parse(wrong).map(|_| ()).unwrap_err().to_string();
            assert!(error.contains("redis://") && !error.contains("geheim"), "{wrong}: {error}");
        }
    }
}
