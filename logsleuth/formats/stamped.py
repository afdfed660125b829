"""Any other text that carries a stamp at the start of its lines: one format for each spelling of a stamp."""

from logsleuth.formats import body
from logsleuth.formats.model import Format
from logsleuth.formats.stamp import Stamp

_TEMPLATES: tuple[tuple[str, str, str, bytes], ...] = (
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
        b"2019-05-06T07:08:09.123Z 0 [Note] Server is ready",
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
        "nginx's error log, Go's log",
        b'2019/05/06 07:08:09 [error] 812#812: *1 open() "/var/www/x" failed (2: No such file or directory)',
    ),
    (
        "stamped-slash-bracket",
        "[YYYY/MM/DD HH:MM:SS.fz]",
        "daemons with bracketed stamps, slashes between the numbers",
        b"[2019/05/06 07:08:09] queue runner started",
    ),
    (
        "stamped-php",
        "[DD-Mmm-YYYY HH:MM:SS.fz]",
        "PHP's error_log",
        b"[06-May-2019 07:08:09 UTC] PHP Warning:  Undefined variable $x in /srv/x.php on line 3",
    ),
    (
        "stamped-dmy-dash",
        "DD-Mmm-YYYY HH:MM:SS.f",
        "Tomcat and others",
        b"06-May-2019 07:08:09.123 INFO [main] org.apache.catalina.startup.Catalina.start Server startup in 812 ms",
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
        "stamped-ctime-bracket",
        "[Www Mmm dd HH:MM:SS.f YYYY",
        "kernel ring by dmesg -T and its kin",
        b"[Mon May  6 07:08:09 2019, 0] text",
    ),
    (
        "stamped-dmy-slash",
        "DD/Mmm/YYYY:HH:MM:SSz",
        "scripts in the access log's spelling",
        b"06/May/2019:07:08:09 +0200 sync done",
    ),
    ("stamped-mdy-slash", "MM/DD/YYYY HH:MM:SS.f", "month first", b"05/26/2019 07:08:09 backup started"),
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
    ("stamped-md-dash", "MM-DD HH:MM:SS.F", "Android's logcat", b"05-26 07:08:09.123   412   433 I am: started"),
)

AFTER_NAME = Format(
    name="stamped-after-name",
    about="update-alternatives: a program's name before the stamp",
    stamp=Stamp("YYYY-MM-DD HH:MM:SS", anchor="word"),
    body=body.plain,
    samples=(
        b"update-alternatives 2019-05-06 07:08:09: run with --quiet --install /usr/bin/pager pager /usr/bin/less 77",
    ),
    kind="stamped",
)
FORMATS = (
    *(
        Format(name=name, about=about, stamp=Stamp(template), body=body.tagged, samples=(sample,), kind="stamped")
        for name, template, about, sample in _TEMPLATES
    ),
    AFTER_NAME,
)
