"""Messages inside others: what one program writes by way of another, and syslog lines quoted in plain text."""

from __future__ import annotations

import re
from typing import NamedTuple

_INNER = re.compile(
    r"""
    (?:[>|*+]|\s)*                                     # marks of a quotation
    (?:\[\ *\d+\.\d+\]\ *)?                             # the kernel's seconds
    (?:
        (?P<lead>(?:\S+\ +){0,7}?)                     # a stamp that no format reads, a host, a facility
        (?:(?P<program>[A-Za-z][\w./@+-]{0,60})\[(?:(?P<pid>\d{1,9})|[xX*]+)\]:?\ | (?P<kernel>kernel):\ )
    |   (?:\S+\ +){0,4}\d\d:\d\d:\d\d\S*\ +(?:\S+\ +)??(?P<daemon>[A-Za-z][\w./@+-]{0,60}):\ +
    )
    (?P<text>\S.*)""",
    re.VERBOSE | re.DOTALL,
)
"""`> lis 02 20:23:06 mill sshd[312]: text`: a tag further on in a line whose beginning no format reads."""
_RELAYED = re.compile(r"[\w.@-]+ \((?P<pid>\d{1,9})\): (?P<program>[A-Za-z][\w.-]{0,30}): (?P<text>\S.*)", re.DOTALL)
"""`wan (8347): udhcpc: text`: OpenWrt's netifd hands on what its children print."""
_QUOTED = re.compile(r"(?:[>|]\s?)+(?P<text>\S.*)", re.DOTALL)


class Nested(NamedTuple):
    """A message within a message."""

    program: str
    """Empty if nothing names it."""
    pid: int
    """-1 if nothing tells it."""
    text: str


def message_in(program: str, text: str) -> Nested | None:
    """What `program` hands on from another one in its message; without a program, what a whole line quotes."""
    if not program:
        found = _INNER.match(text) or _QUOTED.match(text)
    elif program == "netifd":
        found = _RELAYED.match(text)
    elif program == "kernel":
        # Early in a boot daemons write into the kernel's ring: `systemd[1]: text`.
        found = _INNER.match(text)
        found = found if found and found["lead"] == "" else None
    else:
        return None
    if found is None:
        return None
    said = found.groupdict()
    name = said.get("program") or said.get("kernel") or said.get("daemon") or ""
    return Nested(name.rpartition("/")[2], int(said.get("pid") or -1), said["text"])
