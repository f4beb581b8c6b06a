-- Texts about several products name them in their tags (product:SKU); a search for one product finds them by this.
create index chunks_tags on knowledge.chunks using gin (tags);
