"""A request's time over the critical path of its bare database calls and its embedding.

Questions are asked one at a time. Postgres logs what it was asked, with all values; each kind of statement is then asked again
by pgbench with the same values. Redis and MongoDB are asked by bare sockets. What of a request overlapped in Postgres' log counts
by its longest; the rest is added up.
"""

import time
from collections import defaultdict

from servers_kit.failure import Failure

from .. import kept, pgbench, raw, statements
from ..tables import markdown

HELP = "the request's time over its bare database calls, the vector search beside pgbench"
# So a statement is known as the vector search.
NEAREST = "<=>"
# So is the one that reads all vectors of a product instead of the index.
EXACT = "+ 0 limit"
# Executions of a statement that pgbench takes values from. With a few of them it would find the pages that it wants in the processor's memory.
SAMPLES = 60
# Of each, the first time that pgbench asks counts nothing: the statement is prepared and planned.
PLANNED = 1
# Statements a second by pgbench: one after the other would find everything warm, as no question does.
PACE = 20
# Stages that are none of the databases.
OWN = ("understand", "embed", "lexical", "fuse", "compose", "wait", "preprocess")


def arguments(parser):
    parser.add_argument("--rate", type=float, default=5.0, help="questions a second: few enough to be alone (%(default)s)")
    parser.add_argument("--seconds", type=int, default=120, help="how long they are asked (%(default)s)")
    parser.add_argument("--known", type=int, default=60, help="seconds at 40 a second before, to warm all memories (%(default)s)")
    parser.add_argument("--pgbench-seconds", type=int, default=20, help="how long each statement is asked again (%(default)s)")


def run(rig, options):
    shop, ingested = rig.shop()
    driver = rig.driver(shop)
    file = rig.out / "answers-bare.jsonl"
    # Connections from before don't log.
    with statements.logged(shop.stores) as logged, shop.serve() as serve:
        driver.run([serve.base], 40, options.known, "--warm-up", 0)
        begun = time.time()
        further = ["--warm-up", 0, "--repeat", 0, "--answers", file]
        report = driver.run([serve.base], options.rate, options.seconds, *further)
        asked, settings = [one for one in logged.statements() if one.begin >= begun], logged.settings()
    kinds = by_kind(asked)
    timed = {sql: again(shop, sql, ones, settings, options) for sql, ones in kinds.items()}
    redis = raw.redis_pipelines(shop.settings, 200)
    ids = [row[0] for row in shop.stores.query("select chunk_id from knowledge.chunks order by md5(chunk_id) limit 800;")]
    mongodb = raw.mongodb_operations(shop.stores.urls()["MONGODB_URL"], ids, 200)
    requests = matched(kept.answers(file), asked, timed, redis, mongodb)
    return {
        "ingested": ingested, "report": report, "statements": list(timed.values()), "redis": redis, "mongodb": mongodb,
        "requests": requests, "abilities": by_ability(requests, shop), "nearest": nearest(timed, requests),
    }


def by_kind(asked):
    kinds = defaultdict(list)
    for one in asked:
        kinds[one.sql].append(one)
    return kinds


def again(shop, sql, ones, settings, options):
    """A kind of statement: as the server logged it, and as pgbench sees it with the same values and settings."""
    logged = raw.figures([(one.end - one.begin) * 1000 for one in ones])
    result = {"sql": " ".join(pgbench.COMMENT.sub("", sql).split()), "is_nearest": NEAREST in sql, "logged": logged, "pgbench": None, "samples": []}
    samples = ones[:: max(1, len(ones) // SAMPLES)][:SAMPLES]
    try:
        timed = pgbench.timed(shop.stores, samples, settings, options.pgbench_seconds, PACE)
    except Failure as failure:
        # Some types can't be told from the statement alone: the server's own time is taken.
        return result | {"why_not": str(failure)}
    each = defaultdict(list)
    for place, took in timed:
        each[place].append(took)
    counted = {place: times[PLANNED:] for place, times in each.items() if len(times) > PLANNED}
    result["pgbench"] = raw.figures([took for times in counted.values() for took in times])
    result["samples"] = [{"begin": samples[place].begin, "p50": raw.percentile(times, 0.5)} for place, times in counted.items()]
    return result


def bare_ms(one):
    asked = one["pgbench"]
    return (asked if asked and asked["count"] else one["logged"])["p50"]


def matched(lines, asked, timed, redis, mongodb):
    """Each answer with its critical path; answers that were not alone are left out."""
    lines = sorted(lines, key=lambda line: line["at"])
    requests = []
    for place, line in enumerate(lines):
        end = line["at"] + line["latency_ms"] / 1000
        others = lines[max(0, place - 1) : place] + lines[place + 1 : place + 2]
        is_alone = all(other["at"] > end or other["at"] + other["latency_ms"] / 1000 < line["at"] for other in others)
        if line["status"] == "200" and is_alone:
            own = [one for one in asked if line["at"] <= one.begin and one.end <= end + 0.001 and "support_logs" not in one.sql]
            requests.append(path_of(line, own, timed, redis, mongodb))
    return requests


def path_of(line, own, timed, redis, mongodb):
    stages = line["timings_ms"]
    postgres = sum(max(bare_ms(timed[one.sql]) for one in group) for group in overlapping(own))
    texts = mongodb["texts"]["p50"] if mongodb and "texts" in stages else 0.0
    append = mongodb["append"]["p50"] if mongodb and line["operations"].get("mongodb", 0) > ("texts" in stages) else 0.0
    parts = {
        "redis": redis["open"]["p50"] + max(redis["close"]["p50"], append), "postgres": postgres, "mongodb": texts,
        "embed": stages.get("embed", 0.0),
    }
    return {
        "request_id": line["request_id"], "question": line["question_id"], "total_ms": stages["total"], "stages_ms": stages,
        "begin": line["at"], "statements": len(own), "parts_ms": parts, "bare_ms": sum(parts.values()),
    }


def overlapping(own):
    """Statements in groups that overlap in time."""
    groups, end = [], 0.0
    for one in sorted(own, key=lambda one: one.begin):
        # The log's times are exact to a millisecond.
        if groups and one.begin < end - 0.001:
            groups[-1].append(one)
        else:
            groups.append([one])
        end = max(end, one.end)
    return groups


def by_ability(requests, shop):
    abilities = shop.abilities()
    groups = defaultdict(list)
    for request in requests:
        groups["all"].append(request)
        groups[abilities.get(request["question"], "unnamed")].append(request)
    return {name: summary(group) for name, group in groups.items()}


def summary(group):
    own = {stage: mean([one["stages_ms"].get(stage, 0.0) for one in group]) for stage in OWN if stage != "embed"}
    return {
        "count": len(group),
        "total_ms": mean([one["total_ms"] for one in group]),
        "bare_ms": mean([one["bare_ms"] for one in group]),
        "parts_ms": {part: mean([one["parts_ms"][part] for one in group]) for part in group[0]["parts_ms"]},
        "ratio_p50": raw.percentile([one["total_ms"] / one["bare_ms"] for one in group], 0.5),
        "own_ms": {stage: took for stage, took in own.items() if took > 0.005},
    }


def mean(values):
    return sum(values) / len(values)


def is_within(sample, request):
    return 0 <= sample["begin"] - request["begin"] <= request["total_ms"] / 1000


def nearest(timed, requests):
    """The stage of the vector search of single requests beside the same statement with the same values."""
    kinds = []
    for one in (one for one in timed.values() if one["is_nearest"]):
        pairs = []
        for sample in one["samples"]:
            asked = [request for request in requests if is_within(sample, request)]
            pairs += [(request["stages_ms"]["ann"], sample["p50"]) for request in asked if "ann" in request["stages_ms"]]
        if pairs:
            kinds.append({
                "how": "exact scan of a product" if EXACT in one["sql"] else "HNSW",
                "sql": one["sql"], "executions": one["logged"]["count"], "logged": one["logged"], "pairs": len(pairs),
                "stage_p50": raw.percentile([stage for stage, _ in pairs], 0.5),
                "pgbench_p50": raw.percentile([bare for _, bare in pairs], 0.5),
                "ratio_p50": raw.percentile([stage / bare for stage, bare in pairs], 0.5),
            })
    return kinds


def tables(result):
    heads = ["one at a time, means in ms", "requests", "request", "bare calls and embedding", "Redis", "Postgres", "MongoDB"]
    heads += ["embedding", "ratio of the means", "median ratio"]
    rows = [ability_row(name, one) for name, one in sorted(result["abilities"].items())]
    parts = ["## Beside the bare operations", markdown(heads, rows), rest(result["abilities"]["all"])]
    heads = ["statement", "executions", "logged p50, ms", "pgbench p50, ms", "pgbench p99, ms"]
    ordered = sorted(result["statements"], key=lambda one: -one["logged"]["count"])
    parts.append(markdown(heads, [statement_row(one) for one in ordered]))
    parts.append(nearest_table(result["nearest"]))
    return "\n\n".join(parts)


def ability_row(name, one):
    parts = one["parts_ms"]
    bare = [parts[name] for name in ("redis", "postgres", "mongodb", "embed")]
    return [name, one["count"], one["total_ms"], one["bare_ms"], *bare, one["total_ms"] / one["bare_ms"], one["ratio_p50"]]


def rest(one):
    left = one["total_ms"] - one["bare_ms"]
    own = ", ".join(f"{stage} {took:.2f}" for stage, took in sorted(one["own_ms"].items(), key=lambda pair: -pair[1]))
    words = f"Beyond the bare calls a request takes {left:.2f} ms"
    return f"{words}; stages of the service's own, part of them beside calls: {own} ms."


def statement_row(one):
    asked = one["pgbench"] or {"p50": None, "p99": None}
    return [f"`{one['sql'][:90].replace('|', '/')}`", one["logged"]["count"], one["logged"]["p50"], asked["p50"], asked["p99"]]


def nearest_table(kinds):
    heads = ["vector search, same values, p50 in ms", "pairs", "stage `ann`", "pgbench", "logged", "median ratio"]
    rows = [
        [one["how"], one["pairs"], one["stage_p50"], one["pgbench_p50"], one["logged"]["p50"], one["ratio_p50"]] for one in kinds
    ]
    return markdown(heads, rows)
