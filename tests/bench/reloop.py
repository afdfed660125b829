"""What a log tool in plain Python pays at least: one `re.match` with six groups a line, nothing kept."""

import gzip
import re
import sys

LINE = re.compile(
    rb"""
    (\w{3}\ [ \d]\d\ [\d:]{8}               # Nov  2 10:30:00
     | \d{4}-\d\d-\d\dT[\d:.]+[+-]\d\d:\d\d  # 2023-11-02T10:30:00.123456+00:00
     | \[[^\]]+\]                           # [Thu Nov 02 10:30:00 2023]
     | [^\[]+\[[^\]]+\])\                   # 192.0.2.7 - - [02/Nov/2023:10:30:00 +0000]
    (\S+)\                                  # gate
    ([^\s:\[]*)                             # sshd
    (?:\[(\d+)\])?                          # [4121]
    (:?\ ?)
    (.*)                                    # text
    """,
    re.VERBOSE,
)


def main(paths: list[str]) -> None:
    match = LINE.match
    lines = matched = 0
    for path in paths:
        with gzip.open(path) if path.endswith(".gz") else open(path, "rb") as file:
            for line in file:
                lines += 1
                if match(line):
                    matched += 1
    print(lines, matched)


if __name__ == "__main__":
    main(sys.argv[1:])
