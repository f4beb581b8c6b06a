//! Finds the servers that `make servers` started, for tests that run on both forms of the stores.
//!
//! The addresses come from the file that `make servers` writes and not from the environment: a test that starts the programs on embedded
//! stores must not hand them servers unawares.

use std::collections::HashMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Once;

/// Addresses of running servers, as the programs' settings want them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Servers {
    /// `DATABASE_URL`: PostgreSQL, as a user who is no superuser, may make databases and roles.
    pub database_url: String,
    /// `MONGODB_URL`.
    pub mongodb_url: String,
    /// `REDIS_URL`.
    pub redis_url: String,
    /// `REDIS_URL` of a Redis Cluster.
    pub redis_cluster_url: String,
    /// PostgreSQL as its superuser.
    pub superuser_url: String,
    /// Name and version of each, for the head of a table of measurements.
    pub versions: String,
}

/// The servers of this checkout. Where none run, `None`, told in one line for each program of tests; a failure when
/// `AUSKUNFT_REQUIRE_SERVERS=1` is set.
///
/// # Panics
/// When they are required and absent, or their file lacks an address.
pub fn servers() -> Option<Servers> {
    let file = file();
    if let Ok(text) = std::fs::read_to_string(&file) {
        return Some(
            read(&text).unwrap_or_else(|missing| panic!("{}: {missing} is missing", file.display())),
        );
    }
    let is_required = std::env::var("AUSKUNFT_REQUIRE_SERVERS").is_ok_and(|value| value == "1");
    assert!(!is_required, "AUSKUNFT_REQUIRE_SERVERS=1, but no servers run: `make servers` starts them");
    static TOLD: Once = Once::new();
    // Past the harness, which swallows what tests print.
    TOLD.call_once(|| {
        let _ = writeln!(
            std::io::stderr(),
            "no servers run: tests that need them do nothing (`make servers` starts them)"
        );
    });
    None
}

/// `.servers/env` of the checkout, or of the folder that `AUSKUNFT_SERVERS_DIR` names.
fn file() -> PathBuf {
    let folder = std::env::var_os("AUSKUNFT_SERVERS_DIR").map(PathBuf::from);
    let folder = folder.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../.servers"));
    folder.join("env")
}

/// Reads lines of the form `export NAME='value'`; fails with the name that is missing.
fn read(text: &str) -> Result<Servers, &'static str> {
    let lines = text.lines().filter_map(|line| line.strip_prefix("export ")?.split_once('='));
    let mut values: HashMap<&str, String> =
        lines.map(|(name, value)| (name, value.trim_matches('\'').to_owned())).collect();
    let mut take = |name: &'static str| values.remove(name).ok_or(name);
    Ok(Servers {
        database_url: take("DATABASE_URL")?,
        mongodb_url: take("MONGODB_URL")?,
        redis_url: take("REDIS_URL")?,
        redis_cluster_url: take("AUSKUNFT_TEST_REDIS_CLUSTER_URL")?,
        superuser_url: take("AUSKUNFT_TEST_SUPERUSER_URL")?,
        versions: take("AUSKUNFT_TEST_SERVERS")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_from_shell_exports() {
        let names = [
            "DATABASE_URL",
            "MONGODB_URL",
            "REDIS_URL",
            "AUSKUNFT_TEST_REDIS_CLUSTER_URL",
            "AUSKUNFT_TEST_SUPERUSER_URL",
            "AUSKUNFT_TEST_SERVERS",
        ];
        let text: String = names.iter().map(|name| format!("export {name}='value of {name}'\n")).collect();
        assert_eq!(read(&text).unwrap().redis_url, "value of REDIS_URL");
        let without = text.replace("export REDIS_URL", "export OTHER");
        assert_eq!(read(&without), Err("REDIS_URL"));
        assert_eq!(read("export DATABASE_URL=plain"), Err("MONGODB_URL"));
    }
}
