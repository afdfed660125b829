"""The same bytes come out however they were packed, and as many of them as a damaged file holds."""

import bz2
import errno
import gzip
import io
import lzma
import os
import random
import threading
from itertools import pairwise
from pathlib import Path

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from logsleuth.report import Skipped
from logsleuth.sources import Source, blocks, find, head, packing, sha256, stream, tail
from logsleuth.sources.rotation import LIVE

_random = random.Random(7)
TEXT = b"".join(
    b"Dec 17 10:%02d:%02d fry qpopper[%d]: login %x\n" % (i // 60 % 60, i % 60, i, _random.getrandbits(64))
    for i in range(40_000)
)
HALF = len(TEXT) // 2
PACK = {
    "gzip": lambda text: gzip.compress(text, 1, mtime=0),
    "bzip2": lambda text: bz2.compress(text, 1),
    "xz": lambda text: lzma.compress(text, preset=0),
    "zstd": zstandard.ZstdCompressor(write_checksum=True).compress,
}


def source(path, how="plain"):
    return Source(str(path), Path(path), how, Path(path).stat().st_size, None, str(path), LIVE, str(path), given=True)


def saved(folder, content, how="plain"):
    path = folder / "x"
    path.write_bytes(content)
    return source(path, how)


def read(origin, **how):
    problems: list[Skipped] = []
    return b"".join(blocks(origin, problems, **how)), problems


@pytest.fixture(params=[True, False], ids=["isal", "zlib"])
def isal(request, monkeypatch):
    if not request.param:
        monkeypatch.setattr(packing, "igzip", None)


@pytest.mark.usefixtures("isal")
@pytest.mark.parametrize("how", PACK)
@pytest.mark.parametrize("size", [1000, 70_000, 4 << 20])
def test_packed_bytes_come_out_whole(tmp_path, how, size):
    origin = saved(tmp_path, PACK[how](TEXT), how)
    assert read(origin, size=size) == (TEXT, [])
    assert read(origin, size=size, start=HALF) == (TEXT[HALF:], [])


@pytest.mark.usefixtures("isal")
@pytest.mark.parametrize("how", PACK)
@pytest.mark.parametrize("between", [b"", bytes(4), bytes(512)])
def test_members_and_padding_are_joined(tmp_path, how, between):
    packed = between.join(PACK[how](part) for part in (TEXT[:HALF], b"", TEXT[HALF:], b"")) + between
    assert read(saved(tmp_path, packed, how)) == (TEXT, [])


def test_zstd_frames_without_text_are_passed_over(tmp_path):
    empty = b"\x5a\x2a\x4d\x18\x04\0\0\0abcd"
    packed = empty + PACK["zstd"](TEXT[:HALF]) + empty + PACK["zstd"](TEXT[HALF:])
    assert read(saved(tmp_path, packed, "zstd")) == (TEXT, [])


@pytest.mark.parametrize("how", ["plain", *PACK])
def test_blocks_are_as_big_as_asked(tmp_path, how):
    origin = saved(tmp_path, PACK.get(how, bytes)(TEXT), how)
    sizes = [len(block) for block in blocks(origin, [], 100_000)]
    assert set(sizes[:-1]) == {100_000}
    assert 0 < sizes[-1] <= 100_000


def test_a_plain_source_is_sought(tmp_path):
    origin = saved(tmp_path, TEXT)
    assert read(origin) == (TEXT, [])
    assert read(origin, start=HALF, size=999) == (TEXT[HALF:], [])
    assert read(origin, start=len(TEXT)) == (b"", [])
    assert read(origin, start=len(TEXT) + 1) == (b"", [])


@pytest.mark.parametrize("how", ["plain", *PACK])
def test_head_and_tail(tmp_path, how):
    origin = saved(tmp_path, PACK.get(how, bytes)(TEXT), how)
    assert head(origin, 1000) == TEXT[:1000]
    assert head(origin, 1 << 30) == TEXT
    assert tail(origin, 1000) == (TEXT[-1000:] if how == "plain" else b"")
    assert tail(origin, 1 << 30) == (TEXT if how == "plain" else b"")


SMALL = TEXT[:20_000]


@pytest.mark.usefixtures("isal")
@pytest.mark.parametrize("how", PACK)
def test_a_cut_file_gives_all_before_the_cut(tmp_path_factory, how):
    folder = tmp_path_factory.mktemp("cut")
    packed = PACK[how](SMALL[:9000]) + PACK[how](SMALL[9000:])
    found = []
    for kept in [*range(60), *range(60, len(packed), 97), *range(len(packed) - 12, len(packed))]:
        content, problems = read(saved(folder, packed[:kept], how))
        assert SMALL.startswith(content)
        if kept and content != SMALL[:9000]:
            assert (
                problems[0].reason
                == f"{how} ends early: {len(content):,} unpacked bytes could be read; the rest is lost"
            )
            assert problems[0].partial == bool(content)
        found.append(len(content))
    assert all(fewer <= more for fewer, more in pairwise(found))
    assert found[-1] == len(SMALL)


@pytest.mark.parametrize("how", PACK)
@settings(max_examples=60, deadline=None)
@given(st.data())
def test_damage_never_raises(tmp_path_factory, how, data):
    packed = bytearray(PACK[how](SMALL))
    place = data.draw(st.integers(8, len(packed) - 1))
    packed[place] ^= data.draw(st.integers(1, 255))
    cut = data.draw(st.integers(place, len(packed)))
    origin = saved(tmp_path_factory.mktemp("damage"), bytes(packed[:cut]), how)
    content, problems = read(origin, size=5000)
    assert content == SMALL or problems
    assert head(origin, 1000) == content[:1000]


@pytest.mark.usefixtures("isal")
def test_damage_far_inside_loses_no_more_than_it_must(tmp_path):
    packed = bytearray(PACK["gzip"](TEXT))
    packed[-8:-4] = b"\0\0\0\0"  # the checksum: all text is there
    content, (problem,) = read(saved(tmp_path, bytes(packed), "gzip"))
    assert content == TEXT
    assert problem == Skipped(
        str(tmp_path / "x"),
        f"gzip is damaged: {len(TEXT):,} unpacked bytes could be read, the last may be wrong; the rest is lost",
        partial=True,
    )


def test_a_damaged_bzip2_file_gives_the_blocks_before(tmp_path):
    packed = bytearray(PACK["bzip2"](TEXT))
    packed[len(packed) // 2] ^= 0xFF
    content, problems = read(saved(tmp_path, bytes(packed), "bzip2"))
    assert TEXT.startswith(content)
    assert len(content) > 0.4 * len(TEXT)
    assert len(problems) == 1


@pytest.mark.parametrize("how", PACK)
def test_garbage_behind_the_end_is_told(tmp_path, how):
    content, problems = read(saved(tmp_path, PACK[how](TEXT) + b"something else", how))
    assert content == TEXT
    assert problems[0].reason.startswith(f"something other than {how} follows")


@pytest.mark.parametrize("how", PACK)
def test_a_bomb_is_unpacked_piece_by_piece(tmp_path, how):
    origin = saved(tmp_path, PACK[how](bytes(100 << 20)), how)
    largest = max(len(block) for block in blocks(origin, [], 1 << 20))
    assert largest == 1 << 20
    assert len(head(origin, 1000)) == 1000


def test_a_reader_may_stop_early(tmp_path):
    packed = PACK["gzip"](random.Random(1).randbytes(20 << 20))
    threads = threading.active_count()
    flow = blocks(saved(tmp_path, packed, "gzip"), [], 1 << 20)
    assert next(flow)
    flow.close()
    assert threading.active_count() == threads


def test_a_thread_unpacks_big_files_with_the_same_result(tmp_path):
    text = random.Random(1).randbytes(5 << 20)
    packed = PACK["gzip"](text)
    assert len(packed) > stream._SMALL
    assert read(saved(tmp_path, packed, "gzip"), size=1 << 20) == (text, [])
    content, problems = read(saved(tmp_path, packed[: 3 << 20], "gzip"), size=1 << 20)
    assert text.startswith(content)
    assert len(content) > 2 << 20
    assert len(problems) == 1


def test_a_file_that_shrinks_or_vanishes_is_told(tmp_path):
    origin = saved(tmp_path, TEXT)
    problems: list[Skipped] = []
    flow = blocks(origin, problems, 1000)
    first = next(flow)
    os.truncate(tmp_path / "x", 2000)
    assert first + b"".join(flow) == TEXT[:2000]
    reason = f"shrank while it was read: 2,000 of {len(TEXT):,} bytes were there; the rest is lost"
    assert problems == [Skipped(origin.name, reason, partial=True)]
    (tmp_path / "x").unlink()
    content, problems = read(origin)
    assert content == b""
    assert problems[0].reason.startswith("no such file or directory")
    assert not problems[0].partial
    assert head(origin) == tail(origin) == b""
    assert sha256(origin) == ""


def test_what_is_written_later_is_not_read(tmp_path):
    origin = saved(tmp_path, TEXT)
    with (tmp_path / "x").open("ab") as live:
        live.write(b"more\n")
    assert read(origin) == (TEXT, [])


def test_an_unreadable_sector_ends_a_file(tmp_path, monkeypatch):
    class Failing(io.FileIO):
        def read(self, size=-1, /):
            if self.tell() >= 3000:
                raise OSError(errno.EIO, "Input/output error")
            return super().read(size)

    monkeypatch.setattr(io, "FileIO", Failing)
    content, problems = read(saved(tmp_path, TEXT), size=1000)
    assert content == TEXT[:3000]
    assert problems[0].reason.startswith("input/output error, as from a failing disk at byte 3,000 of")
    content, problems = read(saved(tmp_path, PACK["gzip"](TEXT), "gzip"), size=1000)
    assert TEXT.startswith(content)
    assert len(problems) == 1


def test_sha256_is_that_of_the_packed_file(tmp_path):
    origin = saved(tmp_path, b"abc")
    assert sha256(origin) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_the_access_time_stays(tmp_path):
    origin = saved(tmp_path, TEXT)
    os.utime(tmp_path / "x", ns=(10**18, 10**18))
    read(origin)
    if hasattr(os, "O_NOATIME"):
        assert (tmp_path / "x").stat().st_atime_ns == 10**18


@pytest.mark.parametrize("how", ["plain", *PACK])
def test_standard_input_is_read_twice(how):
    packed = PACK.get(how, bytes)(TEXT)
    (origin,), problems = find(["-"], io.BytesIO(packed))
    assert problems == []
    assert (origin.name, origin.path, origin.packing, origin.size) == ("<stdin>", None, how, len(packed))
    flow = blocks(origin, problems, 1000)
    start = next(flow)
    assert head(origin, 10) == TEXT[:10]
    assert start + b"".join(flow) == TEXT == read(origin)[0]
    assert problems == []
    assert len(sha256(origin)) == 64
