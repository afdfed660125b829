"""Logs of Unreal Engine and programs made with it; times are UTC."""

from logsleuth.formats import body
from logsleuth.formats.layout import layout
from logsleuth.formats.marked import Marked
from logsleuth.formats.model import Format
from logsleuth.formats.placed import Placed, after_text
from logsleuth.formats.stamp import Stamp
from logsleuth.lazy import lazy_pattern

FORMATS = (
    Format(
        name="unreal",
        about="Unreal Engine",
        stamp=Marked(Stamp("[YYYY.MM.DD-HH.MM.SS:f]"), (b"[",), utc=True),
        body=layout("[{}]{program}: {severity}: {message}", "[{}]{program}: {message}"),
        hint=lazy_pattern(rb"\n\[\d{4}\.\d\d\.\d\d-\d\d\.\d\d\.\d\d:\d{3}\]\["),
        samples=(
            b"[2021.03.04-05.06.07:123][  0]LogInit: Build: ++UE4+Release-4.26",
            b"[2021.03.04-05.06.08:124][120]LogNet: Warning: Connection lost",
        ),
    ),
    Format(
        name="unreal-opened",
        about="the line with which Unreal Engine opens a log; its time is local",
        stamp=Placed(Stamp("MM/DD/YY HH:MM:SS"), after_text(b", ", 20, (b"Log file open, ",)), b"L", inside=True),
        body=body.plain,
        samples=(b"Log file open, 03/04/21 05:06:07",),
    ),
)
