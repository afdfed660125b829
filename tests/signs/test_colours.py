"""Colours of a terminal inside a log hide nothing from the rules, and evidence is cited as it stands."""

import pytest

from logsleuth.pipeline import explain

CRASH = "pid 812 (httpd), uid 80: exited on signal 11"


def told(tmp_path, name, text):
    path = tmp_path / name
    path.write_text(text)
    report = explain([str(tmp_path)], tz="UTC", year=2024)
    return [f for i in report.incidents for f in (*i.causes, *i.effects)]


@pytest.mark.parametrize(
    "line",
    [
        f"Mar  3 10:00:01 gate kernel: {CRASH}",
        f"\x1b[32mMar  3 10:00:01\x1b[0m gate kernel: {CRASH}",
        "Mar  3 10:00:01 gate kernel: pid 812 (\x1b[1;31mhttpd\x1b[0m), uid 80: exited on signal 11",
        f"Mar  3 10:00:01 gate kernel: \x1b[31m{CRASH}\x1b[0m",
    ],
)
def test_a_coloured_line_is_matched(tmp_path, line):
    (crash,) = [f for f in told(tmp_path, "messages", line + "\n") if f.cause == "segfault"]
    assert [e.text for e in crash.evidence] == [line]


def test_a_console_with_colours_is_a_log_whatever_its_name(tmp_path):
    text = (
        "[\x1b[0;32m  OK  \x1b[0m] Started \x1b[0;1;39mcron.service\x1b[0m.\n"
        "[\x1b[0;1;31mFAILED\x1b[0m] Failed to start \x1b[0;1;39mNetwork Time Service\x1b[0m.\n"
    )
    path = tmp_path / "capture.txt"
    path.write_text(text)
    report = explain([str(tmp_path)], tz="UTC")
    assert not [s for s in report.skipped if "capture" in s.name]
