"""Whether what was acknowledged is kept: messages of chats, rows of the audit, rows of the request log."""

import json
from collections import Counter, defaultdict

from .service import get

# Facts that come from a customer's own data.
OF_CUSTOMER = {"order", "shipment", "payment", "candidate", "return_window", "return", "warranty"}


def answers(path):
    """What the driver wrote: a line for each request."""
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def audit(shop, lines):
    """Answers that state a customer's data, and those of them that left no row."""
    if not lines:
        return {"accesses": 0, "rows": 0, "missing": []}
    run = lines[0]["request_id"].rpartition("-")[0]
    rows = {row[0] for row in shop.stores.query(f"select distinct request_id from audit.events where request_id like '{run}-%';")}
    accesses = [line["request_id"] for line in lines if OF_CUSTOMER & set(line.get("facts", ()))]
    return {"accesses": len(accesses), "rows": len(rows), "missing": [one for one in accesses if one not in rows]}


def request_log(shop, lines):
    """Answers that left no row in the request log: allowed when its database was away for long, and counted."""
    if not lines:
        return {"answers": 0, "missing": 0}
    run = lines[0]["request_id"].rpartition("-")[0]
    rows = {row[0] for row in shop.stores.query(f"select request_id from logs.support_logs where request_id like '{run}-%';")}
    answered = [line["request_id"] for line in lines if line["status"] == "200"]
    return {"answers": len(answered), "missing": sum(one not in rows for one in answered)}


def chats(shop, base, lines):
    """Messages of acknowledged answers that a conversation lacks, and those that stand there too often."""
    sessions = defaultdict(list)
    for line in lines:
        sessions[line["session_id"]].append(line)
    counts = {"sessions": len(sessions), "messages": 0, "lost": [], "doubled": [], "unreadable": [], "hidden": 0}
    for session, asked in sessions.items():
        if any(is_acknowledged(line) for line in asked):
            compare(counts, session, asked, messages(shop, base, session, asked[0]))
    return counts


def messages(shop, base, session, line):
    """All messages of a conversation, through all pages; None where it can't be read."""
    token = shop.tokens_by_agent[line["agent_id"]]
    customer = f"customer_id={line['customer_id']}&" if line["customer_id"] else ""
    found, before = [], ""
    while True:
        status, page = get(f"{base}/support/sessions/{session}?{customer}limit=100{before}", token)
        if status != 200:
            return None
        found = page["messages"] + found
        if not page.get("previous"):
            return found
        before = f"&before={page['previous']}"


def compare(counts, session, asked, found):
    if found is None:
        # A conversation about a customer that the agent may not see is not shown; nothing of the customer was told there.
        if asked[0]["customer_id"] and not any(OF_CUSTOMER & set(line.get("facts", ())) for line in asked):
            counts["hidden"] += 1
        else:
            counts["unreadable"].append(session)
        return
    counts["messages"] += len(found)
    sure = [line for line in asked if is_acknowledged(line)]
    for who, field in (("customer", "question"), ("agent", "answer")):
        kept = Counter(message["text"] for message in found if message["from"] == who)
        wanted = Counter(line[field] for line in sure)
        counts["lost"] += [session] * (wanted - kept).total()
        # Of all others nobody knows whether they were kept.
        counts["doubled"] += [session] * max(0, (kept - wanted).total() - (len(asked) - len(sure)))


def is_acknowledged(line):
    """Whether the answer says that it stands in the chat: it does not where it names `chats` as missing."""
    return line["status"] == "200" and "chats" not in line["degraded"]
