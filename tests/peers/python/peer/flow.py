"""The life of a question: the steps of one request, independent ones at the same time."""

import asyncio
import hashlib
import time
from dataclasses import dataclass, field
from typing import Any

from . import say
from .access import Agent
from .compose import quotes
from .facts import Finding, products
from .facts.read import Asker, Facts
from .search import Hit, nearest
from .services import Services
from .understand import Understood, understand
from .volatile import Keys, Opened

NO_EVIDENCE = (
    "Dazu habe ich nichts gefunden. Bitte übergeben Sie an eine Kollegin oder einen Kollegen.",
    "I found nothing about this. Please hand over to a colleague.",
)
WHICH_PRODUCT = ("Welches Produkt ist gemeint: {}?", "Which product is meant: {}?")
MOST_SUGGESTED = 5

Answer = dict[str, Any]


@dataclass(slots=True)
class Asked:
    """A checked question."""

    question: str
    session: str
    customer: str | None
    product: str | None
    language: str | None
    request_id: str


@dataclass(slots=True)
class Cost:
    """What a request costs: operations by store, and milliseconds by stage."""

    operations: dict[str, int] = field(default_factory=lambda: {"redis": 0, "postgres": 0, "pgvector": 0, "mongodb": 0, "timescale": 1})
    stages: dict[str, float] = field(default_factory=dict)

    def add(self, stage: str, since: float) -> None:
        """The time of a stage that ends now."""
        self.stages[stage] = self.stages.get(stage, 0.0) + (time.perf_counter() - since) * 1_000


class Flow:
    """One request on its way."""

    def __init__(self, services: Services, asked: Asked, agent: Agent, token_id: str) -> None:
        self.services = services
        self.asked = asked
        self.agent = agent
        self.asker = Asker(agent, asked.customer, asked.request_id)
        self.keys = Keys.of(asked.session, agent.id, asked.customer or "", self._answer_hash(), token_id)
        self.cost = Cost()
        self.cached = False

    async def open(self) -> Opened:
        """Limit, session, cached answer and revocation in one round trip."""
        since = time.perf_counter()
        opened = await self.services.volatile.open(self.keys)
        self.cost.operations["redis"] += self.services.volatile.OPENING_COMMANDS
        self.cost.add("open", since)
        return opened

    def _answer_hash(self) -> str:
        """All that an answer depends on, outside the conversation."""
        asked, standing = self.asked, self.services.catalog.standing
        parts = (
            " ".join(asked.question.lower().split()),
            asked.language,
            asked.product,
            asked.customer,
            self.agent.id,
            self.agent.permissions,
            standing.generation,
            standing.revision,
            standing.shop_version,
        )
        return hashlib.sha256(repr(parts).encode()).hexdigest()

    async def answer(self, opened: Opened) -> Answer:
        """The cached answer, else a new one; both are left behind for the next request."""
        if opened.answer is not None:
            self.cached = True
            answer: Answer = opened.answer["answer"]
            remembered = opened.answer["remembered"]
            await self._close(opened, answer, remembered, None)
            return answer
        since = time.perf_counter()
        understood = understand(
            self.asked.question,
            self.asked.language,
            self.asked.product,
            opened.session,
            self.services.catalog.index,
            self.agent.regions,
        )
        self.cost.add("understand", since)
        told, of_customer = await self._ask(understood)
        remembered = self._remembered(understood, told)
        is_kept = not of_customer and not understood.used_session
        await self._close(opened, told, remembered, {"answer": told, "remembered": remembered} if is_kept else None)
        return told

    async def _ask(self, understood: Understood) -> tuple[Answer, bool]:
        """Facts and texts. Where facts can be the whole answer they come first, so that nothing is embedded for nothing."""
        facts_first = understood.asks_of_customer or understood.intent in ("price", "comparison", "warranty")
        if facts_first:
            facts = await self._facts(understood)
            if facts.finding is not None:
                return self._of_facts(understood, facts.finding), facts.finding.of_customer
            hits = await self._nearest(understood)
        else:
            facts, hits = await asyncio.gather(self._facts(understood), self._nearest(understood))
        return await self._of_texts(understood, facts, hits), False

    async def _facts(self, understood: Understood) -> Facts:
        since = time.perf_counter()
        facts = await self.services.facts.find(understood, self.asker)
        self.cost.operations["postgres"] += facts.statements
        self.cost.add("facts", since)
        return facts

    async def _nearest(self, understood: Understood) -> list[Hit]:
        since = time.perf_counter()
        vector = await self.services.embeddings.of(understood.text)
        self.cost.add("embed", since)
        since = time.perf_counter()
        services = self.services
        hits = await nearest(services.pool, services.catalog, vector, understood, self.agent, self.asked.customer, services.settings.today)
        self.cost.operations["pgvector"] += 1
        self.cost.add("ann", since)
        return hits

    def _name(self, sku: str) -> str:
        known = self.services.catalog.index.products.get(sku)
        return known.name if known else sku

    def _of_facts(self, understood: Understood, found: Finding) -> Answer:
        text = say.finding(found, understood.language == "en", self._name)
        return self._framed(understood, found.state, text, found.facts, [], found.suggestions)

    async def _of_texts(self, understood: Understood, facts: Facts, hits: list[Hit]) -> Answer:
        english = understood.language == "en"
        unclear = next((mention for mention in understood.mentions if len(mention) > 1), None)
        if unclear and understood.bound is None:
            names = [self._name(sku) for sku in sorted(unclear)][:MOST_SUGGESTED]
            return self._framed(understood, "clarify", WHICH_PRODUCT[english].format(", ".join(names)), [], [], names)
        since = time.perf_counter()
        texts, were_read = await self.services.documents.texts([hit.chunk_id for hit in hits])
        self.cost.operations["mongodb"] += were_read
        self.cost.add("texts", since)
        since = time.perf_counter()
        text, citations = quotes(understood.text, hits, texts)
        stated = products.attribute(understood, facts.products[0]) if understood.bound and facts.products else None
        if stated:
            text = "\n\n".join(filter(None, [say.finding(Finding("answered", [stated]), english, self._name), text]))
        state = "answered" if stated or citations else "handoff"
        answer = self._framed(understood, state, text or NO_EVIDENCE[english], [stated] if stated else [], citations, [])
        self.cost.add("compose", since)
        return answer

    def _framed(
        self, understood: Understood, state: str, text: str, facts: list[Any], citations: list[Any], suggestions: list[str]
    ) -> Answer:
        standing = self.services.catalog.standing
        return {
            "state": state,
            "answer": text,
            "language": understood.language,
            "intent": str(understood.intent),
            **({"product": understood.bound} if understood.bound else {}),
            "facts": facts,
            "citations": citations,
            **({"suggestions": suggestions} if suggestions else {}),
            "generation": standing.generation,
            "revision": standing.revision,
        }

    def _remembered(self, understood: Understood, answer: Answer) -> dict[str, str]:
        """What the session shall hold of this question; what it does not name stays as it was."""
        orders = [fact["order_id"] for fact in answer["facts"] if "order_id" in fact and fact["kind"] != "candidate"]
        fields = {"customer": self.asked.customer or "guest", "language": understood.language, "intent": str(understood.intent)}
        if understood.products:
            fields["products"] = " ".join(understood.products)
        if orders:
            fields["orders"] = " ".join(dict.fromkeys(orders))
        return fields

    async def _close(self, opened: Opened, answer: Answer, remembered: dict[str, str], kept: Answer | None) -> None:
        """Session and cached answer in Redis, and both messages in the chat, at the same time."""
        since = time.perf_counter()
        asked, turn = self.asked, int(opened.session.get("turns", 0))
        said = [{"from": "customer", "text": asked.question}, {"from": "agent", "text": answer["answer"]}]
        owner = {"session_id": asked.session, "agent_id": self.agent.id, "customer_id": asked.customer}
        chat = f"{asked.session}:{self.agent.id}:{asked.customer or ''}"
        commands, _ = await asyncio.gather(
            self.services.volatile.close(self.keys, {**remembered, "turns": str(turn + 1)}, said, kept),
            self.services.documents.append(chat, owner, turn, said),
        )
        self.cost.operations["redis"] += commands
        self.cost.operations["mongodb"] += 1
        self.cost.add("close", since)
