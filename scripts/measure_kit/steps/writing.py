"""`ingest` at full speed beside the load."""

import json
import shutil
import subprocess
import time

from servers_kit.failure import Failure, tail

from ..tables import PERCENTILE_HEADS, markdown, percentiles

HELP = "answers while ingest runs at full speed beside them"
# Other ones each time: vectors of words that were measured before are known.
WORDS = "<p>Neu im Sortiment: Zubehör {} wird ab Lieferung {} mitgeliefert.</p>"


def arguments(parser):
    parser.add_argument("--rate", type=float, default=15.0, help="questions a second (%(default)s)")
    parser.add_argument("--warm-up", type=int, default=30, help="seconds before it begins (%(default)s)")
    parser.add_argument("--most-seconds", type=int, default=1800, help="ingest is ended after so long (%(default)s)")


def run(rig, options):
    shop, ingested = rig.shop()
    driver = rig.driver(shop)
    changed = changed_catalog(shop)
    try:
        with shop.serve() as serve, rig.sampler(serve) as sampler:
            quiet = driver.run([serve.base], options.rate, 60, "--warm-up", options.warm_up, "--check")
            reports, told = beside(rig, shop, driver, serve, changed, options)
            used = sampler.between(reports[0]["began"], reports[-1]["began"] + reports[-1]["seconds"])
    finally:
        shutil.rmtree(changed, ignore_errors=True)
        # The shop as it was, for the steps to come.
        shop.prepare(False)
    return {"ingested": ingested, "quiet": quiet, "beside": reports, "told": told, "used": used}


def changed_catalog(shop):
    """A copy of the catalog in which every product page says something new."""
    changed = shop.folder / "changed"
    shutil.rmtree(changed, ignore_errors=True)
    shutil.copytree(shop.catalog, changed)
    delivery = int(time.time())
    for number, page in enumerate(sorted((changed / "products").rglob("*.html"))):
        # Some pages are in other encodings, on purpose; bytes know none.
        body = page.read_bytes()
        words = WORDS.format(number, delivery).encode("ascii", "xmlcharrefreplace")
        page.write_bytes(body.replace(b"</body>", words + b"</body>", 1))
    return changed


def beside(rig, shop, driver, serve, changed, options):
    """Load in pieces of 20 s for as long as ingest runs; what it told."""
    log, told = shop.folder / "ingest.log", shop.folder / "ingest.json"
    line = [str(rig.programs.ingest), str(changed), "--quiet", "--json"]
    reports, begun = [], time.monotonic()
    # A file, not a pipe: nobody reads while the load runs, and a report is larger than a pipe.
    with open(log, "ab") as errors, open(told, "wb") as report:
        child = subprocess.Popen(line, env=shop.environment(), stdout=report, stderr=errors)
        try:
            while child.poll() is None and time.monotonic() - begun < options.most_seconds:
                reports.append(driver.run([serve.base], options.rate, 20, "--warm-up", 0, "--check"))
        finally:
            if child.poll() is None:
                child.terminate()
            child.wait()
    if child.returncode not in (0, 10):
        raise Failure(f"ingest ended with exit code {child.returncode} beside the load:{tail(log)}")
    return reports, json.loads(told.read_text())


def tables(result):
    heads = [f"{result['quiet']['rate']:g} questions a second", "answers", "failed", *PERCENTILE_HEADS]
    rows = [row("ingest does not run", result["quiet"])]
    rows += [row(f"beside ingest, part {place + 1}", report) for place, report in enumerate(result["beside"])]
    told = result["told"]
    words = f"`ingest` changed {told['sources']['changed']} sources and wrote {told['chunks']['written']} chunks"
    share = result["used"]["cpu_seconds"].get("serve", 0.0) / result["used"]["seconds"] * 100
    words += f", {told['embeddings']['computed']} of them embedded, in {told['seconds']['total']:.0f} s"
    note = f"{words}; `serve` had {share:.0f} % of a core."
    return "\n\n".join(["## `ingest` beside the load", markdown(heads, rows), note])


def row(name, report):
    return [name, report["ok"], report["requests"] - report["ok"], *percentiles(report["latency_ms"])]
