"""Logs of firewalls, of hardware and of hypervisors' consoles.

Layouts: FortiOS' log messages (key=value, `tz` says what zone the times are in), PAN-OS' exports, `ipmitool sel list`
and `elist`, MegaRAID's event log, mcelog, Xen's console with console_timestamps, XAPI's xensource.log.
"""

from __future__ import annotations

import numpy as np

from logsleuth.formats import body, vector, zone
from logsleuth.formats.below import Below
from logsleuth.formats.epoch import Epoch
from logsleuth.formats.layout import layout
from logsleuth.formats.levels import level_words
from logsleuth.formats.loose import LooseStamp
from logsleuth.formats.model import Columns, Format, severe
from logsleuth.formats.placed import Either, Placed, after_byte, after_text
from logsleuth.formats.stamp import NO_ZONE, Stamp, Stamps
from logsleuth.formats.vector import Bytes, Mask, Positions, Words
from logsleuth.lazy import lazy_pattern
from logsleuth.records import dataclass

_FORTI = Stamp("YYYY-MM-DD time=HH:MM:SS", lead=b"date=")
_TZ = after_text(b' tz="', 1200)
_LEVEL = after_text(b" level=", 800)
_CTIME = Stamp("Www Mmm dd HH:MM:SS YYYY")


@dataclass(frozen=True)
class _Forti:
    """`date=2021-03-04 time=05:06:07 ... tz="+0100" ...`."""

    yearless: bool = False
    relative: bool = False
    first_bytes: bytes = b"d"

    def decode(self, buffer: Bytes, view: Words, start: Positions, stop: Positions) -> Stamps:
        """Read the stamp of every line [start, stop)."""
        got = _FORTI.decode(buffer, view, start, stop)
        rows = np.flatnonzero(got.valid)
        if not rows.size:
            return got
        at, found = _TZ(buffer, view, start[rows], stop[rows])
        offset, _ = zone.named(buffer, view, at, found)
        got.offset[rows] = np.where(found, offset, NO_ZONE)
        return Stamps(got.valid, got.wall, got.offset, np.where(got.valid, start, got.end))


def _forti(buffer: Bytes, view: Words, at: Positions, stop: Positions) -> Columns:
    """`level="notice"`, `level=notice`."""
    place, found = _LEVEL(buffer, view, at, stop)
    quoted = found & (buffer[np.minimum(place, stop)] == ord('"'))
    place = np.minimum(place + quoted, stop)
    end = vector.find_any(view, place, np.minimum(stop, place + 16), b'" ')
    return body.plain(buffer, view, at, stop)._replace(severity=np.where(found, level_words(view, place, end), -1))


def _dated(buffer: Bytes, view: Words, start: Positions, stop: Positions) -> tuple[Positions, Mask]:
    """Behind `   1 | `, an event's number in hexadecimal digits."""
    at, can = after_byte(b"|", 14, 2)(buffer, view, start, stop)
    return at, can & (buffer[np.maximum(at - 1, 0)] == ord(" "))


FORMATS = (
    Format(
        name="fortigate",
        about="Fortinet's FortiGate",
        stamp=_Forti(),
        body=_forti,
        samples=(
            (
                b'date=2021-03-04 time=05:06:07 devname="fw" logid="0000000013" type="traffic" level="warning" '
                b'tz="+0100" srcip=192.0.2.7 action="deny"'
            ),
            b"date=2014-03-04 time=05:06:08 devname=fw level=notice vd=root srcip=192.0.2.7 status=accept",
        ),
    ),
    Format(
        name="pan-os",
        about="exports of Palo Alto Networks' firewalls: columns between commas",
        stamp=Placed(Stamp("YYYY/MM/DD HH:MM:SS,"), after_byte(b",", 8), b"0123456789,", inside=True),
        body=body.plain,
        hint=lazy_pattern(
            rb"\n\d{0,6},\d{4}/\d\d/\d\d \d\d:\d\d:\d\d,\w+,(?:TRAFFIC|THREAT|SYSTEM|CONFIG|GLOBALPROTECT),"
        ),
        preamble=(b"Domain,Receive Time,", b"Receive Time,"),
        samples=(b"1,2021/03/04 05:06:07,007200001056,THREAT,url,1,2021/03/04 05:06:02,192.0.2.7,198.51.100.1",),
    ),
    Format(
        name="ipmi-sel",
        about="a machine's own event log, by ipmitool sel list or elist",
        stamp=Placed(
            Either(
                (
                    LooseStamp("MM/DD/YYYY | H:MM:SSAPZZZ"),
                    LooseStamp("MM/DD/YY | H:MM:SSAPZZZ"),
                    Stamp("MM/DD/YYYY | HH:MM:SSZZZ"),
                    Stamp("MM/DD/YY | HH:MM:SSZZZ"),
                )
            ),
            _dated,
            b" 0123456789abcdef",
        ),
        body=layout(" | {message}"),
        hint=lazy_pattern(rb"\n *[0-9a-f]{1,4} \| \d\d/\d\d/\d{2,4} \| \d\d:\d\d:\d\d"),
        program="ipmi",
        samples=(
            b"   1 | 03/04/2021 | 05:06:07 | Power Supply #0x51 | Failure detected | Asserted",
            b"  1f | 03/14/21 | 05:06:08 PM CET | Temperature CPU1 | Upper Critical going high | Asserted",
        ),
    ),
    Format(
        name="megaraid",
        about="a RAID controller's events, by MegaCli or storcli",
        stamp=Below(_CTIME, (b"seqNum: ",), b"\nTime: "),
        body=body.plain,
        hint=lazy_pattern(rb"\nseqNum: 0x[0-9a-f]+\r?\nTime: "),
        program="megaraid",
        samples=(
            (
                b"seqNum: 0x00000812\nTime: Thu Mar  4 05:06:07 2021\n\nCode: 0x00000070\nClass: 1\n"
                b"Event Description: Removed: PD 0c(e0x20/s1)"
            ),
        ),
    ),
    Format(
        name="mcelog",
        about="mcelog: errors that the processor reports",
        stamp=Below(Epoch(after=b" "), (b"Hardware event. ",), b"\nTIME "),
        body=body.plain,
        hint=lazy_pattern(rb"\nHardware event\. This is not a software error\.\r?\n"),
        program="mcelog",
        samples=(
            (
                b"Hardware event. This is not a software error.\nMCE 0\nCPU 0 BANK 8\n"
                b"TIME 1614834367 Thu Mar  4 05:06:07 2021\nMCG status:\nMCi status:\nCorrected error"
            ),
        ),
    ),
    Format(
        name="xen",
        about="Xen's console with console_timestamps=date",
        stamp=Stamp("[YYYY-MM-DD HH:MM:SS.f]", lead=b"(XEN) "),
        body=body.plain,
        program="xen",
        samples=(b"(XEN) [2021-03-04 05:06:07.123] Hardware Dom0 crashed: rebooting machine in 5 seconds.",),
    ),
    Format(
        name="xensource",
        about="XAPI of XenServer and XCP-ng: xensource.log",
        stamp=Stamp("[YYYYMMDDTHH:MM:SS.fz|"),
        body=layout(
            "{severity}|{host}|{} {}|{}|{program}] {message}", " {severity}|{host}|{} {}|{}|{program}] {message}"
        ),
        check=severe,
        samples=(
            b"[20210304T05:06:07.123Z|error|gate|812 ||xapi] Server_error(HOST_OFFLINE, [ OpaqueRef:1 ])",
            b"[20210304T05:06:08.123Z| warn|gate|813 INET :::80|session.login|xapi] login failed",
        ),
    ),
)
