-- Tickets: to whom and to what they belong and how they stand. What customers wrote lies in the document store, under
-- `document_id`. And which tokens must not be used any more.

create table shop.tickets (
    id shop.identifier primary key,
    customer_id shop.identifier not null references shop.customers,
    order_id shop.identifier,
    product_id shop.identifier,
    -- Who works on it.
    agent_id shop.identifier references shop.agents,
    status text not null check (status in ('open', 'in_progress', 'waiting', 'solved', 'closed')),
    created_at timestamptz not null,
    updated_at timestamptz not null default now(),
    -- Raised by each change: who changes a ticket says which version was seen.
    version bigint not null default 1 check (version > 0),
    document_id text not null unique,
    -- The version that the catalog delivered last; null = opened by an agent.
    source_version text,
    -- A ticket's order is one of its customer.
    foreign key (order_id, customer_id) references shop.orders (order_id, customer_id)
);
create index tickets_created on shop.tickets (created_at desc, id desc);
create index tickets_customer on shop.tickets (customer_id, created_at desc, id desc);
create index tickets_order on shop.tickets (order_id);

create table shop.ticket_events (
    id bigint generated always as identity primary key,
    ticket_id shop.identifier not null references shop.tickets on delete cascade,
    at timestamptz not null default now(),
    -- Null: the catalog.
    agent_id shop.identifier references shop.agents,
    change text not null check (change in ('opened', 'status', 'agent', 'note')),
    old text,
    new text,
    note text check (length(note) between 1 and 4000),
    check ((change = 'note') = (note is not null))
);
create index ticket_events_ticket on shop.ticket_events (ticket_id, id);

-- The lasting copy of the list that is kept with the volatile state; rows that are over go with the next one that comes.
create table shop.revoked_tokens (
    token_id shop.identifier primary key,
    expires_at timestamptz not null
);
