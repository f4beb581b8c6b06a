//! A small shop, published through the store, and the service over it, asked without a network.

mod texts;

use std::path::Path;
use std::sync::Arc;

use auskunft_boot::Settings;
use auskunft_boot::settings::{self, Overrides};
use auskunft_boot::shutdown::{self, Trigger};
use auskunft_embed::{Embedder, EmbedderSettings, TextKind};
use auskunft_model::document::IdentifierKind;
use auskunft_model::{
    Attribute, Chunk, ChunkId, Digest, Document, DocumentId, Identifier, Kind, Labels, Language, Outcome,
    ProductId, Region, Section, Value as Amount,
};
use auskunft_store::documents::{StoredText, document_key};
use auskunft_store::ledger::{DocumentRow, Pages, SourceRow, Stated};
use auskunft_store::products::{self, ProductRow};
use auskunft_store::publish::{self, Batch, EmbeddedChunk, FinishedSource, ReadyDocument};
use auskunft_store::{Objects, Role, Stores, generation};
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use serde_json::{Value, json};
use serve::state::AppState;
use tower::ServiceExt;

use crate::people;
use texts::Text;

pub(crate) use texts::{EU_POLICY, TEXTS, US_POLICY, US_PRODUCT, region_of};

fn embedder() -> Arc<dyn Embedder> {
    let settings = EmbedderSettings::hashed();
    auskunft_embed::open(&settings).unwrap()
}

fn product(id: &str) -> ProductId {
    ProductId::parse(id).unwrap()
}

/// The id of a text's document.
pub(crate) fn document_id(source: &str, anchor: Option<&str>) -> String {
    DocumentId::derive(source, anchor).to_string()
}

fn parsed(text: &Text) -> Document {
    let (source, anchor, kind, title, product, body) = *text;
    let mut document = Document::new(source, anchor, kind, title, Language::german());
    document.product = product.map(str::to_owned);
    document.sections = vec![Section::of_paragraphs(vec![title.to_owned()], None, vec![body.to_owned()])];
    document
}

fn chunk(document: &Document, text: &Text) -> Chunk {
    let path = vec![document.title.clone()];
    Chunk {
        id: ChunkId::derive(&document.id, None, &path, text.5, 0),
        document_id: document.id.clone(),
        ordinal: 0,
        kind: document.kind,
        language: Language::german(),
        heading_path: path,
        page: None,
        text: text.5.to_owned(),
        embedded_text: format!("{}\n{}", document.title, text.5),
        tokens: 30,
    }
}

fn ready(document: &Document, text: &Text, embedder: &dyn Embedder) -> ReadyDocument {
    let chunk = chunk(document, text);
    let vectors = embedder.embed(TextKind::Passage, &[&chunk.embedded_text]).unwrap();
    let region = region_of(text.0).and_then(Region::parse);
    let labels = Labels { product_id: text.4.map(product), region, ..Labels::default() };
    let price = Amount::Money { minor: 12_900, currency: "EUR".to_owned(), vat_included: Some(true) };
    let attribute = Attribute { key: "Preis".to_owned(), value: price, text: "129,00 €".to_owned() };
    ReadyDocument {
        row: DocumentRow {
            document_id: document.id.clone(),
            source: document.source.clone(),
            anchor: document.anchor.clone(),
            kind: document.kind.as_str().to_owned(),
            title: document.title.clone(),
            language: "de".to_owned(),
            version: Digest::of(text.5.as_bytes()).to_string(),
            stated: Stated { labels: labels.clone(), ..Stated::default() },
            labels,
        },
        attributes: (document.kind == Kind::Product).then(|| vec![(attribute, document.source.clone())]),
        chunks: vec![EmbeddedChunk {
            text_digest: Digest::of(chunk.embedded_text.as_bytes()).to_string(),
            embedding: vectors.into_iter().next().unwrap(),
            chunk,
        }],
    }
}

fn finished(source: &str) -> FinishedSource {
    let of_source = TEXTS.iter().filter(|text| text.0 == source);
    FinishedSource {
        row: SourceRow {
            path: source.to_owned(),
            kind: "faq".to_owned(),
            bytes: 1,
            bytes_digest: Digest::of(original(source).as_bytes()).to_string(),
            input_digest: "i".to_owned(),
            outcome: Outcome::Ok,
            failure: None,
            pages: Pages::default(),
        },
        documents: of_source.map(|text| DocumentId::derive(text.0, text.1)).collect(),
        failures: Vec::new(),
    }
}

/// What the file of a source holds.
pub(crate) fn original(source: &str) -> String {
    format!("<!doctype html><title>{source}</title><p>Größe</p>")
}

/// Keeps the pages as files, as `ingest` does.
async fn keep_originals(folder: &Path) {
    let objects = Objects::open(&folder.join("objects").display().to_string(), &[]).unwrap();
    let file = tempfile::NamedTempFile::new().unwrap();
    for (source, ..) in TEXTS.iter().filter(|text| text.0.ends_with(".html")) {
        std::fs::write(file.path(), original(source)).unwrap();
        let digest = Digest::of(original(source).as_bytes());
        objects.put(digest.as_str(), file.path()).await.unwrap();
    }
}

/// Fills an empty data folder with the shop.
pub(crate) async fn publish_into(folder: &Path) {
    let stores = Stores::open_embedded(folder, "ingest").await.unwrap();
    publish_on(&stores).await;
    stores.close().await;
    keep_originals(folder).await;
}

/// Fills empty stores with the shop.
pub(crate) async fn publish_on(stores: &Stores) {
    let embedder = embedder();
    let recipe = generation::Recipe::new(embedder.space(), embedder.dimensions(), "test");
    let made = generation::create_first(&stores.database, recipe).await;
    let info = made.unwrap();
    let documents: Vec<Document> = TEXTS.iter().map(parsed).collect();
    let ready: Vec<ReadyDocument> = documents
        .iter()
        .zip(&TEXTS)
        .map(|(document, text)| ready(document, text, embedder.as_ref()))
        .collect();
    let keyed: Vec<(String, &Document)> = documents
        .iter()
        .zip(&ready)
        .map(|(document, ready)| (document_key(&document.id, &ready.row.version), document))
        .collect();
    stores.documents.put_documents(&keyed).await.unwrap();
    let texts: Vec<StoredText> = ready.iter().map(stored_text).collect();
    stores.documents.put_texts(&texts).await.unwrap();
    let mut sources: Vec<&str> = TEXTS.iter().map(|text| text.0).collect();
    sources.dedup();
    let finished = sources.into_iter().map(finished).collect();
    let batch = Batch { documents: ready, finished, removed: Vec::new() };
    publish::publish(&stores.database, info.generation, &batch).await.unwrap();
    let rows = [
        product_row("KM-100", 0, "Kaffeemaschinen"),
        product_row("ST-7", 1, "Staubsauger"),
        product_row(US_PRODUCT, 7, "Toaster"),
    ];
    products::replace(&stores.database, info.generation, &rows, &[]).await.unwrap();
    generation::ensure_vector_index(&stores.database, &info).await.unwrap();
}

fn stored_text(ready: &ReadyDocument) -> StoredText {
    let chunk = &ready.chunks[0].chunk;
    StoredText {
        chunk_id: chunk.id.clone(),
        doc_id: chunk.document_id.clone(),
        text: chunk.text.clone(),
        product_id: ready.row.labels.product_id.clone(),
        tags: Vec::new(),
    }
}

fn product_row(id: &str, text: usize, category: &str) -> (ProductRow, Vec<Identifier>) {
    let (source, _, _, title, _, body) = TEXTS[text];
    let row = ProductRow {
        id: product(id),
        name: title.to_owned(),
        maker: Some("Aroma".to_owned()),
        category: Some(category.to_owned()),
        product_family: None,
        region: region_of(source).map(str::to_owned),
        obsolete: false,
        successor_id: None,
        document_id: DocumentId::derive(source, None),
        document_version: Digest::of(body.as_bytes()).to_string(),
        source: source.to_owned(),
    };
    (row, vec![Identifier { kind: IdentifierKind::Model, text: id.to_owned() }])
}

/// Settings as the program reads them, of these variables and a data folder alone. Nothing is warm unless the variables say so: tests
/// count what the first questions cost.
pub(crate) fn settings(folder: &Path, variables: &[(&str, &str)]) -> Settings {
    let home = folder.parent().unwrap().display().to_string();
    let variable = |name: &str| {
        let stated = variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
        stated.or_else(|| match name {
            "HOME" => Some(home.clone()),
            "AUSKUNFT_WARM_UP" => Some("false".to_owned()),
            _ => None,
        })
    };
    let flags = Overrides { data_dir: Some(folder.to_owned()), ..Overrides::default() };
    settings::load(&flags, &variable).unwrap().settings
}

/// The service, open.
pub(crate) struct Service {
    pub(crate) state: AppState,
    pub(crate) trigger: Trigger,
    folder: tempfile::TempDir,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Reply {
    /// The body as JSON; `null` when it is none.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_default()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

impl Service {
    /// The service over the shop, with the defaults and without a limit of questions a minute.
    pub(crate) async fn open() -> Self {
        Self::open_with(&[("AUSKUNFT_RATE_PER_MINUTE", "0")]).await
    }

    /// The service over the shop with these settings.
    pub(crate) async fn open_with(variables: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        publish_into(&data).await;
        people::load_into(&data).await;
        let (trigger, shutdown) = shutdown::manual();
        let state = Box::pin(serve::opening::open(&settings(&data, variables), shutdown)).await.unwrap();
        Self { state, trigger, folder }
    }

    /// The service over the shop, which was filled with other settings than it is opened with: by another way to the same servers.
    pub(crate) async fn filled_and_opened_with(filled: &[(&str, &str)], opened: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        let stores = Stores::of(&settings(&data, filled), "ingest", Role::Writer).await.unwrap();
        publish_on(&stores).await;
        people::load_on(&stores).await;
        stores.close().await;
        keep_originals(&data).await;
        let (trigger, shutdown) = shutdown::manual();
        let state = Box::pin(serve::opening::open(&settings(&data, opened), shutdown)).await.unwrap();
        Self { state, trigger, folder }
    }

    /// The service over a data folder that `ingest` filled, on the day that the small shop is asked on. The folder is left as it is.
    pub(crate) async fn over(data: &Path) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let own = folder.path().join("data");
        let copied = std::process::Command::new("cp").arg("-r").arg(data).arg(&own).status().unwrap();
        assert!(copied.success(), "{} can't be copied", data.display());
        let (trigger, shutdown) = shutdown::manual();
        let variables = [("AUSKUNFT_RATE_PER_MINUTE", "0"), ("AUSKUNFT_TODAY", "2026-11-21")];
        let state = Box::pin(serve::opening::open(&settings(&own, &variables), shutdown)).await.unwrap();
        Self { state, trigger, folder }
    }

    /// The service over what `ingest` wrote to the servers, on the day that the small shop is asked on. Limits of time are of no concern.
    pub(crate) async fn on_servers() -> Self {
        let servers = test_servers::servers().unwrap_or_else(|| panic!("`make servers` starts them"));
        let prefix = format!("trials-{}:", std::process::id());
        let variables = [
            ("DATABASE_URL", servers.database_url.as_str()),
            ("MONGODB_URL", &servers.mongodb_url),
            ("REDIS_URL", &servers.redis_url),
            ("AUSKUNFT_REDIS_PREFIX", &prefix),
            ("AUSKUNFT_DATABASE_TIMEOUT_MS", "30000"),
            ("AUSKUNFT_MONGODB_TIMEOUT_MS", "30000"),
            ("AUSKUNFT_REDIS_TIMEOUT_MS", "5000"),
            ("AUSKUNFT_RATE_PER_MINUTE", "0"),
            ("AUSKUNFT_TODAY", "2026-11-21"),
        ];
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        let (trigger, shutdown) = shutdown::manual();
        let state = Box::pin(serve::opening::open(&settings(&data, &variables), shutdown)).await.unwrap();
        Self { state, trigger, folder }
    }

    /// The same service, ended and started again with the defaults.
    pub(crate) async fn reopened(self) -> Self {
        let Self { state, folder, .. } = self;
        let stores = state.stores.clone();
        drop(state);
        stores.close().await;
        let (trigger, shutdown) = shutdown::manual();
        let settings = settings(&folder.path().join("data"), &[("AUSKUNFT_RATE_PER_MINUTE", "0")]);
        let state = Box::pin(serve::opening::open(&settings, shutdown)).await.unwrap();
        Self { state, trigger, folder }
    }

    /// The data folder.
    pub(crate) fn data(&self) -> std::path::PathBuf {
        self.folder.path().join("data")
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Reply {
        let response = serve::router(self.state.clone()).oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        Reply { status: parts.status, headers: parts.headers, text }
    }

    /// A request with a token and a body, where there are any.
    pub(crate) async fn call(
        &self,
        method: &str,
        path: &str,
        token: Option<&str>,
        body: Option<&Value>,
    ) -> Reply {
        let mut request = Request::builder().method(method).uri(path);
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
        self.send(request.header("content-type", "application/json").body(body).unwrap()).await
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Reply {
        let request = Request::post(path).header("content-type", "application/json");
        self.send(request.body(Body::from(body.to_string())).unwrap()).await
    }

    /// Asks in a session.
    pub(crate) async fn ask(&self, session: &str, question: &str) -> Reply {
        self.post("/support/rag-answer", &json!({ "session_id": session, "question": question })).await
    }
}
