"""Events that two hosts both log: what each of them writes, and the key by which one finds the other's line.

- A mail: Postfix writes `ID: to=<...>, status=sent (250 2.0.0 Ok: queued as QID)` where it sends, and where it receives
  `QID: client=...` (smtp_proto.c, smtpd.c).
- A lease: the client writes the address that it was given (dhclient.c, dhcpcd's dhcp.c, udhcpc's dhcpc.c,
  NetworkManager, systemd-networkd), the server the one that it gave (ISC dhcpd's dhcp.c, dnsmasq's rfc2131.c, Kea).
- A connection: the client's or a router's netfilter logs its first packet, sshd the client's address and port.
- A packet: netfilter of both logs it, with its addresses, ports and its number (IP's ID).
- A message that was forwarded to a log server: the line without its stamp (`copies`).

NFS is none of them: `server not responding` and what its server writes name nothing in common.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from logsleuth.clock.offsets import UNKNOWN
from logsleuth.entries.batch import Batch
from logsleuth.entries.copies import hashed
from logsleuth.formats import vector
from logsleuth.lazy import lazy_pattern
from logsleuth.records import dataclass

_FOUR = rb"(\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3})"
_PACKET = lazy_pattern(rb"\bSRC=([\d.a-f:]{2,45}) DST=([\d.a-f:]{2,45}) ([^\n]{1,300})")
_FIRST = lazy_pattern(rb"PROTO=TCP SPT=(\d+) DPT=(\d+) .*\bSYN ")
_NUMBER = lazy_pattern(rb"\bID=(\d+) ")
_GIVEN = (
    rb"dhcpd(?:\[\d+\])?: DHCPACK on " + _FOUR + rb" to ",
    rb"dnsmasq-dhcp\[\d+\]: (?:\d+ )?DHCPACK\([\w.-]+\) " + _FOUR + rb" ",
    rb"DHCP4_LEASE_ALLOC [^\n]{0,300}lease " + _FOUR,
)
_BOUND = (
    rb"dhclient(?:\[\d+\])?: bound to " + _FOUR,
    rb"dhcpcd(?:\[\d+\])?: [\w.-]+: leased " + _FOUR + rb" for",
    rb"udhcpc(?:\[\d+\])?: lease of " + _FOUR + rb" obtained",
    rb"dhcp4 \([\w.-]+\): state changed [^\n]{0,100}address=" + _FOUR,
    rb"systemd-networkd\[\d+\]: [\w.-]+: DHCPv4 address " + _FOUR + rb"/",
)

Key = tuple[bytes, ...]
Moments = dict[Key, list[int]]
"""UTC nanoseconds of the lines with a key, in the order of the file."""


@dataclass(frozen=True)
class Shared:
    """A kind of event that both hosts of a pair log."""

    name: str
    words: str
    """How many there were, and who did what, as an assumption says it."""
    given: re.Pattern[bytes]
    """What the first of them writes; its groups are the key."""
    taken: re.Pattern[bytes]
    """What the second writes."""
    signs: tuple[bytes, ...]
    """One of them stands in every line that `given` reads, for a quick look."""
    marks: tuple[bytes, ...]
    """The same for `taken`."""
    slow: bool = False
    """What the second writes may come some seconds after the first's: where people type."""
    again: bool = False
    """The same key comes again: a lease is renewed."""
    least: int = 3


KINDS = (
    Shared(
        "mail",
        "{count} mails that {giver} handed to it, such as {key}",
        lazy_pattern(rb"status=sent \(250 2\.0\.0 Ok: queued as (\w{8,20})\)"),
        lazy_pattern(rb"/smtpd\[\d+\]: (\w{8,20}): client="),
        (b"queued as",),
        (b": client=",),
    ),
    Shared(
        "lease",
        "{count} leases that both logs name, such as that of {key}",
        lazy_pattern(b"|".join(_GIVEN)),
        lazy_pattern(b"|".join(_BOUND)),
        (b": DHCPACK on ", b": DHCPACK(", b" DHCPACK(", b"DHCP4_LEASE_ALLOC"),
        (b": bound to ", b": leased ", b": lease of ", b"): state changed ", b": DHCPv4 address "),
        again=True,
    ),
    Shared(
        "connection",
        "{count} connections that {giver} saw begin, such as that from {key}",
        _PACKET,
        lazy_pattern(rb"sshd(?:-session)?\[\d+\]: [^\n]{0,200}? from ([\d.a-f:]{2,45}) port (\d+)\b"),
        (b" SPT=",),
        (b" port ",),
        slow=True,
    ),
    Shared(
        "packet",
        "{count} packets that both saw, such as that from {key}",
        _PACKET,
        _PACKET,
        (b" SPT=",),
        (b" SPT=",),
    ),
)
_NONE = lazy_pattern(rb"(?!)")
COPIES = Shared("copy", "{count} lines that {giver} forwarded to it", _NONE, _NONE, (), (), least=5)


def _key(kind: Shared, match: re.Match[bytes], *, given: bool) -> Key | None:
    """The key of a match; None where it tells too little to be sure."""
    if kind.given is not _PACKET or not (given or kind.taken is _PACKET):
        return tuple(group for group in match.groups() if group is not None)
    source, target, rest = match.groups()
    first, number = _FIRST.search(rest), _NUMBER.search(rest)
    if first is None:
        return None
    if kind.taken is not _PACKET:
        return (source, first[1]) if first[2] == b"22" else None
    # Without its number a packet that is sent again is not told from the first.
    return None if number is None else (source, first[1], target, first[2], number[1])


def events(kind: Shared, batch: Batch, text: bytes, *, given: bool) -> Iterator[tuple[Key, int]]:
    """(Key, UTC nanoseconds) of the lines of one batch."""
    for match in (kind.given if given else kind.taken).finditer(text):
        key = _key(kind, match, given=given)
        time = int(batch.time[batch.entry_at(match.start())])
        if key is not None and time != UNKNOWN:
            yield key, time


def copies(batch: Batch, host: str) -> Iterator[tuple[Key, int]]:
    """The same of all lines that name a host and a program, by what follows the host."""
    columns = batch.columns()
    name = host.encode()
    fits = (columns.host_end - columns.host_at == len(name)) & (columns.program_end > columns.program_at)
    fits &= (batch.time != UNKNOWN) & vector.starts(batch.view, columns.host_at, name[: vector.PAD - 1])
    rows = np.flatnonzero(fits)
    if not rows.size:
        return
    seed = np.zeros(len(rows), np.uint64)
    code = hashed(batch.view, columns.program_at[rows], batch.line_stop[rows], seed)
    for value, time in zip(code.tolist(), batch.time[rows].tolist(), strict=True):
        yield (b"%d" % value,), time
