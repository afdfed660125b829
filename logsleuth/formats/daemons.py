"""Logs that daemons write into files of their own, each in a layout of its own."""

from __future__ import annotations

import numpy as np

from logsleuth.formats import body
from logsleuth.formats.layout import layout
from logsleuth.formats.marked import Marked
from logsleuth.formats.model import Columns, Format
from logsleuth.formats.stamp import Stamp
from logsleuth.formats.uptime import Uptime
from logsleuth.formats.vector import Bytes, Positions, Words
from logsleuth.lazy import lazy_pattern

# DBGLVL_ERR, _WARNING, _NOTICE, _INFO, _DEBUG of lib/util/debug.h.
_SAMBA = {"0": 3, "1": 4, "2": 5, "3": 6} | {str(n): 7 for n in range(4, 11)}
_XORG = {"EE": 3, "WW": 4, "NI": 4, "!!": 5, "II": 6, "--": 6, "**": 6, "==": 6, "++": 6, "??": 6, "DB": 7}
_ESX = {"Em": 0, "Al": 1, "Cr": 2, "Er": 3, "Wa": 4, "No": 5, "In": 6, "Db": 7, "verbose": 7, "trivia": 7, "panic": 0}
_NAMED = (
    "general", "default", "config", "database", "security", "resolver", "xfer-in", "xfer-out", "notify", "client",
    "network", "update", "update-security", "queries", "query-errors", "dispatch", "dnssec", "lame-servers",
    "delegation-only", "edns-disabled", "rpz", "rpz-passthru", "rate-limit", "cname", "spill", "zoneload",
    "trust-anchor-telemetry", "serve-stale", "nsid", "sslkeylog", "unmatched", "responses", "dnstap",
)  # fmt: skip
# cupsd's log levels, scheduler/log.c.
_CUPS = {"X": 0, "A": 1, "C": 2, "E": 3, "W": 4, "N": 5, "I": 6, "D": 7, "d": 7}
_CUPS_WIDTH = len("E [10/Jul/2019:16:38:08 +0200]")


def _cups(buffer: Bytes, view: Words, at: Positions, stop: Positions) -> Columns:
    """The severity is the letter before the stamp."""
    letter = buffer[np.maximum(at - _CUPS_WIDTH, 0)]
    severity = np.full(len(at), -1, np.int64)
    for name, value in _CUPS.items():
        severity[letter == ord(name)] = value
    return body.plain(buffer, view, at, stop)._replace(severity=severity)


FORMATS = (
    Format(
        name="samba",
        about="smbd, nmbd, winbindd: a heading with the place in the source, the text below it",
        stamp=Marked(Stamp("[YYYY/MM/DD HH:MM:SS.f"), (b", ",)),
        body=layout(
            *(", {severity}, pid={pid}, {}] {}\n{message}", ", {severity}, {}] {}\n{message}"),
            *(", {severity}] {}\n{message}", ", {severity}] {}"),
            severities=_SAMBA,
        ),
        program="smbd",
        heading=True,
        samples=(
            b"[2021/03/04 05:06:07.123456,  0] ../source3/smbd/server.c:1801(main)\n  smbd version 4.13.5 started.",
            (
                b"[2021/03/04 05:06:07.123456,  1, pid=812, effective(0, 0), real(0, 0)] ../source3/lib/util.c:1(x)\n"
                b"  Connection reset by peer"
            ),
            b"[2009/03/04 05:06:07, 1] smbd/service.c:make_connection(1115)\n  pc7 connect to service srv",
        ),
    ),
    Format(
        name="named",
        about="BIND's own log, with category and severity",
        stamp=Marked(Stamp("DD-Mmm-YYYY HH:MM:SS.f"), tuple(f"{name}: ".encode() for name in _NAMED)),
        body=layout(" {}: {severity}: {message}", " {}: {message}"),
        program="named",
        samples=(
            b"04-Mar-2021 05:06:07.123 general: error: zone example.org/IN: not loaded due to errors.",
            b"04-Mar-2021 05:06:07.124 queries: client 192.0.2.7#4121: query: example.org IN A +",
        ),
    ),
    Format(
        name="cups",
        about="CUPS's error_log",
        stamp=Stamp("[DD/Mmm/YYYY:HH:MM:SSz]", anchor="letter"),
        body=_cups,
        program="cupsd",
        kind="error",
        samples=(
            b"E [04/Mar/2021:05:06:07 +0100] [Job 12] The printer is not responding.",
            b"D [04/Mar/2021:05:06:07 +0100] cupsdSetBusyState: Active clients",
        ),
    ),
    Format(
        name="xorg",
        about="the X server's log, seconds since the boot",
        stamp=Uptime(),
        body=layout(" ({severity}) {message}", severities=_XORG),
        program="Xorg",
        hint=lazy_pattern(
            rb"X\.Org X Server|X Window System Version|X Protocol Version|\] \((?:EE|WW|II|==|--|\*\*)\) "
        ),
        samples=(
            b'[    12.345] (EE) Failed to load module "nouveau" (module does not exist, 0)',
            b'[    12.346] (II) Module glx: vendor="X.Org Foundation"',
        ),
    ),
    Format(
        name="sudo",
        about="sudo's own log file",
        stamp=Marked(Stamp("Mmm dd HH:MM:SS"), (b": ",)),
        body=layout(" : {message}"),
        program="sudo",
        samples=(b"Mar  4 05:06:07 : rika : TTY=pts/0 ; PWD=/home/rika ; USER=root ;\n    COMMAND=/sbin/reboot",),
    ),
    Format(
        name="sudo-year",
        about="sudo's own log file, with log_year",
        stamp=Marked(Stamp("Mmm dd HH:MM:SS YYYY"), (b": ",)),
        body=layout(" : {message}"),
        program="sudo",
        samples=(b"Mar  4 05:06:07 2021 : rika : TTY=pts/0 ; PWD=/home/rika ; USER=root ;\n    COMMAND=/sbin/reboot",),
    ),
    Format(
        name="sulog",
        about="sulog of System V: + let in, - refused",
        stamp=Stamp("MM/DD HH:MM", lead=b"SU "),
        body=body.plain,
        program="su",
        samples=(b"SU 03/04 05:06 - pts/0 rika-root",),
    ),
    Format(
        name="vsftpd",
        about="vsftpd's own log",
        stamp=Marked(Stamp("Www Mmm dd HH:MM:SS YYYY"), (b"[pid ",)),
        body=layout(" [pid {pid}] {message}"),
        program="vsftpd",
        samples=(
            b'Thu Mar  4 05:06:07 2021 [pid 812] CONNECT: Client "192.0.2.7"',
            b'Thu Mar  4 05:06:08 2021 [pid 2] [rika] FAIL LOGIN: Client "192.0.2.7"',
        ),
    ),
    Format(
        name="cloud-init",
        about="cloud-init's log",
        stamp=Marked(Stamp("YYYY-MM-DD HH:MM:SS.F"), (b"- ",)),
        body=layout(
            " - {program}[{severity}]: {message}", " - {program} - {severity} - {message}", " - {severity} - {message}"
        ),
        samples=(
            b"2021-03-04 05:06:07,123 - util.py[WARNING]: Running module mounts failed",
            b"2021-03-04 05:06:07,124 - app.db - ERROR - connection lost",
        ),
    ),
    Format(
        name="esxi",
        about="VMware ESXi: vmkernel.log, hostd.log, vobd.log",
        stamp=Marked(
            Stamp("YYYY-MM-DDTHH:MM:SS.Fz"),
            (
                *(b"cpu", b"info ", b"warning ", b"error ", b"verbose ", b"trivia ", b"panic "),
                *(f"{name}(".encode() for name in _ESX if len(name) == 2),
            ),
        ),
        body=layout(
            *(" {severity}({}) {program}[{pid}]: {message}", " {severity}({}) {program}: {message}"),
            *(" {severity} {program}[{pid}] {message}", " cpu{}){message}"),
            severities=_ESX,
        ),
        program="vmkernel",
        samples=(
            b"2021-03-04T05:06:07.123Z cpu3:2097981)ScsiDeviceIO: 3449: Cmd(0x459a) 0x1a to dev naa.6 failed H:0x0",
            b"2021-03-04T05:06:07.123Z error hostd[2099000] [Originator@6876 sub=Vimsvc] Power on failed",
            b"2021-03-04T05:06:07.123Z Wa(180) vmkwarning: cpu3:2097981)WARNING: NMP: path is down",
        ),
    ),
)
