"""What was worked out of a log, kept between runs: under whose file it is, and believed only while all of it holds."""

from logsleuth.cache.entry import Entry
from logsleuth.cache.identity import State, grown, identity, state_of, still
from logsleuth.cache.shelf import Folder, Memory, Shelf

__all__ = ["Entry", "Folder", "Memory", "Shelf", "State", "grown", "identity", "state_of", "still"]
