"""What a whole `explain` wrote, kept: where all that it rests on is unchanged, it is written again and nothing is run.

This is asked before anything else is imported, so it knows neither logs nor options: a run says (`cli.keeping`) at
which places it looked, how long its answer is good, and what it wrote. A question is what was typed, where, by whom
and for which terminal. What is damaged, foreign, or otherwise not as it should be is no answer: all is done anew.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import Any

import logsleuth
from logsleuth import home
from logsleuth.cache.entry import Entry
from logsleuth.cache.seen import Seen
from logsleuth.cache.shelf import Folder
from logsleuth.files import sha256
from logsleuth.records import dataclass

VARIABLES = (
    *("TZ", "LANG", "LANGUAGE", "LC_ALL", "LC_MESSAGES", "LC_CTYPE"),
    *("TERM", "COLUMNS", "LINES", "NO_COLOR", "LOGSLEUTH_PAGER", "PAGER"),
    *("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "APPDATA", "LOCALAPPDATA", "USERPROFILE"),
    *("PYTHONPATH", "PYTHONTZPATH", "PYTHONIOENCODING", "PYTHONUTF8"),
)
"""Of the environment, all that can change what is read or written."""
RACE = 2_000_000_000
"""Nanoseconds: what changed so shortly before a run began may have changed again under the same time."""
_WRONG = (OSError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError)
"""What files that are gone, and an entry that is not as we write them, raise."""


@dataclass(frozen=True)
class Answer:
    """What a run wrote, and its exit status."""

    out: bytes
    err: str
    code: int
    paged: bool
    """It goes through the user's pager where it goes to a terminal."""
    output: str | None = None
    """The file that it goes to instead of the standard output."""
    inputs: frozenset[tuple[int, int]] = frozenset()
    """(device, inode) of the logs: `output` is none of them."""


@dataclass(frozen=True)
class Rests:
    """What an answer rests on beside the question."""

    began: int
    """UTC nanoseconds, when the run looked for its first log."""
    until: int | None = None
    """UTC nanoseconds from which on the same words may mean another time; None: they never do."""
    trees: tuple[str, ...] = ()
    """Files and folders of which all was looked at."""
    places: tuple[str, ...] = ()
    """Single paths at which something was, or was not."""
    digests: Mapping[str, str] = field(default_factory=dict)
    """SHA-256 of files for which the answer vouches: taken anew before it is given again."""


def question(argv: Sequence[str]) -> str | None:
    """Everything but files and time that an answer depends on; None where it cannot be told."""
    try:
        terminal = tuple(os.get_terminal_size(sys.stdout.fileno())) if sys.stdout.isatty() else None
        place = os.getcwd()  # noqa: PTH109 - bytes that are no text stay as they are
    except (OSError, ValueError, AttributeError):
        return None
    who = [getattr(os, name)() for name in ("geteuid", "getegid", "getgroups") if hasattr(os, name)]
    program = logsleuth.__version__, logsleuth.__file__, sys.version, sys.prefix
    environment = [(name, os.environ.get(name)) for name in VARIABLES]
    # A word that names something may be taken for a path.
    words = [(word, os.path.lexists(word)) for word in argv]
    return repr((words, place, who, terminal, program, environment))


def answer(asked: str) -> Answer | None:
    """What was answered before, if it still is the answer."""
    try:
        entry = _folder().load(_key(asked))
        if entry is None or entry.head["asked"] != asked:
            return None
        rests = Rests(**entry.head["rests"])
        now = time.time_ns()
        if now < rests.began or (rests.until is not None and now >= rests.until):
            return None
        if _seen(rests).digest != entry.head["seen"]:
            return None
        if any(sha256(path) != digest for path, digest in rests.digests.items()):
            return None
        return _from_data(entry.body())
    except _WRONG:
        return None


def keep(asked: str, rests: Rests, given: Answer) -> None:
    """For the next run, unless something that the answer rests on was changing while it was made."""
    try:
        seen = _seen(rests)
        if seen.newest >= rests.began - RACE:
            return
        head = {"asked": asked, "rests": {**vars(rests), "digests": dict(rests.digests)}, "seen": seen.digest}
        folder = _folder()
        folder.store(_key(asked), Entry.of(head, _as_data(given)))
        folder.trim()
    except _WRONG:
        return


def _folder() -> Folder:
    return Folder(home.logs_folder(), "")


def _key(asked: str) -> str:
    return f"answer {asked}"


def _seen(rests: Rests) -> Seen:
    # What is installed: to add, renew or remove a package changes its folder.
    packages = [path for path in sys.path if path.endswith("-packages")]
    own = [os.path.dirname(logsleuth.__file__)]  # noqa: PTH120 - Path is not needed for it
    return Seen().trees(own, text=False).places(packages).trees(rests.trees).places(rests.places)


def _as_data(given: Answer) -> list[Any]:
    """For JSON; raises ValueError for what is no UTF-8, which is never written."""
    text = given.out.decode("utf-8")
    return [text, given.err, given.code, given.paged, given.output, sorted(given.inputs)]


def _from_data(data: Any) -> Answer:
    """Raises ValueError, TypeError or AttributeError where it is not what `_as_data` gave."""
    text, err, code, paged, output, inputs = data
    if not (isinstance(text, str) and isinstance(err, str) and isinstance(code, int) and isinstance(paged, bool)):
        raise TypeError("not an answer")
    if not (output is None or isinstance(output, str)):
        raise TypeError("not a file's name")
    return Answer(text.encode(), err, code, paged, output, frozenset((int(d), int(i)) for d, i in inputs))
