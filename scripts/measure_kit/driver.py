"""The load driver (`tests/load`)."""

import json
import subprocess
from pathlib import Path

from servers_kit.failure import Failure, tail
from servers_kit.place import REPOSITORY

MANIFEST = REPOSITORY / "tests/load/Cargo.toml"
PROGRAM = REPOSITORY / "tests/load/target/release/load"


def build():
    """The program, built when its sources are newer."""
    sources = [MANIFEST, *MANIFEST.parent.glob("src/**/*.rs")]
    newest = max(path.stat().st_mtime for path in sources)
    if not PROGRAM.is_file() or PROGRAM.stat().st_mtime < newest:
        line = ["cargo", "build", "--quiet", "--release", "--locked", "--manifest-path", str(MANIFEST)]
        if subprocess.run(line, check=False).returncode != 0:
            raise Failure("the load driver can't be built; its reason stands above")
    return PROGRAM


class Driver:
    """Asks what a shop's questions file holds."""

    def __init__(self, shop, seed, folder):
        self.program = build()
        self.shop = shop
        self.seed = seed
        self.folder = Path(folder)

    def line(self, command, bases, further):
        line = [self.program, command, "--base", ",".join(bases), "--questions", self.shop.questions]
        line += ["--tokens", self.shop.tokens, "--seed", self.seed, "--json", *further]
        return [str(part) for part in line]

    def run(self, bases, rate, seconds, *further):
        """The report of one rate."""
        line = self.line("run", bases, ["--rate", rate, "--seconds", seconds, *further])
        return self.asked(line)["runs"][0]

    def begin(self, bases, rate, seconds, *further):
        """The same, going on by itself; `end` tells the report."""
        line = self.line("run", bases, ["--rate", rate, "--seconds", seconds, *further])
        log = open(self.folder / "load.log", "ab")
        return subprocess.Popen(line, stdout=subprocess.PIPE, stderr=log, text=True)

    def end(self, child):
        text, _ = child.communicate()
        if child.returncode != 0:
            raise Failure(f"the load driver failed:{tail(self.folder / 'load.log')}")
        return json.loads(text)["runs"][0]

    def highest(self, bases, below_ms, seconds, *further):
        """The highest rate whose p99 is below a bound."""
        return self.asked(self.line("highest", bases, ["--below-ms", below_ms, "--seconds", seconds, *further]))

    def asked(self, line):
        log = self.folder / "load.log"
        with open(log, "ab") as errors:
            result = subprocess.run(line, stdout=subprocess.PIPE, stderr=errors, text=True, check=False)
        if result.returncode != 0:
            raise Failure(f"the load driver failed:{tail(log)}")
        return json.loads(result.stdout)
