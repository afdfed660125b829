"""Logs of application frameworks with layouts of their own: Rails, Rust's env_logger, Tornado, Asterisk, vdsm.

Layouts: Rails::Rack::Logger and ActionController's of Rails 2; env_logger's default format; tornado.log.LogFormatter;
Asterisk's main/logger.c; vdsm's logger.conf before 4.20; InfluxDB before 1.4.
"""

from __future__ import annotations

import numpy as np

from logsleuth.formats import body, vector
from logsleuth.formats.layout import layout
from logsleuth.formats.levels import level_words
from logsleuth.formats.model import Columns, Format, severe, severe_process
from logsleuth.formats.placed import Either, Placed, after_text, behind, line_start
from logsleuth.formats.stamp import Stamp
from logsleuth.formats.vector import Bytes, Mask, Positions, Words
from logsleuth.lazy import lazy_pattern

_LETTERS = {"V": 7, "D": 7, "I": 6, "W": 4, "E": 3, "C": 2, "F": 2, "A": 2}
_OF_LETTER = np.full(256, -1)
_OF_LETTER[[ord(letter) for letter in _LETTERS]] = list(_LETTERS.values())
_LONGEST_TAG = 42
_NAMES = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
"""With which a thread's name begins."""
_ISO = Stamp("YYYY-MM-DD_HH:MM:SS.fz")
_ASTERISK = layout(
    *(" {severity}[{pid}][{}] {program}: {message}", " {severity}[{pid}] {program}: {message}"),
    *(" {severity}[{pid}][{}]: {message}", " {severity}[{pid}]: {message}"),
    severities={"VERBOSE": 7, "DTMF": 7, "SECURITY": 5},
)


def _in_request(buffer: Bytes, view: Words, start: Positions, stop: Positions) -> tuple[Positions, Mask]:
    """Behind ` at ` of `Started GET "/" for 192.0.2.7 at ...`, tags in brackets before it (config.log_tags) or not."""
    at = start
    for _ in range(4):
        opened = (at < stop) & (buffer[np.minimum(at, stop)] == ord("["))
        if not opened.any():
            break
        close = vector.find_byte(view, np.where(opened, at, stop), np.minimum(stop, at + 80), ord("]"))
        at = np.where(opened & (close < stop), body.skip_spaces(buffer, np.minimum(close + 1, stop), stop), at)
    return after_text(b" at ", 4000, (b"Started ", b"Processing "))(buffer, view, at, stop)


def _tornado(buffer: Bytes, view: Words, at: Positions, stop: Positions) -> Columns:
    """The severity's letter stands before the stamp; behind it the module or the program, and `] `."""
    columns = _NAMED(buffer, view, at, stop)
    return columns._replace(severity=_OF_LETTER[buffer[np.minimum(line_start(buffer, at, 40) + 1, stop)]])


_NAMED = layout(" {program}] {message}", "] {message}", " {}] {message}")


def _vdsm(buffer: Bytes, view: Words, at: Positions, stop: Positions) -> Columns:
    """`Thread-12::DEBUG::STAMP::module::84::logger::(function) text`."""
    columns = _PLACES(buffer, view, at, stop)
    start = line_start(buffer, at, 120)
    first = vector.find_byte(view, start, at, ord(":"))
    level = np.minimum(first + 2, at)
    return columns._replace(severity=level_words(view, level, vector.find_byte(view, level, at, ord(":"))))


_PLACES = layout("::{}::{}::{program}::{message}")


def _two_colons(buffer: Bytes, view: Words, start: Positions, stop: Positions) -> tuple[Positions, Mask]:
    at, can = after_text(b"::", 60)(buffer, view, start, stop)
    after, found = after_text(b"::", 10)(buffer, view, at, stop)
    return np.where(can & found, after, start), can & found


def _tagged(buffer: Bytes, view: Words, start: Positions, stop: Positions) -> tuple[Positions, Mask]:
    """Behind `[tag] `, a word of no more than forty bytes."""
    limit = np.minimum(stop, start + _LONGEST_TAG)
    close = vector.find_any(view, start, limit, b"] ")
    can = (buffer[start] == ord("[")) & (close < limit) & (close > start + 1)
    can &= vector.starts(view, np.minimum(close, stop), b"] ") & (close + 2 < stop)
    return np.where(can, close + 2, start), can


def _behind_tag(buffer: Bytes, view: Words, at: Positions, stop: Positions) -> Columns:
    """The tag is the program; InfluxDB's `[I]` is a level."""
    start = line_start(buffer, at, _LONGEST_TAG + 40)
    close = vector.find_byte(view, start, np.minimum(stop, start + _LONGEST_TAG), ord("]"))
    letter = np.where(close == start + 2, _OF_LETTER[buffer[np.minimum(start + 1, stop)]], -1)
    columns = body.plain(buffer, view, at, stop)
    return columns._replace(severity=letter, lead_end=np.where(letter >= 0, start, np.minimum(close + 2, stop)))


FORMATS = (
    Format(
        name="rails",
        about="Ruby on Rails: a request is one entry",
        stamp=Placed(Either((_ISO, Stamp("Www Mmm dd HH:MM:SSz YYYY"))), _in_request, b"SP[", inside=True),
        body=body.plain,
        program="rails",
        samples=(
            (
                b'Started GET "/orders" for 192.0.2.7 at 2021-03-04 05:06:07 +0100\n'
                b"Processing by OrdersController#index as HTML\nCompleted 500 Internal Server Error in 12ms"
            ),
            b'[0badc0de-1] [gate] Started POST "/orders" for 2001:db8::7 at 2021-03-04 05:06:08 +0000',
            b"Processing OrdersController#show (for 192.0.2.7 at 2009-03-04 05:06:09) [GET]",
        ),
    ),
    Format(
        name="env-logger",
        about="programs in Rust with env_logger",
        stamp=Stamp("[YYYY-MM-DDTHH:MM:SS.fz"),
        body=layout(" {severity} {program}] {message}", " {severity}] {message}", " {severity} {}] {message}"),
        check=severe,
        samples=(
            b"[2021-03-04T05:06:07Z INFO  shop::orders] listening on 0.0.0.0:8080",
            b"[2021-03-04T05:06:07.123456Z ERROR virtiofsd] Waiting for daemon failed: HandleRequest(InvalidParam)",
        ),
    ),
    Format(
        name="tornado",
        about="Tornado, Jupyter: the severity's letter before the stamp",
        stamp=Placed(
            Either((Stamp("YYYY-MM-DD HH:MM:SS.f"), Stamp("YYMMDD HH:MM:SS"))),
            behind(3, {0: b"[", 1: b"DIWEC", 2: b" "}),
            b"[",
        ),
        body=_tornado,
        samples=(
            b"[I 210304 05:06:07 web:2239] 200 GET / (192.0.2.7) 1.23ms",
            b"[W 2021-03-04 05:06:07.123 LabApp] 'ip' has moved from NotebookApp to ServerApp",
        ),
    ),
    *(
        Format(
            name=name,
            about=about,
            stamp=Stamp(template),
            body=_ASTERISK,
            check=severe_process,
            program="asterisk",
            samples=samples,
        )
        for name, about, template, samples in (
            (
                "asterisk",
                "Asterisk with dateformat=%F %T",
                "[YYYY-MM-DD HH:MM:SS.f]",
                (
                    b"[2021-03-04 05:06:07] NOTICE[812][C-0000001f]: chan_sip.c:28467 handle_request_register: failed",
                    b"[2021-03-04 05:06:07.123] ERROR[813] res_config_mysql.c: Failed to connect to the database",
                ),
            ),
            (
                "asterisk-yearless",
                "Asterisk's own log",
                "[Mmm dd HH:MM:SS.f]",
                (b"[Mar  4 05:06:07] WARNING[812]: chan_sip.c:4053 retrans_pkt: Retransmission timeout reached",),
            ),
        )
    ),
    Format(
        name="vdsm",
        about="vdsm of oVirt before 4.2",
        stamp=Placed(Stamp("YYYY-MM-DD HH:MM:SS.f"), _two_colons, _NAMES),
        body=_vdsm,
        check=severe,
        # Any word may begin its lines: other logs' lines are not tried for it.
        hint=lazy_pattern(rb"\n[^\n]{1,60}::(?:DEBUG|INFO|WARNING|ERROR|CRITICAL)::\d{4}-\d\d-\d\d "),
        program="vdsm",
        samples=(b"Thread-12::DEBUG::2021-03-04 05:06:07,123::misc::84::Storage.Misc.excCmd::(<lambda>) /bin/dd",),
    ),
    Format(
        name="tag-first",
        about="InfluxDB before 1.4, Syncthing: a word in brackets before the stamp",
        stamp=Placed(Either((_ISO, Stamp("YYYY/MM/DD HH:MM:SS.f"))), _tagged, b"["),
        body=_behind_tag,
        kind="stamped",
        samples=(
            b"[I] 2021-03-04T05:06:07Z Listening on HTTP: [::]:8086 service=httpd",
            b"[tcp] 2021/03/04 05:06:08 listening on TCP connection [::]:8088",
        ),
    ),
)
