"""Logs of web servers and what runs behind them: HAProxy, nginx, lighttpd, PHP-FPM, gunicorn, uWSGI."""

from __future__ import annotations

import numpy as np

from logsleuth.formats import body, vector
from logsleuth.formats.layout import layout
from logsleuth.formats.levels import leveled
from logsleuth.formats.marked import Marked
from logsleuth.formats.model import Columns, Format, severe, severe_process
from logsleuth.formats.placed import Placed, after_byte, line_start
from logsleuth.formats.stamp import Stamp
from logsleuth.formats.vector import Bytes, Mask, Positions, Words
from logsleuth.lazy import lazy_pattern

_HAPROXY_WIDTH = len("[06/May/2019:07:08:09.123]")


def _source(buffer: Bytes, view: Words, columns: Columns, stop: Positions) -> Mask:
    """Lines whose place in the source was taken off their text."""
    there = (columns.text_at < stop) & ~vector.starts(view, columns.text_at, b":")
    found: Mask = there & (buffer[columns.text_at] != ord("("))
    return found


def _answered(buffer: Bytes, view: Words, at: Positions, stop: Positions) -> Columns:
    """The message is the line without its stamp; of HTTP the answer's status stands behind three words."""
    columns = body.plain(buffer, view, at, stop)
    place = columns.text_at
    for _ in range(3):
        place = np.minimum(vector.find_byte(view, place, stop, ord(" ")) + 1, stop)
    status, end = body.numbers(view, place)
    http = (end - place == 3) & (vector.find_byte(view, place, stop, ord('"')) < stop)
    severity = np.select([http & (status >= 500), http & (status >= 400), http & (status >= 100)], [3, 4, 6], -1)
    return columns._replace(severity=severity, lead_end=np.maximum(at - _HAPROXY_WIDTH, 0))


def _dated(buffer: Bytes, view: Words, at: Positions, stop: Positions) -> Columns:
    """The message is the line without its stamp; the answer's status stands behind the quoted request."""
    columns = body.plain(buffer, view, at, stop)
    first = vector.find_byte(view, at, np.minimum(stop, at + 4), ord('"'))
    close = vector.find_byte(view, np.minimum(first + 1, stop), stop, ord('"'))
    status, _ = body.numbers(view, np.minimum(close + 2, stop))
    severity = np.select([status >= 500, status >= 400, status >= 100], [3, 4, 6], -1)
    start = line_start(buffer, at, 360)
    return columns._replace(severity=severity, lead_end=vector.find_byte(view, start, at, ord("[")))


NGINX = Format(
    name="nginx-error",
    about="nginx's error log",
    stamp=Stamp("YYYY/MM/DD HH:MM:SS"),
    body=layout(" [{severity}] {pid}#{}: *{} {message}", " [{severity}] {pid}#{}: {message}"),
    check=severe_process,
    program="nginx",
    kind="error",
    samples=(
        b'2019/05/06 07:08:09 [error] 812#812: *1 open() "/var/www/x" failed (2: No such file or directory)',
        b"2019/05/06 07:08:09 [emerg] 813#0: bind() to 0.0.0.0:80 failed (98: Address already in use)",
        b"2019/05/06 07:08:10 [notice] 812#812: signal process started",
    ),
)
LIGHTTPD = Format(
    name="lighttpd-error",
    about="lighttpd's error log",
    stamp=Marked(Stamp("YYYY-MM-DD HH:MM:SS"), (b": ",)),
    body=layout(": ({}.c.{}) {message}", ": {}.c.{}) {message}"),
    check=_source,
    program="lighttpd",
    kind="error",
    samples=(
        b"2019-05-06 07:08:09: (server.c.1464) server started (lighttpd/1.4.53)",
        b"2019-05-06 07:08:09: (network.c.312) can't bind to socket: 0.0.0.0:80 Address already in use",
        b"2019-05-06 07:08:10: (../src/server.c.2024) server stopped by UID = 0 PID = 1",
    ),
)
PHP_FPM = Format(
    name="php-fpm",
    about="PHP-FPM's own log",
    stamp=Stamp("[DD-Mmm-YYYY HH:MM:SS.f]"),
    body=layout(" {severity}: {message}"),
    check=severe,
    program="php-fpm",
    samples=(
        b"[06-May-2019 07:08:09] NOTICE: fpm is running, pid 812",
        b"[06-May-2019 07:08:09] WARNING: [pool www] server reached pm.max_children setting (5), consider raising it",
        b"[06-May-2019 07:08:10] ERROR: unable to bind listening socket for address '127.0.0.1:9000': in use (98)",
    ),
)
GUNICORN = Format(
    name="gunicorn",
    about="gunicorn's error log",
    stamp=Stamp("[YYYY-MM-DD HH:MM:SSz]"),
    body=layout(" [{pid}] [{severity}] {message}"),
    check=severe_process,
    program="gunicorn",
    samples=(
        b"[2019-05-06 07:08:09 +0000] [812] [INFO] Starting gunicorn 20.0.4",
        b"[2019-05-06 07:08:09 +0200] [812] [ERROR] Connection in use: ('0.0.0.0', 8000)",
        b"[2019-05-06 07:08:10 +0000] [812] [CRITICAL] WORKER TIMEOUT (pid:815)",
    ),
)
UWSGI = Format(
    name="uwsgi",
    about="requests in uWSGI's log",
    stamp=Placed(Stamp("[Www Mmm dd HH:MM:SS YYYY]"), after_byte(b"}", 400, more=2), b"["),
    body=leveled,
    program="uwsgi",
    samples=(
        (
            b"[pid: 812|app: 0|req: 1/1] 192.0.2.7 () {42 vars in 687 bytes} [Mon May  6 07:08:09 2019] GET / => "
            b"generated 12 bytes in 3 msecs (HTTP/1.1 200) 2 headers in 79 bytes"
        ),
        (
            b"[pid: 813|app: -1|req: -1/2] 192.0.2.7 (rika) {40 vars in 600 bytes} [Mon May  6 07:08:10 2019] POST /x "
            b"=> generated 21 bytes in 0 msecs (HTTP/1.1 500) 3 headers in 102 bytes"
        ),
        (
            b"[pid: 812|app: 0|req: 2/3] 2001:db8::7 () {42 vars in 687 bytes} [Thu May 16 07:08:10 2019] GET /y => "
            b"generated 12 bytes in 1 msecs (HTTP/1.0 404) 2 headers in 79 bytes"
        ),
    ),
)
HAPROXY = Format(
    name="haproxy",
    about="HAProxy's requests without syslog's part before them (log stdout format raw)",
    stamp=Stamp("[DD/Mmm/YYYY:HH:MM:SS.F]", anchor="bracket"),
    body=_answered,
    program="haproxy",
    ordered=False,
    samples=(
        (
            b"192.0.2.7:50211 [06/May/2019:07:08:09.123] www shop/s1 10/0/30/69/109 200 2750 - - ---- 1/1/1/1/0 0/0 "
            b'"GET /orders HTTP/1.1"'
        ),
        (
            b"192.0.2.7:50212 [06/May/2019:07:08:10.001] www shop/<NOSRV> 0/-1/-1/-1/0 503 213 - - SC-- 1/1/0/0/0 0/0 "
            b'"GET / HTTP/1.1"'
        ),
        b"192.0.2.7:50213 [06/May/2019:07:08:11.200] mail imap/s2 0/0/5007 212 -- 0/0/0/0/3 0/0",
    ),
)
ACCESS_ISO = Format(
    name="access-iso",
    about="access logs in the combined layout with an ISO 8601 stamp (nginx's $time_iso8601)",
    stamp=Placed(Stamp("YYYY-MM-DDTHH:MM:SS.fz]"), after_byte(b"[", 300), b""),
    body=_dated,
    hint=lazy_pattern(rb'\n[^\n\[]{7,300} \[\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[^\]\n]*\] "'),
    program="httpd",
    ordered=False,
    kind="access",
    samples=(
        b'192.0.2.7 - - [2021-03-04T05:06:07+01:00] "GET /index.html HTTP/1.1" 502 5120 "-" "Mozilla/5.0"',
        b'2001:db8::7 - rika [2021-03-04T05:06:08+00:00] "POST /x HTTP/2.0" 200 312',
    ),
)
FORMATS = (ACCESS_ISO, HAPROXY, NGINX, LIGHTTPD, PHP_FPM, GUNICORN, UWSGI)
