"""Whether the output is right: a wrong one is not worth its speed."""

from __future__ import annotations

import json

from tests.bench.corpus import Corpus


class Timeline:
    """Takes the printed timeline piece by piece: counts lines and looks whether their times ascend."""

    def __init__(self) -> None:
        self.lines = 0
        self.entries = 0
        self.disorder: list[str] = []
        self._rest = b""
        self._last = b""

    def take(self, piece: bytes) -> None:
        *lines, self._rest = (self._rest + piece).split(b"\n")
        self.lines += len(lines)
        for line in lines:
            # A line of an entry without a time of its own is indented.
            if line[:2] != b"20":
                continue
            self.entries += 1
            stamp = line[:19]
            if stamp < self._last and len(self.disorder) < 3:
                self.disorder.append(f"{stamp.decode()} after {self._last.decode()}")
            self._last = stamp

    def wrong(self, corpus: Corpus) -> list[str]:
        """What is wrong with it; empty if nothing is."""
        out = [f"timeline is out of order: {text}" for text in self.disorder]
        if self.lines != corpus.lines or self._rest:
            out.append(f"timeline has {self.lines:,} lines, the logs {corpus.lines:,}")
        if not self.entries:
            out.append("timeline shows no times")
        return out


class Explained:
    """Takes the JSON report."""

    def __init__(self) -> None:
        self.text = bytearray()

    def take(self, piece: bytes) -> None:
        self.text += piece

    def wrong(self, corpus: Corpus) -> list[str]:
        try:
            report = json.loads(self.text)
            counted = sum(file["lines"] for file in report["files"])
        except (ValueError, KeyError, TypeError) as error:
            return [f"explain prints no report: {error!r}"]
        if counted != corpus.lines:
            return [f"explain read {counted:,} lines of {corpus.lines:,}"]
        return []
