-- The filter columns of a document's chunks, as one type: `labels` of knowledge.documents is its JSON form
-- (auskunft_model::Labels), and jsonb_populate_record turns that into columns.
create type knowledge.labels as (
    category text,
    product_family text,
    maker text,
    version text,
    product_id text,
    region text,
    valid_from date,
    valid_to date,
    tags text[]
);
