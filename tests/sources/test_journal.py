"""systemd's journal: every entry that was written is read, and of a damaged file all that is left."""

import gzip
import io
import lzma
import struct
import sys
import tarfile
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logsleuth import sources
from logsleuth.sources.stores import access
from logsleuth.sources.stores.journal import payload, text
from logsleuth.sources.stores.record import message
from tests.sources import journals
from tests.sources.journals import COMPACT, LZ4, NOON, ONLINE, XZ, ZSTD, Writer, journal, said

LONG = "a long story, " * 500


@pytest.fixture
def read(tmp_path):
    def reader(content, name="system.journal"):
        (tmp_path / name).write_bytes(content)
        [source], problems = sources.find([str(tmp_path / name)])
        return b"".join(sources.blocks(source, problems)), problems

    return reader


def line(i, shown, program="cron[7]", pri="<78>"):
    at = datetime.fromtimestamp(NOON / 1e6, UTC) + timedelta(seconds=i)
    return f"{pri}{at:%Y-%m-%dT%H:%M:%S}.000000Z gate {program}: {shown}\n"


@pytest.mark.parametrize("compact", [False, True], ids=["regular", "compact"])
@pytest.mark.parametrize("packing", [0, XZ, LZ4, ZSTD], ids=["bare", "xz", "lz4", "zstd"])
@pytest.mark.parametrize("state", [journals.OFFLINE, ONLINE, journals.ARCHIVED])
def test_every_entry_is_read(read, compact, packing, state):
    written = ["first", LONG, "two\nlines", "fifth" * 20, *map(str, range(99))]
    whole, problems = read(journal(written, compact=compact, packing=packing, state=state, room=99_999).bytes())
    assert whole.decode() == "".join(line(i, m.strip().replace("\n", "\n\t")) for i, m in enumerate(written))
    assert problems == []


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        (
            {"MESSAGE": "m", "_COMM": "httpd", "SYSLOG_PID": "5", "PRIORITY": "3", "_HOSTNAME": "gate"},
            "<11>2024-01-02T12:00:00.000000Z gate httpd[5]: m\n",
        ),
        (
            {"MESSAGE": "m", "PRIORITY": "4", "SYSLOG_FACILITY": "0", "SYSLOG_IDENTIFIER": "kernel"},
            "<4>2024-01-02T12:00:00.000000Z - kernel: m\n",
        ),
        ({"MESSAGE": "m", "_PID": "77"}, "2024-01-02T12:00:00.000000Z - unknown[77]: m\n"),
        (
            {"MESSAGE": "m", "SYSLOG_IDENTIFIER": "my own 100% app", "PRIORITY": "x", "_PID": "1\n2"},
            "2024-01-02T12:00:00.000000Z - my\\x20own\\x20100%\\x20app: m\n",
        ),
        (
            {"_COMM": "kernel", "COREDUMP_PID": "9", "CORE": "\0" * 5000, "MESSAGE_ID": "f00"},
            "2024-01-02T12:00:00.000000Z - kernel: COREDUMP_PID=9 CORE=(5000 bytes) MESSAGE_ID=f00\n",
        ),
        ({"_AUDIT_TYPE": "1107"}, "2024-01-02T12:00:00.000000Z - unknown: _AUDIT_TYPE=1107\n"),
        (
            {"MESSAGE": "x\n<0>2024-01-02T12:00:00.000000Z su: forged\n-- Boot 1 --"},
            "2024-01-02T12:00:00.000000Z - unknown: x\n\t<0>2024-01-02T12:00:00.000000Z su: forged\n\t-- Boot 1 --\n",
        ),
    ],
)
def test_what_a_record_says(read, fields, shown):
    whole, problems = read(journal([fields]).bytes())
    assert (whole.decode(), problems) == (shown, [])


def test_a_field_may_come_twice_and_a_name_may_begin_like_another(read):
    twice = [("MESSAGE_ID", "f00"), ("MESSAGE", "one"), ("MESSAGE", "two"), ("_PIDFD", "3"), ("PRIORITY_X", "1")]
    writer = Writer()
    writer.entry(NOON, twice)
    assert read(writer.bytes())[0].endswith(b"Z - unknown: two\n")


@given(
    st.lists(st.one_of(st.binary(max_size=40), st.binary(min_size=500, max_size=900)), max_size=20),
    st.booleans(),
    st.sampled_from([0, XZ, LZ4, ZSTD]),
)
@settings(max_examples=60, deadline=None)
def test_any_message_comes_through(tmp_path_factory, messages, compact, packing):
    path = tmp_path_factory.mktemp("j") / "system.journal"
    path.write_bytes(journal(messages, compact=compact, packing=packing).bytes())
    [source], _ = sources.find([str(path)])
    records = b"".join(sources.blocks(source, [])).replace(b"\n\t", b"\t").splitlines()
    heads = [bytes(line(i, "")[:-1], "ascii") for i in range(len(messages))]
    wanted = [h + message(m).replace(b"\n\t", b"\t") for h, m in zip(heads, messages, strict=True)]
    assert records == b"\n".join(wanted).splitlines()


@pytest.mark.parametrize("pack", [gzip.compress, lzma.compress], ids=["gz", "xz"])
def test_packed_journals(read, pack):
    whole, problems = read(pack(journal(["one", LONG], packing=ZSTD).bytes()), "system@old.journal.packed")
    assert (whole.decode(), problems) == (line(0, "one") + line(1, LONG.strip()), [])


def test_packed_journals_that_do_not_fit_into_memory(read, monkeypatch):
    monkeypatch.setattr(access, "_IN_MEMORY", 1000)
    written = [str(n) for n in range(99)]
    whole, problems = read(gzip.compress(journal(written).bytes()), "large.journal.gz")
    assert (whole.decode(), problems) == ("".join(map(line, range(99), written)), [])


def test_a_packed_bomb_is_read_up_to_a_limit(read, monkeypatch):
    monkeypatch.setattr(access, "LIMIT", 5000)
    monkeypatch.setattr(access, "_FEED", 1000)
    whole, problems = read(gzip.compress(journal(map(str, range(99))).bytes()), "bomb.journal.gz")
    assert 5 < whole.count(b"\n") < 99
    assert any("more than 5,000 unpacked bytes" in p.reason for p in problems)


def test_journals_in_an_archive(tmp_path):
    with tarfile.open(tmp_path / "logs.tar.gz", "w:gz") as archive:
        content = journal(["one", LONG], packing=XZ).bytes()
        member = tarfile.TarInfo("var/log/journal/0123/system.journal")
        member.size = len(content)
        archive.addfile(member, io.BytesIO(content))
    [source], problems = sources.find([str(tmp_path)])
    whole = b"".join(sources.blocks(source, problems)).decode()
    assert (source.store, whole, problems) == ("systemd journal", line(0, "one") + line(1, LONG.strip()), [])


def test_half_a_packed_journal(read):
    packed = gzip.compress(journal(map(str, range(2000))).bytes())
    whole, problems = read(packed[: len(packed) // 2], "system.journal.gz")
    assert 100 < whole.count(b"\n") < 1900
    assert whole.startswith(line(0, "0").encode())
    assert any("gzip ends early" in p.reason for p in problems)


class TestDamage:
    """Of 200 entries."""

    @pytest.fixture(params=[False, True], ids=["regular", "compact"])
    def writer(self, request):
        return journal(map(str, range(200)), compact=request.param, state=ONLINE, room=5000)

    def numbers(self, whole):
        return [int(record.rpartition(b": ")[2]) for record in whole.splitlines() if not record.endswith(b")")]

    def test_the_first_list_is_lost(self, read, writer):
        content = bytearray(writer.bytes())
        content[writer.arrays[0] : writer.arrays[0] + 40] = bytes(40)
        whole, problems = read(content)
        assert self.numbers(whole) == list(range(200))
        assert problems == []

    def test_a_list_points_backwards(self, read, writer):
        content = bytearray(writer.bytes())
        struct.pack_into("<Q", content, writer.arrays[2] + 16, writer.arrays[0])
        assert self.numbers(read(content)[0]) == list(range(200))

    def test_an_entry_is_overwritten(self, read, writer):
        content = bytearray(writer.bytes())
        content[writer.entries[70]] = 99
        whole, problems = read(content)
        assert self.numbers(whole) == [n for n in range(200) if n != 70]
        assert [p.reason for p in problems] == ["1 entries are damaged and could not be read"]

    def test_a_message_is_overwritten(self, read, writer):
        content = bytearray(writer.bytes())
        content[writer.data[b"MESSAGE=70"]] = 0
        whole, problems = read(content)
        assert self.numbers(whole) == [n for n in range(200) if n != 70]
        assert line(70, "(damaged: the message could not be read)").encode() in whole
        assert "1 entries are damaged in part" in problems[0].reason

    def test_a_page_is_lost(self, read, writer):
        content = bytearray(writer.bytes())
        content[12288:16384] = bytes(4096)
        whole, problems = read(content)
        left = self.numbers(whole)
        assert left == sorted(left)
        assert len(left) > 150
        assert problems

    def test_no_end(self, read, writer):
        content = writer.bytes()[: writer.entries[120] + 30]
        whole, problems = read(content)
        assert self.numbers(whole) == list(range(120))
        assert [p.reason for p in problems] == ["80 entries are damaged and could not be read"]

    def test_written_but_not_yet_listed(self, read, writer):
        content = bytearray(writer.bytes())
        place = writer.arrays[-1] + 24
        width = 4 if writer.compact else 8
        listed = 200 - sum(writer.array << i for i in range(len(writer.arrays) - 1))
        last = place + (listed - 1) * width
        content[last : last + width] = bytes(width)
        struct.pack_into("<Q", content, 152, 199)
        assert self.numbers(read(content)[0]) == list(range(200))

    def test_a_forged_entry_in_a_message_is_not_taken_for_one(self, read, writer):
        fake = struct.pack("<BB6xQQQQ16sQ", 3, 0, 80, 5, NOON, 0, b"x" * 16, 0) + struct.pack("<QQ", 264, 0)
        writer.entry(NOON, said(b"12345678" * 2 + fake))
        content = bytearray(writer.bytes())
        content[writer.arrays[0] : writer.arrays[0] + 40] = bytes(40)
        assert read(content)[0].count(b" gate ") == 201


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_no_damage_brings_it_down(tmp_path_factory, data):
    compact = data.draw(st.booleans())
    writer = journal(
        ["one", LONG, "three", {"X": "y" * 600}],
        compact=compact,
        packing=data.draw(st.sampled_from([0, XZ, LZ4, ZSTD])),
        state=data.draw(st.sampled_from([0, 1, 2])),
    )
    content = bytearray(writer.bytes())
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(88, len(content) - 9))
        content[at : at + 8] = data.draw(
            st.one_of(
                st.binary(min_size=8, max_size=8),
                st.integers(0, 2**64 - 1).map(lambda n: n.to_bytes(8, "little")),
                st.sampled_from(writer.entries + writer.arrays).map(lambda n: n.to_bytes(8, "little")),
            )
        )
    content = content[: data.draw(st.integers(1, len(content)))]
    path = tmp_path_factory.mktemp("j") / "system.journal"
    path.write_bytes(content)
    found, problems = sources.find([str(path)])
    for source in found:
        whole = b"".join(sources.blocks(source, problems))
        assert whole.count(b"Z ") <= 40
        sources.tail(source)
    assert found or problems


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (
            lambda c: struct.pack_into("<I", c, 12, COMPACT | 64),
            "of a kind that is not known yet (incompatible flags 0x40)",
        ),
        (lambda c: c.__delitem__(slice(100, None)), "ends within its header"),
        (lambda c: struct.pack_into("<Q", c, 88, 7), "a damaged header"),
    ],
)
def test_what_is_not_read_is_named(tmp_path, change, reason):
    content = bytearray(journal(["one"]).bytes())
    change(content)
    (tmp_path / "system.journal").write_bytes(content)
    found, [skipped] = sources.find([str(tmp_path)])
    assert found == []
    assert reason in skipped.reason


def test_without_the_library_a_long_message_is_named(read, monkeypatch):
    monkeypatch.setitem(sys.modules, "lz4", None)
    whole, problems = read(journal(["one", LONG], packing=LZ4).bytes())
    assert whole.decode() == line(0, "one") + line(1, "(damaged: the message could not be read)")
    assert "1 fields could not be read: packed by lz4; try: pip install lz4" in [p.reason for p in problems]


def test_a_bomb_does_no_harm(read, monkeypatch):
    monkeypatch.setattr(payload, "LONGEST", 10_000)
    for packing in (XZ, ZSTD):
        whole, _ = read(journal(["y" * 1_000_000], packing=packing).bytes())
        assert 9_000 < len(whole) < 11_000


def test_resuming_gives_the_same_bytes(tmp_path, monkeypatch):
    monkeypatch.setattr(text, "_ENTRIES", 7)
    path = tmp_path / "system.journal"
    path.write_bytes(journal(map(str, range(100))).bytes())
    [source], _ = sources.find([str(path)])
    cold = b"".join(sources.blocks(source, [], 1000, 4321))
    whole = b"".join(sources.blocks(source, []))
    for start in (0, 1, 400, 4321, len(whole) - 1, len(whole)):
        assert b"".join(sources.blocks(source, [], 1000, start)) == whole[start:]
    assert cold == whole[4321:]
    assert sources.tail(source, 600) == whole[-600:]
    assert sources.head(source, 600) == whole[:600]


def test_an_empty_journal(read):
    assert read(Writer().bytes()) == (b"", [])
