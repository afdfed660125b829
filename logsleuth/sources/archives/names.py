"""Names of members as they are shown: below their container, whatever they say themselves."""

from __future__ import annotations

import posixpath

from logsleuth.sources.walk import shown


def inside(name: str) -> str:
    r"""A member's name without a root or steps that go nowhere; '..' is shown as bytes, as it leads nowhere here.

    >>> inside("./var//log/messages"), inside("/var/log/messages"), inside("../../etc/passwd")
    ('var/log/messages', 'var/log/messages', '\\\\x2e\\\\x2e/\\\\x2e\\\\x2e/etc/passwd')
    """
    parts = [part for part in name.split("/") if part not in {"", "."}]
    return shown("/".join("\\x2e\\x2e" if part == ".." else part for part in parts))


def linked(name: str, target: str) -> str:
    """Where a symbolic link among the members leads; empty if out of the archive."""
    if target.startswith("/"):
        return inside(target)
    joined = posixpath.normpath(posixpath.join(posixpath.dirname(name), target))
    return "" if joined == ".." or joined.startswith("../") else inside(joined)
