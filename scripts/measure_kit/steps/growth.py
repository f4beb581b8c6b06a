"""The same load over shops of 850, 8,500 and 85,000 products."""

from pathlib import Path

from ..shop import make
from ..tables import PERCENTILE_HEADS, markdown, percentiles

HELP = "latency and memory over shops of 850, 8,500 and 85,000 products (hashed embedder)"

def arguments(parser):
    parser.add_argument("--products", default="850,8500,85000", help="sizes of the shops (%(default)s)")
    parser.add_argument("--catalogs", type=Path, help="folder where shops lie or are made, as catalog-850 and so on")
    parser.add_argument("--rates", default="15,40", help="questions a second (%(default)s)")
    parser.add_argument("--seconds", type=int, default=120, help="how long each rate is measured (%(default)s)")
    parser.add_argument("--warm-up", type=int, default=30, help="seconds before each (%(default)s)")


def run(rig, options):
    sizes = []
    for products in (int(text) for text in options.products.split(",")):
        catalog = make((options.catalogs or rig.work).absolute() / f"catalog-{products}", products)
        shop, ingested = rig.shop(catalog, "hashed")
        sizes.append({"products": products, "ingested": ingested, **measured(rig, shop, options)})
    return {"sizes": sizes}


def measured(rig, shop, options):
    driver = rig.driver(shop)
    reports = []
    with shop.serve() as serve, rig.sampler(serve) as sampler:
        for rate in options.rates.split(","):
            further = ["--warm-up", options.warm_up, "--ticket-rate", 2.5, "--check"]
            reports.append(driver.run([serve.base], float(rate), options.seconds, *further))
        end = reports[-1]["began"] + options.seconds
        used = sampler.between(reports[0]["began"], end)
        memory = rig.memory_mb(serve)
    return {"ready_seconds": serve.ready_seconds, "reports": reports, "used": used, "memory_mb": memory}


def tables(result):
    heads = ["products", "chunks", "questions a second", "failed", *PERCENTILE_HEADS, "p99 to the size before"]
    rows, before = [], {}
    for size in result["sizes"]:
        for report in size["reports"]:
            rate, p99 = report["rate"], report["latency_ms"]["p99"]
            ratio = p99 / before[rate] if before.get(rate) else None
            before[rate] = p99
            failed = report["requests"] - report["ok"]
            rows.append([size["products"], size["ingested"]["chunks"], rate, failed, *percentiles(report["latency_ms"]), ratio])
    parts = ["## Growth (hashed embedder)", markdown(heads, rows)]
    heads = ["products", "chunks", "most memory of serve, MB", "Postgres at the end, MB", "until ready, s", "ingested in, s"]
    rows = [size_row(size) for size in result["sizes"]]
    return "\n\n".join([*parts, markdown(heads, rows)])


def size_row(size):
    ingested, used, memory = size["ingested"], size["used"], size["memory_mb"]
    return [size["products"], ingested["chunks"], used["most_rss_mb"].get("serve"), memory.get("postgres"),
            size["ready_seconds"], ingested["seconds"] if ingested["written"] == ingested["chunks"] else "was there"]
