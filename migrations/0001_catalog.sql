-- The catalog: products, the ledger of what was read, chunk vectors by generation, and documents as JSON.
-- Everything is made by `ingest`; readers start at knowledge.live.

create extension if not exists vector;

create schema shop;
create schema knowledge;
create schema documents;

-- Products and what their pages state about them --------------------------------------------------------------------

create table shop.products (
    id text primary key check (id ~ '^[A-Za-z0-9_.-]{1,128}$'),
    name text not null,
    maker text,
    category text,
    product_family text,
    region text,
    obsolete boolean not null default false,
    successor_id text,
    -- The page it was read from, and that page's version.
    document_id text not null,
    document_version text not null,
    source text not null
);

-- value: auskunft_model::Value as JSON, e.g. {"type":"quantity","amount":2300.0,"upper":null,"unit":"g"}.
create table shop.product_attributes (
    product_id text not null references shop.products (id) on delete cascade,
    ordinal int not null,
    key text not null,
    value jsonb not null,
    text text not null,
    source text not null,
    primary key (product_id, ordinal)
);

create table shop.product_identifiers (
    product_id text not null references shop.products (id) on delete cascade,
    kind text not null check (kind in ('sku', 'ean', 'model', 'part')),
    text text not null,
    primary key (product_id, kind, text)
);

-- What shop.toml says; one row: {"name", "language", "regions", "today"}.
create table shop.settings (
    one boolean primary key default true check (one),
    body jsonb not null
);

-- Generations -------------------------------------------------------------------------------------------------------

create table knowledge.generations (
    id int primary key check (id > 0),
    space text not null,
    dimensions int not null check (dimensions > 0),
    chunker text not null,
    revision bigint not null default 0,
    -- Marks of removed chunks up to this revision are gone: a reader that stands before it must start again.
    marks_removed_to bigint not null default 0,
    created_at timestamptz not null default now()
);

-- One row: the generation that readers use.
create table knowledge.live (
    one boolean primary key default true check (one),
    generation int not null references knowledge.generations (id)
);

create table knowledge.runs (
    id text primary key,
    command text not null,
    started_at timestamptz not null default now(),
    ended_at timestamptz,
    state text not null check (state in ('running', 'finished', 'failed', 'interrupted')),
    report jsonb
);

-- The ledger --------------------------------------------------------------------------------------------------------

-- A source is done when its row carries the digest of all that it was made from (bytes, versions of extractor and
-- chunker, rows of the catalog's own files that concern it); the row is written with its last document.
create table knowledge.sources (
    generation int not null references knowledge.generations (id),
    path text not null,
    kind text not null,
    bytes bigint not null,
    bytes_digest text not null,
    input_digest text not null,
    outcome text not null check (outcome in ('ok', 'partial', 'failed', 'skipped')),
    reason text,
    detail text,
    revision bigint not null,
    primary key (generation, path)
);

-- Records of a list that could not be read, and why.
create table knowledge.record_failures (
    generation int not null,
    path text not null,
    ordinal int not null,
    anchor text,
    reason text not null,
    detail text not null,
    skipped boolean not null,
    primary key (generation, path, ordinal),
    foreign key (generation, path) references knowledge.sources (generation, path) on delete cascade
);

-- One row a document; it names the live version in the document store (`version`). `stated` is what binding starts from
-- (auskunft_store::ledger::Stated), `labels` what it ended with; `attributes` are a product page's typed facts.
create table knowledge.documents (
    generation int not null references knowledge.generations (id),
    document_id text not null,
    source text not null,
    anchor text,
    kind text not null,
    title text not null,
    language text not null,
    version text not null,
    stated jsonb not null,
    attributes jsonb,
    labels jsonb not null,
    chunks int not null,
    revision bigint not null,
    primary key (generation, document_id)
);
create index documents_source on knowledge.documents (generation, source);

-- Chunks: one partition a generation, made with the generation, with an HNSW index on (embedding::vector(N)). ---------

create table knowledge.chunks (
    generation int not null,
    document_id text not null,
    chunk_id text not null,
    ordinal int not null,
    kind text not null check (kind in ('product', 'manual', 'troubleshooting', 'faq', 'policy', 'dialog')),
    category text,
    product_family text,
    maker text,
    version text,
    product_id text,
    language text not null,
    region text,
    valid_from date,
    valid_to date,
    tags text[] not null default '{}',
    heading_path text[] not null,
    page int,
    text_digest text not null,
    embedding vector not null,
    revision bigint not null,
    primary key (generation, chunk_id)
) partition by list (generation);
create index chunks_document on knowledge.chunks (generation, document_id);
create index chunks_product on knowledge.chunks (generation, product_id);
create index chunks_text on knowledge.chunks (text_digest);
create index chunks_revision on knowledge.chunks (generation, revision);

-- What vanished from a generation, until `gc`: readers that hold a derived index apply it.
create table knowledge.removed_chunks (
    generation int not null references knowledge.generations (id),
    chunk_id text not null,
    revision bigint not null,
    primary key (generation, chunk_id)
);
create index removed_chunks_revision on knowledge.removed_chunks (generation, revision);

create table knowledge.embeddings (
    space text not null,
    text_digest text not null,
    embedding vector not null,
    primary key (space, text_digest)
);

-- The document store's embedded form: each table is a collection, each row a document. --------------------------------

create table documents.chunks (
    id text primary key,
    body jsonb not null
);

-- id: document id, ':' and the first 24 digits of the content's digest.
create table documents.parsed (
    id text primary key,
    body jsonb not null
);

create table documents.tickets (
    id text primary key,
    body jsonb not null
);
