"""Which files are there, how are they packed, and which of them rotate into one another."""

from logsleuth.sources.disk import sha256
from logsleuth.sources.finding import find
from logsleuth.sources.rotation import split_name
from logsleuth.sources.source import Source
from logsleuth.sources.stream import blocks, head, tail

__all__ = ["Source", "blocks", "find", "head", "sha256", "split_name", "tail"]
