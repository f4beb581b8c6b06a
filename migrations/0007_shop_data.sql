-- What the shop's own systems know of customers and orders. In production they write these tables themselves
-- (docs/shop-data.md); `ingest` fills them from `shop/*.csv`. Nothing here is derived from the catalog's pages, so products
-- are named by their SKU without a reference: an order outlives the page of what was ordered.

create domain shop.identifier as text check (value ~ '^[A-Za-z0-9_.-]{1,128}$');
create domain shop.currency as text check (value ~ '^[A-Z]{3}$');
create domain shop.region as text check (value ~ '^[A-Z][A-Z0-9-]{1,15}$');
-- Exact; at most three decimals, as the currencies with the smallest unit have.
create domain shop.amount as numeric check (value >= 0 and value < 1e12 and value = round(value, 3));

create table shop.agents (
    agent_id shop.identifier primary key,
    name text not null,
    role text not null check (role in ('agent', 'technician', 'returns', 'billing', 'lead')),
    active boolean not null
);
create table shop.agent_permissions (
    agent_id shop.identifier not null references shop.agents,
    region shop.region not null,
    primary key (agent_id, region)
);
create table shop.customers (
    id shop.identifier primary key,
    name text not null,
    email text,
    phone text,
    street text,
    postal_code text,
    city text,
    country text check (country ~ '^[A-Z]{2}$'),
    region shop.region not null,
    language text check (language ~ '^[a-z]{2,3}$'),
    created date
);
create table shop.prices (
    sku shop.identifier not null,
    region shop.region not null,
    currency shop.currency not null,
    amount shop.amount not null,
    vat_included boolean not null,
    valid_from date not null,
    -- Last day; null = until further notice.
    valid_to date check (valid_to >= valid_from),
    primary key (sku, region, valid_from)
);
create table shop.stock (
    sku shop.identifier not null,
    region shop.region not null,
    quantity bigint not null check (quantity >= 0),
    primary key (sku, region)
);
create table shop.orders (
    order_id shop.identifier primary key,
    customer_id shop.identifier not null references shop.customers,
    ordered_at timestamptz not null,
    region shop.region not null,
    currency shop.currency not null,
    total shop.amount not null,
    status text not null check (
        status in ('awaiting_payment', 'paid', 'partially_shipped', 'shipped', 'delivered', 'cancelled', 'returned')
    ),
    -- For what refers to an order together with its customer or its currency.
    unique (order_id, customer_id),
    unique (order_id, currency)
);
create index orders_customer on shop.orders (customer_id, ordered_at desc);
create table shop.order_items (
    order_id shop.identifier not null references shop.orders,
    line bigint not null check (line > 0),
    sku shop.identifier not null,
    quantity bigint not null check (quantity > 0),
    unit_price shop.amount not null,
    primary key (order_id, line),
    unique (order_id, line, sku)
);
create table shop.payments (
    payment_id shop.identifier primary key,
    order_id shop.identifier not null,
    method text not null,
    amount shop.amount not null,
    currency shop.currency not null,
    status text not null check (status in ('pending', 'paid', 'failed', 'refunded')),
    at timestamptz not null,
    foreign key (order_id, currency) references shop.orders (order_id, currency)
);
create index payments_order on shop.payments (order_id);
create table shop.shipments (
    shipment_id shop.identifier primary key,
    order_id shop.identifier not null references shop.orders,
    carrier text not null,
    tracking_number text,
    status text not null check (
        status in (
            'announced', 'in_transit', 'delayed', 'out_for_delivery', 'delivered', 'failed', 'lost', 'returned_to_sender'
        )
    ),
    shipped_at timestamptz,
    last_event text,
    last_event_at timestamptz,
    expected_on date,
    unique (shipment_id, order_id)
);
create index shipments_order on shop.shipments (order_id);
create index shipments_tracking on shop.shipments (tracking_number);
create table shop.shipment_items (
    shipment_id shop.identifier not null,
    order_id shop.identifier not null,
    line bigint not null,
    primary key (shipment_id, line),
    foreign key (shipment_id, order_id) references shop.shipments (shipment_id, order_id),
    foreign key (order_id, line) references shop.order_items
);
create index shipment_items_order on shop.shipment_items (order_id, line);
create table shop.shipment_events (
    shipment_id shop.identifier not null references shop.shipments,
    at timestamptz not null,
    status text not null check (
        status in (
            'announced', 'in_transit', 'delayed', 'out_for_delivery', 'delivered', 'failed', 'lost', 'returned_to_sender'
        )
    ),
    event text not null,
    place text,
    primary key (shipment_id, at, status)
);
create table shop.returns (
    return_id shop.identifier primary key,
    order_id shop.identifier not null,
    line bigint not null,
    sku shop.identifier not null,
    reason text,
    status text not null check (
        status in ('requested', 'label_sent', 'received', 'refunded', 'replaced', 'rejected')
    ),
    requested_at timestamptz not null,
    refund_amount shop.amount not null,
    currency shop.currency not null,
    received_at timestamptz,
    refunded_at timestamptz,
    foreign key (order_id, line, sku) references shop.order_items (order_id, line, sku),
    foreign key (order_id, currency) references shop.orders (order_id, currency)
);
create index returns_order on shop.returns (order_id);
create table shop.serials (
    serial shop.identifier primary key,
    sku shop.identifier not null,
    order_id shop.identifier not null,
    customer_id shop.identifier not null,
    sold_on date not null,
    foreign key (order_id, customer_id) references shop.orders (order_id, customer_id)
);
create index serials_order on shop.serials (order_id);
create index serials_customer on shop.serials (customer_id);

-- An order's total is the sum of its items, and no more is paid than that. Judged when a transaction ends, so that an
-- order and its items may be written in any order within one.
create function shop.check_order() returns trigger language plpgsql as $$
declare
    sum_of_items numeric;
    sum_paid numeric;
    stated numeric;
begin
    select total into stated from shop.orders where order_id = new.order_id;
    select coalesce(sum(quantity * unit_price), 0) into sum_of_items from shop.order_items where order_id = new.order_id;
    if stated is distinct from sum_of_items then
        raise exception 'order % states a total of %, its items make %', new.order_id, stated, sum_of_items
            using errcode = 'check_violation', constraint = 'order_total';
    end if;
    select coalesce(sum(amount), 0) into sum_paid from shop.payments where order_id = new.order_id and status = 'paid';
    if sum_paid > stated then
        raise exception 'order % has a total of %, but % is paid', new.order_id, stated, sum_paid
            using errcode = 'check_violation', constraint = 'order_payments';
    end if;
    return null;
end $$;
create constraint trigger order_total after insert or update on shop.orders
    deferrable initially deferred for each row execute function shop.check_order();
create constraint trigger order_total after insert or update on shop.order_items
    deferrable initially deferred for each row execute function shop.check_order();
create constraint trigger order_total after insert or update on shop.payments
    deferrable initially deferred for each row execute function shop.check_order();

-- Which files of `shop/*.csv` are in the tables, by the digest of their bytes: an unchanged run writes nothing.
create table shop.loaded_files (
    file text primary key,
    digest text not null,
    rows bigint not null,
    at timestamptz not null default now()
);
