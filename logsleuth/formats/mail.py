"""Mail programs' own files: exim's main, reject and panic log, dovecot's, rspamd's, SpamAssassin's, mailman's.

Layouts: exim's log.c (the stamp, then the process with log_selector +pid, then the message's id or a text); dovecot's
failures.c (the service, then the level); rspamd's logger; spamd's dbg(); mailman's StampedLogger.
"""

from __future__ import annotations

import numpy as np

from logsleuth.formats import body, vector
from logsleuth.formats.layout import layout
from logsleuth.formats.levels import level_words
from logsleuth.formats.model import Columns, Format, severe, severe_process
from logsleuth.formats.stamp import Stamp
from logsleuth.formats.vector import Bytes, Mask, Positions, Words

_EXIM = (
    b"Start ", b"End que", b"exim ", b"H=", b"daemon", b"no host", b"SMTP ", b"TLS ", b"unexpec", b"rejected",
    b"U=", b"socket ", b"listen", b"refused", b"connect", b"Connect", b"Warning: ", b"failed ", b"queue ",
)  # fmt: skip


def _process(buffer: Bytes, view: Words, at: Positions, stop: Positions) -> Columns:
    """` [812] text`, the process being optional."""
    columns = body.plain(buffer, view, at, stop)
    text = columns.text_at
    opened = (text < stop) & (buffer[np.minimum(text, stop)] == ord("["))
    pid, end = body.numbers(view, np.minimum(text + 1, stop))
    good = opened & (pid >= 0) & (end < stop) & (buffer[np.minimum(end, stop)] == ord("]"))
    after = body.skip_spaces(buffer, np.where(good, end + 1, text), stop, 2)
    return columns._replace(pid=np.where(good, pid, -1), text_at=after)


def _exims(buffer: Bytes, view: Words, columns: Columns, stop: Positions) -> Mask:
    """Lines with a message's id (`1hNabc-000Aa1-7Q`, since 4.97 `1qsTuV-00000005RsV-2nWp`), or as exim begins them."""
    at = columns.text_at
    space = vector.find_byte(view, at, np.minimum(stop, at + 25), ord(" "))
    width = space - at
    dash = np.minimum(at + 6, stop)
    other = np.where(width == 16, at + 13, at + 18)
    known: Mask = (
        ((width == 16) | (width == 23)) & (buffer[dash] == ord("-")) & (buffer[np.minimum(other, stop)] == ord("-"))
    )
    for text in _EXIM:
        known |= vector.starts(view, at, text)
    return known


def _service(buffer: Bytes, view: Words, at: Positions, stop: Positions) -> Columns:
    """` imap-login: Info: text`, ` imap(rika)<812><abc>: Error: text`: the service stays in the text, as in syslog."""
    columns = body.plain(buffer, view, at, stop)
    text = columns.text_at
    colon = vector.find_byte(view, text, np.minimum(stop, text + 120), ord(":"))
    word = np.minimum(colon + 2, stop)
    end = vector.find_byte(view, word, np.minimum(stop, word + 10), ord(":"))
    other = vector.find_any(view, text, colon, b" [")
    small = buffer[np.minimum(word + 1, stop)] >= ord("a")
    level = np.where((other < colon) | ~small, -1, level_words(view, word, end))
    # `Info: ` alone, of dovecot's own master before 2.0.
    own = level_words(view, text, colon)
    severity = np.where(own >= 0, own, level)
    text = np.where(own >= 0, body.skip_spaces(buffer, np.minimum(colon + 1, stop), stop, 2), text)
    return columns._replace(severity=severity, text_at=text)


EXIM = Format(
    name="exim",
    about="exim's mainlog, rejectlog and paniclog",
    stamp=Stamp("YYYY-MM-DD HH:MM:SS.fz"),
    body=_process,
    check=_exims,
    program="exim",
    samples=(
        b"2019-05-06 07:08:09 1hNabc-000Aa1-7Q <= rika@example.org H=mx.example.org [192.0.2.7] P=esmtp S=1234",
        b"2019-05-06 07:08:09.123 +0200 [812] 1hNabc-000Aa1-7Q == rika@example.net R=dnslookup T=smtp defer (111)",
        b"2019-05-06 07:08:10 H=(pc7) [192.0.2.7] F=<x@example.org> rejected RCPT <y@example.com>: relay denied",
        b"2019-05-06 07:08:10 Start queue run: pid=812",
        b"2023-11-06 07:08:10 1qzTuV-00000005RsV-2nWp Completed",
    ),
)
DOVECOT = Format(
    name="dovecot",
    about="dovecot's own log (log_path)",
    stamp=Stamp("Mmm dd HH:MM:SS"),
    body=_service,
    check=severe,
    program="dovecot",
    samples=(
        b"May 06 07:08:09 imap-login: Info: Login: user=<rika>, method=PLAIN, rip=192.0.2.7, lip=10.0.0.5, TLS",
        b"May 06 07:08:09 imap(rika)<813><abcdefgh>: Error: Corrupted index file /home/rika/mail/.imap/INBOX",
        b"May 06 07:08:10 master: Warning: Killed with signal 15 (by pid=1 uid=0 code=kill)",
    ),
)
DOVECOT_ISO = Format(
    name="dovecot-iso",
    about="dovecot's own log with log_timestamp of year, month and day",
    stamp=Stamp("YYYY-MM-DD HH:MM:SS"),
    body=_service,
    check=severe,
    program="dovecot",
    samples=(
        b"2019-05-06 07:08:09 imap-login: Info: Aborted login (auth failed, 1 attempts): user=<rika>, rip=192.0.2.7",
        b"2019-05-06 07:08:09 auth: Error: passwd-file /etc/dovecot/users: open failed",
        b"2019-05-06 07:08:10 pop3(rika): Warning: Disconnected: Logged out top=0/0",
    ),
)
RSPAMD = Format(
    name="rspamd",
    about="rspamd's log",
    stamp=Stamp("YYYY-MM-DD HH:MM:SS.f"),
    body=layout(" #{pid}({program}) <{}>; {message}", " #{pid}({program}) {message}"),
    named=True,
    samples=(
        b"2019-05-06 07:08:09 #812(normal) <abcdef>; task; rspamd_task_write_log: id: <1@example.org>, (default: F",
        b"2019-05-06 07:08:09.123 #813(controller) <8f3a11>; csession; rspamd_controller_check_password: allow",
        b"2019-05-06 07:08:10 #811(main) lua; redis.lua:812: connection refused",
    ),
)
SPAMD = Format(
    name="spamd",
    about="SpamAssassin's spamd with a log file",
    stamp=Stamp("Www Mmm dd HH:MM:SS YYYY"),
    body=layout(" [{pid}] {severity}: {message}"),
    check=severe_process,
    program="spamd",
    samples=(
        b"Mon May  6 07:08:09 2019 [812] info: spamd: server started on IO::Socket::IP [::1]:783 (version 3.4.2)",
        b"Mon May  6 07:08:09 2019 [813] warn: config: failed to parse line, skipping",
        b"Mon May 16 07:08:10 2019 [812] error: prefork: killing failed child 815",
    ),
)
MAILMAN = Format(
    name="mailman",
    about="GNU mailman's logs",
    stamp=Stamp("Mmm DD HH:MM:SS YYYY"),
    body=layout(" ({pid}) {message}"),
    check=lambda buffer, view, columns, stop: columns.pid >= 0,  # noqa: ARG005
    samples=(
        b"May 06 07:08:09 2019 (812) Uncaught runner exception: No such list",
        b"May 06 07:08:09 2019 (813) post to news from rika@example.org, size=1234, success",
        b"May 16 07:08:10 2019 (812) Master qrunner detected subprocess exit",
    ),
)
FORMATS = (EXIM, DOVECOT_ISO, RSPAMD, SPAMD, MAILMAN)
