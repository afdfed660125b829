"""What is kept between runs: the same report as without it, whatever happened to the logs meanwhile."""

import datetime as dt
import gzip
import os
import random
from dataclasses import replace
from pathlib import Path

import pytest

from logsleuth import home, pipeline
from logsleuth.cache import Folder, Memory
from logsleuth.report import Report
from logsleuth.reported import make_report
from logsleuth.signs import stream

LINES = (
    "kernel: Linux version 5.10.0-8-amd64 (debian-kernel@lists.debian.org) #1 SMP Debian 5.10.46-4 (2021-08-03)",
    "kernel: Out of memory: Killed process 812 (mysqld) total-vm:1829312kB, anon-rss:982100kB, file-rss:0kB",
    "kernel: EXT4-fs error (device sda1): ext4_find_entry:1455: inode #2: comm ls: reading directory lblock 0",
    "kernel: blk_update_request: I/O error, dev sda, sector 2048 op 0x0:(READ) flags 0x0 phys_seg 1 prio class 0",
    "systemd[1]: Stopping System Logging Service...",
    'rsyslogd: [origin software="rsyslogd" swVersion="8.2102.0"] exiting on signal 15.',
    "postfix/smtpd[412]: fatal: write queue file: No space left on device",
    "sshd[99]: error: maximum authentication attempts exceeded for root from 192.0.2.7 port 4022 ssh2",
    "last message repeated 3 times",
    "cron[7]: (root) CMD (true)\n-- Boot 0123456789abcdef0123456789abcdef --",
    "cron[7]: (root) CMD (run-parts /etc/cron.hourly)",
    'app[31]: Traceback (most recent call last):\n  File "x.py", line 3\n    disk full: No space left on device',
)


class World:
    """A folder of logs, and what may happen to it."""

    def __init__(self, home: Path, seed: int):
        self.home, self.random = home, random.Random(seed)
        self.now = dt.datetime(2021, 11, 30, 3, 0, tzinfo=dt.UTC)
        self.written = 1_650_000_000
        home.mkdir()
        for name in ("syslog", "access.log"):
            self.append(name)

    def touch(self, path: Path) -> None:
        self.written += 10
        os.utime(path, (self.written, self.written))

    def text(self, name: str) -> str:
        out = []
        for _ in range(self.random.randrange(1, 150)):
            self.now += dt.timedelta(seconds=self.random.choice((1, 20, 60, 60, 60, 4000)))
            if name == "access.log":
                stamp = self.now.strftime("%d/%b/%Y:%H:%M:%S +0000")
                out.append(f'192.0.2.{self.random.randrange(3)} - - [{stamp}] "GET /alive HTTP/1.1" 200 12\n')
            else:
                stamp = self.now.strftime("%b %e %H:%M:%S")
                out.append(f"{stamp} kestrel {self.random.choice(LINES)}\n")
        return "".join(out)

    def append(self, name: str) -> None:
        with (self.home / name).open("a") as file:
            text = self.text(name)
            file.write(text if self.random.random() < 0.7 else text[: -self.random.randrange(1, 60)])
        self.touch(self.home / name)

    def rotate(self, name: str) -> None:
        """As logrotate does, packing what was rotated before."""
        live = self.home / name
        for number in range(5, 0, -1):
            for ending in ("", ".gz"):
                old = self.home / f"{name}.{number}{ending}"
                if not old.exists():
                    continue
                if ending or self.random.random() < 0.5:
                    old.rename(self.home / f"{name}.{number + 1}{ending}")
                else:
                    packed = self.home / f"{name}.{number + 1}.gz"
                    packed.write_bytes(gzip.compress(old.read_bytes(), mtime=self.written))
                    self.touch(packed)
                    old.unlink()
        if live.exists():
            live.rename(self.home / f"{name}.1")
        self.append(name)

    def copytruncate(self, name: str) -> None:
        live = self.home / name
        (self.home / f"{name}.9").write_bytes(live.read_bytes())
        self.touch(self.home / f"{name}.9")
        with live.open("r+b") as file:
            file.truncate(0)
        self.append(name)

    def edit(self, name: str) -> None:
        """In place, somewhere in the middle, without a change of size."""
        live = self.home / name
        data = bytearray(live.read_bytes())
        at = data.find(b"No space left", self.random.randrange(max(1, len(data))))
        if at >= 0:
            data[at : at + 13] = b"Nothing is le"
        with live.open("r+b") as file:
            file.write(data)
        self.touch(live)

    def vanish(self, name: str) -> None:
        (self.home / f"{name}.9").unlink(missing_ok=True)

    def happen(self) -> None:
        what = self.random.choice((self.append, self.append, self.rotate, self.copytruncate, self.edit, self.vanish))
        what(self.random.choice(("syslog", "access.log")))


def told(home: Path, shelf: Folder | Memory | None) -> Report:
    settings = pipeline.default_settings("Europe/Berlin")
    settings = replace(settings, now=1_700_000_000 * 10**9)
    logs = pipeline.open_paths([str(home)], settings, shelf=shelf)
    logs.jobs = 1
    signs, found = pipeline.investigate(logs, RULES)
    return make_report(logs, RULES, signs, found)


RULES = home.rule_set()


@pytest.fixture
def small(monkeypatch):
    """Blocks so small that files of a test have several."""
    monkeypatch.setattr(stream, "BLOCK", 2048)
    monkeypatch.setattr("logsleuth.signs.again.BLOCK", 2048)


@pytest.mark.parametrize("few", [500, 5], ids=["all weighing events kept", "some dropped and looked for again"])
@pytest.mark.parametrize("seed", range(4))
def test_the_report_is_the_same_after_all_that_happens_to_logs(tmp_path, small, monkeypatch, seed, few):
    monkeypatch.setattr("logsleuth.signs.match.FEW", few)
    world = World(tmp_path / "logs", seed)
    shelf = Folder(tmp_path / "kept", "one")
    for _ in range(6):
        assert told(world.home, shelf) == told(world.home, None)
        world.happen()


def test_a_change_in_the_middle_of_a_file_that_keeps_its_size_is_seen(tmp_path, small):
    world = World(tmp_path / "logs", 4)
    shelf = Folder(tmp_path / "kept", "one")
    live = world.home / "syslog"
    some = [f"Nov 30 0{n // 60}:{n % 60:02}:00 kestrel cron[7]: (root) CMD (true)\n" for n in range(300)]
    some[150] = "Nov 30 02:30:00 kestrel postfix/smtpd[412]: fatal: write queue file: No space left on device\n"
    live.write_text("".join(some))
    world.touch(live)
    assert told(world.home, shelf).incidents
    live.write_text(live.read_text().replace("No space left", "Nothing is le"))
    world.touch(live)
    assert told(world.home, shelf) == told(world.home, None)


def test_what_did_not_change_is_not_read_again_and_what_grew_is_read_from_its_last_block_on(
    tmp_path, small, monkeypatch
):
    world = World(tmp_path / "logs", 1)
    for _ in range(6):
        world.append("syslog")
    read: list[tuple[str, int]] = []
    real = stream.read_file

    def watched(state, *rest):
        read.append((state.log.name.rpartition("/")[2], state.base))
        return real(state, *rest)

    monkeypatch.setattr("logsleuth.signs.again.read_file", watched)
    shelf = Folder(tmp_path / "kept", "one")
    first = told(world.home, shelf)
    assert {name for name, _ in read} == {"syslog", "access.log"}
    read.clear()
    assert told(world.home, shelf) == first
    assert not read
    (world.home / "syslog").rename(world.home / "syslog.1")
    told(world.home, shelf)
    assert not read, "a rotated file keeps its entry"
    (world.home / "syslog.1").rename(world.home / "syslog")
    size = (world.home / "syslog").stat().st_size
    world.append("syslog")
    assert told(world.home, shelf) == told(world.home, None)
    assert read
    assert all(name == "syslog" and base > size - 3 * 2048 for name, base in read)


@pytest.mark.parametrize("damage", ["cut", "flipped", "emptied", "foreign", "nonsense"])
def test_a_damaged_or_foreign_entry_is_made_anew(tmp_path, small, damage):
    from logsleuth.cache import Entry

    world = World(tmp_path / "logs", 2)
    folder = tmp_path / "kept"
    right = told(world.home, Folder(folder, "one"))
    files = sorted(folder.iterdir())
    assert files
    for file in files:
        data = file.read_bytes()
        entry = Entry.from_bytes(data)
        assert entry is not None
        made = {
            "cut": data[: len(data) // 2],
            "flipped": data[:-9] + bytes([data[-9] ^ 1]) + data[-8:],
            "emptied": b"",
            "foreign": data,
            "nonsense": Entry.of(entry.head, {"facts": [[1]], "steps": None}).to_bytes(),
        }
        file.write_bytes(made[damage])
    program = "another" if damage == "foreign" else "one"
    assert told(world.home, Folder(folder, program)) == right
    assert told(world.home, Folder(folder, program)) == right


def test_without_a_folder_that_can_be_written_everything_is_read(tmp_path):
    world = World(tmp_path / "logs", 3)
    (tmp_path / "file").write_text("in the way")
    shelf = Folder(tmp_path / "file" / "below", "one")
    assert told(world.home, shelf) == told(world.home, None)
    assert shelf.sizes() == (0, 0)


def test_a_full_disk_leaves_nothing_behind(tmp_path, monkeypatch):
    world = World(tmp_path / "logs", 3)
    shelf = Folder(tmp_path / "kept", "one")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    assert told(world.home, shelf) == told(world.home, None)
    assert shelf.sizes() == (0, 0)


def test_what_was_not_used_for_longest_leaves_first(tmp_path):
    from logsleuth.cache import Entry

    shelf = Folder(tmp_path, "one", most=2500)
    for number, key in enumerate("abc"):
        shelf.store(key, Entry({"key": key}, os.urandom(900)))
        os.utime(shelf._file(key), (number, number))
    assert shelf.load("a") is not None
    shelf.store("d", Entry({"key": "d"}, os.urandom(900)))
    shelf.trim()
    assert [key for key in "abcd" if shelf.load(key) is not None] == ["a", "d"]
    shelf.clear()
    assert shelf.sizes() == (0, 0)


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="files have owners on Unix")
def test_entries_quote_logs_so_that_nobody_else_reads_them(tmp_path):
    world = World(tmp_path / "logs", 3)
    folder = tmp_path / "kept"
    told(world.home, Folder(folder, "one"))
    assert folder.stat().st_mode & 0o77 == 0
    assert all(file.stat().st_mode & 0o77 == 0 for file in folder.iterdir())
