-- Loading the shop's data: what refers to what is judged when a transaction ends, an order's sum whoever changes which of its rows,
-- and the version for caches is raised without waiting for, or failing by, another writer.

-- References --------------------------------------------------------------------------------------------------------

-- An item's SKU and the return that names it, an order's currency and its payments: changed together or not at all.
alter table shop.agent_permissions alter constraint agent_permissions_agent_id_fkey deferrable initially deferred;
alter table shop.orders alter constraint orders_customer_id_fkey deferrable initially deferred;
alter table shop.order_items alter constraint order_items_order_id_fkey deferrable initially deferred;
alter table shop.payments alter constraint payments_order_id_currency_fkey deferrable initially deferred;
alter table shop.shipments alter constraint shipments_order_id_fkey deferrable initially deferred;
alter table shop.shipment_items alter constraint shipment_items_shipment_id_order_id_fkey deferrable initially deferred;
alter table shop.shipment_items alter constraint shipment_items_order_id_line_fkey deferrable initially deferred;
alter table shop.shipment_events alter constraint shipment_events_shipment_id_fkey deferrable initially deferred;
alter table shop.returns alter constraint returns_order_id_line_sku_fkey deferrable initially deferred;
alter table shop.returns alter constraint returns_order_id_currency_fkey deferrable initially deferred;
alter table shop.serials alter constraint serials_order_id_customer_id_fkey deferrable initially deferred;
alter table shop.tickets alter constraint tickets_order_id_customer_id_fkey deferrable initially deferred;

-- An order's sum ----------------------------------------------------------------------------------------------------

-- The order's row is locked before its items are added up: of two transactions that write to one order, the second one sees what
-- the first wrote (read committed; serializable sees to it by itself). Who wrote the row itself holds it already.
create function shop.judge_order(judged text) returns void language plpgsql as $$
declare
    stated numeric;
    sum_of_items numeric;
    sum_paid numeric;
    is_own boolean;
begin
    select total, xmin = pg_current_xact_id()::xid into stated, is_own from shop.orders where order_id = judged;
    if not is_own then
        select total into stated from shop.orders where order_id = judged for no key update;
    end if;
    if not found then
        -- The references see to it that nothing of it is left.
        return;
    end if;
    select coalesce(sum(quantity * unit_price), 0) into sum_of_items from shop.order_items where order_id = judged;
    if stated <> sum_of_items then
        raise exception 'order % states a total of %, its items make %', judged, stated, sum_of_items
            using errcode = 'check_violation', constraint = 'order_total';
    end if;
    select coalesce(sum(amount), 0) into sum_paid from shop.payments where order_id = judged and status = 'paid';
    if sum_paid > stated then
        raise exception 'order % has a total of %, but % is paid', judged, stated, sum_paid
            using errcode = 'check_violation', constraint = 'order_payments';
    end if;
end $$;

revoke execute on function shop.judge_order from public;

-- Runs as its owner: who may write items need not be allowed to lock orders.
create or replace function shop.check_order() returns trigger
    language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    -- A row that goes, or goes over to another order, changes the sum of the one that it leaves.
    if tg_op = 'DELETE' then
        perform shop.judge_order(old.order_id);
        return null;
    end if;
    if tg_op = 'UPDATE' then
        if old.order_id <> new.order_id then
            perform shop.judge_order(old.order_id);
        end if;
    end if;
    perform shop.judge_order(new.order_id);
    return null;
end $$;

drop trigger order_total on shop.orders;
create constraint trigger order_total after insert or update or delete on shop.orders
    deferrable initially deferred for each row execute function shop.check_order();
drop trigger order_total on shop.order_items;
create constraint trigger order_total after insert or update or delete on shop.order_items
    deferrable initially deferred for each row execute function shop.check_order();

-- The version for caches --------------------------------------------------------------------------------------------

-- A writer that reads what is committed raises a row that nobody else holds. One that works on a snapshot of its own would fail
-- where a row was raised since: it adds one.
create or replace function shop.raise_data_version() returns trigger language plpgsql as $$
declare
    free int;
begin
    if tg_op <> 'TRUNCATE' then
        if not exists (select from changed) then
            return null;
        end if;
    end if;
    if current_setting('transaction_isolation') = 'read committed' then
        select slot into free from shop.data_version order by slot for update skip locked limit 1;
        if found then
            update shop.data_version set version = version + 1 where slot = free;
            return null;
        end if;
    end if;
    insert into shop.data_version (version) values (1);
    return null;
end $$;

-- Makes one row of those that nobody holds: the sum stays. Returns how many there were.
create function shop.fold_data_version() returns bigint language sql as $$
    with folded as (
        delete from shop.data_version where slot in (
            select slot from shop.data_version order by slot for update skip locked
        ) returning version
    ), kept as (
        insert into shop.data_version (version) select sum(version) from folded having count(*) > 0
    )
    select count(*) from folded
$$;

-- Tickets' bodies ---------------------------------------------------------------------------------------------------

-- A catalog's ticket is kept under its document and version, as parsed documents are: what a row shows is what belongs to it,
-- whatever was delivered since.
update documents.tickets
set id = tickets.id || ':' || left(d.version, 24)
from knowledge.documents d
join knowledge.live on live.generation = d.generation
where d.kind = 'ticket' and d.document_id = tickets.id;
