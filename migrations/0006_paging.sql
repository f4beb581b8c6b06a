-- Ids are walked page by page in the order of their bytes, whatever the server's language: their indexes must have that order.
-- Columns that are compared with each other change together.
alter table documents.chunks alter column id type text collate "C";
alter table documents.parsed alter column id type text collate "C";
alter table documents.tickets alter column id type text collate "C";
alter table knowledge.documents alter column document_id type text collate "C";
alter table knowledge.chunks
    alter column document_id type text collate "C",
    alter column chunk_id type text collate "C";
alter table knowledge.removed_chunks alter column chunk_id type text collate "C";
alter table shop.products alter column document_id type text collate "C";

-- The documents about a product: bound to it alone, or naming it in their tags.
create index documents_product on knowledge.documents ((labels->>'product_id'));
create index documents_tags on knowledge.documents using gin ((labels->'tags') jsonb_path_ops);
