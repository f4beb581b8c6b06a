-- Chats in the document store's embedded form: what was said in conversations. Customer data; append-only, removed when it is old.

-- Whose conversation it is. id: session, agent and customer.
create table documents.chats (
    id text collate "C" primary key,
    session_id text not null,
    agent_id text,
    customer_id text,
    started_at timestamptz not null,
    last_at timestamptz not null
);
create index chats_agent on documents.chats (agent_id, last_at desc, id desc);
create index chats_last on documents.chats (last_at);

-- body: {id, from, ts, text, context?}. The position rises in the order in which messages arrived.
create table documents.chat_messages (
    chat text collate "C" not null references documents.chats on delete cascade,
    position bigint generated always as identity,
    id text collate "C" not null,
    at timestamptz not null,
    body jsonb not null,
    primary key (chat, id)
);
create unique index chat_messages_position on documents.chat_messages (chat, position);
create index chat_messages_at on documents.chat_messages (at);

-- What was answered to requests with an Idempotency-Key. id: chat, '/' and the digest of the key.
create table documents.replies (
    id text collate "C" primary key,
    at timestamptz not null default now(),
    body jsonb not null
);
create index replies_at on documents.replies (at);

-- What agents thought of answers; about: the request or the message. In Postgres whatever holds the chats.
create table documents.feedback (
    agent_id text collate "C" not null,
    session_id text collate "C" not null,
    about text collate "C" not null,
    customer_id text,
    helpful boolean not null,
    comment text check (length(comment) between 1 and 2000),
    at timestamptz not null default now(),
    primary key (agent_id, session_id, about)
);
create index feedback_at on documents.feedback (at);
