"""BSD syslog on disk: `Mmm dd hh:mm:ss HOST TAG[PID]: text`.

RFC 3164 as FreeBSD, OpenBSD, NetBSD, sysklogd, inetutils and rsyslog's traditional file format write it; FreeBSD's
syslogd -v and -vv put `<facility.priority>` before the host, busybox `facility.priority` behind it; relays may leave
the wire's `<34>` before the stamp. Solaris, macOS and network devices add to the text: see `sysline`.
"""

from logsleuth.formats import sysline
from logsleuth.formats.model import Format
from logsleuth.formats.stamp import Stamp

FORMAT = Format(
    name="bsd-syslog",
    about="syslogd of FreeBSD, OpenBSD, Linux (RFC 3164)",
    stamp=Stamp("Mmm dd HH:MM:SS.f", anchor="priority", optional_priority=True),
    body=sysline.bsd,
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
        b"Mar  1 18:46:11 sun sendmail[812]: [ID 702911 mail.error] NOQUEUE: SYSERR(root): cannot bind",
        b"Mar  1 18:46:11 mac sshd[812] <Error>: error: PAM: authentication error for rika",
        b"Mar  1 18:46:11 --- last message repeated 3 times ---",
        b"Mar  1 18:46:11 U7LT,f09fc2a1b2c3,v4.3.20: hostapd: ath0: STA 00:11:22:33:44:55 IEEE 802.11: disassociated",
        b"Mar  1 18:46:11 filterlog[812]: 5,,,1000000103,em0,match,block,in,4",
        b"Mar  1 18:46:11 wall %ASA-6-302013: Built outbound TCP connection 7 for outside:192.0.2.7/443",
        b"Mar  1 18:46:11 core 123: *Mar  1 18:46:10.999: %LINK-3-UPDOWN: Interface Gi0/1, changed state to down",
        b"Mar  1 18:46:11 edge interface,info ether1 link down",
    ),
)
