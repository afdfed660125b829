"""All names under the paths that were given; nothing is opened here."""

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from logsleuth.report import Skipped
from logsleuth.sources.disk import why


class Candidate(NamedTuple):
    """Something that is not a folder."""

    name: str
    path: Path
    root: str
    given: bool
    link: bool


def walk(paths: Sequence[str], problems: list[Skipped]) -> Iterator[Candidate]:
    """In no useful order."""
    homes = [Path(os.path.realpath(path)) for path in paths if _is_folder(path)]
    seen: set[tuple[int, int]] = set()
    for root in paths:
        if not root:  # Path("") would be the current folder
            problems.append(Skipped(root, "no such file or directory"))
        elif _is_folder(root):
            yield from _folder(root, homes, seen, problems)
        else:
            link = os.path.islink(root)  # noqa: PTH114 (as below)
            yield Candidate(shown(root), Path(root), root, given=True, link=link)


def _is_folder(path: str) -> bool:
    return os.path.isdir(path)  # noqa: PTH112 (Path.is_dir raises where permission is lacking)


def shown(name: str) -> str:
    """A file name that can be printed anywhere: no stray bytes, no control characters."""
    valid = os.fsencode(name).decode("utf-8", "backslashreplace")
    return re.sub(r"[\x00-\x1f\x7f-\x9f]", lambda found: f"\\x{ord(found[0]):02x}", valid)


def _folder(
    root: str, homes: Sequence[Path], seen: set[tuple[int, int]], problems: list[Skipped]
) -> Iterator[Candidate]:
    waiting = [root]  # not recursion: paths can be nested deeper than Python's stack
    while waiting:
        folder = waiting.pop()
        for entry in _entries(folder, seen, problems):
            if entry.is_symlink() and _is_folder(entry.path):
                problems.extend(_elsewhere(entry.path, homes))
            elif entry.is_dir(follow_symlinks=False):
                waiting.append(entry.path)
            else:
                link = entry.is_symlink()
                yield Candidate(shown(entry.path), Path(entry.path), root, given=False, link=link)


def _entries(folder: str, seen: set[tuple[int, int]], problems: list[Skipped]) -> list["os.DirEntry[str]"]:
    """Nothing of a folder that was already read under another name."""
    try:
        status = Path(folder).stat()
        if (status.st_dev, status.st_ino) in seen:
            return []
        seen.add((status.st_dev, status.st_ino))
        with os.scandir(folder) as entries:
            return list(entries)
    except OSError as error:
        problems.append(Skipped(shown(folder), why(error)))
        return []


def _elsewhere(link: str, homes: Sequence[Path]) -> list[Skipped]:
    """A linked folder inside a given one is met anyway; one outside may be another machine's."""
    target = os.path.realpath(link)
    if any(Path(target).is_relative_to(home) for home in homes):
        return []
    reason = f"a link to another folder, {shown(target)}; name that folder to have it read"
    return [Skipped(shown(link), reason)]
