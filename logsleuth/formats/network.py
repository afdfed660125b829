"""Logs of network devices as they keep them themselves: Cisco IOS and IOS XR, MikroTik RouterOS."""

from __future__ import annotations

import numpy as np

from logsleuth.formats import body, sysline, vector
from logsleuth.formats.levels import level_words
from logsleuth.formats.loose import LooseStamp
from logsleuth.formats.model import NO_SEVERITY, Columns, Format, severe
from logsleuth.formats.placed import Placed
from logsleuth.formats.stamp import NO_ZONE, Stamp, Stamps
from logsleuth.formats.vector import Bytes, Mask, Positions, Words
from logsleuth.records import dataclass

_LONGEST_TOPICS = 48
_UNITS = np.zeros(256, np.int64)
_UNITS[[ord(unit) for unit in "hdwy"]] = (3600, 86_400, 7 * 86_400, 365 * 86_400)
"""Seconds."""


def _numbered(buffer: Bytes, view: Words, start: Positions, stop: Positions) -> tuple[Positions, Mask]:
    """Behind `000123: ` (service sequence-numbers), `RP/0/RSP0/CPU0:`, and `*` or `.` of a clock that is not set."""
    colon = vector.find_byte(view, start, np.minimum(stop, start + 20), ord(":"))
    _, digits_end = body.numbers(view, start)
    number = (digits_end > start) & (digits_end == colon)
    card = (view[start] & vector.KEEP[3] == vector.word(b"RP/")) | (view[start] & vector.KEEP[3] == vector.word(b"LC/"))
    behind = (colon < stop) & (number | card)
    at = body.skip_spaces(buffer, np.where(behind, colon + 1, start), stop, 2)
    mark = (buffer[np.minimum(at, stop)] == ord("*")) | (buffer[np.minimum(at, stop)] == ord("."))
    return np.minimum(at + mark, stop), np.ones(len(start), bool)


def _mnemonic(buffer: Bytes, view: Words, at: Positions, stop: Positions) -> Columns:
    """`: %LINK-3-UPDOWN: text`; of IOS XR `: ifmgr[250]: %PKT_INFRA-LINK-3-UPDOWN : text`."""
    colon = (at < stop) & (buffer[np.minimum(at, stop)] == ord(":"))
    columns = body.tagged(buffer, view, np.minimum(at + colon, stop), stop)
    here = np.where(columns.pid >= 0, columns.text_at, columns.program_at)
    severity = sysline.mnemonic(buffer, view, np.minimum(here, stop), stop)
    own = (severity >= 0) & (columns.pid < 0)
    return columns._replace(
        severity=severity,
        program_end=np.where(own, columns.program_at, columns.program_end),
        text_at=np.where(own, here, columns.text_at),
    )


def _topics(buffer: Bytes, view: Words, at: Positions, stop: Positions) -> Columns:
    """` interface,info text`: the last topic is the severity."""
    at = body.skip_spaces(buffer, at, stop)
    end = vector.find_byte(view, at, np.minimum(stop, at + _LONGEST_TOPICS), ord(" "))
    last = sysline.last_of(view, at, end, b",")
    severity = level_words(view, np.where(last < end, last + 1, at), end)
    known = (severity >= 0) & (last < end)
    text = body.skip_spaces(buffer, np.where(known, end, at), stop)
    none = np.full(len(at), -1, np.int64)
    return Columns(at, at, at, np.where(known, last, at), none, np.where(known, severity, NO_SEVERITY), text)


_FIRST = b"JFMASOND0123456789*.RL"
CISCO = Format(
    name="cisco",
    about="Cisco IOS and IOS XR: show logging",
    stamp=Placed(LooseStamp("Mmm D H:MM:SS.fZZZ"), _numbered, _FIRST),
    body=_mnemonic,
    check=severe,
    kind="syslog",
    samples=(
        b"Mar  1 18:46:11.123: %LINK-3-UPDOWN: Interface GigabitEthernet0/1, changed state to down",
        b"000123: *Mar  1 18:46:11.123 CET: %SYS-5-CONFIG_I: Configured from console by rika on vty0 (192.0.2.7)",
        b".Mar  1 18:46:11: %SYS-SP-2-MALLOCFAIL: Memory allocation of 65536 bytes failed",
        b"RP/0/RSP0/CPU0:Mar  1 18:46:11.123 UTC: ifmgr[250]: %PKT_INFRA-LINK-3-UPDOWN : Interface Te0/0/0/1, Down",
    ),
)
CISCO_YEAR = Format(
    name="cisco-year",
    about="Cisco IOS with the year",
    stamp=Placed(LooseStamp("Mmm D YYYY H:MM:SS.fZZZ"), _numbered, _FIRST),
    body=_mnemonic,
    check=severe,
    kind="syslog",
    samples=(
        b"Mar 1 2023 18:46:11.123 UTC: %LINEPROTO-5-UPDOWN: Line protocol on Interface Gi0/1, changed state to up",
        b"000124: *Mar  1 2023 18:46:11: %SYS-6-LOGGINGHOST_STARTSTOP: Logging to host 192.0.2.9 started",
        b"Mar 01 2023 18:46:11: %ASA-4-106023: Deny tcp src outside:192.0.2.7/50211 dst inside:10.0.0.5/22",
    ),
)


@dataclass(frozen=True)
class _Uptime:
    """`00:00:46: `, `2d03h: `, `1w2d: `, `3y12w: ` before the message: what passed since the boot, in whole units."""

    yearless: bool = False
    relative: bool = True
    first_bytes: bytes = b"0123456789*."

    def decode(self, buffer: Bytes, view: Words, start: Positions, stop: Positions) -> Stamps:
        """Read the stamp of every line [start, stop)."""
        at, _ = _numbered(buffer, view, start, stop)
        # `00:00:46` begins as a sequence number does.
        bare, _ = vector.clock_time(view[start])
        at = np.where(bare, start, at)
        clocked, seconds = vector.clock_time(view[np.minimum(at, stop)])
        end, total = at, np.zeros(len(at), np.int64)
        known = np.ones(len(at), bool)
        for _ in range(2):
            count, after = body.numbers(view, np.minimum(end, stop))
            unit = _UNITS[buffer[np.minimum(after, stop)]]
            known &= (count >= 0) & (unit > 0)
            total += np.where(known, count, 0) * unit
            end = after + 1
        end = np.where(clocked, at + 8, np.where(known, end, at))
        good = (clocked | known) & vector.starts(view, np.minimum(end, stop), b": %")
        wall = np.where(good, np.where(clocked, seconds, total), 0) * 1_000_000_000
        return Stamps(good, wall, np.full(len(at), NO_ZONE, np.int64), np.where(good, end, start))


CISCO_UPTIME = Format(
    name="cisco-uptime",
    about="Cisco IOS with service timestamps log uptime: minutes, hours or days since the boot",
    stamp=_Uptime(),
    body=_mnemonic,
    check=severe,
    kind="syslog",
    samples=(
        b"00:00:46: %LINK-3-UPDOWN: Interface Port-channel1, changed state to up",
        b"000123: 2d03h: %LINEPROTO-5-UPDOWN: Line protocol on Interface Gi0/1, changed state to down",
        b"1w2d: %SYS-5-CONFIG_I: Configured from console by rika on vty0 (192.0.2.7)",
    ),
)
MIKROTIK = Format(
    name="mikrotik",
    about="MikroTik RouterOS before 7.10, of the year",
    stamp=Stamp("mmm/DD HH:MM:SS"),
    body=_topics,
    check=severe,
    samples=(
        b"mar/01 18:46:11 interface,info ether1 link down",
        b"mar/01 18:46:12 system,error,critical login failure for user admin from 192.0.2.7 via ssh",
        b"mar/01 18:46:13 dhcp,warning dhcp1 offering lease 10.0.0.9 for 00:11:22:33:44:55 without success",
    ),
)
MIKROTIK_YEAR = Format(
    name="mikrotik-year",
    about="MikroTik RouterOS before 7.10",
    stamp=Stamp("mmm/DD/YYYY HH:MM:SS"),
    body=_topics,
    check=severe,
    samples=(
        b"jan/02/1970 00:00:21 system,info router rebooted",
        b"mar/01/2023 18:46:11 interface,info ether1 link up (speed 1G, full duplex)",
        b"dec/31/2022 23:59:59 system,error,critical router was rebooted without proper shutdown",
    ),
)
MIKROTIK_ISO = Format(
    name="mikrotik-iso",
    about="MikroTik RouterOS since 7.10",
    stamp=Stamp("YYYY-MM-DD HH:MM:SS"),
    body=_topics,
    check=severe,
    samples=(
        b"2023-09-01 18:46:11 interface,info ether1 link down",
        b"2023-09-01 18:46:12 system,error,critical login failure for user admin from 192.0.2.7 via ssh",
        b"2023-09-01 18:46:13 wireless,info,debug wlan1: disconnected, received deauth",
    ),
)
FORMATS = (CISCO, CISCO_YEAR, CISCO_UPTIME, MIKROTIK, MIKROTIK_YEAR, MIKROTIK_ISO)
