"""What is kept has limits, and reports are the same beyond them."""

import json
import os
import subprocess
import sys

import pytest

from logsleuth import pipeline
from logsleuth.cache import Entry, Folder, shelf
from logsleuth.signs import again, collect, match, stream
from tests.cache.test_remembered import CALM, DISK, explained, write


@pytest.fixture
def logs(tmp_path):
    folder = tmp_path / "logs"
    folder.mkdir()
    for number in range(4):
        write(folder / f"app{number}.log", CALM + DISK * 5, 1_650_000_000 + number)
    return folder


def test_an_entry_that_is_too_large_is_not_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(shelf, "_LARGEST", 1000)
    folder = Folder(tmp_path, "one")
    folder.store("small", Entry({}, os.urandom(900)))
    folder.store("large", Entry({}, os.urandom(1100)))
    assert folder.load("small") is not None
    assert folder.load("large") is None
    assert folder.sizes()[0] == 1


@pytest.mark.parametrize("most", [0, 1, 3000, 9000])
def test_the_folder_never_holds_more_than_it_may_and_nothing_depends_on_it(logs, tmp_path, most):
    folder = Folder(tmp_path / "kept", "one", most=most)
    right = explained(logs, None)
    for _ in range(3):
        assert explained(logs, folder) == right
        folder.trim()
        assert folder.sizes()[1] <= most


def test_what_another_run_takes_away_meanwhile_is_made_anew(logs, tmp_path, monkeypatch):
    folder = Folder(tmp_path / "kept", "one")
    right = explained(logs, folder)
    real = pipeline.investigate

    def meanwhile(*args):
        Folder(tmp_path / "kept", "one").clear()
        return real(*args)

    monkeypatch.setattr(pipeline, "investigate", meanwhile)
    assert explained(logs, folder, until=4_000_000_000 * 10**9).incidents == right.incidents
    assert explained(logs, folder) == right


def test_a_kind_of_line_beyond_its_number_is_cut_where_it_is_without_a_cache(logs, tmp_path, monkeypatch):
    for module in (match, stream, again, collect):
        if hasattr(module, "MOST"):
            monkeypatch.setattr(module, "MOST", 7)
    folder = Folder(tmp_path / "kept", "one")
    right = explained(logs, None)
    assert any("only the first" in note for note in right.notes)
    assert explained(logs, folder) == right
    # Another question: the report is worked out anew, from what is kept of the files.
    later = {"until": 4_000_000_000 * 10**9}
    assert explained(logs, folder, **later) == explained(logs, None, **later)


def test_runs_at_once_on_one_cache_say_the_same(logs, tmp_path):
    def started(*more):
        command = [sys.executable, "-m", "logsleuth", "explain", "--tz", "UTC", "--format", "json", *more, str(logs)]
        env = {**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache")}
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env)

    for _ in range(2):
        runs = [started(), started(), started("--no-cache")]
        told = [run.communicate(timeout=120) for run in runs]
        assert [run.returncode for run in runs] == [0, 0, 0]
        reports = [{**json.loads(out), "command": ""} for out, _ in told]
        assert reports[0] == reports[1] == reports[2]
        assert reports[0]["incidents"]
    assert not [file for file in (tmp_path / "cache" / "logsleuth" / "logs").iterdir() if file.name.startswith("part-")]
