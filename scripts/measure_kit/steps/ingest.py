"""A whole run into empty stores, and one that builds the same once more from vectors that are known."""

from ..shop import Shop
from ..tables import markdown

HELP = "a run into empty stores and a rebuild of the same: how long, and how much of it the embedder is waited for"
STAGES = ("read and publish", "shop data", "bind and index")


def arguments(parser):
    parser.add_argument("--no-rebuild", action="store_true", help="the first run alone")


def run(rig, options):
    shop = Shop(options.catalog, options.embedder, rig.programs, rig.settings, rig.work)
    shop.stores.drop()
    shop.stores.make()
    runs = [("into empty stores", shop.ingest())]
    if not options.no_rebuild:
        runs.append(("the same rebuilt, vectors known", shop.ingest("--rebuild")))
    return {"runs": [{"run": name, **told(report)} for name, report in runs]}


def told(report):
    return {name: report[name] for name in ("seconds", "chunks", "embeddings", "sources")}


def tables(result):
    heads = ["run", "sources", "chunks", "embedded", "seconds", "waited for the embedder", "beyond, %", *STAGES]
    return "\n\n".join(["## Ingest", markdown(heads, [row(one) for one in result["runs"]])])


def row(one):
    seconds = one["seconds"]
    total, waited = seconds["total"], seconds["embedding"]
    figures = [one["sources"]["found"], one["chunks"]["total"], one["embeddings"]["computed"], total, waited]
    return [one["run"], *figures, (total - waited) / total * 100, *(seconds[name] for name in STAGES)]
