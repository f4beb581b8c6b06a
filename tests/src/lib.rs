//! End-to-end tests: harness and scenarios. The harness starts the real programs, each in a folder of its own.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

/// How long `serve` may take to be ready.
const START_LIMIT: Duration = Duration::from_secs(60);

/// A file or folder of the repository.
pub fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}

/// The program of that name: it lies beside the running one, or (for tests) one folder up.
pub fn program(name: &str) -> anyhow::Result<PathBuf> {
    let me = std::env::current_exe()?;
    let folders = me.ancestors().skip(1).take(2);
    let found = folders.map(|folder| folder.join(name)).find(|path| path.is_file());
    found.with_context(|| format!("the program `{name}` is not built: cargo build -p {name}"))
}

/// A program over a data folder, not yet started. Servers that a caller's shell names (`. .servers/env`) are not meant.
fn over(home: &Path, name: &str) -> anyhow::Result<Command> {
    let mut command = Command::new(program(name)?);
    let is_server = |name: &str| name.ends_with("_URL") || name.ends_with("_URL_FILE");
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(is_server) {
            command.env_remove(name);
        }
    }
    command.env("AUSKUNFT_DATA_DIR", home);
    Ok(command)
}

/// `ingest` over a data folder, not yet started.
pub fn ingest(home: &Path) -> anyhow::Result<Command> {
    over(home, "ingest")
}

/// Runs `ingest CATALOG`; exit code 10 (some documents can't be read) is as good as 0.
pub fn ingest_catalog(home: &Path, catalog: &Path, arguments: &[&str]) -> anyhow::Result<Output> {
    let output = ingest(home)?.arg(catalog).args(arguments).output()?;
    match output.status.code() {
        Some(0 | 10) => Ok(output),
        code => bail!("ingest ended with {code:?}: {}", String::from_utf8_lossy(&output.stderr)),
    }
}

/// A client that knows no proxy.
pub fn client() -> anyhow::Result<reqwest::Client> {
    // No client is made without a provider of cryptography, though nothing here speaks TLS; whoever comes second finds it there.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Ok(reqwest::Client::builder().no_proxy().build()?)
}

/// A running `serve`; dropped, it is ended.
#[derive(Debug)]
pub struct Server {
    child: Child,
    /// `http://127.0.0.1:PORT`.
    pub address: String,
    /// A client that knows no proxy.
    pub client: reqwest::Client,
}

impl Server {
    /// Starts `serve` over a data folder on a free port and waits until it is ready.
    pub async fn start(home: &Path, environment: &[(&str, &str)]) -> anyhow::Result<Self> {
        let address = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let mut command = over(home, "serve")?;
        command.env("AUSKUNFT_LISTEN", address.to_string());
        command.env("RUST_LOG", "warn").envs(environment.iter().copied());
        let child = command.spawn().context("`serve` does not start")?;
        let client = client()?;
        let mut server = Self { child, address: format!("http://{address}"), client };
        server.wait_until_ready().await?;
        Ok(server)
    }

    async fn wait_until_ready(&mut self) -> anyhow::Result<()> {
        let started = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait()? {
                bail!("`serve` ended with {status} before it was ready; its reason stands above");
            }
            let response = self.client.get(format!("{}/health/ready", self.address)).send().await;
            if response.is_ok_and(|response| response.status().is_success()) {
                return Ok(());
            }
            if started.elapsed() > START_LIMIT {
                bail!("`serve` is not ready after {} s", START_LIMIT.as_secs());
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Its process id.
    pub fn process_id(&self) -> u32 {
        self.child.id()
    }

    /// Asks it to end, as an operator would, and waits for that.
    pub fn stop(&mut self) -> anyhow::Result<()> {
        if self.child.try_wait()?.is_none() {
            let id = self.child.id().to_string();
            Command::new("kill").arg(id).status().context("`kill` does not start")?;
        }
        let status = self.child.wait().context("`serve` did not end")?;
        if status.success() { Ok(()) } else { bail!("`serve` ended with {status}") }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Of a test that failed: nothing is left to be told.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
