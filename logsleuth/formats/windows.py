"""Logs of Windows itself that are text: the set-up of devices, PowerShell's transcripts, updates, DHCP, logons.

Layouts: "SetupAPI Text Logs" (section headers and footers) and their form before Windows Vista, Start-Transcript with
and without -IncludeInvocationHeader, WindowsUpdate.log before Windows 10, the DHCP server's audit log, Netlogon's debug
log.
"""

from __future__ import annotations

import numpy as np

from logsleuth.formats import below, body, vector
from logsleuth.formats.layout import layout
from logsleuth.formats.loose import LooseStamp
from logsleuth.formats.marked import Marked
from logsleuth.formats.model import Columns, Format
from logsleuth.formats.placed import Either, Placed, after_byte, after_text
from logsleuth.formats.stamp import Stamp, Stamps
from logsleuth.formats.vector import Bytes, Mask, Positions, Words
from logsleuth.lazy import lazy_pattern
from logsleuth.records import dataclass

_RULE = b"********************"
_DIGITS = len("YYYYMMDDHHMMSS")
_WHEN = Stamp("YYYYMMDDHHMMSS")
_SECTION = Stamp("YYYY/MM/DD HH:MM:SS.f")


@dataclass(frozen=True)
class _Transcript:
    """A line of asterisks, and within two lines below it one that ends in `: YYYYMMDDHHMMSS`, in any language."""

    yearless: bool = False
    relative: bool = False
    first_bytes: bytes = b"*"

    def decode(self, buffer: Bytes, view: Words, start: Positions, stop: Positions) -> Stamps:
        """Read the stamp of every line [start, stop)."""
        good = np.zeros(len(start), bool)
        wall, offset, behind = np.zeros(len(start), np.int64), np.zeros(len(start), np.int64), start.copy()
        rows = np.flatnonzero(vector.starts(view, start, _RULE) & (buffer[np.maximum(stop - 1, 0)] == ord("*")))
        end = stop[rows]
        for _ in range(2):
            at = below.next_line(buffer, end)
            # A rule below a rule closes one heading, and opens another.
            keep = ~vector.starts(view, at, _RULE)
            rows, at = rows[keep], at[keep]
            end = below.line_end(buffer, view, at)
            when = np.maximum(end - _DIGITS, at)
            read = _WHEN.decode(buffer, view, when, end)
            known = read.valid & (read.end == end) & (when - 2 > at) & (buffer[when - 2] == ord(":"))
            good[rows], wall[rows], offset[rows] = known, np.where(known, read.wall, 0), read.offset
            behind[rows] = np.where(known, stop[rows], start[rows])
            rows, end = rows[~known], end[~known]
        return Stamps(good, wall, offset, behind)


def _after_comma(buffer: Bytes, view: Words, start: Positions, stop: Positions) -> tuple[Positions, Mask]:
    """Behind the number that the audit log's lines begin with."""
    digit = buffer[start] - np.uint8(ord("0")) <= 9
    at, can = after_byte(b",", 8)(buffer, view, start, stop)
    return at, can & digit


def _with_pid(buffer: Bytes, view: Words, columns: Columns, stop: Positions) -> Mask:  # noqa: ARG001
    """Lines that name a process."""
    good: Mask = columns.pid >= 0
    return good


FORMATS = (
    Format(
        name="setupapi",
        about="setupapi.dev.log of Windows: a section is one entry, at its start",
        stamp=Either(
            (
                below.Below(_SECTION, (b">>>  [",), b"\n>>>  Section start "),
                Placed(_SECTION, after_text(b"[Boot Session: ", 40, (b"[Boot ",)), b"[", inside=True),
            )
        ),
        body=body.plain,
        hint=lazy_pattern(rb"\n>>>  \[|\n\[Boot Session: "),
        # What stands before its first section describes the system, over several lines.
        preamble=(b"[Device Install Log]", b"[BeginLog]", b" "),
        program="setupapi",
        samples=(
            (
                b">>>  [Device Install (Hardware initiated) - USB\\VID_0951&PID_1666\\0011]\n"
                b">>>  Section start 2021/03/04 05:06:07.123\n     ump: Creating Install Process: DrvInst.exe\n"
                b"<<<  Section end 2021/03/04 05:06:08.456\n<<<  [Exit status: SUCCESS]"
            ),
            b"[Boot Session: 2021/03/04 04:00:00.500]",
        ),
    ),
    Format(
        name="setupapi-old",
        about="setupapi.log of Windows XP and 2003",
        stamp=Stamp("[YYYY/MM/DD HH:MM:SS"),
        body=body.plain,
        hint=lazy_pattern(rb"\n\[\d{4}/\d\d/\d\d \d\d:\d\d:\d\d \d+\.\d+[] ]"),
        preamble=(
            b"[SetupAPI Log]",
            b"OS Version = ",
            b"Platform ID = ",
            b"Service Pack = ",
            b"Suite = ",
            b"Product Type = ",
            b"Architecture = ",
        ),
        program="setupapi",
        samples=(b"[2004/03/04 05:06:07 812.1 Driver Install]\n#-019 Searching for hardware ID(s): usb\\vid_0951",),
    ),
    Format(
        name="powershell-transcript",
        about="PowerShell's transcripts: their start, their end, and commands where those have a stamp",
        stamp=_Transcript(),
        body=layout("\n{message}"),
        heading=True,
        hint=lazy_pattern(rb"\n\*{20,}\r?\n(?:[^\n*][^\n]*\n)?[^\n*][^\n]*: \d{14}\r?\n"),
        program="powershell",
        samples=(
            (
                b"**********************\nWindows PowerShell transcript start\nStart time: 20210304050607\n"
                b"Username: EXAMPLE\\rika\n**********************"
            ),
            b"**********************\nCommand start time: 20210304050608\n**********************\nPS C:\\> dir",
        ),
    ),
    Format(
        name="windows-update",
        about="WindowsUpdate.log before Windows 10",
        stamp=Stamp("YYYY-MM-DD\tHH:MM:SS:f\t"),
        body=layout(" {pid}\t{}\t{program}\t{message}", "{pid}\t{}\t{program}\t{message}"),
        check=_with_pid,
        program="wuauclt",
        hint=lazy_pattern(rb"\n\d{4}-\d\d-\d\d\t\d\d:\d\d:\d\d:\d{3}\t *\d+\t"),
        samples=(b"2021-03-04\t05:06:07:123\t 812\t1a4\tAgent\t*************",),
    ),
    Format(
        name="dhcp-audit",
        about="the DHCP server's audit log of Windows",
        stamp=Placed(Stamp("MM/DD/YY,HH:MM:SS,"), _after_comma, b"0123456789", inside=True),
        body=body.plain,
        # Tables of what its numbers mean.
        preamble=(b"",),
        program="dhcpserver",
        hint=lazy_pattern(rb"\n\d{1,5},\d\d/\d\d/\d\d,\d\d:\d\d:\d\d,"),
        samples=(
            b"10,03/04/21,05:06:07,Assign,192.0.2.7,gate.example.org,001122334455,",
            b"00,03/04/21,00:00:02,Started,,,,",
        ),
    ),
    *(
        Format(
            name=name,
            about=about,
            stamp=LooseStamp(template),
            body=layout(" {} {message}"),
            hint=lazy_pattern(
                rb"\n\d{1,2}[/.]\d{1,2}[/.]\d{4} \d{1,2}:\d\d:\d\d (?:[AP]M )?[0-9A-F]{3,4} (?:PACKET|EVENT|NOTE) "
            ),
            # What its columns mean.
            preamble=(b"",),
            program="dns",
            samples=(sample,),
        )
        for name, about, template, sample in (
            (
                "dns-debug",
                "the DNS server's debug log of Windows",
                "M/D/YYYY H:MM:SSAP",
                b"3/4/2021 5:06:07 AM 0F48 PACKET  UDP Rcv 192.0.2.7 7a8e   Q [0001 D NOERROR] A (7)example(3)org(0)",
            ),
            (
                "dns-debug-day-first",
                "the DNS server's debug log of Windows where the day comes first",
                "D/M/YYYY H:MM:SS",
                b"14/03/2021 05:06:07 0F48 EVENT   The DNS server has started.",
            ),
            (
                "dns-debug-dotted",
                "the DNS server's debug log of Windows with dots in its dates",
                "D.M.YYYY H:MM:SS",
                b"14.03.2021 05:06:07 0F48 EVENT   The DNS server has started.",
            ),
        )
    ),
    Format(
        name="netlogon",
        about="Netlogon's debug log of Windows",
        stamp=Marked(Stamp("MM/DD HH:MM:SS"), (b"[",)),
        body=layout(" [{}] [{pid}] {message}", " {message}"),
        program="netlogon",
        samples=(b"03/04 05:06:07 [LOGON] [812] EXAMPLE: SamLogon: Network logon of EXAMPLE\\rika from PC7 Entered",),
    ),
)
