"""A Redis Cluster of three nodes, for tests alone: keys lie on several servers, and each refuses those of the others."""

import signal
import time

from . import debian, redis
from .failure import Failure

GENTLY = signal.SIGTERM
NODES = 3
SLOTS = 16384
# Until all nodes know one another.
PATIENCE = 30
# Starts a node for each pair of ports (for clients, for the other nodes), each with a folder of its own.
START = """folder=$1; shift
while [ $# -gt 0 ]; do
    mkdir -p "$folder/$1"
    redis-server --port "$1" --cluster-port "$2" --dir "$folder/$1" --cluster-enabled yes --cluster-node-timeout 5000 \
        --bind 127.0.0.1 --appendonly no --save '' &
    shift 2
done
wait"""


def prepare(set_of_servers):
    debian.give(set_of_servers["packages"], set_of_servers.folder / "cluster", "redis")


def command(set_of_servers):
    line = ["sh", "-c", START, "cluster", f"{debian.INSIDE}/cluster", *set_of_servers["cluster_ports"]]
    return debian.inside(set_of_servers["packages"], set_of_servers.folder, "redis", line)


def nodes(set_of_servers):
    """Pairs of ports: for clients and for the other nodes."""
    ports = set_of_servers["cluster_ports"]
    return list(zip(ports[::2], ports[1::2]))


def answers(set_of_servers):
    for port, _ in nodes(set_of_servers):
        if not redis.ask(port, "PING").startswith("+PONG"):
            raise OSError(f"the node at {port} does not answer PING")


def settle(set_of_servers):
    """Gives each node its share of the slots, and makes them known to one another; once."""
    ports = nodes(set_of_servers)
    bounds = [SLOTS * number // NODES for number in range(NODES + 1)]
    for number, (port, _) in enumerate(ports):
        if "cluster_slots_assigned:0" in redis.ask(port, "CLUSTER INFO"):
            redis.ask(port, f"CLUSTER ADDSLOTSRANGE {bounds[number]} {bounds[number + 1] - 1}")
            redis.ask(port, f"CLUSTER SET-CONFIG-EPOCH {number + 1}")
    for port, bus in ports[1:]:
        redis.ask(ports[0][0], f"CLUSTER MEET 127.0.0.1 {port} {bus}")
    end = time.monotonic() + PATIENCE
    while not all(is_whole(port) for port, _ in ports):
        if time.monotonic() > end:
            raise Failure(f"the nodes of the Redis Cluster do not find one another within {PATIENCE} s")
        time.sleep(0.1)


def is_whole(port):
    told = redis.ask(port, "CLUSTER INFO")
    return "cluster_state:ok" in told and f"cluster_known_nodes:{NODES}" in told and f"cluster_slots_ok:{SLOTS}" in told


def versions(_):
    return ""


def settings(set_of_servers):
    places = ",".join(f"127.0.0.1:{port}" for port, _ in nodes(set_of_servers))
    return {"AUSKUNFT_TEST_REDIS_CLUSTER_URL": f"redis-cluster://{places}"}
