"""The kernel's ring buffer as dmesg prints it: `[   12.345678] text`, seconds since the boot."""

from logsleuth.formats import body
from logsleuth.formats.model import Format
from logsleuth.formats.uptime import Uptime

FORMAT = Format(
    name="kernel-ring",
    about="dmesg of Linux, seconds since the boot",
    stamp=Uptime(),
    body=body.plain,
    program="kernel",
    kind="kernel",
    samples=(
        b"[    0.000000] Linux version 5.10.0-28-amd64 (gcc 10.2.1) #1 SMP Debian 5.10.209-2 (2024-01-31)",
        b"[12345.678901] eth0: link becomes ready",
        b"<6>[    2.104417] usb 1-1: new high-speed USB device number 2 using ehci-pci",
    ),
)
