"""Logs inside tar and zip archives, read where they are: nothing is ever unpacked to disk.

forward   one way through a container, packed or not, with a limit for bombs
tar, zip  what their headers say: `Member`
shelf     members of packed tars, kept in memory
opening   members as sources
"""

from __future__ import annotations

from typing import Literal

from logsleuth.sources.source import Source

Kind = Literal["tar", "zip"]


_HEADER = 512
"""Bytes of a tar's header, whose fields end with NUL bytes."""


def detect(sample: bytes) -> Kind | None:
    """From the first bytes, unpacked. A tar whose first header is damaged is one too."""
    if sample.startswith(b"PK"):
        from logsleuth.sources.archives import zip  # noqa: A004 - the name of the format

        return "zip" if sample.startswith((zip.LOCAL, zip.SPANNED)) else None
    if sample[257:262] == b"ustar":
        return "tar"
    if b"\0" not in sample[:_HEADER]:
        return None
    from logsleuth.sources.archives import tar

    return "tar" if tar.parse(sample[: tar.BLOCK]) is not None else None


def unpacked_anew(source: Source) -> bool:
    """A member that the shelf had no room for: each reading of it goes through its archive again."""
    if source.content is None:
        return False
    from logsleuth.sources.archives.shelf import Kept

    return isinstance(source.content, Kept) and source.content.frames is None


def dropped(source: Source) -> bool:
    """A member that can be read no more: its archive holds more text than is kept."""
    if source.content is None:
        return False
    from logsleuth.sources.archives.shelf import Kept

    return isinstance(source.content, Kept) and source.content.dropped
