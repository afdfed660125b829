"""What a record of a login, a boot or a clock set anew says, in words near to those of last(1)."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import field
from functools import lru_cache

from logsleuth.records import dataclass
from logsleuth.sources.stores.layouts import Kind, Layout

_ODD = re.compile(r"[\x00-\x20\x7f-\x9f\\\u2028\u2029]")
_WITHOUT_NAME = ("LOGIN", "")
"""What getty and init call the user of a terminal on which nobody is."""
_SECOND = 1_000_000_000
_BY_LINE: dict[bytes, Kind] = {b"|": "old time", b"{": "new time", b"}": "new time"}
_BY_USER: dict[bytes, Kind] = {b"reboot": "boot", b"shutdown": "shutdown", b"runlevel": "runlevel"}


@dataclass(slots=True)
class Row:
    """One record, its texts still as in the file."""

    time: int
    """UTC nanoseconds."""
    type: int
    pid: int
    line: bytes
    user: bytes
    host: bytes
    addr: bytes = b""
    """16 bytes, of which IPv4 fills four; empty where there is none."""


@dataclass(slots=True)
class Words:
    """Says one record after the other of a file; a `new time` is told from the `old time` before it."""

    layout: Layout
    failures: bool
    """The file holds failed logins alone (btmp)."""
    _known: dict[bytes, str] = field(default_factory=dict)
    _old: int | None = None

    def say(self, row: Row) -> str:  # noqa: PLR0911 - one line a kind
        r"""The record in words. No text of it can end its word: blanks and control bytes are written `\x20`."""
        kind = kind_of(self.layout, row)
        line, user = self._word(row.line), self._word(row.user)
        if kind in {"login", "prompt"} and (self.failures or _failed(kind, row)):
            return f"failed login: {user or 'unknown'} {self.place(row)}"
        if kind == "login":
            return f"login: {user or 'unknown'} {self.place(row)}"
        if kind == "logout":
            return f"logout: {user} on {line}" if user else f"logout: {line or '?'}"
        if kind == "boot":
            return f"reboot: system boot{self._kernel(row)}"
        if kind == "shutdown":
            return f"shutdown: system down{self._kernel(row)}"
        if kind == "runlevel":
            return f"runlevel: to level {_level(row.pid & 0xFF)}{_from_level(row.pid >> 8)}{self._kernel(row)}"
        if kind in {"old time", "new time"}:
            return self._clock(kind, row.time)
        if kind == "prompt":
            return f"login prompt: {line or '?'}"
        what = {"init": "process of init", "empty": "free slot", "accounting": "accounting"}.get(kind, "record")
        return f"{what}: {user} on {line or '?'}" if user else f"{what}: {line or '?'}"

    def place(self, row: Row) -> str:
        """`on pts/0 from 192.0.2.7`."""
        return f"on {self._word(row.line) or '?'}{self._origin(row)}"

    def _clock(self, kind: Kind, time: int) -> str:
        if kind == "old time":
            self._old = time
            return "clock: old time"
        old, self._old = self._old, None
        if old is None:
            return "clock: new time"
        step = time - old
        sign, (seconds, rest) = "-" if step < 0 else "+", divmod(abs(step), _SECOND)
        fraction = f".{rest // 1000:06}" if rest else ""
        return f"clock: new time, {sign}{seconds}{fraction} s from the old one"

    def _kernel(self, row: Row) -> str:
        """Linux writes the kernel's release where a login has its host."""
        release = self._word(row.host)
        return f", kernel {release}" if release and release[0].isdigit() and not _is_address(release) else ""

    def _origin(self, row: Row) -> str:
        host = self._word(row.host)
        address = _address(row.addr) if row.addr.strip(b"\0") else ""
        if not host or host == address:
            return f" from {address}" if address else ""
        return f" from {host}" + (f" ({address})" if address and not _is_address(host) else "")

    def _word(self, raw: bytes) -> str:
        known = self._known.get(raw)
        if known is None:
            decoded = raw.split(b"\0", 1)[0].decode("utf-8", "backslashreplace")
            known = _ODD.sub(lambda found: "".join(f"\\x{b:02x}" for b in found[0].encode()), decoded)
            if len(self._known) < 1 << 16:
                self._known[raw] = known
        return known


def kind_of(layout: Layout, row: Row) -> Kind:
    """What a record is for: by its type, and by the lines that stand for the machine itself (`~`, `|`, `{`)."""
    if layout.kinds is None:
        named: Kind = "login" if row.user[:1].strip(b"\0") else "logout"
        kind = _BY_LINE.get(row.line.split(b"\0", 1)[0], named)
    else:
        kind = layout.kinds.get(row.type, "")
    if row.line[:1] == b"~" or kind == "runlevel":
        return _BY_USER.get(row.user.split(b"\0", 1)[0], kind)
    return kind


def _failed(kind: Kind, row: Row) -> bool:
    """Only login(1) and sshd, after a wrong password, name a user on a terminal where nobody is logged in."""
    named = row.user.split(b"\0", 1)[0].decode("latin-1") not in _WITHOUT_NAME
    return row.line.startswith(b"ssh:") or (kind == "prompt" and named)


def _level(byte: int) -> str:
    return chr(byte) if 0x20 < byte < 0x7F else "?"


def _from_level(value: int) -> str:
    return f" from {_level(value & 0xFF)}" if 0x20 < value & 0xFF < 0x7F else ""


@lru_cache(maxsize=1 << 16)
def _address(raw: bytes) -> str:
    short = raw[:4] if not any(raw[4:]) else raw
    address = ipaddress.ip_address(short)
    mapped = getattr(address, "ipv4_mapped", None)
    return str(mapped or address)


@lru_cache(maxsize=1 << 16)
def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    return True
