"""Processor time and memory of groups of processes, second by second."""

import os
import threading
import time
from pathlib import Path

from servers_kit import processes

TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")
# Over these fields of /proc/stat a processor is busy: user, nice, system, irq, softirq, steal.
BUSY = (0, 1, 2, 5, 6, 7)


def processor_seconds(members):
    """What a family has used so far, with those of it that have ended."""
    total = 0
    for member in members:
        try:
            text = Path(f"/proc/{member.number}/stat").read_text()
        except (FileNotFoundError, ProcessLookupError):
            continue
        # From the 14th field on: user, system, and both of children that were waited for.
        total += sum(int(field) for field in text.rpartition(")")[2].split()[11:15])
    return total / TICKS


def resident_bytes(members):
    """Resident memory; what processes share counts in each, so only for groups that share little."""
    total = 0
    for member in members:
        try:
            total += int(Path(f"/proc/{member.number}/statm").read_text().split()[1]) * PAGE
        except (FileNotFoundError, ProcessLookupError):
            continue
    return total


def own_bytes(members):
    """Memory with what is shared divided among its users; slow, so not for every second."""
    total = 0
    for member in members:
        try:
            lines = Path(f"/proc/{member.number}/smaps_rollup").read_text().splitlines()
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            continue
        total += sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
    return total


def machine_seconds():
    """What all processors were busy so far, and what of it the hypervisor took."""
    fields = [int(field) for field in Path("/proc/stat").read_text().splitlines()[0].split()[1:]]
    return sum(fields[place] for place in BUSY) / TICKS, fields[7] / TICKS


class Sampler:
    """Samples while it is open. `groups` tells the processes of each group by name, anew each time."""

    def __init__(self, groups):
        self.groups = groups
        self.samples = []
        self.ending = threading.Event()
        self.thread = threading.Thread(target=self.go_on, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ending.set()
        self.thread.join()

    def go_on(self):
        self.sample()
        while not self.ending.wait(1.0):
            self.sample()
        self.sample()

    def sample(self):
        groups = self.groups()
        busy, stolen = machine_seconds()
        self.samples.append({
            "at": time.time(),
            "machine": busy,
            "stolen": stolen,
            "cpu": {name: processor_seconds(members) for name, members in groups.items()},
            "rss": {name: resident_bytes(members) for name, members in groups.items()},
        })

    def between(self, begin, end):
        """Processor seconds by group in that time, those of the whole machine, and the most memory."""
        within = [sample for sample in self.samples if begin <= sample["at"] <= end]
        names = {name for sample in self.samples for name in sample["cpu"]}
        used = {name: self.used(begin, end, lambda sample, name=name: sample["cpu"].get(name, 0.0)) for name in names}
        machine = self.used(begin, end, lambda sample: sample["machine"])
        return {
            "seconds": end - begin,
            "cpu_seconds": used,
            "cpu_seconds_of_others": max(0.0, machine - sum(used.values())),
            "stolen_seconds": self.used(begin, end, lambda sample: sample["stolen"]),
            "most_rss_mb": {
                name: max((sample["rss"].get(name, 0) for sample in within), default=0) / 1e6 for name in names
            },
        }

    def used(self, begin, end, value):
        """How much a count grew; one that fell began anew with another process."""
        return sum(
            self.growth(one, other, begin, end, value) for one, other in zip(self.samples, self.samples[1:])
        )

    def growth(self, one, other, begin, end, value):
        length = other["at"] - one["at"]
        part = min(other["at"], end) - max(one["at"], begin)
        if length <= 0 or part <= 0:
            return 0.0
        return max(0.0, value(other) - value(one)) * part / length


def everyone():
    """All processes there are."""
    numbers = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    return [found for found in map(processes.status, numbers) if found]


def families(roots):
    """Each root with all that descend from it, by name, from one look at all processes."""
    children = {}
    for found in everyone():
        children.setdefault(found.parent, []).append(found.process)
    result = {}
    for name, root in roots.items():
        members = [root]
        for member in members:
            members.extend(children.get(member.number, ()))
        result[name] = members
    return result
