-- What answers read of the shop's own data beyond the tables of 0007: which role may see what, the policies as data, a version
-- for caches; and the audit of who saw what of a customer.

-- Who may see what --------------------------------------------------------------------------------------------------

-- Orders, items and shipments are seen by every role within its regions; these subjects by the roles named here.
create table shop.role_rights (
    role text not null check (role in ('agent', 'technician', 'returns', 'billing', 'lead')),
    subject text not null check (subject in ('payments', 'addresses', 'warranty', 'returns')),
    primary key (role, subject)
);
insert into shop.role_rights (role, subject) values
    ('agent', 'payments'), ('agent', 'warranty'), ('agent', 'returns'),
    ('technician', 'warranty'),
    ('returns', 'returns'), ('returns', 'addresses'),
    ('billing', 'payments'), ('billing', 'addresses'), ('billing', 'returns'),
    ('lead', 'payments'), ('lead', 'addresses'), ('lead', 'warranty'), ('lead', 'returns');

-- The shop's rules as data ------------------------------------------------------------------------------------------

-- Derived by `ingest` from the policies' documents; one row for what a document grants.
create table shop.policies (
    document_id text collate "C" not null,
    kind text not null check (kind in ('return', 'warranty')),
    -- null = everywhere.
    region text,
    -- First and last day, both included, of the orders that it holds for; null = no bound.
    valid_from date,
    valid_to date,
    language text not null,
    return_days int check (return_days >= 0),
    warranty_months int check (warranty_months >= 0),
    -- Kinds of goods that can't go back, as the policy names them.
    excludes text[] not null default '{}',
    source text not null,
    primary key (document_id, kind),
    check ((kind = 'return') = (return_days is not null) and (kind = 'warranty') = (warranty_months is not null))
);
create index policies_kind on shop.policies (kind, region);

-- The audit ---------------------------------------------------------------------------------------------------------

-- `auskunft_audit` owns the events and nothing else; nobody logs in as it. `auskunft_application` is what a program that
-- answers may do with them: grant it to the user that the programs connect as.
do $$
declare
    wanted text;
begin
    foreach wanted in array array['auskunft_audit', 'auskunft_application'] loop
        if not exists (select from pg_roles where rolname = wanted) then
            execute format('create role %I nologin', wanted);
        end if;
    end loop;
exception
    -- Another database of this server was brought up to date at the same time.
    when duplicate_object or unique_violation then null;
end $$;

create schema audit;
create table audit.events (
    id bigint generated always as identity primary key,
    ts timestamptz not null default now(),
    -- Whoever asked, as stated; agents and customers that do not exist are kept as they were asked for.
    agent_id text,
    customer_id text,
    kind text not null check (
        kind in (
            'customer_data_shown', 'return_details_shown', 'order_status_changed', 'permission_denied', 'token_revoked',
            'system_error'
        )
    ),
    request_id text,
    detail jsonb not null default '{}'
);
create index events_customer on audit.events (customer_id, ts);
create index events_ts on audit.events (ts);

-- Grants keep everybody from changing events but the owner and superusers; this keeps those from it as well, and the owner from
-- removing what is younger than 30 days.
create function audit.refuse() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' and current_user = 'auskunft_audit' and old.ts < now() - interval '30 days' then
        return old;
    end if;
    raise exception 'audit.events is append-only: % is refused', lower(tg_op)
        using errcode = 'insufficient_privilege', hint = 'audit.purge removes events that are past their retention';
end $$;
create trigger append_only before update or delete on audit.events for each row execute function audit.refuse();
create trigger append_only_whole before truncate on audit.events for each statement execute function audit.refuse();

-- The only way that events go: those older than so many days; the number of those removed.
create function audit.purge(days int) returns bigint
    language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    removed bigint;
begin
    if days < 30 then
        raise exception 'events are kept for at least 30 days, not %', days using errcode = 'invalid_parameter_value';
    end if;
    delete from audit.events where ts < now() - make_interval(days => days);
    get diagnostics removed = row_count;
    return removed;
end $$;

-- Whoever writes an order's status leaves a trace of it. `auskunft.agent` and `auskunft.request`, where the writer set them for
-- its transaction, say for whom.
create function audit.order_status() returns trigger
    language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    insert into audit.events (agent_id, customer_id, kind, request_id, detail)
        select nullif(current_setting('auskunft.agent', true), ''), new_rows.customer_id, 'order_status_changed',
            nullif(current_setting('auskunft.request', true), ''),
            jsonb_build_object('order_id', new_rows.order_id, 'from', old_rows.status, 'to', new_rows.status,
                'writer', session_user)
        from old_rows join new_rows using (order_id)
        where old_rows.status <> new_rows.status
        order by new_rows.order_id;
    return null;
end $$;
create trigger order_status after update on shop.orders referencing old table as old_rows new table as new_rows
    for each statement execute function audit.order_status();

-- To give an object away, one must be allowed to act as its new owner.
do $$
begin
    execute format('grant auskunft_audit to %I', current_user);
end $$;
alter schema audit owner to auskunft_audit;
alter table audit.events owner to auskunft_audit;
alter function audit.refuse owner to auskunft_audit;
alter function audit.purge owner to auskunft_audit;
alter function audit.order_status owner to auskunft_audit;
-- Time and number of an event can't be chosen, only what happened.
grant usage on schema audit to auskunft_application;
grant select, insert (agent_id, customer_id, kind, request_id, detail) on audit.events to auskunft_application;
revoke execute on function audit.purge from public;
grant execute on function audit.purge to auskunft_application;
do $$
begin
    if not (select rolsuper from pg_roles where rolname = current_user) then
        execute format('revoke auskunft_audit from %I', current_user);
        execute format('grant auskunft_application to %I', current_user);
    end if;
end $$;

-- A version of the shop's data, for caches --------------------------------------------------------------------------

-- The version is the sum of all rows. A writer raises one that no other transaction holds, or adds one: writers never wait for
-- each other, and what is raised is seen with what was written.
create table shop.data_version (
    slot int generated always as identity primary key,
    version bigint not null
) with (fillfactor = 50);
insert into shop.data_version (version) values (1);

create function shop.raise_data_version() returns trigger language plpgsql as $$
declare
    free int;
begin
    if tg_op <> 'TRUNCATE' then
        if not exists (select from changed) then
            return null;
        end if;
    end if;
    select slot into free from shop.data_version order by slot for update skip locked limit 1;
    if found then
        update shop.data_version set version = version + 1 where slot = free;
    else
        insert into shop.data_version (version) values (1);
    end if;
    return null;
end $$;

do $$
declare
    answered text;
begin
    foreach answered in array array[
        'agents', 'agent_permissions', 'role_rights', 'customers', 'prices', 'stock', 'orders', 'order_items', 'payments',
        'shipments', 'shipment_items', 'shipment_events', 'returns', 'serials', 'policies'
    ] loop
        execute format('create trigger data_version_insert after insert on shop.%I referencing new table as changed
            for each statement execute function shop.raise_data_version()', answered);
        execute format('create trigger data_version_update after update on shop.%I referencing new table as changed
            for each statement execute function shop.raise_data_version()', answered);
        execute format('create trigger data_version_delete after delete on shop.%I referencing old table as changed
            for each statement execute function shop.raise_data_version()', answered);
        execute format('create trigger data_version_truncate after truncate on shop.%I
            for each statement execute function shop.raise_data_version()', answered);
    end loop;
end $$;
