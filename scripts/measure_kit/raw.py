"""Redis and MongoDB asked by bare sockets: what their operations take without any driver."""

import time
import urllib.parse

from .mongodb import command, connected
from .stores import REDIS_DATABASE, redis_reply

# Between two of them the processor's memory cools down, as it does between questions.
PAUSE = 0.02


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else None


def figures(values):
    """Of times in milliseconds."""
    return {"count": len(values), "p50": percentile(values, 0.5), "p99": percentile(values, 0.99)}


def words(*parts):
    body = [f"*{len(parts)}\r\n".encode()]
    body += [b"$%d\r\n%s\r\n" % (len(part), part) for part in (str(part).encode() for part in parts)]
    return b"".join(body)


def redis_pipelines(settings, times):
    """What opens a request (count, lifetime, session, cached answer) and what closes one (a session of ten messages, an answer),
    each in one round trip."""
    connection, address = connected(settings["REDIS_URL"], 6379)
    stream = connection.makefile("rb")
    if address.password:
        ask(connection, stream, [words("AUTH", urllib.parse.unquote(address.password))])
    ask(connection, stream, [words("SELECT", REDIS_DATABASE)])
    opening, closing = [], []
    for number in range(times):
        time.sleep(PAUSE)
        minute, session = f"measure:{number % 50}", f"measure:session:{number % 50}"
        opening.append(ask(connection, stream, [
            words("INCR", minute), words("EXPIRE", minute, 60), words("GET", session), words("GET", f"{session}:answer"),
        ]))
        closing.append(ask(connection, stream, [
            words("SET", session, "x" * 3000, "EX", 1800), words("SET", f"{session}:answer", "x" * 2500, "EX", 120),
        ]))
    connection.close()
    return {"open": figures(opening), "close": figures(closing)}


def ask(connection, stream, commands):
    """Milliseconds of one round trip with several commands."""
    begun = time.perf_counter()
    connection.sendall(b"".join(commands))
    for _ in commands:
        redis_reply(stream)
    return (time.perf_counter() - begun) * 1000


def mongodb_operations(url, ids, times, texts=8):
    """The `$in` of so many texts, and an append of two messages to a chat, on a server without passwords."""
    connection, address = connected(url, 27017)
    if address.password:
        connection.close()
        return None
    stream, database = connection.makefile("rb"), address.path.lstrip("/")
    finding, appending = [], []
    for number in range(times):
        time.sleep(PAUSE)
        wanted = [ids[(number * texts + place) % len(ids)] for place in range(texts)]
        find = {"find": "chunks", "filter": {"_id": {"$in": wanted}}, "projection": {"text": 1}, "$db": database}
        finding.append(command(connection, stream, find)[0])
        # Conversations end: each is appended to five times.
        update = {"q": {"_id": f"measure-{number // 5}"}, "upsert": True, "u": {"$push": {"messages": {"$each": pair(number)}}}}
        write = {"update": "measure_chats", "updates": [update], "writeConcern": {"w": "majority", "j": True}, "$db": database}
        appending.append(command(connection, stream, write)[0])
    command(connection, stream, {"drop": "measure_chats", "$db": database})
    connection.close()
    return {"texts": figures(finding), "append": figures(appending)}


def pair(number):
    return [{"id": f"{number}-{who}", "from": who, "text": who * 50} for who in ("customer", "agent")]
