"""Logs of the clients of Microsoft's SkyDrive, which became OneDrive; times are UTC."""

from logsleuth.formats import body
from logsleuth.formats.layout import layout
from logsleuth.formats.marked import Marked
from logsleuth.formats.model import Format
from logsleuth.formats.placed import Placed, after_text
from logsleuth.formats.stamp import Stamp
from logsleuth.lazy import lazy_pattern

FORMATS = (
    Format(
        name="skydrive",
        about="SkyDrive's SyncDiagnostics.log: the month first",
        stamp=Marked(Stamp("MM-DD-YYYY HH:MM:SS.F"), utc=True),
        body=body.plain,
        hint=lazy_pattern(rb"\n\d\d-\d\d-\d{4} \d\d:\d\d:\d\d\.\d{3} \S+\.(?:cpp|h|c):\d+!|\n#{6,} Logging started\. "),
        program="skydrive",
        samples=(b"03-04-2021 05:06:07.123 Global.cpp:812!logVersionInfo (DETAIL): 17.0.2011.0627 (Ship)",),
    ),
    Format(
        name="skydrive-started",
        about="the line with which SkyDrive's logs begin; its time is local",
        stamp=Placed(Stamp("YYYY-MM-DD-HHMMSS.F"), after_text(b"StartLocalTime: ", 300, (b"####",)), b"#", inside=True),
        body=body.plain,
        program="skydrive",
        samples=(
            (
                b"######## Logging started. Version= 17.0.2011.0627 StartLocalTime: 2021-03-04-060607.123 PID=0x8f4 "
                b"TID=0x718 ContinuedFrom="
            ),
        ),
    ),
    Format(
        name="onedrive",
        about="OneDrive's and SkyDrive's logs with columns between commas",
        stamp=Marked(Stamp("YYYY-MM-DD-HHMMSS.F,"), utc=True),
        body=layout("{message}"),
        program="onedrive",
        hint=lazy_pattern(rb"\n\d{4}-\d\d-\d\d-\d{6}\.\d{3},"),
        samples=(b'2021-03-04-050607.123,000008f4,00000718,0,"Auth",authapi.cpp,278,"DETAIL","Sign in failed"',),
    ),
)
