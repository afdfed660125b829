"""Apache's error_log of 1.3, 2.0, 2.2 and 2.4: `[Www Mmm dd hh:mm:ss[.uuuuuu] yyyy] [level] ...`.

Layout: httpd's log_error_core and do_errorlog_default. Lines without a stamp (start-up, CGI, the loader) follow the
stamped line before them.
"""

from logsleuth.formats import body, vector
from logsleuth.formats.model import Columns, Format
from logsleuth.formats.stamp import Stamp
from logsleuth.formats.vector import Bytes, Mask, Positions, Words


def _servers(buffer: Bytes, view: Words, columns: Columns, stop: Positions) -> Mask:  # noqa: ARG001
    """Lines with a level, or a client where that stands: the kernel's by dmesg -T have the same stamp."""
    client: Mask = view[columns.text_at] == vector.word(b"[client ")
    return client | (columns.severity >= 0)


FORMAT = Format(
    name="apache-error",
    about="Apache httpd's error_log, 1.3 to 2.4",
    stamp=Stamp("[Www Mmm dd HH:MM:SS.f YYYY]"),
    body=body.bracketed,
    check=_servers,
    program="httpd",
    kind="error",
    samples=(
        b"[Wed Oct  7 09:12:44 2009] [error] [client 192.0.2.7] File does not exist: /usr/local/www/favicon.ico",
        b"[Sat Dec 07 09:12:44 2013] [notice] caught SIGTERM, shutting down",
        b"[Thu Jan 02 03:04:05.678901 2020] [core:notice] [pid 712:tid 140] AH00094: Command line: '/usr/sbin/httpd'",
        b"[Thu Jan 02 03:04:05.678901 2020] [proxy:error] [pid 712] (111)Connection refused: AH00957: HTTP: failed",
    ),
)
