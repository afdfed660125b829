"""Logs of clusters with the year's last two digits first, or with an epoch behind an alert's name.

Layouts: HDFS' and Spark's log4j patterns (`yyMMdd HHmmss`, `yy/MM/dd HH:mm:ss`); the collected logs of supercomputers,
whose lines begin with an alert's category or a dash.
"""

from __future__ import annotations

from logsleuth.formats import body
from logsleuth.formats.epoch import Epoch
from logsleuth.formats.layout import layout
from logsleuth.formats.model import Format, severe
from logsleuth.formats.placed import Placed, after_words
from logsleuth.formats.stamp import Stamp
from logsleuth.lazy import lazy_pattern

FORMATS = (
    Format(
        name="hdfs",
        about="Hadoop's HDFS: date and time as numbers",
        stamp=Stamp("YYMMDD HHMMSS"),
        body=layout(" {pid} {severity} {program}: {message}"),
        check=severe,
        hint=lazy_pattern(rb"\n\d{6} \d{6} \d+ (?:TRACE|DEBUG|INFO|WARN|ERROR|FATAL) "),
        samples=(b"210304 050607 143 WARN dfs.DataNode$DataXceiver: Got exception while serving blk_812",),
    ),
    Format(
        name="spark",
        about="Apache Spark's console: the year first",
        stamp=Stamp("YY/MM/DD HH:MM:SS"),
        body=layout(" {severity} {program}: {message}"),
        check=severe,
        hint=lazy_pattern(rb"\n\d\d/\d\d/\d\d \d\d:\d\d:\d\d (?:TRACE|DEBUG|INFO|WARN|ERROR|FATAL) [\w.$]+: "),
        samples=(b"21/03/04 05:06:07 ERROR executor.Executor: Exception in task 1.0 in stage 0.0 (TID 1)",),
    ),
    Format(
        name="alert-epoch",
        about="collected logs of supercomputers: an alert's category or a dash, then seconds since 1970",
        stamp=Placed(Epoch(after=b" "), after_words(1), b"-ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
        body=body.plain,
        hint=lazy_pattern(rb"\n(?:-|[A-Z][A-Z_]+) \d{10} \d{4}\.\d\d\.\d\d \S+ "),
        samples=(
            b"- 1614834367 2021.03.04 R02-M1-N0 2021-03-04-05.06.07.363779 R02-M1-N0 RAS KERNEL FATAL data TLB error",
        ),
    ),
)
