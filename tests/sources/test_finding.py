"""What is found under a path, and what is said about the rest."""

import bz2
import gzip
import lzma
import os
import random
import socket
from pathlib import Path

import pytest
import zstandard

from logsleuth import files
from logsleuth.report import Skipped
from logsleuth.sources import disk, find, head, packing

LINE = b"Dec 17 10:49:08 fry kernel: da0: link down\n"


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def put(name, content=LINE):
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def names(paths):
    return [source.name for source in find(paths)[0]]


def reasons(paths):
    return {skipped.name: skipped.reason for skipped in find(paths)[1]}


@pytest.mark.usefixtures("home")
class TestNames:
    def test_a_folder_gives_its_logs_by_stream_and_age(self):
        for name in (
            "messages",
            "messages.0.bz2",
            "messages.1",
            "messages.10",
            "a/maillog",
            "cron-20240101",
            "cron",
        ):
            put(f"log/{name}")
        assert names(["log"]) == [
            "log/a/maillog",
            "log/cron-20240101",
            "log/cron",
            "log/messages.10",
            "log/messages.1",
            "log/messages.0.bz2",
            "log/messages",
        ]
        assert {source.stream for source in find(["log"])[0]} == {"log/a/maillog", "log/cron", "log/messages"}
        assert {(source.root, source.given) for source in find(["log"])[0]} == {("log", False)}

    def test_names_begin_as_they_were_given(self):
        put("log/messages")
        assert names(["."]) == ["./log/messages"]
        assert names(["log/"]) == ["log/messages"]
        assert names(["./log/messages"]) == ["./log/messages"]
        assert find(["./log/messages"])[0][0].stream == "log/messages"

    def test_members_of_a_stream_share_a_folder(self):
        put("a/messages")
        put("b/messages.1")
        assert [source.stream for source in find(["."])[0]] == ["a/messages", "b/messages"]

    def test_a_named_file_is_said_to_be_given(self):
        put("log/messages")
        (source,) = find(["log", "log/messages"])[0]
        assert (source.given, source.root) == (True, "log/messages")

    def test_odd_names_can_be_printed(self):
        put(os.fsdecode(b"log/a\xff\n\x1b[31m"))
        (source,) = find(["log"])[0]
        assert source.name == "log/a\\xff\\x0a\\x1b[31m"
        assert head(source) == LINE

    def test_nothing_gives_nothing(self):
        Path("log").mkdir()
        assert find(["log"]) == ([], [])
        assert find([]) == ([], [])

    def test_what_is_missing_is_told(self):
        assert find(["nowhere", ""]) == (
            [],
            [Skipped("", "no such file or directory"), Skipped("nowhere", "no such file or directory")],
        )


@pytest.mark.usefixtures("home")
class TestLinks:
    def test_a_file_is_read_once_under_its_own_name(self):
        put("log/messages")
        Path("log/a-link").symlink_to("messages")
        os.link("log/messages", "log/twin")
        assert find(["log", "log"])[1] == []
        assert names(["log", "./log", "log"]) == ["log/messages"]
        assert len(names(["log", "./log/twin", "log/a-link"])) == 1

    def test_a_link_to_a_file_elsewhere_is_followed(self):
        put("elsewhere/x")
        Path("log").mkdir()
        Path("log/messages").symlink_to("../elsewhere/x")
        assert names(["log"]) == ["log/messages"]

    def test_broken_links_are_told(self):
        Path("log").mkdir()
        Path("log/gone").symlink_to("nowhere")
        Path("log/circle").symlink_to("circle")
        assert reasons(["log", "log/gone"]) == {"log/gone": "broken link", "log/circle": "broken link"}

    def test_linked_folders_do_not_loop(self):
        put("log/messages")
        put("log/deep/er/maillog")
        Path("log/deep/er/up").symlink_to("../..")
        Path("log/self").symlink_to(".")
        Path("log/a").symlink_to("deep")
        sources, problems = find(["log"])
        assert [source.name for source in sources] == ["log/deep/er/maillog", "log/messages"]
        assert problems == []

    def test_a_linked_folder_elsewhere_is_told_not_entered(self):
        put("elsewhere/messages")
        Path("log").mkdir()
        Path("log/out").symlink_to("../elsewhere")
        target = Path("elsewhere").resolve()
        assert names(["log"]) == []
        assert reasons(["log"]) == {"log/out": f"a link to another folder, {target}; name that folder to have it read"}
        assert names(["log/out"]) == ["log/out/messages"]
        assert names(["log", "elsewhere"]) == ["elsewhere/messages"]
        assert reasons(["log", "elsewhere"]) == {}

    def test_folders_deeper_than_the_stack(self):
        here = Path.cwd()
        for _ in range(1200):
            Path("d").mkdir()
            os.chdir("d")
        put("messages")
        os.chdir(here)
        found = names(["d"])
        # pytest itself could not remove a tree this deep
        os.chdir("d/" * 1200)
        Path("messages").unlink()
        for _ in range(1200):
            os.chdir("..")
            Path("d").rmdir()
        assert len(found) == 1


@pytest.mark.usefixtures("home")
class TestRefused:
    def test_pipes_sockets_and_devices_are_never_opened(self, monkeypatch):
        Path("log").mkdir()
        os.mkfifo("log/pipe")
        with socket.socket(socket.AF_UNIX) as unix:
            unix.bind("log/sock")
            monkeypatch.setattr(disk, "open_file", None)
            for paths in (["log"], ["log/pipe", "log/sock"]):
                said = reasons(paths)
                assert said["log/pipe"].startswith("a named pipe")
                assert said["log/sock"] == "a socket"
        assert reasons(["/dev/null"]) == {"/dev/null": "a device"}

    def test_a_pipe_that_takes_the_place_of_a_file_does_not_block(self):
        os.mkfifo("pipe")
        with pytest.raises(OSError, match="no longer a regular file"):
            files.open_file(Path("pipe"))

    def test_lacking_permission_is_told(self, monkeypatch):
        put("log/messages")
        put("log/secret")
        put("log/closed/x")
        really_open, really_scan = os.open, os.scandir

        def refuse(path, *rest, **named):
            if str(path).endswith("secret"):
                raise PermissionError(13, "Permission denied")
            return really_open(path, *rest, **named)

        def refuse_folder(path):
            if str(path).endswith("closed"):
                raise PermissionError(13, "Permission denied")
            return really_scan(path)

        monkeypatch.setattr(os, "open", refuse)
        monkeypatch.setattr(os, "scandir", refuse_folder)
        assert names(["log"]) == ["log/messages"]
        assert reasons(["log"]) == {"log/closed": "permission denied", "log/secret": "permission denied"}

    @pytest.mark.parametrize(
        ("content", "reason"),
        [
            (b"", "empty file"),
            (gzip.compress(b"", mtime=0), "packed by gzip: empty"),
            (b"\x1f\x8b\x08", "gzip ends early: 0 unpacked bytes could be read"),
            (bytes(99), "nothing but NUL bytes, as an unclean stop or a preallocated file leaves them"),
            (gzip.compress(bytes(99), mtime=0), "packed by gzip: nothing but NUL bytes"),
            (LINE.decode().encode("utf-32"), "UTF-16 or UTF-32 text; try: iconv"),
            (random.Random(1).randbytes(9999), "binary data, not a text log"),
            (bz2.compress(random.Random(1).randbytes(9999)), "packed by bzip2: binary data, not a text log"),
            (lzma.compress(b"7z\xbc\xaf\x27\x1c"), "packed by xz: a 7z archive; unpack it first"),
            (
                gzip.compress(bz2.compress(LINE), mtime=0),
                "packed by gzip: packed by bzip2 once more; unpack it first",
            ),
            (b"\x04\x22\x4d\x18" + LINE, "packed by lz4; unpack it first"),
        ],
    )
    def test_content_that_is_no_log_is_told_even_if_named(self, content, reason):
        put("log/x.log", content)
        assert reasons(["log"])["log/x.log"].startswith(reason)
        assert reasons(["log/x.log"])["log/x.log"].startswith(reason)

    def test_a_program_is_read_only_if_named(self):
        put("log/x.log", b"#!/bin/sh\necho\n")
        assert reasons(["log"])["log/x.log"].startswith("a program, a document or a key, not a log")
        assert names(["log/x.log"]) == ["log/x.log"]

    def test_zstd_needs_its_library(self, monkeypatch):
        put("x", zstandard.compress(LINE))
        without = packing.Packing("zstd", (b"\x28\xb5\x2f\xfd",), None)
        monkeypatch.setattr(packing, "PACKINGS", (without,))
        assert reasons(["x"]) == {"x": "packed by zstd; try: pip install zstandard"}


@pytest.mark.usefixtures("home")
class TestContent:
    @pytest.mark.parametrize(
        ("how", "packed"),
        [
            ("plain", LINE),
            ("gzip", gzip.compress(LINE, mtime=0)),
            ("bzip2", bz2.compress(LINE)),
            ("xz", lzma.compress(LINE)),
            ("zstd", zstandard.compress(LINE)),
        ],
    )
    def test_packing_is_told_by_content_not_by_name(self, how, packed):
        put("messages.0.gz", packed)
        (source,) = find(["messages.0.gz"])[0]
        assert (source.packing, source.stream, source.rank) == (how, "messages", (1, 0))
        assert head(source) == LINE

    def test_a_cut_gzip_is_still_read(self):
        put("x", gzip.compress(LINE * 1000 + random.Random(1).randbytes(999))[:-500])
        assert names(["x"]) == ["x"]

    def test_text_behind_many_nul_bytes_is_found(self):
        put("plain", bytes(300_000) + LINE * 2000)
        put("gz", gzip.compress(bytes(5_000_000) + LINE * 2000))
        assert names(["."]) == ["./gz", "./plain"]

    def test_gzip_knows_when_its_text_was_written(self):
        put("a.gz", gzip.compress(LINE, mtime=1_229_472_000))
        os.utime(put("b.gz", gzip.compress(LINE, mtime=0)), ns=(5, 7 * 10**9))
        os.utime(put("c"), ns=(5, 8 * 10**9))
        assert [source.mtime for source in find(["."])[0]] == [1_229_472_000 * 10**9, 7 * 10**9, 8 * 10**9]
