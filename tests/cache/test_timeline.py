"""A timeline that finds its first looks kept prints what one without them does."""

import gzip
import os

import pytest
from click.testing import CliRunner

from logsleuth.cli import main


@pytest.fixture
def run(monkeypatch, tmp_path):
    """What a timeline prints, and says on the standard error."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))

    def timeline(*args):
        done = CliRunner().invoke(main, ["timeline", "--tz", "UTC", *args, str(tmp_path / "logs")])
        assert done.exit_code == 0, done.output
        return done.output

    return timeline


def line(month, number):
    clock = f"{number // 60 % 24:02}:{number % 60:02}:00"
    return f"{month} {number // 1440 + 10:2} {clock} kestrel app[{number}]: line {number}\n"


def write(path, data, at):
    path.write_bytes(gzip.compress(data.encode(), mtime=at) if path.suffix == ".gz" else data.encode())
    os.utime(path, (at, at))


def test_rotated_files_without_years_are_dated_as_by_a_first_look(run, tmp_path):
    logs = tmp_path / "logs"
    logs.mkdir()
    write(logs / "syslog.1.gz", "".join(line("Dec", n) for n in range(0, 20_000, 7)), 1_640_995_100)
    write(logs / "syslog", "".join(line("Jan", n) for n in range(0, 20_000, 7)), 1_643_000_000)
    for more in ([], ["--since", "2021-12-20", "--until", "2022-01-12"], ["--limit", "3"]):
        first, again, without = run(*more), run(*more), run(*more, "--no-cache")
        assert first == again == without
    write(logs / "syslog", "".join(line("Jan", n) for n in range(0, 25_000, 7)), 1_643_100_000)
    assert run() == run("--no-cache")
    (logs / "syslog").rename(logs / "syslog.0")
    write(logs / "syslog", line("Feb", 7), 1_644_500_000)
    assert run() == run("--no-cache")


def test_places_are_looked_for_once(monkeypatch, tmp_path):
    from logsleuth import pipeline
    from logsleuth.entries import window

    text = "".join(f"2022-01-{1 + n // 1440:02}T{n // 60 % 24:02}:{n % 60:02}:00 line {n}\n" for n in range(30_000))
    write(tmp_path / "app.log", text, 1_650_000_000)
    logs = pipeline.open_paths([str(tmp_path)], pipeline.default_settings("UTC"))
    (log,) = logs.opened.logs
    found = window.places(log)
    assert len(found) > 4
    monkeypatch.setattr(window, "_probe", None)
    assert window.places(log) == found
    offsets = [place.offset for place in found]
    data = (tmp_path / "app.log").read_bytes()
    right = [data[:offset].count(b"\n") for offset in offsets]
    assert window.lines_before(log, offsets[3:5]) == right[3:5]
    assert window.lines_before(log, offsets[4:]) == right[4:]
    assert window.lines_before(log, offsets) == right
