"""Binary stores become text: one record a line, and the rest of the program sees nothing else."""

import datetime as dt
import gzip
import json

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from logsleuth import sources
from logsleuth.cli import main
from logsleuth.formats import RECORDS
from logsleuth.formats.split import decode, lines_of
from logsleuth.sources.disk import Lost
from logsleuth.sources.stores import known
from logsleuth.sources.stores.access import random_access
from logsleuth.sources.stores.model import Store
from logsleuth.sources.stores.record import message, record, stamp, word

MAGIC = b"STORE\0\0\1"
NOON = 1_704_196_800_000_000_000  # 2024-01-02 12:00:00 UTC


def read_store(source, problems):
    """A store for these tests: after the magic bytes, one byte a record."""
    with random_access(source, problems) as data:
        for i, byte in enumerate(data.read(len(MAGIC), data.size)):
            if byte == ord("!"):
                raise Lost(f"record {i} is damaged")
            yield record(NOON + i * 10**9, b"gate", b"beep", 7, b"sound %c\nagain" % byte, 30)


@pytest.fixture(autouse=True)
def beeps(monkeypatch):
    store = Store("beep box", "a test", lambda sample, _: sample.startswith(MAGIC), read_store)
    monkeypatch.setattr(known, "STORES", (store,))
    monkeypatch.setitem(known.BY_NAME, store.name, store)


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_a_store_reads_as_text(tmp_path, pack):
    (tmp_path / "beeps").write_bytes(pack(MAGIC + b"abc"))
    [source], problems = sources.find([str(tmp_path)])
    whole = (
        b"<30>2024-01-02T12:00:00.000000Z gate beep[7]: sound a\n\tagain\n"
        b"<30>2024-01-02T12:00:01.000000Z gate beep[7]: sound b\n\tagain\n"
        b"<30>2024-01-02T12:00:02.000000Z gate beep[7]: sound c\n\tagain\n"
    )
    assert (source.store, problems) == ("beep box", [])
    assert b"".join(sources.blocks(source, problems, 10)) == whole
    assert b"".join(sources.blocks(source, problems, 10, 77)) == whole[77:]
    assert sources.head(source, 99) == whole[:99]
    assert sources.tail(source, 99) == whole[-99:]
    assert problems == []


def test_a_damaged_store_gives_what_it_has_and_a_word(tmp_path):
    (tmp_path / "beeps").write_bytes(MAGIC + b"ab!c")
    [source], problems = sources.find([str(tmp_path)])
    assert b"".join(sources.blocks(source, problems)).count(b"sound") == 2
    [told] = problems
    assert (told.reason, told.partial) == ("record 2 is damaged; the rest is lost", True)


def test_commands_see_a_store_as_a_log(tmp_path):
    (tmp_path / "beeps").write_bytes(MAGIC + b"ab")
    listed = CliRunner().invoke(main, ["sources", "--format", "json", str(tmp_path)])
    [row] = json.loads(listed.output)["files"]
    assert (row["format"], row["host"], row["lines"], row["entries"]) == ("beep box", "gate", 4, 2)
    lines = CliRunner().invoke(main, ["timeline", "--format", "jsonl", str(tmp_path)])
    first = json.loads(lines.output.splitlines()[0])
    assert (first["program"], first["pid"], first["severity"], first["host"]) == ("beep", 7, "info", "gate")


def test_a_cited_line_can_be_looked_up(tmp_path):
    """`timeline --format raw` prints the text whose lines are cited."""
    (tmp_path / "beeps").write_bytes(MAGIC + b"abc")
    [source], _ = sources.find([str(tmp_path)])
    printed = CliRunner().invoke(main, ["timeline", "--format", "raw", str(tmp_path)])
    assert printed.stdout_bytes == b"".join(sources.blocks(source, []))


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        (b"plain", b"plain"),
        (b"two\nlines\n", b"two\n\tlines"),
        (b"\n\n<3>2024-01-02T12:00:00Z gate su: forged", b"\n\t\n\t<3>2024-01-02T12:00:00Z gate su: forged"),
        (b"nul\0 and return\r\nnext", b"nul\\x00 and return\\x0d\n\tnext"),
        (b"", b""),
        (b"caf\xe9", b"caf\xe9"),
    ],
)
def test_messages(raw, shown):
    assert message(raw) == shown


def test_words():
    assert word(b"Plex Media\n") == b"Plex\\x20Media\\x0a"
    assert word(b"") == b"unknown"


@given(
    st.integers(0, 4 * 10**18),
    st.one_of(st.none(), st.integers(0, 191)),
    st.binary(max_size=40),
    st.one_of(st.none(), st.integers(1, 4_194_304)),
    st.binary(max_size=200),
)
def test_a_record_is_one_entry_with_its_own_time_and_severity(time, priority, program, pid, text):
    lines = lines_of(record(0, b"x", b"before>1", 1, b"<4>") + record(time, b"gate", program, pid, text, priority))
    stamped = decode(lines, RECORDS)
    heads = (stamped.layout >= 0).nonzero()[0]
    assert heads.tolist() == [0, 1]
    assert int(stamped.wall[1]) == time
    columns = RECORDS.body(lines.buffer, lines.view, stamped.end[:2], lines.stop[:2])
    assert int(columns.severity[1]) == (-1 if priority is None else priority & 7)


def test_stamps():
    assert stamp(NOON + 1) == b"2024-01-02T12:00:00.000000001Z"
    assert stamp(0) == b"1970-01-01T00:00:00.000000Z"
    with pytest.raises((ValueError, OverflowError)):
        stamp(10**21 * dt.timedelta.max.days)
