//! A way to a server that tests can hold or shut, so that one test's faults are nobody else's.

use std::net::SocketAddr;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// What happens at the gate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Everything passes.
    Open,
    /// Connections are accepted, and nothing passes: as with a server that hangs.
    Held,
    /// Connections are broken: as with a server that was killed.
    Shut,
}

/// The gate, on a port of its own.
pub(crate) struct Gate {
    address: SocketAddr,
    mode: watch::Sender<Mode>,
}

impl Gate {
    /// A gate before the server of a URL.
    pub(crate) async fn before(url: &str, mode: Mode) -> Self {
        let target = host_of(url).to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (mode, watched) = watch::channel(mode);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(connect(client, target.clone(), watched.clone()));
            }
        });
        Self { address, mode }
    }

    /// The URL with the gate instead of the server.
    pub(crate) fn url(&self, url: &str) -> String {
        url.replace(host_of(url), &self.address.to_string())
    }

    /// From now on that happens.
    pub(crate) fn set(&self, mode: Mode) {
        self.mode.send_replace(mode);
    }
}

/// Host and port of a URL.
fn host_of(url: &str) -> &str {
    let (_, rest) = url.split_once("://").unwrap();
    let rest = rest.rsplit_once('@').map_or(rest, |(_, rest)| rest);
    rest.split('/').next().unwrap()
}

async fn connect(client: TcpStream, target: String, mode: watch::Receiver<Mode>) {
    if *mode.borrow() == Mode::Shut {
        return;
    }
    let Ok(server) = TcpStream::connect(target).await else { return };
    let ((from_client, to_client), (from_server, to_server)) = (client.into_split(), server.into_split());
    // Where one direction ends, both do.
    tokio::select! {
        () = pass(from_client, to_server, mode.clone()) => {}
        () = pass(from_server, to_client, mode) => {}
    }
}

async fn pass(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    mut mode: watch::Receiver<Mode>,
) {
    let mut bytes = vec![0_u8; 16 * 1024];
    loop {
        let read = tokio::select! {
            read = from.read(&mut bytes) => read.unwrap_or(0),
            shut = mode.wait_for(|mode| *mode == Mode::Shut) => { drop(shut); return }
        };
        let is_open = mode.wait_for(|mode| *mode != Mode::Held).await.is_ok_and(|mode| *mode == Mode::Open);
        if read == 0 || !is_open || to.write_all(&bytes[..read]).await.is_err() {
            return;
        }
    }
}
