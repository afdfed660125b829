"""Syslog with ISO 8601 stamps: `2024-01-02T03:04:05.123456+01:00 HOST TAG[PID]: text`.

rsyslog's RSYSLOG_FileFormat (Debian 12's default), syslog-ng's ts-format(iso), OpenBSD's -Z, journalctl's short-iso.
"""

from logsleuth.formats import sysline
from logsleuth.formats.model import Columns, Format
from logsleuth.formats.stamp import Stamp
from logsleuth.formats.vector import Bytes, Mask, Positions, Words


def _no_table(buffer: Bytes, view: Words, columns: Columns, stop: Positions) -> Mask:  # noqa: ARG001
    """Lines whose stamp no tab follows: those are other programs' columns."""
    good: Mask = buffer[columns.host_at] != ord("\t")
    return good


FORMAT = Format(
    name="iso-syslog",
    about="rsyslog, syslog-ng with ISO stamps",
    stamp=Stamp("YYYY-MM-DDTHH:MM:SS.fz"),
    body=sysline.syslog,
    named=True,
    check=_no_table,
    kind="syslog",
    samples=(
        b"2024-01-02T03:04:05.123456+01:00 gate systemd[1]: Started cron.service - Regular background program.",
        b"2024-01-02T03:04:05Z gate sshd[88]: Server listening on 0.0.0.0 port 22.",
        b"2024-01-02T03:04:05+0100 gate kernel: e1000e: eth0 NIC Link is Down",
    ),
)
