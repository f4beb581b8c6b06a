-- Of PDFs: how many pages the file has, and how many of them are pictures or garbled text and so not in the index.
alter table knowledge.sources
    add column pages int not null default 0 check (pages >= 0),
    add column pages_needing_ocr int not null default 0 check (pages_needing_ocr >= 0);
