-- Of PDFs: how many pages were not read. What is read again must not end with fewer pages than it had.
alter table knowledge.sources
    add column pages_failed int not null default 0 check (pages_failed >= 0);
-- Of files that were cut off before it is not known how much is there: any reading of them is worth as much.
update knowledge.sources set pages_failed = pages - pages_needing_ocr
    where reason in ('crashed', 'limit_exceeded');
