"""Logs inside tar and zip archives, read where they are: nothing is ever unpacked to disk.

forward   one way through a container, packed or not, with a limit for bombs
tar, zip  what their headers say: `Member`
shelf     members of packed tars, kept in memory
opening   members as sources
"""

from __future__ import annotations

from typing import Literal

from logsleuth.sources.archives import tar, zip  # noqa: A004 - the name of the format

Kind = Literal["tar", "zip"]


def detect(sample: bytes) -> Kind | None:
    """From the first bytes, unpacked. A tar whose first header is damaged is one too."""
    if sample.startswith((zip.LOCAL, zip.SPANNED)):
        return "zip"
    if sample[257:262] == b"ustar" or tar.parse(sample[: tar.BLOCK]) is not None:
        return "tar"
    return None
