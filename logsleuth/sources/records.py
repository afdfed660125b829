"""Binary records that are named but not read, told by their structure: they have no magic bytes, or weak ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from logsleuth.lazy import lazy_pattern

ACCOUNTING = "process accounting (acct, pacct): a record for each process that ended; try: lastcomm -f FILE"
FAILURES = "counts of failed logins by user (faillog); try: faillog -a"
TALLIES = "counts of failed logins by user (tallylog); try: pam_tally2"

_RECORDS = 8
"""This many that are not empty decide."""
_SINCE, _UNTIL = 600_000_000, 4_102_444_800
"""1989 to 2100."""
_TEXT = lazy_pattern(rb"[\x21-\x7e][\x20-\x7e]*\0*")


class _Layout(NamedTuple):
    size: int
    good: Callable[[bytes], bool]
    what: str


def _time(raw: bytes) -> bool:
    return any(_SINCE < int.from_bytes(raw, order) < _UNTIL for order in ("little", "big"))


_LAYOUTS = (
    # Linux include/uapi/linux/acct.h, struct acct_v3 and the form before it; the top bit tells the order of bytes.
    _Layout(64, lambda r: r[1] & 0x7F == 3 and _time(r[24:28]) and bool(_TEXT.fullmatch(r[48:64])), ACCOUNTING),
    _Layout(64, lambda r: r[1] & 0x7F == 2 and _time(r[8:12]) and bool(_TEXT.fullmatch(r[36:53])), ACCOUNTING),
    # shadow's faillog.h on 64-bit machines; pam_tally2's record.
    _Layout(32, lambda r: bool(_TEXT.fullmatch(r[4:16])) and _time(r[16:24]), FAILURES),
    _Layout(64, lambda r: bool(_TEXT.fullmatch(r[:52])) and _time(r[56:64]), TALLIES),
)


def kind(sample: bytes) -> str:
    """What these first bytes are the records of, and what reads them; empty if they are none of these."""
    if _is_bsd_accounting(sample):
        return ACCOUNTING
    return next((layout.what for layout in _LAYOUTS if _all_alike(sample, layout)), "")


def _is_bsd_accounting(sample: bytes) -> bool:
    """FreeBSD sys/acct.h, struct acctv3: zero, version, length, command; the length once more near its end."""
    length = int.from_bytes(sample[2:4], "little")
    known = sample[:1] == b"\0" and sample[1:2] in {b"\2", b"\3"} and 64 <= length <= 256 and len(sample) >= length
    return known and bool(_TEXT.fullmatch(sample[4:20])) and sample[2:4] in sample[length - 16 : length]


def _all_alike(sample: bytes, layout: _Layout) -> bool:
    seen = 0
    for at in range(0, len(sample) - layout.size + 1, layout.size):
        record = sample[at : at + layout.size]
        if record.count(0) == layout.size:
            continue
        if not layout.good(record):
            return False
        seen += 1
        if seen == _RECORDS:
            break
    return seen > 0
