"""Where things lie: the state in the checkout, the run's folder, the cache; and who may change them."""

import contextlib
import fcntl
import json
import os
import secrets
import shutil
import socket
import sys
import tempfile
from pathlib import Path

from .failure import Failure

REPOSITORY = Path(__file__).resolve().parents[2]
STATE = Path(os.environ.get("AUSKUNFT_SERVERS_DIR") or REPOSITORY / ".servers")
CACHE = Path(os.environ.get("AUSKUNFT_CACHE_DIR") or Path.home() / ".cache" / "auskunft").absolute() / "servers"
STORES = ("postgres", "redis", "mongodb")
# `cluster` is a Redis Cluster, for tests alone.
NAMES = (*STORES, "cluster")
CLUSTER_PORTS = 6


@contextlib.contextmanager
def lock(path, why):
    """Holds a lock file; programs that are given its number hold it, too, as long as they live."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(f"servers: waiting for another process {why}", file=sys.stderr)
            fcntl.flock(file, fcntl.LOCK_EX)
        yield file.fileno()


class Run:
    """One set of servers: its folder, ports and passwords, kept in `.servers/run.json` from before anything starts."""

    FILE = STATE / "run.json"

    def __init__(self, values):
        self.values = values
        self.folder = Path(values["folder"])

    @classmethod
    def load(cls):
        """The set of this checkout; None where there is none, or none since the machine started."""
        try:
            values = json.loads(cls.FILE.read_text())
        except FileNotFoundError:
            return None
        except ValueError as error:
            raise Failure(f"{cls.FILE} is damaged ({error}); end its servers by hand and remove it") from None
        return cls(values)

    @classmethod
    def make(cls, form):
        folder = Path(tempfile.mkdtemp(prefix="auskunft-servers-"))
        values = {"form": form, "folder": str(folder), "boot": boot(), "password": secrets.token_urlsafe(24)}
        ports = free_ports(len(STORES) + CLUSTER_PORTS)
        values["ports"] = dict(zip(STORES, ports))
        values["cluster_ports"] = ports[len(STORES) :]
        run = cls(values)
        run.save()
        # Each server's own folder is closed; its user must be able to come there.
        folder.chmod(0o711)
        run.logs.mkdir()
        return run

    def save(self):
        write(self.FILE, json.dumps(self.values, indent=1))

    def __getitem__(self, name):
        return self.values[name]

    def port(self, name):
        return self.values["ports"][name]

    @property
    def logs(self):
        return self.folder / "logs"

    def log(self, name):
        return self.logs / f"{name}.log"

    def record(self, name):
        """Where the process of a server is noted."""
        return self.folder / f"{name}.process"

    @property
    def is_of_this_boot(self):
        return self["boot"] == boot()

    def forget(self):
        """Removes data and state; nothing of it may run any more."""
        if self.folder.name.startswith("auskunft-servers-"):
            shutil.rmtree(self.folder, ignore_errors=True)
        (STATE / "env").unlink(missing_ok=True)
        self.FILE.unlink(missing_ok=True)


def boot():
    return Path("/proc/sys/kernel/random/boot_id").read_text().strip()


def free_ports(count):
    """Ports of 127.0.0.1 that nobody listens at, all asked for before one is given back."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def write(path, text):
    """A private file, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(path.name + ".new")
    fresh.unlink(missing_ok=True)
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    os.rename(fresh, path)
