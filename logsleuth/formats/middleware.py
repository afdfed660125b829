"""Logs of application servers, databases and directories that spell stamps in ways of their own.

Layouts: WebSphere's basic format, WebLogic's server log, db2diag.log, Oracle's listener.log, slapd's log-format debug.
"""

from __future__ import annotations

import numpy as np

from logsleuth.formats import body, vector
from logsleuth.formats.epoch import stamps
from logsleuth.formats.layout import layout
from logsleuth.formats.loose import LooseStamp
from logsleuth.formats.marked import Marked
from logsleuth.formats.model import NO_SEVERITY, Columns, Format, severe
from logsleuth.formats.placed import Either, Placed, after_byte, behind
from logsleuth.formats.stamp import NO_ZONE, Stamp, Stamps
from logsleuth.formats.vector import Bytes, Positions, Words
from logsleuth.lazy import lazy_pattern
from logsleuth.records import dataclass

_WEBSPHERE = layout(
    " {} {program} {severity} {message}",
    severities={
        "F": 2,
        "E": 3,
        "W": 4,
        "A": 5,
        "I": 6,
        "C": 6,
        "D": 7,
        "O": 6,
        "R": 3,
        "Z": 6,
        ">": 7,
        "<": 7,
        "1": 7,
        "2": 7,
        "3": 7,
    },
)
_DB2_LEVELS = {"Event": 6, "Critical": 2, "Severe": 3, "Error": 3, "Warning": 4, "Info": 6}
_DB2 = Stamp("YYYY-MM-DD-HH.MM.SS.F")
_WEBLOGIC = ("Mmm D, YYYY H:MM:SSAPZZZ>", "Mmm D, YYYY H:MM:SS.fZZZ>")


@dataclass(frozen=True)
class _Db2:
    """`2021-03-04-05.06.07.123456+060 `, minutes east of UTC behind the stamp."""

    yearless: bool = False
    relative: bool = False
    first_bytes: bytes = b"12"

    def decode(self, buffer: Bytes, view: Words, start: Positions, stop: Positions) -> Stamps:
        """Read the stamp of every line [start, stop)."""
        got = _DB2.decode(buffer, view, start, stop)
        end = np.minimum(got.end, stop)
        minutes, after = body.numbers(view, np.minimum(end + 1, stop))
        sign = buffer[end]
        good = got.valid & ((sign == ord("+")) | (sign == ord("-"))) & (after - end == 4) & (after <= stop)
        offset = np.where(sign == ord("-"), -minutes, minutes) * 60
        return Stamps(good, np.where(good, got.wall, 0), np.where(good, offset, NO_ZONE), np.where(good, after, start))


@dataclass(frozen=True)
class _Slapd:
    """`604069ff.1a2b3c4d 0x7f12...`: seconds since 1970, nanoseconds (of five digits microseconds) or none."""

    yearless: bool = False
    relative: bool = False
    zoned: bool = True
    first_bytes: bytes = b"3456789"

    def decode(self, buffer: Bytes, view: Words, start: Positions, stop: Positions) -> Stamps:  # noqa: ARG002
        """Read the stamp of every line [start, stop)."""
        seconds, width = _hexadecimal(buffer, start, stop)
        good = width == 8
        dot = good & (buffer[np.minimum(start + 8, stop)] == ord("."))
        part, places = _hexadecimal(buffer, np.minimum(start + 9, stop), stop)
        nanoseconds = part * np.where(places == 5, 1000, 1)
        dot &= ((places == 5) | (places == 8)) & (nanoseconds < 1_000_000_000)
        end = np.where(dot, start + 9 + places, start + 8)
        good &= (buffer[np.minimum(end, stop)] == ord(" ")) & (end < stop)
        return stamps(good, seconds * 1_000_000_000 + np.where(dot, nanoseconds, 0), np.where(good, end, start))


def _hexadecimal(buffer: Bytes, at: Positions, stop: Positions) -> tuple[Positions, Positions]:
    """Value and length of the hexadecimal digits at `at`, at most eight."""
    value, width = np.zeros(len(at), np.int64), np.zeros(len(at), np.int64)
    going = np.ones(len(at), bool)
    for k in range(8):
        byte = buffer[np.minimum(at + k, stop)].astype(np.int64)
        letter = (byte >= ord("a")) & (byte <= ord("f"))
        going &= (letter | ((byte >= ord("0")) & (byte <= ord("9")))) & (at + k < stop)
        value = np.where(going, value * 16 + np.where(letter, byte - ord("a") + 10, byte - ord("0")), value)
        width += going
    return value, width


def _weblogic(buffer: Bytes, view: Words, at: Positions, stop: Positions) -> Columns:
    """` <Notice> <WebLogicServer> ...`: all behind the severity is text."""
    at = body.skip_spaces(buffer, at, stop)
    opened = (at < stop) & (buffer[np.minimum(at, stop)] == ord("<"))
    close = vector.find_byte(view, np.where(opened, at, stop), np.minimum(stop, at + 16), ord(">"))
    severity = np.where(opened, body.severity_names(buffer, view, np.minimum(at + 1, stop), close), NO_SEVERITY)
    text = np.where(severity >= 0, body.skip_spaces(buffer, np.minimum(close + 1, stop), stop), at)
    return body.plain(buffer, view, text, stop)._replace(severity=severity)


FORMATS = (
    *(
        Format(
            name=name,
            about=about,
            stamp=LooseStamp(template),
            body=_WEBSPHERE,
            check=severe,
            samples=(sample,),
        )
        for name, about, template, sample in (
            (
                "websphere",
                "IBM WebSphere: SystemOut.log, SystemErr.log, trace.log",
                "[M/D/YY H:MM:SS:fZZZ]",
                b"[3/4/21 5:06:07:123 CET] 0000001f ThreadMonitor W   WSVR0605W: Thread may be hung.",
            ),
            (
                "websphere-day-first",
                "IBM WebSphere where the day comes first",
                "[D/M/YY H:MM:SS:fZZZ]",
                b"[14/3/21 5:06:07:123 CET] 0000001f ApplicationMg A   WSVR0221I: Application started: shop",
            ),
        )
    ),
    Format(
        name="weblogic",
        about="Oracle WebLogic Server",
        stamp=Either(
            (
                Placed(LooseStamp(_WEBLOGIC[0]), behind(5, {0: b"#", 4: b"<"}), b"#"),
                Placed(LooseStamp(_WEBLOGIC[1]), behind(5, {0: b"#", 4: b"<"}), b"#"),
                Placed(LooseStamp(_WEBLOGIC[0]), behind(1, {0: b"<"}), b"<"),
                Placed(LooseStamp(_WEBLOGIC[1]), behind(1, {0: b"<"}), b"<"),
            )
        ),
        body=_weblogic,
        check=severe,
        program="weblogic",
        hint=lazy_pattern(rb"\n(?:####)?<[A-Z][a-z]{2} \d{1,2}, \d{4} "),
        samples=(
            (
                b"####<Mar 4, 2021 5:06:07 AM CET> <Error> <Deployer> <gate> <AdminServer> <main> <<WLS Kernel>> <> <> "
                b"<1614830767123> <BEA-149205> <Failed to initialize the application.>"
            ),
            b"<Mar 14, 2021 5:06:08,123 PM CET> <Notice> <WebLogicServer> <BEA-000365> <Server state is RUNNING>",
        ),
    ),
    Format(
        name="db2diag",
        about="IBM Db2's db2diag.log",
        stamp=_Db2(),
        body=layout(" {} LEVEL: {severity}\n{message}", severities=_DB2_LEVELS),
        heading=True,
        program="db2",
        hint=lazy_pattern(rb"\n\d{4}-\d\d-\d\d-\d\d\.\d\d\.\d\d\.\d{6}[+-]\d{3} "),
        samples=(b"2021-03-04-05.06.07.123456+060 I1234E567           LEVEL: Severe\nPID     : 812     TID : 4121",),
    ),
    Format(
        name="oracle-listener",
        about="Oracle's listener.log",
        stamp=Marked(Stamp("DD-mmm-YYYY HH:MM:SS"), (b"* ",)),
        body=layout(" * {message}"),
        program="tnslsnr",
        hint=lazy_pattern(rb"\n\d\d-[A-Z]{3}-\d{4} \d\d:\d\d:\d\d \* "),
        samples=(
            b"04-MAR-2021 05:06:07 * (CONNECT_DATA=(SID=shop)) * (ADDRESS=(PROTOCOL=tcp)) * establish * shop * 12514",
        ),
    ),
    Format(
        name="radius-request",
        about="FreeRADIUS by radiusd -xx: a request's number before the stamp",
        stamp=Placed(Stamp("Www Mmm dd HH:MM:SS YYYY"), after_byte(b")", 10, 2), b"("),
        body=layout(" : {severity}: {message}", ": {severity}: {message}", ": {message}"),
        hint=lazy_pattern(rb"\n\(\d{1,8}\) [A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}"),
        program="radiusd",
        samples=(b"(12) Thu Mar  4 05:06:07 2021: Error: ldap: Bind as user failed: Invalid credentials",),
    ),
    Format(
        name="slapd",
        about="OpenLDAP's slapd with a log file of its own: hexadecimal seconds",
        stamp=_Slapd(),
        body=layout(" 0x{} {message}", " {message}"),
        hint=lazy_pattern(
            rb"\n[3-9][0-9a-f]{7}(?:\.[0-9a-f]{5,8})? (?:0x[0-9a-f]+ )?(?:conn=|@\(#\)|slapd|daemon|[a-z_]+: |<=|=>)"
        ),
        program="slapd",
        samples=(
            b"604069ff.07593c40 0x7f1234567700 conn=1000 fd=12 ACCEPT from IP=192.0.2.7:50211 (IP=0.0.0.0:389)",
            b'60406a00 conn=1000 op=0 BIND dn="cn=rika,dc=example,dc=org" method=128',
        ),
    ),
)
