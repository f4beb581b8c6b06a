-- $1 agent, $2 customer, $3 request id, $4 orders, $5 tracking numbers, $6 serial numbers, $7 subjects wanted,
-- $8 keys (lower case) under which pages state a maker's warranty.
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
        select id, region, language from shop.customers where id = $2 and region = any(asker.regions) offset 0
    ) customer
    cross join lateral (
        select array(
            select subject from shop.role_rights where role = asker.role and subject = any($7) order by 1
        ) as shown
    ) rights
), asked as (
    select named.order_id
    from permitted
    cross join lateral (
        (
            select order_id from shop.orders where customer_id = permitted.id
            order by ordered_at desc, order_id collate "C" desc limit 50
        )
        union
        select order_id from shop.orders where order_id = any($4) and customer_id = permitted.id
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
    select found.*, (found.ordered_at at time zone 'UTC')::date as ordered_on
    from asked
    cross join lateral (select * from shop.orders where orders.order_id = asked.order_id offset 0) found
), returned as materialized (
    select found.*
    from permitted
    cross join chosen
    cross join lateral (select * from shop.returns where returns.order_id = chosen.order_id offset 0) found
    where 'returns' = any(permitted.shown)
), numbered as materialized (
    select found.*
    from permitted
    cross join chosen
    cross join lateral (
        select serial, sku, order_id, sold_on from shop.serials where serials.order_id = chosen.order_id offset 0
    ) found
    where 'warranty' = any(permitted.shown)
), audited as (
    insert into audit.events (agent_id, customer_id, kind, request_id, detail)
    select $1, $2, 'customer_data_shown', $3, jsonb_build_object('subjects', shown, 'withheld', withheld)
        from permitted
    union all
    select $1, $2, 'return_details_shown', $3,
        jsonb_build_object('returns', (select jsonb_agg(return_id order by return_id) from returned))
        from permitted where exists (select from returned)
    union all
    select $1, $2, 'permission_denied', $3, '{}' where not exists (select from permitted)
), ordered as (
    select coalesce(json_agg(entry order by ordered_at desc, order_id collate "C" desc), '[]') as entries
    from (
        select order_id, ordered_at, chosen.region, currency, total::text, status,
            (
                select coalesce(json_agg(item order by line), '[]')
                from (
                    select line, sku, quantity, unit_price::text
                    from shop.order_items where order_items.order_id = chosen.order_id
                ) item
            ) as items,
            (
                select coalesce(json_agg(shipment order by shipment_id collate "C"), '[]')
                from (
                    select shipment_id, carrier, tracking_number, status, shipped_at, last_event, last_event_at,
                        expected_on,
                        coalesce(
                            (
                                select max(at) from shop.shipment_events events
                                where events.shipment_id = shipments.shipment_id and events.status = 'delivered'
                            ),
                            case when status = 'delivered' then last_event_at end
                        ) as delivered_at,
                        array(
                            select line from shop.shipment_items lines
                            where lines.shipment_id = shipments.shipment_id order by line
                        ) as lines
                    from shop.shipments where shipments.order_id = chosen.order_id
                ) shipment
            ) as shipments,
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
                    select return_id, line, sku, reason, status, requested_at, refund_amount::text, currency, received_at,
                        refunded_at
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
                        and (valid_to is null or valid_to >= ordered_on)
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
        select sku, name, product_family, category,
            (
                select max((value->>'amount')::float8)::bigint
                from shop.product_attributes
                where 'warranty' = any($7) and product_id = sku and lower(key) = any($8)
                    and value->>'type' = 'quantity' and value->>'unit' = 'month'
            ) as warranty_months
        from (
            select distinct sku::text
            from chosen
            cross join lateral (
                select sku from shop.order_items where order_items.order_id = chosen.order_id offset 0
            ) item
        ) bought
        left join lateral (
            select name, product_family, category from shop.products where products.id = bought.sku offset 0
        ) product on true
    ) entry
)
select json_build_object(
    'region', permitted.region,
    'language', permitted.language,
    'address', (
        select to_json(address)
        from (
            select name, email, phone, street, postal_code, city, country
            from shop.customers where customers.id = permitted.id and 'addresses' = any(permitted.shown)
        ) address
    ),
    'orders', (select entries from ordered),
    'serials', (select coalesce(json_agg(numbered order by serial collate "C"), '[]') from numbered),
    'products', (select entries from products),
    'withheld', permitted.withheld
)
from permitted
