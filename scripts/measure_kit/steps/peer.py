"""The same questions to `serve` and to the peer in Python, in turn, in one run."""

import os
import subprocess

from servers_kit.failure import Failure
from servers_kit.place import REPOSITORY

from ..service import Service
from ..tables import PERCENTILE_HEADS, markdown, percentiles
from . import highest

HELP = "the same flow in Python beside it: latency at the same rates, highest rate, processor time of an answer"
PEER = REPOSITORY / "tests/peers/python"
NAMES = ("serve", "peer")


def arguments(parser):
    parser.add_argument("--rates", default="12,40", help="questions a second (%(default)s)")
    parser.add_argument("--seconds", type=int, default=60, help="how long each rate is measured, each time (%(default)s)")
    parser.add_argument("--rounds", type=int, default=2, help="how often both are measured in turn (%(default)s)")
    parser.add_argument("--warm-up", type=int, default=10, help="seconds before each rate (%(default)s)")
    parser.add_argument("--known", type=int, default=150, help="seconds at 40 a second first, to know the questions (%(default)s)")
    parser.add_argument("--below-ms", default="40,100", help="the p99 of highest rates; with new questions the last alone (%(default)s)")
    parser.add_argument("--from-rate", type=float, default=40.0, help="the first rate of the search for the highest (%(default)s)")
    parser.add_argument("--highest-seconds", type=int, default=20, help="how long the search measures each rate (%(default)s)")
    parser.add_argument("--searches", default="known,new", help="what highest rates are looked for (%(default)s)")
    parser.add_argument("--workers", type=int, default=2, help="processes of the peer (%(default)s)")
    parser.add_argument("--peer-environment", default="", help="further settings of the peer, NAME=VALUE, parted by commas")


def run(rig, options):
    if options.embedder != "native":
        raise Failure("the peer knows the native embedder's model alone; state --embedder native")
    prepare(options)
    shop, ingested = rig.shop()
    driver = rig.driver(shop)
    turns = []
    for turn in range(options.rounds):
        # Who is first changes from round to round.
        for name in NAMES if turn % 2 == 0 else reversed(NAMES):
            turns.append(measured(rig, shop, driver, name, turn, options))
    return {"ingested": ingested, "turns": turns}


def prepare(options):
    """The peer's environment and its model's file."""
    line = [str(PEER / "run"), "prepare"]
    if subprocess.run(line, env=os.environ | further(options), stdout=subprocess.DEVNULL, check=False).returncode != 0:
        raise Failure("the peer can't be prepared; its reason stands above")


def further(options):
    return dict(pair.split("=", 1) for pair in options.peer_environment.split(",") if pair)


def service(rig, shop, name, options):
    if name == "serve":
        return shop.serve()
    environment = shop.environment(WORKERS=options.workers, **further(options))
    return Service("peer", [PEER / "run"], environment, shop.folder / "peer.log")


def measured(rig, shop, driver, name, turn, options):
    """One of both: at each rate, with new questions alone, and in the last round its highest rate."""
    shop.stores.forget_volatile()
    with service(rig, shop, name, options) as asked, rig.sampler(asked) as sampler:
        driver.run([asked.base], 40, options.known, "--warm-up", 0)
        rates = [at_rate(driver, sampler, asked, float(rate), options) for rate in options.rates.split(",")]
        new = at_rate(driver, sampler, asked, float(options.rates.split(",")[0]), options, "--distinct", "--repeat", "0")
        result = {"name": name, "round": turn, "ready_seconds": asked.ready_seconds, "rates": rates, "new": new}
        if turn == options.rounds - 1:
            result["highest"] = {
                name: highest.search(driver, sampler, asked, words, below, options.highest_seconds, options.warm_up, options.from_rate)
                for name, (below, words) in searches(options).items()
            }
    return result


def searches(options):
    """What highest rates are looked for: the bound of p99, and what the driver is told."""
    bounds = [float(text) for text in options.below_ms.split(",")]
    known, new = highest.VARIANTS.items()
    wanted, found = options.searches.split(","), {}
    if "known" in wanted:
        found = {f"{known[0]}, p99 below {below:g} ms": (below, known[1]) for below in bounds}
    if "new" in wanted:
        found[f"{new[0]}, p99 below {bounds[-1]:g} ms"] = (bounds[-1], new[1])
    return found


def at_rate(driver, sampler, asked, rate, options, *words):
    report = driver.run([asked.base], rate, options.seconds, "--warm-up", options.warm_up, "--check", *words)
    used = sampler.between(report["began"], report["began"] + options.seconds)
    return {"report": report, "used": used, "cpu_ms": used["cpu_seconds"].get(asked.name, 0.0) / max(1, report["ok"]) * 1000}


def tables(result):
    turns = result["turns"]
    heads = ["the same questions, ms", "answers", "failed", "right, %", *PERCENTILE_HEADS, "processor time of an answer, ms"]
    rows = [rate_row(turn, one) for turn in turns for one in turn["rates"]]
    new = [rate_row(turn, turn["new"], ", new questions alone") for turn in turns]
    parts = ["## Beside the same flow in Python", markdown(heads, sorted(rows + new, key=lambda row: row[0]))]
    found = {turn["name"]: turn["highest"] for turn in turns if "highest" in turn}
    best = [highest.row(f"{name}: {variant}", one) for name, each in found.items() for variant, one in each.items()]
    heads = ["highest rate", *highest.HEADS[1:]]
    parts.append(markdown(heads, best))
    parts.append(markdown(["serve to peer", "ratio"], ratios(turns, found)))
    return "\n\n".join(parts)


def rate_row(turn, one, words=""):
    report = one["report"]
    right, wrong = report["checked"]["right"], report["checked"]["wrong"]
    name = f"{report['rate']:g} a second{words}: {turn['name']}, round {turn['round'] + 1}"
    share = right / (right + wrong) * 100 if right + wrong else None
    failed = report["requests"] - report["ok"]
    return [name, report["ok"], failed, share, *percentiles(report["latency_ms"]), one["cpu_ms"]]


def ratios(turns, found):
    """Of the means of all rounds."""
    rows = []
    for place, one in enumerate(turns[0]["rates"]):
        at = f"at {one['report']['rate']:g} a second"
        rows.append([f"p99 {at}", ratio(turns, lambda turn, place=place: turn["rates"][place]["report"]["latency_ms"]["p99"])])
        rows.append([f"processor time of an answer {at}", ratio(turns, lambda turn, place=place: turn["rates"][place]["cpu_ms"])])
    rows.append(["processor time of an answer, new questions alone", ratio(turns, lambda turn: turn["new"]["cpu_ms"])])
    for variant in next(iter(found.values()), {}):
        rates = {name: each[variant]["rate"] for name, each in found.items()}
        rows.append([f"highest rate: {variant}", rates["serve"] / rates["peer"] if rates.get("peer") else None])
    return rows


def ratio(turns, value):
    mean = {}
    for name in NAMES:
        each = [value(turn) for turn in turns if turn["name"] == name]
        mean[name] = sum(each) / len(each)
    return mean["serve"] / mean["peer"] if mean["peer"] else None
