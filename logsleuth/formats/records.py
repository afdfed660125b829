"""Syslog with its priority and an ISO 8601 stamp: `<30>2024-01-02T03:04:05.123456Z HOST TAG[PID]: text`.

So the records of binary stores are laid out (`sources.stores`), and rsyslog's RSYSLOG_ForwardFormat in a file.
"""

from logsleuth.formats import sysline
from logsleuth.formats.model import Format
from logsleuth.formats.stamp import Stamp

FORMAT = Format(
    name="iso-syslog-priority",
    about="records of binary stores (systemd journal), rsyslog's forward format",
    stamp=Stamp("YYYY-MM-DDTHH:MM:SS.fz", anchor="priority", optional_priority=True),
    body=sysline.prioritized,
    named=True,
    kind="syslog",
    samples=(
        b"<30>2024-01-02T03:04:05.123456Z gate systemd[1]: Started cron.service - Regular background program.",
        b"<3>2024-01-02T03:04:05.123456Z gate kernel: EXT4-fs error (device sda1): inode 12 is corrupt",
        b"<86>2024-01-02T03:04:05+01:00 gate sshd[88]: session opened for rika",
    ),
)
