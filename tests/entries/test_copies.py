"""What a journal and a text file both hold is shown once, and nothing else is left out."""

import json
import subprocess
import sys

import numpy as np
import pytest

from logsleuth import pipeline
from logsleuth.entries import copies as module
from logsleuth.entries.copies import copies, without_copies
from logsleuth.entries.merge import merge
from logsleuth.entries.select import cut
from logsleuth.formats import vector
from tests.sources.journals import NOON, Writer, said


def journal(*messages):
    """(microseconds after noon, program, pid, text) each."""
    writer = Writer()
    for at, program, pid, text in messages:
        writer.entry(NOON + at, said(text, program, pid))
    return writer.bytes()


@pytest.fixture
def shown(opened):
    def show(files, **options):
        logs = opened(files, year=2024, **options)
        known = copies(logs.opened.logs)
        stretches = pipeline.entries(logs, copies=known)
        texts = [
            (p.batch.log, bytes(p.batch.buffer.data[int(p.batch.start[r]) : int(p.batch.stop[r])]).decode())
            for merged in stretches
            for p in merged.pieces
            for r in p.rows.tolist()
        ]
        return [text for _, text in texts], known

    return show


def test_the_later_one_of_two_copies_is_left_out(shown):
    texts, known = shown(
        {
            "syslog": b"Jan  2 12:00:00 gate app[7]: disk is full\nJan  2 12:00:05 gate app[7]: in the text alone\n",
            "system.journal": journal((400_000, "app", 7, "disk is full"), (9_000_000, "app", 7, "in the journal")),
        }
    )
    assert known.count == 1
    assert texts[0] == "Jan  2 12:00:00 gate app[7]: disk is full"
    assert len(texts) == 3


@pytest.mark.parametrize(
    ("text", "message", "count"),
    [
        ("app[7]: twice", [(100_000, "app", 7, "twice")] * 3, 1),  # two of the journal's stand in it alone
        ("app[7]: late", [(3_500_000, "app", 7, "late")], 0),
        ("app: another's", [(100_000, "other", 7, "another's")], 0),
        ("kernel: [    1.234567] sda: ready", [(100_000, "kernel", 0, "sda: ready")], 1),
        ("kernel: [    1.234567] read late", [(-30_000_000, "kernel", 0, "read late")], 1),
        ("systemd-fsck[7]: /dev/sda1: clean", [(-30_000_000, "systemd-fsck", 7, "/dev/sda1: clean")], 1),
        ("kernel: [    0.000000]   Normal   empty  ", [(0, "kernel", 0, "  Normal   empty")], 1),
        ("sudo: ends in a blank ", [(0, "sudo", 8, "ends in a blank")], 1),
        ("app[7]: " + "long " * 60 + "a", [(0, "app", 7, "long " * 60 + "b")], 0),
    ],
)
def test_pairs(shown, text, message, count):
    _, known = shown({"syslog": f"Jan  2 12:00:00 gate {text}\n".encode(), "system.journal": journal(*message)})
    assert known.count == count


@pytest.mark.parametrize("step", [False, True])
def test_what_several_texts_and_the_journal_hold_is_shown_once(shown, monkeypatch, step):
    """rsyslog writes the kernel's messages into syslog, kern.log and messages."""
    if step:
        monkeypatch.setattr(pipeline, "merge", _one_by_one)
    lines = b"".join(b"Jan  2 12:00:%02d gate kernel: [   12.345678] eth0: link down\n" % n for n in (0, 1))
    texts, known = shown(
        {
            **dict.fromkeys(("syslog", "kern.log", "messages"), lines),
            "daemon.log": b"Jan  2 12:00:00 gate app[7]: in two texts\n",
            "debug": b"Jan  2 12:00:00 gate app[7]: in two texts\n",
            "system.journal": journal(
                (200_000, "kernel", 0, "eth0: link down"), (1_200_000, "kernel", 0, "eth0: link down")
            ),
        }
    )
    assert sum("eth0" in text for text in texts) == 2
    assert sum("two texts" in text for text in texts) == 2
    assert known.count == 6


def test_copies_on_both_sides_of_a_stretch(shown, monkeypatch):
    monkeypatch.setattr(pipeline, "merge", _one_by_one)
    texts, known = shown(
        {
            "syslog": b"".join(b"Jan  2 12:00:%02d gate app[7]: step %d\n" % (n, n) for n in range(20)),
            "system.journal": journal(*((n * 1_000_000 + 300_000, "app", 7, f"step {n}") for n in range(20))),
        }
    )
    assert known.count == 20
    assert len(texts) == 20


def _one_by_one(made):
    for merged in merge(made):
        for row in range(len(merged)):
            yield cut(merged, row, row + 1)


def test_texts_alone_are_left_as_they_are(opened):
    line = b"Jan  2 12:00:00 gate app[7]: the same\n"
    logs = opened({"syslog": line, "daemon.log": line})
    assert copies(logs.opened.logs) is None
    assert sum(len(m) for m in without_copies(pipeline.entries(logs), None)) == 2


def test_the_hash_looks_at_every_byte():
    texts = [b"a" * 30, b"a" * 29 + b"b", b"b" + b"a" * 29, b"a" * 31, b""]
    buffer = np.frombuffer(b"".join(texts) + b"\0" * vector.PAD, np.uint8)
    stop = np.cumsum([len(t) for t in texts])
    start = stop - [len(t) for t in texts]
    found = module.hashed(vector.words(buffer), start, stop, np.zeros(len(texts), np.uint64))
    assert len(set(found.tolist())) == len(texts)


def test_the_command_says_how_many(tmp_path):
    (tmp_path / "syslog").write_bytes(b"Jan  2 12:00:00 gate app[7]: disk is full\n")
    (tmp_path / "system.journal").write_bytes(journal((400_000, "app", 7, "disk is full")))
    command = [sys.executable, "-m", "logsleuth", "timeline", "--tz", "UTC", "--year", "2024", "--format", "jsonl"]
    once = subprocess.run([*command, str(tmp_path)], capture_output=True, check=True)
    both = subprocess.run([*command, "--keep-duplicates", str(tmp_path)], capture_output=True, check=True)
    assert b"1 message that a journal" in once.stderr
    assert len(once.stdout.splitlines()) == 1
    assert {json.loads(line)["file"].rpartition("/")[2] for line in both.stdout.splitlines()} == {
        "syslog",
        "system.journal",
    }
