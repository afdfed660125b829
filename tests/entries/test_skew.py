"""Two hosts' clocks by mail that one handed to the other: said where they agree, else not at all."""

import datetime as dt

import pytest

from logsleuth.pipeline import default_settings, open_paths
from logsleuth.run import assumptions

START = dt.datetime(2024, 3, 1, 10, tzinfo=dt.UTC)


def line(second, host, text):
    return f"{START + dt.timedelta(seconds=second):%Y-%m-%dT%H:%M:%S}+00:00 {host} {text}\n"


def said(folder, skews, ids=None):
    """What is said of two hosts, of which `box` receives mail so many seconds after `out` sent it."""
    ids = ids or [f"4F00{n:06X}" for n in range(len(skews))]
    out = "".join(
        line(n * 60, "out", f"postfix/smtp[7]: 9A{n:08X}: to=<a@example.org>, relay=box[192.0.2.7]:25, delay=0.4, "
             f"status=sent (250 2.0.0 Ok: queued as {name})")
        for n, name in enumerate(ids)
    )  # fmt: skip
    box = "".join(
        line(n * 60 + by, "box", f"postfix/smtpd[9]: {name}: client=out[192.0.2.8]")
        for n, (by, name) in enumerate(zip(skews, ids, strict=True))
    )
    for name, text in (("out", out), ("box", box)):
        (folder / name / "var/log").mkdir(parents=True)
        (folder / name / "var/log/maillog").write_text(text)
    logs = open_paths([str(folder)], default_settings("UTC"))
    return [(a.about, a.text) for a in assumptions(logs) if "its clock runs" in a.text]


@pytest.mark.parametrize(
    ("skews", "expected"),
    [
        ([-42, -43, -41, -42], "about 42 s (41..43) behind that of out, by 4 mails"),
        ([100, 101, 100], "about 100 s (100..101) ahead of that of out, by 3 mails"),
        ([-3600, -3601, -3600], "about 3600 s (3600..3601) behind that of out, or its zone is another, by 3 mails"),
        ([-42, -42, -42, -42, -900], "about 42 s (42..42) behind that of out, by 4 mails"),
    ],
)
def test_clocks_that_lie_apart(tmp_path, skews, expected):
    ((about, text),) = said(tmp_path, skews)
    assert about == "box"
    assert expected in text


@pytest.mark.parametrize(
    "skews",
    [[-42, -42], [0, -1, 0, -2], [-42, -80, -120, -5], [-42, -42, -42, 300, 400], [-90_000, -90_000, -90_000], []],
)
def test_nothing_is_said_where_it_is_not_sure(tmp_path, skews):
    assert said(tmp_path, skews) == []


def test_queue_ids_that_come_again_tell_nothing(tmp_path):
    assert said(tmp_path, [-42] * 4, ids=["4F00AAAAAA"] * 4) == []
