"""Which files rules are read from."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from logsleuth.errors import UsageError

_SHIPPED = Path(__file__).parent.parent / "knowledge"


def shipped() -> list[tuple[str, str]]:
    """The knowledge that comes with logsleuth, as (name, text)."""
    files = sorted(_SHIPPED.glob("*.yaml"), key=lambda file: file.name)
    return [(f"knowledge/{file.name}", file.read_text(encoding="utf-8")) for file in files]


def from_paths(paths: Iterable[Path]) -> list[tuple[str, str]]:
    """Rule files, and all `.yaml` and `.yml` files of folders, as (name, text)."""
    out: list[tuple[str, str]] = []
    for path in paths:
        inside = sorted(p for p in path.iterdir() if p.suffix in {".yaml", ".yml"}) if path.is_dir() else [path]
        out.extend((str(p), _text(p)) for p in inside)
    return out


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise UsageError(f"{path} is no UTF-8 text") from None


def digest(files: Iterable[tuple[str, str]], *more: str) -> str:
    """Of names and texts."""
    said = hashlib.sha256(repr(more).encode())
    for name, text in files:
        said.update(f"{len(name)} {len(text)} {name}\n{text}\n".encode("utf-8", "surrogateescape"))
    return said.hexdigest()
