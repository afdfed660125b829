"""An explain that is asked again: the same bytes where nothing has changed, and a run of its own where anything has."""

import datetime as dt
import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest

from logsleuth import answered, pipeline
from logsleuth.answered import Answer, Rests
from logsleuth.cli import keeping
from logsleuth.files import sha256

DAY = 86_400
NOW = dt.datetime(2026, 3, 10, 15, 0, tzinfo=ZoneInfo("Europe/Berlin"))
MIDNIGHT = dt.datetime(2026, 3, 11, tzinfo=ZoneInfo("Europe/Berlin"))
RUN = """
import os, sys, time
real, shift = time.time_ns, int(os.environ.get("SHIFT", "0")) * 10**9
time.time_ns = lambda: real() + shift
from logsleuth import answered
answered.RACE = 0  # the tests' files are new
from logsleuth.__main__ import main
code = 0
try:
    code = main()
except SystemExit as ended:
    code = ended.code
finally:
    with open(os.environ["LOADED"], "w") as file:
        print(*sorted(sys.modules), file=file)
sys.exit(code)
"""
LINES = (
    "Oct 11 03:12:0{} kestrel kernel: Out of memory: Killed process 812 (mysqld) total-vm:1829312kB\n"
    "Oct 11 03:14:0{} kestrel cron[7]: (root) CMD (true)\n"
)
HEAVY = {"numpy", "click", "yaml", "regex", "rich", "pyarrow", "zoneinfo", "hyperscan", "logsleuth.cli"}
OURS = {"logsleuth.formats", "logsleuth.rules", "logsleuth.sources", "logsleuth.pipeline", "logsleuth.clock"}


class Ran(NamedTuple):
    out: bytes
    err: bytes
    code: int
    loaded: set[str]

    @property
    def anew(self) -> bool:
        return "logsleuth.pipeline" in self.loaded


class World:
    """A folder of logs, and a user who asks."""

    def __init__(self, home: Path, cache: Path):
        self.home, self.cache = home, cache
        self.logs, self.config = home / "logs", home / "config"
        self.config.mkdir()
        self.logs.mkdir()
        for number, name in enumerate(("messages", "syslog")):
            (self.logs / name).write_text(LINES.format(number, number))
            os.utime(self.logs / name, (1_700_000_000, 1_700_000_000))
        (self.logs / "README").write_text("No log at all.\n")

    def env(self, **more: str) -> dict[str, str]:
        home = {"XDG_CACHE_HOME": str(self.cache), "XDG_CONFIG_HOME": str(self.config)}
        return {**os.environ, **home, "LOADED": str(self.cache / "loaded"), "TZ": "UTC", **more}

    def command(self, *args: str) -> list[str]:
        return [sys.executable, "-c", RUN, "explain", str(self.logs), *args]

    def explain(self, *args: str, cwd: Path | None = None, more: Mapping[str, str] | None = None) -> Ran:
        done = subprocess.run(
            self.command(*args), capture_output=True, timeout=120, check=False, env=self.env(**(more or {})), cwd=cwd
        )
        return Ran(done.stdout, done.stderr, done.returncode, self.loaded())

    def loaded(self) -> set[str]:
        return set((self.cache / "loaded").read_text().split())

    def kept(self, *args: str) -> Ran:
        """A run whose answer is given again."""
        first, second = self.explain(*args), self.explain(*args)
        assert (first.anew, second.anew) == (True, False)
        assert first[:3] == second[:3]
        return second


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def world(tmp_path, cache):
    return World(tmp_path, cache)


@pytest.mark.parametrize(
    "args",
    [
        (),
        ("-vv", "--color", "always"),
        ("--format", "json"),
        ("--format", "markdown", "--lang", "ja"),
        ("--format", "github"),
        ("--format", "html", "--events", "5"),
        ("--redact", "--exit-code"),
        ("--since", "2023-10-11", "--until", "2023-10-12"),
    ],
    ids=lambda args: " ".join(args) or "text",
)
def test_what_is_given_again_is_what_the_run_wrote(world, args):
    again = world.kept(*args)
    assert again.out
    assert sorted(again.loaded & (HEAVY | OURS)) == []
    assert again.code == ("--exit-code" in args)


def same_size(path: Path, old: str, new: str) -> None:
    """An edit that leaves size and last change as they were."""
    status = path.stat()
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert path.stat().st_size == status.st_size


CHANGES = {
    "more lines": lambda w: (w.logs / "syslog").open("a").write("Oct 11 03:20:00 kestrel cron[8]: (root) CMD (true)\n"),
    "another first line": lambda w: same_size(w.logs / "syslog", "Oct 11 03:12", "Oct 11 03:11"),
    "another last line": lambda w: same_size(w.logs / "syslog", "CMD (true)", "CMD (talk)"),
    "a new file": lambda w: (w.logs / "new.log").write_text(LINES.format(5, 5)),
    "a file gone": lambda w: (w.logs / "syslog").unlink(),
    "another name": lambda w: (w.logs / "messages").rename(w.logs / "messages.1"),
    "a file that was skipped": lambda w: (w.logs / "README").unlink(),
    "a new folder": lambda w: (w.logs / "deep").mkdir(),
    "a companion": lambda w: ((w.logs / "etc").mkdir(), (w.logs / "etc" / "timezone").write_text("Asia/Tokyo\n")),
    "an own rule": lambda w: ((w.config / "logsleuth/rules.d").mkdir(parents=True),),
    "an own format": lambda w: ((w.config / "logsleuth/formats.d").mkdir(parents=True),),
}


def test_whatever_changes_beside_the_question_is_looked_at(world):
    world.kept("--format", "json")
    for what, change in CHANGES.items():
        change(world)
        assert world.explain("--format", "json").anew, what
        assert not world.explain("--format", "json").anew, what


def test_another_question_is_another_answer(world):
    world.kept()
    assert world.explain("-v").anew
    for name, value in (("TZ", "Asia/Tokyo"), ("LC_ALL", "ja_JP.UTF-8")):
        assert world.explain(more={name: value}).anew
    assert world.explain(cwd=world.home).anew
    assert not world.explain().anew


def test_a_rule_file_that_changes_is_read(world):
    rules = world.home / "rules.yaml"
    rules.write_text("about: mine\n")
    world.kept("--rules", str(rules))
    rules.write_text("about: ours\n")
    assert world.explain("--rules", str(rules)).anew


def test_without_the_cache_nothing_is_kept_or_given(world):
    world.kept()
    assert world.explain("--no-cache").anew
    assert world.explain("--no-cache").anew


def test_cache_clear_takes_the_answers_too(world):
    world.kept()
    command = [sys.executable, "-m", "logsleuth", "cache", "clear"]
    subprocess.run(command, check=True, env=world.env(), capture_output=True)
    assert world.explain().anew


@pytest.mark.parametrize(
    ("word", "until"),
    [
        ("2023-10-01", None),
        ("17 Dec 2008 10:30", None),
        ("@1696118400", None),
        ("boot-1", None),
        ("2023-10-01..2023-10-02", None),
        ("day", None),
        ("today", MIDNIGHT),
        ("yesterday", MIDNIGHT),
        ("monday", MIDNIGHT),
        ("10:30", MIDNIGHT),
        ("yesterday..today", MIDNIGHT),
        ("3 days ago", NOW),
        ("-2h", NOW),
        ("2023-10-01..now", NOW),
        ("12:00 Asia/Tokyo", NOW),  # there a new day begins before midnight here
    ],
)
def test_words_for_a_time_mean_it_until_they_mean_another(world, word, until):
    settings = replace(pipeline.default_settings("Europe/Berlin"), now=int(NOW.timestamp()) * 10**9)
    logs = pipeline.open_paths([str(world.logs)], settings)
    assert keeping._meant_until(logs, word) == (None if until is None else int(until.timestamp()) * 10**9)


def test_a_year_chosen_by_the_clock_is_chosen_again_when_it_may_be_another(world):
    world.kept()
    assert not world.explain(more={"SHIFT": str(DAY)}).anew
    assert world.explain(more={"SHIFT": str(370 * DAY)}).anew


def test_a_clock_that_is_set_back_gives_nothing_again(world):
    world.kept()
    assert world.explain(more={"SHIFT": str(-DAY)}).anew


def test_what_is_damaged_or_of_another_question_is_made_anew(world):
    first = world.kept()
    answer = newest(world)
    whole = answer.read_bytes()
    answer.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    again = world.explain()
    assert again.anew
    assert again[:3] == first[:3]
    world.kept("-v")
    answer.write_bytes(newest(world).read_bytes())
    again = world.explain()
    assert again.anew
    assert again[:3] == first[:3]


def newest(world: World) -> Path:
    """What was kept last."""
    return max((world.cache / "logsleuth" / "logs").glob("log-*"), key=lambda file: file.stat().st_mtime_ns)


def test_output_that_was_cut_is_not_kept(world):
    reader, writer = os.pipe()
    os.close(reader)
    subprocess.run(world.command(), stdout=writer, env=world.env(), check=False)
    os.close(writer)
    assert world.explain().anew


def test_a_closed_pipe_ends_what_is_given_again_quietly(world):
    world.kept()
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(world.command(), stdout=writer, stderr=subprocess.PIPE, env=world.env(), check=False)
    os.close(writer)
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_file_is_written_again_and_a_write_up_is_put_together_anew(world):
    page, report = world.home / "page.html", world.home / "report.md"
    first = world.explain("--format", "html", "-o", str(page))
    text = page.read_bytes()
    page.unlink()
    again = world.explain("--format", "html", "-o", str(page))
    assert (first.anew, again.anew, again.out, again.err) == (True, False, b"", first.err)
    assert page.read_bytes() == text
    for _ in range(2):
        assert world.explain("--format", "markdown", "-o", str(report)).anew


def test_a_closed_standard_output_is_no_fault_of_a_file(world):
    page = world.home / "page.html"
    command = ["sh", "-c", 'exec "$@" >&-', "sh", *world.command("--format", "html", "-o", str(page))]
    for _ in range(2):
        done = subprocess.run(command, stderr=subprocess.PIPE, env=world.env(), check=False)
        assert (done.returncode, b"Traceback" in done.stderr) == (0, False)
        assert page.read_bytes().startswith(b"<!DOCTYPE html>")
        page.unlink()


def test_a_report_vouches_for_what_was_just_read(world, monkeypatch):
    log = world.logs / "syslog"
    report = json.loads(world.kept("--format", "json").out)
    assert {f["sha256"] for f in report["files"] if f["file"].endswith("syslog")} == {sha256(log)}
    # Where the middle of a large file is another, which neither its ends nor its times need tell:
    monkeypatch.setattr(answered, "RACE", 0)
    monkeypatch.setenv("XDG_CACHE_HOME", str(world.cache))
    given = Answer(b"told", "", 0, paged=True)
    for digest, known in ((sha256(log), given), ("0" * 64, None)):
        answered.keep("why", Rests(began=time.time_ns(), digests={str(log): digest}), given)
        assert answered.answer("why") == known


def test_what_changed_just_before_or_during_the_run_is_not_kept(world, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(world.cache))
    for began, known in ((time.time_ns(), False), (time.time_ns() + 3 * 10**9, True)):
        answered.keep(f"at {began}", Rests(began=began, trees=(str(world.logs),)), Answer(b"", "", 0, paged=True))
        monkeypatch.setattr(time, "time_ns", lambda began=began: began)
        assert (answered.answer(f"at {began}") is not None) is known
        monkeypatch.undo()
        monkeypatch.setenv("XDG_CACHE_HOME", str(world.cache))


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="no terminals here")
def test_a_terminal_of_another_width_is_told_anew(world):
    import fcntl
    import struct
    import termios

    def shown(columns: int) -> bytes:
        ours, theirs = os.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
        env = world.env(TERM="xterm")
        env.pop("COLUMNS", None)
        with subprocess.Popen(world.command("--no-pager"), stdout=theirs, env=env) as process:
            os.close(theirs)
            out = b""
            while piece := _read(ours):
                out += piece
            process.wait()
        os.close(ours)
        return out

    first = shown(100)
    assert "logsleuth.pipeline" in world.loaded()
    assert b"\x1b[" in first
    assert shown(100) == first
    assert "logsleuth.pipeline" not in world.loaded()
    assert shown(60) != first


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 1 << 16)
    except OSError:  # how Linux says that nobody is at the other end
        return b""
