-- $1 agent, $2 customer, $3 request id, $4 orders, $5 tracking numbers, $6 serial numbers, $7 subjects wanted, $8 wishes
-- (`Wish` in customer.rs), $9 the shop's time zone, $10 whether parcels are wanted.
--
-- `offset 0` keeps a look-up from being joined in another way than by its index, one for each row before it: however little the
-- engine knows of how full the tables are.
with asker as materialized (
    select agent.role, array(select region::text from shop.agent_permissions where agent_id = agent.agent_id) as regions
    from shop.agents agent where agent.agent_id = $1 and agent.active
), permitted as materialized (
    -- The one place where permission is judged; everything else starts from its row, or there is none. The agent comes first:
    -- a customer that may not be seen costs what one costs that does not exist.
    select customer.*, rights.shown,
        array(select unnest($7::text[]) except select unnest(rights.shown) order by 1) as withheld
    from asker
    cross join lateral (
        select id, language from shop.customers where id = $2 and region = any(asker.regions) offset 0
    ) customer
    cross join lateral (
        select array(
            select subject from shop.role_rights where role = asker.role and subject = any($7) order by 1
        ) as shown
    ) rights
), wishes as materialized (
    select row_number() over () as wish, stated.products, stated.statuses, stated.returned, stated.latest
    from jsonb_to_recordset($8) as stated (products text[], statuses text[], returned boolean, latest boolean)
), heads as materialized (
    select found.order_id, found.ordered_at, found.status,
        case when exists (select from wishes where cardinality(products) > 0) then array(
            select distinct sku::text from shop.order_items items
            where items.order_id = found.order_id and sku::text in (select unnest(products) from wishes)
        ) else '{}' end as holds,
        case when 'returns' = any(permitted.shown) and exists (select from wishes where returned) then exists (
            select from shop.returns where returns.order_id = found.order_id
        ) else false end as has_return
    from permitted
    cross join lateral (
        select order_id, ordered_at, status from shop.orders
        where customer_id = permitted.id and exists (select from wishes)
        order by ordered_at desc, order_id collate "C" desc limit 50
    ) found
), fitting as (
    select wish, products, latest, order_id, status = any(statuses) or returned and has_return as waits,
        row_number() over (partition by wish order by ordered_at desc, order_id collate "C" desc) as nth,
        count(*) over (partition by wish) as fit,
        count(*) filter (where status = any(statuses) or returned and has_return) over (partition by wish) as waiting
    from wishes join heads on cardinality(products) = 0 or holds && products
), meant as (
    select order_id from fitting
    where case
        when latest or fit = 1 then nth = 1
        when waiting = 1 then waits
        else nth = 1 and waiting = 0 and cardinality(products) = 0
    end
    union
    select named.order_id
    from permitted
    cross join lateral (
        select order_id from shop.orders where order_id = any($4) and customer_id = permitted.id
        union
        -- "Bestellung 511842" is O-511842.
        select order_id from shop.orders
            where customer_id = permitted.id and regexp_replace(order_id, '[^0-9]', '', 'g') = any($4)
        union
        select order_id
            from (select order_id from shop.shipments where tracking_number = any($5) offset 0) tracked
            cross join lateral (
                select customer_id from shop.orders where orders.order_id = tracked.order_id offset 0
            ) of_order
            where customer_id = permitted.id
        union
        select order_id from shop.serials
            where serial = any($6) and customer_id = permitted.id and 'warranty' = any(permitted.shown)
    ) named
), chosen as materialized (
    select found.*, (found.ordered_at at time zone $9::text)::date as ordered_on
    from meant
    cross join lateral (
        select order_id, ordered_at, region, total, status from shop.orders where orders.order_id = meant.order_id offset 0
    ) found
), returned as materialized (
    select found.*
    from permitted
    cross join chosen
    cross join lateral (
        select return_id, order_id, line, sku, status, requested_at, refund_amount, currency, received_at, refunded_at
        from shop.returns where returns.order_id = chosen.order_id offset 0
    ) found
    where 'returns' = any(permitted.shown)
), numbered as materialized (
    select found.*
    from permitted
    cross join chosen
    cross join lateral (
        select serial, sku, order_id from shop.serials where serials.order_id = chosen.order_id offset 0
    ) found
    where 'warranty' = any(permitted.shown)
), audited as (
    insert into audit.events (agent_id, customer_id, kind, request_id, detail)
    select $1, $2, 'customer_data_shown', $3, jsonb_build_object(
            'subjects', shown, 'withheld', withheld,
            'orders', array(select order_id::text from chosen order by order_id collate "C"),
            'listed', array(
                select order_id::text from heads where order_id not in (select order_id from chosen)
                order by order_id collate "C"
            )
        )
        from permitted
    union all
    select $1, $2, 'return_details_shown', $3,
        jsonb_build_object('returns', (select jsonb_agg(return_id order by return_id) from returned))
        from permitted where exists (select from returned)
    union all
    select $1, $2, 'permission_denied', $3, '{}' where not exists (select from permitted)
), listed as (
    select coalesce(json_agg(entry order by ordered_at desc, order_id collate "C" desc), '[]') as entries
    from (
        select order_id, ordered_at, (ordered_at at time zone $9::text)::date as ordered_on, status, holds, has_return
        from heads
    ) entry
), ordered as (
    select coalesce(json_agg(entry order by ordered_at desc, order_id collate "C" desc), '[]') as entries
    from (
        select order_id, ordered_at, ordered_on, chosen.region, status,
            (
                select coalesce(json_agg(item order by line), '[]')
                from (
                    select line, sku, quantity from shop.order_items where order_items.order_id = chosen.order_id
                ) item
            ) as items,
            (
                select coalesce(json_agg(shipment order by shipment_id collate "C"), '[]')
                from (
                    select shipment_id, carrier, tracking_number, status, last_event, last_event_at, expected_on
                    from shop.shipments
                    where shipments.order_id = chosen.order_id and ($10 or tracking_number = any($5))
                ) shipment
            ) as shipments,
            case when 'returns' = any(permitted.shown) and status in ('delivered', 'returned') then (
                select (max(
                    coalesce(
                        (
                            select max(at) from shop.shipment_events events
                            where events.shipment_id = parcel.shipment_id and events.status = 'delivered'
                        ),
                        case when parcel.status = 'delivered' then last_event_at end
                    )
                ) at time zone $9::text)::date
                from shop.shipments parcel where parcel.order_id = chosen.order_id
            ) end as delivered_on,
            'payments' = any(permitted.shown) and total <= (
                select coalesce(sum(amount), 0) from shop.payments
                where payments.order_id = chosen.order_id and payments.status = 'paid'
            ) as is_paid,
            (
                select coalesce(json_agg(payment order by at, payment_id collate "C"), '[]')
                from (
                    select payment_id, method, amount::text, currency, status, at
                    from shop.payments
                    where payments.order_id = chosen.order_id and 'payments' = any(permitted.shown)
                ) payment
            ) as payments,
            (
                select coalesce(json_agg(return order by requested_at, return_id collate "C"), '[]')
                from (
                    select return_id, line, sku, status, requested_at, refund_amount::text, currency,
                        (requested_at at time zone $9::text)::date as requested_on,
                        (received_at at time zone $9::text)::date as received_on,
                        (refunded_at at time zone $9::text)::date as refunded_on
                    from returned where returned.order_id = chosen.order_id
                ) return
            ) as returns,
            (
                select to_json(policy)
                from (
                    select return_days, excludes, source, document_id
                    from shop.policies
                    where kind = 'return' and (policies.region is null or policies.region = chosen.region)
                        and (valid_from is null or valid_from <= ordered_on)
                        and (valid_to is null or valid_to >= ordered_on) and 'returns' = any(permitted.shown)
                    order by policies.region nulls last, valid_from desc nulls last,
                        policies.language is not distinct from permitted.language desc, source collate "C", document_id
                    limit 1
                ) policy
            ) as return_policy,
            (
                select to_json(policy)
                from (
                    select warranty_months, source, document_id
                    from shop.policies
                    where kind = 'warranty' and (policies.region is null or policies.region = chosen.region)
                        and (valid_from is null or valid_from <= ordered_on)
                        and (valid_to is null or valid_to >= ordered_on) and 'warranty' = any(permitted.shown)
                    order by policies.region nulls last, valid_from desc nulls last,
                        policies.language is not distinct from permitted.language desc, source collate "C", document_id
                    limit 1
                ) policy
            ) as warranty_policy
        from permitted cross join chosen
    ) entry
), products as (
    select coalesce(json_agg(entry order by sku collate "C"), '[]') as entries
    from (
        select sku, product_family, category,
            (
                select coalesce(json_agg(warranty order by ordinal), '[]')
                from (
                    select ordinal, key, round((value->>'amount')::float8)::bigint as amount,
                        value->>'type' = 'quantity' as is_month
                    from shop.product_attributes
                    where 'warranty' = any(bought.shown) and product_id = sku
                        and key ~* 'garant|warrant|guarant' and value->>'amount' is not null
                        and (value->>'type' = 'number' or value->>'unit' = 'month')
                ) warranty
            ) as warranties
        from (
            select distinct sku::text, permitted.shown
            from permitted
            cross join chosen
            cross join lateral (
                select sku from shop.order_items where order_items.order_id = chosen.order_id offset 0
            ) item
            where permitted.shown && '{returns,warranty}'
        ) bought
        left join lateral (
            select product_family, category from shop.products where products.id = bought.sku offset 0
        ) product on true
    ) entry
)
select json_build_object(
    'heads', (select entries from listed),
    'orders', (select entries from ordered),
    'serials', (select coalesce(json_agg(numbered order by serial collate "C"), '[]') from numbered),
    'products', (select entries from products),
    'withheld', permitted.withheld
)
from permitted
