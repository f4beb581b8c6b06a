"""What a table of measurements must name: the machine, the servers, the programs."""

import datetime
import os
import subprocess
from pathlib import Path

from servers_kit.place import REPOSITORY


def cores():
    return os.cpu_count() or 1


def memory_gigabytes():
    lines = Path("/proc/meminfo").read_text().splitlines()
    kilobytes = next(int(line.split()[1]) for line in lines if line.startswith("MemTotal:"))
    return round(kilobytes / 1024 / 1024, 1)


def processor():
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else os.uname().machine


def commit():
    line = ["git", "-C", str(REPOSITORY), "describe", "--always", "--dirty", "--abbrev=10"]
    return subprocess.run(line, capture_output=True, text=True, check=False).stdout.strip() or "unknown"


def described(settings):
    """The head of a result."""
    servers = settings.get("AUSKUNFT_TEST_SERVERS", "not stated")
    return {
        "date": datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "commit": commit(),
        "processor": processor(),
        "cores": cores(),
        "memory_gb": memory_gigabytes(),
        "servers": servers,
        "mongodb_is_stand_in": "stand-in" in servers,
    }


def sentence(head):
    """The head as a line above a table."""
    mongodb = "; MongoDB: stand-in, its times say nothing about MongoDB" if head["mongodb_is_stand_in"] else ""
    place = f"{head['cores']} cores ({head['processor']}), {head['memory_gb']} GB, all on this machine"
    return f"{head['date']}, {head['commit']}; {place}; {head['servers']}{mongodb}."
