//! Stands between a client and a server, and breaks what is between them as a test wants it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// What is to go wrong.
#[derive(Debug, Default)]
pub(super) struct Faults {
    /// So many acknowledgements of appends are lost: the server did them, the connection breaks before it can say so.
    pub(super) lost: AtomicUsize,
    /// Nothing passes: connections are made and stay silent.
    pub(super) silent: AtomicBool,
}

/// A way to a server with faults.
#[derive(Debug)]
pub(super) struct Proxy {
    pub(super) address: SocketAddr,
    pub(super) faults: Arc<Faults>,
    accepting: JoinHandle<()>,
}

impl Proxy {
    /// A way to that server.
    pub(super) async fn before(server: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (address, faults) = (listener.local_addr().unwrap(), Arc::new(Faults::default()));
        let known = Arc::clone(&faults);
        let accepting = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let server = TcpStream::connect(&server).await.unwrap();
                tokio::spawn(pass(client, server, Arc::clone(&known)));
            }
        });
        Self { address, faults, accepting }
    }

    /// Nobody listens any more.
    pub(super) async fn end(self) {
        self.accepting.abort();
        let _aborted = self.accepting.await;
    }
}

async fn pass(client: TcpStream, server: TcpStream, faults: Arc<Faults>) {
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    let is_doomed = Arc::new(AtomicBool::new(false));
    let answering = tokio::spawn(answer(from_server, to_client, Arc::clone(&faults), Arc::clone(&is_doomed)));
    ask(from_client, to_server, &faults, &is_doomed).await;
    let _ended = answering.await;
}

/// What names an append among a client's bytes.
const APPEND: &[u8] = b"messages.id";

async fn ask(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, faults: &Faults, is_doomed: &AtomicBool) {
    let mut bytes = vec![0; 1 << 16];
    while let Ok(count @ 1..) = from.read(&mut bytes).await {
        if faults.silent.load(Ordering::SeqCst) {
            continue;
        }
        let is_append = bytes[..count].windows(APPEND.len()).any(|window| window == APPEND);
        let lose = |left: usize| left.checked_sub(1);
        if is_append && faults.lost.fetch_update(Ordering::SeqCst, Ordering::SeqCst, lose).is_ok() {
            is_doomed.store(true, Ordering::SeqCst);
        }
        if to.write_all(&bytes[..count]).await.is_err() {
            return;
        }
    }
}

async fn answer(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    faults: Arc<Faults>,
    is_doomed: Arc<AtomicBool>,
) {
    let mut bytes = vec![0; 1 << 16];
    while let Ok(count @ 1..) = from.read(&mut bytes).await {
        if is_doomed.load(Ordering::SeqCst) {
            return;
        }
        if !faults.silent.load(Ordering::SeqCst) && to.write_all(&bytes[..count]).await.is_err() {
            return;
        }
    }
}
