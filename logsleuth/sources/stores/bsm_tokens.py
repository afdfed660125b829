"""The tokens of an audit record (audit.log(5)), as a sentence: event, what it was about, by whom, how it ended."""

from __future__ import annotations

import ipaddress
import struct
import uuid
from collections.abc import Callable

_NONE = 0xFFFFFFFF
_FOUR, _SIXTEEN = 4, 16
_ERRORS = (
    "EPERM", "ENOENT", "ESRCH", "EINTR", "EIO", "ENXIO", "E2BIG", "ENOEXEC", "EBADF", "ECHILD", "EAGAIN", "ENOMEM",
    "EACCES", "EFAULT", "ENOTBLK", "EBUSY", "EEXIST", "EXDEV", "ENODEV", "ENOTDIR", "EISDIR", "EINVAL", "ENFILE",
    "EMFILE", "ENOTTY", "ETXTBSY", "EFBIG", "ENOSPC", "ESPIPE", "EROFS", "EMLINK", "EPIPE", "EDOM", "ERANGE",
)  # fmt: skip
"""From 1 on, as a trail numbers them on any system (sys/bsm/audit_errno.h)."""
_MOST_ARGUMENTS = 256

# The events of programs, and of system calls those that change who runs, or whether a machine does.
EVENTS = {
    1: "exit", 2: "fork", 7: "exec", 15: "kill", 18: "acct", 20: "reboot", 23: "execve", 24: "chroot", 25: "vfork",
    32: "connect", 33: "accept", 34: "bind", 37: "settimeofday", 50: "adjtime", 56: "unmount", 62: "mount",
    111: "process dumped core", 113: "system booted", 183: "socket", 200: "setuid", 214: "setegid", 215: "seteuid",
    6144: "at job created", 6145: "at job deleted", 6147: "cron", 6148: "crontab created", 6149: "crontab deleted",
    6151: "inetd connection", 6152: "local login", 6153: "logout", 6154: "telnet login", 6155: "rlogin login",
    6156: "mount", 6157: "unmount", 6158: "rsh", 6159: "su", 6160: "system halt", 6161: "system reboot", 6163: "passwd",
    6165: "ftp login", 6166: "init", 6168: "system shutdown", 6170: "crontab modified", 6172: "ssh login",
    6173: "role login", 6207: "user created", 6208: "user modified", 6209: "user deleted",
    6300: "sudo", 6501: "password modified", 6511: "group created", 6512: "group deleted", 6513: "group modified",
    6600: "loginwindow login", 6601: "loginwindow logout", 7000: "user authentication", 32800: "ssh login",
    43127: "posix_spawn", 44901: "session start", 44902: "session update", 44903: "session end", 44904: "session close",
    45000: "audit started", 45001: "audit stopped", 45014: "password modified", 45015: "group created",
    45016: "group deleted", 45017: "group modified", 45018: "added to group", 45019: "removed from group",
    45021: "loginwindow login", 45022: "loginwindow logout", 45023: "user authentication", 45025: "authorization",
    45028: "sudo", 45029: "audit recovered from a crash",
}  # fmt: skip


class _Reader:
    """Reads numbers and texts of a record, and notes what they say."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0
        self.about: list[bytes] = []
        self.by = b""
        self.pid: int | None = None
        self.end = b""
        self.failed = False

    def take(self, form: str) -> tuple[int, ...]:
        """Numbers in a `struct` format, big-endian; struct.error where they are not whole."""
        found = struct.unpack_from(">" + form, self.data, self.at)
        self.at += struct.calcsize(">" + form)
        return found

    def skip(self, size: int) -> None:
        """Over some bytes; struct.error where they are not there."""
        if self.at + size > len(self.data):
            raise struct.error
        self.at += size

    def raw(self, size: int) -> bytes:
        """Some bytes."""
        begin = self.at
        self.skip(size)
        return self.data[begin : self.at]

    def text(self) -> bytes:
        """A text behind its length."""
        (size,) = self.take("H")
        return self.raw(size).split(b"\0", 1)[0]

    def string(self) -> bytes:
        """A text up to its NUL."""
        end = self.data.find(b"\0", self.at)
        if end < 0:
            raise struct.error
        said = self.data[self.at : end]
        self.at = end + 1
        return said

    def address(self, *, sized: bool) -> bytes:
        """Of four bytes, or with its length in four before it; empty for none."""
        size = self.take("I")[0] if sized else _FOUR
        found = self.raw(_SIXTEEN if size == _SIXTEEN else _FOUR)
        return str(ipaddress.ip_address(found)).encode() if found.strip(b"\0") else b""


def _subject(r: _Reader, *, wide: bool, sized: bool) -> None:
    login, effective, _, real, _, pid, _ = r.take("7I")
    r.take("Q" if wide else "I")
    source = r.address(sized=sized)
    r.pid = pid
    by = b" by uid %d" % effective
    if login not in {_NONE, effective}:
        by += b", logged in as uid %d" % login
    if real not in {effective, login}:
        by += b", really uid %d" % real
    r.by = by + (b" from " + source if source else b"")


def _process(r: _Reader, *, wide: bool, sized: bool) -> None:
    _, effective, _, _, _, pid, _ = r.take("7I")
    r.take("Q" if wide else "I")
    r.address(sized=sized)
    r.about.append(b"process %d of uid %d" % (pid, effective))


def _return(r: _Reader, *, wide: bool) -> None:
    status, value = r.take("BQ" if wide else "BI")
    r.failed = status != 0
    if r.failed:
        name = _ERRORS[status - 1] if status <= len(_ERRORS) else f"error {status}"
        r.end = b": failed (%b)" % name.encode()
    elif value and value not in {_NONE, (1 << 64) - 1}:
        r.end = b": done (%d)" % value
    else:
        r.end = b": done"


def _argument(r: _Reader, *, wide: bool) -> None:
    _, value = r.take("BQ" if wide else "BI")
    r.about.append(r.text() + b"=%d" % value)


def _strings(r: _Reader, *, shown: bool) -> None:
    (count,) = r.take("I")
    words = [r.string() for _ in range(min(count, _MOST_ARGUMENTS))]
    for _ in range(count - len(words)):
        r.string()
    if shown:
        r.about.append(b"[" + b" ".join(words) + b"]")


def _socket(r: _Reader, *, size: int) -> None:
    _, port = r.take("HH")
    found = r.raw(size)
    r.about.append(b"%b port %d" % (str(ipaddress.ip_address(found)).encode(), port))


def _unix_socket(r: _Reader) -> None:
    r.take("H")
    r.about.append(r.string())


def _uuid(r: _Reader) -> None:
    r.take("B")
    said = str(uuid.UUID(bytes=r.raw(_SIXTEEN))).encode()
    r.about.append(r.text() + b"=" + said)


def _file(r: _Reader) -> None:
    r.take("II")
    r.about.append(r.text())


def _privilege(r: _Reader) -> None:
    r.take("B")
    r.about.append(r.text())


def _privileges(r: _Reader) -> None:
    r.text()
    r.text()


def _identity(r: _Reader) -> None:
    r.take("I")
    name = r.text()
    r.take("B")
    r.text()
    r.take("B")
    r.text()
    if name:
        r.about.append(b"signed as " + name)


def _opaque(r: _Reader) -> None:
    (size,) = r.take("H")
    r.skip(size)


def _groups(r: _Reader) -> None:
    (count,) = r.take("H")
    r.skip(4 * count)


def _exit(r: _Reader) -> None:
    status, _ = r.take("II")
    r.end = b": status %d" % status


def _data(r: _Reader) -> None:
    _, unit, count = r.take("BBB")
    r.skip((1, 2, 4, 8)[unit & 3] * count)


def _socket_ex(r: _Reader) -> None:
    _, _, family, _ = r.take("HHHH")
    size = _SIXTEEN if family == _SIXTEEN else _FOUR
    r.skip(size)
    (port,) = r.take("H")
    found = r.raw(size)
    r.about.append(b"%b port %d" % (str(ipaddress.ip_address(found)).encode(), port))


def _fixed(size: int) -> Callable[[_Reader], None]:
    return lambda r: r.skip(size)


_TOKENS: dict[int, Callable[[_Reader], None]] = {
    0x21: _data, 0x22: _fixed(5), 0x23: lambda r: r.about.append(r.text()), 0x28: lambda r: r.about.append(r.text()),
    0x24: lambda r: _subject(r, wide=False, sized=False), 0x75: lambda r: _subject(r, wide=True, sized=False),
    0x7A: lambda r: _subject(r, wide=False, sized=True), 0x7C: lambda r: _subject(r, wide=True, sized=True),
    0x26: lambda r: _process(r, wide=False, sized=False), 0x77: lambda r: _process(r, wide=True, sized=False),
    0x7B: lambda r: _process(r, wide=False, sized=True), 0x7D: lambda r: _process(r, wide=True, sized=True),
    0x27: lambda r: _return(r, wide=False), 0x72: lambda r: _return(r, wide=True), 0x29: _opaque,
    0x2A: lambda r: r.about.append(r.address(sized=False)), 0x7E: lambda r: r.about.append(r.address(sized=True)),
    0x2B: _fixed(20), 0x2C: lambda r: r.about.append(b"port %d" % r.take("H")[0]), 0x2E: _fixed(14), 0x2F: _fixed(4),
    0x2D: lambda r: _argument(r, wide=False), 0x71: lambda r: _argument(r, wide=True), 0x31: _fixed(28),
    0x32: _fixed(28), 0x34: _fixed(64), 0x3B: _groups, 0x3C: lambda r: _strings(r, shown=True),
    0x3D: lambda r: _strings(r, shown=False), 0x3E: _fixed(28), 0x73: _fixed(32), 0x52: _exit,
    0x60: lambda r: r.about.append(b"zone " + r.text()), 0x7F: _socket_ex, 0x80: lambda r: _socket(r, size=_FOUR),
    0x81: lambda r: _socket(r, size=_SIXTEEN), 0x82: _unix_socket, 0x84: _uuid, 0x85: _uuid, 0x11: _file,
    0x38: _privileges, 0x39: _privilege, 0xED: _identity,
}  # fmt: skip


def told(event: int, data: bytes) -> tuple[bytes, int | None, bool, bool]:
    """What a record's tokens say: its text, its process, whether it failed, and whether all tokens could be read."""
    r = _Reader(data)
    whole = True
    while r.at < len(data):
        read = _TOKENS.get(data[r.at])
        r.at += 1
        if read is None:
            whole = False
            break
        try:
            read(r)
        except struct.error:
            whole = False
            break
    about = b" ".join(part for part in r.about if part)
    name = EVENTS.get(event, f"event {event}").encode()
    return name + (b" " + about if about else b"") + r.by + r.end, r.pid, r.failed, whole
