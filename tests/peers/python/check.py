#!/usr/bin/env python3
"""Asks peer and product one question of each kind, on the same servers with the small catalog, and compares state and facts.

    . .servers/env && tests/peers/python/check.py [--programs target/release]

Starts both services on free ports and ends them. What differs is printed; the exit code is 1 where no reason for it is stated below.
"""

import argparse
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parents[2]
CATALOG = REPOSITORY / "catalog-fixtures" / "small"
# What the catalog's shop.toml states.
TODAY = "2026-11-21"
START_SECONDS = 60
LEAD, EU_AGENT = "A-03", "A-01"


class Case(NamedTuple):
    """A question, who asks it for whom, and why the peer may answer otherwise."""

    kind: str
    question: str
    customer: str | None = None
    agent: str = LEAD
    known_difference: str = ""


CASES = [
    Case("parcel by number", "Wo ist mein Paket zur Bestellung O-5001?", "C-1001"),
    Case("parcel without number", "Wo bleibt meine Bestellung?", "C-1005"),
    Case("latest order, unpaid", "Wo bleibt meine letzte Bestellung?", "C-1002"),
    Case("return window", "Kann ich den Sonoriva Q35 aus O-5002 noch zurückgeben?", "C-1002"),
    Case("return window, US", "Until when can I send the Q45 of order O-5006 back?", "C-1006"),
    Case("return policy", "Wie viele Tage habe ich Zeit, um etwas zurückzuschicken?"),
    Case(
        "return policy in other words",
        "Muss ich das Porto für eine Retoure zahlen?",
        known_difference="the peer has neither a lexical index nor words that mean the same",
    ),
    Case("warranty by serial number", "Ist das Gerät mit der Seriennummer BW24S-2600117 noch in Garantie?", "C-1001"),
    Case("warranty, mistyped number", "Ist ABC-123456789012 noch in Garantie?", "C-1001"),
    Case("warranty by product", "Habe ich auf mein A5 noch Garantie?", "C-1005"),
    Case("price", "Was kostet die Brunnwald KM-2600?"),
    Case("price in the customer's region", "Was kostet die Brunnwald KM-2600?", "C-1001"),
    Case("successor", "Gibt's den KM-2200 noch zu kaufen oder was ist sein Nachfolger?"),
    Case("price, several products", "Was kostet das Brise 14?"),
    Case("comparison", "Welcher ist leiser, KM-2400 S oder KM-2400 M?"),
    Case("comparison, weight", "Was wiegt mehr, AK 500 oder AK 520?"),
    Case("comparison, all that differs", "Was ist der Unterschied zwischen AK 500 und AK 520?"),
    Case("how to", "Wie entkalke ich den KM-2400 S?"),
    Case("fault", "Mein KM-2600 blinkt gelb, was ist da los?"),
    Case(
        "attribute",
        "Wie groß ist der Wassertank beim KM-2400 M?",
        known_difference="the product quotes the page's line, the peer states the attribute as a fact beside it",
    ),
    Case("another customer's order", "Wo ist mein Paket zur Bestellung O-5001?", "C-1002"),
    Case("not permitted", "Wo ist mein Paket?", "C-1006", EU_AGENT),
    Case("unknown customer", "Wo ist mein Paket?", "C-9999"),
    Case("nothing answers", "Wer hat 2014 die Fußballweltmeisterschaft gewonnen?"),
]


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(name: str, command: list[str], port: int, environment: dict[str, str]) -> Iterator[str]:
    """A service from when it is ready until the end of the block; its address."""
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen(command, env=environment, stdout=output, stderr=output)
        try:
            address = f"http://127.0.0.1:{port}"
            wait_until_ready(name, address, process)
            yield address
        finally:
            process.terminate()
            process.wait(timeout=30)


def wait_until_ready(name: str, address: str, process: subprocess.Popen[bytes]) -> None:
    """Returns once the service says that it is ready; ends the program when it does not in time."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/health/ready", timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"check: {name} is not ready after {START_SECONDS} s (exit code {process.poll()}); start it by hand to see why")


def ask(address: str, token: str, case: Case) -> dict[str, Any]:
    """What a service answers."""
    body = {"question": case.question, **({"customer_id": case.customer} if case.customer else {})}
    headers = {"content-type": "application/json", "authorization": f"Bearer {token}"}
    request = urllib.request.Request(f"{address}/support/rag-answer", json.dumps(body).encode(), headers)
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            answer: dict[str, Any] = json.load(response)
            return answer
    except urllib.error.HTTPError as error:
        raise SystemExit(f"check: {address} answered {error.code} to `{case.question}`: {error.read().decode()}") from error


def compare(case: Case, product: dict[str, Any], peer: dict[str, Any]) -> bool:
    """Prints how the two answers stand to each other; whether that is as it should be."""
    is_same = (product["state"], product["facts"]) == (peer["state"], peer["facts"])
    kinds = ", ".join(fact["kind"] for fact in product["facts"]) or "no facts"
    if is_same:
        print(f"same     {case.kind}: {product['state']}, {kinds}")
        return True
    print(f"{'known   ' if case.known_difference else 'DIFFERS '} {case.kind}: {case.known_difference or case.question}")
    for name, answer in (("product", product), ("peer", peer)):
        print(f"         {name}: {answer['state']} {json.dumps(answer['facts'], ensure_ascii=False)}")
    return bool(case.known_difference)


def check(programs: Path) -> bool:
    """Whether all questions were answered alike, but for the differences that are known."""
    ports = free_port(), free_port()
    with ExitStack() as stack:
        data = stack.enter_context(tempfile.TemporaryDirectory(prefix="auskunft-peer-"))
        environment = {
            **os.environ,
            "AUSKUNFT_TODAY": TODAY,
            "AUSKUNFT_RATE_PER_MINUTE": "0",
            "AUSKUNFT_DATA_DIR": data,
            "AUSKUNFT_EMBEDDER": "native",
            "AUSKUNFT_LISTEN": f"127.0.0.1:{ports[0]}",
            "PORT": str(ports[1]),
        }
        ingest(programs, environment)
        tokens = {agent: token_of(programs, agent, environment) for agent in {case.agent for case in CASES}}
        product = stack.enter_context(running("serve", [str(programs / "serve")], ports[0], environment))
        peer = stack.enter_context(running("the peer", [str(HERE / "run")], ports[1], environment))
        answers = [(case, ask(product, tokens[case.agent], case), ask(peer, tokens[case.agent], case)) for case in CASES]
    return all([compare(*answer) for answer in answers])


def ingest(programs: Path, environment: dict[str, str]) -> None:
    """Brings the small catalog into the stores; nothing is done where it is there."""
    ended = subprocess.run([programs / "ingest", CATALOG], env=environment, stdout=subprocess.DEVNULL).returncode
    # 10: the catalog holds files that nobody can read.
    if ended not in (0, 10):
        raise SystemExit(f"check: `ingest` ended with exit code {ended}; the check needs servers without another catalog")


def token_of(programs: Path, agent: str, environment: dict[str, str]) -> str:
    """A token for an agent, minted by the product."""
    command = [str(programs / "serve"), "token", "--agent", agent]
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout.strip()


def main() -> int:
    """Runs the check; 0 when all is as it should be."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--programs", type=Path, default=REPOSITORY / "target" / "release", help="folder with `serve` and `ingest`")
    arguments = parser.parse_args()
    missing = [name for name in ("DATABASE_URL", "MONGODB_URL", "REDIS_URL") if not os.environ.get(name)]
    if missing:
        raise SystemExit(f"check: {', '.join(missing)} not set; run `make servers` and `. .servers/env`")
    subprocess.run([HERE / "run", "prepare"], check=True)
    return 0 if check(arguments.programs) else 1


if __name__ == "__main__":
    sys.exit(main())
