-- Products with attributes, and price and stock in the customer's region (else the agent's first), with the audit row where a customer's
-- region decides. $1 SKUs, $2 agent, $3 customer, $4 today, $5 request id.
with of_customer as materialized (
    select customer.region::text as region
    from shop.customers customer
    join shop.agent_permissions permission on permission.agent_id = $2 and permission.region = customer.region
    join shop.agents agent on agent.agent_id = permission.agent_id and agent.active
    where customer.id = $3
), audited as (
    insert into peer.audit_events (agent_id, customer_id, kind, request_id, detail)
    select $2, $3, 'customer_data_shown', $5, '{"subjects": ["region"]}' from of_customer
), permitted as materialized (
    select region::text from shop.agent_permissions join shop.agents using (agent_id) where agent_id = $2 and active
), place as materialized (
    select coalesce(
        (select region from of_customer),
        (select min(region collate "C") from permitted),
        (select body->'regions'->>0 from shop.settings)
    ) as region
), priced as materialized (
    select wanted.sku,
        (
            select to_json(price)
            from (
                select currency, amount::text, vat_included from shop.prices
                where prices.sku = wanted.sku and prices.region = place.region and valid_from <= $4
                    and (valid_to is null or valid_to >= $4)
                order by valid_from desc limit 1
            ) price
        ) as price,
        (select quantity from shop.stock where stock.sku = wanted.sku and stock.region = place.region) as stock,
        coalesce(
            (
                select max(valid_to) + 1 from shop.prices
                where prices.sku = wanted.sku and prices.region = place.region and valid_to < $4
            ),
            (select max(valid_to) + 1 from shop.prices where prices.sku = wanted.sku and valid_to < $4)
        ) as gone_since
    from place, (
        select unnest($1::text[]) as sku
        union
        select successor_id from shop.products where id = any($1) and successor_id is not null
    ) wanted
)
select place.region, exists (select from of_customer) as of_customer,
    (
        select coalesce(json_agg(entry order by place), '[]')
        from (
            select named.place, products.id as sku, name, obsolete, successor_id, own.price, own.stock, own.gone_since,
                heir.price as heir_price, heir.stock as heir_stock,
                (
                    select coalesce(json_agg(json_build_object('key', key, 'value', value, 'text', text, 'source', source)
                        order by ordinal), '[]')
                    from shop.product_attributes where product_id = products.id
                ) as attributes
            from unnest($1::text[]) with ordinality as named (sku, place)
            join shop.products on products.id = named.sku
            join priced own on own.sku = products.id
            left join priced heir on heir.sku = successor_id
            where products.region is null
                or products.region = any(array(select region from of_customer))
                or not exists (select from of_customer) and products.region = any(array(select region from permitted))
        ) entry
    ) as products
from place
