-- Generations beside the live one.

-- `built_at` null = not all of the catalog is in it yet. `live_from`: when readers last turned to it, `live_to`: when they last turned away;
-- both null = never yet.
alter table knowledge.generations
    add column built_at timestamptz,
    add column live_from timestamptz,
    add column live_to timestamptz,
    -- Readers were turned away from it by a person: its like is built again only when that is asked for.
    add column rolled_back_at timestamptz,
    -- In which precision the vector index keeps vectors; the table keeps them whole.
    add column vector_index text not null default 'full' check (vector_index in ('full', 'half')),
    -- Part of it may be gone: it is nothing to go on with or to turn to.
    add column is_removed boolean not null default false;
update knowledge.generations set built_at = created_at, live_from = created_at;

create sequence knowledge.generation_numbers as int;
select setval('knowledge.generation_numbers', greatest(max(id), 1), max(id) is not null) from knowledge.generations;
