"""Which files are there, how are they packed, and which of them rotate into one another."""

from logsleuth.sources.archives import unpacked_anew
from logsleuth.sources.companions import Companion, companion
from logsleuth.sources.content import Memory
from logsleuth.sources.disk import sha256
from logsleuth.sources.finding import find
from logsleuth.sources.rotation import split_name
from logsleuth.sources.source import Source
from logsleuth.sources.text import blocks, head, lives, tail

__all__ = [
    "Companion",
    "Memory",
    "Source",
    "blocks",
    "companion",
    "find",
    "head",
    "lives",
    "sha256",
    "split_name",
    "tail",
    "unpacked_anew",
]
