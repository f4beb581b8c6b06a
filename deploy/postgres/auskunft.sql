-- Once on an empty cluster, by its superuser: `psql --set password=… --file auskunft.sql postgres`. The programs connect as `auskunft`, which owns its
-- database and is no superuser.
create role auskunft login createrole password :'password';
-- For the audit: `auskunft_audit` owns the events, `auskunft_application` may write them; nobody logs in as either. Made here, the migrations of any
-- database of the cluster find them; `createrole` is for roles that later versions add.
create role auskunft_audit nologin;
create role auskunft_application nologin;
grant auskunft_audit, auskunft_application to auskunft with admin true, inherit false, set false;
create database auskunft owner auskunft;
\connect auskunft
create extension if not exists vector;
create extension if not exists timescaledb;
create extension if not exists pg_stat_statements;
-- Filters must not starve results: the vector search goes on until enough rows passed them. Kept with the database, so that sessions that PgBouncer
-- makes have it, too; a run of `ingest` as the database's owner does the same.
alter database auskunft set hnsw.iterative_scan = strict_order;
alter database auskunft set hnsw.ef_search = 100;
