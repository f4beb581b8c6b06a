"""Figures of times."""


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else None


def figures(values):
    """Of times in milliseconds."""
    return {"count": len(values), "p50": percentile(values, 0.5), "p99": percentile(values, 0.99)}
