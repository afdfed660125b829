"""The standard input is kept whole, however it ends."""

import io

from logsleuth.report import Skipped
from logsleuth.sources import find, head, stdin

LINE = b"Dec 17 10:49:08 fry kernel: da0: link down\n"


def test_none_at_all():
    assert find(["-"]) == ([], [Skipped("<stdin>", "no standard input")])


def test_empty():
    assert find(["-"], io.BytesIO()) == ([], [Skipped("<stdin>", "empty file")])


def test_binary():
    _, (skipped,) = find(["-"], io.BytesIO(b"\x7fELF" + bytes(99)))
    assert skipped.reason == "an ELF program, library or core dump"


def test_asked_for_twice(tmp_path):
    (tmp_path / "x").write_bytes(LINE)
    with (tmp_path / "x").open("rb") as stdin:
        (source,), problems = find(["-", "-"], stdin)
    assert problems == []
    assert source.mtime == (tmp_path / "x").stat().st_mtime_ns
    assert head(source) == LINE


def test_a_failure_keeps_what_came_before():
    class Failing(io.BytesIO):
        def read(self, size=-1, /):
            piece = super().read(min(20, size))
            if not piece:
                raise OSError(5, "Input/output error")
            return piece

    (source,), (skipped,) = find(["-"], Failing(LINE))
    assert head(source) == LINE
    assert skipped == Skipped("<stdin>", f"input/output error after {len(LINE)} bytes", partial=True)


def test_what_does_not_fit_into_memory_goes_to_a_file(monkeypatch):
    monkeypatch.setattr(stdin, "IN_MEMORY", 10)
    (source,), problems = find(["-"], io.BytesIO(LINE * 9))
    assert head(source) == head(source) == LINE * 9
    assert problems == []
