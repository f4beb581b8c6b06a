"""PostgreSQL and Redis out of Debian packages, in a folder of their own that nothing else on the machine sees.

Servers run in that folder (chroot) with mounts that only they have: when the last of them ends, so do the mounts.
"""

import hashlib
import os
import platform
import shutil
import subprocess
from pathlib import Path

from .failure import Failure
from .place import CACHE, lock
from .processes import run, run_logged

SUITE = "trixie"
PACKAGES = ["postgresql-17", "postgresql-17-pgvector", "postgresql-17-timescaledb", "redis-server"]
POSTGRES = "/usr/lib/postgresql/17/bin"
# Where a run's folder is seen from inside.
INSIDE = "/mnt"
# $0: the root; $1: the run's folder; $2: the user; then the command.
ENTER = (
    'mount --rbind /dev "$0/dev" && mount -t proc proc "$0/proc" && mount --bind "$1" "$0/mnt" && '
    'root=$0 user=$2 && shift 2 && exec chroot --userspec="$user:$user" "$root" "$@"'
)


def root():
    """The folder of the packages; made when it is missing. Other packages or machines have another folder."""
    what = " ".join([SUITE, platform.machine(), *PACKAGES])
    folder = CACHE / f"debian-{hashlib.sha256(what.encode()).hexdigest()[:12]}"
    if not folder.is_dir():
        require_root()
        with lock(CACHE / "lock", "that prepares the packages") as number:
            if not folder.is_dir():
                make(folder, number)
    return folder


def require_root():
    if os.geteuid() != 0:
        raise Failure(
            "without a Docker engine the servers come from Debian packages, which only root can unpack and enter: "
            "run it as root, or install Docker"
        )


def make(folder, lock_number):
    need("debootstrap", "debootstrap")
    for left_behind in CACHE.glob("debian-*.unfinished"):
        shutil.rmtree(left_behind)
    unfinished = folder.with_name(folder.name + ".unfinished")
    log = CACHE / "debootstrap.log"
    log.unlink(missing_ok=True)
    print(f"servers: fetching {', '.join(PACKAGES)} for Debian {SUITE} (700 MB, once; {log})", flush=True)
    # Holds the lock as long as debootstrap lives, which uses such numbers for itself: when this script alone is killed, nobody
    # takes the folder away from under it.
    command = ["sh", "-c", '"$@"; exit $?', "sh", "unshare", "--mount", "debootstrap", "--variant=minbase", "--force-check-gpg"]
    command += [f"--include={','.join(PACKAGES)}", SUITE, unfinished]
    run_logged([*command, *mirror()], "the packages can't be had", log, pass_fds=[lock_number])
    shutil.rmtree(unfinished / "var/cache/apt/archives", ignore_errors=True)
    os.rename(unfinished, folder)


def mirror():
    """The Debian mirror that this machine's apt uses; debootstrap's own where it uses none."""
    stated = os.environ.get("DEBIAN_MIRROR")
    if stated:
        return [stated]
    what = ["apt-get", "indextargets", "--format", "$(ORIGIN) $(SUITE) $(COMPONENT) $(REPO_URI)", "Created-By: Packages"]
    try:
        told = subprocess.run(what, capture_output=True, text=True, check=False).stdout
    except FileNotFoundError:
        return []
    for origin, suite, component, address in (line.split() for line in told.splitlines() if line.count(" ") == 3):
        if (origin, component) == ("Debian", "main") and "-" not in suite:
            return [address.rstrip("/")]
    return []


def need(program, package):
    """A program of this machine; root gets it by apt-get."""
    if shutil.which(program):
        return
    advice = f"install it (Debian: apt-get install {package}) and try again"
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise Failure(f"`{program}` is missing: {advice}")
    print(f"servers: installing {package}", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update", "-qq"], ["install", "-qq", "-y", "--no-install-recommends", package]):
        run(["apt-get", *command], f"`{program}` is missing; {advice}", env=environment)


def inside(packages, folder, user, command):
    """The command line that runs a command as `user` among the packages, with the run's folder under `INSIDE`."""
    wrapped = ["unshare", "--mount", "--propagation", "private", "sh", "-c", ENTER, packages, folder, user]
    return [*wrapped, *command]


def check(packages, folder):
    """Whether the system lets us enter at all."""
    require_root()
    run(
        inside(packages, folder, "postgres", ["true"]),
        "this system forbids mounts or chroot, which servers from packages need (in a container: CAP_SYS_ADMIN); use Docker",
    )


def give(packages, folder, user):
    """Makes a folder and gives it to a user of the packages alone."""
    lines = (Path(packages) / "etc/passwd").read_text().splitlines()
    number, group = next(line.split(":")[2:4] for line in lines if line.startswith(f"{user}:"))
    folder.mkdir(mode=0o700, exist_ok=True)
    os.chown(folder, int(number), int(group))
