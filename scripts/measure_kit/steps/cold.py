"""From the start of `serve` to its first answers, with and without warm-up, with Postgres' memory warm and empty."""

from .. import kept, stores
from ..tables import PERCENTILE_HEADS, markdown, percentiles

HELP = "from start to first answer, the first 100 answers, with and without warm-up"
WARM_UP = "AUSKUNFT_WARM_UP"


def arguments(parser):
    parser.add_argument("--starts", type=int, default=5, help="how often each is started (%(default)s)")
    parser.add_argument("--answers", type=int, default=100, help="first answers that are measured (%(default)s)")
    parser.add_argument("--rate", type=float, default=20.0, help="questions a second (%(default)s)")


def run(rig, options):
    shop, ingested = rig.shop()
    starts = []
    for number in range(options.starts):
        for is_empty in (False, True):
            for value in ("true", "false"):
                starts.append(started(rig, shop, number, is_empty, {WARM_UP: value}, options))
    return {"ingested": ingested, "starts": starts}


def started(rig, shop, number, is_empty, environment, options):
    shop.stores.forget_volatile()
    if is_empty:
        stores.act("restart", "postgres")
    file = rig.out / "answers-cold.jsonl"
    # Each start asks others.
    driver = rig.driver(shop, 1000 + number)
    serve = shop.serve(**environment)
    with serve:
        seconds = max(1, round(options.answers / options.rate))
        report = driver.run([serve.base], options.rate, seconds, "--warm-up", 0, "--repeat", 0, "--answers", file)
    first = min(kept.answers(file), key=lambda line: line["at"])
    how = ", ".join(f"{name}={value}" for name, value in environment.items())
    return {
        "postgres_memory_empty": is_empty, "environment": how, "ready_seconds": serve.ready_seconds,
        "first_ms": first["latency_ms"], "report": report,
    }


def tables(result):
    heads = ["start", "until ready, s", "first answer, ms", *(f"first answers, {name}" for name in PERCENTILE_HEADS), "failed"]
    rows = [start_row(one) for one in result["starts"]]
    return "\n\n".join(["## Cold start", markdown(heads, sorted(rows, key=lambda row: row[0]))])


def start_row(one):
    name = "Postgres restarted, too" if one["postgres_memory_empty"] else "serve alone"
    name += f" ({one['environment']})"
    report = one["report"]
    failed = report["requests"] - report["ok"]
    return [name, one["ready_seconds"], one["first_ms"], *percentiles(report["latency_ms"]), failed]
