"""Servers that run on this machine itself."""

import shutil
import time

from . import cluster, debian, mongodb, postgres, processes, redis
from .failure import Failure, tail
from .place import NAMES, Run

KINDS = {"postgres": postgres, "redis": redis, "mongodb": mongodb, "cluster": cluster}
# Seconds. Recovery after a crash is part of it: the stand-in for MongoDB reads a store of some gigabytes for over a minute.
PATIENCE = 300


def make():
    """A new set, nothing of it started. What takes long comes before there is anything to clean up."""
    packages = debian.root()
    if not shutil.which("mongod"):
        mongodb.stand_in()
    run = Run.make("packages")
    run.values["packages"] = str(packages)
    run.save()
    try:
        debian.check(packages, run.folder)
    except Failure:
        run.forget()
        raise
    return run


def is_running(run, name):
    return processes.living(run.record(name)) is not None


def is_paused(run, name):
    living = processes.living(run.record(name))
    return living is not None and living.state == "T"


def start(run, names):
    """Starts those that do not run, all at once, lets paused ones go on, and waits until each answers."""
    children = {}
    for name in names:
        if not is_running(run, name):
            KINDS[name].prepare(run)
            children[name] = processes.start(KINDS[name].command(run), run.record(name), run.log(name), run.folder)
        elif is_paused(run, name):
            resume(run, name)
    for name in names:
        wait(run, name, children.get(name))
        KINDS[name].settle(run)


def wait(run, name, child):
    """Until the server answers a query; not only its port is open."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            return KINDS[name].answers(run)
        except (OSError, Failure) as error:
            reason = str(error)
        if child and child.poll() is not None:
            raise Failure(f"{name} ended before it was ready:{tail(run.log(name))}")
        if time.monotonic() > end:
            raise Failure(f"{name} does not answer within {PATIENCE} s ({reason}):{tail(run.log(name))}")
        time.sleep(0.05)


def stop(run, names=NAMES):
    for name in names:
        processes.stop(run.record(name), KINDS[name].GENTLY)


def restart(run, name):
    stop(run, [name])
    start(run, [name])


def kill(run, name):
    processes.kill(run.record(name))


def pause(run, name):
    processes.send_all(found(run, name), processes.signal.SIGSTOP)


def resume(run, name):
    # Those that were stopped last go on first: a server must not miss its own children.
    for member in reversed(processes.family(found(run, name))):
        processes.send(member, processes.signal.SIGCONT)


def found(run, name):
    living = processes.living(run.record(name))
    if not living:
        raise Failure(f"{name} does not run; `scripts/servers restart {name}` starts it")
    return living.process


def state(run, name):
    """For people: what it does and where."""
    living = processes.living(run.record(name))
    if not living:
        return "does not run"
    word = "is paused" if is_paused(run, name) else "runs"
    ports = " ".join(str(port) for port, _ in cluster.nodes(run)) if name == "cluster" else run.port(name)
    return f"{word}, process {living.process.number}, 127.0.0.1:{ports}, log {run.log(name)}"


def versions(run):
    return "; ".join(filter(None, (kind.versions(run) for kind in KINDS.values())))


def settings(run):
    return {name: value for kind in KINDS.values() for name, value in kind.settings(run).items()}
