"""Questions to vectors: the same model as the product's, by ONNX Runtime."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from .kept import Kept
from .settings import model_file, model_folder

MOST_TOKENS = 256
# As many as the product keeps.
MOST_CACHED = 10_000


class Encoder:
    """The model; one text at a time, so nothing is padded."""

    def __init__(self) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(str(model_file()), options, providers=["CPUExecutionProvider"])
        self._tokenizer = Tokenizer.from_file(str(model_folder() / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MOST_TOKENS)

    def encode(self, text: str) -> np.ndarray:
        """The vector of a text, of length one."""
        tokens = np.array([self._tokenizer.encode(text).ids], dtype=np.int32)
        return self._session.run(None, {"tokens": tokens})[0][0]


class Embeddings:
    """Vectors of questions, the latest kept."""

    def __init__(self) -> None:
        self._encoder = Encoder()
        # One thread beside the event loop: the other core is the other worker's.
        self._thread = ThreadPoolExecutor(1, "embed")
        self._known: Kept[np.ndarray] = Kept(MOST_CACHED)
        self._encoder.encode("Wie kann ich meine Bestellung zurückgeben?")

    async def of(self, text: str) -> np.ndarray:
        """The vector of a question."""
        known = self._known.get(text)
        if known is not None:
            return known
        vector = await asyncio.get_running_loop().run_in_executor(self._thread, self._encoder.encode, text)
        self._known.put(text, vector)
        return vector

    def close(self) -> None:
        """Ends the thread."""
        self._thread.shutdown()
