"""Texts and chats in MongoDB."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from pymongo import AsyncMongoClient
from pymongo.errors import DuplicateKeyError

from .compose import Sentence, sentences
from .kept import Kept
from .settings import Settings

# As many as a bucket of the product's chats.
BUCKET_MESSAGES = 64
# As many as the product keeps, about.
MOST_TEXTS = 10_000


class Documents:
    """The document side of the shop."""

    def __init__(self, settings: Settings) -> None:
        self._client: AsyncMongoClient[dict[str, Any]] = AsyncMongoClient(
            settings.mongodb_url, maxPoolSize=32, serverSelectionTimeoutMS=4_000, w="majority", journal=True
        )
        database = self._client.get_default_database("auskunft")
        self._chunks = database["chunks"]
        self._chats = database["peer_chats"]
        self._texts: Kept[list[Sentence]] = Kept(MOST_TEXTS)

    async def texts(self, chunk_ids: list[str]) -> tuple[dict[str, list[Sentence]], bool]:
        """The sentences of chunks, those that are not kept in one round trip, and whether there was one. A chunk's id names its text."""
        kept = {chunk_id: self._texts.get(chunk_id) for chunk_id in chunk_ids}
        missing = [chunk_id for chunk_id, text in kept.items() if text is None]
        if missing:
            found = self._chunks.find({"_id": {"$in": missing}}, {"text": 1}, batch_size=len(missing) + 1)
            async for chunk in found:
                kept[chunk["_id"]] = sentences(chunk["text"])
                self._texts.put(chunk["_id"], kept[chunk["_id"]])
        return {chunk_id: text for chunk_id, text in kept.items() if text is not None}, bool(missing)

    async def append(self, chat: str, owner: dict[str, str | None], turn: int, said: list[dict[str, str]]) -> None:
        """Appends messages to a chat's bucket; `turn` counts the questions before, so that no bucket grows without limit."""
        now = datetime.now(UTC)
        bucket = turn * len(said) // BUCKET_MESSAGES
        messages = [{"id": uuid4().hex, "ts": now, **message} for message in said]
        update = {
            "$push": {"messages": {"$each": messages}},
            "$set": {"last_at": now},
            "$setOnInsert": {**owner, "bucket": bucket, "first_at": now},
        }
        where = {"_id": f"{chat}:{bucket}"}
        try:
            await self._chats.update_one(where, update, upsert=True)
        except DuplicateKeyError:
            # Another request of the conversation made the bucket at the same time.
            await self._chats.update_one(where, update)

    async def ping(self) -> None:
        """Connects, so that the first question does not wait for it."""
        await self._client.admin.command("ping")

    async def close(self) -> None:
        """Closes the connections."""
        await self._client.close()
