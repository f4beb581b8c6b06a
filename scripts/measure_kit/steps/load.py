"""Constant rates, one after the other."""

from ..tables import PERCENTILE_HEADS, markdown, percentiles, slowest, stages

HELP = "answers at constant rates, with changes of tickets beside them"
# What the design expects of all stores together at 15 questions a second.
EXPECTED_AT_15 = "120–210"


def arguments(parser):
    parser.add_argument("--rates", default="12,15,40", help="questions a second (%(default)s)")
    parser.add_argument("--seconds", type=int, default=300, help="how long each rate is measured (%(default)s)")
    parser.add_argument("--warm-up", type=int, default=30, help="seconds before each (%(default)s)")
    parser.add_argument("--ticket-rate", type=float, default=2.5, help="changes of tickets a second (%(default)s)")
    parser.add_argument("--distinct", action="store_true", help="no question twice: nothing of an earlier one helps")


def run(rig, options):
    shop, ingested = rig.shop()
    driver = rig.driver(shop)
    results = []
    with shop.serve() as serve, rig.sampler(serve) as sampler:
        for rate in (float(text) for text in options.rates.split(",")):
            result = measured(rig, shop, driver, sampler, serve, rate, options)
            results.append(result)
    return {"ingested": ingested, "rates": results}


def measured(rig, shop, driver, sampler, serve, rate, options):
    further = ["--warm-up", options.warm_up, "--ticket-rate", options.ticket_rate]
    # Behind a greeting some questions are understood otherwise: what is wanted holds for their own words.
    further.append("--distinct" if options.distinct else "--check")
    shop.stores.reset_counters()
    report = driver.run([serve.base], rate, options.seconds, *further)
    counters = shop.stores.counters()
    used = sampler.between(report["began"], report["began"] + options.seconds)
    # Counters run from before the warm-up on.
    whole = options.seconds + options.warm_up
    seen = {name: counters[name] / whole for name in ("postgres_statements", "redis_commands")}
    return {"report": report, "used": used, "servers_a_second": seen, "counters": counters, "memory_mb": rig.memory_mb(serve)}


def tables(result):
    rates = result["rates"]
    heads = ["questions a second", "answers", "failed", "wrong", *PERCENTILE_HEADS, "kept, %", "sent late, p99"]
    rows = [answers(one["report"]) for one in rates]
    parts = ["## Load", markdown(heads, rows)]
    parts.append(markdown(["tickets beside it", "changes", "failed", *PERCENTILE_HEADS], [tickets(one) for one in rates]))
    parts.append(operations(rates))
    parts.append(processors(rates))
    for one in rates:
        rate = one["report"]["rate"]
        parts += [f"### Stages at {rate:g} a second", stages(one["report"]), slowest(one["report"])]
    return "\n\n".join(parts)


def answers(report):
    failed = report["requests"] - report["ok"]
    checked = report["checked"]
    wrong = checked["wrong"] if checked["right"] + checked["wrong"] else None
    kept = report["cached_share"] * 100
    row = [f"{report['rate']:g}", report["ok"], failed, wrong, *percentiles(report["latency_ms"]), kept]
    return [*row, report["late_ms"]["p99"]]


def tickets(one):
    told = one["report"]["tickets"] or {"by_status": {}, "latency_ms": {"count": 0}}
    done = told["by_status"].get("200", 0)
    failed = sum(told["by_status"].values()) - done
    return [f"{one['report']['rate']:g}", done, failed, *percentiles(told["latency_ms"])]


def operations(rates):
    stores = sorted({store for one in rates for store in one["report"]["operations"]} - {"total"})
    heads = ["operations a second at", *(f"{one['report']['rate']:g}" for one in rates), "an uncached answer", "most"]
    rows = [operation_row(rates, store) for store in [*stores, "total"]]
    rows.append(["expected at 15", *(EXPECTED_AT_15 if one["report"]["rate"] == 15 else None for one in rates), "8–14", 14])
    rows.append(["seen by Postgres", *(one["servers_a_second"]["postgres_statements"] for one in rates), None, None])
    rows.append(["seen by Redis", *(one["servers_a_second"]["redis_commands"] for one in rates), None, None])
    return markdown(heads, rows)


def operation_row(rates, store):
    each = [one["report"]["operations"].get(store) for one in rates]
    last = next(one for one in reversed(each) if one)
    seconds = [one["per_second"] if one else None for one in each]
    return [store, *seconds, last["per_uncached_answer"], max(one["most"] for one in each if one)]


def processors(rates):
    """Processor time by process and answer."""
    heads = ["processor time of an answer, ms", *(f"{one['report']['rate']:g} a second" for one in rates)]
    names = sorted({name for one in rates for name in one["used"]["cpu_seconds"]})
    rows = [[name, *(cpu_of_answer(one, name) for one in rates)] for name in names]
    others = [one["used"]["cpu_seconds_of_others"] / one["used"]["seconds"] * 100 for one in rates]
    rows.append(["everything else on the machine, % of a core", *others])
    rows.append(["most memory of serve, MB", *(one["used"]["most_rss_mb"].get("serve") for one in rates)])
    return markdown(heads, rows)


def cpu_of_answer(one, name):
    answered = one["report"]["ok"]
    return one["used"]["cpu_seconds"].get(name, 0.0) / answered * 1000 if answered else None
