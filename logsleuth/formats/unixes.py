"""Logs of other Unixes in layouts of their own: AIX, Solaris and illumos, macOS, and ZFS wherever it runs.

Layouts: AIX's errpt and errpt -a (a date is MMDDhhmmYY), smf(5)'s logs, loginlog(4), `zpool history`, macOS'
fsck_hfs.log and fsck_apfs.log, opendirectoryd.log and what `log show` prints.
"""

from __future__ import annotations

import numpy as np

from logsleuth.formats import below, body, vector
from logsleuth.formats.layout import layout
from logsleuth.formats.marked import Marked
from logsleuth.formats.model import Columns, Format, severe
from logsleuth.formats.placed import Either, Placed, after_text
from logsleuth.formats.stamp import DAY, NO_ZONE, Stamp, Stamps
from logsleuth.formats.vector import Bytes, Mask, Positions, Words
from logsleuth.lazy import lazy_pattern
from logsleuth.records import dataclass

_CTIME = Stamp("Www Mmm dd HH:MM:SS YYYY")
_DATE = Stamp("Www Mmm dd HH:MM:SSZZZ YYYY")
_IDENTIFIER = 8
_TYPES = {ord("P"): 3, ord("T"): 4, ord("I"): 6, ord("U"): 4}
"""Permanent, temporary, informational, unknown."""
_MOST_USER = 80
_DEEDS = (
    *(b"Enabled. ", b"Disabled. ", b"Executing ", b"Method ", b"Stopping ", b"Rereading ", b"Leaving ", b"Restarting "),
    *(b"Failing ", b"Restarter ", b"Maintenance "),
)
"""With what the words of startd's own lines begin."""
_SHORT_LEVELS = {"Df": 5, "In": 6, "I": 6, "Db": 7, "Er": 3, "E": 3, "Ft": 2, "F": 2, "A": 6}
_LEVELS = {"Default": 5, "Info": 6, "Debug": 7, "Error": 3, "Fault": 2, "Activity": 6, "Signpost": 7, "Loss": 4}


@dataclass(frozen=True)
class _Errpt:
    """`A924A5FC   0304050621 P S SYSPROC  ...`: month, day, hour, minute and the year's last two digits."""

    yearless: bool = False
    relative: bool = False
    first_bytes: bytes = b"0123456789ABCDEF"

    def decode(self, buffer: Bytes, view: Words, start: Positions, stop: Positions) -> Stamps:
        """Read the stamp of every line [start, stop)."""
        space = vector.find_byte(view, start, np.minimum(stop, start + _IDENTIFIER + 1), ord(" "))
        at = body.skip_spaces(buffer, space, stop, 4)
        good = (space - start == _IDENTIFIER) & (at > space) & (at + 15 < stop)
        eight, digits = vector.leading_digits(view[at])
        value = vector.eight_digits(digits)
        two, digits = vector.leading_digits(view[np.minimum(at + 8, stop)])
        year = vector.eight_digits(digits << np.uint64(48)) + 2000
        year -= np.where(year >= 2070, 100, 0)
        good &= (eight == 8) & (two == 2)
        days, right = below.days(np.where(good, year, 0), value // 1_000_000, value // 10_000 % 100)
        hour, minute = value // 100 % 100, value % 100
        good &= right & (hour < 24) & (minute < 60)
        wall = days * DAY + (hour * 3600 + minute * 60) * 1_000_000_000
        none = np.full(len(start), NO_ZONE, np.int64)
        return Stamps(good, np.where(good, wall, 0), none, np.where(good, at + 10, start))


def _errpt(buffer: Bytes, view: Words, at: Positions, stop: Positions) -> Columns:
    """` P S SYSPROC   text`: type, class, resource."""
    columns = _RESOURCE(buffer, view, at, stop)
    letter = buffer[np.minimum(at + 1, stop)]
    severity = np.full(len(at), -1, np.int64)
    for name, value in _TYPES.items():
        severity[letter == name] = value
    return columns._replace(severity=severity)


_RESOURCE = layout(" {} {} {program} {message}")


def _after_terminal(
    buffer: Bytes,  # noqa: ARG001
    view: Words,
    start: Positions,
    stop: Positions,
) -> tuple[Positions, Mask]:
    """Behind `rika:/dev/pts/0:`."""
    first = vector.find_byte(view, start, np.minimum(stop, start + _MOST_USER), ord(":"))
    can = vector.starts(view, np.minimum(first + 1, stop), b"/dev/")
    second = vector.find_byte(view, np.where(can, first + 1, stop), np.minimum(stop, first + 60), ord(":"))
    can &= second + 1 < stop
    return np.where(can, second + 1, start), can


FORMATS = (
    Format(
        name="errpt",
        about="AIX's errpt: a line for each error, to the minute",
        stamp=_Errpt(),
        body=_errpt,
        check=severe,
        program="errpt",
        ordered=False,
        preamble=(b"IDENTIFIER TIMESTAMP ",),
        hint=lazy_pattern(rb"\n[0-9A-F]{8} +\d{10} [PTIU] [HSOU] "),
        samples=(
            b"A924A5FC   0304050621 P S SYSPROC        SOFTWARE PROGRAM ABNORMALLY TERMINATED",
            b"0BA49C99   0304050721 T H scsi2          SCSI BUS ERROR",
        ),
    ),
    Format(
        name="errpt-detailed",
        about="AIX's errpt -a: an error is one entry",
        stamp=Either(
            (
                below.Below(_CTIME, (b"LABEL:",), b"Date/Time:       "),
                below.Below(_DATE, (b"LABEL:",), b"Date/Time:       "),
            )
        ),
        body=layout("LABEL: {message}"),
        program="errpt",
        ordered=False,
        hint=lazy_pattern(rb"\nLABEL:[\t ]+\S+\r?\nIDENTIFIER:"),
        preamble=(b"-----",),
        samples=(
            (
                b"LABEL:          REBOOT_ID\nIDENTIFIER:     2BFA76F6\n\nDate/Time:       Thu Mar  4 05:06:07 2021\n"
                b"Sequence Number: 812\n\nDescription\nSYSTEM SHUTDOWN BY USER"
            ),
            b"LABEL:          CORE_DUMP\nIDENTIFIER:     A924A5FC\n\nDate/Time:       Thu Mar  4 05:06:08 CET 2021",
        ),
    ),
    *(
        Format(
            name=name,
            about=about,
            stamp=Marked(Stamp(template), _DEEDS),
            body=body.plain,
            program="svc.startd",
            samples=samples,
        )
        for name, about, template, samples in (
            (
                "smf",
                "Solaris 10 and illumos: a service's log under /var/svc/log",
                "[ Mmm dd HH:MM:SS",
                (
                    b'[ Mar  4 05:06:07 Executing start method ("/lib/svc/method/sshd start"). ]',
                    b'[ Mar  4 05:06:08 Method "start" exited with status 95. ]',
                ),
            ),
            (
                "smf-year",
                "Solaris 11: a service's log",
                "[ YYYY Mmm dd HH:MM:SS",
                (b"[ 2021 Mar  4 05:06:07 Enabled. ]",),
            ),
        )
    ),
    Format(
        name="loginlog",
        about="Solaris' and System V's loginlog: logins that failed five times",
        stamp=Placed(_CTIME, _after_terminal, b"", inside=True),
        body=body.plain,
        hint=lazy_pattern(rb"\n[^:\n]{1,79}:/dev/[\w/]+:[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d "),
        program="login",
        samples=(b"root:/dev/pts/1:Thu Mar  4 05:06:07 2021",),
    ),
    Format(
        name="zpool-history",
        about="zpool history: the commands that changed a pool",
        stamp=Stamp("YYYY-MM-DD.HH:MM:SS"),
        body=body.plain,
        program="zpool",
        preamble=(b"History for '",),
        samples=(
            b"2021-03-04.05:06:07 zpool create tank mirror da0 da1",
            b"2021-03-04.05:06:08 zfs destroy tank/home@monday [user 0 (root) on gate]",
        ),
    ),
    Format(
        name="macos-fsck",
        about="fsck_hfs.log and fsck_apfs.log of macOS",
        stamp=Placed(
            _CTIME,
            after_text(b"ed at ", 200, (b"/dev/", b"QUICKCHECK")),
            b"/Q",
            inside=True,
        ),
        body=body.plain,
        hint=lazy_pattern(rb"\n/dev/r?disk\w+: fsck_\w+ started at "),
        program="fsck",
        samples=(
            b"/dev/rdisk1s1: fsck_apfs started at Thu Mar  4 05:06:07 2021\n/dev/rdisk1s1: ** Checking volume.",
            b"/dev/rdisk1s1: fsck_apfs completed at Thu Mar  4 05:06:09 2021",
        ),
    ),
    Format(
        name="macos-opendirectoryd",
        about="opendirectoryd.log of macOS",
        stamp=Marked(Stamp("YYYY-MM-DD HH:MM:SS.FZZZ"), (b"- ",)),
        body=layout(" - {message}"),
        hint=lazy_pattern(rb"\n\d\S+ \d\S+ [A-Z]{3,5} - (?:AID: 0x|\d+\.\d+)"),
        program="opendirectoryd",
        samples=(b"2021-03-04 05:06:07.123456 CET - AID: 0x0000000000000000 - Logging level limit changed to 'error'",),
    ),
    Format(
        name="macos-log-show-compact",
        about="what log show --style compact of macOS prints, and Console exports",
        stamp=Stamp("YYYY-MM-DD HH:MM:SS.F"),
        body=layout(" {severity} {program}[{pid}:{}] {message}", severities=_SHORT_LEVELS),
        check=severe,
        hint=lazy_pattern(
            rb"\nTimestamp +Ty +Process\[PID:TID\]|\n\S+ [\d:.]{12} (?:Df|In|Db|Er|Ft|A|I|E|F) +\w+\[\d+:[0-9a-f]+\] "
        ),
        preamble=(b"Timestamp ", b"Filtering the log data ", b"Skipping "),
        samples=(b"2021-03-04 05:06:07.123 Er locationd[88:7a1] [com.apple.locationd:Core] x failed",),
    ),
    Format(
        name="macos-log-show",
        about="what log show of macOS prints",
        stamp=Stamp("YYYY-MM-DD HH:MM:SS.FZ"),
        body=layout(
            *(
                " 0x{} {severity} 0x{} {pid} {} {program}: {message}",
                " 0x{} {severity} {} {pid} {} {program}: {message}",
            ),
            severities=_LEVELS,
        ),
        hint=lazy_pattern(rb"\nTimestamp +Thread +Type +Activity +PID"),
        preamble=(b"Timestamp ", b"Filtering the log data ", b"Skipping "),
        samples=(
            b"2021-03-04 05:06:07.123456+0100 0x74       Error       0x0    88   0    locationd: (CoreLocation) failed",
        ),
    ),
)
