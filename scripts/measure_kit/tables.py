"""Tables for `docs/performance.md`."""


def markdown(heads, rows):
    """The first column is text, all others are figures."""
    lines = [line(heads), "|---|" + "--:|" * (len(heads) - 1)]
    return "\n".join([*lines, *(line(row) for row in rows)])


def line(cells):
    return "| " + " | ".join(shown(cell) for cell in cells) + " |"


def shown(cell):
    if cell is None:
        return "–"
    if not isinstance(cell, float):
        return str(cell)
    return f"{cell:.0f}" if abs(cell) >= 100 else f"{cell:.1f}" if abs(cell) >= 10 else f"{cell:.2f}"


PERCENTILES = ["p50", "p95", "p99", "p999", "max"]
PERCENTILE_HEADS = ["p50", "p95", "p99", "p99.9", "max"]


def percentiles(figures):
    return [figures[name] if figures["count"] else None for name in PERCENTILES]


def stages(report):
    """Times by stage, the service's own and what is around it."""
    rows = [[name, figures["count"], *percentiles(figures)] for name, figures in report["stages_ms"].items()]
    return markdown(["stage, ms", "count", *PERCENTILE_HEADS], rows)


def slowest(report, number=5):
    """The slowest requests with what took their time."""
    rows = []
    for slow in report["slowest"][:number]:
        parts = sorted(slow["stages_ms"].items(), key=lambda part: -part[1])
        told = ", ".join(f"{name} {took:.1f}" for name, took in parts if name != "total" and took >= 0.1)
        late = f"sent late by {slow['late_ms']:.1f}, " if slow["late_ms"] > 1 else ""
        rows.append([f"{slow['ability']}, at {slow['due_s']:.1f} s: {late}{told}", slow["latency_ms"]])
    return markdown(["slowest requests, stages in ms", "ms"], rows)
