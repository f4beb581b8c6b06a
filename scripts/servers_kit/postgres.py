"""PostgreSQL 17 with pgvector and TimescaleDB."""

import os
import shutil
import signal

from . import debian
from .place import REPOSITORY
from .processes import run

USER = "auskunft"
DATABASE = "auskunft"
# Durable, as in production: fsync, synchronous_commit and full_page_writes are on by default and stay so.
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "shared_preload_libraries": "timescaledb,pg_stat_statements",
    "timescaledb.license": "apache",
    "timescaledb.telemetry_level": "off",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "maintenance_work_mem": "256MB",
    "max_wal_size": "2GB",
    "random_page_cost": "1.1",
    "log_line_prefix": "%m [%p] %q%u@%d ",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
# Settings beside these or in their place, NAME=VALUE, parted by commas: for measuring what they matter.
FURTHER = "AUSKUNFT_POSTGRES_SETTINGS"
# For tests, which make databases of their own: pgvector can be added by superusers alone.
FOR_TESTS = f"""
alter role {USER} createdb;
\\connect template1
create extension if not exists vector;
"""
PREPARE = (REPOSITORY / "deploy/postgres/auskunft.sql").read_text() + FOR_TESTS
VERSIONS = """
select 'PostgreSQL ' || split_part(current_setting('server_version'), ' ', 1)
    || string_agg(', ' || extname || ' ' || extversion, '' order by extname)
from pg_extension where extname in ('vector', 'timescaledb')
"""
GENTLY = signal.SIGINT


def prepare(set_of_servers):
    """Makes an empty cluster with a superuser; both users have the run's password."""
    folder = set_of_servers.folder / "postgres"
    # The password's file goes when the cluster is whole.
    if not (folder / "data").exists() or (folder / "password").exists():
        shutil.rmtree(folder, ignore_errors=True)
        debian.give(set_of_servers["packages"], folder, "postgres")
        initdb = [f"{debian.POSTGRES}/initdb", "--pgdata", f"{debian.INSIDE}/postgres/data", "--username", "postgres"]
        initdb += ["--auth", "scram-sha-256", "--pwfile", "password", "--encoding", "UTF8", "--no-sync"]
        # Orders text by code point, whatever the machine's locale.
        initdb += ["--locale-provider", "builtin", "--builtin-locale", "C.UTF-8", "--locale", "C.UTF-8"]
        line = ["sh", "-c", 'cd "$0" && cat > password && "$@" && rm password', f"{debian.INSIDE}/postgres", *initdb]
        command = debian.inside(set_of_servers["packages"], set_of_servers.folder, "postgres", line)
        run(command, "PostgreSQL's data folder can't be made", input=set_of_servers["password"] + "\n")
    # Called when the server is known to be dead. It would take its own number for that of a living server as long as nobody
    # collected the dead process; that nobody uses its memory any more it checks apart from this file.
    (folder / "data/postmaster.pid").unlink(missing_ok=True)


def command(set_of_servers):
    line = [f"{debian.POSTGRES}/postgres", "-D", f"{debian.INSIDE}/postgres/data", "-p", set_of_servers.port("postgres")]
    further = dict(pair.split("=", 1) for pair in os.environ.get(FURTHER, "").split(",") if pair)
    for name, value in (SETTINGS | further).items():
        line += ["-c", f"{name}={value}"]
    return debian.inside(set_of_servers["packages"], set_of_servers.folder, "postgres", line)


def query(set_of_servers, sql, database="postgres", user="postgres"):
    """Answers of a statement as text. The client needs no mounts."""
    line = ["chroot", "--userspec=postgres:postgres", set_of_servers["packages"]]
    line += ["env", f"PGPASSWORD={set_of_servers['password']}", "PGCONNECT_TIMEOUT=3", "psql", "--no-psqlrc", "--quiet"]
    line += ["--tuples-only", "--no-align", "--set", "ON_ERROR_STOP=1", "--set", f"password={set_of_servers['password']}"]
    line += ["--host", "127.0.0.1", "--port", set_of_servers.port("postgres"), "--username", user, database]
    return run(line, "PostgreSQL", input=sql).strip()


def answers(set_of_servers):
    """Fails as long as it does not."""
    if query(set_of_servers, "select 6 * 7;") != "42":
        raise OSError("PostgreSQL can't calculate")


def settle(set_of_servers):
    """Makes user, database and extensions, once; an earlier attempt may have been interrupted anywhere."""
    if not set_of_servers.values.get("settled"):
        query(set_of_servers, f"drop database if exists {DATABASE};\ndrop role if exists {USER};\n{PREPARE}")
        set_of_servers.values["settled"] = True
        set_of_servers.save()


def versions(set_of_servers):
    return query(set_of_servers, VERSIONS, DATABASE, USER)


def settings(set_of_servers):
    password, port = set_of_servers["password"], set_of_servers.port("postgres")
    return {
        "DATABASE_URL": f"postgres://{USER}:{password}@127.0.0.1:{port}/{DATABASE}",
        "AUSKUNFT_TEST_SUPERUSER_URL": f"postgres://postgres:{password}@127.0.0.1:{port}/{DATABASE}",
    }
