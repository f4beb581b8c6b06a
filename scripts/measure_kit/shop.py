"""A catalog that is measured: ingested into stores of its own, with tokens for its agents."""

import csv
import functools
import hashlib
import json
import os
import secrets
import subprocess
import time
import tomllib
from pathlib import Path

from servers_kit.failure import Failure, tail
from servers_kit.place import REPOSITORY

from .service import Service
from .stores import Stores

# Tokens outlast the longest measuring.
TOKEN_MINUTES = 7 * 24 * 60
# Of the shops that are made here.
SEED = 12
# What a program inherits; all else is stated.
VECTOR_INDEX = "AUSKUNFT_VECTOR_INDEX"
INHERITED = ("PATH", "HOME", "LANG", "TMPDIR", "AUSKUNFT_CACHE_DIR", "AUSKUNFT_MODEL_DIR", "AUSKUNFT_PDFIUM", VECTOR_INDEX)


class Shop:
    """A catalog folder, its stores and the programs over it."""

    def __init__(self, catalog, embedder, programs, settings, work):
        self.catalog = Path(catalog).resolve()
        self.embedder = embedder
        self.programs = programs
        self.settings = settings
        if not self.questions.is_file() or not (self.catalog / "shop.toml").is_file():
            raise Failure(f"{self.catalog} has no questions.jsonl and shop.toml; `make catalog` writes a shop with both")
        self.today = str(tomllib.loads((self.catalog / "shop.toml").read_text())["today"])
        precision = os.environ.get(VECTOR_INDEX, "full")
        name = "_".join(["measure", embedder, *([precision] if precision != "full" else []), self.digest()])
        self.stores = Stores(settings, name)
        self.folder = Path(work).resolve() / name
        self.folder.mkdir(parents=True, exist_ok=True)
        self.tokens = self.folder / "tokens.json"

    @property
    def questions(self):
        return self.catalog / "questions.jsonl"

    def digest(self):
        """Tells one shop from another: the generator writes the same questions for the same shop alone."""
        return hashlib.sha256(self.questions.read_bytes()).hexdigest()[:10]

    def environment(self, **further):
        """As in production; but no limit of questions, the shop's own day, which production refuses, and a key of its own."""
        inherited = {name: os.environ[name] for name in INHERITED if name in os.environ}
        return inherited | self.stores.urls() | {
            "AUSKUNFT_DATA_DIR": str(self.folder / "data"),
            "AUSKUNFT_JWT_KEY": self.key(),
            "AUSKUNFT_RATE_PER_MINUTE": "0",
            "AUSKUNFT_TODAY": self.today,
        } | {name: str(value) for name, value in further.items()}

    def key(self):
        file = self.folder / "key"
        if not file.exists():
            file.touch(mode=0o600)
            file.write_text(secrets.token_urlsafe(48))
        return file.read_text()

    def prepare(self, fresh):
        """Ingests the catalog, which takes seconds when nothing changed; how long it took and what it told."""
        if fresh:
            self.stores.drop()
        self.stores.make()
        begun = time.monotonic()
        told = self.ingest()
        self.mint()
        self.stores.forget_volatile()
        chunks = told["chunks"]
        seconds = time.monotonic() - begun
        return {"seconds": seconds, "chunks": chunks["total"], "written": chunks["written"], "embedder": self.embedder}

    def ingest(self, *further):
        """Reads the catalog into the stores; the run's report."""
        log = self.folder / "ingest.log"
        line = [self.programs.ingest, self.catalog, "--quiet", "--json", "--embedder", self.embedder, *further]
        with open(log, "ab") as errors:
            result = subprocess.run(line, env=self.environment(), stdout=subprocess.PIPE, stderr=errors, text=True, check=False)
        # 10: some documents of a generated shop can't be read, by intent.
        if result.returncode not in (0, 10):
            raise Failure(f"ingest ended with exit code {result.returncode}:{tail(log)}")
        return json.loads(result.stdout)

    def mint(self):
        """A token for each active agent. Agents of the same role and regions may see the same."""
        regions = {}
        for row in rows(self.catalog / "shop/agent_permissions.csv"):
            regions.setdefault(row["agent_id"], set()).add(row["region"])
        agents = []
        for row in rows(self.catalog / "shop/agents.csv"):
            if row["active"] == "true":
                group = " ".join([row["role"], *sorted(regions.get(row["agent_id"], ()))])
                agents.append({"agent_id": row["agent_id"], "token": self.token(row["agent_id"]), "group": group})
        self.tokens.unlink(missing_ok=True)
        self.tokens.touch(mode=0o600)
        self.tokens.write_text(json.dumps({"agents": agents}))

    def token(self, agent):
        line = [self.programs.serve, "token", "--agent", agent, "--minutes", TOKEN_MINUTES]
        line = [str(part) for part in line]
        result = subprocess.run(line, env=self.environment(), capture_output=True, text=True, check=False)
        if result.returncode != 0:
            raise Failure(f"no token for {agent}: {result.stderr.strip()}")
        return result.stdout.strip()

    def abilities(self):
        """What each question tests, by its id."""
        lines = self.questions.read_text(encoding="utf-8").splitlines()
        asked = [json.loads(line) for line in lines if line.strip()]
        return {str(one.get("id", number + 1)): one.get("ability", "unnamed") for number, one in enumerate(asked)}

    @functools.cached_property
    def tokens_by_agent(self):
        return {one["agent_id"]: one["token"] for one in json.loads(self.tokens.read_text())["agents"]}

    def serve(self, **environment):
        """`serve`, not yet started."""
        return Service("serve", [self.programs.serve], self.environment(**environment), self.folder / "serve.log")


def make(catalog, products):
    """A generated shop of that size, written when it is missing."""
    if not catalog.is_dir():
        line = ["make", "--no-print-directory", "catalog", f"SEED={SEED}", f"PRODUCTS={products}", f"OUT={catalog}"]
        if subprocess.run(line, cwd=REPOSITORY, stdout=subprocess.DEVNULL, check=False).returncode != 0:
            raise Failure(f"the shop of {products} products can't be made; its reason stands above")
    return catalog


def rows(path):
    with open(path, newline="", encoding="utf-8") as file:
        yield from csv.DictReader(file)
