"""What a store is: how it is told, and what gives its records as text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple, Protocol

from logsleuth.records import dataclass
from logsleuth.report import Skipped
from logsleuth.sources.source import Source


class Text(Protocol):
    """Gives the records as text."""

    def __call__(self, source: Source, problems: list[Skipped], /) -> Iterator[bytes]:
        """Blocks of whole records; `problems` tells what could not be read. May raise `disk.Lost`: the rest is lost."""


class Life(NamedTuple):
    """Of which machine and boot a record is; None where it does not tell."""

    host: bytes | None
    boot: bytes | None


@dataclass(frozen=True)
class Store:
    """One kind of binary log."""

    name: str
    """What tables call it: 'systemd journal'."""
    about: str
    """Who writes it."""
    detect: Callable[[bytes, int], bool]
    """From the first bytes (up to 64 KiB, unpacked) and the size of the whole, 0 where that is not known."""
    text: Text
    refusal: Callable[[bytes], str] = lambda _: ""
    """From the first bytes: why it cannot be read though it is one; empty if it can."""
    resume: Callable[[Source, list[Skipped], int], tuple[int, Iterator[bytes]]] | None = None
    """For large stores: (where the blocks begin, blocks), at or before a byte of the text, without all before it."""
    tail: Callable[[Source, int], bytes] | None = None
    """For large stores: the last records, about so many bytes, without reading all before them."""
    detect_end: Callable[[bytes, int], bool] | None = None
    """As `detect`, from the last bytes of a file whose first are all NUL: a sparse one."""
    lives: Callable[[Source], tuple[Life, Life]] | None = None
    """Of the first and the last record; raises `disk.Lost` where the file cannot be read."""
