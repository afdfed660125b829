"""Versions that programs and kernels name when they start."""

from __future__ import annotations

import re

_NUMBER = r"v?\d+(?:[.]\d+)+[\w.+~:-]*"
_KERNEL = re.compile(
    r"^(?P<name>Linux version|FreeBSD|OpenBSD|NetBSD|DragonFly|Darwin Kernel Version|SunOS Release) "
    r"(?P<number>v?\d[\w.+~-]*)"
)
"""The first line of a kernel: its own words may change with its version."""
_VERSION = re.compile(
    # `nginx version 1.22.1`; `Apache/2.4.57`, `OpenSSH_9.2p1`; `systemd 252.22-1 running`, `starting BIND 9.18.19 (`
    rf"(?i:\b(?:version|release|ver\.?)[ :=]+\"?)(?P<said>{_NUMBER})"
    rf"|(?<![\w./-])(?P<product>[A-Za-z][A-Za-z_-]*[A-Za-z][/_-]{_NUMBER})(?![\w/:])"
    r"|(?:^|\b[Ss]tart(?:ing|ed) )(?P<started>[A-Za-z][\w-]+ v?\d+(?:\.\d+)*[\w.+~-]*)"
    r"(?= (?:running|start|ready|init|\())"
)
_ADDRESS = re.compile(r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}$")
KERNEL = "kernel"


def version_of(text: str) -> tuple[str, str] | None:
    """What a line names (KERNEL, or nothing: it is known by its kind) and in which version; None without one."""
    kernel = _KERNEL.match(text)
    if kernel is not None:
        return KERNEL, f"{kernel['name']} {kernel['number']}"
    for match in _VERSION.finditer(text):
        number = (match["said"] or match["product"] or match["started"]).rstrip(".:-")
        # An address looks like a version of four parts.
        if not _ADDRESS.search(number):
            return "", number
    return None
