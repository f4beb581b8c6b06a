"""What ends a command of `scripts/servers`."""

from pathlib import Path


class Failure(Exception):
    """Something that a person must know; one clear sentence."""


def tail(log, lines=8):
    """The end of a log file, indented, with its path."""
    path = Path(log)
    text = path.read_text(errors="replace").splitlines()[-lines:] if path.is_file() else []
    return "".join(f"\n    {line}" for line in text) + f"\n  the whole log: {path}"
