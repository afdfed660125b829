"""Binary record stores as text, one record a line. To add one: a file with a `STORE`, and its name in `known.STORES`.

The text has one layout, which `formats.records` reads:

    <PRI>YYYY-MM-DDTHH:MM:SS.ffffffZ HOST TAG[PID]: TEXT

PRI is facility * 8 + severity and left out where it is unknown; further lines of a message follow, each after a tab
(`stores.record` writes all this). Every run gives the same text, so that its line numbers can be cited.

The stores themselves are imported when bytes are met that one of them may have written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.lazy import lazy_pattern

if TYPE_CHECKING:
    from logsleuth.sources.stores.model import Life as Life
    from logsleuth.sources.stores.model import Store

_PRINTED = (
    # arrays of objects, objects over many lines
    lazy_pattern(rb'^\s*(?:\[\s*\{|\{\s*"[A-Za-z]{5,7}"\s*:\s*\[|\{\s*\n)|^\xef\xbb\xbf\s*[\[{]'),
    # journalctl -o export, -o verbose
    lazy_pattern(rb"__CURSOR=|\[s=[0-9a-f]{32};"),
    # utmpdump; last, lastb; who
    lazy_pattern(rb"\[\d\] \[\d+\] |Utmp dump of "),
    lazy_pattern(rb"(?m)^\S[^\n]* (?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z]|\d{4}-\d\d-\d\dT\d\d:\d\d:)"),
    lazy_pattern(rb"(?m)^\S+ +(?:[-+?] +)?(?:tty|pts|console|:|hvc|vc/|cua|sshd|ftp)|^ *(?:system boot|run-level )"),
)
"""In the first bytes of stores that are text; a log may well hold one of these."""
_START = 4096


def detect(sample: bytes, size: int) -> Store | None:
    """Whose records these first bytes begin; `size` is that of the whole (unpacked), 0 where it is not known."""
    if b"\0" not in sample and not any(mark.search(sample, 0, _START) for mark in _PRINTED):
        return None
    from logsleuth.sources.stores.known import STORES

    return next((store for store in STORES if store.detect(sample, size)), None)


def detect_end(sample: bytes, size: int) -> Store | None:
    """The same from the last bytes of a file whose first ones are all NUL."""
    from logsleuth.sources.stores.known import STORES

    found = (store for store in STORES if store.detect_end is not None and store.detect_end(sample, size))
    return next(found, None)


def by_name(name: str) -> Store:
    """One of `known.STORES`."""
    from logsleuth.sources.stores.known import BY_NAME

    return BY_NAME[name]
