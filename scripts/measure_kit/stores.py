"""The servers of this checkout, as far as measuring needs them: databases of its own, counters, process groups."""

import shlex
import socket
import subprocess
import sys
import urllib.parse

from servers_kit import postgres, processes
from servers_kit.failure import Failure
from servers_kit.place import REPOSITORY, STATE, STORES, Run

from . import mongodb

# Of Redis' databases the one that nobody else of this checkout uses.
REDIS_DATABASE = 7
# Commands of Redis that measuring gives itself.
OWN_COMMANDS = ("info", "select", "flushdb", "config|resetstat", "auth")
# Statements that are none of the flow.
NO_OPERATION = r"^\s*(begin|commit|rollback|set|show|savepoint|release|deallocate|discard|reset)\M"


def started():
    """The settings of the servers, which are started when they do not run."""
    command = [sys.executable, str(REPOSITORY / "scripts/servers"), "start"]
    result = subprocess.run(command, stdout=subprocess.DEVNULL, check=False)
    if result.returncode != 0:
        raise Failure("the servers don't start; its reason stands above")
    settings = {}
    for line in (STATE / "env").read_text().splitlines():
        name, _, value = line.removeprefix("export ").partition("=")
        settings[name] = shlex.split(value)[0]
    return settings


def act(command, name):
    """`kill`, `pause`, `resume` or `restart` of one server."""
    line = [sys.executable, str(REPOSITORY / "scripts/servers"), command, name]
    result = subprocess.run(line, capture_output=True, text=True, check=False)
    if result.returncode != 0:
        raise Failure(f"{command} {name}: {result.stderr.strip()}")


def roots():
    """The first process of each server that runs here itself; none of those in containers."""
    run = Run.load()
    if not run or run["form"] != "packages":
        return {}
    living = {name: processes.living(run.record(name)) for name in STORES}
    return {name: found.process for name, found in living.items() if found}


class Stores:
    """A Postgres database, a MongoDB database and a Redis database of one name, beside whatever else there is."""

    def __init__(self, settings, name):
        self.settings = settings
        self.name = name

    def urls(self):
        redis = self.settings["REDIS_URL"].rpartition("/")[0]
        documents = urllib.parse.urlsplit(self.settings["MONGODB_URL"])._replace(path=f"/{self.name}").geturl()
        return {
            "DATABASE_URL": self.settings["DATABASE_URL"].rpartition("/")[0] + f"/{self.name}",
            "MONGODB_URL": documents,
            "REDIS_URL": f"{redis}/{REDIS_DATABASE}",
        }

    def query(self, sql, database=None):
        """What a statement of the superuser tells, a list of rows of text."""
        text = answer(self.settings, sql, database or self.name)
        return [line.split("\x1f") for line in text.splitlines()]

    def exists(self):
        return self.query(f"select 1 from pg_database where datname = '{self.name}';", "postgres") != []

    def make(self):
        """The database with its extensions, where it is missing."""
        if not self.exists():
            self.query(f"create database {self.name} owner auskunft;", "postgres")
        for extension in ("vector", "timescaledb", "pg_stat_statements"):
            self.query(f"create extension if not exists {extension};")

    def drop(self):
        """Both databases: MongoDB's keeps to the Postgres database whose texts it holds."""
        self.query(f"drop database if exists {self.name} with (force);", "postgres")
        mongodb.drop_database(self.urls()["MONGODB_URL"])

    def forget_volatile(self):
        redis_command(self.settings, ["SELECT", str(REDIS_DATABASE)], ["FLUSHDB"])

    def reset_counters(self):
        self.query("select pg_stat_statements_reset();")
        redis_command(self.settings, ["CONFIG", "RESETSTAT"])

    def counters(self):
        """Commands and statements since the counters were reset, as the servers themselves count them."""
        rows = self.query(
            "select query, calls, total_exec_time, max_exec_time from pg_stat_statements s join pg_database d on d.oid = s.dbid "
            f"where d.datname = '{self.name}' and query !~* '{NO_OPERATION}' and query !~ 'pg_stat_statements' "
            "order by total_exec_time desc;"
        )
        statements = [
            {"query": " ".join(row[0].split())[:200], "calls": int(row[1]), "ms": float(row[2]), "max_ms": float(row[3])}
            for row in rows
            if len(row) == 4
        ]
        return {
            "postgres_statements": sum(one["calls"] for one in statements),
            "redis_commands": sum(redis_calls(self.settings).values()),
            "redis_by_command": redis_calls(self.settings),
            "postgres_by_statement": statements[:25],
        }


def answer(settings, sql, database):
    """psql out of the servers' packages, else the machine's own."""
    run = Run.load()
    sql = f"\\pset fieldsep '\x1f'\n{flat(sql)}"
    if run and run["form"] == "packages":
        return postgres.query(run, sql, database)
    url = settings["AUSKUNFT_TEST_SUPERUSER_URL"].rpartition("/")[0] + f"/{database}"
    line = ["psql", "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set", "ON_ERROR_STOP=1", url]
    return processes.run(line, "PostgreSQL", input=sql)


def flat(sql):
    """Texts of statements hold line breaks, which part rows here."""
    return sql.replace("select query,", "select regexp_replace(query, '\\s+', ' ', 'g'),", 1)


def redis_command(settings, *commands):
    """Commands without arguments that need care; the raw reply of the last."""
    address = urllib.parse.urlsplit(settings["REDIS_URL"])
    if address.password:
        commands = (["AUTH", urllib.parse.unquote(address.password)], *commands)
    with socket.create_connection((address.hostname, address.port or 6379), timeout=5) as connection:
        stream = connection.makefile("rb")
        reply = b""
        for words in commands:
            parts = [f"*{len(words)}\r\n".encode()]
            parts += [b"$%d\r\n%s\r\n" % (len(word.encode()), word.encode()) for word in words]
            connection.sendall(b"".join(parts))
            reply = redis_reply(stream)
        return reply


def redis_reply(stream):
    """A status, a number or a text; an error is a failure."""
    head = stream.readline()
    kind, rest = head[:1], head[1:].strip()
    if kind == b"-" or not head:
        raise Failure(f"Redis: {rest.decode() or 'closed the connection'}")
    if kind != b"$":
        return rest
    size = int(rest)
    return stream.read(size + 2)[:size] if size >= 0 else b""


def redis_calls(settings):
    """Calls by command since the counters were reset, without those that measuring makes itself."""
    calls = {}
    for line in redis_command(settings, ["INFO", "commandstats"]).decode().splitlines():
        if line.startswith("cmdstat_"):
            name, _, figures = line.removeprefix("cmdstat_").partition(":")
            calls[name] = int(figures.split(",")[0].removeprefix("calls="))
    return {name: number for name, number in calls.items() if name not in OWN_COMMANDS}
