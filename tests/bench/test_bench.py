"""The benchmark measures what it says: its logs are the same each time, and its checks see wrong output."""

import gzip
import json
import sys
from pathlib import Path

import pytest

from tests.bench.checks import Explained, Timeline
from tests.bench.corpus import Corpus, corpus
from tests.bench.measure import run
from tests.bench.reloop import TIGHT, USUAL


def unpacked(path):
    content = Path(path).read_bytes()
    return gzip.decompress(content) if path.endswith(".gz") else content


def test_the_same_seed_writes_the_same_logs_once(tmp_path):
    first = corpus(1, 3, str(tmp_path / "a"))
    second = corpus(1, 3, str(tmp_path / "b"))
    assert corpus(1, 3, str(tmp_path / "a")) == first
    assert (first.size, first.lines, first.files) == (second.size, second.lines, second.files)
    texts = [[unpacked(path) for path in made.paths] for made in (first, second)]
    assert texts[0] == texts[1]
    assert first.size == sum(len(text) for text in texts[0])
    assert list(first.files.values()) == [text.count(b"\n") for text in texts[0]]
    assert 900_000 < first.size < 1_300_000
    # Only what a script printed is no match.
    lines = [line for text in texts[0] for line in text.splitlines()]
    for matches in (list(map(TIGHT.match, lines)), [USUAL.match(line.decode()) for line in lines]):
        assert 0.99 < sum(match is not None for match in matches) / len(lines) < 1
        assert {len(match.groups()) for match in matches if match} == {6}


TWO = Corpus("", 0, 2, {})


@pytest.mark.parametrize(
    ("pieces", "wrong"),
    [
        ([b"2023-11-01T00:00:00+00:00 a\n20", b"23-11-01T00:00:01+00:00 b\n"], []),
        ([b"2023-11-01T00:00:00+00:00 a\n    b\n"], []),
        ([b"2023-11-01T00:00:00+00:00 a\n"], ["timeline has 1 lines, the logs 2"]),
        ([b"2023-11-01T00:00:01 a\n2023-11-01T00:00:00 b\n"],
         ["timeline is out of order: 2023-11-01T00:00:00 after 2023-11-01T00:00:01"]),
        ([b"a\nb\n"], ["timeline shows no times"]),
    ],
)  # fmt: skip
def test_a_wrong_timeline_is_seen(pieces, wrong):
    check = Timeline()
    for piece in pieces:
        check.take(piece)
    assert check.wrong(TWO) == wrong


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        (json.dumps({"files": [{"lines": 1}, {"lines": 1}]}), []),
        (json.dumps({"files": [{"lines": 1}]}), ["explain read 1 lines of 2"]),
        ("", ["explain prints no report: JSONDecodeError('Expecting value: line 1 column 1 (char 0)')"]),
        ("{}", ["explain prints no report: KeyError('files')"]),
    ],
)
def test_a_wrong_report_is_seen(text, wrong):
    check = Explained()
    check.take(text.encode())
    assert check.wrong(TWO) == wrong


def test_a_command_is_measured_with_its_children():
    burn = "import time; x = bytearray(60_000_000)\nwhile time.process_time() < 0.2: pass\nprint(7)"
    printed: list[bytes] = []
    used = run(["sh", "-c", f"{sys.executable} -c '{burn}'; exit 3"], printed.append)
    assert (b"".join(printed), used.code) == (b"7\n", 3)
    assert used.cpu >= 0.2
    assert used.wall > 0
    assert used.peak > 60_000_000
