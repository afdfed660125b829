"""Logs of Java programs and of loggers made alike: Tomcat, log4j, logback, Spring Boot, Python's logging, Ruby's.

Layouts: java.util.logging's SimpleFormatter and Tomcat's OneLineFormatter; log4j's and logback's usual patterns;
Ruby's Logger::Formatter.
"""

from __future__ import annotations

import numpy as np

from logsleuth.formats import body, vector
from logsleuth.formats.layout import layout
from logsleuth.formats.levels import LEVELS, java, level_words
from logsleuth.formats.loose import LooseStamp
from logsleuth.formats.model import Columns, Format, severe
from logsleuth.formats.placed import Placed, behind, line_start
from logsleuth.formats.stamp import Stamp
from logsleuth.formats.vector import Bytes, Mask, Positions, Words

_LONGEST_LEAD = 120


def _logger(buffer: Bytes, view: Words, columns: Columns, stop: Positions) -> Mask:  # noqa: ARG001
    """Lines that name a severity, and a logger or a thread."""
    before = buffer[np.maximum(columns.text_at, 2) - 2]
    named: Mask = (columns.program_end > columns.program_at) | (before == ord("]")) | (before == ord("-"))
    named &= columns.severity >= 0
    return named


def _two_lines(buffer: Bytes, view: Words, at: Positions, stop: Positions) -> Columns:
    """java.util.logging: ` org.example.Class method`, and on the next line `SEVERE: text`."""
    logger = body.skip_spaces(buffer, at, stop)
    feed = vector.find_byte(view, logger, np.minimum(stop, logger + 512), ord("\n"))
    name_end = vector.find_any(view, logger, feed, b" \r")
    level = np.minimum(feed + 1, stop)
    colon = vector.find_any(view, level, np.minimum(stop, level + 12), b": ")
    severity = np.where(level < stop, level_words(view, level, colon), -1)
    text = body.skip_spaces(buffer, np.where(severity >= 0, colon + 1, logger), stop, 2)
    none = np.full(len(at), -1, np.int64)
    end = np.where(severity >= 0, name_end, logger)
    return Columns(at, at, logger, end, none, severity, np.minimum(text, stop))


def _level_before(buffer: Bytes, view: Words, start: Positions, stop: Positions) -> tuple[Positions, Mask]:
    """Behind `ERROR [thread name] `, `[info] `: the line's first word is a level."""
    opened = buffer[start] == ord("[")
    end = vector.find_any(view, start + opened, np.minimum(stop, start + 12), b" ]")
    can = level_words(view, start + opened, end) >= 0
    at = body.skip_spaces(buffer, np.where(can, end + (opened & can), start), stop)
    thread = can & (at < stop) & (buffer[np.minimum(at, stop)] == ord("["))
    limit = np.minimum(stop, start + _LONGEST_LEAD - 24)
    close = vector.find_byte(view, np.where(thread, at, limit), limit, ord("]"))
    digit = buffer[np.minimum(at + 1, stop)]
    stamped = thread & (digit >= ord("0")) & (digit <= ord("9"))
    at = np.where(thread & ~stamped & (close < limit), body.skip_spaces(buffer, np.minimum(close + 1, stop), stop), at)
    return at, can & (at < stop)


def _levels_line(buffer: Bytes, view: Words, at: Positions, stop: Positions) -> Columns:
    """The level at the line's start; behind the stamp `File.java:12 - text` or the text."""
    start = line_start(buffer, at, _LONGEST_LEAD)
    start = start + (buffer[start] == ord("["))
    severity = level_words(view, start, vector.find_any(view, start, start + 12, b" ]"))
    text = body.skip_spaces(buffer, at, stop)
    # `[info] [2019-05-06 ...] text`
    text = body.skip_spaces(buffer, text + ((text < stop) & (buffer[np.minimum(text, stop)] == ord("]"))), stop)
    limit = np.minimum(stop, text + 100)
    space = vector.find_byte(view, text, limit, ord(" "))
    logger = (space > text) & (space < limit) & vector.starts(view, space, b" - ")
    none = np.full(len(at), -1, np.int64)
    after = np.where(logger, np.minimum(space + 3, stop), text)
    return Columns(at, at, text, np.where(logger, space, text), none, severity, after)


JUL = Format(
    name="java-logging",
    about="java.util.logging: Tomcat 6 and 7, Jenkins; the text stands on the second line",
    stamp=LooseStamp("Mmm D, YYYY H:MM:SSAP"),
    body=_two_lines,
    heading=True,
    samples=(
        b"May 6, 2019 7:08:09 AM org.apache.catalina.startup.Catalina start\nINFO: Server startup in 812 ms",
        b"May 16, 2019 11:08:09 PM org.apache.coyote.AbstractProtocol init\nSEVERE: Failed to initialize end point",
        b"Dec 1, 2019 12:00:01 AM org.apache.catalina.core.StandardServer await\nWARNING: Socket was closed",
    ),
)
TOMCAT = Format(
    name="tomcat",
    about="Tomcat's catalina log since version 8",
    stamp=Stamp("DD-Mmm-YYYY HH:MM:SS.f"),
    body=layout(
        " {severity} [{}] {program} {message}",
        severities={name.upper(): value for name, value in LEVELS.items() if len(name) <= 8},
    ),
    check=severe,
    samples=(
        b"06-May-2019 07:08:09.123 INFO [main] org.apache.catalina.startup.Catalina.start Server startup in 812 ms",
        b"06-May-2019 07:08:09.124 SEVERE [main] org.apache.catalina.util.LifecycleBase.init Failed",
        b"16-May-2019 07:08:10.001 WARNING [localhost-startStop-1] org.example.Leak.check The web application leaks",
    ),
)


def _logging(name: str, about: str, template: str, samples: tuple[bytes, ...]) -> Format:
    return Format(
        name=name, about=about, stamp=Stamp(template), body=java, check=_logger, kind="stamped", samples=samples
    )


LOGGING = (
    _logging(
        "logger-iso",
        "log4j, logback, Spring Boot, Hadoop, ZooKeeper, Python's logging",
        "YYYY-MM-DD HH:MM:SS.fz",
        (
            b"2019-05-06 07:08:09,123 ERROR [http-nio-8080-exec-1] o.e.shop.Orders - could not reach the store",
            b"2019-05-06 07:08:09.123  INFO 812 --- [           main] o.e.shop.Application  : Started in 3.2 seconds",
            b"2019-05-06 07:08:09,123 [myid:1] - WARN  [main:QuorumPeerConfig@136] - No failure will be tolerated",
            b"2019-05-06 07:08:09,123 INFO org.apache.hadoop.hdfs.server.namenode.NameNode: STARTUP_MSG",
            b"2019-05-06 07:08:09,123 [main] WARN  o.e.shop.Orders - slow answer",
        ),
    ),
    _logging(
        "logger-iso-t",
        "the same with a T",
        "YYYY-MM-DDTHH:MM:SS.fz",
        (
            b"2019-05-06T07:08:09,123 ERROR [main] o.e.shop.Orders - could not reach the store",
            b"2019-05-06T07:08:09.123+02:00  INFO 812 --- [  restartedMain] o.e.shop.Application : Started",
            b"2019-05-06T07:08:09.123Z WARN [pool-1-thread-2] org.example.shop.Stock - slow answer",
        ),
    ),
)
LEVEL_FIRST = (
    Format(
        name="level-first",
        about="Cassandra, log4j's %p %d, CouchDB 2: the level before the stamp",
        stamp=Placed(Stamp("YYYY-MM-DD_HH:MM:SS.fz"), _level_before, b"ACDEFINPSTVW[acdefinpstvw"),
        body=_levels_line,
        check=severe,
        kind="stamped",
        samples=(
            b"INFO  [main] 2019-05-06 07:08:09,123 StorageService.java:617 - Cassandra version: 3.11.4",
            b"ERROR [ReadStage:1 for x] 2019-05-06 07:08:09,124 CassandraDaemon.java:228 - Exception in thread",
            b"WARN 2019-05-06 07:08:09,125 disk is nearly full",
            b"[error] 2019-05-06T07:08:09.123456Z couchdb@localhost <0.1.0> -------- CRASH REPORT Process <0.812.0>",
        ),
    ),
    Format(
        name="level-first-bracket",
        about="the level before a stamp in brackets",
        stamp=Placed(Stamp("[YYYY-MM-DD_HH:MM:SS.fz]"), _level_before, b"ACDEFINPSTVW[acdefinpstvw"),
        body=_levels_line,
        check=severe,
        kind="stamped",
        samples=(
            b"[INFO] [2019-05-06 07:08:09,123] queue is empty",
            b"ERROR [2019-05-06 07:08:09,124] org.example.Main - no answer",
            b"WARNING [2019-05-06T07:08:09Z] disk is nearly full",
        ),
    ),
)
RUBY = Format(
    name="ruby-logger",
    about="Ruby's Logger: Rails, Puma's plugins, Sidekiq",
    stamp=Placed(Stamp("[YYYY-MM-DDTHH:MM:SS.f"), behind(3, {1: b",", 2: b" ", 3: b"["}), b"DIWEFA"),
    body=layout(
        " #{pid}] {severity} -- : {message}",
        " #{pid}] {severity} -- {program}: {message}",
        severities={"ANY": 5, "WARN": 4, "ERROR": 3, "FATAL": 2, "INFO": 6, "DEBUG": 7},
    ),
    check=severe,
    samples=(
        b'I, [2019-05-06T07:08:09.123456 #812]  INFO -- : Started GET "/orders" for 192.0.2.7 at 2019-05-06 07:08:09',
        b"F, [2019-05-06T07:08:09.123456 #812] FATAL -- : ActionController::RoutingError (No route matches [GET])",
        b"W, [2019-05-06T07:08:09.123456 #812]  WARN -- mailer: delivery took 31 s",
    ),
)
FORMATS = (JUL, TOMCAT, RUBY)
