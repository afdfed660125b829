"""explain, boots, sources and rules as programs: exit codes, formats, bad input, and what is not imported."""

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

FIXTURES = Path(__file__).parents[1] / "fixtures" / "incidents"
UNCLEAN, CLEAN = str(FIXTURES / "debian-unclean"), str(FIXTURES / "debian-clean-reboot")


def run(*args, stdin=None):
    command = [sys.executable, "-m", "logsleuth", *args]
    return subprocess.run(command, capture_output=True, input=stdin, timeout=120, check=False)


def test_explain_tells_the_incident_as_text():
    done = run("explain", UNCLEAN, "--tz", "UTC")
    assert done.returncode == 0
    assert b"Host kestrel went down without shutting down" in done.stdout
    assert b"\x1b" not in done.stdout


def test_explain_says_when_there_is_nothing_and_what_was_looked_at():
    done = run("explain", CLEAN, "--tz", "UTC")
    assert done.returncode == 0
    assert b"Nothing to explain" in done.stdout
    assert b"Looked at" in done.stdout


def test_the_json_holds_what_others_read():
    report = json.loads(run("explain", UNCLEAN, "--tz", "UTC", "--format", "json").stdout)
    assert report["format_version"] >= 1
    cause = report["incidents"][0]["causes"][0]
    assert cause["cause"] == "unclean-reboot"
    assert cause["confidence"] in {"confirmed", "probable", "possible"}
    assert {"earliest", "latest"} == set(cause["start"])
    assert all({"file", "line", "text"} <= set(e) for e in cause["evidence"])


def test_the_exit_code_tells_of_an_incident_when_asked():
    assert run("explain", UNCLEAN, "--tz", "UTC", "--exit-code").returncode == 1
    assert run("explain", CLEAN, "--tz", "UTC", "--exit-code").returncode == 0


def test_incidents_outside_the_window_are_not_told():
    done = run("explain", UNCLEAN, "--tz", "UTC", "--since", "2023-10-13", "--format", "json")
    report = json.loads(done.stdout)
    assert report["incidents"] == []
    assert report["hidden"] == 1


def test_why_not_names_the_clause_that_nothing_fits():
    done = run("explain", UNCLEAN, "--tz", "UTC", "--why-not", "apache-left-over-mutex")
    assert b"does not hold" in done.stdout
    assert b"fail: event apache.mutex" in done.stdout


def test_markdown_has_prompts_for_a_person():
    assert b"TODO (person)" in run("explain", UNCLEAN, "--tz", "UTC", "--format", "markdown").stdout


def test_boots_tells_how_each_ended():
    done = run("boots", UNCLEAN, "--tz", "UTC")
    assert b"ended without a shutdown" in done.stdout
    assert b"it ended in order" in run("boots", CLEAN, "--tz", "UTC").stdout


def test_sources_lists_what_was_read_and_skipped():
    report = json.loads(run("sources", UNCLEAN, "--tz", "UTC", "--format", "json").stdout)
    assert {f["format"] for f in report["files"]} == {"bsd-syslog", "apache-error", "access"}
    assert [s["name"].rpartition("/")[2] for s in report["skipped"]] == ["README.md"]


@pytest.mark.parametrize("command", ["explain", "boots", "sources", "timeline"])
def test_where_nothing_can_be_read_it_says_so(command, tmp_path):
    for path in (tmp_path, tmp_path / "missing"):
        done = run(command, str(path))
        assert done.returncode == 3
        assert b"nothing could be read" in done.stderr
        assert b"Traceback" not in done.stderr


def test_a_faulty_rule_is_one_line(tmp_path):
    rules = tmp_path / "mine.yaml"
    rules.write_text("rules:\n- {id: x, cause: y, bind: {a: {event: no.such}}, title: t, narrative: n}\n")
    done = run("explain", CLEAN, "--rules", str(rules))
    assert done.returncode == 2
    assert done.stderr.decode().count("\n") == 1
    assert "mine.yaml:2: x: no event 'no.such'" in done.stderr.decode()


@pytest.fixture
def damaged(tmp_path):
    line = b"Mar  3 10:00:01 gate cron[1]: (root) CMD (true)\n"
    (tmp_path / "whole.log").write_bytes(line)
    (tmp_path / "cut.log.gz").write_bytes(gzip.compress(line * 500)[:-20])
    (tmp_path / "nul.log").write_bytes(line + b"\0" * 300 + b"Mar  3 10:09:01 gate kernel: up \x1b[31mred\n")
    (tmp_path / "latin.log").write_bytes(b"Mar  3 10:00:02 gate cron[1]: caf\xe9\r\n")
    (tmp_path / "long.log").write_bytes(line[:-1] + b"x" * 10_000_000 + b"\n")
    (tmp_path / "messages").write_bytes(bytes(range(256)) * 400)
    (tmp_path / "empty").mkdir()
    os.mkfifo(tmp_path / "pipe")
    return tmp_path


@pytest.mark.parametrize("command", ["timeline", "explain", "boots", "sources"])
def test_bad_input_is_named_and_the_rest_is_read(command, damaged):
    done = run(command, str(damaged), "--year", "2024", "--tz", "UTC")
    said = (done.stdout + done.stderr).decode("utf-8", "replace")
    assert done.returncode == 0
    assert "Traceback" not in said
    assert "\x1b" not in said
    for word in ("ends early", "binary data", "named pipe"):
        assert word in said


def test_the_standard_input_is_a_path_too():
    done = run("timeline", "-", "--tz", "UTC", "--year", "2024", "-q", stdin=b"Mar  3 10:00:01 gate cron[1]: hello\n")
    assert done.stdout.startswith(b"2024-03-03T10:00:01+00:00 gate ")


def test_help_imports_nothing_heavy():
    code = (
        "import sys; sys.argv = ['logsleuth', '--help']\n"
        "import logsleuth.cli\n"
        "try: logsleuth.cli.main()\n"
        "except SystemExit: pass\n"
        "print([m for m in ('numpy', 'pandas', 'pyarrow', 'rich', 'yaml', 'hyperscan') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert done.stdout.splitlines()[-1] == b"[]"


def test_the_timeline_is_a_data_frame():
    from logsleuth import timeline

    frame = timeline([UNCLEAN], tz="UTC")
    assert list(frame.columns) == ["time", "host", "program", "pid", "severity", "message", "file", "line"]
    assert len(frame) > 1000
    assert frame["time"].is_monotonic_increasing
