"""What journalctl prints with -o export and -o verbose: the journal's entries, on the lines of the file itself."""

import re
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logsleuth import sources
from logsleuth.pipeline import timeline
from logsleuth.sources.stores import printed

CURSOR = (
    "s=0123456789abcdef0123456789abcdef;i={:x};b=fedcba9876543210fedcba9876543210;m=2538f42;t={:x};x=f8280956f644cce4"
)
NOON = 1_704_196_800_000_000  # 2024-01-02 12:00:00 UTC, microseconds


def fields(message, pid=7, **more):
    own = {"PRIORITY": "3", "SYSLOG_FACILITY": "9", "SYSLOG_IDENTIFIER": "cron", "_HOSTNAME": "gate", "_PID": str(pid)}
    return {"_TRANSPORT": "syslog", "_CMDLINE": "/usr/sbin/cron -f"} | own | more | {"MESSAGE": message, "_UID": "0"}


def export(entries):
    out = b""
    for i, entry in enumerate(entries):
        time = NOON + i * 1_000_000
        out += f"__CURSOR={CURSOR.format(i, time)}\n__REALTIME_TIMESTAMP={time}\n__MONOTONIC_TIMESTAMP=5\n".encode()
        for name, value in entry.items():
            raw = value if isinstance(value, bytes) else value.encode()
            if re.search(rb"[\x00-\x08\x0a-\x1f]", raw):
                out += name.encode() + b"\n" + struct.pack("<Q", len(raw)) + raw + b"\n"
            else:
                out += name.encode() + b"=" + raw + b"\n"
        out += b"\n"
    return out


def verbose(entries):
    out = ""
    for i, entry in enumerate(entries):
        out += f"Tue 2024-01-02 13:00:{i:02}.000000 CET [{CURSOR.format(i, NOON + i * 1_000_000)}]\n"
        for name, value in entry.items():
            out += f"    {name}=" + value.replace("\n", "\n" + " " * (len(name) + 5)) + "\n"
    return out.encode()


@pytest.fixture
def read(tmp_path):
    def reader(content, name="printed.log"):
        (tmp_path / name).write_bytes(content)
        [source], problems = sources.find([str(tmp_path / name)])
        return source.store, b"".join(sources.blocks(source, problems)).decode(), problems

    return reader


@pytest.mark.parametrize(("write", "name"), [(export, "journal export"), (verbose, "journal verbose")])
def test_records_stand_on_the_lines_of_the_file(read, write, name):
    entries = [fields("one"), fields("two\nlines\nand more", 8), fields("three=3", pid=9)]
    content = write(entries)
    store, text, problems = read(content)
    assert (store, problems) == (name, [])
    assert text.count("\n") == content.count(b"\n")
    heads = [i for i, line in enumerate(content.split(b"\n")) if b";b=fedcba" in line]
    lines = text.split("\n")
    assert [lines[i] for i in heads] == [
        f"<75>2024-01-02T12:00:0{i}.000000Z gate cron[{7 + i}]: {said}"
        for i, said in enumerate(("one", "two", "three=3"))
    ]
    assert lines[heads[1] + 1 : heads[1] + 3] == ["\tlines", "\tand more"]
    assert sum(map(bool, lines)) == 5


@pytest.mark.parametrize("write", [export, verbose])
def test_the_timeline_shows_no_empty_lines(tmp_path, write):
    (tmp_path / "printed.log").write_bytes(
        b"-- Logs begin at Tue 2024-01-02 --\n" + write([fields("one"), fields("a\nb")])
    )
    frame = timeline(str(tmp_path / "printed.log"))
    assert frame.message.tolist() == ["one", "a\n\tb"]
    assert frame.line.tolist() == [2, 15 if write is export else 12]


def test_an_entry_without_a_message_shows_what_it_has(read):
    _, text, _ = read(export([{"SYSLOG_IDENTIFIER": "app", "CODE": "7", "_UID": "0"}]))
    assert text.startswith("2024-01-02T12:00:00.000000Z - app: CODE=7\n")


def test_a_forged_entry_inside_a_message_is_part_of_it(read):
    forged = export([fields("the disk is dead", SYSLOG_IDENTIFIER="kernel")]).decode()
    _, text, problems = read(export([fields("x\n\n" + forged), fields("next")]))
    assert [line for line in text.split("\n") if line.startswith("<")] == [
        "<75>2024-01-02T12:00:00.000000Z gate cron[7]: x",
        "<75>2024-01-02T12:00:01.000000Z gate cron[7]: next",
    ]
    assert problems == []


@pytest.mark.parametrize("cut", [10, 150, 300, 500])
def test_an_export_that_breaks_off(read, cut):
    content = export([fields("one"), fields("two\nlines"), fields("three")])[:-cut]
    _, text, _ = read(content)
    assert text.count("\n") in {content.count(b"\n"), content.count(b"\n") + 1}
    assert text.startswith("<75>2024-01-02T12:00:00.000000Z gate cron[7]: one\n")


@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=60), max_size=8), st.integers(40, 3000))
@settings(max_examples=80, deadline=None)
def test_any_message_through_blocks_of_any_size(tmp_path_factory, messages, block):
    path = tmp_path_factory.mktemp("p") / "x.export"
    path.write_bytes(export([fields("first"), *map(fields, messages)]))
    [source], _ = sources.find([str(path)])
    at_once = b"".join(sources.blocks(source, []))
    records = [line for line in at_once.split(b"\n") if line and not line.startswith(b"\t")]
    assert len(records) == len(messages) + 1
    assert at_once.count(b"\n") == path.read_bytes().count(b"\n")
    patch = pytest.MonkeyPatch()
    patch.setattr(printed, "_BLOCK", block)
    try:
        assert b"".join(sources.blocks(source, [])) == at_once
    finally:
        patch.undo()


@pytest.mark.parametrize("block", [64, 1 << 20])
@pytest.mark.parametrize("write", [export, verbose])
def test_the_line_between_two_boots(read, monkeypatch, write, block):
    """On the last of the empty lines that are left of the entry before, so that no line's number changes."""
    monkeypatch.setattr(printed, "_BLOCK", block)
    old, new = (bytes([digit]) * 32 for digit in b"12")
    content = write([fields(f"line {i}", _HOSTNAME="gate" if i < 5 else "mill") for i in range(6)])
    heads = re.split(rb"(?=b=fedcba9876543210fedcba9876543210)", content)
    boots = [old, old, new, new, new, old]
    content = heads[0] + b"".join(
        part.replace(b"fedcba9876543210fedcba9876543210", boot) for part, boot in zip(heads[1:], boots, strict=True)
    )
    _, text, _ = read(content)
    lines = text.splitlines()
    told = [number for number, line in enumerate(lines) if line.startswith("-- Boot ")]
    assert [lines[number] for number in told] == [f"-- Boot {'2' * 32} --"]
    assert lines[told[0] + 1].endswith("line 2")
    assert len(lines) == content.count(b"\n")
