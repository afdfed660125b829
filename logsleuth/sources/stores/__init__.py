"""Binary record stores as text, one record a line. To add one: a file with a `STORE`, and its name in `STORES`.

The text has one layout, which `formats.records` reads:

    <PRI>YYYY-MM-DDTHH:MM:SS.ffffffZ HOST TAG[PID]: TEXT

PRI is facility * 8 + severity and left out where it is unknown; further lines of a message follow, each after a tab
(`stores.record` writes all this). Every run gives the same text, so that its line numbers can be cited.
"""

from __future__ import annotations

from logsleuth.sources.stores import asl, journal, lastlog, logins, printed, printed_logins, utx
from logsleuth.sources.stores.model import Store

STORES: tuple[Store, ...] = (
    # Those with magic bytes first; the last ones are told by how many of their records make sense.
    journal.STORE,
    printed.EXPORT,
    printed.VERBOSE,
    printed_logins.DUMP,
    printed_logins.LAST,
    printed_logins.WHO,
    asl.STORE,
    utx.STORE,
    logins.STORE,
    lastlog.STORE,
)
BY_NAME = {store.name: store for store in STORES}


def detect(sample: bytes, size: int) -> Store | None:
    """Whose records these first bytes begin; `size` is that of the whole (unpacked), 0 where it is not known."""
    return next((store for store in STORES if store.detect(sample, size)), None)


def detect_end(sample: bytes, size: int) -> Store | None:
    """The same from the last bytes of a file whose first ones are all NUL."""
    found = (store for store in STORES if store.detect_end is not None and store.detect_end(sample, size))
    return next(found, None)


__all__ = ["BY_NAME", "STORES", "Store", "detect", "detect_end"]
