"""Reads a machine's logs as evidence: what happened, in which order, and what explains what."""

import importlib
from collections.abc import Callable
from typing import Any

__version__ = "0.1.0"
__all__ = ["__version__", "boots", "explain", "timeline"]

_FROM_PIPELINE = ("timeline", "explain", "boots")


def __getattr__(name: str) -> Callable[..., Any]:
    if name not in _FROM_PIPELINE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found: Callable[..., Any] = getattr(importlib.import_module("logsleuth.pipeline"), name)
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *_FROM_PIPELINE})
