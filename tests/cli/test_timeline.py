"""`logsleuth timeline` as a user calls it."""

import csv
import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

import logsleuth
from logsleuth.cli import COMMANDS, main, timeline

LINES = [b"Dec 17 10:30:%02d fry cron[%d]: job %d\n" % (i, i, i) for i in range(60)]
FIRST = "2023-12-17T10:30:00+00:00 fry messages cron[0]: job 0\n"
KEYS = ["time", "host", "program", "pid", "severity", "message", "file", "line"]


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    folder = tmp_path / "log"
    folder.mkdir()
    (folder / "messages").write_bytes(b"".join(LINES))
    return folder


def run(*arguments: str | Path, tz: str = "UTC", **more: object) -> Result:
    said = ["timeline", "--tz", tz, "--year", "2023", *map(str, arguments)]
    return CliRunner().invoke(main, said, **more)  # type: ignore[arg-type]


def program(*arguments: str | Path) -> list[str]:
    return [sys.executable, "-m", "logsleuth", *map(str, arguments)]


def test_entries_go_to_the_output_and_notes_to_the_error_output(logs):
    (logs / "empty").write_bytes(b"")
    result = run(logs)
    assert result.exit_code == 0
    assert result.stdout.startswith(FIRST)
    assert len(result.stdout.splitlines()) == 60
    assert result.stderr == (
        f"logsleuth: skipped {logs}/empty: empty file\n"
        "logsleuth: assumed: stamps without a zone are read as UTC (--tz)\n"
        f"logsleuth: assumed for {logs}/messages: year 2023 for its last line, as given with --year\n"
    )


def test_quiet_says_nothing(logs):
    (logs / "empty").write_bytes(b"")
    assert run(logs, "-q").stderr == ""


def test_stamps_that_run_back_are_told(logs):
    (logs / "messages").write_bytes(b"Dec 17 10:30:00 fry a: b\nDec 17 10:20:00 fry a: c\n")
    assert f"logsleuth: {logs}/messages: stamps run backwards 1 times, at most 600 s (line 2)" in run(logs).stderr


@pytest.mark.parametrize(
    ("options", "wanted"),
    [
        (["--limit", "3"], [0, 1, 2]),
        (["-n", "0"], []),
        (["--reverse", "-n", "3"], [59, 58, 57]),
        (["--reverse"], list(range(59, -1, -1))),
        (["--since", "2023-12-17 10:30:58"], [58, 59]),
        (["--until", "2023-12-17 10:30:01"], [0, 1]),
        (["--since", "2023-12-17", "--until", "2023-12-17", "-n", "1"], [0]),
        (["--since", "2023-12-18"], []),
        (["-g", "job 1$", "-g", "cron"], [1]),
        (["-g", "job .*[0-8]$", "-v"], [9, 19, 29, 39, 49, 59]),
        (["--program", "nobody"], []),
        (["--host", "FR*", "-n", "1"], [0]),
        (["--severity", "err"], []),
    ],
)
def test_options_choose_entries(logs, options, wanted):
    result = run(logs, *options)
    assert result.exit_code == 0
    assert [int(line.split()[-1]) for line in result.stdout.splitlines()] == wanted


def test_the_forms(logs):
    rows = [json.loads(line) for line in run(logs, "--format", "jsonl").stdout.splitlines()]
    assert [list(row) for row in rows] == [KEYS] * 60
    table = list(csv.DictReader(io.StringIO(run(logs, "--format", "csv").stdout)))
    assert [list(row) for row in table] == [KEYS] * 60
    assert run(logs, "--format", "raw").stdout_bytes == b"".join(LINES)


def test_times_are_told_in_the_zone_of_tz(logs):
    assert run(logs, tz="Asia/Tokyo").stdout.startswith("2023-12-17T10:30:00+09:00 fry")


def test_a_host_has_a_zone_of_its_own(logs):
    assert run(logs, "--tz", "fry=Asia/Tokyo").stdout.startswith("2023-12-17T01:30:00+00:00 fry")


def test_the_standard_input_can_be_read():
    assert run("-", input=LINES[0]).stdout == "2023-12-17T10:30:00+00:00 fry <stdin> cron[0]: job 0\n"


def test_output_to_a_file(logs, tmp_path):
    out = tmp_path / "out.txt"
    out.write_text("old")
    result = run(logs, "-o", out, "-n", "1", "-q")
    assert (result.exit_code, result.stdout) == (0, "")
    assert out.read_text() == FIRST
    assert sorted(p.name for p in tmp_path.iterdir()) == ["log", "out.txt"]


def test_a_file_that_cannot_be_written_is_told(logs, tmp_path):
    result = run(logs, "-o", tmp_path / "no" / "out.txt", "-q")
    assert result.exit_code == 2
    assert result.stderr == f"logsleuth: cannot write {tmp_path}/no/out.txt: no such file or directory\n"


def test_no_log_is_ever_overwritten(logs):
    result = run(logs, "-o", logs / "messages", "-q")
    assert result.exit_code == 2
    assert "it is one of the logs that are read" in result.stderr
    assert (logs / "messages").read_bytes() == b"".join(LINES)


@pytest.mark.parametrize(
    "options",
    [
        ["--tz", "Nowhere/City"],
        ["--since", "whenever"],
        ["--since", "2023-12-18", "--until", "2023-12-17"],
        ["-g", "("],
        ["--severity", "dreadful"],
        ["--limit", "-1"],
        ["--host", "=nothing"],
        ["--no-such-option"],
    ],
)
def test_wrong_usage_is_exit_code_2(logs, options):
    result = run(logs, *options)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Traceback" not in result.stderr


def test_nothing_to_read_is_exit_code_3(tmp_path):
    result = run(tmp_path / "none")
    assert (result.exit_code, result.stdout) == (3, "")
    assert result.stderr.endswith("logsleuth: nothing could be read\n")
    assert f"logsleuth: skipped {tmp_path}/none: " in result.stderr


def test_an_unknown_command_is_told():
    result = CliRunner().invoke(main, ["timelin"])
    assert result.exit_code == 2
    assert "timeline" in result.stderr


def test_every_command_is_in_the_help():
    result = CliRunner().invoke(main, ["--help"])
    assert result.exit_code == 0
    for name, (_, line) in COMMANDS.items():
        assert f"  {name}" in result.stdout
        assert line in " ".join(result.stdout.split())


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["timeline", "--help"]])
def test_help_imports_nothing_heavy(arguments):
    code = f"""
import sys
from logsleuth.cli import main
try:
    main({arguments!r})
except SystemExit as done:
    assert not done.code
print(sorted({{"numpy", "pandas", "pyarrow", "rich", "yaml"}} & set(sys.modules)), file=sys.stderr)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert done.stderr == "[]\n"


def test_pandas_is_not_imported_for_a_timeline(logs):
    code = f"""
import sys
from logsleuth.cli import main
try:
    main(["timeline", "-q", "-g", "cron", "--host", "fry", "--severity", "debug", {str(logs)!r}])
except SystemExit:
    pass
print("pandas" in sys.modules, "rich" in sys.modules, file=sys.stderr)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert done.stderr == "False False\n"


@pytest.mark.parametrize("form", ["text", "jsonl", "csv", "raw"])
def test_a_reader_who_leaves_early_is_no_error(tmp_path, form):
    (tmp_path / "messages").write_bytes(b"".join(LINES) * 30_000)
    command = " ".join(program("timeline", "--year", "2023", "--tz", "UTC", "--format", form, tmp_path))
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command} | head -1"], capture_output=True, check=False, text=True
    )
    assert done.returncode == 0
    assert done.stderr == ""
    assert len(done.stdout.splitlines()) == 1


def test_a_full_disk_is_told():
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full")
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            program("timeline", "--year", "2023", "-"), input=b"".join(LINES), stdout=full, stderr=subprocess.PIPE,
            check=False,
        )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr == b"logsleuth: cannot write: No space left on device\n"


def test_an_interrupt_is_quiet(tmp_path):
    (tmp_path / "messages").write_bytes(b"".join(LINES) * 30_000)
    started = subprocess.Popen(program("timeline", tmp_path), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert started.stdout is not None
    started.stdout.read(1)  # it is writing, and waits for us to read
    time.sleep(0.2)
    started.send_signal(signal.SIGINT)
    _, said = started.communicate(timeout=30)
    assert started.returncode == 130
    assert said == b""


def on_terminal(arguments: list[str], **environ: str) -> tuple[int, str]:
    """What a program writes to a terminal, and its exit code."""
    pty = pytest.importorskip("pty")
    ours, theirs = pty.openpty()
    clean = {k: v for k, v in os.environ.items() if k not in {"PAGER", "LOGSLEUTH_PAGER", "LESS", "NO_COLOR"}}
    started = subprocess.Popen(
        arguments, stdin=subprocess.DEVNULL, stdout=theirs, stderr=subprocess.DEVNULL,
        env={**clean, "TERM": "xterm", **environ},
    )  # fmt: skip
    os.close(theirs)
    out = b""
    try:
        while some := os.read(ours, 65536):
            out += some
    except OSError:  # Linux's way to say that nobody writes any more
        pass
    os.close(ours)
    return started.wait(timeout=30), out.decode().replace("\r\n", "\n")


def test_a_terminal_gets_columns_colours_and_a_pager(logs):
    command = program("timeline", "--year", "2023", "--tz", "UTC", "-n", "1", "-q", logs)
    dim, end = "\x1b[38;5;243m", "\x1b[0m"
    colored = f"{dim}2023-12-17T10:30:00+00:00{end} fry {dim}messages{end} \x1b[1mcron{end}[0]: job 0\n"
    assert on_terminal(command, PAGER="cat") == (0, colored)
    assert on_terminal(command, PAGER="cat", NO_COLOR="1") == (0, FIRST)
    assert on_terminal(command, LOGSLEUTH_PAGER="sed 's/job/JOB/'", NO_COLOR="1") == (0, FIRST.replace("job", "JOB"))
    assert on_terminal([*command, "--no-pager"], PAGER="sed s/job/JOB/", NO_COLOR="1") == (0, FIRST)


def test_a_pager_that_is_quit_early_is_no_error(tmp_path):
    (tmp_path / "messages").write_bytes(b"".join(LINES) * 30_000)
    code, out = on_terminal(program("timeline", "--tz", "UTC", tmp_path), PAGER="head -1", NO_COLOR="1")
    assert (code, len(out.splitlines())) == (0, 1)


def test_host_chooses_by_a_glob_and_names_by_a_path(logs, tmp_path):
    log = tmp_path / "access.log"
    log.write_bytes(b'10.0.0.9 - - [17/Dec/2023:01:30:00 +0000] "GET / HTTP/1.1" 200 5\n')
    paths = [str(logs), "--host", f"gate={log}"]
    rows = [json.loads(line) for line in run(log, *paths, "--host", "gate", "--format", "jsonl").stdout.splitlines()]
    assert [(row["host"], row["file"]) for row in rows] == [("gate", str(log))]


@pytest.mark.parametrize("form", ["timesketch-csv", "timesketch-jsonl", "l2tcsv", "tln", "l2ttln", "ecs"])
def test_entries_that_a_form_cannot_hold_are_told(logs, form):
    (logs / "console.log").write_bytes(b"mounting /\nlogin: x\n")
    result = run("--format", form, logs)
    assert f"2 entries without a known time left out, which {form} cannot hold (see --format jsonl)" in result.stderr
    assert len(result.stdout.splitlines()) == 60 + (form not in {"timesketch-jsonl", "ecs"})
    assert len(run("--format", form, "-n", "3", logs).stdout.splitlines()) == 3 + (
        form not in {"timesketch-jsonl", "ecs"}
    )


def test_parquet_goes_to_a_file(logs, tmp_path):
    out = tmp_path / "out.parquet"
    assert run("--format", "parquet", "-o", out, logs).exit_code == 0
    assert [row["pid"] for row in pq.read_table(out).to_pylist()] == list(range(60))
    assert run("--format", "parquet", "-n", "2", "--reverse", "-o", out, logs).exit_code == 0
    assert [row["pid"] for row in pq.read_table(out).to_pylist()] == [59, 58]
    refused = run("--format", "parquet", "--reverse", "-o", out, logs)
    assert refused.exit_code == 2
    assert "is written in the order of time" in refused.stderr


def test_parquet_is_not_for_a_terminal(logs, monkeypatch):
    monkeypatch.setattr(timeline, "_is_terminal", lambda: True)
    refused = run("--format", "parquet", logs)
    assert refused.exit_code == 2
    assert "--format parquet is not for a terminal: name a file with --output" in refused.stderr


def test_python_is_told_the_host_of_a_path_too(tmp_path):
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "httpd-access.log").write_bytes(b'192.0.2.7 - - [17/Dec/2023:10:30:01 +0000] "GET /" 200 9\n')
    hosts = {f"{tmp_path}/old/": "gate"}
    assert logsleuth.timeline(str(tmp_path), tz="UTC", hosts=hosts)["host"].tolist() == ["gate"]
    assert [file.host for file in logsleuth.explain(str(tmp_path), tz="UTC", hosts=hosts).files] == ["gate"]


def test_boots_are_told_the_host_of_a_path(tmp_path):
    (tmp_path / "dmesg").write_bytes(b"Dec 17 10:30:00 kernel: Linux version 6.1.0 (gcc) #1 SMP\n")
    boots, shares = logsleuth.boots(str(tmp_path), tz="UTC", year=2023, hosts={str(tmp_path): "gate"})
    assert {one.host for one in [*boots, *shares]} == {"gate"}
