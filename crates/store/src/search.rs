//! Searching vectors, and the rows behind chunk ids.

use std::collections::HashMap;

use auskunft_model::{ChunkId, DocumentId, Filter, Generation, Kind, Labels, Language, ProductId, Region};
use chrono::NaiveDate;
use pgvector::Vector;
use sqlx::postgres::PgArguments;
use sqlx::query::{QueryAs, QueryScalar};
use sqlx::{AssertSqlSafe, Postgres};

use crate::Database;
use crate::error::{Result, corrupt, database};
use crate::generation::GenerationInfo;

/// A chunk's row with its document's title and place; the text is in the document store.
#[derive(Debug, Clone, PartialEq)]
pub struct ChunkRow {
    /// The chunk.
    pub chunk_id: ChunkId,
    /// Its document.
    pub document_id: DocumentId,
    /// Place within the document.
    pub ordinal: i32,
    /// What it is.
    pub kind: Kind,
    /// Language of the text.
    pub language: Language,
    /// Headings above it.
    pub heading_path: Vec<String>,
    /// Page it begins on.
    pub page: Option<u32>,
    /// Filter columns.
    pub labels: Labels,
    /// The document's title.
    pub title: String,
    /// Path of its source.
    pub source: String,
    /// Record in the source.
    pub anchor: Option<String>,
}

/// The filter as SQL over `c`; its ten parameters are numbered from `first` and bound in the order of [`arguments`].
fn predicate(first: usize) -> String {
    let parameter = |offset: usize| format!("${}", first + offset);
    let equals = |column: &str, offset: usize| {
        format!("({p}::text is null or c.{column} = {p})", p = parameter(offset))
    };
    [
        format!("(cardinality({p}::text[]) = 0 or c.kind = any({p}))", p = parameter(0)),
        // A text about several products names them in its tags (`Labels::product_tag`).
        format!("({p}::text is null or c.product_id = {p} or c.tags @> array['product:' || {p}])", p = parameter(1)),
        equals("category", 2),
        equals("product_family", 3),
        equals("maker", 4),
        equals("version", 5),
        format!("c.tags @> {}::text[]", parameter(6)),
        equals("language", 7),
        format!("({p}::text is null or c.region is null or c.region = {p})", p = parameter(8)),
        format!(
            "({p}::date is null or (coalesce(c.valid_from, '-infinity') <= {p} and coalesce(c.valid_to, 'infinity') >= {p}))",
            p = parameter(9)
        ),
    ]
    .join(" and ")
}

type Arguments<'q> =
    (Vec<&'static str>, [Option<&'q str>; 5], &'q Vec<String>, [Option<&'q str>; 2], Option<NaiveDate>);

fn arguments(filter: &Filter) -> Arguments<'_> {
    let product = filter.product_id.as_ref().map(ProductId::as_str);
    let texts = [
        product,
        filter.category.as_deref(),
        filter.product_family.as_deref(),
        filter.maker.as_deref(),
        filter.version.as_deref(),
    ];
    let places = [filter.language.as_ref().map(Language::as_str), filter.region.as_ref().map(Region::as_str)];
    let kinds = filter.kinds.iter().map(|kind| kind.as_str()).collect();
    (kinds, texts, &filter.tags, places, filter.valid_on)
}

type Scored<'q> = QueryAs<'q, Postgres, (String, f64), PgArguments>;

fn bind_scored<'q>(query: Scored<'q>, filter: &'q Filter) -> Scored<'q> {
    let (kinds, texts, tags, places, valid_on) = arguments(filter);
    let query = texts.into_iter().fold(query.bind(kinds), QueryAs::bind);
    places.into_iter().fold(query.bind(tags), QueryAs::bind).bind(valid_on)
}

fn bind_ids<'q>(
    query: QueryScalar<'q, Postgres, String, PgArguments>,
    filter: &'q Filter,
) -> QueryScalar<'q, Postgres, String, PgArguments> {
    let (kinds, texts, tags, places, valid_on) = arguments(filter);
    let query = texts.into_iter().fold(query.bind(kinds), QueryScalar::bind);
    places.into_iter().fold(query.bind(tags), QueryScalar::bind).bind(valid_on)
}

/// How the dense leg scans.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scan {
    /// HNSW with iterative scan.
    Approximate,
    /// Every row that passes the filter: for selective filters, and as the measure of the other.
    Exact,
}

/// Names the generation's own partition, for its HNSW index, and the generation, because other indexes begin with it.
fn nearest_statement(info: &GenerationInfo, scan: Scan) -> String {
    let (generation, dimensions) = (info.generation, info.dimensions);
    // Adding zero to the distance hides the order from the index.
    let exact = if scan == Scan::Exact { " + 0" } else { "" };
    format!(
        "select c.chunk_id, 1 - ((c.embedding::vector({dimensions})) <=> $1)
         from knowledge.chunks_{generation} c where c.generation = {generation} and {}
         order by ((c.embedding::vector({dimensions})) <=> $1){exact} limit $2",
        predicate(3)
    )
}

/// The nearest chunks by cosine similarity (-1 to 1), best first.
pub async fn nearest(
    database_: &Database,
    info: &GenerationInfo,
    vector: &[f32],
    filter: &Filter,
    limit: i64,
    scan: Scan,
) -> Result<Vec<(ChunkId, f64)>> {
    // Planned for its values at each call: a plan for all values does not know how selective a filter is, and would scan all chunks where no
    // product is asked for.
    let query = sqlx::query_as(AssertSqlSafe(nearest_statement(info, scan)))
        .persistent(false)
        .bind(Vector::from(vector.to_vec()))
        .bind(limit);
    let rows =
        bind_scored(query, filter).fetch_all(database_.pool()).await.map_err(database("search vectors"))?;
    let read = |(id, similarity): (String, f64)| {
        ChunkId::parse(&id).map(|id| (id, similarity)).map_err(|error| corrupt("search vectors", error))
    };
    rows.into_iter().map(read).collect()
}

/// Which of these chunks are live and pass the filter: what a derived index found is joined with the truth here.
pub async fn admitted(
    database_: &Database,
    generation: Generation,
    ids: &[ChunkId],
    filter: &Filter,
) -> Result<Vec<ChunkId>> {
    let statement = format!(
        "select c.chunk_id from knowledge.chunks c where c.generation = $1 and c.chunk_id = any($2) and {}",
        predicate(3)
    );
    let ids: Vec<&str> = ids.iter().map(ChunkId::as_str).collect();
    let query = sqlx::query_scalar(AssertSqlSafe(statement)).bind(generation.0).bind(ids);
    let rows =
        bind_ids(query, filter).fetch_all(database_.pool()).await.map_err(database("filter chunks"))?;
    rows.iter().map(|id| ChunkId::parse(id).map_err(|error| corrupt("filter chunks", error))).collect()
}

#[derive(sqlx::FromRow)]
struct Columns {
    chunk_id: String,
    document_id: String,
    ordinal: i32,
    kind: String,
    language: String,
    heading_path: Vec<String>,
    page: Option<i32>,
    category: Option<String>,
    product_family: Option<String>,
    maker: Option<String>,
    version: Option<String>,
    product_id: Option<String>,
    region: Option<String>,
    valid_from: Option<NaiveDate>,
    valid_to: Option<NaiveDate>,
    tags: Vec<String>,
    title: String,
    source: String,
    anchor: Option<String>,
}

impl Columns {
    fn read(self) -> Result<ChunkRow> {
        const OPERATION: &str = "read chunk";
        let kind = Kind::parse(&self.kind).ok_or_else(|| corrupt(OPERATION, &self.kind))?;
        let language = Language::parse(&self.language).ok_or_else(|| corrupt(OPERATION, &self.language))?;
        let labels = Labels {
            product_id: self.product_id.and_then(|id| ProductId::parse(&id).ok()),
            category: self.category,
            product_family: self.product_family,
            maker: self.maker,
            version: self.version,
            region: self.region.and_then(|region| Region::parse(&region)),
            valid_from: self.valid_from,
            valid_to: self.valid_to,
            tags: self.tags,
        };
        Ok(ChunkRow {
            chunk_id: ChunkId::parse(&self.chunk_id).map_err(|error| corrupt(OPERATION, error))?,
            document_id: DocumentId::parse(&self.document_id).map_err(|error| corrupt(OPERATION, error))?,
            ordinal: self.ordinal,
            kind,
            language,
            heading_path: self.heading_path,
            page: self.page.and_then(|page| u32::try_from(page).ok()),
            labels,
            title: self.title,
            source: self.source,
            anchor: self.anchor,
        })
    }
}

const ROWS: &str = "select c.chunk_id, c.document_id, c.ordinal, c.kind, c.language, c.heading_path, c.page,
    c.category, c.product_family, c.maker, c.version, c.product_id, c.region, c.valid_from, c.valid_to, c.tags,
    d.title, d.source, d.anchor
    from knowledge.chunks c
    join knowledge.documents d on d.generation = c.generation and d.document_id = c.document_id";

/// The rows of these chunks by id; chunks that are no longer live are left out.
pub async fn rows(
    database_: &Database,
    generation: Generation,
    ids: &[ChunkId],
) -> Result<HashMap<ChunkId, ChunkRow>> {
    let ids: Vec<&str> = ids.iter().map(ChunkId::as_str).collect();
    let statement = format!("{ROWS} where c.generation = $1 and c.chunk_id = any($2)");
    let query = sqlx::query_as::<_, Columns>(AssertSqlSafe(statement)).bind(generation.0).bind(ids);
    let found = query.fetch_all(database_.pool()).await.map_err(database("read chunks"))?;
    found.into_iter().map(|columns| columns.read().map(|row| (row.chunk_id.clone(), row))).collect()
}

/// The first `limit` rows of these documents, in order of the documents' ids and of their text.
pub async fn rows_of(
    database_: &Database,
    generation: Generation,
    documents: &[DocumentId],
    limit: i64,
) -> Result<Vec<ChunkRow>> {
    let ids: Vec<&str> = documents.iter().map(DocumentId::as_str).collect();
    let statement = format!(
        "{ROWS} where c.generation = $1 and c.document_id = any($2) order by c.document_id, c.ordinal limit $3"
    );
    let query =
        sqlx::query_as::<_, Columns>(AssertSqlSafe(statement)).bind(generation.0).bind(ids).bind(limit);
    let found = query.fetch_all(database_.pool()).await.map_err(database("read chunks of documents"))?;
    found.into_iter().map(Columns::read).collect()
}

/// Rows written after `revision`, in order of their ids, after the id `after`, at most `limit`: what a derived index
/// must take in.
pub async fn rows_since(
    database_: &Database,
    generation: Generation,
    revision: i64,
    after: &str,
    limit: i64,
) -> Result<Vec<ChunkRow>> {
    let statement = format!(
        "{ROWS} where c.generation = $1 and c.revision > $2 and c.chunk_id > $3
         order by c.chunk_id limit $4"
    );
    let query = sqlx::query_as::<_, Columns>(AssertSqlSafe(statement));
    let query = query.bind(generation.0).bind(revision).bind(after).bind(limit);
    let found = query.fetch_all(database_.pool()).await.map_err(database("read chunks"))?;
    found.into_iter().map(Columns::read).collect()
}

/// Chunks that vanished after `revision`: what a derived index must drop.
pub async fn removed_since(
    database_: &Database,
    generation: Generation,
    revision: i64,
) -> Result<Vec<ChunkId>> {
    let query = sqlx::query_scalar::<_, String>(
        "select chunk_id from knowledge.removed_chunks where generation = $1 and revision > $2",
    );
    let found = query.bind(generation.0).bind(revision).fetch_all(database_.pool()).await;
    let found = found.map_err(database("read chunks"))?;
    found.iter().map(|id| ChunkId::parse(id).map_err(|error| corrupt("read chunks", error))).collect()
}

/// A document's ledger row parts that `GET /documents/{id}` needs: its version and bound product.
pub async fn document_version(
    database_: &Database,
    generation: Generation,
    id: &DocumentId,
) -> Result<Option<(String, Option<String>)>> {
    let query = sqlx::query_as::<_, (String, Option<String>)>(
        "select version, labels->>'product_id' from knowledge.documents
         where generation = $1 and document_id = $2 and kind <> 'ticket'",
    );
    let found = query.bind(generation.0).bind(id.as_str()).fetch_optional(database_.pool()).await;
    found.map_err(database("read document"))
}

/// The chunks of these documents, each with its document.
pub async fn chunk_ids_of(
    database_: &Database,
    generation: Generation,
    documents: &[&DocumentId],
) -> Result<Vec<(ChunkId, DocumentId)>> {
    const OPERATION: &str = "read chunks";
    let query = sqlx::query_as::<_, (String, String)>(
        "select chunk_id, document_id from knowledge.chunks where generation = $1 and document_id = any($2)
         order by document_id, ordinal",
    );
    let ids: Vec<&str> = documents.iter().map(|id| id.as_str()).collect();
    let found = query.bind(generation.0).bind(ids).fetch_all(database_.pool()).await;
    let read = |(chunk, document): (String, String)| {
        let chunk = ChunkId::parse(&chunk).map_err(|error| corrupt(OPERATION, error))?;
        Ok((chunk, DocumentId::parse(&document).map_err(|error| corrupt(OPERATION, error))?))
    };
    found.map_err(database(OPERATION))?.into_iter().map(read).collect()
}

/// How the planner would search.
#[cfg(test)]
pub(crate) async fn explain_nearest(
    database_: &Database,
    info: &GenerationInfo,
    filter: &Filter,
    scan: Scan,
) -> String {
    let statement = format!("explain {}", nearest_statement(info, scan));
    let vector = Vector::from(vec![1.0; info.dimensions]);
    let query = sqlx::query_scalar(AssertSqlSafe(statement)).bind(vector).bind(10_i64);
    bind_ids(query, filter).fetch_all(database_.pool()).await.unwrap().join("\n")
}
