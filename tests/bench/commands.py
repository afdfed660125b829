"""The commands that are timed: this program's, and those that people would pick instead, where they are installed."""

from __future__ import annotations

import shlex
import shutil
import sys
from typing import NamedTuple

from tests.bench.corpus import Corpus
from tests.bench.measure import Used

LOGSLEUTH = [sys.executable, "-m", "logsleuth"]
TIMELINE, EXPLAIN, WINDOW = "logsleuth timeline", "logsleuth explain --format json", "logsleuth timeline, 2 hours"
LNAV, PLASO = "lnav -n", "log2timeline + psort"
STAMPS = "grep -cE, one pattern of stamps"
_STAMP = "^([A-Z][a-z]{2} [ 0-9][0-9]|[0-9]{4}-[0-9]{2}-[0-9]{2}T)"


class Row(NamedTuple):
    """A command's figures."""

    name: str
    size: int
    lines: int
    used: Used

    @property
    def speed(self) -> float:
        """Bytes a second of one core."""
        return self.size / self.used.cpu


def timeline(logs: Corpus, *more: str) -> list[str]:
    """On one core, unless `more` says otherwise."""
    return [*LOGSLEUTH, "timeline", "--jobs", "1", "--tz", "UTC", *more, logs.folder]


def explain(logs: Corpus, *more: str, form: str = "json") -> list[str]:
    """As `timeline`."""
    return [*LOGSLEUTH, "explain", "--jobs", "1", "--tz", "UTC", "--format", form, *more, logs.folder]


def window(logs: Corpus) -> list[str]:
    """Two hours out of three weeks, in the middle of the live files."""
    return timeline(logs, "--since", "2023-11-10T10:00:00", "--until", "2023-11-10T12:00:00")


def peers(logs: Corpus) -> list[tuple[str, list[str]]]:
    """(name, command): each goes over all lines; what only counts or sorts is a lower bound, not a rival."""
    paths = shlex.join(logs.paths)
    cat = f"zstdcat -f {paths}" if any(p.endswith(".zst") for p in logs.paths) else f"gzip -cdf {paths}"
    dump = '"$0" -q --storage-file "$1/x.plaso" "$2"'
    all_of_them = [
        ("wc", "wc -l", ["sh", "-c", f"{cat} | wc -l"]),
        ("grep", STAMPS, ["sh", "-c", f"{cat} | LC_ALL=C grep -cE '{_STAMP}'"]),
        ("sort", "sort -m, as if stamps sorted as text", ["sort", "-m", "-s", *logs.paths]),
        ("lnav", LNAV, ["lnav", "-n", *logs.paths]),
        ("logmerger", "logmerger, two files", ["logmerger", "--inline", "--csv", "-", *logs.paths[:2]]),
        (
            "log2timeline.py",
            PLASO,
            [
                "sh",
                "-c",
                f'd=$(mktemp -d); {dump}; psort.py -q -o dynamic "$d/x.plaso"',
                "log2timeline.py",
                logs.folder,
            ],
        ),
    ]
    return [(name, command) for tool, name, command in all_of_them if shutil.which(tool)]
