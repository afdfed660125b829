"""Logs inside archives: the same bytes as outside, whatever the container; and a clear word on all that is not read."""

import bz2
import gzip
import io
import lzma
import os
import random
import struct
import tarfile
import zipfile
from pathlib import Path

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from logsleuth.report import Skipped
from logsleuth.sources import blocks, companion, find, tail
from logsleuth.sources.archives import forward, opening, shelf, tar

LINE = b"Dec 17 10:49:08 fry kernel: da0: link down\n"
WRITTEN = 1_229_472_000
_random = random.Random(3)
LOG = b"".join(
    b"Dec 17 10:%02d:%02d fry qpopper[%d]: login %x\n" % (i // 60 % 60, i % 60, i, _random.getrandbits(64))
    for i in range(40_000)
)


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def tarred(members, form=tarfile.PAX_FORMAT):
    """Members are bytes, or a function of the TarInfo."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form) as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.mtime = WRITTEN
            if callable(content):
                content(info)
                archive.addfile(info)
            else:
                info.size = len(content)
                archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


def zipped(members, method=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name, (2008, 12, 17, 0, 0, 0)), content, method)
    return out.getvalue()


PACK = {
    "": bytes,
    ".gz": lambda data: gzip.compress(data, 1, mtime=0),
    ".bz2": bz2.compress,
    ".xz": lambda data: lzma.compress(data, preset=0),
    ".zst": zstandard.compress,
}


def packed_tar(pack):
    return lambda members: pack(tarred(members))


CONTAINERS = {
    "tar": tarred,
    "old tar": lambda members: tarred(members, tarfile.GNU_FORMAT),
    "ustar": lambda members: tarred(members, tarfile.USTAR_FORMAT),
    **{f"tar{end}": packed_tar(pack) for end, pack in PACK.items() if end},
    "zip": zipped,
    "stored zip": lambda members: zipped(members, zipfile.ZIP_STORED),
    "bzip2 zip": lambda members: zipped(members, zipfile.ZIP_BZIP2),
    "tar.gz in a zip": lambda members: zipped({"in.tgz": PACK[".gz"](tarred(members))}),
    "zip in a tar.gz": lambda members: PACK[".gz"](tarred({"in.zip": zipped(members)})),
    "tar in a tar.gz": lambda members: PACK[".gz"](tarred({"in.tar": tarred(members)})),
    "tar in a tar": lambda members: tarred({"in.tar": tarred(members)}),
    "zip.gz": lambda members: PACK[".gz"](zipped(members)),
}


def saved(data, name="b"):
    Path(name).write_bytes(data)
    return name


def link(kind, target=""):
    def make(info):
        info.type, info.linkname = kind, target

    return make


def read(source):
    problems: list[Skipped] = []
    return b"".join(blocks(source, problems)), problems


def names(name="b"):
    return [source.name for source in find([name])[0]]


def reasons(name="b"):
    return {skipped.name: skipped.reason for skipped in find([name])[1]}


@pytest.mark.parametrize("how", CONTAINERS)
def test_members_are_read_in_place(how):
    long_name = "d" * 90 + "/" + "e" * 90 + "/x.log"
    members = {
        "gate/var/log/messages": LOG,
        "gate/var/log/messages.0.gz": gzip.compress(LINE, mtime=5),
        "gate/var/log/messages.1": LINE,
        long_name: LINE * 2,
        "gate/var/log/grüße": LINE,
    }
    sources, problems = find([saved(CONTAINERS[how](members))])
    assert problems == []
    inner = os.path.commonpath([source.name for source in sources])
    found = {os.path.relpath(source.name, inner): source for source in sources}
    assert set(found) == set(members)
    for name, source in found.items():
        assert read(source) == (LINE if name.endswith(".gz") else members[name], [])
        assert (source.root, source.given, source.path) == ("b", False, Path("b"))
    assert found["gate/var/log/messages.0.gz"].mtime == 5 * 10**9
    assert found["gate/var/log/messages.1"].mtime == WRITTEN * 10**9
    assert len({found[f"gate/var/log/{name}"].stream for name in ("messages", "messages.0.gz", "messages.1")}) == 1
    assert Path(inner).parts[0] == "b"


@pytest.mark.parametrize("how", CONTAINERS)
def test_any_place_of_a_member_can_be_read(how):
    ((source,), _) = find([saved(CONTAINERS[how]({"log": LOG}))])
    half = len(LOG) // 2
    assert b"".join(blocks(source, [], 70_000, half)) == LOG[half:]
    assert tail(source, 999) == (LOG[-999:] if source.seekable else b"")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.sampled_from([LINE, LINE * 50, b"Dec 18 01:02:03 fry a: b\n\tmore\n", b"\0" * 9 + LINE]),
        min_size=1,
        max_size=9,
    ),
    st.sampled_from(sorted(CONTAINERS)),
    st.integers(1, 1 << 17),
)
def test_the_same_bytes_in_every_container(parts, how, size):
    text = b"".join(parts)
    ((source,), problems) = find([saved(CONTAINERS[how]({"var/log/messages": text}))])
    assert problems == []
    assert b"".join(blocks(source, [], size)) == text


class TestNames:
    def test_no_name_leads_out(self):
        saved(tarred({"../../etc/passwd.log": LINE, "/var/log/x": LINE, "a/./../b": LINE, "c\x1b[31m": LINE}))
        assert names() == [
            "b/\\x2e\\x2e/\\x2e\\x2e/etc/passwd.log",
            "b/a/\\x2e\\x2e/b",
            "b/c\\x1b[31m",
            "b/var/log/x",
        ]
        assert all(source.stream.startswith("b/") for source in find(["b"])[0])

    def test_a_later_copy_replaces_an_older_one(self):
        with tarfile.open("b", "w") as archive:
            for text in (LINE, LINE * 2):
                info = tarfile.TarInfo("x")
                info.size = len(text)
                archive.addfile(info, io.BytesIO(text))
        ((source,), _) = find(["b"])
        assert read(source)[0] == LINE * 2
        assert reasons() == {"b/x": "an older copy, replaced by a later one in the same archive"}

    def test_windows_names_in_a_zip(self):
        info = zipfile.ZipInfo("var/log/x")
        info.create_system = 0
        with zipfile.ZipFile("b", "w") as archive:
            archive.writestr(info, LINE)
        data = Path("b").read_bytes().replace(b"var/log/x", b"var\\log\\x")
        saved(data)
        assert names() == ["b/var/log/x"]

    def test_members_of_a_folder(self):
        Path("logs").mkdir()
        saved(tarred({"var/log/x": LINE}), "logs/a.tar")
        saved(LINE, "logs/x")
        assert names("logs") == ["logs/a.tar/var/log/x", "logs/x"]


class TestLinksAndDevices:
    @pytest.mark.parametrize("pack", [bytes, gzip.compress])
    def test_links_are_never_followed_out(self, pack):
        Path("secret").write_bytes(LINE)
        members = {
            "log/x": LINE,
            "log/twin": link(tarfile.LNKTYPE, "log/x"),
            "log/soft": link(tarfile.SYMTYPE, "x"),
            "log/root": link(tarfile.SYMTYPE, "/x"),
            "log/out": link(tarfile.SYMTYPE, "../../secret"),
            "log/hard": link(tarfile.LNKTYPE, "../secret"),
        }
        saved(pack(tarred(members)))
        assert names() == ["b/log/x"]
        assert reasons() == {
            "b/log/out": "a link to what the archive does not hold: ../../secret",
            "b/log/hard": "a link to what the archive does not hold: \\x2e\\x2e/secret",
        }

    def test_many_are_told_in_one_word(self):
        saved(tarred({"x": LINE, **{f"l{i}": link(tarfile.SYMTYPE, "/gone") for i in range(9)}}))
        assert reasons() == {"b": "holds 9 links to what the archive does not hold, as l0"}

    def test_devices_and_pipes(self):
        saved(tarred({"x": LINE, "dev/null": link(tarfile.CHRTYPE), "dev/log": link(tarfile.FIFOTYPE)}))
        assert names() == ["b/x"]
        assert reasons() == {"b/dev/null": "a device", "b/dev/log": "a named pipe"}

    def test_links_in_a_zip(self):
        info = zipfile.ZipInfo("log/out")
        info.create_system, info.external_attr = 3, 0o120777 << 16
        with zipfile.ZipFile("b", "w") as archive:
            archive.writestr(info, "/etc/passwd")
            archive.writestr("log/x", LINE)
        assert names() == ["b/log/x"]
        assert reasons() == {"b/log/out": "a link to what the archive does not hold: /etc/passwd"}


class TestDamage:
    @pytest.mark.parametrize("end", PACK)
    def test_a_tar_that_ends_early_gives_what_it_has(self, end):
        whole = tarred({"a": LINE * 9, "z": LOG})
        cut = whole[: 2048 + len(LOG) // 2]
        packed = PACK[end](cut)
        sources, problems = find([saved(packed)])
        assert [source.name for source in sources] == ["b/a", "b/z"]
        assert read(sources[0]) == (LINE * 9, [])
        content, _ = read(sources[1])
        assert LOG.startswith(content)
        assert len(content) > len(LOG) // 2 - 2048
        assert {problem.name: problem.partial for problem in problems} == {"b": True, "b/z": True}
        assert f"{len(content):,} of {len(LOG):,} bytes could be read" in problems[1].reason

    @pytest.mark.parametrize("end", [end for end in PACK if end])
    def test_a_packed_tar_that_is_cut(self, end):
        packed = PACK[end](tarred({"a": LINE * 9, "z": LOG, "zz": LINE}))
        sources, problems = find([saved(packed[: len(packed) // 2])])
        if sources:  # bzip2 and zstd may give nothing of the first block
            assert read(sources[0])[0] == LINE * 9
            assert LOG.startswith(read(sources[-1])[0][:99])
        assert all(problem.partial == bool(sources) for problem in problems if problem.name == "b")
        assert "ends early" in reasons()["b"]

    def test_a_wrong_sum_is_told(self):
        data = bytearray(gzip.compress(tarred({"a": LINE})))
        data[-8] ^= 1
        ((source,), problems) = find([saved(bytes(data))])
        assert read(source) == (LINE, [])
        assert [problem.reason.split(":")[0] for problem in problems] == ["gzip is damaged"]

    def test_a_damaged_header_is_passed_over_and_told(self):
        data = bytearray(tarred({"a": LINE, "b": LINE * 2, "c": LINE * 3}, tarfile.USTAR_FORMAT))
        data[1024:1100] = b"\xff" * 76
        assert [read(s)[0] for s in find([saved(bytes(data))])[0]] == [LINE, LINE * 3]
        assert reasons() == {"b": "damaged at byte 1,024: 1,024 bytes are no members and were passed over"}

    def test_archives_one_after_the_other(self):
        saved(tarred({"a": LINE}) + tarred({"b": LINE}))
        assert names() == ["b/a", "b/b"]
        assert reasons() == {}

    def test_a_zip_without_a_directory(self):
        data = zipped({"a": LINE, "z": LOG})
        sources, problems = find([saved(data[: len(data) // 2])])
        assert [source.name for source in sources] == ["b/a", "b/z"]
        assert read(sources[0]) == (LINE, [])
        content, troubles = read(sources[1])
        assert LOG.startswith(content)
        assert len(content) > len(LOG) // 3
        assert "ends early" in troubles[0].reason
        assert problems[0].reason.startswith("has no directory: it was cut short")

    def test_a_zip_without_a_directory_whose_sizes_follow(self):
        class Pipe(io.BytesIO):
            def seekable(self):
                return False

            def tell(self):
                raise OSError

        out = Pipe()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("a", LINE * 99)
            archive.writestr("b", LINE)
        data = out.getvalue()
        sources, _ = find([saved(data[: data.index(b"PK\x01\x02")])])
        assert [read(source)[0] for source in sources] == [LINE * 99, LINE]

    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.sampled_from(sorted(CONTAINERS)), st.data())
    def test_no_damage_raises(self, how, data):
        whole = bytearray(CONTAINERS[how]({"a/x": LINE * 99, "b/y": LOG[:9000]}))
        for _ in range(data.draw(st.integers(1, 4))):
            at = data.draw(st.integers(0, len(whole) - 1))
            whole[at : at + 4] = data.draw(st.binary(max_size=8))
        sources, _ = find([saved(bytes(whole[: data.draw(st.integers(1, len(whole) + 1))]))])
        for source in sources:
            read(source)


class TestRefused:
    def test_a_password(self):
        data = bytearray(zipped({"x": LINE}, zipfile.ZIP_STORED))
        data[6] |= 1
        data[data.index(b"PK\x01\x02") + 8] |= 1
        saved(bytes(data))
        assert reasons() == {"b/x": "encrypted with a password; unpack the zip archive first"}

    def test_unknown_methods(self):
        data = bytearray(zipped({"x": LINE}, zipfile.ZIP_STORED))
        data[data.index(b"PK\x01\x02") + 10] = 9
        saved(bytes(data))
        assert reasons() == {"b/x": "packed by zip's method 9 (Deflate64); unpack the zip archive first"}

    def test_several_volumes(self):
        data = bytearray(zipped({"x": LINE}))
        data[data.index(b"PK\x05\x06") + 4] = 1
        saved(bytes(data))
        assert reasons()["b"].startswith("one part of a zip archive in several volumes")
        saved(tarred({"x": link(b"M"), "y": LINE}), "c")
        assert reasons("c")["c/x"].startswith("the end of a file that began in another volume")

    def test_the_last_of_several_volumes(self):
        data = bytearray(zipped({"x": LINE}))
        data[data.index(b"PK\x05\x06") + 4] = 3
        saved(random.Random(1).randbytes(9999) + bytes(data))
        assert reasons()["b"].startswith("the last part of a zip archive in several volumes")

    def test_members_that_overlap(self):
        data = bytearray(zipped({"x": LINE, "y": LINE}, zipfile.ZIP_STORED))
        second = data.rindex(b"PK\x01\x02")
        data[second + 42 : second + 46] = bytes(4)
        saved(bytes(data))
        assert names() == ["b/x"]
        assert "overlaps another, as in a bomb" in reasons()["b"]

    def test_binary_members_are_named(self):
        saved(tarred({"x": b"\x7fELF" + bytes(99), "y": b"", "z.log": b"#!/bin/sh\n"}))
        assert reasons() == {
            "b/x": "an ELF program, library or core dump",
            "b/y": "empty file",
            "b/z.log": "a program, a document or a key, not a log; unpack it and name it to have it read",
        }

    def test_depth(self):
        data = tarred({"x": LINE})
        for _ in range(opening.DEEPEST - 1):
            data = tarred({"t": data})
        saved(data)
        assert len(names()) == 1
        saved(tarred({"t": data}))
        assert names() == []
        assert list(reasons().values()) == [f"a tar archive inside {opening.DEEPEST} others; unpack those first"]

    def test_java_and_office_are_no_logs(self):
        saved(zipped({"META-INF/MANIFEST.MF": b"Manifest-Version: 1.0\n", "x.log": LINE}))
        Path("d").mkdir()
        Path("b").rename("d/b")
        assert names("d") == []
        assert reasons("d")["d/b"].startswith("a program or a document")

    def test_empty(self):
        saved(tarred({"x": link(tarfile.DIRTYPE)})[:512] + bytes(1024))
        assert find(["b"]) == ([], [])
        saved(zipped({}))
        assert reasons() == {"b": "an empty zip archive"}


class TestLimits:
    def test_a_bomb_ends(self, monkeypatch):
        monkeypatch.setattr(forward, "FREE", 1 << 20)
        saved(lzma.compress(tarred({"a": LINE, "z": b"A" * (64 << 20)})))
        assert names() == ["b/a", "b/z"]
        assert "as a bomb does" in reasons()["b"]

    def test_many_members(self, monkeypatch):
        monkeypatch.setattr(opening, "MOST", 3)
        saved(tarred({f"{i}": LINE for i in range(9)}))
        assert len(names()) == 3
        assert reasons() == {"b": "more than 3 members; those that follow are not read"}

    def test_many_words_are_shortened(self):
        saved(tarred({f"{i}": b"" for i in range(1010)} | {"x": LINE}))
        assert len(reasons()) == 1001
        assert reasons()["b"] == "10 more of its members are no logs or cannot be read"

    def test_what_does_not_fit_is_unpacked_anew(self, monkeypatch):
        monkeypatch.setattr(shelf, "LIMIT", 100_000)
        members = {"a": LOG, "b": LINE * 3000, "c.gz": gzip.compress(LOG[:90_000]), "d": LINE}
        sources, problems = find([saved(gzip.compress(tarred(members)))])
        assert problems == []
        assert [read(source)[0] for source in sources] == [LOG, LINE * 3000, LOG[:90_000], LINE]
        assert [source.seekable for source in sources] == [False, True, False, True]
        assert b"".join(blocks(sources[0], [], 999, 70_000)) == LOG[70_000:]

    def test_too_many_to_be_unpacked_anew_are_named(self, monkeypatch):
        monkeypatch.setattr(shelf, "LIMIT", 0)
        monkeypatch.setattr(shelf, "MOST_ANEW", 2)
        sources, problems = find([saved(gzip.compress(tarred({f"{i}": LINE for i in range(5)})))])
        assert len(sources) == 2
        assert {problem.reason for problem in problems} == {shelf.TOO_MUCH}
        assert len(problems) == 3


class TestSparse:
    """Files with holes, as GNU tar -S and bsdtar write them."""

    TEXT = (LINE * 12)[:512]

    def whole(self):
        return self.TEXT + bytes(1024) + self.TEXT

    def header(self, name, size, kind, middle=b""):
        info = tarfile.TarInfo(name)
        info.size, info.mtime, info.type = size, WRITTEN, kind
        block = bytearray(info.tobuf(tarfile.GNU_FORMAT))
        if middle:
            block[386 : 386 + len(middle)] = middle
            block[148:156] = b"%06o\0 " % (256 + sum(block[:148]) + sum(block[156:]))
        return bytes(block)

    @pytest.mark.parametrize("pack", [bytes, gzip.compress])
    def test_gnu(self, pack):
        pairs = b"%011o\0%011o\0%011o\0%011o\0" % (0, 512, 1536, 512)
        middle = pairs.ljust(96, b"\0") + b"\0" + b"%011o\0" % 2048
        data = self.header("x", 1024, b"S", middle) + self.TEXT * 2 + tarred({"y": LINE})
        sources, problems = find([saved(pack(data))])
        assert problems == []
        assert [read(source)[0] for source in sources] == [self.whole(), LINE]

    def test_gnu_with_a_second_map_block(self):
        pairs = b"".join(b"%011o\0%011o\0" % (512 * i, 512) for i in range(4))
        more = b"%011o\0%011o\0" % (4096, 512)
        middle = pairs.ljust(96, b"\0") + b"\1" + b"%011o\0" % 4608
        data = self.header("x", 512 * 5, b"S", middle) + more.ljust(512, b"\0") + self.TEXT * 5 + tarred({"y": LINE})
        sources, problems = find([saved(data)])
        assert problems == []
        assert [read(source)[0] for source in sources] == [self.TEXT * 4 + bytes(2048) + self.TEXT, LINE]

    @pytest.mark.parametrize("form", ["0.1", "1.0"])
    def test_pax(self, form):
        records = {"GNU.sparse.name": "x", "GNU.sparse.realsize": "2048", "GNU.sparse.size": "2048"}
        if form == "1.0":
            records |= {"GNU.sparse.major": "1", "GNU.sparse.minor": "0"}
            stored = b"2\n0\n512\n1536\n512\n".ljust(512, b"\0") + self.TEXT * 2
        else:
            records |= {"GNU.sparse.map": "0,512,1536,512"}
            stored = self.TEXT * 2
        with tarfile.open("b", "w", format=tarfile.PAX_FORMAT) as archive:
            info = tarfile.TarInfo("GNUSparseFile.1/x")
            info.size, info.pax_headers = len(stored), records
            archive.addfile(info, io.BytesIO(stored))
        ((source,), problems) = find(["b"])
        assert problems == []
        assert (source.name, read(source)[0]) == ("b/x", self.whole())

    def test_a_map_that_makes_no_sense(self):
        middle = b"%011o\0%011o\0" % (0, 1 << 30) + bytes(72) + b"\0" + b"%011o\0" % 2048
        saved(self.header("x", 512, b"S", middle) + self.TEXT + tarred({"y": LINE}))
        assert names() == ["b/y"]
        assert reasons() == {"b/x": "a sparse file whose map is damaged"}


class TestStandardInput:
    @pytest.mark.parametrize("how", CONTAINERS)
    def test_archives(self, how):
        sources, problems = find(["-"], io.BytesIO(CONTAINERS[how]({"var/log/x": LOG})))
        assert problems == []
        assert sources[0].name.startswith("<stdin>/")
        assert sources[0].name.endswith("/var/log/x")
        assert read(sources[0]) == (LOG, [])


@pytest.mark.parametrize("how", [how for how in CONTAINERS if " in a " not in how])
def test_files_beside_the_logs(how):
    members = {"gate/var/log/x": LINE, "gate/etc/timezone": b"Asia/Tokyo\n", "gate/etc/hostname": b"gate\n"}
    saved(CONTAINERS[how](members))
    source = find(["./b"])[0][-1]
    assert companion(source, "b/gate", "etc/timezone") == (b"Asia/Tokyo\n", "")
    assert companion(source, "./b/gate", "etc/hostname") == (b"gate\n", "")
    assert companion(source, "b", "etc/hostname") is None


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_links_beside_the_logs(pack):
    members = {
        "gate/var/log/x": LINE,
        "gate/etc/localtime": link(tarfile.SYMTYPE, "../usr/share/zoneinfo/Asia/Tokyo"),
        "gate/hostname": link(tarfile.SYMTYPE, "sos_commands/host/hostname"),
        "gate/sos_commands/host/hostname": b"gate\n",
        "gate/date": link(tarfile.SYMTYPE, "date"),
    }
    saved(pack(tarred(members)))
    assert reasons() == {}
    source = find(["b"])[0][-1]
    assert companion(source, "b/gate", "etc/localtime") == (b"", "../usr/share/zoneinfo/Asia/Tokyo")
    assert companion(source, "b/gate", "hostname") == (b"gate\n", "sos_commands/host/hostname")
    assert companion(source, "b/gate", "date") == (b"", "date")


def test_numbers_of_a_header():
    assert tar.number(b"0000644\0") == 0o644
    assert tar.number(b"    644 ") == 0o644
    assert tar.number(b"\x80" + struct.pack(">q", 1 << 40)[1:]) == 1 << 40
    assert tar.number(b"\xff" * 8) == -1


def test_pax_records():
    assert tar.pax(b"12 path=a=b\n18 mtime=1.5\nxxxxx"[:12]) == {"path": b"a=b"}
    assert tar.pax(b"12 path=a=b\n99 mtime=1.5\n") == {"path": b"a=b"}
    assert tar.pax(b"nonsense") == {}


def test_a_zip64():
    with zipfile.ZipFile("b", "w") as archive, archive.open("x", "w", force_zip64=True) as member:
        member.write(LINE)
    assert names() == ["b/x"]


def test_times_of_a_zip():
    info = zipfile.ZipInfo("x", (1980, 1, 1, 0, 0, 0))
    info.extra = struct.pack("<HHBi", 0x5455, 5, 1, WRITTEN)
    with zipfile.ZipFile("b", "w") as archive:
        archive.writestr(info, LINE)
        archive.writestr(zipfile.ZipInfo("y", (1980, 1, 1, 0, 0, 0)), LINE)
    assert [source.mtime for source in find(["b"])[0]] == [WRITTEN * 10**9, None]
