"""Redis: volatile by intent, so nothing is kept on disk; keys without time left go first when memory is short."""

import signal
import socket

from . import debian

GENTLY = signal.SIGTERM
SETTINGS = {
    "bind": "127.0.0.1",
    "appendonly": "no",
    "save": "",
    "maxmemory": "256mb",
    "maxmemory-policy": "volatile-ttl",
    "daemonize": "no",
}


def prepare(set_of_servers):
    debian.give(set_of_servers["packages"], set_of_servers.folder / "redis", "redis")


def command(set_of_servers):
    line = ["redis-server", "--port", set_of_servers.port("redis"), "--dir", f"{debian.INSIDE}/redis"]
    for name, value in SETTINGS.items():
        line += [f"--{name}", value]
    return debian.inside(set_of_servers["packages"], set_of_servers.folder, "redis", line)


def ask(port, words):
    with socket.create_connection(("127.0.0.1", port), timeout=3) as connection:
        connection.sendall(words.encode() + b"\r\n")
        return connection.recv(1 << 16).decode()


def answers(set_of_servers):
    if not ask(set_of_servers.port("redis"), "PING").startswith("+PONG"):
        raise OSError("Redis does not answer PING")


def settle(set_of_servers):
    pass


def versions(set_of_servers):
    lines = ask(set_of_servers.port("redis"), "INFO server").splitlines()
    return "Redis " + next(line.split(":")[1] for line in lines if line.startswith("redis_version:"))


def settings(set_of_servers):
    return {"REDIS_URL": f"redis://127.0.0.1:{set_of_servers.port('redis')}/0"}
