"""How an entry of the journal is shown: who said it, as journalctl -o short has it, and what, if it has no message."""

from __future__ import annotations

from collections.abc import Sequence

from logsleuth.sources.stores import record

NAMES = (
    b"MESSAGE=",
    b"_HOSTNAME=",
    b"SYSLOG_IDENTIFIER=",
    b"_COMM=",
    b"_PID=",
    b"SYSLOG_PID=",
    b"PRIORITY=",
    b"SYSLOG_FACILITY=",
)
"""The fields that a line shows (systemd.journal-fields(7))."""
MESSAGE, HOST, IDENTIFIER, COMM, PID, SYSLOG_PID, PRIORITY, FACILITY = range(8)
_USER = 1
"""Facility of a message that names none, as journald forwards it."""
_LONGEST_VALUE = 256


def prefix(
    host: bytes | None,
    identifier: bytes | None,
    comm: bytes | None,
    pid: bytes | None,
    syslog_pid: bytes | None,
    priority: bytes | None,
    facility: bytes | None,
) -> bytes:
    """A line with gaps for time (in UTC, without its `Z`) and message: `<PRI>%bZ HOST TAG[PID]: %b`."""
    number = ""
    if priority is not None and len(priority) == 1 and priority.isdigit() and int(priority) < 8:
        group = int(facility) if facility and len(facility) <= 3 and facility.isdigit() else _USER
        number = f"<{min(group, 127) * 8 + int(priority)}>"
    process = next((p for p in (pid, syslog_pid) if p and len(p) <= 10 and p.isdigit()), None)
    named = record.word(identifier or comm or b"")
    tag = b"%b[%b]" % (named, process) if process else named
    line = b"%b %b: " % (record.word(host or b"", b"-"), tag)
    return number.encode() + b"%bZ " + line.replace(b"%", b"%%") + b"%b\n"


def without_message(fields: Sequence[bytes]) -> bytes:
    """Of an entry's fields (`NAME=value`) those that the program itself gave, or journald's if there are none."""
    own = [one for one in fields if not one.startswith((b"_", *NAMES))]
    return b" ".join(_shown(one) for one in own or fields)


def _shown(whole: bytes) -> bytes:
    name, _, value = whole.partition(b"=")
    if len(value) > _LONGEST_VALUE or any(byte < 9 for byte in value):
        return b"%b=(%d bytes)" % (record.word(name), len(value))
    return b"%b=%b" % (record.word(name), value)
