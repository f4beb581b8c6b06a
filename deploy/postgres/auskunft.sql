-- Once on an empty cluster, by its superuser: `psql --set password=… --file auskunft.sql postgres`. The programs connect as `auskunft`,
-- which owns its database and is no superuser; with `createrole` the migrations make the roles that the audit needs.
create role auskunft login createrole password :'password';
create database auskunft owner auskunft;
\connect auskunft
create extension if not exists vector;
create extension if not exists timescaledb;
create extension if not exists pg_stat_statements;
