//! A stand-in for a collector: takes spans as OTLP over HTTP and keeps them.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::trace::v1::Span;
use opentelemetry_proto::tonic::trace::v1::span::SpanKind;
use prost::Message;

/// How long a test waits for what shall come.
const PATIENCE: Duration = Duration::from_secs(60);

/// What was posted: headers in lower case, and the message.
#[derive(Debug, Clone)]
pub(super) struct Post {
    pub(super) head: String,
    pub(super) message: ExportTraceServiceRequest,
}

#[derive(Default)]
struct Kept {
    posts: Mutex<Vec<Post>>,
    came: Condvar,
}

/// The stand-in; it listens as long as the test runs.
pub(super) struct Collector {
    pub(super) url: String,
    kept: Arc<Kept>,
}

impl Collector {
    pub(super) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let kept = Arc::new(Kept::default());
        let keeping = Arc::clone(&kept);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let kept = Arc::clone(&keeping);
                std::thread::spawn(move || serve(stream.unwrap(), &kept));
            }
        });
        Self { url, kept }
    }

    /// What was posted, when there is something.
    pub(super) fn posts(&self) -> Vec<Post> {
        let posts = self.kept.posts.lock().unwrap();
        let (posts, _) =
            self.kept.came.wait_timeout_while(posts, PATIENCE, |posts| posts.is_empty()).unwrap();
        posts.clone()
    }

    /// Every span that was posted.
    pub(super) fn spans(&self) -> Vec<Span> {
        let posts = self.posts().into_iter();
        let resources = posts.flat_map(|post| post.message.resource_spans);
        resources.flat_map(|resource| resource.scope_spans).flat_map(|scope| scope.spans).collect()
    }
}

/// Requests of one connection, until it ends.
fn serve(stream: TcpStream, kept: &Kept) {
    let mut reader = BufReader::new(stream);
    loop {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            if reader.read_line(&mut head).unwrap_or(0) == 0 {
                return;
            }
        }
        let head = head.to_lowercase();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
        let mut body = vec![0; length.parse().unwrap()];
        reader.read_exact(&mut body).unwrap();
        let message = ExportTraceServiceRequest::decode(body.as_slice()).unwrap();
        kept.posts.lock().unwrap().push(Post { head, message });
        kept.came.notify_all();
        let reply = "HTTP/1.1 200 OK\r\ncontent-type: application/x-protobuf\r\ncontent-length: 0\r\n\r\n";
        reader.get_mut().write_all(reply.as_bytes()).unwrap();
    }
}

/// A span's attribute as text.
pub(super) fn attribute(span: &Span, name: &str) -> Option<String> {
    let found = span.attributes.iter().find(|attribute| attribute.key == name)?;
    match found.value.as_ref()?.value.as_ref()? {
        Value::StringValue(text) => Some(text.clone()),
        Value::IntValue(number) => Some(number.to_string()),
        other => panic!("{name} is {other:?}"),
    }
}

pub(super) fn is_of_kind(span: &Span, kind: SpanKind) -> bool {
    span.kind == kind as i32
}
