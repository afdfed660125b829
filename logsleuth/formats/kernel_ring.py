"""The kernel's ring buffer as dmesg prints it: `[   12.345678] text`, seconds since the boot."""

from logsleuth.formats.kernel_text import kernel
from logsleuth.formats.model import Format
from logsleuth.formats.uptime import Uptime

FORMAT = Format(
    name="kernel-ring",
    about="dmesg of Linux, seconds since the boot",
    stamp=Uptime(),
    body=kernel,
    program="kernel",
    kind="kernel",
    samples=(
        b"[    0.000000] Linux version 5.10.0-28-amd64 (gcc 10.2.1) #1 SMP Debian 5.10.209-2 (2024-01-31)",
        b"[12345.678901] eth0: link becomes ready",
        b"[12345.678901 <    0.000123>] eth0: link becomes ready",
        b"[    0.000000][    T0] Linux version 6.1.0-18-amd64 (gcc 12.2.0) #1 SMP Debian 6.1.76-1 (2024-02-01)",
        b"[    5.123456] systemd[1]: Detected architecture x86-64.",
        b"<6>[    2.104417] usb 1-1: new high-speed USB device number 2 using ehci-pci",
    ),
)
