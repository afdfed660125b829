"""What programs for working on other machines write: TeamViewer, WinSCP, FileZilla's server, PuTTY."""

from __future__ import annotations

import numpy as np

from logsleuth.formats import body, vector
from logsleuth.formats.layout import layout
from logsleuth.formats.loose import LooseStamp
from logsleuth.formats.marked import Marked
from logsleuth.formats.model import Format
from logsleuth.formats.placed import Either, Placed, after_byte, after_text, behind
from logsleuth.formats.stamp import Stamp
from logsleuth.formats.vector import Bytes, Mask, Positions, Words
from logsleuth.lazy import lazy_pattern

_HOUR_AT = len("14-03-2021 05")
_FARTHEST = 300
_TEAMVIEWER_HEAD = (
    *(b"Start: ", b"Version: ", b"ID: ", b"Loglevel: ", b"License: ", b"Server: ", b"IC: ", b"CPU: ", b"OS: ", b"IP: "),
    *(b"MID: ", b"MIDv: ", b"Proxy-Settings: ", b"IE: ", b"AppPath: ", b"UserAccount: ", b"Server-Environment: "),
    *(b"Session", b"Client ID: ", b"Proxy "),
)


def _before_colon(buffer: Bytes, view: Words, start: Positions, stop: Positions) -> tuple[Positions, Mask]:
    """Where the stamp begins in which the line's first colon stands, behind the partner's number."""
    colon = vector.find_byte(view, start, np.minimum(stop, start + _FARTHEST), ord(":"))
    at = colon - _HOUR_AT
    before = buffer[np.maximum(at - 1, 0)]
    digit = buffer[start] - np.uint8(ord("0")) <= 9
    can = digit & (at > start + 6) & ((before == ord("\t")) | (before == ord(" ")))
    return np.where(can, at, start), can


FORMATS = (
    Format(
        name="teamviewer-connections",
        about="TeamViewer's Connections_incoming.txt and Connections.txt: a connection at its start, in UTC",
        stamp=Placed(Marked(Stamp("DD-MM-YYYY HH:MM:SS"), utc=True), _before_colon, b"0123456789", inside=True),
        body=body.plain,
        hint=lazy_pattern(rb"\n\d{6,12}[\t ][^\n]*\d\d-\d\d-\d{4} \d\d:\d\d:\d\d[\t ]+\d\d-\d\d-\d{4} \d\d:\d\d:\d\d"),
        program="teamviewer",
        ordered=False,
        samples=(
            b"1234567890\tPC7\t14-03-2021 05:06:07\t14-03-2021 05:16:07\trika\tRemoteControl\t{0badc0de-1}\t",
            b"1234567891   04-03-2021 05:06:07   04-03-2021 05:16:07   rika   FileTransfer   {0badc0de-2}",
        ),
    ),
    Format(
        name="teamviewer",
        about="TeamViewer's own log",
        stamp=Stamp("YYYY/MM/DD HH:MM:SS.F"),
        body=layout(" {pid} {} {} {message}", " {message}"),
        hint=lazy_pattern(rb"\n\d{4}/\d\d/\d\d \d\d:\d\d:\d\d\.\d{3} +\d+ +\d+ [A-Z]\d(?:!!!?|\+?) "),
        preamble=_TEAMVIEWER_HEAD,
        program="teamviewer",
        samples=(
            b"2021/03/04 05:06:07.123  4121  4122 S0   Logger started.",
            b"2021/03/04 05:06:08.124  4121  4123 S0!! Connection to master failed",
        ),
    ),
    Format(
        name="winscp",
        about="WinSCP's session log",
        stamp=Placed(Stamp("YYYY-MM-DD HH:MM:SS.F"), behind(2, {0: b".<>!*", 1: b" "}), b".<>!*"),
        body=body.plain,
        program="winscp",
        hint=lazy_pattern(rb"\n[.<>!*] \d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} "),
        samples=(
            b". 2021-03-04 05:06:07.123 WinSCP Version 5.17.10",
            b"< 2021-03-04 05:06:08.124 530 Login incorrect.",
        ),
    ),
    *(
        Format(
            name=name,
            about=about,
            stamp=Placed(stamp, after_byte(b")", 16, 2), b"("),
            body=layout(" - {message}"),
            hint=lazy_pattern(rb"\n\(\d{6}\) \d"),
            program="filezilla",
            samples=samples,
        )
        for name, about, stamp, samples in (
            (
                "filezilla",
                "FileZilla's server before version 1",
                Either((LooseStamp("M/D/YYYY H:MM:SSAP"), LooseStamp("M/D/YYYY H:MM:SS"))),
                (b"(000812) 3/4/2021 5:06:07 AM - (not logged in) (192.0.2.7)> 530 Login or password incorrect!",),
            ),
            (
                "filezilla-day-first",
                "FileZilla's server where the day comes first",
                Either((LooseStamp("D/M/YYYY H:MM:SS"), LooseStamp("D.M.YYYY H:MM:SS"))),
                (b"(000812) 14.03.2021 05:06:07 - rika (192.0.2.7)> 230 Logged on",),
            ),
        )
    ),
    Format(
        name="putty",
        about="PuTTY's session log: only its beginning has a stamp",
        stamp=Placed(Stamp("YYYY.MM.DD HH:MM:SS"), after_text(b" PuTTY log ", 40, (b"=~=~",)), b"=", inside=True),
        body=body.plain,
        program="putty",
        samples=(b"=~=~=~=~=~=~=~=~=~=~=~= PuTTY log 2021.03.04 05:06:07 =~=~=~=~=~=~=~=~=~=~=~=\nlogin as: rika",),
    ),
)
