-- The request log: one row for each question, in chunks of a day, and its roll-ups by hour.
--
-- Where the extension timescaledb stands in this database the log is a hypertable, else a table partitioned by day; both have the
-- same columns, and `logs.prepare` and `logs.drop_before` hide what differs. Only features of TimescaleDB's Apache edition are used.
-- Nothing here rests on another migration: a log with a database of its own (LOG_DATABASE_URL) is made of this file alone.

create schema logs;

-- What a request costs, and how it ended: no words of a question, nothing of an answer, no token.
create table logs.columns (
    -- When the request came, by the clock of the service.
    ts timestamptz not null,
    request_id text not null,
    agent_id text,
    customer_id text,
    session_id text,
    latency_ms real not null,
    chunks_used int not null,
    -- The problem's code; null = answered.
    error text,
    intent text,
    cached boolean not null,
    -- Milliseconds by stage: {"open": 0.4, …}.
    stages jsonb not null,
    -- A batch that is sent again, because nobody knows whether it arrived, leaves one row. It serves searches by time as well.
    primary key (ts, request_id)
);

do $$
declare
    extension_schema text;
begin
    select extnamespace::regnamespace::text into extension_schema from pg_extension where extname = 'timescaledb';
    if extension_schema is null then
        create table logs.support_logs (like logs.columns including all) partition by range (ts);
        -- Takes what has no partition, so that no row is ever refused; `logs.prepare` moves it where it belongs.
        create table logs.support_logs_rest partition of logs.support_logs default;
    else
        create table logs.support_logs (like logs.columns including all);
        execute format(
            'select %s.create_hypertable(''logs.support_logs'', ''ts'', chunk_time_interval => interval ''1 day'',
                create_default_indexes => false)',
            extension_schema
        );
    end if;
end $$;
drop table logs.columns;

-- Whether the log is a hypertable.
create function logs.is_hypertable() returns boolean
    language sql stable set search_path = pg_catalog, pg_temp as $$
    select relkind = 'r' from pg_class where oid = 'logs.support_logs'::regclass
$$;

-- Makes the partitions of so many days from today on, where they are missing, and of days whose rows lie with the rest. A
-- hypertable makes its own. Returns how many were made.
create function logs.prepare(days int) returns int
    language plpgsql set search_path = pg_catalog, pg_temp set timezone = 'UTC' set lock_timeout = '5s' as $$
declare
    day date;
    name text;
    made int := 0;
begin
    if logs.is_hypertable() then
        return 0;
    end if;
    for day in
        select wanted from (
            select current_date + ahead as wanted from generate_series(0, days) as ahead
            union
            select ts::date from logs.support_logs_rest
        ) as days_wanted
        where to_regclass('logs.' || to_char(wanted, '"support_logs_"YYYYMMDD')) is null
        order by wanted
    loop
        name := to_char(day, '"support_logs_"YYYYMMDD');
        execute format('create table logs.%I (like logs.support_logs including all)', name);
        lock table logs.support_logs_rest in access exclusive mode;
        execute format(
            'with moved as (delete from logs.support_logs_rest where ts >= %L and ts < %L returning *)
             insert into logs.%I select * from moved',
            day::timestamptz, (day + 1)::timestamptz, name
        );
        execute format(
            'alter table logs.support_logs attach partition logs.%I for values from (%L) to (%L)',
            name, day::timestamptz, (day + 1)::timestamptz
        );
        made := made + 1;
    end loop;
    return made;
end $$;

-- Drops the chunks of which every row is older. Returns how many.
create function logs.drop_before(oldest timestamptz) returns int
    language plpgsql set search_path = pg_catalog, pg_temp set timezone = 'UTC' set lock_timeout = '5s' as $$
declare
    name text;
    dropped int := 0;
begin
    if logs.is_hypertable() then
        execute format(
            'select count(*) from %s.drop_chunks(''logs.support_logs'', older_than => $1)',
            (select extnamespace::regnamespace from pg_extension where extname = 'timescaledb')
        ) into dropped using oldest;
        return dropped;
    end if;
    for name in
        select relname from pg_inherits join pg_class on pg_class.oid = inhrelid
        where inhparent = 'logs.support_logs'::regclass and relname ~ '^support_logs_\d{8}$'
            and to_date(right(relname, 8), 'YYYYMMDD') + 1 <= oldest
        order by relname
    loop
        execute format('drop table logs.%I', name);
        dropped := dropped + 1;
    end loop;
    delete from logs.support_logs_rest where ts < oldest;
    return dropped;
end $$;

-- Roll-ups -----------------------------------------------------------------------------------------------------------

-- Times of an hour by stage, in milliseconds; the stage `total` is the request. They outlive the rows that they were made of.
create table logs.hourly (
    hour timestamptz not null,
    stage text not null,
    -- How many requests had the stage.
    requests bigint not null,
    -- How many of them failed.
    errors bigint not null,
    p50_ms real not null,
    p95_ms real not null,
    p99_ms real not null,
    max_ms real not null,
    primary key (hour, stage)
);

-- One row: the hours before are rolled up. Who moves it on rolls up the hour that it passes; a second one finds it moved.
create table logs.rolled (
    one boolean primary key default true check (one),
    until timestamptz not null
);
insert into logs.rolled (until) values (date_trunc('hour', now(), 'UTC'));

-- An hour that rows came for after it had ended. One mark for each such batch: a roll-up removes those that it saw and no others.
create table logs.late (
    id bigint generated always as identity primary key,
    hour timestamptz not null
);

-- Who writes and reads the log and owns nothing: grant it to a user of LOG_DATABASE_URL, or of a dashboard's data source. Making
-- partitions and dropping chunks is left to the owner.
do $$
begin
    if not exists (select from pg_roles where rolname = 'auskunft_logs') then
        create role auskunft_logs nologin;
    end if;
exception
    -- Another database of this server was brought up to date at the same time.
    when duplicate_object or unique_violation then null;
end $$;
grant usage on schema logs to auskunft_logs;
grant select, insert on logs.support_logs to auskunft_logs;
grant select, insert, update on logs.hourly to auskunft_logs;
grant select, update on logs.rolled to auskunft_logs;
grant select, insert, delete on logs.late to auskunft_logs;
