"""What syslogd says of repeated lines counts, whichever syslogd says it."""

import pytest

from logsleuth.pipeline import explain

LINE = "Mar  3 10:00:01 gate kernel: pid 812 (httpd), uid 80: exited on signal 11\n"


def told(tmp_path, text):
    path = tmp_path / "messages"
    path.write_text(text)
    report = explain([str(path)], tz="UTC", year=2024)
    return [f for i in report.incidents for f in (*i.causes, *i.effects)]


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("Mar  3 10:00:31 gate last message repeated 3 times\n", "4"),
        ("Mar  3 10:00:31 gate syslogd: last message repeated 1 times\n", "2"),
        (
            "Mar  3 10:00:31 gate last message repeated 3 times\nMar  3 10:02:31 gate last message repeated 20 times\n",
            "24",
        ),
        ("Mar  3 10:00:31 gate cron[7]: (root) CMD (true)\nMar  3 10:00:32 gate last message repeated 3 times\n", "1"),
        ("", "1"),
        ("Mar  3 10:00:31 gate --- last message repeated 3 times ---\n", "4"),
        ("Mar  3 10:00:31 last message repeated 3 times\n", "4"),
        ("Mar  3 10:00:31 gate syslog-ng[7]: Last message 'pid 812 (httpd)' repeated 3 times, suppressed\n", "4"),
        (
            "Mar  3 10:00:31 gate kernel: message repeated 3 times: [ pid 812 (httpd), uid 80: exited on signal 11]\n",
            "4",
        ),
    ],
)
def test_a_repeated_line_counts_as_often_as_it_stood_there(tmp_path, word, count):
    (crash,) = [f for f in told(tmp_path, LINE + word) if f.cause == "segfault"]
    counts = {str(v) for s in (crash.title, *crash.narrative) for k, v in s.values.items() if k.endswith(".n")}
    assert counts == {count}


def test_the_line_that_says_so_is_cited(tmp_path):
    word = "Mar  3 10:00:31 gate last message repeated 3 times\n"
    (crash,) = [f for f in told(tmp_path, LINE + word) if f.cause == "segfault"]
    assert word.strip() in {line.text for line in crash.evidence}
