-- What the peer writes, beside the product's own tables.
create schema if not exists peer;
create table if not exists peer.support_logs (
    ts timestamptz not null,
    request_id text not null,
    agent_id text,
    customer_id text,
    session_id text,
    latency_ms real not null,
    chunks_used int not null,
    error text,
    intent text,
    cached boolean not null,
    stages jsonb not null,
    primary key (ts, request_id)
);
do $$
begin
    if exists (select from pg_extension where extname = 'timescaledb') then
        perform create_hypertable('peer.support_logs', 'ts', chunk_time_interval => interval '1 day',
            create_default_indexes => false, if_not_exists => true);
    end if;
end $$;
create table if not exists peer.audit_events (
    id bigint generated always as identity primary key,
    ts timestamptz not null default now(),
    agent_id text,
    customer_id text,
    kind text not null,
    request_id text,
    detail jsonb not null default '{}'
);
create index if not exists audit_events_customer on peer.audit_events (customer_id, ts);
create index if not exists audit_events_ts on peer.audit_events (ts);
