"""A server that speaks MongoDB's protocol: `mongod` where it is installed, else a stand-in on mongo-java-server."""

import hashlib
import os
import pwd
import shutil
import signal
import socket
import struct

from . import debian
from .place import CACHE, REPOSITORY, lock
from .processes import run, run_logged

GENTLY = signal.SIGTERM
SOURCE = REPOSITORY / "tests/servers/mongo"
FETCH = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies"


def stand_in():
    """The folder of the stand-in's classes and libraries; made when it is missing."""
    files = [SOURCE / "pom.xml", SOURCE / "StandIn.java"]
    digest = hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]
    folder = CACHE / f"mongo-{digest}"
    if not folder.is_dir():
        with lock(CACHE / "lock", "that prepares the stand-in for MongoDB"):
            if not folder.is_dir():
                build(folder)
    return folder


def build(folder):
    debian.need("javac", "default-jdk-headless")
    debian.need("mvn", "maven")
    unfinished = folder.with_name(folder.name + ".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    log = CACHE / "maven.log"
    log.unlink(missing_ok=True)
    print(f"servers: fetching the stand-in for MongoDB (25 MB, once; {log})", flush=True)
    maven = ["mvn", "--batch-mode", f"-Dmaven.repo.local={CACHE / 'maven'}", "-f", SOURCE / "pom.xml", FETCH]
    run_logged([*maven, f"-DoutputDirectory={unfinished}"], "the stand-in for MongoDB can't be had", log)
    compiler = ["javac", "-cp", f"{unfinished}/*", "-d", unfinished, SOURCE / "StandIn.java"]
    run(compiler, "the stand-in for MongoDB can't be compiled (it needs Java 17)")
    os.rename(unfinished, folder)


def user():
    """Whom it runs as; None: as whoever calls."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


def prepare(set_of_servers):
    folder = set_of_servers.folder / "mongodb"
    folder.mkdir(mode=0o700, exist_ok=True)
    if not shutil.which("mongod") and not (folder / "program").exists():
        # Its user can't look into our cache.
        shutil.copytree(stand_in(), folder / "program.new", dirs_exist_ok=True)
        os.rename(folder / "program.new", folder / "program")
    if user():
        for path in [folder, *folder.rglob("*")]:
            os.chown(path, user().pw_uid, user().pw_gid)


def command(set_of_servers):
    folder, port = set_of_servers.folder / "mongodb", set_of_servers.port("mongodb")
    become = ["setpriv", f"--reuid={user().pw_uid}", f"--regid={user().pw_gid}", "--clear-groups"] if user() else []
    if (folder / "program").exists():
        line = ["java", "-Xmx2g", "-Xmn48m", "-XX:+UseSerialGC", "-cp", f"{folder}/program:{folder}/program/*", "StandIn"]
        return [*become, *line, folder / "data.mv", port]
    return [*become, "mongod", "--dbpath", folder, "--port", port, "--bind_ip", "127.0.0.1"]


def document(**fields):
    """BSON of texts and small numbers."""
    body = b""
    for name, value in fields.items():
        key = name.encode() + b"\0"
        if isinstance(value, int):
            body += b"\x10" + key + struct.pack("<i", value)
        else:
            body += b"\x02" + key + struct.pack("<i", len(value) + 1) + value.encode() + b"\0"
    return struct.pack("<i", len(body) + 5) + body + b"\0"


def ask(set_of_servers, **command):
    """A command to the database `admin` as OP_MSG; the reply's bytes."""
    body = struct.pack("<iB", 0, 0) + document(**command, **{"$db": "admin"})
    header = struct.pack("<iiii", 16 + len(body), 1, 0, 2013)
    with socket.create_connection(("127.0.0.1", set_of_servers.port("mongodb")), timeout=3) as connection:
        connection.sendall(header + body)
        return connection.makefile("rb").read(struct.unpack("<i", connection.recv(4, socket.MSG_PEEK))[0])


def answers(set_of_servers):
    # `ok` is the number 1, as eight bytes.
    if b"\x01ok\0" + struct.pack("<d", 1.0) not in ask(set_of_servers, ping=1):
        raise OSError("MongoDB does not answer `ping`")


def settle(set_of_servers):
    pass


def versions(set_of_servers):
    if (set_of_servers.folder / "mongodb/program").exists():
        library = next((set_of_servers.folder / "mongodb/program").glob("mongo-java-server-core-*.jar"))
        return f"{library.stem.replace('-core', '').replace('server-', 'server ')} (a stand-in for MongoDB)"
    reply = ask(set_of_servers, buildInfo=1)
    text = reply.split(b"\x02version\0", 1)[1]
    return "MongoDB " + text[4 : 4 + struct.unpack("<i", text[:4])[0] - 1].decode()


def settings(set_of_servers):
    return {"MONGODB_URL": f"mongodb://127.0.0.1:{set_of_servers.port('mongodb')}/auskunft"}
