"""Processes that are told apart from later ones of the same number: by number and start time."""

import os
import signal
import subprocess
import time
from pathlib import Path
from typing import NamedTuple

from .failure import Failure, tail


class Process(NamedTuple):
    """A process; `start` is in clock ticks since the machine's start."""

    number: int
    start: int


class Status(NamedTuple):
    process: Process
    parent: int
    state: str


def parse(text):
    """A line of /proc/NUMBER/stat. The name, in parentheses, may hold anything."""
    number, rest = text.split(" ", 1)
    fields = rest.rpartition(")")[2].split()
    return Status(Process(int(number), int(fields[19])), int(fields[1]), fields[0])


def status(number):
    """None where there is no such process any more; one that ended and was not yet collected has ended."""
    try:
        found = parse(Path(f"/proc/{number}/stat").read_text())
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if found.state in "ZX" else found


def recorded(path):
    """The process that `START` noted there, whether it lives or not."""
    try:
        return parse(path.read_text()).process
    except (FileNotFoundError, ValueError, IndexError):
        return None


def living(path):
    """The status of the process noted there, if it lives."""
    process = recorded(path)
    found = process and status(process.number)
    return found if found and found.process == process else None


def family(process):
    """It and all that descend from it, parents first."""
    numbers = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    everyone = [found for found in map(status, numbers) if found]
    members = [process]
    for member in members:
        members.extend(other.process for other in everyone if other.parent == member.number)
    return members


def send(process, which):
    """A signal for exactly this process: a handle is taken before its start time is looked at."""
    try:
        handle = os.pidfd_open(process.number)
    except ProcessLookupError:
        return
    try:
        found = status(process.number)
        if found and found.process == process:
            signal.pidfd_send_signal(handle, which)
    except ProcessLookupError:
        pass
    finally:
        os.close(handle)


def send_all(process, which):
    for member in family(process):
        send(member, which)


def stop(path, gently, patience=10):
    """Ends the process noted there and its family: asked first, then made to."""
    found = living(path)
    if found:
        members = family(found.process)
        for member in members:
            send(member, signal.SIGCONT)
        send(found.process, gently)
        if not wait_until(lambda: not living(path), patience):
            kill(path)
        # What a killed parent left behind.
        for member in members:
            send(member, signal.SIGKILL)
    path.unlink(missing_ok=True)


def kill(path):
    """Ends it and its family at once, as a failing machine would."""
    found = living(path)
    if found:
        members = family(found.process)
        for member in members:
            send(member, signal.SIGKILL)
        gone = lambda: all(not (s := status(m.number)) or s.process != m for m in members)
        if not wait_until(gone, 10):
            raise Failure(f"process {found.process.number} does not end, not even killed")


def wait_until(holds, seconds):
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


# Notes itself before anything else, so that whatever is killed afterwards, the process is known.
START = 'cat /proc/$$/stat > "$0.new" && mv "$0.new" "$0" && exec "$@"'


def start(command, record, log, folder):
    """Starts a server that outlives this script and hears none of its terminal's signals."""
    with open(log, "ab") as output:
        child = subprocess.Popen(
            ["sh", "-c", START, str(record), *map(str, command)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=folder,
            start_new_session=True,
        )
    return child


def run(command, what, **options):
    """Runs a command to its end; its words are shown only when it fails."""
    result = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False, **options)
    if result.returncode != 0:
        words = (result.stderr.strip() or result.stdout.strip() or f"exit code {result.returncode}").splitlines()
        raise Failure(f"{what}: {words[-1]}")
    return result.stdout


def run_logged(command, what, log, **options):
    """As `run`, for what takes long: its words go into a file."""
    with open(log, "ab") as output:
        parts = [str(part) for part in command]
        result = subprocess.run(parts, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, check=False, **options)
    if result.returncode != 0:
        raise Failure(f"{what}: exit code {result.returncode}{tail(log)}")
