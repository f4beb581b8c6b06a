"""Each server killed, paused and slowed under load; `serve` killed and drained with another beside it."""

import signal
import time
import urllib.parse
from contextlib import ExitStack

from servers_kit.place import STORES

from .. import kept, stores
from ..proxy import Proxy
from ..shop import Shop
from ..tables import markdown

HELP = "each server killed, paused and slowed under load, serve killed and drained: errors, recovery, nothing lost"
# Seconds of questions that nothing is counted of.
WARM_UP = 5
# Above it half of a second's answers are late: a store is slow.
LATE_MS = 100
ADDRESSES = {"postgres": "DATABASE_URL", "redis": "REDIS_URL", "mongodb": "MONGODB_URL"}
KINDS = ("killed", "paused", "slowed")
OF_SERVE = ("serve killed", "serve drained")


def arguments(parser):
    parser.add_argument("--rate", type=float, default=40.0, help="questions a second (%(default)s)")
    parser.add_argument("--before", type=int, default=20, help="seconds before the fault (%(default)s)")
    parser.add_argument("--during", type=int, default=10, help="seconds that it lasts (%(default)s)")
    parser.add_argument("--after", type=int, default=90, help="seconds after it (%(default)s)")
    parser.add_argument("--clean", type=int, default=60, help="seconds without any flaw that count as recovered (%(default)s)")
    parser.add_argument("--slow-ms", type=int, default=200, help="what a slowed server's answers take longer (%(default)s)")
    parser.add_argument("--only", default="", help="these alone, parted by commas, like `redis killed,serve drained`")


def run(rig, options):
    shop, ingested = rig.shop()
    driver = rig.driver(shop)
    usual = baseline(shop, driver, options)
    results = []
    for name in wanted(options):
        result = one(rig, shop, driver, name, options)
        wrong = result["report"]["checked"]["wrong_answers"]
        result["new_wrong"] = [answer for answer in wrong if answer["question"] not in usual]
        results.append(result)
    return {"ingested": ingested, "usually_wrong": sorted(usual), "faults": results}


def lasting(options):
    return options.before + options.during + options.after


def wanted(options):
    names = [f"{server} {kind}" for server in STORES for kind in KINDS] + list(OF_SERVE)
    chosen = [name.strip() for name in options.only.split(",") if name.strip()]
    return [name for name in names if not chosen or name in chosen]


def baseline(shop, driver, options):
    """Questions that are not answered as wanted though all is well, asked as long and in the same order as under each fault."""
    with shop.serve() as serve:
        report = driver.run([serve.base], options.rate, WARM_UP + lasting(options), "--warm-up", 0, "--check")
    return {wrong["question"] for wrong in report["checked"]["wrong_answers"]}


def one(rig, shop, driver, name, options):
    """A fault, from the first question to the comparison of what is kept."""
    what, kind = name.split()
    shop.stores.forget_volatile()
    file = rig.out / f"answers-{what}-{kind}.jsonl"
    with ExitStack() as stack:
        proxy = stack.enter_context(Proxy(port_of(shop, what))) if kind == "slowed" else None
        over = shop if proxy is None else through(rig, shop, what, proxy)
        services = [stack.enter_context(over.serve()) for _ in range(2 if what == "serve" else 1)]
        bases = [service.base for service in services]
        again = ["--again"] if kind == "killed" and what == "serve" else []
        further = ["--warm-up", WARM_UP, "--check", "--ticket-rate", 2.5, "--answers", file, *again]
        child = driver.begin(bases, options.rate, lasting(options), *further)
        time.sleep(WARM_UP + options.before)
        begun = time.time()
        ended = fault(what, kind, services, proxy, options)
        report = driver.end(child)
        # The request log is written a second late.
        time.sleep(2)
        result = {"name": name, "report": report, "fault": {"from": begun - report["began"], "to": ended - report["began"]}}
        result |= checked(shop, bases[-1], file)
    result["recovery_seconds"] = recovery(report["timeline"], result["fault"], options.clean)
    return result


def port_of(shop, server):
    return urllib.parse.urlsplit(shop.settings[ADDRESSES[server]]).port


def through(rig, shop, server, proxy):
    """The same shop, with one of its servers behind a proxy."""
    name = ADDRESSES[server]
    address = shop.settings[name].replace(f":{port_of(shop, server)}/", f":{proxy.port}/")
    return Shop(shop.catalog, shop.embedder, rig.programs, shop.settings | {name: address}, rig.work)


def fault(what, kind, services, proxy, options):
    """Makes the fault, and when it is over tells the time."""
    if what == "serve":
        return end_one(kind, services[0], options)
    if kind == "slowed":
        proxy.delay = options.slow_ms / 1000
        time.sleep(options.during)
        proxy.delay = 0.0
    else:
        stores.act({"killed": "kill", "paused": "pause"}[kind], what)
        time.sleep(options.during)
        stores.act({"killed": "restart", "paused": "resume"}[kind], what)
    return time.time()


def end_one(kind, service, options):
    """One of two copies ends and comes back at the same address."""
    begun = time.monotonic()
    if kind == "killed":
        service.kill()
    else:
        service.signal(signal.SIGTERM)
        service.child.wait(timeout=30)
    time.sleep(max(0.0, options.during - (time.monotonic() - begun)))
    service.start()
    return time.time()


def checked(shop, base, file):
    lines = kept.answers(file)
    return {
        "audit": kept.audit(shop, lines),
        "request_log": kept.request_log(shop, lines),
        "chats": kept.chats(shop, base, lines),
    }


def is_clean(second):
    """Whether all that was due was answered, wholly, and most of it in time."""
    return second["ok"] == second["due"] and second["degraded"] == 0 and second["p50_ms"] < LATE_MS


def recovery(timeline, fault, clean):
    """Seconds from the end of the fault to the first of so many without a flaw; None where they never came."""
    first = int(fault["to"])
    for place in range(first, len(timeline) - clean + 1):
        if all(is_clean(second) for second in timeline[place : place + clean]):
            return max(0.0, place - fault["to"])
    return None


def tables(result):
    heads = ["fault", "requests", "answered", "degraded", "503", "failed", "longest answer, ms", "recovery, s"]
    rows = [fault_row(one) for one in result["faults"]]
    lost = ["fault", "new wrong answers", "chat messages read", "lost", "doubled", "chats unreadable"]
    lost += ["accesses to customers' data", "without audit row", "log rows missing"]
    parts = ["## Faults", markdown(heads, rows), markdown(lost, [lost_row(one) for one in result["faults"]])]
    for one in result["faults"]:
        parts += [f"### {one['name']}", told(one)]
    return "\n\n".join(parts)


def fault_row(one):
    report, seconds = one["report"], one["report"]["timeline"]
    total = {name: sum(second[name] for second in seconds) for name in ("degraded", "unavailable", "failed")}
    recovered = one["recovery_seconds"]
    row = [one["name"], report["requests"], report["ok"], total["degraded"], total["unavailable"], total["failed"]]
    return [*row, report["latency_ms"]["max"], "not in time" if recovered is None else recovered]


def lost_row(one):
    chats, audit = one["chats"], one["audit"]
    lost = [len(chats["lost"]), len(chats["doubled"])] if chats["messages"] else [None, None]
    read = [chats["messages"], *lost, len(chats["unreadable"])]
    row = [one["name"], len(one["new_wrong"]), *read, audit["accesses"], len(audit["missing"])]
    return [*row, one["request_log"]["missing"]]


def told(one):
    """The seconds with a flaw, and how the problems were called."""
    report, fault = one["report"], one["fault"]
    flawed = [(place, second) for place, second in enumerate(report["timeline"]) if not is_clean(second)]
    columns = ("due", "ok", "degraded", "unavailable", "failed", "p50_ms", "max_ms")
    rows = [[f"{place - fault['from']:+.0f}", *(second[name] for name in columns)] for place, second in flawed]
    length = fault["to"] - fault["from"]
    counts = (report["problems"] | report["degraded"]).items()
    named = ", ".join(f"`{name}` {number}" for name, number in counts) or "nothing refused or degraded"
    heads = ["second after the fault began", "due", "answered", "degraded", "503", "failed", "p50, ms", "max, ms"]
    wrong = ", ".join(f"{wrong['question']} at {wrong['due_s'] - fault['from']:+.0f} s" for wrong in one["new_wrong"][:10])
    wrong = f" New wrong answers, the first ten: {wrong}." if wrong else ""
    return f"It lasted {length:.1f} s; {named}.{wrong}\n\n{markdown(heads, rows)}"
