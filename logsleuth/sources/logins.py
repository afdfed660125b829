"""Binary records of logins (wtmp, btmp, utmp, lastlog), told by their structure: they have no magic bytes."""

import re
from typing import NamedTuple


class _Layout(NamedTuple):
    size: int
    time: int
    """Offset of the seconds, 32 bits little-endian (the low half where there are 64)."""
    texts: tuple[tuple[int, int], ...]
    """Offset and length of the fields that hold a string filled up with NUL bytes."""


_LAYOUTS = (
    _Layout(384, 340, ((8, 32), (44, 32), (76, 256))),  # glibc utmp(5): line, user, host
    _Layout(400, 344, ((8, 32), (44, 32), (76, 256))),  # the same with a 64-bit time (aarch64)
    _Layout(292, 0, ((4, 32), (36, 256))),  # glibc lastlog: line, host
    _Layout(296, 0, ((8, 32), (40, 256))),
    _Layout(44, 40, ((0, 8), (8, 16), (24, 16))),  # FreeBSD before 9 utmp(5): line, name, host
    _Layout(28, 0, ((4, 8), (12, 16))),  # FreeBSD before 9 lastlog
    _Layout(304, 296, ((0, 8), (8, 32), (40, 256))),  # OpenBSD utmp(5)
)
_RECORDS = 8
"""This many that are not empty decide."""
_STRING = re.compile(rb"[\x20-\x7e]*\0*")
_SINCE, _UNTIL = 600_000_000, 4_102_444_800
"""1989 to 2100."""


def login_records(sample: bytes, size: int = 0) -> bool:
    """The sample starts such a file, or ends it: the size of the whole then tells where records begin."""
    return any(
        _all_alike(sample[skipped:], layout)
        for layout in _LAYOUTS
        for skipped in {0, (len(sample) % layout.size) if size and size % layout.size == 0 else 0}
    )


def _all_alike(sample: bytes, layout: _Layout) -> bool:
    seen = 0
    for at in range(0, len(sample) - layout.size + 1, layout.size):
        record = sample[at : at + layout.size]
        if record.count(0) == layout.size:
            continue
        if not _plausible(record, layout):
            return False
        seen += 1
        if seen == _RECORDS:
            break
    return seen > 0


def _plausible(record: bytes, layout: _Layout) -> bool:
    """Strings end in NUL bytes, at least one of them says something, and the time is one."""
    if record.count(0) < layout.size // 8:  # "2026-01-01 ..." would otherwise be a time and two strings
        return False
    if not _SINCE < int.from_bytes(record[layout.time : layout.time + 4], "little") < _UNTIL:
        return False
    texts = [record[start : start + length] for start, length in layout.texts]
    return any(text[:1] > b" " for text in texts) and all(_STRING.fullmatch(text) for text in texts)
