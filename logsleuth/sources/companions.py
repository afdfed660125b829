"""Small files that are no logs but tell of the machine whose logs lie beside them: its zone, its name.

Everything here comes from the tree that is looked at, never from the machine that runs this: a link is followed inside
the tree alone, an absolute one from the machine's own root on, as a chroot would.
"""

from __future__ import annotations

import os
import posixpath
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePath
from typing import NamedTuple

from logsleuth.files import open_file
from logsleuth.sources.source import Source

LARGEST = 64 << 10
"""Bytes; the largest zone file has less than 4 KiB."""

KEPT = (
    "etc/timezone",
    "etc/TIMEZONE",
    "etc/localtime",
    "etc/sysconfig/clock",
    "etc/conf.d/clock",
    "etc/conf.d/hwclock",
    "etc/adjtime",
    "var/db/zoneinfo",
    "etc/hostname",
    "etc/HOSTNAME",
    "etc/myname",
    "etc/nodename",
    "etc/rc.conf",
    "etc/sysconfig/network",
    "hostname",
    "date",
    "uptime",
    "sos_commands/date/date",
    "sos_commands/date/date_--utc",
    "sos_commands/date/hwclock",
    "sos_commands/general/date",
    "sos_commands/general/hostname",
    "sos_commands/host/date",
    "sos_commands/host/hostname",
    "sos_commands/host/hostname_-f",
    "sos_commands/host/hostnamectl_status",
    "sos_commands/host/uptime",
    "sos_commands/ntp/timedatectl",
    "sos_commands/systemd/timedatectl",
)
"""An archive is gone through once: of its files that are no logs only these are kept."""

_HOPS = 8


class Companion(NamedTuple):
    """A file beside the logs."""

    content: bytes
    """Empty where it is a link to something that the tree does not hold."""
    link: str
    """Where it points to, if it is a link: '../usr/share/zoneinfo/Asia/Tokyo'; empty if it is a file."""


def companion(source: Source, folder: str, name: str) -> Companion | None:
    """A file such as 'etc/timezone' of the machine whose root is `folder`, or None if it is not there.

    `folder` is where `source`, or another of the same argument, was found: 'backup/gate' for
    'backup/gate/var/log/messages', 'backup.tar.gz/gate' inside an archive; there only the names in KEPT are found.
    """
    if source.tree is not None:
        return _in_archive(source.tree, posixpath.normpath(folder), name)
    if source.path is None:
        return None
    return _on_disk(Path(folder), name)


def kept(name: str) -> bool:
    """A file of this name inside an archive is worth keeping, whatever folders stand before it."""
    return any(name == one or name.endswith("/" + one) for one in KEPT)


def looked_for(folder: str) -> Iterator[str]:
    """Every path at which a file of KEPT is looked for on disk, below `folder`; there may be nothing."""
    for name in KEPT:
        at: str | None = name
        for _ in range(_HOPS):
            if at is None:
                break
            path = os.path.join(folder, at)  # noqa: PTH118 - of thousands, Path is slow
            yield path
            try:
                at = _inside(at, str(Path(path).readlink()))
            except (OSError, ValueError):
                break


def _on_disk(root: Path, name: str) -> Companion | None:
    first, at = "", PurePath(name)
    try:
        for _ in range(_HOPS):
            status = (root / at).lstat()
            if not stat.S_ISLNK(status.st_mode):
                return Companion(_content(root / at, root), first)
            target = str((root / at).readlink())
            first = first or target
            inside = _inside(str(at), target)
            if inside is None or not os.path.lexists(root / inside):
                break
            at = PurePath(inside)
    except (OSError, ValueError):
        return Companion(b"", first) if first else None
    return Companion(b"", first)


def _content(path: Path, root: Path) -> bytes:
    """Nothing of what is reached through a folder that is a link to elsewhere, or is no file."""
    if not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(root)):
        raise OSError("outside")
    with open_file(path) as file:
        return file.read(LARGEST) or b""


def _in_archive(tree: Mapping[str, Companion], folder: str, name: str) -> Companion | None:
    first, at = "", name
    for _ in range(_HOPS):
        found = tree.get(posixpath.normpath(posixpath.join(folder, at)))
        if found is None:
            break
        if not found.link:
            return Companion(found.content, first)
        first = first or found.link
        inside = _inside(at, found.link)
        if inside is None:
            break
        at = inside
    return Companion(b"", first) if first else None


def _inside(name: str, target: str) -> str | None:
    """Where a link below a machine's root leads, from there; None if that is outside."""
    joined = target.lstrip("/") if target.startswith("/") else posixpath.join(posixpath.dirname(name), target)
    inside = posixpath.normpath(joined)
    return None if inside == ".." or inside.startswith("../") else inside
