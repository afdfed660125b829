"""All stores. To add one: a file with a `STORE`, and its name here; of one that is text, its mark in `stores`."""

from __future__ import annotations

from logsleuth.sources.stores import asl, bsm, journal, json_records, lastlog, logins, printed, printed_logins, utx
from logsleuth.sources.stores.model import Store

STORES: tuple[Store, ...] = (
    # Those with magic bytes first; the last ones are told by how many of their records make sense.
    journal.STORE,
    printed.EXPORT,
    printed.VERBOSE,
    printed_logins.DUMP,
    printed_logins.LAST,
    printed_logins.WHO,
    json_records.STORE,
    asl.STORE,
    bsm.STORE,
    utx.STORE,
    logins.STORE,
    lastlog.STORE,
)
BY_NAME = {store.name: store for store in STORES}
