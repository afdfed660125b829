"""Syslog lines whose stamp is spelled otherwise: with a year, a zone, a short day, or a level where the host stands.

syslog-ng's ts-format(full) puts the year first, Junos (`time-format year`) and some relays put it behind the time or
the day, Cisco's ASA behind the day; rsyslog and syslog-ng templates write the zone's name; ChromeOS writes a level.
"""

from __future__ import annotations

import numpy as np

from logsleuth.formats import body, sysline, vector
from logsleuth.formats.levels import level_words
from logsleuth.formats.loose import LooseStamp
from logsleuth.formats.model import Columns, Format
from logsleuth.formats.stamp import Stamp
from logsleuth.formats.vector import Bytes, Mask, Positions, Words


def _level_first(buffer: Bytes, view: Words, at: Positions, stop: Positions) -> Columns:
    """` LEVEL TAG[PID]: text` of ChromeOS."""
    at = body.skip_spaces(buffer, at, stop, 2)
    end = vector.find_byte(view, at, np.minimum(stop, at + 16), ord(" "))
    columns = body.tagged(buffer, view, np.minimum(end + 1, stop), stop)
    capital = (view[at] & vector.word(b"\x20\x20\x20\x20") & vector.KEEP[np.clip(end - at, 0, 4)]) == 0
    level = np.where(capital, level_words(view, at, end), -1)
    return columns._replace(host_at=at, host_end=at, severity=level)


def _tagged(buffer: Bytes, view: Words, columns: Columns, stop: Positions) -> Mask:  # noqa: ARG001
    """Lines that name a severity and a program."""
    good: Mask = (columns.severity >= 0) & (columns.program_end > columns.program_at)
    return good


def _with_host(buffer: Bytes, view: Words, columns: Columns, stop: Positions) -> Mask:  # noqa: ARG001
    """Lines that name a host, which is no level, and a process."""
    level = level_words(view, columns.host_at, columns.host_end)
    good: Mask = (columns.host_end > columns.host_at) & (columns.pid >= 0) & (level < 0)
    good &= buffer[columns.host_at] != ord("[")
    return good


CHROMEOS = Format(
    name="chromeos",
    about="ChromeOS: ISO stamp, level, tag",
    stamp=Stamp("YYYY-MM-DDTHH:MM:SS.fz"),
    body=_level_first,
    named=True,
    check=_tagged,
    kind="syslog",
    samples=(
        b"2023-03-01T18:46:11.123456Z WARNING kernel: [    1.234567] iwlwifi 0000:00:14.3: Microcode SW error",
        b"2023-03-01T18:46:11.123456-08:00 ERR shill[812]: [ERROR:wifi.cc(812)] scan failed",
        b"2023-03-01T18:46:11.123456Z NOTICE sshd[813]: Server listening on 0.0.0.0 port 22.",
    ),
)
YEAR_FIRST = Format(
    name="bsd-syslog-year-first",
    about="syslog-ng ts-format(full), NX-OS",
    stamp=Stamp("YYYY Mmm dd HH:MM:SS.fZZZ"),
    body=sysline.syslog,
    named=True,
    kind="syslog",
    samples=(
        b"2023 Mar  1 18:46:11 gate sshd[812]: Server listening on 0.0.0.0 port 22.",
        b"2023 Mar 21 18:46:11.123 gate last message repeated 3 times",
        b"2023 Mar  1 18:46:11 leaf %ETHPORT-5-IF_DOWN_LINK_FAILURE: Interface Ethernet1/1 is down (Link failure)",
    ),
)
YEAR_IN = Format(
    name="bsd-syslog-year",
    about="syslog with the year behind the day",
    stamp=LooseStamp("Mmm D YYYY H:MM:SS.fZZZ"),
    body=sysline.syslog,
    named=True,
    kind="syslog",
    samples=(
        b"Mar  1 2023 18:46:11 gate sshd[812]: Server listening on 0.0.0.0 port 22.",
        b"Mar 01 2023 18:46:11 wall : %ASA-4-106023: Deny tcp src outside:192.0.2.7/50211 dst inside:10.0.0.5/22",
        b"Mar 1 2023 18:46:11.123 CET gate kernel: eth0: link down",
    ),
)
YEAR_BEHIND = Format(
    name="bsd-syslog-year-behind",
    about="syslog with the year behind the time (Junos)",
    stamp=LooseStamp("Mmm D H:MM:SS.f YYYY"),
    body=sysline.syslog,
    named=True,
    kind="syslog",
    samples=(
        b"Mar  1 18:46:11 2023  edge rpd[812]: RPD_BGP_NEIGHBOR_STATE_CHANGED: BGP peer 192.0.2.7 went down",
        b"Mar  1 18:46:11.123 2023 edge mgd[813]: %DAEMON-6-UI_LOGIN: User 'rika' login",
        b"Mar 21 18:46:11 2023 gate last message repeated 3 times",
    ),
)
LOOSE = Format(
    name="bsd-syslog-loose",
    about="syslog with a short day or the zone's name",
    stamp=LooseStamp("Mmm D H:MM:SS.fZZZ"),
    body=sysline.syslog,
    named=True,
    kind="syslog",
    samples=(
        b"Mar 1 18:46:11 gate sshd[812]: Server listening on 0.0.0.0 port 22.",
        b"Mar  1 18:46:11 CET gate kernel: eth0: link down",
        b"Mar  1 18:46:11.123 +01:00 gate cron[813]: (root) CMD (true)",
        b"Mar 1 8:46:11 gate last message repeated 3 times",
    ),
)
ISO_SPACE = Format(
    name="iso-syslog-space",
    about="syslog with an ISO 8601 stamp without its T; log show --style syslog of macOS",
    stamp=Stamp("YYYY-MM-DD HH:MM:SS.fz"),
    body=sysline.syslog,
    named=True,
    check=_with_host,
    kind="syslog",
    preamble=(b"Timestamp   ", b"Filtering the log data "),
    samples=(
        b"2023-03-01 18:46:11 gate sshd[812]: Server listening on 0.0.0.0 port 22.",
        b"2023-03-01 18:46:11.123456+01:00 gate cron[813]: (root) CMD (true)",
        b"2023-03-01 18:46:11.123 +0100 nas synoscgi[814]: share Photos was mounted",
    ),
)
FORMATS = (YEAR_IN, YEAR_BEHIND, LOOSE, YEAR_FIRST, ISO_SPACE)
