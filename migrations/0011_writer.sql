-- Servers: one writer at a time, and a name of their own for these stores.

-- One row. `fence` is raised whenever the place is taken; it is a key, so that taking the place waits for the transactions that hold
-- the row `for key share`, which every writing one does, while signs of life (`expires_at`) wait for nobody. Embedded nobody uses it.
create table knowledge.writer (
    one boolean primary key default true check (one),
    fence bigint not null unique,
    -- Who has the place; null = nobody.
    program text,
    process_id bigint,
    host text,
    taken_at timestamptz,
    -- By the database's clock; from then on the place may be taken.
    expires_at timestamptz not null
);
insert into knowledge.writer (fence, expires_at) values (0, '-infinity');

-- What is derived from these stores and kept elsewhere is kept under this name: another database of the same address is another one.
create table knowledge.identity (
    one boolean primary key default true check (one),
    id uuid not null default gen_random_uuid()
);
insert into knowledge.identity default values;
