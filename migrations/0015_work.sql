-- Files of a run that several processes read (`ingest work`).

-- The run that shares its files, as long as its writer has the place: `fence` is the writer's.
create table knowledge.shared_run (
    one boolean primary key default true check (one),
    run text not null,
    fence bigint not null,
    -- What whoever takes part must have in common with it.
    terms jsonb not null,
    -- For how long a worker has a file without giving a sign of life.
    held_seconds float8 not null
);

-- A file that is to be read, is being read, or was read. Gone as soon as the run has it. Not unlogged, though what is lost of it is read
-- again: the engine that runs inside a process does not open any more when it was killed with unlogged tables.
create table knowledge.shared_files (
    run text not null,
    -- Its place in the run's order.
    place bigint not null,
    path text not null,
    kind text not null,
    bytes bigint not null,
    bytes_digest text not null,
    -- Who has it; null = nobody. From `expires_at` on (the database's clock) others may take it.
    worker text,
    expires_at timestamptz,
    attempts int not null default 0,
    -- What the worker made of it, as JSON.
    reading bytea,
    primary key (run, place)
);
create index shared_files_to_read on knowledge.shared_files (run, place) where reading is null;
create index shared_files_read on knowledge.shared_files (run, place) where reading is not null;
create index shared_files_in_hand on knowledge.shared_files (worker) where worker is not null;

-- Processes that take part, or would.
create table knowledge.workers (
    id text primary key,
    process_id bigint not null,
    host text not null,
    began_at timestamptz not null default now(),
    seen_at timestamptz not null default now(),
    -- Since it began: files read, vectors computed.
    files bigint not null default 0,
    vectors bigint not null default 0,
    -- What it does, or why it takes no part.
    told text not null
);
