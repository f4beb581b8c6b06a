-- What an agent may see of a customer, with the audit row, in one statement.
-- $1 agent, $2 customer, $3 request id, $4 order numbers, $5 tracking numbers, $6 serial numbers, $7 subjects, $8 time zone.
-- Where numbers are named only the orders with these are read, else the latest 50.
with permitted as materialized (
    select customer.id, customer.language,
        array(
            select subject from shop.role_rights rights where rights.role = agent.role and subject = any($7::text[])
        ) as shown
    from shop.agents agent
    join shop.agent_permissions permission using (agent_id)
    join shop.customers customer on customer.region = permission.region
    where agent.agent_id = $1 and agent.active and customer.id = $2
), chosen as materialized (
    select orders.*, (ordered_at at time zone $8::text)::date as ordered_on
    from permitted
    join shop.orders on orders.customer_id = permitted.id
    where cardinality($4::text[] || $5::text[] || $6::text[]) = 0
        or order_id = any($4)
        or regexp_replace(order_id, '[^0-9]', '', 'g') = any($4)
        or exists (
            select from shop.shipments
            where shipments.order_id = orders.order_id and tracking_number = any($5)
        )
        or exists (select from shop.serials where serials.order_id = orders.order_id and serial = any($6))
    order by ordered_at desc, order_id desc
    limit 50
), audited as (
    insert into peer.audit_events (agent_id, customer_id, kind, request_id, detail)
    select $1, $2,
        case when exists (select from permitted) then 'customer_data_shown' else 'permission_denied' end,
        $3,
        jsonb_build_object('subjects', $7, 'orders', array(select order_id::text from chosen))
)
select shown,
    (
        select coalesce(json_agg(entry order by ordered_at desc, order_id desc), '[]')
        from (
            select order_id, ordered_at, ordered_on, region, status, total::text as total,
                (
                    select coalesce(json_agg(item order by line), '[]')
                    from (
                        select line, sku, quantity, product_family, category,
                            case when 'warranty' = any(shown) then (
                                select coalesce(json_agg(json_build_object(
                                    'key', key, 'amount', (value->>'amount')::float8, 'is_month', value->>'type' = 'quantity'
                                )), '[]')
                                from shop.product_attributes
                                where product_id = sku and key ~* 'garant|warrant|guarant' and value->>'amount' is not null
                                    and (value->>'type' = 'number' or value->>'unit' = 'month')
                            ) end as warranties
                        from shop.order_items
                        left join shop.products on products.id = sku
                        where order_items.order_id = chosen.order_id
                    ) item
                ) as items,
                (
                    select coalesce(json_agg(shipment order by shipment_id), '[]')
                    from (
                        select shipment_id, carrier, tracking_number, status, last_event, last_event_at, expected_on
                        from shop.shipments where shipments.order_id = chosen.order_id
                    ) shipment
                ) as shipments,
                case when 'returns' = any(shown) and status in ('delivered', 'returned') then (
                    select (max(coalesce(
                        (
                            select max(at) from shop.shipment_events events
                            where events.shipment_id = parcel.shipment_id and events.status = 'delivered'
                        ),
                        case when parcel.status = 'delivered' then last_event_at end
                    )) at time zone $8::text)::date
                    from shop.shipments parcel where parcel.order_id = chosen.order_id
                ) end as delivered_on,
                case when 'payments' = any(shown) then (
                    select coalesce(json_agg(payment order by at, payment_id), '[]')
                    from (
                        select payment_id, method, amount::text, currency, status, at
                        from shop.payments where payments.order_id = chosen.order_id
                    ) payment
                ) end as payments,
                'payments' = any(shown) and total <= (
                    select coalesce(sum(amount), 0) from shop.payments
                    where payments.order_id = chosen.order_id and payments.status = 'paid'
                ) as is_paid,
                case when 'returns' = any(shown) then (
                    select coalesce(json_agg(return order by requested_at, return_id), '[]')
                    from (
                        select return_id, line, sku, status, requested_at, refund_amount::text, currency,
                            (requested_at at time zone $8::text)::date as requested_on,
                            (received_at at time zone $8::text)::date as received_on,
                            (refunded_at at time zone $8::text)::date as refunded_on
                        from shop.returns where returns.order_id = chosen.order_id
                    ) return
                ) end as returns,
                case when 'warranty' = any(shown) then (
                    select coalesce(json_agg(piece order by serial), '[]')
                    from (select serial, sku from shop.serials where serials.order_id = chosen.order_id) piece
                ) end as serials,
                (
                    select to_json(policy)
                    from (
                        select return_days, excludes, source from shop.policies
                        where 'returns' = any(shown) and kind = 'return'
                            and (policies.region is null or policies.region = chosen.region)
                            and (valid_from is null or valid_from <= ordered_on)
                            and (valid_to is null or valid_to >= ordered_on)
                        order by policies.region nulls last, valid_from desc nulls last,
                            policies.language is not distinct from permitted.language desc, source
                        limit 1
                    ) policy
                ) as return_policy,
                (
                    select warranty_months from shop.policies
                    where 'warranty' = any(shown) and kind = 'warranty'
                        and (policies.region is null or policies.region = chosen.region)
                        and (valid_from is null or valid_from <= ordered_on)
                        and (valid_to is null or valid_to >= ordered_on)
                    order by policies.region nulls last, valid_from desc nulls last,
                        policies.language is not distinct from permitted.language desc, source
                    limit 1
                ) as warranty_months
            from chosen
        ) entry
    ) as orders
from permitted
