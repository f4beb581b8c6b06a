"""What the service really sends to Redis and MongoDB: recorded on its way, then asked again by bare sockets, without any driver."""

import struct
import time
import urllib.parse
from collections import defaultdict

from servers_kit.failure import Failure

from .mongodb import connected
from .proxy import Proxy
from .raw import figures
from .stores import REDIS_DATABASE

# Between two requests the processor's memory cools down, as it does between questions.
PAUSE = 0.02
# Where an OP_MSG's sections begin: behind its head and flags.
SECTIONS = 20
OP_MSG = 2013
SESSION = b"\x02session_id\0"
# What a request sends to Redis: whether its token is revoked, what opens it, what closes it.
LOOK, OPEN, CLOSE = "MGET", "EVAL GET GET", "EVAL"
OF_REQUESTS = (LOOK, OPEN, CLOSE)
# Recorded sessions begin with another letter: asked again, a chat begins anew.
OTHER = b"Z"


class Recorder(Proxy):
    """Passes everything on, and keeps what clients send: by connection, each piece with its time."""

    def __init__(self, port):
        super().__init__(port)
        self.pieces = []
        self.connections = 0

    async def connected(self, reader, writer):
        self.connections += 1
        await super().connected(Tapped(reader, self.connections, self.pieces), writer)


class Tapped:
    """A reader whose pieces are kept."""

    def __init__(self, reader, connection, pieces):
        self.reader, self.connection, self.pieces = reader, connection, pieces

    async def read(self, most):
        piece = await self.reader.read(most)
        self.pieces.append((self.connection, piece))
        return piece


def mongodb_messages(pieces):
    """Whole messages in the order in which they ended, with the command and its collection: `find chats`."""
    open_ones = defaultdict(bytes)
    for connection, piece in pieces:
        data = open_ones[connection] + piece
        while len(data) >= 16 and len(data) >= (length := struct.unpack_from("<i", data)[0]):
            if struct.unpack_from("<i", data, 12)[0] == OP_MSG:
                yield kind_of(data[:length]), data[:length]
            data = data[length:]
        open_ones[connection] = data


def kind_of(message):
    """The command is the first element of the section's document, its collection the value."""
    place = SECTIONS + 1 + 4
    name, _, rest = message[place + 1 :].partition(b"\0")
    if message[place] != 2:
        return name.decode()
    length = struct.unpack_from("<i", rest)[0]
    return f"{name.decode()} {rest[4 : 3 + length].decode()}"


def mongodb_again(url, pieces, wanted):
    """Milliseconds of each kind of message. Messages go in their order, about sessions of other names. `wanted`: kinds."""
    connection, address = connected(url, 27017)
    if address.password:
        connection.close()
        return None
    stream = connection.makefile("rb")
    messages = [(kind, message) for kind, message in mongodb_messages(pieces) if kind in wanted]
    names = sessions(message for _, message in messages)
    took = defaultdict(list)
    for kind, message in messages:
        time.sleep(PAUSE)
        for name in names:
            message = message.replace(name, OTHER + name[1:]) if name in message else message
        begun = time.perf_counter()
        connection.sendall(message)
        stream.read(struct.unpack("<i", stream.read(4))[0] - 4)
        took[kind].append((time.perf_counter() - begun) * 1000)
    connection.close()
    return {kind: figures(took[kind]) for kind in wanted}


def sessions(messages):
    found = set()
    for message in messages:
        place = message.find(SESSION)
        if place >= 0:
            length = struct.unpack_from("<i", message, place + len(SESSION))[0]
            begin = place + len(SESSION) + 4
            found.add(message[begin : begin + length - 1])
    return found


def redis_again(settings, pieces):
    """Milliseconds of each kind of round trip of a request. They go in their order, into an empty database."""
    connection, address = connected(settings["REDIS_URL"], 6379)
    stream = connection.makefile("rb")
    if address.password:
        ask(connection, stream, words("AUTH", urllib.parse.unquote(address.password)), 1)
    ask(connection, stream, words("SELECT", REDIS_DATABASE), 1)
    took = defaultdict(list)
    for piece in (piece for _, piece in pieces if piece):
        names = commands(piece)
        if " ".join(names) not in OF_REQUESTS:
            continue
        time.sleep(PAUSE)
        took[" ".join(names)].append(ask(connection, stream, piece, len(names)))
    connection.close()
    return {kind: figures(times) for kind, times in took.items()}


def commands(piece):
    """The names of the commands of a pipeline; none where it is not whole."""
    names, place = [], 0
    while place < len(piece):
        end = piece.find(b"\r\n", place)
        if end < 0 or piece[place : place + 1] != b"*":
            return []
        count, place = int(piece[place + 1 : end]), end + 2
        for number in range(count):
            end = piece.find(b"\r\n", place)
            if end < 0:
                return []
            size = int(piece[place + 1 : end])
            if number == 0:
                names.append(piece[end + 2 : end + 2 + size].decode().upper())
            place = end + 2 + size + 2
    return names if place == len(piece) else []


def words(*parts):
    body = [f"*{len(parts)}\r\n".encode()]
    body += [b"$%d\r\n%s\r\n" % (len(part), part) for part in (str(part).encode() for part in parts)]
    return b"".join(body)


def ask(connection, stream, request, replies):
    """Milliseconds of one round trip with several commands."""
    begun = time.perf_counter()
    connection.sendall(request)
    for _ in range(replies):
        pass_over(stream)
    return (time.perf_counter() - begun) * 1000


def pass_over(stream):
    """A reply of Redis."""
    head = stream.readline()
    if head[:1] in (b"-", b""):
        raise Failure(f"Redis: {head[1:].decode().strip() or 'closed the connection'}")
    if head[:1] == b"$" and int(head[1:]) >= 0:
        stream.read(int(head[1:]) + 2)
    for _ in range(int(head[1:]) if head[:1] == b"*" else 0):
        pass_over(stream)
