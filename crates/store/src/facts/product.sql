-- $1 SKUs, $2 agent, $3 customer, $4 today, $5 request id; what is filled in below tells whether these see the region of a product's
-- page. `offset 0`: see customer.sql.
with customers_place as materialized (
    -- The customer's region, when the agent may see that customer.
    select customer.region::text as region
    from shop.customers customer
    join shop.agent_permissions permission on permission.agent_id = $2 and permission.region = customer.region
    join shop.agents agent on agent.agent_id = permission.agent_id and agent.active
    where customer.id = $3
), audited as (
    insert into audit.events (agent_id, customer_id, kind, request_id, detail)
    select $2, $3, 'customer_data_shown', $5, jsonb_build_object('subjects', array['region']) from customers_place
), place as materialized (
    select coalesce(
        (select region from customers_place),
        (
            select min(permission.region collate "C")
            from shop.agent_permissions permission join shop.agents agent using (agent_id)
            where permission.agent_id = $2 and agent.active
        ),
        (select body->'regions'->>0 from shop.settings)
    )::text as region
), asked as materialized (
    select sku, place, product.*
    from unnest($1::text[]) with ordinality as named (sku, place)
    left join lateral (select * from shop.products where products.id = named.sku offset 0) product on true
    where {sees}
), sold as materialized (
    select wanted.sku,
        (select name from shop.products where products.id = wanted.sku) as name,
        (
            select quantity from shop.stock
            where stock.sku = wanted.sku and stock.region = (select region from place)
        ) as stock,
        (
            select to_json(price)
            from (
                select currency, amount::text, vat_included from shop.prices
                where prices.sku = wanted.sku and prices.region = (select region from place) and valid_from <= $4
                    and (valid_to is null or valid_to >= $4)
                order by valid_from desc limit 1
            ) price
        ) as price,
        (
            select max(valid_to) + 1 from shop.prices ended
            where ended.sku = wanted.sku and ended.region = (select region from place) and ended.valid_to < $4
        ) as gone_since,
        (select count(*) from shop.prices anywhere where anywhere.sku = wanted.sku) > 0 as is_known
    from (select sku from asked union select successor_id from asked where successor_id is not null) wanted
), entries as (
    select sku, place, name, coalesce(obsolete, false) as obsolete, source,
        case when obsolete then coalesce(
            (select gone_since from sold where sold.sku = asked.sku),
            (select max(valid_to) + 1 from shop.prices where prices.sku = asked.sku and valid_to < $4)
        ) end as since,
        (select to_json(sold) from sold where sold.sku = asked.sku) as sold,
        (select to_json(sold) from sold where sold.sku = asked.successor_id) as successor,
        (
            select coalesce(
                json_agg(
                    json_build_object(
                        'attribute', json_build_object('key', key, 'value', value, 'text', text), 'source', source
                    ) order by ordinal
                ),
                '[]'
            )
            from shop.product_attributes where product_id = asked.sku
        ) as attributes
    from asked
    where id is not null or exists (select from sold where sold.sku = asked.sku and is_known)
)
select (select region from place), exists (select from customers_place),
    (select coalesce(json_agg(entries order by place), '[]') from entries)
