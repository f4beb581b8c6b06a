//! A database of its own for a test, and a gate before it that can be shut: refusing, or accepting and answering nothing.

use sqlx::PgPool;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// An empty database on the server.
pub(crate) struct OwnDatabase {
    pub(crate) url: String,
    server: PgPool,
    name: String,
}

impl OwnDatabase {
    pub(crate) async fn new(url: &str) -> Self {
        let server = PgPool::connect(url).await.unwrap();
        let name = format!("serve_{}_{}", std::process::id(), chrono::Utc::now().timestamp_micros());
        run(&server, &format!("create database {name}")).await;
        let base = url.rsplit_once('/').unwrap().0;
        Self { url: format!("{base}/{name}"), server, name }
    }

    pub(crate) async fn remove(self) {
        run(&self.server, &format!("drop database {} with (force)", self.name)).await;
    }
}

async fn run(server: &PgPool, statement: &str) {
    sqlx::raw_sql(sqlx::AssertSqlSafe(statement)).execute(server).await.unwrap();
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Open,
    /// Connections are accepted and kept, nothing passes: a server that is paused.
    Held,
    /// Connections end: a server that is gone.
    Cut,
}

/// Stands between a program and a server.
pub(crate) struct Gate {
    way: watch::Sender<Way>,
}

impl Gate {
    /// Before the server of that address; the address of the gate.
    pub(crate) async fn before(url: &str) -> (Self, String) {
        let (head, rest) = url.split_once('@').unwrap();
        let (server, database) = rest.split_once('/').unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("{head}@{}/{database}", listener.local_addr().unwrap());
        let (way, watched) = watch::channel(Way::Open);
        tokio::spawn(accept(listener, server.to_owned(), watched));
        (Self { way }, url)
    }

    pub(crate) fn open(&self) {
        self.way.send_replace(Way::Open);
    }

    pub(crate) fn hold(&self) {
        self.way.send_replace(Way::Held);
    }

    pub(crate) fn cut(&self) {
        self.way.send_replace(Way::Cut);
    }
}

async fn accept(listener: TcpListener, server: String, way: watch::Receiver<Way>) {
    while let Ok((client, _)) = listener.accept().await {
        tokio::spawn(pass(client, server.clone(), way.clone()));
    }
}

/// Carries what comes until the way changes. What was held ends when the way is open again, as with a server that lost it.
async fn pass(mut client: TcpStream, server: String, mut way: watch::Receiver<Way>) {
    let begun = *way.borrow();
    if begun == Way::Open {
        let mut server = TcpStream::connect(server).await.unwrap();
        tokio::select! {
            _ = tokio::io::copy_bidirectional(&mut client, &mut server) => return,
            _ = way.wait_for(|way| *way != Way::Open) => {}
        }
    }
    if *way.borrow() == Way::Held {
        // An end of the test ends this, too.
        let _ = way.wait_for(|way| *way != Way::Held).await;
    }
}
