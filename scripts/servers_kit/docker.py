"""Servers in containers, by the composition of the repository."""

import hashlib
import os
import secrets
import shutil
import subprocess

from . import cluster, postgres
from .failure import Failure
from .place import NAMES, REPOSITORY, STATE, STORES, Run

FILES = [REPOSITORY / "docker-compose.yml", REPOSITORY / "scripts/servers_kit/ports.yml"]


def is_there():
    """Whether an engine answers and can run a composition."""
    commands = [["docker", "info"], ["docker", "compose", "version"]]
    return bool(shutil.which("docker")) and all(succeeds(command) for command in commands)


def succeeds(command):
    try:
        return subprocess.run(command, capture_output=True, timeout=20, check=False).returncode == 0
    except subprocess.TimeoutExpired:
        return False


def make():
    run = Run.make("docker")
    run.values["project"] = "auskunft-servers-" + hashlib.sha256(str(STATE.absolute()).encode()).hexdigest()[:8]
    run.save()
    write_secrets(run.folder / "secrets")
    return run


def write_secrets(folder):
    """The files that the composition reads; what is there is left alone. The folder is closed, the files are not: they
    are shown to containers whose users differ."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = []

    def file(name, text):
        path = folder / name
        if not path.exists():
            path.write_text(text + "\n")
            path.chmod(0o444)
            made.append(name)
        return path.read_text().strip()

    file("postgres_password", secrets.token_urlsafe(24))
    database = file("database_password", secrets.token_urlsafe(24))
    mongodb = file("mongodb_password", secrets.token_urlsafe(24))
    redis = file("redis_password", secrets.token_urlsafe(24))
    file("database_url", f"postgres://auskunft:{database}@postgres:5432/auskunft")
    file("mongodb_url", f"mongodb://auskunft:{mongodb}@mongodb:27017/auskunft?authSource=admin")
    file("redis_url", f"redis://:{redis}@redis:6379/0")
    file("jwt_key", secrets.token_urlsafe(48))
    return made


def compose(run, *command, words=None):
    environment = {**os.environ, "AUSKUNFT_SECRETS": str(run.folder / "secrets")}
    environment |= {f"AUSKUNFT_{name.upper()}_PORT": str(run.port(name)) for name in STORES}
    environment["AUSKUNFT_CLUSTER_PORTS"] = " ".join(map(str, run["cluster_ports"]))
    environment["AUSKUNFT_CLUSTER_START"] = cluster.START
    files = [part for file in FILES for part in ("--file", str(file))]
    line = ["docker", "compose", "--project-name", run["project"], *files, *command]
    result = subprocess.run(line, env=environment, input=words, capture_output=True, text=True, check=False)
    if result.returncode != 0:
        raise Failure(f"`docker compose {command[0]}` failed:\n{result.stderr.strip()}")
    return result.stdout


def is_running(run, name):
    return bool(compose(run, "ps", "--quiet", "--status", "running", name).strip())


def start(run, names):
    compose(run, "up", "--detach", "--wait", *names)
    line = ["psql", "--no-psqlrc", "--username", "postgres", "--set", "ON_ERROR_STOP=1"]
    compose(run, "exec", "-T", "postgres", *line, words=postgres.FOR_TESTS)
    cluster.settle(run)


def stop(run, names=NAMES):
    compose(run, "down", "--volumes")


def restart(run, name):
    compose(run, "stop", name)
    compose(run, "up", "--detach", "--wait", name)
    if name == "cluster":
        cluster.settle(run)


def kill(run, name):
    compose(run, "kill", name)


def pause(run, name):
    compose(run, "pause", name)


def resume(run, name):
    compose(run, "unpause", name)


def state(run, name):
    word = "runs" if is_running(run, name) else "does not run"
    ports = " ".join(str(port) for port, _ in cluster.nodes(run)) if name == "cluster" else run.port(name)
    return f"{word}, 127.0.0.1:{ports}, `docker compose --project-name {run['project']} logs {name}`"


def versions(run):
    return " ".join(compose(run, "config", "--images", *STORES).split())


def settings(run):
    def from_here(name, inside):
        text = (run.folder / "secrets" / f"{name}_url").read_text().strip()
        return text.replace(inside, f"127.0.0.1:{run.port(inside.split(':')[0])}")

    password = (run.folder / "secrets/postgres_password").read_text().strip()
    return {
        "DATABASE_URL": from_here("database", "postgres:5432"),
        "AUSKUNFT_TEST_SUPERUSER_URL": f"postgres://postgres:{password}@127.0.0.1:{run.port('postgres')}/auskunft",
        "REDIS_URL": from_here("redis", "redis:6379"),
        "MONGODB_URL": from_here("mongodb", "mongodb:27017"),
        **cluster.settings(run),
    }
