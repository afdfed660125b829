"""What a log tool in plain Python pays at least: one `re.match` with six groups a line, nothing kept."""

import gzip
import re
import sys
from pathlib import Path
from typing import IO

USUAL = re.compile(
    r"""
    ^(\w{3}\s+\d+\s+[\d:]+                  # Nov  2 10:30:00
     | \d{4}-\d\d-\d\dT\S+                  # 2023-11-02T10:30:00.123456+00:00
     | \[[^\]]+\]                           # [Thu Nov 02 10:30:00 2023]
     | \S+\ \S+\ \S+\ \[[^\]]+\])\s+        # 192.0.2.7 - - [02/Nov/2023:10:30:00 +0000]
    (\S+)\s+                                # gate
    ([\w./-]*?)                             # sshd
    (?:\[(\d+)\])?                          # [4121]
    (:?)\s*
    (.*)$                                   # text
    """,
    re.VERBOSE,
)
TIGHT = re.compile(
    rb"""
    (\w{3}\ [ \d]\d\ [\d:]{8}
     | \d{4}-\d\d-\d\dT[\d:.]+[+-]\d\d:\d\d
     | \[[^\]]+\]
     | [^\[]+\[[^\]]+\])\ (\S+)\ ([^\s:\[]*)(?:\[(\d+)\])?(:?\ ?)(.*)
    """,
    re.VERBOSE,
)


def usual(path: str) -> int:
    """As such a pattern is mostly written, on text."""
    opened: IO[str] = (gzip.open if path.endswith(".gz") else open)(path, "rt", encoding="utf-8", errors="replace")
    with opened as file:
        return sum(1 for line in file if USUAL.match(line))


def tight(path: str) -> int:
    """Written for speed, on bytes."""
    with gzip.open(path) if path.endswith(".gz") else Path(path).open("rb") as file:
        return sum(1 for line in file if TIGHT.match(line))


if __name__ == "__main__":
    print(sum(map({"usual": usual, "tight": tight}[sys.argv[1]], sys.argv[2:])))
