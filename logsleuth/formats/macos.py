"""Logs of macOS that are not syslog's."""

from logsleuth.formats import sysline
from logsleuth.formats.layout import layout
from logsleuth.formats.marked import Marked
from logsleuth.formats.model import Format
from logsleuth.formats.stamp import Stamp
from logsleuth.lazy import lazy_pattern

FORMATS = (
    Format(
        name="macos-launchd",
        about="launchd.log of macOS",
        stamp=Marked(Stamp("YYYY-MM-DD HH:MM:SS.F"), (b"(", b"<")),
        body=layout(
            *(" ({program} [{pid}]) <{severity}>: {message}", " ({program}) <{severity}>: {message}"),
            *(" <{severity}>: {message}",),
        ),
        program="launchd",
        samples=(
            b"2023-03-04 05:06:08.123456 (system/org.example.copyd [412]) <Error>: exited with exit reason: 9",
            b"2023-03-04 05:06:08.123456 <Notice>: swap enabled",
        ),
    ),
    Format(
        name="macos-wifi",
        about="wifi.log of macOS",
        stamp=Stamp("Www Mmm dd HH:MM:SS.F"),
        body=layout(" <{program}[{pid}]> {message}", " <{program}> {message}", " {message}"),
        named=True,
        samples=(
            b"Sat Mar  4 05:06:08.123 <kernel> wl0: setDISASSOCIATE: reason 8",
            b"Sat Mar  4 05:06:08.124 <airportd[88]> _doAutoJoin: Already associated to home",
        ),
    ),
    Format(
        name="macos-securityd",
        about="security.log of macOS",
        stamp=Stamp("Mmm dd HH:MM:SS"),
        body=layout(" {program}[{pid}] <{severity}>: {message}", " {program}[{pid}] <{severity}> {message}"),
        hint=lazy_pattern(rb"\n[A-Z][a-z]{2} [ \d]\d [\d:]{8} [\w.-]+\[\d+\] <[A-Z]\w+>(?: \[|:)"),
        samples=(b"Mar  4 05:06:08 secd[88] <Error> [user{} C0x7f ]: SecDbKeychainItem: decode failed",),
    ),
    Format(
        name="macos-install",
        about="install.log of macOS and others with a zone behind the seconds: host, program, pid",
        stamp=Stamp("YYYY-MM-DD HH:MM:SSZ"),
        body=sysline.syslog,
        named=True,
        kind="syslog",
        samples=(b"2021-03-04 05:06:08+01 mill softwareupdated[412]: Starting scan",),
    ),
)
