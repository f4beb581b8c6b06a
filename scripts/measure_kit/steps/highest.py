"""The highest rate whose p99 stays below a bound, with vectors of questions kept and without."""

from ..tables import markdown

HELP = "the highest rate with p99 below 100 ms, with questions that were asked before and with new ones alone"
VARIANTS = {"questions asked before": [], "new questions alone": ["--distinct", "--repeat", "0"]}


def arguments(parser):
    parser.add_argument("--below-ms", type=float, default=100.0, help="the p99 that must not be reached (%(default)s)")
    parser.add_argument("--seconds", type=int, default=30, help="how long each rate is measured (%(default)s)")
    parser.add_argument("--warm-up", type=int, default=10, help="seconds before each (%(default)s)")
    parser.add_argument("--known", type=int, default=60, help="seconds at 40 a second first, to know the questions (%(default)s)")
    parser.add_argument("--from-rate", type=float, default=40.0, help="the first rate (%(default)s)")


def run(rig, options):
    shop, ingested = rig.shop()
    driver = rig.driver(shop)
    with shop.serve() as serve, rig.sampler(serve) as sampler:
        driver.run([serve.base], 40, options.known, "--warm-up", 0)
        found = {
            name: search(driver, sampler, serve, further, options.below_ms, options.seconds, options.warm_up, options.from_rate)
            for name, further in VARIANTS.items()
        }
    return {"ingested": ingested, "below_ms": options.below_ms, "variants": found}


def search(driver, sampler, service, further, below_ms, seconds, warm_up, first=40.0):
    """What was found, with the processor time that the best rate took."""
    further = [*further, "--warm-up", warm_up, "--from", first]
    found = driver.highest([service.base], below_ms, seconds, *further)
    best = found["best"]
    found["used"] = sampler.between(best["began"], best["began"] + best["seconds"]) if best else None
    return found


def row(name, found):
    best, used = found["best"], found["used"]
    if not best:
        return [name, 0, None, None, None, None]
    busy = sum(used["cpu_seconds"].values()) / used["seconds"] * 100
    return [name, f"{found['rate']:.0f}", best["latency_ms"]["p50"], best["latency_ms"]["p99"], best["late_ms"]["p99"], busy]


HEADS = ["", "questions a second", "p50, ms", "p99, ms", "sent late, p99", "processors, % of a core"]


def tables(result):
    rows = [row(name, found) for name, found in result["variants"].items()]
    parts = [f"## Highest rate with p99 below {result['below_ms']:g} ms", markdown(HEADS, rows)]
    for name, found in result["variants"].items():
        steps = [
            [f"{step['rate']:.0f}", "yes" if step["held"] else "no", step["achieved"], step["p99_ms"], step["failed"], step["degraded"]]
            for step in found["steps"]
        ]
        parts.append(markdown([f"tried: {name}", "held", "answered a second", "p99, ms", "failed", "degraded"], steps))
    return "\n\n".join(parts)
