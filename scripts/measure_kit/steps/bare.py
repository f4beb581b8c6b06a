"""A request's time over the critical path of its bare database calls and its embedding.

Questions are asked one at a time. Postgres logs what it was asked, with all values; each kind of statement is then asked again
by pgbench with the same values, while questions go on being asked. What was sent to Redis and MongoDB is recorded on its way and sent
again by bare sockets. What of a request overlaps counts by its longest; the rest is added up.
"""

import contextlib
import re
import time
import urllib.parse
from collections import defaultdict

from servers_kit.failure import Failure

from .. import kept, pgbench, raw, recording, statements
from ..shop import Shop
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
PACE = 10
# What looks up the agent, at the same time as Redis is asked for the token.
AGENT = "from shop.agents a where"
# The messages of a request to MongoDB: its chat, where the session is not known; texts that were not read lately; what was said.
CHAT, TEXTS, APPEND = "find chats", "find chunks", "update chats"
# What the service asks beside requests: revisions, rights, its log.
BESIDE = re.compile(r"support_logs|logs\.|revoked_tokens|knowledge\.generations|data_version")
# Stages that are none of the databases.
OWN = ("understand", "embed", "lexical", "fuse", "compose", "wait", "preprocess")


def arguments(parser):
    parser.add_argument("--rate", type=float, default=5.0, help="questions a second: few enough to be alone (%(default)s)")
    parser.add_argument("--seconds", type=int, default=120, help="how long they are asked (%(default)s)")
    parser.add_argument("--known", type=int, default=60, help="seconds at 40 a second before, to warm all memories (%(default)s)")
    parser.add_argument("--recorded", type=int, default=40, help="seconds of which Redis' and MongoDB's calls are recorded (%(default)s)")
    parser.add_argument("--pgbench-seconds", type=int, default=20, help="how long each statement is asked again (%(default)s)")


def run(rig, options):
    shop, ingested = rig.shop()
    driver = rig.driver(shop)
    file = rig.out / "answers-bare.jsonl"
    redis, mongodb = again_by_sockets(rig, shop, driver, options)
    alone = ["--warm-up", 0, "--repeat", 0]
    # Connections from before don't log.
    with statements.logged(shop.stores) as logged, shop.serve() as serve:
        driver.run([serve.base], 40, options.known, "--warm-up", 0)
        begun = time.time()
        report = driver.run([serve.base], options.rate, options.seconds, *alone, "--answers", file)
        asked, settings = [one for one in logged.statements() if one.begin >= begun], logged.settings()
        lines = alone_ones(kept.answers(file))
        kinds = by_kind(one for line in lines for one in of_request(line, asked))
        with beside(driver, serve, options.rate, options.pgbench_seconds * (len(kinds) + 1), *alone):
            timed = {sql: again(shop, sql, ones, settings, options) for sql, ones in kinds.items()}
    requests = [path_of(line, of_request(line, asked), timed, redis, mongodb) for line in lines]
    return {
        "ingested": ingested, "report": report, "statements": list(timed.values()), "redis": redis, "mongodb": mongodb,
        "requests": requests, "abilities": by_ability(requests, shop), "nearest": nearest(timed, requests),
    }


def again_by_sockets(rig, shop, driver, options):
    """Redis' and MongoDB's times for what a service sends that is asked at the same rate."""
    with contextlib.ExitStack() as stack:
        names = ("REDIS_URL", "MONGODB_URL")
        ports = {name: urllib.parse.urlsplit(shop.settings[name]).port for name in names}
        recorders = {name: stack.enter_context(recording.Recorder(port)) for name, port in ports.items()}
        urls = {name: shop.settings[name].replace(f":{ports[name]}/", f":{one.port}/") for name, one in recorders.items()}
        over = Shop(shop.catalog, shop.embedder, rig.programs, shop.settings | urls, rig.work)
        with over.serve() as serve:
            driver.run([serve.base], options.rate, options.recorded, "--warm-up", 0, "--repeat", 0)
        pieces = {name: list(one.pieces) for name, one in recorders.items()}
    shop.stores.forget_volatile()
    redis = recording.redis_again(shop.settings, pieces["REDIS_URL"])
    mongodb = recording.mongodb_again(shop.stores.urls()["MONGODB_URL"], pieces["MONGODB_URL"], (CHAT, TEXTS, APPEND))
    shop.stores.forget_volatile()
    return redis, mongodb


@contextlib.contextmanager
def beside(driver, serve, rate, seconds, *further):
    """While it lasts questions are asked: what is timed meanwhile meets the machine as a question does."""
    child = driver.begin([serve.base], rate, seconds, *further)
    try:
        yield
    finally:
        child.kill()
        child.communicate()


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


def alone_ones(lines):
    """Answers to questions that no other overlapped."""
    lines = sorted(lines, key=lambda line: line["at"])
    found = []
    for place, line in enumerate(lines):
        others = lines[max(0, place - 1) : place] + lines[place + 1 : place + 2]
        is_alone = all(other["at"] > end_of(line) or end_of(other) < line["at"] for other in others)
        if line["status"] == "200" and is_alone:
            found.append(line)
    return found


def end_of(line):
    return line["at"] + line["latency_ms"] / 1000


def of_request(line, asked):
    """Its statements: those that begin and end while it is answered, without what is looked up beside all requests."""
    return [one for one in asked if line["at"] <= one.begin and one.end <= end_of(line) + 0.001 and not BESIDE.search(one.sql)]


def path_of(line, own, timed, redis, mongodb):
    stages, operations = line["timings_ms"], line["operations"].get("mongodb", 0)
    agent = sum(bare_ms(timed[one.sql]) for one in own if AGENT in one.sql)
    others = [one for one in own if AGENT not in one.sql]
    postgres = sum(max(bare_ms(timed[one.sql]) for one in group) for group in overlapping(others))
    reads_chat = "rebuild" in stages
    reads_texts = "texts" in stages and operations > 1 + reads_chat
    found = {kind: (one["p50"] or 0.0) for kind, one in (mongodb or {}).items()}
    append = found.get(APPEND, 0.0) if operations else 0.0
    parts = {
        "redis": max(redis[recording.LOOK]["p50"], agent) + redis[recording.OPEN]["p50"] + max(redis[recording.CLOSE]["p50"], append),
        "postgres": postgres,
        "mongodb": reads_chat * found.get(CHAT, 0.0) + reads_texts * found.get(TEXTS, 0.0),
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
    heads = ["one at a time, means in ms", "requests", "request", "bare calls and embedding", "at the ends (Redis, agent, chat)", "Postgres", "MongoDB"]
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
