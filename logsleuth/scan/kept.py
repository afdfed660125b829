"""What takes long to work out from a set of patterns, kept in a folder between runs.

It is never trusted, only believed while its digest is right.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from pathlib import Path
from typing import Any

_MOST = 48
"""Pattern sets that are kept, those used last: one explanation needs some twelve."""


def load(folder: Path | None, key: str) -> tuple[dict[str, Any], bytes] | None:
    """(description, compiled scanner) as they were stored; None where there is nothing, or it is damaged."""
    if folder is None:
        return None
    path = folder / f"scanner-{key[:32]}"
    try:
        data = path.read_bytes()
    except OSError:
        return None
    if len(data) < 40 or hashlib.sha256(data[32:]).digest() != data[:32]:
        return None
    with contextlib.suppress(OSError):
        os.utime(path)
    size = int.from_bytes(data[32:40], "little")
    return json.loads(data[40 : 40 + size]), data[40 + size :]


def store(folder: Path | None, key: str, description: dict[str, object], compiled: bytes) -> None:
    """Keep both; nothing depends on whether that works."""
    if folder is None:
        return
    head = json.dumps(description).encode()
    body = len(head).to_bytes(8, "little") + head + compiled
    with contextlib.suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        whole = folder / f"scanner-{key[:32]}"
        part = whole.with_name(f"{whole.name}.{os.getpid()}")
        part.write_bytes(hashlib.sha256(body).digest() + body)
        part.replace(whole)
        for old in sorted(folder.glob("scanner-*"), key=lambda f: f.stat().st_mtime)[:-_MOST]:
            old.unlink(missing_ok=True)
