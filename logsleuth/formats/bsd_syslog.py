"""BSD syslog on disk: `Mmm dd hh:mm:ss HOST TAG[PID]: text`.

RFC 3164 as FreeBSD, OpenBSD, NetBSD, sysklogd, inetutils and rsyslog's traditional file format write it; FreeBSD's
syslogd -v and -vv put `<facility.priority>` before the host, busybox `facility.priority` behind it; relays may leave
the wire's `<34>` before the stamp.
"""

from logsleuth.formats import body
from logsleuth.formats.model import Format
from logsleuth.formats.stamp import Stamp

FORMAT = Format(
    name="bsd-syslog",
    about="syslogd of FreeBSD, OpenBSD, Linux (RFC 3164)",
    stamp=Stamp("Mmm dd HH:MM:SS.f", anchor="priority", optional_priority=True),
    body=body.syslog,
    named=True,
    kind="syslog",
    samples=(
        b"Mar  4 09:15:02 gate sshd[4121]: Accepted publickey for rika from 192.0.2.7 port 50211 ssh2",
        b"Nov 30 23:59:59 gate last message repeated 3 times",
        b"Jul 14 02:40:00 <cron.info> gate /usr/sbin/cron[881]: (root) CMD (/usr/libexec/atrun)",
        b"Jul 14 02:40:00 <2.5> gate qpopper[836]: Stats: rika 0 0 12 40961 pc7.example.org 192.0.2.7",
        b"Jun  9 04:11:00 gate daemon.err crond[77]: user rika: process already running: /usr/local/bin/sync.sh",
        b"<34>Oct 11 22:14:15 gate su: BAD SU rika to root on /dev/ttyp0",
        b"Feb 29 00:00:00 gate kernel: em0: link state changed to DOWN",
    ),
)
