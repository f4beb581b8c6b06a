//! A bucket in this process, as much of the S3 protocol as files need: it looks for a signature of the right key, and does not verify it.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

pub(super) const BUCKET: &str = "files";
pub(super) const KEY: &str = "AKIDEXAMPLE";

#[derive(Debug, Default)]
struct Bucket {
    objects: BTreeMap<String, Vec<u8>>,
    uploads: HashMap<String, BTreeMap<u32, Vec<u8>>>,
}

/// A bucket that listens.
pub(super) struct StandIn {
    pub(super) address: String,
    bucket: Arc<Mutex<Bucket>>,
}

impl StandIn {
    pub(super) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let bucket = Arc::new(Mutex::new(Bucket::default()));
        let shared = Arc::clone(&bucket);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&shared)));
            }
        });
        Self { address, bucket }
    }

    pub(super) fn keys(&self) -> Vec<String> {
        self.bucket.lock().unwrap().objects.keys().cloned().collect()
    }
}

struct Call {
    method: String,
    path: String,
    query: HashMap<String, String>,
    headers: HashMap<String, String>,
    body: Vec<u8>,
}

async fn serve(stream: TcpStream, bucket: Arc<Mutex<Bucket>>) {
    let mut stream = BufReader::new(stream);
    while let Some(call) = read(&mut stream).await {
        let answer = answer(&call, &mut bucket.lock().unwrap());
        let (status, headers, body) = answer;
        // What HEAD tells is the length of what GET would give.
        let length = if call.method == "HEAD" && headers.contains("Content-Length") {
            String::new()
        } else {
            format!("Content-Length: {}\r\n", body.len())
        };
        let head = format!(
            "HTTP/1.1 {status} X\r\n{headers}{length}Last-Modified: Sat, 21 Nov 2026 10:00:00 GMT\r\nETag: \"e\"\r\n\r\n"
        );
        if stream.write_all(head.as_bytes()).await.is_err() || stream.write_all(&body).await.is_err() {
            return;
        }
    }
}

async fn read(stream: &mut BufReader<TcpStream>) -> Option<Call> {
    let mut line = String::new();
    stream.read_line(&mut line).await.ok().filter(|bytes| *bytes > 0)?;
    let mut words = line.split(' ');
    let (method, target) = (words.next()?.to_owned(), words.next()?.to_owned());
    let mut headers = HashMap::new();
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await.ok()?;
        let Some((name, value)) = line.trim().split_once(':') else { break };
        headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
    }
    let length = headers.get("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.ok()?;
    let (path, query) = target.split_once('?').unwrap_or((&target, ""));
    let pair = |pair: &str| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (name.to_owned(), value.replace("%2F", "/"))
    };
    let query = query.split('&').filter(|pair| !pair.is_empty()).map(pair).collect();
    Some(Call { method, path: path.to_owned(), query, headers, body })
}

type Answer = (u16, String, Vec<u8>);

fn answer(call: &Call, bucket: &mut Bucket) -> Answer {
    let signature = call.headers.get("authorization").map_or("", String::as_str);
    if !signature.starts_with(&format!("AWS4-HMAC-SHA256 Credential={KEY}/")) {
        return (403, String::new(), b"<Error><Code>AccessDenied</Code></Error>".to_vec());
    }
    let Some(path) = call.path.strip_prefix(&format!("/{BUCKET}")) else {
        return (404, String::new(), b"<Error><Code>NoSuchBucket</Code></Error>".to_vec());
    };
    let key = path.trim_start_matches('/').to_owned();
    match (call.method.as_str(), call.query.get("uploadId")) {
        ("PUT", Some(upload)) => {
            let part = call.query["partNumber"].parse().unwrap();
            bucket.uploads.get_mut(upload).unwrap().insert(part, call.body.clone());
            (200, String::new(), Vec::new())
        }
        ("POST", Some(upload)) => {
            let parts = bucket.uploads.remove(upload).unwrap();
            bucket.objects.insert(key, parts.into_values().flatten().collect());
            let done = "<CompleteMultipartUploadResult><ETag>\"e\"</ETag></CompleteMultipartUploadResult>";
            (200, String::new(), done.as_bytes().to_vec())
        }
        ("DELETE", Some(upload)) => {
            bucket.uploads.remove(upload);
            (204, String::new(), Vec::new())
        }
        ("POST", None) if call.query.contains_key("uploads") => {
            let id = format!("u{}", bucket.uploads.len());
            bucket.uploads.insert(id.clone(), BTreeMap::new());
            let begun = format!(
                "<InitiateMultipartUploadResult><UploadId>{id}</UploadId></InitiateMultipartUploadResult>"
            );
            (200, String::new(), begun.into_bytes())
        }
        ("POST", None) if call.query.contains_key("delete") => delete(call, bucket),
        ("PUT", None) => {
            bucket.objects.insert(key, call.body.clone());
            (200, String::new(), Vec::new())
        }
        ("GET", None) if call.query.contains_key("list-type") => list(call, bucket),
        ("GET" | "HEAD", None) => get(call, bucket.objects.get(&key)),
        _ => (405, String::new(), Vec::new()),
    }
}

fn delete(call: &Call, bucket: &mut Bucket) -> Answer {
    let body = String::from_utf8(call.body.clone()).unwrap();
    let keys: Vec<&str> =
        body.split("<Key>").skip(1).filter_map(|rest| rest.split("</Key>").next()).collect();
    for key in &keys {
        bucket.objects.remove(*key);
    }
    let deleted: String = keys.iter().map(|key| format!("<Deleted><Key>{key}</Key></Deleted>")).collect();
    (200, String::new(), format!("<DeleteResult>{deleted}</DeleteResult>").into_bytes())
}

fn list(call: &Call, bucket: &Bucket) -> Answer {
    let prefix = call.query.get("prefix").cloned().unwrap_or_default();
    let found = bucket.objects.iter().filter(|(key, _)| key.starts_with(&prefix));
    let entry = |(key, content): (&String, &Vec<u8>)| {
        format!(
            "<Contents><Key>{key}</Key><LastModified>2026-11-21T10:00:00.000Z</LastModified><ETag>\"e\"</ETag><Size>{}</Size></Contents>",
            content.len()
        )
    };
    let entries: String = found.map(entry).collect();
    let listed = format!("<ListBucketResult><IsTruncated>false</IsTruncated>{entries}</ListBucketResult>");
    (200, String::new(), listed.into_bytes())
}

fn get(call: &Call, found: Option<&Vec<u8>>) -> Answer {
    let Some(content) = found else {
        return (404, String::new(), b"<Error><Code>NoSuchKey</Code></Error>".to_vec());
    };
    if call.method == "HEAD" {
        return (200, format!("Content-Length: {}\r\n", content.len()), Vec::new());
    }
    let Some(range) = call.headers.get("range").and_then(|range| range.strip_prefix("bytes=")) else {
        return (200, String::new(), content.clone());
    };
    let (first, last) = range.split_once('-').unwrap();
    let first: usize = first.parse().unwrap();
    let last: usize = last.parse().map_or(content.len() - 1, |last: usize| last.min(content.len() - 1));
    let told = format!("Content-Range: bytes {first}-{last}/{}\r\n", content.len());
    (206, told, content[first..=last].to_vec())
}
