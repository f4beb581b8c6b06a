"""Statements asked by `pgbench`: prepared, on one connection, with values that the product asked with."""

import re
import shutil
import subprocess
import urllib.parse

from servers_kit import debian
from servers_kit.failure import Failure
from servers_kit.place import Run

PLACEHOLDER = re.compile(r"\$(\d+)")
COMMENT = re.compile(r"--[^\n]*")
# Linux takes no single argument above this.
LONGEST = 120_000


def timed(stores, asked, settings, seconds, rate=None):
    """The place in `asked` and the milliseconds of each round trip. `asked`: executions of one statement with different values,
    which take turns; at a constant rate where one is stated, else one after the other. `settings`: of the session."""
    run = Run.load()
    folder = run.folder / "pgbench"
    shutil.rmtree(folder, ignore_errors=True)
    debian.give(run["packages"], folder, "postgres")
    files, variables = scripts(folder, asked)
    line = [f"{debian.POSTGRES}/pgbench", "--no-vacuum", "--protocol=prepared", "--client=1", f"--time={seconds}", "--log"]
    line += [f"--log-prefix={debian.INSIDE}/pgbench/times", *(["--rate", str(rate)] if rate else [])]
    line += [part for name, value in variables.items() for part in ("--define", f"{name}={value}")]
    line += [part for name in files for part in ("--file", f"{debian.INSIDE}/pgbench/{name}")]
    result = subprocess.run(inside(run, stores, settings, line), capture_output=True, text=True, check=False)
    if result.returncode != 0:
        raise Failure(f"pgbench: {(result.stderr.strip() or 'failed').splitlines()[-1]}")
    places = [int(name.removesuffix(".sql")) for name in files]
    return [taken(places, row) for log in folder.glob("times*") for row in log.read_text().splitlines()]


def taken(places, row):
    """Microseconds are the third figure, the file the fourth; with a rate the seventh says how much of it was being late."""
    fields = row.split()
    late = int(fields[6]) if len(fields) > 6 else 0
    return places[int(fields[3])], (int(fields[2]) - late) / 1000


def inside(run, stores, settings, line):
    """Among the servers' packages, as the programs' own user."""
    url = urllib.parse.urlsplit(stores.urls()["DATABASE_URL"])
    environment = ["env", f"PGPASSWORD={url.password}", f"PGUSER={url.username}", f"PGPORT={url.port}", "PGHOST=127.0.0.1"]
    environment.append("PGOPTIONS=" + " ".join(f"-c {name}={value}" for name, value in settings.items()))
    line = [*environment, *line, url.path.lstrip("/")]
    return [str(part) for part in debian.inside(run["packages"], run.folder, "postgres", line)]


def scripts(folder, asked):
    """A file for each execution; values stand in variables, so that the statement is prepared once for each file."""
    files, variables = [], {}
    for number, one in enumerate(asked):
        if any(value is not None and len(value) > LONGEST for value in one.values):
            continue
        named = {str(place + 1): f"v{number}x{place + 1}" for place in range(len(one.values))}
        variables |= {named[str(place + 1)]: value for place, value in enumerate(one.values) if value is not None}
        nulls = {str(place + 1) for place, value in enumerate(one.values) if value is None}
        text = PLACEHOLDER.sub(lambda found: "null" if found[1] in nulls else f":{named[found[1]]}", COMMENT.sub("", one.sql))
        (folder / f"{number}.sql").write_text(" ".join(text.split()) + ";\n")
        (folder / f"{number}.sql").chmod(0o644)
        files.append(f"{number}.sql")
    return files, variables
