"""Any other text that carries a stamp at the start of its lines: one format for each spelling of a stamp."""

import numpy as np

from logsleuth.formats import vector
from logsleuth.formats.levels import leveled
from logsleuth.formats.loose import LooseStamp
from logsleuth.formats.model import Columns, Decoder, Format
from logsleuth.formats.placed import Placed, Utc, behind, line_start
from logsleuth.formats.stamp import Stamp
from logsleuth.formats.vector import Bytes, Mask, Positions, Words

_TEMPLATES: tuple[tuple[str, str | Decoder, str, bytes], ...] = (
    # name, template, who writes it, a sample
    (
        "stamped-iso-dash",
        "YYYY-MM-DD HH:MM:SS.fz",
        "scripts, OpenVPN, Python's logging",
        b"2019-05-06 07:08:09,123 worker[12]: queue is empty",
    ),
    (
        "stamped-iso-t",
        "YYYY-MM-DDTHH:MM:SS.fz",
        "daemons with ISO 8601 stamps",
        b"2019-05-06T07:08:09.123Z the store cannot be reached",
    ),
    (
        "stamped-iso-bracket",
        "[YYYY-MM-DD HH:MM:SS.fz]",
        "daemons with bracketed stamps",
        b"[2019-05-06 07:08:09] supervisor: spawned",
    ),
    (
        "stamped-iso-bracket-t",
        "[YYYY-MM-DDTHH:MM:SS.fz]",
        "pacman and others, bracketed ISO 8601",
        b"[2019-05-06T07:08:09+0200] [ALPM] transaction started",
    ),
    (
        "stamped-slash",
        "YYYY/MM/DD HH:MM:SS.f",
        "Go's log",
        b"2019/05/06 07:08:09 http: TLS handshake error from 192.0.2.7:50211: EOF",
    ),
    (
        "stamped-slash-bracket",
        "[YYYY/MM/DD HH:MM:SS.fz]",
        "daemons with bracketed stamps, slashes between the numbers",
        b"[2019/05/06 07:08:09] queue runner started",
    ),
    (
        "stamped-php",
        "[DD-Mmm-YYYY HH:MM:SS.fzArea/City]",
        "PHP's error_log",
        b"[06-May-2019 07:08:09 UTC] PHP Warning:  Undefined variable $x in /srv/x.php on line 3",
    ),
    (
        "stamped-dmy-dash",
        "DD-Mmm-YYYY HH:MM:SS.f",
        "daemons",
        b"06-May-2019 07:08:09.123 queue is empty",
    ),
    (
        "stamped-mdy-name",
        "Mmm dd YYYY HH:MM:SS.f",
        "scripts, network gear",
        b"May  6 2019 07:08:09 started the nightly copy",
    ),
    (
        "stamped-ctime",
        "Www Mmm dd HH:MM:SS.f YYYY",
        "ctime(3), date(1)",
        b"Mon May  6 07:08:09 2019 : Info: Ready to process requests",
    ),
    (
        "stamped-ctime-closed",
        "[Www Mmm dd HH:MM:SS.f YYYY]",
        "acpid and others, ctime(3) in brackets",
        b'[Mon May  6 07:08:09 2019] received event "button/power PWRF 00000080 00000001"',
    ),
    (
        "stamped-ctime-bracket",
        "[Www Mmm dd HH:MM:SS.f YYYY",
        "daemons whose bracket holds more than the stamp",
        b"[Mon May  6 07:08:09 2019, 0] queue is empty",
    ),
    (
        "stamped-dmy-slash",
        "DD/Mmm/YYYY:HH:MM:SSz",
        "scripts in the access log's spelling",
        b"06/May/2019:07:08:09 +0200 sync done",
    ),
    ("stamped-mdy-slash", "MM/DD/YYYY HH:MM:SS.f", "month first", b"05/26/2019 07:08:09 backup started"),
    ("stamped-loose-behind", LooseStamp("Mmm D H:MM:SS.f YYYY"), "scripts", b"May  6 07:08:09 2019 started the copy"),
    (
        "stamped-bsd",
        "Mmm dd HH:MM:SS.f",
        "text with a syslog stamp and no host",
        b"May  6 07:08:09 started the nightly copy",
    ),
    ("stamped-ymd", "YYYYMMDD HH:MM:SS.f", "scripts", b"20190506 07:08:09 backup started"),
    (
        "stamped-digits",
        "YYYYMMDD HHMMSS",
        "NUT's upslog, Sophos Anti-Virus",
        b"20190506 070809 100 230.1 12 [OL] NA 50.00",
    ),
    ("stamped-dmy-dotted", "DD.MM.YYYY HH:MM:SS.f", "scripts in Europe", b"26.05.2019 07:08:09 backup started"),
    ("stamped-mdy-short", "MM/DD/YY HH:MM:SS.f", "month first, a short year", b"05/26/19 07:08:09.123456 pid=71 text"),
    # Where no day is past the 12th the month is taken to come first.
    ("stamped-dmy-number", "DD/MM/YYYY HH:MM:SS.f", "day first", b"26/05/2019 07:08:09 backup started"),
    ("stamped-dmy-number-dash", "DD-MM-YYYY HH:MM:SS.f", "day first", b"26-05-2019 07:08:09 backup started"),
    ("stamped-mdy-number-dash", "MM-DD-YYYY HH:MM:SS.f", "month first", b"05-26-2019 07:08:09 backup started"),
    ("stamped-dmy-short", "DD/MM/YY HH:MM:SS.f", "day first, a short year", b"26/05/19 07:08:09 backup started"),
    ("stamped-md-dash", "MM-DD HH:MM:SS.F", "daemons", b"05-26 07:08:09.123 queue is empty"),
    ("stamped-date", "Www Mmm dd HH:MM:SSZZZ YYYY", "date(1)", b"Mon May  6 07:08:09 CEST 2019 backup started"),
    (
        "stamped-date-half",
        LooseStamp("Www DD Mmm YYYY H:MM:SSAPZZZ"),
        "date(1) of the newer coreutils",
        b"Mon 06 May 2019 07:08:09 PM JST: backup started",
    ),
    ("stamped-date-day", "Www DD Mmm YYYY HH:MM:SSZZZ", "the same", b"Mon 06 May 2019 07:08:09 JST backup started"),
    ("stamped-mail", "Www, DD Mmm YYYY HH:MM:SSz", "RFC 2822", b"Mon, 06 May 2019 07:08:09 +0200 backup started"),
    ("stamped-mdy-half", LooseStamp("M/D/YYYY H:MM:SSAP"), "month first", b"5/6/2019 7:08:09 PM backup started"),
    ("stamped-dmy-half", LooseStamp("D/M/YYYY H:MM:SSAP"), "day first", b"26/5/2019 7:08:09 PM backup started"),
    ("stamped-mdy-comma", LooseStamp("M/D/YYYY, H:MM:SSAP"), "month first", b"5/6/2019, 7:08:09 PM backup started"),
    ("stamped-dmy-comma", Stamp("DD/MM/YYYY, HH:MM:SS.f"), "day first", b"26/05/2019, 07:08:09 backup started"),
    ("stamped-mdy-loose", LooseStamp("M/D/YYYY H:MM:SS.f"), "month first", b"5/6/2019 7:08:09 backup started"),
    ("stamped-dmy-loose", LooseStamp("D/M/YYYY H:MM:SS.f"), "day first", b"26/5/2019 7:08:09 backup started"),
    ("stamped-dmy-point", LooseStamp("D.M.YYYY H:MM:SS.f"), "scripts in Europe", b"6.5.2019 7:08:09 backup started"),
    ("stamped-ymd-dotted", "YYYY.MM.DD HH:MM:SS.f", "daemons", b"2019.05.06 07:08:09 backup started"),
    ("stamped-ymd-dotted-bracket", "[YYYY.MM.DD HH:MM:SS.f]", "daemons", b"[2019.05.06 07:08:09] backup started"),
    ("stamped-ymd-points", "YYYY-MM-DD-HH.MM.SS.f", "IBM's programs", b"2019-05-06-07.08.09.123456 backup started"),
    ("stamped-ymd-joined", "YYYYMMDD-HH:MM:SS:f", "daemons", b"20190506-07:08:09:123|backup started"),
    ("stamped-ymd-name", "YYYY-Mmm-DD HH:MM:SS.f", "daemons", b"2019-May-06 07:08:09.123 queue is empty"),
    ("stamped-md-dotted", "[MM.DD HH:MM:SS]", "Proxifier", b"[05.26 07:08:09] backup started"),
    ("stamped-mdy-named", "Mmm DD, YYYY HH:MM:SS.f", "Plex", b"May 06, 2019 07:08:09.123 [812] INFO - queue is empty"),
    ("stamped-dmy-named", "DD Mmm, YYYY HH:MM:SS.f", "Plex", b"06 May, 2019 07:08:09.123 [812] INFO - queue is empty"),
    (
        "stamped-iso-opened",
        "[YYYY-MM-DD HH:MM:SS.F ",
        "Pi-hole's FTL",
        b"[2019-05-06 07:08:09.123 812M] queue is empty",
    ),
    ("stamped-year-first", "YYYY Mmm dd HH:MM:SS.fZZZ", "daemons", b"2019 May  6 07:08:09 queue is empty"),
    ("stamped-dmy-name", "DD Mmm YYYY HH:MM:SS.f", "daemons", b"06 May 2019 07:08:09.123 queue is empty"),
    ("stamped-dm-name", "dd Mmm HH:MM:SS.f", "ntpd's own log", b" 6 May 07:08:09 ntpd[812]: synchronized to LOCAL(0)"),
    ("stamped-md-name", "Mmm-DD HH:MM:SS.F", "Nextflow", b"May-06 07:08:09.123 [main] DEBUG nextflow.cli - run"),
    (
        "stamped-quoted",
        '"YYYY-MM-DD_HH:MM:SS.fz"',
        "tables with a quoted stamp first",
        b'"2019-05-06 07:08:09",gate,"queue is empty"',
    ),
    ("stamped-weekday", "Www Mmm dd HH:MM:SS.f", "daemons", b"Mon May  6 07:08:09.123 queue is empty"),
    (
        "stamped-svlogd",
        # The template's `_` may be a blank or a T too, but then it is another's stamp, in local time.
        Placed(Utc(Stamp("YYYY-MM-DD_HH:MM:SS.f")), behind(0, {10: b"_"}), b"12"),
        "runit's svlogd -tt, in UTC",
        b"2019-05-06_07:08:09.12345 listening on port 8080",
    ),
    ("stamped-loose-day", LooseStamp("Mmm D H:MM:SS.fZZZ"), "scripts", b"May 6 7:08:09 started the nightly copy"),
    ("stamped-loose-year", LooseStamp("Mmm D YYYY H:MM:SS.f"), "scripts", b"May 6 2019 7:08:09 started the copy"),
    ("stamped-loose-iso", LooseStamp("YYYY-MM-DD H:MM:SS.f"), "daemons", b"2019-05-06  7:08:09 queue is empty"),
    ("stamped-short", LooseStamp("YYMMDD H:MM:SS"), "daemons", b"190506  7:08:09 queue is empty"),
)


def _text(buffer: Bytes, view: Words, at: Positions, stop: Positions) -> Columns:
    """`: text`, `, 0] text`, `,text`, and what else may touch a stamp, as `leveled`."""
    byte = buffer[np.minimum(at, stop)]
    more = (at < stop) & ((byte == ord(",")) | (byte == ord(":")) | (byte == ord("]")))
    if more.any():
        limit = np.where(more & (byte == ord(",")), np.minimum(stop, at + 16), at)
        close = vector.find_byte(view, at, limit, ord("]"))
        at = np.where(close < limit, close + 1, np.where(byte != ord(","), at + more, at))
    return leveled(buffer, view, at, stop)


def _behind_word(buffer: Bytes, view: Words, at: Positions, stop: Positions) -> Columns:
    """As `_text`; the word before the stamp stays the message's first."""
    start = line_start(buffer, at, 80)
    end = vector.find_byte(view, start, at, ord(" "))
    return _text(buffer, view, at, stop)._replace(lead_end=np.minimum(end + 1, at))


def _no_request(buffer: Bytes, view: Words, columns: Columns, stop: Positions) -> Mask:
    """Lines whose first quote is no request (a method in capitals, `-`, or escaped bytes), or that quote nothing."""
    quote = vector.find_byte(view, columns.text_at, stop, ord('"'))
    asked = buffer[np.minimum(quote + 1, len(buffer) - 1)]
    bare: Mask = (quote >= stop) | ~((asked == ord("-")) | (asked == ord("\\")) | ((asked >= 65) & (asked <= 90)))
    return bare


AFTER_WORD = Format(
    name="stamped-after-word",
    about="a word before the stamp: a file's or a host's name",
    stamp=Stamp("YYYY-MM-DD HH:MM:SS.fz", anchor="word"),
    body=_behind_word,
    samples=(b"nova-api.log 2019-05-06 07:08:09.123 4121 INFO nova.wsgi [-] listening",),
    kind="stamped",
)
AS_REQUESTS = Format(
    name="stamped-dmy-slash-bracket",
    about="389 Directory Server, rsnapshot and others in the access log's spelling",
    stamp=Stamp("[DD/Mmm/YYYY:HH:MM:SS.fz]"),
    body=_text,
    check=_no_request,
    samples=(
        b"[06/May/2019:07:08:09.123456789 +0200] conn=12 op=0 RESULT err=49 tag=97 nentries=0",
        b"[06/May/2019:07:08:09 +0200] - libdb: file id2entry.db has an unknown magic number",
        b'[06/May/2019:07:08:09 +0200] NSMMReplicationPlugin - agmt="cn=meTomill" (mill:389): bind resumed',
        b"[06/May/2019:07:08:09] /usr/bin/rsnapshot daily: completed successfully",
    ),
    kind="stamped",
)
"""Tried before the access logs, whose stamp this is."""
FORMATS = (
    *(
        Format(
            name=name,
            about=about,
            stamp=Stamp(template) if isinstance(template, str) else template,
            body=_text,
            samples=(sample,),
            kind="stamped",
        )
        for name, template, about, sample in _TEMPLATES
    ),
    AFTER_WORD,
)
