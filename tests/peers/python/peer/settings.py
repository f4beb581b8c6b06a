"""Settings from the environment; the names are the product's."""

import os
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

DEVELOPMENT_KEY = "auskunft-development-key-that-everybody-knows"


def _cache_folder() -> Path:
    return Path(os.environ.get("AUSKUNFT_CACHE_DIR") or Path.home() / ".cache" / "auskunft")


def model_folder() -> Path:
    """The product's model: weights, tokenizer, configuration."""
    return Path(os.environ.get("AUSKUNFT_MODEL_DIR") or _cache_folder() / "models" / "all-minilm-l6-v2")


def model_file() -> Path:
    """The ONNX file that is assembled of it."""
    return _cache_folder() / "peers" / f"{model_folder().name}.onnx"


def _required(name: str) -> str:
    value = os.environ.get(name)
    if not value:
        raise SystemExit(f"{name} is not set; `make servers` writes it to .servers/env")
    return value


def _today() -> date:
    stated = os.environ.get("AUSKUNFT_TODAY")
    return date.fromisoformat(stated) if stated else date.today()


@dataclass(frozen=True)
class Settings:
    """What the service must know to start."""

    database_url: str = field(default_factory=lambda: _required("DATABASE_URL"))
    mongodb_url: str = field(default_factory=lambda: _required("MONGODB_URL"))
    redis_url: str = field(default_factory=lambda: _required("REDIS_URL"))
    jwt_key: str = field(default_factory=lambda: os.environ.get("AUSKUNFT_JWT_KEY") or DEVELOPMENT_KEY)
    today: date = field(default_factory=_today)
    time_zone: str = field(default_factory=lambda: os.environ.get("AUSKUNFT_TIME_ZONE", "Europe/Berlin"))
    rate_per_minute: int = field(default_factory=lambda: int(os.environ.get("AUSKUNFT_RATE_PER_MINUTE", "30")))
    workers: int = field(default_factory=lambda: int(os.environ.get("WORKERS", "2")))
    # Connections of the product in all (AUSKUNFT_DATABASE_CONNECTIONS), shared among the workers.
    connections: int = field(default_factory=lambda: int(os.environ.get("AUSKUNFT_DATABASE_CONNECTIONS", "16")))
