"""Layouts of the records that login(1), init and sshd append to wtmp, btmp and utmp, as NumPy dtypes.

They have no magic bytes; which one a file holds is told by how many of its records make sense.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from logsleuth.records import dataclass

Kind = Literal[
    "empty",
    "runlevel",
    "boot",
    "new time",
    "old time",
    "init",
    "prompt",
    "login",
    "logout",
    "accounting",
    "shutdown",
    "",
]
Records = NDArray[np.void]
Mask = NDArray[np.bool_]

SINCE, UNTIL = 600_000_000, 4_102_444_800
"""Plausible seconds: 1989 to 2100."""
SIGNATURE = 10
"""Type of the record with which macOS and NetBSD begin the file."""
_TERMINALS = (b"tty", b"pts", b"console", b"cua", b"ftp", b"vty", b":", b"~", b"|", b"{", b"}")
_MOST_PID = 1 << 26
_CLASSIC: Mapping[int, Kind] = {5: "init", 6: "prompt", 7: "login", 8: "logout", 9: "accounting", 0: "empty"}
_LINUX: Mapping[int, Kind] = {1: "runlevel", 2: "boot", 3: "new time", 4: "old time", **_CLASSIC}
_SYSV: Mapping[int, Kind] = {1: "runlevel", 2: "boot", 3: "old time", 4: "new time", **_CLASSIC}
_MAC: Mapping[int, Kind] = {**_SYSV, SIGNATURE: "", 11: "shutdown"}
_SOLARIS: Mapping[int, Kind] = {**_SYSV, 10: "shutdown"}


@dataclass(frozen=True)
class Layout:
    """One layout of a record."""

    name: str
    record: np.dtype[np.void]
    """Fields: `line`, `user`, `host`, `sec`; some have `type`, `pid`, `usec`, `addr`."""
    kinds: Mapping[int, Kind] | None
    """Of `type`; None where it is told by line and user alone, as the BSDs do."""

    @property
    def size(self) -> int:
        """Bytes of a record."""
        return int(self.record.itemsize)

    def has(self, field: str) -> bool:
        """Whether its records have a field."""
        return field in (self.record.names or ())


def _dtype(order: str, size: int, **fields: tuple[str, int]) -> np.dtype[np.void]:
    """`name=(format, offset)`, numbers in the given byte order."""
    return np.dtype(
        {
            "names": list(fields),
            "formats": [form if form[0] == "S" or form[-2:] == "u1" else order + form for form, _ in fields.values()],
            "offsets": [at for _, at in fields.values()],
            "itemsize": size,
        }
    )


def each_order(name: str, kinds: Mapping[int, Kind] | None, size: int, **fields: tuple[str, int]) -> tuple[Layout, ...]:
    """The same layout in either order of bytes; `name=(format, offset)`."""
    return tuple(
        Layout(f"{name}, {word}", _dtype(order, size, **fields), kinds)
        for order, word in (("<", "little-endian"), (">", "big-endian"))
    )


_GLIBC: dict[str, tuple[str, int]] = {
    "type": ("i2", 0), "pid": ("i4", 4), "line": ("S32", 8), "user": ("S32", 44), "host": ("S256", 76),
}  # fmt: skip
LAYOUTS: tuple[Layout, ...] = (
    # glibc bits/utmp.h: session and time have 32 bits where a 32-bit program shares the file (x86, s390x, ppc64) ...
    *each_order("Linux utmp", _LINUX, 384, **_GLIBC, sec=("u4", 340), usec=("i4", 344), addr=("16u1", 348)),
    # ... and 64 elsewhere (aarch64, riscv64).
    *each_order("Linux utmp with 64-bit time", _LINUX, 400, **_GLIBC, sec=("i8", 344), usec=("i8", 352),
                 addr=("16u1", 360)),
    # xnu's struct utmpx32, the form in the file.
    *each_order("macOS utmpx", _MAC, 628, user=("S256", 0), line=("S32", 260), pid=("i4", 292), type=("i2", 296),
                 sec=("u4", 300), usec=("i4", 304), host=("S256", 308)),
    # NetBSD utmpx.h on 64-bit machines.
    *each_order("NetBSD utmpx", _MAC, 520, user=("S32", 0), line=("S32", 36), host=("S256", 68), type=("u2", 326),
                 pid=("i4", 328), sec=("i8", 464), usec=("i4", 472)),
    # Solaris utmpx.h, struct futmpx.
    *each_order("Solaris utmpx", _SOLARIS, 372, user=("S32", 0), line=("S32", 36), pid=("i4", 68), type=("i2", 72),
                 sec=("u4", 80), usec=("i4", 84), host=("S257", 114)),
    # OpenBSD utmp.h, since 5.5 and before.
    *each_order("OpenBSD utmp", None, 304, line=("S8", 0), user=("S32", 8), host=("S256", 40), sec=("i8", 296)),
    *each_order("OpenBSD utmp with 32-bit time", None, 300, line=("S8", 0), user=("S32", 8), host=("S256", 40),
                 sec=("u4", 296)),
    # FreeBSD before 9, and the older 4.4BSD form that NetBSD kept.
    *each_order("FreeBSD utmp", None, 44, line=("S8", 0), user=("S16", 8), host=("S16", 24), sec=("u4", 40)),
    *each_order("NetBSD utmp", None, 40, line=("S8", 0), user=("S8", 8), host=("S16", 16), sec=("i8", 32)),
    *each_order("BSD utmp", None, 36, line=("S8", 0), user=("S8", 8), host=("S16", 16), sec=("u4", 32)),
)  # fmt: skip


def view(data: bytes | memoryview, record: np.dtype[np.void]) -> Records:
    """The whole records that the bytes begin with."""
    count = len(data) // record.itemsize
    return np.frombuffer(data, record, count) if count else np.zeros(0, record)


def everywhere(data: bytes, record: np.dtype[np.void]) -> Records:
    """A record at each byte, as far as whole ones go; they overlap, and nothing is copied."""
    count = len(data) - record.itemsize + 1
    return np.ndarray((count,), record, data, strides=(1,)) if count > 0 else np.zeros(0, record)


def blank(records: Records) -> Mask:
    """Records of nothing but NUL bytes."""
    if not len(records):
        return np.zeros(0, bool)
    raw = np.ascontiguousarray(records).view(np.uint8).reshape(len(records), -1)
    empty: Mask = np.logical_not(raw.max(axis=1))
    return empty


def numbers_fit(records: Records, layout: Layout) -> Mask:
    """Records whose type, process and time can be true."""
    good: Mask = np.logical_and(records["sec"] > SINCE, records["sec"] < UNTIL)
    if layout.has("usec"):
        good &= (records["usec"] >= 0) & (records["usec"] < 1_000_000)
    if layout.kinds is not None:
        known = np.zeros(64, bool)
        known[list(layout.kinds)] = True
        kind = records["type"]
        inside = (kind >= 0) & (kind < len(known))
        good &= inside & known[np.where(inside, kind, 0)]
        good &= (records["pid"] >= 0) & (records["pid"] < _MOST_PID)
    return good


def slots(records: Records, layout: Layout) -> Mask:
    """Records without a time that are none of a login: a slot that is free, the signature that begins a utmpx."""
    free: Mask = np.zeros(len(records), bool)
    if layout.kinds is not None:
        np.logical_and(records["sec"] == 0, np.isin(records["type"], (0, SIGNATURE)), out=free)
        free &= texts_fit(records, layout)
    return free


def texts_fit(records: Records, layout: Layout) -> Mask:
    """Records whose terminal is a word of printable bytes, and in which somebody or something stands."""
    lead = np.zeros(len(records), bool)
    for name in filter(layout.has, ("line", "user", "host")):
        lead |= _first_byte(records[name]) > ord(" ")
    good = _printable(records["line"])
    if layout.kinds is None:
        # Only these fields tell such a record from chance.
        good &= _first_byte(records["line"]) > ord(" ")
        for name in filter(layout.has, ("user", "host")):
            good &= _printable(records[name])
    else:
        good &= lead | np.isin(records["type"], (0, 2, SIGNATURE))
    return good


def fits(records: Records, layout: Layout) -> Mask:
    """Records that can be what the layout says they are."""
    return numbers_fit(records, layout) & texts_fit(records, layout)


def tidy(records: Records, layout: Layout) -> Mask:
    """Records as programs write them: each text filled up with NUL bytes, and a terminal's name where one must be.

    Stricter than `fits`, for it decides whether a file holds such records at all.
    """
    good: Mask = np.ones(len(records), bool)
    for name in filter(layout.has, ("line", "user", "host")):
        raw = _matrix(records[name])
        ended = np.logical_or.accumulate(raw == 0, axis=1)
        # Who fails to log in chooses the bytes of his name.
        plain = True if name == "user" and layout.kinds is not None else (raw >= 0x20) & (raw < 0x7F)
        good &= np.where(ended, raw == 0, plain).all(axis=1)
    if layout.kinds is None:
        line = records["line"]
        named = np.zeros(len(records), bool)
        for start in _TERMINALS:
            named |= np.char.startswith(line, start)
        good &= named
    return good


def _first_byte(texts: NDArray[np.bytes_]) -> NDArray[np.uint8]:
    return _matrix(texts)[:, 0]


def _printable(texts: NDArray[np.bytes_]) -> Mask:
    """No control byte before the first NUL, which ends the text."""
    raw = _matrix(texts)
    ended = np.logical_or.accumulate(raw == 0, axis=1)
    good: Mask = ((raw >= 0x20) & (raw != 0x7F) | ended).all(axis=1)
    return good


def _matrix(texts: NDArray[np.bytes_]) -> NDArray[np.uint8]:
    flat = np.ascontiguousarray(texts)
    return flat.view(np.uint8).reshape(len(flat), texts.dtype.itemsize)
