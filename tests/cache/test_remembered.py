"""A second report over unchanged logs is the first one; whatever changed, it is what a run without a cache says."""

import gzip
import hashlib
import os
from dataclasses import replace
from pathlib import Path

import pytest

from logsleuth import pipeline
from logsleuth.cache import Entry, Folder
from logsleuth.incidents.compare.spans import Ask
from tests.cache.test_again import World

DISK = "Nov 30 02:30:00 kestrel postfix/smtpd[412]: fatal: write queue file: No space left on device\n"
CALM = "".join(f"Nov 30 0{n // 60}:{n % 60:02}:00 kestrel cron[7]: (root) CMD (true)\n" for n in range(200))


@pytest.fixture
def made(monkeypatch):
    """How often a report was worked out."""
    counted: list[int] = []
    real = pipeline.investigate

    def counting(*args):
        counted.append(1)
        return real(*args)

    monkeypatch.setattr(pipeline, "investigate", counting)
    return counted


def explained(home: Path, shelf: Folder | None, rules=(), tz="Europe/Berlin", **asked):
    settings = replace(pipeline.default_settings(tz), now=1_700_000_000 * 10**9)
    logs = pipeline.open_paths([str(home)], settings, shelf=shelf)
    logs.jobs = 1
    return pipeline.explained(logs, rules, zone=str(settings.zone), **asked)


def write(file: Path, text: str, at: int = 1_650_000_000) -> None:
    file.write_text(text)
    os.utime(file, (at, at))


@pytest.fixture
def logs(tmp_path):
    folder = tmp_path / "logs"
    folder.mkdir()
    write(folder / "syslog", CALM + DISK)
    return folder


@pytest.fixture
def shelf(tmp_path):
    return Folder(tmp_path / "kept", "one")


def test_nothing_is_worked_out_again(logs, shelf, made):
    first = explained(logs, shelf, command="one", digests=True)
    assert first.incidents
    again = explained(logs, shelf, command="two", digests=True)
    assert again == replace(first, command="two")
    assert again == replace(explained(logs, None, digests=True), command="two")
    assert len(made) == 2


@pytest.mark.parametrize(
    "asked",
    [
        {"since": 1_640_000_000 * 10**9},
        {"until": 1_000_000_000 * 10**9},
        {"digests": True},
        {"tz": "UTC"},
        {"compared": Ask("day")},
    ],
    ids=lambda asked: next(iter(asked)),
)
def test_another_question_has_another_answer(logs, shelf, made, asked):
    explained(logs, shelf)
    assert explained(logs, shelf, **asked) == explained(logs, None, **asked)
    assert len(made) == 3


def grown(folder):
    write(folder / "syslog", CALM + DISK + DISK.replace("02:30", "03:30"), 1_650_000_100)


def edited(folder):
    write(folder / "syslog", CALM + DISK.replace("No space left", "Nothing is le"), 1_650_000_100)


def one_more(folder):
    write(folder / "mail.log", DISK)


def gone(folder):
    (folder / "syslog").rename(folder / "syslog.1")


def unreadable(folder):
    write(folder / "other.bin", "\0\1\2\3" * 9000)


def moved_zone(folder):
    (folder / "etc").mkdir()
    (folder / "etc" / "timezone").write_text("Asia/Tokyo\n")


@pytest.mark.parametrize("change", [grown, edited, one_more, gone, unreadable, moved_zone])
def test_a_change_is_seen(logs, shelf, made, change):
    explained(logs, shelf)
    change(logs)
    assert explained(logs, shelf) == explained(logs, None)


def test_digests_are_of_the_files_as_they_are(logs, shelf, made):
    # 40 kB in, in a file of the same length, times and ends: no cache sees that, a digest does.
    write(logs / "syslog", CALM * 8 + DISK)
    explained(logs, shelf, digests=True)
    text = (logs / "syslog").read_text()
    write(logs / "syslog", text[:40_000].replace("cron", "corn") + text[40_000:])
    changed = explained(logs, shelf, digests=True)
    assert [f.sha256 for f in changed.files] == [hashlib.sha256((logs / "syslog").read_bytes()).hexdigest()]
    assert len(made) == 2


def test_other_rules_have_another_answer(logs, shelf, tmp_path, made):
    rule = tmp_path / "own.yaml"
    text = """
events:
  cron.own: {match: 'CMD .true.', program: cron}
rules:
- id: own-cron
  cause: own
  bind: {c: {event: cron.own, pick: first}}
  title: "cron ran"
  narrative: "{c.where} says so."
"""
    rule.write_text(text)
    assert explained(logs, shelf, (rule,)) == explained(logs, None, (rule,))
    rule.write_text(text.replace("cause: own", "cause: other"))
    found = explained(logs, shelf, (rule,))
    assert "other" in {cause.cause for incident in found.incidents for cause in incident.causes}


def test_what_may_be_written_right_now_is_not_remembered(logs, shelf, made):
    (logs / "syslog").write_text(CALM + DISK)
    for _ in range(2):
        explained(logs, shelf)
    assert len(made) == 2


def test_a_damaged_log_is_read_each_time(logs, shelf, made):
    packed = logs / "syslog.1.gz"
    packed.write_bytes(gzip.compress((CALM * 50).encode(), mtime=1_650_000_000)[:-40])
    os.utime(packed, (1_650_000_000, 1_650_000_000))
    reports = [explained(logs, shelf) for _ in range(2)]
    assert reports[0] == reports[1] == explained(logs, None)
    assert any(skipped.partial for skipped in reports[0].skipped)
    assert len(made) == 3


@pytest.mark.parametrize("body", [None, [], [1], [-3, 4], {"report": 1}, [0, [-1]], [4, "f", 1, "t", None]], ids=repr)
def test_what_is_no_report_is_made_anew(logs, shelf, body):
    right = explained(logs, shelf)
    for file in shelf.path.iterdir():
        entry = Entry.from_bytes(file.read_bytes())
        assert entry is not None
        if "rests on" in entry.head:
            file.write_bytes(Entry.of(entry.head, body).to_bytes())
    assert explained(logs, shelf) == right


def test_another_program_does_not_believe_it(logs, shelf, made):
    explained(logs, shelf)
    explained(logs, Folder(shelf.path, "two"))
    assert len(made) == 2


@pytest.mark.parametrize("seed", range(2))
def test_the_report_is_the_same_after_all_that_happens_to_logs(tmp_path, seed):
    world = World(tmp_path / "logs", seed + 10)
    shelf = Folder(tmp_path / "kept", "one")
    for _ in range(5):
        assert explained(world.home, shelf) == explained(world.home, None)
        assert explained(world.home, shelf) == explained(world.home, None)
        world.happen()
