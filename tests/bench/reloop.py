"""What a log tool in plain Python pays at least: one `re.match` with six groups a line, nothing kept."""

import gzip
import re
import sys

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


def main(how: str, *paths: str) -> None:
    """`usual`: as such a pattern is mostly written, on text; `tight`: written for speed, on bytes."""
    match = USUAL.match if how == "usual" else TIGHT.match
    lines = matched = 0
    for path in paths:
        mode = {"encoding": "utf-8", "errors": "replace"} if how == "usual" else {}
        opened = gzip.open if path.endswith(".gz") else open
        with opened(path, "rt" if how == "usual" else "rb", **mode) as file:
            for line in file:
                lines += 1
                if match(line):
                    matched += 1
    print(lines, matched)


if __name__ == "__main__":
    main(*sys.argv[1:])
