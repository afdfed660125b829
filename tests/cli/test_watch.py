"""watch as a program: an incident is told when its line is written, also after the log was rotated."""

import datetime as dt
import gzip
import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time

import pytest

from logsleuth.pipeline import default_settings as pipeline_settings
from logsleuth.rules.model import RuleSet

PATIENCE = 20
"""Seconds; on an idle machine an incident takes one at most."""


class Watched:
    def __init__(self, *args):
        command = [sys.executable, "-u", "-m", "logsleuth", "watch", *args]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._pump, daemon=True).start()
        assert self.process.stderr is not None
        assert "watching" in self.process.stderr.readline()

    def _pump(self):
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.put(line)

    def told(self):
        return json.loads(self.lines.get(timeout=PATIENCE))


@pytest.fixture
def watched(tmp_path):
    (tmp_path / "syslog").write_text(line("cron[7]: (root) CMD (true)") + full(-3))
    one = Watched(str(tmp_path), "--tz", "UTC", "--format", "json")
    yield one
    one.process.kill()
    one.process.wait()


def line(text, days=0):
    now = dt.datetime.now(dt.UTC) + dt.timedelta(days=days)
    return f"{now:%Y-%m-%dT%H:%M:%S}+00:00 kestrel {text}\n"


def oom(name, days=0):
    return line(f"kernel: Out of memory: Killed process 812 ({name}) total-vm:1829312kB, anon-rss:982100kB", days)


def full(days=0):
    return line("postfix/smtpd[412]: fatal: write queue file: No space left on device", days)


def append(path, text):
    with path.open("a") as file:
        file.write(text)


def test_an_incident_is_told_when_it_comes_also_across_rotation(tmp_path, watched):
    live = tmp_path / "syslog"
    append(live, oom("mysqld"))
    first = watched.told()
    assert first["event"] == "new"
    assert "mysqld" in json.dumps(first)
    live.rename(tmp_path / "syslog.1")
    live.write_text(line("cron[8]: (root) CMD (true)"))
    append(live, full())
    second = watched.told()
    assert "No space left" in json.dumps(second)
    (tmp_path / "syslog.2.gz").write_bytes(gzip.compress((tmp_path / "syslog.1").read_bytes()))
    (tmp_path / "syslog.1").unlink()
    watched.process.send_signal(signal.SIGINT)
    assert watched.process.wait(PATIENCE) == 130
    assert watched.lines.empty(), "nothing is told twice"


@pytest.mark.skipif(not hasattr(os, "truncate"), reason="Unix")
def test_copytruncate_is_followed(tmp_path, watched):
    live = tmp_path / "syslog"
    (tmp_path / "syslog.1").write_bytes(live.read_bytes())
    os.truncate(live, 0)
    append(live, oom("named"))
    assert "named" in json.dumps(watched.told())


def test_a_look_reads_what_is_new_alone_also_on_several_cores(tmp_path, monkeypatch):
    from logsleuth import home, pipeline, watching
    from logsleuth.cache import Memory
    from logsleuth.signs import again, collect, stream

    for number in range(3):
        (tmp_path / f"app{number}.log").write_text("".join(line(f"app[{n}]: line {n}", -3) for n in range(300)))
    read: list[str] = []
    real = stream.read_file

    def watched(state, piece, look, *rest):
        # What only weighs a rule that holds for the first time is looked for everywhere.
        if look.begins is not None:
            read.append(state.log.name.rpartition("/")[2])
        return real(state, piece, look, *rest)

    monkeypatch.setattr(again, "read_file", watched)
    monkeypatch.setattr(collect, "_WORTH_IT", 0)
    monkeypatch.setattr("logsleuth.run.cores", lambda: 2)
    watch = watching.Watch([str(tmp_path)], pipeline.default_settings("UTC"), home.rule_set(), None, Memory("one"))
    for _ in range(2):
        # What was written just before is never taken as unchanged.
        for number in range(3):
            os.utime(tmp_path / f"app{number}.log", (1_700_000_000, 1_700_000_000))
        watch._look()
    assert set(read) == {"app0.log", "app1.log", "app2.log"}
    read.clear()
    append(tmp_path / "app1.log", oom("named"))
    report = watch._look()
    assert set(read) == {"app1.log"}
    assert "oom-kill" in {cause.cause for incident in report.incidents for cause in incident.causes}


def test_a_look_is_taken_soon_after_the_first_however_long_that_took(monkeypatch):
    from logsleuth import watching

    watch = watching.Watch(["/nowhere"], pipeline_settings(), RuleSet())
    states = iter([{"a": (1,)}, {"a": (2,)}, {"a": (2,)}, {"a": (3,)}])
    clock = [0.0]
    slept: list[float] = []
    monkeypatch.setattr(watching.Watch, "_state", lambda _: next(states))
    monkeypatch.setattr(watching.Watch, "_look", lambda _: clock.__setitem__(0, clock[0] + 30))
    monkeypatch.setattr(time, "process_time", lambda: clock[0])
    monkeypatch.setattr(time, "sleep", slept.append)
    reports = watch.reports()
    for _ in range(3):
        next(reports)
    # The first look does not count; one after another rests as long as it took, but only once.
    assert slept == [0.25, 30, 0.25]
