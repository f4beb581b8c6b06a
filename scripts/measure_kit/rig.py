"""What every step of a measurement uses."""

import json
from pathlib import Path
from typing import NamedTuple

from servers_kit.failure import Failure
from servers_kit.place import REPOSITORY

from . import driver, machine, sampler, stores
from .shop import Shop


class Programs(NamedTuple):
    """The product's programs."""

    serve: Path
    ingest: Path

    @classmethod
    def find(cls, folder):
        programs = cls(Path(folder) / "serve", Path(folder) / "ingest")
        missing = [str(program) for program in programs if not program.is_file()]
        if missing:
            raise Failure(f"{' and '.join(missing)}: not there; `make build` makes them, --programs names another folder")
        return programs


class Rig:
    """Servers, programs, and where results go."""

    def __init__(self, options):
        self.options = options
        self.programs = Programs.find(options.programs)
        self.settings = stores.started()
        self.work = REPOSITORY / ".measure"
        self.out = Path(options.out)
        self.out.mkdir(parents=True, exist_ok=True)

    def shop(self, catalog=None, embedder=None):
        """A shop that is ready to be asked, and what it took to ingest it."""
        shop = Shop(
            catalog or self.options.catalog, embedder or self.options.embedder, self.programs, self.settings, self.work
        )
        return shop, shop.prepare(self.options.fresh)

    def driver(self, shop, seed=None):
        return driver.Driver(shop, seed or self.options.seed, self.out)

    def sampler(self, *services):
        """Samples the servers and these services."""

        def groups():
            alive = {service.name: service.root() for service in services}
            return sampler.families(stores.roots() | {name: root for name, root in alive.items() if root})

        return sampler.Sampler(groups)

    def memory_mb(self, *services):
        """Memory by group now, with what processes share divided among them."""
        alive = {service.name: service.root() for service in services}
        found = sampler.families(stores.roots() | {name: root for name, root in alive.items() if root})
        return {name: sampler.own_bytes(members) / 1e6 for name, members in found.items()}

    def keep(self, name, result, text):
        """Writes a result for machines and for people."""
        head = machine.described(self.settings)
        whole = {"step": name, "machine": head, **result}
        (self.out / f"{name}.json").write_text(json.dumps(whole, indent=1, ensure_ascii=False))
        page = f"{text.rstrip()}\n\n{machine.sentence(head)}\n"
        (self.out / f"{name}.md").write_text(page)
        return whole, page

    def gather(self, names):
        """All tables that there are, in one file."""
        pages = [self.out / f"{name}.md" for name in names]
        (self.out / "performance.md").write_text("\n".join(page.read_text() for page in pages if page.is_file()))

    @staticmethod
    def shown(whole, page, as_json):
        return json.dumps(whole, ensure_ascii=False) if as_json else page
