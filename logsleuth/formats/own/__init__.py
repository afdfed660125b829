"""Formats that a user describes in a file: see docs/formats.md."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from logsleuth.formats import registry

if TYPE_CHECKING:
    from logsleuth.formats.own.load import OwnFormat


def use(paths: Iterable[Path]) -> list[OwnFormat]:
    """From now on try the formats in these files, and in the YAML files of these folders, before the shipped ones."""
    files = list(paths)
    if not files:
        registry.use(())
        return []
    from logsleuth.formats.own import load

    own = load.load(files)
    registry.use([one.format for one in own])
    return own
