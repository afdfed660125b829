"""Logs of a host's tools in layouts of their own: SSSD, Monit, Zabbix, fetchmail, procmail, apk, dhcpd's leases.

Layouts: SSSD's util/debug.c, Monit's util/log.c, Zabbix' log.c, fetchmail's fetchmail.c (`timestamp()` is ctime(3) or
the locale's %c), procmail's misc.c and mailfold.c, apk-tools' print.c (apk_out_log_argv, UTC), dhcpd.leases(5) (UTC).
"""

from __future__ import annotations

import numpy as np

from logsleuth.formats import body, vector
from logsleuth.formats.epoch import read_epoch
from logsleuth.formats.layout import layout
from logsleuth.formats.levels import level_words
from logsleuth.formats.loose import LooseStamp
from logsleuth.formats.model import Columns, Format, severe
from logsleuth.formats.placed import Either, Placed, Utc, after_byte, after_text, after_words, line_start
from logsleuth.formats.stamp import Stamp, Stamps
from logsleuth.formats.vector import Bytes, Mask, Positions, Words
from logsleuth.lazy import lazy_pattern
from logsleuth.records import dataclass

# util/debug.h: SSSDBG_FATAL_FAILURE to SSSDBG_TRACE_ALL.
_SSSD = {"0x0010": 2, "0x0020": 2, "0x0040": 3, "0x0080": 4, "0x0100": 5, "0x0200": 6, "0x0400": 6, "0x1000": 7}
_SSSD_TRACES = {f"0x{level:04x}": 7 for level in (0x2000, 0x4000, 0x8000)} | {"0x3f7c0": 7, "0x10000": 7, "0x20000": 6}
_AT = (b"fetchmail: awakened at ", b"fetchmail: sleeping at ")
_LEASES = ((b"lease ", b"  starts "), (b"ia-na ", b"  cltt "), (b"ia-ta ", b"  cltt "), (b"ia-pd ", b"  cltt "))
_LEASE = Stamp("YYYY/MM/DD HH:MM:SS")
_CTIME = Stamp("Www Mmm dd HH:MM:SS YYYY")


def _sssd(buffer: Bytes, view: Words, columns: Columns, stop: Positions) -> Mask:
    """Lines with a level, or at least a process in brackets behind the stamp."""
    named: Mask = severe(buffer, view, columns, stop) | (columns.program_end > columns.program_at)
    return named


def _with_process(buffer: Bytes, view: Words, at: Positions, stop: Positions) -> Columns:
    """Zabbix: the process stands before the stamp, `   812:20210304:050607.123 text`."""
    columns = body.plain(buffer, view, at, stop)
    pid, _ = body.numbers(view, body.skip_spaces(buffer, line_start(buffer, at, 40), at, 12))
    return columns._replace(pid=pid)


def _openwrt(buffer: Bytes, view: Words, at: Positions, stop: Positions) -> Columns:
    """` daemon.err dnsmasq[812]: text`, of logread -t ` [1614834367.123] daemon.err ...`."""
    at = body.skip_spaces(buffer, at, stop)
    opened = (at < stop) & (buffer[np.minimum(at, stop)] == ord("["))
    close = vector.find_byte(view, np.where(opened, at, stop), np.minimum(stop, at + 20), ord("]"))
    at = np.where(opened & (close < stop), body.skip_spaces(buffer, np.minimum(close + 1, stop), stop), at)
    space = vector.find_byte(view, at, np.minimum(stop, at + 24), ord(" "))
    dot = vector.find_byte(view, at, space, ord("."))
    severity = np.where(dot < space, level_words(view, np.minimum(dot + 1, space), space), -1)
    tag = np.where(severity >= 0, body.skip_spaces(buffer, space, stop), at)
    tag_end, pid, text = body.tag(buffer, view, tag, stop)
    return Columns(at, at, tag, tag_end, pid, severity, text)


@dataclass(frozen=True)
class _Lease:
    """`lease 192.0.2.7 {`, and the stamp on the line below: `  starts 4 2021/03/04 05:06:07;`; UTC."""

    yearless: bool = False
    relative: bool = False
    zoned: bool = True
    first_bytes: bytes = b"li"

    def decode(self, buffer: Bytes, view: Words, start: Positions, stop: Positions) -> Stamps:
        """Read the stamp of every line [start, stop)."""
        last = len(buffer) - vector.PAD
        below = np.minimum(stop + (buffer[stop] == ord("\r")) + 1, last)
        good, at = np.zeros(len(start), bool), below.copy()
        for lead, key in _LEASES:
            rows = np.flatnonzero(vector.starts(view, start, lead))
            rows = rows[vector.starts(view, below[rows], key)]
            good[rows], at[rows] = True, np.minimum(below[rows] + len(key), last)
        end = np.full(len(start), last, np.int64)
        # The weekday, or `epoch` where dhcpd.conf asks for local times.
        counted = good & vector.starts(view, at, b"epoch ")
        got = _LEASE.decode(buffer, view, np.minimum(at + 2, last), end)
        wall, _, right = read_epoch(buffer, view, np.minimum(at + len("epoch "), last), end)
        good &= np.where(counted, right, got.valid)
        wall = np.where(good, np.where(counted, wall, got.wall), 0)
        return Stamps(good, wall, np.zeros(len(start), np.int64), start)


def _zoned(buffer: Bytes, view: Words, start: Positions, stop: Positions) -> tuple[Positions, Mask]:
    """Monit's `[CET Mar  4 05:06:07] `: behind the zone's name, which is that of the machine."""
    end = vector.find_byte(view, start, np.minimum(stop, start + 7), ord(" "))
    letter = buffer[np.minimum(start + 1, stop)]
    can = (buffer[start] == ord("[")) & (end - start >= 4) & (letter >= ord("A")) & (letter <= ord("Z"))
    can &= (buffer[end] == ord(" ")) & (end + 1 < stop)
    return np.where(can, end + 1, start), can


FORMATS = (
    Format(
        name="sssd",
        about="SSSD's logs under /var/log/sssd",
        stamp=Either(
            (
                Stamp("(Www Mmm dd HH:MM:SS:f YYYY)"),
                LooseStamp("(YYYY-MM-DD H:MM:SS:f):"),
                LooseStamp("(YYYY-MM-DD H:MM:SS:f)"),
            )
        ),
        body=layout(
            *(" [{program}] [{}] ({severity}): {message}", " [{program}] [{}] [{}] ({severity}): {message}"),
            " [{program}] {message}",
            severities=_SSSD | _SSSD_TRACES,
        ),
        check=_sssd,
        samples=(
            b"(Thu Mar  4 05:06:07 2021) [sssd[be[example.org]]] [sdap_connect_done] (0x0020): Unable to connect",
            b"(2021-03-04  5:06:07): [be[example.org]] [be_ptask_execute] (0x0400): Task [Refresh]: executing",
            b"(2021-03-04 15:06:07:123456): [nss] [cache_req_done] (0x0040): CR #12: Finished: Not found",
        ),
    ),
    Format(
        name="monit",
        about="Monit's log before version 5.26",
        stamp=Placed(Stamp("Mmm dd HH:MM:SS]"), _zoned, b"["),
        body=layout(" {severity} : {message}"),
        check=severe,
        program="monit",
        samples=(
            b"[CET Mar  4 05:06:07] error    : 'sshd' process is not running",
            b"[UTC Mar 14 05:06:08] info     : 'sshd' trying to restart",
        ),
    ),
    Format(
        name="zabbix",
        about="Zabbix server, proxy and agent: the process before the stamp",
        stamp=Placed(Stamp("YYYYMMDD:HHMMSS.F"), after_byte(b":", 12), b" 0123456789"),
        body=_with_process,
        program="zabbix",
        samples=(
            b"   812:20210304:050607.123 Starting Zabbix Agent [gate]. Zabbix 5.0.8 (revision 5f6d0e9).",
            b"124812:20210304:050608.001 no active checks on server [192.0.2.9:10051]: host [gate] not found",
        ),
    ),
    Format(
        name="fetchmail",
        about="fetchmail --logfile: its stamps stand where it wakes and where it goes to sleep",
        stamp=Placed(
            Either(
                (
                    _CTIME,
                    LooseStamp("Www DD Mmm YYYY H:MM:SSAPZZZ"),
                    Stamp("Www DD Mmm YYYY HH:MM:SSZZZ"),
                    Stamp("Www, DD Mmm YYYY HH:MM:SS"),
                )
            ),
            after_text(b" at ", 30, _AT),
            b"f",
            inside=True,
        ),
        body=body.plain,
        program="fetchmail",
        samples=(
            b"fetchmail: awakened at Thu Mar  4 05:06:07 2021",
            b"fetchmail: sleeping at Thu 04 Mar 2021 05:06:08 AM CET for 300 seconds",
            b"fetchmail: awakened at Thu 04 Mar 2021 05:11:08 CET",
        ),
    ),
    Format(
        name="procmail",
        about="procmail's LOGFILE: each mail that it delivered",
        stamp=Placed(_CTIME, after_words(2), b"Fp", inside=True),
        body=body.plain,
        hint=lazy_pattern(rb"\n  Folder: |\nprocmail: \["),
        program="procmail",
        samples=(
            b"From rika@example.org  Thu Mar  4 05:06:07 2021\n Subject: mail\n  Folder: /var/mail/jun\t\t1234",
            b'procmail: [812] Thu Mar  4 05:06:08 2021\nprocmail: Locking "/var/mail/jun.lock"',
        ),
    ),
    Format(
        name="apk",
        about="apk's log of Alpine Linux 3.22 and later: a run is one entry",
        stamp=Placed(Utc(Stamp("YYYY-MM-DD HH:MM:SS")), after_text(b"` at ", 4000, (b"Running `",)), b"R", inside=True),
        body=body.plain,
        program="apk",
        samples=(b"Running `apk add nano` at 2021-03-04 05:06:07\n(1/1) Installing nano (5.4-r2)\nOK: 8 MiB",),
    ),
    Format(
        name="dhcpd-leases",
        about="ISC dhcpd's leases: each at its start",
        stamp=_Lease(),
        body=body.plain,
        program="dhcpd",
        preamble=(b"#", b"authoring-byte-order ", b"server-duid "),
        ordered=False,
        samples=(
            (
                b"lease 192.0.2.7 {\n  starts 4 2021/03/04 05:06:07;\n  ends 4 2021/03/04 06:06:07;\n"
                b"  binding state active;\n}"
            ),
            b"lease 192.0.2.8 {\n  starts epoch 1614834368; # Thu Mar  4 06:06:08 2021\n  ends never;\n}",
        ),
    ),
    Format(
        name="openwrt",
        about="logread of OpenWrt",
        stamp=_CTIME,
        body=_openwrt,
        check=severe,
        kind="syslog",
        samples=(
            b"Thu Mar  4 05:06:07 2021 daemon.err dnsmasq[812]: failed to send packet: Network unreachable",
            b"Thu Mar  4 05:06:08 2021 kern.info kernel: [   12.345678] br-lan: port 1(eth0) entered disabled state",
            b"Thu Mar  4 05:06:09 2021 [1614834369.123] user.notice root: started",
        ),
    ),
    Format(
        name="synolog",
        about="Synology DSM's own log: the level, the stamp, the user",
        stamp=Placed(Stamp("YYYY/MM/DD HH:MM:SS"), after_byte(b"\t", 9), b"iwenc"),
        body=layout("\t{program}:\t{message}"),
        samples=(
            b"info\t2021/03/04 05:06:07\tSYSTEM:\tSystem started to boot up.",
            b"warning\t2021/03/04 05:06:08\trika:\tUser [rika] failed to log in from [192.0.2.7].",
        ),
    ),
    Format(
        name="cloud-init-output",
        about="what cloud-init prints: cloud-init-output.log",
        stamp=Placed(
            Stamp("Www, DD Mmm YYYY HH:MM:SSz"), after_text(b" at ", 80, (b"Cloud-init v",)), b"C", inside=True
        ),
        body=body.plain,
        program="cloud-init",
        samples=(
            b"Cloud-init v. 20.2 running 'modules:final' at Thu, 04 Mar 2021 05:06:07 +0000. Up 12.34 seconds.",
            b"Cloud-init v. 20.2 finished at Thu, 04 Mar 2021 05:06:08 +0000. Datasource None.  Up 13.01 seconds",
        ),
    ),
)
