"""MongoDB by a bare socket, without any driver."""

import socket
import struct
import time
import urllib.parse

from servers_kit.failure import Failure


def connected(url, port):
    address = urllib.parse.urlsplit(url)
    connection = socket.create_connection((address.hostname, address.port or port), timeout=5)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection, address


def bson(fields):
    """Of texts, numbers, lists and documents."""
    body = b"".join(element(str(name), value) for name, value in fields.items())
    return struct.pack("<i", len(body) + 5) + body + b"\0"


def element(name, value):
    key = name.encode() + b"\0"
    if isinstance(value, dict):
        return b"\x03" + key + bson(value)
    if isinstance(value, (list, tuple)):
        return b"\x04" + key + bson(dict(enumerate(value)))
    if isinstance(value, bool):
        return b"\x08" + key + (b"\1" if value else b"\0")
    if isinstance(value, int):
        return b"\x12" + key + struct.pack("<q", value)
    text = str(value).encode()
    return b"\x02" + key + struct.pack("<i", len(text) + 1) + text + b"\0"


def command(connection, stream, fields):
    """A command as OP_MSG; milliseconds and the reply's bytes."""
    body = struct.pack("<iB", 0, 0) + bson(fields)
    begun = time.perf_counter()
    connection.sendall(struct.pack("<iiii", 16 + len(body), 1, 0, 2013) + body)
    head = stream.read(4)
    reply = stream.read(struct.unpack("<i", head)[0] - 4)
    return (time.perf_counter() - begun) * 1000, reply


def drop_database(url):
    """Drops the database that the URL names, with all it holds; one that is not there is no error."""
    connection, address = connected(url, 27017)
    with connection:
        if address.password:
            raise Failure(f"MongoDB at {address.hostname} wants a password, which is not sent here: drop its database `{address.path[1:]}` yourself")
        _, reply = command(connection, connection.makefile("rb"), {"dropDatabase": 1, "$db": address.path.lstrip("/")})
    if b"errmsg" in reply:
        raise Failure(f"MongoDB at {address.hostname} does not drop its database `{address.path[1:]}`: {reply!r}")
