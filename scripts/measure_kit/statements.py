"""What the product really asked Postgres: statements with their values, read back from the server's own log."""

import datetime
import re
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from servers_kit.failure import Failure
from servers_kit.place import Run

# Lines begin with a time, a process in brackets, and user and database.
BEGIN = re.compile(r"^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}) UTC \[(\d+)\] (\S*?)\s?([A-Z]+):  (.*)$", re.DOTALL)
TOOK = re.compile(r"^duration: ([\d.]+) ms  (parse|bind|execute) \S+: (.*)$", re.DOTALL)
# What the service says on each new connection.
SETS = re.compile(r"^duration: [\d.]+ ms  statement: (set hnsw\..*)$", re.DOTALL)
SETTING = re.compile(r"set (\S+) = (\S+?)(?:;|$)")
VALUE = re.compile(r"\$(\d+) = (NULL|'(?:[^']|'')*')")


class Log(NamedTuple):
    """What was logged behind a place, of one database."""

    file: Path
    place: int
    database: str

    def entries(self):
        with open(self.file, encoding="utf-8", errors="replace") as file:
            file.seek(self.place)
            yield from (entry for entry in whole_entries(file) if f"@{self.database} " in entry)

    def statements(self):
        return list(statements(self.entries()))

    def settings(self):
        """What the service sets for its connections: the same statement takes another time with others."""
        texts = (found[5] for found in map(BEGIN.match, self.entries()) if found)
        sets = [found[1] for found in map(SETS.match, texts) if found]
        if not sets:
            raise Failure("the server's log names no settings of the service's connections")
        return dict(SETTING.findall(sets[-1]))


class Asked(NamedTuple):
    """A statement that was executed; `begin` and `end` in seconds since 1970."""

    begin: float
    end: float
    sql: str
    # By number, None for null.
    values: tuple


@contextmanager
def logged(stores):
    """While it lasts every statement in this database is logged; tells where."""
    run = Run.load()
    if not run or run["form"] != "packages":
        raise Failure("the server's log is read where the servers come from packages alone")
    stores.query(f"alter database {stores.name} set log_min_duration_statement = 0;")
    log = run.log("postgres")
    place = log.stat().st_size
    try:
        yield Log(log, place, stores.name)
    finally:
        stores.query(f"alter database {stores.name} reset log_min_duration_statement;")


def whole_entries(lines):
    """Log lines with those that belong to them: a statement may have many."""
    entry = ""
    for line in lines:
        if line.startswith("\t"):
            entry += "\n" + line.strip("\t\n")
            continue
        if entry:
            yield entry
        entry = line.rstrip("\n")
    if entry:
        yield entry


def statements(entries):
    """Executions with the values of the DETAIL behind them; binding and executing count together."""
    waiting, binding = {}, {}
    for entry in entries:
        found = BEGIN.match(entry)
        if not found:
            continue
        at, process, level, text = moment(found[1]), found[2], found[4], found[5]
        took = TOOK.match(text)
        if level == "LOG" and process in waiting:
            yield waiting.pop(process)
        if level == "LOG" and took:
            seconds = float(took[1]) / 1000
            if took[2] == "execute":
                begin = at - seconds - binding.pop(process, 0.0)
                waiting[process] = Asked(begin, at, took[3], ())
            elif took[2] == "bind":
                binding[process] = seconds
        elif level == "DETAIL" and process in waiting:
            yield waiting.pop(process)._replace(values=values(text))
    yield from waiting.values()


def moment(text):
    return datetime.datetime.fromisoformat(text).replace(tzinfo=datetime.UTC).timestamp()


def values(text):
    return tuple(None if value == "NULL" else value[1:-1].replace("''", "'") for _, value in VALUE.findall(text))
